//! Facts → warnings.
//!
//! In: an `Extraction` whose facts carry the links that the document's form states, and the relations of `rules/checks`. Out: warnings in
//! document order, one per cause. Four steps: everything that should hold becomes a claim (`hierarchy`, `grid`, `score`, `stated`,
//! `rules_checks`, `cross`, `order`, `structure`); interval arithmetic says which claims fail (`interval`, `claim`); the cheapest change
//! of one figure that settles them names the suspect (`edits`, `repair`); sentences are written (`message`). Prints that are no numbers
//! at all and that no claim reaches are told last (`malformed`). Silence on reports in order comes first: where words leave a relation
//! open, any plausible reading that holds ends the matter.

mod claim;
mod cross;
mod edits;
mod example;
mod explain;
mod figures;
mod grid;
mod hierarchy;
mod interval;
mod likely;
mod malformed;
mod message;
pub mod misread;
mod order;
mod relations;
mod repair;
mod rules_checks;
mod score;
mod stated;
mod structure;
mod words;

#[cfg(test)]
mod tests;

pub use example::holds;
pub use explain::explain;
pub use relations::{Relation, Relations, Standing, relations};

use crate::model::{Extraction, Place, Severity, Status, Warning};
use crate::rules::{self, RuleSet};
use claim::{Claim, Fit, Formula, Origin, Verdict};
use figures::Figures;
use message::Draft;
use rust_decimal::Decimal;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Claims looked at in one document; far beyond what any report states.
const MAX_CLAIMS: usize = 50_000;

/// Rows below each row that has any, by the parent's figure.
type Groups = [(usize, Vec<usize>)];

/// All warnings of one extraction, in document order, one per cause. Cannot fail.
pub fn check(extraction: &Extraction, rules: &RuleSet) -> Vec<Warning> {
    let figures = Figures::new(extraction);
    let groups = hierarchy::children(&figures);
    let mut out = Vec::new();
    structure::warnings(&figures, &groups, &mut out);
    let (claims, verdicts, causes) = worked_out(&figures, &groups, rules);
    out.extend(causes.iter().filter_map(|cause| warning(&figures, &claims, rules, cause)));
    let accused: FxHashSet<usize> = causes.iter().filter_map(|c| c.suspect).collect();
    rounded_up(&figures, &claims, &verdicts, &accused, &mut out);
    out.extend(malformed::warnings(&figures, &out));
    let order = |w: &Warning| (place_key(w.place), w.facts.first().copied());
    out.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| a.check.cmp(&b.check)));
    out
}

/// Claims, how they stand, and the causes of those that fail.
fn worked_out(figures: &Figures, groups: &Groups, rules: &RuleSet) -> (Vec<Claim>, Vec<Verdict>, Vec<repair::Cause>) {
    let claims = claims(figures, groups, rules);
    let verdicts: Vec<Verdict> = claims.iter().map(|c| c.verdict(figures)).collect();
    let causes = repair::causes(figures, &claims, &verdicts);
    (claims, verdicts, causes)
}

/// Whether two figures of one name differ by just what one of them has with it: `đúng hạn` with the early ones and without. A rule adds
/// their indicator to that of a third figure beside one of them, which makes up the difference.
fn of_another_meaning(figures: &Figures, known: &RuleSet, claim: &Claim) -> bool {
    /// Figures around each of the two that are looked at.
    const NEAR: usize = 24;
    let Formula::Equal { a, b } = claim.formula else { return false };
    let Some((one, other)) = figures.value(a).zip(figures.value(b)) else { return false };
    // Small figures differ by another's value by chance.
    let apart = (one - other).abs();
    if one.is_zero() || other.is_zero() || apart < Decimal::TEN {
        return false;
    }
    let indicator = |i: usize| figures.fact(i).and_then(|f| f.indicator.as_deref());
    let Some(id) = indicator(a) else { return false };
    let added = |other: &str| {
        known.checks.iter().any(|check| match &check.relation {
            rules::Relation::Sum { parts, exhaustive: true, .. } => {
                other != id && [id, other].iter().all(|i| parts.iter().any(|p| p == i))
            }
            _ => false,
        })
    };
    [a, b].into_iter().any(|from| {
        let around = from.saturating_sub(NEAR)..(from + NEAR).min(figures.len());
        around.filter(|i| figures.value(*i) == Some(apart)).any(|i| indicator(i).is_some_and(added))
    })
}

