//! What slips of the hand and of the eye cost, and which prints lie one slip away from another.
//!
//! In: a printed figure and the value it might have been. Out: a cost in tenths and the name of the slip. Two neighbouring digits
//! swapped are the cheapest, then one digit wrong, lost or doubled, a decimal mark or unit moved, a row's value copied from its
//! neighbour; anything else is dear and grows with the digits changed. Pairs that scanners confuse count as wrong digits at a
//! discount where the document shows signs of OCR. Method: Damerau's four edits (1964) over digits; weights by judgement.

use super::interval::Print;
use crate::text::number::Relation;
use rust_decimal::Decimal;

/// Slips by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    /// Two neighbouring digits swapped.
    Swap,
    /// One wrong digit that scanners confuse.
    Confused,
    /// One wrong digit.
    Wrong,
    /// A digit lost from the print.
    Lost,
    /// A digit too many in the print.
    Doubled,
    /// A decimal mark or unit moved by this power of ten.
    Shift(i32),
    /// The value of a neighbouring row.
    Copied,
    /// Anything else.
    Other,
}

/// A slip and its cost in tenths.
pub(crate) type Cost = (u32, Slip);

const SWAP: u32 = 10;
const CONFUSED: u32 = 12;
const WRONG: u32 = 15;
const SHIFT: u32 = 15;
const COPIED: u32 = 25;
const OTHER: u32 = 40;
const PER_DIGIT: u32 = 10;

/// Digits that look alike to a scanner.
const LOOK_ALIKE: [(u8, u8); 9] = [
    (b'0', b'6'),
    (b'0', b'8'),
    (b'1', b'7'),
    (b'3', b'8'),
    (b'5', b'6'),
    (b'6', b'8'),
    (b'1', b'4'),
    (b'2', b'7'),
    (b'3', b'5'),
];

/// Longest print that is edited digit by digit.
const MAX_DIGITS: usize = 15;

/// The same print with another value.
pub(crate) fn replaced(print: Print, value: Decimal) -> Option<Print> {
    if value.abs() > Decimal::from(10u64.pow(18)) {
        return None;
    }
    Some(if print.unit.is_zero() { Print::exact(value) } else { Print::rounded(value, print.unit) })
}

/// The same digits in a unit that is larger by a power of ten.
pub(crate) fn scaled(print: Print, power: i32) -> Option<Print> {
    let ten = Decimal::from(10u64.checked_pow(power.unsigned_abs())?);
    let by = |v: Decimal| if power >= 0 { v.checked_mul(ten) } else { v.checked_div(ten) };
    let (value, unit) = (by(print.value)?, by(print.unit)?);
    Some(if unit.is_zero() { Print::exact(value) } else { Print::rounded(value, unit) })
}

