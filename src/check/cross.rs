//! The same thing printed twice: in a sentence, a footnote, a table, an appendix; and claims in words against figures.
//!
//! In: facts grouped by indicator, entity, period, level and dimensions. Out: claims of equality. Figures of two columns or rows of one
//! table are not twins. A sentence that names one of several scopes is common, so a table is believed to be met as soon as any
//! sentence meets it, and disagreeing sentences alone are only told.

use super::claim::{Claim, Formula, Origin};
use super::edits;
use super::figures::{Figures, denominator, part_of};
use super::rules_checks::Groups;
use crate::model::{Kind, Severity, Status};
use std::collections::BTreeSet;

/// Below this confidence of the mapping two figures are not compared.
const SURE: f64 = 0.35;

/// Figures from here on are long: two of them lie one slip apart by chance in one case of a hundred.
const LONG: u128 = 1000;
/// The same for two sentences of one passage, which seldom speak of two things in one name.
const LONG_HERE: u128 = 100;
/// Blocks between a count and the fraction that repeats it.
const BESIDE: u32 = 2;

/// The check of two sentences.
const TWO_SENTENCES: &str = "cross/narrative";
/// The check of two tables.
const TWO_TABLES: &str = "cross/table-vs-table";
/// Blocks that one passage spans, a list with its items.
const PASSAGE: u32 = 8;

/// Parts of parts of a whole.
const DEPTH: usize = 6;

/// Claims of all twins.
pub(crate) fn claims(figures: &Figures, groups: &Groups, out: &mut Vec<Claim>) {
    let from = out.len();
    for (_, (_, facts)) in groups.all() {
        if facts.len() < 2 {
            continue;
        }
        let fit = |i: &usize| {
            figures.fact(*i).is_some_and(|f| {
                f.confidence >= SURE && !matches!(f.kind, Kind::Score | Kind::Text | Kind::Rank | Kind::Change)
            })
        };
        let facts: Vec<usize> = facts.iter().copied().filter(fit).take(24).collect();
        twins(figures, &facts, out);
    }
    let alike: Vec<(usize, usize)> = out[from..].iter().filter_map(sentences).collect();
    let kept = |claim: &Claim| sentences(claim).is_none_or(|pair| !repeated(figures, pair, &alike));
    let mut own: Vec<Claim> = out.drain(from..).filter(kept).collect();
    scopes(figures, &mut own);
    out.extend(own);
}

/// Two tables that agree in nothing may count for different offices: what they disagree in is only told, unless it is a slip.
fn scopes(figures: &Figures, claims: &mut [Claim]) {
    let table = |i: usize| figures.fact(i).and_then(|f| f.cell).map(|c| c.0);
    let pair = |claim: &Claim| match claim.formula {
        Formula::Equal { a, b } if claim.check == TWO_TABLES => Some((table(a), table(b), a, b)),
        _ => None,
    };
    let pairs = claims.iter().filter_map(pair);
    let agreed: BTreeSet<_> = pairs.filter(|(.., a, b)| equal(figures, *a, *b)).map(|(s, t, ..)| (s, t)).collect();
    for claim in claims {
        if pair(claim).is_some_and(|(s, t, a, b)| !agreed.contains(&(s, t)) && !slipped(figures, a, b)) {
            claim.severity = Severity::Info;
        }
    }
}

/// The pair of figures that a claim about two sentences compares.
fn sentences(claim: &Claim) -> Option<(usize, usize)> {
    match claim.formula {
        Formula::Equal { a, b } if claim.check == TWO_SENTENCES => Some((a, b)),
        _ => None,
    }
}

/// Whether two sentences are of two passages that say several things in the same words: a pattern filled in for one office after the
/// other, so that nothing is said twice.
fn repeated(figures: &Figures, pair: (usize, usize), alike: &[(usize, usize)]) -> bool {
    let block = |i: usize| figures.fact(i).map_or(0, |f| f.block);
    let near = |a: usize, b: usize| block(a).abs_diff(block(b)) <= PASSAGE;
    let indicator = |i: usize| figures.fact(i).and_then(|f| f.indicator.as_deref());
    let others = alike.iter().filter(|(a, b)| {
        near(*a, pair.0) && near(*b, pair.1) && block(*a) != block(*b) && indicator(*a) != indicator(pair.0)
    });
    block(pair.0) != block(pair.1) && others.count() >= 2
}

