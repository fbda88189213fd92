//! Pages as recognized in, pages as the reader of digital PDFs knows them out: words on baselines with their size, ruled tables.
//!
//! From there on both kinds of pages are one: the same flow finds heads and feet, orders blocks, joins paragraphs and tables over
//! pages. Size and baseline are guessed from the boxes of words by what their letters rise and fall.

use super::page::{Line, PageRead, Part, TableRead};
use super::tsv;
use crate::read::pdf::page::PageText;
use crate::read::pdf::table::{GeoCell, GeoTable, piece};
use crate::read::pdf::walk::{Rule, Sheet};
use crate::read::pdf::words::{VisLine, Word};
use unicode_normalization::char::decompose_canonical;

/// Sizes this near to the usual one are the usual one.
const SAME_SIZE: f32 = 0.16;
/// Strokes so much wider than usual are bold.
const BOLD: f32 = 1.3;
/// Baselines nearer than this part of the size are one line.
const LEVEL: f32 = 0.35;

/// How far a letter rises above and falls below the line, in parts of the size (Times and its like).
fn extent(c: char) -> Option<(f32, f32)> {
    let (mut base, mut above, mut below) = (None, 0, false);
    decompose_canonical(c, |part| match part {
        '\u{323}' => below = true,
        '\u{31b}' => {}
        '\u{300}'..='\u{36f}' => above += 1,
        other => base = base.or(Some(other)),
    });
    let base = base?;
    let (top, drop): (f32, f32) = match base {
        'g' | 'p' | 'q' | 'y' => (0.46, 0.22),
        'j' => (0.68, 0.22),
        'b' | 'd' | 'f' | 'h' | 'k' | 'l' | 'đ' | 'i' => (0.68, 0.0),
        't' => (0.58, 0.0),
        'Q' => (0.67, 0.18),
        '0'..='9' | '%' | '"' | '“' | '”' | '\'' | '&' | '?' | '!' => (0.68, 0.0),
        '(' | ')' | '/' | '[' | ']' => (0.68, 0.18),
        ',' | '.' | '-' | '–' | '—' | '_' | '…' | ':' | ';' | '+' | '=' | '<' | '>' | '*' | '|' => return None,
        c if c.is_lowercase() => (0.46, 0.0),
        c if c.is_alphabetic() => (0.66, 0.0),
        _ => return None,
    };
    let mark = match above {
        0 => 0.0,
        1 => 0.22,
        _ => 0.36,
    };
    let top = if base == 'i' && above > 0 { 0.68 } else { top + mark };
    Some((top, if below { drop.max(0.2) } else { drop }))
}

/// Size and baseline of a line in pixels, by its words.
fn measure(words: &[tsv::Word]) -> Option<(f32, f32)> {
    let mut sizes = Vec::new();
    let mut grounds = Vec::new();
    for word in words.iter().filter(|w| !w.raised) {
        let (mut top, mut drop) = (0.0f32, 0.0f32);
        for (t, d) in word.text.chars().filter_map(extent) {
            (top, drop) = (top.max(t), drop.max(d));
        }
        if word.text.ends_with([',', ';']) {
            drop = drop.max(0.14);
        }
        if top > 0.0 {
            let size = word.rect.height() as f32 / (top + drop);
            sizes.push(size);
            grounds.push((word.rect.y1 as f32 - drop * size, size));
        }
    }
    let size = middle(&mut sizes)?;
    let mut lows: Vec<f32> = grounds.iter().map(|g| g.0).collect();
    Some((size, middle(&mut lows)?))
}

fn middle(values: &mut [f32]) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

/// What most of the text looks like: size in points, strokes by size.
#[derive(Debug, Clone, Copy, Default)]
struct Usual {
    size: f32,
    stroke: f32,
}

