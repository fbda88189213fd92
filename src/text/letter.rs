//! The Vietnamese letters: a character in; its small form, its shape without tone, its tone and its plain Latin letter out.
//!
//! One table of 608 entries (U+0000..U+0200 and U+1EA0..U+1F00), built at compile time from the twelve vowels and six tones, so that
//! every question about a letter costs one load. Anything outside the table is no Vietnamese letter.

/// The six tones; the numbers are those of [`Letter::tone`].
pub const TONES: [&str; 6] = ["ngang", "huyen", "sac", "hoi", "nga", "nang"];

/// The combining marks of tones 1 to 5.
const MARKS: [char; 5] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'];

const VOWELS: [[char; 6]; 12] = [
    ['a', 'à', 'á', 'ả', 'ã', 'ạ'],
    ['ă', 'ằ', 'ắ', 'ẳ', 'ẵ', 'ặ'],
    ['â', 'ầ', 'ấ', 'ẩ', 'ẫ', 'ậ'],
    ['e', 'è', 'é', 'ẻ', 'ẽ', 'ẹ'],
    ['ê', 'ề', 'ế', 'ể', 'ễ', 'ệ'],
    ['i', 'ì', 'í', 'ỉ', 'ĩ', 'ị'],
    ['o', 'ò', 'ó', 'ỏ', 'õ', 'ọ'],
    ['ô', 'ồ', 'ố', 'ổ', 'ỗ', 'ộ'],
    ['ơ', 'ờ', 'ớ', 'ở', 'ỡ', 'ợ'],
    ['u', 'ù', 'ú', 'ủ', 'ũ', 'ụ'],
    ['ư', 'ừ', 'ứ', 'ử', 'ữ', 'ự'],
    ['y', 'ỳ', 'ý', 'ỷ', 'ỹ', 'ỵ'],
];

const CAPITALS: [[char; 6]; 12] = [
    ['A', 'À', 'Á', 'Ả', 'Ã', 'Ạ'],
    ['Ă', 'Ằ', 'Ắ', 'Ẳ', 'Ẵ', 'Ặ'],
    ['Â', 'Ầ', 'Ấ', 'Ẩ', 'Ẫ', 'Ậ'],
    ['E', 'È', 'É', 'Ẻ', 'Ẽ', 'Ẹ'],
    ['Ê', 'Ề', 'Ế', 'Ể', 'Ễ', 'Ệ'],
    ['I', 'Ì', 'Í', 'Ỉ', 'Ĩ', 'Ị'],
    ['O', 'Ò', 'Ó', 'Ỏ', 'Õ', 'Ọ'],
    ['Ô', 'Ồ', 'Ố', 'Ổ', 'Ỗ', 'Ộ'],
    ['Ơ', 'Ờ', 'Ớ', 'Ở', 'Ỡ', 'Ợ'],
    ['U', 'Ù', 'Ú', 'Ủ', 'Ũ', 'Ụ'],
    ['Ư', 'Ừ', 'Ứ', 'Ử', 'Ữ', 'Ự'],
    ['Y', 'Ỳ', 'Ý', 'Ỷ', 'Ỹ', 'Ỵ'],
];

const BARE: [u8; 12] = *b"aaaeeiooouuy";

/// What one character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// Small form with its tone.
    pub lower: char,
    /// Small form without its tone: `ế` → `ê`.
    pub base: char,
    /// Plain Latin letter: `ế` → `e`, `đ` → `d`.
    pub bare: u8,
    /// 0 to 5, see [`TONES`].
    pub tone: u8,
    /// Whether it was a capital.
    pub capital: bool,
    /// Whether it is a vowel.
    pub vowel: bool,
}

const NONE: Letter = Letter { lower: '\0', base: '\0', bare: 0, tone: 0, capital: false, vowel: false };

const fn index(c: char) -> usize {
    let c = c as u32;
    if c < 0x200 {
        c as usize
    } else if c >= 0x1EA0 && c < 0x1F00 {
        (c - 0x1EA0 + 0x200) as usize
    } else {
        usize::MAX
    }
}

