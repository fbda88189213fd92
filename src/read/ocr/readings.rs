//! Readings of the same print: one with the settings for text, one with those for figures, one by the shapes that the document
//! itself taught. Which of them holds, and how sure it is.
//!
//! Text settings misread lone figures and take a decimal comma for a point; figure settings make figures of letters. Words that may
//! be figures keep all they need until the whole document is read; then its alphabet is learnt and each is settled.

use super::glyphs::{Alphabet, Glyph, is_figure_char, is_roman};
use super::tsv::Word;

/// What is kept of a word that may be a figure.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Doubt {
    /// The reading with the settings for figures, and how sure it is.
    pub figure: String,
    /// 0 to 1.
    pub confidence: f32,
    /// Its shapes.
    pub glyphs: Vec<Glyph>,
}

/// Readings at least so sure teach the alphabet.
const TEACHES: f32 = 0.88;
/// Text read at least so surely stands.
const FIRM: f32 = 0.8;
/// The confidence of a figure on which readings differ; never above it.
const DIFFER: f32 = 0.5;

/// Whether a word of running text or of a label is a figure that the settings for text may have misread.
pub fn is_figure(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit()) && text.chars().all(is_figure_char)
}

/// Whether a short cell was surely read as text.
pub fn is_text(words: &[Word]) -> bool {
    let letters: usize = words.iter().map(|w| w.text.chars().filter(|c| c.is_alphabetic()).count()).sum();
    let digits: usize = words.iter().map(|w| w.text.bytes().filter(u8::is_ascii_digit).count()).sum();
    let sure = words.iter().map(|w| w.confidence).fold(1.0, f32::min);
    (letters >= 2 && letters > digits && sure >= FIRM) || (letters >= 5 && letters > 2 * digits && sure >= 0.3)
}

/// One reading of several words.
pub fn joined(words: &[Word]) -> (String, f32) {
    let text: Vec<&str> = words.iter().map(|w| w.text.as_str()).collect();
    (text.join(" "), words.iter().map(|w| w.confidence).reduce(f32::min).unwrap_or(0.0))
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Digits only: equal for readings that differ in their marks.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Teaches the alphabet, if the word is read surely enough.
pub fn teach(word: &Word, alphabet: &mut Alphabet) {
    if let Some(lesson) = lesson(word) {
        alphabet.learn(&lesson, word.doubt.as_ref().map_or(&[], |d| &d.glyphs));
    }
}

/// What a word teaches: the reading for figures, if it is sure or if both readings are the same.
fn lesson(word: &Word) -> Option<String> {
    let doubt = word.doubt.as_ref().filter(|_| !word.raised)?;
    if is_roman(&word.text) && word.confidence >= TEACHES {
        return Some(word.text.clone());
    }
    let figure = bare(&doubt.figure);
    let same = digits(&word.text) == digits(&figure) && !figure.is_empty();
    let enough = if same { TEACHES - 0.15 } else { TEACHES };
    (doubt.confidence >= enough && (same || word.confidence < doubt.confidence)).then_some(figure)
}

/// Decides a word that may be a figure.
pub fn settle(word: &mut Word, alphabet: &Alphabet) {
    let Some(doubt) = word.doubt.take() else { return };
    let lesson = {
        let kept = Word { doubt: Some(doubt.clone()), ..word.clone() };
        lesson(&kept)
    };
    let shape = alphabet.read(&doubt.glyphs, lesson.as_deref());
    if word.raised {
        return settle_mark(word, &doubt, shape.map(|s| s.text));
    }
    let (text, figure) = (bare(&word.text), bare(&doubt.figure));
    let text_sure = word.confidence;
    let has_digit = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if is_roman(&text) && text_sure >= 0.7 && !shape.as_ref().is_some_and(|s| s.strong && bare(&s.text) != text) {
        return;
    }
    if let Some(shape) = shape.filter(|s| has_digit(&s.text) || s.strong && is_roman(&s.text)) {
        let spelled = bare(&shape.text);
        let agree = [(&figure, doubt.confidence), (&text, text_sure)];
        let same = agree.iter().filter(|(t, _)| **t == spelled).count();
        let with = agree.iter().filter(|(t, _)| **t == spelled).map(|(_, c)| *c).reduce(f32::max);
        let marks = agree.iter().filter(|(t, _)| digits(t) == digits(&spelled)).map(|(_, c)| *c).reduce(f32::max);
        let against = doubt.confidence.max(if has_digit(&text) || letters > 1 { text_sure } else { 0.0 });
        let chosen = match (with, marks, shape.strong) {
            (Some(sure), _, true) => Some(sure.max(0.95)),
            (Some(sure), _, false) if same == 2 => Some(sure.max(0.9)),
            (Some(sure), _, false) => Some(sure.min(0.85)),
            (None, Some(sure), true) => Some(sure.clamp(0.7, 0.85)),
            (None, Some(sure), false) if text != figure => Some(sure.min(0.7)),
            // Nobody else saw it: text with letters that was read well is text.
            (None, None, true) if letters <= 1 || text_sure < FIRM => Some(if against > 0.85 { DIFFER } else { 0.75 }),
            (None, None, false) if against < 0.6 => Some(0.45),
            _ => None,
        };
        if let Some(sure) = chosen {
            word.text = if bare(&word.text) == spelled { word.text.clone() } else { shape.text };
            word.confidence = sure;
            return;
        }
    }
    if !has_digit(&figure) {
        if word.text.is_empty() && !figure.is_empty() {
            (word.text, word.confidence) = (figure, doubt.confidence);
        }
        return;
    }
    if digits(&text) == digits(&figure) {
        // The decimal comma is right only with the settings for figures.
        let same = text == figure;
        word.confidence = text_sure.max(doubt.confidence).min(if same { 1.0 } else { 0.8 });
        if doubt.confidence > 0.3 || text.is_empty() {
            word.text = figure;
        }
        return;
    }
    let digitless = !has_digit(&text);
    if doubt.confidence > text_sure && (digitless || letters * 2 <= text.chars().count()) || text.is_empty() {
        word.confidence = doubt.confidence.min(if digitless && text_sure < 0.6 { 0.75 } else { DIFFER });
        word.text = figure;
    } else if !digitless || letters < 2 {
        word.confidence = text_sure.min(DIFFER);
    }
}

/// Decides the mark of a note; what spells none is a character like any other.
fn settle_mark(word: &mut Word, doubt: &Doubt, shape: Option<String>) {
    let mark = |t: &str| (1..=3).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    let figure = bare(&doubt.figure);
    let found = shape.filter(|t| mark(t) && *t == figure).or_else(|| mark(&word.text).then(|| word.text.clone()));
    match found.or_else(|| (mark(&figure) && doubt.confidence > 0.8).then_some(figure)) {
        Some(text) => word.text = text,
        None => word.raised = false,
    }
}

/// The head of a column of row numbers, read with a slip: three letters, bold, are hard to tell.
pub fn mend_head(text: &str) -> Option<&'static str> {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let caps = bare.to_uppercase();
    let near = |head: &str| {
        caps.chars().count() == head.len()
            && caps.chars().zip(head.chars()).all(|(c, h)| {
                c == h || matches!((h, c), ('T', 'I' | '1' | 'L' | 'Í' | 'R' | 'F') | ('S', '5' | 'Š' | '8'))
            })
    };
    (text != "STT" && near("STT")).then_some("STT")
}

