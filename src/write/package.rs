//! `datapackage.json` (Frictionless Data Package) and `run.json`: what the dataset is and how it came about.
//!
//! CSV files are tabular resources with dialect, Table Schema and foreign keys. JSON lines and Parquet are resources of type `file`:
//! a validator without their plug-ins then checks that they are there and how long they are, instead of failing. No resource has a
//! primary key on `doc_id`: two copies of one file share it; `documents` is unique by path.
//!
//! Neither file holds a time, a machine path or a thread count: the same input, rules and version give the same bytes.

use crate::write::columns::{CONTRACT_VERSION, Column, SCHEMAS, Schema, TableId, Type};
use crate::write::dataset::{Counts, Formats};
use crate::write::folder::PROGRAM;
use crate::write::rows::FileStatus;
use serde_json::{Value, json};
use std::path::Path;

/// What `run.json` says of a run apart from its counts.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunInfo {
    /// Digest of the rules.
    pub rules: String,
    /// Arguments that decide what is written, in a fixed order. Never a path of the machine.
    pub arguments: Vec<(&'static str, Value)>,
    /// Files below the input that are no reports and were not read.
    pub skipped: Vec<String>,
}

pub(super) fn pretty(value: &Value) -> String {
    // A JSON value always prints.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// The text of `datapackage.json` for the files in `folder`.
pub fn datapackage(formats: Formats, folder: &Path) -> String {
    let mut resources = Vec::new();
    for format in ["csv", "jsonl", "parquet"] {
        if formats.names().contains(&format) {
            // The table of comparisons is there only after `baocao compare`.
            let there = |schema: &&Schema| folder.join(format!("{}.{format}", schema.name)).is_file();
            resources.extend(SCHEMAS.iter().filter(there).map(|schema| resource(schema, format, folder)));
        }
    }
    pretty(&json!({
        "profile": "data-package",
        "name": "baocao-dataset",
        "title": "Figures and inconsistencies of administrative-reform reports",
        "description": "Every figure of the reports read, traced to its place, and every inconsistency found. \
            In CSV files a text that a spreadsheet would run as a formula (first character =, +, -, @ or a control character) \
            has a leading apostrophe; the other formats hold it as it is.",
        "version": format!("{CONTRACT_VERSION}.0.0"),
        "created_by": { "program": PROGRAM, "version": env!("CARGO_PKG_VERSION"), "contract": CONTRACT_VERSION },
        "resources": resources,
    }))
}

fn resource(schema: &Schema, format: &str, folder: &Path) -> Value {
    let path = format!("{}.{format}", schema.name);
    let bytes = std::fs::metadata(folder.join(&path)).map(|m| m.len()).unwrap_or_default();
    if format == "csv" {
        return json!({
            "name": schema.name,
            "path": path,
            "profile": "tabular-data-resource",
            "description": schema.description,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": bytes,
            "dialect": {
                "delimiter": ",", "lineTerminator": "\n", "quoteChar": "\"", "doubleQuote": true,
                "skipInitialSpace": false, "header": true,
            },
            "schema": table_schema(schema),
        });
    }
    let mediatype = if format == "parquet" { "application/vnd.apache.parquet" } else { "application/x-ndjson" };
    json!({
        "name": format!("{}-{format}", schema.name),
        "path": path,
        "type": "file",
        "description": schema.description,
        "format": format,
        "mediatype": mediatype,
        "bytes": bytes,
        // The columns are those of the CSV twin, if there is one; stated here too, so that the file explains itself without it.
        "baocao:fields": schema.columns.iter().map(|column| field(column, true)).collect::<Vec<_>>(),
    })
}

fn table_schema(schema: &Schema) -> Value {
    let fields: Vec<Value> = schema.columns.iter().map(|column| field(column, false)).collect();
    let mut out = json!({ "fields": fields, "missingValues": [""] });
    let keys = foreign_keys(schema);
    if !keys.is_empty() {
        out["foreignKeys"] = Value::Array(keys);
    }
    if schema.name == TableId::Documents.schema().name {
        out["primaryKey"] = json!(["path"]);
    }
    out
}

fn field(column: &Column, lists: bool) -> Value {
    let kind = match column.kind {
        Type::Text | Type::Word => "string",
        Type::Integer => "integer",
        Type::Decimal | Type::Float => "number",
        Type::Date => "date",
        Type::Boolean => "boolean",
        Type::Words if lists => "array",
        Type::Words => "string",
    };
    let mut out = json!({ "name": column.name, "type": kind, "description": column.description });
    if column.required {
        out["constraints"] = json!({ "required": true });
    }
    out
}

/// Every table with a document's id belongs to it; a warning's suspect is a fact.
fn foreign_keys(schema: &Schema) -> Vec<Value> {
    let reference = |field: &str, table: TableId, target: &str| json!({ "fields": [field], "reference": { "resource": table.schema().name, "fields": [target] } });
    let mut keys = Vec::new();
    for column in schema.columns {
        match column.name {
            "doc_id" if schema.name != TableId::Documents.schema().name => {
                keys.push(reference("doc_id", TableId::Documents, "doc_id"));
            }
            "suspect_fact_id" => keys.push(reference("suspect_fact_id", TableId::Facts, "fact_id")),
            _ => {}
        }
    }
    keys
}

/// The text of `run.json`.
pub fn run_report(run: &RunInfo, formats: Formats, counts: &Counts) -> String {
    let failures = |status: FileStatus| -> Vec<Value> {
        let of_status = counts.failures.iter().filter(|failure| failure.status == status);
        of_status
            .map(|failure| {
                let (code, message) = failure.error_en.split_once(": ").unwrap_or((&failure.error_en, ""));
                json!({ "path": failure.path, "code": code, "message": message })
            })
            .collect()
    };
    let mut arguments = serde_json::Map::new();
    arguments.insert("formats".into(), json!(formats.names()));
    arguments.extend(run.arguments.iter().map(|(name, value)| ((*name).to_string(), value.clone())));
    pretty(&json!({
        "program": PROGRAM,
        "version": env!("CARGO_PKG_VERSION"),
        "contract": CONTRACT_VERSION,
        "rules": run.rules,
        "arguments": arguments,
        "counts": {
            "documents": counts.documents.iter().sum::<usize>(),
            "ok": counts.with_status(FileStatus::Ok),
            "partial": counts.with_status(FileStatus::Partial),
            "failed": counts.with_status(FileStatus::Failed),
            "facts": counts.facts,
            "mapped": counts.mapped,
            "warnings": { "error": counts.warnings[2], "warning": counts.warnings[1], "info": counts.warnings[0] },
        },
        "failed": failures(FileStatus::Failed),
        "partial": failures(FileStatus::Partial),
        "skipped": run.skipped,
    }))
}
