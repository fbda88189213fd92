//! One file's result → rows of the five tables, as values in the order of `columns`.
//!
//! Ids are digests of the file's bytes and of the position in it, so that the same report gets the same ids on every machine and
//! every run; nothing here depends on the clock, the machine or the order in which files were read. A fact's characters are counted
//! in Unicode scalar values, because that is what notebooks slice by.

use crate::error::ReadError;
use crate::model::{BlockKind, Document, Extraction, Fact, Place, Source as FactSource, Status, Warning};
use crate::text::number::Relation;
use crate::text::period::{Period, PeriodKind};
use crate::write::columns::TableId;
use crate::write::csv::digits;
use crate::write::value::{Sink, Value};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// Longest heading or caption repeated in each row below it, in characters: a hostile "heading" of a megabyte must not be copied into
/// every row.
const MAX_CONTEXT: usize = 300;

/// What is known of a file apart from what it says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileId {
    /// As in the contract's `documents.path`.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal; None where they could not be read.
    pub sha256: Option<String>,
    /// Size in bytes, where known.
    pub bytes: Option<u64>,
}

impl FileId {
    /// First 16 hex digits of the SHA-256.
    pub fn doc_id(&self) -> Option<&str> {
        self.sha256.as_deref().and_then(|s| s.get(..16))
    }
}

/// What became of a file.
#[derive(Debug)]
pub enum Outcome {
    /// It was read.
    Read(Box<(Document, Extraction)>),
    /// It was not; the format where its content tells.
    Failed(ReadError, Option<&'static str>),
}

/// How far a file could be read, as in `documents.status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileStatus {
    /// All of it.
    Ok,
    /// With losses that `documents.error` names.
    Partial,
    /// Not at all.
    Failed,
}

impl FileStatus {
    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            FileStatus::Ok => "ok",
            FileStatus::Partial => "partial",
            FileStatus::Failed => "failed",
        }
    }
}

/// Notices that tell how a file was read and mean no loss: they leave its status alone.
const HARMLESS: [&str; 4] = ["tracked-changes", "wrong-extension", "hidden-sheet", "hidden-rows"];

/// Whether a notice means that something is lost.
fn is_loss(notice: &(String, Place)) -> bool {
    !HARMLESS.contains(&notice.0.as_str())
}

impl Outcome {
    /// The status that the contract gives it: partial where the reader noticed that something of the file is lost.
    pub fn status(&self) -> FileStatus {
        match self {
            Outcome::Failed(..) => FileStatus::Failed,
            Outcome::Read(read) if !read.0.notices.iter().any(is_loss) => FileStatus::Ok,
            Outcome::Read(_) => FileStatus::Partial,
        }
    }

    /// Machine code and message, when partial or failed; `read/noted: …` where something is worth knowing of a whole file.
    pub fn error(&self) -> Option<String> {
        match self {
            Outcome::Failed(error, _) => Some(error.to_string()),
            Outcome::Read(_) => self.losses("line", "more"),
        }
    }

    /// `error` in Vietnamese.
    pub fn error_vi(&self) -> Option<String> {
        match self {
            Outcome::Failed(error, _) => Some(format!("{}: {}", error.code, error.message_vi)),
            Outcome::Read(_) => self.losses("dòng", "chỗ khác"),
        }
    }

    fn losses(&self, line: &str, more: &str) -> Option<String> {
        match self {
            Outcome::Read(read) if !read.0.notices.is_empty() => Some(notices(&read.0, line, more)),
            _ => None,
        }
    }
}

/// `invalid-utf8 (line 3, 8); truncated-row (line 20)`: each kind of notice once, with the first few of its lines.
fn notices(document: &Document, line: &str, more: &str) -> String {
    const SHOWN: usize = 5;
    const KINDS: usize = 20;
    let mut names: Vec<&str> = document.notices.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.truncate(KINDS);
    let describe = |name: &&str| {
        let places: Vec<_> = document.notices.iter().filter(|(n, _)| n == name).map(|(_, place)| place).collect();
        let lines: Vec<String> = places.iter().filter_map(|p| p.line).take(SHOWN).map(|l| l.to_string()).collect();
        match (lines.is_empty(), places.len() > SHOWN) {
            (true, _) => (*name).to_string(),
            (false, false) => format!("{name} ({line} {})", lines.join(", ")),
            (false, true) => format!("{name} ({line} {}, +{} {more})", lines.join(", "), places.len() - lines.len()),
        }
    };
    let code = if document.notices.iter().any(is_loss) { "read/partial" } else { "read/noted" };
    format!("{code}: {}", names.iter().map(describe).collect::<Vec<_>>().join("; "))
}

