//! Cuts a sentence into the clauses that belong to its figures.

use crate::map::phrases::Role;
use crate::text::letter::lowered;
use crate::text::number::{Cue, Number, Reading, Token, TokenKind};
use rust_decimal::Decimal;
use std::ops::Range;

/// One figure of a text with the parts of the text that speak of it. All ranges are bytes of the clean text.
#[derive(Debug, Clone)]
pub struct Figure {
    /// The number alone (for a fraction's part: that part).
    pub span: Range<usize>,
    /// The print quoted as raw (for a fraction's part: the whole fraction).
    pub raw: Range<usize>,
    /// Its readings.
    pub number: Number,
    /// Count or base; a percent is told by its kind.
    pub role: Role,
    /// Stated in words as nothing.
    pub zero: bool,
    /// A number in words.
    pub words: bool,
    /// Its sentence.
    pub sentence: Range<usize>,
    /// Its clause before it.
    pub before: Range<usize>,
    /// Its clause after it.
    pub after: Range<usize>,
    /// The counted noun, clean.
    pub noun: String,
    /// Index of the figure that this one speaks of (`365 người (đạt 91,4%)`).
    pub subject: Option<usize>,
    /// Index of the numerator whose denominator this is.
    pub denominator_of: Option<usize>,
    /// Index of the figure that this one is a part of.
    pub whole: Option<usize>,
    /// Whether it opens a list item, so that the lead's figure can be its whole.
    pub lists: bool,
    /// `còn 01 nội dung`, `giảm được 10 người`: what remains of the whole.
    pub rest: bool,
    /// Whether its sentence continues the one before (`Trong đó, …`).
    pub continues: bool,
}

/// Words of a clause kept as the figure's own; what stands farther is only context.
const OWN_WORDS: usize = 28;

/// The figures of a clean text with their clauses, from its tokens (decoys are passed over). `low` is the text in small letters.
pub fn figures(clean: &str, low: &str, tokens: Vec<Token>) -> Vec<Figure> {
    let bounds = sentences(clean, &tokens);
    let mut figures: Vec<Figure> = Vec::new();
    for token in tokens {
        let at = bounds.partition_point(|b| *b <= token.span.start);
        let sentence = bounds[at.saturating_sub(1)]..bounds.get(at).copied().unwrap_or(clean.len());
        let mut push = |span: Range<usize>, number: Number, role: Role, zero: bool, of: Option<usize>| {
            let noun = number.noun.clone();
            figures.push(Figure {
                span,
                raw: token.span.clone(),
                number,
                role,
                zero,
                words: false,
                sentence: sentence.clone(),
                before: 0..0,
                after: 0..0,
                noun,
                subject: None,
                denominator_of: of,
                whole: None,
                lists: false,
                rest: false,
                continues: false,
            });
            figures.len() - 1
        };
        match token.kind {
            TokenKind::Number(number) => {
                push(token.span.clone(), number, Role::Count, false, None);
            }
            TokenKind::Words(number) => {
                let at = push(token.span.clone(), number, Role::Count, false, None);
                figures[at].words = true;
            }
            TokenKind::Fraction(numerator, above, denominator, below) => {
                let mut numerator = numerator;
                if numerator.noun.is_empty() {
                    numerator.noun = denominator.noun.clone();
                    // `97,38/218,64 tỷ đồng`.
                    (numerator.money, numerator.multiplier) = (denominator.money, denominator.multiplier);
                }
                let of = push(above, numerator, Role::Count, false, None);
                push(below, denominator, Role::Base, false, Some(of));
            }
            TokenKind::Range(low, high) => {
                push(token.span.clone(), low, Role::Count, false, None);
                push(token.span.clone(), high, Role::Count, false, None);
            }
            TokenKind::Zero if of_many(&low[sentence.start..token.span.start]) => {}
            TokenKind::Zero => {
                push(token.span.clone(), nothing(), Role::Count, true, None);
            }
            TokenKind::Decoy(_) => {}
        }
    }
    clauses(clean, &mut figures);
    relate(clean, low, &mut figures);
    figures
}

/// Whether words of quantity make a `không có` one of many: `nhiều dịch vụ công không phát sinh hồ sơ`.
fn of_many(before: &str) -> bool {
    let part = before.rsplit([',', ';', ':', '.', '(']).next().unwrap_or(before);
    ["nhiều ", "một số ", "phần lớn ", "đa số ", "hầu hết ", "một vài "].iter().any(|w| part.contains(w))
}

fn nothing() -> Number {
    Number {
        readings: vec![Reading { value: Decimal::ZERO, scale: 0, cue: Cue::Only }],
        relation: Default::default(),
        percent: false,
        multiplier: 0,
        money: false,
        negative: false,
        noun: String::new(),
    }
}

