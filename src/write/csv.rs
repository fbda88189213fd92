//! Rows → CSV: UTF-8, comma, `\n`, quotes only where needed, a header row.
//!
//! No byte order mark: programs would read it as part of the first column's name, and LibreOffice offers UTF-8 by itself. Nulls are
//! empty. A text that a spreadsheet would run as a formula gets a leading apostrophe (OWASP "CSV injection": `=`, `+`, `-`, `@`, tab,
//! line ends as first character); numbers, dates and our own vocabularies (`relation` is `=`) are written as they are.

use crate::write::columns::{Schema, Type};
use crate::write::value::Value;
use std::fmt::Write as _;

/// CSV rows of one table, growing in memory.
pub struct CsvRows {
    writer: csv::Writer<Vec<u8>>,
    scratch: String,
}

impl Default for CsvRows {
    fn default() -> Self {
        CsvRows { writer: builder().from_writer(Vec::new()), scratch: String::new() }
    }
}

fn builder() -> csv::WriterBuilder {
    let mut builder = csv::WriterBuilder::new();
    builder.terminator(csv::Terminator::Any(b'\n')).has_headers(false);
    builder
}

/// Whether a spreadsheet might run this text.
fn is_risky(text: &str) -> bool {
    matches!(text.as_bytes().first(), Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n'))
        // Full-width twins, which some spreadsheets fold to ASCII.
        || text.starts_with(['＝', '＋', '－', '＠'])
}

impl CsvRows {
    /// The header row of a table.
    pub fn header(schema: &Schema) -> Vec<u8> {
        let mut rows = CsvRows::default();
        let names = schema.columns.iter().map(|c| c.name);
        // Writing into memory cannot fail.
        let _ = rows.writer.write_record(names);
        rows.finish()
    }

    /// Adds a row.
    pub fn row(&mut self, schema: &Schema, values: &[Value<'_>]) {
        for (column, value) in schema.columns.iter().zip(values) {
            self.scratch.clear();
            let field: &str = match value {
                Value::Null => "",
                Value::Text(text) if column.kind == Type::Text && is_risky(text) => {
                    self.scratch.push('\'');
                    self.scratch.push_str(text);
                    &self.scratch
                }
                Value::Text(text) => text,
                Value::Words(words) => {
                    for (i, word) in words.iter().enumerate() {
                        self.scratch.push_str(if i == 0 { "" } else { ";" });
                        self.scratch.push_str(word);
                    }
                    &self.scratch
                }
                other => {
                    plain(other, &mut self.scratch);
                    &self.scratch
                }
            };
            let _ = self.writer.write_field(field);
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    /// The bytes of all rows.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner().unwrap_or_default()
    }
}

/// A number, date or truth value as CSV and JSON print it.
pub(super) fn plain(value: &Value<'_>, out: &mut String) {
    let _ = match value {
        Value::Integer(number) => write!(out, "{number}"),
        Value::Decimal(number) => write!(out, "{number}"),
        Value::Float(number) => write!(out, "{number}"),
        Value::Date(date) => write!(out, "{date}"),
        Value::Boolean(flag) => write!(out, "{flag}"),
        Value::Null | Value::Text(_) | Value::Words(_) => Ok(()),
    };
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
