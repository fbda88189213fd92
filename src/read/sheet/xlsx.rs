//! An XLSX package (ECMA-376 part 1, section 18) → sheets with cells as shown.
//!
//! Read: workbook, relationships, number formats, shared and inline strings (phonetic runs left out), cells with stored results,
//! merged ranges, hidden sheets, rows and columns. Not read: formulas, drawings, charts, macros, external links.

use super::package::{Node, Package, attribute, damaged, walk};
use super::{MOST_CELLS, MOST_SHEETS, Sheet, Shown, format};
use crate::error::ReadError;
use crate::read::docx::face::Face;
use std::collections::HashMap;

/// Reads all sheets.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    let mut package = Package::open(bytes)?;
    let workbook = package.part("xl/workbook.xml")?.ok_or_else(|| damaged("xl/workbook.xml"))?;
    let targets = targets(&package.part("xl/_rels/workbook.xml.rels")?.unwrap_or_default());
    let strings = strings(&package.part("xl/sharedStrings.xml")?.unwrap_or_default());
    let styles = styles(&package.part("xl/styles.xml")?.unwrap_or_default());
    let mut from_1904 = false;
    let mut named: Vec<(String, bool, String)> = Vec::new();
    walk(&workbook, |node| {
        if let Node::Start(name, start) = node {
            match name {
                "workbookPr" => from_1904 = attribute(start, "date1904").is_some_and(|v| v == "1" || v == "true"),
                "sheet" if named.len() < MOST_SHEETS => {
                    let hidden = attribute(start, "state").is_some_and(|s| s != "visible");
                    let id = attribute(start, "id").unwrap_or_default();
                    named.push((attribute(start, "name").unwrap_or_default(), hidden, id));
                }
                _ => {}
            }
        }
    });
    let mut left = MOST_CELLS;
    let mut out = Vec::new();
    let mut whole = true;
    for (at, (name, hidden, id)) in named.into_iter().enumerate() {
        let guess = format!("xl/worksheets/sheet{}.xml", at + 1);
        let path = targets.get(&id).unwrap_or(&guess);
        let Some(xml) = package.part(path)? else { continue };
        let mut sheet = Sheet { name, hidden, ..Sheet::default() };
        whole &= cells(&xml, &mut sheet, &strings, &styles, from_1904, &mut left);
        out.push(sheet);
    }
    if out.is_empty() || (!whole && out.iter().all(|s| s.cells.is_empty())) {
        return Err(damaged("worksheet"));
    }
    if !whole {
        out.iter_mut().for_each(|s| s.cut |= s.cells.is_empty());
        if let Some(last) = out.last_mut() {
            last.cut = true;
        }
    }
    Ok(out)
}

/// Relationship ids and the parts they stand for.
fn targets(xml: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    walk(xml, |node| {
        if let Node::Start("Relationship", start) = node
            && let (Some(id), Some(target)) = (attribute(start, "Id"), attribute(start, "Target"))
        {
            let path = match target.strip_prefix('/') {
                Some(root) => root.to_string(),
                None => format!("xl/{}", target.trim_start_matches("./")),
            };
            out.insert(id, path);
        }
    });
    out
}

/// The shared strings in order.
fn strings(xml: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut text = String::new();
    let (mut inside, mut phonetic) = (false, false);
    walk(xml, |node| match node {
        Node::Start("si", _) => text.clear(),
        Node::Start("rPh", _) => phonetic = true,
        Node::Start("t", _) => inside = true,
        Node::End("t") => inside = false,
        Node::End("rPh") => phonetic = false,
        Node::End("si") => out.push(std::mem::take(&mut text)),
        Node::Text(more) if inside && !phonetic => text.push_str(more),
        _ => {}
    });
    out
}

/// What a cell style says: the format code and the font.
#[derive(Debug, Clone, Default)]
struct Style {
    code: String,
    face: Face,
}

/// The cell styles in order.
fn styles(xml: &str) -> Vec<Style> {
    let mut custom: HashMap<u32, String> = HashMap::new();
    let mut fonts: Vec<Face> = Vec::new();
    let mut out = Vec::new();
    let (mut cell_styles, mut in_fonts) = (false, false);
    walk(xml, |node| match node {
        Node::Start("numFmt", start) => {
            if let (Some(id), Some(code)) = (number(start, "numFmtId"), attribute(start, "formatCode")) {
                custom.insert(id, code);
            }
        }
        Node::Start("fonts", _) => in_fonts = true,
        Node::End("fonts") => in_fonts = false,
        Node::Start("font", _) if in_fonts => fonts.push(Face::Plain),
        Node::Start("name", start) if in_fonts => {
            if let (Some(face), Some(name)) = (fonts.last_mut(), attribute(start, "val")) {
                *face = Face::of(&name);
            }
        }
        Node::Start("cellXfs", _) => cell_styles = true,
        Node::End("cellXfs") => cell_styles = false,
        Node::Start("xf", start) if cell_styles => {
            let id = number(start, "numFmtId").unwrap_or(0);
            let code = custom.get(&id).cloned().unwrap_or_else(|| format::builtin(id).to_string());
            let font = number(start, "fontId").and_then(|f| fonts.get(f as usize)).copied();
            out.push(Style { code, face: font.unwrap_or_default() });
        }
        _ => {}
    });
    out
}

