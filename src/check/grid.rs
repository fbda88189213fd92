//! What a table's rows or columns bear out by themselves: received = carried over + new, six months = quarter I + quarter II, a total row
//! at the foot. No label is needed: a sum that row after row keeps to the last digit is how the table was made.
//!
//! In: facts in cells. Out: claims for the rows that keep the sum and for the few that break it. Small numbers add up by chance, so
//! what a sum is worth grows with the digits of its totals; a sum that more than a few rows break was never meant.

use super::claim::{Claim, Formula, Origin, Verdict};
use super::edits;
use super::figures::{Figures, row_parent};
use super::words;
use crate::model::{Kind, Level, Severity, Source};
use crate::rules::{Basis, Relation, RuleSet};
use rust_decimal::Decimal;
use rustc_hash::FxHashSet;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// More columns than any form has figures in; beyond it only the first are looked at.
const MAX_COLUMNS: usize = 14;
/// Rows looked at in one table.
const MAX_ROWS: usize = 300;
/// Longest run of columns that a total may be the sum of.
const MAX_RUN: usize = 6;
/// What a sum must show before the places that break it are told.
#[derive(Clone, Copy)]
struct Trust {
    /// Different sums that hold.
    telling: usize,
    /// Digits of their totals, all together.
    weight: u32,
    /// So many sums must hold for each `fails` that fail.
    holds: usize,
    fails: usize,
}

/// Columns that nothing but their figures ties together.
const COLUMNS: Trust = Trust { telling: 2, weight: 7, holds: 4, fails: 1 };
/// A column for each level or period and one for all: the heads say what is added, one row that bears it out is enough.
const NAMED: Trust = Trust { telling: 1, weight: 2, holds: 1, fails: 2 };
/// A foot that calls itself the total.
const FOOT: Trust = Trust { telling: 1, weight: 2, holds: 1, fails: 1 };
/// A row and the rows numbered below it.
const ROWS: Trust = Trust { telling: 1, weight: 2, holds: 1, fails: 1 };
/// The same where only two rows stand below it and are less than it in some column.
const PAIRS: Trust = Trust { telling: 1, weight: 3, holds: 1, fails: 1 };
/// What the words alone say to be a sum, whether another column bears it out or not: a foot over one column, kinds that close with all
/// others, parts that the label of their total names.
const SAID: Trust = Trust { telling: 0, weight: 0, holds: 0, fails: 1 };

/// One place in a table with its figure: a row's or a column's number and the fact.
type Line = BTreeMap<u32, usize>;
/// By column: a row's figure and those of the rows below or above it.
type Sides = BTreeMap<u32, (usize, Vec<usize>)>;

/// Claims of all tables.
pub(crate) fn claims(figures: &Figures, rules: &RuleSet, out: &mut Vec<Claim>) {
    // Few documents have columns of which this is asked.
    let known = OnceCell::new();
    let flows = |id: &str| known.get_or_init(|| flows(rules)).contains(id);
    let mut tables: BTreeMap<u32, BTreeMap<u32, Line>> = BTreeMap::new();
    let mut taken: BTreeSet<(u32, u32, u32)> = BTreeSet::new();
    for i in 0..figures.len() {
        let Some(fact) = figures.fact(i).filter(|f| f.source == Source::Table && adds(f.kind)) else { continue };
        let Some((table, row, column)) = fact.cell.filter(|_| figures.has_value(i)) else { continue };
        let columns = tables.entry(table).or_default();
        // Two figures in one cell: which of them counts is not known.
        if taken.insert((table, row, column)) {
            columns.entry(column).or_default().insert(row, i);
        } else if let Some(line) = columns.get_mut(&column) {
            line.remove(&row);
        }
    }
    for columns in tables.into_values() {
        let lines: Vec<Line> = columns.into_values().filter(|line| line.len() > 1).take(MAX_COLUMNS).collect();
        for target in 0..lines.len() {
            for parts in candidates(target, lines.len()) {
                kept(figures, &flows, &lines, target, &parts, out);
            }
        }
        for four in lines.windows(4) {
            balanced(figures, &flows, four, out);
        }
    }
    heads_and_feet(figures, out);
}

