//! What a document says of one thing: its facts of one indicator, level, dimensions and period, taken together.
//!
//! In: rows of `facts`, as they are stored. Out: numbers small enough to hold by the million, and figures, each the set of values
//! that its prints stand for. A figure that its own document prints with three or more different values is left out: it counts
//! different things. Two values are both believed, because the document's own warning names them already.

use crate::compare::document::Window;
use crate::model::{Kind, Level};
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::sync::Arc;

/// Facts that were read with less confidence take no part.
const MIN_CONFIDENCE: f64 = 0.6;
/// Largest value that takes part: sums must stay far from the limits of a decimal.
const MAX_VALUE: u64 = 10u64.pow(18);
/// `khoảng`, `gần`: five percent either way.
const BAND: Decimal = Decimal::from_parts(5, 0, 0, false, 2);

/// A row of `facts`, its texts borrowed from where it was read.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FactRow<'a> {
    pub indicator: Option<&'a str>,
    pub number: Option<Decimal>,
    pub value: Option<Decimal>,
    pub relation: &'a str,
    pub status: &'a str,
    pub kind: &'a str,
    pub entity_code: Option<&'a str>,
    pub entity: Option<&'a str>,
    pub level: Option<&'a str>,
    pub dims: Option<&'a str>,
    pub window: Option<Window>,
    pub confidence: f64,
}

/// What is counted: indicator, whose, and further dimensions.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    /// Canonical id.
    pub indicator: Arc<str>,
    /// Whose things; None = the issuer's own.
    pub level: Option<Level>,
    /// `key=value;…`.
    pub dims: Arc<str>,
}

/// All keys seen, each with a number.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    numbers: HashMap<Key, u32>,
    list: Vec<Key>,
    words: HashMap<Box<str>, Arc<str>>,
}

impl Keys {
    /// The number of a key, new or known.
    pub fn intern(&mut self, indicator: &str, level: Option<Level>, dims: &str) -> u32 {
        let key = Key { indicator: self.word(indicator), level, dims: self.word(dims) };
        if let Some(number) = self.numbers.get(&key) {
            return *number;
        }
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(key.clone());
        self.numbers.insert(key, number);
        number
    }

    fn word(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.words.get(word) {
            return known.clone();
        }
        let shared: Arc<str> = word.into();
        self.words.insert(word.into(), shared.clone());
        shared
    }

    /// The key of a number.
    pub fn key(&self, number: u32) -> Option<&Key> {
        self.list.get(number as usize)
    }

    /// The number of an indicator's plain key, if any fact has it.
    pub fn known(&self, indicator: &str) -> Option<u32> {
        let word = |w: &str| self.words.get(w).cloned();
        self.numbers.get(&Key { indicator: word(indicator)?, level: None, dims: word("")? }).copied()
    }

    /// The same thing counted at another level.
    pub fn at_level(&self, number: u32, level: Option<Level>) -> Option<u32> {
        let key = self.key(number)?;
        self.numbers.get(&Key { level, ..key.clone() }).copied()
    }
}

/// Values between two ends, both included; a missing end is unbounded. Closed ends are the lenient reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub low: Option<Decimal>,
    pub high: Option<Decimal>,
}

impl Range {
    /// Whether some value belongs to both.
    pub fn meets(self, other: Range) -> bool {
        self.may_be_at_most(other) && other.may_be_at_most(self)
    }

    /// Whether some value of it is at most some value of the other.
    pub fn may_be_at_most(self, other: Range) -> bool {
        self.low.zip(other.high).is_none_or(|(low, high)| low <= high)
    }

    /// Whether it is one value.
    pub fn single(self) -> Option<Decimal> {
        (self.low == self.high).then_some(self.low).flatten()
    }

    fn common(self, other: Range) -> Option<Range> {
        let low = self.low.into_iter().chain(other.low).max();
        let high = self.high.into_iter().chain(other.high).min();
        low.zip(high).is_none_or(|(l, h)| l <= h).then_some(Range { low, high })
    }

    fn hull(self, other: Range) -> Range {
        Range {
            low: self.low.zip(other.low).map(|(a, b)| a.min(b)),
            high: self.high.zip(other.high).map(|(a, b)| a.max(b)),
        }
    }

