//! Chunks → a Parquet file, one row group per chunk, through polars: the only file that names it for writing.
//!
//! Decimals are `Decimal(38, 9)` (see `columns::DECIMAL_SCALE`) from scaled integers, never by way of a float; `fact_ids` is a list
//! of strings. Row groups are cut by the caller at counts of rows and bytes, so the bytes do not depend on threads. Statistics are
//! written, so that readers can skip row groups.

use crate::write::chunk::{Chunk, Values};
use crate::write::columns::{DECIMAL_SCALE, Schema, Type};
use polars::prelude as pl;
use polars::prelude::{ListBuilderTrait, NamedFrom, NewChunkedArray};
use std::fs::File;
use std::io::{BufWriter, Error};

/// Total digits of a decimal: what 128 bits hold.
const DECIMAL_PRECISION: usize = 38;

/// A Parquet file being written.
pub struct ParquetFile {
    writer: pl::BatchedWriter<BufWriter<File>>,
    schema: &'static Schema,
}

impl ParquetFile {
    /// Starts a file for a table.
    pub fn new(file: File, schema: &'static Schema) -> Result<ParquetFile, Error> {
        let fields = schema.columns.iter().map(|c| pl::Field::new(c.name.into(), data_type(c.kind)));
        let writer = pl::ParquetWriter::new(BufWriter::with_capacity(1 << 16, file))
            .batched(&pl::Schema::from_iter(fields))
            .map_err(Error::other)?;
        Ok(ParquetFile { writer, schema })
    }

    /// Adds a row group.
    pub fn write(&mut self, chunk: &Chunk) -> Result<(), Error> {
        let columns: Result<Vec<pl::Column>, Error> = self
            .schema
            .columns
            .iter()
            .zip(&chunk.columns)
            .map(|(column, values)| series(column.name, values).map(pl::Column::from))
            .collect();
        let frame = pl::DataFrame::new(chunk.rows, columns?).map_err(Error::other)?;
        self.writer.write_batch(&frame).map_err(Error::other)
    }

    /// Writes the footer and everything that is still buffered.
    pub fn finish(self) -> Result<(), Error> {
        self.writer.finish().map_err(Error::other)?;
        Ok(())
    }
}

fn data_type(kind: Type) -> pl::DataType {
    match kind {
        Type::Text | Type::Word => pl::DataType::String,
        Type::Integer => pl::DataType::Int64,
        Type::Decimal => pl::DataType::Decimal(DECIMAL_PRECISION, DECIMAL_SCALE as usize),
        Type::Float => pl::DataType::Float64,
        Type::Date => pl::DataType::Date,
        Type::Boolean => pl::DataType::Boolean,
        Type::Words => pl::DataType::List(Box::new(pl::DataType::String)),
    }
}

fn series(name: &str, values: &Values) -> Result<pl::Series, Error> {
    use pl::IntoSeries;
    let name: pl::PlSmallStr = name.into();
    Ok(match values {
        Values::Texts(texts) => pl::StringChunked::from_iter_options(name, texts.iter()).into_series(),
        Values::Integers(numbers) => pl::Series::new(name, numbers),
        Values::Decimals(numbers) => pl::Int128Chunked::from_slice_options(name, numbers)
            .into_series()
            .into_decimal(DECIMAL_PRECISION, DECIMAL_SCALE as usize)
            .map_err(Error::other)?,
        Values::Floats(numbers) => pl::Series::new(name, numbers),
        Values::Dates(days) => pl::Series::new(name, days).into_date(),
        Values::Booleans(flags) => pl::Series::new(name, flags),
        Values::Lists(texts, lengths) => {
            let mut builder = pl::ListStringChunkedBuilder::new(name, lengths.len(), lengths.iter().sum());
            let mut words = texts.iter().flatten();
            for length in lengths {
                builder.append_values_iter(words.by_ref().take(*length));
            }
            builder.finish().into_series()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::columns::TableId;
    use crate::write::value::Value;
    use pl::SerReader;
    use rust_decimal::Decimal;

    #[test]
    fn what_is_written_is_read_back_with_its_types() {
        let schema = TableId::Warnings.schema();
        let row = |expected: Value<'static>, facts: &[&str]| -> Vec<Value<'static>> {
            let fill = |name: &str| match name {
                "expected" => expected.clone(),
                "fact_ids" => Value::Words(facts.iter().map(ToString::to_string).collect()),
                "confidence" => Value::Float(0.75),
                "line" => Value::Integer(12),
                "message_vi" => "=không phải công thức".into(),
                _ => Value::Null,
            };
            schema.columns.iter().map(|column| fill(column.name)).collect()
        };
        let temp = tempfile::NamedTempFile::new().unwrap();
        let mut file = ParquetFile::new(temp.reopen().unwrap(), schema).unwrap();
        for (number, facts) in [("95.20", vec!["a", "b"]), ("-0.000000001", vec![])] {
            let mut chunk = Chunk::new(schema);
            chunk.row(&row(Value::Decimal(number.parse::<Decimal>().unwrap()), &facts));
            chunk.row(&row(Value::Null, &["c"]));
            file.write(&chunk).unwrap();
        }
        file.finish().unwrap();
        let frame = pl::ParquetReader::new(File::open(temp.path()).unwrap()).finish().unwrap();
        assert_eq!(frame.height(), 4);
        let shown = |column: &str, row: usize| frame.column(column).unwrap().get(row).unwrap();
        let decimal = |scaled| pl::AnyValue::Decimal(scaled, DECIMAL_PRECISION, DECIMAL_SCALE as usize);
        assert_eq!(shown("expected", 0), decimal(95_200_000_000));
        assert_eq!(shown("expected", 1), pl::AnyValue::Null);
        assert_eq!(shown("expected", 2), decimal(-1));
        assert_eq!(shown("message_vi", 3), pl::AnyValue::String("=không phải công thức"));
        assert_eq!(shown("line", 0), pl::AnyValue::Int64(12));
        assert_eq!(*frame.column("fact_ids").unwrap().dtype(), data_type(Type::Words));
        let lists = frame.column("fact_ids").unwrap().list().unwrap().clone();
        let lengths: Vec<_> = (0..4).map(|row| lists.get_as_series(row).map(|list| list.len())).collect();
        assert_eq!(lengths, [Some(2), Some(1), Some(0), Some(1)]);
    }
}
