//! One figure: the numeral with its percent sign, multiplier, currency, counted noun and the relation words around it.
//!
//! The text, its lower-case copy (same offsets) and the place of a digit go in; a number with its spans comes out. Whether the digits
//! are a figure at all is asked before, in `decoys`.

use super::lex::{Numeral, lex};
use super::lexicon::{counted, first_word, is_counted, is_measured, pair, starts_word, stops};
use super::spell;
use super::unit::{noun_unit, power_of_money};
use super::{Habit, Number, Relation, UnitKind};
use crate::text::letter::in_word;
use std::ops::Range;

/// Words of a counted noun.
const MOST_WORDS: usize = 8;

/// A text, its lower-case copy and what is known about it.
#[derive(Clone, Copy)]
pub(super) struct Source<'t> {
    /// As printed.
    pub text: &'t str,
    /// Lower case, same offsets.
    pub low: &'t str,
    /// The document's habit.
    pub habit: &'t Habit,
    /// Unit known from outside (a cell's).
    pub unit: UnitKind,
    /// Whether the text is a whole cell.
    pub cell: bool,
}

/// A figure with its places.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub number: Number,
    /// From the first digit to the end of sign, multiplier and currency.
    pub span: Range<usize>,
    /// One past the last digit.
    pub digits_end: usize,
    /// The counted noun; empty range at the end of the span if none.
    pub noun: Range<usize>,
    /// What the noun, sign or unit said.
    pub unit: UnitKind,
}

/// The text from `at`, spaces skipped, with its offset.
pub(super) fn after_spaces(text: &str, at: usize) -> (usize, &str) {
    let rest = text.get(at..).unwrap_or("");
    let trimmed = rest.trim_start_matches(' ');
    (at + rest.len() - trimmed.len(), trimmed)
}

impl<'t> Source<'t> {
    /// Reads the figure whose first digit is at `start`. `given` is a unit known from elsewhere (the other half of a fraction).
    pub fn figure(&self, start: usize, given: Option<UnitKind>) -> Option<Found> {
        let mut numeral = lex(self.text, start);
        if numeral.endless() {
            return None;
        }
        self.group_by_spaces(&mut numeral);
        self.figure_of(numeral, given)
    }

    /// The same for a numeral already read (or repaired).
    pub fn figure_of(&self, numeral: Numeral<'_>, given: Option<UnitKind>) -> Option<Found> {
        let mut end = self.repeated_in_words(numeral.end);
        let digits_end = numeral.end;
        let mut percent = false;
        let (at, rest) = after_spaces(self.low, end);
        if rest.starts_with('%') {
            percent = true;
            end = at + 1;
        } else if starts_word(rest, "phần trăm") {
            percent = true;
            end = at + "phần trăm".len();
        }
        let (multiplier, money) = if percent { (0, false) } else { self.multiplier(&mut end) };
        let noun = self.noun(end);
        let said = noun_unit(&self.low[noun.clone()], &self.text[noun.clone()]);
        let unit = if percent {
            UnitKind::Percent
        } else if money || multiplier > 0 {
            UnitKind::Money(multiplier)
        } else if self.unit != UnitKind::Unknown {
            self.unit
        } else {
            given.filter(|_| said == UnitKind::Unknown).unwrap_or(said)
        };
        let readings = numeral.readings(unit, self.habit);
        if readings.is_empty() {
            return None;
        }
        let noun_text = self.text.get(noun.clone()).unwrap_or("").to_string();
        let number = Number {
            readings,
            relation: Relation::Equal,
            percent,
            multiplier,
            money,
            negative: false,
            noun: noun_text,
        };
        Some(Found { number, span: numeral.start..end, digits_end, noun, unit })
    }