/// Everything that should hold, rules first; the same relation between the same figures once.
fn claims(figures: &Figures, groups: &Groups, rules: &RuleSet) -> Vec<Claim> {
    let keyed = rules_checks::Groups::new(figures);
    let mut all = Vec::new();
    rules_checks::claims(figures, &keyed, rules, &mut all);
    stated::claims(figures, &mut all);
    score::claims(figures, groups, &mut all);
    structure::claims(figures, &mut all);
    let at = all.len();
    cross::claims(figures, &keyed, &mut all);
    let twins: Vec<Claim> = all.drain(at..).filter(|c| !of_another_meaning(figures, rules, c)).collect();
    all.extend(twins);
    order::claims(figures, rules, &mut all);
    grid::claims(figures, rules, &mut all);
    let rated: FxHashSet<usize> = all
        .iter()
        .filter_map(|c| if let Formula::Ratio { rate, .. } = c.formula { Some(rate) } else { None })
        .collect();
    let at = all.len();
    hierarchy::claims(figures, groups, &mut all);
    // A rate that a rule or a sentence already accounts for is not accused again by the look of its rows.
    let accounted = |c: &Claim| matches!(c.formula, Formula::Ratio { rate, .. } if rated.contains(&rate));
    let own: Vec<Claim> = all.drain(at..).filter(|c| !accounted(c)).collect();
    all.extend(own);
    split_otherwise(figures, &mut all);
    let mut seen = FxHashSet::default();
    all.retain(|c| seen.insert(signature(&c.formula)));
    all.truncate(MAX_CLAIMS);
    all
}

/// A rule's sum is dropped where the document itself says otherwise: parts of its own, some of the rule's among them, make up the total, or
/// it lists these parts as those of another figure, which they make up.
fn split_otherwise(figures: &Figures, all: &mut Vec<Claim>) {
    let mut own: Vec<(usize, BTreeSet<usize>)> = Vec::new();
    let mut of_part: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for claim in all.iter().filter(|c| !matches!(c.origin, Origin::Rule(_))) {
        if let Formula::Sum { total, parts, exact: true } = &claim.formula
            && claim.formula.holds(figures)
        {
            for part in parts {
                of_part.entry(*part).or_default().push(own.len());
            }
            own.push((*total, parts.iter().copied().collect()));
        }
    }
    // A total printed twice in one breath (`1.315 hồ sơ (trực tuyến 1.187/1.315; …)`) is one total.
    let meaning = |i: usize| figures.fact(i).map(|f| (f.indicator.as_deref(), f.block));
    let same = |a: usize, b: usize| a == b || meaning(a) == meaning(b) && figures.value(a) == figures.value(b);
    let otherwise = |claim: &Claim| match &claim.formula {
        Formula::Sum { total, parts, exact: true } if matches!(claim.origin, Origin::Rule(_)) => {
            let lists = parts.first().and_then(|p| of_part.get(p)).into_iter().flatten().filter_map(|i| own.get(*i));
            lists.into_iter().any(|(whole, list)| {
                let longer = list.len() > parts.len();
                let whole = same(*whole, *total);
                if whole && parts.iter().any(|p| list.contains(p)) {
                    return true;
                }
                parts.iter().all(|p| list.contains(p)) && if whole { longer } else { !longer }
            })
        }
        _ => false,
    };
    let dropped: FxHashSet<usize> =
        (0..all.len()).filter(|i| otherwise(&all[*i]) || of_a_sibling(figures, &all[*i])).collect();
    let mut at = 0..;
    all.retain(|_| at.next().is_none_or(|i| !dropped.contains(&i)));
}

/// Whether the parts of a rule's sum that fails make up a sibling of its total beside them: `1.390 nộp trực tuyến, 722 nộp tại quầy` of 2.112
/// received in all, not of the 2.101 received new.
fn of_a_sibling(figures: &Figures, claim: &Claim) -> bool {
    /// Figures around the parts that are looked at.
    const NEAR: usize = 12;
    let (Formula::Sum { total, parts, exact: true }, Origin::Rule(_)) = (&claim.formula, &claim.origin) else {
        return false;
    };
    let sum = figures.sum(parts).unwrap_or_default();
    let text = parts.len() > 1 && parts.iter().all(|p| figures.is_text(*p));
    if !text || sum < Decimal::ONE_HUNDRED || figures.value(*total) == Some(sum) {
        return false;
    }
    let family = |i: usize| figures.fact(i).and_then(|f| Some(f.indicator.as_deref()?.rsplit_once('.')?.0));
    let (first, last) = parts.iter().fold((*total, *total), |(a, b), p| (a.min(*p), b.max(*p)));
    (first.saturating_sub(NEAR)..(last + NEAR).min(figures.len())).any(|i| {
        i != *total
            && !parts.contains(&i)
            && figures.is_text(i)
            && figures.value(i) == Some(sum)
            && family(i).is_some()
            && family(i) == family(*total)
    })
}

/// A formula without the order of its parts, so that a rule and a form that say the same are one claim.
fn signature(formula: &Formula) -> (u8, Vec<usize>) {
    let kind = match formula {
        Formula::Sum { .. } => 0,
        Formula::AtMost { .. } => 1,
        Formula::Ratio { .. } => 2,
        Formula::Equal { .. } => 3,
        Formula::Bound { .. } => 4,
        Formula::Codes { .. } => 5,
        Formula::Implies { .. } => 6,
        Formula::Possible { .. } => 7,
        Formula::Hundred { .. } => 8,
        Formula::Flow { .. } => 9,
    };
    let mut facts = formula.facts();
    if let Formula::Sum { .. } | Formula::Equal { .. } = formula {
        let from = usize::from(matches!(formula, Formula::Sum { .. }));
        facts[from..].sort_unstable();
    }
    (kind, facts)
}

