//! Reading periods and dates from lower-case text. Offsets are bytes of that text.

use super::{Period, PeriodKind, PrintedDate};
use crate::text::letter::in_word;
use crate::text::openings::Openings;
use jiff::civil::Date;

/// Bytes looked at around a candidate.
const REACH: usize = 160;

/// A cursor over lower-case text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
}

impl<'t> Cursor<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn spaces(&mut self) -> &mut Self {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\u{a0}']).len();
        self
    }

    /// Takes a word (spaces before it skipped) that ends at a word's end.
    pub fn word(&mut self, word: &str) -> bool {
        let mut next = *self;
        next.spaces();
        match next.rest().strip_prefix(word) {
            Some(rest) if !(word.ends_with(char::is_alphabetic) && rest.starts_with(in_word)) => {
                self.at = next.at + word.len();
                true
            }
            _ => false,
        }
    }

    /// Takes up to `most` digits.
    fn digits(&mut self, most: usize) -> Option<u32> {
        let mut next = *self;
        next.spaces();
        let length = next.rest().bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 || length > most {
            return None;
        }
        let value = next.rest()[..length].parse().ok()?;
        self.at = next.at + length;
        Some(value)
    }

    pub fn year(&mut self) -> Option<i16> {
        let mut next = *self;
        let value = next.digits(4)?;
        let year = i16::try_from(value).ok().filter(|y| (1945..=2100).contains(y))?;
        self.at = next.at;
        Some(year)
    }

    fn one_of(&mut self, marks: &[char]) -> Option<char> {
        let mut next = *self;
        next.spaces();
        let mark = next.rest().chars().next().filter(|c| marks.contains(c))?;
        self.at = next.at + mark.len_utf8();
        Some(mark)
    }

    /// `năm 2023`, `/2023`, `-2023`, `của năm 2023`.
    fn of_year(&mut self) -> Option<i16> {
        let mut next = *self;
        let said = (next.word("của năm") || next.word("năm") || next.one_of(&['/', '-', '–', '.', ',']).is_some()) && {
            next.word("năm");
            true
        };
        let year = if said { next.year() } else { None }?;
        self.at = next.at;
        Some(year)
    }
}

/// A date that starts at `at`: with or without `ngày`, the day perhaps blank.
pub(super) fn date_at(text: &str, at: usize) -> Option<(PrintedDate, usize)> {
    let mut c = Cursor { text, at };
    let said = c.word("ngày");
    let blank = |c: &mut Cursor<'_>| {
        while c.one_of(&['.', '…', '_']).is_some() {}
    };
    let start = c;
    let day = c.digits(2).and_then(|d| i8::try_from(d).ok());
    if day.is_none() {
        blank(&mut c);
    }
    if c.word("tháng") {
        let month = c.digits(2).and_then(|m| i8::try_from(m).ok());
        if month.is_none() {
            blank(&mut c);
        }
        let year = if c.word("năm") { c.year() } else { c.one_of(&['/', '-']).and_then(|_| c.year()) };
        let sane = day.is_none_or(|d| (1..=31).contains(&d)) && month.is_none_or(|m| (1..=12).contains(&m));
        return year
            .filter(|_| sane && (said || day.is_some() || month.is_some()))
            .map(|year| (PrintedDate { day, month, year }, c.at));
    }
    c = start;
    let day = c.digits(2).and_then(|d| i8::try_from(d).ok());
    if day.is_none() && !said {
        return None;
    }
    if day.is_none() {
        blank(&mut c);
    }
    let mark = c.one_of(&['/', '-', '.'])?;
    let month = c.digits(2).and_then(|m| i8::try_from(m).ok())?;
    c.one_of(&[mark])?;
    let year = c.year()?;
    let sane = day.is_none_or(|d| (1..=31).contains(&d)) && (1..=12).contains(&month);
    let free = !c.rest().starts_with(|x: char| x.is_ascii_digit() || x == '/');
    (sane && free).then_some((PrintedDate { day, month: Some(month), year }, c.at))
}

