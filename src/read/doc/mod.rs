//! Word's binary format: Word 97 to 2003 with tables, notes, lists and fields ([MS-DOC]); Word 6 and 95 with 8-bit text.
//!
//! Bytes in, `Document` out, in pure Rust. Headers, footers and comments are left out; text boxes follow the text. A file whose
//! structure is broken goes to a converter, where one is installed. Refused: `read/encrypted`, `read/damaged`, `read/too-large`,
//! `read/converter-missing` (Word 2 and older, broken structure).

mod body;
mod bytes;
mod convert;
mod fib;
mod list;
mod pieces;
mod props;
mod style;
mod table;
#[cfg(test)]
mod tests;

use crate::error::ReadError;
use crate::model::Document;
use crate::read::docx::face::Face;
use crate::read::docx::voices::Voices;
use crate::read::flow::Flow;
use crate::read::sheet::{damaged, filled};
use body::{Notes, Source};
use bytes::{Plc, u16_at};
use fib::Fib;
use list::Numbers;
use props::Kind;
use std::io::{Cursor, Read};
use style::Styles;

/// Notes of a file.
const MOST_NOTES: usize = 20_000;

/// Streams of a compound file.
struct Streams {
    main: Vec<u8>,
    tables: [Vec<u8>; 2],
    data: Vec<u8>,
}

fn streams(bytes: &[u8]) -> Option<Streams> {
    // Word 6 for DOS and early Windows wrote the main stream alone.
    if bytes.starts_with(b"\xDC\xA5") {
        return Some(Streams { main: bytes.to_vec(), tables: Default::default(), data: Vec::new() });
    }
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let mut stream = |name: &str| -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let stream = file.open_stream(name).ok()?;
        // No stream is longer than its file.
        stream.take(bytes.len() as u64).read_to_end(&mut out).ok()?;
        Some(out)
    };
    let main = stream("WordDocument")?;
    let tables = [stream("0Table").unwrap_or_default(), stream("1Table").unwrap_or_default()];
    Some(Streams { main, tables, data: stream("Data").unwrap_or_default() })
}

/// Reads a Word file.
pub fn read(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    match own(bytes) {
        Ok(document) => Ok(document),
        Err(error) if matches!(error.code, "read/encrypted" | "read/empty" | "read/too-large") => Err(error),
        Err(error) => convert::read(bytes).map_or(Err(error), filled),
    }
}

fn own(bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.starts_with(b"\xDB\xA5") {
        return Err(convert::missing("Word 2"));
    }
    let streams = streams(bytes).ok_or_else(|| damaged("compound file"))?;
    let fib = fib::parse(&streams.main).ok_or_else(|| convert::missing("unknown version"))?;
    if fib.encrypted {
        return Err(ReadError::new(
            "read/encrypted",
            "tệp Word có mật khẩu; hãy mở tệp, bỏ mật khẩu rồi lưu lại",
            "the Word file is protected by a password; open it, remove the password and save it again",
        ));
    }
    let table: &[u8] = if fib.old { &streams.main } else { &streams.tables[usize::from(fib.first_table)] };
    let list = pieces::parse(&fib, table).ok_or_else(|| convert::missing("piece table"))?;
    let runs = |span, kind| props::runs(&streams.main, fib::bytes(table, span), kind, fib.old);
    let source = Source {
        main: &streams.main,
        data: &streams.data,
        pieces: list,
        narrow: pieces::narrow_table(&fib),
        characters: runs(fib.characters, Kind::Characters),
        paragraphs: runs(fib.paragraphs, Kind::Paragraphs),
        styles: if fib.old { Styles::default() } else { Styles::parse(fib::bytes(table, fib.styles)) },
        faces: style::fonts(fib::bytes(table, fib.fonts), fib.old).iter().map(|f| Face::of(f)).collect(),
        old: fib.old,
    };
    let [text, foot, head, macros, comments, end, boxes] = fib.counts;
    if text > pieces::MOST_CHARACTERS {
        return Err(crate::read::sheet::too_large("text"));
    }
    // The texts of all kinds stand one after the other.
    let starts: Vec<u32> = [text, foot, head, macros, comments, end, boxes]
        .iter()
        .scan(0u32, |at, size| {
            let start = *at;
            *at = at.saturating_add(*size);
            Some(start)
        })
        .collect();
    let mut marks = notes(&source, &fib, table, (fib.notes[0], fib.notes[1]), starts[1]);
    marks.append(&mut notes(&source, &fib, table, (fib.notes[2], fib.notes[3]), starts[5]));
    let mut numbers = Numbers::parse(table, fib.lists[0], fib.lists[1]);
    let boxes = body::plain(&source, starts[6]..starts[6].saturating_add(boxes.min(pieces::MOST_CHARACTERS)));
    // All letters are heard before the first is decoded.
    let mut voices = Voices::default();
    let main = body::plain(&source, 0..text);
    main.iter().chain(marks.values().flat_map(|m| &m.1)).chain(&boxes).for_each(|p| voices.hear(p));
    drop(main);
    let mut flow = Flow::default();
    body::walk(&source, 0..text, &mut marks, &mut numbers, &mut voices, &mut flow);
    for (mark, body) in marks.into_values() {
        // A note whose reference is lost is kept at the end.
        let body: Vec<String> = body.iter().map(|p| voices.speak(p)).collect();
        flow.note(&mark, &body);
    }
    flow.place_notes();
    for para in &boxes {
        flow.paragraph(&voices.speak(para));
    }
    filled(flow.finish("doc", if fib.old { "doc/word6" } else { "doc" }, &voices.name()))
}

/// The notes of one kind: the position of each reference, its mark and its text. `start`: where the texts of this kind begin.
fn notes(source: &Source, fib: &Fib, table: &[u8], spans: (fib::Span, fib::Span), start: u32) -> Notes {
    let mut out = Notes::new();
    if fib.old {
        return out;
    }
    let references = Plc::new(fib::bytes(table, spans.0), 2);
    let texts = Plc::new(fib::bytes(table, spans.1), 0);
    let mut automatic = 0;
    let mut budget = pieces::MOST_CHARACTERS;
    for index in 0..references.count.min(MOST_NOTES) {
        let (Some(position), Some(from), Some(to)) =
            (references.position(index), texts.position(index), texts.position(index + 1))
        else {
            break;
        };
        let size = to.saturating_sub(from);
        let Some(left) = budget.checked_sub(size) else { break };
        budget = left;
        // A mark of the author's own stands in the text.
        let own = references.item(index).and_then(|i| u16_at(i, 0)) == Some(0);
        automatic += u32::from(!own);
        let mark = if own { "*".to_string() } else { automatic.to_string() };
        let body = body::plain(source, start.saturating_add(from)..start.saturating_add(to));
        out.insert(position, (mark, body));
    }
    out
}
