//! Every reading of a printed number, its relation and stated precision, and the cue that decides among the readings.
//!
//! Grammar and order of cues: `1.815` is 1815 or 1,815 until the unit, the length of its tail, the habit of the document, a twin or
//! arithmetic decides. Nothing is rescaled: `95,23%` is 95.23, `96,174 tỷ đồng` is 96.174 with multiplier 10^9.

mod cell;
mod decoys;
mod figure;
mod lex;
mod lexicon;
mod scan;
mod spell;
#[cfg(test)]
mod tests;
mod unit;

use crate::text::decoy::Decoy;
pub use cell::read_cell;
use figure::Found;
use rust_decimal::Decimal;
pub use scan::{scan, scan_lowered};
use std::ops::{AddAssign, Range};
pub use unit::{code_domain, unit_kind};

/// How the printed number relates to the true one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Relation {
    /// Stated as it is.
    #[default]
    Equal,
    /// `>`, `trên`, `hơn`.
    Greater,
    /// `≥`, `từ … trở lên`, `tối thiểu`, `ít nhất`.
    AtLeast,
    /// `<`, `dưới`.
    Less,
    /// `≤`, `không quá`, `tối đa`.
    AtMost,
    /// `gần`, `khoảng`, `ước`, `xấp xỉ`.
    About,
}

/// What decided for a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// Only one reading is possible.
    Only,
    /// The unit or the counted noun (`hồ sơ`, `%`, `tỷ đồng`).
    Unit,
    /// The number of digits after the separator.
    Tail,
    /// The habit of the document's other figures.
    Habit,
    /// Another figure of the same thing.
    Twin,
    /// A sum or ratio that only this reading satisfies.
    Arithmetic,
    /// Digits repaired from OCR look-alikes (`1.8I5`).
    Repair,
    /// Nothing decided: the default was taken, the other reading is kept.
    Default,
}

/// One way to read a printed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The printed number, not yet multiplied.
    pub value: Decimal,
    /// Digits printed after the decimal mark: 2 for `95,23`, 0 for `1.815` read as 1815.
    pub scale: u32,
    /// Why this reading.
    pub cue: Cue,
}

/// A printed number with everything its print says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// All readings, the chosen one first. Never empty.
    pub readings: Vec<Reading>,
    /// Relation to the true value.
    pub relation: Relation,
    /// Whether `%` or `phần trăm` belongs to it.
    pub percent: bool,
    /// Power of ten by a multiplier word: `nghìn` 3, `vạn` 4, `triệu` 6, `tỷ` 9; 0 without.
    pub multiplier: u32,
    /// Whether `đồng`, `đ`, `VNĐ` follows (with or without multiplier).
    pub money: bool,
    /// Sign by a verb or mark: -1 for `giảm 3,66` is NOT set here (map decides); only a printed minus.
    pub negative: bool,
    /// The words that name the unit right after the number (`hồ sơ`, `TTHC`, `xã, thị trấn`), clean, as printed; empty if none.
    pub noun: String,
}

impl Number {
    /// The reading that the cues chose.
    pub fn best(&self) -> Reading {
        self.readings.first().copied().unwrap_or(Reading { value: Decimal::ZERO, scale: 0, cue: Cue::Default })
    }
}

/// A number as Vietnamese reports print it: `21.802`, `94,5`.
pub fn vietnamese(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (sign, text) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(w, d)| (w, Some(d)));
    let mut out = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push('.');
        }
        out.push(digit);
    }
    if let Some(decimals) = decimals {
        out.push(',');
        out.push_str(decimals);
    }
    out
}

fn starts_count(text: &str) -> bool {
    let head: String = text.chars().take(24).collect();
    lexicon::is_counted(&crate::text::letter::lower_in_place(&head), &head)
}

/// What the document's unambiguous figures say about its separators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Habit {
    /// `1.815` followed by a counted noun, `12.345.678`.
    pub dot_thousands: u32,
    /// `95,23`.
    pub comma_decimal: u32,
    /// `73.1`, `0.25`.
    pub dot_decimal: u32,
    /// `12,345,678`.
    pub comma_thousands: u32,
    /// `1 815` alone in a cell or followed by a counted noun.
    pub space_thousands: u32,
}

impl AddAssign for Habit {
    fn add_assign(&mut self, other: Habit) {
        self.dot_thousands += other.dot_thousands;
        self.comma_decimal += other.comma_decimal;
        self.dot_decimal += other.dot_decimal;
        self.comma_thousands += other.comma_thousands;
        self.space_thousands += other.space_thousands;
    }
}

