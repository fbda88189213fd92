//! Stories in, the shared flow of paragraphs and cells out: merged cells worked out, layout tables dissolved, split forms joined.
//!
//! A work list takes the place of recursion. A borderless table of two or three cells a row that holds no figures is a letterhead or a
//! signature block: its columns are read one after the other. Two tables with nothing between them are one form when the second
//! repeats the first's header and counts on, or has no header of its own. Grid columns a few points wide, left by cells that do not
//! quite line up, are closed.

use super::tree::{Cell, Merge, Pages, Para, Part, Row, Table};
use super::voices::Voices;
use crate::read::flow::{Flow, MOST_COLUMNS};
use crate::read::text::line::{is_figure, is_row_number, is_stt, key};
use std::collections::HashMap;

/// Grid columns narrower than this (in twentieths of a point) that no row needs are slivers.
const SLIVER: u32 = 200;
/// Rows of a layout table.
const LAYOUT_ROWS: usize = 6;
/// Header rows that are compared when forms are joined.
const HEADS: usize = 4;
/// A heading is no longer than this many bytes; longer paragraphs in a heading's style are text.
const HEADING: usize = 400;

/// Which breaks tell the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paging {
    /// Those recorded by Word.
    Recorded,
    /// Those set by the author: they are all there are.
    Set,
    /// None is sure.
    Unknown,
}

impl Paging {
    /// The 1-based page.
    pub fn page(self, pages: Pages) -> Option<u32> {
        match self {
            Paging::Recorded => Some(pages.recorded + 1),
            Paging::Set => Some(pages.set + 1),
            Paging::Unknown => None,
        }
    }
}

enum Work {
    Part(Part),
    Row(bool),
    Cell(u32, u32),
    TableEnd,
}

/// Puts stories into the flow.
pub struct Emitter<'v> {
    /// Where everything goes.
    pub flow: Flow,
    /// Decodes.
    pub voices: &'v mut Voices,
    /// Which pages are told.
    pub paging: Paging,
    /// Notes by kind and id: their paragraphs, decoded.
    pub notes: [HashMap<i64, Vec<String>>; 2],
    /// Lines of the table of contents: not part of the text proper.
    pub contents: Vec<String>,
}

