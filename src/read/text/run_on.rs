//! Statistical tables in the text layer of a PDF whose cells follow each other with single spaces: `5.1 Hồ sơ trực tuyến Hồ sơ 371 1.187`.
//!
//! In: lines below a head that names a column of row numbers. Out: raw rows. The grammar of a row: its number, the label, the unit where the
//! head names one, then as many figures as most rows have; what does not fit the line goes on below it. Columns come from the order, never
//! from the place. Score sheets are the business of `pdf_layer`, gaps of two spaces that of `layout` and `fields`.

use super::grid::{RawCell, RawRow, RawTable};
use super::layout::segments;
use super::line::{Line, is_figure, is_stt, joined, key, lower_start, trim, upper_start};
use super::mark::{decimals, form, roman};
use crate::text::number::{UnitKind, unit_kind};

/// A line of such a table is no longer.
const LONGEST: usize = 300;
/// A head is printed over at most so many lines.
const HEAD_LINES: usize = 16;
/// Lines looked at before a table is believed.
const AHEAD: usize = 60;
/// Rows with a number and figures among them.
const FULL: usize = 3;
/// Most columns of figures.
const MOST: usize = 12;
/// Words of a unit.
const UNIT_WORDS: usize = 4;

type Piece<'a> = (u32, &'a str);
/// A printed figure behind the byte where it starts.
type Figure<'a> = (usize, &'a str);

/// Whether the head of such a table may start at line `at`: cheap, for every line of running text.
pub fn starts(lines: &[Line], at: usize) -> bool {
    lines.get(at).is_some_and(|l| {
        l.tabs == 0
            && l.raw.len() < LONGEST
            && is_stt(l.text().split(' ').next().unwrap_or(""))
            && l.text().contains(' ')
    })
}

/// Reads the table whose head starts at line `at`. Where it is none: the line before which there is none either.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> Result<RawTable<'a>, usize> {
    let is_body = |l: &Line| numbered(l.text(), None).is_some_and(|(_, _, rest)| rest.split(' ').any(is_figure));
    // Where the head ends that starts at a line.
    let head_end = |at: usize| {
        let zone = lines[at + 1..].iter().take(HEAD_LINES);
        zone.take_while(|l| l.gap == 0 && l.tabs == 0 && l.raw.len() < LONGEST && !is_body(l)).count() + 1 + at
    };
    let body = head_end(at);
    let Some(width) = width(&lines[body.min(lines.len())..]) else { return Err(at + 1) };
    let words = heads(&lines[at..body]);
    let unit = words.iter().take(3).any(|head| names_unit(&joined(head)));
    let note = words.last().is_some_and(|head| names_note(&joined(head)));
    let columns = 2 + usize::from(unit) + width + usize::from(note);
    let mut reader =
        Reader { width, unit, note, columns, rows: vec![header(&words, columns)], open: None, before: Vec::new() };
    let mut last: Option<Vec<u32>> = None;
    let (mut next, mut paged) = (body, true);
    while let Some(line) = lines.get(next) {
        let text = line.text();
        if line.tabs > 0 || line.raw.len() > LONGEST || form(text).is_some() || segments(line).len() > 2 {
            break;
        }
        // The head again, at the top of a page.
        if text == lines[at].text() && next > body {
            let end = head_end(next);
            reader.again(header(&heads(&lines[next..end]), columns));
            (next, paged) = (end, true);
            continue;
        }
        let number = numbered(text, last.as_deref());
        let filled = reader.figures(text).is_some();
        let total = filled && number.is_none() && is_total(text);
        // Behind a blank line only a row goes on, behind a head also one without figures.
        if line.gap > 0 && !total && !(number.is_some() && (filled || paged)) {
            break;
        }
        paged = false;
        match number {
            Some((word, parts, rest)) => {
                reader.start(line.no, word);
                reader.place(line.no, rest);
                last = Some(parts);
            }
            None if total => {
                reader.start(line.no, "");
                reader.place(line.no, text);
            }
            None => reader.more(line.no, text),
        }
        next += 1;
        if total && lines.get(next).is_none_or(|l| l.gap > 0) {
            break;
        }
    }
    reader.close();
    let first = 2 + usize::from(unit);
    let full = reader.rows.iter().skip(1).filter(|r| r.filled(0) && (first..first + width).any(|c| r.filled(c)));
    if full.count() < FULL { Err(next.max(at + 1)) } else { Ok(RawTable { rows: reader.rows, columns, next }) }
}

