//! What each column of a table holds, by its head (all header rows above it) and, where the head is lost, by its cells.

use crate::map::level::Levels;
use crate::model::{Cell, Level, Table};
use crate::text::fold::fold;
use crate::text::letter::in_word;
use crate::text::number::{UnitKind, unit_kind};
use crate::text::period::{Period, PeriodKind, parse_column_period};
use std::cell::LazyCell;
use std::sync::LazyLock;

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

/// A period that a head names only by its place beside the report's own (`Kỳ này | Kỳ trước | Lũy kế từ đầu năm`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relative {
    /// The report's own period.
    Now,
    /// From the beginning of the year to its end.
    SoFar,
    /// The one before it.
    Before,
    /// The same window a year earlier.
    YearBefore,
}

impl Relative {
    /// The period, from the report's; None where that has no neighbour of its kind.
    pub fn of(self, report: Period) -> Option<Period> {
        let date = jiff::civil::Date::new;
        match self {
            Relative::Now => Some(report),
            Relative::SoFar => {
                let kind = match report.end.month() {
                    1 => PeriodKind::Month,
                    3 => PeriodKind::Quarter,
                    6 => PeriodKind::Half,
                    9 => PeriodKind::NineMonths,
                    12 => PeriodKind::Year,
                    _ => PeriodKind::Range,
                };
                // A report's year that ends in mid-month began on that day of December.
                let start = match report.start.day() {
                    1 => date(report.end.year(), 1, 1),
                    day => date(report.end.year() - 1, 12, day),
                };
                Some(Period { start: start.ok()?, end: report.end, kind })
            }
            Relative::Before => {
                let months = match report.kind {
                    PeriodKind::Month => 1,
                    PeriodKind::Quarter => 3,
                    PeriodKind::Half => 6,
                    PeriodKind::Year => 12,
                    PeriodKind::NineMonths | PeriodKind::Range => return None,
                };
                let start = report.start.checked_sub(jiff::Span::new().months(months)).ok()?;
                Some(Period { start, end: report.start.yesterday().ok()?, kind: report.kind })
            }
            Relative::YearBefore => {
                let back = |d: jiff::civil::Date| date(d.year() - 1, d.month(), d.day()).ok();
                Some(Period { start: back(report.start)?, end: back(report.end)?, kind: report.kind })
            }
        }
    }
}

/// Heads that name such a period, folded.
static RELATIVE: LazyLock<Vec<(String, Relative)>> = LazyLock::new(|| {
    let heads = [
        ("kỳ này|kỳ báo cáo|trong kỳ báo cáo|số kỳ này|thực hiện kỳ này|kết quả kỳ này", Relative::Now),
        ("trong quý|quý này|trong tháng|tháng này|năm nay|thực hiện trong kỳ|kết quả trong kỳ", Relative::Now),
        ("lũy kế|lũy kế từ đầu năm|lũy kế từ đầu năm đến nay|lũy kế đến nay|lũy kế năm", Relative::SoFar),
        ("lũy kế đến kỳ báo cáo|lũy kế đến thời điểm báo cáo|từ đầu năm|từ đầu năm đến nay|cộng dồn", Relative::SoFar),
        (
            "kỳ trước|số kỳ trước|kỳ báo cáo trước|kỳ trước liền kề|quý trước|tháng trước|kết quả kỳ trước",
            Relative::Before,
        ),
        ("cùng kỳ|cùng kỳ năm trước|cùng kỳ năm ngoái|năm trước|năm ngoái|thực hiện cùng kỳ", Relative::YearBefore),
    ];
    let each = |(words, relative): (&'static str, Relative)| {
        words.split('|').map(move |head| (fold(head).trim().to_string(), relative))
    };
    heads.into_iter().flat_map(each).collect()
});