/// Indicators whose figures of successive periods add up: flows, except those that by a rule hold something that is carried over.
fn flows(rules: &RuleSet) -> FxHashSet<&str> {
    let mut flows: FxHashSet<&str> = FxHashSet::default();
    flows
        .extend(rules.indicators.values().filter(|i| i.basis == Basis::Period && i.accumulates).map(|i| i.id.as_str()));
    for check in &rules.checks {
        if let Relation::Sum { total, parts, .. } = &check.relation
            && parts
                .iter()
                .any(|part| rules.indicators.get(part).is_some_and(|i| i.basis == Basis::Period && !i.accumulates))
        {
            flows.remove(total.as_str());
        }
    }
    flows
}

fn adds(kind: Kind) -> bool {
    matches!(kind, Kind::Count | Kind::Money)
}

/// The columns that may add up to the target: runs beside it, and all pairs.
fn candidates(target: usize, columns: usize) -> Vec<Vec<usize>> {
    let mut out: Vec<Vec<usize>> = Vec::new();
    for length in 3..=MAX_RUN {
        if target + length < columns {
            out.push((target + 1..=target + length).collect());
        }
        if target >= length {
            out.push((target - length..target).collect());
        }
    }
    for a in 0..columns {
        out.extend((a + 1..columns).filter(|b| a != target && *b != target).map(|b| vec![a, b]));
    }
    out
}

/// The claims of one sum of columns, if the rows bear it out.
fn kept(
    figures: &Figures,
    flows: &dyn Fn(&str) -> bool,
    lines: &[Line],
    target: usize,
    parts: &[usize],
    out: &mut Vec<Claim>,
) {
    let mut sums = Sums::of(COLUMNS);
    for (row, total) in lines[target].iter().take(MAX_ROWS) {
        let of_row: Option<Vec<usize>> = parts.iter().map(|p| lines[*p].get(row).copied()).collect();
        if let Some(of_row) = of_row.filter(|p| together(figures, flows, *total, p)) {
            if by_level(figures, *total, &of_row) || by_period(figures, *total, &of_row) {
                sums.trust = NAMED;
            }
            sums.add(figures, Formula::Sum { total: *total, parts: of_row, exact: true });
        }
        // Most columns are no sum of others: the first rows say so.
        if sums.hopeless(lines[target].len()) {
            return;
        }
    }
    sums.claims("sum/columns", out);
}

/// Four columns of which the first two add up to what the last two do: carried over, new, resolved, pending.
fn balanced(figures: &Figures, flows: &dyn Fn(&str) -> bool, lines: &[Line], out: &mut Vec<Claim>) {
    let [carried, new, resolved, pending] = lines else { return };
    let mut sums = Sums::of(COLUMNS);
    for (row, first) in carried.iter().take(MAX_ROWS) {
        let rest: Option<Vec<usize>> = [new, resolved, pending].iter().map(|l| l.get(row).copied()).collect();
        let Some(rest) = rest.filter(|r| together(figures, flows, *first, r)) else { continue };
        sums.add(figures, Formula::Flow { come: vec![*first, rest[0]], gone: rest[1..].to_vec() });
        if sums.hopeless(carried.len()) {
            return;
        }
    }
    // Two columns printed again are no balance.
    let same = |f: &Formula| match f {
        Formula::Flow { come, gone } => {
            come.iter().all(|a| gone.iter().any(|b| figures.value(*a) == figures.value(*b)))
        }
        _ => false,
    };
    if !sums.holding.iter().all(same) {
        sums.claims("balance/columns", out);
    }
}

/// Whether the heads say what is added: a column for each level, and one for all.
fn by_level(figures: &Figures, total: usize, parts: &[usize]) -> bool {
    let level = |i: usize| figures.fact(i).and_then(|f| f.level);
    let levels: BTreeSet<Option<Level>> = parts.iter().map(|p| level(*p)).collect();
    level(total).is_none() && levels.len() == parts.len() && !levels.contains(&None)
}

