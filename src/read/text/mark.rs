//! What a line starts with: list marks, printed numbers, names of forms.
//!
//! A few bytes are looked at, nothing is compiled. What looks like a number but is a figure (`1.815 hồ sơ`, `2.5 điểm`, `05 xã`,
//! a date) is no mark; a sentence that mentions an appendix is no form heading.

use super::line::{is_caps, is_space, key, trim, upper_start};

/// A list mark at the start: depth (1 `-`, 2 `+`, 0 `*`, which stands above `-`) and what follows it.
pub fn bullet(text: &str) -> Option<(u8, &str)> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    let spaced = rest.starts_with(is_space);
    let depth = match first {
        '-' | '–' | '—' | '−' => {
            if !spaced && !rest.starts_with(|c: char| c.is_alphabetic() || c == '+') {
                return None;
            }
            1
        }
        '•' | '●' | '·' | '▪' | '■' | '◆' | '❖' | '➢' | '✓' | '\u{f0b7}' | '\u{f0a7}' | '\u{f02d}' | '\u{f0d8}' => {
            1
        }
        '+' | '○' | '◦' | '＋' => {
            if !spaced && !rest.starts_with(|c: char| c.is_alphabetic()) {
                return None;
            }
            2
        }
        '*' if spaced => 0,
        _ => return None,
    };
    let rest = trim(rest);
    if rest.is_empty() {
        return None;
    }
    // `- + Có …`: a list mark of Markdown before the report's own.
    if depth == 1
        && rest.starts_with(['+', '-'])
        && let Some((inner, rest)) = bullet(rest)
    {
        return Some((inner.max(1), rest));
    }
    Some((depth, rest))
}

/// Classes of printed numbers, outermost first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// `Phần I`, `Chương 2`.
    Part,
    /// `A.`
    Capital,
    /// `I.`
    Roman,
    /// `1.`, `1.1.`: number of components.
    Decimal(u8),
    /// `a)`, `đ)`.
    Letter,
    /// `(1)`, `(a)`.
    Paren,
}

/// A printed number at the start of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Its class.
    pub class: Class,
    /// Without final stop or bracket: `2.1`, `a`.
    pub text: &'a str,
    /// What follows, trimmed.
    pub rest: &'a str,
    /// Place in its sequence: 3 for `III.`, `3.`, `2.3`, `c)`.
    pub ordinal: u32,
}

/// The order of letters in Vietnamese enumerations; writers differ on `f`, `j`, `w`, `z`, so steps of two are normal.
const LETTERS: &str = "abcdđefghijklmnopqrstuvwxyz";

/// Value of a Roman number up to 39.
pub fn roman(text: &str) -> Option<u32> {
    let mut total = 0;
    let mut last = 0;
    if text.is_empty() || text.len() > 7 {
        return None;
    }
    for byte in text.bytes().rev() {
        let value = match byte {
            b'I' => 1,
            b'V' => 5,
            b'X' => 10,
            _ => return None,
        };
        if value < last {
            total -= value;
        } else {
            total += value;
            last = value;
        }
    }
    u32::try_from(total).ok().filter(|t| *t > 0)
}

/// The components of a dotted number of one or two digits each: `3.2.1` is [3, 2, 1]; None for `1.815`, `05`, `2.5.2023`.
pub fn decimals(text: &str) -> Option<Vec<u32>> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    for part in bytes.split(|b| *b == b'.') {
        let plain = matches!(part.len(), 1 | 2) && part.iter().all(u8::is_ascii_digit) && part[0] != b'0';
        if !plain || out.len() == 6 {
            return None;
        }
        out.push(part.iter().fold(0, |n, d| n * 10 + u32::from(d - b'0')));
    }
    Some(out)
}

/// The printed number that a line starts with.
pub fn mark(text: &str) -> Option<Mark<'_>> {
    let first = text.chars().next()?;
    match first {
        '0'..='9' => decimal_mark(text),
        '(' => {
            let end = text.find(')').filter(|e| *e <= 4)?;
            let inner = &text[1..end];
            let ordinal = inner.parse().ok().or_else(|| letter(inner))?;
            Some(Mark { class: Class::Paren, text: inner, rest: trim(&text[end + 1..]), ordinal })
        }
        'I' | 'V' | 'X' => {
            let end = text.bytes().take_while(|b| matches!(b, b'I' | b'V' | b'X')).count();
            let ordinal = roman(&text[..end])?;
            let rest = stop(&text[end..], &['.', '/', ')', '-', '–', ':'])?;
            Some(Mark { class: Class::Roman, text: &text[..end], rest, ordinal })
        }
        'P' | 'p' | 'C' | 'c' if text.len() < 300 => part_mark(text),
        'A'..='H' => capital(text),
        'a'..='z' | 'đ' => {
            let end = first.len_utf8();
            let digit = usize::from(text.as_bytes().get(end).is_some_and(u8::is_ascii_digit));
            let after = &text[end + digit..];
            let rest = stop(after, &[')']).or_else(|| stop(after, &['.', '/']).filter(|r| upper_start(r)))?;
            Some(Mark { class: Class::Letter, text: &text[..end + digit], rest, ordinal: letter(&text[..end])? })
        }
        _ => None,
    }
}

