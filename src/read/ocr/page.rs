//! One page image in, its lines of text and its tables in reading order out.
//!
//! Straightened first; then the tables are found and their cells cut out and read one by one, as whole-page recognition of ruled
//! tables loses figures; what is left is read as running text. Short cells and words with digits are read a second time with the
//! settings for figures.

use super::binary::{self, Binary};
use super::engine::{Engine, Failure, MARGIN, Setting, Task, cut};
use super::glyphs::{self, is_roman};
use super::gray::{Gray, Rect};
use super::lattice::{self, GridCell, Lattice};
use super::marks;
use super::readings::{self, Doubt};
use super::rulings;
use super::tsv::Word;
use std::time::Instant;

/// A page image on its way in.
#[derive(Debug)]
pub struct PageImage {
    /// 1-based page of the file.
    pub page: u32,
    /// Its pixels.
    pub gray: Gray,
    /// Points per pixel across and down; the picture is the whole page.
    pub scale: (f32, f32),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its words from left to right; boxes in pixels of the straightened page.
    pub words: Vec<Word>,
    /// Box around them.
    pub rect: Rect,
    /// Mean width of its strokes in pixels: larger in bold print.
    pub stroke: f32,
}

impl Line {
    /// A line of words.
    pub fn new(words: Vec<Word>) -> Option<Line> {
        let rect = words.iter().map(|w| w.rect).reduce(|a, b| a.union(&b))?;
        Some(Line { words, rect, stroke: 0.0 })
    }
}

/// A cell as read.
#[derive(Debug, Clone, PartialEq)]
pub struct CellRead {
    /// Where it stands in the grid.
    pub cell: GridCell,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A table as read.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRead {
    /// Its grid.
    pub lattice: Lattice,
    /// Its cells, as in the lattice.
    pub cells: Vec<CellRead>,
}

/// A part of a page.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A line outside tables.
    Line(Line),
    /// A table.
    Table(TableRead),
}

/// A page as read.
#[derive(Debug, Clone, PartialEq)]
pub struct PageRead {
    /// 1-based page of the file.
    pub page: u32,
    /// Parts from top to bottom.
    pub parts: Vec<Part>,
    /// Straightened pixels across and down.
    pub size: (usize, usize),
    /// Points per pixel of the straightened page, across and down.
    pub scale: (f32, f32),
    /// Level lines outside tables: above notes, below headings.
    pub rules: Vec<Rect>,
    /// Quarter turns clockwise by which it was set upright.
    pub quarters: u8,
    /// Angle in degrees by which it lay askew.
    pub skew: f32,
}

/// Resolutions outside these are scaled: below, letters have too few pixels; above, there is nothing to gain.
const LOW_DPI: f32 = 170.0;
const HIGH_DPI: f32 = 420.0;
/// A cell of one line no wider than this may be a figure: inches.
const FIGURE_WIDTH: f32 = 1.7;
/// A line of text is not higher than this: inches.
const LINE_HEIGHT: f32 = 0.29;
/// Least ink of a character, in square inches: a dash is about twice that.
const INK: f32 = 0.0003;
/// Small print is enlarged before it is read, so that figures have at least these pixels per inch.
const FIGURE_DPI: f32 = 300.0;
/// Columns look so much more like lines than rows: the page lies on its side.
const SIDEWAYS: f64 = 1.6;
/// A page read with less mean confidence is tried upside down.
const UPSIDE_DOWN: f32 = 0.5;

/// Cells read with less mean confidence are read again, so much larger.
const POOR: f32 = 0.75;
const REREAD: f32 = 1.5;

/// A page made straight, with what was seen on it.
#[derive(Debug)]
pub struct Straight {
    /// Its pixels.
    pub gray: Gray,
    /// Black and white.
    pub binary: Binary,
    /// Its tables.
    pub tables: Vec<Lattice>,
    /// Level lines outside tables.
    pub rules: Vec<Rect>,
    /// Pixels per inch.
    pub dpi: f32,
    /// Points per pixel.
    pub scale: (f32, f32),
    /// Quarter turns clockwise by which it was set upright.
    pub quarters: u8,
    /// Angle in degrees by which it lay askew.
    pub skew: f32,
    /// It seems to lie on its side.
    pub sideways: bool,
}

