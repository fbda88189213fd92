//! What readers of formats without lines share: paragraphs and table cells in reading order come in, a `Document` goes out.
//!
//! Every paragraph, and every line inside it, gets the next number; `Document::lines` says on which page it stands. Headings and bold
//! paragraphs are told to the prose reader in its own notation (`## …`, `**…**`), so that a Word file and its text dump are cut alike.
//! Tables may nest; a table that only arranges text (a letterhead, a signature block, a frame around a caption) is dissolved into
//! its paragraphs, a table inside a cell of a true table follows it. Nothing recurses: a table is settled when it ends.
//!
//! Refused: nothing. Beyond the caps text is kept and structure is given up.

mod table;

use crate::model::{Document, Place, SourceLine, Table};
use crate::read::text::line::{Line, trim};
use crate::read::text::prose::{Para, Setting, paragraphs};
use crate::read::text::structure::{self, Item};

/// Tables deeper than this are read as running text.
const DEEPEST: usize = 16;
/// A table has at most so many columns; what stands right of them goes into the last cell.
pub const MOST_COLUMNS: u32 = 1024;
/// A cell covers at most so many rows.
const TALLEST: u32 = 65_535;

/// A paragraph line of a cell or of the text: its number and words.
pub type Numbered = (u32, String);

/// A part of the text in reading order.
#[derive(Debug)]
enum Part {
    /// One line; blank lines before it.
    Line(Numbered, u32),
    /// A table and the number of its first line.
    Table(Table, u32),
    /// A note.
    Note(String, Vec<Numbered>),
}

/// A cell under construction; rows and columns from 0.
#[derive(Debug, Default)]
struct Draft {
    row: u32,
    column: u32,
    row_span: u32,
    column_span: u32,
    head: bool,
    line: u32,
    parts: Vec<Part>,
}

/// A table under construction.
#[derive(Debug, Default)]
struct Open {
    cells: Vec<Draft>,
    /// Rows begun.
    rows: u32,
    /// Where the next cell may start.
    column: u32,
    /// Down to which row each column is covered from above.
    covered: Vec<u32>,
    /// Whether a cell takes text now.
    in_cell: bool,
    /// Rows at the top that the file itself calls header rows.
    heads: u32,
}

/// Takes a file's parts in reading order.
#[derive(Debug, Default)]
pub struct Flow {
    lines: Vec<SourceLine>,
    parts: Vec<Part>,
    open: Vec<Open>,
    /// Tables begun below the deepest.
    buried: usize,
    gap: u32,
    page: Option<u32>,
    notes: Vec<(String, Vec<Numbered>)>,
    /// Things noticed while reading.
    pub notices: Vec<(String, Place)>,
}

impl Flow {
    /// From here on everything stands on this page.
    pub fn page(&mut self, page: Option<u32>) {
        self.page = page;
    }

    /// The number of the next line.
    fn number(&mut self) -> u32 {
        self.lines.push(SourceLine { page: self.page, rect: None, words: Vec::new() });
        self.lines.len() as u32
    }

    /// Notes something once.
    pub fn notice(&mut self, name: &str) {
        if !self.notices.iter().any(|n| n.0 == name) {
            let place = Place { line: None, page: self.page, rect: None };
            self.notices.push((name.to_string(), place));
        }
    }

    /// Whether a table is open.
    pub fn in_table(&self) -> bool {
        !self.open.is_empty()
    }

    /// A paragraph; `\n` inside it is a forced line break.
    pub fn paragraph(&mut self, text: &str) {
        if trim(text).is_empty() {
            self.gap += 1;
            return;
        }
        for line in text.split(['\n', '\r']).map(trim).filter(|l| !l.is_empty()) {
            self.line(line.to_string());
        }
    }

    /// A heading of some level, from 1.
    pub fn heading(&mut self, level: u8, text: &str) {
        let text = text.replace(['\n', '\r'], " ");
        if trim(&text).is_empty() || self.in_table() {
            self.paragraph(&text);
        } else {
            self.line(format!("{} {}", "######".get(..level.clamp(1, 6) as usize).unwrap_or("#"), trim(&text)));
        }
    }

    /// A paragraph whose every character is bold.
    pub fn bold(&mut self, text: &str) {
        let one = trim(text);
        let plain = one.is_empty() || one.contains(['\n', '\r', '*']) || self.in_table() || one.starts_with('_');
        if plain {
            self.paragraph(text);
        } else {
            self.line(format!("**{one}**"));
        }
    }

    fn line(&mut self, text: String) {
        let no = self.number();
        let gap = std::mem::take(&mut self.gap);
        let part = Part::Line((no, text), gap);
        match self.open.last_mut().filter(|o| !o.cells.is_empty()) {
            Some(open) => {
                if let Some(cell) = open.cells.last_mut() {
                    cell.parts.push(part);
                }
            }
            None => {
                self.parts.push(part);
                self.place_notes();
            }
        }
    }

    /// A note whose mark was printed in the paragraph that comes next, or came last.
    pub fn note(&mut self, mark: &str, paragraphs: &[String]) {
        let mut lines = Vec::new();
        for text in paragraphs.iter().flat_map(|p| p.split(['\n', '\r'])).map(trim).filter(|t| !t.is_empty()) {
            let no = self.number();
            lines.push((no, text.to_string()));
        }
        if !lines.is_empty() {
            self.notes.push((mark.to_string(), lines));
        }
    }

