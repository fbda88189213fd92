//! What a label says by closed vocabularies: which administrative level, which outcome, which channel, already or not yet.
//!
//! In: a folded label. Out: marks, one set of bits per vocabulary. Sibling labels whose marks differ within one vocabulary (or over
//! a product of several) split their whole into parts that do not overlap: only then is a sum claimed. The vocabularies are those
//! of the reporting forms (Decree 61/2018, Circular 01/2020/TT-VPCP form 06, the forms of letter 725/BNV-CCHC) and of their
//! local variants.

use crate::text::fold::fold;
use crate::text::letter::in_word;
use aho_corasick::AhoCorasick;
use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Number of vocabularies.
pub(crate) const SCHEMES: usize = 10;
const LEVEL: usize = 0;
const OUTCOME: usize = 1;
const DONE: usize = 2;
const STAFF: usize = 8;
const SATISFIED: usize = 9;

/// What a label says, by vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, PartialOrd, Ord)]
pub(crate) struct Marks([u16; SCHEMES]);

/// Whether the parts that a split names make up the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// They exhaust it: late and not late, done and not done, online and at the desk.
    Full,
    /// They do not overlap, but more parts may exist.
    Partial,
}

/// All vocabularies: one automaton finds the cues of all of them, so that a label is read once. Within a vocabulary the leftmost cue
/// wins, then the longest, so that `chưa quá hạn` is not `quá hạn`.
struct Vocabularies {
    cues: Option<AhoCorasick>,
    /// The vocabulary and the bit of each cue.
    meanings: Vec<(usize, u16)>,
    /// Which bits of a vocabulary together exhaust a whole.
    full: Vec<fn(u16) -> bool>,
}

/// A cue with bit 0 only hides the words it covers (`xã hội` is no commune).
static VOCABULARIES: LazyLock<Vocabularies> = LazyLock::new(|| {
    let mut words: Vec<String> = Vec::new();
    let mut meanings = Vec::new();
    let mut schemes = 0;
    let mut scheme = |cues: &[(&str, u16)], full: fn(u16) -> bool| {
        // A space before but none after: neighbouring cues share the space between them.
        words.extend(cues.iter().map(|(cue, _)| padded(cue).trim_end().to_owned()));
        meanings.extend(cues.iter().map(|(_, bits)| (schemes, *bits)));
        schemes += 1;
        full
    };
    let full = vec![
        scheme(
            &[
                ("xã hội", 0),
                ("hợp tác xã", 0),
                ("văn phòng", 0),
                ("phòng chống", 0),
                ("quốc phòng", 0),
                ("cơ sở", 0),
                ("trụ sở", 0),
                ("thành phố thuộc tỉnh", 16),
                ("trung ương", 1),
                ("bộ ngành", 1),
                ("ngành dọc", 0),
                ("sở ngành", 2),
                ("sở ban ngành", 2),
                ("sở", 2),
                ("cấp tỉnh", 4),
                ("tỉnh", 4),
                ("thị xã", 16),
                ("tổ dân phố", 64),
                ("khu phố", 64),
                ("thôn", 64),
                ("thành phố", 8),
                ("cấp huyện", 16),
                ("huyện", 16),
                ("quận", 16),
                ("thị trấn", 32),
                ("đặc khu", 32),
                ("cấp xã", 32),
                ("phường", 32),
                ("xã", 32),
                ("phòng", 128),
            ],
            |_| true,
        ),
        scheme(
            &[
                ("chưa quá hạn", 2),
                ("chưa đến hạn", 2),
                ("trong thời hạn", 2),
                ("còn trong hạn", 2),
                ("trong hạn", 2),
                ("còn hạn", 2),
                ("không đúng hạn", 4),
                ("trước hạn", 1),
                ("trước thời hạn", 1),
                ("sớm hạn", 1),
                ("sớm hơn", 1),
                ("trả sớm", 1),
                ("sớm hơn hạn", 1),
                ("không trễ", 2),
                ("không quá hạn", 2),
                ("sớm hẹn", 1),
                ("trước hẹn", 1),
                ("đúng hạn", 2),
                ("đúng thời hạn", 2),
                ("đúng hẹn", 2),
                ("trễ hạn", 4),
                ("quá hạn", 4),
                ("chậm hạn", 4),
                ("trễ hẹn", 4),
                ("quá thời hạn", 4),
                ("bị trễ", 4),
            ],
            |bits| bits & 6 == 6,
        ),
        scheme(
            &[
                ("chưa hoàn thành", 2),
                ("chưa giải quyết", 2),
                ("đang giải quyết", 2),
                ("đang xử lý", 2),
                ("chưa xử lý", 2),
                ("chưa thực hiện", 2),
                ("đang thực hiện", 0),
                ("chưa đạt", 2),
                ("không đạt", 2),
                ("đã hoàn thành", 1),
                ("hoàn thành", 1),
                ("đã giải quyết", 1),
                ("đã xử lý", 1),
                ("đã thực hiện", 1),
                ("đạt", 1),
            ],
            |bits| bits & 3 == 3,
        ),
        scheme(
            &[
                ("chưa được công bố", 2),
                ("chưa công bố", 2),
                ("đã được công bố", 1),
                ("đã công bố", 1),
                ("được công bố", 1),
            ],
            |bits| bits & 3 == 3,
        ),
        scheme(&[("trực tuyến", 1), ("trực tiếp", 2), ("bưu chính", 4)], |bits| bits & 3 == 3),
        scheme(
            &[("kỳ trước", 2), ("năm trước chuyển", 2), ("tồn trước", 2), ("mới tiếp nhận", 1), ("tiếp nhận mới", 1)],
            |bits| bits & 3 == 3,
        ),
        scheme(&[("việt nam", 0), ("nam", 1), ("nữ", 2)], |bits| bits & 3 == 3),
        scheme(
            &[("khối hành chính", 1), ("khối đảng", 2), ("khối sự nghiệp", 4), ("đơn vị sự nghiệp", 0)],
            |bits| bits & 5 == 5,
        ),
        scheme(&[("không chuyên trách", 8), ("viên chức", 4), ("công chức", 2), ("cán bộ", 1)], |_| true),
        scheme(
            &[
                ("rất không hài lòng", 16),
                ("không hài lòng", 8),
                ("chưa hài lòng", 8),
                ("rất hài lòng", 1),
                ("sự hài lòng", 0),
                ("hài lòng", 2),
                ("bình thường", 4),
            ],
            |bits| bits & 2 == 2 && bits & 8 == 8,
        ),
    ];
    Vocabularies { cues: AhoCorasick::new(words).ok(), meanings, full }
});

