//! Words: look-alikes of other alphabets, words glued together, words and document numbers split.
//!
//! The judge is always the syllable test: a change is made only where the result is possible Vietnamese and the print was not.
//! Document numbers, codes, units and addresses are left as they are.

use super::scrub::Piece;
use crate::text::fold::is_abbreviation;
use crate::text::letter::{digit_like, is_letter, letter};
use crate::text::syllable::{is_syllable, is_syllable_of};

/// A word longer than this is not taken apart: the longest sane glue is three or four syllables.
const LONGEST_GLUE: usize = 24;

/// Cyrillic by sound (`и` = i), as typed on a phonetic keyboard.
fn by_sound(c: char) -> Option<char> {
    const FROM: &str = "иИнНтТгГлЛмМвВкКпПеЕоОаАсСуУдДбБхХ";
    const TO: &str = "iInNtTgGlLmMvVkKpPeEoOaAsSuUdDbBhH";
    FROM.chars().position(|f| f == c).and_then(|at| TO.chars().nth(at))
}

/// Cyrillic and Greek by shape.
fn by_shape(c: char) -> Option<char> {
    const FROM: &str = "аАеЕоОрРсСуУхХіІѕЅјЈВНКМТкмтвнΑΒΕΗΙΚΜΝΟΡΤΥΧοντικ";
    const TO: &str = "aAeEoOpPcCyYxXiIsSjJBHKMTkmtbhABEHIKMNOPTYXovtik";
    FROM.chars().position(|f| f == c).and_then(|at| TO.chars().nth(at))
}

fn foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}')
}

/// Replaces look-alikes word by word: by sound, by sound with `е` as `ê`, by shape; the first that passes is taken.
pub(super) fn look_alikes(pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.iter().any(|p| foreign(p.c)) || !pieces.iter().any(|p| is_letter(p.c)) {
        return pieces;
    }
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        let end = word_end(&pieces, at);
        if end == at {
            out.push(pieces[at]);
            at += 1;
            continue;
        }
        let word = &pieces[at..end];
        if !word.iter().any(|p| foreign(p.c)) || word.len() > LONGEST_GLUE || word.len() < 2 {
            out.extend(word);
            at = end;
            continue;
        }
        let next_end = if pieces.get(end).is_some_and(|p| p.c == ' ') { word_end(&pieces, end + 1) } else { end };
        let next = pieces.get(end + 1..next_end).unwrap_or(&[]);
        match resolve(word, next) {
            Some((fixed, used_next)) => {
                out.extend(fixed);
                at = if used_next { next_end } else { end };
            }
            None => {
                out.extend(word);
                at = end;
            }
        }
    }
    out
}

fn word_end(pieces: &[Piece], from: usize) -> usize {
    let rest = pieces.get(from..).unwrap_or(&[]);
    from + rest.iter().take_while(|p| is_letter(p.c) || foreign(p.c)).count()
}

/// The word in Latin letters, perhaps with the word after it (`Lиент hông` is two syllables parted at the wrong place).
fn resolve(word: &[Piece], next: &[Piece]) -> Option<(Vec<Piece>, bool)> {
    let maps: [fn(char) -> Option<char>; 3] = [
        |c| {
            if c == 'е' {
                Some('ê')
            } else if c == 'Е' {
                Some('Ê')
            } else {
                by_sound(c)
            }
        },
        by_sound,
        by_shape,
    ];
    for map in maps {
        let Some(mapped) = word
            .iter()
            .map(|p| if foreign(p.c) { map(p.c).map(|c| Piece { c, ..*p }) } else { Some(*p) })
            .collect::<Option<Vec<Piece>>>()
        else {
            continue;
        };
        if is_syllable_of(mapped.iter().map(|p| p.c)) {
            return Some((mapped, false));
        }
        let text: String = mapped.iter().map(|p| p.c).collect();
        if is_abbreviation(&text) {
            return Some((mapped, false));
        }
        if let Some(cuts) = cut(&mapped) {
            return Some((parted(&mapped, &cuts), false));
        }
        if !next.is_empty() && next.len() <= 7 {
            let both: Vec<Piece> = mapped.iter().chain(next).copied().collect();
            if let Some(cuts) = cut(&both) {
                return Some((parted(&both, &cuts), true));
            }
        }
    }
    None
}

