//! `baocao` reads Vietnamese administrative-reform reports and turns every figure in them into one dataset in which each
//! number can be traced to its place on the page and each inconsistency is named.
//!
//! The modules, in the order in which a report passes through them; an arrow may only point up this table
//! (`tests/layers.rs` keeps it so):
//!
//! | module | does | may use |
//! |---|---|---|
//! | [`text`] | characters and what they spell: cleaning, folding, syllables, numbers, decoys, periods | nothing |
//! | [`model`] | plain data: Document, Block, Table, Cell, Place, Figure, Fact, Warning | text |
//! | [`rules`] | what `rules/` means once read and checked | text, model |
//! | [`read`] | bytes → Document | text, model |
//! | [`map`] | Document + RuleSet → facts | text, model, rules |
//! | [`check`] | facts → warnings | text, model, rules |
//! | [`write`] | Dataset → files | text, model |
//! | [`compare`] | a dataset → what its documents say against each other | text, model, rules, map, write |
//! | [`run`] | a folder of files → a dataset | all above |
//! | [`cli`] | arguments in, exit code out; the only printing | all above |

pub mod check;
pub mod cli;
pub mod compare;
pub mod error;
pub mod map;
pub mod model;
pub mod read;
pub mod rules;
pub mod run;
pub mod text;
pub mod write;
