//! What a file is, by its first bytes and its inner structure; its name is only looked at to say that it lies.
//!
//! Magic numbers tell most formats. A ZIP file is told by the names of its entries, a compound file (old Office) by its streams, so
//! that a `.doc` which is a web page, a workbook or a new Word file is read as what it is. Whatever is nothing else is text, and the
//! text reader refuses what is none.

use crate::error::ReadError;
use std::io::{Cursor, Read};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Plain text of whatever dialect and encoding.
    Text,
    /// PDF.
    Pdf,
    /// Word since 2007.
    Docx,
    /// Word 2.0 to 2003.
    Doc,
    /// Excel since 2007.
    Xlsx,
    /// Excel's binary workbook.
    Xlsb,
    /// Excel 5 to 2003.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// OpenDocument text.
    Odt,
    /// Rich Text.
    Rtf,
    /// Web page.
    Html,
    /// Web page with its parts in one mail-like file.
    Mht,
    /// A picture; what people call it.
    Image(&'static str),
    /// An archive of files.
    Zip,
    /// An Office file behind a password.
    Encrypted,
    /// Something known that no reader takes: name in the dataset, what people call it.
    Other(&'static str, &'static str),
}

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// First bytes that settle the matter.
const MAGIC: [(&[u8], Format); 17] = [
    (b"{\\rtf", Format::Rtf),
    (b"\x89PNG\r\n\x1a\n", Format::Image("PNG")),
    (b"\xFF\xD8\xFF", Format::Image("JPEG")),
    (b"II*\0", Format::Image("TIFF")),
    (b"MM\0*", Format::Image("TIFF")),
    (b"GIF87a", Format::Other("image", "GIF image")),
    (b"GIF89a", Format::Other("image", "GIF image")),
    (b"Rar!\x1a\x07", Format::Other("archive", "RAR archive")),
    (b"7z\xBC\xAF\x27\x1C", Format::Other("archive", "7-Zip archive")),
    (b"\x1f\x8b", Format::Other("archive", "gzip archive")),
    (b"\xFD7zXZ\0", Format::Other("archive", "xz archive")),
    (b"BZh91AY", Format::Other("archive", "bzip2 archive")),
    (b"AT&TFORM", Format::Other("djvu", "DjVu")),
    (b"\xDB\xA5", Format::Doc),
    (b"\xDC\xA5", Format::Doc),
    (b"\x7FELF", Format::Other("program", "a program")),
    (b"MZ\x90\0", Format::Other("program", "a program")),
];

/// A PDF may stand behind some bytes of mail or printer commands.
const PDF_WITHIN: usize = 1024;
/// Bytes in which a web page shows itself.
const PAGE_WITHIN: usize = 4096;

/// Bytes of an OpenDocument content, styles passed, in which its kind shows.
const CONTENT_WITHIN: u64 = 1 << 20;

/// Finds out what a file is.
pub fn sniff(bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(PDF_WITHIN)];
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return zip_kind(bytes);
    }
    if bytes.starts_with(OLE) {
        return compound_kind(bytes);
    }
    if let Some((_, format)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *format;
    }
    if memchr::memmem::find(head, b"%PDF-").is_some_and(|at| at == 0 || !head[..at].is_ascii() || at < 256) {
        return Format::Pdf;
    }
    markup_kind(bytes)
}

/// The names of a ZIP file's entries tell Office files; where its directory is lost, the names that stand in the bytes do.
fn zip_kind(bytes: &[u8]) -> Format {
    if let Some(rest) = bytes.get(30..).and_then(|b| b.strip_prefix(b"mimetypeapplication/vnd.oasis.opendocument.")) {
        return match rest {
            [b't', b'e', b'x', b't', ..] => Format::Odt,
            [b's', b'p', b'r', ..] => Format::Ods,
            _ => Format::Other("odf", "OpenDocument drawing or slides"),
        };
    }
    let by = |holds: &dyn Fn(&str) -> bool| {
        if holds("word/document.xml") || holds("word/document2.xml") {
            Some(Format::Docx)
        } else if holds("xl/workbook.xml") {
            Some(Format::Xlsx)
        } else if holds("xl/workbook.bin") {
            Some(Format::Xlsb)
        } else if holds("ppt/presentation.xml") {
            Some(Format::Other("pptx", "PowerPoint (.pptx)"))
        } else {
            None
        }
    };
    match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(mut archive) => {
            let office = by(&|name| archive.index_for_name(name).is_some());
            office.or_else(|| open_document(&mut archive)).unwrap_or(Format::Zip)
        }
        Err(_) => by(&|name| memchr::memmem::find(bytes, name.as_bytes()).is_some()).unwrap_or(Format::Zip),
    }
}

