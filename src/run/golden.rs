//! Goldens: what the pipeline must give for a report, kept as small files that show any change as a few lines.
//!
//! For a file of `corpus/manifest.toml`: `golden/<id>/{facts.csv, warnings.csv, document.json, document.txt}`. For a text report
//! outside the repository (`../shared/reports`, or the folder in `BAOCAO_REPORTS`): `golden/reports/<name>.facts.csv` and
//! `.warnings.csv` with figures and positions only, no sentence and no label of the report; figures only, too, for pictures. A golden is what the program printed when
//! it was accepted; `checked = true` in the manifest says that a person compared it with the report.

use crate::map::Mapper;
use crate::model::{Document, Extraction, Fact, Kind, Warning};
use crate::read::ocr;
use crate::run::{contained, extract, outline};
use crate::write::{dims_text, period_word, status_word};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The manifest, below the repository's root.
pub const MANIFEST: &str = "corpus/manifest.toml";
/// Where reports outside the repository are looked for, below its root.
const REPORTS: &str = "../shared/reports";
/// Names another folder of such reports.
const REPORTS_VARIABLE: &str = "BAOCAO_REPORTS";

/// One report with a golden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Unique name: id of the manifest, or file name without ending.
    pub id: String,
    /// The report.
    pub source: PathBuf,
    /// Whether it is one of ours, whose words may be kept.
    pub own: bool,
    /// Whether a person compared the golden with the report.
    pub checked: bool,
    /// Whether it is read from pictures, by a program that may not be installed.
    pub pictures: bool,
    /// What it teaches.
    pub teaches: String,
}

/// How one golden file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Below the repository's root.
    pub file: String,
    /// Lines to show: `- ` expected, `+ ` found.
    pub lines: Vec<String>,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    file: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    path: String,
    #[serde(default)]
    teaches: String,
    #[serde(default)]
    checked: bool,
    needs: Option<Need>,
}

/// What a report needs beside this program.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Need {
    Ocr,
}

/// The cases of the manifest, in its order; none where there is no manifest.
pub fn corpus(root: &Path) -> Result<Vec<Case>, String> {
    let text = match fs::read_to_string(root.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("{MANIFEST}: {error}")),
    };
    let manifest: Manifest = toml::from_str(&text).map_err(|error| format!("{MANIFEST}: {error}"))?;
    let case = |entry: Entry| {
        // Paths are below corpus/; a path that repeats it is understood too.
        let below = root.join("corpus").join(&entry.path);
        let source = if below.exists() { below } else { root.join(&entry.path) };
        let pictures = entry.needs == Some(Need::Ocr);
        Case { id: entry.id, source, own: true, checked: entry.checked, pictures, teaches: entry.teaches }
    };
    Ok(manifest.file.into_iter().map(case).collect())
}

/// The folder of reports outside the repository.
pub fn reports_folder(root: &Path) -> PathBuf {
    std::env::var_os(REPORTS_VARIABLE).map_or_else(|| root.join(REPORTS), PathBuf::from)
}

/// The text reports of that folder by name; None where the folder is absent.
pub fn reports(root: &Path) -> Option<Vec<Case>> {
    let mut cases: Vec<Case> = fs::read_dir(reports_folder(root))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(outside)
        .collect();
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    Some(cases)
}

fn outside(source: PathBuf) -> Case {
    Case { id: stem(&source), source, own: false, checked: false, pictures: false, teaches: String::new() }
}

