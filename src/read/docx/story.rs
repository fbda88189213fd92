//! One part of a Word file (`document.xml`, `footnotes.xml`, a header) read from front to back into stories: paragraphs and tables.
//!
//! Nothing recurses: open paragraphs, rows, cells and text boxes stand on a stack of frames. Left out: deleted and moved-away text,
//! field codes, hidden text, the second branch of alternatives, what properties were before a change. Kept: field results, inserted
//! text, hyperlinks, content controls, smart tags, text boxes of both drawing languages (behind the paragraph that anchors them).
//! Refused: more paragraphs or cells than the caps allow (`read/too-large`), and what `xml` refuses. Method: ECMA-376 part 1, 17.

use super::face::Face;
use super::fields::Fields;
use super::numbering::Numbering;
use super::package::too_large;
use super::styles::{RunProps, Styles, Themes, draws, level_of};
use super::tree::{Cell, Merge, Pages, Para, Part, Row, Table};
use super::voices::Voices;
use super::xml::{Node, Ns, Tag, Xml};
use crate::error::ReadError;
use std::collections::HashMap;

/// Paragraphs, rows, cells and tables of one file together; the longest real report has some 50,000.
pub(super) const MAX_ITEMS: usize = 800_000;

/// What all parts of a file share.
#[derive(Default)]
pub struct Shared {
    /// Fonts of the theme.
    pub themes: Themes,
    /// Styles.
    pub styles: Styles,
    /// Lists and their counters.
    pub numbering: Numbering,
    /// Marks of the footnotes and endnotes met so far, by their ids.
    pub notes: [HashMap<i64, String>; 2],
    /// Formats of the marks, where the settings name them.
    pub note_formats: [Option<String>; 2],
    /// Pages begun so far.
    pub pages: Pages,
    /// Whether tracked changes were met.
    pub tracked: bool,
    /// Whether parts in other formats are embedded as text.
    pub embedded: bool,
    /// What the fonts and the letters say about encodings.
    pub voices: Voices,
    /// Headers and footers: kind of the reference and relationship id.
    pub margins: Vec<(bool, String)>,
    pub(super) items: usize,
}

/// A finished story: for notes their id.
pub struct Story {
    /// The note's id; 0 elsewhere.
    pub id: i64,
    /// What it holds.
    pub parts: Vec<Part>,
}

/// An open element, as far as it says how its children are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum El {
    Other,
    Para,
    ParaProps,
    ParaMark,
    Run,
    RunProps,
    Text,
    Table,
    TableProps,
    Borders,
    Grid,
    Row,
    RowProps,
    Cell,
    CellProps,
    Box,
    Story,
    Section,
    Simple,
    Numerator,
    Alternatives { chosen: bool },
}

#[derive(Default)]
pub(super) struct Run {
    pub(super) props: RunProps,
    /// Worked out from styles once its properties are known.
    pub(super) face: Face,
    pub(super) bold: bool,
    pub(super) caps: bool,
    pub(super) hidden: bool,
    pub(super) raised: bool,
    /// The text is the mark of the note just referred to.
    pub(super) custom: bool,
}

#[derive(Default)]
pub(super) struct OpenPara {
    pub(super) para: Para,
    pub(super) style: Option<String>,
    pub(super) list: Option<i64>,
    pub(super) depth: Option<u8>,
    pub(super) level: Option<Option<u8>>,
    pub(super) breaks: bool,
    pub(super) mark_deleted: bool,
    /// The last one of its section.
    pub(super) section: bool,
    pub(super) ready: bool,
    pub(super) run: Run,
    /// Text boxes anchored in it.
    pub(super) behind: Vec<Part>,
}

pub(super) enum Frame {
    /// A story, cell or text box: its parts, and a paragraph whose mark was deleted.
    Parts(Vec<Part>, Option<Box<Para>>),
    Para(Box<OpenPara>),
    Table(Table, Option<String>),
    /// The page on which it starts, and whether its first cell moved it there.
    Row(Row, Pages, bool),
    Cell(Cell, Pages),
}

