//! stub
use crate::error::ReadError;
use crate::model::Document;
/// stub
pub fn read(_bytes: &[u8], _name: &str) -> Result<Document, ReadError> { Err(ReadError::new("read/unsupported", "", "")) }
