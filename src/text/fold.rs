//! The matching form of Vietnamese text: what two spellings of the same words share.
//!
//! `fold` keeps letters and tones but unifies case, tone placement (`hoà` = `hòa`), `i`/`y`, punctuation and abbreviations that
//! the table of abbreviations calls unambiguous (`TTHC` = `thủ tục hành chính`). `bare` also drops all marks: for OCR damage.
//! `fold_placed` tells for every folded word where in the clean text it was found. Folding a folded text changes nothing.
//!
//! Words are separated by one space; `%` and `/` stay inside numbers (`100%`, `22/39`), every other mark is a space. The keys are
//! for comparing only: `kỹ` becomes `kĩ` and `quý` becomes `quí`, and no key is ever shown to a person.

use crate::text::letter::{self, in_word, letter, small_at, with_tone};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::LazyLock;

pub use crate::text::label::{Label, similarity};

const TABLE: &str = include_str!("../../rules/tables/abbreviations.csv");

/// Abbreviation → (expansion in matching form, may it be expanded without looking at its neighbours).
static ABBREVIATIONS: LazyLock<FxHashMap<String, (String, bool)>> = LazyLock::new(|| {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(TABLE.as_bytes());
    let mut all = FxHashMap::default();
    for row in reader.records().flatten() {
        let (Some(short), Some(long), Some(expand)) = (row.get(0), row.get(1), row.get(2)) else { continue };
        let mut form = String::new();
        fold_words::<false>(long, false, &mut |s, _| form.push_str(s));
        all.insert(short.to_string(), (form, expand == "yes"));
    }
    all
});

/// Whether the table of abbreviations knows this word as printed, ambiguous ones included.
pub fn is_abbreviation(word: &str) -> bool {
    ABBREVIATIONS.contains_key(word)
}

fn expansion(word: &str) -> Option<&'static str> {
    ABBREVIATIONS.get(word).filter(|(_, expand)| *expand).map(|(long, _)| long.as_str())
}

/// Matching form: lower case, NFC, one tone placement, abbreviations expanded, punctuation to single spaces.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    fold_words::<false>(text, true, &mut |s, _| out.push_str(s));
    out
}

/// A word of a matching form: its bytes there, and those of the text where it was found. Of a word that was respelled and of each word of
/// an expanded abbreviation only the first letter is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Bytes of the matching form.
    pub folded: Range<usize>,
    /// Bytes of the text.
    pub found: Range<usize>,
}

/// The matching form with the places of its words.
pub fn fold_placed(text: &str) -> (String, Vec<Placed>) {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    let mut words: Vec<Placed> = Vec::with_capacity(text.len() / 5 + 1);
    let mut open = false;
    fold_words::<true>(text, true, &mut |piece, at| {
        let from = out.len();
        out.push_str(piece);
        if piece == " " {
            open = false;
            return;
        }
        let plain = !at.is_empty();
        let found = if plain { at } else { at.start..after(text, at.start) };
        if open && let Some(word) = words.last_mut() {
            (word.folded.end, word.found.end) = (out.len(), found.end);
        } else if plain {
            words.push(Placed { folded: from..out.len(), found });
            open = true;
        } else {
            let mut start = from;
            for word in piece.split(' ') {
                words.push(Placed { folded: start..start + word.len(), found: found.clone() });
                start += word.len() + 1;
            }
            open = true;
        }
    });
    (out, words)
}

/// Where the character ends that starts at a byte of the text.
fn after(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(0, char::len_utf8)
}

/// The end of a text in matching form: at least its last words, so many as are asked for, if it has them.
pub fn fold_end(text: &str, words: usize) -> String {
    // A space always parts words, but not every run between two spaces holds one.
    let from = memchr::memrchr_iter(b' ', text.as_bytes()).nth(2 * words).unwrap_or(0);
    let end = fold(&text[from..]);
    if from > 0 && tokens(&end).count() < words { fold(text) } else { end }
}

/// The looser form: `fold` without any diacritic, `đ` as `d`.
pub fn bare(text: &str) -> String {
    bare_of_folded(&fold(text))
}

/// Drops the diacritics of a text that is already in matching form.
pub fn bare_of_folded(folded: &str) -> String {
    folded.chars().map(|c| letter(c).map_or(c, |l| l.bare as char)).collect()
}

/// The words of a folded text.
pub fn tokens(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(' ').filter(|word| !word.is_empty())
}

