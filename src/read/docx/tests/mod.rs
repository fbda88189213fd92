//! Word files made here, part by part, so that each says one thing.

mod hostile;
mod lists;
mod other;
mod tables;
mod words;

use super::read;
use crate::error::ReadError;
use crate::model::{BlockKind, Document};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const NAMES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"";

const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A container of these parts.
pub fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A part's root element around its content.
pub fn part(root: &str, content: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:{root} {NAMES}>{content}</w:{root}>")
}

/// A Word file: the body and other parts by their kind (`styles`, `footnotes`, `header`).
pub fn docx(body: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATION}/{kind}\" Target=\"{target}\"/>")
    };
    let open = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    let top = format!("{open}{}</Relationships>", relation("rId1", "officeDocument", "word/document.xml"));
    let rels: String = others.iter().map(|(kind, _)| relation(kind, kind, &format!("{kind}.xml"))).collect();
    let rels = format!("{open}{rels}</Relationships>");
    let document = part("document", &format!("<w:body>{body}</w:body>"));
    let mut parts: Vec<(String, Vec<u8>)> = vec![
        ("[Content_Types].xml".into(), b"<Types/>".to_vec()),
        ("_rels/.rels".into(), top.into_bytes()),
        ("word/document.xml".into(), document.into_bytes()),
        ("word/_rels/document.xml.rels".into(), rels.into_bytes()),
    ];
    for (kind, content) in others {
        let root = match *kind {
            "header" => "hdr",
            "footer" => "ftr",
            kind => kind,
        };
        parts.push((format!("word/{kind}.xml"), part(root, content).into_bytes()));
    }
    let parts: Vec<(&str, &[u8])> = parts.iter().map(|(n, c)| (n.as_str(), c.as_slice())).collect();
    zip(&parts)
}

/// A paragraph of one run.
pub fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", r(text))
}

/// A run.
pub fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A table of rows of cells, each cell its XML.
pub fn table(props: &str, rows: &[&[&str]]) -> String {
    let cell = |c: &&str| format!("<w:tc>{}</w:tc>", if c.starts_with('<') { c.to_string() } else { p(c) });
    let row = |r: &&[&str]| format!("<w:tr>{}</w:tr>", r.iter().map(cell).collect::<String>());
    format!("<w:tbl><w:tblPr>{props}</w:tblPr>{}</w:tbl>", rows.iter().map(row).collect::<String>())
}

/// A table's properties that draw lines.
pub const LINES: &str = "<w:tblBorders><w:insideV w:val=\"single\"/></w:tblBorders>";

/// Reads a file of this body.
pub fn document(body: &str) -> Document {
    with(body, &[])
}

/// The same with other parts.
pub fn with(body: &str, others: &[(&str, &str)]) -> Document {
    attempt(&docx(body, others)).unwrap()
}

/// Reads what may be refused.
pub fn attempt(bytes: &[u8]) -> Result<Document, ReadError> {
    read(bytes, "x.docx")
}

/// The clean texts of a document's blocks.
pub fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|b| b.text.clean.as_str()).collect()
}

/// Kinds of a document's blocks.
pub fn kinds(document: &Document) -> Vec<BlockKind> {
    document.blocks.iter().map(|b| b.kind).collect()
}