/// Words that say that a percentage may pass 100: it compares with another time, a plan, an estimate.
static INDEX: LazyLock<Vec<String>> = LazyLock::new(|| {
    [
        "so với",
        "cùng kỳ",
        "kế hoạch",
        "dự toán",
        "chỉ tiêu giao",
        "chỉ tiêu được giao",
        "chỉ tiêu",
        "vượt",
        "tăng",
        "năm trước",
        "thu ngân sách",
        "bằng năm",
        "bằng cùng kỳ",
        "bằng quý",
    ]
    .iter()
    .map(|w| padded(w))
    .collect()
});

/// Words that name another base than the fraction beside the percentage.
static OTHER_BASE: LazyLock<Vec<String>> = LazyLock::new(|| {
    ["cùng kỳ", "năm trước", "tháng trước", "quý trước", "định mức"].iter().map(|w| padded(w)).collect()
});

/// The opening of a total's label: `tổng số lượng`, `tổng số`, `tổng cộng`.
static TOTAL: LazyLock<String> = LazyLock::new(|| padded("tổng"));

/// What stands before the counted noun in a label.
static OPENINGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    ["tổng số lượng các", "tổng số lượng", "tổng số", "tổng cộng", "tổng", "số lượng các", "số lượng", "số"]
        .iter()
        .map(|w| padded(w))
        .collect()
});

static AMONG: LazyLock<String> = LazyLock::new(|| padded("trong đó"));
static ALL_LEVELS: LazyLock<Vec<String>> = LazyLock::new(|| {
    [
        "thành phố và phường",
        "thành phố và các",
        "huyện và các xã",
        "thị xã và các",
        "quận và các phường",
        "hai cấp",
        "02 cấp",
        "2 cấp",
        "ba cấp",
        "03 cấp",
        "3 cấp",
        "huyện và cấp xã",
        "huyện và xã",
        "tỉnh huyện xã",
    ]
    .iter()
    .map(|w| padded(w))
    .collect()
});
static LESS: LazyLock<Vec<String>> =
    LazyLock::new(|| ["giảm", "ít hơn", "thấp hơn", "bớt"].iter().map(|w| padded(w)).collect());
