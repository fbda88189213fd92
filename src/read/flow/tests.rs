use super::*;
use crate::model::BlockKind;

fn row(flow: &mut Flow, cells: &[&str]) {
    flow.row_start();
    for text in cells {
        flow.cell_start(1, 1, false);
        flow.paragraph(text);
    }
}

#[test]
fn merged_heads_and_missing_cells() {
    let mut flow = Flow::default();
    flow.paragraph("Biểu mẫu 1");
    flow.table_start();
    flow.row_start();
    for (text, rows, columns) in [("STT", 2, 1), ("Chỉ tiêu", 2, 1), ("Kết quả", 1, 4), ("Ghi chú", 2, 1)] {
        flow.cell_start(rows, columns, false);
        flow.paragraph(text);
    }
    flow.row_start();
    for text in ["Đơn vị", "Số liệu"] {
        flow.cell_start(1, 2, false);
        flow.paragraph(text);
    }
    flow.row_start();
    for (text, columns) in [("1", 1), ("Hồ sơ", 1), ("Hồ sơ", 2), ("1.815", 2)] {
        flow.cell_start(1, columns, false);
        flow.paragraph(text);
    }
    flow.table_end();
    let document = flow.finish("docx", "docx", "utf-8");
    let table = &document.tables[0];
    assert_eq!((table.rows, table.columns, table.header_rows), (3, 5, 2), "columns in which nothing starts are gone");
    let at = |r, c| table.cell(r, c).map_or("∅", |c| c.text.clean.as_str());
    assert_eq!((at(0, 3), at(1, 0), at(1, 3), at(2, 3), at(2, 4)), ("Kết quả", "STT", "Số liệu", "1.815", ""));
    assert_eq!(table.captions, [0]);
    assert_eq!(document.lines.len(), 11);
}

#[test]
fn letterheads_are_dissolved_by_column() {
    let mut flow = Flow::default();
    flow.table_start();
    row(&mut flow, &["ỦY BAN NHÂN DÂN\nXÃ AN BÌNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập"]);
    row(&mut flow, &["Số: 5/BC-UBND", "An Bình, ngày 5 tháng 6 năm 2023"]);
    flow.table_end();
    let document = flow.finish("docx", "docx", "utf-8");
    assert!(document.tables.is_empty());
    let texts: Vec<_> = document.blocks.iter().map(|b| b.text.clean.as_str()).collect();
    assert_eq!(texts[..3], ["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH", "Số: 5/BC-UBND"]);
}

#[test]
fn a_table_in_a_cell_follows_its_table_and_frames_vanish() {
    let mut flow = Flow::default();
    flow.table_start();
    flow.row_start();
    flow.cell_start(1, 1, false);
    flow.paragraph("Khung");
    for _ in 0..2 {
        flow.table_start();
        row(&mut flow, &["STT", "Nội dung", "Số"]);
        row(&mut flow, &["1", "Hồ sơ", "5"]);
    }
    flow.table_end();
    row(&mut flow, &["2", "Phiếu", "6"]);
    flow.table_end();
    flow.paragraph("Sau");
    flow.table_end();
    let document = flow.finish("html", "html", "utf-8");
    assert_eq!(document.tables.len(), 2);
    assert_eq!(document.tables[0].rows, 3);
    assert_eq!(document.tables[1].rows, 2);
    assert_eq!(document.blocks.last().map(|b| b.text.clean.as_str()), Some("Sau"));
}

#[test]
fn notes_stand_behind_their_paragraph() {
    let mut flow = Flow::default();
    flow.note("1", &["Công văn số 5".to_string()]);
    flow.paragraph("Đã ban hành[1] văn bản");
    flow.paragraph("Đoạn sau");
    let document = flow.finish("doc", "doc", "utf-8");
    let kinds: Vec<_> = document.blocks.iter().map(|b| (b.kind, b.mark.as_str())).collect();
    use BlockKind::*;
    assert_eq!(kinds, [(Paragraph, ""), (Footnote, "1"), (Paragraph, "")]);
    assert_eq!(document.blocks[0].notes, [("Đã ban hành".len() as u32, "1".to_string())]);
}

#[test]
fn depth_and_width_are_capped() {
    let mut flow = Flow::default();
    for _ in 0..50_000 {
        flow.table_start();
        flow.row_start();
        flow.cell_start(u32::MAX, u32::MAX, false);
        flow.paragraph("x");
    }
    let document = flow.finish("html", "html", "utf-8");
    assert_eq!(document.lines.len(), 50_000);
    let mut flow = Flow::default();
    flow.table_start();
    row(&mut flow, &vec!["1"; 5000]);
    row(&mut flow, &["1", "2"]);
    flow.table_end();
    assert_eq!(flow.finish("html", "html", "utf-8").tables[0].columns, MOST_COLUMNS);
}

/// Damages a file in many ways, the same on every run, and gives each to `each`.
pub fn mutate(good: &[u8], times: usize, mut each: impl FnMut(&[u8])) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    for round in 0..times {
        let mut bytes = good.to_vec();
        match round % 6 {
            0 => bytes.truncate(next(good.len())),
            1 => {
                for _ in 0..1 + next(8) {
                    let at = next(bytes.len());
                    bytes[at] = next(256) as u8;
                }
            }
            2 => {
                for _ in 0..1 + next(4) {
                    let at = next(bytes.len());
                    bytes[at] = [0, 0xFF, 0x7F, 0x80][next(4)];
                }
            }
            3 => {
                let (from, to, size) = (next(bytes.len()), next(bytes.len()), next(2048));
                let piece = bytes[from..(from + size).min(good.len())].to_vec();
                bytes.splice(to..to, piece);
            }
            4 => {
                let (from, size) = (next(bytes.len()), next(2048));
                bytes.drain(from..(from + size).min(good.len()));
            }
            _ => {
                let (from, size) = (next(bytes.len()), next(64));
                let end = (from + size).min(good.len());
                bytes[from..end].fill(next(256) as u8);
            }
        }
        each(&bytes);
    }
}
