//! Is this digit run a figure, or one of the named things that only look like one?
//!
//! The digits' place goes in; a decoy and its end come out, or nothing where the digits are a figure. Three looks, cheapest first: at what
//! touches the digits (letters, brackets, slashes), at the words before, at the words after. Every look is bounded, so that a hostile line
//! cannot make it slow. Where a counted noun follows (`1907 tổ dân phố`), the words before count less.

mod dates;
mod touch;
mod words;

use super::figure::{Source, after_spaces};
use super::lex::{Numeral, lex};
use super::lexicon::{first_word, is_counted, starts_word};
use crate::text::decoy::Decoy;
use crate::text::letter::in_word;
use rustc_hash::FxHashMap;

/// Bytes looked at on either side of a digit for an address.
const REACH: usize = 100;

/// The text before `at`, at most `most` bytes, cut at a character.
fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

fn window(text: &str, from: usize, most: usize) -> &str {
    let mut to = (from + most).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or("")
}

/// Phrases by their last word, so that a look at the words before a number is one lookup.
struct Phrases(FxHashMap<&'static str, Vec<&'static str>>);

impl Phrases {
    fn new(list: &'static str) -> Phrases {
        let mut map: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for phrase in list.split('|').map(str::trim) {
            map.entry(phrase.rsplit(' ').next().unwrap_or(phrase)).or_default().push(phrase);
        }
        Phrases(map)
    }

    /// Whether `head` ends with one of them, at a word's start.
    fn end(&self, head: &str) -> bool {
        let from =
            head.rfind(|c: char| !in_word(c)).map_or(0, |at| at + head[at..].chars().next().map_or(1, char::len_utf8));
        self.0.get(&head[from..]).is_some_and(|phrases| phrases.iter().any(|phrase| ends_with_word(head, phrase)))
    }
}

fn ends_with_word(head: &str, phrase: &str) -> bool {
    head.strip_suffix(phrase).is_some_and(|rest| !rest.ends_with(in_word))
}

/// The last words before `at`, nearest first, if only spaces part them.
fn last_words(low: &str, at: usize) -> [&str; 4] {
    let mut words = [""; 4];
    let mut rest = before(low, at, 80);
    for slot in &mut words {
        rest = rest.trim_end_matches(' ');
        let start = rest
            .rfind(|c: char| !(in_word(c) || c == '&'))
            .map_or(0, |i| i + rest[i..].chars().next().map_or(1, char::len_utf8));
        *slot = &rest[start..];
        if slot.is_empty() {
            break;
        }
        rest = &rest[..start];
        if !rest.ends_with(' ') {
            break;
        }
    }
    words
}

/// A decoy and one past its last byte.
pub(super) type Verdict = Option<(Decoy, usize)>;

