//! Tables laid out with spaces (`pdftotext -layout`): columns start at the same positions on consecutive lines.
//!
//! Columns are the stretches between gutters, positions that are blank on (nearly) all lines of the region: the vertical
//! whitespace method. A new row starts at a line whose first column is filled, or that fills a column of figures again.

use super::grid::{RawCell, RawRow, RawTable};
use super::line::{Line, is_blank, is_figure, is_row_number, is_stt, key};
use super::mark::form;

/// Lines wider than this are no layout.
const MAX_WIDTH: usize = 400;

/// A stretch of text between runs of two or more spaces.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// First character's column.
    pub start: usize,
    /// Column behind its last character.
    pub end: usize,
    /// Its text.
    pub text: &'a str,
}

/// The stretches of a line; none of a line with tabs or of one that is too long.
pub fn segments<'a>(line: &Line<'a>) -> Vec<Segment<'a>> {
    let raw = line.raw;
    let mut out = Vec::new();
    if line.tabs > 0 || raw.len() > 4 * MAX_WIDTH {
        return out;
    }
    if let Some(only) = unparted(raw) {
        out.extend(only);
        return out;
    }
    // Byte where the open segment starts and ends, and the same in characters.
    let mut open: Option<(usize, usize, usize, usize)> = None;
    for (column, (at, c)) in raw.char_indices().enumerate() {
        if c == ' ' || c == '\u{a0}' || c == '\u{c}' {
            continue;
        }
        let end = (at + c.len_utf8(), column + 1);
        match &mut open {
            Some((_, byte_end, _, column_end)) if column - *column_end < 2 => (*byte_end, *column_end) = end,
            _ => {
                if let Some((from, to, start, stop)) = open.take() {
                    out.push(Segment { start, end: stop, text: &raw[from..to] });
                }
                open = Some((at, end.0, column, end.1));
            }
        }
    }
    if let Some((from, to, start, stop)) = open {
        out.push(Segment { start, end: stop, text: &raw[from..to] });
    }
    out
}

/// The one stretch of a line in which no two spaces stand together, as in most lines; its inside need not be looked at.
fn unparted<'a>(raw: &'a str) -> Option<Option<Segment<'a>>> {
    let text = raw.trim_matches(' ');
    let bytes = text.as_bytes();
    let may_part = |text: &[u8]| {
        memchr::memmem::find(text, b"  ").is_some()
            || memchr::memchr(b'\x0c', text).is_some()
            || memchr::memmem::find(text, "\u{a0}".as_bytes()).is_some()
    };
    if may_part(bytes) {
        return None;
    }
    let start = raw.len() - raw.trim_start_matches(' ').len();
    let characters = bytes.iter().filter(|b| (**b & 0xC0) != 0x80).count();
    Some((!text.is_empty()).then_some(Segment { start, end: start + characters, text }))
}

/// Whether two lines share at least two column starts, with gaps that are no mere stretching.
fn aligned(a: &[Segment], b: &[Segment]) -> bool {
    let shared = |a: &[Segment], b: &[Segment]| {
        a.iter().filter(|s| b.iter().any(|t| s.start.abs_diff(t.start) <= 1 || s.end.abs_diff(t.end) <= 1)).count()
    };
    let most = a.len().min(b.len());
    most >= 2 && shared(a, b) >= 2.max(most.div_ceil(2)) && shared(a, b) * 2 >= a.len().max(b.len())
}

fn wide_gap(line: &[Segment]) -> bool {
    line.windows(2).filter(|w| w[1].start - w[0].end >= 3).count() * 2 >= line.len() - 1
}

/// Whether a region may start at `at`: cheap, for every line of running text.
pub fn starts(lines: &[Line], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    if line.tabs > 0 || line.raw.len() > 4 * MAX_WIDTH || memchr::memmem::find(line.text().as_bytes(), b"   ").is_none()
    {
        return false;
    }
    let first = segments(line);
    if first.len() < 2 || !wide_gap(&first) {
        return false;
    }
    let near: Vec<_> = lines[at + 1..].iter().take(6).map(segments).collect();
    let alike = near.iter().filter(|s| s.len() >= 2 && wide_gap(s) && aligned(&first, s)).count();
    let stt = first.first().is_some_and(|s| is_stt(s.text)) && first.len() >= 3;
    let chain = near.windows(2).filter(|w| w[0].len() >= 3 && aligned(&w[0], &w[1]) && wide_gap(&w[0])).count();
    (first.len() >= 3 && alike >= 2) || alike >= 3 || (stt && (alike + chain) >= 2)
}

