//! The zip container of a Word file: parts by name, inflated under caps; which part is which, by the relationships.
//!
//! Refused: password-protected files (`read/encrypted`: a compound file that holds `EncryptedPackage`, or encrypted entries), damaged
//! containers (`read/damaged`), too many entries, parts or a total too large once inflated (`read/too-large`). Nothing is written to
//! disk, and relationships that lead out of the file are never followed.

use super::xml::{Node, Xml};
use crate::error::ReadError;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Largest part once inflated: a thousand pages of report are some 20 MB of XML.
const MAX_PART: u64 = 64 << 20;
/// All parts together.
const MAX_TOTAL: u64 = 128 << 20;
/// Entries of the container; real files have a few dozen, with many pictures a few hundred.
const MAX_ENTRIES: u64 = 10_000;
/// Relationships of one part.
const MAX_RELATIONS: usize = 20_000;

const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// An opened container.
pub struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    inflated: u64,
    name: &'a str,
}

/// A link from a part to another.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its id in the part it belongs to.
    pub id: String,
    /// Last word of its type: `footnotes`, `header`, `officeDocument`.
    pub kind: String,
    /// Name of the part it leads to.
    pub target: String,
}

/// Whether a file is an encrypted Office file of the XML kind: a compound file around an encrypted package.
pub fn is_encrypted(bytes: &[u8]) -> bool {
    const NAME: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
    bytes.starts_with(COMPOUND) && memchr::memmem::find(bytes, NAME).is_some()
}

/// Whether a zip's own directory says that it is a Word file.
pub fn is_word(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"PK\x03\x04") {
        return false;
    }
    // The mere bytes stand in an archive of stored Word files too, so the directory is asked.
    if memchr::memmem::find(bytes, b"word/").is_none() && memchr::memmem::find(bytes, b"word\\").is_none() {
        return false;
    }
    match entries(bytes) {
        Some(count) if count <= MAX_ENTRIES => {}
        Some(_) => return first_name(bytes),
        None => return first_name(bytes),
    }
    match ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) => zip.file_names_raw().any(|n| n.starts_with(b"word/") || n.starts_with(b"word\\")),
        Err(_) => first_name(bytes),
    }
}

/// A container without a usable directory: told by the name of its first entry.
fn first_name(bytes: &[u8]) -> bool {
    let name = bytes.get(30..).unwrap_or(&[]);
    let office = name.starts_with(b"[Content_Types].xml") || name.starts_with(b"_rels/.rels");
    name.starts_with(b"word/") || (office && memchr::memmem::find(bytes, b"word/document").is_some())
}

/// The number of entries that the end of the container claims.
fn entries(bytes: &[u8]) -> Option<u64> {
    let from = bytes.len().saturating_sub(66_000);
    let tail = bytes.get(from..)?;
    let at = memchr::memmem::rfind(tail, b"PK\x05\x06")?;
    let count = tail.get(at + 10..at + 12)?;
    Some(u64::from(u16::from_le_bytes([*count.first()?, *count.get(1)?])))
}

pub(super) fn damaged(name: &str, what: &str) -> ReadError {
    ReadError::new(
        "read/damaged",
        format!("{name}: tệp Word bị hỏng ({what}); hãy mở bằng Word, lưu lại, hoặc xin lại tệp gốc"),
        format!("{name}: the Word file is damaged ({what}); open and save it with Word again, or ask for the original"),
    )
}

pub(super) fn too_large(name: &str, what: &str) -> ReadError {
    ReadError::new(
        "read/too-large",
        format!("{name}: tệp Word vượt giới hạn ({what}); hãy tách tệp thành từng báo cáo"),
        format!("{name}: the Word file is over a limit ({what}); split it into single reports"),
    )
}

pub(super) fn encrypted(name: &str) -> ReadError {
    ReadError::new(
        "read/encrypted",
        format!("{name}: tệp có mật khẩu; hãy mở bằng Word, bỏ mật khẩu rồi lưu lại"),
        format!("{name}: the file is protected by a password; open it with Word and save it without one"),
    )
}

