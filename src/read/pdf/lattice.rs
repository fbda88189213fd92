//! Rulings in, grids of cells out: edges → intersections → cells with spans.
//!
//! The method is that of pdfplumber's table finder with walls in place of corners: lines are snapped to common positions (a double
//! line becomes one), pieces of one line are joined, lines that meet make a component, its positions cut the plane into unit cells,
//! and unit cells without a wall between them are one cell. Components that make a single cell are frames, not tables.

use super::walk::Rule;

/// Lines closer than this are one line.
const SNAP: f32 = 3.5;
/// Pieces of a line this close are joined.
const JOIN: f32 = 4.0;
/// Lines this close meet.
const MEET: f32 = 4.0;
/// Shorter lines are dashes and ornaments.
const SHORT: f32 = 6.0;
/// A page with more lines than this in one direction is a drawing.
const MOST_LINES: usize = 3000;
/// A grid with more unit cells than this is a drawing.
const MOST_UNITS: usize = 100_000;
/// A grid with more columns than this is a drawing.
const MOST_COLUMNS: usize = 120;

/// A cell: first row and column, spans, box.
#[derive(Debug, Clone, PartialEq)]
pub struct Box4 {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Rows covered.
    pub rows: usize,
    /// Columns covered.
    pub columns: usize,
}

/// A grid of cells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// Positions of the columns' borders, one more than columns.
    pub xs: Vec<f32>,
    /// Positions of the rows' borders, one more than rows.
    pub ys: Vec<f32>,
    /// Its cells, by row, then column.
    pub cells: Vec<Box4>,
    /// For each unit cell, row by row, its cell.
    owner: Vec<u32>,
}

impl Grid {
    /// Its box.
    pub fn rect(&self) -> [f32; 4] {
        let ends = |v: &[f32]| (v.first().copied().unwrap_or(0.0), v.last().copied().unwrap_or(0.0));
        let ((x0, x1), (y0, y1)) = (ends(&self.xs), ends(&self.ys));
        [x0, y0, x1, y1]
    }
    /// Box of a cell.
    pub fn cell_rect(&self, cell: &Box4) -> [f32; 4] {
        let at = |v: &[f32], i: usize| v.get(i).or(v.last()).copied().unwrap_or(0.0);
        [
            at(&self.xs, cell.column),
            at(&self.ys, cell.row),
            at(&self.xs, cell.column + cell.columns),
            at(&self.ys, cell.row + cell.rows),
        ]
    }
    /// The cell that holds a point.
    pub fn at(&self, x: f32, y: f32) -> Option<usize> {
        let column = self.xs.partition_point(|p| *p <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|p| *p <= y).checked_sub(1)?;
        let columns = self.xs.len().checked_sub(1)?;
        if column >= columns || row + 1 >= self.ys.len() {
            return None;
        }
        self.owner.get(row * columns + column).map(|c| *c as usize)
    }
}

/// A line after snapping and joining: position, start, end.
#[derive(Debug, Clone, Copy)]
struct Line {
    at: f32,
    start: f32,
    end: f32,
}

/// Snaps and joins the lines of one direction.
fn joined(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|a, b| a.at.total_cmp(&b.at));
    // Positions that follow each other closely become their longest line's.
    let mut from = 0;
    while from < lines.len() {
        let base = lines[from].at;
        let mut to = from + 1;
        while to < lines.len() && lines[to].at - lines[to - 1].at <= SNAP && lines[to].at - base <= 2.0 * SNAP {
            to += 1;
        }
        let group = &mut lines[from..to];
        let total: f32 = group.iter().map(|l| l.end - l.start).sum();
        let at = group.iter().map(|l| l.at * (l.end - l.start)).sum::<f32>() / total.max(f32::MIN_POSITIVE);
        group.iter_mut().for_each(|l| l.at = at);
        from = to;
    }
    lines.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.start.total_cmp(&b.start)));
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match out.last_mut() {
            Some(last) if last.at == line.at && line.start <= last.end + JOIN => last.end = last.end.max(line.end),
            _ => out.push(line),
        }
    }
    out.retain(|l| l.end - l.start >= SHORT);
    out
}