fn equal(figures: &Figures, a: usize, b: usize) -> bool {
    Formula::Equal { a, b }.holds(figures)
}

fn twins(figures: &Figures, facts: &[usize], out: &mut Vec<Claim>) {
    let (texts, tables): (Vec<usize>, Vec<usize>) = facts.iter().partition(|i| figures.is_text(**i));
    // Rows of one table that map to the same indicator are the mapping's business; the first speaks for its table.
    let mut seen = BTreeSet::new();
    let tables: Vec<usize> =
        tables.into_iter().filter(|i| seen.insert(figures.fact(*i).and_then(|f| f.cell).map(|c| c.0))).collect();
    restated(figures, &texts, out);
    if let Some(first) = tables.first() {
        let met = texts.iter().find(|t| tables.iter().any(|b| equal(figures, **t, *b)));
        let near = |text: usize| tables.iter().copied().find(|b| one_slip(figures, text, *b));
        // Where no sentence meets the table, the one that nearly does speaks of it.
        let mut texts = texts.clone();
        if met.is_none() {
            texts.sort_by_key(|t| near(*t).is_none());
        }
        for text in &texts {
            // The other half of its fraction is what the table prints: the mapping took one for the other.
            let half = figures.link(*text, denominator).filter(|half| tables.iter().any(|b| equal(figures, *half, *b)));
            if half.is_some() && met.is_none() || met.is_none() && is_base(figures, *text) && printed(figures, *text) {
                continue;
            }
            if let Some(table) = tables.iter().find(|b| equal(figures, *text, **b)) {
                out.push(Claim::new(
                    "cross/narrative-vs-table",
                    Formula::Equal { a: *text, b: *table },
                    Severity::Warning,
                    Origin::Twin,
                ));
            } else if met.is_none() {
                let first = &near(*text).unwrap_or(*first);
                // Sentences that agree with each other are told together.
                for same in texts.iter().filter(|t| *t == text || figures.value(**t) == figures.value(*text)) {
                    out.push(Claim::new(
                        name(figures, *same, *first),
                        Formula::Equal { a: *same, b: *first },
                        Severity::Warning,
                        Origin::Twin,
                    ));
                }
                break;
            } else if let Some(table) = tables.iter().find(|b| slipped(figures, *text, **b)) {
                // Another sentence agrees with the table, and this one nearly does.
                out.push(Claim::new(
                    name(figures, *text, *table),
                    Formula::Equal { a: *text, b: *table },
                    Severity::Warning,
                    Origin::Twin,
                ));
            } else if let Some(table) = near(*text)
                && only(figures, *text)
                && (is_base(figures, *text) || digits(figures, *text).max(digits(figures, table)) >= LONG_HERE)
            {
                // Shorter ones may be of part of the scope: told, nobody is accused.
                let formula = Formula::Equal { a: *text, b: table };
                out.push(Claim::new(name(figures, *text, table), formula, Severity::Info, Origin::Twin));
            }
        }
        for other in &tables[1..] {
            out.push(Claim::new(TWO_TABLES, Formula::Equal { a: *first, b: *other }, Severity::Warning, Origin::Twin));
        }
    } else if let Some((first, rest)) = texts.split_first() {
        let words = |i: usize| figures.fact(i).is_some_and(|f| f.status == Status::None);
        for other in rest {
            // Nothing said in words beside something in figures is no matter of scope.
            let denied = words(*first) != words(*other);
            if !denied && parallel(figures, *first, *other) {
                continue;
            }
            if !denied && !equal(figures, *first, *other) && figures.label(*first) != figures.label(*other) {
                continue;
            }
            let severity = if denied { Severity::Warning } else { Severity::Info };
            let check = if denied { "cross/claim-vs-figure" } else { TWO_SENTENCES };
            out.push(Claim::new(check, Formula::Equal { a: *first, b: *other }, severity, Origin::Twin));
        }
    }
}

