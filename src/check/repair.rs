//! Which figure is wrong, and what it should be: the claims that touch a figure form a graph; the likeliest change of one figure that
//! satisfies the claims it takes part in explains them.
//!
//! In: claims. Out: causes, each with its claims, a suspect where one figure stands alone and a value where one value does, none where
//! several explanations are about as likely. Method: error localization after Fellegi and Holt (1976), with the likelihood of the
//! slip (`edits`) instead of equal weights, one change per cause; a figure is as likely wrong as all its changes that settle the
//! claims together. Bounded: figures per cause, slips per figure and verdicts in all are capped; the order of facts decides whatever
//! the likelihoods leave open, so that the answer is the same every time.

use super::claim::{Claim, Fit, Formula, Note, Verdict};
use super::edits::{self, Slip};
use super::figures::{Figures, denominator};
use super::interval::{Interval, Print};
use super::likely::{pointed, rereadings, typed_otherwise};
use crate::model::{Fact, Kind, Severity};
use crate::text::number::{Cue, Relation};
use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Figures looked at for one cause.
pub(super) const MAX_FIGURES: usize = 48;
/// Failing claims looked at for one cause.
const MAX_CLAIMS: usize = 256;
/// Verdicts in one document.
const MAX_VERDICTS: usize = 400_000;
/// How many times likelier the suspect must be than all other figures together, and its value than its other values.
const ODDS: u64 = 5;
const VALUE_ODDS: u64 = 3;
/// The same for a suspect that only has to keep within limits: what breaks a limit may as well count something else.
const LIMIT_ODDS: u64 = 20;
/// What it costs to give up a relation that holds only by the look of it.
const EVIDENCE: i32 = 15;
/// What a rate costs that would be cut off instead of rounded, and a twin that would only round to the other.
const CUT: i32 = 5;
const NEARLY: i32 = 10;
/// What a slip is likelier by in a count that shows a fraction.
const MALFORMED: i32 = 30;
/// Our own other reading of a print, where only the length of its tail decided, is likelier than any slip of the author; where
/// more decided, it is one explanation among others.
const REREAD: i32 = 5;
const REREAD_DECIDED: i32 = 14;
/// What a sum that need not be reached is worth as evidence where the change reaches it to the last digit.
const REACHED: i32 = 10;
/// What it costs that a printed fraction is one of nothing.
const OF_NOTHING: i32 = 15;
/// From this cost on a slip explains nothing that one relation asks for.
const FAR: i32 = 60;
/// Explanations kept for a reader.
const SHOWN: usize = 6;

/// Failing claims with one explanation.
#[derive(Debug, Clone)]
pub(crate) struct Cause {
    /// Indexes of the claims, the most telling first.
    pub claims: Vec<usize>,
    /// The figure most likely wrong.
    pub suspect: Option<usize>,
    /// What it should be, and the slip.
    pub remedy: Option<(Print, Slip)>,
    /// Claims that hold once it is changed, failing and holding ones.
    pub settles: usize,
    /// 0 to 1.
    pub confidence: f64,
    /// What was tried, the likeliest change of each figure first.
    pub tried: Vec<Tried>,
}

/// One explanation that was looked at.
#[derive(Debug, Clone)]
pub(crate) struct Tried {
    /// The figure changed.
    pub fact: usize,
    /// Its likeliest value.
    pub to: Print,
    /// By which slip.
    pub slip: Slip,
    /// Ten points for one in ten; the likeliest has at least one.
    pub cost: i32,
    /// How likely the figure is the wrong one among all that were tried, in per cent.
    pub share: u32,
    /// Whether the value stands alone.
    pub alone: bool,
}

/// A change of one figure.
#[derive(Debug, Clone)]
struct Candidate {
    fact: usize,
    to: Print,
    /// Ten points for one in ten; negative where the evidence for it outweighs the price of the slip.
    cost: i32,
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
    /// Whether a failing claim is about this figure alone.
    own: bool,
    /// What the claims charge for holding or not holding, less what they give for holding better than they must.
    price: i32,
}

/// All changes of one figure that settle the most.
struct Suspicion {
    best: Candidate,
    /// Likelihoods of all its changes.
    weight: u64,
    /// That of the best.
    top: u64,
}

