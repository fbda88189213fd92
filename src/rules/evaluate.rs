//! Relations over named figures: the small calculator that tries a check's own examples, and the names that its messages may
//! use. The checker of reports works on intervals and provenance; here only the arithmetic is asked.

use crate::rules::Relation;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Names of the levels in examples of a `levels` check.
const LEVELS: [&str; 6] = ["hamlet", "commune", "district", "province", "department", "central"];

/// The word before the slash in a check's id, and the key of its relation in TOML.
pub fn kind_of(relation: &Relation) -> &'static str {
    match relation {
        Relation::Sum { .. } => "sum",
        Relation::Levels { .. } => "levels",
        Relation::Ratio { .. } => "ratio",
        Relation::Subset { .. } => "subset",
        Relation::Domain { .. } => "domain",
        Relation::Range { .. } => "range",
        Relation::Implies { .. } => "implies",
    }
}

/// Names that the figures of an example may have, in order: `total`, then `a`, `b` … for the parts of a sum.
pub fn figure_names(relation: &Relation) -> Vec<String> {
    let own = |names: &[&str]| names.iter().map(|n| n.to_string()).collect();
    match relation {
        Relation::Sum { parts, .. } => {
            std::iter::once("total".to_string()).chain((0..parts.len()).map(part_name)).collect()
        }
        Relation::Levels { .. } => std::iter::once("total").chain(LEVELS).map(String::from).collect(),
        Relation::Ratio { .. } => own(&["rate", "part", "base"]),
        Relation::Subset { .. } => own(&["part", "whole"]),
        Relation::Domain { .. } | Relation::Range { .. } => own(&["value"]),
        Relation::Implies { .. } => own(&["value", "other"]),
    }
}

/// Name of a sum's part by its place: `a` … `z`, then `p27` …
fn part_name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(i) if i < 26 => char::from(b'a' + i).to_string(),
        _ => format!("p{}", index + 1),
    }
}

/// Names in braces that both messages may use: the figures, and what the checker works out from them.
pub fn message_names(relation: &Relation) -> &'static [&'static str] {
    match relation {
        Relation::Sum { .. } | Relation::Levels { .. } => &["total", "sum", "parts", "difference"],
        Relation::Ratio { .. } => &["rate", "part", "base", "expected"],
        Relation::Subset { .. } => &["part", "whole", "difference"],
        Relation::Domain { .. } => &["value", "codes"],
        Relation::Range { .. } => &["value", "low", "high"],
        Relation::Implies { .. } => &["value", "other"],
    }
}

/// Puts values in place of the names in braces; a name without a value stays as it is.
pub fn fill(message: &str, values: &BTreeMap<&str, String>) -> String {
    let mut out = String::with_capacity(message.len() + 32);
    let mut rest = message;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match values.get(&rest[1..close]) {
            Some(value) => out.push_str(value),
            None => out.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

/// The names in braces of a message, in order.
pub fn names_in(message: &str) -> Vec<&str> {
    message.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name)).collect()
}

/// `total=10, a=4, b=6` → figures by name; None where an entry is not `name=number`, with that entry.
pub fn figures(example: &str) -> Result<BTreeMap<String, Decimal>, &str> {
    let mut out = BTreeMap::new();
    for entry in example.split(',').map(str::trim).filter(|e| !e.is_empty()) {
        let (name, number) = entry.split_once('=').ok_or(entry)?;
        out.insert(name.trim().to_string(), number.trim().parse().map_err(|_| entry)?);
    }
    Ok(out)
}

