//! A part's XML as start, end and text, one after the other, under caps; names by namespace, whatever their prefix.
//!
//! Refused: a document type (`read/damaged`; Word writes none, and entities are how bombs are built), nesting beyond [`MAX_DEPTH`]
//! (`read/too-deep`), text that ends inside an element, unknown entities.

use super::package::damaged;
use crate::error::ReadError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// Elements inside elements; real files stay below 60.
pub const MAX_DEPTH: usize = 512;
/// Namespace prefixes in force at a time; real files have some 40.
const MAX_PREFIXES: usize = 256;

/// The namespaces that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ns {
    /// WordprocessingML.
    Word,
    /// Formulas.
    Math,
    /// Markup compatibility: alternatives.
    Compatibility,
    /// DrawingML's main namespace: text and themes.
    Drawing,
    /// Any other.
    Other,
}

fn namespace(uri: &str) -> Ns {
    match uri {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Ns::Word,
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
        | "http://purl.oclc.org/ooxml/officeDocument/math" => Ns::Math,
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => Ns::Compatibility,
        "http://schemas.openxmlformats.org/drawingml/2006/main" | "http://purl.oclc.org/ooxml/drawingml/main" => {
            Ns::Drawing
        }
        _ => Ns::Other,
    }
}

/// A start tag.
pub struct Tag<'a> {
    /// Its namespace.
    pub ns: Ns,
    start: BytesStart<'a>,
    local: usize,
}

impl Tag<'_> {
    /// Its name without prefix.
    pub fn local(&self) -> &str {
        self.start.name().0.get(self.local..).unwrap_or("")
    }

    /// An attribute by its name without prefix.
    pub fn attr(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        let found = attributes.flatten().find(|a| a.key.local_name().as_ref() == name)?;
        Some(match found.value {
            Cow::Borrowed(value) if !value.contains('&') => Cow::Borrowed(value),
            value => match quick_xml::escape::unescape(&value) {
                Ok(text) => Cow::Owned(text.into_owned()),
                Err(_) => Cow::Owned(value.into_owned()),
            },
        })
    }

    /// A whole number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.attr(name)?.trim().parse().ok()
    }

    /// A switch: there and not turned off.
    pub fn on(&self) -> bool {
        !matches!(self.attr("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// What comes next.
pub enum Node<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// The innermost element ends.
    End,
    /// Characters.
    Text(Cow<'a, str>),
    /// The part ends, every element closed.
    Eof,
}

/// A reader of one part.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    /// Prefix, namespace, the depth at which it was declared.
    prefixes: Vec<(String, Ns, usize)>,
    begun: bool,
    file: &'a str,
    part: &'a str,
}

impl<'a> Xml<'a> {
    /// Starts at the beginning of a part; `file` and `part` are for messages.
    pub fn new(text: &'a str, file: &'a str, part: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        config.allow_unmatched_ends = false;
        Xml { reader, depth: 0, prefixes: Vec::new(), begun: false, file, part }
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.depth
    }

    fn damaged(&self, what: &str) -> ReadError {
        damaged(self.file, &format!("{}: {what}", self.part))
    }

    /// The next start, end or text.
    pub fn next(&mut self) -> Result<Node<'a>, ReadError> {
        loop {
            let event = self.reader.read_event().map_err(|_| self.damaged("XML"))?;
            return Ok(match event {
                Event::Start(start) | Event::Empty(start) => Node::Start(self.start(start)?),
                Event::End(_) => {
                    let depth = self.depth;
                    while self.prefixes.last().is_some_and(|p| p.2 >= depth) {
                        self.prefixes.pop();
                    }
                    self.depth = depth.saturating_sub(1);
                    Node::End
                }
                Event::Text(text) => Node::Text(text.xml10_content()),
                Event::CData(text) => Node::Text(text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let c = match &*entity {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => entity.resolve_char_ref().ok().flatten().ok_or_else(|| self.damaged("entity"))?,
                    };
                    Node::Text(Cow::Owned(c.to_string()))
                }
                Event::DocType(_) => return Err(self.damaged("document type")),
                Event::Eof if self.depth > 0 || !self.begun => return Err(self.damaged("cut off")),
                Event::Eof => Node::Eof,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            });
        }
    }

    fn start(&mut self, start: BytesStart<'a>) -> Result<Tag<'a>, ReadError> {
        self.depth += 1;
        self.begun = true;
        if self.depth > MAX_DEPTH {
            return Err(ReadError::new(
                "read/too-deep",
                format!("{}: tệp Word lồng quá {MAX_DEPTH} lớp ({}); không đọc để an toàn", self.file, self.part),
                format!("{}: the Word file nests more than {MAX_DEPTH} levels ({}); refused", self.file, self.part),
            ));
        }
        if memchr::memmem::find(start.attributes_raw().as_bytes(), b"xmlns").is_some() {
            let mut attributes = start.attributes();
            attributes.with_checks(false);
            for attribute in attributes.flatten() {
                let prefix = match attribute.key.0 {
                    "xmlns" => "",
                    key => match key.strip_prefix("xmlns:") {
                        Some(prefix) => prefix,
                        None => continue,
                    },
                };
                self.prefixes.push((prefix.to_string(), namespace(&attribute.value), self.depth));
                if self.prefixes.len() > MAX_PREFIXES {
                    return Err(self.damaged("namespaces"));
                }
            }
        }
        let name = start.name();
        let (prefix, local) = match name.0.find(':') {
            Some(at) => (name.0.get(..at).unwrap_or(""), at + 1),
            None => ("", 0),
        };
        let ns = self.prefixes.iter().rev().find(|p| p.0 == prefix).map_or(Ns::Other, |p| p.1);
        Ok(Tag { ns, start, local })
    }
}
