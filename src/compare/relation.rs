//! What must hold between figures of different reports, and what breaks it.
//!
//! In: the figures of one cluster (a district with its communes, or one office). Out: relations between them, each holding or broken.
//! A relation is made only where the reports themselves leave no way out: the same unit, key and first day for running totals; the
//! very period that an earlier report was about for restated figures; figures that the district states of its communes, closed no
//! earlier than theirs, for sums.

use crate::compare::document::{Filed, Window};
use crate::compare::figure::{Figure, Keys, Range};
use crate::model::Level;
use crate::rules::RuleSet;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// Reports with figures counted from the same day of which all pairs are looked at; of longer chains only neighbours.
const MAX_CHAIN: usize = 12;
/// A flow may grow faster in the days that a report misses than before: this many times its mean.
const RUSH: i64 = 3;
/// And by these many things in any case.
const FEW: Decimal = Decimal::from_parts(3, 0, 0, false, 0);
/// Number of communes of a district, as it states it: the only way to know that all of them reported.
const COMMUNES: &str = "apparatus.units.communes";

/// A relation between figures, by their indexes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Relation {
    /// Counted from the same day: the later one is not smaller.
    Order { early: usize, late: usize },
    /// The report on a period, and a later one that states it again.
    Restated { own: usize, again: usize },
    /// A district's figure for its communes, and theirs; with `whole` all of them are there.
    Sum { total: usize, parts: Vec<usize>, whole: bool },
}

impl Relation {
    /// Its name in `comparisons.check`.
    pub fn check(&self) -> &'static str {
        match self {
            Relation::Order { .. } => "series/cumulative",
            Relation::Restated { .. } => "series/restated",
            Relation::Sum { .. } => "units/communes",
        }
    }

    /// The figures that take part, in the order in which they are told.
    pub fn figures(&self) -> Vec<usize> {
        match self {
            Relation::Order { early, late } => vec![*early, *late],
            Relation::Restated { own, again } => vec![*own, *again],
            Relation::Sum { total, parts, .. } => std::iter::once(*total).chain(parts.iter().copied()).collect(),
        }
    }

    /// The same relation with its figures numbered otherwise.
    pub fn renumbered(&self, at: impl Fn(usize) -> usize) -> Relation {
        match self {
            Relation::Order { early, late } => Relation::Order { early: at(*early), late: at(*late) },
            Relation::Restated { own, again } => Relation::Restated { own: at(*own), again: at(*again) },
            Relation::Sum { total, parts, whole } => {
                Relation::Sum { total: at(*total), parts: parts.iter().map(|p| at(*p)).collect(), whole: *whole }
            }
        }
    }

    /// Whether it holds for these values of its figures.
    pub fn holds(&self, values: impl Fn(usize) -> Range) -> bool {
        match self {
            Relation::Order { early, late } => values(*early).may_be_at_most(values(*late)),
            Relation::Restated { own, again } => values(*own).meets(values(*again)),
            Relation::Sum { total, parts, whole } => {
                let sum = sum(parts.iter().map(|p| values(*p)));
                sum.may_be_at_most(values(*total)) && (!whole || values(*total).may_be_at_most(sum))
            }
        }
    }

    /// The one value that it demands of a figure, where it demands one.
    pub fn demands(&self, of: usize, values: impl Fn(usize) -> Range) -> Option<Decimal> {
        match self {
            Relation::Order { .. } => None,
            Relation::Restated { own, again } => values(if of == *own { *again } else { *own }).single(),
            Relation::Sum { whole: false, .. } => None,
            Relation::Sum { total, parts, .. } if of == *total => sum(parts.iter().map(|p| values(*p))).single(),
            Relation::Sum { total, parts, .. } => {
                let others = sum(parts.iter().filter(|p| **p != of).map(|p| values(*p))).single()?;
                values(*total).single()?.checked_sub(others).filter(|rest| !rest.is_sign_negative())
            }
        }
    }
}

