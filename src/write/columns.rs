//! The dataset contract, version 1, written down once: tables, columns, types, meanings.
//!
//! Everything that has to agree with it is derived from here: the CSV header, the JSONL keys, the Parquet schema, the Table Schema
//! in `datapackage.json`, and the order in which `rows` lists its values. Adding a column is compatible; renaming or retyping one
//! is not and raises `CONTRACT_VERSION`.

/// Version of the contract that these columns make up.
pub const CONTRACT_VERSION: u32 = 1;

/// Digits after the decimal mark that every decimal column can hold. Parquet decimals have one scale per column: with 38 digits in
/// all, 9 decimals leave 29 before the mark, which is the whole range of the numbers that we read (28 digits). No report prints more
/// than 9 decimals; a computed `expected` that has more is rounded half to even, in all formats alike.
pub const DECIMAL_SCALE: u32 = 9;

/// What a column holds. Every column may be null unless `Column::required`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Words from the document or from outside: guarded against formulas in CSV.
    Text,
    /// Words of our own closed vocabularies (ids, kinds, `=`): written as they are.
    Word,
    /// Whole number.
    Integer,
    /// Exact decimal number.
    Decimal,
    /// Floating point: coordinates and confidences only.
    Float,
    /// Calendar date.
    Date,
    /// True or false.
    Boolean,
    /// List of our own words; `;`-joined in CSV.
    Words,
}

/// One column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in every format.
    pub name: &'static str,
    /// What it holds.
    pub kind: Type,
    /// Whether it is never null.
    pub required: bool,
    /// What it means.
    pub description: &'static str,
}

/// One table of the dataset.
#[derive(Debug)]
pub struct Schema {
    /// `documents`, `facts` …: also the file name without ending.
    pub name: &'static str,
    /// What one row is.
    pub description: &'static str,
    /// Its columns in order.
    pub columns: &'static [Column],
}

/// The tables; an index into `SCHEMAS`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableId {
    /// One row per input file.
    Documents,
    /// One row per figure.
    Facts,
    /// One row per inconsistency.
    Warnings,
    /// One row per table cell.
    Tables,
    /// One row per block.
    Blocks,
    /// One row per inconsistency between documents.
    Comparisons,
}

/// The tables that a run writes, in their order. `Comparisons` is added to a dataset later.
pub const TABLES: [TableId; 5] =
    [TableId::Documents, TableId::Facts, TableId::Warnings, TableId::Tables, TableId::Blocks];

impl TableId {
    /// Its columns.
    pub fn schema(self) -> &'static Schema {
        &SCHEMAS[self as usize]
    }
}

const fn column(name: &'static str, kind: Type, description: &'static str) -> Column {
    Column { name, kind, required: false, description }
}

const fn required(name: &'static str, kind: Type, description: &'static str) -> Column {
    Column { name, kind, required: true, description }
}

use Type::{Boolean, Date, Decimal, Float, Integer, Text, Word, Words};

