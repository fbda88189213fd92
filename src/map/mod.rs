//! Document + RuleSet → facts: the letterhead, then every block and table in reading order. Cannot fail.
//!
//! Known forms are aligned row by row (`forms`), other rows and all sentences are matched by their words (`phrases`); level, entity
//! and period come from the figure's clause, its list, its row's parents, its headings, and last from the document.

pub mod appendix;
pub mod columns;
pub mod confidence;
pub mod entity;
pub mod examples;
pub mod forms;
pub mod gazetteer;
pub mod labels;
pub mod letterhead;
pub mod level;
pub mod narrative;
pub mod phrases;
pub mod places;
pub mod rows;
mod scope;
pub mod tables;
mod terms;
mod texts;
pub mod times;
pub mod windows;

use crate::model::{Block, BlockKind, Document, Extraction, Kind, Level, Metadata, Source, Status, Table};
use crate::rules::RuleSet;
use crate::text::fold::fold_end;
use crate::text::letter::lowered;
use crate::text::number::Habit;
use crate::text::period::{Period, PeriodKind};
use entity::Home;
use forms::FormIndex;
use labels::{Known, Labels};
use level::Levels;
use narrative::Passage;
use phrases::{Cues, PhraseIndex};
use rustc_hash::FxHashMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use terms::Terms;
use texts::Texts;

/// A rule set made ready to map documents with; build it once, use it for all.
pub struct Mapper<'a> {
    rules: &'a RuleSet,
    phrases: PhraseIndex,
    forms: FormIndex,
    labels: Labels,
    terms: OnceLock<Terms>,
}

impl<'a> Mapper<'a> {
    /// Compiles the cues and the forms' labels.
    pub fn new(rules: &'a RuleSet) -> Mapper<'a> {
        Mapper {
            rules,
            phrases: PhraseIndex::new(rules),
            forms: FormIndex::new(rules),
            labels: Labels::default(),
            terms: OnceLock::new(),
        }
    }

    /// Mends words that lost their tones, in a document that shows this damage.
    pub fn mend(&self, document: &mut Document) {
        if terms::damaged(document) {
            self.terms.get_or_init(|| Terms::new(self.rules)).mend(document);
        }
    }

    /// The rules it maps by.
    pub fn rules(&self) -> &'a RuleSet {
        self.rules
    }

    /// Maps a document's figures to facts.
    pub fn map(&self, document: &Document) -> Extraction {
        let texts = Texts::of(document);
        let metadata = letterhead::metadata(document, &texts);
        let mut habit = Habit::default();
        for block in &document.blocks {
            habit.observe(&block.text.clean);
        }
        let bodies: Vec<Habit> = document.tables.iter().map(|table| observed(table, &mut habit)).collect();
        let appendices = appendix::appendices(document, &texts);
        let number_style = habit.style();
        let mut builder = Builder {
            rules: self.rules,
            phrases: &self.phrases,
            forms: &self.forms,
            labels: &self.labels,
            document,
            texts: &texts,
            habit,
            bodies,
            city: is_city(&metadata),
            home: Home::of(&metadata),
            below_commune: matches!(metadata.issuer_level, Some(Level::Commune | Level::Hamlet)),
            headings: vec![None; document.blocks.len()],
            said: FxHashMap::default(),
            cues: FxHashMap::default(),
            block_facts: vec![(0, 0); document.blocks.len()],
            out: Extraction { metadata, appendices, number_style, ..Extraction::default() },
        };
        for at in 0..document.blocks.len() {
            builder.block(at as u32);
        }
        let mut out = builder.out;
        places::resolve(document, &mut out);
        out
    }
}

/// What the headings above a block say.
#[derive(Debug, Clone, Default)]
pub struct Heading {
    cues: Cues,
    level: Option<Level>,
    year: Option<i16>,
    plan: bool,
}

/// What a block says to those that go on with it.
struct Said {
    cues: Cues,
    level: Option<Level>,
    period: Option<Period>,
    year: Option<i16>,
}

/// One document being mapped.
pub struct Builder<'a> {
    rules: &'a RuleSet,
    phrases: &'a PhraseIndex,
    forms: &'a FormIndex,
    labels: &'a Labels,
    document: &'a Document,
    texts: &'a Texts,
    /// How the document prints its figures.
    habit: Habit,
    /// How the cells below each table's head print theirs.
    bodies: Vec<Habit>,
    below_commune: bool,
    /// Whether the issuer is a city below a province: `cấp thành phố` is its own level.
    city: bool,
    /// The places that the document speaks from.
    home: Home,
    headings: Vec<Option<Heading>>,
    said: FxHashMap<u32, Rc<Said>>,
    /// The cues of blocks that were read as a whole.
    cues: FxHashMap<u32, Cues>,
    /// Facts made from each block, as a range of indexes.
    block_facts: Vec<(usize, usize)>,
    out: Extraction,
}

