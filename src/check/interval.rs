//! Every figure is the set of values that its print stands for.
//!
//! In: a fact. Out: closed or half-open intervals of decimals, and sums, differences, products and orders over them. A count is
//! exact; a print with k digits after the mark stands for the values that round to it (or, read separately, that are cut off to
//! it); a multiplier widens it (`96,174 tỷ` is known to a million); relation words are half-lines, `khoảng` and `gần` bands of
//! five percent. No floats anywhere; a product too large for a decimal becomes an open end rather than a wrong number.
//! Method: Arelle's Calculations 1.1 (XBRL) for rounding intervals, here with truncation as a second reading.

use crate::model::{Fact, Kind, Status};
use crate::text::number::Relation;
use rust_decimal::Decimal;

/// `khoảng`, `gần`, `ước`: five percent either way, in thousandths.
const BAND: i64 = 50;

/// A set of values between two ends; a missing end is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    /// Lower end.
    pub low: Option<Decimal>,
    /// Upper end.
    pub high: Option<Decimal>,
    /// Whether the lower end itself is left out.
    pub low_open: bool,
    /// Whether the upper end itself is left out.
    pub high_open: bool,
}

impl Interval {
    /// All values.
    pub const ALL: Interval = Interval { low: None, high: None, low_open: false, high_open: false };

    /// One value.
    pub fn point(value: Decimal) -> Interval {
        Interval { low: Some(value), high: Some(value), low_open: false, high_open: false }
    }

    /// Both ends belong to it.
    pub fn closed(low: Decimal, high: Decimal) -> Interval {
        Interval { low: Some(low), high: Some(high), low_open: false, high_open: false }
    }

    /// The single value, if it is one.
    pub fn single(self) -> Option<Decimal> {
        (self.low.is_some() && self.low == self.high).then_some(self.low).flatten()
    }

    /// Whether every value of `self` is smaller than every value of `other`.
    pub fn below(self, other: Interval) -> bool {
        match (self.high, other.low) {
            (Some(h), Some(l)) => h < l || (h == l && (self.high_open || other.low_open)),
            _ => false,
        }
    }

    /// Whether some value belongs to both.
    pub fn meets(self, other: Interval) -> bool {
        !self.below(other) && !other.below(self)
    }

    /// Whether some value of `self` is at most some value of `other`.
    pub fn may_be_at_most(self, other: Interval) -> bool {
        !other.below(self)
    }

    /// Whether a value belongs to it.
    pub fn contains(self, value: Decimal) -> bool {
        self.meets(Interval::point(value))
    }

    /// The smallest interval that holds both (they are known to touch: rounding and truncation of one print).
    pub fn hull(self, other: Interval) -> Interval {
        let (low, low_open) = match (self.low, other.low) {
            (Some(a), Some(b)) if a < b => (Some(a), self.low_open),
            (Some(a), Some(b)) if b < a => (Some(b), other.low_open),
            (Some(a), Some(_)) => (Some(a), self.low_open && other.low_open),
            _ => (None, false),
        };
        let (high, high_open) = match (self.high, other.high) {
            (Some(a), Some(b)) if a > b => (Some(a), self.high_open),
            (Some(a), Some(b)) if b > a => (Some(b), other.high_open),
            (Some(a), Some(_)) => (Some(a), self.high_open && other.high_open),
            _ => (None, false),
        };
        Interval { low, high, low_open, high_open }
    }

    /// Sum.
    pub fn plus(self, other: Interval) -> Interval {
        let add = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.checked_add(b));
        Interval {
            low: add(self.low, other.low),
            high: add(self.high, other.high),
            low_open: self.low_open || other.low_open,
            high_open: self.high_open || other.high_open,
        }
    }

    /// The values with their sign turned.
    pub fn negated(self) -> Interval {
        Interval {
            low: self.high.map(|v| -v),
            high: self.low.map(|v| -v),
            low_open: self.high_open,
            high_open: self.low_open,
        }
    }

    /// Difference.
    pub fn minus(self, other: Interval) -> Interval {
        self.plus(other.negated())
    }

    /// Product of two intervals of values that are not negative; None where one may be negative.
    pub fn times(self, other: Interval) -> Option<Interval> {
        let (a, b) = (self.low?, other.low?);
        if a.is_sign_negative() && !a.is_zero() || b.is_sign_negative() && !b.is_zero() {
            return None;
        }
        Some(Interval {
            low: a.checked_mul(b),
            high: self.high.zip(other.high).and_then(|(a, b)| a.checked_mul(b)),
            // A product is open at an end where either factor is, unless the other factor pins it to zero there.
            low_open: (self.low_open && !b.is_zero()) || (other.low_open && !a.is_zero()),
            high_open: self.high_open || other.high_open,
        })
    }

    /// Quotient by an interval of positive values. Inexact in the last of 28 digits: for proposals, never for verdicts.
    pub fn over(self, other: Interval) -> Option<Interval> {
        let (l, h) = (other.low?, other.high?);
        if l <= Decimal::ZERO {
            return None;
        }
        Some(Interval {
            low: self.low.and_then(|v| v.checked_div(h)),
            high: self.high.and_then(|v| v.checked_div(l)),
            low_open: self.low_open || other.high_open,
            high_open: self.high_open || other.low_open,
        })
    }
}

