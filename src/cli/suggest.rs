//! `baocao rules suggest`: what reports print and the rules do not know yet, as TOML to paste into `rules/`.

use crate::cli::{End, Lang, say, stopped};
use crate::rules::{Basis, FormRow, Indicator, Phrase, RuleSet};
use crate::run::suggest::{Advice, Proposal, Suggestions, suggest};
use std::fmt::Write;
use std::path::Path;

/// Reads a dataset folder and prints the proposals, most frequent first.
pub fn run(dataset: &Path, rules: &RuleSet, most: usize, lang: Lang) -> End {
    match suggest(dataset, rules, most) {
        Ok(found) => {
            say(&page(&found, lang));
            End::Done
        }
        Err(error) => stopped(&error, lang),
    }
}

fn page(found: &Suggestions, lang: Lang) -> String {
    let Suggestions { documents, facts, unmapped, comparisons, forgotten, groups, .. } = found;
    let mut out = match lang {
        Lang::Vi => format!(
            "# {unmapped} số liệu (trong {facts}, ở {documents} văn bản) chưa thuộc chỉ tiêu nào, gồm {groups} nhóm cách viết.\n\
             # Không kể {comparisons} số ở các cột so sánh hai kỳ. Dưới đây là {} nhóm gặp nhiều nhất; dán vào tệp ghi ở mỗi nhóm,\n\
             # sửa những chỗ có dấu \"?\", rồi chạy `baocao rules check` và `baocao rules test`.\n",
            found.proposals.len()
        ),
        Lang::En => format!(
            "# {unmapped} figures (of {facts}, in {documents} documents) have no indicator; they make {groups} groups of wordings.\n\
             # {comparisons} figures of columns that compare two periods are left out. Below are the {} most frequent groups; paste each\n\
             # into the file it names, fill in what says \"?\", then run `baocao rules check` and `baocao rules test`.\n",
            found.proposals.len()
        ),
    };
    if *forgotten > 0 {
        let _ = match lang {
            Lang::Vi => writeln!(out, "# {forgotten} số liệu có cách viết hiếm gặp không được xét."),
            Lang::En => writeln!(out, "# {forgotten} figures of rare wordings were not looked at."),
        };
    }
    for (nth, proposal) in found.proposals.iter().enumerate() {
        entry(&mut out, nth + 1, proposal, found, lang);
    }
    out
}

fn entry(out: &mut String, nth: usize, it: &Proposal, found: &Suggestions, lang: Lang) {
    let place =
        if it.table { lang.pick("dòng của bảng", "row of a table") } else { lang.pick("lời văn", "sentence") };
    let counts = match lang {
        Lang::Vi => format!("{} số liệu, {} văn bản", it.facts, it.documents),
        Lang::En => format!("{} figure(s) in {} document(s)", it.facts, it.documents),
    };
    let _ = writeln!(out, "\n# {nth}. {counts} ({place}, {}): “{}”", it.kind.as_str(), comment(&it.label));
    if it.wordings > 1 {
        let others: Vec<String> = it.others.iter().map(|other| format!("“{}”", comment(other))).collect();
        let more = if it.wordings > it.others.len() + 1 { ", …" } else { "" };
        let _ = writeln!(out, "#    {}: {}{more}", lang.pick("còn viết", "also written"), others.join(", "));
    }
    for example in &it.examples {
        let path = found.paths.get(&example.doc_id).map_or(example.doc_id.as_str(), String::as_str);
        let at = match (example.line, example.page) {
            (Some(line), _) => format!("{path}:{line}"),
            (None, Some(page)) => format!("{path} {} {page}", lang.pick("trang", "page")),
            _ => path.to_string(),
        };
        let _ = writeln!(out, "#    {at}: {}", comment(&example.quote));
    }
    if let Some((text, indicator, score)) = &it.nearest {
        let id = indicator.as_deref().unwrap_or(lang.pick("dòng tiêu đề", "a heading"));
        let near = lang.pick("gần nhất", "nearest");
        let _ = writeln!(out, "#    {near}: {score:.2} {id} “{}”", comment(text));
    }
    advice(out, it, lang);
}

