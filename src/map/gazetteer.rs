//! Administrative units of Vietnam by name, level, parent and date.
//!
//! In: a name as a report prints it, with or without type word, marks, capitals (`UBND XÃ TÂN THÀNH`, `TP. Hải Dương`, `P.1`,
//! `Đăk Song`). Out: the units that it may mean, or the one that it must mean. Refuses to guess: 27 communes are called Tân
//! Thành, and [`resolve`] answers only when the date and the parents printed in the document leave one of them.
//!
//! The table `rules/tables/gazetteer.csv` (15,370 units from 2022 on, with the days on which they began and ended) is embedded;
//! where it is from and under which licence stands beside it in `LICENSE-gazetteer.txt`.

mod key;
pub mod mention;

use crate::model::Level;
use jiff::civil::Date;
pub(crate) use key::digest;
pub(crate) use key::letter;
use key::{Syllable, closeness, syllables};
use rustc_hash::FxHashMap;
use std::borrow::Borrow;
use std::hash::Hash;
use std::ops::Range;
use std::sync::LazyLock;

/// One unit. Strings are borrowed from the embedded table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Official code; a key together with parent and first day.
    pub code: &'static str,
    /// `Xã Tràng An`.
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

impl Unit {
    /// The type word: `Xã`, `Thành phố`.
    pub fn kind(&self) -> Option<UnitWord> {
        split_official(self.name).0
    }

    /// The name without its type word: `Tràng An`.
    pub fn proper(&self) -> &'static str {
        split_official(self.name).1
    }

    /// As in running text: `xã Tràng An`.
    pub fn in_text(&self) -> String {
        match self.kind() {
            Some(word) => format!("{} {}", word.as_str(), self.proper()),
            None => self.name.to_owned(),
        }
    }

    /// Whether it existed on a day; without a day every unit does.
    pub fn existed(&self, date: Option<Date>) -> bool {
        date.is_none_or(|d| self.from.is_none_or(|f| f <= d) && self.to.is_none_or(|t| d <= t))
    }
}

/// The words that say what kind of unit a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitWord {
    /// `xã`
    Xa,
    /// `phường`
    Phuong,
    /// `thị trấn`
    ThiTran,
    /// `đặc khu`
    DacKhu,
    /// `huyện`
    Huyen,
    /// `quận`
    Quan,
    /// `thị xã`
    ThiXa,
    /// `thành phố`: of a province or a province itself
    ThanhPho,
    /// `tỉnh`
    Tinh,
}

impl UnitWord {
    /// As printed within a sentence.
    pub fn as_str(self) -> &'static str {
        match self {
            UnitWord::Xa => "xã",
            UnitWord::Phuong => "phường",
            UnitWord::ThiTran => "thị trấn",
            UnitWord::DacKhu => "đặc khu",
            UnitWord::Huyen => "huyện",
            UnitWord::Quan => "quận",
            UnitWord::ThiXa => "thị xã",
            UnitWord::ThanhPho => "thành phố",
            UnitWord::Tinh => "tỉnh",
        }
    }

    /// The level of such a unit; None for `thành phố`, which is of two levels.
    pub fn level(self) -> Option<Level> {
        match self {
            UnitWord::Xa | UnitWord::Phuong | UnitWord::ThiTran | UnitWord::DacKhu => Some(Level::Commune),
            UnitWord::Huyen | UnitWord::Quan | UnitWord::ThiXa => Some(Level::District),
            UnitWord::ThanhPho => None,
            UnitWord::Tinh => Some(Level::Province),
        }
    }
}

