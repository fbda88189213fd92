//! Units named in a sentence: whom a figure is about, where that is not the issuer.
//!
//! In: a sentence and what the document says of itself. Out: `xã Nam Bình`, `phường 4`, `huyện Thanh Miện` with their bytes, and the unit of the
//! gazetteer where it is certain: the one of that name in the issuer's district or province. Refuses the issuer itself and the units
//! above it: who assigns a task or receives a report is no subject of a figure.

use crate::map::gazetteer::mention::mentions_in;
use crate::map::gazetteer::{Unit, ancestors, by_code, find, split_type};
use crate::model::{Level, Metadata};
use crate::text::letter::lowered;
use crate::text::sought::{Low, Lowered};
use jiff::civil::Date;
use std::ops::Range;

/// A unit named in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Bytes of the clean text: type word and name.
    pub range: Range<usize>,
    /// The unit, where it is certain.
    pub unit: Option<&'static Unit>,
    /// In the gazetteer's spelling where certain, else as printed: `Xã Nam Bình`.
    pub name: String,
    /// Its level.
    pub level: Level,
}

/// What of a document's metadata entities are measured against; made once per document.
#[derive(Debug, Clone, Default)]
pub struct Home {
    date: Option<Date>,
    level: Option<Level>,
    issuer: Option<&'static Unit>,
    /// The issuer, its district and its province, as far as known.
    above: Vec<&'static Unit>,
    /// The issuer's printed name, for one without code.
    issuer_name: String,
}

impl Home {
    /// The places that a document speaks from.
    pub fn of(metadata: &Metadata) -> Home {
        let date = metadata.issued_on.or(metadata.period.map(|p| p.end));
        let level = metadata.issuer_level.filter(|l| matches!(l, Level::Commune | Level::District | Level::Province));
        let code = metadata.entity_code.as_deref();
        let issuer = code.zip(level).and_then(|(c, l)| by_code(c, l, date).or_else(|| by_code(c, l, None)));
        let mut above: Vec<&'static Unit> = Vec::new();
        if let Some(unit) = issuer {
            above.push(unit);
            above.extend(ancestors(unit, date));
        } else {
            let one = |name: &Option<String>, level| {
                let found = name.as_deref().map(|n| find(n, Some(level), date)).unwrap_or_default();
                found.first().copied().filter(|_| found.len() == 1)
            };
            above.extend(one(&metadata.district, Level::District));
            above.extend(one(&metadata.province, Level::Province));
        }
        let issuer_name = lowered(metadata.issuer.as_deref().unwrap_or_default().trim_start_matches("UBND "));
        Home { date, level: metadata.issuer_level, issuer, above, issuer_name }
    }

    /// The narrowest unit around a unit of `level`: its district if the document has one, else its province.
    fn within(&self, level: Level) -> impl Iterator<Item = &'static Unit> + '_ {
        self.above.iter().copied().filter(move |u| match level {
            Level::Commune => matches!(u.level, Level::District | Level::Province),
            Level::District => u.level == Level::Province,
            _ => false,
        })
    }
}

/// A unit of the gazetteer named in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Bytes of the clean text: type word and name.
    pub span: Range<usize>,
    /// Which.
    pub unit: &'static Unit,
}

/// Units other than the issuer and those above it that `text` names and that are certain, in order. `low` is the text in small letters.
pub fn entities_in(text: &str, low: Low, home: &Home) -> Vec<Mention> {
    let found = entities_at(text, low, home);
    found.into_iter().filter_map(|e| Some(Mention { span: e.range, unit: e.unit? })).collect()
}

