//! Raw characters in, clean characters out, with an offset map between them.
//!
//! Clean text is NFC, has single ASCII spaces, no markup residue (`<b>`, `**`, `[text](link)`), no invisible characters, no
//! look-alikes of other alphabets inside Vietnamese words, glued words parted, split words joined. The printed characters are
//! kept beside it. What is never done here: no word is replaced by another valid word (`map::terms` does that, with the rules' words).
//!
//! Most lines need nothing: one pass (`work`) says so and the line is copied. The others become a list of pieces, one per
//! character with its raw place, which the passes of `scrub` and `words` rewrite.

mod scrub;
mod words;
mod work;

use scrub::Piece;
use std::ops::Range;
use work::{Work, work};

/// A piece of text as printed and as cleaned, with the way back from every clean byte to its line and raw byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Clean text, NFC.
    pub clean: String,
    /// The characters as found, the pieces joined by `\n`.
    pub raw: String,
    /// Sorted by `clean`; each holds from its clean byte to the next anchor's.
    pub anchors: Vec<Anchor>,
}

/// From clean byte `clean` on, text stems from raw byte `raw` on line `line` (1-based).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Byte offset in `Text::clean`.
    pub clean: u32,
    /// Byte offset in `Text::raw`.
    pub raw: u32,
    /// 1-based line of the source file.
    pub line: u32,
}

impl Text {
    /// Cleans one line.
    pub fn from_line(line: u32, raw: &str) -> Text {
        Text::from_lines(&[(line, raw)])
    }

    /// Cleans the lines of one paragraph or cell; lines are joined by a space in `clean` and by `\n` in `raw`.
    pub fn from_lines(lines: &[(u32, &str)]) -> Text {
        let total = lines.iter().map(|(_, raw)| raw.len() + 1).sum();
        let mut text =
            Text { clean: String::with_capacity(total), raw: String::with_capacity(total), anchors: Vec::new() };
        for (at, (line, raw)) in lines.iter().enumerate() {
            if at > 0 {
                text.raw.push('\n');
            }
            let start = text.raw.len();
            text.raw.push_str(raw);
            let trimmed = raw.trim_matches(' ');
            if trimmed.is_empty() {
                continue;
            }
            let work = work(trimmed);
            if work == Work::All {
                let pieces = scrub::scrub(raw);
                if !pieces.is_empty() {
                    text.part(&pieces, start, *line);
                    text.append(&pieces, raw, start, *line);
                }
                continue;
            }
            let skipped = raw.len() - raw.trim_start_matches(' ').len();
            if text.join_before(trimmed) {
                text.separate(start, *line);
            }
            if work == Work::Spaces {
                text.squeeze(trimmed, start + skipped, *line);
            } else {
                text.anchor(start + skipped, *line);
                text.clean.push_str(trimmed);
            }
        }
        text
    }

    /// Puts the space between two lines unless a document number is broken there.
    fn part(&mut self, pieces: &[Piece], start: usize, line: u32) {
        let head: String = pieces.iter().take(8).map(|p| p.c).collect();
        if self.join_before(&head) {
            self.separate(start, line);
        }
    }

    fn join_before(&self, next: &str) -> bool {
        !self.clean.is_empty() && !words::broken_number(&self.clean, next)
    }

    /// The space that stands for a line break: its source is the `\n` before `start`.
    fn separate(&mut self, start: usize, _line: u32) {
        let line = self.anchors.last().map_or(0, |a| a.line);
        self.anchor(start.saturating_sub(1), line);
        self.clean.push(' ');
    }

    fn anchor(&mut self, raw: usize, line: u32) {
        let anchor = Anchor { clean: self.clean.len() as u32, raw: raw as u32, line };
        match self.anchors.last_mut() {
            Some(last) if last.clean == anchor.clean => *last = anchor,
            _ => self.anchors.push(anchor),
        }
    }

