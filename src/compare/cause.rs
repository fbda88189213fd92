//! One warning for one cause: broken relations that share a figure belong together, and a figure that all of them share is suspected.
//!
//! In: the relations of a cluster. Out: findings. A suspect needs two broken relations that have nothing but it in common; a value is
//! suggested only if it settles every relation that the suspect takes part in. Where most running totals of two reports fall, the
//! later report does not count from the start of the year: that is one cause, and no error.

use crate::compare::document::Filed;
use crate::compare::figure::{Figure, Range};
use crate::compare::relation::Relation;
use crate::model::Severity;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Broken relations between the same reports from which on their number may be the cause.
const MANY: usize = 3;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// Relations that do not hold, all by one cause.
    Broken(Vec<Relation>),
    /// So many of so many relations between the same reports do not hold that they count differently.
    OtherCount(&'static str, usize, usize),
    /// Files with the same bytes.
    SameFile,
    /// Two reports with the same figures.
    SameFigures,
    /// A draft and the report.
    Draft,
    /// A report and the one that replaces it.
    Corrected,
    /// Two reports on the same period that contradict each other.
    Conflict,
}

/// One row of `comparisons` before its words.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    pub what: What,
    /// The documents, in the order of the table `documents`.
    pub docs: Vec<u32>,
    /// The figures that take part; relations number these.
    pub figures: Vec<Figure>,
    /// The figure most likely wrong.
    pub suspect: Option<usize>,
    /// What would settle everything it takes part in.
    pub suggestion: Option<Decimal>,
}

impl Finding {
    /// A finding about whole reports.
    pub fn filing(what: What, filed: &[Filed], docs: &[u32], figures: Vec<Figure>) -> Finding {
        let docs = docs.iter().copied().filter(|doc| (*doc as usize) < filed.len()).collect();
        Finding { what, docs, figures, suspect: None, suggestion: None }
    }

    /// Takes the word of a document's own checks: a figure that they suspect, and that settles everything here with the value that
    /// they suggest, is the suspect here too. Two such figures are a tie.
    pub fn heed(&mut self, suggested: impl Fn(&Figure) -> Option<Decimal>) {
        let What::Broken(relations) = &self.what else { return };
        let settles = |at: usize, value: Decimal| {
            let point = Range { low: Some(value), high: Some(value) };
            let range = |i: usize| if i == at { point } else { self.range(i) };
            relations.iter().all(|relation| relation.holds(range))
        };
        let candidates = self.figures.iter().enumerate().filter_map(|(i, figure)| Some((i, suggested(figure)?)));
        let found: Vec<(usize, Decimal)> = candidates.filter(|(i, value)| settles(*i, *value)).collect();
        if let [(at, value)] = found.as_slice()
            && self.suspect.is_none_or(|suspect| suspect == *at)
        {
            (self.suspect, self.suggestion) = (Some(*at), Some(*value));
        }
    }

    fn range(&self, i: usize) -> Range {
        self.figures.get(i).map_or(Range { low: None, high: None }, |f| f.range)
    }

    /// The check's id.
    pub fn check(&self) -> &'static str {
        match &self.what {
            What::Broken(relations) => relations.first().map_or("series/cumulative", Relation::check),
            What::OtherCount(check, ..) => match *check {
                "units/communes" => "units/other-count",
                _ => "series/other-count",
            },
            What::SameFile => "filing/same-file",
            What::SameFigures => "filing/same-figures",
            What::Draft => "filing/draft",
            What::Corrected => "filing/corrected",
            What::Conflict => "filing/conflict",
        }
    }

    /// How bad.
    pub fn severity(&self) -> Severity {
        match self.what {
            What::Broken(_) | What::Conflict => Severity::Warning,
            _ => Severity::Info,
        }
    }

    /// How sure, 0 to 1.
    pub fn confidence(&self) -> f64 {
        match &self.what {
            What::Broken(_) if self.suspect.is_some() => 0.9,
            What::Broken(relations) => match relations.first() {
                Some(Relation::Sum { .. }) => 0.6,
                _ => 0.75,
            },
            What::OtherCount(..) | What::Draft => 0.6,
            What::SameFile => 1.0,
            What::SameFigures | What::Corrected | What::Conflict => 0.9,
        }
    }
}

/// The relations of one kind between the same documents: how many, and which are broken.
#[derive(Default)]
struct Tally {
    all: usize,
    broken: Vec<usize>,
}