/// Scales, straightens, and finds lines and tables. `quarters`: how often to turn it clockwise first.
pub fn straighten(image: &PageImage, quarters: u8) -> Straight {
    let mut dpi = 144.0 / (image.scale.0 + image.scale.1).max(0.01);
    let mut scale = image.scale;
    let mut gray = if dpi > HIGH_DPI {
        let factor = (dpi / 300.0).round().max(2.0);
        (dpi, scale) = (dpi / factor, (scale.0 * factor, scale.1 * factor));
        image.gray.reduced(factor as usize)
    } else if dpi < LOW_DPI {
        let factor = (200.0 / dpi).ceil().clamp(2.0, 4.0);
        (dpi, scale) = (dpi * factor, (scale.0 / factor, scale.1 / factor));
        image.gray.resized(image.gray.width * factor as usize, image.gray.height * factor as usize)
    } else {
        image.gray.clone()
    };
    if quarters > 0 {
        gray = gray.turned(quarters);
    }
    if quarters % 2 == 1 {
        scale = (scale.1, scale.0);
    }
    let window = (dpi * 0.35) as usize;
    let mut binary = binary::binarize(&gray, window);
    let angle = binary::skew(&binary);
    let askew = angle.abs() >= binary::MIN_SKEW;
    if askew {
        gray = gray.rotated(-angle);
        binary = binary::binarize(&gray, window);
    }
    let (level, upright) = rulings::rulings(&binary, dpi);
    let tables = lattice::tables(&binary, &level, &upright, dpi);
    let inside = |r: &Rect| {
        tables.iter().any(|t| {
            let t = t.rect().grown(4);
            t.x0 <= r.x0 && r.x1 <= t.x1 && t.y0 <= r.y0 && r.y1 <= t.y1
        })
    };
    let rules = level.iter().map(|l| Rect::new(l.from, l.at, l.to, l.at + 1)).filter(|r| !inside(r)).collect();
    let sideways = {
        let mut text = binary.clone();
        for l in &level {
            erase(&mut text, Rect::new(l.from, l.at - l.thick, l.to, l.at + l.thick + 1));
        }
        for u in &upright {
            erase(&mut text, Rect::new(u.at - u.thick, u.from, u.at + u.thick + 1, u.to));
        }
        binary::sideways(&text) > SIDEWAYS
    };
    Straight { gray, binary, tables, rules, dpi, scale, quarters, skew: if askew { angle } else { 0.0 }, sideways }
}

fn erase(image: &mut Binary, rect: Rect) {
    let rect = rect.within(image.width, image.height);
    for y in rect.y0..rect.y1 {
        let start = y as usize * image.width;
        if let Some(row) = image.data.get_mut(start + rect.x0 as usize..start + rect.x1 as usize) {
            row.fill(0);
        }
    }
}

/// Reads a page. `until`: when its time is up.
pub fn read(engine: &Engine, image: &PageImage, until: Instant) -> Result<PageRead, Failure> {
    let straight = straighten(image, 0);
    if straight.sideways {
        // Which side is up, the reading tells.
        let (left, right) = (straighten(image, 3), straighten(image, 1));
        let better = if legible(engine, &left, until)? > legible(engine, &right, until)? { left } else { right };
        return recognize(engine, image.page, &better, until);
    }
    let read = recognize(engine, image.page, &straight, until)?;
    if confidence(&read).is_some_and(|(sure, words)| sure < UPSIDE_DOWN && words >= 12) {
        let turned = straighten(image, 2);
        if legible(engine, &turned, until)? > legible(engine, &straight, until)? + 0.1 {
            return recognize(engine, image.page, &turned, until);
        }
    }
    Ok(read)
}

/// Mean confidence of a page's words, and how many there are.
fn confidence(page: &PageRead) -> Option<(f32, usize)> {
    let mut sum = (0.0f32, 0usize);
    let mut add = |line: &Line| {
        for word in &line.words {
            sum = (sum.0 + word.confidence, sum.1 + 1);
        }
    };
    for part in &page.parts {
        match part {
            Part::Line(line) => add(line),
            Part::Table(table) => table.cells.iter().flat_map(|c| &c.lines).for_each(&mut add),
        }
    }
    (sum.1 > 0).then(|| (sum.0 / sum.1 as f32, sum.1))
}

