//! Findings → sentences in Vietnamese and English, and rows of the table `comparisons`.
//!
//! In: findings and the facts that take part (id, print, place). Out: rows in the contract's order. A figure is told as its value in the
//! indicator's unit, because two reports may print it in different ones; the print itself stands in `facts`.

use crate::compare::Comparison;
use crate::compare::cause::{Finding, What};
use crate::compare::document::Filed;
use crate::compare::figure::{Figure, Keys, sum_of};
use crate::compare::relation::Relation;
use crate::rules::{Indicator, RuleSet};
use crate::text::number::vietnamese;
use crate::write::{Value, digest16};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Figures and files told one by one in a sentence; the row lists all.
const TOLD: usize = 6;

/// A fact as the table `facts` has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Print {
    pub fact_id: String,
    pub raw: String,
    pub line: Option<i64>,
    pub page: Option<i64>,
}

/// What the words of findings are made from.
pub(crate) struct Words<'a> {
    pub filed: &'a [Filed],
    pub keys: &'a Keys,
    pub rules: &'a RuleSet,
    pub prints: &'a HashMap<u64, Print>,
}

/// Two languages at once.
type Pair = (String, String);

impl Words<'_> {
    /// A finding with its words.
    pub fn comparison(&self, finding: &Finding) -> Comparison {
        let (vi, en) = self.sentence(finding);
        let ids = |figure: &Figure| -> Vec<String> {
            figure.rows.iter().filter_map(|row| self.prints.get(row)).map(|p| p.fact_id.clone()).collect()
        };
        let suspect = finding.suspect.and_then(|s| finding.figures.get(s));
        let (expected, found) = self.difference(finding);
        let documents: Vec<&Filed> = finding.docs.iter().filter_map(|d| self.filed.get(*d as usize)).collect();
        let mut doc_ids: Vec<String> = documents.iter().map(|d| d.doc_id.clone()).collect();
        doc_ids.dedup();
        let about = self.about(finding);
        let place = |figure: &Figure| {
            let print = figure.rows.first().and_then(|row| self.prints.get(row));
            let path = self.filed.get(figure.doc as usize).map(|f| f.path.clone()).unwrap_or_default();
            let value = self.value(figure).1;
            (path, print.and_then(|p| p.page), print.and_then(|p| p.line), print.map_or(value, |p| p.raw.clone()))
        };
        let mut places: Vec<_> = finding.figures.iter().map(place).collect();
        if places.is_empty() {
            places = documents.iter().map(|d| (d.path.clone(), None, None, String::new())).collect();
        }
        let key = suspect.or(finding.figures.first()).and_then(|f| self.keys.key(f.key));
        let one_thing = finding.figures.windows(2).all(|pair| match pair {
            [a, b] => self.indicator_id(a) == self.indicator_id(b),
            _ => true,
        });
        Comparison {
            check: finding.check(),
            severity: finding.severity(),
            message_vi: vi,
            message_en: en,
            doc_ids,
            fact_ids: finding.figures.iter().flat_map(ids).collect(),
            indicator: key.filter(|_| one_thing).map(|k| k.indicator.to_string()),
            issuer: about.and_then(|d| d.issuer.clone()),
            entity_code: about.and_then(|d| d.entity_code.clone()),
            expected,
            found,
            suspect_fact_id: suspect.and_then(|figure| ids(figure).into_iter().next()),
            suggestion: finding.suggestion,
            confidence: finding.confidence(),
            places,
        }
    }

    fn indicator_id(&self, figure: &Figure) -> Option<&str> {
        self.keys.key(figure.key).map(|k| &*k.indicator)
    }

    fn indicator(&self, figure: &Figure) -> Option<&Indicator> {
        self.rules.indicators.get(self.indicator_id(figure)?)
    }

    fn label(&self, figure: &Figure) -> Pair {
        let name = self.indicator(figure).map(|i| (i.vi.clone(), i.en.clone())).unwrap_or_default();
        let dims = self.keys.key(figure.key).map(|k| k.dims.to_string()).filter(|d| !d.is_empty());
        match dims {
            None => (format!("“{}”", name.0), format!("“{}”", name.1)),
            Some(dims) => (format!("“{}” ({dims})", name.0), format!("“{}” ({dims})", name.1)),
        }
    }

    fn amount(&self, figure: &Figure, value: Decimal) -> Pair {
        let unit = self.indicator(figure).map(|i| i.unit.as_str()).unwrap_or_default();
        match unit {
            "%" => (format!("{}%", vietnamese(value)), format!("{}%", value.normalize())),
            "VND" => (format!("{} đồng", vietnamese(value)), format!("{} VND", value.normalize())),
            _ => (vietnamese(value), value.normalize().to_string()),
        }
    }

    fn value(&self, figure: &Figure) -> Pair {
        self.amount(figure, figure.value)
    }

    /// `Báo cáo số 12/BC-UBND, dòng 8`.
    fn place(&self, figure: &Figure) -> Pair {
        let name = self.filed.get(figure.doc as usize).map(Filed::name).unwrap_or_default();
        let print = figure.rows.first().and_then(|row| self.prints.get(row));
        match print.map(|p| (p.page, p.line)) {
            Some((Some(page), _)) => (format!("{}, trang {page}", name.0), format!("{}, page {page}", name.1)),
            Some((None, Some(line))) => (format!("{}, dòng {line}", name.0), format!("{}, line {line}", name.1)),
            _ => name,
        }
    }

    /// Whose report it is about: for relations that of their first figure (the district's), else the first.
    fn about(&self, finding: &Finding) -> Option<&Filed> {
        let first = match &finding.what {
            What::Broken(relations) => relations.first().and_then(|r| r.figures().first().copied()),
            _ => None,
        };
        let doc = first.and_then(|i| finding.figures.get(i)).map(|f| f.doc).or(finding.docs.first().copied())?;
        self.filed.get(doc as usize)
    }

    fn issuer(&self, finding: &Finding) -> String {
        let issuer = self.about(finding).and_then(|d| d.issuer.as_deref());
        issuer.map_or_else(String::new, |issuer| format!("{issuer}: "))
    }

    fn sentence(&self, finding: &Finding) -> Pair {
        let who = self.issuer(finding);
        let names = self.names(finding);
        match &finding.what {
            What::Broken(relations) => {
                let told: Vec<Pair> = relations.iter().take(TOLD).map(|r| self.relation(finding, r)).collect();
                let vi: Vec<&str> = told.iter().map(|t| t.0.as_str()).collect();
                let en: Vec<&str> = told.iter().map(|t| t.1.as_str()).collect();
                let remedy = self.remedy(finding);
                (format!("{who}{}{}", vi.join(" "), remedy.0), format!("{who}{}{}", en.join(" "), remedy.1))
            }
            What::OtherCount("units/communes", broken, all) => (
                format!(
                    "{who}{broken}/{all} số liệu cấp xã của huyện khác cộng các báo cáo của xã; có lẽ cách tính khác nhau ({}).",
                    names.0
                ),
                format!(
                    "{who}{broken} of {all} commune figures of the district differ from its communes' reports; they probably count differently ({}).",
                    names.1
                ),
            ),
            What::OtherCount("series/cumulative", broken, all) => (
                format!(
                    "{who}{broken}/{all} số lũy kế giảm giữa các báo cáo {}; có lẽ báo cáo sau không tính từ đầu năm.",
                    names.0
                ),
                format!(
                    "{who}{broken} of {all} running totals fall between {}; the later one probably does not count from the start of the year.",
                    names.1
                ),
            ),
            What::OtherCount(_, broken, all) => (
                format!(
                    "{who}{broken}/{all} số liệu nêu lại khác báo cáo của chính kỳ đó ({}); có lẽ cách tính khác nhau.",
                    names.0
                ),
                format!(
                    "{who}{broken} of {all} restated figures differ from the period's own report ({}); they probably count differently.",
                    names.1
                ),
            ),
            What::SameFile => (
                format!("{} tệp giống hệt nhau: {}.", finding.docs.len(), self.paths(finding)),
                format!("{} files are the same: {}.", finding.docs.len(), self.paths(finding)),
            ),
            What::SameFigures => (
                format!(
                    "{who}{} có {} bản, mọi số liệu chung đều bằng nhau: {}.",
                    names.0,
                    finding.docs.len(),
                    self.paths(finding)
                ),
                format!(
                    "{who}{} is there {} times, all figures in common agree: {}.",
                    names.1,
                    finding.docs.len(),
                    self.paths(finding)
                ),
            ),
            What::Draft => self.filing(
                finding,
                "bản chưa có số (dự thảo) khác bản chính thức",
                "a draft without a number differs from the report",
            ),
            What::Corrected => {
                self.filing(finding, "báo cáo sau thay thế báo cáo trước", "the later report replaces the earlier")
            }
            What::Conflict => self.filing(
                finding,
                "hai báo cáo cùng kỳ có số liệu khác nhau",
                "two reports on the same period differ",
            ),
        }
    }

    fn filing(&self, finding: &Finding, vi: &str, en: &str) -> Pair {
        let (who, names) = (self.issuer(finding), self.names(finding));
        let told = |pair: &[Figure]| -> Option<Pair> {
            let [a, b] = pair else { return None };
            let (label, a, b) = (self.label(a), self.value(a), self.value(b));
            Some((format!("{}: {} và {}", label.0, a.0, b.0), format!("{}: {} and {}", label.1, a.1, b.1)))
        };
        let pairs: Vec<Pair> = finding.figures.chunks(2).filter_map(told).collect();
        let join = |side: fn(&Pair) -> &str, more: &str| {
            let mut list: Vec<&str> = pairs.iter().take(TOLD).map(side).collect();
            let rest = format!("+{} {more}", pairs.len().saturating_sub(TOLD));
            if pairs.len() > TOLD {
                list.push(&rest);
            }
            list.join("; ")
        };
        (
            format!("{who}{vi} ({}): {}.", names.0, join(|p| &p.0, "số khác")),
            format!("{who}{en} ({}): {}.", names.1, join(|p| &p.1, "more")),
        )
    }

    fn relation(&self, finding: &Finding, relation: &Relation) -> Pair {
        let figure = |i: &usize| finding.figures.get(*i);
        match relation {
            Relation::Order { early, late } => {
                let (Some(early), Some(late)) = (figure(early), figure(late)) else { return Pair::default() };
                let (label, a, b) = (self.label(early), self.value(early), self.value(late));
                let (pa, pb) = (self.place(early), self.place(late));
                let (wa, wb) = (early.window.words(), late.window.words());
                (
                    format!(
                        "{} {} là {} ({}) nhưng {} chỉ còn {} ({}): số lũy kế không thể giảm.",
                        label.0, wa.0, a.0, pa.0, wb.0, b.0, pb.0
                    ),
                    format!(
                        "{} is {} for {} ({}) but only {} for {} ({}): a running total cannot fall.",
                        label.1, a.1, wa.1, pa.1, b.1, wb.1, pb.1
                    ),
                )
            }
            Relation::Restated { own, again } => {
                let (Some(own), Some(again)) = (figure(own), figure(again)) else { return Pair::default() };
                let (label, a, b) = (self.label(own), self.value(own), self.value(again));
                let (pa, pb, when) = (self.place(own), self.place(again), own.window.words());
                (
                    format!(
                        "{} {} là {} theo báo cáo của kỳ đó ({}) nhưng {} nêu lại ({}).",
                        label.0, when.0, a.0, pa.0, b.0, pb.0
                    ),
                    format!(
                        "{} for {} is {} in that period's report ({}) but restated as {} ({}).",
                        label.1, when.1, a.1, pa.1, b.1, pb.1
                    ),
                )
            }
            Relation::Sum { total, parts, whole } => {
                let Some(total) = figure(total) else { return Pair::default() };
                let parts: Vec<&Figure> = parts.iter().filter_map(figure).collect();
                let (label, value, place) = (self.label(total), self.value(total), self.place(total));
                let sum = self.amount(total, parts.iter().map(|p| p.value).fold(Decimal::ZERO, sum_of));
                let when = total.window.words();
                let list = |side: fn(Pair) -> String| {
                    let told: Vec<String> = parts.iter().take(TOLD).map(|p| side(self.value(p))).collect();
                    format!("{}{}", told.join(" + "), if parts.len() > TOLD { " + …" } else { "" })
                };
                let (count, vi, en) = (parts.len(), list(|p| p.0), list(|p| p.1));
                let (than, than_en) = if *whole {
                    ("báo cáo của các xã cộng lại là", "its communes' reports add up to")
                } else {
                    ("chỉ riêng các xã đã báo cáo cộng lại đã là", "the communes that reported alone add up to")
                };
                (
                    format!(
                        "{} cấp xã {} theo báo cáo của huyện là {} ({}) nhưng {than} {} ({count} xã: {vi}).",
                        label.0, when.0, value.0, place.0, sum.0
                    ),
                    format!(
                        "{} of the communes for {} is {} in the district's report ({}), but {than_en} {} ({count}: {en}).",
                        label.1, when.1, value.1, place.1, sum.1
                    ),
                )
            }
        }
    }

    fn remedy(&self, finding: &Finding) -> Pair {
        let Some(suspect) = finding.suspect.and_then(|s| finding.figures.get(s)) else { return Pair::default() };
        let (value, place) = (self.value(suspect), self.place(suspect));
        match finding.suggestion.map(|s| self.amount(suspect, s)) {
            Some(to) => (
                format!(" Có lẽ {} ({}) phải là {}.", value.0, place.0, to.0),
                format!(" Probably {} ({}) should be {}.", value.1, place.1, to.1),
            ),
            None => (
                format!(" Có lẽ {} ({}) là số sai.", value.0, place.0),
                format!(" Probably {} ({}) is the wrong one.", value.1, place.1),
            ),
        }
    }

    /// What is expected and found, where the finding is about one difference.
    fn difference(&self, finding: &Finding) -> (Option<Decimal>, Option<Decimal>) {
        let What::Broken(relations) = &finding.what else { return (None, None) };
        let value = |i: &usize| finding.figures.get(*i).map(|f| f.value);
        if let (Some(suggestion), Some(suspect)) = (finding.suggestion, finding.suspect) {
            return (Some(suggestion), value(&suspect));
        }
        match relations.first() {
            Some(Relation::Order { early, late }) => (value(early), value(late)),
            Some(Relation::Restated { own, again }) => (value(own), value(again)),
            Some(Relation::Sum { total, parts, .. }) => {
                (Some(parts.iter().filter_map(value).fold(Decimal::ZERO, sum_of)), value(total))
            }
            None => (None, None),
        }
    }

    fn names(&self, finding: &Finding) -> Pair {
        let documents = finding.docs.iter().take(TOLD).filter_map(|d| self.filed.get(*d as usize));
        let mut names: Vec<Pair> = documents.map(Filed::name).collect();
        names.dedup();
        let join = |side: fn(&Pair) -> &str| names.iter().map(side).collect::<Vec<_>>().join(", ");
        (join(|n| &n.0), join(|n| &n.1))
    }

    fn paths(&self, finding: &Finding) -> String {
        let documents = finding.docs.iter().filter_map(|d| self.filed.get(*d as usize));
        let mut paths: Vec<&str> = documents.take(TOLD).map(|d| d.path.as_str()).collect();
        if finding.docs.len() > TOLD {
            paths.push("…");
        }
        paths.join(", ")
    }
}

