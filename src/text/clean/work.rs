//! Which lines need work at all: most need none, and this says so.
//!
//! In: a line without spaces at its ends. Out: what has to be done to it. Bytes are looked at in pairs first, without a branch that
//! depends on the text: what two neighbours say, and what the word so far holds. Where that does not settle it, characters are.

use super::scrub;
use crate::text::letter::{digit_like, letter};
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// What has to be done to a line.
#[derive(Debug, PartialEq, Clone, Copy)]
pub(super) enum Work {
    /// Nothing: its characters are copied.
    None,
    /// Only spaces stand together.
    Spaces,
    /// Any pass could change it.
    All,
}

/// Which passes could change the line, which has no space at its ends; `All` where less would do only costs time.
pub(super) fn work(line: &str) -> Work {
    at_a_glance(line.as_bytes()).unwrap_or_else(|| exactly(line))
}

/// What a pair of bytes says of the line: that it needs a closer look, that spaces stand together, and that it does where a word
/// stands before the mark between them.
const CLOSER: u32 = 1 << 31;
const SPACES: u32 = 1 << 30;
const NUMBERED: u32 = 1 << 29;
/// What the second of a pair adds to its word: a letter, one with any mark, one with a tone.
const TONE: u32 = 1;
const MARK: u32 = 1 << 12;
const LETTER: u32 = 1 << 4 | 1 << 18;
/// A word with two tones, or of more letters than a syllable has.
const TONES: u32 = 0b1110;
const LONG: u32 = 0b1111_1000 << 4;
/// Longer ones are counted no further.
const ENDLESS: u32 = 0b1110_0000 << 4;
/// Whether it has a letter with a mark; the letters since the last space, bracket or digit, marks between them or not.
const MARKED: u32 = 0b11_1111 << 12;
const LETTERS: u32 = u32::MAX << 18;
const ADDED: u32 = TONE | MARK | LETTER;

/// Classes of bytes that a pair does not tell apart, at most.
const CLASSES: usize = 64;

struct Pairs {
    class: [u8; 256],
    /// By the class of a byte what of the word before it goes on.
    keep: [u32; CLASSES],
    /// By the classes of two bytes what they say.
    said: [[u32; CLASSES]; CLASSES],
}

/// What a byte says behind another.
fn said(before: u8, byte: u8) -> u32 {
    let class = |byte: u8| ASCII.get(usize::from(byte));
    let opens = if matches!(class(before), Some(Class::Digit | Class::Mark)) { CLOSER } else { 0 };
    if let Some(now) = class(byte) {
        return match now {
            Class::Letter => opens | LETTER,
            Class::Space if before == b' ' => SPACES,
            // `I SO` is one word.
            Class::Space if before == b'I' => CLOSER,
            // Behind a letter, as far as bytes tell.
            Class::Digit if matches!(class(before), None | Some(Class::Letter)) => CLOSER,
            Class::Digit if class(before) == Some(&Class::Mark) => NUMBERED,
            Class::Bracket if before == byte || (byte == b'(' && before == b']') => CLOSER,
            Class::Work => CLOSER,
            // `[bookmark: …]`, `[footnoteRef:1]`
            Class::Other if byte == b'[' => CLOSER,
            _ => 0,
        };
    }
    match byte {
        0xC3..0xC8 | 0xE1 => opens,
        0xE2 => 0,
        0x80..0xC0 => {
            // The second or third byte of a letter, or of the usual punctuation.
            let two = (0xC3..0xC8).contains(&before).then(|| u32::from(before & 0x1F) << 6 | u32::from(byte & 0x3F));
            match (two.and_then(char::from_u32).and_then(letter), before, byte) {
                (Some(letter), ..) => LETTER | MARK | if letter.tone > 0 { TONE } else { 0 },
                // All letters of this block of Vietnamese have a tone.
                (_, 0xBA, 0xA0..) | (_, 0xBB, 0x80..0xBA) => LETTER | MARK | TONE,
                (_, 0xE1, 0xBA | 0xBB) | (_, 0xE2, 0x80) | (_, 0x80, 0x90..0xA8) => 0,
                _ => CLOSER,
            }
        }
        _ => CLOSER,
    }
}

