//! One sheet in, its parts in reading order out: ruled tables, tables by alignment, lines of text with the edges of their column.
//!
//! What stands in two blocks side by side (letterhead, signature beside the recipients) is read block by block.

use super::align;
use super::lattice;
use super::table::{GeoTable, Piece, fill, piece};
use super::walk::{Rule, Sheet};
use super::words::{VisLine, Word, gather, letters, lines};

/// A gap this wide, in parts of the size, can part two blocks.
const GUTTER: f32 = 1.6;
/// Blocks side by side may leave this much blank between their lines, in points (room for a signature).
const ROOM: f32 = 130.0;

/// A line of text and the edges of the column it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowLine {
    /// The line.
    pub line: VisLine,
    /// Edges of its column.
    pub left: f32,
    /// See `left`; the largest number where lines end at will.
    pub right: f32,
    /// The first line of a block that does not go on from the line before.
    pub fresh: bool,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A line of text.
    Line(FlowLine),
    /// A table.
    Table(GeoTable),
}

/// A page as read.
#[derive(Debug, Clone, Default)]
pub struct PageText {
    /// 1-based.
    pub page: u32,
    /// The sheet without its glyphs.
    pub sheet: Sheet,
    /// Ruled tables from top to bottom.
    pub tables: Vec<GeoTable>,
    /// Lines outside them from top to bottom.
    pub lines: Vec<VisLine>,
    /// Rulings across that belong to no table.
    pub rules: Vec<Rule>,
    /// Text that runs in another direction, outside of tables.
    pub odd: Vec<Piece>,
}

/// Reads a sheet's tables and lines.
pub fn read(mut sheet: Sheet, page: u32) -> PageText {
    let (grids, rules) = lattice::grids(&sheet.rules);
    let mut rest = letters(&sheet);
    let mut tables = Vec::new();
    for grid in &grids {
        let (table, outside) = fill(&sheet, grid, rest, page);
        rest = outside;
        let filled = table.cells.iter().filter(|c| !c.lines.is_empty()).count();
        if filled >= 2 {
            tables.push(table);
        } else {
            // A frame with one text in it: its lines are text.
            let boxes = table.cells.iter().map(|c| c.rect).collect::<Vec<_>>();
            rest.extend(letters(&sheet).into_iter().filter(|l| {
                let (x, y) = l.centre();
                let [x, y, ..] = sheet.on_page([x, y, x, y]);
                boxes.iter().any(|b| x >= b[0] && x < b[2] && y >= b[1] && y < b[3])
            }));
        }
    }
    let mut odd = Vec::new();
    for (turn, glyphs) in &sheet.sideways {
        let outside = gather(&sheet, glyphs).into_iter().filter(|l| {
            let (x, y) = l.centre();
            let [x, y, ..] = sheet.of_sideways(*turn, [x, y, x, y]);
            !grids.iter().any(|g| g.at(x, y).is_some())
        });
        let boxed = |rect| sheet.on_page(sheet.of_sideways(*turn, rect));
        odd.extend(lines(outside.collect()).iter().map(|l| piece(&l.words, page, &boxed)));
    }
    let lines = lines(rest);
    sheet.glyphs = Vec::new();
    sheet.sideways = Vec::new();
    sheet.rules = Vec::new();
    PageText { page, sheet, tables, lines, rules, odd }
}

/// Puts lines and tables of a page in reading order. `body` are the lines that are neither heads nor feet nor notes.
pub fn order(text: &PageText, body: &[VisLine], edges: (f32, f32)) -> Vec<Part> {
    let mut out = Vec::with_capacity(body.len() + text.tables.len());
    let mut tables: Vec<GeoTable> = text.tables.clone();
    tables.sort_by(|a, b| a.top.total_cmp(&b.top));
    let mut from = 0;
    for table in tables {
        let to = from + body.get(from..).unwrap_or_default().iter().take_while(|l| l.y < table.top + 4.0).count();
        stretch(text, body.get(from..to).unwrap_or_default(), edges, &mut out);
        from = to;
        out.push(Part::Table(table));
    }
    stretch(text, body.get(from..).unwrap_or_default(), edges, &mut out);
    out
}

