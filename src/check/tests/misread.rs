//! What another reader's text changes.

use super::fixture::{d, fact};
use crate::check::misread::{doubts, settle};
use crate::model::{Extraction, Place, Severity, Warning};

#[test]
fn a_misprint_stays_the_reports_and_a_misread_is_ours() {
    let severity = |other: &str| {
        let warning = Warning {
            check: "sum/parts".to_owned(),
            severity: Severity::Warning,
            message_vi: String::new(),
            message_en: String::new(),
            facts: vec![0],
            expected: None,
            found: None,
            suspect: Some(0),
            suggestion: Some(d("1523")),
            confidence: 0.8,
            place: Place::default(),
        };
        let facts = vec![fact("1.532", "Tổng số hồ sơ", "hồ sơ")];
        let mut found = Extraction { facts, warnings: vec![warning], ..Extraction::default() };
        assert!(doubts(&found));
        settle(&mut found, other);
        found.warnings[0].severity
    };
    assert_eq!(severity("giải quyết 1.532 hồ sơ; tổng số 1523"), Severity::Warning);
    assert_eq!(severity("giải quyết 1.523 hồ sơ"), Severity::Info);
    assert_eq!(severity("không đọc được"), Severity::Warning);
}
