//! `baocao golden`: add a report, see what changed, accept it.

use crate::cli::{End, Lang, complain, rules_of, say};
use crate::map::Mapper;
use crate::run::golden::{self, Case, Difference};
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};

/// Keep what the program gives for known reports, and see what a change changes
///
/// A golden is what the program gave for a report when somebody accepted it: golden/<id>/ for the reports of corpus/manifest.toml,
/// golden/reports/ for text reports in ../shared/reports (or the folder that BAOCAO_REPORTS names). A change of the program shows as
/// a change of goldens.
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
    /// The repository
    #[arg(long, global = true, value_name = "DIR", default_value = ".")]
    root: PathBuf,
}

#[derive(Subcommand)]
enum Action {
    /// Add a report: an entry in the manifest (for a file below corpus/) and its golden
    Add {
        /// The report
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Compare what the program gives now with the goldens; exit code 1 if anything differs
    Check {
        /// Reports, by path or id [default: all]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Rewrite the goldens and say what changed
    Accept {
        /// Reports, by path or id [default: all]
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    let root = arguments.root.as_path();
    let folder = root.join("rules");
    // The rules of the repository, not those that were compiled in: a rule change must show at once.
    let rules = match rules_of(folder.is_dir().then_some(folder.as_path()), lang) {
        Ok(rules) => rules,
        Err(end) => return end,
    };
    let mapper = Mapper::new(&rules);
    let result = match &arguments.action {
        Action::Add { files } => files
            .iter()
            .map(|file| golden::add(root, file))
            .collect::<Result<Vec<_>, _>>()
            .and_then(|cases| accept(root, &cases, &mapper, lang)),
        Action::Check { files } => chosen(root, files, lang).and_then(|cases| check(root, &cases, &mapper, lang)),
        Action::Accept { files } => chosen(root, files, lang).and_then(|cases| accept(root, &cases, &mapper, lang)),
    };
    result.unwrap_or_else(|message| {
        complain(&format!("{}: {message}\n", lang.pick("lỗi", "error")));
        End::Unusable
    })
}

/// The cases asked for, or all; says what is passed over.
fn chosen(root: &Path, files: &[PathBuf], lang: Lang) -> Result<Vec<Case>, String> {
    let mut cases = golden::corpus(root)?;
    match golden::reports(root) {
        Some(reports) => cases.extend(reports),
        None => complain(&format!(
            "{}: {}\n",
            lang.pick(
                "bỏ qua các báo cáo ngoài kho, không có thư mục",
                "reports outside the repository are passed over, no folder"
            ),
            golden::reports_folder(root).display()
        )),
    }
    if files.is_empty() {
        return Ok(cases);
    }
    let mut wanted = Vec::new();
    for file in files {
        let real = file.canonicalize().ok();
        let is_it = |case: &&Case| {
            case.id.as_str() == file.to_string_lossy() || (real.is_some() && case.source.canonicalize().ok() == real)
        };
        wanted.push(cases.iter().find(is_it).cloned().ok_or_else(|| format!("no golden case {}", file.display()))?);
    }
    Ok(wanted)
}

fn check(root: &Path, cases: &[Case], mapper: &Mapper, lang: Lang) -> Result<End, String> {
    let mut different = 0;
    for case in cases {
        let differences = golden::compare(root, case, mapper)?;
        different += usize::from(!differences.is_empty());
        say(&differences_text(&differences));
    }
    let (same, checked) = (cases.len() - different, cases.iter().filter(|case| case.checked).count());
    say(&match lang {
        Lang::Vi => format!("{same} báo cáo như cũ, {different} thay đổi; {checked} đã có người đối chiếu\n"),
        Lang::En => format!("{same} reports the same, {different} changed; {checked} checked by a person\n"),
    });
    Ok(if different == 0 { End::Done } else { End::Found })
}

fn accept(root: &Path, cases: &[Case], mapper: &Mapper, lang: Lang) -> Result<End, String> {
    let mut changed = 0;
    for case in cases {
        let differences = golden::accept(root, case, mapper)?;
        changed += usize::from(!differences.is_empty());
        say(&differences_text(&differences));
        if case.checked && !differences.is_empty() {
            let warning = lang.pick(
                "golden này đã có người đối chiếu; hãy đối chiếu lại với báo cáo",
                "a person had checked this golden; compare it with the report again",
            );
            complain(&format!("{}: {warning}\n", case.id));
        }
    }
    let same = cases.len() - changed;
    say(&match lang {
        Lang::Vi => format!("{changed} báo cáo đã ghi lại, {same} như cũ\n"),
        Lang::En => format!("{changed} reports rewritten, {same} the same\n"),
    });
    Ok(End::Done)
}

fn differences_text(differences: &[Difference]) -> String {
    differences.iter().map(|d| format!("{}\n  {}\n", d.file, d.lines.join("\n  "))).collect()
}
