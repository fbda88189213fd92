//! What stands at the head and foot of pages and is not the text: page numbers, running heads and feet, footnotes.
//!
//! A page number is a number alone on the first or last line, in step with the numbers of other pages. A running line is one that
//! returns word for word on many pages. Footnotes are the last lines of a page, smaller than the text, below a short rule or
//! starting with a raised number.

use super::page::PageText;
use super::words::VisLine;
use crate::read::text::line::key;
use crate::read::text::mark::form;
use std::collections::BTreeMap;

/// Heads and feet stand within this part of the page's height.
const ZONE: f32 = 0.14;
/// A running line returns on at least this many pages.
const RETURNS: usize = 3;

/// What of a page's lines (sorted from top to bottom) is what, by index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Margins {
    /// Number of lines at the top that are heads.
    pub heads: usize,
    /// Index of the first line of the notes; equal to `feet` where there are none.
    pub notes: usize,
    /// Index of the first line of the feet.
    pub feet: usize,
}

/// A page number as printed alone on a line: `5`, `- 5 -`, `Trang 5/20`, `5/20`.
fn number(line: &VisLine) -> Option<i64> {
    if line.words.len() > 4 {
        return None;
    }
    let text = line.text();
    let bare = key(&text, 24);
    let bare = ["trang ", "page ", "tr "].iter().find_map(|w| bare.strip_prefix(w)).unwrap_or(&bare);
    let mut parts = bare.split(' ');
    let first = parts.next().filter(|p| (1..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))?;
    let rest: Vec<&str> = parts.collect();
    // `5 / 20`, but not `5,3` or `12.5`.
    let total = matches!(rest[..], [n] if text.contains('/') && n.bytes().all(|b| b.is_ascii_digit()));
    (rest.is_empty() || total).then(|| first.parse().ok()).flatten()
}

/// Finds heads, feet and notes on all pages.
pub fn margins(pages: &[PageText]) -> Vec<Margins> {
    let size = body_size(pages);
    let mut out: Vec<Margins> =
        pages.iter().map(|p| Margins { heads: 0, notes: p.lines.len(), feet: p.lines.len() }).collect();
    let ends = ends(pages);
    // How far the numbers at the edges run ahead of the pages: the usual distance is that of page numbers.
    let mut steps: BTreeMap<i64, usize> = BTreeMap::new();
    for (at, (top, bottom)) in ends.iter().enumerate() {
        let found = [*top, *bottom].into_iter().flatten().filter_map(|l| number(&pages[at].lines[l]));
        let mut seen: Vec<i64> = found.map(|n| n - at as i64).collect();
        seen.dedup();
        seen.into_iter().for_each(|d| *steps.entry(d).or_default() += 1);
    }
    let usual = |n: i64, at: usize| {
        let known = steps.get(&(n - at as i64)).copied().unwrap_or(0);
        known >= 2 || (pages.len() <= 2 && (1..=pages.len() as i64 + 1).contains(&n))
    };
    let mut texts: BTreeMap<(bool, String), usize> = BTreeMap::new();
    for (at, (top, bottom)) in ends.iter().enumerate() {
        for (head, line) in [(true, top), (false, bottom)] {
            if let Some(line) = line {
                *texts.entry((head, pages[at].lines[*line].text())).or_default() += 1;
            }
        }
    }
    let running = |head: bool, line: &VisLine| {
        let text = line.text();
        let gaps = line.words.windows(2).filter(|w| w[1].x0 - w[0].x1 > 2.0 * line.size).count();
        let count = texts.get(&(head, text.clone())).copied().unwrap_or(0);
        count >= RETURNS && count * 2 >= pages.len() && gaps < 2 && form(&text).is_none()
    };
    for (at, page) in pages.iter().enumerate() {
        let marks = |head: bool, line: &VisLine| number(line).is_some_and(|n| usual(n, at)) || running(head, line);
        let margin = &mut out[at];
        if let (Some(line), _) = ends[at] {
            // The page number and a running head may stand on two lines.
            let more = page.lines.get(line..).unwrap_or_default();
            margin.heads = more.iter().take(2).take_while(|l| zone(page, l, true) && marks(true, l)).count();
        }
        if let (_, Some(line)) = ends[at] {
            let upper = page.lines.get(margin.heads..=line).unwrap_or_default();
            let count = upper.iter().rev().take(2).take_while(|l| zone(page, l, false) && marks(false, l)).count();
            margin.feet = line + 1 - count;
        }
        margin.notes = notes(page, margin, size);
    }
    out
}

fn zone(page: &PageText, line: &VisLine, head: bool) -> bool {
    let height = page.sheet.height;
    let clear = |t: &super::table::GeoTable| if head { line.y < t.top + 2.0 } else { line.y > t.bottom };
    (if head { line.y < ZONE * height } else { line.top() > (1.0 - ZONE) * height }) && page.tables.iter().all(clear)
}

/// First and last line of each page where they stand in the zones of heads and feet.
fn ends(pages: &[PageText]) -> Vec<(Option<usize>, Option<usize>)> {
    pages
        .iter()
        .map(|page| {
            let first = page.lines.first().filter(|l| zone(page, l, true)).map(|_| 0);
            let last = page.lines.len().checked_sub(1).filter(|at| zone(page, &page.lines[*at], false));
            (first, last)
        })
        .collect()
}

/// Size in which most of the text is set.
pub fn body_size(pages: &[PageText]) -> f32 {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for line in pages.iter().flat_map(|p| &p.lines) {
        *counts.entry((line.size * 4.0).round() as u32).or_default() += line.words.len();
    }
    counts.iter().max_by_key(|(_, n)| **n).map_or(12.0, |(size, _)| *size as f32 / 4.0)
}