/// Where sentences start: after a full stop or question mark that no number holds and that is followed by a space and a capital.
fn sentences(clean: &str, tokens: &[Token]) -> Vec<usize> {
    let mut bounds = vec![0];
    let mut next = 0;
    for stop in memchr::memchr2_iter(b'.', b'?', clean.as_bytes()) {
        while next < tokens.len() && tokens[next].span.end <= stop {
            next += 1;
        }
        if tokens.get(next).is_some_and(|t| t.span.start <= stop && stop + 1 < t.span.end) {
            continue;
        }
        let rest = &clean[stop + 1..];
        let trimmed = rest.trim_start();
        let capital = trimmed.chars().next().is_some_and(|c| c.is_uppercase() || matches!(c, '-' | '+' | '('));
        if rest.len() != trimmed.len() && capital {
            bounds.push(clean.len() - trimmed.len());
        }
    }
    // Items set one after the other in a cell: `…, - Theo kế hoạch …`.
    for dash in memchr::memchr_iter(b'-', clean.as_bytes()) {
        let Some(head) = clean[..dash].strip_suffix(' ') else { continue };
        let item = clean[dash + 1..].strip_prefix(' ').is_some_and(|item| item.starts_with(char::is_uppercase));
        if item && head.ends_with([',', ';', ':', '.']) {
            bounds.push(dash);
        }
    }
    bounds.sort_unstable();
    bounds.dedup();
    bounds
}

/// Punctuation and words that part two figures' clauses.
fn separator(gap: &str) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (at, mark) in gap.match_indices([',', ';', '(', ')', ':', '–', '.']) {
        // `mức độ 3, 4` and `1.5` hold theirs.
        let next = gap[at + mark.len()..].trim_start();
        let digits =
            next.starts_with(|c: char| c.is_ascii_digit()) && gap[..at].ends_with(|c: char| c.is_ascii_digit());
        let pair = gap[at..].starts_with(',') && paired(&gap[..at], next);
        if !digits && !pair {
            best = Some(at);
            break;
        }
    }
    let words = [" trong đó", " gồm ", " bao gồm ", " với ", " và ", " có ", " là ", " còn ", " cùng "];
    let near = best.unwrap_or(gap.len());
    let word = memchr::memchr_iter(b' ', gap.as_bytes()).take_while(|at| *at < near).find(|&at| {
        let before = &gap[..at];
        words.iter().any(|word| {
            let Some(after) = gap[at..].strip_prefix(word) else { return false };
            match *word {
                // `so với`, `đối với` part nothing.
                " với " => !["so", "đối", "cùng"].iter().any(|w| before.ends_with(w)),
                " cùng " => !["cấp", "kỳ", "thời", "với"].iter().any(|w| after.starts_with(w)),
                " còn " => !after.starts_with("lại"),
                // `tự bảo đảm chi thường xuyên và chi đầu tư` is one thing.
                " và " => !after.starts_with("chi đầu tư"),
                // `12 người có trình độ …`: a clause of the noun's own, unless a figure follows at once.
                " có " => at > 0 || after.chars().take(12).any(|c| c.is_ascii_digit()) || after.len() < 12,
                _ => true,
            }
        })
    });
    word.or(best)
}

/// Nouns that a comma joins to one: `phòng, ban`, `cán bộ, công chức`.
fn paired(before: &str, after: &str) -> bool {
    const PAIRS: &[(&str, &str)] = &[
        ("phòng", "ban"),
        ("ban", "ngành"),
        ("sở", "ban"),
        ("sở", "ngành"),
        ("phòng", "đơn vị"),
        ("cán bộ", "công chức"),
        ("công chức", "viên chức"),
        ("viên chức", "người lao động"),
        ("cơ quan", "đơn vị"),
        ("cơ quan", "tổ chức"),
        ("đơn vị", "địa phương"),
        ("tổ chức", "cá nhân"),
        ("cá nhân", "tổ chức"),
        ("xã", "phường"),
        ("xã", "thị trấn"),
        ("phường", "thị trấn"),
        ("phường", "xã"),
        ("huyện", "thành phố"),
        ("huyện", "thị xã"),
        ("thị xã", "thành phố"),
        ("người dân", "doanh nghiệp"),
        ("phản ánh", "kiến nghị"),
        ("nhiệm vụ", "quyền hạn"),
        ("chức năng", "nhiệm vụ"),
        ("phí", "lệ phí"),
        ("tin", "bài"),
        ("đào tạo", "bồi dưỡng"),
        ("văn bản", "hồ sơ"),
    ];
    // No noun of a pair is longer: what stands farther is not looked at.
    const LONGEST: usize = 16;
    let mut last: Vec<char> = before.chars().rev().take(LONGEST).collect();
    last.reverse();
    let low = lowered(&last.into_iter().collect::<String>());
    let next = lowered(&after.chars().take(LONGEST).collect::<String>());
    PAIRS.iter().any(|(a, b)| low.ends_with(a) && next.starts_with(b))
}

