//! What touches the digits: footnote brackets, addresses, letters, telephone groups, the slash of a document number.

use super::{Phrases, REACH, Verdict, before, ends_with_word, window};
use crate::text::decoy::Decoy;
use crate::text::letter::in_word;
use crate::text::letter::letter;
use crate::text::number::figure::Source;
use crate::text::number::lex::{Numeral, lex};
use crate::text::number::lexicon::{first_word, shouts};
use std::sync::LazyLock;

/// What announces a telephone number.
static TELEPHONES: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "điện thoại|sđt|đt|đtdđ|tel|fax|hotline|zalo|đường dây nóng|tổng đài|số máy|di động|số điện thoại|viber",
    )
});

/// Forms whose number has a letter.
static LETTERED_FORMS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new("phụ lục|biểu|mẫu|biểu mẫu|phụ lục số|biểu số|mẫu số|pl"));

impl Source<'_> {
    /// Footnote marks, addresses, parts of words, telephone numbers, digits with a letter.
    pub(super) fn touching(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let head = before(self.low, start, REACH);
        let tail = window(self.low, end, REACH);
        if head.ends_with('[') && tail.starts_with([']', ':']) || head.ends_with("[footnoteref:") {
            return Some((Decoy::FootnoteMark, end));
        }
        let left = head.rsplit(' ').next().unwrap_or("");
        let right = tail.split(' ').next().unwrap_or("");
        let address = |part: &str| {
            ["://", "www.", "@", ".vn", ".com", ".org", ".net", ".html"].iter().any(|mark| part.contains(mark))
        };
        if (left.contains(['.', '@', ':']) || right.contains(['.', '@'])) && (address(left) || address(right)) {
            let stop = right.trim_end_matches(['.', ',', ';', ')', '>', '"', '”']).len();
            return Some((Decoy::Address, end + stop));
        }
        if head.ends_with(|c: char| c.is_alphabetic() || c == '_' || c == '\'' || c == '’') {
            if ends_with_word(head, "q") && right.starts_with("/2") {
                return Some((Decoy::Period, end + 5));
            }
            return Some((Decoy::PartOfWord, end + word_rest(tail)));
        }
        // `covid-19`, `QR-2`: a code, not a dash between words.
        if let Some(code) = left.strip_suffix('-')
            && code.chars().next_back().is_some_and(char::is_alphabetic)
            && !crate::text::syllable::is_syllable(code.rsplit(|c: char| !in_word(c)).next().unwrap_or(""))
            && !tail.starts_with([',', '%'])
        {
            let kind = if code.ends_with(|c: char| "ivx".contains(c)) && numeral.year().is_some() {
                Decoy::Period
            } else {
                Decoy::PartOfWord
            };
            return Some((kind, end));
        }
        // `quý I/2023`
        if let Some(roman) = left.strip_suffix('/')
            && !roman.is_empty()
            && roman.chars().all(|c| "ivx".contains(c))
            && numeral.year().is_some()
        {
            return Some((Decoy::Period, end));
        }
        self.telephone(numeral, head).or_else(|| self.lettered(numeral, tail))
    }

    pub(super) fn telephone(&self, numeral: &Numeral<'_>, head: &str) -> Verdict {
        let clue = TELEPHONES.end(head.trim_end_matches([' ', ':', '.', '(', '+']));
        let first = numeral.groups[0];
        let digits: usize = numeral.groups.iter().map(|g| g.len()).sum();
        let shaped = first.starts_with('0') && first.len() > 2 && digits >= 9
            || first.len() == 4
                && matches!(first, "1900" | "1800")
                && spaced_digits(window(self.low, numeral.end, 40)) >= 4
            || first.starts_with('0')
                && (3..=5).contains(&first.len())
                && spaced_digits(window(self.low, numeral.end, 40)) + digits >= 9;
        if !(shaped || clue && first.len() + digits > 4)
            || self.counted_after(numeral.end)
            || self.percent_after(numeral.end)
        {
            return None;
        }
        let mut end = numeral.end;
        let bytes = self.text.as_bytes();
        while end - numeral.start < 24 {
            let gap = bytes[end..].iter().take_while(|b| b" .-()".contains(b)).count();
            if gap == 0 || gap > 2 || !bytes.get(end + gap).is_some_and(u8::is_ascii_digit) {
                break;
            }
            end = lex(self.text, end + gap).end;
        }
        Some((Decoy::Address, end))
    }

    /// `30c`, `3B`, `7h30`, `5G`; units of one letter stay with their figure.
    pub(super) fn lettered(&self, numeral: &Numeral<'_>, tail: &str) -> Verdict {
        let word = first_word(tail);
        if word.is_empty() {
            return None;
        }
        let end = numeral.end;
        let one = word.chars().count() == 1;
        match word {
            "h" => {
                let minutes = tail[1..].bytes().take_while(u8::is_ascii_digit).count();
                Some((Decoy::Time, end + 1 + minutes.min(2)))
            }
            "m" | "đ" | "l" | "g" | "k" | "s" => None,
            _ if word.starts_with('h') && word[1..].bytes().all(|b| b.is_ascii_digit()) => {
                Some((Decoy::Time, end + word.len()))
            }
            _ if one && !tail[word.len()..].starts_with(['/', '-', '_']) => {
                let head = before(self.low, numeral.start, 40).trim_end();
                let form = LETTERED_FORMS.end(head);
                Some((if form { Decoy::FormName } else { Decoy::Name }, end + word.len()))
            }
            _ if word.contains(|c: char| c.is_ascii_digit()) && !matches!(word, "m2" | "m3" | "km2") => {
                Some((Decoy::PartOfWord, end + word.len()))
            }
            _ => None,
        }
    }

    /// Document numbers: digits, then `/`, `-` or `_` and capitals: `2.651/QĐ-UBND`, `1//KH-UBND`, `61/2018/NĐ-CP`, `52-TB/ĐU`.
    pub(super) fn document(&self, numeral: &Numeral<'_>) -> Verdict {
        let text = self.text;
        let mut at = numeral.end;
        let letter_suffix = window(text, at, 4).chars().next().filter(|c| c.is_lowercase());
        if let Some(c) = letter_suffix
            && text[at + c.len_utf8()..].starts_with(['/', '-', '_'])
        {
            at += c.len_utf8();
        }
        let gap = usize::from(text[at..].starts_with(" /"));
        let rest = &text[at + gap..];
        let slashes = rest.bytes().take_while(|b| *b == b'/').count();
        let dash = usize::from(slashes == 0 && rest.starts_with(['-', '_']));
        if slashes + dash == 0 || slashes > 3 {
            return None;
        }
        at += gap + slashes + dash;
        at += usize::from(text[at..].starts_with(' '));
        let mut end = at;
        // `61/2018/NĐ-CP`
        let year = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if slashes > 0 && year == 4 && text[at + 4..].starts_with(['/', '-', '_']) {
            end = at + 5;
            end += usize::from(text[end..].starts_with(' '));
        } else if year > 0 {
            return None;
        }
        let kind = capitals(&text[end..]);
        if kind < 2 {
            return None;
        }
        let (first, full) = symbol_rest(window(text, end, REACH));
        // A counted abbreviation after a fraction bar is `5/TTHC`, hardly ever printed; a lone dash needs the party form.
        if dash == 1 && !(first.contains('/') || full.contains('-')) && shouts(&text[end..]) {
            return None;
        }
        Some((Decoy::DocumentNumber, end + full.len()))
    }
}

