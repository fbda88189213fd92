//! The command line: one file per command, and the only place that prints.
//!
//! Exit codes: 0 done; 1 done, but files failed, or what `--fail-on` names was found, or a check did not hold; 2 the call could not
//! be carried out at all (and nothing was written).

pub mod adapter;
mod compare;
mod explain;
mod extract;
mod golden;
mod grid;
mod painting;
mod rules;
mod show;
mod suggest;

use crate::error::RunError;
use crate::rules::{Fault, RuleSet};
use clap::{Parser, Subcommand, ValueEnum};
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Reads Vietnamese administrative-reform reports (báo cáo cải cách hành chính) into one dataset: every figure with its meaning and
/// its place in the report, every contradiction between figures named.
#[derive(Parser)]
#[command(
    name = "baocao",
    version,
    max_term_width = 120,
    after_help = "\
Examples:
  baocao extract reports/ -o dataset            read all reports below reports/ into dataset/
  baocao show report.txt --stage warnings       what contradicts itself in one report
  baocao compare dataset                        what the reports of a dataset say against each other
  baocao explain report.txt                     the proof of each warning

Exit codes: 0 done; 1 files failed, or --fail-on was met; 2 the call could not be carried out."
)]
struct Arguments {
    /// Language of messages: vi or en [default: by the variables LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, global = true, value_enum, hide_default_value = true)]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    // Their help texts stand at their arguments, each in its own file.
    Extract(extract::Arguments),
    Show(show::Arguments),
    Compare(compare::Arguments),
    Explain(explain::Arguments),
    Rules(rules::Arguments),
    Golden(golden::Arguments),
}

/// Language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Tiếng Việt
    Vi,
    /// English
    En,
}

impl Lang {
    /// One of two texts.
    pub fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// The user's language by the usual variables, English where they say nothing.
    fn of_environment() -> Lang {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        match set.into_iter().find(|value| !value.is_empty()) {
            Some(value) if value.starts_with("vi") => Lang::Vi,
            _ => Lang::En,
        }
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Exit code 0.
    Done,
    /// Exit code 1: done, with something to look at.
    Found,
    /// Exit code 2: not carried out.
    Unusable,
}

impl From<End> for ExitCode {
    fn from(end: End) -> ExitCode {
        ExitCode::from(match end {
            End::Done => 0,
            End::Found => 1,
            End::Unusable => 2,
        })
    }
}

/// Runs the program with the process's arguments; returns its exit code.
pub fn main() -> ExitCode {
    // clap prints help and its own errors, with exit codes 0 and 2.
    let arguments = Arguments::parse();
    let lang = arguments.lang.unwrap_or_else(Lang::of_environment);
    let end = match arguments.command {
        Command::Extract(arguments) => extract::run(&arguments, lang),
        Command::Show(arguments) => show::run(&arguments, lang),
        Command::Compare(arguments) => compare::run(&arguments, lang),
        Command::Explain(arguments) => explain::run(&arguments, lang),
        Command::Rules(arguments) => rules::run(&arguments, lang),
        Command::Golden(arguments) => golden::run(&arguments, lang),
    };
    end.into()
}

/// Writes to standard output. A reader that has gone (`| head`) is no error.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes to standard error.
fn complain(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Says why a run stopped.
fn stopped(error: &RunError, lang: Lang) -> End {
    let text = match (lang, error) {
        (Lang::En, error) => error.to_string(),
        (Lang::Vi, RunError::Rules(count)) => format!("rules/faults: bộ quy tắc có {count} lỗi"),
        (Lang::Vi, RunError::NoInput(path)) => format!("run/no-input: không thấy báo cáo nào trong {}", path.display()),
        (Lang::Vi, RunError::Output(path, error)) => {
            format!("run/output: không ghi được vào {}: {error}", path.display())
        }
        (Lang::Vi, RunError::ForeignOutput(path)) => {
            format!("run/foreign-output: {} có tệp không phải do baocao ghi; hãy chọn thư mục trống", path.display())
        }
        (Lang::Vi, RunError::Stopped { code, vi, .. }) => format!("{code}: {vi}"),
        (Lang::Vi, RunError::Failed(reason)) => format!("run/failed: {reason}"),
    };
    complain(&format!("{}: {text}\n", lang.pick("lỗi", "error")));
    End::Unusable
}

/// Prints the faults of a rules folder, each with what to do.
/// The last line of a list that shows some of its items: how many more there are, and where.
fn left_out(all: usize, shown: usize, place: &str, lang: Lang) -> String {
    match (all.saturating_sub(shown), lang) {
        (0, _) => String::new(),
        (more, Lang::Vi) => format!("… và {more} mục nữa, xem {place}\n"),
        (more, Lang::En) => format!("… and {more} more, see {place}\n"),
    }
}

/// The rules of a folder, or those inside the program; their faults are told.
fn rules_of(folder: Option<&Path>, lang: Lang) -> Result<Cow<'static, RuleSet>, End> {
    adapter::rules(folder).map_err(|faults| {
        complain(&faults_text(&faults));
        stopped(&RunError::Rules(faults.len()), lang)
    })
}

fn faults_text(faults: &[Fault]) -> String {
    let one = |fault: &Fault| {
        let help = if fault.help.is_empty() { String::new() } else { format!("  help: {}\n", fault.help) };
        format!("{}:{}:{}: {}\n{help}", fault.file, fault.line, fault.column, fault.message)
    };
    faults.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }
}
