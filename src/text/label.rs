//! How alike two labels are: the measure behind aligning a printed table with a known form.
//!
//! Two labels go in, a number from 0 to 1 comes out. Words are aligned in order (longest common subsequence with word weights): equal
//! words count 1, words equal without marks 0.85, words of three and more letters with one letter wrong 0.7; the sum is divided by the
//! mean of both lengths. A remark in brackets that only one side has costs little. Labels are prepared once (`Label::new`), so that a
//! comparison allocates nothing: tables times forms ask for thousands.

use crate::text::fold::{bare_of_folded, fold, tokens};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Words equal but for lost or wrong marks.
const BARE_WEIGHT: f64 = 0.85;
/// Words with one letter wrong, missing or added.
const NEAR_WEIGHT: f64 = 0.7;
/// What a comparison without the bracketed remarks is worth.
const REMARK_WEIGHT: f64 = 0.96;
/// Words beyond this many are not aligned: no label of a form is longer, and hostile cells must cost nothing.
const MOST_WORDS: usize = 80;
/// Letters of a word that are compared for being near.
const MOST_LETTERS: usize = 12;

/// One word, prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Word {
    full: u64,
    bare: u64,
    letters: [u8; MOST_LETTERS],
    length: u8,
    /// One bit for each letter that occurs; the highest for a digit.
    mask: u32,
}

impl Word {
    fn new(folded: &str) -> Word {
        let plain = bare_of_folded(folded);
        let mut letters = [0; MOST_LETTERS];
        for (slot, byte) in letters.iter_mut().zip(plain.bytes()) {
            *slot = byte;
        }
        let bit = |b: u8| if b.is_ascii_lowercase() { 1u32 << (b - b'a') } else { 1 << 31 };
        let mask = plain.bytes().fold(0, |mask, b| mask | bit(b));
        Word { full: hash(folded), bare: hash(&plain), letters, length: plain.len().min(255) as u8, mask }
    }

    fn like(&self, other: &Word) -> f64 {
        if self.full == other.full {
            1.0
        } else if self.bare == other.bare {
            BARE_WEIGHT
        } else if self.near(other) {
            NEAR_WEIGHT
        } else {
            0.0
        }
    }

    /// One letter replaced, added or lost, in words of three to twelve letters; numbers are never near.
    fn near(&self, other: &Word) -> bool {
        // One letter replaced changes at most two bits: most pairs end here.
        if (self.mask ^ other.mask).count_ones() > 2 || self.mask >> 31 == 1 {
            return false;
        }
        let (a, b) = (self.length as usize, other.length as usize);
        let sane = 3..=MOST_LETTERS;
        if !sane.contains(&a) || !sane.contains(&b) || a.abs_diff(b) > 1 {
            return false;
        }
        let (a, b) = (&self.letters[..a], &other.letters[..b]);
        let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
        head + tail + 1 >= a.len().max(b.len())
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Words with a bit for each of them, to see at once that two lists share little.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Words {
    list: Vec<Word>,
    mask: u128,
}

impl Words {
    fn new(folded: &str) -> Words {
        let list: Vec<Word> = tokens(folded).take(MOST_WORDS).map(Word::new).collect();
        let mask = list.iter().fold(0, |mask, word| mask | 1u128 << (word.bare % 128));
        Words { list, mask }
    }

    /// The most that alignment could give.
    fn bound(&self, other: &Words) -> f64 {
        let (a, b) = (self.list.len(), other.list.len());
        if a == 0 || b == 0 || self.mask & other.mask == 0 {
            return 0.0;
        }
        let short = a.min(b) as f64;
        // Repeated words share a bit: only a list without repeats lets the bits count.
        let repeats = |w: &Words| w.list.len() as u32 - w.mask.count_ones();
        let shared = ((self.mask & other.mask).count_ones() + repeats(self).max(repeats(other))) as f64;
        let best = shared.min(short) + NEAR_WEIGHT * (short - shared).max(0.0);
        2.0 * best / (a + b) as f64
    }

    fn similarity(&self, other: &Words, floor: f64) -> f64 {
        if self.list == other.list {
            return if self.list.is_empty() { 0.0 } else { 1.0 };
        }
        let bound = self.bound(other);
        if bound == 0.0 || bound < floor {
            return 0.0;
        }
        let (n, m) = (self.list.len(), other.list.len());
        let mean = (n + m) as f64 / 2.0;
        // What the words to come can add is at most one each: as soon as that is too little, the rest is not worth its time.
        let needed = floor * mean - 1e-9;
        let mut row = [0.0f64; MOST_WORDS + 1];
        for (i, a) in self.list.iter().enumerate() {
            let mut diagonal = 0.0;
            let mut left = 0.0f64;
            for (b, cell) in other.list.iter().zip(&mut row[1..]) {
                let above = *cell;
                left = above.max(left).max(diagonal + a.like(b));
                *cell = left;
                diagonal = above;
            }
            if left + ((n - 1 - i) as f64) < needed {
                return 0.0;
            }
        }
        row[m] / mean
    }
}

/// A label prepared for many comparisons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Label {
    all: Words,
    /// Without what stands in brackets; None where there are no brackets or nothing but brackets.
    core: Option<Words>,
}

impl Label {
    /// Prepares a clean text; it need not be folded.
    pub fn new(text: &str) -> Label {
        let all = Words::new(&fold(text));
        let core = text.contains('(').then(|| Words::new(&fold(&without_brackets(text))));
        Label { core: core.filter(|c| !c.list.is_empty() && c.list != all.list), all }
    }