/// How the cells below a table's head print their figures; these and the head's are added to the document's.
fn observed(table: &Table, document: &mut Habit) -> Habit {
    let mut body = Habit::default();
    for cell in &table.cells {
        if cell.header { document.observe(&cell.text.clean) } else { body.observe(&cell.text.clean) }
    }
    *document += body;
    body
}

/// Whether a report is of a city below a province.
fn is_city(metadata: &Metadata) -> bool {
    let name = metadata.issuer.as_deref().map(lowered).unwrap_or_default();
    metadata.issuer_level == Some(Level::District) && ["thành phố", "tp"].iter().any(|w| name.contains(w))
}

impl<'a> Builder<'a> {
    /// What follows from the words of a label, head or heading.
    fn known(&self, text: &str) -> Arc<Known> {
        self.labels.of(text, self.phrases)
    }

    fn block(&mut self, at: u32) {
        let document = self.document;
        let block = &document.blocks[at as usize];
        let first = self.out.facts.len();
        match block.kind {
            BlockKind::Table(table) => {
                if let Some(table_data) = document.tables.get(table as usize) {
                    self.table(table, table_data, at);
                }
            }
            BlockKind::Header | BlockKind::Footer => {}
            _ => self.prose(at, block),
        }
        self.block_facts[at as usize] = (first, self.out.facts.len());
    }

    fn prose(&mut self, at: u32, block: &Block) {
        let document = self.document;
        let clean = block.text.clean.trim();
        if !clean.is_empty() && clean.len() <= 3 && clean.bytes().all(|b| b.is_ascii_digit()) {
            // A page number that stood between two parts of a table or text.
            let span = (0, block.text.clean.len() as u32);
            self.out.decoys.push((at, span, crate::text::decoy::Decoy::RowNumber));
            return;
        }
        if clean.trim_start_matches(['-', ' ']).starts_with("Lưu:") {
            // Where copies are kept: `Lưu: VT, NC(2)`.
            return;
        }
        let heading = self.heading(at);
        let mut lead = Cues::default();
        let mut lead_level = None;
        let mut whole = None;
        let mut period = None;
        let mut year = None;
        // A footnote is read with the block that refers to it.
        let mut next = block.lead.or_else(|| self.referring(at, block));
        for step in 0..4 {
            let Some(above) = next.and_then(|b| document.blocks.get(b as usize)) else { break };
            let said = self.said(next.unwrap_or_default(), above);
            lead.add(&said.cues);
            lead_level = lead_level.or(said.level);
            period = period.or(said.period);
            year = year.or(said.year);
            if step == 0 {
                whole = self.whole_of(next.unwrap_or_default(), &above.text.clean);
            }
            next = above.lead;
        }
        self.items_before(at, block, &mut lead);
        // Items list the parts of a figure: they are of its level.
        lead_level = whole.and_then(|w| self.out.facts[w].level).or(lead_level);
        let source = if block.kind == BlockKind::Footnote { Source::Footnote } else { Source::Narrative };
        let passage = Passage {
            text: &block.text,
            low: self.texts.block(at),
            block: at,
            cell: None,
            source,
            place: block.place,
            lead,
            lead_level,
            label: "",
            whole,
            period,
            year: year.or(heading.year),
            heading: heading.cues.clone(),
            heading_level: heading.level,
            // A note belongs to the text that refers to it, not to the heading above its place.
            plan: heading.plan && !(block.kind == BlockKind::Footnote && self.referring(at, block).is_some()),
        };
        self.passage(&passage);
    }

    /// What short items of the same list say before an item: `+ Trước hạn: 717 hồ sơ` before `+ Đúng hạn: 122 hồ sơ`.
    fn items_before(&self, at: u32, block: &Block, lead: &mut Cues) {
        /// Items looked at, and the bytes of a short one.
        const ITEMS: usize = 4;
        const SHORT: usize = 90;
        if block.lead.is_none() || block.text.clean.len() > SHORT {
            return;
        }
        let blocks = &self.document.blocks;
        let same = |b: &&Block| b.lead == block.lead && b.text.clean.len() <= SHORT;
        blocks[..at as usize].iter().rev().take(ITEMS).filter(same).for_each(|b| {
            lead.add(&self.known(&b.text.clean).cues);
        });
    }

    /// What a block says to those that go on with it, looked up once per block: all items of a list have one lead.
    fn said(&mut self, at: u32, block: &Block) -> Rc<Said> {
        if let Some(said) = self.said.get(&at) {
            return said.clone();
        }
        let text = block.text.clean.as_str();
        let period = times::opening(text).or_else(|| times::window(text));
        let year = year_named(text);
        let said = match self.cues.get(&at) {
            // What was found in a paragraph when it was read need not be looked for again.
            Some(cues) if text.len() > labels::LONGEST => {
                let levels = Levels::within(text, self.texts.block(at));
                Said { cues: cues.clone(), level: self.level_among(&levels, text), period, year }
            }
            _ => {
                let known = self.known(text);
                Said { cues: known.cues.clone(), level: self.level_said(&known), period, year }
            }
        };
        let said = Rc::new(said);
        self.said.insert(at, said.clone());
        said
    }

