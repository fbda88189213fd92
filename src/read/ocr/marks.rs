//! Marks of notes: small raised figures stuck to a word (`2023¹.` is read as `2023!.` or `20231.`) or alone before a note.
//!
//! They are told by their place: the shapes of a word's characters say which are small and hang above the line. A mark becomes a
//! word of its own, so that it never joins the number before it, and is read for itself.

use super::glyphs::{Glyph, glyphs};
use super::gray::{Gray, Rect};
use super::tsv::Word;

/// What a raised figure that stands alone is misread as.
const LOOKS: [char; 9] = ['!', 'l', '|', '\'', '’', '`', '*', '°', '?'];

fn is_raised(glyph: &Glyph) -> bool {
    // Quotation marks are shorter.
    (0.45..0.78).contains(&glyph.height) && glyph.drop < -0.28
}

fn is_stop(glyph: &Glyph) -> bool {
    glyph.height < 0.5 && glyph.drop > -0.2
}

/// Characters of a word: before the mark, of the mark, after it.
fn cut(glyphs: &[Glyph]) -> Option<(usize, usize, usize)> {
    let after = glyphs.iter().rev().take_while(|g| is_stop(g)).count();
    let rest = glyphs.get(..glyphs.len() - after)?;
    let mark = rest.iter().rev().take_while(|g| is_raised(g)).count();
    let before = rest.len() - mark;
    let stands = rest.get(..before)?.iter().any(|g| g.height > 0.8);
    ((1..=2).contains(&mark) && after <= 2 && stands).then_some((before, mark, after))
}

/// Parts words from the marks stuck to them, and tells the marks that stand alone.
pub fn part(words: Vec<Word>, page: &Gray, dpi: f32) -> Vec<Word> {
    let mut out = Vec::with_capacity(words.len() + 4);
    for word in words {
        match split(&word, page, dpi) {
            Some(parts) => out.extend(parts),
            None => out.push(word),
        }
    }
    lone(&mut out);
    out
}

fn split(word: &Word, page: &Gray, dpi: f32) -> Option<Vec<Word>> {
    let count = word.text.chars().count();
    if !(2..=40).contains(&count) || word.raised {
        return None;
    }
    let shapes = glyphs(page, word.rect.grown(2), dpi);
    let (before, mark, after) = cut(&shapes)?;
    let chars: Vec<char> = word.text.chars().collect();
    // Counted from the end: letters before the mark may touch.
    let at = chars.len().checked_sub(mark + after)?;
    let seen = chars.get(at..at + mark)?;
    if at == 0 || shapes.len() != chars.len() && !seen.iter().all(|c| c.is_ascii_digit() || !c.is_alphanumeric()) {
        return None;
    }
    let rect = shapes.get(before..before + mark)?.iter().map(|g| g.rect).reduce(|a, b| a.union(&b))?;
    let (head, tail): (String, String) = (chars[..at].iter().collect(), chars[at + mark..].iter().collect());
    let piece = |text: String, rect: Rect, raised| Word { text, rect, raised, ..word.clone() };
    let mut parts = vec![
        piece(head, Rect { x1: rect.x0.max(word.rect.x0 + 1), ..word.rect }, false),
        Word { glued: true, ..piece(seen.iter().collect(), rect, true) },
    ];
    if !tail.is_empty() {
        parts.push(piece(tail, Rect { x0: rect.x1.min(word.rect.x1 - 1), ..word.rect }, false));
        if let Some(stop) = parts.last_mut() {
            stop.glued = true;
        }
    }
    Some(parts)
}

/// Short words that are small and hang above the middle of their line.
fn lone(words: &mut [Word]) {
    let mut from = 0;
    while from < words.len() {
        let line = words[from].line;
        let to = from + words[from..].iter().take_while(|w| w.line == line).count();
        let mut sizes: Vec<(i32, i32)> = words[from..to]
            .iter()
            .filter(|w| !w.raised && w.text.chars().filter(|c| c.is_alphanumeric()).count() >= 2)
            .map(|w| (w.rect.height(), w.rect.y1))
            .collect();
        if sizes.len() >= 2 {
            sizes.sort_unstable();
            let height = sizes[sizes.len() / 2].0;
            sizes.sort_unstable_by_key(|s| s.1);
            // Words with letters that fall below the line end lower than the line.
            let ground = sizes[sizes.len() / 4].1;
            for (at, word) in words[from..to].iter_mut().enumerate() {
                let short = word.text.chars().count() <= 2;
                let small = word.rect.height() * 10 < height * 7 && word.rect.height() * 10 > height * 3;
                let high = word.rect.y1 < ground - height / 4;
                let bullet = matches!(word.text.as_str(), "+" | "-" | "–" | "—" | "•" | "·" | "o" | "~");
                let digits = word.text.bytes().all(|b| b.is_ascii_digit());
                let looks = at == 0 || word.text.chars().all(|c| LOOKS.contains(&c));
                word.raised |= short && small && high && !bullet && (digits || looks);
            }
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of 14×28 pixels on a line; `'` is a small raised one, `.` a stop.
    fn draw(text: &str) -> (Gray, Word) {
        let mut page = Gray::filled(40 + 20 * text.len(), 80, 250);
        for (i, c) in text.chars().enumerate() {
            let x = 10 + 20 * i as i32;
            match c {
                '\'' => page.paint(Rect::new(x, 16, x + 8, 32), 10),
                '"' => page.paint(Rect::new(x, 20, x + 8, 30), 10),
                '.' => page.paint(Rect::new(x, 44, x + 4, 48), 10),
                _ => page.paint(Rect::new(x, 20, x + 14, 48), 10),
            }
        }
        let rect = Rect::new(8, 14, 10 + 20 * text.len() as i32, 50);
        let word = Word { text: text.into(), rect, confidence: 0.5, line: 1, doubt: None, raised: false, glued: false };
        (page, word)
    }

    fn parted(text: &str, read: &str) -> Vec<(String, bool)> {
        let (page, word) = draw(text);
        let words = part(vec![Word { text: read.into(), ..word }], &page, 200.0);
        words.into_iter().map(|w| (w.text, w.raised)).collect()
    }

    #[test]
    fn marks_are_parted_from_words() {
        let pair = |a: &str, b: bool| (a.to_string(), b);
        assert_eq!(parted("2023'.", "2023!."), [pair("2023", false), pair("!", true), pair(".", false)]);
        assert_eq!(parted("2023'", "20231"), [pair("2023", false), pair("1", true)]);
        assert_eq!(parted("2023", "2023"), [pair("2023", false)]);
        assert_eq!(parted("an\"", "an”"), [pair("an”", false)]);
    }

    #[test]
    fn marks_before_notes() {
        let word = |text: &str, x: i32, y0: i32, y1: i32| Word {
            text: text.into(),
            rect: Rect::new(x, y0, x + 30, y1),
            confidence: 0.9,
            line: 4,
            doubt: None,
            raised: false,
            glued: false,
        };
        let mut words =
            [word("'", 0, 95, 106), word("Công", 40, 100, 125), word("văn", 80, 99, 120), word("số", 120, 98, 119)];
        lone(&mut words);
        assert_eq!(words.map(|w| w.raised), [true, false, false, false]);
    }
}
