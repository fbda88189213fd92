//! The rows of a form and their hierarchy, by their printed numbers.

use crate::map::columns::{Column, is_stt};
use crate::model::{Place, Row, Table};
use crate::text::fold::fold;
use crate::text::number::{UnitKind, unit_kind};

/// One body row of a table, with what the mapping needs of it.
#[derive(Debug, Clone)]
pub struct BodyRow {
    /// Row in the table.
    pub row: u32,
    /// Printed number without trailing stops.
    pub stt: String,
    /// Clean label.
    pub label: String,
    /// Unit cell, clean.
    pub unit: String,
    /// Index of its parent among the body rows.
    pub parent: Option<usize>,
    /// Where its label starts.
    pub place: Place,
    /// Whether it is a total row (`Tổng cộng`), or one in the middle of the table (`Cộng phường, xã`).
    pub total: bool,
}

impl BodyRow {
    /// A row known by its label only.
    pub fn named(label: String, parent: Option<usize>) -> BodyRow {
        let place = Place::default();
        BodyRow { row: 0, stt: String::new(), label, unit: String::new(), parent, place, total: false }
    }
}

/// Rank of a row number in the hierarchy; a smaller one stands above. Dashes and letters stand below any digits.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Number {
    Letter,
    Roman,
    Arabic(Vec<String>),
    Lower,
    Dash,
    Plus,
    None,
}

impl Number {
    fn parse(stt: &str, letters: bool) -> Number {
        let one = stt.chars().count() == 1;
        match stt {
            "" => Number::None,
            "-" | "–" | "•" | "*" => Number::Dash,
            "+" => Number::Plus,
            _ if one && letters && stt.chars().all(|c| c.is_ascii_uppercase()) => Number::Letter,
            _ if stt.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L')) => Number::Roman,
            _ if one && stt.chars().all(|c| c.is_ascii_uppercase()) => Number::Letter,
            _ if one && stt.chars().all(char::is_alphabetic) => Number::Lower,
            _ => {
                let mut parts: Vec<String> = stt.split('.').map(str::to_string).collect();
                // 1.4a stands below 1.4.
                if let Some(last) = parts.last_mut()
                    && last.len() > 1
                    && last.ends_with(|c: char| c.is_ascii_lowercase())
                {
                    let letter = last.pop().map(String::from).unwrap_or_default();
                    parts.push(letter);
                }
                Number::Arabic(parts)
            }
        }
    }

    fn rank(&self) -> usize {
        match self {
            Number::Letter => 0,
            Number::Roman => 1,
            Number::Arabic(parts) => 1 + parts.len(),
            Number::Lower => 100,
            Number::Dash => 101,
            Number::Plus => 102,
            Number::None => 103,
        }
    }
}

const TOTALS: &[&str] = &["tổng", "tổng cộng", "cộng", "tổng số", "tổng điểm", "tổng số điểm", "tổng cộng điểm"];

