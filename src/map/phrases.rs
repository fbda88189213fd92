//! Which indicator does a figure report, by the words around it? Every cue of `rules/phrases/` is one path of words; a
//! context is the set of cues found in the figure's own clause, in what the clause continues, and in the headings above it. A
//! phrase fits when each of its groups is met in its scope; the most specific one wins.

use crate::model::Kind;
use crate::rules::{Phrase, RuleSet};
use crate::text::fold::{fold, fold_placed, tokens};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// What part a figure plays in what the phrase tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A count, an amount, a score, or the numerator of a fraction.
    Count,
    /// The denominator of a fraction.
    Base,
    /// A percent.
    Rate,
}

/// The cues found in one text, as a set of cue numbers; `at_start` are those that open the text. Copies share the set: what a heading, a
/// row or a sentence says is said to each of its figures.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cues {
    /// None for no cue. All sets of one index are of one length.
    bits: Option<Arc<[u64]>>,
    at_start: Vec<u32>,
}

impl Cues {
    /// Some of the first `count` numbers.
    fn of(count: usize, numbers: impl Iterator<Item = u32>) -> Cues {
        let mut numbers = numbers.peekable();
        if numbers.peek().is_none() {
            return Cues::default();
        }
        let mut bits: Arc<[u64]> = std::iter::repeat_n(0, count / 64 + 1).collect();
        if let Some(words) = Arc::get_mut(&mut bits) {
            numbers.for_each(|number| words[number as usize / 64] |= 1 << (number % 64));
        }
        Cues { bits: Some(bits), at_start: Vec::new() }
    }

    fn has(&self, cue: u32) -> bool {
        self.bits.as_ref().is_some_and(|words| words[cue as usize / 64] >> (cue % 64) & 1 == 1)
    }

    /// The last six bits of the numbers, as a set.
    fn ends(&self) -> u64 {
        self.bits.iter().flat_map(|words| words.iter()).fold(0, |all, word| all | word)
    }

    fn each(&self, with: impl FnMut(usize)) {
        each(self.bits.as_deref().unwrap_or_default(), with);
    }

    /// Takes in another text's cues.
    pub fn add(&mut self, other: &Cues) {
        let Some(more) = &other.bits else { return };
        match &mut self.bits {
            None => self.bits = Some(more.clone()),
            Some(own) if own.iter().zip(more.iter()).all(|(a, b)| b & !a == 0) => {}
            Some(own) => Arc::make_mut(own).iter_mut().zip(more.iter()).for_each(|(a, b)| *a |= b),
        }
    }
}

/// Hands out the numbers of a set in order.
fn each(set: &[u64], mut with: impl FnMut(usize)) {
    for (at, word) in set.iter().enumerate() {
        let mut rest = *word;
        while rest != 0 {
            with(at * 64 + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}

/// The cues found in a text with their places.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// The text in matching form.
    pub folded: String,
    /// Start, end, cue; by start.
    places: Vec<(u32, u32, u32)>,
    /// Cues that there are.
    count: usize,
}

impl Hits {
    /// Those that lie in a part of the text.
    pub fn within(&self, range: &Range<usize>) -> Cues {
        let from = self.places.partition_point(|hit| (hit.0 as usize) < range.start);
        let here = self.places[from..].iter().take_while(|hit| (hit.0 as usize) < range.end);
        Cues::of(self.count, here.filter(|hit| hit.1 as usize <= range.end).map(|hit| hit.2))
    }
}

/// Where a figure stands, as cue sets from near to far.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Its clause.
    pub own: Cues,
    /// The counted noun right after it, or the row's unit.
    pub noun: Cues,
    /// Its part of the sentence, from semicolon to semicolon.
    pub part: Cues,
    /// What its text continues: the lead-in of its list, the row's label and parents.
    pub row: Cues,
    /// The rest of its sentence, the lead-in of its list, the parents of its row.
    pub lead: Cues,
    /// The headings and captions above it.
    pub heading: Cues,
}

struct Compiled {
    own: Vec<Vec<u32>>,
    noun: Vec<u32>,
    lead: Vec<Vec<u32>>,
    heading: Vec<Vec<u32>>,
    not: Vec<u32>,
    unless: Vec<u32>,
}

/// The last six bits of the cues of a phrase's first groups: most phrases that are looked at lack one of these.
#[derive(Clone, Copy)]
struct Needs {
    own: [u64; 2],
    lead: u64,
}

impl Needs {
    fn of(phrase: &Compiled) -> Needs {
        let ends = |group: Option<&Vec<u32>>| match group {
            Some(group) => group.iter().fold(0, |all, cue| all | 1 << (cue % 64)),
            None => u64::MAX,
        };
        Needs { own: [ends(phrase.own.first()), ends(phrase.own.get(1))], lead: ends(phrase.lead.first()) }
    }
}

/// Cues as paths of words: what every path of a text's words is looked up in. Small enough to stay in the processor's cache, which
/// an automaton over letters is not.
#[derive(Default)]
struct Paths {
    words: FxHashMap<Box<str>, u32>,
    /// From node 0, where all paths start, by a word's number to the next; 0 where no path starts with it.
    first: Vec<u32>,
    /// From any other node by a word to the next.
    next: FxHashMap<(u32, u32), u32>,
    /// For each node the last six bits of the words that lead on from it: most words do not.
    onward: Vec<u64>,
    /// The cue that ends at a node.
    cue: Vec<Option<u32>>,
    /// By the number of its first word: what is said for the words of a cue, and these.
    said: Vec<Vec<Synonym>>,
}

/// A word of a text: its number, and its bytes in the coordinates that are asked for.
type Read = (u32, Range<usize>);

/// Words by their numbers, and those they stand for.
type Synonym = (Vec<u32>, Vec<u32>);

/// A stretch of a text's words that stands for others.
struct Stand<'p> {
    words: Range<usize>,
    usual: &'p [u32],
}

