//! A quoted sentence with its figure → the words that name the figure: those right before it in its clause, or after its noun.

use crate::run::suggest::groups::EMPTY_WORDS;
use crate::text::fold::fold;

/// Words of one cue.
const WORDS: usize = 4;
/// Words of a row's label taken as one cue.
const LABEL: usize = 14;
/// Longest example, in characters.
const EXAMPLE: usize = 220;

/// The words that name a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cues {
    /// Words of its clause; may be empty where the noun says all.
    pub own: String,
    /// The noun counted.
    pub noun: String,
    /// The sentence with the figure in «».
    pub example: String,
}

/// Where a clause ends.
const STOPS: [char; 8] = [',', ';', ':', '(', ')', '.', '«', '»'];

/// Finds them; None where the quote does not print the figure.
pub fn of(quote: &str, raw: &str, unit: &str) -> Option<Cues> {
    // The figure without the unit that is printed with it.
    let number = raw.split_whitespace().find(|n| n.contains(|c: char| c.is_ascii_digit())).unwrap_or(raw);
    let at = quote.match_indices(number).map(|(at, _)| at).find(|at| {
        let (before, after) = (&quote[..*at], &quote[at + number.len()..]);
        !before.ends_with(|c: char| c.is_alphanumeric()) && !after.starts_with(|c: char| c.is_alphanumeric())
    })?;
    let (before, after) = (&quote[..at], &quote[at + number.len()..]);
    let example = example(before, number, after);
    let clause = before.rsplit(STOPS).next().unwrap_or_default();
    let words: Vec<&str> = clause.split_whitespace().collect();
    // A word with a digit is another figure: the clause begins behind it.
    let from = words.iter().rposition(|w| w.contains(|c: char| c.is_ascii_digit())).map_or(0, |at| at + 1);
    let words = &words[from..];
    let mut own = trimmed(&words[words.len().saturating_sub(WORDS)..]);
    let noun: Vec<&str> = unit.split_whitespace().take(2).collect();
    let noun =
        if fold(after).trim_start().starts_with(fold(&noun.join(" ")).trim()) { noun.join(" ") } else { String::new() };
    // The noun of the figure before names this one no more than a lone word does.
    if fold(&own) == fold(&noun) || !noun.is_empty() && !own.contains(' ') {
        own = String::new();
    }
    if own.is_empty() {
        let rest = after.trim_start().strip_prefix(noun.as_str()).unwrap_or(after);
        let rest = rest.split(STOPS).next().unwrap_or_default();
        let digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
        let words: Vec<&str> = rest.split_whitespace().take_while(|w| !digit(w)).take(WORDS + 2).collect();
        own = trimmed(&words);
    }
    (!own.is_empty() || !noun.is_empty()).then_some(Cues { own, noun, example })
}

/// Without the empty words at both ends.
fn trimmed(words: &[&str]) -> String {
    let says = |word: &&str| !EMPTY_WORDS.contains(&fold(word).trim());
    let Some(first) = words.iter().position(&says) else { return String::new() };
    let last = words.iter().rposition(says).unwrap_or(first);
    // A lone word says more with the empty one before it: `có mặt`.
    let first = if first == last { first.saturating_sub(1) } else { first };
    words[first..=last].join(" ")
}

fn example(before: &str, number: &str, after: &str) -> String {
    let tail: String = after.chars().take(EXAMPLE / 2).collect();
    let end = tail.find(". ").map_or(tail.len(), |at| at + 1);
    let count = before.chars().count();
    let mut head: String = before.chars().skip(count.saturating_sub(EXAMPLE / 2)).collect();
    if count > EXAMPLE / 2 {
        head = head.split_once(' ').map_or(head.clone(), |(_, rest)| rest.to_string());
    }
    let head = head.rfind(". ").map_or(head.as_str(), |at| &head[at + 2..]);
    format!("{head}«{number}»{}", &tail[..end]).replace(" // ", " ").replace(" | ", " ")
}

/// A row's label as a cue; None where it is empty.
pub fn short(label: &str) -> Option<String> {
    let words: Vec<&str> =
        label.trim_end_matches([':', '.', ';']).split_whitespace().filter(|w| *w != "|").take(LABEL).collect();
    (!fold(&words.join(" ")).trim().is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_before_the_figure_name_it() {
        let found =
            of("Xã có 12 thôn; trong năm đã lắp đặt 05 máy quét mã tại các thôn.", "05", "máy quét mã").unwrap();
        assert_eq!((found.own.as_str(), found.noun.as_str()), ("năm đã lắp đặt", "máy quét"));
        assert!(found.example.contains("«05» máy quét"), "{}", found.example);
    }

    #[test]
    fn words_after_the_noun_speak_where_none_stand_before() {
        let found = of("Công khai 394 thủ tục và 22 thủ tục của cơ quan thuế.", "22", "thủ tục").unwrap();
        assert_eq!((found.own.as_str(), found.noun.as_str()), ("cơ quan thuế", "thủ tục"));
        assert_eq!(of("không có số nào", "7", ""), None);
        assert_eq!(of("", "", ""), None);
    }
}
