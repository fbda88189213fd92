//! A document as lines for a terminal: one per block, tables as grids with row numbers. For looking, not for machines.

use crate::model::{BlockKind, Document, Table};
use std::fmt::Write;

/// Characters of a block that are shown.
const SHOWN: usize = 80;
/// Characters of a cell that are shown.
const CELL: usize = 28;

fn cut(text: &str, max: usize) -> String {
    let mut chars = text.chars();
    let head: String = chars.by_ref().take(max).collect();
    if chars.next().is_some() { head + "…" } else { head }
}

/// One line per block with kind, level, mark, line and first words; each table as a grid below its block.
pub fn outline(document: &Document) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} {} blocks={} tables={}",
        document.parser,
        document.charset,
        document.blocks.len(),
        document.tables.len()
    );
    for (notice, place) in &document.notices {
        let _ = writeln!(out, "! {notice} line {}", place.line.unwrap_or(0));
    }
    for (at, block) in document.blocks.iter().enumerate() {
        let kind = match block.kind {
            BlockKind::Heading(level) => format!("H{level}"),
            BlockKind::Paragraph => "P".to_string(),
            BlockKind::ListItem(depth) => format!("L{depth}"),
            BlockKind::Table(index) => format!("T{index}"),
            BlockKind::Footnote => "N".to_string(),
            BlockKind::Header => "HEAD".to_string(),
            BlockKind::Footer => "FOOT".to_string(),
        };
        let line = block.place.line.or(block.place.page).unwrap_or(0);
        let _ = write!(out, "{at:>5} {line:>6} {kind:<4}");
        if let Some(heading) = block.heading {
            let _ = write!(out, " ^{heading}");
        }
        if let Some(lead) = block.lead {
            let _ = write!(out, " <{lead}");
        }
        if !block.mark.is_empty() {
            let _ = write!(out, " [{}]", block.mark);
        }
        let _ = writeln!(out, " {}", cut(&block.text.clean, SHOWN));
        if let BlockKind::Table(index) = block.kind
            && let Some(table) = document.tables.get(index as usize)
        {
            grid(table, &mut out);
        }
    }
    out
}

fn grid(table: &Table, out: &mut String) {
    let _ = writeln!(
        out,
        "             {}×{} header={} captions={:?}",
        table.rows, table.columns, table.header_rows, table.captions
    );
    let mut row = u32::MAX;
    for cell in &table.cells {
        if cell.row != row {
            if row != u32::MAX {
                out.push('\n');
            }
            row = cell.row;
            let head = if cell.header { '=' } else { ' ' };
            let _ = write!(out, "      {row:>4}{head}{:>6}", cell.place.line.unwrap_or(0));
        }
        let _ = write!(out, " |{}", cell.column);
        if cell.row_span > 1 || cell.column_span > 1 {
            let _ = write!(out, "({}×{})", cell.row_span, cell.column_span);
        }
        let _ = write!(out, " {}", cut(&cell.text.clean, CELL));
    }
    if row != u32::MAX {
        out.push('\n');
    }
}
