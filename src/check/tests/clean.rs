//! Relations that hold, or that only look like relations: none of them may raise an alarm.

use super::fixture::*;
use crate::model::{Level, Link};
use crate::rules::Relation as Rule;

#[test]
fn level_splits_and_rows_that_are_no_parts() {
    silent(&Doc::new().table(
        "1 | Tổng số các đơn vị hành chính và cơ quan chuyên môn trực thuộc | Đơn vị | 141
         1.1 | Số phòng chuyên môn và tương đương thuộc UBND huyện | Đơn vị | 12
         1.2 | Số đơn vị sự nghiệp công lập trực thuộc | Đơn vị | 108
         1.3 | Số đơn vị hành chính cấp xã | Đơn vị | 21
         1.4 | Số Khu phố | Khu phố | 178
         1.5 | Số Tổ dân phố | Tổ dân phố | 1907",
    ));
    // The same without units, as a form without a unit column prints it.
    silent(&Doc::new().table(
        "1 | Tổng số các đơn vị hành chính và cơ quan chuyên môn trực thuộc | | 141
         1.1 | Số phòng chuyên môn và tương đương thuộc UBND huyện | | 12
         1.2 | Số đơn vị sự nghiệp công lập trực thuộc | | 108
         1.3 | Số đơn vị hành chính cấp xã | | 21
         1.4 | Số Khu phố | | 178
         1.5 | Số Tổ dân phố | | 1907",
    ));
    silent(&Doc::new().table(
        "1.3 | Hộp thư điện tử | | 259
         1.3.1 | Số hộp thư cấp cho lãnh đạo | | 6
         1.3.2 | Số hộp thư lãnh đạo sử dụng thường xuyên | | 6
         1.3.3 | Số hộp thư cấp cho công chức, viên chức | | 253
         1.3.4 | Số hộp thư công chức, viên chức sử dụng thường xuyên | | 253",
    ));
    silent(&Doc::new().table(
        "1 | Số cơ quan thực hiện tự chủ | | 38
         1.1 | Cấp huyện | | 17
         1.2 | Cấp xã | | 21
         2.1 | Số đơn vị thực hiện tự chủ | | 109
         2.2 | Số đơn vị tự chủ toàn bộ | | 4
         2.3 | Số đơn vị tự chủ một phần | | 86",
    ));
}

#[test]
fn parts_that_need_not_exhaust() {
    silent(&Doc::new().table(
        "2.1 | Đơn vị sự nghiệp thực hiện tự chủ | Đơn vị | 109
         2.1.1 | Tự chủ toàn bộ | Đơn vị | 4
         2.1.2 | Tự chủ một phần | Đơn vị | 86",
    ));
    silent(&Doc::new().table(
        "1 | Thực hiện các quy định về quản lý | | 189
         1.1 | Quyết định tuyển dụng | Quyết định | 10
         1.2 | Bổ nhiệm ngạch | Quyết định | 5
         1.3 | Bổ nhiệm chức danh | Quyết định | 99
         1.4 | Người được bổ nhiệm | Người | 75
         2 | Đào tạo, bồi dưỡng | | 7
         2.1 | Số lớp do đơn vị tổ chức | Lớp | 0
         2.1.3 | Số học viên tham gia | Người | 0
         2.2 | Số người tham gia lớp do thành phố tổ chức | Người | 237",
    ));
}

#[test]
fn received_is_not_resolved() {
    silent(&Doc::new().table(
        "3 | Tiếp nhận và trả kết quả | |
         3.1 | Tổng số hồ sơ tiếp nhận tại huyện | Hồ sơ | 4.340
         3.2 | Tổng số hồ sơ đã giải quyết | Hồ sơ | 4.001
         3.2.1 | Số hồ sơ đúng hạn | Hồ sơ | 4.001
         3.2.2 | Số hồ sơ trễ hạn | Hồ sơ | 0
         3.2.3 | Số hồ sơ trả bổ sung từ 02 lần trở lên | Hồ sơ | 0
         3.3 | Tổng số hồ sơ tiếp nhận tại xã, thị trấn | Hồ sơ | 75.730
         3.3.1 | Số hồ sơ đúng hạn | Hồ sơ | 75.000
         3.3.2 | Số hồ sơ trễ hạn | Hồ sơ | 0
         3.4 | Số hồ sơ tiếp nhận sáng thứ bảy | Hồ sơ | 4.388",
    ));
}

