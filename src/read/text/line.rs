//! Lines of a text, their decoration, and what kind of words they hold: capitals, figures, row numbers.
//!
//! Everything here looks at a few bytes at either end of a line, or makes one pass over it; nothing is compiled per line.

use super::mark::{decimals, roman};
use crate::text::letter::{in_word, letter};
use std::borrow::Cow;
use unicode_normalization::char::decompose_canonical;

/// A line longer than this is kept as a paragraph and not looked into.
pub const MAX_LINE: usize = 1 << 20;

/// One line that is not blank, or that holds a tab (an empty cell may be nothing but a tab).
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// 1-based.
    pub no: u32,
    /// As found, without its line end.
    pub raw: &'a str,
    /// Blank lines (without tab) between it and the line kept before it.
    pub gap: u32,
    /// Number of tabs in it.
    pub tabs: u32,
}

impl<'a> Line<'a> {
    /// Without white space at either end.
    pub fn text(&self) -> &'a str {
        trim(self.raw)
    }
    /// Whether it is too long to be looked into.
    pub fn long(&self) -> bool {
        self.raw.len() > MAX_LINE
    }
    /// For a line led by its only tab: what follows the tab.
    pub fn cell(&self) -> Option<&'a str> {
        if self.tabs != 1 || self.long() {
            return None;
        }
        let rest = self.raw.trim_start_matches([' ', '\u{a0}', '\u{c}']);
        rest.strip_prefix('\t')
    }
}

/// Cuts a text into lines at LF, CR LF and lone CR; blank lines without a tab are only counted.
pub fn lines(text: &str) -> Vec<Line<'_>> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() / 60);
    let (mut no, mut start, mut gap) = (1u32, 0usize, 0u32);
    let mut keep = |no: u32, raw| {
        let tabs = memchr::memchr_iter(b'\t', str::as_bytes(raw)).count() as u32;
        if tabs == 0 && is_blank(raw) {
            gap += 1;
        } else {
            out.push(Line { no, raw, gap, tabs });
            gap = 0;
        }
    };
    for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
        if at < start {
            continue;
        }
        keep(no, &text[start..at]);
        let crlf = bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
        start = at + 1 + usize::from(crlf);
        no += 1;
    }
    if start < bytes.len() {
        keep(no, &text[start..]);
    }
    out
}

/// White space, and characters that print nothing.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Without white space and invisible characters at either end.
pub fn trim(text: &str) -> &str {
    let prints = |first: &[u8]| matches!(first, [b'!'..=b'~', ..] | [0xC3..=0xC6, ..] | [0xE1, 0xBA | 0xBB, ..]);
    let printed = |last: &[u8]| matches!(last, [.., b'!'..=b'~'] | [.., 0xC3..=0xC6, _] | [.., 0xE1, 0xBA | 0xBB, _]);
    // Latin letters with their marks are what most texts start and end with, blanks between the two what most others do.
    if prints(text.as_bytes()) && printed(text.as_bytes()) {
        return text;
    }
    let text = text.trim_matches(' ');
    if prints(text.as_bytes()) && printed(text.as_bytes()) {
        return text;
    }
    text.trim_matches(is_space)
}

/// Whether nothing is printed.
pub fn is_blank(text: &str) -> bool {
    !matches!(text.as_bytes().first(), Some(b'!'..=b'~')) && text.chars().all(is_space)
}

/// A letter without its marks, in lower case; `đ` and its look-alikes are `d`; None for a combining mark.
pub fn bare(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c.to_ascii_lowercase());
    }
    if let Some(known) = letter(c) {
        return Some(char::from(known.bare));
    }
    match c {
        'đ' | 'Đ' | 'ð' | 'Ð' => return Some('d'),
        '\u{300}'..='\u{36f}' => return None,
        _ => {}
    }
    let mut base = None;
    decompose_canonical(c, |part| {
        base.get_or_insert(part);
    });
    base.map(|b| b.to_ascii_lowercase())
}

