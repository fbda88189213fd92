use super::*;
use crate::model::BlockKind::*;
use std::io::Write;

/// A paragraph of a made file: its text with its mark (`\r`, `\x07`), and its property list.
struct Piece(&'static str, Vec<u8>);

const IN_TABLE: [u8; 3] = [0x16, 0x24, 1];

fn row_end(edges: &[i16], flags: &[u16]) -> Vec<u8> {
    let mut list = IN_TABLE.to_vec();
    list.extend([0x17, 0x24, 1]);
    let mut table = vec![flags.len() as u8];
    table.extend(edges.iter().flat_map(|e| e.to_le_bytes()));
    for flag in flags {
        table.extend(flag.to_le_bytes());
        table.extend([0; 18]);
    }
    list.extend(0xD608u16.to_le_bytes());
    list.extend((table.len() as u16 + 1).to_le_bytes());
    list.extend(table);
    list
}

/// Makes a Word 97 file: one 16-bit piece, one page of paragraph runs, fonts by stretch of characters, one footnote.
fn word(pieces: &[Piece], fonts: &[&str], runs: &[(usize, u16)], note: Option<(usize, &str)>) -> Vec<u8> {
    let main_text: String = pieces.iter().map(|p| p.0).collect();
    let foot = note.map_or(String::new(), |n| format!("\u{2} {}\r", n.1));
    let units: Vec<u16> = main_text.encode_utf16().chain(foot.encode_utf16()).chain([13]).collect();
    let main_size = main_text.encode_utf16().count() as u32;
    let foot_size = foot.encode_utf16().count() as u32;
    let text_at = 2048u32;
    let mut main = vec![0u8; text_at as usize];
    main.extend(units.iter().flat_map(|u| u.to_le_bytes()));
    main.resize(main.len().next_multiple_of(512), 0);
    let mut table = Vec::new();
    let mut spans: Vec<(usize, u32, u32)> = Vec::new();
    let mut put = |index: usize, bytes: Vec<u8>, table: &mut Vec<u8>| {
        spans.push((index, table.len() as u32, bytes.len() as u32));
        table.extend(bytes);
    };
    let long = |values: &[u32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    // Paragraph runs, a few to a page, the lists growing downwards.
    let mut at = text_at;
    let (mut bounds, mut numbers) = (vec![at], Vec::new());
    for pieces in pieces.chunks(6) {
        let mut page = vec![0u8; 512];
        let (mut top, mut positions, mut offsets) = (510usize, vec![at], Vec::new());
        for Piece(text, list) in pieces {
            at += 2 * text.encode_utf16().count() as u32;
            positions.push(at);
            let mut papx = vec![0u8, 0];
            papx.extend(list);
            papx.resize(papx.len().next_multiple_of(2), 0);
            let size = papx.len() + 2;
            top -= size;
            page[top] = 0;
            page[top + 1] = (papx.len() / 2) as u8;
            page[top + 2..top + size].copy_from_slice(&papx);
            offsets.push((top / 2) as u8);
        }
        page[..4 * positions.len()].copy_from_slice(&long(&positions));
        for (i, offset) in offsets.iter().enumerate() {
            page[4 * positions.len() + 13 * i] = *offset;
        }
        page[511] = offsets.len() as u8;
        numbers.push((main.len() / 512) as u32);
        bounds.push(at);
        main.extend(&page);
    }
    bounds.extend(&numbers);
    put(13, long(&bounds), &mut table);
    // Character runs: each holds a font.
    let mut page = vec![0u8; 512];
    let (mut top, mut positions, mut offsets) = (510usize, vec![text_at], Vec::new());
    let mut at = text_at;
    for (size, font) in runs {
        at += 2 * *size as u32;
        positions.push(at);
        let mut list = vec![4u8, 0x4F, 0x4A];
        list.extend(font.to_le_bytes());
        list.push(0);
        top -= 6;
        page[top..top + 6].copy_from_slice(&list);
        offsets.push((top / 2) as u8);
    }
    page[..4 * positions.len()].copy_from_slice(&long(&positions));
    page[4 * positions.len()..4 * positions.len() + offsets.len()].copy_from_slice(&offsets);
    page[511] = offsets.len() as u8;
    main.extend(&page);
    put(12, long(&[text_at, at, (main.len() / 512) as u32 - 1]), &mut table);
    let mut names = vec![fonts.len() as u8, 0, 0, 0];
    for font in fonts {
        let mut ffn = vec![0u8; 39];
        ffn.extend(font.encode_utf16().chain([0]).flat_map(u16::to_le_bytes));
        names.push(ffn.len() as u8);
        names.extend(ffn);
    }
    put(15, names, &mut table);
    let mut clx = vec![2u8];
    clx.extend(16u32.to_le_bytes());
    clx.extend(long(&[0, units.len() as u32]));
    clx.extend([0, 0]);
    clx.extend(text_at.to_le_bytes());
    clx.extend([0, 0]);
    put(33, clx, &mut table);
    if let Some((position, _)) = note {
        let mut references = long(&[position as u32, main_size]);
        references.extend([1, 0]);
        put(2, references, &mut table);
        put(3, long(&[0, foot_size, foot_size + 2]), &mut table);
    }
    let set = |main: &mut Vec<u8>, at: usize, bytes: &[u8]| main[at..at + bytes.len()].copy_from_slice(bytes);
    set(&mut main, 0, &0xA5ECu16.to_le_bytes());
    set(&mut main, 2, &0xC1u16.to_le_bytes());
    set(&mut main, 32, &14u16.to_le_bytes());
    set(&mut main, 62, &22u16.to_le_bytes());
    set(&mut main, 76, &main_size.to_le_bytes());
    set(&mut main, 80, &foot_size.to_le_bytes());
    set(&mut main, 152, &93u16.to_le_bytes());
    for (index, at, size) in spans {
        set(&mut main, 154 + 8 * index, &at.to_le_bytes());
        set(&mut main, 158 + 8 * index, &size.to_le_bytes());
    }
    compound(&[("WordDocument", &main), ("0Table", &table)])
}

fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    for (name, bytes) in streams {
        file.create_stream(name).unwrap().write_all(bytes).unwrap();
    }
    file.flush().unwrap();
    file.into_inner().into_inner()
}

fn report() -> Vec<u8> {
    let cell = IN_TABLE.to_vec();
    let pieces = [
        Piece("I. KẾT QUẢ\r", vec![]),
        Piece("Đã giao\u{2} đủ \u{13} PAGE 9 \u{14}5\u{15} hồ sơ, mã 125\u{1e}BC.\r", vec![]),
        Piece("STT\u{7}", cell.clone()),
        Piece("Nội dung\u{7}", cell.clone()),
        Piece("Kết quả\u{7}", cell.clone()),
        Piece("\u{7}", row_end(&[0, 500, 3000, 6000], &[0x60, 0x60, 0])),
        Piece("\u{7}", cell.clone()),
        Piece("\u{7}", cell.clone()),
        Piece("Đơn vị\u{7}", cell.clone()),
        Piece("Số liệu\u{7}", cell.clone()),
        Piece("\u{7}", row_end(&[0, 500, 3000, 4500, 6005], &[0x20, 0x20, 0, 0])),
        Piece("1\u{7}", cell.clone()),
        Piece("Hồ sơ\r", cell.clone()),
        Piece("(mới)\u{7}", cell.clone()),
        Piece("Hồ sơ\u{7}", cell.clone()),
        Piece("1.815\u{7}", cell.clone()),
        Piece("\u{7}", row_end(&[0, 500, 3000, 4500, 6000], &[0, 0, 0, 0])),
        Piece("Sau bảng.\r", vec![]),
    ];
    let at = "I. KẾT QUẢ\rĐã giao".chars().count();
    word(&pieces, &["Times New Roman"], &[(2000, 0)], Some((at, "Công văn số 5")))
}

#[test]
fn text_tables_and_notes() {
    let document = own(&report()).unwrap();
    let kinds: Vec<_> = document.blocks.iter().map(|b| b.kind).collect();
    assert_eq!(kinds, [Heading(1), Paragraph, Footnote, Table(0), Paragraph]);
    assert_eq!(document.blocks[1].text.clean, "Đã giao[1] đủ 5 hồ sơ, mã 125-BC.");
    assert_eq!(document.blocks[2].text.clean, "Công văn số 5");
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (3, 4, 2));
    let at = |r, c| table.cell(r, c).map_or("∅", |c| c.text.clean.as_str());
    assert_eq!(
        (at(1, 0), at(0, 3), at(1, 3), at(2, 1), at(2, 3)),
        ("STT", "Kết quả", "Số liệu", "Hồ sơ (mới)", "1.815")
    );
    assert_eq!((document.parser.as_str(), document.charset.as_str()), ("doc", "utf-8"));
}

