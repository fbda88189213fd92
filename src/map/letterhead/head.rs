//! The first page above the text proper: letterhead, number, place and date.
//!
//! In: the document's first blocks. Out: its lines freed of the national title and motto, the number (blank or not), the place and
//! date, the names of the bodies. Left and right block of the letterhead interleave in most dumps, on one line or on several, so
//! nothing here depends on which line stands beside which. Layout after Decree 30/2020/NĐ-CP, annex I.

use crate::model::{BlockKind, Document, Place};
use crate::text::clean::Text;
use crate::text::period::{PrintedDate, parse_date};
use regex::Regex;
use std::sync::LazyLock;

/// One printed line of the head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line<'a> {
    /// Clean characters.
    pub text: &'a str,
    /// Where it stands.
    pub place: Place,
    /// Block it belongs to.
    pub block: u32,
}

/// How many blocks the head may have; a report without headings is not read to its end.
const HEAD_BLOCKS: usize = 60;

/// The lines of a text as printed: a new one where the anchors name a new source line.
pub(super) fn lines(text: &Text) -> impl Iterator<Item = (&str, u32)> {
    let mut starts: Vec<(usize, u32)> = vec![(0, text.line_at(0))];
    for anchor in &text.anchors {
        if starts.last().is_some_and(|(_, line)| *line != anchor.line) {
            starts.push((anchor.clean as usize, anchor.line));
        }
    }
    let clean = text.clean.as_str();
    (0..starts.len()).filter_map(move |i| {
        let (from, line) = starts[i];
        let to = starts.get(i + 1).map_or(clean.len(), |s| s.0);
        clean.get(from..to).map(|t| (t.trim(), line)).filter(|(t, _)| !t.is_empty())
    })
}

/// The lines above the first numbered heading or the first table that is no letterhead, and the block at which they end.
pub(super) fn head(document: &Document) -> (Vec<Line<'_>>, usize) {
    let mut out = Vec::new();
    for (at, block) in document.blocks.iter().enumerate().take(HEAD_BLOCKS) {
        match block.kind {
            BlockKind::Table(index) => {
                // Word files keep the two blocks of the letterhead in a table without lines.
                let Some(table) = document.tables.get(index as usize) else { continue };
                if at > 8 || table.cells.len() > 16 || !table.cells.iter().any(|c| MOTTO.is_match(&c.text.clean)) {
                    return (out, at);
                }
                for cell in &table.cells {
                    for (text, line) in lines(&cell.text) {
                        let place = Place { line: (line > 0).then_some(line).or(cell.place.line), ..cell.place };
                        out.push(Line { text, place, block: at as u32 });
                    }
                }
            }
            BlockKind::Heading(_) if starts_body(&block.text.clean, &block.mark) => return (out, at),
            BlockKind::Footnote | BlockKind::Footer => {}
            _ => {
                for (text, line) in lines(&block.text) {
                    let place = Place { line: (line > 0).then_some(line).or(block.place.line), ..block.place };
                    out.push(Line { text, place, block: at as u32 });
                }
            }
        }
    }
    (out, HEAD_BLOCKS.min(document.blocks.len()))
}

/// `I. CÔNG TÁC CHỈ ĐẠO`, `1.`, `A.`, `Phần thứ nhất`: where the text proper begins.
pub(super) fn starts_body(text: &str, mark: &str) -> bool {
    static BODY: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^\W*(?:[IVX]{1,4}|[A-D]|1(?:\.\d)*)\s*[./)-]\s*\S|^\W*(?i:ph[ầâ]n)\s+(?i:th[ứư]|I|A|1)")
    });
    let printed = matches!(mark.trim_end_matches(['.', ')', '/']), "I" | "A" | "1" | "1.1" | "a");
    printed || BODY.is_match(text)
}

/// A fixed pattern; one that does not compile would be a fault of this file, and then matches nothing.
pub(super) fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|_| Regex::new("[^\\s\\S]").unwrap_or_else(|_| unreachable!()))
}

/// National title and motto, whatever marks are lost.
static MOTTO: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)c\p{L}ng\s+h\p{L}{2}\s+x\p{L}\s+h\p{L}i\s+ch\p{L}\s+ngh\p{L}a\s+vi\p{L}t\s+nam",
        r"|[đd]\p{L}c\s+l\p{L}p\s*[-–—]?\s*t\p{L}\s+do\s*[-–—]?\s*h\p{L}nh\s+ph\p{L}c",
    ))
});

