use super::*;

fn cell(props: &str, text: &str) -> String {
    format!("<w:tc><w:tcPr>{props}</w:tcPr>{}</w:tc>", p(text))
}

fn span(n: u32) -> String {
    format!("<w:gridSpan w:val=\"{n}\"/>")
}

const START: &str = "<w:vMerge w:val=\"restart\"/>";
const COVERED: &str = "<w:vMerge/>";

fn tbl(rows: &[(&str, Vec<String>)]) -> String {
    let rows: String =
        rows.iter().map(|(props, cells)| format!("<w:tr><w:trPr>{props}</w:trPr>{}</w:tr>", cells.concat())).collect();
    format!("<w:tbl><w:tblPr>{LINES}</w:tblPr>{rows}</w:tbl>")
}

fn at(document: &Document, row: u32, column: u32) -> &str {
    document.tables[0].cell(row, column).map_or("∅", |c| c.text.clean.as_str())
}

#[test]
fn merged_cells() {
    let body = tbl(&[
        (
            "<w:tblHeader/>",
            vec![cell(START, "STT"), cell(START, "Chỉ tiêu"), cell(&span(2), "Kết quả"), cell(START, "Ghi chú")],
        ),
        (
            "<w:tblHeader/>",
            vec![cell(COVERED, ""), cell(COVERED, ""), cell("", "Đơn vị"), cell("", "Số liệu"), cell(COVERED, "")],
        ),
        ("", vec![cell("", "1"), cell("", "Hồ sơ"), cell("", "Hồ sơ"), cell("", "1.815"), cell(START, "chung")]),
        ("", vec![cell("", "2"), cell("", "Phiếu"), cell("", "Phiếu"), cell("", "95,23"), cell(COVERED, "")]),
        ("<w:gridBefore w:val=\"1\"/>", vec![cell(&span(2), "Cộng"), cell("", "7")]),
    ]);
    let document = document(&body);
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (5, 5, 2));
    assert_eq!((at(&document, 1, 0), at(&document, 0, 3), at(&document, 1, 3)), ("STT", "Kết quả", "Số liệu"));
    assert_eq!((at(&document, 3, 4), at(&document, 3, 3)), ("chung", "95,23"));
    assert_eq!(
        (at(&document, 4, 0), at(&document, 4, 1), at(&document, 4, 2), at(&document, 4, 3)),
        ("", "Cộng", "Cộng", "7")
    );
    assert_eq!(at(&document, 4, 4), "", "a row that ends early is filled up");
}

#[test]
fn deleted_rows_are_gone_and_inserted_ones_stay() {
    let body = tbl(&[
        ("", vec![cell("", "STT"), cell("", "Nội dung"), cell("", "Số")]),
        ("<w:del w:id=\"1\"/>", vec![cell("", "1"), cell("", "Cũ"), cell("", "5")]),
        ("<w:ins w:id=\"2\"/>", vec![cell("", "1"), cell("", "Mới"), cell("", "6")]),
    ]);
    let document = document(&body);
    assert_eq!((document.tables[0].rows, at(&document, 1, 1)), (2, "Mới"));
}

#[test]
fn content_controls_around_rows_and_cells() {
    let body = format!(
        "<w:tbl><w:tblPr>{LINES}</w:tblPr><w:tr>{}{}</w:tr><w:sdt><w:sdtContent><w:tr>{}<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>\
         </w:tr></w:sdtContent></w:sdt></w:tbl>",
        cell("", "Nội dung"),
        cell("", "Số lượng"),
        cell("", "Hồ sơ"),
        cell("", "12")
    );
    assert_eq!(at(&document(&body), 1, 1), "12");
}

#[test]
fn letterheads_and_signatures_are_paragraphs_left_then_right() {
    let head = table(
        "",
        &[
            &[
                &format!("{}{}", p("ỦY BAN NHÂN DÂN"), p("XÃ AN BÌNH")),
                &format!("{}{}", p("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), p("Độc lập")),
            ],
            &["Số: 5/BC-UBND", "An Bình, ngày 5 tháng 6 năm 2023"],
        ],
    );
    let sign = table("", &[&[&format!("{}{}", p("Đơn vị gửi:"), p("- Như trên;")), "NGƯỜI LẬP BIỂU"]]);
    let document = document(&format!("{head}{}{sign}", p("Nội dung.")));
    assert!(document.tables.is_empty());
    let got = texts(&document);
    assert_eq!(got[..3], ["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH", "Số: 5/BC-UBND"]);
    assert_eq!(*got.last().unwrap(), "NGƯỜI LẬP BIỂU");
}

#[test]
fn a_caption_in_a_frame_names_the_table_below() {
    let frame = table(LINES, &[&[&format!("{}{}", p("BIỂU MẪU 3"), p("Cải cách thủ tục"))]]);
    let form = table(LINES, &[&["STT", "Nội dung", "Số"], &["1", "Hồ sơ", "5"]]);
    let document = document(&format!("{frame}{form}"));
    assert_eq!(document.tables.len(), 1);
    assert_eq!(document.tables[0].captions, [0, 1]);
}

#[test]
fn a_form_in_two_tables_is_joined() {
    let head: &[&str] = &["STT", "Nội dung", "Số"];
    let one = table(LINES, &[head, &["1", "Hồ sơ", "5"], &["2", "Phiếu", "6"]]);
    let two = table(LINES, &[head, &["3", "Đơn", "7"]]);
    let bare = table(LINES, &[&["4", "Thư", "8"]]);
    let again = table(LINES, &[head, &["1", "Hồ sơ", "9"]]);
    let document = document(&format!("{one}<w:p/>{two}<w:p/>{bare}<w:p/>{again}"));
    assert_eq!(document.tables.len(), 2);
    let rows: Vec<_> = (0..5).map(|row| at(&document, row, 0)).collect();
    assert_eq!(rows, ["STT", "1", "2", "3", "4"]);
}

#[test]
fn slivers_of_the_grid_are_closed() {
    let grid = "<w:tblGrid><w:gridCol w:w=\"800\"/><w:gridCol w:w=\"4000\"/><w:gridCol w:w=\"12\"/><w:gridCol w:w=\"900\"/></w:tblGrid>";
    let rows = [
        [cell("", "STT"), cell(&span(2), "Nội dung"), cell("", "Số")],
        [cell("", "1"), cell("", "Hồ sơ"), cell(&span(2), "5")],
    ];
    let rows: String = rows.iter().map(|r| format!("<w:tr>{}</w:tr>", r.concat())).collect();
    let document = document(&format!("<w:tbl><w:tblPr>{LINES}</w:tblPr>{grid}{rows}</w:tbl>"));
    assert_eq!(document.tables[0].columns, 3);
    assert_eq!((at(&document, 1, 1), at(&document, 1, 2)), ("Hồ sơ", "5"));
}

#[test]
fn nested_tables_lose_nothing() {
    let inner = table(LINES, &[&["STT", "Nội dung", "Số"], &["1", "Hồ sơ", "5"]]);
    let outer = table(LINES, &[&["STT", "Nội dung", "Số"], &["1", &format!("{}{inner}<w:p/>", p("Ngoài")), "6"]]);
    let document = document(&outer);
    assert_eq!(document.tables.len(), 2);
    assert_eq!(at(&document, 1, 1), "Ngoài");
    assert_eq!(document.tables[1].cell(1, 2).unwrap().text.clean, "5");
}