/// What a total may be of.
const WHOLES: &[&str] = &["tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "ngành", "sở"];

/// The body rows of a table with label and hierarchy. Rows without any words or number are left out.
pub fn body(table: &Table, columns: &[Column]) -> Vec<BodyRow> {
    let at = |wanted: &Column| columns.iter().position(|c| c == wanted).map(|i| i as u32);
    let (stt_column, label_column, unit_column) = (at(&Column::Stt), at(&Column::Label), at(&Column::Unit));
    let text = |row: u32, column: Option<u32>| -> Option<&crate::model::Cell> {
        column.and_then(|column| table.cell(row, column))
    };
    let mut rows = Vec::new();
    for row in table.header_rows..table.rows {
        let repeated = table.row(row).iter().any(|c| c.header);
        if repeated || is_numbering(table, row) {
            continue;
        }
        let label_cell = text(row, label_column);
        let mut label = label_cell.map(|c| c.text.clean.trim().to_string()).unwrap_or_default();
        let printed = text(row, stt_column).map(|c| c.text.clean.trim().to_string()).unwrap_or_default();
        let mut stt =
            if is_stt(&printed) { printed.trim_end_matches(['.', ')', ',', ':']).to_string() } else { String::new() };
        if stt_column.is_none()
            && let Some((head, rest)) = split_number(&label)
        {
            (stt, label) = (head, rest);
        }
        if stt.is_empty() && !printed.is_empty() && label.is_empty() {
            label = printed;
        }
        if label.is_empty() && stt.is_empty() {
            continue;
        }
        let place =
            label_cell.filter(|c| !c.text.is_empty()).or(text(row, stt_column)).map(|c| c.place).unwrap_or_default();
        let unit = text(row, unit_column).filter(|c| c.row == row || c.row_span > 1);
        let unit = unit.map(|c| c.text.clean.trim().to_string()).unwrap_or_default();
        let total = stt.is_empty() && (is_total(&label) || is_subtotal(&label));
        rows.push(BodyRow { row, stt, label, unit, parent: None, place, total });
    }
    merged_units(table, unit_column, &mut rows);
    hierarchy(&mut rows);
    rows
}

/// `Tổng cộng`, `Tổng điểm 100`, `Tổng cộng toàn tỉnh`, `Tổng số (I + II)`.
fn is_total(label: &str) -> bool {
    let folded = fold(label.split('(').next().unwrap_or(label));
    let folded = folded.trim().trim_end_matches(" 100");
    let (name, whole) = folded.split_once("toàn ").map_or((folded, None), |(name, whole)| (name, Some(whole)));
    TOTALS.contains(&name.trim()) && whole.is_none_or(|whole| WHOLES.contains(&whole.trim()))
}

/// `Cộng phường, xã`, `Cộng (I)`: the foot of the rows above it.
pub fn is_subtotal(label: &str) -> bool {
    let folded = fold(label);
    ["cộng ", "tổng cộng "].iter().any(|w| folded.trim_start().starts_with(w)) && !is_total(label)
}

/// A unit cell merged over several rows is printed in the first of them: the rows below it that print none are counted in it too. A heading,
/// a rate and a list of codes end it.
fn merged_units(table: &Table, unit_column: Option<u32>, rows: &mut [BodyRow]) {
    let Some(column) = unit_column else { return };
    let mut above = String::new();
    for row in rows {
        let figures = |c: &&crate::model::Cell| {
            c.column > column && c.text.clean.trim_start().starts_with(|c: char| c.is_ascii_digit())
        };
        let filled = table.row(row.row).iter().any(|c| figures(&c));
        if !row.unit.is_empty() || !filled {
            let carries = !matches!(unit_kind(&row.unit), UnitKind::Percent | UnitKind::Code | UnitKind::Unknown);
            above = if carries && filled { row.unit.clone() } else { String::new() };
        } else if !fold(&row.label).starts_with("tỉ lệ") {
            row.unit.clone_from(&above);
        }
    }
}

/// Whether a row only numbers the columns: `(1) | (2) | (3)=(4)+(5) | …`.
fn is_numbering(table: &Table, row: u32) -> bool {
    let mut last = 0;
    let mut seen = 0;
    for cell in table.row(row) {
        let text = cell.text.clean.trim();
        if text.is_empty() || (seen == 0 && text.chars().all(|c| c.is_ascii_uppercase())) {
            continue;
        }
        let digits: String = text.trim_start_matches('(').chars().take_while(char::is_ascii_digit).collect();
        let Ok(number) = digits.parse::<u32>() else { return false };
        let rest = text.trim_start_matches('(').get(digits.len()..).unwrap_or("");
        let formula = rest.chars().all(|c| {
            c.is_ascii_digit() || matches!(c, '(' | ')' | '=' | '+' | '-' | '/' | 'x' | '*' | '%' | ' ' | ':')
        });
        if !formula || number > 40 || number <= last {
            return false;
        }
        last = number;
        seen += 1;
    }
    seen >= 3 && last <= table.columns + 2
}

/// `2.1. Số hồ sơ` → (`2.1`, `Số hồ sơ`), for tables without a column of numbers.
fn split_number(label: &str) -> Option<(String, String)> {
    let (head, rest) = label.split_once(' ')?;
    let dotted = head.ends_with(['.', ')']) || head.contains('.') || matches!(head, "-" | "+");
    (dotted && is_stt(head)).then(|| (head.trim_end_matches(['.', ')']).to_string(), rest.trim().to_string()))
}

fn hierarchy(rows: &mut [BodyRow]) {
    // Single capitals are letters when the sheet uses any that is no Roman figure (A, B …).
    let letters = rows.iter().any(|r| matches!(r.stt.as_str(), "A" | "B"));
    let mut stack: Vec<(Number, usize)> = Vec::new();
    let mut section = 0;
    for at in 0..rows.len() {
        let (above, rest) = rows.split_at_mut(at);
        let Some(row) = rest.first_mut() else { break };
        if row.total {
            stack.clear();
            let mut own = above.iter_mut().skip(section).filter(|r| r.parent.is_none() && !r.total).peekable();
            if is_subtotal(&row.label) && own.peek().is_some() {
                own.for_each(|r| r.parent = Some(at));
                section = at + 1;
            }
            continue;
        }
        let number = Number::parse(&row.stt, letters);
        while let Some((top, _)) = stack.last() {
            let above = match (&number, top) {
                (Number::Arabic(parts), Number::Arabic(above)) => {
                    above.len() < parts.len() && parts.starts_with(above)
                        // A row whose parent number is missing stays below the nearest shorter number that begins like it.
                        || above.len() < parts.len() && above.first() == parts.first() && parts.starts_with(&above[..1])
                }
                (Number::None, Number::None) => false,
                (n, t) => t.rank() < n.rank(),
            };
            if above {
                break;
            }
            stack.pop();
        }
        row.parent = stack.last().map(|(_, row)| *row);
        stack.push((number, at));
    }
    // The total row stands above all rows of the top level.
    if let Some(total) = rows.iter().rposition(|r| r.total && is_total(&r.label))
        && rows.iter().filter(|r| r.total && is_total(&r.label)).count() == 1
        && (total == 0 || total + 1 == rows.len())
    {
        for (at, row) in rows.iter_mut().enumerate() {
            if at != total && row.parent.is_none() {
                row.parent = Some(total);
            }
        }
    }
}

/// The rows as the extraction keeps them; `base` is where the first of them will stand in `Extraction::rows`.
pub fn to_rows(body: &[BodyRow], table: u32, base: usize, form_rows: &[Option<String>]) -> Vec<Row> {
    body.iter()
        .enumerate()
        .map(|(at, row)| Row {
            table,
            row: row.row,
            stt: row.stt.clone(),
            label: row.label.clone(),
            parent: row.parent.map(|p| p + base),
            place: row.place,
            form_row: form_rows.get(at).cloned().flatten(),
        })
        .collect()
}
