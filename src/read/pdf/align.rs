//! Tables without rulings: lines whose words stand in columns.
//!
//! The lines of a page are set out on a grid of characters, as `pdftotext -layout` does, and the reader of such layouts finds the
//! columns; what it returns is traced back to the words.

use super::table::{GeoCell, GeoTable, Piece, piece};
use super::walk::Sheet;
use super::words::{VisLine, Word};
use crate::read::text::grid::RawTable;
use crate::read::text::layout;
use crate::read::text::line::{Line, is_row_number};
use std::collections::BTreeMap;

/// Width of a character of the layout in parts of the size: narrower than nearly all text, so that columns do not push each other.
const CELL: f32 = 0.36;
/// Gap that parts two columns, in parts of the size.
const APART: f32 = 1.1;
/// Columns of the layout at most.
const WIDEST: usize = 390;

/// A line set out with spaces, and for each word its first byte.
struct Set {
    text: String,
    starts: Vec<usize>,
}

fn set(line: &VisLine, left: f32, unit: f32) -> Set {
    let mut text = String::new();
    let mut column = 0usize;
    let mut starts = Vec::with_capacity(line.words.len());
    let mut end: Option<f32> = None;
    for word in &line.words {
        let far = end.is_none_or(|end| word.x0 - end > APART * line.size);
        if far {
            let target = (((word.x0 - left) / unit).round().max(0.0) as usize).min(WIDEST);
            let least = if end.is_some() { column + 2 } else { column };
            while column < target.max(least) {
                text.push(' ');
                column += 1;
            }
        } else if !word.glued {
            text.push(' ');
            column += 1;
        }
        starts.push(text.len());
        text.push_str(&word.text);
        column += word.text.chars().count();
        end = Some(word.x1);
    }
    Set { text, starts }
}

/// A run of lines (by index range) that is a table.
pub struct Aligned {
    /// Its lines.
    pub lines: std::ops::Range<usize>,
    /// The table.
    pub table: GeoTable,
}

/// Finds tables among the lines of one page, which are sorted from top to bottom.
pub fn tables(sheet: &Sheet, lines: &[VisLine], page: u32) -> Vec<Aligned> {
    let wide = |l: &VisLine| l.words.windows(2).filter(|w| w[1].x0 - w[0].x1 > APART * l.size).count();
    // Cheap: a table has several lines with gaps.
    if lines.iter().filter(|l| wide(l) >= 1).count() < 3 {
        return Vec::new();
    }
    let left = lines.iter().map(VisLine::x0).fold(f32::MAX, f32::min);
    let mut sizes: Vec<f32> = lines.iter().map(|l| l.size).collect();
    sizes.sort_by(f32::total_cmp);
    let unit = (sizes.get(sizes.len() / 2).copied().unwrap_or(12.0) * CELL).max(sheet.width / WIDEST as f32).max(0.5);
    let sets: Vec<Set> = lines.iter().map(|l| set(l, left, unit)).collect();
    let mut raw: Vec<Line> = Vec::with_capacity(sets.len());
    for (at, one) in sets.iter().enumerate() {
        // Lines twice as far apart as they are high are parted by a blank one.
        let gap = at.checked_sub(1).map_or(0.0, |b| lines[at].y - lines[b].y) / lines[at].size.max(1.0);
        raw.push(Line {
            no: at as u32 + 1,
            raw: &one.text,
            gap: ((gap / 1.9).floor().max(0.0) as u32).min(9),
            tabs: 0,
        });
    }
    let mut out = Vec::new();
    // Where a table was looked for in vain: not again before this line.
    let (mut at, mut tried) = (0, 0);
    while at < raw.len() {
        let found = (at >= tried && layout::starts(&raw, at)).then(|| layout::parse(&raw, at));
        if let Some(Err(next)) = found {
            tried = next;
        }
        let Some(found) = found.and_then(Result::ok).filter(|f| f.next > at) else {
            at += 1;
            continue;
        };
        let range = at..found.next.min(lines.len());
        at = range.end;
        let rows = by_gaps(&found, lines).unwrap_or_else(|| as_found(&found));
        let mut table = GeoTable { rows: rows.len(), ..GeoTable::default() };
        let mut edges: Vec<(f32, f32)> = vec![(f32::MAX, f32::MIN); found.columns];
        for (row, cells) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let pieces: Vec<Piece> = cell
                    .iter()
                    .filter_map(|(no, text)| {
                        let words = words_of(&sets, lines, *no as usize - 1, text)?;
                        if let Some(edge) = edges.get_mut(column) {
                            edge.0 = words.iter().map(|w| w.x0).fold(edge.0, f32::min);
                            edge.1 = words.iter().map(|w| w.x1).fold(edge.1, f32::max);
                        }
                        Some(piece(words, page, &|rect| sheet.on_page(rect)))
                    })
                    .collect();
                table.cells.push(GeoCell {
                    row,
                    column,
                    rows: 1,
                    columns: 1,
                    lines: pieces,
                    page,
                    ..GeoCell::default()
                });
            }
        }
        boxes(&mut table, &edges, sheet);
        let inside = lines.get(range.clone()).unwrap_or_default();
        table.top = inside.first().map_or(0.0, VisLine::top);
        table.bottom = inside.last().map_or(0.0, VisLine::bottom);
        out.push(Aligned { lines: range, table });
    }
    out
}