/// Finds the grids on a page, from top to bottom; besides, the lines across that belong to none.
pub fn grids(rules: &[Rule]) -> (Vec<Grid>, Vec<Rule>) {
    let pick = |across: bool| {
        let some = rules.iter().filter(|r| r.across == across && r.at.is_finite());
        joined(some.map(|r| Line { at: r.at, start: r.start, end: r.end }).collect())
    };
    let (across, down) = (pick(true), pick(false));
    let loose = |l: &Line| Rule { across: true, at: l.at, start: l.start, end: l.end };
    if across.len() > MOST_LINES || down.len() > MOST_LINES {
        return (Vec::new(), Vec::new());
    }
    // Components of lines that meet: indexes of lines across, then of lines down.
    let mut parent: Vec<usize> = (0..across.len() + down.len()).collect();
    for (i, h) in across.iter().enumerate() {
        for (j, v) in down.iter().enumerate() {
            let meets =
                v.at >= h.start - MEET && v.at <= h.end + MEET && h.at >= v.start - MEET && h.at <= v.end + MEET;
            if meets {
                let (a, b) = (root(&mut parent, i), root(&mut parent, across.len() + j));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Line>, Vec<Line>)> = std::collections::BTreeMap::new();
    let mut rest = Vec::new();
    for i in 0..parent.len() {
        let group = root(&mut parent, i);
        let entry = groups.entry(group).or_default();
        match i.checked_sub(across.len()) {
            None => entry.0.push(across[i]),
            Some(j) => entry.1.push(down[j]),
        }
    }
    let mut grids = Vec::new();
    for (across, down) in groups.into_values() {
        match grid(&across, down) {
            Some(grid) => grids.push(grid),
            None => rest.extend(across.iter().map(loose)),
        }
    }
    grids.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]).then(a.xs[0].total_cmp(&b.xs[0])));
    (outermost(grids), rest)
}

/// A grid inside another's box is a table within a cell: its text belongs to the cell.
fn outermost(grids: Vec<Grid>) -> Vec<Grid> {
    let rects: Vec<[f32; 4]> = grids.iter().map(Grid::rect).collect();
    let inside = |a: &[f32; 4], b: &[f32; 4]| {
        a[0] >= b[0] - MEET && a[1] >= b[1] - MEET && a[2] <= b[2] + MEET && a[3] <= b[3] + MEET
    };
    let area = |r: &[f32; 4]| (r[2] - r[0]) * (r[3] - r[1]);
    if grids.len() > 400 {
        return grids;
    }
    let keep: Vec<bool> =
        rects.iter().map(|a| !rects.iter().any(|b| area(b) > area(a) + 1.0 && inside(a, b))).collect();
    grids.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(grid, _)| grid).collect()
}

fn root(parent: &mut [usize], mut at: usize) -> usize {
    while parent[at] != at {
        parent[at] = parent[parent[at]];
        at = parent[at];
    }
    at
}

/// Sorted positions, those that nearly coincide counted once.
fn positions(lines: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut out: Vec<f32> = lines.collect();
    out.sort_by(f32::total_cmp);
    out.dedup_by(|b, a| *b - *a <= SNAP);
    out
}

