//! From stored characters to Unicode: runs of one legacy font are joined, decided on together and decoded.
//!
//! The font is the hint, the letters decide, first for all text of a kind of font in the file, then for each stretch of it: a stretch
//! that is Unicode stays, one whose letters say nothing goes with the file. Text in plain fonts is decoded only where the file's own
//! letters leave no doubt (a report whose legacy fonts were replaced). Capitals that only the font shows are made real.

use super::face::Face;
use super::tree::{Para, Span};
use crate::text::charset::{Charset, decode, decode_mixed, detect, has_unicode, score};

/// Kinds of font: plain, TCVN3, VNI, VISCII.
const KINDS: usize = 4;
/// Bytes of each kind that are kept for deciding.
const SAMPLE: usize = 256 << 10;

/// What was heard and what was decided.
#[derive(Debug, Default)]
pub struct Voices {
    samples: [String; KINDS],
    decided: [Option<Charset>; KINDS],
    /// Words with marks: good and all, by encoding as decoded.
    words: [(usize, usize); 5],
}

fn kind(face: Face) -> usize {
    match face {
        Face::Legacy(Charset::Tcvn3, _) => 1,
        Face::Legacy(Charset::Vni, _) => 2,
        Face::Legacy(Charset::Viscii, _) => 3,
        _ => 0,
    }
}

fn hint(kind: usize) -> Option<Charset> {
    [None, Some(Charset::Tcvn3), Some(Charset::Vni), Some(Charset::Viscii)].get(kind).copied().flatten()
}

/// Stretches of one kind of font: their spans and where they end.
fn stretches(para: &Para) -> impl Iterator<Item = (usize, &[Span], usize)> {
    let mut rest = para.spans.as_slice();
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let kind = kind(first.face);
        let count = rest.iter().take_while(|s| self::kind(s.face) == kind).count();
        let (spans, after) = rest.split_at(count);
        rest = after;
        Some((kind, spans, after.first().map_or(para.text.len(), |s| s.start as usize)))
    })
}

impl Voices {
    /// Takes a paragraph's letters into account.
    pub fn hear(&mut self, para: &Para) {
        for (kind, spans, end) in stretches(para) {
            let Some(text) = spans.first().and_then(|s| para.text.get(s.start as usize..end)) else { continue };
            let sample = &mut self.samples[kind];
            if !text.is_ascii() && sample.len() < SAMPLE {
                sample.push_str(text);
                sample.push('\n');
            }
        }
    }

    /// What a kind of font holds in this file.
    fn decided(&mut self, kind: usize) -> Charset {
        let sample = &self.samples[kind];
        *self.decided[kind].get_or_insert_with(|| detect(sample, hint(kind)).0)
    }

    /// A paragraph's text in Unicode.
    pub fn speak(&mut self, para: &Para) -> String {
        let plain = para.text.is_ascii() && para.spans.iter().all(|s| !s.caps && !matches!(s.face, Face::Legacy(..)));
        if plain {
            return para.text.clone();
        }
        let mut out = String::with_capacity(para.text.len() + para.text.len() / 4);
        for (kind, spans, end) in stretches(para) {
            let Some(text) = spans.first().and_then(|s| para.text.get(s.start as usize..end)) else { continue };
            let file = self.decided(kind);
            let (charset, mixed) = self.charset(text, kind, file);
            self.count(text, charset);
            let shows = |span: &Span| {
                let by_font = matches!(span.face, Face::Legacy(_, true));
                span.caps || (by_font && (charset == Charset::Tcvn3 || text.is_ascii()))
            };
            let first = spans.first().is_some_and(shows);
            let alike = spans.iter().all(|s| shows(s) == first);
            let mut say = |text: &str, capitals: bool| {
                let text = if mixed { decode_mixed(text, charset) } else { decode(text, charset) };
                out.push_str(&if capitals { text.to_uppercase() } else { text });
            };
            if alike {
                say(text, first);
                continue;
            }
            for (at, span) in spans.iter().enumerate() {
                let to = spans.get(at + 1).map_or(end, |s| s.start as usize);
                say(para.text.get(span.start as usize..to).unwrap_or(""), shows(span));
            }
        }
        out
    }

    /// How a stretch is encoded, and whether Unicode words stand in it too.
    fn charset(&self, text: &str, kind: usize, file: Charset) -> (Charset, bool) {
        if text.is_ascii() {
            return (file, false);
        }
        let legacy = if file == Charset::Unicode { hint(kind) } else { Some(file) };
        let Some(legacy) = legacy else { return (Charset::Unicode, false) };
        let (as_is, all) = score(text, Charset::Unicode);
        let (decoded, found) = score(text, legacy);
        if has_unicode(text) {
            // Unicode words, and perhaps legacy ones beside them.
            let mixed = as_is < all;
            return if mixed { (legacy, true) } else { (Charset::Unicode, false) };
        }
        // Shares, compared without dividing; what is not there counts as fitting.
        let left = if found == 0 { all.max(1) } else { decoded * all.max(1) };
        let right = if all == 0 { found.max(1) } else { as_is * found.max(1) };
        match left.cmp(&right) {
            std::cmp::Ordering::Greater => (legacy, false),
            std::cmp::Ordering::Less => (Charset::Unicode, false),
            std::cmp::Ordering::Equal => (file, false),
        }
    }

    fn count(&mut self, text: &str, charset: Charset) {
        if !text.is_ascii() {
            let (good, all) = score(text, charset);
            let words = &mut self.words[charset as usize];
            *words = (words.0 + good, words.1 + all);
        }
    }

    /// The encodings of the file: `utf-8`, `tcvn3 (0.98)`, `utf-8+vni (0.99)`.
    pub fn name(&self) -> String {
        let all: usize = self.words.iter().map(|w| w.1).sum();
        let mut names = Vec::new();
        for charset in [Charset::Unicode, Charset::Tcvn3, Charset::Vni, Charset::Viscii, Charset::Windows1258] {
            let (good, found) = self.words[charset as usize];
            // A word or two in another font is no second encoding.
            if found * 100 <= all || found == 0 {
                continue;
            }
            names.push(match charset {
                Charset::Unicode => charset.name().to_string(),
                _ => format!("{} ({:.2})", charset.name(), good as f64 / found as f64),
            });
        }
        if names.is_empty() { "utf-8".to_string() } else { names.join("+") }
    }
}
