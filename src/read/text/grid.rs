//! Raw rows of a table in, a `Table` out: header rows, spans of merged header cells, empty cells with their line.
//!
//! The method: a table begins with header rows if its first cell heads a column of row numbers (`STT`), or if it holds no figure
//! and a row that starts with a row number follows. A second header row is one whose first cell is empty and that fills cells
//! which the first leaves open. What stands above such a filled run spans it.

use super::line::{is_figure, is_row_number, is_stt, joined, key, trim, undress};
use crate::model::{Cell, Place, Table};
use crate::text::clean::Text;

/// A cell before cleaning: its line and the printed pieces with theirs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawCell<'a> {
    /// Where it starts, or is empty.
    pub line: u32,
    /// Lines of its text; none where it is empty.
    pub pieces: Vec<(u32, &'a str)>,
    /// How many columns it covers where the reader knows it (0: not said).
    pub span: u32,
}

impl<'a> RawCell<'a> {
    /// A cell of one line.
    pub fn new(line: u32, text: &'a str) -> RawCell<'a> {
        let mut cell = RawCell { line, pieces: Vec::new(), span: 0 };
        cell.push(line, text);
        cell
    }
    /// Adds a line, unless it is blank.
    pub fn push(&mut self, line: u32, text: &'a str) {
        let text = trim(text);
        if !text.is_empty() {
            if self.pieces.is_empty() {
                self.line = line;
            }
            self.pieces.push((line, text));
        }
    }
    /// Whether nothing is printed.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
    /// First piece, for looking.
    pub fn first(&self) -> &'a str {
        self.pieces.first().map_or("", |p| p.1)
    }
}

/// A row before cleaning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawRow<'a> {
    /// Its cells.
    pub cells: Vec<RawCell<'a>>,
    /// A header row printed again after a page break.
    pub repeat: bool,
    /// Cut off by the end of the file: missing cells stay missing.
    pub cut: bool,
}

impl<'a> RawRow<'a> {
    /// Text of a cell's first line; empty where there is no such cell.
    pub fn first(&self, column: usize) -> &'a str {
        self.cells.get(column).map_or("", RawCell::first)
    }
    /// Whether a cell is there and not empty.
    pub fn filled(&self, column: usize) -> bool {
        self.cells.get(column).is_some_and(|c| !c.is_empty())
    }
    /// Number of cells that are not empty.
    pub fn printed(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_empty()).count()
    }
    /// Line of its last cell.
    pub fn last_line(&self) -> u32 {
        self.cells.last().map_or(0, |c| c.pieces.last().map_or(c.line, |p| p.0))
    }
    /// Whether it starts with a head for row numbers.
    pub fn heads(&self) -> bool {
        self.cells.len() >= 2 && is_stt(self.first(0)) && !self.cells[1..].iter().any(|c| is_figure(c.first()))
    }
    /// What it prints, folded: equal for a header row and its repetition.
    pub fn print(&self) -> String {
        let mut out = String::new();
        for cell in &self.cells {
            out.push_str(&key(undress(&joined(&cell.pieces)).0, 80));
            out.push('|');
        }
        out.truncate(out.trim_end_matches('|').len());
        out
    }
}

/// A table as one of the readers took it.
#[derive(Debug)]
pub struct RawTable<'a> {
    /// Head rows first.
    pub rows: Vec<RawRow<'a>>,
    /// Number of columns.
    pub columns: usize,
    /// Index of the first line after it.
    pub next: usize,
}

/// The most frequent number of cells per row; of equals the larger. Rows without figures count like any other.
pub fn usual_width<'r>(rows: impl Iterator<Item = &'r RawRow<'r>>) -> usize {
    let mut counts = [0u32; 65];
    for row in rows {
        counts[row.cells.len().min(64)] += 1;
    }
    (0..65).max_by_key(|w| (counts[*w], *w)).filter(|w| counts[*w] > 0).unwrap_or(0)
}

