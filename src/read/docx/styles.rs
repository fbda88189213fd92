//! `styles.xml` and the theme's fonts: what a style says about font, weight, heading level and numbering, its ancestors included.
//!
//! Refused: nothing of its own; styles beyond the cap are left out, ancestors beyond [`MAX_CHAIN`] are not asked.

use super::face::Face;
use super::xml::{Node, Ns, Tag, Xml};
use crate::error::ReadError;
use std::collections::HashMap;

/// Styles that are kept.
const MAX_STYLES: usize = 20_000;
/// Ancestors of a style that are asked: also the way out of a style that is its own ancestor.
const MAX_CHAIN: usize = 32;

/// What is said about a run; None where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunProps {
    /// Its font.
    pub face: Option<Face>,
    /// Bold.
    pub bold: Option<bool>,
    /// Small letters shown as capitals.
    pub caps: Option<bool>,
    /// Not printed.
    pub hidden: Option<bool>,
    /// Superscript.
    pub raised: Option<bool>,
    /// Its character style.
    pub style: Option<String>,
}

impl RunProps {
    /// Takes one element of `w:rPr`.
    pub fn take(&mut self, tag: &Tag, themes: &Themes) {
        match tag.local() {
            "rFonts" => self.face = face(tag, themes).or(self.face),
            "b" => self.bold = Some(tag.on()),
            "caps" => self.caps = Some(tag.on()),
            "vanish" => self.hidden = Some(tag.on()),
            "vertAlign" => self.raised = Some(tag.attr("val").as_deref() == Some("superscript")),
            "rStyle" => self.style = tag.attr("val").map(|v| v.into_owned()),
            _ => {}
        }
    }

    /// What is not said here is taken from `below`.
    pub fn over(&mut self, below: &RunProps) {
        self.face = self.face.or(below.face);
        self.bold = self.bold.or(below.bold);
        self.caps = self.caps.or(below.caps);
        self.hidden = self.hidden.or(below.hidden);
        self.raised = self.raised.or(below.raised);
    }
}

/// The face of `w:rFonts`: the first of its Latin fonts that changes what characters mean.
fn face(tag: &Tag, themes: &Themes) -> Option<Face> {
    let named = ["hAnsi", "ascii"].iter().filter_map(|n| tag.attr(n)).map(|name| Face::of(&name));
    let themed = ["hAnsiTheme", "asciiTheme"].iter().filter_map(|n| tag.attr(n)).map(|theme| themes.face(&theme));
    let mut found = None;
    for face in named.chain(themed) {
        if face != Face::Plain {
            return Some(face);
        }
        found = Some(face);
    }
    found
}

/// The theme's Latin fonts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Themes {
    major: Face,
    minor: Face,
}

impl Themes {
    /// Reads `theme1.xml`.
    pub fn read(mut xml: Xml) -> Result<Themes, ReadError> {
        let mut themes = Themes::default();
        let mut major = None;
        loop {
            match xml.next()? {
                Node::Start(tag) if tag.ns == Ns::Drawing => match tag.local() {
                    "majorFont" => major = Some(true),
                    "minorFont" => major = Some(false),
                    "latin" => {
                        let face = tag.attr("typeface").map_or(Face::Plain, |name| Face::of(&name));
                        match major.take() {
                            Some(true) => themes.major = face,
                            Some(false) => themes.minor = face,
                            None => {}
                        }
                    }
                    _ => {}
                },
                Node::Eof => return Ok(themes),
                _ => {}
            }
        }
    }

    fn face(&self, theme: &str) -> Face {
        if theme.starts_with("major") { self.major } else { self.minor }
    }
}

/// One style, its ancestors' words included once [`Styles::read`] is done.
#[derive(Debug, Clone, Default)]
pub struct Style {
    /// About its runs.
    pub run: RunProps,
    /// Heading level from 1.
    pub level: Option<u8>,
    /// Numbering: list and level.
    pub list: Option<i64>,
    /// Level in the list, where the style names one.
    pub depth: Option<u8>,
    /// Starts a page.
    pub breaks: bool,
    /// For a table style: whether it draws lines.
    pub lines: Option<bool>,
    based_on: Option<String>,
    /// Whether `level` was said, be it "none".
    leveled: bool,
}

/// All styles.
#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    /// What holds where no style says otherwise.
    pub base: RunProps,
    /// The default paragraph style.
    default: Option<String>,
}

/// Heading level of an outline level: 0 to 8 are headings.
pub fn level_of(outline: Option<i64>) -> Option<u8> {
    outline.filter(|o| (0..9).contains(o)).map(|o| o as u8 + 1)
}

