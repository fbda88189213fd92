//! One inconsistency or doubtful reading.

use crate::model::Place;
use rust_decimal::Decimal;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing (truncated percentage, numbering slip).
    Info,
    /// Probably wrong.
    Warning,
    /// Cannot be true.
    Error,
}

impl Severity {
    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One warning: one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Warning {
    /// The check's id: `sum/children`, `ratio/percent`, `cross/narrative-vs-table`, `form/duplicate-stt` …
    pub check: String,
    /// How bad.
    pub severity: Severity,
    /// One sentence in Vietnamese with the figures in it.
    pub message_vi: String,
    /// The same in English.
    pub message_en: String,
    /// Every figure that takes part: indexes into `Extraction::facts`, in document order.
    pub facts: Vec<usize>,
    /// What the others demand.
    pub expected: Option<Decimal>,
    /// What is printed.
    pub found: Option<Decimal>,
    /// The figure most likely wrong; None where it is a tie.
    pub suspect: Option<usize>,
    /// The value that would settle every check the suspect takes part in.
    pub suggestion: Option<Decimal>,
    /// 0 to 1.
    pub confidence: f64,
    /// Place of the suspect, else of the first figure, else of the structure concerned.
    pub place: Place,
}
