//! Running text: lines in, paragraphs out.
//!
//! A paragraph may be cut by a page break (no stop, blank lines, a small letter) or by hard wrapping; it is joined again. Notes
//! printed inside the text (`[1: …]`) are taken out and kept with the paragraph that refers to them. A heading stuck behind a
//! sentence, and list items that follow a colon on the same line, become paragraphs of their own.

use super::line::{
    Dress, Line, is_blank, is_caps, is_figure, joined, key, lower_start, trim, undress, upper_start, width,
};
use super::mark::{Class, bullet, form, mark};

/// A note may run over at most so many lines.
const NOTE_LINES: usize = 60;

/// A paragraph has at most so many lines: what follows starts anew, so that looking back at it stays cheap.
const MOST_PIECES: usize = 512;

/// How the text is set: learnt from all lines of the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting {
    /// Width in characters at which lines are wrapped, if they are.
    pub wrapped: Option<usize>,
    /// Whether paragraphs of wrapped text are parted by blank lines.
    pub gapped: bool,
}

/// A paragraph before it is known what it is.
#[derive(Debug, Clone, Default)]
pub struct Para<'a> {
    /// Its lines, decoration and list mark taken off.
    pub pieces: Vec<(u32, &'a str)>,
    /// Decoration of its first line.
    pub dress: Dress,
    /// Depth of its list mark.
    pub bullet: Option<u8>,
    /// Notes that stand inside it: mark and lines.
    pub notes: Vec<(&'a str, Vec<(u32, &'a str)>)>,
    /// For a note on a line of its own its mark.
    pub note: Option<&'a str>,
    /// Too long to be looked into.
    pub long: bool,
    /// Its bold runs on over the next line.
    pub(crate) open: bool,
    /// Bytes of its pieces.
    pub(crate) size: usize,
    /// Brackets opened and not closed in it.
    pub(crate) brackets: i32,
}

impl<'a> Para<'a> {
    /// Its words, for looking only.
    pub fn text(&self) -> std::borrow::Cow<'a, str> {
        joined(&self.pieces)
    }
    fn last(&self) -> (u32, &'a str) {
        self.pieces.last().copied().unwrap_or((0, ""))
    }
    /// Adds a line or a part of one.
    fn push(&mut self, no: u32, text: &'a str) {
        self.size += text.len();
        for at in memchr::memchr2_iter(b'(', b')', text.as_bytes()) {
            self.brackets += if text.as_bytes()[at] == b'(' { 1 } else { -1 };
        }
        self.pieces.push((no, text));
    }
}

/// Learns how the text is set.
pub fn setting(lines: &[Line]) -> Setting {
    const WIDEST: usize = 200;
    let mut counts = [0usize; WIDEST + 1];
    let (mut total, mut gaps, mut all) = (0usize, 0usize, 0usize);
    for line in lines.iter().take(20_000).filter(|l| l.tabs == 0) {
        all += 1;
        gaps += usize::from(line.gap > 0);
        // Wide gaps: a row of a table, or a letterhead.
        if line.raw.len() > 40 && memchr::memmem::find(line.text().as_bytes(), b"   ").is_none() {
            counts[width(&line.raw[..floor(line.raw, 4 * WIDEST)], WIDEST)] += 1;
            total += 1;
        }
    }
    if total < 6 || counts[150..].iter().sum::<usize>() * 30 > total {
        return Setting::default();
    }
    let mut seen = 0;
    let Some(edge) = (0..=WIDEST).find(|w| {
        seen += counts[*w];
        seen * 20 >= total * 19
    }) else {
        return Setting::default();
    };
    let near: usize = counts[edge * 3 / 4..].iter().sum();
    let wrapped = ((60..150).contains(&edge) && near * 5 >= total * 2).then_some(edge);
    Setting { wrapped, gapped: gaps * 8 > all }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Cuts a stretch of lines into paragraphs.
pub fn paragraphs<'a>(lines: &[Line<'a>], setting: Setting) -> Vec<Para<'a>> {
    let mut out: Vec<Para<'a>> = Vec::with_capacity(lines.len());
    let mut open: Option<usize> = None;
    let mut gap = 0;
    for (at, line) in lines.iter().enumerate() {
        gap += line.gap;
        if is_blank(line.raw) {
            gap += 1;
            continue;
        }
        if line.long() {
            out.push(Para { pieces: vec![(line.no, line.raw)], long: true, ..Para::default() });
            open = None;
            gap = 0;
            continue;
        }
        let mut rest = trim(line.raw);
        if let Some(left) = open {
            // Inside a note that an earlier line opened.
            let (inner, after) = match note_end(rest) {
                Some(end) => (trim(&rest[..end]), trim(&rest[end + 1..])),
                None => (rest, ""),
            };
            let closed = inner.len() < rest.len();
            if let Some(note) = out.last_mut().and_then(|p| p.notes.last_mut()).filter(|_| !inner.is_empty()) {
                note.1.push((line.no, inner));
            }
            open = if closed || left == 0 { None } else { Some(left - 1) };
            if !after.is_empty() {
                rest = after;
                if let Some(para) = out.last_mut().filter(|_| lower_start(after) || after.starts_with(['.', ',', ';']))
                {
                    para.push(line.no, after);
                    continue;
                }
            } else {
                continue;
            }
        }
        open = add_line(&mut out, lines, at, rest, gap, setting);
        gap = 0;
    }
    out
}

