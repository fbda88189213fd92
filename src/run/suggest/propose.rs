//! Groups of unmapped wordings + rules → what to add to the rules for each: another wording of a form's row, a new row between its
//! neighbours, a phrase for a known indicator, or a new indicator with its phrase. Each proposal is tried together with the rules
//! before it is given out: one whose own example does not map, or that takes a figure from another phrase's example, says so.

use crate::map::examples;
use crate::model::Kind;
use crate::rules::{Basis, FormRow, Indicator, Phrase, RuleSet};
use crate::run::suggest::cues;
use crate::run::suggest::groups::{EMPTY_WORDS, Group};
use crate::run::suggest::nearest::{Index, Origin};
use crate::run::suggest::wordings::{Example, Wording};
use crate::text::fold::{bare, fold, tokens};
use crate::text::number::{UnitKind, unit_kind};
use std::collections::{BTreeMap, HashSet};

/// From here on a wording is taken to mean what the nearest known one means. Of the corpus's gaps, those that a person maps to an
/// existing indicator score 0.62 to 0.97, those that need a new one 0.2 to 0.6.
const MEANS: f64 = 0.62;
/// The same for a row of the very form that its neighbours belong to.
const MEANS_IN_FORM: f64 = 0.55;
/// Share of a wording's occurrences that must stand between rows of one form.
const IN_FORM: f64 = 0.5;

/// What to do about a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Advice {
    /// Another wording of a row: form, key.
    Also(String, String),
    /// A new row of a form, after the row with this key.
    Row(String, String, Box<FormRow>),
    /// Words of sentences, or of tables that no form describes.
    Phrase,
    /// The row is known as a heading: form, key. Nothing to add.
    Heading(String, String),
    /// A row answered in words, in a table that no form describes: only a form maps such rows.
    Form,
    /// Neither label nor sentence says what the figure is.
    Unclear,
}

/// One group with its proposal.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The most frequent wording.
    pub label: String,
    /// Other wordings, most frequent first, up to three.
    pub others: Vec<String>,
    /// Number of wordings in all.
    pub wordings: usize,
    /// Facts and documents.
    pub facts: u64,
    /// See `facts`.
    pub documents: usize,
    /// Whether it is a table's row.
    pub table: bool,
    /// What its figures are.
    pub kind: Kind,
    /// Up to three places where it was found.
    pub examples: Vec<Example>,
    /// The nearest known wording: text, indicator (None for a heading), score.
    pub nearest: Option<(String, Option<String>, f64)>,
    /// What to do.
    pub advice: Advice,
    /// The indicator that it reports, if one of the rules' does.
    pub indicator: Option<String>,
    /// The indicator to register.
    pub new: Option<Indicator>,
    /// The phrase to add.
    pub phrase: Option<Phrase>,
    /// Why the proposal does not work as it stands.
    pub fails: Option<String>,
}

/// Proposals for the first `most` groups.
pub fn propose(wordings: &[Wording], groups: &[Group], rules: &RuleSet, most: usize) -> Vec<Proposal> {
    let index = Index::new(rules);
    let mut names = Names {
        indicators: rules.indicators.keys().cloned().collect(),
        phrases: rules.phrases.iter().map(|p| p.id.clone()).collect(),
        rows: HashSet::new(),
    };
    let mut proposals: Vec<Proposal> =
        groups.iter().take(most).map(|group| one(wordings, group, rules, &index, &mut names)).collect();
    try_out(&mut proposals, rules);
    proposals
}

struct Names {
    indicators: HashSet<String>,
    phrases: HashSet<String>,
    rows: HashSet<(String, String)>,
}

