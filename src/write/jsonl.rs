//! Rows → JSON lines: one object per row, every column in contract order, nulls written out.
//!
//! Decimals are JSON numbers with the digits as printed (95.20 stays 95.20), never by way of a float; dates are strings; texts are
//! as in the document, without the apostrophes that CSV needs.

use crate::write::columns::Schema;
use crate::write::csv::plain;
use crate::write::value::Value;

/// JSON lines of one table, growing in memory.
#[derive(Default)]
pub struct JsonRows {
    bytes: Vec<u8>,
    scratch: String,
}

impl JsonRows {
    /// Adds a row.
    pub fn row(&mut self, schema: &Schema, values: &[Value<'_>]) {
        for (i, (column, value)) in schema.columns.iter().zip(values).enumerate() {
            // Column names are plain ASCII words: no escaping needed.
            self.bytes.extend_from_slice(if i == 0 { b"{\"" } else { b",\"" });
            self.bytes.extend_from_slice(column.name.as_bytes());
            self.bytes.extend_from_slice(b"\":");
            match value {
                Value::Null => self.bytes.extend_from_slice(b"null"),
                Value::Text(text) => self.string(text),
                Value::Date(date) => self.string(&date.to_string()),
                Value::Words(words) => {
                    self.bytes.push(b'[');
                    for (i, word) in words.iter().enumerate() {
                        if i > 0 {
                            self.bytes.push(b',');
                        }
                        self.string(word);
                    }
                    self.bytes.push(b']');
                }
                number => {
                    self.scratch.clear();
                    plain(number, &mut self.scratch);
                    self.bytes.extend_from_slice(self.scratch.as_bytes());
                }
            }
        }
        self.bytes.extend_from_slice(b"}\n");
    }

    fn string(&mut self, text: &str) {
        // Writing a string into memory cannot fail.
        let _ = serde_json::to_writer(&mut self.bytes, text);
    }

    /// The bytes of all rows.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::columns::{Column, Type};
    use rust_decimal::Decimal;

    #[test]
    fn numbers_are_exact_and_texts_escaped() {
        static SCHEMA: Schema = Schema {
            name: "t",
            description: "",
            columns: &[
                Column { name: "a", kind: Type::Text, required: false, description: "" },
                Column { name: "b", kind: Type::Decimal, required: false, description: "" },
                Column { name: "c", kind: Type::Date, required: false, description: "" },
                Column { name: "d", kind: Type::Words, required: false, description: "" },
                Column { name: "e", kind: Type::Integer, required: false, description: "" },
            ],
        };
        let mut rows = JsonRows::default();
        let values = [
            "=\"x\"\n".into(),
            Value::Decimal("79228162514264337593543950.10".parse::<Decimal>().unwrap()),
            jiff::civil::date(2023, 6, 30).into(),
            Value::Words(vec!["f1".into()]),
            Value::Null,
        ];
        rows.row(&SCHEMA, &values);
        assert_eq!(
            String::from_utf8(rows.finish()).unwrap(),
            "{\"a\":\"=\\\"x\\\"\\n\",\"b\":79228162514264337593543950.10,\"c\":\"2023-06-30\",\"d\":[\"f1\"],\"e\":null}\n"
        );
    }
}
