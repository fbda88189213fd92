//! The shape of a printed numeral and all its readings.
//!
//! Digits and separators go in; readings come out, the chosen one first, each with the cue that speaks for it. Grammar: thousands in
//! groups of exactly three after a first group of one to three; one decimal mark, the last separator. Anything else is malformed and keeps
//! its most plausible reading under `Cue::Default`, so that a checker can doubt it.

use super::{Cue, Habit, Reading, UnitKind};
use rust_decimal::Decimal;

/// Digits beyond this are an identifier, not a figure.
const MOST_DIGITS: usize = 18;

/// A numeral as printed: groups of digits and the separators between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numeral<'t> {
    /// First byte.
    pub start: usize,
    /// One past the last digit.
    pub end: usize,
    /// Digit groups.
    pub groups: Vec<&'t str>,
    /// Separators between them: `.`, `,` or a space.
    pub marks: Vec<u8>,
}

/// Reads a numeral that starts with a digit at `start`.
pub(super) fn lex(text: &str, start: usize) -> Numeral<'_> {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(start);
    let mut numeral = Numeral { start, end, groups: vec![&text[start..end]], marks: Vec::new() };
    while let Some(&mark @ (b'.' | b',')) = bytes.get(end)
        && bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
    {
        let next = digits(end + 1);
        numeral.groups.push(&text[end + 1..next]);
        numeral.marks.push(mark);
        end = next;
    }
    numeral.end = end;
    numeral
}

/// Where a numeral ends whose thousands may be parted by spaces (`1 815`, `1 246,8`).
pub(super) fn spaced(text: &str, first: &Numeral<'_>) -> Option<usize> {
    let bytes = text.as_bytes();
    let one = first.marks.is_empty() && first.groups[0].len() <= 3 && !first.groups[0].starts_with('0');
    let mut end = first.end;
    while one && bytes.get(end) == Some(&b' ') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        let next = lex(text, end + 1);
        if next.groups[0].len() != 3 || next.groups.len() > 2 {
            return None;
        }
        end = next.end;
        if next.groups.len() == 2 {
            break;
        }
    }
    (end > first.end).then_some(end)
}

impl Numeral<'_> {
    /// The value of a plain run of digits.
    pub fn plain(&self) -> Option<u32> {
        match self.groups.as_slice() {
            [one] if one.len() <= 9 => one.parse().ok(),
            _ => None,
        }
    }

    /// Whether it is too long to be a figure.
    pub fn endless(&self) -> bool {
        self.groups.iter().map(|g| g.len()).sum::<usize>() > MOST_DIGITS
    }

    /// A four-digit year.
    pub fn year(&self) -> Option<i16> {
        match self.groups.as_slice() {
            [one] if one.len() == 4 => one.parse().ok().filter(|y| (1900..=2100).contains(y)),
            _ => None,
        }
    }

    fn joined(&self, cue: Cue) -> Option<Reading> {
        Some(Reading { value: self.groups.concat().parse().ok()?, scale: 0, cue })
    }

    fn decimal(&self, cue: Cue) -> Option<Reading> {
        let (tail, head) = self.groups.split_last()?;
        let text = format!("{}.{}", head.concat(), tail);
        Some(Reading { value: text.parse::<Decimal>().ok()?, scale: tail.len() as u32, cue })
    }

    fn grouped(groups: &[&str]) -> bool {
        groups.len() < 2 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3)
    }

    /// All readings under what is known of the unit; empty only where the digits do not fit a decimal.
    pub fn readings(&self, unit: UnitKind, habit: &Habit) -> Vec<Reading> {
        let readings = match self.marks.as_slice() {
            [] => vec![self.joined(Cue::Only)],
            [b' ', .., b',' | b'.'] => vec![self.decimal(Cue::Tail)],
            [b' ', ..] => vec![self.joined(Cue::Unit)],
            [mark] => self.single(*mark, unit, habit),
            marks => {
                let (last, rest) = (marks[marks.len() - 1], &marks[..marks.len() - 1]);
                let head = &self.groups[..self.groups.len() - 1];
                if rest.iter().all(|m| *m == last) {
                    if Numeral::grouped(&self.groups) {
                        vec![self.joined(Cue::Only)]
                    } else {
                        vec![self.joined(Cue::Default), self.decimal(Cue::Default)]
                    }
                } else if rest.iter().all(|m| *m == rest[0]) && Numeral::grouped(head) {
                    vec![self.decimal(Cue::Only)]
                } else {
                    vec![self.joined(Cue::Default), self.decimal(Cue::Default)]
                }
            }
        };
        readings.into_iter().flatten().collect()
    }

    /// One separator: the case that the whole order of cues is for.
    fn single(&self, mark: u8, unit: UnitKind, habit: &Habit) -> Vec<Option<Reading>> {
        let (head, tail) = (self.groups[0], self.groups[1]);
        let integer_first = |cue| vec![self.joined(cue), self.decimal(Cue::Default)];
        let decimal_first = |cue| vec![self.decimal(cue), self.joined(Cue::Default)];
        let zero_head = head == "0" || head == "00";
        if tail.len() != 3 {
            return match unit {
                // A count has no decimals: a digit or a group is lost, or the unit is.
                UnitKind::Count | UnitKind::Code => decimal_first(Cue::Default),
                _ => vec![self.decimal(Cue::Tail)],
            };
        }
        if zero_head {
            return vec![self.decimal(Cue::Only)];
        }
        if head.len() > 3 {
            return match unit {
                UnitKind::Count | UnitKind::Unknown | UnitKind::Code => integer_first(Cue::Default),
                _ => decimal_first(Cue::Default),
            };
        }
        let dot = mark == b'.';
        let (for_integer, for_decimal) =
            if dot { (habit.dot_thousands, habit.dot_decimal) } else { (habit.comma_thousands, habit.comma_decimal) };
        match unit {
            UnitKind::Count | UnitKind::Code => integer_first(Cue::Unit),
            UnitKind::Percent | UnitKind::Score => decimal_first(Cue::Unit),
            UnitKind::Money(power) if dot && power <= 6 => integer_first(Cue::Unit),
            UnitKind::Money(power) if !dot && power >= 6 => decimal_first(Cue::Unit),
            _ if for_integer > 2 * for_decimal => integer_first(Cue::Habit),
            // Scores such as 0.5 beside 1.478 prove nothing; only a document that groups by commas has decimal points of any length.
            _ if dot && for_decimal > 0 && for_integer == 0 && habit.comma_thousands > 0 => decimal_first(Cue::Habit),
            _ if !dot && for_decimal > 2 * for_integer => decimal_first(Cue::Habit),
            _ if dot => integer_first(Cue::Tail),
            _ => decimal_first(Cue::Default),
        }
    }
}
/// The first digit from a byte on. Texts are mostly letters: they are looked at many bytes at a time.
pub(super) fn next_digit(bytes: &[u8], from: usize) -> Option<usize> {
    const AT_ONCE: usize = 32;
    let parts = bytes.get(from..)?.chunks(AT_ONCE).enumerate();
    let mut holding = parts.filter(|(_, part)| part.iter().fold(false, |any, b| any | b.is_ascii_digit()));
    let (part, holds) = holding.next()?;
    holds.iter().position(u8::is_ascii_digit).map(|at| from + part * AT_ONCE + at)
}