/// The likelihood of a cost above the least, in parts of 10^12.
fn weight(cost: i32) -> u64 {
    const TENTHS: [u64; 10] = [1000, 794, 631, 501, 398, 316, 251, 200, 158, 126];
    let cost = cost.clamp(0, 89) as u32;
    let tens = 10u64.pow(cost / 10);
    (1_000_000_000 * TENTHS[(cost % 10) as usize] / tens).max(1)
}

pub(super) struct Graph<'a, 'b> {
    pub(super) figures: &'a Figures<'b>,
    pub(super) claims: &'a [Claim],
    /// Claims of each figure.
    of: BTreeMap<usize, Vec<usize>>,
    holds: Vec<bool>,
    /// Figures by value.
    pub(super) printed: FxHashMap<Decimal, Vec<usize>>,
    /// Figures by table, column, row.
    pub(super) cells: BTreeMap<(u32, u32, u32), usize>,
    /// Whether decimals have commas.
    pub(super) commas: bool,
    hand: edits::Hand,
    budget: usize,
}

/// Groups the failing claims by cause.
pub(crate) fn causes(figures: &Figures, claims: &[Claim], verdicts: &[Verdict]) -> Vec<Cause> {
    let serious = |c: usize| verdicts[c] == Verdict::Fails && !claims[c].weak && claims[c].severity > Severity::Info;
    let mut failing: Vec<usize> = (0..claims.len()).filter(|c| serious(*c)).collect();
    let mut out: Vec<Cause> = (0..claims.len())
        .filter(|c| verdicts[*c] == Verdict::Fails && !claims[*c].weak && claims[*c].severity == Severity::Info)
        .map(|c| Cause::untold(vec![c], 0.4))
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
    let repaired = |f: &Fact| f.readings.iter().any(|r| r.cue == Cue::Repair);
    let mut graph = Graph {
        figures,
        claims,
        of,
        holds: verdicts.iter().map(|v| v.holds()).collect(),
        printed: FxHashMap::default(),
        cells: BTreeMap::new(),
        commas: figures.x.facts.iter().filter(|f| f.raw.contains(',')).count()
            > figures.x.facts.iter().filter(|f| f.number.is_some_and(|n| pointed(&f.raw, n))).count(),
        hand: edits::Hand {
            ocr: figures.x.facts.iter().any(repaired),
            padded: figures.x.facts.iter().any(|f| matches!(f.raw.as_bytes(), [b'0', b'1'..=b'9', ..])),
            copied: false,
        },
        budget: MAX_VERDICTS,
    };
    for i in 0..figures.len() {
        if let Some(value) = figures.value(i) {
            graph.printed.entry(value.normalize()).or_default().push(i);
        }
        if let Some((table, row, column)) = figures.fact(i).and_then(|f| f.cell) {
            graph.cells.entry((table, column, row)).or_insert(i);
        }
    }
    let mut left: BTreeSet<usize> = failing.iter().copied().collect();
    // The claim about most figures is looked at first: what it cannot explain may hang under it.
    failing.sort_by_key(|c| (std::cmp::Reverse(claims[*c].formula.facts().len().min(3)), *c));
    for first in failing {
        if left.contains(&first) {
            let cause = graph.explain(first, &graph.near(first, &left));
            left.remove(&first);
            cause.claims.iter().for_each(|claim| _ = left.remove(claim));
            out.push(cause);
        }
    }
    out
}

