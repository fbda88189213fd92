//! Who reports: the body that the letterhead, a caption, the title, the closing, the opening or the signature names.
//!
//! In: what each of these places claims, and every unit that the text names. Out: the issuer in one spelling, its level, its unit by the
//! gazetteer, the district and province above it. Refuses to choose among homonyms: then the name stays without code.

use super::head::{capitalize, regex};
use crate::map::gazetteer::mention::{Mention, mentions, mentions_in};
use crate::map::gazetteer::{self, Unit, UnitWord, digest, find};
use crate::model::Level;
use crate::text::sought::Low;
use jiff::civil::Date;
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What one place of the document says about the issuer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Claim {
    /// Kind of unit: `UBND huyện` → huyện.
    pub word: Option<UnitWord>,
    /// Its name as printed, if printed.
    pub name: Option<String>,
    /// A body that is no people's committee: `Sở Nội vụ`.
    pub office: Option<String>,
}

impl Claim {
    fn of(mention: &Mention<'_>) -> Claim {
        let name = (!mention.name.is_empty()).then(|| mention.name.to_owned());
        Claim { word: Some(mention.word), name, office: None }
    }
}

/// Offices by their first words, and the level where the word alone says it.
const OFFICES: [(&str, Option<Level>); 17] = [
    ("sở", Some(Level::Department)),
    ("văn phòng", None),
    ("phòng", Some(Level::District)),
    ("thanh tra", None),
    ("chi cục", Some(Level::Department)),
    ("cục", Some(Level::Department)),
    ("trung tâm", None),
    ("ban quản lý", None),
    ("ban dân tộc", None),
    ("ban tiếp công dân", None),
    ("ban chỉ đạo", None),
    ("bộ", Some(Level::Central)),
    ("vụ", Some(Level::Central)),
    ("trường", None),
    ("công an", None),
    ("bảo hiểm xã hội", None),
    ("kho bạc", None),
];

fn office_word(text: &str) -> Option<(&'static str, Option<Level>)> {
    let lower = text.trim_start().to_lowercase();
    OFFICES
        .into_iter()
        .find(|(w, _)| lower.strip_prefix(w).is_some_and(|r| r.starts_with(' ')))
        // The staff of a department is no department: `Bộ phận Một cửa`.
        .filter(|_| !lower.starts_with("bộ phận"))
}

/// The issuer named by the letterhead, and the parents named above it.
pub(super) fn from_letterhead(bodies: &[String]) -> (Option<Claim>, Vec<String>) {
    let lines: Vec<&str> = bodies
        .iter()
        .map(String::as_str)
        .filter(|b| {
            b.chars().count() < 90
                && (!b.chars().any(char::is_lowercase)
                    || office_word(b).is_some()
                    || b.contains("UBND")
                    || b.to_lowercase().contains("ban nhân dân"))
        })
        .collect();
    let office = lines.iter().rposition(|l| office_word(l).is_some());
    let joined = lines.join(" ");
    let named: Vec<String> =
        mentions(&joined).into_iter().filter(|m| !m.name.is_empty()).map(|m| joined[m.range].to_owned()).collect();
    if let Some(at) = office {
        let whole = lines.get(at..lines.len().min(at + 3)).unwrap_or_default().join(" ");
        let parents =
            mentions(&lines.get(..at).unwrap_or_default().join(" ")).first().map(|m| Claim::of(m)).unwrap_or_default();
        return (Some(Claim { office: Some(sentence_case(&whole)), ..parents }), named);
    }
    // Of `UBND HUYỆN A / UBND XÃ B` the last is the issuer; a bare type word under a bare `ỦY BAN NHÂN DÂN` is joined by now.
    let all = mentions(&joined);
    let own = all.iter().rev().find(|m| m.body.is_some()).or(all.last());
    // A committee named behind it whose unit cannot be read: then this one is only the parent.
    let unread = own.is_some_and(|o| {
        let behind = joined[o.range.end..].to_uppercase();
        behind.contains("BAN NHÂN DÂN") || behind.contains("UBND")
    });
    if unread {
        return (None, named);
    }
    let parents = match own {
        Some(own) => all
            .iter()
            .filter(|m| m.range != own.range && !m.name.is_empty())
            .map(|m| joined[m.range.clone()].to_owned())
            .collect(),
        None => Vec::new(),
    };
    (own.map(Claim::of), parents)
}

