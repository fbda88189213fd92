//! Paths in, files to read out: every regular file below the folders given, in the order of their names in the dataset.
//!
//! A file is named by its path below the folder given, `/` separated; a file given by itself by its file name. With several folders
//! each name starts with its folder's own, so that a name does not change when another folder is added beside it; names that still
//! agree get `~2`, `~3` in the order of the arguments. The same file given twice counts once.
//!
//! An archive is replaced by its members (`archive.zip!/inner.docx`); only its directory is read here.
//!
//! Hidden files and folders are passed over, and so are the dataset being replaced and the few files that stand beside reports
//! without being one (listed in `run.json`). A folder that cannot be opened is an input that failed: nothing is lost silently.

use crate::error::{ReadError, RunError};
use crate::run::archive::{self, Member};
use crate::run::open::unreadable;
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Files that stand beside reports and are none.
const NOT_REPORTS: [&str; 5] = ["README.md", "manifest.toml", "Thumbs.db", "desktop.ini", "datapackage.json"];

/// One file to read.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name in the dataset.
    pub name: String,
    /// Where it is.
    pub source: PathBuf,
    /// Size when it was found.
    pub bytes: u64,
    /// Why it cannot be read, if that is known already.
    pub problem: Option<ReadError>,
    /// Where it lies in `source`, if that is an archive.
    pub member: Option<Member>,
}

/// What lies below the paths given.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Sorted by name, names unique.
    pub files: Vec<Input>,
    /// Names of files passed over, sorted.
    pub skipped: Vec<String>,
}

/// Finds all inputs below `paths`; `output` is the dataset to be written and never an input.
pub fn discover(paths: &[PathBuf], output: &Path) -> Result<Inputs, RunError> {
    let output = output.canonicalize().ok();
    let folders = paths.iter().filter(|path| path.is_dir()).count();
    let mut found = Inputs::default();
    for path in paths {
        if !path.exists() {
            return Err(RunError::NoInput(path.clone()));
        }
        let prefix = if folders > 1 && path.is_dir() { own_name(path) } else { String::new() };
        walk(path, &prefix, output.as_deref(), &mut found);
    }
    if found.files.is_empty() {
        return Err(RunError::NoInput(paths.first().cloned().unwrap_or_default()));
    }
    once_each(&mut found.files);
    found.files = expanded(std::mem::take(&mut found.files), &mut found.skipped);
    distinct_names(&mut found.files);
    found.files.sort_by(|a, b| a.name.cmp(&b.name));
    found.skipped.sort();
    Ok(found)
}

/// Puts the members of archives in the place of the archives.
fn expanded(files: Vec<Input>, skipped: &mut Vec<String>) -> Vec<Input> {
    let mut out = Vec::with_capacity(files.len());
    for file in files {
        let mut passed = Vec::new();
        let listed = if file.problem.is_none() { archive::members(&file.source, &mut passed) } else { None };
        skipped.extend(passed.into_iter().map(|name| format!("{}!/{name}", file.name)));
        match listed {
            None => out.push(file),
            Some(Err(problem)) => out.push(Input { problem: Some(problem), ..file }),
            Some(Ok(listed)) => out.extend(listed.into_iter().map(|one| Input {
                name: format!("{}!/{}", file.name, one.name),
                source: file.source.clone(),
                bytes: one.bytes,
                problem: one.problem,
                member: Some(one.member),
            })),
        }
    }
    out
}

/// A folder's own name with a slash, also for `.` and `..`.
fn own_name(path: &Path) -> String {
    let resolved = path.canonicalize();
    let name = resolved.as_deref().unwrap_or(path).file_name();
    name.map_or(String::new(), |name| format!("{}/", name.to_string_lossy()))
}

