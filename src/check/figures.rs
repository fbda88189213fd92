//! The facts as the checks see them: what each print stands for, its folded label, its noun.
//!
//! In: an extraction. Out: a view with memoized, cheap answers. Refuses nothing: links that point nowhere are passed over.

use super::edits;
use super::interval::Print;
use super::words::{self, Marks};
use crate::model::{Extraction, Fact, Kind, Link, Source, Status};
use rust_decimal::Decimal;
use std::borrow::Cow;
use std::cell::OnceCell;

/// A view of an extraction's facts.
pub(crate) struct Figures<'a> {
    /// What is looked at.
    pub x: &'a Extraction,
    prints: Vec<Option<Print>>,
    /// The first of the facts before it with the same label: the figures of one row.
    first: Vec<usize>,
    labels: Vec<OnceCell<String>>,
    marks: Vec<OnceCell<Marks>>,
}

impl<'a> Figures<'a> {
    /// Reads the prints of all facts.
    pub fn new(x: &'a Extraction) -> Figures<'a> {
        let mut first: Vec<usize> = Vec::with_capacity(x.facts.len());
        for (i, fact) in x.facts.iter().enumerate() {
            let before = first.last().copied().filter(|f| x.facts[*f].label == fact.label);
            first.push(before.unwrap_or(i));
        }
        Figures {
            x,
            first,
            prints: x.facts.iter().map(amount).collect(),
            labels: x.facts.iter().map(|_| OnceCell::new()).collect(),
            marks: x.facts.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// Number of facts.
    pub fn len(&self) -> usize {
        self.prints.len()
    }

    /// A fact.
    pub fn fact(&self, i: usize) -> Option<&'a Fact> {
        self.x.facts.get(i)
    }

    /// What a fact's print stands for.
    pub fn print(&self, i: usize) -> Option<Print> {
        self.prints.get(i).copied().flatten()
    }

    /// The printed value.
    pub fn value(&self, i: usize) -> Option<Decimal> {
        self.print(i).map(|p| p.value)
    }

    /// The folded label, padded with a space on either side so that whole words can be looked for.
    pub fn label(&self, i: usize) -> &str {
        let first = self.first.get(i).and_then(|f| self.labels.get(*f).zip(self.x.facts.get(*f)));
        first.map_or("", |(cell, fact)| cell.get_or_init(|| words::padded(&fact.label)))
    }

    /// The folded label as far as its first word at least; the rest is not folded for this.
    pub fn opening(&self, i: usize) -> Cow<'_, str> {
        let first = self.first.get(i).and_then(|f| self.labels.get(*f).zip(self.x.facts.get(*f)));
        first.map_or(Cow::Borrowed(""), |(cell, fact)| match cell.get() {
            Some(label) => Cow::Borrowed(label.as_str()),
            None => Cow::Owned(words::opening(&fact.label)),
        })
    }

    /// The folded label of its row alone, padded; the figure's own where it stands in no known row.
    pub fn row_label(&self, i: usize) -> String {
        let row = self.fact(i).and_then(|f| f.row).and_then(|r| self.x.rows.get(r));
        row.map_or_else(|| self.label(i).to_owned(), |r| words::padded(&r.label))
    }

    /// What the label says by the closed vocabularies (level, outcome, channel …).
    pub fn marks(&self, i: usize) -> Marks {
        let first = self.first.get(i).and_then(|f| self.marks.get(*f));
        first.map_or(Marks::default(), |cell| *cell.get_or_init(|| words::marks(self.label(i))))
    }

    /// Whether it counts whole things.
    pub fn is_count(&self, i: usize) -> bool {
        self.fact(i).is_some_and(|f| f.kind == Kind::Count && f.unit.as_deref() != Some("%"))
    }

    /// Whether it is a percentage.
    pub fn is_percent(&self, i: usize) -> bool {
        self.fact(i)
            .is_some_and(|f| f.kind == Kind::Percent || (f.kind == Kind::Count && f.unit.as_deref() == Some("%")))
    }

    /// Whether a value is printed (or said to be nothing in words).
    pub fn has_value(&self, i: usize) -> bool {
        self.print(i).is_some()
    }

    /// Whether it is an empty cell of a known row.
    pub fn is_blank(&self, i: usize) -> bool {
        self.fact(i).is_some_and(|f| f.status == Status::Blank)
    }

    /// Whether it is read from running text.
    pub fn is_text(&self, i: usize) -> bool {
        self.fact(i).is_some_and(|f| f.source != Source::Table)
    }

    /// The values added up; None where one has none.
    pub fn sum(&self, of: &[usize]) -> Option<Decimal> {
        of.iter().map(|i| self.value(*i)).sum()
    }

    /// Whether two figures may count the same things: same unit, one the other in more words (`thủ tục`, `thủ tục thu phí`), or a unit not
    /// printed.
    pub fn same_noun(&self, a: usize, b: usize) -> bool {
        let unit = |i: usize| self.fact(i).and_then(|f| f.unit.as_deref()).map(str::trim).filter(|u| !u.is_empty());
        match (unit(a), unit(b)) {
            (Some(a), Some(b)) => {
                a == b || {
                    let (a, b) = (words::padded(a), words::padded(b));
                    let words = a.len() > 1 && b.len() > 1;
                    words && (a.starts_with(&b) || b.starts_with(&a))
                }
            }
            _ => true,
        }
    }

    /// Whether one fact is a kind of another, as `Fact::is_kind_of`.
    pub fn is_kind_of(&self, part: usize, whole: usize) -> bool {
        self.fact(part).zip(self.fact(whole)).is_some_and(|(part, whole)| part.is_kind_of(whole))
    }

    /// The targets of one kind of link.
    pub fn links<'s>(
        &'s self,
        i: usize,
        pick: impl Fn(&Link) -> Option<usize> + 's,
    ) -> impl Iterator<Item = usize> + 's {
        let n = self.len();
        let links = self.fact(i).map_or(&[][..], |f| f.links.as_slice());
        links.iter().filter_map(pick).filter(move |t| *t < n && *t != i)
    }

    /// The first target of one kind of link.
    pub fn link(&self, i: usize, pick: impl Fn(&Link) -> Option<usize>) -> Option<usize> {
        let n = self.len();
        self.fact(i)?.links.iter().filter_map(pick).find(|t| *t < n && *t != i)
    }
}

