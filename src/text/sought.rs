//! Fixed words that several readers look for in every text of a document, found in one pass.
//!
//! In: clean texts. Out: each in small letters, byte for byte, with the places of the words sought. Who asks names the words that he
//! means and gets the leftmost of them, of those that start together the longest, none over another. What a word means there is the
//! asker's business.

use crate::text::letter::{in_word, lower_into};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use std::ops::Range;
use std::sync::LazyLock;

/// All words sought, in small letters.
const WORDS: [&str; 42] = [
    // Zero statements and numbers in words.
    "không",
    "chưa",
    "một",
    "hai",
    "ba",
    "bốn",
    "năm",
    "sáu",
    "bảy",
    "bẩy",
    "tám",
    "chín",
    "mười",
    // Units of the administration and its levels.
    "xã",
    "xă",
    "phường",
    "thị trấn",
    "thị trân",
    "thị, trấn",
    "đặc khu",
    "huyện",
    "huyên",
    "quận",
    "thị xã",
    "tx",
    "thành phố",
    "thành phố trực thuộc trung ương",
    "thành phố thuộc tỉnh",
    "tp",
    "tỉnh",
    "trung ương",
    "sở",
    "thôn",
    "ấp",
    "khu phố",
    "khóm",
    "khu dân cư",
    "tổ dân phố",
    // Parts of the words for an appendix.
    "lục",
    "luc",
    "iểu",
    "ẫu ",
];

/// The words from this one on are looked for inside others too.
const PARTS: usize = number_of("lục");

/// A number for a word: its place among all.
pub const fn number_of(word: &str) -> usize {
    let mut at = 0;
    while at < WORDS.len() {
        if same(WORDS[at].as_bytes(), word.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no word that is sought")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Some of the words.
#[derive(Debug, Clone, Copy)]
pub struct Set(u64);

impl Set {
    /// Of words that are sought.
    pub const fn of(words: &[&str]) -> Set {
        let (mut set, mut at) = (0, 0);
        while at < words.len() {
            set |= 1 << number_of(words[at]);
            at += 1;
        }
        Set(set)
    }

    fn holds(self, word: u8) -> bool {
        self.0 >> word & 1 == 1
    }
}

/// What some of the words mean to who asks for them.
#[derive(Debug)]
pub struct Meanings<T> {
    /// Those words.
    pub words: Set,
    by_number: [Option<T>; WORDS.len()],
}

impl<T: Copy> Meanings<T> {
    /// Of words that are sought, with what they mean.
    pub const fn of(words: &[(&str, T)]) -> Meanings<T> {
        let (mut set, mut by_number, mut at) = (0, [None; WORDS.len()], 0);
        while at < words.len() {
            let number = number_of(words[at].0);
            set |= 1 << number;
            by_number[number] = Some(words[at].1);
            at += 1;
        }
        Meanings { words: Set(set), by_number }
    }

    /// What a word means.
    pub fn get(&self, word: usize) -> Option<T> {
        self.by_number.get(word).copied().flatten()
    }
}

/// How a word is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `thị xã`
    Small,
    /// `Thị xã`
    First,
    /// `THỊ XÃ`
    Capitals,
}

/// A word in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub word: usize,
    /// Its bytes.
    pub range: Range<usize>,
}

impl Found {
    /// How it is printed in the text that it was found in; None for a mixture.
    pub fn case(&self, text: &str) -> Option<Case> {
        let (printed, small) = (text.get(self.range.clone())?, WORDS[self.word]);
        if printed == small {
            return Some(Case::Small);
        }
        let capital = |(a, b): (char, char)| b.to_uppercase().eq([a]);
        let mut letters = printed.chars().zip(small.chars());
        if !letters.next().is_some_and(capital) {
            None
        } else if letters.clone().all(|(a, b)| a == b) {
            Some(Case::First)
        } else {
            letters.all(capital).then_some(Case::Capitals)
        }
    }
}

/// A word by its bytes in the text, or in all texts.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: u32,
    end: u32,
    word: u8,
    /// Whether it may stand there: as a word of its own, if it is one.
    whole: bool,
}

/// A text in small letters with the words in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Low<'t> {
    /// Byte for byte beside the text.
    pub text: &'t str,
    places: &'t [Place],
    /// Where it starts in the coordinates of the places.
    start: usize,
}

impl<'t> Low<'t> {
    /// A part of it.
    pub fn part(self, range: Range<usize>) -> Low<'t> {
        let Range { start, end } = self.start + range.start..self.start + range.end;
        let from = self.places.partition_point(|p| (p.start as usize) < start);
        let to = self.places.partition_point(|p| (p.start as usize) < end);
        Low { text: &self.text[range], places: &self.places[from..to], start }
    }

    /// The words of a set that `may` be meant, none over another, and none over one that is a part of a longer word.
    pub fn words(self, of: Set, may: impl Fn(&Found) -> bool) -> impl Iterator<Item = Found> {
        let (start, length, mut free) = (self.start, self.text.len(), 0);
        self.places.iter().filter(move |p| of.holds(p.word)).filter_map(move |p| {
            let range = p.start as usize - start..p.end as usize - start;
            let found = Found { word: usize::from(p.word), range };
            let taken = found.range.start < free || found.range.end > length || !may(&found);
            if !taken {
                free = found.range.end;
            }
            (!taken && p.whole).then_some(found)
        })
    }
}

