//! Bytes in, sheets out: opening, passwords, damage, caps, and a thread with a stack of its own.
//!
//! hayro opens the file; what it cannot open lopdf tries to rebuild. Before either, streams that could inflate beyond all measure
//! are inflated once against a cap without keeping the result, because the libraries inflate without limit.

use super::MAX_PAGES;
use super::walk::{Sheet, walk};
use crate::error::ReadError;
use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro_interpret::{InterpreterCache, InterpreterSettings};
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

/// Inflated size of a single stream that is no picture.
const MAX_INFLATED: u64 = 192 << 20;
/// Inflated size of all suspicious streams together.
const MAX_INFLATED_ALL: u64 = 1 << 30;
/// A stream of fewer bytes cannot inflate beyond the cap (deflate gains at most 1032 to 1) unless it is deflated twice.
const HARMLESS: usize = (MAX_INFLATED / 1032) as usize;
/// Glyphs of a whole file; a report of 1,000 dense pages has 5 million.
const MAX_GLYPHS: usize = 60_000_000;
/// Stack of the reading thread: nested forms are drawn by recursion.
const STACK: usize = 64 << 20;
/// Largest file that is rebuilt when it is damaged.
const MAX_REBUILT: usize = 16 << 20;

/// Name of the threads in which foreign code runs; panics in them are caught and reported as errors, not printed.
const THREAD: &str = "baocao-pdf";

/// Panics that were contained: tests look whether any were.
#[cfg(test)]
pub static PANICS: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

fn damaged() -> ReadError {
    ReadError::new(
        "read/damaged",
        "tệp PDF bị hỏng hoặc bị cắt, không tìm thấy trang nào",
        "the PDF is damaged or cut off: no page can be found in it",
    )
}

fn encrypted() -> ReadError {
    ReadError::new(
        "read/encrypted",
        "tệp PDF có mật khẩu; hãy lưu lại thành tệp không có mật khẩu",
        "the PDF needs a password; save a copy without one",
    )
}

fn too_large(vi: &str, en: &str) -> ReadError {
    ReadError::new("read/too-large", vi, en)
}

/// Runs foreign code in a thread with a large stack; a panic in it is `None`.
pub fn contained<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let outside = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if std::thread::current().name() != Some(THREAD) {
                outside(info);
            } else {
                #[cfg(test)]
                if let Ok(mut seen) = PANICS.lock() {
                    seen.push(info.to_string());
                }
            }
        }));
    });
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name(THREAD.to_string()).stack_size(STACK);
        let handle = thread.spawn_scoped(scope, || catch_unwind(AssertUnwindSafe(work)).ok()).ok()?;
        handle.join().ok().flatten()
    })
}

/// Settings without fonts for text that the file does not embed: places and letters do not need them.
fn settings() -> InterpreterSettings {
    InterpreterSettings::default()
}

/// Draws the pages one after the other and gives each sheet with its number to `take`.
pub fn each<T: Send>(bytes: &[u8], take: impl FnMut(Sheet, u32) -> T + Send) -> Result<Vec<T>, ReadError> {
    inflates(bytes)?;
    contained(|| pages(bytes, take)).unwrap_or_else(|| Err(damaged()))
}

fn pages<T>(bytes: &[u8], mut take: impl FnMut(Sheet, u32) -> T) -> Result<Vec<T>, ReadError> {
    let pdf = load(bytes)?;
    let pages = pdf.pages();
    if pages.is_empty() {
        return Err(damaged());
    }
    if pages.len() > MAX_PAGES {
        return Err(too_large(
            &format!("tệp PDF có {} trang, giới hạn là {MAX_PAGES}", pages.len()),
            &format!("the PDF has {} pages, the limit is {MAX_PAGES}", pages.len()),
        ));
    }
    let settings = settings();
    let mut cache = InterpreterCache::new();
    let mut glyphs = 0;
    let mut out = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        if at % 256 == 255 {
            // Fonts and colours of hundreds of pages are not kept.
            cache = InterpreterCache::new();
        }
        let sheet = if glyphs > MAX_GLYPHS {
            let (width, height) = page.render_dimensions();
            Sheet { width, height, cut: true, ..Sheet::default() }
        } else {
            walk(page, &cache, &settings)
        };
        glyphs += sheet.glyphs.len();
        out.push(take(sheet, at as u32 + 1));
    }
    Ok(out)
}