/// The findings of a cluster's relations, in the order of their first figure.
pub(crate) fn findings(figures: &[Figure], relations: &[Relation]) -> Vec<Finding> {
    let range = |i: usize| figures.get(i).map_or(Range { low: None, high: None }, |f| f.range);
    let docs = |relation: &Relation| -> BTreeSet<u32> {
        relation.figures().iter().filter_map(|i| figures.get(*i)).map(|f| f.doc).collect()
    };
    // How many relations of a kind two reports have, and which of them are broken.
    let mut between: BTreeMap<(&'static str, BTreeSet<u32>), Tally> = BTreeMap::new();
    for (i, relation) in relations.iter().enumerate() {
        let tally = between.entry((relation.check(), docs(relation))).or_default();
        tally.all += 1;
        if !relation.holds(range) {
            tally.broken.push(i);
        }
    }
    let mut out = Vec::new();
    let mut single: Vec<usize> = Vec::new();
    for ((check, docs), Tally { all, broken }) in between {
        if broken.len() >= MANY && broken.len() * 2 > all {
            let taking_part: BTreeSet<usize> =
                broken.iter().filter_map(|i| relations.get(*i)).flat_map(Relation::figures).collect();
            let figures = taking_part.into_iter().filter_map(|i| figures.get(i).cloned()).collect();
            counted_otherwise(&mut out, check, (broken.len(), all), docs, figures);
        } else {
            single.extend(broken);
        }
    }
    single.sort_unstable();
    out.extend(causes(&single, relations).into_iter().map(|cause| finding(figures, relations, &cause)));
    out
}

/// Adds reports that count differently; one report that does so beside two others is one finding.
fn counted_otherwise(
    out: &mut Vec<Finding>,
    check: &'static str,
    (broken, all): (usize, usize),
    docs: BTreeSet<u32>,
    figures: Vec<Figure>,
) {
    let same = |f: &&mut Finding| {
        matches!(f.what, What::OtherCount(c, ..) if c == check) && f.docs.iter().any(|d| docs.contains(d))
    };
    let Some(known) = out.iter_mut().find(same) else {
        let what = What::OtherCount(check, broken, all);
        let docs = docs.into_iter().collect();
        out.push(Finding { what, docs, figures, suspect: None, suggestion: None });
        return;
    };
    if let What::OtherCount(_, b, a) = &mut known.what {
        *b += broken;
        *a += all;
    }
    known.docs.extend(docs);
    known.docs.sort_unstable();
    known.docs.dedup();
    let place = |f: &Figure| (f.doc, f.key, f.window);
    known.figures.extend(figures);
    known.figures.sort_by_key(place);
    known.figures.dedup_by_key(|f| place(f));
}

/// Broken relations that share figures, directly or by way of others.
fn causes(broken: &[usize], relations: &[Relation]) -> Vec<Vec<usize>> {
    let mut cause_of: HashMap<usize, usize> = HashMap::new();
    let mut causes: Vec<Vec<usize>> = Vec::new();
    for index in broken {
        let Some(relation) = relations.get(*index) else { continue };
        let taking_part = relation.figures();
        let mut met: Vec<usize> = taking_part.iter().filter_map(|f| cause_of.get(f).copied()).collect();
        met.sort_unstable();
        met.dedup();
        let home = met.first().copied().unwrap_or(causes.len());
        if home == causes.len() {
            causes.push(Vec::new());
        }
        for other in met.iter().skip(1) {
            let moved = causes.get_mut(*other).map(std::mem::take).unwrap_or_default();
            for figure in moved.iter().filter_map(|i| relations.get(*i)).flat_map(Relation::figures) {
                cause_of.insert(figure, home);
            }
            if let Some(cause) = causes.get_mut(home) {
                cause.extend(moved);
            }
        }
        if let Some(cause) = causes.get_mut(home) {
            cause.push(*index);
        }
        cause_of.extend(taking_part.into_iter().map(|figure| (figure, home)));
    }
    causes.retain(|cause| !cause.is_empty());
    causes.iter_mut().for_each(|cause| cause.sort_unstable());
    causes
}

fn finding(figures: &[Figure], relations: &[Relation], cause: &[usize]) -> Finding {
    let broken: Vec<&Relation> = cause.iter().filter_map(|i| relations.get(*i)).collect();
    let mut taking_part: Vec<usize> = broken.iter().flat_map(|r| r.figures()).collect();
    taking_part.sort_unstable();
    taking_part.dedup();
    let suspect = suspect(&broken);
    let suggestion = suspect.and_then(|suspect| suggestion(figures, relations, &broken, suspect));
    let at = |i: usize| taking_part.binary_search(&i).unwrap_or_default();
    let members: Vec<Figure> = taking_part.iter().filter_map(|i| figures.get(*i).cloned()).collect();
    let docs: BTreeSet<u32> = members.iter().map(|f| f.doc).collect();
    Finding {
        what: What::Broken(broken.iter().map(|r| r.renumbered(at)).collect()),
        docs: docs.into_iter().collect(),
        figures: members,
        suspect: suspect.map(at),
        suggestion,
    }
}

/// The only figure that all broken relations share, where there are two and more.
fn suspect(broken: &[&Relation]) -> Option<usize> {
    let (first, rest) = broken.split_first()?;
    if rest.is_empty() {
        return None;
    }
    let mut shared = first.figures();
    for relation in rest {
        let figures = relation.figures();
        shared.retain(|figure| figures.contains(figure));
    }
    match shared.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The value that all broken relations which demand one demand, if every relation of the suspect holds with it.
fn suggestion(figures: &[Figure], relations: &[Relation], broken: &[&Relation], suspect: usize) -> Option<Decimal> {
    let range = |i: usize| figures.get(i).map_or(Range { low: None, high: None }, |f| f.range);
    let mut demands = broken.iter().filter_map(|r| r.demands(suspect, range));
    let value = demands.next()?;
    if demands.any(|other| other != value) {
        return None;
    }
    let point = Range { low: Some(value), high: Some(value) };
    let with = |i: usize| if i == suspect { point } else { range(i) };
    let concerned = |relation: &&Relation| relation.figures().contains(&suspect);
    relations.iter().filter(concerned).all(|relation| relation.holds(with)).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::document::Window;
    use jiff::civil::date;

    /// Figures of one key, each in a document of its own.
    fn chain(values: &[i64]) -> Vec<Figure> {
        let window = Window::of(date(2023, 1, 1), date(2023, 12, 31)).expect("a window");
        let one = |(doc, value): (usize, &i64)| {
            let value = Decimal::from(*value);
            let range = Range { low: Some(value), high: Some(value) };
            Figure { doc: doc as u32, key: 0, window, rows: vec![doc as u64], range, value }
        };
        values.iter().enumerate().map(one).collect()
    }

    fn orders(count: usize) -> Vec<Relation> {
        (0..count).flat_map(|early| (early + 1..count).map(move |late| Relation::Order { early, late })).collect()
    }

    #[test]
    fn a_chain_in_order_says_nothing() {
        assert!(findings(&chain(&[10, 10, 20, 31]), &orders(4)).is_empty());
    }

    #[test]
    fn two_relations_name_a_suspect_and_one_does_not() {
        let found = findings(&chain(&[10, 50, 20, 31]), &orders(4));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].suspect.map(|s| found[0].figures[s].doc), Some(1));
        let tie = findings(&chain(&[10, 20, 15]), &orders(3));
        assert_eq!((tie.len(), tie[0].suspect, tie[0].docs.clone()), (1, None, vec![1, 2]));
    }

    #[test]
    fn a_restated_figure_settles_what_the_order_breaks() {
        // The year's own report says 208, nine months said 280, the next report says 298 for the year.
        let mut relations = orders(3);
        relations.push(Relation::Restated { own: 2, again: 3 });
        let found = findings(&chain(&[150, 280, 208, 298]), &relations);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].suspect.map(|s| found[0].figures[s].doc), Some(2));
        assert_eq!(found[0].suggestion, Some(Decimal::from(298)));
        // A value that breaks another relation is not suggested.
        let found = findings(&chain(&[150, 280, 208, 218]), &relations);
        assert_eq!(found[0].suggestion, None);
    }

    #[test]
    fn a_documents_own_suspicion_breaks_a_tie() {
        let tie = || findings(&chain(&[630, 596]), &orders(2)).remove(0);
        let told = |doc: u32, value: i64| move |f: &Figure| (f.doc == doc).then_some(Decimal::from(value));
        let mut heard = tie();
        heard.heed(told(1, 956));
        assert_eq!((heard.suspect, heard.suggestion), (Some(1), Some(Decimal::from(956))));
        let mut useless = tie();
        useless.heed(told(1, 569));
        assert_eq!((useless.suspect, useless.suggestion), (None, None));
    }

    #[test]
    fn communes_that_report_more_than_their_district() {
        let all = |whole| vec![Relation::Sum { total: 0, parts: vec![1, 2], whole }];
        assert!(findings(&chain(&[100, 60, 30]), &all(false)).is_empty());
        assert_eq!(findings(&chain(&[100, 60, 30]), &all(true)).len(), 1);
        assert_eq!(findings(&chain(&[80, 60, 30]), &all(false)).len(), 1);
        assert!(findings(&chain(&[90, 60, 30]), &all(true)).is_empty());
    }

    #[test]
    fn reports_that_count_otherwise_are_one_finding() {
        let figures: Vec<Figure> = [[90, 40], [70, 30], [60, 20], [5, 9]]
            .iter()
            .enumerate()
            .flat_map(|(key, pair)| chain(pair).into_iter().map(move |figure| Figure { key: key as u32, ..figure }))
            .collect();
        let relations: Vec<Relation> =
            (0..4).map(|key| Relation::Order { early: key * 2, late: key * 2 + 1 }).collect();
        let found = findings(&figures, &relations);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (&found[0].what, found[0].severity()),
            (&What::OtherCount("series/cumulative", 3, 4), Severity::Info)
        );
    }
}
