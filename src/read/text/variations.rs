//! Shapes that reports of the genre take besides the usual ones, and hostile input.

use crate::model::{BlockKind, Document, Table};
use crate::read::{outline, text::read};
use crate::text::sequence::Sequence;
use std::time::Instant;

fn document(text: &str) -> Document {
    read(text.as_bytes(), "x.txt").unwrap()
}

/// The rows of a table as texts; `^` where a cell of another position covers.
fn grid(table: &Table) -> Vec<Vec<String>> {
    let cell = |row, column| match table.cell(row, column) {
        Some(c) if (c.row, c.column) == (row, column) => c.text.clean.clone(),
        Some(_) => "^".to_string(),
        None => "∅".to_string(),
    };
    (0..table.rows).map(|row| (0..table.columns).map(|column| cell(row, column)).collect()).collect()
}

fn only(text: &str) -> Table {
    let mut document = document(text);
    assert_eq!(document.tables.len(), 1, "{}", outline(&document));
    document.tables.remove(0)
}

#[test]
fn tab_rows_without_header_and_row_numbers() {
    let table = only(
        "Tổng hợp kết quả\n\nSố hồ sơ tiếp nhận\t120\t115\t95,8%\nSố hồ sơ giải quyết\t118\t110\t93,2%\nSố hồ sơ quá hạn\t2\t5\t\n",
    );
    assert_eq!((table.rows, table.columns, table.header_rows), (3, 4, 0));
    assert_eq!(grid(&table)[2], ["Số hồ sơ quá hạn", "2", "5", ""]);
    assert_eq!(table.cell(2, 3).unwrap().place.line, Some(5));
}

#[test]
fn trailing_tabs_stripped_by_an_editor() {
    let table = only(
        "STT\tChỉ tiêu\tĐơn vị\tSố liệu\tGhi chú\n1\tCông tác chỉ đạo\n1.1\tSố kế hoạch\tVăn bản\t4\n1.2\tSố báo cáo\tVăn bản\t\t(b/c)\n",
    );
    assert_eq!((table.rows, table.columns, table.header_rows), (4, 5, 1));
    assert_eq!(grid(&table)[1], ["1", "Công tác chỉ đạo", "", "", ""]);
    assert_eq!(grid(&table)[2], ["1.1", "Số kế hoạch", "Văn bản", "4", ""]);
    assert_eq!(grid(&table)[3][4], "(b/c)");
}

#[test]
fn cells_without_row_numbers() {
    let table = only(
        "\tĐơn vị\n\tTiếp nhận\n\tGiải quyết\n\tTỷ lệ\n\n\tXã Đông\n\t10\n\t10\n\t100%\n\n\tXã Tây\n(vùng cao)\n\t8\n\t\u{a0}\n\t\n\n\tTổng\n\t18\n\t10\n\t\n",
    );
    assert_eq!((table.rows, table.columns, table.header_rows), (4, 4, 1));
    assert_eq!(grid(&table)[2], ["Xã Tây (vùng cao)", "8", "", ""]);
}

const FOUR: &str = "\
TT Tiêu chí, tiêu chí thành phần Điểm chuẩn Điểm tự
chấm
Điểm thẩm
định Điểm đạt
được Ghi chú

I CÔNG TÁC CHỈ ĐẠO 10 9.5 9.0 9.0

1
Ban hành kế hoạch năm đúng
thời hạn quy định

2 2 2 2 Kế hoạch số 5 gồm:
1. Kế hoạch tuyên truyền;
2. Kế hoạch kiểm tra

1.1
Mức độ hoàn thành kế hoạch 3 2.5 2 2
Đạt 90%

1.2 Thực hiện chế độ báo cáo 1 1 1 1

Tổng cộng 10 9.5 9.0 9.0

NGƯỜI LẬP BIỂU
Nguyễn Văn B
";