static RATES: LazyLock<Vec<String>> =
    LazyLock::new(|| ["tỷ lệ", "tỉ lệ", "tỷ lệ phần trăm", "mức độ"].iter().map(|w| padded(w)).collect());
static RECEIVED: LazyLock<Vec<String>> = LazyLock::new(|| ["tiếp nhận", "nhận"].iter().map(|w| padded(w)).collect());
static HANDLED: LazyLock<Vec<String>> =
    LazyLock::new(|| ["giải quyết", "xử lý", "đã trả"].iter().map(|w| padded(w)).collect());
static LINKED: LazyLock<String> = LazyLock::new(|| padded("liên thông"));
static BETWEEN: LazyLock<String> = LazyLock::new(|| padded("giữa"));
static BONUS: LazyLock<Vec<String>> =
    LazyLock::new(|| ["điểm trừ", "điểm thưởng", "điểm cộng", "trừ điểm"].iter().map(|w| padded(w)).collect());

/// Folded, letters and digits only, single spaces, a space on either side.
pub(crate) fn padded(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len() + 2);
    out.push(' ');
    // Beside words and single spaces a folded text holds only what belongs to a number.
    if !folded.is_empty() && memchr::memchr2(b'/', b'%', folded.as_bytes()).is_none() {
        out.push_str(&folded);
        out.push(' ');
        return out;
    }
    for word in folded.split(|c: char| !in_word(c)).filter(|w| !w.is_empty()) {
        out.push_str(word);
        out.push(' ');
    }
    out
}

/// The beginning of `padded`: its first word at least, if there is one. Words never go on over a space.
pub(crate) fn opening(text: &str) -> String {
    let start = text.find(in_word).unwrap_or(text.len());
    let end = memchr::memchr(b' ', &text.as_bytes()[start..]).map_or(text.len(), |at| start + at);
    padded(&text[start..end])
}

/// What a padded label says.
pub(crate) fn marks(label: &str) -> Marks {
    let Vocabularies { cues, meanings, .. } = &*VOCABULARIES;
    let mut found: Vec<_> = cues.iter().flat_map(|cues| cues.find_overlapping_iter(label)).collect();
    found.sort_unstable_by_key(|cue| (cue.start(), std::cmp::Reverse(cue.end())));
    let mut out = Marks::default();
    let mut taken = [0; SCHEMES];
    for cue in found {
        let Some(&(scheme, bits)) = meanings.get(cue.pattern().as_usize()) else { continue };
        if cue.start() < taken[scheme] {
            continue;
        }
        taken[scheme] = cue.end();
        // Whole words only.
        if label.as_bytes().get(cue.end()) == Some(&b' ') {
            out.0[scheme] |= bits;
        }
    }
    out
}

/// Whether labels with these marks split a whole without overlap.
pub(crate) fn partition(parts: &[Marks], whole: Marks) -> Option<Cover> {
    if parts.len() < 2 {
        return None;
    }
    let mut varying: Vec<usize> = Vec::new();
    for s in 0..SCHEMES {
        let first = parts[0].0[s];
        if parts.iter().all(|m| m.0[s] != 0) && parts.iter().any(|m| m.0[s] != first) {
            varying.push(s);
        }
    }
    let mut cells: Vec<Vec<u16>> = parts.iter().map(|m| varying.iter().map(|s| m.0[*s]).collect()).collect();
    cells.sort_unstable();
    if varying.is_empty() || cells.windows(2).any(|w| w[0] == w[1]) {
        return None;
    }
    let (mut full, mut product) = (true, 1usize);
    for s in &varying {
        let mut values: Vec<u16> = parts.iter().map(|m| m.0[*s]).collect();
        values.sort_unstable();
        values.dedup();
        let union = values.iter().fold(0, |a, b| a | b);
        // Values that share a bit overlap (`đúng hạn và trước hạn` beside `trước hạn`); pairs of levels are names of their own.
        let overlap = values.iter().map(|v| v.count_ones()).sum::<u32>() > union.count_ones();
        if overlap && *s != LEVEL {
            return None;
        }
        if *s != LEVEL && whole.0[*s] != 0 && whole.0[*s] & union != union {
            return None;
        }
        // `cán bộ` and `công chức` exhaust only a whole that is called `cán bộ, công chức`.
        if *s == STAFF && whole.0[*s] != union {
            return None;
        }
        full &= (VOCABULARIES.full[*s])(union);
        product = product.saturating_mul(values.len());
    }
    Some(if full && product == parts.len() { Cover::Full } else { Cover::Partial })
}

