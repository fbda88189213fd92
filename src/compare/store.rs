//! The tables of a dataset, read from Parquet through polars: beside `write::parquet` the only file that names it.
//!
//! Only the columns that are needed are decoded, and never more than `WINDOW_ROWS` rows at a time: whatever the size of the dataset,
//! memory holds one window and what the caller keeps of it. Rows are handed over in file order with their number, because a
//! document's facts are known by their place: they stand in the order of `documents`, as many as its row says.

use crate::compare::document::{Filed, Window};
use crate::compare::figure::FactRow;
use crate::compare::message::Print;
use crate::compare::{damaged, stopped};
use crate::error::RunError;
use crate::model::Level;
use crate::text::period::{Period, PeriodKind};
use jiff::civil::{Date, date};
use polars::prelude as pl;
use polars::prelude::SerReader;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Rows decoded at once: one row group as `extract` writes them, more or less.
const WINDOW_ROWS: usize = 65_536;
/// Digits after the mark of the contract's decimals.
const SCALE: u32 = crate::write::columns::DECIMAL_SCALE;
/// What a report says that replaces another.
const REPLACES: [&str; 4] =
    ["thay thế báo cáo", "thay thế cho báo cáo", "đính chính báo cáo", "điều chỉnh, bổ sung báo cáo"];
/// Characters within which they name it.
const NAMED_WITHIN: usize = 120;

/// A dataset's folder.
pub(crate) struct Store {
    folder: PathBuf,
}

/// One Parquet file, its footer read once.
struct Table {
    path: PathBuf,
    reader: pl::ParquetReader<File>,
    rows: u64,
}

impl Table {
    fn open(folder: &Path, name: &str) -> Result<Table, RunError> {
        let path = folder.join(format!("{name}.parquet"));
        let file = File::open(&path).map_err(|_| {
            stopped(
                "compare/no-parquet",
                format!("{} không có {name}.parquet; hãy chạy extract với --formats parquet", folder.display()),
                format!("{} has no {name}.parquet; run extract with --formats parquet", folder.display()),
            )
        })?;
        let mut reader = pl::ParquetReader::new(file);
        let rows = reader.num_rows().map_err(|error| damaged(&path, &error.to_string()))?;
        Ok(Table { rows: rows as u64, path, reader })
    }

    /// Rows `from..` of some columns, at most a window of them.
    fn window(&mut self, from: u64, to: u64, columns: &[&str]) -> Result<pl::DataFrame, RunError> {
        let broken = |error: String| damaged(&self.path, &error);
        let metadata = self.reader.get_metadata().map_err(|e| damaged(&self.path, &e.to_string()))?.clone();
        let file = File::open(&self.path).map_err(|e| broken(e.to_string()))?;
        let length = (to - from).min(WINDOW_ROWS as u64);
        let (from, length) = (usize::try_from(from), usize::try_from(length));
        let slice = from.ok().zip(length.ok());
        let names = columns.iter().map(ToString::to_string).collect();
        let mut reader = pl::ParquetReader::new(file).with_columns(Some(names)).with_slice(slice);
        reader.set_metadata(metadata);
        let mut frame = reader.finish().map_err(|e| broken(e.to_string()))?;
        frame.rechunk_mut();
        Ok(frame)
    }
}

type Texts<'a> = Box<dyn Iterator<Item = Option<&'a str>> + 'a>;

fn texts<'a>(frame: &'a pl::DataFrame, name: &str) -> pl::PolarsResult<Texts<'a>> {
    Ok(Box::new(frame.column(name)?.str()?.iter()))
}

fn decimals<'a>(frame: &'a pl::DataFrame, name: &str) -> pl::PolarsResult<impl Iterator<Item = Option<Decimal>> + 'a> {
    Ok(frame.column(name)?.decimal()?.physical().iter().map(|v| v.and_then(decimal)))
}

fn dates<'a>(frame: &'a pl::DataFrame, name: &str) -> pl::PolarsResult<impl Iterator<Item = Option<Date>> + 'a> {
    Ok(frame.column(name)?.date()?.physical().iter().map(|d| d.and_then(day)))
}

fn integers<'a>(frame: &'a pl::DataFrame, name: &str) -> pl::PolarsResult<impl Iterator<Item = Option<i64>> + 'a> {
    Ok(frame.column(name)?.i64()?.iter())
}

fn day(days: i32) -> Option<Date> {
    date(1970, 1, 1).checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok()
}

/// A scaled integer as a decimal; None for one that 96 bits cannot hold.
fn decimal(scaled: i128) -> Option<Decimal> {
    let (mut scaled, mut scale) = (scaled, SCALE);
    while scale > 0 && scaled % 10 == 0 {
        (scaled, scale) = (scaled / 10, scale - 1);
    }
    Decimal::try_from_i128_with_scale(scaled, scale).ok()
}

fn period_kind(word: &str) -> PeriodKind {
    match word {
        "month" => PeriodKind::Month,
        "quarter" => PeriodKind::Quarter,
        "half" => PeriodKind::Half,
        "nine-months" => PeriodKind::NineMonths,
        "year" => PeriodKind::Year,
        _ => PeriodKind::Range,
    }
}

