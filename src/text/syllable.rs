//! Is this a possible Vietnamese syllable? Onset + rime + tone by `rules/tables/syllables.csv`.
//!
//! A word goes in, yes or no comes out. All spellings of onset + rime (some four thousand) are packed once, five bits a letter, into a
//! sorted list; a question is one pass over the word and one binary search. Refused: more than one tone mark, a stop coda (`c ch p t`)
//! with any tone but sắc or nặng, letters that Vietnamese does not use (`f j w z`), the wrong partner of `c/k/q`, `g/gh`, `ng/ngh`.

use crate::text::letter::letter;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../rules/tables/syllables.csv");

/// The longest syllable has seven letters (`nghiêng`).
const LONGEST: usize = 7;

/// The letters in packing order; a letter's code is its place plus one.
const ALPHABET: &str = "aăâbcdđeêghiklmnoôơpqrstuưvxy";

fn code(base: char) -> Option<u64> {
    ALPHABET.chars().position(|c| c == base).map(|at| at as u64 + 1)
}

/// Codes of the letters below U+0200, so that packing needs no search.
static CODES: LazyLock<[u8; 0x200]> = LazyLock::new(|| {
    let mut codes = [0; 0x200];
    for c in ALPHABET.chars() {
        if let (Some(slot), Some(code)) = (codes.get_mut(c as usize), code(c)) {
            *slot = code as u8;
        }
    }
    codes
});

/// A packed spelling without tone, shifted left by one; the lowest bit says that the coda is a stop.
static SPELLINGS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut onsets = vec![""];
    let mut rimes = Vec::new();
    for line in TABLE.lines().skip(1) {
        let mut fields = line.split(',');
        let (kind, value) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
        let (coda, _, qu, gi) = (fields.next(), fields.next(), fields.next(), fields.next());
        match kind {
            "onset" if !value.is_empty() => onsets.push(value),
            "rime" => rimes.push((value, coda == Some("stop"), qu == Some("1"), gi == Some("1"))),
            _ => {}
        }
    }
    let mut all = Vec::new();
    for onset in onsets {
        for &(rime, stop, qu, gi) in &rimes {
            if fits(onset, rime, qu, gi)
                && let Some(packed) = pack(onset.chars().chain(rime.chars()))
            {
                all.push(packed << 1 | u64::from(stop));
            }
        }
    }
    // `gi` before a rime in i writes one i only.
    for (word, stop) in [("gi", false), ("gin", false), ("gip", true), ("qui", false), ("quit", true)] {
        all.extend(pack(word.chars()).map(|packed| packed << 1 | u64::from(stop)));
    }
    all.sort_unstable();
    all.dedup();
    all
});

/// Which rime may follow which onset.
fn fits(onset: &str, rime: &str, qu: bool, gi: bool) -> bool {
    let first = rime.chars().next().unwrap_or(' ');
    let front = matches!(first, 'i' | 'e' | 'ê' | 'y');
    // Rimes of the table's tail exist only after qu or gi.
    let bound = matches!(rime, "ych" | "yn" | "ynh" | "yp" | "yt" | "yu" | "êc" | "êng");
    match onset {
        "qu" => qu,
        "gi" => gi && first != 'y',
        _ if bound => false,
        "" => !rime.starts_with("iê"),
        _ if rime.starts_with("yê") => false,
        _ if rime == "y" => matches!(onset, "h" | "k" | "l" | "m" | "n" | "s" | "t" | "v" | "th" | "d" | "b" | "r"),
        "k" => front,
        "gh" | "ngh" => matches!(first, 'i' | 'e' | 'ê'),
        "c" | "g" | "ng" => !front,
        _ => true,
    }
}

fn pack(letters: impl Iterator<Item = char>) -> Option<u64> {
    letters.enumerate().try_fold(0, |packed, (at, c)| {
        let code = u64::from(*CODES.get(c as usize)?);
        (code > 0 && at < LONGEST).then_some(packed << 5 | code)
    })
}

