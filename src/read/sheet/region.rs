//! A sheet's filled cells in; paragraphs (what stands above, between and below) and tables out, in reading order.
//!
//! A table starts at a row that heads row numbers, or at a row of several cells with like rows below; it ends before a gap that
//! something else follows. Columns and rows in which nothing stands are left out; merged ranges become spans.

use super::{MOST_ROWS, Sheet, Shown};
use crate::read::flow::Flow;
use crate::read::text::line::{is_caps, is_figure, is_row_number, is_stt, key};
use crate::read::text::mark::form;
use std::collections::HashMap;

/// Positions of one table, filled or empty.
const MOST_POSITIONS: usize = 2_000_000;
/// Rows of a header at most.
const HEAD: usize = 4;
/// Rows looked at for the sheet's name.
const TITLES: usize = 12;

/// One row: its number and its filled cells by column.
struct Row<'s> {
    at: u32,
    cells: Vec<(u32, &'s Shown)>,
}

impl Row<'_> {
    fn first(&self) -> &str {
        self.cells.first().map_or("", |c| c.1.text.as_str())
    }
    fn heads(&self) -> bool {
        self.cells.len() >= 2 && is_stt(self.first().trim()) && !self.cells[1..].iter().any(|c| is_figure(&c.1.text))
    }
    fn figures(&self) -> bool {
        self.cells.iter().any(|c| is_figure(&c.1.text))
    }
    /// The national title, recipients, signatures.
    fn letterhead(&self) -> bool {
        self.cells.iter().any(|c| {
            let text = c.1.text.trim();
            let head = key(text, 24);
            let signs = ["tm ", "kt ", "tl ", "tuq "].iter().any(|w| head.starts_with(w)) && is_caps(text);
            head.starts_with("cong hoa xa hoi") || head.starts_with("noi nhan") || head.starts_with("doc lap") || signs
        })
    }
}

/// Gives a sheet to the flow.
pub fn pour(sheet: &Sheet, flow: &mut Flow) {
    let mut rows: Vec<Row> = Vec::new();
    for ((at, column), shown) in &sheet.cells {
        match rows.last_mut().filter(|r| r.at == *at) {
            Some(row) => row.cells.push((*column, shown)),
            None => rows.push(Row { at: *at, cells: vec![(*column, shown)] }),
        }
    }
    if rows.is_empty() {
        return;
    }
    if names(sheet, &rows) {
        flow.heading(1, &sheet.name);
    }
    let merges: HashMap<(u32, u32), (u32, u32)> = sheet.merges.iter().map(|m| ((m[0], m[1]), (m[2], m[3]))).collect();
    let mut at = 0;
    while at < rows.len() {
        if starts(&rows, at) {
            let end = end(&rows, at);
            table(&rows[at..end], &merges, flow);
            at = end;
        } else if rows[at].cells.len() > 1 {
            let mut end = at + 1;
            while end < rows.len()
                && rows[end].cells.len() > 1
                && rows[end].at <= rows[end - 1].at + 2
                && !starts(&rows, end)
            {
                end += 1;
            }
            blocks(&rows[at..end], flow);
            at = end;
        } else {
            flow.paragraph(&rows[at].cells[0].1.text);
            at += 1;
        }
    }
}

/// Whether the sheet's name says something that its first rows do not.
fn names(sheet: &Sheet, rows: &[Row]) -> bool {
    let name = key(&sheet.name, 80);
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    if bare.len() < 3 || matches!(bare, "sheet" | "trang tinh" | "bang tinh" | "table" | "page") {
        return false;
    }
    !rows.iter().take(TITLES).flat_map(|r| &r.cells).any(|c| key(&c.1.text, 400).contains(&name))
}

