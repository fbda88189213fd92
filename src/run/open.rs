//! An input in, bytes out: size limit before reading; a member of an archive is inflated.

use crate::error::ReadError;
use crate::run::archive;
use crate::run::discover::Input;
use crate::write::{FileId, hex};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;

/// Largest file that is read. The largest report seen is under 1 MB of text; this leaves room for a yearbook and keeps the memory of
/// one file bounded.
pub const MAX_BYTES: u64 = 32 << 20;

/// Reads a file. The id is filled as far as it is known, also when reading fails.
pub fn open(input: &Input) -> (FileId, Result<Vec<u8>, ReadError>) {
    let mut id = FileId { path: input.name.clone(), sha256: None, bytes: None };
    if let Some(problem) = &input.problem {
        id.bytes = input.member.as_ref().map(|_| input.bytes);
        return (id, Err(problem.clone()));
    }
    id.bytes = Some(input.bytes);
    if input.bytes > MAX_BYTES {
        return (id, Err(too_large(input.bytes)));
    }
    if let Some(member) = &input.member {
        let result = archive::read(&input.source, member);
        if let Ok(bytes) = &result {
            id.bytes = Some(bytes.len() as u64);
            id.sha256 = Some(hex(&Sha256::digest(bytes)));
        }
        return (id, result);
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

/// The error for a file that cannot be opened.
pub fn unreadable(reason: &str) -> ReadError {
    ReadError::new(
        "read/unreadable",
        format!("không mở được tệp: {reason}"),
        format!("the file cannot be opened: {reason}"),
    )
}

/// The error for a file over the limit.
pub fn too_large(bytes: u64) -> ReadError {
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
    fn size_is_checked_before_reading() {
        let input = Input {
            name: "big.txt".into(),
            source: "does-not-exist".into(),
            bytes: 200 << 20,
            problem: None,
            member: None,
        };
        let (id, result) = open(&input);
        assert_eq!(result.unwrap_err().code, "read/too-large");
        assert_eq!((id.bytes, id.sha256), (Some(200 << 20), None));
    }
}
