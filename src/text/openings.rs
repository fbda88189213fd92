//! Words that are looked for at the starts of a text's words.
//!
//! In: a few fixed words, a text. Out: where one of them starts at a word's start. Where it ends is the caller's business. The table is
//! built at compile time; most bytes of a text are no first byte of a word that is looked for, or stand inside a word.

use crate::text::letter::in_word;

/// Up to 64 words by their first bytes.
pub struct Openings {
    words: &'static [&'static str],
    /// Whether a word begins with this byte.
    starts: [bool; 256],
    /// Which words have first bytes of this sum: three of a word tell nearly all places apart where none starts.
    by_sum: [u64; 256],
    /// Which words of less than three bytes begin with this byte.
    by_first: [u64; 256],
}

impl Openings {
    /// Of words that are not empty.
    pub const fn new(words: &'static [&'static str]) -> Openings {
        assert!(words.len() <= 64);
        let (mut starts, mut by_sum, mut by_first) = ([false; 256], [0; 256], [0; 256]);
        let mut at = 0;
        while at < words.len() {
            let bytes = words[at].as_bytes();
            starts[bytes[0] as usize] = true;
            match bytes {
                [first, second, third, ..] => by_sum[sum(*first, *second, *third)] |= 1 << at,
                _ => by_first[bytes[0] as usize] |= 1 << at,
            }
            at += 1;
        }
        Openings { words, starts, by_sum, by_first }
    }

    /// Where the words start, in order of place.
    pub fn places<'t>(&'static self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        let bytes = text.as_bytes();
        // Most first bytes follow a plain letter. A word's first byte starts a character.
        let free = |at: &usize| *at == 0 || !bytes[*at - 1].is_ascii_alphanumeric();
        let first = bytes.iter().enumerate().filter(|(_, byte)| self.starts[**byte as usize]).map(|(at, _)| at);
        first.filter(free).filter(|at| self.begin(&bytes[*at..])).filter(|at| !text[..*at].ends_with(in_word))
    }

    /// Whether these bytes begin with one of the words.
    fn begin(&self, bytes: &[u8]) -> bool {
        let mut candidates = bytes.first().map_or(0, |first| self.by_first[*first as usize]);
        if let [first, second, third, ..] = *bytes {
            candidates |= self.by_sum[sum(first, second, third)];
        }
        while candidates != 0 {
            if bytes.starts_with(self.words[candidates.trailing_zeros() as usize].as_bytes()) {
                return true;
            }
            candidates &= candidates - 1;
        }
        false
    }
}

const fn sum(first: u8, second: u8, third: u8) -> usize {
    first.wrapping_mul(31).wrapping_add(second).wrapping_mul(31).wrapping_add(third) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_start_where_words_start() {
        static WORDS: Openings = Openings::new(&["xã", "thị xã", "thị", "đến", "TX", "6"]);
        let found = |text: &str| WORDS.places(text).collect::<Vec<_>>();
        assert_eq!(found("xã, thị xã (đến TX)"), [0, 5, 11, 16, 23]);
        assert_eq!(found("thị trấn; 6 tháng; 16"), [0, 14]);
        assert!(found("axã âxã éđến xa thi x t đế").is_empty() && found("").is_empty());
    }
}