impl Paths {
    fn add(&mut self, folded: &str, cue: u32) {
        if self.cue.is_empty() {
            self.cue.push(None);
            self.onward.push(0);
        }
        let mut node = 0;
        for word in self.known(folded) {
            let fresh = self.cue.len() as u32;
            node = match node {
                0 => {
                    let at = word as usize;
                    self.first.resize(self.first.len().max(at + 1), 0);
                    if self.first[at] == 0 {
                        self.first[at] = fresh;
                    }
                    self.first[at]
                }
                _ => {
                    self.onward[node as usize] |= 1 << (word % 64);
                    *self.next.entry((node, word)).or_insert(fresh)
                }
            };
            if node == fresh {
                self.cue.push(None);
                self.onward.push(0);
            }
        }
        if node > 0 {
            self.cue[node as usize] = Some(cue);
        }
    }

    /// The numbers of a folded text's words.
    fn known(&mut self, folded: &str) -> Vec<u32> {
        let mut number = |word: &str| {
            let count = self.words.len() as u32;
            match self.words.get(word) {
                Some(known) => *known,
                None => *self.words.entry(word.into()).or_insert(count),
            }
        };
        tokens(folded).map(&mut number).collect()
    }

    /// Takes in that one wording is said for another.
    fn stands_for(&mut self, said: &str, usual: &str) {
        let (said, usual) = (self.known(said), self.known(usual));
        if let Some(first) = said.first().map(|word| *word as usize) {
            self.said.resize_with(self.said.len().max(first + 1), Vec::new);
            self.said[first].push((said, usual));
        }
    }

    /// From a node by a word to the next.
    fn step(&self, node: u32, word: u32) -> Option<u32> {
        match node {
            0 => self.first.get(word as usize).copied().filter(|next| *next > 0),
            _ if self.onward[node as usize] >> (word % 64) & 1 == 0 => None,
            _ => self.next.get(&(node, word)).copied(),
        }
    }