impl Source<'_> {
    /// Whether the digits at `at` are no figure. `last` is the decoy before them and where it ended.
    pub fn decoy(&self, at: usize, last: Option<(Decoy, usize)>) -> Verdict {
        let numeral = lex(self.text, at);
        if numeral.endless() {
            return Some((Decoy::Address, numeral.end));
        }
        if self.cell {
            return None;
        }
        self.touching(&numeral)
            .or_else(|| self.date(&numeral))
            .or_else(|| self.document(&numeral))
            .or_else(|| self.enumerator(&numeral))
            .or_else(|| self.months(&numeral))
            .or_else(|| self.continued(&numeral, last))
            .or_else(|| self.words_before(&numeral))
            .or_else(|| self.words_after(&numeral))
    }

    fn counted_after(&self, end: usize) -> bool {
        let (at, rest) = after_spaces(self.low, end);
        is_counted(rest, &self.text[at..])
    }

    /// `Điều 35, 36 Luật …`: the law that the article is of.
    fn law_after(&self, end: usize) -> bool {
        let rest = after_spaces(self.low, end).1;
        ["luật", "bộ luật", "nghị", "pháp lệnh", "thông tư", "quy", "quyết định", "điều", "khoản"]
            .iter()
            .any(|w| starts_word(rest, w))
    }

    fn percent_after(&self, end: usize) -> bool {
        after_spaces(self.low, end).1.starts_with('%')
    }

    /// A percent sign that touches the digits; after a level or a year a loose one belongs to the next column.
    fn percent_touches(&self, end: usize) -> bool {
        self.low[end..].starts_with('%')
    }

    /// Numbers that only number: `(1)`, `1.`, `1.1.` at the start or after a stop.
    fn enumerator(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let head = self.low[..start].trim_end_matches(' ');
        let tail = &self.text[end..];
        let small = numeral.groups.iter().all(|g| g.len() <= 2) && numeral.marks.iter().all(|m| *m == b'.');
        if !small {
            return None;
        }
        let open = head.strip_suffix('(');
        if let Some(rest) = open
            && tail.starts_with(')')
            && numeral.groups.len() == 1
            && head.len() == start
        {
            let (_, after) = after_spaces(self.text, end + 1);
            let named = after.starts_with(char::is_alphabetic) || after.is_empty() && rest.trim().is_empty();
            return named.then_some((Decoy::RowNumber, end));
        }
        let opens = head.is_empty() || matches!(head, "-" | "+" | "*" | "(");
        let stop = head.ends_with(['.', ';']) && self.low[..start].ends_with(' ');
        if !opens && !stop {
            return None;
        }
        let (_, after) = after_spaces(self.text, end + usize::from(tail.starts_with(['.', ')', '/', ':'])));
        let titled = after.chars().next().is_some_and(|c| c.is_uppercase() || c == '“' || c == '"');
        let marked = tail.starts_with(['.', ')'])
            || tail.starts_with("/ ")
            || tail.starts_with(": ") && numeral.groups.len() > 1;
        if marked && (titled || opens && (after.is_empty() || after.starts_with(char::is_alphabetic))) {
            return Some((Decoy::RowNumber, end));
        }
        let levels =
            numeral.groups.len() > 1 && opens && tail.starts_with(' ') && titled && !numeral.groups[0].starts_with('0');
        levels.then_some((Decoy::RowNumber, end))
    }

    /// `mức độ 3, 4`, `Điều 35, 36`, `thứ 2 đến thứ 6`, `năm 2021, 2022 và 2023`: the same as the one before.
    fn continued(&self, numeral: &Numeral<'_>, last: Option<(Decoy, usize)>) -> Verdict {
        let (kind, end) = last?;
        let gap = self.low.get(end..numeral.start)?;
        if gap.len() > 10
            || !matches!(gap.trim(), "," | "và" | ", và" | "-" | "–" | "đến" | "hoặc" | "hay" | "/" | "&" | "+")
        {
            return None;
        }
        let value = numeral.plain();
        let free = !self.percent_after(numeral.end) && !self.counted_after(numeral.end);
        let fits = match kind {
            Decoy::ServiceLevel => value.is_some_and(|v| v == 4 || v < 4 && free),
            Decoy::Weekday => value.is_some_and(|v| v <= 7) && free,
            Decoy::Year | Decoy::Ordinal if numeral.year().is_some() => free,
            Decoy::LegalReference => value.is_some() && (free || self.law_after(numeral.end)),
            Decoy::FormName => value.is_some() && free,
            Decoy::Ordinal | Decoy::Name | Decoy::DocumentNumber => {
                value.is_some_and(|v| v < 100) && free && gap.trim() != "-"
            }
            Decoy::Date | Decoy::Period => {
                value.is_some_and(|v| v <= 31)
                    && free
                    && gap.trim() == "và"
                    && starts_word(after_spaces(self.low, numeral.end).1, "tháng")
            }
            _ => false,
        };
        fits.then_some((kind, numeral.end))
    }

    /// Past a letter that belongs to the number: `3B`, `điểm 2a`, `06.a`.
    fn letter_end(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let dotted = rest.strip_prefix('.').filter(|r| r.chars().nth(1).is_none_or(|c| !in_word(c)));
        let tail = dotted.unwrap_or(rest);
        let word = first_word(tail);
        if word.chars().count() == 1 { self.text.len() - tail.len() + word.len() } else { end }
    }
}