impl Habit {
    /// Counts the unambiguous separators of a text.
    ///
    /// Unambiguous are: groups of three after two or more separators, both separators, a tail of one or two digits (a point only
    /// where no row number can stand), three digits before a counted noun.
    pub fn observe(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(start) = lex::next_digit(bytes, at) {
            // Most numbers are one run of digits, which says nothing.
            at = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            let more =
                matches!(bytes.get(at), Some(b'.' | b',' | b' ')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if !more {
                continue;
            }
            let numeral = lex::lex(text, start);
            at = numeral.end;
            if let Some(end) = lex::spaced(text, &numeral) {
                let alone = text[..numeral.start].trim().is_empty() && text[end..].trim().is_empty();
                self.space_thousands += u32::from(alone || starts_count(text[end..].trim_start()));
                at = end;
                continue;
            }
            let touched = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | ':');
            let alone = !text[..numeral.start].ends_with(touched) && !text[numeral.end..].starts_with(touched);
            if alone && !numeral.marks.is_empty() {
                self.count(text, &numeral);
            }
        }
    }

    fn count(&mut self, text: &str, numeral: &lex::Numeral<'_>) {
        let thousands = numeral.groups[0].len() <= 3 && numeral.groups[1..].iter().all(|g| g.len() == 3);
        let tail = numeral.groups.last().map_or(0, |g| g.len());
        let after = text[numeral.end..].trim_start_matches(' ');
        match numeral.marks.as_slice() {
            [b'.'] if tail == 3 && starts_count(after) => self.dot_thousands += 1,
            [b','] if tail == 3 && starts_count(after) => self.comma_thousands += 1,
            [b','] if tail <= 2 => self.comma_decimal += 1,
            [b'.'] if tail <= 2 => {
                // `2.1` may number a row; `73.1`, `0.5` and `2.5%` may not.
                let head = numeral.groups[0];
                let stopped = after.starts_with('.') || numeral.start == 0 && after.starts_with(char::is_alphabetic);
                if (head == "0" || head.len() > 1 || after.starts_with('%')) && !stopped && !head.starts_with("00") {
                    self.dot_decimal += 1;
                }
            }
            [b'.', rest @ ..] if thousands && rest.iter().all(|m| *m == b'.') => self.dot_thousands += 1,
            [b',', rest @ ..] if thousands && rest.iter().all(|m| *m == b',') => self.comma_thousands += 1,
            [b'.', .., b','] => {
                self.dot_thousands += 1;
                self.comma_decimal += 1;
            }
            [b',', .., b'.'] => {
                self.comma_thousands += 1;
                self.dot_decimal += 1;
            }
            _ => {}
        }
    }

    /// `vi` (1.815,5), `en` (1,815.5) or `mixed`: the contract's `number_style`. Less than a twentieth of one style is a slip.
    pub fn style(&self) -> &'static str {
        let vi = self.dot_thousands + self.comma_decimal;
        let en = self.dot_decimal + self.comma_thousands;
        match (vi, en) {
            (_, 0) => "vi",
            (0, _) => "en",
            _ if vi >= 20 * en => "vi",
            _ if en >= 20 * vi => "en",
            _ => "mixed",
        }
    }
}

/// One number-like thing found in running text, in order of appearance; together they cover every digit of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the clean text: the whole print with sign, relation word, multiplier, `%`; without the counted noun.
    pub span: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}

/// Kinds of number-like things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// A figure.
    Number(Number),
    /// `22/39`, `5.113/8.264`, `17 xã/ 22 xã`: numerator and denominator with their own spans.
    Fraction(Number, Range<usize>, Number, Range<usize>),
    /// `30% - 50%`, `2 đến 3`.
    Range(Number, Number),
    /// `không có`, `không phát sinh`, `chưa mở lớp`: nothing, said in words. Only where a counted noun or a colon makes it a statement
    /// about a number; the map layer decides whether it is a fact.
    Zero,
    /// A number in words before a counted noun (`hai mươi mốt xã`).
    Words(Number),
    /// No figure, and why.
    Decoy(Decoy),
}

/// What a table's unit cell, column head or indicator says a cell's numbers count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum UnitKind {
    /// Not said.
    #[default]
    Unknown,
    /// Whole things: hồ sơ, văn bản, người …
    Count,
    /// Percent.
    Percent,
    /// Points of a score.
    Score,
    /// Money; the power of ten of the unit: đồng 0, nghìn 3, triệu 6, tỷ 9.
    Money(u32),
    /// A code whose domain the unit cell lists.
    Code,
}

/// What a whole cell says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellValue {
    /// Nothing printed, or only filler (`-`, `…`, `///`, `x` is Text).
    Blank,
    /// A placeholder of the blank form (`Tỷ lệ %`).
    Placeholder,
    /// One number, perhaps with unit words.
    Number(Number, Range<usize>),
    /// A fraction.
    Fraction(Number, Range<usize>, Number, Range<usize>),
    /// `không`, `không phát sinh`, `chưa phát sinh`, `không có`.
    Zero,
    /// Words, perhaps with numbers inside: `Hoàn thành`, `Đạt`, an explanation.
    Text,
}
