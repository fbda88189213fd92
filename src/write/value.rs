//! One value of a row, and what receives rows. Conversions keep printed digits and round only what was computed.

use crate::write::columns::{DECIMAL_SCALE, TableId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::borrow::Cow;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// Words.
    Text(Cow<'a, str>),
    /// A whole number.
    Integer(i64),
    /// An exact number.
    Decimal(Decimal),
    /// A coordinate or a confidence.
    Float(f64),
    /// A day.
    Date(Date),
    /// Yes or no.
    Boolean(bool),
    /// A list of words.
    Words(Vec<String>),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<usize> for Value<'_> {
    fn from(number: usize) -> Self {
        Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Value::Integer(i64::from(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(flag: bool) -> Self {
        Value::Boolean(flag)
    }
}

impl From<Date> for Value<'_> {
    fn from(date: Date) -> Self {
        Value::Date(date)
    }
}

impl From<Decimal> for Value<'_> {
    fn from(number: Decimal) -> Self {
        // Printed figures stay as printed (95.20 keeps its zero); only computed ones can be longer than the contract's scale.
        Value::Decimal(if number.scale() > DECIMAL_SCALE { number.round_dp(DECIMAL_SCALE).normalize() } else { number })
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        // Four decimals: points and confidences are no finer, and 0.8500000000000001 helps nobody.
        Value::Float((number * 10_000.0).round() / 10_000.0)
    }
}

impl<'a, T: Into<Value<'a>>> From<Option<T>> for Value<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// What receives the rows, one after the other, in the order of the contract.
pub trait Sink {
    /// Takes one row of a table; as many values as the table has columns.
    fn row(&mut self, table: TableId, values: &[Value<'_>]);
}
