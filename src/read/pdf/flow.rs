//! Pages in, the report's parts in reading order out: paragraphs, tables, notes, heads and feet.
//!
//! A line goes on with the paragraph before it where that line was full (the next word would not have fitted) and nothing says
//! that something new begins: an indent, a list mark, a gap, another size. Page breaks do not end a paragraph or a table.

use super::margin::{Margins, margins, note_start};
use super::page::{FlowLine, PageText, Part, order};
use super::table::{GeoTable, Piece, alike, piece};
use super::walk::Sheet;
use super::words::VisLine;
use crate::read::text::line::{key, lower_start, upper_start};
use crate::read::text::mark::{bullet, form, mark};
use crate::read::text::prose::split;
use std::collections::BTreeMap;

/// A part of the report.
#[derive(Debug, Clone, PartialEq)]
pub enum Draft {
    /// A paragraph or heading.
    Para {
        /// Its lines, list mark taken off.
        pieces: Vec<Piece>,
        /// Depth of its list mark.
        bullet: Option<u8>,
        /// All of it is bold.
        bold: bool,
        /// The notes that it refers to.
        notes: Vec<Note>,
    },
    /// A table.
    Table(GeoTable),
    /// A note that nothing refers to.
    Note(Note),
    /// A running head, or text across the reading direction.
    Head(Piece),
    /// A page number or running foot.
    Foot(Piece),
}

/// A footnote: its mark and its lines.
pub type Note = (String, Vec<Piece>);

/// Notes by page and mark.
type Notes = BTreeMap<(u32, String), Vec<Piece>>;

/// Puts pages together.
pub fn drafts(pages: &[PageText]) -> Vec<Draft> {
    let margins = margins(pages);
    let mut flow = Flow { notes: notes(pages, &margins), ..Flow::default() };
    let edges = Edges::learn(pages, &margins);
    for (page, margin) in pages.iter().zip(&margins) {
        let on_page = |line: &VisLine| piece(&line.words, page.page, &|rect| page.sheet.on_page(rect));
        let lines = |from: usize, to: usize| page.lines.get(from..to).unwrap_or_default();
        flow.margin.extend(lines(0, margin.heads).iter().map(|l| Draft::Head(on_page(l))));
        flow.margin.extend(page.odd.iter().cloned().map(Draft::Head));
        flow.margin.extend(lines(margin.feet, page.lines.len()).iter().map(|l| Draft::Foot(on_page(l))));
        let body = lines(margin.heads, margin.notes.max(margin.heads));
        let edge = edges.of(&page.sheet);
        flow.justified = edge.justified;
        let parts = order(page, body, (edge.left, edge.right));
        for (at, part) in parts.into_iter().enumerate() {
            match part {
                Part::Line(line) => flow.line(line, page),
                Part::Table(table) => flow.table(table, at == 0, page.page),
            }
        }
    }
    flow.finish()
}

/// Edges of the text by width of the page: where most lines start and end.
struct Edges(BTreeMap<u32, Edge>);

#[derive(Clone, Copy)]
struct Edge {
    left: f32,
    right: f32,
    /// Several lines end there.
    justified: bool,
}

