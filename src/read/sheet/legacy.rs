//! XLS (BIFF5 and 8) and XLSB through calamine → sheets with cells as shown.
//!
//! calamine gives values and merged ranges; of number formats it only tells dates, so a number shows as `General` would show it.
//! Refused: `read/damaged`, `read/encrypted`.

use super::package::damaged;
use super::xlsx::number_shown;
use super::{MOST_CELLS, MOST_SHEETS, Sheet, Shown, format};
use crate::error::ReadError;
use crate::read::sniff::Format;
use calamine::{Data, Range, Reader, SheetVisible, Xls, Xlsb};
use std::io::Cursor;

/// Reads all sheets.
pub fn sheets(bytes: &[u8], format: Format) -> Result<Vec<Sheet>, ReadError> {
    let mut left = MOST_CELLS;
    let mut out = Vec::new();
    if format == Format::Xlsb {
        let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|_| damaged("workbook"))?;
        for sheet in book.sheets_metadata().to_vec().into_iter().take(MOST_SHEETS) {
            let Ok(range) = book.worksheet_range(&sheet.name) else { continue };
            out.push(filled(sheet.name, sheet.visible, &range, Vec::new(), &mut left));
        }
    } else {
        let mut book = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
            calamine::XlsError::Password => ReadError::new(
                "read/encrypted",
                "tệp Excel có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
                "the workbook is protected by a password; remove it and save it again",
            ),
            _ => damaged("workbook"),
        })?;
        for sheet in book.sheets_metadata().to_vec().into_iter().take(MOST_SHEETS) {
            let merges = book.merge_cells_by_sheet_name(&sheet.name).unwrap_or_default();
            let merges = merges.iter().map(|m| [m.start.0, m.start.1, m.end.0, m.end.1]).collect();
            let Ok(range) = book.worksheet_range(&sheet.name) else { continue };
            out.push(filled(sheet.name, sheet.visible, &range, merges, &mut left));
        }
    }
    if out.is_empty() { Err(damaged("worksheet")) } else { Ok(out) }
}

fn filled(name: String, visible: SheetVisible, range: &Range<Data>, merges: Vec<[u32; 4]>, left: &mut usize) -> Sheet {
    let mut sheet = Sheet { name, hidden: visible != SheetVisible::Visible, merges, ..Sheet::default() };
    sheet.merges.retain(|m| m[0] <= m[2] && m[1] <= m[3]);
    let (top, first) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        if !sheet.put(top + row as u32, first + column as u32, shown(value), left) {
            break;
        }
    }
    sheet
}

fn shown(value: &Data) -> Shown {
    let plain = |text: String| Shown::plain(text);
    match value {
        Data::Int(number) => plain(number.to_string()),
        Data::Float(number) => number_shown(*number, "General", false),
        Data::String(text) => plain(text.clone()),
        Data::Bool(yes) => plain(if *yes { "TRUE" } else { "FALSE" }.to_string()),
        Data::DateTime(day) => plain(format::show(day.as_f64(), "dd/mm/yyyy", false)),
        Data::DateTimeIso(text) => plain(text.split('T').next().unwrap_or(text).to_string()),
        Data::DurationIso(text) => plain(text.clone()),
        Data::Error(_) | Data::Empty => Shown::default(),
    }
}
