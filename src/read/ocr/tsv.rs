//! Tesseract's TSV in, words out.

use super::gray::Rect;
use super::readings::Doubt;

/// A word as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// Its characters; never empty, no white space.
    pub text: String,
    /// Its box in pixels of the image.
    pub rect: Rect,
    /// How sure the reading is, 0 to 1.
    pub confidence: f32,
    /// Number of its line in the image; lines are numbered in reading order.
    pub line: u32,
    /// What is needed to settle it, if it may be a figure.
    pub doubt: Option<Box<Doubt>>,
    /// Small and raised above its line: the mark of a note.
    pub raised: bool,
    /// Follows the word before without a space.
    pub glued: bool,
}

/// Adds the words of each image; `pages[i]` is the i-th image of the list.
pub fn parse(text: &str, pages: &mut [Vec<Word>]) {
    let mut line = (0u32, 0u32, 0u32, 0u32);
    let mut number = 0u32;
    for row in text.lines().skip(1) {
        let mut fields = row.splitn(12, '\t');
        let mut next = || fields.next().and_then(|f| f.parse::<i32>().ok()).unwrap_or(-1);
        let level = next();
        let (page, block, par, at) = (next(), next(), next(), next());
        let _word = next();
        let (left, top, width, height) = (next(), next(), next(), next());
        let (Some(confidence), Some(word)) = (fields.next().and_then(|f| f.parse::<f32>().ok()), fields.next()) else {
            continue;
        };
        let word = word.trim();
        if level != 5 || word.is_empty() || width <= 0 || height <= 0 {
            continue;
        }
        let now = (page.max(0) as u32, block.max(0) as u32, par.max(0) as u32, at.max(0) as u32);
        if now != line {
            if now.0 != line.0 {
                number = 0;
            }
            number += 1;
            line = now;
        }
        let Some(words) = (page.max(1) as usize).checked_sub(1).and_then(|i| pages.get_mut(i)) else { continue };
        let text: String = word.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        if text.is_empty() {
            continue;
        }
        words.push(Word {
            text,
            rect: Rect::new(left, top, left.saturating_add(width), top.saturating_add(height)),
            confidence: (confidence / 100.0).clamp(0.0, 1.0),
            line: number,
            doubt: None,
            raised: false,
            glued: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_two_images() {
        let text = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            1\t1\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n\
            5\t1\t1\t1\t1\t1\t10\t5\t30\t12\t96.5\tHồ\n\
            5\t1\t1\t1\t1\t2\t45\t5\t20\t12\t91.0\tsơ\n\
            5\t1\t1\t1\t2\t1\t10\t25\t20\t12\t20\t|\n\
            1\t2\t0\t0\t0\t0\t0\t0\t100\t50\t-1\t\n\
            5\t2\t1\t1\t1\t1\t7\t5\t20\t12\t88.25\t12,5\n\
            5\t2\t1\t1\t1\t2\t7\t5\t20\t12\t50\t \n\
            5\t9\t1\t1\t1\t1\t7\t5\t20\t12\t88.25\tno\n\
            broken\tline\n";
        let mut pages = vec![Vec::new(), Vec::new()];
        parse(text, &mut pages);
        assert_eq!(
            pages[0].iter().map(|w| (w.text.as_str(), w.line)).collect::<Vec<_>>(),
            [("Hồ", 1), ("sơ", 1), ("|", 2)]
        );
        assert_eq!(pages[1].len(), 1);
        assert_eq!(pages[1][0].rect, Rect::new(7, 5, 27, 17));
        assert!((pages[1][0].confidence - 0.8825).abs() < 1e-6);
    }
}