/// `SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG` → `Sở Tài nguyên và Môi trường`: capitals at the start of each name joined by `và`, `,`, `-`.
fn sentence_case(office: &str) -> String {
    if office.chars().any(char::is_lowercase) {
        return office.to_owned();
    }
    let lower = office.to_lowercase();
    let first = OFFICES.iter().find(|(w, _)| lower.starts_with(w)).map_or(0, |(w, _)| w.len());
    let mut out = capitalize(lower.chars().next().map_or("", |c| &lower[..c.len_utf8()]), false);
    let mut capital = false;
    for (at, c) in lower.char_indices().skip(1) {
        if c.is_alphanumeric() && capital {
            out.extend(c.to_uppercase());
            capital = false;
        } else {
            out.push(c);
        }
        let so_far = &lower[..at + c.len_utf8()];
        if at + c.len_utf8() == first || matches!(c, ',' | '-' | '–') || so_far.ends_with(" và ") {
            capital = true;
        }
    }
    // Units and abbreviations have their own spelling.
    let out = out.replace("ubnd", "UBND").replace("hđnd", "HĐND");
    match mentions(&office.to_uppercase()).last().filter(|m| m.known) {
        Some(m) if m.range.end == office.len() => {
            let name = capitalize(m.name, true);
            let head = out.get(..m.range.start).unwrap_or(&out);
            format!("{head}{} {name}", m.word.as_str())
        }
        _ => out,
    }
}

/// `của UBND xã Hòa An`, `của Ủy ban nhân dân huyện`, `của Sở Nội vụ`, as captions and titles end.
pub(super) fn from_phrase(text: &str) -> Option<Claim> {
    let all = mentions(text);
    if let Some(own) = all.iter().find(|m| m.body.is_some()) {
        return Some(Claim::of(own));
    }
    let trimmed = text.trim_start();
    if office_word(trimmed).is_some() && trimmed.starts_with(char::is_uppercase) {
        let end = trimmed.find([',', '.', ';', ')', '/']).unwrap_or(trimmed.len());
        return Some(Claim { office: Some(trimmed[..end].trim().to_owned()), ..Claim::default() });
    }
    all.first().map(Claim::of)
}

/// The issuer as the closing names it, and the other units it names (those it reports to).
pub(super) fn from_closing(text: &str) -> (Option<Claim>, Vec<String>) {
    let all = mentions(text);
    let before = |m: &Mention<'_>| text[..m.body.unwrap_or(m.range.start)].trim_end().to_lowercase();
    let addressed = |m: &Mention<'_>| {
        let b = before(m);
        ["để", "gửi", "trình", "báo cáo", "đề nghị", "với", "lên", "cho", "mong", "kính"].iter().any(|w| b.ends_with(w))
    };
    let speaks = |m: &Mention<'_>| {
        let after = text[m.range.end..].trim_start().to_lowercase();
        ["báo cáo", "kính", "trân trọng", "xin", "đề nghị", "gửi"].iter().any(|w| after.starts_with(w))
    };
    let own = all
        .iter()
        .find(|m| speaks(m) && !addressed(m) && !m.name.is_empty())
        .or_else(|| all.iter().rev().find(|m| before(m).ends_with("của") && (m.body.is_some() || m.known)));
    let others = all
        .iter()
        .filter(|m| own.is_none_or(|o| o.range != m.range) && !m.name.is_empty())
        .map(|m| text[m.range.clone()].to_owned())
        .collect();
    if own.is_some() {
        return (own.map(Claim::of), others);
    }
    static OFFICE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"của\s+((?:Sở|Phòng|Thanh tra|Văn phòng|Chi cục|Ban)\s[^.,;/()]{3,80})"));
    let office = OFFICE.captures_iter(text).last().and_then(|c| c.get(1)).map(|m| m.as_str().trim().to_owned());
    (office.map(|o| Claim { office: Some(o), ..Claim::default() }), others)
}

/// `Ủy ban nhân dân huyện A báo cáo …` at the start of a sentence.
pub(super) fn from_opening(text: &str) -> Option<Claim> {
    let all = mentions(text);
    all.iter()
        .find(|m| {
            let Some(start) = m.body else { return false };
            let before = text[..start].trim_end();
            let sentence = before.is_empty() || before.ends_with(['.', ',', ';', ':', '-', ']']);
            let after: String = text[m.range.end..].chars().take(100).collect();
            sentence && after.to_lowercase().contains("báo cáo")
        })
        .map(Claim::of)
}

