//! A path in, bytes out: size limit before reading, and formats that no reader takes refused by their content.

use crate::error::ReadError;
use crate::run::discover::Input;
use crate::write::{FileId, hex};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;

/// Largest file that is read. The largest report seen is under 1 MB of text; this leaves room for a yearbook and keeps the memory of
/// one file bounded.
pub const MAX_BYTES: u64 = 32 << 20;

/// Formats that are known by their first bytes and that no reader takes yet: name in the dataset, magic bytes, what people call it.
const UNSUPPORTED: [(&str, &[u8], &str); 6] = [
    ("doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "old Word or Excel (.doc, .xls)"),
    ("rtf", b"{\\rtf", "Rich Text"),
    ("image", b"GIF8", "GIF image"),
    ("archive", b"Rar!\x1a\x07", "RAR archive"),
    ("archive", b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    ("archive", b"\x1f\x8b", "gzip archive"),
];

/// What a file is by its content, if it is something that no reader takes: name in the dataset, what people call it.
pub fn unsupported(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Some((format, _, name)) = UNSUPPORTED.iter().find(|(_, magic, _)| bytes.starts_with(magic)) {
        return Some((format, name));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(zip_kind(bytes));
    }
    is_html(bytes).then_some(("html", "HTML"))
}

/// The names of a zip's entries stand uncompressed in its directory: Office files are told by theirs.
fn zip_kind(bytes: &[u8]) -> (&'static str, &'static str) {
    let holds = |name: &[u8]| memchr::memmem::find(bytes, name).is_some();
    if holds(b"word/document.xml") {
        ("docx", "Word (.docx)")
    } else if holds(b"xl/workbook.xml") {
        ("xlsx", "Excel (.xlsx)")
    } else {
        ("archive", "ZIP archive")
    }
}

fn is_html(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let starts = |tag: &[u8]| bytes.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    starts(b"<!doctype html")
        || starts(b"<html")
        || (starts(b"<?xml") && bytes.windows(5).take(400).any(|w| w == b"<html"))
}

/// Reads a file. The id is filled as far as it is known, also when reading fails.
pub fn open(input: &Input) -> (FileId, Result<Vec<u8>, ReadError>) {
    let mut id = FileId { path: input.name.clone(), sha256: None, bytes: None };
    if let Some(reason) = &input.problem {
        return (id, Err(unreadable(reason)));
    }
    id.bytes = Some(input.bytes);
    if input.bytes > MAX_BYTES {
        return (id, Err(too_large(input.bytes)));
    }
    let mut bytes = Vec::with_capacity(input.bytes as usize + 1);
    // The file may have grown since it was found: never more than the limit is read.
    let read = File::open(&input.source).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes));
    if let Err(error) = read {
        return (id, Err(unreadable(&error.kind().to_string())));
    }
    if bytes.len() as u64 > MAX_BYTES {
        return (id, Err(too_large(bytes.len() as u64)));
    }
    id.bytes = Some(bytes.len() as u64);
    id.sha256 = Some(hex(&Sha256::digest(&bytes)));
    (id, Ok(bytes))
}

/// The error for content that no reader takes.
pub fn unsupported_error(name: &str) -> ReadError {
    ReadError::new(
        "read/unsupported",
        format!("tệp là {name}, phiên bản này chưa đọc được; hãy lưu thành tệp văn bản (.txt)"),
        format!("the file is {name}, which this version cannot read; save it as text (.txt)"),
    )
}

fn unreadable(reason: &str) -> ReadError {
    ReadError::new(
        "read/unreadable",
        format!("không mở được tệp: {reason}"),
        format!("the file cannot be opened: {reason}"),
    )
}

fn too_large(bytes: u64) -> ReadError {
    let (size, limit) = (bytes >> 20, MAX_BYTES >> 20);
    ReadError::new(
        "read/too-large",
        format!("tệp lớn {size} MB, giới hạn là {limit} MB; hãy tách thành từng báo cáo"),
        format!("the file has {size} MB, the limit is {limit} MB; split it into single reports"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content() {
        assert_eq!(unsupported(b"PK\x03\x04....word/document.xml").unwrap().0, "docx");
        assert_eq!(unsupported(b"PK\x03\x04....xl/workbook.xml").unwrap().0, "xlsx");
        assert_eq!(unsupported(b"PK\x03\x04....report.txt").unwrap().0, "archive");
        assert_eq!(unsupported(b"\xEF\xBB\xBF\n <!DOCTYPE html><p>").unwrap().0, "html");
        assert_eq!(unsupported("BÁO CÁO <i>6 tháng</i>".as_bytes()), None);
        assert_eq!(unsupported(b""), None);
    }

    #[test]
    fn size_is_checked_before_reading() {
        let input = Input { name: "big.txt".into(), source: "does-not-exist".into(), bytes: 200 << 20, problem: None };
        let (id, result) = open(&input);
        assert_eq!(result.unwrap_err().code, "read/too-large");
        assert_eq!((id.bytes, id.sha256), (Some(200 << 20), None));
    }
}
