//! What the rules already call things, and which of it a wording is nearest to: rows of forms, names of indicators, the clauses of the
//! phrases' examples.
//!
//! The measure is the mean of two: how alike the words are in order (`text::label`) and how much of their weight both share, rare
//! words weighing more (Dice's coefficient over inverse document frequencies). Only what shares a word that is not everywhere is
//! compared.

use crate::map::phrases::{Role, compatible};
use crate::model::Kind;
use crate::rules::{FormRow, RuleSet};
use crate::text::fold::{Label, bare, tokens};
use std::collections::{BTreeMap, HashMap};

/// A word in more than this share of the candidates finds none.
const EVERYWHERE: f64 = 0.12;
/// Candidates compared for one wording.
const COMPARED: usize = 48;
/// A label of up to this many words is read together with the one above it, as the mapper does.
const SHORT: usize = 4;

/// Where a known wording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Form and row, by index.
    Row(usize, usize),
    /// The indicator's own name, or an earlier one.
    Name,
    /// An example of a phrase, by index.
    Phrase(usize),
}

/// One known wording.
#[derive(Debug)]
pub struct Known<'a> {
    /// Its text.
    pub text: String,
    /// What it reports; None for a heading.
    pub indicator: Option<&'a str>,
    /// Where it stands.
    pub origin: Origin,
    label: Label,
    words: Vec<String>,
    weight: f64,
}

/// All known wordings of a rule set.
pub struct Index<'a> {
    rules: &'a RuleSet,
    known: Vec<Known<'a>>,
    by_word: HashMap<String, Vec<u32>>,
}

/// A known wording and how near it is, 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Near<'a, 'b> {
    /// What is near.
    pub known: &'b Known<'a>,
    /// How near.
    pub score: f64,
}

