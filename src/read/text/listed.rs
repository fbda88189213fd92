//! Tables of which only the cells are left, one below the other without a mark: Word dumps that print each cell as a paragraph.
//!
//! In: lines below one that is nothing but a head for row numbers. Out: raw rows. The lines up to the first row number are the heads and say
//! how many cells a row has; a row is its number, its label and as many cells. A total prints no number. Blank lines beyond those that part
//! all cells are blank cells. Where fewer than three rows come out whole, it is no table.

use super::grid::{RawCell, RawRow, RawTable};
use super::line::{Line, is_figure, is_stt, key};
use super::mark::{decimals, form, roman};

/// A cell's line is no longer.
const LONGEST: usize = 300;
/// Most columns.
const MOST: usize = 24;
/// Whole rows that make a table.
const WHOLE: usize = 3;

/// Whether such a table may start at line `at`: cheap, for every line of running text.
pub fn starts(lines: &[Line], at: usize) -> bool {
    lines.get(at).is_some_and(|l| l.tabs == 0 && is_stt(l.text())) && lines.get(at + 1).is_some_and(|l| l.tabs == 0)
}

/// Reads the table whose first head is line `at`. Where it is none: the line before which there is none either.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> Result<RawTable<'a>, usize> {
    let apart = lines[at + 1].gap;
    let end =
        lines[at..].iter().take(MOST + 1).position(|l| l.tabs > 0 || l.raw.len() > LONGEST || number(l).is_some());
    let Some(columns) = end.filter(|n| (3..=MOST).contains(n) && number(&lines[at + n]).is_some()) else {
        return Err(at + 1);
    };
    let head = lines[at..at + columns].iter().map(|l| RawCell::new(l.no, l.text())).collect();
    let mut rows = vec![RawRow { cells: head, ..RawRow::default() }];
    let mut next = at + columns;
    let mut last = 0;
    while let Some((numbered, value)) = row_at(lines, next, columns, last) {
        let (row, after) = row(lines, next, columns, apart, numbered);
        rows.push(row);
        (next, last) = (after, value);
    }
    let whole = |r: &&RawRow| r.filled(0) && r.filled(1) && r.cells[2..].iter().any(|c| is_figure(c.first()));
    if rows.iter().filter(whole).count() < WHOLE { Err(next.max(at + 1)) } else { Ok(RawTable { rows, columns, next }) }
}

/// The value of a line that is nothing but a row number; 0 for a Roman one and for `2.1`.
fn number(line: &Line) -> Option<u32> {
    let core = line.text().trim_end_matches(['.', ')']);
    match decimals(core).as_deref() {
        Some([value]) => Some(*value),
        Some(_) => Some(0),
        None => roman(core).map(|_| 0),
    }
}

fn words(line: &Line) -> bool {
    line.tabs == 0 && line.raw.len() <= LONGEST && line.text().bytes().filter(|b| b.is_ascii_alphabetic()).count() > 1
}

/// Whether a row starts at a line: whether with its number, and the number to go on from.
fn row_at(lines: &[Line], at: usize, columns: usize, last: u32) -> Option<(bool, u32)> {
    let line = lines.get(at).filter(|l| l.tabs == 0 && form(l.text()).is_none())?;
    if let Some(value) = number(line)
        && lines.get(at + 1).is_some_and(words)
    {
        // A Roman number, a number with a point, the first one again under another heading.
        let follows = value == 0 || value == last + 1 || value == 1 || last == 0;
        return follows.then_some((true, if value == 0 { last } else { value }));
    }
    // A total, and any other row without a number: its figures follow.
    let figures = lines.get(at + 1..at + columns - 1)?;
    let total = ["tong", "cong", "toan"].iter().any(|w| key(line.text(), 4) == *w);
    let figures = figures.iter().filter(|l| l.tabs == 0 && is_figure(l.text())).count();
    (words(line) && (figures == columns - 2 || total && figures > 0)).then_some((false, last))
}

