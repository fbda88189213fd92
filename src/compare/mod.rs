//! A dataset → what its documents say against each other.
//!
//! In: the folder that `extract` wrote. Out: the table `comparisons` beside the others. Four things are compared: one unit's running
//! totals, period after period; what a later report states again of an earlier period; a district's figures for its communes and
//! the communes' own; one report filed more than once. Silence comes first: a relation is made only between figures of the same
//! unit, indicator, level, dimensions and period, and holds if any values that the prints stand for satisfy it.
//!
//! `store` reads (Parquet only), `document` and `figure` say who and what, `relation` says what must hold, `filing` finds versions of one
//! report, `cause` makes one finding of one cause, `message` words it. Documents are worked on in clusters (a district with its
//! communes, or one office), some clusters at a time, so that memory does not grow with the dataset.

// Without Parquet there is nothing to read; the tests still look at the rest.
#![cfg_attr(not(feature = "parquet"), allow(dead_code, unused_imports))]

mod cause;
mod document;
mod figure;
mod filing;
mod message;
mod plan;
mod relation;
#[cfg(feature = "parquet")]
mod store;

use crate::error::RunError;
use crate::model::Severity;
use crate::rules::RuleSet;
use rust_decimal::Decimal;
use std::path::Path;

/// One row of `comparisons`.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The check's id: `series/cumulative`, `series/restated`, `units/communes`, `filing/conflict` …
    pub check: &'static str,
    /// How bad.
    pub severity: Severity,
    /// What is wrong, in Vietnamese.
    pub message_vi: String,
    /// The same in English.
    pub message_en: String,
    /// The documents that take part, in the order of the dataset.
    pub doc_ids: Vec<String>,
    /// Every figure that takes part.
    pub fact_ids: Vec<String>,
    /// What they count, where it is one thing.
    pub indicator: Option<String>,
    /// Who issued the report that it is about.
    pub issuer: Option<String>,
    /// Its official code.
    pub entity_code: Option<String>,
    /// What the other figures demand.
    pub expected: Option<Decimal>,
    /// What is printed.
    pub found: Option<Decimal>,
    /// The figure most likely wrong.
    pub suspect_fact_id: Option<String>,
    /// The value that would settle every relation that the suspect takes part in.
    pub suggestion: Option<Decimal>,
    /// 0 to 1.
    pub confidence: f64,
    /// Path, page, line and print of each figure, for people.
    pub places: Vec<(String, Option<i64>, Option<i64>, String)>,
}

/// What was compared and found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparisons {
    /// Documents of the dataset.
    pub documents: usize,
    /// Documents that have another one to be compared with.
    pub compared: usize,
    /// Relations between figures of different documents that were looked at.
    pub relations: usize,
    /// What was found, in the order of the documents.
    pub found: Vec<Comparison>,
}

impl Comparisons {
    /// How many there are of a severity.
    pub fn with_severity(&self, severity: Severity) -> usize {
        self.found.iter().filter(|c| c.severity == severity).count()
    }
}

fn stopped(code: &'static str, vi: String, en: String) -> RunError {
    RunError::Stopped { code, vi, en }
}

#[cfg(feature = "parquet")]
fn damaged(path: &Path, reason: &str) -> RunError {
    stopped(
        "compare/damaged",
        format!("không đọc được {}: {reason}", path.display()),
        format!("{} cannot be read: {reason}", path.display()),
    )
}

/// Compares the documents of the dataset in `folder` and writes the table `comparisons` into it.
#[cfg(not(feature = "parquet"))]
pub fn compare(_folder: &Path, _rules: &RuleSet) -> Result<Comparisons, RunError> {
    Err(stopped(
        "compare/no-parquet-support",
        "bản baocao này được dựng không có Parquet; hãy dựng với tính năng parquet".into(),
        "this build of baocao has no Parquet; build it with the feature parquet".into(),
    ))
}

/// Compares the documents of the dataset in `folder` and writes the table `comparisons` into it.
#[cfg(feature = "parquet")]
pub fn compare(folder: &Path, rules: &RuleSet) -> Result<Comparisons, RunError> {
    use crate::write::{TableId, amend};
    let store = store::Store::open(folder);
    let filed = store.documents()?;
    let mut work = plan::Plan::new(&filed);
    let replaced = store.replaced(&filed, &work.versions())?;
    let mut keys = figure::Keys::default();
    let mut found = work.copies();
    let (mut relations, mut numbers) = (0, Vec::new());
    for batch in work.batches() {
        numbers.clear();
        let mut place = plan::Place::new(&filed, &batch);
        store.facts(place.rows(), |row, fact| {
            if let Some((doc, filed)) = place.of(row)
                && fact.indicator.is_some_and(|id| rules.indicators.contains_key(id))
            {
                let number = figure::Number::of(row, doc, filed.window(), filed.level, fact, &mut keys);
                numbers.extend(number);
            }
        })?;
        let looked = work.look(&filed, rules, &keys, &batch, &mut numbers, &replaced);
        relations += looked.0;
        found.extend(looked.1);
    }
    let place = |f: &cause::Finding| (f.docs.clone(), f.figures.first().and_then(|f| f.rows.first().copied()));
    found.sort_by_cached_key(|finding| (place(finding), finding.check()));
    let mut rows: Vec<u64> = found.iter().flat_map(|f| &f.figures).flat_map(|f| f.rows.iter().copied()).collect();
    rows.sort_unstable();
    rows.dedup();
    let prints = store.prints(&rows)?;
    let suspected = store.suspected()?;
    for finding in &mut found {
        finding.heed(|figure| {
            figure.rows.iter().filter_map(|row| prints.get(row)).find_map(|p| suspected.get(&p.fact_id).copied())
        });
    }
    let words = message::Words { filed: &filed, keys: &keys, rules, prints: &prints };
    let comparisons = Comparisons {
        documents: filed.len(),
        compared: work.compared(),
        relations,
        found: found.iter().map(|finding| words.comparison(finding)).collect(),
    };
    amend(
        folder,
        TableId::Comparisons,
        &message::rows(&comparisons.found),
        ("comparisons", report(&comparisons, rules)),
    )?;
    Ok(comparisons)
}

/// What `run.json` says of it.
#[cfg(feature = "parquet")]
fn report(comparisons: &Comparisons, rules: &RuleSet) -> serde_json::Value {
    serde_json::json!({
        "rules": rules.digest,
        "documents": comparisons.documents,
        "compared": comparisons.compared,
        "relations": comparisons.relations,
        "error": comparisons.with_severity(Severity::Error),
        "warning": comparisons.with_severity(Severity::Warning),
        "info": comparisons.with_severity(Severity::Info),
    })
}
