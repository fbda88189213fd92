//! Rows → columns in memory: what is gathered between two row groups of a Parquet file. Knows nothing of Parquet itself.
//!
//! Texts of one column lie end to end in one string, so that a chunk costs little more than its characters and two chunks are joined
//! by copying.

use crate::write::columns::{Column, DECIMAL_SCALE, Schema, Type};
use crate::write::value::Value;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

/// Texts end to end.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    characters: String,
    /// End of each text in `characters`; None for a null.
    ends: Vec<Option<usize>>,
}

impl Texts {
    fn push(&mut self, text: Option<&str>) {
        self.characters.push_str(text.unwrap_or_default());
        self.ends.push(text.map(|_| self.characters.len()));
    }

    fn append(&mut self, other: &Texts) {
        let shift = self.characters.len();
        self.characters.push_str(&other.characters);
        self.ends.extend(other.ends.iter().map(|end| end.map(|e| e + shift)));
    }

    /// The texts in order.
    pub fn iter(&self) -> impl Iterator<Item = Option<&str>> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let text = end.and_then(|end| self.characters.get(start..end));
            start = end.unwrap_or(start);
            text
        })
    }
}

/// One column's values.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Words.
    Texts(Texts),
    /// Whole numbers.
    Integers(Vec<Option<i64>>),
    /// Decimals as integers scaled by 10^`DECIMAL_SCALE`.
    Decimals(Vec<Option<i128>>),
    /// Floating point.
    Floats(Vec<Option<f64>>),
    /// Days since 1970-01-01.
    Dates(Vec<Option<i32>>),
    /// Yes or no.
    Booleans(Vec<Option<bool>>),
    /// Lists of words: all words end to end, and how many each row has.
    Lists(Texts, Vec<usize>),
}

impl Values {
    fn new(column: &Column) -> Values {
        match column.kind {
            Type::Text | Type::Word => Values::Texts(Texts::default()),
            Type::Integer => Values::Integers(Vec::new()),
            Type::Decimal => Values::Decimals(Vec::new()),
            Type::Float => Values::Floats(Vec::new()),
            Type::Date => Values::Dates(Vec::new()),
            Type::Boolean => Values::Booleans(Vec::new()),
            Type::Words => Values::Lists(Texts::default(), Vec::new()),
        }
    }

    fn push(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Values::Texts(texts), Value::Text(text)) => texts.push(Some(text)),
            (Values::Texts(texts), _) => texts.push(None),
            (Values::Integers(numbers), Value::Integer(number)) => numbers.push(Some(*number)),
            (Values::Integers(numbers), _) => numbers.push(None),
            (Values::Decimals(numbers), Value::Decimal(number)) => numbers.push(scaled(*number)),
            (Values::Decimals(numbers), _) => numbers.push(None),
            (Values::Floats(numbers), Value::Float(number)) => numbers.push(Some(*number)),
            (Values::Floats(numbers), _) => numbers.push(None),
            (Values::Dates(days), Value::Date(date)) => days.push(days_since_epoch(*date)),
            (Values::Dates(days), _) => days.push(None),
            (Values::Booleans(flags), Value::Boolean(flag)) => flags.push(Some(*flag)),
            (Values::Booleans(flags), _) => flags.push(None),
            (Values::Lists(texts, lengths), Value::Words(words)) => {
                words.iter().for_each(|word| texts.push(Some(word)));
                lengths.push(words.len());
            }
            (Values::Lists(_, lengths), _) => lengths.push(0),
        }
    }

    fn append(&mut self, other: &Values) {
        match (self, other) {
            (Values::Texts(a), Values::Texts(b)) => a.append(b),
            (Values::Integers(a), Values::Integers(b)) => a.extend_from_slice(b),
            (Values::Decimals(a), Values::Decimals(b)) => a.extend_from_slice(b),
            (Values::Floats(a), Values::Floats(b)) => a.extend_from_slice(b),
            (Values::Dates(a), Values::Dates(b)) => a.extend_from_slice(b),
            (Values::Booleans(a), Values::Booleans(b)) => a.extend_from_slice(b),
            (Values::Lists(a, m), Values::Lists(b, n)) => {
                a.append(b);
                m.extend_from_slice(n);
            }
            _ => debug_assert!(false, "chunks of different tables"),
        }
    }
}

/// A decimal as an integer scaled by 10^`DECIMAL_SCALE`, exactly; digits beyond that scale are rounded half to even. The largest
/// mantissa (2^96) times 10^9 stays below 10^38, so nothing overflows.
fn scaled(number: Decimal) -> Option<i128> {
    let number = if number.scale() > DECIMAL_SCALE { number.round_dp(DECIMAL_SCALE) } else { number };
    let missing = DECIMAL_SCALE.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.checked_pow(missing)?)
}

fn days_since_epoch(day: Date) -> Option<i32> {
    date(1970, 1, 1).until((jiff::Unit::Day, day)).ok().map(|span| span.get_days())
}

/// Some rows of one table, column by column.
#[derive(Debug, Clone, PartialEq)]
pub struct Chunk {
    /// As many as the table has columns.
    pub columns: Vec<Values>,
    /// Number of rows.
    pub rows: usize,
    /// Characters held, in bytes: what makes a chunk big.
    pub text_bytes: usize,
}

impl Chunk {
    /// No rows yet.
    pub fn new(schema: &Schema) -> Chunk {
        Chunk { columns: schema.columns.iter().map(Values::new).collect(), rows: 0, text_bytes: 0 }
    }

    /// Adds a row.
    pub fn row(&mut self, values: &[Value<'_>]) {
        for (column, value) in self.columns.iter_mut().zip(values) {
            if let Value::Text(text) = value {
                self.text_bytes += text.len();
            }
            column.push(value);
        }
        self.rows += 1;
    }

    /// Adds the rows of another chunk of the same table.
    pub fn append(&mut self, other: &Chunk) {
        for (mine, theirs) in self.columns.iter_mut().zip(&other.columns) {
            mine.append(theirs);
        }
        self.rows += other.rows;
        self.text_bytes += other.text_bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_scaled_without_a_float() {
        assert_eq!(scaled(Decimal::new(9520, 2)), Some(95_200_000_000));
        assert_eq!(scaled(Decimal::new(-1, 0)), Some(-1_000_000_000));
        assert_eq!(scaled(Decimal::MAX), Some(79_228_162_514_264_337_593_543_950_335_000_000_000));
        assert_eq!(scaled(Decimal::new(15, 10)), Some(2), "half to even beyond nine decimals");
        assert_eq!(scaled(Decimal::new(25, 10)), Some(2));
    }

    #[test]
    fn texts_keep_nulls_apart_from_empty_when_joined() {
        let mut a = Texts::default();
        a.push(Some("xã"));
        a.push(None);
        let mut b = Texts::default();
        b.push(Some(""));
        b.push(None);
        b.push(Some("huyện"));
        a.append(&b);
        assert_eq!(a.iter().collect::<Vec<_>>(), [Some("xã"), None, Some(""), None, Some("huyện")]);
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(days_since_epoch(date(1970, 1, 2)), Some(1));
        assert_eq!(days_since_epoch(date(1969, 12, 31)), Some(-1));
        assert_eq!(days_since_epoch(date(2023, 6, 30)), Some(19_538));
    }
}
