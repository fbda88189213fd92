//! What slips of the hand and of the eye cost, and which prints lie one slip away from another.
//!
//! In: a printed figure and the print it might have been. Out: a cost and the name of the slip. A cost is a likelihood: ten points
//! stand for one in ten, so that costs add up where likelihoods multiply, and a kind of slip that can go many ways (nine wrong digits
//! at each place) pays for it: two neighbouring digits swapped are the cheapest, then a digit doubled or lost, a decimal mark or
//! unit moved, a wrong digit, a row's value copied from its neighbour; anything else is dear and grows with the digits. Pairs that
//! scanners confuse come at a discount, a larger one where the document shows signs of OCR. Method: Damerau's four edits (1964)
//! over digits in a noisy channel (Kernighan, Church, Gale 1990); weights by judgement, not counted in any corpus.

use super::interval::Print;
use crate::text::number::Relation;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

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

/// A slip and its cost: ten points for one in ten.
pub(crate) type Cost = (i32, Slip);

// How often each kind of slip is the one, in points.
const SWAP: i32 = 9;
const WRONG: i32 = 5;
const LOST: i32 = 8;
const DOUBLED: i32 = 9;
const INSERTED: i32 = 13;
const MARK: i32 = 13;
const SHIFT: i32 = 16;
const COPIED: i32 = 22;
const OTHER: i32 = 13;
/// Most that anything costs.
const MOST: i32 = 60;
/// Off for a pair that the eye confuses, and that a scanner confuses.
const ALIKE: i32 = 2;
const SCANNED: i32 = 6;

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

/// Points for one way in `n`.
fn ways(n: usize) -> i32 {
    const POINTS: [i32; 11] = [0, 0, 3, 5, 6, 7, 8, 8, 9, 10, 10];
    match n {
        0..=10 => POINTS[n],
        11..=100 => 10 + POINTS[n / 10],
        _ => 20 + POINTS[(n / 100).min(10)],
    }
}

/// A print as its digits, and how many of them are decimals (negative: so many zeros follow).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Digits {
    digits: Vec<u8>,
    scale: i32,
}

/// How many decimals a print shows: by its last digit, for exact figures by its value.
fn scale(print: Print) -> i32 {
    if print.unit.is_zero() {
        return print.value.normalize().scale() as i32;
    }
    let unit = print.unit.normalize();
    if unit.scale() > 0 { unit.scale() as i32 } else { -(unit.to_string().len() as i32 - 1) }
}

fn power(of: i32) -> Option<Decimal> {
    let ten = 10u64.checked_pow(of.unsigned_abs())?;
    if of >= 0 { Some(Decimal::from(ten)) } else { (of >= -18).then(|| Decimal::new(1, of.unsigned_abs())) }
}

impl Digits {
    /// The digits of a value with so many decimals; None where it has finer ones, is negative or out of range.
    fn of(value: Decimal, scale: i32) -> Option<Digits> {
        let whole = value.checked_mul(power(scale)?)?.normalize();
        if whole.scale() > 0 || (whole.is_sign_negative() && !whole.is_zero()) {
            return None;
        }
        // A nought is printed before the mark.
        let least = scale.max(0) as usize + 1;
        let mut rest = u64::try_from(whole.mantissa()).ok()?;
        let mut digits = Vec::with_capacity(MAX_DIGITS + 1);
        while (rest > 0 || digits.len() < least) && digits.len() <= MAX_DIGITS {
            digits.push(b'0' + (rest % 10) as u8);
            rest /= 10;
        }
        digits.reverse();
        (digits.len() <= MAX_DIGITS).then_some(Digits { digits, scale })
    }

    /// With a nought before a single digit.
    fn padded(&self) -> Digits {
        let nought: &[u8] = if self.digits.len() == 1 { b"0" } else { b"" };
        Digits { digits: [nought, &self.digits].concat(), scale: self.scale }
    }

    /// The digits without the noughts before them.
    fn bare(&self) -> &[u8] {
        let from = self.digits.iter().position(|d| *d != b'0').unwrap_or(self.digits.len());
        &self.digits[from..]
    }
}