#[test]
fn legacy_fonts_are_decoded() {
    let text = "C¶i c¸ch hµnh chÝnh n¨m 2020 t¹i x· An B×nh ®¹t 95,23% hå s¬ ®óng h¹n.\r";
    let file = word(&[Piece(text, vec![])], &["Arial", ".VnTime"], &[(text.chars().count(), 1)], None);
    let document = own(&file).unwrap();
    assert_eq!(document.blocks[0].text.clean, "Cải cách hành chính năm 2020 tại xã An Bình đạt 95,23% hồ sơ đúng hạn.");
    assert!(document.charset.contains("tcvn3"), "{}", document.charset);
}

#[test]
fn broken_files_have_codes() {
    let good = report();
    let mut locked = good.clone();
    let at = memchr::memmem::find(&locked, b"\xEC\xA5\xC1\x00").unwrap();
    locked[at + 0x0B] |= 1;
    assert_eq!(own(&locked).unwrap_err().code, "read/encrypted");
    assert_eq!(own(&good[..600]).unwrap_err().code, "read/damaged");
    assert_eq!(own(b"\xDB\xA5\x2D\x00rest").unwrap_err().code, "read/converter-missing");
    let mut pieceless = good.clone();
    pieceless[at + 154 + 8 * 33..at + 154 + 8 * 34].fill(0xFF);
    assert_eq!(own(&pieceless).unwrap_err().code, "read/converter-missing");
}

