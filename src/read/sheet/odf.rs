//! OpenDocument (ODF 1.2 part 1): a spreadsheet's cells as displayed, a text's headings, paragraphs, lists, tables and notes.
//!
//! The displayed characters stand in the file as paragraphs, so no number format is looked at. Repeated cells and rows are unfolded
//! only where they hold something. Tracked deletions, scripts, drawings' alternative texts are left out.

use super::package::{Node, Package, attribute, damaged, walk};
use super::{MOST_CELLS, MOST_COLUMNS, MOST_SHEETS, Sheet, Shown};
use crate::error::ReadError;
use crate::read::flow::Flow;
use quick_xml::events::BytesStart;

/// A filled row or cell is repeated at most so often.
const REPEATS: u32 = 1000;

fn content(bytes: &[u8]) -> Result<String, ReadError> {
    let mut package = Package::open(bytes)?;
    if let Some(manifest) = package.part("META-INF/manifest.xml")?
        && manifest.contains("encryption-data")
    {
        return Err(ReadError::new(
            "read/encrypted",
            "tệp OpenDocument có mật khẩu; hãy bỏ mật khẩu rồi lưu lại",
            "the OpenDocument file is protected by a password; remove it and save the file again",
        ));
    }
    package.part("content.xml")?.ok_or_else(|| damaged("content.xml"))
}

fn count(start: &BytesStart, name: &str) -> u32 {
    attribute(start, name).and_then(|v| v.parse().ok()).unwrap_or(1).max(1)
}

/// Characters that stand for white space and breaks.
fn spacing(name: &str, start: &BytesStart) -> Option<String> {
    match name {
        "s" => Some(" ".repeat(count(start, "c").min(200) as usize)),
        "tab" => Some("\t".to_string()),
        "line-break" => Some("\n".to_string()),
        _ => None,
    }
}

/// Elements whose text is not the document's.
fn silent(name: &str) -> bool {
    matches!(
        name,
        "annotation" | "tracked-changes" | "script" | "event-listener" | "title" | "desc" | "ruby-text" | "forms"
    )
}

/// Reads all sheets of a spreadsheet.
pub fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, ReadError> {
    let xml = content(bytes)?;
    let mut out: Vec<Sheet> = Vec::new();
    let mut hidden_styles: Vec<String> = Vec::new();
    let mut style = String::new();
    let (mut row, mut column) = (0u32, 0u32);
    let (mut row_repeat, mut cell_repeat) = (1u32, 1u32);
    let mut hidden = false;
    let mut cells: Vec<(u32, String)> = Vec::new();
    let mut text: Option<String> = None;
    let (mut muted, mut inside, mut depth) = (0usize, false, 0usize);
    let mut left = MOST_CELLS;
    let whole = walk(&xml, |node| match node {
        Node::Start(name, _) if muted > 0 || silent(name) => muted += 1,
        Node::End(_) if muted > 0 => muted -= 1,
        _ if muted > 0 => {}
        Node::Start("style", start) => style = attribute(start, "name").unwrap_or_default(),
        Node::Start("table-properties", start) if attribute(start, "display").is_some_and(|d| d == "false") => {
            hidden_styles.push(style.clone());
        }
        Node::Start("table", start) => {
            depth += 1;
            if depth == 1 && out.len() < MOST_SHEETS {
                let name = attribute(start, "name").unwrap_or_default();
                let hidden = attribute(start, "style-name").is_some_and(|s| hidden_styles.contains(&s));
                out.push(Sheet { name, hidden, ..Sheet::default() });
                row = 0;
            }
        }
        Node::End("table") => depth = depth.saturating_sub(1),
        Node::Start("table-row", start) if depth == 1 => {
            column = 0;
            row_repeat = count(start, "number-rows-repeated");
            hidden = attribute(start, "visibility").is_some_and(|v| v != "visible");
            cells.clear();
        }
        Node::Start("table-cell" | "covered-table-cell", start) if depth == 1 => {
            cell_repeat = count(start, "number-columns-repeated");
            let (rows, columns) = (count(start, "number-rows-spanned"), count(start, "number-columns-spanned"));
            if (rows > 1 || columns > 1)
                && let Some(sheet) = out.last_mut()
            {
                let end = (row.saturating_add(rows - 1), column.saturating_add(columns - 1));
                sheet.merges.push([row, column, end.0, end.1]);
            }
            text = Some(String::new());
        }
        Node::Start("p", _) => {
            inside = true;
            if let Some(text) = text.as_mut().filter(|t| !t.is_empty()) {
                text.push('\n');
            }
        }
        Node::End("p") => inside = false,
        Node::Start(name, start) if inside => {
            if let (Some(text), Some(space)) = (text.as_mut(), spacing(name, start)) {
                text.push_str(&space);
            }
        }
        Node::Text(more) if inside => {
            if let Some(text) = text.as_mut() {
                text.push_str(&more.replace(['\n', '\r', '\t'], " "));
            }
        }
        Node::End("table-cell" | "covered-table-cell") if depth == 1 => {
            let shown = text.take().unwrap_or_default();
            if !shown.trim().is_empty() {
                for at in 0..cell_repeat.min(REPEATS).min(MOST_COLUMNS) {
                    cells.push((column.saturating_add(at), shown.clone()));
                }
            }
            column = column.saturating_add(cell_repeat);
        }
        Node::End("table-row") if depth == 1 => {
            if let Some(sheet) = out.last_mut().filter(|_| !cells.is_empty()) {
                sheet.hides |= hidden;
                for at in 0..row_repeat.min(REPEATS) {
                    for (column, text) in &cells {
                        let shown = Shown::plain(text.as_str());
                        sheet.put(row.saturating_add(at), *column, shown, &mut left);
                    }
                }
            }
            cells.clear();
            row = row.saturating_add(row_repeat);
        }
        _ => {}
    });
    if out.is_empty() || (!whole && out.iter().all(|s| s.cells.is_empty())) {
        return Err(damaged("content.xml"));
    }
    if let Some(last) = out.last_mut().filter(|_| !whole) {
        last.cut = true;
    }
    Ok(out)
}

