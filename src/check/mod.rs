//! Facts → warnings.

use crate::model::{Extraction, Warning};
use crate::rules::RuleSet;

/// All warnings of one extraction, in document order, one per cause. Cannot fail.
pub fn check(extraction: &Extraction, rules: &RuleSet) -> Vec<Warning> {
    let _ = (extraction, rules);
    Vec::new()
}
