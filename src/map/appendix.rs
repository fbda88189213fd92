//! stub
use crate::model::{Appendix, Document};
/// stub
pub fn appendices(_: &Document) -> Vec<Appendix> {
    Vec::new()
}
