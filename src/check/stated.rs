//! What the document's own words state: `a/b`, `a (x%)`, `trong đó … a, b, c`, `còn`, `giảm`, and that a share is at most 100.
//!
//! In: facts with `Denominator`, `PercentOf`, `Base`, `PartOf`, `RestOf` links. Out: claims. Where the words leave the base or the
//! parts open, every plausible reading is tried and the author is believed if one holds.

use super::claim::{Claim, Formula, Note, Origin};
use super::figures::{Figures, base, denominator, part_of, percent_of, rest_of};
use super::hierarchy::{is_open, overlaps, without_early};
use super::words::{self, Cover};
use crate::model::{Kind, Severity};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// How many figures before a `còn`, `giảm` its whole may stand.
const REACH: usize = 8;
/// Longest list of parts looked at.
const MAX_PARTS: usize = 40;

/// Claims of sentences and of fractions in cells.
pub(crate) fn claims(figures: &Figures, out: &mut Vec<Claim>) {
    let mut shares: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut lists: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in 0..figures.len() {
        for whole in figures.links(i, denominator) {
            order(figures, i, whole, out);
        }
        if figures.is_percent(i) {
            range(figures, i, out);
            let period = |i: usize| figures.fact(i).and_then(|f| f.period);
            match figures.link(i, percent_of) {
                // `96,53% (năm 2020: 95,17%)`: the rate of another time.
                Some(part) if period(part) != period(i) && figures.link(i, base).is_none() => {}
                Some(part) => shares.entry(part).or_default().push(i),
                None => possible(figures, i, out),
            }
        }
        for whole in figures.links(i, part_of) {
            lists.entry(whole).or_default().push(i);
        }
        for whole in figures.links(i, rest_of) {
            rest(figures, i, whole, out);
        }
        change(figures, i, out);
    }
    for (part, rates) in &shares {
        share(figures, *part, rates, out);
    }
    for (whole, parts) in lists {
        let parts: Vec<usize> = parts.into_iter().filter(|p| figures.has_value(*p)).take(MAX_PARTS).collect();
        list(figures, whole, &parts, &shares, out);
    }
}

/// `a/b`: a ≤ b, unless a percentage beside it says that more was done than planned.
fn order(figures: &Figures, part: usize, whole: usize, out: &mut Vec<Claim>) {
    if !figures.is_count(part) || !figures.is_count(whole) {
        return;
    }
    let larger = figures.value(part) > figures.value(whole);
    if larger
        && (surpasses(figures, part, whole)
            || figures.fact(part).is_some_and(|f| words::is_index(&words::padded(clause(&f.quote, &f.raw)))))
    {
        return;
    }
    out.push(Claim::new("order/fraction", Formula::AtMost { part, whole }, Severity::Warning, Origin::Stated));
}

/// The clause of a sentence that a print stands in: what is said of a plan before it (`theo Kế hoạch số 15; xử lý 7/9 kiến nghị`) is not said of it.
fn clause<'q>(quote: &'q str, raw: &str) -> &'q str {
    const ENDS: [&str; 3] = ["; ", ". ", ": "];
    let Some(at) = quote.find(raw) else { return quote };
    let start = ENDS.iter().filter_map(|e| quote[..at].rfind(e).map(|i| i + e.len())).max().unwrap_or(0);
    let end = at + raw.len();
    let stop = ENDS.iter().filter_map(|e| quote[end..].find(e).map(|i| i + end)).min().unwrap_or(quote.len());
    &quote[start..stop]
}

/// Whether a percentage beside a fraction says that more was done than planned.
fn surpasses(figures: &Figures, part: usize, whole: usize) -> bool {
    (part.saturating_sub(2)..(whole + 4).min(figures.len())).any(|i| {
        figures.link(i, percent_of) == Some(part) && figures.value(i).is_some_and(|v| v > Decimal::ONE_HUNDRED)
    })
}