    /// Every cue in a folded text, given by its words with their places, by where it starts.
    fn find<'t>(&self, read: impl Iterator<Item = (&'t str, Range<usize>)>, mut found: impl FnMut(Range<usize>, u32)) {
        let number = |word: &str| self.words.get(word).copied().unwrap_or(u32::MAX);
        let words: Vec<Read> = read.map(|(word, place)| (number(word), place)).collect();
        let mut stands: Vec<Stand> = Vec::new();
        for (at, (word, _)) in words.iter().enumerate() {
            for (said, usual) in self.said.get(*word as usize).into_iter().flatten() {
                if words[at..].len() >= said.len() && words[at..].iter().zip(said).all(|(a, b)| a.0 == *b) {
                    stands.push(Stand { words: at..at + said.len(), usual });
                }
            }
        }
        for (at, (_, place)) in words.iter().enumerate() {
            let mut node = 0;
            for (reached, (word, last)) in words.iter().enumerate().skip(at) {
                if !stands.is_empty() {
                    self.instead(node, reached, &words, &stands, &mut |end, cue| found(place.start..end, cue));
                }
                let Some(next) = self.step(node, *word) else { break };
                node = next;
                if let Some(cue) = self.cue[node as usize] {
                    found(place.start..last.end, cue);
                }
            }
        }
    }

    /// The cues that go on from a node with what a wording at this word stands for.
    fn instead(&self, node: u32, at: usize, words: &[Read], stands: &[Stand], found: &mut dyn FnMut(usize, u32)) {
        let first = stands.partition_point(|s| s.words.start < at);
        for stand in stands[first..].iter().take_while(|s| s.words.start == at) {
            let end = words[stand.words.end - 1].1.end;
            let mut node = node;
            let rest = stand.usual.iter().map(|word| (*word, end));
            let after = words[stand.words.end..].iter().map(|(word, place)| (*word, place.end));
            for (word, end) in rest.chain(after) {
                let Some(next) = self.step(node, word) else { break };
                node = next;
                if let Some(cue) = self.cue[node as usize] {
                    found(end, cue);
                }
            }
        }
    }
}

/// The phrases of a rule set, ready to match.
pub struct PhraseIndex {
    paths: Paths,
    words: Vec<f64>,
    phrases: Vec<Compiled>,
    needs: Vec<Needs>,
    /// For each cue the phrases whose rarest group (own or noun) holds it.
    near: Vec<Vec<u32>>,
    /// For each cue the phrases that have no such group, whose rarest lead holds it.
    lead: Vec<Vec<u32>>,
    /// For each role and kind of a figure the phrases whose indicator it can report, as a set of phrase numbers.
    able: [[Vec<u64>; Kind::ALL.len()]; 3],
}

/// A phrase that fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    /// Index into `RuleSet::phrases`.
    pub phrase: usize,
    /// How specific it is: words of the cues met, weighted by nearness.
    pub score: f64,
    /// Lead of the winner over the best phrase that says something else.
    pub margin: f64,
}

const PART_WEIGHT: f64 = 0.7;
const LEAD_WEIGHT: f64 = 0.6;
const HEADING_WEIGHT: f64 = 0.35;
const NOUN_WEIGHT: f64 = 0.8;

impl PhraseIndex {
    /// Compiles all cues of a rule set.
    pub fn new(rules: &RuleSet) -> PhraseIndex {
        let mut ids: FxHashMap<String, u32> = FxHashMap::default();
        let mut paths = Paths::default();
        let mut words: Vec<f64> = Vec::new();
        let mut id = |cue: &String| -> u32 {
            let folded = fold(cue);
            *ids.entry(folded).or_insert_with_key(|folded| {
                paths.add(folded, words.len() as u32);
                words.push(tokens(folded).count() as f64);
                words.len() as u32 - 1
            })
        };
        let mut groups = |list: &Vec<Vec<String>>| -> Vec<Vec<u32>> {
            list.iter().map(|any| any.iter().map(&mut id).collect()).collect()
        };
        let mut phrases = Vec::new();
        for phrase in &rules.phrases {
            let own = groups(&phrase.own);
            let lead = groups(&phrase.lead);
            let heading = groups(&phrase.heading);
            let noun = groups(&vec![phrase.noun.clone()]).remove(0);
            let not = groups(&vec![phrase.not.clone()]).remove(0);
            let unless = groups(&vec![phrase.unless.clone()]).remove(0);
            phrases.push(Compiled { own, noun, lead, heading, not, unless });
        }
        // The longest cue that is met counts: the first of a group sorted by length.
        for phrase in &mut phrases {
            let groups = phrase.own.iter_mut().chain(&mut phrase.lead).chain(&mut phrase.heading);
            for group in groups.chain([&mut phrase.noun]) {
                group.sort_by(|a, b| words[*b as usize].total_cmp(&words[*a as usize]));
            }
        }
        for (said, usual) in synonyms() {
            paths.stands_for(&fold(said), &fold(usual));
        }
        let (near, lead) = reached_from(&phrases, words.len());
        let able = [Role::Count, Role::Base, Role::Rate].map(|role| {
            let known = |p: &Phrase| p.indicator(role).and_then(|id| rules.indicators.get(id)).map(|i| i.kind);
            let kinds: Vec<Option<Kind>> = rules.phrases.iter().map(known).collect();
            Kind::ALL.map(|kind| {
                let mut able = vec![0; kinds.len() / 64 + 1];
                let reports = |known: &Option<Kind>| known.is_some_and(|known| compatible(kind, known));
                (0..kinds.len()).filter(|at| reports(&kinds[*at])).for_each(|at| able[at / 64] |= 1 << (at % 64));
                able
            })
        });
        let needs = phrases.iter().map(Needs::of).collect();
        PhraseIndex { paths, words, phrases, needs, near, lead, able }
    }

