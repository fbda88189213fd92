//! Text reports in three dialects, told apart by content and per region: tables whose rows are lines with tabs (OCR Markdown),
//! tables with one cell per line (Word dumps), score tables hard-wrapped in a PDF's text layer; besides, tables laid out with
//! spaces and plain prose.
//!
//! Bytes come in, a `Document` goes out. One pass cuts lines; each region's reader takes as many lines as it understands, the
//! rest is running text. Every line with a letter or a digit ends in exactly one block or cell.

mod boxed;
mod cells;
pub(crate) mod decode;
mod fields;
pub(crate) mod grid;
pub(crate) mod layout;
pub(crate) mod line;
mod listed;
pub(crate) mod mark;
mod markdown;
mod pdf_layer;
pub(crate) mod prose;
#[cfg(test)]
mod reports;
mod run_on;
pub(crate) mod structure;
mod tokens;
#[cfg(test)]
mod variations;

use crate::error::ReadError;
use crate::model::{Document, Place, Table};
use grid::RawTable;
use line::Line;
use prose::Setting;
use structure::Item;

pub use decode::MAX_BYTES;

/// Reads a text dump of a report.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    let decoded = decode::decode(bytes, name)?;
    let lines = line::lines(&decoded.text);
    let (lines, footers) = page_numbers(lines);
    let mut reader = Reader::new(&lines, footers);
    reader.read();
    let parser = reader.parser();
    let notices = std::mem::take(&mut reader.notices);
    let mut document = structure::build(reader.items);
    document.parser = parser.to_string();
    document.format = "text";
    document.charset = decoded.charset.to_string();
    document.notices = decoded.bad_lines.iter().map(|l| ("invalid-utf8".to_string(), Place::line(*l))).collect();
    document.notices.extend(notices);
    Ok(document)
}

/// Rows read by each of the readers, for the document's `parser`.
#[derive(Debug, Default)]
struct Counts {
    tabs: usize,
    cells: usize,
    layer: usize,
}

/// A reader of tables that can fail: its lines may be running text after all.
struct Seeker {
    starts: fn(&[Line], usize) -> bool,
    /// The table, or the line before which there is none either.
    parse: for<'a> fn(&[Line<'a>], usize) -> Result<RawTable<'a>, usize>,
    /// Its first row is the head, and no other.
    one_head: bool,
    /// Counts as cell per line, not as text layer.
    cell_per_line: bool,
}

/// In the order they are asked.
const SOUGHT: [Seeker; 4] = [
    Seeker { starts: layout::starts, parse: layout::parse, one_head: false, cell_per_line: false },
    Seeker { starts: pdf_layer::starts, parse: pdf_layer::parse, one_head: true, cell_per_line: false },
    Seeker { starts: listed::starts, parse: listed::parse, one_head: false, cell_per_line: true },
    Seeker { starts: run_on::starts, parse: run_on::parse, one_head: true, cell_per_line: false },
];

struct Reader<'l, 'a> {
    lines: &'l [Line<'a>],
    setting: Setting,
    items: Vec<Item<'a>>,
    /// Running text not yet cut into paragraphs.
    prose: Vec<Line<'a>>,
    footers: std::iter::Peekable<std::vec::IntoIter<Line<'a>>>,
    notices: Vec<(String, Place)>,
    counts: Counts,
    marked: bool,
}

