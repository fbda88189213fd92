//! Words that lost their tones: `Tông số hô sơ tiêp nhận` is meant as `Tổng số hồ sơ tiếp nhận`.
//!
//! In: a document and the words that the rules look for. Out: the document with such words mended in its clean text; the characters as
//! printed and the way back to them stay. Only a document that shows the damage is touched: words that end in a stop without a tone, which
//! no Vietnamese word does. Two words side by side become the only pair of the rules that differs from them in nothing but tones; a pair
//! that the rules know as it stands is left alone, a word with a tone that they know too, and what stands in capitals.

use crate::model::Document;
use crate::rules::RuleSet;
use crate::text::letter::{letter, lower_in_place, with_tone};
use crate::text::syllable::is_syllable;
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;

/// Words looked at before a document is believed to be sound.
const SAMPLE: usize = 3000;
/// So many of them without their tone make it a damaged one.
const DAMAGED: usize = 4;

/// The pairs of words that stand side by side in the rules.
#[derive(Debug, Default)]
pub struct Terms {
    words: FxHashSet<String>,
    known: FxHashSet<String>,
    /// By the pair without tones; None where two pairs differ in nothing else.
    toneless: FxHashMap<String, Option<[String; 2]>>,
}

impl Terms {
    /// The words of all phrases, forms and names of indicators.
    pub fn new(rules: &RuleSet) -> Terms {
        let mut terms = Terms::default();
        for phrase in &rules.phrases {
            let groups = phrase.own.iter().chain(&phrase.lead).chain(&phrase.heading).flatten();
            groups.chain(&phrase.noun).chain(&phrase.not).chain(&phrase.unless).for_each(|words| terms.add(words));
        }
        rules.forms.iter().flat_map(|f| &f.rows).flat_map(|r| &r.labels).for_each(|label| terms.add(label));
        rules.indicators.values().for_each(|indicator| terms.add(&indicator.vi));
        terms
    }

    fn add(&mut self, text: &str) {
        let low = lower_in_place(text);
        let words: Vec<&str> = low.split(' ').map(|w| w.trim_matches(|c| letter(c).is_none())).collect();
        self.words.extend(words.iter().filter(|w| is_syllable(w)).map(|w| w.to_string()));
        for pair in words.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            if !is_syllable(a) || !is_syllable(b) || !self.known.insert(format!("{a} {b}")) {
                continue;
            }
            let meant = Some([a.to_string(), b.to_string()]);
            self.toneless
                .entry(toneless(a, b))
                // `tỷ lệ`, `tỉ lệ`: the same words.
                .and_modify(|other| {
                    let same =
                        other.as_ref().is_some_and(|[c, d]| spelled(c) == spelled(a) && spelled(d) == spelled(b));
                    if !same {
                        *other = None;
                    }
                })
                .or_insert(meant);
        }
    }

    /// Mends the words of a damaged document.
    pub fn mend(&self, document: &mut Document) {
        let cells = document.tables.iter_mut().flat_map(|t| &mut t.cells).map(|c| &mut c.text);
        for text in document.blocks.iter_mut().map(|b| &mut b.text).chain(cells) {
            let edits = self.edits(&text.clean);
            if !edits.is_empty() {
                text.mend(&edits);
            }
        }
    }

    /// Whether a word can be what damage left of another: no tone is left, or no word is.
    fn lost(&self, printed: &str, meant: &str) -> bool {
        let toned = |word: &str| word.chars().any(|c| letter(c).is_some_and(|l| l.tone != 0));
        printed == meant || toned(meant) && (!toned(printed) || !self.words.contains(printed))
    }

    fn edits(&self, clean: &str) -> Vec<(Range<usize>, String)> {
        let low = lower_in_place(clean);
        let words = words(&low);
        let mut meant: Vec<Option<&str>> = vec![None; words.len()];
        for at in 1..words.len() {
            let (a, b) = (&words[at - 1], &words[at]);
            if a.end + 1 != b.start || !low[a.end..].starts_with(' ') {
                continue;
            }
            let (first, second) = (meant[at - 1].unwrap_or(&low[a.clone()]), &low[b.clone()]);
            if self.known.contains(&format!("{first} {second}")) {
                (meant[at - 1], meant[at]) = (Some(first), Some(second));
            } else if let Some(Some([c, d])) = self.toneless.get(&toneless(first, second))
                && meant[at - 1].is_none_or(|known| known == c)
                && self.lost(first, c)
                && self.lost(second, d)
            {
                (meant[at - 1], meant[at]) = (Some(c.as_str()), Some(d.as_str()));
            }
        }
        let changed = words.iter().zip(meant).filter_map(|(range, meant)| {
            let printed = &clean[range.clone()];
            let capitals = printed.chars().filter(|c| c.is_uppercase()).count();
            let meant = meant.filter(|m| *m != &low[range.clone()] && capitals <= 1)?;
            let mut letters = meant.chars();
            let first = letters.next()?;
            let first = if capitals == 1 { first.to_uppercase().next()? } else { first };
            Some((range.clone(), std::iter::once(first).chain(letters).collect()))
        });
        changed.collect()
    }
}

