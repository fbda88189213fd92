//! A finished table's cells in; the table, or the paragraphs that it only arranged, out.

use super::{Draft, Numbered, Open, Part};
use crate::model::{Cell, Place, Table};
use crate::read::text::grid::{self, RawCell, RawRow};
use crate::read::text::line::{is_caps, is_stt, key};
use crate::text::clean::Text;

/// Rows at the top that are looked at for a header.
const HEAD: usize = 6;
/// Positions of a table up to which missing cells are filled in as empty ones.
const FILLED: u64 = 1 << 20;

/// What a table comes to.
pub fn settle(open: Open) -> Vec<Part> {
    let Open { mut cells, rows, heads, .. } = open;
    for cell in &mut cells {
        cell.row_span = cell.row_span.min(rows.max(cell.row + 1) - cell.row);
    }
    let (rows, columns) = squeeze(&mut cells);
    if cells.is_empty() {
        return Vec::new();
    }
    let shape = Shape { rows, columns, heads };
    match arrangement(&cells, shape) {
        Arrangement::Table(header) => table(cells, shape, header),
        Arrangement::Rows => cells.into_iter().flat_map(|c| c.parts).collect(),
        Arrangement::Columns => {
            cells.sort_by_key(|c| (c.column, c.row));
            cells.into_iter().flat_map(|c| c.parts).collect()
        }
    }
}

#[derive(Clone, Copy)]
struct Shape {
    rows: u32,
    columns: u32,
    heads: u32,
}

enum Arrangement {
    /// A true table with so many header rows.
    Table(u32),
    /// Text, read row by row.
    Rows,
    /// Text in columns, read column by column.
    Columns,
}

/// Takes out the columns and rows in which no cell starts; gives how many are left.
fn squeeze(cells: &mut [Draft]) -> (u32, u32) {
    let rows = ranks(cells.iter().map(|c| c.row));
    let columns = ranks(cells.iter().map(|c| c.column));
    let count = |starts: &[u32], from: u32, span: u32| {
        let first = starts.partition_point(|s| *s < from);
        let end = starts.partition_point(|s| *s < from.saturating_add(span));
        (first as u32, (end - first).max(1) as u32)
    };
    for cell in cells {
        (cell.row, cell.row_span) = count(&rows, cell.row, cell.row_span);
        (cell.column, cell.column_span) = count(&columns, cell.column, cell.column_span);
    }
    (rows.len() as u32, columns.len() as u32)
}

fn ranks(values: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut out: Vec<u32> = values.collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// The words of a cell that stand in it directly.
fn words(cell: &Draft) -> impl Iterator<Item = &Numbered> {
    cell.parts.iter().filter_map(|part| match part {
        Part::Line(line, _) => Some(line),
        _ => None,
    })
}

fn raw(cell: &Draft) -> RawCell<'_> {
    let mut out = RawCell { line: cell.line, pieces: Vec::new(), span: 0 };
    for (no, text) in words(cell) {
        out.push(*no, text);
    }
    out
}

/// The first rows, every position filled: what the header finder looks at.
fn top(cells: &[Draft], shape: Shape, rows: usize) -> Vec<RawRow<'_>> {
    let rows = rows.min(shape.rows as usize);
    let empty = RawRow { cells: vec![RawCell::default(); shape.columns as usize], ..RawRow::default() };
    let mut out = vec![empty; rows];
    for cell in cells.iter().take_while(|c| (c.row as usize) < rows) {
        if let Some(slot) = out.get_mut(cell.row as usize).and_then(|r| r.cells.get_mut(cell.column as usize)) {
            *slot = raw(cell);
        }
    }
    out
}

fn arrangement(cells: &[Draft], shape: Shape) -> Arrangement {
    if shape.columns == 1 || (shape.rows == 1 && shape.columns <= 3) {
        return Arrangement::Rows;
    }
    let top = top(cells, shape, HEAD);
    let prints = |word: &str| {
        top.iter().take(4).flat_map(|r| &r.cells).any(|c| c.pieces.iter().any(|p| key(p.1, 24).starts_with(word)))
    };
    // The national title and the list of recipients stand in blocks side by side, in forms of two or three columns.
    if shape.columns <= 3 && (prints("cong hoa xa hoi") || prints("noi nhan") || signs(&top, shape)) {
        return Arrangement::Columns;
    }
    let mut header = grid::header_rows(&top) as u32;
    if header == 0 {
        header = shape.heads.max(headed(cells)).min(shape.rows.saturating_sub(1));
    }
    // A merged head reaches down over the rows below it.
    let reach = cells.iter().take_while(|c| c.row < header).map(|c| c.row + c.row_span).max().unwrap_or(0);
    if header > 0 && reach > header && reach <= 4 && reach < shape.rows {
        header = reach;
    }
    let nested = cells.iter().any(|c| c.parts.iter().any(|p| matches!(p, Part::Table(..))));
    if nested && header == 0 {
        return Arrangement::Rows;
    }
    Arrangement::Table(header)
}

