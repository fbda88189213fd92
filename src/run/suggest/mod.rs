//! Unmapped figures as a work list: a dataset folder in, for each group of like wordings a proposal out of what to add to the rules.
//!
//! The dataset is read as a stream (`dataset`), the wordings counted (`wordings`), those of one thing put together (`groups`), compared
//! with what the rules call things (`nearest`), and for the most frequent groups something is proposed and tried (`propose`). Nothing is
//! written: a person reads, corrects, pastes.

mod cues;
mod dataset;
mod groups;
mod nearest;
mod propose;
mod wordings;

pub use propose::{Advice, Proposal};
pub use wordings::Example;

use crate::error::RunError;
use crate::rules::RuleSet;
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// All that there is to say about a dataset's unmapped figures.
#[derive(Debug, Default)]
pub struct Suggestions {
    /// Documents with facts, facts in all, facts without an indicator.
    pub documents: u64,
    /// See `documents`.
    pub facts: u64,
    /// See `documents`.
    pub unmapped: u64,
    /// Figures of columns that compare two periods: left out.
    pub comparisons: u64,
    /// Facts of rare wordings for which there was no room.
    pub forgotten: u64,
    /// Groups found, also those without a proposal here.
    pub groups: usize,
    /// The most frequent groups.
    pub proposals: Vec<Proposal>,
    /// Paths of the documents of the examples, by id.
    pub paths: HashMap<String, String>,
}

/// Groups the unmapped figures of a dataset and proposes rules for the `most` frequent groups.
pub fn suggest(dataset: &Path, rules: &RuleSet, most: usize) -> Result<Suggestions, RunError> {
    let mut wordings = wordings::Wordings::default();
    dataset::facts(dataset, |fact| wordings.add(fact))?;
    let groups = groups::group(&wordings.list);
    let proposals = propose::propose(&wordings.list, &groups, rules, most);
    let wanted: HashSet<&str> = proposals.iter().flat_map(|p| &p.examples).map(|e| e.doc_id.as_str()).collect();
    let paths = dataset::paths(dataset, &wanted)?;
    Ok(Suggestions {
        documents: wordings.documents.into(),
        facts: wordings.facts,
        unmapped: wordings.unmapped,
        comparisons: wordings.comparisons,
        forgotten: wordings.forgotten,
        groups: groups.len(),
        proposals,
        paths,
    })
}
