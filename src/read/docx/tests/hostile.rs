use super::*;
use crate::read::docx::claims;

fn code(bytes: &[u8]) -> &'static str {
    attempt(bytes).map(|_| "ok").unwrap_or_else(|e| e.code)
}

fn raw(document: &str) -> Vec<u8> {
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

#[test]
fn what_is_refused_has_a_code() {
    let w = NAMES;
    assert_eq!(code(b"PK\x03\x04 nothing"), "read/damaged");
    assert_eq!(code(&zip(&[("word/other.xml", b"<x/>")])), "read/damaged");
    assert_eq!(code(&raw("")), "read/damaged");
    for cut in ["<w:p>", "<w:p><w:r><w:t>Có 5", "<w:tbl><w:tr><w:tc>", "<w:tbl><w:tr><w:tc><w:p/></w:tc>"] {
        assert_eq!(code(&raw(&format!("<w:document {w}><w:body>{cut}"))), "read/damaged", "{cut}");
    }
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
    assert_eq!(code(&raw(&format!("{bomb}<w:document {w}><w:body>&b;</w:body></w:document>"))), "read/damaged");
    assert_eq!(code(&docx("<w:p><w:r><w:t>&unknown;</w:t></w:r></w:p>", &[])), "read/damaged");
    assert_eq!(code(&docx("<w:p/>", &[])), "read/empty");
    let mut encrypted = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    encrypted.extend([0; 600]);
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(claims(&encrypted));
    assert_eq!(code(&encrypted), "read/encrypted");
}

#[test]
fn nesting_is_capped() {
    let deep = |open: &str, close: &str, n: usize| format!("{}{}{}", open.repeat(n), p("5"), close.repeat(n));
    let tables = deep("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 5000);
    assert_eq!(code(&docx(&tables, &[])), "read/too-deep");
    let some = deep("<w:tbl><w:tr><w:tc>", "<w:p/></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>", 150);
    assert_eq!(code(&docx(&some, &[])), "ok");
    let controls = deep("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 100_000);
    assert_eq!(code(&docx(&controls, &[])), "read/too-deep");
    let boxes = deep("<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>", 100);
    assert_eq!(code(&docx(&boxes, &[])), "ok");
}

#[test]
fn bombs_are_capped() {
    let zeros = vec![b' '; 80 << 20];
    assert_eq!(code(&zip(&[("word/document.xml", &zeros)])), "read/too-large");
    let many = "<w:p/>".repeat(900_000);
    assert_eq!(code(&docx(&many, &[])), "read/too-large");
    let wide = "<w:tc><w:tcPr><w:gridSpan w:val=\"999999\"/></w:tcPr><w:p/></w:tc>".repeat(2000);
    let wide = format!("<w:tbl>{}</w:tbl>{}", format!("<w:tr>{wide}</w:tr>").repeat(20), p("5"));
    assert_eq!(code(&docx(&wide, &[])), "ok");
    let prefixes: String = (0..5000).map(|n| format!(" xmlns:p{n}=\"u\"")).collect();
    assert_eq!(code(&raw(&format!("<w:document {NAMES}{prefixes}><w:body/></w:document>"))), "read/damaged");
    // Names in the directory beyond any real file.
    let names: Vec<String> = (0..10_050).map(|n| format!("word/{n}")).collect();
    let mut parts: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), b"".as_slice())).collect();
    parts.push(("word/document.xml", b"<x/>"));
    assert_eq!(code(&zip(&parts)), "read/too-large");
}

#[test]
fn styles_that_are_their_own_ancestors() {
    let styles = "<w:style w:styleId=\"A\"><w:basedOn w:val=\"B\"/></w:style><w:style w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style>";
    let numbering = "<w:abstractNum w:abstractNumId=\"0\"><w:numStyleLink w:val=\"X\"/></w:abstractNum>\
        <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>";
    let body = "<w:p><w:pPr><w:pStyle w:val=\"A\"/><w:numPr><w:ilvl w:val=\"200\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr>\
        <w:r><w:t>5</w:t></w:r></w:p>";
    assert_eq!(code(&docx(body, &[("styles", styles), ("numbering", numbering)])), "ok");
}

#[test]
fn a_zip_of_other_things_is_not_claimed() {
    assert!(!claims(&zip(&[("xl/workbook.xml", b"<x/>")])));
    assert!(!claims(&zip(&[("bao cao.txt", b"word/document.xml")])));
    assert!(!claims(b"PK\x03\x04"));
    assert!(claims(&docx(&p("5"), &[])));
    let whole = docx(&p("5"), &[]);
    assert!(claims(&whole[..whole.len() - 30]), "a truncated Word file is still one");
}

/// A rich file cut, flipped and spliced: every variant ends in a document or an error.
#[test]
fn damaged_variants_end() {
    let notes = format!("<w:footnote w:id=\"1\">{}</w:footnote>", p("Ghi chú 5"));
    let body = format!(
        "{}<w:p>{}<w:r><w:footnoteReference w:id=\"1\"/></w:r><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>{}",
        p("I. KẾT QUẢ"),
        r("Có 5"),
        table(LINES, &[&["STT", "Nội dung", "Số"], &["1", "Hồ sơ", "5"]])
    );
    let document = part("document", &format!("<w:body>{body}</w:body>"));
    let mut seed = 88_172_645_463_325_252_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let good = docx(&body, &[("footnotes", &notes)]);
    let mut outcomes = std::collections::BTreeMap::new();
    for round in 0..600 {
        // The container's bytes, or the XML inside a sound container.
        let inner = round % 2 == 0;
        let mut bytes = if inner { document.clone().into_bytes() } else { good.clone() };
        match next(4) {
            0 => bytes.truncate(next(bytes.len())),
            1 => {
                for _ in 0..1 + next(6) {
                    let at = next(bytes.len());
                    bytes[at] = next(256) as u8;
                }
            }
            2 => {
                let (from, size) = (next(bytes.len()), next(200));
                let end = (from + size).min(bytes.len());
                bytes.drain(from..end);
            }
            _ => {
                let (from, to, size) = (next(bytes.len()), next(bytes.len()), next(300));
                let piece = bytes[from..(from + size).min(bytes.len())].to_vec();
                bytes.splice(to..to, piece);
            }
        }
        let bytes = if inner { zip(&[("word/document.xml", &bytes)]) } else { bytes };
        *outcomes.entry(code(&bytes)).or_insert(0) += 1;
    }
    assert!(outcomes.len() > 1 && outcomes.values().sum::<i32>() == 600, "{outcomes:?}");
}
