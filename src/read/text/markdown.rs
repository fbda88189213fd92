//! Tables whose rows are lines: fields parted by tabs (OCR Markdown) or by `|`.
//!
//! A region is a run of such lines, continued over blank lines (page breaks) as long as the number of fields agrees. Inside it
//! are recognized: a header row printed again, a row that only continues the cells of the row above, a row broken over two lines.

use super::grid::{RawCell, RawRow, RawTable, usual_width};
use super::line::{Line, is_figure, is_row_number, lower_start, trim};
use super::mark::{form, mark};

/// How the fields of a line are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// By tabs.
    Tabs,
    /// By `|`, with one at either end.
    Pipes,
    /// By `|` between the fields only.
    Bars,
}

fn pipes(line: &Line) -> usize {
    let text = line.text();
    if line.long() || !text.starts_with('|') { 0 } else { memchr::memchr_iter(b'|', text.as_bytes()).count() }
}

/// Bars of a line, whether or not it starts with one (an empty first field).
fn bars(line: &Line) -> usize {
    if line.long() { 0 } else { memchr::memchr_iter(b'|', line.text().as_bytes()).count() }
}

/// Number of separators of a line, if it can be a row.
fn separators(line: &Line, fields: Fields) -> usize {
    match fields {
        Fields::Pipes => pipes(line).saturating_sub(1),
        Fields::Bars => bars(line),
        Fields::Tabs if line.long() => 0,
        Fields::Tabs => line.tabs as usize,
    }
}

/// Whether a table of rows on lines starts here: two lines with the same number (two or more) of separators, or the same
/// single separator on three lines.
pub fn starts(lines: &[Line], at: usize) -> Option<Fields> {
    let line = lines.get(at)?;
    let fields = if pipes(line) >= 3 {
        Fields::Pipes
    } else if line.tabs == 0 && bars(line) >= 2 {
        Fields::Bars
    } else if line.tabs >= 1 && line.cell().is_none() {
        Fields::Tabs
    } else {
        return None;
    };
    let count = separators(line, fields);
    let mut same = 0;
    let mut near = 0;
    for next in lines[at + 1..].iter().take(4).take_while(|l| l.gap <= 1) {
        let other = separators(next, fields);
        same += usize::from(other == count);
        near += usize::from(other >= 2 && other.abs_diff(count) <= 1);
        if other == 0 && next.cell().is_none() {
            break;
        }
    }
    let printed = split(line, fields).iter().filter(|f| !f.is_empty()).count();
    let enough = match count {
        0 => false,
        1 => same >= 2,
        _ => same >= 1 || near >= 2,
    };
    (enough && (printed >= 2 || count >= 2)).then_some(fields)
}

fn split<'a>(line: &Line<'a>, fields: Fields) -> Vec<&'a str> {
    match fields {
        Fields::Tabs => line.raw.split('\t').map(trim).collect(),
        Fields::Bars => line.text().split('|').map(trim).collect(),
        Fields::Pipes => {
            let text = line.text();
            let text = text.strip_prefix('|').unwrap_or(text);
            text.strip_suffix('|').unwrap_or(text).split('|').map(trim).collect()
        }
    }
}

fn is_rule(fields: &[&str]) -> bool {
    fields.iter().all(|f| !f.is_empty() && f.bytes().all(|b| matches!(b, b'-' | b':' | b' ')))
}

