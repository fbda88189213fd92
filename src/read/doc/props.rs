//! Property lists: which characters are bold, deleted or in which font, which paragraphs are table cells and rows
//! ([MS-DOC] 2.4.6, 2.6; the pages of runs 2.9.33, 2.9.174).

use super::bytes::{Plc, u8_at, u16_at, u32_at};

/// Runs of one kind; more are no report.
const MOST_RUNS: usize = 1 << 20;
const PAGE: usize = 512;

/// A stretch of bytes with the same properties, and where their list lies in the main stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// First byte.
    pub start: u32,
    /// End.
    pub end: u32,
    /// Its list: offset and length.
    pub list: (u32, u32),
}

/// Which kind of page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Character properties.
    Characters,
    /// Paragraph properties: the list starts with the style's index.
    Paragraphs,
}

/// All runs of a kind, sorted. `bins` is the list of pages.
pub fn runs(main: &[u8], bins: &[u8], kind: Kind, old: bool) -> Vec<Run> {
    let plc = Plc::new(bins, if old { 2 } else { 4 });
    let mut out: Vec<Run> = Vec::new();
    let most_pages = main.len() / PAGE + 1;
    for index in 0..plc.count.min(most_pages) {
        let number = match plc.item(index) {
            Some(item) if old => u16_at(item, 0).map(u32::from),
            Some(item) => u32_at(item, 0).map(|n| n & 0x003F_FFFF),
            None => None,
        };
        let from = number.map_or(usize::MAX, |n| n as usize * PAGE);
        let Some(page) = from.checked_add(PAGE).and_then(|end| main.get(from..end)) else { continue };
        if out.len() >= MOST_RUNS {
            break;
        }
        page_runs(page, from as u32, kind, old, &mut out);
    }
    out.sort_by_key(|r| r.start);
    out
}

fn page_runs(page: &[u8], from: u32, kind: Kind, old: bool, out: &mut Vec<Run>) {
    let count = usize::from(page[PAGE - 1]);
    let entry = match (kind, old) {
        (Kind::Characters, _) => 1,
        (Kind::Paragraphs, false) => 13,
        (Kind::Paragraphs, true) => 7,
    };
    for index in 0..count {
        let (Some(start), Some(end)) = (u32_at(page, 4 * index), u32_at(page, 4 * index + 4)) else { return };
        let Some(offset) = u8_at(page, 4 * (count + 1) + entry * index) else { return };
        let offset = usize::from(offset) * 2;
        let list = match kind {
            _ if offset == 0 => None,
            Kind::Characters => u8_at(page, offset).map(|n| (offset + 1, usize::from(n))),
            Kind::Paragraphs => match u8_at(page, offset) {
                Some(0) if !old => u8_at(page, offset + 1).map(|n| (offset + 2, 2 * usize::from(n))),
                Some(n) => Some((offset + 1, (2 * usize::from(n)).saturating_sub(1))),
                None => None,
            },
        };
        let (at, length) = list.unwrap_or((0, 0));
        let length = length.min(PAGE.saturating_sub(at));
        if start < end {
            out.push(Run { start, end, list: (from + at as u32, length as u32) });
        }
    }
}

/// The run that holds a byte.
pub fn run_at(runs: &[Run], at: u32) -> Option<Run> {
    let index = runs.partition_point(|r| r.start <= at).checked_sub(1)?;
    runs.get(index).filter(|r| at < r.end).copied()
}

/// Walks a property list: code and operand of each.
pub fn each(list: &[u8], old: bool, mut take: impl FnMut(u16, &[u8])) {
    let mut at = 0;
    while at < list.len() {
        let (code, size) = if old {
            let code = u16::from(list[at]);
            at += 1;
            (code, old_size(code, list, &mut at))
        } else {
            let Some(code) = u16_at(list, at) else { return };
            at += 2;
            (code, size(code, list, &mut at))
        };
        let Some(operand) = size.and_then(|n| list.get(at..at + n)) else { return };
        at += operand.len();
        take(code, operand);
    }
}

/// Size of an operand, its length prefix passed over.
fn size(code: u16, list: &[u8], at: &mut usize) -> Option<usize> {
    Some(match code >> 13 {
        0 | 1 => 1,
        2 | 4 | 5 => 2,
        3 => 4,
        7 => 3,
        _ if code == TABLE => {
            let size = usize::from(u16_at(list, *at)?).checked_sub(1)?;
            *at += 2;
            size
        }
        _ => {
            let size = usize::from(u8_at(list, *at)?);
            *at += 1;
            // Tab stops may exceed their own length byte; what follows them is lost.
            if code == 0xC615 && size == 255 {
                return None;
            }
            size
        }
    })
}