/// The first date in lower-case text, with where it ends.
pub(super) fn first_date(text: &str) -> Option<(PrintedDate, usize)> {
    let mut previous = ' ';
    let mut months: Option<(PrintedDate, usize)> = None;
    for (at, c) in text.char_indices() {
        let starts = !in_word(previous) && !matches!(previous, '/' | '.' | '-');
        if starts && (c.is_ascii_digit() || text[at..].starts_with("ngày")) {
            if let Some(found) = date_at(text, at) {
                return Some(found);
            }
        } else if starts && months.is_none() && text[at..].starts_with("tháng") {
            months = date_at(text, at);
        }
        previous = c;
    }
    months
}

/// A day for a window: a full date, or `15/12` and `15 tháng 12` with the year to come.
fn day_at(text: &str, at: usize) -> Option<(i8, i8, Option<i16>, usize)> {
    if let Some((date, end)) = date_at(text, at) {
        return Some((date.day?, date.month?, Some(date.year), end));
    }
    let mut c = Cursor { text, at };
    c.word("ngày");
    let day = i8::try_from(c.digits(2)?).ok()?;
    if !c.word("tháng") {
        c.one_of(&['/', '-', '.'])?;
    }
    let month = i8::try_from(c.digits(2)?).ok()?;
    let sane = (1..=31).contains(&day) && (1..=12).contains(&month) && !c.rest().starts_with('/');
    sane.then_some((day, month, None, c.at))
}

/// `từ ngày A đến ngày B`, `tính từ A đến B`.
pub(super) fn window(text: &str, year: Option<i16>) -> Option<Period> {
    static FROM: Openings = Openings::new(&["từ"]);
    let said = FROM.places(text).find_map(|at| window_at(text, at, year).map(|(period, _)| period));
    // `Lũy kế (15/12/2022 - 14/6/2023)`.
    said.or_else(|| text.match_indices('(').find_map(|(at, _)| between(text, at + 1, year).map(|(period, _)| period)))
}

/// A window whose `từ` stands at `at`.
pub(super) fn window_at(text: &str, at: usize, year: Option<i16>) -> Option<(Period, usize)> {
    let mut c = Cursor { text, at };
    if !c.word("từ") {
        return None;
    }
    between(text, c.at, year)
}

/// Two days with `đến` or a dash between them, from `at` on.
fn between(text: &str, at: usize, year: Option<i16>) -> Option<(Period, usize)> {
    let (day, month, first_year, end) = day_at(text, at)?;
    let mut c = Cursor { text, at: end };
    c.one_of(&[',', ';']);
    if !(c.word("đến hết") || c.word("đến") || c.word("tới") || c.word("-") || c.word("–")) {
        return None;
    }
    let (last_day, last_month, last_year, end) = day_at(text, c.at)?;
    let last_year = last_year.or(first_year).or(year)?;
    let last = Date::new(last_year, last_month, last_day).ok()?;
    let first_year =
        first_year.unwrap_or(if (month, day) > (last_month, last_day) { last_year - 1 } else { last_year });
    let first = Date::new(first_year, month, day).ok()?;
    Period::range(first, last).map(|period| (period, end))
}

/// The first nominal period, with its place.
pub(super) fn first_nominal(text: &str, year: Option<i16>) -> Option<(Period, usize)> {
    static NOMINAL: Openings = Openings::new(&[
        "quý",
        "quí",
        "q1",
        "q2",
        "q3",
        "q4",
        "tháng",
        "6",
        "06",
        "9",
        "09",
        "3",
        "03",
        "sáu tháng",
        "chín tháng",
        "năm",
        "giai đoạn",
        "nhiệm k",
    ]);
    NOMINAL.places(text).find_map(|at| nominal_at(text, at, year).map(|(period, _)| (period, at)))
}

