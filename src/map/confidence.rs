//! How sure a mapping is, 0 to 1, such that of the facts with 0.9 nine in ten are right (`scripts/calibrate` prints how far it is so).
//!
//! In: how well a phrase or a form fits. Out: the share of right facts among those that fitted as well, measured on eighteen reports of
//! corpus/text (36–53, six hands) as they were read at first sight, before any rule was written for them; every hand names its concepts
//! in its own way, so that these shares are lower bounds. Rounded on purpose: what is measured on so few reports has no third digit. A
//! reader's own doubt about the characters (OCR) is multiplied in by `places`.

use crate::map::phrases::Fit;

/// A figure that no rule maps claims only to be a figure: 90 to 96 of 100 are.
pub const UNMAPPED: f64 = 0.9;
/// A figure among too many, read without its words.
pub const UNREAD: f64 = 0.3;
/// The columns of a score sheet are told by their heads: 353 of 353 by a key that names them alike, 166 of 210 by one that does not.
pub const SCORE_SHEET: f64 = 0.9;
/// Columns aligned with the rows of a form: 352 of 494.
pub const COLUMNS: f64 = 0.75;
/// A column's head that a phrase fits: as columns.
pub const HEAD: f64 = 0.75;

/// A sentence's phrase: what tells right from wrong is its lead over the next best that says something else. Its own score adds
/// nothing once that is known.
const SENTENCE: [(f64, f64); 5] = [(0.0, 0.45), (1.0, 0.6), (2.0, 0.66), (3.0, 0.7), (4.0, 0.8)];
/// The same for a row of a table that no form describes: its label says the whole.
const ROW: [(f64, f64); 3] = [(0.0, 0.5), (2.0, 0.74), (3.5, 0.84)];
/// A form's row by how alike the labels are: below 0.7 none of eight was right, from 0.7 on all but one in fifty.
const FORM: [(f64, f64); 4] = [(0.62, 0.5), (0.7, 0.65), (0.8, 0.87), (1.0, 0.97)];
/// What is taken off where the table fits the form badly as a whole: 18 of 22 right below 0.6, 97 of 100 above.
const BAD_FORM: f64 = 0.1;
/// A form fits badly below this.
const FITS: f64 = 0.6;
/// A phrase that fits only with words borrowed from the row or the figure before: 21 of 30 with a score below four, 38 of 44 above.
const BORROWED: f64 = 0.07;
/// See `BORROWED`: highest confidence with words as few as that.
const BORROWED_LITTLE: f64 = 0.5;
const LITTLE: f64 = 4.0;

/// A figure in a sentence; `borrowed` where its own clause said too little.
pub fn sentence(fit: &Fit, borrowed: bool) -> f64 {
    let own = between(&SENTENCE, fit.margin);
    match borrowed {
        false => own,
        true if fit.score < LITTLE => (own - BORROWED).min(BORROWED_LITTLE),
        true => own - BORROWED,
    }
}

/// A row that a phrase fits.
pub fn row(fit: &Fit) -> f64 {
    between(&ROW, fit.margin)
}

/// A row aligned with a form's: how alike both are, and how well the form fits the table.
pub fn form(alike: f64, fit: f64) -> f64 {
    between(&FORM, alike) - if fit < FITS { BAD_FORM } else { 0.0 }
}

/// The value of a broken line at a place; beyond its ends that of the ends.
fn between(line: &[(f64, f64)], at: f64) -> f64 {
    let after = line.partition_point(|(x, _)| *x <= at);
    match (after.checked_sub(1).and_then(|i| line.get(i)), line.get(after)) {
        (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (at - x0) / (x1 - x0),
        (Some((_, y)), None) | (None, Some((_, y))) => *y,
        (None, None) => UNREAD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(score: f64, margin: f64) -> Fit {
        Fit { phrase: 0, score, margin }
    }

    #[test]
    fn a_lead_makes_sure_and_borrowed_words_do_not() {
        assert!(sentence(&fit(5.0, 5.0), false) > sentence(&fit(5.0, 0.5), false));
        assert!(sentence(&fit(5.0, 5.0), true) < sentence(&fit(5.0, 5.0), false));
        assert!(sentence(&fit(2.0, 2.0), true) <= 0.5);
        assert!(row(&fit(3.0, 3.0)) > sentence(&fit(3.0, 3.0), false));
    }

    #[test]
    fn a_form_is_as_sure_as_its_labels_are_alike() {
        assert!((form(1.0, 0.9) - 0.97).abs() < 1e-9);
        assert!(form(0.64, 0.9) < 0.6 && form(1.0, 0.5) < 0.9);
        let all: Vec<f64> = (0..=100).map(|n| form(f64::from(n) / 100.0, 1.0)).collect();
        assert!(all.windows(2).all(|w| w[0] <= w[1]) && all.iter().all(|c| (0.0..=1.0).contains(c)));
    }

    #[test]
    fn odd_fits_stay_in_range() {
        for odd in [f64::NAN, f64::INFINITY, -3.0] {
            let c = sentence(&fit(odd, odd), true);
            assert!((0.0..=1.0).contains(&c) || c.is_nan() == odd.is_nan(), "{odd}: {c}");
        }
    }
}
