//! Dates, quarters and windows as they are printed in titles, column heads and sentences.
//!
//! Lower-cased text goes in; closed intervals of days come out. The phrases are those of administrative reporting: `quý I năm 2020`,
//! `6 tháng đầu năm`, `tính đến 31/3`, `từ ngày … đến ngày …`. A year inside the title, number or date of a document is no period, so the
//! context search looks at each candidate's own words and says nothing where it is not sure.

mod context;
mod read;

pub use context::{PeriodPhrases, parse_context_period};

use jiff::civil::Date;

/// Kinds of period, as in the dataset contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// One month.
    Month,
    /// One quarter.
    Quarter,
    /// Half a year.
    Half,
    /// The first nine months.
    NineMonths,
    /// A calendar year.
    Year,
    /// Any other window.
    Range,
}

/// A closed interval of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
    /// What kind of period it is called.
    pub kind: PeriodKind,
}

impl Period {
    /// Months `first` to `last` of a year; None for a year or month that no calendar has.
    pub fn months(year: i16, first: i8, last: i8, kind: PeriodKind) -> Option<Period> {
        let start = Date::new(year, first, 1).ok()?;
        let end = Date::new(year, last, 1).ok()?.last_of_month();
        (start <= end).then_some(Period { start, end, kind })
    }

    /// A calendar year.
    pub fn year(year: i16) -> Option<Period> {
        Period::months(year, 1, 12, PeriodKind::Year)
    }

    /// Any window; None where it ends before it starts.
    pub fn range(start: Date, end: Date) -> Option<Period> {
        (start <= end).then_some(Period { start, end, kind: PeriodKind::Range })
    }
}

/// A date as printed: day may be left blank (`ngày    tháng 6 năm 2023` → (None, 6, 2023)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedDate {
    /// Day of month, None where left blank.
    pub day: Option<i8>,
    /// Month.
    pub month: Option<i8>,
    /// Year.
    pub year: i16,
}

impl PrintedDate {
    /// The calendar date where all parts are printed and valid.
    pub fn to_date(self) -> Option<Date> {
        Date::new(self.year, self.month?, self.day?).ok()
    }
}

/// The first date in `text`: `ngày 09 tháng 12 năm 2023`, `09/12/2023`, `ngày    /6/2023`, `26-02-2020`, `5.7.2021`.
pub fn parse_date(text: &str) -> Option<PrintedDate> {
    read::first_date(&crate::text::letter::lower_in_place(text)).map(|(date, _)| date)
}

/// The first period named in a title or a heading (`quý I năm 2020`, `6 tháng đầu năm 2023`, `từ ngày … đến ngày …`); a printed window
/// beats a nominal period. `year` fills in where no year is printed.
pub fn parse_period(text: &str, year: Option<i16>) -> Option<Period> {
    let low = crate::text::letter::lower_in_place(text);
    read::window(&low, year).or_else(|| read::first_nominal(&low, year).map(|(period, _)| period))
}