fn one(wordings: &[Wording], group: &Group, rules: &RuleSet, index: &Index, names: &mut Names) -> Proposal {
    let members: Vec<&Wording> = group.members.iter().map(|m| &wordings[*m]).collect();
    let leader = members[0];
    let mut examples: Vec<Example> = Vec::new();
    for example in members.iter().flat_map(|m| &m.examples) {
        if examples.len() < 3 && (examples.is_empty() || examples.iter().all(|e| e.doc_id != example.doc_id)) {
            examples.push(example.clone());
        }
    }
    let kind = kind_of(leader);
    let near = index.nearest(&leader.label, kind, 8);
    let mut proposal = Proposal {
        label: leader.label.clone(),
        others: members.iter().skip(1).take(3).map(|m| m.label.clone()).collect(),
        wordings: members.len(),
        facts: group.facts,
        documents: group.documents,
        table: leader.table,
        kind,
        examples,
        nearest: near.first().map(|n| (n.known.text.clone(), n.known.indicator.map(String::from), n.score)),
        advice: Advice::Phrase,
        indicator: None,
        new: None,
        phrase: None,
        fails: None,
    };
    let unit = usual(members.iter().map(|m| &m.units)).map(|(unit, _)| unit).unwrap_or_default();
    let place = place(&members, rules);
    // A row of the form it stands in, known there by other words or as a heading.
    if let Some(place) = &place {
        let here = near.iter().find(|n| matches!(n.known.origin, Origin::Row(form, _) if form == place.form));
        if let Some(near) = here.filter(|n| n.score >= MEANS_IN_FORM)
            && let Origin::Row(form, row) = near.known.origin
        {
            let (form, row) = (&rules.forms[form], &rules.forms[form].rows[row]);
            proposal.nearest = Some((near.known.text.clone(), row.indicator.clone(), near.score));
            proposal.indicator = row.indicator.clone();
            proposal.advice = match &row.indicator {
                Some(_) => Advice::Also(form.id.clone(), row.key.clone()),
                None => Advice::Heading(form.id.clone(), row.key.clone()),
            };
            return proposal;
        }
    }
    let named = near.iter().find(|n| n.known.indicator.is_some());
    let series = place.as_ref().and_then(|p| p.series.as_ref());
    let means = named.filter(|n| n.score >= MEANS).and_then(|n| n.known.indicator);
    let means = means.or(series.map(|(id, _)| id.as_str()));
    proposal.indicator = means.map(String::from);
    if let Some(near) = near.first().filter(|n| n.known.indicator.is_none() && n.score >= 0.85)
        && let Origin::Row(form, row) = near.known.origin
        && means.is_none()
    {
        let form = &rules.forms[form];
        proposal.advice = Advice::Heading(form.id.clone(), form.rows[row].key.clone());
        return proposal;
    }
    if place.is_none() && kind == Kind::Text {
        proposal.advice = Advice::Form;
        return proposal;
    }
    if means.is_none() && says_little(leader) {
        proposal.advice = Advice::Unclear;
        return proposal;
    }
    let field = means
        .or(place.as_ref().and_then(|p| p.field.as_deref()))
        .or(named.and_then(|n| n.known.indicator))
        .and_then(|id| id.split('.').next())
        .unwrap_or("steering");
    if means.is_none() {
        let Some(new) = indicator(leader, kind, &unit, field, names) else {
            proposal.advice = Advice::Unclear;
            return proposal;
        };
        proposal.indicator = Some(new.id.clone());
        proposal.new = Some(new);
    }
    let id = proposal.indicator.clone().unwrap_or_default();
    match place {
        Some(place) => {
            let form = &rules.forms[place.form];
            let row = row(leader, &place, &id, &unit, rules, names);
            proposal.advice = Advice::Row(form.id.clone(), place.after, Box::new(row));
        }
        None => match phrase(leader, &members, kind, &id, &unit, names) {
            Some(mut phrase) => {
                phrase.miss = miss(&phrase, &near, rules);
                proposal.phrase = Some(phrase);
            }
            None => {
                proposal.new = None;
                proposal.advice = Advice::Unclear;
            }
        },
    }
    proposal
}