/// Adds one line's text; gives the lines that a note opened on it may still run over.
fn add_line<'a>(
    out: &mut Vec<Para<'a>>,
    lines: &[Line<'a>],
    at: usize,
    text: &'a str,
    gap: u32,
    setting: Setting,
) -> Option<usize> {
    let no = lines[at].no;
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("[bookmark:") {
        let Some(end) = after.find(']') else { break };
        rest = trim(&after[end + 1..]);
    }
    if let Some((name, after)) = note_line(rest) {
        out.push(Para { pieces: vec![(no, after)], note: Some(name), ..Para::default() });
        return None;
    }
    let mut first = true;
    let mut open = None;
    loop {
        let note = note_start(rest);
        let plain = trim(note.map_or(rest, |(start, ..)| &rest[..start]));
        if !plain.is_empty() {
            if first {
                for (i, part) in split(plain).into_iter().enumerate() {
                    place(out, no, part, if i == 0 { gap } else { 0 }, i > 0, setting);
                }
                first = false;
            } else if let Some(para) = out.last_mut() {
                para.push(no, plain);
            }
        } else if note.is_some() {
            first = false;
        }
        let Some((start, name, body)) = note else { break };
        if out.is_empty() {
            out.push(Para::default());
        }
        let inner = &rest[body..];
        let para = out.last_mut()?;
        if let Some(end) = note_end(inner) {
            para.notes.push((name, vec![(no, trim(&inner[..end]))]));
            rest = &inner[end + 1..];
        } else if closes_later(&lines[at + 1..]) {
            let first_line = trim(inner);
            para.notes.push((name, if first_line.is_empty() { Vec::new() } else { vec![(no, first_line)] }));
            open = Some(NOTE_LINES);
            break;
        } else {
            // Never closed: the bracket is left where it is.
            let tail = trim(&rest[start..]);
            para.push(no, tail);
            break;
        }
    }
    open
}

/// A note's start: its byte, its mark, the byte where its text starts.
fn note_start(text: &str) -> Option<(usize, &str, usize)> {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'[', bytes) {
        let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        if (1..=3).contains(&digits) && bytes.get(at + 1 + digits) == Some(&b':') {
            return Some((at, &text[at + 1..at + 1 + digits], at + digits + 2));
        }
    }
    None
}

/// The bracket that closes a note.
fn note_end(text: &str) -> Option<usize> {
    let mut depth = 0;
    for at in memchr::memchr2_iter(b'[', b']', text.as_bytes()) {
        if text.as_bytes()[at] == b'[' {
            depth += 1;
        } else if depth == 0 {
            return Some(at);
        } else {
            depth -= 1;
        }
    }
    None
}