fn advice(out: &mut String, it: &Proposal, lang: Lang) {
    let id = it.indicator.as_deref().unwrap_or_default();
    let (known, new) = (lang.pick("chỉ tiêu đã có", "existing indicator"), lang.pick("chỉ tiêu mới", "new indicator"));
    let what = if it.new.is_some() { new } else { known };
    let mut body = String::new();
    match &it.advice {
        Advice::Heading(form, key) => {
            let _ = match lang {
                Lang::Vi => writeln!(
                    out,
                    "#  → dòng {key} của biểu {form} là dòng tiêu đề: số của nó tổng hợp các dòng dưới; không cần thêm gì"
                ),
                Lang::En => writeln!(
                    out,
                    "#  → row {key} of form {form} is a heading: its figure sums up the rows below; nothing to add"
                ),
            };
            return;
        }
        Advice::Unclear => {
            let _ = writeln!(
                out,
                "#  → {}",
                lang.pick("từ ngữ không đủ để biết đây là số gì", "its words do not say what it counts")
            );
            return;
        }
        Advice::Form => {
            let words = lang.pick(
                "trả lời bằng chữ trong bảng chưa có biểu mẫu: mô tả cả bảng trong rules/forms/",
                "answered in words, in a table that no form describes: describe the table in rules/forms/",
            );
            let _ = writeln!(out, "#  → {words}");
            return;
        }
        Advice::Also(form, key) => {
            let _ = match lang {
                Lang::Vi => writeln!(
                    out,
                    "#  → cách viết khác của dòng {key} ({id}): thêm vào dòng đó trong rules/forms/{form}.toml"
                ),
                Lang::En => writeln!(
                    out,
                    "#  → another wording of row {key} ({id}): add it to that row in rules/forms/{form}.toml"
                ),
            };
            let labels = std::iter::once(&it.label).chain(&it.others);
            let _ =
                writeln!(out, "also = [{}]", labels.map(|l| quoted(own_words(l, it))).collect::<Vec<_>>().join(", "));
            return;
        }
        Advice::Row(form, after, row) => {
            let _ = match lang {
                Lang::Vi => writeln!(out, "#  → dòng mới sau dòng {after} trong rules/forms/{form}.toml, {what} {id}"),
                Lang::En => writeln!(out, "#  → new row after row {after} in rules/forms/{form}.toml, {what} {id}"),
            };
            row_toml(&mut body, row);
        }
        Advice::Phrase => {
            let field = id.split('.').next().unwrap_or_default();
            let _ = match lang {
                Lang::Vi => writeln!(out, "#  → cách viết mới trong rules/phrases/{field}.toml, {what} {id}"),
                Lang::En => writeln!(out, "#  → new phrase in rules/phrases/{field}.toml, {what} {id}"),
            };
        }
    }
    if let Some(phrase) = &it.phrase {
        phrase_toml(&mut body, phrase);
    }
    if let Some(indicator) = &it.new {
        let field = indicator.id.split('.').next().unwrap_or_default();
        let _ = writeln!(body, "# rules/indicators/{field}.toml");
        indicator_toml(&mut body, indicator);
    }
    if let Some(why) = &it.fails {
        let _ = writeln!(
            out,
            "#    {}: {}",
            lang.pick("cần sửa trước khi dán", "to be mended before it is pasted"),
            comment(why)
        );
        // What does not hold is shown, but does not run when the whole page is pasted.
        body = body.lines().map(|line| format!("# {line}\n")).collect();
    }
    out.push_str(&body);
}

/// The label as the row prints it.
fn own_words<'a>(label: &'a str, it: &'a Proposal) -> &'a str {
    let cells = it.examples.iter().flat_map(|e| e.quote.split(" | "));
    cells.filter(|cell| cell.len() > 2 && label.ends_with(cell)).max_by_key(|cell| cell.len()).unwrap_or(label)
}

fn row_toml(out: &mut String, row: &FormRow) {
    let _ = writeln!(out, "[[row]]\nkey = {}", quoted(&row.key));
    if !row.stt.is_empty() {
        let _ = writeln!(out, "stt = {}", list(&row.stt));
    }
    for (key, value) in [("parent", row.parent.as_str()), ("label", &row.labels[0]), ("unit", &row.unit)] {
        if !value.is_empty() {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    let _ = writeln!(out, "indicator = {}", quoted(row.indicator.as_deref().unwrap_or_default()));
    if !row.dims.is_empty() {
        let dims: Vec<String> = row.dims.iter().map(|(key, value)| format!("{key} = {}", quoted(value))).collect();
        let _ = writeln!(out, "dims = {{ {} }}", dims.join(", "));
    }
    if row.text {
        out.push_str("text = true\n");
    }
}

fn phrase_toml(out: &mut String, phrase: &Phrase) {
    let _ = writeln!(out, "[[phrase]]\nid = {}", quoted(&phrase.id));
    for (key, id) in [("count", &phrase.count), ("rate", &phrase.rate)] {
        if let Some(id) = id {
            let _ = writeln!(out, "{key} = {}", quoted(id));
        }
    }
    for (key, groups) in [("own", &phrase.own), ("lead", &phrase.lead)] {
        if !groups.is_empty() {
            let groups: Vec<String> = groups.iter().map(|any| any.join(" | ")).collect();
            let _ = writeln!(out, "{key} = {}", list(&groups));
        }
    }
    if !phrase.noun.is_empty() {
        let _ = writeln!(out, "noun = {}", quoted(&phrase.noun.join(" | ")));
    }
    let _ = writeln!(out, "hit = {}\nmiss = {}", list(&phrase.hit), list(&phrase.miss));
}

fn indicator_toml(out: &mut String, it: &Indicator) {
    let _ = writeln!(out, "[[indicator]]\nid = {}", quoted(&it.id));
    for (key, value) in [("vi", &it.vi), ("en", &it.en), ("brief", &it.brief), ("unit", &it.unit)] {
        let _ = writeln!(out, "{key} = {}", quoted(value));
    }
    let _ = writeln!(out, "kind = {}", quoted(it.kind.as_str()));
    match it.basis {
        Basis::Period => {}
        Basis::Year => out.push_str("basis = \"year\"\n"),
        Basis::Stock => out.push_str("basis = \"stock\"\n"),
    }
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A text on one line of a comment.
fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_toml() {
        let odd = "a\"b\\c\nd “e”";
        let text = format!("x = {}", quoted(odd));
        let read: toml::Table = toml::from_str(&text).unwrap();
        assert_eq!(read["x"].as_str(), Some("a\"b\\c d “e”"));
    }
}
