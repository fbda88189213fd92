//! The table of cases (`rules/tables/number-cases.csv`) and what it cannot say.

use super::*;

const CASES: &str = include_str!("../../../rules/tables/number-cases.csv");

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn scaled(number: &Number) -> Decimal {
    let mut value = number.best().value;
    for _ in 0..number.multiplier {
        value *= Decimal::TEN;
    }
    value.normalize()
}

fn kinds(text: &str) -> Vec<TokenKind> {
    scan(text, &Habit::default()).into_iter().map(|t| t.kind).collect()
}

fn number_of(kind: &TokenKind) -> Option<&Number> {
    match kind {
        TokenKind::Number(number) | TokenKind::Words(number) => Some(number),
        _ => None,
    }
}

fn check_text(raw: &str, text: &str, kind: &str, value: &str) -> Result<(), String> {
    let tokens = scan(&crate::text::clean::Text::from_line(1, text).clean, &Habit::default());
    let found: Vec<TokenKind> = tokens.iter().map(|t| t.kind.clone()).collect();
    let fail = || Err(format!("{raw} in «{text}»: wanted {kind} {value}, got {found:?}"));
    let figures: Vec<&TokenKind> = found.iter().filter(|k| !matches!(k, TokenKind::Decoy(_))).collect();
    let ok = match kind {
        "none" | "docnum" | "date" => figures.is_empty(),
        "decoy" => found.first().is_some_and(|k| matches!(k, TokenKind::Decoy(d) if format!("{d:?}") == value)) && figures.is_empty(),
        "fraction" => figures.iter().any(|k| {
            matches!(k, TokenKind::Fraction(a, _, b, _) if format!("{}/{}", a.best().value, b.best().value) == value)
        }),
        "range" => figures.iter().any(|k| {
            matches!(k, TokenKind::Range(a, b) if format!("{}..{}", a.best().value, b.best().value) == value)
        }),
        "bound" | "approx" => figures.first().copied().and_then(number_of).is_some_and(|n| {
            scaled(n) == decimal(value) && n.relation != Relation::Equal
        }),
        _ if value == "0" && !raw.contains(|c: char| c.is_ascii_digit()) => figures.contains(&&TokenKind::Zero),
        _ => figures.first().copied().and_then(number_of).is_some_and(|n| {
            scaled(n) == decimal(value).normalize()
                && (kind != "percent" || n.percent)
                && (kind != "money" || n.money)
        }),
    };
    if ok { Ok(()) } else { fail() }
}

fn check_cell(text: &str, unit: &str, kind: &str, value: &str) -> Result<(), String> {
    let unit = unit_kind(unit);
    let clean = crate::text::clean::Text::from_line(1, text).clean;
    let cell = read_cell(&clean, unit, &Habit::default());
    let ok = match (&cell, kind) {
        (CellValue::Blank | CellValue::Placeholder, "none") => true,
        (CellValue::Text, "none") => clean.chars().any(char::is_alphabetic),
        (CellValue::Text, "text") => true,
        (CellValue::Zero, _) => value == "0",
        (CellValue::Fraction(a, _, b, _), "fraction") => format!("{}/{}", a.best().value, b.best().value) == value,
        (CellValue::Number(n, _), "malformed") => {
            n.best().value == decimal(value) && n.best().cue == Cue::Default && n.readings.len() > 1
        }
        (CellValue::Number(n, _), "bound") => n.best().value == decimal(value) && n.relation != Relation::Equal,
        (CellValue::Number(n, _), _) => {
            let power = match unit {
                UnitKind::Money(power) if n.multiplier == 0 && !n.money => power,
                _ => n.multiplier,
            };
            n.best().value.normalize() * decimal(&format!("1{}", "0".repeat(power as usize))) == decimal(value)
        }
        _ => false,
    };
    if ok { Ok(()) } else { Err(format!("cell «{clean}» ({unit:?}): wanted {kind} {value}, got {cell:?}")) }
}

#[test]
fn the_table_of_cases_holds() {
    let mut reader = csv::ReaderBuilder::new().from_reader(CASES.as_bytes());
    let (mut count, mut faults) = (0, Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        count += 1;
        let result = match &row[1] {
            "cell" => check_cell(&row[3], &row[2], &row[4], &row[5]),
            "domain"
                if code_domain(&row[3]).len() > 1
                    && kinds(&row[3]).iter().all(|k| *k == TokenKind::Decoy(Decoy::CodeDomain)) =>
            {
                Ok(())
            }
            "text" => check_text(&row[0], &row[3], &row[4], &row[5]),
            _ => Err(format!("{row:?}")),
        };
        faults.extend(result.err());
    }
    assert!(faults.is_empty(), "{} of {count} fail:\n{}", faults.len(), faults.join("\n"));
    assert!(count >= 181);
}