/// Whether a note left open is closed on one of the next lines, before another note or a table starts.
fn closes_later(lines: &[Line]) -> bool {
    for line in lines.iter().take(NOTE_LINES) {
        if line.long() || line.cell().is_some() {
            return false;
        }
        if note_end(line.raw).is_some() {
            return true;
        }
        if note_start(line.raw).is_some() {
            return false;
        }
    }
    false
}

/// `[3] Công văn …`, `<sup>3</sup> Công văn …` as a line of its own: an endnote.
fn note_line(text: &str) -> Option<(&str, &str)> {
    let (rest, close) = match text.strip_prefix('[') {
        Some(rest) => (rest, "]"),
        None => (text.strip_prefix("<sup>")?, "</sup>"),
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let after = trim(rest[digits..].strip_prefix(close)?);
    ((1..=3).contains(&digits) && upper_start(after)).then_some((&rest[..digits], after))
}

/// Cuts headings and list items that are stuck behind a sentence.
pub(crate) fn split(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut cuts: Vec<usize> = Vec::new();
    for at in memchr::memchr3_iter(b'.', b':', b';', bytes) {
        if bytes.get(at + 1) != Some(&b' ') || at < 8 {
            continue;
        }
        let rest = text[at + 1..].trim_start();
        let start = text.len() - rest.len();
        let item = matches!(rest.as_bytes(), [b'+', b' ', ..])
            || (bytes[at] != b'.' && rest.strip_prefix("- ").is_some_and(upper_start));
        let stuck = bytes[at] != b':' && rest.len() <= 320 && {
            let sentence =
                text[..at].chars().next_back().is_some_and(|c| c.is_lowercase() || matches!(c, ')' | '”' | '"'));
            sentence
                && mark(rest).is_some_and(|m| {
                    let titled = upper_start(m.rest) && m.rest.split_whitespace().nth(2).is_some();
                    let alone = !m.rest.trim_end_matches('.').contains(". ");
                    titled
                        && alone
                        && match m.class {
                            Class::Decimal(_) => {
                                m.rest.len() + 1 < rest.len() && bytes[start..].get(m.text.len()) == Some(&b'.')
                            }
                            Class::Roman => is_caps(m.rest),
                            _ => false,
                        }
                })
        };
        if item || stuck {
            cuts.push(start);
        }
    }
    let mut out = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts {
        out.push(trim(&text[from..cut]));
        from = cut;
    }
    out.push(trim(&text[from..]));
    out
}

/// Adds a line to the paragraph before it, or starts a new one.
fn place<'a>(out: &mut Vec<Para<'a>>, no: u32, text: &'a str, gap: u32, cut: bool, setting: Setting) {
    if !text.chars().any(char::is_alphanumeric) && gap == 0 && out.last().is_some_and(|p| !p.long) {
        // `./.`, a rule, a lone bracket: nothing of its own.
        if let Some(para) = out.last_mut()
            && !matches!(text.as_bytes().first(), Some(b'-' | b'_' | b'=' | b'*' | b']'))
        {
            para.push(no, text);
        }
        return;
    }
    if text.bytes().all(|b| matches!(b, b'-' | b'_' | b'=' | b'*' | b'.' | b' ' | b']' | b'|')) {
        return;
    }
    let (inner, dress) = undress(text);
    let item = bullet(inner);
    let body = item.map_or(inner, |i| i.1);
    if !cut && item.is_none() {
        let before = out.len().checked_sub(2).and_then(|i| out.get(i)).is_some_and(titles);
        if let Some(para) = out.last_mut()
            && joins(para, before, inner, dress, gap, setting)
        {
            para.push(no, inner);
            para.open &= !dress.closed;
            return;
        }
    }
    let mut para = Para { dress, bullet: item.map(|i| i.0), open: dress.open, ..Para::default() };
    para.push(no, body);
    out.push(para);
}