#[test]
fn four_score_columns() {
    let document = document(FOUR);
    let table = &document.tables[0];
    let grid = grid(table);
    assert_eq!((table.columns, table.header_rows), (7, 1));
    assert_eq!(
        grid[0],
        [
            "TT",
            "Tiêu chí, tiêu chí thành phần",
            "Điểm chuẩn",
            "Điểm tự chấm",
            "Điểm thẩm định",
            "Điểm đạt được",
            "Ghi chú"
        ]
    );
    assert_eq!(grid[1], ["I", "CÔNG TÁC CHỈ ĐẠO", "10", "9.5", "9.0", "9.0", ""]);
    assert_eq!(grid[2][1], "Ban hành kế hoạch năm đúng thời hạn quy định");
    assert_eq!(grid[2][6], "Kế hoạch số 5 gồm: 1. Kế hoạch tuyên truyền; 2. Kế hoạch kiểm tra");
    assert_eq!(grid[3], ["1.1", "Mức độ hoàn thành kế hoạch", "3", "2.5", "2", "2", "Đạt 90%"]);
    assert_eq!(grid[5], ["", "Tổng cộng", "10", "9.5", "9.0", "9.0", ""]);
    assert_eq!(table.rows, 6);
    assert_eq!(document.blocks.last().unwrap().text.raw, "Nguyễn Văn B");
}

#[test]
fn labels_before_their_numbers_and_blank_scores() {
    let text = "\
STT Lĩnh vực, tiêu chí Điểm tối đa Điểm tự đánh giá Nội dung giải trình

1. CẢI CÁCH THỂ CHẾ 5 4

Tuyên truyền, phổ biến pháp luật
cho người dân

1.1

2 2.0 Đã thực hiện đầy đủ

Rà soát văn bản quy phạm

1.2

2 1.5 Đã rà soát 5 văn bản

1.3
Xử lý văn bản sau rà soát

1

1.4 Báo cáo định kỳ 1 0.5 Còn chậm 2 kỳ

Tổng điểm 5 4
";
    let table = only(text);
    let grid = grid(&table);
    assert_eq!(grid[2], ["1.1", "Tuyên truyền, phổ biến pháp luật cho người dân", "2", "2.0", "Đã thực hiện đầy đủ"]);
    assert_eq!(grid[3], ["1.2", "Rà soát văn bản quy phạm", "2", "1.5", "Đã rà soát 5 văn bản"]);
    assert_eq!(grid[4], ["1.3", "Xử lý văn bản sau rà soát", "1", "", ""]);
    assert_eq!(grid[5], ["1.4", "Báo cáo định kỳ", "1", "0.5", "Còn chậm 2 kỳ"]);
    assert_eq!(table.cell(4, 3).unwrap().place.line, Some(21));
}

#[test]
fn scores_without_row_numbers() {
    let text = "\
Tiêu chí Điểm tối đa Điểm tự chấm Giải trình

Ban hành kế hoạch cải cách hành chính
đúng thời hạn

1 1.0 Kế hoạch số 3

Thực hiện tuyên truyền 2 1.5 Có 12 tin bài

Bố trí công chức đúng vị trí việc làm

2 2.0

Tổng 5 4.5
";
    let table = only(text);
    let grid = grid(&table);
    assert_eq!(table.columns, 5);
    assert_eq!(grid[1], ["", "Ban hành kế hoạch cải cách hành chính đúng thời hạn", "1", "1.0", "Kế hoạch số 3"]);
    assert_eq!(grid[2], ["", "Thực hiện tuyên truyền", "2", "1.5", "Có 12 tin bài"]);
    assert_eq!(grid[4], ["", "Tổng", "5", "4.5", ""]);
}

