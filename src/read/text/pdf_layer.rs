//! Score tables in the text layer of a PDF: the cells of a row follow each other in lines, hard-wrapped.
//!
//! The grammar of a row: a row number (alone on its line or before its label), label lines, the run of scores (as many as the
//! header names columns), explanation lines. Whatever follows the scores up to the next row is explanation; a label never goes
//! on after them. A row number counts only where it can follow the one before it (child, next sibling, next of a row above).
//! Rows without number are found because scores come again before the next number. Repaired afterwards: a label printed before
//! its number, scores of which some are blank.

use super::grid::{RawCell, RawRow, RawTable};
use super::line::{Line, is_caps, is_stt, key, lower_start, trim, upper_start};
use super::tokens::{find_scores, number, pure};

/// A line of the table area is looked at up to this length; longer ones end it.
const MAX_ROW_LINE: usize = 4000;

/// A header is printed over at most so many lines.
const HEADER_LINES: usize = 16;

/// How far ahead a row's scores are looked for.
const AHEAD: usize = 40;

type Piece<'a> = (u32, &'a str);

/// One row under construction.
#[derive(Debug, Default)]
struct Row<'a> {
    stt: Vec<Piece<'a>>,
    label: Vec<Piece<'a>>,
    scores: Vec<Piece<'a>>,
    explanation: Vec<Piece<'a>>,
    /// Where in `explanation` the last group after a blank line starts.
    group: usize,
    numbered: bool,
    line: u32,
}

/// Whether the header of such a table may start at line `at`: cheap, for every line of running text.
pub fn starts(lines: &[Line], at: usize) -> bool {
    lines.get(at).is_some_and(|l| l.tabs == 0 && l.raw.len() < 300 && heads(l.text()))
}

/// The lines of a header that starts at `at`: where the rows begin, and how many score columns it names.
fn header_end(lines: &[Line], at: usize) -> Option<(usize, usize)> {
    let mut named = 0;
    let numbered = is_stt(lines[at].text().split_whitespace().next().unwrap_or(""));
    for (i, line) in lines.iter().enumerate().take(at + HEADER_LINES).skip(at) {
        let text = line.text();
        if line.raw.len() > 300 || line.tabs > 0 {
            return None;
        }
        let here = text.split_whitespace().filter(|w| matches!(&*key(w, 6), "diem" | "chenh")).count();
        let row = number(text, &[], true).is_some() || pure(text) > 0;
        // Without a column of row numbers nothing but a blank line parts the header from the first label.
        let label = !numbered && named >= 2 && line.gap > 0 && here == 0;
        if i > at && (row || label) {
            return (named > 0).then_some((i, named));
        }
        named += here;
    }
    None
}

/// Reads the table whose header starts at line `at`. Where it is none: the line before which there is none either.
pub fn parse<'a>(lines: &[Line<'a>], at: usize) -> Result<RawTable<'a>, usize> {
    let Some((body, named)) = header_end(lines, at) else { return Err(at + 1) };
    let Some(columns) = score_columns(&lines[body..], named) else { return Err(at + 1) };
    let header = header(&lines[at..body], columns);
    let mut reader = Reader {
        lines,
        columns,
        rows: Vec::new(),
        current: Row::default(),
        last: Vec::new(),
        dotted: None,
        head: lines[at].text(),
        again: Vec::new(),
    };
    let next = reader.read(body);
    let (mut rows, again) = (reader.rows, reader.again);
    if rows.len() < 2 || rows.iter().filter(|r| !r.scores.is_empty()).count() < 2 {
        return Err(next);
    }
    repair(&mut rows, columns);
    let explained = header.cells.len() == columns + 3 || rows.iter().any(|r| !r.explanation.is_empty());
    let columns_all = columns + 2 + usize::from(explained);
    let mut out = Vec::with_capacity(rows.len() + 1);
    out.push(header);
    let mut again = again.into_iter().peekable();
    for (at, row) in rows.into_iter().enumerate() {
        while let Some((_, row)) = again.next_if(|a| a.0 <= at) {
            out.push(row);
        }
        out.push(cells(row, columns, explained));
    }
    out.extend(again.map(|a| a.1));
    Ok(RawTable { rows: out, columns: columns_all, next })
}

