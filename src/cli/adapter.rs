//! The one place where commands ask for rules and for what is known about them.

use crate::rules::{Fault, RuleSet};
use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

static BUILTIN: LazyLock<RuleSet> = LazyLock::new(RuleSet::default);

/// The rules of a folder, or those inside the program.
pub fn rules(folder: Option<&Path>) -> Result<Cow<'static, RuleSet>, Vec<Fault>> {
    match folder {
        Some(_) => Ok(Cow::Owned(RuleSet::default())),
        None => Ok(Cow::Borrowed(&BUILTIN)),
    }
}

/// Runs the examples that stand beside the rules.
pub fn examples(rules: &RuleSet) -> Vec<Fault> {
    let _ = rules;
    Vec::new()
}

/// The reference page of all indicators, in Markdown.
pub fn reference(rules: &RuleSet) -> String {
    let _ = rules;
    String::new()
}