/// Some dumps leave out what a vertically merged head covers: a second header row then prints only the cells below the merged
/// one. It is filled up so that these stand below the last head before a column of notes.
pub fn fill_header(rows: &mut [RawRow], columns: usize) {
    let [first, second, third, ..] = rows else { return };
    let (heads, subs) = (first.cells.len(), second.cells.len());
    let fits = heads >= 3 && subs >= 2 && subs < heads && heads - 1 + subs == columns && third.cells.len() == columns;
    let words = second.cells.iter().all(|c| !c.is_empty() && !is_figure(c.first()) && !is_row_number(c.first()));
    if !(fits && words && first.heads()) {
        return;
    }
    let before = if first.cells.last().is_some_and(|c| is_note(c.first())) { heads - 2 } else { heads - 1 };
    let line = second.cells.first().map_or(0, |c| c.line);
    let empty = RawCell { line, ..RawCell::default() };
    let after = columns - before - subs;
    second.cells.splice(0..0, std::iter::repeat_n(empty.clone(), before));
    second.cells.extend(std::iter::repeat_n(empty, after));
}

/// Marks the head printed again on later pages: a row that starts with the head of row numbers, and those right below it that say nothing
/// but what the head says.
pub fn repeated(rows: &mut [RawRow]) {
    let count = header_rows(rows);
    let (head, body) = rows.split_at_mut(count.min(rows.len()));
    if !head.first().is_some_and(RawRow::heads) {
        return;
    }
    let text =
        |row: &RawRow, column: usize| row.cells.get(column).map(|c| key(&joined(&c.pieces), 400)).unwrap_or_default();
    if !body.iter().any(|r| is_stt(r.first(0))) {
        return;
    }
    let said: Vec<String> =
        (0..head[0].cells.len()).map(|c| head.iter().map(|r| text(r, c)).collect::<Vec<_>>().join(" ")).collect();
    let says = |row: &RawRow, c: usize| said.get(c).is_some_and(|said| said.contains(text(row, c).as_str()));
    let mut again = false;
    for row in body {
        again = is_stt(row.first(0)) || again && !row.filled(0) && (1..row.cells.len()).all(|c| says(row, c));
        row.repeat |= again;
    }
}

/// Spans in a header of three rows that print no cell for what another covers: `Trong kỳ` over `Trực tuyến` and `Trực tiếp`, which the third
/// row prints below it, behind as many empty cells; and the top heads, each over the columns from one `Tổng số` to the next.
pub fn span_header(rows: &mut [RawRow], columns: usize) {
    let [first, second, third, ..] = rows else { return };
    let leading = |row: &RawRow| row.cells.iter().take_while(|c| c.is_empty()).count();
    let (before, at) = (leading(second), leading(third));
    let parts = third.cells.len() - at;
    let words = |row: &RawRow| row.cells.iter().all(|c| !is_figure(c.first()) && !is_row_number(c.first()));
    let fits = first.heads()
        && before > 0
        && at >= before
        && parts > 1
        && second.filled(at)
        && second.cells.len() + parts == columns + 1
        && first.cells.len() > before
        && words(second)
        && words(third);
    if !fits {
        return;
    }
    second.cells[at].span = parts as u32;
    let line = third.cells.first().map_or(0, |c| c.line);
    third.cells.resize(columns, RawCell { line, ..RawCell::default() });
    // Where the groups below the top heads begin.
    let opening = key(second.first(before), 40);
    let mut column = 0;
    let mut starts = Vec::new();
    for cell in &second.cells {
        if key(cell.first(), 40) == opening {
            starts.push(column);
        }
        column += cell.span.max(1) as usize;
    }
    if starts.len() == first.cells.len() - before {
        starts.push(columns);
        for (head, pair) in first.cells[before..].iter_mut().zip(starts.windows(2)) {
            head.span = (pair[1] - pair[0]) as u32;
        }
    }
}