    /// The cues in a folded text.
    pub fn cues(&self, folded: &str) -> Cues {
        let mut start = 0;
        let words = folded.split(' ').map(|word| {
            let place = start..start + word.len();
            start = place.end + 1;
            (word, place)
        });
        let (mut found, mut at_start) = (Vec::new(), Vec::new());
        self.paths.find(words.filter(|(word, _)| !word.is_empty()), |place, cue| {
            found.push(cue);
            if place.start == 0 {
                at_start.push(cue);
            }
        });
        Cues { at_start, ..Cues::of(self.words.len(), found.into_iter()) }
    }

    /// Every cue in a clean text with its place, for the cues of parts of it.
    pub fn hits(&self, text: &str) -> Hits {
        let mut places = Vec::new();
        let (folded, words) = fold_placed(text);
        let words = words.into_iter().map(|word| (&folded[word.folded], word.found));
        self.paths.find(words, |place, cue| places.push((place.start as u32, place.end as u32, cue)));
        Hits { folded, places, count: self.words.len() }
    }

    /// The phrase that fits best for a figure of this kind and role.
    pub fn best(&self, rules: &RuleSet, context: &Context, role: Role, kind: Kind) -> Option<Fit> {
        // As a set of phrase numbers: many cues lead to the same phrases.
        let able = &self.able[role as usize][kind as usize];
        let mut seen = vec![0u64; able.len()];
        let mut see = |phrases: &[u32]| phrases.iter().for_each(|at| seen[*at as usize / 64] |= 1 << (at % 64));
        for near in [&context.own, &context.noun] {
            near.each(|cue| see(&self.near[cue]));
        }
        for lead in [&context.own, &context.noun, &context.lead] {
            lead.each(|cue| see(&self.lead[cue]));
        }
        seen.iter_mut().zip(able).for_each(|(seen, able)| *seen &= able);
        // A set that holds nothing lacks what no group asks for.
        let any = |set: u64| set | u64::from(set == 0);
        let own = context.own.ends() | context.noun.ends();
        let lead = any(own | context.lead.ends());
        let own = any(own);
        let mut best: Option<(f64, usize)> = None;
        let mut second = 0.0f64;
        each(&seen, |at| {
            let needs = self.needs[at];
            if needs.own[0] & own == 0 || needs.own[1] & own == 0 || needs.lead & lead == 0 {
                return;
            }
            let Some(score) = self.score(at, context) else { return };
            let phrase = &rules.phrases[at];
            let score = score + phrase.prefer;
            match best {
                Some((top, winner)) if score <= top => {
                    if differs(&rules.phrases[winner], phrase, role) {
                        second = second.max(score);
                    }
                }
                _ => {
                    if let Some((top, loser)) = best
                        && differs(&rules.phrases[loser], phrase, role)
                    {
                        second = second.max(top);
                    }
                    best = Some((score, at));
                }
            }
        });
        best.map(|(score, at)| Fit { phrase: at, score, margin: score - second })
    }

