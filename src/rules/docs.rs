//! The reference page of all indicators, `rules/INDICATORS.md`: a [`RuleSet`] in, Markdown out. Sorted by field and id, so that a
//! change of the rules is a readable change of the page.

use crate::rules::lint::named;
use crate::rules::{Basis, Form, FormRow, Indicator, RuleSet};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The fields in the order in which reports treat them, with their headings.
const FIELDS: [(&str, &str); 9] = [
    ("steering", "Chỉ đạo, điều hành · steering"),
    ("institution", "Cải cách thể chế · institutions"),
    ("procedure", "Cải cách thủ tục hành chính · procedures"),
    ("apparatus", "Tổ chức bộ máy · apparatus"),
    ("civil_service", "Chế độ công vụ · civil service"),
    ("finance", "Tài chính công · public finance"),
    ("digital", "Chính quyền điện tử, chính quyền số · digital government"),
    ("impact", "Tác động · impact"),
    ("score", "Chỉ số, chấm điểm · scores"),
];

/// The reference page.
pub fn reference(rules: &RuleSet) -> String {
    let mut fields: BTreeMap<(usize, &str), Vec<&Indicator>> = BTreeMap::new();
    for indicator in rules.indicators.values() {
        let field = indicator.id.split('.').next().unwrap_or_default();
        let rank = FIELDS.iter().position(|(id, _)| *id == field).unwrap_or(FIELDS.len());
        fields.entry((rank, field)).or_default().push(indicator);
    }
    let places = Places::of(rules);
    let mut page = String::from(
        "# Indicators\n\nWhat the dataset can report, one entry for each meaning. Generated from the files in this folder by \
         `baocao rules docs`: do not edit.\n\nLevel (whose procedures, records or people are counted), entity and period belong to \
         every figure and are not repeated here.\nThe basis says what a figure's period is where the report does not say: the reporting \
         *period*, the whole *year*, or the *stock* at the end of the period.\n",
    );
    let _ = writeln!(
        page,
        "\n{} indicators, {} forms with {} rows, {} checks.",
        rules.indicators.len(),
        rules.forms.len(),
        rules.forms.iter().map(|f| f.rows.len()).sum::<usize>(),
        rules.checks.len()
    );
    for ((rank, field), mut indicators) in fields {
        indicators.sort_by(|a, b| a.id.cmp(&b.id));
        let _ = writeln!(page, "\n## {}", FIELDS.get(rank).map_or(field, |(_, heading)| heading));
        for indicator in indicators {
            entry(&mut page, indicator, &places);
        }
    }
    page
}

fn entry(page: &mut String, it: &Indicator, places: &Places<'_>) {
    let basis = match it.basis {
        Basis::Period => "period",
        Basis::Year => "year",
        Basis::Stock => "stock",
    };
    let unit = if it.unit.is_empty() { String::new() } else { format!(" · {}", it.unit) };
    let _ = writeln!(page, "\n### `{}`\n\n**{}** — {}. {}{unit} · {basis}.  ", it.id, it.vi, it.en, it.kind.as_str());
    let _ = writeln!(page, "{}", it.brief);
    let mut lines: Vec<String> = Vec::new();
    if !it.dims.is_empty() {
        lines.push(format!("Dimensions: {}", list(it.dims.iter().map(|d| format!("`{d}`")))));
    }
    if !it.was.is_empty() {
        lines.push(format!("Also called: {}", it.was.join("; ")));
    }
    for (title, found) in [("Forms", &places.rows), ("Sentences", &places.phrases), ("Checks", &places.checks)] {
        if let Some(found) = found.get(it.id.as_str()) {
            lines.push(format!("{title}: {}", list(found.iter().cloned())));
        }
    }
    if !lines.is_empty() {
        page.push('\n');
    }
    for line in lines {
        let _ = writeln!(page, "- {line}");
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// What leads to each indicator, in file order.
#[derive(Default)]
struct Places<'a> {
    rows: BTreeMap<&'a str, Vec<String>>,
    phrases: BTreeMap<&'a str, Vec<String>>,
    checks: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> Places<'a> {
    fn of(rules: &'a RuleSet) -> Places<'a> {
        let mut places = Places::default();
        for form in &rules.forms {
            for row in &form.rows {
                if let Some(id) = &row.indicator {
                    places.rows.entry(id).or_default().push(row_name(form, row));
                }
            }
        }
        for phrase in &rules.phrases {
            for id in [&phrase.count, &phrase.base, &phrase.rate].into_iter().flatten() {
                let names = places.phrases.entry(id).or_default();
                let name = format!("`{}`", phrase.id);
                if names.last() != Some(&name) {
                    names.push(name);
                }
            }
        }
        for check in &rules.checks {
            for (_, id) in named(&check.relation) {
                places.checks.entry(id).or_default().push(format!("`{}`", check.id));
            }
        }
        places
    }
}

/// `BM3 3.2.1 (commune, body=council)`.
fn row_name(form: &Form, row: &FormRow) -> String {
    let dims = row.dims.iter().map(|(key, value)| format!("{key}={value}"));
    let marks: Vec<String> = row.level.map(|l| l.as_str().to_string()).into_iter().chain(dims).collect();
    let marks = if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
    format!("{} {}{marks}", form.id, row.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `UPDATE_DOCS=1` the page is written instead of compared.
    #[test]
    fn the_committed_page_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/INDICATORS.md");
        let page = reference(RuleSet::builtin());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(path, &page).unwrap();
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == page,
            "rules/INDICATORS.md is not current: run `baocao rules docs`, or this test with UPDATE_DOCS=1"
        );
    }

    #[test]
    fn every_indicator_has_its_entry_and_its_places() {
        let rules = RuleSet::builtin();
        let page = reference(rules);
        for id in rules.indicators.keys() {
            assert!(page.contains(&format!("### `{id}`\n")), "{id}");
        }
        assert_eq!(page.matches("\n### ").count(), rules.indicators.len());
        for (_, heading) in FIELDS {
            assert!(page.contains(&format!("\n## {heading}\n")), "{heading}");
        }
    }
}