#[test]
fn rates_above_their_rows() {
    silent(&Doc::new().table(
        "2 | Tỷ lệ hoàn thành Kế hoạch năm | % | 56,4
         2.1 | Số nhiệm vụ đề ra | Nhiệm vụ | 39
         2.2 | Số nhiệm vụ đã hoàn thành | Nhiệm vụ | 22
         3 | Kiểm tra | | 0
         3.1 | Số bộ phận đã kiểm tra | Bộ phận | 8
         3.2 | Tỷ lệ xử lý các vấn đề qua kiểm tra | % | 100
         3.2.1 | Số vấn đề phát hiện | Vấn đề | 7
         3.2.2 | Số vấn đề đã xử lý xong | Vấn đề | 7
         3.3 | Tỷ lệ giải quyết phản ánh | % | 0
         3.3.1 | Tổng số PAKN đã tiếp nhận | PAKN | 0
         3.3.2 | Số PAKN đã giải quyết xong | PAKN | 0
         5 | Tỷ lệ hồ sơ trực tuyến | % | 95,23%
         5.1 | Tổng số hồ sơ | Hồ sơ | 21
         5.2 | Số hồ sơ trực tuyến | Hồ sơ | 20
         5.3 | Số TTHC có hồ sơ | Thủ tục | 15
         6 | Tỷ lệ sử dụng văn bản điện tử | % | 100
         6.1 | Tỷ lệ của cấp huyện | % | 100
         6.2 | Tỷ lệ của cấp xã | % | 98",
    ));
}

#[test]
fn tasks_beside_their_total() {
    silent(&Doc::new().table(
        "5 | Thực hiện nhiệm vụ được giao | |
         5.1 | Tổng số nhiệm vụ được giao | Nhiệm vụ | 24
         5.2 | Số nhiệm vụ đã hoàn thành đúng hạn | Nhiệm vụ | 18
         5.3 | Số nhiệm vụ đã hoàn thành nhưng quá hạn | Nhiệm vụ | 0
         5.4 | Số nhiệm vụ chưa hoàn thành nhưng chưa quá hạn | Nhiệm vụ | 6",
    ));
    silent(&Doc::new().table(
        "4 | Thực hiện nhiệm vụ được giao | |
         4.1 | Tổng số nhiệm vụ được giao | Nhiệm vụ | 141
         4.2 | Số nhiệm vụ đã hoàn thành đúng hạn | Nhiệm vụ | 141
         4.3 | Số nhiệm vụ đã hoàn thành nhưng quá hạn | Nhiệm vụ |
         4.4 | Số nhiệm vụ quá hạn nhưng chưa hoàn thành | Nhiệm vụ | ",
    ));
}

#[test]
fn shares_rounded_truncated_and_of_other_bases() {
    for (part, base, rate) in [
        ("729", "1675", "43,5%"),
        ("5.113", "8.264", "61,87%"),
        ("365", "399", "91,4%"),
        ("38", "72", "52,8%"),
        ("1430", "1478", "96,75%"),
        ("6", "11", "54,54%"),
        ("05", "11", "45,45%"),
        ("22", "39", "56,4%"),
        ("07", "23", "30,4%"),
        ("339", "339", "100%"),
        ("0", "0", "100%"),
    ] {
        silent(&Doc::new().share(part, base, rate, "đã thực hiện", "nhiệm vụ"));
    }
    // Two percentages of one figure: only one is of the printed base.
    silent(
        &Doc::new()
            .say("38", "nhiệm vụ", "nhiệm vụ", &[Link::Denominator(1)])
            .say("72", "nhiệm vụ", "nhiệm vụ", &[])
            .say("100%", "đạt so với kế hoạch 6 tháng", "%", &[Link::PercentOf(2)])
            .say("52,8%", "kế hoạch năm", "%", &[Link::PercentOf(3)]),
    );
    // More done than planned.
    silent(&Doc::new().share("12", "10", "120%", "hội nghị đạt kế hoạch", "hội nghị"));
}

