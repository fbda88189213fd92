//! Damaged files: cut, with bytes changed, dropped, doubled, parts swapped. None may panic, hang or overflow the stack; each ends in a
//! document or an error with a code. `damaged_corpus` runs with the other tests on few variants;
//! `BAOCAO_DAMAGED=<folder> cargo test damaged_folder -- --ignored` makes many of the PDF files of a folder.

use super::open::PANICS;
use super::read;
use crate::text::sequence::Sequence;
use rayon::prelude::*;
use std::path::Path;
use std::time::{Duration, Instant};

fn damage(bytes: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Sequence(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let mut out = bytes.to_vec();
    match seed % 7 {
        0 => out.truncate(random.below(bytes.len())),
        1 => (0..=random.below(40)).for_each(|_| {
            let at = random.below(out.len());
            out[at] = random.below(256) as u8;
        }),
        2 => {
            let at = random.below(out.len());
            out.drain(at..(at + random.below(400)).min(bytes.len()));
        }
        3 => {
            let (from, to) = (random.below(bytes.len()), random.below(bytes.len()));
            let part = bytes[from..(from + random.below(3000)).min(bytes.len())].to_vec();
            out.splice(to..to, part);
        }
        4 => out.drain(..random.below(bytes.len())).for_each(drop),
        // Numbers of objects, lengths and sizes.
        5 => (0..=random.below(60)).for_each(|_| {
            let at = random.below(out.len());
            if let Some(digit) = out[at..].iter().position(u8::is_ascii_digit) {
                out[at + digit] = b'0' + random.below(10) as u8;
            }
        }),
        _ => {
            let (a, b) = (random.below(bytes.len()), random.below(bytes.len()));
            let n = random.below(2000).min(bytes.len() - a.max(b));
            (0..n).for_each(|i| out.swap(a + i, b + i));
        }
    }
    out
}

/// Reads variants of the PDF files of a folder; gives how many were read, how many refused, and the slowest.
fn run(folder: &Path, variants: u64) -> (usize, usize, (Duration, String)) {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "pdf"));
    files.sort();
    let one = |(file, seed): (&std::path::PathBuf, u64)| -> (bool, Duration, String) {
        let damaged = damage(&std::fs::read(file).unwrap(), seed);
        let start = Instant::now();
        let read = read(&damaged, "x.pdf");
        match &read {
            Ok(document) => assert!(document.pages.is_some()),
            Err(error) => assert!(error.code.starts_with("read/"), "{error}"),
        }
        (read.is_ok(), start.elapsed(), format!("{} variant {seed}", file.display()))
    };
    let all = files.par_iter().flat_map_iter(|file| (0..variants).map(move |seed| (file, seed)));
    let ends: Vec<(bool, Duration, String)> = all.map(one).collect();
    let read_ones = ends.iter().filter(|(read, ..)| *read).count();
    let slowest = ends.iter().map(|(_, time, name)| (*time, name.clone())).max().unwrap_or_default();
    (read_ones, ends.len() - read_ones, slowest)
}

#[test]
fn damaged_corpus() {
    let (good, bad, _) = run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/pdf"), 7);
    assert!(good > 20 && bad > 5, "{good} read, {bad} refused");
    // One test panics on purpose.
    let seen: Vec<String> = PANICS.lock().unwrap().iter().filter(|p| !p.contains("on purpose")).cloned().collect();
    assert!(seen.is_empty(), "{seen:?}");
}

#[test]
#[ignore = "many variants of a folder of one's own"]
fn damaged_folder() {
    let folder = std::env::var("BAOCAO_DAMAGED").expect("BAOCAO_DAMAGED names a folder");
    let (good, bad, slowest) = run(Path::new(&folder), 140);
    println!("{good} read, {bad} refused, slowest {slowest:?}, panics {:#?}", PANICS.lock().unwrap());
}
