use super::*;
use crate::model::BlockKind;
use std::io::{Cursor, Write};

fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const STYLES: &str = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="00"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="3"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// A workbook with one sheet of these rows, as XML.
pub fn workbook(name: &str, rows: &str, tail: &str) -> Vec<u8> {
    let book = format!(
        r#"<workbook xmlns:r="r"><sheets><sheet name="{name}" sheetId="1" r:id="rId7"/><sheet name="Ẩn" state="hidden" r:id="rId8"/></sheets></workbook>"#
    );
    let sheet = format!(
        "<worksheet><cols><col min=\"9\" max=\"9\" hidden=\"1\"/></cols><sheetData>{rows}</sheetData>{tail}</worksheet>"
    );
    package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", &book),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="rId7" Target="worksheets/a.xml"/></Relationships>"#,
        ),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Hồ sơ</t></si><si><r><t>Số </t></r><r><t>liệu</t></r><rPh><t>x</t></rPh></si></sst>",
        ),
        ("xl/styles.xml", STYLES),
        ("xl/worksheets/a.xml", &sheet),
    ])
}

const ROWS: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>UBND XÃ AN BÌNH</t></is></c><c r="D1" t="inlineStr"><is><t>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Số: 5/BC-UBND</t></is></c><c r="D2" t="inlineStr"><is><t>Độc lập - Tự do - Hạnh phúc</t></is></c></row>
<row r="4"><c r="A4" t="inlineStr"><is><t>BIỂU SỐ LIỆU</t></is></c></row>
<row r="6"><c r="A6" t="inlineStr"><is><t>STT</t></is></c><c r="B6" t="inlineStr"><is><t>Nội dung</t></is></c><c r="C6" t="inlineStr"><is><t>Kết quả</t></is></c><c r="E6" t="inlineStr"><is><t>Ghi chú</t></is></c></row>
<row r="7"><c r="C7" t="inlineStr"><is><t>Đơn vị</t></is></c><c r="D7" t="s"><v>1</v></c></row>
<row r="8"><c r="A8"><v>1</v></c><c r="B8" t="s"><v>0</v></c><c r="C8" t="s"><v>0</v></c><c r="D8" s="1"><v>15404</v></c></row>
<row r="9"><c r="A9"><v>1.1</v></c><c r="B9" t="inlineStr"><is><t>Trễ hạn</t></is></c><c r="D9" s="2"><v>2</v></c></row>
<row r="10" hidden="1"><c r="A10" t="inlineStr"><is><t>1.2</t></is></c><c r="B10" t="inlineStr"><is><t>Tỷ lệ</t></is></c><c r="D10" s="3"><v>0.95230000000000004</v></c></row>
<row r="11"><c r="A11" t="inlineStr"><is><t>2</t></is></c><c r="B11" t="inlineStr"><is><t>Ngày chốt</t></is></c><c r="D11" s="4"><v>45083</v></c><c r="E11" t="e"><v>#REF!</v></c></row>
<row r="13"><c r="A13" t="inlineStr"><is><t>Ghi chú: số liệu đến ngày chốt.</t></is></c></row>"#;

const MERGES: &str = r#"<mergeCells><mergeCell ref="A6:A7"/><mergeCell ref="B6:B7"/><mergeCell ref="C6:D6"/><mergeCell ref="E6:E7"/></mergeCells>"#;