#[test]
fn a_report_in_words() {
    silent(
        &Doc::new()
            .say("80.070", "đã tiếp nhận tổng cộng", "hồ sơ", &[])
            .say("79.731", "đã giải quyết", "hồ sơ", &[])
            .say("5.842", "hồ sơ trực tuyến", "hồ sơ", &[Link::PartOf(1)])
            .say("79.731", "giải quyết đúng hạn", "hồ sơ", &[Link::PartOf(2)])
            .say("100%", "đạt tỷ lệ", "%", &[Link::PercentOf(1)])
            .say("không có", "hồ sơ giải quyết trễ hạn", "hồ sơ", &[Link::PartOf(4)])
            .say("339", "đang trong thời hạn giải quyết", "hồ sơ", &[Link::RestOf(5)])
            .say("4.340", "Tổng số hồ sơ tiếp nhận", "hồ sơ", &[])
            .say("4.001", "Tổng số hồ sơ đã giải quyết", "hồ sơ", &[])
            .say("4.001", "Số lượng hồ sơ đúng hạn", "hồ sơ", &[Link::PartOf(1)])
            .say("100%", "tỷ lệ đúng hạn", "%", &[Link::PercentOf(1)])
            .say("0", "số lượng hồ sơ trễ hạn", "hồ sơ", &[Link::PartOf(3)])
            .say("0%", "tỷ lệ trễ hạn", "%", &[Link::PercentOf(1)])
            .say("339", "Còn đang trong thời hạn", "hồ sơ", &[Link::RestOf(5)]),
    );
    silent(
        &Doc::new()
            .say("408", "Tổng số lượng cán bộ, công chức", "người", &[])
            .say("217", "cán bộ", "người", &[Link::PartOf(1)])
            .say("191", "công chức", "người", &[Link::PartOf(2)])
            .say("408", "đạt chuẩn", "người", &[Link::Denominator(1)])
            .say("408", "đạt chuẩn", "người", &[])
            .say("100%", "đạt", "%", &[Link::PercentOf(2)]),
    );
}

#[test]
fn procedures_that_overlap() {
    // They pass several levels, or have several properties at once.
    for (whole, parts) in [("14", ["06", "14", "01"]), ("25", ["18", "25", "25"]), ("16", ["04", "16", "16"])] {
        silent(
            &Doc::new()
                .say(whole, "giải quyết theo hình thức liên thông giữa các cấp chính quyền", "TTHC", &[])
                .say(parts[0], "Liên thông cấp tỉnh", "TTHC", &[Link::PartOf(1)])
                .say(parts[1], "cấp huyện", "TTHC", &[Link::PartOf(2)])
                .say(parts[2], "cấp xã", "TTHC", &[Link::PartOf(3)]),
        );
    }
    silent(
        &Doc::new()
            .say("122", "tổng số thủ tục thuộc phạm vi giải quyết", "TTHC", &[])
            .say("48", "dịch vụ công trực tuyến toàn trình", "TTHC", &[Link::PartOf(1)])
            .say("62", "dịch vụ công trực tuyến một phần", "TTHC", &[Link::PartOf(2)])
            .say("12", "cung cấp thông tin trực tuyến", "TTHC", &[Link::PartOf(3)])
            .say("14", "liên thông giữa các cấp", "TTHC", &[Link::PartOf(4)])
            .say("24", "quy định mức thu lệ phí", "TTHC", &[Link::PartOf(5)])
            .say("10", "lệ phí trực tuyến", "TTHC", &[Link::PartOf(1)])
            .say("21", "quy định mức thu phí", "TTHC", &[Link::PartOf(7)]),
    );
}

#[test]
fn two_meanings_of_on_time() {
    // `đúng hạn` with the early ones in it.
    silent(
        &Doc::new()
            .say("1.813", "hồ sơ đã giải quyết", "hồ sơ", &[])
            .say("1.787", "trước hạn", "hồ sơ", &[Link::PartOf(1)])
            .say("1.813", "đúng hạn", "hồ sơ", &[Link::PartOf(2)])
            .say("0", "quá hạn", "hồ sơ", &[Link::PartOf(3)]),
    );
    silent(
        &Doc::new()
            .say("1.813.", "hồ sơ đã giải quyết", "hồ sơ", &[])
            .say("1.787", "trước hạn", "hồ sơ", &[Link::PartOf(1)])
            .say("26", "đúng hạn", "hồ sơ", &[Link::PartOf(2)])
            .say("0", "quá hạn", "hồ sơ", &[Link::PartOf(3)]),
    );
}

