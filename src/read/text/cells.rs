//! Tables of Word dumps: one cell per line. A tab starts a cell, lines without tab continue it, a blank line ends the row.
//!
//! What comes in is a run of tab-led lines; what goes out are tables, and the lines that only looked like cells (captions and
//! letterheads trapped in a one-cell table, paragraphs indented by a tab), which go back to the running text. The number of
//! columns is learnt from the header row and from the usual length of the rows.

use super::grid::{RawCell, RawRow, usual_width};
use super::line::{Line, is_row_number, is_stt, key};
use super::mark::{Class, decimals, form, mark};

/// No form has more columns than this.
const MOST_COLUMNS: usize = 24;

/// A piece of a region in reading order.
#[derive(Debug)]
pub enum Part<'a> {
    /// Lines (by index range) that are running text.
    Prose(std::ops::Range<usize>),
    /// A table.
    Table {
        /// Its rows.
        rows: Vec<RawRow<'a>>,
        /// Its columns.
        columns: usize,
        /// Line on which the file ends inside its last row.
        cut: Option<u32>,
    },
}

/// A row with the lines it was read from.
struct Draft<'a> {
    row: RawRow<'a>,
    lines: std::ops::Range<usize>,
    gap: u32,
}

/// Reads the region that starts at tab-led line `at`. Gives its parts and the index of the line after it.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> (Vec<Part<'a>>, usize) {
    let (drafts, next) = rows(lines, at);
    // Where rows of one length return, blank lines part them, and a row is what it is.
    let usual = usual_width(drafts.iter().map(|d| &d.row));
    let parted = usual > 1 && usual < MOST_COLUMNS && drafts.iter().filter(|d| d.row.cells.len() == usual).count() > 1;
    let mut chunked: Vec<Draft<'a>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        match chunk(&draft.row).filter(|_| !parted || draft.row.cells.len() > 2 * usual) {
            Some(rows) => {
                // Line ranges matter only for prose, which a chunked row never is.
                let lines = draft.lines.clone();
                chunked.extend(rows.into_iter().map(|row| Draft { row, lines: lines.clone(), gap: 0 }));
            }
            None => chunked.push(draft),
        }
    }
    (parts(chunked, next == lines.len()), next)
}

fn rows<'a>(lines: &[Line<'a>], at: usize) -> (Vec<Draft<'a>>, usize) {
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut next = at;
    let mut hint = 0usize;
    while let Some(line) = lines.get(next) {
        if let Some(text) = line.cell() {
            let new_row = line.gap > 0 || drafts.is_empty() || is_stt(text);
            if new_row {
                if let Some(done) = drafts.last() {
                    hint = hint.max(done.row.cells.len());
                }
                drafts.push(Draft { row: RawRow::default(), lines: next..next, gap: line.gap });
            }
            if let Some(draft) = drafts.last_mut() {
                draft.row.cells.push(RawCell::new(line.no, text));
                draft.lines.end = next + 1;
            }
            next += 1;
            continue;
        }
        let Some(draft) = drafts.last_mut() else { break };
        let goes_on = line.gap == 0 || (line.gap <= 2 && fills_row(lines, next, draft.row.cells.len(), hint));
        if !goes_on || line.tabs > 0 || line.long() || (line.gap == 0 && leaves(line, draft, hint)) {
            break;
        }
        if let Some(cell) = draft.row.cells.last_mut() {
            cell.push(line.no, line.raw);
        }
        draft.lines.end = next + 1;
        next += 1;
    }
    (drafts, next)
}

/// After a blank line inside a cell: whether the cells that follow complete the row that was open.
fn fills_row(lines: &[Line], at: usize, have: usize, hint: usize) -> bool {
    if have >= hint || form(lines[at].text()).is_some() {
        return false;
    }
    let group = lines[at + 1..].iter().take(24).take_while(|l| l.gap == 0);
    have + group.filter(|l| l.cell().is_some()).count() == hint
}

/// Whether a line without tab right after a full row is the text after the table, not the tail of the last cell.
fn leaves(line: &Line, draft: &Draft, hint: usize) -> bool {
    let text = line.text();
    if form(text).is_some() || key(text, 9) == "noi nhan" {
        return true;
    }
    let full = hint > 1 && draft.row.cells.len() >= hint;
    full && (mark(text).is_some_and(|m| matches!(m.class, Class::Roman | Class::Part)) || text.len() > 600)
}