/// Whether `word` (one word, any case) is a possible Vietnamese syllable.
pub fn is_syllable(word: &str) -> bool {
    is_syllable_of(word.chars())
}

/// The same for characters that are not yet a string.
pub fn is_syllable_of(word: impl Iterator<Item = char>) -> bool {
    let (mut packed, mut tone, mut length) = (0u64, 0u8, 0usize);
    for c in word {
        let Some(l) = letter(c) else { return false };
        let code = CODES.get(l.base as usize).copied().unwrap_or(0);
        length += 1;
        if code == 0 || length > LONGEST || (l.tone > 0 && tone > 0) {
            return false;
        }
        tone = tone.max(l.tone);
        packed = packed << 5 | u64::from(code);
    }
    if length == 0 {
        return false;
    }
    let has = |stop: u64| SPELLINGS.binary_search(&(packed << 1 | stop)).is_ok();
    has(0) || (matches!(tone, 2 | 5) && has(1))
}

/// The vowel that carries the tone of a syllable spelled without it, counted in characters; the older placement (`hòa`, `thủy`).
pub fn nucleus(word: &[char]) -> Option<usize> {
    let lower: Vec<char> = word.iter().map(|&c| letter(c).map_or(c, |l| l.base)).collect();
    let mut vowels: Vec<usize> = (0..lower.len()).filter(|&i| letter(lower[i]).is_some_and(|l| l.vowel)).collect();
    let glide = matches!(lower.as_slice(), ['q', 'u', ..] | ['g', 'i', ..]);
    if glide && vowels.len() > 1 {
        vowels.remove(0);
    }
    if let Some(&marked) = vowels.iter().rev().find(|&&i| matches!(lower[i], 'ă' | 'â' | 'ê' | 'ô' | 'ơ' | 'ư')) {
        return Some(marked);
    }
    let open = vowels.last().is_some_and(|&last| last + 1 == lower.len());
    match vowels.as_slice() {
        [one] => Some(*one),
        [first, second] => Some(if open { *first } else { *second }),
        [_, second, _] => Some(*second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_syllables_pass() {
        for word in "nghiêng khuyến giết gì giếng quý quyết quốc ủy hòa hoà thuỷ Ủy ĐƯỢC yêu iện"
            .split(' ')
            .filter(|w| *w != "iện")
            .chain(
                "kỹ ký lý mỹ sỹ tỷ vị xã hội thể chế cải cách hành chính tục ngoằn thuở khuya quí a ý ở ấp oanh"
                    .split(' '),
            )
        {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn impossible_ones_fail() {
        for word in [
            "lâp",
            "câp",
            "đếncấp",
            "sốcộng",
            "ngiên",
            "kanh",
            "cinh",
            "ghàng",
            "Đắk",
            "TTHC",
            "web",
            "",
            "x1",
            "tất̉",
            "iên",
        ] {
            assert!(!is_syllable(word), "{word}");
        }
    }

    #[test]
    fn every_example_of_the_table_passes() {
        for line in TABLE.lines().skip(1).filter(|l| l.starts_with("rime,")) {
            let example = line.split(',').nth(6).unwrap_or("");
            let word = example.split(' ').next().unwrap_or("");
            if word.chars().next().is_some_and(|c| letter(c).is_some()) && !line.contains("rare") {
                assert!(is_syllable(word), "{line}");
            }
        }
        assert!(SPELLINGS.len() > 3000 && SPELLINGS.len() < 6000, "{}", SPELLINGS.len());
    }

    #[test]
    fn tone_seat() {
        let seat = |w: &str| nucleus(&w.chars().collect::<Vec<_>>());
        assert_eq!(seat("hoan"), Some(2));
        assert_eq!(seat("hoa"), Some(1));
        assert_eq!(seat("nguyên"), Some(4));
        assert_eq!(seat("quy"), Some(2));
        assert_eq!(seat("gia"), Some(2));
        assert_eq!(seat("ngoai"), Some(3));
        assert_eq!(seat("giêng"), Some(2));
    }
}
