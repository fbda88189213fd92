//! The passes over one line that needs work: characters, markup, spaces. Words are in `words`.
//!
//! A line goes in, a list of pieces comes out: each a clean character with the raw bytes it stems from. Passes only drop, replace or
//! insert pieces, never reorder them, so the way back to the print cannot be lost.

use super::words;
use crate::text::letter::{is_letter, letter, tone_of_mark, with_tone};
use crate::text::syllable::nucleus;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One clean character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    /// The clean character.
    pub c: char,
    /// First raw byte.
    pub at: u32,
    /// Raw bytes; 0 for a character that was put in.
    pub len: u32,
}

/// Tags whose name alone says that they are residue; anything else between `<` and `>` stays.
const TAGS: [&str; 33] = [
    "a", "b", "i", "u", "s", "p", "br", "hr", "em", "sup", "sub", "div", "span", "strong", "del", "ins", "small",
    "font", "center", "table", "tbody", "thead", "tr", "td", "th", "ul", "ol", "li", "h1", "h2", "h3", "img", "mark",
];

/// The longest tag, link or entity that is looked for: a bound on the work that hostile input can cause.
const REACH: usize = 300;

/// Cleans one line.
pub(super) fn scrub(raw: &str) -> Vec<Piece> {
    let mut pieces = characters(raw);
    if raw.contains('&') {
        pieces = entities(&pieces);
    }
    if raw.contains(['<', '>']) {
        pieces = tags(&pieces);
    }
    if raw.contains("](") || raw.contains("[bookmark") {
        pieces = links(&pieces);
    }
    if raw.contains(['*', '#']) {
        pieces = emphasis(&pieces);
    }
    words::mend(spaces(&words::part(words::look_alikes(spaces(&pieces)))))
}

/// Drops invisible characters, unifies spaces and bullets, composes marks.
fn characters(raw: &str) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(raw.len());
    let mut chars = raw.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut piece = Piece { c, at: at as u32, len: c.len_utf8() as u32 };
        // Most characters are letters or plain ASCII before another such, and stay as they are.
        let sound = |c: char| matches!(c, ' '..='~') || letter(c).is_some();
        if sound(c) && chars.peek().is_none_or(|&(_, next)| sound(next)) {
            out.push(piece);
            continue;
        }
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => {
                continue;
            }
            '\t'
            | '\n'
            | '\r'
            | '\u{b}'
            | '\u{c}'
            | '\u{85}'
            | '\u{a0}'
            | '\u{1680}'
            | '\u{2000}'..='\u{200a}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{202f}'
            | '\u{205f}'
            | '\u{3000}' => piece.c = ' ',
            c if c.is_control() => continue,
            'Ð' | 'Ɖ' => piece.c = 'Đ',
            'ð' | 'ɖ' => piece.c = 'đ',
            'ǎ' => piece.c = 'ă',
            'Ǎ' => piece.c = 'Ă',
            'ĕ' => piece.c = 'ê',
            'Ĕ' => piece.c = 'Ê',
            'ŏ' => piece.c = 'ô',
            'Ŏ' => piece.c = 'Ô',
            // Symbol-font bullets; inside words private-use characters belong to a legacy charset and stay.
            '\u{f000}'..='\u{f0ff}' if bullet_place(&out, chars.peek().map(|&(_, c)| c)) => piece.c = '-',
            _ => {}
        }
        if chars.peek().is_some_and(|&(_, next)| !next.is_ascii() && is_combining_mark(next)) {
            let end = compose(&mut out, piece, &mut chars, raw);
            debug_assert!(end <= raw.len());
            continue;
        }
        if !piece.c.is_ascii() && letter(piece.c).is_none() {
            // Singletons of Unicode (Å as Ångström, Ω as Ohm) have an NFC form too.
            let mut composed = std::iter::once(piece.c).nfc();
            if let (Some(one), None) = (composed.next(), composed.next()) {
                piece.c = one;
            }
        }
        out.push(piece);
    }
    out
}