/// OpenDocument by the first bytes of its content, where its type does not stand first as it should.
fn open_document(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> Option<Format> {
    let index = archive.index_for_name("content.xml")?;
    let mut head = Vec::new();
    archive.by_index(index).ok()?.take(CONTENT_WITHIN).read_to_end(&mut head).ok()?;
    let holds = |word: &[u8]| memchr::memmem::find(&head, word).is_some();
    if holds(b"office:spreadsheet") {
        Some(Format::Ods)
    } else if holds(b"office:document-content") {
        Some(Format::Odt)
    } else {
        None
    }
}

/// Stream names of a compound file tell Word from Excel; they are found in its directory, or in the bytes where that is broken.
fn compound_kind(bytes: &[u8]) -> Format {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    let file = cfb::CompoundFile::open(Cursor::new(bytes)).ok();
    let holds = |name: &str| match &file {
        Some(file) => file.exists(name),
        None => named(name),
    };
    if holds("EncryptedPackage") {
        Format::Encrypted
    } else if holds("WordDocument") {
        Format::Doc
    } else if holds("Workbook") || holds("Book") {
        Format::Xls
    } else if holds("PowerPoint Document") {
        Format::Other("ppt", "PowerPoint (.ppt)")
    } else if holds("__properties_version1.0") {
        Format::Other("msg", "an Outlook message")
    } else if file.is_none() {
        // Damaged beyond its names: the Word reader says so.
        Format::Doc
    } else {
        Format::Other("compound", "an old Office file without text")
    }
}

/// Web pages, other XML, or text.
fn markup_kind(bytes: &[u8]) -> Format {
    let head = narrow(bytes);
    let head = head.trim_ascii_start();
    let lower = head.to_ascii_lowercase();
    let holds = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    if (lower.starts_with(b"mime-version:") || lower.starts_with(b"from:")) && holds("multipart/related") {
        return Format::Mht;
    }
    if !lower.starts_with(b"<") {
        return Format::Text;
    }
    let page = ["<html", "<!doctype html", "<body", "<head>", "<meta "].iter().any(|w| holds(w));
    if lower.starts_with(b"<?xml") && !page {
        return if holds("<w:worddocument") || holds("word.document") {
            Format::Other("xml", "Word 2003 XML")
        } else if holds("excel.sheet") || holds("<workbook") {
            Format::Other("xml", "Excel 2003 XML")
        } else {
            Format::Other("xml", "XML")
        };
    }
    // Fragments without a head: a text dump may start with a stray <b>, never with a block and its end.
    let block = ["<table", "<div", "<p>", "<p ", "<center", "<font", "<style", "<h1", "<!--"];
    let fragment = block.iter().any(|w| lower.starts_with(w.as_bytes()))
        && ["</p>", "</td>", "</div>", "</table>"].iter().any(|w| holds(w));
    if page || fragment { Format::Html } else { Format::Text }
}

/// The first bytes, without byte order mark and without the zeros of UTF-16.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    let head = &bytes[..bytes.len().min(PAGE_WITHIN)];
    match head {
        [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => rest.iter().copied().filter(|b| *b != 0).collect(),
        [0xEF, 0xBB, 0xBF, rest @ ..] => rest.to_vec(),
        [b'<', 0, ..] | [0, b'<', ..] => head.iter().copied().filter(|b| *b != 0).collect(),
        _ => head.to_vec(),
    }
}

impl Format {
    /// The word of the dataset's `format` column.
    pub fn word(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Pdf => "pdf",
            Format::Docx => "docx",
            Format::Doc => "doc",
            Format::Xlsx | Format::Xlsb => "xlsx",
            Format::Xls => "xls",
            Format::Ods => "ods",
            Format::Odt => "odt",
            Format::Rtf => "rtf",
            Format::Html | Format::Mht => "html",
            Format::Image(_) => "image",
            Format::Zip => "archive",
            Format::Encrypted => "encrypted",
            Format::Other(word, _) => word,
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Pdf => "PDF",
            Format::Docx => "Word (.docx)",
            Format::Doc => "old Word (.doc)",
            Format::Xlsx => "Excel (.xlsx)",
            Format::Xlsb => "Excel (.xlsb)",
            Format::Xls => "old Excel (.xls)",
            Format::Ods => "OpenDocument (.ods)",
            Format::Odt => "OpenDocument (.odt)",
            Format::Rtf => "Rich Text",
            Format::Html | Format::Mht => "HTML",
            Format::Image(name) => name,
            Format::Zip => "ZIP archive",
            Format::Encrypted => "an encrypted Office file",
            Format::Other(_, name) => name,
        }
    }

    /// Whether a file name's ending promises something else. Endings that promise nothing never disagree.
    pub fn disagrees(self, name: &str) -> bool {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let Some((_, ending)) = base.rsplit_once('.') else { return false };
        let promised: &[&str] = match ending.to_ascii_lowercase().as_str() {
            "pdf" => &["pdf"],
            "docx" | "docm" | "dotx" => &["docx"],
            "doc" | "dot" => &["doc"],
            "xlsx" | "xlsm" | "xlsb" => &["xlsx"],
            "xls" => &["xls"],
            "ods" => &["ods"],
            "odt" => &["odt"],
            "rtf" => &["rtf"],
            "htm" | "html" | "mht" | "mhtml" | "xhtml" => &["html"],
            "png" | "jpg" | "jpeg" | "tif" | "tiff" | "gif" => &["image"],
            "zip" => &["archive"],
            "txt" | "md" | "text" => &["text"],
            _ => return false,
        };
        !promised.contains(&self.word())
    }
}

