//! Pages that are pictures: PDF pages without usable text, PNG, JPEG, TIFF.
//!
//! Bytes come in; a `Document` goes out whose lines carry page, boxes in points and a confidence for each word. The route of a
//! page: picture (`pages`, `files`) → straightened gray (`gray`, `binary`) → lines found in it (`rulings`) → tables with merged
//! cells (`lattice`) → cells and running text read by tesseract (`engine`, `tsv`, `page`) → figures read a second time, and a third
//! by the shapes the document itself teaches (`glyphs`, `readings`) → pages as the reader of digital PDFs knows them (`sheet`), whose
//! flow puts them together.
//!
//! Refused: nothing installed to read with (`read/ocr-missing`), pictures too large (`read/too-large`), pictures that cannot be decoded
//! (`read/damaged`), files of which no page could be read (`read/ocr-failed`). Pages that could not be read, and pages beyond the
//! limits of count and time, are told in the notices.

mod binary;
mod engine;
mod files;
mod glyphs;
mod gray;
mod lattice;
mod marks;
mod page;
mod pages;
mod readings;
mod rulings;
mod sheet;
mod tsv;

use crate::error::ReadError;
use crate::model::{Document, Place};
use crate::read::pdf::{self, page::PageText};
use crate::text::syllable::is_syllable;
use engine::{Engine, Failure};
use glyphs::Alphabet;
use page::{PageImage, PageRead};
use pages::Picture;
use std::time::{Duration, Instant};

/// Time for one page. A dense page takes two to four seconds.
const PAGE_TIME: Duration = Duration::from_secs(60);
/// Time for one file; what is not read by then is told in a notice.
const FILE_TIME: Duration = Duration::from_secs(30 * 60);
/// Pages read of one file.
const MAX_PAGES: usize = 600;
/// So many pages teach the alphabet of figures before they are settled.
const BATCH: usize = 24;

/// Words that tell nonsense from a page with little on it.
const JUDGED: usize = 16;

/// Pages as read, and what was noticed on the way.
#[derive(Debug, Default)]
pub struct Recognized {
    /// The pages that could be read, in order.
    pub pages: Vec<PageText>,
    /// `ocr-page-failed`, `ocr-page-late`, `ocr-page-too-large`, `ocr-pages-left`, `image-cut`, each with its page.
    pub notices: Vec<(String, Place)>,
}

/// What is read so far of one file.
struct Reader {
    engine: &'static Engine,
    started: Instant,
    batch: Vec<PageRead>,
    done: Vec<PageRead>,
    alphabet: Alphabet,
    notices: Vec<(String, Place)>,
    seen: usize,
}

impl Reader {
    fn new() -> Result<Reader, ReadError> {
        Ok(Reader {
            engine: Engine::find()?,
            started: Instant::now(),
            batch: Vec::new(),
            done: Vec::new(),
            alphabet: Alphabet::default(),
            notices: Vec::new(),
            seen: 0,
        })
    }

    fn notice(&mut self, name: &str, page: u32) {
        self.notices.push((name.to_string(), Place { page: Some(page), ..Place::default() }));
    }

    /// Whether there is room and time for another page; says so once where there is not.
    fn goes_on(&mut self, page: u32) -> bool {
        let on = self.seen < MAX_PAGES && self.started.elapsed() < FILE_TIME;
        if !on {
            self.notice("ocr-pages-left", page);
        }
        self.seen += 1;
        on
    }

    fn page(&mut self, image: &PageImage) {
        let until = (Instant::now() + PAGE_TIME).min(self.started + FILE_TIME + PAGE_TIME);
        match page::read(self.engine, image, until) {
            Ok(read) => self.batch.push(read),
            Err(Failure::Late) => self.notice("ocr-page-late", image.page),
            Err(Failure::Broken) => self.notice("ocr-page-failed", image.page),
        }
        if self.batch.len() >= BATCH {
            self.settle();
        }
    }