/// The meaning of a value column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    /// Period in the head.
    pub period: Option<Period>,
    /// A period that the head names by its place beside the report's.
    pub relative: Option<Relative>,
    /// Unit in the head (`(%)`, `Tỷ lệ`, `(triệu đồng)`).
    pub unit: UnitKind,
    /// A score column.
    pub score: Option<Score>,
    /// Compares two other columns (`So sánh`, `Tăng, giảm`, `Chênh lệch`).
    pub comparison: bool,
    /// What was planned or set as a goal, beside a column of what was done.
    pub plan: bool,
    /// The level whose figures the column holds, where its head names nothing else (`Cấp huyện`, `UBND cấp xã`).
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
    // Most tables say in a head which column it is.
    let units = LazyCell::new(|| units(table));

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
    {
        // A unit where other words name the rows (`Phường 1` looks like a unit too).
        let names = |i: usize| i != at && roles[i].is_none() && shape[i].words * 2 > shape[i].filled;
        if units[at] * 2 < shape[at].filled || !(0..shape.len()).any(names) {
            roles[at] = Some(Column::Label);
        }
    }
    if !roles.contains(&Some(Column::Label)) {
        // The widest column of words is the label.
        let letters = letters(table);
        let widest = (0..shape.len())
            .filter(|&i| roles[i].is_none() && shape[i].words > 0)
            .max_by_key(|&i| (letters[i] / shape[i].filled.max(1), usize::MAX - i));
        if let Some(at) = widest {
            roles[at] = Some(Column::Label);
        }
    }
    let label = roles.iter().position(|r| *r == Some(Column::Label)).unwrap_or(0);
    if !roles.contains(&Some(Column::Unit))
        && let Some(at) = (0..shape.len())
            .find(|&i| roles[i].is_none() && i > label && units[i] * 10 >= shape[i].filled * 6 && units[i] > 1)
    {
        roles[at] = Some(Column::Unit);
    }
    // What stands over all columns of figures tells none of them from the others.
    let open = (0..table.columns).filter(|i| roles.get(*i as usize).is_some_and(Option::is_none));
    let parts: Vec<Vec<&str>> = open.map(|column| head_parts(table, column)).collect();
    let (first, rest) = parts.split_first().map_or((&[][..], &[][..]), |(first, rest)| (first.as_slice(), rest));
    let common = first.iter().copied().filter(|part| !rest.is_empty() && rest.iter().all(|r| r.contains(part)));
    let common: Vec<&str> = common.collect();
    let over_all = |part: &&str| common.contains(part);
    // `Kỳ trước` beside `Nhận mới` is what was carried over: only beside this period's own column does it name another.
    let beside_own = |head: &String| matches!(relative_of(head), Some(Relative::Now | Relative::SoFar));
    let has_own = folded.iter().any(beside_own);
    // A second column of labels to the left of the first value is part of the label only when it has no head of its own.
    let mut result = Vec::with_capacity(roles.len());
    for (at, role) in roles.into_iter().enumerate() {
        let role = match role {
            Some(Column::Label) if at != label => None,
            other => other,
        };
        result.push(role.unwrap_or_else(|| {
            let unnamed_words = folded[at].is_empty() && shape[at].numbers == 0 && shape[at].words > 2;
            if unnamed_words {
                Column::Note
            } else {
                let own: Vec<&str> = head_parts(table, at as u32).into_iter().filter(|part| !over_all(part)).collect();
                Column::Value(value(&heads[at], &own.join(": "), has_own, year))
            }
        }));
    }
    if folded.iter().any(|head| is_done(head)) {
        for (column, head) in result.iter_mut().zip(&folded) {
            if let Column::Value(value) = column {
                value.plan = is_goal(head);
            }
        }
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
    let ends_word = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let begins = |list: &[&str], at: usize| list.iter().any(|w| head[at..].strip_prefix(w).is_some_and(ends_word));
    let words = || memchr::memchr_iter(b' ', head.as_bytes()).map(|space| space + 1);
    if is(STT) {
        Some(Column::Stt)
    } else if [0].into_iter().chain(words()).any(|at| begins(NOTE, at)) {
        Some(Column::Note)
    } else if is(UNIT) || head.ends_with("đơn vị tính") || head.ends_with("đvt") {
        Some(Column::Unit)
    } else if head.contains("điểm") || parse_column_period(head, Some(2020)).is_some() {
        None
    } else if begins(LABEL, 0)
        || head.starts_with("các mục tiêu")
        || head.ends_with("tiêu chí")
        || head.ends_with("chỉ tiêu")
    {
        Some(Column::Label)
    } else {
        None
    }
}

/// `own` is what of the printed head does not stand over all columns; `has_own`: a column of the report's own period stands beside it.
fn value(printed: &str, own: &str, has_own: bool, year: Option<i16>) -> Value {
    let folded = fold(printed);
    let head = folded.trim();
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
    let level = only_level(head);
    let relative = relative_of(head).filter(|r| has_own || *r != Relative::Before);
    let only_when = period.is_some() && is_when(fold(own).trim());
    let general = score.is_some() || only_when || level.is_some() || relative.is_some() || is_general(head);
    Value {
        period: period.filter(|_| !comparison),
        relative,
        unit,
        score,
        comparison,
        plan: false,
        level: level.filter(|_| score.is_none() && !comparison),
        head: if general && !comparison { String::new() } else { printed.trim().to_string() },
    }
}

/// `Thực hiện năm 2025`, `Kết quả`.
fn is_done(head: &str) -> bool {
    ["thực hiện", "đã thực hiện", "kết quả", "đạt được"].iter().any(|w| head.starts_with(w))
}