    fn score(&self, at: usize, context: &Context) -> Option<f64> {
        let phrase = &self.phrases[at];
        let mut score = 0.0;
        // What most phrases lack is asked first.
        for group in &phrase.own {
            score += self.longest(group, |cue| context.own.has(cue) || context.noun.has(cue))?;
        }
        if phrase.not.iter().any(|&cue| context.own.has(cue)) {
            return None;
        }
        if phrase.unless.iter().any(|&cue| context.own.has(cue) || context.part.has(cue) || context.row.has(cue)) {
            return None;
        }
        for group in &phrase.lead {
            let own = self.longest(group, |cue| context.own.has(cue));
            let part = self.longest(group, |cue| context.part.has(cue)).map(|words| words * PART_WEIGHT);
            let lead = self.longest(group, |cue| context.lead.has(cue)).map(|words| words * LEAD_WEIGHT);
            score += own.unwrap_or(0.0).max(part.unwrap_or(0.0)).max(lead.unwrap_or(0.0));
            if own.is_none() && lead.is_none() {
                return None;
            }
        }
        for group in &phrase.heading {
            let near =
                self.longest(group, |cue| context.own.has(cue) || context.lead.has(cue)).map(|w| w * LEAD_WEIGHT);
            let far = self.longest(group, |cue| context.heading.has(cue)).map(|w| w * HEADING_WEIGHT);
            score += near.unwrap_or(0.0).max(far.unwrap_or(0.0));
            if near.is_none() && far.is_none() {
                return None;
            }
        }
        if !phrase.noun.is_empty() {
            score += NOUN_WEIGHT * self.longest(&phrase.noun, |cue| context.noun.at_start.contains(&cue))?;
        }
        Some(score)
    }

    fn longest(&self, group: &[u32], has: impl Fn(u32) -> bool) -> Option<f64> {
        group.iter().find(|&&cue| has(cue)).map(|&cue| self.words[cue as usize])
    }
}

/// For each of so many cues the phrases that are looked at where it is met: those of which it is in the rarest group, the one whose cues the
/// fewest phrases ask for. First those that have a group of their own or a noun, then those that have only a lead.
fn reached_from(phrases: &[Compiled], cues: usize) -> (Vec<Vec<u32>>, Vec<Vec<u32>>) {
    let mut asked = vec![0; cues];
    let groups = phrases.iter().flat_map(|p| p.own.iter().chain(&p.lead).chain([&p.noun]));
    groups.flatten().for_each(|cue| asked[*cue as usize] += 1);
    let often = |group: &&Vec<u32>| group.iter().map(|cue| asked[*cue as usize]).sum::<u32>();
    let (mut near, mut lead) = (vec![Vec::new(); cues], vec![Vec::new(); cues]);
    for (at, phrase) in phrases.iter().enumerate() {
        let own = phrase.own.iter().chain([&phrase.noun]).filter(|group| !group.is_empty()).min_by_key(often);
        let list = if own.is_some() { &mut near } else { &mut lead };
        for &cue in own.or(phrase.lead.iter().min_by_key(often)).into_iter().flatten() {
            if !list[cue as usize].contains(&(at as u32)) {
                list[cue as usize].push(at as u32);
            }
        }
    }
    (near, lead)
}

/// What is said for the wording that the rules use.
fn synonyms() -> impl Iterator<Item = (&'static str, &'static str)> {
    const TABLE: &str = include_str!("../../rules/tables/synonyms.csv");
    TABLE.lines().skip(1).filter_map(|line| {
        let mut fields = line.split(',');
        fields.next().zip(fields.next())
    })
}

impl Phrase {
    /// The indicator of a role; a phrase that names none for the role does not map it.
    pub fn indicator(&self, role: Role) -> Option<&str> {
        match role {
            Role::Count => self.count.as_deref(),
            Role::Base => self.base.as_deref(),
            Role::Rate => self.rate.as_deref(),
        }
    }
}

fn differs(a: &Phrase, b: &Phrase, role: Role) -> bool {
    a.indicator(role) != b.indicator(role) || a.dims != b.dims
}

/// Whether a figure printed as `figure` can report an indicator of kind `indicator`.
pub fn compatible(figure: Kind, indicator: Kind) -> bool {
    match figure {
        Kind::Percent => matches!(indicator, Kind::Percent | Kind::Change),
        Kind::Money => indicator == Kind::Money,
        Kind::Score => matches!(indicator, Kind::Score | Kind::Change),
        Kind::Area => indicator == Kind::Area,
        // What a change is counted from (`tăng 12% so với năm 2020 (2.450 hồ sơ)`) is no change.
        Kind::Count => !matches!(indicator, Kind::Percent | Kind::Money | Kind::Area | Kind::Text | Kind::Change),
        _ => !matches!(indicator, Kind::Percent | Kind::Money | Kind::Area | Kind::Text),
    }
}
