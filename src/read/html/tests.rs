use super::*;
use crate::model::BlockKind::{self, *};

fn page(body: &str) -> Document {
    read(
        format!("<html><head><title>x 9</title><style>p {{ a: 1 }}</style></head><body>{body}</body></html>")
            .as_bytes(),
        "x.html",
    )
    .unwrap()
}

fn kinds(document: &Document) -> Vec<BlockKind> {
    document.blocks.iter().map(|b| b.kind).collect()
}

fn texts(document: &Document) -> Vec<&str> {
    document.blocks.iter().map(|b| b.text.clean.as_str()).collect()
}

#[test]
fn paragraphs_headings_and_lists() {
    let document = page(
        "<h1>I. KẾT QUẢ</h1><p>Tiếp nhận 5 h&#7891; s&#417;,\n gồm:<ul><li><p>Trực tuyến: 3<li>Trực tiếp: 2</ul><ol type=a start=2><li>Khác</ol><p>Xong.<script>var a = '<p>7</p>';</script><span style='display: none'>8</span> Sau.<br>Hết &amp; xong",
    );
    assert_eq!(
        texts(&document),
        [
            "I. KẾT QUẢ",
            "Tiếp nhận 5 hồ sơ, gồm:",
            "Trực tuyến: 3",
            "Trực tiếp: 2",
            "b) Khác",
            "Xong. Sau.",
            "Hết & xong"
        ]
    );
    let found = kinds(&document);
    assert_eq!(found[..4], [Heading(1), Paragraph, ListItem(1), ListItem(1)]);
    assert_eq!(document.lines.len(), 7);
    assert_eq!((document.parser.as_str(), document.charset.as_str()), ("html", "utf-8"));
}

#[test]
fn merged_cells_without_end_tags() {
    let document = page(
        "<p>Biểu mẫu 1<table><tr><td rowspan=2>STT<td rowspan=2>Nội dung<td colspan=2><b>Kết quả</b><tr><td>Đơn vị<td>Số liệu<tr><td>1<td>Hồ sơ<p>(trực tuyến)<td>Hồ sơ<td>1.815<tr><td>2<td>Phiếu</table>Sau",
    );
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (4, 4, 2));
    let at = |r, c| table.cell(r, c).map_or("∅", |c| c.text.clean.as_str());
    assert_eq!(
        (at(1, 0), at(0, 3), at(1, 3), at(2, 1), at(3, 3)),
        ("STT", "Kết quả", "Số liệu", "Hồ sơ (trực tuyến)", "")
    );
    assert_eq!(texts(&document).last(), Some(&"Sau"));
}

#[test]
fn notes_are_brought_to_their_marks() {
    for (reference, body) in [
        (
            "<a class=sdfootnoteanc href='#sdfootnote1sym'><sup>1</sup></a>",
            "<div id=sdfootnote1><p><a class=sdfootnotesym href='#sdfootnote1anc'>1</a> Công văn số 5</p></div>",
        ),
        (
            "<a href='#_ftn1'><sup><span>[1]</span></sup></a>",
            "<div id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1'>[1]</a> Công văn số 5</p></div>",
        ),
    ] {
        let document = page(&format!("<p>Đã giao{reference} đủ<p>Diện tích 40 m<sup>2</sup><p>Cuối{body}"));
        assert_eq!(texts(&document), ["Đã giao[1] đủ", "Công văn số 5", "Diện tích 40 m2", "Cuối"]);
        assert_eq!((document.blocks[1].kind, document.blocks[1].mark.as_str()), (Footnote, "1"));
        assert_eq!(document.blocks[0].notes.len(), 1);
    }
}

#[test]
fn hostile_pages_end_soon() {
    let start = std::time::Instant::now();
    for piece in [
        "<div>",
        "<table><tr><td>",
        "<b>",
        "<ul><li>",
        "</table>",
        "<!--",
        "<a x='",
        "<sup>1",
        "<td colspan=9999>x",
        "&amp",
        "<script",
    ] {
        let text = format!("<html><table>x{}", piece.repeat(100_000));
        let start = std::time::Instant::now();
        let _ = read(text.as_bytes(), "x");
        println!("{piece} {:?}", start.elapsed());
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn mutated_pages_never_panic() {
    let good = "<html><body><h1>I. KẾT QUẢ</h1><p>Đạt <b>95,23%</b><sup>1</sup></p><table><thead><tr><th rowspan=2>STT<th>Số</tr></thead><tr><td>1<td colspan=2>5<table><tr><td>a</table></table><ol><li value=3>x</ol><div id=ftn1>[1] y</div><a href='#_ftn1'>";
    crate::read::flow::tests::mutate(good.as_bytes(), 400, |bytes| {
        let _ = read(bytes, "x.html");
    });
}

#[test]
fn legacy_fonts_are_decoded() {
    let text = "<html><meta charset=windows-1252><p><font face='.VnTime'>C¶i c¸ch hµnh chÝnh n¨m 2020 t¹i x· An B×nh ®¹t 95,23% hå s¬ ®óng h¹n.</font>";
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let document = read(&bytes, "x").unwrap();
    assert_eq!(texts(&document), ["Cải cách hành chính năm 2020 tại xã An Bình đạt 95,23% hồ sơ đúng hạn."]);
    assert!(document.charset.contains("tcvn3"), "{}", document.charset);
}
