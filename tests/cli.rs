//! The command line as a user meets it: help, exit codes, messages, what lies in the output folder afterwards.

use crate::{Bench, REPORT, baocao, code, path, text};
use std::fs;

#[test]
fn help_names_commands_and_exit_codes() {
    let help = baocao(&["--help"]);
    assert_eq!(code(&help), 0);
    let shown = text(&help.stdout);
    for word in ["extract", "show", "compare", "rules", "golden", "Exit codes", "--lang"] {
        assert!(shown.contains(word), "{word} is missing in\n{shown}");
    }
    for command in ["extract", "show", "compare", "rules", "golden"] {
        let help = baocao(&[command, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(text(&help.stdout).lines().count() > 10, "{command} says too little");
    }
}

#[test]
fn unusable_calls_end_with_2() {
    let bench = Bench::new();
    let input = bench.input();
    for arguments in [
        &[][..],
        &["extract"],
        &["extract", path(&input)],
        &["nonsense"],
        &["extract", path(&input), "-o", "x", "--formats", "word"],
        &["extract", path(&input), "-o", "x", "--threads", "0"],
        &["show", path(&input)],
        &["rules", "check", "--rules", "no-such-folder"],
    ] {
        let output = baocao(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(!output.stderr.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn a_run_writes_the_whole_dataset_and_a_summary() {
    let bench = Bench::new();
    bench.file("a/one.txt", REPORT);
    bench.file("two.txt", REPORT.replace("1.205", "1.206"));
    let output = bench.extract(&[]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "quiet in a pipe");
    assert!(text(&output.stdout).contains("2 ok, 0 partial, 0 failed"), "{}", text(&output.stdout));
    let mut names: Vec<String> =
        fs::read_dir(bench.output()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let expected =
        ["blocks.csv", "datapackage.json", "documents.csv", "facts.csv", "run.json", "tables.csv", "warnings.csv"];
    assert_eq!(names, expected);
    let paths: Vec<String> = bench.documents().into_iter().map(|(path, ..)| path).collect();
    assert_eq!(paths, ["a/one.txt", "two.txt"]);
    for file in ["run.json", "datapackage.json"] {
        let json = fs::read_to_string(bench.output().join(file)).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
        assert!(!json.contains(path(bench.temp.path())), "{file} names a path of this machine");
    }
    assert_eq!(bench.beside(), ["out"]);
}

#[test]
fn a_second_run_replaces_the_first() {
    let bench = Bench::new();
    let first = bench.file("one.txt", REPORT);
    assert_eq!(code(&bench.extract(&[])), 0);
    fs::rename(first, bench.input().join("renamed.txt")).unwrap();
    assert_eq!(code(&bench.extract(&[])), 0);
    assert_eq!(bench.documents()[0].0, "renamed.txt");
    assert_eq!(bench.beside(), ["out"]);
}

#[test]
fn a_failed_file_ends_with_1_and_the_others_are_read() {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    bench.file("bad.txt", "%PDF-1.7\nnot a text");
    let output = bench.extract(&[]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("failed: bad.txt: read/damaged"), "{}", text(&output.stderr));
    assert_eq!(bench.document("good.txt").0, "ok");
    assert_eq!(bench.document("bad.txt").0, "failed");
    let run = fs::read_to_string(bench.output().join("run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    assert_eq!(run["failed"][0]["path"], "bad.txt");
    assert_eq!(run["failed"][0]["code"], "read/damaged");
    assert_eq!(run["counts"]["failed"], 1);
}

#[test]
fn messages_come_in_both_languages() {
    let bench = Bench::new();
    bench.file("bad.txt", "%PDF-1.7\n");
    let vietnamese = bench.extract(&["--lang", "vi"]);
    assert!(text(&vietnamese.stdout).contains("báo cáo"), "{}", text(&vietnamese.stdout));
    assert!(text(&vietnamese.stderr).contains("không đọc được: bad.txt"), "{}", text(&vietnamese.stderr));
    let english = bench.extract(&["--lang", "en"]);
    assert!(text(&english.stdout).contains("reports"));
}

#[test]
fn every_stage_can_be_shown() {
    let bench = Bench::new();
    let report = bench.file("one.txt", REPORT);
    for stage in ["blocks", "tables", "figures", "facts", "warnings"] {
        let output = baocao(&["show", path(&report), "--stage", stage]);
        assert_eq!(code(&output), 0, "{stage}: {}", text(&output.stderr));
    }
    let failed = bench.file("bad.pdf", "%PDF-1.7\n");
    let output = baocao(&["show", path(&failed)]);
    assert_eq!(code(&output), 1);
    assert!(text(&output.stderr).contains("read/damaged"));
}

#[test]
fn rules_are_sound() {
    for action in ["check", "test", "docs"] {
        let output = baocao(&["rules", action]);
        assert_eq!(code(&output), 0, "rules {action}:\n{}", text(&output.stderr));
    }
}

#[test]
fn timings_are_printed_when_asked_for() {
    let bench = Bench::new();
    bench.file("one.txt", REPORT);
    let output = bench.extract(&["--timings"]);
    for stage in ["read", "map", "check", "write", "total"] {
        assert!(text(&output.stderr).contains(&format!("timing {stage} ")), "{}", text(&output.stderr));
    }
}
