//! Rule files in, a [`RuleSet`] out. The rules of this program are embedded; a folder of one's own has the same layout
//! (`indicators/`, `forms/`, `phrases/`, `checks/`, each with flat `*.toml` files). Nothing is half loaded: either every file is in
//! order or all faults of all files are returned.

use crate::rules::lint::lint;
use crate::rules::place::Source;
use crate::rules::raw::{self, RawForm, RawIndicator, RawPhrase, RawRow};
use crate::rules::{Check, Fault, Form, FormRow, Indicator, Phrase, RuleSet};
use include_dir::{Dir, include_dir};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::LazyLock;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

static INDICATORS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/indicators");
static FORMS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/forms");
static PHRASES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/phrases");
static CHECKS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/checks");

/// The folders of rules, in the order in which their files are read.
const FOLDERS: [&str; 4] = ["checks", "forms", "indicators", "phrases"];

/// One rule and where it stands: the file and the place in its list.
#[derive(Debug, Clone)]
pub struct Item<T> {
    /// The rule.
    pub value: T,
    /// Index into [`Draft::sources`].
    pub file: usize,
    /// Place in the file's list, from 0.
    pub index: usize,
}

/// Rules as read, not yet checked against each other.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The files, in path order.
    pub sources: Vec<Source>,
    /// All indicators, in file order.
    pub indicators: Vec<Item<Indicator>>,
    /// All forms, in file order, without their rows.
    pub forms: Vec<Item<Form>>,
    /// Rows of each form.
    pub rows: Vec<Vec<Item<FormRow>>>,
    /// All phrases, in file order.
    pub phrases: Vec<Item<Phrase>>,
    /// All checks, in file order.
    pub checks: Vec<Item<Check>>,
}

impl RuleSet {
    /// The rules of this program, parsed once. They are checked by the tests and by `baocao rules check`, not at every start.
    pub fn builtin() -> &'static RuleSet {
        static RULES: LazyLock<RuleSet> = LazyLock::new(|| read(embedded()).0.into_rules());
        &RULES
    }

    /// Faults in the rules of this program; none in a released one.
    pub fn builtin_faults() -> Vec<Fault> {
        let (draft, mut faults) = read(embedded());
        faults.extend(lint(&draft));
        sorted(faults)
    }

    /// The rules of a folder, or everything that is wrong with them.
    pub fn load(dir: &Path) -> Result<RuleSet, Vec<Fault>> {
        let (sources, mut faults) = files(dir);
        let (draft, more) = read(sources);
        faults.extend(more);
        faults.extend(lint(&draft));
        if faults.is_empty() { Ok(draft.into_rules()) } else { Err(sorted(faults)) }
    }
}

impl Draft {
    /// The rules, unchecked.
    pub fn into_rules(self) -> RuleSet {
        let mut hash = Sha256::new();
        for source in &self.sources {
            hash.update(source.path.as_bytes());
            hash.update([0]);
            hash.update(source.text.as_bytes());
            hash.update([0]);
        }
        let digest = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let rows = self.rows.into_iter().map(|rows| rows.into_iter().map(|r| r.value).collect());
        RuleSet {
            indicators: self.indicators.into_iter().map(|i| (i.value.id.clone(), i.value)).collect(),
            forms: self.forms.into_iter().zip(rows).map(|(form, rows)| Form { rows, ..form.value }).collect(),
            phrases: self.phrases.into_iter().map(|p| p.value).collect(),
            checks: self.checks.into_iter().map(|c| c.value).collect(),
            digest,
        }
    }
}

fn embedded() -> Vec<Source> {
    [("checks", &CHECKS), ("forms", &FORMS), ("indicators", &INDICATORS), ("phrases", &PHRASES)]
        .into_iter()
        .flat_map(|(folder, dir)| dir.files().map(move |file| (folder, file)))
        .filter_map(|(folder, file)| {
            let path = file.path().to_str().filter(|p| p.ends_with(".toml"))?;
            Some(Source { path: format!("{folder}/{path}"), text: file.contents_utf8()?.to_string() })
        })
        .collect()
}

