//! The words before and after the digits that make a name, an ordinal, a year or a duration of them.

use super::{Phrases, Verdict, before, ends_with_word, last_words};
use crate::text::decoy::Decoy;
use crate::text::fold::bare;
use crate::text::number::figure::{Source, after_spaces};
use crate::text::number::lex::{Numeral, lex};
use crate::text::number::lexicon::{starts_word, stops};
use std::sync::LazyLock;

/// Kinds of documents: a bare number after one of them is the document's.
static DOCUMENTS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "quyết định|nghị quyết|nghị định|thông tư|công văn|kế hoạch|báo cáo|chỉ thị|thông báo|tờ trình|văn bản|hướng dẫn|quy định|\
    luật|đề án|chương trình|kết luận|công điện|quy chế|pháp lệnh|hợp đồng|biên bản|giấy mời|phương án|dự án|giấy phép|thông tri|qđ|nq|nđ|tt|cv|kh|bc|ct|tb|ttr|hd|đa|kl|hđ|liên tịch|cvđ|tl",
    )
});

/// Places and parts that carry a number as a name.
static NUMBERED: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "thôn|tổ|khu|khu phố|phường|quận|ấp|khóm|xóm|đội|bản|buôn|quốc lộ|tỉnh lộ|đường|phòng|tầng|cửa|quầy|tổ dân phố|đoàn|cụm|lô|ngõ|số nhà|trạm|trường|covid|km|tiểu khu|block|đoàn kiểm tra|tổ công tác",
    )
});

/// Things in a row of which this is the n-th.
static ORDINALS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "lần|đợt|khóa|khoá|kỳ|giai đoạn|nhóm|bước|loại|vòng|tập|hạng|tiêu chí|phiên|chuyên đề|phương án|số thứ tự|stt|trang|cột|kỳ họp|tiểu mục|trụ cột|trung ương|hội nghị trung ương",
    )
});

/// The same, but usual as units in table rows too: only before a colon or stop.
static WEAK_ORDINALS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::new(
        "chỉ tiêu|nội dung|nhiệm vụ|bài|câu|hình thức|trường hợp|mục tiêu|dòng|hàng|ô|nhóm giải pháp|giải pháp",
    )
});

/// Whose span of years is a name.
static TERMS: LazyLock<Phrases> = LazyLock::new(|| Phrases::new("nhiệm kỳ|nhiệm kì|khóa|khoá|kỳ"));

/// Forms that carry a number.
static FORMS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new("phụ lục|biểu|mẫu|biểu mẫu|bảng|phụ biểu|mẫu biểu|phiếu|pl|bm|hình|sơ đồ"));

/// Forms whose number follows `số`.
static NUMBERED_FORMS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::new("phụ lục|biểu|mẫu|biểu mẫu|bảng|phụ biểu|mẫu biểu|phiếu|hình|sơ đồ"));

/// `biểu mấu`, `phu lục`: forms of two words with a wrong mark.
fn is_form_misspelt(first: &str, last: &str) -> bool {
    matches!(last.as_bytes().first(), Some(b'm' | b'l' | b'b'))
        && matches!(
            (bare(first).as_str(), bare(last).as_str()),
            ("bieu" | "phu", "mau" | "bieu" | "luc") | ("mau", "bieu")
        )
}