impl<'a> Package<'a> {
    /// Opens a container.
    pub fn open(bytes: &'a [u8], name: &'a str) -> Result<Package<'a>, ReadError> {
        if is_encrypted(bytes) {
            return Err(encrypted(name));
        }
        match entries(bytes) {
            None => return Err(damaged(name, "no end of the container")),
            Some(count) if count > MAX_ENTRIES => return Err(too_large(name, "entries")),
            Some(_) => {}
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(name, "container"))?;
        if zip.len() as u64 > MAX_ENTRIES {
            return Err(too_large(name, "entries"));
        }
        Ok(Package { zip, inflated: 0, name })
    }

    /// The entry of a part; names are compared without case, `\` counts as `/`.
    fn index(&self, part: &str) -> Option<usize> {
        let part = part.trim_start_matches('/');
        if let Some(at) = self.zip.index_for_name(part) {
            return Some(at);
        }
        let same = |raw: &[u8]| {
            raw.len() == part.len()
                && raw.iter().zip(part.bytes()).all(|(a, b)| {
                    let a = if *a == b'\\' { b'/' } else { *a };
                    a.eq_ignore_ascii_case(&b)
                })
        };
        (0..self.zip.len()).find(|at| self.zip.by_index_data(*at).is_ok_and(|e| same(e.name_raw())))
    }

    /// Whether any entry's name starts like this.
    pub fn holds(&self, prefix: &str) -> bool {
        self.zip.file_names_raw().any(|n| n.starts_with(prefix.as_bytes()))
    }

    /// A part's text; None where there is no such part.
    pub fn part(&mut self, part: &str) -> Result<Option<String>, ReadError> {
        let Some(index) = self.index(part) else { return Ok(None) };
        let name = self.name;
        let fail = || damaged(name, part);
        let left = MAX_TOTAL.saturating_sub(self.inflated);
        let limit = MAX_PART.min(left);
        let file = match self.zip.by_index(index) {
            Ok(file) => file,
            Err(error) if error.to_string().to_ascii_lowercase().contains("password") => return Err(encrypted(name)),
            Err(_) => return Err(fail()),
        };
        let mut bytes = Vec::with_capacity(file.size().min(limit).min(8 << 20) as usize);
        file.take(limit + 1).read_to_end(&mut bytes).map_err(|_| fail())?;
        if bytes.len() as u64 > limit {
            return Err(too_large(name, part));
        }
        self.inflated += bytes.len() as u64;
        text(bytes).map(Some).ok_or_else(fail)
    }

    /// The relationships of a part (`""`: of the whole file) that stay inside the file.
    pub fn relations(&mut self, part: &str) -> Result<Vec<Relation>, ReadError> {
        let part = part.trim_start_matches('/');
        let (folder, file) = part.rsplit_once('/').map_or(("", part), |(folder, file)| (folder, file));
        let rels = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let Some(text) = self.part(&rels)? else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        let mut xml = Xml::new(&text, self.name, &rels);
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.local() == "Relationship" => {
                    let external = tag.attr("TargetMode").is_some_and(|m| m.eq_ignore_ascii_case("external"));
                    if let (false, Some(id), Some(kind), Some(target)) =
                        (external, tag.attr("Id"), tag.attr("Type"), tag.attr("Target"))
                    {
                        let kind = kind.rsplit('/').next().unwrap_or("").to_string();
                        out.push(Relation { id: id.into_owned(), kind, target: resolve(folder, &target) });
                    }
                    if out.len() > MAX_RELATIONS {
                        return Err(too_large(self.name, &rels));
                    }
                }
                Node::Eof => break,
                _ => {}
            }
        }
        Ok(out)
    }
}

/// A target relative to its part's folder.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for piece in target.split('/') {
        match piece {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            piece => parts.push(piece),
        }
    }
    parts.retain(|p| !p.is_empty());
    parts.join("/")
}

/// UTF-8 or UTF-16 with a mark at the start.
fn text(bytes: Vec<u8>) -> Option<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| Some(unit([*pair.first()?, *pair.get(1)?])));
        char::decode_utf16(units).collect::<Result<String, _>>().ok()
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}