fn letter(text: &str) -> Option<u32> {
    let mut chars = text.chars();
    let c = chars.next()?;
    if chars.next().is_some() {
        return None;
    }
    LETTERS.chars().position(|l| l == c).map(|at| at as u32 + 1)
}

/// After one of the stops, and then space or a capital: the rest.
fn stop<'a>(text: &'a str, stops: &[char]) -> Option<&'a str> {
    let spaced = text.trim_start_matches(' ');
    let c = spaced.chars().next()?;
    if !stops.contains(&c) || (spaced.len() != text.len() && !matches!(c, '-' | '–' | ')')) {
        return None;
    }
    let rest = &spaced[c.len_utf8()..];
    let ok = rest.is_empty() || rest.starts_with(is_space) || upper_start(rest);
    ok.then(|| trim(rest))
}

fn capital(text: &str) -> Option<Mark<'_>> {
    let rest = stop(&text[1..], &['.', '/'])?;
    let ordinal = u32::from(text.as_bytes()[0] - b'A') + 1;
    // `Q. 1`, `A. Nguyễn`: only a heading in capitals, or `A. B…` over two words, is a section.
    (text.as_bytes().get(2) == Some(&b' ') && is_caps(rest)).then_some(Mark {
        class: Class::Capital,
        text: &text[..1],
        rest,
        ordinal,
    })
}

fn part_mark(text: &str) -> Option<Mark<'_>> {
    let head = key(text, 24);
    if !(head.starts_with("phan ") || head.starts_with("chuong ")) {
        return text.starts_with('C').then(|| capital(text)).flatten().or_else(|| {
            // `c)` and `p)` are letters.
            let rest = stop(&text[1..], &[')'])?;
            let ordinal = letter(&text[..1])?;
            Some(Mark { class: Class::Letter, text: &text[..1], rest, ordinal })
        });
    }
    let after = trim(&text[text.find(' ')?..]);
    let word = after.split([' ', '.', ':', '-']).next()?;
    let ordinal = roman(word).or_else(|| word.parse().ok().filter(|n| *n < 40)).or_else(|| {
        let next = key(after, 16);
        let rest = next.strip_prefix("thu ")?;
        ["nhat", "hai", "ba", "tu", "nam", "sau"].iter().position(|w| rest.starts_with(w)).map(|at| at as u32 + 1)
    })?;
    let rest = trim(after[word.len()..].trim_start_matches(['.', ':', '-', ' ']));
    Some(Mark { class: Class::Part, text: word, rest, ordinal })
}

fn decimal_mark(text: &str) -> Option<Mark<'_>> {
    let bytes = text.as_bytes();
    let mut end = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'.').count();
    if end > 18 {
        return None;
    }
    let dotted = bytes[end - 1] == b'.';
    let number = text[..end].trim_end_matches('.');
    let parts = decimals(number)?;
    if !dotted && matches!(bytes.get(end), Some(b')' | b'/')) && !bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        end += 1;
    } else if !dotted && parts.len() == 1 {
        return None;
    }
    let rest = &text[end..];
    // `2.1 Kết quả` but not `2.1 điểm`; `2. Kết quả`, `2.Kết quả` but not `2.kết`.
    let closed = end > number.len();
    let ok = rest.is_empty() || upper_start(trim(rest)) || (closed && rest.starts_with(is_space));
    if !ok || (!closed && !rest.is_empty() && !rest.starts_with(is_space)) {
        return None;
    }
    let ordinal = *parts.last()?;
    Some(Mark { class: Class::Decimal(parts.len() as u8), text: number, rest: trim(rest), ordinal })
}

/// What a form heading names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormName<'a> {
    /// `PHỤ LỤC` (an appendix, above) or `Biểu mẫu` (a form, below).
    pub appendix: bool,
    /// `3B`, `2`; empty for a bare `PHỤ LỤC`.
    pub mark: &'a str,
    /// A title on the same line, without the separator.
    pub title: &'a str,
}

