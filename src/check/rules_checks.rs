//! The relations of `rules/checks` over the facts of one entity, period and level.
//!
//! In: facts with indicators, `RuleSet::checks`. Out: claims. Several figures of one indicator in one group are the same thing
//! printed twice: the relation is taken to hold if any choice among them satisfies it (which of them is right is the business
//! of `cross`). For a rate the usual base is tried first, then the other bases the rule allows, then the other totals of the
//! document: what fits names the base that the author used.

use super::claim::{Claim, Fit, Formula, Note, Origin, Verdict};
use super::figures::Figures;
use super::hierarchy::{overlaps, without_early};
use super::stated::unit_slip;
use super::words;
use crate::model::{Fact, Level, Severity, Source};
use crate::rules::{Basis, Check, Relation, RuleSet};
use jiff::civil::Date;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};

/// Choices tried among figures of one indicator.
const MAX_CHOICES: usize = 4;
/// Figures before and after a rate among which the base that its author used is looked for.
const MAX_AWAY: usize = 2_000;

/// Whose figure, of when, of which level, with which dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key<'a> {
    entity: &'a str,
    /// Said of two levels together.
    all_levels: bool,
    period: Option<(Date, Date)>,
    /// Level; the issuer's own is None for a commune, whose records are all its own.
    pub level: Option<Level>,
    dims: &'a [(String, String)],
}

/// Facts by indicator and key, in document order.
pub(crate) struct Groups<'a> {
    facts: FxHashMap<&'a str, Vec<(Key<'a>, Vec<usize>)>>,
    slots: FxHashMap<&'a str, FxHashMap<Key<'a>, usize>>,
}

impl<'a> Groups<'a> {
    /// Groups all mapped facts that print a value.
    pub fn new(figures: &Figures<'a>) -> Groups<'a> {
        let meta = &figures.x.metadata;
        let own = meta.period.map(|p| (p.start, p.end));
        let mut facts: FxHashMap<&'a str, Vec<(Key<'a>, Vec<usize>)>> = FxHashMap::default();
        let mut slots: FxHashMap<&'a str, FxHashMap<Key<'a>, usize>> = FxHashMap::default();
        // What a passage says of two levels together is another thing than what a form says of one.
        let spoken_of: Vec<&Fact> = figures.x.facts.iter().filter(|f| f.source != Source::Table).collect();
        // The figures of one sentence stand together: it is read once.
        let sentences = spoken_of.chunk_by(|a, b| a.block == b.block && a.quote == b.quote);
        let together = sentences.filter_map(|s| s.first()).filter(|f| words::is_of_all_levels(&f.quote));
        let passages: FxHashSet<u32> = together.map(|f| f.block).collect();
        for i in 0..figures.len() {
            let Some(fact) = figures.fact(i) else { continue };
            let Some(indicator) = fact.indicator.as_deref().filter(|_| figures.has_value(i)) else { continue };
            let entity = fact
                .entity_code
                .as_ref()
                .or(fact.entity.as_ref())
                .filter(|e| Some(*e) != meta.entity_code.as_ref() && Some(*e) != meta.issuer.as_ref());
            // A commune counts its own things: its level adds nothing.
            let own_level = meta.issuer_level == Some(Level::Commune) && fact.level == Some(Level::Commune);
            let all_levels = fact.source != Source::Table && fact.level.is_none() && passages.contains(&fact.block);
            let key = Key {
                entity: entity.map_or("", String::as_str),
                all_levels,
                period: spoken(fact, own),
                level: fact.level.filter(|_| !own_level),
                dims: &fact.dims,
            };
            let list = facts.entry(indicator).or_default();
            let slot = *slots.entry(indicator).or_default().entry(key).or_insert(list.len());
            match list.get_mut(slot) {
                Some((_, facts)) => facts.push(i),
                None => list.push((key, vec![i])),
            }
        }
        Groups { facts, slots }
    }

    /// All groups of an indicator, in document order.
    pub fn of(&self, indicator: &str) -> &[(Key<'a>, Vec<usize>)] {
        self.facts.get(indicator).map_or(&[], Vec::as_slice)
    }

    /// Figures of one indicator under one key.
    pub fn at<'s>(&'s self, indicator: &'s str, key: &Key) -> &'s [usize] {
        let slot = self.slots.get(indicator).and_then(|slots| slots.get(key));
        slot.and_then(|s| self.of(indicator).get(*s)).map_or(&[], |(_, f)| f.as_slice())
    }

    /// The same for the base of a rate: what is planned for a year is the base of what was reached in a part of it.
    fn base<'s>(&'s self, indicator: &'s str, key: &Key, of_year: bool) -> &'s [usize] {
        let own = self.at(indicator, key);
        let Some((start, end)) = key.period.filter(|_| own.is_empty() && of_year) else { return own };
        let year = (start, Date::constant(end.year(), 12, 31));
        if start.month() == 1 && start.day() == 1 && start.year() == end.year() {
            return self.at(indicator, &Key { period: Some(year), ..*key });
        }
        own
    }

    /// All groups, by their first fact.
    pub fn all(&self) -> Vec<(&'a str, &(Key<'a>, Vec<usize>))> {
        let mut all: Vec<_> = self.facts.iter().flat_map(|(id, groups)| groups.iter().map(move |g| (*id, g))).collect();
        all.sort_by_key(|(id, g)| (g.1.first().copied(), *id));
        all
    }
}