fn heads(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    let folded = || key(text, 80);
    is_stt(first) && (text.len() > first.len() || text.len() < 8)
        || (text.starts_with(['L', 'T', 'N']) && text.len() < 120 && {
            let head = folded();
            head.contains("tieu chi") && (head.contains("diem") || head.starts_with("linh vuc"))
        })
}

/// The number of score columns: what the header names, unless the lines that hold nothing but scores say otherwise.
fn score_columns(lines: &[Line], named: usize) -> Option<usize> {
    let mut counts = [0usize; 8];
    for line in lines.iter().take(600).filter(|l| l.raw.len() < 300) {
        counts[pure(line.text()).min(7)] += 1;
    }
    let usual = (2..7).max_by_key(|n| (counts[*n], std::cmp::Reverse(*n))).filter(|n| counts[*n] > 0);
    let columns = match usual {
        Some(n) if n != named && counts[n] >= 3 && counts[named.min(7)] * 3 < counts[n] => n,
        _ => named.min(6),
    };
    // A table of scores has some.
    let scored = lines.iter().take(120).filter(|l| l.raw.len() < 300 && find_scores(l.text(), columns).is_some());
    (scored.take(2).count() == 2).then_some(columns)
}

/// Words that open what stands below a table.
fn closes(text: &str) -> bool {
    let head = key(text, 16);
    ["tm ", "kt ", "tl ", "tuq ", "noi nhan", "chu tich", "pho chu tich", "nguoi lap", "nguoi tong hop", "giam doc"]
        .iter()
        .any(|w| head.starts_with(w) || head == w.trim_end())
        && (is_caps(text.split('.').next_back().unwrap_or(text)) || head.starts_with("n"))
}

struct Reader<'l, 'a> {
    lines: &'l [Line<'a>],
    columns: usize,
    rows: Vec<Row<'a>>,
    current: Row<'a>,
    /// Components of the last row number.
    last: Vec<u32>,
    /// Whether first-level numbers carry a stop.
    dotted: Option<bool>,
    /// First line of the header.
    head: &'a str,
    /// The header printed again on later pages, and after how many rows.
    again: Vec<(usize, RawRow<'a>)>,
}