/// Whether rates with these marks are the shares of one whole: by outcome or by satisfaction, and nothing else differs.
pub(crate) fn are_shares(parts: &[Marks]) -> bool {
    let alike = |s: usize| parts.windows(2).all(|w| w[0].0[s] == w[1].0[s]);
    let one = [OUTCOME, SATISFIED].into_iter().find(|s| !alike(*s));
    let rest = (0..SCHEMES).all(|s| Some(s) == one || alike(s));
    one.is_some() && rest && partition(parts, Marks::default()) == Some(Cover::Full)
}

/// Whether the label says only the level (`Cấp huyện`, `Giữa cấp huyện và cấp xã`) or names it among few words.
pub(crate) fn is_bare(label: &str) -> bool {
    label.split_ascii_whitespace().count() <= 8
}

/// Whether a mark says `trước hạn`, so that a bare `đúng hạn` beside it may or may not include it.
pub(crate) fn is_early(marks: Marks) -> bool {
    marks.0[OUTCOME] == 1
}

/// Whether a mark says how far the handling of a thing has come: on time, late, done, pending.
pub(crate) fn is_handling(marks: Marks) -> bool {
    marks.0[OUTCOME] != 0 || marks.0[DONE] != 0
}

fn any(label: &str, cues: &[String]) -> bool {
    cues.iter().any(|c| label.contains(c.as_str()))
}

/// Whether the label or sentence compares with a plan or another time, so that a percentage may pass 100.
pub(crate) fn is_index(text: &str) -> bool {
    any(text, &INDEX)
}

/// Whether the words name another base than the one beside the percentage.
pub(crate) fn names_other_base(text: &str) -> bool {
    any(text, &OTHER_BASE)
}

/// Whether the label opens like a total: its first word says so.
pub(crate) fn is_total(label: &str) -> bool {
    label.starts_with(TOTAL.as_str())
}

/// Whether the label says nothing but that this is the total.
pub(crate) fn is_foot(label: &str) -> bool {
    matches!(
        label.trim(),
        "cộng" | "tổng" | "tổng cộng" | "tổng số" | "cộng chung" | "toàn huyện" | "toàn tỉnh" | "toàn xã"
    ) || ["cộng ", "tổng cộng "].iter().any(|w| label.trim_start().starts_with(w))
}

/// Whether a row takes in all that the rows before it do not: `Đơn vị sự nghiệp khác`.
pub(crate) fn is_others(label: &str) -> bool {
    [" khác ", " khác còn lại ", " còn lại khác "].iter().any(|w| label.ends_with(w))
}

/// Whether the words before a list of parts say that it is complete.
pub(crate) fn lists_all(label: &str) -> bool {
    [" gồm ", " chia ra ", " chia thành "].iter().any(|w| label.contains(w))
}

/// Whether a row says that it is a part of the row above it.
pub(crate) fn is_among(label: &str) -> bool {
    label.contains(AMONG.as_str())
}

/// Whether a sentence speaks of two levels of the administration together.
pub(crate) fn is_of_all_levels(text: &str) -> bool {
    // Most sentences have none of these, which a look at their bytes says.
    static SIGNS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
        ["cấp", "huyện và", "thành phố và", "thị xã và", "quận và", "tỉnh, huyện"].iter().map(Finder::new).collect()
    });
    SIGNS.iter().any(|sign| sign.find(text.as_bytes()).is_some()) && any(&padded(text), &ALL_LEVELS)
}

/// Whether the words say that something is less than before.
pub(crate) fn is_less(label: &str) -> bool {
    any(label, &LESS)
}

/// Whether the label opens like a rate.
pub(crate) fn is_rate(label: &str) -> bool {
    RATES.iter().any(|t| label.starts_with(t.as_str()))
}

/// Whether the label speaks of things received but not of their handling.
pub(crate) fn is_received_only(label: &str) -> bool {
    any(label, &RECEIVED) && !any(label, &HANDLED)
}