    /// The block that a footnote's mark stands in.
    fn referring(&self, at: u32, block: &Block) -> Option<u32> {
        if block.kind != BlockKind::Footnote || block.mark.is_empty() {
            return None;
        }
        let holds = |b: &Block| b.notes.iter().any(|(_, mark)| *mark == block.mark);
        let blocks = &self.document.blocks;
        let before = blocks[..at as usize].iter().rposition(holds);
        before.or_else(|| blocks.iter().position(holds)).map(|b| b as u32).filter(|b| *b != at)
    }

    /// The figure that a list's items are parts of: the first count of the last sentence of a lead-in that ends with `trong đó`, `gồm`.
    fn whole_of(&self, block: u32, text: &str) -> Option<usize> {
        let tail = fold_end(text, 4);
        let says = ["trong đó", "gồm", "bao gồm", "cụ thể", "cụ thể như sau", "gồm có", "chia ra"];
        if !says.iter().any(|w| tail.ends_with(w)) {
            return None;
        }
        let (first, last) = self.block_facts[block as usize];
        let counts = |f: &usize| {
            let fact = &self.out.facts[*f];
            let bracket = text.get(..fact.span.0 as usize).is_some_and(|t| t.rfind('(') > t.rfind(')'));
            fact.kind == Kind::Count && fact.status == Status::Reported && !bracket
        };
        let main = (first..last).rev().find(counts)?;
        let quote = &self.out.facts[main].quote;
        (first..=main).find(|f| counts(f) && self.out.facts[*f].quote == *quote)
    }

    /// A period that is nearly the document's own is the document's: a year's report closes early in December. A shorter
    /// report's window that begins in mid-month is meant as it is printed.
    fn nearly(&self, period: Period) -> Period {
        let days = self.out.metadata.period.map_or(0, |d| if d.kind == PeriodKind::Year { 45 } else { 20 });
        let near = |a: jiff::civil::Date, b: jiff::civil::Date| a.until(b).is_ok_and(|s| s.get_days().abs() <= days);
        match self.out.metadata.period {
            Some(document)
                if period.kind != PeriodKind::Month
                    && (document.kind == PeriodKind::Year
                        || period.kind != PeriodKind::Range
                        || period.start.day() == document.start.day())
                    && near(document.start, period.start)
                    && near(document.end, period.end) =>
            {
                document
            }
            _ => period,
        }
    }

    /// What the headings above a block say, looked up once per heading.
    fn heading(&mut self, block: u32) -> Heading {
        let Some(above) = self.document.blocks.get(block as usize).and_then(|b| b.heading) else {
            return Heading::default();
        };
        if above >= block {
            return Heading::default();
        }
        if let Some(known) = &self.headings[above as usize] {
            return known.clone();
        }
        let text = &self.document.blocks[above as usize].text.clean;
        let mut heading = self.heading(above);
        let known = self.known(text);
        heading.cues.add(&known.cues);
        // A heading speaks of those below the issuer; the level above is who assigned or published.
        let issuer = self.out.metadata.issuer_level;
        let level = self.level_said(&known).filter(|l| issuer.is_none_or(|i| *l < i));
        heading.level = level.or(heading.level);
        heading.year = year_named(text).or(heading.year);
        // A heading further down is part of what its section tells.
        let high = matches!(self.document.blocks[above as usize].kind, BlockKind::Heading(..=2));
        heading.plan = heading.plan || high && known.is_plan();
        self.headings[above as usize] = Some(heading.clone());
        heading
    }

    /// The level whose things a label counts in this report.
    fn level_said(&self, label: &Known) -> Option<Level> {
        self.level_among(label.levels(), &label.text)
    }

    /// The same of the levels that a text names.
    fn level_among(&self, levels: &Levels, text: &str) -> Option<Level> {
        levels.counted(self.out.metadata.issuer_level).map(|level| self.in_city(level, text))
    }

    /// A level by the words that name it.
    fn in_city(&self, level: Level, said: &str) -> Level {
        let own = self.city && level == Level::Province && {
            let said = lowered(said);
            ["thành phố", "tp"].iter().any(|w| said.contains(w)) && !said.contains("tỉnh")
        };
        if own { Level::District } else { level }
    }
}

/// The only year that a heading or lead-in names.
fn year_named(text: &str) -> Option<i16> {
    // Most texts hold no year.
    if !text.as_bytes().windows(4).any(|four| four.iter().all(u8::is_ascii_digit)) {
        return None;
    }
    let low = lowered(text);
    let mut years = low.match_indices("năm ").filter_map(|(at, word)| {
        let rest = &low[at + word.len()..];
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<i16>().ok().filter(|_| digits.len() == 4)
    });
    let year = years.next()?;
    years.all(|y| y == year).then_some(year)
}