fn usual(pages: &[PageRead]) -> Usual {
    let (mut sizes, mut strokes) = (Vec::new(), Vec::new());
    for page in pages {
        let lines = page.parts.iter().filter_map(|p| if let Part::Line(l) = p { Some(l) } else { None });
        for line in lines.filter(|l| l.words.len() >= 4) {
            if let Some((size, _)) = measure(&line.words) {
                sizes.push(size * page.scale.1);
                strokes.push(line.stroke / size.max(1.0));
            }
        }
    }
    Usual { size: middle(&mut sizes).unwrap_or(13.0), stroke: middle(&mut strokes).unwrap_or(0.0) }
}

/// Turns pages into those of the common flow.
pub fn page_texts(pages: &[PageRead]) -> Vec<PageText> {
    let usual = usual(pages);
    pages.iter().map(|page| page_text(page, usual)).collect()
}

fn page_text(page: &PageRead, usual: Usual) -> PageText {
    let (sx, sy) = page.scale;
    let sheet = Sheet {
        width: page.size.0 as f32 * sx,
        height: page.size.1 as f32 * sy,
        turn: (4 - page.quarters % 4) % 4,
        skew: page.skew,
        ..Sheet::default()
    };
    let mut lines = Vec::new();
    let mut tables = Vec::new();
    for part in &page.parts {
        match part {
            Part::Line(line) => lines.extend(vis_line(line, page, usual)),
            Part::Table(table) => tables.push(geo_table(table, page, &sheet, usual)),
        }
    }
    let rules = page
        .rules
        .iter()
        .map(|r| Rule { across: true, at: r.y0 as f32 * sy, start: r.x0 as f32 * sx, end: r.x1 as f32 * sx })
        .collect();
    PageText { page: page.page, sheet, tables, lines: level(lines), rules, odd: Vec::new() }
}

/// A line in points.
fn vis_line(line: &Line, page: &PageRead, usual: Usual) -> Option<VisLine> {
    let (sx, sy) = page.scale;
    let (size, ground) = measure(&line.words).unwrap_or((usual.size / sy, line.rect.y1 as f32));
    let bold = usual.stroke > 0.0 && line.stroke > BOLD * usual.stroke * size;
    let (mut size, y) = (size * sy, ground * sy);
    if (size - usual.size).abs() < SAME_SIZE * usual.size {
        size = usual.size;
    } else {
        size = (size * 2.0).round() / 2.0;
    }
    let words: Vec<Word> = line
        .words
        .iter()
        .filter(|w| !w.text.is_empty())
        .map(|w| Word {
            text: w.text.clone(),
            x0: w.rect.x0 as f32 * sx,
            x1: w.rect.x1 as f32 * sx,
            y,
            size: if w.raised { size * 0.6 } else { size },
            bold,
            raised: w.raised,
            glued: w.glued,
            doubt: 1.0 - w.confidence,
        })
        .collect();
    (!words.is_empty()).then_some(VisLine { words, y, size })
}

/// Lines from top to bottom; parts of one line side by side are one line.
fn level(mut lines: Vec<VisLine>) -> Vec<VisLine> {
    lines.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0().total_cmp(&b.x0())));
    let mut out: Vec<VisLine> = Vec::with_capacity(lines.len());
    for line in lines {
        let beside = out.last_mut().filter(|l| {
            (l.y - line.y).abs() < LEVEL * l.size.min(line.size) && (l.x1() < line.x0() || line.x1() < l.x0())
        });
        match beside {
            Some(last) => {
                let y = last.y;
                last.words.extend(line.words.into_iter().map(|w| Word { y, ..w }));
                last.words.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            }
            None => out.push(line),
        }
    }
    out
}

