//! The arithmetic behind a warning, line by line, so that a person can do it again; and the examples that rule files carry.
//!
//! In: an extraction and one of its warnings, or a relation and the figures of its example. Out: text; whether the example holds.
//! The claims are found again from the figures that the warning names; for a rule's relation its form is recognised by the
//! arithmetic, since a warning does not say which rule made it.

use super::claim::{Fit, Formula, Origin, Verdict};
use super::figures::Figures;
use super::interval::Print;
use super::{hierarchy, message};
use crate::model::{Extraction, Warning};
use crate::rules::{Relation, RuleSet};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What contradicts what, line by line: the relations among the warning's figures, how each stands as printed, and how each
/// stands once the suggestion is taken.
pub fn explain(extraction: &Extraction, warning: &Warning, vi: bool) -> String {
    let figures = Figures::new(extraction);
    let mut out = String::new();
    let message = if vi { &warning.message_vi } else { &warning.message_en };
    out.push_str(message);
    out.push('\n');
    for i in &warning.facts {
        let Some(fact) = figures.fact(*i) else { continue };
        let place = match (fact.place.page, fact.place.line) {
            (Some(page), _) if vi => format!("trang {page}"),
            (Some(page), _) => format!("page {page}"),
            (None, Some(line)) if vi => format!("dòng {line}"),
            (None, Some(line)) => format!("line {line}"),
            _ => "–".to_owned(),
        };
        out.push_str(&format!("  {place}: {} – {}\n", message::printed(&figures, *i), fact.label));
    }
    let formulas = formulas(&figures, warning);
    for formula in &formulas {
        out.push_str(&format!("  {}\n", line(&figures, formula, vi)));
    }
    if let Some((suspect, to)) = warning.suspect.zip(warning.suggestion) {
        let shown = message::computed(&figures, suspect, to);
        let shown = if vi { shown.vi } else { shown.en };
        out.push_str(&if vi { format!("  Với {shown}:\n") } else { format!("  With {shown}:\n") });
        let changed = figures.print(suspect).and_then(|p| super::edits::replaced(p, to));
        let at = |i: usize| if i == suspect { changed } else { figures.print(i) };
        for formula in formulas.iter().filter(|f| f.facts().contains(&suspect)) {
            let good = matches!(formula.verdict(&at), Verdict::Holds(_));
            let word = match (good, vi) {
                (true, true) => "khớp",
                (true, false) => "holds",
                (false, true) => "không khớp",
                (false, false) => "does not hold",
            };
            let text = line(&figures, formula, vi);
            let arithmetic = text.rsplit_once(": ").map_or(text.as_str(), |(a, _)| a);
            let replaced = arithmetic.replace(&message::printed(&figures, suspect), &shown);
            let plain = replaced.split(';').next().unwrap_or("").split(" = ").next().unwrap_or("");
            out.push_str(&format!("    {plain}: {word}\n"));
        }
    }
    out
}

/// The relations among a warning's figures.
fn formulas(figures: &Figures, warning: &Warning) -> Vec<Formula> {
    let groups = hierarchy::children(figures);
    let inside = |f: &Formula| f.facts().iter().all(|i| warning.facts.contains(i));
    let mut out: Vec<Formula> = super::claims(figures, &groups, &RuleSet::default())
        .into_iter()
        .filter(|c| inside(&c.formula) && (!c.weak || c.origin == Origin::Twin))
        .map(|c| c.formula)
        .collect();
    let known = out.iter().any(|f| f.verdict(&|i| figures.print(i)) == Verdict::Fails);
    if !known {
        out.extend(recognised(figures, warning));
    }
    out
}

