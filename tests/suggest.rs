//! `baocao rules suggest`: what it proposes, pasted into a copy of the rules, maps the figures that it was proposed for.

use crate::{Bench, baocao, code, path, root, text};
use std::fs;
use std::path::Path;

/// A form with a row that it does not know, and sentences about things that no rule names.
const UNKNOWN: &str = "\
ỦY BAN NHÂN DÂN
XÃ TÂN PHƯỚC
Số: 12/BC-UBND

BÁO CÁO
Kết quả công tác cải cách hành chính năm 2024

I. CẢI CÁCH THỦ TỤC HÀNH CHÍNH
1. Đã tiếp nhận 1.205 hồ sơ, đã giải quyết 1.200 hồ sơ.
2. Trong năm đã trao tặng 17 suất quà khuyến học.

| STT | Chỉ tiêu | Đơn vị tính | Số liệu |
|---|---|---|---|
| 1 | Số văn bản chỉ đạo, điều hành CCHC đã ban hành | Văn bản | 12 |
| 2 | Số cuộc gặp mặt nghệ nhân dân gian | Cuộc | 3 |
";

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("rules") {
        let entry = entry.expect("an entry").path();
        let name = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &name);
        } else {
            fs::copy(&entry, name).expect("a copy");
        }
    }
}

/// The blocks of a page that begin with `[[name]]`, as text.
fn blocks<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let head = format!("[[{name}]]");
    page.match_indices(&head)
        .filter(|(at, _)| *at == 0 || page[..*at].ends_with('\n'))
        .map(|(at, _)| {
            let rest = &page[at..];
            let end = rest.find("\n#").or_else(|| rest.find("\n\n")).map_or(rest.len(), |end| end + 1);
            &rest[..end]
        })
        .collect()
}

fn value<'a>(block: &'a str, key: &str) -> &'a str {
    let line = block.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).expect("the key");
    line.trim_matches('"')
}

fn append(file: &Path, text: &str) {
    let mut all = fs::read_to_string(file).unwrap_or_default();
    all.push('\n');
    all.push_str(text);
    fs::write(file, all).expect("a rule file");
}

#[test]
fn what_is_proposed_maps_once_pasted() {
    let bench = Bench::new();
    bench.file("one.txt", UNKNOWN);
    for formats in ["csv", "jsonl"] {
        let out = bench.input().with_file_name(formats);
        let run = baocao(&["extract", path(&bench.input()), "-o", path(&out), "--formats", formats]);
        assert_eq!(code(&run), 0, "{}", text(&run.stderr));
    }
    let suggest = |formats: &str, lang: &str| {
        let out = bench.input().with_file_name(formats);
        let run = baocao(&["--lang", lang, "rules", "suggest", path(&out)]);
        assert_eq!(code(&run), 0, "{}", text(&run.stderr));
        text(&run.stdout)
    };
    let page = suggest("csv", "en");
    assert_eq!(page, suggest("jsonl", "en"), "either format of the dataset gives the same");
    assert!(suggest("csv", "vi").contains("chỉ tiêu mới"));
    assert!(page.contains("one.txt:") && page.contains("suất quà"), "{page}");

    let rules = bench.input().with_file_name("rules");
    copy(&root().join("rules"), &rules);
    let (phrases, indicators) = (blocks(&page, "phrase"), blocks(&page, "indicator"));
    assert_eq!((phrases.len(), indicators.len()), (2, 2), "{page}");
    for phrase in phrases {
        let id = value(phrase, "count");
        let field = id.split('.').next().expect("a field");
        append(&rules.join(format!("phrases/{field}.toml")), phrase);
    }
    for indicator in indicators {
        let field = value(indicator, "id").split('.').next().expect("a field");
        append(&rules.join(format!("indicators/{field}.toml")), indicator);
    }
    for action in ["check", "test"] {
        let run = baocao(&["rules", action, "--rules", path(&rules)]);
        assert_eq!(code(&run), 0, "{action}: {}{}", text(&run.stdout), text(&run.stderr));
    }
    let out = bench.input().with_file_name("again");
    let run = baocao(&["extract", path(&bench.input()), "-o", path(&out), "--formats", "csv", "--rules", path(&rules)]);
    assert_eq!(code(&run), 0, "{}", text(&run.stderr));
    let again = text(&baocao(&["rules", "suggest", path(&out), "--rules", path(&rules)]).stdout);
    assert!(again.starts_with("# 0 figures"), "{again}");
}

#[test]
fn a_folder_that_is_no_dataset_ends_with_2() {
    let bench = Bench::new();
    let run = baocao(&["rules", "suggest", path(&bench.input())]);
    assert_eq!(code(&run), 2);
    assert!(text(&run.stderr).contains("facts.csv"), "{}", text(&run.stderr));
}
