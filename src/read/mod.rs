//! Bytes in, `Document` out. One list of readers; the format is found by content.

pub mod docx;
mod flow;
mod outline;
pub mod text;

use crate::error::ReadError;
use crate::model::Document;

pub use outline::outline;

/// Reads one file's bytes. `name` is only for messages. Never panics on any input; bounded in time and memory.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    match bytes {
        _ if docx::claims(bytes) => docx::read(bytes, name),
        _ => text::read(bytes, name),
    }
}
