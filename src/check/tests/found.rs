//! What must be found, with its suspect where one stands alone.

use super::fixture::*;
use crate::check::{explain, holds};
use crate::model::{Level, Link, Severity};
use crate::rules::{Relation as Rule, RuleSet};

fn dossiers(total: &str, early: &str, rates: [&str; 3]) -> Doc {
    Doc::new()
        .say(total, "tổng số hồ sơ tiếp nhận và xử lý", "hồ sơ", &[])
        .say(early, "hồ sơ giải quyết trước hạn", "hồ sơ", &[Link::PartOf(1)])
        .say(rates[0], "chiếm tỷ lệ", "%", &[Link::PercentOf(1), Link::Base(2)])
        .say("916", "hồ sơ giải quyết đúng hạn", "hồ sơ", &[Link::PartOf(3)])
        .say(rates[1], "chiếm tỷ lệ", "%", &[Link::PercentOf(1), Link::Base(4)])
        .say("241", "hồ sơ giải quyết trễ hạn", "hồ sơ", &[Link::PartOf(5)])
        .say(rates[2], "chiếm tỷ lệ", "%", &[Link::PercentOf(1), Link::Base(6)])
}

#[test]
fn swapped_digits_of_a_total_are_named_and_put_right() {
    let doc = dossiers("21.802", "19.925", ["94,5%", "4,3%", "1,1%"]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(0), Some(d("21082"))), "{w:#?}");
    assert!(w.confidence >= 0.9);
    assert!(
        w.message_vi.contains("21.802")
            && w.message_vi.contains("19.925 + 916 + 241")
            && w.message_vi.contains("21.082"),
        "{}",
        w.message_vi
    );
    assert!(w.message_vi.contains("đảo hai chữ số"));
    assert!(w.message_en.contains("neighbouring digits"), "{}", w.message_en);
    let proof = explain(&doc.x, &RuleSet::default(), w, true);
    assert!(proof.contains("19.925 + 916 + 241 = 21.082"), "{proof}");
    assert!(proof.contains("Với 21.082"), "{proof}");
}

#[test]
fn the_same_without_stated_bases() {
    let mut doc = dossiers("21.802", "19.925", ["94,5%", "4,3%", "1,1%"]);
    for fact in &mut doc.x.facts {
        fact.links.retain(|l| !matches!(l, Link::Base(_)));
    }
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(0), Some(d("21082"))), "{w:#?}");
}

#[test]
fn a_wrong_percentage_is_the_suspect_where_the_counts_agree() {
    let doc = dossiers("21.082", "19.925", ["49,5%", "4,3%", "1,1%"]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(2), Some(d("94.5"))), "{w:#?}");
}

#[test]
fn a_wrong_part_is_the_suspect_where_its_percentage_agrees_with_the_sum() {
    let doc = dossiers("21.082", "19.952", ["94,5%", "4,3%", "1,1%"]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(1), Some(d("19925"))), "{w:#?}");
}

#[test]
fn groups_between_levels_that_exceed_their_total() {
    let doc = Doc::new().table(
        "2.7 | Số lượng nhóm TTHC thực hiện liên thông | Nhóm thủ tục | 2
         2.7.1 | Giữa cấp thành phố và cấp huyện | Nhóm thủ tục | 0
         2.7.2 | Giữa cấp huyện và cấp xã | Nhóm thủ tục | 4",
    );
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.expected, w.found, w.suspect), (Some(d("4")), Some(d("2")), None), "2 or 4: a tie is shown as a tie");
    assert_eq!(w.facts, [0, 1, 2]);
}

#[test]
fn units_not_printed_change_nothing() {
    let doc = Doc::new().table(
        "2.7 | Số nhóm TTHC thực hiện liên thông | | 2
         2.7.1 | Giữa cấp thành phố và cấp huyện | | 0
         2.7.2 | Giữa cấp huyện và cấp xã | | 4",
    );
    assert_eq!(alarms(&doc.check()).len(), 1);
}