/// Whether a label has too few words to stand for something by itself: a clause that a figure was cut out of needs one more than a row.
fn says_little(wording: &Wording) -> bool {
    const TIME: [&str; 7] = ["năm", "tháng", "quí", "đến", "nay", "kì", "ngày"];
    let says = |word: &&String| !EMPTY_WORDS.contains(&word.as_str()) && !TIME.contains(&word.as_str());
    wording.words.iter().filter(says).count() < if wording.table { 2 } else { 3 } || wording.words.concat() == "tổngsố"
}

/// What the figures are, a unit that says more heard first.
fn kind_of(wording: &Wording) -> Kind {
    let unit = usual(std::iter::once(&wording.units)).map(|(unit, _)| unit).unwrap_or_default();
    match (wording.kind, unit_kind(&unit)) {
        (Kind::Count, _) if matches!(fold(&unit).trim(), "m2" | "ha" | "km2" | "mét vuông") => Kind::Area,
        (Kind::Count, UnitKind::Percent) => Kind::Percent,
        (kind, _) => kind,
    }
}

fn usual<'a>(counts: impl Iterator<Item = &'a BTreeMap<String, u64>>) -> Option<(String, u64)> {
    let mut all: BTreeMap<&str, u64> = BTreeMap::new();
    for (key, count) in counts.flatten() {
        *all.entry(key).or_default() += count;
    }
    let most = all.into_iter().fold(None, |best: Option<(&str, u64)>, (key, count)| match best {
        Some((_, top)) if top >= count => best,
        _ => Some((key, count)),
    });
    most.map(|(key, count)| (key.to_string(), count))
}

/// The form that a wording stands in, and after which of its rows.
struct Place {
    form: usize,
    after: String,
    parent: String,
    field: Option<String>,
    /// The indicator that the rows beside it share, told apart by these dimensions (the goals of a programme, the media of a campaign).
    series: Option<(String, Vec<String>)>,
}

fn place(members: &[&Wording], rules: &RuleSet) -> Option<Place> {
    let facts: u64 = members.iter().map(|m| m.facts).sum();
    let above = usual(members.iter().map(|m| &m.above));
    let below = usual(members.iter().map(|m| &m.below));
    let find = |name: &str| {
        let (id, key) = name.split_once('/')?;
        let form = rules.forms.iter().position(|f| f.id == id)?;
        Some((form, rules.forms[form].rows.iter().position(|r| r.key == key)?))
    };
    let often = |count: u64| count as f64 >= IN_FORM * facts as f64;
    let up = above.filter(|(_, count)| often(*count)).and_then(|(name, _)| find(&name));
    let down = below.filter(|(_, count)| often(*count)).and_then(|(name, _)| find(&name));
    let (form, above, below) = match (up, down) {
        (Some((form, row)), Some((other, next))) if form == other => (form, Some(row), Some(next)),
        (Some((form, row)), None) => (form, Some(row), None),
        (None, Some((form, next))) => (form, None, Some(next)),
        _ => return None,
    };
    let rows = &rules.forms[form].rows;
    let after = above.or(below.and_then(|b| b.checked_sub(1))).map(|row| rows[row].key.clone()).unwrap_or_default();
    let beside = below.or(above)?;
    let field = [above, below].into_iter().flatten().find_map(|row| rows[row].indicator.clone());
    let before = above.and_then(|a| a.checked_sub(1));
    let series = [(before, above), (above, below)].into_iter().find_map(|(a, b)| {
        let (a, b) = (&rows[a?], &rows[b?]);
        let keys = |row: &FormRow| row.dims.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>();
        let same = a.indicator == b.indicator && a.dims != b.dims && !a.dims.is_empty() && keys(a) == keys(b);
        a.indicator.clone().filter(|_| same).map(|id| (id, keys(a)))
    });
    Some(Place { form, after, parent: rows[beside].parent.clone(), field, series })
}

/// The label as the table prints it: without the label of the row above, which the mapper puts before short ones.
fn printed(wording: &Wording) -> String {
    let cells = wording.examples.first().map(|e| e.quote.as_str()).unwrap_or_default().split(" | ");
    let own = cells.filter(|cell| cell.len() > 2 && wording.label.ends_with(cell)).max_by_key(|cell| cell.len());
    own.unwrap_or(&wording.label).trim().to_string()
}

