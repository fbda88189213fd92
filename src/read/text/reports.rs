//! Checks over the five real reports, which are not part of the repository: found beside it, or at `BAOCAO_REPORTS`; where they
//! are absent the tests say so and pass.

use crate::model::{BlockKind, Document, Table};
use crate::read::read;
use crate::text::sequence::Sequence;
use std::collections::HashMap;
use std::path::PathBuf;

fn folder() -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reports");
    let folder = std::env::var_os("BAOCAO_REPORTS").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no reports at {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The report whose name starts with `number`, with its document.
fn report(number: &str) -> Option<(String, Document)> {
    let folder = folder()?;
    let mut paths: Vec<_> = std::fs::read_dir(&folder).ok()?.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    let path = paths.into_iter().find(|p| {
        let name = p.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(number) && name.ends_with(".txt")
    })?;
    let bytes = std::fs::read(&path).ok()?;
    let document = read(&bytes, number).expect("a report is read");
    Some((String::from_utf8(bytes).ok()?, document))
}

/// The rows of the answer key: line, kind, stt, raw.
fn truth(number: &str) -> Option<Vec<(u32, String, String, String)>> {
    let path = folder()?.join(format!("../truth/{number}.facts.csv"));
    let mut reader = csv::Reader::from_path(path).ok()?;
    let rows = reader.records().filter_map(Result::ok);
    Some(rows.map(|r| (r[0].parse().unwrap_or(0), r[1].to_string(), r[2].to_string(), r[4].to_string())).collect())
}

/// How often each line's text stands in blocks and cells, by the pieces' lines.
fn placed(document: &Document) -> HashMap<u32, Vec<String>> {
    let mut lines: HashMap<u32, Vec<String>> = HashMap::new();
    let cells = document.tables.iter().flat_map(|t| t.cells.iter().map(|c| &c.text));
    for text in document.blocks.iter().map(|b| &b.text).chain(cells) {
        let numbers: Vec<u32> = text.anchors.iter().map(|a| a.line).fold(Vec::new(), |mut out, line| {
            if out.last() != Some(&line) {
                out.push(line);
            }
            out
        });
        let mut raw: Vec<&str> = text.raw.split('\n').collect();
        // Several pieces of one line.
        if raw.len() != numbers.len() {
            raw = vec![&text.raw];
        }
        for (line, raw) in numbers.iter().zip(&raw) {
            lines.entry(*line).or_default().push(raw.to_string());
        }
        for line in numbers.iter().skip(raw.len()) {
            lines.entry(*line).or_default().push(String::new());
        }
    }
    lines
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

#[test]
fn every_line_lands_once() {
    for number in ["000", "001", "002", "003", "004"] {
        let Some((text, document)) = report(number) else { return };
        let placed = placed(&document);
        let mut missing = Vec::new();
        for (at, line) in text.lines().enumerate() {
            let line_number = at as u32 + 1;
            if letters(line) > 0 && !placed.contains_key(&line_number) {
                missing.push(line_number);
            }
        }
        assert!(missing.is_empty(), "{number}: lines in no block or cell: {missing:?}");
        let printed: usize = letters(&text);
        let texts = document
            .blocks
            .iter()
            .map(|b| &b.text)
            .chain(document.tables.iter().flat_map(|t| t.cells.iter().map(|c| &c.text)));
        let read: usize = texts.map(|t| letters(&t.raw)).sum();
        // Note marks (`[1:`), tags and bookmarks are taken off.
        println!("{number}: letters and digits {printed}, placed {read}");
        assert!(read <= printed && printed - read <= 60, "{number}: {printed} printed, {read} placed");
    }
}

fn widths(document: &Document) -> Vec<(u32, u32)> {
    document.tables.iter().map(|t| (t.columns, t.header_rows)).collect()
}

#[test]
fn tables_have_their_shape() {
    let Some((_, d0)) = report("000") else { return };
    assert_eq!(widths(&d0), [(5, 2); 7]);
    let (_, d1) = report("001").unwrap();
    assert_eq!(widths(&d1), [(7, 1); 7]);
    let (_, d2) = report("002").unwrap();
    assert_eq!(widths(&d2), [(5, 1)]);
    let (_, d3) = report("003").unwrap();
    assert_eq!(widths(&d3), [(12, 2), (3, 1)]);
    let (_, d4) = report("004").unwrap();
    assert_eq!(widths(&d4), [(5, 2); 7]);
    for document in [&d0, &d1, &d2, &d3, &d4] {
        for table in &document.tables {
            sorted_and_apart(table);
        }
    }
    assert_eq!(d1.notices.len(), 1);
    assert_eq!(d1.notices[0].0, "truncated-row");
    assert!(d0.notices.is_empty() && d2.notices.is_empty() && d3.notices.is_empty() && d4.notices.is_empty());
    let notes = d4.blocks.iter().filter(|b| b.kind == BlockKind::Footnote).count();
    let marks: usize = d4.blocks.iter().map(|b| b.notes.len()).sum();
    assert_eq!((notes, marks), (11, 11));
}

fn sorted_and_apart(table: &Table) {
    assert!(table.cells.windows(2).all(|w| (w[0].row, w[0].column) < (w[1].row, w[1].column)));
    let mut seen = std::collections::HashSet::new();
    for cell in &table.cells {
        for row in cell.row..cell.row + cell.row_span {
            for column in cell.column..cell.column + cell.column_span {
                assert!(row < table.rows && column < table.columns);
                assert!(seen.insert((row, column)), "two cells at {row},{column}");
            }
        }
    }
}

#[test]
fn scores_stand_in_their_columns() {
    let (Some((_, document)), Some(truth)) = (report("002"), truth("002")) else { return };
    let table = &document.tables[0];
    let mut found = 0;
    let mut wrong = Vec::new();
    let mut by_line: HashMap<u32, Vec<(String, String)>> = HashMap::new();
    for (line, kind, stt, raw) in &truth {
        if kind == "score" {
            by_line.entry(*line).or_default().push((stt.clone(), raw.clone()));
        }
    }
    for (line, scores) in &by_line {
        let row = table
            .cells
            .iter()
            .find(|c| c.column == 2 && c.place.line == Some(*line) && !c.text.is_empty())
            .map(|c| c.row);
        for (at, (stt, raw)) in scores.iter().enumerate() {
            let cell = row.and_then(|r| table.cell(r, 2 + at as u32));
            let number = row.and_then(|r| table.cell(r, 0)).map_or("", |c| c.text.clean.as_str());
            let same_stt = stt.is_empty() || number.trim_end_matches('.') == stt.trim_end_matches('.');
            if cell.is_some_and(|c| c.text.clean == *raw && c.text.line_at(0) == *line) && same_stt {
                found += 1;
            } else {
                wrong.push((*line, stt.clone(), raw.clone()));
            }
        }
    }
    println!("002: scores {found} of 212, rows {}", table.rows);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(found, 212);
    let filled = table.cells.iter().filter(|c| c.column == 2 && !c.header && !c.text.is_empty()).count();
    assert_eq!(filled, 106);
    let total = (0..table.rows).rev().find_map(|r| table.cell(r, 1).filter(|c| c.text.clean.starts_with("Tổng")));
    assert!(total.is_some());
}

#[test]
fn cells_agree_with_the_key() {
    let (Some((_, document)), Some(truth)) = (report("001"), truth("001")) else { return };
    let (mut found, mut wrong) = (0, Vec::new());
    for (line, kind, stt, raw) in truth.iter().filter(|t| t.1 == "table") {
        let hit = document.tables.iter().find_map(|t| {
            let cell = t.cells.iter().find(|c| c.place.line == Some(*line))?;
            let number = t.cell(cell.row, 0).map_or("", |c| c.text.clean.as_str());
            (number.trim_end_matches('.') == stt.trim_end_matches('.') && cell.text.clean.contains(raw.as_str()))
                .then_some(())
        });
        match hit {
            Some(()) => found += 1,
            None => wrong.push((*line, kind.clone(), stt.clone(), raw.clone())),
        }
    }
    println!("001: cells {found} of {}", found + wrong.len());
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn mutilated_reports_are_read() {
    for number in ["000", "001", "002", "003", "004"] {
        let Some((text, document)) = report(number) else { return };
        for ending in ["\r\n", "\r"] {
            let same = read(text.replace('\n', ending).as_bytes(), number).expect("other line ends");
            assert!(same == document, "{number}: line ends {ending:?} change the document");
        }
        let mut random = Sequence(11);
        for round in 0..24 {
            let bytes = text.as_bytes();
            let at = random.below(bytes.len());
            let mutilated = match round % 3 {
                0 => bytes[..at].to_vec(),
                1 => [&bytes[at..], &bytes[..at]].concat(),
                _ => bytes.iter().enumerate().filter(|(i, _)| i % 997 != at % 997).map(|(_, b)| *b).collect(),
            };
            if let Ok(document) = read(&mutilated, number) {
                document.tables.iter().for_each(sorted_and_apart);
            }
        }
    }
}

/// Prints outlines: `BAOCAO_OUTLINE=000 cargo test … outline -- --nocapture`.
#[test]
fn outline() {
    let Ok(number) = std::env::var("BAOCAO_OUTLINE") else { return };
    if let Some((_, document)) = report(&number) {
        println!("{}", crate::read::outline(&document));
    }
}

/// Prints the speed of this stage: `BAOCAO_SPEED=1 cargo test --release … speed -- --nocapture`.
#[test]
fn speed() {
    if std::env::var_os("BAOCAO_SPEED").is_none() {
        return;
    }
    for number in ["000", "001", "002", "003", "004"] {
        let Some((text, _)) = report(number) else { return };
        let start = std::time::Instant::now();
        let rounds = 200;
        for _ in 0..rounds {
            std::hint::black_box(read(text.as_bytes(), number)).expect("read");
        }
        let mb = (text.len() * rounds) as f64 / 1e6;
        println!("{number}: {:.1} MB/s", mb / start.elapsed().as_secs_f64());
    }
}
