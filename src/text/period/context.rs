//! The period of one figure as its own sentence states it.

use super::read::{around, as_of_at, nominal_at, window_at};
use super::{Period, PeriodKind};
use crate::text::letter::in_word;
use crate::text::openings::Openings;
use jiff::civil::Date;
use std::ops::Range;

/// What the phrases that name a period begin with.
static PHRASES: Openings = Openings::new(&[
    "trong quý",
    "trong kỳ",
    "kỳ báo cáo",
    "từ đầu năm",
    "đến nay",
    "tính đến",
    "đến ngày",
    "đến hết",
    "đến thời điểm",
    "đến",
    "hiện",
    "hết quý",
    "hết quí",
    "hết tháng",
    "hết ngày",
    "dự toán năm",
    "dự toán cả năm",
    "kế hoạch năm",
    "kế hoạch cả năm",
    "chỉ tiêu năm",
    "giao năm",
    "quý",
    "quí",
    "tháng",
    "năm",
    "6 tháng",
    "06 tháng",
    "9 tháng",
    "09 tháng",
    "sáu tháng",
    "chín tháng",
    "từ ngày",
    "từ",
]);

/// Where phrases begin in a text that may name a period: found once for all figures in it.
#[derive(Debug, Default)]
pub struct PeriodPhrases(Vec<usize>);

impl PeriodPhrases {
    /// Those of a text in small letters.
    pub fn of(low: &str) -> PeriodPhrases {
        PeriodPhrases(PHRASES.places(low).collect())
    }

    fn within(&self, part: Range<usize>) -> &[usize] {
        let from = self.0.partition_point(|place| *place < part.start);
        let to = self.0.partition_point(|place| *place < part.end);
        &self.0[from..to.max(from)]
    }

    /// Whether a part of the text may name a period: where not, [`PeriodPhrases::near`] finds none.
    pub fn any_in(&self, part: &Range<usize>) -> bool {
        !self.within(part.clone()).is_empty()
    }

    /// As [`parse_context_period`] of a part of the text, for a figure at a byte of the text.
    pub fn near(
        &self,
        low: &str,
        part: &Range<usize>,
        at: usize,
        document: Option<Period>,
        issued: Option<Date>,
    ) -> Option<Period> {
        parse(&low[part.clone()], at - part.start, document, issued, |sentence| {
            let start = part.start + sentence.start;
            self.within(start..part.start + sentence.end).iter().map(move |place| place - start)
        })
    }
}

/// What a period phrase means for the figures near it.
enum Sense {
    /// The figure right after it belongs to it: what a plan or budget of the period sets.
    Plans(Period),
    /// They belong to it.
    Sets(Period),
    /// It is compared with, or part of a name: it says nothing.
    Mute,
}

/// The period that a figure at byte `at` of a clean sentence belongs to, when the sentence itself says so; None when it says nothing.
/// The sentence is given in small letters (`lower_in_place`).
///
/// `document` is the reporting period, `issued` the date of the report: `trong quý` is the first, `đến nay` ends at the second. The
/// nearest phrase before the figure in its sentence wins; one after it counts only if the figure's clause goes on to it (`72 nhiệm vụ trong năm
/// 2023`). Years in titles, numbers and dates of documents and in comparisons (`so với năm 2021`) are passed over.
pub fn parse_context_period(text: &str, at: usize, document: Option<Period>, issued: Option<Date>) -> Option<Period> {
    parse(text, at, document, issued, |sentence| PHRASES.places(&text[sentence]))
}