pub(super) struct Reader<'s> {
    pub(super) shared: &'s mut Shared,
    pub(super) open: Vec<El>,
    pub(super) frames: Vec<Frame>,
    pub(super) fields: Fields,
    pub(super) stories: Vec<Story>,
    /// Ids of the notes being read.
    pub(super) id: i64,
    pub(super) file: &'s str,
}

/// Reads a part whose stories are its root (`document`, `hdr`, `ftr`) or the notes in it.
pub fn read(mut xml: Xml, shared: &mut Shared, file: &str) -> Result<Vec<Story>, ReadError> {
    let mut reader = Reader {
        shared,
        open: Vec::with_capacity(64),
        frames: Vec::with_capacity(32),
        fields: Fields::default(),
        stories: Vec::new(),
        id: 0,
        file,
    };
    let mut skip: Option<usize> = None;
    loop {
        match xml.next()? {
            Node::Eof => return Ok(reader.stories),
            Node::Start(_) if skip.is_some() => {}
            Node::Start(tag) => match reader.start(&tag)? {
                Some(el) => reader.open.push(el),
                None => skip = Some(xml.depth()),
            },
            Node::End => match skip {
                Some(depth) => {
                    if xml.depth() < depth {
                        skip = None;
                    }
                }
                None => reader.end(),
            },
            Node::Text(text) if skip.is_none() && reader.open.last() == Some(&El::Text) => reader.text(&text),
            Node::Text(_) => {}
        }
    }
}