/// Whether the figures of one row can add up: one kind and unit, and of several periods only what flows.
fn together(figures: &Figures, flows: &dyn Fn(&str) -> bool, total: usize, parts: &[usize]) -> bool {
    let kind = |i: usize| figures.fact(i).map(|f| f.kind);
    let alike = parts.iter().all(|p| kind(*p) == kind(total) && figures.same_noun(*p, total));
    let period = |i: usize| figures.fact(i).and_then(|f| f.period).map(|p| (p.start, p.end));
    let indicator = |i: usize| figures.fact(i).and_then(|f| f.indicator.as_deref());
    let one_period = parts.iter().all(|p| period(*p) == period(total));
    alike && (one_period || indicator(total).is_some_and(flows)) && !words::is_linked(figures.label(total))
}

/// The same of periods: columns of quarters that follow each other, and one for all of their time.
fn by_period(figures: &Figures, total: usize, parts: &[usize]) -> bool {
    let period = |i: usize| figures.fact(i).and_then(|f| f.period).map(|p| (p.start, p.end));
    let Some(mut times) = parts.iter().map(|p| period(*p)).collect::<Option<Vec<_>>>() else { return false };
    times.sort_unstable();
    let follow = times.windows(2).all(|pair| pair[0].1.tomorrow().is_ok_and(|day| day == pair[1].0));
    let ends = times.first().zip(times.last()).map(|(first, last)| (first.0, last.1));
    follow && ends == period(total)
}

/// A row against the rows below it, or, at the foot, above it, column by column. A foot that calls itself the total says that it is a sum; of
/// other rows the columns that keep it do.
fn heads_and_feet(figures: &Figures, out: &mut Vec<Claim>) {
    let mut rows: BTreeMap<(u32, u32), Sides> = BTreeMap::new();
    for i in 0..figures.len() {
        let parent = figures.link(i, row_parent).and_then(|p| Some((p, figures.fact(p)?.cell?)));
        let Some((parent, (table, row, column))) = parent else { continue };
        let same = figures.fact(i).and_then(|f| f.cell).is_some_and(|c| c.2 == column && c.0 == table);
        if same && figures.fact(parent).is_some_and(|f| adds(f.kind)) && figures.has_value(parent) {
            rows.entry((table, row)).or_default().entry(column).or_insert((parent, Vec::new())).1.push(i);
        }
    }
    for columns in rows.into_values() {
        let foot = columns.values().next().is_some_and(|(total, _)| words::is_foot(figures.label(*total)));
        let kind = |i: usize| figures.fact(i).map(|f| f.kind);
        let mut sums: Vec<Formula> = Vec::new();
        for (total, parts) in columns.into_values() {
            // What a foot adds up has blank cells where nothing is to be added.
            let parts: Vec<usize> = parts.into_iter().filter(|p| !foot || !figures.is_blank(*p)).collect();
            let alike = |p: &usize| kind(*p) == kind(total) && figures.has_value(*p) && figures.same_noun(*p, total);
            if parts.len() > 1 && parts.len() <= MAX_ROWS && parts.iter().all(alike) {
                sums.push(Formula::Sum { total, parts, exact: true });
            }
        }
        let stated = |s: &Formula| match s {
            Formula::Sum { total, parts, .. } => {
                (foot && sums.len() == 1 || !foot && names_all(figures, *total, parts)) && slipped(figures, s)
            }
            _ => false,
        };
        let said = !sums.is_empty() && sums.iter().all(stated);
        // Two rows below a row may be some of its kinds: that they make it up in one column says little where the figures are small.
        let some = |s: &Formula| match s {
            Formula::Sum { total, parts, .. } => {
                let sum = parts.iter().filter_map(|p| figures.value(*p)).sum::<Decimal>();
                let kinds = parts.iter().all(|p| figures.is_kind_of(*p, *total));
                parts.len() < 3 && !kinds && figures.value(*total).is_some_and(|whole| sum < whole)
            }
            _ => false,
        };
        let mut all = Sums::of(match (said, foot) {
            (true, _) => SAID,
            (_, true) => FOOT,
            _ if sums.iter().any(some) => PAIRS,
            _ => ROWS,
        });
        sums.into_iter().for_each(|formula| all.add(figures, formula));
        all.claims(if foot { "sum/foot" } else { "sum/rows" }, out);
    }
}

