//! A stored number and its format code in, the characters that a Vietnamese workbook shows out: dot for thousands, comma for decimals.
//!
//! The codes are those of ECMA-376 18.8.31: up to four sections, quoted and escaped literals, digits, `%`, scaling commas, exponents,
//! dates. Fractions (`# ?/?`) are shown as decimals. `General` shows as many digits as Excel's widest plain form, without the noise of
//! binary fractions.

use jiff::civil::date;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

/// Digits that a binary double carries surely.
const SURE: usize = 15;
/// Digits that `General` shows of a fraction.
const GENERAL: u32 = 10;

/// Code of a built-in format (ECMA-376 18.8.30), dates in Vietnamese order.
pub fn builtin(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 | 37 | 38 => "#,##0",
        4 | 39 | 40 => "#,##0.00",
        5 | 6 | 41 | 42 => "#,##0",
        7 | 8 | 43 | 44 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => "dd/mm/yyyy",
        18..=21 | 32..=35 | 45..=47 | 55 | 56 => "hh:mm",
        22 => "dd/mm/yyyy hh:mm",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}

/// Shows a number. `from_1904`: the workbook counts days from 1904.
pub fn show(value: f64, code: &str, from_1904: bool) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let sections = sections(code);
    let (section, magnitude) = match (sections.as_slice(), value) {
        ([], _) => return general(value),
        ([only], _) => (only, value),
        ([_, negative, ..], v) if v < 0.0 => (negative, -v),
        ([_, _, zero, ..], 0.0) => (zero, value),
        ([first, ..], _) => (first, value),
    };
    if section.is_general() {
        return general(magnitude);
    }
    if section.is_date() {
        return section.date(value, from_1904).unwrap_or_else(|| general(value));
    }
    section.number(magnitude)
}

#[derive(Debug, PartialEq)]
enum Token {
    Literal(String),
    /// `0`, `#`, `?`
    Digit(char),
    Point,
    Comma,
    Percent,
    Exponent,
    General,
    Text,
    Slash,
    /// A run of one date letter.
    Date(char, usize),
}

struct Section(Vec<Token>);

/// Cuts a code into its sections.
fn sections(code: &str) -> Vec<Section> {
    let mut out = Vec::new();
    let mut tokens: Vec<Token> = Vec::new();
    let mut chars = code.chars().take(512).peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => out.push(Section(std::mem::take(&mut tokens))),
            '"' => tokens.push(Token::Literal(chars.by_ref().take_while(|c| *c != '"').collect())),
            '\\' => tokens.extend(chars.next().map(|c| Token::Literal(c.to_string()))),
            // Space as wide as a character, or filled with one.
            '_' | '*' => {
                chars.next();
            }
            '[' => {
                let inner: String = chars.by_ref().take_while(|c| *c != ']').collect();
                let unit = inner.to_ascii_lowercase();
                if !unit.is_empty() && unit.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    tokens.push(Token::Date(unit.chars().next().unwrap_or('h'), unit.len()));
                } else if let Some(sign) = inner.strip_prefix('$') {
                    let sign = sign.split('-').next().unwrap_or("");
                    if !sign.is_empty() {
                        tokens.push(Token::Literal(sign.to_string()));
                    }
                }
            }
            '0' | '#' | '?' => tokens.push(Token::Digit(c)),
            '.' => tokens.push(Token::Point),
            ',' => tokens.push(Token::Comma),
            '%' => tokens.push(Token::Percent),
            '@' => tokens.push(Token::Text),
            '/' => tokens.push(Token::Slash),
            'E' if matches!(chars.peek(), Some('+' | '-')) => {
                chars.next();
                tokens.push(Token::Exponent);
            }
            'G' | 'g' if chars.clone().take(6).collect::<String>().eq_ignore_ascii_case("eneral") => {
                chars.nth(5);
                tokens.push(Token::General);
            }
            'A' | 'a' if chars.clone().take(4).collect::<String>().eq_ignore_ascii_case("m/pm") => {
                chars.nth(3);
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                let letter = c.to_ascii_lowercase();
                let mut count = 1;
                while chars.next_if(|n| n.eq_ignore_ascii_case(&letter)).is_some() {
                    count += 1;
                }
                tokens.push(Token::Date(letter, count));
            }
            c => tokens.push(Token::Literal(c.to_string())),
        }
    }
    out.push(Section(tokens));
    out
}

