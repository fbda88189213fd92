//! Document + RuleSet → facts: the letterhead, then every block and table in reading order. Cannot fail.
//!
//! Known forms are aligned row by row (`forms`), other rows and all sentences are matched by their words (`phrases`); level, entity
//! and period come from the figure's clause, its list, its row's parents, its headings, and last from the document.

pub mod appendix;
pub mod columns;
pub mod entity;
pub mod examples;
pub mod forms;
pub mod gazetteer;
pub mod letterhead;
pub mod level;
pub mod narrative;
pub mod phrases;
pub mod places;
pub mod rows;
pub mod tables;
pub mod windows;

use crate::model::{Block, BlockKind, Document, Extraction, Level, Source};
use crate::rules::RuleSet;
use crate::text::fold::fold;
use crate::text::number::Habit;
use forms::FormIndex;
use level::level_of;
use narrative::Passage;
use phrases::{Cues, PhraseIndex};

/// A rule set made ready to map documents with; build it once, use it for all.
pub struct Mapper<'a> {
    rules: &'a RuleSet,
    phrases: PhraseIndex,
    forms: FormIndex,
}

impl<'a> Mapper<'a> {
    /// Compiles the cues and the forms' labels.
    pub fn new(rules: &'a RuleSet) -> Mapper<'a> {
        Mapper { rules, phrases: PhraseIndex::new(rules), forms: FormIndex::new(rules) }
    }

    /// The rules it maps by.
    pub fn rules(&self) -> &'a RuleSet {
        self.rules
    }

    /// Maps a document's figures to facts.
    pub fn map(&self, document: &Document) -> Extraction {
        let metadata = letterhead::metadata(document);
        let mut habit = Habit::default();
        for block in &document.blocks {
            habit.observe(&block.text.clean);
        }
        for cell in document.tables.iter().flat_map(|t| &t.cells) {
            habit.observe(&cell.text.clean);
        }
        let appendices = appendix::appendices(document);
        let number_style = habit.style();
        let mut builder = Builder {
            rules: self.rules,
            phrases: &self.phrases,
            forms: &self.forms,
            document,
            habit,
            below_commune: matches!(metadata.issuer_level, Some(Level::Commune | Level::Hamlet)),
            headings: vec![None; document.blocks.len()],
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
    plan: bool,
}

/// One document being mapped.
pub struct Builder<'a> {
    rules: &'a RuleSet,
    phrases: &'a PhraseIndex,
    forms: &'a FormIndex,
    document: &'a Document,
    habit: Habit,
    below_commune: bool,
    headings: Vec<Option<Heading>>,
    /// Facts made from each block, as a range of indexes.
    block_facts: Vec<(usize, usize)>,
    out: Extraction,
}

impl<'a> Builder<'a> {
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
        let heading = self.heading(at);
        let mut lead = Cues::default();
        let mut lead_level = None;
        let mut whole = None;
        let mut next = block.lead;
        for _ in 0..4 {
            let Some(above) = next.and_then(|b| self.document.blocks.get(b as usize)) else { break };
            lead.add(&self.phrases.cues(&above.text.clean));
            lead_level = lead_level.or_else(|| level_of(&above.text.clean));
            if whole.is_none() && next == block.lead {
                whole = self.whole_of(next.unwrap_or_default(), &above.text.clean);
            }
            next = above.lead;
        }
        let source = if block.kind == BlockKind::Footnote { Source::Footnote } else { Source::Narrative };
        let passage = Passage {
            text: &block.text,
            block: at,
            cell: None,
            source,
            place: block.place,
            lead,
            lead_level,
            label: "",
            whole,
            heading: heading.cues.clone(),
            heading_level: heading.level,
            plan: heading.plan,
        };
        self.passage(&passage);
    }

    /// The figure that a list's items are parts of: the last count of a lead-in that says `trong đó`, `gồm`, `cụ thể`.
    fn whole_of(&self, block: u32, text: &str) -> Option<usize> {
        let tail = fold(text);
        let tail = tail.trim_end();
        if !["trong đó", "gồm", "bao gồm", "cụ thể", "cụ thể như sau", "gồm có", "chia ra"]
            .iter()
            .any(|w| tail.ends_with(w))
        {
            return None;
        }
        let (first, last) = self.block_facts[block as usize];
        (first..last).rev().find(|&f| {
            let fact = &self.out.facts[f];
            fact.kind == crate::model::Kind::Count && fact.number.is_some()
        })
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
        heading.cues.add(&self.phrases.cues(text));
        heading.level = level_of(text).or(heading.level);
        heading.plan = heading.plan || is_plan(text, self.document.blocks[above as usize].kind);
        self.headings[above as usize] = Some(heading.clone());
        heading
    }
}

/// Whether a heading opens a section of plans and wishes. `Kết quả thực hiện nhiệm vụ` does not.
fn is_plan(text: &str, kind: BlockKind) -> bool {
    let BlockKind::Heading(level) = kind else { return false };
    let folded = fold(text);
    let result =
        ["kết quả", "tình hình", "đánh giá", "tiếp nhận", "xử lý", "phản ánh"].iter().any(|w| folded.contains(w));
    let plan = [
        "phương hướng",
        "nhiệm vụ trọng tâm",
        "kiến nghị",
        "đề xuất",
        "nhiệm vụ thời gian tới",
        "giải pháp thời gian tới",
        "mục tiêu",
    ]
    .iter()
    .any(|w| folded.contains(w));
    plan && !result && level <= 2
}