/// The `*.toml` files of a folder's four subfolders; a subfolder may be missing, but not all of them.
fn files(dir: &Path) -> (Vec<Source>, Vec<Fault>) {
    let (mut sources, mut faults) = (Vec::new(), Vec::new());
    let fault =
        |file: String, message: String, help: &str| Fault { file, line: 1, column: 1, message, help: help.into() };
    for folder in FOLDERS {
        let Ok(entries) = std::fs::read_dir(dir.join(folder)) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()).filter(|n| n.ends_with(".toml")) else {
                continue;
            };
            let name = format!("{folder}/{name}");
            match std::fs::read(&path).map(String::from_utf8) {
                Ok(Ok(text)) => {
                    sources.push(Source { path: name, text: text.trim_start_matches('\u{feff}').to_string() })
                }
                Ok(Err(_)) => faults.push(fault(name, "not UTF-8 text".into(), "save the file as UTF-8")),
                Err(error) => {
                    faults.push(fault(name, format!("cannot be read: {error}"), "check the file's permissions"))
                }
            }
        }
    }
    if sources.is_empty() && faults.is_empty() {
        let help = "name the folder that holds indicators/, forms/, phrases/ and checks/";
        faults.push(fault(dir.display().to_string(), "no rule files found here".into(), help));
    }
    (sources, faults)
}

/// Reads all files; what cannot be read is a fault, the rest goes on.
pub fn read(mut sources: Vec<Source>) -> (Draft, Vec<Fault>) {
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let mut draft = Draft::default();
    let mut faults = Vec::new();
    for (file, source) in sources.iter().enumerate() {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        // A broken file would only give faults that follow from the first.
        if let Some(error) = errors.first() {
            faults.push(from_toml(source, error, "correct the TOML; the rest of this file was not read"));
            continue;
        }
        let mut parts = Parts { source, file, faults: &mut faults };
        match source.folder() {
            "indicators" => draft
                .indicators
                .extend(parts.only(table, "indicator", |v| RawIndicator::deserialize(v).map(Indicator::from))),
            "phrases" => {
                draft.phrases.extend(parts.only(table, "phrase", |v| RawPhrase::deserialize(v).map(Phrase::from)));
            }
            "checks" => draft.checks.extend(parts.only(table, "check", raw::check)),
            _ => {
                if let Some((form, rows)) = parts.form(table) {
                    draft.forms.push(Item { value: form, file, index: 0 });
                    draft.rows.push(rows);
                }
            }
        }
    }
    draft.sources = sources;
    (draft, faults)
}

/// What is being read, and where its faults go.
struct Parts<'a> {
    source: &'a Source,
    file: usize,
    faults: &'a mut Vec<Fault>,
}

impl Parts<'_> {
    /// A file that holds nothing but `[[name]]` tables.
    fn only<'i, T>(
        &mut self,
        table: Spanned<DeTable<'i>>,
        name: &str,
        read: impl Fn(ValueDeserializer<'i>) -> Result<T, Error>,
    ) -> Vec<Item<T>> {
        let mut table = table.into_inner();
        let items = self.items(table.remove(name), name, read);
        for key in table.keys() {
            self.faults.push(self.source.fault_at(
                key.span().start,
                format!("unknown key `{}`", key.get_ref()),
                format!("a file in {}/ holds only [[{name}]] tables", self.source.folder()),
            ));
        }
        items
    }

    fn form(&mut self, table: Spanned<DeTable<'_>>) -> Option<(Form, Vec<Item<FormRow>>)> {
        let (span, mut table) = (table.span(), table.into_inner());
        let rows = self.items(table.remove("row"), "row", |v| RawRow::deserialize(v).map(FormRow::from));
        match RawForm::deserialize(ValueDeserializer::from(Spanned::new(span, DeValue::Table(table)))) {
            Ok(form) => Some((Form { id: form.id, titles: form.titles, source: form.source, rows: Vec::new() }, rows)),
            Err(error) => {
                self.faults.push(from_toml(self.source, &error, "a form file begins with id, titles and source"));
                None
            }
        }
    }

    fn items<'i, T>(
        &mut self,
        list: Option<Spanned<DeValue<'i>>>,
        name: &str,
        read: impl Fn(ValueDeserializer<'i>) -> Result<T, Error>,
    ) -> Vec<Item<T>> {
        let mut items = Vec::new();
        let Some(list) = list else { return items };
        let start = list.span().start;
        let DeValue::Array(list) = list.into_inner() else {
            self.faults.push(self.source.fault_at(
                start,
                format!("`{name}` must be a list"),
                format!("write [[{name}]]"),
            ));
            return items;
        };
        for (index, value) in list.into_iter().enumerate() {
            let start = value.span().start;
            match read(ValueDeserializer::from(value)) {
                Ok(value) => items.push(Item { value, file: self.file, index }),
                Err(error) => {
                    let byte = error.span().map_or(start, |s| s.start);
                    let help = format!("the keys and words allowed in [[{name}]] are listed in rules/README.md");
                    self.faults.push(self.source.fault_at(byte, error.message().to_string(), help));
                }
            }
        }
        items
    }
}