impl Section {
    fn is_general(&self) -> bool {
        let digits = self.0.iter().any(|t| matches!(t, Token::Digit(_) | Token::Date(..)));
        let nothing = self.0.is_empty();
        nothing || (!digits && self.0.iter().any(|t| matches!(t, Token::General | Token::Text)))
    }

    fn is_date(&self) -> bool {
        self.0.iter().any(|t| matches!(t, Token::Date(..))) && !self.0.iter().any(|t| matches!(t, Token::Digit(_)))
    }

    fn number(&self, value: f64) -> String {
        let tokens = &self.0;
        if tokens.contains(&Token::Slash) || tokens.contains(&Token::Exponent) {
            return general(value);
        }
        let Some(first) = tokens.iter().position(|t| matches!(t, Token::Digit(_))) else {
            // Nothing but words: `"-"` for zero.
            return self.literals(tokens);
        };
        let last = tokens.iter().rposition(|t| matches!(t, Token::Digit(_))).unwrap_or(first);
        let first = if first > 0 && tokens[first - 1] == Token::Point { first - 1 } else { first };
        let digits = &tokens[first..=last];
        let point = digits.iter().position(|t| *t == Token::Point).unwrap_or(digits.len());
        let decimals = digits[point..].iter().filter(|t| matches!(t, Token::Digit(_))).count();
        let fixed = digits[point..].iter().filter(|t| **t == Token::Digit('0')).count();
        let least = digits[..point].iter().filter(|t| **t == Token::Digit('0')).count();
        let grouped = digits[..point].contains(&Token::Comma);
        let scale = tokens[last + 1..].iter().take_while(|t| **t == Token::Comma).count();
        let percents = tokens.iter().filter(|t| **t == Token::Percent).count();
        let Some(exact) = exact(value) else { return general(value) };
        let factor = |n: usize, power: u32| Decimal::from(10u64.pow((n.min(3) as u32) * power));
        let Some(scaled) = exact.checked_mul(factor(percents, 2)).and_then(|v| v.checked_div(factor(scale, 3))) else {
            return general(value);
        };
        let rounded =
            scaled.round_dp_with_strategy(decimals.min(20) as u32, RoundingStrategy::MidpointAwayFromZero).normalize();
        let plain = rounded.abs().to_string();
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let whole = if whole == "0" && least == 0 { "" } else { whole };
        let mut out = String::new();
        if rounded.is_sign_negative() && !rounded.is_zero() {
            out.push('-');
        }
        out.push_str(&self.literals(&tokens[..first]));
        let padded = format!("{whole:0>least$}");
        out.push_str(&if grouped { group(&padded) } else { padded });
        let fraction = format!("{fraction:0<fixed$}");
        if !fraction.is_empty() {
            out.push(',');
            out.push_str(&fraction);
        }
        out.push_str(&self.literals(&tokens[(last + 1).min(tokens.len())..]));
        out.trim().to_string()
    }

    fn literals(&self, tokens: &[Token]) -> String {
        let mut out = String::new();
        for token in tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Percent => out.push('%'),
                _ => {}
            }
        }
        out
    }

    /// A day of the calendar; None outside it.
    fn date(&self, value: f64, from_1904: bool) -> Option<String> {
        let days = value.floor().to_i64().filter(|d| (0..2_958_466).contains(d))?;
        let seconds = ((value - value.floor()) * 86_400.0).round() as i64;
        let (days, seconds) = if seconds >= 86_400 { (days + 1, 0) } else { (days, seconds) };
        // Excel takes 1900 for a leap year: days before 1 March 1900 count from one day later.
        let origin = match (from_1904, days < 60) {
            (true, _) => date(1904, 1, 1),
            (false, true) => date(1899, 12, 31),
            (false, false) => date(1899, 12, 30),
        };
        let day = origin.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
        let mut out = String::new();
        let mut hours = false;
        for (at, token) in self.0.iter().enumerate() {
            let before_seconds =
                matches!(self.0[at + 1..].iter().find(|t| matches!(t, Token::Date(..))), Some(Token::Date('s', _)));
            match token {
                Token::Date('d', 1) => out.push_str(&day.day().to_string()),
                Token::Date('d', 2) => out.push_str(&format!("{:02}", day.day())),
                Token::Date('d', _) => {}
                Token::Date('m', _) if hours || before_seconds => {
                    out.push_str(&format!("{:02}", seconds / 60 % 60));
                    hours = false;
                }
                Token::Date('m', 1) => out.push_str(&day.month().to_string()),
                Token::Date('m', 3..) => out.push_str(&format!("tháng {}", day.month())),
                Token::Date('m', _) => out.push_str(&format!("{:02}", day.month())),
                Token::Date('y', 1 | 2) => out.push_str(&format!("{:02}", day.year() % 100)),
                Token::Date('y', _) => out.push_str(&day.year().to_string()),
                Token::Date('h', _) => {
                    out.push_str(&format!("{:02}", seconds / 3600));
                    hours = true;
                }
                Token::Date('s', _) => out.push_str(&format!("{:02}", seconds % 60)),
                Token::Slash => out.push('/'),
                Token::Point => out.push('.'),
                Token::Comma => out.push(','),
                Token::Literal(text) => out.push_str(text),
                _ => {}
            }
        }
        Some(out.trim().to_string())
    }
}