/// Whether a document's words have lost tones.
pub fn damaged(document: &Document) -> bool {
    let cells = document.tables.iter().flat_map(|t| &t.cells).map(|c| &c.text);
    let texts = cells.take(SAMPLE / 6).chain(document.blocks.iter().map(|b| &b.text));
    let words = texts.flat_map(|t| t.clean.as_bytes().split(|byte| *byte == b' ')).take(SAMPLE);
    words.filter(|word| is_stripped(word)).take(DAMAGED).count() == DAMAGED
}

/// Whether a word is none only for want of a tone: `tiêp`, `viêc`.
fn is_stripped(word: &[u8]) -> bool {
    // A mark on the vowel tells it from the words of other languages: `ă`, `â`, `ê`, `ô`, `ơ`, `ư` stand right before the last consonant.
    let ([.., first, second, b'c' | b'p' | b't'] | [.., first, second, b'c', b'h']) = word else { return false };
    if !matches!((first, second), (0xC3, 0xA2 | 0xAA | 0xB4) | (0xC4, 0x83) | (0xC6, 0xA1 | 0xB0)) {
        return false;
    }
    let Ok(word) = std::str::from_utf8(word) else { return false };
    word.chars().all(|c| letter(c).is_some_and(|l| l.tone == 0 && !l.capital)) && {
        let Some(vowel) = word.char_indices().rfind(|(_, c)| !c.is_ascii() && *c != 'đ') else { return false };
        let (at, c) = vowel;
        let toned: String =
            [&word[..at], with_tone(c, ACUTE).encode_utf8(&mut [0; 4]), &word[at + c.len_utf8()..]].concat();
        is_syllable(&toned)
    }
}

/// The tone sắc in [`with_tone`].
const ACUTE: u8 = 2;

/// Two words without tones, `y` as `i`.
fn toneless(a: &str, b: &str) -> String {
    let base = |c: char| letter(c).map_or(c, |l| if l.base == 'y' { 'i' } else { l.base });
    a.chars().map(base).chain(std::iter::once(' ')).chain(b.chars().map(base)).collect()
}

/// A word with `y` as `i`, its tone kept.
fn spelled(word: &str) -> String {
    word.chars().map(|c| letter(c).filter(|l| l.base == 'y').map_or(c, |l| with_tone('i', l.tone))).collect()
}

/// The words of a text in small letters.
fn words(low: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = None;
    for (at, c) in low.char_indices() {
        match (letter(c).is_some(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                out.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    out.extend(start.map(|from| from..low.len()));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::clean::Text;

    fn terms() -> Terms {
        let mut terms = Terms::default();
        for words in
            ["Tổng số hồ sơ tiếp nhận", "Tỷ lệ giải quyết đúng hạn", "quá hạn", "tỉ lệ", "cán bộ", "thuế thu nhập"]
        {
            terms.add(words);
        }
        terms
    }

    fn mended(clean: &str) -> String {
        let mut text = Text::from_line(7, clean);
        let edits = terms().edits(&text.clean);
        text.mend(&edits);
        assert_eq!(text.raw, clean);
        text.clean
    }

    #[test]
    fn lost_tones_come_back() {
        assert_eq!(mended("Tông số hô sơ tiêp nhận: 849"), "Tổng số hồ sơ tiếp nhận: 849");
        assert_eq!(mended("Ty lệ hô sơ giải quyêt đùng hạn"), "Tỷ lệ hồ sơ giải quyết đúng hạn");
        assert_eq!(mended("Quá han, tiêp tục"), "Quá hạn, tiêp tục");
    }

    #[test]
    fn what_the_rules_know_and_capitals_stay() {
        for text in ["số sơ", "Tỉ lệ hồ sơ quá hạn", "HÔ SƠ", "cán bộ, hô", "hô, sơ"] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn places_lead_back_to_the_print() {
        let mut text = Text::from_line(7, "Tông  số hô sơ: 849 hồ sơ");
        let edits = terms().edits(&text.clean);
        text.mend(&edits);
        assert_eq!(text.clean, "Tổng số hồ sơ: 849 hồ sơ");
        let at = text.clean.find("849").unwrap();
        assert_eq!(text.raw_of(at..at + 3), "849");
        assert_eq!(text.raw_of(0.."Tổng".len()), "Tông");
        let last = text.clean.rfind("hồ sơ").unwrap();
        assert_eq!((text.raw_of(last..text.clean.len()), text.line_at(last)), ("hồ sơ", 7));
    }

    #[test]
    fn words_without_their_tone() {
        assert!(["tiêp", "viêc", "câp"].iter().all(|word| is_stripped(word.as_bytes())));
        assert!(["tiếp", "internet", "hồ", "HÔC", "số", ""].iter().all(|word| !is_stripped(word.as_bytes())));
    }
}