/// `TM. ỦY BAN NHÂN DÂN XÃ`.
pub(super) fn from_signature(text: &str) -> Option<Claim> {
    static SIGNED: LazyLock<Regex> = LazyLock::new(|| regex(r"^\W*(?:TM|T/M|TUQ|KT|TL)\s*\.?\s*(?:ỦY|UỶ|UBND)"));
    (text.len() < 200 && SIGNED.is_match(text)).then(|| mentions(text).first().map(Claim::of)).flatten()
}

/// Every unit that the document names, and how often.
#[derive(Debug, Default)]
pub(super) struct Names {
    named: BTreeMap<(UnitWord, u64), Named>,
    /// How often a people's committee of this kind is named, with or without name.
    bodies: BTreeMap<UnitWord, u32>,
}

#[derive(Debug)]
struct Named {
    printed: String,
    known: bool,
    count: u32,
    bodies: u32,
    order: u32,
}

/// Distinct names kept; a report that names more is a list of places.
const NAMES: usize = 512;

impl Names {
    /// Counts the units that a text names. `low` is the text in small letters.
    pub fn observe(&mut self, text: &str, low: Low) {
        for m in mentions_in(text, low) {
            if m.body.is_some() {
                *self.bodies.entry(m.word).or_default() += 1;
            }
            if m.name.is_empty() || (self.named.len() >= NAMES && !m.known) {
                continue;
            }
            let order = self.named.len() as u32;
            let printed = m.name;
            let entry = self.named.entry((m.word, digest(printed))).or_insert_with(|| Named {
                printed: printed.to_owned(),
                known: m.known,
                count: 0,
                bodies: 0,
                order,
            });
            entry.count += 1;
            entry.bodies += u32::from(m.body.is_some());
        }
    }

    /// Known units of these kinds, the most often named first: `huyện Thanh Miện`.
    fn of(&self, words: &[UnitWord]) -> Vec<(String, u32)> {
        let mut out: Vec<(&UnitWord, &Named)> =
            self.named.iter().filter(|((w, _), n)| n.known && words.contains(w)).map(|((w, _), n)| (w, n)).collect();
        out.sort_by_key(|(_, n)| (std::cmp::Reverse(n.count), n.order));
        out.into_iter().map(|(w, n)| (format!("{} {}", w.as_str(), n.printed), n.count)).collect()
    }

    /// The committee of this kind that the text names most; None where two are named as often.
    fn body(&self, word: UnitWord) -> Option<String> {
        let mut out: Vec<&Named> =
            self.named.iter().filter(|((w, _), n)| *w == word && n.bodies > 0).map(|(_, n)| n).collect();
        out.sort_by_key(|n| (std::cmp::Reverse((n.known, n.bodies, n.count)), n.order));
        let top = out.first()?;
        out.get(1)
            .is_none_or(|second| (second.known, second.bodies) != (top.known, top.bodies))
            .then(|| top.printed.clone())
    }

    /// The kind of committee that the text mostly speaks of.
    fn usual(&self) -> Option<UnitWord> {
        let all: u32 = self.bodies.values().sum();
        let (word, count) = self.bodies.iter().max_by_key(|(_, c)| **c)?;
        (*count >= 3 && *count * 10 >= all * 6).then_some(*word)
    }
}

/// Who issued the document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Issuer {
    pub issuer: Option<String>,
    pub level: Option<Level>,
    pub unit: Option<&'static Unit>,
    pub district: Option<String>,
    pub province: Option<String>,
}

const DISTRICTS: [UnitWord; 4] = [UnitWord::Huyen, UnitWord::Quan, UnitWord::ThiXa, UnitWord::ThanhPho];
const PROVINCES: [UnitWord; 2] = [UnitWord::Tinh, UnitWord::ThanhPho];

