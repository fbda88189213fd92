//! Input that no report should be, and output that cannot be written: a code, a row in `documents`, the run goes on, nothing partial.

use crate::{Bench, REPORT, baocao, code, path, root, text};
use std::fs;

/// Extracts a good report beside a bad file; returns the bad file's status and error.
fn beside_a_good_one(name: &str, bytes: &[u8]) -> (i32, String, String) {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    bench.file(name, bytes);
    let output = bench.extract(&[]);
    assert_eq!(bench.document("good.txt").0, "ok", "the run goes on");
    assert_eq!(bench.beside(), ["out"], "nothing partial is left");
    let (status, error) = bench.document(name);
    (code(&output), status, error)
}

#[test]
fn an_empty_file() {
    for bytes in [&b""[..], b" \n\t\r\n  \n"] {
        let (code, status, error) = beside_a_good_one("empty.txt", bytes);
        assert_eq!((code, status.as_str()), (1, "failed"));
        assert!(error.starts_with("read/empty: "), "{error}");
    }
}

#[test]
fn binary_junk_named_txt() {
    // A fixed sequence that is no text in any encoding: bytes of a small linear generator.
    let mut state = 7_u32;
    let mut junk = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let bytes: Vec<u8> = (0..20_000).map(|_| junk()).collect();
    let (code, status, error) = beside_a_good_one("junk.txt", &bytes);
    assert_eq!((code, status.as_str()), (1, "failed"));
    assert!(error.starts_with("read/binary: "), "{error}");
}

#[test]
fn a_format_that_no_reader_takes() {
    for (name, bytes) in [("a.txt", &b"GIF89a ..."[..]), ("b.7z", b"7z\xBC\xAF\x27\x1C ...")] {
        let (code, status, error) = beside_a_good_one(name, bytes);
        assert_eq!((code, status.as_str()), (1, "failed"));
        assert!(error.starts_with("read/unsupported: "), "{error}");
    }
}

#[test]
fn containers_cut_off() {
    let wide: Vec<u8> = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 600]].concat();
    for (name, bytes) in [
        ("b.docx", &b"PK\x03\x04 word/document.xml"[..]),
        ("c.zip", b"PK\x03\x04 x"),
        ("d.doc", &wide),
        ("e.pdf", b"%PDF-1.4 ..."),
    ] {
        let (code, status, error) = beside_a_good_one(name, bytes);
        assert_eq!((code, status.as_str()), (1, "failed"));
        assert!(error.starts_with("read/damaged: "), "{error}");
    }
}

#[test]
fn refused_files_end_in_their_codes() {
    // Fonts that lie and pictures are found out by reading the pages as pictures, where that is possible.
    let pictures = if ::baocao::read::ocr::available() { "read/garbled" } else { "read/ocr-missing" };
    for (name, expected) in [
        ("blank.txt", "read/empty"),
        ("empty.txt", "read/empty"),
        ("junk.txt", "read/binary"),
        ("no-letters.pdf", pictures),
        ("password.pdf", "read/encrypted"),
        ("pictures.pdf", pictures),
        ("wrong-letters.pdf", pictures),
    ] {
        let bytes = fs::read(root().join("tests/refused").join(name)).expect("a file of tests/refused");
        let (code, status, error) = beside_a_good_one(name, &bytes);
        assert_eq!((code, status.as_str()), (1, "failed"), "{name}");
        assert!(error.starts_with(&format!("{expected}: ")), "{name}: {error}");
    }
}

#[test]
fn a_text_of_200_megabytes() {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    let big = fs::File::create(bench.input().join("big.txt")).unwrap();
    big.set_len(200 << 20).unwrap();
    let output = bench.extract(&[]);
    assert_eq!(code(&output), 1);
    assert!(bench.document("big.txt").1.starts_with("read/too-large: "));
    assert_eq!(bench.document("good.txt").0, "ok");
}

