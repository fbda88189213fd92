//! Bytes of a page in, Unicode text and the name of the encoding out; the page inside a mail-like archive (MHT) is taken out first.
//!
//! Byte order mark, then what the bytes are (valid UTF-8 beats a wrong declaration), then the declared encoding, then Windows
//! Vietnamese. Refused: nothing; bytes that fit nowhere become U+FFFD.

use super::token::attribute;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1258};
use std::borrow::Cow;

/// Bytes in which a declaration is looked for.
const DECLARED_WITHIN: usize = 4096;
/// Headers of a mail part.
const HEADERS: usize = 1 << 16;

/// Decodes a page: text, name of the encoding, whether bytes were lost.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static str, bool) {
    match bytes {
        [0xFF, 0xFE, ..] => return named(UTF_16LE, bytes),
        [0xFE, 0xFF, ..] => return named(UTF_16BE, bytes),
        [b'<', 0, ..] => return named(UTF_16LE, bytes),
        [0, b'<', ..] => return named(UTF_16BE, bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), "utf-8", false);
    }
    named(declared(bytes).unwrap_or(WINDOWS_1258), bytes)
}

fn named<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> (Cow<'a, str>, &'static str, bool) {
    let (text, used, bad) = encoding.decode(bytes);
    let name = match used.name() {
        "UTF-8" => "utf-8",
        "UTF-16LE" => "utf-16le",
        "UTF-16BE" => "utf-16be",
        "windows-1258" => "windows-1258",
        "windows-1252" => "windows-1252",
        other => other,
    };
    (text, name, bad)
}

/// The encoding that the page's head declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(DECLARED_WITHIN)]).to_ascii_lowercase();
    let at = head.find("charset")?;
    let label = head[at + 7..].trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(label.len());
    match Encoding::for_label(&label.as_bytes()[..end])? {
        // The page would not have come here if it were UTF-8 throughout; a few bad bytes are.
        encoding if encoding == UTF_8 => Some(UTF_8),
        // A declaration in plain bytes cannot be UTF-16.
        encoding if encoding == UTF_16LE || encoding == UTF_16BE => None,
        encoding => Some(encoding),
    }
}

/// The page of an MHT file: the first part of type `text/html`, its transfer encoding undone.
pub fn page_of_mht(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEADERS)]);
    let boundary = header(&head, "content-type").and_then(|v| {
        let at = v.to_ascii_lowercase().find("boundary")?;
        attribute(&format!(" {}", v[at..].replace(';', " ")), "boundary").map(Cow::into_owned)
    })?;
    let mark = format!("--{boundary}");
    let mut from = memchr::memmem::find(bytes, mark.as_bytes())? + mark.len();
    loop {
        let rest = bytes.get(from..)?;
        let end = memchr::memmem::find(rest, mark.as_bytes()).unwrap_or(rest.len());
        let part = &rest[..end];
        let (body, gap) = match memchr::memmem::find(part, b"\r\n\r\n") {
            Some(at) => (at, 4),
            None => (memchr::memmem::find(part, b"\n\n")?, 2),
        };
        let headers = String::from_utf8_lossy(&part[..body.min(HEADERS)]);
        let kind = header(&headers, "content-type").unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("text/html") {
            let way = header(&headers, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase();
            let body = &part[body + gap..];
            return Some(match way.trim() {
                "quoted-printable" => quoted_printable(body),
                "base64" => base64(body),
                _ => body.to_vec(),
            });
        }
        if end == rest.len() {
            return None;
        }
        from += end + mark.len();
    }
}

/// A header's value, continuation lines joined.
fn header(head: &str, name: &str) -> Option<String> {
    let mut out: Option<String> = None;
    for line in head.lines() {
        match &mut out {
            Some(value) if line.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            Some(_) => break,
            None => {
                if let Some((key, value)) = line.split_once(':')
                    && key.trim().eq_ignore_ascii_case(name)
                {
                    out = Some(value.trim().to_string());
                }
            }
        }
    }
    out
}

fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let hex = |b: u8| (b as char).to_digit(16);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'=' {
            out.push(*byte);
            at += 1;
            continue;
        }
        match (bytes.get(at + 1), bytes.get(at + 2)) {
            (Some(b'\r'), Some(b'\n')) => at += 3,
            (Some(b'\n'), _) => at += 2,
            (Some(a), Some(b)) if hex(*a).is_some() && hex(*b).is_some() => {
                out.push((hex(*a).unwrap_or(0) * 16 + hex(*b).unwrap_or(0)) as u8);
                at += 3;
            }
            _ => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut group, mut bits) = (0u32, 0u32);
    for six in bytes.iter().filter_map(|b| value(*b)) {
        group = (group << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((group >> bits) as u8);
            group &= (1 << bits) - 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        assert_eq!(decode("<p>hồ sơ".as_bytes()), (Cow::Borrowed("<p>hồ sơ"), "utf-8", false));
        let (bytes, ..) = WINDOWS_1258.encode("<meta charset=windows-1258><p>Số liệu");
        let mut raw = bytes.into_owned();
        raw.extend(b"\xF4");
        let (text, name, _) = decode(&raw);
        assert_eq!(name, "windows-1258");
        assert!(text.ends_with("ô"));
        let wide: Vec<u8> = "\u{feff}<p>hồ sơ".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide).0, "<p>hồ sơ");
        assert_eq!(
            decode(b"<meta charset=utf-8><p>a\xFFb"),
            (Cow::Owned("<meta charset=utf-8><p>a\u{fffd}b".into()), "utf-8", true)
        );
    }

    #[test]
    fn mail_like_pages() {
        let mht = "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=\"--=_x\"\r\n\r\n----=_x\r\nContent-Type: text/css\r\n\r\nbody{}\r\n----=_x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>S=E1=BB=91 =\r\nli=E1=BB=87u</p>\r\n----=_x--";
        let page = page_of_mht(mht.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(page).unwrap().trim(), "<p>Số liệu</p>");
        assert_eq!(base64(b"PHA+SGk8\r\nL3A+"), b"<p>Hi</p>");
        assert_eq!(page_of_mht(b"MIME-Version: 1.0\n\nboundary"), None);
    }
}