const fn build() -> [Letter; 608] {
    let mut table = [NONE; 608];
    let mut c = b'a';
    while c <= b'z' {
        let small = c as char;
        table[c as usize] = Letter { lower: small, base: small, bare: c, tone: 0, capital: false, vowel: false };
        table[(c - 32) as usize] = Letter { lower: small, base: small, bare: c, tone: 0, capital: true, vowel: false };
        c += 1;
    }
    table[index('đ')] = Letter { lower: 'đ', base: 'đ', bare: b'd', tone: 0, capital: false, vowel: false };
    table[index('Đ')] = Letter { lower: 'đ', base: 'đ', bare: b'd', tone: 0, capital: true, vowel: false };
    let mut v = 0;
    while v < 12 {
        let mut t = 0;
        while t < 6 {
            let small = VOWELS[v][t];
            let entry =
                Letter { lower: small, base: VOWELS[v][0], bare: BARE[v], tone: t as u8, capital: false, vowel: true };
            table[index(small)] = entry;
            table[index(CAPITALS[v][t])] = Letter { capital: true, ..entry };
            t += 1;
        }
        v += 1;
    }
    table
}

static TABLE: [Letter; 608] = build();

/// The letter of a character; None for anything that is no letter of Vietnamese or basic Latin.
pub fn letter(c: char) -> Option<Letter> {
    TABLE.get(index(c)).copied().filter(|l| l.bare != 0)
}

/// Whether a character is a letter of Vietnamese or basic Latin.
pub fn is_letter(c: char) -> bool {
    letter(c).is_some()
}

/// Whether a character belongs to a word: letters of any alphabet, digits, marks of Unicode that a font did not compose.
pub fn in_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    // The punctuation of most reports is settled before the large tables of Unicode are asked.
    let punctuation = matches!(c, '\u{80}'..='\u{a9}' | '\u{2000}'..='\u{206f}');
    is_letter(c) || (!punctuation && c.is_alphanumeric())
}

/// The digit that a letter is put for by OCR and by typewriter habit.
pub fn digit_like(c: char) -> Option<char> {
    match c {
        'O' | 'o' => Some('0'),
        'I' | 'l' => Some('1'),
        _ => None,
    }
}

/// A text in small letters; offsets may differ.
pub fn lowered(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    replaced(text, lower, &mut out);
    out
}

/// The first characters of a text in small letters.
pub fn lowered_start(text: &str, characters: usize) -> String {
    let end = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    lowered(&text[..end])
}

