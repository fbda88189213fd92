//! Tables whose fields are parted by two spaces or more but stand under no column: text layers of PDF that keep the gaps and not the places.
//!
//! In: lines below a head that names a column of row numbers. Out: raw rows. The number of heads says how many fields a row has; a line with
//! fewer is put together with its neighbours: a number alone on its line, a label over several lines, a label printed before its number.
//! Where fields stand under each other, `layout` reads them; without a head for row numbers nothing is claimed.

use super::grid::{RawCell, RawRow, RawTable};
use super::layout::{Segment, segments};
use super::line::{Line, is_blank, is_figure, is_row_number, is_stt, key, lower_start};
use super::mark::form;

/// A line of such a table is no longer.
const LONGEST: usize = 300;
/// Lines below the head that are looked at before one is believed.
const AHEAD: usize = 14;
/// Rows with all their fields among them.
const FULL: usize = 3;

/// Whether such a table starts at line `at`.
pub fn starts(lines: &[Line], at: usize) -> bool {
    let Some(heads) = lines.get(at).filter(|l| l.tabs == 0 && l.raw.len() < LONGEST).map(segments) else {
        return false;
    };
    if heads.len() < 3 || !heads.first().is_some_and(|s| is_stt(s.text)) {
        return false;
    }
    let rows: Vec<Vec<Segment>> = lines[at + 1..].iter().take(AHEAD).map(segments).collect();
    let full = |row: &&Vec<Segment>| {
        row.len() == heads.len() && is_row_number(row[0].text) && row[2..].iter().any(|s| is_figure(s.text))
    };
    let full: Vec<&Vec<Segment>> = rows.iter().filter(full).collect();
    // Columns that hold their place are the business of `layout`.
    let column = |c: usize| {
        let (first, rest) = (full[0][c], &full[1..]);
        rest.iter().filter(|r| r[c].start == first.start || r[c].end == first.end).count() * 2 > rest.len()
    };
    full.len() >= FULL && !(1..heads.len()).all(column)
}

/// One row under construction.
struct Open<'a> {
    cells: Vec<RawCell<'a>>,
    /// Whether its figures are there.
    filled: bool,
}

/// Reads the table that starts at line `at`.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> RawTable<'a> {
    let heads = segments(&lines[at]);
    let columns = heads.len();
    let mut reader = Reader { columns, rows: vec![head(lines[at].no, &heads)], open: None, before: Vec::new() };
    let mut next = at + 1;
    let mut body = false;
    while let Some(line) = lines.get(next) {
        let fields = segments(line);
        let numbered = fields.first().is_some_and(|s| numbered(s.text).is_some());
        let figures = fields.iter().skip(1).filter(|s| is_figure(s.text)).count();
        if line.tabs > 0 || line.raw.len() > LONGEST || form(line.text()).is_some() {
            break;
        }
        if !body && !numbered && figures == 0 && line.gap == 0 {
            wrapped(&mut reader.rows[0], &heads, line.no, &fields);
            next += 1;
            continue;
        }
        // Behind a blank line only a row goes on: with its number, or with all its figures.
        if line.gap > 0 && body && !(numbered && (figures > 0 || fields.len() == 1)) {
            break;
        }
        if fields.len() == 1 && !numbered && line.raw.trim().len() > LONGEST / 3 {
            break;
        }
        body = true;
        if !(is_stt(fields.first().map_or("", |s| s.text)) && figures == 0) {
            reader.line(line.no, &fields);
        }
        next += 1;
    }
    reader.close();
    RawTable { rows: reader.rows, columns, next }
}

/// The row number that a field is or begins with, and what follows it.
fn numbered(text: &str) -> Option<(&str, &str)> {
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    let digits = word.starts_with(|c: char| c.is_ascii_digit()) && word.len() <= 8 && !word.contains([',', '%', '/']);
    let number = is_row_number(word) && (digits || rest.is_empty() && !matches!(word, "-" | "+" | "*"));
    number.then_some((word, rest))
}

fn head<'a>(no: u32, heads: &[Segment<'a>]) -> RawRow<'a> {
    RawRow { cells: heads.iter().map(|s| RawCell::new(no, s.text)).collect(), ..RawRow::default() }
}

/// A second line of heads: each word to the head above it, else to the last ones.
fn wrapped<'a>(row: &mut RawRow<'a>, heads: &[Segment<'a>], no: u32, fields: &[Segment<'a>]) {
    let above = |s: &Segment| heads.iter().position(|h| h.start.abs_diff(s.start) <= 2);
    let all: Option<Vec<usize>> = fields.iter().map(above).collect();
    let last = heads.len().saturating_sub(fields.len());
    for (at, field) in fields.iter().enumerate() {
        let column = all.as_ref().filter(|c| c.iter().all(|c| *c > 0)).map_or(last + at, |c| c[at]);
        if let Some(cell) = row.cells.get_mut(column) {
            cell.push(no, field.text);
        }
    }
}