/// How many rows at the top are header rows.
pub fn header_rows(rows: &[RawRow]) -> usize {
    let Some(first) = rows.first() else { return 0 };
    let numbered = |row: &RawRow| is_row_number(row.first(0)) && row.printed() > 1;
    let plain = |row: &RawRow| {
        row.printed() >= 2
            && row
                .cells
                .iter()
                .all(|c| !is_figure(c.first()) && c.pieces.iter().map(|p| p.1.len()).sum::<usize>() < 240)
    };
    let filled_below = |row: &RawRow| row.cells.iter().skip(1).any(|c| is_figure(c.first()));
    let next = rows.get(1);
    let headed = first.heads()
        || (plain(first)
            && !is_row_number(first.first(0))
            && next.is_some_and(|n| numbered(n) || filled_below(n) || (!n.filled(0) && plain(n))));
    if !headed {
        return 0;
    }
    let mut count = 1;
    while let Some(row) = rows.get(count).filter(|_| count < 4) {
        let above = &rows[count - 1];
        let sub = !row.filled(0)
            && row.printed() >= 1
            && plain_sub(row)
            && (row.cells.len() > above.cells.len() || (1..row.cells.len()).any(|c| row.filled(c) && !above.filled(c)));
        let index = is_index_row(row);
        // A row that prints only its label is a row of the body, whatever the header leaves open.
        let label_only = row.printed() == 1 && row.filled(1) && rows[..count].iter().any(|r| r.filled(1));
        if !(index
            || (sub && !label_only && !(row.filled(1) && above.filled(1) && above.cells.len() == row.cells.len())))
        {
            break;
        }
        count += 1;
        if index {
            break;
        }
    }
    if count < rows.len() { count } else { count.min(1) }
}

fn plain_sub(row: &RawRow) -> bool {
    row.cells.iter().all(|c| !is_figure(c.first()) || c.first().len() == 4)
}

/// `1 | 2 | 3 | 4`, `(1) | (2) | (3)`, `A | B | 1 | 2`: the row of column numbers below a header.
fn is_index_row(row: &RawRow) -> bool {
    if row.cells.len() < 3 || row.printed() < row.cells.len() {
        return false;
    }
    let mut expected = 1u32;
    row.cells.iter().enumerate().all(|(at, cell)| {
        let text = cell.first().trim_matches(['(', ')']);
        let text = text.split(['=', ' ']).next().unwrap_or("");
        if at < 2 && text.len() == 1 && text.bytes().all(|b| b.is_ascii_uppercase()) {
            return true;
        }
        let ok = text.parse() == Ok(expected);
        expected += 1;
        ok
    })
}

/// Spans of the cells of header row `at`, by the row below it: (column, width) for each cell.
fn header_columns(row: &RawRow, below: Option<&RawRow>, columns: usize) -> Vec<(usize, usize)> {
    let cells = row.cells.len();
    let open = |c: usize| below.is_some_and(|b| b.filled(c));
    if cells >= columns {
        // Every position is printed: an empty one joins the filled one on its left where something stands below it.
        let mut out: Vec<(usize, usize)> = Vec::with_capacity(cells);
        for c in 0..columns {
            if !row.filled(c)
                && open(c)
                && let Some(last) = out.last_mut().filter(|l| row.filled(l.0) && open(l.0))
            {
                last.1 += 1;
                continue;
            }
            out.push((c, 1));
        }
        return out;
    }
    let known: usize = row.cells.iter().map(|c| c.span.max(1) as usize).sum();
    if known == columns {
        let mut at = 0;
        return row
            .cells
            .iter()
            .map(|c| {
                let width = c.span.max(1) as usize;
                at += width;
                (at - width, width)
            })
            .collect();
    }
    if let Some(below) = below.filter(|b| b.cells.len() >= columns) {
        // Merged cells are one cell here and several below: columns that are empty below are single.
        let single = (0..columns).filter(|c| !below.filled(*c)).count();
        let spanning = columns - single;
        let shared = cells.saturating_sub(single);
        if cells > single && spanning >= shared {
            let mut out = Vec::with_capacity(cells);
            let (mut c, mut left, mut rest) = (0, shared, spanning);
            while c < columns && out.len() < cells {
                if !below.filled(c) {
                    out.push((c, 1));
                    c += 1;
                    continue;
                }
                let run = (c..columns).take_while(|c| below.filled(*c)).count();
                let width = (rest / left.max(1)).clamp(1, run);
                // The last spanning cell over a run takes what is left of it.
                let width = if left <= 1 || run < 2 * width { run } else { width };
                out.push((c, width));
                c += width;
                rest = rest.saturating_sub(width);
                left = left.saturating_sub(1);
            }
            if out.len() == cells {
                return out;
            }
        }
    }
    // Nothing says which cell is wide: the last one before a column of notes.
    let extra = columns - cells;
    let noted = cells >= 3 && row.cells.last().is_some_and(|c| is_note(c.first()));
    let wide = if noted { cells - 2 } else { cells - 1 };
    (0..cells).map(|i| if i <= wide { (i, 1 + if i == wide { extra } else { 0 }) } else { (i + extra, 1) }).collect()
}