/// How many figures most rows end with; None where too few end with any.
fn width(lines: &[Line]) -> Option<usize> {
    let mut counts = [0usize; MOST + 1];
    let mut last: Option<Vec<u32>> = None;
    for line in lines.iter().take(AHEAD).take_while(|l| l.tabs == 0 && form(l.text()).is_none()) {
        let Some((_, parts, _)) = numbered(line.text(), last.as_deref()) else { continue };
        last = Some(parts);
        if let Some(run) = figures(line.text()) {
            counts[run.len().min(MOST)] += 1;
        }
    }
    let usual = (1..=MOST).max_by_key(|n| (counts[*n], std::cmp::Reverse(*n)))?;
    (counts[1..].iter().sum::<usize>() >= FULL && counts[usual] >= 2).then_some(usual)
}

/// The figures at the end of a line, each with the byte where it starts.
fn figures(text: &str) -> Option<Vec<Figure<'_>>> {
    let mut run: Vec<Figure> = Vec::new();
    let mut rest = text;
    while let Some((before, word)) = rest.rsplit_once(' ') {
        if !(is_figure(word) || matches!(word, "-" | "–")) || run.len() > MOST {
            break;
        }
        run.push((before.len() + 1, word));
        rest = trim(before);
    }
    run.reverse();
    run.iter().any(|f| is_figure(f.1)).then_some(run)
}

/// A row number at the start of a line that can follow the one before it: as printed, its components, what follows.
fn numbered<'t>(text: &'t str, last: Option<&[u32]>) -> Option<(&'t str, Vec<u32>, &'t str)> {
    let (word, rest) = text.split_once(' ')?;
    let rest = trim(rest);
    let core = word.trim_end_matches(['.', ')']);
    let titled = upper_start(rest) || lower_start(rest) && core.contains('.');
    if let Some(value) = roman(core) {
        return (value < 30 && upper_start(rest)).then_some((word, Vec::new(), rest));
    }
    let parts = decimals(core).filter(|p| p.len() <= 4 && titled)?;
    let follows = match last {
        None => true,
        Some([]) => parts.len() == 1 && parts[0] <= 99,
        Some(last) => {
            let depth = parts.len().min(last.len());
            let child = parts.len() == last.len() + 1 && parts.starts_with(last) && parts[last.len()] == 1;
            let sibling = parts.len() <= last.len()
                && parts[..depth - 1] == last[..depth - 1]
                && (1..=3).contains(&parts[depth - 1].saturating_sub(last[depth - 1]));
            child || sibling || parts == [1]
        }
    };
    follows.then_some((word, parts, rest))
}

fn is_total(text: &str) -> bool {
    let head = key(text, 9);
    head.starts_with("tong") || head.starts_with("cong ") || head.starts_with("toan ")
}

fn names_unit(head: &str) -> bool {
    matches!(key(head, 12).as_str(), "don vi tinh" | "don vi" | "dvt" | "dv tinh")
}

fn names_note(head: &str) -> bool {
    ["ghi chu", "dien giai", "giai trinh"].iter().any(|n| key(head, 12).starts_with(n))
}

/// The heads with their lines: a new one begins with a capital that is no number of a quarter and no abbreviation, and with `9 tháng`.
fn heads<'a>(zone: &[Line<'a>]) -> Vec<Vec<Piece<'a>>> {
    let mut heads: Vec<Vec<Piece>> = Vec::new();
    for line in zone {
        let text = line.text();
        let (mut from, mut at) = (0, 0);
        for word in text.split(' ') {
            let month = word.bytes().all(|b| b.is_ascii_digit()) && key(&text[at + word.len()..], 5) == "thang";
            let capital = upper_start(word) && roman(word).is_none() && !word.starts_with('(');
            // `Số TTHC`, `UBND tỉnh`: capitals in the middle of a head; at the start of a line they open one.
            let short = at > 0 && word.chars().all(char::is_uppercase) && !names_unit(word);
            if heads.is_empty() || !word.is_empty() && (month || capital && !short) {
                add(&mut heads, line.no, &text[from..at]);
                heads.push(Vec::new());
                from = at;
            }
            at += word.len() + 1;
        }
        add(&mut heads, line.no, &text[from..]);
    }
    heads
}