#[cfg(test)]
mod tests {
    use super::super::gray::Rect;
    use super::*;

    fn word(text: &str, confidence: f32, figure: &str, sure: f32) -> Word {
        Word {
            text: text.into(),
            rect: Rect::new(0, 0, 10, 10),
            confidence,
            line: 1,
            doubt: Some(Box::new(Doubt { figure: figure.into(), confidence: sure, glyphs: Vec::new() })),
            raised: false,
            glued: false,
        }
    }

    fn settled(text: &str, confidence: f32, figure: &str, sure: f32) -> (String, f32) {
        let mut word = word(text, confidence, figure, sure);
        settle(&mut word, &Alphabet::default());
        (word.text, word.confidence)
    }

    #[test]
    fn the_comma_is_taken_from_the_reading_for_figures() {
        assert_eq!(settled("6.014.274.49", 0.9, "6.014.274,49", 0.95), ("6.014.274,49".into(), 0.8));
        assert_eq!(settled("1813", 0.97, "1813", 0.96), ("1813".into(), 0.97));
    }

    #[test]
    fn readings_that_differ_are_unsure() {
        let (text, sure) = settled("22", 0.45, "29", 0.73);
        assert_eq!(text, "29");
        assert!(sure <= 0.5);
        let (text, sure) = settled("141", 0.96, "14", 0.6);
        assert_eq!(text, "141");
        assert!(sure <= 0.5);
    }

    #[test]
    fn letters_stay_letters() {
        assert_eq!(settled("Vấn", 0.96, "4", 0.2).0, "Vấn");
        assert_eq!(settled("%", 0.93, "%", 0.9), ("%".into(), 0.93));
        assert_eq!(settled("l", 0.1, "1", 0.97).0, "1");
        assert_eq!(settled("", 0.0, "7", 0.9).0, "7");
        let words =
            [Word { doubt: None, ..word("Nhiệm", 0.95, "", 0.0) }, Word { doubt: None, ..word("vụ", 0.94, "", 0.0) }];
        assert!(is_text(&words));
        assert!(!is_text(&[word("A.", 0.92, "", 0.0)]) && !is_text(&[word("g:2.2", 0.0, "", 0.0)]));
        assert_eq!(settled("I.", 0.9, "1.", 0.95), ("I.".into(), 0.9));
        assert_eq!(
            (mend_head("SIT"), mend_head("srr"), mend_head("STT"), mend_head("Số")),
            (Some("STT"), Some("STT"), None, None)
        );
        assert!(is_figure("(95,23%)") && !is_figure("99/BC-UBND") && !is_figure("-"));
    }
}
