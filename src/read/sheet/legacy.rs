//! XLS (BIFF5 and 8) and XLSB through calamine → sheets with cells as shown.
//!
//! calamine gives values and merged ranges; number formats and hidden rows of XLS are scanned beside it (`biff`), XLSB shows numbers as
//! `General`. The compound file is taken apart and packed anew before calamine sees it, because its own container reader indexes
//! blindly; what it still panics on is a damaged file. Refused: `read/damaged`, `read/encrypted`, `read/too-large` (cells too far apart).

use super::biff::{Codes, scan};
use super::package::{damaged, too_large};
use super::xlsx::number_shown;
use super::{MOST_CELLS, MOST_SHEETS, Sheet, Shown, format};
use crate::error::ReadError;
use crate::read::sniff::Format;
use calamine::{Data, DataRef, Range, Reader, SheetVisible, Xls, Xlsb};
use std::io::{Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Largest rectangle that the cells of a sheet may span: calamine holds all of it.
const WIDEST: u64 = 8 << 20;

/// Reads all sheets.
pub fn sheets(bytes: &[u8], format: Format) -> Result<Vec<Sheet>, ReadError> {
    // Nothing borrowed is looked at after a panic.
    let read = || if format == Format::Xlsb { xlsb(bytes) } else { xls(bytes) };
    let sheets = catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(damaged("workbook")))?;
    if sheets.is_empty() { Err(damaged("worksheet")) } else { Ok(sheets) }
}

fn xlsb(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    let mut book = Xlsb::new(Cursor::new(bytes)).map_err(|_| damaged("workbook"))?;
    let mut left = MOST_CELLS;
    let mut out = Vec::new();
    for found in book.sheets_metadata().to_vec().into_iter().take(MOST_SHEETS) {
        let hidden = found.visible != SheetVisible::Visible;
        let mut sheet = Sheet { name: found.name, hidden, ..Sheet::default() };
        let Ok(mut cells) = book.worksheet_cells_reader(&sheet.name) else { continue };
        // Cell by cell: a range of two distant cells would be held whole.
        while let Ok(Some(cell)) = cells.next_cell() {
            let (row, column) = cell.get_position();
            if !sheet.put(row, column, shown(&owned(cell.get_value()), None, false), &mut left) {
                break;
            }
        }
        out.push(sheet);
    }
    Ok(out)
}

fn owned(value: &DataRef) -> Data {
    match value {
        DataRef::SharedString(text) => Data::String((*text).to_string()),
        DataRef::String(text) => Data::String(text.clone()),
        DataRef::Int(number) => Data::Int(*number),
        DataRef::Float(number) => Data::Float(*number),
        DataRef::Bool(yes) => Data::Bool(*yes),
        DataRef::DateTime(day) => Data::DateTime(*day),
        DataRef::DateTimeIso(text) => Data::DateTimeIso(text.clone()),
        DataRef::DurationIso(text) => Data::DurationIso(text.clone()),
        DataRef::Error(_) | DataRef::Empty => Data::Empty,
    }
}

fn xls(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    let stream = workbook(bytes).ok_or_else(|| damaged("compound file"))?;
    let scan = scan(&stream);
    if scan.area > WIDEST {
        return Err(too_large("worksheet"));
    }
    let packed = packed(&stream).ok_or_else(|| damaged("compound file"))?;
    let mut book = Xls::new(Cursor::new(packed)).map_err(|error| match error {
        calamine::XlsError::Password => ReadError::new(
            "read/encrypted",
            "tệp Excel có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
            "the workbook is protected by a password; remove it and save it again",
        ),
        _ => damaged("workbook"),
    })?;
    let from_1904 = book.has_1904_epoch();
    let mut left = MOST_CELLS;
    let mut out = Vec::new();
    for (at, found) in book.sheets_metadata().to_vec().into_iter().take(MOST_SHEETS).enumerate() {
        let merges = book.merge_cells_by_sheet_name(&found.name).unwrap_or_default();
        let merges = merges.iter().map(|m| [m.start.0, m.start.1, m.end.0, m.end.1]);
        let mut sheet = Sheet {
            hidden: found.visible != SheetVisible::Visible,
            hides: scan.hides.get(at).copied().unwrap_or(false),
            merges: merges.filter(|m| m[0] <= m[2] && m[1] <= m[3]).collect(),
            name: found.name,
            ..Sheet::default()
        };
        let Ok(range) = book.worksheet_range(&sheet.name) else { continue };
        fill(&mut sheet, &range, scan.codes.get(at), from_1904, &mut left);
        out.push(sheet);
    }
    Ok(out)
}

/// The stream that holds an old workbook.
fn workbook(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).ok()?;
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(name))?;
    let mut out = Vec::new();
    // No stream is longer than its file.
    file.open_stream(name).ok()?.take(bytes.len() as u64).read_to_end(&mut out).ok()?;
    Some(out)
}

/// The stream in a sound container.
fn packed(stream: &[u8]) -> Option<Vec<u8>> {
    let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).ok()?;
    file.create_stream("Workbook").ok()?.write_all(stream).ok()?;
    file.flush().ok()?;
    Some(file.into_inner().into_inner())
}

fn fill(sheet: &mut Sheet, range: &Range<Data>, codes: Option<&Codes>, from_1904: bool, left: &mut usize) {
    let (top, first) = range.start().unwrap_or_default();
    for (row, column, value) in range.used_cells() {
        let (row, column) = (top + row as u32, first + column as u32);
        let code = codes.and_then(|c| c.get(&(row, column))).map(String::as_str);
        if !sheet.put(row, column, shown(value, code, from_1904), left) {
            break;
        }
    }
}

fn shown(value: &Data, code: Option<&str>, from_1904: bool) -> Shown {
    match value {
        Data::Int(number) => number_shown(*number as f64, code.unwrap_or("General"), from_1904),
        Data::Float(number) => number_shown(*number, code.unwrap_or("General"), from_1904),
        Data::String(text) => Shown::plain(text.as_str()),
        Data::Bool(yes) => Shown::plain(if *yes { "TRUE" } else { "FALSE" }),
        Data::DateTime(day) => {
            let code = code.filter(|c| !c.eq_ignore_ascii_case("general")).unwrap_or("dd/mm/yyyy");
            Shown::plain(format::show(day.as_f64(), code, from_1904))
        }
        Data::DateTimeIso(text) => Shown::plain(text.split('T').next().unwrap_or(text)),
        Data::DurationIso(text) => Shown::plain(text.as_str()),
        Data::Error(_) | Data::Empty => Shown::default(),
    }
}