fn number(start: &quick_xml::events::BytesStart, name: &str) -> Option<u32> {
    attribute(start, name)?.parse().ok()
}

/// `BC12` → row 11, column 54.
pub fn position(name: &str) -> Option<(u32, u32)> {
    let name = name.trim_start_matches('$');
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column = name.bytes().take(letters).fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = name.get(letters..)?.trim_start_matches('$').parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

/// Ranges of hidden columns that are looked at.
const MOST_HIDDEN: usize = 64;

#[derive(Default)]
struct At {
    row: u32,
    column: u32,
    style: usize,
    kind: String,
    text: String,
    /// Whether a value or an inline string is being read.
    inside: bool,
    phonetic: bool,
    hidden_row: bool,
}

/// Reads the cells of a sheet; false if its XML breaks off.
fn cells(
    xml: &str,
    sheet: &mut Sheet,
    strings: &[String],
    styles: &[Style],
    from_1904: bool,
    left: &mut usize,
) -> bool {
    let mut at = At::default();
    let mut hidden_columns: Vec<(u32, u32)> = Vec::new();
    let mut next = (0u32, 0u32);
    let mut more = true;
    walk(xml, |node| match node {
        Node::Start("col", start) if attribute(start, "hidden").is_some_and(|h| h == "1" || h == "true") => {
            if let (Some(min), Some(max)) = (number(start, "min"), number(start, "max"))
                && hidden_columns.len() < MOST_HIDDEN
            {
                hidden_columns.push((min.saturating_sub(1), max.saturating_sub(1)));
            }
        }
        Node::Start("row", start) => {
            next = (number(start, "r").map_or(next.0, |r| r.saturating_sub(1)), 0);
            at.row = next.0;
            at.hidden_row = attribute(start, "hidden").is_some_and(|h| h == "1" || h == "true");
            next.0 = next.0.saturating_add(1);
        }
        Node::Start("c", start) => {
            let (row, column) = attribute(start, "r").and_then(|r| position(&r)).unwrap_or((at.row, next.1));
            next.1 = column.saturating_add(1);
            at.row = row;
            at.column = column;
            at.style = number(start, "s").unwrap_or(0) as usize;
            at.kind = attribute(start, "t").unwrap_or_default();
            at.text.clear();
        }
        Node::Start("v" | "t", _) => at.inside = true,
        Node::Start("rPh", _) => at.phonetic = true,
        Node::End("rPh") => at.phonetic = false,
        Node::End("v" | "t") => at.inside = false,
        Node::Text(text) if at.inside && !at.phonetic => at.text.push_str(text),
        Node::End("c") if more && !at.text.is_empty() => {
            let style = styles.get(at.style);
            let code = style.map_or("General", |s| s.code.as_str());
            let mut shown = shown(&at.kind, &at.text, strings, code, from_1904);
            shown.face = style.map_or(Face::Plain, |s| s.face);
            sheet.hides |= at.hidden_row || hidden_columns.iter().any(|c| (c.0..=c.1).contains(&at.column));
            more = sheet.put(at.row, at.column, shown, left);
        }
        Node::Start("mergeCell", start) => {
            let corners = attribute(start, "ref").and_then(|r| {
                let (from, to) = r.split_once(':')?;
                let (from, to) = (position(from)?, position(to)?);
                Some([from.0, from.1, to.0, to.1])
            });
            sheet.merges.extend(corners.filter(|c| c[0] <= c[2] && c[1] <= c[3]));
        }
        _ => {}
    })
}

/// What a stored value shows.
fn shown(kind: &str, value: &str, strings: &[String], code: &str, from_1904: bool) -> Shown {
    let plain = |text: &str| Shown::plain(text);
    match kind {
        "s" => plain(value.trim().parse().ok().and_then(|i: usize| strings.get(i)).map_or("", String::as_str)),
        "inlineStr" | "str" => plain(value),
        "b" => plain(if value.trim() == "1" { "TRUE" } else { "FALSE" }),
        // A failed formula shows no figure.
        "e" => plain(""),
        "d" => plain(value.split('T').next().unwrap_or(value)),
        _ => match value.trim().parse::<f64>() {
            Ok(number) => number_shown(number, code, from_1904),
            Err(_) => plain(value),
        },
    }
}

/// A number as its format shows it.
pub fn number_shown(number: f64, code: &str, from_1904: bool) -> Shown {
    let text = format::show(number, code, from_1904);
    let dotted = (code.eq_ignore_ascii_case("general") && text.contains(',')).then(|| text.replace(',', "."));
    Shown { text, dotted, face: Face::Plain }
}