/// The contract's sign of a relation.
pub fn relation_word(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::Greater => ">",
        Relation::AtLeast => ">=",
        Relation::Less => "<",
        Relation::AtMost => "<=",
        Relation::About => "~",
    }
}

/// The contract's word for a kind of period.
pub fn period_word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Month => "month",
        PeriodKind::Quarter => "quarter",
        PeriodKind::Half => "half",
        PeriodKind::NineMonths => "nine-months",
        PeriodKind::Year => "year",
        PeriodKind::Range => "range",
    }
}

/// The contract's word for a fact's status.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Reported => "reported",
        Status::Blank => "blank",
        Status::None => "none",
    }
}

/// The contract's word for where a fact was read.
pub fn source_word(source: FactSource) -> &'static str {
    match source {
        FactSource::Table => "table",
        FactSource::Narrative => "narrative",
        FactSource::Footnote => "footnote",
    }
}

/// The contract's word for what a block is.
pub fn block_word(kind: BlockKind) -> &'static str {
    match kind {
        BlockKind::Heading(_) => "heading",
        BlockKind::Paragraph => "paragraph",
        BlockKind::ListItem(_) => "list-item",
        BlockKind::Table(_) => "table",
        BlockKind::Footnote => "footnote",
        BlockKind::Header => "header",
        BlockKind::Footer => "footer",
    }
}