/// How well a sample from the page can be read: mean confidence of the words of its middle.
fn legible(engine: &Engine, page: &Straight, until: Instant) -> Result<f32, Failure> {
    let (w, h) = (page.gray.width as i32, page.gray.height as i32);
    let sample = [page.gray.crop(Rect::new(w / 8, h / 4, w * 7 / 8, h * 3 / 4))];
    let read = engine.read(&[Task { setting: Setting::Page, images: &sample, dpi: page.dpi }], until)?;
    let words: Vec<&Word> =
        read.iter().flatten().flatten().filter(|w| w.text.chars().any(char::is_alphabetic)).collect();
    Ok(words.iter().map(|w| w.confidence).sum::<f32>() / words.len().max(1) as f32)
}

/// A piece of the page that is read for itself.
struct Piece {
    rect: Rect,
    scale: f32,
}

impl Piece {
    /// From pixels of the cut-out to pixels of the page.
    fn place(&self, mut word: Word) -> Word {
        let back = |v: i32, o: i32| o + ((v - MARGIN as i32) as f32 / self.scale).round() as i32;
        let r = word.rect;
        word.rect = Rect::new(
            back(r.x0, self.rect.x0).clamp(self.rect.x0, self.rect.x1),
            back(r.y0, self.rect.y0).clamp(self.rect.y0, self.rect.y1),
            back(r.x1, self.rect.x0).clamp(self.rect.x0, self.rect.x1),
            back(r.y1, self.rect.y0).clamp(self.rect.y0, self.rect.y1),
        );
        word
    }

    fn inside(&self, rect: Rect) -> Rect {
        Rect::new(
            rect.x0.max(self.rect.x0),
            rect.y0.max(self.rect.y0),
            rect.x1.min(self.rect.x1),
            rect.y1.min(self.rect.y1),
        )
    }
}

impl PageRead {
    /// All its words.
    pub fn words_mut(&mut self) -> impl Iterator<Item = &mut Word> {
        self.parts.iter_mut().flat_map(|part| {
            let lines: Vec<&mut Line> = match part {
                Part::Line(line) => vec![line],
                Part::Table(table) => table.cells.iter_mut().flat_map(|c| &mut c.lines).collect(),
            };
            lines.into_iter().flat_map(|l| &mut l.words)
        })
    }
}

