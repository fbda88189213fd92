//! Sentences for people: what is printed, what the others demand, which figure is probably wrong and how it may have slipped.
//!
//! In: failing claims, a suspect, a suggestion. Out: warnings in Vietnamese and English. Printed figures stand as printed; computed ones in
//! Vietnamese style (21.802; 94,5) in Vietnamese and in plain digits in English.

use super::claim::{Claim, Formula, Note, Origin};
use super::edits::Slip;
use super::figures::Figures;
use super::interval::Print;
use super::structure::short;
use crate::model::{Kind, Place, Severity, Warning};
use crate::rules::RuleSet;
use crate::text::number::vietnamese;
use rust_decimal::{Decimal, RoundingStrategy};

/// A warning in the making.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub check: String,
    pub severity: Severity,
    pub place: Place,
    pub confidence: f64,
    pub facts: Vec<usize>,
    pub expected: Option<Decimal>,
    pub found: Option<Decimal>,
    pub suspect: Option<usize>,
    pub suggestion: Option<Decimal>,
    pub vi: String,
    pub en: String,
}

impl Default for Draft {
    fn default() -> Draft {
        Draft {
            check: String::new(),
            severity: Severity::Info,
            place: Place::default(),
            confidence: 0.0,
            facts: Vec::new(),
            expected: None,
            found: None,
            suspect: None,
            suggestion: None,
            vi: String::new(),
            en: String::new(),
        }
    }
}

impl Draft {
    /// The warning, its facts in document order.
    pub fn finish(mut self) -> Warning {
        self.facts.sort_unstable();
        self.facts.dedup();
        Warning {
            check: self.check,
            severity: self.severity,
            message_vi: self.vi,
            message_en: self.en,
            facts: self.facts,
            expected: self.expected.map(tidy),
            found: self.found.map(tidy),
            suspect: self.suspect,
            suggestion: self.suggestion.map(tidy),
            confidence: self.confidence,
            place: self.place,
        }
    }
}

fn tidy(value: Decimal) -> Decimal {
    value.normalize()
}

/// A computed number in plain digits.
pub(crate) fn en(value: Decimal) -> String {
    value.normalize().to_string()
}

/// Two languages at once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pair {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

fn pair(vi: impl Into<String>, en: impl Into<String>) -> Pair {
    Pair { vi: vi.into(), en: en.into() }
}

/// A figure as printed, with `%` or the money unit that its cell does not repeat.
pub(crate) fn printed(figures: &Figures, i: usize) -> String {
    let Some(fact) = figures.fact(i) else { return "?".to_owned() };
    let raw = fact.raw.trim();
    if raw.is_empty() || (fact.number.is_none() && fact.value.is_none()) {
        return figures.value(i).map_or_else(|| "–".to_owned(), vietnamese);
    }
    let percent = figures.is_percent(i) && !raw.contains('%');
    let money = match (fact.kind, fact.multiplier) {
        (Kind::Money, 3) => " nghìn đồng",
        (Kind::Money, 6) => " triệu đồng",
        (Kind::Money, 9) => " tỷ đồng",
        _ => "",
    };
    let worded = raw.chars().any(char::is_alphabetic);
    format!("{raw}{}{}", if percent { "%" } else { "" }, if worded { "" } else { money })
}

/// A computed value of a figure, in the unit that the figure is printed in.
pub(crate) fn computed(figures: &Figures, i: usize, value: Decimal) -> Pair {
    let Some(fact) = figures.fact(i) else { return pair(vietnamese(value), en(value)) };
    let unit = 10u64.checked_pow(fact.multiplier).map_or(Decimal::ONE, Decimal::from);
    let value = value.checked_div(unit).unwrap_or(value);
    let value = value.round_dp_with_strategy(4, RoundingStrategy::MidpointAwayFromZero);
    let (vn, eng) = match (fact.kind, fact.multiplier) {
        (Kind::Money, 3) => (" nghìn đồng", " thousand VND"),
        (Kind::Money, 6) => (" triệu đồng", " million VND"),
        (Kind::Money, 9) => (" tỷ đồng", " billion VND"),
        _ if figures.is_percent(i) => ("%", "%"),
        _ => ("", ""),
    };
    pair(format!("{}{vn}", vietnamese(value)), format!("{}{eng}", en(value)))
}