/// Ten points for each order of magnitude, counted in the last printed digit: so many prints share a likelihood. Nothing at all is as
/// likely as one.
pub(crate) fn magnitude(print: Print) -> i32 {
    let unit = if print.unit.is_zero() { Decimal::ONE } else { print.unit };
    let digits = print.value.abs().checked_div(unit).and_then(|d| d.to_f64()).unwrap_or(1.0);
    (10.0 * digits.max(1.0).log10()).round() as i32
}

/// What is known of the hand that wrote a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Hand {
    /// The document shows signs of a scanner.
    pub ocr: bool,
    /// Its counts below ten are printed with a nought before them.
    pub padded: bool,
    /// The figure repeats one of the rows beside it.
    pub copied: bool,
}

/// Whether one slip of an unknown hand makes `from` of a true `to`.
pub(crate) fn is_slip(from: Print, to: Print) -> bool {
    cost(from, to, Hand::default()).1 != Slip::Other
}

/// What it costs to explain the print of `from` by a true `to`, whatever their sizes.
pub(crate) fn cost(from: Print, to: Print, hand: Hand) -> Cost {
    let (own, other) = (scale(from), scale(to));
    let length = Digits::of(from.value, own).map_or(MAX_DIGITS, |d| d.digits.len());
    let mut best = ((OTHER + 10 * length.max(1) as i32).min(MOST), Slip::Other);
    // A score of 18.50 is printed 18.5, so both ways of writing it are compared.
    for (a, b) in [(own, other), (own.max(other), own.max(other))] {
        if let Some((a, b)) = Digits::of(from.value, a).zip(Digits::of(to.value, b)) {
            let found = compare(&a, &b, hand.ocr);
            // Noughts that only one of them prints are not swapped with anything.
            if own == other || found.1 != Slip::Swap || shift(from.value, to.value).is_none() {
                best = best.min(found);
            }
            if hand.padded && a.scale == 0 && b.scale == 0 {
                best = best.min(compare(&a.padded(), &b.padded(), hand.ocr));
            }
        }
    }
    if let Some(power) = shift(from.value, to.value) {
        let price = if power.abs() >= 3 { SHIFT } else { SHIFT + 3 };
        best = best.min((price.min(MOST), Slip::Shift(power)));
    }
    if hand.copied {
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

fn compare(printed: &Digits, meant: &Digits, ocr: bool) -> Cost {
    let (a, b) = (printed.digits.as_slice(), meant.digits.as_slice());
    let none = (i32::MAX, Slip::Other);
    let step = meant.scale - printed.scale;
    if printed.bare() == meant.bare() {
        return if step.abs() == 1 { (MARK, Slip::Shift(-step)) } else { none };
    }
    if a.len() == b.len() && step == 0 {
        let off: Vec<usize> = (0..a.len()).filter(|i| a[*i] != b[*i]).collect();
        return match off[..] {
            [i] => {
                let alike = LOOK_ALIKE.iter().any(|(x, y)| (a[i] == *x && b[i] == *y) || (a[i] == *y && b[i] == *x));
                let full = WRONG + ways(9 * a.len());
                match (alike, ocr) {
                    (true, true) => (full - SCANNED, Slip::Confused),
                    (true, false) => (full - ALIKE, Slip::Wrong),
                    _ => (full, Slip::Wrong),
                }
            }
            [i, j] if j == i + 1 && a[i] == b[j] && a[j] == b[i] => (SWAP + ways(a.len() - 1), Slip::Swap),
            _ => none,
        };
    }
    // A digit of the decimals more or less moves no other; the first of them does not come or go without its mark.
    if step != 0 && (printed.scale == 0 || meant.scale == 0) {
        return none;
    }
    if a.len() + 1 == b.len() && (step == 0 || step == 1) {
        let Some((_, run)) = one_more(b, a) else { return none };
        return (LOST + ways(b.len()) - ways(run), Slip::Lost);
    }
    if b.len() + 1 == a.len() && (step == 0 || step == -1) {
        let Some((_, run)) = one_more(a, b) else { return none };
        let full = if run > 1 { DOUBLED + ways(b.len()) - ways(run - 1) } else { INSERTED + ways(10 * a.len()) };
        return (full, Slip::Doubled);
    }
    none
}

/// Whether `long` is `short` with one digit put in: where, and in a run of how many equal digits.
fn one_more(long: &[u8], short: &[u8]) -> Option<(usize, usize)> {
    let at = long.iter().zip(short).take_while(|(a, b)| a == b).count();
    let digit = *long.get(at)?;
    if long.get(at + 1..)? != short.get(at..)? {
        return None;
    }
    let before = long[..at].iter().rev().take_while(|d| **d == digit).count();
    Some((at, before + 1 + long[at + 1..].iter().take_while(|d| **d == digit).count()))
}

/// A print one slip away: its digits as a whole number, and how many of them are decimals.
#[derive(Clone, Copy)]
struct Near {
    whole: u64,
    scale: i32,
    /// Its mark or unit was moved by this power of ten, nothing else.
    moved: Option<i32>,
}

impl Near {
    /// Its value in units of so many decimals: whole numbers are compared far faster than decimals.
    fn key(self, decimals: i32) -> u128 {
        let step = decimals.saturating_sub(self.scale).clamp(0, 18) as u32;
        u128::from(self.whole) * 10u128.pow(step)
    }

    fn print(self, like: Print) -> Option<Print> {
        if let Some(power) = self.moved {
            return scaled(like, power);
        }
        let unit = power(-self.scale)?;
        let value = Decimal::from(self.whole).checked_mul(unit)?.normalize();
        Some(if like.unit.is_zero() { Print::exact(value) } else { Print::rounded(value, unit) })
    }
}

/// All prints one slip away, each once, by value, then by last digit.
pub(crate) fn neighbours(print: Print) -> Vec<Print> {
    let Some(own) = Digits::of(print.value, scale(print)) else { return Vec::new() };
    let n = own.digits.len();
    let whole = own.digits.iter().fold(0u64, |n, b| 10 * n + u64::from(b - b'0'));
    let decimals = own.scale.max(0) as usize;
    let mut out: Vec<Near> = Vec::with_capacity(n * 24 + 24);
    let mut push = |whole: u64, scale: i32| out.push(Near { whole, scale, moved: None });
    for i in 0..n {
        // What stands before the digit, the digit, what stands behind it.
        let low = 10u64.pow((n - 1 - i) as u32);
        let (head, digit, tail) = (whole / low / 10, whole / low % 10, whole % low);
        (0..=9).for_each(|d| push((10 * head + d) * low + tail, own.scale));
        if i + 1 < n {
            let lower = low / 10;
            push(((10 * head + tail / lower) * 10 + digit) * lower + tail % lower, own.scale);
        }
        if n > 1 {
            // The last decimal does not go without its mark: that is more than one slip.
            let inside = i + decimals >= n;
            if !inside || decimals > 1 {
                push(head * low + tail, own.scale - i32::from(inside));
            }
        }
    }
    for i in 0..=n {
        let low = 10u64.pow((n - i) as u32);
        let (head, tail) = (whole / low, whole % low);
        for d in 0..=9 {
            let longer = (10 * head + d) * low + tail;
            if decimals > 0 && i + decimals >= n {
                push(longer, own.scale + 1);
            }
            if i + decimals <= n {
                push(longer, own.scale);
            }
        }
    }
    if own.scale >= 0 && !print.unit.is_zero() {
        push(whole, own.scale + 1);
        if own.scale > 0 {
            push(whole, own.scale - 1);
        }
    }
    for power in [1, 2, 3, 6] {
        for power in [power, -power] {
            let fits = |p: &Print| Digits::of(p.value, scale(*p)).is_some();
            if scaled(print, power).as_ref().is_some_and(fits) {
                out.push(Near { whole, scale: own.scale - power, moved: Some(power) });
            }
        }
    }
    let most = out.iter().map(|p| p.scale).max().unwrap_or(0);
    let same = Near { whole, scale: own.scale, moved: None }.key(most);
    // An exact figure has no last digit.
    let last = |p: &Near| if print.unit.is_zero() { 0 } else { -p.scale };
    let keyed = out.into_iter().map(|p| (p.key(most), last(&p), p));
    let mut keyed: Vec<(u128, i32, Near)> = keyed.filter(|(key, ..)| *key != same).collect();
    // Of two ways to one print that of the digits stays, which adds no noughts.
    keyed.sort_unstable_by_key(|(key, last, p)| (*key, *last, p.moved));
    keyed.dedup_by_key(|(key, last, _)| (*key, *last));
    let mut prints = Vec::with_capacity(keyed.len());
    prints.extend(keyed.into_iter().filter_map(|(.., p)| p.print(print)));
    prints
}

/// Whether a print may be edited at all: `trên 80%` is no slip of `70%`.
pub(crate) fn is_editable(relation: Relation) -> bool {
    matches!(relation, Relation::Equal | Relation::About)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().expect("test decimal")
    }

    fn price(from: &str, to: &str) -> Cost {
        cost(Print::exact(d(from)), Print::exact(d(to)), Hand::default())
    }

    fn share(from: (&str, &str), to: (&str, &str)) -> Cost {
        cost(Print::rounded(d(from.0), d(from.1)), Print::rounded(d(to.0), d(to.1)), Hand::default())
    }

    #[test]
    fn slips_have_names() {
        for (from, to, slip) in [
            ("21802", "21082", Slip::Swap),
            ("191", "113", Slip::Other),
            ("45", "46", Slip::Wrong),
            ("1812", "18112", Slip::Lost),
            ("18112", "1812", Slip::Doubled),
            ("11", "11000", Slip::Shift(3)),
            ("18.5", "15.8", Slip::Swap),
            ("18.5", "18.6", Slip::Wrong),
            ("18.55", "18.5", Slip::Doubled),
        ] {
            assert_eq!(price(from, to).1, slip, "{from} for {to}");
        }
        assert_eq!(
            cost(Print::exact(d("149")), Print::exact(d("100")), Hand { copied: true, ..Hand::default() }).1,
            Slip::Copied
        );
    }

    #[test]
    fn likelier_slips_are_cheaper() {
        assert!(price("21802", "21082") < price("21803", "21802"), "a swap before a wrong digit");
        assert!(price("18812", "1812") < price("18712", "1812"), "a digit doubled before one put in");
        let size = |value: &str| magnitude(Print::exact(d(value)));
        assert_eq!((size("0"), size("1"), size("20"), size("11000")), (0, 0, 13, 40));
        assert_eq!(magnitude(Print::rounded(d("8.64"), d("0.01"))), size("864"), "so many digits, whatever their mark");
        let scanned = cost(Print::exact(d("18")), Print::exact(d("16")), Hand { ocr: true, ..Hand::default() });
        assert_eq!(scanned.1, Slip::Confused);
        assert!(scanned.0 < price("18", "12").0);
        assert!(price("191", "113").0 >= 40);
    }

    #[test]
    fn percentages_are_edited_with_their_decimals() {
        assert_eq!(share(("94.5", "0.1"), ("95.4", "0.1")).1, Slip::Swap);
        assert_eq!(share(("99.466", "0.001"), ("99.46", "0.01")).1, Slip::Doubled);
        assert_eq!(share(("9.46", "0.01"), ("94.6", "0.1")), (MARK, Slip::Shift(1)));
        let print = Print::rounded(d("99.466"), d("0.001"));
        let all = neighbours(print);
        assert!(all.contains(&Print::rounded(d("99.46"), d("0.01"))));
        assert!(all.contains(&Print::rounded(d("994.66"), d("0.01"))));
        assert!(neighbours(Print::rounded(d("94.5"), d("0.1"))).contains(&Print::rounded(d("95.4"), d("0.1"))));
    }

    #[test]
    fn digits_are_those_of_the_print() {
        let of =
            |value: &str, scale| Digits::of(d(value), scale).map(|d| String::from_utf8_lossy(&d.digits).into_owned());
        assert_eq!(of("94.5", 1).as_deref(), Some("945"));
        assert_eq!(of("0.05", 2).as_deref(), Some("005"), "a nought before the mark");
        assert_eq!(of("0", 0).as_deref(), Some("0"));
        assert_eq!(of("12000", -3).as_deref(), Some("12"));
        assert_eq!(of("999999999999999", 0).map(|d| d.len()), Some(MAX_DIGITS));
        assert_eq!((of("1000000000000000", 0), of("0.5", 0), of("-1", 0)), (None, None, None));
    }

    #[test]
    fn neighbours_are_few_and_distinct() {
        let all = neighbours(Print::exact(d("21802")));
        for value in ["21082", "2182", "218020", "21802000"] {
            assert!(all.contains(&Print::exact(d(value))), "{value}");
        }
        assert!(all.len() < 150);
    }
}
