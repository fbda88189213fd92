//! Where a text names an administrative unit: a type word and the name behind it.
//!
//! In: clean text. Out: `xã Tân Hòa`, `UBND HUYỆN A LƯỚI`, `TP. Huế`, `Quận 12`, in order, and the bare `UBND huyện` where a body is
//! named by its kind only. Refuses type words that name no unit: `kinh tế - xã hội`, `hợp tác xã`, `các xã, thị trấn`.
//!
//! Where a name ends is not printed; the longest beginning that the gazetteer knows is taken, else the run of capitalised words.

use super::{UnitWord, known, letter};
use crate::text::letter::in_word;
use crate::text::sought::{Case, Found, Low, Lowered, Meanings, number_of};
use std::ops::Range;

/// A unit named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Bytes from the type word to the end of the name.
    pub range: Range<usize>,
    /// The type word.
    pub word: UnitWord,
    /// The name as printed, without type word; empty where only the kind of body is named (`UBND huyện`).
    pub name: &'a str,
    /// Where the body's own word starts (`UBND`, `Ủy ban nhân dân`), if one stands before.
    pub body: Option<usize>,
    /// Whether the gazetteer knows a unit of this kind and name.
    pub known: bool,
}

/// Type words in small letters; each is looked for in the three cases that are printed, the short ones (`TP`, `Tp`, `TX`) not in small
/// letters.
static WORDS: Meanings<UnitWord> = Meanings::of(&[
    ("xã", UnitWord::Xa),
    ("phường", UnitWord::Phuong),
    ("thị trấn", UnitWord::ThiTran),
    ("đặc khu", UnitWord::DacKhu),
    ("huyện", UnitWord::Huyen),
    ("quận", UnitWord::Quan),
    ("thị xã", UnitWord::ThiXa),
    ("thành phố", UnitWord::ThanhPho),
    ("tỉnh", UnitWord::Tinh),
    ("tp", UnitWord::ThanhPho),
    ("tx", UnitWord::ThiXa),
]);

const TP: usize = number_of("tp");
const TX: usize = number_of("tx");

/// All units named in `text`, and the bodies named by their kind only.
pub fn mentions(text: &str) -> Vec<Mention<'_>> {
    mentions_in(text, Lowered::alone(text).text(0))
}

/// As [`mentions`]; `low` is the text in small letters.
pub fn mentions_in<'t>(text: &'t str, low: Low) -> Vec<Mention<'t>> {
    let short = |found: &Found| found.word == TP || found.word == TX;
    let printed = |found: &Found| match found.case(text) {
        Some(Case::Small) => !short(found),
        Some(Case::First) => found.word != TX,
        case => case.is_some(),
    };
    let mut out: Vec<Mention> = Vec::new();
    for found in low.words(WORDS.words, printed) {
        let Some(word) = WORDS.get(found.word) else { continue };
        let capitals = !short(&found) && found.case(text) == Some(Case::Capitals);
        let Range { start, end } = found.range;
        if out.last().is_some_and(|m| start < m.range.end) || compound(text, start) {
            continue;
        }
        let name_start = end + text[end..].len() - text[end..].trim_start_matches([' ', '.']).len();
        let body = body_before(text, start);
        let named = (name_start > end).then(|| name_at(text, name_start, word, capitals)).flatten();
        match named {
            Some((name_end, known)) => {
                out.push(Mention { range: start..name_end, word, name: &text[name_start..name_end], body, known });
            }
            None if body.is_some() => out.push(Mention { range: start..end, word, name: "", body, known: false }),
            None => {}
        }
    }
    out
}

/// `hợp tác xã`, `trưởng huyện` … : type words that end another word.
fn compound(text: &str, start: usize) -> bool {
    let before = text[..start].trim_end();
    ["tác", "TÁC", "Tác", "HTX"].iter().any(|w| before.ends_with(w))
}

