//! What speaks for a change of a figure apart from the slip: how its size, its share of a whole, the same value printed elsewhere, a row
//! repeated, groups of digits that are none bear on its likelihood.
//!
//! In: the graph of claims. Out: points (ten for one in ten), prints. Nothing here is decided: `repair` weighs.

use super::claim::{Claim, Formula};
use super::edits;
use super::interval::Print;
use super::repair::{Graph, MAX_FIGURES};
use crate::model::{Fact, Kind};
use crate::text::number::Reading;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;
use std::f64::consts::PI;

/// What it is worth, by its digits, that the same value of the same things is printed elsewhere.
const ELSEWHERE: [i32; 5] = [0, 0, 3, 8, 12];

impl Graph<'_, '_> {
    /// What it is worth that another figure of the same noun, outside the claims in question, has this value.
    pub(super) fn elsewhere(&self, fact: usize, value: Decimal, kin: &BTreeSet<usize>) -> i32 {
        let value = value.normalize();
        let digits = value.mantissa().unsigned_abs().to_string();
        let worth = ELSEWHERE[digits.trim_end_matches('0').len().min(ELSEWHERE.len() - 1)];
        if worth == 0 {
            return 0;
        }
        let mut there = self.printed.get(&value).into_iter().flatten().take(MAX_FIGURES);
        // The other rows of its column count other things.
        let column = |i: usize| self.figures.fact(i).and_then(|f| f.cell).map(|(table, _, column)| (table, column));
        let beside = |i: usize| column(i).is_some_and(|c| kin.iter().chain([&fact]).any(|k| column(*k) == Some(c)));
        let same = |i: &usize| *i != fact && !kin.contains(i) && self.figures.same_noun(*i, fact) && !beside(*i);
        let kind = |i: usize| self.figures.fact(i).map(|f| f.kind);
        if there.any(|i| kind(*i) == kind(fact) && same(i)) { worth } else { 0 }
    }

    /// The digits of a print whose groups of three are broken: half a dossier is a count that was typed `7.11` for `7.811`, and
    /// `7.8820 tỷ` is no decimal where decimals have commas.
    pub(super) fn ungrouped(&self, source: &Fact, print: Print) -> Option<Print> {
        let fraction = source.kind == Kind::Count && source.multiplier == 0 && !print.value.fract().is_zero();
        if fraction {
            let digits = edits::scaled(print, i32::try_from(print.value.scale()).ok()?)?;
            return Some(Print::exact(digits.value));
        }
        let decimal = source.number.is_some_and(|n| pointed(&source.raw, n));
        if matches!(source.kind, Kind::Money | Kind::Area) && self.commas && decimal {
            return edits::scaled(print, i32::try_from(source.readings.first()?.scale).ok()?);
        }
        (self.commas && broken(&source.raw)).then_some(print)
    }

    /// Whether the size of a figure counts against it, in halves. Sizes spread evenly over their orders of magnitude, so that a figure
    /// ten times as large is one of ten; but a total that its parts make up has no size of its own, a part lies anywhere
    /// below its whole, and two prints of one thing have one size.
    pub(super) fn leaning(&self, fact: usize, mine: &[usize]) -> i32 {
        let kind = self.figures.fact(fact).map(|f| f.kind);
        if !matches!(kind, Some(Kind::Count | Kind::Money)) || self.figures.is_percent(fact) {
            return 0;
        }
        let mut own = 2;
        for c in mine.iter().filter(|c| !self.claims[**c].weak) {
            match &self.claims[*c].formula {
                Formula::Sum { total, exact: true, .. } if *total == fact => own = 0,
                Formula::Sum { total, exact: false, .. } if *total != fact => own = 0,
                Formula::AtMost { part, .. } | Formula::Ratio { part, .. } if *part == fact => own = 0,
                Formula::Equal { .. } => own = own.min(1),
                _ => {}
            }
        }
        own
    }

