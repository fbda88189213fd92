//! The rule files as people write them: what may stand in them, and how it becomes the shapes of `schema`. Unknown keys, words
//! outside a closed list and relations that are not exactly one relation are refused here, by the TOML reader itself.

use crate::model::{Kind, Level, Severity};
use crate::rules::{AnyOf, Basis, Check, FormRow, Indicator, Phrase, Relation};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error};
use std::collections::BTreeMap;

type Dims = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawIndicator {
    id: String,
    vi: String,
    en: String,
    brief: String,
    unit: String,
    #[serde(deserialize_with = "kind")]
    kind: Kind,
    #[serde(default = "period", deserialize_with = "basis")]
    basis: Basis,
    #[serde(default)]
    dims: Vec<String>,
    #[serde(default)]
    was: Vec<String>,
    accumulates: Option<bool>,
    adds_up: Option<bool>,
}

impl From<RawIndicator> for Indicator {
    fn from(r: RawIndicator) -> Indicator {
        // What is as of a day, assigned for a year, a share or a score neither grows with the months nor adds up.
        let flow = r.basis == Basis::Period && matches!(r.kind, Kind::Count | Kind::Money);
        let accumulates = r.accumulates.unwrap_or(flow);
        Indicator {
            accumulates,
            adds_up: r.adds_up.unwrap_or(accumulates),
            id: r.id,
            vi: r.vi,
            en: r.en,
            brief: r.brief,
            unit: r.unit,
            kind: r.kind,
            basis: r.basis,
            dims: r.dims,
            was: r.was,
        }
    }
}

/// The top of a form file, its rows taken out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawForm {
    pub id: String,
    pub titles: Vec<String>,
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawRow {
    key: String,
    #[serde(default)]
    stt: Vec<String>,
    #[serde(default)]
    parent: String,
    label: String,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    unit: String,
    #[serde(default, deserialize_with = "domain")]
    domain: Vec<(i64, String)>,
    indicator: Option<String>,
    #[serde(default)]
    why: String,
    #[serde(default, deserialize_with = "level")]
    level: Option<Level>,
    #[serde(default)]
    dims: Dims,
    #[serde(default)]
    text: bool,
}