/// A share is at most 100 unless its words make it an index.
fn range(figures: &Figures, i: usize, out: &mut Vec<Claim>) {
    let Some(fact) = figures.fact(i) else { return };
    if fact.kind == Kind::Change || figures.value(i).is_none_or(|v| v <= Decimal::ONE_HUNDRED) {
        return;
    }
    // Another figure of the row is more than its base, and these are its percents: done over planned.
    if !figures.is_text(i) && of_its_row(figures, i) {
        return;
    }
    let words_of = if figures.is_text(i) { words::padded(&fact.quote) } else { figures.label(i).to_owned() };
    if fact.kind == Kind::Percent && !words::is_index(figures.label(i)) && !words::is_index(&words_of) {
        let bound = Formula::Bound { fact: i, low: Some(Decimal::ZERO), high: Some(Decimal::ONE_HUNDRED) };
        out.push(Claim::new("range/percent", bound, Severity::Warning, Origin::Stated));
    }
}

/// Whether two amounts of a percentage's table row give it.
fn of_its_row(figures: &Figures, rate: usize) -> bool {
    let row = |i: usize| figures.fact(i).and_then(|f| f.cell).map(|(table, row, _)| (table, row));
    let amounts: Vec<usize> = (rate.saturating_sub(REACH)..(rate + REACH).min(figures.len()))
        .filter(|i| *i != rate && row(*i) == row(rate) && !figures.is_percent(*i) && figures.has_value(*i))
        .collect();
    let fits = |part: usize, base: usize| {
        let formula = Formula::Ratio { rate, part, base };
        part != base && formula.holds(figures)
    };
    amounts.iter().any(|part| amounts.iter().any(|base| fits(*part, *base)))
}

/// `7.842 lượt, tăng 737 lượt so với năm 2019 (7.105 lượt)`: what is said to have been added lies between the two.
fn change(figures: &Figures, i: usize, out: &mut Vec<Claim>) {
    let Some(fact) = figures.fact(i).filter(|f| f.kind == Kind::Change && !f.raw.contains('%')) else { return };
    let Some(by) = figures.value(i).filter(|_| figures.is_text(i)) else { return };
    let block = |k: &usize| figures.fact(*k).is_some_and(|f| f.block == fact.block && f.kind != Kind::Change);
    let near = i.saturating_sub(REACH)..(i + 3).min(figures.len());
    let same = |k: &usize| *k != i && block(k) && figures.same_noun(*k, i);
    let amounts: Vec<usize> = near.filter(|k| same(k) && figures.has_value(*k)).collect();
    let down = by.is_sign_negative() || words::is_less(figures.label(i));
    let formula = |now: usize, then: usize| match (down, by.is_sign_negative()) {
        (true, false) => Formula::Sum { total: then, parts: vec![now, i], exact: true },
        _ => Formula::Sum { total: now, parts: vec![then, i], exact: true },
    };
    let kind = |k: usize| figures.fact(k).map(|f| f.kind);
    let pairs = || amounts.iter().flat_map(|now| amounts.iter().map(move |then| (*now, *then)));
    let pairs = || pairs().filter(|(now, then)| now != then && *now < i && kind(*now) == kind(*then));
    let holds = |formula: &Formula| formula.holds(figures);
    if let Some(found) = pairs().map(|(now, then)| formula(now, then)).find(holds) {
        return out.push(Claim::evidence("difference/change", found, Origin::Stated));
    }
    // Accused only where both are the same thing, of two times, and nothing else in reach is.
    let same = |(now, then): &(usize, usize)| {
        let what = |k: usize| figures.fact(k).map(|f| (f.indicator.as_deref(), f.level, &f.dims));
        let when = |k: usize| figures.fact(k).and_then(|f| f.period).map(|p| p.end);
        what(*now).is_some_and(|w| w.0.is_some()) && what(*now) == what(*then) && when(*now) > when(*then)
    };
    let alike: Vec<(usize, usize)> = pairs().filter(same).collect();
    if let [(now, then)] = alike[..] {
        out.push(Claim::new("difference/change", formula(now, then), Severity::Warning, Origin::Stated));
    }
}

