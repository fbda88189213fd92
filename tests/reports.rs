//! What must hold of every extraction, whatever the report: indexes point somewhere, spans lie inside their text, ids are unique.
//! Runs over the corpus and, where they are there, the reports outside the repository.

use crate::root;
use baocao::cli::adapter;
use baocao::model::{Document, Extraction, Link};
use baocao::run::{extract, golden};
use baocao::write::fact_ids;
use std::collections::HashSet;
use std::fs;

fn faults(document: &Document, extraction: &Extraction, lines: usize) -> Vec<String> {
    let mut out = Vec::new();
    for (i, block) in document.blocks.iter().enumerate() {
        if block.heading.is_some_and(|heading| heading as usize >= i) {
            out.push(format!("b{i}: its heading does not stand above it"));
        }
    }
    let facts = &extraction.facts;
    for (i, fact) in facts.iter().enumerate() {
        let text = match fact.cell {
            Some((table, row, column)) => {
                document.tables.get(table as usize).and_then(|t| t.cell(row, column)).map(|cell| &cell.text.clean)
            }
            None => document.blocks.get(fact.block as usize).map(|block| &block.text.clean),
        };
        let (start, end) = (fact.span.0 as usize, fact.span.1 as usize);
        match text {
            None => out.push(format!("fact {i} ({}): no such block or cell", fact.raw)),
            Some(text) if text.get(start..end).is_none() => {
                out.push(format!("fact {i} ({}): span {start}..{end} is not in `{text}`", fact.raw));
            }
            Some(_) => {}
        }
        if fact.place.line.is_some_and(|line| line == 0 || line as usize > lines) {
            out.push(format!("fact {i} ({}): line {:?} of {lines}", fact.raw, fact.place.line));
        }
        if !(0.0..=1.0).contains(&fact.confidence) {
            out.push(format!("fact {i} ({}): confidence {}", fact.raw, fact.confidence));
        }
        for link in &fact.links {
            use Link::{Base, Denominator, Maximum, PartOf, PercentOf, RestOf, RowParent};
            let (RowParent(to) | PercentOf(to) | Denominator(to) | Base(to) | PartOf(to) | Maximum(to) | RestOf(to)) =
                link;
            if *to >= facts.len() || *to == i {
                out.push(format!("fact {i} ({}): {link:?} leads nowhere", fact.raw));
            }
        }
    }
    for warning in &extraction.warnings {
        let wrong = warning.facts.iter().chain(&warning.suspect).any(|fact| *fact >= facts.len());
        if wrong || warning.message_en.is_empty() || warning.message_vi.is_empty() {
            out.push(format!("{}: a figure or a message is missing", warning.check));
        }
        if [&warning.message_vi, &warning.message_en].iter().any(|message| message.contains(['{', '}'])) {
            out.push(format!("{}: a name was not filled in: {}", warning.check, warning.message_en));
        }
    }
    let ids: HashSet<String> = fact_ids("0123456789abcdef", facts).into_iter().collect();
    if ids.len() != facts.len() {
        out.push("fact ids are not unique".into());
    }
    out
}

#[test]
fn extractions_are_sound() {
    let rules = adapter::rules(None).expect("sound rules");
    let mapper = baocao::map::Mapper::new(&rules);
    let (mut cases, _) = golden::readable(golden::corpus(root()).expect("the manifest"));
    cases.extend(golden::reports(root()).unwrap_or_default());
    let mut wrong = String::new();
    for case in &cases {
        let bytes = fs::read(&case.source).expect("a report");
        // Files that are there to fail are compared with their goldens.
        if let Ok((document, extraction)) = extract(&bytes, &case.id, &mapper) {
            let lines = match document.format {
                "text" => bytes.split(|byte| *byte == b'\n' || *byte == b'\r').count(),
                _ => document.lines.len(),
            };
            for fault in faults(&document, &extraction, lines) {
                wrong.push_str(&format!("{}: {fault}\n", case.id));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}
