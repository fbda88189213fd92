//! The title: `BÁO CÁO` and the lines of its subject, and what kind of document it announces.
//!
//! In: the lines of the head, the closing sentence. Out: the title as one line, the part of it that states the reporting period, the
//! kind. Refuses to read on into the text proper: a subject ends at an opening sentence (`Thực hiện Kế hoạch số …`), at `Kính gửi`
//! and at the first numbered heading.

use super::head::{Line, regex, starts_body};
use regex::Regex;
use std::sync::LazyLock;

/// The title found in the head.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Title {
    /// `BÁO CÁO Kết quả …`.
    pub text: String,
    /// Index of its first line among the lines of the head.
    pub first: usize,
    /// Byte at which it starts in that line; before it stands the letterhead where a dump has lost the line ends.
    pub at: usize,
}

/// Kinds of document as they stand in capitals at the head of a title.
static KIND: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\W*((?:[BV]ÁO\s*CÁO|BÁO\s*CAO|BAO\s*CAO|BẢNG|BIỂU|PHIẾU|KẾ HOẠCH|TỔNG HỢP|KẾT QUẢ TỰ|TỰ ĐÁNH GIÁ|THUYẾT MINH)(?:\P{L}.*)?)$",
    )
});

/// `… năm 2023 BÁO CÁO Kết quả`: the whole head on one line.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:\d{4}|[Pp][hH]\p{L}[cC])\W+(BÁO\s*CÁO(?:\P{L}.*)?)$"));

/// Opening sentences: what cannot be part of a subject.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)^\W*(?:k[íi]nh\s+g[ửu]i|c[ăa]n\s+c[ứư]\b|trong\s|trên\s+cơ\s+sở|qua\s|sau\s+khi|tiếp\s+tục\s",
        r"|(?:thực\s+hiện|theo|triển\s+khai|tiếp\s+nhận)\s.*(?:\bsố\s|ngày\s+\d|\bnội\s+dung\b|chỉ\s+đạo\s+của|/[A-ZĐ]))"
    ))
});

/// The issuer speaks: `Ủy ban nhân dân huyện báo cáo …`.
static SPEAKS: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\W*(?:[ỦUỦ][ỷyỶY]?\s?ban nhân dân|UBND|Phòng|Sở|Ban)\s.*\b(?:báo cáo|xin|trân trọng)\b"));

/// Longest subject in bytes and in lines; longer ones are text.
const SUBJECT_BYTES: usize = 700;
const SUBJECT_LINES: usize = 8;

/// Finds the title among the lines of the head.
pub(super) fn title(lines: &[Line<'_>]) -> Option<Title> {
    let (first, at, start) = lines.iter().enumerate().find_map(|(i, line)| {
        let found = KIND.captures(line.text).or_else(|| WITHIN.captures(line.text))?;
        let offset = if KIND.is_match(line.text) { 0 } else { found.get(1)?.start() };
        found.get(1).map(|m| (i, offset, m.as_str())).filter(|(_, _, t)| !t.contains("/BC-") && t.len() < SUBJECT_BYTES)
    })?;
    // A letter of another alphabet read by its sound (`ВÁО` as `VÁO`) is still this word.
    let mut text = tidy(start).replacen("VÁO CÁO", "BÁO CÁO", 1);
    for line in lines.iter().skip(first + 1).take(SUBJECT_LINES) {
        let piece = tidy(line.text);
        if piece.is_empty() {
            continue;
        }
        if !continues(&piece) || text.len() + piece.len() > SUBJECT_BYTES {
            break;
        }
        if !cites_parent(&piece) {
            text.push(' ');
            text.push_str(&piece);
        }
    }
    Some(Title { text, first, at })
}

/// Whether a line can be part of a subject.
fn continues(piece: &str) -> bool {
    let sentence = piece.ends_with(':') || piece.contains("như sau") || (piece.ends_with('.') && piece.len() > 100);
    let list = piece.starts_with(['-', '+', '*', '•']);
    let table = piece.starts_with("STT") || piece.starts_with("TT ");
    let text = sentence || list || table || piece.len() > 320;
    !text && !starts_body(piece, "") && !OPENING.is_match(piece) && !SPEAKS.is_match(piece)
}

/// `(Kèm theo Công văn số …)` under a title belongs to the papers, not to the subject.
fn cites_parent(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    lower.starts_with('(') && (lower.contains("kèm theo") || lower.contains("ban hành"))
}

/// A line without rules and stray marks.
fn tidy(line: &str) -> String {
    let line = line.trim().trim_matches(|c: char| matches!(c, '*' | '_' | '#' | '=' | '~' | '|')).trim();
    if line.chars().any(char::is_alphanumeric) {
        line.trim_end_matches(['-', '–', '—', '_', ' ']).split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        String::new()
    }
}

/// The title that a closing sentence repeats: `Trên đây là Báo cáo kết quả … của UBND xã X./.` → `Báo cáo kết quả …`.
pub(super) fn title_of_closing(closing: &str) -> Option<String> {
    static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)^\W*trên\s+đây\s+là\s+(?:toàn\s+bộ\s+)?(?:nội\s+dung\s+)?(báo\s+cáo\b.*?)(?:\s+của\s+(?:ủy\s+ban|uỷ\s+ban|ubnd|xã|phường|thị|huyện|quận|sở|phòng)\b[^.;]*)?\W*$",
        )
    });
    let first = closing.split(". ").next().unwrap_or(closing);
    let found = CLOSING.captures(first)?.get(1)?.as_str().trim_matches([' ', '.', '/', ',', ';']);
    let mut chars = found.chars();
    let head = chars.next()?;
    (found.len() > 20).then(|| head.to_uppercase().chain(chars).collect())
}

