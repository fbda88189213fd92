use super::*;
use crate::run::discover::{Input, discover};
use crate::run::open::open;
use std::io::Write;
use std::path::PathBuf;
use zip::write::SimpleFileOptions;

fn pack(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn inputs(bytes: &[u8]) -> (tempfile::TempDir, Vec<Input>, Vec<String>) {
    let temp = tempfile::tempdir().unwrap();
    std::fs::write(temp.path().join("a.bin"), bytes).unwrap();
    let found = discover(&[temp.path().to_path_buf()], &PathBuf::from("nowhere")).unwrap();
    (temp, found.files, found.skipped)
}

fn names(files: &[Input]) -> Vec<&str> {
    files.iter().map(|f| f.name.as_str()).collect()
}

#[test]
fn members_are_inputs_nested_once() {
    let deep = pack(&[("z.txt", b"deep")]);
    let inner = pack(&[("trong/e.txt", b"inner"), ("deep.zip", &deep)]);
    let bytes = pack(&[
        ("Xa\u{303} An/báo cáo.txt", "nội dung".as_bytes()),
        ("../../etc/passwd", b"x"),
        ("inner.zip", &inner),
        ("__MACOSX/._x", b"y"),
        ("b\\c.txt", b"c"),
    ]);
    let (_temp, files, skipped) = inputs(&bytes);
    let expected = [
        "a.bin!/../../etc/passwd",
        "a.bin!/Xã An/báo cáo.txt",
        "a.bin!/b/c.txt",
        "a.bin!/inner.zip!/deep.zip",
        "a.bin!/inner.zip!/trong/e.txt",
    ];
    assert_eq!(names(&files), expected);
    assert_eq!(skipped, ["a.bin!/__MACOSX/._x"]);
    let read = |at: usize| open(&files[at]).1.unwrap();
    assert_eq!(read(1), "nội dung".as_bytes());
    assert_eq!(read(4), b"inner");
    assert_eq!(read(3), deep);
    // Each member has its own digest.
    assert_ne!(open(&files[1]).0.sha256, open(&files[4]).0.sha256);
    assert_eq!(open(&files[1]).0.bytes, Some("nội dung".len() as u64));
}

#[test]
fn office_files_are_no_archives() {
    let (_temp, files, _) = inputs(&pack(&[("word/document.xml", b"<x/>")]));
    assert_eq!(names(&files), ["a.bin"]);
}

#[test]
fn bombs_and_broken_archives_are_rows() {
    let (_temp, files, _) = inputs(&pack(&[("big.txt", &vec![b' '; 20 << 20]), ("good.txt", b"1")]));
    assert_eq!(open(&files[0]).1.unwrap_err().code, "read/too-large");
    assert_eq!(open(&files[1]).1.unwrap(), b"1");

    let (_temp, files, _) = inputs(&pack(&[(".hidden", b"1")]));
    assert_eq!((names(&files), open(&files[0]).1.unwrap_err().code), (vec!["a.bin"], "read/empty"));

    // Two entries of the directory that point to the same member.
    let mut bytes = pack(&[("a.txt", b"12345678"), ("b.txt", b"12345678")]);
    let entries: Vec<usize> = memchr::memmem::find_iter(&bytes, b"PK\x01\x02").collect();
    let first = bytes[entries[0] + 42..entries[0] + 46].to_vec();
    bytes[entries[1] + 42..entries[1] + 46].copy_from_slice(&first);
    let (_temp, files, _) = inputs(&bytes);
    assert_eq!((names(&files), open(&files[0]).1.unwrap_err().code), (vec!["a.bin"], "read/too-large"));

    // A flag that says "encrypted".
    let mut bytes = pack(&[("a.txt", b"12345678")]);
    let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[entry + 8] |= 1;
    let (_temp, files, _) = inputs(&bytes);
    assert_eq!(open(&files[0]).1.unwrap_err().code, "read/encrypted");
}

#[test]
fn mutated_archives_never_panic() {
    let inner = pack(&[("e.txt", b"inner inner inner")]);
    let good = pack(&[("a/x.txt", &[b'x'; 3000]), ("inner.zip", &inner), ("b.txt", b"1")]);
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("m.zip");
    crate::read::mutate(&good, 400, |bytes| {
        std::fs::write(&path, bytes).unwrap();
        if let Some(Ok(listed)) = members(&path, &mut Vec::new()) {
            for one in listed.iter().filter(|l| l.problem.is_none()) {
                let _ = read(&path, &one.member);
            }
        }
    });
}
