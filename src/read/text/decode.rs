//! Bytes in, Unicode text out, with the name of the encoding and the lines on which characters were lost.
//!
//! UTF-8 (with or without BOM), UTF-16 (by BOM, or by its regular zero bytes) and, where the letters leave no doubt, TCVN3, VNI,
//! VISCII and windows-1258 are read, also when some program has turned their bytes into UTF-8 one by one. Refused with a stable code:
//! nothing (`read/empty`), binary content (`read/binary`), more than [`MAX_BYTES`] (`read/too-large`, before anything is decoded),
//! other encodings (`read/encoding`). A few bad bytes in UTF-8 are replaced by U+FFFD and reported.

use crate::error::ReadError;
use crate::text::charset::{self, Charset};
use std::borrow::Cow;

/// Largest text that is read: the longest real report is below 1 MB, so anything near this is not a report.
pub const MAX_BYTES: usize = 64 << 20;

/// Replaced bytes are tolerated up to this share (one in so many); legacy Vietnamese encodings reach one in four.
const BAD_SHARE: usize = 200;

/// At most so many notices of bad bytes per file.
const BAD_NOTICES: usize = 100;

/// Bytes of a UTF-8 text in which a letter that only Unicode has must turn up, or the text may be a legacy one in disguise.
const LOOK: usize = 64 << 10;

/// Bytes that are looked at to find a legacy encoding.
const SAMPLE: usize = 256 << 10;

/// Decoded text.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// Without BOM.
    pub text: Cow<'a, str>,
    /// `utf-8`, `utf-16le`, `utf-16be`; for a legacy encoding with the share of its words that are syllables: `tcvn3 (0.98)`.
    pub charset: Cow<'static, str>,
    /// Lines (1-based) on which bytes were replaced, at most [`BAD_NOTICES`].
    pub bad_lines: Vec<u32>,
}

/// Decodes a file. `name` is used in messages only.
pub fn decode<'a>(bytes: &'a [u8], name: &str) -> Result<Decoded<'a>, ReadError> {
    if bytes.len() > MAX_BYTES {
        let (size, limit) = (bytes.len() >> 20, MAX_BYTES >> 20);
        return Err(ReadError::new(
            "read/too-large",
            format!("{name}: tệp {size} MiB vượt giới hạn {limit} MiB; hãy tách tệp thành từng báo cáo"),
            format!("{name}: {size} MiB is over the limit of {limit} MiB; split the file into single reports"),
        ));
    }
    let mut decoded = if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        utf8(rest, name)?
    } else if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        utf16(rest, u16::from_le_bytes, "utf-16le")
    } else if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        utf16(rest, u16::from_be_bytes, "utf-16be")
    } else if let Some(charset) = bare_utf16(bytes) {
        utf16(bytes, if charset == "utf-16le" { u16::from_le_bytes } else { u16::from_be_bytes }, charset)
    } else {
        utf8(bytes, name)?
    };
    if let Some((text, charset)) = disguised(&decoded.text) {
        decoded.text = Cow::Owned(text);
        decoded.charset = Cow::Owned(charset);
    }
    if is_binary(decoded.text.as_bytes()) {
        return Err(binary(name));
    }
    if super::line::is_blank(&decoded.text) {
        return Err(ReadError::new(
            "read/empty",
            format!("{name}: tệp không có nội dung; hãy kiểm tra lại tệp gốc"),
            format!("{name}: the file holds no text; check the original file"),
        ));
    }
    Ok(decoded)
}

fn binary(name: &str) -> ReadError {
    ReadError::new(
        "read/binary",
        format!(
            "{name}: đây là tệp nhị phân, không phải văn bản; hãy đổi đúng phần mở rộng hoặc xuất lại dưới dạng văn bản"
        ),
        format!("{name}: this is a binary file, not text; give it its proper extension or export it as text"),
    )
}

