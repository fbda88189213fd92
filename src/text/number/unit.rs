//! What a unit cell, a column head or a counted noun says about the numbers beside it.

use super::UnitKind;
use super::lexicon::{is_counted, is_measured, starts_word};
use crate::text::letter::lower_in_place;

/// Longest unit text that is looked at: beyond it, it is an explanation.
const LONGEST: usize = 400;

/// The currency word at the start of lower-case text: its length.
pub(super) fn power_of_money(low: &str) -> Option<usize> {
    for word in ["đồng", "vnđ", "vnd", "đ"] {
        if starts_word(low, word) {
            let rest = &low[word.len()..];
            let person =
                [" chí", " bào", " thời", " bộ", " ý", " hồ", " loạt", " đều"].iter().any(|w| starts_word(rest, w));
            let short = word == "đ"
                && (rest.starts_with('/') || rest.starts_with('.') && rest.len() > 1 && !rest.starts_with(". "));
            return (!person && !short).then_some(word.len());
        }
    }
    None
}

/// What the noun after a figure says. `low` and `print` are the same noun.
pub(super) fn noun_unit(low: &str, print: &str) -> UnitKind {
    if starts_word(low, "điểm") && is_measured(low) {
        UnitKind::Score
    } else if is_counted(low, print) {
        UnitKind::Count
    } else {
        UnitKind::Unknown
    }
}

/// What a unit cell or a unit noun says: `Hồ sơ` → Count, `%` → Percent, `Triệu đồng` → Money(6), `Có = 1; Không = 0` → Code.
pub fn unit_kind(unit: &str) -> UnitKind {
    let unit = unit.trim().trim_start_matches('(').trim_end_matches(')').trim();
    if unit.is_empty() || unit.len() > LONGEST {
        return UnitKind::Unknown;
    }
    if !code_domain(unit).is_empty() {
        return UnitKind::Code;
    }
    let low = lower_in_place(unit);
    let introduced = ["đvt:", "đơn vị tính:", "đơn vị:"].iter().find_map(|word| low.strip_prefix(word));
    let low = introduced.unwrap_or(&low).trim_start();
    if let Some((first, second)) = low.split_once('/') {
        let second = second.trim();
        let negated =
            ["chưa ", "không "].iter().any(|w| second.strip_prefix(w).is_some_and(|rest| rest == first.trim()));
        if negated || second == "không" {
            return UnitKind::Code;
        }
    }
    if low.contains('%') || low.contains("phần trăm") || starts_word(low, "tỷ lệ") || starts_word(low, "tỉ lệ")
    {
        return UnitKind::Percent;
    }
    let short = ["tr.đồng", "tr. đồng", "tr đồng", "tr.đ", "tr đ"].contains(&low);
    if short {
        return UnitKind::Money(6);
    }
    for (word, power) in [("triệu", 6), ("trđ", 6), ("tr.đ", 6), ("nghìn", 3), ("ngàn", 3), ("tỷ", 9), ("tỉ", 9)]
    {
        if let Some(rest) = low.strip_prefix(word)
            && (word.contains('đ') && word != "đ" || power_of_money(rest.trim_start()).is_some())
            && !rest.starts_with(|c: char| c.is_alphanumeric())
        {
            return UnitKind::Money(power);
        }
    }
    if power_of_money(low).is_some() {
        return UnitKind::Money(0);
    }
    if starts_word(low, "điểm") && is_measured(low) {
        return UnitKind::Score;
    }
    if is_measured(low) {
        return UnitKind::Unknown;
    }
    let start = unit.len() - low.len();
    if is_counted(low, unit.get(start..).unwrap_or(unit)) || low.starts_with("số lượng") || starts_word(low, "tthc")
    {
        return UnitKind::Count;
    }
    UnitKind::Unknown
}

