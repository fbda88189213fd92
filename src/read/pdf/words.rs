//! Glyphs in, words and lines out.
//!
//! Marks drawn on a letter stay behind it in drawing order (sorting two marks of one letter by their place may swap them, and then no
//! composition repairs the letter). Letters are sorted along the line, because producers draw letters of a substitute font after the
//! others. Words are parted where a space is drawn or the gap is wide for the size. Small raised letters join the line they
//! are raised from and stay words of their own, so that the mark of a note never sticks to the number before it.

use super::walk::{Glyph, Letters, Sheet};

/// A gap wider than this part of the size parts two words.
const GAP: f32 = 0.17;
/// Letters of one line differ in baseline by at most this part of their size.
const LEVEL: f32 = 0.2;
/// Letters this much smaller than their neighbours may be raised ones.
const SMALL: f32 = 0.8;
/// The part of the size that letters rise above the baseline, and fall below it.
const RISE: f32 = 0.82;
const FALL: f32 = 0.22;

/// A letter with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Its characters; a space for a drawn space.
    pub text: String,
    /// Left.
    pub x0: f32,
    /// Right.
    pub x1: f32,
    /// Baseline.
    pub y: f32,
    /// Size of the font.
    pub size: f32,
    /// Whether its font is bold.
    pub bold: bool,
}

impl Letter {
    /// Middle of the letter's body.
    pub fn centre(&self) -> (f32, f32) {
        ((self.x0 + self.x1) / 2.0, self.y - self.size * 0.25)
    }
    fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// A word.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Word {
    /// Its characters as found.
    pub text: String,
    /// Left.
    pub x0: f32,
    /// Right.
    pub x1: f32,
    /// Baseline.
    pub y: f32,
    /// Size of the font.
    pub size: f32,
    /// Whether its font is bold.
    pub bold: bool,
    /// Small and raised above the line.
    pub raised: bool,
    /// Follows the word before without a space.
    pub glued: bool,
    /// How unsure its reading is, 0 to 1; 0 for digital text.
    pub doubt: f32,
}

impl Word {
    /// Its box.
    pub fn rect(&self) -> [f32; 4] {
        [self.x0, self.y - self.size * RISE, self.x1, self.y + self.size * FALL]
    }
}

/// Words on one baseline, from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct VisLine {
    /// At least one.
    pub words: Vec<Word>,
    /// Baseline.
    pub y: f32,
    /// Size of most of its letters.
    pub size: f32,
}

impl VisLine {
    /// Left edge.
    pub fn x0(&self) -> f32 {
        self.words.first().map_or(0.0, |w| w.x0)
    }
    /// Right edge.
    pub fn x1(&self) -> f32 {
        self.words.iter().map(|w| w.x1).fold(f32::MIN, f32::max)
    }
    /// Top of its letters.
    pub fn top(&self) -> f32 {
        self.y - self.size * RISE
    }
    /// Bottom of its letters.
    pub fn bottom(&self) -> f32 {
        self.y + self.size * FALL
    }
    /// Whether all its words are bold.
    pub fn bold(&self) -> bool {
        self.words.iter().all(|w| w.bold || w.raised || !w.text.chars().any(char::is_alphanumeric))
    }
    /// Its words, for looking.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for word in &self.words {
            if !out.is_empty() && !word.glued {
                out.push(' ');
            }
            out.push_str(&word.text);
        }
        out
    }
}

/// The letters of a sheet: marks joined to their letters, hidden and doubled ones dropped.
pub fn letters(sheet: &Sheet) -> Vec<Letter> {
    gather(sheet, &sheet.glyphs)
}

/// The same for a group that runs in another direction.
pub fn gather(sheet: &Sheet, glyphs: &[Glyph]) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(glyphs.len());
    for glyph in glyphs.iter().filter(|g| !g.hidden) {
        if glyph.mark {
            // Behind its letter, which was drawn just before and stands where the mark is set.
            let near = |l: &&mut Letter| {
                (l.y - glyph.y).abs() < l.size && glyph.x0 > l.x0 - l.size && glyph.x0 < l.x1 + l.size && !l.is_space()
            };
            if let Some(letter) = out.last_mut().filter(near) {
                push(&mut letter.text, &glyph.text);
                continue;
            }
        }
        let mut text = String::new();
        push(&mut text, &glyph.text);
        let bold = sheet.fonts.get(usize::from(glyph.font)).is_some_and(|f| f.bold);
        out.push(Letter { text, x0: glyph.x0, x1: glyph.x1, y: glyph.y, size: glyph.size, bold });
    }
    out
}