fn add<'a>(heads: &mut [Vec<Piece<'a>>], no: u32, text: &'a str) {
    if let Some(head) = heads.last_mut().filter(|_| !trim(text).is_empty()) {
        head.push((no, trim(text)));
    }
}

/// The head row; where its words do not fall into as many heads as there are columns, those of the figures say nothing.
fn header<'a>(heads: &[Vec<Piece<'a>>], columns: usize) -> RawRow<'a> {
    let line = heads.first().and_then(|h| h.first()).map_or(0, |w| w.0);
    let fits = heads.len() == columns;
    let cell = |column: usize| {
        let mut cell = RawCell { line, ..RawCell::default() };
        for (no, text) in heads.get(column).filter(|_| fits || column < 2).into_iter().flatten() {
            cell.push(*no, text);
        }
        cell
    };
    RawRow { cells: (0..columns).map(cell).collect(), ..RawRow::default() }
}

/// One row under construction.
struct Open<'a> {
    number: Option<Piece<'a>>,
    label: Vec<Piece<'a>>,
    unit: Option<Piece<'a>>,
    figures: Vec<Piece<'a>>,
    note: Vec<Piece<'a>>,
    line: u32,
}

struct Reader<'a> {
    /// Columns of figures.
    width: usize,
    unit: bool,
    note: bool,
    columns: usize,
    rows: Vec<RawRow<'a>>,
    open: Option<Open<'a>>,
    /// Label lines that stand before their row's number.
    before: Vec<Piece<'a>>,
}

impl<'a> Reader<'a> {
    /// The head printed again.
    fn again(&mut self, head: RawRow<'a>) {
        self.close();
        self.rows.push(RawRow { repeat: true, ..head });
    }

    fn start(&mut self, no: u32, number: &'a str) {
        let before = std::mem::take(&mut self.before);
        self.close();
        let number = Some((no, number)).filter(|n| !n.1.is_empty());
        self.open = Some(Open { number, label: before, unit: None, figures: Vec::new(), note: Vec::new(), line: no });
    }

