//! Numbers that are typed as no number is: groups of digits that are not of three (`7 5002`, `1 57`, `7.8800 hồ sơ`).
//!
//! In: facts. Out: warnings about prints that no arithmetic reaches, for their reader could make no number, or half a dossier, of them. A
//! document that never parts thousands in that way gets none; nor does a print that a failing calculation has already named.

use super::figures::Figures;
use super::message::Draft;
use crate::model::{Fact, Kind, Severity, Source, Warning};
use rustc_hash::FxHashSet;
use std::collections::BTreeSet;

/// Confidence that a print with broken groups is a slip.
const CONFIDENCE: f64 = 0.8;

/// Warnings about all prints that `known` warnings do not speak of.
pub(crate) fn warnings(figures: &Figures, known: &[Warning]) -> Vec<Warning> {
    let facts = &figures.x.facts;
    // Columns that part thousands by a space.
    let spaced: FxHashSet<(u32, u32)> =
        facts.iter().filter(|f| f.number.is_some() && is_spaced(&f.raw)).filter_map(column).collect();
    let (mut commas, mut points, mut grouped) = (0usize, 0usize, 0usize);
    for fact in facts.iter().filter(|f| f.number.is_some() && f.raw.contains([',', '.'])) {
        let decimals = fact.number.is_some_and(|n| n.scale() > 0);
        commas += usize::from(decimals && fact.raw.contains(','));
        points += usize::from(decimals && fact.raw.contains('.') && fact.kind != Kind::Count);
        grouped += usize::from(!decimals && fact.raw.contains('.'));
    }
    let points_part = grouped > points && commas > points;
    let suspicious = |f: &Fact| match f.number {
        None => f.kind == Kind::Text && f.source == Source::Table && column(f).is_some_and(|c| spaced.contains(&c)),
        Some(n) => points_part && f.kind == Kind::Count && f.multiplier == 0 && !n.fract().is_zero(),
    };
    let mut out = Vec::new();
    let mut told: Option<BTreeSet<usize>> = None;
    for (i, fact) in facts.iter().enumerate().filter(|(_, f)| suspicious(f)) {
        let broken = if fact.number.is_none() { is_broken(&fact.raw, ' ') } else { is_broken(number(&fact.raw), '.') };
        if !broken
            || told.get_or_insert_with(|| known.iter().flat_map(|w| w.facts.iter().copied()).collect()).contains(&i)
        {
            continue;
        }
        let draft = Draft {
            check: "form/broken-number".to_owned(),
            severity: Severity::Warning,
            place: fact.place,
            confidence: CONFIDENCE,
            facts: vec![i],
            suspect: Some(i),
            vi: format!("“{}” không phải là một số viết đúng: các nhóm chữ số không đủ ba chữ số.", fact.raw.trim()),
            en: format!(
                "“{}” is not a number as numbers are typed: its groups are not of three digits.",
                fact.raw.trim()
            ),
            ..Draft::default()
        };
        out.push(draft.finish());
    }
    out
}

fn column(fact: &Fact) -> Option<(u32, u32)> {
    fact.cell.map(|(table, _, column)| (table, column))
}

/// The number at the head of a print, without its unit.
fn number(raw: &str) -> &str {
    let end = raw.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(raw.len());
    raw[..end].trim_end_matches('.')
}

/// Whether a print is digits in groups of three with a space between them.
fn is_spaced(raw: &str) -> bool {
    raw.contains([' ', '\u{a0}']) && groups(raw, ' ').is_some_and(|g| g.len() > 1 && g[1..].iter().all(|n| *n == 3))
}

/// Whether it is digits in groups, one of them one digit too long or too short.
fn is_broken(raw: &str, mark: char) -> bool {
    groups(raw, mark).is_some_and(|g| {
        let off = g[1..].iter().filter(|n| **n != 3).count() + usize::from(g[0] > 3);
        g.len() > 1 && off == 1 && (1..=4).contains(&g[0]) && g[1..].iter().all(|n| (2..=4).contains(n))
    })
}

/// The lengths of the groups of digits; None where anything else stands among them.
fn groups(raw: &str, mark: char) -> Option<Vec<usize>> {
    let part = |c: char| c == mark || mark == ' ' && c == '\u{a0}';
    let lengths: Vec<usize> =
        raw.trim().split(part).map(|g| if g.bytes().all(|b| b.is_ascii_digit()) { g.len() } else { 0 }).collect();
    (!lengths.contains(&0)).then_some(lengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_three_are_numbers() {
        assert!(is_spaced("7 502") && is_spaced("12 177 004") && is_spaced("1\u{a0}205"));
        assert!(!is_spaced("7 5002") && !is_spaced("8") && !is_spaced("15 hồ sơ"));
    }

    #[test]
    fn one_digit_too_many_or_too_few() {
        for raw in ["7 5002", "1 57", "12 1777", "2 11", "1 20 310"] {
            assert!(is_broken(raw, ' '), "{raw}");
        }
        for raw in ["7 502", "8 1", "3", "4 phòng 12 xã", "8 15 7"] {
            assert!(!is_broken(raw, ' '), "{raw}");
        }
        assert!(is_broken(number("7.8800 hồ sơ"), '.') && is_broken(number("1.06"), '.'));
        assert!(!is_broken(number("7.880 hồ sơ"), '.') && !is_broken(number("2.5"), '.'));
    }
}
