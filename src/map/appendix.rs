//! Appendices of a report: those printed in it, and those that its text only cites.
//!
//! In: a `Document`. Out: `PHỤ LỤC 3B`, `Biểu mẫu số 2` where they stand as heading, and `(Đính kèm Phụ lục 5B)`, `theo Biểu số 2 kèm theo` where
//! the text points to them. Refuses appendices of other papers: `Phụ lục II ban hành kèm theo Nghị định số …`, `Biểu mẫu 1 của Thông tư …`.

use crate::map::gazetteer::letter;
use crate::map::texts::Texts;
use crate::model::{Appendix, BlockKind, Document, Place};
use crate::text::clean::Text;
use crate::text::letter::lowered;
use crate::text::sought::{Case, Found, Low, Set, number_of};
use regex::Regex;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A fixed pattern; one that does not compile would be a fault of this file, and then matches nothing.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| Regex::new("[^\\s\\S]").unwrap_or_else(|_| unreachable!()))
}

/// `Phụ lục số 3B`, `Biểu mẫu 1`, `Mẫu số 02`, `Biểu số 2`; group 1 the word, group 2 the name.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)(ph[ụu]\s*l[ụu]c|bi[ểê]u\s+m[ẫâ]u|bi[ểê]u|m[ẫâ]u)\s+(?:b[áa]o\s+c[áa]o\s+)?(?:(?:s[ốô]|sô)\s*[:.]?\s*)?",
        r"(\d{1,2}(?:[.\-]?[A-Ha-hđĐ])?(?:\.\d{1,2})?|(?-i:[IVX]{1,5})(?:[.\-][A-Ha-h\d])?|(?-i:[A-H]))(?:[^\p{L}\d/]|$)",
    ))
});

/// Two citations name one kind of thing: `Phụ lục 2` is not `Biểu mẫu 2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    PhuLuc,
    Bieu,
}

/// Appendices printed and cited, in document order, each printed one once per heading, each cited one once.
///
/// An appendix cited and printed is there twice: once with `printed` and once without.
pub(super) fn appendices(document: &Document, texts: &Texts) -> Vec<Appendix> {
    let mut out = Vec::new();
    let mut cited: HashSet<(Word, String)> = HashSet::new();
    for (at, block) in document.blocks.iter().enumerate() {
        match block.kind {
            BlockKind::Table(index) => {
                let cells = document.tables.get(index as usize).map(|t| t.cells.as_slice()).unwrap_or_default();
                for (at, cell) in cells.iter().enumerate() {
                    citations(&cell.text, texts.cell(index, at), cell.place, &mut cited, &mut out);
                }
            }
            BlockKind::Header | BlockKind::Footer => {}
            _ => match heading(&block.text.clean, matches!(block.kind, BlockKind::Heading(_))) {
                Some((_, name)) => out.push(Appendix { name, printed: true, place: block.place }),
                None => citations(&block.text, texts.block(at as u32), block.place, &mut cited, &mut out),
            },
        }
    }
    out
}

/// The appendix that a heading names: its name stands at the start, alone or before its title.
fn heading(text: &str, is_heading: bool) -> Option<(Word, String)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(');
    // Most texts are too long or begin otherwise; the pattern is not run on them.
    if text.len() > 300 || !text.starts_with(['p', 'P', 'b', 'B', 'm', 'M']) {
        return None;
    }
    let found = NAME.captures(text)?;
    let (whole, word, name) = (found.get(0)?, found.get(1)?, found.get(2)?);
    if whole.start() > 0 {
        return None;
    }
    let rest = text[name.end()..].trim_start_matches([' ', '.', ':', '-', '–', ')', '*']);
    let capitals = !word.as_str().chars().any(char::is_lowercase);
    let alone = rest.is_empty();
    // `Phụ lục 2 cho thấy …` is a sentence; a title goes on with a capital or in a bracket.
    let titled = rest.starts_with(|c: char| c.is_uppercase() || c == '(')
        && (is_heading || capitals || rest.starts_with('(') || text.len() < 160);
    let foreign = rest.starts_with('(') && other_paper(rest);
    ((alone || titled) && !foreign || alone && capitals).then(|| (word_of(word.as_str()), tidy(name.as_str())))
}