impl<'a> Reader<'_, 'a> {
    /// Reads rows from line `at` on; gives the index of the line after the table.
    fn read(&mut self, at: usize) -> usize {
        let mut next = at;
        let mut total = false;
        while let Some(line) = self.lines.get(next) {
            let text = line.text();
            if line.tabs > 0 || line.raw.len() > MAX_ROW_LINE || super::mark::form(text).is_some() {
                break;
            }
            if heads(text) {
                // The header again, at the top of a page; another header is another table.
                let again = header_end(self.lines, next).filter(|_| text == self.head);
                let Some((end, _)) = again else { break };
                let mut row = header(&self.lines[next..end], self.columns);
                row.repeat = true;
                self.again.push((self.rows.len() + 1, row));
                next = end;
                continue;
            }
            if let Some((word, parts, rest)) = self.row_number(next, text) {
                self.open(line.no, true);
                if parts.len() == 1 {
                    self.dotted = Some(word.ends_with('.'));
                }
                self.last = parts;
                self.current.stt.push((line.no, word));
                if !rest.is_empty() {
                    self.label(line.no, rest);
                }
                total = false;
                next += 1;
                continue;
            }
            let waiting = self.current.scores.is_empty() && self.current.line > 0;
            if waiting {
                self.label(line.no, text);
                next += 1;
                continue;
            }
            if line.gap > 0 || total || self.rows.is_empty() && self.current.line == 0 {
                if closes(text) {
                    break;
                }
                if let Some((start, end)) = find_scores(text, self.columns)
                    && start > 0
                    && trim(&text[end..]).is_empty()
                    && upper_start(text)
                {
                    self.open(line.no, false);
                    self.label(line.no, text);
                    total = key(text, 4) == "tong";
                    next += 1;
                    continue;
                }
                if let Some(scores) = self.scores_ahead(next) {
                    next = self.unnumbered(next, scores);
                    total = self.current.label.first().is_some_and(|l| key(l.1, 4) == "tong");
                    continue;
                }
                if total {
                    break;
                }
                self.current.group = self.current.explanation.len();
            }
            if key(text, 4) == "tong" && find_scores(text, self.columns).is_some_and(|s| trim(&text[s.1..]).is_empty())
            {
                self.open(line.no, false);
                self.label(line.no, text);
                total = true;
                next += 1;
                continue;
            }
            // Where the whole row stands on one line, small letters below it are the rest of its label.
            let row = &mut self.current;
            let one_line = row.explanation.is_empty() && row.scores.last().is_some_and(|s| s.0 == row.line);
            let list = if one_line && row.numbered && line.gap == 0 && lower_start(text) {
                &mut row.label
            } else {
                &mut row.explanation
            };
            list.push((line.no, text));
            next += 1;
        }
        self.open(0, false);
        next
    }

    /// Ends the current row and starts one.
    fn open(&mut self, line: u32, numbered: bool) {
        let row = std::mem::replace(&mut self.current, Row { line, numbered, ..Row::default() });
        if row.line > 0 {
            self.rows.push(row);
        }
    }

    /// A line while the scores have not come: label, scores, or both with the beginning of the explanation.
    fn label(&mut self, no: u32, text: &'a str) {
        let row = &mut self.current;
        let Some((start, end)) = find_scores(text, self.columns).or_else(|| unscored(text, self.columns)) else {
            row.label.push((no, text));
            return;
        };
        for (list, part) in [(&mut row.label, &text[..start]), (&mut row.explanation, &text[end..])] {
            let part = trim(part);
            if !part.is_empty() {
                list.push((no, part));
            }
        }
        row.scores.extend(text[start..end].split_whitespace().map(|s| (no, s)));
    }

    /// A row number at this line that can follow the last one and is not an item of a list inside an explanation.
    fn row_number(&self, at: usize, text: &'a str) -> Option<(&'a str, Vec<u32>, &'a str)> {
        let line = &self.lines[at];
        if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'A'..='I' | 'V' | 'X')) {
            return None;
        }
        let started = self.current.line > 0;
        // A number just read, then again before its label: `I.` / `I. ĐÁNH GIÁ …`.
        if started
            && self.current.label.is_empty()
            && self.current.scores.is_empty()
            && let [(_, stt)] = self.current.stt[..]
            && text.starts_with(stt)
            && text.len() > stt.len()
        {
            return None;
        }
        let found = number(text, &self.last, false).or_else(|| {
            // Numbers may jump; alone on its line between blank lines a dotted one is a row number still.
            let (word, parts, rest) = number(text, &self.last, true)?;
            let same = parts.first() == self.last.first() || parts.first() == self.last.first().map(|n| n + 1).as_ref();
            (parts.len() >= 2 && same && line.gap > 0 && self.scores_follow(at)).then_some((word, parts, rest))
        })?;
        let waiting = started && self.current.scores.is_empty();
        if found.1.is_empty() {
            return Some(found);
        }
        // While a label is open, or inside a group of explanation lines, a number must prove itself by scores of its own.
        if let [value] = found.1[..] {
            let stopped = found.0.ends_with('.');
            let odd = self.dotted.is_some_and(|d| d != stopped);
            // `1. …; 2. …` within an explanation is a list.
            let listed = |l: &Piece| number(l.1, &[], true).is_some_and(|n| n.1 == [value - 1]);
            let item = started
                && !waiting
                && line.gap == 0
                && (value == 1 || self.current.explanation.iter().rev().take(24).any(listed));
            if (odd && (!stopped || line.gap == 0)) || item {
                return None;
            }
        }
        let sure = !started || (line.gap > 0 && found.1.len() >= 2);
        (sure || (!waiting || line.gap > 0) && self.scores_follow(at)).then_some(found)
    }

    /// Whether scores come after line `at` before another number that could be a row's.
    fn scores_follow(&self, at: usize) -> bool {
        let mut number_seen = 0;
        for (i, line) in self.lines[at..].iter().take(AHEAD).enumerate() {
            let text = line.text();
            if i > 0 && number(text, &self.last, true).is_some_and(|n| n.1.len() != 1 || line.gap > 0) {
                number_seen += 1;
                // A heading row without scores of its own is followed by its first child.
                if number_seen > 1 {
                    return false;
                }
            }
            let text = if i == 0 { number(text, &[], true).map_or(text, |n| n.2) } else { text };
            if find_scores(text, self.columns).is_some() {
                return number_seen == 0 || i < 6;
            }
        }
        false
    }

    /// From a group after a blank line: the line with the scores of a row without number, if they come before any row number.
    fn scores_ahead(&self, at: usize) -> Option<usize> {
        for (i, line) in self.lines[at..].iter().take(AHEAD).enumerate() {
            let text = line.text();
            if line.tabs > 0 || self.row_number(at + i, text).is_some() || (i > 0 && line.gap > 0 && closes(text)) {
                return None;
            }
            if let Some((start, _)) = find_scores(text, self.columns) {
                if i == 0 && start == 0 {
                    return None;
                }
                return Some(at + i);
            }
        }
        None
    }

    /// A row without number whose scores stand on line `scores`. Gives the index of the line to go on with.
    fn unnumbered(&mut self, at: usize, scores: usize) -> usize {
        let mut label = at;
        // Where its label starts: groups that go on in small letters still explain the row above.
        let starts: Vec<usize> = (at..=scores).filter(|i| *i == at || self.lines[*i].gap > 0).collect();
        for pair in starts.windows(2) {
            if lower_start(self.lines[pair[0]].text())
                && find_scores(self.lines[pair[1]].text(), self.columns).is_none()
            {
                label = pair[1];
            }
        }
        for line in &self.lines[at..label] {
            self.current.explanation.push((line.no, line.text()));
        }
        let first = self.lines[label];
        self.open(first.no, false);
        // A first word displaced above its label stands in the column of row numbers.
        let word = first.text();
        let displaced =
            !word.contains(' ') && self.lines.get(label + 1).is_some_and(|l| l.gap > 0 && l.text().starts_with(word));
        if displaced {
            self.current.stt.push((first.no, word));
            return label + 1;
        }
        self.label(first.no, word);
        label + 1
    }
}