/// Type words as they start a name, longest first; the short ones need a stop or a space behind them.
const TYPE_WORDS: [(&str, UnitWord); 16] = [
    ("thành phố", UnitWord::ThanhPho),
    ("thị trấn", UnitWord::ThiTran),
    ("đặc khu", UnitWord::DacKhu),
    ("thị xã", UnitWord::ThiXa),
    ("phường", UnitWord::Phuong),
    ("huyện", UnitWord::Huyen),
    ("quận", UnitWord::Quan),
    ("tỉnh", UnitWord::Tinh),
    ("xã", UnitWord::Xa),
    ("tp", UnitWord::ThanhPho),
    ("tx", UnitWord::ThiXa),
    ("tt", UnitWord::ThiTran),
    ("p", UnitWord::Phuong),
    ("q", UnitWord::Quan),
    ("h", UnitWord::Huyen),
    ("t", UnitWord::Tinh),
];

/// Bodies whose name stands before that of their unit.
const BODIES: [&str; 7] =
    ["ủy ban nhân dân", "uỷ ban nhân dân", "hội đồng nhân dân", "ubnd", "hđnd", "ủy ban", "uỷ ban"];

/// The rest of `text` behind `prefix` whatever the case; `prefix` is in lower case.
fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for want in prefix.chars() {
        let got = rest.next()?;
        if got != want && got.to_lowercase().next() != Some(want) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Parts a printed name into its type word and the name proper: `TP. Hải Dương` → (thành phố, `Hải Dương`), `P.1` → (phường, `1`).
pub fn split_type(name: &str) -> (Option<UnitWord>, &str) {
    let name = name.trim_matches(|c: char| !c.is_alphanumeric());
    let name = BODIES.iter().find_map(|b| strip_prefix_any_case(name, b)).map_or(name, str::trim_start);
    for (word, kind) in TYPE_WORDS {
        let Some(rest) = strip_prefix_any_case(name, word) else { continue };
        let short = word.len() <= 2;
        let behind = rest.trim_start_matches([' ', '.', '\u{a0}']);
        let parted = rest.len() != behind.len();
        let digits = behind.starts_with(|c: char| c.is_ascii_digit());
        // `T. Hà Giang`, `P1`, `Q.12` are units; `P Hà`, `Tân` are not: a short word needs a stop or a number.
        let one = word.len() == 1;
        let fits = match (short, one) {
            (false, _) => parted,
            (true, false) => parted || (digits && word != "tt"),
            (true, true) => rest.starts_with('.') || (digits && matches!(word, "p" | "q")),
        };
        if fits && !behind.is_empty() {
            return (Some(kind), behind);
        }
    }
    (None, name)
}

/// [`split_type`] for the table's own spelling, where the type word is always written out with a capital.
fn split_official(name: &str) -> (Option<UnitWord>, &str) {
    const OFFICIAL: [(&str, UnitWord); 9] = [
        ("Xã ", UnitWord::Xa),
        ("Phường ", UnitWord::Phuong),
        ("Thị trấn ", UnitWord::ThiTran),
        ("Huyện ", UnitWord::Huyen),
        ("Thành phố ", UnitWord::ThanhPho),
        ("Tỉnh ", UnitWord::Tinh),
        ("Thị xã ", UnitWord::ThiXa),
        ("Quận ", UnitWord::Quan),
        ("Đặc khu ", UnitWord::DacKhu),
    ];
    OFFICIAL.iter().find_map(|(w, k)| name.strip_prefix(w).map(|rest| (Some(*k), rest))).unwrap_or((None, name))
}

/// The table, read once.
struct Gazetteer {
    units: Vec<Unit>,
    /// By the digest of the bare name without type word.
    names: Index<u64>,
    /// By code; codes of the three levels differ in length.
    codes: Index<&'static str>,
}

/// Which units bear a name or code, in the order of the table.
struct Index<K> {
    units: Vec<u32>,
    /// Where those of a key stand in `units`.
    places: FxHashMap<K, Range<usize>>,
}

impl<K: Ord + Copy + Hash> Index<K> {
    fn new(mut pairs: Vec<(K, u32)>) -> Index<K> {
        pairs.sort_unstable();
        let mut places = FxHashMap::default();
        let mut start = 0;
        for same in pairs.chunk_by(|a, b| a.0 == b.0) {
            places.insert(same[0].0, start..start + same.len());
            start += same.len();
        }
        Index { units: pairs.into_iter().map(|(_, unit)| unit).collect(), places }
    }

    fn of<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> &[u32]
    where
        K: Borrow<Q>,
    {
        self.places.get(key).map_or(&[], |place| &self.units[place.clone()])
    }
}

static GAZETTEER: LazyLock<Gazetteer> =
    LazyLock::new(|| Gazetteer::parse(include_str!("../../rules/tables/gazetteer.csv")));

impl Gazetteer {
    /// Reads the embedded table: no field of it holds a comma or a quote, which the tests check.
    fn parse(table: &'static str) -> Gazetteer {
        let mut units = Vec::with_capacity(16_000);
        let mut names = Vec::with_capacity(16_000);
        let mut day: (&str, Option<Date>) = ("", None);
        let mut date = |text: &'static str| {
            if text != day.0 {
                day = (text, text.parse().ok());
            }
            day.1
        };
        for line in table.lines().skip(1) {
            let mut fields = line.split(',');
            let mut next = || fields.next().unwrap_or_default();
            let (code, name, level, parent, from, to, aliases) =
                (next(), next(), next(), next(), next(), next(), next());
            let Some(level) = Level::parse(level) else { continue };
            let at = units.len() as u32;
            let (_, proper) = split_official(name);
            names.push((digest(proper), at));
            for alias in aliases.split('|').filter(|a| !a.is_empty()) {
                names.push((digest(alias), at));
            }
            units.push(Unit { code, name, level, parent, from: date(from), to: date(to) });
        }
        let codes = units.iter().enumerate().map(|(i, u)| (u.code, i as u32)).collect();
        Gazetteer { names: Index::new(names), codes: Index::new(codes), units }
    }

    fn by_digest(&'static self, digest: u64) -> impl Iterator<Item = &'static Unit> {
        self.names.of(&digest).iter().filter_map(|i| self.units.get(*i as usize))
    }

    fn by_code(&'static self, code: &str) -> impl Iterator<Item = &'static Unit> {
        self.codes.of(code).iter().filter_map(|i| self.units.get(*i as usize))
    }
}

/// Units that `name` may mean (with or without type word, marks, case), of `level` if given, that existed on `date` if given.
///
/// Only the best spelling counts: where `Tân Hòa` exists as printed, `Tân Hóa` is not meant.
pub fn find(name: &str, level: Option<Level>, date: Option<Date>) -> Vec<&'static Unit> {
    let (word, proper) = split_type(name);
    let printed = syllables(proper);
    if printed.is_empty() {
        return Vec::new();
    }
    let mut best: (u8, Vec<&'static Unit>) = (u8::MAX, Vec::new());
    for unit in GAZETTEER.by_digest(digest(proper)) {
        if level.is_some_and(|l| l != unit.level) || !unit.existed(date) || word.is_some_and(|w| unit.kind() != Some(w))
        {
            continue;
        }
        // An alias has letters of its own: it was found by its digest and is taken as printed.
        let close = closeness_of(proper, &printed, unit);
        if close < best.0 {
            best = (close, Vec::new());
        }
        if close == best.0 && close < u8::MAX {
            best.1.push(unit);
        }
    }
    best.1
}

/// How well any unit of that kind, of any day, fits the name: 0 as printed, 1 but for marks left out, 2 one mark otherwise.
pub(crate) fn known(word: UnitWord, proper: &str) -> Option<u8> {
    // Most names that are asked about are unknown or printed as the gazetteer has them: neither needs its syllables.
    let printed = std::cell::LazyCell::new(|| syllables(proper));
    GAZETTEER
        .by_digest(digest(proper))
        .filter(|u| u.kind() == Some(word))
        .map(|u| if proper == u.proper() { 0 } else { closeness_of(proper, &printed, u) })
        .min()
        .filter(|c| *c <= 2)
}

/// [`closeness`] to a unit's name; 1 for an alias, `u8::MAX` for another name.
fn closeness_of(proper: &str, printed: &[Syllable], unit: &Unit) -> u8 {
    // Printed as the gazetteer has it: the usual case, and the only one that must be quick.
    if proper == unit.proper() {
        return 0;
    }
    let official = syllables(unit.proper());
    let letters = |s: &[Syllable]| s.iter().map(|s| s.bare.as_str()).collect::<String>();
    if letters(printed) != letters(&official) {
        return 1;
    }
    closeness(printed, &official).unwrap_or(u8::MAX)
}

/// The unit with this code that existed on `date`; without a date the latest of that code.
pub fn by_code(code: &str, level: Level, date: Option<Date>) -> Option<&'static Unit> {
    GAZETTEER.by_code(code).filter(|u| u.level == level && u.existed(date)).max_by_key(|u| u.from)
}

/// The unit above: of a commune its district (until 30/6/2025) or province. Of a renamed parent the name that it had on `date`, else the
/// last one that it had in the unit's own time.
pub fn parent_of(unit: &Unit, date: Option<Date>) -> Option<&'static Unit> {
    let day = date.filter(|d| unit.existed(Some(*d))).or(unit.to);
    let mut fallback = None;
    for parent in GAZETTEER.by_code(unit.parent) {
        if parent.existed(day) && (day.is_some() || parent.to.is_none()) {
            return Some(parent);
        }
        fallback = Some(parent);
    }
    fallback
}

