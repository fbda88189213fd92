//! `baocao rules`: are the rules well formed, do their examples hold, what do they define, what do they not know yet.

use crate::cli::{End, Lang, adapter, complain, faults_text, say, suggest};
use crate::rules::Fault;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Check, test or document the rules that map figures to indicators
///
/// The rules say which indicators exist and how reports print them; they are data (rules/), and this command is for those who write
/// them.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// Folder of rules [default: the folder rules/ here, else those inside the program]
    #[arg(long, global = true, value_name = "DIR")]
    rules: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Action {
    /// Report every fault of the rule files with file, line and column
    Check,
    /// Run the examples that stand beside the rules: texts that must be mapped and texts that must not
    Test,
    /// Print the reference page of all indicators, forms and checks (Markdown)
    Docs,
    /// Propose rules for the figures of a dataset that have no indicator (TOML, most frequent first)
    ///
    /// Reads facts.csv or facts.jsonl of a folder that `baocao extract` wrote, groups like wordings, and says for each group where it
    /// belongs: another wording of a form's row, a new row, a phrase for an existing indicator, or a new indicator.
    Suggest {
        /// Folder written by `baocao extract`
        dataset: PathBuf,
        /// Number of groups to propose rules for
        #[arg(long, value_name = "N", default_value_t = 50)]
        most: usize,
    },
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    let here = Path::new("rules");
    let folder = arguments.rules.as_deref().or_else(|| here.is_dir().then_some(here));
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let what = lang.pick("không có thư mục", "there is no folder");
        complain(&format!("{}: {what} {}\n", lang.pick("lỗi", "error"), folder.display()));
        return End::Unusable;
    }
    let rules = match adapter::rules(folder) {
        Ok(rules) => rules,
        Err(faults) => return report(&faults, lang),
    };
    match &arguments.action {
        Action::Check => {
            let (indicators, forms) = (rules.indicators.len(), rules.forms.len());
            let (phrases, checks) = (rules.phrases.len(), rules.checks.len());
            say(&match lang {
                Lang::Vi => format!(
                    "không có lỗi: {indicators} chỉ tiêu, {forms} biểu mẫu, {phrases} cách viết, {checks} phép kiểm tra ({})\n",
                    rules.digest
                ),
                Lang::En => format!(
                    "no faults: {indicators} indicators, {forms} forms, {phrases} phrases, {checks} checks ({})\n",
                    rules.digest
                ),
            });
            End::Done
        }
        Action::Test => report(&adapter::examples(&rules), lang),
        Action::Docs => {
            say(&adapter::reference(&rules));
            End::Done
        }
        Action::Suggest { dataset, most } => suggest::run(dataset, &rules, *most, lang),
    }
}

fn report(faults: &[Fault], lang: Lang) -> End {
    if faults.is_empty() {
        say(&format!("{}\n", lang.pick("mọi ví dụ đều đúng", "all examples hold")));
        return End::Done;
    }
    complain(&faults_text(faults));
    complain(&format!("{} {}\n", faults.len(), lang.pick("lỗi", "fault(s)")));
    End::Found
}
