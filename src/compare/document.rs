//! A filed report: who issued it, for which months, how far it could count.
//!
//! In: a row of `documents`. Out: the unit that it belongs to (issuer and official code, or issuer and the names above it; a name alone
//! is no unit, because names repeat), the months that it reports on, and the day up to which its figures can count. Reports
//! are closed before their period ends as a rule: `15/12 – 14/12` is a year to its writer, and a year's report signed on 5 December
//! is not final.

use crate::map::gazetteer::{by_code, parent_of};
use crate::model::Level;
use crate::text::fold::fold;
use crate::text::period::{Period, PeriodKind};
use jiff::civil::Date;

/// From this day of a month on, a printed window's end stands for the whole month and its start for the next one.
const MID_MONTH: i8 = 10;
/// Days that may be missing from the count of a report without a date of issue.
const UNDATED_DAYS: i64 = 31;

/// Whole months, as an office names its periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Window {
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

impl Window {
    /// The months that a printed window stands for; None where it ends before it starts.
    pub fn of(start: Date, end: Date) -> Option<Window> {
        let first =
            if start.day() >= MID_MONTH { start.last_of_month().tomorrow().ok()? } else { start.first_of_month() };
        let end = if end.day() >= MID_MONTH { end.last_of_month() } else { end };
        // A window inside one month is what it says.
        let start = if first < end { first } else { start };
        (start <= end).then_some(Window { start, end })
    }

    /// Days in it.
    pub fn days(self) -> i64 {
        days_between(self.start, self.end) + 1
    }

    /// Its name in Vietnamese and in English.
    pub fn words(self) -> (String, String) {
        let (year, from, to) = (self.start.year(), self.start.month(), self.end.month());
        let whole = self.start.day() == 1 && self.end == self.end.last_of_month() && self.end.year() == year;
        match (whole, from, to) {
            (true, 1, 12) => (format!("năm {year}"), format!("the year {year}")),
            (true, 1, 6) => (format!("6 tháng đầu năm {year}"), format!("the first half of {year}")),
            (true, 1, 9) => (format!("9 tháng đầu năm {year}"), format!("nine months of {year}")),
            (true, from, to) if from == to => (format!("tháng {from}/{year}"), format!("month {from} of {year}")),
            (true, from, to) if from % 3 == 1 && to == from + 2 => {
                let quarter = usize::from(to.unsigned_abs() / 3);
                let roman = ["I", "II", "III", "IV"].get(quarter.wrapping_sub(1)).copied().unwrap_or("?");
                (format!("quý {roman} năm {year}"), format!("quarter {roman} of {year}"))
            }
            _ => {
                let day = |d: Date| format!("{:02}/{:02}/{}", d.day(), d.month(), d.year());
                (format!("{} - {}", day(self.start), day(self.end)), format!("{} to {}", self.start, self.end))
            }
        }
    }
}

pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    from.until((jiff::Unit::Day, to)).map(|span| i64::from(span.get_days())).unwrap_or_default()
}

/// What a row of `documents` says of a report.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filed {
    pub doc_id: String,
    pub path: String,
    pub sha256: Option<String>,
    pub doc_number: Option<String>,
    pub issued_on: Option<Date>,
    pub issuer: Option<String>,
    pub level: Option<Level>,
    pub entity_code: Option<String>,
    pub district: Option<String>,
    pub province: Option<String>,
    pub title: Option<String>,
    pub kind: Option<String>,
    pub period: Option<Period>,
    /// First of its rows in `facts`.
    pub first: u64,
    /// How many rows of `facts` are its own.
    pub facts: u64,
}

impl Filed {
    /// The unit that issued it; None where a name alone says too little.
    pub fn unit(&self) -> Option<String> {
        let issuer = fold(self.issuer.as_deref()?);
        let above = match (&self.entity_code, &self.district, &self.province) {
            (Some(code), ..) => code.clone(),
            (None, None, None) => return None,
            (None, district, province) => {
                format!(
                    "{}|{}",
                    fold(district.as_deref().unwrap_or_default()),
                    fold(province.as_deref().unwrap_or_default())
                )
            }
        };
        Some(format!("{issuer}|{above}|{}", self.level.map_or("", Level::as_str)))
    }

