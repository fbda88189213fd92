//! Facts of a dataset, one after the other → the distinct wordings of those without an indicator, each with its counts, up to three
//! examples, and the known form rows that it stands between.
//!
//! Left out and only counted: empty cells, and columns that compare two periods (their meaning is that of the columns they compare).
//! Memory is bounded: past `MOST` wordings those seen once are forgotten (lossy counting, Manku and Motwani 2002), and counted.

use crate::model::Kind;
use crate::run::suggest::dataset::Seen;
use crate::text::fold::{fold, tokens};
use std::collections::{BTreeMap, HashMap};

/// Distinct wordings kept at a time.
const MOST: usize = 400_000;
/// Examples kept of each wording.
const EXAMPLES: usize = 3;
/// Longest text kept of a quote, in characters.
const LONGEST: usize = 240;
/// The same for a label: what is proposed as a row's wording must be the whole label.
const LABEL: usize = 1200;
/// Different units or neighbours counted for one wording.
const VARIANTS: usize = 12;

/// Where an unmapped figure was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Id of the document; its path is looked up at the end.
    pub doc_id: String,
    /// Line or page.
    pub line: Option<u32>,
    /// Page, where the format has pages.
    pub page: Option<u32>,
    /// The figure as printed.
    pub raw: String,
    /// The row or sentence.
    pub quote: String,
}

/// One wording of unmapped figures.
#[derive(Debug, Clone)]
pub struct Wording {
    /// The label as first printed.
    pub label: String,
    /// Its words in matching form, without numbers and names of places.
    pub words: Vec<String>,
    /// Whether it is a table's row.
    pub table: bool,
    /// What its figures are by nature.
    pub kind: Kind,
    /// Number of facts.
    pub facts: u64,
    /// Documents, by their place in the dataset, ascending.
    pub documents: Vec<u32>,
    /// Units printed, with how often.
    pub units: BTreeMap<String, u64>,
    /// Rows of known forms (`BM3/2.1`) right above and below, with how often.
    pub above: BTreeMap<String, u64>,
    /// See `above`.
    pub below: BTreeMap<String, u64>,
    /// The first examples, of different documents where there are.
    pub examples: Vec<Example>,
}

/// All wordings of a dataset.
#[derive(Debug, Default)]
pub struct Wordings {
    by_key: HashMap<String, u32>,
    /// In order of first appearance.
    pub list: Vec<Wording>,
    /// Documents seen.
    pub documents: u32,
    /// Facts seen.
    pub facts: u64,
    /// Facts without an indicator, comparisons and blanks left out.
    pub unmapped: u64,
    /// Comparisons of periods left out.
    pub comparisons: u64,
    /// Facts of wordings that were forgotten for want of room.
    pub forgotten: u64,
    document: String,
    /// The table in hand, the last known row in it, and the wordings since.
    table: String,
    above: Option<String>,
    since: Vec<u32>,
}

impl Wordings {
    /// Takes in the next fact of the dataset.
    pub fn add(&mut self, fact: &Seen) {
        if self.document != fact.doc_id {
            fact.doc_id.clone_into(&mut self.document);
            self.documents += 1;
            self.table.clear();
            self.leave();
        }
        self.facts += 1;
        if self.table != fact.table {
            fact.table.clone_into(&mut self.table);
            self.leave();
        }
        let table = !fact.table.is_empty() && fact.source == "table";
        if fact.mapped {
            if let Some(row) = fact.rule.strip_prefix("form/").filter(|_| table) {
                for at in std::mem::take(&mut self.since) {
                    count(&mut self.list[at as usize].below, row);
                }
                self.above = Some(row.to_string());
            }
            return;
        }
        if fact.status == "blank" {
            return;
        }
        let kind = Kind::parse(fact.kind).unwrap_or(Kind::Count);
        if table && kind == Kind::Change {
            self.comparisons += 1;
            return;
        }
        self.unmapped += 1;
        let words = words_of(fact.label);
        let key = format!("{}{}{}", u8::from(table), class(kind), words.join(" "));
        let at = match self.by_key.get(&key) {
            Some(at) => *at,
            None => self.enter(key, fact, words, table, kind),
        };
        let wording = &mut self.list[at as usize];
        wording.facts += 1;
        let new = wording.documents.last() != Some(&self.documents);
        if new {
            wording.documents.push(self.documents);
        }
        if !fact.unit.is_empty() {
            count(&mut wording.units, fact.unit);
        }
        if wording.examples.len() < EXAMPLES && (new || wording.examples.is_empty()) {
            wording.examples.push(Example {
                doc_id: fact.doc_id.to_string(),
                line: fact.line,
                page: fact.page,
                raw: fact.raw.to_string(),
                quote: around(fact.quote, fact.raw),
            });
        }
        if table {
            if let Some(above) = &self.above {
                count(&mut wording.above, above);
            }
            if self.since.last() != Some(&at) && self.since.len() < VARIANTS {
                self.since.push(at);
            }
        }
    }

    fn leave(&mut self) {
        self.above = None;
        self.since.clear();
    }

    fn enter(&mut self, key: String, fact: &Seen, words: Vec<String>, table: bool, kind: Kind) -> u32 {
        if self.list.len() >= MOST {
            self.forget();
        }
        let at = self.list.len() as u32;
        self.by_key.insert(key, at);
        self.list.push(Wording {
            label: fact.label.chars().take(LABEL).collect(),
            words,
            table,
            kind,
            facts: 0,
            documents: Vec::new(),
            units: BTreeMap::new(),
            above: BTreeMap::new(),
            below: BTreeMap::new(),
            examples: Vec::new(),
        });
        at
    }

