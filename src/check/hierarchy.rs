//! What a form's numbering states: a row that prints a value against the rows below it.
//!
//! In: facts with `RowParent` links. Out: claims. Which rows below are parts is not printed: a header may hold a rate, the rows below
//! may be a base and its part, subsets of each other, other counts. So a parent is at peace as soon as ANY plausible relation
//! holds, and is accused only where the labels split it without overlap (levels, outcomes, done and not done; see `words`).
//! Score rows are left to `score`.

use super::claim::{Claim, Formula, Origin};
use super::figures::{Figures, row_parent};
use super::words::{self, Cover};
use crate::model::{Kind, Severity, Source};
use rust_decimal::Decimal;

/// More rows below one than any form has; beyond it only the plain sums are tried.
const MAX_CHILDREN: usize = 60;

/// Rows below each row, in document order; the index is the parent's fact.
pub(crate) fn children(figures: &Figures) -> Vec<(usize, Vec<usize>)> {
    let mut pairs: Vec<(usize, usize)> = (0..figures.len())
        .filter(|i| figures.fact(*i).is_some_and(|f| f.source == Source::Table))
        .filter_map(|i| figures.link(i, row_parent).map(|p| (p, i)))
        .filter(|(p, i)| column(figures, *p) == column(figures, *i))
        .collect();
    pairs.sort_unstable();
    let mut out: Vec<(usize, Vec<usize>)> = Vec::new();
    for (parent, child) in pairs {
        match out.last_mut() {
            Some((p, list)) if *p == parent => list.push(child),
            _ => out.push((parent, vec![child])),
        }
    }
    out
}

fn column(figures: &Figures, i: usize) -> Option<(u32, u32)> {
    figures.fact(i)?.cell.map(|(table, _, column)| (table, column))
}

/// Claims of all forms.
pub(crate) fn claims(figures: &Figures, groups: &[(usize, Vec<usize>)], out: &mut Vec<Claim>) {
    for (parent, kids) in groups {
        if kids.len() > MAX_CHILDREN || figures.fact(*parent).is_none_or(|f| f.kind == Kind::Score) {
            continue;
        }
        let counts: Vec<usize> = kids.iter().copied().filter(|k| figures.is_count(*k)).collect();
        if figures.is_percent(*parent) {
            rate_over_rows(figures, *parent, &counts, out);
        } else if figures.is_count(*parent) || figures.fact(*parent).is_some_and(|f| f.kind == Kind::Money) {
            count_over_rows(figures, *parent, &counts, out);
        }
        for part in counts.iter().copied().filter(|k| words::is_among(figures.label(*k))) {
            if figures.is_count(*parent) && figures.same_noun(part, *parent) {
                let formula = Formula::AtMost { part, whole: *parent };
                out.push(Claim::new("subset/part", formula, Severity::Warning, Origin::Form));
            }
        }
        totals_among(figures, &counts, out);
        let rates: Vec<usize> = kids.iter().copied().filter(|k| figures.is_percent(*k)).collect();
        shares_among(figures, &rates, out);
    }
    rows_under_headings(figures, out);
}

/// A rate row above its base and its part, in whichever order they stand.
fn rate_over_rows(figures: &Figures, rate: usize, counts: &[usize], out: &mut Vec<Claim>) {
    let counts: Vec<usize> = counts.iter().copied().filter(|k| figures.has_value(*k)).take(6).collect();
    if counts.len() < 2 || !figures.has_value(rate) {
        return;
    }
    let ratio = |part: usize, base: usize| Formula::Ratio { rate, part, base };
    for base in &counts {
        for part in &counts {
            if part != base && ratio(*part, *base).holds(figures) {
                out.push(Claim::evidence("ratio/rows", ratio(*part, *base), Origin::Form));
                return;
            }
        }
    }
    let stated =
        words::is_rate(figures.label(rate)) && (counts.len() == 2 || words::is_total(figures.label(counts[0])));
    if stated && !words::names_other_base(figures.label(rate)) {
        out.push(Claim::new("ratio/rows", ratio(counts[1], counts[0]), Severity::Warning, Origin::Form));
    }
}