fn grid(across: &[Line], mut down: Vec<Line>) -> Option<Grid> {
    if across.len() < 2 {
        return None;
    }
    open_sides(across, &mut down);
    let xs = positions(down.iter().map(|l| l.at));
    let mut across = across.to_vec();
    open_ends(&mut across, &down);
    let ys = positions(across.iter().map(|l| l.at));
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns == 0 || rows == 0 || columns > MOST_COLUMNS || columns * rows > MOST_UNITS {
        return None;
    }
    // Walls: right of a unit cell, and below it.
    let mut right = vec![false; columns * rows];
    let mut below = vec![false; columns * rows];
    let nearest = |v: &[f32], at: f32| {
        let i = v.partition_point(|p| *p < at);
        let before = i.checked_sub(1);
        match (before, v.get(i)) {
            (Some(b), Some(next)) if at - v[b] <= *next - at => b,
            (Some(b), None) => b,
            _ => i,
        }
    };
    for line in &down {
        let x = nearest(&xs, line.at);
        for row in 0..rows {
            let (y0, y1) = (ys[row], ys[row + 1]);
            let covered = line.end.min(y1) - line.start.max(y0);
            if x > 0 && x < columns && covered >= 0.6 * (y1 - y0) {
                right[row * columns + x - 1] = true;
            }
        }
    }
    for line in &across {
        let y = nearest(&ys, line.at);
        for column in 0..columns {
            let (x0, x1) = (xs[column], xs[column + 1]);
            let covered = line.end.min(x1) - line.start.max(x0);
            if y > 0 && y < rows && covered >= 0.6 * (x1 - x0) {
                below[(y - 1) * columns + column] = true;
            }
        }
    }
    let mut parent: Vec<usize> = (0..columns * rows).collect();
    for row in 0..rows {
        for column in 0..columns {
            let at = row * columns + column;
            let mut join = |other: usize| {
                let (a, b) = (root(&mut parent, at), root(&mut parent, other));
                parent[a.max(b)] = a.min(b);
            };
            if column + 1 < columns && !right[at] {
                join(at + 1);
            }
            if row + 1 < rows && !below[at] {
                join(at + columns);
            }
        }
    }
    let owner: Vec<usize> = (0..parent.len()).map(|at| root(&mut parent, at)).collect();
    let grid = cells(xs, ys, owner);
    (grid.cells.len() >= 2 && grid.xs.len() >= 3).then_some(grid)
}

/// Makes rectangles of the joined unit cells. What is no rectangle falls apart into the runs of its rows.
fn cells(xs: Vec<f32>, ys: Vec<f32>, roots: Vec<usize>) -> Grid {
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let mut hull = vec![(usize::MAX, usize::MAX, 0usize, 0usize, 0usize); roots.len()];
    for (at, root) in roots.iter().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let h = &mut hull[*root];
        *h = (h.0.min(row), h.1.min(column), h.2.max(row + 1), h.3.max(column + 1), h.4 + 1);
    }
    let mut owner = vec![u32::MAX; roots.len()];
    let mut cells: Vec<Box4> = Vec::new();
    for at in 0..roots.len() {
        if owner[at] != u32::MAX {
            continue;
        }
        let (row, column) = (at / columns, at % columns);
        let (r0, c0, r1, c1, units) = hull[roots[at]];
        let whole = units == (r1 - r0) * (c1 - c0);
        let cell = if whole {
            Box4 { row: r0, column: c0, rows: r1 - r0, columns: c1 - c0 }
        } else {
            let run = (column..columns).take_while(|c| roots[row * columns + c] == roots[at]).count();
            Box4 { row, column, rows: 1, columns: run.max(1) }
        };
        for r in cell.row..(cell.row + cell.rows).min(rows) {
            for c in cell.column..cell.column + cell.columns {
                owner[r * columns + c] = cells.len() as u32;
            }
        }
        cells.push(cell);
    }
    Grid { xs, ys, cells, owner }
}

/// A table without outer lines down its sides: where most lines across start (or end) together beyond the outermost line down.
fn open_sides(across: &[Line], down: &mut Vec<Line>) {
    let top = across.iter().map(|l| l.at).fold(f32::MAX, f32::min);
    let bottom = across.iter().map(|l| l.at).fold(f32::MIN, f32::max);
    let left = across.iter().map(|l| l.start).fold(f32::MAX, f32::min);
    let right = across.iter().map(|l| l.end).fold(f32::MIN, f32::max);
    let first = down.iter().map(|l| l.at).fold(f32::MAX, f32::min);
    let last = down.iter().map(|l| l.at).fold(f32::MIN, f32::max);
    let share = |near: &dyn Fn(&Line) -> bool| across.iter().filter(|l| near(l)).count() * 2 > across.len();
    if across.len() >= 3 && !down.is_empty() {
        if first - left > 10.0 && share(&|l: &Line| (l.start - left).abs() <= MEET) {
            down.push(Line { at: left, start: top, end: bottom });
        }
        if right - last > 10.0 && share(&|l: &Line| (l.end - right).abs() <= MEET) {
            down.push(Line { at: right, start: top, end: bottom });
        }
    }
}

