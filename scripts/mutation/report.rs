//! A text report that can be misprinted: its bytes, what the program makes of them, and where in them each figure stands.
//!
//! In: a UTF-8 text file. Out: sites, each a figure whose printed characters were found in the file, once or by trying out which of
//! several equal numbers on the line is the one. Figures of the report's own warnings are left out.

use super::slips::{self, Print};
use baocao::check::{self, Relations};
use baocao::map::Mapper;
use baocao::model::{Extraction, Fact, Kind, Status, Warning};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

/// A figure's place that does not move when digits change: line, cell, how many figures stand before it there.
pub type Identity = (u32, Option<(u32, u32, u32)>, usize);

/// A figure of the file.
pub struct Site {
    /// Index into the facts.
    pub fact: usize,
    /// Its bytes in the file, without unit.
    pub bytes: Range<usize>,
    /// Its print.
    pub print: Print,
    /// The money word behind it: bytes, and the power of ten to its counterpart.
    pub word: Option<(Range<usize>, &'static str, i32)>,
}

/// One report.
pub struct Report {
    pub name: String,
    pub text: String,
    pub extraction: Extraction,
    pub identities: Vec<Identity>,
    pub sites: Vec<Site>,
    /// Figures of its own warnings.
    pub warned: BTreeSet<usize>,
}

/// A report's identities, in the order of its facts.
pub fn identities(extraction: &Extraction) -> Vec<Identity> {
    let mut seen = std::collections::BTreeMap::new();
    let mut place = |fact: &Fact| {
        let key = (fact.place.line.unwrap_or(0), fact.cell);
        let count = seen.entry(key).and_modify(|n: &mut usize| *n += 1).or_insert(0);
        (key.0, key.1, *count)
    };
    extraction.facts.iter().map(&mut place).collect()
}

/// The figures of warnings.
fn warned(warnings: &[Warning]) -> BTreeSet<usize> {
    warnings.iter().flat_map(|w| w.facts.iter().copied()).collect()
}

impl Report {
    /// Reads one; None for a file that is no UTF-8 text or cannot be read.
    pub fn open(path: &Path, mapper: &Mapper) -> Option<Report> {
        let text = String::from_utf8(std::fs::read(path).ok()?).ok()?;
        let name = path.file_stem()?.to_string_lossy().into_owned();
        let (_, extraction) = baocao::run::extract(text.as_bytes(), &name, mapper).ok()?;
        let identities = identities(&extraction);
        let mut report = Report { name, text, extraction, identities, sites: Vec::new(), warned: BTreeSet::new() };
        let starts = lines(&report.text);
        report.warned = warned(&report.extraction.warnings);
        let free = |i: &usize| !report.warned.contains(i);
        report.sites =
            (0..report.extraction.facts.len()).filter(free).filter_map(|i| report.site(i, &starts, mapper)).collect();
        Some(report)
    }