/// The form of a rule's relation, by its figures.
fn recognised(figures: &Figures, warning: &Warning) -> Option<Formula> {
    let value = |i: &usize| figures.value(*i);
    let facts: Vec<usize> = warning.facts.iter().copied().filter(|i| figures.has_value(*i)).collect();
    if let Some(rate) = facts.iter().copied().find(|i| figures.is_percent(*i))
        && facts.len() == 3
    {
        let mut counts: Vec<usize> = facts.iter().copied().filter(|i| *i != rate).collect();
        counts.sort_by_key(|i| value(i));
        let orders = [(counts[0], counts[1]), (counts[1], counts[0])];
        let demand = |f: &Formula| message::demand(figures, f).0 == warning.expected;
        let all = orders.map(|(part, base)| Formula::Ratio { rate, part, base });
        return all.iter().find(|f| demand(f)).or(all.first()).cloned();
    }
    if facts.len() >= 3 {
        let exact = true;
        let sum: Decimal = facts.iter().filter_map(value).sum();
        return facts
            .iter()
            .copied()
            .find(|i| warning.found == figures.value(*i) && value(i).map(|v| sum - v) == warning.expected)
            .map(|total| Formula::Sum {
                total,
                parts: facts.iter().copied().filter(|i| *i != total).collect(),
                exact,
            });
    }
    let [a, b] = facts[..] else { return None };
    let (part, whole) = if value(&a) > value(&b) { (a, b) } else { (b, a) };
    Some(if warning.check.starts_with("cross/") { Formula::Equal { a, b } } else { Formula::AtMost { part, whole } })
}

/// One line of arithmetic.
fn line(figures: &Figures, formula: &Formula, vietnamese: bool) -> String {
    let show = |i: usize| message::printed(figures, i);
    let verdict = formula.verdict(&|i| figures.print(i));
    let mark = match (verdict, vietnamese) {
        (Verdict::Holds(Fit::Truncated), true) => "khớp (cắt bớt chữ số)",
        (Verdict::Holds(Fit::Truncated), false) => "holds (cut off)",
        (Verdict::Holds(Fit::Up), true) => "khớp (làm tròn lên)",
        (Verdict::Holds(Fit::Up), false) => "holds (rounded up)",
        (Verdict::Holds(_), true) => "khớp",
        (Verdict::Holds(_), false) => "holds",
        (Verdict::Fails, true) => "không khớp",
        (Verdict::Fails, false) => "does not hold",
        (Verdict::Unknown, true) => "không đủ số liệu",
        (Verdict::Unknown, false) => "not enough figures",
    };
    let (expected, _) = message::demand(figures, formula);
    let expected = |i: usize| {
        expected
            .map(|v| message::computed(figures, i, v))
            .map(|p| if vietnamese { p.vi } else { p.en })
            .unwrap_or_default()
    };
    let arithmetic = match formula {
        Formula::Sum { total, parts, exact } => {
            let sign = if *exact { "=" } else { "≤" };
            format!("{} = {} {sign} {}", message::addends(figures, parts), expected(*total), show(*total))
        }
        Formula::Hundred { parts } => format!("{} = 100%", message::addends(figures, parts)),
        Formula::AtMost { part, whole } => format!("{} ≤ {}", show(*part), show(*whole)),
        Formula::Ratio { rate, part, base } => {
            format!("100 × {} / {} = {}; {}", show(*part), show(*base), expected(*rate), show(*rate))
        }
        Formula::Possible { rate, base } => format!("{} × {} / 100 ∈ ℕ", show(*rate), show(*base)),
        Formula::Equal { a, b } => format!("{} = {}", show(*a), show(*b)),
        Formula::Bound { fact, low, high } => {
            let number = |v: &Option<Decimal>| v.map(|v| if vietnamese { message::vi(v) } else { message::en(v) });
            let low = number(low).map(|v| format!("{v} ≤ ")).unwrap_or_default();
            let high = number(high).map(|v| format!(" ≤ {v}")).unwrap_or_default();
            format!("{low}{}{high}", show(*fact))
        }
        Formula::Codes { fact, codes } => format!("{} ∈ {codes:?}", show(*fact)),
        Formula::Implies { fact, other, .. } => format!("{} → {}", show(*fact), show(*other)),
    };
    format!("{arithmetic}: {mark}")
}

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
