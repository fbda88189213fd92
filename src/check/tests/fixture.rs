//! Extractions from small literals: a table is `stt | label | unit | value | indicator | level` line by line, a sentence is a list of
//! figures with their links.

use crate::model::{Appendix, Extraction, Fact, Kind, Level, Link, Metadata, Place, Row, Source, Status, Warning};
use crate::rules::{Check, Relation as Rule, RuleSet};
use crate::text::number::{Cue, Reading, Relation};
use rust_decimal::Decimal;

/// A document in the making; every row and figure stands on its own line.
#[derive(Default)]
pub struct Doc {
    pub x: Extraction,
    line: u32,
    tables: u32,
}

pub fn d(text: &str) -> Decimal {
    text.parse().expect("test decimal")
}

/// `21.802`, `94,5%`, `11 tỷ`: thousands by dots, decimals by comma, as in the reports.
fn parse(raw: &str, kind: Kind) -> Option<(Decimal, u32, u32)> {
    let power = [("tỷ", 9), ("triệu", 6), ("nghìn", 3)].iter().find(|(w, _)| raw.contains(w)).map_or(0, |(_, p)| *p);
    let digits: String = raw.chars().filter(|c| c.is_ascii_digit() || *c == '.' || *c == ',').collect();
    let text = if kind == Kind::Score { digits.replace(',', ".") } else { digits.replace('.', "").replace(',', ".") };
    let value: Decimal = text.parse().ok()?;
    Some((value, value.scale(), power))
}

pub fn fact(raw: &str, label: &str, unit: &str) -> Fact {
    let kind = match unit {
        "%" => Kind::Percent,
        "điểm" => Kind::Score,
        "mã" => Kind::Code,
        u if u.contains("đồng") => Kind::Money,
        _ => Kind::Count,
    };
    let unit_power =
        [("Tỷ", 9), ("Triệu", 6), ("Nghìn", 3)].iter().find(|(w, _)| unit.starts_with(w)).map_or(0, |(_, p)| *p);
    let parsed = parse(raw, kind);
    let words = raw.starts_with("không");
    let (number, scale, power) = parsed.map_or((None, 0, 0), |(v, s, p)| (Some(v), s, p.max(unit_power)));
    let relation = if raw.starts_with("trên") || raw.starts_with('>') {
        Relation::Greater
    } else if raw.starts_with("ước") || raw.starts_with("gần") || raw.starts_with("khoảng") {
        Relation::About
    } else {
        Relation::Equal
    };
    Fact {
        indicator: None,
        label: label.to_owned(),
        raw: raw.to_owned(),
        number: if words { Some(Decimal::ZERO) } else { number },
        value: if words { Some(Decimal::ZERO) } else { number.map(|n| n * Decimal::from(10u64.pow(power))) },
        unit: Some(if kind == Kind::Money { "VND" } else { unit }.to_owned()).filter(|u| !u.is_empty() && u != "mã"),
        value_text: None,
        relation,
        status: if words {
            Status::None
        } else if number.is_none() {
            Status::Blank
        } else {
            Status::Reported
        },
        kind,
        entity_code: None,
        entity: None,
        level: None,
        dims: Vec::new(),
        period: None,
        source: Source::Narrative,
        place: Place::default(),
        cell: None,
        block: 0,
        span: (0, 0),
        quote: String::new(),
        rule: None,
        confidence: 0.9,
        readings: number.map(|value| Reading { value, scale, cue: Cue::Only }).into_iter().collect(),
        multiplier: power,
        row: None,
        links: Vec::new(),
        domain: Vec::new(),
    }
}

impl Doc {
    pub fn new() -> Doc {
        Doc { x: Extraction { number_style: "vi", ..Extraction::default() }, ..Doc::default() }
    }

    pub fn issuer(mut self, level: Level) -> Doc {
        self.x.metadata = Metadata { issuer_level: Some(level), ..Metadata::default() };
        self
    }

    fn place(&mut self) -> Place {
        self.line += 1;
        Place::line(self.line)
    }

    /// Adds a form; `1.2` hangs below `1`, an empty number below the numbered row before it.
    pub fn table(mut self, rows: &str) -> Doc {
        let table = self.tables;
        self.tables += 1;
        let (mut open, mut at): (Vec<(String, usize, Option<usize>)>, u32) = (Vec::new(), 0);
        for line in rows.lines().map(str::trim).filter(|l| !l.is_empty()) {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let cell = |i: usize| cells.get(i).copied().unwrap_or("");
            let stt = cell(0).to_owned();
            let above = |s: &str| {
                let child = |p: &str| {
                    stt.strip_prefix(p).is_some_and(|r| r.starts_with('.')) || (stt.is_empty() && !p.is_empty())
                };
                child(s)
            };
            let parent = open.iter().rev().find(|(s, _, _)| above(s)).cloned();
            let place = self.place();
            let row = self.x.rows.len();
            let label = cell(1).to_owned();
            self.x.rows.push(Row {
                table,
                row: at,
                stt: stt.clone(),
                label: label.clone(),
                parent: parent.as_ref().map(|p| p.1),
                place,
                form_row: None,
            });
            let mut value = None;
            if cells.len() > 3 {
                let mut columns = vec![cell(3)];
                if cell(2) == "điểm" {
                    columns = cell(3).split_ascii_whitespace().collect();
                }
                for (column, raw) in columns.iter().enumerate() {
                    let mut fact = fact(raw, &label, cell(2));
                    fact.indicator = Some(cell(4).to_owned()).filter(|i| !i.is_empty());
                    fact.level = Level::parse(cell(5));
                    fact.source = Source::Table;
                    fact.place = place;
                    fact.row = Some(row);
                    fact.cell = Some((table, at, column as u32 + 3));
                    let here = self.x.facts.len();
                    if let Some(p) = parent.as_ref().and_then(|p| p.2) {
                        fact.links.push(Link::RowParent(p + column));
                    }
                    if column == 1 {
                        fact.links.push(Link::Maximum(here - 1));
                    }
                    if column == 0 {
                        value = Some(here);
                    }
                    self.x.facts.push(fact);
                }
            }
            if !stt.is_empty() {
                open.retain(|(s, _, _)| *s != stt);
                open.push((stt, row, value));
            }
            at += 1;
        }
        self
    }