#[test]
fn scores_laid_out_with_spaces() {
    let text = "\
STT    Tiêu chí                              Điểm      Điểm tự    Nội dung giải trình
                                             tối đa    chấm
 1     Kế hoạch cải cách hành chính            2.5       2.5      Kế hoạch số 12/KH-UBND
1.1    Ban hành kế hoạch đúng thời hạn         0.5       0.5      Ban hành ngày 05/01/2023
       theo quy định của cấp trên                                 và gửi đúng hạn
1.2    Mức độ hoàn thành                       2.0       2.0      31/40 nhiệm vụ
 2     Công tác tuyên truyền                   1.0       0.75
";
    let table = only(text);
    let grid = grid(&table);
    assert_eq!((table.rows, table.columns, table.header_rows), (5, 5, 1));
    assert_eq!(grid[0][3], "Điểm tự chấm");
    assert_eq!(
        grid[2],
        [
            "1.1",
            "Ban hành kế hoạch đúng thời hạn theo quy định của cấp trên",
            "0.5",
            "0.5",
            "Ban hành ngày 05/01/2023 và gửi đúng hạn"
        ]
    );
    assert_eq!(grid[4], ["2", "Công tác tuyên truyền", "1.0", "0.75", ""]);
}

#[test]
fn dialects_mixed_in_one_file() {
    let text = format!(
        "I. KẾT QUẢ\nĐã thực hiện.\n\nBiểu mẫu 1\nThể chế\nSTT\tNội dung\tSố\n1\tVăn bản\t5\n2\tBáo cáo\t6\n\nBiểu mẫu 2\nThủ tục\n\n\tSTT\n\tNội dung\n\tSố\n\n\t1\n\tHồ sơ\n\t7\n\n\t2\n\tPhiếu\n\t8\n\nBiểu mẫu 3\nTự chấm\n{FOUR}"
    );
    let document = document(&text);
    assert_eq!(document.tables.iter().map(|t| (t.rows, t.columns)).collect::<Vec<_>>(), [(3, 3), (3, 3), (6, 7)]);
    for table in &document.tables {
        assert_eq!(table.captions.len(), 2);
    }
}