/// Sum of ranges.
pub(crate) fn sum(parts: impl Iterator<Item = Range>) -> Range {
    let nothing = Range { low: Some(Decimal::ZERO), high: Some(Decimal::ZERO) };
    parts.fold(nothing, Range::plus)
}

/// What the relations of a cluster are made from.
pub(crate) struct Cluster<'a> {
    pub filed: &'a [Filed],
    pub rules: &'a RuleSet,
    pub keys: &'a Keys,
    /// Figures of the reports that count, by document, key and window.
    pub figures: &'a [Figure],
    /// The unit of each document that is looked at.
    pub units: &'a HashMap<u32, u32>,
}

impl Cluster<'_> {
    fn filed(&self, figure: &Figure) -> Option<&Filed> {
        self.filed.get(figure.doc as usize)
    }

    fn kind(&self, figure: &Figure) -> &str {
        self.filed(figure).and_then(|f| f.kind.as_deref()).unwrap_or_default()
    }

    fn unit(&self, figure: &Figure) -> u32 {
        self.units.get(&figure.doc).copied().unwrap_or(u32::MAX)
    }

    fn flag(&self, key: u32, flag: impl Fn(&crate::rules::Indicator) -> bool) -> bool {
        self.keys.key(key).and_then(|k| self.rules.indicators.get(&*k.indicator)).is_some_and(flag)
    }

    /// What each unit's periodic reports say of their own period. Two reports of one unit and period that agree are one; where they
    /// do not, they are two reports about different things, and neither counts.
    fn own(&self) -> BTreeMap<(u32, u32, Window), usize> {
        let mut own: BTreeMap<(u32, u32, Window), Option<usize>> = BTreeMap::new();
        for (i, figure) in self.figures.iter().enumerate() {
            let about_itself = self.filed(figure).and_then(Filed::window) == Some(figure.window);
            if !about_itself || self.kind(figure) != "periodic-report" {
                continue;
            }
            own.entry((self.unit(figure), figure.key, figure.window))
                .and_modify(|known| {
                    let agree = |k: &usize| self.figures.get(*k).is_some_and(|k| k.range.meets(figure.range));
                    *known = known.filter(agree);
                })
                .or_insert(Some(i));
        }
        own.into_iter().filter_map(|(place, figure)| Some((place, figure?))).collect()
    }

    /// All relations, in a fixed order.
    pub fn relations(&self) -> Vec<Relation> {
        let own = self.own();
        let mut out = Vec::new();
        self.orders(&own, &mut out);
        self.restated(&own, &mut out);
        self.sums(&own, &mut out);
        out
    }

    /// Running totals: `own` is sorted by unit, key, first day, last day.
    fn orders(&self, own: &BTreeMap<(u32, u32, Window), usize>, out: &mut Vec<Relation>) {
        let cells: Vec<_> = own.iter().filter(|((_, key, _), _)| self.flag(*key, |i| i.accumulates)).collect();
        for chain in cells.chunk_by(|a, b| (a.0.0, a.0.1, a.0.2.start) == (b.0.0, b.0.1, b.0.2.start)) {
            let chain: Vec<usize> = chain.iter().map(|(_, figure)| **figure).collect();
            for (at, early) in chain.iter().enumerate() {
                let reach = if chain.len() <= MAX_CHAIN { chain.len() } else { at + 2 };
                for late in chain.iter().take(reach).skip(at + 1) {
                    out.push(Relation::Order { early: *early, late: *late });
                }
            }
        }
    }

    /// Figures of an earlier period in a later report, beside that period's own report.
    fn restated(&self, own: &BTreeMap<(u32, u32, Window), usize>, out: &mut Vec<Relation>) {
        for (again, figure) in self.figures.iter().enumerate() {
            let later = |about: Window| figure.window.end < about.end && figure.window.start <= about.start;
            let tells = ["periodic-report", "thematic-report"].contains(&self.kind(figure));
            if !tells || !self.filed(figure).and_then(Filed::window).is_some_and(later) {
                continue;
            }
            if let Some(own) = own.get(&(self.unit(figure), figure.key, figure.window)) {
                let comparable = self.figures.get(*own).is_some_and(|own| self.comparable(own, figure));
                if comparable {
                    out.push(Relation::Restated { own: *own, again });
                }
            }
        }
    }

    /// Whether a difference cannot come from the days between the report and the end of its period.
    fn comparable(&self, own: &Figure, again: &Figure) -> bool {
        let Some(filed) = self.filed(own) else { return false };
        let missing = filed.days_missing();
        if missing == 0 || own.range.meets(again.range) {
            return true;
        }
        if !self.flag(own.key, |i| i.accumulates) {
            return false;
        }
        // A flow cannot have been more than what was counted later; nor can it have leapt in a few days.
        let counted = (own.window.days() - missing).max(1);
        let growth = Decimal::from(RUSH * missing) / Decimal::from(counted);
        let most = own.range.high.and_then(|high| high.checked_mul(Decimal::ONE + growth)).map(|most| most + FEW);
        let room = Range { low: own.range.low, high: most };
        !room.meets(again.range)
    }

    /// What a district says of its communes beside what they report.
    fn sums(&self, own: &BTreeMap<(u32, u32, Window), usize>, out: &mut Vec<Relation>) {
        // Communes' figures by district, key and period, in the order of `own`.
        let mut communes: HashMap<(String, u32, Window), Vec<usize>> = HashMap::new();
        let mut codes: HashMap<u32, Option<String>> = HashMap::new();
        let mut code = |figure: &Figure, filed: &Filed| -> Option<String> {
            codes.entry(figure.doc).or_insert_with(|| filed.district_code()).clone()
        };
        for ((_, key, window), index) in own {
            let Some((figure, filed)) = self.figures.get(*index).and_then(|f| Some((f, self.filed(f)?))) else {
                continue;
            };
            if filed.level == Some(Level::Commune)
                && let Some(code) = code(figure, filed)
            {
                communes.entry((code, *key, *window)).or_default().push(*index);
            }
        }
        for ((unit, key, window), total) in own {
            let Some((figure, filed)) = self.figures.get(*total).and_then(|f| Some((f, self.filed(f)?))) else {
                continue;
            };
            let of_communes = self.keys.key(*key).is_some_and(|k| k.level == Some(Level::Commune));
            if filed.level != Some(Level::District) || !of_communes || !self.flag(*key, |i| i.adds_up) {
                continue;
            }
            let Some(code) = code(figure, filed) else { continue };
            let Some(parts) = self.keys.at_level(*key, None).and_then(|key| communes.get(&(code, key, *window))) else {
                continue;
            };
            let parts: Vec<usize> = parts.iter().copied().filter(|p| self.in_time(*p, filed)).collect();
            if parts.is_empty() {
                continue;
            }
            let whole = self.all_communes(own, *unit, *window) == Some(parts.len())
                && parts.iter().all(|p| self.same_close(*p, filed));
            out.push(Relation::Sum { total: *total, parts, whole });
        }
    }

    /// How many communes the district says it has.
    fn all_communes(&self, own: &BTreeMap<(u32, u32, Window), usize>, unit: u32, window: Window) -> Option<usize> {
        let key = self.keys.known(COMMUNES)?;
        let stated = self.figures.get(*own.get(&(unit, key, window))?)?.range.single()?;
        usize::try_from(stated).ok()
    }

    /// Whether a commune's figure was closed no later than the district's.
    fn in_time(&self, part: usize, district: &Filed) -> bool {
        let Some(commune) = self.figures.get(part).and_then(|f| self.filed(f)) else { return false };
        match (commune.counted_to(), district.counted_to()) {
            (Some((part, _)), Some((total, true))) => part <= total,
            _ => false,
        }
    }

    /// Whether both count up to the same day.
    fn same_close(&self, part: usize, district: &Filed) -> bool {
        let Some(commune) = self.figures.get(part).and_then(|f| self.filed(f)) else { return false };
        matches!((commune.counted_to(), district.counted_to()), (Some((a, true)), Some((b, true))) if a == b)
    }
}
