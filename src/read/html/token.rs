//! HTML characters in, tags and text out, in one pass that never looks back.
//!
//! The cutting follows the WHATWG tokenizer where files are sane and forgives where they are not: comments, conditional comments,
//! CDATA, declarations and the contents of scripts and styles vanish. Linear in any input, which is why no general parser is used:
//! those walk their stack of open elements for every tag.

use std::borrow::Cow;

/// A piece of a page.
#[derive(Debug, PartialEq)]
pub enum Token<'a> {
    /// Characters, entities still in them.
    Text(&'a str),
    /// A tag begins an element: its name in lower case, and its attributes as written.
    Start(Cow<'a, str>, &'a str),
    /// A tag ends an element.
    End(Cow<'a, str>),
}

/// Longest tag that is looked into; a longer one is passed over.
const TAG: usize = 1 << 16;

/// Elements whose contents are no text.
const SILENT: [&str; 8] = ["script", "style", "title", "template", "svg", "xml", "object", "textarea"];

/// Cuts a page into tokens.
pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
    /// Element whose contents are being passed over.
    silent: Option<&'static str>,
    /// Ends of silent elements and comments that are known to be missing from here on.
    missing: Vec<&'static str>,
}

impl<'a> Tokens<'a> {
    /// All tokens of a page.
    pub fn new(text: &'a str) -> Tokens<'a> {
        Tokens { text, at: 0, silent: None, missing: Vec::new() }
    }

    /// Where some mark stands next; remembered where it stands nowhere, so that no file is searched twice for nothing.
    fn find(&mut self, mark: &'static str) -> Option<usize> {
        if self.missing.contains(&mark) {
            return None;
        }
        let found = memchr::memmem::find(&self.text.as_bytes()[self.at..], mark.as_bytes()).map(|at| self.at + at);
        if found.is_none() {
            self.missing.push(mark);
        }
        found
    }

    /// The end tag of a silent element, in whatever case.
    fn end_of(&self, name: &str) -> usize {
        let bytes = self.text.as_bytes();
        let mut from = self.at;
        while let Some(at) = memchr::memmem::find(&bytes[from..], b"</") {
            let start = from + at + 2;
            let same = bytes.get(start..start + name.len()).is_some_and(|b| b.eq_ignore_ascii_case(name.as_bytes()));
            if same && bytes.get(start + name.len()).is_none_or(|b| !b.is_ascii_alphanumeric()) {
                return from + at;
            }
            from = start;
        }
        bytes.len()
    }

    /// The `>` that ends a tag, quotes respected.
    fn tag_end(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let limit = bytes.len().min(self.at + TAG);
        let mut quote = None;
        let mut value = false;
        for (at, byte) in bytes.iter().enumerate().take(limit).skip(self.at) {
            match (quote, byte) {
                (Some(q), b) if *b == q => quote = None,
                (Some(_), _) => continue,
                (None, b'"' | b'\'') if value => quote = Some(*byte),
                (None, b'>') => return Some(at),
                _ => {}
            }
            value = *byte == b'=' || (value && byte.is_ascii_whitespace());
        }
        // An open quote: the first `>` ends the tag.
        memchr::memchr(b'>', &bytes[self.at..limit]).map(|at| self.at + at)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let bytes = self.text.as_bytes();
        loop {
            if let Some(name) = self.silent.take() {
                self.at = self.end_of(name);
            }
            let rest = bytes.get(self.at..).filter(|r| !r.is_empty())?;
            if rest[0] != b'<' {
                let end = memchr::memchr(b'<', rest).map_or(bytes.len(), |at| self.at + at);
                let text = &self.text[self.at..end];
                self.at = end;
                return Some(Token::Text(text));
            }
            if rest.starts_with(b"<!--") {
                self.at += 4;
                self.at = self.find("-->").map_or_else(|| self.find(">").map_or(bytes.len(), |e| e + 1), |e| e + 3);
                continue;
            }
            if rest.starts_with(b"<![CDATA[") {
                self.at += 9;
                let end = self.find("]]>");
                let text = &self.text[self.at..end.unwrap_or(bytes.len())];
                self.at = end.map_or(bytes.len(), |e| e + 3);
                return Some(Token::Text(text));
            }
            if matches!(rest.get(1), Some(b'!' | b'?')) {
                self.at = self.find(">").map_or(bytes.len(), |e| e + 1);
                continue;
            }
            let closing = rest.get(1) == Some(&b'/');
            let start = self.at + 1 + usize::from(closing);
            if !bytes.get(start).is_some_and(u8::is_ascii_alphabetic) {
                // A lone `<`, as in `5 < 7`.
                self.at += 1;
                return Some(Token::Text("<"));
            }
            self.at = start;
            let Some(end) = self.tag_end() else {
                self.at = bytes.len().min(start + TAG);
                while !self.text.is_char_boundary(self.at) {
                    self.at += 1;
                }
                continue;
            };
            let inner = &self.text[start..end];
            self.at = end + 1;
            let name_end = inner.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inner.len());
            let name = lower(&inner[..name_end]);
            if closing {
                return Some(Token::End(name));
            }
            if !inner.ends_with('/') {
                self.silent = SILENT.into_iter().find(|s| *s == name);
            }
            if self.silent.is_some() {
                continue;
            }
            return Some(Token::Start(name, &inner[name_end..]));
        }
    }
}

