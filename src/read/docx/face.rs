//! Fonts as far as they change what characters mean: legacy Vietnamese fonts, and fonts of symbols.

use crate::text::charset::{Charset, is_capital_font};

/// What a font does to the characters set in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// Nothing.
    #[default]
    Plain,
    /// Shows a legacy encoding; `true`: small letters as capitals.
    Legacy(Charset, bool),
    /// Adobe's Symbol: Greek letters and signs.
    Symbol,
    /// Wingdings, Webdings: pictures, of which only a few mean something.
    Dingbats,
}

impl Face {
    /// By the font's name.
    pub fn of(font: &str) -> Face {
        let font = font.trim();
        if let Some(charset) = Charset::of_font(font) {
            return Face::Legacy(charset, is_capital_font(font));
        }
        let starts = |name: &str| font.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name));
        match () {
            _ if font.eq_ignore_ascii_case("symbol") => Face::Symbol,
            _ if starts("wingdings") || starts("webdings") || starts("zapfdingbats") => Face::Dingbats,
            _ => Face::Plain,
        }
    }

    /// Whether characters set in it are not what they seem.
    pub fn is_symbols(self) -> bool {
        matches!(self, Face::Symbol | Face::Dingbats)
    }
}

/// Greek letters of Symbol in the order of `A` to `Z` and `a` to `z`.
const CAPITALS: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";

/// The character that a symbol font shows for a code (`F0B7`, `B7`); None for a picture without meaning in a text.
pub fn symbol(face: Face, c: char) -> Option<char> {
    let code = match c as u32 {
        code @ 0xF000..=0xF0FF => (code & 0xFF) as u8,
        code @ 0..=0xFF => code as u8,
        _ => return Some(c),
    };
    match face {
        Face::Symbol => match code {
            b'A'..=b'Z' => CAPITALS.chars().nth((code - b'A') as usize),
            b'a'..=b'z' => SMALL.chars().nth((code - b'a') as usize),
            0x2D => Some('-'),
            0x20..=0x7E => Some(code as char),
            0xA3 => Some('≤'),
            0xB3 => Some('≥'),
            0xB0 => Some('°'),
            0xB1 => Some('±'),
            0xB4 => Some('×'),
            0xB8 => Some('÷'),
            0xB9 => Some('≠'),
            0xBB => Some('≈'),
            0xAE | 0xDE => Some('→'),
            0xB7 | 0xD7 | 0xA8 => Some('•'),
            _ => None,
        },
        Face::Dingbats => match code {
            0x20 => Some(' '),
            0xFC | 0x50 => Some('✓'),
            0xFE | 0x52 => Some('☑'),
            0xFD | 0x53 | 0x78 => Some('☒'),
            0x6F | 0xA8 | 0x71 | 0x72 => Some('□'),
            0xE0 | 0xE8 | 0xF0 => Some('→'),
            0x6C | 0x6E | 0x9F | 0xA7 | 0x76 | 0xD8 | 0xB7 => Some('•'),
            _ => None,
        },
        _ => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_mean_what_they_show() {
        assert_eq!(symbol(Face::Symbol, '\u{F0B3}'), Some('≥'));
        assert_eq!(symbol(Face::Symbol, '5'), Some('5'));
        assert_eq!(symbol(Face::Symbol, 'a'), Some('α'));
        assert_eq!(symbol(Face::Dingbats, 'þ'), Some('☑'));
        assert_eq!(symbol(Face::Dingbats, '1'), None, "a picture must not leak as a digit");
        assert_eq!(Face::of("Wingdings 2"), Face::Dingbats);
        assert_eq!(Face::of(".VnTimeH"), Face::Legacy(Charset::Tcvn3, true));
        assert_eq!(Face::of("Times New Roman"), Face::Plain);
    }
}