impl Edges {
    fn learn(pages: &[PageText], margins: &[Margins]) -> Edges {
        let mut found: BTreeMap<u32, (Vec<f32>, Vec<f32>)> = BTreeMap::new();
        for (page, margin) in pages.iter().zip(margins) {
            let (lefts, rights) = found.entry(page.sheet.width.round() as u32).or_default();
            for line in page.lines.get(margin.heads..margin.notes).unwrap_or_default() {
                lefts.push(line.x0());
                rights.push(line.x1());
            }
        }
        /// The place where most values lie, within 2 points; ties go to the outermost.
        fn usual(mut values: Vec<f32>, outer: fn(f32, f32) -> f32) -> (f32, usize) {
            values.sort_by(f32::total_cmp);
            let mut best = (0, 0.0);
            let mut from = 0;
            for to in 0..values.len() {
                while values[to] - values[from] > 2.0 {
                    from += 1;
                }
                let count = to + 1 - from;
                let value = outer(values[from], values[to]);
                if count > best.0 || (count == best.0 && outer(value, best.1) == value) {
                    best = (count, value);
                }
            }
            (best.1, best.0)
        }
        let edge = |(lefts, rights): (Vec<f32>, Vec<f32>)| {
            let far = rights.iter().copied().fold(f32::MIN, f32::max);
            let right = usual(rights, f32::max);
            // Ragged text has no usual end: its longest line is the edge.
            let right = if right.1 < 3 || far - right.0 > 40.0 || right.0 <= 0.0 { (far, 0) } else { right };
            Edge { left: usual(lefts, f32::min).0, right: right.0, justified: right.1 >= 3 }
        };
        Edges(found.into_iter().map(|(width, lists)| (width, edge(lists))).collect())
    }
    fn of(&self, sheet: &Sheet) -> Edge {
        let whole = Edge { left: 0.0, right: sheet.width, justified: false };
        self.0.get(&(sheet.width.round() as u32)).copied().unwrap_or(whole)
    }
}

/// The footnotes of all pages. What stands before the first mark goes on with the note before.
fn notes(pages: &[PageText], margins: &[Margins]) -> Notes {
    let mut out = Notes::new();
    let mut open: Option<(u32, String)> = None;
    for (page, margin) in pages.iter().zip(margins) {
        let mut last = None;
        for line in page.lines.get(margin.notes..margin.feet).unwrap_or_default() {
            let mut words = &line.words[..];
            if let Some(mark) = note_start(line, last) {
                last = mark.parse().ok();
                words = words.get(1..).unwrap_or_default();
                open = Some((page.page, mark));
            }
            let text = piece(words, page.page, &|rect| page.sheet.on_page(rect));
            let key = open.clone().unwrap_or((page.page, String::new()));
            out.entry(key).or_default().push(text);
        }
    }
    out
}

/// A paragraph that may go on.
struct Open {
    lines: Vec<(FlowLine, u32)>,
    pieces: Vec<Piece>,
}

#[derive(Default)]
struct Flow {
    out: Vec<Draft>,
    open: Option<Open>,
    notes: Notes,
    margin: Vec<Draft>,
    /// Page on which the table at the end of `out` ends.
    table_page: u32,
    /// The lines of this page's paragraphs end at a common edge.
    justified: bool,
}

impl Flow {
    fn line(&mut self, line: FlowLine, page: &PageText) {
        let piece = piece(&line.line.words, page.page, &|rect| page.sheet.on_page(rect));
        match &mut self.open {
            Some(open) if goes_on(open, &line, page.page, &piece.text, self.justified) => {
                open.lines.push((line, page.page));
                open.pieces.push(piece);
            }
            _ => {
                self.close();
                self.open = Some(Open { lines: vec![(line, page.page)], pieces: vec![piece] });
            }
        }
    }

    fn table(&mut self, table: GeoTable, first: bool, page: u32) {
        self.close();
        let follows = first && self.table_page + 1 == page;
        if let Some(Draft::Table(before)) = self.out.last_mut().filter(|_| follows)
            && before.same_columns(&table)
            && !starts_anew(before, &table)
        {
            before.join(table);
            self.table_page = page;
            return;
        }
        self.out.push(Draft::Table(table));
        self.table_page = page;
    }