/// The cases that can be read here, and how many cannot because the program that reads pictures is absent.
pub fn readable(cases: Vec<Case>) -> (Vec<Case>, usize) {
    let all = cases.len();
    let read: Vec<Case> = cases.into_iter().filter(|case| !case.pictures || ocr::available()).collect();
    let left = all - read.len();
    (read, left)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The golden files of a case as they should be now: path below the root, content.
pub fn render(case: &Case, mapper: &Mapper) -> Result<Vec<(String, String)>, String> {
    let bytes = fs::read(&case.source).map_err(|error| format!("{}: {}", case.id, error.kind()))?;
    let result = contained(|| extract(&bytes, &case.id, mapper)).flatten();
    let file = |name: &str| {
        if case.own { format!("golden/{}/{name}", case.id) } else { format!("golden/reports/{}.{name}", case.id) }
    };
    Ok(match result {
        Err(error) => vec![(file("document.json"), format!("{{\n  \"failed\": {}\n}}\n", json!(error.code)))],
        Ok((document, extraction)) if case.own && !case.pictures => vec![
            (file("facts.csv"), facts_csv(&extraction, OWN_FACTS)),
            (file("warnings.csv"), warnings_csv(&extraction, OWN_WARNINGS)),
            (file("document.json"), document_json(&document, &extraction)),
            (file("document.txt"), outline::document_text(&document)),
        ],
        // Letters read from pictures change with the program that reads them; figures must not.
        Ok((_, extraction)) => vec![
            (file("facts.csv"), facts_csv(&extraction, REPORT_FACTS)),
            (file("warnings.csv"), warnings_csv(&extraction, REPORT_WARNINGS)),
        ],
    })
}

/// Compares a case with its golden; empty = the same.
pub fn compare(root: &Path, case: &Case, mapper: &Mapper) -> Result<Vec<Difference>, String> {
    let mut differences = Vec::new();
    for (file, found) in render(case, mapper)? {
        match fs::read_to_string(root.join(&file)) {
            Ok(expected) if expected == found => {}
            Ok(expected) => {
                let lines = difference(&expected, &found);
                differences.push(Difference { file, lines });
            }
            Err(_) => differences.push(Difference { file, lines: vec!["no golden yet".to_string()] }),
        }
    }
    Ok(differences)
}

/// Writes the golden of a case as it is now; returns what changed.
pub fn accept(root: &Path, case: &Case, mapper: &Mapper) -> Result<Vec<Difference>, String> {
    let changed = compare(root, case, mapper)?;
    for (file, content) in render(case, mapper)? {
        if !changed.iter().any(|difference| difference.file == file) {
            continue;
        }
        let path = root.join(&file);
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).and_then(|()| fs::write(&path, content)).map_err(|e| format!("{file}: {e}"))?;
    }
    Ok(changed)
}

/// Makes a case of a report: an entry in the manifest for a file below `corpus/`, none for one of the outside folder.
pub fn add(root: &Path, file: &Path) -> Result<Case, String> {
    let shown = file.display();
    let source = file.canonicalize().map_err(|error| format!("{shown}: {error}"))?;
    let inside = |folder: PathBuf| {
        folder.canonicalize().ok().and_then(|folder| source.strip_prefix(folder).ok().map(Path::to_path_buf))
    };
    if inside(reports_folder(root)).is_some() {
        return Ok(outside(source));
    }
    let Some(below) = inside(root.join("corpus")) else {
        return Err(format!("{shown} is not below corpus/; copy it there first, if its words may be published"));
    };
    let path = below.to_string_lossy().replace('\\', "/");
    let cases = corpus(root)?;
    if let Some(case) = cases.iter().find(|case| case.source.canonicalize().is_ok_and(|s| s == source)) {
        return Ok(case.clone());
    }
    let id = stem(&source);
    if cases.iter().any(|case| case.id == id) {
        return Err(format!("the manifest already has an entry `{id}` for another file; rename {shown}"));
    }
    let manifest = root.join(MANIFEST);
    let mut text = fs::read_to_string(&manifest).unwrap_or_default();
    if !text.is_empty() && !text.ends_with("\n\n") {
        text.push('\n');
    }
    let entry = |key: &str, value: &str| format!("{key} = {}\n", toml::Value::from(value));
    text.push_str("[[file]]\n");
    text.push_str(&entry("id", &id));
    text.push_str(&entry("path", &path));
    text.push_str(&entry("teaches", ""));
    fs::write(&manifest, text).map_err(|error| format!("{MANIFEST}: {error}"))?;
    Ok(Case { id, source, own: true, checked: false, pictures: false, teaches: String::new() })
}