impl<'a> Index<'a> {
    /// Collects what the rules call things.
    pub fn new(rules: &'a RuleSet) -> Index<'a> {
        let mut texts: Vec<(String, Option<&'a str>, Origin)> = Vec::new();
        for (at, form) in rules.forms.iter().enumerate() {
            for (nth, row) in form.rows.iter().enumerate() {
                let parent = form.rows.iter().find(|r| !row.parent.is_empty() && r.key == row.parent);
                for label in &row.labels {
                    texts.push((with_parent(label, parent), row.indicator.as_deref(), Origin::Row(at, nth)));
                }
            }
        }
        let mut ids: Vec<&'a String> = rules.indicators.keys().collect();
        ids.sort();
        for id in ids {
            let indicator = &rules.indicators[id];
            for name in std::iter::once(&indicator.vi).chain(&indicator.was) {
                texts.push((name.clone(), Some(id), Origin::Name));
            }
        }
        for (at, phrase) in rules.phrases.iter().enumerate() {
            let id = [Role::Count, Role::Rate, Role::Base].into_iter().find_map(|role| phrase.indicator(role));
            for hit in &phrase.hit {
                texts.push((clause(hit), id, Origin::Phrase(at)));
            }
        }
        let mut by_word: HashMap<String, Vec<u32>> = HashMap::new();
        let mut known: Vec<Known<'a>> = Vec::with_capacity(texts.len());
        for (text, indicator, origin) in texts {
            let words = words(&text);
            for word in &words {
                by_word.entry(word.clone()).or_default().push(known.len() as u32);
            }
            known.push(Known { label: Label::new(&text), text, indicator, origin, words, weight: 0.0 });
        }
        let mut index = Index { rules, known, by_word };
        for at in 0..index.known.len() {
            index.known[at].weight = index.known[at].words.iter().map(|w| index.weight(w)).sum();
        }
        index
    }

    fn weight(&self, word: &str) -> f64 {
        let count = self.by_word.get(word).map_or(0, Vec::len) as f64;
        (1.0 + self.known.len() as f64 / (1.0 + count)).ln()
    }

    /// The known wordings nearest to a text that figures of this kind can report, best first; headings too.
    pub fn nearest(&self, text: &str, kind: Kind, most: usize) -> Vec<Near<'a, '_>> {
        // A label under another (`parent: label`) may be known by its own words alone.
        let tail = text.rsplit_once(": ").map(|(_, tail)| tail).filter(|tail| tail.split_whitespace().count() > 2);
        let mut best: BTreeMap<u32, f64> = BTreeMap::new();
        for (text, worth) in std::iter::once((text, 1.0)).chain(tail.map(|tail| (tail, 0.97))) {
            let words = words(text);
            let weight: f64 = words.iter().map(|w| self.weight(w)).sum();
            let label = Label::new(text);
            let mut shared: HashMap<u32, f64> = HashMap::new();
            let rare = (EVERYWHERE * self.known.len() as f64).max(8.0) as usize;
            for word in &words {
                let Some(found) = self.by_word.get(word).filter(|found| found.len() <= rare) else { continue };
                let weight = self.weight(word);
                for at in found {
                    *shared.entry(*at).or_default() += weight;
                }
            }
            let mut shared: Vec<(u32, f64)> = shared.into_iter().filter(|(at, _)| self.fits(*at, kind)).collect();
            shared.sort_by(|a, b| {
                let dice = |(at, shared): &(u32, f64)| shared / (self.known[*at as usize].weight + weight);
                dice(b).total_cmp(&dice(a)).then(a.0.cmp(&b.0))
            });
            for (at, _) in shared.into_iter().take(COMPARED) {
                let known = &self.known[at as usize];
                let both: f64 =
                    words.iter().filter(|w| known.words.binary_search(w).is_ok()).map(|w| self.weight(w)).sum();
                let dice = 2.0 * both / (weight + known.weight).max(f64::EPSILON);
                let score = worth * 0.5 * (dice + label.similarity(&known.label));
                let place = best.entry(at).or_default();
                *place = place.max(score);
            }
        }
        let mut out: Vec<Near> =
            best.into_iter().map(|(at, score)| Near { known: &self.known[at as usize], score }).collect();
        out.sort_by(|a, b| b.score.total_cmp(&a.score));
        out.truncate(most);
        out
    }

    fn fits(&self, at: u32, kind: Kind) -> bool {
        let Some(id) = self.known[at as usize].indicator else { return true };
        self.rules.indicators.get(id).is_some_and(|known| match kind {
            Kind::Text => matches!(known.kind, Kind::Text | Kind::Code),
            Kind::Code => matches!(known.kind, Kind::Text | Kind::Code | Kind::Count),
            kind => compatible(kind, known.kind) || known.kind == kind,
        })
    }
}

/// A row's label; a short one with that of the row above it.
pub fn with_parent(label: &str, parent: Option<&FormRow>) -> String {
    match parent.and_then(|p| p.labels.first()) {
        Some(above) if label.split_whitespace().count() <= SHORT => format!("{}: {label}", above.trim_end_matches(':')),
        _ => label.to_string(),
    }
}

/// The clause of an example's figure, without the figure.
fn clause(example: &str) -> String {
    let text = example.rsplit(" // ").next().unwrap_or_default();
    let (before, rest) = text.split_once('«').unwrap_or((text, ""));
    let after = rest.split_once('»').map_or("", |(_, after)| after);
    let start = before.rfind([',', ';', ':', '(', ')']).map_or(0, |at| at + 1);
    let end = after.find([',', ';', ':', '(', ')']).unwrap_or(after.len());
    format!("{} {}", before[start..].trim(), after[..end].trim()).trim().to_string()
}

/// Distinct words without marks, in order of the alphabet.
fn words(text: &str) -> Vec<String> {
    let bare = bare(text);
    let mut words: Vec<String> = tokens(&bare).map(String::from).collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_label_finds_its_row() {
        let index = Index::new(RuleSet::builtin());
        let near = index.nearest("Tông số hồ sơ thủ tục hành chính tiêp nhận trong kỳ", Kind::Count, 3);
        assert!(near[0].score > 0.6, "{}", near[0].score);
        assert!(
            near[0].known.indicator.is_some_and(|id| id.starts_with("procedure.dossiers.received")),
            "{:?}",
            near[0]
        );
        assert!(near.windows(2).all(|pair| pair[0].score >= pair[1].score));
    }

    #[test]
    fn percentages_are_no_counts_and_nonsense_is_far() {
        let index = Index::new(RuleSet::builtin());
        for near in index.nearest("Tỷ lệ hồ sơ giải quyết đúng hạn", Kind::Percent, 5) {
            if let Some(id) = near.known.indicator {
                assert_eq!(RuleSet::builtin().indicators[id].kind, Kind::Percent);
            }
        }
        assert!(index.nearest("Sản lượng cá tra xuất khẩu", Kind::Count, 1).iter().all(|near| near.score < 0.5));
        assert!(index.nearest("", Kind::Count, 1).is_empty());
    }

    #[test]
    fn an_example_gives_its_clause() {
        assert_eq!(
            clause("Lời dẫn // Đã tiếp nhận 12 hồ sơ, giải quyết «10» hồ sơ; còn 2"),
            "giải quyết  hồ sơ".replace("  ", " ")
        );
    }
}
