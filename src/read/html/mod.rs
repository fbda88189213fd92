//! Web pages, and Word and LibreOffice exports under whatever name: paragraphs, headings, lists, tables, notes.
//!
//! Bytes in, `Document` out. Tags drive a small machine without a tree: block tags end paragraphs, table tags go to the flow, which
//! settles spans and nesting. Scripts, styles, comments and what is not displayed are left out; nothing is fetched. Note bodies that
//! an export puts at its end are brought to their marks.

mod decode;
mod notes;
#[cfg(test)]
mod tests;
mod token;

use crate::error::ReadError;
use crate::model::Document;
use crate::read::docx::face::Face;
use crate::read::docx::tree::Para;
use crate::read::docx::voices::Voices;
use crate::read::flow::Flow;
use crate::read::sheet::filled;
use crate::text::charset::has_unicode;
use notes::{body_mark, notes, reference_mark};
use std::collections::HashMap;
use token::{Token, Tokens, attribute, unescape};

/// Fonts open at a time.
const DEEPEST_FONT: usize = 256;
/// Lists nested deeper are read at this depth.
const DEEPEST_LIST: usize = 32;

/// Reads a page.
pub fn read(bytes: &[u8], _name: &str) -> Result<Document, ReadError> {
    let page = if bytes.starts_with(b"<") { None } else { decode::page_of_mht(bytes) };
    let (text, charset, lost) = decode::decode(page.as_deref().unwrap_or(bytes));
    let mut flow = Flow::default();
    if lost {
        flow.notice("invalid-utf8");
    }
    let notes = notes(&text);
    let mut voices = Voices::default();
    let legacy = !has_unicode(&text) || text.contains(".Vn") || text.contains("VNI-");
    let mut charset = charset.to_string();
    if legacy {
        // All letters are heard before the first is decoded.
        run(&text, Reader::new(&mut Flow::default(), notes.clone(), &mut voices, Voice::Hears));
    }
    run(&text, Reader::new(&mut flow, notes, &mut voices, if legacy { Voice::Speaks } else { Voice::None }));
    if legacy && voices.name() != "utf-8" {
        charset = voices.name();
    }
    filled(flow.finish("html", if page.is_some() { "html/mht" } else { "html" }, &charset))
}

/// What is done about old Vietnamese encodings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// The page is in Unicode.
    None,
    /// Its letters are looked at.
    Hears,
    /// Its letters are decoded.
    Speaks,
}

fn run(text: &str, mut reader: Reader) {
    for token in Tokens::new(text) {
        reader.token(token);
    }
    reader.flush();
}

/// Whether a tag ends the paragraph before it.
fn block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "pre"
            | "hr"
            | "blockquote"
            | "center"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "address"
            | "form"
            | "fieldset"
            | "body"
            | "html"
            | "figure"
            | "figcaption"
            | "main"
            | "nav"
            | "aside"
            | "legend"
            | "option"
            | "details"
            | "summary"
            | "title"
            | "caption"
    )
}

/// Characters of a paragraph, white space collapsed.
#[derive(Default)]
struct Buffer {
    text: String,
    /// Characters that are not bold.
    plain: usize,
    /// Room for characters before spaces are collapsed.
    raw: String,
}

impl Buffer {
    /// Adds characters of the page; entities are resolved first.
    fn push(&mut self, text: &str, bold: bool) {
        self.raw.clear();
        unescape(text, &mut self.raw);
        for c in self.raw.chars() {
            // A no-break space is printed; the others are one space.
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            } else {
                self.text.push(c);
                self.plain += usize::from(!bold && c != '\u{a0}');
            }
        }
    }
}

struct Reader<'f> {
    flow: &'f mut Flow,
    buffer: Buffer,
    bold: usize,
    heading: u8,
    pre: usize,
    /// Lists open: ordered or not, and the number of the last item.
    lists: Vec<(char, u32)>,
    /// Tables open; whether a header group is open in each.
    tables: Vec<bool>,
    /// Where the open `<sup>` starts in the buffer.
    raised: Option<usize>,
    /// An element that is not displayed, and how many of its name are open.
    hidden: Option<(String, usize)>,
    notes: HashMap<String, Vec<String>>,
    voices: &'f mut Voices,
    voice: Voice,
    /// Fonts of the open `<font>` and `<span>`.
    faces: Vec<Face>,
    /// The old font of the paragraph, where it has one.
    face: Face,
}

