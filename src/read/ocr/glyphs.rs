//! The shapes of printed figures: an alphabet learnt from the document itself, and a third reading by it.
//!
//! A recognizer that has learnt lines of text errs on lone figures (`2.1.`, `7`), while the shapes of one document's figures hardly
//! differ. So the figures that were read with certainty teach what its `0` to `9`, its point and its comma look like (an adaptive
//! classifier, as in Smith 2007 for Tesseract 3), and every figure is read once more by its nearest shapes. A shape with no near
//! relative is not read.

use super::gray::{Gray, Rect};

/// Pixels across and down of a shape.
const ACROSS: usize = 12;
const DOWN: usize = 16;
/// More pieces than any figure has characters.
const MAX_PIECES: usize = 32;
/// Shapes kept for each character.
const MAX_SHAPES: usize = 48;
/// Shapes nearer than this are one.
const SAME: f32 = 0.06;
/// Farther than this a shape is not the character.
const FAR: f32 = 0.13;
/// Shapes so much farther than the nearest still have a say.
const NEAR: f32 = 0.035;
/// A gap of so many heights is a space.
const SPACE: f32 = 0.42;

/// One printed character.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    ink: [u8; ACROSS * DOWN],
    /// Width by the height of a figure.
    width: f32,
    /// Height by the height of a figure.
    pub height: f32,
    /// How far it hangs below the line, by the height of a figure; negative where it ends above it.
    pub drop: f32,
    /// Its box on the page.
    pub rect: Rect,
    /// A space stands before it.
    spaced: bool,
}

/// Cuts a box of one line into characters; empty where that cannot be done.
pub fn glyphs(page: &Gray, rect: Rect, dpi: f32) -> Vec<Glyph> {
    let rect = rect.within(page.width, page.height);
    let part = page.crop(rect);
    let (w, h) = (part.width, part.height);
    if w < 3 || h < 3 || w > 2000 || h > 400 {
        return Vec::new();
    }
    let mut values = part.data.clone();
    let middle = values.len() / 2;
    let paper = i32::from(*values.select_nth_unstable(middle).1);
    let dark = i32::from(part.data.iter().copied().min().unwrap_or(255));
    if paper - dark < 50 {
        return Vec::new();
    }
    let cut = ((paper + dark) / 2) as u8;
    let least = ((dpi / 100.0) * (dpi / 100.0)) as usize;
    let Some(pieces) = pieces(&part, cut, least) else { return Vec::new() };
    let tallest = pieces.iter().map(Rect::height).max().unwrap_or(0);
    let mut tall: Vec<&Rect> = pieces.iter().filter(|p| p.height() * 10 > tallest * 6).collect();
    tall.sort_by_key(|p| p.height());
    let Some(usual) = tall.get(tall.len().saturating_sub(1) / 2).map(|p| p.height().max(1) as f32) else {
        return Vec::new();
    };
    let mut feet: Vec<i32> =
        pieces.iter().filter(|p| (p.height() as f32 - usual).abs() < 0.2 * usual).map(|p| p.y1).collect();
    feet.sort_unstable();
    let ground = feet.get(feet.len() / 2).copied().unwrap_or(0);
    let mut last: Option<i32> = None;
    pieces
        .iter()
        .map(|p| {
            let small = part.crop(*p).resized(ACROSS, DOWN);
            let mut ink = [0u8; ACROSS * DOWN];
            for (to, from) in ink.iter_mut().zip(&small.data) {
                *to = ((paper - i32::from(*from)) * 255 / (paper - dark)).clamp(0, 255) as u8;
            }
            let spaced = last.is_some_and(|x| (p.x0 - x) as f32 > SPACE * usual);
            last = Some(p.x1);
            Glyph {
                ink,
                width: p.width() as f32 / usual,
                height: p.height() as f32 / usual,
                drop: (p.y1 - ground) as f32 / usual,
                rect: Rect::new(p.x0 + rect.x0, p.y0 + rect.y0, p.x1 + rect.x0, p.y1 + rect.y0),
                spaced,
            }
        })
        .collect()
}