fn from_toml(source: &Source, error: &Error, help: &str) -> Fault {
    let byte = error.span().map_or(0, |span| span.start);
    source.fault_at(byte, error.message().to_string(), help.to_string())
}

fn sorted(mut faults: Vec<Fault>) -> Vec<Fault> {
    faults.sort_by(|a, b| (&a.file, a.line, a.column, &a.message).cmp(&(&b.file, b.line, b.column, &b.message)));
    faults.dedup();
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.into(), text: text.into() }
    }

    const GOOD: &str = "[[indicator]]\nid='steering.x'\nvi='X'\nen='x'\nbrief='All x.'\nunit='x'\nkind='count'\n";

    #[test]
    fn the_rules_of_this_program_are_in_order() {
        let faults: Vec<String> = RuleSet::builtin_faults()
            .into_iter()
            .map(|f| format!("{}:{}:{} {} ({})", f.file, f.line, f.column, f.message, f.help))
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        let rules = RuleSet::builtin();
        assert!(rules.indicators.len() >= 250 && rules.forms.len() >= 18 && rules.checks.len() >= 60);
        assert_eq!(rules.digest.len(), 16);
    }

    #[test]
    fn a_folder_of_the_same_rules_gives_the_same_rule_set() {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let (loaded, builtin) = (RuleSet::load(&dir).unwrap(), RuleSet::builtin());
        assert_eq!(loaded.digest, builtin.digest);
        assert_eq!(loaded.forms, builtin.forms);
        assert_eq!(loaded.indicators, builtin.indicators);
    }

    #[test]
    fn all_faults_of_all_files_are_reported_with_their_place() {
        let (draft, faults) = read(vec![
            source("indicators/steering.toml", &format!("{GOOD}colour='red'\n\n{}", GOOD.replace("count", "number"))),
            source("indicators/broken.toml", "[[indicator]]\nid = \n"),
            source(
                "forms/F.toml",
                "id='F'\ntitles=['F']\nsource='s'\n\n[[row]]\nkey='1'\n\n[[row]]\nkey='2'\nlabel='L'\n",
            ),
            source("checks/steering.toml", "[[cheque]]\nid='x'\n"),
        ]);
        let seen: Vec<(&str, u32, u32)> = faults.iter().map(|f| (f.file.as_str(), f.line, f.column)).collect();
        assert_eq!(
            seen,
            [
                ("checks/steering.toml", 1, 3),
                ("forms/F.toml", 5, 1),
                ("indicators/broken.toml", 2, 6),
                ("indicators/steering.toml", 8, 1),
                ("indicators/steering.toml", 16, 6),
            ],
            "{faults:#?}"
        );
        assert!(faults[1].message.contains("label"), "{faults:#?}");
        assert!(faults[3].message.contains("colour"), "{faults:#?}");
        assert_eq!(draft.rows[0].len(), 1, "the good row of the form is kept");
        assert_eq!(draft.rows[0][0].index, 1, "and knows its place in the file");
    }

    #[test]
    fn a_folder_without_rules_and_bad_bytes_are_faults() {
        let dir = tempfile::tempdir().unwrap();
        let faults = RuleSet::load(dir.path()).unwrap_err();
        assert_eq!(faults.len(), 1);
        std::fs::create_dir(dir.path().join("forms")).unwrap();
        std::fs::write(dir.path().join("forms/x.toml"), [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(RuleSet::load(dir.path()).unwrap_err()[0].message, "not UTF-8 text");
    }

    #[test]
    fn the_digest_follows_names_and_contents() {
        let digest = |path: &str, text: &str| read(vec![source(path, text)]).0.into_rules().digest;
        assert_eq!(digest("indicators/a.toml", GOOD), digest("indicators/a.toml", GOOD));
        assert_ne!(digest("indicators/a.toml", GOOD), digest("indicators/b.toml", GOOD));
        assert_ne!(digest("indicators/a.toml", GOOD), digest("indicators/a.toml", &GOOD.replace("All", "Any")));
    }
}
