//! Columns of one row that count from the same first day: a later one is never smaller.
//!
//! In: facts of one table row with periods, indicators of `rules/`. Out: claims. Only flows are compared (`basis = period`): what is
//! stated as of a day, or for the whole year, may fall.

use super::claim::{Claim, Formula, Origin};
use super::figures::Figures;
use crate::model::{Kind, Severity, Source};
use crate::rules::{Basis, RuleSet};

/// Claims of all rows.
pub(crate) fn claims(figures: &Figures, rules: &RuleSet, out: &mut Vec<Claim>) {
    let flow = |id: &str| rules.indicators.get(id).is_some_and(|i| i.basis == Basis::Period);
    let mut cells: Vec<_> = (0..figures.len())
        .filter_map(|i| {
            let fact = figures.fact(i).filter(|f| f.source == Source::Table && f.kind == Kind::Count)?;
            let (table, row, _) = fact.cell?;
            let period = fact.period.filter(|_| figures.has_value(i))?;
            let id = fact.indicator.as_deref().filter(|id| flow(id))?;
            Some(((table, row, id, fact.level, &fact.dims, period.start), period.end, i))
        })
        .collect();
    cells.sort_unstable();
    for pair in cells.windows(2) {
        if pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1 {
            let formula = Formula::AtMost { part: pair[0].2, whole: pair[1].2 };
            out.push(Claim::new("order/cumulative", formula, Severity::Warning, Origin::Form));
        }
    }
}