    /// Ends the open paragraph.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let bold = open.lines.len() <= 4 && open.lines.iter().all(|(l, _)| l.line.bold());
        self.paragraph(open.pieces, bold);
    }

    fn paragraph(&mut self, pieces: Vec<Piece>, bold: bool) {
        let mut joined = String::new();
        let mut starts = Vec::with_capacity(pieces.len());
        for piece in &pieces {
            if !joined.is_empty() {
                joined.push(' ');
            }
            starts.push(joined.len());
            joined.push_str(&piece.text);
        }
        for part in split(&joined) {
            // A part is a slice of the joined text.
            let Some(from) = (part.as_ptr() as usize).checked_sub(joined.as_ptr() as usize) else { continue };
            let rest = bullet(part);
            let text = rest.map_or(part, |r| r.1);
            let start = from + (text.as_ptr() as usize).saturating_sub(part.as_ptr() as usize);
            let end = start + text.len();
            let held: Vec<Piece> = pieces
                .iter()
                .zip(&starts)
                .filter_map(|(piece, at)| {
                    let (a, b) = (start.max(*at), end.min(at + piece.text.len()));
                    match b.checked_sub(a) {
                        Some(n) if n == piece.text.len() => Some(piece.clone()),
                        Some(n) if n > 0 => Some(piece.slice(a - at, b - at)),
                        _ => None,
                    }
                })
                .collect();
            if held.is_empty() {
                continue;
            }
            let notes = held.iter().flat_map(|p| take_notes(&mut self.notes, p)).collect();
            self.out.push(Draft::Para { pieces: held, bullet: rest.map(|r| r.0), bold, notes });
        }
    }

    fn finish(mut self) -> Vec<Draft> {
        self.close();
        let mut flat = Flow { notes: std::mem::take(&mut self.notes), ..Flow::default() };
        for draft in self.out {
            match draft {
                Draft::Table(table) if is_layout(&table) => flat.unfold(table),
                Draft::Table(table) => {
                    let notes: Vec<Note> = table
                        .cells
                        .iter()
                        .flat_map(|c| &c.lines)
                        .flat_map(|p| take_notes(&mut flat.notes, p))
                        .collect();
                    flat.out.push(Draft::Table(table));
                    flat.out.extend(notes.into_iter().map(Draft::Note));
                }
                other => flat.out.push(other),
            }
        }
        flat.out.extend(flat.notes.into_iter().map(|((_, mark), pieces)| Draft::Note((mark, pieces))));
        flat.out.extend(self.margin);
        flat.out
    }

    /// The cells of a table that only sets blocks side by side, column by column.
    fn unfold(&mut self, table: GeoTable) {
        for column in 0..table.columns() {
            for cell in table.cells.iter().filter(|c| c.column == column) {
                let mut held: Vec<Piece> = Vec::new();
                for piece in &cell.lines {
                    if !held.is_empty() && !lower_start(&piece.text) {
                        self.paragraph(std::mem::take(&mut held), false);
                    }
                    held.push(piece.clone());
                }
                if !held.is_empty() {
                    self.paragraph(held, false);
                }
            }
        }
    }
}