/// `Kế hoạch năm 2025`, `Chỉ tiêu giao`, where it is not what was reached of them.
fn is_goal(head: &str) -> bool {
    let goal = ["kế hoạch", "chỉ tiêu", "mục tiêu"].iter().any(|w| head.starts_with(w));
    goal && !["thực hiện", "đạt", "tỉ lệ", "so với", "hoàn thành", "%"].iter().any(|w| head.contains(w))
}

fn relative_of(head: &str) -> Option<Relative> {
    RELATIVE.iter().find(|(known, _)| known == head).map(|(_, relative)| *relative)
}

/// What stands in the last bracket of a head: `Số vốn (triệu đồng)` → `triệu đồng`.
fn bracketed(head: &str) -> &str {
    match (head.rfind('('), head.rfind(')')) {
        (Some(a), Some(b)) if a < b => &head[a + 1..b],
        _ => "",
    }
}

/// The level that a head names when it names nothing else: `Cấp tỉnh`, `Các huyện, thành phố`, `UBND cấp xã`.
pub fn only_level(head: &str) -> Option<Level> {
    const WORDS: &[&str] = &[
        "cấp",
        "các",
        "tại",
        "ở",
        "tỉnh",
        "huyện",
        "xã",
        "phường",
        "thị",
        "trấn",
        "thành",
        "phố",
        "quận",
        "đặc",
        "khu",
        "ủy",
        "ban",
        "nhân",
        "dân",
        "đơn",
        "vị",
    ];
    let named = head.contains("cấp") || head.contains("xã") || head.contains("huyện");
    let mut words = head.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    (named && words.all(|w| WORDS.contains(&w) || is_general(w))).then(|| Levels::of(head).counted(None)).flatten()
}

/// Whether a row names a level and at most what belongs to it: `Cấp huyện`, `Cấp xã (97 đơn vị)`, `Cấp tỉnh: các sở, ngành`, `Cộng cấp xã`,
/// `TTHC thuộc thẩm quyền cấp tỉnh tiếp nhận tại phường`.
pub fn is_level_row(label: &str) -> bool {
    let folded = fold(label.split([':', '(']).next().unwrap_or(label));
    let name = folded.trim().trim_start_matches("tổng ").trim_start_matches("cộng ");
    let Some((of, competent)) = name.split_once("thuộc thẩm quyền ") else { return only_level(name).is_some() };
    let competent = competent.trim_start_matches("giải quyết ").trim_start_matches("của ");
    matches!(of.trim(), "" | "thủ tục hành chính" | "thủ tục" | "hồ sơ" | "hồ sơ thủ tục hành chính")
        && only_level(competent.split(" tiếp nhận").next().unwrap_or(competent)).is_some()
}

/// Whether a head holds nothing but a rate of what its row counts: `Tỷ lệ (%)`, `Đạt tỷ lệ`, `%`.
pub fn is_rate(head: &str) -> bool {
    let folded = fold(head);
    let mut words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    (folded.contains("tỉ lệ") || head.contains('%'))
        && words.all(|w| matches!(w, "tỉ" | "lệ" | "đạt" | "thực" | "hiện"))
}

/// Whether a head only says that here is a figure: every word of it belongs to a general head.
fn is_general(head: &str) -> bool {
    /// Heads of the column that holds the sum of the others.
    const ALL: &[&str] = &[
        "tổng cộng",
        "cộng",
        "cộng chung",
        "tổng chung",
        "toàn tỉnh",
        "toàn huyện",
        "toàn xã",
        "toàn quận",
        "toàn thành phố",
        "toàn ngành",
        "chung",
    ];
    head.is_empty()
        || ALL.contains(&head)
        || GENERAL.contains(&head)
        || head
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .all(|word| GENERAL.iter().any(|g| g.split(' ').any(|w| w == word)))
}

/// Whether a head that names a period names nothing else: `Thực hiện năm 2022 (triệu đồng)`, not `Hồ sơ nhận năm 2022`.
fn is_when(head: &str) -> bool {
    static WHEN: LazyLock<Vec<String>> = LazyLock::new(|| WORDS.iter().map(|word| fold(word)).collect());
    const WORDS: &[&str] = &[
        "năm", "quý", "tháng", "ngày", "tuần", "đầu", "cuối", "nửa", "từ", "đến", "hết", "tính", "cả", "trong", "kỳ",
        "thời", "điểm", "giai", "đoạn", "lũy", "kế", "ước", "cộng", "dồn", "nay", "i", "ii", "iii", "iv", "q1", "q2",
        "q3", "q4", "và", "của", "tại", "có", "là", "đã", "các", "mỗi", "theo", "so", "sánh",
    ];
    let outside = head
        .split('(')
        .enumerate()
        .map(|(at, part)| if at == 0 { part } else { part.split_once(')').map_or("", |p| p.1) });
    let mut words = outside.flat_map(|part| part.split(|c: char| !c.is_alphanumeric())).filter(|w| !w.is_empty());
    words.all(|w| WHEN.iter().any(|when| when == w) || w.bytes().all(|b| b.is_ascii_digit()) || is_general(w))
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
}

