//! Which known form is this table, and which of its rows is each row? Two sequences are aligned: label similarity, unit, parent and
//! order decide, row numbers only support (the same form numbers its rows differently at commune and district).

use crate::map::labels::Known;
use crate::map::rows::BodyRow;
use crate::rules::{Form, RuleSet};
use crate::text::fold::{Label, fold};
use rustc_hash::FxHashMap;
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, PoisonError, RwLock};

/// Labels less alike than this are never the same row.
const ALIKE: f64 = 0.62;
/// A row outside the order must be this much alike.
const ALIKE_OUT_OF_ORDER: f64 = 0.86;
/// One in so many of a form's rows must be met where no title names it.
const SHARE: usize = 10;
/// A table with more rows is no form; what its rows mean is found row by row.
const MOST_ROWS: usize = 4096;
/// Share of a table's labelled rows that must align for the form to be taken as known.
const KNOWN: f64 = 0.4;

struct Prepared {
    labels: Vec<Vec<Label>>,
    words: FxHashSet<String>,
    titles: Vec<String>,
}

/// All forms of a rule set, ready to align.
pub struct FormIndex {
    forms: Vec<Prepared>,
    exact: FxHashMap<String, Vec<(u32, u32)>>,
    /// Archives hold the same form filled in over and over: rows printed alike align alike.
    aligned: RwLock<FxHashMap<String, Option<Alignment>>>,
}

/// Row sequences whose alignment is kept, and the longest of them in bytes.
const KEPT: usize = 1024;
const LONGEST: usize = 32 << 10;

/// A table's rows aligned with a form's.
#[derive(Debug, Clone, PartialEq)]
pub struct Alignment {
    /// Index into `RuleSet::forms`.
    pub form: usize,
    /// For each body row the form row and how alike they are.
    pub rows: Vec<Option<(usize, f64)>>,
    /// How well the form fits: mean likeness over all labelled rows, 0 to 1.
    pub fit: f64,
}

impl FormIndex {
    /// Prepares all forms.
    pub fn new(rules: &RuleSet) -> FormIndex {
        let mut exact: FxHashMap<String, Vec<(u32, u32)>> = FxHashMap::default();
        let mut forms = Vec::new();
        for (at, form) in rules.forms.iter().enumerate() {
            let mut labels = Vec::new();
            let mut words = FxHashSet::default();
            for (row, form_row) in form.rows.iter().enumerate() {
                labels.push(form_row.labels.iter().map(|l| Label::new(l)).collect());
                for label in &form_row.labels {
                    let folded = fold(label).trim().to_string();
                    words.extend(folded.split_whitespace().map(str::to_string));
                    let rows = exact.entry(folded).or_default();
                    if rows.last() != Some(&(at as u32, row as u32)) {
                        rows.push((at as u32, row as u32));
                    }
                }
            }
            let titles = form.titles.iter().map(|t| fold(t).trim().to_string()).collect();
            forms.push(Prepared { labels, words, titles });
        }
        FormIndex { forms, exact, aligned: RwLock::default() }
    }