/// The mark that starts a note: raised or not, with the number of words it takes.
pub fn note_start(line: &VisLine, after: Option<u32>) -> Option<String> {
    let first = line.words.first().filter(|_| line.words.len() > 1)?;
    let mark = first.text.trim_matches(['(', ')', '[', ']', '.']);
    let digits = (1..=3).contains(&mark.len()) && mark.bytes().all(|b| b.is_ascii_digit());
    let value: u32 = mark.parse().ok().filter(|_| digits)?;
    let small = first.raised || first.size < 0.8 * line.size;
    let next =
        line.words.get(1).is_some_and(|w| w.text.starts_with(|c: char| c.is_alphabetic() || c == '(' || c == '“'));
    (small || (next && after.is_none_or(|last| value == last + 1) && first.text == mark)).then(|| mark.to_string())
}

fn notes(page: &PageText, margin: &Margins, size: f32) -> usize {
    let lines = page.lines.get(..margin.feet).unwrap_or_default();
    let none = margin.feet;
    let low = page.tables.iter().map(|t| t.bottom).fold(0.0, f32::max);
    let small = |l: &VisLine| l.size <= 0.93 * size;
    // Below a short rule in the lower part of the page.
    let width = page.sheet.width;
    let rule = page
        .rules
        .iter()
        .filter(|r| {
            let long = r.end - r.start;
            long > 36.0 && long < 0.45 * width && r.start < 0.3 * width && r.at > 0.3 * page.sheet.height && r.at > low
        })
        .map(|r| r.at)
        .fold(f32::MIN, f32::max);
    if rule > 0.0 {
        let from = lines.iter().take_while(|l| l.y <= rule).count();
        let below = lines.get(from..).unwrap_or_default();
        let marked = below.iter().any(|l| note_start(l, None).is_some());
        if !below.is_empty() && from > margin.heads && below.iter().all(small) && marked {
            return from;
        }
    }
    // Without a rule: small lines at the end, the first with a raised number.
    let mut from = lines.len();
    while from > margin.heads && small(&lines[from - 1]) && lines[from - 1].size <= 0.88 * size {
        from -= 1;
    }
    let tail = lines.get(from..).unwrap_or_default();
    let first = tail
        .iter()
        .position(|l| l.y > low && l.words.first().is_some_and(|w| w.raised) && note_start(l, None).is_some());
    first.map_or(none, |at| from + at)
}

#[cfg(test)]
mod tests {
    use super::super::walk::{Rule, Sheet};
    use super::super::words::Word;
    use super::*;

    fn line(text: &str, y: f32, size: f32) -> VisLine {
        let mut x0 = 80.0;
        let words = text
            .split(' ')
            .map(|w| {
                let x1 = x0 + w.chars().count() as f32 * size * 0.5;
                let (text, raised) = w.strip_prefix('^').map_or((w, false), |w| (w, true));
                let word = Word { text: text.into(), x0, x1, y, size, raised, ..Word::default() };
                x0 = x1 + size * 0.3;
                word
            })
            .collect();
        VisLine { words, y, size }
    }

    fn page(number: u32, lines: Vec<VisLine>) -> PageText {
        let sheet = Sheet { width: 595.0, height: 842.0, ..Sheet::default() };
        PageText { page: number, sheet, lines, ..PageText::default() }
    }

    #[test]
    fn page_numbers_in_step() {
        let pages: Vec<_> = (2..6)
            .map(|n| {
                page(
                    n,
                    vec![
                        line(&n.to_string(), 40.0, 12.0),
                        line("nội dung của trang", 90.0, 13.0),
                        line("15", 700.0, 13.0),
                    ],
                )
            })
            .collect();
        let found = margins(&pages);
        assert!(found.iter().all(|m| (m.heads, m.feet) == (1, 3)), "{found:?}");
    }

    #[test]
    fn a_lone_figure_is_no_page_number() {
        let pages: Vec<_> = [7, 95, 12, 33]
            .iter()
            .map(|n| page(1, vec![line("nội dung", 90.0, 13.0), line(&n.to_string(), 790.0, 13.0)]))
            .collect();
        assert!(margins(&pages).iter().all(|m| m.feet == 2));
        assert_eq!(number(&line("12,5", 0.0, 12.0)), None);
        assert_eq!(number(&line("- 7 -", 0.0, 12.0)), Some(7));
        assert_eq!(number(&line("Trang 7/20", 0.0, 12.0)), Some(7));
    }

    #[test]
    fn notes_below_a_rule_and_without() {
        let body = || {
            let mut lines: Vec<_> =
                (0..6).map(|i| line("nội dung của trang này đây", 90.0 + 18.0 * i as f32, 13.0)).collect();
            lines.push(line("^1 Công văn số 5", 760.0, 10.0));
            lines.push(line("về việc báo cáo", 772.0, 10.0));
            lines
        };
        let mut ruled = page(1, body());
        ruled.rules.push(Rule { across: true, at: 748.0, start: 80.0, end: 220.0 });
        for page in [ruled, page(1, body())] {
            assert_eq!(margins(&[page])[0].notes, 6);
        }
        assert_eq!(note_start(&line("2 Quyết định", 0.0, 10.0), Some(1)).as_deref(), Some("2"));
        assert_eq!(note_start(&line("2020 Quyết định", 0.0, 10.0), Some(1)), None);
    }
}
