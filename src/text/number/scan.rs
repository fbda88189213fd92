//! Running text: every digit run becomes a figure or a named decoy, in order; words and zero statements are found beside them.
//!
//! Digits are found by one pass over the bytes, words by the one automaton of `sought`. A digit run that no rule names is a
//! figure: nothing is lost by not being known.

use super::figure::{Found, Source, after_spaces};
use super::lex::{self, Numeral};
use super::lexicon::{counted, is_counted, is_measured, starts_word};
use super::unit::code_domain;
use super::{Cue, Habit, Number, Reading, Relation, Token, TokenKind, UnitKind, spell};
use crate::text::decoy::Decoy;
use crate::text::letter::{digit_like, in_word};
use crate::text::sought::{Low, Lowered, Set, number_of};
use rust_decimal::Decimal;
use std::ops::Range;

/// Words that may start a zero statement or a number in words.
const CUES: Set =
    Set::of(&["không", "chưa", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"]);
/// Those of a zero statement.
const DENIALS: [usize; 2] = [number_of("không"), number_of("chưa")];

/// What is denied in a zero statement besides having.
const VERBS: [&str; 24] = [
    "tiếp nhận",
    "nhận được",
    "nhận",
    "ghi nhận",
    "để xảy ra",
    "xảy ra",
    "ban hành",
    "mở",
    "tổ chức",
    "phát hiện",
    "đề xuất",
    "xử lý",
    "thành lập",
    "thực hiện",
    "còn",
    "bổ nhiệm",
    "tuyển dụng",
    "kiểm tra",
    "xây dựng",
    "triển khai",
    "giải quyết",
    "trả lại",
    "tồn đọng",
    "bố trí",
];

/// A document's unit cells are short; a longer text with `=` is no domain.
const LONGEST_DOMAIN: usize = 400;

/// Finds all number-like things of a clean text, in order. `low` is the text in small letters.
pub fn scan_lowered(text: &str, low: Low, habit: &Habit) -> Vec<Token> {
    let source = Source { text, low: low.text, habit, unit: UnitKind::Unknown, cell: false };
    let mut tokens = source.digits();
    source.words(low, &mut tokens);
    tokens
}

/// Finds all number-like things of a clean text, in order.
pub fn scan(text: &str, habit: &Habit) -> Vec<Token> {
    scan_lowered(text, Lowered::alone(text).text(0), habit)
}

impl Source<'_> {
    fn digits(&self) -> Vec<Token> {
        let bytes = self.text.as_bytes();
        let mut tokens: Vec<Token> = Vec::new();
        let mut last: Option<(Decoy, usize)> = None;
        let domain = self.domain_start();
        let mut at = 0;
        while let Some(start) = lex::next_digit(bytes, at) {
            let floor = tokens.last().map_or(0, |t| t.span.end);
            if domain.is_some_and(|from| start >= from) {
                let end = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
                tokens.push(Token { span: start..end, kind: TokenKind::Decoy(Decoy::CodeDomain) });
                at = end;
                continue;
            }
            if let Some(token) = self.repaired(start, floor) {
                at = token.span.end;
                tokens.push(token);
                continue;
            }
            if let Some((decoy, end)) = self.decoy(start, last) {
                let end = self.boundary(end.max(start + 1));
                tokens.push(Token { span: start..end, kind: TokenKind::Decoy(decoy) });
                last = Some((decoy, end));
                at = end;
                continue;
            }
            match self.figure(start, None) {
                Some(found) => {
                    let token = self.compound(found, floor);
                    at = token.span.end;
                    tokens.push(token);
                }
                None => {
                    let end = start + bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
                    tokens.push(Token { span: start..end, kind: TokenKind::Decoy(Decoy::Address) });
                    at = end;
                }
            }
        }
        tokens
    }

    /// Where a list of codes starts, if the text holds one.
    fn domain_start(&self) -> Option<usize> {
        memchr::memchr(b'=', self.text.as_bytes()).filter(|_| self.text.len() <= LONGEST_DOMAIN)?;
        if self.numbering() {
            return Some(0);
        }
        let domain = code_domain(self.text);
        let (_, label) = domain.first().filter(|_| domain.len() > 1)?;
        // `1 = Có` prints the code before its label.
        let digits = |c: char| c.is_ascii_digit() || " =".contains(c);
        self.text.find(label.as_str()).map(|at| self.text[..at].trim_end_matches(digits).len())
    }

    /// Whether the text only says how rows or columns are reckoned from each other: `1=1.1+1.2`, `(3) = (4) + (5)`.
    fn numbering(&self) -> bool {
        let text = self.text.trim();
        let Some((left, right)) = text.split_once('=') else { return false };
        let left = left.trim();
        let number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '(' | ')' | ' ');
        let reckons = |c: char| number(c) || matches!(c, '+' | '-' | '/' | ':' | '*' | 'x' | '%');
        let small = |part: &str| {
            let digits = part.trim_matches(|c: char| !c.is_ascii_digit());
            !digits.is_empty() && digits.split('.').all(|d| d.len() <= 2)
        };
        let parts = || right.split(['+', '-', '/', ':', '*', 'x']).map(str::trim);
        let named = parts().all(|p| p.starts_with('(') && p.ends_with(')'))
            || parts().all(|p| p.strip_prefix(left).is_some_and(|rest| rest.starts_with('.')));
        !left.is_empty() && left.chars().all(number) && right.chars().all(reckons) && named && parts().all(small)
    }

    fn boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    /// A figure with what belongs to it: the other half of a fraction or range, relation words, conditions.
    fn compound(&self, mut found: Found, floor: usize) -> Token {
        if let Some(token) = self.fraction(&found, floor).or_else(|| self.range(&found, floor)) {
            return token;
        }
        let (mut relation, mut begin) = self.relation_before(found.span.start);
        if begin < floor {
            (relation, begin) = (Relation::Equal, found.span.start);
        }
        let plain_place = relation == Relation::Greater && self.on_a_place(&found, begin);
        if plain_place {
            (relation, begin) = (Relation::Equal, found.span.start);
        }
        let mut end = found.span.end;
        if let Some((after, stop)) = self.relation_after(found.span.end, &found.noun) {
            relation = after;
            let head = self.low[..begin].trim_end_matches(' ');
            let from = head.strip_suffix("từ").filter(|h| !h.ends_with(in_word)).map(str::len);
            if let Some(from) = from.filter(|from| *from >= floor) {
                begin = from;
            }
            if !found.number.percent && found.noun.end > found.noun.start {
                return Token { span: begin..stop, kind: TokenKind::Decoy(Decoy::Condition) };
            }
            end = end.max(stop);
        }
        let threshold = self.low[..begin].trim_end().ends_with("có từ") && found.unit == UnitKind::Count;
        if threshold || found.unit == UnitKind::Score && self.scoring_rule(begin) {
            return Token { span: found.span, kind: TokenKind::Decoy(Decoy::Condition) };
        }
        found.number.relation = relation;
        Token { span: begin..end, kind: TokenKind::Number(found.number) }
    }

    /// `trên 05 lĩnh vực`, `trên 21 xã`: a place, not a bound.
    fn on_a_place(&self, found: &Found, begin: usize) -> bool {
        let word = self.low[begin..found.span.start].trim();
        if word != "trên" || found.number.percent || found.number.multiplier > 0 {
            return false;
        }
        let padded = self.text[found.span.start..].starts_with('0');
        let reached = self.low[..begin].trim_end().ends_with("đạt");
        let place =
            ["lĩnh vực", "xã", "phường", "thị trấn", "huyện", "thôn", "đơn vị", "địa bàn", "tổng số", "hệ thống"];
        !reached && (padded || place.iter().any(|p| starts_word(&self.low[found.noun.start..], p)))
    }

    /// `mỗi cuộc: 0,25 điểm`, `trừ 0,5 điểm`: what a score sheet awards, not what was scored.
    fn scoring_rule(&self, begin: usize) -> bool {
        let mut from = begin.saturating_sub(70);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let clause = &self.low[from..begin];
        let clause = clause.rsplit(['.', ';']).next().unwrap_or("");
        ["mỗi ", "cứ ", "trừ ", "được cộng ", "cộng thêm ", "thì được ", "tính "]
            .iter()
            .any(|word| clause.contains(word))
    }

    /// `22/39`, `17 xã/ 22 xã`.
    fn fraction(&self, found: &Found, floor: usize) -> Option<Token> {
        if found.number.money {
            return None;
        }
        let with_noun = found.noun.end > found.noun.start && found.span.end > found.digits_end.saturating_sub(1);
        let bar =
            [Some(found.span.end), with_noun.then_some(found.noun.end)].into_iter().flatten().find_map(|end| {
                let rest = after_spaces(self.text, end).1.strip_prefix('/')?;
                let (at, rest) = after_spaces(self.text, self.text.len() - rest.len());
                rest.starts_with(|c: char| c.is_ascii_digit()).then_some(at)
            })?;
        let mut base = self.figure(bar, None)?;
        // `86 người/21 xã`: two figures, no share.
        if bar > found.noun.end && found.noun.end > found.noun.start && base.noun.end > base.noun.start {
            let (mine, theirs) = (&self.low[found.noun.clone()], &self.low[base.noun.clone()]);
            if !mine.starts_with(theirs) && !theirs.starts_with(mine) {
                return None;
            }
        }
        // A third part makes it something else; a numerator that ends in a percent sign too.
        if self.text[base.digits_end..].starts_with('/')
            && self.text[base.digits_end + 1..].starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        if found.number.percent {
            return None;
        }
        let shared =
            if base.unit == UnitKind::Percent { None } else { Some(base.unit).filter(|u| *u != UnitKind::Unknown) };
        let part = self.figure(found.span.start, shared.or(Some(found.unit)))?;
        let mut part_number = part.number;
        if base.unit == UnitKind::Unknown && found.unit == UnitKind::Count {
            base.number = self.figure(bar, Some(UnitKind::Count))?.number;
        }
        if base.number.percent {
            return None;
        }
        let (relation, begin) = self.relation_before(part.span.start);
        let about = relation == Relation::About && begin >= floor;
        let begin = if about { begin } else { part.span.start };
        if about {
            part_number.relation = relation;
        }
        Some(Token {
            span: begin..base.span.end,
            kind: TokenKind::Fraction(part_number, part.span, base.number, base.span.clone()),
        })
    }

    /// `30% - 50%`, `từ 70% - dưới 100%`, `2 đến 3 ngày`.
    fn range(&self, found: &Found, floor: usize) -> Option<Token> {
        let (at, rest) = after_spaces(self.low, found.span.end);
        let link = ["-", "–", "đến", "tới"].into_iter().find(|link| {
            rest.starts_with(link) && (link.len() <= 3 && !link.is_ascii() || *link == "-" || starts_word(rest, link))
        })?;
        let (mut at, mut rest) = after_spaces(self.low, at + link.len());
        for word in ["dưới", "không quá", "trên"] {
            if starts_word(rest, word) {
                (at, rest) = after_spaces(self.low, at + word.len());
            }
        }
        if !rest.starts_with(|c: char| c.is_ascii_digit()) || self.decoy(at, None).is_some() {
            return None;
        }
        let high = self.figure(at, None)?;
        let measured = high.noun.end > high.noun.start
            && (is_counted(&self.low[high.noun.start..], &self.text[high.noun.start..])
                || is_measured(&self.low[high.noun.start..]));
        let percent = high.number.percent;
        let head = self.low[..found.span.start].trim_end_matches(' ');
        let from = head.strip_suffix("từ").filter(|h| !h.ends_with(in_word)).map(str::len);
        if !(percent || measured && found.noun.end == found.noun.start || high.number.money) {
            return None;
        }
        if found.number.percent && !percent {
            return None;
        }
        let mut low = self.figure(found.span.start, Some(high.unit))?;
        if low.number.best().value > high.number.best().value {
            return None;
        }
        if low.number.multiplier == 0 && high.number.multiplier > 0 {
            low.number.multiplier = high.number.multiplier;
            low.number.money = high.number.money;
        }
        let begin = from.filter(|f| *f >= floor).unwrap_or(found.span.start);
        Some(Token { span: begin..high.span.end, kind: TokenKind::Range(low.number, high.number) })
    }

    /// `1.8I5 hồ sơ`: digits that an OCR engine read as letters, only in a run of digits and before something counted.
    fn repaired(&self, start: usize, floor: usize) -> Option<Token> {
        let bytes = self.text.as_bytes();
        let part = |b: u8| b.is_ascii_digit() || look_alike(b).is_some() || matches!(b, b'.' | b',');
        let left = bytes[..start].iter().rev().take(16).take_while(|b| part(**b)).count();
        let right = bytes[start..].iter().take(24).take_while(|b| part(**b)).count();
        let run = &bytes[start - left..start + right];
        // Almost every run is digits alone.
        if !run.iter().any(u8::is_ascii_alphabetic) {
            return None;
        }
        let begin = start - left;
        let joined = self.text[..begin].ends_with(|c: char| in_word(c) || matches!(c, '/' | '-' | '_' | '['))
            || self.text[start + right..].starts_with(|c: char| in_word(c) || matches!(c, '/' | '-' | '_' | '='));
        if joined || begin < floor {
            return None;
        }
        let raw = self.text.get(begin..start + right)?.trim_end_matches(['.', ',']);
        let (at, rest) = after_spaces(self.low, begin + raw.len());
        if !self.cell && !is_counted(rest, &self.text[at..]) {
            return None;
        }
        let mended = mend(raw)?;
        let numeral = numeral_of(&mended, begin, begin + raw.len());
        let mut found = self.figure_of(numeral, None)?;
        for reading in &mut found.number.readings {
            reading.cue = Cue::Repair;
        }
        Some(Token { span: found.span, kind: TokenKind::Number(found.number) })
    }

    /// Zero statements and numbers in words, merged into the tokens in order.
    fn words(&self, low: Low, tokens: &mut Vec<Token>) {
        let mut more: Vec<Token> = Vec::new();
        let mut floor = 0;
        for cue in low.words(CUES, |_| true) {
            let Range { start, end } = cue.range;
            if start < floor {
                continue;
            }
            let token = if DENIALS.contains(&cue.word) { self.zero(start, end) } else { self.spelled(start) };
            if let Some(token) = token {
                floor = token.span.end;
                more.push(token);
            }
        }
        if more.is_empty() {
            return;
        }
        more.retain(|word| {
            let next = tokens.partition_point(|t| t.span.end <= word.span.start);
            tokens.get(next).is_none_or(|t| t.span.start >= word.span.end)
        });
        tokens.append(&mut more);
        tokens.sort_by_key(|t| t.span.start);
    }

    /// `không có hồ sơ …`, `chưa phát sinh`, `: chưa mở lớp`, `không tiếp nhận phản ánh nào`.
    fn zero(&self, start: usize, end: usize) -> Option<Token> {
        let token = |end: usize| Some(Token { span: start..end, kind: TokenKind::Zero });
        let ends = |rest: &str| rest.is_empty() || rest.starts_with(['.', ',', ';', ')', '/']);
        let head = self.low[..start].trim_end_matches(' ');
        let stated = head.is_empty() || head.ends_with([':', '=', '(']);
        let (at, rest) = after_spaces(self.low, end);
        if stated && ends(rest) && head.ends_with([':', '=']) {
            return token(end);
        }
        let counts = |at: usize| {
            let (mut at, mut rest) = after_spaces(self.low, at);
            for filler in ["các", "bất kỳ", "bất cứ", "một", "thêm", "được", "mới", "trường hợp"]
            {
                if starts_word(rest, filler) && filler != "trường hợp" {
                    (at, rest) = after_spaces(self.low, at + filler.len());
                }
            }
            is_counted(rest, &self.text[at..])
        };
        let mut cursor = at;
        let mut having = false;
        for (word, _) in [("có", ()), ("phát sinh", ())] {
            let (next, rest) = after_spaces(self.low, cursor);
            if starts_word(rest, word) {
                cursor = next + word.len();
                having = true;
            }
        }
        if having {
            let (_, rest) = after_spaces(self.low, cursor);
            let arisen = self.low[at..cursor].contains("phát sinh");
            if counts(cursor) || ends(rest) && (arisen || stated) {
                return token(cursor);
            }
            return None;
        }
        let verb = VERBS.iter().find(|verb| starts_word(rest, verb))?;
        let cursor = at + verb.len();
        let (_, after) = after_spaces(self.low, cursor);
        // `không thực hiện quy định` denies no number; a count is denied with `nào`, after a colon or with `để xảy ra`.
        let near = after.char_indices().take(120).find(|(_, c)| matches!(c, '.' | ',' | ';' | ')')).map(|(at, _)| at);
        let clause = &after[..near.or_else(|| after.char_indices().nth(120).map(|(at, _)| at)).unwrap_or(after.len())];
        let none = clause.len() < 120 && (clause.ends_with(" nào") || clause.contains(" nào "));
        let countable = counts(cursor);
        let colon = head.ends_with(':') && (countable || clause.is_empty());
        let strong = matches!(
            *verb,
            "tiếp nhận" | "nhận được" | "xảy ra" | "để xảy ra" | "ghi nhận" | "mở" | "còn" | "phát hiện"
        );
        ((countable && (none || strong)) || colon || none && counted(after).is_some()).then(|| token(cursor)).flatten()
    }

    /// A number in words before a counted noun.
    fn spelled(&self, start: usize) -> Option<Token> {
        let spelled = spell::parse(&self.low[start..])?;
        let end = start + spelled.length;
        let (at, rest) = after_spaces(self.low, end);
        let lone = spelled.words == 1 && matches!(&self.low[start..end], "một" | "năm" | "tư" | "không");
        if lone || !is_counted(rest, &self.text[at..]) {
            return None;
        }
        let before = self.low[..start].trim_end_matches(' ');
        if ["thứ", "tháng", "năm", "ngày", "quý", "số", "mức", "cấp", "ông", "bà"].iter().any(|w| before.ends_with(w))
        {
            return None;
        }
        let noun = self.noun(end);
        let reading = Reading { value: Decimal::from(spelled.value), scale: 0, cue: Cue::Only };
        let number = Number {
            readings: vec![reading],
            relation: Relation::Equal,
            percent: false,
            multiplier: 0,
            money: false,
            negative: false,
            noun: self.text.get(noun).unwrap_or("").to_string(),
        };
        Some(Token { span: start..end, kind: TokenKind::Words(number) })
    }
}

