//! Bytes in, `Document` out. One list of readers; the format is found by content.

pub mod doc;
pub mod docx;
mod flow;
pub mod html;
pub mod ocr;
mod outline;
pub mod pdf;
pub mod rtf;
pub mod sheet;
pub mod sniff;
pub mod text;

use crate::error::ReadError;
use crate::model::{Document, Place};
use sniff::{Format, unsupported};

#[cfg(test)]
pub(crate) use flow::tests::mutate;
pub use outline::outline;

/// The notice of a file whose name ends for another format than it is in.
pub const WRONG_EXTENSION: &str = "wrong-extension";

/// Reads one file's bytes. `name` is for messages, and for the notice of a wrong ending. Never panics on any input; bounded in time and
/// memory.
pub fn read(bytes: &[u8], name: &str) -> Result<Document, ReadError> {
    let format = sniff::sniff(bytes);
    let mut document = match format {
        Format::Text => text::read(bytes, name),
        Format::Html | Format::Mht => html::read(bytes, name),
        Format::Doc => doc::read(bytes, name),
        Format::Rtf => rtf::read(bytes, name),
        Format::Xlsx | Format::Xlsb | Format::Xls | Format::Ods | Format::Odt => sheet::read(bytes, format),
        Format::Pdf => pdf::read(bytes, name),
        Format::Docx => docx::read(bytes, name),
        Format::Image(_) => ocr::read_image(bytes, name),
        Format::Zip => Err(archive(bytes)),
        Format::Encrypted | Format::Other(..) => Err(unsupported(format)),
    }?;
    if format.disagrees(name) {
        document.notices.insert(0, (WRONG_EXTENSION.to_string(), Place::default()));
    }
    Ok(document)
}

/// Archives are opened before they come here; what is left is broken, or lies inside too many others.
fn archive(bytes: &[u8]) -> ReadError {
    match zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
        Err(_) => sheet::damaged("ZIP directory"),
        Ok(_) => ReadError::new(
            "read/too-deep",
            "tệp nén nằm trong tệp nén khác quá sâu; hãy giải nén rồi đọc thư mục",
            "the archive lies too deep inside other archives; unpack it and read the folder",
        ),
    }
}