/// The period under which a figure is compared. A sentence speaks of the same thing as the form beside it although it closes a little
/// earlier (`đến hết tháng 5`) or names the year of a plan; columns of a table are what their heads say.
fn spoken(fact: &Fact, own: Option<(Date, Date)>) -> Option<(Date, Date)> {
    let Some(period) = fact.period.map(|p| (p.start, p.end)) else { return own };
    match own {
        Some(own) if fact.source != Source::Table && period.0 == own.0 && period.1.year() == own.1.year() => Some(own),
        _ => Some(period),
    }
}

/// Claims of all rules.
pub(crate) fn claims(figures: &Figures, groups: &Groups, rules: &RuleSet, out: &mut Vec<Claim>) {
    for (index, check) in rules.checks.iter().enumerate() {
        let at = out.len();
        relation(figures, groups, rules, check, out);
        for claim in &mut out[at..] {
            claim.origin = Origin::Rule(index);
        }
    }
}

fn relation(figures: &Figures, groups: &Groups, rules: &RuleSet, check: &Check, out: &mut Vec<Claim>) {
    let claim = |formula: Formula| Claim::new(check.id.clone(), formula, check.severity, Origin::Rule(0));
    match &check.relation {
        Relation::Sum { total, parts, exhaustive } => {
            for (key, totals) in groups.of(total) {
                let choices: Vec<&[usize]> =
                    parts.iter().map(|p| groups.at(p, key)).filter(|f| !f.is_empty()).collect();
                // A part without a row leaves the sum open; one part alone is a subset.
                let exact = *exhaustive && choices.len() == parts.len();
                if choices.is_empty() || (choices.len() == 1 && parts.len() > 1 && *exhaustive && totals.is_empty()) {
                    continue;
                }
                let mut lists: Vec<&[usize]> = vec![totals];
                lists.extend(choices);
                let make = |pick: &[usize]| Formula::Sum { total: pick[0], parts: pick[1..].to_vec(), exact };
                let picked = choose(figures, &lists, make);
                for mut formula in beside(figures, &lists, make, picked) {
                    if strewn(figures, &formula) {
                        continue;
                    }
                    if let Formula::Sum { total, parts, exact: true } = &mut formula {
                        *parts = without_early(figures, *total, std::mem::take(parts));
                    }
                    out.push(claim(formula));
                }
            }
        }
        Relation::Levels { indicator } => {
            // Rates do not add up.
            let adds = |f: &[usize]| f.iter().all(|i| !figures.is_percent(*i));
            let all: Vec<&(Key, Vec<usize>)> = groups.of(indicator).iter().filter(|(_, f)| adds(f)).collect();
            let mut levels: FxHashMap<Key, Vec<&[usize]>> = FxHashMap::default();
            for (key, facts) in all.iter().filter(|(k, _)| k.level.is_some()) {
                levels.entry(Key { level: None, ..*key }).or_default().push(facts);
            }
            for (key, totals) in all.iter().filter(|(k, _)| k.level.is_none()) {
                let parts = || levels.get(key).into_iter().flatten().copied();
                // A sentence's total is not that of a table's levels: they are seldom of the same scope.
                for text in [false, true] {
                    let own = |facts: &[usize]| facts.iter().copied().filter(|i| figures.is_text(*i) == text).collect();
                    let lists: Vec<Vec<usize>> = std::iter::once(totals.as_slice()).chain(parts()).map(own).collect();
                    let lists: Vec<&[usize]> = lists.iter().map(Vec::as_slice).collect();
                    let part = |pick: &[usize]| Formula::Sum { total: pick[0], parts: pick[1..].to_vec(), exact: true };
                    if lists.len() >= 3 {
                        out.extend(choose(figures, &lists, part).map(claim));
                    }
                }
            }
        }
        Relation::Ratio { rate, part, bases } => {
            let of_year = |id: &str| rules.indicators.get(id).is_some_and(|i| i.basis == Basis::Year);
            // What the other columns of the rate's row divide by, this one does.
            let row = |i: usize| figures.fact(i).and_then(|f| f.cell).map(|(table, row, _)| (table, row));
            let mut usual: FxHashMap<(u32, u32), &str> = FxHashMap::default();
            let mut failing: Vec<(&Key, &[usize], Claim)> = Vec::new();
            for (key, rates) in groups.of(rate) {
                let parts = groups.at(part, key);
                if !parts.is_empty() {
                    let bases: Vec<(&str, &[usize])> =
                        bases.iter().map(|b| (b.as_str(), groups.base(b, key, of_year(b)))).collect();
                    let found = ratio(figures, check, rates, parts, &bases);
                    let holds = found.as_ref().is_some_and(|c| c.formula.holds(figures));
                    let base = |c: &Claim| c.formula.facts().get(2).copied();
                    let indicator = found.as_ref().and_then(base).and_then(|b| figures.fact(b)?.indicator.as_deref());
                    let make = |p: &[usize]| Formula::Ratio { rate: p[0], part: p[1], base: p[2] };
                    if let Some((id, base)) = bases.iter().find(|(id, _)| Some(*id) == indicator && holds) {
                        let lists = [rates.as_slice(), parts, base];
                        let picked = found.as_ref().map(|c| c.formula.clone());
                        out.extend(beside(figures, &lists, make, picked).into_iter().skip(1).map(claim));
                        usual.extend(rates.iter().filter_map(|r| Some((row(*r)?, *id))));
                    }
                    match found {
                        Some(found) if !holds => failing.push((key, rates, found)),
                        found => out.extend(found),
                    }
                }
            }
            for (key, rates, found) in failing {
                let own = rates.iter().find_map(|r| usual.get(&row(*r)?).copied());
                let again = own.and_then(|id| {
                    let bases = [(id, groups.base(id, key, of_year(id)))];
                    ratio(figures, check, rates, groups.at(part, key), &bases)
                });
                out.push(again.unwrap_or(found));
            }
        }
        Relation::Subset { part, whole, slack } => {
            for (key, parts) in groups.of(part) {
                let lists = [parts.as_slice(), groups.at(whole, key)];
                let make = |p: &[usize]| Formula::AtMost { part: p[0], whole: p[1] };
                let found = beside(figures, &lists, make, choose(figures, &lists, make));
                out.extend(found.into_iter().map(claim).map(|claim| {
                    let nearly = within(figures, &claim.formula, *slack);
                    Claim { severity: if nearly { Severity::Info } else { claim.severity }, ..claim }
                }));
            }
        }
        Relation::Domain { indicator, codes } => {
            for fact in groups.of(indicator).iter().flat_map(|(_, f)| f) {
                // A form that lists its own codes is checked against those.
                if figures.fact(*fact).is_some_and(|f| f.domain.is_empty()) {
                    out.push(claim(Formula::Codes { fact: *fact, codes: codes.clone() }));
                }
            }
        }
        Relation::Range { indicator, low, high } => {
            for fact in groups.of(indicator).iter().flat_map(|(_, f)| f) {
                out.push(claim(Formula::Bound { fact: *fact, low: *low, high: *high }));
            }
        }
        Relation::Implies { indicator, zero, other, other_zero } => {
            for (key, facts) in groups.of(indicator) {
                let lists = [facts.as_slice(), groups.at(other, key)];
                let make =
                    |p: &[usize]| Formula::Implies { fact: p[0], zero: *zero, other: p[1], other_zero: *other_zero };
                out.extend(choose(figures, &lists, make).map(claim));
            }
        }
    }
}

