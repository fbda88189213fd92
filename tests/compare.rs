//! `baocao compare`: what is found between the reports of a dataset, what is left alone, and what the dataset is afterwards.

#[cfg(feature = "parquet")]
use crate::root;
use crate::{Bench, REPORT, baocao, code, path, text};
#[cfg(feature = "parquet")]
use std::collections::BTreeMap;
#[cfg(feature = "parquet")]
use std::fs;

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_so() {
    let bench = Bench::new();
    bench.file("one.txt", REPORT);
    assert_eq!(code(&bench.extract(&[])), 0);
    let output = baocao(&["compare", path(&bench.output())]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("compare/no-parquet-support"), "{}", text(&output.stderr));
}

#[cfg(feature = "parquet")]
#[test]
fn what_cannot_be_compared_is_left_as_it_is() {
    let bench = Bench::new();
    bench.file("one.txt", REPORT);
    assert_eq!(code(&bench.extract(&[])), 0);
    let refused = baocao(&["compare", path(&bench.output())]);
    assert_eq!(code(&refused), 2);
    assert!(text(&refused.stderr).contains("compare/no-parquet"), "{}", text(&refused.stderr));
    assert_eq!(code(&bench.extract(&["--formats", "parquet"])), 0);
    fs::write(bench.output().join("facts.parquet"), "PAR1").expect("a damaged file");
    let damaged = baocao(&["compare", path(&bench.output())]);
    assert_eq!(code(&damaged), 2);
    assert!(text(&damaged.stderr).contains("compare/damaged"), "{}", text(&damaged.stderr));
    assert_eq!(bench.beside(), ["out"]);
}

/// The rows of a table of the output, by column.
#[cfg(feature = "parquet")]
fn rows(bench: &Bench, table: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(bench.output().join(format!("{table}.csv"))).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[cfg(feature = "parquet")]
#[test]
fn the_series_has_its_planted_contradictions_and_no_other() {
    let bench = Bench::new();
    let (series, output) = (root().join("corpus/series"), bench.output());
    let extract = || baocao(&["extract", path(&series), "-o", path(&output), "--formats", "parquet,csv,jsonl"]);
    assert_eq!(code(&extract()), 0);
    let package = fs::read(output.join("datapackage.json")).expect("datapackage.json");
    let compared = baocao(&["compare", path(&output), "--fail-on", "error"]);
    assert_eq!(code(&compared), 0, "{}", text(&compared.stderr));
    assert!(text(&compared.stdout).contains("0 error, 5 warning, 1 info"), "{}", text(&compared.stdout));
    let facts = rows(&bench, "facts");
    let print = |id: &str| facts.iter().find(|f| f["fact_id"] == id).map(|f| f["raw"].clone()).expect("a fact");
    let prints = |ids: &str| ids.split(';').filter(|id| !id.is_empty()).map(print).collect::<Vec<_>>().join(" ");
    let found: Vec<(String, String, String)> = rows(&bench, "comparisons")
        .iter()
        .map(|row| (row["check"].clone(), prints(&row["fact_ids"]), prints(&row["suspect_fact_id"])))
        .collect();
    let expected = [
        ("series/cumulative", "45 30 41", "45"),
        ("series/cumulative", "630 596", ""),
        ("units/communes", "1.320 2.230 1.015", ""),
        ("series/restated", "812 821", ""),
        ("filing/conflict", "57 75", ""),
        ("filing/corrected", "1.501 501", ""),
    ];
    let shown = |found: &[(String, String, String)]| {
        let mut lines: Vec<String> = found.iter().map(|(a, b, c)| format!("{a} | {b} | {c}")).collect();
        lines.sort();
        lines
    };
    let expected = expected.map(|(a, b, c)| (a.to_string(), b.to_string(), c.to_string()));
    assert_eq!(shown(&found), shown(&expected));
    let documents = rows(&bench, "documents");
    for row in rows(&bench, "comparisons") {
        assert!(row["doc_ids"].split(';').all(|id| documents.iter().any(|d| d["doc_id"] == id)));
        assert!(row["message_vi"].contains("UBND") && row["message_en"].contains("UBND"));
    }
    // The dataset describes its new table, the same bytes every time, and a new run is as the first.
    let contents = || -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(&output).expect("a folder").map(|entry| entry.expect("an entry").path());
        entries.map(|p| (p.display().to_string(), fs::read(&p).expect("a file"))).collect()
    };
    let first = contents();
    assert_eq!(first.keys().filter(|name| name.contains("comparisons.")).count(), 3);
    let described = fs::read_to_string(output.join("datapackage.json")).expect("datapackage.json");
    assert!(described.contains("\"comparisons.csv\"") && described.contains("\"comparisons.parquet\""));
    let run: serde_json::Value =
        serde_json::from_slice(&fs::read(output.join("run.json")).expect("run.json")).expect("JSON");
    assert_eq!((&run["comparisons"]["warning"], &run["counts"]["documents"]), (&5.into(), &10.into()));
    let again = baocao(&["compare", path(&output), "--fail-on", "warning", "--lang", "vi"]);
    assert_eq!(code(&again), 1);
    assert!(text(&again.stdout).contains("số lũy kế không thể giảm"), "{}", text(&again.stdout));
    assert!(contents() == first, "a second comparison writes other bytes");
    assert_eq!(code(&extract()), 0);
    assert_eq!(fs::read(output.join("datapackage.json")).expect("datapackage.json"), package);
    assert!(!output.join("comparisons.csv").exists());
    assert_eq!(bench.beside(), ["out"]);
}

/// Copies, twins in other formats and reports of different offices: nothing contradicts itself.
#[cfg(feature = "parquet")]
#[test]
fn the_other_reports_of_the_corpus_are_copies_at_most() {
    let bench = Bench::new();
    let (texts, legacy) = (root().join("corpus/text"), root().join("corpus/text-legacy"));
    let extracted = baocao(&["extract", path(&texts), path(&legacy), "-o", path(&bench.output())]);
    assert_eq!(code(&extracted), 0, "{}", text(&extracted.stderr));
    let compared = baocao(&["compare", path(&bench.output())]);
    assert!(text(&compared.stdout).contains("0 error, 0 warning, 4 info"), "{}", text(&compared.stdout));
    assert!(rows(&bench, "comparisons").iter().all(|row| row["check"] == "filing/same-figures"));
}
