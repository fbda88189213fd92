//! The same bytes in every output file, whatever the number of threads and the order in which files are found.

use crate::{Bench, REPORT, code, root, text};
use baocao::run::golden;
use std::collections::BTreeMap;
use std::fs;

/// Every file of the output folder.
fn contents(bench: &Bench) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(bench.output())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect()
}

#[test]
fn one_and_eight_threads_write_the_same_bytes() {
    let bench = Bench::new();
    let mut texts: Vec<Vec<u8>> = golden::corpus(root())
        .expect("the manifest")
        .iter()
        .filter(|case| !case.pictures)
        .filter_map(|case| fs::read(&case.source).ok())
        .collect();
    texts.push(REPORT.into());
    // More files than one batch holds, of different sizes, some failing.
    for n in 0..80 {
        let mut bytes = texts[n % texts.len()].clone();
        bytes.extend_from_slice(format!("\nBản số {n}.\n").as_bytes());
        bench.file(&format!("{}/{n}.txt", n % 7), bytes);
    }
    bench.file("3/none.pdf", "%PDF-1.7");
    let formats = if cfg!(feature = "parquet") { "parquet,csv,jsonl" } else { "csv,jsonl" };
    let run = |threads: &str| {
        let output = bench.extract(&["--formats", formats, "--threads", threads]);
        assert_eq!(code(&output), 1, "{}", text(&output.stderr));
        contents(&bench)
    };
    let one = run("1");
    assert!(one.len() >= 12);
    for (name, bytes) in run("8") {
        assert!(one.get(&name) == Some(&bytes), "{name} differs");
    }
}