/// Rows at the top whose every cell the file itself calls a head.
fn headed(cells: &[Draft]) -> u32 {
    cells.iter().find(|c| !c.head).map_or(0, |c| c.row)
}

/// A block of signatures: few rows, `TM. …` or the like in capitals, no figure column.
fn signs(top: &[RawRow], shape: Shape) -> bool {
    shape.rows <= 3
        && top.iter().flat_map(|r| &r.cells).any(|c| {
            let head = key(c.first(), 8);
            ["tm ", "kt ", "tl ", "tuq "].iter().any(|w| head.starts_with(w)) && is_caps(c.first())
        })
}

fn table(cells: Vec<Draft>, shape: Shape, header: u32) -> Vec<Part> {
    let first_line = cells.first().map_or(0, |c| c.line);
    let mut table = Table { rows: shape.rows, columns: shape.columns, header_rows: header, ..Table::default() };
    let merged = cells.iter().take_while(|c| c.row < header).any(|c| c.row_span > 1 || c.column_span > 1);
    let guessed = header > 1 && !merged;
    let head_print = (header > 0).then(|| top(&cells, shape, 1).first().map(RawRow::print)).flatten();
    if guessed {
        // Heads that are merged to the eye only: spans by what stands below.
        let rows = top(&cells, shape, header as usize);
        table.cells = grid::build(&rows, shape.columns as usize, header as usize).cells;
    }
    let mut after = Vec::new();
    let mut filler = Filler::new(shape);
    let mut cells = cells.into_iter().peekable();
    while let Some(first) = cells.next() {
        let at = first.row;
        let mut row = vec![first];
        while let Some(cell) = cells.next_if(|c| c.row == at) {
            row.push(cell);
        }
        if at < header && guessed {
            after.extend(row.into_iter().flat_map(|c| c.parts).filter(|p| !matches!(p, Part::Line(..))));
            continue;
        }
        let repeat = at >= header && head_print.as_deref().is_some_and(|print| repeats(&row, shape, print));
        let mut empties = filler.row(at, &row).into_iter().peekable();
        let last = row.iter().map(|c| words(c).last().map_or(c.line, |l| l.0)).max().unwrap_or(0);
        let is_header = at < header || repeat;
        let blank = |column: u32| Cell {
            row: at,
            column,
            row_span: 1,
            column_span: 1,
            header: is_header,
            text: Text::default(),
            place: Place::line(last),
        };
        for cell in row {
            while let Some(column) = empties.next_if(|c| *c < cell.column) {
                table.cells.push(blank(column));
            }
            let pieces: Vec<(u32, &str)> = words(&cell).map(|(no, text)| (*no, text.as_str())).collect();
            let text = if pieces.is_empty() { Text::default() } else { Text::from_lines(&pieces) };
            let line = pieces.first().map_or(cell.line, |p| p.0);
            table.cells.push(Cell {
                row: at,
                column: cell.column,
                row_span: cell.row_span,
                column_span: cell.column_span,
                header: is_header,
                text,
                place: Place::line(line),
            });
            after.extend(cell.parts.into_iter().filter(|p| !matches!(p, Part::Line(..))));
        }
        table.cells.extend(empties.map(blank));
    }
    let mut out = vec![Part::Table(table, first_line)];
    out.append(&mut after);
    out
}

/// A header row printed again.
fn repeats(row: &[Draft], shape: Shape, print: &str) -> bool {
    let stt = row.first().filter(|c| c.column == 0).and_then(|c| words(c).next());
    if !stt.is_some_and(|(_, text)| is_stt(text)) {
        return false;
    }
    let mut cells = vec![RawCell::default(); shape.columns as usize];
    for cell in row {
        if let Some(slot) = cells.get_mut(cell.column as usize) {
            *slot = raw(cell);
        }
    }
    RawRow { cells, ..RawRow::default() }.print() == print
}

/// Finds the positions of a row that no cell starts at or covers.
struct Filler {
    columns: u32,
    on: bool,
    covered: Vec<u32>,
}

impl Filler {
    fn new(shape: Shape) -> Filler {
        let on = u64::from(shape.rows) * u64::from(shape.columns) <= FILLED;
        Filler { columns: shape.columns, on, covered: vec![0; if on { shape.columns as usize } else { 0 }] }
    }

    fn row(&mut self, at: u32, row: &[Draft]) -> Vec<u32> {
        if !self.on {
            return Vec::new();
        }
        for cell in row {
            let end = (cell.column + cell.column_span).min(self.columns) as usize;
            if let Some(covered) = self.covered.get_mut(cell.column as usize..end) {
                for until in covered {
                    *until = (*until).max(at + cell.row_span);
                }
            }
        }
        (0..self.columns).filter(|c| self.covered[*c as usize] <= at).collect()
    }
}