fn recognize(engine: &Engine, number: u32, page: &Straight, until: Instant) -> Result<PageRead, Failure> {
    let dpi = page.dpi;
    let least = (INK * dpi * dpi) as usize;
    let enlarge = (FIGURE_DPI / dpi).clamp(1.0, 2.0);
    // What is outside the tables, as one page.
    let mut body = page.gray.clone();
    for table in &page.tables {
        body.paint(table.rect().grown((dpi * 0.02) as i32), 255);
    }
    let whole = Rect::new(0, 0, body.width as i32, body.height as i32);
    let printed = {
        let mut rest = page.binary.clone();
        page.tables.iter().for_each(|t| erase(&mut rest, t.rect().grown((dpi * 0.02) as i32)));
        rest.ink(whole).is_some_and(|ink| ink.1 > least)
    };
    let body = if printed { vec![body] } else { Vec::new() };
    // The cells that hold anything.
    let mut cells: Vec<(usize, usize, Piece, bool)> = Vec::new();
    for (t, table) in page.tables.iter().enumerate() {
        for (c, cell) in table.cells.iter().enumerate() {
            let Some((ink, _)) = page.binary.ink(cell.rect).filter(|ink| ink.1 >= least) else { continue };
            let near = ink.grown((dpi * 0.03) as i32);
            let rect = Rect::new(
                near.x0.max(cell.rect.x0),
                near.y0.max(cell.rect.y0),
                near.x1.min(cell.rect.x1),
                near.y1.min(cell.rect.y1),
            );
            cells.push((t, c, Piece { rect, scale: 1.0 }, cell.column == 0 && cell.row > 0));
        }
    }
    let blocks: Vec<Gray> = cells.iter().map(|(_, _, p, _)| cut(&page.gray, p.rect, p.scale)).collect();
    // Of these, the ones that may be figures.
    let short: Vec<(usize, Piece)> = cells
        .iter()
        .enumerate()
        .filter(|(_, (_, _, p, _))| {
            (p.rect.height() as f32) < LINE_HEIGHT * dpi && (p.rect.width() as f32) < FIGURE_WIDTH * dpi
        })
        .map(|(i, (_, _, p, _))| (i, Piece { rect: p.rect, scale: enlarge }))
        .collect();
    let figures: Vec<Gray> = short.iter().map(|(_, p)| cut(&page.gray, p.rect, p.scale)).collect();
    let mut read = engine
        .read(
            &[
                Task { setting: Setting::Page, images: &body, dpi },
                Task { setting: Setting::Block, images: &blocks, dpi },
                Task { setting: Setting::Figures, images: &figures, dpi: dpi * enlarge },
            ],
            until,
        )?
        .into_iter();
    let (body, blocks, figures) =
        (read.next().unwrap_or_default(), read.next().unwrap_or_default(), read.next().unwrap_or_default());
    let mut texts: Vec<Vec<Word>> = blocks
        .into_iter()
        .zip(&cells)
        .map(|(words, (_, _, piece, _))| words.into_iter().map(|w| piece.place(w)).collect())
        .collect();
    // A short cell that is not surely text is one word which is settled when the document's figures are known.
    let mut single = vec![false; texts.len()];
    for ((at, piece), words) in short.iter().zip(figures) {
        let Some(text) = texts.get_mut(*at) else { continue };
        let sure = text.iter().map(|w| w.confidence).fold(1.0, f32::min);
        if readings::is_text(text) || text.len() > 1 && sure > 0.6 && text.iter().any(|w| readings::is_figure(&w.text))
        {
            continue;
        }
        let (read, confidence) = readings::joined(text);
        let (figure, sure) = readings::joined(&words);
        let glyphs = glyphs::glyphs(&page.gray, piece.rect, dpi);
        let doubt = Doubt { figure, confidence: sure, glyphs };
        let rect = text.iter().chain(&words).map(|w| w.rect).reduce(|a, b| a.union(&b)).unwrap_or(piece.rect);
        *text = vec![Word {
            text: read,
            rect: piece.inside(rect),
            confidence,
            line: 1,
            doubt: Some(Box::new(doubt)),
            raised: false,
            glued: false,
        }];
        single[*at] = true;
    }
    reread(engine, page, &cells, &mut texts, &single, until)?;
    let mut running: Vec<Word> = marks::part(body.into_iter().flatten().collect(), &page.gray, dpi);
    for (text, single) in texts.iter_mut().zip(&single) {
        if !single {
            *text = marks::part(std::mem::take(text), &page.gray, dpi);
        }
    }
    // Figures in running text and labels, once more.
    let mut again: Vec<&mut Word> = running.iter_mut().collect();
    for (text, single) in texts.iter_mut().zip(&single) {
        if !single {
            again.extend(text.iter_mut());
        }
    }
    again.retain(|w| w.raised || readings::is_figure(&w.text) || is_roman(&w.text));
    let pieces: Vec<Piece> = again.iter().map(|w| Piece { rect: w.rect.grown(3), scale: enlarge }).collect();
    let images: Vec<Gray> = pieces.iter().map(|p| cut(&page.gray, p.rect, p.scale)).collect();
    let second = engine.read(&[Task { setting: Setting::Figures, images: &images, dpi: dpi * enlarge }], until)?;
    for (word, words) in again.into_iter().zip(second.into_iter().flatten()) {
        let (figure, confidence) = readings::joined(&words);
        let glyphs = glyphs::glyphs(&page.gray, word.rect.grown(2), dpi);
        word.doubt = Some(Box::new(Doubt { figure, confidence, glyphs }));
    }
    let mut parts: Vec<Part> = lines(running, page).into_iter().map(Part::Line).collect();
    let mut tables: Vec<TableRead> = page
        .tables
        .iter()
        .map(|t| TableRead {
            lattice: t.clone(),
            cells: t.cells.iter().map(|c| CellRead { cell: *c, lines: Vec::new() }).collect(),
        })
        .collect();
    for ((t, c, ..), mut words) in cells.iter().zip(texts) {
        if let ([head], 0) = (&mut words[..], *c)
            && let Some(mended) = readings::mend_head(&head.text)
        {
            (head.text, head.doubt) = (mended.to_string(), None);
        }
        if let Some(cell) = tables.get_mut(*t).and_then(|t| t.cells.get_mut(*c)) {
            cell.lines = lines(words, page);
        }
    }
    parts.extend(tables.into_iter().map(Part::Table));
    Ok(PageRead {
        page: number,
        parts,
        size: (page.gray.width, page.gray.height),
        scale: page.scale,
        rules: page.rules.clone(),
        quarters: page.quarters,
        skew: page.skew,
    })
}

