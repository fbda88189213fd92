//! A folder of files → a dataset.

use crate::error::ReadError;
use crate::model::{Document, Extraction};
use crate::rules::RuleSet;

/// One file from bytes to warnings.
pub fn extract(bytes: &[u8], name: &str, rules: &RuleSet) -> Result<(Document, Extraction), ReadError> {
    let document = crate::read::read(bytes, name)?;
    let mut extraction = crate::map::Mapper::new(rules).map(&document);
    extraction.warnings = crate::check::check(&extraction, rules);
    Ok((document, extraction))
}