/// Rows of the table `comparisons`, in the contract's order; equal ones are told apart by a number.
pub(crate) fn rows(comparisons: &[Comparison]) -> Vec<Vec<Value<'_>>> {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let row = |comparison: &'_ Comparison| {
        let place: Vec<&str> = comparison.places.iter().map(|p| p.0.as_str()).collect();
        let facts = comparison.fact_ids.join(";");
        let key = format!("{}/{}/{facts}/{}", comparison.check, comparison.doc_ids.join(";"), place.join(";"));
        let again = seen.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
        digest16(&format!("{key}/{again}"))
    };
    let ids: Vec<String> = comparisons.iter().map(row).collect();
    comparisons
        .iter()
        .zip(ids)
        .map(|(c, id)| {
            let difference = c.found.zip(c.expected).and_then(|(found, expected)| found.checked_sub(expected));
            vec![
                id.into(),
                Value::Words(c.doc_ids.clone()),
                c.check.into(),
                c.severity.as_str().into(),
                (&c.message_vi).into(),
                (&c.message_en).into(),
                Value::Words(c.fact_ids.clone()),
                c.indicator.as_ref().into(),
                c.issuer.as_ref().into(),
                c.entity_code.as_ref().into(),
                c.expected.into(),
                c.found.into(),
                difference.into(),
                c.suspect_fact_id.as_ref().into(),
                c.suggestion.into(),
                c.confidence.into(),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_in_reports() {
        assert_eq!(vietnamese(Decimal::new(21_802, 0)), "21.802");
        assert_eq!(vietnamese(Decimal::new(9450, 2)), "94,5");
        assert_eq!(vietnamese(Decimal::new(-1234, 0)), "-1.234");
    }
}