/// The maximum and the dash of a part that is not scored by oneself: `ĐIỀU TRA XÃ HỘI HỌC 35 - Sở Nội vụ tổ chức`.
fn unscored(text: &str, columns: usize) -> Option<(usize, usize)> {
    let dash = text.find(" - ").or_else(|| text.strip_suffix(" -").map(str::len)).filter(|_| columns == 2)?;
    let start = text[..dash].rfind(' ')? + 1;
    let titled = is_caps(&text[..start]) && text[..start].trim_end().ends_with(char::is_alphabetic);
    (titled && pure(&text[start..dash]) == 1).then_some((start, dash + 2))
}

/// Labels printed before their number go to their row; scores of which some are blank are found.
fn repair(rows: &mut [Row], columns: usize) {
    for at in 0..rows.len() {
        let (before, rest) = rows.split_at_mut(at);
        let row = &mut rest[0];
        if row.scores.is_empty() {
            // Only the maximum printed: the label's last line, or its last word.
            if let Some((no, last)) = row.label.last().copied() {
                let count = pure(last);
                if (1..columns).contains(&count) && row.label.len() > 1 {
                    row.label.pop();
                    row.scores.extend(last.split_whitespace().map(|s| (no, s)));
                }
            }
        }
        let headless = row.label.first().is_none_or(|l| lower_start(l.1));
        if headless
            && row.numbered
            && let Some(above) = before.last_mut()
        {
            let from = above.group.min(above.explanation.len());
            let label = above.explanation.get(from).is_some_and(|l| upper_start(l.1));
            if from < above.explanation.len() && label && (from > 0 || row.label.is_empty()) {
                let mut moved: Vec<Piece> = above.explanation.split_off(from);
                moved.append(&mut row.label);
                row.label = moved;
            }
        }
    }
}

