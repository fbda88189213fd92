//! Where in a rule file something stands. Rules are read without positions, because positions are wanted only when something
//! is wrong; then the file is parsed once more and the place is looked up.

use crate::rules::Fault;
use toml::de::{DeTable, DeValue};

/// One rule file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Path below `rules/`, `/` separated.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// The folder it stands in: `indicators`, `forms`, `phrases`, `checks`.
    pub fn folder(&self) -> &str {
        self.path.split('/').next().unwrap_or_default()
    }

    /// The file's name without `.toml`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".toml").unwrap_or(name)
    }

    /// A fault at a byte of this file.
    pub fn fault_at(&self, byte: usize, message: String, help: String) -> Fault {
        let (line, column) = line_column(&self.text, byte);
        Fault { file: self.path.clone(), line, column, message, help }
    }

    /// Faults at the values that their steps lead to, or at the deepest one of them that is there. One parse for all.
    pub fn faults(&self, found: Vec<(Vec<Step<'_>>, String, String)>) -> Vec<Fault> {
        let table = DeTable::parse(&self.text).ok().map(|t| t.into_inner());
        found
            .into_iter()
            .map(|(steps, message, help)| {
                let byte = table.as_ref().map_or(0, |table| locate(table, &steps));
                self.fault_at(byte, message, help)
            })
            .collect()
    }
}

/// One step from a file's top to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into a table.
    Key(&'a str),
    /// Into an array.
    Index(usize),
}

/// Byte offset of the value that `steps` lead to.
fn locate(table: &DeTable<'_>, steps: &[Step<'_>]) -> usize {
    let mut at = 0;
    let mut value: Option<&DeValue<'_>> = None;
    for step in steps {
        let next = match (step, value) {
            (Step::Key(key), None) => table.get(*key),
            (Step::Key(key), Some(DeValue::Table(inner))) => inner.get(*key),
            (Step::Index(index), Some(DeValue::Array(array))) => array.get(*index),
            _ => None,
        };
        let Some(next) = next else { break };
        // An array of tables has no place of its own; its elements do.
        if !matches!(next.get_ref(), DeValue::Array(_)) || next.span().start > at {
            at = next.span().start;
        }
        value = Some(next.get_ref());
    }
    at
}

/// 1-based line and column (in characters) of a byte.
fn line_column(text: &str, byte: usize) -> (u32, u32) {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = &text[..byte];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    (line as u32, before[start..].chars().count() as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_values_and_counts_characters_not_bytes() {
        let text = "[[row]]\nkey = \"a\"\n\n[[row]]\nkey = \"b\"\nlabel = [\"đủ\", \"x\"]\n";
        let source = Source { path: "forms/F.toml".into(), text: text.into() };
        let at = |steps: &[Step<'_>]| {
            let found = source.faults(vec![(steps.to_vec(), String::new(), String::new())]);
            (found[0].line, found[0].column)
        };
        assert_eq!(at(&[Step::Key("row"), Step::Index(1), Step::Key("key")]), (5, 7));
        assert_eq!(at(&[Step::Key("row"), Step::Index(1), Step::Key("label"), Step::Index(1)]), (6, 16));
        // Where a key is missing, the table that lacks it.
        assert_eq!(at(&[Step::Key("row"), Step::Index(1), Step::Key("why")]), (4, 1));
        assert_eq!(at(&[Step::Key("nothing")]), (1, 1));
        assert_eq!(line_column("đđ", 3), (1, 2), "a byte inside a character counts as its start");
        assert_eq!((source.folder(), source.stem()), ("forms", "F"));
    }
}