struct Reader<'a> {
    columns: usize,
    rows: Vec<RawRow<'a>>,
    open: Option<Open<'a>>,
    /// Label lines that stand before their row's number.
    before: Vec<(u32, &'a str)>,
}

impl<'a> Reader<'a> {
    fn line(&mut self, no: u32, fields: &[Segment<'a>]) {
        let mut rest: Vec<&'a str> = fields.iter().map(|s| s.text).filter(|t| !is_blank(t)).collect();
        let Some(first) = rest.first().copied() else { return };
        if let Some((number, label)) = numbered(first) {
            self.start(no, number);
            if label.is_empty() {
                rest.remove(0);
            } else {
                rest[0] = label;
            }
        } else if rest.iter().any(|t| is_figure(t)) && self.open.as_ref().is_none_or(|o| o.filled) {
            self.start(no, "");
        } else if self.open.as_ref().is_none_or(|o| o.filled) {
            // A row that has its figures: small letters and brackets end its label, anything else begins the next.
            let own = first.starts_with('(') || lower_start(first);
            match self.open.as_mut().filter(|_| own) {
                Some(open) => open.cells[1].push(no, first),
                None => self.before.push((no, first)),
            }
            return;
        }
        self.place(no, &rest);
    }

    fn start(&mut self, no: u32, number: &'a str) {
        self.close();
        let mut cells: Vec<RawCell> = (0..self.columns).map(|_| RawCell { line: no, ..RawCell::default() }).collect();
        cells[0].push(no, number);
        for (no, text) in self.before.drain(..) {
            cells[1].push(no, text);
        }
        self.open = Some(Open { cells, filled: false });
    }

    /// Puts the fields behind the number into the open row: in order where all are there, else figures to the right.
    fn place(&mut self, no: u32, fields: &[&'a str]) {
        let Some(open) = self.open.as_mut() else { return };
        let columns = self.columns;
        let first = fields.iter().position(|t| is_figure(t)).unwrap_or(fields.len());
        let (words, figures) = fields.split_at(first);
        for (at, text) in words.iter().enumerate() {
            let column = (1 + at).min(columns - 1);
            open.cells[column].push(no, text);
        }
        let from = if fields.len() + 1 == columns { 1 + first } else { columns.saturating_sub(figures.len()) };
        for (at, text) in figures.iter().enumerate() {
            open.cells[(from + at).clamp(1, columns - 1)].push(no, text);
        }
        open.filled |= !figures.is_empty();
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.rows.push(RawRow { cells: open.cells, ..RawRow::default() });
        }
        // A head printed again is no row.
        let again = self.rows.last().is_some_and(|r| self.rows.len() > 1 && key(r.first(0), 4) == "stt");
        if again {
            self.rows.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::{build, header_rows};
    use super::super::line::lines;
    use super::*;

    const TABLE: &str = "TT  Nội dung  Đơn vị  Kết\n\
                         quả\n\
                         1  Thủ tục trực tuyến  TTHC  79\n\
                         1.1  Cấp quận  TTHC  58\n\
                         1.2 Cấp phường, kể cả thủ tục  TTHC  21\n\
                         (một phần)\n\
                         3\n\
                         Số thủ tục có phát\n\
                         sinh hồ sơ  TTHC  143\n\
                         4  Tỷ lệ thủ tục có hồ sơ  %  46,43\n\
                         Hồ sơ đã số hóa, tính cả\n\
                         5  hồ sơ chuyển sang  Hồ sơ  1.459\n";

    #[test]
    fn fields_without_columns() {
        let lines = lines(TABLE);
        assert!(starts(&lines, 0));
        let fields = parse(&lines, 0);
        assert_eq!((fields.columns, fields.rows.len(), fields.next), (4, 7, lines.len()));
        let table = build(&fields.rows, 4, header_rows(&fields.rows));
        let text = |row, column| table.cell(row, column).map(|c| c.text.clean.as_str()).unwrap_or("");
        assert_eq!(text(0, 3), "Kết quả");
        assert_eq!((text(3, 0), text(3, 1)), ("1.2", "Cấp phường, kể cả thủ tục (một phần)"));
        assert_eq!((text(4, 0), text(4, 1), text(4, 3)), ("3", "Số thủ tục có phát sinh hồ sơ", "143"));
        assert_eq!((text(6, 1), text(6, 3)), ("Hồ sơ đã số hóa, tính cả hồ sơ chuyển sang", "1.459"));
        assert_eq!(table.cell(4, 3).and_then(|c| c.place.line), Some(9));
    }

    #[test]
    fn columns_that_hold_their_place_are_left_alone() {
        let text = "STT   Nội dung           Quý I\n1     Hồ sơ tiếp nhận    1.250\n2     Hồ sơ giải quyết   1.240\n3     Văn bản            9\n";
        assert!(!starts(&lines(text), 0));
    }
}
