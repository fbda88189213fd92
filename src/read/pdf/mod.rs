//! PDF files with a text layer.
//!
//! Bytes come in; a `Document` goes out whose lines are the visual lines of the pages, each with its page, box and words. Glyphs,
//! rulings and pictures come from hayro's device walk (`walk`), words and lines from their places (`words`), tables from
//! rulings (`lattice`, `table`) or alignment (`align`), paragraphs from the shape of the lines (`flow`, `margin`). Pages
//! without usable text (scans, watermarks over scans, garbled fonts) are left to the reader of pictures: `needs_ocr` names them,
//! `render` paints them.
//!
//! Refused: files that need a password (`read/encrypted`), that hold no page (`read/damaged`), that have more pages than
//! `MAX_PAGES` (`read/too-large`), and files all of whose pages are pictures that cannot be read (see `read::ocr`).

mod align;
#[cfg(test)]
mod damage;
mod flow;
mod garbled;
mod lattice;
mod legacy;
mod margin;
pub(crate) mod open;
pub(crate) mod page;
mod paint;
pub(crate) mod table;
pub(crate) mod walk;
pub(crate) mod words;

use crate::error::ReadError;
use crate::model::{Cell, Document, Place, SourceLine, Table};
use crate::read::ocr;
use crate::read::text::grid::{self, RawCell, RawRow};
use crate::read::text::line::Dress;
use crate::read::text::prose::Para;
use crate::read::text::structure::{self, Item};
use crate::text::clean::Text;
use flow::Draft;
use page::PageText;
use std::collections::BTreeMap;
use table::{GeoTable, Piece};

pub use garbled::second_opinion;
pub use paint::{render, render_rgb};

/// Files with more pages are refused: a yearbook has some hundred.
pub const MAX_PAGES: usize = 20_000;

/// How a page is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageKind {
    /// Its text layer is what is printed.
    Text,
    /// Nothing is printed on it.
    Blank,
    /// A picture of text: no text layer, or only a watermark or an invisible one.
    Scan,
    /// It has text, but its fonts do not tell which letters.
    Garbled,
}

/// Whether a file is a PDF.
pub fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    memchr::memmem::find(head, b"%PDF-").is_some()
}

/// Reads the text layer of a PDF.
pub fn read(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    let mut notices: Vec<(String, Place)> = Vec::new();
    let mut pictures: Vec<(u32, &str)> = Vec::new();
    let mut notice = |name: &str, page: u32| {
        notices.push((name.to_string(), Place { page: Some(page), ..Place::default() }));
    };
    let mut encodings: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    let read = open::each(bytes, |mut sheet, number| {
        if let Some((charset, share)) = legacy::unify(&mut sheet) {
            let seen = encodings.entry(charset.name()).or_default();
            *seen = (seen.0 + share, seen.1 + 1);
        }
        if sheet.cut {
            notice("page-cut", number);
        }
        match garbled::kind(&sheet) {
            PageKind::Text | PageKind::Blank => return Some(page::read(sheet, number)),
            PageKind::Garbled => pictures.push((number, "garbled-page")),
            PageKind::Scan => pictures.push((number, "ocr-needed")),
        }
        None
    })?;
    let total = read.len();
    let mut pages: Vec<PageText> = read.into_iter().flatten().collect();
    let mut parser = "pdf/text";
    if !pictures.is_empty() {
        let wanted: Vec<u32> = pictures.iter().map(|p| p.0).collect();
        let bare = pages.iter().all(|p| p.lines.is_empty() && p.tables.is_empty());
        match ocr::read_pages(bytes, &wanted) {
            Ok(found) if bare && found.pages.is_empty() => return Err(ocr::unread(&found)),
            Ok(found) => {
                pages.extend(found.pages);
                pages.sort_by_key(|p| p.page);
                notices.extend(found.notices);
                parser = if bare { "pdf/ocr" } else { "pdf/mixed" };
            }
            Err(error) if bare => return Err(error),
            // What can be read is read; the pages that cannot are named.
            Err(_) => {
                for (number, name) in pictures {
                    notices.push((name.to_string(), Place { page: Some(number), ..Place::default() }));
                }
            }
        }
    }
    let mut document = document(&pages);
    if let Some(error) = ocr::nonsense(&document).filter(|_| parser == "pdf/ocr") {
        return Err(error);
    }
    document.pages = Some(total as u32);
    document.parser = parser.to_string();
    document.format = "pdf";
    document.charset = match encodings.iter().max_by_key(|(_, (_, pages))| *pages) {
        Some((name, (share, pages))) => format!("{name} ({:.2})", share / *pages as f64),
        None => "utf-8".to_string(),
    };
    document.notices = notices;
    Ok(document)
}

/// How each page is to be read; empty for a file that cannot be opened.
pub fn page_kinds(bytes: &[u8]) -> Vec<PageKind> {
    open::each(bytes, |sheet, _| garbled::kind(&sheet)).unwrap_or_default()
}