fn bullet_place(before: &[Piece], next: Option<char>) -> bool {
    let free = before.last().is_none_or(|p| p.c == ' ');
    free && next.is_none_or(|c| c == ' ' || c == '\t' || c == '\u{a0}' || before.is_empty())
}

/// A base character and the marks after it. A tone mark on a consonant is moved back to the vowel of its word.
fn compose(
    out: &mut Vec<Piece>,
    base: Piece,
    chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
    raw: &str,
) -> usize {
    let mut cluster = vec![base.c];
    let mut end = base.at as usize + base.len as usize;
    // More than a few marks on one letter is no writing; the rest follows as it is.
    while let Some(&(at, mark)) = chars.peek()
        && is_combining_mark(mark)
        && cluster.len() < 8
    {
        cluster.push(mark);
        end = at + mark.len_utf8();
        chars.next();
    }
    let mut composed: Vec<char> = cluster.into_iter().nfc().collect();
    let stray = composed.get(1).copied().and_then(tone_of_mark);
    if let (2, Some(tone)) = (composed.len(), stray) {
        // A syllable has seven letters: a longer word is left alone.
        let start = out.len() - out.iter().rev().take(8).take_while(|p| is_letter(p.c)).count();
        let mut word: Vec<char> = out.iter().skip(start).map(|p| p.c).collect();
        word.push(composed[0]);
        let toneless = word.iter().all(|&c| letter(c).is_some_and(|l| l.tone == 0));
        if let Some(seat) = nucleus(&word).filter(|_| toneless && word.len() <= 7) {
            if let Some(vowel) = out.get_mut(start + seat) {
                vowel.c = with_tone(vowel.c, tone);
                composed.truncate(1);
            } else if start + seat == out.len() {
                composed = vec![with_tone(composed[0], tone)];
            }
        }
    }
    let from = base.at;
    let size = (end.min(raw.len()) - from as usize) as u32;
    for c in composed {
        out.push(Piece { c, at: from, len: size });
    }
    end
}

fn slice(pieces: &[Piece], from: usize, most: usize) -> String {
    pieces.iter().skip(from).take(most).map(|p| p.c).collect()
}

/// The end of a bracketed run that starts at `from`, within reach.
fn close(pieces: &[Piece], from: usize, mark: char) -> Option<usize> {
    pieces.iter().skip(from).take(REACH).position(|p| p.c == mark).map(|at| from + at)
}

/// The entities that are residue, behind their `&`.
const ENTITIES: [(&str, char); 6] =
    [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("nbsp;", ' '), ("quot;", '"'), ("apos;", '\'')];

/// Whether what follows a `&` makes an entity of it.
pub(super) fn is_entity(text: &str) -> bool {
    ENTITIES.iter().any(|(entity, _)| text.starts_with(entity))
}

fn entities(pieces: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(&piece) = pieces.get(at) {
        at += 1;
        if piece.c == '&' {
            let name = slice(pieces, at, 6);
            let found = ENTITIES.into_iter().find(|(entity, _)| name.starts_with(entity));
            if let Some((entity, c)) = found {
                at += entity.len();
                out.push(Piece { c, at: piece.at, len: 1 + entity.len() as u32 });
                continue;
            }
        }
        out.push(piece);
    }
    out
}

/// Drops tags; `<br>` and block ends become a space, `<sup>1</sup>` after anything but a unit a note mark.
fn tags(pieces: &[Piece]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut raised = false;
    let mut at = 0;
    while let Some(&piece) = pieces.get(at) {
        let end = if piece.c == '<' { close(pieces, at + 1, '>') } else { None };
        let Some(end) = end else {
            out.push(piece);
            at += 1;
            continue;
        };
        let inside = slice(pieces, at + 1, end - at - 1);
        let closing = inside.starts_with('/');
        let name: String = inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        if inside.contains("://") && !inside.contains(' ') {
            // An autolink: the address is text.
            out.extend(&pieces[at + 1..end]);
        } else if !TAGS.contains(&name.as_str()) || inside.contains('<') {
            out.push(piece);
            at += 1;
            continue;
        } else if name == "sup" {
            let unit = out.iter().rev().take_while(|p| is_letter(p.c)).count();
            let after_unit = (1..=2).contains(&unit) && out.last().is_some_and(|p| matches!(p.c, 'm' | 'M'));
            if !closing && !after_unit && out.last().is_some_and(|p| p.c != ' ') {
                raised = true;
                out.push(Piece { c: '[', at: piece.at, len: 5 });
            } else if closing && raised {
                raised = false;
                out.push(Piece { c: ']', at: piece.at, len: 6 });
            }
        } else if matches!(name.as_str(), "br" | "p" | "div" | "td" | "th" | "tr" | "li" | "hr") {
            out.push(Piece { c: ' ', at: piece.at, len: (end - at + 1) as u32 });
        }
        at = end + 1;
    }
    out
}