/// A stretch of lines without ruled tables.
fn stretch(text: &PageText, lines: &[VisLine], edges: (f32, f32), out: &mut Vec<Part>) {
    let mut from = 0;
    for found in align::tables(&text.sheet, lines, text.page) {
        blocks(lines.get(from..found.lines.start).unwrap_or_default(), edges, out);
        from = found.lines.end;
        out.push(Part::Table(found.table));
    }
    blocks(lines.get(from..).unwrap_or_default(), edges, out);
}

/// The blank between the two halves of a line, if one gap is far wider than the others.
fn gutter(line: &VisLine) -> Option<(f32, f32)> {
    let gaps: Vec<(f32, f32)> = line.words.windows(2).map(|w| (w[0].x1, w[1].x0)).collect();
    let width = |g: &(f32, f32)| g.1 - g.0;
    let widest = gaps.iter().copied().max_by(|a, b| width(a).total_cmp(&width(b)))?;
    let second = gaps.iter().filter(|g| **g != widest).map(width).fold(0.0, f32::max);
    (width(&widest) >= GUTTER * line.size && width(&widest) >= 2.5 * second.max(line.size * 0.2)).then_some(widest)
}

/// Lines with blocks side by side taken apart, the left one first.
fn blocks(lines: &[VisLine], edges: (f32, f32), out: &mut Vec<Part>) {
    let push = |out: &mut Vec<Part>, line: VisLine, fresh: bool, (left, right): (f32, f32)| {
        out.push(Part::Line(FlowLine { line, left, right, fresh }));
    };
    let mut at = 0;
    let mut fresh = false;
    while let Some(line) = lines.get(at) {
        let Some((blank, next)) = side_by_side(lines, at) else {
            push(out, line.clone(), fresh, edges);
            fresh = false;
            at += 1;
            continue;
        };
        let middle = (blank.0 + blank.1) / 2.0;
        let mut halves: [Vec<VisLine>; 2] = Default::default();
        for line in lines.get(at..next).unwrap_or_default() {
            let (left, right): (Vec<Word>, Vec<Word>) = line.words.iter().cloned().partition(|w| w.x0 < middle);
            for (half, words) in halves.iter_mut().zip([left, right]) {
                if !words.is_empty() {
                    half.push(VisLine { words, y: line.y, size: line.size });
                }
            }
        }
        for half in halves {
            let left = half.iter().map(VisLine::x0).fold(f32::MAX, f32::min);
            // Lines of a letterhead end where their author ended them: none is full.
            for (i, line) in half.into_iter().enumerate() {
                push(out, line, i == 0, (left, f32::MAX));
            }
        }
        fresh = true;
        at = next;
    }
}