    /// The form that fits a table best, if any fits.
    /// `known` are the rows' labels.
    pub fn align(&self, rules: &RuleSet, body: &[BodyRow], known: &[Arc<Known>], captions: &str) -> Option<Alignment> {
        if body.len() < 2 || body.len() > MOST_ROWS {
            return None;
        }
        // All that an alignment depends on.
        let mut key = String::with_capacity(64 * body.len());
        for row in body {
            let _ = writeln!(key, "{}\t{}\t{}\t{:?}", row.stt, row.label, row.unit, row.parent);
        }
        key.push_str(captions);
        if let Some(aligned) = self.aligned.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return aligned.clone();
        }
        let aligned = self.aligned_anew(rules, body, known, captions);
        let mut kept = self.aligned.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT && key.len() < LONGEST {
            kept.insert(key, aligned.clone());
        }
        aligned
    }

    fn aligned_anew(
        &self,
        rules: &RuleSet,
        body: &[BodyRow],
        known: &[Arc<Known>],
        captions: &str,
    ) -> Option<Alignment> {
        let mut votes: BTreeMap<u32, f64> = BTreeMap::new();
        for label in known.iter().map(|k| &k.folded) {
            let mut voted = FxHashSet::default();
            for (form, _) in self.exact.get(label).into_iter().flatten() {
                if voted.insert(*form) {
                    *votes.entry(*form).or_default() += 1.0;
                }
            }
        }
        let exact: f64 = votes.values().copied().fold(0.0, f64::max);
        if exact < 0.5 * body.len() as f64 {
            // Not clearly one of the known ones by its exact labels: forms that share most of the words come in too.
            let words: FxHashSet<&str> = known.iter().flat_map(|k| k.folded.split_whitespace()).collect();
            for (at, form) in self.forms.iter().enumerate() {
                let shared =
                    words.iter().filter(|w| form.words.contains(**w)).count() as f64 / words.len().max(1) as f64;
                if shared > 0.55 {
                    *votes.entry(at as u32).or_default() += shared * 0.3 * body.len() as f64;
                }
            }
        }
        let captions = fold(captions);
        for (at, form) in self.forms.iter().enumerate() {
            if form.titles.iter().any(|t| !t.is_empty() && captions.contains(t.as_str())) {
                *votes.entry(at as u32).or_default() += 1.5;
            }
        }
        let mut candidates: Vec<(u32, f64)> = votes.into_iter().collect();
        candidates.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        candidates.truncate(3);
        // A form with less than half of the best one's votes never aligns better.
        let most = candidates.first().map_or(0.0, |c| c.1);
        candidates.retain(|c| c.1 >= most / 2.0);
        let mut best: Option<Alignment> = None;
        for (form, _) in candidates {
            let rows = self.align_with(form as usize, &rules.forms[form as usize], body, known);
            let labelled = body.iter().filter(|r| !r.label.is_empty()).count().max(1) as f64;
            let fit = rows.iter().flatten().map(|(_, alike)| alike).sum::<f64>() / labelled;
            let matched = rows.iter().flatten().count();
            // A handful of rows that a long form has too is not that form, unless the title says so.
            let titled =
                self.forms[form as usize].titles.iter().any(|t| !t.is_empty() && captions.contains(t.as_str()));
            let enough = matched >= 2 && (titled || matched * SHARE >= rules.forms[form as usize].rows.len());
            if fit >= KNOWN && enough && best.as_ref().is_none_or(|b| fit > b.fit + 1e-9) {
                best = Some(Alignment { form: form as usize, rows, fit });
            }
        }
        best
    }

    /// How alike a label is to each of a form's `m` rows.
    fn likeness(&self, at: usize, m: usize, label: &Known) -> Vec<f64> {
        let hits = self.exact.get(&label.folded);
        let mut rows = vec![0.0f64; m];
        for (j, alike) in rows.iter_mut().enumerate() {
            let known = hits.is_some_and(|h| h.contains(&(at as u32, j as u32)));
            let likeness = if known {
                1.0
            } else if hits.is_some_and(|h| h.iter().any(|(f, _)| *f as usize == at)) {
                0.0
            } else {
                let labels = &self.forms[at].labels[j];
                labels.iter().map(|l| l.similarity_above(label.label(), ALIKE)).fold(0.0, f64::max)
            };
            if likeness >= ALIKE {
                *alike = likeness;
            }
        }
        rows
    }

    fn align_with(&self, at: usize, form: &Form, body: &[BodyRow], known: &[Arc<Known>]) -> Vec<Option<(usize, f64)>> {
        let (n, m) = (body.len(), form.rows.len());
        let mut alike = Vec::with_capacity(n * m);
        for label in known {
            alike.extend_from_slice(&label.likeness(at, |label| self.likeness(at, m, label)));
        }
        let units: Vec<String> = body.iter().map(|r| fold(&r.unit)).collect();
        let parents: Vec<Option<usize>> = form
            .rows
            .iter()
            .map(|r| form.rows.iter().position(|p| !r.parent.is_empty() && p.key == r.parent))
            .collect();
        // Support, in hundredths: it orders equal labels, it never makes unlike ones alike.
        let support = |i: usize, j: usize| -> f64 {
            let row = &form.rows[j];
            let mut bonus = 0.0;
            if row.stt.iter().any(|s| *s == body[i].stt) {
                bonus += 0.04;
            }
            if !row.unit.is_empty() && fold(&row.unit).trim() == units[i].trim() {
                bonus += 0.02;
            }
            // The row it stands under is the row that the form puts it under: what tells equal labels apart.
            if let (Some(above), Some(parent)) = (body[i].parent, parents[j]) {
                bonus += 0.3 * alike[above * m + parent];
            }
            bonus
        };
        let mut table = vec![0.0f64; (n + 1) * (m + 1)];
        for i in (0..n).rev() {
            for j in (0..m).rev() {
                let skip = table[(i + 1) * (m + 1) + j].max(table[i * (m + 1) + j + 1]);
                let likeness = alike[i * m + j];
                let take =
                    if likeness > 0.0 { table[(i + 1) * (m + 1) + j + 1] + likeness + support(i, j) } else { 0.0 };
                table[i * (m + 1) + j] = skip.max(take);
            }
        }
        let mut rows = vec![None; n];
        let mut used = vec![false; m];
        let (mut i, mut j) = (0, 0);
        while i < n && j < m {
            let here = table[i * (m + 1) + j];
            let likeness = alike[i * m + j];
            if likeness > 0.0 && (table[(i + 1) * (m + 1) + j + 1] + likeness + support(i, j) - here).abs() < 1e-9 {
                rows[i] = Some((j, likeness));
                used[j] = true;
                (i, j) = (i + 1, j + 1);
            } else if (table[i * (m + 1) + j + 1] - here).abs() < 1e-9 {
                j += 1;
            } else {
                i += 1;
            }
        }
        // Rows that stand out of the form's order, or that are printed twice under other parents.
        for i in 0..n {
            if rows[i].is_some() || body[i].label.is_empty() {
                continue;
            }
            let parent = body[i].parent.and_then(|p| rows[p]).map(|(j, _)| form.rows[j].key.as_str());
            let mut best: Option<(usize, f64)> = None;
            for j in 0..m {
                let likeness = alike[i * m + j];
                if likeness < ALIKE_OUT_OF_ORDER || used[j] {
                    continue;
                }
                let likeness = if parent == Some(form.rows[j].parent.as_str()) { likeness + 0.1 } else { likeness };
                if best.is_none_or(|(_, b)| likeness > b) {
                    best = Some((j, likeness));
                }
            }
            if let Some((j, likeness)) = best {
                rows[i] = Some((j, likeness.min(1.0)));
                used[j] = true;
            }
        }
        rows
    }
}