impl From<RawRow> for FormRow {
    fn from(r: RawRow) -> FormRow {
        let mut labels = Vec::with_capacity(1 + r.also.len());
        labels.push(r.label);
        labels.extend(r.also);
        FormRow {
            key: r.key,
            stt: r.stt,
            parent: r.parent,
            labels,
            unit: r.unit,
            domain: r.domain,
            indicator: r.indicator,
            why: r.why,
            level: r.level,
            dims: r.dims.into_iter().collect(),
            text: r.text,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPhrase {
    id: String,
    count: Option<String>,
    base: Option<String>,
    rate: Option<String>,
    #[serde(default)]
    own: Vec<String>,
    #[serde(default)]
    noun: String,
    #[serde(default)]
    lead: Vec<String>,
    #[serde(default)]
    heading: Vec<String>,
    #[serde(default)]
    not: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default, deserialize_with = "level")]
    level: Option<Level>,
    #[serde(default)]
    dims: Dims,
    #[serde(default)]
    prefer: f64,
    #[serde(default)]
    hit: Vec<String>,
    #[serde(default)]
    miss: Vec<String>,
}

impl From<RawPhrase> for Phrase {
    fn from(r: RawPhrase) -> Phrase {
        let each = |list: Vec<String>| list.iter().map(|text| any_of(text)).collect();
        Phrase {
            id: r.id,
            count: r.count,
            base: r.base,
            rate: r.rate,
            own: each(r.own),
            noun: any_of(&r.noun),
            lead: each(r.lead),
            heading: each(r.heading),
            not: r.not.iter().flat_map(|text| any_of(text)).collect(),
            unless: r.unless.iter().flat_map(|text| any_of(text)).collect(),
            level: r.level,
            dims: r.dims.into_iter().collect(),
            prefer: r.prefer,
            hit: r.hit,
            miss: r.miss,
        }
    }
}

/// `hồ sơ | bộ hồ sơ` → its alternatives, in order, empty ones left out.
fn any_of(text: &str) -> AnyOf {
    text.split(" | ").map(str::trim).filter(|s| !s.is_empty()).map(String::from).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSum {
    total: String,
    parts: Vec<String>,
    exhaustive: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevels {
    indicator: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRatio {
    rate: String,
    part: String,
    bases: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSubset {
    part: String,
    whole: String,
    #[serde(default)]
    slack: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDomain {
    indicator: String,
    codes: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRange {
    indicator: String,
    #[serde(default, deserialize_with = "bound")]
    low: Option<Decimal>,
    #[serde(default, deserialize_with = "bound")]
    high: Option<Decimal>,
}

/// `if_zero = "a", then_zero = "b"`: one key of each pair.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawImplies {
    if_zero: Option<String>,
    if_not_zero: Option<String>,
    then_zero: Option<String>,
    then_not_zero: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCheck {
    id: String,
    #[serde(deserialize_with = "severity")]
    severity: Severity,
    #[serde(default)]
    vi: String,
    #[serde(default)]
    en: String,
    #[serde(default)]
    holds: String,
    #[serde(default)]
    fails: String,
    sum: Option<RawSum>,
    levels: Option<RawLevels>,
    ratio: Option<RawRatio>,
    subset: Option<RawSubset>,
    domain: Option<RawDomain>,
    range: Option<RawRange>,
    implies: Option<RawImplies>,
}

/// Reads one `[[check]]`.
pub fn check<'de, D: Deserializer<'de>>(from: D) -> Result<Check, D::Error> {
    let r = RawCheck::deserialize(from)?;
    let mut found: Vec<Relation> = Vec::new();
    if let Some(s) = r.sum {
        found.push(Relation::Sum { total: s.total, parts: s.parts, exhaustive: s.exhaustive });
    }
    if let Some(l) = r.levels {
        found.push(Relation::Levels { indicator: l.indicator });
    }
    if let Some(x) = r.ratio {
        found.push(Relation::Ratio { rate: x.rate, part: x.part, bases: x.bases });
    }
    if let Some(s) = r.subset {
        found.push(Relation::Subset { part: s.part, whole: s.whole, slack: s.slack });
    }
    if let Some(d) = r.domain {
        found.push(Relation::Domain { indicator: d.indicator, codes: d.codes });
    }
    if let Some(x) = r.range {
        if x.low.is_none() && x.high.is_none() {
            return Err(D::Error::custom("`range` needs `low` or `high`"));
        }
        found.push(Relation::Range { indicator: x.indicator, low: x.low, high: x.high });
    }
    if let Some(i) = r.implies {
        let (indicator, zero) = one_of(i.if_zero, i.if_not_zero)
            .ok_or_else(|| D::Error::custom("`implies` needs exactly one of `if_zero`, `if_not_zero`"))?;
        let (other, other_zero) = one_of(i.then_zero, i.then_not_zero)
            .ok_or_else(|| D::Error::custom("`implies` needs exactly one of `then_zero`, `then_not_zero`"))?;
        found.push(Relation::Implies { indicator, zero, other, other_zero });
    }
    match (found.pop(), found.is_empty()) {
        (Some(relation), true) => {
            Ok(Check { id: r.id, relation, severity: r.severity, vi: r.vi, en: r.en, holds: r.holds, fails: r.fails })
        }
        _ => Err(D::Error::custom(
            "a check needs exactly one of `sum`, `levels`, `ratio`, `subset`, `domain`, `range`, `implies`",
        )),
    }
}

fn one_of(zero: Option<String>, not_zero: Option<String>) -> Option<(String, bool)> {
    match (zero, not_zero) {
        (Some(id), None) => Some((id, true)),
        (None, Some(id)) => Some((id, false)),
        _ => None,
    }
}

fn kind<'de, D: Deserializer<'de>>(from: D) -> Result<Kind, D::Error> {
    let word = String::deserialize(from)?;
    Kind::parse(&word).ok_or_else(|| {
        D::Error::custom(format!(
            "`{word}` is no kind; expected count, percent, money, score, code, text, rank, area or change"
        ))
    })
}

fn period() -> Basis {
    Basis::Period
}

fn basis<'de, D: Deserializer<'de>>(from: D) -> Result<Basis, D::Error> {
    match String::deserialize(from)?.as_str() {
        "period" => Ok(Basis::Period),
        "year" => Ok(Basis::Year),
        "stock" => Ok(Basis::Stock),
        word => Err(D::Error::custom(format!("`{word}` is no basis; expected period, year or stock"))),
    }
}

fn level<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Level>, D::Error> {
    let word = String::deserialize(from)?;
    Level::parse(&word).map(Some).ok_or_else(|| {
        D::Error::custom(format!(
            "`{word}` is no level; expected hamlet, commune, district, province, department or central"
        ))
    })
}

fn severity<'de, D: Deserializer<'de>>(from: D) -> Result<Severity, D::Error> {
    match String::deserialize(from)?.as_str() {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        "info" => Ok(Severity::Info),
        word => Err(D::Error::custom(format!("`{word}` is no severity; expected error, warning or info"))),
    }
}

/// `["0 = Không", "1 = Có"]` → [(0, "Không"), (1, "Có")].
fn domain<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<(i64, String)>, D::Error> {
    let entry = |text: &String| {
        let (code, word) = text.split_once('=')?;
        let (code, word) = (code.trim().parse().ok()?, word.trim());
        (!word.is_empty()).then(|| (code, word.to_string()))
    };
    Vec::<String>::deserialize(from)?
        .iter()
        .map(|text| entry(text).ok_or_else(|| D::Error::custom(format!("`{text}` is no code; write `1 = Có`"))))
        .collect()
}

/// A whole number, or a decimal in quotes: `100`, `"0.5"`.
fn bound<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Whole(i64),
        Text(String),
    }
    match Number::deserialize(from).map_err(|_| D::Error::custom("write a whole number, or a decimal in quotes"))? {
        Number::Whole(n) => Ok(Some(Decimal::from(n))),
        Number::Text(text) => text
            .parse()
            .map(Some)
            .map_err(|_| D::Error::custom(format!("`{text}` is no decimal; write a whole number, or `\"0.5\"`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_check(text: &str) -> Result<Check, String> {
        check(toml::Deserializer::parse(text).map_err(|e| e.to_string())?).map_err(|e| e.message().to_string())
    }

    #[test]
    fn alternatives_are_parted_by_a_bar_with_spaces() {
        assert_eq!(any_of("hồ sơ | bộ hồ sơ |  "), ["hồ sơ", "bộ hồ sơ"]);
        assert_eq!(any_of("một|cửa"), ["một|cửa"]);
        assert!(any_of("").is_empty());
    }

    #[test]
    fn a_check_has_exactly_one_relation() {
        let ok = read_check("id='range/x'\nseverity='error'\nrange={indicator='a.b', low=0, high=\"99.5\"}").unwrap();
        let high: Decimal = "99.5".parse().unwrap();
        assert_eq!(
            ok.relation,
            Relation::Range { indicator: "a.b".into(), low: Some(Decimal::ZERO), high: Some(high) }
        );
        let none = read_check("id='range/x'\nseverity='error'").unwrap_err();
        assert!(none.contains("exactly one"), "{none}");
        let two = read_check("id='x/y'\nseverity='info'\nlevels={indicator='a.b'}\nsubset={part='a.b', whole='a.c'}");
        assert!(two.unwrap_err().contains("exactly one"));
        let half = read_check("id='implies/x'\nseverity='info'\nimplies={if_zero='a.b'}").unwrap_err();
        assert!(half.contains("then_zero"), "{half}");
        let empty = read_check("id='range/x'\nseverity='error'\nrange={indicator='a.b'}").unwrap_err();
        assert!(empty.contains("low"), "{empty}");
    }

    #[test]
    fn closed_words_are_refused_with_the_list() {
        let bad = read_check("id='range/x'\nseverity='fatal'\nrange={indicator='a.b', low=0}").unwrap_err();
        assert!(bad.contains("expected error, warning or info"), "{bad}");
        let row = |tail: &str| toml::from_str::<RawRow>(&format!("key='1'\nlabel='L'\n{tail}"));
        assert_eq!(FormRow::from(row("domain=['1 = Có','0 = Không']").unwrap()).domain[0], (1, "Có".into()));
        assert!(row("domain=['Có = 1']").is_err());
        assert!(row("level='village'").is_err());
        assert!(row("levle='commune'").is_err());
    }
}
