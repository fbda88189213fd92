//! Fonts of the time before Unicode: their glyphs are named as letters of windows-1252 and drawn as Vietnamese ones.
//!
//! In: the sheet of a page. Out: the same with its letters in Unicode, and which encoding they were in. The fonts of one make are judged
//! together: their name is a hint, the syllables that come out decide. Figures have the same codes in all of these encodings.

use super::walk::{Glyph, Letters, Sheet};
use crate::text::charset::{Charset, decode, detect, is_capital_font};
use std::collections::BTreeSet;

/// A gap wider than this part of the size parts two words of the sample.
const GAP: f32 = 0.17;

/// Decodes the letters of a page; which encoding most of them were in, and the share of words that became syllables.
pub fn unify(sheet: &mut Sheet) -> Option<(Charset, f64)> {
    let hints: Vec<Option<Charset>> = sheet.fonts.iter().map(|face| Charset::of_font(&face.name)).collect();
    let suspicious = |g: &Glyph| matches!(g.text, Letters::One('\u{a1}'..='\u{ff}'));
    if hints.iter().all(Option::is_none) && !all(sheet).any(suspicious) {
        return None;
    }
    let of = |glyph: &Glyph| hints.get(usize::from(glyph.font)).copied().flatten();
    let makes: BTreeSet<Option<u8>> = hints.iter().map(|hint| hint.map(|charset| charset as u8)).collect();
    let mut found: Option<(Charset, f64, usize)> = None;
    for make in makes {
        let own = |glyph: &Glyph| of(glyph).map(|charset| charset as u8) == make;
        let text = sample(all(sheet).filter(|glyph| own(glyph)));
        let hint = hints.iter().copied().flatten().find(|charset| Some(*charset as u8) == make);
        let (charset, share) = detect(&text, hint);
        if charset == Charset::Unicode {
            continue;
        }
        let capital: Vec<bool> = sheet.fonts.iter().map(|face| is_capital_font(&face.name)).collect();
        rewrite(&mut sheet.glyphs, charset, &capital, &own);
        for (_, glyphs) in &mut sheet.sideways {
            rewrite(glyphs, charset, &capital, &own);
        }
        if found.is_none_or(|(_, _, most)| text.len() > most) {
            found = Some((charset, share, text.len()));
        }
    }
    found.map(|(charset, share, _)| (charset, share))
}

fn all(sheet: &Sheet) -> impl Iterator<Item = &Glyph> {
    sheet.glyphs.iter().chain(sheet.sideways.iter().flat_map(|(_, glyphs)| glyphs))
}

/// The words that glyphs spell in drawing order.
fn sample<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> String {
    let mut out = String::new();
    let mut before: Option<&Glyph> = None;
    for glyph in glyphs {
        if before.is_some_and(|before| apart(before, glyph)) {
            out.push(' ');
        }
        if let Letters::One(c) = glyph.text {
            out.push(c);
        }
        before = Some(glyph);
    }
    out
}

/// TCVN3 has no capitals with tones: `BÁO CÁO` was typed as `B¸O C¸O`. Words whose plain letters are all capitals are raised.
fn raise_words(glyphs: &mut [Glyph], own: &impl Fn(&Glyph) -> bool) {
    let one = |glyph: &Glyph| if let Letters::One(c) = glyph.text { Some(c).filter(|_| own(glyph)) } else { None };
    let mut start = 0;
    for at in 1..=glyphs.len() {
        let ends =
            glyphs.get(at).is_none_or(|next| apart(&glyphs[at - 1], next) || one(next).is_none_or(char::is_whitespace));
        if !ends {
            continue;
        }
        let word = &mut glyphs[start..at];
        let plain = || word.iter().filter_map(one).filter(char::is_ascii_alphabetic);
        // One capital opens a sentence.
        if plain().count() > 1 && plain().all(|c| c.is_ascii_uppercase()) {
            for glyph in word.iter_mut() {
                if let Some(c) = one(glyph) {
                    glyph.text = raised(c, true);
                }
            }
        }
        start = at;
    }
}