fn titles(para: &Para) -> bool {
    para.pieces.len() == 1 && form(para.pieces[0].1).is_some_and(|f| f.title.is_empty())
}

/// Words after which a sentence always goes on.
const OPEN_WORDS: [&str; 38] = [
    "va",
    "cua",
    "cac",
    "nhung",
    "so",
    "ngay",
    "thang",
    "tai",
    "theo",
    "voi",
    "ve",
    "cho",
    "tu",
    "den",
    "trong",
    "do",
    "duoc",
    "de",
    "la",
    "hoac",
    "nhu",
    "bang",
    "tren",
    "duoi",
    "nam",
    "quyet dinh",
    "cong van",
    "ke hoach",
    "thuoc",
    "co",
    "khong",
    "bi",
    "moi",
    "nay",
    "khi",
    "boi",
    "giua",
    "cung",
];

/// `hài lòng: 1.203 phiếu`: a label, a figure, its unit, and nothing else.
fn is_entry(text: &str) -> bool {
    const UNIT_WORDS: usize = 4;
    const LONGEST: usize = 160;
    if text.len() >= LONGEST {
        return false;
    }
    let Some((label, value)) = text.rsplit_once(": ") else { return false };
    let mut words = value.trim_end_matches(['.', ';', ',']).split_whitespace();
    let figure = words.next().is_some_and(is_figure);
    figure
        && !label.contains(['.', ';'])
        && words.all(|w| !is_figure(w))
        && value.split_whitespace().count() <= 1 + UNIT_WORDS
}

/// Whether a line goes on with the paragraph before it. `titled`: the paragraph before is the first line of a form's title.
fn joins(para: &Para, titled: bool, text: &str, dress: Dress, gap: u32, setting: Setting) -> bool {
    let (_, last) = para.last();
    if para.pieces.len() >= MOST_PIECES
        || para.long
        || para.note.is_some()
        || last.is_empty()
        || form(text).is_some()
        || gap > 8
    {
        return false;
    }
    // Entries of a list of figures, each on its line.
    if is_entry(last) && is_entry(text) {
        return false;
    }
    if para.open && gap == 0 && !titles(para) {
        return true;
    }
    let size = para.size;
    let marked = mark(text).is_some();
    let end = last.trim_end_matches(['”', '"', '’', '*', '_', ')', ' ']).chars().next_back().unwrap_or('.');
    let stop = matches!(end, '.' | ';' | ':' | '!' | '?' | '…');
    let caps = is_caps(last);
    let headed = para.dress.hashes > 0 || para.dress.bold;
    if headed != (dress.hashes > 0 || dress.bold) && !(headed && para.open) {
        return false;
    }
    let unclosed = || size < 400 && para.brackets > 0;
    if lower_start(text) && !marked {
        // A short line (a name, a place) is not cut in mid-sentence, unless it says so.
        return !stop && (gap == 0 || size > 50 || unclosed()) && !titles(para)
            || (stop && gap == 0 && end != ':' && unclosed());
    }
    if marked {
        return false;
    }
    let caps_now = is_caps(text);
    if caps && caps_now && gap == 0 && !stop {
        // A numbered heading over two lines, or the title of a form.
        return para.bullet.is_none() && (mark(para.pieces[0].1).is_some() || titled) && !titles(para);
    }
    if caps || titles(para) {
        return false;
    }
    if !upper_start(text) || text.starts_with(['(', '/']) {
        let goes_on = !stop && (unclosed() || ends_open(last));
        if goes_on || (!stop && text.starts_with('/')) {
            return true;
        }
    }
    if gap > 0 {
        return !stop && size > 60 && (ends_open(last) || end == ',' && !upper_start(text))
            || (!stop && unclosed() && !caps_now);
    }
    match setting.wrapped {
        Some(edge) if !caps_now => {
            let full = width(last, edge) * 5 >= edge * 4;
            full && (setting.gapped || !stop)
        }
        _ => !stop && size > 60 && ends_open(last),
    }
}