#[test]
fn rows_beside_a_total_that_split_it_and_exceed_it() {
    let doc = Doc::new().table(
        "2 | Tổng số TTHC đang được thực hiện, tiếp nhận tại đơn vị | Thủ tục | 76
         2.1 | Tổng số TTHC đang thực hiện tại đơn vị | Thủ tục | 76
         2.2 | Số TTHC đang thực hiện ở cấp huyện đã được công bố | Thủ tục | 54
         2.3 | Số TTHC đang thực hiện ở cấp xã đã được công bố | Thủ tục | 61
         2.4 | Số TTHC đang thực hiện ở cấp huyện chưa được công bố | Thủ tục | 1
         2.5 | Số TTHC đang thực hiện ở cấp xã chưa được công bố | Thủ tục | 1
         2.6 | Số TTHC đang thực hiện kết hợp | Thủ tục | 0",
    );
    let warnings = doc.check();
    let w = only(&warnings);
    assert!(w.facts.contains(&1) && w.facts.contains(&2) && w.facts.contains(&5), "{w:#?}");
    assert_eq!((w.expected, w.found, w.suspect), (Some(d("117")), Some(d("76")), None));
}

#[test]
fn a_subset_larger_than_its_set_by_rule() {
    let doc = Doc::new().issuer(Level::District).table(
        "1 | Số TTHC đang áp dụng | Thủ tục | 233 | catalog
         1.1 | Cấp huyện | Thủ tục | 115 | catalog | district
         1.2 | Cấp xã | Thủ tục | 118 | catalog | commune",
    );
    let doc = doc.table(
        "2 | Số TTHC theo ISO 9001 | Thủ tục | 304 | iso
         2.1 | Cấp huyện | Thủ tục | 191 | iso | district
         2.2 | Cấp xã | Thủ tục | 113 | iso | commune",
    );
    let warnings = doc.check_with(&rules(vec![("subset/iso", subset("iso", "catalog"))]));
    let pairs: Vec<Vec<usize>> = alarms(&warnings).iter().map(|w| w.facts.clone()).collect();
    assert!(pairs.contains(&vec![0, 3]) && pairs.contains(&vec![1, 4]), "{pairs:?}");
    assert!(alarms(&warnings).iter().all(|w| w.check == "subset/iso"));
    assert!(!pairs.contains(&vec![2, 5]), "113 of 118 is fine");
}

#[test]
fn what_is_left_of_a_whole() {
    let doc = Doc::new()
        .say("22", "Ở thôn có người", "người", &[Link::Denominator(1)])
        .say("33", "Ở thôn có người", "người", &[])
        .say("10", "giảm được người so với định mức", "người", &[Link::RestOf(1)]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!(w.facts, [0, 1, 2]);
    assert_eq!(w.suspect, None, "10, 22 or 33 may be wrong");
    assert!(w.message_vi.contains("33 trừ 22 còn 11"), "{}", w.message_vi);
}

#[test]
fn a_decrease_read_with_its_sign_is_the_same_amount() {
    let mut doc = Doc::new().say("22", "có", "người", &[Link::Denominator(1)]).say("33", "có", "người", &[]).say(
        "11",
        "giảm",
        "người",
        &[Link::RestOf(1)],
    );
    doc.x.facts[2].value = Some(d("-11"));
    silent(&doc);
}

#[test]
fn text_against_table() {
    let doc = Doc::new()
        .say_as("01", "văn bản ban hành", "Văn bản", "docs", "", &[])
        .table("1 | Số văn bản do UBND ban hành | Văn bản | 2 | docs");
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.check.as_str(), w.facts.as_slice()), ("cross/narrative-vs-table", &[0, 1][..]));
    assert!(
        w.message_vi.contains("01") && w.message_vi.contains("dòng 1") && w.message_vi.contains("dòng 2"),
        "{}",
        w.message_vi
    );
}

