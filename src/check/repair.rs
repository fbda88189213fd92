//! Which figure is wrong, and what it should be: the claims that touch a figure form a graph; the cheapest change of one figure that
//! satisfies the claims it takes part in explains them.
//!
//! In: claims. Out: causes, each with its claims, a suspect and a value where one explanation stands alone, none where several cost
//! about the same. Method: error localization after Fellegi and Holt (1976), with edit costs instead of equal weights, one
//! change per cause. Bounded: figures per cause, slips per figure and verdicts in all are capped; the order of facts decides
//! whatever the costs leave open, so that the answer is the same every time.

use super::claim::{Claim, Formula, Note, Verdict};
use super::edits::{self, Cost, Slip};
use super::figures::Figures;
use super::interval::{Interval, Print};
use crate::model::Severity;
use crate::text::number::Cue;
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::{BTreeMap, BTreeSet};

/// Figures looked at for one cause.
const MAX_FIGURES: usize = 48;
/// Verdicts in one document.
const MAX_VERDICTS: usize = 400_000;
/// Tenths by which the best explanation must be cheaper than the next figure's.
const MARGIN: u32 = 5;
/// What it costs to give up a relation that holds only by the look of it.
const EVIDENCE: u32 = 20;

/// Failing claims with one explanation.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// Indexes of the claims, the most telling first.
    pub claims: Vec<usize>,
    /// The figure most likely wrong, what it should be, and the slip.
    pub suspect: Option<(usize, Decimal, Slip)>,
    /// Claims that hold once it is changed, failing and holding ones.
    pub settles: usize,
    /// 0 to 1.
    pub confidence: f64,
}

/// A change of one figure.
#[derive(Debug, Clone)]
struct Candidate {
    fact: usize,
    to: Decimal,
    cost: u32,
    slip: Slip,
    effect: Effect,
}

/// What a change does to the claims that its figure takes part in.
#[derive(Debug, Clone, Default)]
struct Effect {
    /// Failing claims that then hold.
    covered: Vec<usize>,
    /// All claims that hold then.
    settled: usize,
    /// Those among them that ask for a value, not for a limit.
    pinned: usize,
    /// Relations that held by the look of it and no longer do.
    lost: usize,
}

struct Graph<'a, 'b> {
    figures: &'a Figures<'b>,
    claims: &'a [Claim],
    /// Claims of each figure.
    of: BTreeMap<usize, Vec<usize>>,
    holds: Vec<bool>,
    ocr: bool,
    budget: usize,
}

/// Groups the failing claims by cause.
pub(crate) fn causes(figures: &Figures, claims: &[Claim], verdicts: &[Verdict]) -> Vec<Cause> {
    let serious = |c: usize| verdicts[c] == Verdict::Fails && !claims[c].weak && claims[c].severity > Severity::Info;
    let mut failing: Vec<usize> = (0..claims.len()).filter(|c| serious(*c)).collect();
    let mut out: Vec<Cause> = (0..claims.len())
        .filter(|c| verdicts[*c] == Verdict::Fails && !claims[*c].weak && claims[*c].severity == Severity::Info)
        .map(|c| Cause { claims: vec![c], suspect: None, settles: 0, confidence: 0.4 })
        .collect();
    if failing.is_empty() {
        return out;
    }
    let touched: BTreeSet<usize> = failing.iter().flat_map(|c| claims[*c].formula.facts()).collect();
    let mut of: BTreeMap<usize, Vec<usize>> = touched.iter().map(|f| (*f, Vec::new())).collect();
    for (c, claim) in claims.iter().enumerate() {
        let idle = verdicts[c] == Verdict::Unknown
            || (verdicts[c] == Verdict::Fails && (claim.weak || claim.severity == Severity::Info));
        if !idle {
            for fact in claim.formula.facts() {
                if let Some(list) = of.get_mut(&fact) {
                    list.push(c);
                }
            }
        }
    }
    let repaired = |f: &crate::model::Fact| f.readings.iter().any(|r| r.cue == Cue::Repair);
    let mut graph = Graph {
        figures,
        claims,
        of,
        holds: verdicts.iter().map(|v| matches!(v, Verdict::Holds(_))).collect(),
        ocr: figures.x.facts.iter().any(repaired),
        budget: MAX_VERDICTS,
    };
    while !failing.is_empty() {
        let family = connected(claims, &failing);
        let mut left: BTreeSet<usize> = family.iter().copied().collect();
        while let Some(first) = left.first().copied() {
            let cause = graph.explain(first, &left);
            for claim in &cause.claims {
                left.remove(claim);
            }
            left.remove(&first);
            out.push(cause);
        }
        failing.retain(|c| !family.contains(c));
    }
    out
}

