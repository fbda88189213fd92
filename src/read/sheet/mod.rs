//! Workbooks: each sheet's cells as they are shown come in, paragraphs and tables go out.
//!
//! XLSX and OpenDocument are read here, because what a cell shows (number format, displayed text), hidden rows and caps on
//! inflated size are not to be had otherwise; XLS and XLSB through calamine. A line is a row of cells, a page is a sheet. Formulas are
//! never run: the stored result counts. Hidden sheets are read too, and noted.

mod biff;
mod format;
mod legacy;
mod odf;
mod package;
mod region;
mod xlsx;

use crate::error::ReadError;
use crate::model::Document;
use crate::read::docx::face::Face;
use crate::read::docx::tree::Para;
use crate::read::docx::voices::Voices;
use crate::read::flow::Flow;
use crate::read::sniff::Format;
use crate::text::charset::has_unicode;
use std::collections::BTreeMap;

pub use package::{Node, Package, attribute, damaged, too_large, walk};

/// Cells of all sheets together.
const MOST_CELLS: usize = 2_000_000;
/// Sheets of a workbook.
const MOST_SHEETS: usize = 500;
/// Rows of a table; more are no report.
const MOST_ROWS: u32 = 100_000;
/// Columns of a sheet.
const MOST_COLUMNS: u32 = 512;

/// What a cell shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    /// The characters.
    pub text: String,
    /// For a fraction shown as `General`: its characters with a point, which is how a row number reads.
    pub dotted: Option<String>,
    /// Its font, as far as it changes what characters mean.
    pub face: Face,
}

impl Shown {
    /// Characters as they stand.
    fn plain(text: impl Into<String>) -> Shown {
        Shown { text: text.into(), ..Shown::default() }
    }
}

/// One sheet; rows and columns from 0.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden.
    pub hidden: bool,
    /// Whether it hides rows or columns that hold something.
    pub hides: bool,
    /// Filled cells.
    pub cells: BTreeMap<(u32, u32), Shown>,
    /// Merged ranges: first row and column, last row and column.
    pub merges: Vec<[u32; 4]>,
    /// Whether cells were left out beyond the caps.
    pub cut: bool,
}

impl Sheet {
    /// Adds a cell; false when the workbook's cap is reached.
    fn put(&mut self, row: u32, column: u32, shown: Shown, left: &mut usize) -> bool {
        if shown.text.trim().is_empty() {
            return true;
        }
        if column >= MOST_COLUMNS || *left == 0 {
            self.cut = true;
            return *left > 0;
        }
        *left -= 1;
        self.cells.insert((row, column), shown);
        true
    }
}

/// Reads a workbook, or an OpenDocument text.
pub fn read(bytes: &[u8], format: Format) -> Result<Document, ReadError> {
    let mut flow = Flow::default();
    let sheets = match format {
        Format::Odt => {
            odf::text(bytes, &mut flow)?;
            return filled(flow.finish("odt", "odt", "utf-8"));
        }
        Format::Ods => odf::sheets(bytes)?,
        Format::Xlsx => xlsx::sheets(bytes)?,
        _ => legacy::sheets(bytes, format)?,
    };
    let (sheets, charset) = decoded(sheets);
    let names = sheets.len();
    for (at, sheet) in sheets.iter().enumerate() {
        if sheet.hidden && !sheet.cells.is_empty() {
            flow.notice("hidden-sheet");
        }
        if sheet.hides {
            flow.notice("hidden-rows");
        }
        flow.page(Some(at as u32 + 1));
        region::pour(sheet, &mut flow);
        if sheet.cut {
            flow.notice("cells-cut");
        }
    }
    let mut document = flow.finish(format.word(), format.word(), &charset);
    document.pages = Some(names as u32);
    filled(document)
}

/// Decodes the cells of a workbook in an old Vietnamese encoding; gives the encoding's name.
fn decoded(mut sheets: Vec<Sheet>) -> (Vec<Sheet>, String) {
    let cells = || sheets.iter().flat_map(|s| s.cells.values());
    let needed = cells().any(|c| matches!(c.face, Face::Legacy(..))) || !cells().any(|c| has_unicode(&c.text));
    if !needed {
        return (sheets, "utf-8".to_string());
    }
    let para = |cell: &Shown| {
        let mut para = Para::default();
        para.push(&cell.text, cell.face, false);
        para
    };
    let mut voices = Voices::default();
    cells().for_each(|cell| voices.hear(&para(cell)));
    for cell in sheets.iter_mut().flat_map(|s| s.cells.values_mut()) {
        cell.text = voices.speak(&para(cell));
    }
    (sheets, voices.name())
}

/// A file in which nothing is printed is an error, not an empty document.
pub fn filled(document: Document) -> Result<Document, ReadError> {
    if document.lines.is_empty() {
        return Err(ReadError::new(
            "read/empty",
            "tệp không có nội dung; hãy kiểm tra lại tệp gốc",
            "the file holds no text; check the original file",
        ));
    }
    Ok(document)
}

#[cfg(test)]
mod tests;
