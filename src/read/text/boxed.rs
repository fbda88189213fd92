//! Tables drawn with characters: rows between rules (`+----+----+`), cells between bars.
//!
//! In: lines from a rule on. Out: raw rows. The lines up to the second rule are the heads, joined cell by cell. Below it a line begins a row
//! where its first cell is filled, where it prints a figure in a cell that has one, or where a rule stands before it; any other line goes on
//! with the cells above.

use super::grid::{RawCell, RawRow, RawTable};
use super::line::{Line, is_figure, trim};

/// Whether a line only rules.
fn is_rule(line: &Line) -> bool {
    let text = line.text();
    // Almost every line has a letter among its first characters.
    let rules = !line.long() && text.chars().all(|c| matches!(c, '+' | '-' | '=' | '\u{2500}'..='\u{257f}'));
    rules && text.chars().filter(|c| matches!(c, '+' | '┬' | '┼' | '┴' | '├' | '┌' | '└')).count() >= 3
}

fn is_bar(c: char) -> bool {
    matches!(c, '|' | '│' | '║')
}

/// The cells of a line between bars.
fn cells<'a>(line: &Line<'a>) -> Option<Vec<&'a str>> {
    let text = line.text();
    let inner = text.strip_prefix(is_bar)?.strip_suffix(is_bar)?;
    (!line.long()).then(|| inner.split(is_bar).map(trim).collect())
}

/// Whether such a table starts at line `at`.
pub fn starts(lines: &[Line], at: usize) -> bool {
    lines.get(at).is_some_and(is_rule) && lines.get(at + 1).is_some_and(|l| cells(l).is_some_and(|c| c.len() > 1))
}

/// Reads the table that starts with the rule at line `at`.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> RawTable<'a> {
    let columns = cells(&lines[at + 1]).map_or(1, |c| c.len());
    let mut rows: Vec<RawRow<'a>> = Vec::new();
    let (mut rules, mut ruled, mut next) = (1, true, at + 1);
    while let Some(line) = lines.get(next) {
        if is_rule(line) {
            // Two rules with nothing but a blank line between them part two tables.
            if line.gap > 0 && ruled {
                break;
            }
            rules += 1;
            ruled = true;
        } else if let Some(cells) = cells(line).filter(|c| c.len() == columns) {
            let again = |(at, text): (usize, &&str)| is_figure(text) && rows.last().is_some_and(|r| r.filled(at));
            let filled = rules > 1 && (!cells[0].is_empty() || cells.iter().enumerate().any(again));
            if ruled || filled {
                rows.push(RawRow {
                    cells: vec![RawCell { line: line.no, ..RawCell::default() }; columns],
                    ..RawRow::default()
                });
            }
            for (at, text) in cells.iter().enumerate() {
                if let Some(cell) = rows.last_mut().and_then(|r| r.cells.get_mut(at)) {
                    cell.push(line.no, text);
                }
            }
            ruled = false;
        } else {
            break;
        }
        next += 1;
    }
    RawTable { rows, columns, next }
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    #[test]
    fn a_drawn_table() {
        let text = "+----+----------+------+\n| TT | Đối tượng | Hoàn  |\n|    |           | thành |\n+----+----------+------+\n\
                    | 1  | Cán bộ    |    10 |\n| 2  | Công chức |    09 |\n|    | xã        |       |\n+----+----------+------+\n\
                    |    | Cộng      |    19 |\n+----+----------+------+\nHết bảng\n";
        let lines = lines(text);
        assert!(starts(&lines, 0) && !starts(&lines, 1));
        let table = parse(&lines, 0);
        let read: Vec<Vec<String>> = table
            .rows
            .iter()
            .map(|r| r.cells.iter().map(|c| c.pieces.iter().map(|p| p.1).collect::<Vec<_>>().join(" ")).collect())
            .collect();
        assert_eq!(read[0], ["TT", "Đối tượng", "Hoàn thành"]);
        assert_eq!(read[2], ["2", "Công chức xã", "09"]);
        assert_eq!(read[3], ["", "Cộng", "19"]);
        assert_eq!((read.len(), table.columns, lines[table.next].text()), (4, 3, "Hết bảng"));
    }
}