fn push(out: &mut String, letters: &Letters) {
    match letters {
        Letters::Unknown => out.push('\u{fffd}'),
        // Nothing that is no character reaches the text.
        Letters::One(c) if c.is_control() => out.push(' '),
        Letters::One(c) => out.push(*c),
        Letters::Many(s) => out.extend(s.chars().map(|c| if c.is_control() { ' ' } else { c })),
    }
}

/// Sorts letters into lines from top to bottom, and each into words.
pub fn lines(mut letters: Vec<Letter>) -> Vec<VisLine> {
    letters.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Vec<Letter>> = Vec::new();
    for letter in letters {
        // Baselines ascend: only the last row can be meant.
        match rows.last_mut() {
            Some(row) if fits(row, &letter) => row.push(letter),
            _ => rows.push(vec![letter]),
        }
    }
    raise(&mut rows);
    let mut out: Vec<VisLine> = rows.into_iter().filter_map(line).collect();
    out.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0().total_cmp(&b.x0())));
    out
}

fn fits(row: &[Letter], letter: &Letter) -> bool {
    let Some(first) = row.first() else { return true };
    let size = first.size.max(letter.size);
    let alike = first.size.min(letter.size) >= SMALL * size;
    (letter.y - first.y).abs() <= if alike { LEVEL } else { LEVEL / 4.0 } * size
}