#[test]
fn a_sheet_is_titles_and_a_table_as_shown() {
    let document = read(&workbook("Biểu 1", ROWS, MERGES), Format::Xlsx).unwrap();
    assert_eq!((document.tables.len(), document.pages), (1, Some(1)));
    let table = &document.tables[0];
    let at = |r, c| table.cell(r, c).map_or("∅", |c| c.text.clean.as_str());
    assert_eq!((table.rows, table.columns, table.header_rows), (6, 5, 2));
    assert_eq!((at(0, 3), at(1, 0), at(1, 3), at(1, 4)), ("Kết quả", "STT", "Số liệu", "Ghi chú"));
    assert_eq!((at(2, 3), at(3, 3), at(4, 3), at(5, 3)), ("15.404", "02", "95,23%", "06/06/2023"));
    assert_eq!((at(3, 0), at(5, 4)), ("1.1", ""), "a row number is no fraction, a failed formula shows nothing");
    let texts: Vec<_> = document.blocks.iter().map(|b| b.text.clean.as_str()).collect();
    assert_eq!(texts[..4], ["Biểu 1", "UBND XÃ AN BÌNH", "Số: 5/BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]);
    assert_eq!(texts.last(), Some(&"Ghi chú: số liệu đến ngày chốt."));
    assert!(document.lines.iter().all(|l| l.page == Some(1)));
    assert_eq!(document.notices.iter().map(|n| n.0.as_str()).collect::<Vec<_>>(), ["hidden-rows"]);
}

#[test]
fn cells_far_apart_cost_nothing() {
    let rows = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>"#;
    let merge = r#"<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>"#;
    let document = read(&workbook("Sheet1", rows, merge), Format::Xlsx).unwrap();
    assert_eq!(document.lines.len(), 1);
    assert_eq!(document.notices[0].0, "cells-cut");
}

#[test]
fn broken_packages_have_codes() {
    let good = workbook("Sheet1", ROWS, MERGES);
    assert_eq!(read(&good[..good.len() / 2], Format::Xlsx).unwrap_err().code, "read/damaged");
    assert_eq!(read(&package(&[("xl/workbook.xml", "<workbook/>")]), Format::Xlsx).unwrap_err().code, "read/damaged");
    assert_eq!(read(&workbook("Sheet1", "", ""), Format::Xlsx).unwrap_err().code, "read/empty");
    let bomb = "<row><c><v>1</v></c></row>".repeat(4_000_000);
    assert_eq!(read(&workbook("Sheet1", &bomb, ""), Format::Xlsx).unwrap_err().code, "read/too-large");
}

#[test]
fn opendocument() {
    let sheet = r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="Sheet1">
<table:table-row><table:table-cell><text:p>BIỂU SỐ LIỆU</text:p></table:table-cell><table:table-cell table:number-columns-repeated="1020"/></table:table-row>
<table:table-row table:number-rows-repeated="1"><table:table-cell><text:p>STT</text:p></table:table-cell><table:table-cell><text:p>Nội dung</text:p></table:table-cell><table:table-cell><text:p>Số</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>Hồ<text:s text:c="1"/>sơ</text:p></table:table-cell><table:table-cell office:value="1815"><office:annotation><text:p>ghi</text:p></office:annotation><text:p>1.815</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"#;
    let document = read(&package(&[("content.xml", sheet)]), Format::Ods).unwrap();
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (2, 3, 1));
    assert_eq!(table.cell(1, 2).unwrap().text.clean, "1.815");
    assert_eq!(table.cell(1, 1).unwrap().text.clean, "Hồ sơ");

    let text = r#"<d xmlns:text="x" xmlns:table="t"><text:h text:outline-level="1">I. KẾT QUẢ</text:h><text:p>Đã giao<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Công văn số 5</text:p></text:note-body></text:note> đủ</text:p><table:table><table:table-row><table:table-cell><text:p>STT</text:p></table:table-cell><table:table-cell table:number-columns-spanned="2"><text:p>Số</text:p></table:table-cell><table:covered-table-cell/></table:table-row><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>5</text:p></table:table-cell><table:table-cell><text:p>6</text:p></table:table-cell></table:table-row></table:table></d>"#;
    let document = read(&package(&[("content.xml", text)]), Format::Odt).unwrap();
    let kinds: Vec<_> = document.blocks.iter().map(|b| b.kind).collect();
    use BlockKind::*;
    assert_eq!(kinds, [Heading(1), Paragraph, Footnote, Table(0)]);
    assert_eq!(document.blocks[1].text.clean, "Đã giao[1] đủ");
}

#[test]
fn mutated_workbooks_never_panic() {
    crate::read::mutate(&workbook("Biểu 1", ROWS, MERGES), 400, |bytes| {
        let _ = read(bytes, Format::Xlsx);
    });
    // Damage inside the parts, the container left whole.
    crate::read::mutate(ROWS.as_bytes(), 400, |rows| {
        let _ = read(&workbook("Biểu 1", &String::from_utf8_lossy(rows), MERGES), Format::Xlsx);
    });
    crate::read::mutate(MERGES.as_bytes(), 100, |merges| {
        let _ = read(&workbook("Biểu 1", ROWS, &String::from_utf8_lossy(merges)), Format::Xlsx);
    });
}

#[test]
fn legacy_fonts_are_decoded() {
    let rows = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>C¶i c¸ch hµnh chÝnh n¨m 2020 t¹i x· An B×nh ®¹t 95,23% hå s¬ ®óng h¹n, tiÕp nhËn hå s¬ trùc tuyÕn cña ngêi d©n vµ doanh nghiÖp</t></is></c></row>"#;
    let document = read(&workbook("Sheet1", rows, ""), Format::Xlsx).unwrap();
    assert!(
        document.blocks[0].text.clean.starts_with("Cải cách hành chính năm 2020"),
        "{}",
        document.blocks[0].text.clean
    );
}

/// A BIFF8 workbook of one sheet: labels, numbers, one merged range.
fn old_workbook() -> Vec<u8> {
    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }
    let at = |row: u16, column: u16| [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
    let label = |row, column, text: &str| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let size = (units.len() as u16 / 2).to_le_bytes();
        record(0x204, &[&at(row, column)[..], &size, &[1], &units].concat())
    };
    // Style 1 groups thousands.
    let number = |row: u16, column: u16, value: f64| {
        let style = u16::from(value == 1815.0);
        let place = [row.to_le_bytes(), column.to_le_bytes(), style.to_le_bytes()].concat();
        record(0x203, &[&place[..], &value.to_le_bytes()].concat())
    };
    let style = |format: u16| record(0xE0, &[&[0, 0][..], &format.to_le_bytes(), &[0; 16]].concat());
    let begin = |kind: u16| record(0x809, &[&0x600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let mut sheet = begin(0x10);
    for (column, text) in ["STT", "Nội dung", "Số liệu"].into_iter().enumerate() {
        sheet.extend(label(1, column as u16, text));
    }
    sheet.extend(label(0, 0, "BIỂU SỐ LIỆU"));
    for (row, text, value) in [(2u16, "Hồ sơ", 1815.0), (3, "Tỷ lệ", 95.23)] {
        sheet.extend(number(row, 0, f64::from(row - 1)));
        sheet.extend(label(row, 1, text));
        sheet.extend(number(row, 2, value));
    }
    sheet.extend(record(0xE5, &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0]));
    sheet.extend(record(0x0A, &[]));
    let globals = |offset: u32| {
        let name: Vec<u8> = "Sheet1".bytes().collect();
        let bound = [&offset.to_le_bytes()[..], &[0, 0, name.len() as u8, 0], &name].concat();
        [begin(5), style(0), style(3), record(0x85, &bound), record(0x0A, &[])].concat()
    };
    let size = globals(0).len() as u32;
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    let stream = [globals(size), sheet].concat();
    file.create_stream("Workbook").unwrap().write_all(&stream).unwrap();
    file.flush().unwrap();
    file.into_inner().into_inner()
}

#[test]
fn old_workbooks() {
    let bytes = old_workbook();
    let document = read(&bytes, Format::Xls).unwrap();
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (3, 3, 1));
    assert_eq!(table.cell(1, 2).unwrap().text.clean, "1.815");
    assert_eq!(table.cell(2, 2).unwrap().text.clean, "95,23");
    assert_eq!(document.blocks[0].text.clean, "BIỂU SỐ LIỆU");
    crate::read::mutate(&bytes, 600, |bytes| {
        let _ = read(bytes, Format::Xls);
    });
}

#[test]
fn mutated_opendocument_never_panics() {
    let sheet = r#"<d xmlns:table="t" xmlns:text="x"><table:table table:name="a"><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="2"><text:p>STT</text:p></table:table-cell><table:covered-table-cell/><table:table-cell table:number-columns-repeated="4"><text:p>5<text:s text:c="3"/></text:p></table:table-cell></table:table-row></table:table><text:h text:outline-level="2">x</text:h><text:note><text:note-citation>1</text:note-citation><text:p>y</text:p></text:note></d>"#;
    crate::read::mutate(sheet.as_bytes(), 400, |content| {
        let bytes = package(&[("content.xml", &String::from_utf8_lossy(content))]);
        let _ = read(&bytes, Format::Ods);
        let _ = read(&bytes, Format::Odt);
    });
}
