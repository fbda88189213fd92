//! What looks like a figure and is none. Every decoy has a name, so that no number of a report is lost without a reason.

/// Why a number is not a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Decoy {
    /// `28/4/2023`, `ngày 15 tháng 12 năm 2016`, `tháng 10/2023`.
    Date,
    /// `năm 2023`, `2021 - 2030`, `2021`.
    Year,
    /// `6 tháng đầu năm`, `quý 1/2023`, `quý II`.
    Period,
    /// `2.651/QĐ-UBND`, `1//KH-UBND`, `52-TB/ĐU`, `Quyết định 41`.
    DocumentNumber,
    /// `Điều 35, 36`, `khoản 7`, `điểm 2`.
    LegalReference,
    /// `1.1`, `3.2.1.` at the start of a heading, item or STT cell; `(1)` as an enumerator.
    RowNumber,
    /// `[5]`, `[footnoteRef:1]`, `[1:`.
    FootnoteMark,
    /// `mức độ 3, 4`, `cấp 4`, `cấp độ 3,4`.
    ServiceLevel,
    /// `ISO 9001:2015`, `TCVN 9001`.
    Standard,
    /// `thứ 2 đến thứ 6`.
    Weekday,
    /// `08 giờ 00`, `03 ngày làm việc`, `24/7`.
    Time,
    /// Telephone numbers, web addresses, e-mail.
    Address,
    /// `nhiệm kỳ 2021-2026`, `khóa XII`, `lần thứ 3`, `giai đoạn 1`, `đợt 1`, `nhóm 1`.
    Ordinal,
    /// `4 tại chỗ`, `1 cửa`, `30c`: names that hold a number.
    Name,
    /// `Phụ lục 3B`, `Biểu mẫu 1`, `Mẫu số 02`.
    FormName,
    /// `từ 02 lần trở lên` in a row's label, `0,25 điểm` in a scoring rule: conditions, not results.
    Condition,
    /// `Có = 1; Không = 0`.
    CodeDomain,
    /// A target or plan in a section of plans and wishes: no result.
    Target,
    /// `m2`, `H2O`: part of a word or unit.
    PartOfWord,
}
