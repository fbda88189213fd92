use super::*;
use crate::model::{Block, Cell, Kind, Level, Metadata, Place, Severity, Table};
use crate::text::clean::Text;
use rust_decimal::Decimal;

/// Keeps the rows as text, for looking at.
#[derive(Default)]
struct Rows(Vec<(TableId, Vec<String>)>);

impl Sink for Rows {
    fn row(&mut self, table: TableId, values: &[Value<'_>]) {
        assert_eq!(values.len(), table.schema().columns.len(), "{}", table.schema().name);
        let show = |value: &Value<'_>| match value {
            Value::Null => "-".to_string(),
            Value::Text(text) => text.to_string(),
            Value::Integer(n) => n.to_string(),
            Value::Decimal(n) => n.to_string(),
            Value::Float(n) => n.to_string(),
            Value::Date(d) => d.to_string(),
            Value::Boolean(b) => b.to_string(),
            Value::Words(words) => words.join(";"),
        };
        self.0.push((table, values.iter().map(show).collect()));
    }
}

impl Rows {
    fn of(&self, table: TableId, column: &str) -> Vec<&str> {
        let at = table.schema().columns.iter().position(|c| c.name == column).expect("a column");
        self.0.iter().filter(|(t, _)| *t == table).map(|(_, row)| row[at].as_str()).collect()
    }
}

fn block(kind: BlockKind, heading: Option<u32>, line: u32, text: &str) -> Block {
    Block {
        kind,
        heading,
        lead: None,
        text: Text { clean: text.to_string(), raw: text.to_string(), anchors: Vec::new() },
        place: Place::line(line),
        mark: String::new(),
        notes: Vec::new(),
    }
}

fn fact(raw: &str, number: i64, block: u32, cell: Option<(u32, u32, u32)>, span: (u32, u32)) -> Fact {
    Fact {
        indicator: Some("procedure.dossiers.received".into()),
        label: "Hồ sơ tiếp nhận".into(),
        raw: raw.into(),
        number: Some(Decimal::from(number)),
        value: Some(Decimal::from(number)),
        unit: Some("hồ sơ".into()),
        value_text: None,
        relation: Relation::AtLeast,
        status: Status::Reported,
        kind: Kind::Count,
        entity_code: None,
        entity: None,
        level: Some(Level::Commune),
        dims: vec![("channel".into(), "online".into()), ("band".into(), "1".into())],
        period: None,
        source: if cell.is_some() { FactSource::Table } else { FactSource::Narrative },
        place: Place::line(7),
        cell,
        block,
        span,
        quote: "Tiếp nhận".into(),
        rule: None,
        confidence: 0.850_000_01,
        readings: Vec::new(),
        multiplier: 0,
        row: None,
        links: Vec::new(),
        domain: Vec::new(),
    }
}

/// A report of two blocks, one table of one cell, three facts, one warning.
pub(crate) fn sample() -> (FileId, Outcome) {
    let heading = block(BlockKind::Heading(1), None, 1, "II. KẾT QUẢ");
    let text = block(BlockKind::Paragraph, Some(0), 7, "Đã tiếp nhận 22/39 hồ sơ");
    let table_block = block(BlockKind::Table(0), Some(0), 9, "");
    let cell = Cell {
        row: 1,
        column: 2,
        row_span: 1,
        column_span: 1,
        header: false,
        text: Text { clean: "= 12".into(), raw: "=  12".into(), anchors: Vec::new() },
        place: Place::line(9),
    };
    let table = Table { rows: 2, columns: 3, header_rows: 1, captions: vec![0], cells: vec![cell], ..Table::default() };
    let document = Document {
        blocks: vec![heading, text, table_block],
        tables: vec![table],
        parser: "text/plain".into(),
        format: "text",
        charset: "utf-8".into(),
        ..Document::default()
    };
    let start = "Đã tiếp nhận ".len() as u32;
    let facts = vec![
        fact("22", 22, 1, None, (start, start + 2)),
        fact("39", 39, 1, None, (start + 3, start + 5)),
        fact("12", 12, 2, Some((0, 1, 2)), (2, 4)),
    ];
    let warning = Warning {
        check: "subset/children".into(),
        severity: Severity::Error,
        message_vi: "Sai".into(),
        message_en: "Wrong".into(),
        facts: vec![0, 1],
        expected: Some(Decimal::from(39)),
        found: Some(Decimal::from(22)),
        suspect: Some(0),
        suggestion: None,
        confidence: 0.5,
        place: Place::line(7),
    };
    let metadata =
        Metadata { title: Some("BÁO CÁO".into()), issuer_level: Some(Level::Commune), ..Metadata::default() };
    let extraction =
        Extraction { metadata, facts, warnings: vec![warning], number_style: "vi", ..Extraction::default() };
    let sha256 = Some("0123456789abcdef".repeat(4));
    let file = FileId { path: "a/b.txt".into(), sha256, bytes: Some(99) };
    (file, Outcome::Read(Box::new((document, extraction))))
}