fn parted(word: &[Piece], cuts: &[usize]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(word.len() + cuts.len());
    for (i, piece) in word.iter().enumerate() {
        if cuts.contains(&i) {
            out.push(Piece { c: ' ', at: piece.at, len: 0 });
        }
        out.push(*piece);
    }
    out
}

/// Where a glued word falls into syllables; the parting that leaves a consonant to the right wins (`số|cộng`, not `sốc|ộng`).
fn cut(word: &[Piece]) -> Option<Vec<usize>> {
    fn go(word: &[Piece], from: usize, depth: usize, cuts: &mut Vec<usize>) -> bool {
        let rest = &word[from..];
        if depth > 0 && rest.len() <= 7 && is_syllable_of(rest.iter().map(|p| p.c)) {
            return true;
        }
        if depth >= 3 {
            return false;
        }
        for vowel in [false, true] {
            for length in (2..=7.min(rest.len().saturating_sub(2))).rev() {
                let starts_with_vowel = letter(rest[length].c).is_some_and(|l| l.vowel);
                if starts_with_vowel == vowel && is_syllable_of(rest[..length].iter().map(|p| p.c)) {
                    cuts.push(from + length);
                    if go(word, from + length, depth + 1, cuts) {
                        return true;
                    }
                    cuts.pop();
                }
            }
        }
        false
    }
    if word.len() > LONGEST_GLUE {
        return None;
    }
    let mut cuts = Vec::new();
    go(word, 0, 0, &mut cuts).then_some(cuts)
}

/// Parts glued words: after `, ; : .`, between letters and digits, and inside words that are no syllable but fall into some.
pub(super) fn part(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len() + 8);
    let mut at = 0;
    while at < pieces.len() {
        let end = at + pieces[at..].iter().take_while(|p| p.c != ' ').count();
        let chunk = &pieces[at..end];
        if let Some(number) = misread(chunk) {
            out.extend(number);
        } else if plain(chunk) || is_address(chunk) {
            out.extend(chunk);
        } else {
            part_chunk(chunk, at == 0, &mut out);
        }
        if let Some(space) = pieces.get(end) {
            out.push(*space);
        }
        at = end + 1;
    }
    out
}

/// A number in which letters stand for digits that look like them, with the digits put in: `9OO`, `lO.763`, `3.356/4.l20`.
fn misread(chunk: &[Piece]) -> Option<Vec<Piece>> {
    if !chunk.iter().any(|p| p.c.is_ascii_digit()) {
        return None;
    }
    let tail = chunk.iter().rev().take_while(|p| matches!(p.c, '.' | ',' | ';' | ':' | ')' | '%')).count();
    let body = &chunk[chunk.iter().take_while(|p| p.c == '(').count().min(chunk.len() - tail)..chunk.len() - tail];
    let digits = body.iter().filter(|p| p.c.is_ascii_digit()).count();
    let letters = body.iter().filter(|p| digit_like(p.c).is_some()).count();
    let marks = body.iter().filter(|p| matches!(p.c, '.' | ',' | '/')).count();
    let sound = digits > 0 && letters > 0 && digits + letters + marks == body.len();
    // `I.1`, `l.2`: numbers of headings; marks part groups of three, or stand once.
    let ends = |p: Option<&Piece>| p.is_some_and(|p| p.c.is_ascii_alphanumeric());
    let groups = || body.split(|p| matches!(p.c, '.' | '/' | ','));
    let grouped = marks == 0 || groups().skip(1).any(|g| g.len() == 3) || digits >= 3;
    // `Quý II/2025`.
    let roman = groups().any(|g| !g.is_empty() && g.iter().all(|p| p.c == 'I'));
    if !(sound && ends(body.first()) && ends(body.last()) && grouped) || roman {
        return None;
    }
    let body = body.len() + tail;
    let head = chunk.len() - body;
    let put = |(at, p): (usize, &Piece)| match digit_like(p.c).filter(|_| at >= head && at < chunk.len() - tail) {
        Some(c) => Piece { c, ..*p },
        None => *p,
    };
    Some(chunk.iter().enumerate().map(put).collect())
}