/// Longest entity, `&` and `;` included.
const ENTITY: usize = 40;

/// Adds characters to a text, entities resolved; one look at each.
pub fn unescape(text: &str, out: &mut String) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for at in memchr::memchr_iter(b'&', bytes) {
        if at < from {
            continue;
        }
        let near = &bytes[at..bytes.len().min(at + ENTITY)];
        let Some(end) =
            near.iter().skip(1).position(|b| !(b.is_ascii_alphanumeric() || *b == b'#')).map(|n| at + 1 + n)
        else {
            continue;
        };
        out.push_str(&text[from..at]);
        from = at;
        if bytes.get(end) == Some(&b';') {
            match wrong_number(&text[at..end]) {
                Some(c) => out.push(c),
                None => out.push_str(&html_escape::decode_html_entities(&text[at..=end])),
            }
            from = end + 1;
        }
    }
    out.push_str(&text[from..]);
}

/// `&#150;`: a Windows code where a Unicode one should stand, as the WHATWG reads it.
fn wrong_number(entity: &str) -> Option<char> {
    let code: u8 = entity.strip_prefix("&#")?.parse().ok().filter(|n| (0x80..=0x9F).contains(n))?;
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[code]).0.chars().next()
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// The value of an attribute among those written in a tag.
pub fn attribute<'a>(written: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut rest = written;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_ascii_whitespace() || c == '=' || c == '/')?;
        let key = &rest[..end];
        let after = rest[end..].trim_start();
        let Some(value) = after.strip_prefix('=') else {
            rest = &rest[end.max(1)..];
            continue;
        };
        let value = value.trim_start();
        let (value, next) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = &value[1..];
                let end = inner.find(quote).unwrap_or(inner.len());
                (&inner[..end], inner.get(end + 1..).unwrap_or(""))
            }
            _ => {
                let end = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        if key.eq_ignore_ascii_case(name) {
            if !value.contains('&') {
                return Some(Cow::Borrowed(value));
            }
            let mut out = String::with_capacity(value.len());
            unescape(value, &mut out);
            return Some(Cow::Owned(out));
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(text: &str) -> Vec<String> {
        Tokens::new(text)
            .map(|t| match t {
                Token::Text(t) => t.to_string(),
                Token::Start(n, a) => format!("<{n}{a}>"),
                Token::End(n) => format!("</{n}>"),
            })
            .collect()
    }

    #[test]
    fn sane_and_insane_pages() {
        assert_eq!(tags("<P a='x>y'>5 < 7</p >"), ["<p a='x>y'>", "5 ", "<", " 7", "</p>"]);
        assert_eq!(tags("a<!-- <b> -->b<!DOCTYPE x><![if !x]>c<![endif]>d"), ["a", "b", "c", "d"]);
        assert_eq!(tags("<SCRIPT>if (a<b) '</p>'</Script >x<style>y"), ["</script>", "x"]);
        assert_eq!(tags("<td rowspan=2 \"x>y"), ["<td rowspan=2 \"x>", "y"]);
        assert_eq!(tags("<a <b>x"), ["<a <b>", "x"]);
        assert_eq!(tags("<!-- open <b>x"), ["x"]);
        assert_eq!(tags("x<"), ["x", "<"]);
        assert_eq!(tags("<p unclosed"), Vec::<String>::new());
    }

    #[test]
    fn entities() {
        let plain = |text| {
            let mut out = String::new();
            unescape(text, &mut out);
            out
        };
        assert_eq!(
            plain("h&#7891; s&#x1A1; &amp; &nbsp;&Acirc; R&D &x; &#150; &amp"),
            "hồ sơ & \u{a0}Â R&D &x; – &amp"
        );
        assert_eq!(plain("&&&;&#;"), "&&&;&#;");
    }

    #[test]
    fn attributes_as_written() {
        let written = " ROWSPAN = 2 nowrap colspan='3' style=\"a: b\" title=x&amp;y";
        let get = |name| attribute(written, name).map(Cow::into_owned);
        assert_eq!(get("rowspan").as_deref(), Some("2"));
        assert_eq!(get("colspan").as_deref(), Some("3"));
        assert_eq!(get("style").as_deref(), Some("a: b"));
        assert_eq!(get("title").as_deref(), Some("x&y"));
        assert_eq!(get("span"), None);
        assert_eq!(attribute("=== / = '", "x"), None);
    }
}