/// Size that most letters of a row have.
fn usual(row: &[Letter]) -> f32 {
    let mut sizes: Vec<f32> = row.iter().filter(|l| !l.is_space()).map(|l| l.size).collect();
    if sizes.is_empty() {
        return row.first().map_or(0.0, |l| l.size);
    }
    let middle = sizes.len() / 2;
    *sizes.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// Puts rows of small letters that are raised from (or lowered below) a row next to them into that row.
fn raise(rows: &mut Vec<Vec<Letter>>) {
    /// A row that holds more letters than this is a line of its own.
    const FEW: usize = 24;
    let spans: Vec<(f32, f32, f32, f32)> = rows
        .iter()
        .map(|row| {
            let x0 = row.iter().map(|l| l.x0).fold(f32::MAX, f32::min);
            let x1 = row.iter().map(|l| l.x1).fold(f32::MIN, f32::max);
            (row.first().map_or(0.0, |l| l.y), usual(row), x0, x1)
        })
        .collect();
    let mut target: Vec<Option<usize>> = vec![None; rows.len()];
    for at in 0..rows.len() {
        let (y, size, x0, x1) = spans[at];
        let drawn = rows[at].iter().filter(|l| !l.is_space()).count();
        if drawn > FEW {
            continue;
        }
        let into = |other: usize| -> Option<f32> {
            let (base, large, from, to) = *spans.get(other)?;
            let lift = base - y;
            let alike = size <= SMALL * large
                && lift <= 0.7 * large
                && lift >= -0.35 * large
                && x1 > from - large
                && x0 < to + large;
            alike.then_some(lift.abs())
        };
        let near = (at.saturating_sub(3)..at).chain(at + 1..(at + 4).min(rows.len()));
        target[at] = near
            .filter_map(|other| into(other).map(|d| (other, d)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
            .map(|found| found.0);
    }
    for at in 0..rows.len() {
        if let Some(into) = target[at].filter(|into| target[*into].is_none()) {
            let moved = std::mem::take(&mut rows[at]);
            rows[into].extend(moved);
        }
    }
    rows.retain(|row| !row.is_empty());
}

/// One row of letters as a line of words.
fn line(mut row: Vec<Letter>) -> Option<VisLine> {
    let size = usual(&row);
    let y = {
        let mut ys: Vec<f32> = row.iter().filter(|l| l.size >= SMALL * size && !l.is_space()).map(|l| l.y).collect();
        if ys.is_empty() {
            return None;
        }
        let middle = ys.len() / 2;
        *ys.select_nth_unstable_by(middle, f32::total_cmp).1
    };
    row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    // Bold made by printing twice, and text stroked after filling.
    row.dedup_by(|b, a| a.text == b.text && (b.x0 - a.x0).abs() < 0.12 * a.size && !b.is_space());
    let mut words: Vec<Word> = Vec::new();
    let mut open = false;
    for letter in row {
        if letter.is_space() {
            open = false;
            continue;
        }
        let raised = letter.size <= SMALL * size && y - letter.y > 0.12 * size;
        if let Some(word) = words.last_mut() {
            let gap = letter.x0 - word.x1;
            let near = gap <= GAP * size.max(letter.size).min(word.size.max(letter.size));
            if open && near && word.raised == raised {
                word.text.push_str(&letter.text);
                word.x1 = word.x1.max(letter.x1);
                word.bold &= letter.bold;
                continue;
            }
            let glued = open && near;
            words.push(start(letter, raised, glued));
        } else {
            words.push(start(letter, raised, false));
        }
        open = true;
    }
    (!words.is_empty()).then_some(VisLine { words, y, size })
}

fn start(letter: Letter, raised: bool, glued: bool) -> Word {
    Word {
        text: letter.text,
        x0: letter.x0,
        x1: letter.x1,
        y: letter.y,
        size: letter.size,
        bold: letter.bold,
        raised,
        glued,
        doubt: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::pdf::walk::FontFace;

    /// Letters of 0.5 em from `x` on; `|` leaves a gap without a drawn space.
    fn set(text: &str, x: f32, y: f32, size: f32) -> Vec<Letter> {
        let mut out = Vec::new();
        let mut x0 = x;
        for c in text.chars() {
            if c != '|' {
                let x1 = x0 + size * 0.5;
                out.push(Letter { text: c.to_string(), x0, x1, y, size, bold: false });
                x0 = x1;
            } else {
                x0 += size * 0.3;
            }
        }
        out
    }

    fn texts(letters: Vec<Letter>) -> Vec<String> {
        lines(letters).iter().map(VisLine::text).collect()
    }

    #[test]
    fn gaps_and_spaces_part_words() {
        let line = lines(set("Số|hồ sơ", 10.0, 100.0, 12.0)).remove(0);
        assert_eq!(line.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["Số", "hồ", "sơ"]);
    }

    #[test]
    fn a_raised_mark_is_a_word_of_its_own() {
        let mut letters = set("năm 2023", 10.0, 100.0, 12.0);
        let end = letters.last().unwrap().x1;
        letters.extend(set("1", end, 95.8, 7.0));
        letters.extend(set(", còn", end + 4.0, 100.0, 12.0));
        let lines = lines(letters);
        assert_eq!(lines.len(), 1);
        let words: Vec<_> = lines[0].words.iter().map(|w| (w.text.as_str(), w.raised, w.glued)).collect();
        let want = [
            ("năm", false, false),
            ("2023", false, false),
            ("1", true, true),
            (",", false, true),
            ("còn", false, false),
        ];
        assert_eq!(words, want);
    }

    #[test]
    fn a_raised_mark_before_its_line() {
        let mut letters = set("10", 30.0, 95.8, 6.0);
        letters.extend(set("Quyết định", 37.0, 100.0, 10.0));
        let lines = lines(letters);
        assert_eq!((lines.len(), lines[0].words[0].raised), (1, true));
    }

    #[test]
    fn letters_drawn_late_stand_where_they_belong() {
        let mut letters = set("TH C HI N", 10.0, 50.0, 10.0);
        letters.retain(|l| l.text != " ");
        letters.extend(set("Ự", 20.0, 50.0, 10.0));
        letters.extend(set("Ệ", 45.0, 50.0, 10.0));
        assert_eq!(texts(letters), ["THỰC HIỆN"]);
    }

    #[test]
    fn marks_stay_behind_their_letter() {
        let glyph = |c: char, x0: f32, x1: f32| Glyph {
            text: Letters::One(c),
            x0,
            x1,
            y: 10.0,
            size: 12.0,
            font: 0,
            mark: super::super::walk::is_mark(c),
            hidden: false,
        };
        // The second mark is set further left than the first.
        let sheet = Sheet {
            glyphs: vec![
                glyph('b', 0.0, 6.0),
                glyph('a', 6.0, 12.0),
                glyph('\u{306}', 11.0, 11.0),
                glyph('\u{300}', 10.0, 10.0),
                glyph('n', 12.0, 18.0),
                glyph('g', 18.0, 24.0),
            ],
            fonts: vec![FontFace::default()],
            ..Sheet::default()
        };
        assert_eq!(texts(letters(&sheet)), ["ba\u{306}\u{300}ng"]);
    }

    #[test]
    fn doubled_letters_are_printed_once() {
        let mut letters = set("BÁO", 10.0, 50.0, 14.0);
        letters.extend(set("BÁO", 10.3, 50.0, 14.0));
        assert_eq!(texts(letters), ["BÁO"]);
    }

    #[test]
    fn two_lines_stay_two() {
        let mut letters = set("dòng một", 10.0, 50.0, 12.0);
        letters.extend(set("dòng hai", 10.0, 63.0, 12.0));
        letters.extend(set("nhỏ", 10.0, 74.0, 9.0));
        assert_eq!(texts(letters).len(), 3);
    }
}
