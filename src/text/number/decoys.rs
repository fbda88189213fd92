//! Is this digit run a figure, or one of the named things that only look like one?
//!
//! The digits' place goes in; a decoy and its end come out, or nothing where the digits are a figure. Three looks, cheapest first: at what
//! touches the digits (letters, brackets, slashes), at the words before, at the words after. Every look is bounded, so that a hostile line
//! cannot make it slow. Where a counted noun follows (`1907 tổ dân phố`), the words before count less.

use super::figure::{Source, after_spaces};
use super::lex::{Numeral, lex};
use super::lexicon::{first_word, is_counted, shouts, starts_word};
use crate::text::decoy::Decoy;
use crate::text::letter::letter;

/// Bytes looked at on either side of a digit for an address.
const REACH: usize = 100;

/// Kinds of documents: a bare number after one of them is the document's.
const DOCUMENTS: &str = "quyết định|nghị quyết|nghị định|thông tư|công văn|kế hoạch|báo cáo|chỉ thị|thông báo|tờ trình|văn bản|hướng dẫn|quy định|\
    luật|đề án|chương trình|kết luận|công điện|quy chế|pháp lệnh|hợp đồng|biên bản|giấy mời|phương án|dự án|giấy phép|thông tri|qđ|nq|nđ|tt|cv|kh|bc|ct|tb|ttr|hd|đa|kl|hđ|liên tịch|cvđ|tl";

/// Places and parts that carry a number as a name.
const NUMBERED: &str = "thôn|tổ|khu|khu phố|phường|quận|ấp|khóm|xóm|đội|bản|buôn|quốc lộ|tỉnh lộ|đường|phòng|tầng|cửa|quầy|tổ dân phố|đoàn|cụm|lô|ngõ|số nhà|trạm|trường|covid|km|tiểu khu|block|đoàn kiểm tra|tổ công tác";

/// Things in a row of which this is the n-th.
const ORDINALS: &str = "lần|đợt|khóa|khoá|kỳ|giai đoạn|nhóm|bước|loại|vòng|tập|hạng|tiêu chí|phiên|chuyên đề|phương án|số thứ tự|stt|trang|cột|kỳ họp|tiểu mục|trụ cột|trung ương|hội nghị trung ương";

/// The same, but usual as units in table rows too: only before a colon or stop.
const WEAK_ORDINALS: &str =
    "chỉ tiêu|nội dung|nhiệm vụ|bài|câu|hình thức|trường hợp|mục tiêu|dòng|hàng|ô|nhóm giải pháp|giải pháp";

/// The text before `at`, at most `most` bytes, cut at a character.
fn before(text: &str, at: usize, most: usize) -> &str {
    let mut from = at.saturating_sub(most);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

fn window(text: &str, from: usize, most: usize) -> &str {
    let mut to = (from + most).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or("")
}

/// Whether `head` ends with one of the phrases, at a word's start.
fn ends_with_any(head: &str, phrases: &str) -> bool {
    phrases.split('|').any(|phrase| ends_with_word(head, phrase))
}

fn ends_with_word(head: &str, phrase: &str) -> bool {
    head.strip_suffix(phrase).is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric()))
}

/// The last words before `at`, nearest first, if only spaces part them.
fn last_words<'t>(low: &'t str, at: usize) -> [&'t str; 4] {
    let mut words = [""; 4];
    let mut rest = before(low, at, 80);
    for slot in &mut words {
        rest = rest.trim_end_matches(' ');
        let start = rest
            .rfind(|c: char| !(c.is_alphanumeric() || c == '&'))
            .map_or(0, |i| i + rest[i..].chars().next().map_or(1, char::len_utf8));
        *slot = &rest[start..];
        if slot.is_empty() {
            break;
        }
        rest = &rest[..start];
        if !rest.ends_with(' ') {
            break;
        }
    }
    words
}

/// A decoy and one past its last byte.
pub(super) type Verdict = Option<(Decoy, usize)>;

