//! Dataset → files of the dataset contract, version 1.
//!
//! `columns` holds the contract once; `rows` turns one file's result into rows of `value`s; `csv`, `jsonl` and `chunk` + `parquet` encode rows;
//! `dataset` streams them into a hidden `folder` that appears under its name only when it is complete; `package` describes it; `amend` adds a table to a dataset that stands.

mod amend;
// Chunks are gathered for Parquet only.
#[cfg_attr(not(feature = "parquet"), allow(dead_code))]
mod chunk;
pub mod columns;
mod csv;
mod dataset;
mod folder;
mod jsonl;
mod package;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;
mod value;

pub use amend::amend;
pub use columns::{CONTRACT_VERSION, TableId};
pub use dataset::{Counts, Dataset, Encoded, Failure, Formats, encode};
pub use folder::PROGRAM;
pub use package::RunInfo;
#[cfg(test)]
pub(crate) use rows::tests::sample;
pub use rows::*;
pub use value::{Sink, Value};