/// Connected pieces of ink from left to right, those above each other as one (`%`, `:`).
fn pieces(image: &Gray, cut: u8, least: usize) -> Option<Vec<Rect>> {
    let (w, h) = (image.width, image.height);
    let mut seen = vec![false; w * h];
    let mut found: Vec<Rect> = Vec::new();
    let mut stack: Vec<(i32, i32)> = Vec::new();
    for start in 0..w * h {
        if seen[start] || image.data[start] >= cut {
            continue;
        }
        let (mut size, mut rect) = (0, Rect::new(i32::MAX, i32::MAX, 0, 0));
        stack.push(((start % w) as i32, (start / w) as i32));
        seen[start] = true;
        while let Some((x, y)) = stack.pop() {
            size += 1;
            rect = rect.union(&Rect::new(x, y, x + 1, y + 1));
            for (nx, ny) in (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (x + dx, y + dy))) {
                if nx < 0 || ny < 0 || nx >= w as i32 || ny >= h as i32 {
                    continue;
                }
                let at = ny as usize * w + nx as usize;
                if !seen[at] && image.data[at] < cut {
                    seen[at] = true;
                    stack.push((nx, ny));
                }
            }
        }
        if size >= least {
            found.push(rect);
        }
        if found.len() > 4 * MAX_PIECES {
            return None;
        }
    }
    found.sort_by_key(|r| (r.x0, r.y0));
    let mut out: Vec<Rect> = Vec::new();
    for rect in found {
        match out.last_mut() {
            Some(last) if (last.x1.min(rect.x1) - last.x0.max(rect.x0)) * 10 > 3 * last.width().min(rect.width()) => {
                *last = last.union(&rect);
            }
            _ => out.push(rect),
        }
    }
    (!out.is_empty() && out.len() <= MAX_PIECES).then_some(out)
}

/// How unlike two shapes are; 0 for the same.
fn distance(a: &Glyph, b: &Glyph) -> f32 {
    let size = ((a.width - b.width).abs() + (a.height - b.height).abs() + (a.drop - b.drop).abs()) / 2.0;
    if size > 2.0 * FAR {
        return 1.0;
    }
    let sum: u32 = a.ink.iter().zip(&b.ink).map(|(x, y)| u32::from(x.abs_diff(*y))).sum();
    size + sum as f32 / (255 * ACROSS * DOWN) as f32
}

/// The characters that figures are made of.
pub fn is_figure_char(c: char) -> bool {
    matches!(c, '0'..='9' | '.' | ',' | '(' | ')' | '-' | '%' | '/' | '<' | '>' | '=' | ';' | ':' | '+')
}

/// Whether a text is a Roman number as rows and headings have them: `IV`, `IV.`
pub fn is_roman(text: &str) -> bool {
    let bare = text.trim_end_matches(['.', ')']);
    (1..=5).contains(&bare.len())
        && text.len() <= bare.len() + 1
        && bare.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

/// What a document's figures look like; Roman ones too, lest a lone `I` be taken for a 1.
#[derive(Debug, Default)]
pub struct Alphabet {
    shapes: Vec<(char, Glyph, u32)>,
}

/// A figure read by its shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Spelling {
    /// Its characters.
    pub text: String,
    /// Whether every character has several near relatives and no rival.
    pub strong: bool,
}

impl Alphabet {
    /// Learns from a figure that was read with certainty.
    pub fn learn(&mut self, text: &str, glyphs: &[Glyph]) {
        if !fits(text, glyphs) {
            return;
        }
        for (c, glyph) in text.chars().zip(glyphs) {
            let mut kin = 0;
            let mut nearest: Option<(f32, usize)> = None;
            for (at, (_, shape, _)) in self.shapes.iter().enumerate().filter(|(_, s)| s.0 == c) {
                kin += 1;
                let far = distance(shape, glyph);
                if far < SAME && nearest.is_none_or(|n| far < n.0) {
                    nearest = Some((far, at));
                }
            }
            match nearest.and_then(|(_, at)| self.shapes.get_mut(at)) {
                Some(shape) => shape.2 += 1,
                None if kin < MAX_SHAPES => self.shapes.push((c, glyph.clone(), 1)),
                None => {}
            }
        }
    }

    /// Reads a figure. `own`: what it taught, if it did, which is not counted as its own proof.
    pub fn read(&self, glyphs: &[Glyph], own: Option<&str>) -> Option<Spelling> {
        if glyphs.is_empty() {
            return None;
        }
        let own: Vec<char> = own.filter(|t| fits(t, glyphs)).map(|t| t.chars().collect()).unwrap_or_default();
        let mut text = String::new();
        let mut strong = true;
        for (at, glyph) in glyphs.iter().enumerate() {
            let (c, sure) = self.nearest(glyph, own.get(at).copied())?;
            if glyph.spaced {
                text.push(' ');
            }
            text.push(c);
            strong &= sure;
        }
        Some(Spelling { text, strong })
    }

