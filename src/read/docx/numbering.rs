//! Automatic list numbers as Word prints them: `numbering.xml` and the counters that run through the document.
//!
//! Lists (`w:num`) point to definitions (`w:abstractNum`); lists of one definition count on together, unless one of them overrides a
//! start, which holds when it is first used. A level's number starts again after a shallower level, unless `lvlRestart` says otherwise.
//! Method: ECMA-376 part 1, 17.9. Refused: nothing; definitions beyond the cap are left out.

use super::face::Face;
use super::styles::{RunProps, Themes};
use super::xml::{Node, Ns, Tag, Xml};
use crate::error::ReadError;
use std::collections::{HashMap, HashSet};

/// Levels of a list.
const LEVELS: usize = 9;
/// Definitions and lists that are kept.
const MAX_LISTS: usize = 20_000;

/// One level of a definition.
#[derive(Debug, Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    /// `%1.%2.`
    text: String,
    /// What follows the number: a tab, a space, nothing.
    bare: bool,
    legal: bool,
    restart: Option<usize>,
    style: Option<String>,
    run: RunProps,
}

#[derive(Debug, Clone, Default)]
struct Definition {
    levels: Vec<Level>,
    /// Borrows the definition of a list style.
    borrows: Option<String>,
    /// Is the definition of a list style.
    lends: Option<String>,
}

#[derive(Debug, Clone, Default)]
struct List {
    definition: i64,
    starts: Vec<(usize, u32)>,
    levels: Vec<(usize, Level)>,
}

/// A number as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// With what follows it: `1.1. `, `- `.
    pub text: String,
    /// The font of the number, where its level names one.
    pub face: Option<Face>,
}

/// All lists and their counters.
#[derive(Debug, Default)]
pub struct Numbering {
    definitions: HashMap<i64, Definition>,
    lists: HashMap<i64, List>,
    /// Last number of each level, by definition.
    counters: HashMap<i64, [Option<u32>; LEVELS]>,
    /// Overridden starts that were used.
    started: HashSet<(i64, usize)>,
}

/// What is being read.
#[derive(Default)]
struct Open {
    definition: Option<(i64, Definition)>,
    list: Option<(i64, List)>,
    over: Option<usize>,
    level: Option<(usize, Level)>,
}

impl Numbering {
    /// Reads `numbering.xml`.
    pub fn read(mut xml: Xml, themes: &Themes) -> Result<Numbering, ReadError> {
        let mut out = Numbering::default();
        let mut open = Open::default();
        // Depth of the open definition or list, of its override, of its level, of that level's run properties.
        let mut at = [0usize; 4];
        loop {
            match xml.next()? {
                Node::Eof => {
                    out.settle();
                    return Ok(out);
                }
                Node::Start(tag) if tag.ns == Ns::Word => open.start(&tag, xml.depth(), &mut at, themes),
                Node::End => out.end(&mut open, xml.depth(), &mut at),
                _ => {}
            }
        }
    }

    fn end(&mut self, open: &mut Open, depth: usize, at: &mut [usize; 4]) {
        if depth < at[3] {
            at[3] = 0;
        }
        if depth < at[2] {
            at[2] = 0;
            if let Some((index, level)) = open.level.take() {
                match (&mut open.definition, &mut open.list) {
                    (Some((_, definition)), _) => {
                        if definition.levels.len() <= index {
                            definition.levels.resize(index + 1, Level::default());
                        }
                        definition.levels[index] = level;
                    }
                    (None, Some((_, list))) if list.levels.len() < LEVELS => list.levels.push((index, level)),
                    _ => {}
                }
            }
        }
        if depth < at[1] {
            at[1] = 0;
            open.over = None;
        }
        if depth < at[0] {
            at[0] = 0;
            if let Some((id, definition)) = open.definition.take().filter(|_| self.definitions.len() < MAX_LISTS) {
                self.definitions.entry(id).or_insert(definition);
            }
            if let Some((id, list)) = open.list.take().filter(|_| self.lists.len() < MAX_LISTS) {
                self.lists.entry(id).or_insert(list);
            }
        }
    }