    /// Learns what figures look like from all pages at hand, then decides each figure.
    fn settle(&mut self) {
        for page in &mut self.batch {
            page.words_mut().for_each(|word| readings::teach(word, &mut self.alphabet));
        }
        for page in &mut self.batch {
            page.words_mut().for_each(|word| readings::settle(word, &self.alphabet));
        }
        self.done.append(&mut self.batch);
    }

    fn finish(mut self) -> Recognized {
        self.settle();
        Recognized { pages: sheet::page_texts(&self.done), notices: self.notices }
    }
}

/// Whether pictures can be read here: the program that does it is optional.
pub fn available() -> bool {
    Engine::find().is_ok()
}

/// Why a document whose letters spell nothing is not passed on: its fonts draw other letters than they should, or its pictures are
/// none of Vietnamese text.
pub fn nonsense(document: &Document) -> Option<ReadError> {
    let blocks = document.blocks.iter().map(|block| &block.text.clean);
    let cells = document.tables.iter().flat_map(|table| &table.cells).map(|cell| &cell.text.clean);
    let (mut judged, mut spelt) = (0, 0);
    for word in blocks.chain(cells).flat_map(|text| text.split_whitespace()) {
        let core = word.trim_matches(|c: char| !c.is_alphanumeric());
        judged += usize::from(core.is_empty() || core.chars().any(char::is_alphabetic));
        spelt += usize::from(core.chars().count() > 1 && is_syllable(core));
    }
    (judged >= JUDGED && spelt * 4 < judged).then(|| {
        ReadError::new(
            "read/garbled",
            "chữ trên trang không thành tiếng Việt: phông chữ hỏng, hoặc ảnh không phải văn bản; cần bản gốc khác",
            "the letters on the pages spell nothing: broken fonts, or pictures of no text; another copy is needed",
        )
    })
}

/// Reads the given pages (from 1) of a PDF from their pictures.
pub fn read_pages(bytes: &[u8], wanted: &[u32]) -> Result<Recognized, ReadError> {
    let mut reader = Reader::new()?;
    for number in wanted {
        if !reader.goes_on(*number) {
            break;
        }
        match pages::picture(bytes, *number) {
            Picture::Image(image) => reader.page(&image),
            Picture::TooLarge => reader.notice("ocr-page-too-large", *number),
            Picture::Broken => reader.notice("ocr-page-failed", *number),
        }
    }
    Ok(reader.finish())
}

/// Reads all pages of a PDF from their pictures.
pub fn read_pdf(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    let count = pages::count(bytes)?;
    let wanted: Vec<u32> = (1..=count as u32).collect();
    let mut document = document(read_pages(bytes, &wanted)?)?;
    document.pages = Some(count as u32);
    document.parser = "pdf/ocr".to_string();
    document.format = "pdf";
    Ok(document)
}

/// Whether a file is an image that `read_image` takes.
pub fn is_image(bytes: &[u8]) -> bool {
    files::kind(bytes).is_some()
}

/// Reads an image file.
pub fn read_image(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    let Some(kind) = files::kind(bytes) else {
        return Err(ReadError::new(
            "read/unsupported",
            "không phải tệp ảnh PNG, JPEG hay TIFF",
            "not a PNG, JPEG or TIFF image",
        ));
    };
    let mut reader = Reader::new()?;
    let pages = files::each(bytes, kind, |image| {
        let on = reader.goes_on(image.page);
        if on {
            reader.page(&image);
        }
        on
    })?;
    pages.lost.iter().for_each(|page| reader.notice("ocr-page-failed", *page));
    if pages.cut {
        reader.notice("image-cut", pages.count);
    }
    let mut document = document(reader.finish())?;
    document.pages = Some(pages.count);
    document.parser = "image/ocr".to_string();
    document.format = "image";
    Ok(document)
}

