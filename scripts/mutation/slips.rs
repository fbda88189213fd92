//! One printed figure in, the same figure with one slip of the hand, of the eye or of a program out.
//!
//! A print is cut into digits, separators and decimals; each kind of slip is one change of them and says what value is meant by the
//! new print. Impossible slips (a swap of equal digits, a lost digit of a one-digit figure) are None.

use rust_decimal::Decimal;

/// Kinds of slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Swap,
    Wrong,
    Lost,
    Doubled,
    Thousand,
    Mark,
    Neighbour,
    Confused,
}

/// All kinds with their names, in the order of the table.
pub const KINDS: [(Kind, &str); 8] = [
    (Kind::Swap, "two neighbouring digits swapped"),
    (Kind::Wrong, "one wrong digit"),
    (Kind::Lost, "one digit lost"),
    (Kind::Doubled, "one digit doubled"),
    (Kind::Thousand, "×1000, tỷ for triệu"),
    (Kind::Mark, "decimal mark moved"),
    (Kind::Neighbour, "value of a neighbouring row"),
    (Kind::Confused, "digits that look alike"),
];

/// Digits that scanners confuse.
const LOOK_ALIKE: [(u8, u8); 9] = [(0, 6), (0, 8), (1, 7), (3, 8), (5, 6), (6, 8), (1, 4), (2, 7), (3, 5)];

/// Small random numbers, the same in every run: splitmix64 (Steele, Lea, Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Below `n`; 0 for nothing to choose from.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.roll() % n as u64) as usize }
    }
}

/// A printed number: `21.802`, `95,23`, `1 815`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    digits: Vec<u8>,
    /// Separators before the digit with this index.
    marks: Vec<(usize, char)>,
    /// How many of the digits are decimals.
    pub scale: usize,
}

/// What a slip makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// As printed.
    pub text: String,
    /// The number meant.
    pub number: Decimal,
    /// Its decimals.
    pub scale: u32,
    /// Power of ten by which the word behind it changes (`tỷ` for `triệu`: 3), and no digit.
    pub word: i32,
}

impl Print {
    /// Cuts the number at the head of `text`, with `scale` decimals; also its length in bytes.
    pub fn of(text: &str, scale: u32) -> Option<(Print, usize)> {
        let (mut digits, mut marks, mut end) = (Vec::new(), Vec::new(), 0);
        let mut open: Option<char> = None;
        for (at, c) in text.char_indices() {
            match (c, open) {
                ('0'..='9', mark) => {
                    marks.extend(mark.map(|m| (digits.len(), m)));
                    digits.push(c as u8 - b'0');
                    (open, end) = (None, at + 1);
                }
                ('.' | ',' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}', None) if !digits.is_empty() => open = Some(c),
                _ => break,
            }
            // A space parts thousands only where three digits follow.
            if open.is_some_and(char::is_whitespace) {
                let next = &text[at + c.len_utf8()..];
                let three = next.bytes().take_while(u8::is_ascii_digit).count() == 3;
                if !three {
                    break;
                }
            }
        }
        let scale = scale as usize;
        let print = Print { digits, marks, scale };
        let fits = !print.digits.is_empty() && print.digits.len() <= 15 && scale < print.digits.len().max(1);
        let marked = scale == 0 || print.marks.last().is_some_and(|m| m.0 + scale == print.digits.len());
        (fits && marked).then_some((print, end))
    }

    /// The number it stands for.
    pub fn number(&self) -> Decimal {
        let whole = self.digits.iter().fold(0i64, |n, d| n * 10 + i64::from(*d));
        Decimal::new(whole, self.scale as u32)
    }