/// The error for content that no reader takes.
pub fn unsupported(format: Format) -> ReadError {
    let name = format.name();
    match format {
        Format::Encrypted => ReadError::new(
            "read/encrypted",
            "tệp Office có mật khẩu; hãy mở tệp, bỏ mật khẩu rồi lưu lại",
            "the Office file is protected by a password; open it, remove the password and save it again",
        ),
        _ => ReadError::new(
            "read/unsupported",
            format!("tệp là {name}, phiên bản này chưa đọc được; hãy lưu thành Word, PDF hoặc văn bản (.txt)"),
            format!("the file is {name}, which this version cannot read; save it as Word, PDF or text (.txt)"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zip_of(names: &[&str]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn compound_of(stream: &str) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn formats_are_told_by_content() {
        for (bytes, word) in [
            (&b"%PDF-1.7\n"[..], "pdf"),
            (b"\r\n%PDF-1.4", "pdf"),
            (b"{\\rtf1\\ansi", "rtf"),
            (b"\x89PNG\r\n\x1a\n", "image"),
            (b"\xEF\xBB\xBF\n <!DOCTYPE html><p>", "html"),
            (b"<table border=1><tr><td>1</td></tr></table>", "html"),
            (b"<?xml version='1.0'?><html xmlns='x'>", "html"),
            (b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?>", "xml"),
            (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x", "html"),
            (b"<i>Bi\xE1\xBB\x83u</i> 1", "text"),
            (b"<b>I. K\xE1\xBA\xBET QU\xE1\xBA\xA2</b>\n\n</b>", "text"),
            (b"", "text"),
        ] {
            assert_eq!(sniff(bytes).word(), word, "{}", String::from_utf8_lossy(bytes));
        }
        let wide: Vec<u8> = "\u{feff}<html><body>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&wide), Format::Html);
    }

    #[test]
    fn containers_are_told_by_what_they_hold() {
        assert_eq!(sniff(&zip_of(&["[Content_Types].xml", "word/document.xml"])), Format::Docx);
        assert_eq!(sniff(&zip_of(&["xl/workbook.xml"])), Format::Xlsx);
        assert_eq!(sniff(&zip_of(&["a/báo cáo.docx"])), Format::Zip);
        assert_eq!(sniff(&zip_of(&["word/document.xml"])[..60]), Format::Docx, "cut off: its names still stand");
        assert_eq!(sniff(&compound_of("WordDocument")), Format::Doc);
        assert_eq!(sniff(&compound_of("Workbook")), Format::Xls);
        assert_eq!(unsupported(sniff(&compound_of("EncryptedPackage"))).code, "read/encrypted");
    }

    #[test]
    fn endings_that_lie() {
        assert!(Format::Html.disagrees("a/b.doc"));
        assert!(Format::Docx.disagrees("B.DOC"));
        assert!(!Format::Docx.disagrees("archive.zip!/x.docx"));
        assert!(!Format::Text.disagrees("README"));
        assert!(!Format::Text.disagrees("x.2023"));
        assert!(!Format::Xlsb.disagrees("x.xlsb"));
    }
}