/// The part of a title or closing that states the period reported on: without plans (`và phương hướng quý II`), without what the
/// report serves (`phục vụ Đoàn kiểm tra … năm 2023`), without papers cited; a window in brackets is kept.
pub(super) fn period_part(text: &str) -> String {
    // Word ends by ASCII letters: of Unicode they would keep the pattern from the fast automaton.
    static CUT: LazyLock<Regex> = LazyLock::new(|| {
        regex(concat!(
            r"(?i)[\s,;(]*(?:(?:và|,|;|-|–|\+|&)\s*(?:một\s+số\s+)?(?:nhiệm\s+vụ|kế\s+hoạch|giải\s+pháp|chương\s+trình\s+công\s+tác|dự\s+kiến)",
            r"|(?:và\s+)?(?:phương|định)\s+hướng|phục\s+vụ\s+(?:đoàn|kiểm|thanh|công\s+tác\s+kiểm)|(?-u:\b)(?:số\s+\d|theo\s+(?:quyết|kế|công|nghị|văn))).*$"
        ))
    });
    static WINDOW: LazyLock<Regex> = LazyLock::new(|| regex(r"\([^()]*\d[^()]*\)"));
    let Some(cut) = CUT.find(text) else { return text.to_owned() };
    let mut part = text[..cut.start()].to_owned();
    let dated = |w: &&str| w.contains('/') || w.to_lowercase().contains("ngày");
    if let Some(window) = WINDOW.find_iter(&text[cut.start()..]).map(|m| m.as_str()).find(dated)
        && !window.contains("số ")
    {
        part.push(' ');
        part.push_str(window);
    }
    part
}

/// The last year printed in a text: fills in where a period is named without its year.
pub(super) fn year_of(text: &str) -> Option<i16> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:^|\D)(20[0-4]\d)(?:\D|$)"));
    YEAR.captures_iter(text).last().and_then(|c| c.get(1)).and_then(|m| m.as_str().parse().ok())
}