#[test]
fn letterhead_and_signature_in_tabs_are_paragraphs() {
    let text = "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nXÃ AN BÌNH\tĐộc lập - Tự do - Hạnh phúc\nSố: 5/BC-UBND\tAn Bình, ngày 3 tháng 4 năm 2024\n\nBÁO CÁO\nI. KẾT QUẢ\nXong.\n";
    let document = document(text);
    assert!(document.tables.is_empty());
    let first: Vec<_> = document.blocks.iter().take(4).map(|b| b.text.raw.as_str()).collect();
    assert_eq!(first, ["ỦY BAN NHÂN DÂN", "XÃ AN BÌNH", "Số: 5/BC-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]);
}

#[test]
fn page_numbers_are_footers() {
    let page = "Đoạn văn của báo cáo viết về kết quả thực hiện công tác.\n".repeat(20);
    let document = document(&format!("{page}\n1\n\n{page}\n2\n\n{page}\n3\n"));
    let footers: Vec<_> =
        document.blocks.iter().filter(|b| b.kind == BlockKind::Footer).map(|b| b.text.raw.as_str()).collect();
    assert_eq!(footers, ["1", "2", "3"]);
}

#[test]
fn merged_heads_of_different_width() {
    let table = only(
        "STT\tĐơn vị\tTổng\tTrong đó\t\t\tTỷ lệ\n\t\t\tTrước hạn\tĐúng hạn\tQuá hạn\t\n1\tXã A\t10\t5\t4\t1\t90%\n2\tXã B\t8\t8\t0\t0\t100%\n",
    );
    assert_eq!(table.header_rows, 2);
    let wide = table.cell(0, 4).unwrap();
    assert_eq!((wide.column, wide.column_span, wide.text.clean.as_str()), (3, 3, "Trong đó"));
    assert_eq!(table.cell(1, 6).unwrap().text.clean, "Tỷ lệ");
}

/// Hostile input: done in bounded time, nothing panics, nothing is lost.
#[test]
fn hostile_input() {
    let long = "Số hồ sơ 5. ".repeat(900_000);
    let cases: Vec<String> = vec![
        long,
        "\t".repeat(1 << 20),
        "\t\n".repeat(200_000),
        "\t1\n".repeat(100_000),
        "[1: ".repeat(100_000),
        "[1: a\n".repeat(50_000),
        "1.1\n\n".repeat(50_000),
        format!("STT Tiêu chí Điểm tối đa Điểm tự chấm\n\n{}", "1.1\nNhãn\n\n1 1.0\n\nGiải trình\n\n".repeat(10_000)),
        format!("STT Tiêu chí Điểm tối đa\n\n{}", "Giải trình dài\n\n".repeat(50_000)),
        "a   b   c\n\n".repeat(30_000),
        "STT   b   c\nx y z\n".repeat(30_000),
        "|".repeat(300_000),
        "a\tb\nc\n".repeat(50_000),
        "(Kèm theo văn bản số\n\n".repeat(30_000),
        "và\nvà\n".repeat(50_000),
        "**a\n".repeat(50_000),
        "- + - + ".repeat(100_000),
        "#".repeat(200_000),
        "x. 1. A. 2. B. ".repeat(60_000),
        "\r".repeat(200_000) + "a",
        "\u{300}".repeat(100_000),
        "PHỤ LỤC 1\n".repeat(30_000),
        "a\tb\tc\n\n".repeat(50_000),
        "STT\tb\tc\n\n".repeat(50_000),
        "\ta\n\tb\n\tc\n\n".repeat(40_000),
        "\tSTT\n\tb\n\tc\n\n\tx\n\n".repeat(30_000),
        "a\n\n\tb\n\n".repeat(50_000),
    ];
    for (at, text) in cases.iter().enumerate() {
        let start = Instant::now();
        let result = read(text.as_bytes(), "x");
        let seconds = start.elapsed().as_secs_f64();
        println!("case {at}: {seconds:.2} s for {} bytes", text.len());
        assert!(seconds < 8.0, "case {at}: {seconds:.1} s");
        if let Ok(document) = result {
            assert!(document.blocks.iter().all(|b| b.heading.is_none_or(|h| (h as usize) < document.blocks.len())));
        }
    }
}

/// Every prefix and many mutilations of a mixed text are read without panic, headings and leads always point backwards.
#[test]
fn mutilated_text() {
    let text = format!(
        "{FOUR}\nPHỤ LỤC 2\n(Kèm theo)\n\tSTT\n\tNội dung\n\tSố\n\n\t1\n\tHồ sơ[2]\n\t7\n\nII. KẾT\n- Mục:\n+ 5[1: x\ny]\nSTT\tA\t\tB\n\t\tC\tD\n1\t2\t3\t4\n\n\tx\t\t\n"
    );
    let marks = ["", "\n", "\t", "\n\n", "**", "[1:", "]", "1.1 ", "\u{c}", "đ)", "|"];
    let mut random = Sequence(7);
    for round in 0..1500usize {
        let mut at = random.below(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let mutilated = match round % 3 {
            0 => text[..at].to_string(),
            1 => format!("{}{}{}", &text[..at], marks[round % marks.len()], &text[at..]),
            _ => format!("{}{}", &text[at..], &text[..at]),
        };
        let Ok(document) = read(mutilated.as_bytes(), "x") else { continue };
        for (index, block) in document.blocks.iter().enumerate() {
            assert!(block.heading.is_none_or(|h| (h as usize) < index));
            assert!(block.lead.is_none_or(|l| (l as usize) < index));
        }
        for table in &document.tables {
            assert!(table.cells.windows(2).all(|w| (w[0].row, w[0].column) < (w[1].row, w[1].column)));
            assert!(
                table
                    .cells
                    .iter()
                    .all(|c| c.row + c.row_span <= table.rows && c.column + c.column_span <= table.columns)
            );
        }
        outline(&document);
    }
}
