//! A figure with its meaning, and the relations to other figures that the document's form states.

use crate::model::Place;
use crate::text::number::{Reading, Relation};
use crate::text::period::Period;
use rust_decimal::Decimal;

/// Administrative level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Thôn, khu phố, tổ dân phố.
    Hamlet,
    /// Xã, phường, thị trấn, đặc khu.
    Commune,
    /// Huyện, quận, thị xã, thành phố thuộc tỉnh (until 30/6/2025).
    District,
    /// Tỉnh, thành phố trực thuộc trung ương.
    Province,
    /// Sở, ban, ngành of a province.
    Department,
    /// Bộ, ngành, Chính phủ.
    Central,
}

impl Level {
    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Hamlet => "hamlet",
            Level::Commune => "commune",
            Level::District => "district",
            Level::Province => "province",
            Level::Department => "department",
            Level::Central => "central",
        }
    }
    /// The level of a contract word.
    pub fn parse(word: &str) -> Option<Level> {
        [Level::Hamlet, Level::Commune, Level::District, Level::Province, Level::Department, Level::Central]
            .into_iter()
            .find(|l| l.as_str() == word)
    }
}

/// What a figure is by nature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Whole things.
    Count,
    /// Percent as printed.
    Percent,
    /// VND.
    Money,
    /// Points.
    Score,
    /// A coded answer.
    Code,
    /// Words.
    Text,
    /// A place in an order.
    Rank,
    /// Square metres and the like.
    Area,
    /// A change against another period (`giảm 3,66 điểm`).
    Change,
}

impl Kind {
    /// All kinds, in the order of their declaration.
    pub const ALL: [Kind; 9] = {
        use Kind::*;
        [Count, Percent, Money, Score, Code, Text, Rank, Area, Change]
    };

    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Count => "count",
            Kind::Percent => "percent",
            Kind::Money => "money",
            Kind::Score => "score",
            Kind::Code => "code",
            Kind::Text => "text",
            Kind::Rank => "rank",
            Kind::Area => "area",
            Kind::Change => "change",
        }
    }
    /// The kind of a contract word.
    pub fn parse(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.as_str() == word)
    }
}

/// Where in the document a fact was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A table cell.
    Table,
    /// Running text (also text inside a table's explanation cell).
    Narrative,
    /// A footnote.
    Footnote,
}

/// Whether a value is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// A printed value.
    Reported,
    /// An empty cell of a known row.
    Blank,
    /// `không`, `không phát sinh`: number 0.
    None,
}

/// How one fact depends on another by the form of the document, mapped or not. Indexes into `Extraction::facts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// This fact's row stands below that fact's row in the STT hierarchy, same value column.
    RowParent(usize),
    /// This percent is stated of that numerator (`365 người (đạt 91,4%)`, `chiếm tỷ lệ`); the base is `Base` if stated.
    PercentOf(usize),
    /// This figure is the numerator of that denominator (`22/39`).
    Denominator(usize),
    /// This percent or numerator is stated against that base.
    Base(usize),
    /// This figure is listed as a part of that whole (`trong đó`, `gồm`, `cụ thể`, a bracket).
    PartOf(usize),
    /// This self score stands beside that maximum.
    Maximum(usize),
    /// This is what remains of that whole once its parts are taken (`còn 339 hồ sơ`, `giảm 10 người` after `22/33`).
    RestOf(usize),
}

