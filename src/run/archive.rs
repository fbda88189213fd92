//! ZIP archives among the inputs: each member is an input of its own, named `archive.zip!/folder/member.docx`, nested once.
//!
//! Only directories are read here; a member is inflated when its turn comes, alone, so memory stays that of one file. Names are
//! decoded (UTF-8 by flag or by sight, else CP437), composed (NFC), kept as text whatever they say: nothing is ever written to them.
//! Refused, as one failed row for the archive: overlapping members, too many members, too much content (bombs), broken directories.
//! Refused, as one failed row for the member: passwords, unknown compression, more than the size limit or an absurd ratio, a third
//! level of archives.

use crate::error::ReadError;
use crate::run::open::{MAX_BYTES, too_large, unreadable};
use flate2::read::DeflateDecoder;
use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use unicode_normalization::UnicodeNormalization;
use zip::{CompressionMethod, ZipArchive};

/// Members of one archive.
const MOST_MEMBERS: usize = 20_000;
/// Content of one archive as its directory states it.
const MOST_CONTENT: u64 = 8 << 30;
/// Inflated over packed size, for members over a megabyte: real office files reach 60, repetitive text 250.
const RATIO: u64 = 500;
const RATIO_FROM: u64 = 1 << 20;
/// Longest name of a member, in characters.
const NAME: usize = 500;

/// Parts that make a ZIP file an Office file.
const OFFICE: [&str; 6] = [
    "word/document.xml",
    "word/document2.xml",
    "xl/workbook.xml",
    "xl/workbook.bin",
    "ppt/presentation.xml",
    "content.xml",
];

/// Files that programs leave in archives.
const LITTER: [&str; 3] = ["Thumbs.db", "desktop.ini", ".DS_Store"];

/// Where a member lies.
#[derive(Debug, Clone)]
pub struct Member {
    /// Byte of its local header in the archive.
    header: u64,
    packed: u64,
    stored: bool,
    /// The archive inside the archive that it lies in.
    outer: Option<Arc<Outer>>,
}

/// An archive inside an archive: inflated when its first member is read, let go after its last.
#[derive(Debug)]
pub struct Outer {
    member: Member,
    left: AtomicUsize,
    bytes: Mutex<Option<Arc<Vec<u8>>>>,
}

/// One member as listed.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Its path in the archive; for a member of a nested one `inner.zip!/path`.
    pub name: String,
    /// Size as stated.
    pub bytes: u64,
    /// Where it lies.
    pub member: Member,
    /// Why it cannot be read, if that is known already.
    pub problem: Option<ReadError>,
}

/// The members of a file that is an archive: None where it is none; names of members passed over go to `skipped`.
pub fn members(path: &Path, skipped: &mut Vec<String>) -> Option<Result<Vec<Listed>, ReadError>> {
    let mut file = File::open(path).ok()?;
    let mut magic = [0; 4];
    file.read_exact(&mut magic).ok()?;
    if &magic != b"PK\x03\x04" {
        return None;
    }
    file.seek(SeekFrom::Start(0)).ok()?;
    // A file whose directory is broken is left to the readers, which say so.
    let mut archive = ZipArchive::new(BufReader::new(file)).ok()?;
    if is_office(&archive) {
        return None;
    }
    let mut listed = match list(&mut archive, None) {
        Ok(listed) => listed,
        Err(error) => return Some(Err(error)),
    };
    let mut out = Vec::with_capacity(listed.len());
    for one in listed.drain(..) {
        if passed_over(&one.name) {
            skipped.push(one.name);
            continue;
        }
        match nested(path, &one, skipped) {
            Some(Ok(inner)) => out.extend(inner),
            Some(Err(error)) => out.push(Listed { problem: Some(error), ..one }),
            None => out.push(one),
        }
    }
    if out.is_empty() {
        return Some(Err(ReadError::new("read/empty", "tệp nén không chứa tệp nào", "the archive holds no file")));
    }
    Some(Ok(out))
}

fn is_office<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    OFFICE.iter().any(|name| archive.index_for_name(name).is_some())
}

/// Hidden files, resource forks and litter are no reports.
fn passed_over(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX")
        || LITTER.contains(&name.rsplit('/').next().unwrap_or(name))
}

/// The directory of an archive.
fn list<R: Read + Seek>(archive: &mut ZipArchive<R>, outer: Option<&Arc<Outer>>) -> Result<Vec<Listed>, ReadError> {
    if archive.len() > MOST_MEMBERS {
        return Err(ReadError::new(
            "read/too-large",
            format!("tệp nén có {} tệp, giới hạn là {MOST_MEMBERS}; hãy giải nén rồi đọc thư mục", archive.len()),
            format!(
                "the archive has {} members, the limit is {MOST_MEMBERS}; unpack it and read the folder",
                archive.len()
            ),
        ));
    }
    let mut out = Vec::with_capacity(archive.len());
    let mut content = 0u64;
    let mut ranges = Vec::with_capacity(archive.len());
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { continue };
        let name = name(entry.name_raw(), entry.name().ok().as_deref());
        if entry.is_dir() || entry.is_symlink() || name.ends_with('/') {
            continue;
        }
        let method = entry.compression();
        content = content.saturating_add(entry.size());
        ranges.push((
            entry.header_start(),
            entry.header_start().saturating_add(30).saturating_add(entry.compressed_size()),
        ));
        let stored = method == CompressionMethod::Stored;
        let problem = if entry.encrypted() {
            Some(ReadError::new(
                "read/encrypted",
                "tệp trong tệp nén có mật khẩu; hãy giải nén bằng mật khẩu rồi đọc thư mục",
                "the member is protected by a password; unpack the archive with it and read the folder",
            ))
        } else if !stored && method != CompressionMethod::Deflated {
            Some(ReadError::new(
                "read/unsupported",
                format!("kiểu nén {method} chưa đọc được; hãy giải nén rồi đọc thư mục"),
                format!("compression {method} cannot be read; unpack the archive and read the folder"),
            ))
        } else {
            None
        };
        let member =
            Member { header: entry.header_start(), packed: entry.compressed_size(), stored, outer: outer.cloned() };
        out.push(Listed { name, bytes: entry.size(), member, problem });
    }
    ranges.sort_unstable();
    // Members that share bytes are how a small archive holds petabytes.
    if content > MOST_CONTENT || ranges.windows(2).any(|pair| pair[1].0 < pair[0].1) {
        return Err(bomb());
    }
    Ok(out)
}