    /// The figures of a line, and what stands behind them in the column of notes: then there are no fewer than the row has.
    fn figures<'t>(&self, text: &'t str) -> Option<(Vec<Figure<'t>>, &'t str)> {
        if let Some(run) = figures(text) {
            return Some((run, ""));
        }
        let ends = text.match_indices(' ').map(|(at, _)| at).filter(|_| self.note);
        let runs = ends.filter_map(|at| figures(&text[..at]).map(|run| (run, trim(&text[at..]))));
        let mut runs = runs.filter(|(run, _)| run.len() >= self.width);
        // A label and a note may hold figures of their own: those are meant that follow a unit.
        runs.find(|(run, _)| !self.unit || run.first().is_some_and(|f| unit_at(trim(&text[..f.0])).is_some()))
    }

    /// The label, unit and figures of a line.
    fn place(&mut self, no: u32, text: &'a str) {
        let found = self.figures(text);
        let Some(open) = self.open.as_mut() else { return };
        let mut words = text;
        if let Some((run, note)) = found {
            // A label may end with a number of its own.
            let run = &run[run.len().saturating_sub(self.width)..];
            open.figures.extend(run.iter().map(|f| (no, f.1)));
            words = trim(&text[..run.first().map_or(text.len(), |f| f.0)]);
            if !note.is_empty() {
                open.note.push((no, note));
            }
        }
        if self.unit
            && !open.figures.is_empty()
            && let Some(at) = unit_at(words)
        {
            open.unit = Some((no, &words[at..]));
            words = trim(&words[..at]);
        }
        if !words.is_empty() {
            open.label.push((no, words));
        }
    }

    /// A line without a number of its own.
    fn more(&mut self, no: u32, text: &'a str) {
        let Some(open) = self.open.as_mut() else { return self.before.push((no, text)) };
        if open.figures.is_empty() {
            self.place(no, text);
        } else if lower_start(text) || text.starts_with('(') {
            let note = self.note && !open.note.is_empty();
            if note { open.note.push((no, text)) } else { open.label.push((no, text)) }
        } else {
            self.before.push((no, text));
        }
    }

    fn close(&mut self) {
        let mut label_after = std::mem::take(&mut self.before);
        let Some(mut open) = self.open.take() else { return };
        open.label.append(&mut label_after);
        let cell =
            |pieces: Vec<Piece<'a>>| RawCell { line: pieces.first().map_or(open.line, |p| p.0), pieces, span: 0 };
        let mut cells = vec![cell(open.number.into_iter().collect()), cell(open.label)];
        if self.unit {
            cells.push(cell(open.unit.into_iter().collect()));
        }
        // Of figures that are too few the last columns are taken to be filled: they hold what was reached so far.
        let blank = self.width.saturating_sub(open.figures.len());
        for at in 0..self.width {
            cells.push(cell(at.checked_sub(blank).and_then(|i| open.figures.get(i)).copied().into_iter().collect()));
        }
        if self.note {
            cells.push(cell(open.note));
        }
        cells.truncate(self.columns);
        self.rows.push(RawRow { cells, ..RawRow::default() });
    }
}

