//! `baocao extract`: reports in, dataset out, a summary at the end.

use crate::cli::{End, Lang, complain, left_out, rules_of, say, stopped};
use crate::map::Mapper;
use crate::model::Severity;
use crate::run::{Options, STAGES, Summary, Timings};
use crate::write::{FileStatus, Formats};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// How many failed files are named on the terminal; `documents` and `run.json` name all.
const FAILURES_SHOWN: usize = 20;

/// Read reports and write the dataset
///
/// Reads every file below the paths given (hidden ones excepted) and writes a folder with the tables documents, facts, warnings,
/// tables and blocks, datapackage.json, which describes their columns, and run.json, which says how they came about.
///
/// Nothing appears in OUT until everything is written. A dataset that stands there already is replaced; a folder with anything else
/// in it is refused. A file that cannot be read is a row in documents with an error code; the others are read all the same.
#[derive(Args)]
pub struct Arguments {
    /// Reports, or folders of reports
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Folder for the dataset
    #[arg(short, long, value_name = "OUT")]
    output: PathBuf,
    /// Formats to write, comma separated [default: parquet,csv]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS")]
    formats: Vec<Format>,
    /// Number of files worked on at once [default: number of processor cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Folder of rules to use instead of those inside the program
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Exit with code 1 if a report has a warning of this severity or a worse one
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// Print the seconds spent in each stage on standard error
    #[arg(long)]
    timings: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Apache Parquet, for notebooks and databases
    Parquet,
    /// CSV, for spreadsheets
    Csv,
    /// One JSON object per line
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Probably wrong figures and worse
    Warning,
    /// Figures that cannot be true
    Error,
}

impl FailOn {
    /// The mildest severity that counts.
    pub(super) fn severity(self) -> Severity {
        match self {
            FailOn::Warning => Severity::Warning,
            FailOn::Error => Severity::Error,
        }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    let rules = match rules_of(arguments.rules.as_deref(), lang) {
        Ok(rules) => rules,
        Err(end) => return end,
    };
    let fail_on = arguments.fail_on.map(FailOn::severity);
    let options = Options {
        output: arguments.output.clone(),
        formats: formats(&arguments.formats),
        threads: arguments.threads.map(usize::from),
        progress: true,
        arguments: vec![
            ("rules", if arguments.rules.is_some() { "folder" } else { "builtin" }.into()),
            ("fail_on", fail_on.map(Severity::as_str).into()),
        ],
    };
    let start = Instant::now();
    let summary = match crate::run::run(&arguments.paths, &Mapper::new(&rules), &options) {
        Ok(summary) => summary,
        Err(error) => return stopped(&error, lang),
    };
    complain(&failures_text(&summary, lang));
    say(&summary_text(&summary, &arguments.output.display().to_string(), lang));
    if arguments.timings {
        complain(&timings_text(&summary.timings, start.elapsed().as_secs_f64()));
    }
    let bad = |from: Severity| summary.counts.warnings[from as usize..].iter().any(|count| *count > 0);
    if summary.counts.with_status(FileStatus::Failed) > 0 || fail_on.is_some_and(bad) { End::Found } else { End::Done }
}

fn formats(asked: &[Format]) -> Formats {
    if asked.is_empty() {
        return Formats::default();
    }
    let wants = |format| asked.contains(&format);
    Formats { parquet: wants(Format::Parquet), csv: wants(Format::Csv), jsonl: wants(Format::Jsonl) }
}

fn failures_text(summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    let failures = &summary.counts.failures;
    for failure in failures.iter().take(FAILURES_SHOWN) {
        let what = match failure.status {
            FileStatus::Failed => lang.pick("không đọc được", "failed"),
            _ => lang.pick("đọc được một phần", "partial"),
        };
        let error = lang.pick(&failure.error_vi, &failure.error_en);
        let _ = writeln!(out, "{what}: {}: {error}", crate::run::outline::one_line(&failure.path));
    }
    out + &left_out(failures.len(), FAILURES_SHOWN, "run.json", lang)
}

fn summary_text(summary: &Summary, output: &str, lang: Lang) -> String {
    let counts = &summary.counts;
    let files: usize = counts.documents.iter().sum();
    let [ok, partial, failed] = counts.documents;
    let [info, warning, error] = counts.warnings;
    let share = match counts.facts {
        0 => String::new(),
        facts => format!(" ({:.1}%)", 100.0 * counts.mapped as f64 / facts as f64),
    };
    let (facts, mapped) = (counts.facts, counts.mapped);
    let mut out = match lang {
        Lang::Vi => format!(
            "báo cáo   {files}: đọc được {ok}, một phần {partial}, không đọc được {failed}\n\
             số liệu   {facts}, có chỉ tiêu {mapped}{share}\n\
             cảnh báo  lỗi {error}, nghi vấn {warning}, lưu ý {info}\n\
             kết quả   {output}\n"
        ),
        Lang::En => format!(
            "reports   {files}: {ok} ok, {partial} partial, {failed} failed\n\
             facts     {facts}, {mapped} with an indicator{share}\n\
             warnings  {error} error, {warning} warning, {info} info\n\
             dataset   {output}\n"
        ),
    };
    if !summary.skipped.is_empty() {
        let names = crate::run::outline::one_line(&summary.skipped.join(", "));
        let _ = writeln!(out, "{}   {names}", lang.pick("bỏ qua ", "skipped"));
    }
    out
}

/// One line per stage, for people and for the benchmark script: name, seconds over all threads.
fn timings_text(timings: &Timings, elapsed: f64) -> String {
    let mut out = String::new();
    for (stage, name) in STAGES {
        let _ = writeln!(out, "timing {name} {:.3}", timings.spent(stage).as_secs_f64());
    }
    let megabytes = timings.bytes() as f64 / 1e6;
    let _ = writeln!(out, "timing total {elapsed:.3}");
    let _ = writeln!(out, "timing input-mb {megabytes:.3}");
    out
}