impl Source<'_> {
    /// Whether the digits at `at` are no figure. `last` is the decoy before them and where it ended.
    pub fn decoy(&self, at: usize, last: Option<(Decoy, usize)>) -> Verdict {
        let numeral = lex(self.text, at);
        if numeral.endless() {
            return Some((Decoy::Address, numeral.end));
        }
        if self.cell {
            return None;
        }
        self.touching(&numeral)
            .or_else(|| self.date(&numeral))
            .or_else(|| self.document(&numeral))
            .or_else(|| self.enumerator(&numeral))
            .or_else(|| self.months(&numeral))
            .or_else(|| self.continued(&numeral, last))
            .or_else(|| self.words_before(&numeral))
            .or_else(|| self.words_after(&numeral))
    }

    fn counted_after(&self, end: usize) -> bool {
        let (at, rest) = after_spaces(self.low, end);
        is_counted(rest, &self.text[at..])
    }

    /// `Điều 35, 36 Luật …`: the law that the article is of.
    fn law_after(&self, end: usize) -> bool {
        let rest = after_spaces(self.low, end).1;
        ["luật", "bộ luật", "nghị", "pháp lệnh", "thông tư", "quy", "quyết định", "điều", "khoản"]
            .iter()
            .any(|w| starts_word(rest, w))
    }

    fn percent_after(&self, end: usize) -> bool {
        after_spaces(self.low, end).1.starts_with('%')
    }

    /// A percent sign that touches the digits; after a level or a year a loose one belongs to the next column.
    fn percent_touches(&self, end: usize) -> bool {
        self.low[end..].starts_with('%')
    }

    /// `6 tháng đầu năm`: before any word on the left, since a period may follow `nhiệm vụ` or `kế hoạch`.
    fn months(&self, numeral: &Numeral<'_>) -> Verdict {
        let (at, rest) = after_spaces(self.low, numeral.end);
        let months = starts_word(rest, "tháng") && numeral.plain().is_some_and(|v| v <= 60);
        months.then(|| (Decoy::Period, self.period_end(at + "tháng".len())))
    }

    /// Footnote marks, addresses, parts of words, telephone numbers, digits with a letter.
    fn touching(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let head = before(self.low, start, REACH);
        let tail = window(self.low, end, REACH);
        if head.ends_with('[') && tail.starts_with([']', ':']) || head.ends_with("[footnoteref:") {
            return Some((Decoy::FootnoteMark, end));
        }
        let left = head.rsplit(' ').next().unwrap_or("");
        let right = tail.split(' ').next().unwrap_or("");
        let address = |part: &str| {
            ["://", "www.", "@", ".vn", ".com", ".org", ".net", ".html"].iter().any(|mark| part.contains(mark))
        };
        if (left.contains(['.', '@', ':']) || right.contains(['.', '@'])) && (address(left) || address(right)) {
            let stop = right.trim_end_matches(['.', ',', ';', ')', '>', '"', '”']).len();
            return Some((Decoy::Address, end + stop));
        }
        if head.ends_with(|c: char| c.is_alphabetic() || c == '_' || c == '\'' || c == '’') {
            if ends_with_word(head, "q") && right.starts_with("/2") {
                return Some((Decoy::Period, end + 5));
            }
            return Some((Decoy::PartOfWord, end + word_rest(tail)));
        }
        // `covid-19`, `QR-2`: a code, not a dash between words.
        if let Some(code) = left.strip_suffix('-')
            && code.chars().next_back().is_some_and(char::is_alphabetic)
            && !crate::text::syllable::is_syllable(code.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(""))
            && !tail.starts_with([',', '%'])
        {
            let kind = if code.ends_with(|c: char| "ivx".contains(c)) && numeral.year().is_some() {
                Decoy::Period
            } else {
                Decoy::PartOfWord
            };
            return Some((kind, end));
        }
        // `quý I/2023`
        if let Some(roman) = left.strip_suffix('/')
            && !roman.is_empty()
            && roman.chars().all(|c| "ivx".contains(c))
            && numeral.year().is_some()
        {
            return Some((Decoy::Period, end));
        }
        self.telephone(numeral, head).or_else(|| self.lettered(numeral, tail))
    }

    fn telephone(&self, numeral: &Numeral<'_>, head: &str) -> Verdict {
        let clue = ends_with_any(
            head.trim_end_matches([' ', ':', '.', '(', '+']),
            "điện thoại|sđt|đt|đtdđ|tel|fax|hotline|zalo|đường dây nóng|tổng đài|số máy|di động|số điện thoại|viber",
        );
        let first = numeral.groups[0];
        let digits: usize = numeral.groups.iter().map(|g| g.len()).sum();
        let shaped = first.starts_with('0') && first.len() > 2 && digits >= 9
            || first.len() == 4 && matches!(first, "1900" | "1800") && spaced_digits(&self.low[numeral.end..]) >= 4
            || first.starts_with('0')
                && (3..=5).contains(&first.len())
                && spaced_digits(&self.low[numeral.end..]) + digits >= 9;
        if !(shaped || clue && first.len() + digits > 4)
            || self.counted_after(numeral.end)
            || self.percent_after(numeral.end)
        {
            return None;
        }
        let mut end = numeral.end;
        let bytes = self.text.as_bytes();
        while end - numeral.start < 24 {
            let gap = bytes[end..].iter().take_while(|b| b" .-()".contains(b)).count();
            if gap == 0 || gap > 2 || !bytes.get(end + gap).is_some_and(u8::is_ascii_digit) {
                break;
            }
            end = lex(self.text, end + gap).end;
        }
        Some((Decoy::Address, end))
    }

    /// `30c`, `3B`, `7h30`, `5G`; units of one letter stay with their figure.
    fn lettered(&self, numeral: &Numeral<'_>, tail: &str) -> Verdict {
        let word = first_word(tail);
        if word.is_empty() {
            return None;
        }
        let end = numeral.end;
        let one = word.chars().count() == 1;
        match word {
            "h" => {
                let minutes = tail[1..].bytes().take_while(u8::is_ascii_digit).count();
                Some((Decoy::Time, end + 1 + minutes.min(2)))
            }
            "m" | "đ" | "l" | "g" | "k" | "s" => None,
            _ if word.starts_with('h') && word[1..].bytes().all(|b| b.is_ascii_digit()) => {
                Some((Decoy::Time, end + word.len()))
            }
            _ if one && !tail[word.len()..].starts_with(['/', '-', '_']) => {
                let head = before(self.low, numeral.start, 40).trim_end();
                let form = ends_with_any(head, "phụ lục|biểu|mẫu|biểu mẫu|phụ lục số|biểu số|mẫu số|pl");
                Some((if form { Decoy::FormName } else { Decoy::Name }, end + word.len()))
            }
            _ if word.contains(|c: char| c.is_ascii_digit()) && !matches!(word, "m2" | "m3" | "km2") => {
                Some((Decoy::PartOfWord, end + word.len()))
            }
            _ => None,
        }
    }

    /// Dates with figures: `28/4/2023`, `5.7.2021`, `2023-04-28`, `1/2023`, `31/3` after a word of time, `02 tháng 6 năm 2023`.
    fn date(&self, numeral: &Numeral<'_>) -> Verdict {
        let bytes = self.text.as_bytes();
        let words = last_words(self.low, numeral.start);
        let number = |at: usize| {
            let end = at + bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| b.is_ascii_digit()).count();
            self.text.get(at..end).and_then(|d| d.parse::<u32>().ok()).map(|v| (v, end, end - at))
        };
        // A mark between the parts; a slip may put a space beside it.
        let mark = |at: usize| {
            let skip = usize::from(bytes.get(at) == Some(&b' ') && bytes.get(at + 1) == Some(&b'/'));
            let &mark = bytes.get(at + skip).filter(|b| b"/.-".contains(b))?;
            let next = at + skip + 1;
            let gap = usize::from(
                mark == b'/' && bytes.get(next) == Some(&b' ') && bytes.get(next + 1).is_some_and(u8::is_ascii_digit),
            );
            Some((mark, next + gap))
        };
        let (a, a_end, a_len) = number(numeral.start)?;
        let year = |v: u32, len: usize| len == 4 && (1900..=2100).contains(&v);
        let timed = matches!(
            words[0],
            "ngày"
                | "từ"
                | "đến"
                | "trước"
                | "sau"
                | "hết"
                | "lễ"
                | "dịp"
                | "mùng"
                | "sáng"
                | "chiều"
                | "và"
                | "tối"
        );
        if let Some((first, at)) = mark(a_end)
            && let Some((b, b_end, b_len)) = number(at)
        {
            if let Some((second, at)) = mark(b_end)
                && let Some((c, c_end, c_len)) = number(at)
                && (first == second || first != b'-' && second != b'-' && year(c, c_len))
            {
                let day_first = a_len <= 2
                    && b_len <= 2
                    && a <= 31
                    && b <= 31
                    && (year(c, c_len) || c_len == 2 && words[0] == "ngày");
                let year_first = year(a, a_len) && b <= 12 && c <= 31 && b_len <= 2 && c_len <= 2 && first == b'-';
                let slash_triple = first == b'/' && a_len <= 2 && b_len <= 2 && year(c, c_len);
                if (day_first || year_first || slash_triple) && !followed_by_symbol(self.text, c_end) {
                    return Some((Decoy::Date, c_end));
                }
            }
            let month_year =
                a_len <= 2 && (1..=12).contains(&a) && year(b, b_len) && matches!(first, b'/' | b'-' | b'.');
            if month_year
                && !followed_by_symbol(self.text, b_end)
                && (!self.counted_after(b_end) || matches!(words[0], "tháng" | "quý"))
            {
                let kind = if matches!(words[0], "quý" | "quí") { Decoy::Period } else { Decoy::Date };
                return Some((kind, b_end));
            }
            let day_month = a_len <= 2 && b_len <= 2 && (1..=31).contains(&a) && (1..=12).contains(&b);
            if first != b'.'
                && day_month
                && timed
                && !self.counted_after(b_end)
                && !self.percent_after(b_end)
                && !followed_by_symbol(self.text, b_end)
            {
                return Some((Decoy::Date, b_end));
            }
        }
        if numeral.marks.is_empty() && a_len <= 2 && (1..=31).contains(&a) {
            let (at, rest) = after_spaces(self.low, a_end);
            if starts_word(rest, "tháng") && words[0] == "ngày"
                || starts_word(rest, "tháng")
                    && next_digit(&rest["tháng".len()..]).is_some_and(|m| m <= 12)
                    && a_len <= 2
            {
                return Some((Decoy::Date, self.month_and_year(at + "tháng".len())));
            }
            if words[0] == "ngày" && !self.percent_after(a_end) && !self.counted_after(a_end) {
                // The month may be left for the pen: `ngày 15/ /2023`.
                return Some((Decoy::Date, a_end));
            }
        }
        None
    }

    /// Past `4 năm 2023` after `tháng`.
    fn month_and_year(&self, at: usize) -> usize {
        let (at, rest) = after_spaces(self.low, at);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return at - usize::from(self.low[..at].ends_with(' '));
        }
        let month = lex(self.text, at);
        let (next, rest) = after_spaces(self.low, month.end);
        if let Some(rest) = rest.strip_prefix("năm") {
            let (year, rest) = after_spaces(self.low, self.low.len() - rest.len());
            if rest.starts_with(|c: char| c.is_ascii_digit()) {
                return lex(self.text, year).end;
            }
        }
        if rest.starts_with('/') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return lex(self.text, next + 1).end;
        }
        month.end
    }

    /// Document numbers: digits, then `/`, `-` or `_` and capitals: `2.651/QĐ-UBND`, `1//KH-UBND`, `61/2018/NĐ-CP`, `52-TB/ĐU`.
    fn document(&self, numeral: &Numeral<'_>) -> Verdict {
        let text = self.text;
        let mut at = numeral.end;
        let letter_suffix = window(text, at, 4).chars().next().filter(|c| c.is_lowercase());
        if let Some(c) = letter_suffix
            && text[at + c.len_utf8()..].starts_with(['/', '-', '_'])
        {
            at += c.len_utf8();
        }
        let gap = usize::from(text[at..].starts_with(" /"));
        let rest = &text[at + gap..];
        let slashes = rest.bytes().take_while(|b| *b == b'/').count();
        let dash = usize::from(slashes == 0 && rest.starts_with(['-', '_']));
        if slashes + dash == 0 || slashes > 3 {
            return None;
        }
        at += gap + slashes + dash;
        at += usize::from(text[at..].starts_with(' '));
        let mut end = at;
        // `61/2018/NĐ-CP`
        let year = text[at..].bytes().take_while(u8::is_ascii_digit).count();
        if slashes > 0 && year == 4 && text[at + 4..].starts_with(['/', '-', '_']) {
            end = at + 5;
            end += usize::from(text[end..].starts_with(' '));
        } else if year > 0 {
            return None;
        }
        let kind = capitals(&text[end..]);
        if kind < 2 {
            return None;
        }
        let (first, full) = symbol_rest(&text[end..]);
        // A counted abbreviation after a fraction bar is `5/TTHC`, hardly ever printed; a lone dash needs the party form.
        if dash == 1 && !(first.contains('/') || full.contains('-')) && shouts(&text[end..]) {
            return None;
        }
        Some((Decoy::DocumentNumber, end + full.len()))
    }

    /// Numbers that only number: `(1)`, `1.`, `1.1.` at the start or after a stop.
    fn enumerator(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let head = self.low[..start].trim_end_matches(' ');
        let tail = &self.text[end..];
        let small = numeral.groups.iter().all(|g| g.len() <= 2) && numeral.marks.iter().all(|m| *m == b'.');
        if !small {
            return None;
        }
        let open = head.strip_suffix('(');
        if let Some(rest) = open
            && tail.starts_with(')')
            && numeral.groups.len() == 1
            && head.len() == start
        {
            let (_, after) = after_spaces(self.text, end + 1);
            let named = after.starts_with(char::is_alphabetic) || after.is_empty() && rest.trim().is_empty();
            return named.then_some((Decoy::RowNumber, end));
        }
        let opens = head.is_empty() || matches!(head, "-" | "+" | "*" | "(");
        let stop = head.ends_with(['.', ';']) && self.low[..start].ends_with(' ');
        if !opens && !stop {
            return None;
        }
        let (_, after) = after_spaces(self.text, end + usize::from(tail.starts_with(['.', ')', '/', ':'])));
        let titled = after.chars().next().is_some_and(|c| c.is_uppercase() || c == '“' || c == '"');
        let marked = tail.starts_with(['.', ')'])
            || tail.starts_with("/ ")
            || tail.starts_with(": ") && numeral.groups.len() > 1;
        if marked && (titled || opens && (after.is_empty() || after.starts_with(char::is_alphabetic))) {
            return Some((Decoy::RowNumber, end));
        }
        let levels =
            numeral.groups.len() > 1 && opens && tail.starts_with(' ') && titled && !numeral.groups[0].starts_with('0');
        levels.then_some((Decoy::RowNumber, end))
    }

    /// `mức độ 3, 4`, `Điều 35, 36`, `thứ 2 đến thứ 6`, `năm 2021, 2022 và 2023`: the same as the one before.
    fn continued(&self, numeral: &Numeral<'_>, last: Option<(Decoy, usize)>) -> Verdict {
        let (kind, end) = last?;
        let gap = self.low.get(end..numeral.start)?;
        if gap.len() > 10
            || !matches!(gap.trim(), "," | "và" | ", và" | "-" | "–" | "đến" | "hoặc" | "hay" | "/" | "&" | "+")
        {
            return None;
        }
        let value = numeral.plain();
        let free = !self.percent_after(numeral.end) && !self.counted_after(numeral.end);
        let fits = match kind {
            Decoy::ServiceLevel => value.is_some_and(|v| v == 4 || v < 4 && free),
            Decoy::Weekday => value.is_some_and(|v| v <= 7) && free,
            Decoy::Year | Decoy::Ordinal if numeral.year().is_some() => free,
            Decoy::LegalReference => value.is_some() && (free || self.law_after(numeral.end)),
            Decoy::FormName => value.is_some() && free,
            Decoy::Ordinal | Decoy::Name | Decoy::DocumentNumber => {
                value.is_some_and(|v| v < 100) && free && gap.trim() != "-"
            }
            Decoy::Date | Decoy::Period => {
                value.is_some_and(|v| v <= 31)
                    && free
                    && gap.trim() == "và"
                    && starts_word(after_spaces(self.low, numeral.end).1, "tháng")
            }
            _ => false,
        };
        fits.then_some((kind, numeral.end))
    }

    fn words_before(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let head = before(self.low, start, 60).trim_end_matches(' ');
        let words = last_words(self.low, start);
        let counted = self.counted_after(end);
        let named = matches!(words[0], "năm" | "độ");
        if self.percent_touches(end) || self.percent_after(end) && !named {
            return None;
        }
        let plain = numeral.plain();
        let whole = plain.is_some();
        // A year is said by `năm`, a span of years by its dash; a bare one by having no counted noun.
        if let Some(year) = numeral.year() {
            let (at, rest) = after_spaces(self.low, end);
            let range_end = rest
                .strip_prefix(['-', '–', '—'])
                .map(|r| r.trim_start())
                .or_else(|| rest.strip_prefix("đến ").map(|r| r.strip_prefix("năm ").unwrap_or(r)))
                .filter(|r| r.starts_with(|c: char| c.is_ascii_digit()))
                .map(|r| lex(self.text, self.text.len() - r.len()))
                .filter(|n| n.year().is_some_and(|y| y >= year));
            let term = ends_with_any(head, "nhiệm kỳ|nhiệm kì|khóa|khoá|kỳ");
            let kind = if term { Decoy::Ordinal } else { Decoy::Year };
            if let Some(n) = range_end
                && (!self.counted_after(n.end) || term || matches!(words[0], "năm" | "đoạn"))
            {
                return Some((kind, n.end));
            }
            if term
                || matches!(words[0], "năm" | "đoạn" | "kỳ" | "học" | "đầu" | "cuối")
                    && (!counted
                        || words[0] == "năm" && !self.text[at..].starts_with(char::is_lowercase)
                        || words[0] == "năm")
            {
                return Some((kind, end));
            }
            let stated = head.ends_with([':', '='])
                || matches!(
                    words[0],
                    "là" | "đạt" | "được" | "có" | "còn" | "giao" | "số" | "gồm" | "trên" | "gần" | "hơn" | "khoảng"
                );
            let law = ends_with_any(head, DOCUMENTS);
            if !counted && !stated && (1990..=2050).contains(&year) && !rest.starts_with(['/', '(']) || law && !counted
            {
                return Some((Decoy::Year, end));
            }
        }
        match words[0] {
            "ngày" | "mùng" if plain.is_some_and(|v| (1..=31).contains(&v)) && !counted => {
                return Some((Decoy::Date, end));
            }
            "tháng"
                if plain.is_some_and(|v| (1..=12).contains(&v))
                    && !matches!(words[1], "mỗi" | "hàng" | "hằng" | "một" | "trên")
                    && !counted_strongly(self, end, words[1]) =>
            {
                let stop = self.month_and_year(start);
                let kind = if stop > end { Decoy::Date } else { Decoy::Period };
                return Some((kind, stop));
            }
            "quý" | "quí"
                if plain.is_some_and(|v| (1..=4).contains(&v)) && (!counted || numeral.groups[0].len() == 1) =>
            {
                return Some((Decoy::Period, end));
            }
            "iso" | "tcvn" | "iec" | "so" if plain.is_some_and(|v| v >= 100) => {
                return Some((Decoy::Standard, self.standard_end(end)));
            }
            "điều" if whole => return Some((Decoy::LegalReference, self.letter_end(end))),
            "khoản" if whole && words[1] != "tài" && !counted => {
                return Some((Decoy::LegalReference, self.letter_end(end)));
            }
            "điểm"
                if whole
                    && (starts_word(after_spaces(self.low, end).1.trim_start_matches([',', ' ']), "khoản")
                        || starts_word(after_spaces(self.low, end).1.trim_start_matches([',', ' ']), "mục")
                        || starts_word(after_spaces(self.low, end).1.trim_start_matches([',', ' ']), "điều")) =>
            {
                return Some((Decoy::LegalReference, end));
            }
            "mục" | "chương" | "phần" | "tiết"
                if !counted
                    && numeral.marks.iter().all(|m| *m == b'.')
                    && numeral.groups.iter().all(|g| g.len() <= 2)
                    && !matches!(
                        words[1],
                        "tiết" | "danh" | "chuyên" | "hạng" | "đề" | "thành" | "góp" | "cổ" | "một" | "đa" | "đầu"
                    ) =>
            {
                return Some((Decoy::LegalReference, self.letter_end(end)));
            }
            "độ" | "mức" | "cấp" if (words[0] != "độ" || matches!(words[1], "mức" | "cấp")) && !counted =>
            {
                let levels = |n: &Numeral<'_>| {
                    n.groups.iter().all(|g| g.len() <= 2 && g.parse::<u8>().is_ok_and(|v| (1..=5).contains(&v)))
                };
                let listed = numeral.groups.len() == 1
                    || numeral.groups.len() == 2 && numeral.marks == [b','] && words[0] == "độ";
                if levels(numeral) && listed {
                    return Some((Decoy::ServiceLevel, end));
                }
            }
            "độ" if words[1] == "mức" && matches!(numeral.groups.as_slice(), ["3"] | ["4"] | ["2"] | ["3", "4"]) =>
            {
                return Some((Decoy::ServiceLevel, end));
            }
            "ương" if words[1] == "trung" && plain.is_some_and(|v| v <= 20) => return Some((Decoy::Ordinal, end)),
            "thứ" if whole && !(self.text[end..].starts_with('/')) => {
                let rank = matches!(words[1], "xếp" | "đứng" | "vị" | "hạng" | "trí" | "hàng" | "vị trí");
                if !rank && !counted {
                    let weekday = plain.is_some_and(|v| (2..=7).contains(&v))
                        && !matches!(words[1], "lần" | "khóa" | "khoá" | "kỳ" | "người" | "năm" | "nhóm");
                    return Some((if weekday { Decoy::Weekday } else { Decoy::Ordinal }, end));
                }
            }
            "số" => return self.after_so(numeral, head, words, counted),
            _ => {}
        }
        let form = ends_with_any(head, "phụ lục|biểu|mẫu|biểu mẫu|bảng|phụ biểu|mẫu biểu|phiếu|pl|bm|hình|sơ đồ");
        if form && !ends_with_word(head, "mô hình") && !counted && numeral.groups.iter().all(|g| g.len() <= 3) {
            return Some((Decoy::FormName, self.letter_end(end)));
        }
        if !whole || counted {
            return None;
        }
        if ends_with_any(head, DOCUMENTS) && !self.money_or_unit(end) {
            return Some((Decoy::DocumentNumber, self.letter_end(end)));
        }
        let weak = ends_with_any(head, WEAK_ORDINALS) && self.text[end..].starts_with([':', '.', ')']);
        if (weak || ends_with_any(head, ORDINALS))
            && !ends_with_word(head, "định kỳ")
            && plain.is_some_and(|v| v <= 50)
            && numeral.groups[0].len() <= 2
            && !self.text[end..].starts_with('/')
        {
            return Some((Decoy::Ordinal, end));
        }
        if ends_with_any(head, NUMBERED)
            && plain.is_some_and(|v| v <= 99)
            && !self.text[end..].starts_with('/')
            && self.ends_or_name(end)
        {
            return Some((Decoy::Name, end));
        }
        None
    }

    /// A number after `số`: whose?
    fn after_so(&self, numeral: &Numeral<'_>, head: &str, words: [&str; 4], counted: bool) -> Verdict {
        let end = numeral.end;
        let mut owner = head.strip_suffix("số").unwrap_or(head).trim_end_matches(' ');
        // `Công văn số số 1434`
        owner = owner.strip_suffix(" số").unwrap_or(owner);
        if ends_with_any(owner, DOCUMENTS) {
            return Some((Decoy::DocumentNumber, self.letter_end(end)));
        }
        if ends_with_any(owner, "phụ lục|biểu|mẫu|biểu mẫu|bảng|phụ biểu|mẫu biểu|phiếu|hình|sơ đồ")
        {
            return Some((Decoy::FormName, self.letter_end(end)));
        }
        if counted || numeral.plain().is_none() || self.money_or_unit(end) {
            return None;
        }
        if matches!(
            words[1],
            "tổng"
                | "ký"
                | "chữ"
                | "đổi"
                | "quyền"
                | "chỉ"
                | "thuật"
                | "tế"
                | "hội"
                | "đa"
                | "thiểu"
                | "hệ"
                | "có"
                | "tỷ"
                | "dân"
                | "trong"
                | "tham"
        ) {
            return None;
        }
        if ends_with_any(owner, ORDINALS) {
            return Some((Decoy::Ordinal, end));
        }
        if ends_with_any(owner, NUMBERED) || owner.ends_with("đoàn kiểm tra") {
            return Some((Decoy::Name, end));
        }
        let said = self.low[end..].trim_start();
        let document = owner.is_empty() || said.starts_with("ngày") || said.starts_with("của") || said.starts_with('/');
        Some((if document { Decoy::DocumentNumber } else { Decoy::Name }, self.letter_end(end)))
    }

    fn words_after(&self, numeral: &Numeral<'_>) -> Verdict {
        let (start, end) = (numeral.start, numeral.end);
        let (at, rest) = after_spaces(self.low, end);
        let plain = numeral.plain();
        let words = last_words(self.low, start);
        if let Some(value) = plain {
            if starts_word(rest, "giờ") && value <= 24 {
                let (next, tail) = after_spaces(self.low, at + "giờ".len());
                let minutes = tail.bytes().take_while(u8::is_ascii_digit).count();
                return Some((Decoy::Time, if minutes == 2 { next + 2 } else { at + "giờ".len() }));
            }
            if rest.starts_with(':') && at == end && value <= 24 {
                let minutes = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
                if minutes == 2 {
                    return Some((Decoy::Time, end + 3));
                }
            }
            if value == 24 && at == end && (rest.starts_with("/24") || rest.starts_with("/7")) {
                let other = lex(self.text, end + 1);
                if other.plain().is_some_and(|v| v == 24 || v == 7) && !self.counted_after(other.end) {
                    return Some((Decoy::Time, other.end));
                }
            }
            if starts_word(rest, "quý") && value <= 4 {
                return Some((Decoy::Period, at + "quý".len()));
            }
            if starts_word(rest, "năm")
                && (2..=50).contains(&value)
                && !matches!(words[0], "là" | "đạt" | "được" | "số")
            {
                return Some((Decoy::Period, self.period_end(at + "năm".len())));
            }
            let working = starts_word(rest, "ngày làm việc")
                || starts_word(rest, "ngày, kể")
                || starts_word(rest, "giờ làm việc");
            let limited =
                matches!(words[0], "trong" | "sau" | "trước" | "vòng" | "hạn" | "quá" | "thời" | "thêm" | "gian");
            if working
                || limited
                    && (starts_word(rest, "ngày") && !starts_word(rest, "ngày công")
                        || starts_word(rest, "phút")
                        || starts_word(rest, "giờ"))
            {
                return Some((Decoy::Time, end));
            }
            let part = starts_word(rest, "phần")
                && !starts_word(rest, "phần trăm")
                && !starts_word(rest, "phần mềm")
                && !starts_word(rest, "phần thưởng");
            let linked = starts_word(rest, "cấp") && words[0] == "thông" && words[1] == "liên";
            if starts_word(rest, "tại chỗ")
                || linked
                || value == 1 && (starts_word(rest, "cửa") || starts_word(rest, "số") || part)
            {
                return Some((Decoy::Name, end));
            }
            let quoted = self.low[..start].ends_with(['"', '“', '«']) && value < 10;
            if quoted
                && [
                    "xin",
                    "luôn",
                    "không",
                    "rõ",
                    "biết",
                    "nhất",
                    "tốt",
                    "có",
                    "hơn",
                    "cùng",
                    "sẵn",
                    "đúng",
                    "trực tiếp",
                    "tăng",
                    "giảm",
                    "phải",
                ]
                .iter()
                .any(|w| starts_word(rest, w))
            {
                return Some((Decoy::Name, end));
            }
        }
        if numeral.groups[0] == "9001" && rest.starts_with([':', '-']) {
            return Some((Decoy::Standard, self.standard_end(end)));
        }
        None
    }

    /// Past `đầu năm 2023` after `6 tháng`.
    fn period_end(&self, end: usize) -> usize {
        let mut end = end;
        for word in ["đầu", "cuối", "năm"] {
            let (at, rest) = after_spaces(self.low, end);
            if starts_word(rest, word) {
                end = at + word.len();
            }
        }
        let (at, rest) = after_spaces(self.low, end);
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let year = lex(self.text, at);
            if year.year().is_some() && !is_range(&self.low[year.end..]) {
                return year.end;
            }
        }
        end
    }

    /// Past `:2015` or `: 2015`.
    fn standard_end(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let trimmed = rest.trim_start_matches([' ', ':', '-']);
        let gap = rest.len() - trimmed.len();
        if (1..=3).contains(&gap)
            && rest[..gap].contains([':', '-'])
            && trimmed.starts_with(|c: char| c.is_ascii_digit())
        {
            let year = lex(self.text, end + gap);
            if year.year().is_some() {
                return year.end;
            }
        }
        end
    }

    /// Past a letter that belongs to the number: `3B`, `điểm 2a`, `06.a`.
    fn letter_end(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let dotted = rest.strip_prefix('.').filter(|r| r.chars().nth(1).is_none_or(|c| !c.is_alphanumeric()));
        let tail = dotted.unwrap_or(rest);
        let word = first_word(tail);
        if word.chars().count() == 1 { self.text.len() - tail.len() + word.len() } else { end }
    }

    fn money_or_unit(&self, end: usize) -> bool {
        let rest = after_spaces(self.low, end).1;
        ["triệu", "tỷ", "tỉ", "nghìn", "ngàn", "đồng", "điểm", "lần", "%", "ha", "km", "m2"]
            .iter()
            .any(|w| rest.starts_with(w))
    }

    /// Whether the number closes its phrase or a capital (a place) follows.
    fn ends_or_name(&self, end: usize) -> bool {
        let rest = after_spaces(self.text, end).1;
        rest.is_empty()
            || rest.starts_with(|c: char| !c.is_alphanumeric() || c.is_uppercase())
            || !starts_lower_noun(rest)
    }
}

