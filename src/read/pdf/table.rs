//! Cells with their lines; tables joined over page breaks, repeated headers dropped, broken rows mended.

use super::lattice::Grid;
use super::walk::Sheet;
use super::words::{Letter, VisLine, Word, gather, lines};
use crate::model::SourceWord;
use crate::read::text::grid::{self, RawCell, RawRow};
use crate::read::text::line::{is_figure, is_row_number, lower_start};
use crate::read::text::prose::ends_open;

/// Borders of columns on two pages are the same within this distance.
const SAME_BORDER: f32 = 7.0;
/// A column narrower than this without text of its own is the slack of a line.
const SLIVER: f32 = 9.0;

/// A line of text as the rest of the program will know it: characters, words with boxes, page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Piece {
    /// Its characters.
    pub text: String,
    /// Its words with their bytes in `text`.
    pub words: Vec<SourceWord>,
    /// Its box on the page as shown.
    pub rect: [f32; 4],
    /// 1-based.
    pub page: u32,
}

impl Piece {
    /// The part of the piece from byte `from` to byte `to`.
    pub fn slice(&self, from: usize, to: usize) -> Piece {
        let text = self.text.get(from..to).unwrap_or_default().to_string();
        let inside = |w: &&SourceWord| (w.end as usize) > from && (w.start as usize) < to;
        let shift = |at: u32| (at as usize).clamp(from, to).saturating_sub(from) as u32;
        let words: Vec<SourceWord> = self
            .words
            .iter()
            .filter(inside)
            .map(|w| SourceWord { start: shift(w.start), end: shift(w.end), ..*w })
            .collect();
        let rect = hull(words.iter().map(|w| w.rect)).unwrap_or(self.rect);
        Piece { text, words, rect, page: self.page }
    }
    /// The same with what follows set right behind it: a number wrapped inside its cell.
    fn append(&mut self, next: Piece) {
        let at = self.text.len() as u32;
        self.text.push_str(&next.text);
        self.words.extend(next.words.iter().map(|w| SourceWord { start: w.start + at, end: w.end + at, ..*w }));
        self.rect = hull([self.rect, next.rect].into_iter()).unwrap_or(self.rect);
    }
}

/// The box around boxes.
pub fn hull(rects: impl Iterator<Item = [f32; 4]>) -> Option<[f32; 4]> {
    rects.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// The mark of a note that a raised word spells; None for the exponent of a unit (`m2`) and for anything else that is raised.
pub fn note_mark(word: &Word, before: &str) -> Option<String> {
    let mark = word.text.trim_matches(['(', ')', '[', ']', ',', '.', '*', ';']);
    let digits = (1..=3).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    let unit = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    let exponent = matches!(unit, "m" | "km" | "cm" | "dm" | "mm" | "ha" | "M") && matches!(mark, "2" | "3");
    (word.raised && digits && !exponent).then(|| mark.to_string())
}

/// One line as a piece; `boxed` turns boxes into those of the page as shown.
pub fn piece(words: &[Word], page: u32, boxed: &dyn Fn([f32; 4]) -> [f32; 4]) -> Piece {
    let mut out = Piece { page, ..Piece::default() };
    for word in words {
        if !out.text.is_empty() && !word.glued {
            out.text.push(' ');
        }
        let start = out.text.len() as u32;
        match note_mark(word, &out.text) {
            Some(mark) => {
                out.text.push('[');
                out.text.push_str(&mark);
                out.text.push(']');
            }
            None => out.text.push_str(&word.text),
        }
        let rect = boxed(word.rect());
        out.words.push(SourceWord { start, end: out.text.len() as u32, rect, confidence: 1.0 - word.doubt });
    }
    out.rect = hull(out.words.iter().map(|w| w.rect)).unwrap_or_default();
    out
}

/// A cell of a table on paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeoCell {
    /// First row.
    pub row: usize,
    /// First column.
    pub column: usize,
    /// Rows covered.
    pub rows: usize,
    /// Columns covered.
    pub columns: usize,
    /// Its text.
    pub lines: Vec<Piece>,
    /// Its box on the page as shown.
    pub rect: [f32; 4],
    /// 1-based.
    pub page: u32,
}

/// Whether two heads are the same, allowing for letters that a scan misread; never for figures.
pub fn alike(a: &str, b: &str) -> bool {
    let figures = |t: &str| t.chars().filter(char::is_ascii_digit).collect::<String>();
    a == b || a.len().min(b.len()) >= 8 && figures(a) == figures(b) && strsim::normalized_levenshtein(a, b) >= 0.85
}