/// Why nothing could be read, where `read` has no page.
pub fn unread(read: &Recognized) -> ReadError {
    let (what, place) = read.notices.first().cloned().unwrap_or_default();
    let page = place.page.unwrap_or(1);
    match what.as_str() {
        "ocr-page-too-large" => ReadError::new(
            "read/too-large",
            format!("ảnh của trang {page} quá lớn để nhận dạng chữ"),
            format!("the picture of page {page} is too large to be read"),
        ),
        _ => ReadError::new(
            "read/ocr-failed",
            format!("không nhận dạng được trang nào ({what}, trang {page})"),
            format!("no page could be read from its picture ({what}, page {page})"),
        ),
    }
}

fn document(read: Recognized) -> Result<Document, ReadError> {
    if read.pages.is_empty() && !read.notices.is_empty() {
        return Err(unread(&read));
    }
    let mut document = pdf::document(&read.pages);
    if let Some(error) = nonsense(&document) {
        return Err(error);
    }
    document.charset = "utf-8".to_string();
    document.notices = read.notices;
    Ok(document)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corpus(name: &str) -> Option<Vec<u8>> {
        // Without the program there is nothing to test with; `engine` tests what is then said.
        Engine::find().ok()?;
        std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/scan").join(name)).ok()
    }

    fn column(document: &Document, table: usize, column: u32) -> Vec<&str> {
        let cells = &document.tables[table].cells;
        cells.iter().filter(|c| c.column == column && !c.header).map(|c| c.text.clean.as_str()).collect()
    }

    #[test]
    fn a_form_over_two_pages_is_one_table() {
        let Some(bytes) = corpus("02-form-over-pages.tif") else { return };
        let document = read_image(&bytes, "x.tif").unwrap();
        assert_eq!((document.parser.as_str(), document.pages, document.tables.len()), ("image/ocr", Some(2), 1));
        let table = &document.tables[0];
        assert_eq!((table.columns, table.header_rows), (5, 2));
        let figures = column(&document, 0, 3);
        assert_eq!(
            figures,
            ["", "0", "7", "9", "128", "128", "", "0", "19", "", "100", "1229", "1229", "100", "3", "3"]
        );
        // The last figure stands on the second page, right of the middle, and was read surely.
        let last = table.cells.iter().rfind(|c| c.column == 3).unwrap();
        let line = &document.lines[last.place.line.unwrap() as usize - 1];
        let word = line.words[0];
        assert!(line.page == Some(2) && word.rect[0] > 300.0 && word.rect[2] < 560.0 && word.confidence > 0.8);
    }

    #[test]
    fn a_page_on_its_side_is_turned() {
        let Some(bytes) = corpus("03-form-on-its-side.png") else { return };
        let document = read_image(&bytes, "x.png").unwrap();
        assert_eq!(column(&document, 0, 0), ["1.", "", "2.", "2.1.", "2.2.", "2.2.1.", "2.2.2."]);
        // On the page as it lies the lines run upwards: boxes are higher than wide.
        let head =
            document.lines.iter().flat_map(|l| &l.words).map(|w| w.rect).filter(|r| r[3] - r[1] > r[2] - r[0]).count();
        let all = document.lines.iter().map(|l| l.words.len()).sum::<usize>();
        assert!(head * 2 > all, "{head} of {all}");
    }

    #[test]
    fn a_seal_does_not_cover_figures() {
        let Some(bytes) = corpus("04-seal-over-figures.jpg") else { return };
        let document = read_image(&bytes, "x.jpg").unwrap();
        assert_eq!(column(&document, 0, 3), ["", "Hoàn thành", "", "21", "20", "0", "1", "9,09"]);
    }

    #[test]
    fn what_is_no_image_is_refused() {
        assert_eq!(read_image(b"no image", "x.png").unwrap_err().code, "read/unsupported");
        assert!(!is_image(b"%PDF-1.4"));
        if Engine::find().is_ok() {
            assert_eq!(read_image(b"\x89PNG\r\n\x1a\ncut", "x.png").unwrap_err().code, "read/damaged");
            assert_eq!(read_pdf(b"%PDF-1.4 nothing", "x.pdf").unwrap_err().code, "read/damaged");
        }
    }
}