impl<'l, 'a> Reader<'l, 'a> {
    fn new(lines: &'l [Line<'a>], footers: Vec<Line<'a>>) -> Self {
        Reader {
            lines,
            setting: prose::setting(lines),
            items: Vec::with_capacity(lines.len()),
            prose: Vec::new(),
            footers: footers.into_iter().peekable(),
            notices: Vec::new(),
            counts: Counts::default(),
            marked: false,
        }
    }

    fn read(&mut self) {
        let lines = self.lines;
        let mut at = 0;
        let mut vain = [0; SOUGHT.len()];
        while let Some(line) = lines.get(at) {
            if line.long() {
                self.prose.push(*line);
                at += 1;
            } else if boxed::starts(lines, at) {
                let drawn = boxed::parse(lines, at);
                self.counts.layer += drawn.rows.len();
                self.table(drawn.rows, drawn.columns);
                at = drawn.next.max(at + 1);
            } else if let Some(fields) = markdown::starts(lines, at) {
                let region = markdown::parse(lines, at, fields);
                let next = region.next.max(at + 1);
                self.region(region, &lines[at..next]);
                at = next;
            } else if line.cell().is_some() {
                let (parts, next) = cells::parse(lines, at);
                for part in parts {
                    match part {
                        cells::Part::Prose(range) => self.prose.extend_from_slice(&lines[range]),
                        cells::Part::Table { rows, .. } if is_letterhead(&rows) => {
                            // Column by column, as the two halves are read.
                            let cells = rows.iter().flat_map(|r| r.cells.iter().enumerate());
                            let mut cells: Vec<_> = cells.filter(|(_, c)| !c.is_empty()).collect();
                            cells.sort_by_key(|(column, _)| *column);
                            let pieces = cells.into_iter().flat_map(|(_, cell)| &cell.pieces);
                            self.prose.extend(pieces.map(|(no, text)| Line { no: *no, raw: text, gap: 1, tabs: 0 }));
                        }
                        cells::Part::Table { rows, columns, cut } => {
                            self.counts.cells += rows.len();
                            self.table(rows, columns);
                            if let Some(line) = cut {
                                self.notices.push(("truncated-row".to_string(), Place::line(line)));
                            }
                        }
                    }
                }
                at = next.max(at + 1);
            } else if fields::starts(lines, at) {
                let fields = fields::parse(lines, at);
                self.counts.layer += fields.rows.len();
                self.table(fields.rows, fields.columns);
                at = fields.next.max(at + 1);
            } else if let Some(next) = self.sought(at, &mut vain) {
                at = next;
            } else {
                self.marked |= line.raw.starts_with('#') || line.raw.starts_with("**");
                self.prose.push(*line);
                at += 1;
            }
        }
        self.flush();
        for footer in self.footers.by_ref() {
            self.items.push(Item::Footer(footer.no, footer.text()));
        }
    }

    /// A table that shows only when it is read whole, at line `at`: the index of the first line after it. `vain` tells for each
    /// reader before which line it need not look.
    fn sought(&mut self, at: usize, vain: &mut [usize; SOUGHT.len()]) -> Option<usize> {
        for (reader, from) in SOUGHT.iter().zip(vain) {
            if at < *from || !(reader.starts)(self.lines, at) {
                continue;
            }
            let table = match (reader.parse)(self.lines, at) {
                Ok(table) => table,
                Err(next) => {
                    *from = next;
                    continue;
                }
            };
            let count = if reader.cell_per_line { &mut self.counts.cells } else { &mut self.counts.layer };
            *count += table.rows.len();
            if reader.one_head {
                self.push_table(grid::build(&table.rows, table.columns, 1));
            } else {
                self.table(table.rows, table.columns);
            }
            return Some(table.next.max(at + 1));
        }
        None
    }

    /// A region of rows on lines: a table, or a letterhead or signature set with tabs.
    fn region(&mut self, region: RawTable<'a>, lines: &[Line<'a>]) {
        let prints = |word: &str| {
            region.rows.iter().take(4).flat_map(|r| &r.cells).any(|c| line::key(c.first(), 24).starts_with(word))
        };
        let narrow = region.columns <= 3;
        if region.rows.len() < 2 || (narrow && (prints("cong hoa xa hoi") || prints("noi nhan"))) {
            self.flush();
            if region.rows.len() < 2 {
                self.prose.extend_from_slice(lines);
                return;
            }
            // Column by column, as the two halves are read.
            for column in 0..region.columns {
                for cell in region.rows.iter().filter_map(|r| r.cells.get(column)).filter(|c| !c.is_empty()) {
                    self.prose.extend(cell.pieces.iter().map(|(no, text)| Line {
                        no: *no,
                        raw: text,
                        gap: 1,
                        tabs: 0,
                    }));
                }
            }
            return;
        }
        self.counts.tabs += region.rows.len();
        self.table(region.rows, region.columns);
    }

    fn table(&mut self, mut rows: Vec<grid::RawRow<'a>>, columns: usize) {
        grid::fill_header(&mut rows, columns);
        grid::span_header(&mut rows, columns);
        grid::repeated(&mut rows);
        self.push_table(grid::build(&rows, columns, grid::header_rows(&rows)));
    }

    fn push_table(&mut self, table: Table) {
        self.flush();
        let line = table.cells.first().and_then(|c| c.place.line).unwrap_or(0);
        self.footers_before(line);
        self.items.push(Item::Table(table, line));
    }

    /// Cuts the running text so far into paragraphs.
    fn flush(&mut self) {
        if self.prose.is_empty() {
            return;
        }
        for para in prose::paragraphs(&self.prose, self.setting) {
            self.footers_before(para.pieces.first().map_or(0, |p| p.0));
            self.items.push(Item::Para(para));
        }
        self.prose.clear();
    }

    fn footers_before(&mut self, line: u32) {
        while let Some(footer) = self.footers.next_if(|f| f.no < line) {
            self.items.push(Item::Footer(footer.no, footer.text()));
        }
    }

    fn parser(&self) -> &'static str {
        let Counts { tabs, cells, layer } = self.counts;
        match tabs.max(cells).max(layer) {
            0 if self.marked => "text/markdown",
            0 => "text/plain",
            most if most == tabs => "text/markdown",
            most if most == cells => "text/cell-per-line",
            _ => "text/pdf-layer",
        }
    }
}

