//! Dates and periods with figures in them.

use super::touch::followed_by_symbol;
use super::{Verdict, last_words};
use crate::text::decoy::Decoy;
use crate::text::number::figure::{Source, after_spaces};
use crate::text::number::lex::{Numeral, lex};
use crate::text::number::lexicon::starts_word;

impl Source<'_> {
    /// `6 tháng đầu năm`: before any word on the left, since a period may follow `nhiệm vụ` or `kế hoạch`.
    pub(super) fn months(&self, numeral: &Numeral<'_>) -> Verdict {
        let (at, rest) = after_spaces(self.low, numeral.end);
        let months = starts_word(rest, "tháng") && numeral.plain().is_some_and(|v| v <= 60);
        months.then(|| (Decoy::Period, self.period_end(at + "tháng".len())))
    }

    /// Dates with figures: `28/4/2023`, `5.7.2021`, `2023-04-28`, `1/2023`, `31/3` after a word of time, `02 tháng 6 năm 2023`.
    pub(super) fn date(&self, numeral: &Numeral<'_>) -> Verdict {
        let bytes = self.text.as_bytes();
        let words = last_words(self.low, numeral.start);
        let number = |at: usize| {
            let end = at + bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
            self.text.get(at..end).and_then(|d| d.parse::<u32>().ok()).map(|v| (v, end, end - at))
        };
        // A mark between the parts; a slip may put a space beside it.
        let mark = |at: usize| {
            let skip = usize::from(bytes.get(at) == Some(&b' ') && bytes.get(at + 1) == Some(&b'/'));
            let &mark = bytes.get(at + skip).filter(|b| b"/.-".contains(b))?;
            let next = at + skip + 1;
            let gap = usize::from(
                mark == b'/' && bytes.get(next) == Some(&b' ') && bytes.get(next + 1).is_some_and(u8::is_ascii_digit),
            );
            Some((mark, next + gap))
        };
        let (a, a_end, a_len) = number(numeral.start)?;
        let year = |v: u32, len: usize| len == 4 && (1900..=2100).contains(&v);
        let timed = matches!(
            words[0],
            "ngày"
                | "từ"
                | "đến"
                | "trước"
                | "sau"
                | "hết"
                | "lễ"
                | "dịp"
                | "mùng"
                | "sáng"
                | "chiều"
                | "và"
                | "tối"
        );
        if let Some((first, at)) = mark(a_end)
            && let Some((b, b_end, b_len)) = number(at)
        {
            if let Some((second, at)) = mark(b_end)
                && let Some((c, c_end, c_len)) = number(at)
                && (first == second || first != b'-' && second != b'-' && year(c, c_len))
            {
                let day_first = a_len <= 2
                    && b_len <= 2
                    && a <= 31
                    && b <= 31
                    && (year(c, c_len) || c_len == 2 && words[0] == "ngày");
                let year_first = year(a, a_len) && b <= 12 && c <= 31 && b_len <= 2 && c_len <= 2 && first == b'-';
                let slash_triple = first == b'/' && a_len <= 2 && b_len <= 2 && year(c, c_len);
                if (day_first || year_first || slash_triple) && !followed_by_symbol(self.text, c_end) {
                    return Some((Decoy::Date, c_end));
                }
            }
            let month_year =
                a_len <= 2 && (1..=12).contains(&a) && year(b, b_len) && matches!(first, b'/' | b'-' | b'.');
            if month_year
                && !followed_by_symbol(self.text, b_end)
                && (!self.counted_after(b_end) || matches!(words[0], "tháng" | "quý"))
            {
                let kind = if matches!(words[0], "quý" | "quí") { Decoy::Period } else { Decoy::Date };
                return Some((kind, b_end));
            }
            let day_month = a_len <= 2 && b_len <= 2 && (1..=31).contains(&a) && (1..=12).contains(&b);
            if first != b'.'
                && day_month
                && timed
                && !self.counted_after(b_end)
                && !self.percent_after(b_end)
                && !followed_by_symbol(self.text, b_end)
            {
                return Some((Decoy::Date, b_end));
            }
        }
        if numeral.marks.is_empty() && a_len <= 2 && (1..=31).contains(&a) {
            let (at, rest) = after_spaces(self.low, a_end);
            if starts_word(rest, "tháng") && words[0] == "ngày"
                || starts_word(rest, "tháng")
                    && next_digit(&rest["tháng".len()..]).is_some_and(|m| m <= 12)
                    && a_len <= 2
            {
                return Some((Decoy::Date, self.month_and_year(at + "tháng".len())));
            }
            if words[0] == "ngày" && !self.percent_after(a_end) && !self.counted_after(a_end) {
                // The month may be left for the pen: `ngày 15/ /2023`.
                return Some((Decoy::Date, a_end));
            }
        }
        None
    }

    /// Past `4 năm 2023` after `tháng`.
    pub(super) fn month_and_year(&self, at: usize) -> usize {
        let (at, rest) = after_spaces(self.low, at);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return at - usize::from(self.low[..at].ends_with(' '));
        }
        let month = lex(self.text, at);
        let (next, rest) = after_spaces(self.low, month.end);
        if let Some(rest) = rest.strip_prefix("năm") {
            let (year, rest) = after_spaces(self.low, self.low.len() - rest.len());
            if rest.starts_with(|c: char| c.is_ascii_digit()) {
                return lex(self.text, year).end;
            }
        }
        if rest.starts_with('/') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return lex(self.text, next + 1).end;
        }
        month.end
    }

    /// Past `đầu năm 2023` after `6 tháng`.
    pub(super) fn period_end(&self, end: usize) -> usize {
        let mut end = end;
        for word in ["đầu", "cuối", "năm"] {
            let (at, rest) = after_spaces(self.low, end);
            if starts_word(rest, word) {
                end = at + word.len();
            }
        }
        let (at, rest) = after_spaces(self.low, end);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let year = lex(self.text, at);
            if year.year().is_some() && !is_range(&self.low[year.end..]) {
                return year.end;
            }
        }
        end
    }
}

fn is_range(rest: &str) -> bool {
    rest.trim_start().strip_prefix(['-', '–']).is_some_and(|r| r.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

fn next_digit(rest: &str) -> Option<u32> {
    let rest = rest.trim_start();
    rest[..rest.bytes().take_while(u8::is_ascii_digit).count()].parse().ok()
}