fn geo_table(table: &TableRead, page: &PageRead, sheet: &Sheet, usual: Usual) -> GeoTable {
    let (sx, sy) = page.scale;
    let on_page = |rect| sheet.on_page(rect);
    let borders = |at: &[i32], s: f32| at.iter().map(|v| *v as f32 * s).collect::<Vec<f32>>();
    let (xs, ys) = (borders(&table.lattice.xs, sx), borders(&table.lattice.ys, sy));
    let cells = table
        .cells
        .iter()
        .map(|read| {
            let cell = read.cell;
            let lines: Vec<VisLine> = level(read.lines.iter().filter_map(|l| vis_line(l, page, usual)).collect());
            let r = cell.rect;
            GeoCell {
                row: cell.row,
                column: cell.column,
                rows: cell.rows,
                columns: cell.columns,
                lines: lines.iter().map(|l| piece(&l.words, page.page, &on_page)).collect(),
                rect: on_page([r.x0 as f32 * sx, r.y0 as f32 * sy, r.x1 as f32 * sx, r.y1 as f32 * sy]),
                page: page.page,
            }
        })
        .collect();
    let (top, bottom) = (ys.first().copied().unwrap_or(0.0), ys.last().copied().unwrap_or(0.0));
    let mut out = GeoTable { xs, rows: ys.len().saturating_sub(1), cells, top, bottom, ruled: true };
    out.squeeze(&ys);
    out
}

#[cfg(test)]
mod tests {
    use super::super::gray::Rect;
    use super::*;

    fn word(text: &str, x0: i32, y0: i32, x1: i32, y1: i32) -> tsv::Word {
        tsv::Word {
            text: text.into(),
            rect: Rect::new(x0, y0, x1, y1),
            confidence: 0.9,
            line: 1,
            doubt: None,
            raised: false,
            glued: false,
        }
    }

    #[test]
    fn size_and_baseline_by_the_letters() {
        // Size 36 pixels, baseline at 100: `hồ` rises 0.86, `sơ` 0.46, `giấy,` falls 0.22.
        let words = [word("Hồ", 0, 67, 40, 100), word("sơ", 50, 83, 80, 100), word("giấy,", 90, 70, 160, 108)];
        let (size, ground) = measure(&words).unwrap();
        assert!((33.0..40.0).contains(&size) && (98.0..102.0).contains(&ground), "{size} {ground}");
        assert!(measure(&[word("...", 0, 0, 9, 3)]).is_none());
    }

    #[test]
    fn words_and_boxes_in_points() {
        let mut mark = word("1", 180, 60, 188, 80);
        (mark.raised, mark.glued) = (true, true);
        let line = Line::new(vec![word("năm", 60, 83, 110, 100), word("2023", 120, 76, 180, 100), mark]).unwrap();
        let page = PageRead {
            page: 3,
            parts: vec![Part::Line(line)],
            size: (1654, 2339),
            scale: (0.36, 0.36),
            rules: vec![Rect::new(100, 2000, 500, 2001)],
            quarters: 0,
            skew: 0.0,
        };
        let texts = page_texts(&[page]);
        let line = &texts[0].lines[0];
        assert_eq!((texts[0].page, line.text().as_str()), (3, "năm 20231"));
        assert!(line.words[2].raised && (line.words[0].x0 - 21.6).abs() < 0.01 && (line.y - 36.0).abs() < 1.0);
        assert!((line.words[0].doubt - 0.1).abs() < 1e-6);
        let shown = piece(&line.words, 3, &|r| texts[0].sheet.on_page(r));
        assert_eq!(shown.text, "năm 2023[1]");
        assert!((texts[0].rules[0].at - 720.0).abs() < 0.01);
    }

    #[test]
    fn boxes_go_back_to_the_crooked_page() {
        let sheet = Sheet { width: 600.0, height: 800.0, skew: 1.0, ..Sheet::default() };
        let [x0, y0, x1, y1] = sheet.on_page([500.0, 390.0, 540.0, 410.0]);
        assert!(y0 > 393.0 && y0 < 395.0 && (y1 - y0 - 20.0).abs() < 0.01 && (x1 - x0 - 40.0).abs() < 0.01);
    }
}
