//! What each column of a table holds, by its head (all header rows above it) and, where the head is lost, by its cells.

use crate::map::level::level_of;
use crate::model::{Level, Table};
use crate::text::fold::fold;
use crate::text::letter::in_word;
use crate::text::number::{UnitKind, unit_kind};
use crate::text::period::{Period, parse_column_period};

/// What a score column prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// Điểm tối đa, điểm chuẩn.
    Max,
    /// Điểm tự đánh giá, tự chấm.
    Own,
    /// Điểm thẩm định.
    Appraised,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Row numbers.
    Stt,
    /// Row labels.
    Label,
    /// Units of the rows' values.
    Unit,
    /// Values; what their head adds to the row's label.
    Value(Value),
    /// Remarks, explanations, evidence: read as sentences.
    Note,
}

/// The meaning of a value column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    /// Period in the head.
    pub period: Option<Period>,
    /// Unit in the head (`(%)`, `Tỷ lệ`, `(triệu đồng)`).
    pub unit: UnitKind,
    /// A score column.
    pub score: Option<Score>,
    /// Compares two other columns (`So sánh`, `Tăng, giảm`, `Chênh lệch`).
    pub comparison: bool,
    /// Whose things the column counts, where its head says so (`Cấp huyện`).
    pub level: Option<Level>,
    /// The head's words where they say what is counted (`Đã giải quyết: đúng hạn`); empty where the head is general (`Số liệu`).
    pub head: String,
}

const STT: &[&str] = &["stt", "tt", "so tt", "số tt", "số thứ tự"];
const LABEL: &[&str] = &[
    "chỉ tiêu",
    "tiêu chí",
    "nội dung",
    "lĩnh vực",
    "mục tiêu",
    "tên",
    "danh mục",
    "nhiệm vụ",
    "đơn vị",
    "địa phương",
    "chỉ số",
    "thành phần",
];
const UNIT: &[&str] = &["đơn vị tính", "đvt", "đ v t", "đơn vị"];
const NOTE: &[&str] = &[
    "ghi chú",
    "giải trình",
    "diễn giải",
    "thuyết minh",
    "kiểm chứng",
    "lý do",
    "nguyên nhân",
    "minh chứng",
    "căn cứ",
];
/// Heads that say only that here is a figure.
const GENERAL: &[&str] = &[
    "số liệu",
    "số lượng",
    "kết quả",
    "giá trị",
    "tỷ lệ",
    "thống kê",
    "tổng số",
    "thực hiện",
    "đánh giá",
    "báo cáo",
    "trong kỳ",
    "kỳ",
    "số",
    "đạt được",
    "đạt",
    "không đạt",
    "kết quả đạt được",
    "kết quả thực hiện",
    "kết quả thống kê",
    "kết quả đánh giá",
];

