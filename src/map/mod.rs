//! Document + RuleSet → facts.

pub mod appendix;
pub mod entity;
pub mod gazetteer;
pub mod letterhead;
pub mod level;

use crate::model::{Document, Extraction};
use crate::rules::RuleSet;

/// Maps a document's figures to facts. Cannot fail.
pub fn map(document: &Document, rules: &RuleSet) -> Extraction {
    Extraction { metadata: letterhead::metadata(document), ..Extraction::default() }.with(rules)
}

impl Extraction {
    fn with(self, _rules: &RuleSet) -> Extraction {
        self
    }
}
