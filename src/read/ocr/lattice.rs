//! Level and upright lines in, tables out: the grid of each and its cells with spans.
//!
//! Lines that meet belong to one table. Their places, snapped, are the borders of its rows and columns; two neighbouring squares
//! of this grid are one cell where the image shows no wall between them (edges → intersections → cells, as in pdfplumber's and
//! Camelot's lattice methods). A frame around text is no table.

use super::binary::Binary;
use super::gray::Rect;
use super::rulings::{Ruling, pixels};

/// A cell: its part of the grid, spans half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridCell {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Rows covered.
    pub rows: usize,
    /// Columns covered.
    pub columns: usize,
    /// Its inside, free of walls.
    pub rect: Rect,
}

/// A table found in an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lattice {
    /// Column borders, one more than columns.
    pub xs: Vec<i32>,
    /// Row borders, one more than rows.
    pub ys: Vec<i32>,
    /// Cells by row, then column.
    pub cells: Vec<GridCell>,
}

impl Lattice {
    /// Its box.
    pub fn rect(&self) -> Rect {
        let ends = |v: &[i32]| (v.first().copied().unwrap_or(0), v.last().copied().unwrap_or(0));
        let ((x0, x1), (y0, y1)) = (ends(&self.xs), ends(&self.ys));
        Rect::new(x0, y0, x1, y1)
    }
}

/// How far lines may miss each other and still meet, in inches.
const MEET: f32 = 0.04;
/// Lines nearer than this are one border (double rules), in inches.
const SNAP: f32 = 0.05;
/// Share of a wall that must be black, in percent.
const LEVEL_WALL: i32 = 65;
const UPRIGHT_WALL: i32 = 82;
/// Most rows and columns of one table.
const MAX_ROWS: usize = 400;
const MAX_COLUMNS: usize = 60;

/// Finds the tables, from top to bottom.
pub fn tables(image: &Binary, level: &[Ruling], upright: &[Ruling], dpi: f32) -> Vec<Lattice> {
    let mut out: Vec<Lattice> = Vec::new();
    for (levels, uprights) in groups(level, upright, pixels(MEET, dpi)) {
        if let Some(lattice) = lattice(image, &levels, &uprights, dpi) {
            out.push(lattice);
        }
    }
    out.sort_by_key(|l| (l.rect().y0, l.rect().x0));
    // A table inside a cell of another one is that cell's text.
    let boxes: Vec<Rect> = out.iter().map(Lattice::rect).collect();
    let inside = |a: &Rect, b: &Rect| a != b && b.x0 <= a.x0 && a.x1 <= b.x1 && b.y0 <= a.y0 && a.y1 <= b.y1;
    let mut at = 0;
    out.retain(|_| {
        at += 1;
        !boxes.iter().any(|b| inside(&boxes[at - 1], b))
    });
    out
}