fn clauses(clean: &str, figures: &mut [Figure]) {
    let mut cut = 0;
    for at in 0..figures.len() {
        let sentence = figures[at].sentence.clone();
        let span = figures[at].span.clone();
        let previous = at.checked_sub(1).filter(|&p| figures[p].sentence == sentence);
        let start = previous.map_or(sentence.start, |_| cut.min(span.start));
        let start = start.max(own_start(clean, start, span.start));
        let next = figures.get(at + 1).filter(|n| n.sentence == sentence);
        let limit = next.map_or(sentence.end, |n| n.span.start).max(span.end);
        let gap = &clean[span.end..limit];
        let noun = figures[at].noun.as_str();
        // Mostly it stands right behind the figure.
        let near = gap.len() - gap.trim_start().len();
        let noun_end = if noun.is_empty() {
            0
        } else if gap[near..].starts_with(noun) {
            near + noun.len()
        } else {
            gap.find(noun).map_or(0, |n| n + noun.len())
        };
        // Without a separator the words between two figures speak of both.
        let found = separator(&gap[noun_end..]).map(|at| noun_end + at);
        figures[at].before = start..span.start;
        figures[at].after = span.end..span.end + found.unwrap_or(gap.len());
        cut = span.end + found.unwrap_or(noun_end);
        if figures[at].zero {
            // What there is none of stands after the words.
            let stop = zero_end(gap);
            figures[at].after = span.end..span.end + stop;
            figures[at].noun = gap[..stop].trim().to_string();
            cut = figures[at].after.end;
        }
        // What follows a fraction speaks of its numerator too.
        if let Some(numerator) = figures[at].denominator_of {
            figures[numerator].after.end = figures[at].after.end;
        }
    }
}

/// Where the words end that say what there is none of: at the first mark that no pair of nouns (`cán bộ, công chức`) holds.
fn zero_end(gap: &str) -> usize {
    const PAIRS: &[&str] = &[
        "công chức",
        "viên chức",
        "đơn vị",
        "kiến nghị",
        "phường",
        "thị trấn",
        "tổ chức",
        "cá nhân",
        "doanh nghiệp",
        "tố cáo",
    ];
    gap.match_indices([',', ';', '.', '('])
        .find(|(at, mark)| {
            let next = gap[at + 1..].trim_start();
            *mark != "," || !PAIRS.iter().any(|p| next.starts_with(p))
        })
        .map_or(gap.len(), |(at, _)| at)
}

/// Words behind a topic (`Về …:`) that say enough without it.
const TOPIC: usize = 3;

/// Keeps the last words of a long clause, and never what stands before a semicolon.
fn own_start(clean: &str, start: usize, end: usize) -> usize {
    let text = &clean[start..end];
    let from = text.rfind(';').map_or(0, |at| at + 1);
    // `Về mức độ hoàn thành kế hoạch: Kế hoạch … có 52 nhiệm vụ`: the topic is context, the figure's own words follow it.
    let topic = text[from..].trim_start().starts_with("Về ");
    let said = topic.then(|| text[from..].find(": ").map(|at| from + at + 2)).flatten();
    let from = said.filter(|at| text[*at..].split(' ').count() > TOPIC).unwrap_or(from);
    let long = memchr::memrchr_iter(b' ', text.as_bytes()).nth(OWN_WORDS).filter(|at| *at > from);
    start + long.unwrap_or(from)
}

/// A whole whose parts are being listed; one opened by a bracket ends with it.
#[derive(Clone, Copy)]
struct Open {
    figure: usize,
    bracket: bool,
}