/// Where the unit begins that stands at the end of a label: the longest run of words, the first with a capital or a sign, that is one.
fn unit_at(words: &str) -> Option<usize> {
    let mut at = words.len();
    let mut found = None;
    for _ in 0..UNIT_WORDS {
        at = words[..at].trim_end().rfind(' ').map_or(0, |i| i + 1);
        let unit = &words[at..];
        if at > 0 && !lower_start(unit) && unit_kind(unit) != UnitKind::Unknown {
            found = Some(at);
        }
        if at == 0 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::grid::{build, header_rows};
    use super::super::line::lines;
    use super::*;

    const TABLE: &str = "TT Chỉ tiêu Đơn vị tính Quý II 6 tháng\n\
                         1 Văn bản chỉ đạo, điều hành đã ban Văn bản 7 19\n\
                         hành\n\
                         2 Nhiệm vụ được giao Nhiệm vụ 84 203\n\
                         2.1 Hoàn thành đúng hạn Nhiệm vụ 80 1.196\n\
                         2.2 Tỷ lệ hoàn thành % 95,2 96,6\n\
                         3 Hồ sơ nộp qua dịch vụ công mức độ 4 Hồ sơ 12 31\n\
                         4 Vốn đầu tư công được giao trong Triệu đồng 2.500\n\
                         năm (tính cả vốn kéo dài)\n\
                         Tổng cộng các cuộc họp Cuộc 3 8\n\
                         \n\
                         Người lập biểu\n";

    #[test]
    fn cells_that_run_on() {
        let lines = lines(TABLE);
        assert!(starts(&lines, 0));
        let table = parse(&lines, 0).expect("a table");
        assert_eq!((table.columns, table.rows.len(), table.next), (5, 8, lines.len() - 1));
        let built = build(&table.rows, 5, header_rows(&table.rows));
        let row = |r: u32| -> Vec<String> {
            (0..5).map(|c| built.cell(r, c).map_or(String::new(), |c| c.text.clean.to_string())).collect()
        };
        assert_eq!(row(0), ["TT", "Chỉ tiêu", "Đơn vị tính", "Quý II", "6 tháng"]);
        assert_eq!(row(1), ["1", "Văn bản chỉ đạo, điều hành đã ban hành", "Văn bản", "7", "19"]);
        assert_eq!(row(3), ["2.1", "Hoàn thành đúng hạn", "Nhiệm vụ", "80", "1.196"]);
        assert_eq!(row(4), ["2.2", "Tỷ lệ hoàn thành", "%", "95,2", "96,6"]);
        assert_eq!(row(5), ["3", "Hồ sơ nộp qua dịch vụ công mức độ 4", "Hồ sơ", "12", "31"]);
        assert_eq!(
            row(6),
            ["4", "Vốn đầu tư công được giao trong năm (tính cả vốn kéo dài)", "Triệu đồng", "", "2.500"]
        );
        assert_eq!(row(7), ["", "Tổng cộng các cuộc họp", "Cuộc", "3", "8"]);
    }

    #[test]
    fn over_two_pages() {
        let head = "TT Chỉ tiêu ĐVT Năm\n2020\nNăm\n2021\n\n";
        let first = "1 Văn bản đã ban hành Văn bản 19 21\n2 Cuộc họp đã tổ chức Cuộc 31 28\n";
        let second = "3 Hồ sơ, thủ tục\n3.1 Hồ sơ trực tuyến Hồ sơ 1.196 931\n3.2 Hồ sơ trực tiếp Hồ sơ 265 240\n";
        let text = format!("{head}{first}\n{head}{second}");
        let lines = lines(&text);
        let table = parse(&lines, 0).expect("a table");
        let first: Vec<String> = table.rows.iter().map(|r| r.first(0).to_string()).collect();
        assert_eq!(first, ["TT", "1", "2", "TT", "3", "3.1", "3.2"]);
        assert!(table.rows[3].repeat && !table.rows[4].repeat);
        let heads: Vec<String> = table.rows[0].cells.iter().map(|c| joined(&c.pieces).to_string()).collect();
        assert_eq!(heads, ["TT", "Chỉ tiêu", "ĐVT", "Năm 2020", "Năm 2021"]);
        assert_eq!((table.rows[5].first(2), table.rows[5].first(3), table.next), ("Hồ sơ", "1.196", lines.len()));
    }

    #[test]
    fn notes_behind_the_figures() {
        let text = "STT Nội dung Đơn vị tính Kết quả Ghi chú\n1 Văn bản đã ban hành Văn bản 19 Cả năm\n2 Cuộc họp đã tổ chức Cuộc 31 Có 4 cuộc\n\
                    trực tuyến\n3 Hồ sơ tiếp nhận Hồ sơ 1.196\n3.1 Hồ sơ trực tuyến Hồ sơ 931\n3.2 Hồ sơ trực tiếp Hồ sơ 265\n";
        let lines = lines(text);
        let table = parse(&lines, 0).expect("a table");
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .skip(1)
            .map(|r| r.cells.iter().map(|c| joined(&c.pieces).to_string()).collect())
            .collect();
        assert_eq!(rows[0], ["1", "Văn bản đã ban hành", "Văn bản", "19", "Cả năm"]);
        assert_eq!(rows[1], ["2", "Cuộc họp đã tổ chức", "Cuộc", "31", "Có 4 cuộc trực tuyến"]);
        assert_eq!(rows[3], ["3.1", "Hồ sơ trực tuyến", "Hồ sơ", "931", ""]);
    }

    #[test]
    fn heads_over_lines_and_prose_below() {
        let text = "TT Lĩnh vực Số TTHC\ncấp huyện\nTiếp\nnhận\n1 Tư pháp 24 398\n2 Đất đai và Môi trường 29 241\n3 Nội vụ 31 512\n\nGhi chú: số liệu đến ngày 14.\n";
        let lines = lines(text);
        let table = parse(&lines, 0).expect("a table");
        let heads: Vec<String> =
            table.rows[0].cells.iter().map(|c| c.pieces.iter().map(|p| p.1).collect::<Vec<_>>().join(" ")).collect();
        assert_eq!(heads, ["TT", "Lĩnh vực", "Số TTHC cấp huyện", "Tiếp nhận"]);
        assert_eq!((table.rows.len(), table.next), (4, 7));
        assert!(
            parse(&super::super::line::lines("TT là viết tắt của thông tư.\nCó 5 văn bản\n1 Văn bản\n"), 0).is_err()
        );
    }
}
