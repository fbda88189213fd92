//! What the pipeline gives for the corpus and for the reports outside the repository, against what was accepted
//! (`baocao golden accept` rewrites it).

use crate::root;
use baocao::cli::adapter;
use baocao::run::golden::{self, Case};

fn differences(cases: &[Case]) -> String {
    let rules = adapter::rules(None).expect("sound rules");
    let mapper = baocao::map::Mapper::new(&rules);
    let mut out = String::new();
    for case in cases {
        match golden::compare(root(), case, &mapper) {
            Ok(differences) => {
                for difference in differences {
                    out.push_str(&format!("{}\n  {}\n", difference.file, difference.lines.join("\n  ")));
                }
            }
            Err(message) => out.push_str(&format!("{message}\n")),
        }
    }
    out
}

#[test]
fn corpus() {
    let (cases, left) = golden::readable(golden::corpus(root()).expect("the manifest"));
    if left > 0 {
        eprintln!("goldens of {left} pictures skipped: tesseract is not installed");
    }
    let found = differences(&cases);
    assert!(found.is_empty(), "\n{found}\nif this is right: baocao golden accept");
}

#[test]
fn reports_outside_the_repository() {
    let Some(cases) = golden::reports(root()) else {
        let kept = std::fs::read_dir(root().join("golden/reports")).map_or(0, |files| files.count() / 2);
        eprintln!("goldens of {kept} reports skipped: {} is absent", golden::reports_folder(root()).display());
        return;
    };
    let found = differences(&cases);
    assert!(found.is_empty(), "\n{found}\nif this is right: baocao golden accept");
}

#[test]
fn ids_are_unique_and_every_case_teaches_something() {
    let cases = golden::corpus(root()).expect("the manifest");
    let mut ids: Vec<&str> = cases.iter().map(|case| case.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), cases.len(), "two entries of the manifest share an id");
    for case in &cases {
        assert!(case.source.is_file(), "{}: there is no {}", case.id, case.source.display());
        assert!(!case.teaches.is_empty(), "{}: say what it teaches", case.id);
    }
}