/// The same where `phrases` tells where they begin in a sentence, given by its bytes.
fn parse<I: Iterator<Item = usize>>(
    text: &str,
    at: usize,
    document: Option<Period>,
    issued: Option<Date>,
    phrases: impl FnOnce(Range<usize>) -> I,
) -> Option<Period> {
    if at > text.len() || !text.is_char_boundary(at) {
        return None;
    }
    let (from, to) = around(text, at);
    let piece = text.get(from..to)?;
    let at = at - from;
    // The sentence, not the paragraph: a full stop or semicolon followed by a space ends it, but not one inside a number.
    let bytes = piece.as_bytes();
    let stops = |stop: &usize| matches!(bytes.get(stop + 1), Some(b' ' | b'\n'));
    let start = memchr::memrchr3_iter(b'.', b';', b'\n', &bytes[..at]).find(stops).map_or(0, |stop| stop + 1);
    let mut after = memchr::memchr3_iter(b'.', b';', b'\n', &bytes[at..]).map(|stop| at + stop);
    let end = after.find(stops).unwrap_or(bytes.len());
    let sentence = &piece[start..end];
    let at = at - start;
    let year = document.map(|p| p.end.year());
    let mut before = None;
    let mut after = None;
    let mut passed = 0;
    for place in phrases(from + start..from + end) {
        if place < passed {
            continue;
        }
        let Some((sense, stop)) = sense_at(sentence, place, year, document, issued) else { continue };
        passed = stop;
        match sense {
            Sense::Sets(_) if place < at && apart(sentence, place, stop, at) => {}
            Sense::Sets(period) if place < at => before = Some(period),
            Sense::Sets(period) if after.is_none() && continues(&sentence[at..place]) => after = Some(period),
            Sense::Plans(period) if stop <= at && planned(&sentence[stop..at]) => return Some(period),
            _ => {}
        }
    }
    before.or(after)
}

/// Whether a period printed before a figure speaks of another one: in a bracket that has closed since (`từ 148 (năm 2024) lên 386`), unless
/// a colon follows that; or of what the figure is compared with (`so với 08 đơn vị của năm 2015 đã giảm 03 đơn vị`).
fn apart(sentence: &str, place: usize, stop: usize, at: usize) -> bool {
    let (head, since) = (&sentence[..place], &sentence[stop.min(at)..at]);
    let open = head.rfind('(').is_some_and(|o| !head[o..].contains(')'));
    let closed = open && since.find(')').is_some_and(|c| !since[c + 1..].trim_start().starts_with(':'));
    let with = head.rfind("so với").is_some_and(|w| place - w < 40 && !head[w..].contains([',', ';', '(']));
    closed || with
}

/// Whether nothing but a few words stand between a plan and what it sets.
fn planned(between: &str) -> bool {
    between.len() < 60 && !between.contains([',', ';', '.']) && !between.contains(|c: char| c.is_ascii_digit())
}

/// Whether a figure's clause runs on to a phrase after it: no other figure and no comma between.
fn continues(between: &str) -> bool {
    let own = between.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '/'));
    own.len() < 70
        && !own.contains([',', ';', ':', '('])
        && !own.contains(|c: char| c.is_ascii_digit())
        && (own.trim_end().ends_with("trong") || own.trim_end().ends_with(" của") || own.trim().is_empty())
}