/// A column head's period: `Quý I`, `6 tháng`, `9 tháng`, `Tổng số trong năm`, `Năm 2015`, `Năm 2020 (Tính đến 31/3)`.
///
/// In a head of this kind a bare year is a year (`2015`), and `tính đến 31/3` takes its year from the head.
pub fn parse_column_period(head: &str, year: Option<i16>) -> Option<Period> {
    let low = crate::text::letter::lower_in_place(head);
    if low.len() > 200 || low.contains("năm trước") || low.contains("năm liền") {
        return None;
    }
    let printed = read::any_year(&low).or(year);
    if let Some(window) = read::window(&low, printed) {
        return Some(window);
    }
    if let Some(as_of) = read::as_of(&low, printed) {
        return Some(as_of);
    }
    if let Some((period, _)) = read::first_nominal(&low, year) {
        return Some(period);
    }
    let whole_year = ["trong năm", "cả năm", "tổng năm"].iter().any(|phrase| low.contains(phrase));
    if whole_year {
        return Period::year(printed?);
    }
    let bare = low.trim().parse::<i16>().ok().filter(|y| (1990..=2100).contains(y));
    Period::year(bare?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(period: Option<Period>) -> String {
        period.map_or("-".into(), |p| format!("{}..{} {:?}", p.start, p.end, p.kind))
    }

    #[test]
    fn dates_in_all_spellings() {
        for (text, day, month, year) in [
            ("ngày 09 tháng 12 năm 2023", Some(9), Some(12), 2023),
            ("họp ngày 09/12/2023", Some(9), Some(12), 2023),
            ("An Bình, ngày tháng 6 năm 2023", None, Some(6), 2023),
            ("ngày    /6/2023", None, Some(6), 2023),
            ("ngày … tháng 4 năm 2020", None, Some(4), 2020),
            ("26-02-2020", Some(26), Some(2), 2020),
            ("5.7.2021", Some(5), Some(7), 2021),
            ("NGÀY 1 THÁNG 2 NĂM 2022", Some(1), Some(2), 2022),
            ("ngày 02/6 /2023", Some(2), Some(6), 2023),
            ("ngày tháng năm 2023", None, None, 2023),
            ("tháng 10/2023", None, Some(10), 2023),
        ] {
            assert_eq!(parse_date(text), Some(PrintedDate { day, month, year }), "{text}");
        }
        assert_eq!(parse_date("Số 61/2018/NĐ-CP và 22/39 nội dung, 1.250.300"), None);
        assert_eq!(parse_date("ngày 31/02/2023").and_then(PrintedDate::to_date), None);
    }

    #[test]
    fn titles() {
        for (text, want) in [
            ("CÔNG TÁC CẢI CÁCH HÀNH CHÍNH QUÝ I NĂM 2020", "2020-01-01..2020-03-31 Quarter"),
            ("quý 1/2023", "2023-01-01..2023-03-31 Quarter"),
            ("Quý II-2022", "2022-04-01..2022-06-30 Quarter"),
            ("quí III năm 2021", "2021-07-01..2021-09-30 Quarter"),
            ("Q4/2021", "2021-10-01..2021-12-31 Quarter"),
            ("6 tháng đầu năm 2023", "2023-01-01..2023-06-30 Half"),
            ("06 tháng năm 2023", "2023-01-01..2023-06-30 Half"),
            ("sáu tháng đầu năm 2023", "2023-01-01..2023-06-30 Half"),
            ("6 tháng cuối năm 2023", "2023-07-01..2023-12-31 Half"),
            ("9 tháng đầu năm 2022", "2022-01-01..2022-09-30 NineMonths"),
            ("năm 2023", "2023-01-01..2023-12-31 Year"),
            ("tháng 10/2023", "2023-10-01..2023-10-31 Month"),
            ("tháng 02 năm 2024", "2024-02-01..2024-02-29 Month"),
            ("tháng 5-2023", "2023-05-01..2023-05-31 Month"),
            ("giai đoạn 2021 - 2030", "2021-01-01..2030-12-31 Range"),
            ("nhiệm kỳ 2021-2026", "2021-01-01..2026-12-31 Range"),
            ("năm 2023 (từ ngày 10/12/2022 đến ngày 09/12/2023)", "2022-12-10..2023-12-09 Range"),
            ("quý I năm 2023 (số liệu tính từ 15/12/2022 đến 14/3/2023)", "2022-12-15..2023-03-14 Range"),
            ("từ ngày 15/12 đến ngày 14/3/2023", "2022-12-15..2023-03-14 Range"),
            ("từ ngày 15 tháng 12 năm 2022 đến ngày 14 tháng 3 năm 2023", "2022-12-15..2023-03-14 Range"),
            ("năm học 2022-2023", "2022-09-01..2023-05-31 Range"),
            ("Báo cáo kết quả công tác", "-"),
            ("theo Kế hoạch số 12/KH-UBND ngày 05/3/2023", "-"),
        ] {
            assert_eq!(show(parse_period(text, None)), want, "{text}");
        }
        assert_eq!(show(parse_period("Quý IV", Some(2022))), "2022-10-01..2022-12-31 Quarter");
        assert_eq!(show(parse_period("6 tháng đầu năm", Some(2022))), "2022-01-01..2022-06-30 Half");
        assert_eq!(show(parse_period("Quý IV", None)), "-");
    }

    #[test]
    fn column_heads() {
        let year = Some(2020);
        for (head, want) in [
            ("Quý I", "2020-01-01..2020-03-31 Quarter"),
            ("6 tháng", "2020-01-01..2020-06-30 Half"),
            ("9 tháng", "2020-01-01..2020-09-30 NineMonths"),
            ("Tổng số trong năm", "2020-01-01..2020-12-31 Year"),
            ("Cả năm", "2020-01-01..2020-12-31 Year"),
            ("Năm 2015", "2015-01-01..2015-12-31 Year"),
            ("2015", "2015-01-01..2015-12-31 Year"),
            ("Năm 2021 (Tính đến 31/3)", "2021-01-01..2021-03-31 Range"),
            ("Tính đến ngày 30/6/2021", "2021-01-01..2021-06-30 Range"),
            ("Tháng 5", "2020-05-01..2020-05-31 Month"),
            ("Ghi chú", "-"),
            ("Số lượng", "-"),
            ("Năm trước", "-"),
            ("2", "-"),
        ] {
            assert_eq!(show(parse_column_period(head, year)), want, "{head}");
        }
    }
}