/// Reads a text document into the flow.
pub fn text(bytes: &[u8], flow: &mut Flow) -> Result<(), ReadError> {
    let xml = content(bytes)?;
    let mut reader = Writer { flow, text: String::new(), note: None, heading: 0, muted: 0 };
    let whole = walk(&xml, |node| reader.node(&node));
    if !whole {
        flow.notice("cut-off");
    }
    Ok(())
}

struct Writer<'f> {
    flow: &'f mut Flow,
    text: String,
    /// The note being read: its mark and paragraphs, and the text that goes on after it.
    note: Option<(String, Vec<String>, String)>,
    heading: u8,
    muted: usize,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node) {
        match *node {
            Node::Start(name, _) if self.muted > 0 || silent(name) => self.muted += 1,
            Node::End(_) if self.muted > 0 => self.muted -= 1,
            _ if self.muted > 0 => {}
            Node::Start("note", _) if self.note.is_none() => {
                self.note = Some((String::new(), Vec::new(), std::mem::take(&mut self.text)));
            }
            Node::End("note-citation") => {
                let mark = std::mem::take(&mut self.text);
                if let Some(note) = &mut self.note {
                    note.0 = mark.trim().to_string();
                }
            }
            Node::End("note") => {
                if let Some((mark, paragraphs, before)) = self.note.take() {
                    self.text = format!("{before}[{mark}]");
                    self.flow.note(&mark, &paragraphs);
                }
            }
            Node::Start("h", start) => self.heading = count(start, "outline-level").min(6) as u8,
            Node::End("p" | "h") => self.paragraph(),
            Node::Start("table", _) => self.flow.table_start(),
            Node::End("table") => self.flow.table_end(),
            Node::Start("table-row", _) => self.flow.row_start(),
            Node::Start("table-cell", start) => {
                let repeat = count(start, "number-columns-repeated").min(64);
                for _ in 1..repeat {
                    self.flow.cell_start(1, 1, false);
                }
                let spans = (count(start, "number-rows-spanned"), count(start, "number-columns-spanned"));
                self.flow.cell_start(spans.0, spans.1, false);
            }
            Node::Start(name, start) => {
                if let Some(space) = spacing(name, start) {
                    self.text.push_str(&space);
                }
            }
            Node::Text(more) => self.text.push_str(&more.replace(['\n', '\r', '\t'], " ")),
            Node::End(_) => {}
        }
    }

    fn paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        match (&mut self.note, std::mem::take(&mut self.heading)) {
            (Some(note), _) => note.1.push(text),
            (None, 0) => self.flow.paragraph(&text),
            (None, level) => self.flow.heading(level, &text),
        }
    }
}