/// Whether the few rows of a table are the two halves of a letterhead.
fn is_letterhead(rows: &[grid::RawRow]) -> bool {
    let narrow = rows.len() <= 4 && rows.iter().all(|r| r.cells.len() <= 3);
    let mut cells = rows.iter().flat_map(|r| &r.cells);
    narrow && cells.any(|c| line::key(c.first(), 24).starts_with("cong hoa xa hoi"))
}

/// Takes out page numbers: whole numbers alone between blank lines, each one more than the one before, far enough apart.
fn page_numbers(lines: Vec<Line<'_>>) -> (Vec<Line<'_>>, Vec<Line<'_>>) {
    const APART: u32 = 12;
    let number = |line: &Line| -> Option<u32> {
        let text = line.text().trim_matches(['-', ' ']);
        let plain = matches!(text.len(), 1..=3) && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse().ok()).flatten()
    };
    // `- 15 -` is nothing else, whatever stands on the pages between.
    let dressed = |line: &Line| line.text().starts_with('-') && line.text().ends_with('-') && number(line).is_some();
    let mut chain: Vec<usize> = Vec::new();
    let mut sure: Vec<usize> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, l)| l.tabs == 0 && l.raw.len() < 40) {
        let Some(value) = number(line) else { continue };
        let alone = (line.gap > 0 || line.raw.contains('\u{c}') || at == 0)
            && lines.get(at + 1).is_none_or(|n| n.gap > 0 || n.raw.starts_with('\u{c}'));
        if !alone {
            continue;
        }
        if dressed(line) {
            sure.push(at);
            continue;
        }
        let next = match chain.last().map(|i| &lines[*i]) {
            None => value == 1 || value == 2,
            Some(last) => number(last) == value.checked_sub(1) && line.no >= last.no + APART,
        };
        // What stands above a title may be its number, unless it goes on with those of two pages.
        if next && (!chain.is_empty() || !lines.get(at + 1).is_some_and(|n| line::is_caps(n.text()))) {
            chain.push(at);
        }
    }
    if chain.len() < 2 {
        chain.clear();
    }
    chain.extend(sure);
    chain.sort_unstable();
    if chain.is_empty() {
        return (lines, Vec::new());
    }
    let mut kept = Vec::with_capacity(lines.len());
    let mut footers = Vec::with_capacity(chain.len());
    let mut taken = chain.into_iter().peekable();
    let mut gap = 0;
    for (at, line) in lines.into_iter().enumerate() {
        if taken.next_if_eq(&at).is_some() {
            gap += line.gap + 1;
            footers.push(line);
        } else {
            kept.push(Line { gap: line.gap + gap, ..line });
            gap = 0;
        }
    }
    (kept, footers)
}