/// A nominal period that starts at `at`, with its end.
pub(super) fn nominal_at(text: &str, at: usize, fallback: Option<i16>) -> Option<(Period, usize)> {
    let mut c = Cursor { text, at };
    if c.word("quý")
        || c.word("quí")
        || c.rest().starts_with('q') && {
            c.at += 1;
            true
        }
    {
        return quarter(&mut c, fallback);
    }
    if c.word("giai đoạn") || c.word("nhiệm kỳ") || c.word("nhiệm kì") {
        c.word("từ năm");
        let first = c.year()?;
        c.one_of(&['-', '–', '—']).or_else(|| (c.word("đến")).then_some('-'))?;
        c.word("năm");
        let last = c.year()?;
        return Period::range(Date::new(first, 1, 1).ok()?, Date::new(last, 12, 31).ok()?).map(|p| (p, c.at));
    }
    if c.word("tháng") {
        let before = text[..at].trim_end_matches(' ');
        if before.ends_with(|x: char| x.is_ascii_digit() || x == '…' || x == '.') || before.ends_with("ngày") {
            return None;
        }
        let month = i8::try_from(c.digits(2)?).ok().filter(|m| (1..=12).contains(m))?;
        let stop = c;
        let year = c.of_year();
        if year.is_none() {
            c = stop;
            if c.rest().starts_with(['/', '-']) && c.rest()[1..].starts_with(|x: char| x.is_ascii_digit()) {
                return None;
            }
        }
        return Period::months(year.or(fallback)?, month, month, PeriodKind::Month).map(|p| (p, c.at));
    }
    if c.word("năm") {
        if c.word("học") { school_year(&mut c) } else { year_at(&mut c, text, at) }
    } else {
        months_of_year(&mut c, text, at, fallback)
    }
}

fn quarter(c: &mut Cursor<'_>, fallback: Option<i16>) -> Option<(Period, usize)> {
    let number = [("iv", 4), ("iii", 3), ("ii", 2), ("i", 1), ("1", 1), ("2", 2), ("3", 3), ("4", 4)].into_iter().find(
        |(word, _)| {
            let mut next = *c;
            let hit = next.word(word) && !next.rest().starts_with(in_word);
            if hit {
                *c = next;
            }
            hit
        },
    );
    let (_, quarter) = number?;
    let year = c.of_year().or(fallback)?;
    Period::months(year, quarter * 3 - 2, quarter * 3, PeriodKind::Quarter).map(|p| (p, c.at))
}

fn year_at(c: &mut Cursor<'_>, text: &str, at: usize) -> Option<(Period, usize)> {
    let year = c.year()?;
    let rest = c.rest().trim_start();
    // `năm 2021 - 2025` is a span; `tháng 12 năm 2016` was looked at as a month; a decimal after `năm` is a score.
    if rest.starts_with(['-', '–']) {
        let mut next = *c;
        next.one_of(&['-', '–']);
        if let Some(last) = next.year() {
            return Period::range(Date::new(year, 1, 1).ok()?, Date::new(last, 12, 31).ok()?).map(|p| (p, next.at));
        }
    }
    let before = text[..at].trim_end_matches(' ');
    let dated = before.ends_with(|x: char| x.is_ascii_digit())
        && before.trim_end_matches(|x: char| x.is_ascii_digit()).trim_end().ends_with("tháng");
    let blank = before.ends_with("tháng") || before.ends_with('…');
    if dated || blank || c.rest().starts_with('/') {
        return None;
    }
    Period::year(year).map(|p| (p, c.at))
}

fn school_year(c: &mut Cursor<'_>) -> Option<(Period, usize)> {
    let first = c.year()?;
    c.one_of(&['-', '–'])?;
    let last = c.year()?;
    Period::range(Date::new(first, 9, 1).ok()?, Date::new(last, 5, 31).ok()?).map(|p| (p, c.at))
}