/// `key=value;key=value`, sorted by key.
pub fn dims_text(dims: &[(String, String)]) -> Option<String> {
    if dims.is_empty() {
        return None;
    }
    let mut sorted: Vec<_> = dims.iter().collect();
    sorted.sort();
    let mut out = String::with_capacity(24 * sorted.len());
    for (key, value) in sorted {
        let mark = if out.is_empty() { "" } else { ";" };
        [mark, key, "=", value].iter().for_each(|part| out.push_str(part));
    }
    Some(out)
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// First 16 hex digits of the SHA-256 of some words.
pub fn digest16(words: &str) -> String {
    hex(&Sha256::digest(words.as_bytes())[..8])
}

/// Ids of an extraction's facts, in their order.
pub fn fact_ids(doc_id: &str, facts: &[Fact]) -> Vec<String> {
    // Two facts may share a place (a cell that answers two rows): the second of a place gets its ordinal.
    let mut seen = FxHashMap::with_capacity_and_hasher(facts.len(), Default::default());
    let mut place = String::new();
    facts
        .iter()
        .map(|fact| {
            let again = seen.entry((fact.block, fact.cell, fact.span)).and_modify(|n: &mut u32| *n += 1).or_insert(0);
            // `3f…/b12/t2r4c1/0-5/0`, a sentence's without the cell.
            place.clear();
            place.push_str(doc_id);
            let (start, end) = fact.span;
            let cell = fact.cell.map(|(table, row, column)| [("/t", table), ("r", row), ("c", column)]);
            let parts = [("/b", fact.block)].into_iter().chain(cell.into_iter().flatten());
            for (mark, number) in parts.chain([("/", start), ("-", end), ("/", *again)]) {
                place.push_str(mark);
                digits(u64::from(number), &mut place);
            }
            digest16(&place)
        })
        .collect()
}

/// Gives all rows of one file to a sink: its document row, then facts, warnings, tables, blocks.
pub fn emit(file: &FileId, outcome: &Outcome, sink: &mut impl Sink) {
    document(file, outcome, sink);
    if let (Outcome::Read(read), Some(doc_id)) = (outcome, file.doc_id()) {
        let (document, extraction) = &**read;
        let ids = fact_ids(doc_id, &extraction.facts);
        facts(doc_id, document, extraction, &ids, sink);
        warnings(doc_id, extraction, &ids, sink);
        tables(doc_id, document, sink);
        blocks(doc_id, document, sink);
    }
}

fn document(file: &FileId, outcome: &Outcome, sink: &mut impl Sink) {
    let empty = (Document::default(), Extraction::default());
    let (read, format) = match outcome {
        Outcome::Read(read) => (&**read, Some(read.0.format)),
        Outcome::Failed(_, format) => (&empty, *format),
    };
    let (document, extraction) = read;
    let meta = &extraction.metadata;
    let (start, end, period) = period_values(meta.period);
    sink.row(
        TableId::Documents,
        &[
            file.doc_id().into(),
            (&file.path).into(),
            file.sha256.as_ref().into(),
            file.bytes.into(),
            format.filter(|f| !f.is_empty()).into(),
            filled(&document.parser).into(),
            document.pages.into(),
            filled(&document.charset).into(),
            meta.doc_number.as_ref().into(),
            meta.issued_on.into(),
            meta.place.as_ref().into(),
            meta.issuer.as_ref().into(),
            meta.issuer_level.map(|l| l.as_str()).into(),
            meta.entity_code.as_ref().into(),
            meta.district.as_ref().into(),
            meta.province.as_ref().into(),
            meta.title.as_ref().into(),
            meta.kind.as_ref().into(),
            start,
            end,
            period,
            filled(extraction.number_style).into(),
            outcome.status().as_str().into(),
            outcome.error().into(),
            extraction.facts.len().into(),
            extraction.facts.iter().filter(|f| f.indicator.is_some()).count().into(),
            extraction.warnings.len().into(),
        ],
    );
}

fn filled(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

fn period_values(period: Option<Period>) -> (Value<'static>, Value<'static>, Value<'static>) {
    match period {
        Some(p) => (p.start.into(), p.end.into(), period_word(p.kind).into()),
        None => (Value::Null, Value::Null, Value::Null),
    }
}

/// Byte offsets → character offsets, in one pass as long as they ascend within one text (figures come in document order).
#[derive(Default)]
struct Characters {
    byte: usize,
    character: usize,
}

impl Characters {
    fn at(&mut self, text: &str, byte: u32) -> usize {
        let byte = (byte as usize).min(text.len());
        let (from, counted) = if byte >= self.byte { (self.byte, self.character) } else { (0, 0) };
        // A character starts at every byte that is no continuation byte; this also holds for an offset inside a character.
        let starts = text.as_bytes()[from..byte].iter().filter(|b| (**b & 0xC0) != 0x80).count();
        (self.byte, self.character) = (byte, counted + starts);
        self.character
    }
}

fn facts(doc_id: &str, document: &Document, extraction: &Extraction, ids: &[String], sink: &mut impl Sink) {
    let (mut last, mut text, mut characters) = (None, "", Characters::default());
    for (fact, id) in extraction.facts.iter().zip(ids) {
        if last != Some((fact.block, fact.cell)) {
            last = Some((fact.block, fact.cell));
            characters = Characters::default();
            text = clean_text(document, fact);
        }
        let start_character = characters.at(text, fact.span.0);
        let end_character = characters.at(text, fact.span.1);
        let (start, end, period) = period_values(fact.period);
        let edge = |i: usize| fact.place.rect.map(|r| f64::from(r[i])).into();
        sink.row(
            TableId::Facts,
            &[
                id.into(),
                doc_id.into(),
                fact.indicator.as_ref().into(),
                (&fact.label).into(),
                (&fact.raw).into(),
                fact.number.into(),
                fact.value.into(),
                fact.unit.as_ref().into(),
                fact.value_text.as_ref().into(),
                relation_word(fact.relation).into(),
                status_word(fact.status).into(),
                fact.kind.as_str().into(),
                fact.entity_code.as_ref().into(),
                fact.entity.as_ref().into(),
                fact.level.map(|l| l.as_str()).into(),
                dims_text(&fact.dims).into(),
                start,
                end,
                period,
                source_word(fact.source).into(),
                fact.place.page.into(),
                edge(0),
                edge(1),
                edge(2),
                edge(3),
                fact.place.line.into(),
                fact.cell.map(|(table, ..)| numbered("t", table)).into(),
                fact.cell.map(|(_, row, _)| row).into(),
                fact.cell.map(|(.., column)| column).into(),
                numbered("b", fact.block).into(),
                start_character.into(),
                end_character.into(),
                (&fact.quote).into(),
                fact.rule.as_ref().into(),
                fact.confidence.into(),
            ],
        );
    }
}

/// `b12`, `t3`.
fn numbered(mark: &str, number: u32) -> String {
    let mut out = String::with_capacity(12);
    out.push_str(mark);
    digits(u64::from(number), &mut out);
    out
}

/// The clean text that a fact's span counts in.
fn clean_text<'a>(document: &'a Document, fact: &Fact) -> &'a str {
    match fact.cell {
        Some((table, row, column)) => document
            .tables
            .get(table as usize)
            .and_then(|t| t.cell(row, column))
            .map_or("", |cell| cell.text.clean.as_str()),
        None => document.blocks.get(fact.block as usize).map_or("", |block| block.text.clean.as_str()),
    }
}

