//! `baocao compare`: a dataset in, what its documents say against each other out.

use crate::cli::extract::FailOn;
use crate::cli::{End, Lang, left_out, rules_of, say, stopped};
use crate::compare::{Comparison, Comparisons, compare};
use crate::model::Severity;
use crate::run::outline::one_line;
use clap::Args;
use std::fmt::Write as _;
use std::path::PathBuf;

/// How many comparisons are printed; the table has all.
const SHOWN: usize = 50;
/// How many places of one comparison are printed.
const PLACES: usize = 12;

/// Compare the reports of a dataset with each other
///
/// Reads the dataset that extract wrote (its Parquet files) and looks at reports of one unit side by side: running totals that fall
/// from one period to the next, figures of an earlier period stated otherwise by a later report, communes that together report more
/// than their district states for them, one report filed more than once.
///
/// Writes the table comparisons into the dataset, in its formats, and prints what was found. A new extract removes the table.
#[derive(Args)]
pub struct Arguments {
    /// Folder of the dataset
    #[arg(value_name = "OUT")]
    dataset: PathBuf,
    /// Folder of rules to use instead of those inside the program
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Exit with code 1 if anything of this severity or a worse one is found
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    let rules = match rules_of(arguments.rules.as_deref(), lang) {
        Ok(rules) => rules,
        Err(end) => return end,
    };
    let comparisons = match compare(&arguments.dataset, &rules) {
        Ok(comparisons) => comparisons,
        Err(error) => return stopped(&error, lang),
    };
    say(&list(&comparisons, lang));
    say(&summary(&comparisons, lang));
    let fail_on = arguments.fail_on.map(FailOn::severity);
    let bad = |from: Severity| comparisons.found.iter().any(|c| c.severity >= from);
    if fail_on.is_some_and(bad) { End::Found } else { End::Done }
}

/// The worst first, each with its figures and where they stand.
fn list(comparisons: &Comparisons, lang: Lang) -> String {
    let mut found: Vec<&Comparison> = comparisons.found.iter().collect();
    found.sort_by_key(|c| std::cmp::Reverse(c.severity));
    let mut out = String::new();
    for comparison in found.iter().take(SHOWN) {
        let message = lang.pick(&comparison.message_vi, &comparison.message_en);
        let (severity, check) = (comparison.severity.as_str(), comparison.check);
        let _ = writeln!(out, "{severity}[{check}] {} ({:.2})", one_line(message), comparison.confidence);
        for (path, page, line, raw) in comparison.places.iter().take(PLACES) {
            let place = match (page, line) {
                (Some(page), _) => format!(" p{page}"),
                (None, Some(line)) => format!(" L{line}"),
                _ => String::new(),
            };
            let _ = writeln!(out, "  {}{place}  {}", one_line(path), one_line(raw));
        }
        if comparison.places.len() > PLACES {
            let _ = writeln!(out, "  … +{}", comparison.places.len() - PLACES);
        }
    }
    out + &left_out(found.len(), SHOWN, lang.pick("bảng comparisons", "the table comparisons"), lang)
}

fn summary(comparisons: &Comparisons, lang: Lang) -> String {
    let of = |severity| comparisons.with_severity(severity);
    let (error, warning, info) = (of(Severity::Error), of(Severity::Warning), of(Severity::Info));
    let Comparisons { documents, compared, relations, .. } = comparisons;
    match lang {
        Lang::Vi => format!(
            "báo cáo   {documents}, có báo cáo khác để so sánh {compared}\n\
             so sánh   {relations} quan hệ giữa các báo cáo\n\
             cảnh báo  lỗi {error}, nghi vấn {warning}, lưu ý {info}\n"
        ),
        Lang::En => format!(
            "reports   {documents}, {compared} with another one to compare\n\
             compared  {relations} relations between reports\n\
             warnings  {error} error, {warning} warning, {info} info\n"
        ),
    }
}