/// The contract.
pub static SCHEMAS: [Schema; 6] = [
    Schema {
        name: "documents",
        description: "One row per input file, failed ones included.",
        columns: &[
            column(
                "doc_id",
                Word,
                "First 16 hex digits of the SHA-256 of the file's bytes; null if it could not be read.",
            ),
            required("path", Text, "Path below the input folder, / separated."),
            column("sha256", Word, "SHA-256 of the file's bytes, hexadecimal."),
            column("bytes", Integer, "Size of the file in bytes."),
            column("format", Word, "pdf, docx, doc, xlsx, text, html, image, …, found by content."),
            column("parser", Word, "The reader and the route taken, such as text/cell-per-line."),
            column("pages", Integer, "Number of pages, where the format has pages."),
            column("charset", Word, "Encoding as detected, before conversion to Unicode NFC."),
            column("doc_number", Text, "Number of the document as printed, cleaned."),
            column("issued_on", Date, "Date of issue; null when the day is left blank in the document."),
            column("place", Text, "Place of issue."),
            column("issuer", Text, "Who issued it."),
            column("issuer_level", Word, "hamlet, commune, district, province, department, central."),
            column("entity_code", Word, "Official code of the issuer's administrative unit."),
            column("district", Text, "District the issuer belongs to, by gazetteer."),
            column("province", Text, "Province the issuer belongs to, by gazetteer."),
            column("title", Text, "Title of the report."),
            column("kind", Word, "periodic-report, thematic-report, score-sheet, inspection-report, letter, annex."),
            column("period_start", Date, "First day of the reporting period."),
            column("period_end", Date, "Last day of the reporting period."),
            column("period_kind", Word, "month, quarter, half, nine-months, year, range."),
            column("number_style", Word, "vi (1.815,5), en (1,815.5) or mixed: what the document's own figures prove."),
            required("status", Word, "ok, partial, failed."),
            column("error", Text, "Machine code and message, when partial or failed."),
            required("facts", Integer, "Number of facts."),
            required("mapped", Integer, "Number of facts that carry an indicator."),
            required("warnings", Integer, "Number of warnings."),
        ],
    },
    Schema {
        name: "facts",
        description: "One row per reported figure, mapped to an indicator or not.",
        columns: &[
            required("fact_id", Word, "Stable id: digest of doc_id and position."),
            required("doc_id", Word, "Document it stands in."),
            column("indicator", Word, "Canonical id; null for a figure that no rule maps."),
            column("label", Text, "The row's label or the phrase that names the figure, cleaned."),
            column("raw", Text, "The characters as printed."),
            column("number", Decimal, "The printed number."),
            column("value", Decimal, "The number in the indicator's unit; percent as printed, money in VND."),
            column("unit", Text, "Unit of value."),
            column("value_text", Text, "The value where it is words."),
            required("relation", Word, "=, >, >=, <, <= or ~: relation of the print to the true value."),
            required("status", Word, "reported, blank (empty cell of a known row) or none (said in words: number 0)."),
            required("kind", Word, "count, percent, money, score, code, text, rank, area, change."),
            column("entity_code", Word, "Official code of the unit that the figure is about."),
            column("entity", Text, "Who the figure is about."),
            column("level", Word, "Whose things are counted, where the report says so; null = the issuer's own."),
            column("dims", Text, "Further dimensions as key=value, ; joined, sorted by key."),
            column("period_start", Date, "First day of the figure's period."),
            column("period_end", Date, "Last day of the figure's period."),
            column("period_kind", Word, "month, quarter, half, nine-months, year, range."),
            required("source", Word, "table, narrative, footnote."),
            column("page", Integer, "Page from 1."),
            column("x0", Float, "Left edge in points from the page's top left."),
            column("y0", Float, "Top edge in points from the page's top left."),
            column("x1", Float, "Right edge in points from the page's top left."),
            column("y1", Float, "Bottom edge in points from the page's top left."),
            column("line", Integer, "Line from 1, for text inputs."),
            column("table_id", Word, "Table it stands in."),
            column("row", Integer, "Row from 0 in that table."),
            column("column", Integer, "Column from 0 in that table."),
            required("block_id", Word, "Block it stands in."),
            required(
                "char_start",
                Integer,
                "First character of the figure in the clean text of its block or cell, from 0.",
            ),
            required("char_end", Integer, "Character after the figure's last."),
            column("quote", Text, "The row or sentence it was read from, cleaned."),
            column("rule", Word, "The rule that mapped it."),
            required("confidence", Float, "0 to 1: how sure the reading and the mapping are."),
        ],
    },
    Schema {
        name: "warnings",
        description: "One row per inconsistency or doubtful reading.",
        columns: &[
            required("warning_id", Word, "Stable id: digest of doc_id, check and figures."),
            required("doc_id", Word, "Document it stands in."),
            required("check", Word, "Id of the check."),
            required("severity", Word, "error, warning, info."),
            column("message_vi", Text, "One sentence in Vietnamese, with the figures in it."),
            column("message_en", Text, "One sentence in English, with the figures in it."),
            column("fact_ids", Words, "Every figure that takes part, ; joined in CSV."),
            column("expected", Decimal, "What the other figures demand."),
            column("found", Decimal, "What is printed."),
            column("difference", Decimal, "found - expected."),
            column("suspect_fact_id", Word, "The figure most likely wrong; null where it is a tie."),
            column("suggestion", Decimal, "The value that would settle every check the suspect takes part in."),
            required("confidence", Float, "0 to 1."),
            column("page", Integer, "Page of the suspect, else of the first figure."),
            column("line", Integer, "Line of the suspect, else of the first figure."),
        ],
    },
    Schema {
        name: "tables",
        description: "One row per table cell: the evidence.",
        columns: &[
            required("doc_id", Word, "Document it stands in."),
            required("table_id", Word, "t0, t1 … in reading order."),
            column("caption", Text, "Caption of the table."),
            column("page", Integer, "Page from 1."),
            required("row", Integer, "First row that the cell covers, from 0."),
            required("column", Integer, "First column that the cell covers, from 0."),
            required("row_span", Integer, "Rows covered, at least 1."),
            required("column_span", Integer, "Columns covered, at least 1."),
            required("header", Boolean, "Whether the cell belongs to the header rows."),
            column("text", Text, "Clean text."),
            column("raw_text", Text, "Text as found."),
        ],
    },
    Schema {
        name: "blocks",
        description: "One row per block of the document in reading order: the evidence.",
        columns: &[
            required("doc_id", Word, "Document it stands in."),
            required("block_id", Word, "b0, b1 … in reading order."),
            required("kind", Word, "heading, paragraph, list-item, table, footnote, header, footer."),
            column("heading_path", Text, "The headings above it, outermost first, joined by ' > '."),
            column("page", Integer, "Page from 1."),
            column("line", Integer, "Line from 1, for text inputs."),
            column("text", Text, "Clean text."),
            column("raw_text", Text, "Text as found."),
            column("charset", Word, "Encoding of the text as detected."),
        ],
    },
    Schema {
        name: "comparisons",
        description: "One row per inconsistency between documents; written by baocao compare.",
        columns: &[
            required("comparison_id", Word, "Stable id: digest of the check, the documents and the figures."),
            column("doc_ids", Words, "Every document that takes part, ; joined in CSV."),
            required("check", Word, "Id of the check."),
            required("severity", Word, "error, warning, info."),
            column("message_vi", Text, "What is wrong, in Vietnamese, with the figures in it."),
            column("message_en", Text, "What is wrong, in English, with the figures in it."),
            column("fact_ids", Words, "Every figure that takes part, ; joined in CSV."),
            column("indicator", Word, "What the figures count, where it is one thing."),
            column("issuer", Text, "Who issued the report that it is about."),
            column("entity_code", Word, "Official code of that unit."),
            column("expected", Decimal, "What the other figures demand, in the indicator's unit."),
            column("found", Decimal, "What is printed, in the indicator's unit."),
            column("difference", Decimal, "found - expected."),
            column("suspect_fact_id", Word, "The figure most likely wrong; null where it is a tie."),
            column("suggestion", Decimal, "The value that would settle every relation the suspect takes part in."),
            required("confidence", Float, "0 to 1."),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_in_contract_order() {
        for schema in &SCHEMAS {
            let mut names: Vec<_> = schema.columns.iter().map(|c| c.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), schema.columns.len(), "{}", schema.name);
        }
        let facts: Vec<_> = TableId::Facts.schema().columns.iter().map(|c| c.name).collect();
        assert_eq!(facts[..6], ["fact_id", "doc_id", "indicator", "label", "raw", "number"]);
        assert_eq!(facts.len(), 35);
        assert_eq!(TableId::Documents.schema().columns.len(), 27);
        assert_eq!(TableId::Warnings.schema().columns.len(), 15);
        assert_eq!(TableId::Comparisons.schema().name, "comparisons");
    }
}
