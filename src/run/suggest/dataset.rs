//! A dataset folder → its facts, one after the other, as far as suggesting rules needs them; and the paths of some of its documents.
//!
//! Reads `facts.csv` or `facts.jsonl`, whichever is there, row by row: memory does not grow with the archive. Refuses a folder that
//! has neither (Parquet alone is not read here) and a file without the contract's columns.

use crate::error::RunError;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// One fact; null texts are empty.
#[derive(Debug)]
pub struct Seen<'a> {
    pub doc_id: &'a str,
    pub mapped: bool,
    pub label: &'a str,
    pub raw: &'a str,
    pub unit: &'a str,
    pub status: &'a str,
    pub kind: &'a str,
    pub source: &'a str,
    pub page: Option<u32>,
    pub line: Option<u32>,
    pub table: &'a str,
    pub quote: &'a str,
    pub rule: &'a str,
}

/// The columns read, in the order in which `facts` takes them.
const COLUMNS: [&str; 13] = [
    "doc_id",
    "indicator",
    "label",
    "raw",
    "unit",
    "status",
    "kind",
    "source",
    "page",
    "line",
    "table_id",
    "quote",
    "rule",
];

#[derive(Deserialize)]
struct JsonFact<'a> {
    #[serde(borrow)]
    doc_id: Cow<'a, str>,
    #[serde(borrow)]
    indicator: Option<Cow<'a, str>>,
    #[serde(borrow)]
    label: Option<Cow<'a, str>>,
    #[serde(borrow)]
    raw: Option<Cow<'a, str>>,
    #[serde(borrow)]
    unit: Option<Cow<'a, str>>,
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
    page: Option<u32>,
    line: Option<u32>,
    #[serde(borrow)]
    table_id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    quote: Option<Cow<'a, str>>,
    #[serde(borrow)]
    rule: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct JsonDocument<'a> {
    #[serde(borrow)]
    doc_id: Cow<'a, str>,
    #[serde(borrow)]
    path: Cow<'a, str>,
}

/// Hands out every fact of a dataset, in its order.
pub fn facts(folder: &Path, mut each: impl FnMut(&Seen)) -> Result<(), RunError> {
    if folder.join("facts.csv").is_file() {
        return rows(folder, "facts.csv", &COLUMNS, |fields| {
            each(&Seen {
                doc_id: fields[0],
                mapped: !fields[1].is_empty(),
                label: unguarded(fields[2]),
                raw: unguarded(fields[3]),
                unit: unguarded(fields[4]),
                status: fields[5],
                kind: fields[6],
                source: fields[7],
                page: fields[8].parse().ok(),
                line: fields[9].parse().ok(),
                table: fields[10],
                quote: unguarded(fields[11]),
                rule: fields[12],
            });
        });
    }
    lines(folder, "facts.jsonl", |line| {
        let fact: JsonFact = serde_json::from_str(line)?;
        let text = |value: &'_ Option<Cow<'_, str>>| value.as_deref().unwrap_or_default().to_string();
        let (label, raw, unit, quote) = (text(&fact.label), text(&fact.raw), text(&fact.unit), text(&fact.quote));
        each(&Seen {
            doc_id: &fact.doc_id,
            mapped: fact.indicator.is_some(),
            label: &label,
            raw: &raw,
            unit: &unit,
            status: &fact.status,
            kind: fact.kind.as_deref().unwrap_or_default(),
            source: fact.source.as_deref().unwrap_or_default(),
            page: fact.page,
            line: fact.line,
            table: fact.table_id.as_deref().unwrap_or_default(),
            quote: &quote,
            rule: fact.rule.as_deref().unwrap_or_default(),
        });
        Ok(())
    })
}

/// The paths of the documents asked for, by id.
pub fn paths(folder: &Path, wanted: &HashSet<&str>) -> Result<HashMap<String, String>, RunError> {
    let mut found = HashMap::new();
    let mut take = |id: &str, path: &str| {
        if wanted.contains(id) {
            found.insert(id.to_string(), path.to_string());
        }
    };
    if folder.join("documents.csv").is_file() {
        rows(folder, "documents.csv", &["doc_id", "path"], |fields| take(fields[0], unguarded(fields[1])))?;
    } else {
        lines(folder, "documents.jsonl", |line| {
            let document: JsonDocument = serde_json::from_str(line)?;
            take(&document.doc_id, &document.path);
            Ok(())
        })?;
    }
    Ok(found)
}

fn failed(folder: &Path, name: &str, why: impl std::fmt::Display) -> RunError {
    RunError::Failed(format!("{}: {why}", folder.join(name).display()))
}

/// Rows of a CSV file, the named columns in the order asked for.
fn rows(folder: &Path, name: &str, columns: &[&str], mut each: impl FnMut(&[&str])) -> Result<(), RunError> {
    let mut reader = csv::Reader::from_path(folder.join(name)).map_err(|e| failed(folder, name, e))?;
    let header = reader.headers().map_err(|e| failed(folder, name, e))?;
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        let place = header.iter().position(|h| h == *column);
        places.push(place.ok_or_else(|| failed(folder, name, format!("no column `{column}`")))?);
    }
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| failed(folder, name, e))? {
        let fields: Vec<&str> = places.iter().map(|at| record.get(*at).unwrap_or_default()).collect();
        each(&fields);
    }
    Ok(())
}

/// Lines of a JSON lines file.
fn lines(
    folder: &Path,
    name: &str,
    mut each: impl FnMut(&str) -> Result<(), serde_json::Error>,
) -> Result<(), RunError> {
    let file = File::open(folder.join(name)).map_err(|_| {
        let table = name.trim_end_matches(".jsonl");
        failed(folder, "", format!("neither {table}.csv nor {table}.jsonl; extract with --formats csv"))
    })?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let (mut line, mut number) = (String::new(), 0u64);
    while reader.read_line(&mut line).map_err(|e| failed(folder, name, e))? > 0 {
        number += 1;
        if !line.trim().is_empty() {
            each(&line).map_err(|e| failed(folder, name, format!("line {number}: {e}")))?;
        }
        line.clear();
    }
    Ok(())
}

/// A text without the apostrophe that guards it from being run as a formula.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) => rest,
        _ => text,
    }
}
