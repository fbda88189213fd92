//! Characters and what they spell. Pure functions over strings; knows no document, no rule, no file.

pub mod charset;
pub mod clean;
pub mod decoy;
pub mod fold;
pub mod label;
pub mod letter;
pub mod number;
pub mod openings;
pub mod period;
#[cfg(test)]
pub(crate) mod sequence;
pub mod sought;
pub mod syllable;