/// `6 tháng đầu năm 2023`, `9 tháng`, `3 tháng đầu năm`.
fn months_of_year(c: &mut Cursor<'_>, text: &str, at: usize, fallback: Option<i16>) -> Option<(Period, usize)> {
    if text[..at].ends_with(['/', '.', ',', '-']) {
        return None;
    }
    let count = if c.word("sáu") {
        6
    } else if c.word("chín") {
        9
    } else {
        c.digits(2)?
    };
    if !matches!(count, 3 | 6 | 9) || !c.word("tháng") {
        return None;
    }
    // `06 tháng 12 năm 2023` is a day.
    let mut next = *c;
    if next.digits(2).is_some() {
        return None;
    }
    let late = c.word("cuối");
    let early = !late && c.word("đầu");
    let stop = *c;
    let year = c.of_year();
    if year.is_none() {
        *c = stop;
        if late || early {
            c.word("năm");
        }
    }
    let year = year.or(fallback)?;
    let (first, last, kind) = match (count, late) {
        (6, false) => (1, 6, PeriodKind::Half),
        (6, true) => (7, 12, PeriodKind::Half),
        (9, false) => (1, 9, PeriodKind::NineMonths),
        (3, false) => (1, 3, PeriodKind::Quarter),
        (3, true) => (10, 12, PeriodKind::Quarter),
        _ => return None,
    };
    Period::months(year, first, last, kind).map(|p| (p, c.at))
}

/// `tính đến 31/3`, `đến ngày 02/6/2023`, `đến hết tháng 5/2023`: from the start of that year on.
pub(super) fn as_of(text: &str, year: Option<i16>) -> Option<Period> {
    static UNTIL: Openings = Openings::new(&["tính đến", "đến ngày", "đến hết", "đến thời điểm"]);
    UNTIL.places(text).find_map(|at| as_of_at(text, at, year).map(|(period, _)| period))
}

/// An as-of phrase that starts at `at`.
pub(super) fn as_of_at(text: &str, at: usize, year: Option<i16>) -> Option<(Period, usize)> {
    let mut c = Cursor { text, at };
    c.word("số liệu");
    c.word("tính");
    let until = c.word("đến");
    if !c.word("hết") && !until {
        return None;
    }
    c.word("thời điểm");
    if let Some((quarter, stop)) = nominal_at(text, c.spaces().at, year).filter(|(p, _)| p.kind == PeriodKind::Quarter)
    {
        let months = quarter.end.month();
        let kind = match months {
            3 => PeriodKind::Quarter,
            6 => PeriodKind::Half,
            9 => PeriodKind::NineMonths,
            _ => PeriodKind::Year,
        };
        return Period::months(quarter.end.year(), 1, months, kind).map(|p| (p, stop));
    }
    if c.word("tháng") {
        let month = i8::try_from(c.digits(2)?).ok().filter(|m| (1..=12).contains(m))?;
        let year = c.of_year().or(year)?;
        let mut period = Period::months(year, 1, month, PeriodKind::Range)?;
        if month == 6 {
            period.kind = PeriodKind::Half;
        }
        return Some((period, c.at));
    }
    let (day, month, printed, end) = day_at(text, c.at)?;
    let last = Date::new(printed.or(year)?, month, day).ok()?;
    Period::range(Date::new(last.year(), 1, 1).ok()?, last).map(|p| (p, end))
}

/// The first year after `năm` or alone in brackets or at the end.
pub(super) fn any_year(text: &str) -> Option<i16> {
    static YEAR: Openings = Openings::new(&["năm"]);
    YEAR.places(text).find_map(|at| {
        let mut c = Cursor { text, at };
        c.word("năm").then(|| c.year()).flatten()
    })
}

/// A piece of the text around `at`, bounded and cut at characters.
pub(super) fn around(text: &str, at: usize) -> (usize, usize) {
    let mut from = at.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let mut to = (at + REACH).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    (from, to)
}
