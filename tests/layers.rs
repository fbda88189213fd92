//! The house rules that a compiler does not know: which module may use which (the table in `src/lib.rs`), polars in two files, no
//! printing outside the command line, no file past 800 lines.

use crate::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// Modules whose work can fail; the others return values and warnings.
const MAY_FAIL: [&str; 5] = ["read", "write", "compare", "run", "cli"];
/// The files that may name polars: one writes Parquet, one reads it.
const POLARS: [&str; 2] = ["write/parquet.rs", "compare/store.rs"];

struct Source {
    /// Below `src/`.
    file: String,
    /// Without comments and without `#[cfg(test)] mod …`.
    code: String,
    lines: usize,
}

fn sources() -> Vec<Source> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    let test_files: BTreeSet<PathBuf> = files.iter().flat_map(test_modules).collect();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source file");
        let file = path.strip_prefix(root().join("src")).expect("below src").to_string_lossy().replace('\\', "/");
        let is_test = file.ends_with("tests.rs") || file.contains("/tests/") || test_files.contains(&path);
        let code = if is_test { String::new() } else { code_of(&text) };
        Source { file, lines: text.lines().count(), code }
    };
    files.into_iter().map(read).collect()
}

/// The files that a module declares for tests only: `#[cfg(test)]` before `mod x;`.
fn test_modules(path: &PathBuf) -> Vec<PathBuf> {
    let text = fs::read_to_string(path).expect("a source file");
    let folder = path.parent().expect("a folder");
    // `a/mod.rs` holds its modules in `a/`, `a/b.rs` in `a/b/`.
    let below = if path.ends_with("mod.rs") { folder.to_path_buf() } else { path.with_extension("") };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let declared = |pair: &[&str]| {
        let name = pair[1].strip_prefix("mod ")?.strip_suffix(';')?;
        (pair[0] == "#[cfg(test)]").then(|| [below.join(format!("{name}.rs")), below.join(name).join("mod.rs")])
    };
    lines.windows(2).filter_map(declared).flatten().collect()
}

/// Source text without comments, strings' insides and test modules.
fn code_of(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let starts_tests = |i: &usize| {
        lines[*i].trim() == "#[cfg(test)]"
            && lines[i + 1..].iter().find(|l| !l.trim().starts_with('#')).is_some_and(|l| {
                let line = l.trim();
                line.starts_with("mod ") && line.ends_with('{')
            })
    };
    let end = (0..lines.len()).find(starts_tests).unwrap_or(lines.len());
    lines[..end].iter().map(|line| without_comment(line)).collect::<Vec<_>>().join("\n")
}

/// A line up to `//` outside a string, with strings emptied.
fn without_comment(line: &str) -> String {
    let mut out = String::new();
    let (mut in_string, mut escaped) = (false, false);
    let letters: Vec<char> = line.chars().collect();
    for (i, letter) in letters.iter().enumerate() {
        if in_string {
            in_string = escaped || *letter != '"';
            escaped = !escaped && *letter == '\\';
            continue;
        }
        match letter {
            // A quote as a character literal or a lifetime is no string.
            '"' if i == 0 || letters[i - 1] != '\'' => in_string = true,
            '/' if letters.get(i + 1) == Some(&'/') => break,
            _ => out.push(*letter),
        }
    }
    out
}

/// The modules that a piece of code names by `crate::…`, nested braces included.
fn modules_named(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(heads_of_group(group)),
            None => found.extend(word(rest)),
        }
    }
    found
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_string())
}

/// First words of `a::b, c::{d, e}, f}`.
fn heads_of_group(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut heads) = (0, true, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            c if c.is_whitespace() => {}
            _ if start => {
                heads.extend(word(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
    heads
}

/// The layer table of `src/lib.rs`: module → modules it may use.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("//! | [`")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches(['[', ']', '`']).to_string();
        let above: BTreeSet<String> = table.keys().cloned().collect();
        let may_use: BTreeSet<String> = match cells[3] {
            "nothing" => BTreeSet::new(),
            "all above" => above.clone(),
            list => list.split(',').map(|word| word.trim().to_string()).collect(),
        };
        assert!(may_use.is_subset(&above), "{name} may only use modules above it: {may_use:?}");
        table.insert(name, may_use);
    }
    table
}

#[test]
fn the_table_names_every_module() {
    let text = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let declared: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .filter(|name| *name != "error")
        .map(str::to_string)
        .collect();
    assert_eq!(declared, table().into_keys().collect());
}

#[test]
fn arrows_point_up_the_table() {
    let table = table();
    let mut wrong = Vec::new();
    for source in sources() {
        let module = source.file.split(['/', '.']).next().unwrap_or_default().to_string();
        let Some(may_use) = table.get(&module) else { continue };
        for used in modules_named(&source.code) {
            let allowed = used == module
                || may_use.contains(&used)
                || (used == "error" && MAY_FAIL.contains(&module.as_str()))
                || !(table.contains_key(&used) || used == "error");
            if !allowed {
                wrong.push(format!("src/{}: {module} may not use {used}", source.file));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Whether `code` holds `name` as a whole word.
fn names(code: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(name)
        .any(|(at, _)| !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word))
}

#[test]
fn polars_printing_and_unsafe_stay_in_their_places() {
    let mut wrong = Vec::new();
    for Source { file, code, lines } in sources() {
        if !POLARS.contains(&file.as_str()) && names(&code, "polars") {
            wrong.push(format!("src/{file}: polars is named outside {POLARS:?}"));
        }
        if names(&code, "unsafe") {
            wrong.push(format!("src/{file}: unsafe"));
        }
        let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
        if !file.starts_with("cli/")
            && prints.iter().any(|print| names(&code, print.trim_end_matches('!')) && code.contains(print))
        {
            wrong.push(format!("src/{file}: prints outside src/cli"));
        }
        if lines > 800 {
            wrong.push(format!("src/{file}: {lines} lines; more than 800 need a redesign"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_scan_sees_what_it_must_see() {
    let code = code_of(
        "use crate::{map::{a, b}, read, text::fold};\nlet x = crate::check::y(\"crate::cli::z\"); // crate::run::w\n\
         #[cfg(test)]\nmod tests {\n use crate::write::q;\n}\n",
    );
    let found: Vec<String> = modules_named(&code).into_iter().collect();
    assert_eq!(found, ["check", "map", "read", "text"]);
    assert!(names("a unsafe b", "unsafe") && !names("unsafely", "unsafe"));
}
