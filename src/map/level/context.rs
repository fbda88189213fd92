//! What stands around a mention of a level and decides whether it says whose things are counted.
//!
//! In: clean text and the bytes of a mention. Out: whether it counts. Refuses actors, places, targets and the other end of a comparison:
//! those name a level without counting its things.

use super::Cluster;
use crate::model::Level;
use crate::text::letter::{lowered, lowered_start};

/// Whether a mention says whose things are counted, and not who acts, where, or against what.
pub(super) fn counts(text: &str, g: &Cluster) -> bool {
    let before = tail(text, g.start, 72);
    let after = lowered_start(text[g.end..].trim_start(), 16);
    let ends = |words: &[&str]| words.iter().any(|w| before.ends_with(w) && !inside(&before, w));
    let starts = |words: &[&str]| {
        words.iter().any(|w| after.strip_prefix(w).is_some_and(|r| !r.starts_with(char::is_alphanumeric)))
    };
    // Where.
    if ends(&["địa bàn", "phạm vi", "toàn", "phạm vi toàn"]) {
        return false;
    }
    // `(số liệu từng phường, xã tại Biểu 01)`: where more is to be found.
    if let Some(open) = before.rfind('(').filter(|o| !before[*o..].contains(')')) {
        let rest: String =
            text[g.end..].chars().take_while(|c| *c != ')').take(60).flat_map(char::to_lowercase).collect();
        let refers = ["biểu ", "phụ lục", "kèm theo"];
        if refers.iter().any(|w| rest.contains(w) || before[open..].contains(w)) {
            return false;
        }
    }
    // The other end of a comparison, a connection, a movement.
    if ends(&[
        "so với",
        "với",
        "lên",
        "tới",
        "gửi",
        "trình",
        "báo cáo",
        "thành",
        "thành công chức",
        "kính gửi",
        "tham mưu",
        "kiến nghị",
        "đề nghị",
    ]) || (ends(&["đến", "về"]) && !ends(&["liên quan đến", "xử lý đến"]))
        || starts(&["trở lên", "trở xuống", "đến cấp", "đến ubnd"])
    {
        return false;
    }
    // A portal or a prize of that level holds or honours the issuer's own things.
    if ends(&[
        "cổng dịch vụ công",
        "cổng dvc",
        "dịch vụ công",
        "sáng kiến",
        "đề tài",
        "khen thưởng",
        "bằng khen",
        "công nhận",
    ]) {
        return false;
    }
    let passive = ends(&["do", "được", "bị", "theo"]);
    // `nhiệm vụ được UBND huyện, Chủ tịch UBND huyện giao`: the one who assigns may be named twice.
    if after.starts_with(", chủ tịch") || before.ends_with("chủ tịch") {
        let rest = lowered_start(&text[g.end..], 48);
        if rest.split(|c: char| !c.is_alphanumeric()).any(|w| w == "giao") {
            return false;
        }
    }
    if starts(&["giao", "phân công", "chỉ đạo", "yêu cầu", "đề nghị", "tặng", "khen"]) {
        return false;
    }
    if passive
        && starts(&[
            "công bố",
            "phê duyệt",
            "phân cấp",
            "ủy quyền",
            "uỷ quyền",
            "quy định",
            "hướng dẫn",
            "cung cấp",
            "tổ chức",
            "khen",
            "tặng",
            "thẩm định",
            "công nhận",
            "kiểm tra",
            "thanh tra",
            "tập huấn",
            "hỗ trợ",
            "cho phép",
            "đánh giá",
            "xếp",
            "triển khai",
            "cấp",
            "trang bị",
            "đã phân cấp",
            "đã phân",
        ])
    {
        return false;
    }
    if passive && !g.strong && g.level != Level::Commune {
        return false;
    }
    // `ngày 18/10/2022 của UBND tỉnh`, `Quyết định số 325 của UBND tỉnh`: whose paper is cited.
    if let Some(head) = before.strip_suffix(" của")
        && head.rsplit(' ').next().is_some_and(|w| w.contains('/') || w.bytes().all(|b| b.is_ascii_digit()))
        && ["ngày", "số", "quyết định", "kế hoạch", "công văn"].iter().any(|w| head.contains(w))
    {
        return false;
    }
    // `theo Kế hoạch của UBND tỉnh`: whose plan, not whose things.
    if before.ends_with("của") {
        let cited = ["theo ", "thực hiện ", "căn cứ "];
        let papers = [
            "kế hoạch của",
            "quyết định của",
            "chỉ đạo của",
            "hướng dẫn của",
            "quy định của",
            "nghị quyết của",
            "công văn của",
            "yêu cầu của",
            "chương trình của",
            "thông báo của",
            "kết luận của",
            "văn bản của",
            "công bố của",
            "đánh giá của",
        ];
        if papers.iter().any(|p| before.ends_with(p)) && cited.iter().any(|c| before.contains(c)) {
            return false;
        }
    }
    true
}

/// Whether the word that ends `before` is only the end of a longer one.
fn inside(before: &str, word: &str) -> bool {
    before[..before.len() - word.len()].chars().next_back().is_some_and(char::is_alphanumeric)
}

/// The last `bytes` before `at`, in lower case, trimmed.
pub(super) fn tail(text: &str, at: usize, bytes: usize) -> String {
    let mut from = at.saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    lowered(text[from..at].trim_end())
}

/// Whether `text` ends with `word` (lower case) whatever the case; Vietnamese letters keep their length when lowered.
pub(super) fn ends_any_case(text: &str, word: &str) -> bool {
    let Some(at) = text.len().checked_sub(word.len()) else { return false };
    text.is_char_boundary(at) && strip_any_case(&text[at..], word).is_some_and(str::is_empty)
}

/// The rest of `text` behind `word` (lower case) whatever the case.
pub(super) fn strip_any_case<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for want in word.chars() {
        let got = rest.next()?;
        let same = if got.is_ascii() { got.to_ascii_lowercase() } else { got.to_lowercase().next()? };
        if got != want && same != want {
            return None;
        }
    }
    Some(rest.as_str())
}