/// What the title announces; `letter` where the document has a subject line instead of a title.
pub(super) fn kind(title: Option<&str>, letter: bool, body: bool, annex: bool) -> Option<&'static str> {
    let Some(title) = title else {
        return match (letter, annex && !body) {
            (true, _) => Some("letter"),
            (_, true) => Some("annex"),
            _ => None,
        };
    };
    let t = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| t.contains(w));
    let found = if letter {
        "letter"
    } else if t.starts_with("kế hoạch") {
        "plan"
    } else if has(&[
        "chấm điểm",
        "tự đánh giá",
        "chỉ số đánh giá",
        "bảng điểm",
        "xác định chỉ số",
        "đánh giá, xác định",
        "đánh giá chỉ số",
    ]) {
        "score-sheet"
    } else if has(&[
        "phục vụ đoàn",
        "phục vụ kiểm tra",
        "phục vụ công tác kiểm tra",
        "phục vụ thanh tra",
        "kết quả kiểm tra",
        "kết quả tự kiểm tra",
    ]) {
        "inspection-report"
    } else if has(&["chuyên đề"]) {
        "thematic-report"
    } else if has(&["tổng kết", "sơ kết"]) {
        "summary-report"
    } else if has(&["quý", "quí", "tháng", "năm 20", "định kỳ", "tuần"]) {
        "periodic-report"
    } else if has(&["giai đoạn"]) {
        "summary-report"
    } else if t.starts_with("báo cáo") {
        "report"
    } else if annex && !body {
        "annex"
    } else {
        "other"
    };
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    fn read(texts: &[&str]) -> Option<String> {
        let lines: Vec<Line> = texts.iter().map(|t| Line { text: t, place: Place::default(), block: 0 }).collect();
        title(&lines).map(|t| t.text)
    }

    #[test]
    fn a_subject_of_several_lines() {
        assert_eq!(
            read(&[
                "Hòa An, ngày 09 tháng 12 năm 2022",
                "BÁO CÁO",
                "Kết quả công tác cải cách hành chính năm 2022",
                "(Số liệu tính từ ngày 15/12/2021 đến ngày 14/12/2022)",
                "-------",
                "Thực hiện Công văn số 12/UBND-NV ngày 01/12/2022 của UBND huyện về báo cáo",
            ])
            .as_deref(),
            Some(
                "BÁO CÁO Kết quả công tác cải cách hành chính năm 2022 (Số liệu tính từ ngày 15/12/2021 đến ngày 14/12/2022)"
            )
        );
        assert_eq!(
            read(&["BÁO CÁO", "Thực hiện công tác cải cách hành chính quý I năm 2022", "Kính gửi: Phòng Nội vụ"])
                .as_deref(),
            Some("BÁO CÁO Thực hiện công tác cải cách hành chính quý I năm 2022")
        );
        assert_eq!(
            read(&["BÁO CÁO CHUYÊN ĐỀ", "Về cải cách thủ tục hành chính", "I. KẾT QUẢ"]).as_deref(),
            Some("BÁO CÁO CHUYÊN ĐỀ Về cải cách thủ tục hành chính")
        );
        assert_eq!(
            read(&["Hòa An, ngày 2 tháng 7 năm 2021 BÁO CÁO Tình hình 6 tháng", "UBND xã báo cáo như sau:"]).as_deref(),
            Some("BÁO CÁO Tình hình 6 tháng")
        );
        assert_eq!(read(&["Thực hiện chế độ báo cáo", "Báo cáo số 12/BC-UBND ngày 1/1/2022"]), None);
    }

    #[test]
    fn what_of_a_title_is_its_period() {
        assert_eq!(period_part("BÁO CÁO quý I và phương hướng, nhiệm vụ quý II năm 2021"), "BÁO CÁO quý I");
        assert_eq!(
            period_part("BÁO CÁO CCHC năm 2022 và phương hướng năm 2023 (từ 15/12/2021 đến 14/12/2022)"),
            "BÁO CÁO CCHC năm 2022 (từ 15/12/2021 đến 14/12/2022)"
        );
        assert_eq!(period_part("Kết quả thực hiện nhiệm vụ CCHC năm 2022"), "Kết quả thực hiện nhiệm vụ CCHC năm 2022");
        assert_eq!(period_part("Báo cáo CCHC phục vụ Đoàn kiểm tra năm 2023"), "Báo cáo CCHC");
        assert_eq!(
            period_part("tổng thể giai đoạn 2011 - 2020, định hướng giai đoạn 2021 - 2030"),
            "tổng thể giai đoạn 2011 - 2020"
        );
        assert_eq!(year_of("quý I và nhiệm vụ quý II năm 2021"), Some(2021));
    }

    #[test]
    fn kinds() {
        let kind = |t| kind(Some(t), false, true, true);
        assert_eq!(kind("BÁO CÁO Kết quả CCHC quý I năm 2022"), Some("periodic-report"));
        assert_eq!(kind("BÁO CÁO CHUYÊN ĐỀ Về thủ tục giai đoạn 2011 - 2020"), Some("thematic-report"));
        assert_eq!(kind("BÁO CÁO TỰ ĐÁNH GIÁ, CHẤM ĐIỂM năm 2022"), Some("score-sheet"));
        assert_eq!(kind("BÁO CÁO Tổng kết Chương trình tổng thể"), Some("summary-report"));
        assert_eq!(kind("Báo cáo kết quả phục vụ Đoàn kiểm tra"), Some("inspection-report"));
    }

    #[test]
    fn the_closing_repeats_the_title() {
        assert_eq!(
            title_of_closing("Trên đây là Báo cáo kết quả công tác quý I năm 2022 của UBND xã Hòa An./.").as_deref(),
            Some("Báo cáo kết quả công tác quý I năm 2022")
        );
        assert_eq!(title_of_closing("Trên đây là những khó khăn"), None);
    }
}
