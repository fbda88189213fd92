//! What the form itself says wrongly, figures aside: numbers of rows printed twice or skipped, appendices cited but not printed, a blank
//! number, a blank total above filled rows, codes outside their list, a per-cent unit on a count.
//!
//! In: rows, appendices, metadata, facts. Out: warnings without arithmetic. A table that starts counting again is another form below
//! an unnumbered heading, not a slip; a row repeated with its label is a page break's doing.

use super::claim::{Claim, Formula, Origin};
use super::figures::Figures;
use super::message::Draft;
use super::words;
use crate::model::{Appendix, Kind, Place, Row, Severity, Status, Warning};
use crate::text::number::vietnamese;
use std::collections::{BTreeMap, BTreeSet};

/// Warnings about the form.
pub(crate) fn warnings(figures: &Figures, groups: &[(usize, Vec<usize>)], out: &mut Vec<Warning>) {
    numbering(figures, out);
    appendices(&figures.x.appendices, out);
    letterhead(figures, out);
    blank_totals(figures, groups, out);
    zero_headers(figures, groups, out);
    units(figures, out);
}

/// Codes that a unit cell or form lists: the value must be among them.
pub(crate) fn claims(figures: &Figures, out: &mut Vec<Claim>) {
    for i in 0..figures.len() {
        let Some(fact) = figures.fact(i).filter(|f| f.domain.len() >= 2 && f.status == Status::Reported) else {
            continue;
        };
        if matches!(fact.kind, Kind::Code | Kind::Count) {
            let codes = fact.domain.iter().map(|(code, _)| *code).collect();
            out.push(Claim::new("domain/code", Formula::Codes { fact: i, codes }, Severity::Warning, Origin::Form));
        }
    }
}

fn warn(check: &str, severity: Severity, place: Place, confidence: f64, vi: String, en: String) -> Warning {
    Draft { check: check.to_owned(), severity, place, confidence, vi, en, ..Draft::default() }.finish()
}

/// The last component of a row's number, with what stands before it.
fn number(stt: &str) -> Option<(String, u32)> {
    let stt = stt.trim().trim_end_matches(['.', ')', ' ']);
    let (head, last) = stt.rsplit_once('.').map_or(("", stt), |(h, l)| (h, l));
    let value = last.parse::<u32>().ok().filter(|_| last.len() <= 3).or_else(|| roman(last))?;
    Some((head.to_owned(), value))
}

fn roman(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 6 {
        return None;
    }
    let mut total = 0u32;
    let mut last = 0u32;
    for c in text.bytes().rev() {
        let value = match c {
            b'I' => 1,
            b'V' => 5,
            b'X' => 10,
            b'L' => 50,
            _ => return None,
        };
        if value < last {
            total = total.checked_sub(value)?;
        } else {
            total += value;
            last = value;
        }
    }
    Some(total)
}

/// Siblings: one table, one parent, one beginning of the number, digits or letters.
type Family = (u32, Option<usize>, String, bool);