/// `Số: 12/BC-UBND`, `Số:      /BC-UBND`, `Số: …./BC-UBND`; group 1 the number, group 2 the signs.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?:^|\s)(?i:s[ốôồổó])\s*[:;.]?\s*(\d[\d.]{0,6}[a-zđ]?)?[\s._…]*[/\\]{1,2}\s*((?:\d{4}\s?/\s?)?\p{Lu}[\p{L}\d&]*(?:\s?[-–_/.]{1,2}\s?\p{Lu}[\p{L}\d&]*)*)",
    )
});

/// `Thanh Bình, ngày 09 tháng 12 năm 2023` with any part of the date blank; group 1 the place.
static DATED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)^(.*?)[\s,;.]*(?-u:\b)(ng[àa]y\W*\d{0,2}\W*th[áa]ng\W*\d{0,2}\W*n[ăa]m\W*(?:\d{4}|20\W*\d{0,2}).*|ng[àa]y\s*\d{0,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}.*)$",
    )
});

/// A number as printed in a letterhead or caption.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DocNumber {
    /// `12/BC-UBND`; None where only the signs are printed.
    pub number: Option<String>,
    /// `BC-UBND`.
    pub signs: String,
    /// Byte range in the line.
    pub range: std::ops::Range<usize>,
}

/// The document number in a line, blank or not.
pub(super) fn number_in(line: &str) -> Option<DocNumber> {
    let found = NUMBER.captures(line)?;
    let whole = found.get(0)?;
    let signs: String = found.get(2)?.as_str().chars().filter(|c| !c.is_whitespace()).collect();
    let signs = signs.replace(['–', '_'], "-").replace("--", "-");
    let number = found.get(1).map(|n| format!("{}/{signs}", n.as_str().trim_end_matches('.')));
    Some(DocNumber { number, signs, range: whole.range() })
}

/// What the lines above the title say.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Letterhead {
    /// Number and where it is printed.
    pub number: Option<(DocNumber, Place)>,
    /// Place of issue as printed.
    pub place: Option<String>,
    /// Date of issue as far as printed.
    pub date: Option<PrintedDate>,
    /// What is left of the lines: names of bodies, in order.
    pub bodies: Vec<String>,
    /// `V/v …` of a letter.
    pub subject: Option<String>,
}

/// Reads the lines above the title (or above `Kính gửi`).
pub(super) fn letterhead(lines: &[Line<'_>]) -> Letterhead {
    let mut out = Letterhead::default();
    let mut in_subject = false;
    for line in lines.iter().take(40) {
        if line.text.len() > 400 {
            continue;
        }
        let mut rest = MOTTO.replace_all(line.text, "\n").into_owned();
        if out.number.is_none()
            && let Some(number) = number_in(&rest)
            && rest[..number.range.start].trim().len() < 60
            && !cites(&rest[..number.range.start])
        {
            rest.replace_range(number.range.clone(), "\n");
            out.number = Some((number, line.place));
        }
        if out.date.is_none() && out.place.is_none() {
            let mut left = String::new();
            for piece in rest.split('\n') {
                let dated = DATED.captures(piece).filter(|_| piece.len() < 120 && !cites(piece));
                if let Some(found) = dated
                    && let (Some(place), Some(date)) = (found.get(1), found.get(2))
                    && (out.date.is_none() && place.as_str().chars().count() <= 45)
                    && !place.as_str().chars().any(|c| c.is_ascii_digit() && place.as_str().len() > 12)
                {
                    out.date = parse_date(date.as_str());
                    out.place = tidy_place(place.as_str());
                    in_subject = false;
                } else {
                    left.push_str(piece);
                    left.push('\n');
                }
            }
            rest = left;
        }
        for piece in rest.split('\n').map(|p| p.trim_matches(|c: char| !c.is_alphanumeric() && c != ')')) {
            if piece.is_empty() {
                continue;
            }
            let about = strip_about(piece);
            if let Some(about) = about {
                out.subject = Some(about.to_owned());
                in_subject = true;
            } else if in_subject {
                if let Some(subject) = &mut out.subject
                    && subject.len() < 300
                {
                    subject.push(' ');
                    subject.push_str(piece);
                }
            } else {
                out.bodies.push(piece.to_owned());
            }
        }
    }
    out
}

/// The subject behind `V/v`, `Về việc`.
fn strip_about(piece: &str) -> Option<&str> {
    static ABOUT: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?i:v\s?/\s?v)\s*[:.]?\s*(\S.*)$"));
    ABOUT.captures(piece).and_then(|c| c.get(1)).map(|m| m.as_str())
}

/// Whether a piece of text cites another document instead of being a letterhead line.
fn cites(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["căn cứ", "thực hiện", "theo ", "kèm theo", "công văn", "quyết định", "kế hoạch", "văn bản", "nghị quyết"]
        .iter()
        .any(|w| lower.contains(w))
}

