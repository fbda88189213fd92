//! Rows of a Rich Text table in, cells with spans to the flow out.
//!
//! A row's definition (`\trowd … \cellx`) gives the right edge of each cell; columns are what lies between two neighbouring edges of any
//! row. A definition may stand before or after the cells it is for, and holds until the next.

use crate::read::flow::Flow;

/// Edges closer than this (twentieths of a point) are one.
const HAIR: i32 = 12;
/// Cells of a row.
const MOST_CELLS: usize = 1024;

/// How a cell is merged downwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vertical {
    /// Not at all.
    #[default]
    None,
    /// The first of several.
    Starts,
    /// It belongs to the cell above.
    GoesOn,
}

#[derive(Debug, Clone, Copy, Default)]
struct Defined {
    edge: i32,
    vertical: Vertical,
    /// It belongs to the cell on its left.
    joins: bool,
}

#[derive(Debug, Default)]
struct Row {
    cells: Vec<Vec<String>>,
    defined: Vec<Defined>,
    head: bool,
}

/// A table under construction.
#[derive(Debug, Default)]
pub struct Rows {
    rows: Vec<Row>,
    cells: Vec<Vec<String>>,
    open: Vec<String>,
    defined: Vec<Defined>,
    next: Defined,
    head: bool,
}

impl Rows {
    /// A definition begins.
    pub fn define(&mut self) {
        self.defined.clear();
        self.next = Defined::default();
        self.head = false;
    }

    /// The row is a header row by the word of the file.
    pub fn head(&mut self) {
        self.head = true;
    }

    /// How the cell being defined is merged.
    pub fn vertical(&mut self, vertical: Vertical) {
        self.next.vertical = vertical;
    }

    /// Whether the cell being defined belongs to the one on its left.
    pub fn across(&mut self, joins: bool) {
        self.next.joins = joins;
    }

    /// The right edge ends a cell's definition.
    pub fn edge(&mut self, edge: i32) {
        if self.defined.len() < MOST_CELLS {
            self.defined.push(Defined { edge, ..self.next });
        }
        self.next = Defined::default();
    }

    /// A paragraph of the open cell.
    pub fn paragraph(&mut self, text: String) {
        self.open.push(text);
    }

    /// The open cell ends.
    pub fn cell(&mut self) {
        let cell = std::mem::take(&mut self.open);
        let full = self.cells.len() >= MOST_CELLS;
        match self.cells.last_mut().filter(|_| full) {
            Some(last) => last.extend(cell),
            None => self.cells.push(cell),
        }
    }

    /// The row ends.
    pub fn row(&mut self) {
        if !self.open.iter().all(|t| t.trim().is_empty()) {
            self.cell();
        }
        self.open.clear();
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            self.rows.push(Row { cells, defined: self.defined.clone(), head: self.head });
        }
    }

    /// Gives the table to the flow, if there is one.
    pub fn pour(&mut self, flow: &mut Flow) {
        let rows = std::mem::take(&mut self.rows);
        if !rows.is_empty() {
            table(rows, flow);
        }
        for text in std::mem::take(&mut self.cells).into_iter().flatten().chain(std::mem::take(&mut self.open)) {
            flow.paragraph(&text);
        }
    }
}

fn table(rows: Vec<Row>, flow: &mut Flow) {
    let fits = |row: &Row| row.defined.len() == row.cells.len();
    let mut edges: Vec<i32> = rows.iter().filter(|r| fits(r)).flat_map(|r| r.defined.iter().map(|d| d.edge)).collect();
    edges.sort_unstable();
    edges.dedup_by(|b, a| b.saturating_sub(*a) <= HAIR);
    // One more than the columns that end at or left of an edge.
    let until = |edge: i32| edges.partition_point(|e| *e <= edge.saturating_add(HAIR)) as u32;
    let heights = heights(&rows, &until);
    flow.table_start();
    for (at, row) in rows.into_iter().enumerate() {
        flow.row_start();
        if row.head {
            flow.head_row();
        }
        let known = fits(&row);
        let mut left = 0;
        for (index, cell) in row.cells.into_iter().enumerate() {
            let defined = row.defined.get(index).copied().filter(|_| known).unwrap_or_default();
            let right = if known { until(defined.edge).max(left + 1) } else { left + 1 };
            let mut width = right - left;
            if known && defined.joins && index > 0 {
                left = right;
                if cell.iter().all(|t| t.trim().is_empty()) {
                    continue;
                }
            } else {
                let joined = row.defined.iter().skip(index + 1).take_while(|d| known && d.joins).last();
                if let Some(last) = joined {
                    width = until(last.edge).saturating_sub(left).max(width);
                }
                left = right;
            }
            let goes_on = known && defined.vertical == Vertical::GoesOn && at > 0;
            if goes_on && cell.iter().all(|t| t.trim().is_empty()) {
                continue;
            }
            let height = heights.get(at).and_then(|h| h.get(index)).copied().unwrap_or(1);
            flow.cell_start(height, width, false);
            cell.iter().for_each(|text| flow.paragraph(text));
        }
    }
    flow.table_end();
}

/// How many rows each cell covers.
fn heights(rows: &[Row], until: &dyn Fn(i32) -> u32) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = Vec::with_capacity(rows.len());
    // By right edge the cell that goes down from above.
    let mut open: Vec<(u32, usize, usize)> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let mut still = Vec::new();
        for (index, defined) in row.defined.iter().enumerate() {
            let edge = until(defined.edge);
            match defined.vertical {
                Vertical::Starts => still.push((edge, at, index)),
                Vertical::GoesOn => {
                    if let Some(found) = open.iter().find(|o| o.0 == edge).copied() {
                        if let Some(height) = out.get_mut(found.1).and_then(|r| r.get_mut(found.2)) {
                            *height = (at - found.1 + 1) as u32;
                        }
                        still.push(found);
                    }
                }
                Vertical::None => {}
            }
        }
        out.push(vec![1; row.defined.len()]);
        open = still;
    }
    out
}
