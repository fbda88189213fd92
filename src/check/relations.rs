//! What was looked at: every relation of an extraction, how it stands as printed, and which of them another print of one figure breaks.
//!
//! In: an extraction, rules. Out: the claims as plain data. For whoever wants to know what silence means (the mutation bench, an
//! auditor): a report without warnings is in order only as far as relations reach.

use super::claim::{Claim, Verdict};
use super::figures::{Figures, amount};
use super::hierarchy;
use crate::model::{Extraction, Fact, Severity};
use crate::rules::RuleSet;

/// How a relation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// A figure is missing or out of range.
    Unknown,
}

/// One relation between figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Id of its check.
    pub check: String,
    /// The figures that take part: indexes into `Extraction::facts`.
    pub facts: Vec<usize>,
    /// How it stands as printed.
    pub standing: Standing,
    /// Whether its breach is warned about; otherwise it is evidence where it holds, or only told.
    pub certain: bool,
}

/// All relations of one extraction.
pub struct Relations<'a> {
    figures: Figures<'a>,
    claims: Vec<Claim>,
    /// In the order of the checks.
    pub all: Vec<Relation>,
}

/// Everything that should hold between the figures of an extraction.
pub fn relations<'a>(extraction: &'a Extraction, rules: &RuleSet) -> Relations<'a> {
    let figures = Figures::new(extraction);
    let groups = hierarchy::children(&figures);
    let claims = super::claims(&figures, &groups, rules);
    let describe = |claim: &Claim| Relation {
        check: claim.check.clone(),
        facts: claim.formula.facts(),
        standing: standing(claim.verdict(&figures)),
        certain: !claim.weak && claim.severity > Severity::Info,
    };
    let all = claims.iter().map(describe).collect();
    Relations { figures, claims, all }
}

impl Relations<'_> {
    /// The relations, by index, that hold as printed and would not if one figure were printed as `changed`.
    pub fn broken_by(&self, fact: usize, changed: &Fact) -> Vec<usize> {
        let print = amount(changed);
        let at = |i: usize| if i == fact { print } else { self.figures.print(i) };
        let broken = |c: &usize| {
            let (claim, relation) = (&self.claims[*c], &self.all[*c]);
            relation.standing == Standing::Holds
                && relation.facts.contains(&fact)
                && claim.formula.verdict(&at) == Verdict::Fails
        };
        (0..self.all.len()).filter(broken).collect()
    }
}

fn standing(verdict: Verdict) -> Standing {
    match verdict {
        Verdict::Holds(_) => Standing::Holds,
        Verdict::Fails => Standing::Fails,
        Verdict::Unknown => Standing::Unknown,
    }
}