/// A percentage of a stated base whose part is not printed: some whole number must give it.
fn possible(figures: &Figures, rate: usize, out: &mut Vec<Claim>) {
    if let Some(base) = figures.link(rate, base).filter(|b| figures.is_count(*b))
        && figures.value(base).is_some_and(|v| v > Decimal::ZERO && v <= Decimal::ONE_THOUSAND)
    {
        out.push(Claim::new("ratio/impossible", Formula::Possible { rate, base }, Severity::Info, Origin::Stated));
    }
}

/// The percentages printed of one figure.
fn share(figures: &Figures, part: usize, rates: &[usize], out: &mut Vec<Claim>) {
    let holds = |rate: usize, base: usize| Formula::Ratio { rate, part, base }.holds(figures);
    // A plan for half a year and one for the year: two percentages of one figure have two bases, one of them unprinted.
    let fraction = figures.link(part, denominator);
    let settled = rates.len() > 1 && fraction.is_some_and(|b| rates.iter().any(|r| holds(*r, b)));
    for rate in rates {
        let stated = figures.link(*rate, base);
        let Some(base) = stated.or(fraction).or_else(|| figures.link(part, part_of)) else { continue };
        if base == part {
            continue;
        }
        if settled && stated.is_none() && !holds(*rate, base) {
            continue;
        }
        let formula = Formula::Ratio { rate: *rate, part, base };
        if holds(*rate, base) {
            out.push(Claim::new("ratio/percent", formula, Severity::Warning, Origin::Stated));
            continue;
        }
        let sure = fraction == Some(base);
        let words_of = figures.fact(*rate).map(|f| words::padded(&f.label)).unwrap_or_default();
        if words::names_other_base(&words_of) || !figures.is_percent(*rate) {
            continue;
        }
        // Not a fraction: the author may have meant another total of the passage.
        let exact = figures.print(*rate).is_some_and(|p| p.unit < Decimal::ONE);
        if !sure && stated.is_none() && nearby(figures, part, exact).any(|b| b != part && holds(*rate, b)) {
            continue;
        }
        let severity = if sure { Severity::Error } else { Severity::Warning };
        let mut claim = Claim::new("ratio/percent", formula, severity, Origin::Stated);
        claim.note = unit_slip(figures, *rate, part, base);
        out.push(claim);
    }
}

/// Counts before a figure that may be the whole it was taken from; of another noun only if the percentage has decimals, which no
/// chance figure fits.
fn nearby<'f>(figures: &'f Figures, i: usize, exact: bool) -> impl Iterator<Item = usize> + 'f {
    let same = move |k: usize| exact || figures.same_noun(k, i);
    (i.saturating_sub(REACH)..(i + 3).min(figures.len()))
        .filter(move |k| figures.is_count(*k) && same(*k) && figures.is_text(*k) == figures.is_text(i))
}

/// A money ratio that fits once one amount is read in another unit.
pub(crate) fn unit_slip(figures: &Figures, rate: usize, part: usize, base: usize) -> Note {
    let money = |i: usize| figures.fact(i).is_some_and(|f| f.kind == Kind::Money);
    if !money(part) || !money(base) {
        return Note::None;
    }
    let fits = |which: usize, power: i32| {
        let at = |i: usize| {
            let print = figures.print(i)?;
            Some(if i == which { super::edits::scaled(print, power)? } else { print })
        };
        Formula::Ratio { rate, part, base }.verdict(&at).holds()
    };
    // The part is tried first: a plan is copied from a decision, what was spent is typed by hand.
    for (which, power) in [(part, 3), (base, -3), (part, 6), (base, -6), (part, -3), (base, 3)] {
        if fits(which, power) {
            return Note::UnitSlip(which, power);
        }
    }
    Note::None
}