/// A column of a golden: its name and how to fill it.
type Columns<T> = &'static [(&'static str, fn(&Extraction, &T) -> String)];

const OWN_FACTS: Columns<Fact> = &[
    ("line", |_, f| number(f.place.line)),
    ("row", |_, f| f.cell.map(|(t, r, c)| format!("t{t}r{r}c{c}")).unwrap_or_default()),
    ("label", |_, f| outline::one_line(&f.label)),
    ("raw", |_, f| outline::one_line(&f.raw)),
    ("number", |_, f| number(f.number)),
    ("unit", |_, f| f.unit.clone().unwrap_or_default()),
    ("indicator", |_, f| f.indicator.clone().unwrap_or_default()),
    ("level", level),
    ("dims", |_, f| dims_text(&f.dims).unwrap_or_default()),
    ("period", period),
    ("kind", |_, f| f.kind.as_str().to_string()),
    ("status", |_, f| status_word(f.status).to_string()),
];

const REPORT_FACTS: Columns<Fact> = &[
    ("line", |_, f| number(f.place.line)),
    // Words of the report stay out: the answer of a text row is its author's.
    ("raw", |_, f| if f.kind == Kind::Text { String::new() } else { outline::one_line(&f.raw) }),
    ("number", |_, f| number(f.number)),
    ("indicator", |_, f| f.indicator.clone().unwrap_or_default()),
    ("level", level),
    ("dims", |_, f| dims_text(&f.dims).unwrap_or_default()),
    ("period", period),
];

const OWN_WARNINGS: Columns<Warning> = &[
    ("check", |_, w| w.check.clone()),
    ("severity", |_, w| w.severity.as_str().to_string()),
    ("lines", lines),
    ("suggestion", |_, w| number(w.suggestion)),
    ("message_en", |_, w| outline::one_line(&w.message_en)),
];

const REPORT_WARNINGS: Columns<Warning> = &[
    ("check", |_, w| w.check.clone()),
    ("severity", |_, w| w.severity.as_str().to_string()),
    ("lines", lines),
    ("numbers", |e, w| {
        w.facts.iter().filter_map(|i| e.facts.get(*i)).map(|f| number(f.number)).collect::<Vec<_>>().join(";")
    }),
];

fn number(value: Option<impl ToString>) -> String {
    value.map(|v| v.to_string()).unwrap_or_default()
}

fn level(_: &Extraction, fact: &Fact) -> String {
    fact.level.map_or("", |l| l.as_str()).to_string()
}

fn period(_: &Extraction, fact: &Fact) -> String {
    fact.period.map(|p| format!("{}/{} {}", p.start, p.end, period_word(p.kind))).unwrap_or_default()
}

fn lines(extraction: &Extraction, warning: &Warning) -> String {
    let figures = warning.facts.iter().filter_map(|i| extraction.facts.get(*i));
    let mut lines: Vec<u32> = figures.filter_map(|f| f.place.line).collect();
    if lines.is_empty() {
        lines.extend(warning.place.line);
    }
    lines.sort_unstable();
    lines.dedup();
    lines.iter().map(u32::to_string).collect::<Vec<_>>().join(";")
}

fn facts_csv(extraction: &Extraction, columns: Columns<Fact>) -> String {
    csv_text(extraction, &extraction.facts, columns)
}

fn warnings_csv(extraction: &Extraction, columns: Columns<Warning>) -> String {
    csv_text(extraction, &extraction.warnings, columns)
}

