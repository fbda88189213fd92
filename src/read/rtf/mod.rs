//! Rich Text (RTF 1.9.1) → `Document`: paragraphs, tables with merges, notes, old code pages.
//!
//! One pass over groups and control words with a stack of states, capped. Destinations that print nothing (fonts, styles, pictures,
//! headers, field codes, comments, objects) are passed over; deleted and hidden text is left out. 8-bit characters are read in the
//! code page of their font, else of the file. Refused: a file without a printed character (`read/empty`).

mod table;

use crate::error::ReadError;
use crate::model::Document;
use crate::read::docx::face::{Face, symbol};
use crate::read::docx::tree::Para;
use crate::read::docx::voices::Voices;
use crate::read::flow::Flow;
use crate::read::sheet::filled;
use encoding_rs::{Encoding, WINDOWS_1252, WINDOWS_1258};
use std::collections::BTreeMap;
use table::{Rows, Vertical};

/// Groups nested deeper share the state of the deepest.
const DEEPEST: usize = 512;
/// Fonts of a file.
const MOST_FONTS: usize = 4096;

/// Destinations whose text is not the document's. Those marked `\*` are passed over too, unless known.
const SILENT: [&str; 30] = [
    "stylesheet",
    "colortbl",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "fldinst",
    "annotation",
    "atnid",
    "atnauthor",
    "filetbl",
    "listtable",
    "listoverridetable",
    "revtbl",
    "themedata",
    "datastore",
    "xmlnstbl",
    "rsidtbl",
    "generator",
    "nonshppict",
    "bkmkstart",
    "bkmkend",
    "pntext",
];

/// What a group may change and gives back at its end.
#[derive(Clone)]
struct State {
    silent: bool,
    fonts: bool,
    hidden: bool,
    bold: bool,
    note: bool,
    font: i32,
    /// Fallback characters after each `\u`.
    fallback: usize,
    in_table: bool,
}

/// Reads a Rich Text file.
pub fn read(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    let mut voices = Voices::default();
    // All letters are heard before the first is decoded: fonts of old encodings come as Windows Western.
    let mut unheard = Flow::default();
    let mut reader = Reader::new(&mut unheard, &mut voices, true);
    reader.read(bytes);
    reader.finish();
    let mut flow = Flow::default();
    let mut reader = Reader::new(&mut flow, &mut voices, false);
    reader.read(bytes);
    let whole = reader.finish();
    if !whole {
        flow.notice("cut-off");
    }
    filled(flow.finish("rtf", "rtf", &voices.name()))
}

struct Reader<'f> {
    flow: &'f mut Flow,
    state: State,
    stack: Vec<State>,
    /// Groups deeper than the cap.
    buried: usize,
    page: &'static Encoding,
    code_pages: BTreeMap<i32, &'static Encoding>,
    voices: &'f mut Voices,
    hearing: bool,
    faces: BTreeMap<i32, Face>,
    font_name: String,
    text: Para,
    plain: usize,
    /// 8-bit characters waiting for their code page.
    bytes: Vec<u8>,
    /// Fallback characters still to be passed over.
    skip: usize,
    high: Option<u16>,
    note: Vec<String>,
    note_text: Option<Para>,
    notes: u32,
    rows: Rows,
}