    /// Relations of the clean report.
    pub fn relations<'a>(&'a self, mapper: &Mapper) -> Relations<'a> {
        check::relations(&self.extraction, mapper.rules())
    }

    /// The text with some bytes replaced.
    pub fn changed(&self, bytes: &Range<usize>, by: &str) -> String {
        [&self.text[..bytes.start], by, &self.text[bytes.end..]].concat()
    }

    fn site(&self, i: usize, starts: &[Range<usize>], mapper: &Mapper) -> Option<Site> {
        let fact = self.extraction.facts.get(i)?;
        if fact.status != Status::Reported || matches!(fact.kind, Kind::Text | Kind::Rank) {
            return None;
        }
        let number = fact.number?;
        let scale = fact.readings.first()?.scale;
        let line = starts.get(fact.place.line?.checked_sub(1)? as usize)?.clone();
        let mut found: Vec<(Range<usize>, Print)> = Vec::new();
        let mut at = line.start;
        while let Some(skip) = self.text[at..line.end].find(|c: char| c.is_ascii_digit()) {
            at += skip;
            let rest = &self.text[at..line.end];
            let whole = Print::of(rest, scale).filter(|(p, _)| p.number() == number.abs());
            let run = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
            if let Some((print, length)) = whole {
                found.push((at..at + length, print));
                at += length;
            } else {
                at += run.max(1);
            }
        }
        let shows = |text: &str| fact.raw.contains(text) || fact.raw.replace(' ', "\u{a0}").contains(text);
        found.retain(|(bytes, _)| shows(&self.text[bytes.clone()]));
        let at = if found.len() == 1 { 0 } else { self.which(i, &found, mapper)? };
        let (bytes, print) = found.into_iter().nth(at)?;
        let word = self.word(bytes.end, line.end);
        Some(Site { fact: i, bytes, print, word })
    }

    /// Which of several equal numbers on a line is the figure: the one that, when its last digit changes, changes the figure.
    fn which(&self, i: usize, found: &[(Range<usize>, Print)], mapper: &Mapper) -> Option<usize> {
        let own = self.identities.get(i)?;
        found.iter().take(8).position(|(bytes, _)| {
            let last = self.text.as_bytes().get(bytes.end - 1).map_or(b'0', |b| b'0' + (b - b'0' + 1) % 10);
            let text = self.changed(&(bytes.end - 1..bytes.end), &char::from(last).to_string());
            let Ok((_, changed)) = baocao::run::extract(text.as_bytes(), &self.name, mapper) else { return false };
            let others = identities(&changed);
            let at = others.iter().position(|o| o == own).and_then(|at| changed.facts.get(at));
            let moved = |k: usize| changed.facts.get(k).map(|f| &f.raw) != self.extraction.facts.get(k).map(|f| &f.raw);
            others.len() == self.identities.len()
                && at.is_some_and(|f| self.extraction.facts.get(i).is_some_and(|o| o.raw != f.raw))
                && (0..others.len()).filter(|k| moved(*k)).count() == 1
        })
    }

    /// `triệu` or `tỷ` right behind a figure.
    fn word(&self, from: usize, to: usize) -> Option<(Range<usize>, &'static str, i32)> {
        let rest = &self.text[from..to];
        let trimmed = rest.trim_start_matches([' ', '\u{a0}']);
        let start = to - trimmed.len();
        [("triệu", "tỷ", 3), ("tỷ", "triệu", -3), ("tỉ", "triệu", -3)]
            .into_iter()
            .find(|(word, _, _)| trimmed.starts_with(word))
            .map(|(word, other, power)| (start..start + word.len(), other, power))
    }

    /// The nearest other figure of the same kind in the column of a table.
    pub fn neighbour(&self, site: &Site) -> Option<&Site> {
        let fact = self.extraction.facts.get(site.fact)?;
        let (table, row, column) = fact.cell?;
        let near = |other: &&Site| {
            let Some(found) = self.extraction.facts.get(other.fact) else { return false };
            let cell = found.cell.filter(|c| c.0 == table && c.2 == column && c.1 != row && c.1.abs_diff(row) <= 2);
            cell.is_some() && found.kind == fact.kind
        };
        let gap = |other: &&Site| {
            let cell = self.extraction.facts.get(other.fact).and_then(|f| f.cell).unwrap_or_default();
            (cell.1.abs_diff(row), other.fact)
        };
        self.sites.iter().filter(near).min_by_key(gap)
    }

    /// The clean figure as the slip means it.
    pub fn meant(&self, site: &Site, slip: &slips::Slip) -> Option<Fact> {
        let mut fact = self.extraction.facts.get(site.fact)?.clone();
        let (number, value) = (fact.number?, fact.value?);
        let sign = if number.is_sign_negative() { -slip.number } else { slip.number };
        let mut multiplier = fact.multiplier as i32;
        if slip.word != 0 {
            multiplier += slip.word;
        }
        let ten = |power: u32| rust_decimal::Decimal::from(10u64.pow(power));
        // What lies between the number and its value beside the multiplier: a unit.
        let unit = if number.is_zero() { ten(fact.multiplier) } else { value / number };
        let unit = match slip.word {
            0 => unit,
            power if power > 0 => unit * ten(power as u32),
            power => unit / ten(power.unsigned_abs()),
        };
        fact.multiplier = u32::try_from(multiplier).ok()?;
        fact.number = Some(sign);
        fact.value = Some((sign * unit).normalize());
        fact.readings.truncate(1);
        for reading in &mut fact.readings {
            reading.value = sign;
            reading.scale = slip.scale;
        }
        Some(fact)
    }
}

/// The bytes of each line.
fn lines(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let (mut out, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        let ends = bytes[at] == b'\n' || bytes[at] == b'\r';
        let length = if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
        if ends {
            out.push(start..at);
            at += length;
            start = at;
        } else {
            at += 1;
        }
    }
    out.push(start..bytes.len());
    out
}