/// Letters and digits without marks in lower case, everything else as one space; at most `max` bytes.
pub fn key(text: &str, max: usize) -> String {
    let mut out = String::with_capacity(max.min(text.len()));
    for c in text.chars().filter_map(bare) {
        if out.len() >= max {
            break;
        }
        if in_word(c) {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Decoration that covers a whole line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dress {
    /// Number of `#`.
    pub hashes: u8,
    /// Opened by `**`, `__` or `<b>`.
    pub bold: bool,
    /// The bold is not closed on this line.
    pub open: bool,
    /// Closes a bold (its own or an earlier line's).
    pub closed: bool,
}

/// Takes the decoration off a line: `### **2.5 Về …**` gives `2.5 Về …`.
pub fn undress(text: &str) -> (&str, Dress) {
    let mut dress = Dress::default();
    let mut rest = trim(text);
    if rest.starts_with('#') {
        let inner = rest.trim_start_matches('#');
        let hashes = rest.len() - inner.len();
        if hashes <= 6 && (inner.starts_with(' ') || inner.starts_with('*')) {
            dress.hashes = hashes as u8;
            rest = trim(inner);
        }
    }
    loop {
        let before = rest;
        if !before.starts_with(['*', '_', '<']) {
            break;
        }
        for (open, close, bold) in [
            ("***", "***", true),
            ("**", "**", true),
            ("__", "__", true),
            ("*", "*", false),
            ("_", "_", false),
            ("<b>", "</b>", true),
            ("<strong>", "</strong>", true),
            ("<i>", "</i>", false),
            ("<em>", "</em>", false),
            ("<u>", "</u>", false),
        ] {
            let Some(inner) = rest.strip_prefix(open) else { continue };
            if inner.is_empty() || inner.starts_with([' ', '*', '_']) {
                continue;
            }
            match inner.strip_suffix(close) {
                // `**a** and **b**` is not one bold line.
                Some(core) if !core.contains(close) => {
                    rest = trim(core);
                    dress.bold |= bold;
                    dress.closed |= bold;
                }
                None if bold && !inner.contains(close) => {
                    rest = trim(inner);
                    dress.bold = true;
                    dress.open = true;
                }
                _ => {}
            }
            break;
        }
        if rest == before || rest.is_empty() {
            break;
        }
    }
    if !dress.bold && rest.ends_with("**") && rest.matches("**").count() == 1 {
        rest = trim(rest.trim_end_matches('*'));
        dress.closed = true;
    }
    (rest, dress)
}

/// Whether the first letter is a capital; quotes and brackets before it are passed over.
pub fn upper_start(text: &str) -> bool {
    text.chars().find(|c| !matches!(c, '"' | '“' | '”' | '\'' | '‘' | '(' | '*')).is_some_and(char::is_uppercase)
}

/// Whether the first character is a small letter.
pub fn lower_start(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

/// Whether all letters are capitals, and there are enough to tell.
pub fn is_caps(text: &str) -> bool {
    let mut letters = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if c.is_lowercase() {
            return false;
        }
        letters += 1;
    }
    letters >= 4
}

/// Number of characters, counted up to `max`, runs of white space counted once.
pub fn width(text: &str, max: usize) -> usize {
    let bytes = text.as_bytes();
    // So many at a time that a byte holds their number.
    const STEP: usize = 128;
    let mut count = 0;
    let mut before = b'x';
    for part in bytes.chunks(STEP) {
        // A character starts at every byte that goes on with none; a space after a space is not counted.
        let starts: u8 = part.iter().map(|b| u8::from(b & 0xC0 != 0x80)).sum();
        let again: u8 = part.iter().zip(&part[1..]).map(|(a, b)| u8::from((*a == b' ') & (*b == b' '))).sum();
        let across = before == b' ' && part.first() == Some(&b' ');
        count += usize::from(starts - again) - usize::from(across);
        if count >= max {
            break;
        }
        before = part.last().copied().unwrap_or(before);
    }
    count.min(max)
}

/// Whether a look at its first letter or digit leaves open that a text is one of the heads that `is_stt` knows. A tag, and a letter beyond
/// ASCII, leave it open.
fn may_be_stt(text: &str) -> bool {
    let first = text.bytes().find(|b| b.is_ascii_alphanumeric() || *b == b'<' || !b.is_ascii());
    first.is_some_and(|b| matches!(b, b's' | b'S' | b't' | b'T' | b'<' | 0x80..))
}

/// Whether a table's first head names a column of row numbers.
pub fn is_stt(text: &str) -> bool {
    if text.len() > 24 || !may_be_stt(text) {
        return false;
    }
    let text = undress(text).0;
    matches!(key(text, 12).as_str(), "stt" | "tt" | "so tt" | "s tt" | "st t" | "so thu tu" | "stt tt")
}

/// Whether a cell holds a row number: `1`, `2.1.`, `IV`, `a)`, `-`.
pub fn is_row_number(text: &str) -> bool {
    let text = trim(text);
    if text.is_empty() || text.len() > 18 {
        return false;
    }
    let core = text.trim_end_matches(['.', ')', '/', ',']);
    matches!(text, "-" | "+" | "*")
        || decimals(core).is_some()
        || roman(core).is_some()
        || core.chars().count() == 1 && core.chars().all(char::is_alphabetic)
}

/// Whether a cell holds nothing but a number, perhaps with `%` or a separator.
pub fn is_figure(text: &str) -> bool {
    let text = trim(text);
    !text.is_empty()
        && text.len() <= 24
        && text.bytes().any(|b| b.is_ascii_digit())
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'%' | b' ' | b'/' | b'>' | b'<' | b'-'))
}

/// Text of one or several pieces, for looking only.
pub fn joined<'a>(pieces: &[(u32, &'a str)]) -> Cow<'a, str> {
    match pieces {
        [] => Cow::Borrowed(""),
        [(_, one)] => Cow::Borrowed(one),
        many => Cow::Owned(many.iter().map(|p| p.1).collect::<Vec<_>>().join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_gaps() {
        let got: Vec<_> = lines("a\r\n\r\nb\rc\n\t\n \n\u{a0}\nd").iter().map(|l| (l.no, l.raw, l.gap)).collect();
        assert_eq!(got, [(1, "a", 0), (3, "b", 1), (4, "c", 0), (5, "\t", 0), (8, "d", 2)]);
    }

    #[test]
    fn blanks_at_either_end_and_between() {
        let ends = ["", " ", "\u{a0}", "\u{feff} ", "\u{3000}", "\u{2009}\t", "\u{1680}", "\u{200b}"];
        for text in ["", "a", "ễ", "Đ x", "ự  ệ", "…", "“a”", "É", "\u{2002}x"] {
            for (before, after) in ends.iter().flat_map(|b| ends.iter().map(move |a| (b, a))) {
                let dressed = format!("{before}{text}{after}");
                assert_eq!(trim(&dressed), dressed.trim_matches(is_space), "{dressed:?}");
            }
        }
        let long = format!("{}  {}", "ế ".repeat(80), "x   y".repeat(40));
        for text in ["", "a  b", "  ", "tổng số", &long] {
            let mut before = 'x';
            let once = text.chars().filter(|c| std::mem::replace(&mut before, *c) != ' ' || *c != ' ').count();
            assert_eq!((width(text, 1000), width(text, 3)), (once, once.min(3)), "{text:?}");
        }
    }

    #[test]
    fn heads_of_row_numbers() {
        assert!(["STT", "TT", "**Số TT**", "<b>stt</b>", "# Số thứ tự", "S TT"].iter().all(|t| is_stt(t)));
        assert!(["", "Nội dung", "1", "Ghi chú", "Tổng"].iter().all(|t| !is_stt(t)));
    }

    #[test]
    fn decoration() {
        let (text, dress) = undress("### **2.5 Về tình hình**");
        assert_eq!((text, dress.hashes, dress.bold), ("2.5 Về tình hình", 3, true));
        assert!(undress("**BIỂU MẪU THỐNG KÊ").1.open);
        assert_eq!(undress("CỦA UBND XÃ**"), ("CỦA UBND XÃ", Dress { closed: true, ..Dress::default() }));
        assert_eq!(undress("**a** và **b**").0, "**a** và **b**");
        assert_eq!(undress("*c) Công khai*").0, "c) Công khai");
    }
}