/// Which figure speaks of which.
fn relate(clean: &str, low: &str, figures: &mut [Figure]) {
    let mut wholes: Vec<Open> = Vec::new();
    let mut counted = 0;
    for at in 0..figures.len() {
        let sentence = figures[at].sentence.clone();
        let opening = clean[sentence.start..].trim_start();
        figures[at].continues =
            ["Trong đó", "trong đó", "Cụ thể", "Gồm", "Bao gồm", "Còn"].iter().any(|w| opening.starts_with(w));
        if let Some(numerator) = figures[at].denominator_of {
            figures[at].subject = Some(numerator);
            continue;
        }
        let same = at.checked_sub(1).filter(|&p| figures[p].sentence == sentence);
        if let Some(p) = same {
            let gap = &low[figures[p].span.end.min(figures[at].span.start)..figures[at].span.start];
            let before = spoken_of(clean, figures, p, figures[at].span.start);
            let ranked = |b: usize| {
                let tail = low[figures[figures[b].denominator_of.unwrap_or(b)].before.clone()].trim_end();
                ["xếp thứ", "đứng thứ", "xếp hạng", "xếp vị trí", "hạng"].iter().any(|w| tail.ends_with(w))
            };
            let before = before.filter(|&b| !ranked(b));
            figures[at].subject = before.filter(|&b| attached(gap, &figures[b], &figures[at])).map(|b| {
                // A denominator speaks for its fraction.
                figures[b].denominator_of.unwrap_or(b)
            });
            // A second percent of the fraction or count that an earlier percent speaks of (`(100%; 52,8% kế hoạch năm)`).
            if figures[at].subject.is_none()
                && figures[at].number.percent
                && figures[p].number.percent
                && gap.len() < 40
            {
                figures[at].subject = figures[p].subject;
            }
            open_and_close(gap, figures, p, at, &mut wholes);
        } else {
            wholes.clear();
            if figures[at].continues {
                wholes.extend(whole_before(figures, at).map(|figure| Open { figure, bracket: false }));
            }
        }
        let main = figures[at].subject.is_none() && !figures[at].number.percent;
        figures[at].lists = main && counted == 0;
        counted += usize::from(main);
        if main {
            figures[at].whole = wholes.last().map(|w| w.figure).filter(|w| *w != at);
        }
        let tail = low[figures[at].before.clone()].trim_end();
        // `trong số 3.207 hồ sơ nhận mới có 1.236 hồ sơ nộp trực tuyến`.
        let opens = || low[sentence.start..figures[at].span.start].trim() == "trong";
        if main && (["trong số", "trong tổng số"].iter().any(|w| tail.ends_with(w)) || opens()) {
            wholes.push(Open { figure: at, bracket: false });
        }
        let rest = ["còn", "còn lại", "giảm", "giảm được"].iter().any(|w| tail.ends_with(w));
        if rest
            && let Some(p) = same
            && let Some(base) = fraction_before(figures, p)
        {
            figures[at].rest = true;
            figures[at].whole = Some(base);
        }
    }
}

/// Keeps the stack of wholes over the words, in small letters, between two figures: `trong đó`, `gồm` and a bracket open one, the bracket's end closes it.
fn open_and_close(low: &str, figures: &[Figure], before: usize, at: usize, wholes: &mut Vec<Open>) {
    let close = low.find(')');
    if close.is_some_and(|c| low.find('(').is_none_or(|o| c < o)) {
        while let Some(open) = wholes.pop() {
            if open.bracket {
                break;
            }
        }
    }
    if low.contains(';') && low.contains('.') {
        wholes.clear();
    }
    let count = |f: &Figure| !f.number.percent && !f.zero;
    let whole = if count(&figures[before]) {
        Some(figures[before].denominator_of.unwrap_or(before))
    } else {
        figures[before].subject
    };
    let Some(whole) = whole else { return };
    let says = ["trong đó", "gồm", "cụ thể", "chia ra", "trong số đó", "trong số này"].iter().any(|w| low.contains(w));
    let bracket = low.rfind('(').filter(|o| low.rfind(')').is_none_or(|c| c < *o));
    let colon = low.contains(':')
        && low.find(':') < Some(low.len())
        && figures[before].before.len() < 40
        && low.len() < 60
        && !low.contains(',')
        && !low.contains(';');
    // `lớp A (42 người); lớp B (61 người)`: one name after the other, each with a figure of its own in its bracket.
    let next_name = close.zip(bracket).is_some_and(|(c, o)| c < o && low[c..o].contains([';', ',']));
    if bracket.is_some() {
        if next_name {
            let figure = wholes.last().map_or(at, |w| w.figure);
            wholes.push(Open { figure, bracket: true });
        } else if count(&figures[at]) {
            wholes.push(Open { figure: whole, bracket: true });
        } else {
            // A percent in a bracket has no parts; the bracket still has an end.
            let figure = wholes.last().map_or(whole, |w| w.figure);
            wholes.push(Open { figure, bracket: true });
        }
    } else if says || colon && wholes.is_empty() {
        wholes.push(Open { figure: whole, bracket: false });
    }
}

