//! Whose things a label, clause or heading counts: the administrative level that its words name.
//!
//! In: clean text (a row's label, a clause, a heading). Out: every mention of a level with its bytes, or the one level of the whole
//! label. Refuses: levels that only act or are only the other end (`do UBND tỉnh công bố`, `kết nối với UBND huyện`, `so với …`),
//! places (`trên địa bàn huyện`), ranges and pairs (`từ cấp tỉnh đến cấp xã`, `huyện và các xã`), named units (`xã Tân Hòa`: see
//! `entity`), and words that only look like a level (`kinh tế - xã hội`, `cơ sở`, `nông thôn`).

mod context;

use crate::model::Level;
use crate::text::sought::{Low, Lowered, Meanings};
use context::{counts, ends_any_case, strip_any_case, tail};
use std::ops::Range;

/// One mention of a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LevelMention {
    /// Bytes of the clean text, with `cấp`, `các`, `UBND` before the word.
    pub range: Range<usize>,
    /// The level.
    pub level: Level,
    /// Whether it is said in so many words (`cấp xã`, `UBND huyện`, `các xã, thị trấn`) and not only by a lone `huyện`.
    pub strong: bool,
}

/// The levels that a label names.
#[derive(Debug)]
pub struct Levels(Vec<Group>);

impl Levels {
    /// Those of a clean text.
    pub fn of(label: &str) -> Levels {
        Levels::within(label, Lowered::alone(label).text(0))
    }

    /// The same where the text is at hand in small letters.
    pub fn within(label: &str, low: Low) -> Levels {
        Levels(read(label, low))
    }

    /// The level whose things the label counts in a report of this issuer; None where it names none, or a pair of levels. A lone word
    /// for a level above a known issuer (`tại huyện` in a commune's report) is a place or an actor there, and says nothing.
    pub fn counted(&self, issuer: Option<Level>) -> Option<Level> {
        choose(&self.0, issuer)
    }
}

/// All mentions of single levels, in order: for sentences where a level binds to the number after or before it. `low` is the text in
/// small letters.
pub fn levels_in(text: &str, low: Low) -> impl Iterator<Item = (Range<usize>, Level)> {
    read(text, low).into_iter().filter(|g| !g.pair).map(|g| (g.mention.range, g.mention.level))
}

/// A mention as found, before pairs are set aside.
#[derive(Debug)]
struct Group {
    mention: LevelMention,
    /// Named together with another level.
    pair: bool,
}

fn choose(groups: &[Group], issuer: Option<Level>) -> Option<Level> {
    let above = |level: Level| issuer.is_some_and(|i| rank(level) > rank(i));
    // People of a hamlet are said to be such; everything else of the label is where they work.
    if let Some(g) = groups.iter().find(|g| g.mention.level == Level::Hamlet && !g.pair) {
        return Some(g.mention.level);
    }
    let first = groups.iter().find(|g| g.pair || g.mention.strong || !above(g.mention.level))?;
    (!first.pair).then_some(first.mention.level)
}

/// Height of a level; a department stands beside the province.
fn rank(level: Level) -> u8 {
    match level {
        Level::Hamlet => 0,
        Level::Commune => 1,
        Level::District => 2,
        Level::Province | Level::Department => 3,
        Level::Central => 4,
    }
}

/// What a word found may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Level(Level),
    /// `thành phố`: a district's peer in a list, a province's as `cấp thành phố`, else not said.
    City,
    /// `sở`: a level only in `các sở`, `sở, ngành`, `cấp sở`.
    Office,
}

/// The words in small letters; each is looked for in the three cases that are printed.
static WORDS: Meanings<Word> = Meanings::of(&[
    ("xã", Word::Level(Level::Commune)),
    ("xă", Word::Level(Level::Commune)),
    ("phường", Word::Level(Level::Commune)),
    ("thị trấn", Word::Level(Level::Commune)),
    ("thị trân", Word::Level(Level::Commune)),
    ("thị, trấn", Word::Level(Level::Commune)),
    ("đặc khu", Word::Level(Level::Commune)),
    ("huyện", Word::Level(Level::District)),
    ("huyên", Word::Level(Level::District)),
    ("quận", Word::Level(Level::District)),
    ("thị xã", Word::Level(Level::District)),
    ("thành phố", Word::City),
    ("thành phố trực thuộc trung ương", Word::Level(Level::Province)),
    ("thành phố thuộc tỉnh", Word::Level(Level::District)),
    ("tp", Word::City),
    ("tỉnh", Word::Level(Level::Province)),
    ("trung ương", Word::Level(Level::Central)),
    ("sở", Word::Office),
    ("thôn", Word::Level(Level::Hamlet)),
    ("ấp", Word::Level(Level::Hamlet)),
    ("khu phố", Word::Level(Level::Hamlet)),
    ("khóm", Word::Level(Level::Hamlet)),
    ("khu dân cư", Word::Level(Level::Hamlet)),
    ("tổ dân phố", Word::Level(Level::Hamlet)),
]);

