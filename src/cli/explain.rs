//! `baocao explain`: the proof of a warning, with the quoted places, the arithmetic and what was tried.

use crate::check;
use crate::cli::{End, Lang, complain, rules_of, say, stopped};
use crate::error::RunError;
use crate::map::Mapper;
use crate::model::{Extraction, Fact, Kind, Place, Severity, Source, Status, Warning};
use crate::rules::RuleSet;
use crate::run::outline::one_line;
use crate::run::{Timings, discover, outcome};
use crate::text::number::{Cue, Reading, Relation};
use crate::write::{Outcome, fact_ids, warning_ids};
use clap::Args;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Explain warnings: what contradicts what, the arithmetic, what was tried
///
/// For a report: `baocao explain report.txt` explains all of its warnings, `baocao explain report.txt 2` the second one. For a dataset:
/// `baocao explain WARNING_ID --dataset DIR`; the report is read again if it still lies below the folder given by --source and has not
/// changed, else the explanation rests on the dataset alone.
#[derive(Args)]
pub struct Arguments {
    /// The report; with --dataset the id of a warning
    #[arg(value_name = "FILE|WARNING_ID")]
    target: String,
    /// Which warning of the report: its number, its id, its check (sum/parts) or its line (L45) [default: all]
    #[arg(value_name = "WARNING", conflicts_with = "dataset")]
    warning: Option<String>,
    /// A dataset that `baocao extract` wrote, with CSV or JSON lines
    #[arg(long, value_name = "DIR")]
    dataset: Option<PathBuf>,
    /// Where the reports of the dataset lie
    #[arg(long, value_name = "DIR", default_value = ".", requires = "dataset")]
    source: PathBuf,
    /// Folder of rules to use instead of those inside the program
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

/// One report read, with the ids of its warnings.
struct Read {
    extraction: Extraction,
    ids: Vec<String>,
    doc_id: String,
}

/// A row of a dataset's table by column.
type Row = BTreeMap<String, String>;

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    let rules = match rules_of(arguments.rules.as_deref(), lang) {
        Ok(rules) => rules,
        Err(end) => return end,
    };
    match &arguments.dataset {
        Some(folder) => of_dataset(folder, arguments, &rules, lang),
        None => of_file(Path::new(&arguments.target), arguments.warning.as_deref(), &rules, lang),
    }
}

fn of_file(file: &Path, wanted: Option<&str>, rules: &RuleSet, lang: Lang) -> End {
    if !file.is_file() {
        return stopped(&RunError::NoInput(file.to_path_buf()), lang);
    }
    let read = match reports(file, rules) {
        Ok(mut reports) if reports.len() == 1 => reports.remove(0),
        Ok(reports) => {
            let text = lang.pick("không phải một báo cáo đơn lẻ", "not a single report");
            complain(&format!("{}: {text} ({})\n", file.display(), reports.len()));
            return End::Unusable;
        }
        Err(message) => {
            complain(&format!("{}\n", lang.pick(&message.0, &message.1)));
            return End::Found;
        }
    };
    let warnings = &read.extraction.warnings;
    if warnings.is_empty() && wanted.is_none() {
        say(&format!("{}\n", lang.pick("không có cảnh báo", "no warnings")));
        return End::Done;
    }
    let chosen: Vec<usize> =
        (0..warnings.len()).filter(|i| wanted.is_none_or(|w| is_wanted(w, *i, &warnings[*i], &read.ids[*i]))).collect();
    if chosen.is_empty() {
        let text = lang.pick("không có cảnh báo như vậy; báo cáo có", "no such warning; the report has");
        complain(&format!("{}: {text} {}\n", one_line(wanted.unwrap_or_default()), warnings.len()));
        return End::Unusable;
    }
    let texts: Vec<String> = chosen.iter().map(|i| explained(&read, *i, rules, lang)).collect();
    say(&texts.join("\n"));
    End::Done
}

/// Whether a warning is the one asked for.
fn is_wanted(wanted: &str, index: usize, warning: &Warning, id: &str) -> bool {
    let line = wanted.strip_prefix(['L', 'l']).and_then(|n| n.parse::<u32>().ok());
    wanted.parse() == Ok(index + 1)
        || wanted == warning.check
        || (wanted.len() >= 6 && id.starts_with(wanted))
        || (line.is_some() && line == warning.place.line)
}

