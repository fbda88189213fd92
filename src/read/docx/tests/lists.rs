use super::*;

const LISTS: &str = "<w:abstractNum w:abstractNumId=\"1\">\
    <w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"upperRoman\"/><w:pStyle w:val=\"H1\"/><w:lvlText w:val=\"%1.\"/></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/><w:pStyle w:val=\"H2\"/><w:lvlText w:val=\"%2.\"/></w:lvl>\
    </w:abstractNum><w:abstractNum w:abstractNumId=\"2\">\
    <w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"\u{F0B7}\"/><w:rPr><w:rFonts w:ascii=\"Symbol\"/></w:rPr></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"o\"/></w:lvl></w:abstractNum>\
    <w:abstractNum w:abstractNumId=\"3\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/>\
    <w:suff w:val=\"nothing\"/><w:lvlText w:val=\"%1\"/></w:lvl></w:abstractNum>\
    <w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num><w:num w:numId=\"2\"><w:abstractNumId w:val=\"2\"/></w:num>\
    <w:num w:numId=\"3\"><w:abstractNumId w:val=\"3\"/></w:num>";

const STYLES: &str = "<w:style w:type=\"paragraph\" w:styleId=\"H1\"><w:name w:val=\"heading 1\"/>\
    <w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr><w:outlineLvl w:val=\"0\"/></w:pPr></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"H2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"H1\"/></w:style>";

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", r(text))
}

fn item(list: u32, level: u32, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}</w:p>",
        if text.is_empty() { String::new() } else { r(text) }
    )
}

#[test]
fn headings_and_items_have_their_printed_numbers() {
    let body = [
        styled("H1", "Kết quả"),
        styled("H2", "Thể chế"),
        p("Đã ban hành 5 văn bản, trong đó:"),
        item(2, 0, "Quyết định: 2"),
        item(2, 1, "Của huyện: 1"),
        styled("H2", "Thủ tục"),
        styled("H1", "Phương hướng"),
        styled("H2", "Năm sau"),
        p("Hết"),
    ]
    .concat();
    let document = with(&body, &[("styles", STYLES), ("numbering", LISTS)]);
    use BlockKind::*;
    let got: Vec<_> = document.blocks.iter().map(|b| (b.kind, b.mark.as_str(), b.text.clean.as_str())).collect();
    assert_eq!(
        got,
        [
            (Heading(1), "I", "I. Kết quả"),
            (Heading(2), "1", "1. Thể chế"),
            (Paragraph, "", "Đã ban hành 5 văn bản, trong đó:"),
            (ListItem(1), "", "Quyết định: 2"),
            (ListItem(2), "", "Của huyện: 1"),
            (Heading(2), "2", "2. Thủ tục"),
            (Heading(1), "II", "II. Phương hướng"),
            (Heading(2), "1", "1. Năm sau"),
            (Paragraph, "", "Hết"),
        ]
    );
    assert_eq!(document.blocks[3].lead, Some(2));
    assert_eq!(document.blocks[4].lead, Some(3));
}

#[test]
fn row_numbers_of_a_table_are_counted_too() {
    let number = item(3, 0, "");
    let rows: &[&[&str]] = &[
        &["STT", "Nội dung", "Số"],
        &[&number, "Hồ sơ nhận", "15"],
        &[&number, "Hồ sơ trả", "14"],
        &[&number, "Hồ sơ trễ", "1"],
    ];
    // A deleted row is not counted.
    let rows = table(LINES, rows).replacen(
        "</w:tr>",
        &format!("</w:tr><w:tr><w:trPr><w:del/></w:trPr><w:tc>{number}</w:tc></w:tr>"),
        1,
    );
    let document = with(&rows, &[("numbering", LISTS)]);
    let stt: Vec<_> = (1..4).map(|row| document.tables[0].cell(row, 0).unwrap().text.clean.as_str()).collect();
    assert_eq!(stt, ["1", "2", "3"]);
}

#[test]
fn unnumbered_headings_by_style_and_by_weight() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/></w:style>";
    let bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Công tác kiểm tra</w:t></w:r></w:p>";
    let body =
        [p("I. KẾT QUẢ CHUNG"), styled("Heading2", "Về thể chế"), p("Có 5 xã."), bold.into(), p("Có 6 xã.")].concat();
    let document = with(&body, &[("styles", styles)]);
    use BlockKind::*;
    assert_eq!(kinds(&document), [Heading(1), Heading(2), Paragraph, Heading(2), Paragraph]);
}