impl Source<'_> {
    /// `quyết định 03, kế hoạch 05 và công văn 14`: how many there are of each, in a list.
    fn in_list(&self, head: &str, end: usize) -> bool {
        let after = &self.low[end..];
        let follows = after.starts_with([',', ';', '.']) || after.starts_with(" và ") || after.is_empty();
        let opens = ["chia ra", "gồm", "trong đó"].iter().any(|w| head.contains(w));
        let counted =
            head.split([',', ';']).rev().nth(1).is_some_and(|item| item.ends_with(|c: char| c.is_ascii_digit()));
        follows && (opens || counted) && !head.contains("số ")
    }

    pub(super) fn words_before(&self, numeral: &Numeral<'_>) -> Verdict {
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
            let rest = after_spaces(self.low, end).1;
            let range_end = rest
                .strip_prefix(['-', '–', '—'])
                .map(|r| r.trim_start())
                .or_else(|| rest.strip_prefix("đến ").map(|r| r.strip_prefix("năm ").unwrap_or(r)))
                .filter(|r| r.starts_with(|c: char| c.is_ascii_digit()))
                .map(|r| lex(self.text, self.text.len() - r.len()))
                .filter(|n| n.year().is_some_and(|y| y >= year));
            let term = TERMS.end(head);
            let kind = if term { Decoy::Ordinal } else { Decoy::Year };
            if let Some(n) = range_end
                && (!self.counted_after(n.end) || term || matches!(words[0], "năm" | "đoạn"))
            {
                return Some((kind, n.end));
            }
            if term
                || matches!(words[0], "năm" | "đoạn" | "kỳ" | "học" | "đầu" | "cuối") && (!counted || words[0] == "năm")
            {
                return Some((kind, end));
            }
            let stated = head.ends_with([':', '='])
                || matches!(
                    words[0],
                    "là" | "đạt" | "được" | "có" | "còn" | "giao" | "số" | "gồm" | "trên" | "gần" | "hơn" | "khoảng"
                );
            let law = DOCUMENTS.end(head);
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
                    let most = if words[0] == "độ" { 2 } else { 1 };
                    n.groups.iter().all(|g| g.len() <= most && g.parse::<u8>().is_ok_and(|v| (1..=5).contains(&v)))
                };
                let listed = numeral.groups.len() == 1
                    || numeral.groups.len() == 2 && numeral.marks == [b','] && words[0] == "độ";
                // `cấp 3 200 tờ rơi`: three thousand and two hundred of them were handed out.
                let thousands = self.text[end..].strip_prefix(' ').is_some_and(|rest| {
                    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                    digits == 3 && words[0] == "cấp"
                });
                if levels(numeral) && listed && !thousands {
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
        let form = FORMS.end(head) || is_form_misspelt(words[1], words[0]);
        if form && !ends_with_word(head, "mô hình") && !counted && numeral.groups.iter().all(|g| g.len() <= 3) {
            return Some((Decoy::FormName, self.letter_end(end)));
        }
        if !whole || counted {
            return None;
        }
        // `đến ngày báo cáo 11/14 tồn tại đã khắc phục`: the report in hand.
        let own = ["ngày báo cáo", "kỳ báo cáo", "thời điểm báo cáo"].iter().any(|w| head.ends_with(w));
        if DOCUMENTS.end(head) && !own && !self.money_or_unit(end) && !self.in_list(head, end) {
            return Some((Decoy::DocumentNumber, self.letter_end(end)));
        }
        let weak = WEAK_ORDINALS.end(head) && self.text[end..].starts_with([':', '.', ')']);
        if (weak || ORDINALS.end(head))
            && !ends_with_word(head, "định kỳ")
            && plain.is_some_and(|v| v <= 50)
            && numeral.groups[0].len() <= 2
            && !self.text[end..].starts_with('/')
        {
            return Some((Decoy::Ordinal, end));
        }
        if NUMBERED.end(head)
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
        if DOCUMENTS.end(owner) {
            return Some((Decoy::DocumentNumber, self.letter_end(end)));
        }
        if NUMBERED_FORMS.end(owner) {
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
        if ORDINALS.end(owner) {
            return Some((Decoy::Ordinal, end));
        }
        if NUMBERED.end(owner) || owner.ends_with("đoàn kiểm tra") {
            return Some((Decoy::Name, end));
        }
        let said = self.low[end..].trim_start();
        let document = owner.is_empty() || said.starts_with("ngày") || said.starts_with("của") || said.starts_with('/');
        Some((if document { Decoy::DocumentNumber } else { Decoy::Name }, self.letter_end(end)))
    }

    pub(super) fn words_after(&self, numeral: &Numeral<'_>) -> Verdict {
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
            // `trẻ em dưới 6 tuổi`.
            if starts_word(rest, "tuổi") && matches!(words[0], "dưới" | "trên" | "từ" | "đến" | "đủ") {
                return Some((Decoy::Condition, at + "tuổi".len()));
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

/// In `tháng 5 hồ sơ` the month wins unless a count is written the way counts are (`tháng 05 cuộc` after `mỗi`).
fn counted_strongly(source: &Source<'_>, end: usize, word: &str) -> bool {
    source.counted_after(end) && !matches!(word, "trong" | "hết" | "đến" | "từ" | "cáo" | "cuối" | "đầu" | "giữa" | "")
}

fn starts_lower_noun(rest: &str) -> bool {
    !stops(rest)
}
