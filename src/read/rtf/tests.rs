use super::*;
use crate::model::BlockKind::*;

const FILE: &str = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset163 Times New Roman;}{\f1\fnil\fcharset0 Arial;}}{\stylesheet{\s0 Normal 5;}}{\*\generator X 9;}{\header {trang 7}}
{\b\f0 I. K\u7870?T QU\u7842?}\par \pard\f0 Ti\'ea\'ecp nh\u7853?n 5 h\u7891? s\u417?{\super\chftn{\footnote\pard \chftn  C\'f4ng v\u259?n s\u7889? 5\par}} {\field{\*\fldinst PAGE 9}{\fldrslt x}}\~{\deleted 8}{\v 9}\'40\par
\trowd\clvmgf\cellx1000\clmgf\cellx3000\clmrg\cellx5000 \pard\intbl STT\cell K\u7871?t qu\u7843?\cell\cell\row
\trowd\clvmrg\cellx1000\cellx3000\cellx5000 \pard\intbl\cell N\u7897?i dung\cell S\u7889?\cell\row
\trowd\cellx1000\cellx3000\cellx5000\pard\intbl 1\cell H\u7891? s\u417?\par (m\u7899?i)\cell 1.815\cell\row
\pard Sau\par}";

#[test]
fn text_tables_and_notes() {
    let document = read(FILE.as_bytes(), "x.rtf").unwrap();
    let kinds: Vec<_> = document.blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [Heading(1), Paragraph, Footnote, Table(0), Paragraph]);
    let texts: Vec<_> = document.blocks.iter().map(|b| b.text.clean.as_str()).collect();
    assert_eq!(texts, ["I. KẾT QUẢ", "Tiếp nhận 5 hồ sơ[1] x @", "Công văn số 5", "", "Sau"]);
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (3, 3, 2));
    let at = |r, c| table.cell(r, c).map_or("∅", |c| c.text.clean.as_str());
    assert_eq!((at(1, 0), at(0, 2), at(1, 2), at(2, 1), at(2, 2)), ("STT", "Kết quả", "Số", "Hồ sơ (mới)", "1.815"));
    assert!(document.notices.is_empty());
}

#[test]
fn cut_off_and_hostile_files() {
    let document = read(&FILE.as_bytes()[..FILE.len() - 30], "x").unwrap();
    assert_eq!(document.notices[0].0, "cut-off");
    assert_eq!(read(b"{\\rtf1}", "x").unwrap_err().code, "read/empty");
    let deep = "{".repeat(1_000_000);
    let _ = read(format!("{{\\rtf1 x{deep}\\par y").as_bytes(), "x");
    let _ = read(b"{\\rtf1 \\bin99999999 x\\u-1?\\u99999999?\\'zz\\'", "x");
    let _ = read(format!("{{\\rtf1 {}", "\\cellx1\\cell".repeat(100_000)).as_bytes(), "x");
}

#[test]
fn mutated_files_never_panic() {
    crate::read::mutate(FILE.as_bytes(), 600, |bytes| {
        let _ = read(bytes, "x");
    });
}

#[test]
fn legacy_fonts_are_decoded() {
    let text = r"{\rtf1\ansi{\fonttbl{\f0\fcharset0 Times New Roman;}{\f1\fnil\fcharset0 .VnTime;}}\f1 C\'b6i c\'b8ch h\'b5nh ch\'ddnh n\'a8m 2020 t\'b9i x\'b7 An B\'d7nh \'ae\'b9t 95,23% h\'e5 s\'ac \'ae\'f3ng h\'b9n.\par}";
    let document = read(text.as_bytes(), "x").unwrap();
    assert_eq!(document.blocks[0].text.clean, "Cải cách hành chính năm 2020 tại xã An Bình đạt 95,23% hồ sơ đúng hạn.");
    assert!(document.charset.contains("tcvn3"), "{}", document.charset);
}