#[test]
fn twins_of_other_precision_and_scope() {
    let doc = Doc::new()
        .issuer(Level::District)
        .say_as("96,174 tỷ đồng", "vốn được giao", "đồng", "plan", "", &[])
        .say_as("gần 200", "hồ sơ", "hồ sơ", "in", "", &[])
        .say_as("trên 95%", "tỷ lệ văn bản", "%", "rate", "", &[])
        .say_as("18", "TTHC của xã", "TTHC", "proc", "commune", &[])
        .table(
            "1 | Kế hoạch được giao | Triệu đồng | 96.174 | plan
             2 | Số hồ sơ | Hồ sơ | 196 | in
             3 | Tỷ lệ văn bản | % | 98 | rate
             4 | Số TTHC | Thủ tục | 76 | proc
             5 | Số TTHC | Thủ tục | 55 | proc | district",
        );
    silent(&doc);
}

#[test]
fn rules_that_hold() {
    let rules = rules(vec![
        ("sum/levels", Rule::Levels { indicator: "catalog".into() }),
        ("sum/outcome", sum("resolved", &["early", "ontime", "late"])),
        ("ratio/ontime", ratio("rate", "ontime", &["resolved", "received"])),
        ("subset/ontime", subset("ontime", "resolved")),
        ("domain/held", Rule::Domain { indicator: "held".into(), codes: vec![0, 1] }),
        (
            "implies/survey",
            Rule::Implies { indicator: "held".into(), zero: true, other: "forms".into(), other_zero: true },
        ),
    ]);
    let doc = Doc::new().issuer(Level::District).table(
        "1 | Danh mục | Thủ tục | 233 | catalog
         1.1 | Cấp huyện | Thủ tục | 115 | catalog | district
         1.2 | Cấp xã | Thủ tục | 118 | catalog | commune
         2 | Tiếp nhận | Hồ sơ | 120 | received
         3 | Đã giải quyết | Hồ sơ | 100 | resolved
         3.1 | Trước hạn | Hồ sơ | 30 | early
         3.2 | Đúng hạn | Hồ sơ | 65 | ontime
         3.3 | Quá hạn | Hồ sơ | 5 | late
         4 | Tỷ lệ đúng hạn | % | 54,17 | rate
         5 | Khảo sát | mã | 0 | held
         5.1 | Số phiếu | Phiếu | 0 | forms",
    );
    silent_with(&doc, &rules);
    // Broken, each is found.
    let broken = Doc::new().table(
        "3 | Đã giải quyết | Hồ sơ | 100 | resolved
         4 | Trước hạn | Hồ sơ | 130 | early
         5 | Đúng hạn | Hồ sơ | 65 | ontime
         6 | Quá hạn | Hồ sơ | 5 | late
         7 | Khảo sát | mã | 0 | held
         8 | Số phiếu | Phiếu | 12 | forms",
    );
    let found: Vec<String> = alarms(&broken.check_with(&rules)).iter().map(|w| w.check.clone()).collect();
    assert_eq!(found, ["sum/outcome", "implies/survey"]);
}

#[test]
fn row_numbers_in_order() {
    silent(&Doc::new().table(
        "1 | a | |
         1.1 | b | Người | 1
         1.8 | c | Người | 1
         1.9 | d | Người | 2
         1.10 | e | Người | 3
         I | phần | |
         II | phần | |",
    ));
    // A form that starts again, and a row that a page break printed twice.
    silent(&Doc::new().table(
        "1 | a | Người | 1
         2 | b | Người | 1
         1 | c | Người | 2
         2 | d | Người | 3
         2 | d | Người | 3
         3 | e | Người | 3",
    ));
}

#[test]
fn odd_input_is_survived() {
    let mut doc = Doc::new().table("1 | a | Người | 1\n1.1 | b | Người | 999999999999999999999999");
    for fact in &mut doc.x.facts {
        fact.links =
            vec![Link::PartOf(99), Link::RowParent(0), Link::RestOf(1), Link::Denominator(0), Link::PercentOf(7)];
        fact.multiplier = 40;
    }
    doc.x.facts[0].row = Some(77);
    let _ = doc.check();
    let _ = Doc::new().check();
}