/// A word found, with what its neighbours make of it.
struct Atom {
    range: Range<usize>,
    word: Word,
}

/// Words of another meaning: what may not stand right before or after the word.
fn other_meaning(word: Word, spelled: usize, before: &str, after: &str) -> bool {
    let before = before.trim_end();
    let follows = |words: &[&str]| {
        let rest = after.trim_start();
        words.iter().any(|w| {
            strip_any_case(rest, w).is_some_and(|r| !r.starts_with(char::is_alphanumeric)) && after.starts_with(' ')
        })
    };
    let preceded = |words: &[&str]| words.iter().any(|w| ends_any_case(before, w));
    match word {
        Word::Level(Level::Commune) => follows(&["hội", "viên", "luận", "giao", "tắc"]) || preceded(&["tác", "htx"]),
        Word::Level(Level::District | Level::Province) | Word::City => {
            follows(&["ủy", "uỷ", "đoàn", "đội", "lỵ", "lộ"]) || (spelled == 2 && after.starts_with(['I', 'P']))
        }
        Word::Office => preceded(&["cơ", "trụ", "công"]) || follows(&["hữu", "tại", "thích", "trường"]),
        Word::Level(Level::Hamlet) => preceded(&["nông", "hương"]),
        Word::Level(_) => false,
    }
}

fn read(text: &str, low: Low) -> Vec<Group> {
    let mut atoms: Vec<Atom> = Vec::new();
    for found in low.words(WORDS.words, |found| found.case(text).is_some()) {
        let Some(word) = WORDS.get(found.word) else { continue };
        let (before, after) = (&text[..found.range.start], &text[found.range.end..]);
        if !other_meaning(word, found.range.len(), before, after) {
            atoms.push(Atom { range: found.range, word });
        }
    }
    if atoms.is_empty() {
        return Vec::new();
    }
    let groups = group(text, &atoms);
    let mut out: Vec<Group> = Vec::new();
    for (i, g) in groups.iter().enumerate() {
        let near = |other: Option<&Cluster>, left: bool| {
            other.is_some_and(|o| {
                let gap = if left { o.end..g.start } else { g.end..o.start };
                o.level != g.level && text.get(gap).is_some_and(joins)
            })
        };
        let pair = near(i.checked_sub(1).and_then(|j| groups.get(j)), true) || near(groups.get(i + 1), false);
        if !pair && !counts(text, g) {
            continue;
        }
        out.push(Group { mention: LevelMention { range: g.start..g.end, level: g.level, strong: g.strong }, pair });
    }
    out
}

/// Words of one level that stand together: `xã, phường, thị trấn`.
struct Cluster {
    start: usize,
    end: usize,
    level: Level,
    strong: bool,
}

fn group(text: &str, atoms: &[Atom]) -> Vec<Cluster> {
    let mut out: Vec<Cluster> = Vec::new();
    let mut i = 0;
    while let Some(first) = atoms.get(i) {
        // How far the list goes: the same level, or a city among districts, with nothing but commas between.
        let mut level = first.word;
        let mut j = i + 1;
        while let Some(next) = atoms.get(j) {
            let gap = text.get(atoms[j - 1].range.end..next.range.start).unwrap_or("x");
            let together = match (level, next.word) {
                (Word::Level(a), Word::Level(b)) => a == b,
                (Word::Level(Level::District), Word::City) => true,
                (Word::City, Word::Level(Level::District)) => true,
                _ => false,
            };
            if !together || !joins(gap) {
                break;
            }
            if level == Word::City {
                level = next.word;
            }
            j += 1;
        }
        let (start, last) = (first.range.start, atoms[j - 1].range.end);
        let (start, lead) = leads(text, start);
        let list = j - i > 1;
        let named = !list && name_follows(text, first);
        let cluster = |level, strong, end| Cluster { start, end, level, strong };
        match level {
            Word::Level(Level::Hamlet) if staff_before(text, start) => out.push(cluster(Level::Hamlet, true, last)),
            Word::Level(Level::Hamlet) => {}
            _ if named => {}
            Word::Level(Level::Central) if !lead.cap => {}
            Word::Level(Level::Province) if !lead.cap && !lead.body && !lead.plural => {}
            Word::Level(level) => {
                let alone =
                    text[..start].trim().is_empty() && text[last..].trim_matches([' ', ':', '.', ')']).is_empty();
                out.push(cluster(level, lead.cap || lead.body || lead.plural || list || alone, last));
            }
            // `cấp thành phố` is said where the city is a province; a lone `thành phố` may be of either level.
            Word::City if lead.cap => out.push(cluster(Level::Province, true, last)),
            Word::City => {}
            Word::Office => {
                let offices = office_end(text, last);
                if lead.cap || lead.plural || offices > last {
                    out.push(cluster(Level::Department, true, offices));
                }
            }
        }
        i = j;
    }
    out
}