/// Whether a part is larger than its whole by no more than `slack` per cent of it.
fn within(figures: &Figures, formula: &Formula, slack: u8) -> bool {
    let Formula::AtMost { part, whole } = formula else { return false };
    let hundredths = |i: &usize, times: u8| figures.value(*i).and_then(|v| v.checked_mul(Decimal::from(times)));
    slack > 0 && hundredths(part, 100) <= hundredths(whole, 100 + slack.min(100))
}

/// The formula over that choice of one figure from each list that holds, best without a rounding against custom; where none does, over
/// the choice that stands closest together in the document (the table's own figures before those of the text).
fn choose(figures: &Figures, lists: &[&[usize]], make: impl Fn(&[usize]) -> Formula) -> Option<Formula> {
    let short: Vec<&[usize]> = lists.iter().map(|l| &l[..l.len().min(MAX_CHOICES)]).collect();
    if short.iter().any(|l| l.is_empty()) {
        return None;
    }
    let mut loose: Option<Formula> = None;
    let mut fallback: Option<((u32, usize), Formula)> = None;
    let mut budget = 256usize;
    let mut at = vec![0usize; short.len()];
    loop {
        let pick: Vec<usize> = short.iter().zip(&at).map(|(l, i)| l[*i]).collect();
        if distinct(&pick) {
            let formula = make(&pick);
            match formula.verdict(&|i| figures.print(i)) {
                Verdict::Holds(Fit::Up) => loose = loose.or(Some(formula)),
                Verdict::Holds(_) => return Some(formula),
                Verdict::Unknown => {}
                Verdict::Fails => {
                    let text = pick.iter().filter(|i| figures.is_text(**i)).count() as u32;
                    let spread = pick.iter().max().unwrap_or(&0) - pick.iter().min().unwrap_or(&0);
                    if fallback.as_ref().is_none_or(|(rank, _)| (text, spread) < *rank) {
                        fallback = Some(((text, spread), formula));
                    }
                }
            }
        }
        budget = budget.saturating_sub(1);
        let next = (0..at.len()).find(|i| at[*i] + 1 < short[*i].len());
        let Some(next) = next.filter(|_| budget > 0) else { return loose.or(fallback.map(|(_, f)| f)) };
        at[next] += 1;
        at[..next].fill(0);
    }
}