/// Reads the region that starts at line `at`.
pub fn parse<'a>(lines: &[Line<'a>], at: usize, fields: Fields) -> RawTable<'a> {
    let mut rows: Vec<RawRow<'a>> = Vec::new();
    // Row index and whether a page break (blank line, repeated header) stands right before it.
    let mut broken: Vec<bool> = Vec::new();
    let mut next = at;
    // The usual number of fields so far, kept up row by row: a file may have a blank line after each.
    let mut widths = [0u32; 65];
    let mut usual = (0usize, 0u32);
    let expected = separators(&lines[at], fields);
    let header = key_of(&split(&lines[at], fields));
    while let Some(line) = lines.get(next) {
        let count = separators(line, fields);
        let first = next == at;
        if count == 0 {
            // A line without separator inside the table: the tail of a cell, if rows go on right after it.
            let goes_on = lines.get(next + 1).is_some_and(|l| l.gap == 0 && separators(l, fields) > 0);
            if first || line.gap > 0 || line.long() || !goes_on || form(line.text()).is_some() {
                break;
            }
            if lower_start(line.text())
                || mark(line.text()).is_none() && rows.last().is_none_or(|r| r.cells.len() <= expected)
            {
                tail(rows.last_mut(), line);
            } else {
                rows.push(RawRow {
                    cells: vec![RawCell { span: expected as u32 + 1, ..RawCell::new(line.no, line.text()) }],
                    ..RawRow::default()
                });
                broken.push(false);
            }
            next += 1;
            continue;
        }
        let parts = split(line, fields);
        if line.gap > 0 && !first {
            let repeated = key_of(&parts) == header;
            let heads = super::line::is_stt(parts[0]);
            // After a break other columns are another table, and so is a new head for row numbers.
            if !repeated && (heads || parts.len() != usual.0 || line.gap > 6) {
                break;
            }
        }
        next += 1;
        if is_rule(&parts) {
            continue;
        }
        let row = RawRow { cells: parts.iter().map(|f| RawCell::new(line.no, f)).collect(), ..RawRow::default() };
        if !row.cells.iter().any(|c| !c.is_empty()) {
            // A row of nothing but separators is a row all the same, unless it is a stray at the region's edge.
            if rows.is_empty() {
                continue;
            }
        }
        // A row broken in two: the pieces have together the separators of one row.
        if let Some(last) = rows.last_mut().filter(|_| line.gap == 0 && count < expected)
            && last.cells.len() <= expected
            && last.cells.len() + count == expected + 1
            && !is_row_number(parts[0])
        {
            if let Some(open) = last.cells.last_mut() {
                open.push(line.no, parts[0]);
            }
            last.cells.extend(parts[1..].iter().map(|f| RawCell::new(line.no, f)));
            continue;
        }
        broken.push(line.gap > 0);
        let width = row.cells.len().min(64);
        widths[width] += 1;
        if widths[width] >= usual.1 {
            usual = (row.cells.len(), widths[width]);
        }
        rows.push(row);
    }
    while rows.last().is_some_and(|r| r.printed() == 0) {
        rows.pop();
        broken.pop();
    }
    let columns = usual_width(rows.iter().filter(|r| r.cells.len() > 1)).max(1);
    let rows = mend(rows, &broken, columns);
    RawTable { rows, columns, next }
}

fn key_of(fields: &[&str]) -> String {
    let cells = fields.iter().map(|f| RawCell::new(0, f)).collect();
    RawRow { cells, ..RawRow::default() }.print()
}

/// Gives a lone line to the longest text of the row above.
fn tail<'a>(row: Option<&mut RawRow<'a>>, line: &Line<'a>) {
    let Some(row) = row else { return };
    let longest = row.cells.iter_mut().max_by_key(|c| c.pieces.iter().map(|p| p.1.len()).sum::<usize>());
    if let Some(cell) = longest {
        cell.push(line.no, line.raw);
    }
}

/// Joins rows that a page break cut, and marks repeated header rows.
fn mend<'a>(rows: Vec<RawRow<'a>>, broken: &[bool], columns: usize) -> Vec<RawRow<'a>> {
    let header = rows.first().map(RawRow::print).unwrap_or_default();
    let sub = rows.get(1).filter(|r| !r.filled(0)).map(RawRow::print);
    let heads = super::grid::header_rows(&rows) > 0;
    let mut out: Vec<RawRow<'a>> = Vec::with_capacity(rows.len());
    let mut after_break = false;
    for (at, mut row) in rows.into_iter().enumerate() {
        after_break |= broken.get(at).copied().unwrap_or(false);
        row.cells.truncate_blank(columns);
        if heads && at > 0 && after_break {
            let print = row.print();
            let again = print == header || (out.last().is_some_and(|r| r.repeat) && Some(&print) == sub.as_ref());
            if again {
                row.repeat = true;
                out.push(row);
                continue;
            }
        }
        if after_break && at > 0 && continues(&row, out.iter().rev().find(|r| !r.repeat)) {
            if let Some(above) = out.iter_mut().rev().find(|r| !r.repeat) {
                for (column, cell) in row.cells.into_iter().enumerate() {
                    if let Some(into) = above.cells.get_mut(column) {
                        into.pieces.extend(cell.pieces);
                    }
                }
            }
            after_break = false;
            continue;
        }
        after_break = false;
        out.push(row);
    }
    out
}