/// Head line and proof of one warning.
fn explained(read: &Read, index: usize, rules: &RuleSet, lang: Lang) -> String {
    let (Some(warning), Some(id)) = (read.extraction.warnings.get(index), read.ids.get(index)) else {
        return String::new();
    };
    let proof = check::explain(&read.extraction, rules, warning, lang == Lang::Vi);
    format!("{}{}", head(warning, id), safe(&proof))
}

fn head(warning: &Warning, id: &str) -> String {
    format!("{}[{}] {id} ({:.2})\n", warning.severity.as_str(), warning.check, warning.confidence)
}

/// Line by line without what could run a terminal.
fn safe(text: &str) -> String {
    text.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "{}", one_line(line));
        out
    })
}

/// The report of a file, or those of an archive; else what is wrong, in Vietnamese and English.
fn reports(file: &Path, rules: &RuleSet) -> Result<Vec<Read>, (String, String)> {
    let inputs =
        discover::discover(&[file.to_path_buf()], Path::new("")).map_err(|e| (e.to_string(), e.to_string()))?;
    let mapper = Mapper::new(rules);
    let mut out = Vec::new();
    for input in &inputs.files {
        match outcome(input, &mapper, &Timings::default()) {
            (_, Outcome::Failed(error, _)) if inputs.files.len() == 1 => {
                let say = |message: &str| format!("{}: {}: {message}", one_line(&input.name), error.code);
                return Err((say(&error.message_vi), say(&error.message_en)));
            }
            (id, Outcome::Read(read)) => {
                let doc_id = id.doc_id().unwrap_or_default().to_owned();
                let extraction = read.1;
                let ids = warning_ids(&doc_id, &extraction, &fact_ids(&doc_id, &extraction.facts));
                out.push(Read { extraction, ids, doc_id });
            }
            _ => {}
        }
    }
    Ok(out)
}

fn of_dataset(folder: &Path, arguments: &Arguments, rules: &RuleSet, lang: Lang) -> End {
    let fail = |text: String| {
        complain(&format!("{}: {text}\n", lang.pick("lỗi", "error")));
        End::Unusable
    };
    let table = |name: &str| rows(folder, name);
    let (Some(warnings), Some(documents), Some(facts)) = (table("warnings"), table("documents"), table("facts")) else {
        let text = lang.pick(
            "không có warnings, documents, facts dạng CSV hoặc JSON lines",
            "there are no warnings, documents, facts as CSV or JSON lines",
        );
        return fail(format!("{}: {text}", folder.display()));
    };
    let matches = |row: &&Row| {
        arguments.target.len() >= 6 && row.get("warning_id").is_some_and(|id| id.starts_with(&arguments.target))
    };
    let mut found = warnings.iter().filter(matches);
    let (Some(row), None) = (found.next(), found.next()) else {
        let text = lang.pick("không có đúng một cảnh báo với mã này", "there is not exactly one warning with this id");
        return fail(format!("{}: {text}", one_line(&arguments.target)));
    };
    let get = |key: &str| row.get(key).map_or("", String::as_str);
    let path = documents.iter().find(|d| d.get("doc_id") == row.get("doc_id")).and_then(|d| d.get("path"));
    if let Some(path) = path {
        say(&format!("{}\n", one_line(path)));
        // An archive's members are found through the archive.
        let file = arguments.source.join(path.split("!/").next().unwrap_or(path));
        let again = if file.is_file() { reports(&file, rules).unwrap_or_default() } else { Vec::new() };
        for read in again.iter().filter(|r| r.doc_id == get("doc_id")) {
            if let Some(index) = read.ids.iter().position(|id| id == get("warning_id")) {
                say(&explained(read, index, rules, lang));
                return End::Done;
            }
        }
    }
    let (extraction, warning) = rebuilt(row, &facts);
    let proof = check::explain(&extraction, &RuleSet::default(), &warning, lang == Lang::Vi);
    say(&format!("{}{}", head(&warning, get("warning_id")), safe(&proof)));
    let hint = lang.pick(
        "Theo riêng bộ dữ liệu; để xem đã thử sửa những số nào, thêm --source với thư mục chứa báo cáo.",
        "By the dataset alone; to see what was tried, give the folder of the reports with --source.",
    );
    say(&format!("\n{hint}\n"));
    End::Done
}

