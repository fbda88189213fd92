//! What a run prints: characters, tabs, breaks, hyphens, symbols, marks of notes; and what its font, its styles and the fields around
//! it make of them.

use super::face::{Face, symbol};
use super::numbering::roman;
use super::story::{El, Frame, MAX_ITEMS, Reader, Run};
use super::tree::NoteMark;
use super::xml::Tag;

impl Reader<'_> {
    pub(super) fn in_run(&mut self, tag: &Tag) -> Option<El> {
        match tag.local() {
            "t" => return Some(El::Text),
            "rPr" => return Some(El::RunProps),
            "tab" | "ptab" => self.put("\t"),
            "cr" => self.line_break(),
            "br" => match tag.attr("type").as_deref() {
                Some("page") => {
                    self.shared.pages.set += 1;
                    self.line_break();
                }
                Some("column") => self.line_break(),
                _ => self.line_break(),
            },
            // Both print a hyphen; a soft one does so only at the end of a line.
            "noBreakHyphen" => self.put("-"),
            "softHyphen" => {}
            "lastRenderedPageBreak" => self.recorded_break(),
            "sym" => self.symbol(tag),
            "fldChar" => self.fields.mark(tag.attr("fldCharType").as_deref().unwrap_or("")),
            "instrText" => return self.fields.wants_code().then_some(El::Text),
            "footnoteReference" | "endnoteReference" => self.note(tag),
            "del" | "delText" | "delInstrText" | "moveFrom" | "rt" => return None,
            "ruby" | "rubyBase" | "ins" => {}
            "txbxContent" => {
                self.frames.push(Frame::Parts(Vec::new(), None));
                return Some(El::Box);
            }
            "r" => return Some(El::Run),
            _ => {}
        }
        Some(El::Other)
    }

    /// The run's properties are known.
    pub(super) fn settle_run(&mut self) {
        let styles = &self.shared.styles;
        let Some(Frame::Para(open)) = self.frames.last_mut() else { return };
        let mut props = std::mem::take(&mut open.run.props);
        if let Some(style) = props.style.as_deref().and_then(|id| styles.get(id)) {
            props.over(&style.run);
        }
        if let Some(style) = styles.paragraph(open.style.as_deref()) {
            props.over(&style.run);
        }
        props.over(&styles.base);
        open.run.face = props.face.unwrap_or_default();
        open.run.bold = props.bold.unwrap_or(false);
        open.run.caps = props.caps.unwrap_or(false);
        open.run.hidden = props.hidden.unwrap_or(false);
        open.run.raised = props.raised.unwrap_or(false);
    }

    pub(super) fn text(&mut self, text: &str) {
        if self.fields.wants_code() {
            return self.fields.code(text);
        }
        self.ready();
        // A line end inside a text element is a space.
        if text.contains(['\n', '\r']) { self.put(&text.replace(['\n', '\r'], " ")) } else { self.put(text) }
    }

    /// Prints characters in the open run.
    pub(super) fn put(&mut self, text: &str) {
        let shown = self.fields.shown();
        let Some(open) = self.para().filter(|o| shown && !o.run.hidden) else { return };
        let Run { face, bold, caps, raised, custom, .. } = open.run;
        if custom {
            if let Some(note) = open.para.notes.last_mut().filter(|_| !text.trim().is_empty()) {
                note.mark = text.trim().to_string();
                open.para.push(&format!("[{}]", text.trim()), Face::Plain, false);
                open.run.custom = false;
            }
            return;
        }
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as u32;
        *(if bold { &mut open.para.bold.0 } else { &mut open.para.bold.1 }) += letters;
        if face.is_symbols() {
            let shown: String = text.chars().filter_map(|c| symbol(face, c)).collect();
            return open.para.push(&shown, Face::Plain, false);
        }
        let digits = text.trim();
        if raised && (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
            // A raised number is a note's mark, unless it is the power of a unit.
            let mut before = open.para.text.chars().rev();
            let unit = before.next().is_some_and(|c| matches!(c, 'm' | 'M'))
                && before.take_while(|c| c.is_alphabetic()).count() <= 1;
            if !unit && !open.para.is_blank() {
                return open.para.push(&format!("[{digits}]"), Face::Plain, false);
            }
        }
        open.para.push(text, face, caps);
    }

    fn line_break(&mut self) {
        self.ready();
        self.shared.items += 1;
        if self.shared.items > MAX_ITEMS {
            return self.put(" ");
        }
        let (shown, pages) = (self.fields.shown(), self.shared.pages);
        if let Some(open) = self.para().filter(|o| shown && !o.run.hidden) {
            let face = open.run.face;
            open.para.push("\n", face, false);
            open.para.pages.push(pages);
        }
    }

    /// A page began here when Word last laid the text out.
    fn recorded_break(&mut self) {
        let blank = self.para().is_none_or(|p| p.para.is_blank());
        let mut frames = self.frames.iter_mut().rev().skip(1);
        if let (Some(Frame::Cell(cell, _)), Some(Frame::Row(row, start, moved))) = (frames.next(), frames.next()) {
            let first = blank && cell.parts.is_empty();
            if first && row.cells.is_empty() {
                // The whole row stands on the new page.
                start.recorded += 1;
                *moved = true;
            } else if first && *moved {
                return;
            }
        }
        self.shared.pages.recorded += 1;
        let pages = self.shared.pages;
        if let Some(last) = self.para().filter(|_| blank).and_then(|open| open.para.pages.last_mut()) {
            *last = pages;
        }
    }

    fn symbol(&mut self, tag: &Tag) {
        let code = tag.attr("char").and_then(|c| u32::from_str_radix(c.trim(), 16).ok()).and_then(char::from_u32);
        let (Some(c), face) = (code, tag.attr("font").map_or(Face::Plain, |f| Face::of(&f))) else { return };
        let shown = self.fields.shown();
        let Some(open) = self.para().filter(|o| shown && !o.run.hidden) else { return };
        match face {
            Face::Legacy(..) => open.para.push(c.encode_utf8(&mut [0; 4]), face, false),
            _ => {
                // An unknown picture is not worth a character, but parts words.
                let shown = symbol(face, c).filter(|c| !matches!(c, '\u{E000}'..='\u{F8FF}')).unwrap_or(' ');
                open.para.push(shown.encode_utf8(&mut [0; 4]), Face::Plain, false);
            }
        }
    }

    /// A reference to a note: its mark is printed as `[3]`.
    fn note(&mut self, tag: &Tag) {
        let end = tag.local() == "endnoteReference";
        let shown = self.fields.shown();
        let Some(id) = tag.number("id").filter(|_| shown) else { return };
        if self.para().is_none_or(|o| o.run.hidden) {
            return;
        }
        let custom = tag.attr("customMarkFollows").is_some_and(|v| matches!(&*v, "1" | "true" | "on"));
        let format = self.shared.note_formats[usize::from(end)].clone();
        let marks = &mut self.shared.notes[usize::from(end)];
        let mark = match marks.get(&id) {
            Some(mark) => mark.clone(),
            None if custom => String::new(),
            None => {
                let number = marks.len() as u32 + 1;
                let mark = match format.as_deref().unwrap_or(if end { "lowerRoman" } else { "decimal" }) {
                    "lowerRoman" => roman(number).to_ascii_lowercase(),
                    "upperRoman" => roman(number),
                    _ => number.to_string(),
                };
                marks.insert(id, mark.clone());
                mark
            }
        };
        let Some(open) = self.para() else { return };
        if custom {
            open.run.custom = true;
        } else {
            open.para.push(&format!("[{mark}]"), Face::Plain, false);
        }
        open.para.notes.push(NoteMark { end, id, mark });
    }
}