/// One word or number with nothing but marks after it: what most chunks are, and nothing to part.
fn plain(chunk: &[Piece]) -> bool {
    let tail = chunk.iter().rev().take_while(|p| p.c.is_ascii_punctuation()).count();
    let body = &chunk[..chunk.len() - tail];
    let letters = body.len() < 5 && body.iter().all(|p| is_letter(p.c))
        || body.len() <= 7 && is_syllable_of(body.iter().map(|p| p.c));
    letters || body.iter().all(|p| p.c.is_ascii_digit() || p.c.is_ascii_punctuation())
}

/// A web or mail address.
fn is_address(chunk: &[Piece]) -> bool {
    if chunk.len() < 6 || !chunk.iter().any(|p| matches!(p.c, '.' | '@')) {
        return false;
    }
    let text: String = chunk.iter().take(80).map(|p| p.c.to_ascii_lowercase()).collect();
    text.contains("://") || text.contains('@') || text.contains("www.") || text.contains(".vn") || text.contains(".com")
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Letters,
    Digits,
    Mark(char),
}

fn class(c: char) -> Class {
    if is_letter(c) {
        Class::Letters
    } else if c.is_ascii_digit() {
        Class::Digits
    } else {
        Class::Mark(c)
    }
}

fn part_chunk(chunk: &[Piece], first: bool, out: &mut Vec<Piece>) {
    let mut runs: Vec<(Class, &[Piece])> = Vec::new();
    let mut at = 0;
    while at < chunk.len() {
        let kind = class(chunk[at].c);
        let length = match kind {
            Class::Mark(_) => 1,
            _ => chunk[at..].iter().take_while(|p| class(p.c) == kind).count(),
        };
        runs.push((kind, &chunk[at..at + length]));
        at += length;
    }
    for (i, &(kind, run)) in runs.iter().enumerate() {
        if i > 0 && gap(&runs, i, first) {
            out.push(Piece { c: ' ', at: run[0].at, len: 0 });
        }
        match glued(kind, run) {
            Some(cuts) => out.extend(parted(run, &cuts)),
            None => out.extend(run),
        }
    }
}

/// Cuts of a letter run that cannot be one syllable: two tone marks, or too long for a syllable and for a borrowed word.
fn glued(kind: Class, run: &[Piece]) -> Option<Vec<usize>> {
    if kind != Class::Letters || !(5..=LONGEST_GLUE).contains(&run.len()) {
        return None;
    }
    let letters = || run.iter().filter_map(|p| letter(p.c));
    let tones = letters().filter(|l| l.tone > 0).count();
    let marked = letters().any(|l| l.tone > 0 || l.base != l.bare as char);
    if !(tones > 1 || (marked && run.len() > 7)) || is_syllable_of(run.iter().map(|p| p.c)) {
        return None;
    }
    cut(run)
}