/// Takes the notes that a line refers to.
fn take_notes(notes: &mut Notes, piece: &Piece) -> Vec<Note> {
    let mut out = Vec::new();
    if notes.is_empty() {
        return out;
    }
    for at in memchr::memchr_iter(b'[', piece.text.as_bytes()) {
        let rest = &piece.text[at + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if (1..=3).contains(&digits) && rest[digits..].starts_with(']') {
            let mark = &rest[..digits];
            // A note may stand on the page after its mark.
            let found = [piece.page, piece.page + 1].into_iter().find_map(|p| notes.remove(&(p, mark.to_string())));
            out.extend(found.map(|lines| (mark.to_string(), lines)));
        }
    }
    out
}

/// Whether a table that could continue another is one of its own: it has a head that differs.
fn starts_anew(before: &GeoTable, next: &GeoTable) -> bool {
    let heads = |t: &GeoTable| {
        let first: Vec<&str> =
            t.cells.iter().take_while(|c| c.row == 0).flat_map(|c| c.lines.first().map(|p| p.text.as_str())).collect();
        (crate::read::text::line::is_stt(first.first().unwrap_or(&"")), key(&first.join(" "), 200))
    };
    let ((_, mine), (theirs_heads, theirs)) = (heads(before), heads(next));
    theirs_heads && !alike(&mine, &theirs)
}

/// A table that only sets blocks side by side: one row, or a letterhead or signature.
fn is_layout(table: &GeoTable) -> bool {
    if table.rows < 2 {
        return true;
    }
    let narrow = table.columns() <= 3;
    let prints = |word: &str| {
        let early = table.cells.iter().take_while(|c| c.row < 4);
        early.flat_map(|c| &c.lines).any(|p| key(&p.text, 24).starts_with(word))
    };
    narrow && (prints("cong hoa xa hoi") || prints("noi nhan"))
}

/// Whether a line goes on with the open paragraph.
fn goes_on(open: &Open, next: &FlowLine, page: u32, text: &str, justified: bool) -> bool {
    let Some((last, last_page)) = open.lines.last() else { return false };
    let size = last.line.size;
    if next.fresh || (next.line.size - size).abs() > 0.12 * size || form(text).is_some() || page > last_page + 1 {
        return false;
    }
    let last_text = open.pieces.last().map_or("", |p| p.text.as_str());
    if form(last_text).is_some() && open.pieces.len() == 1 {
        return false;
    }
    let end = last_text.trim_end_matches(['”', '"', '’', ')', ' ', ']']);
    let stop = end.ends_with(['.', ';', ':', '!', '?', '…']);
    let same_page = page == *last_page;
    let step = next.line.y - last.line.y;
    if same_page && !(0.0..=2.6 * size).contains(&step) {
        return false;
    }
    // `(… cấp xã: 13` / `3) …`: inside a bracket nothing new begins.
    let depth = |c: char| open.pieces.iter().map(|p| p.text.matches(c).count()).sum::<usize>();
    let unclosed = text.find(')').is_some_and(|at| !text[..at].contains('(')) && depth('(') > depth(')');
    // A number alone with its bracket is the end of a sentence: `… chuyển qua:` / `3)`.
    let new = !unclosed && (bullet(text).is_some() || mark(text).is_some_and(|m| !m.rest.is_empty()));
    if lower_start(text) && !new && !stop {
        return true;
    }
    // Whether the first word would have fitted on the line before.
    let glued = next.line.words.iter().skip(1).take_while(|w| w.glued).count();
    let word = next.line.words.get(glued).map_or(0.0, |w| w.x1 - next.line.x0());
    let full = last.line.x1() + 0.22 * size + word > last.right - 1.0;
    if !full || last.right != next.right && same_page {
        return false;
    }
    if stop && !justified && upper_start(text) {
        return false;
    }
    let bold = open.lines.iter().all(|(l, _)| l.line.bold());
    if bold != next.line.bold() && stop {
        return false;
    }
    if same_page {
        // Lines of one paragraph are equally far apart.
        let pitch =
            open.lines.windows(2).map(|w| w[1].0.line.y - w[0].0.line.y).filter(|d| *d > 0.0).fold(f32::MAX, f32::min);
        if pitch < f32::MAX && step > 1.3 * pitch + 0.5 && stop {
            return false;
        }
    }
    let indent = next.line.x0() - next.left;
    if new {
        return !stop && indent < 4.0 && bullet(text).is_none_or(|b| b.0 != 2);
    }
    let first = open.lines.first().map_or(0.0, |(l, _)| l.line.x0());
    match open.lines.get(1) {
        // Aligned with the lines before, or out of an indent.
        Some((second, _)) => next.line.x0() <= second.line.x0() + 6.0 || !stop,
        None => {
            let hangs = bullet(last_text).is_some() || mark(last_text).is_some();
            let outdented = next.line.x0() < first - 4.0;
            outdented || !stop || (hangs && next.line.x0() > first + 4.0) || (indent < 4.0 && first - next.left < 4.0)
        }
    }
}