fn starts_lower_noun(rest: &str) -> bool {
    !super::lexicon::stops(rest)
}

/// In `tháng 5 hồ sơ` the month wins unless a count is written the way counts are (`tháng 05 cuộc` after `mỗi`).
fn counted_strongly(source: &Source<'_>, end: usize, word: &str) -> bool {
    source.counted_after(end) && !matches!(word, "trong" | "hết" | "đến" | "từ" | "cáo" | "")
}

fn is_range(rest: &str) -> bool {
    rest.trim_start().strip_prefix(['-', '–']).is_some_and(|r| r.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

fn next_digit(rest: &str) -> Option<u32> {
    let rest = rest.trim_start();
    rest[..rest.bytes().take_while(u8::is_ascii_digit).count()].parse().ok()
}

/// Digits in short groups after spaces: the tail of a telephone number.
fn spaced_digits(rest: &str) -> usize {
    let mut count = 0;
    for group in rest.split([' ', '.', '-']).skip(1).take(4) {
        let digits = group.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > 4 {
            break;
        }
        count += digits;
        if digits < group.len() {
            break;
        }
    }
    count
}

/// `/QĐ-UBND` after what looked like a date is a document number.
fn followed_by_symbol(text: &str, end: usize) -> bool {
    text[end..].strip_prefix(['/', '-']).is_some_and(|rest| capitals(rest) >= 2)
}

/// Capitals (with small letters inside a symbol: `TTr`, `TTg`) at the start.
fn capitals(text: &str) -> usize {
    let mut letters = text.chars().take_while(|c| c.is_alphabetic());
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) => {
            let capital = |c| letter(c).is_some_and(|l| l.capital);
            if capital(a) && capital(b) { 2 + letters.filter(|c| capital(*c)).count() } else { 0 }
        }
        _ => 0,
    }
}

/// The symbol that starts here: its first run and the whole of it (`KH-UBND`, `UBND -KSTT`, `QH14`).
fn symbol_rest(text: &str) -> (&str, &str) {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '&' | '.');
    let first = text.find(|c: char| !part(c)).unwrap_or(text.len());
    let mut end = first;
    // A space beside the dash is a slip of the typist: `KH- UBND`.
    if text[..end].ends_with(['-', '/', '_']) {
        let rest = text[end..].strip_prefix(' ').unwrap_or("");
        if capitals(rest) >= 2 {
            end += 1 + rest.find(|c: char| !part(c)).unwrap_or(rest.len());
        }
    }
    let whole = text[..end].trim_end_matches(['.', '/', '-', '_']);
    (&text[..first], whole)
}

/// The rest of a word that has digits inside.
fn word_rest(tail: &str) -> usize {
    tail.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(tail.len())
}