impl<'f> Reader<'f> {
    fn new(flow: &'f mut Flow, voices: &'f mut Voices, hearing: bool) -> Reader<'f> {
        let state = State {
            silent: false,
            fonts: false,
            hidden: false,
            bold: false,
            note: false,
            font: 0,
            fallback: 1,
            in_table: false,
        };
        Reader {
            flow,
            state,
            stack: Vec::new(),
            buried: 0,
            page: WINDOWS_1252,
            code_pages: BTreeMap::new(),
            voices,
            hearing,
            faces: BTreeMap::new(),
            font_name: String::new(),
            text: Para::default(),
            plain: 0,
            bytes: Vec::new(),
            skip: 0,
            high: None,
            note: Vec::new(),
            note_text: None,
            notes: 0,
            rows: Rows::default(),
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            at += 1;
            match byte {
                b'{' => self.open(),
                b'}' => self.close(),
                b'\\' => at = self.control(bytes, at),
                b'\r' | b'\n' => {}
                byte => self.byte(*byte),
            }
        }
    }

    fn open(&mut self) {
        self.decode();
        self.skip = 0;
        if self.stack.len() < DEEPEST {
            self.stack.push(self.state.clone());
        } else {
            self.buried += 1;
        }
    }

    fn close(&mut self) {
        self.decode();
        self.skip = 0;
        if self.buried > 0 {
            self.buried -= 1;
        } else if let Some(before) = self.stack.pop() {
            if self.state.note && !before.note {
                self.end_note();
            }
            self.state = before;
        }
    }

    /// A control word or symbol after its backslash; gives the byte after it.
    fn control(&mut self, bytes: &[u8], start: usize) -> usize {
        let Some(first) = bytes.get(start) else { return start };
        if !first.is_ascii_alphabetic() {
            return self.symbol(*first, bytes, start + 1);
        }
        let letters = bytes[start..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
        let mut at = start + letters;
        let negative = bytes.get(at) == Some(&b'-');
        let digits_at = at + usize::from(negative);
        let digits = bytes.get(digits_at..).unwrap_or(&[]).iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        let mut value = None;
        if digits > 0 {
            let number = bytes[digits_at..digits_at + digits].iter().fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
            let number = if negative { -number } else { number };
            value = Some(number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32);
            at = digits_at + digits;
        }
        if bytes.get(at) == Some(&b' ') {
            at += 1;
        }
        let word = std::str::from_utf8(&bytes[start..start + letters]).unwrap_or("");
        if word == "bin" {
            return at.saturating_add(value.unwrap_or(0).max(0) as usize).min(bytes.len());
        }
        if word != "u" {
            self.decode();
        }
        self.word(word, value);
        at
    }

    fn symbol(&mut self, symbol: u8, bytes: &[u8], at: usize) -> usize {
        match symbol {
            b'\'' => {
                let hex = |i: usize| bytes.get(i).and_then(|b| (*b as char).to_digit(16));
                if let (Some(a), Some(b)) = (hex(at), hex(at + 1)) {
                    self.byte((a * 16 + b) as u8);
                    return at + 2;
                }
            }
            // An unknown destination says that it may be passed over; the known ones are silent by name.
            b'*' => self.state.silent = true,
            b'~' => self.characters("\u{a0}"),
            b'_' => self.characters("-"),
            b'-' => {}
            b'\r' | b'\n' => self.paragraph(),
            b'\\' | b'{' | b'}' => self.byte(symbol),
            _ => {}
        }
        at
    }

    fn byte(&mut self, byte: u8) {
        if self.skip > 0 {
            self.skip -= 1;
        } else if self.state.fonts {
            self.font_name_byte(byte);
        } else if !self.state.silent {
            self.bytes.push(byte);
        }
    }

    /// A character of the font table: names end with a semicolon.
    fn font_name_byte(&mut self, byte: u8) {
        if byte == b';' {
            let name = std::mem::take(&mut self.font_name);
            if self.faces.len() < MOST_FONTS && !self.state.silent {
                self.faces.insert(self.state.font, Face::of(&name));
            }
        } else if self.font_name.len() < 64 && !self.state.silent {
            self.font_name.push(char::from(byte));
        }
    }

    /// The 8-bit characters so far, in the code page of their font.
    fn decode(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let page = self.code_pages.get(&self.state.font).copied().unwrap_or(self.page);
        let text = page.decode_without_bom_handling(&bytes).0.into_owned();
        self.characters(&text);
    }

    fn characters(&mut self, text: &str) {
        if self.state.silent || self.state.hidden || self.state.fonts {
            return;
        }
        if let Some(note) = self.note_text.as_mut().filter(|_| self.state.note) {
            note.push(text, self.faces.get(&self.state.font).copied().unwrap_or_default(), false);
            return;
        }
        let face = self.faces.get(&self.state.font).copied().unwrap_or_default();
        if face.is_symbols() {
            let shown: String = text.chars().filter_map(|c| symbol(face, c)).collect();
            self.text.push(&shown, face, false);
        } else {
            self.text.push(text, face, false);
        }
        if !self.state.bold {
            self.plain += text.chars().filter(|c| !c.is_whitespace()).count();
        }
    }

    fn word(&mut self, word: &str, value: Option<i32>) {
        let on = value != Some(0);
        match word {
            "fonttbl" => self.state.fonts = true,
            "footnote" => self.start_note(),
            _ if SILENT.contains(&word) => self.state.silent = true,
            // Known destinations behind `\*`.
            "shptxt" | "shprslt" => self.state.silent = word == "shprslt",
            "fcharset" if self.state.fonts => self.char_set(value.unwrap_or(0)),
            "f" => self.state.font = value.unwrap_or(0),
            "ansicpg" => self.page = code_page(value.unwrap_or(1252)).unwrap_or(WINDOWS_1252),
            "plain" => {
                self.state.bold = false;
                self.state.hidden = false;
            }
            "b" => self.state.bold = on,
            "v" | "deleted" => self.state.hidden = on,
            "uc" => self.state.fallback = value.unwrap_or(1).clamp(0, 8) as usize,
            "u" => self.unicode(value.unwrap_or(0)),
            "par" | "sect" => self.paragraph(),
            "line" => self.characters("\n"),
            "tab" => self.characters("\t"),
            "emdash" => self.characters("—"),
            "endash" => self.characters("–"),
            "lquote" => self.characters("‘"),
            "rquote" => self.characters("’"),
            "ldblquote" => self.characters("“"),
            "rdblquote" => self.characters("”"),
            "bullet" => self.characters("•"),
            "chftn" if !self.state.note => {
                let mark = self.notes + 1;
                self.characters(&format!("[{mark}]"));
            }
            "pard" => self.state.in_table = false,
            "intbl" => self.state.in_table = true,
            "itap" => self.state.in_table = value.unwrap_or(1) > 0,
            "trowd" => self.rows.define(),
            "trhdr" => self.rows.head(),
            "cellx" => self.rows.edge(value.unwrap_or(0)),
            "clvmgf" => self.rows.vertical(Vertical::Starts),
            "clvmrg" => self.rows.vertical(Vertical::GoesOn),
            "clmgf" => self.rows.across(false),
            "clmrg" => self.rows.across(true),
            "cell" | "nestcell" => {
                let text = self.take();
                self.rows.paragraph(text);
                self.rows.cell();
            }
            "row" | "nestrow" => self.rows.row(),
            _ => {}
        }
    }

    fn unicode(&mut self, value: i32) {
        let unit = value as u16;
        self.decode();
        self.skip = self.state.fallback;
        match (self.high.take(), unit) {
            (_, 0xD800..=0xDBFF) => self.high = Some(unit),
            (Some(high), 0xDC00..=0xDFFF) => {
                let text = String::from_utf16_lossy(&[high, unit]);
                self.characters(&text);
            }
            _ => {
                if let Some(c) = char::from_u32(u32::from(unit)) {
                    self.characters(c.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// The code page of the font being described.
    fn char_set(&mut self, set: i32) {
        let page = match set {
            163 => Some(WINDOWS_1258),
            0 => Some(self.page),
            238 => code_page(1250),
            204 => code_page(1251),
            161 => code_page(1253),
            162 => code_page(1254),
            _ => None,
        };
        if let Some(page) = page.filter(|_| self.code_pages.len() < MOST_FONTS) {
            self.code_pages.insert(self.state.font, page);
        }
    }

    fn take(&mut self) -> String {
        self.plain = 0;
        let para = std::mem::take(&mut self.text);
        self.say(&para)
    }

    /// A paragraph in Unicode.
    fn say(&mut self, para: &Para) -> String {
        if self.hearing {
            self.voices.hear(para);
            return para.text.clone();
        }
        self.voices.speak(para)
    }

    fn paragraph(&mut self) {
        self.decode();
        if self.state.silent || self.state.fonts {
            return;
        }
        if let Some(note) = self.note_text.as_mut().filter(|_| self.state.note) {
            let para = std::mem::take(note);
            let text = self.say(&para);
            self.note.push(text);
            return;
        }
        let bold = self.plain == 0;
        let text = self.take();
        if self.state.in_table {
            self.rows.paragraph(text);
            return;
        }
        self.rows.pour(self.flow);
        if bold {
            self.flow.bold(&text);
        } else {
            self.flow.paragraph(&text);
        }
    }

    fn start_note(&mut self) {
        self.decode();
        if !self.state.note {
            self.notes += 1;
            let mark = format!("[{}]", self.notes);
            if !self.text.text.trim_end().ends_with(&mark) {
                // The mark stands before the note, raised; a file without one gets it here.
                self.text.push(&mark, Face::Plain, false);
            }
            self.state.note = true;
            self.state.silent = false;
            self.note_text = Some(Para::default());
        }
    }

    fn end_note(&mut self) {
        if let Some(para) = self.note_text.take() {
            let text = self.say(&para);
            self.note.push(text);
        }
        let paragraphs = std::mem::take(&mut self.note);
        self.flow.note(&self.notes.to_string(), &paragraphs);
    }

    /// Ends the document; false where groups were left open.
    fn finish(&mut self) -> bool {
        self.decode();
        let whole = self.stack.is_empty();
        if self.note_text.is_some() {
            self.end_note();
        }
        self.state.silent = false;
        self.state.fonts = false;
        self.state.note = false;
        if !self.text.is_blank() {
            self.paragraph();
        }
        self.rows.row();
        self.rows.pour(self.flow);
        self.flow.place_notes();
        whole
    }
}

fn code_page(number: i32) -> Option<&'static Encoding> {
    Encoding::for_label(format!("windows-{number}").as_bytes())
}

#[cfg(test)]
mod tests;