/// Ids of an extraction's warnings, in their order; `ids` are those of its facts.
pub fn warning_ids(doc_id: &str, extraction: &Extraction, ids: &[String]) -> Vec<String> {
    let mut seen: FxHashMap<String, u32> = FxHashMap::default();
    let own = |warning: &Warning| {
        let key = warning_key(doc_id, warning, &fact_ids_of(warning, ids));
        let again = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
        digest16(&format!("{key}/{again}"))
    };
    extraction.warnings.iter().map(own).collect()
}

fn fact_ids_of(warning: &Warning, ids: &[String]) -> Vec<String> {
    warning.facts.iter().filter_map(|i| ids.get(*i).cloned()).collect()
}

fn warnings(doc_id: &str, extraction: &Extraction, ids: &[String], sink: &mut impl Sink) {
    for (id, warning) in warning_ids(doc_id, extraction, ids).into_iter().zip(&extraction.warnings) {
        let fact_ids = fact_ids_of(warning, ids);
        let difference = warning.found.zip(warning.expected).and_then(|(found, expected)| found.checked_sub(expected));
        sink.row(
            TableId::Warnings,
            &[
                id.into(),
                doc_id.into(),
                (&warning.check).into(),
                warning.severity.as_str().into(),
                (&warning.message_vi).into(),
                (&warning.message_en).into(),
                Value::Words(fact_ids),
                warning.expected.into(),
                warning.found.into(),
                difference.into(),
                warning.suspect.and_then(|i| ids.get(i)).into(),
                warning.suggestion.into(),
                warning.confidence.into(),
                warning.place.page.into(),
                warning.place.line.into(),
            ],
        );
    }
}

fn warning_key(doc_id: &str, warning: &Warning, fact_ids: &[String]) -> String {
    let (page, line) = (warning.place.page.unwrap_or(0), warning.place.line.unwrap_or(0));
    format!("{doc_id}/{}/{}/{page}:{line}", warning.check, fact_ids.join(";"))
}

/// At most `MAX_CONTEXT` characters of a text.
fn short(text: &str) -> Cow<'_, str> {
    // Few are long even in bytes.
    if text.len() <= MAX_CONTEXT {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(MAX_CONTEXT) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(text),
    }
}

fn tables(doc_id: &str, document: &Document, sink: &mut impl Sink) {
    for (index, table) in document.tables.iter().enumerate() {
        let id = format!("t{index}");
        let captions: Vec<_> = table
            .captions
            .iter()
            .filter_map(|b| document.blocks.get(*b as usize))
            .map(|block| short(&block.text.clean))
            .collect();
        let caption = captions.join(" ");
        for cell in &table.cells {
            sink.row(
                TableId::Tables,
                &[
                    doc_id.into(),
                    (&id).into(),
                    filled(&caption).into(),
                    cell.place.page.into(),
                    cell.row.into(),
                    cell.column.into(),
                    cell.row_span.into(),
                    cell.column_span.into(),
                    cell.header.into(),
                    (&cell.text.clean).into(),
                    (&cell.text.raw).into(),
                ],
            );
        }
    }
}

fn blocks(doc_id: &str, document: &Document, sink: &mut impl Sink) {
    // Neighbours share their headings: the path is built once per heading that changes.
    let (mut last, mut path) = (None, String::new());
    for (index, block) in document.blocks.iter().enumerate() {
        if last != Some(block.heading) {
            last = Some(block.heading);
            // Levels are few in any report; a hostile chain of headings is cut at the nearest 12.
            let mut names: Vec<_> =
                document.headings(index as u32).take(12).map(|heading| short(&heading.text.clean)).collect();
            names.reverse();
            path = names.join(" > ");
        }
        sink.row(
            TableId::Blocks,
            &[
                doc_id.into(),
                numbered("b", index as u32).into(),
                block_word(block.kind).into(),
                filled(&path).into(),
                block.place.page.into(),
                block.place.line.into(),
                (&block.text.clean).into(),
                (&block.text.raw).into(),
                filled(&document.charset).into(),
            ],
        );
    }
}

#[cfg(test)]
#[path = "rows_tests.rs"]
pub(crate) mod tests;
