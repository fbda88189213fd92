//! Administrative units of Vietnam by name, level, parent and date (`rules/tables/gazetteer.csv`).

use crate::model::Level;
use jiff::civil::Date;

/// One unit. Strings are borrowed from the embedded table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Official code; a key together with parent and first day.
    pub code: &'static str,
    /// `Xã Thanh Cường`.
    pub name: &'static str,
    /// Its level.
    pub level: Level,
    /// Code of the parent, empty for a province.
    pub parent: &'static str,
    /// First day, None = older than the table.
    pub from: Option<Date>,
    /// Last day, None = still there.
    pub to: Option<Date>,
}

/// Units that `name` may mean (with or without type word, marks, case), of `level` if given, that existed on `date` if given.
pub fn find(name: &str, level: Option<Level>, date: Option<Date>) -> Vec<&'static Unit> {
    let _ = (name, level, date);
    Vec::new()
}

/// The unit with this code that existed on `date`.
pub fn by_code(code: &str, level: Level, date: Option<Date>) -> Option<&'static Unit> {
    let _ = (code, level, date);
    None
}