fn is_note(head: &str) -> bool {
    let head = key(head, 12);
    head.starts_with("ghi chu") || head.starts_with("giai trinh")
}

/// Builds the table. `columns` is what the reader learnt; longer rows put what is left over into their last cell.
pub fn build(rows: &[RawRow], columns: usize, header: usize) -> Table {
    let mut table =
        Table { rows: rows.len() as u32, columns: columns as u32, header_rows: header as u32, ..Table::default() };
    table.cells.reserve(rows.len() * columns);
    // Down to which row a column is covered by a cell above.
    let mut covered = vec![0usize; columns];
    for (at, row) in rows.iter().enumerate() {
        let is_header = at < header;
        let spans = if is_header {
            header_columns(row, rows.get(at + 1).filter(|_| at + 1 < header), columns)
        } else {
            body_columns(row, columns)
        };
        for (i, (column, width)) in spans.iter().copied().enumerate() {
            if covered.get(column).is_some_and(|until| *until > at) {
                continue;
            }
            let Some(cell) = row.cells.get(i.min(row.cells.len().saturating_sub(1))) else { continue };
            let cell = if row.cells.len() >= columns && is_header { &row.cells[column] } else { cell };
            let last = i + 1 == spans.len() && !is_header;
            let mut height = 1;
            if is_header && !cell.is_empty() {
                while at + height < header && vacant(&rows[at + height], column, width, columns) {
                    height += 1;
                }
                covered[column..(column + width).min(columns)].fill(at + height);
            }
            let text = if last && row.cells.len() > columns {
                let pieces: Vec<_> = row.cells[i..].iter().flat_map(|c| c.pieces.iter().copied()).collect();
                Text::from_lines(&pieces)
            } else {
                text(&cell.pieces)
            };
            table.cells.push(Cell {
                row: at as u32,
                column: column as u32,
                row_span: height as u32,
                column_span: width as u32,
                header: is_header || row.repeat,
                text,
                place: Place::line(cell.line),
            });
        }
        // A row that prints fewer cells than the table has: the others are empty where it ends.
        if !is_header && !row.cut {
            let next = spans.last().map_or(0, |s| s.0 + s.1);
            let line = row.last_line();
            table.cells.extend((next..columns).map(|column| Cell {
                row: at as u32,
                column: column as u32,
                row_span: 1,
                column_span: 1,
                header: row.repeat,
                text: Text::default(),
                place: Place::line(line),
            }));
        }
    }
    table
}

fn text(pieces: &[(u32, &str)]) -> Text {
    match pieces {
        [] => Text::default(),
        [(line, one)] => Text::from_line(*line, one),
        many => Text::from_lines(many),
    }
}

fn body_columns(row: &RawRow, columns: usize) -> Vec<(usize, usize)> {
    let mut at = 0;
    let mut out = Vec::with_capacity(row.cells.len());
    for cell in row.cells.iter() {
        if at >= columns {
            break;
        }
        let width = (cell.span.max(1) as usize).min(columns - at);
        out.push((at, width));
        at += width;
    }
    out
}