/// Whether blocks side by side start at line `at`: the blank between them, and the index of the first line after them.
fn side_by_side(lines: &[VisLine], at: usize) -> Option<((f32, f32), usize)> {
    let first = lines.get(at)?;
    let mut blank = match gutter(first) {
        Some(blank) => blank,
        None => {
            // Two lines at nearly the same height that do not overlap: halves with different sizes.
            let second = lines.get(at + 1).filter(|s| s.y - first.y < 0.7 * first.size)?;
            let (l, r) = if first.x1() < second.x0() { (first, second) } else { (second, first) };
            Some((l.x1(), r.x0())).filter(|b| b.1 - b.0 >= GUTTER * first.size)?
        }
    };
    let mut both = usize::from(gutter(first).is_some());
    let mut next = at + 1;
    let (mut left, mut right) = (both > 0, both > 0);
    let mut last = at;
    while let Some(line) = lines.get(next).filter(|l| l.y - lines[next - 1].y <= ROOM) {
        // The line must leave (most of) the blank free.
        let crosses = |b: (f32, f32)| line.words.iter().any(|w| w.x0 < b.1 && w.x1 > b.0);
        let narrow = {
            let l =
                line.words.iter().filter(|w| w.x1 <= (blank.0 + blank.1) / 2.0).map(|w| w.x1).fold(blank.0, f32::max);
            let r =
                line.words.iter().filter(|w| w.x0 >= (blank.0 + blank.1) / 2.0).map(|w| w.x0).fold(blank.1, f32::min);
            (l, r)
        };
        if crosses(narrow) || narrow.1 - narrow.0 < line.size {
            break;
        }
        let (l, r) = (line.x0() < narrow.0 + 0.1, line.x1() > narrow.1 - 0.1);
        let two = l && r;
        // In running text a line ends anywhere; a lone left half after the last pair is text again unless something stands right of it.
        if two {
            let own = line.words.windows(2).map(|w| w[1].x0 - w[0].x1).fold(0.0, f32::max);
            if own < GUTTER * line.size {
                break;
            }
            both += 1;
        }
        left |= l;
        right |= r;
        blank = narrow;
        if two || r {
            last = next;
        }
        next += 1;
    }
    let wide = blank.1 - blank.0 >= 3.0 * first.size;
    let pairs = both >= 2 || (both == 1 && wide) || (left && right && last > at);
    // Left lines below the last pair that are close to it belong to the left block (recipients are longer than the signature).
    let mut end = last + 1;
    while end < next && lines[end].x1() <= blank.0 + 0.1 && lines[end].y - lines[end - 1].y < 2.0 * lines[end].size {
        end += 1;
    }
    (pairs && last + 1 > at).then_some((blank, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(parts: &[(f32, &str)], y: f32) -> VisLine {
        let mut words = Vec::new();
        for (x, text) in parts {
            let mut x0 = *x;
            for word in text.split(' ') {
                let x1 = x0 + word.chars().count() as f32 * 6.0;
                words.push(Word { text: word.into(), x0, x1, y, size: 13.0, ..Word::default() });
                x0 = x1 + 4.0;
            }
        }
        VisLine { words, y, size: 13.0 }
    }

    fn texts(lines: &[VisLine]) -> Vec<String> {
        let mut out = Vec::new();
        blocks(lines, (60.0, 540.0), &mut out);
        out.iter().map(|p| if let Part::Line(l) = p { l.line.text() } else { String::new() }).collect()
    }

    #[test]
    fn letterhead_is_read_block_by_block() {
        let lines = [
            line(&[(70.0, "UBND HUYỆN A"), (280.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA")], 60.0),
            line(&[(85.0, "XÃ AN BÌNH"), (300.0, "Độc lập - Tự do - Hạnh phúc")], 76.0),
            line(&[(70.0, "Số: 12/BC-UBND"), (320.0, "An Bình, ngày 5 tháng 6")], 110.0),
            line(&[(240.0, "BÁO CÁO")], 150.0),
        ];
        let got = texts(&lines);
        assert_eq!(
            got,
            [
                "UBND HUYỆN A",
                "XÃ AN BÌNH",
                "Số: 12/BC-UBND",
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA",
                "Độc lập - Tự do - Hạnh phúc",
                "An Bình, ngày 5 tháng 6",
                "BÁO CÁO"
            ]
        );
    }

    #[test]
    fn running_text_stays_whole() {
        let text = "kết quả giải quyết thủ tục hành chính của xã trong kỳ báo cáo";
        let lines: Vec<_> = (0..5).map(|i| line(&[(60.0, text)], 100.0 + 18.0 * i as f32)).collect();
        assert_eq!(texts(&lines).len(), 5);
    }

    #[test]
    fn recipients_beside_the_signature() {
        let lines = [
            line(&[(60.0, "Nơi nhận:"), (360.0, "TM. ỦY BAN NHÂN DÂN")], 500.0),
            line(&[(60.0, "- Như trên;"), (390.0, "CHỦ TỊCH")], 516.0),
            line(&[(60.0, "- Lưu: VT.")], 532.0),
            line(&[(380.0, "Nguyễn Văn A")], 600.0),
        ];
        assert_eq!(
            texts(&lines),
            ["Nơi nhận:", "- Như trên;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn A"]
        );
    }
}
