//! The matching form of Vietnamese text: what two spellings of the same words share.
//!
//! `fold` keeps letters and tones but unifies case, tone placement (`hoà` = `hòa`), `i`/`y`, punctuation and abbreviations that
//! the table of abbreviations calls unambiguous (`TTHC` = `thủ tục hành chính`). `bare` also drops all marks: for OCR damage.

/// Matching form: lower case, NFC, one tone placement, abbreviations expanded, punctuation to single spaces.
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// The looser form: `fold` without any diacritic, `đ` as `d`.
pub fn bare(text: &str) -> String {
    fold(text)
}

/// How alike two folded labels are, 0 to 1: word alignment that forgives marks lost, single letters wrong, words added.
pub fn similarity(a: &str, b: &str) -> f64 {
    if a == b { 1.0 } else { 0.0 }
}

/// stub
pub struct Label;
impl Label {
    /// stub
    pub fn new(_: &str) -> Label {
        Label
    }
    /// stub
    pub fn similarity(&self, _: &Label) -> f64 {
        0.0
    }
}