/// A warning and its figures as the dataset keeps them: without links, so that only its own arithmetic can be shown.
fn rebuilt(row: &Row, facts: &[Row]) -> (Extraction, Warning) {
    let get = |key: &str| row.get(key).map_or("", String::as_str);
    let ids: Vec<&str> = get("fact_ids").split(';').filter(|id| !id.is_empty()).collect();
    let own = |id: &&str| facts.iter().find(|f| f.get("fact_id").is_some_and(|f| f == id));
    let extraction = Extraction { facts: ids.iter().filter_map(own).map(fact).collect(), ..Extraction::default() };
    let severity =
        [Severity::Info, Severity::Warning, Severity::Error].into_iter().find(|s| s.as_str() == get("severity"));
    let warning = Warning {
        check: get("check").to_owned(),
        severity: severity.unwrap_or(Severity::Info),
        message_vi: get("message_vi").to_owned(),
        message_en: get("message_en").to_owned(),
        facts: (0..extraction.facts.len()).collect(),
        expected: get("expected").parse().ok(),
        found: get("found").parse().ok(),
        suspect: ids.iter().position(|id| *id == get("suspect_fact_id")),
        suggestion: get("suggestion").parse().ok(),
        confidence: get("confidence").parse().unwrap_or(0.0),
        place: place(row),
    };
    (extraction, warning)
}

fn place(row: &Row) -> Place {
    let number = |key: &str| row.get(key).and_then(|v| v.parse().ok());
    Place { line: number("line"), page: number("page"), rect: None }
}

fn fact(row: &Row) -> Fact {
    let get = |key: &str| row.get(key).map_or("", String::as_str);
    let some = |key: &str| Some(get(key).to_owned()).filter(|t| !t.is_empty());
    let (number, value): (Option<Decimal>, Option<Decimal>) = (get("number").parse().ok(), get("value").parse().ok());
    let ratio = number.zip(value).filter(|(n, _)| !n.is_zero()).and_then(|(n, v)| v.checked_div(n));
    let multiplier = ratio.and_then(|r| [3u32, 4, 6, 9].into_iter().find(|p| r == Decimal::from(10u64.pow(*p))));
    let relations = [Relation::Greater, Relation::AtLeast, Relation::Less, Relation::AtMost, Relation::About];
    let reading = |value: Decimal| Reading { value, scale: value.normalize().scale(), cue: Cue::Only };
    Fact {
        indicator: some("indicator"),
        label: get("label").to_owned(),
        raw: get("raw").to_owned(),
        number,
        value,
        unit: some("unit"),
        value_text: some("value_text"),
        relation: relations
            .into_iter()
            .find(|r| crate::write::relation_word(*r) == get("relation"))
            .unwrap_or(Relation::Equal),
        status: match get("status") {
            "blank" => Status::Blank,
            "none" => Status::None,
            _ => Status::Reported,
        },
        kind: Kind::parse(get("kind")).unwrap_or(Kind::Count),
        entity_code: some("entity_code"),
        entity: some("entity"),
        level: None,
        dims: Vec::new(),
        period: None,
        source: match get("source") {
            "narrative" => Source::Narrative,
            "footnote" => Source::Footnote,
            _ => Source::Table,
        },
        place: place(row),
        cell: None,
        block: 0,
        span: (0, 0),
        quote: get("quote").to_owned(),
        rule: some("rule"),
        confidence: get("confidence").parse().unwrap_or(0.0),
        readings: number.map(reading).into_iter().collect(),
        multiplier: multiplier.unwrap_or(0),
        row: None,
        links: Vec::new(),
        domain: Vec::new(),
    }
}

/// The rows of a table in whichever format can be read here.
fn rows(folder: &Path, table: &str) -> Option<Vec<Row>> {
    if let Ok(mut reader) = csv::Reader::from_path(folder.join(format!("{table}.csv"))) {
        let heads = reader.headers().ok()?.clone();
        // An apostrophe keeps a spreadsheet from running a text as a formula.
        let bare = |text: &str| match text.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
            _ => text.to_owned(),
        };
        let row = |record: csv::StringRecord| heads.iter().map(str::to_owned).zip(record.iter().map(bare)).collect();
        return Some(reader.records().filter_map(Result::ok).map(row).collect());
    }
    let text = std::fs::read_to_string(folder.join(format!("{table}.jsonl"))).ok()?;
    let word = |value: &serde_json::Value| match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(list) => list.iter().filter_map(|v| v.as_str()).collect::<Vec<_>>().join(";"),
        other => other.to_string(),
    };
    let row = |line: &str| {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(value.as_object()?.iter().map(|(key, value)| (key.clone(), word(value))).collect())
    };
    Some(text.lines().filter_map(row).collect())
}
