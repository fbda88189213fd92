//! A whole cell: blank, placeholder, one number, a fraction, a zero said in words, or text.

use super::figure::{Source, after_spaces};
use super::lexicon::{is_counted, is_head, is_measured};
use super::scan::{mend, numeral_of};
use super::{CellValue, Cue, Found, Habit, Relation, UnitKind};
use crate::text::letter::lower_in_place;

/// Words after the number that may still be its unit.
const MOST_UNIT_WORDS: usize = 5;
/// A cell longer than this is an explanation.
const LONGEST: usize = 120;

/// Said for nothing.
const ZEROS: [&str; 14] = [
    "không",
    "không có",
    "không phát sinh",
    "chưa phát sinh",
    "không có phát sinh",
    "chưa có phát sinh",
    "chưa có",
    "không phát sinh hồ sơ",
    "chưa phát sinh hồ sơ",
    "không có hồ sơ",
    "không có hồ sơ phát sinh",
    "không có trường hợp nào",
    "không có thủ tục",
    "không có văn bản",
];

/// Reads a whole cell's clean text.
pub fn read_cell(text: &str, unit: UnitKind, habit: &Habit) -> CellValue {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
    if trimmed.chars().all(|c| c.is_whitespace() || "-–—_…./\\*·•|".contains(c)) {
        return CellValue::Blank;
    }
    if trimmed.len() > LONGEST {
        return CellValue::Text;
    }
    let low = lower_in_place(text);
    let words = low.trim().trim_matches(|c: char| "()[].;,:\"-".contains(c)).trim();
    if matches!(
        words,
        "%" | "tỷ lệ %"
            | "tỉ lệ %"
            | "tỷ lệ (%"
            | "tỉ lệ (%"
            | "tỷ lệ%"
            | "tỉ lệ%"
            | "tỷ lệ"
            | "tỉ lệ"
            | "số lượng"
            | "...%"
            | "…%"
            | "tỷ lệ ...%"
            | "tỷ lệ …%"
            | "tỷ lệ … %"
            | "… %"
    ) {
        return CellValue::Placeholder;
    }
    if unit != UnitKind::Code && ZEROS.contains(&words) {
        return CellValue::Zero;
    }
    let source = Source { text, low: &low, habit, unit, cell: true };
    source.cell_value().unwrap_or(CellValue::Text)
}

impl Source<'_> {
    fn cell_value(&self) -> Option<CellValue> {
        let start = self.text.len() - self.text.trim_start_matches([' ', '"', '“', '%', '+', '-', '(']).len();
        let (relation, start) = self.leading_relation(start);
        let found = self.cell_figure(start)?;
        let head = self.low[..start].trim();
        // `(5)` is a column number, `( 22/39 )` an aside.
        if head.contains('(') {
            return None;
        }
        let minus = head.ends_with('-') && self.low[..start].ends_with('-');
        let begin = self.text.len() - self.text.trim_start_matches([' ', '"', '“']).len();
        let (_, rest) = after_spaces(self.low, found.span.end);
        if let Some(rest) = rest.strip_prefix('/') {
            let (at, after) = after_spaces(self.low, self.low.len() - rest.len());
            if !after.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            return self.cell_fraction(&found, at);
        }
        let unit_words = self.unit_words(found.span.end)?;
        let mut number = found.number;
        number.relation = relation;
        number.negative = minus;
        number.percent |= head.starts_with('%');
        let mut end = found.span.end;
        if let Some((said, stop)) = self.relation_after(found.span.end, &found.noun).filter(|_| unit_words) {
            number.relation = said;
            end = stop;
        }
        let begin = if relation == Relation::Equal && !minus && !number.percent { start } else { begin.min(start) };
        Some(CellValue::Number(number, begin..end))
    }

    /// A cell that is a figure, repaired if an OCR engine took digits for letters.
    fn cell_figure(&self, start: usize) -> Option<Found> {
        let rest = &self.text[start..];
        let end = rest.find([' ', '%', ';']).unwrap_or(rest.len());
        let raw = rest[..end].trim_end_matches(['.', ',']);
        if let Some(mended) = mend(raw)
            && matches!(self.unit, UnitKind::Count | UnitKind::Percent | UnitKind::Money(_) | UnitKind::Unknown)
        {
            let mut found = self.figure_of(numeral_of(&mended, start, start + raw.len()), None)?;
            for reading in &mut found.number.readings {
                reading.cue = Cue::Repair;
            }
            return Some(found);
        }
        rest.starts_with(|c: char| c.is_ascii_digit()).then(|| self.figure(start, None)).flatten()
    }

    fn leading_relation(&self, start: usize) -> (Relation, usize) {
        for (word, relation) in [
            (">=", Relation::AtLeast),
            ("<=", Relation::AtMost),
            ("≥", Relation::AtLeast),
            ("≤", Relation::AtMost),
            (">", Relation::Greater),
            ("<", Relation::Less),
            ("~", Relation::About),
            ("trên", Relation::Greater),
            ("hơn", Relation::Greater),
            ("dưới", Relation::Less),
            ("khoảng", Relation::About),
            ("gần", Relation::About),
            ("ước", Relation::About),
        ] {
            if self.low[start..].starts_with(word) {
                return (relation, after_spaces(self.low, start + word.len()).0);
            }
        }
        (Relation::Equal, start)
    }

    /// Whether what follows the number is nothing (false) or unit words (true); None if it is something else.
    fn unit_words(&self, end: usize) -> Option<bool> {
        let (at, rest) = after_spaces(self.low, end);
        let rest = rest.trim_end_matches(|c: char| c.is_whitespace() || ".;,:)\"”".contains(c));
        if rest.is_empty() {
            return Some(false);
        }
        let words = rest.split(' ').count();
        let clean = !rest.contains(|c: char| c.is_ascii_digit() && !rest.ends_with("m2") || "=:;()".contains(c));
        let print = self.text.get(at..)?;
        let named =
            is_head(rest) || is_counted(rest, print) || is_measured(rest) || rest == "trở lên" || rest == "trở xuống";
        (words <= MOST_UNIT_WORDS && clean && named).then_some(true)
    }

    fn cell_fraction(&self, part: &Found, at: usize) -> Option<CellValue> {
        let base = self.figure(at, None)?;
        self.unit_words(base.span.end)?;
        if base.number.percent || part.number.percent || self.text[base.digits_end..].starts_with('/') {
            return None;
        }
        // `3/2023` in a column that counts nothing is a month.
        let month = base.number.best().value >= rust_decimal::Decimal::from(1990)
            && base.number.best().value <= rust_decimal::Decimal::from(2100)
            && part.number.best().value <= rust_decimal::Decimal::from(12)
            && self.unit != UnitKind::Count
            && base.noun.is_empty();
        // The parts of a fraction are counts, whatever unit the column has.
        let unit = if base.unit == UnitKind::Count || matches!(self.unit, UnitKind::Percent | UnitKind::Count) {
            UnitKind::Count
        } else {
            self.unit
        };
        let counts = Source { unit, ..*self };
        let (part, base) = (counts.figure(part.span.start, None)?, counts.figure(at, None)?);
        (!month).then(|| CellValue::Fraction(part.number, part.span.clone(), base.number, base.span.clone()))
    }
}