/// Cells of text of which nothing or little was read are read once more, enlarged; the surer reading holds.
fn reread(
    engine: &Engine,
    page: &Straight,
    cells: &[(usize, usize, Piece, bool)],
    texts: &mut [Vec<Word>],
    single: &[bool],
    until: Instant,
) -> Result<(), Failure> {
    let mean = |words: &[Word]| words.iter().map(|w| w.confidence).sum::<f32>() / words.len().max(1) as f32;
    let poor: Vec<(usize, Piece)> = (0..texts.len())
        .filter(|i| !single[*i] && (texts[*i].is_empty() || mean(&texts[*i]) < POOR))
        .filter_map(|i| cells.get(i).map(|c| (i, Piece { rect: c.2.rect, scale: REREAD })))
        .collect();
    let images: Vec<Gray> = poor.iter().map(|(_, p)| cut(&page.gray, p.rect, p.scale)).collect();
    // Row numbers that are no figures either: Roman ones.
    let odd = |w: &Word| w.confidence < POOR && w.doubt.as_ref().is_none_or(|d| d.confidence < POOR);
    let lone: Vec<usize> = (0..texts.len())
        .filter(|i| single[*i] && matches!(&texts[*i][..], [w] if odd(w)) && cells.get(*i).is_some_and(|c| c.3))
        .collect();
    let lines: Vec<Gray> =
        lone.iter().filter_map(|i| cells.get(*i)).map(|c| cut(&page.gray, c.2.rect, REREAD)).collect();
    let dpi = page.dpi * REREAD;
    let tasks =
        [Task { setting: Setting::Block, images: &images, dpi }, Task { setting: Setting::Line, images: &lines, dpi }];
    let mut read = engine.read(&tasks, until)?.into_iter();
    for ((at, piece), words) in poor.iter().zip(read.next().unwrap_or_default()) {
        if let Some(text) = texts.get_mut(*at).filter(|t| mean(&words) > mean(t)) {
            *text = words.into_iter().map(|w| piece.place(w)).collect();
        }
    }
    for (at, words) in lone.iter().zip(read.next().unwrap_or_default()) {
        let (text, confidence) = readings::joined(&words);
        if let Some([word]) = texts.get_mut(*at).map(|t| &mut t[..]).filter(|_| is_roman(&text)) {
            (word.text, word.confidence) = (text, confidence);
        }
    }
    Ok(())
}

/// Words as lines; specks read as signs are dropped.
fn lines(words: Vec<Word>, page: &Straight) -> Vec<Line> {
    let mut out: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match out.last_mut().filter(|l| l.first().is_some_and(|f| f.line == word.line)) {
            Some(line) => line.push(word),
            None => out.push(vec![word]),
        }
    }
    out.into_iter()
        .filter(|l| {
            l.iter().any(|w| w.doubt.is_some() || w.confidence > 0.6 || w.text.chars().any(char::is_alphanumeric))
        })
        .filter_map(Line::new)
        .map(|mut line| {
            line.stroke = page.binary.stroke(line.rect);
            line
        })
        .collect()
}
