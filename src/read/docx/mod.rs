//! Word files (`.docx`, `.docm`, `.dotx`): an own reader on a zip and an XML tokenizer, without recursion and under caps.
//!
//! Bytes come in, a `Document` goes out. `package` opens the container, `xml` cuts a part into tags, `styles`, `numbering` and `fields`
//! say what a paragraph inherits, prints and hides, `story` and `run` build paragraphs and tables, `voices` decodes legacy fonts, `emit` puts
//! all in reading order into the flow that every format shares. Macros are not looked at, links are not followed. Refused with a
//! stable code: see `package`, `xml` and `story`; besides, a file without a single word (`read/empty`: pages that are pictures).

mod emit;
pub(in crate::read) mod face;
mod fields;
mod numbering;
mod package;
mod run;
mod story;
mod styles;
#[cfg(test)]
mod tests;
pub(in crate::read) mod tree;
pub(in crate::read) mod voices;
mod xml;

use crate::error::ReadError;
use crate::model::{Block, BlockKind, Document, Place};
use crate::read::flow::Flow;
use crate::text::clean::Text;
use emit::{Emitter, Paging};
use package::{Package, Relation, damaged};
use story::{Shared, Story};
use tree::Part;
use xml::{Node, Ns, Xml};

/// Headers and footers that are read: one of each kind for some dozens of sections.
const MAX_MARGINS: usize = 200;

/// Whether the content is a Word file of this kind, an encrypted one included.
pub fn claims(bytes: &[u8]) -> bool {
    package::is_encrypted(bytes) || package::is_word(bytes)
}

/// Reads a Word file.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    let mut package = Package::open(bytes, name)?;
    let main = main_part(&mut package)?.ok_or_else(|| damaged(name, "word/document.xml"))?;
    let relations = package.relations(&main)?;
    let mut shared = Shared::default();
    let target = |kind: &str| relations.iter().find(|r| r.kind == kind).map(|r| r.target.clone());
    if let Some(text) = optional(&mut package, target("theme"))? {
        shared.themes = styles::Themes::read(Xml::new(&text, name, "theme"))?;
    }
    if let Some(text) = optional(&mut package, target("styles"))? {
        shared.styles = styles::Styles::read(Xml::new(&text, name, "styles"), &shared.themes)?;
    }
    if let Some(text) = optional(&mut package, target("numbering"))? {
        shared.numbering = numbering::Numbering::read(Xml::new(&text, name, "numbering"), &shared.themes)?;
    }
    if let Some(text) = optional(&mut package, target("settings"))? {
        shared.note_formats = note_formats(Xml::new(&text, name, "settings"))?;
    }
    let text = package.part(&main)?.ok_or_else(|| damaged(name, &main))?;
    let body = parts(story::read(Xml::new(&text, name, &main), &mut shared, name)?);
    drop(text);
    let pages = shared.pages;
    let mut notes: [Vec<Story>; 2] = [Vec::new(), Vec::new()];
    for (at, kind) in ["footnotes", "endnotes"].into_iter().enumerate() {
        // Notes that nothing refers to are not printed; custom marks are not counted, so the part is read if it is there.
        if let Some(text) = optional(&mut package, target(kind))? {
            notes[at] = story::read(Xml::new(&text, name, kind), &mut shared, name)?;
        }
    }
    let margins = margins(&mut package, &relations, &mut shared, name)?;
    let paging = paging(&mut package, pages)?;
    let mut voices = std::mem::take(&mut shared.voices);
    let mut plain = |story: Vec<Part>| -> Vec<String> {
        lines(story).iter().map(|p| voices.speak(p).trim().to_string()).filter(|t| !t.is_empty()).collect()
    };
    let notes = notes.map(|kind| kind.into_iter().map(|s| (s.id, plain(s.parts))).collect());
    let margins: Vec<(bool, Vec<String>)> = margins.into_iter().map(|(head, parts)| (head, plain(parts))).collect();
    let mut emitter = Emitter { flow: Flow::default(), voices: &mut voices, paging, notes, contents: Vec::new() };
    emitter.story(body);
    let Emitter { mut flow, contents, .. } = emitter;
    if shared.tracked {
        flow.notice("tracked-changes");
    }
    if shared.embedded {
        flow.notice("embedded-part");
    }
    let extension = name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    if !matches!(extension.as_str(), "docx" | "docm" | "dotx" | "dotm") {
        flow.notice("wrong-extension");
    }
    let mut document = flow.finish("docx", "docx", &voices.name());
    document.pages = match paging {
        Paging::Recorded => Some(pages.recorded + 1),
        Paging::Set => Some(pages.set + 1),
        Paging::Unknown => None,
    };
    if document.blocks.iter().all(|b| b.text.is_empty() && !matches!(b.kind, BlockKind::Table(_))) {
        return Err(ReadError::new(
            "read/empty",
            format!("{name}: tệp Word không có chữ nào (có thể chỉ có ảnh chụp); hãy xuất ra PDF để nhận dạng chữ"),
            format!("{name}: the Word file holds no text (perhaps only pictures of pages); export it as PDF for OCR"),
        ));
    }
    frame(&mut document, margins, contents);
    Ok(document)
}