#[test]
fn every_table_gets_its_rows() {
    let (file, outcome) = sample();
    let mut rows = Rows::default();
    emit(&file, &outcome, &mut rows);
    assert_eq!(rows.of(TableId::Documents, "status"), ["ok"]);
    assert_eq!(rows.of(TableId::Documents, "mapped"), ["3"]);
    assert_eq!(rows.of(TableId::Documents, "issuer_level"), ["commune"]);
    assert_eq!(rows.of(TableId::Facts, "number"), ["22", "39", "12"]);
    assert_eq!(rows.of(TableId::Facts, "relation"), [">=", ">=", ">="]);
    assert_eq!(rows.of(TableId::Facts, "dims")[0], "band=1;channel=online");
    assert_eq!(rows.of(TableId::Facts, "confidence")[0], "0.85");
    assert_eq!(rows.of(TableId::Facts, "table_id"), ["-", "-", "t0"]);
    assert_eq!(rows.of(TableId::Facts, "block_id"), ["b1", "b1", "b2"]);
    assert_eq!(rows.of(TableId::Warnings, "difference"), ["-17"]);
    assert_eq!(rows.of(TableId::Tables, "caption"), ["II. KẾT QUẢ"]);
    assert_eq!(rows.of(TableId::Blocks, "heading_path"), ["-", "II. KẾT QUẢ", "II. KẾT QUẢ"]);
}

#[test]
fn spans_are_counted_in_characters() {
    let (file, outcome) = sample();
    let mut rows = Rows::default();
    emit(&file, &outcome, &mut rows);
    let text: Vec<char> = "Đã tiếp nhận 22/39 hồ sơ".chars().collect();
    for (i, raw) in ["22", "39"].iter().enumerate() {
        let start: usize = rows.of(TableId::Facts, "char_start")[i].parse().unwrap();
        let end: usize = rows.of(TableId::Facts, "char_end")[i].parse().unwrap();
        assert_eq!(text[start..end].iter().collect::<String>(), *raw);
    }
    assert_eq!(rows.of(TableId::Facts, "char_start")[2], "2");
}

#[test]
fn ids_depend_on_bytes_and_place_only_and_are_unique() {
    let (file, outcome) = sample();
    let (mut first, mut second) = (Rows::default(), Rows::default());
    emit(&file, &outcome, &mut first);
    emit(&FileId { path: "elsewhere.txt".into(), ..file.clone() }, &outcome, &mut second);
    assert_eq!(first.of(TableId::Facts, "fact_id"), second.of(TableId::Facts, "fact_id"));
    assert_eq!(first.of(TableId::Warnings, "warning_id"), second.of(TableId::Warnings, "warning_id"));
    let ids = first.of(TableId::Facts, "fact_id");
    assert!(ids.iter().all(|id| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit())));
    assert_eq!(first.of(TableId::Warnings, "fact_ids"), [format!("{};{}", ids[0], ids[1])]);
    assert_eq!(first.of(TableId::Warnings, "suspect_fact_id"), [ids[0]]);
    let same_place = [fact("1", 1, 0, None, (0, 1)), fact("1", 1, 0, None, (0, 1))];
    let ids = fact_ids("d", &same_place);
    assert_ne!(ids[0], ids[1]);
}

#[test]
fn a_failed_file_is_a_row_and_nothing_else() {
    let error = ReadError::new("read/empty", "Tệp rỗng", "the file is empty");
    let file = FileId { path: "x.txt".into(), sha256: None, bytes: Some(0) };
    let mut rows = Rows::default();
    emit(&file, &Outcome::Failed(error, None), &mut rows);
    assert_eq!(rows.0.len(), 1);
    assert_eq!(rows.of(TableId::Documents, "status"), ["failed"]);
    assert_eq!(rows.of(TableId::Documents, "error"), ["read/empty: the file is empty"]);
    assert_eq!(rows.of(TableId::Documents, "doc_id"), ["-"]);
}

#[test]
fn notices_make_a_document_partial() {
    let (file, outcome) = sample();
    let Outcome::Read(mut read) = outcome else { unreachable!() };
    read.0.notices = vec![("invalid-utf8".into(), Place::line(3)), ("invalid-utf8".into(), Place::line(8))];
    let outcome = Outcome::Read(read);
    let mut rows = Rows::default();
    emit(&file, &outcome, &mut rows);
    assert_eq!(rows.of(TableId::Documents, "status"), ["partial"]);
    assert_eq!(rows.of(TableId::Documents, "error"), ["read/partial: invalid-utf8 (line 3, 8)"]);
}

#[test]
fn what_means_no_loss_is_noted_only() {
    let (file, outcome) = sample();
    let Outcome::Read(mut read) = outcome else { unreachable!() };
    read.0.notices = vec![("wrong-extension".into(), Place::default())];
    let outcome = Outcome::Read(read);
    let mut rows = Rows::default();
    emit(&file, &outcome, &mut rows);
    assert_eq!(rows.of(TableId::Documents, "status"), ["ok"]);
    assert_eq!(rows.of(TableId::Documents, "error"), ["read/noted: wrong-extension"]);
}

#[test]
fn long_headings_are_cut_where_they_are_repeated() {
    let long = "Ạ".repeat(5000);
    assert_eq!(short(&long).chars().count(), MAX_CONTEXT + 1);
    assert_eq!(short("ngắn"), "ngắn");
}
