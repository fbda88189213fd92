//! Rows → CSV: UTF-8, comma, `\n`, quotes only where needed, a header row.
//!
//! No byte order mark: programs would read it as part of the first column's name, and LibreOffice offers UTF-8 by itself. Nulls are
//! empty. A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP "CSV injection": `=`, `+`, `-`, `@`, tab,
//! line ends as first character); numbers, dates and our own vocabularies (`relation` is `=`) are written as they are.

use crate::write::columns::{Schema, Type};
use crate::write::value::Value;
use std::fmt::Write as _;

/// CSV rows of one table, growing in memory.
#[derive(Default)]
pub struct CsvRows {
    out: String,
    scratch: String,
}

/// Whether a field with these bytes needs quotes.
fn is_special(bytes: &[u8]) -> bool {
    // Blocks of a fixed size, without a branch, are looked at in one go; the last may overlap the one before it.
    fn any<const N: usize>(block: &[u8; N]) -> bool {
        let hit = |b: u8| u8::from(b == b',') | u8::from(b == b'"') | u8::from(b == b'\n') | u8::from(b == b'\r');
        block.iter().fold(0, |any, b| any | hit(*b)) != 0
    }
    match (bytes.last_chunk::<16>(), bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(last), ..) => bytes.as_chunks::<16>().0.iter().any(any) || any(last),
        (None, Some(first), Some(last)) => any(first) || any(last),
        _ => bytes.iter().any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r')),
    }
}

/// Appends a text, quoted where it must be.
fn field(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    if !is_special(bytes) {
        out.push_str(text);
        return;
    }
    out.push('"');
    let mut from = 0;
    for quote in memchr::memchr_iter(b'"', bytes) {
        out.push_str(&text[from..=quote]);
        from = quote;
    }
    out.push_str(&text[from..]);
    out.push('"');
}

/// Whether a spreadsheet might run this text.
fn is_risky(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n') => true,
        // Full-width twins, which some spreadsheets fold to ASCII.
        Some(0xEF) => text.starts_with(['＝', '＋', '－', '＠']),
        _ => false,
    }
}

impl CsvRows {
    /// The header row of a table.
    pub fn header(schema: &Schema) -> Vec<u8> {
        let names: Vec<&str> = schema.columns.iter().map(|c| c.name).collect();
        let mut row = names.join(",").into_bytes();
        row.push(b'\n');
        row
    }