/// The end of `sở, ban, ngành` behind `sở`.
fn office_end(text: &str, mut end: usize) -> usize {
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let word = rest.trim_start_matches([' ', ',', '-', '/', '–']);
        let step = ["ban", "ngành", "nghành"].iter().find_map(|w| strip_any_case(word, w));
        match step {
            Some(after) if word.len() < rest.len() && !after.starts_with(char::is_alphanumeric) => {
                end = text.len() - after.len();
            }
            _ => return end,
        }
    }
}

/// What stands right before a level word and belongs to it.
#[derive(Default)]
struct Lead {
    /// `cấp`
    cap: bool,
    /// `UBND`, `HĐND`, `Ủy ban nhân dân`, `chính quyền`
    body: bool,
    /// `các`, `những`, `mỗi`, `số`, or a number: things counted
    plural: bool,
}

/// Extends a mention to the left over `cấp`, `các`, `UBND` …
fn leads(text: &str, mut start: usize) -> (usize, Lead) {
    const LEADS: [(&str, u8); 16] = [
        ("cấp", 0),
        ("câp", 0),
        ("cắp", 0),
        ("các", 2),
        ("những", 2),
        ("mỗi", 2),
        ("ubnd", 1),
        ("hđnd", 1),
        ("ủy ban nhân dân", 1),
        ("uỷ ban nhân dân", 1),
        ("hội đồng nhân dân", 1),
        ("ủy ban", 1),
        ("uỷ ban", 1),
        ("chính quyền", 1),
        ("hđnd và ubnd", 1),
        ("hđnd, ubnd", 1),
    ];
    let mut lead = Lead::default();
    for _ in 0..4 {
        let before = text[..start].trim_end();
        if before.len() == start && start > 0 {
            break;
        }
        let step = LEADS.iter().find(|(w, _)| {
            ends_any_case(before, w)
                && !before[..before.len() - w.len()].chars().next_back().is_some_and(char::is_alphanumeric)
        });
        let Some((word, kind)) = step else { break };
        match kind {
            0 => lead.cap = true,
            1 => lead.body = true,
            _ => lead.plural = true,
        }
        start = before.len() - word.len();
    }
    (start, lead)
}

/// Whether a capitalised name follows a level word in small letters.
fn name_follows(text: &str, atom: &Atom) -> bool {
    let spelled = &text[atom.range.clone()];
    let capitals = !spelled.chars().any(char::is_lowercase);
    let rest = &text[atom.range.end..];
    // `Tp. Huế`; behind a word that is written out a stop ends the sentence.
    let short = spelled.chars().count() <= 2 && spelled.starts_with(char::is_uppercase);
    let word = rest.trim_start_matches(|c| c == ' ' || c == '.' && short);
    rest.len() > word.len()
        && !capitals
        && word.starts_with(|c: char| c.is_uppercase())
        // An abbreviation is no name: `cấp xã CCHC`, `huyện TTHC`.
        && !word.chars().take_while(|c| c.is_alphanumeric()).skip(1).all(char::is_uppercase)
}

/// Whether people are counted right before: only staff lives at the level of a hamlet.
fn staff_before(text: &str, start: usize) -> bool {
    let before = tail(text, start, 60);
    ["chuyên trách", "cán bộ", "trưởng", "phó", "bí thư", "công tác viên", "cộng tác viên"]
        .iter()
        .any(|w| before.contains(w))
}

