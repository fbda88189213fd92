//! The proof of a warning, so that a person can do it again: the figures with their places and words, the smallest contradiction, the
//! arithmetic line by line, what was tried, and how far the suggestion settles the rest.
//!
//! In: an extraction, the rules, one of its warnings. Out: text in Vietnamese or English. The relations are worked out anew from the
//! figures; where that is not possible (a warning about the form, or figures without their links as a dataset keeps them) the form
//! of the relation is recognised by the arithmetic.

use super::claim::{Claim, Fit, Formula, Verdict};
use super::figures::Figures;
use super::interval::{Interval, Print};
use super::message;
use super::repair::{Cause, Tried};
use crate::model::{Extraction, Place, Warning};
use crate::rules::RuleSet;
use rust_decimal::{Decimal, RoundingStrategy};
use std::fmt::Write as _;

/// Longest quotation, in characters.
const QUOTE: usize = 240;
/// Relations written out one by one.
const LINES: usize = 24;

/// One figure printed otherwise than it is.
#[derive(Clone, Copy)]
struct Change(Option<(usize, Print)>);

impl Change {
    fn print(self, figures: &Figures, i: usize) -> Option<Print> {
        self.0.filter(|c| c.0 == i).map_or_else(|| figures.print(i), |c| Some(c.1))
    }

    fn show(self, figures: &Figures, i: usize, vi: bool) -> String {
        match self.0.filter(|c| c.0 == i) {
            None => message::printed(figures, i),
            Some((_, to)) => {
                let text = message::computed(figures, i, to.value);
                if vi { text.vi } else { text.en }
            }
        }
    }
}

/// A text in one of two languages.
fn pick(vi: bool, vietnamese: &'static str, english: &'static str) -> &'static str {
    if vi { vietnamese } else { english }
}

/// What contradicts what, and what would settle it, line by line; in Vietnamese if `vi`, else in English.
pub fn explain(extraction: &Extraction, rules: &RuleSet, warning: &Warning, vi: bool) -> String {
    let figures = Figures::new(extraction);
    let mut out = format!("{}\n", if vi { &warning.message_vi } else { &warning.message_en });
    quoted(&figures, warning, vi, &mut out);
    let (claims, verdicts, causes) = super::worked_out(&figures, &super::hierarchy::children(&figures), rules);
    let cause = causes.iter().find(|c| super::warning(&figures, &claims, rules, c).as_ref() == Some(warning));
    let broken: Vec<&Formula> = match cause {
        Some(cause) => cause.claims.iter().filter_map(|c| claims.get(*c)).map(|c| &c.formula).collect(),
        None => Vec::new(),
    };
    let own: Vec<Formula> = match broken.is_empty() {
        true => recognised(&figures, warning).into_iter().collect(),
        false => broken.into_iter().cloned().collect(),
    };
    let as_is = Change(None);
    if let Some(smallest) = own
        .iter()
        .filter(|f| f.verdict(&|i| figures.print(i)) == Verdict::Fails)
        .min_by_key(|f| f.facts().len())
        .filter(|f| own.len() > 1 || f.facts().len() > 1)
    {
        let facts: Vec<String> = smallest.facts().iter().map(|i| message::printed(&figures, *i)).collect();
        let head = pick(vi, "Các số mâu thuẫn nhau (ít nhất)", "The fewest figures that contradict each other");
        let _ = writeln!(out, "\n{head}: {}", facts.join(", "));
    }
    if !own.is_empty() {
        let _ = writeln!(out, "\n{}:", pick(vi, "Phép tính", "Arithmetic"));
        for formula in own.iter().take(LINES) {
            let _ = writeln!(out, "  {}", line(&figures, formula, as_is, vi));
        }
    }
    let Some(cause) = cause else { return out };
    if !cause.tried.is_empty() {
        let _ = writeln!(
            out,
            "\n{}:",
            pick(vi, "Đã thử sửa một số (điểm thấp = dễ xảy ra)", "Tried, one figure at a time (few points = likely)")
        );
        for tried in &cause.tried {
            let _ = writeln!(out, "  {}", attempt(&figures, &claims, &verdicts, tried, vi));
        }
        if cause.suspect.is_none() {
            let tie = cause.tried.first().is_none_or(|t| t.share < 80);
            let text = match tie {
                true => pick(
                    vi,
                    "Không cách nào nổi trội: chưa đủ căn cứ để nói số nào sai.",
                    "None stands out: nothing tells which figure is wrong.",
                ),
                false => pick(
                    vi,
                    "Một phép tính chưa đủ căn cứ để nói số nào sai: có thể các số đếm hai việc khác nhau.",
                    "One calculation is no ground to accuse a figure: the figures may count different things.",
                ),
            };
            let _ = writeln!(out, "  {text}");
        }
    }
    settled(&figures, &claims, &verdicts, cause, vi, &mut out);
    out
}