/// A run of cells without blank lines between the rows: cut into rows by the regular return of row numbers.
fn chunk<'a>(row: &RawRow<'a>) -> Option<Vec<RawRow<'a>>> {
    let cells = &row.cells;
    if cells.len() < 8 {
        return None;
    }
    // The first number after the header cells; a table without header starts with it.
    let start = cells.iter().position(|c| is_row_number(c.first()) && c.first().len() < 8)?;
    if start > 2 * MOST_COLUMNS {
        return None;
    }
    let head = cells.get(start).map_or("", RawCell::first);
    let body = &cells[start..];
    // Share of rows of this width that start with a number that goes on from the one before.
    let fits = |width: usize| {
        let starts = body.iter().step_by(width);
        let total = starts.len();
        let mut last = 0;
        let mut numbered = 0;
        for cell in starts.filter(|c| is_row_number(c.first())) {
            let core = cell.first().trim_end_matches(['.', ')']);
            let value = decimals(core).and_then(|d| d.first().copied()).unwrap_or(last);
            if value == last || value == last + 1 || (last > 1 && value == 1) {
                numbered += 1;
            }
            last = value;
        }
        (numbered * 100 / total, total)
    };
    let (score, _, width) = (3..=MOST_COLUMNS)
        .filter(|w| body.len() >= 2 * w || (start >= *w && body.len() >= *w))
        .map(|w| (fits(w).0, fits(w).1, w))
        .filter(|(score, ..)| *score >= 60)
        .max_by_key(|(score, _, w)| (*score, *w == start, std::cmp::Reverse(*w)))?;
    let regular = body.len().is_multiple_of(width) || fits(width).1 > 3;
    if score < 60 || !regular || head.is_empty() {
        return None;
    }
    let mut rows = Vec::with_capacity(cells.len() / width + 2);
    let mut push = |cells: &[RawCell<'a>]| rows.push(RawRow { cells: cells.to_vec(), ..RawRow::default() });
    if start > width {
        push(&cells[..start - width]);
        push(&cells[start - width..start]);
    } else if start > 0 {
        push(&cells[..start]);
    }
    for cells in body.chunks(width) {
        push(cells);
    }
    Some(rows)
}

fn parts<'a>(drafts: Vec<Draft<'a>>, at_end: bool) -> Vec<Part<'a>> {
    let mut out: Vec<Part<'a>> = Vec::new();
    let mut table: Vec<Draft<'a>> = Vec::new();
    let mut drafts = drafts.into_iter().peekable();
    while let Some(draft) = drafts.next() {
        let cells = draft.row.cells.len();
        if cells == 1 {
            if !draft.row.filled(0) {
                // A stray empty cell: nothing is printed in it.
                continue;
            }
            let before_header = drafts.peek().is_none_or(|n| n.row.cells.len() == 1 || n.row.heads());
            if table.is_empty() || before_header || form(draft.row.first(0)).is_some() {
                close(&mut table, &mut out, false);
                prose(&mut out, draft.lines);
            } else {
                table.push(draft);
            }
            continue;
        }
        if draft.row.heads() && !table.is_empty() {
            if table.first().is_some_and(|first| first.row.print() == draft.row.print()) && draft.gap < 8 {
                table.push(Draft { row: RawRow { repeat: true, ..draft.row }, ..draft });
                continue;
            }
            close(&mut table, &mut out, false);
        }
        table.push(draft);
    }
    close(&mut table, &mut out, at_end);
    out
}

fn prose<'a>(out: &mut Vec<Part<'a>>, lines: std::ops::Range<usize>) {
    match out.last_mut() {
        Some(Part::Prose(range)) if range.end == lines.start => range.end = lines.end,
        _ => out.push(Part::Prose(lines)),
    }
}

/// Ends the table under construction, or gives its lines back where they are no table.
fn close<'a>(table: &mut Vec<Draft<'a>>, out: &mut Vec<Part<'a>>, at_end: bool) {
    let drafts = std::mem::take(table);
    if drafts.is_empty() {
        return;
    }
    if !is_table(&drafts) {
        for draft in drafts {
            prose(out, draft.lines);
        }
        return;
    }
    let usual = usual_width(drafts.iter().map(|d| &d.row));
    let header = drafts.iter().take(2).map(|d| d.row.cells.len()).max().unwrap_or(0);
    let columns = usual.max(header).max(2);
    let mut rows: Vec<RawRow<'a>> = drafts.into_iter().map(|d| d.row).collect();
    let mut cut = None;
    for row in &mut rows {
        if row.cells.len() == 1 {
            // A heading inside the table covers the whole row.
            row.cells[0].span = columns as u32;
        }
    }
    if let Some(last) = rows.last_mut().filter(|r| at_end && r.cells.len() < columns && r.cells[0].span == 0) {
        last.cut = true;
        cut = last.cells.first().map(|c| c.line);
    }
    out.push(Part::Table { rows, columns, cut });
}

