//! The time of a figure in a sentence: what is printed beside it, what its sentence opens with, what a lead-in states.
//!
//! In: clean text, the figures of a passage. Out: periods; None where nothing is said. Which of several holds is `narrative`'s business.

use crate::map::windows::Figure;
use crate::text::letter::{lower, lower_in_place};
use crate::text::period::{Period, PeriodKind, parse_context_period};

/// Whether the only year that a sentence names is that of a plan.
pub(super) fn of_a_plan(sentence: &str) -> bool {
    const NAME: usize = 45;
    let named =
        |rest: &str| rest.find("năm").is_some_and(|at| at < NAME && !rest[..at].contains([',', ';', ':', '(', '.']));
    let mut plans = sentence.match_indices("kế hoạch").map(|(at, plan)| &sentence[at + plan.len()..]);
    plans.any(named) && sentence.matches("năm").count() == 1
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
    let same = inside.starts_with("cùng kỳ") || inside.is_empty() && compared.is_some_and(|t| t.contains("cùng kỳ"));
    let year = compared.and_then(|t| t.rfind("năm ").and_then(|at| year_at(&t[at..])));
    if same {
        let document = document?;
        let back = year.unwrap_or(document.end.year() - 1) - document.end.year();
        let shift = |d: jiff::civil::Date| jiff::civil::Date::new(d.year() + back, d.month(), d.day()).ok();
        return Some(Period { start: shift(document.start)?, end: shift(document.end)?, kind: document.kind });
    }
    // `so với năm 2020 (87,14 điểm, xếp thứ 7/15)`: all of the bracket.
    let closing = compared.is_some_and(|t| t.rfind("năm ").is_some_and(|at| t.len() - at <= "năm 2020".len()));
    if closing || compared.is_some() && inside.is_empty() {
        return year.and_then(Period::year);
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

/// The window that a lead-in states in a bracket before its colon: `Riêng Trung tâm … (từ ngày 01/7/2025 đến ngày 31/12/2025): …`.
pub fn window(text: &str) -> Option<Period> {
    let head = &text[..memchr::memmem::find(text.as_bytes(), b"):")?];
    let bracket = lower_in_place(&head[head.rfind('(')? + 1..]);
    let from = bracket.find("từ ")?;
    parse_context_period(&bracket[from..], bracket.len() - from, None, None)
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