/// Reads the region that starts at line `at`. Where the columns do not hold: the line before which there is no table.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> Result<RawTable<'a>, usize> {
    let mut region: Vec<(u32, u32, Vec<Segment<'a>>)> = Vec::new();
    let mut next = at;
    let mut single = 0;
    let margin = lines.get(at).map(segments).unwrap_or_default().get(1).map_or(8, |s| s.start);
    while let Some(line) = lines.get(next) {
        if line.tabs > 0 || line.raw.len() > 4 * MAX_WIDTH || (line.gap > 3 && next > at) {
            break;
        }
        let segments = segments(line);
        let lone = segments.len() < 2;
        // Text that starts at the left margin and runs on alone is not a cell of this table, nor is a caption.
        let flows = lone
            && segments.first().is_none_or(|s| (s.start < margin.min(4) && s.end > 60) || form(s.text).is_some())
            || segments.first().is_some_and(|s| s.end > MAX_WIDTH);
        single = if lone { single + 1 } else { 0 };
        if flows || single > 8 {
            break;
        }
        region.push((line.no, line.gap, segments));
        next += 1;
    }
    // Lone lines at the end belong to the text after the table unless they stand in one of its columns.
    while region
        .last()
        .is_some_and(|(_, gap, s)| s.len() < 2 && (*gap > 0 || s.first().is_none_or(|s| s.start < margin.min(4))))
    {
        region.pop();
        next -= 1;
    }
    let failed = next.max(at + 3);
    let Some(columns) = columns(&region).filter(|_| region.len() >= 3) else { return Err(failed) };
    if columns.len() < 2 || (columns.len() == 2 && region.iter().filter(|r| r.2.len() >= 2).count() < 4) {
        return Err(failed);
    }
    let rows = rows(&region, &columns);
    // Without figures or row numbers in it, aligned text is a letterhead or a signature.
    let telling =
        rows.iter().filter(|r| is_row_number(r.first(0)) || r.cells.iter().any(|c| is_figure(c.first()))).count();
    let headed = rows.first().is_some_and(RawRow::heads);
    if telling * 3 < rows.len() && !headed || telling == 0 {
        return Err(failed);
    }
    Ok(RawTable { columns: columns.len(), rows, next })
}

/// Column stretches. Rows of figures show where their columns are, heads over several of them hide it: where there are such rows, they
/// decide, and the other lines only add columns that no figure stands in.
fn columns(region: &[(u32, u32, Vec<Segment>)]) -> Option<Vec<(usize, usize)>> {
    let figures = |segments: &[Segment]| segments.iter().skip(1).filter(|s| is_figure(s.text)).count();
    let (rows, rest): (Vec<&[Segment]>, Vec<&[Segment]>) =
        region.iter().map(|r| r.2.as_slice()).filter(|s| !s.is_empty()).partition(|s| figures(s) >= 2);
    if rows.len() < 3 {
        return stretches(rows.into_iter().chain(rest));
    }
    let mut out = stretches(rows.into_iter())?;
    let apart = |s: &&Segment| out.iter().all(|c| s.end + 1 < c.0 || s.start > c.1 + 1);
    let more: Vec<Vec<Segment>> = rest.iter().map(|line| line.iter().filter(apart).copied().collect()).collect();
    out.extend(stretches(more.iter().map(Vec::as_slice).filter(|s| !s.is_empty()))?);
    out.sort_unstable();
    (out.len() <= 40).then_some(out)
}

/// Stretches between the gutters of lines.
fn stretches<'s, 'a: 's>(lines: impl Iterator<Item = &'s [Segment<'a>]>) -> Option<Vec<(usize, usize)>> {
    let mut used = [0u32; MAX_WIDTH];
    let mut counted = 0;
    for segments in lines {
        counted += 1;
        for segment in segments {
            let (start, end) = (segment.start.min(MAX_WIDTH), segment.end.min(MAX_WIDTH));
            used[start..end].iter_mut().for_each(|u| *u += 1);
        }
    }
    // A merged head may bridge a gutter on a line or two.
    let bridge = if counted >= 6 { 1 + counted / 40 } else { 0 };
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut open: Option<usize> = None;
    let mut blank = 0;
    for (at, count) in used.iter().enumerate() {
        if *count > bridge || (*count > 0 && open.is_some() && blank == 0 && bridge == 0) {
            open.get_or_insert(at);
            blank = 0;
        } else if let Some(start) = open {
            blank += 1;
            if blank >= 2 {
                out.push((start, at + 1 - blank));
                open = None;
            }
        }
    }
    if let Some(start) = open {
        out.push((start, MAX_WIDTH));
    }
    (out.len() <= 40).then_some(out)
}