fn label(figures: &Figures, i: usize) -> String {
    figures.fact(i).map(|f| short(&f.label)).unwrap_or_default()
}

/// What a claim demands and what is printed, as numbers: of the total, the rate, the part.
pub(crate) fn demand(figures: &Figures, formula: &Formula) -> (Option<Decimal>, Option<Decimal>) {
    let at = |i: usize| figures.print(i);
    let middle = |i: usize, digits: u32| {
        let set = formula.solve(i, &at)?;
        let value = match (set.low, set.high) {
            (Some(l), Some(h)) => l.checked_add(h)? / Decimal::TWO,
            (l, h) => l.or(h)?,
        };
        Some(value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero))
    };
    match formula {
        Formula::Sum { total, parts, .. } => (figures.sum(parts), figures.value(*total)),
        Formula::Flow { come, gone } => (figures.sum(come), figures.sum(gone)),
        Formula::Hundred { parts } => (Some(Decimal::ONE_HUNDRED), figures.sum(parts)),
        Formula::AtMost { part, whole } => (figures.value(*whole), figures.value(*part)),
        Formula::Ratio { rate, .. } => {
            let digits = figures.print(*rate).map_or(2, |p| p.unit.normalize().scale()).max(2);
            (middle(*rate, digits), figures.value(*rate))
        }
        Formula::Equal { a, b } => (figures.value(*b), figures.value(*a)),
        Formula::Bound { fact, low, high } => {
            let found = figures.value(*fact);
            (if found > *high { *high } else { *low }, found)
        }
        Formula::Possible { rate, .. } => (None, figures.value(*rate)),
        Formula::Codes { fact, .. } => (None, figures.value(*fact)),
        Formula::Implies { other, .. } => (None, figures.value(*other)),
    }
}

/// `19.925 + 916 + 241`.
pub(crate) fn addends(figures: &Figures, parts: &[usize]) -> String {
    const SHOWN: usize = 12;
    let mut text = parts.iter().take(SHOWN).map(|p| printed(figures, *p)).collect::<Vec<_>>().join(" + ");
    if parts.len() > SHOWN {
        text.push_str(" + …");
    }
    text
}

