//! The file information block at the start of the WordDocument stream ([MS-DOC] 2.5; Word 6/95 by its older layout).

use super::bytes::{part, u16_at, u32_at};

/// Where one list or table lies: offset and length in the table stream.
pub type Span = (u32, u32);

/// What is needed of the block.
#[derive(Debug, Clone, Default)]
pub struct Fib {
    /// Word 6 or 95: 8-bit text, one-byte property codes, everything in one stream.
    pub old: bool,
    /// Protected by a password.
    pub encrypted: bool,
    /// Whether the table stream is `1Table`.
    pub first_table: bool,
    /// Language of the file.
    pub language: u16,
    /// Characters of the main text, footnotes, headers, macros, comments, endnotes, text boxes.
    pub counts: [u32; 7],
    /// Text offset of a file without piece table (Word 6/95).
    pub text_at: u32,
    /// Whether there is a piece table.
    pub complex: bool,
    /// Style sheet.
    pub styles: Span,
    /// Footnote references and texts, endnote references and texts.
    pub notes: [Span; 4],
    /// Pages of character properties.
    pub characters: Span,
    /// Pages of paragraph properties.
    pub paragraphs: Span,
    /// Font names.
    pub fonts: Span,
    /// Piece table.
    pub pieces: Span,
    /// List definitions and their uses.
    pub lists: [Span; 2],
}

/// Reads the block; None where it is none.
pub fn parse(main: &[u8]) -> Option<Fib> {
    let magic = u16_at(main, 0)?;
    let version = u16_at(main, 2)?;
    let flags = u16_at(main, 0x0A)?;
    let mut fib = Fib {
        old: magic == 0xA5DC || version < 0xC0,
        encrypted: flags & 0x0100 != 0,
        first_table: flags & 0x0200 != 0,
        language: u16_at(main, 6)?,
        complex: flags & 0x0004 != 0,
        ..Fib::default()
    };
    match magic {
        0xA5EC | 0xA5DC => {}
        _ => return None,
    }
    let span = |at: usize| Some((u32_at(main, at)?, u32_at(main, at + 4)?));
    if fib.old {
        fib.text_at = u32_at(main, 0x18)?;
        for (count, at) in fib.counts.iter_mut().zip((0x34..).step_by(4)) {
            *count = u32_at(main, at)?;
        }
        fib.characters = span(0xB8)?;
        fib.paragraphs = span(0xC0)?;
        fib.fonts = span(0xD0)?;
        fib.pieces = span(0x160).unwrap_or_default();
        return Some(fib);
    }
    // The block is made of parts that state their own length.
    let words = usize::from(u16_at(main, 32)?);
    let longs_at = 34 + 2 * words;
    let longs = usize::from(u16_at(main, longs_at)?);
    let base = longs_at + 2;
    for (index, count) in fib.counts.iter_mut().enumerate() {
        *count = u32_at(main, base + 4 * (3 + index))?;
    }
    let spans_at = base + 4 * longs + 2;
    let count = usize::from(u16_at(main, spans_at - 2)?);
    let pair = |index: usize| if index < count { span(spans_at + 8 * index).unwrap_or_default() } else { (0, 0) };
    fib.complex = true;
    fib.styles = pair(1);
    fib.notes = [pair(2), pair(3), pair(46), pair(47)];
    fib.characters = pair(12);
    fib.paragraphs = pair(13);
    fib.fonts = pair(15);
    fib.pieces = pair(33);
    fib.lists = [pair(73), pair(74)];
    Some(fib)
}

/// The bytes of a span; empty where it lies outside the stream.
pub fn bytes(table: &[u8], span: Span) -> &[u8] {
    part(table, span.0, span.1).unwrap_or(&[])
}