/// The digit that a letter stands for in OCR damage.
fn look_alike(byte: u8) -> Option<char> {
    Some(match byte {
        b'S' => '5',
        b'B' => '8',
        b'Z' => '2',
        b'g' | b'q' => '9',
        _ => return digit_like(char::from(byte)),
    })
}

/// Digits in place of look-alikes, if enough true digits are there and the grouping is sound.
pub(super) fn mend(raw: &str) -> Option<String> {
    let letters = raw.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = raw.bytes().filter(u8::is_ascii_digit).count();
    let vague = raw.bytes().any(|b| matches!(b, b'S' | b'B' | b'Z' | b'g' | b'q'));
    let grouped = raw.contains(['.', ',']);
    if letters == 0 || digits < 2 || digits * 5 < (digits + letters) * 2 || vague && !grouped {
        return None;
    }
    let mended: String = raw.bytes().map(|b| look_alike(b).unwrap_or(b as char)).collect();
    let groups: Vec<&str> = mended.split(['.', ',']).collect();
    let sound = groups.len() == 1 || (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|g| g.len() == 3);
    sound.then_some(mended)
}

/// A numeral over mended digits that keeps the places of the print.
pub(super) fn numeral_of(mended: &str, start: usize, end: usize) -> Numeral<'_> {
    Numeral {
        start,
        end,
        groups: mended.split(['.', ',']).collect(),
        marks: mended.bytes().filter(|b| matches!(b, b'.' | b',')).collect(),
    }
}
