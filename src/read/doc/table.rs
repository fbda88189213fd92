//! Rows with the edges of their cells in; cells with spans to the flow.
//!
//! A column is what lies between two neighbouring edges of any row; a cell spans the columns between its own edges. Edges that differ
//! by a hair are one. Cells merged downwards say so in their flags.

use crate::read::flow::Flow;

/// Edges closer than this (twentieths of a point) are one.
const HAIR: i16 = 12;
/// Flags of a cell: it goes on from the left, from above, it starts a cell that goes down.
const FROM_LEFT: u16 = 0x02;
const DOWN: u16 = 0x20;
const STARTS_DOWN: u16 = 0x40;

/// What stands in a cell.
#[derive(Debug)]
pub enum Content {
    /// A paragraph.
    Text(String),
    /// A table.
    Table(Grid),
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<Vec<Content>>,
    edges: Vec<i16>,
    flags: Vec<u16>,
    head: bool,
}

/// A table under construction.
#[derive(Debug, Default)]
pub struct Grid {
    rows: Vec<Row>,
    cells: Vec<Vec<Content>>,
    open: Vec<Content>,
}

impl Grid {
    /// A paragraph of the open cell.
    pub fn text(&mut self, text: String) {
        self.open.push(Content::Text(text));
    }

    /// Something in the open cell.
    pub fn content(&mut self, content: Content) {
        self.open.push(content);
    }

    /// The open cell ends.
    pub fn cell(&mut self) {
        self.cells.push(std::mem::take(&mut self.open));
    }

    /// The row ends.
    pub fn row(&mut self, edges: Vec<i16>, flags: Vec<u16>, head: bool) {
        let mut cells = std::mem::take(&mut self.cells);
        if !self.open.is_empty() {
            let rest = std::mem::take(&mut self.open);
            cells.push(rest);
        }
        if !cells.is_empty() {
            self.rows.push(Row { cells, edges, flags, head });
        }
    }

    /// Gives the table to the flow.
    pub fn pour(mut self, flow: &mut Flow) {
        let last = (std::mem::take(&mut self.cells), std::mem::take(&mut self.open));
        let columns = columns(&self.rows);
        let spans = spans(&self.rows, &columns);
        if !self.rows.is_empty() {
            flow.table_start();
            for (row, spans) in self.rows.into_iter().zip(spans) {
                flow.row_start();
                if row.head {
                    flow.head_row();
                }
                let mut spans = spans.into_iter();
                for contents in row.cells {
                    match spans.next().unwrap_or(Span { down: 1, across: 1, gap: 0, covered: false }) {
                        span if span.covered => {
                            // What stands in a covered cell is not printed; a file that has text there is read as if it were.
                            if !contents.iter().any(printed) {
                                continue;
                            }
                            flow.cell_start(1, span.across, false);
                        }
                        span => {
                            if span.gap > 0 {
                                flow.cell_start(1, span.gap, false);
                            }
                            flow.cell_start(span.down, span.across, false);
                        }
                    }
                    pour_cell(contents, flow);
                }
            }
            flow.table_end();
        }
        // Text after the last row end, in a file that breaks off.
        for contents in last.0.into_iter().chain([last.1]) {
            pour_cell(contents, flow);
        }
    }
}

fn printed(content: &Content) -> bool {
    match content {
        Content::Text(text) => !text.trim().is_empty(),
        Content::Table(_) => true,
    }
}

/// Nesting is capped by the walker, so this goes no deeper than that.
fn pour_cell(contents: Vec<Content>, flow: &mut Flow) {
    for content in contents {
        match content {
            Content::Text(text) => flow.paragraph(&text),
            Content::Table(grid) => grid.pour(flow),
        }
    }
}

/// All edges of a table from left to right, hairs apart taken as one.
fn columns(rows: &[Row]) -> Vec<i16> {
    let mut edges: Vec<i16> = rows.iter().filter(|r| fits(r)).flat_map(|r| r.edges.iter().copied()).collect();
    edges.sort_unstable();
    edges.dedup_by(|b, a| b.saturating_sub(*a) <= HAIR);
    edges
}

fn fits(row: &Row) -> bool {
    row.edges.len() == row.cells.len() + 1
}

#[derive(Debug, Clone, Copy)]
struct Span {
    down: u32,
    across: u32,
    /// Columns left free before it.
    gap: u32,
    /// It belongs to the cell on its left or above it.
    covered: bool,
}

fn spans(rows: &[Row], columns: &[i16]) -> Vec<Vec<Span>> {
    let index = |edge: i16| columns.partition_point(|c| *c <= edge).saturating_sub(1) as u32;
    let mut out: Vec<Vec<Span>> = Vec::with_capacity(rows.len());
    // For each column the row and cell that goes down from above.
    let mut open: Vec<Option<(usize, usize)>> = vec![None; columns.len()];
    for row in rows {
        let mut spans: Vec<Span> = Vec::with_capacity(row.cells.len());
        let mut right = 0;
        let mut owner = 0;
        for at in 0..row.cells.len() {
            let (from, to) = match row.edges.get(at..at + 2).filter(|_| fits(row)) {
                Some(pair) => (index(pair[0]), index(pair[1]).max(index(pair[0]) + 1)),
                None => (right, right + 1),
            };
            let flags = row.flags.get(at).copied().unwrap_or(0);
            let before = at.checked_sub(1).and_then(|b| row.flags.get(b)).copied().unwrap_or(0);
            let mut span = Span { down: 1, across: to - from, gap: from.saturating_sub(right), covered: false };
            right = to;
            // Files differ on which of the two bits starts a merge: a cell goes on if the one before it was merged too.
            if flags & FROM_LEFT != 0 && before & 3 != 0 && at > 0 {
                span.covered = true;
                if let Some(first) = spans.get_mut(owner) {
                    first.across += span.across + span.gap;
                }
                spans.push(span);
                continue;
            }
            owner = at;
            let column = from as usize;
            let above = open.get(column).copied().flatten();
            if flags & DOWN != 0 && flags & STARTS_DOWN == 0 && above.is_some() {
                span.covered = true;
                let here = out.len();
                if let Some((r, c)) = above
                    && let Some(first) = out.get_mut(r).and_then(|row: &mut Vec<Span>| row.get_mut(c))
                {
                    first.down = (here - r + 1) as u32;
                }
            }
            if let Some(slot) = open.get_mut(column) {
                *slot = match flags & (DOWN | STARTS_DOWN) {
                    0 => None,
                    bits if bits & STARTS_DOWN != 0 => Some((out.len(), at)),
                    _ => *slot,
                };
            }
            spans.push(span);
        }
        out.push(spans);
    }
    out
}