/// Whether the labels say that the parts are all: the last of them takes in all others (`Đơn vị sự nghiệp khác`), or the label of the
/// total is made up of theirs (`Tổng thu phí, lệ phí` above `Phí` and `Lệ phí`).
fn names_all(figures: &Figures, total: usize, parts: &[usize]) -> bool {
    let printed = |i: usize| figures.fact(i).and_then(|f| f.row).and_then(|r| figures.x.rows.get(r));
    // The printed label says at a look whether it is worth folding.
    let list = printed(total).is_some_and(|r| r.label.contains(',') || r.label.contains(" và "));
    let others = parts.last().and_then(|p| printed(*p)).is_some_and(|r| r.label.to_lowercase().contains("khác"));
    if !(others || list && words::is_total(figures.label(total))) {
        return false;
    }
    let labels: Vec<String> = parts.iter().map(|p| figures.row_label(*p)).collect();
    let whole = figures.row_label(total);
    let named = list && words::is_total(&whole) && labels.iter().all(|l| l.len() > 2 && whole.contains(l.as_str()));
    let others = labels.last().is_some_and(|l| words::is_others(l)) && !labels.iter().any(|l| words::is_among(l));
    named || others
}

/// Whether a sum holds, or would with one slip of one of its figures: what is off by more is read amiss.
fn slipped(figures: &Figures, formula: &Formula) -> bool {
    let at = |i: usize| figures.print(i);
    formula.holds(figures)
        || formula.facts().into_iter().any(|i| {
            // The middle of what a rounded figure may stand for is what its parts add up to as printed.
            let middle = |(low, high): (Decimal, Decimal)| Some(low.checked_add(high)? / Decimal::TWO);
            let meant = formula.solve(i, &at).and_then(|set| set.low.zip(set.high)).and_then(middle);
            let meant = meant.filter(|v| !v.is_sign_negative());
            let pair = at(i).and_then(|print| Some((print, edits::replaced(print, meant?)?)));
            pair.is_some_and(|(print, meant)| edits::is_slip(print, meant))
        })
}

/// One sum over many rows or columns.
struct Sums {
    trust: Trust,
    holding: Vec<Formula>,
    failing: Vec<Formula>,
    /// Digits of the totals that hold; the same figures twice count once.
    weight: u32,
    telling: usize,
    seen: FxHashSet<Vec<Decimal>>,
}

impl Sums {
    fn of(trust: Trust) -> Sums {
        Sums { trust, holding: Vec::new(), failing: Vec::new(), weight: 0, telling: 0, seen: FxHashSet::default() }
    }

    fn add(&mut self, figures: &Figures, formula: Formula) {
        let values: Vec<_> =
            formula.facts().into_iter().filter_map(|i| figures.value(i)).map(|v| v.normalize()).collect();
        match formula.verdict(&|i| figures.print(i)) {
            Verdict::Holds(_) => {
                if values.iter().skip(1).filter(|v| !v.is_zero()).count() > 1 && self.seen.insert(values.clone()) {
                    let digits =
                        values.iter().max().map_or(0, |v| v.trunc().mantissa().unsigned_abs().to_string().len());
                    self.weight += digits as u32;
                    self.telling += 1;
                }
                self.holding.push(formula);
            }
            Verdict::Fails => self.failing.push(formula),
            Verdict::Unknown => {}
        }
    }

    /// Whether more sums fail than so many that hold would excuse.
    fn hopeless(&self, holding: usize) -> bool {
        self.failing.len() * self.trust.holds > holding * self.trust.fails
    }

    fn claims(self, check: &str, out: &mut Vec<Claim>) {
        let Trust { telling, weight, .. } = self.trust;
        let believed = self.telling >= telling && self.weight >= weight;
        if believed && !self.hopeless(self.holding.len()) {
            let all = self.holding.into_iter().chain(self.failing);
            out.extend(all.map(|formula| Claim::new(check, formula, Severity::Warning, Origin::Form)));
        }
    }
}