/// A place as printed, each word with a capital: `Tân trào` is `Tân Trào`.
fn tidy_place(printed: &str) -> Option<String> {
    let printed = printed.trim_matches(|c: char| !c.is_alphanumeric());
    if printed.is_empty() || !printed.chars().any(char::is_alphabetic) {
        return None;
    }
    Some(capitalize(printed, !printed.chars().any(char::is_lowercase)))
}

/// Every word with a capital; where `lower`, the rest of each word in small letters (`ĐẮK N'DUNG` → `Đắk N'Dung`).
pub(super) fn capitalize(text: &str, lower: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if c.is_alphanumeric() && start {
            out.extend(c.to_uppercase());
        } else if lower && !start {
            out.extend(c.to_lowercase());
        } else {
            out.push(c);
        }
        start = !c.is_alphanumeric();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(texts: &[&str]) -> Letterhead {
        let lines: Vec<Line> = texts
            .iter()
            .enumerate()
            .map(|(i, t)| Line { text: t, place: Place::line(i as u32 + 1), block: i as u32 })
            .collect();
        letterhead(&lines)
    }

    #[test]
    fn numbers_blank_and_printed() {
        let number = |t| number_in(t).map(|n| (n.number, n.signs));
        assert_eq!(number("Số:12/BC-UBND"), Some((Some("12/BC-UBND".into()), "BC-UBND".into())));
        assert_eq!(number("Số : 07 /BC- UBND"), Some((Some("07/BC-UBND".into()), "BC-UBND".into())));
        assert_eq!(number("Số: /BC-UBND"), Some((None, "BC-UBND".into())));
        assert_eq!(number("Số: …../BC-SNV"), Some((None, "BC-SNV".into())));
        assert_eq!(number("SỐ: 3//BC_UBND"), Some((Some("3/BC-UBND".into()), "BC-UBND".into())));
        assert_eq!(number("Số: 16a/BC-UBND Hòa An, ngày"), Some((Some("16a/BC-UBND".into()), "BC-UBND".into())));
        assert_eq!(number("Số người: 12"), None);
        assert_eq!(number("tổng số 12/39 hồ sơ"), None);
    }

    #[test]
    fn blocks_of_the_letterhead_interleave() {
        let apart = read(&[
            "ỦY BAN NHÂN DÂN",
            "XÃ HÒA AN",
            "Số:      /BC-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lâp - Tự do - Hạnh phúc",
            "Hòa an, ngày    tháng 6 năm 2022",
        ]);
        assert_eq!(apart.bodies, ["ỦY BAN NHÂN DÂN", "XÃ HÒA AN"]);
        assert_eq!(apart.number.as_ref().map(|n| n.0.number.clone()), Some(None));
        assert_eq!(apart.number.map(|n| n.1.line), Some(Some(3)));
        assert_eq!(apart.place.as_deref(), Some("Hòa An"));
        let beside = read(&[
            "UBND HUYỆN A LƯỚI CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "PHÒNG NỘI VỤ Độc lập - Tự do - Hạnh phúc",
            "Số: 45/BC-PNV A Lưới, ngày 02 tháng 7 năm 2021",
        ]);
        assert_eq!(beside.bodies, ["UBND HUYỆN A LƯỚI", "PHÒNG NỘI VỤ"]);
        assert_eq!(beside.place.as_deref(), Some("A Lưới"));
        assert_eq!(beside.number.and_then(|n| n.0.number).as_deref(), Some("45/BC-PNV"));
    }

    #[test]
    fn a_letter_has_its_subject_under_the_number() {
        let letter = read(&[
            "UBND HUYỆN A LƯỚI",
            "Số: 45/UBND-NV",
            "V/v báo cáo kết quả công tác",
            "cải cách hành chính quý I",
            "A Lưới, ngày 02 tháng 4 năm 2021",
        ]);
        assert_eq!(letter.subject.as_deref(), Some("báo cáo kết quả công tác cải cách hành chính quý I"));
        assert_eq!(letter.place.as_deref(), Some("A Lưới"));
    }

    #[test]
    fn a_date_in_figures() {
        assert_eq!(read(&["Số 5/BC-UBND", "Hòa An, ngày 02/7/2021"]).place.as_deref(), Some("Hòa An"));
    }

    #[test]
    fn a_cited_document_is_not_this_one() {
        let cited = read(&["Thực hiện Kế hoạch số 73/KH-UBND ngày 29 tháng 3 năm 2022 của UBND tỉnh"]);
        assert_eq!((cited.number, cited.date, cited.place), (None, None, None));
    }
}