impl Reader<'_> {
    fn parent(&self) -> El {
        self.open.last().copied().unwrap_or(El::Other)
    }

    pub(super) fn para(&mut self) -> Option<&mut OpenPara> {
        match self.frames.last_mut() {
            Some(Frame::Para(para)) => Some(para),
            _ => None,
        }
    }

    /// What an element is; None: it is passed over with all it holds.
    fn start(&mut self, tag: &Tag) -> Result<Option<El>, ReadError> {
        let parent = self.parent();
        Ok(match tag.ns {
            Ns::Word => return self.word(tag, parent),
            Ns::Math => Some(match tag.local() {
                "t" => El::Text,
                "num" => El::Numerator,
                "r" => {
                    self.ready();
                    if let Some(para) = self.para() {
                        para.run = Run::default();
                    }
                    El::Other
                }
                _ => El::Other,
            }),
            Ns::Compatibility => match tag.local() {
                "AlternateContent" => Some(El::Alternatives { chosen: false }),
                "Choice" | "Fallback" => match self.open.last_mut() {
                    Some(El::Alternatives { chosen: true }) => None,
                    Some(El::Alternatives { chosen }) => {
                        *chosen = true;
                        Some(El::Other)
                    }
                    _ => Some(El::Other),
                },
                _ => Some(El::Other),
            },
            _ => Some(El::Other),
        })
    }

    fn word(&mut self, tag: &Tag, parent: El) -> Result<Option<El>, ReadError> {
        let name = tag.local();
        if parent == El::Run {
            return Ok(self.in_run(tag));
        }
        let el = match (parent, name) {
            (El::ParaProps | El::ParaMark, _) => return Ok(self.para_props(tag, parent)),
            (El::RunProps, _) => {
                let themes = self.shared.themes;
                if let Some(para) = self.para() {
                    para.run.props.take(tag, &themes);
                }
                return Ok((name != "rPrChange").then_some(El::Other));
            }
            (El::Section, "headerReference" | "footerReference") => {
                if let Some(id) = tag.attr("id") {
                    self.shared.margins.push((name == "headerReference", id.into_owned()));
                }
                El::Other
            }
            (El::Section, "type") => {
                let goes_on = matches!(tag.attr("val").as_deref(), Some("continuous" | "nextColumn"));
                if let Some(para) = self.para().filter(|_| goes_on) {
                    para.section = false;
                }
                El::Other
            }
            (El::TableProps | El::Borders | El::Grid | El::RowProps | El::CellProps, _) => {
                return Ok(self.table_props(tag, parent));
            }
            (_, "p") => {
                self.start_para()?;
                El::Para
            }
            (El::Para, "pPr") => El::ParaProps,
            (_, "r") => {
                self.ready();
                if let Some(para) = self.para() {
                    para.run = Run::default();
                }
                self.settle_run();
                El::Run
            }
            (_, "body" | "hdr" | "ftr") => {
                self.frames.push(Frame::Parts(Vec::new(), None));
                self.id = 0;
                El::Story
            }
            (_, "footnote" | "endnote") => {
                if matches!(tag.attr("type").as_deref(), Some(kind) if kind != "normal") {
                    return Ok(None);
                }
                self.frames.push(Frame::Parts(Vec::new(), None));
                self.id = tag.number("id").unwrap_or(-1);
                El::Story
            }
            (_, "txbxContent") => {
                self.frames.push(Frame::Parts(Vec::new(), None));
                El::Box
            }
            (_, "tbl") => {
                self.item()?;
                self.frames.push(Frame::Table(Table::default(), None));
                El::Table
            }
            (_, "tr") => {
                self.item()?;
                self.frames.push(Frame::Row(Row::default(), self.shared.pages, false));
                El::Row
            }
            (_, "tc") => {
                if matches!(self.frames.last(), Some(Frame::Row(row, ..)) if row.deleted) {
                    self.shared.tracked = true;
                    return Ok(None);
                }
                self.start_cell()?;
                El::Cell
            }
            (El::Table, "tblPr") => El::TableProps,
            (El::Table, "tblGrid") => El::Grid,
            (El::Row, "trPr") => El::RowProps,
            (El::Cell, "tcPr") => El::CellProps,
            (_, "sectPr") => El::Section,
            (_, "fldSimple") => {
                self.fields.simple(tag.attr("instr").as_deref().unwrap_or(""));
                El::Simple
            }
            (_, "ins" | "moveTo") => {
                self.shared.tracked = true;
                El::Other
            }
            (_, "del" | "moveFrom") => {
                self.shared.tracked = true;
                return Ok(None);
            }
            (_, "altChunk" | "subDoc") => {
                self.shared.embedded = true;
                El::Other
            }
            (_, "sdtPr" | "sdtEndPr" | "tblPrEx" | "customXmlPr" | "smartTagPr" | "instrText" | "delText" | "rt") => {
                return Ok(None);
            }
            (_, "delInstrText" | "sectPrChange" | "pPrChange" | "rPrChange" | "background") => return Ok(None),
            _ => El::Other,
        };
        Ok(Some(el))
    }

    /// Counts a paragraph, row, cell or table.
    fn item(&mut self) -> Result<(), ReadError> {
        self.shared.items += 1;
        if self.shared.items > MAX_ITEMS { Err(too_large(self.file, "paragraphs, cells")) } else { Ok(()) }
    }

    fn start_para(&mut self) -> Result<(), ReadError> {
        self.item()?;
        let mut open = OpenPara::default();
        open.para.contents = self.fields.in_contents();
        self.frames.push(Frame::Para(Box::new(open)));
        Ok(())
    }

    fn start_cell(&mut self) -> Result<(), ReadError> {
        self.item()?;
        // Every cell of a row starts on the row's page.
        let end = self.shared.pages;
        if let Some(Frame::Row(_, start, _)) = self.frames.last() {
            self.shared.pages = *start;
        }
        self.frames.push(Frame::Cell(Cell { span: 1, ..Cell::default() }, end));
        Ok(())
    }

    fn para_props(&mut self, tag: &Tag, parent: El) -> Option<El> {
        let name = tag.local();
        if matches!(name, "rPrChange" | "pPrChange") {
            return None;
        }
        if parent == El::ParaProps && name == "rPr" {
            return Some(El::ParaMark);
        }
        let para = self.para()?;
        match (parent, name) {
            (El::ParaMark, "del" | "moveFrom") => para.mark_deleted = true,
            (El::ParaMark, _) => {}
            (_, "sectPr") => {
                para.section = true;
                return Some(El::Section);
            }
            (_, "pStyle") => para.style = tag.attr("val").map(|v| v.into_owned()),
            // Its children are read as paragraph properties too: no other element is called like them.
            (_, "numPr") => return Some(El::ParaProps),
            (_, "numId") => para.list = tag.number("val"),
            (_, "ilvl") => para.depth = tag.number("val").and_then(|n| u8::try_from(n).ok()),
            (_, "outlineLvl") => para.level = Some(level_of(tag.number("val"))),
            (_, "pageBreakBefore") => para.breaks = tag.on(),
            _ => {}
        }
        Some(El::Other)
    }

    fn table_props(&mut self, tag: &Tag, parent: El) -> Option<El> {
        let name = tag.local();
        if name.ends_with("Change") {
            return None;
        }
        let count = |name: &str| tag.number(name).map_or(0, |n| n.clamp(0, 1 << 12) as u32);
        let mut lines = None;
        match (parent, self.frames.last_mut()) {
            (El::TableProps, _) if name == "tblBorders" => return Some(El::Borders),
            (El::CellProps, _) if name == "tcBorders" => return Some(El::Borders),
            (El::TableProps, Some(Frame::Table(_, style))) if name == "tblStyle" => {
                *style = tag.attr("val").map(|v| v.into_owned());
            }
            (El::Grid, Some(Frame::Table(table, _))) if name == "gridCol" && table.grid.len() < 1 << 12 => {
                table.grid.push(count("w"));
            }
            (El::Borders, _) => lines = Some(draws(tag)),
            (El::RowProps, Some(Frame::Row(row, ..))) => match name {
                "tblHeader" => row.head = tag.on(),
                "gridBefore" => row.before = count("val"),
                "del" | "moveFrom" => row.deleted = true,
                _ => {}
            },
            (El::CellProps, Some(Frame::Cell(cell, _))) => match name {
                "gridSpan" => cell.span = count("val").max(1),
                "vMerge" if tag.attr("val").as_deref() == Some("restart") => cell.merge = Merge::Start,
                "vMerge" => cell.merge = Merge::Covered,
                "cellDel" => {}
                _ => {}
            },
            _ => {}
        }
        if let Some(drawn) = lines {
            let table = self.frames.iter_mut().rev().find_map(|f| match f {
                Frame::Table(table, _) => Some(table),
                _ => None,
            });
            if let Some(table) = table {
                table.lines = Some(table.lines.unwrap_or(false) || drawn);
            }
        }
        Some(El::Other)
    }

    /// What is not a run's or a paragraph's direct child still ends here.
    fn end(&mut self) {
        let Some(el) = self.open.pop() else { return };
        match el {
            El::ParaProps if self.parent() == El::Para => self.ready(),
            El::RunProps => self.settle_run(),
            El::Numerator => self.put("/"),
            El::Simple => self.fields.end(),
            El::Para => self.end_para(),
            El::Cell => {
                if let Some(Frame::Cell(cell, end)) = self.frames.pop() {
                    // The row ends where its longest cell does.
                    self.shared.pages.recorded = self.shared.pages.recorded.max(end.recorded);
                    self.shared.pages.set = self.shared.pages.set.max(end.set);
                    match self.frames.last_mut() {
                        Some(Frame::Row(row, ..)) => row.cells.push(cell),
                        _ => self.add(cell.parts),
                    }
                }
            }
            El::Row => {
                if let Some(Frame::Row(row, ..)) = self.frames.pop() {
                    match self.frames.last_mut() {
                        Some(Frame::Table(table, _)) => table.rows.push(row),
                        _ => self.add(row.cells.into_iter().flat_map(|c| c.parts).collect()),
                    }
                }
            }
            El::Table => {
                if let Some(Frame::Table(mut table, style)) = self.frames.pop() {
                    let by_style = style.and_then(|s| self.shared.styles.get(&s)).and_then(|s| s.lines);
                    table.lines = table.lines.or(by_style);
                    table.rows.retain(|r| !r.deleted);
                    self.add(vec![Part::Table(Box::new(table))]);
                }
            }
            El::Box => {
                if let Some(parts) = self.close_parts() {
                    match self.para() {
                        Some(para) => para.behind.extend(parts),
                        None => self.add(parts),
                    }
                }
            }
            El::Story => {
                if let Some(parts) = self.close_parts() {
                    self.stories.push(Story { id: self.id, parts });
                }
                self.fields = Fields::default();
            }
            _ => {}
        }
    }

    fn close_parts(&mut self) -> Option<Vec<Part>> {
        match self.frames.pop() {
            Some(Frame::Parts(mut parts, carried)) => {
                parts.extend(carried.map(Part::Para));
                Some(parts)
            }
            _ => None,
        }
    }

    /// Adds parts to what is open: the innermost story, cell or text box.
    fn add(&mut self, parts: Vec<Part>) {
        for frame in self.frames.iter_mut().rev() {
            match frame {
                Frame::Parts(all, _) => return all.extend(parts),
                Frame::Cell(cell, _) => return cell.parts.extend(parts),
                Frame::Para(para) => return para.behind.extend(parts),
                _ => {}
            }
        }
    }

    fn end_para(&mut self) {
        self.ready();
        self.fields.end_para();
        let Some(Frame::Para(open)) = self.frames.pop() else { return };
        let OpenPara { mut para, mark_deleted, section, behind, .. } = *open;
        self.shared.pages.set += u32::from(section);
        self.shared.voices.hear(&para);
        if let Some(Frame::Parts(_, carried)) = self.frames.last_mut() {
            if let Some(before) = carried.take() {
                para.prepend(*before);
            }
            if mark_deleted {
                *carried = (!para.text.is_empty()).then(|| Box::new(para));
                return self.add(behind);
            }
        }
        self.add(vec![Part::Para(Box::new(para))]);
        self.add(behind);
    }

    /// The paragraph's properties are known: its level, number and page.
    pub(super) fn ready(&mut self) {
        let shared = &mut *self.shared;
        let Some(Frame::Para(open)) = self.frames.last_mut() else { return };
        if std::mem::replace(&mut open.ready, true) {
            return;
        }
        let style = shared.styles.paragraph(open.style.as_deref());
        if open.breaks || style.is_some_and(|s| s.breaks) {
            shared.pages.set += 1;
        }
        open.para.pages.push(shared.pages);
        open.para.level = open.level.unwrap_or_else(|| style.and_then(|s| s.level));
        let named = open.style.as_deref().unwrap_or("");
        let toc = named.strip_prefix("TOC").or(named.strip_prefix("Mclc"));
        open.para.contents |= toc.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        if open.mark_deleted {
            return;
        }
        let by_style = open.list.is_none();
        let Some(list) = open.list.or_else(|| style.and_then(|s| s.list)).filter(|l| *l > 0) else { return };
        let linked = by_style.then(|| shared.numbering.level_of_style(list, named)).flatten();
        let depth = open.depth.or(linked).or_else(|| style.and_then(|s| s.depth)).unwrap_or(0);
        if let Some(printed) = shared.numbering.next(list, depth) {
            let face = printed.face.or_else(|| style.and_then(|s| s.run.face)).or(shared.styles.base.face);
            open.para.push(&printed.text, face.unwrap_or_default(), false);
        }
    }
}