static AUTOMATON: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let built = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .prefilter(false)
        .match_kind(MatchKind::Standard)
        .build(WORDS);
    // The patterns are fixed and few; the automaton of nothing is the only alternative and finds nothing.
    built.unwrap_or_else(|_| AhoCorasick::new([""; 0]).unwrap_or_else(|_| unreachable!()))
});

/// Texts in small letters with the words in them.
#[derive(Debug, Default)]
pub struct Lowered {
    all: String,
    places: Vec<Place>,
    /// Where each text ends, and its places.
    ends: Vec<(u32, u32)>,
}

impl Lowered {
    /// Those of texts, in order.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str> + Clone) -> Lowered {
        let (count, bytes) = texts.clone().fold((0, 0), |(count, bytes), text| (count + 1, bytes + text.len()));
        let mut out = Lowered {
            all: String::with_capacity(bytes),
            ends: Vec::with_capacity(count),
            places: Vec::with_capacity(bytes / 64),
        };
        for text in texts {
            let from = out.all.len();
            lower_into(text, &mut out.all);
            out.seek(from);
            out.ends.push((out.all.len() as u32, out.places.len() as u32));
        }
        out
    }

    /// That of one text, which is number 0.
    pub fn alone(text: &str) -> Lowered {
        Lowered::of(std::iter::once(text))
    }

    /// Finds the words from a byte on.
    fn seek(&mut self, from: usize) {
        let text = &self.all[from..];
        // Most cells of a table hold a number.
        if text.bytes().all(|byte| byte < b'A') {
            return;
        }
        let first = self.places.len();
        for found in AUTOMATON.find_overlapping_iter(text) {
            let word = found.pattern().as_usize();
            let inside = || text[..found.start()].ends_with(in_word) || text[found.end()..].starts_with(in_word);
            let whole = word >= PARTS || !inside();
            let place = Place {
                start: (from + found.start()) as u32,
                end: (from + found.end()) as u32,
                word: word as u8,
                whole,
            };
            // They come by their ends.
            let key = |p: &Place| (p.start, std::cmp::Reverse(p.end));
            let before = self.places[first..].iter().rposition(|p| key(p) < key(&place)).map_or(0, |at| at + 1);
            self.places.insert(first + before, place);
        }
    }

    /// One of them, by its number; nothing where there are not so many.
    pub fn text(&self, at: usize) -> Low<'_> {
        let ends = |at: usize| self.ends.get(at).map(|end| (end.0 as usize, end.1 as usize));
        let Some((end, last)) = ends(at) else { return Low::default() };
        let (start, first) = at.checked_sub(1).and_then(ends).unwrap_or_default();
        Low { text: &self.all[start..end], places: &self.places[first..last], start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, of: Set) -> Vec<String> {
        let lowered = Lowered::alone(text);
        let words = lowered.text(0).words(of, |_| true);
        words.map(|found| text[found.range].to_owned()).collect()
    }

    #[test]
    fn the_longest_word_that_is_asked_for() {
        let text = "Thị xã, thị, trấn; THÀNH PHỐ thuộc tỉnh: xã ba";
        assert_eq!(found(text, Set::of(&["xã", "thị xã", "thành phố"])), ["Thị xã", "THÀNH PHỐ", "xã"]);
        assert_eq!(found(text, Set::of(&["xã", "tỉnh"])), ["xã", "tỉnh", "xã"]);
        assert_eq!(found(text, Set::of(&["thành phố", "thành phố thuộc tỉnh", "tỉnh"])), ["THÀNH PHỐ thuộc tỉnh"]);
        assert_eq!(found(text, Set::of(&["ba"])), ["ba"]);
    }

    #[test]
    fn words_are_whole_but_for_parts() {
        let text = "xãhội, cấp, năm2022, Biểu, PHỤ LỤC, biểu mẫu số 1";
        assert_eq!(found(text, Set::of(&["xã", "ấp", "năm"])), [""; 0]);
        assert_eq!(found(text, Set::of(&["lục", "iểu", "ẫu "])), ["iểu", "LỤC", "iểu", "ẫu "]);
    }

    #[test]
    fn each_text_has_its_own_words() {
        let texts = ["một xã", "", "12", "Đã nhận 5; hai huyện, xã"];
        let lowered = Lowered::of(texts.into_iter());
        let of = Set::of(&["xã", "huyện", "một", "hai"]);
        let words = |low: Low| low.words(of, |_| true).map(|f| low.text[f.range].to_owned()).collect::<Vec<_>>();
        assert_eq!(words(lowered.text(0)), ["một", "xã"]);
        assert!(words(lowered.text(1)).is_empty() && words(lowered.text(2)).is_empty());
        let last = lowered.text(3);
        assert_eq!(
            (last.text, words(last)),
            ("đã nhận 5; hai huyện, xã", vec!["hai".into(), "huyện".into(), "xã".into()])
        );
        let part = last.part(last.text.find("huyện").unwrap()..last.text.len() - "ã".len());
        assert_eq!((part.text, words(part)), ("huyện, x", vec!["huyện".to_owned()]));
        assert!(lowered.text(4).text.is_empty());
    }

    #[test]
    fn words_are_printed_in_three_cases() {
        let text = "xã Xã XÃ thị xã Thị xã THỊ XÃ Thị Xã xÃ";
        let lowered = Lowered::alone(text);
        let cases = lowered.text(0).words(Set::of(&["xã", "thị xã"]), |_| true).map(|f| f.case(text));
        use Case::*;
        let three = [Some(Small), Some(First), Some(Capitals)];
        assert!(cases.eq(three.into_iter().chain(three).chain([None, None])));
    }
}