    /// Makes room: wordings seen least are dropped.
    fn forget(&mut self) {
        self.since.clear();
        let mut least = 1;
        while self.list.len() > MOST / 2 {
            let forgotten = &mut self.forgotten;
            let mut places = Vec::with_capacity(self.list.len());
            let mut next = 0u32;
            self.list.retain(|wording| {
                let keep = wording.facts > least;
                places.push(keep.then_some(next));
                if keep {
                    next += 1;
                } else {
                    *forgotten += wording.facts;
                }
                keep
            });
            self.by_key.retain(|_, at| match places.get(*at as usize).copied().flatten() {
                Some(place) => {
                    *at = place;
                    true
                }
                None => false,
            });
            least *= 2;
        }
    }
}

fn count(counts: &mut BTreeMap<String, u64>, key: &str) {
    if let Some(count) = counts.get_mut(key) {
        *count += 1;
    } else if counts.len() < VARIANTS {
        counts.insert(key.to_string(), 1);
    }
}

/// Kinds that one rule can map together.
fn class(kind: Kind) -> char {
    match kind {
        Kind::Percent => '%',
        Kind::Money => '$',
        Kind::Score => 'p',
        Kind::Area => 'a',
        Kind::Text => 't',
        Kind::Change => 'd',
        Kind::Count | Kind::Code | Kind::Rank => 'n',
    }
}

/// Words before the names of places.
const PLACES: [&str; 11] = ["xã", "phường", "trấn", "huyện", "quận", "tỉnh", "phố", "thôn", "xóm", "bản", "khóm"];

/// The words that two wordings of one thing share: folded, without numbers and without names of places.
pub fn words_of(label: &str) -> Vec<String> {
    let mut kept = String::with_capacity(label.len());
    let mut name = false;
    for word in label.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = {
            let mut letters = bare.chars();
            letters.next().is_some_and(char::is_uppercase)
                && letters.all(char::is_lowercase)
                && bare.chars().count() > 1
        };
        if name && capital {
            name = word.ends_with(char::is_alphanumeric);
            continue;
        }
        let lower = bare.to_lowercase();
        name = PLACES.contains(&lower.as_str()) && word.ends_with(char::is_alphanumeric);
        kept.push_str(word);
        kept.push(' ');
    }
    let folded = fold(&kept);
    tokens(&folded).filter(|word| !word.bytes().any(|b| b.is_ascii_digit())).map(String::from).collect()
}

/// As much of a quote as surrounds the figure.
fn around(quote: &str, raw: &str) -> String {
    let count = quote.chars().count();
    if count <= LONGEST {
        return quote.to_string();
    }
    let at = quote.find(raw).map_or(0, |at| quote[..at].chars().count());
    let start = at.saturating_sub(LONGEST / 2);
    let mut text: String = quote.chars().skip(start).take(LONGEST).collect();
    if start > 0 {
        text.insert(0, '…');
    }
    if start + LONGEST < count {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact<'a>(doc_id: &'a str, label: &'a str, rule: &'a str) -> Seen<'a> {
        Seen {
            doc_id,
            mapped: !rule.is_empty(),
            label,
            raw: "5",
            unit: "Bộ",
            status: "reported",
            kind: "count",
            source: "table",
            page: None,
            line: Some(3),
            table: "t0",
            quote: "3 | nhãn | 5",
            rule,
        }
    }

    #[test]
    fn wordings_are_counted_with_their_neighbours() {
        let mut all = Wordings::default();
        for doc in ["a", "b", "c", "d"] {
            all.add(&fact(doc, "Hàng trên", "form/F/1"));
            all.add(&fact(doc, "Số máy quét của xã Đông Hải", ""));
            all.add(&fact(doc, "Số máy quét của xã Tây Hồ 2", ""));
            all.add(&fact(doc, "Hàng dưới", "form/F/2"));
        }
        assert_eq!(all.list.len(), 1);
        let wording = &all.list[0];
        assert_eq!((wording.facts, wording.documents.len(), wording.examples.len()), (8, 4, 3));
        assert_eq!(wording.above.get("F/1"), Some(&8));
        assert_eq!(wording.below.get("F/2"), Some(&4));
        assert_eq!((all.documents, all.facts, all.unmapped), (4, 16, 8));
    }

    #[test]
    fn names_of_places_and_numbers_do_not_tell_wordings_apart() {
        assert_eq!(words_of("UBND xã Đông Hải ban hành 12 văn bản"), words_of("UBND xã Phú Lộc ban hành văn bản"));
        assert_ne!(words_of("Bộ phận Một cửa"), words_of("Bộ phận"));
        assert_ne!(words_of("cấp xã, Văn phòng"), words_of("cấp xã"));
    }

    #[test]
    fn a_table_of_another_document_is_no_neighbour() {
        let mut all = Wordings::default();
        all.add(&fact("a", "Hàng trên", "form/F/1"));
        all.add(&fact("b", "Số máy quét", ""));
        assert!(all.list[0].above.is_empty());
    }

    #[test]
    fn long_quotes_are_cut_around_the_figure() {
        let quote = format!("{} 77 {}", "á ".repeat(400), "ơ ".repeat(400));
        let cut = around(&quote, "77");
        assert!(cut.contains(" 77 ") && cut.chars().count() <= LONGEST + 2);
    }
}