/// The same for the line above the first row and below the last.
fn open_ends(across: &mut Vec<Line>, down: &[Line]) {
    let bounds = |f: fn(&Line) -> f32, list: &[Line]| {
        let low = list.iter().map(f).fold(f32::MAX, f32::min);
        let high = list.iter().map(f).fold(f32::MIN, f32::max);
        (low, high)
    };
    let (left, right) = bounds(|l| l.at, down);
    let (top, bottom) = bounds(|l| l.at, across);
    let start = down.iter().map(|l| l.start).fold(f32::MAX, f32::min);
    let end = down.iter().map(|l| l.end).fold(f32::MIN, f32::max);
    let share = |near: &dyn Fn(&Line) -> bool| down.iter().filter(|l| near(l)).count() * 2 > down.len();
    if down.len() >= 3 {
        if top - start > 8.0 && share(&|l: &Line| (l.start - start).abs() <= MEET) {
            across.push(Line { at: start, start: left, end: right });
        }
        if end - bottom > 8.0 && share(&|l: &Line| (l.end - end).abs() <= MEET) {
            across.push(Line { at: end, start: left, end: right });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h(at: f32, start: f32, end: f32) -> Rule {
        Rule { across: true, at, start, end }
    }
    fn v(at: f32, start: f32, end: f32) -> Rule {
        Rule { across: false, at, start, end }
    }
    fn spans(grid: &Grid) -> Vec<(usize, usize, usize, usize)> {
        grid.cells.iter().map(|c| (c.row, c.column, c.rows, c.columns)).collect()
    }

    #[test]
    fn a_merged_head() {
        // Two rows of heads: the first cell high, the second wide over two.
        let rules = [
            h(10.0, 0.0, 300.0),
            h(30.0, 100.0, 300.0),
            h(50.0, 0.0, 300.0),
            h(70.0, 0.0, 300.0),
            v(0.0, 10.0, 70.0),
            v(100.0, 10.0, 70.0),
            v(200.0, 30.0, 70.0),
            v(300.0, 10.0, 70.0),
        ];
        let (grids, rest) = grids(&rules);
        assert_eq!((grids.len(), rest.len()), (1, 0));
        assert_eq!(
            spans(&grids[0]),
            [(0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1), (1, 2, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1)]
        );
        assert_eq!(grids[0].at(250.0, 20.0), Some(1));
        assert_eq!(grids[0].at(50.0, 45.0), Some(0));
        assert_eq!(grids[0].at(-5.0, 45.0), None);
    }

    #[test]
    fn pieces_and_double_lines() {
        // Each cell draws its own edges, a point apart.
        let mut rules = Vec::new();
        for row in 0..3 {
            for column in 0..3 {
                let (x, y) = (column as f32 * 50.0, row as f32 * 20.0);
                rules.extend([
                    h(y + 0.5, x + 0.5, x + 49.5),
                    h(y + 19.5, x + 0.5, x + 49.5),
                    v(x + 0.5, y + 0.5, y + 19.5),
                    v(x + 49.5, y + 0.5, y + 19.5),
                ]);
            }
        }
        let (grids, _) = grids(&rules);
        assert_eq!(grids.len(), 1);
        assert_eq!((grids[0].xs.len(), grids[0].ys.len(), grids[0].cells.len()), (4, 4, 9));
    }

    #[test]
    fn frames_and_underlines_are_no_tables() {
        let frame = [h(0.0, 0.0, 500.0), h(700.0, 0.0, 500.0), v(0.0, 0.0, 700.0), v(500.0, 0.0, 700.0)];
        let mut rules = frame.to_vec();
        rules.push(h(300.0, 100.0, 180.0));
        let (grids, rest) = grids(&rules);
        assert!(grids.is_empty());
        assert_eq!(rest.len(), 3);
    }

    #[test]
    fn sides_left_open() {
        let rules =
            [h(0.0, 0.0, 300.0), h(20.0, 0.0, 300.0), h(40.0, 0.0, 300.0), v(100.0, 0.0, 40.0), v(200.0, 0.0, 40.0)];
        let (grids, _) = grids(&rules);
        assert_eq!(grids[0].cells.len(), 6);
    }

    #[test]
    fn many_lines_end_soon() {
        let rules: Vec<Rule> =
            (0..40_000).map(|i| if i % 2 == 0 { h(i as f32, 0.0, 9e4) } else { v(i as f32, 0.0, 9e4) }).collect();
        assert!(grids(&rules).0.is_empty());
    }
}