    /// `1 815`, `1 246,8`: thousands parted by a space, in a cell, before something counted or measured, or where the document has
    /// the habit.
    fn group_by_spaces(&self, numeral: &mut Numeral<'t>) {
        let bytes = self.text.as_bytes();
        let first = match numeral.groups.as_slice() {
            [one] if one.len() <= 3 && !one.starts_with('0') => *one,
            _ => return,
        };
        let mut groups = vec![first];
        let mut marks = Vec::new();
        let mut end = numeral.end;
        while bytes.get(end) == Some(&b' ') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            if groups.len() > 4 {
                return;
            }
            let next = lex(self.text, end + 1);
            let decimals = match next.groups.as_slice() {
                [three] if three.len() == 3 => None,
                [three, decimals] if three.len() == 3 && decimals.len() < 3 => Some(*decimals),
                _ => return,
            };
            groups.push(next.groups[0]);
            marks.push(b' ');
            end = next.end;
            if let Some(decimals) = decimals {
                groups.push(decimals);
                marks.extend(next.marks);
                break;
            }
        }
        if groups.len() < 2 {
            return;
        }
        let (at, rest) = after_spaces(self.low, end);
        let counted = || is_counted(rest, &self.text[at..]) || is_measured(rest) || self.multiplier(&mut { end }).0 > 0;
        // `tháng 6 500 hồ sơ`: the first number belongs to the word before it.
        let named = || {
            let before = self.low[..numeral.start].trim_end_matches(' ');
            ["tháng", "quý", "năm", "ngày", "điều", "khoản", "phường", "quận", "tổ"]
                .iter()
                .any(|word| before.strip_suffix(word).is_some_and(|head| !head.ends_with(in_word)))
        };
        let fits = (self.cell && rest.is_empty()) || counted() || (self.habit.space_thousands > 1 && !named());
        if fits {
            numeral.marks = marks;
            numeral.groups = groups;
            numeral.end = end;
        }
    }

    /// `05 (năm)`: the number again in words.
    fn repeated_in_words(&self, end: usize) -> usize {
        let (at, rest) = after_spaces(self.low, end);
        let Some(inside) = rest.strip_prefix('(') else { return end };
        match spell::parse(inside) {
            Some(words) if inside[words.length..].trim_start().starts_with(')') => {
                let close = inside[words.length..].find(')').unwrap_or(0);
                at + 1 + words.length + close + 1
            }
            _ => end,
        }
    }

    /// Multiplier words and currency; moves `end` past them.
    fn multiplier(&self, end: &mut usize) -> (u32, bool) {
        let mut power = 0;
        loop {
            let (at, rest) = after_spaces(self.low, *end);
            let word = first_word(rest);
            let more = match word {
                "nghìn" | "ngàn" => 3,
                "vạn" => 4,
                "triệu" | "tr" => 6,
                "tỷ" | "tỉ"
                    if !starts_word(&rest[word.len()..], " lệ") && !starts_word(&rest[word.len()..], " trọng") =>
                {
                    9
                }
                "trđ" => 6,
                _ => 0,
            };
            if more == 0 || power + more > 15 {
                break;
            }
            *end = at + word.len();
            power += more;
            if word == "trđ" {
                return (power, true);
            }
            if word == "tr" && self.low[*end..].starts_with(".đ") {
                *end += ".đ".len();
                return (power, true);
            }
        }
        let (at, rest) = after_spaces(self.low, *end);
        match power_of_money(rest) {
            Some(length) => {
                *end = at + length;
                (power, true)
            }
            None => (power, false),
        }
    }

    /// The counted noun phrase after `end`.
    pub fn noun(&self, end: usize) -> Range<usize> {
        let (start, _) = after_spaces(self.low, end);
        let mut at = start;
        let mut last = start;
        let mut words = 0;
        while words < MOST_WORDS {
            let rest = &self.low[at..];
            let word = first_word(rest);
            if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
                break;
            }
            if let Some(length) = pair(rest) {
                last = at + length;
                words += first_words(&rest[..length]);
            } else if words > 0 && stops(rest)
                || words == 0 && stops(rest) && counted(rest).is_none() && !is_measured(rest)
            {
                break;
            } else if words == 0 && rest.starts_with("đ/c") {
                last = at + "đ/c".len();
                words += 1;
            } else {
                // A capital after the first word starts a name or the next sentence's subject, unless all is capitals (`TTHC`).
                let print = first_word(&self.text[at..]);
                let name =
                    print.chars().next().is_some_and(char::is_uppercase) && !print.chars().all(char::is_uppercase);
                if words > 0 && name && counted(rest).is_none() {
                    break;
                }
                last = at + word.len();
                words += 1;
            }
            if !self.low[last..].starts_with(' ') {
                break;
            }
            at = last + 1;
        }
        start.min(last)..last
    }

    /// Relation words and signs before `start`; gives where they begin.
    pub fn relation_before(&self, start: usize) -> (Relation, usize) {
        let mut relation = None;
        let mut begin = start;
        for _ in 0..3 {
            let head = self.low[..begin].trim_end_matches(' ');
            let found = RELATIONS.iter().find(|(word, _)| {
                head.strip_suffix(word).is_some_and(|before| {
                    !word.starts_with(char::is_alphabetic) || !before.ends_with(|c: char| c.is_alphanumeric())
                })
            });
            let Some(&(word, said)) = found else { break };
            // `22/39 = >`: an arrow or tag is no relation.
            if matches!(word, ">" | "<") && head[..head.len() - 1].ends_with(['=', '-', '<', '>']) {
                break;
            }
            begin = head.len() - word.len();
            relation.get_or_insert(said);
        }
        (relation.unwrap_or_default(), begin)
    }

    /// `trở lên` after the figure or after up to four words of its noun: the relation and where it ends.
    pub fn relation_after(&self, end: usize, noun: &Range<usize>) -> Option<(Relation, usize)> {
        // `601 người đánh giá hài lòng trở lên`: a grade and those above it, of just so many people.
        const GRADES: [&str; 8] = ["hài lòng", "tốt", "khá", "trung bình", "đạt", "đại học", "cao đẳng", "trung cấp"];
        let grade = self.low.get(noun.clone()).is_some_and(|noun| GRADES.iter().any(|g| noun.trim_end().ends_with(g)));
        for from in [Some(end), (!grade).then_some(noun.end)].into_iter().flatten() {
            let (at, rest) = after_spaces(self.low, from);
            for (word, relation) in [("trở lên", Relation::AtLeast), ("trở xuống", Relation::AtMost)] {
                if starts_word(rest, word) {
                    return Some((relation, at + word.len()));
                }
            }
        }
        None
    }
}