/// Zero bytes, or more than one control character in fifty, are not text.
fn is_binary(bytes: &[u8]) -> bool {
    if memchr::memchr(0, bytes).is_some() {
        return true;
    }
    let is_odd = |b: &u8| (*b < 0x20) & !(0x09..=0x0D).contains(b) | (*b == 0x7F);
    // So many at a time that a byte holds their number.
    let odd: usize =
        bytes.chunks(128).map(|part| usize::from(part.iter().map(|b| u8::from(is_odd(b))).sum::<u8>())).sum();
    odd > 4 && odd * 50 > bytes.len()
}

fn utf8<'a>(bytes: &'a [u8], name: &str) -> Result<Decoded<'a>, ReadError> {
    const MAGIC: [&[u8]; 7] =
        [b"%PDF", b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"\x89PNG", b"\xFF\xD8\xFF", b"\x1F\x8B", b"GIF8"];
    if MAGIC.iter().any(|m| bytes.starts_with(m)) || memchr::memchr(0, bytes).is_some() {
        return Err(binary(name));
    }
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return Ok(Decoded { text: Cow::Borrowed(text), charset: "utf-8".into(), bad_lines: Vec::new() });
    }
    let bad: usize = bytes.utf8_chunks().map(|c| c.invalid().len()).sum();
    if bad * 10 > bytes.len() || (bad > 8 && bad * BAD_SHARE > bytes.len()) {
        // VISCII writes six letters with control codes, so the letters are asked before the controls are counted.
        if let Some(decoded) = legacy(bytes) {
            return Ok(decoded);
        }
        if is_binary(bytes) {
            return Err(binary(name));
        }
        return Err(ReadError::new(
            "read/encoding",
            format!("{name}: không phải Unicode ({bad} byte sai); hãy lưu lại tệp ở dạng UTF-8"),
            format!("{name}: not Unicode ({bad} bad bytes); save the file again as UTF-8"),
        ));
    }
    let mut text = String::with_capacity(bytes.len() + 8);
    let mut bad_lines = Vec::new();
    let mut line = 1u32;
    for chunk in bytes.utf8_chunks() {
        line += breaks(chunk.valid());
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push('\u{FFFD}');
            if bad_lines.last() != Some(&line) && bad_lines.len() < BAD_NOTICES {
                bad_lines.push(line);
            }
        }
    }
    Ok(Decoded { text: Cow::Owned(text), charset: "utf-8".into(), bad_lines })
}

/// A text in a legacy encoding, if its letters say so.
fn legacy(bytes: &[u8]) -> Option<Decoded<'static>> {
    let sample = charset::from_bytes(bytes.get(..SAMPLE).unwrap_or(bytes));
    let (found, score) = charset::detect(&sample, None);
    let sure = found != Charset::Unicode;
    sure.then(|| Decoded {
        text: Cow::Owned(charset::decode(&charset::from_bytes(bytes), found)),
        charset: named(found, score).into(),
        bad_lines: Vec::new(),
    })
}

fn named(charset: Charset, score: f64) -> String {
    format!("{} ({score:.2})", charset.name())
}

/// A legacy text whose bytes were turned into characters one by one. Any Vietnamese text of some length has a letter that such a text
/// cannot have, so this costs one look at its first words.
fn disguised(text: &str) -> Option<(String, String)> {
    let mut end = LOOK.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end)?;
    if head.is_ascii() || charset::has_unicode(head) || charset::has_unicode(text) {
        return None;
    }
    let (found, score) = charset::detect(head, None);
    (found != Charset::Unicode).then(|| (charset::decode(text, found), named(found, score)))
}

/// Line breaks in a piece of text: LF, CR LF, lone CR.
fn breaks(text: &str) -> u32 {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(b'\n', b'\r', bytes)
        .filter(|&at| bytes.get(at) == Some(&b'\n') || bytes.get(at + 1) != Some(&b'\n'))
        .count() as u32
}