fn numbering(figures: &Figures, out: &mut Vec<Warning>) {
    let rows = &figures.x.rows;
    // The figures of both rows say where to look.
    let mut of_row: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for i in 0..figures.len() {
        if let Some(row) = figures.fact(i).filter(|f| f.status == Status::Reported).and_then(|f| f.row) {
            of_row.entry(row).or_default().push(i);
        }
    }
    let facts_of = |pair: [usize; 2]| -> Vec<usize> {
        let mut facts: Vec<usize> = pair.iter().filter_map(|row| of_row.get(row)).flatten().copied().collect();
        facts.sort_unstable();
        facts
    };
    let mut families: BTreeMap<Family, Vec<(usize, u32)>> = BTreeMap::new();
    for (i, row) in rows.iter().enumerate() {
        if let Some((head, value)) = number(&row.stt) {
            let digits = row.stt.contains(|c: char| c.is_ascii_digit());
            families.entry((row.table, row.parent, head, digits)).or_default().push((i, value));
        }
    }
    for ((_, _, head, _), members) in families {
        let mut expected: Option<u32> = None;
        let mut raw = 0;
        for (at, (i, value)) in members.iter().enumerate() {
            let row = &rows[*i];
            let Some(next) = expected else {
                (expected, raw) = (Some(value + 1), *value);
                continue;
            };
            let before = &rows[members[at - 1].0];
            let repeated = || !row.label.is_empty() && words::padded(&before.label) == words::padded(&row.label);
            let name = |n: u32| if head.is_empty() { n.to_string() } else { format!("{head}.{n}") };
            if *value == raw && repeated() {
                continue;
            }
            // Two parts of a form, each counting from one, under headings without a number.
            let heading_between =
                || rows[members[at - 1].0 + 1..*i].iter().any(|r| r.stt.is_empty() && r.table == row.table);
            if *value == raw && head.is_empty() && (raw == 1 || heading_between()) {
                continue;
            }
            if *value == raw {
                duplicate(row, before, &name(next), facts_of([members[at - 1].0, *i]), out);
                expected = Some(next + 1);
                continue;
            }
            if *value > next && *value <= next + 3 && *value != raw + 1 && !row.stt.contains(['I', 'V', 'X']) {
                let missing = (next..*value).map(name).collect::<Vec<_>>().join(", ");
                out.push(warn(
                    "form/skipped-stt",
                    Severity::Info,
                    row.place,
                    0.9,
                    format!("Số thứ tự nhảy từ {} sang {}: thiếu {missing}.", before.stt, row.stt),
                    format!("Row numbers jump from {} to {}: {missing} is missing.", before.stt, row.stt),
                ));
            }
            (expected, raw) = (Some(value + 1), *value);
        }
    }
}

fn duplicate(row: &Row, before: &Row, next: &str, facts: Vec<usize>, out: &mut Vec<Warning>) {
    let (a, b) = (short(&before.label), short(&row.label));
    let warning = warn(
        "form/duplicate-stt",
        Severity::Warning,
        row.place,
        0.95,
        format!("Số thứ tự {} in hai lần (“{a}” và “{b}”); dòng sau có lẽ là {next}.", row.stt),
        format!("Row number {} is printed twice (“{a}” and “{b}”); the second is probably {next}.", row.stt),
    );
    out.push(Warning { facts, ..warning });
}

/// At most 60 characters of a label.
pub(crate) fn short(label: &str) -> String {
    let label = label.trim().trim_end_matches([':', '.', ';', ',']);
    if label.chars().count() <= 60 {
        return label.to_owned();
    }
    let cut: String = label.chars().take(57).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}

fn appendices(list: &[Appendix], out: &mut Vec<Warning>) {
    let name = |a: &Appendix| a.name.trim().to_uppercase();
    let printed: BTreeSet<String> = list.iter().filter(|a| a.printed).map(name).collect();
    let mut told = BTreeSet::new();
    for cited in list.iter().filter(|a| !a.printed) {
        let wanted = name(cited);
        if wanted.is_empty() || printed.contains(&wanted) || !told.insert(wanted.clone()) {
            continue;
        }
        let stem = |n: &str| n.trim_end_matches(|c: char| c.is_alphabetic()).to_owned();
        let like = printed.iter().find(|p| !stem(p).is_empty() && stem(p) == stem(&wanted));
        let (vi, en) = match like {
            Some(p) => (format!("; bản in là Phụ lục {p}"), format!("; the one printed is Appendix {p}")),
            None => (String::new(), String::new()),
        };
        // Where none is printed they were filed apart.
        let severity = if printed.is_empty() { Severity::Info } else { Severity::Warning };
        out.push(warn(
            "form/missing-appendix",
            severity,
            cited.place,
            if like.is_some() { 0.9 } else { 0.7 },
            format!("Báo cáo dẫn Phụ lục {wanted} nhưng không kèm phụ lục này{vi}."),
            format!("The report cites Appendix {wanted}, which is not printed{en}."),
        ));
    }
}

