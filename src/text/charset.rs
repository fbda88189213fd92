//! Which legacy encoding a text is in (TCVN3, VNI-Windows, VISCII, windows-1258), and from there to Unicode.
//!
//! Text comes in as the characters a program sees that knows nothing of Vietnamese: each byte as windows-1252 or Latin-1 shows it, or
//! as the private-use copy `U+F0xx` of symbol fonts. Out goes Unicode NFC. A font name is a hint, never a proof: Unicode text stands
//! in `.VnTime`, legacy text in a Unicode font, so the share of words that become possible syllables decides. Digits and ASCII
//! punctuation are the same in all of them. Decoding must come before cleaning: TCVN3 writes ư as the soft hyphen. What is refused:
//! nothing; a character without a place in the table stays. Tables: `rules/tables/{tcvn3,vni,viscii}.csv` (TCVN 5712:1993, the VNI
//! scheme, RFC 1456).

use crate::text::letter::letter;
use crate::text::syllable::is_syllable_of;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// How a text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Charset {
    /// As it stands.
    Unicode,
    /// TCVN 5712:1993 VN3, "ABC": `.Vn…` fonts, one byte a letter.
    Tcvn3,
    /// VNI-Windows: `VNI-…` fonts, a letter and a mark.
    Vni,
    /// VISCII, RFC 1456: `VI …` fonts, one byte a letter.
    Viscii,
    /// windows-1258: vowel and combining tone.
    Windows1258,
}

/// The legacy encodings, in the order in which they are tried.
pub const LEGACY: [Charset; 4] = [Charset::Tcvn3, Charset::Vni, Charset::Viscii, Charset::Windows1258];

/// Words that are looked at: more do not make a decision surer.
const SAMPLE: usize = 4000;
/// Without a font's hint, a text needs so many words with marks before an encoding is believed …
const FEWEST: usize = 20;
/// … and this share of them must become syllables (real text passes above 0.95, a wrong table stays far below) …
const SURE: f64 = 0.85;
/// … which must be so much more than in any other reading.
const MARGIN: f64 = 0.15;

/// Words on either side that are asked whether a word is in capitals.
const NEAR: usize = 4;

impl Charset {
    /// Its name in the dataset.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Unicode => "utf-8",
            Charset::Tcvn3 => "tcvn3",
            Charset::Vni => "vni",
            Charset::Viscii => "viscii",
            Charset::Windows1258 => "windows-1258",
        }
    }

    /// The encoding that a font is made for; None for a Unicode font.
    pub fn of_font(font: &str) -> Option<Charset> {
        let starts = |prefix: &str| font.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        let font_of = |prefixes: &[&str]| prefixes.iter().any(|p| starts(p));
        match () {
            _ if font_of(&[".vn", "vntime", "vnarial"]) => Some(Charset::Tcvn3),
            _ if font_of(&["vni-", "vni "]) => Some(Charset::Vni),
            _ if font_of(&["vi ", "vi-", "viscii"]) => Some(Charset::Viscii),
            _ => None,
        }
    }
}

/// Whether a `.Vn` font shows small letters as capitals (`.VnTimeH`).
pub fn is_capital_font(font: &str) -> bool {
    Charset::of_font(font) == Some(Charset::Tcvn3) && font.trim_end().ends_with('H')
}

/// What windows-1252 shows for the bytes 80 to 9F; `\0` where it shows nothing.
const WINDOWS: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The byte behind a character.
fn byte(c: char) -> Option<u8> {
    match c as u32 {
        code @ 0..=0xFF => Some(code as u8),
        code @ 0xF000..=0xF0FF => Some((code & 0xFF) as u8),
        // A micro sign that some program normalized.
        0x3BC => Some(0xB5),
        0x152..=0x2122 => WINDOWS.iter().position(|&w| w == c).map(|at| 0x80 + at as u8),
        _ => None,
    }
}

/// Bytes as windows-1252 shows them; the five bytes it leaves open become control characters.
pub fn from_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 2);
    out.extend(bytes.iter().map(|&b| match b {
        0x80..=0x9F => Some(WINDOWS[(b - 0x80) as usize]).filter(|c| *c != '\0').unwrap_or(b as char),
        _ => b as char,
    }));
    out
}