/// A table on paper.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GeoTable {
    /// Borders of the columns in reading orientation.
    pub xs: Vec<f32>,
    /// Number of rows.
    pub rows: usize,
    /// By row, then column.
    pub cells: Vec<GeoCell>,
    /// Top and bottom in reading orientation, on the first page.
    pub top: f32,
    /// See `top`; of the last page.
    pub bottom: f32,
    /// Found by rulings, not by alignment.
    pub ruled: bool,
}

/// Gives the letters inside a grid to its cells; returns the table and the letters outside.
pub fn fill(sheet: &Sheet, grid: &Grid, letters: Vec<Letter>, page: u32) -> (GeoTable, Vec<Letter>) {
    let mut held: Vec<Vec<Letter>> = vec![Vec::new(); grid.cells.len()];
    let mut outside = Vec::new();
    for letter in letters {
        let (x, y) = letter.centre();
        match grid.at(x, y).and_then(|at| held.get_mut(at)) {
            Some(cell) => cell.push(letter),
            None => outside.push(letter),
        }
    }
    let on_page = |rect| sheet.on_page(rect);
    let mut cells: Vec<GeoCell> = Vec::with_capacity(grid.cells.len());
    for (cell, letters) in grid.cells.iter().zip(held) {
        let rect = grid.cell_rect(cell);
        let visual = lines(letters);
        let mut pieces: Vec<Piece> = visual.iter().map(|l| piece(&l.words, page, &on_page)).collect();
        mend_numbers(&mut pieces, &visual, rect[2] - rect[0]);
        cells.push(GeoCell {
            row: cell.row,
            column: cell.column,
            rows: cell.rows,
            columns: cell.columns,
            lines: pieces,
            rect: sheet.on_page(rect),
            page,
        });
    }
    for (turn, glyphs) in &sheet.sideways {
        let mut held: Vec<Vec<Letter>> = vec![Vec::new(); cells.len()];
        for letter in gather(sheet, glyphs) {
            let (x, y) = letter.centre();
            let [x, y, ..] = sheet.of_sideways(*turn, [x, y, x, y]);
            if let Some(cell) = grid.at(x, y).and_then(|at| held.get_mut(at)) {
                cell.push(letter);
            }
        }
        for (cell, letters) in cells.iter_mut().zip(held) {
            let boxed = |rect| sheet.on_page(sheet.of_sideways(*turn, rect));
            cell.lines.extend(lines(letters).iter().map(|l| piece(&l.words, page, &boxed)));
        }
    }
    let [_, top, _, bottom] = grid.rect();
    let mut table = GeoTable { xs: grid.xs.clone(), rows: grid.ys.len() - 1, cells, top, bottom, ruled: true };
    table.squeeze(&grid.ys);
    (table, outside)
}

/// Joins the lines of a cell that holds one number wrapped because the cell is narrow: `2.915.` / `171,05`.
fn mend_numbers(pieces: &mut Vec<Piece>, lines: &[VisLine], width: f32) {
    let numeric = |t: &str| t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'%'));
    if pieces.len() < 2 || !pieces.iter().all(|p| !p.text.is_empty() && numeric(&p.text)) {
        return;
    }
    let full = lines.iter().rev().skip(1).all(|l| l.x1() - l.x0() + l.size * 0.6 >= width * 0.55);
    let ends = pieces.iter().rev().skip(1).all(|p| !p.text.ends_with('%'));
    // A number and the next number below it differ in nothing but width from one that is wrapped; a wrapped one fills its cell.
    let long: usize = pieces.iter().map(|p| p.text.len()).sum();
    if full && ends && (5..=24).contains(&long) {
        let rest = pieces.split_off(1);
        if let Some(first) = pieces.first_mut() {
            rest.into_iter().for_each(|p| first.append(p));
        }
    }
}