/// Whether a table starts here.
fn starts(rows: &[Row], at: usize) -> bool {
    let row = &rows[at];
    if row.heads() {
        return true;
    }
    if row.letterhead() || row.cells.len() < 2 {
        return false;
    }
    let like = rows[at + 1..]
        .iter()
        .zip(&rows[at..])
        .take(4)
        .take_while(|(next, before)| next.at <= before.at + 1 && next.cells.len() >= 2 && !next.letterhead())
        .map(|(next, _)| next);
    let (mut count, mut figures) = (0, row.figures());
    for next in like {
        count += 1;
        figures |= next.figures();
    }
    figures && count >= if row.cells.len() > 2 { 1 } else { 2 }
}

/// The row after a table.
fn end(rows: &[Row], start: usize) -> usize {
    let mut end = start + 1;
    while end < rows.len() && end - start < MOST_ROWS as usize {
        let row = &rows[end];
        let gap = row.at > rows[end - 1].at + 1;
        let alone = row.cells.len() == 1;
        let other = alone && form(row.first()).is_some();
        let parted =
            gap && (alone || row.heads() || row.letterhead() || !(row.figures() || is_row_number(row.first())));
        let again = row.heads() && end - start > HEAD && key(row.first(), 8) != key(rows[start].first(), 8);
        if other || parted || again || (row.letterhead() && end - start > 1) {
            break;
        }
        end += 1;
    }
    // Notes right below the last row are no row.
    let left = rows[start].cells.first().map_or(0, |c| c.0);
    while end > start + 2 {
        let row = &rows[end - 1];
        let note = row.cells.len() == 1 && row.cells[0].0 <= left && !is_row_number(row.first()) && !row.figures();
        if !note {
            break;
        }
        end -= 1;
    }
    end
}

/// Rows of several cells that are no table: blocks side by side are read one after the other, other rows cell by cell.
fn blocks(rows: &[Row], flow: &mut Flow) {
    let mut cells: Vec<(u32, u32, &Shown)> =
        rows.iter().flat_map(|r| r.cells.iter().map(|c| (r.at, c.0, c.1))).collect();
    if rows.len() > 1 && rows.iter().any(Row::letterhead) {
        cells.sort_by_key(|c| (c.1, c.0));
    }
    for (.., shown) in cells {
        flow.paragraph(&shown.text);
    }
}

fn table(rows: &[Row], merges: &HashMap<(u32, u32), (u32, u32)>, flow: &mut Flow) {
    let mut columns: Vec<u32> = rows.iter().flat_map(|r| r.cells.iter().map(|c| c.0)).collect();
    columns.sort_unstable();
    columns.dedup();
    let most = MOST_POSITIONS / columns.len().max(1);
    if rows.len() > most {
        flow.notice("cells-cut");
    }
    let rows = &rows[..rows.len().min(most)];
    // Below a head for row numbers a fraction is a row number that the workbook took for one.
    let numbers = rows.iter().take(HEAD).flat_map(|r| &r.cells).find(|c| is_stt(c.1.text.trim())).map(|c| c.0);
    // Down to which row of the sheet a column is covered by a merged range.
    let mut covered = vec![0u32; columns.len()];
    flow.table_start();
    for (at, row) in rows.iter().enumerate() {
        flow.row_start();
        let mut cells = row.cells.iter().peekable();
        let mut right = 0;
        for (index, column) in columns.iter().enumerate() {
            let cell = cells.next_if(|c| c.0 == *column);
            if *column < right || covered[index] > row.at {
                continue;
            }
            let (down, across) = merges.get(&(row.at, *column)).copied().unwrap_or((row.at, *column));
            right = across + 1;
            let width = columns[index..].iter().take_while(|c| **c <= across).count();
            let height = if down > row.at { rows[at..].iter().take_while(|r| r.at <= down).count() } else { 1 };
            if height > 1 {
                covered[index..index + width].fill(down + 1);
            }
            flow.cell_start(height as u32, width as u32, false);
            if let Some((_, shown)) = cell {
                let stt = numbers == Some(*column);
                let text = shown.dotted.as_deref().filter(|_| stt).unwrap_or(&shown.text);
                flow.paragraph(text);
            }
        }
    }
    flow.table_end();
}