fn sense_at(
    text: &str,
    place: usize,
    year: Option<i16>,
    document: Option<Period>,
    issued: Option<Date>,
) -> Option<(Sense, usize)> {
    let rest = &text[place..];
    let here = |phrase: &str| rest.strip_prefix(phrase).is_some_and(|r| !r.starts_with(in_word));
    for phrase in ["trong kỳ", "kỳ báo cáo"] {
        if here(phrase) {
            return Some((document.map_or(Sense::Mute, Sense::Sets), place + phrase.len()));
        }
    }
    if here("trong quý") {
        let own = nominal_at(text, place + "trong ".len(), None);
        let next = rest["trong quý".len()..].trim_start();
        let named =
            next.starts_with(|c: char| matches!(c, 'i' | '1'..='4')) && own.is_none() && !next.starts_with("in");
        let quarter = document.filter(|_| !named);
        return match own {
            Some((period, stop)) => Some((Sense::Sets(period), stop)),
            None => Some((quarter.map_or(Sense::Mute, Sense::Sets), place + "trong quý".len())),
        };
    }
    if here("từ đầu năm") {
        let end = document.map(|d| d.end).or(issued)?;
        let period = Period::range(Date::new(end.year(), 1, 1).ok()?, end)?;
        let nominal = document.filter(|d| d.start == period.start && d.end == period.end).unwrap_or(period);
        let until = rest.find("đến nay").filter(|i| *i < 30).map_or("từ đầu năm".len(), |i| i + "đến nay".len());
        return Some((Sense::Sets(nominal), place + until));
    }
    if here("hiện") {
        let next = rest["hiện".len()..].trim_start();
        let compound = ["thực", "thể", "phát", "xuất", "biểu"].iter().any(|w| text[..place].trim_end().ends_with(w));
        let now = next.starts_with(|c: char| c.is_ascii_digit())
            || ["nay", "tại", "có", "còn", "đã", "đang"]
                .iter()
                .any(|w| next.strip_prefix(w).is_some_and(|r| !r.starts_with(in_word)));
        let sense = document.filter(|_| now && !compound).map(Sense::Sets)?;
        return Some((sense, place + "hiện".len()));
    }
    if here("đến nay") {
        return Some((Sense::Mute, place + "đến nay".len()));
    }
    if let Some((period, stop)) = window_at(text, place, year) {
        let quoted = titled(&text[..place]);
        return Some((if quoted { Sense::Mute } else { Sense::Sets(period) }, stop));
    }
    if let Some((mut period, stop)) = as_of_at(text, place, year) {
        let goal = ["phấn đấu", "mục tiêu", "kế hoạch", "thời hạn", "chậm nhất", "từ ngày", "hiệu lực"]
            .iter()
            .any(|w| near(&text[..place], w));
        // Cumulative from the start of the reporting period where that is known and of the same year.
        if let Some(document) = document
            .filter(|d| d.start <= period.end && d.end.year() == period.end.year())
            .filter(|d| !matches!(d.kind, PeriodKind::Month | PeriodKind::Quarter))
        {
            period.start = document.start;
        }
        return Some((if goal || titled(&text[..place]) { Sense::Mute } else { Sense::Sets(period) }, stop));
    }
    if rest.starts_with("từ") {
        return None;
    }
    for phrase in ["dự toán năm", "dự toán cả năm", "kế hoạch năm", "kế hoạch cả năm", "chỉ tiêu năm", "giao năm"]
    {
        if here(phrase) {
            let named = nominal_at(text, place + phrase.len() - "năm".len(), None);
            if named.is_some() && phrase.starts_with("kế hoạch") {
                // `kế hoạch năm 2023`: below, as any year.
                return None;
            }
            let own = year.filter(|_| phrase != "giao năm").and_then(Period::year).map(|p| (p, place + phrase.len()));
            return named.or(own).map(|(period, stop)| (Sense::Plans(period), stop));
        }
    }
    let (period, stop) = nominal_at(text, place, year)?;
    let head = &text[..place];
    let printed = text[place..stop].bytes().any(|b| b.is_ascii_digit()) || rest.starts_with("quý");
    let after = text[stop..].trim_start();
    let compared = [
        "so với",
        "so cùng kỳ",
        "cùng kỳ",
        "trước năm",
        "từ năm",
        "sau năm",
        "đến năm",
        "vào năm",
        "kể từ",
        "định hướng",
        "hơn",
        "giữa",
        "đến hết",
    ]
    .iter()
    .any(|w| ends_near(head, w, 14));
    // `(năm 2015 chuyển sang 37 hồ sơ)`: where they come from.
    let carried = ["chuyển sang", "chuyển qua", "chuyển tiếp", "tồn"].iter().any(|w| after.starts_with(w));
    if !printed || compared || carried || titled(head) || after.starts_with(['-', '–']) {
        return Some((Sense::Mute, stop));
    }
    Some((Sense::Sets(period), stop))
}

/// Whether `word` stands in the last part of `head`.
fn near(head: &str, word: &str) -> bool {
    ends_near(head, word, 40)
}

/// Whether `word` ends less than `reach` bytes before the end of `head`.
fn ends_near(head: &str, word: &str, reach: usize) -> bool {
    let from = (head.len() + 1).saturating_sub(word.len() + reach);
    head[head.ceil_char_boundary(from)..].contains(word)
}

