//! A document's texts in small letters, made once for all that look for words in them.

use crate::model::Document;
use crate::text::sought::{Low, Lowered};

/// The texts of a document's blocks, then those of its tables' cells.
pub(super) struct Texts {
    lowered: Lowered,
    /// Number of the first cell's text of each table.
    tables: Vec<usize>,
}

impl Texts {
    /// Those of a document that does not change any more.
    pub fn of(document: &Document) -> Texts {
        let blocks = document.blocks.iter().map(|block| &block.text);
        let cells = document.tables.iter().flat_map(|table| &table.cells).map(|cell| &cell.text);
        let lowered = Lowered::of(blocks.chain(cells).map(|text| text.clean.as_str()));
        let mut next = document.blocks.len();
        let tables = document.tables.iter().map(|table| {
            next += table.cells.len();
            next - table.cells.len()
        });
        Texts { tables: tables.collect(), lowered }
    }

    /// A block's text.
    pub fn block(&self, block: u32) -> Low<'_> {
        self.lowered.text(block as usize)
    }

    /// A cell's text, by the index of the cell in its table.
    pub fn cell(&self, table: u32, cell: usize) -> Low<'_> {
        self.tables.get(table as usize).map_or(Low::default(), |first| self.lowered.text(first + cell))
    }
}