    fn nearest(&self, glyph: &Glyph, own: Option<char>) -> Option<(char, bool)> {
        let mut near: Vec<(f32, char, u32)> = Vec::new();
        for (c, shape, count) in &self.shapes {
            let far = distance(shape, glyph);
            let taught = own == Some(*c) && far < SAME;
            let count = if taught { count - 1 } else { *count };
            if far < FAR && count > 0 {
                near.push((far, *c, count));
            }
        }
        let best = near.iter().map(|n| n.0).reduce(f32::min)?;
        near.retain(|n| n.0 <= best + NEAR);
        let all: u32 = near.iter().map(|n| n.2).sum();
        let (mut c, mut most) = (' ', 0);
        for candidate in near.iter().map(|n| n.1) {
            let votes = near.iter().filter(|n| n.1 == candidate).map(|n| n.2).sum();
            if votes > most {
                (c, most) = (candidate, votes);
            }
        }
        Some((c, most >= 2 && most * 5 >= all * 4 && best < FAR * 0.8))
    }
}

/// Whether a reading has one character for each shape and could be a figure.
fn fits(text: &str, glyphs: &[Glyph]) -> bool {
    let figure = text.chars().all(is_figure_char) && text.bytes().any(|b| b.is_ascii_digit());
    text.chars().count() == glyphs.len() && (figure || is_roman(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures as blocks: enough to be unlike each other.
    fn draw(text: &str) -> Gray {
        let mut image = Gray::filled(30 * text.len() + 20, 60, 245);
        for (i, c) in text.chars().enumerate() {
            let x = 10 + 30 * i as i32;
            match c {
                '0' => {
                    image.paint(Rect::new(x, 10, x + 18, 40), 10);
                    image.paint(Rect::new(x + 5, 15, x + 13, 35), 245);
                }
                '1' => image.paint(Rect::new(x + 6, 10, x + 11, 40), 10),
                '7' => {
                    image.paint(Rect::new(x, 10, x + 18, 15), 10);
                    image.paint(Rect::new(x + 12, 10, x + 18, 40), 10);
                }
                '.' => image.paint(Rect::new(x, 35, x + 5, 40), 10),
                ',' => image.paint(Rect::new(x, 35, x + 5, 47), 10),
                _ => {}
            }
        }
        image
    }

    fn shapes(text: &str) -> Vec<Glyph> {
        let image = draw(text);
        glyphs(&image, Rect::new(0, 0, image.width as i32, image.height as i32), 200.0)
    }

    #[test]
    fn what_was_learnt_is_read() {
        let mut alphabet = Alphabet::default();
        for text in ["10", "107", "7.1", "70.0", "1,7", "0,0"] {
            assert_eq!(shapes(text).len(), text.len());
            alphabet.learn(text, &shapes(text));
        }
        let read = alphabet.read(&shapes("71,00"), None).unwrap();
        assert_eq!(read.text.replace(' ', ""), "71,00");
        assert!(read.strong);
        assert_eq!(alphabet.read(&shapes("7.0"), None).unwrap().text.replace(' ', ""), "7.0");
    }

    #[test]
    fn a_figure_is_not_its_own_proof() {
        let mut alphabet = Alphabet::default();
        alphabet.learn("1", &shapes("7"));
        assert_eq!(alphabet.read(&shapes("7"), Some("1")), None);
        assert_eq!(alphabet.read(&shapes("0"), None), None, "never seen");
        alphabet.learn("7", &shapes("7"));
        alphabet.learn("7", &shapes("7"));
        alphabet.learn("7", &shapes("7"));
        alphabet.learn("7", &shapes("7"));
        let read = alphabet.read(&shapes("7"), Some("1")).unwrap();
        assert_eq!((read.text.as_str(), read.strong), ("7", true));
    }

    #[test]
    fn letters_and_wrong_counts_teach_nothing() {
        let mut alphabet = Alphabet::default();
        alphabet.learn("10", &shapes("107"));
        alphabet.learn("IO", &shapes("10"));
        assert!(alphabet.read(&shapes("10"), None).is_none());
    }
}
