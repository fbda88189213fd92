//! A Document as plain text for people and goldens: one line per block or cell, with line number, kind and clean text.

use crate::model::{Block, BlockKind, Document, Place, Table};
use crate::write::block_word;
use std::fmt::Write as _;

/// Where something starts: `L12` for a line, `p3` for a page, `-` where nothing is known.
pub fn place_text(place: &Place) -> String {
    match (place.line, place.page) {
        (Some(line), _) => format!("L{line}"),
        (None, Some(page)) => format!("p{page}"),
        (None, None) => "-".to_string(),
    }
}

/// Text for one line of output: control characters, which could run a terminal, become `·`; line ends become spaces.
pub fn one_line(text: &str) -> String {
    let safe = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        // Bidirectional controls can make a line read differently from what it holds.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '·',
        c if c.is_control() => '·',
        c => c,
    };
    text.chars().map(safe).collect()
}

/// The whole document.
pub fn document_text(document: &Document) -> String {
    let mut out = String::new();
    for (index, block) in document.blocks.iter().enumerate() {
        let _ = writeln!(out, "b{index} {} {}", place_text(&block.place), block_text(block));
        if let BlockKind::Table(table) = block.kind
            && let Some(content) = document.tables.get(table as usize)
        {
            table_text(content, &mut out);
        }
    }
    out
}

fn block_text(block: &Block) -> String {
    let mut out = block_word(block.kind).to_string();
    match block.kind {
        BlockKind::Heading(depth) | BlockKind::ListItem(depth) => {
            let _ = write!(out, "/{depth}");
        }
        BlockKind::Table(index) => {
            let _ = write!(out, " t{index}");
        }
        _ => {}
    }
    if let Some(heading) = block.heading {
        let _ = write!(out, " <b{heading}");
    }
    if let Some(lead) = block.lead {
        let _ = write!(out, " ~b{lead}");
    }
    if !block.mark.is_empty() {
        let _ = write!(out, " [{}]", one_line(&block.mark));
    }
    if !block.text.is_empty() {
        let _ = write!(out, ": {}", one_line(&block.text.clean));
    }
    for (at, mark) in &block.notes {
        let _ = write!(out, " {{note {} at {at}}}", one_line(mark));
    }
    out
}

fn table_text(table: &Table, out: &mut String) {
    let captions: Vec<String> = table.captions.iter().map(|b| format!("b{b}")).collect();
    let _ = writeln!(
        out,
        "   {} rows, {} columns, {} header rows, captions [{}]",
        table.rows,
        table.columns,
        table.header_rows,
        captions.join(" ")
    );
    for cell in &table.cells {
        let _ = write!(out, "   r{}c{} {}", cell.row, cell.column, place_text(&cell.place));
        if (cell.row_span, cell.column_span) != (1, 1) {
            let _ = write!(out, " {}x{}", cell.row_span, cell.column_span);
        }
        let mark = if cell.header { " head" } else { "" };
        let _ = writeln!(out, "{mark}: {}", one_line(&cell.text.clean));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean::Text;

    #[test]
    fn control_characters_cannot_reach_a_terminal() {
        assert_eq!(one_line("a\u{1b}[31m\tb\u{202E}c\nd"), "a·[31m b·c d");
    }

    #[test]
    fn blocks_are_one_line_each() {
        let block = Block {
            kind: BlockKind::ListItem(2),
            heading: Some(0),
            lead: None,
            text: Text { clean: "Tiếp nhận 7 hồ sơ".into(), ..Text::default() },
            place: Place::line(4),
            mark: "a".into(),
            notes: vec![(3, "1".into())],
        };
        let document = Document { blocks: vec![block], ..Document::default() };
        assert_eq!(document_text(&document), "b0 L4 list-item/2 <b0 [a]: Tiếp nhận 7 hồ sơ {note 1 at 3}\n");
    }
}
