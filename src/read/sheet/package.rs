//! Parts of a ZIP-based Office file, inflated under a cap, and their XML as events without entities.
//!
//! Refused: a part or a whole package over its cap (`read/too-large`), a damaged directory or stream (`read/damaged`), a password
//! (`read/encrypted`). A DTD is skipped, so no entity can grow.

use crate::error::ReadError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Largest inflated part. A worksheet of 100,000 filled rows has about 30 MB.
const PART: u64 = 64 << 20;
/// All parts of a package together.
const WHOLE: u64 = 192 << 20;

/// A ZIP-based file.
pub struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    spent: u64,
}

/// The error for a file whose structure is broken.
pub fn damaged(what: &str) -> ReadError {
    ReadError::new(
        "read/damaged",
        format!("tệp bị hỏng hoặc bị cắt cụt ({what}); hãy mở bằng chương trình gốc và lưu lại"),
        format!("the file is damaged or cut off ({what}); open it in its own program and save it again"),
    )
}

/// The error for a file that unfolds beyond the caps.
pub fn too_large(what: &str) -> ReadError {
    ReadError::new(
        "read/too-large",
        format!("nội dung bung ra vượt giới hạn ({what}); hãy tách thành từng báo cáo"),
        format!("its content unfolds beyond the limit ({what}); split it into single reports"),
    )
}

impl<'a> Package<'a> {
    /// Opens the directory of a package.
    pub fn open(bytes: &'a [u8]) -> Result<Package<'a>, ReadError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged("ZIP directory"))?;
        Ok(Package { archive, spent: 0 })
    }

    /// A part as text; None where there is none of that name.
    pub fn part(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let Some(index) = self.archive.index_for_name(name.trim_start_matches('/')) else { return Ok(None) };
        let file = self.archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(text) if text.contains("assword") => ReadError::new(
                "read/encrypted",
                "tệp có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
                "the file is protected by a password; remove it and save the file again",
            ),
            _ => damaged(name),
        })?;
        let limit = PART.min(WHOLE.saturating_sub(self.spent));
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| damaged(name))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(name));
        }
        self.spent += bytes.len() as u64;
        Ok(Some(decode(bytes)))
    }
}

/// XML parts are UTF-8; a few programs write UTF-16.
fn decode(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => encoding_rs::UTF_16LE.decode(&bytes).0.into_owned(),
        [0xFE, 0xFF, ..] => encoding_rs::UTF_16BE.decode(&bytes).0.into_owned(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned()),
    }
}

/// One event of a part, names without prefix.
pub enum Node<'n> {
    /// An element begins.
    Start(&'n str, &'n BytesStart<'n>),
    /// An element ends.
    End(&'n str),
    /// Characters, entities resolved.
    Text(&'n str),
}

/// Walks a part's XML. `Ok(false)`: it ends before its root element does, or is not well-formed; what stood before was given.
pub fn walk(xml: &str, mut each: impl FnMut(Node)) -> bool {
    let mut reader = Reader::from_str(xml);
    let mut depth = 0usize;
    loop {
        let Ok(event) = reader.read_event() else { return false };
        match event {
            Event::Start(start) => {
                depth += 1;
                each(Node::Start(start.local_name().into_inner(), &start));
            }
            Event::Empty(start) => {
                each(Node::Start(start.local_name().into_inner(), &start));
                each(Node::End(start.local_name().into_inner()));
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                each(Node::End(end.local_name().into_inner()));
            }
            Event::Text(text) => each(Node::Text(&text.xml10_content())),
            Event::CData(text) => each(Node::Text(&text.xml10_content())),
            Event::GeneralRef(entity) => {
                if let Ok(Some(c)) = entity.resolve_char_ref() {
                    each(Node::Text(c.encode_utf8(&mut [0; 4])));
                } else if let Some(text) = quick_xml::escape::resolve_predefined_entity(&entity.xml10_content()) {
                    each(Node::Text(text));
                }
            }
            Event::Eof => return depth == 0,
            _ => {}
        }
    }
}

/// Attributes looked at per element: more are none of a true file.
const ATTRIBUTES: usize = 64;

/// The value of an attribute, by its name without prefix.
pub fn attribute(start: &BytesStart, name: &str) -> Option<String> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    attributes
        .take(ATTRIBUTES)
        .filter_map(Result::ok)
        .find(|a| a.key.local_name().into_inner() == name)
        .and_then(|a| a.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned()))
}