impl Emitter<'_> {
    /// One story in reading order.
    pub fn story(&mut self, parts: Vec<Part>) {
        let mut work: Vec<Work> = Vec::new();
        let push = |work: &mut Vec<Work>, parts: Vec<Part>| work.extend(join(parts).into_iter().rev().map(Work::Part));
        push(&mut work, parts);
        while let Some(next) = work.pop() {
            match next {
                Work::Part(Part::Para(para)) => self.para(&para),
                Work::Part(Part::Table(table)) => {
                    let mut table = *table;
                    let columns = grid(&mut table);
                    if is_layout(&table) {
                        let mut cells: Vec<(u32, Cell)> = Vec::new();
                        for row in table.rows {
                            let mut column = row.before;
                            for cell in row.cells.into_iter().filter(|c| c.merge != Merge::Covered) {
                                let span = cell.span;
                                cells.push((column, cell));
                                column += span;
                            }
                        }
                        cells.sort_by_key(|c| c.0);
                        for (_, cell) in cells.into_iter().rev() {
                            push(&mut work, cell.parts);
                        }
                        continue;
                    }
                    self.flow.table_start();
                    let heights = heights(&table, columns);
                    let mut inside: Vec<Work> = Vec::new();
                    for (row, heights) in table.rows.into_iter().zip(heights) {
                        inside.push(Work::Row(row.head));
                        if row.before > 0 {
                            inside.push(Work::Cell(1, row.before));
                        }
                        for (cell, height) in row.cells.into_iter().zip(heights) {
                            if height > 0 {
                                inside.push(Work::Cell(height, cell.span));
                                inside.extend(join(cell.parts).into_iter().map(Work::Part));
                            }
                        }
                    }
                    inside.push(Work::TableEnd);
                    work.extend(inside.into_iter().rev());
                }
                Work::Row(head) => {
                    self.flow.row_start();
                    if head {
                        self.flow.head_row();
                    }
                }
                Work::Cell(height, width) => self.flow.cell_start(height, width, false),
                Work::TableEnd => self.flow.table_end(),
            }
        }
    }

    fn para(&mut self, para: &Para) {
        let text = self.voices.speak(para);
        if para.contents {
            if !para.is_blank() {
                self.contents.push(text.replace('\n', " "));
            }
            return;
        }
        let words = text.trim();
        let bold = para.bold.0 > 0 && para.bold.1 == 0 && words.len() <= HEADING;
        let page = |at: usize| self.paging.page(para.pages.get(at).copied().unwrap_or_default());
        match para.level.filter(|_| words.len() <= HEADING) {
            _ if self.flow.in_table() || words.is_empty() => self.lines(&text, para),
            Some(level) => {
                self.flow.page(page(0));
                self.flow.heading(level, words);
            }
            None if bold && !words.contains('\n') => {
                self.flow.page(page(0));
                self.flow.bold(words);
            }
            None => self.lines(&text, para),
        }
        for note in &para.notes {
            // A note that is referred to twice is printed once.
            if let Some(text) = self.notes[usize::from(note.end)].remove(&note.id) {
                self.flow.note(&note.mark, &text);
            }
        }
        if !para.notes.is_empty() {
            self.flow.place_notes();
        }
    }

    fn lines(&mut self, text: &str, para: &Para) {
        if para.is_blank() {
            self.flow.page(self.paging.page(para.pages.first().copied().unwrap_or_default()));
            return self.flow.paragraph("");
        }
        for (at, line) in text.split('\n').enumerate().filter(|l| !l.1.trim().is_empty()) {
            self.flow.page(self.paging.page(para.pages.get(at).copied().unwrap_or_default()));
            self.flow.paragraph(line);
        }
    }
}

/// Grid columns of a row.
fn width(row: &Row) -> u32 {
    row.cells.iter().fold(row.before, |sum, cell| sum.saturating_add(cell.span))
}

/// Works out the grid: spans in columns that some row needs. Gives their number.
fn grid(table: &mut Table) -> usize {
    let columns = table.rows.iter().map(width).max().unwrap_or(0).min(MOST_COLUMNS) as usize;
    let mut used = vec![false; columns + 1];
    // Columns that are a cell of their own in some row.
    let mut single = vec![false; columns + 1];
    for row in &table.rows {
        let mut at = row.before as usize;
        used[at.min(columns)] = true;
        for cell in &row.cells {
            if cell.span == 1 {
                single[at.min(columns)] = true;
            }
            at += cell.span as usize;
            used[at.min(columns)] = true;
        }
    }
    // The new number of each old border.
    let mut to = vec![0u32; columns + 1];
    let mut count = 0;
    for border in 1..=columns {
        let sliver = table.grid.get(border - 1).is_some_and(|w| *w < SLIVER) && !single[border - 1];
        if used[border] && !(sliver && border > 1) {
            count += 1;
        }
        to[border] = count;
    }
    for row in &mut table.rows {
        let mut at = row.before as usize;
        row.before = to[at.min(columns)];
        for cell in &mut row.cells {
            let end = at + cell.span as usize;
            cell.span = (to[end.min(columns)] - to[at.min(columns)]).max(1);
            at = end;
        }
    }
    count as usize
}

