//! What calamine does not tell of an old workbook ([MS-XLS]): the number format of each cell, which rows are hidden, and how far the
//! cells reach, so that two cells in opposite corners do not cost a gigabyte.
//!
//! One pass over the records of the Workbook stream; a broken record ends it.

use super::format;
use std::collections::{BTreeMap, HashMap};

/// Cells and formats remembered.
const MOST: usize = 1 << 20;

/// Format codes of a sheet's numbers by row and column.
pub type Codes = HashMap<(u32, u32), String>;

/// What was found.
#[derive(Debug, Default)]
pub struct Scan {
    /// By sheet, in the order of the stream.
    pub codes: Vec<Codes>,
    /// Whether each sheet hides a row.
    pub hides: Vec<bool>,
    /// The largest rectangle that the cells of a sheet span.
    pub area: u64,
}

/// A sheet being scanned: the style of each number, and whether a row is hidden.
type Found = (HashMap<(u32, u32), u16>, bool);

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    let pair = data.get(at..at + 2)?;
    Some(u16::from_le_bytes([pair[0], pair[1]]))
}

/// Scans a Workbook stream.
pub fn scan(stream: &[u8]) -> Scan {
    let mut out = Scan::default();
    let mut custom: BTreeMap<u16, String> = BTreeMap::new();
    let mut styles: Vec<u16> = Vec::new();
    let mut sheet: Option<Found> = None;
    let (mut rows, mut columns) = (0u64, 0u64);
    let (mut wide, mut depth, mut kept) = (true, 0usize, 0usize);
    let mut found = Vec::new();
    let mut at = 0;
    while let (Some(kind), Some(size)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let Some(data) = stream.get(at + 4..at + 4 + usize::from(size)) else { break };
        at += 4 + data.len();
        match kind {
            0x809 => {
                wide = u16_at(data, 0) == Some(0x600);
                depth += 1;
                // A chart inside a sheet is no sheet.
                if depth == 1 && u16_at(data, 2) == Some(0x10) {
                    sheet = Some((HashMap::new(), false));
                    (rows, columns) = (0, 0);
                }
            }
            0x0A => {
                depth = depth.saturating_sub(1);
                if depth == 0
                    && let Some(done) = sheet.take()
                {
                    out.area = out.area.max(rows * columns);
                    found.push(done);
                }
            }
            0x41E if custom.len() < 4096 => {
                if let (Some(id), Some(code)) = (u16_at(data, 0), code(data, wide)) {
                    custom.insert(id, code);
                }
            }
            0xE0 if styles.len() < MOST => styles.push(u16_at(data, 2).unwrap_or(0)),
            0x208 => {
                if let Some(sheet) = sheet.as_mut().filter(|_| data.get(12).is_some_and(|b| b & 0x20 != 0)) {
                    sheet.1 = true;
                }
            }
            // Formula, blank, number, label, boolean, RK number, label by index; runs of RK numbers and of blanks.
            0x06 | 0x201 | 0x203 | 0x204 | 0x205 | 0x27E | 0xFD | 0xBD | 0xBE if depth == 1 => {
                let (Some(row), Some(first)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
                let step = if kind == 0xBD { 6 } else { 2 };
                let run = if matches!(kind, 0xBD | 0xBE) { data.len().saturating_sub(6) / step } else { 1 };
                if !matches!(kind, 0x201 | 0xBE) {
                    rows = rows.max(u64::from(row) + 1);
                    columns = columns.max(u64::from(first) + run as u64);
                }
                if let (Some(sheet), true) = (sheet.as_mut(), matches!(kind, 0x06 | 0x203 | 0x27E | 0xBD)) {
                    for index in 0..run.min(256) {
                        if let Some(style) = u16_at(data, 4 + step * index).filter(|_| kept < MOST) {
                            sheet.0.insert((u32::from(row), u32::from(first) + index as u32), style);
                            kept += 1;
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found.extend(sheet);
    out.area = out.area.max(rows * columns);
    for (cells, hides) in found {
        let code = |style: u16| {
            let id = styles.get(usize::from(style)).copied().unwrap_or(0);
            custom.get(&id).cloned().unwrap_or_else(|| format::builtin(u32::from(id)).to_string())
        };
        out.codes.push(cells.into_iter().map(|(place, style)| (place, code(style))).collect());
        out.hides.push(hides);
    }
    out
}

/// The code of a FORMAT record: 16-bit size and characters of one or two bytes since Excel 97, 8-bit before.
fn code(data: &[u8], wide: bool) -> Option<String> {
    if !wide {
        return Some(data.get(3..)?.iter().map(|b| char::from(*b)).collect());
    }
    let text = data.get(5..)?;
    Some(match data.get(4)? & 1 {
        0 => text.iter().map(|b| char::from(*b)).collect(),
        _ => char::decode_utf16(text.chunks_exact(2).map(|p| u16::from_le_bytes([p[0], p[1]])))
            .map(|c| c.unwrap_or('?'))
            .collect(),
    })
}