/// Whether no figure is among them twice. They are as few as the names in a rule.
fn distinct(pick: &[usize]) -> bool {
    pick.iter().enumerate().all(|(at, i)| !pick[..at].contains(i))
}

/// Whether a sum of sentences and tables together has a part that is all of the total: the total under another name.
fn strewn(figures: &Figures, formula: &Formula) -> bool {
    let Formula::Sum { total, parts, exact: true } = formula else { return false };
    let text = |i: &usize| figures.is_text(*i);
    let mixed = parts.iter().any(text) != parts.iter().all(text) || parts.iter().any(text) != text(total);
    mixed && figures.value(*total).is_some_and(|whole| overlaps(figures, whole, parts))
}

/// The relation that was picked and the same relation between the figures of each other table or passage that prints
/// them all, each once: what one table says must agree within that table, whatever agrees elsewhere.
fn beside(
    figures: &Figures,
    lists: &[&[usize]],
    make: impl Fn(&[usize]) -> Formula,
    picked: Option<Formula>,
) -> Vec<Formula> {
    let Some(picked) = picked else { return Vec::new() };
    let scope = |i: usize| figures.fact(i).map(|f| (f.cell.map(|c| c.0), f.block));
    let mut out = vec![picked];
    if lists.iter().all(|l| l.len() < 2) {
        return out;
    }
    for first in lists[0].iter().take(MAX_CHOICES) {
        let own = scope(*first);
        let here = |list: &&[usize]| -> Option<usize> {
            let mut inside = list.iter().copied().filter(|i| scope(*i) == own);
            inside.next().filter(|_| inside.next().is_none())
        };
        let Some(pick) = lists.iter().map(here).collect::<Option<Vec<usize>>>() else { continue };
        let formula = make(&pick);
        if distinct(&pick) && formula != out[0] {
            out.push(formula);
        }
    }
    out
}

fn ratio(
    figures: &Figures,
    check: &Check,
    rates: &[usize],
    parts: &[usize],
    bases: &[(&str, &[usize])],
) -> Option<Claim> {
    let make = |p: &[usize]| Formula::Ratio { rate: p[0], part: p[1], base: p[2] };
    let claim = |formula: Formula| Claim::new(check.id.clone(), formula, check.severity, Origin::Rule(0));
    let mut usual: Option<Formula> = None;
    for (_, base) in bases {
        let Some(formula) = choose(figures, &[rates, parts, base], make) else { continue };
        if formula.holds(figures) {
            return Some(claim(formula));
        }
        usual.get_or_insert(formula);
    }
    let formula = usual?;
    let Formula::Ratio { rate, part, base } = formula else { return None };
    let mut claim = claim(formula);
    claim.note = unit_slip(figures, rate, part, base);
    if claim.note == Note::None
        && let Some(other) = other_base(figures, rate, part, base)
    {
        claim.note = Note::OtherBase(other);
        claim.severity = claim.severity.min(Severity::Warning);
    }
    Some(claim)
}

/// A figure of the same noun elsewhere in the document that gives the printed rate: the base that the author used.
fn other_base(figures: &Figures, rate: usize, part: usize, base: usize) -> Option<usize> {
    let near = |i: usize| i.abs_diff(rate);
    let noun = figures.fact(base)?.unit.as_deref().filter(|u| !u.is_empty())?;
    (rate.saturating_sub(MAX_AWAY)..(rate + MAX_AWAY).min(figures.len()))
        .filter(|i| {
            *i != part
                && *i != base
                && figures.is_count(*i)
                && figures.fact(*i).and_then(|f| f.unit.as_deref()) == Some(noun)
        })
        .filter(|i| figures.value(*i) > figures.value(part) && figures.value(*i) != figures.value(base))
        // Small bases fit by chance.
        .filter(|i| figures.value(*i).is_some_and(|v| v >= rust_decimal::Decimal::TEN))
        .filter(|i| Formula::Ratio { rate, part, base: *i }.holds(figures))
        .min_by_key(|i| near(*i))
}