/// For each page whether it must be read from its picture; empty for a file that cannot be opened.
pub fn needs_ocr(bytes: &[u8]) -> Vec<bool> {
    page_kinds(bytes).into_iter().map(|kind| matches!(kind, PageKind::Scan | PageKind::Garbled)).collect()
}

/// Numbers the lines of the drafts and builds the document from them.
pub(crate) fn document(pages: &[PageText]) -> Document {
    let drafts = flow::drafts(pages);
    let mut lines: Vec<SourceLine> = Vec::new();
    let mut add = |piece: &Piece| -> u32 {
        let words = piece.words.clone();
        lines.push(SourceLine { page: Some(piece.page), rect: Some(piece.rect), words });
        lines.len() as u32
    };
    let mut items: Vec<Item> = Vec::with_capacity(drafts.len());
    for draft in &drafts {
        match draft {
            Draft::Para { pieces, bullet, bold, notes } => {
                let pieces = pieces.iter().map(|p| (add(p), p.text.as_str())).collect();
                let notes = notes
                    .iter()
                    .map(|(mark, lines)| (mark.as_str(), lines.iter().map(|p| (add(p), p.text.as_str())).collect()))
                    .collect();
                let dress = Dress { bold: *bold, ..Dress::default() };
                items.push(Item::Para(Para { pieces, dress, bullet: *bullet, notes, ..Para::default() }));
            }
            Draft::Note((mark, lines)) => {
                let pieces = lines.iter().map(|p| (add(p), p.text.as_str())).collect();
                items.push(Item::Para(Para { pieces, note: Some(mark.as_str()), ..Para::default() }));
            }
            Draft::Table(table) => {
                let table = build(table, &mut add);
                let line = table.cells.first().and_then(|c| c.place.line).unwrap_or(0);
                items.push(Item::Table(table, line));
            }
            Draft::Head(piece) => items.push(Item::Header(add(piece), &piece.text)),
            Draft::Foot(piece) => items.push(Item::Footer(add(piece), &piece.text)),
        }
    }
    let mut document = structure::build(items);
    document.lines = lines;
    document
}

/// The table of the model. An empty cell is a line without words, so that a blank figure has its place.
fn build(table: &GeoTable, add: &mut dyn FnMut(&Piece) -> u32) -> Table {
    if !table.ruled {
        return build_aligned(table, add);
    }
    let header = table.header_rows();
    let mut out = Table {
        rows: table.rows as u32,
        columns: table.columns() as u32,
        header_rows: header as u32,
        ..Table::default()
    };
    out.cells.reserve(table.cells.len());
    for cell in &table.cells {
        let (place, text) = cell_text(cell, add);
        out.cells.push(Cell {
            row: cell.row as u32,
            column: cell.column as u32,
            row_span: cell.rows as u32,
            column_span: cell.columns as u32,
            header: cell.row < header,
            text,
            place,
        });
    }
    out
}

fn cell_text(cell: &table::GeoCell, add: &mut dyn FnMut(&Piece) -> u32) -> (Place, Text) {
    let numbered: Vec<(u32, &str)> = match cell.lines.is_empty() {
        true => vec![(add(&Piece { rect: cell.rect, page: cell.page, ..Piece::default() }), "")],
        false => cell.lines.iter().map(|p| (add(p), p.text.as_str())).collect(),
    };
    let line = numbered.first().map(|l| l.0);
    let text = if cell.lines.is_empty() { Text::default() } else { Text::from_lines(&numbered) };
    (Place { line, page: Some(cell.page), rect: Some(cell.rect) }, text)
}

/// Without rulings the spans of the head are guessed as for tables of text files.
fn build_aligned(table: &GeoTable, add: &mut dyn FnMut(&Piece) -> u32) -> Table {
    let columns = table.columns();
    let mut rows: Vec<RawRow> =
        (0..table.rows).map(|_| RawRow { cells: vec![RawCell::default(); columns], ..RawRow::default() }).collect();
    for cell in &table.cells {
        let Some(raw) = rows.get_mut(cell.row).and_then(|r| r.cells.get_mut(cell.column)) else { continue };
        if cell.lines.is_empty() {
            raw.line = add(&Piece { rect: cell.rect, page: cell.page, ..Piece::default() });
        }
        for piece in &cell.lines {
            raw.push(add(piece), &piece.text);
        }
    }
    let mut out = grid::build(&rows, columns, grid::header_rows(&rows));
    for cell in &mut out.cells {
        // Aligned tables have a cell at every position.
        let found = table.cells.get(cell.row as usize * columns + cell.column as usize);
        if let Some(found) = found {
            cell.place.page = Some(found.page);
            cell.place.rect = Some(found.rect);
        }
    }
    out
}