impl Graph<'_, '_> {
    /// The claims of `left` that hang together with one of them through shared figures, the nearest ones where they are too many.
    fn near(&self, first: usize, left: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut near = BTreeSet::from([first]);
        let mut open = VecDeque::from([first]);
        while let Some(c) = open.pop_front() {
            for fact in self.claims[c].formula.facts() {
                let others = if seen.insert(fact) { self.of.get(&fact) } else { None };
                for c in others.into_iter().flatten().filter(|c| left.contains(c)) {
                    if near.len() < MAX_CLAIMS && near.insert(*c) {
                        open.push_back(*c);
                    }
                }
            }
        }
        near
    }

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
        let mut candidates: Vec<Candidate> = Vec::new();
        facts.iter().for_each(|f| self.changes(*f, left, &mut candidates));
        if !candidates.iter().any(|c| c.effect.covered.contains(&first)) {
            // No one change settles it; claims with an explanation of their own are left for that.
            let own = candidates.iter().filter(|c| c.effect.pinned > 0).flat_map(|c| &c.effect.covered);
            let explained: BTreeSet<usize> = own.copied().collect();
            return self.unexplained(first, &left.difference(&explained).copied().collect());
        }
        let most = candidates.iter().map(|c| c.effect.covered.len()).max().unwrap_or(0);
        candidates.retain(|c| c.effect.covered.len() == most);
        let least = candidates.iter().map(|c| c.cost).min().unwrap_or(0);
        let mut suspicions = suspicions(candidates, least);
        suspicions.sort_by_key(|s| (std::cmp::Reverse(s.weight), s.best.fact));
        let total: u64 = suspicions.iter().map(|s| s.weight).sum();
        let Some(Suspicion { best, weight, top }) = suspicions.first() else { return self.unexplained(first, left) };
        let rivals: Vec<&Candidate> =
            suspicions[1..].iter().filter(|s| s.weight * ODDS * 4 >= total).map(|s| &s.best).collect();
        let mut claims = best.effect.covered.clone();
        claims.sort_by_key(|c| (std::cmp::Reverse(self.claims[*c].severity), *c));
        let tried = suspicions.iter().take(SHOWN).map(|s| Tried {
            fact: s.best.fact,
            to: s.best.to,
            slip: s.best.slip,
            cost: s.best.cost + (1 - least).max(0),
            share: (s.weight * 100 / total.max(1)) as u32,
            alone: s.stands_alone(),
        });
        let tried: Vec<Tried> = tried.collect();
        let needed = if best.effect.pinned > 0 || best.effect.own { ODDS } else { LIMIT_ODDS };
        let tie = *weight < needed * (total - weight);
        // A guess is no suspicion: a value that a single relation asks for, or a limit, without a slip that explains it.
        let effect = &best.effect;
        let grounds = (best.slip != Slip::Other && best.cost < FAR)
            || effect.pinned >= 2
            || effect.own
            || self.independent(best.fact, &effect.covered);
        if tie || !grounds {
            // What all explanations have in common is the cause, nobody is accused.
            claims.retain(|c| rivals.iter().all(|r| r.effect.covered.contains(c)));
            if claims.is_empty() {
                claims = best.effect.covered.clone();
            }
            return Cause { tried, ..Cause::untold(claims, 0.5) };
        }
        let odds = weight / (total - weight).max(1);
        let sure = [(100, 0.95), (20, 0.9), (10, 0.8)].into_iter().find(|(o, _)| odds >= *o).map_or(0.7, |(_, c)| c);
        let confidence = match (effect.pinned, best.slip) {
            (0, _) => sure - 0.3,
            // A figure below ten is near to many others.
            (1, _) if best.to.value < Decimal::TEN => sure - 0.3,
            (1, _) => sure - 0.2,
            (_, Slip::Other) => sure - 0.15,
            _ => sure,
        };
        // A limit asks for no value; three orders of magnitude, or our own other reading, leave only one.
        let named = match best.slip {
            Slip::Other => effect.pinned > 1,
            Slip::Shift(0 | 3 | -3 | 6 | -6) => true,
            _ => effect.pinned > 0,
        };
        let alone = *top >= VALUE_ODDS * (weight - top) && named;
        let remedy = alone.then_some((best.to, best.slip));
        Cause { claims, suspect: Some(best.fact), remedy, settles: effect.settled, confidence, tried }
    }

    /// Whether two failing claims have only this figure in common: no other figure can be wrong in both.
    fn independent(&self, fact: usize, covered: &[usize]) -> bool {
        const LOOKED_AT: usize = 12;
        let facts: Vec<Vec<usize>> = covered.iter().take(LOOKED_AT).map(|c| self.claims[*c].formula.facts()).collect();
        let apart = |a: &[usize], b: &[usize]| !a.iter().any(|f| *f != fact && b.contains(f));
        facts.iter().enumerate().any(|(i, a)| facts[i + 1..].iter().any(|b| apart(a, b)))
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
            let same = self.claims[*c].check == self.claims[first].check || self.same_rate(*c, first);
            *c != first && (shared == facts(*c).len() || same && shared > 0)
        }));
        Cause::untold(claims, 0.6)
    }

    /// Whether both say of one rate what it is the rate of.
    fn same_rate(&self, a: usize, b: usize) -> bool {
        let of = |c: usize| match self.claims[c].formula {
            Formula::Ratio { rate, part, .. } => Some((rate, part)),
            _ => None,
        };
        of(a).is_some() && of(a) == of(b)
    }

    /// The changes of one figure that break nothing and settle something.
    fn changes(&mut self, fact: usize, left: &BTreeSet<usize>, out: &mut Vec<Candidate>) {
        let editable = |f: &&Fact| edits::is_editable(f.relation);
        let Some((print, source)) = self.figures.print(fact).zip(self.figures.fact(fact).filter(editable)) else {
            return;
        };
        let Some(mine) = self.of.get(&fact).cloned() else { return };
        let at = |i: usize| self.figures.print(i);
        let (mut prints, mut ranges): (Vec<Print>, Vec<Interval>) = (Vec::new(), Vec::new());
        for c in mine.iter().filter(|c| left.contains(c)) {
            if let Formula::Codes { codes, .. } = &self.claims[*c].formula {
                prints.extend(codes.iter().map(|code| Print::exact(Decimal::from(*code))));
            }
            let Some(set) = self.claims[*c].formula.solve(fact, &at) else { continue };
            if let Note::UnitSlip(which, power) = self.claims[*c].note
                && which == fact
            {
                prints.extend(edits::scaled(print, power));
            }
            prints.extend(ends(set, print).into_iter().filter_map(|v| edits::replaced(print, v)));
            ranges.push(set);
        }
        let reread = rereadings(source, print);
        prints.extend(&reread);
        if ranges.iter().any(|r| r.single().is_none()) || !print.unit.is_zero() {
            let fits = |p: &Print| ranges.iter().any(|r| p.wide().meets(*r));
            prints.extend(typed_otherwise(print, source.multiplier).into_iter().filter(fits));
        }
        let count = source.kind == Kind::Count;
        let ungrouped = self.ungrouped(source, print);
        prints.extend(ungrouped.iter().flat_map(|p| typed_otherwise(*p, source.multiplier)));
        let copied = self.is_copy(fact);
        if copied && count {
            // What stood there before it was copied over is anything; the limit stands for it.
            let limits = ranges.iter().flat_map(|r| [r.low, r.high]).flatten();
            prints.extend(limits.filter_map(|v| edits::replaced(print, v)));
        }
        let whole = source.kind == Kind::Rank || count && (print.unit.is_zero() || ungrouped.is_some());
        prints
            .retain(|p| !p.value.is_sign_negative() && p.value != print.value && (!whole || p.value.fract().is_zero()));
        prints.sort_unstable_by_key(|p| (p.value, p.unit));
        prints.dedup_by(|a, b| (a.value, a.unit) == (b.value, b.unit));
        let decided = source.readings.first().is_some_and(|r| !matches!(r.cue, Cue::Tail | Cue::Default));
        let kin: BTreeSet<usize> =
            mine.iter().filter(|c| left.contains(c)).flat_map(|c| self.claims[*c].formula.facts()).collect();
        let confirmed = self.elsewhere(fact, print.value, &kin);
        let leaning = self.leaning(fact, &mine);
        let pairs = self.pairs(&mine);
        let hand = edits::Hand { copied, ..self.hand };
        for mut to in prints {
            if source.relation != Relation::Equal {
                to = Print::bounded(to.value, to.unit, source.relation);
            }
            let Some(effect) = self.trial(fact, to, &mine, &pairs, left) else { continue };
            let (cost, slip) = if reread.iter().any(|r| (r.value, r.unit) == (to.value, to.unit)) {
                (if decided { REREAD_DECIDED } else { REREAD }, Slip::Shift(0))
            } else {
                let down = |p: Print| edits::scaled(p, -(source.multiplier as i32)).unwrap_or(p);
                let plain = edits::cost(down(print), down(to), hand);
                let typed = ungrouped.map(|digits| {
                    let (cost, slip) = edits::cost(down(digits), down(to), hand);
                    (cost - MALFORMED, slip)
                });
                typed.map_or(plain, |typed| plain.min(typed))
            };
            let size = (edits::magnitude(to) - edits::magnitude(print)) * leaning / 2;
            let cost = cost + size + effect.price + confirmed - self.elsewhere(fact, to.value, &kin);
            out.push(Candidate { fact, to, cost, slip, effect });
        }
    }

    /// What a change does; None where it breaks a relation that holds, or settles nothing.
    fn trial(
        &mut self,
        fact: usize,
        changed: Print,
        mine: &[usize],
        pairs: &[usize],
        left: &BTreeSet<usize>,
    ) -> Option<Effect> {
        self.budget = self.budget.checked_sub(mine.len())?;
        let at = |i: usize| if i == fact { Some(changed) } else { self.figures.print(i) };
        let mut effect = Effect::default();
        for c in mine {
            let claim = &self.claims[*c];
            let verdict = claim.formula.verdict(&at);
            let holds = verdict.holds();
            match (self.holds[*c], holds) {
                (true, false) if claim.weak => effect.price += EVIDENCE,
                (true, false) => return None,
                (false, true) if left.contains(c) => {
                    effect.covered.push(*c);
                    effect.own |= matches!(claim.formula, Formula::Bound { .. } | Formula::Codes { .. });
                    if claim.formula.reaches(&at) {
                        effect.price -= REACHED;
                        effect.pinned += 1;
                    }
                    effect.price += match (verdict, &claim.formula) {
                        (Verdict::Holds(Fit::Truncated), _) => CUT,
                        // Nobody is told to round up against custom.
                        (Verdict::Holds(Fit::Up), _) => return None,
                        // The same thing printed twice is seldom rounded once.
                        (_, Formula::Equal { a, b }) if at(*a).map(|p| p.value) != at(*b).map(|p| p.value) => NEARLY,
                        _ => 0,
                    };
                }
                _ => {}
            }
            if holds
                && let Formula::AtMost { part, whole } = &claim.formula
                && at(*whole).is_some_and(|w| w.value.is_zero())
                && self.figures.link(*part, denominator) == Some(*whole)
            {
                effect.price += OF_NOTHING;
            }
            effect.settled += usize::from(holds);
            effect.pinned += usize::from(holds && claim.formula.is_equality());
        }
        for c in pairs {
            effect.price += self.share(*c, &at) - self.share(*c, &|i| self.figures.print(i));
        }
        (!effect.covered.is_empty()).then_some(effect)
    }
}

