//! Tokens of a score table's lines: runs of scores, and row numbers that can follow one another.

use super::line::{is_caps, trim, upper_start};
use super::mark::{decimals, roman};

/// How many scores a line holds if it holds nothing else; 0 otherwise.
pub fn pure(text: &str) -> usize {
    let mut count = 0;
    for word in text.split_whitespace() {
        if !is_score(word) || count == 8 {
            return 0;
        }
        count += 1;
    }
    count
}

/// `1`, `0.5`, `18,5`, `100`; not `05`, `1/17`, `1.815`, `98%`.
pub fn is_score(word: &str) -> bool {
    // A difference of two scores may be negative.
    let word = word.strip_prefix(['-', '−']).filter(|w| !w.is_empty()).unwrap_or(word);
    let bytes = word.as_bytes();
    let whole = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
    if !(1..=3).contains(&whole) || (whole > 1 && bytes[0] == b'0') {
        return false;
    }
    match &bytes[whole..] {
        [] => true,
        [b'.' | b',', tail @ ..] => (1..=2).contains(&tail.len()) && tail.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Where the scores stand in a line: bytes of the first and the end of the last.
pub fn find_scores(text: &str, columns: usize) -> Option<(usize, usize)> {
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    let mut best: Option<(usize, usize)> = None;
    let mut run = |words: &mut Vec<(usize, usize)>, to_end: bool| {
        if best.is_none() && words.len() >= columns {
            best = window(text, words, columns, to_end);
        }
        words.clear();
    };
    while let Some(start) = text[at..].find(|c: char| !c.is_whitespace()).map(|gap| at + gap) {
        at = text[start..].find(char::is_whitespace).map_or(text.len(), |end| start + end);
        let word = &text[start..at];
        if is_score(word) {
            words.push((start, at));
        } else {
            run(&mut words, false);
        }
    }
    run(&mut words, true);
    best
}

/// The scores within a longer run of numbers: self scores carry a decimal where maxima often do not, and do not exceed them.
fn window(text: &str, run: &[(usize, usize)], columns: usize, to_end: bool) -> Option<(usize, usize)> {
    let value = |i: usize| text[run[i].0..run[i].1].replace(',', ".").parse::<f64>().unwrap_or(f64::MAX);
    let decimal = |i: usize| text[run[i].0..run[i].1].contains(['.', ',']);
    let fit = |from: usize| {
        let last = from + columns - 1;
        usize::from(columns > 1 && value(last) <= value(from)) + usize::from(decimal(last))
    };
    let from = (0..=run.len() - columns).max_by_key(|from| (fit(*from), std::cmp::Reverse(*from)))?;
    // In the middle of a sentence a run of plain numbers must at least look like scores.
    let at_start = run[0].0 == 0;
    if !at_start && !to_end && (fit(from) == 0 || columns == 1 && !decimal(from)) {
        return None;
    }
    Some((run[from].0, run[from + columns - 1].1))
}

/// Whether a line ends with two scores behind words: a whole row.
fn scored(text: &str) -> bool {
    let mut words = text.rsplit(' ');
    let scores = words.by_ref().take(2).filter(|w| is_score(w)).count();
    scores == 2 && words.next().is_some_and(|w| !is_score(w))
}

/// A row number at the start of a line: its components (empty for a Roman number or a capital), and what follows.
/// `last` is the number of the row before; `loose` accepts any.
pub fn number<'t>(text: &'t str, last: &[u32], loose: bool) -> Option<(&'t str, Vec<u32>, &'t str)> {
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (word, rest) = (&text[..end], trim(&text[end..]));
    let core = word.trim_end_matches(['.', ')', '/']);
    let stopped = core.len() < word.len();
    if let Some(value) = roman(core) {
        let ok = rest.is_empty() || is_caps(rest) || stopped && (rest.starts_with(word) || upper_start(rest));
        return (ok && value < 20).then_some((word, Vec::new(), rest));
    }
    // `A PHẦN TỰ ĐÁNH GIÁ 65 60`.
    if matches!(core.as_bytes(), [b'A'..=b'H']) {
        return (!rest.is_empty() && is_caps(rest)).then_some((word, Vec::new(), rest));
    }
    let parts = decimals(core)?;
    if !rest.is_empty() {
        // `1.815 hồ sơ`, `6 tháng`, `2.5 2.5` and `1.5 triệu` are no row numbers; `1. 1. Tổ chức` is.
        let titled = upper_start(rest) || (stopped && rest.starts_with(word));
        if !titled {
            return None;
        }
        if parts.len() == 1 && !stopped && !is_caps(rest) && !scored(rest) {
            return None;
        }
    } else if parts.len() == 1 && !stopped && (loose || !follows(last, &parts)) {
        return None;
    }
    (loose || follows(last, &parts)).then_some((word, parts, rest))
}

/// Whether a row number can stand after another.
fn follows(last: &[u32], new: &[u32]) -> bool {
    if last.is_empty() {
        return new.iter().all(|n| *n <= 9);
    }
    let depth = new.len();
    // A child: the first ones, perhaps with a level skipped.
    if depth > last.len() && new.starts_with(last) {
        return new[last.len()..].iter().all(|n| *n <= 2);
    }
    if depth > last.len() {
        return depth == last.len() + 1
            && depth >= 2
            && new[..depth - 2] == last[..depth - 2]
            && (1..=2).contains(&(new[depth - 2].saturating_sub(last[depth - 2])))
            && new[depth - 1] == 1;
    }
    // A sibling of it or of a row above it; one or two may be missing; a number printed twice is the author's slip.
    let (head, tail) = (&new[..depth - 1], new[depth - 1]);
    let steps = tail.saturating_sub(last[depth - 1]);
    head == &last[..depth - 1]
        && tail >= last[depth - 1]
        && (steps <= 3 && (steps > 0 || depth == last.len() && depth > 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_in_a_line() {
        let found = |text: &'static str, columns| find_scores(text, columns).map(|(from, to)| &text[from..to]);
        assert_eq!(found("1 1.0 6 tháng đầu năm", 2), Some("1 1.0"));
        assert_eq!(found("Kế hoạch năm 2.5 2.5", 2), Some("2.5 2.5"));
        assert_eq!(found("Kết quả giải quyết 4 4.0 1478", 2), Some("4 4.0"));
        assert_eq!(found("Dịch vụ mức độ 3 1 1.0", 2), Some("1 1.0"));
        assert_eq!(found("Có 05 cuộc, 12 hội nghị", 2), None);
        assert_eq!(found("0,5 0,25", 2), Some("0,5 0,25"));
        assert_eq!((pure("74 73.1"), pure("74 điểm"), pure("1/17 2")), (2, 0, 0));
    }

    #[test]
    fn row_numbers_follow_one_another() {
        let read = |text: &'static str, last: &[u32]| number(text, last, false).map(|n| (n.0, n.2));
        assert_eq!(read("1.2", &[1, 1, 3]), Some(("1.2", "")));
        assert_eq!(read("2. CẢI CÁCH", &[1, 7]), Some(("2.", "CẢI CÁCH")));
        assert_eq!(read("1.1.1 Ban hành", &[1, 1]), Some(("1.1.1", "Ban hành")));
        assert_eq!(read("II. II. ĐÁNH GIÁ", &[7, 2, 2]), Some(("II.", "II. ĐÁNH GIÁ")));
        // Without a stop only capitals or a whole row with its scores.
        assert_eq!(read("4 Tổ chức bộ máy 7 6,5", &[3, 3]), Some(("4", "Tổ chức bộ máy 7 6,5")));
        assert_eq!(read("B ĐIỀU TRA 35 30", &[7, 3]), Some(("B", "ĐIỀU TRA 35 30")));
        for text in ["4 Tổ chức bộ máy", "B Điều tra", "3.5 3.5 Kế hoạch", "6 tháng", "1.815 hồ sơ", "9.1", "0.5 0.5"]
        {
            assert_eq!(read(text, &[3, 3]), None, "{text}");
        }
    }
}