    /// Adds a figure of running text; `links` count figures back: `PartOf(2)` is the figure two before.
    pub fn say(self, raw: &str, label: &str, unit: &str, links: &[Link]) -> Doc {
        self.say_as(raw, label, unit, "", "", links)
    }

    /// The same with an indicator and a level.
    pub fn say_as(mut self, raw: &str, label: &str, unit: &str, indicator: &str, level: &str, links: &[Link]) -> Doc {
        let here = self.x.facts.len();
        let mut fact = fact(raw, label, unit);
        fact.place = self.place();
        fact.indicator = Some(indicator.to_owned()).filter(|i| !i.is_empty());
        fact.level = Level::parse(level);
        fact.links = links
            .iter()
            .map(|l| match l {
                Link::RowParent(n) => Link::RowParent(here - n),
                Link::PercentOf(n) => Link::PercentOf(here - n),
                Link::Denominator(n) => Link::Denominator(here + n),
                Link::Base(n) => Link::Base(here - n),
                Link::PartOf(n) => Link::PartOf(here - n),
                Link::Maximum(n) => Link::Maximum(here - n),
                Link::RestOf(n) => Link::RestOf(here - n),
            })
            .collect();
        self.x.facts.push(fact);
        self
    }

    /// `a/b unit (x%)`.
    pub fn share(self, part: &str, base: &str, rate: &str, label: &str, unit: &str) -> Doc {
        let doc = self.say(part, label, unit, &[Link::Denominator(1)]).say(base, label, unit, &[]);
        if rate.is_empty() { doc } else { doc.say(rate, label, "%", &[Link::PercentOf(2)]) }
    }

    pub fn appendix(mut self, name: &str, printed: bool) -> Doc {
        let place = self.place();
        self.x.appendices.push(Appendix { name: name.to_owned(), printed, place });
        self
    }

    pub fn codes(mut self, codes: &[(i64, &str)]) -> Doc {
        if let Some(fact) = self.x.facts.last_mut() {
            fact.domain = codes.iter().map(|(c, w)| (*c, (*w).to_owned())).collect();
        }
        self
    }

    pub fn check(&self) -> Vec<Warning> {
        self.check_with(&RuleSet::default())
    }

    pub fn check_with(&self, rules: &RuleSet) -> Vec<Warning> {
        super::super::check(&self.x, rules)
    }
}

/// Rules from relations alone.
pub fn rules(relations: Vec<(&str, Rule)>) -> RuleSet {
    let checks = relations
        .into_iter()
        .map(|(id, relation)| Check {
            id: id.to_owned(),
            relation,
            severity: crate::model::Severity::Warning,
            vi: String::new(),
            en: String::new(),
            holds: String::new(),
            fails: String::new(),
        })
        .collect();
    RuleSet { checks, ..RuleSet::default() }
}

pub fn subset(part: &str, whole: &str) -> Rule {
    Rule::Subset { part: part.to_owned(), whole: whole.to_owned(), slack: 0 }
}

pub fn sum(total: &str, parts: &[&str]) -> Rule {
    Rule::Sum { total: total.to_owned(), parts: parts.iter().map(|p| (*p).to_owned()).collect(), exhaustive: true }
}

pub fn ratio(rate: &str, part: &str, bases: &[&str]) -> Rule {
    Rule::Ratio { rate: rate.to_owned(), part: part.to_owned(), bases: bases.iter().map(|b| (*b).to_owned()).collect() }
}

/// Warnings that count as alarms.
pub fn alarms(warnings: &[Warning]) -> Vec<&Warning> {
    warnings.iter().filter(|w| w.severity > crate::model::Severity::Info).collect()
}

/// The only alarm of a document.
pub fn only(warnings: &[Warning]) -> &Warning {
    let alarms = alarms(warnings);
    assert_eq!(alarms.len(), 1, "{alarms:#?}");
    alarms[0]
}

/// No alarm at all.
pub fn silent(doc: &Doc) {
    silent_with(doc, &RuleSet::default());
}

pub fn silent_with(doc: &Doc, rules: &RuleSet) {
    let warnings = doc.check_with(rules);
    let alarms = alarms(&warnings);
    assert!(alarms.is_empty(), "{alarms:#?}");
}