/// Whether a line ends with a word that cannot end a sentence.
pub(crate) fn ends_open(text: &str) -> bool {
    let tail = &text[text.len() - (text.len() - floor(text, text.len().saturating_sub(24)))..];
    if tail.ends_with(|c: char| !c.is_alphabetic()) {
        return false;
    }
    let tail = key(tail, 40);
    OPEN_WORDS.iter().any(|w| tail.strip_suffix(w).is_some_and(|before| before.is_empty() || before.ends_with(' ')))
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let lines = lines(text);
        paragraphs(&lines, setting(&lines)).iter().map(|p| p.text().into_owned()).collect()
    }

    #[test]
    fn sentences_cut_by_a_page_break() {
        let text = "Ủy ban nhân dân xã đã tiếp nhận toàn bộ hồ sơ thuộc thẩm quyền của cơ\n\nquan cấp trên. Hết.\n\nĐoạn khác.\n";
        assert_eq!(texts(text).len(), 2);
        let text = "Thực hiện quyết định của Chủ tịch Ủy ban nhân dân tỉnh về kế hoạch, ban hành ngày\n\n\n04 tháng 02 năm 2020.\nMới.";
        assert_eq!(texts(text).len(), 2);
        let text = "(Kèm theo văn bản số\n\n/UBND-VP ngày\n\ntháng 5 năm 2021)\n\nTiếp.";
        assert_eq!(texts(text), ["(Kèm theo văn bản số /UBND-VP ngày tháng 5 năm 2021)", "Tiếp."]);
    }

    #[test]
    fn paragraphs_on_lines_stay_apart() {
        let text = "Đã ban hành kế hoạch[3]\n- Mục một\n- Mục hai\nĐoạn mới bắt đầu\nĐoạn nữa";
        assert_eq!(texts(text).len(), 5);
    }

    #[test]
    fn wrapped_text() {
        let line = "Trong kỳ báo cáo Ủy ban nhân dân xã đã chỉ đạo các bộ phận chuyên";
        let text =
            format!("{line}\nUBND thực hiện nghiêm túc kế hoạch và báo cáo đầy đủ theo quy định\n{line}\nmôn.\n\n")
                .repeat(4);
        assert_eq!(texts(&text).len(), 4);
    }

    #[test]
    fn notes_are_taken_out() {
        let text = "Đã ban hành văn bản[footnoteRef:1]. [1:  Công văn số 5.] Kết thúc[footnoteRef:2]. [2:  Kế hoạch A;\n\nkế hoạch B.\n] \nĐoạn sau.";
        let lines = lines(text);
        let paras = paragraphs(&lines, Setting::default());
        assert_eq!(paras.len(), 2);
        assert_eq!(paras[0].text(), "Đã ban hành văn bản[footnoteRef:1]. Kết thúc[footnoteRef:2].");
        let notes: Vec<_> = paras[0].notes.iter().map(|n| (n.0, joined(&n.1).into_owned())).collect();
        assert_eq!(notes, [("1", "Công văn số 5.".into()), ("2", "Kế hoạch A; kế hoạch B.".into())]);
        assert_eq!(paras[0].notes[1].1[1].0, 3);
        assert_eq!(texts("Câu [2: không đóng\nDòng sau.").len(), 2);
    }

    #[test]
    fn stuck_headings_and_items() {
        let text = "Xã công khai 12 quy trình nội bộ tại nơi tiếp nhận. 4. Nhóm quy trình liên thông với cơ quan thuế.";
        assert_eq!(texts(text).len(), 2);
        assert_eq!(texts("Tại xã tiếp nhận. Trong đó: + 05 hồ sơ; + 06 phiếu").len(), 3);
        assert_eq!(texts("Theo Nghị định 30. 3. Điều này").len(), 1);
        assert_eq!(texts("Giai đoạn 2011 - 2020; kinh tế - xã hội: tốt").len(), 1);
    }

    #[test]
    fn endnotes() {
        let lines = lines("[2] Quyết định số 9");
        assert_eq!(paragraphs(&lines, Setting::default())[0].note, Some("2"));
    }
}