#[test]
fn word_6_is_read_as_8_bit_text() {
    let mut main = vec![0u8; 0x600];
    let text = b"B\xE1o c\xE1o s\xF4\xEC 5\rHai\r";
    main[..4].copy_from_slice(&[0xDC, 0xA5, 0x65, 0]);
    main[6..8].copy_from_slice(&0x42Au16.to_le_bytes());
    main[0x18..0x1C].copy_from_slice(&0x400u32.to_le_bytes());
    main[0x34..0x38].copy_from_slice(&(text.len() as u32).to_le_bytes());
    main[0x400..0x400 + text.len()].copy_from_slice(text);
    let document = own(&compound(&[("WordDocument", &main)])).unwrap();
    let texts: Vec<_> = document.blocks.iter().map(|b| b.text.clean.as_str()).collect();
    assert_eq!(texts, ["Báo cáo số 5", "Hai"]);
    assert_eq!(document.parser, "doc/word6");
}

#[test]
fn mutated_files_never_panic() {
    let good = report();
    crate::read::mutate(&good, 800, |bytes| {
        let _ = own(bytes);
    });
    // Damage inside the streams, the container left whole.
    let Streams { main, tables, .. } = streams(&good).unwrap();
    crate::read::mutate(&main, 400, |main| {
        let _ = own(&compound(&[("WordDocument", main), ("0Table", &tables[0])]));
    });
    crate::read::mutate(&tables[0], 400, |table| {
        let _ = own(&compound(&[("WordDocument", &main), ("0Table", table)]));
    });
}