fn rows<'a>(region: &[(u32, u32, Vec<Segment<'a>>)], columns: &[(usize, usize)]) -> Vec<RawRow<'a>> {
    let mut rows: Vec<RawRow<'a>> = Vec::new();
    let column_of = |s: &Segment| nearest(columns, s);
    // Heads need not stand where their figures do: a line of heads with one for each column says itself where they stand.
    let body = region.iter().position(|r| {
        r.2.iter().skip(1).filter(|s| is_figure(s.text)).count() >= 2
            || r.2.first().is_some_and(|s| is_row_number(s.text))
    });
    let body = body.unwrap_or(0);
    let heads: Option<Vec<(usize, usize)>> = region[..body]
        .iter()
        .find(|r| r.2.len() == columns.len())
        .map(|r| r.2.iter().map(|s| (s.start, s.end)).collect());
    let heads = heads.as_deref().unwrap_or(columns);
    // Columns that mostly hold figures: a second figure in one of them opens a row.
    let mut figures = vec![(0u32, 0u32); columns.len()];
    for (_, _, segments) in region {
        for segment in segments {
            let column = column_of(segment);
            figures[column].1 += 1;
            figures[column].0 += u32::from(is_figure(segment.text));
        }
    }
    let counts = |c: usize| c > 0 && figures[c].0 * 2 > figures[c].1;
    let numbers =
        region.iter().filter(|r| r.2.first().is_some_and(|s| column_of(s) == 0 && is_row_number(s.text))).count();
    let headed = region.first().is_some_and(|r| r.2.first().is_some_and(|s| is_stt(s.text)));
    let mut in_header = headed;
    for (at, (no, gap, segments)) in region.iter().enumerate() {
        let first = segments.first().filter(|s| column_of(s) == 0);
        let row_number = first.is_some_and(|s| is_row_number(s.text));
        in_header &= !(row_number || *gap > 0 && at > 4);
        let again = |row: &RawRow| {
            segments.iter().any(|s| {
                let column = column_of(s);
                counts(column) && is_figure(s.text) && row.filled(column)
            })
        };
        let opens = match rows.last() {
            None => true,
            Some(_) if in_header => false,
            Some(row) => {
                row_number
                    || (numbers == 0 && first.is_some() && !first.is_some_and(|s| super::line::lower_start(s.text)))
                    || again(row)
                    || (*gap > 0 && segments.len() >= 2)
                    || (row.heads() && first.is_some())
                    || (first.is_some_and(|s| key(s.text, 4) == "tong"))
            }
        };
        if opens {
            let cells = columns.iter().map(|_| RawCell { line: *no, ..RawCell::default() }).collect();
            rows.push(RawRow { cells, ..RawRow::default() });
        }
        let Some(row) = rows.last_mut() else { continue };
        for segment in segments {
            if !is_blank(segment.text) {
                let column = if at < body { nearest(heads, segment) } else { column_of(segment) };
                row.cells[column].push(*no, segment.text);
            }
        }
    }
    rows
}

/// The column that a segment covers most of, else the one that starts nearest.
fn nearest(columns: &[(usize, usize)], s: &Segment) -> usize {
    let overlap = |c: &(usize, usize)| s.end.min(c.1).saturating_sub(s.start.max(c.0));
    let distance = |c: &(usize, usize)| s.start.abs_diff(c.0);
    (0..columns.len()).max_by_key(|c| (overlap(&columns[*c]), std::cmp::Reverse(distance(&columns[*c])))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::grid::{build, header_rows};
    use super::super::line::lines;
    use super::*;

    const TABLE: &str = "STT   Nội dung                          Quý I    Quý II   Ghi chú\n\
                         1     Số hồ sơ tiếp nhận                1.250    1.310\n\
                         1.1   Trong đó trực tuyến                 900    1.005   tăng\n\
                         2     Số hồ sơ giải quyết trước và\n\
                        \x20     đúng hạn                          1.240    1.300   đạt 99%\n";

    #[test]
    fn columns_and_wrapped_label() {
        let lines = lines(TABLE);
        assert!(starts(&lines, 0));
        let layout = parse(&lines, 0).unwrap();
        assert_eq!((layout.columns, layout.rows.len(), layout.next), (5, 4, 5));
        let table = build(&layout.rows, 5, header_rows(&layout.rows));
        assert_eq!(table.header_rows, 1);
        assert_eq!(table.cell(3, 1).unwrap().text.clean, "Số hồ sơ giải quyết trước và đúng hạn");
        assert_eq!(table.cell(3, 2).unwrap().place.line, Some(5));
        assert_eq!(table.cell(1, 4).unwrap().text.clean, "");
    }

    #[test]
    fn stretched_text_is_no_table() {
        let text =
            "cáo  định  kỳ  theo  công  văn  số\n271/UBND-NV  ngày  15/3/2023\nvề  thực  hiện  chế  độ  báo  cáo\n";
        let lines = lines(text);
        assert!(!starts(&lines, 0));
    }

    #[test]
    fn letterhead_in_two_columns_is_no_table() {
        let text = "ỦY BAN NHÂN DÂN            CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ AN BÌNH                 Độc lập - Tự do - Hạnh phúc\nSố: 12/BC-UBND             An Bình, ngày 5 tháng 6 năm 2023\n";
        let lines = lines(text);
        assert!(!starts(&lines, 0) || parse(&lines, 0).is_err());
    }
}