#[test]
fn a_line_of_10_megabytes() {
    let line = "hồ sơ 1.815 ".repeat(10 * 1024 * 1024 / 14);
    let start = std::time::Instant::now();
    let (code, status, error) = beside_a_good_one("line.txt", line.as_bytes());
    assert!(start.elapsed().as_secs() < 120, "took {:?}", start.elapsed());
    match status.as_str() {
        "ok" => assert_eq!(code, 0),
        "partial" => assert!(code == 0 && error.starts_with("read/"), "{error}"),
        _ => assert!(code == 1 && error.starts_with("read/"), "{error}"),
    }
}

#[test]
fn invalid_utf8_costs_no_more_than_the_bytes_concerned() {
    let mut bytes = REPORT.as_bytes().to_vec();
    bytes.extend_from_slice(b"\nx\xFF\xFEy\n");
    let (code, status, error) = beside_a_good_one("broken.txt", &bytes);
    assert_eq!((code, status.as_str()), (0, "partial"), "{error}");
    assert!(error.starts_with("read/"), "{error}");
}

#[test]
fn utf16_with_a_byte_order_mark_is_read() {
    let little: Vec<u8> = [0xFEFF_u16].into_iter().chain(REPORT.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = [0xFEFF_u16].into_iter().chain(REPORT.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let (code, status, error) = beside_a_good_one("wide.txt", &bytes);
        assert_eq!((code, status.as_str()), (0, "ok"), "{error}");
    }
}

#[test]
fn a_folder_without_reports() {
    let bench = Bench::new();
    let output = bench.extract(&[]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("run/no-input"), "{}", text(&output.stderr));
    assert!(bench.beside().is_empty(), "nothing is written");
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_and_an_unwritable_folder() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    let locked = bench.file("locked.txt", REPORT);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&locked).is_ok() {
        eprintln!("1 test skipped: permissions do not bind this user (root)");
        return;
    }
    let output = bench.extract(&[]);
    assert_eq!(code(&output), 1);
    assert!(bench.document("locked.txt").1.starts_with("read/unreadable: "));
    let closed = bench.temp.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let output = baocao(&["extract", path(&bench.input()), "-o", path(&closed.join("out"))]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("run/output"));
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_a_row() {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    std::os::unix::fs::symlink("nowhere", bench.input().join("link.txt")).unwrap();
    assert_eq!(code(&bench.extract(&[])), 1);
    assert!(bench.document("link.txt").1.starts_with("read/unreadable: "));
}

#[test]
fn an_output_that_cannot_be_a_folder() {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    fs::write(bench.output(), "a file in the way").unwrap();
    for output in [bench.output(), bench.output().join("below")] {
        let result = baocao(&["extract", path(&bench.input()), "-o", path(&output)]);
        assert_eq!(code(&result), 2);
        assert!(text(&result.stderr).contains("run/output"), "{}", text(&result.stderr));
    }
    assert_eq!(fs::read_to_string(bench.output()).unwrap(), "a file in the way");
    assert_eq!(bench.beside(), ["out"]);
}

#[test]
fn foreign_files_in_the_output_are_never_touched() {
    let bench = Bench::new();
    bench.file("good.txt", REPORT);
    fs::create_dir(bench.output()).unwrap();
    fs::write(bench.output().join("thesis.txt"), "years of work").unwrap();
    let refused = bench.extract(&[]);
    assert_eq!(code(&refused), 2);
    assert!(text(&refused.stderr).contains("run/foreign-output"));
    // The same beside a dataset of ours.
    fs::remove_file(bench.output().join("thesis.txt")).unwrap();
    assert_eq!(code(&bench.extract(&[])), 0);
    fs::write(bench.output().join("thesis.txt"), "years of work").unwrap();
    assert_eq!(code(&bench.extract(&[])), 2);
    assert_eq!(fs::read_to_string(bench.output().join("thesis.txt")).unwrap(), "years of work");
    // And the input folder itself.
    let output = baocao(&["extract", path(&bench.input()), "-o", path(&bench.input())]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("run/foreign-output"), "{}", text(&output.stderr));
    assert!(bench.input().join("good.txt").exists());
}