/// A count above other counts.
fn count_over_rows(figures: &Figures, parent: usize, counts: &[usize], out: &mut Vec<Claim>) {
    let Some(whole) = figures.value(parent) else { return };
    let filled: Vec<usize> = counts.iter().copied().filter(|k| figures.has_value(*k)).collect();
    if let Some((parts, cover)) = split(figures, parent, &filled) {
        let missing = counts.len() != filled.len() && counts.iter().any(|k| figures.is_blank(*k));
        let exact = cover == Cover::Full && !missing && !is_open(figures, parent, &parts);
        let parts = without_early(figures, parent, parts);
        let formula = Formula::Sum { total: parent, parts, exact };
        let holds = formula.holds(figures);
        // Where the rows that follow make up the whole with them, the split goes on in other words.
        if holds || !exact || plausible_parts(figures, whole, &filled).is_none() {
            if !(words::is_linked(figures.label(parent)) && overlaps(figures, whole, &formula.facts()[1..])) {
                out.push(Claim::new("sum/children", formula, Severity::Warning, Origin::Form));
            }
            return;
        }
    }
    // No split: a sum that happens to hold is evidence, one that does not means nothing.
    if let Some(parts) = plausible_parts(figures, whole, &filled) {
        out.push(Claim::evidence("sum/children", Formula::Sum { total: parent, parts, exact: true }, Origin::Form));
    }
}

/// Whether things received are split by how they were handled: some of them may be in hand still.
pub(crate) fn is_open(figures: &Figures, whole: usize, parts: &[usize]) -> bool {
    words::is_received_only(figures.label(whole)) && parts.iter().any(|p| words::is_handling(figures.marks(*p)))
}

/// The longest leading run of rows that splits the parent without overlap.
fn split(figures: &Figures, parent: usize, rows: &[usize]) -> Option<(Vec<usize>, Cover)> {
    let label = figures.label(parent);
    let own = figures.marks(parent);
    // Places are told apart by their names, not by their levels.
    if rows.iter().any(|k| figures.fact(*k).is_some_and(|f| f.entity.is_some())) {
        return None;
    }
    for end in (2..=rows.len()).rev() {
        let run = &rows[..end];
        let marks: Vec<_> = run.iter().map(|k| figures.marks(*k)).collect();
        let Some(cover) = words::partition(&marks, own) else { continue };
        let belongs = |k: &usize| {
            let child = figures.label(*k);
            figures.same_noun(parent, *k)
                && (words::is_bare(child) || words::shared_opening(label, child) >= 2 || !label_says_noun(figures, *k))
        };
        if run.iter().all(belongs) {
            return Some((run.to_vec(), cover));
        }
    }
    None
}

/// Whether a row's label names things of its own.
fn label_says_noun(figures: &Figures, k: usize) -> bool {
    words::noun_phrase(figures.label(k)) != figures.label(k)
}

/// `đúng hạn` is "not late" to some and "exactly on time" to others: where the sum holds without the early ones, that was meant.
pub(crate) fn without_early(figures: &Figures, total: usize, parts: Vec<usize>) -> Vec<usize> {
    let holds = |parts: &[usize]| {
        let formula = Formula::Sum { total, parts: parts.to_vec(), exact: true };
        formula.holds(figures)
    };
    let rest: Vec<usize> = parts.iter().copied().filter(|p| !words::is_early(figures.marks(*p))).collect();
    if rest.len() < parts.len() && rest.len() >= 2 && !holds(&parts) && holds(&rest) { rest } else { parts }
}

/// Whether parts seem to overlap: none is larger than the whole, and one of them is all of it while others are not nothing.
pub(crate) fn overlaps(figures: &Figures, whole: Decimal, parts: &[usize]) -> bool {
    let values: Vec<Decimal> = parts.iter().filter_map(|p| figures.value(*p)).collect();
    values.iter().all(|v| *v <= whole) && values.contains(&whole) && values.iter().sum::<Decimal>() > whole
}

