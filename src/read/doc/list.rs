//! Automatic list numbers, which stand in no text ([MS-DOC] 2.9.131 LFO, 2.9.150 LSTF, 2.9.148 LVL): `1.`, `a)`, `-` as printed.

use super::bytes::{u8_at, u16_at, u32_at};
use std::collections::BTreeMap;

/// Levels of a list.
const LEVELS: usize = 9;
/// Lists of a file.
const MOST_LISTS: usize = 4096;

#[derive(Debug, Clone, Default, PartialEq)]
struct Level {
    start: u32,
    format: u8,
    /// The characters between and around the numbers; a character below 9 stands for the number of that level.
    text: Vec<u16>,
}

/// Counters of all lists of a file.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Levels of a list by its identity.
    lists: BTreeMap<u32, Vec<Level>>,
    /// Which list each use (from 1) is of.
    uses: Vec<u32>,
    counts: BTreeMap<u32, [Option<u32>; LEVELS]>,
}

impl Numbers {
    /// Reads the list tables: `definitions` runs to the end of the table stream, because the levels stand behind the table's own bytes.
    pub fn parse(table: &[u8], definitions: (u32, u32), uses: (u32, u32)) -> Numbers {
        let mut out = Numbers::default();
        let _ = out.definitions(table, definitions);
        let _ = out.uses(table, uses);
        out
    }

    fn definitions(&mut self, table: &[u8], span: (u32, u32)) -> Option<()> {
        if span.1 == 0 {
            return None;
        }
        let base = span.0 as usize;
        let count = usize::from(u16_at(table, base)?).min(MOST_LISTS);
        // The levels of all lists follow the list of lists.
        let mut at = base + 2 + 28 * count;
        for index in 0..count {
            let list = base + 2 + 28 * index;
            let identity = u32_at(table, list)?;
            let simple = u8_at(table, list + 26)? & 1 == 1;
            let mut levels = Vec::new();
            for _ in 0..if simple { 1 } else { LEVELS } {
                let start = u32_at(table, at)?;
                let format = u8_at(table, at + 4)?;
                let characters = usize::from(u8_at(table, at + 24)?);
                let paragraphs = usize::from(u8_at(table, at + 25)?);
                at += 28 + paragraphs + characters;
                let size = usize::from(u16_at(table, at)?);
                let text = (0..size).map_while(|i| u16_at(table, at + 2 + 2 * i)).collect();
                at += 2 + 2 * size;
                levels.push(Level { start, format, text });
            }
            self.lists.insert(identity, levels);
        }
        Some(())
    }

    fn uses(&mut self, table: &[u8], span: (u32, u32)) -> Option<()> {
        if span.1 == 0 {
            return None;
        }
        let base = span.0 as usize;
        let count = (u32_at(table, base)? as usize).min(MOST_LISTS);
        for index in 0..count {
            self.uses.push(u32_at(table, base + 4 + 16 * index)?);
        }
        Some(())
    }

    /// The number that the next paragraph of a list prints; empty where the list is unknown.
    pub fn next(&mut self, list: u16, level: u8) -> String {
        let Some(identity) = usize::from(list).checked_sub(1).and_then(|i| self.uses.get(i)).copied() else {
            return String::new();
        };
        let Some(levels) = self.lists.get(&identity) else { return String::new() };
        let at = usize::from(level).min(levels.len().saturating_sub(1)).min(LEVELS - 1);
        let Some(own) = levels.get(at) else { return String::new() };
        let counts = self.counts.entry(identity).or_default();
        counts[at] = Some(counts[at].map_or(own.start, |n| n.saturating_add(1)));
        counts[at + 1..].fill(None);
        if matches!(own.format, 23 | 255) {
            // A bullet: `+` and `o` are the second depth of Vietnamese lists, whatever glyph a symbol font shows is the first.
            let sign = own.text.first().copied().unwrap_or(0);
            return if sign == u16::from(b'+') || sign == u16::from(b'o') { "+" } else { "-" }.to_string();
        }
        let mut out = String::new();
        for unit in own.text.iter().take(64) {
            match usize::from(*unit) {
                above if above < LEVELS => {
                    let Some(level) = levels.get(above) else { continue };
                    let count = counts[above].unwrap_or(level.start);
                    out.push_str(&printed(count, level.format));
                }
                unit => out.extend(char::from_u32(unit as u32).filter(|c| !c.is_control())),
            }
        }
        out
    }
}

/// A number in a list's format.
fn printed(number: u32, format: u8) -> String {
    let letter = |first: u8| {
        let at = number.saturating_sub(1);
        let c = char::from(first + (at % 26) as u8);
        c.to_string().repeat((at / 26 + 1).min(8) as usize)
    };
    match format {
        1 => roman(number),
        2 => roman(number).to_lowercase(),
        3 => letter(b'A'),
        4 => letter(b'a'),
        22 => format!("{number:02}"),
        _ => number.to_string(),
    }
}

fn roman(number: u32) -> String {
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    const TENS: [&str; 10] = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
    match number {
        1..=99 => format!("{}{}", TENS[(number / 10) as usize], ONES[(number % 10) as usize]),
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_level() {
        let level = |format, text: &[u16]| Level { start: 1, format, text: text.to_vec() };
        let mut numbers = Numbers { uses: vec![7], ..Numbers::default() };
        let dot = u16::from(b'.');
        numbers
            .lists
            .insert(7, vec![level(1, &[0, dot]), level(0, &[0, dot, 1, dot]), level(4, &[2, u16::from(b')')])]);
        let printed: Vec<_> = [0, 1, 1, 2, 0, 1].into_iter().map(|l| numbers.next(1, l)).collect();
        assert_eq!(printed, ["I.", "I.1.", "I.2.", "a)", "II.", "II.1."]);
        assert_eq!(numbers.next(2, 0), "");
    }

    #[test]
    fn broken_tables_say_nothing() {
        for size in 0..200 {
            let table: Vec<u8> = (0..size).map(|i| (i * 37 % 251) as u8).collect();
            let mut numbers = Numbers::parse(&table, (0, 9), (5, 9));
            let _ = numbers.next(1, 3);
        }
    }
}