/// The figure that the words before `end` speak of: the last one, or, where its bracket has closed since, the one before the bracket.
fn spoken_of(clean: &str, figures: &[Figure], last: usize, end: usize) -> Option<usize> {
    let gap = &clean[figures[last].span.end.min(end)..end];
    let closed = gap.find(')').is_some_and(|c| gap.find('(').is_none_or(|o| c < o));
    if !closed {
        return Some(last);
    }
    let sentence = figures[last].sentence.clone();
    let open = clean[sentence.start..figures[last].span.start].rfind('(').map(|o| o + sentence.start)?;
    let before = (0..=last).rev().find(|&f| figures[f].span.end <= open && figures[f].sentence == sentence);
    // A percent alone in its bracket: what follows may still speak of its own subject's neighbour, never of the bracket.
    before.or(Some(last))
}

/// The denominator of the fraction that stands last before or at `at`.
fn fraction_before(figures: &[Figure], at: usize) -> Option<usize> {
    (at.saturating_sub(1)..=at)
        .rev()
        .find(|&i| figures[i].denominator_of.is_some() && figures[i].sentence == figures[at].sentence)
}

/// The main count of the sentence before: its last figure that is neither percent nor in brackets of another.
fn whole_before(figures: &[Figure], at: usize) -> Option<usize> {
    figures[..at].iter().rposition(|f| {
        !f.number.percent && f.subject.is_none() && f.whole.is_none() && f.denominator_of.is_none() && !f.zero
    })
}

/// Whether a figure speaks of the one before it: a percent of a count, a fraction behind a percent, joined by a bracket, `=`, `đạt`,
/// `chiếm`, `tỷ lệ` and little else.
fn attached(low: &str, before: &Figure, figure: &Figure) -> bool {
    if before.zero || figure.zero || before.denominator_of.is_none() && figure.denominator_of.is_some() {
        return false;
    }
    let mixed = before.number.percent != figure.number.percent;
    if !mixed || low.contains(';') || low.chars().count() > 70 {
        return false;
    }
    // `đạt 98,7% (trước hạn: 548; …)`: the percent speaks of what stands before it, the bracket lists that one's parts.
    if before.subject.is_some() && !figure.number.percent && low.contains('(') && low.trim_end().ends_with(':') {
        return false;
    }
    // `đạt 83,17%, xếp thứ 44/63`: a place among others is no share.
    if ["xếp", "đứng", "thứ ", "hạng"].iter().any(|w| low.contains(w)) {
        return false;
    }
    let joined = low.contains('(')
        || low.contains('=')
        || ["đạt", "chiếm", "tỷ lệ", "bằng", "tương đương", "tương ứng"].iter().any(|w| low.contains(w));
    // A comma before a new subject of its own (`…, tỷ lệ số hóa đạt 90%`) parts them; one right before the joining word does not.
    let tail = low.rsplit_once(',').map_or("", |(_, tail)| tail.trim_start());
    let new_subject = !tail.is_empty()
        && !["đạt", "chiếm", "bằng", "tỷ lệ đạt", "tương", "đạt tỷ lệ"].iter().any(|w| tail.starts_with(w))
        && !["tỷ lệ", "tỷ lệ là", "tỷ lệ:"].contains(&tail.trim_end())
        && !low.contains('(');
    joined && !new_subject
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::letter::lower_in_place;
    use crate::text::number::scan;

    #[test]
    fn clauses_end_at_marks_of_any_width() {
        assert_eq!(separator(" – "), Some(1));
        assert_eq!(separator(" hồ sơ – trực tuyến"), Some(" hồ sơ ".len()));
        assert_eq!(separator(" hồ sơ"), None);
    }

    #[test]
    fn names_with_a_figure_each_are_no_parts() {
        let wholes = |clean: &str| -> Vec<Option<usize>> {
            let low = lower_in_place(clean);
            let tokens = scan(clean, &Default::default());
            figures(clean, &low, tokens).iter().map(|f| f.whole).collect()
        };
        assert_eq!(wholes("Lớp tin học (42 người); lớp hộ tịch (61 người); lớp lưu trữ (84 người)."), [None; 3]);
        assert_eq!(wholes("Có 103 người (lớp tin học 42, lớp hộ tịch 61)."), [None, Some(0), Some(0)]);
    }

    #[test]
    fn none_of_many_is_no_figure() {
        let count = |clean: &str| {
            let low = lower_in_place(clean);
            figures(clean, &low, scan(clean, &Default::default())).len()
        };
        assert_eq!(count("Trong kỳ không phát sinh hồ sơ trễ hạn."), 1);
        assert_eq!(count("Còn 12 hồ sơ trễ hạn; nhiều dịch vụ công không phát sinh hồ sơ."), 1);
    }
}
