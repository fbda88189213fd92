//! One relation between particular figures, whether it holds, and which values of one of them would make it hold.
//!
//! In: claims from the form, from the document's own words, from `rules/`. Out: verdicts and solution sets, both by interval
//! arithmetic over what the prints stand for. A verdict never rests on a division.

use super::figures::Figures;
use super::interval::{Interval, Print};
use crate::model::Severity;
use rust_decimal::Decimal;

const HUNDRED: Decimal = Decimal::ONE_HUNDRED;

/// Where a claim comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The document's words: a fraction, a list, a percentage beside its figure.
    Stated,
    /// A form's numbering.
    Form,
    /// A score sheet.
    Score,
    /// `RuleSet::checks[index]`.
    Rule(usize),
    /// The same thing printed twice.
    Twin,
}

/// One relation between figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Id of the check.
    pub check: String,
    /// What must hold.
    pub formula: Formula,
    /// How bad a breach is.
    pub severity: Severity,
    /// Where it comes from.
    pub origin: Origin,
    /// Evidence only: used where it holds, never a warning where it does not.
    pub weak: bool,
    /// What else a reader should be told.
    pub note: Note,
}

/// What was found out about a failing claim.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Note {
    /// Nothing.
    #[default]
    None,
    /// The percentage fits this other figure of the document.
    OtherBase(usize),
    /// The percentage fits if this figure is multiplied by this power of ten.
    UnitSlip(usize, i32),
}

/// The forms of relations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Formula {
    /// total = Σ parts, or total ≥ Σ parts.
    Sum { total: usize, parts: Vec<usize>, exact: bool },
    /// What came is what went: Σ come = Σ gone (carried over + new = resolved + pending).
    Flow { come: Vec<usize>, gone: Vec<usize> },
    /// part ≤ whole.
    AtMost { part: usize, whole: usize },
    /// rate = 100 · part / base.
    Ratio { rate: usize, part: usize, base: usize },
    /// Some whole number of `base` gives this rate.
    Possible { rate: usize, base: usize },
    /// Shares that make up a whole.
    Hundred { parts: Vec<usize> },
    /// The same value.
    Equal { a: usize, b: usize },
    /// low ≤ value ≤ high.
    Bound { fact: usize, low: Option<Decimal>, high: Option<Decimal> },
    /// One of these.
    Codes { fact: usize, codes: Vec<i64> },
    /// (fact = 0) = `zero` → (other = 0) = `other_zero`.
    Implies { fact: usize, zero: bool, other: usize, other_zero: bool },
}

/// How a claim stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It holds; for a rate: how its digits end.
    Holds(Fit),
    /// It does not.
    Fails,
    /// A figure is missing or out of range.
    Unknown,
}

/// How the digits of a rate end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Rounded or exact.
    Rounded,
    /// Cut off.
    Truncated,
    /// Rounded up against custom.
    Up,
}

/// What figures add up to.
fn together(of: &[usize], at: &dyn Fn(usize) -> Option<Print>) -> Option<Interval> {
    of.iter().try_fold(Interval::point(Decimal::ZERO), |sum, i| Some(sum.plus(at(*i)?.wide())))
}

impl Verdict {
    pub fn holds(self) -> bool {
        matches!(self, Verdict::Holds(_))
    }
}

impl Formula {
    /// The figures that take part, in the order of the formula.
    pub fn facts(&self) -> Vec<usize> {
        match self {
            Formula::Sum { total, parts, .. } => std::iter::once(*total).chain(parts.iter().copied()).collect(),
            Formula::Flow { come, gone } => come.iter().chain(gone).copied().collect(),
            Formula::AtMost { part, whole } => vec![*part, *whole],
            Formula::Ratio { rate, part, base } => vec![*rate, *part, *base],
            Formula::Possible { rate, base } => vec![*rate, *base],
            Formula::Hundred { parts } => parts.clone(),
            Formula::Equal { a, b } => vec![*a, *b],
            Formula::Bound { fact, .. } | Formula::Codes { fact, .. } => vec![*fact],
            Formula::Implies { fact, other, .. } => vec![*fact, *other],
        }
    }

    /// Whether it asks for a value rather than for a limit.
    pub fn is_equality(&self) -> bool {
        match self {
            Formula::Sum { exact, .. } => *exact,
            Formula::Flow { .. } | Formula::Ratio { .. } | Formula::Equal { .. } | Formula::Hundred { .. } => true,
            _ => false,
        }
    }

    /// Whether a sum that need not be reached is reached to the last digit.
    pub fn reaches(&self, at: &dyn Fn(usize) -> Option<Print>) -> bool {
        let Formula::Sum { total, parts, exact: false } = self else { return false };
        let sum = parts.iter().map(|p| at(*p).map(|p| p.value)).sum::<Option<Decimal>>();
        parts.len() > 1 && sum.is_some() && sum == at(*total).map(|p| p.value)
    }

