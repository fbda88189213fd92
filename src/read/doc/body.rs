//! Characters with their properties in; paragraphs, tables and notes to the flow.
//!
//! A paragraph ends at 0x0D (or 0x07 in a cell), and its properties stand at its mark; a row ends at a mark that says so, and only
//! there are the edges of its cells known, so rows are kept until their table ends. Field codes, deleted and hidden characters,
//! pictures are left out.

use super::list::Numbers;
use super::pieces::{Piece, characters};
use super::props::{Character, Paragraph, Run, run_at};
use super::style::Styles;
use super::table::{Content, Grid};
use crate::read::docx::face::{Face, symbol};
use crate::read::docx::tree::Para;
use crate::read::docx::voices::Voices;
use crate::read::flow::Flow;
use std::collections::BTreeMap;
use std::ops::Range;

/// Nested tables deeper than this are read as text of the cell they stand in.
const DEEPEST: u32 = 8;

/// What the walker needs to know of a file.
pub struct Source<'a> {
    /// The main stream.
    pub main: &'a [u8],
    /// The data stream.
    pub data: &'a [u8],
    /// The piece table.
    pub pieces: Vec<Piece>,
    /// 8-bit characters.
    pub narrow: [char; 256],
    /// Runs of character properties.
    pub characters: Vec<Run>,
    /// Runs of paragraph properties.
    pub paragraphs: Vec<Run>,
    /// The style sheet.
    pub styles: Styles<'a>,
    /// What each font does to its characters.
    pub faces: Vec<Face>,
    /// Word 6 or 95.
    pub old: bool,
}

/// Marks and bodies of notes by the position of their reference.
pub type Notes = BTreeMap<u32, (String, Vec<Para>)>;

impl Source<'_> {
    fn face(&self, font: u16) -> Face {
        self.faces.get(usize::from(font)).copied().unwrap_or_default()
    }

    /// The style of the paragraph whose mark stands at a byte.
    fn style(&self, at: u32) -> u16 {
        match run_at(&self.paragraphs, at).map_or(&[][..], |run| self.list(run)) {
            [a, b, ..] => u16::from_le_bytes([*a, *b]),
            _ => 0,
        }
    }

    fn list(&self, run: Run) -> &[u8] {
        let from = run.list.0 as usize;
        self.main.get(from..from + run.list.1 as usize).unwrap_or(&[])
    }

    /// The properties of the paragraph whose mark stands at a byte.
    fn paragraph(&self, at: u32) -> Paragraph {
        let list = run_at(&self.paragraphs, at).map_or(&[][..], |run| self.list(run));
        let mut out = self.styles.paragraph(self.style(at));
        out.apply(list.get(2..).unwrap_or(&[]), self.data, self.old);
        out
    }
}

/// One paragraph's characters by font, capitals as the font shows them not yet made.
#[derive(Default)]
struct Words {
    runs: Vec<(Option<u16>, bool, String)>,
    /// Characters that are not bold.
    plain: usize,
}

impl Words {
    fn push(&mut self, character: &Character, c: char) {
        let (font, capitals) = (character.font, character.capitals);
        match self.runs.last_mut().filter(|r| r.0 == font && r.1 == capitals) {
            Some(run) => run.2.push(c),
            None => self.runs.push((font, capitals, c.to_string())),
        }
        self.plain += usize::from(!character.bold && !c.is_whitespace());
    }

    /// A note's mark: digits are the same in every encoding.
    fn mark(&mut self, character: &Character, text: &str) {
        let plain = self.plain;
        text.chars().for_each(|c| self.push(character, c));
        self.plain = plain;
    }

    /// The paragraph, fonts that it does not set itself taken from its style, and whether all of it is bold.
    fn take(&mut self, source: &Source, style: u16) -> (Para, bool) {
        let words = std::mem::take(self);
        let inherited = source.styles.character(style);
        let mut para = Para::default();
        for (font, capitals, text) in words.runs {
            let face = font.or(inherited.font).map_or(Face::Plain, |font| source.face(font));
            let shown: String = match face.is_symbols() {
                true => text.chars().filter_map(|c| symbol(face, c)).collect(),
                false => text,
            };
            para.push(&shown, face, capitals || inherited.capitals);
        }
        (para, words.plain == 0)
    }
}

/// Walks a range of positions.
pub fn walk(
    source: &Source,
    range: Range<u32>,
    notes: &mut Notes,
    numbers: &mut Numbers,
    voices: &mut Voices,
    flow: &mut Flow,
) {
    let mut walker = Walker {
        source,
        flow,
        notes,
        numbers,
        voices,
        at_run: AtRun::default(),
        fields: Vec::new(),
        words: Words::default(),
        tables: Vec::new(),
    };
    let mut last = 0;
    characters(source.main, &source.pieces, &source.narrow, range, |position, at, c| {
        last = at;
        walker.character(position, at, c);
    });
    walker.end(last);
}