/// The decimal that a person typed: the shortest within the sure digits. None where it is too large or small for one.
fn exact(value: f64) -> Option<Decimal> {
    if value.abs() >= 1e20 || (value != 0.0 && value.abs() < 1e-12) {
        return None;
    }
    Decimal::from_scientific(&format!("{value:.*e}", SURE - 1)).ok().map(|d| d.normalize())
}

/// `General`: whole numbers whole, fractions with at most as many digits as Excel shows.
pub fn general(value: f64) -> String {
    let Some(exact) = exact(value) else { return format!("{value:e}").replace('.', ",") };
    let whole = exact.trunc().abs();
    let digits = if whole.is_zero() { 1 } else { whole.to_string().len() as u32 };
    let shown = exact
        .round_dp_with_strategy(GENERAL.saturating_sub(digits), RoundingStrategy::MidpointAwayFromZero)
        .normalize();
    shown.to_string().replace('.', ",")
}

/// Dots between groups of three.
fn group(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_vietnamese_workbook_shows_them() {
        for (value, code, shown) in [
            (15404.0, "#,##0", "15.404"),
            (96174.0, "#,##0.00", "96.174,00"),
            (1_234_567.891, "#,##0.0", "1.234.567,9"),
            (2.0, "00", "02"),
            (56.4, "0.0", "56,4"),
            (1.07, "0.00", "1,07"),
            (98.7, "General", "98,7"),
            (0.1 + 0.2, "General", "0,3"),
            (1.0 / 3.0, "General", "0,333333333"),
            (123_456_789_012.0, "General", "123456789012"),
            (0.9523, "0.00%", "95,23%"),
            (0.957, "0%", "96%"),
            (1.005, "0.00", "1,01"),
            (-5.0, "#,##0", "-5"),
            (-5.0, "#,##0;(#,##0)", "(5)"),
            (0.0, "_(* #,##0_);_(* (#,##0);_(* \"-\"??_);_(@_)", "-"),
            (1815.0, "_(* #,##0_);_(* (#,##0);_(* \"-\"??_);_(@_)", "1.815"),
            (12.5, "0.0\" điểm\"", "12,5 điểm"),
            (12_500_000.0, "#,##0,,", "13"),
            (7.0, "#,##0\\ [$₫-42A]", "7 ₫"),
            (0.5, ".00", ",50"),
            (3.0, "@", "3"),
            (1e30, "0", "1e30"),
        ] {
            assert_eq!(show(value, code, false), shown, "{value} as {code}");
        }
    }

    #[test]
    fn dates_are_dates() {
        assert_eq!(show(45_083.0, "dd/mm/yyyy", false), "06/06/2023");
        assert_eq!(show(45_083.0, "d/m/yy;@", false), "6/6/23");
        assert_eq!(show(45_083.75, "dd/mm/yyyy hh:mm", false), "06/06/2023 18:00");
        assert_eq!(show(1.0, "dd/mm/yyyy", false), "01/01/1900");
        assert_eq!(show(0.0, "dd/mm/yyyy", true), "01/01/1904");
        assert_eq!(show(1e9, "dd/mm/yyyy", false), "1000000000");
        assert_eq!(show(45_083.0, builtin(14), false), "06/06/2023");
    }

    #[test]
    fn any_code_is_survived() {
        for code in ["", ";", ";;;", "\"", "\\", "[", "[$", "0.0.0.0", ",", "%%%%%%", "E+", "General General", "/"] {
            for value in [0.0, -1.5, 1e19, f64::MAX, f64::MIN_POSITIVE, f64::NAN] {
                let _ = show(value, code, true);
            }
        }
    }
}