/// Adds what a text cites.
fn citations(text: &Text, low: Low, place: Place, seen: &mut HashSet<(Word, String)>, out: &mut Vec<Appendix>) {
    const SIGNS: Set = Set::of(&["lục", "luc", "iểu", "ẫu "]);
    const CAPITALS: usize = number_of("lục");
    let clean = text.clean.as_str();
    // Most texts cite none; the pattern is not run on them.
    let sign = |found: &Found| match found.case(clean) {
        Some(Case::Small) => true,
        Some(Case::Capitals) => found.word == CAPITALS,
        _ => false,
    };
    if low.words(SIGNS, sign).next().is_none() {
        return;
    }
    for found in NAME.captures_iter(clean) {
        let (Some(word), Some(name)) = (found.get(1), found.get(2)) else { continue };
        let kind = word_of(word.as_str());
        if !own(clean, word.start(), name.end(), kind) {
            continue;
        }
        let name = tidy(name.as_str());
        if seen.insert((kind, name.clone())) {
            let line = text.line_at(word.start());
            let place = Place { line: (line > 0).then_some(line).or(place.line), ..place };
            out.push(Appendix { name, printed: false, place });
        }
    }
}

/// Whether a citation speaks of the document's own attachment.
fn own(text: &str, start: usize, end: usize, kind: Word) -> bool {
    let before = lowered(around(text, start.saturating_sub(60), start));
    let after = lowered(around(text, end, (end + 90).min(text.len())));
    // The sentence or bracket that the citation stands in.
    let after = after.split([';', ')', ']']).next().unwrap_or_default();
    let after = after.split(". ").next().unwrap_or_default();
    let before = before.rsplit([';', '(', '[']).next().unwrap_or_default();
    if other_paper(after) || other_paper_before(before) {
        return false;
    }
    let pointer = |text: &str| {
        ["kèm", "xem", "chi tiết", "cụ thể", "theo", "tại", "gửi", "như", "nêu", "trong"]
            .iter()
            .any(|w| text.split(|c: char| !c.is_alphanumeric()).any(|t| w.split(' ').next() == Some(t)))
    };
    let attached = after.contains("kèm") || before.contains("kèm");
    match kind {
        Word::PhuLuc => pointer(before) || attached || text[..start].ends_with('('),
        // `biểu`, `mẫu` are common words: only with an attachment in so many words.
        Word::Bieu => attached || before.contains("xem") || before.contains("chi tiết"),
    }
}

/// Whether the words behind a citation name the paper it belongs to, and not this report.
fn other_paper(after: &str) -> bool {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?i)(?:(?:k[èe]m\s+theo|thu[ộo]c|c[ủu]a|t[ạa]i|theo|ban\s+h[àa]nh)\s+(?:.{0,20}\s)?",
            r"(?:ngh[ịi]\s+(?:đ[ịi]nh|quy[ếê]t)|th[ôo]ng\s+t[ưu]|quy[ếê]t\s+đ[ịi]nh|c[ôo]ng\s+v[ăa]n|v[ăa]n\s+b[ảa]n|k[ếê]\s+ho[ạa]ch|ch[ỉi]\s+th[ịi]|lu[ậâ]t|h[ướu]+ng\s+d[ẫâ]n)\b)"
        ))
    });
    OTHER.is_match(after)
}

/// `Nghị định số 61/2018/NĐ-CP, Phụ lục I`: the paper named right before.
fn other_paper_before(before: &str) -> bool {
    let tail = before.trim_end_matches([' ', ',', ':', '-']);
    tail.ends_with(|c: char| c.is_alphanumeric())
        && tail.rsplit(' ').next().is_some_and(|w| w.contains('/') && w.contains('-'))
}

