//! `baocao explain`: by file, by id in a dataset with and without the report.

use crate::{Bench, baocao, code, path, text};
use std::fs;

/// A total with two digits swapped, against its parts and their percentages.
const WRONG: &str = "ỦY BAN NHÂN DÂN\nXÃ BÌNH AN\nSố: 12/BC-UBND\n\nBÁO CÁO\nKết quả cải cách hành chính năm 2023\n\n\
I. KẾT QUẢ\n1. Tổng số hồ sơ đã giải quyết là 21.802 hồ sơ, trong đó hồ sơ giải quyết trước hạn là 19.925 hồ sơ chiếm tỷ lệ \
94,5%; số hồ sơ giải quyết đúng hạn là 916 hồ sơ chiếm tỷ lệ 4,3%; số hồ sơ giải quyết trễ hạn là 241 hồ sơ chiếm tỷ lệ 1,1%.\n";

#[test]
fn a_report_is_explained_line_by_line() {
    let bench = Bench::new();
    let report = bench.file("one.txt", WRONG);
    let output = baocao(&["explain", path(&report), "L9"]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    for part in [
        "error[sum/",
        "<- suspect",
        "19.925 + 916 + 241 = 21082 ≠ 21.802: does not hold",
        "two neighbouring digits swapped",
        "With 21082:",
        "100 × 19.925 / 21082 = 94.512%; printed 94,5%: holds",
        "“Tổng số hồ sơ đã giải quyết là 21.802",
    ] {
        assert!(shown.contains(part), "{part} is missing in\n{shown}");
    }
    let output = baocao(&["explain", path(&report), "--lang", "vi"]);
    let shown = text(&output.stdout);
    assert!(shown.contains("Đã thử sửa") && shown.contains("Với 21.082:"), "{shown}");
    assert_eq!(code(&baocao(&["explain", path(&report), "no-such-check"])), 2);
    assert_eq!(code(&baocao(&["explain", "no-such-file"])), 2);
}

#[test]
fn a_report_in_order_needs_no_explanation() {
    let bench = Bench::new();
    let report = bench.file("one.txt", WRONG.replace("21.802", "21.082"));
    let output = baocao(&["explain", path(&report), "--lang", "en"]);
    assert_eq!(code(&output), 0);
    let shown = text(&output.stdout);
    assert!(!shown.contains("warning[") && !shown.contains("error["), "{shown}");
}

#[test]
fn a_dataset_is_explained_with_and_without_its_report() {
    for format in ["csv", "jsonl"] {
        let bench = Bench::new();
        bench.file("a/one.txt", WRONG);
        let (input, output) = (bench.input(), bench.output());
        let run = baocao(&["extract", path(&input), "-o", path(&output), "--formats", format]);
        assert_eq!(code(&run), 0, "{}", text(&run.stderr));
        let listed = text(&baocao(&["explain", path(&input.join("a/one.txt")), "L9"]).stdout);
        let id = listed
            .lines()
            .find(|l| l.starts_with("error["))
            .and_then(|l| l.split_whitespace().nth(1))
            .expect("an id")
            .to_owned();
        let with = baocao(&["explain", &id, "--dataset", path(&output), "--source", path(&input)]);
        assert_eq!(code(&with), 0, "{}", text(&with.stderr));
        assert!(text(&with.stdout).contains("Tried"), "{}", text(&with.stdout));
        fs::remove_file(input.join("a/one.txt")).expect("removed");
        let without = text(&baocao(&["explain", &id, "--dataset", path(&output), "--source", path(&input)]).stdout);
        assert!(
            without.contains("21.802") && without.contains("<- suspect") && without.contains("--source"),
            "{without}"
        );
        assert_eq!(code(&baocao(&["explain", "0000000000", "--dataset", path(&output)])), 2);
    }
}