/// What a printed figure stands for, under each way of ending its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print {
    /// The value as printed, in its unit.
    pub value: Decimal,
    /// The worth of the last printed digit; zero where the print is exact.
    pub unit: Decimal,
    /// Values that round to it.
    pub round: Interval,
    /// Values that are cut off to it.
    pub cut: Interval,
    /// Values that a careless writer rounds up to it.
    pub up: Interval,
}

impl Print {
    /// An exact figure.
    pub fn exact(value: Decimal) -> Print {
        let point = Interval::point(value);
        Print { value, unit: Decimal::ZERO, round: point, cut: point, up: point }
    }

    /// A figure known to its last digit.
    pub fn rounded(value: Decimal, unit: Decimal) -> Print {
        let half = unit / Decimal::TWO;
        Print {
            value,
            unit,
            round: Interval::closed(value - half, value + half),
            cut: Interval { low: Some(value), high: Some(value + unit), low_open: false, high_open: true },
            up: Interval { low: Some(value - unit), high: Some(value), low_open: true, high_open: false },
        }
    }

    /// A figure with a relation word before it.
    pub fn bounded(value: Decimal, unit: Decimal, relation: Relation) -> Print {
        let all = Interval::ALL;
        let set = match relation {
            Relation::Equal => return Print::rounded(value, unit),
            Relation::Greater => Interval { low: Some(value), low_open: true, ..all },
            Relation::AtLeast => Interval { low: Some(value), ..all },
            Relation::Less => Interval { high: Some(value), high_open: true, ..all },
            Relation::AtMost => Interval { high: Some(value), ..all },
            Relation::About => {
                let band = (value.abs() * Decimal::new(BAND, 3)).max(unit / Decimal::TWO);
                Interval::closed(value - band, value + band)
            }
        };
        Print { value, unit, round: set, cut: set, up: set }
    }

    /// Rounding or truncation.
    pub fn wide(&self) -> Interval {
        // Most figures are exact: there is nothing to round or to cut off.
        if self.unit.is_zero() { self.round } else { self.round.hull(self.cut) }
    }

    /// What a fact's print stands for; None for words, blanks and numbers out of range.
    pub fn of(fact: &Fact) -> Option<Print> {
        if fact.status == Status::None {
            return Some(Print::exact(Decimal::ZERO));
        }
        if fact.status == Status::Blank {
            return None;
        }
        let ten = |power: i64| -> Option<Decimal> {
            if power >= 0 {
                let power = u32::try_from(power).ok().filter(|p| *p <= 18)?;
                Some(Decimal::from(10u64.checked_pow(power)?))
            } else {
                let scale = u32::try_from(-power).ok().filter(|s| *s <= 20)?;
                Some(Decimal::new(1, scale))
            }
        };
        let value = match fact.value {
            Some(v) => v,
            None => fact.number?.checked_mul(ten(i64::from(fact.multiplier))?)?,
        };
        // Sums and products of such values must stay far from the limits of a decimal.
        if value.abs() > Decimal::from(10u64.pow(18)) {
            return None;
        }
        let scale = fact.readings.first().map_or_else(|| fact.number.map_or(0, |n| n.scale()), |r| r.scale);
        let exact = match fact.kind {
            Kind::Score | Kind::Code | Kind::Rank | Kind::Text => true,
            Kind::Count | Kind::Money => fact.multiplier == 0 && scale == 0,
            Kind::Percent | Kind::Area => false,
            Kind::Change => fact.multiplier == 0 && scale == 0,
        };
        let unit = if exact { Decimal::ZERO } else { ten(i64::from(fact.multiplier) - i64::from(scale))? };
        Some(if exact && fact.relation == Relation::Equal {
            Print::exact(value)
        } else {
            Print::bounded(value, unit, fact.relation)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("test decimal")
    }

    #[test]
    fn rounding_and_truncation_are_different_sets() {
        let p = Print::rounded(d("95.23"), d("0.01"));
        let true_share = d("95.238");
        assert!(p.cut.contains(true_share));
        assert!(!p.round.contains(true_share));
        assert!(p.wide().contains(true_share));
        assert!(p.round.contains(d("95.225")) && !p.cut.contains(d("95.225")));
        assert!(!p.cut.contains(d("95.24")), "the next print is not cut off to this one");
    }

    #[test]
    fn half_lines_meet_only_on_their_side() {
        let above = Print::bounded(d("80"), d("1"), Relation::Greater);
        assert!(above.round.contains(d("80.1")) && !above.round.contains(d("80")));
        let least = Print::bounded(d("80"), d("1"), Relation::AtLeast);
        assert!(least.round.contains(d("80")));
        assert!(!Interval::point(d("79")).meets(least.round));
    }

    #[test]
    fn a_band_is_five_percent_wide() {
        let about = Print::bounded(d("200"), d("0"), Relation::About);
        assert!(about.round.contains(d("190")) && about.round.contains(d("210")));
        assert!(!about.round.contains(d("189")));
    }

    #[test]
    fn sums_products_and_orders() {
        let a = Interval::closed(d("1"), d("2"));
        let b = Interval::point(d("3"));
        assert_eq!(a.plus(b), Interval::closed(d("4"), d("5")));
        assert_eq!(b.minus(a), Interval::closed(d("1"), d("2")));
        assert_eq!(a.times(b), Some(Interval::closed(d("3"), d("6"))));
        assert!(Interval::closed(d("-1"), d("2")).times(b).is_none());
        assert!(a.may_be_at_most(b) && !b.may_be_at_most(a));
        let huge = Interval::point(Decimal::MAX);
        assert_eq!(huge.plus(huge).high, None, "an overflow is an open end, not a wrong number");
    }
}