/// The main part, by the container's own relationships or by its usual name.
fn main_part(package: &mut Package) -> Result<Option<String>, ReadError> {
    let named = package.relations("")?.into_iter().find(|r| r.kind == "officeDocument").map(|r| r.target);
    Ok(named.filter(|n| package.holds(n)).or_else(|| Some("word/document.xml".to_string())))
}

fn optional(package: &mut Package, target: Option<String>) -> Result<Option<String>, ReadError> {
    target.map_or(Ok(None), |part| package.part(&part))
}

fn parts(stories: Vec<Story>) -> Vec<Part> {
    stories.into_iter().flat_map(|s| s.parts).collect()
}

/// How notes are numbered, by the settings.
fn note_formats(mut xml: Xml) -> Result<[Option<String>; 2], ReadError> {
    let mut out = [None, None];
    let mut inside: Option<(usize, usize)> = None;
    loop {
        match xml.next()? {
            Node::Start(tag) if tag.ns == Ns::Word => match (tag.local(), inside) {
                ("footnotePr", None) => inside = Some((0, xml.depth())),
                ("endnotePr", None) => inside = Some((1, xml.depth())),
                ("numFmt", Some((at, _))) => out[at] = tag.attr("val").map(|v| v.into_owned()),
                _ => {}
            },
            Node::End if inside.is_some_and(|i| xml.depth() < i.1) => inside = None,
            Node::Eof => return Ok(out),
            _ => {}
        }
    }
}

/// Headers (`true`) and footers that the sections refer to, each part once.
fn margins(
    package: &mut Package,
    relations: &[Relation],
    shared: &mut Shared,
    name: &str,
) -> Result<Vec<(bool, Vec<Part>)>, ReadError> {
    let mut seen: Vec<String> = Vec::new();
    let mut out = Vec::new();
    for (head, id) in std::mem::take(&mut shared.margins).into_iter().take(20 * MAX_MARGINS) {
        let Some(relation) = relations.iter().find(|r| r.id == id) else { continue };
        if seen.contains(&relation.target) || seen.len() >= MAX_MARGINS {
            continue;
        }
        seen.push(relation.target.clone());
        if let Some(text) = package.part(&relation.target)? {
            out.push((head, parts(story::read(Xml::new(&text, name, &relation.target), shared, name)?)));
        }
    }
    Ok(out)
}

/// Whether the breaks in the text tell the pages: those that Word recorded, or those the author set if the file's own count agrees.
fn paging(package: &mut Package, pages: tree::Pages) -> Result<Paging, ReadError> {
    if pages.recorded > 0 {
        return Ok(Paging::Recorded);
    }
    if pages.set == 0 {
        return Ok(Paging::Unknown);
    }
    let stated = package.part("docProps/app.xml")?.and_then(|text| {
        let (_, rest) = text.split_once("<Pages>")?;
        rest.split_once('<')?.0.trim().parse::<u32>().ok()
    });
    Ok(if stated == Some(pages.set + 1) { Paging::Set } else { Paging::Unknown })
}

/// The paragraphs of a story, those of its tables included, in order.
fn lines(parts: Vec<Part>) -> Vec<tree::Para> {
    let mut out = Vec::new();
    let mut work: Vec<Part> = parts.into_iter().rev().collect();
    while let Some(part) = work.pop() {
        match part {
            Part::Para(para) => out.push(*para),
            Part::Table(table) => {
                let cells = table.rows.into_iter().flat_map(|r| r.cells).flat_map(|c| c.parts);
                let inside: Vec<Part> = cells.collect();
                work.extend(inside.into_iter().rev());
            }
        }
    }
    out
}

/// Puts running heads before the text, footers and the table of contents behind it.
fn frame(document: &mut Document, margins: Vec<(bool, Vec<String>)>, contents: Vec<String>) {
    let block = |kind: BlockKind, text: &str| Block {
        kind,
        heading: None,
        lead: None,
        text: Text::from_line(0, text),
        place: Place::default(),
        mark: String::new(),
        notes: Vec::new(),
    };
    let of = |kind: BlockKind, head: bool| {
        margins.iter().filter(move |m| m.0 == head).flat_map(|m| &m.1).map(move |text| block(kind, text))
    };
    let heads: Vec<Block> = of(BlockKind::Header, true).collect();
    let shift = heads.len() as u32;
    if shift > 0 {
        for block in &mut document.blocks {
            block.heading = block.heading.map(|b| b + shift);
            block.lead = block.lead.map(|b| b + shift);
        }
        for caption in document.tables.iter_mut().flat_map(|t| &mut t.captions) {
            *caption += shift;
        }
        document.blocks.splice(0..0, heads);
    }
    let feet: Vec<Block> = of(BlockKind::Footer, false).collect();
    document.blocks.extend(feet);
    document.blocks.extend(contents.iter().map(|text| block(BlockKind::Footer, text)));
}
