//! The corpus against its keys: `golden/<id>/key.csv` is what a person read in the report, written down before the program saw it.
//!
//! A key's row is a figure: line, raw print, number, period, level, and a concept of the person's own naming. A fact answers a row if it
//! has its number on its line (or the next, where a cell runs over two), one to one. Two rows of one concept should have one
//! indicator and dimensions, rows of two concepts should not.

use crate::root;
use baocao::cli::adapter;
use baocao::model::{Fact, Status};
use baocao::run::golden::{self, Case};
use rust_decimal::Decimal;
use std::collections::HashMap;

#[derive(Default)]
struct Count {
    wanted: usize,
    found: usize,
    facts: usize,
    right: usize,
    period: usize,
    level: usize,
    /// Pairs of figures put together rightly, wrongly, and missed.
    pairs: [usize; 3],
}

impl Count {
    fn add(&mut self, other: &Count) {
        self.wanted += other.wanted;
        self.found += other.found;
        self.facts += other.facts;
        self.right += other.right;
        self.period += other.period;
        self.level += other.level;
        for (sum, more) in self.pairs.iter_mut().zip(other.pairs) {
            *sum += more;
        }
    }

    fn consistency(&self) -> f64 {
        let [both, wrong, missed] = self.pairs.map(|n| n as f64);
        2.0 * both / (2.0 * both + wrong + missed)
    }
}

struct Row {
    line: u32,
    value: Option<Decimal>,
    text: String,
    period: String,
    level: String,
    concept: String,
    /// Concepts that it may as well be.
    also: Vec<String>,
    optional: bool,
}

fn rows(case: &Case) -> Option<Vec<Row>> {
    let text = std::fs::read_to_string(root().join("golden").join(&case.id).join("key.csv")).ok()?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let heads: HashMap<String, usize> =
        reader.headers().expect("heads").iter().enumerate().map(|(at, name)| (name.to_string(), at)).collect();
    let rows = reader.records().map(|record| {
        let record = record.expect("a row of the key");
        let field = |name: &str| record.get(heads[name]).unwrap_or("").trim().to_string();
        let note = field("note");
        let also = note.split([' ', ';', ',']).filter_map(|w| w.strip_prefix("alias_ok="));
        Row {
            line: field("line").parse().expect("a line"),
            value: field("value").parse::<Decimal>().ok().map(|v| v.normalize()),
            text: field("value").to_lowercase(),
            period: field("period"),
            level: field("level"),
            concept: field("concept"),
            also: also.map(str::to_string).collect(),
            optional: note.contains("optional"),
        }
    });
    Some(rows.filter(|row| !row.text.is_empty()).collect())
}

fn grade(case: &Case, rows: &[Row], mapper: &baocao::map::Mapper) -> Count {
    let bytes = std::fs::read(&case.source).expect("the report");
    let name = case.source.to_string_lossy();
    let (_, extraction) = baocao::run::extract(&bytes, &name, mapper).expect("readable");
    let issuer = extraction.metadata.issuer_level;
    let facts: Vec<&Fact> = extraction.facts.iter().filter(|f| f.status != Status::Blank).collect();
    let mut used = vec![false; facts.len()];
    let mut count = Count { facts: facts.len(), ..Count::default() };
    let mut met: Vec<(&Row, &Fact)> = Vec::new();
    let mut order: Vec<&Row> = rows.iter().collect();
    order.sort_by_key(|row| row.optional);
    for row in order {
        let same = |fact: &Fact| match row.value {
            Some(value) => fact.number.is_some_and(|n| n.normalize() == value),
            None => fact.value_text.as_ref().is_some_and(|t| t.trim().to_lowercase() == row.text),
        };
        let on =
            |line: u32| (0..facts.len()).find(|&i| !used[i] && facts[i].place.line == Some(line) && same(facts[i]));
        let hit = on(row.line).or_else(|| on(row.line.saturating_sub(1))).or_else(|| on(row.line + 1));
        count.wanted += usize::from(!row.optional);
        let Some(hit) = hit else { continue };
        used[hit] = true;
        let fact = facts[hit];
        count.found += usize::from(!row.optional);
        count.right += 1;
        let period = fact.period.map(|p| format!("{}/{}", p.start, p.end)).unwrap_or_default();
        count.period += usize::from(period == row.period);
        let word = |level: Option<baocao::model::Level>| level.or(issuer).map_or("", |l| l.as_str()).to_string();
        let wanted = if row.level.is_empty() { word(None) } else { row.level.clone() };
        count.level += usize::from(word(fact.level) == wanted);
        if !row.concept.is_empty() {
            met.push((row, fact));
        }
    }
    let meaning = |fact: &Fact| fact.indicator.clone().map(|id| (id, fact.dims.clone(), fact.kind));
    for (at, (row, fact)) in met.iter().enumerate() {
        for (other, before) in &met[..at] {
            let either = row.also.contains(&other.concept)
                || other.also.contains(&row.concept)
                || row.also.iter().any(|a| other.also.contains(a));
            let together = meaning(fact).is_some() && meaning(fact) == meaning(before);
            match (row.concept == other.concept, together) {
                (true, true) => count.pairs[0] += 1,
                (true, false) => count.pairs[2] += 1,
                (false, true) if !either => count.pairs[1] += 1,
                _ => {}
            }
        }
    }
    count
}

#[test]
fn the_corpus_is_read_as_its_keys_say() {
    let rules = adapter::rules(None).expect("sound rules");
    let mapper = baocao::map::Mapper::new(&rules);
    let mut all = Count::default();
    let mut keys = 0;
    let mut poor = Vec::new();
    for case in golden::corpus(root()).expect("the manifest") {
        let Some(rows) = rows(&case) else { continue };
        let count = grade(&case, &rows, &mapper);
        // No single report may be read badly while the rest hides it.
        if count.found * 100 < count.wanted * 93 || count.right * 100 < count.facts * 93 {
            poor.push(format!(
                "{}: {} of {} found, {} of {} right",
                case.id, count.found, count.wanted, count.right, count.facts
            ));
        }
        all.add(&count);
        keys += 1;
    }
    assert!(poor.is_empty(), "{}", poor.join("\n"));
    assert!(keys >= 53, "only {keys} keys");
    let share = |part: usize, of: usize| part as f64 / of as f64;
    let shown = format!(
        "{keys} keys: found {:.4}, right {:.4}, period {:.4}, level {:.4}, consistency {:.4}",
        share(all.found, all.wanted),
        share(all.right, all.facts),
        share(all.period, all.right),
        share(all.level, all.right),
        all.consistency()
    );
    eprintln!("{shown}");
    assert!(share(all.found, all.wanted) >= 0.985, "{shown}");
    assert!(share(all.right, all.facts) >= 0.985, "{shown}");
    assert!(share(all.period, all.right) >= 0.97, "{shown}");
    assert!(share(all.level, all.right) >= 0.97, "{shown}");
    assert!(all.consistency() >= 0.80, "{shown}");
}