/// Whether a row after a page break only continues cells of the row above.
fn continues(row: &RawRow, above: Option<&RawRow>) -> bool {
    let Some(above) = above else { return false };
    if row.filled(0) || row.printed() == 0 {
        return false;
    }
    let filled = || row.cells.iter().enumerate().filter(|(_, c)| !c.is_empty());
    if filled().any(|(column, cell)| !above.filled(column) || is_figure(cell.first())) {
        return false;
    }
    let mut texts = filled();
    let label = texts.next().map_or("", |(_, c)| c.first());
    // Only its label: the cut cell's rest. With other cells: only if the label goes on in small letters.
    texts.next().is_none() || lower_start(label)
}

trait TruncateBlank {
    fn truncate_blank(&mut self, columns: usize);
}

impl TruncateBlank for Vec<RawCell<'_>> {
    /// Drops empty cells beyond the table's width.
    fn truncate_blank(&mut self, columns: usize) {
        while self.len() > columns && self.last().is_some_and(RawCell::is_empty) {
            self.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::{build, header_rows};
    use super::super::line::lines;
    use super::*;
    use crate::model::Table;

    fn table(text: &str) -> Table {
        let lines = lines(text);
        let fields = starts(&lines, 0).expect("a table");
        let region = parse(&lines, 0, fields);
        assert_eq!(region.next, lines.len());
        build(&region.rows, region.columns, header_rows(&region.rows))
    }

    fn at(table: &Table, row: u32, column: u32) -> String {
        table.cell(row, column).map_or("∅".into(), |c| c.text.clean.clone())
    }

    #[test]
    fn page_break_with_repeated_header_and_cut_cell() {
        let text = "STT\tMục tiêu\tKết quả\n1.\tHoàn thành việc nối cổng với\tĐạt\n\nSTT\tMục tiêu\tKết quả\n\tMạng diện rộng của tỉnh\t\n2.\tRút ngắn họp\tĐạt\n";
        let table = table(text);
        assert_eq!((table.rows, table.columns, table.header_rows), (4, 3, 1));
        assert_eq!(at(&table, 1, 1), "Hoàn thành việc nối cổng với Mạng diện rộng của tỉnh");
        assert_eq!(table.cell(1, 1).unwrap().text.line_at(at(&table, 1, 1).find("Mạng").unwrap()), 5);
        assert!(table.cell(2, 0).unwrap().header);
        assert_eq!(at(&table, 3, 1), "Rút ngắn họp");
    }

    #[test]
    fn a_row_of_its_own_is_not_swallowed() {
        let text = "STT\tChỉ tiêu\tĐơn vị\tSố\tGhi chú\n1.\tTổng số\tHồ sơ\t5\t\n\n\tTrong đó cấp xã\tHồ sơ\t3\t\n2.\tKhác\tHồ sơ\t2\t\n";
        let table = table(text);
        assert_eq!(table.rows, 4);
        assert_eq!(at(&table, 2, 3), "3");
    }

    #[test]
    fn broken_row_and_pipes() {
        let broken = table("STT\tChỉ tiêu\tĐơn vị\tSố\n1\tSố hồ sơ\ntiếp nhận\tHồ sơ\t5\n2\tKhác\tHồ sơ\t6\n");
        assert_eq!(at(&broken, 1, 1), "Số hồ sơ tiếp nhận");
        assert_eq!(at(&broken, 1, 3), "5");
        let piped = table("| STT | Chỉ tiêu | Số |\n|---|:---|---|\n| 1 | Hồ sơ | 5 |\n| 2 | Phiếu |  |\n");
        assert_eq!((piped.rows, piped.columns, piped.header_rows), (3, 3, 1));
        assert_eq!(at(&piped, 2, 2), "");
        assert_eq!(piped.cell(2, 2).unwrap().place.line, Some(4));
    }

    #[test]
    fn prose_with_tabs_is_no_table() {
        for text in ["Kính gửi:\t\t\tSở Nội vụ.\nThực hiện công văn", "\tĐoạn văn thụt đầu dòng.\n\tĐoạn hai."]
        {
            assert_eq!(starts(&lines(text), 0), None, "{text}");
        }
    }
}