static PAIRS: LazyLock<Pairs> = LazyLock::new(|| {
    // Bytes of which every pair says the same are of one class.
    let all = |byte| (0..=255).flat_map(move |other| [said(byte, other), said(other, byte)]).chain([kept(byte)]);
    let mut pairs = Pairs { class: [0; 256], keep: [0; CLASSES], said: [[CLOSER; CLASSES]; CLASSES] };
    let (mut classes, mut first) = (FxHashMap::<Vec<u32>, usize>::default(), Vec::new());
    for byte in 0..=255 {
        let class = *classes.entry(all(byte).collect()).or_insert(first.len());
        if class == first.len() {
            first.push(byte);
        }
        pairs.class[usize::from(byte)] = class as u8;
    }
    for (b, byte) in first.iter().enumerate() {
        pairs.keep[b] = kept(*byte);
        for (a, before) in first.iter().enumerate() {
            pairs.said[a][b] = said(*before, *byte);
        }
    }
    pairs
});

/// What of the word before a byte goes on behind it.
fn kept(byte: u8) -> u32 {
    match (ASCII.get(usize::from(byte)), byte) {
        (Some(Class::Letter), _) | (None, 0x80..0xC0 | 0xC3..0xC8 | 0xE1) => u32::MAX,
        (Some(Class::Mark), _) => LETTERS,
        _ => 0,
    }
}

/// What pairs of bytes say of a line; None where they do not settle it.
fn at_a_glance(bytes: &[u8]) -> Option<Work> {
    let pairs = &*PAIRS;
    let (mut before, mut word, mut all) = (pairs.class[usize::from(b'-')], 0, 0);
    for byte in bytes {
        // The remainder changes nothing; it tells the compiler that no index is out of bounds.
        let class = pairs.class[usize::from(*byte)] % CLASSES as u8;
        let said = pairs.said[usize::from(before)][usize::from(class)];
        let numbered = said & NUMBERED != 0 && word & LETTERS != 0;
        word = (word & pairs.keep[usize::from(class)]) + (said & ADDED);
        let odd = word & TONES != 0 || word & LONG != 0 && word & (MARKED | ENDLESS) != 0;
        if said & CLOSER != 0 || numbered || odd {
            return None;
        }
        (before, all) = (class, all | said);
    }
    Some(if all & SPACES != 0 { Work::Spaces } else { Work::None })
}

/// What a character is to [`exactly`].
#[derive(PartialEq, Clone, Copy)]
enum Class {
    Space,
    Letter,
    Digit,
    /// `.`, `,`, `:`, `;`
    Mark,
    Bracket,
    Other,
    /// What some pass changes wherever it stands.
    Work,
}

static ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut c = 0u8;
    while c < 128 {
        classes[c as usize] = match c {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b' ' => Class::Space,
            b'0'..=b'9' => Class::Digit,
            b'.' | b',' | b':' | b';' => Class::Mark,
            b'(' | b')' => Class::Bracket,
            b'<' | b'>' | b'*' | b'#' | b'&' | 0..=0x1f | 0x7f => Class::Work,
            _ => Class::Other,
        };
        c += 1;
    }
    classes
};

