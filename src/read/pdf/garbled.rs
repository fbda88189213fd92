//! Is the text of a page what is printed? Pages of pictures, watermarks, invisible layers, fonts that lie about their letters.

use super::PageKind;
use super::open::contained;
use super::walk::Sheet;
use super::words::{letters, lines};
use crate::text::syllable::is_syllable;
use std::sync::mpsc;
use std::time::Duration;

/// A page with fewer visible letters than this has no text of its own (a page number, a stamp, a watermark).
const FEW: usize = 24;
/// Share of the page that a picture of its text covers.
const COVERED: f32 = 0.35;
/// So many filled shapes are letters turned into outlines.
const OUTLINES: usize = 150;
/// Words that a judgement of the letters needs.
const ENOUGH: usize = 30;
/// Largest file given to the second reader.
const MAX_SECOND: usize = 8 << 20;
/// Time it is given; it is left to itself then.
const SECOND_TIME: Duration = Duration::from_secs(20);

/// How a page is to be read.
pub fn kind(sheet: &Sheet) -> PageKind {
    let visible = sheet.glyphs.iter().filter(|g| !g.hidden).count();
    let hidden = sheet.glyphs.len() - visible;
    let area = (sheet.width * sheet.height).max(1.0);
    let covered: f32 = sheet.pictures.iter().map(|r| (r[2] - r[0]) * (r[3] - r[1]) / area).sum();
    let pictured = covered >= COVERED || sheet.shapes >= OUTLINES;
    if visible < FEW {
        return match () {
            _ if pictured || (hidden >= FEW && covered > 0.0) => PageKind::Scan,
            _ if visible == 0 && sheet.sideways.is_empty() => PageKind::Blank,
            _ => PageKind::Text,
        };
    }
    let text: Vec<String> = lines(letters(sheet)).iter().map(|l| l.text()).collect();
    // A stamp or a signature block over a scan: little text on a page that a picture fills.
    if covered >= 0.8 && visible < 400 && (hidden > visible || text.len() < 12) {
        return PageKind::Scan;
    }
    if garbled(text.iter().flat_map(|l| l.split(' '))) { PageKind::Garbled } else { PageKind::Text }
}

/// Whether words are letters without sense: unmapped ones, or words that spell no syllables of the language although most of
/// their letters are of its alphabet.
pub fn garbled<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let (mut letters, mut unknown) = (0usize, 0usize);
    let (mut judged, mut valid, mut legacy) = (0usize, 0usize, 0usize);
    for word in words {
        for c in word.chars() {
            letters += 1;
            unknown += usize::from(matches!(c, '\u{fffd}' | '\u{e000}'..='\u{efff}' | '\u{0}'..='\u{1f}'));
        }
        let core = word.trim_matches(|c: char| !c.is_alphabetic());
        let length = core.chars().count();
        // Signs that never stand inside a word of a report; addresses hold others.
        let signs = core
            .chars()
            .filter(|c| matches!(c, '\\' | '^' | '`' | '{' | '}' | '|' | '~' | '<' | '>' | '$' | '#'))
            .count();
        if signs > 0 {
            judged += 1;
        } else if (2..=12).contains(&length) && core.chars().all(char::is_alphabetic) {
            judged += 1;
            valid += usize::from(is_syllable(core));
        } else if length > 1 && core.chars().any(|c| ('\u{a1}'..='\u{ff}').contains(&c)) {
            legacy += 1;
        }
    }
    if letters > 0 && unknown * 5 > letters {
        return true;
    }
    // Letters of an old encoding look like nonsense too, and can be decoded.
    judged >= ENOUGH && valid * 20 < judged * 7 && legacy * 8 < judged
}

/// The text of a PDF as another library reads it, in the order of its drawing instructions; None where that library fails.
/// or does not end. For telling a misread from a misprint; slow, so only for files in doubt.
pub fn second_opinion(bytes: &[u8]) -> Option<String> {
    if bytes.len() > MAX_SECOND {
        return None;
    }
    let (send, receive) = mpsc::channel();
    let bytes = bytes.to_vec();
    std::thread::spawn(move || {
        let text = contained(|| pdf_extract::extract_text_from_mem(&bytes).ok()).flatten();
        // Nobody waits any more after the time is up.
        let _ = send.send(text);
    });
    receive.recv_timeout(SECOND_TIME).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::walk::{Glyph, Letters};
    use super::*;

    #[test]
    fn sense_and_nonsense() {
        let sense =
            "kết quả giải quyết thủ tục hành chính của xã trong kỳ báo cáo là một trăm hồ sơ đúng hạn ".repeat(3);
        assert!(!garbled(sense.split(' ')));
        let shifted: String = sense
            .chars()
            .map(|c| if c.is_ascii_alphabetic() { ((c as u8 - b'a' + 7) % 26 + b'a') as char } else { c })
            .collect();
        let nonsense: String = shifted.chars().map(|c| if c.is_ascii() { c } else { 'q' }).collect();
        assert!(garbled(nonsense.split(' ')));
        assert!(garbled("\u{fffd}\u{fffd} 12 \u{fffd}".split(' ')));
        // Figures alone are not judged.
        assert!(!garbled("1 2 3,5 1.250 100% 12/15".split(' ')));
    }

    fn page(visible: usize, hidden: usize, covered: f32) -> Sheet {
        let glyph = |hidden| Glyph {
            text: Letters::One('a'),
            x0: 0.0,
            x1: 5.0,
            y: 50.0,
            size: 10.0,
            font: 0,
            mark: false,
            hidden,
        };
        Sheet {
            width: 100.0,
            height: 100.0,
            glyphs: (0..visible).map(|_| glyph(false)).chain((0..hidden).map(|_| glyph(true))).collect(),
            pictures: if covered > 0.0 { vec![[0.0, 0.0, 100.0, 100.0 * covered]] } else { Vec::new() },
            ..Sheet::default()
        }
    }

    #[test]
    fn pictures_of_pages() {
        assert_eq!(kind(&page(0, 0, 1.0)), PageKind::Scan);
        assert_eq!(kind(&page(8, 0, 1.0)), PageKind::Scan);
        assert_eq!(kind(&page(0, 500, 1.0)), PageKind::Scan);
        assert_eq!(kind(&page(0, 0, 0.0)), PageKind::Blank);
        assert_eq!(kind(&page(3, 0, 0.0)), PageKind::Text);
        assert_eq!(kind(&page(500, 0, 0.2)), PageKind::Text);
    }
}