fn first_words(text: &str) -> usize {
    text.split(' ').count()
}

/// Longest first where one ends another.
const RELATIONS: [(&str, Relation); 30] = [
    ("không dưới", Relation::AtLeast),
    ("không quá", Relation::AtMost),
    ("không vượt quá", Relation::AtMost),
    ("không thấp hơn", Relation::AtLeast),
    ("tối thiểu là", Relation::AtLeast),
    ("tối thiểu", Relation::AtLeast),
    ("ít nhất là", Relation::AtLeast),
    ("ít nhất", Relation::AtLeast),
    ("tối đa là", Relation::AtMost),
    ("tối đa", Relation::AtMost),
    ("trên dưới", Relation::About),
    ("xấp xỉ", Relation::About),
    ("ước đạt", Relation::About),
    ("ước khoảng", Relation::About),
    ("ước tính", Relation::About),
    ("ước", Relation::About),
    ("khoảng", Relation::About),
    ("gần", Relation::About),
    ("hơn", Relation::Greater),
    ("trên", Relation::Greater),
    ("dưới", Relation::Less),
    (">=", Relation::AtLeast),
    ("=>", Relation::AtLeast),
    ("<=", Relation::AtMost),
    ("≥", Relation::AtLeast),
    ("≤", Relation::AtMost),
    (">", Relation::Greater),
    ("<", Relation::Less),
    ("~", Relation::About),
    ("≈", Relation::About),
];
