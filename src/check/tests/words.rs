//! Slips that only the words around a figure let one tell: a count that its fraction repeats, a foot over one column, parts that the labels
//! name, numbers that are typed as none is.

use super::fixture::*;
use crate::model::{Kind, Link};

/// A count of found things and the fraction of them that were put right.
fn found(count: &str, base: &str) -> Doc {
    Doc::new()
        .say_as(count, "nêu ra tồn tại", "tồn tại", "found", "", &[])
        .say_as("11", "tồn tại đã khắc phục", "tồn tại", "done", "", &[Link::Denominator(1)])
        .say_as(base, "/ tồn tại", "tồn tại", "found", "", &[])
        .say("78,57%", "đạt", "%", &[Link::PercentOf(2), Link::Base(1)])
}

#[test]
fn a_count_and_the_fraction_that_repeats_it() {
    silent(&found("14", "14"));
    // Another scope: no slip leads from one to the other.
    silent(&found("230", "14"));
    let warnings = found("41", "14").check();
    let warning = only(&warnings);
    assert_eq!((warning.check.as_str(), warning.suspect), ("cross/narrative", Some(0)));
    assert_eq!(warning.suggestion, Some(d("14")));
}

#[test]
fn counts_of_one_passage_are_compared_only_in_the_same_words() {
    let twice = |second: &str, label: &str| {
        let doc = Doc::new().say_as("117", "thủ tục cấp tỉnh", "thủ tục", "list", "", &[]);
        doc.say_as(second, label, "thủ tục", "list", "", &[])
    };
    silent(&twice("112", "thủ tục được rà soát"));
    silent(&twice("117", "trong thủ tục cấp tỉnh"));
    assert_eq!(only(&twice("171", "trong thủ tục cấp tỉnh").check()).check, "cross/narrative");
    // A letter that puts an older figure right names both.
    silent(&twice("1.117", "thủ tục cấp tỉnh nêu tại Báo cáo số 5"));
}

#[test]
fn a_foot_over_one_column_is_believed_within_a_slip() {
    let foot = |total: &str| {
        Doc::new().table(&format!(
            "1 | Tổng cộng | Người | {total}
             1.1 | Đại học | Người | 14
             1.2 | Cao đẳng | Người | 3
             1.3 | Trung cấp | Người | 5"
        ))
    };
    silent(&foot("22"));
    assert_eq!(only(&foot("25").check()).check, "sum/foot");
    // Rows that were read amiss are off by anything.
    silent(&foot("1.430"));
}

#[test]
fn parts_that_the_labels_say_are_all() {
    let rest = |label: &str, total: &str| {
        Doc::new().table(&format!(
            "1 | Đơn vị trực thuộc | Đơn vị | {total}
             1.1 | Trường học | Đơn vị | 81
             1.2 | {label} | Đơn vị | 5"
        ))
    };
    silent(&rest("Đơn vị khác", "86"));
    assert_eq!(only(&rest("Đơn vị khác", "96").check()).check, "sum/rows");
    silent(&rest("Trạm y tế", "96"));
    let named = Doc::new().table(
        "6 | Tổng thu phí, lệ phí | Triệu đồng | 1.476,3
         6.1 | Phí | Triệu đồng | 1.246,8
         6.2 | Lệ phí | Triệu đồng | 189,5",
    );
    assert_eq!(only(&named.check()).check, "sum/rows");
}

#[test]
fn groups_that_are_not_of_three() {
    let typed = |raw: &str| {
        let mut doc = Doc::new().table("1 | Đường bộ | Hồ sơ | 8017\n2 | Đường thủy | Hồ sơ | 7502");
        doc.x.facts[0].raw = "8 017".to_owned();
        let cell = &mut doc.x.facts[1];
        (cell.raw, cell.number, cell.value, cell.kind) = (raw.to_owned(), None, None, Kind::Text);
        cell.readings.clear();
        doc
    };
    let warnings = typed("7 5002").check();
    assert_eq!((only(&warnings).check.as_str(), only(&warnings).suspect), ("form/broken-number", Some(1)));
    silent(&typed("7 8"));
    silent(&typed("7 phòng 12 xã"));
}