/// The cells of a row, and the index of the line after it.
fn row<'a>(lines: &[Line<'a>], at: usize, columns: usize, apart: u32, numbered: bool) -> (RawRow<'a>, usize) {
    let mut cells: Vec<RawCell> = Vec::with_capacity(columns);
    let mut next = at;
    if !numbered {
        cells.push(RawCell { line: lines[at].no, ..RawCell::default() });
    }
    while let Some(line) = lines.get(next).filter(|l| l.tabs == 0 && l.raw.len() <= LONGEST) {
        if cells.len() >= columns || cells.len() > 1 && (form(line.text()).is_some() || is_stt(line.text())) {
            break;
        }
        // What is left blank at the end of a row shows where the next one starts.
        let blank = line.gap.saturating_sub(apart) as usize;
        if cells.len() > 2 && blank > 0 {
            if cells.len() + blank >= columns {
                break;
            }
            cells.extend((0..blank).map(|_| RawCell { line: line.no, ..RawCell::default() }));
        }
        // A label goes on where words follow it and no cell is left for words.
        let rest = columns - cells.len().min(columns);
        let figures = lines[next + 1..].iter().take(rest).take_while(|l| l.gap <= apart && is_figure(l.text())).count();
        let ends = lines.get(next + 1 + rest).is_none_or(|l| l.gap > apart || number(l).is_some() || l.tabs > 0);
        let more = cells.len() == 2 && words(line) && figures == rest && ends;
        match cells.last_mut().filter(|_| more) {
            Some(label) => label.push(line.no, line.text()),
            None => cells.push(RawCell::new(line.no, line.text())),
        }
        next += 1;
    }
    let line = cells.last().map_or(0, |c| c.line);
    cells.resize(columns, RawCell { line, ..RawCell::default() });
    (RawRow { cells, ..RawRow::default() }, next)
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn read(text: &str) -> (Vec<Vec<String>>, usize) {
        let table = parse(&lines(text), 0).expect("a table");
        let text = |c: &RawCell| c.pieces.iter().map(|p| p.1).collect::<Vec<_>>().join(" ");
        (table.rows.iter().map(|r| r.cells.iter().map(text).collect()).collect(), table.next)
    }

    #[test]
    fn cells_below_each_other() {
        let text = "TT\nXã\nNhận\nTrả\n1\nXã Đông\n14\n13\n2\nXã Tây\n(sáp nhập)\n9\n8\n3\nXã Nam\n1.206\n1.209\n\nTổng cộng\n1.229\n1.230\n\nNgười lập\n";
        let (rows, next) = read(text);
        assert_eq!(rows.len(), 5);
        assert_eq!(rows[2], ["2", "Xã Tây (sáp nhập)", "9", "8"]);
        assert_eq!(rows[3], ["3", "Xã Nam", "1.206", "1.209"]);
        assert_eq!(rows[4], ["", "Tổng cộng", "1.229", "1.230"]);
        assert_eq!(lines(text)[next].text(), "Người lập");
    }

    #[test]
    fn blank_lines_are_blank_cells_beyond_those_between_all() {
        let text = "STT\n\nNội dung\n\nĐVT\n\nQuý I\n\nQuý II\n\n1\n\nVăn bản\n\nVăn bản\n\n5\n\n6\n\n2\n\nPhiếu\n\nPhiếu\n\n\n7\n\n3\n\nTin\n\nTin\n\n8\n\n\n4\n\nBài\n\nBài\n\n1\n\n2\n";
        let (rows, _) = read(text);
        assert_eq!(rows[2], ["2", "Phiếu", "Phiếu", "", "7"]);
        assert_eq!(rows[3], ["3", "Tin", "Tin", "8", ""]);
        assert_eq!(rows[4], ["4", "Bài", "Bài", "1", "2"]);
    }

    #[test]
    fn a_list_is_no_table() {
        assert!(parse(&lines("TT\nXã\nHọ tên\n1\nNguyễn\nAn\n2\nTrần\nBình\n3\nLê\nChi\n"), 0).is_err());
    }
}
