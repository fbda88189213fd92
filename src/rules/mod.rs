//! What `rules/` means once read and checked: knowledge as data. TOML files in, one checked [`RuleSet`] out; refuses unknown
//! keys, unknown ids and examples that do not behave, all faults at once, each with file, line and column.

pub mod docs;
pub mod evaluate;
pub mod lint;
pub mod load;
mod place;
mod raw;
pub mod schema;

pub use schema::*;