/// Rows that each cell covers; 0 for one that is covered from above.
fn heights(table: &Table, columns: usize) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = table.rows.iter().map(|r| vec![1; r.cells.len()]).collect();
    // For each column the cell, as row and place in it, that a covered one below would belong to.
    let mut open: Vec<Option<(usize, usize)>> = vec![None; columns + 1];
    for (at, row) in table.rows.iter().enumerate() {
        let mut column = row.before as usize;
        for gap in open.iter_mut().take(column) {
            *gap = None;
        }
        for (place, cell) in row.cells.iter().enumerate() {
            let end = (column + cell.span as usize).min(open.len());
            let above = open.get(column).copied().flatten();
            let owner = match cell.merge {
                Merge::Covered => above,
                _ => None,
            };
            match owner {
                Some((top, cell)) => {
                    if let Some(height) = out.get_mut(top).and_then(|r| r.get_mut(cell)) {
                        *height = (at - top + 1) as u32;
                    }
                    if let Some(own) = out.get_mut(at).and_then(|r| r.get_mut(place)) {
                        *own = 0;
                    }
                }
                None => {
                    let starts = (cell.merge != Merge::None).then_some((at, place));
                    if let Some(slots) = open.get_mut(column..end) {
                        slots.fill(starts);
                    }
                }
            }
            column = end.max(column);
        }
        for gap in open.iter_mut().skip(column) {
            *gap = None;
        }
    }
    out
}

/// The first words of a cell, as stored.
fn words(cell: &Cell) -> &str {
    let first = cell.parts.iter().find_map(|p| match p {
        Part::Para(para) if !para.is_blank() => Some(para.text.trim()),
        _ => None,
    });
    first.unwrap_or("")
}

/// A table that draws no lines and only sets text side by side.
fn is_layout(table: &Table) -> bool {
    let widest = table.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    let cells = || table.rows.iter().flat_map(|r| &r.cells);
    let nested = cells().flat_map(|c| &c.parts).any(|p| matches!(p, Part::Table(_)));
    if widest <= 1 {
        return true;
    }
    table.lines != Some(true)
        && widest <= 3
        && table.rows.len() <= LAYOUT_ROWS
        && (nested || !cells().any(|c| is_figure(words(c)) || is_stt(words(c)) || is_row_number(words(c))))
        && !table.rows.iter().any(|r| r.head)
}

/// Joins tables that are one form.
fn join(parts: Vec<Part>) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::with_capacity(parts.len());
    // Blank paragraphs since the last table.
    let mut blanks = 0;
    for part in parts {
        match part {
            Part::Para(para) if para.is_blank() => {
                blanks += 1;
                out.push(Part::Para(para));
            }
            Part::Table(table) => {
                let at = out.len() - blanks;
                let mut table = Some(table);
                if let Some(Part::Table(above)) = at.checked_sub(1).and_then(|at| out.get_mut(at))
                    && let Some(skip) = table.as_deref().and_then(|t| goes_on(above, t))
                {
                    let rows = table.take().map(|t| t.rows).unwrap_or_default();
                    above.rows.extend(rows.into_iter().skip(skip));
                    out.truncate(at);
                }
                out.extend(table.map(Part::Table));
                blanks = 0;
            }
            part => {
                blanks = 0;
                out.push(part);
            }
        }
    }
    out
}

/// Whether a table goes on with the one above it: how many of its rows are the header again.
fn goes_on(above: &Table, table: &Table) -> Option<usize> {
    let width = |t: &Table| t.rows.first().map_or(0, width);
    if above.rows.len() < 2 || table.rows.is_empty() || width(above) != width(table) || width(above) < 3 {
        return None;
    }
    let print = |row: &Row| row.cells.iter().map(|c| key(words(c), 60)).collect::<Vec<_>>();
    let same = |(a, b): &(&Row, &Row)| {
        let (a, b) = (print(a), print(b));
        a == b && a.iter().any(|c| c.bytes().any(|b| b.is_ascii_alphabetic()))
    };
    let heads = above.rows.iter().zip(&table.rows).take(HEADS).take_while(same).count();
    let number = |row: Option<&Row>| row.and_then(|r| r.cells.first()).map_or("", words).to_string();
    let next = number(table.rows.get(heads));
    if heads > 0 {
        // The same form for someone else starts again at its first row.
        return (heads < table.rows.len() && next != number(above.rows.get(heads))).then_some(heads);
    }
    let headless =
        is_row_number(&next) && next != number(above.rows.get(1)) && !matches!(&*next, "1" | "1." | "I" | "A");
    let headed = above.rows.first().is_some_and(|r| r.head || r.cells.first().is_some_and(|c| is_stt(words(c))));
    (headless && headed && above.grid == table.grid).then_some(0)
}