/// Whether the relation holds for these figures; None where a figure that it needs is missing or its base is zero.
/// A percent holds if the true one rounds to it or is cut to it.
pub fn evaluate(relation: &Relation, figures: &BTreeMap<String, Decimal>) -> Option<bool> {
    let get = |name: &str| figures.get(name).copied();
    match relation {
        Relation::Sum { parts, exhaustive, .. } => {
            let mut sum = Decimal::ZERO;
            for index in 0..parts.len() {
                sum = sum.checked_add(get(&part_name(index))?)?;
            }
            let total = get("total")?;
            Some(if *exhaustive { total == sum } else { total >= sum })
        }
        Relation::Levels { .. } => {
            let given: Vec<Decimal> = LEVELS.iter().filter_map(|l| get(l)).collect();
            let sum = given.iter().try_fold(Decimal::ZERO, |sum, x| sum.checked_add(*x))?;
            (!given.is_empty()).then_some(get("total")? == sum)
        }
        Relation::Ratio { .. } => {
            let (rate, base) = (get("rate")?, get("base")?);
            let exact = get("part")?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(base)?;
            let half_unit = Decimal::new(5, rate.scale() + 1);
            Some((rate - exact).abs() <= half_unit || exact.trunc_with_scale(rate.scale()) == rate)
        }
        Relation::Subset { .. } => Some(get("part")? <= get("whole")?),
        Relation::Domain { codes, .. } => get("value").map(|v| codes.iter().any(|c| Decimal::from(*c) == v)),
        Relation::Range { low, high, .. } => {
            let value = get("value")?;
            Some(low.is_none_or(|l| l <= value) && high.is_none_or(|h| value <= h))
        }
        Relation::Implies { zero, other_zero, .. } => {
            let (value, other) = (get("value")?, get("other")?);
            Some(value.is_zero() != *zero || other.is_zero() == *other_zero)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> String {
        text.into()
    }

    fn ask(relation: &Relation, example: &str) -> Option<bool> {
        evaluate(relation, &figures(example).unwrap())
    }

    #[test]
    fn sums_and_levels() {
        let mut sum = Relation::Sum { total: id("x.t"), parts: vec![id("x.a"), id("x.b")], exhaustive: true };
        assert_eq!(ask(&sum, "total=10, a=4, b=6"), Some(true));
        assert_eq!(ask(&sum, "total=11, a=4, b=6"), Some(false));
        assert_eq!(ask(&sum, "total=11, a=4"), None);
        if let Relation::Sum { exhaustive, .. } = &mut sum {
            *exhaustive = false;
        }
        assert_eq!(ask(&sum, "total=11, a=4, b=6"), Some(true));
        assert_eq!(ask(&sum, "total=9, a=4, b=6"), Some(false));
        let levels = Relation::Levels { indicator: id("x.t") };
        assert_eq!(ask(&levels, "total=9, district=4, commune=5"), Some(true));
        assert_eq!(ask(&levels, "total=9, commune=5"), Some(false));
        assert_eq!(ask(&levels, "total=9"), None);
        assert_eq!(part_name(25), "z");
        assert_eq!(part_name(26), "p27");
    }

    #[test]
    fn percentages_may_be_rounded_or_cut() {
        let ratio = Relation::Ratio { rate: id("x.r"), part: id("x.a"), bases: vec![id("x.t")] };
        assert_eq!(ask(&ratio, "rate=66.7, part=2, base=3"), Some(true));
        assert_eq!(ask(&ratio, "rate=66.6, part=2, base=3"), Some(true));
        assert_eq!(ask(&ratio, "rate=66.5, part=2, base=3"), Some(false));
        assert_eq!(ask(&ratio, "rate=0, part=0, base=0"), None);
    }

    #[test]
    fn bounds_codes_and_implications() {
        let subset = Relation::Subset { part: id("x.a"), whole: id("x.t"), slack: 0 };
        assert_eq!(ask(&subset, "part=3, whole=3"), Some(true));
        assert_eq!(ask(&subset, "part=4, whole=3"), Some(false));
        let domain = Relation::Domain { indicator: id("x.c"), codes: vec![0, 1] };
        assert_eq!(ask(&domain, "value=1"), Some(true));
        assert_eq!(ask(&domain, "value=2"), Some(false));
        let range = Relation::Range { indicator: id("x.p"), low: Some(Decimal::ZERO), high: None };
        assert_eq!(ask(&range, "value=-1"), Some(false));
        let implies = Relation::Implies { indicator: id("x.h"), zero: true, other: id("x.n"), other_zero: true };
        assert_eq!(ask(&implies, "value=0, other=5"), Some(false));
        assert_eq!(ask(&implies, "value=1, other=5"), Some(true));
        assert_eq!(figures("total=ten"), Err("total=ten"));
    }

    #[test]
    fn messages_are_filled_and_stay_whole_when_broken() {
        let values = BTreeMap::from([("total", "10".to_string())]);
        assert_eq!(fill("tổng {total}, còn {x} {", &values), "tổng 10, còn {x} {");
        assert_eq!(names_in("tổng {total}, còn {x} {"), ["total", "x"]);
    }
}
