//! Bodies of notes, which exports put at the end of the page, by the number of their element.
//!
//! Word writes `<div id=ftn1>`, LibreOffice `<div id="sdfootnote1">`; a reference leads to an anchor of the same number.

use super::token::{Token, Tokens, attribute};
use super::{Buffer, block};
use std::collections::HashMap;

/// Paragraphs of one note.
const NOTE: usize = 200;

/// The mark of a note's body by the id of its element: Word's `ftn1`, `edn1`, LibreOffice's `sdfootnote1`.
pub fn body_mark(id: &str) -> Option<&str> {
    let rest = ["ftn", "edn", "sdfootnote", "sdendnote"].iter().find_map(|p| id.strip_prefix(p))?;
    (!rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

/// The mark of a reference by where it leads: `#_ftn1`, `#sdfootnote1sym`.
pub fn reference_mark(target: &str) -> Option<&str> {
    let target = target.trim_start_matches('#').trim_start_matches('_');
    body_mark(target.strip_suffix("sym").unwrap_or(target))
}

/// All note bodies of a page by the number of their element.
pub fn notes(text: &str) -> HashMap<String, Vec<String>> {
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    if !(text.contains("ftn") || text.contains("edn") || text.contains("sdfootnote") || text.contains("sdendnote")) {
        return out;
    }
    let mut open: Option<(String, usize)> = None;
    let mut buffer = Buffer::default();
    for token in Tokens::new(text) {
        match (token, &mut open) {
            (Token::Start(name, written), None) if name == "div" => {
                let mark = attribute(written, "id").and_then(|id| body_mark(&id).map(str::to_string));
                open = mark.map(|m| (m, 1));
            }
            (Token::Start(name, _), Some((mark, depth))) => {
                if name == "div" {
                    *depth += 1;
                }
                if block(&name) {
                    add(&mut out, mark, &mut buffer);
                }
            }
            (Token::End(name), Some((mark, depth))) => {
                if block(&name) {
                    add(&mut out, mark, &mut buffer);
                }
                if name == "div" {
                    *depth -= 1;
                    if *depth == 0 {
                        open = None;
                    }
                }
            }
            (Token::Text(text), Some(_)) => buffer.push(text, false),
            _ => {}
        }
    }
    out
}

fn add(notes: &mut HashMap<String, Vec<String>>, mark: &str, buffer: &mut Buffer) {
    let text = std::mem::take(&mut buffer.text);
    let text = text.trim();
    let paragraphs = notes.entry(mark.to_string()).or_default();
    // The first paragraph repeats the mark: `[1] …`, `1 …`.
    let text = if paragraphs.is_empty() {
        let rest = text.trim_start_matches('[');
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let own = rest.get(..digits) == Some(mark);
        if own { rest[digits..].trim_start_matches(']').trim_start() } else { text }
    } else {
        text
    };
    if !text.is_empty() && paragraphs.len() < NOTE {
        paragraphs.push(text.to_string());
    }
}
