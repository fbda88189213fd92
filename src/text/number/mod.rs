//! Every reading of a printed number, its relation and stated precision, and the cue that decides among the readings.
//!
//! Grammar and order of cues: `1.815` is 1815 or 1,815 until the unit, the length of its tail, the habit of the document, a twin or
//! arithmetic decides. Nothing is rescaled: `95,23%` is 95.23, `96,174 tỷ đồng` is 96.174 with multiplier 10^9.

use crate::text::decoy::Decoy;
use rust_decimal::Decimal;
use std::ops::Range;

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
        self.readings[0]
    }
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
}

impl Habit {
    /// Counts the unambiguous separators of a text.
    pub fn observe(&mut self, text: &str) {
        let _ = text;
    }
    /// `vi` (1.815,5), `en` (1,815.5) or `mixed`: the contract's `number_style`.
    pub fn style(&self) -> &'static str {
        "vi"
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

/// Finds all number-like things of a clean text, in order.
pub fn scan(text: &str, habit: &Habit) -> Vec<Token> {
    let _ = (text, habit);
    Vec::new()
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

/// Reads a whole cell's clean text.
pub fn read_cell(text: &str, unit: UnitKind, habit: &Habit) -> CellValue {
    let _ = (unit, habit);
    if text.is_empty() { CellValue::Blank } else { CellValue::Text }
}

/// What a unit cell or a unit noun says: `Hồ sơ` → Count, `%` → Percent, `Triệu đồng` → Money(6), `Có = 1; Không = 0` → Code.
pub fn unit_kind(unit: &str) -> UnitKind {
    let _ = unit;
    UnitKind::Unknown
}

/// The domain listed by a unit cell: `Có = 1; Không = 0` → [(1, "Có"), (0, "Không")] in printed order; empty if it lists none.
pub fn code_domain(unit: &str) -> Vec<(i64, String)> {
    let _ = unit;
    Vec::new()
}
