//! Against another library: files that docx-rs writes are read here, and sound files are read alike by both. docx-rs's reader does not
//! return on some damaged files, so it is only given sound ones, and only in tests.

use super::read;
use docx_rs::{
    DocumentChild, Docx, Footnote, Paragraph, ParagraphChild, Run, RunChild, Table, TableCell, TableCellContent,
    TableChild, TableRow, TableRowChild, VMergeType,
};
use std::io::Cursor;
use std::path::Path;

fn line(text: &str) -> Paragraph {
    Paragraph::new().add_run(Run::new().add_text(text))
}

fn cell(text: &str) -> TableCell {
    TableCell::new().add_paragraph(line(text))
}

#[test]
fn what_another_library_writes_is_read() {
    let head = TableRow::new(vec![cell("STT").vertical_merge(VMergeType::Restart), cell("Kết quả").grid_span(2)]);
    let second = TableRow::new(vec![cell("").vertical_merge(VMergeType::Continue), cell("Đơn vị"), cell("Số lượng")]);
    let first = TableRow::new(vec![cell("1"), cell("Hồ sơ"), cell("1.815")]);
    let note = Footnote::new().add_content(line("Gồm 12 hồ sơ chuyển từ năm trước"));
    let text = line("Đã tiếp nhận 1.815 hồ sơ").add_run(Run::new().add_footnote_reference(note));
    let mut file = Cursor::new(Vec::new());
    Docx::new()
        .add_paragraph(text)
        .add_table(Table::new(vec![head, second, first]))
        .build()
        .pack(&mut file)
        .expect("a Word file");
    let document = read(&file.into_inner(), "x.docx").unwrap();
    assert_eq!(document.tables.len(), 1);
    let table = &document.tables[0];
    let at = |row, column| table.cell(row, column).map(|c| c.text.clean.as_str());
    assert_eq!((table.columns, at(0, 1), at(0, 2)), (3, Some("Kết quả"), Some("Kết quả")));
    assert_eq!((at(1, 0), at(2, 2)), (Some("STT"), Some("1.815")));
    let said: Vec<&str> = document.blocks.iter().map(|b| b.text.clean.as_str()).collect();
    assert!(said.iter().any(|t| t.starts_with("Đã tiếp nhận 1.815 hồ sơ")), "{said:?}");
    assert!(said.contains(&"Gồm 12 hồ sơ chuyển từ năm trước"), "{said:?}");
}

fn words_of(paragraph: &Paragraph, out: &mut String) {
    for child in &paragraph.children {
        if let ParagraphChild::Run(run) = child {
            for part in &run.children {
                if let RunChild::Text(text) = part {
                    out.push_str(&text.text);
                }
            }
        }
    }
    out.push(' ');
}

/// The texts of a table's cells as the other library reads them.
fn cells_of(table: &Table, out: &mut Vec<String>) {
    for TableChild::TableRow(row) in &table.rows {
        for TableRowChild::TableCell(cell) in &row.cells {
            let mut text = String::new();
            for content in &cell.children {
                if let TableCellContent::Paragraph(paragraph) = content {
                    words_of(paragraph, &mut text);
                }
            }
            out.push(text);
        }
    }
}

#[test]
fn both_find_the_same_figures_in_the_forms() {
    // Its letters are TCVN3: figures are the same in every encoding.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/docx/02-tcvn3.docx");
    let bytes = std::fs::read(path).expect("a corpus file");
    let other = docx_rs::read_docx(&bytes).expect("a sound file");
    let mut theirs = Vec::new();
    for child in &other.document.children {
        if let DocumentChild::Table(table) = child {
            cells_of(table, &mut theirs);
        }
    }
    let document = read(&bytes, "x.docx").unwrap();
    let figures = |texts: &mut dyn Iterator<Item = &str>| -> Vec<String> {
        let mut all: Vec<String> = texts
            .map(|t| t.trim().to_string())
            .filter(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'%')))
            .collect();
        all.sort();
        all
    };
    let mut cells = document.tables.iter().flat_map(|t| &t.cells).map(|c| c.text.clean.as_str());
    let ours = figures(&mut cells);
    assert!(ours.len() > 20, "{ours:?}");
    assert_eq!(ours, figures(&mut theirs.iter().map(String::as_str)));
}