/// The units above, nearest first.
pub fn ancestors(unit: &Unit, date: Option<Date>) -> Vec<&'static Unit> {
    let mut out: Vec<&'static Unit> = Vec::new();
    let mut next = parent_of(unit, date);
    while let Some(up) = next {
        out.push(up);
        // Two steps are all there can be; the bound keeps a broken table from turning in a circle.
        next = if out.len() < 3 { parent_of(up, date) } else { None };
    }
    out
}

/// The one unit that `name` must mean, given the names of parents that the document prints; None while more than one is left.
///
/// A name that only one unit of that level and day bears needs no hint. Of homonyms the one is taken whose parents the document
/// names, if no other homonym has as many of its parents named.
pub fn resolve(name: &str, level: Option<Level>, date: Option<Date>, hints: &[&str]) -> Option<&'static Unit> {
    let mut found = find(name, level, date);
    if found.is_empty() && date.is_some() {
        // A report may still print yesterday's name, or be dated wrongly.
        found = find(name, level, None);
    }
    let hinted: Vec<&'static Unit> = hints.iter().flat_map(|h| find(h, None, None)).collect();
    let score = |unit: &Unit| {
        ancestors(unit, date)
            .iter()
            .filter(|a| hinted.iter().any(|h| h.code == a.code && h.level == a.level && h.name == a.name))
            .count()
    };
    let scored: Vec<(usize, &'static Unit)> = found.into_iter().map(|u| (score(u), u)).collect();
    let best = scored.iter().map(|(s, _)| *s).max()?;
    let mut top = scored.iter().filter(|(s, _)| *s == best).map(|(_, u)| *u);
    let first = top.next()?;
    // Several rows of one code are one unit over time; the later row is the one still known by this name.
    top.try_fold(first, |a, b| (a.code == b.code && a.name == b.name).then_some(if b.from > a.from { b } else { a }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn names(units: &[&Unit]) -> Vec<String> {
        units.iter().map(|u| format!("{} {}", u.code, u.name)).collect()
    }

    #[test]
    fn the_table_is_whole() {
        let table = &*GAZETTEER;
        assert_eq!(table.units.len(), 15_370);
        assert!(table.units.iter().all(|u| u.kind().is_some() && !u.proper().is_empty()));
        assert!(!include_str!("../../rules/tables/gazetteer.csv").contains('"'));
        for unit in &table.units {
            assert_eq!(unit.parent.is_empty(), unit.level == Level::Province, "{unit:?}");
            let top = ancestors(unit, None).last().map(|u| u.level);
            assert!(unit.level == Level::Province || top == Some(Level::Province), "{unit:?}");
        }
    }

    #[test]
    fn every_unit_is_found_by_its_own_name() {
        for unit in &GAZETTEER.units {
            let day = unit.from.or(unit.to);
            let found = find(unit.name, Some(unit.level), day);
            assert!(found.iter().any(|f| f.code == unit.code), "{unit:?}");
            let capitals = find(&unit.name.to_uppercase(), Some(unit.level), day);
            assert_eq!(names(&capitals), names(&found), "{unit:?}");
        }
    }

    #[test]
    fn spellings_and_short_forms() {
        let day = Some(date(2023, 6, 30));
        for print in ["Huyện Đăk Song", "huyện Dak Song", "H. Đak Song", "UBND HUYỆN ĐẮK SONG", "Huyện Đắc Song"]
        {
            assert_eq!(names(&find(print, None, day)), ["665 Huyện Đắk Song"], "{print}");
        }
        assert_eq!(names(&find("xã Đăk N’Dung", None, day)), ["24727 Xã Đắk N'Dung"]);
        assert_eq!(names(&find("TP.HCM", None, day)), ["79 Thành phố Hồ Chí Minh"]);
        assert_eq!(names(&find("TX. Kinh Môn", None, day)), ["292 Thị xã Kinh Môn"]);
        assert_eq!(names(&find("TT.Hóc Môn", None, day)), ["27559 Thị trấn Hóc Môn"]);
        assert_eq!(names(&find("Hóc Môn", Some(Level::District), day)), ["784 Huyện Hóc Môn"]);
        assert!(find("P.1", None, day).len() > 10);
        assert_eq!(names(&find("P.01", None, day)), names(&find("Phường 1", None, day)));
        assert!(find("xã", None, day).is_empty());
        assert!(find("", None, day).is_empty());
    }

    #[test]
    fn units_have_days() {
        assert!(find("Thị xã Kinh Môn", None, Some(date(2025, 7, 1))).is_empty());
        assert_eq!(by_code("07375", Level::Commune, Some(date(2025, 7, 1))).map(|u| u.name), Some("Xã Lạng Giang"));
        assert_eq!(by_code("07375", Level::Commune, Some(date(2024, 7, 1))).map(|u| u.name), Some("Thị trấn Vôi"));
        let sia = by_code("07375", Level::Commune, Some(date(2023, 1, 1)));
        let up = ancestors(sia.expect("in the table"), Some(date(2023, 1, 1)));
        assert_eq!(names(&up), ["217 Huyện Lạng Giang", "24 Tỉnh Bắc Giang"]);
    }

    #[test]
    fn homonyms_need_a_parent() {
        let day = Some(date(2023, 6, 30));
        let resolve = |name, hints: &[&str]| resolve(name, Some(Level::Commune), day, hints).map(|u| u.code);
        assert_eq!(resolve("xã Tân Trào", &[]), None);
        assert_eq!(resolve("xã Tân Trào", &["tỉnh Hải Dương"]), Some("11257"));
        assert_eq!(resolve("XÃ TÂN TRÀO", &["huyện Thanh Miện"]), Some("11257"));
        assert!(find("xã Tân Thành", None, day).len() > 20);
        assert_eq!(resolve("xã Tân Thành", &["tỉnh Nghệ An"]), Some("17515"));
        assert_eq!(resolve("xã Tân Thành", &["tỉnh Hải Dương"]), None);
    }

    #[test]
    fn a_slip_of_a_mark_is_forgiven_only_without_a_better_name() {
        let day = Some(date(2020, 4, 1));
        assert_eq!(resolve("thị trấn Vội", None, day, &[]).map(|u| u.code), Some("07375"));
        let hoa = find("xã Tân Hòa", None, day);
        assert!(!hoa.is_empty() && hoa.iter().all(|u| u.proper() != "Tân Hóa"), "{hoa:?}");
    }
}