/// Walks over the words of a text and hands out folded pieces with their place: all of a piece is found at the start of the range, or,
/// where that is as long as the piece and places are `EXACT`, letter by letter in it.
fn fold_words<const EXACT: bool>(text: &str, expand: bool, put: &mut impl FnMut(&str, Range<usize>)) {
    let mut word = String::new();
    let mut first = true;
    let mut end_of_last = 0;
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        if matches!(byte, b' '..=b'/') {
            at += 1;
            continue;
        }
        let Some(c) = text[at..].chars().next() else { break };
        if !in_word(c) {
            at += c.len_utf8();
            continue;
        }
        let start = at;
        let (length, small) = word_of(&text[start..]);
        let mut end = start + length;
        // Most words are their own key.
        let plain = small && !may_settle(&text[start..end]);
        // `TN&TKQ`, `Đ/c`: an abbreviation with a mark inside.
        let mut long = None;
        if expand && !small && is_capital(c) {
            if let Some(mark @ ('&' | '/')) = text[end..].chars().next() {
                let joined = word_end(text, end + mark.len_utf8());
                if joined > end + 1
                    && let Some(found) = expansion(&text[start..joined])
                {
                    long = Some(found);
                    end = joined;
                }
            }
            if long.is_none() && end - start > 1 {
                long = expansion(&text[start..end]);
            }
        } else if expand && matches!(c, 'h' | 'đ') {
            match &text[start..end] {
                "hs" => long = expansion("hs"),
                "đ" if text[end..].starts_with("/c") && word_end(text, end + 1) == end + 2 => {
                    long = expansion("Đ/c");
                    end += 2;
                }
                _ => {}
            }
        }
        if !first {
            put(" ", end_of_last..end_of_last);
        }
        first = false;
        match long {
            Some(long) => put(long, start..start),
            None if plain => {
                put(&text[start..end], start..end);
                end = number_tail(text, start, end, put);
            }
            None => {
                let print = &text[start..end];
                word.clear();
                word.extend(print.chars().map(letter::lower));
                let changed = settle(&mut word);
                if changed || !EXACT {
                    put(&word, start..start);
                } else if in_step(&word, print) {
                    put(&word, start..end);
                } else {
                    let mut from = start;
                    let mut buffer = [0; 4];
                    for (small, c) in word.chars().zip(print.chars()) {
                        put(small.encode_utf8(&mut buffer), from..from);
                        from += c.len_utf8();
                    }
                }
                end = number_tail(text, start, end, put);
            }
        }
        end_of_last = end;
        at = end;
    }
}

/// Whether a byte of UTF-8 goes on with a character.
fn is_inside(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// Whether the characters of two texts start at the same bytes.
fn in_step(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| is_inside(a) == is_inside(b))
}

fn is_capital(c: char) -> bool {
    letter(c).is_some_and(|l| l.capital)
}

fn word_end(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or("");
    from + rest.find(|c: char| !in_word(c)).unwrap_or(rest.len())
}

/// `%` after a number and `/` between two numbers belong to the word.
fn number_tail(text: &str, start: usize, end: usize, put: &mut impl FnMut(&str, Range<usize>)) -> usize {
    let digits = |from: usize, to: usize| to > from && text.as_bytes()[from..to].iter().all(u8::is_ascii_digit);
    if !digits(start, end) {
        return end;
    }
    let mut end = end;
    if text[end..].starts_with('/') {
        let next = word_end(text, end + 1);
        if digits(end + 1, next) {
            put(&text[end..next], end..end);
            end = next;
        }
    }
    if text[end..].starts_with('%') {
        put("%", end..end);
        end += 1;
    }
    end
}

/// Where the word ends that a text starts with, and whether it has none but small letters and digits.
fn word_of(text: &str) -> (usize, bool) {
    let mut at = 0;
    let mut small = true;
    while let Some(&byte) = text.as_bytes().get(at) {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' => at += 1,
            b'A'..=b'Z' => {
                small = false;
                at += 1;
            }
            0..0x80 => break,
            _ => {
                let length = small_at(text.as_bytes(), at);
                if length > 0 {
                    at += length;
                    continue;
                }
                let Some(c) = text[at..].chars().next() else { break };
                match letter(c) {
                    Some(l) => small &= l.lower == c,
                    None if in_word(c) => small = false,
                    None => break,
                }
                at += c.len_utf8();
            }
        }
    }
    (at, small)
}

/// Whether the end of a word in small letters may be spelled in two ways; most end in a letter that is never in question.
fn may_settle(word: &str) -> bool {
    match word.chars().next_back() {
        Some(last) if last.is_ascii() => last == 'y' || last.is_ascii_digit(),
        last => last.and_then(letter).is_none_or(|l| matches!(l.base, 'a' | 'e' | 'y')),
    }
}

