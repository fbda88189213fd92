//! The examples that rule files carry: does a relation hold for these figures?
//!
//! In: a relation and the text of its example. Out: yes, no, or None where a name is missing or a number malformed.

use super::claim::{Formula, Verdict};
use super::interval::Print;
use crate::rules::Relation;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Whether a relation holds for the figures of an example such as `total=10, a=4, b=6` or `rate=43,5, part=729, base=1675`; None
/// where a name is missing or a number is malformed. Parts of a sum are all names but `total`; a rate's print decides its
/// tolerance; for `levels` the names are levels. Decimals may have a comma or a point; there are no thousands separators.
pub fn holds(relation: &Relation, example: &str) -> Option<bool> {
    let mut named: BTreeMap<&str, usize> = BTreeMap::new();
    let mut prints: Vec<Print> = Vec::new();
    let rate = |name: &str| name == "rate";
    // `43,5` keeps its comma: a new pair begins only where a name and `=` follow.
    for pair in pairs(example) {
        let (name, text) = pair.split_once('=')?;
        let value: Decimal = text.trim().trim_end_matches('%').replace(',', ".").parse().ok()?;
        let unit = Decimal::new(1, value.scale());
        named.insert(name.trim(), prints.len());
        prints.push(if rate(name.trim()) { Print::rounded(value, unit) } else { Print::exact(value) });
    }
    let get = |names: &[&str]| names.iter().find_map(|n| named.get(n).copied());
    let formula = match relation {
        Relation::Sum { exhaustive, .. } => {
            let total = get(&["total"])?;
            let parts = (0..prints.len()).filter(|i| *i != total).collect();
            Formula::Sum { total, parts, exact: *exhaustive }
        }
        Relation::Levels { .. } => {
            let total = get(&["total"])?;
            Formula::Sum { total, parts: (0..prints.len()).filter(|i| *i != total).collect(), exact: true }
        }
        Relation::Ratio { .. } => {
            Formula::Ratio { rate: get(&["rate"])?, part: get(&["part"])?, base: get(&["base"])? }
        }
        Relation::Subset { .. } => Formula::AtMost { part: get(&["part"])?, whole: get(&["whole"])? },
        Relation::Domain { codes, .. } => Formula::Codes { fact: get(&["value", "indicator"])?, codes: codes.clone() },
        Relation::Range { low, high, .. } => {
            Formula::Bound { fact: get(&["value", "indicator"])?, low: *low, high: *high }
        }
        Relation::Implies { zero, other_zero, .. } => Formula::Implies {
            fact: get(&["indicator", "value"])?,
            zero: *zero,
            other: get(&["other"])?,
            other_zero: *other_zero,
        },
    };
    match formula.verdict(&|i| prints.get(i).copied()) {
        Verdict::Holds(_) => Some(true),
        Verdict::Fails => Some(false),
        Verdict::Unknown => None,
    }
}

/// `a=4,5, b=6` → `a=4,5` and `b=6`.
fn pairs(example: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in example.match_indices([',', ';']) {
        let rest = example[at + 1..].trim_start();
        let begins = rest.starts_with(|c: char| c.is_alphabetic());
        if begins {
            out.push(example[from..at].trim());
            from = at + 1;
        }
    }
    out.push(example[from..].trim());
    out.retain(|p| !p.is_empty());
    out
}