/// A decrease is an amount: whether its reader kept the sign of `giảm` or not, what is taken away counts as printed.
pub(crate) fn amount(fact: &Fact) -> Option<Print> {
    let print = Print::of(fact)?;
    let taken = print.value.is_sign_negative() && fact.links.iter().any(|l| rest_of(l).is_some());
    if taken { edits::replaced(print, -print.value) } else { Some(print) }
}

/// Picks the target of `Link::RowParent`.
pub(crate) fn row_parent(link: &Link) -> Option<usize> {
    if let Link::RowParent(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::PercentOf`.
pub(crate) fn percent_of(link: &Link) -> Option<usize> {
    if let Link::PercentOf(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::Denominator`.
pub(crate) fn denominator(link: &Link) -> Option<usize> {
    if let Link::Denominator(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::Base`.
pub(crate) fn base(link: &Link) -> Option<usize> {
    if let Link::Base(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::PartOf`.
pub(crate) fn part_of(link: &Link) -> Option<usize> {
    if let Link::PartOf(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::Maximum`.
pub(crate) fn maximum(link: &Link) -> Option<usize> {
    if let Link::Maximum(t) = link { Some(*t) } else { None }
}

/// Picks the target of `Link::RestOf`.
pub(crate) fn rest_of(link: &Link) -> Option<usize> {
    if let Link::RestOf(t) = link { Some(*t) } else { None }
}
