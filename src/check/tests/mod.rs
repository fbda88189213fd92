//! Whole reports in small: extractions made by hand, what must be found in them and what must not.

mod clean;
mod fixture;
mod found;
mod misread;
mod mutations;
mod words;