    /// As it is printed.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for (i, digit) in self.digits.iter().enumerate() {
            out.extend(self.marks.iter().filter(|m| m.0 == i).map(|m| m.1));
            out.push(char::from(b'0' + digit));
        }
        out
    }

    fn grouped(&self) -> Option<char> {
        let decimal = (self.scale > 0).then(|| self.digits.len() - self.scale);
        self.marks.iter().find(|m| Some(m.0) != decimal).map(|m| m.1)
    }

    /// The same digits with their groups of three set anew.
    fn regrouped(mut self) -> Print {
        let whole = self.digits.len() - self.scale;
        if let Some(mark) = self.grouped() {
            self.marks.retain(|m| m.0 >= whole);
            let groups: Vec<(usize, char)> =
                (1..whole).filter(|i| (whole - i).is_multiple_of(3)).map(|i| (i, mark)).collect();
            self.marks.splice(0..0, groups);
        }
        self
    }

    fn with(&self, digits: Vec<u8>) -> Print {
        Print { digits, ..self.clone() }
    }

    /// A digit taken out or put in at `at`; separators stay where they were typed, or the number is written anew.
    fn resized(&self, at: usize, digit: Option<u8>, anew: bool) -> Option<Print> {
        let mut print = self.clone();
        let decimals = self.digits.len() - self.scale;
        let step = |i: usize| if digit.is_some() { i + 1 } else { i - 1 };
        match digit {
            Some(digit) => print.digits.insert(at, digit),
            None => {
                print.digits.remove(at);
            }
        }
        if at >= decimals {
            print.scale = step(print.scale);
        }
        for mark in print.marks.iter_mut().filter(|m| m.0 > at) {
            mark.0 = step(mark.0);
        }
        // A mark at the very end or start, or two in one place, is no slip of one key.
        let sound = print.marks.iter().all(|m| m.0 > 0 && m.0 < print.digits.len());
        let apart = print.marks.windows(2).all(|w| w[0].0 < w[1].0);
        if anew && self.grouped().is_some() {
            return (print.scale == self.scale).then(|| print.regrouped());
        }
        (sound && apart).then_some(print)
    }

    fn slip(self) -> Slip {
        Slip { text: self.text(), number: self.number(), scale: self.scale as u32, word: 0 }
    }

    /// One slip of a kind; None where the print allows none. `neighbour` is the figure of the next row, `counted` whether the figure
    /// counts things or money, `word` the money word that follows.
    pub fn slipped(
        &self,
        kind: Kind,
        dice: &mut Dice,
        neighbour: Option<&Print>,
        counted: bool,
        word: i32,
    ) -> Option<Slip> {
        let n = self.digits.len();
        let at = dice.below(n);
        let padded = self.digits.first() == Some(&0);
        let other = match kind {
            Kind::Swap => {
                let mut digits = self.digits.clone();
                (at + 1 < n && digits[at] != digits[at + 1]).then(|| digits.swap(at, at + 1))?;
                self.with(digits)
            }
            Kind::Wrong => {
                let mut digits = self.digits.clone();
                digits[at] = (digits[at] + 1 + dice.below(9) as u8) % 10;
                self.with(digits)
            }
            Kind::Confused => {
                let mut digits = self.digits.clone();
                let like: Vec<u8> = LOOK_ALIKE
                    .iter()
                    .filter_map(|(a, b)| match digits[at] {
                        d if d == *a => Some(*b),
                        d if d == *b => Some(*a),
                        _ => None,
                    })
                    .collect();
                digits[at] = *like.get(dice.below(like.len()))?;
                self.with(digits)
            }
            Kind::Lost => self.resized(at, None, dice.below(2) == 0).filter(|_| n > 1)?,
            Kind::Doubled => self.resized(at, Some(self.digits[at]), dice.below(2) == 0)?,
            Kind::Thousand if word != 0 => return Some(Slip { word, ..self.clone().slip() }),
            Kind::Thousand => {
                let whole = self.scale == 0 && counted && self.number() > Decimal::ZERO && !padded;
                let cut = n > 3 && self.digits.ends_with(&[0, 0, 0]);
                let digits = match (whole, cut) {
                    (false, _) => return None,
                    (true, true) => self.digits[..n - 3].to_vec(),
                    (true, false) => [&self.digits[..], &[0, 0, 0]].concat(),
                };
                // Short numbers are grouped as soon as they are long.
                let marks = if n <= 3 { vec![(n, '.')] } else { self.marks.clone() };
                Print { digits, marks, scale: 0 }.regrouped()
            }
            Kind::Mark => {
                let mark = self.marks.last().filter(|m| self.scale > 0 && m.0 == n - self.scale)?;
                let mut print = self.clone();
                print.marks.pop();
                if dice.below(2) == 0 {
                    print.scale -= 1;
                } else {
                    print.scale += 1;
                    if print.scale == n {
                        print.digits.insert(0, 0);
                    }
                }
                while print.digits.first() == Some(&0) && print.digits.len() > print.scale + 1 {
                    print.digits.remove(0);
                }
                let place = print.digits.len() - print.scale;
                print.marks.retain(|m| m.0 < place);
                print.marks.extend((print.scale > 0).then_some((place, mark.1)));
                print
            }
            Kind::Neighbour => neighbour?.clone(),
        };
        let leading = other.digits.first() == Some(&0) && other.digits.len() - other.scale > 1 && !padded;
        (!leading && other.number() != self.number()).then(|| other.slip())
    }
}