/// `[text](link)` → text; `[bookmark: …]` goes. `[1]` and `[footnoteRef:1]` are the reader's business.
fn links(pieces: &[Piece]) -> Vec<Piece> {
    let mut out = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while let Some(&piece) = pieces.get(at) {
        if piece.c == '['
            && let Some(end) = close(pieces, at + 1, ']')
        {
            if slice(pieces, at + 1, 9) == "bookmark:" {
                at = end + 1;
                continue;
            }
            if pieces.get(end + 1).is_some_and(|p| p.c == '(')
                && let Some(last) = close(pieces, end + 2, ')')
                && !slice(pieces, end + 2, last - end - 2).contains(' ')
            {
                out.extend(&pieces[at + 1..end]);
                at = last + 1;
                continue;
            }
        }
        out.push(piece);
        at += 1;
    }
    out
}

/// Drops `**`, paired `*` around words, and `##` at the start of a line; bullets, `(*)` and products stay.
fn emphasis(pieces: &[Piece]) -> Vec<Piece> {
    let mut body = pieces;
    let hashes = body.iter().take_while(|p| p.c == '#').count();
    if hashes > 0 && body.get(hashes).is_none_or(|p| p.c == ' ') {
        body = &body[hashes..];
    }
    let single = |i: usize| {
        let at = |i: usize| body.get(i).map_or(' ', |p| p.c);
        let before = if i == 0 { ' ' } else { at(i - 1) };
        let (c, after) = (at(i), at(i + 1));
        let product = before.is_ascii_digit() && after.is_ascii_digit();
        c == '*'
            && before != '*'
            && after != '*'
            && !(before == '(' && after == ')')
            && !product
            && !(before == ' ' && after == ' ')
    };
    let count = (0..body.len()).filter(|&i| single(i)).count();
    let mut left = count - count % 2;
    let mut out = Vec::with_capacity(body.len());
    for (i, piece) in body.iter().enumerate() {
        let doubled = piece.c == '*'
            && (body.get(i + 1).is_some_and(|p| p.c == '*') || i > 0 && body.get(i - 1).is_some_and(|p| p.c == '*'));
        if doubled {
            continue;
        }
        if left > 0 && single(i) {
            left -= 1;
            continue;
        }
        out.push(*piece);
    }
    out
}

/// Single spaces, none at the ends, single brackets where doubled ones pair.
fn spaces(pieces: &[Piece]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for &piece in pieces {
        match (out.last().map(|p| p.c), piece.c) {
            (None, ' ') | (Some('('), '(') => {}
            (Some(' '), ' ') => {
                if let Some(last) = out.last_mut() {
                    last.len = (piece.at + piece.len).saturating_sub(last.at);
                }
            }
            (Some(')'), ')') if unpaired(&out) => {}
            _ => out.push(piece),
        }
    }
    while out.last().is_some_and(|p| p.c == ' ') {
        out.pop();
    }
    out
}

/// Whether one more `)` would close nothing. Looks back a bounded way.
fn unpaired(out: &[Piece]) -> bool {
    let near = out.iter().rev().take(REACH);
    near.fold(0i32, |open, p| open + i32::from(p.c == '(') - i32::from(p.c == ')')) <= 0
}