impl Store {
    /// A folder with a dataset in Parquet.
    pub fn open(folder: &Path) -> Store {
        Store { folder: folder.to_path_buf() }
    }

    /// All reports, in the order of the dataset.
    pub fn documents(&self) -> Result<Vec<Filed>, RunError> {
        let mut table = Table::open(&self.folder, "documents")?;
        let (mut out, mut at, mut first) = (Vec::new(), 0, 0);
        while at < table.rows {
            let frame = table.window(at, table.rows, &DOCUMENTS)?;
            documents(&frame, &mut out).map_err(|error| damaged(&table.path, &error.to_string()))?;
            at += step(&frame, &table)?;
        }
        for filed in &mut out {
            filed.first = first;
            first += filed.facts;
        }
        let facts = Table::open(&self.folder, "facts")?;
        if facts.rows != first {
            let reason = format!("documents.parquet counts {first} facts, the file has {}", facts.rows);
            return Err(damaged(&facts.path, &reason));
        }
        Ok(out)
    }

    /// Hands over the facts of some rows, each with its number.
    pub fn facts(&self, rows: Range<u64>, mut take: impl FnMut(u64, &FactRow<'_>)) -> Result<(), RunError> {
        let mut table = Table::open(&self.folder, "facts")?;
        let mut at = rows.start;
        while at < rows.end.min(table.rows) {
            let frame = table.window(at, rows.end.min(table.rows), &FACTS)?;
            facts(&frame, at, &mut take).map_err(|error| damaged(&table.path, &error.to_string()))?;
            at += step(&frame, &table)?;
        }
        Ok(())
    }

    /// The prints of some facts, by row; `rows` ascend.
    pub fn prints(&self, rows: &[u64]) -> Result<HashMap<u64, Print>, RunError> {
        let mut table = Table::open(&self.folder, "facts")?;
        let mut out = HashMap::with_capacity(rows.len());
        let mut left = rows;
        while let Some(from) = left.first().copied().filter(|row| *row < table.rows) {
            let frame = table.window(from, table.rows, &PRINTS)?;
            let (now, later) = left.split_at(left.partition_point(|row| *row < from + WINDOW_ROWS as u64));
            prints(&frame, from, now, &mut out).map_err(|error| damaged(&table.path, &error.to_string()))?;
            left = later;
        }
        Ok(out)
    }

    /// The figures that the documents' own checks suspect, with the value that they suggest; none where there are no warnings.
    pub fn suspected(&self) -> Result<HashMap<String, Decimal>, RunError> {
        let mut out = HashMap::new();
        if !self.folder.join("warnings.parquet").is_file() {
            return Ok(out);
        }
        let mut table = Table::open(&self.folder, "warnings")?;
        let mut at = 0;
        while at < table.rows {
            let frame = table.window(at, table.rows, &["suspect_fact_id", "suggestion"])?;
            let mut look = || -> pl::PolarsResult<()> {
                let suggested = texts(&frame, "suspect_fact_id")?.zip(decimals(&frame, "suggestion")?);
                out.extend(suggested.filter_map(|(id, value)| Some((id?.to_string(), value?))));
                Ok(())
            };
            look().map_err(|error| damaged(&table.path, &error.to_string()))?;
            at += step(&frame, &table)?;
        }
        Ok(out)
    }

    /// What some reports say that they replace; by document.
    pub fn replaced(&self, filed: &[Filed], wanted: &[u32]) -> Result<HashMap<u32, Vec<String>>, RunError> {
        let mut out: HashMap<u32, Vec<String>> = HashMap::new();
        let mut documents: HashMap<&str, u32> = HashMap::new();
        for doc in wanted {
            if let Some(filed) = filed.get(*doc as usize) {
                documents.entry(&filed.doc_id).or_insert(*doc);
                if let Some(said) = filed.title.as_deref().and_then(replacement) {
                    out.entry(*doc).or_default().push(said);
                }
            }
        }
        // Without the evidence tables there is only the title.
        if wanted.is_empty() || !self.folder.join("blocks.parquet").is_file() {
            return Ok(out);
        }
        let mut table = Table::open(&self.folder, "blocks")?;
        let mut at = 0;
        while at < table.rows {
            let frame = table.window(at, table.rows, &["doc_id", "text"])?;
            let mut look = || -> pl::PolarsResult<()> {
                for (id, text) in texts(&frame, "doc_id")?.zip(texts(&frame, "text")?) {
                    let doc = id.and_then(|id| documents.get(id));
                    if let Some((doc, said)) = doc.zip(text.and_then(replacement)) {
                        out.entry(*doc).or_default().push(said);
                    }
                }
                Ok(())
            };
            look().map_err(|error| damaged(&table.path, &error.to_string()))?;
            at += step(&frame, &table)?;
        }
        Ok(out)
    }
}

/// The words from `thay thế báo cáo` on, as far as they can name a report.
fn replacement(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let at = REPLACES.iter().filter_map(|words| lower.find(words)).min()?;
    Some(lower.get(at..)?.chars().take(NAMED_WITHIN).collect())
}

/// How far a window reached; a window without rows would never end.
fn step(frame: &pl::DataFrame, table: &Table) -> Result<u64, RunError> {
    match frame.height() {
        0 => Err(damaged(&table.path, "fewer rows than its footer says")),
        rows => Ok(rows as u64),
    }
}

const DOCUMENTS: [&str; 16] = [
    "doc_id",
    "path",
    "sha256",
    "doc_number",
    "issued_on",
    "issuer",
    "issuer_level",
    "entity_code",
    "district",
    "province",
    "title",
    "kind",
    "period_start",
    "period_end",
    "period_kind",
    "facts",
];

fn documents(frame: &pl::DataFrame, out: &mut Vec<Filed>) -> pl::PolarsResult<()> {
    let owned = |texts: &mut Texts<'_>| texts.next().flatten().map(str::to_string);
    let [mut id, mut path, mut sha, mut number, mut issuer, mut level] = [
        texts(frame, "doc_id")?,
        texts(frame, "path")?,
        texts(frame, "sha256")?,
        texts(frame, "doc_number")?,
        texts(frame, "issuer")?,
        texts(frame, "issuer_level")?,
    ];
    let [mut code, mut district, mut province, mut title, mut kind, mut period] = [
        texts(frame, "entity_code")?,
        texts(frame, "district")?,
        texts(frame, "province")?,
        texts(frame, "title")?,
        texts(frame, "kind")?,
        texts(frame, "period_kind")?,
    ];
    let mut issued = dates(frame, "issued_on")?;
    let (mut start, mut end) = (dates(frame, "period_start")?, dates(frame, "period_end")?);
    for facts in integers(frame, "facts")? {
        let named = period.next().flatten().map(period_kind);
        let bounds = start.next().flatten().zip(end.next().flatten());
        out.push(Filed {
            doc_id: owned(&mut id).unwrap_or_default(),
            path: owned(&mut path).unwrap_or_default(),
            sha256: owned(&mut sha),
            doc_number: owned(&mut number),
            issued_on: issued.next().flatten(),
            issuer: owned(&mut issuer),
            level: level.next().flatten().and_then(Level::parse),
            entity_code: owned(&mut code),
            district: owned(&mut district),
            province: owned(&mut province),
            title: owned(&mut title),
            kind: owned(&mut kind),
            period: bounds.zip(named).map(|((start, end), kind)| Period { start, end, kind }),
            first: 0,
            facts: facts.and_then(|n| u64::try_from(n).ok()).unwrap_or_default(),
        });
    }
    Ok(())
}

const FACTS: [&str; 13] = [
    "indicator",
    "number",
    "value",
    "relation",
    "status",
    "kind",
    "entity_code",
    "entity",
    "level",
    "dims",
    "period_start",
    "period_end",
    "confidence",
];

fn facts(frame: &pl::DataFrame, from: u64, take: &mut impl FnMut(u64, &FactRow<'_>)) -> pl::PolarsResult<()> {
    let [mut relation, mut status, mut kind, mut code, mut entity, mut level, mut dims] = [
        texts(frame, "relation")?,
        texts(frame, "status")?,
        texts(frame, "kind")?,
        texts(frame, "entity_code")?,
        texts(frame, "entity")?,
        texts(frame, "level")?,
        texts(frame, "dims")?,
    ];
    let (mut number, mut value) = (decimals(frame, "number")?, decimals(frame, "value")?);
    let (mut start, mut end) = (dates(frame, "period_start")?, dates(frame, "period_end")?);
    let mut confidence = frame.column("confidence")?.f64()?.iter();
    for (row, indicator) in (from..).zip(texts(frame, "indicator")?) {
        let bounds = start.next().flatten().zip(end.next().flatten());
        let fact = FactRow {
            indicator,
            number: number.next().flatten(),
            value: value.next().flatten(),
            relation: relation.next().flatten().unwrap_or_default(),
            status: status.next().flatten().unwrap_or_default(),
            kind: kind.next().flatten().unwrap_or_default(),
            entity_code: code.next().flatten(),
            entity: entity.next().flatten(),
            level: level.next().flatten(),
            dims: dims.next().flatten(),
            window: bounds.and_then(|(start, end)| Window::of(start, end)),
            confidence: confidence.next().flatten().unwrap_or_default(),
        };
        take(row, &fact);
    }
    Ok(())
}

const PRINTS: [&str; 4] = ["fact_id", "raw", "page", "line"];

fn prints(frame: &pl::DataFrame, from: u64, rows: &[u64], out: &mut HashMap<u64, Print>) -> pl::PolarsResult<()> {
    let (ids, raws) = (frame.column("fact_id")?.str()?, frame.column("raw")?.str()?);
    let (pages, lines) = (frame.column("page")?.i64()?, frame.column("line")?.i64()?);
    for row in rows {
        let Some(at) = row.checked_sub(from).and_then(|at| usize::try_from(at).ok()) else { continue };
        let text = |texts: &pl::StringChunked| texts.get(at).unwrap_or_default().to_string();
        out.insert(*row, Print { fact_id: text(ids), raw: text(raws), page: pages.get(at), line: lines.get(at) });
    }
    Ok(())
}