/// One letter per byte; `\0` where the byte stays.
type Single = [char; 256];

struct Tables {
    tcvn3: Single,
    viscii: Single,
    windows1258: Single,
    vni: Single,
    /// VNI's letter-and-mark pairs, sorted.
    vni_pairs: Vec<((u8, u8), char)>,
}

fn hex(text: &str) -> Option<u8> {
    u8::from_str_radix(text, 16).ok()
}

fn only(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        tcvn3: ['\0'; 256],
        viscii: ['\0'; 256],
        windows1258: ['\0'; 256],
        vni: ['\0'; 256],
        vni_pairs: Vec::new(),
    };
    for line in include_str!("../../rules/tables/tcvn3.csv").lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        // The bytes of the larger sets VN1 and VN2 are punctuation in the fonts that offices used.
        if let [code, _, _, unicode, _, "VN3", ..] = fields[..]
            && let (Some(code), Some(c)) = (hex(code), only(unicode))
        {
            tables.tcvn3[code as usize] = c;
        }
    }
    for line in include_str!("../../rules/tables/viscii.csv").lines().skip(1) {
        let mut fields = line.split(',');
        if let (Some(code), Some(c)) = (fields.next().and_then(hex), fields.nth(1).and_then(only)) {
            tables.viscii[code as usize] = c;
        }
    }
    for line in include_str!("../../rules/tables/vni.csv").lines().skip(1) {
        let mut fields = line.split(',');
        let (codes, unicode) = (fields.next().unwrap_or(""), fields.nth(1).and_then(only));
        let mut codes = codes.split(' ').filter_map(hex);
        match (codes.next(), codes.next(), unicode) {
            (Some(base), Some(mark), Some(c)) => tables.vni_pairs.push(((base, mark), c)),
            (Some(one), None, Some(c)) => tables.vni[one as usize] = c,
            _ => {}
        }
    }
    tables.vni_pairs.sort_unstable();
    for (code, c) in [
        (0xC3, 'Ă'),
        (0xE3, 'ă'),
        (0xD0, 'Đ'),
        (0xF0, 'đ'),
        (0xD5, 'Ơ'),
        (0xF5, 'ơ'),
        (0xDD, 'Ư'),
        (0xFD, 'ư'),
        (0xFE, '₫'),
        (0xCC, '\u{300}'),
        (0xEC, '\u{301}'),
        (0xD2, '\u{309}'),
        (0xDE, '\u{303}'),
        (0xF2, '\u{323}'),
    ] {
        tables.windows1258[code] = c;
    }
    tables
});

/// The text in Unicode NFC.
pub fn decode(text: &str, charset: Charset) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    decode_into(text, charset, &mut out);
    out
}

fn decode_into(text: &str, charset: Charset, out: &mut String) {
    let tables = &*TABLES;
    let single = match charset {
        Charset::Unicode => return out.push_str(text),
        Charset::Tcvn3 => &tables.tcvn3,
        Charset::Viscii => &tables.viscii,
        Charset::Windows1258 => &tables.windows1258,
        Charset::Vni => &tables.vni,
    };
    let from = out.len();
    let of = |c: char| byte(c).and_then(|b| single.get(b as usize).copied()).filter(|c| *c != '\0').unwrap_or(c);
    match charset {
        Charset::Vni => {
            let mut chars = text.chars().peekable();
            while let Some(c) = chars.next() {
                let pair = chars.peek().and_then(|&mark| {
                    // Marks are all above ASCII: most letters need no search.
                    let key = (byte(c)?, byte(mark).filter(|m| *m >= 0x80)?);
                    let at = tables.vni_pairs.binary_search_by_key(&key, |p| p.0).ok()?;
                    tables.vni_pairs.get(at).map(|p| p.1)
                });
                if pair.is_some() {
                    chars.next();
                }
                out.push(pair.unwrap_or_else(|| of(c)));
            }
        }
        Charset::Windows1258 => out.extend(text.chars().map(of).nfc()),
        Charset::Viscii => {
            let mut before = ' ';
            out.extend(text.chars().map(|c| {
                // The no-break space is the capital Õ, which stands behind a capital.
                let space = c == '\u{A0}' && !before.is_ascii_uppercase();
                before = c;
                if space { c } else { of(c) }
            }));
        }
        _ => {
            out.extend(text.chars().map(of));
            if let Some(raised) = out.get(from..).and_then(raised) {
                out.truncate(from);
                out.push_str(&raised);
            }
        }
    }
}

