//! Plain data that the stages hand to each other. No behaviour beyond looking things up.

mod document;
mod fact;
mod warning;

pub use document::*;
pub use fact::*;
pub use warning::*;