/// A row labelled by type word and name (`Xã Nam Bình`) below the issuer whose unit the gazetteer does not single out.
pub fn named_row(label: &str, metadata: &Metadata) -> Option<(String, Level)> {
    let label = label.trim();
    // Few labels begin as the words below do.
    if !label.starts_with(['x', 'X', 'p', 'P', 't', 'T', 'đ', 'Đ', 'h', 'H', 'q', 'Q']) {
        return None;
    }
    let low = lowered(label);
    let (level, rest) = [
        ("xã ", Level::Commune),
        ("phường ", Level::Commune),
        ("thị trấn ", Level::Commune),
        ("đặc khu ", Level::Commune),
        ("huyện ", Level::District),
        ("quận ", Level::District),
        ("thị xã ", Level::District),
    ]
    .iter()
    .find_map(|(word, level)| low.strip_prefix(word).map(|rest| (*level, rest)))?;
    let named = label.ends_with(rest) || label.len() >= rest.len();
    let name = label.get(label.len() - rest.len()..).filter(|_| named)?;
    let short = (1..=4).contains(&name.split(' ').count());
    let capital = name.split(' ').all(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let below = metadata.issuer_level.is_some_and(|issuer| issuer > level);
    (short && capital && below).then(|| (label.to_string(), level))
}

/// The unit that a table row is about, where its label is nothing but the unit's name (`Xã Thuận Hạnh`, `UBND phường 4`, in a report of
/// a district or province also `Thuận Hạnh` alone): code, name, level. `named`: whether it names a unit by type word and name.
pub fn row_entity(label: &str, named: bool, home: &Home) -> Option<(String, String, Level)> {
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    // Labels are mostly sentences; a name has few words and starts with a capital.
    if label.len() > 60 || !label.starts_with(|c: char| c.is_uppercase()) {
        return None;
    }
    let lowered = Lowered::of(named.then_some(label).into_iter());
    let whole = entities_at(label, lowered.text(0), home).into_iter().find(|e| {
        let before = label[..e.range.start].trim();
        e.range.end == label.len()
            && (before.is_empty()
                || split_type(before).1.is_empty()
                || before == "UBND"
                || before.to_lowercase().ends_with("nhân dân"))
    });
    let unit = match whole {
        Some(entity) => entity.unit?,
        None => {
            let below = match home.level? {
                Level::District => Level::Commune,
                Level::Province if home.date.is_some_and(|d| d >= jiff::civil::date(2025, 7, 1)) => Level::Commune,
                Level::Province => Level::District,
                _ => return None,
            };
            let words = || label.split(' ');
            let named = !label.contains(|c: char| c.is_ascii_digit())
                && (2..=4).contains(&words().count())
                && words().all(|w| w.starts_with(|c: char| c.is_uppercase()));
            if !named || home.issuer.is_none() {
                return None;
            }
            let found = find(label, Some(below), home.date);
            // Without a type word only a name from the issuer's own area is one.
            certain(&found, home).filter(|u| {
                ancestors(u, home.date)
                    .iter()
                    .any(|a| home.issuer.is_some_and(|i| i.code == a.code && i.level == a.level))
            })?
        }
    };
    Some((unit.code.to_owned(), unit.name.to_owned(), unit.level))
}

/// As [`entities_in`], with the document's places at hand, and with units named that are not certain.
pub fn entities_at(text: &str, low: Low, home: &Home) -> Vec<Entity> {
    let mut out = Vec::new();
    for mention in mentions_in(text, low) {
        if mention.name.is_empty() {
            continue;
        }
        let printed = format!("{} {}", mention.word.as_str(), mention.name);
        let mut found = find(&printed, None, home.date);
        if found.is_empty() && home.date.is_some() {
            found = find(&printed, None, None);
        }
        if home.above.iter().any(|a| found.iter().any(|f| f.code == a.code && f.level == a.level)) {
            continue;
        }
        if home.issuer.is_none() && printed.to_lowercase() == home.issuer_name {
            continue;
        }
        let unit = certain(&found, home);
        let level = unit.map(|u| u.level).or(mention.word.level()).or_else(|| {
            let first = found.first()?.level;
            found.iter().all(|f| f.level == first).then_some(first)
        });
        // A name that the gazetteer does not know is a unit only if it cannot be the start of a sentence: two words.
        let Some(level) = level.filter(|_| mention.known || mention.name.contains(' ')) else { continue };
        // Units as high as the home province are other provinces: compared with, not reported on.
        if level == Level::Province {
            continue;
        }
        if unit.is_none() && mention.name.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let name = unit.map_or_else(|| text[mention.range.clone()].to_owned(), |u| u.name.to_owned());
        out.push(Entity { range: mention.range, unit, name, level });
    }
    out
}

/// The one unit meant: the only one of its name in the narrowest home, else the only one at all.
fn certain(found: &[&'static Unit], home: &Home) -> Option<&'static Unit> {
    let level = found.first()?.level;
    let mut homes: Vec<&'static Unit> = home.within(level).collect();
    homes.sort_by_key(|h| std::cmp::Reverse(h.code.len()));
    for place in homes {
        let lies_in =
            |u: &&Unit| ancestors(u, home.date).iter().any(|a| a.code == place.code && a.level == place.level);
        let inside: Vec<&'static Unit> = found.iter().copied().filter(|u| lies_in(u)).collect();
        if let Some(first) = inside.first() {
            return only(&inside).then_some(first);
        }
    }
    found.first().copied().filter(|_| home.above.is_empty() && only(found))
}

/// Whether all rows are of one unit (over time it may have several).
fn only(units: &[&'static Unit]) -> bool {
    units.windows(2).all(|w| w[0].code == w[1].code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn district() -> Metadata {
        Metadata {
            issuer: Some("UBND huyện Đắk Song".into()),
            issuer_level: Some(Level::District),
            entity_code: Some("665".into()),
            issued_on: Some(date(2023, 6, 20)),
            ..Metadata::default()
        }
    }

    fn codes(text: &str, metadata: &Metadata) -> Vec<(String, Option<&'static str>)> {
        let found = entities_at(text, Lowered::alone(text).text(0), &Home::of(metadata));
        found.into_iter().map(|e| (text[e.range].to_owned(), e.unit.map(|u| u.code))).collect()
    }

    #[test]
    fn communes_of_a_districts_report() {
        let text = "xã Đắk Môl 90 điểm; xã Nam Bình 81 điểm; Xã Đắk N’Dung 70 điểm và thị trấn Đức An 60 điểm";
        assert_eq!(
            codes(text, &district()),
            [
                ("xã Đắk Môl".to_owned(), Some("24718")),
                ("xã Nam Bình".to_owned(), Some("24721")),
                ("Xã Đắk N’Dung".to_owned(), Some("24727")),
                ("thị trấn Đức An".to_owned(), Some("24717")),
            ]
        );
    }

    #[test]
    fn rows_that_are_a_units_name() {
        let row = |label| row_entity(label, true, &Home::of(&district())).map(|(code, _, _)| code);
        for label in ["Xã Đắk Môl", "UBND xã Đắk Môl", "Đăk Môl", "Ủy ban nhân dân xã Đắk Môl"] {
            assert_eq!(row(label).as_deref(), Some("24718"), "{label}");
        }
        for label in
            ["Số hồ sơ", "Thị trấn", "Tân Thành", "Xã Đắk Môl nộp muộn", "UBND huyện Đắk Song", "Thanh Miện", ""]
        {
            assert_eq!(row(label), None, "{label}");
        }
    }

    #[test]
    fn the_issuer_and_its_parents_are_no_others() {
        let text = "UBND huyện Đắk Song thực hiện Kế hoạch của UBND tỉnh Đắk Nông; UBND huyện ban hành 5 văn bản";
        assert_eq!(codes(text, &district()), []);
    }

    #[test]
    fn a_name_from_elsewhere_has_no_code() {
        // There is a commune of this name, but not in the report's province.
        assert_eq!(codes("học tập tại xã Tràng An", &district()), [("xã Tràng An".to_owned(), None)]);
        let nowhere = Metadata::default();
        assert_eq!(codes("tại xã Tràng An", &nowhere), [("xã Tràng An".to_owned(), Some("13510"))]);
        assert_eq!(codes("tại xã Tân Thành", &nowhere), [("xã Tân Thành".to_owned(), None)]);
    }

    #[test]
    fn numbers_are_names_only_where_such_a_ward_is() {
        let hcmc = Metadata {
            issuer: Some("UBND quận 3".into()),
            issuer_level: Some(Level::District),
            entity_code: Some("770".into()),
            issued_on: Some(date(2020, 3, 1)),
            ..Metadata::default()
        };
        assert_eq!(codes("Phường 4 đạt 80 điểm", &hcmc), [("Phường 4".to_owned(), Some("27148"))]);
        assert_eq!(codes("Phường 99 đạt 80 điểm", &hcmc), []);
        assert_eq!(codes("Phường 4 đạt 80 điểm", &district()), []);
    }
}