/// Whether a space belongs before run `i` of a chunk.
fn gap(runs: &[(Class, &[Piece])], i: usize, first: bool) -> bool {
    let text = |i: usize| runs.get(i).map(|(_, run)| run.iter().map(|p| p.c).collect::<String>()).unwrap_or_default();
    let kind = |i: usize| runs.get(i).map(|r| r.0);
    let before = i.checked_sub(2).and_then(kind);
    match (runs[i - 1].0, runs[i].0) {
        (Class::Mark(','), Class::Letters) => {
            // `CB,CC` is one abbreviation.
            let word = |t: &str| t.chars().all(|c| letter(c).is_some_and(|l| l.capital));
            before != Some(Class::Letters) || !(word(&text(i - 2)) && word(&text(i)))
        }
        (Class::Mark(';'), Class::Letters | Class::Digits) => true,
        (Class::Mark(':'), Class::Letters) => true,
        (Class::Mark(':'), Class::Digits) => {
            before == Some(Class::Letters)
                && !matches!(runs.first(), Some((Class::Mark('['), _)))
                && !text(i - 2).starts_with("footnote")
        }
        (Class::Mark(','), Class::Digits) => before == Some(Class::Letters) && is_syllable(&text(i - 2)),
        // `huyện.Kế`: two words, the second with a capital; `Tp.Hồ`, `T.Ư`, `TP.HCM` are not.
        (Class::Mark('.'), Class::Letters) if before == Some(Class::Letters) => {
            let (left, right) = (text(i - 2), text(i));
            let capital = right.chars().next().and_then(letter).is_some_and(|l| l.capital);
            capital && left.chars().count() > 1 && is_syllable(&left) && is_syllable(&right) && !is_abbreviation(&left)
        }
        // `1.Tình hình` at the start of a line.
        (Class::Mark('.' | ')'), Class::Letters) if first && before == Some(Class::Digits) => is_syllable(&text(i)),
        (Class::Digits, Class::Letters) => {
            let word = text(i);
            let coded = matches!(kind(i + 1), Some(Class::Mark('/' | '-' | '_') | Class::Digits))
                || matches!(before, Some(Class::Mark('/' | '-' | '_')))
                || before == Some(Class::Letters) && !gap(runs, i - 1, first);
            let known =
                is_abbreviation(&word) && word.chars().filter(|c| letter(*c).is_some_and(|l| l.capital)).count() > 1;
            let unit = matches!(word.as_str(), "km" | "kg" | "ha" | "tr" | "trđ" | "cm" | "mm" | "dm" | "tỷ" | "tỉ");
            word.chars().count() > 1
                && !coded
                && !unit
                && (known || ((word.chars().count() > 2 || !word.is_ascii()) && is_syllable(&word)))
        }
        (Class::Letters, Class::Digits) => {
            let word = text(i - 1);
            word.chars().count() > 1 && !word.is_ascii() && is_syllable(&word)
        }
        _ => false,
    }
}

/// Joins `I SO 9001`, the one split that spaced-out print leaves so often that it has a name.
pub(super) fn mend(pieces: Vec<Piece>) -> Vec<Piece> {
    if !pieces.windows(3).any(|w| (w[0].c, w[1].c, w[2].c) == ('I', ' ', 'S')) {
        return pieces;
    }
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for (i, &piece) in pieces.iter().enumerate() {
        if piece.c == ' ' && i > 0 && pieces[i - 1].c == 'I' {
            let free = i < 2 || pieces[i - 2].c == ' ';
            let tail: String = pieces.iter().skip(i + 1).take(3).map(|p| p.c).collect();
            if free && (tail == "SO " || tail == "SO") {
                continue;
            }
        }
        out.push(piece);
    }
    out
}

/// Whether the line end breaks a document number: `05/KH-` + `UBND`, `12/` + `QĐ-UBND`, `38/` + `72`.
pub(super) fn broken_number(before: &str, next: &str) -> bool {
    let Some(head) = before.strip_suffix(['-', '/', '_']) else { return false };
    let starts = next.chars().next();
    let capital = starts.and_then(letter).is_some_and(|l| l.capital);
    if before.ends_with('/') {
        return head.ends_with(|c: char| c.is_ascii_digit()) && (capital || starts.is_some_and(|c| c.is_ascii_digit()));
    }
    let mut tail: Vec<char> = head.chars().rev().take(24).take_while(|c| *c != ' ').collect();
    tail.reverse();
    let slash = tail.contains(&'/') && tail.first().is_some_and(char::is_ascii_digit);
    capital && slash && tail.last().copied().and_then(letter).is_some_and(|l| l.capital)
}