    /// Appends a text with one space for several; an anchor behind each of these.
    fn squeeze(&mut self, text: &str, mut at: usize, line: u32) {
        let mut rest = text;
        while let Some(gap) = memchr::memmem::find(rest.as_bytes(), b"  ") {
            self.anchor(at, line);
            self.clean.push_str(&rest[..=gap]);
            let behind = rest[gap..].trim_start_matches(' ');
            at += rest.len() - behind.len();
            rest = behind;
        }
        self.anchor(at, line);
        self.clean.push_str(rest);
    }

    /// Appends cleaned characters; an anchor wherever clean and raw stop running in step.
    fn append(&mut self, pieces: &[Piece], raw: &str, start: usize, line: u32) {
        let mut expected = usize::MAX;
        for piece in pieces {
            let at = piece.at as usize;
            let same = raw.get(at..).and_then(|rest| rest.chars().next()) == Some(piece.c);
            if at != expected || !same {
                self.anchor(start + at, line);
            }
            expected =
                if same && piece.len as usize == piece.c.len_utf8() { at + piece.c.len_utf8() } else { usize::MAX };
            self.clean.push(piece.c);
        }
    }

    /// Puts other words in the place of some of the clean text, given in order; the way back to the print stays.
    pub fn mend(&mut self, edits: &[(Range<usize>, String)]) {
        let edges = edits.iter().flat_map(|(range, _)| [range.start, range.end]).filter(|at| *at < self.clean.len());
        let edges = edges.map(|at| Anchor {
            clean: at as u32,
            raw: self.raw_range(at..at + 1).start as u32,
            line: self.line_at(at),
        });
        let mut anchors: Vec<Anchor> = self.anchors.iter().copied().chain(edges).collect();
        anchors.sort_by_key(|a| a.clean);
        anchors.dedup_by_key(|a| a.clean);
        let mut clean = String::with_capacity(self.clean.len() + edits.len());
        let (mut done, mut moved) = (0, Vec::with_capacity(anchors.len()));
        let mut rest = anchors.into_iter().peekable();
        for (range, word) in edits {
            let shift = clean.len() as i64 - done as i64;
            let mut before = |a: Anchor| moved.push(Anchor { clean: (i64::from(a.clean) + shift) as u32, ..a });
            while let Some(anchor) = rest.next_if(|a| a.clean as usize <= range.start) {
                before(anchor);
            }
            while rest.next_if(|a| (a.clean as usize) < range.end).is_some() {}
            clean.push_str(self.clean.get(done..range.start).unwrap_or_default());
            clean.push_str(word);
            done = range.end;
        }
        let shift = clean.len() as i64 - done as i64;
        moved.extend(rest.map(|a| Anchor { clean: (i64::from(a.clean) + shift) as u32, ..a }));
        clean.push_str(self.clean.get(done..).unwrap_or_default());
        (self.clean, self.anchors) = (clean, moved);
    }

    /// 1-based source line of a clean byte offset; 0 where the text is empty.
    pub fn line_at(&self, clean: usize) -> u32 {
        self.anchor_at(clean).and_then(|i| self.anchors.get(i)).map_or(0, |a| a.line)
    }

    fn anchor_at(&self, clean: usize) -> Option<usize> {
        self.anchors.partition_point(|a| a.clean as usize <= clean).checked_sub(1)
    }

    /// The raw characters that a clean byte range stems from. Characters put in by cleaning (the space between parted words) have no
    /// source, so a range of them alone is empty.
    pub fn raw_of(&self, range: Range<usize>) -> &str {
        self.raw.get(self.raw_range(range)).unwrap_or("")
    }

    /// The bytes of `raw` that a clean byte range stems from.
    pub fn raw_range(&self, range: Range<usize>) -> Range<usize> {
        let (start, end) = (range.start.min(self.clean.len()), range.end.min(self.clean.len()));
        let (Some(first), Some(last)) = (self.anchor_at(start), self.anchor_at(end.saturating_sub(1))) else {
            return 0..0;
        };
        if start >= end {
            return 0..0;
        }
        let from = self.source(first, start..(start + 1).min(end)).start;
        let to = self.source(last, start.max(self.anchors[last].clean as usize)..end).end;
        let (mut from, mut to) = (from.min(self.raw.len()), to.min(self.raw.len()));
        while !self.raw.is_char_boundary(from) {
            from -= 1;
        }
        while !self.raw.is_char_boundary(to) {
            to += 1;
        }
        from..to.max(from)
    }