fn letterhead(figures: &Figures, out: &mut Vec<Warning>) {
    let meta = &figures.x.metadata;
    let place = meta.doc_number_place;
    if place.line.is_none() && place.page.is_none() {
        return;
    }
    if meta.doc_number.is_none() {
        let (vi, en) = ("Số văn bản để trống.", "The document number is left blank.");
        out.push(warn("document/missing-number", Severity::Info, place, 0.9, vi.to_owned(), en.to_owned()));
    }
    if meta.issued_on.is_none() {
        let (vi, en) = ("Ngày ban hành không đầy đủ.", "The date of issue is incomplete.");
        out.push(warn("document/missing-date", Severity::Info, place, 0.8, vi.to_owned(), en.to_owned()));
    }
}

/// A total left blank above rows that split it.
fn blank_totals(figures: &Figures, groups: &[(usize, Vec<usize>)], out: &mut Vec<Warning>) {
    for (parent, kids) in groups {
        if !figures.is_blank(*parent)
            || kids.len() > 12
            || !kids.iter().all(|k| figures.is_count(*k) && figures.has_value(*k))
        {
            continue;
        }
        let marks: Vec<_> = kids.iter().map(|k| figures.marks(*k)).collect();
        let bare = kids.iter().all(|k| words::is_bare(figures.label(*k)));
        if !bare || words::partition(&marks, figures.marks(*parent)).is_none() {
            continue;
        }
        let sum: rust_decimal::Decimal = kids.iter().filter_map(|k| figures.value(*k)).sum();
        let Some(fact) = figures.fact(*parent) else { continue };
        let label = short(&fact.label);
        out.push(
            Draft {
                check: "form/blank-total".to_owned(),
                severity: Severity::Info,
                place: fact.place,
                confidence: 0.9,
                facts: std::iter::once(*parent).chain(kids.iter().copied()).collect(),
                expected: Some(sum),
                vi: format!("Dòng “{label}” để trống trong khi các dòng con cộng lại là {}.", vietnamese(sum)),
                en: format!(
                    "The row “{label}” is blank while the rows below it add up to {}.",
                    super::message::en(sum)
                ),
                ..Draft::default()
            }
            .finish(),
        );
    }
}

/// 0 on a heading above rows that print something.
fn zero_headers(figures: &Figures, groups: &[(usize, Vec<usize>)], out: &mut Vec<Warning>) {
    for (parent, kids) in groups {
        let zero = figures.value(*parent).is_some_and(|v| v.is_zero()) && figures.is_count(*parent);
        if !zero {
            continue;
        }
        let counts: Vec<usize> = kids.iter().copied().filter(|k| figures.is_count(*k)).collect();
        let marks: Vec<_> = counts.iter().map(|k| figures.marks(*k)).collect();
        let filled = counts.iter().any(|k| figures.value(*k).is_some_and(|v| !v.is_zero()));
        if !filled || words::partition(&marks, figures.marks(*parent)).is_some() {
            continue;
        }
        let Some(fact) = figures.fact(*parent) else { continue };
        let label = short(&fact.label);
        out.push(
            Draft {
                check: "form/zero-heading".to_owned(),
                severity: Severity::Info,
                place: fact.place,
                confidence: 0.6,
                facts: std::iter::once(*parent).chain(counts).collect(),
                vi: format!("Dòng “{label}” ghi 0 trong khi các dòng con có số liệu."),
                en: format!("The row “{label}” says 0 while rows below it have figures."),
                ..Draft::default()
            }
            .finish(),
        );
    }
}

/// A count whose unit cell says per cent.
fn units(figures: &Figures, out: &mut Vec<Warning>) {
    for i in 0..figures.len() {
        let Some(fact) = figures.fact(i).filter(|f| f.row.is_some() && f.unit.as_deref() == Some("%")) else {
            continue;
        };
        if fact.raw.contains('%')
            || !figures.has_value(i)
            || !figures.opening(i).starts_with(" số ")
            || figures.label(i).starts_with(" số hóa ")
        {
            continue;
        }
        let label = short(&fact.label);
        out.push(
            Draft {
                check: "form/unit".to_owned(),
                severity: Severity::Info,
                place: fact.place,
                confidence: 0.6,
                facts: vec![i],
                vi: format!("Dòng “{label}” đếm số lượng nhưng đơn vị tính là %."),
                en: format!("The row “{label}” counts things but its unit is %."),
                ..Draft::default()
            }
            .finish(),
        );
    }
}