fn walk(root: &Path, prefix: &str, output: Option<&Path>, found: &mut Inputs) {
    let wanted = |entry: &walkdir::DirEntry| {
        let hidden = entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
        let is_output = entry.depth() > 0
            && entry.file_type().is_dir()
            && output.is_some_and(|output| entry.path().canonicalize().is_ok_and(|path| path == output));
        !hidden && !is_output
    };
    for entry in WalkDir::new(root).follow_links(true).into_iter().filter_entry(wanted) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let name = name_below(root, entry.path(), prefix);
                let base = entry.file_name().to_string_lossy();
                if entry.depth() > 0 && NOT_REPORTS.contains(&base.as_ref()) {
                    found.skipped.push(name);
                    continue;
                }
                let regular = entry.file_type().is_file();
                found.files.push(Input {
                    name,
                    bytes: entry.metadata().map(|m| m.len()).unwrap_or_default(),
                    source: entry.into_path(),
                    problem: (!regular).then(|| unreadable("it is no regular file")),
                    member: None,
                });
            }
            Err(error) => {
                let source = error.path().unwrap_or(root).to_path_buf();
                let reason = match error.io_error() {
                    Some(io) => io.kind().to_string(),
                    None => "a link leads back to a folder above it".to_string(),
                };
                found.files.push(Input {
                    name: name_below(root, &source, prefix),
                    source,
                    bytes: 0,
                    problem: Some(unreadable(&reason)),
                    member: None,
                });
            }
        }
    }
}

fn name_below(root: &Path, path: &Path, prefix: &str) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        })
        .collect();
    if parts.is_empty() {
        // The root itself: a file given by its path, or a folder that cannot be opened.
        return path.file_name().map_or_else(|| "input".to_string(), |name| name.to_string_lossy().into_owned());
    }
    format!("{prefix}{}", parts.join("/"))
}

/// Drops files that were found before, by their real path.
fn once_each(files: &mut Vec<Input>) {
    let mut seen = HashSet::new();
    files.retain(|file| {
        let given = file.source.canonicalize().unwrap_or_else(|_| file.source.clone());
        // Two links to one file are two names the user gave it; only the same path twice is dropped.
        let linked = std::fs::symlink_metadata(&file.source).is_ok_and(|m| m.file_type().is_symlink());
        linked || seen.insert(given)
    });
}

/// Gives equal names a number, in the order of the arguments.
fn distinct_names(files: &mut [Input]) {
    let mut taken: HashMap<String, u32> = HashMap::with_capacity(files.len());
    let all: HashSet<String> = files.iter().map(|f| f.name.clone()).collect();
    for file in files {
        let count = taken.entry(file.name.clone()).and_modify(|n| *n += 1).or_insert(1);
        if *count > 1 {
            let mut name = format!("{}~{count}", file.name);
            while all.contains(&name) {
                name.push('~');
            }
            file.name = name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        discover(paths, Path::new("nowhere")).unwrap().files.into_iter().map(|f| f.name).collect()
    }

    #[test]
    fn files_are_named_below_their_folder_and_sorted() {
        let temp = tempfile::tempdir().unwrap();
        let (a, b) = (temp.path().join("a"), temp.path().join("b"));
        for (folder, file) in [(&a, "x.txt"), (&a, "sub/z.txt"), (&a, "sub-1.txt"), (&b, "x.txt"), (&a, ".hidden")] {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        assert_eq!(names(std::slice::from_ref(&a)), ["sub-1.txt", "sub/z.txt", "x.txt"]);
        assert_eq!(names(&[a.clone(), b.clone()]), ["a/sub-1.txt", "a/sub/z.txt", "a/x.txt", "b/x.txt"]);
        assert_eq!(names(&[a.join("x.txt"), b.join("x.txt")]), ["x.txt", "x.txt~2"]);
        assert_eq!(names(&[a.join("x.txt"), a.join("x.txt")]), ["x.txt"]);
    }

    #[test]
    fn output_and_companions_are_passed_over() {
        let temp = tempfile::tempdir().unwrap();
        let out = temp.path().join("out");
        fs::create_dir(&out).unwrap();
        for file in ["r.txt", "manifest.toml", "out/facts.csv"] {
            fs::write(temp.path().join(file), "text").unwrap();
        }
        let found = discover(&[temp.path().to_path_buf()], &out).unwrap();
        assert_eq!(found.files.len(), 1);
        assert_eq!(found.skipped, ["manifest.toml"]);
    }

    #[test]
    fn an_empty_or_missing_folder_has_no_input() {
        let temp = tempfile::tempdir().unwrap();
        let missing = temp.path().join("missing");
        for path in [temp.path().to_path_buf(), missing] {
            assert!(matches!(discover(&[path], Path::new("nowhere")), Err(RunError::NoInput(_))));
        }
    }
}
