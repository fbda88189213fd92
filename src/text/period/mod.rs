//! Dates, quarters and windows as they are printed in titles, column heads and sentences.

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

/// The first period named in a title or a heading (`quý I năm 2020`, `6 tháng đầu năm 2023`, `từ ngày … đến ngày …`); a printed window
/// beats a nominal period. `year` fills in where no year is printed.
pub fn parse_period(text: &str, year: Option<i16>) -> Option<Period> {
    let _ = (text, year);
    None
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
    let _ = text;
    None
}

/// A column head's period: `Quý I`, `6 tháng`, `9 tháng`, `Tổng số trong năm`, `Năm 2015`, `Năm 2020 (Tính đến 31/3)`.
pub fn parse_column_period(head: &str, year: Option<i16>) -> Option<Period> {
    let _ = (head, year);
    None
}