    /// Whether it holds, with `at` saying what each figure stands for.
    pub fn verdict(&self, at: &dyn Fn(usize) -> Option<Print>) -> Verdict {
        self.judge(at).unwrap_or(Verdict::Unknown)
    }

    /// Whether it holds on the printed figures.
    pub fn holds(&self, figures: &Figures) -> bool {
        self.verdict(&|i| figures.print(i)).holds()
    }

    fn judge(&self, at: &dyn Fn(usize) -> Option<Print>) -> Option<Verdict> {
        let say = |holds: bool| if holds { Verdict::Holds(Fit::Rounded) } else { Verdict::Fails };
        Some(match self {
            Formula::Sum { total, parts, exact } => {
                let (total, sum) = (at(*total)?.wide(), together(parts, at)?);
                say(if *exact { sum.meets(total) } else { sum.may_be_at_most(total) })
            }
            Formula::Flow { come, gone } => say(together(come, at)?.meets(together(gone, at)?)),
            Formula::AtMost { part, whole } => say(at(*part)?.wide().may_be_at_most(at(*whole)?.wide())),
            Formula::Ratio { rate, part, base } => {
                let (rate, part, base) = (at(*rate)?, at(*part)?, at(*base)?);
                if base.round.single() == Some(Decimal::ZERO) {
                    // Nothing of nothing: form-fillers print 0 or 100.
                    let nothing = part.value.is_zero() && (rate.value.is_zero() || rate.value == HUNDRED);
                    return Some(say(nothing));
                }
                let share = Interval::point(HUNDRED).times(part.wide())?;
                let fits = |set: Interval| set.times(base.wide()).map(|p| p.meets(share));
                if fits(rate.round)? {
                    Verdict::Holds(Fit::Rounded)
                } else if fits(rate.cut)? {
                    Verdict::Holds(Fit::Truncated)
                } else if rate.up.low.is_some_and(|l| l >= Decimal::ZERO) && fits(rate.up)? {
                    Verdict::Holds(Fit::Up)
                } else {
                    Verdict::Fails
                }
            }
            Formula::Possible { rate, base } => {
                let (rate, base) = (at(*rate)?.wide(), at(*base)?.round.single()?);
                let parts = rate.times(Interval::point(base))?;
                let low = parts.low?.checked_div(HUNDRED)?.ceil();
                say(parts.contains(low * HUNDRED) || parts.contains((low + Decimal::ONE) * HUNDRED))
            }
            Formula::Hundred { parts } => say(together(parts, at)?.contains(HUNDRED)),
            Formula::Equal { a, b } => say(at(*a)?.wide().meets(at(*b)?.wide())),
            Formula::Bound { fact, low, high } => {
                let bounds = Interval { low: *low, high: *high, low_open: false, high_open: false };
                say(at(*fact)?.round.meets(bounds))
            }
            Formula::Codes { fact, codes } => {
                let value = at(*fact)?.value;
                say(codes.iter().any(|c| Decimal::from(*c) == value))
            }
            Formula::Implies { fact, zero, other, other_zero } => {
                let (first, second) = (at(*fact)?.value.is_zero(), at(*other)?.value.is_zero());
                say(first != *zero || second == *other_zero)
            }
        })
    }

    /// The values of one figure that make it hold, the others being right as printed. None where the form gives no set.
    pub fn solve(&self, of: usize, at: &dyn Fn(usize) -> Option<Print>) -> Option<Interval> {
        match self {
            Formula::Sum { total, parts, exact } => {
                let mut sum = Interval::point(Decimal::ZERO);
                let mut seen = 0;
                for part in parts {
                    if *part == of {
                        seen += 1;
                    } else {
                        sum = sum.plus(at(*part)?.wide());
                    }
                }
                let upper = |i: Interval| Interval { low: i.low, low_open: i.low_open, ..Interval::ALL };
                let lower = |i: Interval| Interval { high: i.high, high_open: i.high_open, ..Interval::ALL };
                match (*total == of, seen) {
                    (true, 0) => Some(if *exact { sum } else { upper(sum) }),
                    (false, 1) => {
                        let rest = at(*total)?.wide().minus(sum);
                        Some(if *exact { rest } else { lower(rest) })
                    }
                    _ => None,
                }
            }
            Formula::Flow { come, gone } => {
                let (own, other) = if come.contains(&of) { (come, gone) } else { (gone, come) };
                let rest: Vec<usize> = own.iter().copied().filter(|i| *i != of).collect();
                Some(together(other, at)?.minus(together(&rest, at)?))
            }
            Formula::AtMost { part, whole } if *part == of => {
                let whole = at(*whole)?.wide();
                Some(Interval { high: whole.high, high_open: whole.high_open, ..Interval::ALL })
            }
            Formula::AtMost { part, whole } if *whole == of => {
                let part = at(*part)?.wide();
                Some(Interval { low: part.low, low_open: part.low_open, ..Interval::ALL })
            }
            Formula::Ratio { rate, part, base } => {
                let hundred = Interval::point(HUNDRED);
                if *rate == of {
                    hundred.times(at(*part)?.wide())?.over(at(*base)?.wide())
                } else if *part == of {
                    at(*rate)?.wide().times(at(*base)?.wide())?.over(hundred)
                } else {
                    hundred.times(at(*part)?.wide())?.over(at(*rate)?.wide())
                }
            }
            Formula::Hundred { parts } => {
                let mut rest = Interval::point(HUNDRED);
                for part in parts.iter().filter(|p| **p != of) {
                    rest = rest.minus(at(*part)?.wide());
                }
                Some(rest)
            }
            Formula::Equal { a, b } => Some(at(if *a == of { *b } else { *a })?.wide()),
            Formula::Bound { low, high, .. } => {
                Some(Interval { low: *low, high: *high, low_open: false, high_open: false })
            }
            _ => None,
        }
    }
}

