//! What `rules/` means once read and checked.

pub mod schema;

pub use schema::*;