/// For each row and column the lines of the cell: 1-based number and text.
type Rows<'a> = Vec<Vec<Vec<(u32, &'a str)>>>;

fn as_found<'a>(found: &RawTable<'a>) -> Rows<'a> {
    found.rows.iter().map(|r| r.cells.iter().map(|c| c.pieces.clone()).collect()).collect()
}

/// Where numbers stand beside the middle of labels of several lines, a label starts above its row's number: rows are then told by
/// the wider gaps between labels. None where the labels do not show such gaps.
fn by_gaps<'a>(found: &RawTable<'a>, lines: &[VisLine]) -> Option<Rows<'a>> {
    let mut parts: BTreeMap<usize, Vec<(usize, &'a str)>> = BTreeMap::new();
    let mut size = vec![0usize; found.columns];
    for (column, (no, text)) in found
        .rows
        .iter()
        .flat_map(|r| r.cells.iter().enumerate())
        .flat_map(|(c, cell)| cell.pieces.iter().map(move |p| (c, *p)))
    {
        parts.entry((no as usize).checked_sub(1)?).or_default().push((column, text));
        *size.get_mut(column)? += text.len();
    }
    let label = (0..found.columns).max_by_key(|c| size[*c]).filter(|c| *c > 0)?;
    let y = |at: usize| lines.get(at).map_or(0.0, |l| l.y);
    let holds = |at: &usize, column: usize| parts.get(at).is_some_and(|p| p.iter().any(|c| c.0 == column));
    let numbered = |at: &usize| parts.get(at).is_some_and(|p| p.iter().any(|c| c.0 == 0 && is_row_number(c.1)));
    let labels: Vec<usize> = parts.keys().copied().filter(|at| holds(at, label)).collect();
    let centred = parts.keys().any(|at| numbered(at) && !holds(at, label));
    let pitch = labels.windows(2).map(|w| y(w[1]) - y(w[0])).filter(|d| *d > 1.0).fold(f32::MAX, f32::min);
    if !centred || labels.len() < 3 {
        return None;
    }
    // Stretches of labels set at the pitch of lines.
    let mut groups: Vec<(f32, f32)> = Vec::new();
    for at in &labels {
        match groups.last_mut() {
            Some(last) if y(*at) - last.1 <= 1.12 * pitch + 0.5 => last.1 = y(*at),
            _ => groups.push((y(*at), y(*at))),
        }
    }
    let nearest = |at: usize| {
        let far = |g: &(f32, f32)| (g.0 - y(at)).max(y(at) - g.1).max(0.0);
        (0..groups.len()).min_by(|a, b| far(&groups[*a]).total_cmp(&far(&groups[*b])))
    };
    let mut rows: Rows = vec![vec![Vec::new(); found.columns]; groups.len()];
    let mut numbers = vec![0usize; groups.len()];
    for (at, list) in &parts {
        let row = nearest(*at)?;
        numbers[row] += usize::from(numbered(at));
        for (column, text) in list {
            rows[row][*column].push((*at as u32 + 1, *text));
        }
    }
    numbers.iter().all(|n| *n <= 1).then_some(rows)
}

/// The words of a line that a piece of its layout holds.
fn words_of<'l>(sets: &[Set], lines: &'l [VisLine], at: usize, text: &str) -> Option<&'l [Word]> {
    let (set, line) = (sets.get(at)?, lines.get(at)?);
    // The piece is a part of the layout's own string.
    let from = (text.as_ptr() as usize).checked_sub(set.text.as_ptr() as usize)?;
    let first = set.starts.partition_point(|s| *s < from);
    let last = set.starts.partition_point(|s| *s < from + text.len());
    line.words.get(first..last).filter(|w| !w.is_empty())
}

/// Borders between the columns, and from them and the rows' lines the boxes of the cells.
fn boxes(table: &mut GeoTable, edges: &[(f32, f32)], sheet: &Sheet) {
    let known: Vec<(f32, f32)> = edges.iter().copied().filter(|e| e.0 < e.1).collect();
    let mut xs: Vec<f32> = Vec::with_capacity(edges.len() + 1);
    xs.push(known.first().map_or(0.0, |e| e.0));
    for pair in edges.windows(2) {
        let last = xs.last().copied().unwrap_or(0.0);
        let between = if pair[0].1 > f32::MIN && pair[1].0 < f32::MAX { (pair[0].1 + pair[1].0) / 2.0 } else { last };
        xs.push(between.max(last));
    }
    xs.push(known.last().map_or(0.0, |e| e.1).max(xs.last().copied().unwrap_or(0.0)));
    let mut extent: Vec<Option<[f32; 4]>> = vec![None; table.rows];
    for cell in &table.cells {
        for piece in &cell.lines {
            if let Some(row) = extent.get_mut(cell.row) {
                *row = super::table::hull(row.iter().copied().chain([piece.rect]));
            }
        }
    }
    let upright = sheet.turn == 0;
    for cell in &mut table.cells {
        let Some(Some(row)) = extent.get(cell.row) else { continue };
        cell.rect = match (upright, xs.get(cell.column), xs.get(cell.column + 1)) {
            (true, Some(x0), Some(x1)) => [*x0, row[1], *x1, row[3]],
            _ => *row,
        };
    }
    table.xs = xs;
}