/// Weighs the claims (the surest first) against the names of the text.
pub(super) fn settle(
    claims: &[Claim],
    parents: &[String],
    names: &Names,
    place: Option<&str>,
    date: Option<Date>,
) -> Issuer {
    if let Some(claim) = claims.first().filter(|c| c.office.is_some()) {
        return office(claim, parents, names, date);
    }
    let Some(word) = claims.iter().find_map(|c| c.word).or_else(|| names.usual()) else {
        return claims
            .iter()
            .find(|c| c.office.is_some())
            .map_or_else(Issuer::default, |c| office(c, parents, names, date));
    };
    let claimed = || claims.iter().filter(|c| c.word == Some(word)).filter_map(|c| c.name.as_deref());
    let name = claimed()
        .find(|n| gazetteer::known(word, n).is_some())
        .or_else(|| claimed().next())
        .map(str::to_owned)
        .or_else(|| names.body(word))
        .or_else(|| place.filter(|p| gazetteer::known(word, p) == Some(0)).map(str::to_owned));
    let Some(name) = name else {
        let mut out =
            Issuer { issuer: Some(format!("UBND {}", word.as_str())), level: word.level(), ..Issuer::default() };
        above(&mut out, parents, names, date);
        return out;
    };
    let full = format!("{} {name}", word.as_str());
    let unit = resolve(&full, word.level(), date, parents, names);
    let level = word.level().or_else(|| unit.map(|u| u.level)).or_else(|| {
        let mut levels = find(&full, None, date).into_iter().map(|u| u.level);
        levels.next().filter(|first| levels.all(|l| l == *first))
    });
    let printed = match unit {
        Some(unit) => unit.in_text(),
        None => format!("{} {}", word.as_str(), capitalize(&name, !name.chars().any(char::is_lowercase))),
    };
    let mut out = Issuer { issuer: Some(format!("UBND {printed}")), level, unit, ..Issuer::default() };
    match unit {
        Some(unit) => {
            for up in gazetteer::ancestors(unit, date) {
                match up.level {
                    Level::District => out.district = Some(up.name.to_owned()),
                    _ => out.province = Some(up.name.to_owned()),
                }
            }
            if unit.level == Level::Province {
                out.province = Some(unit.name.to_owned());
            }
        }
        None => above(&mut out, parents, names, date),
    }
    out
}

/// Resolves by the surest parents first: those of the letterhead and closing, then the most often named, then all.
fn resolve(
    full: &str,
    level: Option<Level>,
    date: Option<Date>,
    parents: &[String],
    names: &Names,
) -> Option<&'static Unit> {
    let (districts, provinces) = (names.of(&DISTRICTS), names.of(&PROVINCES));
    let sure: Vec<&str> = parents.iter().map(String::as_str).collect();
    let usual: Vec<&str> = sure
        .iter()
        .copied()
        .chain(districts.first().map(|d| d.0.as_str()))
        .chain(provinces.first().map(|p| p.0.as_str()))
        .collect();
    let all: Vec<&str> =
        sure.iter().copied().chain(districts.iter().chain(&provinces).take(64).map(|d| d.0.as_str())).collect();
    let unit = [sure, usual, all].iter().find_map(|hints| gazetteer::resolve(full, level, date, hints))?;
    // The one bearer of a name is still the wrong one if the report speaks of another province all along.
    let home: Vec<&'static Unit> = gazetteer::ancestors(unit, date);
    let elsewhere = unit.level != Level::Province
        && provinces.iter().find(|(p, _)| find(p, Some(Level::Province), date).len() == 1).is_some_and(|(p, count)| {
            *count >= 2 && !find(p, Some(Level::Province), date).iter().any(|f| home.iter().any(|h| h.code == f.code))
        })
        && !districts.iter().any(|(d, _)| {
            find(d, None, date).iter().any(|f| home.iter().any(|h| h.code == f.code && h.level == f.level))
        });
    (!elsewhere).then_some(unit)
}

/// District and province from the text alone: only where it names one.
fn above(out: &mut Issuer, parents: &[String], names: &Names, date: Option<Date>) {
    let one = |level: Level, words: &[UnitWord]| -> Option<&'static Unit> {
        let stated = parents.iter().find_map(|p| {
            let found = find(p, Some(level), date);
            (found.len() == 1).then(|| found.first().copied()).flatten()
        });
        stated.or_else(|| {
            let mut found = names.of(words).into_iter().filter_map(|(n, count)| {
                let units = find(&n, Some(level), date);
                (units.len() == 1).then(|| units.first().map(|u| (*u, count))).flatten()
            });
            let (first, count) = found.next()?;
            found.next().is_none_or(|(_, second)| second * 3 <= count).then_some(first)
        })
    };
    let low = matches!(out.level, Some(Level::Commune | Level::Hamlet));
    if low
        && date.is_none_or(|d| d < jiff::civil::date(2025, 7, 1))
        && let Some(district) = one(Level::District, &DISTRICTS)
    {
        out.district = Some(district.name.to_owned());
        out.province = gazetteer::parent_of(district, date).map(|p| p.name.to_owned());
    }
    if out.province.is_none() {
        out.province = one(Level::Province, &PROVINCES).map(|p| p.name.to_owned());
    }
}