fn row(leader: &Wording, place: &Place, id: &str, unit: &str, rules: &RuleSet, names: &mut Names) -> FormRow {
    let form = &rules.forms[place.form];
    let stt: Vec<String> = leader
        .examples
        .first()
        .and_then(|e| e.quote.split(" | ").next())
        .map(|cell| cell.trim().trim_end_matches('.'))
        .filter(|cell| cell.len() <= 8 && cell.starts_with(|c: char| c.is_ascii_digit()) && *cell != leader.label)
        .map(String::from)
        .into_iter()
        .collect();
    let base = if place.after.is_empty() { "new".to_string() } else { format!("{}+", place.after) };
    let taken =
        |key: &String| form.rows.iter().any(|r| r.key == *key) || names.rows.contains(&(form.id.clone(), key.clone()));
    let keys = std::iter::once(base.clone()).chain((2..).map(|n| format!("{base}{n}")));
    let key = keys.take(1000).find(|key| !taken(key)).unwrap_or(base);
    names.rows.insert((form.id.clone(), key.clone()));
    FormRow {
        key,
        stt,
        parent: place.parent.clone(),
        labels: vec![printed(leader)],
        unit: unit.to_string(),
        domain: Vec::new(),
        indicator: Some(id.to_string()),
        why: String::new(),
        level: None,
        dims: match &place.series {
            Some((series, keys)) if series == id => keys.iter().map(|key| (key.clone(), "?".to_string())).collect(),
            _ => Vec::new(),
        },
        text: leader.kind == Kind::Text,
    }
}

/// A new indicator; None where the label has no words to name it by.
fn indicator(leader: &Wording, kind: Kind, unit: &str, field: &str, names: &mut Names) -> Option<Indicator> {
    let label = if leader.table { printed(leader) } else { leader.label.clone() };
    let label = label.trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_string();
    let plain = bare(&label);
    let words: Vec<&str> = tokens(&plain)
        .filter(|w| w.bytes().all(|b| b.is_ascii_alphabetic()))
        .filter(|w| !EMPTY_WORDS.iter().any(|empty| bare(empty) == *w))
        .take(6)
        .collect();
    if words.len() < 2 {
        return None;
    }
    let id = unused(&format!("{field}.{}", words.join("_")), "_", &names.indicators);
    names.indicators.insert(id.clone());
    let unit = match kind {
        Kind::Percent => "%".to_string(),
        Kind::Money => "VND".to_string(),
        Kind::Score => "điểm".to_string(),
        Kind::Code | Kind::Text | Kind::Rank => String::new(),
        _ if unit.is_empty() => "?".to_string(),
        _ => unit.to_lowercase(),
    };
    Some(Indicator {
        id,
        vi: label,
        en: "?".to_string(),
        brief: "?".to_string(),
        unit,
        kind,
        basis: Basis::Period,
        accumulates: false,
        adds_up: false,
        dims: Vec::new(),
        was: Vec::new(),
    })
}

fn unused(name: &str, joint: &str, taken: &HashSet<String>) -> String {
    let names = std::iter::once(name.to_string()).chain((2..).map(|n| format!("{name}{joint}{n}")));
    names.take(100_000).find(|name| !taken.contains(name)).unwrap_or_default()
}

