//! Paragraphs and tables in reading order in, a `Document` out: headings and their nesting, list items and what leads them in,
//! notes, captions of tables.
//!
//! Headings nest by the class of their number (`Phần` over `A.` over `I.` over `1.` over `1.1.` over `a)`); an appendix or a form
//! starts anew at the top. Levels are depths in that nesting. A numbered sentence is a paragraph with a mark, not a heading.

use super::line::{is_caps, key, upper_start};
use super::mark::{Class, form, mark};
use super::prose::Para;
use crate::model::{Block, BlockKind, Document, Place, Table};
use crate::text::clean::Text;

/// A part of the text in reading order.
#[derive(Debug)]
pub enum Item<'a> {
    /// A paragraph of whatever kind.
    Para(Para<'a>),
    /// A table and its first line.
    Table(Table, u32),
    /// A page number or running foot.
    Footer(u32, &'a str),
    /// A running head.
    Header(u32, &'a str),
}

/// Longest heading in bytes of UTF-8 (about two thirds as many letters).
const HEADING: usize = 400;
/// Longest heading that ends with a full stop.
const STOPPED: usize = 240;

/// Ranks of headings: outermost first.
const APPENDIX: u8 = 0;
const FORM: u8 = 1;
const TITLE: u8 = 2;
const PART: u8 = 3;
const CAPITAL: u8 = 4;
const ROMAN: u8 = 5;
const DECIMAL: u8 = 6;
const LETTER: u8 = 14;
const LOOSE: u8 = 20;

fn rank(class: Class) -> u8 {
    match class {
        Class::Part => PART,
        Class::Capital => CAPITAL,
        Class::Roman => ROMAN,
        Class::Decimal(depth) => DECIMAL + depth.min(7),
        Class::Letter => LETTER,
        Class::Paren => LETTER + 1,
    }
}

/// Where in the document we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    /// Before the text proper: issuing body, number, title.
    Letterhead,
    Body,
    /// Recipients and signature.
    Closing,
}

#[derive(Debug, Clone)]
struct Open {
    rank: u8,
    block: u32,
    mark: String,
    ordinal: u32,
}

struct Builder {
    document: Document,
    stack: Vec<Open>,
    zone: Zone,
    /// A form's heading waits for its title.
    untitled: bool,
    /// What leads in the list items that follow.
    lead: Option<u32>,
    /// The last `-` item of the list.
    dash: Option<u32>,
    /// A `+` item that ends with a colon, right before.
    plus: Option<u32>,
}

/// What follows a paragraph.
#[derive(Clone, Copy)]
enum Next<'n, 'a> {
    Para(&'n Para<'a>),
    Other,
    End,
}

/// Builds the document.
pub fn build(items: Vec<Item>) -> Document {
    let mut builder = Builder {
        document: Document::default(),
        stack: Vec::new(),
        zone: Zone::Letterhead,
        untitled: false,
        lead: None,
        dash: None,
        plus: None,
    };
    builder.document.blocks.reserve(items.len());
    let mut items = items.into_iter().peekable();
    while let Some(item) = items.next() {
        match item {
            Item::Para(para) => {
                let next = match items.peek() {
                    Some(Item::Para(next)) => Next::Para(next),
                    Some(_) => Next::Other,
                    None => Next::End,
                };
                builder.para(para, next);
            }
            Item::Table(table, line) => builder.table(table, line),
            Item::Footer(line, text) => {
                builder.push(BlockKind::Footer, Text::from_line(line, text), line, String::new());
            }
            Item::Header(line, text) => {
                builder.push(BlockKind::Header, Text::from_line(line, text), line, String::new());
            }
        }
    }
    builder.document
}

/// What a paragraph's words say about it.
struct Shape {
    size: usize,
    end: char,
    sentences: bool,
}

fn shape(text: &str) -> Shape {
    let text = text.trim_end_matches(['*', '_', ' ']);
    Shape {
        size: text.len(),
        end: text.chars().next_back().unwrap_or(' '),
        sentences: memchr::memmem::find_iter(text.as_bytes(), b". ")
            .any(|at| at > 8 && upper_start(text[at + 2..].trim_start())),
    }
}

/// Whether a text announces a list.
fn leads(text: &str) -> bool {
    let text = text.trim_end_matches(['*', '_', ' ']);
    if text.ends_with(':') {
        return true;
    }
    let mut from = text.len().saturating_sub(24);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let tail = key(&text[from..], 40);
    ["trong do", "cu the", "bao gom", "nhu sau", "gom"].iter().any(|w| tail.ends_with(w))
}

impl Builder {
    fn push(&mut self, kind: BlockKind, text: Text, line: u32, mark: String) -> u32 {
        let index = self.document.blocks.len() as u32;
        let notes = note_marks(&text.clean);
        self.document.blocks.push(Block {
            kind,
            heading: self.stack.last().map(|o| o.block),
            lead: None,
            text,
            place: Place::line(line),
            mark,
            notes,
        });
        index
    }

    fn para(&mut self, para: Para, next: Next) {
        let line = para.pieces.first().or(para.notes.first().and_then(|n| n.1.first())).map_or(0, |p| p.0);
        if let Some(name) = para.note {
            self.push(BlockKind::Footnote, Text::from_lines(&para.pieces), line, name.to_string());
            return;
        }
        let words = para.text();
        let text = match &para.pieces[..] {
            [(line, one)] => Text::from_line(*line, one),
            pieces => Text::from_lines(pieces),
        };
        if !para.pieces.is_empty() {
            if para.long {
                self.paragraph(text, line, String::new(), false);
            } else if let Some(depth) = para.bullet {
                self.item(depth, text, line, &words);
            } else {
                self.line(&para, &words, text, line, next);
            }
        }
        for (name, pieces) in &para.notes {
            let line = pieces.first().map_or(line, |p| p.0);
            self.push(BlockKind::Footnote, Text::from_lines(pieces), line, name.to_string());
        }
    }

    /// A paragraph without list mark: heading or running text.
    fn line(&mut self, para: &Para, words: &str, text: Text, line: u32, next: Next) {
        let shape = shape(words);
        if let Some(name) = form(words) {
            self.zone = Zone::Body;
            let rank = if name.appendix { APPENDIX } else { FORM };
            // An appendix starts anew; a form stays below its appendix.
            self.stack.retain(|o| rank == FORM && o.rank == APPENDIX);
            self.heading(rank, text, line, name.mark, 0, words);
            self.untitled = name.title.is_empty();
            return;
        }
        // `./.` also ends sections in the middle of reports: only the last words of the text close it.
        if self.zone != Zone::Closing && (closing(words) || (is_end(words) && key(words, 8).starts_with("tren day"))) {
            self.paragraph(text, line, String::new(), leads(words));
            self.zone = Zone::Closing;
            self.stack.retain(|o| o.rank <= TITLE);
            return;
        }
        let number = mark(words);
        if self.zone == Zone::Closing {
            let again = para.dress.hashes > 0 && number.is_some()
                || number.as_ref().is_some_and(|m| m.class == Class::Roman && is_caps(m.rest));
            if !again {
                self.paragraph(text, line, String::new(), leads(words));
                return;
            }
            self.zone = Zone::Body;
        }
        if self.untitled {
            if words.starts_with('(') {
                self.paragraph(text, line, String::new(), false);
                return;
            }
            self.untitled = false;
            if number.is_none() && shape.size <= HEADING && !matches!(shape.end, '.' | ';') {
                self.stack.retain(|o| o.rank < TITLE);
                self.heading(TITLE, text, line, "", 0, words);
                return;
            }
        }
        let Some(number) = number else {
            let titled = para.dress.hashes > 0
                || (self.zone == Zone::Body
                    && (para.dress.bold && !matches!(shape.end, '.' | ';') || is_caps(words) && words.contains(' '))
                    && !words.starts_with('('));
            if titled && shape.size <= HEADING && !matches!(next, Next::End) && !words.trim_end().ends_with("/.") {
                let rank = if is_caps(words) && para.dress.hashes == 0 { ROMAN } else { LOOSE };
                self.heading(rank, text, line, "", 0, words);
                return;
            }
            if shape.size > 220 && self.zone == Zone::Letterhead && shape.end != ')' {
                self.zone = Zone::Body;
            }
            self.paragraph(text, line, String::new(), leads(words));
            return;
        };
        let sibling = match next {
            Next::Para(next) => {
                next.bullet.is_none()
                    && mark(&next.text()).is_some_and(|m| m.class == number.class && m.ordinal > number.ordinal)
            }
            _ => false,
        };
        let decorated = para.dress.hashes > 0 || para.dress.bold;
        let short = match shape.end {
            _ if decorated => shape.size <= HEADING,
            ':' => shape.size <= HEADING,
            '.' | '!' | '?' => shape.size <= STOPPED && !shape.sentences && !sibling && !matches!(next, Next::End),
            ';' | ',' => false,
            _ => {
                shape.size <= HEADING
                    && !(shape.sentences && shape.size > STOPPED)
                    && !(sibling && shape.size > STOPPED)
            }
        };
        let is_heading = short && !matches!(number.class, Class::Paren) && !number.rest.is_empty();
        let mark_text = number.text.to_string();
        let rank = self.nest(&number.class, number.text, number.ordinal, is_heading);
        if is_heading {
            self.zone = Zone::Body;
            self.heading(rank, text, line, &mark_text, number.ordinal, words);
        } else {
            if self.zone == Zone::Letterhead && shape.size > 120 {
                self.zone = Zone::Body;
            }
            self.paragraph(text, line, mark_text, leads(words));
        }
    }

    /// Closes the headings that a number ends, and gives the rank at which it stands.
    fn nest(&mut self, class: &Class, text: &str, ordinal: u32, heading: bool) -> u8 {
        let mut rank = rank(*class);
        let same = self.stack.iter().rposition(|o| o.rank == rank && o.rank != LOOSE);
        if !heading {
            // A numbered sentence ends the headings of its own sequence, and nothing else.
            let prefix =
                |o: &Open| text.strip_suffix(&format!(".{ordinal}")) == o.mark.strip_suffix(&format!(".{}", o.ordinal));
            if let Some(at) =
                same.filter(|at| self.stack[*at].ordinal + 2 >= ordinal && self.stack[*at].ordinal < ordinal)
                && prefix(&self.stack[at])
            {
                self.stack.truncate(at);
            }
            return rank;
        }
        // A sequence that starts again at 1 below a deeper heading is a list of that heading.
        if let (Some(at), Some(top)) = (same, self.stack.last())
            && ordinal == 1
            && matches!(class, Class::Decimal(1))
            && self.stack[at].ordinal > 1
            && top.rank >= LETTER
            && top.rank < LOOSE
        {
            rank = top.rank + 1;
            self.stack.retain(|o| o.rank < rank);
            return rank;
        }
        self.stack.retain(|o| o.rank < rank);
        if let Class::Decimal(_) = class {
            // `2.1` stands below `2.`, not below a `1.` that happens to be open.
            while self.stack.last().is_some_and(|o| {
                o.rank > DECIMAL
                    && o.rank < LETTER
                    && !o.mark.is_empty()
                    && !(text.starts_with(&o.mark) && text[o.mark.len()..].starts_with('.'))
            }) {
                self.stack.pop();
            }
        }
        rank
    }

    fn heading(&mut self, rank: u8, text: Text, line: u32, mark: &str, ordinal: u32, words: &str) {
        self.stack.retain(|o| o.rank < rank);
        let level = (self.stack.len() + 1).min(9) as u8;
        let block = self.push(BlockKind::Heading(level), text, line, mark.to_string());
        self.stack.push(Open { rank, block, mark: mark.to_string(), ordinal });
        self.lead = leads(words).then_some(block);
        self.dash = None;
        self.plus = None;
    }

    fn paragraph(&mut self, text: Text, line: u32, mark: String, leads: bool) {
        let block = self.push(BlockKind::Paragraph, text, line, mark);
        self.lead = leads.then_some(block);
        self.dash = None;
        self.plus = None;
    }

    fn item(&mut self, depth: u8, text: Text, line: u32, words: &str) {
        if self.zone == Zone::Letterhead && words.len() > 120 {
            self.zone = Zone::Body;
        }
        if depth == 0 {
            self.paragraph(text, line, String::new(), words.len() < 200);
            return;
        }
        let lead = match depth {
            1 => self.plus.or(self.lead),
            _ => self.dash.or(self.lead),
        };
        if depth == 1 && self.plus.is_some() {
            self.lead = self.plus;
        }
        let block = self.push(BlockKind::ListItem(depth), text, line, String::new());
        if let Some(item) = self.document.blocks.last_mut() {
            item.lead = lead;
        }
        if depth == 1 {
            self.dash = Some(block);
            self.plus = None;
        } else {
            self.plus = leads(words).then_some(block);
        }
    }

    fn table(&mut self, mut table: Table, line: u32) {
        table.captions = self.captions();
        self.zone = Zone::Body;
        self.untitled = false;
        let index = self.document.tables.len() as u32;
        self.push(BlockKind::Table(index), Text::default(), line, String::new());
        self.document.tables.push(table);
        self.lead = None;
        self.dash = None;
        self.plus = None;
    }

    /// The blocks right above that name the table: from the nearest form heading on, or the one line before it.
    fn captions(&self) -> Vec<u32> {
        let blocks = &self.document.blocks;
        let mut from = blocks.len();
        let mut named = None;
        while from > 0 && blocks.len() - from < 8 {
            let block = &blocks[from - 1];
            let short = block.text.raw.len() <= 300;
            match block.kind {
                BlockKind::Heading(_) if short => {}
                BlockKind::Paragraph if short => {}
                _ => break,
            }
            from -= 1;
            if form(&block.text.raw).is_some() {
                named = Some(from);
                break;
            }
        }
        match named {
            Some(at) => (at as u32..blocks.len() as u32).collect(),
            None => {
                // A unit line or a title just above.
                let near = blocks.last().filter(|b| {
                    let heading = matches!(b.kind, BlockKind::Heading(_));
                    let caption =
                        b.kind == BlockKind::Paragraph && b.text.raw.len() <= 300 && !b.text.raw.ends_with(['.', ';']);
                    (heading || caption) && self.zone != Zone::Closing
                });
                near.map(|_| blocks.len() as u32 - 1).into_iter().collect()
            }
        }
    }
}

/// `Nơi nhận:`, `TM. UBND …`: what stands below the text proper.
fn closing(text: &str) -> bool {
    if text.len() > 120 {
        return false;
    }
    let head = key(text, 12);
    head.starts_with("noi nhan")
        || text.get(1..).is_some_and(|t| t.len() < 16 && (t.starts_with("ơi nhận") || t.starts_with("\u{9d}ơi nhận")))
        || head.ends_with("oi nhan") && head.len() <= 9
        || (["tm ", "kt ", "tl ", "tuq "].iter().any(|w| head.starts_with(w)) && is_caps(text))
}

/// The mark that ends the text of a report: `./.`
fn is_end(text: &str) -> bool {
    text.trim_end_matches(['*', '_', ' ']).ends_with("/.") || text.ends_with(". /.")
}

/// Marks of notes in a clean text: `[footnoteRef:1]`, `[5]`, with the byte where each stands.
fn note_marks(clean: &str) -> Vec<(u32, String)> {
    let mut out = Vec::new();
    for at in memchr::memchr_iter(b'[', clean.as_bytes()) {
        let rest = &clean[at + 1..];
        let rest = rest.strip_prefix("footnoteRef:").unwrap_or(rest);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=3).contains(&digits) && rest[digits..].starts_with(']') {
            out.push((at as u32, rest[..digits].to_string()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::model::{BlockKind, Document};
    use crate::read::text::read;

    fn document(text: &str) -> Document {
        read(text.as_bytes(), "x.txt").unwrap()
    }

    fn path(document: &Document, start: &str) -> Vec<String> {
        let at = document.blocks.iter().position(|b| b.text.raw.starts_with(start)).unwrap();
        document.headings(at as u32).map(|b| b.mark.clone()).collect()
    }

    const BODY: &str = "BÁO CÁO\nKết quả công tác năm 2022\n\nI. KẾT QUẢ\n1. Cải cách thể chế\na) Xây dựng văn bản:\nĐã ban hành 5 văn bản.\nb) Tỷ lệ phân công: Hiện nay 100% phòng đã phân công nhiệm vụ cho công chức, viên chức và người lao động thuộc phạm vi quản lý, bảo đảm rõ việc, rõ người, rõ trách nhiệm theo quy định của cấp trên.\nSau mục b.\n2. Thủ tục hành chính\n2.1. Kiểm soát thủ tục\nNội dung kiểm soát.\nII. ĐÁNH GIÁ CHUNG\n1. Đề nghị cấp trên sớm ban hành quyết định công bố danh mục thủ tục hành chính đủ điều kiện để các đơn vị triển khai thực hiện. Việc này rất cần.\n2. Đề nghị cấp trên bố trí kinh phí cho công tác này trong năm tới để các xã mua sắm trang thiết bị còn thiếu. Hết sức cần.\nPHỤ LỤC 2\nTỔNG HỢP SỐ LIỆU\n(Kèm theo Báo cáo số 5)\nBiểu mẫu 1\nCông tác chỉ đạo\nSTT\tNội dung\tSố\n1\tHồ sơ\t5\n2\tPhiếu\t6\n";

    #[test]
    fn nesting() {
        let document = document(BODY);
        assert_eq!(path(&document, "Đã ban hành"), ["a", "1", "I"]);
        assert_eq!(path(&document, "Sau mục"), ["1", "I"]);
        assert_eq!(path(&document, "Nội dung kiểm"), ["2.1", "2", "I"]);
        assert_eq!(path(&document, "2. Đề nghị"), ["II"]);
        let numbered = document.blocks.iter().find(|b| b.text.raw.starts_with("2. Đề nghị")).unwrap();
        assert_eq!((numbered.kind, numbered.mark.as_str()), (BlockKind::Paragraph, "2"));
        let table = document.blocks.iter().position(|b| matches!(b.kind, BlockKind::Table(_))).unwrap();
        assert_eq!(document.headings(table as u32).map(|b| b.mark.as_str()).collect::<Vec<_>>(), ["", "1", "2"]);
        let captions: Vec<_> =
            document.tables[0].captions.iter().map(|c| document.blocks[*c as usize].text.raw.as_str()).collect();
        assert_eq!(captions, ["Biểu mẫu 1", "Công tác chỉ đạo"]);
    }

    #[test]
    fn letterhead_is_no_heading() {
        let document = document(BODY);
        assert_eq!(document.blocks[0].kind, BlockKind::Paragraph);
        assert_eq!(document.blocks[1].kind, BlockKind::Paragraph);
        assert_eq!(document.blocks[2].kind, BlockKind::Heading(1));
    }

    #[test]
    fn lists_know_what_leads_them() {
        let text = "I. KẾT QUẢ\n- Tiếp nhận hồ sơ. Trong đó:\n+ Trực tuyến: 5;\n+ Trực tiếp: 6.\nTại huyện có 9 hồ sơ, gồm:\n- Đất đai: 4\n- Khác: 5\n+ Hộ tịch: 2\nĐoạn thường.\n- Mục rời\n";
        let document = document(text);
        let leads: Vec<_> = document.blocks.iter().map(|b| b.lead).collect();
        assert_eq!(leads, [None, None, Some(1), Some(1), None, Some(4), Some(4), Some(6), None, None]);
    }

    #[test]
    fn closing_lines_are_paragraphs() {
        let text =
            "I. KẾT QUẢ\nĐã xong./.\nNơi nhận:\n- Như trên;\n**TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH**\nPHỤ LỤC 1\nSố liệu\n";
        let kinds: Vec<_> = document(text).blocks.iter().map(|b| b.kind).collect();
        use BlockKind::*;
        assert_eq!(kinds, [Heading(1), Paragraph, Paragraph, ListItem(1), Paragraph, Heading(1), Heading(2)]);
    }

    #[test]
    fn notes_have_offsets() {
        let document = document("Đã ban hành[footnoteRef:4] kế hoạch[5]. [4: Kế hoạch số 9.]\n");
        let block = &document.blocks[0];
        let marks: Vec<_> = block.notes.iter().map(|n| n.1.as_str()).collect();
        assert_eq!(marks, ["4", "5"]);
        assert!(block.text.clean[block.notes[0].0 as usize..].starts_with("[footnoteRef:4]"));
        assert_eq!((document.blocks[1].kind, document.blocks[1].mark.as_str()), (BlockKind::Footnote, "4"));
    }
}