/// TCVN3 has no capitals with tones: `BÁO CÁO` was typed as `B¸O C¸O` and shown by a font of capitals. Words whose plain letters are all
/// capitals are raised, those that do not say (`Là`, `ở`) go with their neighbours on the line. None where nothing changes.
fn raised(text: &str) -> Option<String> {
    #[derive(Clone, Copy, PartialEq)]
    enum Case {
        Capitals,
        Small,
        Open,
    }
    let case = |word: &str| {
        let (mut capitals, mut small, mut late) = (0, 0, false);
        let mut before = false;
        for c in word.chars().filter(|c| c.is_alphabetic()) {
            capitals += usize::from(c.is_uppercase());
            small += usize::from(c.is_ascii_lowercase());
            late |= before && c.is_uppercase();
            before |= c.is_lowercase();
        }
        match (capitals, small) {
            (_, 1..) => Case::Small,
            // Two capitals, or one behind a small letter with a tone: `ủY`.
            (2.., 0) => Case::Capitals,
            (1, 0) if late => Case::Capitals,
            _ => Case::Open,
        }
    };
    let mixed = |word: &str| !word.is_ascii() && word.chars().any(|c| !c.is_ascii() && c.is_lowercase());
    if !text.split_whitespace().any(|w| mixed(w) && case(w) == Case::Capitals) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let words: Vec<&str> = line.split_inclusive([' ', '\t', '\u{A0}', '\n']).collect();
        let cases: Vec<Case> = words.iter().map(|w| case(w)).collect();
        for (at, word) in words.iter().enumerate() {
            let near = |cases: &mut dyn Iterator<Item = &Case>| cases.copied().find(|c| *c != Case::Open);
            let raise = mixed(word)
                && match cases.get(at) {
                    Some(Case::Capitals) => true,
                    Some(Case::Open) => {
                        let before = near(&mut cases.iter().take(at).rev().take(NEAR));
                        let after = near(&mut cases.iter().skip(at + 1).take(NEAR));
                        let small = before == Some(Case::Small) || after == Some(Case::Small);
                        !small && (before == Some(Case::Capitals) || after == Some(Case::Capitals))
                    }
                    _ => false,
                };
            if raise { out.push_str(&word.to_uppercase()) } else { out.push_str(word) }
        }
    }
    Some(out)
}

/// Whether a text holds a letter that no legacy text shows: `ơ ư đ ă` and the letters with two marks.
pub fn has_unicode(text: &str) -> bool {
    text.chars().any(is_modern)
}

fn is_modern(c: char) -> bool {
    matches!(c, '\u{1EA0}'..='\u{1EF9}' | 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư')
        || matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}')
}

/// Of the words with marks: how many become possible syllables in a reading, and how many there are.
pub fn score(text: &str, charset: Charset) -> (usize, usize) {
    let (mut good, mut all) = (0, 0);
    let mut word = String::new();
    for chunk in text.split([' ', '\t', '\n', '\r']).filter(|c| !c.is_ascii()).take(SAMPLE) {
        word.clear();
        decode_into(chunk, charset, &mut word);
        if let Some(fits) = fits(&word, chunk) {
            all += 1;
            good += usize::from(fits);
        }
    }
    (good, all)
}