fn phrase(
    leader: &Wording,
    members: &[&Wording],
    kind: Kind,
    id: &str,
    unit: &str,
    names: &mut Names,
) -> Option<Phrase> {
    let name = id.split_once('.').map_or(id, |(_, rest)| rest).replace(['.', '_'], "-");
    let mut phrase = Phrase::default();
    if leader.table {
        let label = printed(leader);
        let raw = leader.examples.first().map(|e| e.raw.as_str()).unwrap_or("1");
        let spoken =
            |unit: &str| if unit.is_empty() || raw.ends_with(unit) { String::new() } else { format!(" {unit}") };
        match label.rsplit_once(": ").filter(|_| label == leader.label) {
            // The column's head names the figure, its row the thing.
            Some((row, head)) => {
                phrase.own = vec![vec![cues::short(head)?]];
                phrase.lead = vec![vec![cues::short(row)?]];
                phrase.hit = vec![format!("{row} // {head}: «{raw}»{}", spoken(unit))];
            }
            None => {
                let alternatives = members.iter().filter_map(|m| cues::short(&printed(m))).take(4);
                let mut own: Vec<String> = Vec::new();
                for cue in alternatives {
                    if !own.iter().any(|known| fold(known) == fold(&cue)) {
                        own.push(cue);
                    }
                }
                phrase.own = vec![own];
                phrase.hit = vec![format!("{label}: «{raw}»{}", spoken(unit))];
            }
        }
    } else {
        let found: Vec<cues::Cues> =
            members.iter().flat_map(|m| &m.examples).filter_map(|e| cues::of(&e.quote, &e.raw, unit)).take(4).collect();
        let first = found.first()?;
        let mut own: Vec<String> = Vec::new();
        for cue in found.iter().map(|f| &f.own) {
            if !cue.is_empty() && !own.iter().any(|known| fold(known) == fold(cue)) {
                own.push(cue.clone());
            }
        }
        if !own.is_empty() {
            phrase.own = vec![own];
        }
        if !first.noun.is_empty() && kind != Kind::Percent {
            phrase.noun = vec![first.noun.clone()];
        }
        phrase.hit = found.iter().take(2).map(|f| f.example.clone()).collect();
    }
    if phrase.own.iter().all(Vec::is_empty) && phrase.noun.is_empty() {
        return None;
    }
    phrase.id = unused(&name, "-s", &names.phrases);
    names.phrases.insert(phrase.id.clone());
    let role = if kind == Kind::Percent { &mut phrase.rate } else { &mut phrase.count };
    *role = Some(id.to_string());
    Some(phrase)
}

/// A text that the phrase must not take: the example of the nearest other phrase that does not say its words.
fn miss(phrase: &Phrase, near: &[crate::run::suggest::nearest::Near], rules: &RuleSet) -> Vec<String> {
    let says = |text: &str| {
        let folded = format!(" {} ", fold(&text.replace(['«', '»'], "")));
        let holds = |cue: &String| folded.contains(&format!(" {} ", fold(cue).trim()));
        phrase.own.iter().all(|any| any.iter().any(holds)) && (phrase.noun.is_empty() || phrase.noun.iter().any(holds))
    };
    let of = |at: usize| rules.phrases[at].hit.iter().find(|hit| !says(hit));
    let nearest = near.iter().find_map(|n| match n.known.origin {
        Origin::Phrase(at) => of(at),
        _ => None,
    });
    nearest.or_else(|| (0..rules.phrases.len()).find_map(of)).cloned().into_iter().collect()
}

/// Adds all proposals to the rules and runs every example.
fn try_out(proposals: &mut [Proposal], rules: &RuleSet) {
    if proposals.iter().all(|p| p.phrase.is_none()) {
        return;
    }
    let mut wider = rules.clone();
    for proposal in proposals.iter() {
        if let Some(new) = &proposal.new {
            wider.indicators.insert(new.id.clone(), new.clone());
        }
        wider.phrases.extend(proposal.phrase.clone());
    }
    let faults = examples::run(&wider);
    for proposal in proposals.iter_mut() {
        let Some(phrase) = &proposal.phrase else { continue };
        let (own, other) = (format!("phrases ({})", phrase.id), format!("\"phrase/{}\"", phrase.id));
        let fault =
            faults.iter().find(|f| f.file == own).or_else(|| faults.iter().find(|f| f.message.contains(&other)));
        proposal.fails = fault.map(|f| format!("{}: {}", f.file, f.message));
    }
}