/// Digits in short groups after spaces: the tail of a telephone number.
fn spaced_digits(rest: &str) -> usize {
    let mut count = 0;
    for group in rest.split([' ', '.', '-']).skip(1).take(4) {
        let digits = group.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 {
            break;
        }
        count += digits;
        if digits < group.len() {
            break;
        }
    }
    count
}

/// `/QĐ-UBND` after what looked like a date is a document number.
pub(super) fn followed_by_symbol(text: &str, end: usize) -> bool {
    text[end..].strip_prefix(['/', '-']).is_some_and(|rest| capitals(rest) >= 2)
}

/// Capitals (with small letters inside a symbol: `TTr`, `TTg`) at the start.
fn capitals(text: &str) -> usize {
    let mut letters = text.chars().take(12).take_while(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) => {
            let capital = |c| letter(c).is_some_and(|l| l.capital);
            if capital(a) && capital(b) { 2 + letters.filter(|c| capital(*c)).count() } else { 0 }
        }
        _ => 0,
    }
}

/// The symbol that starts here: its first run and the whole of it (`KH-UBND`, `UBND -KSTT`, `QH14`).
fn symbol_rest(text: &str) -> (&str, &str) {
    let part = |c: char| in_word(c) || matches!(c, '/' | '-' | '_' | '&' | '.');
    let first = text.find(|c: char| !part(c)).unwrap_or(text.len());
    let mut end = first;
    // A space beside the dash is a slip of the typist: `KH- UBND`.
    if text[..end].ends_with(['-', '/', '_']) {
        let rest = text[end..].strip_prefix(' ').unwrap_or("");
        if capitals(rest) >= 2 {
            end += 1 + rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        }
    }
    let whole = text[..end].trim_end_matches(['.', '/', '-', '_']);
    (&text[..first], whole)
}

/// The rest of a word that has digits inside.
fn word_rest(tail: &str) -> usize {
    tail.find(|c: char| !(in_word(c) || c == '_')).unwrap_or(tail.len())
}