#[test]
fn nothing_said_in_words_beside_a_figure() {
    let doc = Doc::new().say_as("không có", "hồ sơ trễ hạn", "hồ sơ", "late", "", &[]).say_as(
        "241",
        "hồ sơ giải quyết trễ hạn",
        "hồ sơ",
        "late",
        "",
        &[],
    );
    let warnings = doc.check();
    assert_eq!(only(&warnings).check, "cross/claim-vs-figure");
}

#[test]
fn a_unit_slip_is_named_and_its_twin_tells_which() {
    let doc = Doc::new()
        .say_as("96,174 tỷ đồng", "vốn đầu tư công được giao", "đồng", "plan", "", &[])
        .say_as("ước đạt 11 tỷ đồng", "giải ngân", "đồng", "spent", "", &[])
        .say_as("11,4%", "kế hoạch vốn được giao", "%", "rate", "", &[Link::PercentOf(1), Link::Base(2)])
        .table(
            "1 | Tỷ lệ thực hiện Kế hoạch giải ngân vốn đầu tư công | % | 11,4 | rate
             1.1 | Kế hoạch được giao | Triệu đồng | 96.174 | plan
             1.2 | Đã thực hiện | Triệu đồng | 11 | spent",
        );
    let warnings = doc.check_with(&rules(vec![("ratio/investment", ratio("rate", "spent", &["plan"]))]));
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(5), Some(d("11000000000"))), "{w:#?}");
    assert!(w.message_vi.contains("11.000 triệu đồng"), "{}", w.message_vi);
    let alone = Doc::new().table(
        "1 | Tỷ lệ thực hiện Kế hoạch giải ngân vốn đầu tư công | % | 11,4 | rate
         1.1 | Kế hoạch được giao | Triệu đồng | 96.174 | plan
         1.2 | Đã thực hiện | Triệu đồng | 11 | spent",
    );
    let warnings = alone.check_with(&rules(vec![("ratio/investment", ratio("rate", "spent", &["plan"]))]));
    let w = only(&warnings);
    assert!(w.message_vi.contains("nhầm đơn vị tiền"), "{}", w.message_vi);
}

#[test]
fn the_denominator_that_the_author_used() {
    let doc = Doc::new().table(
        "1 | Tổng số TTHC tại địa phương | Thủ tục | 122 | all
         5.1 | Tỷ lệ TTHC được cung cấp trực tuyến | % | 50% | rate
         5.1.1 | Tổng số TTHC đủ điều kiện | Thủ tục | 62 | due
         5.1.2 | Số TTHC đang cung cấp trực tuyến | Thủ tục | 62 | done",
    );
    let warnings = doc.check_with(&rules(vec![("ratio/online", ratio("rate", "done", &["due"]))]));
    let w = only(&warnings);
    assert_eq!(w.severity, Severity::Warning);
    assert!(w.message_vi.contains("62/122"), "{}", w.message_vi);
}

#[test]
fn more_than_a_hundred_percent() {
    let doc = Doc::new().table(
        "6.3 | Tỷ lệ TTHC đã tích hợp | % | 149 | rate
         6.3.1 | Tổng số TTHC đang cung cấp trực tuyến | Thủ tục | 149 | due
         6.3.2 | Số TTHC đã tích hợp | Thủ tục | 149 | done",
    );
    for rules in [rules(vec![]), rules(vec![("ratio/integrated", ratio("rate", "done", &["due"]))])] {
        let warnings = doc.check_with(&rules);
        let w = only(&warnings);
        assert_eq!((w.suspect, w.suggestion), (Some(0), Some(d("100"))), "{w:#?}");
    }
}