/// The failing claims that hang together with the first one through shared figures.
fn connected(claims: &[Claim], failing: &[usize]) -> BTreeSet<usize> {
    let mut by_fact: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for c in failing {
        for fact in claims[*c].formula.facts() {
            by_fact.entry(fact).or_default().push(*c);
        }
    }
    let mut family = BTreeSet::new();
    let mut open: Vec<usize> = failing.first().copied().into_iter().collect();
    while let Some(c) = open.pop() {
        if family.insert(c) {
            for fact in claims[c].formula.facts() {
                open.extend(by_fact.remove(&fact).unwrap_or_default());
            }
        }
    }
    family
}

impl Graph<'_, '_> {
    /// One cause that explains `first` and as many others of `left` as one change can.
    fn explain(&mut self, first: usize, left: &BTreeSet<usize>) -> Cause {
        let mut facts: Vec<usize> = left.iter().flat_map(|c| self.claims[*c].formula.facts()).collect();
        facts.sort_unstable();
        facts.dedup();
        // The figures of the claim in hand come first where there are too many.
        let own = self.claims[first].formula.facts();
        facts.sort_by_key(|f| !own.contains(f));
        facts.truncate(MAX_FIGURES);
        facts.sort_unstable();
        let mut candidates: Vec<Candidate> = facts.iter().filter_map(|f| self.best_change(*f, left)).collect();
        let most = candidates.iter().map(|c| c.effect.covered.len()).max().unwrap_or(0);
        candidates.retain(|c| c.effect.covered.len() == most);
        candidates.sort_by_key(|c| (c.cost, c.fact));
        let Some(best) = candidates.first().cloned() else { return self.unexplained(first, left) };
        let rivals: Vec<&Candidate> =
            candidates.iter().filter(|c| c.cost < best.cost + MARGIN && c.fact != best.fact).collect();
        let mut claims = best.effect.covered.clone();
        claims.sort_by_key(|c| (std::cmp::Reverse(self.claims[*c].severity), *c));
        if !rivals.is_empty() {
            // A tie: what all explanations have in common is the cause, nobody is accused.
            claims.retain(|c| rivals.iter().all(|r| r.effect.covered.contains(c)));
            if claims.is_empty() {
                claims = best.effect.covered.clone();
            }
            return Cause { claims, suspect: None, settles: 0, confidence: 0.5 };
        }
        let gap = candidates.iter().find(|c| c.fact != best.fact).map_or(40, |c| c.cost - best.cost);
        let effect = &best.effect;
        let confidence: f64 = match (effect.pinned, best.slip, gap) {
            (0 | 1, Slip::Other, _) => 0.5,
            (0 | 1, _, 0..20) => 0.6,
            (0 | 1, _, _) => 0.7,
            (_, Slip::Other, 0..20) => 0.6,
            (_, Slip::Other, _) => 0.75,
            (_, _, 0..10) => 0.8,
            _ => 0.95,
        };
        // A guess is no suspicion: a value that nothing pins down, one that a single relation asks for without any known slip,
        // one that gives up a relation to win one.
        let needed = if best.slip == Slip::Other { 2 } else { 1 };
        let named = effect.pinned >= needed && effect.lost < effect.covered.len();
        let suspect = named.then_some((best.fact, best.to, best.slip));
        Cause { claims, suspect, settles: effect.settled, confidence: if named { confidence } else { 0.5 } }
    }

    /// Claims that no single change settles: those of one check that share a figure are one cause, and so are those that say less about
    /// the same figures.
    fn unexplained(&self, first: usize, left: &BTreeSet<usize>) -> Cause {
        let facts = |c: usize| self.claims[c].formula.facts();
        // The claim with the most figures speaks for those about some of them.
        let holds_all = |c: &usize| facts(first).iter().all(|f| facts(*c).contains(f));
        let widest = left.iter().copied().filter(holds_all).max_by_key(|c| (facts(*c).len(), std::cmp::Reverse(*c)));
        let first = widest.unwrap_or(first);
        let own = facts(first);
        let mut claims = vec![first];
        claims.extend(left.iter().copied().filter(|c| {
            let shared = facts(*c).iter().filter(|f| own.contains(f)).count();
            let same = self.claims[*c].check == self.claims[first].check;
            *c != first && (shared == facts(*c).len() || same && shared > 0)
        }));
        Cause { claims, suspect: None, settles: 0, confidence: 0.6 }
    }