/// Where `UBND` or `Ủy ban nhân dân` starts, if it stands right before `at`.
fn body_before(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].trim_end_matches([' ', '.', ')', '\u{a0}']);
    if before.len() == at {
        return None;
    }
    // `Ủy ban nhân dân (UBND) huyện A`: the short form introduced where the long one stands.
    if text[before.len()..].starts_with(')')
        && let Some(head) = before.strip_suffix("(UBND")
    {
        return body_before(text, head.len()).or(Some(head.len()));
    }
    for body in ["UBND", "ubnd", "Ubnd"] {
        if let Some(head) = before.strip_suffix(body) {
            return (!head.ends_with(in_word)).then_some(head.len());
        }
    }
    // The longest spelling of the four words is 19 bytes; letters are compared without case and tone.
    let mut chars = before.char_indices().rev();
    let mut start = before.len();
    for want in "uybannhandan".chars().rev() {
        let (at, got) = chars.by_ref().find(|(_, c)| *c != ' ')?;
        if letter(got).1 != want {
            return None;
        }
        start = at;
    }
    Some(start)
}

/// Words that follow a type word and start no name, without marks.
const NO_NAME: [&str; 4] = ["hoi", "vien", "uy", "so"];

/// Words in capitals at which a name in capitals ends, without marks.
const END_OF_NAME: [&str; 12] = ["so", "cong", "nam", "quy", "thang", "bao", "ve", "doc", "ngay", "chu", "phong", "ky"];

/// The end of the name that starts at `start`, and whether the gazetteer knows it; None where none starts there.
fn name_at(text: &str, start: usize, word: UnitWord, capitals: bool) -> Option<(usize, bool)> {
    let first = text[start..].chars().next()?;
    if first.is_ascii_digit() {
        return number_at(text, start, word);
    }
    if !first.is_uppercase() {
        return None;
    }
    // `TM. ỦY BAN NHÂN DÂN XÃ / CHỦ TỊCH`: the signer's office, printed under the body.
    if ["CHỦ TỊCH", "Chủ tịch", "PHÓ CHỦ", "Phó Chủ", "KT.", "SỐ:", "Số:"].iter().any(|w| text[start..].starts_with(w))
    {
        return None;
    }
    // Ends of the first six words, each with whether the run of capitals still holds there.
    let mut ends: Vec<(usize, bool)> = Vec::new();
    let (mut at, mut run) = (start, true);
    while ends.len() < 6 {
        let end = word_end(text, at);
        if end == at {
            break;
        }
        let this = &text[at..end];
        let capital = if capitals {
            this.chars().any(char::is_uppercase) && !this.chars().any(char::is_lowercase)
        } else {
            this.starts_with(|c: char| c.is_uppercase())
        };
        let bare: String = this.chars().map(|c| letter(c).1).collect();
        if ends.is_empty() && NO_NAME.contains(&bare.as_str()) {
            return None;
        }
        run &= capital;
        ends.push((end, run));
        let rest = &text[end..];
        let gap = if rest.starts_with(" - ") { 3 } else { usize::from(rest.starts_with(' ')) };
        if gap == 0 {
            break;
        }
        at = end + gap;
    }
    let best = ends.iter().rev().find_map(|&(end, run)| {
        let close = known(word, &text[start..end])?;
        // Words in small letters are taken into a name only if it is then exactly right (`Tân trào`).
        (if run { close <= 2 } else { close == 0 }).then_some(end)
    });
    if let Some(end) = best {
        return Some((end, true));
    }
    let mut end = None;
    let mut from = start;
    for &(to, run) in ends.iter().take(4) {
        let bare: String = text[from..to].chars().filter(|c| in_word(*c)).map(|c| letter(c).1).collect();
        if !run || text[..to].ends_with('-') || (capitals && from > start && END_OF_NAME.contains(&bare.as_str())) {
            break;
        }
        end = Some(to);
        from = to;
        if text[to..].starts_with(" - ") {
            break;
        }
    }
    end.map(|end| (end, false))
}