impl Styles {
    /// Reads `styles.xml`.
    pub fn read(mut xml: Xml, themes: &Themes) -> Result<Styles, ReadError> {
        let mut styles = Styles::default();
        let mut current: Option<(String, Style)> = None;
        let mut skip: Option<usize> = None;
        let (mut defaults, mut run, mut borders) = (false, 0usize, 0usize);
        loop {
            let node = xml.next()?;
            let depth = xml.depth();
            match node {
                Node::Eof => break,
                Node::End => {
                    if skip.is_some_and(|at| depth < at) {
                        skip = None;
                    }
                    if depth < run {
                        run = 0;
                    }
                    if depth < borders {
                        borders = 0;
                    }
                    if depth <= 1 {
                        defaults = false;
                        if let Some((id, style)) = current.take().filter(|_| styles.styles.len() < MAX_STYLES) {
                            styles.styles.entry(id).or_insert(style);
                        }
                    }
                }
                Node::Start(tag) if tag.ns == Ns::Word && skip.is_none() => match tag.local() {
                    "docDefaults" => defaults = true,
                    "style" => {
                        let id = tag.attr("styleId").unwrap_or_default().into_owned();
                        if tag.attr("type").as_deref() == Some("paragraph")
                            && tag.attr("default").is_some_and(|d| matches!(&*d, "1" | "true" | "on"))
                        {
                            styles.default = Some(id.clone());
                        }
                        current = Some((id, Style::default()));
                    }
                    // Conditional formats, and what was before a change.
                    "tblStylePr" | "rPrChange" | "pPrChange" => skip = Some(depth),
                    "rPr" => run = depth,
                    "tblBorders" => borders = depth,
                    _ if run > 0 && defaults => styles.base.take(&tag, themes),
                    _ => {
                        if let Some((_, style)) = &mut current {
                            style.take(&tag, themes, run > 0, borders > 0);
                        }
                    }
                },
                _ => {}
            }
        }
        styles.inherit();
        Ok(styles)
    }

    /// Gives every style what its ancestors say.
    fn inherit(&mut self) {
        let mut full = HashMap::with_capacity(self.styles.len());
        for (id, style) in &self.styles {
            let mut all = style.clone();
            let mut next = style.based_on.as_deref();
            for _ in 0..MAX_CHAIN {
                let Some(parent) = next.and_then(|id| self.styles.get(id)) else { break };
                all.run.over(&parent.run);
                if !all.leveled {
                    (all.level, all.leveled) = (parent.level, parent.leveled);
                }
                if all.list.is_none() {
                    all.list = parent.list;
                }
                all.depth = all.depth.or(parent.depth);
                all.lines = all.lines.or(parent.lines);
                all.breaks |= parent.breaks;
                next = parent.based_on.as_deref();
            }
            full.insert(id.clone(), all);
        }
        self.styles = full;
    }

    /// A style by its id.
    pub fn get(&self, id: &str) -> Option<&Style> {
        self.styles.get(id)
    }

    /// A paragraph's style: the one it names, else the default one.
    pub fn paragraph(&self, id: Option<&str>) -> Option<&Style> {
        id.and_then(|id| self.styles.get(id)).or_else(|| self.styles.get(self.default.as_deref()?))
    }
}

impl Style {
    fn take(&mut self, tag: &Tag, themes: &Themes, run: bool, borders: bool) {
        if run {
            return self.run.take(tag, themes);
        }
        if borders {
            let drawn = draws(tag);
            self.lines = Some(self.lines.unwrap_or(false) || drawn);
            return;
        }
        match tag.local() {
            "basedOn" => self.based_on = tag.attr("val").map(|v| v.into_owned()),
            // Built-in headings may be named only: their outline level is understood.
            "name" if !self.leveled => {
                let name = tag.attr("val").unwrap_or_default().to_ascii_lowercase();
                if let Some(level) = name.strip_prefix("heading ").and_then(|n| n.parse::<i64>().ok()) {
                    (self.level, self.leveled) = (level_of(Some(level - 1)), true);
                }
            }
            "outlineLvl" => (self.level, self.leveled) = (level_of(tag.number("val")), true),
            "numId" => self.list = tag.number("val"),
            "ilvl" => self.depth = tag.number("val").and_then(|n| u8::try_from(n).ok()),
            "pageBreakBefore" => self.breaks = tag.on(),
            _ => {}
        }
    }
}

/// Whether a border element draws a line.
pub fn draws(tag: &Tag) -> bool {
    matches!(tag.local(), "top" | "bottom" | "left" | "right" | "start" | "end" | "insideH" | "insideV")
        && !matches!(tag.attr("val").as_deref(), None | Some("nil" | "none"))
}