fn csv_text<T>(extraction: &Extraction, rows: &[T], columns: Columns<T>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(columns.iter().map(|(name, _)| *name));
    for row in rows {
        let _ = writer.write_record(columns.iter().map(|(_, value)| value(extraction, row)));
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn document_json(document: &Document, extraction: &Extraction) -> String {
    let meta = &extraction.metadata;
    let period = meta.period.map(|p| json!([p.start.to_string(), p.end.to_string(), period_word(p.kind)]));
    let appendix = |a: &crate::model::Appendix| json!([a.name, a.printed, a.place.line]);
    let value = json!({
        "format": document.format,
        "parser": document.parser,
        "charset": document.charset,
        "number_style": extraction.number_style,
        "doc_number": meta.doc_number,
        "issued_on": meta.issued_on.map(|d| d.to_string()),
        "place": meta.place,
        "issuer": meta.issuer,
        "issuer_level": meta.issuer_level.map(|l| l.as_str()),
        "entity_code": meta.entity_code,
        "district": meta.district,
        "province": meta.province,
        "title": meta.title,
        "kind": meta.kind,
        "period": period,
        "notices": document.notices.iter().map(|(name, place)| json!([name, place.line])).collect::<Vec<_>>(),
        "appendices": extraction.appendices.iter().map(appendix).collect::<Vec<_>>(),
        "counts": {
            "blocks": document.blocks.len(),
            "tables": document.tables.len(),
            "facts": extraction.facts.len(),
            "mapped": extraction.facts.iter().filter(|f| f.indicator.is_some()).count(),
            "warnings": extraction.warnings.len(),
            "decoys": extraction.decoys.len(),
        },
    });
    format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default())
}

/// The first lines that are in one text and not in the other, in order; at most `SHOWN` of each.
fn difference(expected: &str, found: &str) -> Vec<String> {
    const SHOWN: usize = 6;
    let only = |these: &str, those: &str, sign: char| -> (Vec<String>, usize) {
        let mut counts: HashMap<&str, i64> = HashMap::new();
        those.lines().for_each(|line| *counts.entry(line).or_default() += 1);
        let mut lines = Vec::new();
        let mut more = 0;
        for line in these.lines() {
            let left = counts.entry(line).or_default();
            *left -= 1;
            if *left >= 0 {
                continue;
            }
            if lines.len() < SHOWN {
                lines.push(format!("{sign} {}", line.chars().take(240).collect::<String>()));
            } else {
                more += 1;
            }
        }
        (lines, more)
    };
    let (mut lines, fewer) = only(expected, found, '-');
    let (new, more) = only(found, expected, '+');
    lines.extend(new);
    if lines.is_empty() {
        lines.push("the same lines in another order".to_string());
    }
    if fewer + more > 0 {
        lines.push(format!("… {fewer} more lines gone, {more} more lines new"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_lines() {
        assert_eq!(difference("a\nb\nc\n", "a\nB\nc\n"), ["- b", "+ B"]);
        assert_eq!(difference("a\nb\n", "b\na\n"), ["the same lines in another order"]);
        let many: String = (0..20).map(|n| format!("{n}\n")).collect();
        assert_eq!(difference("", &many).len(), 7);
    }

    #[test]
    fn a_report_below_corpus_becomes_an_entry_with_a_golden() {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path();
        fs::create_dir_all(root.join("corpus/text")).unwrap();
        let report = root.join("corpus/text/one.txt");
        fs::write(&report, "BÁO CÁO\nTiếp nhận 7 hồ sơ\n").unwrap();
        let rules = crate::rules::RuleSet::default();
        let mapper = Mapper::new(&rules);
        let case = add(root, &report).unwrap();
        assert_eq!(case.id, "one");
        assert!(!accept(root, &case, &mapper).unwrap().is_empty());
        let cases = corpus(root).unwrap();
        assert_eq!(cases.len(), 1);
        assert_eq!(compare(root, &cases[0], &mapper).unwrap(), []);
        assert_eq!(add(root, &report).unwrap().id, "one", "a second time changes nothing");
        assert_eq!(corpus(root).unwrap().len(), 1);
        fs::write(root.join("golden/one/facts.csv"), "line\n99\n").unwrap();
        assert_eq!(compare(root, &cases[0], &mapper).unwrap()[0].file, "golden/one/facts.csv");
        let outside = root.join("loose.txt");
        fs::write(&outside, "x").unwrap();
        assert!(add(root, &outside).unwrap_err().contains("not below corpus/"));
    }
}
