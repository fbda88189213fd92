use super::*;
use crate::text::charset::Charset;
use crate::text::charset::tests::encode;

fn run(props: &str, text: &str) -> String {
    format!("<w:r><w:rPr>{props}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn font(name: &str) -> String {
    format!("<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\"/>")
}

fn first(body: &str) -> String {
    document(body).blocks[0].text.clean.clone()
}

#[test]
fn what_a_run_prints() {
    let body = "<w:p><w:r><w:t>Số 125</w:t><w:noBreakHyphen/><w:t>BC, th</w:t><w:softHyphen/><w:t>ủ tục</w:t><w:tab/>\
        <w:t>&lt;5 &amp;#8805;</w:t><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/><w:t>7</w:t>\
        <w:sym w:font=\"Wingdings\" w:char=\"F031\"/></w:r></w:p>";
    assert_eq!(first(body), "Số 125-BC, thủ tục <5 &#8805;≥7");
}

#[test]
fn field_codes_and_page_numbers_do_not_leak() {
    let body = "<w:p><w:r><w:t>Có </w:t></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>\
        <w:r><w:instrText> SEQ Bang \\n 99 </w:instrText></w:r><w:r><w:t>77</w:t></w:r>\
        <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>12</w:t></w:r>\
        <w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:fldSimple w:instr=\" PAGE \"><w:r><w:t>3</w:t></w:r></w:fldSimple>\
        <w:fldSimple w:instr=\"=SUM(ABOVE)\"><w:r><w:t> hồ sơ, 45</w:t></w:r></w:fldSimple></w:p>";
    assert_eq!(first(body), "Có 12 hồ sơ, 45");
    // A code that never ends costs its paragraph only.
    let open = format!(
        "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/><w:instrText>X 8</w:instrText></w:r></w:p>{}",
        p("Sau 5")
    );
    assert_eq!(texts(&document(&open)), ["Sau 5"]);
}

#[test]
fn tracked_changes_are_accepted() {
    let body = format!(
        "<w:p>{}<w:ins>{}</w:ins><w:del><w:r><w:delText>8</w:delText></w:r></w:del><w:moveFrom>{}</w:moveFrom>\
         <w:moveTo>{}</w:moveTo></w:p>\
         <w:p><w:pPr><w:rPr><w:del w:id=\"1\"/></w:rPr></w:pPr>{}</w:p>{}",
        r("Có "),
        r("12"),
        r("9"),
        r(" xã"),
        r("Nối "),
        p("liền")
    );
    let document = document(&body);
    assert_eq!(texts(&document), ["Có 12 xã", "Nối liền"]);
    assert_eq!(document.notices[0].0, "tracked-changes");
}

#[test]
fn text_in_containers_of_every_kind() {
    let body = format!(
        "<w:sdt><w:sdtPr><w:alias w:val=\"9\"/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>\
         <w:p><w:hyperlink>{}</w:hyperlink><w:smartTag>{}</w:smartTag><w:customXml>{}</w:customXml>\
         <w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt><m:oMath><m:f><m:num><m:r><m:t>3</m:t></m:r></m:num>\
         <m:den><m:r><m:t>4</m:t></m:r></m:den></m:f></m:oMath></w:p>",
        p("Khối"),
        r("Một "),
        r("hai "),
        r("ba "),
        r("bốn ")
    );
    assert_eq!(texts(&document(&body)), ["Khối", "Một hai ba bốn 3/4"]);
}

#[test]
fn one_branch_of_an_alternative_and_text_boxes() {
    let inside = format!("<w:txbxContent>{}</w:txbxContent>", p("Trong hộp 7"));
    let body = format!(
        "<w:p>{}<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor>\
         <wp:positionH><wp:posOffset>914400</wp:posOffset></wp:positionH><wps:txbx>{inside}</wps:txbx></wp:anchor></w:drawing>\
         </mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>\
         <w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
        r("Ngoài hộp"),
        p("VML 8")
    );
    assert_eq!(texts(&document(&body)), ["Ngoài hộp", "Trong hộp 7", "VML 8"]);
}

#[test]
fn hidden_text_is_not_printed_and_capitals_are() {
    let body = format!(
        "<w:p>{}{}{}</w:p>",
        run("<w:vanish/>", "ẩn 5"),
        run("<w:caps/>", "hoa "),
        run("<w:caps w:val=\"0\"/><w:vanish w:val=\"false\"/>", "thường")
    );
    assert_eq!(first(&body), "HOA thường");
}

#[test]
fn raised_numbers_are_marks_unless_units() {
    let raised = "<w:vertAlign w:val=\"superscript\"/>";
    let body = format!("<w:p>{}{}{}{}</w:p>", r("40 m"), run(raised, "2"), r(" năm 2023"), run(raised, "1"));
    let document = document(&body);
    assert_eq!(document.blocks[0].text.clean, "40 m2 năm 2023[1]");
    assert_eq!(document.blocks[0].notes, [(15, "1".to_string())]);
}

#[test]
fn notes_are_tied_to_their_marks() {
    let reference = |kind: &str, id: u32| format!("<w:r><w:{kind}Reference w:id=\"{id}\"/></w:r>");
    let body = format!(
        "<w:p>{}{}{}{}</w:p>{}",
        r("Năm 2023"),
        reference("footnote", 7),
        r(" có 5 xã"),
        reference("endnote", 2),
        table(
            LINES,
            &[
                &["STT", "Nội dung", "Số"],
                &["1", "Hồ sơ", &format!("<w:p>{}{}</w:p>", r("15"), reference("footnote", 3))]
            ]
        )
    );
    let note = |kind: &str, id: u32, text: &str| format!("<w:{kind} w:id=\"{id}\">{}</w:{kind}>", p(text));
    let separator = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>";
    let feet = format!("{separator}{}{}", note("footnote", 3, "Gồm 2 hồ sơ cũ"), note("footnote", 7, "Kế hoạch số 9"));
    let document = with(&body, &[("footnotes", &feet), ("endnotes", &note("endnote", 2, "Xem cuối"))]);
    assert_eq!(document.blocks[0].text.clean, "Năm 2023[1] có 5 xã[i]");
    assert_eq!(document.blocks[0].notes[0], (9, "1".to_string()));
    let notes: Vec<_> = document
        .blocks
        .iter()
        .filter(|b| b.kind == BlockKind::Footnote)
        .map(|b| (b.mark.as_str(), b.text.clean.as_str()))
        .collect();
    assert_eq!(notes, [("1", "Kế hoạch số 9"), ("i", "Xem cuối"), ("2", "Gồm 2 hồ sơ cũ")]);
    assert_eq!(document.tables[0].cell(1, 2).unwrap().text.clean, "15[2]");
}

#[test]
fn legacy_fonts_are_decoded_run_by_run() {
    let tcvn = |text: &str| encode(text, Charset::Tcvn3);
    let body = format!(
        "<w:p>{}{}{}</w:p><w:p>{}</w:p><w:p>{}{}</w:p>",
        run(&font(".VnTimeH"), &tcvn("ủ")),
        run(&font(".VnTime"), &tcvn("y ban nhân dân hu")),
        run(&format!("{}<w:b/>", font(".VnTime")), &tcvn("yện tiếp nhận 1.815 hồ sơ của người dân")),
        // Unicode text in a legacy font stays.
        run(&font(".VnTime"), "Đã giải quyết đúng hạn"),
        run(&font("VNI-Times"), "Coäng ho"),
        run(&font("VNI-Times"), "øa xaõ hoäi: 95,23%"),
    );
    let document = document(&body);
    assert_eq!(
        texts(&document),
        [
            "Ủy ban nhân dân huyện tiếp nhận 1.815 hồ sơ của người dân",
            "Đã giải quyết đúng hạn",
            "Cộng hòa xã hội: 95,23%"
        ]
    );
    assert_eq!(document.charset, "utf-8+tcvn3 (1.00)+vni (1.00)");
}

#[test]
fn fonts_come_from_styles_defaults_and_the_theme() {
    let legacy = encode("Kết quả cải cách", Charset::Tcvn3);
    let styles = format!(
        "<w:docDefaults><w:rPrDefault><w:rPr>{}</w:rPr></w:rPrDefault></w:docDefaults>\
         <w:style w:type=\"paragraph\" w:styleId=\"A\"><w:name w:val=\"A\"/><w:rPr>{}</w:rPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"C\"><w:rPr>{}</w:rPr></w:style>",
        font(".VnTime"),
        font(".VnTimeH"),
        font("Arial")
    );
    let styled =
        |style: &str, text: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", r(text));
    let body = format!("{}{}{}", p(&legacy), styled("B", &legacy), styled("C", "Kết quả cải cách"));
    let document = with(&body, &[("styles", &styles)]);
    assert_eq!(texts(&document), ["Kết quả cải cách", "KẾT QUẢ CẢI CÁCH", "Kết quả cải cách"]);
}

#[test]
fn pages_are_told_by_recorded_breaks() {
    let broken = "<w:lastRenderedPageBreak/>";
    let body = format!(
        "{}<w:p><w:r>{broken}<w:t>Trang hai</w:t><w:br/><w:t>vẫn hai</w:t></w:r></w:p>{}{}",
        p("Trang một"),
        table(LINES, &[&["STT", "Số"], &[&format!("<w:p><w:r>{broken}<w:t>1</w:t></w:r></w:p>"), "25"]]),
        p("Cuối")
    );
    let document = document(&body);
    assert_eq!(document.pages, Some(3));
    let line = |text: &str| {
        let block = document.blocks.iter().find(|b| b.text.clean.starts_with(text)).unwrap();
        document.lines[block.place.line.unwrap() as usize - 1].page
    };
    assert_eq!((line("Trang một"), line("Trang hai"), line("Cuối")), (Some(1), Some(2), Some(3)));
    let cell = |row, column| {
        let line = document.tables[0].cell(row, column).unwrap().place.line.unwrap();
        document.lines[line as usize - 1].page
    };
    assert_eq!((cell(0, 1), cell(1, 0), cell(1, 1)), (Some(2), Some(3), Some(3)));
    assert_eq!(super::document(&p("Không biết trang")).pages, None);
}

#[test]
fn running_heads_and_contents_are_kept_apart() {
    let body = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"TOC1\"/></w:pPr>{}</w:p>{}{}<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header\"/>\
         <w:footerReference r:id=\"footer\"/></w:sectPr>",
        r("I. KẾT QUẢ\t3"),
        p("I. KẾT QUẢ"),
        p("Có 5 xã:"),
    );
    let document = with(&body, &[("header", &p("Báo cáo quý")), ("footer", &p("Trang 9"))]);
    use BlockKind::*;
    assert_eq!(kinds(&document), [Header, Heading(1), Paragraph, Footer, Footer]);
    assert_eq!(document.blocks[2].heading, Some(1));
}

#[test]
fn other_prefixes_and_the_strict_namespace() {
    let text = "<x:document xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"><x:body><x:p><x:r>\
        <x:t>Có 5 xã</x:t></x:r></x:p></x:body></x:document>";
    let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for content in [text.as_bytes(), &wide] {
        let document = attempt(&zip(&[("word/document.xml", content)])).unwrap();
        assert_eq!(texts(&document), ["Có 5 xã"]);
    }
}