    /// Code of the district whose communes' reports belong together: its own, or that of the district above.
    pub fn district_code(&self) -> Option<String> {
        let code = self.entity_code.as_deref()?;
        match self.level? {
            Level::District => Some(code.to_string()),
            Level::Commune => {
                let day = self.period.map(|p| p.end);
                let commune = by_code(code, Level::Commune, day).or_else(|| by_code(code, Level::Commune, None))?;
                let above = parent_of(commune, day).filter(|unit| unit.level == Level::District)?;
                Some(above.code.to_string())
            }
            _ => None,
        }
    }

    /// The months that it reports on.
    pub fn window(&self) -> Option<Window> {
        self.period.and_then(|p| Window::of(p.start, p.end))
    }

    /// The last day that its figures can count, and whether the paper says so.
    pub fn counted_to(&self) -> Option<(Date, bool)> {
        let period = self.period?;
        let window = self.window()?;
        // A printed window is the office's own word; a nominal one ends when the paper is signed.
        if period.kind == PeriodKind::Range && period.end < window.end {
            return Some((period.end, true));
        }
        match self.issued_on {
            Some(day) => Some((day.min(window.end), true)),
            None => Some((window.end, false)),
        }
    }

    /// Days of its period that its figures may miss.
    pub fn days_missing(&self) -> i64 {
        let Some((window, (day, sure))) = self.window().zip(self.counted_to()) else { return UNDATED_DAYS };
        if sure { days_between(day, window.end).clamp(0, window.days()) } else { UNDATED_DAYS.min(window.days()) }
    }

    /// Its title without the word for its kind, for telling two reports of one period apart.
    pub fn subject(&self) -> String {
        self.title.as_deref().map(fold).unwrap_or_default()
    }

    /// How messages name it.
    pub fn name(&self) -> (String, String) {
        match &self.doc_number {
            Some(number) => (format!("Báo cáo số {number}"), format!("report {number}")),
            None => {
                let file = self.path.rsplit('/').next().unwrap_or(&self.path);
                (format!("báo cáo “{file}”"), format!("report “{file}”"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn window(a: (i16, i8, i8), b: (i16, i8, i8)) -> Option<String> {
        Window::of(date(a.0, a.1, a.2), date(b.0, b.1, b.2)).map(|w| w.words().0)
    }

    #[test]
    fn windows_are_named_by_their_months() {
        assert_eq!(window((2023, 1, 1), (2023, 12, 31)).as_deref(), Some("năm 2023"));
        assert_eq!(window((2022, 12, 15), (2023, 12, 14)).as_deref(), Some("năm 2023"));
        assert_eq!(window((2022, 12, 15), (2023, 3, 14)).as_deref(), Some("quý I năm 2023"));
        assert_eq!(window((2023, 7, 1), (2023, 9, 30)).as_deref(), Some("quý III năm 2023"));
        assert_eq!(window((2023, 5, 1), (2023, 5, 31)).as_deref(), Some("tháng 5/2023"));
        assert_eq!(window((2023, 1, 1), (2023, 6, 5)).as_deref(), Some("01/01/2023 - 05/06/2023"));
        assert_eq!(window((2023, 5, 12), (2023, 5, 20)).as_deref(), Some("12/05/2023 - 31/05/2023"));
        assert_eq!(window((2023, 6, 1), (2023, 5, 2)), None);
    }

    #[test]
    fn a_name_alone_is_no_unit() {
        let mut filed = Filed { issuer: Some("UBND xã Tân Thành".into()), ..Filed::default() };
        assert_eq!(filed.unit(), None);
        filed.district = Some("Huyện Kim Bôi".into());
        assert!(filed.unit().is_some());
    }

    #[test]
    fn a_report_signed_before_its_period_ends_misses_days() {
        let year = Period::year(2023);
        let mut filed = Filed { period: year, issued_on: Some(date(2023, 12, 5)), ..Filed::default() };
        assert_eq!(filed.days_missing(), 26);
        filed.issued_on = Some(date(2024, 1, 8));
        assert_eq!(filed.days_missing(), 0);
        filed.issued_on = None;
        assert_eq!(filed.days_missing(), UNDATED_DAYS);
        filed.period = Period::range(date(2022, 12, 15), date(2023, 12, 14));
        assert_eq!(filed.days_missing(), 17);
    }
}
