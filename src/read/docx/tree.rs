//! A story of a Word file (body, note, header) as read: paragraphs with the fonts of their characters, tables with their cells.

use super::face::Face;

/// What a story, a cell or a text box holds.
#[derive(Debug)]
pub enum Part {
    /// A paragraph.
    Para(Box<Para>),
    /// A table.
    Table(Box<Table>),
}

/// How characters from one byte to the next span's are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// Their font.
    pub face: Face,
    /// Small letters shown as capitals.
    pub caps: bool,
}

/// Where a line starts: by the breaks that Word recorded when it last laid the text out, and by those that the author set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pages {
    /// Pages begun by recorded breaks.
    pub recorded: u32,
    /// Pages begun by set breaks.
    pub set: u32,
}

/// A note's mark in a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteMark {
    /// Whether it is an endnote.
    pub end: bool,
    /// Its id in its part.
    pub id: i64,
    /// As printed: `3`, `iv`, `*`.
    pub mark: String,
}

/// A paragraph; its number, if any, stands at the start of its text, forced line breaks are `\n`.
#[derive(Debug, Default)]
pub struct Para {
    /// Characters as stored, legacy encodings not yet decoded.
    pub text: String,
    /// Their fonts; the first starts at 0.
    pub spans: Vec<Span>,
    /// Where each of its lines starts.
    pub pages: Vec<Pages>,
    /// Notes it refers to.
    pub notes: Vec<NoteMark>,
    /// Heading level from 1, by style or outline level.
    pub level: Option<u8>,
    /// Letters that are bold, and that are not.
    pub bold: (u32, u32),
    /// An entry of a table of contents.
    pub contents: bool,
}

impl Para {
    /// Whether nothing is printed.
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }

    /// Adds characters.
    pub fn push(&mut self, text: &str, face: Face, caps: bool) {
        if text.is_empty() {
            return;
        }
        let same = self.spans.last().is_some_and(|s| s.face == face && s.caps == caps);
        if !same {
            self.spans.push(Span { start: self.text.len() as u32, face, caps });
        }
        self.text.push_str(text);
    }

    /// Puts what an earlier paragraph holds in front: its mark was deleted.
    pub fn prepend(&mut self, mut before: Para) {
        let shift = before.text.len() as u32;
        before.text.push_str(&self.text);
        before.spans.extend(self.spans.iter().map(|s| Span { start: s.start + shift, ..*s }));
        before.pages.extend(self.pages.iter().skip(1));
        before.notes.append(&mut self.notes);
        before.bold.0 += self.bold.0;
        before.bold.1 += self.bold.1;
        before.level = self.level;
        before.contents |= self.contents;
        *self = before;
    }
}

/// How a cell takes part in a vertical merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Merge {
    /// Not.
    #[default]
    None,
    /// It is the topmost.
    Start,
    /// It is covered by the one above.
    Covered,
}

/// A cell.
#[derive(Debug, Default)]
pub struct Cell {
    /// Grid columns it covers.
    pub span: u32,
    /// Its part in a vertical merge.
    pub merge: Merge,
    /// What it holds.
    pub parts: Vec<Part>,
}

/// A row.
#[derive(Debug, Default)]
pub struct Row {
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Grid columns left empty before the first cell.
    pub before: u32,
    /// Repeated on every page.
    pub head: bool,
    /// Deleted in a tracked change.
    pub deleted: bool,
}

/// A table.
#[derive(Debug, Default)]
pub struct Table {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Widths of the grid's columns in twentieths of a point.
    pub grid: Vec<u32>,
    /// Whether it, its style or any cell draws lines; None where nothing is said.
    pub lines: Option<bool>,
}