/// The figures of a warning, each with its place, its label and the words it stands in.
fn quoted(figures: &Figures, warning: &Warning, vi: bool, out: &mut String) {
    let mut last = "";
    for i in &warning.facts {
        let Some(fact) = figures.fact(*i) else { continue };
        let mark = if warning.suspect == Some(*i) { pick(vi, "  <- nghi sai", "  <- suspect") } else { "" };
        let _ = writeln!(out, "  {}: {} – {}{mark}", place(fact.place, vi), message::printed(figures, *i), fact.label);
        let quote = fact.quote.trim();
        if !quote.is_empty() && quote != last && quote != fact.label {
            let _ = writeln!(out, "      “{}”", around(quote, &fact.raw));
            last = quote;
        }
    }
}

/// A quotation cut to the neighbourhood of the figure.
fn around(quote: &str, raw: &str) -> String {
    let count = quote.chars().count();
    if count <= QUOTE {
        return quote.to_owned();
    }
    let at = quote.find(raw).map_or(0, |byte| quote[..byte].chars().count());
    let from = at.saturating_sub(QUOTE / 2).min(count - QUOTE);
    let text: String = quote.chars().skip(from).take(QUOTE).collect();
    let (head, tail) = (if from > 0 { "…" } else { "" }, if from + QUOTE < count { "…" } else { "" });
    format!("{head}{}{tail}", text.trim())
}

fn place(place: Place, vi: bool) -> String {
    match (place.page, place.line) {
        (Some(page), _) => format!("{} {page}", pick(vi, "trang", "page")),
        (None, Some(line)) => format!("{} {line}", pick(vi, "dòng", "line")),
        _ => "–".to_owned(),
    }
}

/// One explanation that was looked at.
fn attempt(figures: &Figures, claims: &[Claim], verdicts: &[Verdict], tried: &Tried, vi: bool) -> String {
    let change = Change(Some((tried.fact, tried.to)));
    let (from, to) = (message::printed(figures, tried.fact), change.show(figures, tried.fact, vi));
    let slip = message::slip(tried.slip);
    let slip = if vi { slip.vi } else { slip.en };
    let slip = slip.trim().trim_matches(['(', ')']).to_owned();
    let slip = if slip.is_empty() {
        pick(vi, "không theo lỗi quen thuộc nào", "by no known slip").to_owned()
    } else {
        slip
    };
    let (good, all) = outcome(figures, claims, verdicts, change);
    let more = if tried.alone { "" } else { pick(vi, " (hoặc số khác)", " (or another value)") };
    let points = pick(vi, "điểm", "points");
    let share = pick(vi, "khả năng", "likelihood");
    let settled =
        if vi { format!("khớp {good}/{all} phép tính") } else { format!("{good} of {all} calculations hold") };
    format!("{from} → {to}{more}: {slip}; {} {points}, {share} {}%; {settled}", tried.cost, tried.share)
}

/// Of the relations that a figure takes part in: how many hold with the change, and how many there are.
fn outcome(figures: &Figures, claims: &[Claim], verdicts: &[Verdict], change: Change) -> (usize, usize) {
    let Some((fact, _)) = change.0 else { return (0, 0) };
    let at = |i: usize| change.print(figures, i);
    let mine =
        claims.iter().zip(verdicts).filter(|(c, v)| **v != Verdict::Unknown && c.formula.facts().contains(&fact));
    mine.fold((0, 0), |(good, all), (claim, _)| (good + usize::from(claim.formula.verdict(&at).holds()), all + 1))
}

/// The arithmetic again with the suggestion, for every relation that the suspect takes part in.
fn settled(figures: &Figures, claims: &[Claim], verdicts: &[Verdict], cause: &Cause, vi: bool, out: &mut String) {
    let Some((suspect, (to, _))) = cause.suspect.zip(cause.remedy) else { return };
    let change = Change(Some((suspect, to)));
    let shown = change.show(figures, suspect, vi);
    let _ = writeln!(out, "\n{}:", if vi { format!("Với {shown}") } else { format!("With {shown}") });
    let mine: Vec<&Claim> = claims
        .iter()
        .zip(verdicts)
        .filter(|(c, v)| **v != Verdict::Unknown && c.formula.facts().contains(&suspect))
        .map(|(c, _)| c)
        .collect();
    for claim in mine.iter().take(LINES) {
        let _ = writeln!(out, "  {}", line(figures, &claim.formula, change, vi));
    }
    let (good, all) = outcome(figures, claims, verdicts, change);
    let before = mine.iter().filter(|c| c.formula.holds(figures)).count();
    let _ = if vi {
        writeln!(out, "Số này tham gia {all} phép tính: như in khớp {before}, sau khi sửa khớp {good}.")
    } else {
        writeln!(
            out,
            "The figure takes part in {all} calculations: {before} hold as printed, {good} once it is changed."
        )
    };
}