impl GeoTable {
    /// Drops columns and rows that only stem from lines that do not quite coincide.
    pub fn squeeze(&mut self, ys: &[f32]) {
        let columns = self.xs.len().saturating_sub(1);
        let mut drop = vec![false; columns];
        for (c, gone) in drop.iter_mut().enumerate() {
            let own = self.cells.iter().any(|k| k.column == c && k.columns == 1 && !k.lines.is_empty());
            *gone = self.xs[c + 1] - self.xs[c] < SLIVER && !own && columns > 2;
        }
        let mut rows_gone = vec![false; self.rows];
        for (r, gone) in rows_gone.iter_mut().enumerate() {
            let height = ys.get(r + 1).zip(ys.get(r)).map_or(99.0, |(b, a)| b - a);
            let own = self.cells.iter().any(|k| k.row == r && k.rows == 1 && !k.lines.is_empty());
            *gone = height < SLIVER && !own;
        }
        if !drop.contains(&true) && !rows_gone.contains(&true) {
            return;
        }
        let count = |gone: &[bool], from: usize, n: usize| {
            let before = gone.iter().take(from).filter(|g| !**g).count();
            (before, gone.iter().skip(from).take(n).filter(|g| !**g).count())
        };
        for cell in &mut self.cells {
            (cell.column, cell.columns) = count(&drop, cell.column, cell.columns);
            (cell.row, cell.rows) = count(&rows_gone, cell.row, cell.rows);
        }
        self.cells.retain(|c| c.columns > 0 && c.rows > 0);
        self.rows = rows_gone.iter().filter(|g| !**g).count();
        let mut at = 0;
        let last = self.xs.last().copied();
        self.xs.retain(|_| {
            at += 1;
            !drop.get(at - 1).copied().unwrap_or(false)
        });
        if let (Some(end), Some(x)) = (last, self.xs.last_mut()) {
            *x = x.max(end);
        }
        self.sort();
    }

    fn sort(&mut self) {
        self.cells.sort_by_key(|c| (c.row, c.column));
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The first rows as the text readers know them: every position printed, covered ones empty. Line numbers are left at 0.
    fn raw_rows(&self) -> Vec<RawRow<'_>> {
        /// A header is shorter.
        const ENOUGH: usize = 12;
        let columns = self.columns();
        let mut rows: Vec<RawRow> = (0..self.rows.min(ENOUGH))
            .map(|_| RawRow { cells: vec![RawCell::default(); columns], ..RawRow::default() })
            .collect();
        for cell in self.cells.iter().take_while(|c| c.row < ENOUGH) {
            if let Some(raw) = rows.get_mut(cell.row).and_then(|r| r.cells.get_mut(cell.column)) {
                for piece in &cell.lines {
                    raw.push(0, &piece.text);
                }
            }
        }
        rows
    }

    /// How many rows at the top are header rows.
    pub fn header_rows(&self) -> usize {
        let rows = self.raw_rows();
        let found = grid::header_rows(&rows).min(self.rows.saturating_sub(1));
        // A head that covers several rows reaches as far as its cells do.
        let reach = |n: usize| {
            let tall = self.cells.iter().take_while(|c| c.row < n).map(|c| c.row + c.rows).max().unwrap_or(n);
            tall.max(n)
        };
        match found {
            0 => 0,
            n => reach(n).min(self.rows.saturating_sub(1)).max(n),
        }
    }

    /// Whether another table, first on the next page, can be this one's continuation: borders of one are borders of the other.
    pub fn same_columns(&self, other: &GeoTable) -> bool {
        if self.ruled != other.ruled {
            return false;
        }
        let covers =
            |a: &[f32], b: &[f32], shift: f32| b.iter().all(|x| a.iter().any(|y| (x + shift - y).abs() <= SAME_BORDER));
        let (Some(a), Some(b)) = (self.xs.first(), other.xs.first()) else { return false };
        // The whole table may stand a little further left on facing pages.
        let shift = a - b;
        let ends = self.xs.last().zip(other.xs.last()).is_some_and(|(p, q)| (p - q - shift).abs() <= SAME_BORDER);
        ends && shift.abs() <= 40.0 && (covers(&self.xs, &other.xs, shift) || covers(&other.xs, &self.xs, -shift))
    }

    /// Appends the part of the table that stands on the next page.
    pub fn join(&mut self, mut next: GeoTable) {
        let header = self.header_rows();
        let shift = self.xs.first().zip(next.xs.first()).map_or(0.0, |(a, b)| a - b);
        if next.columns() > self.columns() {
            let finer: Vec<f32> = next.xs.iter().map(|x| x + shift).collect();
            remap(self, &finer);
        } else if next.columns() < self.columns() {
            next.xs.iter_mut().for_each(|x| *x += shift);
            let finer = self.xs.clone();
            remap(&mut next, &finer);
        }
        let repeated = {
            let (mine, theirs) = (self.raw_rows(), next.raw_rows());
            (0..header)
                .take_while(|r| {
                    mine.get(*r)
                        .zip(theirs.get(*r))
                        .is_some_and(|(a, b)| !b.print().is_empty() && alike(&a.print(), &b.print()))
                })
                .count()
        };
        if repeated < next.rows {
            next.cells.retain(|c| c.row >= repeated);
            next.cells.iter_mut().for_each(|c| c.row -= repeated);
            next.rows -= repeated;
        }
        if self.rows > header && self.breaks_into(&next) {
            self.mend(&mut next);
        }
        let rows = self.rows;
        next.cells.iter_mut().for_each(|c| c.row += rows);
        next.sort();
        self.rows += next.rows;
        self.cells.extend(next.cells);
        self.bottom = next.bottom;
    }