/// [`work`] for any line: one look at each character.
fn exactly(line: &str) -> Work {
    let bytes = line.as_bytes();
    let mut out = Work::None;
    let mut last = Class::Other;
    // The byte before, the last letter's last byte, and the letters of the word that no space or bracket has ended.
    let (mut previous, mut last_letter, mut length) = (0, 0, 0);
    // Whether that word opens a bracketed mark (`[footnoteRef:1]`).
    let mut bracket = false;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let (now, width) = match ASCII.get(usize::from(byte)) {
            Some(class) => (*class, 1),
            None => match line[at..].chars().next() {
                Some(c) if letter(c).is_some() => (Class::Letter, c.len_utf8()),
                Some(c @ ('\u{2010}'..='\u{2027}' | '§' | '°' | '²' | '³' | '×' | '≥' | '≤' | '½' | '€' | '±')) => {
                    (Class::Other, c.len_utf8())
                }
                _ => return Work::All,
            },
        };
        match now {
            Class::Letter => {
                let split = || bytes[at + 1..].trim_ascii_start().starts_with(b"SO") && bytes[at + 1] == b' ';
                if last == Class::Mark || (byte == b'I' && last == Class::Space && split()) {
                    return Work::All;
                }
                let word = Word::at(line, at);
                // `Phụ lục 2B`, `30c/NQ-CP`: one letter behind digits stays there, unless it looks like one.
                let alone = word.length == 1 && digit_like(char::from(byte)).is_none();
                if (last == Class::Digit && !alone) || word.tones > 1 || (word.marked && word.length > 7) {
                    return Work::All;
                }
                bracket = previous == b'[';
                (length, last) = (word.length, now);
                at = word.end;
                previous = bytes[at - 1];
                last_letter = previous;
                continue;
            }
            Class::Mark => {}
            // `TN&TKQ` is no entity.
            Class::Work if byte == b'&' && !scrub::is_entity(&line[at + 1..]) => length = 0,
            Class::Work => return Work::All,
            Class::Digit => {
                // Whether the last letter looks like a digit.
                let alike = matches!(last_letter, b'O' | b'o' | b'l');
                if last == Class::Letter
                    || (last == Class::Mark && length > 0 && !bracket && (previous != b'.' || alike))
                {
                    return Work::All;
                }
                length = 0;
            }
            Class::Bracket if previous == byte || (byte == b'(' && previous == b']') => return Work::All,
            Class::Space if last == Class::Space => out = Work::Spaces,
            Class::Space | Class::Bracket | Class::Other => length = 0,
        }
        at += width;
        previous = bytes[at - 1];
        last = now;
    }
    // `I SO` is mended at the start of a line too, but does not call for it.
    if line.contains("[bookmark") || (out == Work::Spaces && line.starts_with("I ")) { Work::All } else { out }
}

/// A run of letters.
struct Word {
    end: usize,
    length: u32,
    /// Letters with a tone mark.
    tones: u32,
    /// Whether a letter has any mark.
    marked: bool,
}

impl Word {
    fn at(line: &str, start: usize) -> Word {
        let mut word = Word { end: start, length: 0, tones: 0, marked: false };
        for c in line[start..].chars() {
            let Some(l) = letter(c) else { break };
            word.tones += u32::from(l.tone > 0);
            word.marked |= !c.is_ascii();
            word.end += c.len_utf8();
            word.length += 1;
        }
        word
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::sequence::Sequence;

    #[test]
    fn a_glance_says_what_a_look_at_each_character_says() {
        let parts = [
            "hồ sơ",
            "Quý",
            "I",
            "SO",
            "II",
            " ",
            "  ",
            "1",
            "815",
            ".",
            ",",
            ":",
            "(",
            ")",
            "-",
            "/",
            "%",
            "đ",
            "Đ",
            "ư",
            "×",
            "ñ",
            "é",
            "ẽ",
            "Ẁ",
            "ỹ",
            "Ỻ",
            "“",
            "”",
            "…",
            "–",
            "€",
            "\u{a0}",
            "\u{301}",
            "ß",
            "&",
            "&amp;",
            "[",
            "]",
            "[bookmark",
            "<b>",
            "*",
            "nghiêng",
            "nghiêngg",
            "abcdefgh",
            "hòahà",
            "O",
            "l",
            "m²",
            "đường",
            "ủa",
            "một",
            "TN",
            "9",
            "O1",
            "x",
        ];
        let mut random = Sequence(7);
        let mut settled = 0;
        for round in 0..60_000 {
            let line: String = (0..1 + round % 7).map(|_| parts[random.below(parts.len())]).collect();
            let line = line.trim_matches(' ');
            let glance = at_a_glance(line.as_bytes());
            assert!(glance.is_none_or(|work| work == exactly(line)), "{line}: {glance:?}, {:?}", exactly(line));
            settled += usize::from(glance.is_some());
        }
        assert!(settled > 5_000, "{settled}");
    }

    #[test]
    fn most_lines_are_settled_at_a_glance() {
        for line in [
            "Tiếp nhận 1.815 hồ sơ (đạt 95,23%), gồm: “Quý” – năm 2022… documents",
            "- Số: 12/BC-UBND ngày 02/6/2023; trường, phường, nghiệp, đường",
        ] {
            assert_eq!(at_a_glance(line.as_bytes()), Some(Work::None), "{line}");
        }
        assert_eq!(at_a_glance("hồ  sơ".as_bytes()), Some(Work::Spaces));
        assert_eq!(at_a_glance("a".repeat(10_000).as_bytes()), None);
        assert!(PAIRS.class.iter().all(|class| usize::from(*class) < CLASSES));
    }
}