    /// Claims about a part and its whole, each pair once.
    pub(super) fn pairs(&self, mine: &[usize]) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let mut pairs = mine.to_vec();
        pairs.retain(|c| part_and_whole(&self.claims[*c]).is_some_and(|pair| seen.insert(pair)));
        pairs
    }

    /// How likely a part is, its whole being what it is: anywhere below it, rather near nothing or near all of it (Jeffreys' prior of a share).
    pub(super) fn share(&self, c: usize, at: &dyn Fn(usize) -> Option<Print>) -> i32 {
        let Some((parts, whole)) = part_and_whole(&self.claims[c]) else { return 0 };
        let part = parts.iter().map(|p| at(*p).map(|p| p.value)).sum::<Option<Decimal>>().map(Print::exact);
        let ranked = self.figures.fact(whole).is_some_and(|f| f.kind == Kind::Rank);
        if !self.figures.is_count(whole) && !ranked {
            return 0;
        }
        let size = |p: Option<Print>| p.and_then(|p| p.value.to_f64()).unwrap_or(0.0).max(0.0);
        let (part, whole) = (size(part), size(at(whole)));
        let share = (part + 0.5) / (whole + 1.0);
        let spread = if share < 1.0 { 5.0 * (PI * PI * share * (1.0 - share)).log10() } else { 0.0 };
        (10.0 * (whole + 1.0).log10() + spread).round() as i32
    }

    /// Whether a figure repeats one of the rows just above or below in its column.
    pub(super) fn is_copy(&self, fact: usize) -> bool {
        let Some((table, row, column)) = self.figures.fact(fact).and_then(|f| f.cell) else { return false };
        let near = (table, column, row.saturating_sub(2))..=(table, column, row.saturating_add(2));
        self.cells.range(near).any(|(_, k)| *k != fact && self.figures.value(*k) == self.figures.value(fact))
    }
}

/// The parts and the whole of a claim that lets them lie anywhere below it.
fn part_and_whole(claim: &Claim) -> Option<(Vec<usize>, usize)> {
    match &claim.formula {
        _ if claim.weak => None,
        Formula::AtMost { part, whole } => Some((vec![*part], *whole)),
        Formula::Ratio { part, base, .. } => Some((vec![*part], *base)),
        Formula::Sum { total, parts, exact: false } => Some((parts.clone(), *total)),
        _ => None,
    }
}

/// All prints one slip away, edited as they stand before their multiplier.
pub(super) fn typed_otherwise(print: Print, multiplier: u32) -> Vec<Print> {
    let power = multiplier as i32;
    let near = edits::scaled(print, -power).map(edits::neighbours).unwrap_or_default();
    if power == 0 { near } else { near.into_iter().filter_map(|p| edits::scaled(p, power)).collect() }
}

/// What our own other readings of the print stand for.
pub(super) fn rereadings(source: &Fact, print: Print) -> Vec<Print> {
    let power = Decimal::from(10u64.checked_pow(source.multiplier).unwrap_or(1));
    let read = |r: &Reading| {
        let value = r.value.checked_mul(power)?;
        let unit = power.checked_mul(Decimal::new(1, r.scale.min(20)))?;
        Some(if print.unit.is_zero() { Print::exact(value) } else { Print::rounded(value, unit) })
    };
    source.readings.iter().skip(1).filter_map(read).collect()
}

/// Whether a print has a point before its decimals.
pub(super) fn pointed(raw: &str, number: Decimal) -> bool {
    number.scale() > 0 && raw.contains('.') && !raw.contains(',')
}

/// Whether points part a print into groups that are not of three.
fn broken(raw: &str) -> bool {
    let number = raw.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
    let mut groups = number[..end].trim_end_matches('.').split('.');
    let first = groups.next().map_or(0, str::len);
    let rest: Vec<usize> = groups.map(str::len).collect();
    let decimal = rest.len() == 1 && !number[end..].starts_with(',');
    !rest.is_empty() && !decimal && (first > 3 || rest.iter().any(|n| *n != 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_of_three() {
        assert!(broken("7.8820.000") && broken("4.12,6 tỷ") && broken("1234.567.000"));
        assert!(!broken("4.912,6 tỷ") && !broken("7.882") && !broken("95,33%") && !broken("12") && !broken("80.25%"));
    }

    #[test]
    fn figures_are_edited_before_their_multiplier() {
        let million = Decimal::from(1_000_000);
        let print = Print::rounded(Decimal::from(957) * million, million);
        let near = typed_otherwise(print, 6);
        assert!(near.iter().any(|p| p.value == Decimal::new(957, 1) * million && p.unit == million / Decimal::TEN));
    }
}