/// Whether the header row below leaves these columns empty.
fn vacant(row: &RawRow, column: usize, width: usize, columns: usize) -> bool {
    row.cells.len() >= columns && (column..column + width).all(|c| !row.filled(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &'static [&'static [&'static str]]) -> Vec<RawRow<'static>> {
        text.iter()
            .enumerate()
            .map(|(at, cells)| RawRow {
                cells: cells.iter().map(|c| RawCell::new(at as u32 + 1, c)).collect(),
                ..RawRow::default()
            })
            .collect()
    }

    fn spans(table: &Table) -> Vec<(u32, u32, u32, u32)> {
        let header = table.cells.iter().filter(|c| c.header);
        header.map(|c| (c.row, c.column, c.row_span, c.column_span)).collect()
    }

    #[test]
    fn one_merged_head_over_two() {
        let full = rows(&[
            &["STT", "Chỉ tiêu", "Kết quả", "", "Ghi chú"],
            &["", "", "Đơn vị tính", "Số liệu", ""],
            &["1", "Số kế hoạch", "Văn bản", "3", ""],
        ]);
        let short = rows(&[
            &["STT", "Chỉ tiêu", "Kết quả", "Ghi chú"],
            &["", "", "Đơn vị tính", "Số liệu", ""],
            &["1", "Số kế hoạch", "Văn bản", "3", ""],
        ]);
        for rows in [full, short] {
            let header = header_rows(&rows);
            assert_eq!(header, 2);
            let table = build(&rows, 5, header);
            let want = [(0, 0, 2, 1), (0, 1, 2, 1), (0, 2, 1, 2), (0, 4, 2, 1), (1, 2, 1, 1), (1, 3, 1, 1)];
            assert_eq!(spans(&table), want);
            assert_eq!(table.cell(1, 4).unwrap().text.clean, "Ghi chú");
            assert_eq!(table.cell(2, 4).unwrap().place.line, Some(3));
        }
    }

    #[test]
    fn two_merged_heads_side_by_side() {
        let rows = rows(&[
            &["TT", "Đơn vị", "Năm 2022", "Năm 2023", "Ghi chú"],
            &["", "", "Nhận", "Xong", "Trễ", "Nhận", "Xong", "Trễ", ""],
            &["1", "Xã A", "10", "9", "1", "12", "12", "0", ""],
        ]);
        let table = build(&rows, 9, header_rows(&rows));
        assert_eq!(table.header_rows, 2);
        assert_eq!(table.cell(0, 4).unwrap().text.clean, "Năm 2022");
        assert_eq!(table.cell(0, 7).unwrap().text.clean, "Năm 2023");
        assert_eq!(table.cell(1, 8).unwrap().text.clean, "Ghi chú");
    }

    #[test]
    fn covered_cells_left_out() {
        let mut rows = rows(&[
            &["STT", "Chỉ tiêu", "Kết quả", "Ghi chú"],
            &["Đơn vị tính", "Số liệu"],
            &["1", "Số kế hoạch", "Văn bản", "3", ""],
        ]);
        fill_header(&mut rows, 5);
        let table = build(&rows, 5, header_rows(&rows));
        assert_eq!(table.header_rows, 2);
        assert_eq!(table.cell(0, 3).unwrap().text.clean, "Kết quả");
        assert_eq!(table.cell(1, 2).unwrap().text.clean, "Đơn vị tính");
        assert_eq!(table.cell(1, 4).unwrap().text.clean, "Ghi chú");
    }

    #[test]
    fn lost_header_and_index_row() {
        assert_eq!(header_rows(&rows(&[&["1", "Số hồ sơ", "5"], &["2", "Số phiếu", "6"]])), 0);
        let indexed = rows(&[&["STT", "Nội dung", "Số"], &["(1)", "(2)", "(3)"], &["1", "Hồ sơ", "5"]]);
        assert_eq!(header_rows(&indexed), 2);
        let bare = rows(&[&["Nội dung", "Quý I", "Quý II"], &["Hồ sơ", "5", "6"]]);
        assert_eq!(header_rows(&bare), 1);
    }
}