fn bomb() -> ReadError {
    ReadError::new(
        "read/too-large",
        "tệp nén bung ra vượt mọi giới hạn (bom nén); không đọc",
        "the archive unfolds beyond all limits (a zip bomb); it is not read",
    )
}

/// A member's name as text: decoded, composed, forward slashes, no control characters.
fn name(raw: &[u8], decoded: Option<&str>) -> String {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text,
        Err(_) => decoded.unwrap_or("?"),
    };
    let safe = |c: char| match c {
        '\\' => '/',
        c if c.is_control() => '\u{fffd}',
        c => c,
    };
    text.nfc().map(safe).take(NAME).collect()
}

/// The members of a member that is an archive itself.
fn nested(path: &Path, one: &Listed, skipped: &mut Vec<String>) -> Option<Result<Vec<Listed>, ReadError>> {
    if one.problem.is_some() || one.bytes < 22 {
        return None;
    }
    let mut file = File::open(path).ok()?;
    let mut magic = [0; 4];
    inflate(&mut file, &one.member, 4).ok()?.read_exact(&mut magic).ok()?;
    if &magic != b"PK\x03\x04" {
        return None;
    }
    let bytes = match read_member(&mut file, &one.member) {
        Ok(bytes) => Arc::new(bytes),
        Err(error) => return Some(Err(error)),
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).ok()?;
    if is_office(&archive) {
        return None;
    }
    let outer = Arc::new(Outer { member: one.member.clone(), left: AtomicUsize::new(0), bytes: Mutex::new(None) });
    let listed = match list(&mut archive, Some(&outer)) {
        Ok(listed) => listed,
        Err(error) => return Some(Err(error)),
    };
    let mut out = Vec::new();
    for inner in listed {
        let name = format!("{}!/{}", one.name, inner.name);
        if passed_over(&inner.name) {
            skipped.push(name);
        } else {
            out.push(Listed { name, ..inner });
        }
    }
    outer.left.store(out.iter().filter(|i| i.problem.is_none()).count(), Ordering::Relaxed);
    if out.is_empty() { None } else { Some(Ok(out)) }
}

/// Reads a member of the archive at `path`.
pub fn read(path: &Path, member: &Member) -> Result<Vec<u8>, ReadError> {
    let mut file = File::open(path).map_err(|error| unreadable(&error.kind().to_string()))?;
    let Some(outer) = &member.outer else { return read_member(&mut file, member) };
    let bytes = {
        let mut kept = outer.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(bytes) => bytes.clone(),
            None => {
                let bytes = Arc::new(read_member(&mut file, &outer.member)?);
                *kept = Some(bytes.clone());
                bytes
            }
        }
    };
    let result = read_member(&mut Cursor::new(bytes.as_slice()), member);
    // Counted down once for each member; the bytes go with the last.
    if outer.left.fetch_sub(1, Ordering::AcqRel) <= 1 {
        *outer.bytes.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
    result
}

/// The content of a member, not more than `limit` bytes of it.
fn inflate<'r, R: Read + Seek>(archive: &'r mut R, member: &Member, limit: u64) -> std::io::Result<Box<dyn Read + 'r>> {
    let mut header = [0; 30];
    archive.seek(SeekFrom::Start(member.header))?;
    archive.read_exact(&mut header)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let size = |at: usize| i64::from(u16::from_le_bytes([header[at], header[at + 1]]));
    archive.seek(SeekFrom::Current(size(26) + size(28)))?;
    let packed = archive.take(member.packed);
    Ok(if member.stored { Box::new(packed.take(limit)) } else { Box::new(DeflateDecoder::new(packed).take(limit)) })
}

fn read_member<R: Read + Seek>(archive: &mut R, member: &Member) -> Result<Vec<u8>, ReadError> {
    let broken = |_| {
        ReadError::new(
            "read/damaged",
            "tệp trong tệp nén bị hỏng hoặc bị cắt cụt; hãy nén lại",
            "the member is damaged or cut off; pack the archive again",
        )
    };
    let by_ratio = member.packed.saturating_mul(RATIO).max(RATIO_FROM);
    let limit = MAX_BYTES.min(by_ratio);
    let mut bytes = Vec::new();
    inflate(archive, member, limit + 1).map_err(broken)?.read_to_end(&mut bytes).map_err(broken)?;
    match bytes.len() as u64 {
        size if size <= limit => Ok(bytes),
        _ if limit < MAX_BYTES => Err(bomb()),
        size => Err(too_large(size)),
    }
}

#[cfg(test)]
mod tests;