/// A piece of a text at any byte offsets, moved to character borders.
fn around(text: &str, mut from: usize, mut to: usize) -> &str {
    while from < text.len() && !text.is_char_boundary(from) {
        from += 1;
    }
    while to > from && !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or_default()
}

fn word_of(word: &str) -> Word {
    let first = word.chars().next().map(|c| letter(c).1);
    if first == Some('p') { Word::PhuLuc } else { Word::Bieu }
}

/// `03b` → `3B`, `2.1`, `II`.
fn tidy(name: &str) -> String {
    let name: String = name.chars().filter(|c| *c != '-').flat_map(char::to_uppercase).collect();
    let short = name.trim_start_matches('0');
    if short.starts_with(|c: char| c.is_ascii_digit()) { short.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::letterhead::tests::document;

    fn all(texts: &[&str]) -> Vec<(String, bool, Option<u32>)> {
        let document = document(texts);
        let found = appendices(&document, &Texts::of(&document)).into_iter();
        found.map(|a| (a.name, a.printed, a.place.line)).collect()
    }

    fn printed(text: &str) -> Option<String> {
        all(&[text]).into_iter().find(|a| a.1).map(|a| a.0)
    }

    fn cited(text: &str) -> Vec<String> {
        all(&[text]).into_iter().filter(|a| !a.1).map(|a| a.0).collect()
    }

    #[test]
    fn headings() {
        assert_eq!(printed("PHỤ LỤC 3B").as_deref(), Some("3B"));
        assert_eq!(printed("Phụ lục số 02").as_deref(), Some("2"));
        assert_eq!(printed("Phụ lục II").as_deref(), Some("II"));
        assert_eq!(printed("Biểu mẫu 1 Công tác chỉ đạo, điều hành").as_deref(), Some("1"));
        assert_eq!(printed("PHỤ LỤC 4: CẢI CÁCH TỔ CHỨC BỘ MÁY").as_deref(), Some("4"));
        assert_eq!(printed("PHỤ LỤC 1 (Kèm theo Báo cáo số 5/BC-UBND)").as_deref(), Some("1"));
        assert_eq!(printed("Phụ lục 2 cho thấy số hồ sơ tăng"), None);
        assert_eq!(printed("BIỂU MẪU THỐNG KÊ SỐ LIỆU"), None);
        assert_eq!(printed("Mẫu mã 5 sao"), None);
    }

    #[test]
    fn citations_of_own_appendices() {
        assert_eq!(cited("(Đính kèm Phụ lục 5B)"), ["5B"]);
        assert_eq!(cited("Đính kèm Phụ lục 3B"), ["3B"]);
        assert_eq!(cited("Số liệu chi tiết xem phụ lục 1 và xem Phụ lục 2."), ["1", "2"]);
        assert_eq!(cited("Kết quả theo Biểu số 2 kèm theo."), ["2"]);
        assert_eq!(cited("(Có Phụ lục số 04 kèm theo Báo cáo này)"), ["4"]);
    }

    #[test]
    fn appendices_of_other_papers() {
        for text in [
            "theo Phụ lục II ban hành kèm theo Nghị định số 61/2018/NĐ-CP",
            "báo cáo theo Biểu mẫu 1 của Thông tư số 01/2020/TT-VPCP",
            "thực hiện Phụ lục 3 Công văn số 12 kèm theo Công văn số 12/SNV",
            "theo Nghị định số 61/2018/NĐ-CP, Phụ lục I",
            "biểu 5 người đi đầu, mẫu 3 ngày",
        ] {
            assert_eq!(cited(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn cited_once_and_printed_each_time() {
        let found = all(&["(Đính kèm Phụ lục 7B)", "(Đính kèm Phụ lục 7B)", "PHỤ LỤC 7B", "STT"]);
        assert_eq!(found, [("7B".to_owned(), false, Some(1)), ("7B".to_owned(), true, Some(3))]);
    }
}