/// The same for Word 6/95; None for codes whose size is not known.
fn old_size(code: u16, list: &[u8], at: &mut usize) -> Option<usize> {
    Some(match code {
        4..=14 | 24 | 25 | 29 | 36 | 37 | 44 | 50 | 51 => 1,
        2 | 16..=19 | 21 | 22 | 26..=28 | 30..=35 | 38..=43 | 45..=49 => 2,
        20 => 4,
        65..=67 | 75 | 83..=92 | 94 | 95..=97 | 100 | 104 | 117 | 118 => 1,
        69 | 70 | 72 | 80 | 93 | 98 | 99 | 107 | 110 => 2,
        68 | 73 | 74 | 81 | 101 | 103 | 108 => {
            let size = usize::from(u8_at(list, *at)?);
            *at += 1;
            size
        }
        190 => {
            let size = usize::from(u16_at(list, *at)?).checked_sub(1)?;
            *at += 2;
            size
        }
        182 | 183 | 185 | 186 | 189 => 2,
        3 | 15 | 23 | 187 | 188 => {
            let size = usize::from(u8_at(list, *at)?);
            *at += 1;
            size
        }
        _ => return None,
    })
}

/// sprmTDefTable: edges and flags of a row's cells.
pub const TABLE: u16 = 0xD608;

/// What a character's list says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Character {
    /// Taken out by a tracked change.
    pub deleted: bool,
    /// Not displayed.
    pub hidden: bool,
    /// Bold.
    pub bold: bool,
    /// A character of the format's own (a picture, a note mark).
    pub special: bool,
    /// Shown in capitals.
    pub capitals: bool,
    /// Index of its font, where it is set.
    pub font: Option<u16>,
    /// A symbol in place of the character.
    pub symbol: Option<u16>,
}

impl Character {
    /// Applies a list.
    pub fn apply(&mut self, list: &[u8], old: bool) {
        each(list, old, |code, operand| {
            let on = matches!(operand.first(), Some(1 | 0x81));
            match (old, code) {
                (false, 0x0800) | (true, 65) => self.deleted = on,
                (false, 0x083C) | (true, 92) => self.hidden = on,
                (false, 0x0835) | (true, 85) => self.bold = on,
                (false, 0x0855) | (true, 117) => self.special = on,
                (false, 0x083B) | (true, 91) => self.capitals = on,
                (false, 0x4A4F) | (true, 93) => self.font = u16_at(operand, 0),
                (false, 0x6A09) => {
                    self.symbol = u16_at(operand, 2);
                    self.font = u16_at(operand, 0);
                }
                _ => {}
            }
        });
    }
}

/// What a paragraph's list says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// Index of its style.
    pub style: u16,
    /// Depth of the table it stands in; 0 outside.
    pub depth: u32,
    /// Its mark ends a row.
    pub row_end: bool,
    /// Its mark ends a cell of a nested table.
    pub inner_cell: bool,
    /// Its mark ends a row of a nested table.
    pub inner_row: bool,
    /// The row is a header row by the word of the file.
    pub head: bool,
    /// Edges of the row's cells in twentieths of a point, one more than cells.
    pub edges: Vec<i16>,
    /// Merge flags of the row's cells.
    pub flags: Vec<u16>,
    /// The list it is an item of (0: none) and the level in it.
    pub list: Option<(u16, u8)>,
}

/// sprmPHugePapx, sprmPTableProps: the list goes on in the data stream.
const ELSEWHERE: [u16; 3] = [0x6645, 0x6646, 0x646B];

impl Paragraph {
    /// Applies a list; `data` is the data stream.
    pub fn apply(&mut self, list: &[u8], data: &[u8], old: bool) {
        let mut more = None;
        each(list, old, |code, operand| {
            if ELSEWHERE.contains(&code) && !old {
                more = u32_at(operand, 0);
            }
            self.one(code, operand, old);
        });
        if let Some(at) = more.map(|at| at as usize)
            && let Some(size) = u16_at(data, at)
            && let Some(list) = data.get(at + 2..at + 2 + usize::from(size))
        {
            each(list, old, |code, operand| self.one(code, operand, old));
        }
    }

    fn one(&mut self, code: u16, operand: &[u8], old: bool) {
        let on = operand.first() == Some(&1);
        match (old, code) {
            (false, 0x2416) | (true, 24) => self.depth = if on { self.depth.max(1) } else { 0 },
            (false, 0x2417) | (true, 25) => self.row_end = on,
            (false, 0x6649) => self.depth = u32_at(operand, 0).unwrap_or(0),
            (false, 0x244B) => self.inner_cell = on,
            (false, 0x244C) => self.inner_row = on,
            (false, 0x3404) | (true, 185) => self.head = on,
            (false, 0x460B) => {
                let level = self.list.map_or(0, |l| l.1);
                self.list = u16_at(operand, 0).map(|list| (list, level));
            }
            (false, 0x260A) => {
                let list = self.list.map_or(0, |l| l.0);
                self.list = operand.first().map(|level| (list, *level));
            }
            (false, TABLE) | (true, 190) => self.table(operand, if old { 10 } else { 20 }),
            _ => {}
        }
    }

    fn table(&mut self, operand: &[u8], cell: usize) {
        let count = usize::from(operand.first().copied().unwrap_or(0));
        self.edges = (0..=count).map_while(|i| u16_at(operand, 1 + 2 * i).map(|e| e as i16)).collect();
        let flags = 1 + 2 * (count + 1);
        self.flags = (0..count).map(|i| u16_at(operand, flags + cell * i).unwrap_or(0)).collect();
    }
}