/// The end of the word at `at`: letters and digits, with apostrophes and hyphens inside.
fn word_end(text: &str, at: usize) -> usize {
    let mut end = at;
    let mut chars = text[at..].char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let inside = in_word(c)
            || (matches!(c, '\'' | '’' | '‘' | 'ʼ' | '-')
                && chars.peek().is_some_and(|(_, n)| n.is_alphabetic())
                && i > 0);
        if !inside {
            break;
        }
        end = at + i + c.len_utf8();
    }
    end
}

/// `Quận 12`, `Phường 04`: a number of one or two digits that is no count of something.
fn number_at(text: &str, start: usize, word: UnitWord) -> Option<(usize, bool)> {
    if !matches!(word, UnitWord::Phuong | UnitWord::Quan) {
        return None;
    }
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[start + digits..];
    let mut next = rest.chars();
    let glued = match (next.next(), next.next()) {
        (Some(c), _) if in_word(c) || matches!(c, '%' | '/') => true,
        (Some('.' | ','), Some(c)) => c.is_ascii_digit(),
        _ => false,
    };
    // `05 phường 12 xã`: the number counts what follows.
    let counted = ["xã", "phường", "thị trấn", "đơn vị", "hồ sơ", "người", "trường", "tổ", "khu"]
        .iter()
        .any(|noun| rest.trim_start().starts_with(noun));
    let end = start + digits;
    ((1..=2).contains(&digits) && !glued && !counted && known(word, &text[start..end]).is_some()).then_some((end, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, bool)> {
        mentions(text).into_iter().map(|m| (format!("{}/{}", m.word.as_str(), m.name), m.body.is_some())).collect()
    }

    fn named(text: &str) -> Vec<String> {
        mentions(text).into_iter().filter(|m| !m.name.is_empty()).map(|m| text[m.range].to_owned()).collect()
    }

    #[test]
    fn names_end_where_the_gazetteer_says() {
        assert_eq!(
            named("Xã Thuận Hạnh đạt 91 điểm; thị trấn Đức An đạt 89 điểm"),
            ["Xã Thuận Hạnh", "thị trấn Đức An"]
        );
        assert_eq!(named("UBND XÃ TÂN HÒA SỐ 12/BC-UBND"), ["XÃ TÂN HÒA"]);
        assert_eq!(named("tại xã Đắk N’Dung, nhiệm kỳ"), ["xã Đắk N’Dung"]);
        assert_eq!(named("tỉnh Bà Rịa - Vũng Tàu có"), ["tỉnh Bà Rịa - Vũng Tàu"]);
        assert_eq!(named("của UBND xã Tân trào trong năm"), ["xã Tân trào"]);
        assert_eq!(named("TP. Hồ Chí Minh, TX Kinh Môn"), ["TP. Hồ Chí Minh", "TX Kinh Môn"]);
        assert_eq!(named("xã Vô Danh Thử Nghiệm đạt"), ["xã Vô Danh Thử Nghiệm"]);
        assert_eq!(named("Quận 12 và 05 phường 12 xã, Phường 4 đạt"), ["Quận 12", "Phường 4"]);
    }

    #[test]
    fn bodies_without_a_name() {
        assert_eq!(all("Ủy ban nhân dân huyện báo cáo"), [("huyện/".to_owned(), true)]);
        assert_eq!(mentions("Ủy ban nhân dân (UBND) huyện A Lưới").first().and_then(|m| m.body), Some(0));
        assert_eq!(all("UỶ BAN NHÂN DÂN XÃ TÂN TRÀO"), [("xã/TÂN TRÀO".to_owned(), true)]);
        assert_eq!(all("huyện báo cáo, các xã, thị trấn"), []);
    }

    #[test]
    fn what_names_no_unit() {
        let text =
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA, kinh tế - xã hội, Hợp tác xã Minh Tâm, Xã viên, TPHCM, thị trấn, 17 xã 16TTHC";
        assert_eq!(named(text), Vec::<String>::new());
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let text = "xã ".repeat(100_000) + &"Xã A ".repeat(20_000) + &"UBND ".repeat(10_000);
        assert!(mentions(&text).len() <= 20_000);
    }
}