/// Whether the text between two level words only joins them.
fn joins(gap: &str) -> bool {
    gap.split([' ', ',', '-', '–', '/', ';', '(', '+', '&']).all(|w| {
        let w = w.to_lowercase();
        matches!(
            w.as_str(),
            "" | "và"
                | "các"
                | "cấp"
                | "câp"
                | "hoặc"
                | "hay"
                | "cùng"
                | "với"
                | "đến"
                | "tới"
                | "xuống"
                | "ubnd"
                | "hđnd"
                | "ủy"
                | "uỷ"
                | "ban"
                | "nhân"
                | "dân"
                | "của"
                | "ngành"
                | "ở"
                | "lẫn"
        )
    }) && gap.len() < 48
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_one_level() {
        let cases = [
            ("Cấp huyện", Some(Level::District)),
            ("Số hồ sơ của cấp xã", Some(Level::Commune)),
            ("Số UBND cấp xã đã kiểm tra", Some(Level::Commune)),
            ("Cán bộ của Ủy ban nhân dân các xã", Some(Level::Commune)),
            ("Số phường - xã, thị trấn có bảng niêm yết trên địa bàn quận - huyện", Some(Level::Commune)),
            ("TẠI CÁC XÃ, THỊ TRẤN", Some(Level::Commune)),
            ("Tỷ lệ của xã thị, trấn", Some(Level::Commune)),
            ("Công tác rà soát của quận - huyện", Some(Level::District)),
            ("Số huyện, thị xã, thành phố đã nối mạng", Some(Level::District)),
            ("Hồ sơ do các sở, ngành tiếp nhận", Some(Level::Department)),
            ("Lãnh đạo cấp sở bị kỷ luật", Some(Level::Department)),
            ("Lãnh đạo cấp tỉnh", Some(Level::Province)),
            ("Văn bản do UBND tỉnh ban hành", Some(Level::Province)),
            ("Văn bản do HĐND huyện ban hành", Some(Level::District)),
            ("Người hoạt động không chuyên trách ở thôn, khu dân cư", Some(Level::Hamlet)),
            ("Thủ tục câp xã", Some(Level::Commune)),
            ("Tỷ lệ UBND cấp huyện đã kết nối với UBND tỉnh", Some(Level::District)),
            ("Cán bộ cấp xã được chuyển thành công chức cấp huyện trở lên", Some(Level::Commune)),
        ];
        for (label, level) in cases {
            assert_eq!(Levels::of(label).counted(None), level, "{label}");
        }
    }

    #[test]
    fn labels_that_name_no_one_level() {
        for label in [
            "Số thủ tục do UBND tỉnh công bố",
            "Nhiệm vụ UBND tỉnh giao",
            "Quyết định số 325/QĐ-UBND ngày 18/10/2022 của UBND tỉnh",
            "Đề nghị Chủ tịch UBND huyện tặng giấy khen",
            "Nhiệm vụ do UBND huyện, Chủ tịch UBND huyện giao",
            "Số văn bản thuộc thẩm quyền do tỉnh ban hành",
            "Chỉ số tăng so với UBND tỉnh",
            "Được chuyển thành công chức cấp huyện trở lên",
            "Hồ sơ của huyện và các xã, thị trấn",
            "Liên thông từ cấp tỉnh đến cấp xã",
            "Liên thông giữa huyện và xã",
            "Số phòng chuyên môn",
            "Phát triển kinh tế - xã hội",
            "Hợp tác xã mới thành lập",
            "Số khu phố",
            "Số thôn đạt chuẩn nông thôn mới",
            "Trụ sở, cơ sở vật chất",
            "Hồ sơ trên địa bàn huyện",
            "Số lớp do Thành phố tổ chức",
            "Lãnh đạo cấp sở, ngành và UBND cấp huyện",
            "UBND xã Tân Hòa",
            "Huyện ủy, Tỉnh đoàn, Quận ủy",
            "Quyết định số 12/QĐ-UBND, thực hiện Kế hoạch của UBND huyện",
            "",
        ] {
            assert_eq!(Levels::of(label).counted(None), None, "{label}");
        }
    }

    #[test]
    fn a_lone_word_above_the_issuer_says_nothing() {
        let counted = |label, issuer| Levels::of(label).counted(Some(issuer));
        assert_eq!(counted("Số lượt tiếp dân tại huyện", Level::Commune), None);
        assert_eq!(counted("Số lượt tiếp dân tại huyện", Level::District), Some(Level::District));
        assert_eq!(counted("Số TTHC cấp huyện", Level::Commune), Some(Level::District));
    }

    #[test]
    fn levels_bind_to_their_numbers() {
        let found = |text: &str| {
            let lowered = Lowered::alone(text);
            levels_in(text, lowered.text(0)).map(|(r, l)| (text[r].to_owned(), l)).collect::<Vec<_>>()
        };
        assert_eq!(
            found("Công chức một cửa: cấp huyện 05 người, cấp xã 31 người"),
            [("cấp huyện".to_owned(), Level::District), ("cấp xã".to_owned(), Level::Commune)]
        );
        assert_eq!(
            found("của huyện là 40,5% (81/200 hồ sơ), của xã thị, trấn là 75%"),
            [("huyện".to_owned(), Level::District), ("xã thị, trấn".to_owned(), Level::Commune)]
        );
        assert_eq!(found("Huyện và các xã, thị trấn nhận 900 hồ sơ"), []);
    }

    #[test]
    fn hostile_text_is_read_in_linear_time() {
        let text = "xã, ".repeat(50_000) + &"cấp ".repeat(50_000) + &"sở, ban, ".repeat(20_000);
        assert!(!Levels::of(&text).0.is_empty());
    }
}