    /// Sum.
    pub fn plus(self, other: Range) -> Range {
        Range {
            low: self.low.zip(other.low).and_then(|(a, b)| a.checked_add(b)),
            high: self.high.zip(other.high).and_then(|(a, b)| a.checked_add(b)),
        }
    }
}

/// How a print relates to the true value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Is,
    AtLeast,
    AtMost,
    About,
}

/// One fact that takes part.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    /// Its row in `facts`.
    pub row: u64,
    /// Index of its document.
    pub doc: u32,
    /// What it counts.
    pub key: u32,
    /// When.
    pub window: Window,
    /// In the indicator's unit.
    pub value: Decimal,
    /// Power of ten of the last digit printed; None where the print is exact.
    power: Option<i8>,
    bound: Bound,
}

impl Number {
    /// What a row of `facts` contributes; None for words, blanks, doubtful readings and what others are said to have.
    pub fn of(
        row: u64,
        doc: u32,
        own: Option<Window>,
        level: Option<Level>,
        fact: &FactRow<'_>,
        keys: &mut Keys,
    ) -> Option<Number> {
        let kind = Kind::parse(fact.kind)?;
        let value = fact.value.filter(|v| v.abs() <= Decimal::from(MAX_VALUE))?;
        let numeric = matches!(kind, Kind::Count | Kind::Percent | Kind::Money | Kind::Score | Kind::Area);
        if !numeric || fact.status == "blank" || fact.confidence < MIN_CONFIDENCE {
            return None;
        }
        if fact.entity_code.is_some() || fact.entity.is_some() {
            return None;
        }
        // A commune's own things are those of the commune level.
        let own_level = |l: &Level| *l == Level::Commune && level == Some(Level::Commune);
        let whose = fact.level.and_then(Level::parse).filter(|l| !own_level(l));
        let key = keys.intern(fact.indicator?, whose, fact.dims.unwrap_or_default());
        let scale = fact.number.map_or(0, |n| n.normalize().scale());
        let shift = fact.number.map_or(0, |n| shift(n, value));
        let exact = match kind {
            Kind::Score => true,
            Kind::Count | Kind::Money => shift == 0 && scale == 0,
            _ => fact.status == "none",
        };
        let power = i8::try_from(i64::from(shift) - i64::from(scale)).ok()?;
        let bound = match fact.relation {
            ">" | ">=" => Bound::AtLeast,
            "<" | "<=" => Bound::AtMost,
            "~" => Bound::About,
            _ => Bound::Is,
        };
        Some(Number {
            row,
            doc,
            key,
            window: fact.window.or(own)?,
            value: value.normalize(),
            power: (!exact).then_some(power),
            bound,
        })
    }

    /// The values that the print stands for: rounded, or cut off after its last digit.
    pub fn range(&self) -> Range {
        let unit = match self.power {
            None => Decimal::ZERO,
            Some(power) if power >= 0 => Decimal::from(10u64.saturating_pow(u32::from(power.unsigned_abs()).min(18))),
            Some(power) => Decimal::new(1, u32::from(power.unsigned_abs()).min(20)),
        };
        let value = Some(self.value);
        match self.bound {
            Bound::Is => Range { low: Some(self.value - unit / Decimal::TWO), high: Some(self.value + unit) },
            Bound::AtLeast => Range { low: value, high: None },
            Bound::AtMost => Range { low: None, high: value },
            Bound::About => {
                let band = (self.value.abs() * BAND).max(unit);
                Range { low: Some(self.value - band), high: Some(self.value + band) }
            }
        }
    }
}

/// A sum that stops growing instead of failing.
pub(crate) fn sum_of(a: Decimal, b: Decimal) -> Decimal {
    a.checked_add(b).unwrap_or(a)
}

/// The power of ten between a printed number and its value: triệu đồng 6.
fn shift(number: Decimal, value: Decimal) -> u32 {
    let mut scaled = number;
    for power in 0..=12 {
        if scaled == value {
            return power;
        }
        let Some(next) = scaled.checked_mul(Decimal::TEN) else { return 0 };
        scaled = next;
    }
    0
}