/// The roles of all columns of a table. `year` fills in heads such as `Quý I`.
pub fn columns(table: &Table, year: Option<i16>) -> Vec<Column> {
    let heads: Vec<String> = (0..table.columns).map(|column| head(table, column)).collect();
    let folded: Vec<String> = heads.iter().map(|h| fold(h).trim().to_string()).collect();
    let mut roles: Vec<Option<Column>> = folded.iter().map(|head| by_head(head)).collect();
    let shape = shapes(table);

    if !roles.contains(&Some(Column::Stt))
        && let Some(first) = shape.first()
        && first.stt * 2 > first.filled
        && first.filled > 0
        && folded[0].is_empty()
    {
        roles[0] = Some(Column::Stt);
    }
    // `Đơn vị` over names is who the row is about; over units of measure it is the unit.
    if let Some(at) = roles.iter().position(|r| *r == Some(Column::Unit))
        && folded[at] == "đơn vị"
        && !roles.contains(&Some(Column::Label))
        && shape[at].units * 2 < shape[at].filled
    {
        roles[at] = Some(Column::Label);
    }
    if !roles.contains(&Some(Column::Label)) {
        // The widest column of words is the label.
        let widest = (0..shape.len())
            .filter(|&i| roles[i].is_none() && shape[i].words > 0)
            .max_by_key(|&i| (shape[i].letters / shape[i].filled.max(1), usize::MAX - i));
        if let Some(at) = widest {
            roles[at] = Some(Column::Label);
        }
    }
    let label = roles.iter().position(|r| *r == Some(Column::Label)).unwrap_or(0);
    if !roles.contains(&Some(Column::Unit))
        && let Some(at) = (0..shape.len()).find(|&i| {
            roles[i].is_none() && i > label && shape[i].units * 10 >= shape[i].filled * 6 && shape[i].units > 1
        })
    {
        roles[at] = Some(Column::Unit);
    }
    // A second column of labels to the left of the first value is part of the label only when it has no head of its own.
    let mut result = Vec::with_capacity(roles.len());
    for (at, role) in roles.into_iter().enumerate() {
        let role = match role {
            Some(Column::Label) if at != label => None,
            other => other,
        };
        result.push(role.unwrap_or_else(|| {
            let unnamed_words = folded[at].is_empty() && shape[at].numbers == 0 && shape[at].words > 2;
            if unnamed_words { Column::Note } else { Column::Value(value(&heads[at], &folded[at], year)) }
        }));
    }
    // The only column of figures says nothing that the rows do not say, whatever it is called.
    let mut values = result.iter_mut().filter_map(|c| if let Column::Value(value) = c { Some(value) } else { None });
    if let (Some(only), None) = (values.next(), values.next())
        && only.score.is_none()
    {
        only.head.clear();
    }
    result
}

fn by_head(head: &str) -> Option<Column> {
    if head.is_empty() {
        return None;
    }
    let is = |list: &[&str]| list.contains(&head);
    let starts = |list: &[&str]| list.iter().any(|w| head == *w || head.starts_with(&format!("{w} ")));
    let holds = |list: &[&str]| list.iter().any(|w| format!(" {head} ").contains(&format!(" {w} ")));
    if is(STT) {
        Some(Column::Stt)
    } else if holds(NOTE) {
        Some(Column::Note)
    } else if is(UNIT) || head.ends_with("đơn vị tính") || head.ends_with("đvt") {
        Some(Column::Unit)
    } else if head.contains("điểm") || parse_column_period(head, Some(2020)).is_some() {
        None
    } else if starts(LABEL)
        || head.starts_with("các mục tiêu")
        || head.ends_with("tiêu chí")
        || head.ends_with("chỉ tiêu")
    {
        Some(Column::Label)
    } else {
        None
    }
}

fn value(printed: &str, head: &str, year: Option<i16>) -> Value {
    let period = parse_column_period(printed, year);
    let mut score = None;
    if head.contains("điểm") {
        score = Some(if ["tối đa", "chuẩn", "thang"].iter().any(|w| head.contains(w)) {
            Score::Max
        } else if ["thẩm định", "thẩm tra", "hội đồng", "phúc tra", "chấm lại", "kiểm tra"]
            .iter()
            .any(|w| head.contains(w))
        {
            Score::Appraised
        } else {
            Score::Own
        });
    }
    let unit = if score.is_some() {
        UnitKind::Score
    } else if head.starts_with("tỉ lệ") && !head.contains("số lượng") || head.ends_with('%') {
        UnitKind::Percent
    } else {
        match unit_kind(bracketed(printed)) {
            UnitKind::Code => UnitKind::Unknown,
            unit => unit,
        }
    };
    let comparison =
        ["so sánh", "so với", "tăng giảm", "chênh lệch", "tăng +", "giảm -"].iter().any(|w| head.contains(w));
    let level = level_of(printed).filter(|_| is_level(head));
    let general = score.is_some() || period.is_some() || level.is_some() || is_general(head);
    Value {
        period: period.filter(|_| !comparison),
        unit,
        score,
        comparison,
        level,
        head: if general && !comparison { String::new() } else { printed.trim().to_string() },
    }
}