/// Whether two glyphs, one drawn after the other, stand in different words.
fn apart(glyph: &Glyph, next: &Glyph) -> bool {
    (next.y - glyph.y).abs() > next.size / 2.0 || (next.x0 - glyph.x1).abs() > GAP * next.size
}

fn rewrite(glyphs: &mut [Glyph], charset: Charset, capital: &[bool], own: &impl Fn(&Glyph) -> bool) {
    let mut before: Option<(usize, char)> = None;
    for at in 0..glyphs.len() {
        let Letters::One(c) = glyphs[at].text else {
            before = None;
            continue;
        };
        if !own(&glyphs[at]) {
            before = None;
            continue;
        }
        let upper = capital.get(usize::from(glyphs[at].font)).copied().unwrap_or(false);
        // VNI sets a mark as a letter of its own behind its vowel.
        if let Some((base, letter)) = before.filter(|_| charset == Charset::Vni && !c.is_ascii()) {
            let pair: String = [letter, c].iter().collect();
            let mut composed = decode(&pair, charset).chars().collect::<Vec<_>>().into_iter();
            if let (Some(one), None) = (composed.next(), composed.next()) {
                glyphs[base].text = raised(one, upper);
                glyphs[base].x1 = glyphs[base].x1.max(glyphs[at].x1);
                glyphs[at].text = Letters::Many("".into());
                glyphs[at].mark = true;
                before = None;
                continue;
            }
        }
        before = Some((at, c));
        if let Some(one) = decode(c.encode_utf8(&mut [0; 4]), charset).chars().next() {
            glyphs[at].text = raised(one, upper);
        }
    }
    if charset == Charset::Tcvn3 {
        raise_words(glyphs, own);
    }
}

fn raised(c: char, upper: bool) -> Letters {
    let mut capitals = c.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(one), None) if upper => Letters::One(one),
        _ => Letters::One(c),
    }
}

#[cfg(test)]
mod tests {
    use super::super::walk::FontFace;
    use super::*;
    use crate::text::charset::tests::encode;

    const TEXT: &str = "Trong năm xã đã tiếp nhận 1.815 hồ sơ, giải quyết đúng hạn";

    fn sheet(text: &str, font: &str) -> Sheet {
        let mut x = 0.0;
        let mut glyphs = Vec::new();
        for c in text.chars() {
            if c != ' ' {
                let text = Letters::One(c);
                glyphs.push(Glyph {
                    text,
                    x0: x,
                    x1: x + 5.0,
                    y: 50.0,
                    size: 10.0,
                    font: 0,
                    mark: false,
                    hidden: false,
                });
            }
            x += 5.0;
        }
        let fonts = vec![FontFace { name: font.to_string(), bold: false }];
        Sheet { width: 500.0, height: 100.0, glyphs, fonts, ..Sheet::default() }
    }

    fn spelt(sheet: &Sheet) -> String {
        super::super::words::lines(super::super::words::letters(sheet)).iter().map(|l| l.text()).collect()
    }

    #[test]
    fn old_fonts_are_read_as_what_they_draw() {
        for (charset, font) in [(Charset::Tcvn3, ".VnTime"), (Charset::Vni, "VNI-Times")] {
            let mut page = sheet(&encode(TEXT, charset), font);
            assert_eq!(unify(&mut page).map(|f| f.0), Some(charset));
            assert_eq!(spelt(&page), TEXT);
        }
        let mut typed = sheet(&encode("BÁO CÁO của xã", Charset::Tcvn3), ".VnTime");
        unify(&mut typed);
        assert_eq!(spelt(&typed), "BÁO CÁO của xã");
        let mut capitals = sheet(&encode("báo cáo kết quả", Charset::Tcvn3), ".VnTimeH");
        unify(&mut capitals);
        assert_eq!(spelt(&capitals), "BÁO CÁO KẾT QUẢ");
    }

    #[test]
    fn a_font_that_lies_changes_nothing() {
        let mut page = sheet(TEXT, ".VnTime");
        assert_eq!(unify(&mut page), None);
        assert_eq!(spelt(&page), TEXT);
    }
}