/// One sentence on a failing claim.
pub(crate) fn sentence(figures: &Figures, claim: &Claim) -> Pair {
    let show = |i: usize| printed(figures, i);
    let (expected, _) = demand(figures, &claim.formula);
    let value = |i: usize| expected.map_or_else(Pair::default, |v| computed(figures, i, v));
    let text = match &claim.formula {
        Formula::Sum { total, parts, exact } if claim.check == "difference/rest" && *exact => {
            let rest = parts.last().copied().unwrap_or(*total);
            let left = figures.value(*total).unwrap_or_default()
                - parts.first().and_then(|p| figures.value(*p)).unwrap_or_default();
            let taken = parts.first().map(|p| show(*p)).unwrap_or_default();
            pair(
                format!("{} trừ {taken} còn {} nhưng in là {}.", show(*total), vietnamese(left), show(rest)),
                format!("{} less {taken} leaves {}, but {} is printed.", show(*total), en(left), show(rest)),
            )
        }
        Formula::Sum { total, parts, exact } => {
            let (l, sum) = (label(figures, *total), value(*total));
            let all = addends(figures, parts);
            let off = expected
                .zip(figures.value(*total))
                .map(|(e, f)| computed(figures, *total, (e - f).abs()))
                .unwrap_or_default();
            if *exact {
                pair(
                    format!(
                        "“{l}” in là {} nhưng các phần cộng lại {all} = {} (lệch {}).",
                        show(*total),
                        sum.vi,
                        off.vi
                    ),
                    format!(
                        "“{l}” is printed as {}, but its parts {all} add up to {} (off by {}).",
                        show(*total),
                        sum.en,
                        off.en
                    ),
                )
            } else {
                pair(
                    format!("Các phần {all} = {} vượt tổng “{l}” in là {}.", sum.vi, show(*total)),
                    format!("The parts {all} = {} exceed their total “{l}”, printed as {}.", sum.en, show(*total)),
                )
            }
        }
        Formula::Flow { come, gone } => {
            let l = come.first().map(|i| label(figures, *i)).unwrap_or_default();
            let (came, went) = (addends(figures, come), addends(figures, gone));
            let (expected, found) = demand(figures, &claim.formula);
            let (in_, out) = (expected.unwrap_or_default(), found.unwrap_or_default());
            pair(
                format!("“{l}”: {came} = {} nhưng {went} = {}.", vietnamese(in_), vietnamese(out)),
                format!("“{l}”: {came} = {}, but {went} = {}.", en(in_), en(out)),
            )
        }
        Formula::Hundred { parts } => {
            let all = addends(figures, parts);
            let sum = demand(figures, &claim.formula).1.unwrap_or_default();
            pair(
                format!("Các tỷ lệ {all} = {}% không đủ 100%.", vietnamese(sum)),
                format!("The shares {all} = {}% do not make up 100%.", en(sum)),
            )
        }
        Formula::AtMost { part, whole } => {
            let (p, w) = (label(figures, *part), label(figures, *whole));
            pair(
                format!("“{p}” là {}, lớn hơn {} của “{w}”.", show(*part), show(*whole)),
                format!("“{p}” is {}, more than the {} of “{w}” that should hold it.", show(*part), show(*whole)),
            )
        }
        Formula::Ratio { rate, part, base } => {
            let share = value(*rate);
            if figures.value(*base).is_some_and(|v| v.is_zero()) {
                pair(
                    format!("Tỷ lệ {} không thể tính từ {} trên {}.", show(*rate), show(*part), show(*base)),
                    format!("The rate {} cannot come from {} of {}.", show(*rate), show(*part), show(*base)),
                )
            } else {
                pair(
                    format!("Tỷ lệ in là {} nhưng {}/{} = {}.", show(*rate), show(*part), show(*base), share.vi),
                    format!(
                        "The rate is printed as {}, but {}/{} = {}.",
                        show(*rate),
                        show(*part),
                        show(*base),
                        share.en
                    ),
                )
            }
        }
        Formula::Possible { rate, base } => pair(
            format!("Không số nguyên nào trên {} cho ra {}.", show(*base), show(*rate)),
            format!("No whole number out of {} gives {}.", show(*base), show(*rate)),
        ),
        Formula::Equal { a, b } => {
            let (la, lb) = (label(figures, *a), label(figures, *b));
            let (sa, sb) = (source(figures, *a), source(figures, *b));
            pair(
                format!("{} ghi {} (“{la}”) nhưng {} ghi {} (“{lb}”).", upper(&sa.vi), show(*a), sb.vi, show(*b)),
                format!("{} says {} (“{la}”) but {} says {} (“{lb}”).", upper(&sa.en), show(*a), sb.en, show(*b)),
            )
        }
        Formula::Bound { fact, low, high } => {
            let l = label(figures, *fact);
            let limit = if figures.value(*fact) > *high { *high } else { *low };
            let limit = limit.map_or_else(Pair::default, |v| computed(figures, *fact, v));
            pair(
                format!("“{l}” in là {}, ngoài giới hạn {}.", show(*fact), limit.vi),
                format!("“{l}” is printed as {}, beyond the limit {}.", show(*fact), limit.en),
            )
        }
        Formula::Codes { fact, codes } => {
            let l = label(figures, *fact);
            let words = figures.fact(*fact).map(|f| f.domain.as_slice()).unwrap_or_default();
            let list = codes
                .iter()
                .map(|c| {
                    words.iter().find(|w| w.0 == *c).map_or_else(|| c.to_string(), |w| format!("{} = {}", w.1, w.0))
                })
                .collect::<Vec<_>>()
                .join("; ");
            pair(
                format!("“{l}” ghi mã {}, không có trong danh mục ({list}).", show(*fact)),
                format!("“{l}” has code {}, which its list does not have ({list}).", show(*fact)),
            )
        }
        Formula::Implies { fact, other, .. } => {
            let (a, b) = (label(figures, *fact), label(figures, *other));
            pair(
                format!("“{a}” là {} mâu thuẫn với “{b}” là {}.", show(*fact), show(*other)),
                format!("“{a}” = {} contradicts “{b}” = {}.", show(*fact), show(*other)),
            )
        }
    };
    noted(figures, claim, text)
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn source(figures: &Figures, i: usize) -> Pair {
    use crate::model::{Source, Status};
    let Some(fact) = figures.fact(i) else { return Pair::default() };
    let words = fact.status == Status::None && fact.source != Source::Table;
    let (vi, en) = match (fact.source, words) {
        (_, true) => ("lời văn", "the wording"),
        (Source::Table, _) => ("bảng", "the table"),
        (Source::Narrative, _) => ("lời văn", "the text"),
        (Source::Footnote, _) => ("chú thích", "the footnote"),
    };
    let place = match (fact.place.page, fact.place.line) {
        (Some(page), _) => (format!(" trang {page}"), format!(" on page {page}")),
        (None, Some(line)) => (format!(" dòng {line}"), format!(" on line {line}")),
        _ => Default::default(),
    };
    pair(format!("{vi}{}", place.0), format!("{en}{}", place.1))
}

fn noted(figures: &Figures, claim: &Claim, mut text: Pair) -> Pair {
    let Formula::Ratio { part, .. } = &claim.formula else { return text };
    match claim.note {
        Note::None => {}
        Note::OtherBase(base) => {
            let (b, l, p) = (printed(figures, base), label(figures, base), printed(figures, *part));
            text.vi.push_str(&format!(" Tác giả có lẽ đã lấy mẫu số {b} (“{l}”): {p}/{b}."));
            text.en.push_str(&format!(" The author probably divided by {b} (“{l}”): {p}/{b}."));
        }
        Note::UnitSlip(which, power) => {
            let factor = vietnamese(10u64.checked_pow(power.unsigned_abs()).map_or(Decimal::ONE, Decimal::from));
            let (way, en_way) = if power > 0 { ("nhân", "times") } else { ("chia", "divided by") };
            let shown = printed(figures, which);
            text.vi.push_str(&format!(" Tỷ lệ khớp khi {shown} {way} {factor}: nhầm đơn vị tiền."));
            text.en.push_str(&format!(
                " It fits if {shown} is {en_way} {}: a slip of the money unit.",
                factor.replace('.', "")
            ));
        }
    }
    text
}

/// The rule's own sentence with its names filled in; the arithmetic follows where the sentence has none.
pub(crate) fn rule_sentence(figures: &Figures, claim: &Claim, rules: &RuleSet) -> Pair {
    let plain = sentence(figures, claim);
    let Origin::Rule(index) = claim.origin else { return plain };
    let Some(check) = rules.checks.get(index) else { return plain };
    let fill = |template: &str, own: &str, vi: bool| {
        if template.trim().is_empty() {
            return own.to_owned();
        }
        let text = names(figures, &claim.formula, vi)
            .into_iter()
            .fold(template.to_owned(), |t, (name, value)| t.replace(&format!("{{{name}}}"), &value));
        let told = text.chars().any(|c| c.is_ascii_digit()) && !text.contains('{');
        let text = text.trim_end().trim_end_matches('.');
        let unsaid = template.contains("{expected}") && demand(figures, &claim.formula).0.is_none();
        if told && !unsaid && claim.note == Note::None {
            format!("{text}.")
        } else {
            format!("{}: {own}", template.split('{').next().unwrap_or("").trim_end().trim_end_matches(':'))
        }
    };
    pair(fill(&check.vi, &plain.vi, true), fill(&check.en, &plain.en, false))
}

fn names(figures: &Figures, formula: &Formula, vi: bool) -> Vec<(&'static str, String)> {
    let show = |i: usize| printed(figures, i);
    let (expected, found) = demand(figures, formula);
    let number = |v: Option<Decimal>| v.map(|v| if vi { vietnamese(v) } else { en(v) }).unwrap_or_default();
    let mut out = vec![
        ("expected", number(expected)),
        ("found", number(found)),
        ("difference", number(expected.zip(found).map(|(e, f)| (e - f).abs()))),
    ];
    match formula {
        Formula::Sum { total, parts, .. } => {
            out.extend([("total", show(*total)), ("parts", addends(figures, parts)), ("sum", number(expected))]);
            out.extend(["a", "b", "c", "d", "e", "f", "g", "h"].into_iter().zip(parts.iter().map(|p| show(*p))));
        }
        Formula::AtMost { part, whole } => out.extend([("part", show(*part)), ("whole", show(*whole))]),
        Formula::Ratio { rate, part, base } => {
            out.extend([("rate", show(*rate)), ("part", show(*part)), ("base", show(*base))]);
        }
        Formula::Bound { fact, low, high } => {
            out.extend([("value", show(*fact)), ("low", number(*low)), ("high", number(*high))]);
        }
        Formula::Codes { fact, codes } => {
            let list = codes.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            out.extend([("value", show(*fact)), ("codes", list)]);
        }
        Formula::Implies { fact, other, .. } => {
            out.extend([("value", show(*fact)), ("indicator", show(*fact)), ("other", show(*other))])
        }
        Formula::Flow { .. } | Formula::Equal { .. } | Formula::Possible { .. } | Formula::Hundred { .. } => {}
    }
    out
}

/// A slip in brackets; nothing for one without a name.
pub(crate) fn slip(slip: Slip) -> Pair {
    let (vi, en) = match slip {
        Slip::Swap => (" (đảo hai chữ số cạnh nhau)", " (two neighbouring digits swapped)"),
        Slip::Wrong => (" (sai một chữ số)", " (one wrong digit)"),
        Slip::Confused => (" (chữ số dễ nhận nhầm khi quét)", " (digits that a scanner confuses)"),
        Slip::Lost => (" (thiếu một chữ số)", " (a digit lost)"),
        Slip::Doubled => (" (thừa một chữ số)", " (a digit too many)"),
        Slip::Shift(0) => (" (cách đọc khác của cùng chữ số)", " (another reading of the same digits)"),
        Slip::Shift(-2..=2) => (" (lệch dấu phẩy)", " (decimal mark moved)"),
        Slip::Shift(3 | -3) => (" (nhầm đơn vị: lệch 1.000 lần)", " (a slip of the unit: a factor of 1000)"),
        Slip::Shift(_) => (" (nhầm đơn vị)", " (a slip of the unit)"),
        Slip::Copied => (" (chép nhầm số của dòng bên cạnh)", " (copied from the next row)"),
        Slip::Other => ("", ""),
    };
    pair(vi, en)
}

/// What would settle it, and how the slip may have come about.
pub(crate) fn remedy(figures: &Figures, suspect: usize, remedy: Option<(Print, Slip)>, settles: usize) -> Pair {
    let from = printed(figures, suspect);
    let Some((to, slip)) = remedy else {
        return pair(format!(" Có lẽ số sai là {from}."), format!(" Probably {from} is the wrong one."));
    };
    let to = computed(figures, suspect, to.value);
    let Pair { vi: vn, en: eng } = self::slip(slip);
    let (also, also_en) = if settles > 1 {
        (format!("; khi đó cả {settles} phép tính đều khớp"), format!("; then all {settles} calculations agree"))
    } else {
        Default::default()
    };
    pair(
        format!(" Có lẽ {from} phải là {}{vn}{also}.", to.vi),
        format!(" Probably {from} should be {}{eng}{also_en}.", to.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_person_would_write_them() {
        assert_eq!(vietnamese(Decimal::new(2180200, 2)), "21.802");
        assert_eq!(vietnamese(Decimal::new(945, 1)), "94,5");
        assert_eq!(vietnamese(Decimal::new(-1234567, 0)), "-1.234.567");
        assert_eq!(vietnamese(Decimal::new(999, 0)), "999");
        assert_eq!(en(Decimal::new(2180200, 2)), "21802");
    }
}