/// A figure with its meaning: one row of the contract's `facts`.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Canonical id; None where no rule maps it.
    pub indicator: Option<String>,
    /// The row's label, or the phrase that names the figure, cleaned.
    pub label: String,
    /// The characters as printed.
    pub raw: String,
    /// The printed number.
    pub number: Option<Decimal>,
    /// In the indicator's unit.
    pub value: Option<Decimal>,
    /// Canonical unit: `%`, `VND`, `điểm`, or the counted noun.
    pub unit: Option<String>,
    /// For text and codes in words.
    pub value_text: Option<String>,
    /// Relation of the print to the true value.
    pub relation: Relation,
    /// Reported, blank or none.
    pub status: Status,
    /// Kind of figure.
    pub kind: Kind,
    /// Gazetteer code of whom it is about.
    pub entity_code: Option<String>,
    /// Name of whom it is about.
    pub entity: Option<String>,
    /// Whose procedures, dossiers or people are counted; None = the issuer's own.
    pub level: Option<Level>,
    /// Further dimensions, sorted by key.
    pub dims: Vec<(String, String)>,
    /// Period of this figure.
    pub period: Option<Period>,
    /// Table, narrative or footnote.
    pub source: Source,
    /// Place of the figure itself (its own line, not its block's).
    pub place: Place,
    /// Index of the table, row and column for a figure inside a table.
    pub cell: Option<(u32, u32, u32)>,
    /// Block it stands in (for a table figure the table's block).
    pub block: u32,
    /// Bytes in the clean text of the block or cell; half-open.
    pub span: (u32, u32),
    /// The row or sentence it was read from, cleaned.
    pub quote: String,
    /// Id of the rule that mapped it.
    pub rule: Option<String>,
    /// 0 to 1.
    pub confidence: f64,
    /// All readings, the chosen first; empty for text and blanks.
    pub readings: Vec<Reading>,
    /// Power of ten between `number` and `value` (triệu đồng: 6).
    pub multiplier: u32,
    /// Index into `Extraction::rows` for a figure of a table row's value column.
    pub row: Option<usize>,
    /// What the document's form says of it.
    pub links: Vec<Link>,
    /// The codes that the unit cell or form allows, with their words; empty where it lists none.
    pub domain: Vec<(i64, String)>,
}

impl Fact {
    /// Whether the rules give it the meaning of a whole with one dimension more: decisions among documents.
    pub fn is_kind_of(&self, whole: &Fact) -> bool {
        self.indicator.is_some() && self.indicator == whole.indicator && self.dims.len() == whole.dims.len() + 1
    }
}

/// A numbered row of a form, whether or not it prints a value: what structure checks look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Index of the table.
    pub table: u32,
    /// Row in the table, from 0.
    pub row: u32,
    /// As printed, trailing stops removed: `1`, `3.2.1`, `II`; empty without.
    pub stt: String,
    /// Its label, cleaned.
    pub label: String,
    /// Index into `Extraction::rows` of the row above it in the hierarchy.
    pub parent: Option<usize>,
    /// Where it starts.
    pub place: Place,
    /// `BM1/4.2`: form and row it was aligned with; None for a row of an unknown form.
    pub form_row: Option<String>,
}

/// A mention of an appendix, or an appendix that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Appendix {
    /// `3B`, `2`.
    pub name: String,
    /// Whether it is printed here (true) or only cited (false).
    pub printed: bool,
    /// Where.
    pub place: Place,
}

/// What the document says about itself: letterhead, title, closing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Metadata {
    /// `99/BC-UBND`; None where the number is left blank.
    pub doc_number: Option<String>,
    /// Where the number is printed, blank or not.
    pub doc_number_place: Place,
    /// None when the day is left blank.
    pub issued_on: Option<jiff::civil::Date>,
    /// Place of issue.
    pub place: Option<String>,
    /// `UBND xã Bình Minh`.
    pub issuer: Option<String>,
    /// Level of the issuer.
    pub issuer_level: Option<Level>,
    /// Gazetteer code of the issuer.
    pub entity_code: Option<String>,
    /// Parent district by gazetteer or text.
    pub district: Option<String>,
    /// Parent province.
    pub province: Option<String>,
    /// Title with its kind: `BÁO CÁO Kết quả …`.
    pub title: Option<String>,
    /// `periodic-report`, `thematic-report`, `score-sheet`, `inspection-report`, `letter`, `annex`.
    pub kind: Option<String>,
    /// Reporting period.
    pub period: Option<Period>,
}

/// One file's result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extraction {
    /// What it says about itself.
    pub metadata: Metadata,
    /// All figures in document order.
    pub facts: Vec<Fact>,
    /// All numbered rows of its forms.
    pub rows: Vec<Row>,
    /// Appendices cited and printed.
    pub appendices: Vec<Appendix>,
    /// What contradicts itself.
    pub warnings: Vec<crate::model::Warning>,
    /// Numbers that are no figures: block, clean byte span, name of the decoy.
    pub decoys: Vec<(u32, (u32, u32), crate::text::decoy::Decoy)>,
    /// `vi`, `en` or `mixed`.
    pub number_style: &'static str,
}
