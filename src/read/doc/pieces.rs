//! The piece table: where in the stream each stretch of characters lies, 8-bit or 16-bit ([MS-DOC] 2.8.35, 2.9.177).

use super::bytes::{Plc, u8_at, u16_at, u32_at};
use super::fib::{Fib, bytes};
use encoding_rs::{WINDOWS_1252, WINDOWS_1258};

/// Characters of a file; more are no report.
pub const MOST_CHARACTERS: u32 = 8 << 20;

/// A stretch of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// First character position.
    pub start: u32,
    /// End of its positions.
    pub end: u32,
    /// Byte offset in the main stream.
    pub at: u32,
    /// One byte a character.
    pub narrow: bool,
}

/// The pieces in order of their positions; None where the table is broken.
pub fn parse(fib: &Fib, table: &[u8]) -> Option<Vec<Piece>> {
    let total = fib.counts.iter().fold(0u32, |sum, n| sum.saturating_add(*n)).saturating_add(1);
    if !fib.complex {
        return Some(vec![Piece { start: 0, end: total, at: fib.text_at, narrow: true }]);
    }
    let clx = bytes(table, fib.pieces);
    let mut at = 0;
    // Property lists stand before the table proper.
    while u8_at(clx, at)? == 1 {
        at += 3 + usize::from(u16_at(clx, at + 1)?);
    }
    if u8_at(clx, at)? != 2 {
        return None;
    }
    let length = u32_at(clx, at + 1)? as usize;
    let plc = Plc::new(clx.get(at + 5..(at + 5).checked_add(length)?)?, 8);
    let mut out: Vec<Piece> = Vec::with_capacity(plc.count);
    for index in 0..plc.count {
        let (start, end) = (plc.position(index)?, plc.position(index + 1)?);
        let place = u32_at(plc.item(index)?, 2)?;
        if start >= end || out.last().is_some_and(|p| p.end > start) {
            continue;
        }
        let (at, narrow) = match place & 0x4000_0000 {
            _ if fib.old => (place, true),
            0 => (place & 0x3FFF_FFFF, false),
            _ => ((place & 0x3FFF_FFFF) / 2, true),
        };
        out.push(Piece { start, end, at, narrow });
    }
    (!out.is_empty()).then_some(out)
}

/// The characters of 8-bit text: Windows Western, as the format demands, or Windows Vietnamese in old files that say so.
pub fn narrow_table(fib: &Fib) -> [char; 256] {
    let encoding = if fib.old && fib.language & 0x3FF == 0x2A { WINDOWS_1258 } else { WINDOWS_1252 };
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        if byte < 0x80 {
            char::from(byte)
        } else {
            encoding.decode_without_bom_handling(&[byte]).0.chars().next().unwrap_or('\u{fffd}')
        }
    })
}

/// Gives each character of a range of positions with its position and byte offset. Stops at the end of the stream.
pub fn characters(
    main: &[u8],
    pieces: &[Piece],
    narrow: &[char; 256],
    range: std::ops::Range<u32>,
    mut each: impl FnMut(u32, u32, char),
) {
    let mut budget = MOST_CHARACTERS;
    let mut high: Option<u16> = None;
    let first = pieces.partition_point(|p| p.end <= range.start);
    for piece in &pieces[first..] {
        if piece.start >= range.end {
            break;
        }
        for position in piece.start.max(range.start)..piece.end.min(range.end) {
            if budget == 0 {
                return;
            }
            budget -= 1;
            let offset = position - piece.start;
            let at = piece.at as usize + offset as usize * if piece.narrow { 1 } else { 2 };
            if piece.narrow {
                let Some(byte) = u8_at(main, at) else { return };
                each(position, at as u32, narrow[usize::from(byte)]);
                continue;
            }
            let Some(unit) = u16_at(main, at) else { return };
            let c = match (high.take(), unit) {
                (_, 0xD800..=0xDBFF) => {
                    high = Some(unit);
                    continue;
                }
                (Some(first), 0xDC00..=0xDFFF) => {
                    char::decode_utf16([first, unit]).next().and_then(Result::ok).unwrap_or('\u{fffd}')
                }
                (_, unit) => char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}'),
            };
            each(position, at as u32, c);
        }
    }
}