/// The digits of a value at its print's last digit; None where the value has finer digits or is out of range.
fn digits(value: Decimal, unit: Decimal) -> Option<String> {
    let whole = if unit.is_zero() { value } else { value.checked_div(unit)? };
    if whole.is_sign_negative() && !whole.is_zero() {
        return None;
    }
    // An exact score keeps its decimals: 18.5 is edited as 185.
    let whole = whole.normalize();
    let text = if unit.is_zero() && whole.scale() > 0 { whole.to_string().replace('.', "") } else { whole.to_string() };
    (text.len() <= MAX_DIGITS && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// What it costs to explain the print of `from` by a true `to`.
pub(crate) fn cost(print: Print, to: Decimal, ocr: bool, copied: bool) -> Cost {
    let from = print.value;
    let scale_unit = if print.unit.is_zero() {
        Decimal::new(1, from.normalize().scale().max(to.normalize().scale()))
    } else {
        print.unit
    };
    let mut best = (OTHER, Slip::Other);
    let pair = digits(from, scale_unit).zip(digits(to, scale_unit));
    if let Some((a, b)) = &pair {
        best = compare(a.as_bytes(), b.as_bytes(), ocr);
    }
    if let Some(power) = shift(from, to) {
        best = best.min((SHIFT, Slip::Shift(power)));
    }
    if copied {
        best = best.min((COPIED, Slip::Copied));
    }
    best
}

/// The power of ten between two values, if there is one.
fn shift(from: Decimal, to: Decimal) -> Option<i32> {
    if from.is_zero() || to.is_zero() {
        return None;
    }
    [1, 2, 3, 6, 9].into_iter().find_map(|p| {
        let ten = Decimal::from(10u64.pow(p as u32));
        if from.checked_mul(ten) == Some(to) {
            Some(p)
        } else if to.checked_mul(ten) == Some(from) {
            Some(-p)
        } else {
            None
        }
    })
}

fn compare(a: &[u8], b: &[u8], ocr: bool) -> Cost {
    if a.len() == b.len() {
        let off: Vec<usize> = (0..a.len()).filter(|i| a[*i] != b[*i]).collect();
        match off[..] {
            [] => return (0, Slip::Other),
            [i] => {
                let alike = LOOK_ALIKE.iter().any(|(x, y)| (a[i] == *x && b[i] == *y) || (a[i] == *y && b[i] == *x));
                return if ocr && alike { (CONFUSED, Slip::Confused) } else { (WRONG, Slip::Wrong) };
            }
            [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i] => return (SWAP, Slip::Swap),
            _ => return (OTHER + PER_DIGIT * off.len() as u32, Slip::Other),
        }
    }
    if a.len() + 1 == b.len() && one_more(b, a) {
        return (WRONG, Slip::Lost);
    }
    if b.len() + 1 == a.len() && one_more(a, b) {
        return (WRONG, Slip::Doubled);
    }
    (OTHER + PER_DIGIT * a.len().max(b.len()) as u32, Slip::Other)
}

/// Whether `long` is `short` with one digit put in.
fn one_more(long: &[u8], short: &[u8]) -> bool {
    let same = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    long[same + 1..] == short[same..]
}

/// All values one slip away from a print, each once, in order of cost, then of value.
pub(crate) fn neighbours(print: Print) -> Vec<Decimal> {
    let from = print.value;
    let unit = if print.unit.is_zero() { Decimal::new(1, from.normalize().scale()) } else { print.unit };
    let Some(text) = digits(from, unit) else { return Vec::new() };
    let digits = text.as_bytes();
    let mut out: Vec<Decimal> = Vec::with_capacity(digits.len() * 24);
    let mut push = |d: &[u8]| {
        let value = d.iter().try_fold(0u64, |n, b| n.checked_mul(10)?.checked_add(u64::from(b - b'0')));
        if let Some(value) = value.and_then(|v| Decimal::from(v).checked_mul(unit)) {
            out.push(value);
        }
    };
    let mut copy = digits.to_vec();
    for i in 0..digits.len() {
        if i + 1 < digits.len() {
            copy.swap(i, i + 1);
            push(&copy);
            copy.swap(i, i + 1);
        }
        for d in b'0'..=b'9' {
            copy[i] = d;
            push(&copy);
        }
        copy[i] = digits[i];
        if digits.len() > 1 {
            push(&[&digits[..i], &digits[i + 1..]].concat());
        }
    }
    for i in 0..=digits.len() {
        for d in b'0'..=b'9' {
            push(&[&digits[..i], &[d][..], &digits[i..]].concat());
        }
    }
    for power in [1, 2, 3, 6] {
        for power in [power, -power] {
            out.extend(scaled(Print::exact(from), power).map(|p| p.value));
        }
    }
    let mut priced: Vec<(Cost, Decimal)> =
        out.into_iter().filter(|v| *v != from).map(|v| (cost(print, v, false, false), v.normalize())).collect();
    priced.sort_unstable();
    priced.dedup_by_key(|p| p.1);
    priced.into_iter().map(|p| p.1).collect()
}

/// Whether a print may be edited at all: `trên 80%` is no slip of `70%`.
pub(crate) fn is_editable(relation: Relation) -> bool {
    relation == Relation::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("test decimal")
    }

    fn price(from: &str, to: &str) -> Cost {
        cost(Print::exact(d(from)), d(to), false, false)
    }

    #[test]
    fn slips_have_names_and_prices() {
        assert_eq!(price("21802", "21082"), (10, Slip::Swap));
        assert_eq!(price("191", "113"), (40 + 20, Slip::Other));
        assert_eq!(price("45", "46"), (15, Slip::Wrong));
        assert_eq!(price("1812", "18112"), (15, Slip::Lost));
        assert_eq!(price("18112", "1812"), (15, Slip::Doubled));
        assert_eq!(price("11", "11000"), (15, Slip::Shift(3)));
        assert_eq!(price("18.5", "15.8"), (10, Slip::Swap), "across the decimal mark, too");
        assert_eq!(price("18.5", "18.6"), (15, Slip::Wrong));
        assert_eq!(cost(Print::exact(d("18")), d("12"), true, false), (15, Slip::Wrong));
        assert_eq!(cost(Print::exact(d("18")), d("16"), true, false), (12, Slip::Confused));
        assert_eq!(cost(Print::exact(d("149")), d("100"), false, true), (25, Slip::Copied));
    }

    #[test]
    fn percentages_are_edited_at_their_own_last_digit() {
        let print = Print::rounded(d("94.5"), d("0.1"));
        assert_eq!(cost(print, d("95.4"), false, false), (10, Slip::Swap));
        assert!(neighbours(print).contains(&d("95.4")));
    }

    #[test]
    fn neighbours_are_few_and_distinct() {
        let all = neighbours(Print::exact(d("21802")));
        assert!(all.contains(&d("21082")) && all.contains(&d("2182")) && all.contains(&d("218020")));
        assert!(all.len() < 150);
        assert_eq!(all.first(), Some(&d("12802")), "swaps come first, smallest value first");
    }
}