/// The cells below the heads that stand in one column.
fn body_cells(table: &Table) -> impl Iterator<Item = &Cell> {
    table.cells.iter().filter(|c| c.row >= table.header_rows && c.column_span == 1)
}

/// What the columns hold below their heads.
fn shapes(table: &Table) -> Vec<Shape> {
    let mut shapes: Vec<Shape> = (0..table.columns).map(|_| Shape::default()).collect();
    for cell in body_cells(table) {
        let text = cell.text.clean.trim();
        let Some(shape) = shapes.get_mut(cell.column as usize).filter(|_| !text.is_empty()) else { continue };
        shape.filled += 1;
        if is_stt(text) {
            shape.stt += 1;
        }
        match letters_of(text).take(4).count() {
            0 => shape.numbers += 1,
            4 => shape.words += 1,
            _ => {}
        }
    }
    shapes
}

fn letters_of(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| in_word(*c) && !c.is_ascii_digit())
}

/// How many letters the columns hold below their heads.
fn letters(table: &Table) -> Vec<usize> {
    let mut letters = vec![0; table.columns as usize];
    for cell in body_cells(table) {
        if let Some(letters) = letters.get_mut(cell.column as usize) {
            *letters += letters_of(&cell.text.clean).count();
        }
    }
    letters
}

/// How many units of measure the columns hold below their heads.
fn units(table: &Table) -> Vec<usize> {
    let mut units = vec![0; table.columns as usize];
    for cell in body_cells(table) {
        let text = cell.text.clean.trim();
        let short = text.len() < 60 && !text.starts_with(|c: char| c.is_ascii_digit());
        if let Some(units) = units.get_mut(cell.column as usize).filter(|_| short) {
            *units += usize::from(unit_kind(text) != UnitKind::Unknown);
        }
    }
    units
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_names_only_a_level_holds_that_levels_figures() {
        assert_eq!(only_level("cấp huyện"), Some(Level::District));
        assert_eq!(only_level("ủy ban nhân dân cấp xã"), Some(Level::Commune));
        assert_eq!(only_level("hồ sơ cấp xã"), None);
        assert_eq!(only_level("đơn vị"), None);
        let value = value("Cấp xã", "Cấp xã", false, Some(2020));
        assert!(value.head.is_empty() && value.level == Some(Level::Commune));
    }

    #[test]
    fn heads_beside_the_reports_period() {
        let quarter = parse_column_period("Quý III", Some(2025)).unwrap();
        let of = |head: &str| {
            let value = value(head, head, true, Some(2025));
            assert!(value.head.is_empty(), "{head}");
            value.relative.unwrap().of(quarter).map(|p| format!("{}..{}", p.start, p.end))
        };
        assert_eq!(of("Kỳ này").as_deref(), Some("2025-07-01..2025-09-30"));
        assert_eq!(of("Lũy kế từ đầu năm").as_deref(), Some("2025-01-01..2025-09-30"));
        assert_eq!(of("Kỳ trước").as_deref(), Some("2025-04-01..2025-06-30"));
        assert_eq!(of("Cùng kỳ năm trước").as_deref(), Some("2024-07-01..2024-09-30"));
        assert_eq!(value("Kỳ trước", "Kỳ trước", false, Some(2025)).relative, None);
        assert_eq!(value("Từ kỳ trước", "Từ kỳ trước", true, Some(2025)).relative, None);
    }

    #[test]
    fn a_row_that_names_only_a_level() {
        for label in [
            "Cấp xã (97 đơn vị)",
            "TTHC thuộc thẩm quyền giải quyết của cấp huyện",
            "TTHC thuộc thẩm quyền cấp tỉnh tiếp nhận tại xã",
        ] {
            assert!(is_level_row(label), "{label}");
        }
        assert!(!is_level_row("Đất đai cấp huyện") && !is_level_row("TTHC thuộc thẩm quyền của Sở Tư pháp"));
    }

    #[test]
    fn goals_beside_what_was_done() {
        assert!(is_goal("kế hoạch năm 2025") && is_goal("chỉ tiêu giao") && is_done("thực hiện năm 2025"));
        assert!(!is_goal("tỉ lệ thực hiện kế hoạch") && !is_goal("kế hoạch đạt") && !is_done("số liệu"));
    }

    #[test]
    fn a_head_of_nothing_but_a_rate() {
        assert!(is_rate("Tỷ lệ (%)") && is_rate("Đạt tỷ lệ %") && is_rate("%"));
        assert!(!is_rate("Tỷ lệ trễ hạn (%)") && !is_rate("Đạt"));
    }
}