/// `PHỤ LỤC 3B`, `Biểu mẫu 1`, `Biểu số 02: …`, `Mẫu số 3` as a line of its own; None for a sentence that mentions one.
pub fn form(text: &str) -> Option<FormName<'_>> {
    if !matches!(text.as_bytes().first()?, b'P' | b'B' | b'M' | b'p' | b'b' | b'm') || text.len() > 300 {
        return None;
    }
    let head = key(text, 12);
    let (words, appendix) = match () {
        _ if head.starts_with("phu luc") => (2, true),
        _ if head.starts_with("bieu mau so") || head.starts_with("bieu mau so") => (3, false),
        _ if ["bieu mau", "bieu so", "mau so", "mau bieu", "bang so"].iter().any(|w| head.starts_with(w)) => (2, false),
        _ if ["bieu ", "mau "].iter().any(|w| head.starts_with(w)) => (1, false),
        _ => return None,
    };
    let mut rest = text;
    for _ in 0..words {
        rest = trim(&rest[rest.find(is_space).unwrap_or(rest.len())..]);
    }
    for word in ["số", "Số", "SỐ"] {
        if let Some(after) = rest.strip_prefix(word) {
            rest = trim(after);
        }
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    let name = &rest[..end];
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let numbered = (1..=2).contains(&digits) && name.len() <= digits + 1
        || roman(name).is_some()
        || (name.len() == 1 && name.starts_with(|c: char| c.is_ascii_uppercase()));
    let after = trim(&rest[if numbered { end } else { 0 }..]);
    let title = trim(after.trim_start_matches(['.', ':', '-', '–', '/', ' ']));
    let separated = after.len() != title.len();
    let ok = match numbered {
        // `Phụ lục 2 kèm theo …` inside a sentence starts small; a title starts with a capital or a bracket.
        true => title.is_empty() || separated || is_caps(title) || title.starts_with('('),
        false => appendix && after.is_empty(),
    };
    (ok && !title.ends_with(['.', ';'])).then_some(FormName { appendix, mark: if numbered { name } else { "" }, title })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let class = |t| mark(t).map(|m| (m.class, m.text, m.ordinal));
        assert_eq!(class("1. Kết quả"), Some((Class::Decimal(1), "1", 1)));
        assert_eq!(class("2.Những tồn tại"), Some((Class::Decimal(1), "2", 2)));
        assert_eq!(class("2.1 Kết quả"), Some((Class::Decimal(2), "2.1", 1)));
        assert_eq!(class("3.2.10. Rà soát"), Some((Class::Decimal(3), "3.2.10", 10)));
        assert_eq!(class("đ) Thi nâng ngạch"), Some((Class::Letter, "đ", 5)));
        assert_eq!(class("IV. PHƯƠNG HƯỚNG"), Some((Class::Roman, "IV", 4)));
        assert_eq!(class("B. KẾT QUẢ"), Some((Class::Capital, "B", 2)));
        assert_eq!(class("c) Công tác"), Some((Class::Letter, "c", 3)));
        assert_eq!(class("Phần thứ hai: KẾT QUẢ"), Some((Class::Part, "thứ", 2)));
        assert_eq!(class("(2) Số hồ sơ"), Some((Class::Paren, "2", 2)));
        for text in
            ["1.815 hồ sơ", "2.5 điểm", "05 xã", "12/5/2020 là", "2020. Năm", "Các xã", "Cấp xã", "In ấn", "a b"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn forms_are_lines_of_their_own() {
        assert_eq!(form("PHỤ LỤC 3B").unwrap().mark, "3B");
        assert!(form("PHỤ LỤC").unwrap().appendix);
        let named = form("Biểu mẫu 4: Cải cách bộ máy").unwrap();
        assert_eq!((named.appendix, named.mark, named.title), (false, "4", "Cải cách bộ máy"));
        assert_eq!(form("Biểu số 02").unwrap().mark, "02");
        assert_eq!(form("BIỂU MẤU 6").unwrap().mark, "6");
        for text in ["BIỂU MẪU THỐNG KÊ SỐ LIỆU", "Phụ lục 2 kèm theo báo cáo", "Mẫu đơn được công khai.", "Biểu quyết"]
        {
            assert_eq!(form(text), None, "{text}");
        }
    }

    #[test]
    fn bullets() {
        assert_eq!(bullet("- + Có 48"), Some((2, "Có 48")));
        assert_eq!(bullet("-Công tác"), Some((1, "Công tác")));
        assert_eq!(bullet("+ Số"), Some((2, "Số")));
        assert_eq!(bullet("• Số"), Some((1, "Số")));
        assert_eq!(bullet("-5 độ"), None);
        assert_eq!(bullet("**đậm**"), None);
    }
}