/// A header row, or rows of equal length that start with row numbers, make a table; indented paragraphs do not.
fn is_table(drafts: &[Draft]) -> bool {
    if drafts[0].row.heads() {
        return true;
    }
    let usual = usual_width(drafts.iter().map(|d| &d.row));
    if usual < 2 || (drafts.len() < 2 && usual < 3) {
        return false;
    }
    let regular = drafts.iter().filter(|d| d.row.cells.len() == usual).count();
    let numbered = drafts.iter().filter(|d| is_row_number(d.row.first(0))).count();
    let short = |d: &&Draft| {
        d.row.cells.iter().filter(|c| c.pieces.iter().map(|p| p.1.len()).sum::<usize>() < 200).count() * 3
            >= d.row.cells.len() * 2
    };
    let shorts = drafts.iter().filter(short).count();
    let stops = drafts.iter().flat_map(|d| &d.row.cells).filter(|c| c.first().ends_with(['.', ';', ':'])).count();
    let cells: usize = drafts.iter().map(|d| d.row.cells.len()).sum();
    (numbered * 2 >= drafts.len() || drafts.len() >= 2)
        && regular * 2 >= drafts.len()
        && shorts * 3 >= drafts.len() * 2
        && (stops * 3 < cells || numbered * 2 >= drafts.len())
}

#[cfg(test)]
mod tests {
    use super::super::grid::{build, header_rows};
    use super::super::line::lines;
    use super::*;
    use crate::model::Table;

    fn tables(text: &str) -> Vec<Table> {
        let lines = lines(text);
        parse(&lines, 0)
            .0
            .into_iter()
            .filter_map(|part| match part {
                Part::Table { rows, columns, .. } => Some(build(&rows, columns, header_rows(&rows))),
                Part::Prose(_) => None,
            })
            .collect()
    }

    fn at(table: &Table, row: u32, column: u32) -> &str {
        table.cell(row, column).map_or("∅", |c| c.text.clean.as_str())
    }

    const NINE: &str = "\tTT\n\tĐơn vị\n\tNăm 2022\n\tNăm 2023\n\tGhi chú\n\n\t\n\t\n\tNhận\n\tXong\n\tTrễ\n\tNhận\n\tXong\n\tTrễ\n\t\n\n\t1\n\tXã Đông\n(sáp nhập)\n\t10\n\t9\n\t1\n\t12\n\t12\n\t0\n\t\u{a0}\n\n\t2\n\tXã Tây\n\t5\n\t5\n\t\n\t6\n\t6\n\t\n\t\n";

    #[test]
    fn nine_columns() {
        let tables = tables(NINE);
        assert_eq!(tables.len(), 1);
        let table = &tables[0];
        assert_eq!((table.rows, table.columns, table.header_rows), (4, 9, 2));
        assert_eq!(at(table, 2, 1), "Xã Đông (sáp nhập)");
        assert_eq!(at(table, 0, 5), "Năm 2023");
        assert_eq!(at(table, 3, 4), "");
        assert_eq!(table.cell(3, 4).unwrap().place.line, Some(32));
    }

    #[test]
    fn rows_without_blank_lines() {
        let text = NINE.replace("\n\n", "\n");
        let tables = tables(&text);
        assert_eq!(tables.len(), 1);
        let table = &tables[0];
        assert_eq!((table.rows, table.columns, table.header_rows), (4, 9, 2));
        assert_eq!(at(table, 3, 6), "6");
    }

    #[test]
    fn caption_in_a_cell_and_stray_cells() {
        let text = "\tTT\n\tNội dung\n\tSố\n\n\t1\n\tHồ sơ\n\t5\n\n\t\n\n\n\tBIỂU MẪU 2\nCải cách thể chế\n\n\tTT\n\tNội dung\n\tSố\n\n\t1\n\tVăn bản\n\t7\n";
        let lines = lines(text);
        let (parts, next) = parse(&lines, 0);
        assert_eq!(next, lines.len());
        assert!(matches!(parts[..], [Part::Table { .. }, Part::Prose(_), Part::Table { .. }]));
    }

    #[test]
    fn cut_row_is_named_and_not_filled() {
        let lines = lines("\tSTT\n\tTiêu chí\n\tQuý I\n\tGhi chú\n\n\t1\n\tHồ sơ\n\t5\n\t\n\n\t2\n\tPhiếu\n\t7\n");
        let (parts, _) = parse(&lines, 0);
        let [Part::Table { rows, columns, cut }] = &parts[..] else { panic!("one table") };
        assert_eq!(*cut, Some(11));
        let table = build(rows, *columns, 1);
        assert_eq!(at(&table, 2, 2), "7");
        assert!(table.cell(2, 3).is_none());
    }

    #[test]
    fn indented_paragraphs_are_prose() {
        let text = "\tĐoạn thứ nhất của báo cáo, kết thúc bằng dấu chấm.\n\tĐoạn thứ hai cũng vậy.\n\tĐoạn thứ ba.\n";
        let lines = lines(text);
        assert!(matches!(parse(&lines, 0).0[..], [Part::Prose(_)]));
    }

    #[test]
    fn blank_line_inside_a_cell() {
        let text = "\tTT\n\tNội dung\n\tSố\n\n\t1\n\tHồ sơ\n\n(trực tuyến)\n\t5\n\n\t2\n\tPhiếu\n\t7\n";
        let tables = tables(text);
        assert_eq!(tables[0].rows, 3);
        assert_eq!(at(&tables[0], 1, 1), "Hồ sơ (trực tuyến)");
        assert_eq!(at(&tables[0], 1, 2), "5");
    }
}