/// A body that is no people's committee.
fn office(claim: &Claim, parents: &[String], names: &Names, date: Option<Date>) -> Issuer {
    let name = claim.office.clone().unwrap_or_default();
    let by_word = office_word(&name).and_then(|o| o.1);
    let at = mentions(&name).first().map(|m| m.word).or(claim.word);
    let level = by_word.or_else(|| match at {
        Some(UnitWord::Tinh) => Some(Level::Department),
        Some(UnitWord::ThanhPho) => None,
        Some(word) => word.level(),
        None => None,
    });
    let mut out = Issuer { issuer: Some(name), level, ..Issuer::default() };
    above(&mut out, parents, names, date);
    if level == Some(Level::District) {
        let found =
            claim.name.as_deref().zip(claim.word).and_then(|(n, w)| {
                resolve(&format!("{} {n}", w.as_str()), Some(Level::District), date, parents, names)
            });
        if let Some(unit) = found {
            out.district = Some(unit.name.to_owned());
            out.province = gazetteer::parent_of(unit, date).map(|p| p.name.to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn letterheads() {
        let (own, parents) = from_letterhead(&lines(&["ỦY BAN NHÂN DÂN", "XÃ HÒA AN"]));
        assert_eq!(own, Some(Claim { word: Some(UnitWord::Xa), name: Some("HÒA AN".into()), office: None }));
        assert!(parents.is_empty());
        let (own, parents) = from_letterhead(&lines(&["UBND HUYỆN A LƯỚI", "UBND XÃ HỒNG HẠ"]));
        assert_eq!(own.and_then(|c| c.name).as_deref(), Some("HỒNG HẠ"));
        assert_eq!(parents, ["HUYỆN A LƯỚI"]);
        let (own, parents) = from_letterhead(&lines(&["UBND TỈNH HẢI DƯƠNG", "SỞ TÀI NGUYÊN", "VÀ MÔI TRƯỜNG"]));
        assert_eq!(own.and_then(|c| c.office).as_deref(), Some("Sở Tài nguyên và Môi trường"));
        assert_eq!(parents, ["TỈNH HẢI DƯƠNG"]);
        let (own, parents) = from_letterhead(&lines(&["UBND TỈNH HẢI DƯƠNG", "ỦY BAN NHÂN DÂN HUYN THANH MIỆN"]));
        assert_eq!((own, parents), (None, vec!["TỈNH HẢI DƯƠNG".to_owned()]));
        let (own, _) = from_letterhead(&lines(&["BỘ NỘI VỤ", "VỤ CẢI CÁCH HÀNH CHÍNH"]));
        assert_eq!(own.and_then(|c| c.office).as_deref(), Some("Vụ Cải cách hành chính"));
        let (own, _) = from_letterhead(&lines(&["THANH TRA TỈNH HẢI DƯƠNG"]));
        assert_eq!(own.and_then(|c| c.office).as_deref(), Some("Thanh tra tỉnh Hải Dương"));
    }

    #[test]
    fn closings_name_the_issuer_and_whom_it_reports_to() {
        let (own, others) = from_closing(
            "Trên đây là báo cáo công tác năm 2022. UBND xã Hòa An báo cáo để UBND huyện Thanh Miện theo dõi./.",
        );
        assert_eq!(own.and_then(|c| c.name).as_deref(), Some("Hòa An"));
        assert_eq!(others, ["huyện Thanh Miện"]);
        let (own, _) =
            from_closing("Trên đây là Báo cáo phục vụ Đoàn kiểm tra của UBND tỉnh của Ủy ban nhân dân huyện A Lưới./.");
        assert_eq!(own.and_then(|c| c.name).as_deref(), Some("A Lưới"));
        let (own, _) = from_closing("Trên đây là báo cáo quý I của Phòng Nội vụ, kính gửi UBND huyện tổng hợp");
        assert_eq!(own.and_then(|c| c.office).as_deref(), Some("Phòng Nội vụ"));
    }

    #[test]
    fn openings_and_signatures() {
        let own =
            from_opening("Thực hiện Công văn số 1 của UBND huyện. Ủy ban nhân dân xã Hòa An báo cáo kết quả như sau:");
        assert_eq!(own.and_then(|c| c.name).as_deref(), Some("Hòa An"));
        assert_eq!(from_opening("Theo báo cáo của UBND xã Hòa An thì"), None);
        let own = from_signature("TM.ỦY BAN NHÂN DÂN XÃ CHỦ TỊCH");
        assert_eq!(own, Some(Claim { word: Some(UnitWord::Xa), name: None, office: None }));
    }
}