#[test]
fn a_code_outside_its_list() {
    let doc = Doc::new().table("2 | Vận hành Hệ thống họp trực tuyến | mã | 3").codes(&[
        (0, "Chưa có"),
        (1, "2 cấp"),
        (2, "3 cấp"),
    ]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!(w.check, "domain/code");
    assert!(w.message_vi.contains("3 cấp = 2"), "{}", w.message_vi);
}

#[test]
fn online_and_at_the_desk_make_up_what_came_in() {
    let doc = Doc::new()
        .say("1.815", "Số mới tiếp nhận trong kỳ", "", &[])
        .say("1445", "trực tuyến", "", &[Link::PartOf(1)])
        .say("367", "trực tiếp", "", &[Link::PartOf(2)]);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!(w.expected, Some(d("1812")));
}

#[test]
fn fractions_above_one_and_shares_of_fractions() {
    let warnings = Doc::new().share("24", "21", "", "xã, thị trấn làm việc sáng thứ bảy", "xã").check();
    assert_eq!(only(&warnings).check, "order/fraction");
    let warnings = Doc::new().share("729", "1675", "34,5%", "hồ sơ trực tuyến", "hồ sơ").check();
    let w = only(&warnings);
    assert_eq!((w.severity, w.suspect, w.suggestion), (Severity::Error, Some(2), Some(d("43.5"))), "{w:#?}");
}

#[test]
fn score_sheets_add_up_to_the_last_digit() {
    let sheet = |self_score: &str| {
        Doc::new().table(&format!(
            "1 | CHỈ ĐẠO | điểm | 5 4.9
             1.1 | Kế hoạch | điểm | 2 2.0
             1.2 | Báo cáo | điểm | 2 {self_score}
             1.3 | Kiểm tra | điểm | 1 1.0
             2 | THỂ CHẾ | điểm | 3 3.0
             2.1 | Ban hành | điểm | 2 2.0
             2.2 | Rà soát | điểm | 1 1.0
             | Tổng điểm | điểm | 8 7.9"
        ))
    };
    // The fixture hangs a row without a number below the row before it; a total stands alone.
    let unhang = |mut doc: Doc| {
        let n = doc.x.facts.len();
        for fact in &mut doc.x.facts[n - 2..] {
            fact.links.retain(|l| !matches!(l, Link::RowParent(_)));
        }
        doc
    };
    silent(&unhang(sheet("1.9")));
    let warnings = unhang(sheet("1.8")).check();
    let w = only(&warnings);
    assert_eq!((w.check.as_str(), w.severity), ("sum/score", Severity::Error));
    let warnings = unhang(sheet("2.9")).check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(5), Some(d("1.9"))), "{w:#?}");
}

#[test]
fn shares_of_one_whole_make_up_a_hundred() {
    let doc = |last: &str| {
        Doc::new().table(&format!(
            "3 | Khảo sát | |
             3.1 | Hài lòng | % | 85,2
             3.2 | Bình thường | % | 10,3
             3.3 | Không hài lòng | % | {last}"
        ))
    };
    silent(&doc("4,4"));
    let warnings = doc("14,5").check();
    let w = only(&warnings);
    assert_eq!((w.check.as_str(), w.facts.len()), ("sum/shares", 3));
    silent(&Doc::new().table("1 | Tỷ lệ kết nối cấp huyện | % | 100\n2 | Tỷ lệ kết nối cấp xã | % | 100"));
}