    /// Whether the first row of `next` goes on with this table's last row.
    fn breaks_into(&self, next: &GeoTable) -> bool {
        let Some(last) = self.rows.checked_sub(1) else { return false };
        let tails: Vec<&GeoCell> = self.cells.iter().filter(|c| c.row + c.rows > last).collect();
        let heads: Vec<&GeoCell> = next.cells.iter().filter(|c| c.row == 0).collect();
        if next.rows == 0 || heads.iter().any(|h| !tails.iter().any(|t| t.column == h.column)) {
            return false;
        }
        let filled: Vec<(&GeoCell, &GeoCell)> = heads
            .iter()
            .filter(|h| !h.lines.is_empty())
            .filter_map(|h| tails.iter().find(|t| t.column == h.column).map(|t| (*h, *t)))
            .collect();
        // A row of its own starts with its number.
        if filled.iter().any(|(h, _)| h.column == 0) {
            return false;
        }
        if filled.is_empty() {
            return true;
        }
        let first = |c: &GeoCell| c.lines.first().map_or("", |p| p.text.as_str()).to_string();
        let clash = filled.iter().any(|(h, t)| is_figure(&first(h)) && !t.lines.is_empty());
        if clash {
            return false;
        }
        let numbered = tails.iter().find(|t| t.column == 0).is_some_and(|t| is_row_number(&first(t)));
        match filled.iter().find(|(h, _)| h.column == 1) {
            // Only explanations go on: no row has nothing else.
            None => numbered || filled.iter().all(|(h, t)| goes_on(h, t)),
            Some((h, t)) => goes_on(h, t) || (numbered && filled.len() == 1 && wraps(h, t)),
        }
    }

    /// Moves the first row of `next` into this table's last row.
    fn mend(&mut self, next: &mut GeoTable) {
        let Some(last) = self.rows.checked_sub(1) else { return };
        for head in next.cells.iter_mut().filter(|c| c.row == 0) {
            let lines = std::mem::take(&mut head.lines);
            if let Some(tail) = self.cells.iter_mut().find(|t| t.row + t.rows > last && t.column == head.column) {
                tail.lines.extend(lines);
            }
        }
        // Cells that reach further down keep their lower rows.
        next.cells.retain(|c| !(c.row == 0 && c.rows == 1));
        for cell in &mut next.cells {
            if cell.row == 0 {
                cell.rows -= 1;
            } else {
                cell.row -= 1;
            }
        }
        next.rows -= 1;
    }
}

/// Whether the text of a cell goes on in the cell below it.
fn goes_on(head: &GeoCell, tail: &GeoCell) -> bool {
    let (Some(next), Some(last)) = (head.lines.first(), tail.lines.last()) else { return false };
    let stop = last.text.trim_end().ends_with(['.', ';', ':', '!', '?']);
    lower_start(&next.text) || (!stop && (ends_open(&last.text) || last.text.ends_with([',', '(', '-', '/'])))
}

/// Whether the last line of a cell was full when the text in the cell below it began: its first word would not have fitted.
fn wraps(head: &GeoCell, tail: &GeoCell) -> bool {
    let (Some(next), Some(last)) = (head.lines.first(), tail.lines.last()) else { return false };
    let Some(word) = next.words.first() else { return false };
    let stop = last.text.trim_end().ends_with(['.', ';', ':', '!', '?']);
    let margin = tail.lines.iter().map(|l| l.rect[0] - tail.rect[0]).fold(f32::MAX, f32::min).clamp(0.0, 12.0);
    let space = 0.22 * (last.rect[3] - last.rect[1]);
    !stop && last.rect[2] + space + (word.rect[2] - word.rect[0]) > tail.rect[2] - margin - 1.0
}