impl Claim {
    /// A claim that warns when it fails.
    pub fn new(check: impl Into<String>, formula: Formula, severity: Severity, origin: Origin) -> Claim {
        Claim { check: check.into(), formula, severity, origin, weak: false, note: Note::None }
    }

    /// A claim that is evidence where it holds and nothing where it does not.
    pub fn evidence(check: impl Into<String>, formula: Formula, origin: Origin) -> Claim {
        Claim { weak: true, ..Claim::new(check, formula, Severity::Info, origin) }
    }

    /// How it stands on the printed figures.
    pub fn verdict(&self, figures: &Figures) -> Verdict {
        self.formula.verdict(&|i| figures.print(i))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("test decimal")
    }

    fn ratio(rate: &str, unit: &str, part: i64, base: i64) -> Verdict {
        let prints = [Print::rounded(d(rate), d(unit)), Print::exact(part.into()), Print::exact(base.into())];
        Formula::Ratio { rate: 0, part: 1, base: 2 }.verdict(&|i| prints.get(i).copied())
    }

    #[test]
    fn a_rate_may_be_rounded_or_cut_off() {
        assert_eq!(ratio("43.5", "0.1", 729, 1675), Verdict::Holds(Fit::Rounded));
        assert_eq!(ratio("91.4", "0.1", 365, 399), Verdict::Holds(Fit::Truncated));
        assert_eq!(ratio("54.55", "0.01", 6, 11), Verdict::Holds(Fit::Rounded));
        assert_eq!(ratio("43.6", "0.1", 729, 1675), Verdict::Holds(Fit::Up));
        assert_eq!(ratio("45.3", "0.1", 729, 1675), Verdict::Fails);
    }

    #[test]
    fn nothing_of_nothing_is_nought_or_all() {
        assert_eq!(ratio("0", "1", 0, 0), Verdict::Holds(Fit::Rounded));
        assert_eq!(ratio("100", "1", 0, 0), Verdict::Holds(Fit::Rounded));
        assert_eq!(ratio("50", "1", 0, 0), Verdict::Fails);
        assert_eq!(ratio("0", "1", 230, 0), Verdict::Fails);
    }

    #[test]
    fn a_sum_is_solved_for_each_figure() {
        let prints = [Print::exact(10.into()), Print::exact(4.into()), Print::exact(5.into())];
        let at = |i: usize| prints.get(i).copied();
        let sum = Formula::Sum { total: 0, parts: vec![1, 2], exact: true };
        assert_eq!(sum.verdict(&at), Verdict::Fails);
        assert_eq!(sum.solve(0, &at).and_then(Interval::single), Some(9.into()));
        assert_eq!(sum.solve(1, &at).and_then(Interval::single), Some(5.into()));
        let bound = Formula::Sum { total: 0, parts: vec![1, 2], exact: false };
        assert_eq!(bound.verdict(&at), Verdict::Holds(Fit::Rounded));
    }

    #[test]
    fn no_whole_number_gives_this_share() {
        let prints =
            [Print::rounded(d("56.5"), d("0.1")), Print::exact(39.into()), Print::rounded(d("56.4"), d("0.1"))];
        let at = |i: usize| prints.get(i).copied();
        assert_eq!(Formula::Possible { rate: 0, base: 1 }.verdict(&at), Verdict::Fails);
        assert_eq!(Formula::Possible { rate: 2, base: 1 }.verdict(&at), Verdict::Holds(Fit::Rounded));
    }

    #[test]
    fn what_came_is_what_went() {
        let flow = Formula::Flow { come: vec![0, 1], gone: vec![2, 3] };
        let prints = |pending: i64| [12, 1018, 1022, pending].map(|v| Print::exact(Decimal::from(v)));
        let verdict = |p: [Print; 4]| flow.verdict(&|i| p.get(i).copied());
        assert!(verdict(prints(8)).holds() && !verdict(prints(18)).holds());
        let wrong = prints(18);
        assert_eq!(flow.solve(3, &|i| wrong.get(i).copied()).and_then(|s| s.single()), Some(Decimal::from(8)));
        assert_eq!(flow.solve(0, &|i| wrong.get(i).copied()).and_then(|s| s.single()), Some(Decimal::from(22)));
    }
}