/// A list of parts behind a whole: `trong đó`, `gồm`, a bracket.
fn list(figures: &Figures, whole: usize, parts: &[usize], shares: &BTreeMap<usize, Vec<usize>>, out: &mut Vec<Claim>) {
    let Some(total) = figures.value(whole) else { return };
    by_dimension(figures, whole, parts, out);
    let parts: Vec<usize> = parts.iter().copied().filter(|p| is_same_kind(figures, whole, *p)).collect();
    let sum = |exact: bool, parts: Vec<usize>| Formula::Sum { total: whole, parts, exact };
    // A list that makes up the whole is in order whatever its words; where its first parts do, what follows is said of other things.
    if let Some(end) = made_up(figures, total, &parts) {
        let formula = sum(true, parts[..end].to_vec());
        out.push(Claim::evidence("sum/parts", formula, Origin::Stated));
        return;
    }
    if let Some(other) = other_whole(figures, whole, &parts) {
        let formula = Formula::Sum { total: other, parts, exact: true };
        out.push(Claim::evidence("sum/parts", formula, Origin::Stated));
        return;
    }
    let mut at = 0;
    let mut listed = vec![false; parts.len()];
    while at + 1 < parts.len() {
        let Some((end, cover)) = longest_split(figures, whole, &parts, at) else {
            at += 1;
            continue;
        };
        let run = &parts[at..end];
        // Procedures that pass several levels are counted at each of them.
        let loose =
            run.iter().chain([&whole]).any(|p| words::is_linked(figures.label(*p))) || overlaps(figures, total, run);
        if !loose {
            let run = without_early(figures, whole, run.to_vec());
            let exact = cover == Cover::Full && !is_open(figures, whole, &run);
            out.push(Claim::new("sum/parts", sum(exact, run), Severity::Warning, Origin::Stated));
            listed[at..end].fill(true);
        }
        at = end;
    }
    if parts.len() >= 2 && !listed.contains(&true) {
        undivided(figures, whole, total, &parts, shares, out);
    }
    for (part, done) in parts.iter().zip(listed) {
        if !done && figures.same_noun(*part, whole) {
            out.push(Claim::new(
                "subset/part",
                Formula::AtMost { part: *part, whole },
                Severity::Warning,
                Origin::Stated,
            ));
        }
    }
}

/// `phát ra 1.650 phiếu, thu về 1.612 phiếu, chia ra: …`: another figure of the passage that all parts make up.
fn other_whole(figures: &Figures, whole: usize, parts: &[usize]) -> Option<usize> {
    let block = |i: usize| figures.fact(i).map(|f| f.block);
    let first = parts.iter().copied().min()?;
    (whole.saturating_sub(2)..first)
        .filter(|i| *i != whole && block(*i) == block(whole) && !parts.contains(i) && is_same_kind(figures, *i, first))
        .rfind(|i| figures.value(*i).is_some_and(|total| made_up(figures, total, parts) == Some(parts.len())))
}

/// How many of the first parts, at least two, make up the total: the most that do.
fn made_up(figures: &Figures, total: Decimal, parts: &[usize]) -> Option<usize> {
    let mut sum = Decimal::ZERO;
    let mut found = None;
    for (at, part) in parts.iter().enumerate() {
        sum = sum.checked_add(figures.value(*part)?)?;
        if sum == total && at > 0 {
            found = Some(at + 1);
        }
    }
    found
}

/// `75 văn bản, gồm 21 nghị quyết và 54 quyết định`: what is counted as one thing, told apart by one dimension, is split by it.
fn by_dimension(figures: &Figures, whole: usize, parts: &[usize], out: &mut Vec<Claim>) {
    let own = |i: &usize| figures.is_kind_of(*i, whole) && !figures.same_noun(*i, whole);
    let parts: Vec<usize> = parts.iter().copied().filter(own).collect();
    let Some(first) = parts.first().filter(|_| parts.len() > 1) else { return };
    let dims: BTreeSet<_> = parts.iter().filter_map(|i| figures.fact(*i).map(|f| &f.dims)).collect();
    if dims.len() == parts.len() && words::lists_all(figures.label(*first)) {
        let formula = Formula::Sum { total: whole, parts, exact: true };
        out.push(Claim::new("sum/parts", formula, Severity::Warning, Origin::Stated));
    }
}