/// Gives a table the columns of a finer one.
fn remap(table: &mut GeoTable, finer: &[f32]) {
    let nearest =
        |x: f32| (0..finer.len()).min_by(|a, b| (finer[*a] - x).abs().total_cmp(&(finer[*b] - x).abs())).unwrap_or(0);
    let map: Vec<usize> = table.xs.iter().map(|x| nearest(*x)).collect();
    for cell in &mut table.cells {
        let from = map.get(cell.column).copied().unwrap_or(0);
        let to = map.get(cell.column + cell.columns).copied().unwrap_or(from + 1);
        cell.column = from;
        cell.columns = to.saturating_sub(from).max(1);
    }
    table.xs = finer.to_vec();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str, page: u32) -> Piece {
        let words = vec![SourceWord { start: 0, end: text.len() as u32, rect: [0.0; 4], confidence: 1.0 }];
        Piece { text: text.into(), words, rect: [0.0; 4], page }
    }

    fn table(rows: &[&[&str]], page: u32) -> GeoTable {
        let columns = rows[0].len();
        let mut cells = Vec::new();
        for (row, list) in rows.iter().enumerate() {
            for (column, t) in list.iter().enumerate() {
                let lines = if t.is_empty() { Vec::new() } else { vec![text(t, page)] };
                cells.push(GeoCell { row, column, rows: 1, columns: 1, lines, rect: [0.0; 4], page });
            }
        }
        let xs = (0..=columns).map(|c| c as f32 * 100.0).collect();
        GeoTable { xs, rows: rows.len(), cells, ruled: true, ..GeoTable::default() }
    }

    fn cell(table: &GeoTable, row: usize, column: usize) -> String {
        let found = table.cells.iter().find(|c| c.row == row && c.column == column).unwrap();
        found.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn header_dropped_and_row_mended() {
        let mut first =
            table(&[&["STT", "Nội dung", "Số"], &["1", "Hồ sơ", "5"], &["2", "Số phiếu khảo sát của", "7"]], 1);
        let second = table(&[&["STT", "Nội dung", "Số"], &["", "người dân", ""], &["3", "Văn bản", "9"]], 2);
        assert!(first.same_columns(&second));
        first.join(second);
        assert_eq!((first.rows, cell(&first, 2, 1).as_str()), (4, "Số phiếu khảo sát của người dân"));
        let mended = first.cells.iter().find(|c| c.row == 2 && c.column == 1).unwrap();
        assert_eq!(mended.lines.iter().map(|l| l.page).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(cell(&first, 3, 2), "9");
    }

    #[test]
    fn a_row_without_number_stays_a_row() {
        let mut first = table(&[&["STT", "Nội dung", "Số"], &["1", "Hồ sơ", "5"]], 1);
        first.join(table(&[&["", "Trong đó trực tuyến", "3"], &["2", "Phiếu", "4"]], 2));
        assert_eq!(first.rows, 4);
    }

    #[test]
    fn a_full_line_goes_on_with_a_capital() {
        let last = |width: f32| {
            let mut first = table(&[&["STT", "Nội dung", "Số"], &["1", "Kết nối với Cổng, hình thành đầy đủ", "5"]], 1);
            for cell in &mut first.cells {
                cell.rect = [0.0, 0.0, 200.0, 20.0];
                cell.lines.iter_mut().for_each(|l| l.rect = [5.0, 0.0, width, 12.0]);
            }
            let mut second = table(&[&["", "Mạng thông tin", ""], &["2", "Phiếu", "4"]], 2);
            second.cells[1].lines[0].words[0].rect = [5.0, 0.0, 35.0, 12.0];
            first.join(second);
            first.rows
        };
        assert_eq!((last(190.0), last(120.0)), (3, 4));
    }

    #[test]
    fn explanations_go_on() {
        let mut first =
            table(&[&["STT", "Tiêu chí", "Điểm", "Giải trình"], &["1", "Kế hoạch.", "2", "Ban hành ngày"]], 1);
        first.join(table(&[&["", "", "", "05 tháng 01"], &["2", "Báo cáo", "1", ""]], 2));
        assert_eq!((first.rows, cell(&first, 1, 3).as_str()), (3, "Ban hành ngày 05 tháng 01"));
    }

    #[test]
    fn pieces_keep_their_words() {
        let piece = Piece {
            text: "- Số hồ sơ".into(),
            words: vec![
                SourceWord { start: 0, end: 1, rect: [0.0, 0.0, 5.0, 10.0], confidence: 1.0 },
                SourceWord { start: 2, end: 6, rect: [8.0, 0.0, 20.0, 10.0], confidence: 1.0 },
            ],
            rect: [0.0, 0.0, 20.0, 10.0],
            page: 3,
        };
        let cut = piece.slice(2, piece.text.len());
        assert_eq!((cut.text.as_str(), cut.words.len(), cut.words[0].start), ("Số hồ sơ", 1, 0));
        assert_eq!((cut.rect, cut.page), ([8.0, 0.0, 20.0, 10.0], 3));
    }
}