/// UTF-16 without a BOM: in Vietnamese text at least a third of the code units are ASCII, so every other byte is often zero.
fn bare_utf16(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(4096) & !1)?;
    if head.len() < 16 {
        return None;
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    match () {
        _ if odd * 3 > pairs && even * 50 < pairs => Some("utf-16le"),
        _ if even * 3 > pairs && odd * 50 < pairs => Some("utf-16be"),
        _ => None,
    }
}

fn utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16, charset: &'static str) -> Decoded<'a> {
    let mut text = String::with_capacity(bytes.len());
    let mut bad_lines = Vec::new();
    let mut line = 1u32;
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    let mut after_cr = false;
    for c in char::decode_utf16(units) {
        let c = c.unwrap_or('\u{FFFD}');
        if (c == '\n' && !after_cr) || c == '\r' {
            line += 1;
        }
        after_cr = c == '\r';
        if c == '\u{FFFD}' && bad_lines.last() != Some(&line) && bad_lines.len() < BAD_NOTICES {
            bad_lines.push(line);
        }
        text.push(c);
    }
    Decoded { text: Cow::Owned(text), charset: charset.into(), bad_lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        decode(bytes, "x.txt").map(|_| "ok").unwrap_or_else(|e| e.code)
    }

    #[test]
    fn refuses_what_is_no_text() {
        assert_eq!(code(b""), "read/empty");
        assert_eq!(code(" \n\u{a0}\t\r\n".as_bytes()), "read/empty");
        assert_eq!(code(b"%PDF-1.7\n1 0 obj"), "read/binary");
        assert_eq!(code(b"abc\x00\x01\x02 def"), "read/binary");
        assert_eq!(code(&vec![b'a'; MAX_BYTES + 1]), "read/too-large");
        let french: Vec<u8> = b"L'\xe9cole a \xe9t\xe9 ferm\xe9e \xe0 cause de la gr\xe8ve g\xe9n\xe9rale; ".repeat(20);
        assert_eq!(code(&french), "read/encoding");
    }

    #[test]
    fn messages_name_the_file_in_both_languages() {
        let error = decode(b"", "quy1.txt").unwrap_err();
        assert!(error.message_vi.contains("quy1.txt") && error.message_en.contains("quy1.txt"));
    }

    #[test]
    fn utf16_and_bom() {
        let text = "Báo cáo quý I\r\nSố: 5";
        let le: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let be: Vec<u8> = [0xFE, 0xFF].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let bare: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, charset) in [(le, "utf-16le"), (be, "utf-16be"), (bare, "utf-16le")] {
            let decoded = decode(&bytes, "x").unwrap();
            assert_eq!((&*decoded.text, &*decoded.charset), (text, charset));
        }
        assert_eq!(decode(b"\xEF\xBB\xBFabc", "x").unwrap().text, "abc");
    }

    #[test]
    fn legacy_encodings_are_told_by_their_letters() {
        let bytes: Vec<u8> =
            b"B\xb8o c\xb8o c\xabng t\xb8c c\xb6i c\xb8ch n\xa8m 2019 c\xf1a huy\xd6n: ng\xad\xeai 1.815\n".repeat(8);
        let decoded = decode(&bytes, "x").unwrap();
        assert!(decoded.text.starts_with("Báo cáo công tác cải cách năm 2019 của huyện: người 1.815\n"));
        assert_eq!(decoded.charset, "tcvn3 (1.00)");
        let utf8 = charset::from_bytes(&bytes);
        assert_eq!(decode(utf8.as_bytes(), "x").unwrap().text, decoded.text, "bytes turned into UTF-8 one by one");
        // Too little to be sure.
        assert_eq!(code(b"B\xb8o c\xb8o"), "read/encoding");
    }

    #[test]
    fn a_few_bad_bytes_are_replaced_and_named() {
        let mut bytes = "Dòng một\r\nDòng hai\n".repeat(30).into_bytes();
        bytes.extend(b"D\xffng cu\xfei");
        let decoded = decode(&bytes, "x").unwrap();
        assert_eq!(decoded.bad_lines, [61]);
        assert!(decoded.text.ends_with("D\u{FFFD}ng cu\u{FFFD}i"));
    }
}