/// Lines that meet, directly or through others.
fn groups(level: &[Ruling], upright: &[Ruling], tolerance: i32) -> Vec<(Vec<Ruling>, Vec<Ruling>)> {
    let count = level.len() + upright.len();
    let mut parent: Vec<usize> = (0..count).collect();
    fn root(parent: &mut [usize], mut at: usize) -> usize {
        while parent[at] != at {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        at
    }
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            let meets = h.from - tolerance <= v.at
                && v.at <= h.to + tolerance
                && v.from - tolerance <= h.at
                && h.at <= v.to + tolerance;
            if meets {
                let (a, b) = (root(&mut parent, i), root(&mut parent, level.len() + j));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut out: Vec<(usize, Vec<Ruling>, Vec<Ruling>)> = Vec::new();
    for at in 0..count {
        let root = root(&mut parent, at);
        let group = match out.iter().position(|g| g.0 == root) {
            Some(group) => group,
            None => {
                out.push((root, Vec::new(), Vec::new()));
                out.len() - 1
            }
        };
        match at.checked_sub(level.len()) {
            None => out[group].1.push(level[at]),
            Some(j) => out[group].2.push(upright[j]),
        }
    }
    out.into_iter().map(|g| (g.1, g.2)).filter(|g| g.0.len() >= 2 && !g.1.is_empty()).collect()
}

/// Places of lines as borders: those nearer than `snap` are one, at the mean weighted by length.
fn borders(lines: &[Ruling], snap: i32) -> Vec<i32> {
    let mut sorted: Vec<&Ruling> = lines.iter().collect();
    sorted.sort_by_key(|l| l.at);
    let mut out: Vec<(i64, i64, i32)> = Vec::new();
    for line in sorted {
        let length = i64::from(line.length().max(1));
        match out.last_mut().filter(|(sum, weight, _)| i64::from(line.at) - sum / weight <= i64::from(snap)) {
            Some(border) => {
                border.0 += i64::from(line.at) * length;
                border.1 += length;
                border.2 = line.at;
            }
            None => out.push((i64::from(line.at) * length, length, line.at)),
        }
    }
    out.iter().map(|(sum, weight, _)| (sum / weight) as i32).collect()
}

fn lattice(image: &Binary, level: &[Ruling], upright: &[Ruling], dpi: f32) -> Option<Lattice> {
    let snap = pixels(SNAP, dpi);
    let mut xs = borders(upright, snap);
    let mut ys = borders(level, snap);
    // Tables open at the sides: the level lines go on past the outermost upright ones.
    let mut ends: Vec<(i32, i32)> = level.iter().map(|l| (l.from, l.to)).collect();
    ends.sort_unstable();
    let open = pixels(0.25, dpi);
    let middle = |mut values: Vec<i32>| {
        values.sort_unstable();
        values.get(values.len() / 2).copied().unwrap_or(0)
    };
    let (left, right) = (middle(ends.iter().map(|e| e.0).collect()), middle(ends.iter().map(|e| e.1).collect()));
    if xs.first().is_none_or(|x| left < x - open) {
        xs.insert(0, left);
    }
    if xs.last().is_none_or(|x| right > x + open) {
        xs.push(right);
    }
    // Upright lines that go on below or above the last level one: the page cuts the table.
    let (top, bottom) =
        (middle(upright.iter().map(|u| u.from).collect()), middle(upright.iter().map(|u| u.to).collect()));
    let row = pixels(0.12, dpi);
    if ys.first().is_some_and(|y| top < y - row) {
        ys.insert(0, top);
    }
    if ys.last().is_some_and(|y| bottom > y + row) {
        ys.push(bottom);
    }
    let (columns, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
    if columns == 0 || rows == 0 || columns * rows < 2 || columns > MAX_COLUMNS || rows > MAX_ROWS {
        return None;
    }
    if columns < 2 && upright.len() < 2 {
        return None;
    }
    let mut cells = cells(image, &xs, &ys, dpi);
    compress(&mut xs, &mut ys, &mut cells);
    let columns = xs.len() - 1;
    // A frame, or lines under headings: nothing that has columns.
    if cells.len() < 2 || columns < 2 {
        return None;
    }
    Some(Lattice { xs, ys, cells })
}

/// Drops borders at which no cell begins or ends: lines of print, not of the table.
fn compress(xs: &mut Vec<i32>, ys: &mut Vec<i32>, cells: &mut [GridCell]) {
    let ranks = |borders: &mut Vec<i32>, used: &dyn Fn(usize) -> bool| {
        let last = borders.len() - 1;
        let mut rank = Vec::with_capacity(borders.len());
        let mut kept = Vec::with_capacity(borders.len());
        for (i, b) in borders.iter().enumerate() {
            rank.push(kept.len());
            if i == 0 || i == last || used(i) {
                kept.push(*b);
            }
        }
        *borders = kept;
        rank
    };
    let columns = ranks(xs, &|i| cells.iter().any(|c| c.column == i || c.column + c.columns == i));
    let rows = ranks(ys, &|i| cells.iter().any(|c| c.row == i || c.row + c.rows == i));
    for cell in cells {
        let (right, below) = (columns[cell.column + cell.columns], rows[cell.row + cell.rows]);
        (cell.column, cell.row) = (columns[cell.column], rows[cell.row]);
        (cell.columns, cell.rows) = (right - cell.column, below - cell.row);
    }
}

/// Share in percent of a stretch that is black in the band of three pixels around `at`, counting only runs that are longer than
/// letters are wide; a run may have gaps of `gap` pixels (dots).
fn share(image: &Binary, upright: bool, at: i32, (from, to): (i32, i32), long: i32, gap: i32) -> i32 {
    let (mut sum, mut start, mut last) = (0, -1, -1);
    for along in from..=to {
        let black = along < to
            && (at - 1..=at + 1).any(|across| if upright { image.at(across, along) } else { image.at(along, across) });
        if black {
            if start < 0 {
                start = along;
            }
            last = along;
        } else if start >= 0 && (along - last > gap || along == to) {
            if last + 1 - start >= long {
                sum += last + 1 - start;
            }
            start = -1;
        }
    }
    sum * 100 / (to - from).max(1)
}

/// Whether the image shows a wall between two grid squares. It may lie a little beside its place; an upright one goes all the way
/// from row border to row border, as no stem of a letter does.
fn wall(image: &Binary, upright: bool, at: i32, from: i32, to: i32, dpi: f32) -> bool {
    let reach = pixels(0.015, dpi).max(2);
    let gap = pixels(0.011, dpi).max(2);
    let (from, to) = if upright { (from + 2, to - 2) } else { (from + reach, to - reach) };
    if to <= from {
        return true;
    }
    let long = if upright { (to - from) / 3 } else { pixels(0.3, dpi).min((to - from) * 2 / 3) };
    let least = if upright { UPRIGHT_WALL } else { LEVEL_WALL };
    (-reach..=reach).any(|o| share(image, upright, at + o, (from, to), long, gap) >= least)
}

fn cells(image: &Binary, xs: &[i32], ys: &[i32], dpi: f32) -> Vec<GridCell> {
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let right = |r: usize, c: usize| wall(image, true, xs[c + 1], ys[r], ys[r + 1], dpi);
    let below = |r: usize, c: usize| wall(image, false, ys[r + 1], xs[c], xs[c + 1], dpi);
    let mut walls_right = vec![true; rows * columns];
    let mut walls_below = vec![true; rows * columns];
    for r in 0..rows {
        for c in 0..columns {
            if c + 1 < columns {
                walls_right[r * columns + c] = right(r, c);
            }
            if r + 1 < rows {
                walls_below[r * columns + c] = below(r, c);
            }
        }
    }
    let mut taken = vec![false; rows * columns];
    let mut out = Vec::with_capacity(rows * columns);
    for r in 0..rows {
        for c in 0..columns {
            if taken[r * columns + c] {
                continue;
            }
            // As wide as there is no wall, then as deep as the whole width goes on without one.
            let mut wide = 1;
            while c + wide < columns && !walls_right[r * columns + c + wide - 1] && !taken[r * columns + c + wide] {
                wide += 1;
            }
            let mut deep = 1;
            while r + deep < rows {
                let above = (r + deep - 1) * columns;
                let here = (r + deep) * columns;
                let goes_on = (c..c + wide).all(|c| !walls_below[above + c] && !taken[here + c])
                    && (c..c + wide - 1).all(|c| !walls_right[here + c])
                    && (c == 0 || walls_right[here + c - 1])
                    && walls_right[here + c + wide - 1];
                if !goes_on {
                    break;
                }
                deep += 1;
            }
            for row in r..r + deep {
                taken[row * columns + c..row * columns + c + wide].fill(true);
            }
            let rect = Rect::new(xs[c], ys[r], xs[c + wide], ys[r + deep]);
            out.push(GridCell { row: r, column: c, rows: deep, columns: wide, rect: inside(image, rect, dpi) });
        }
    }
    out
}

/// The box inside the walls: each side moves in while it is on a line, and then a little further.
fn inside(image: &Binary, rect: Rect, dpi: f32) -> Rect {
    // Farther in there is text: a line of bold print is as black as a rule.
    let most = pixels(0.025, dpi);
    let margin = pixels(0.011, dpi).max(2);
    let mut r = rect;
    let gap = pixels(0.011, dpi).max(2);
    let upright = |x: i32, r: &Rect| share(image, true, x, (r.y0, r.y1), (r.y1 - r.y0) / 3, gap) > 60;
    let level =
        |y: i32, r: &Rect| share(image, false, y, (r.x0, r.x1), pixels(0.3, dpi).min((r.x1 - r.x0) / 2), gap) > 60;
    // The line may lie a little inside the border, so the last line within reach counts.
    let last = |hit: &dyn Fn(i32) -> bool| (0..=most).rev().find(|i| hit(*i)).map_or(0, |i| i + 1);
    if r.width() > 8 * most && r.height() > 6 * most {
        let at = r;
        r.x0 += last(&|i| upright(at.x0 + i, &at));
        r.x1 -= last(&|i| upright(at.x1 - 1 - i, &at));
        r.y0 += last(&|i| level(at.y0 + i, &at));
        r.y1 -= last(&|i| level(at.y1 - 1 - i, &at));
    }
    Rect::new(r.x0 + margin, r.y0 + margin, r.x1 - margin, r.y1 - margin)
}

#[cfg(test)]
mod tests {
    use super::super::binary::binarize;
    use super::super::gray::Gray;
    use super::super::rulings::rulings;
    use super::*;

    /// A table of 4 columns whose header has one merged cell over two.
    fn form(angle: f32) -> Gray {
        let mut image = Gray::filled(900, 700, 250);
        let (xs, ys) = ([60, 130, 500, 650, 840], [100, 140, 180, 230, 280]);
        for (i, y) in ys.iter().enumerate() {
            match i {
                1 => image.paint(Rect::new(500, *y, 840, y + 2), 20),
                _ => image.paint(Rect::new(60, *y, 842, y + 2), 20),
            }
        }
        for (i, x) in xs.iter().enumerate() {
            let top = if i == 3 { 140 } else { 100 };
            image.paint(Rect::new(*x, top, x + 2, 282), 20);
        }
        for i in 0..12 {
            image.paint(Rect::new(160 + i * 20, 195, 170 + i * 20, 215), 10);
        }
        image.rotated(angle)
    }

    fn found(image: &Gray) -> Vec<Lattice> {
        let binary = binarize(image, 80);
        let (level, upright) = rulings(&binary, 200.0);
        tables(&binary, &level, &upright, 200.0)
    }

    #[test]
    fn merged_header() {
        for angle in [0.0, 0.04] {
            let tables = found(&form(angle));
            assert_eq!(tables.len(), 1);
            let spans: Vec<_> = tables[0].cells.iter().take(6).map(|c| (c.row, c.column, c.rows, c.columns)).collect();
            assert_eq!(spans, [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (1, 2, 1, 1), (1, 3, 1, 1), (2, 0, 1, 1)]);
            assert_eq!(tables[0].cells.len(), 5 + 8);
            assert_eq!((tables[0].xs.len(), tables[0].ys.len()), (5, 5));
        }
    }

    #[test]
    fn cells_are_free_of_walls() {
        let image = form(0.0);
        let binary = binarize(&image, 80);
        for cell in &found(&image)[0].cells {
            let ink = binary.ink(cell.rect);
            assert_eq!(ink.is_some(), (cell.row, cell.column) == (2, 1), "{cell:?} {ink:?}");
        }
    }

    #[test]
    fn frames_and_underlines_are_no_tables() {
        let mut image = Gray::filled(900, 700, 250);
        image.paint(Rect::new(100, 100, 800, 102), 20);
        image.paint(Rect::new(100, 200, 800, 202), 20);
        image.paint(Rect::new(100, 100, 102, 202), 20);
        image.paint(Rect::new(798, 100, 800, 202), 20);
        image.paint(Rect::new(300, 400, 500, 402), 20);
        assert!(found(&image).is_empty());
    }

    #[test]
    fn open_sides() {
        let mut image = Gray::filled(900, 700, 250);
        for y in [100, 150, 200, 250] {
            image.paint(Rect::new(60, y, 840, y + 2), 20);
        }
        for x in [150, 500] {
            image.paint(Rect::new(x, 100, x + 2, 252), 20);
        }
        let tables = found(&image);
        assert_eq!((tables[0].xs.len(), tables[0].ys.len(), tables[0].cells.len()), (4, 4, 9));
    }
}