impl Cause {
    /// Nobody is accused.
    fn untold(claims: Vec<usize>, confidence: f64) -> Cause {
        Cause { claims, suspect: None, remedy: None, settles: 0, confidence, tried: Vec::new() }
    }
}

impl Suspicion {
    fn stands_alone(&self) -> bool {
        self.top >= VALUE_ODDS * (self.weight - self.top)
    }
}

/// Changes by figure.
fn suspicions(candidates: Vec<Candidate>, least: i32) -> Vec<Suspicion> {
    let mut out: Vec<Suspicion> = Vec::new();
    let mut at = candidates.into_iter().peekable();
    while let Some(mut candidate) = at.next() {
        // One value in several spellings (94,5 and 94,50) is one change; they stand side by side.
        let mut own = weight(candidate.cost - least);
        while let Some(same) = at.next_if(|c| c.fact == candidate.fact && c.to.value == candidate.to.value) {
            own += weight(same.cost - least);
            if same.cost < candidate.cost {
                candidate = same;
            }
        }
        match out.last_mut().filter(|s| s.best.fact == candidate.fact) {
            None => out.push(Suspicion { best: candidate, weight: own, top: own }),
            Some(s) => {
                s.weight += own;
                if candidate.cost < s.best.cost {
                    (s.best, s.top) = (candidate, own);
                }
            }
        }
    }
    out
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