fn place_key(place: Place) -> (u32, u32, i64) {
    let top = place.rect.map_or(0, |r| (r[1] * 100.0) as i64);
    (place.page.unwrap_or(0), place.line.unwrap_or(0), top)
}

/// The warning of one cause.
fn warning(figures: &Figures, claims: &[Claim], rules: &RuleSet, cause: &repair::Cause) -> Option<Warning> {
    let first = repair::spokesman(claims, cause)?;
    let claim = claims.get(first)?;
    let mut text = message::rule_sentence(figures, claim, rules);
    let (expected, found) = message::demand(figures, &claim.formula);
    let mut draft = Draft {
        check: claim.check.clone(),
        severity: cause.claims.iter().map(|c| claims[*c].severity).max().unwrap_or(Severity::Info),
        confidence: cause.confidence,
        facts: cause.claims.iter().flat_map(|c| claims[*c].formula.facts()).collect(),
        expected,
        found,
        ..Draft::default()
    };
    if cause.suspect.is_none() && cause.claims.iter().all(|c| claims.get(*c).is_some_and(|c| apart(figures, c))) {
        draft.severity = Severity::Info;
        draft.confidence = draft.confidence.min(0.3);
    }
    let others = cause.claims.len().saturating_sub(1);
    if others > 0 {
        let second = cause.claims.iter().copied().find(|c| *c != first).and_then(|c| claims.get(c));
        if let Some(second) = second {
            let more = message::sentence(figures, second);
            text.vi.push_str(&format!(" {}", more.vi));
            text.en.push_str(&format!(" {}", more.en));
        }
        if others > 1 {
            text.vi.push_str(&format!(" ({} phép tính khác cũng không khớp.)", others - 1));
            text.en.push_str(&format!(" ({} more calculations do not agree.)", others - 1));
        }
    }
    if let Some(fact) = cause.suspect {
        // Where only one figure is spoken of, nobody needs to be told which one is wrong.
        if cause.remedy.is_some() || draft.facts.iter().any(|i| *i != fact) {
            let remedy = message::remedy(figures, fact, cause.remedy, cause.settles);
            text.vi.push_str(&remedy.vi);
            text.en.push_str(&remedy.en);
        }
        draft.suspect = Some(fact);
        draft.suggestion = cause.remedy.map(|(to, _)| to.value);
    }
    let anchor = draft.suspect.or_else(|| draft.facts.iter().min().copied());
    draft.place = anchor.and_then(|i| figures.fact(i)).map(|f| f.place).unwrap_or_default();
    (draft.vi, draft.en) = (text.vi, text.en);
    Some(draft.finish())
}

/// Whether the figure of a sentence is several times what it is compared with: where no slip of the pen explains that, the sentence
/// more likely counts something else.
fn apart(figures: &Figures, claim: &Claim) -> bool {
    let compared = matches!(claim.formula, Formula::Sum { .. } | Formula::AtMost { .. } | Formula::Equal { .. });
    let read = matches!(claim.origin, Origin::Rule(_) | Origin::Twin);
    let facts = claim.formula.facts();
    let denied = |i: &usize| figures.fact(*i).is_some_and(|f| f.status == Status::None);
    if !compared || !read || !facts.iter().any(|i| figures.is_text(*i)) || facts.iter().any(denied) {
        return false;
    }
    let (Some(expected), Some(found)) = message::demand(figures, &claim.formula) else { return false };
    let (small, large) = (expected.abs().min(found.abs()), expected.abs().max(found.abs()));
    // The same digits with another unit are the same thing, whichever of the units is wrong.
    let thousands = [3, 6].iter().any(|power| small.checked_mul(Decimal::from(10u64.pow(*power))) == Some(large));
    !thousands && large > small.saturating_mul(Decimal::TWO)
}

/// A share printed one last digit too high: told, for authors round up and make shares add up to a hundred.
fn rounded_up(
    figures: &Figures,
    claims: &[Claim],
    verdicts: &[Verdict],
    accused: &FxHashSet<usize>,
    out: &mut Vec<Warning>,
) {
    for (claim, verdict) in claims.iter().zip(verdicts) {
        let Formula::Ratio { rate, .. } = claim.formula else { continue };
        // What a wrong figure does to its other rates is no cause of its own.
        let follows = claim.formula.facts().iter().any(|i| accused.contains(i));
        if *verdict != Verdict::Holds(Fit::Up) || claim.weak || follows {
            continue;
        }
        let text = message::sentence(figures, claim);
        let (expected, found) = message::demand(figures, &claim.formula);
        out.push(
            Draft {
                check: "ratio/rounded-up".to_owned(),
                severity: Severity::Info,
                place: figures.fact(rate).map(|f| f.place).unwrap_or_default(),
                confidence: 0.5,
                facts: claim.formula.facts(),
                expected,
                found,
                vi: format!("{} Chữ số cuối được làm tròn lên.", text.vi),
                en: format!("{} The last digit is rounded up.", text.en),
                ..Draft::default()
            }
            .finish(),
        );
    }
}
