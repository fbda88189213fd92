//! One report filed more than once: copies, drafts, corrections, and two that contradict each other.
//!
//! In: the reports of one unit, kind and period with their figures. Out: findings, the reports that count no more beside a later
//! version, and the figures in dispute. Reports are versions of one only if they share figures and at least half of them agree;
//! otherwise they are two reports about different matters, and nothing is said.

use crate::compare::cause::{Finding, What};
use crate::compare::document::{Filed, Window};
use crate::compare::figure::Figure;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Figures in common from which reports of different titles may be versions of one.
const MIN_SHARED: usize = 3;
/// Versions of one report that are compared with all others of its kind; what comes after them is compared with the first only.
const MAX_VERSIONS: usize = 20;

/// What a unit's filings come to.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    pub findings: Vec<Finding>,
    /// Documents whose figures count no more.
    pub out: HashSet<u32>,
    /// Figures that two versions print differently.
    pub disputed: HashSet<(u32, u32, Window)>,
}

/// Reports with the same unit, kind and months, by document index; groups of two and more.
pub(crate) fn groups(filed: &[Filed], docs: &[u32], units: &HashMap<u32, u32>) -> Vec<Vec<u32>> {
    let mut groups: BTreeMap<(u32, &str, Window), Vec<u32>> = BTreeMap::new();
    for doc in docs {
        let Some(report) = filed.get(*doc as usize) else { continue };
        if let (Some(unit), Some(kind), Some(window)) = (units.get(doc), report.kind.as_deref(), report.window()) {
            groups.entry((*unit, kind, window)).or_default().push(*doc);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Looks at the groups one after the other; `figures` are sorted by document, `replaces` holds what a report says that it replaces.
pub(crate) fn settle(
    filed: &[Filed],
    groups: Vec<Vec<u32>>,
    figures: &[Figure],
    replaces: &HashMap<u32, Vec<String>>,
) -> Settled {
    let mut settled = Settled::default();
    for mut group in groups {
        let order = |doc: &u32| filed.get(*doc as usize).map(|f| (f.doc_number.is_some(), f.issued_on, &f.path));
        group.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut versions: Vec<u32> = Vec::new();
        let mut copies: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for doc in group {
            let same = versions.iter().take(MAX_VERSIONS).rev().find_map(|version| {
                let pair = Pair::of(filed, figures, *version, doc)?;
                Some((*version, pair))
            });
            match same {
                None => versions.push(doc),
                Some((version, pair)) if pair.different.is_empty() => {
                    settled.out.insert(doc);
                    copies.entry(version).or_default().push(doc);
                }
                Some((version, pair)) => {
                    let what = pair.what(filed, replaces);
                    if what == What::Conflict {
                        for figure in &pair.different {
                            settled.disputed.insert((figure.doc, figure.key, figure.window));
                        }
                    } else {
                        settled.out.insert(version);
                    }
                    settled.findings.push(Finding::filing(what, filed, &[version, doc], pair.different));
                    versions.push(doc);
                }
            }
        }
        for (version, mut copies) in copies {
            copies.insert(0, version);
            settled.findings.push(Finding::filing(What::SameFigures, filed, &copies, Vec::new()));
        }
    }
    settled
}

/// Two versions of one report, the earlier first.
struct Pair {
    earlier: u32,
    later: u32,
    /// The figures that differ, two and two.
    different: Vec<Figure>,
}

impl Pair {
    /// None where they are not versions of one report.
    fn of(filed: &[Filed], figures: &[Figure], earlier: u32, later: u32) -> Option<Pair> {
        let own = |doc: u32| {
            let from = figures.partition_point(|f| f.doc < doc);
            let to = figures.partition_point(|f| f.doc <= doc);
            figures.get(from..to).unwrap_or_default()
        };
        let (a, b) = (own(earlier), own(later));
        let (mut shared, mut different) = (0usize, Vec::new());
        let mut at = 0;
        // Both are sorted by key and window.
        for figure in a {
            while b.get(at).is_some_and(|other| (other.key, other.window) < (figure.key, figure.window)) {
                at += 1;
            }
            let Some(other) = b.get(at).filter(|o| (o.key, o.window) == (figure.key, figure.window)) else { continue };
            shared += 1;
            if !figure.range.meets(other.range) {
                different.extend([figure.clone(), other.clone()]);
            }
        }
        let subject = |doc: u32| filed.get(doc as usize).map(Filed::subject).filter(|s| !s.is_empty());
        let same_subject = subject(earlier).is_some() && subject(earlier) == subject(later);
        let enough = shared >= MIN_SHARED || (same_subject && shared > 0);
        (enough && different.len() <= shared).then_some(Pair { earlier, later, different })
    }

    /// Draft, correction or contradiction, by numbers and by what the later one says of itself.
    fn what(&self, filed: &[Filed], replaces: &HashMap<u32, Vec<String>>) -> What {
        let (Some(a), Some(b)) = (filed.get(self.earlier as usize), filed.get(self.later as usize)) else {
            return What::Conflict;
        };
        if a.doc_number.is_none() && b.doc_number.is_some() {
            return What::Draft;
        }
        let number = a.doc_number.as_deref().map(plain).unwrap_or_default();
        let says = replaces.get(&self.later).map(Vec::as_slice).unwrap_or_default();
        // Who replaces a report names it; words without the number of a report mean the one that there is.
        let names = |text: &String| {
            let text = plain(text);
            let whole = |(at, _): (usize, &str)| !text[..at].ends_with(|c: char| c.is_ascii_digit());
            !text.contains("/bc") || (!number.is_empty() && text.match_indices(&number).any(whole))
        };
        if says.iter().any(names) { What::Corrected } else { What::Conflict }
    }
}

/// Lower-case without spaces: `12 / BC-UBND` and `12/BC-UBND` are one number.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Files with the same bytes, one finding for each set of them, and all but the first of each.
pub(crate) fn same_files(filed: &[Filed]) -> (Vec<Finding>, HashSet<u32>) {
    let mut by_bytes: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (i, report) in filed.iter().enumerate() {
        if let (Some(sha), Ok(i)) = (report.sha256.as_deref(), u32::try_from(i)) {
            by_bytes.entry(sha).or_default().push(i);
        }
    }
    let sets: Vec<Vec<u32>> = by_bytes.into_values().filter(|set| set.len() > 1).collect();
    let copies = sets.iter().flat_map(|set| set.iter().skip(1).copied()).collect();
    (sets.iter().map(|set| Finding::filing(What::SameFile, filed, set, Vec::new())).collect(), copies)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::figure::Range;
    use crate::text::period::Period;
    use jiff::civil::date;
    use rust_decimal::Decimal;

    fn report(number: Option<&str>, day: i8) -> Filed {
        Filed {
            doc_number: number.map(str::to_string),
            issued_on: number.map(|_| date(2024, 1, day)),
            period: Period::year(2023),
            kind: Some("periodic-report".into()),
            title: Some("BÁO CÁO cải cách hành chính năm 2023".into()),
            ..Filed::default()
        }
    }

    fn figures(doc: u32, values: &[i64]) -> Vec<Figure> {
        let window = Window::of(date(2023, 1, 1), date(2023, 12, 31)).expect("a window");
        let one = |(key, value): (usize, &i64)| {
            let value = Decimal::from(*value);
            let range = Range { low: Some(value), high: Some(value) };
            Figure { doc, key: key as u32, window, rows: vec![key as u64], range, value }
        };
        values.iter().enumerate().map(one).collect()
    }

    fn found(filed: &[Filed], values: [&[i64]; 2], replaces: &[(u32, &str)]) -> (Vec<What>, Settled) {
        let figures: Vec<Figure> = (0u32..).zip(values).flat_map(|(doc, v)| figures(doc, v)).collect();
        let replaces = replaces.iter().map(|(doc, text)| (*doc, vec![text.to_string()])).collect();
        let settled = settle(filed, vec![vec![0, 1]], &figures, &replaces);
        (settled.findings.iter().map(|f| f.what.clone()).collect(), settled)
    }

    #[test]
    fn versions_are_told_from_reports_about_something_else() {
        let both = [report(Some("12/BC-UBND"), 5), report(Some("15/BC-UBND"), 9)];
        assert_eq!(found(&both, [&[1, 2, 3, 4], &[1, 2, 3, 4]], &[]).0, [What::SameFigures]);
        let (what, settled) = found(&both, [&[1, 2, 3, 4], &[1, 2, 3, 5]], &[]);
        assert_eq!((what, settled.disputed.len(), settled.out.len()), (vec![What::Conflict], 2, 0));
        assert!(found(&both, [&[1, 2, 3, 4], &[6, 7, 8, 4]], &[]).0.is_empty());
    }

    #[test]
    fn drafts_and_corrections_give_way() {
        let draft = [report(None, 5), report(Some("15/BC-UBND"), 9)];
        let (what, settled) = found(&draft, [&[1, 2, 3, 4], &[1, 2, 3, 5]], &[]);
        assert_eq!((what, settled.out.contains(&0)), (vec![What::Draft], true));
        let both = [report(Some("12/BC-UBND"), 5), report(Some("15/BC-UBND"), 9)];
        let values: [&[i64]; 2] = [&[1, 2, 3, 4], &[1, 2, 3, 5]];
        let named = found(&both, values, &[(1, "thay thế Báo cáo số 12/BC-UBND ngày 05/01/2024")]);
        assert_eq!((named.0, named.1.out.contains(&0)), (vec![What::Corrected], true));
        for other in ["thay thế Báo cáo số 99/BC-UBND", "thay thế Báo cáo số 112/BC-UBND"] {
            assert_eq!(found(&both, values, &[(1, other)]).0, [What::Conflict]);
        }
    }
}