    /// Adds a row.
    pub fn row(&mut self, schema: &Schema, values: &[Value<'_>]) {
        for (at, (column, value)) in schema.columns.iter().zip(values).enumerate() {
            if at > 0 {
                self.out.push(',');
            }
            match value {
                Value::Null => {}
                Value::Text(text) if column.kind == Type::Text && is_risky(text) => {
                    self.scratch.clear();
                    self.scratch.push('\'');
                    self.scratch.push_str(text);
                    field(&self.scratch, &mut self.out);
                }
                Value::Text(text) => field(text, &mut self.out),
                Value::Words(words) => {
                    self.scratch.clear();
                    for (i, word) in words.iter().enumerate() {
                        self.scratch.push_str(if i == 0 { "" } else { ";" });
                        self.scratch.push_str(word);
                    }
                    field(&self.scratch, &mut self.out);
                }
                // Nothing in a number, a date or a truth value needs quotes.
                other => plain(other, &mut self.out),
            }
        }
        self.out.push('\n');
    }

    /// Rows that will take about so many bytes.
    pub fn with_capacity(bytes: usize) -> CsvRows {
        CsvRows { out: String::with_capacity(bytes), scratch: String::new() }
    }

    /// The bytes of all rows.
    pub fn finish(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

/// A number, date or truth value as CSV and JSON print it.
pub(super) fn plain(value: &Value<'_>, out: &mut String) {
    let _ = match value {
        Value::Integer(number) => {
            integer(*number, out);
            Ok(())
        }
        Value::Decimal(number) => match (u64::try_from(number.mantissa()), number.scale()) {
            (Ok(whole), 0) if number.is_sign_positive() => {
                digits(whole, out);
                Ok(())
            }
            (Ok(whole), scale @ 1..=9) if number.is_sign_positive() => {
                let below = 10u64.pow(scale);
                digits(whole / below, out);
                out.push('.');
                padded(whole % below, scale, out);
                Ok(())
            }
            _ => write!(out, "{number}"),
        },
        Value::Float(number) => write!(out, "{number}"),
        Value::Date(date) => match u64::try_from(date.year()) {
            Ok(year) => {
                padded(year, 4, out);
                for part in [date.month(), date.day()] {
                    out.push('-');
                    padded(u64::from(part.unsigned_abs()), 2, out);
                }
                Ok(())
            }
            Err(_) => write!(out, "{date}"),
        },
        Value::Boolean(flag) => {
            out.push_str(if *flag { "true" } else { "false" });
            Ok(())
        }
        Value::Null | Value::Text(_) | Value::Words(_) => Ok(()),
    };
}

fn integer(number: i64, out: &mut String) {
    if number < 0 {
        out.push('-');
    }
    digits(number.unsigned_abs(), out);
}

/// Decimal digits without the machinery of `format!`: half of all values are small whole numbers.
pub(super) fn digits(number: u64, out: &mut String) {
    if number < 10 {
        out.push(char::from(b'0' + number as u8));
        return;
    }
    if number >= 100 {
        digits(number / 100, out);
    }
    pair(number % 100, out);
}

/// Two digits.
fn pair(number: u64, out: &mut String) {
    const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";
    let at = 2 * (number % 100) as usize;
    out.push_str(&PAIRS[at..at + 2]);
}

/// The last so many digits, with zeros before.
fn padded(number: u64, places: u32, out: &mut String) {
    let odd = places % 2;
    if odd == 1 {
        out.push(char::from(b'0' + (number / 10u64.pow(places - 1) % 10) as u8));
    }
    for place in (0..places - odd).step_by(2).rev() {
        pair(number / 10u64.pow(place), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::columns::Column;
    use rust_decimal::Decimal;

    static SCHEMA: Schema = Schema {
        name: "t",
        description: "",
        columns: &[
            Column { name: "a", kind: Type::Text, required: false, description: "" },
            Column { name: "b", kind: Type::Word, required: false, description: "" },
            Column { name: "c", kind: Type::Decimal, required: false, description: "" },
            Column { name: "d", kind: Type::Words, required: false, description: "" },
        ],
    };

    fn line(a: &str, b: &str, c: Value<'_>) -> String {
        let mut rows = CsvRows::default();
        rows.row(&SCHEMA, &[a.into(), b.into(), c, Value::Words(vec!["x".into(), "y".into()])]);
        String::from_utf8(rows.finish()).unwrap()
    }

    #[test]
    fn formulas_are_defused_in_text_only() {
        let minus = Value::Decimal(Decimal::new(-366, 2));
        assert_eq!(line("=1+1", "=", minus.clone()), "'=1+1,=,-3.66,x;y\n");
        assert_eq!(line("-2", "~", minus.clone()), "'-2,~,-3.66,x;y\n");
        for risky in ["+1", "@SUM(A1)", "\tx", "＝1"] {
            assert!(line(risky, "", Value::Null).starts_with('\'') || line(risky, "", Value::Null).starts_with("\"'"));
        }
        assert_eq!(line("a, \"b\"\nc", "", Value::Null), "\"a, \"\"b\"\"\nc\",,,x;y\n");
    }

    #[test]
    fn plain_values_are_printed_as_the_library_prints_them() {
        for (mantissa, scale) in [(0, 0), (0, 2), (5, 2), (9520, 2), (1, 9), (123_456_789_012, 9), (7, 12), (-366, 2)] {
            let number = Decimal::new(mantissa, scale);
            assert_eq!(line("x", "", Value::Decimal(number)), format!("x,,{number},x;y\n"));
        }
        for (year, month, day) in [(2023, 6, 9), (987, 12, 31), (9999, 10, 1), (-5, 1, 1)] {
            let date = jiff::civil::date(year, month, day);
            assert_eq!(line("x", "", Value::Date(date)), format!("x,,{date},x;y\n"));
        }
        assert_eq!(line("x", "", Value::Boolean(true)), "x,,true,x;y\n");
    }

    #[test]
    fn quotes_are_needed_wherever_the_mark_stands() {
        for length in 0..70 {
            let plain = "x".repeat(length);
            assert!(!is_special(plain.as_bytes()));
            for at in 0..length {
                let mut bytes = plain.clone().into_bytes();
                bytes[at] = b",\"\n\r"[at % 4];
                assert!(is_special(&bytes), "{at} of {length}");
            }
        }
        let mut out = String::new();
        for number in [0, 9, 10, 99, 100, 101, 12_345, 1_000_000, u64::MAX] {
            out.clear();
            digits(number, &mut out);
            assert_eq!(out, number.to_string());
        }
    }

    #[test]
    fn header_has_no_byte_order_mark() {
        assert_eq!(CsvRows::header(&SCHEMA), b"a,b,c,d\n");
    }

    #[test]
    fn printed_zeros_are_kept_and_long_quotients_rounded() {
        assert_eq!(line("x", "", Value::from(Decimal::new(9520, 2))), "x,,95.20,x;y\n");
        let third = Decimal::from(100) / Decimal::from(3);
        assert_eq!(line("x", "", Value::from(third)), "x,,33.333333333,x;y\n");
    }
}