/// The paragraphs of a range without their tables.
pub fn plain(source: &Source, range: Range<u32>) -> Vec<Para> {
    let mut out = Vec::new();
    let mut fields: Vec<bool> = Vec::new();
    let mut at_run = AtRun::default();
    let mut words = Words::default();
    let mut last = 0;
    characters(source.main, &source.pieces, &source.narrow, range, |_, at, c| {
        last = at;
        let character = at_run.character(source, at);
        match c {
            '\u{13}' => fields.push(true),
            '\u{14}' => {
                if let Some(code) = fields.last_mut() {
                    *code = false;
                }
            }
            '\u{15}' => {
                fields.pop();
            }
            _ if fields.contains(&true) || character.deleted || character.hidden => {}
            '\r' | '\u{7}' => out.push(words.take(source, source.style(at)).0),
            '\u{1}' | '\u{2}' | '\u{5}' | '\u{8}' | '\u{1f}' => {}
            c => words.push(&character, printed(c)),
        }
    });
    out.push(words.take(source, source.style(last)).0);
    out.retain(|p| !p.is_blank());
    out
}

/// The character properties at the byte last asked for.
#[derive(Default)]
struct AtRun {
    run: Option<Run>,
    character: Character,
}

impl AtRun {
    fn character(&mut self, source: &Source, at: u32) -> Character {
        if !self.run.is_some_and(|r| (r.start..r.end).contains(&at)) {
            self.run = run_at(&source.characters, at);
            self.character = Character::default();
            if let Some(run) = self.run {
                self.character.apply(source.list(run), source.old);
            }
        }
        self.character
    }
}

/// Characters that stand for others.
fn printed(c: char) -> char {
    match c {
        '\u{1e}' => '-',
        '\u{b}' | '\u{c}' | '\u{e}' => '\n',
        c if c.is_control() && c != '\t' => ' ',
        c => c,
    }
}

struct Walker<'w, 'a> {
    source: &'w Source<'a>,
    flow: &'w mut Flow,
    notes: &'w mut Notes,
    numbers: &'w mut Numbers,
    at_run: AtRun,
    voices: &'w mut Voices,
    /// Open fields; true while the code is being read.
    fields: Vec<bool>,
    words: Words,
    /// Open tables, outermost first.
    tables: Vec<Grid>,
}

impl Walker<'_, '_> {
    fn character(&mut self, position: u32, at: u32, c: char) {
        let character = self.at_run.character(self.source, at);
        let Character { deleted, hidden, symbol: sign, special, .. } = character;
        match c {
            '\u{13}' => self.fields.push(true),
            '\u{14}' => {
                if let Some(code) = self.fields.last_mut() {
                    *code = false;
                }
            }
            '\u{15}' => {
                self.fields.pop();
            }
            '\r' | '\u{7}' => {
                // A paragraph mark inside a field code or a deletion ends nothing that is printed, but a row's end counts.
                if c == '\u{7}' || !(deleted || self.fields.contains(&true)) {
                    self.paragraph(at, c == '\u{7}');
                }
            }
            _ if deleted || hidden || self.fields.contains(&true) => {}
            '\u{2}' => {
                if let Some((mark, body)) = self.notes.remove(&position) {
                    self.words.mark(&character, &format!("[{mark}]"));
                    let body: Vec<String> = body.iter().map(|p| self.voices.speak(p)).collect();
                    self.flow.note(&mark, &body);
                }
            }
            '\u{1}' | '\u{5}' | '\u{8}' | '\u{1f}' => {}
            '(' if special && sign.is_some() => {
                let code = sign.and_then(|s| char::from_u32(u32::from(s))).unwrap_or('\u{f0b7}');
                self.words.push(&character, code);
            }
            '\u{c}' => {
                // A page or section break ends the paragraph it stands in.
                if !self.words.runs.is_empty() {
                    self.paragraph(at, false);
                }
            }
            c => self.words.push(&character, printed(c)),
        }
    }

    /// A paragraph ends at a byte.
    fn paragraph(&mut self, at: u32, cell_mark: bool) {
        let paragraph = self.source.paragraph(at);
        let depth = if cell_mark { paragraph.depth.max(1) } else { paragraph.depth }.min(DEEPEST) as usize;
        while self.tables.len() > depth {
            self.close_table();
        }
        while self.tables.len() < depth {
            self.tables.push(Grid::default());
        }
        let (para, bold) = self.words.take(self.source, paragraph.style);
        let text = self.voices.speak(&para);
        let row = paragraph.row_end || paragraph.inner_row;
        let cell = cell_mark || paragraph.inner_cell;
        let number = match paragraph.list.filter(|l| l.0 > 0 && l.0 < 0x7FF && !text.trim().is_empty() && !row) {
            Some((list, level)) => self.numbers.next(list, level),
            None => String::new(),
        };
        let text = if number.is_empty() { text } else { format!("{number} {text}") };
        match self.tables.last_mut() {
            Some(grid) if row => grid.row(paragraph.edges, paragraph.flags, paragraph.head),
            Some(grid) => {
                grid.text(text);
                if cell {
                    grid.cell();
                }
            }
            None => match self.source.styles.heading(paragraph.style) {
                Some(level) if !text.trim().is_empty() => self.flow.heading(level, &text),
                _ if bold => self.flow.bold(&text),
                _ => self.flow.paragraph(&text),
            },
        }
    }

    fn close_table(&mut self) {
        let Some(grid) = self.tables.pop() else { return };
        match self.tables.last_mut() {
            Some(outer) => outer.content(Content::Table(grid)),
            None => grid.pour(self.flow),
        }
    }

    fn end(&mut self, at: u32) {
        if !self.words.runs.is_empty() {
            self.paragraph(at, false);
        }
        while !self.tables.is_empty() {
            self.close_table();
        }
        self.flow.place_notes();
    }
}
