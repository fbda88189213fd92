//! Numbers in words: `hai mươi mốt`, `một trăm linh năm`, `một triệu rưỡi`.
//!
//! Lower-case text that starts with a number word goes in; the value and its length come out. Words are figures only before a counted
//! noun, which the caller asks: `năm` is a year, `tư` and `ba` are parts of other words.

use super::lexicon::first_word;

/// A number said in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    pub value: u64,
    /// Bytes.
    pub length: usize,
    /// Words.
    pub words: usize,
}

fn digit(word: &str) -> Option<u64> {
    Some(match word {
        "không" => 0,
        "một" | "mốt" => 1,
        "hai" => 2,
        "ba" => 3,
        "bốn" | "tư" => 4,
        "năm" | "lăm" | "nhăm" => 5,
        "sáu" => 6,
        "bảy" | "bẩy" => 7,
        "tám" => 8,
        "chín" => 9,
        _ => return None,
    })
}

/// Parses the number words at the start of `low`; the longest run that makes sense.
pub(super) fn parse(low: &str) -> Option<Spelled> {
    let (mut total, mut section, mut ones) = (0u64, 0u64, None::<u64>);
    let mut last_unit = 0u64;
    let mut best = None;
    let (mut at, mut words) = (0, 0);
    // What may follow depends on the word before: two plain digits in a row are a list, not a number.
    let mut after_digit = false;
    while words < 16 {
        let word = first_word(low.get(at..)?);
        match word {
            "mươi" | "chục" if ones.is_some() => {
                section += ones.take()? * 10;
                (after_digit, last_unit) = (false, 10);
            }
            "mười" if ones.is_none() && section % 100 == 0 => {
                section += 10;
                (after_digit, last_unit) = (false, 10);
            }
            "trăm" if ones.is_some() && section == 0 => {
                section = ones.take()? * 100;
                (after_digit, last_unit) = (false, 100);
            }
            "linh" | "lẻ" if last_unit >= 100 && ones.is_none() => after_digit = false,
            "nghìn" | "ngàn" | "vạn" | "triệu" | "tỷ" | "tỉ" if words > 0 => {
                let unit = match word {
                    "nghìn" | "ngàn" => 1_000,
                    "vạn" => 10_000,
                    "triệu" => 1_000_000,
                    _ => 1_000_000_000,
                };
                let amount = section + ones.take().unwrap_or(0);
                if amount == 0 {
                    break;
                }
                total = total.checked_add(amount.checked_mul(unit)?)?;
                section = 0;
                (after_digit, last_unit) = (false, unit);
            }
            "rưỡi" if last_unit >= 100 && ones.is_none() => {
                total += last_unit / 2;
                last_unit = 0;
                after_digit = true;
            }
            _ => match digit(word) {
                Some(value) if !after_digit && (ones.is_none()) => {
                    // `lăm`, `mốt`, `tư` need a ten before them; `không` needs a hundred after it or a thousand before.
                    let bound = matches!(word, "mốt" | "lăm" | "nhăm" | "tư");
                    if bound && last_unit != 10 || word == "không" && last_unit < 1_000 {
                        break;
                    }
                    ones = Some(value);
                    after_digit = true;
                }
                _ => break,
            },
        }
        words += 1;
        at += word.len();
        let value = total + section + ones.unwrap_or(0);
        if word != "linh" && word != "lẻ" && value > 0 {
            best = Some(Spelled { value, length: at, words });
        }
        if !low[at..].starts_with(' ') {
            break;
        }
        at += 1;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_numbers() {
        for (words, value) in [
            ("một", 1),
            ("mười", 10),
            ("mười lăm", 15),
            ("hai mươi mốt", 21),
            ("hai mươi tư", 24),
            ("ba mươi", 30),
            ("một trăm linh năm", 105),
            ("một trăm lẻ năm", 105),
            ("chín trăm chín mươi chín", 999),
            ("một nghìn không trăm hai mươi", 1020),
            ("một triệu rưỡi", 1_500_000),
            ("hai tỷ ba trăm triệu", 2_300_000_000),
            ("mười hai nghìn ba trăm bốn mươi lăm", 12_345),
        ] {
            let spelled = parse(words).unwrap();
            assert_eq!((spelled.value, spelled.length), (value, words.len()), "{words}");
        }
    }

    #[test]
    fn lists_and_other_words_are_not() {
        assert_eq!(parse("hai ba xã").map(|s| (s.value, s.words)), Some((2, 1)));
        assert_eq!(parse("tư pháp"), None);
        assert_eq!(parse("không có"), None);
        assert_eq!(parse("mươi"), None);
        assert_eq!(parse(""), None);
    }
}