/// The domain listed by a unit cell: `Có = 1; Không = 0` → [(1, "Có"), (0, "Không")] in printed order; empty if it lists none.
/// `1 = Có; 0 = Không` is read too. Refused: fractions and percents after `=`, codes above 20, labels without a letter.
pub fn code_domain(unit: &str) -> Vec<(i64, String)> {
    if unit.len() > LONGEST || !unit.contains('=') {
        return Vec::new();
    }
    let trim = |text: &str| text.trim_matches(|c: char| c.is_whitespace() || ";,./:()–-".contains(c)).to_string();
    let parts: Vec<&str> = unit.split('=').collect();
    let number_at_end = |text: &str| {
        let text = text.trim_end();
        let digits = text.len() - text.bytes().rev().take_while(u8::is_ascii_digit).count();
        text[digits..].parse::<i64>().ok().map(|value| (digits, value))
    };
    let number_at_start = |text: &str| {
        let skipped = text.len() - text.trim_start().len();
        let digits = text[skipped..].bytes().take_while(u8::is_ascii_digit).count();
        let value = text[skipped..skipped + digits].parse::<i64>().ok()?;
        let rest = &text[skipped + digits..];
        let unfit = rest.starts_with('%')
            || (rest.starts_with([',', '.', '/']) && rest[1..].starts_with(|c: char| c.is_ascii_digit()));
        (!unfit).then_some((skipped + digits, value))
    };
    let mut domain = Vec::new();
    let first = parts.first().copied().unwrap_or("");
    let reversed = number_at_end(first).is_some() && !first.contains(char::is_alphabetic);
    if reversed {
        let mut value = number_at_end(first).map(|(_, v)| v);
        for (i, part) in parts.iter().enumerate().skip(1) {
            let next = if i + 1 < parts.len() { number_at_end(part) } else { None };
            let label = trim(&part[..next.map_or(part.len(), |(at, _)| at)]);
            domain.extend(value.map(|v| (v, label)));
            value = next.map(|(_, v)| v);
        }
    } else {
        let mut from = 0;
        for (i, pair) in parts.windows(2).enumerate() {
            let mut label = pair[0].get(from..).unwrap_or("");
            // What explains the codes stands in sentences before the first of them.
            if i == 0 && label.chars().count() > 20 {
                let stop =
                    [". ", ": ", "\n"].iter().filter_map(|stop| label.rfind(stop).map(|at| at + stop.len())).max();
                label = &label[stop.unwrap_or(0)..];
            }
            let label = trim(label);
            let Some((end, value)) = number_at_start(pair[1]) else { return Vec::new() };
            domain.push((value, label));
            from = end;
        }
    }
    let sane = domain
        .iter()
        .all(|(value, label)| *value <= 20 && label.contains(char::is_alphabetic) && label.chars().count() <= 60);
    if sane { domain } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_say_what_they_count() {
        for (unit, kind) in [
            ("Hồ sơ", UnitKind::Count),
            ("Thủ tục", UnitKind::Count),
            ("TTHC", UnitKind::Count),
            ("Số lượng", UnitKind::Count),
            ("Cán bộ, công chức", UnitKind::Count),
            ("Lượt người", UnitKind::Count),
            ("Đồng chí", UnitKind::Count),
            ("%", UnitKind::Percent),
            ("Tỷ lệ %", UnitKind::Percent),
            ("(%)", UnitKind::Percent),
            ("Triệu đồng", UnitKind::Money(6)),
            ("triệu đ", UnitKind::Money(6)),
            ("trđ", UnitKind::Money(6)),
            ("Tr.đồng", UnitKind::Money(6)),
            ("Tỷ đồng", UnitKind::Money(9)),
            ("Nghìn đồng", UnitKind::Money(3)),
            ("ĐVT: đồng", UnitKind::Money(0)),
            ("VNĐ", UnitKind::Money(0)),
            ("Điểm", UnitKind::Score),
            ("Điểm tự đánh giá", UnitKind::Score),
            ("Có = 1; Không = 0", UnitKind::Code),
            ("Đạt/Không đạt", UnitKind::Code),
            ("Hoàn thành / Chưa hoàn thành", UnitKind::Code),
            ("Có/Không", UnitKind::Code),
            ("", UnitKind::Unknown),
            ("m2", UnitKind::Unknown),
            ("Ghi chú", UnitKind::Unknown),
        ] {
            assert_eq!(unit_kind(unit), kind, "{unit}");
        }
    }

    #[test]
    fn domains_are_lists_of_codes() {
        let domain =
            |unit: &str| code_domain(unit).into_iter().map(|(v, l)| format!("{v}:{l}")).collect::<Vec<_>>().join("|");
        assert_eq!(domain("Có = 1; Không = 0"), "1:Có|0:Không");
        assert_eq!(domain("Không=0/Có=1"), "0:Không|1:Có");
        assert_eq!(domain("Trực tuyến = 0 Phát phiếu = 1 Kết hợp = 2"), "0:Trực tuyến|1:Phát phiếu|2:Kết hợp");
        assert_eq!(domain("Chưa có = 0; 2 cấp = 1; 3 cấp = 2"), "0:Chưa có|1:2 cấp|2:3 cấp");
        assert_eq!(domain("1 = Có; 0 = Không"), "1:Có|0:Không");
        assert_eq!(
            domain("Họp 2 cấp: Từ tỉnh đến 100% huyện. Chưa có = 0 2 cấp = 1 3 cấp = 2"),
            "0:Chưa có|1:2 cấp|2:3 cấp"
        );
        assert_eq!(domain("1478/1478 = 100%; 5/5 = 100%"), "");
        assert_eq!(domain("Hồ sơ"), "");
        assert_eq!(domain("= 5"), "");
    }
}