/// Whether all words of a decoded chunk are possible syllables; None where it says nothing: no word with a mark, or an abbreviation.
fn fits(decoded: &str, source: &str) -> Option<bool> {
    let odd = |c: char| matches!(c, '\u{80}'..='\u{9F}' | '\u{A1}'..='\u{BF}' | '×' | '÷');
    let mut said = None;
    let mut before = ' ';
    for (at, c) in decoded.char_indices() {
        // A sign beside a letter, or a soft hyphen: what a wrong reading leaves.
        let beside = before.is_alphabetic() || decoded[at + c.len_utf8()..].starts_with(char::is_alphabetic);
        if odd(c) && beside && !matches!(c, '«' | '»' | '·' | '§' | '°' | '²' | '³') {
            return Some(false);
        }
        before = c;
    }
    for word in decoded.split(|c: char| !c.is_alphabetic() && !is_modern(c)).filter(|w| !w.is_ascii()) {
        let vowel = word.chars().any(|c| letter(c).is_none_or(|l| l.vowel));
        if !vowel {
            continue;
        }
        if !is_syllable_of(word.nfc()) {
            return Some(false);
        }
        said = Some(true);
    }
    // Marks that vanish altogether are no reading of letters.
    said.or_else(|| source.chars().any(|c| c == '\u{AD}').then_some(false))
}

fn share((good, all): (usize, usize)) -> f64 {
    if all == 0 { 1.0 } else { good as f64 / all as f64 }
}

/// The encoding of a text, with the share of its marked words that become possible syllables. `hint` is what the font says; without
/// one a legacy encoding must be plain to see.
pub fn detect(text: &str, hint: Option<Charset>) -> (Charset, f64) {
    let plain = score(text, Charset::Unicode);
    if plain.1 == 0 && LEGACY.iter().all(|c| score(text, *c).1 == 0) {
        return (hint.unwrap_or(Charset::Unicode), 1.0);
    }
    let as_is = share(plain);
    if let Some(hint) = hint.filter(|h| *h != Charset::Unicode) {
        let hinted = share(score(text, hint));
        if hinted == as_is && decode(text, hint) == text {
            return (Charset::Unicode, as_is);
        }
        if hinted >= as_is && (hinted >= 0.5 || plain.1 < FEWEST) && !has_unicode(text) {
            return (hint, hinted);
        }
        if as_is > hinted || has_unicode(text) {
            return (Charset::Unicode, as_is);
        }
    }
    if has_unicode(text) || as_is >= SURE {
        return (Charset::Unicode, as_is);
    }
    let mut best: Vec<(f64, usize, Charset)> = LEGACY
        .iter()
        .map(|&charset| {
            let found = score(text, charset);
            (share(found), found.1, charset)
        })
        .filter(|found| found.1 >= FEWEST)
        .collect();
    best.sort_by(|a, b| b.0.total_cmp(&a.0));
    let second = best.get(1).map_or(0.0, |b| b.0).max(as_is);
    match best.first() {
        Some(&(share, _, charset)) if share >= SURE && share >= second + MARGIN => (charset, share),
        _ => (Charset::Unicode, as_is),
    }
}