/// A count and what a fraction behind it is one of (`chỉ ra 14 tồn tại; 11/14 tồn tại đã khắc phục`), a longer count said twice in one
/// passage in the same words, a long one said twice anywhere: the same thing, unless more than a slip lies between them.
fn restated(figures: &Figures, texts: &[usize], out: &mut Vec<Claim>) {
    let block = |i: usize| figures.fact(i).map_or(0, |f| f.block);
    for (at, second) in texts.iter().enumerate() {
        let fraction = is_base(figures, *second);
        let told = |first: usize| {
            let apart = block(first).abs_diff(block(*second));
            let noun = || figures.same_noun(first, *second);
            if fraction {
                // One sentence says `tồn tại` of what the next calls `nội dung`.
                apart == 0 || apart <= BESIDE && noun()
            } else {
                let at_least = |n: u128| [first, *second].iter().all(|i| digits(figures, *i) >= n);
                let here = at_least(LONG_HERE) && apart <= 1 && alike(figures, first, *second);
                noun() && (here || digits(figures, first).max(digits(figures, *second)) >= LONG)
            }
        };
        let firsts = || {
            let before = texts[..at].iter().rev().copied();
            // The upper half of a fraction is not what it is a fraction of.
            let half = |i: usize| is_base(figures, i) || figures.link(i, denominator).is_some();
            before.filter(move |i| !half(*i) && !quotes(figures, *i) && told(*i))
        };
        if quotes(figures, *second) || figures.link(*second, denominator).is_some() {
            continue;
        }
        let same = firsts().find(|i| equal(figures, *i, *second));
        if let Some(first) = same.or_else(|| firsts().find(|i| one_slip(figures, *i, *second))) {
            let formula = Formula::Equal { a: first, b: *second };
            out.push(Claim::new(TWO_SENTENCES, formula, Severity::Warning, Origin::Twin));
        }
    }
}

/// Whether one label says no more than the other.
fn alike(figures: &Figures, a: usize, b: usize) -> bool {
    let (a, b) = (figures.label(a), figures.label(b));
    a.len() > 2 && b.len() > 2 && (a.contains(b) || b.contains(a))
}

/// Whether a figure is quoted from another document, perhaps in order to put it right.
fn quotes(figures: &Figures, i: usize) -> bool {
    let label = figures.label(i);
    [" nêu tại ", " báo cáo số ", " đính chính "].iter().any(|w| label.contains(w))
}

/// Whether no other figure of the document has this value: a count of other things is seldom printed once.
fn only(figures: &Figures, i: usize) -> bool {
    !(0..figures.len()).any(|k| k != i && figures.value(k) == figures.value(i) && figures.same_noun(k, i))
}

/// The digits of a figure, without noughts at its end.
fn digits(figures: &Figures, i: usize) -> u128 {
    figures.value(i).map_or(0, |v| v.normalize().mantissa().unsigned_abs())
}

/// Whether a figure is what another is a fraction of: its words say less than its place.
fn is_base(figures: &Figures, text: usize) -> bool {
    let before = text.checked_sub(1).and_then(|i| figures.link(i, denominator));
    before == Some(text)
}

/// Whether a table prints this value of the same noun and level, under whatever name.
fn printed(figures: &Figures, text: usize) -> bool {
    let level = |i: usize| figures.fact(i).and_then(|f| f.level);
    (0..figures.len()).any(|i| {
        !figures.is_text(i) && level(i) == level(text) && figures.same_noun(i, text) && equal(figures, i, text)
    })
}

/// Whether two figures lie one slip apart, and are long enough that this is no chance.
fn slipped(figures: &Figures, a: usize, b: usize) -> bool {
    digits(figures, a).max(digits(figures, b)) >= LONG && one_slip(figures, a, b)
}

/// Whether two figures of one kind lie one slip apart.
fn one_slip(figures: &Figures, a: usize, b: usize) -> bool {
    let Some((print, other)) = figures.print(a).zip(figures.print(b)) else { return false };
    let same = figures.fact(a).map(|f| f.kind) == figures.fact(b).map(|f| f.kind);
    same && edits::is_slip(print, other)
}

/// Whether two figures are parts of different wholes: lists of the same pattern for one office after the other.
fn parallel(figures: &Figures, a: usize, b: usize) -> bool {
    let whole = |i: usize| {
        let above = |i: &usize| figures.link(*i, part_of).filter(|w| w != i);
        std::iter::successors(Some(i), above).take(DEPTH).last().filter(|w| *w != i)
    };
    whole(a).zip(whole(b)).is_some_and(|(a, b)| !equal(figures, a, b))
}

fn name(figures: &Figures, text: usize, table: usize) -> &'static str {
    let words = |i: usize| figures.fact(i).is_some_and(|f| f.status == Status::None);
    if words(text) != words(table) { "cross/claim-vs-figure" } else { "cross/narrative-vs-table" }
}