#[cfg(test)]
mod tests {
    use super::super::words::{Letter, lines};
    use super::*;

    fn line(parts: &[(f32, &str)], y: f32) -> Vec<Letter> {
        let mut out = Vec::new();
        for (x, text) in parts {
            let mut x0 = *x;
            for c in text.chars() {
                out.push(Letter { text: c.to_string(), x0, x1: x0 + 5.0, y, size: 11.0, bold: false });
                x0 += 5.0;
            }
        }
        out
    }

    #[test]
    fn columns_by_place() {
        let mut letters = line(&[(50.0, "STT"), (90.0, "Nội dung"), (300.0, "Quý I"), (380.0, "Quý II")], 100.0);
        letters.extend(line(&[(50.0, "1"), (90.0, "Hồ sơ tiếp nhận"), (310.0, "1.250"), (395.0, "1.310")], 114.0));
        letters.extend(line(&[(50.0, "2"), (90.0, "Hồ sơ giải quyết đúng và"), (310.0, "900"), (395.0, "905")], 128.0));
        letters.extend(line(&[(90.0, "trước hạn")], 142.0));
        let lines = lines(letters);
        let sheet = Sheet { width: 595.0, height: 842.0, ..Sheet::default() };
        let found = tables(&sheet, &lines, 4);
        assert_eq!(found.len(), 1);
        let table = &found[0].table;
        assert_eq!((table.rows, table.columns(), found[0].lines.clone()), (3, 4, 0..4));
        let label: Vec<_> =
            table.cells.iter().find(|c| c.row == 2 && c.column == 1).unwrap().lines.iter().map(|l| &l.text).collect();
        assert_eq!(label, ["Hồ sơ giải quyết đúng và", "trước hạn"]);
        let figure = table.cells.iter().find(|c| c.row == 1 && c.column == 3).unwrap();
        assert_eq!(figure.lines[0].words[0].rect[0], 395.0);
        assert_eq!(figure.page, 4);
    }

    #[test]
    fn numbers_beside_the_middle_of_their_label() {
        let row =
            |no: &'static str, y: f32, figure: &'static str| line(&[(50.0, no), (310.0, figure), (390.0, figure)], y);
        let mut letters = line(&[(50.0, "STT"), (90.0, "Nội dung"), (300.0, "Quý I"), (380.0, "Quý II")], 100.0);
        letters.extend(line(&[(50.0, "1"), (90.0, "Hồ sơ tiếp nhận"), (310.0, "125"), (390.0, "131")], 122.0));
        letters.extend(line(&[(90.0, "Hồ sơ giải quyết đúng")], 144.0));
        letters.extend(row("2", 151.0, "90"));
        letters.extend(line(&[(90.0, "và trước hạn")], 158.0));
        letters.extend(line(&[(90.0, "Hồ sơ nộp qua mạng và")], 180.0));
        letters.extend(row("3", 187.0, "12"));
        letters.extend(line(&[(90.0, "qua bưu chính")], 194.0));
        let lines = lines(letters);
        let sheet = Sheet { width: 595.0, height: 842.0, ..Sheet::default() };
        let found = tables(&sheet, &lines, 1);
        let table = &found[0].table;
        let cell = |row: usize, column: usize| {
            let cell = table.cells.iter().find(|c| c.row == row && c.column == column).unwrap();
            cell.lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(table.rows, 4);
        assert_eq!((cell(1, 1), cell(2, 1)), ("Hồ sơ tiếp nhận".into(), "Hồ sơ giải quyết đúng và trước hạn".into()));
        assert_eq!(
            (cell(3, 0), cell(3, 1), cell(3, 2)),
            ("3".into(), "Hồ sơ nộp qua mạng và qua bưu chính".into(), "12".into())
        );
    }

    #[test]
    fn prose_is_no_table() {
        let text = "kết quả giải quyết thủ tục hành chính của xã trong kỳ";
        let mut letters = Vec::new();
        for i in 0..6 {
            letters.extend(line(&[(50.0, text)], 100.0 + 16.0 * i as f32));
        }
        let sheet = Sheet { width: 595.0, height: 842.0, ..Sheet::default() };
        assert!(tables(&sheet, &lines(letters), 1).is_empty());
    }
}
