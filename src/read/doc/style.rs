//! The style sheet and the font names ([MS-DOC] 2.9.271, 2.9.286): what a paragraph inherits before its own properties.

use super::bytes::{u8_at, u16_at};
use super::props::{Character, Paragraph};

/// Styles above a style.
const DEEPEST: usize = 12;
/// A style that stands on none.
const NONE: u16 = 0xFFF;

/// One style.
#[derive(Debug, Default)]
struct Style<'a> {
    /// Its number among the built-in ones; 1 to 9 are headings.
    built_in: u16,
    base: u16,
    paragraph: &'a [u8],
    character: &'a [u8],
}

/// All styles by index.
#[derive(Debug, Default)]
pub struct Styles<'a>(Vec<Style<'a>>);

impl<'a> Styles<'a> {
    /// Reads the style sheet; what cannot be read is a style that says nothing.
    pub fn parse(sheet: &'a [u8]) -> Styles<'a> {
        let mut out = Vec::new();
        let (Some(head), Some(count), Some(base)) = (u16_at(sheet, 0), u16_at(sheet, 2), u16_at(sheet, 4)) else {
            return Styles(out);
        };
        let mut at = 2 + usize::from(head);
        for _ in 0..count.min(4096) {
            let Some(size) = u16_at(sheet, at).map(usize::from) else { break };
            let std = sheet.get(at + 2..at + 2 + size).unwrap_or(&[]);
            out.push(style(std, usize::from(base)).unwrap_or(Style { base: NONE, ..Style::default() }));
            at += 2 + size;
        }
        Styles(out)
    }

    /// The styles that a style stands on, outermost first, itself last.
    fn chain(&self, index: u16) -> Vec<&Style<'a>> {
        let mut out = Vec::new();
        let mut next = index;
        while let Some(style) = self.0.get(usize::from(next)).filter(|_| out.len() < DEEPEST) {
            out.push(style);
            next = style.base;
        }
        out.reverse();
        out
    }

    /// What a paragraph of this style starts with.
    pub fn paragraph(&self, index: u16) -> Paragraph {
        let mut out = Paragraph { style: index, ..Paragraph::default() };
        for style in self.chain(index) {
            out.apply(style.paragraph, &[], false);
        }
        out
    }

    /// What the characters of a paragraph of this style start with.
    pub fn character(&self, index: u16) -> Character {
        let mut out = Character::default();
        for style in self.chain(index) {
            out.apply(style.character, false);
        }
        out
    }

    /// The level of a heading style, 1 to 9.
    pub fn heading(&self, index: u16) -> Option<u8> {
        let built_in = self.0.get(usize::from(index))?.built_in;
        (1..=9).contains(&built_in).then_some(built_in as u8)
    }
}

fn style(std: &[u8], base: usize) -> Option<Style<'_>> {
    let built_in = u16_at(std, 0)? & 0x0FFF;
    let second = u16_at(std, 2)?;
    let third = u16_at(std, 4)?;
    let (kind, parent, parts) = (second & 0xF, second >> 4, third & 0xF);
    let name = usize::from(u16_at(std, base)?);
    let mut at = base + 2 + 2 * name + 2;
    let mut out = Style { built_in, base: parent, ..Style::default() };
    // A paragraph style holds a paragraph list with the style's index before it, then a character list.
    for part in 0..parts.min(3) {
        at += at % 2;
        let Some(size) = u16_at(std, at).map(usize::from) else { break };
        let list = std.get(at + 2..at + 2 + size).unwrap_or(&[]);
        match (kind, part) {
            (1, 0) => out.paragraph = list.get(2..).unwrap_or(&[]),
            (1, 1) | (2, 0) => out.character = list,
            _ => {}
        }
        at += 2 + size;
    }
    Some(out)
}

/// Font names by index.
pub fn fonts(table: &[u8], old: bool) -> Vec<String> {
    let mut out = Vec::new();
    let (mut at, head, name_at) = if old { (2, 1, 5) } else { (4, 1, 40 - 1) };
    while let Some(size) = u8_at(table, at) {
        let font = table.get(at + head..at + head + usize::from(size)).unwrap_or(&[]);
        let name = font.get(name_at..).unwrap_or(&[]);
        out.push(if old {
            name.iter().take_while(|b| **b != 0).map(|b| char::from(*b)).collect()
        } else {
            let units: Vec<u16> =
                name.chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])).take_while(|u| *u != 0).collect();
            String::from_utf16_lossy(&units)
        });
        at += head + usize::from(size);
        if out.len() >= 4096 {
            break;
        }
    }
    out
}