    /// 0 to 1.
    pub fn similarity(&self, other: &Label) -> f64 {
        self.similarity_above(other, 0.0)
    }

    /// The same, or 0 where the similarity is surely below `floor`: quicker for picking the best of many.
    pub fn similarity_above(&self, other: &Label, floor: f64) -> f64 {
        let whole = self.all.similarity(&other.all, floor);
        if whole >= 1.0 || (self.core.is_none() && other.core.is_none()) {
            return whole;
        }
        let mine = self.core.as_ref().unwrap_or(&self.all);
        let theirs = other.core.as_ref().unwrap_or(&other.all);
        whole.max(REMARK_WEIGHT * mine.similarity(theirs, floor))
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.all.list.len()
    }

    /// Whether it holds no word.
    pub fn is_empty(&self) -> bool {
        self.all.list.is_empty()
    }
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth = depth.saturating_sub(1);
                out.push(' ');
            }
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// How alike two folded labels are, 0 to 1: word alignment that forgives marks lost, single letters wrong, words added.
pub fn similarity(a: &str, b: &str) -> f64 {
    if a == b {
        return if a.is_empty() { 0.0 } else { 1.0 };
    }
    Words::new(a).similarity(&Words::new(b), 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(a: &str, b: &str) -> f64 {
        Label::new(a).similarity(&Label::new(b))
    }

    #[test]
    fn same_words_are_one() {
        assert_eq!(like("Số TTHC đã công khai", "số thủ tục hành chính đã công khai:"), 1.0);
        assert_eq!(like("", ""), 0.0);
        assert_eq!(like("a", ""), 0.0);
    }

    #[test]
    fn damage_is_forgiven() {
        assert!(like("Cải cách thể chế", "Cải cách thuế chê") > 0.85);
        assert!(like("cơ quan ngành dọc", "cơ quan ngành đọc") > 0.9);
        assert!(like("Số văn bản điều hành", "Sô văn bản điêu hành") > 0.9);
        assert!(like("Số lớp đã mở (trong đó có lớp trực tuyến)", "Số lớp đã mở") > 0.9);
    }

    #[test]
    fn other_things_are_told_apart() {
        let on_time = "Số hồ sơ giải quyết đúng hạn";
        assert!(like(on_time, "Số hồ sơ giải quyết quá hạn") < 0.9);
        assert!(like(on_time, "Số đơn vị đã kiểm tra") < 0.45);
        assert_eq!(like("Biên chế được giao", "Hộp thư"), 0.0);
        assert!(like("mức độ 3", "mức độ 4") < 0.7);
    }

    #[test]
    fn floor_and_symmetry() {
        let labels = ["Số văn bản ban hành", "Số văn bản đã xử lý", "Tỷ lệ đúng hạn", "Tổng số TTHC", "số số số", "số"]
            .map(Label::new);
        for a in &labels {
            for b in &labels {
                let exact = a.similarity(b);
                assert!((exact - b.similarity(a)).abs() < 1e-12);
                assert!((0.0..=1.0).contains(&exact));
                let quick = a.similarity_above(b, 0.5);
                assert!(if exact >= 0.5 { quick == exact } else { quick == 0.0 || quick == exact });
            }
        }
    }

    #[test]
    fn endless_labels_cost_little() {
        let long = Label::new(&"số hồ sơ ".repeat(100_000));
        assert!(long.len() <= 80 && long.similarity(&long) == 1.0);
    }
}
