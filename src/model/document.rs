//! One file as read: blocks in reading order, tables with sparse cells, notes tied to their marks. Flat lists with ids.

use crate::text::clean::Text;
use std::ops::Range;
use std::sync::OnceLock;

/// Where on paper: page and box, or line of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Place {
    /// 1-based line, for text inputs.
    pub line: Option<u32>,
    /// 1-based page, where the format has pages.
    pub page: Option<u32>,
    /// Left, top, right, bottom in points from the page's top left, y down.
    pub rect: Option<[f32; 4]>,
}

impl Place {
    /// A place known by its line only.
    pub fn line(line: u32) -> Place {
        Place { line: (line > 0).then_some(line), page: None, rect: None }
    }
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A heading, level from 1: `I.`, `1.`, `1.1.`, `a)`, `PHỤ LỤC 2`, `Biểu mẫu 1`.
    Heading(u8),
    /// Running text.
    Paragraph,
    /// An item: `-` depth 1, `+` depth 2.
    ListItem(u8),
    /// Stands for `tables[index]`; its own text is empty.
    Table(u32),
    /// A footnote or endnote; its mark is in `Block::mark`.
    Footnote,
    /// Running head, letterhead lines outside the text proper.
    Header,
    /// Page number, running foot.
    Footer,
}

/// One block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The nearest enclosing heading: an index into `Document::blocks`, always smaller than this block's own.
    pub heading: Option<u32>,
    /// For a list item or a paragraph that continues one: the block whose list this is (its lead-in `… Trong đó:`, the `-` item of a `+`).
    pub lead: Option<u32>,
    /// Its words.
    pub text: Text,
    /// Where it starts.
    pub place: Place,
    /// For a footnote its mark (`1`); for a heading or item its printed number (`2.1`, `a`, `3B`); empty otherwise.
    pub mark: String,
    /// Marks of notes whose reference stands in this block, with the clean byte offset of each.
    pub notes: Vec<(u32, String)>,
}

/// One cell; rows and columns from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// First row it covers.
    pub row: u32,
    /// First column it covers.
    pub column: u32,
    /// Rows covered, at least 1.
    pub row_span: u32,
    /// Columns covered, at least 1.
    pub column_span: u32,
    /// Whether it belongs to the header rows.
    pub header: bool,
    /// Its words.
    pub text: Text,
    /// Where it starts (for an empty cell of a text file: the line on which it is empty).
    pub place: Place,
}

/// One table. Cells are sorted by row, then column; a covered position has no cell of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Number of rows.
    pub rows: u32,
    /// Number of columns.
    pub columns: u32,
    /// How many rows at the top are header rows.
    pub header_rows: u32,
    /// The blocks that caption it (`Biểu mẫu 1`, `Công tác chỉ đạo điều hành`), in order.
    pub captions: Vec<u32>,
    /// Sparse cells, sorted by row and column. They do not change any more once `cell` was asked.
    pub cells: Vec<Cell>,
    /// Where the cells of a row are found.
    pub(crate) places: OnceLock<Places>,
}

/// Where the cells of a row are found.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Places {
    /// For each row the index of the first cell at or below it.
    starts: Vec<u32>,
    /// Cells that cover more than one row, by index.
    tall: Vec<u32>,
}

/// Cells over several rows looked at for one position; more than any real table has above one row.
const TALL: usize = 1024;

impl Table {
    /// The cell that starts at or covers a position.
    pub fn cell(&self, row: u32, column: u32) -> Option<&Cell> {
        let covers = |c: &&Cell| {
            c.row <= row && row < c.row + c.row_span && c.column <= column && column < c.column + c.column_span
        };
        let here = self.row(row);
        let at = here.partition_point(|c| c.column <= column);
        here[..at].last().filter(covers).or_else(|| {
            let tall = &self.places().tall;
            let above = tall.partition_point(|at| self.cells[*at as usize].row < row);
            tall[..above].iter().rev().take(TALL).map(|at| &self.cells[*at as usize]).find(covers)
        })
    }

    /// The cells that start in a row.
    pub fn row(&self, row: u32) -> &[Cell] {
        &self.cells[self.row_range(row)]
    }

    /// The indexes of the cells that start in a row.
    pub fn row_range(&self, row: u32) -> Range<usize> {
        let starts = &self.places().starts;
        let from = |row: usize| starts.get(row).map_or(self.cells.len(), |at| *at as usize);
        from(row as usize)..from(row as usize + 1)
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let mut places = Places::default();
            for (at, cell) in self.cells.iter().enumerate() {
                if places.starts.len() <= cell.row as usize {
                    places.starts.resize(cell.row as usize + 1, at as u32);
                }
                if cell.row_span > 1 {
                    places.tall.push(at as u32);
                }
            }
            places
        })
    }
}

/// Where one line of a text stands, in a format that has no lines of its own.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceLine {
    /// 1-based page, where known.
    pub page: Option<u32>,
    /// Its box, where known.
    pub rect: Option<[f32; 4]>,
    /// Its words in order, for the box of a single figure.
    pub words: Vec<SourceWord>,
}

/// One word of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SourceWord {
    /// Bytes of the raw line (the string given to `Text::from_lines` for it).
    pub start: u32,
    /// End of these bytes.
    pub end: u32,
    /// Left, top, right, bottom in points from the page's top left, y down.
    pub rect: [f32; 4],
    /// How sure the reading is, 0 to 1; 1 for digital text.
    pub confidence: f32,
}

/// One file as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Blocks in reading order.
    pub blocks: Vec<Block>,
    /// Tables, referred to by `BlockKind::Table`.
    pub tables: Vec<Table>,
    /// The reader and the route taken: `text/markdown`, `text/cell-per-line`, `text/pdf-layer`, `text/plain`.
    pub parser: String,
    /// `text`, `pdf`, `docx` …
    pub format: &'static str,
    /// As detected before conversion to Unicode: `utf-8`, `utf-16le`, `windows-1258`, `tcvn3` …
    pub charset: String,
    /// Number of pages, where the format has pages.
    pub pages: Option<u32>,
    /// For formats without lines of their own: what each 1-based "line" of the texts stands for, line `n` at index `n - 1`. A PDF's are
    /// its visual lines, a Word file's its paragraphs. Empty for text files, whose lines are what they say.
    pub lines: Vec<SourceLine>,
    /// Things noticed while reading that the dataset reports (`truncated-row`, `invalid-utf8`), with their place.
    pub notices: Vec<(String, Place)>,
}

impl Document {
    /// The headings above a block, nearest first.
    pub fn headings(&self, block: u32) -> impl Iterator<Item = &Block> {
        let mut next = self.blocks.get(block as usize).and_then(|b| b.heading);
        std::iter::from_fn(move || {
            let block = &self.blocks[next? as usize];
            next = block.heading;
            Some(block)
        })
    }
}
