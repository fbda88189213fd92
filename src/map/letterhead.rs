//! What a report says about itself: number, date, place, issuer and its parents, title, kind, period.

use crate::model::{Document, Metadata};

/// Reads letterhead, title, closing and `Kèm theo Báo cáo số …`.
pub fn metadata(document: &Document) -> Metadata {
    let _ = document;
    Metadata::default()
}