/// The small form; characters of other alphabets as the standard library does it, where that is one character.
pub fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    match letter(c) {
        Some(l) => l.lower,
        None => {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// Small letters with every character at its old byte offset: what the scanners match against.
pub fn lower_in_place(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    lower_into(text, &mut out);
    out
}

/// Appends [`lower_in_place`] of a text.
pub fn lower_into(text: &str, out: &mut String) {
    let in_place = |c| {
        let small = lower(c);
        if small.len_utf8() == c.len_utf8() { small } else { c }
    };
    replaced(text, in_place, out);
}

/// Appends a text in small letters, characters beyond ASCII as `by` has them; few change, so that the rest is copied in runs.
fn replaced(text: &str, by: impl Fn(char) -> char, out: &mut String) {
    let start = out.len();
    let (bytes, mut from, mut at) = (text.as_bytes(), 0, 0);
    while at < bytes.len() {
        let end = at + BLOCK;
        if all_small(&bytes[at..]) {
            at = end;
            continue;
        }
        while let Some(byte) = bytes.get(at).filter(|_| at < end) {
            // A block may have ended inside a character.
            let small = if byte.is_ascii() || byte & 0xC0 == 0x80 { 1 } else { small_at(bytes, at) };
            if small > 0 {
                at += small;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let other = by(c);
            if other != c {
                out.push_str(&text[from..at]);
                out.push(other);
                from = at + c.len_utf8();
            }
            at += c.len_utf8();
        }
    }
    out.push_str(&text[from..]);
    out[start..].make_ascii_lowercase();
}

/// Bytes that are looked at in one go.
const BLOCK: usize = 32;

/// Whether the first block of some bytes starts no character beyond ASCII but small letters of Vietnamese and the usual punctuation: as
/// [`small_at`] tells them, for many bytes at a time and therefore without a branch. False where less than a block and a character is left.
fn all_small(bytes: &[u8]) -> bool {
    let Some(bytes) = bytes.first_chunk::<{ BLOCK + 2 }>() else { return false };
    let other = |at: usize| {
        let (first, second, last) = (bytes[at], bytes[at + 1], bytes[at + 2]);
        let three = (first == 0xE1) & ((second == 0xBB) | ((second == 0xBA) & (last >= 0xA0))) & (last & 1 == 1);
        let latin = (first == 0xC3) & (second >= 0xA0);
        let breve = (first == 0xC4) & ((second == 0x83) | (second == 0x91) | (second == 0xA9));
        let horned = (first == 0xC6) & ((second == 0xA1) | (second == 0xB0));
        let punctuation = (first == 0xE2) & (second == 0x80);
        let tilde = (first == 0xC5) & (second == 0xA9);
        (first >= 0xC0) & !(three | latin | breve | horned | punctuation | tilde)
    };
    !(0..BLOCK).fold(false, |any, at| any | other(at))
}

/// Bytes of the letter beyond ASCII that starts here, where its bytes alone say that it is a small one; else 0, which says nothing. In
/// the blocks of Vietnamese every second letter is small: an odd last byte.
pub(crate) fn small_at(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [0xE1, 0xBB, last, ..] | [0xE1, 0xBA, last @ 0xA0..=0xBF, ..] if last & 1 == 1 => 3,
        // All but the sign of division.
        [0xC3, 0xA0..=0xB6 | 0xB8..=0xBF, ..] => 2,
        [0xC4, 0x83 | 0x91 | 0xA9, ..] | [0xC5, 0xA9, ..] | [0xC6, 0xA1 | 0xB0, ..] => 2,
        _ => 0,
    }
}

/// The same vowel with another tone; consonants are returned as they are.
pub fn with_tone(c: char, tone: u8) -> char {
    let Some(l) = letter(c).filter(|l| l.vowel) else { return c };
    let rows = if l.capital { &CAPITALS } else { &VOWELS };
    let row = VOWELS.iter().position(|row| row[0] == l.base);
    row.and_then(|row| rows[row].get(tone as usize)).copied().unwrap_or(c)
}

/// The tone that a combining mark stands for.
pub fn tone_of_mark(mark: char) -> Option<u8> {
    MARKS.iter().position(|&m| m == mark).map(|at| at as u8 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_know_their_parts() {
        let l = letter('Ế').unwrap();
        assert_eq!((l.lower, l.base, l.bare, l.tone, l.capital, l.vowel), ('ế', 'ê', b'e', 2, true, true));
        assert_eq!(letter('Đ').unwrap().lower, 'đ');
        assert_eq!(letter('w').unwrap().bare, b'w');
        assert!(letter('é').unwrap().vowel);
        for c in ['1', ' ', 'и', 'ñ', 'ä', '…', 'Ḁ'] {
            assert!(letter(c).is_none(), "{c}");
        }
    }

    #[test]
    fn blocks_are_told_as_their_letters() {
        let padding = "tiếp nhận và giải quyết hồ sơ của tổ chức, cá nhân trong kỳ báo cáo";
        for c in ('\u{80}'..='\u{2fff}').chain(['\u{1d400}']) {
            let text = format!("{c}{padding}");
            if all_small(text.as_bytes()) {
                assert_eq!(lower(c), c, "{c}");
            }
            for before in 28..34 {
                let text = format!("{}{c}{padding}", "x".repeat(before));
                let expected: String = text.chars().map(lower).collect();
                assert_eq!(lowered(&text), expected, "{c}");
            }
        }
        assert!(all_small(padding.as_bytes()) && !all_small("Ủy ban nhân dân xã, phường, thị trấn".as_bytes()));
    }

    #[test]
    fn tones_move() {
        assert_eq!(with_tone('Ơ', 3), 'Ở');
        assert_eq!(with_tone('ệ', 0), 'ê');
        assert_eq!(with_tone('b', 2), 'b');
        assert_eq!(tone_of_mark('\u{323}'), Some(5));
    }

    #[test]
    fn small_letters_are_told_by_their_bytes() {
        for c in ('\u{80}'..='\u{2fff}').filter(|c| small_at(c.to_string().as_bytes(), 0) > 0) {
            assert!(lower(c) == c && in_word(c), "{c}");
        }
        for c in VOWELS.iter().flatten().filter(|c| !c.is_ascii()).chain(&['đ']) {
            assert_eq!(small_at(c.to_string().as_bytes(), 0), c.len_utf8(), "{c}");
        }
        assert_eq!(lowered("ÂU ÷ Ỻ ß Ñ Ж — Ố"), "âu ÷ ỻ ß ñ ж — ố");
    }

    #[test]
    fn lowering_keeps_offsets() {
        let text = "ĐƠN VỊ: Ủy ban Ⱥ İ 12 ÀÉ";
        let small = lower_in_place(text);
        assert_eq!(small.len(), text.len());
        assert!(small.starts_with("đơn vị: ủy ban"));
    }
}