/// Whether the label speaks of things that pass several levels, so that level parts overlap.
pub(crate) fn is_linked(label: &str) -> bool {
    label.contains(LINKED.as_str()) && !label.contains(BETWEEN.as_str())
}

/// Whether a score row adds or takes away outside the scale.
pub(crate) fn is_bonus(label: &str) -> bool {
    any(label, &BONUS)
}

/// The label without `Tổng số`, `Số lượng`: it begins with the counted noun.
pub(crate) fn noun_phrase(label: &str) -> &str {
    for opening in OPENINGS.iter() {
        if label.starts_with(opening.as_str()) {
            return &label[opening.len() - 1..];
        }
    }
    label
}

/// How many words two labels share from their counted noun on.
pub(crate) fn shared_opening(a: &str, b: &str) -> usize {
    noun_phrase(a)
        .split_ascii_whitespace()
        .zip(noun_phrase(b).split_ascii_whitespace())
        .take_while(|(a, b)| a == b)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(parts: &[&str], whole: &str) -> Option<Cover> {
        let parts: Vec<Marks> = parts.iter().map(|p| marks(&padded(p))).collect();
        partition(&parts, marks(&padded(whole)))
    }

    #[test]
    fn levels_outcomes_and_their_product_split_a_whole() {
        assert_eq!(split(&["Cấp huyện", "Cấp xã"], "Số thủ tục"), Some(Cover::Full));
        assert_eq!(split(&["Giữa tỉnh và huyện", "Giữa huyện và xã"], "Số nhóm"), Some(Cover::Full));
        assert_eq!(split(&["trước hạn", "đúng hạn", "trễ hạn"], "đã giải quyết"), Some(Cover::Full));
        assert_eq!(split(&["trước hạn", "đúng hạn"], "đã giải quyết"), Some(Cover::Partial));
        let product = ["ở huyện đã công bố", "ở xã đã công bố", "ở huyện chưa công bố", "ở xã chưa công bố"];
        assert_eq!(split(&product, "đang thực hiện"), Some(Cover::Full));
        assert_eq!(split(&product[..3], "đang thực hiện"), Some(Cover::Partial));
    }

    #[test]
    fn overlapping_or_unrelated_labels_split_nothing() {
        assert_eq!(split(&["trước hạn và đúng hạn", "đúng hạn"], "đã giải quyết"), None);
        assert_eq!(split(&["Số khu phố", "Số trường học"], "Tổng số"), None);
        assert_eq!(split(&["an sinh xã hội", "hợp tác xã"], "Tổng số"), None);
        assert_eq!(split(&["cán bộ", "công chức"], "Tổng số người"), None);
        assert_eq!(split(&["cán bộ", "công chức"], "Tổng số cán bộ, công chức"), Some(Cover::Full));
    }

    #[test]
    fn sentences_of_two_levels() {
        for text in ["Hai cấp đã nhận 90 hồ sơ", "ở 02 (cấp huyện và xã)", "của huyện và các xã, thị trấn"]
        {
            assert!(is_of_all_levels(text), "{text}");
        }
        assert!(!is_of_all_levels("thủ tục cấp xã") && !is_of_all_levels("các sở và huyện"));
    }

    #[test]
    fn negated_cues_win() {
        let not = marks(&padded("chưa hoàn thành nhưng chưa quá hạn"));
        let done = marks(&padded("đã hoàn thành nhưng quá hạn"));
        assert_ne!(not, done);
        assert!(is_handling(not));
        assert!(!is_early(not));
    }

    #[test]
    fn the_opening_is_that_of_the_whole() {
        for text in ["", " - ", "Tổng số nhiệm vụ", "1. Số/tỷ lệ 100%", "(TN&TKQ) của xã", "22/39 nội dung", "STT"]
        {
            let (whole, opening) = (padded(text), opening(text));
            assert!(whole.starts_with(&opening) && opening.len().min(2) == whole.len().min(2), "{text}");
        }
        assert_eq!((padded("22/39 nội dung").as_str(), opening("Tổng số").as_str()), (" 22 39 nội dung ", " tổng "));
    }

    #[test]
    fn openings_are_taken_off() {
        assert_eq!(shared_opening(&padded("Tổng số nhiệm vụ được giao"), &padded("Số nhiệm vụ đã xong")), 2);
        assert!(is_total(&padded("Tổng số nhiệm vụ")) && !is_total(&padded("Số nhiệm vụ")));
    }
}