/// Decodes the words of a mixed text one by one: those that are Unicode, or are syllables as they stand, stay.
pub fn decode_mixed(text: &str, charset: Charset) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for chunk in text.split_inclusive([' ', '\t', '\n']) {
        let keep = chunk.is_ascii() || has_unicode(chunk) || {
            let (good, all) = score(chunk, Charset::Unicode);
            let (decoded, _) = score(chunk, charset);
            all > 0 && good >= decoded
        };
        decode_into(chunk, if keep { Charset::Unicode } else { charset }, &mut out);
    }
    out
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A text in a legacy encoding, as windows-1252 shows it: the tables read backwards.
    pub(crate) fn encode(text: &str, charset: Charset) -> String {
        let tables = &*TABLES;
        let shown = |b: u8| from_bytes(&[b]);
        let find = |single: &Single, c: char| single.iter().position(|s| *s == c).map(|b| shown(b as u8));
        let mut out = String::new();
        for c in text.chars() {
            let code = match charset {
                Charset::Unicode => None,
                Charset::Tcvn3 => find(&tables.tcvn3, c).or_else(|| find(&tables.tcvn3, crate::text::letter::lower(c))),
                Charset::Viscii => find(&tables.viscii, c),
                Charset::Vni => find(&tables.vni, c).or_else(|| {
                    let pair = tables.vni_pairs.iter().find(|p| p.1 == c)?;
                    Some(shown(pair.0.0) + &shown(pair.0.1))
                }),
                Charset::Windows1258 => {
                    let tone = letter(c).map_or(0, |l| l.tone) as usize;
                    let base = crate::text::letter::with_tone(c, 0);
                    let base = find(&tables.windows1258, base).unwrap_or_else(|| base.to_string());
                    let mark = [0, 0xCC, 0xEC, 0xD2, 0xDE, 0xF2][tone];
                    Some(if mark == 0 { base } else { base + &shown(mark) })
                }
            };
            match code {
                Some(code) => out.push_str(&code),
                None => out.push(c),
            }
        }
        out
    }

    const TEXT: &str = "Trong năm 2022, ủy ban nhân dân xã đã tiếp nhận 1.815 hồ sơ, giải quyết đúng hạn 95,23%; còn lại chưa \
        giải quyết do người nộp bổ sung giấy tờ. Đã công khai đầy đủ thủ tục hành chính tại bộ phận một cửa, tỷ lệ hài lòng được \
        khảo sát đạt trên 90%.";

    #[test]
    fn every_encoding_is_found_by_its_letters_and_read_back() {
        for charset in LEGACY {
            let legacy = encode(TEXT, charset);
            let (found, score) = detect(&legacy, None);
            assert_eq!((found, score > 0.95), (charset, true), "{legacy}");
            assert_eq!(decode(&legacy, charset), TEXT);
        }
        assert_eq!(detect(TEXT, None).0, Charset::Unicode);
    }

    #[test]
    fn fonts_lie() {
        assert_eq!(detect(TEXT, Some(Charset::Tcvn3)).0, Charset::Unicode);
        assert_eq!(detect("là và hà nhà", Some(Charset::Tcvn3)).0, Charset::Unicode);
        assert_eq!(detect(&encode(TEXT, Charset::Tcvn3), Some(Charset::Vni)).0, Charset::Tcvn3);
        assert_eq!(detect("UBND 12/BC", Some(Charset::Vni)), (Charset::Vni, 1.0));
        assert_eq!(detect("c«ng", Some(Charset::Tcvn3)), (Charset::Tcvn3, 1.0));
        let mixed = format!("{} người dân", encode("thủ tục", Charset::Tcvn3));
        assert_eq!(decode_mixed(&mixed, Charset::Tcvn3), "thủ tục người dân");
    }

    #[test]
    fn other_languages_stay() {
        let french = "L'école a été fermée à cause de la grève générale décidée par les employés déçus; ".repeat(4);
        assert_eq!(detect(&french, None).0, Charset::Unicode);
        assert_eq!(detect("", None), (Charset::Unicode, 1.0));
        assert_eq!(detect("100% – “x” …", None), (Charset::Unicode, 1.0));
    }

    #[test]
    fn font_names() {
        assert_eq!(Charset::of_font(".VnTime"), Some(Charset::Tcvn3));
        assert_eq!(Charset::of_font("VNI-Times"), Some(Charset::Vni));
        assert_eq!(Charset::of_font("VI Times"), Some(Charset::Viscii));
        assert_eq!(Charset::of_font("Verdana"), None);
        assert!(is_capital_font(".VnTimeH") && is_capital_font(".VnArialH") && !is_capital_font(".VnTime"));
    }

    #[test]
    fn traps_of_tcvn3() {
        // ư is the soft hyphen, ạ the superscript one; private-use copies of the font count too.
        assert_eq!(decode("ng\u{AD}êi d©n h¹n 25 m²", Charset::Tcvn3), "người dân hạn 25 m²");
        assert_eq!(decode("h\u{F0B5}nh", Charset::Tcvn3), "hành");
        assert_eq!(decode("kết quả", Charset::Unicode), "kết quả");
        // Capitals with tones are typed as small letters.
        let typed = encode("BÁO CÁO Ở XÃ LÀ TỐT\nÀ và Ủy ban xã Ý Yên, ỦY BAN", Charset::Tcvn3);
        assert_eq!(decode(&typed, Charset::Tcvn3), "BÁO CÁO Ở XÃ LÀ TỐT\nà và ủy ban xã ý Yên, ỦY BAN");
    }
}
