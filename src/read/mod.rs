//! Bytes in, `Document` out. One list of readers; the format is found by content.

pub mod ocr;
mod outline;
pub mod pdf;
pub mod text;

use crate::error::ReadError;
use crate::model::Document;

pub use outline::outline;

/// Reads one file's bytes. `name` is only for messages. Never panics on any input; bounded in time and memory.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    if pdf::is_pdf(bytes) {
        return pdf::read(bytes, name);
    }
    if ocr::is_image(bytes) {
        return ocr::read_image(bytes, name);
    }
    text::read(bytes, name)
}
