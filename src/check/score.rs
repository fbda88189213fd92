//! Score sheets: points of a criterion are the sum of the points below it, to the last digit; a self score is at most its maximum.
//!
//! In: facts of kind score with `RowParent` and `Maximum` links. Out: claims. A sheet in which most sums do not hold is no sheet of
//! that kind (its lower rows are alternatives of a scale): its sums are then told, not warned about. Rows that add or take
//! points outside the scale are left out.

use super::claim::{Claim, Formula, Origin, Verdict};
use super::figures::{Figures, maximum, row_parent};
use super::words;
use crate::model::{Kind, Severity, Source};
use std::collections::BTreeMap;

/// Claims of all score sheets.
pub(crate) fn claims(figures: &Figures, groups: &[(usize, Vec<usize>)], out: &mut Vec<Claim>) {
    let score = |i: usize| figures.fact(i).is_some_and(|f| f.kind == Kind::Score && f.source == Source::Table);
    for i in (0..figures.len()).filter(|i| score(*i)) {
        for whole in figures.links(i, maximum) {
            out.push(Claim::new(
                "order/self-score",
                Formula::AtMost { part: i, whole },
                Severity::Error,
                Origin::Score,
            ));
        }
    }
    // Sums by table and column, so that one sheet's habit does not excuse another's.
    let mut sheets: BTreeMap<(u32, u32), Vec<Claim>> = BTreeMap::new();
    for (parent, kids) in groups {
        if score(*parent) && figures.has_value(*parent) {
            sums(figures, *parent, kids, sheets.entry(sheet(figures, *parent)).or_default());
        }
    }
    totals(figures, groups, &score, &mut sheets);
    for (_, mut claims) in sheets {
        let exact = claims.iter().filter(|c| !c.weak).count();
        let failing = claims.iter().filter(|c| !c.weak && c.verdict(figures) == Verdict::Fails).count();
        if failing * 2 > exact && exact > 1 {
            for claim in &mut claims {
                claim.severity = Severity::Info;
            }
        }
        out.append(&mut claims);
    }
}

fn sheet(figures: &Figures, i: usize) -> (u32, u32) {
    figures.fact(i).and_then(|f| f.cell).map_or((0, 0), |(table, _, column)| (table, column))
}

fn sums(figures: &Figures, total: usize, kids: &[usize], out: &mut Vec<Claim>) {
    let parts: Vec<usize> = kids
        .iter()
        .copied()
        .filter(|k| figures.has_value(*k) && figures.fact(*k).is_some_and(|f| f.kind == Kind::Score))
        .collect();
    let outside =
        |k: &usize| figures.value(*k).is_some_and(|v| v.is_sign_negative()) || words::is_bonus(figures.label(*k));
    if parts.is_empty() || kids.iter().any(outside) {
        return;
    }
    // With a blank row the printed ones are only a lower bound.
    let exact = parts.len() == kids.len();
    let formula = Formula::Sum { total, parts, exact };
    out.push(Claim::new("sum/score", formula, Severity::Error, Origin::Score));
}

/// `Tổng điểm`: the rows at the top of its column, where the form does not hang them under it.
fn totals(
    figures: &Figures,
    groups: &[(usize, Vec<usize>)],
    score: &dyn Fn(usize) -> bool,
    sheets: &mut BTreeMap<(u32, u32), Vec<Claim>>,
) {
    let mut tops: BTreeMap<(u32, u32), Vec<usize>> = BTreeMap::new();
    for i in (0..figures.len()).filter(|i| score(*i) && figures.fact(*i).is_some_and(|f| f.row.is_some())) {
        if figures.link(i, row_parent).is_none() {
            tops.entry(sheet(figures, i)).or_default().push(i);
        }
    }
    for (key, rows) in tops {
        let (totals, parts): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|i| words::is_total(&figures.opening(**i)));
        let [total] = totals[..] else { continue };
        let hung = groups.binary_search_by_key(&total, |g| g.0).is_ok();
        if !hung && parts.len() >= 2 && figures.has_value(total) && sheets.contains_key(&key) {
            sums(figures, total, &parts, sheets.entry(key).or_default());
        }
    }
}