/// Rows whose sum is the parent, if the layout suggests any: all, a leading run, or those left when each row that may be a
/// subset of the row before it is passed over.
pub(crate) fn plausible_parts(figures: &Figures, whole: Decimal, rows: &[usize]) -> Option<Vec<usize>> {
    let values: Vec<Decimal> = rows.iter().map(|k| figures.value(*k).unwrap_or_default()).collect();
    let telling =
        |parts: &[usize]| parts.iter().filter(|p| figures.value(**p).is_some_and(|v| !v.is_zero())).count() >= 2;
    let mut sum = Decimal::ZERO;
    let mut found = None;
    for (end, value) in values.iter().enumerate() {
        sum += value;
        if sum == whole && telling(&rows[..=end]) {
            found = Some(end);
        }
    }
    if let Some(end) = found {
        return Some(rows[..=end].to_vec());
    }
    let (mut chosen, mut total, mut last) = (Vec::new(), Decimal::ZERO, Decimal::MIN);
    for (row, value) in rows.iter().zip(&values) {
        if *value > last || chosen.is_empty() {
            chosen.push(*row);
            total += value;
            last = *value;
        } else {
            // May be a subset of the row before it; the next row starts afresh.
            last = Decimal::MIN;
        }
    }
    (total == whole && telling(&chosen)).then_some(chosen)
}

/// `Tổng số …` followed by rows that split it, all on one level of the form.
fn totals_among(figures: &Figures, rows: &[usize], out: &mut Vec<Claim>) {
    for (at, head) in rows.iter().enumerate() {
        if !words::is_total(&figures.opening(*head)) || !figures.has_value(*head) {
            continue;
        }
        let label = figures.label(*head);
        if words::is_received_only(label) {
            continue;
        }
        let run: Vec<usize> = rows[at + 1..]
            .iter()
            .copied()
            .take_while(|k| {
                !words::is_total(&figures.opening(*k)) && words::shared_opening(label, figures.label(*k)) >= 2
            })
            .filter(|k| figures.has_value(*k) && figures.same_noun(*head, *k))
            .collect();
        for end in (2..=run.len()).rev() {
            let marks: Vec<_> = run[..end].iter().map(|k| figures.marks(*k)).collect();
            if words::partition(&marks, figures.marks(*head)).is_some() {
                let formula = Formula::Sum { total: *head, parts: run[..end].to_vec(), exact: false };
                out.push(Claim::new("sum/siblings", formula, Severity::Warning, Origin::Form));
                break;
            }
        }
        // A total printed again on the row above is the same figure.
        if let Some(parent) = figures.link(*head, row_parent).filter(|_| at == 0)
            && figures.is_count(parent)
            && figures.same_noun(parent, *head)
            && words::is_total(figures.label(parent))
            && figures.value(parent) == figures.value(*head)
        {
            out.push(Claim::evidence("sum/repeated-total", Formula::Equal { a: parent, b: *head }, Origin::Form));
        }
    }
}

/// The same for rows that hang under a heading without a figure, or under nothing; and shares among such rows.
fn rows_under_headings(figures: &Figures, out: &mut Vec<Claim>) {
    let heading =
        |i: usize| figures.fact(i).and_then(|f| f.row).and_then(|r| figures.x.rows.get(r)).and_then(|r| r.parent);
    let mut rows: Vec<((u32, u32), Option<usize>, usize)> = (0..figures.len())
        .filter(|i| figures.fact(*i).is_some_and(|f| f.source == Source::Table && f.row.is_some()))
        .filter(|i| figures.link(*i, row_parent).is_none())
        .filter_map(|i| column(figures, i).map(|c| (c, heading(i), i)))
        .collect();
    rows.sort_unstable();
    for family in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let pick = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            family.iter().map(|r| r.2).filter(|i| wanted(*i)).take(MAX_CHILDREN).collect()
        };
        totals_among(figures, &pick(&|i| figures.is_count(i)), out);
        shares_among(figures, &pick(&|i| figures.is_percent(i)), out);
    }
}

/// Rates of one whole side by side: satisfied, indifferent, dissatisfied; on time and late.
fn shares_among(figures: &Figures, rates: &[usize], out: &mut Vec<Claim>) {
    let parts: Vec<usize> = rates.iter().copied().filter(|r| figures.has_value(*r)).collect();
    let marks: Vec<_> = parts.iter().map(|r| figures.marks(*r)).collect();
    if parts.len() >= 2 && parts.len() == rates.len() && words::are_shares(&marks) {
        // All nought: nothing was counted.
        if parts.iter().any(|p| figures.value(*p).is_some_and(|v| !v.is_zero())) {
            out.push(Claim::new("sum/shares", Formula::Hundred { parts }, Severity::Warning, Origin::Form));
        }
    }
}