/// What stands in the last bracket of a head: `Số vốn (triệu đồng)` → `triệu đồng`.
fn bracketed(head: &str) -> &str {
    match (head.rfind('('), head.rfind(')')) {
        (Some(a), Some(b)) if a < b => &head[a + 1..b],
        _ => "",
    }
}

/// Whether a head only names a level: `Cấp huyện`, `Các xã, thị trấn`, `Kết quả: Cấp tỉnh`.
fn is_level(head: &str) -> bool {
    const WORDS: &[&str] = &[
        "cấp",
        "các",
        "trung",
        "ương",
        "tỉnh",
        "thành",
        "phố",
        "huyện",
        "quận",
        "thị",
        "xã",
        "phường",
        "trấn",
        "sở",
        "ban",
        "ngành",
        "ubnd",
    ];
    let mut words = head.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.clone().any(|w| WORDS.contains(&w)) && words.all(|w| WORDS.contains(&w) || is_general(w))
}

/// Whether a head only says that here is a figure: every word of it belongs to a general head.
fn is_general(head: &str) -> bool {
    head.is_empty()
        || GENERAL.contains(&head)
        || head
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .all(|word| GENERAL.iter().any(|g| g.split(' ').any(|w| w == word)))
}

/// The words of all header cells above a column, from top to bottom, each once.
pub fn head(table: &Table, column: u32) -> String {
    head_parts(table, column).join(": ")
}

/// The header cells above a column, from top to bottom, each once.
pub fn head_parts(table: &Table, column: u32) -> Vec<&str> {
    let mut parts: Vec<&str> = Vec::new();
    for row in 0..table.header_rows {
        if let Some(cell) = table.cell(row, column) {
            let text = cell.text.clean.trim();
            if !text.is_empty() && !parts.contains(&text) {
                parts.push(text);
            }
        }
    }
    // A general top head (`Kết quả thống kê`) over a specific one adds nothing.
    if parts.len() > 1 && is_general(fold(parts[0]).trim()) {
        parts.remove(0);
    }
    parts
}

#[derive(Default)]
struct Shape {
    filled: usize,
    stt: usize,
    numbers: usize,
    words: usize,
    letters: usize,
    units: usize,
}

/// What the columns hold below their heads.
fn shapes(table: &Table) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = (0..table.columns).map(|_| Shape::default()).collect();
    for cell in table.cells.iter().filter(|c| c.row >= table.header_rows && c.column_span == 1) {
        let text = cell.text.clean.trim();
        let Some(shape) = shapes.get_mut(cell.column as usize).filter(|_| !text.is_empty()) else { continue };
        shape.filled += 1;
        let letters = text.chars().filter(|c| in_word(*c) && !c.is_ascii_digit()).count();
        shape.letters += letters;
        if is_stt(text) {
            shape.stt += 1;
        }
        if text.len() < 60 && !text.starts_with(|c: char| c.is_ascii_digit()) && unit_kind(text) != UnitKind::Unknown {
            shape.units += 1;
        }
        if letters == 0 {
            shape.numbers += 1;
        } else if letters > 3 {
            shape.words += 1;
        }
    }
    shapes
}

/// Whether a cell prints a row number: `1`, `3.2.1.`, `II`, `a)`, `-`.
pub fn is_stt(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ')', ',', ':']);
    if text.is_empty() || text.len() > 12 {
        return false;
    }
    matches!(text, "-" | "+" | "–" | "•" | "*")
        || text.chars().all(|c| matches!(c, 'I' | 'V' | 'X' | 'L'))
        || (text.chars().count() == 1 && text.chars().all(char::is_alphabetic))
        || (text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X'))
            && text.split('.').all(|part| {
                let digits = part.trim_end_matches(|c: char| c.is_ascii_lowercase());
                part.len() - digits.len() <= 1
                    && (digits.is_empty() || digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit()))
                    || part.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
            }))
}