/// Opens a file, with the empty password if it is encrypted.
pub fn load(bytes: &[u8]) -> Result<Pdf, ReadError> {
    let shared: Arc<Vec<u8>> = Arc::new(bytes.to_vec());
    match Pdf::new(shared) {
        Ok(pdf) if !pdf.pages().is_empty() => Ok(pdf),
        Err(LoadPdfError::Decryption(error)) => Err(match error {
            DecryptionError::PasswordProtected | DecryptionError::UnsupportedAlgorithm => encrypted(),
            DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption => damaged(),
        }),
        _ => {
            let rebuilt = rebuild(bytes).ok_or_else(damaged)?;
            Pdf::new(Arc::new(rebuilt)).map_err(|_| damaged())
        }
    }
}

/// Lets lopdf collect the objects of a damaged file and write them anew.
fn rebuild(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() > MAX_REBUILT {
        return None;
    }
    let mut document = lopdf::Document::load_mem(bytes).ok()?;
    if document.get_pages().is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len());
    document.save_to(&mut out).ok()?;
    Some(out)
}

/// Inflates suspicious streams against the caps.
fn inflates(bytes: &[u8]) -> Result<(), ReadError> {
    let mut total = 0u64;
    let finder = memchr::memmem::Finder::new(b"stream");
    let mut at = 0;
    let mut seen = 0;
    while let Some(found) = bytes.get(at..).and_then(|rest| finder.find(rest)) {
        let key = at + found;
        at = key + 6;
        if key >= 3 && bytes[..key].ends_with(b"end") {
            continue;
        }
        let start = match bytes.get(at..at + 2) {
            Some(b"\r\n") => at + 2,
            Some([b'\n' | b'\r', _]) => at + 1,
            _ => continue,
        };
        let before = &bytes[key.saturating_sub(1500)..key];
        let head = match memchr::memmem::rfind(before, b"obj") {
            Some(from) => &before[from..],
            None => before,
        };
        let holds = |word: &[u8]| memchr::memmem::find_iter(head, word).count();
        let levels = holds(b"/FlateDecode") + holds(b"/Fl ") + holds(b"/Fl]");
        let rest = &bytes[start..];
        let end = memchr::memmem::find(rest, b"endstream").unwrap_or(rest.len());
        let picture = holds(b"/Image") > 0 && holds(b"/Width") > 0;
        seen += 1;
        if levels == 0 || picture || (levels == 1 && end < HARMLESS) || seen > 200_000 {
            at = start + end;
            continue;
        }
        total = total.saturating_add(inflated(&rest[..end], levels.min(4)));
        if total > MAX_INFLATED_ALL || total == u64::MAX {
            return Err(too_large(
                "nội dung nén trong tệp PDF giải ra quá lớn",
                "compressed content of the PDF inflates beyond the limit",
            ));
        }
        at = start + end;
    }
    Ok(())
}

/// Size of a stream after inflating it so many times; the largest number where that is beyond the cap.
fn inflated(data: &[u8], levels: usize) -> u64 {
    let mut size = 0u64;
    let mut buffer = vec![0u8; 64 << 10];
    let mut reader: Box<dyn Read + '_> = Box::new(data);
    for _ in 0..levels {
        reader = Box::new(flate2::read::ZlibDecoder::new(reader));
    }
    loop {
        match reader.read(&mut buffer) {
            Ok(0) | Err(_) => return size,
            Ok(n) => size += n as u64,
        }
        if size > MAX_INFLATED {
            return u64::MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn bombs_are_refused_before_they_go_off() {
        let mut deflate = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let zeros = vec![0u8; 1 << 20];
        for _ in 0..200 {
            deflate.write_all(&zeros).unwrap();
        }
        let packed = deflate.finish().unwrap();
        let mut file = b"%PDF-1.4\n1 0 obj\n<</Length 1/Filter/FlateDecode>>\nstream\n".to_vec();
        file.extend(&packed);
        file.extend(b"\nendstream\nendobj\n");
        assert_eq!(inflates(&file).unwrap_err().code, "read/too-large");
        assert!(inflates(b"%PDF-1.4\n1 0 obj\n<</Filter/FlateDecode>>\nstream\nxx\nendstream").is_ok());
    }

    #[test]
    fn what_is_no_pdf_is_damaged() {
        let error = each(b"%PDF-1.4\nnothing", |_, _| ()).unwrap_err();
        assert_eq!(error.code, "read/damaged");
    }

    #[test]
    fn panics_are_contained() {
        assert_eq!(contained(|| -> u8 { panic!("on purpose") }), None);
        assert_eq!(contained(|| 3), Some(3));
    }
}