    /// Puts the notes met so far behind the paragraph or table they belong to.
    pub fn place_notes(&mut self) {
        if self.open.is_empty() {
            self.parts.extend(self.notes.drain(..).map(|(mark, lines)| Part::Note(mark, lines)));
        }
    }

    /// A table begins.
    pub fn table_start(&mut self) {
        if self.open.len() >= DEEPEST {
            self.buried += 1;
        } else {
            self.open.push(Open::default());
        }
    }

    /// The next row begins.
    pub fn row_start(&mut self) {
        if self.buried > 0 {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            open.rows += 1;
            open.column = 0;
            open.in_cell = false;
        }
    }

    /// The row that has begun is a header row, by the word of the file.
    pub fn head_row(&mut self) {
        if let Some(open) = self.open.last_mut().filter(|o| o.heads + 1 == o.rows) {
            open.heads += 1;
        }
    }

    /// The next cell of the row begins, in the first column that no cell above covers.
    pub fn cell_start(&mut self, row_span: u32, column_span: u32, head: bool) {
        if self.buried > 0 {
            return;
        }
        let next = self.lines.len() as u32 + 1;
        let Some(open) = self.open.last_mut() else { return };
        open.rows = open.rows.max(1);
        let row = open.rows - 1;
        while open.covered.get(open.column as usize).is_some_and(|until| *until > row) {
            open.column += 1;
        }
        if open.column >= MOST_COLUMNS && !open.cells.is_empty() {
            return;
        }
        let width = column_span.clamp(1, MOST_COLUMNS - open.column.min(MOST_COLUMNS - 1));
        let height = row_span.clamp(1, TALLEST);
        if height > 1 {
            let end = (open.column + width) as usize;
            if open.covered.len() < end {
                open.covered.resize(end, 0);
            }
            open.covered[open.column as usize..end].fill(row + height);
        }
        open.cells.push(Draft {
            row,
            column: open.column,
            row_span: height,
            column_span: width,
            head,
            line: next,
            parts: Vec::new(),
        });
        open.column += width;
        open.in_cell = true;
    }

    /// The table ends.
    pub fn table_end(&mut self) {
        if self.buried > 0 {
            self.buried -= 1;
            return;
        }
        let Some(open) = self.open.pop() else { return };
        let settled = table::settle(open);
        let parts = match self.open.last_mut().and_then(|o| o.cells.last_mut()) {
            Some(cell) => &mut cell.parts,
            None => &mut self.parts,
        };
        parts.extend(settled);
        self.gap = 0;
        self.place_notes();
    }

    /// The document: headings, lists, captions as the text reader finds them.
    pub fn finish(mut self, format: &'static str, parser: &str, charset: &str) -> Document {
        while !self.open.is_empty() {
            self.buried = 0;
            self.table_end();
        }
        self.place_notes();
        let Flow { lines, parts, notices, .. } = self;
        let mut items: Vec<Item> = Vec::with_capacity(parts.len());
        let mut tables = Vec::new();
        // Tables are owned by the items; the words stay borrowed.
        let mut borrowed: Vec<Borrowed> = Vec::with_capacity(parts.len());
        let mut words: Vec<(Numbered, u32)> = Vec::with_capacity(parts.len());
        let mut notes: Vec<(String, Vec<Numbered>)> = Vec::new();
        for part in parts {
            borrowed.push(match part {
                Part::Line(line, gap) => {
                    words.push((line, gap));
                    Borrowed::Line(words.len() - 1)
                }
                Part::Table(table, line) => {
                    tables.push(Some(table));
                    Borrowed::Table(tables.len() - 1, line)
                }
                Part::Note(mark, lines) => {
                    notes.push((mark, lines));
                    Borrowed::Note(notes.len() - 1)
                }
            });
        }
        let mut prose: Vec<Line> = Vec::new();
        for part in borrowed {
            match part {
                Borrowed::Line(at) => {
                    let ((no, text), gap) = &words[at];
                    prose.push(Line { no: *no, raw: text, gap: *gap, tabs: 0 });
                }
                Borrowed::Table(at, line) => {
                    flush(&mut prose, &mut items);
                    if let Some(table) = tables[at].take() {
                        items.push(Item::Table(table, line));
                    }
                }
                Borrowed::Note(at) => {
                    flush(&mut prose, &mut items);
                    let (mark, lines) = &notes[at];
                    let pieces = lines.iter().map(|(no, text)| (*no, text.as_str())).collect();
                    match items.last_mut() {
                        Some(Item::Para(para)) if para.note.is_none() => para.notes.push((mark, pieces)),
                        _ => {
                            items.push(Item::Para(Para { pieces, note: Some(mark), ..Para::default() }));
                        }
                    }
                }
            }
        }
        flush(&mut prose, &mut items);
        let mut document = structure::build(items);
        document.format = format;
        document.parser = parser.to_string();
        document.charset = charset.to_string();
        document.lines = lines;
        document.notices = notices;
        document
    }
}

enum Borrowed {
    Line(usize),
    Table(usize, u32),
    Note(usize),
}

fn flush<'a>(prose: &mut Vec<Line<'a>>, items: &mut Vec<Item<'a>>) {
    if !prose.is_empty() {
        items.extend(paragraphs(prose, Setting::default()).into_iter().map(Item::Para));
        prose.clear();
    }
}

#[cfg(test)]
pub(in crate::read) mod tests;