fn cells<'a>(row: Row<'a>, columns: usize, explained: bool) -> RawRow<'a> {
    let start = row.line;
    let cell =
        |line: u32, pieces: Vec<Piece<'a>>| RawCell { line: pieces.first().map_or(line, |p| p.0), pieces, span: 0 };
    let label_end = row.label.last().map_or(start, |l| l.0);
    let scores_end = row.scores.last().map_or(label_end, |s| s.0);
    let mut out = Vec::with_capacity(columns + 3);
    out.push(cell(start, row.stt));
    out.push(cell(start, row.label));
    for column in 0..columns {
        out.push(cell(scores_end, row.scores.get(column).copied().into_iter().collect()));
    }
    if explained {
        out.push(cell(scores_end, row.explanation));
    }
    RawRow { cells: out, ..RawRow::default() }
}

/// Deals the words of the header to its columns: a new one starts at `Điểm …` for each score column, and after these at the
/// first capital of the explanation's head.
fn header<'a>(zone: &[Line<'a>], columns: usize) -> RawRow<'a> {
    let has_stt = zone.first().is_some_and(|l| is_stt(l.text().split_whitespace().next().unwrap_or("")));
    let mut cells = vec![RawCell { line: zone.first().map_or(0, |l| l.no), ..RawCell::default() }];
    if !has_stt {
        cells.push(cells[0].clone());
    }
    for line in zone {
        let text = line.text();
        let mut from = 0;
        let mut at = 0;
        let mut words = text.split_whitespace().peekable();
        while let Some(word) = words.next() {
            let Some(start) = text[at..].find(word).map(|f| at + f) else { break };
            at = start + word.len();
            let bare = key(word, 8);
            let scored = cells.len().saturating_sub(2);
            let opens = match cells.len() {
                1 => !cells[0].is_empty() || from < start,
                _ if scored < columns => {
                    bare == "diem"
                        || (bare == "chenh" && scored > 1)
                        || (scored > 0 && upper_start(word) && matches!(&*bare, "tu" | "tham" | "ket" | "cham"))
                        || (bare == "thang" && words.peek().is_some_and(|w| key(w, 4) == "diem"))
                }
                _ if scored == columns => {
                    upper_start(word)
                        && matches!(
                            &*bare,
                            "noi"
                                | "ghi"
                                | "giai"
                                | "tai"
                                | "minh"
                                | "dien"
                                | "ly"
                                | "can"
                                | "ket"
                                | "thuyet"
                                | "nguyen"
                        )
                }
                _ => false,
            };
            let thang = bare == "diem" && key(&text[from..start], 8) == "thang" && scored <= columns;
            if opens && !thang {
                let before = &text[from..start];
                if let Some(cell) = cells.last_mut() {
                    cell.push(line.no, before);
                }
                cells.push(RawCell { line: line.no, ..RawCell::default() });
                from = start;
            }
        }
        if let Some(cell) = cells.last_mut() {
            cell.push(line.no, &text[from..]);
        }
    }
    while cells.len() < columns + 2 {
        let line = cells.last().map_or(0, |c| c.line);
        cells.push(RawCell { line, ..RawCell::default() });
    }
    RawRow { cells, ..RawRow::default() }
}