    /// The cheapest change of one figure that breaks nothing and settles the most.
    fn best_change(&mut self, fact: usize, left: &BTreeSet<usize>) -> Option<Candidate> {
        let print = self.figures.print(fact)?;
        let source = self.figures.fact(fact).filter(|f| edits::is_editable(f.relation))?;
        let mine = self.of.get(&fact)?.clone();
        let failing: Vec<usize> = mine.iter().copied().filter(|c| left.contains(c)).collect();
        let at = |i: usize| self.figures.print(i);
        let mut values: BTreeSet<Decimal> = BTreeSet::new();
        let mut ranges: Vec<Interval> = Vec::new();
        for c in &failing {
            let Some(set) = self.claims[*c].formula.solve(fact, &at) else { continue };
            if let Note::UnitSlip(which, power) = self.claims[*c].note
                && which == fact
            {
                values.extend(edits::scaled(print, power).map(|p| p.value));
            }
            values.extend(ends(set, print));
            ranges.push(set);
        }
        // Our own other readings of the print are cheaper than any slip of the author.
        let readings = source.readings.iter().skip(1).filter_map(|r| {
            let unit = 10u64.checked_pow(source.multiplier)?;
            r.value.checked_mul(Decimal::from(unit))
        });
        let reread: BTreeSet<Decimal> = readings.filter(|v| *v != print.value).collect();
        values.extend(reread.iter().copied());
        if ranges.iter().any(|r| r.single().is_none()) {
            values.extend(edits::neighbours(print).into_iter().filter(|v| ranges.iter().any(|r| r.contains(*v))));
        }
        let whole = print.unit.is_zero() && source.kind == crate::model::Kind::Count;
        values.retain(|v| !v.is_sign_negative() && *v != print.value && (!whole || v.fract().is_zero()));
        let copied = self.is_copy(fact);
        let mut best: Option<Candidate> = None;
        for to in values {
            let (cost, slip): Cost =
                if reread.contains(&to) { (5, Slip::Shift(0)) } else { edits::cost(print, to, self.ocr, copied) };
            let Some(changed) = edits::replaced(print, to) else { continue };
            let Some(effect) = self.trial(fact, changed, &mine, left) else { continue };
            let cost = cost + EVIDENCE * effect.lost as u32;
            let rank = (effect.covered.len(), std::cmp::Reverse((cost, to)));
            if best.as_ref().is_none_or(|b| rank > (b.effect.covered.len(), std::cmp::Reverse((b.cost, b.to)))) {
                best = Some(Candidate { fact, to, cost, slip, effect });
            }
        }
        best
    }

    /// What a change does; None where it breaks a relation that holds, or settles nothing.
    fn trial(&mut self, fact: usize, changed: Print, mine: &[usize], left: &BTreeSet<usize>) -> Option<Effect> {
        self.budget = self.budget.checked_sub(mine.len())?;
        let at = |i: usize| if i == fact { Some(changed) } else { self.figures.print(i) };
        let mut effect = Effect::default();
        for c in mine {
            let claim = &self.claims[*c];
            let holds = matches!(claim.formula.verdict(&at), Verdict::Holds(_));
            match (self.holds[*c], holds) {
                (true, false) if claim.weak => effect.lost += 1,
                (true, false) => return None,
                (false, true) if left.contains(c) => effect.covered.push(*c),
                _ => {}
            }
            effect.settled += usize::from(holds);
            effect.pinned += usize::from(holds && claim.formula.is_equality());
        }
        (!effect.covered.is_empty()).then_some(effect)
    }

    /// Whether a figure repeats the one printed just before or after it in its column.
    fn is_copy(&self, fact: usize) -> bool {
        let Some((table, row, column)) = self.figures.fact(fact).and_then(|f| f.cell) else { return false };
        let from = fact.saturating_sub(4);
        (from..(fact + 5).min(self.figures.len())).any(|k| {
            k != fact
                && self.figures.value(k) == self.figures.value(fact)
                && self
                    .figures
                    .fact(k)
                    .and_then(|f| f.cell)
                    .is_some_and(|c| c.0 == table && c.2 == column && c.1.abs_diff(row) <= 2)
        })
    }
}

/// The prints that stand for a solution: the single value, or both ways of ending its digits.
fn ends(set: Interval, print: Print) -> Vec<Decimal> {
    let digits = if print.unit.is_zero() { 4 } else { print.unit.normalize().scale() };
    let snap = |v: Decimal, strategy| {
        if print.unit > Decimal::ONE {
            v.checked_div(print.unit)
                .map(|q| q.round_dp_with_strategy(0, strategy))
                .and_then(|q| q.checked_mul(print.unit))
        } else {
            Some(v.round_dp_with_strategy(digits, strategy))
        }
    };
    let mut out = Vec::new();
    if let Some((low, high)) = set.low.zip(set.high) {
        let Some(middle) = low.checked_add(high).map(|sum| sum / Decimal::TWO) else { return out };
        if print.unit.is_zero() && low != high {
            // A range of whole numbers is named only where it holds one.
            let (first, last) = (low.ceil(), high.floor());
            out.extend((first == last).then_some(first));
        } else {
            out.extend(snap(middle, RoundingStrategy::MidpointAwayFromZero));
            out.extend(snap(middle, RoundingStrategy::ToZero));
        }
    }
    out.into_iter().map(|v| v.normalize()).collect()
}

/// The claim whose sentence opens the message: the one with the most figures among the gravest, for it shows most.
pub(crate) fn spokesman(claims: &[Claim], cause: &Cause) -> Option<usize> {
    let rank = |c: &usize| {
        let formula = &claims[*c].formula;
        (
            claims[*c].note != Note::None,
            matches!(formula, Formula::Sum { .. }),
            formula.facts().len().min(8),
            std::cmp::Reverse(*c),
        )
    };
    cause.claims.iter().copied().max_by_key(rank)
}
