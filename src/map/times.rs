//! The time of a figure in a sentence: what is printed beside it, what its sentence opens with, what a lead-in states.
//!
//! In: clean text, the figures of a passage. Out: periods; None where nothing is said. Which of several holds is `narrative`'s business.

use crate::map::windows::Figure;
use crate::text::letter::{lower, lower_in_place};
use crate::text::period::{Period, PeriodKind, parse_context_period, parse_period};

/// Whether the only year that a sentence names before a figure is this one, of a plan or a budget.
pub(super) fn of_a_plan(sentence: &str, year: i16) -> bool {
    const NAME: usize = 45;
    let named =
        |rest: &str| rest.find("năm").is_some_and(|at| at < NAME && !rest[..at].contains([',', ';', ':', '(', '.']));
    let plans = sentence.match_indices("kế hoạch").chain(sentence.match_indices("dự toán"));
    let mut rests = plans.map(|(at, plan)| &sentence[at + plan.len()..]);
    let its_year = |rest: &str| {
        let digits = rest.split("năm ").nth(1).map_or("", |r| r.trim_start());
        !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.starts_with(&year.to_string())
    };
    rests.any(|rest| named(rest) && its_year(rest)) && sentence.matches("năm").count() == 1
}

/// The year printed right beside a figure: `96 TTHC năm 2011`, `05 người (năm 2011)`, `(năm 2020: 425 doanh nghiệp)`,
/// `so với cùng kỳ năm 2019 (59102 hồ sơ)`, `(cùng kỳ: 1.683 hồ sơ)`.
pub(super) fn beside(clean: &str, low: &str, figure: &Figure, document: Option<Period>) -> Option<Period> {
    let year_at = |text: &str| -> Option<i16> {
        let digits = text.trim_start().strip_prefix("năm ")?.trim_start();
        let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok().filter(|y| digits.len() == 4 && (1990..2100).contains(y))
    };
    let rest = &clean[figure.span.end..figure.sentence.end];
    let after = rest.trim_start().strip_prefix(figure.noun.as_str()).unwrap_or(rest).trim_start();
    // Words between would make the year another figure's: `03 đơn vị (năm 2019 kiểm tra 19 đơn vị)`, `54% dự toán năm 2019`.
    let alone = |text: &str| {
        text.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ')
            .trim_start_matches(|c: char| c.is_ascii_digit())
            .starts_with(')')
    };
    let (inside, bracket) = after.strip_prefix('(').map_or((after, false), |inside| (inside, true));
    if let Some(year) = year_at(inside).filter(|_| (alone(inside) || !bracket) && !figure.noun.ends_with("dự toán"))
    {
        return Period::year(year);
    }
    let before = &low[figure.sentence.start..figure.span.start];
    let shift = |base: Period, years: i16| {
        let back = |d: jiff::civil::Date| jiff::civil::Date::new(d.year() - years, d.month(), d.day()).ok();
        Some(Period { start: back(base.start)?, end: back(base.end)?, kind: base.kind })
    };
    // `…; cùng kỳ năm trước kiểm tra 33 cơ quan`: what is counted in that time.
    let clause = low[figure.before.clone()].trim_start_matches([';', ',', ' ', '-', '+']);
    if let Some(rest) = clause.strip_prefix("cùng kỳ năm ")
        && !["tăng", "giảm", "bằng"].iter().any(|w| rest.contains(w))
    {
        let year = year_at(&clause["cùng kỳ ".len()..]);
        let document = document?;
        return shift(document, document.end.year() - year.unwrap_or(document.end.year() - 1));
    }
    let open = before.rfind('(').filter(|o| !before[*o..].contains(')'))?;
    // `(năm 2020: 31 văn bản; giai đoạn 2016 - 2021: 184 văn bản)`: what the last part opens with.
    let inside = before[open + 1..].rsplit(';').next().unwrap_or_default().trim_start();
    if let Some(span) = stage_at(inside) {
        return Some(span);
    }
    let outside = before[..open].trim_end();
    if let Some(year) = year_at(inside)
        && inside.contains(':')
    {
        return Period::year(year);
    }
    let compares = ["so với", "bằng ", "nhiều hơn", "ít hơn", "cao hơn", "thấp hơn", "cùng kỳ"];
    let compared = outside
        .rsplit(';')
        .next()
        .and_then(|t| t.rsplit(", ").next())
        .filter(|t| compares.iter().any(|w| t.contains(w)));
    // Figures listed in one bracket are of one time: `(38 lớp, 2.310 lượt người)`.
    let first = inside.split(|c: char| c.is_ascii_digit()).next().unwrap_or_default().trim();
    let same = inside.starts_with("cùng kỳ") || first.is_empty() && compared.is_some_and(|t| t.contains("cùng kỳ"));
    let year = compared.and_then(|t| t.rfind("năm ").and_then(|at| year_at(&t[at..])));
    if same {
        // The same months as those the sentence speaks of: `Lũy kế 09 tháng …, đạt 53,9% (cùng kỳ năm 2020 đạt 48,2%)`.
        let said = parse_context_period(outside, outside.len(), document, None);
        let base = said.filter(|p| Some(p.end) == document.map(|d| d.end)).or(document)?;
        return shift(base, base.end.year() - year.unwrap_or(base.end.year() - 1));
    }
    // `so với năm 2020 (87,14 điểm, xếp thứ 7/15)`: all of the bracket.
    let closing = compared.is_some_and(|t| t.rfind("năm ").is_some_and(|at| t.len() - at <= "năm 2020".len()));
    if closing || compared.is_some() && first.is_empty() {
        let year = year?;
        // `so với quý III năm 2020 (17 văn bản)`.
        let named = compared.and_then(|t| parse_period(&t[t.find("so với").unwrap_or(0)..], None));
        return named.filter(|p| p.end.year() == year).or(Period::year(year));
    }
    None
}