/// The middle of the values that a rate may have, with two more digits than its print.
fn middle(set: Interval, print: Option<Print>) -> Option<Decimal> {
    let (low, high) = set.low.zip(set.high)?;
    let digits = print.map_or(0, |p| p.unit.normalize().scale()) + 2;
    let value = low.checked_add(high)? / Decimal::TWO;
    Some(value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero))
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
fn line(figures: &Figures, formula: &Formula, changed: Change, vietnamese: bool) -> String {
    let show = |i: usize| changed.show(figures, i, vietnamese);
    let at = |i: usize| changed.print(figures, i);
    let verdict = formula.verdict(&at);
    let holds = verdict.holds();
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
    let expected = match formula {
        Formula::Sum { parts, .. } => parts.iter().map(|p| at(*p).map(|p| p.value)).sum::<Option<Decimal>>(),
        Formula::Ratio { rate, .. } => formula.solve(*rate, &at).and_then(|set| middle(set, at(*rate))),
        _ => None,
    };
    let expected = |i: usize| {
        expected
            .map(|v| message::computed(figures, i, v))
            .map(|p| if vietnamese { p.vi } else { p.en })
            .unwrap_or_default()
    };
    let arithmetic = match formula {
        Formula::Sum { total, parts, exact } => {
            let sign = match (*exact, holds) {
                (true, true) => "=",
                (true, false) => "≠",
                (false, true) => "≤",
                (false, false) => ">",
            };
            let all = parts.iter().map(|p| show(*p)).collect::<Vec<_>>().join(" + ");
            let (sum, total) = (expected(*total), show(*total));
            if parts.len() == 1 || (holds && *exact && sum == total) {
                format!("{all} {sign} {total}")
            } else {
                format!("{all} = {sum} {sign} {total}")
            }
        }
        Formula::Flow { come, gone } => {
            let side = |of: &[usize]| of.iter().map(|i| show(*i)).collect::<Vec<_>>().join(" + ");
            format!("{} {} {}", side(come), if holds { "=" } else { "≠" }, side(gone))
        }
        Formula::Hundred { parts } => {
            let all = parts.iter().map(|p| show(*p)).collect::<Vec<_>>().join(" + ");
            let sum = parts.iter().map(|p| at(*p).map(|p| p.value)).sum::<Option<Decimal>>().unwrap_or_default();
            let sum = if vietnamese { crate::text::number::vietnamese(sum) } else { message::en(sum) };
            format!("{all} = {sum}% {} 100%", if holds { "=" } else { "≠" })
        }
        Formula::AtMost { part, whole } => {
            format!("{} {} {}", show(*part), if holds { "≤" } else { ">" }, show(*whole))
        }
        Formula::Ratio { rate, part, base } => {
            let printed = if vietnamese { "in là" } else { "printed" };
            format!("100 × {} / {} = {}; {printed} {}", show(*part), show(*base), expected(*rate), show(*rate))
        }
        Formula::Possible { rate, base } => format!("{} × {} / 100 ∈ ℕ", show(*rate), show(*base)),
        Formula::Equal { a, b } => format!("{} {} {}", show(*a), if holds { "=" } else { "≠" }, show(*b)),
        Formula::Bound { fact, low, high } => {
            let number = |v: &Option<Decimal>| {
                v.map(|v| message::computed(figures, *fact, v)).map(|p| if vietnamese { p.vi } else { p.en })
            };
            let low = number(low).map(|v| format!("{v} ≤ ")).unwrap_or_default();
            let high = number(high).map(|v| format!(" ≤ {v}")).unwrap_or_default();
            format!("{low}{}{high}", show(*fact))
        }
        Formula::Codes { fact, codes } => format!("{} ∈ {codes:?}", show(*fact)),
        Formula::Implies { fact, other, .. } => format!("{} → {}", show(*fact), show(*other)),
    };
    format!("{arithmetic}: {mark}")
}