/// What one document says of one thing in one period.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// Index of the document.
    pub doc: u32,
    /// What it counts.
    pub key: u32,
    /// When.
    pub window: Window,
    /// Its rows in `facts`, in order.
    pub rows: Vec<u64>,
    /// The values that it stands for.
    pub range: Range,
    /// The value as first printed.
    pub value: Decimal,
}

/// The figures of documents; numbers in any order, figures by document, key and window.
pub(crate) fn figures(numbers: &mut [Number]) -> Vec<Figure> {
    let place = |n: &Number| (n.doc, n.key, n.window);
    numbers.sort_unstable_by_key(|n| (place(n), n.row));
    numbers.chunk_by(|a, b| place(a) == place(b)).filter_map(figure).collect()
}

fn figure(same: &[Number]) -> Option<Figure> {
    let first = same.first()?;
    let all = same.iter().skip(1).try_fold(first.range(), |range, n| range.common(n.range()));
    let range = match all {
        Some(range) => range,
        None => {
            let mut values: Vec<Decimal> = same.iter().map(|n| n.value).collect();
            values.sort_unstable();
            values.dedup();
            if values.len() > 2 {
                return None;
            }
            same.iter().skip(1).fold(first.range(), |range, n| range.hull(n.range()))
        }
    };
    let rows = same.iter().map(|n| n.row).collect();
    Some(Figure { doc: first.doc, key: first.key, window: first.window, rows, range, value: first.value })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    pub(crate) fn d(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    fn number(keys: &mut Keys, row: u64, kind: &str, number: &str, value: &str, relation: &str) -> Number {
        let fact = FactRow {
            indicator: Some("a.b"),
            number: Some(d(number)),
            value: Some(d(value)),
            relation,
            status: "reported",
            kind,
            window: Window::of(date(2023, 1, 1), date(2023, 12, 31)),
            confidence: 0.9,
            ..FactRow::default()
        };
        Number::of(row, 0, None, None, &fact, keys).expect("a number")
    }

    #[test]
    fn a_print_is_known_to_its_last_digit() {
        let keys = &mut Keys::default();
        let exact = number(keys, 0, "count", "1815", "1815", "=").range();
        assert_eq!(exact.single(), Some(d("1815")));
        let billions = number(keys, 0, "money", "96.174", "96174000000", "=").range();
        let dong = number(keys, 0, "money", "96174300000", "96174300000", "=").range();
        assert!(billions.meets(dong));
        let other = number(keys, 0, "money", "96176000000", "96176000000", "=").range();
        assert!(!billions.meets(other));
        let percent = number(keys, 0, "percent", "95.2", "95.2", "=").range();
        assert!(percent.meets(number(keys, 0, "percent", "95.23", "95.23", "=").range()));
        let more = number(keys, 0, "count", "100", "100", ">").range();
        assert!(more.meets(number(keys, 0, "count", "140", "140", "=").range()));
    }

    #[test]
    fn three_different_values_are_three_things() {
        let keys = &mut Keys::default();
        let mut two = vec![number(keys, 0, "count", "5", "5", "="), number(keys, 1, "count", "9", "9", "=")];
        let found = figures(&mut two);
        assert_eq!((found.len(), found[0].rows.len()), (1, 2));
        assert_eq!(found[0].range, Range { low: Some(d("5")), high: Some(d("9")) });
        two.push(number(keys, 2, "count", "7", "7", "="));
        assert!(figures(&mut two).is_empty());
    }

    #[test]
    fn a_communes_own_level_is_no_level() {
        let keys = &mut Keys::default();
        let mut fact = FactRow {
            indicator: Some("a.b"),
            value: Some(d("1")),
            status: "reported",
            kind: "count",
            level: Some("commune"),
            window: Window::of(date(2023, 1, 1), date(2023, 3, 31)),
            confidence: 0.9,
            ..FactRow::default()
        };
        let commune = Number::of(0, 0, None, Some(Level::Commune), &fact, keys).expect("a number");
        let district = Number::of(0, 0, None, Some(Level::District), &fact, keys).expect("a number");
        assert_ne!(commune.key, district.key);
        assert_eq!(keys.at_level(district.key, None), Some(commune.key));
        fact.entity = Some("Xã An Bình");
        assert!(Number::of(0, 0, None, Some(Level::District), &fact, keys).is_none());
    }
}