    /// Raw bytes of a clean range that lies within one anchor's reach: in step where the characters agree, else all of the reach.
    fn source(&self, anchor: usize, clean: Range<usize>) -> Range<usize> {
        let Some(a) = self.anchors.get(anchor) else { return 0..0 };
        let limit = self.anchors.get(anchor + 1).map_or(self.raw.len(), |next| next.raw as usize).max(a.raw as usize);
        let start = a.raw as usize + (clean.start - a.clean as usize);
        let end = a.raw as usize + (clean.end - a.clean as usize);
        // Comparing the last few bytes is enough: an anchor's reach is either in step throughout or one replaced character.
        let back = clean.len().min(4);
        let (raw, cleaned) = (self.raw.as_bytes(), self.clean.as_bytes());
        let same = end <= limit && raw.get(end - back..end) == cleaned.get(clean.end - back..clean.end);
        if same { start..end } else { a.raw as usize..limit }
    }

    /// Whether there is nothing printed.
    pub fn is_empty(&self) -> bool {
        self.clean.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(raw: &str) -> String {
        Text::from_line(1, raw).clean
    }

    #[test]
    fn plain_lines_are_copied() {
        for line in [
            "Tiếp nhận 1.815 hồ sơ (đạt 95,23%), gồm:",
            "- Số: 12/BC-UBND ngày 02/6/2023",
            "mức độ 3, 4",
            "9001: 2015 [1]",
        ] {
            assert_eq!(clean(line), line);
            assert_eq!(work(line), Work::None, "{line}");
        }
    }

    #[test]
    fn lines_that_only_have_spaces_to_lose_come_out_as_by_all_passes() {
        for line in ["  - Đã   giao:  12  văn bản,  đạt 100%", "Quý I  năm", "một  hai", "Theo tiêu chuẩn ISO  9001"]
        {
            assert_eq!(work(line.trim_matches(' ')), Work::Spaces, "{line}");
            let mut all = Text { raw: line.to_owned(), ..Text::default() };
            all.append(&scrub::scrub(line), line, 0, 1);
            assert_eq!(Text::from_line(1, line), all);
        }
        assert_eq!(work("I SO 9001:  2015"), Work::All);
        assert_eq!(work("theo I SO 9001"), Work::All);
        assert_eq!(work("Quý I năm nay"), Work::None);
    }

    #[test]
    fn spaces_and_invisible_characters() {
        assert_eq!(clean("  xã \u{a0}\u{2009} An\u{ad} Bình\u{200b}\t 5  "), "xã An Bình 5");
        assert_eq!(clean("\u{a0}"), "");
        assert_eq!(clean("((Đính kèm))"), "(Đính kèm)");
        assert_eq!(clean("\u{f0b7} Công tác"), "- Công tác");
    }

    #[test]
    fn markup() {
        assert_eq!(clean("<b>98</b>"), "98");
        assert_eq!(clean("40 m<sup>2</sup>"), "40 m2");
        assert_eq!(clean("đã giao<sup>1</sup> đủ"), "đã giao[1] đủ");
        assert_eq!(clean("một<br>hai<br/>ba"), "một hai ba");
        assert_eq!(clean("## II. **KẾT QUẢ**"), "II. KẾT QUẢ");
        assert_eq!(clean("theo *Nghị định* số [43/2011/NĐ-CP](#x)"), "theo Nghị định số 43/2011/NĐ-CP");
        assert_eq!(clean("số <a href=\"#\">43/2011/NĐ-CP</a>"), "số 43/2011/NĐ-CP");
        assert_eq!(clean("tại <http://a.gov.vn>;"), "tại http://a.gov.vn;");
        assert_eq!(clean("[bookmark: loai_1] Về việc"), "Về việc");
        assert_eq!(clean("huyện[footnoteRef:4]. [4: Theo công văn]"), "huyện[footnoteRef:4]. [4: Theo công văn]");
        assert_eq!(clean("đạt 5 < 7 và a &amp; b"), "đạt 5 < 7 và a & b");
        assert_eq!(clean("* Kết quả (*): 2*3"), "* Kết quả (*): 2*3");
    }

    #[test]
    fn unicode_forms() {
        assert_eq!(clean("Thô\u{301}ng tin"), "Thống tin");
        assert_eq!(clean("Ho\u{302}\u{300} sơ"), "Hồ sơ");
        assert_eq!(clean("hành chinh\u{301}"), "hành chính");
        assert_eq!(clean("Ðạt vǎn bản"), "Đạt văn bản");
    }

    #[test]
    fn look_alikes_by_sound_then_shape() {
        assert_eq!(clean("Lиент hông cấp"), "Liên thông cấp");
        assert_eq!(clean("Нơi nhận"), "Nơi nhận");
        assert_eq!(clean("Trong đó:Lиентhôngcấp tỉnh:18TTHC,cấp"), "Trong đó: Liên thông cấp tỉnh: 18 TTHC, cấp");
        assert_eq!(clean("hồ sо tốt"), "hồ so tốt");
        assert_eq!(clean("Москва và Hà Nội"), "Москва và Hà Nội");
    }

    #[test]
    fn glued_words() {
        assert_eq!(clean("từ xã đếncấp trên"), "từ xã đến cấp trên");
        assert_eq!(clean("tổng sốcộng đồng"), "tổng số cộng đồng");
        assert_eq!(clean("trên địa bàn huyện.Kế hoạch"), "trên địa bàn huyện. Kế hoạch");
        assert_eq!(clean("có 16TTHC và 20người"), "có 16 TTHC và 20 người");
        assert_eq!(clean("năm2023 có07 xã"), "năm 2023 có 07 xã");
        assert_eq!(clean("gồm16xã"), "gồm 16 xã");
        assert_eq!(clean("diễn đàn:0,25 điểm"), "diễn đàn: 0,25 điểm");
    }

    #[test]
    fn letters_that_stand_for_digits() {
        for (raw, want) in [
            ("phát 9OO phiếu", "phát 900 phiếu"),
            ("nhận lO.763 hồ sơ", "nhận 10.763 hồ sơ"),
            ("qua mạng 3.356/4.l20 hồ sơ", "qua mạng 3.356/4.120 hồ sơ"),
            ("l0 đơn vị (l2 phòng)", "10 đơn vị (12 phòng)"),
            ("Quý II/2025", "Quý II/2025"),
            ("mục I.1 và l.2", "mục I.1 và l.2"),
            ("Quyết định số 2l/QĐ-UBND", "Quyết định số 2l/QĐ-UBND"),
        ] {
            assert_eq!(clean(raw), want);
        }
    }

    #[test]
    fn codes_stay_whole() {
        for line in [
            "40 m2, 30c/NQ-CP, Phụ lục 3B, 16a/BC-UBND",
            "61/2018/NĐ-CP và 96/2015/UBTVQH13; QH14",
            "http://sở.gov.vn/a,b:c và a.b@x.vn",
            "CB,CC gồm 20 người; T.Ư; TP.HCM",
            "Tp.Hồ Chí Minh",
            "xã Ea Pô, buôn Krông, Đắk R'La",
            "từ 7h30 đến 11h; 150trđ",
            "22/KH_UBND 2.651/QĐ-UBND",
            "kilômét",
        ] {
            assert_eq!(clean(line), line);
        }
    }

    #[test]
    fn lines_join_and_know_their_line() {
        let text =
            Text::from_lines(&[(7, "kế hoạch số 05/KH-"), (8, "UBND  ngày 19/1/2023 về"), (9, " "), (10, "kinh tế")]);
        assert_eq!(text.clean, "kế hoạch số 05/KH-UBND ngày 19/1/2023 về kinh tế");
        let at = |needle: &str| text.line_at(text.clean.find(needle).unwrap());
        assert_eq!((at("05"), at("UBND"), at("19"), at("kinh")), (7, 8, 8, 10));
        let range = |needle: &str| {
            let start = text.clean.find(needle).unwrap();
            start..start + needle.len()
        };
        assert_eq!(text.raw_of(range("05/KH-UBND")), "05/KH-\nUBND");
        assert_eq!(text.raw_of(range("UBND ngày")), "UBND  ngày");
        assert_eq!(text.raw_of(range("19/1/2023")), "19/1/2023");
    }

    #[test]
    fn raw_of_gives_the_print() {
        let text = Text::from_line(1, "có <b>1.815</b>\u{a0}hồ so\u{31b}, Lиент hông: 16TTHC");
        assert_eq!(text.clean, "có 1.815 hồ sơ, Liên thông: 16 TTHC");
        let raw = |needle: &str| {
            let start = text.clean.find(needle).unwrap();
            text.raw_of(start..start + needle.len())
        };
        assert_eq!(raw("1.815"), "1.815");
        assert_eq!(raw("sơ"), "so\u{31b}");
        assert_eq!(raw("Liên"), "Lиен");
        assert_eq!(raw("16 TTHC"), "16TTHC");
        assert_eq!(text.raw_of(5..5), "");
        assert_eq!(text.raw_of(900..1000), "");
    }

    /// Every kept character is found in the raw range it claims, for many scrambled inputs.
    #[test]
    fn every_character_has_its_source() {
        let parts = [
            "hồ sơ",
            "  ",
            "\u{a0}",
            "<b>",
            "</b>",
            "1.815",
            "95,23%",
            "Lиент",
            "hông",
            "so\u{31b}",
            "a\u{302}\u{301}n",
            "**",
            "*",
            "((",
            "))",
            "16TTHC",
            "đếncấp",
            ":",
            ",",
            ".",
            "[x](y)",
            "[1]",
            "\u{ad}",
            "\u{f0b7}",
            "\n",
            "05/KH-",
            "UBND",
            "Ð",
            "\t",
            "<sup>2</sup>",
            "m",
            "http://a.vn",
            "&amp;",
            "I SO",
            "9001",
            "#",
            "ﬁ",
            "ñ",
            "😀",
        ];
        let mut seed = 12345u64;
        for _ in 0..3000 {
            let mut raw = String::new();
            for _ in 0..(seed >> 33) % 12 + 1 {
                seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                raw.push_str(parts[(seed >> 33) as usize % parts.len()]);
            }
            let lines: Vec<(u32, &str)> = raw.split('\n').enumerate().map(|(i, l)| (i as u32 + 1, l)).collect();
            let text = Text::from_lines(&lines);
            assert_eq!(text.raw, raw);
            assert!(text.anchors.windows(2).all(|w| w[0].clean < w[1].clean && w[0].line <= w[1].line), "{raw:?}");
            let mut reach = 0;
            for (at, c) in text.clean.char_indices() {
                let source = text.raw_of(at..at + c.len_utf8());
                let start = source.as_ptr() as usize - text.raw.as_ptr() as usize;
                if c.is_ascii_digit() || c == '%' {
                    let alike = matches!((c, source), ('0', "O" | "o") | ('1', "l" | "I"));
                    assert!(alike || source == c.to_string(), "{raw:?} → {:?} at {at}", text.clean);
                }
                if !source.is_empty() {
                    assert!(start >= reach, "{raw:?} → {:?} at {at}", text.clean);
                    reach = start;
                }
                assert!(source.chars().count() <= 90, "{raw:?} → {:?} at {at}: {source:?}", text.clean);
            }
        }
    }
}