impl<'f> Reader<'f> {
    fn new(
        flow: &'f mut Flow,
        notes: HashMap<String, Vec<String>>,
        voices: &'f mut Voices,
        voice: Voice,
    ) -> Reader<'f> {
        Reader {
            flow,
            voices,
            voice,
            faces: Vec::new(),
            face: Face::Plain,
            buffer: Buffer::default(),
            bold: 0,
            heading: 0,
            pre: 0,
            lists: Vec::new(),
            tables: Vec::new(),
            raised: None,
            hidden: None,
            notes,
        }
    }

    fn token(&mut self, token: Token) {
        if let Some((name, depth)) = &mut self.hidden {
            match &token {
                Token::Start(n, _) if n == name => *depth += 1,
                Token::End(n) if n == name => {
                    *depth -= 1;
                    if *depth == 0 {
                        self.hidden = None;
                    }
                }
                _ => {}
            }
            return;
        }
        match token {
            Token::Text(text) if self.pre > 0 => {
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 {
                        self.buffer.text.push('\n');
                    }
                    self.buffer.push(line, self.bold > 0);
                }
            }
            Token::Text(text) => {
                if let Some(face) = self.faces.last().filter(|f| **f != Face::Plain && !text.trim().is_empty()) {
                    self.face = *face;
                }
                self.buffer.push(text, self.bold > 0);
            }
            Token::Start(name, written) => self.start(&name, written),
            Token::End(name) => self.end(&name),
        }
    }

    fn start(&mut self, name: &str, written: &str) {
        if self.conceals(name, written) {
            self.flush_if(block(name));
            self.hidden = Some((name.to_string(), 1));
            return;
        }
        match name {
            "br" => self.buffer.text.push('\n'),
            "b" | "strong" => self.bold += 1,
            "font" | "span" if self.voice != Voice::None => {
                let own = font(name, written).or(self.faces.last().copied());
                if self.faces.len() < DEEPEST_FONT {
                    self.faces.push(own.unwrap_or_default());
                }
            }
            "sup" => self.raised = Some(self.buffer.text.len()),
            "a" => {
                let target = attribute(written, "href");
                if let Some(mark) = target.as_deref().and_then(reference_mark)
                    && let Some(body) = self.notes.remove(mark)
                {
                    let body: Vec<String> = body.iter().map(|text| self.say(text)).collect();
                    self.flow.note(mark, &body);
                }
            }
            "table" => {
                self.flush();
                self.flow.table_start();
                self.tables.push(false);
            }
            "thead" | "tbody" | "tfoot" => {
                self.flush();
                if let Some(head) = self.tables.last_mut() {
                    *head = name == "thead";
                }
            }
            "tr" if !self.tables.is_empty() => {
                self.flush();
                self.flow.row_start();
                if self.tables.last() == Some(&true) {
                    self.flow.head_row();
                }
            }
            "td" | "th" if !self.tables.is_empty() => {
                self.flush();
                self.bold = 0;
                let span = |key| attribute(written, key).and_then(|v| v.trim().parse::<u32>().ok());
                // A row span of zero reaches to the end of the table.
                let rows = span("rowspan").map_or(1, |n| if n == 0 { u32::MAX } else { n });
                self.flow.cell_start(rows, span("colspan").unwrap_or(1), name == "th");
            }
            "ul" | "ol" => {
                self.flush();
                let kind = match attribute(written, "type").as_deref() {
                    _ if name == "ul" => '-',
                    Some("a") => 'a',
                    Some("A") => 'A',
                    Some("i" | "I") => 'I',
                    _ => '1',
                };
                let first = attribute(written, "start").and_then(|v| v.trim().parse::<u32>().ok()).unwrap_or(1);
                if self.lists.len() < DEEPEST_LIST {
                    self.lists.push((kind, first.saturating_sub(1)));
                }
            }
            "li" => {
                self.flush();
                let mark = self.item_mark(written);
                self.buffer.text.push_str(&mark);
            }
            "pre" => {
                self.flush();
                self.pre += 1;
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.flush();
                self.heading = name.as_bytes()[1] - b'0';
            }
            // A paragraph inside a list item goes on with the mark.
            "p" | "div" if self.is_mark() => {}
            _ => self.flush_if(block(name)),
        }
    }

    /// Whether an element is not displayed; the bodies of notes are brought to their marks.
    fn conceals(&self, name: &str, written: &str) -> bool {
        if matches!(name, "br" | "img" | "hr" | "input" | "col" | "meta" | "link" | "wbr") || written.is_empty() {
            return false;
        }
        let note = name == "div" && attribute(written, "id").is_some_and(|id| body_mark(&id).is_some());
        note || attribute(written, "style").is_some_and(|style| {
            let style: String = style.to_ascii_lowercase().split_whitespace().collect();
            style.contains("display:none") || style.contains("mso-hide:all") || style.contains("visibility:hidden")
        })
    }

    fn item_mark(&mut self, written: &str) -> String {
        let depth = self.lists.iter().filter(|l| l.0 == '-').count();
        let Some((kind, count)) = self.lists.last_mut() else { return "- ".to_string() };
        let given = attribute(written, "value").and_then(|v| v.trim().parse::<u32>().ok());
        *count = given.unwrap_or(count.saturating_add(1));
        let letter = |first: u8| char::from(first + (count.saturating_sub(1) % 26) as u8);
        match kind {
            '-' if depth > 1 => "+ ".to_string(),
            '-' => "- ".to_string(),
            'a' => format!("{}) ", letter(b'a')),
            'A' => format!("{}. ", letter(b'A')),
            'I' => format!("{}. ", roman(*count)),
            _ => format!("{count}. "),
        }
    }

    fn is_mark(&self) -> bool {
        !self.lists.is_empty()
            && self.buffer.text.len() < 12
            && self.buffer.text.ends_with(' ')
            && self.buffer.plain == 0
    }

    fn end(&mut self, name: &str) {
        match name {
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "font" | "span" => {
                self.faces.pop();
            }
            "sup" => self.lower(),
            "table" if !self.tables.is_empty() => {
                self.flush();
                self.tables.pop();
                self.flow.table_end();
                self.bold = 0;
            }
            "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" if !self.tables.is_empty() => {
                self.flush();
                if let Some(head) = self.tables.last_mut().filter(|_| name == "thead") {
                    *head = false;
                }
            }
            "ul" | "ol" => {
                self.flush();
                self.lists.pop();
            }
            "pre" => {
                self.flush();
                self.pre = self.pre.saturating_sub(1);
            }
            _ => self.flush_if(block(name)),
        }
    }

    /// A raised number is a note's mark unless it is the power of a unit; the cleaner tells them apart.
    fn lower(&mut self) {
        let Some(from) = self.raised.take() else { return };
        let Some(inner) = self.buffer.text.get(from..).map(str::trim) else { return };
        let digits = (1..=3).contains(&inner.len()) && inner.bytes().all(|b| b.is_ascii_digit());
        if digits {
            let marked = format!("<sup>{inner}</sup>");
            self.buffer.text.truncate(from);
            self.buffer.text.push_str(&marked);
        }
    }

    fn flush_if(&mut self, yes: bool) {
        if yes {
            self.flush();
        }
    }

    /// Ends the paragraph.
    fn flush(&mut self) {
        self.raised = None;
        let Buffer { text, plain, .. } = std::mem::take(&mut self.buffer);
        let heading = std::mem::take(&mut self.heading);
        let text = text.trim_matches([' ', '\n']);
        if text.is_empty() {
            return;
        }
        let text = self.say(text);
        self.face = Face::Plain;
        match heading {
            0 if plain == 0 => self.flow.bold(&text),
            0 => self.flow.paragraph(&text),
            level => self.flow.heading(level, &text),
        }
    }

    /// A text in Unicode.
    fn say(&mut self, text: &str) -> String {
        let mut para = Para::default();
        para.push(text, self.face, false);
        match self.voice {
            Voice::None => para.text,
            Voice::Hears => {
                self.voices.hear(&para);
                para.text
            }
            Voice::Speaks => self.voices.speak(&para),
        }
    }
}

/// The font that a tag sets, where it sets one.
fn font(name: &str, written: &str) -> Option<Face> {
    let family = match name {
        "font" => attribute(written, "face")?.into_owned(),
        _ => {
            let style = attribute(written, "style")?;
            style.split(';').find_map(|part| part.trim().strip_prefix("font-family:"))?.to_string()
        }
    };
    let first = family.split(',').next()?.trim().trim_matches(['"', '\'']);
    // Symbol fonts show bullets; pages carry the character that is meant.
    Some(Face::of(first)).filter(|f| !f.is_symbols())
}

fn roman(number: u32) -> String {
    let tens = "X".repeat((number / 10).min(30) as usize);
    let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    format!("{tens}{}", ones[(number % 10) as usize])
}