/// The years of `lũy kế giai đoạn 2016 - 2021: …`.
fn stage_at(text: &str) -> Option<Period> {
    let rest = text.strip_prefix("lũy kế ").unwrap_or(text);
    let (years, _) = rest.strip_prefix("giai đoạn ")?.split_once(':')?;
    let (from, to) = years.split_once(['-', '–'])?;
    let year = |text: &str| text.trim().parse::<i16>().ok().filter(|y| (1990..2100).contains(y)).and_then(Period::year);
    let (from, to) = (year(from)?, year(to)?);
    (from.start < to.start).then_some(Period { start: from.start, end: to.end, kind: PeriodKind::Range })
}

/// The window that a lead-in states in a bracket before its colon (`Riêng Trung tâm … (từ ngày 01/7/2025 đến ngày 31/12/2025): …`), or in
/// its last sentence (`Kết quả giải quyết hồ sơ từ ngày 01/7/2025 đến ngày 30/11/2025 (chi tiết tại Phụ lục 1):`).
pub fn window(text: &str) -> Option<Period> {
    if let Some(end) = memchr::memmem::find(text.as_bytes(), b"):")
        && let Some(start) = text[..end].rfind('(')
        && let Some(period) = said_from(&lower_in_place(&text[start + 1..end]), "từ ")
    {
        return Some(period);
    }
    let lead = text.strip_suffix(':')?;
    let last = &lead[lead.rfind(". ").map_or(0, |at| at + 2)..];
    said_from(&lower_in_place(last), "từ ngày ")
}

/// What is said of the time from a word on.
fn said_from(low: &str, word: &str) -> Option<Period> {
    let from = low.find(word)?;
    parse_context_period(low, low.len(), None, None).filter(|_| low[from..].contains("đến"))
}

/// The period that a sentence opens with and that holds for the sentences after it: `Năm 2021, …`, `Trong năm 2022, …`, `Kết quả năm 2022, …`.
pub fn opening(sentence: &str) -> Option<Period> {
    /// Letters of the longest opening with its year.
    const OPENING: usize = 24;
    let sentence = sentence.trim_start_matches(['-', '+', ' ', '(']);
    if !sentence.starts_with(['t', 'T', 'n', 'N', 'k', 'K']) {
        return None;
    }
    let low: String = sentence.chars().take(OPENING).map(lower).collect();
    let rest = ["trong năm ", "năm ", "kết quả năm ", "kết thúc năm "].iter().find_map(|w| low.strip_prefix(w))?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() != 4 {
        return None;
    }
    digits.parse().ok().and_then(Period::year)
}

/// The calendar year that a period ends in.
pub fn year_of(period: Option<Period>) -> Option<Period> {
    let year = period?.end.year();
    Some(Period {
        start: jiff::civil::Date::new(year, 1, 1).ok()?,
        end: jiff::civil::Date::new(year, 12, 31).ok()?,
        kind: PeriodKind::Year,
    })
}

/// The period that a sentence in small letters opens with and that holds for the sentences after it; `windowed`: a window in brackets before a
/// colon is looked for.
pub(super) fn opened(sentence: &str, windowed: bool, document: Option<Period>) -> Option<Period> {
    // `Trong 9 tháng, …` in the report of a quarter.
    let months = || {
        const OPENING: usize = 24;
        let head = sentence.trim_start_matches(['-', '+', ' ']);
        let head = &head[..head.floor_char_boundary(OPENING)];
        let opens = ["trong 6 tháng", "trong 06 tháng", "trong 9 tháng", "trong 09 tháng", "6 tháng", "9 tháng"];
        opens.iter().find(|w| head.starts_with(**w))?;
        parse_context_period(head, head.len(), document, None)
    };
    opening(sentence).or_else(months).or_else(|| windowed.then(|| window(sentence))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_lead_ins() {
        let show = |text: &str| window(text).map(|p| format!("{}..{}", p.start, p.end));
        let july = Some("2025-07-01..2025-11-30".to_string());
        assert_eq!(show("Riêng Trung tâm (từ ngày 01/7/2025 đến ngày 30/11/2025): kết quả"), july);
        assert_eq!(
            show("Kết quả giải quyết hồ sơ từ ngày 01/7/2025 đến ngày 30/11/2025 (chi tiết tại Phụ lục 1):"),
            july
        );
        assert_eq!(show("Từ ngày 01/7/2025 đến ngày 30/11/2025 đã xong. Kết quả cụ thể:"), None);
        assert_eq!(show("Kết quả từ ngày 01/7/2025 đến ngày 30/11/2025 là 5 cuộc"), None);
    }

    #[test]
    fn a_plans_year_is_not_that_of_what_was_done() {
        assert!(of_a_plan("dự toán thu ngân sách năm 2022 là 36,5 tỷ đồng, đã thực hiện ", 2022));
        assert!(of_a_plan("kiểm tra 11/16 đơn vị theo kế hoạch năm (", 2017));
        assert!(!of_a_plan("kế hoạch năm 2020 đề ra 40 nhiệm vụ, cao hơn mức ", 2019));
        assert!(!of_a_plan("năm 2022 đã thực hiện ", 2022));
    }
}