#[test]
fn cumulative_columns_only_grow() {
    use crate::rules::{Basis, Indicator, RuleSet};
    use crate::text::period::{Period, PeriodKind};
    use jiff::civil::date;
    let mut doc = Doc::new().table("1 | Số hồ sơ tiếp nhận | Hồ sơ | 900 | in");
    let mut later = doc.x.facts[0].clone();
    let span = |month, day, kind| Some(Period { start: date(2023, 1, 1), end: date(2023, month, day), kind });
    doc.x.facts[0].period = span(3, 31, PeriodKind::Quarter);
    later.period = span(6, 30, PeriodKind::Half);
    (later.number, later.value, later.raw) = (Some(d("800")), Some(d("800")), "800".into());
    later.cell = Some((0, 0, 4));
    doc.x.facts.push(later);
    let mut rules = RuleSet::default();
    let indicator = Indicator {
        id: "in".into(),
        vi: String::new(),
        en: String::new(),
        brief: String::new(),
        unit: "hồ sơ".into(),
        kind: crate::model::Kind::Count,
        basis: Basis::Period,
        dims: Vec::new(),
        was: Vec::new(),
        accumulates: true,
        adds_up: true,
    };
    silent_with(&doc, &rules);
    rules.indicators.insert("in".into(), indicator);
    let warnings = doc.check_with(&rules);
    assert_eq!(only(&warnings).check, "order/cumulative");
    doc.x.facts[1].value = Some(d("1800"));
    silent_with(&doc, &rules);
}

#[test]
fn numbers_of_rows() {
    let doc = Doc::new().table(
        "1 | Danh mục | |
         1.1 | Cấp huyện | Thủ tục | 1
         1.1 | Cấp xã | Thủ tục | 2
         2 | Rà soát | |
         2.1 | Rà soát | Văn bản | 3
         2.3 | Xử lý | Văn bản | 3",
    );
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.check.as_str(), w.place.line), ("form/duplicate-stt", Some(3)));
    assert!(w.message_vi.contains("1.2"), "{}", w.message_vi);
    let skipped: Vec<_> = warnings.iter().filter(|w| w.check == "form/skipped-stt").collect();
    assert_eq!(skipped.len(), 1);
    assert!(skipped[0].message_en.contains("2.2"));
}

#[test]
fn an_appendix_cited_but_not_printed() {
    let doc = Doc::new()
        .appendix("1", false)
        .appendix("5B", false)
        .appendix("5B", false)
        .appendix("1", true)
        .appendix("5A", true);
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!(w.check, "form/missing-appendix");
    assert!(w.message_vi.contains("5B") && w.message_vi.contains("5A"));
}

#[test]
fn an_open_reading_is_tried_before_the_author_is_blamed() {
    use crate::text::number::{Cue, Reading};
    let mut doc = Doc::new()
        .say("1.815", "hồ sơ đã giải quyết", "hồ sơ", &[])
        .say("1.789", "đúng hạn", "hồ sơ", &[Link::PartOf(1)])
        .say("26", "trễ hạn", "hồ sơ", &[Link::PartOf(2)]);
    silent(&doc);
    let wrong = &mut doc.x.facts[0];
    (wrong.number, wrong.value) = (Some(d("1.815")), Some(d("1.815")));
    wrong.readings = vec![
        Reading { value: d("1.815"), scale: 3, cue: Cue::Default },
        Reading { value: d("1815"), scale: 0, cue: Cue::Default },
    ];
    let warnings = doc.check();
    let w = only(&warnings);
    assert_eq!((w.suspect, w.suggestion), (Some(0), Some(d("1815"))), "{w:#?}");
}

#[test]
fn examples_of_rules() {
    assert_eq!(holds(&sum("t", &["a", "b"]), "total=10, a=4, b=6"), Some(true));
    assert_eq!(holds(&sum("t", &["a", "b"]), "total=10, a=4, b=5"), Some(false));
    assert_eq!(holds(&ratio("r", "p", &["b"]), "rate=43,5, part=729, base=1675"), Some(true));
    assert_eq!(holds(&ratio("r", "p", &["b"]), "rate=50, part=62, base=62"), Some(false));
    assert_eq!(holds(&subset("p", "w"), "part=5, whole=4"), Some(false));
    assert_eq!(holds(&subset("p", "w"), "part=5"), None);
    let implies = Rule::Implies { indicator: "a".into(), zero: true, other: "b".into(), other_zero: true };
    assert_eq!(holds(&implies, "indicator=0, other=3"), Some(false));
    assert_eq!(holds(&implies, "indicator=1, other=3"), Some(true));
}
