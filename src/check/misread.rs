//! Misprint or misread? The figures of a warning are looked for in the text that another reader found in the same file.
//!
//! In: warnings, and that text in whatever order. Out: the warnings; one that accuses a figure which the other reader spells differently,
//! as suggested, is no longer the report's but ours, and says so.

use crate::model::{Extraction, Severity, Warning};
use rust_decimal::Decimal;
use std::collections::HashSet;

/// Whether it is worth asking another reader: a figure is accused.
pub fn doubts(extraction: &Extraction) -> bool {
    extraction.warnings.iter().any(|w| w.severity > Severity::Info && w.suspect.is_some())
}

/// Takes the other reader's text into account.
pub fn settle(extraction: &mut Extraction, other: &str) {
    let figures: HashSet<String> = other.split(|c: char| !is_figure(c)).map(bare).filter(|f| !f.is_empty()).collect();
    let mut warnings = std::mem::take(&mut extraction.warnings);
    for warning in &mut warnings {
        if misread(extraction, warning, &figures) {
            warning.severity = Severity::Info;
            warning.confidence = warning.confidence.min(0.3);
            warning
                .message_vi
                .push_str(" Một bộ đọc khác đọc thấy số được đề nghị: có thể do đọc nhầm, không phải in nhầm.");
            warning.message_en.push_str(" Another reader finds the suggested number: perhaps misread, not misprinted.");
        }
    }
    extraction.warnings = warnings;
}

fn misread(extraction: &Extraction, warning: &Warning, figures: &HashSet<String>) -> bool {
    let Some((suspect, to)) = warning.suspect.zip(warning.suggestion) else { return false };
    let Some(fact) = extraction.facts.get(suspect).filter(|_| warning.severity > Severity::Info) else { return false };
    let printed = fact.raw.split(|c: char| !is_figure(c)).map(bare).find(|f| !f.is_empty());
    let power = Decimal::from(10u64.checked_pow(fact.multiplier).unwrap_or(1));
    let wanted = bare(&(to / power).normalize().to_string());
    printed.is_some_and(|printed| !figures.contains(&printed)) && figures.contains(&wanted)
}

fn is_figure(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',')
}

/// The digits alone, without leading zeros: marks are spelled freely.
fn bare(figure: &str) -> String {
    let digits: String = figure.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_string()
}