fn is_same_kind(figures: &Figures, whole: usize, part: usize) -> bool {
    let kind = |i: usize| figures.fact(i).map(|f| f.kind);
    // A rank is a place in a row, and a part of nothing.
    kind(whole) == kind(part) && kind(part) != Some(Kind::Rank) && figures.same_noun(whole, part)
}

fn longest_split(figures: &Figures, whole: usize, parts: &[usize], at: usize) -> Option<(usize, Cover)> {
    for end in (at + 2..=parts.len()).rev() {
        let marks: Vec<_> = parts[at..end].iter().map(|p| figures.marks(*p)).collect();
        if let Some(cover) = words::partition(&marks, figures.marks(whole)) {
            return Some((end, cover));
        }
    }
    None
}

/// Parts whose words do not say that they split the whole.
fn undivided(
    figures: &Figures,
    whole: usize,
    total: Decimal,
    parts: &[usize],
    shares: &BTreeMap<usize, Vec<usize>>,
    out: &mut Vec<Claim>,
) {
    // Shares that make up a hundred say that the parts do.
    let rates: Vec<Decimal> =
        parts.iter().filter_map(|p| shares.get(p)?.first().and_then(|r| figures.value(*r))).collect();
    let all = rates.iter().sum::<Decimal>();
    let about_all = (all - Decimal::ONE_HUNDRED).abs() <= Decimal::new(rates.len() as i64, 1);
    if rates.len() == parts.len() && about_all {
        let formula = Formula::Sum { total: whole, parts: parts.to_vec(), exact: true };
        out.push(Claim::new("sum/parts", formula, Severity::Warning, Origin::Stated));
        return;
    }
    // More than the whole, in one breath, of the same things: told, since the words do not exclude an overlap.
    let one_breath = parts.iter().all(|p| figures.fact(*p).map(|f| f.block) == figures.fact(whole).map(|f| f.block));
    let linked = parts.iter().chain([&whole]).any(|p| words::is_linked(figures.label(*p)));
    if one_breath && !linked && !overlaps(figures, total, parts) {
        let formula = Formula::Sum { total: whole, parts: parts.to_vec(), exact: false };
        out.push(Claim::new("sum/parts", formula, Severity::Info, Origin::Stated));
    }
}

/// What remains of a whole once a part is taken: any part of it will do.
fn rest(figures: &Figures, i: usize, whole: usize, out: &mut Vec<Claim>) {
    let from = i.saturating_sub(REACH);
    let same = |k: &usize| *k != i && figures.is_count(*k) && figures.has_value(*k);
    let mut takers: Vec<usize> = (0..figures.len().min(i + 3))
        .skip(from.min(whole))
        .filter(same)
        .filter(|k| figures.link(*k, denominator) == Some(whole) || figures.links(*k, part_of).any(|w| w == whole))
        .collect();
    let holds = |total: usize, taken: Vec<usize>| {
        let formula = Formula::Sum { total, parts: taken.into_iter().chain([i]).collect(), exact: true };
        formula.holds(figures).then_some(formula)
    };
    let evidence = |formula: Formula| Claim::evidence("difference/rest", formula, Origin::Stated);
    if takers.len() > 1
        && let Some(formula) = holds(whole, takers.clone())
    {
        return out.push(evidence(formula));
    }
    if let Some(formula) = takers.iter().find_map(|t| holds(whole, vec![*t])) {
        return out.push(evidence(formula));
    }
    // The whole may be another figure of the passage: 4.340 received, 4.001 resolved, 339 left.
    let passage: Vec<usize> = (from..i).filter(same).filter(|k| figures.same_noun(*k, i) || *k == whole).collect();
    for total in &passage {
        if let Some(formula) = passage.iter().filter(|t| *t != total).find_map(|t| holds(*total, vec![*t])) {
            return out.push(evidence(formula));
        }
    }
    takers.retain(|t| figures.link(*t, denominator) == Some(whole));
    if let [taker] = takers[..] {
        let formula = Formula::Sum { total: whole, parts: vec![taker, i], exact: true };
        out.push(Claim::new("difference/rest", formula, Severity::Warning, Origin::Stated));
    }
}
