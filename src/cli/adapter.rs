//! The one place where commands ask for rules and for what is known about them.

use crate::rules::{Fault, RuleSet};
use std::borrow::Cow;
use std::path::Path;

/// The rules of a folder, or those inside the program.
pub fn rules(folder: Option<&Path>) -> Result<Cow<'static, RuleSet>, Vec<Fault>> {
    match folder {
        Some(folder) => RuleSet::load(folder).map(Cow::Owned),
        None => Ok(Cow::Borrowed(RuleSet::builtin())),
    }
}

/// Runs the examples that stand beside the rules.
pub fn examples(rules: &RuleSet) -> Vec<Fault> {
    crate::map::examples::run(rules)
}

/// The reference page of all indicators, in Markdown.
pub fn reference(rules: &RuleSet) -> String {
    crate::rules::docs::reference(rules)
}
