//! The shapes of the rule files. Unknown keys are refused; every text here is data, never code.

use crate::model::{Kind, Level};
use rustc_hash::FxHashMap;

/// What can be reported. Ids are retired, never reused.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// `procedure.dossiers.received`: English, lower case, dots for depth; the first part is the field (= the file's name).
    pub id: String,
    /// Vietnamese name.
    pub vi: String,
    /// English name.
    pub en: String,
    /// What exactly is counted and what is not, in one or two sentences.
    pub brief: String,
    /// Canonical unit: `hồ sơ`, `%`, `VND`, `điểm`.
    pub unit: String,
    /// Kind of figure.
    pub kind: Kind,
    /// What the period of its figures is when nothing else is said.
    pub basis: Basis,
    /// Dimensions it may carry (`service_level`, `body`, `criterion` …).
    pub dims: Vec<String>,
    /// Other names of the same thing, with the years or documents that used them (`mức độ 3` → `một phần`).
    pub was: Vec<String>,
    /// Whether it only grows over a year: nine months are never less than six. By default counts and money of basis period.
    pub accumulates: bool,
    /// Whether the communes' figures add up to their district's. By default whatever accumulates.
    pub adds_up: bool,
}

/// The period of an indicator's figures where the sentence or the column says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Counted over the reporting period.
    Period,
    /// Stated for the whole calendar year of the report (a yearly plan's tasks, staff assigned for the year).
    Year,
    /// As of the end of the period (same interval as the period).
    Stock,
}

/// A reporting form: its rows in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// `BM3`, `HCM.PL3B`; unique.
    pub id: String,
    /// Its titles as printed in captions, any of them.
    pub titles: Vec<String>,
    /// Where the form is from (decree, letter, province).
    pub source: String,
    /// Rows in printed order, all known variants merged.
    pub rows: Vec<FormRow>,
}

/// One row of a form.
#[derive(Debug, Clone, PartialEq)]
pub struct FormRow {
    /// Unique within the form.
    pub key: String,
    /// Numbers it is printed with in known variants; support for the alignment, never proof.
    pub stt: Vec<String>,
    /// Key of the row above it in the hierarchy; empty at the top.
    pub parent: String,
    /// Labels as printed, the first is the reference one.
    pub labels: Vec<String>,
    /// Unit as the form prints it (`Hồ sơ`, `%`, `Triệu đồng`); empty where none.
    pub unit: String,
    /// Allowed codes with their words, where the form lists them.
    pub domain: Vec<(i64, String)>,
    /// What it reports; None for a heading row or a row that reports no figure (`why` says so).
    pub indicator: Option<String>,
    /// Why there is no indicator: `heading`, `text`, or a sentence.
    pub why: String,
    /// Whose things it counts, where the row fixes it.
    pub level: Option<Level>,
    /// Fixed dimensions.
    pub dims: Vec<(String, String)>,
    /// True when the row's answer is words.
    pub text: bool,
}

/// One cue: any of these folded word sequences.
pub type AnyOf = Vec<String>;

/// How sentences (and rows of unknown forms) print an indicator.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Phrase {
    /// Unique: `dossiers-resolved`.
    pub id: String,
    /// Indicator of a count, money, score … or of a fraction's numerator.
    pub count: Option<String>,
    /// Indicator of a fraction's denominator.
    pub base: Option<String>,
    /// Indicator of a percent.
    pub rate: Option<String>,
    /// Cues in the figure's own clause (before it since the last figure, or after it up to the next); all must be there.
    pub own: Vec<AnyOf>,
    /// The counted noun right after the figure (or, after a colon or in a table, the row's unit), if it must be one of these.
    pub noun: AnyOf,
    /// Cues in the clause or in what it continues: the lead-in of its list, the row's parents, the whole sentence.
    pub lead: Vec<AnyOf>,
    /// Cues in the headings above or in `lead` or `own`.
    pub heading: Vec<AnyOf>,
    /// None of these in the own clause.
    pub not: Vec<String>,
    /// None of these in the own clause or its sentence, list or row.
    pub unless: Vec<String>,
    /// Fixed level.
    pub level: Option<Level>,
    /// Fixed dimensions.
    pub dims: Vec<(String, String)>,
    /// Added to the score when phrases compete (default 0).
    pub prefer: f64,
    /// Texts that must map to it, the figure in «»; `lead // text` gives a lead-in, `# heading // text` a heading.
    pub hit: Vec<String>,
    /// Texts whose figure must not map to it.
    pub miss: Vec<String>,
}

/// What must hold between facts of the same entity, period and level.
#[derive(Debug, Clone, PartialEq)]
pub struct Check {
    /// `sum/dossiers-by-outcome`: kind and name; unique.
    pub id: String,
    /// The relation.
    pub relation: Relation,
    /// How bad a breach is: `error`, `warning`, `info`.
    pub severity: crate::model::Severity,
    /// What it means when broken, Vietnamese; `{…}` names are filled in by the checker.
    pub vi: String,
    /// The same in English.
    pub en: String,
    /// Figures under which it holds: `total=10, a=4, b=6`, names being those of the relation.
    pub holds: String,
    /// Figures under which it fails.
    pub fails: String,
}

/// Relations between indicators (ids).
#[derive(Debug, Clone, PartialEq)]
pub enum Relation {
    /// total = sum of parts; with `exhaustive = false`: total ≥ sum of parts.
    Sum { total: String, parts: Vec<String>, exhaustive: bool },
    /// total at no level = sum of the same indicator over levels.
    Levels { indicator: String },
    /// rate = 100 · part / base (one of `bases`, the first that the document reports being the usual one).
    Ratio { rate: String, part: String, bases: Vec<String> },
    /// part ≤ whole.
    /// An excess of up to `slack` per cent is only told: both were counted on different days.
    Subset { part: String, whole: String, slack: u8 },
    /// One of these codes.
    Domain { indicator: String, codes: Vec<i64> },
    /// low ≤ value ≤ high.
    Range { indicator: String, low: Option<rust_decimal::Decimal>, high: Option<rust_decimal::Decimal> },
    /// If the first is zero (or not zero), the second must be zero (or not).
    Implies { indicator: String, zero: bool, other: String, other_zero: bool },
}

/// A fault in a rule file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Path below `rules/`.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// All rules, checked.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    /// By id.
    pub indicators: FxHashMap<String, Indicator>,
    /// In file order.
    pub forms: Vec<Form>,
    /// In file order.
    pub phrases: Vec<Phrase>,
    /// In file order.
    pub checks: Vec<Check>,
    /// First 16 hex digits of the SHA-256 over the rule files, in path order.
    pub digest: String,
}