/// Whether the phrase after `head` belongs to the name of a document: `Kế hoạch số 12/KH-UBND ngày … về … năm 2023`.
fn titled(head: &str) -> bool {
    let clause = head.rsplit([';', ':', '.']).next().unwrap_or("");
    // From the last document number on, everything up to a comma is its title.
    let number = [
        "/kh-", "/qđ-", "/bc-", "/nq-", "/cv-", "/ubnd", "/nđ-", "/tt-", "/ct-", "/tb-", "/qh", "-tb/", "-nq/", "-kh/",
        "/hd-", "/ttr-", "/snv", "/đa-",
    ];
    let last = || number.iter().filter_map(|n| head.rfind(n)).max();
    if let Some(at) = head.contains('/').then(last).flatten() {
        let since = &head[at..];
        return !since.contains([',', ';']) || since.len() < 40;
    }
    // A document named without a number: `ban hành Kế hoạch cải cách hành chính năm 2023`; `kế hoạch năm 2023` is a period.
    let kinds = [
        "quyết định",
        "nghị quyết",
        "nghị định",
        "thông tư",
        "công văn",
        "chỉ thị",
        "luật",
        "báo cáo",
        "thông báo",
        "ban hành kế hoạch",
        "xây dựng kế hoạch",
        "ban hành chương trình",
    ];
    // What ends before the last comma or bracket is no title.
    let since = clause.rfind([',', ')']).map_or(clause, |at| &clause[at + 1..]);
    kinds
        .iter()
        .filter(|kind| since.contains(**kind))
        .any(|kind| since.rfind(kind).is_some_and(|at| !since[at + kind.len()..].trim().is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(text: &str) -> String {
        let at = text.find('«').unwrap();
        let clean = text.replace('«', "");
        let document = super::super::parse_period("6 tháng đầu năm 2023", None);
        let issued = Date::new(2023, 6, 15).ok();
        parse_context_period(&crate::text::letter::lower_in_place(&clean), at, document, issued)
            .map_or("-".into(), |p| format!("{}..{}", p.start, p.end))
    }

    #[test]
    fn sentences_that_say() {
        for (text, want) in [
            ("Trong quý, đã ban hành «05 văn bản.", "2023-01-01..2023-06-30"),
            ("Năm 2022, toàn xã tiếp nhận «1.250 hồ sơ.", "2022-01-01..2022-12-31"),
            ("Tính đến ngày 02/6/2023, đã giải quyết «900 hồ sơ.", "2023-01-01..2023-06-02"),
            ("Đến hết tháng 5/2023 có «12 thủ tục.", "2023-01-01..2023-05-31"),
            ("Trong 06 tháng đầu năm 2023 đã tổ chức «3 cuộc.", "2023-01-01..2023-06-30"),
            ("Theo kế hoạch năm 2023 có «72 nhiệm vụ.", "2023-01-01..2023-12-31"),
            ("Quý I năm 2023 có 5 đơn; quý II năm 2023 có «7 đơn.", "2023-04-01..2023-06-30"),
            ("Từ ngày 15/12/2022 đến ngày 14/3/2023, tiếp nhận «80 hồ sơ.", "2022-12-15..2023-03-14"),
            ("Từ đầu năm đến nay, mở «4 lớp.", "2023-01-01..2023-06-30"),
            ("Được giao «216 biên chế trong năm 2022.", "2022-01-01..2022-12-31"),
            ("Số thủ tục tăng từ 148 (năm 2022) lên «386.", "-"),
            ("So với 08 đơn vị của năm 2015 đã giảm «3 đơn vị.", "-"),
            ("Trung tâm (từ ngày 01/3/2023 đến ngày 30/6/2023): nhận «5.740 hồ sơ.", "2023-03-01..2023-06-30"),
            ("Năm 2022 đã xong. Hiện có «20 cán bộ.", "2023-01-01..2023-06-30"),
        ] {
            assert_eq!(show(text), want, "{text}");
        }
    }

    #[test]
    fn sentences_that_say_nothing() {
        for text in [
            "Tăng «3,66 điểm so với năm 2021.",
            "So với năm 2021 tăng «3 bậc.",
            "Thực hiện Kế hoạch số 12/KH-UBND ngày 05/3/2023 về cải cách hành chính năm 2022 đã có «5 đơn vị.",
            "Theo Quyết định số 45/QĐ-UBND ngày 01/02/2022 đã cấp «5 máy.",
            "Giai đoạn 2021 - 2030 đặt ra «6 nội dung.",
            "Năm 2022 đã xong. Có «20 cán bộ.",
            "Có «5 đơn vị.",
        ] {
            assert_eq!(show(text), "-", "{text}");
        }
        assert_eq!(parse_context_period("ă", 1, None, None), None);
        assert_eq!(parse_context_period("", 5, None, None), None);
    }
}