/// One spelling of what is spelled in two ways; whether the key changed.
fn settle(out: &mut String) -> bool {
    // The letters of the key from its end.
    let mut letters = out.chars().rev().filter_map(letter);
    let Some(last) = letters.next().filter(|l| matches!(l.base, 'a' | 'e' | 'y')) else { return false };
    let (Some(second), third) = (letters.next(), letters.next()) else { return false };
    // hoà → hòa, khoẻ → khỏe, thuỷ → thủy; `quý` keeps its u in the onset.
    let pair = matches!((second.base, last.base), ('o', 'a') | ('o', 'e') | ('u', 'y'));
    let onset_q = third.is_some_and(|l| l.base == 'q');
    if pair && !onset_q && last.tone > 0 && second.tone == 0 {
        out.pop();
        out.pop();
        out.push(with_tone(second.base, last.tone));
        out.push(last.base);
        return true;
    }
    // kỹ → kĩ, lý → lí, quý → quí.
    if last.base == 'y' {
        let alone = matches!(second.base, 'h' | 'k' | 'l' | 'm' | 's' | 't' | 'v') && third.is_none();
        let after_qu = second.base == 'u' && onset_q;
        if alone || after_qu {
            out.pop();
            out.push(with_tone('i', last.tone));
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_meet() {
        for (a, b) in [
            ("hoà giải", "hòa giải"),
            ("Uỷ ban", "ỦY BAN"),
            ("thuỷ lợi, khoẻ", "thủy lợi - khỏe"),
            ("kỹ thuật", "kĩ thuật"),
            ("Quý I", "quí I"),
            ("tỷ lệ", "tỉ lệ"),
            ("công ty", "công ti"),
            ("Số TTHC được công bố", "Số thủ tục hành chính được công bố"),
            ("CBCC", "cán bộ, công chức"),
            ("CB,CC", "cán bộ, công chức"),
            ("Bộ phận TN&TKQ", "bộ phận tiếp nhận và trả kết quả"),
            ("18 Đ/c", "18 đồng chí"),
            ("729 hs", "729 hồ sơ"),
            ("mức độ 3,4", "mức độ 3, 4"),
            ("THTT/UBND", "thtt ủy ban nhân dân"),
        ] {
            assert_eq!(fold(a), fold(b));
        }
    }

    #[test]
    fn what_stays_apart() {
        assert_ne!(fold("thuý"), fold("thúi"));
        assert_ne!(fold("quà"), fold("qùa"));
        assert_eq!(fold("KH"), "kh");
        assert_eq!(fold("LAN TỎA"), "lan tỏa");
        assert_eq!(fold("hoàn thành"), "hoàn thành");
        assert_eq!(fold("ngày"), "ngày");
        assert_ne!(fold("bản"), fold("bán"));
    }

    #[test]
    fn marks_and_numbers() {
        assert_eq!(fold("  Đạt 100% (22/39 nội dung); tỷ lệ %: 43,5% "), "đạt 100% 22/39 nội dung tỉ lệ 43 5%");
        assert_eq!(fold("A–B…“c”"), "a b c");
        assert_eq!(fold(""), "");
        assert_eq!(bare("Đơn vị đã kỹ"), "don vi da ki");
        assert_eq!(tokens("a b  c").count(), 3);
    }

    #[test]
    fn the_end_of_a_text() {
        let text = "Trong đó, các đơn vị của TP & - – - – - - – - TTHC (cụ thể như sau):";
        for words in 0..12 {
            let end = fold_end(text, words);
            assert!(fold(text).ends_with(&end) && tokens(&end).count() >= words, "{words}: {end}");
        }
        assert_eq!(fold_end("một hai", 5), "một hai");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for text in
            ["Số TTHC; UBND xã: 1.815 hs", "Quý I, kỹ sư Thuỷ (Đ/c) 5/5 = 100%", "VBQPPL & QPPL, m2, 3B", "ĐVSNCL/ĐVSN"]
        {
            let once = fold(text);
            assert_eq!(fold(&once), once);
        }
    }

    #[test]
    fn words_are_found_again() {
        let text = "Số lượng TTHC, «hoà giải» của UBND xã: 22/39 (100%).";
        let (folded, words) = fold_placed(text);
        assert_eq!(folded, fold(text));
        let found: Vec<(&str, &str)> =
            words.iter().map(|w| (&folded[w.folded.clone()], &text[w.found.clone()])).collect();
        assert_eq!(
            found[..6],
            [("số", "Số"), ("lượng", "lượng"), ("thủ", "T"), ("tục", "T"), ("hành", "T"), ("chính", "T")]
        );
        assert_eq!(found[6..9], [("hòa", "h"), ("giải", "giải"), ("của", "của")]);
        assert_eq!(found[13..], [("xã", "xã"), ("22/39", "22/"), ("100%", "100%")]);
    }

    #[test]
    fn odd_input_is_no_trouble() {
        for text in ["İSTANBUL ﬁ ß", "\u{301}\u{301}", "Đ/", "&&&", "đ/c", "%/%", "1/", "a/1%"] {
            let (folded, words) = fold_placed(text);
            assert!(words.iter().map(|w| &folded[w.folded.clone()]).eq(tokens(&folded)), "{text}");
            assert!(words.iter().all(|w| text.get(w.found.clone()).is_some_and(|t| !t.is_empty())), "{text}");
        }
    }
}