    /// Follows borrowed definitions to their lenders.
    fn settle(&mut self) {
        let mut lenders: Vec<(&str, i64)> =
            self.definitions.iter().filter_map(|(id, d)| Some((d.lends.as_deref()?, *id))).collect();
        lenders.sort_unstable();
        for list in self.lists.values_mut() {
            let found = self.definitions.get(&list.definition).filter(|d| d.levels.is_empty());
            let Some(style) = found.and_then(|d| d.borrows.as_deref()) else { continue };
            let at = lenders.partition_point(|l| l.0 < style);
            if let Some((_, id)) = lenders.get(at).filter(|l| l.0 == style) {
                list.definition = *id;
            }
        }
    }

    /// The level of a list that belongs to a paragraph style.
    pub fn level_of_style(&self, list: i64, style: &str) -> Option<u8> {
        let list = self.lists.get(&list)?;
        let definition = self.definitions.get(&list.definition)?;
        let own = list.levels.iter().find(|l| l.1.style.as_deref() == Some(style)).map(|l| l.0);
        own.or_else(|| definition.levels.iter().position(|l| l.style.as_deref() == Some(style))).map(|l| l as u8)
    }

    /// Counts one paragraph and gives its number as printed; None where the list does not exist or prints nothing.
    pub fn next(&mut self, list_id: i64, level: u8) -> Option<Printed> {
        let level = usize::from(level).min(LEVELS - 1);
        let list = self.lists.get(&list_id)?;
        let definition = self.definitions.get(&list.definition)?;
        let of = |at: usize| list.levels.iter().find(|l| l.0 == at).map(|l| &l.1).or_else(|| definition.levels.get(at));
        let own = of(level)?;
        let start = |at: usize| {
            let over = list.starts.iter().find(|s| s.0 == at).map(|s| s.1);
            over.or_else(|| of(at).and_then(|l| l.start)).unwrap_or(1)
        };
        let counters = self.counters.entry(list.definition).or_default();
        let overridden = list.starts.iter().any(|s| s.0 == level) && self.started.insert((list_id, level));
        let value = match counters[level] {
            Some(last) if !overridden => last.saturating_add(1),
            _ => start(level),
        };
        counters[level] = Some(value);
        for (deeper, counter) in counters.iter_mut().enumerate().skip(level + 1) {
            // `lvlRestart` 0: never; n: after level n or a shallower one.
            let restarts = match of(deeper).and_then(|l| l.restart) {
                Some(0) => false,
                Some(after) => level < after,
                None => true,
            };
            if restarts {
                *counter = None;
            }
        }
        let face = own.run.face;
        if own.run.hidden == Some(true) || own.format == "none" && !own.text.contains(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let mut text = String::new();
        if own.format == "bullet" {
            text.push(bullet(&own.text, face, level));
        } else {
            let mut chars = own.text.chars().peekable();
            while let Some(c) = chars.next() {
                match chars.peek().and_then(|d| d.to_digit(10)).filter(|d| c == '%' && *d > 0) {
                    Some(digit) => {
                        chars.next();
                        let at = digit as usize - 1;
                        let number = counters.get(at).copied().flatten().unwrap_or_else(|| start(at));
                        let format = of(at).map_or("decimal", |l| l.format.as_str());
                        text.push_str(&print(number, if own.legal { "decimal" } else { format }));
                    }
                    None => text.push(c),
                }
            }
        }
        if text.trim().is_empty() {
            return None;
        }
        if !own.bare {
            text.push(' ');
        }
        Some(Printed { text, face: if own.format == "bullet" { Some(Face::Plain) } else { face } })
    }
}

impl Open {
    fn start(&mut self, tag: &Tag, depth: usize, at: &mut [usize; 4], themes: &Themes) {
        let value = || tag.attr("val").map(|v| v.into_owned());
        let count = || tag.number("val").and_then(|n| u32::try_from(n).ok());
        let index = || tag.number("ilvl").and_then(|n| usize::try_from(n).ok()).filter(|n| *n < LEVELS);
        if let Some((_, level)) = &mut self.level {
            match tag.local() {
                "rPr" => at[3] = depth,
                _ if at[3] > 0 => level.run.take(tag, themes),
                "start" => level.start = count(),
                "numFmt" => level.format = value().unwrap_or_default(),
                "lvlText" => level.text = value().unwrap_or_default(),
                "suff" => level.bare = value().as_deref() == Some("nothing"),
                "isLgl" => level.legal = tag.on(),
                "lvlRestart" => level.restart = count().map(|n| n as usize),
                "pStyle" => level.style = value(),
                _ => {}
            }
            return;
        }
        match tag.local() {
            "abstractNum" if at[0] == 0 => {
                self.definition = tag.number("abstractNumId").map(|id| (id, Definition::default()));
                at[0] = depth;
            }
            "num" if at[0] == 0 => {
                self.list = tag.number("numId").map(|id| (id, List { definition: -1, ..List::default() }));
                at[0] = depth;
            }
            "lvl" => {
                if let Some(index) = self.over.or_else(index) {
                    let format = "decimal".to_string();
                    self.level = Some((index, Level { format, ..Level::default() }));
                    at[2] = depth;
                }
            }
            "numStyleLink" => self.definition.iter_mut().for_each(|d| d.1.borrows = value()),
            "styleLink" => self.definition.iter_mut().for_each(|d| d.1.lends = value()),
            "abstractNumId" => self.list.iter_mut().for_each(|l| l.1.definition = tag.number("val").unwrap_or(-1)),
            "lvlOverride" => {
                self.over = index();
                at[1] = depth;
            }
            "startOverride" => {
                if let (Some(level), Some((_, list)), Some(start)) = (self.over, &mut self.list, count()) {
                    list.starts.retain(|s| s.0 != level);
                    list.starts.push((level, start));
                }
            }
            _ => {}
        }
    }
}

/// The two marks of a report's lists: `-`, and `+` below it.
fn bullet(text: &str, face: Option<Face>, level: usize) -> char {
    let round = face.is_none_or(|f| !f.is_symbols()) && text == "o";
    match text.trim().chars().next() {
        Some('+' | '○' | '◦' | '＋') => '+',
        Some('-' | '–' | '—' | '−') => '-',
        _ if round || level > 0 => '+',
        _ => '-',
    }
}

/// A number in one of Word's formats; unknown formats count in digits.
fn print(number: u32, format: &str) -> String {
    match format {
        "upperRoman" => roman(number),
        "lowerRoman" => roman(number).to_ascii_lowercase(),
        "upperLetter" => letters(number).to_ascii_uppercase(),
        "lowerLetter" => letters(number),
        "decimalZero" => format!("{number:02}"),
        "vietnameseCounting" => {
            const WORDS: [&str; 11] = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"];
            WORDS.get(number as usize).map_or_else(|| number.to_string(), |w| w.to_string())
        }
        "none" | "bullet" => String::new(),
        _ => number.to_string(),
    }
}

/// `a` to `z`, then `aa`, `bb`.
fn letters(number: u32) -> String {
    let Some(index) = number.checked_sub(1).filter(|n| *n < 26 * 20) else { return number.to_string() };
    let letter = (b'a' + (index % 26) as u8) as char;
    std::iter::repeat_n(letter, index as usize / 26 + 1).collect()
}

/// A Roman number; digits where there is none.
pub fn roman(number: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let (mut left, mut out) = (number, String::new());
    for (value, text) in PARTS {
        while left >= value {
            out.push_str(text);
            left -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"";

    fn numbering(body: &str) -> Numbering {
        let text = format!("<w:numbering {W}>{body}</w:numbering>");
        Numbering::read(Xml::new(&text, "x", "numbering"), &Themes::default()).unwrap()
    }

    fn level(at: usize, format: &str, text: &str, more: &str) -> String {
        format!(
            "<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{more}<w:lvlText w:val=\"{text}\"/></w:lvl>"
        )
    }

    fn run(numbering: &mut Numbering, steps: &[(i64, u8)]) -> Vec<String> {
        steps.iter().map(|(n, l)| numbering.next(*n, *l).map_or("∅".into(), |p| p.text.trim().to_string())).collect()
    }

    #[test]
    fn numbers_of_a_report() {
        let body = format!(
            "<w:abstractNum w:abstractNumId=\"0\">{}{}{}{}</w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
            level(0, "upperRoman", "%1.", ""),
            level(1, "decimal", "%2.", ""),
            level(2, "decimal", "%1.%2.%3.", "<w:isLgl/>"),
            level(3, "lowerLetter", "%4)", "<w:lvlRestart w:val=\"1\"/>"),
        );
        let mut lists = numbering(&body);
        let steps = [(1, 0), (1, 1), (1, 2), (1, 2), (1, 3), (1, 1), (1, 3), (1, 0), (1, 3), (1, 2)];
        let want = ["I.", "1.", "1.1.1.", "1.1.2.", "a)", "2.", "b)", "II.", "a)", "2.1.1."];
        assert_eq!(run(&mut lists, &steps), want);
        assert_eq!(lists.next(9, 0), None);
    }

    #[test]
    fn lists_of_one_definition_count_on_unless_overridden() {
        let list =
            |id: u32, more: &str| format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"4\"/>{more}</w:num>");
        let over = "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride>";
        let other = format!("<w:lvlOverride w:ilvl=\"0\">{}</w:lvlOverride>", level(0, "decimal", "Mục %1", ""));
        let body = format!(
            "<w:abstractNum w:abstractNumId=\"4\">{}</w:abstractNum>{}{}{}{}",
            level(0, "decimal", "%1)", ""),
            list(1, ""),
            list(2, ""),
            list(3, over),
            list(4, &other),
        );
        let mut lists = numbering(&body);
        let steps = [(1, 0), (2, 0), (3, 0), (3, 0), (1, 0), (4, 0)];
        assert_eq!(run(&mut lists, &steps), ["1)", "2)", "5)", "6)", "7)", "Mục 8"]);
    }

    #[test]
    fn borrowed_definitions_and_styles() {
        let body = format!(
            "<w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink w:val=\"S\"/></w:abstractNum>\
             <w:abstractNum w:abstractNumId=\"2\"><w:styleLink w:val=\"S\"/>{}{}</w:abstractNum>\
             <w:num w:numId=\"7\"><w:abstractNumId w:val=\"1\"/></w:num>",
            level(0, "decimal", "%1.", "<w:pStyle w:val=\"H1\"/>"),
            level(1, "decimalZero", "%2", "<w:pStyle w:val=\"H2\"/>"),
        );
        let mut lists = numbering(&body);
        assert_eq!(lists.level_of_style(7, "H2"), Some(1));
        assert_eq!(run(&mut lists, &[(7, 0), (7, 1)]), ["1.", "01"]);
    }

    #[test]
    fn bullets_are_the_reports_own_marks() {
        assert_eq!(bullet("\u{F0B7}", Some(Face::Symbol), 0), '-');
        assert_eq!(bullet("-", None, 1), '-');
        assert_eq!(bullet("o", None, 1), '+');
        assert_eq!(bullet("+", None, 0), '+');
        assert_eq!(bullet("\u{F0A7}", Some(Face::Dingbats), 2), '+');
    }

    #[test]
    fn formats() {
        assert_eq!(roman(1994), "MCMXCIV");
        assert_eq!((letters(1), letters(26), letters(28)), ("a".into(), "z".into(), "bb".into()));
        assert_eq!(print(7, "vietnameseCounting"), "bảy");
        assert_eq!(print(u32::MAX, "lowerLetter"), "4294967295");
    }
}
