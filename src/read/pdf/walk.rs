//! One page as its drawing instructions paint it: glyphs with place, size and font; straight rulings; pictures.
//!
//! In comes a page of hayro, out goes a `Sheet` in reading orientation: points, the origin at the top left, y down, the direction in
//! which most glyphs run from left to right (a form set sideways on an upright page is turned; `Sheet::on_page` turns boxes back).
//! Refused: drawing calls without end (nested forms multiply), by a cap on their number; what was drawn before is kept.

use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, PathEl, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Drawing calls per page; a dense form takes some thousands.
const MAX_CALLS: usize = 400_000;
/// Glyphs per page; a densely set page has about 6,000.
const MAX_GLYPHS: usize = 200_000;
/// Rulings per page; a form drawn piece by piece has about 2,000.
const MAX_RULES: usize = 60_000;
/// A filled box up to this thick is a ruling.
const THIN: f64 = 3.0;
/// A ruling is at least this long.
const SHORTEST: f64 = 2.0;

/// A printed character, or several that one glyph stands for.
#[derive(Debug, Clone)]
pub struct Glyph {
    /// Its characters; empty where the font does not tell.
    pub text: Letters,
    /// Left, along the reading direction.
    pub x0: f32,
    /// Where the next glyph would start.
    pub x1: f32,
    /// Baseline.
    pub y: f32,
    /// Size of the font in points.
    pub size: f32,
    /// Index into `Sheet::fonts`.
    pub font: u16,
    /// A mark that is set on the letter drawn before it.
    pub mark: bool,
    /// Neither filled nor stroked: the text layer of a scan.
    pub hidden: bool,
}

/// What a glyph spells.
#[derive(Debug, Clone)]
pub enum Letters {
    /// The font does not tell.
    Unknown,
    /// One character.
    One(char),
    /// A ligature.
    Many(Box<str>),
}

/// A font as far as it is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FontFace {
    /// PostScript name without subset prefix; empty for Type 1 and Type 3.
    pub name: String,
    /// Whether it is bold by weight or name.
    pub bold: bool,
}

/// A straight line across or down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Runs from left to right.
    pub across: bool,
    /// Its y if it runs across, else its x.
    pub at: f32,
    /// Where it starts along its direction.
    pub start: f32,
    /// Where it ends.
    pub end: f32,
}

/// What one page draws.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// Points, in reading orientation.
    pub width: f32,
    /// Points, in reading orientation.
    pub height: f32,
    /// Glyphs that run in the reading direction, in drawing order.
    pub glyphs: Vec<Glyph>,
    /// Glyphs that run up or down the page (heads of narrow columns), each group in its own orientation: quarter turns and glyphs.
    pub sideways: Vec<(u8, Vec<Glyph>)>,
    /// Rulings.
    pub rules: Vec<Rule>,
    /// Boxes of the pictures.
    pub pictures: Vec<[f32; 4]>,
    /// Pixels of the largest picture.
    pub pixels: u64,
    /// Filled or stroked shapes that are no rulings (letters turned into outlines are such).
    pub shapes: usize,
    /// Fonts by index.
    pub fonts: Vec<FontFace>,
    /// Quarter turns (clockwise) of the reading direction on the page as shown.
    pub turn: u8,
    /// Degrees by which a picture of the page lay askew (positive: its lines fall to the right) before it was straightened.
    pub skew: f32,
    /// The drawing was cut off by the cap.
    pub cut: bool,
}

impl Sheet {
    /// A box in reading orientation as a box on the page as shown.
    pub fn on_page(&self, rect: [f32; 4]) -> [f32; 4] {
        let (w, h) = if self.turn.is_multiple_of(2) { (self.width, self.height) } else { (self.height, self.width) };
        unturn(self.turn, w, h, self.askew(rect))
    }
    /// A box as it lay before the picture was straightened: its middle is turned back, its size kept.
    fn askew(&self, rect: [f32; 4]) -> [f32; 4] {
        if self.skew == 0.0 {
            return rect;
        }
        let (sin, cos) = self.skew.to_radians().sin_cos();
        let (x, y) = ((rect[0] + rect[2] - self.width) / 2.0, (rect[1] + rect[3] - self.height) / 2.0);
        let (dx, dy) = (x * cos - y * sin - x, x * sin + y * cos - y);
        [rect[0] + dx, rect[1] + dy, rect[2] + dx, rect[3] + dy]
    }
    /// A box of a sideways group as a box in the sheet's reading orientation.
    pub fn of_sideways(&self, turn: u8, rect: [f32; 4]) -> [f32; 4] {
        unturn(turn, self.width, self.height, rect)
    }
}

/// A point in the frame in which text that runs `turn` quarter turns clockwise on a `w` × `h` page runs from left to right.
fn turned(turn: u8, w: f32, h: f32, (x, y): (f32, f32)) -> (f32, f32) {
    match turn {
        1 => (y, w - x),
        2 => (w - x, h - y),
        3 => (h - y, x),
        _ => (x, y),
    }
}

fn unturn(turn: u8, w: f32, h: f32, [x0, y0, x1, y1]: [f32; 4]) -> [f32; 4] {
    match turn {
        1 => [w - y1, x0, w - y0, x1],
        2 => [w - x1, h - y1, w - x0, h - y0],
        3 => [y0, h - x1, y1, h - x0],
        _ => [x0, y0, x1, y1],
    }
}

/// Thrown to leave the interpreter when a cap is reached; no panic, so no message.
struct Stop;

/// Draws one page into a `Sheet`.
pub fn walk<'a>(page: &'a Page<'a>, cache: &InterpreterCache<'a>, settings: &InterpreterSettings) -> Sheet {
    let (width, height) = page.render_dimensions();
    let transform = page.initial_transform(true).to_kurbo();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let mut context = Context::new(transform, area, cache, page.xref(), settings.clone());
    let mut pen = Pen { area, ..Pen::default() };
    let done = catch_unwind(AssertUnwindSafe(|| interpret_page(page, &mut context, &mut pen)));
    let cut = done.is_err();
    pen.sheet(width, height, cut)
}

#[derive(Default)]
struct Pen {
    area: Rect,
    /// Glyphs by quarter turns; the last for those that run aslant (watermarks).
    ways: [Vec<Placed>; 5],
    rules: Vec<Rule>,
    pictures: Vec<[f32; 4]>,
    pixels: u64,
    shapes: usize,
    fonts: Vec<FontFace>,
    calls: usize,
    glyphs: usize,
    /// Replacement text of the marked content being drawn.
    spoken: Vec<Option<String>>,
}

/// A glyph in page coordinates.
struct Placed {
    glyph: Glyph,
    origin: (f32, f32),
    advance: f32,
}

impl Pen {
    fn count(&mut self) {
        self.calls += 1;
        if self.calls > MAX_CALLS || self.glyphs > MAX_GLYPHS || self.rules.len() > MAX_RULES {
            resume_unwind(Box::new(Stop));
        }
    }

    fn face(&mut self, glyph: &Drawn) -> u16 {
        let face = match glyph {
            Drawn::Outline(outline) => outline.font_data().map(|data| {
                let name = data.postscript_name.unwrap_or_default();
                let heavy = name.to_ascii_lowercase();
                let bold = data.weight.is_some_and(|w| w >= 600) || heavy.contains("bold") || heavy.contains("black");
                FontFace { name, bold }
            }),
            Drawn::Type3(_) => None,
        };
        let face = face.unwrap_or_default();
        // Pages use few fonts; beyond the type's range they share the last index.
        let at = self.fonts.iter().position(|f| *f == face).unwrap_or_else(|| {
            self.fonts.push(face);
            self.fonts.len() - 1
        });
        at.min(usize::from(u16::MAX)) as u16
    }

    fn rule(&mut self, a: Point, b: Point) {
        let (dx, dy) = ((b.x - a.x).abs(), (b.y - a.y).abs());
        if !(dx + dy).is_finite() {
            return;
        }
        if dy <= 0.6 && dx >= SHORTEST {
            let (start, end) = (a.x.min(b.x) as f32, a.x.max(b.x) as f32);
            self.rules.push(Rule { across: true, at: ((a.y + b.y) / 2.0) as f32, start, end });
        } else if dx <= 0.6 && dy >= SHORTEST {
            let (start, end) = (a.y.min(b.y) as f32, a.y.max(b.y) as f32);
            self.rules.push(Rule { across: false, at: ((a.x + b.x) / 2.0) as f32, start, end });
        }
    }

    fn path(&mut self, path: &BezPath, transform: Affine, stroke: bool, fill: bool) {
        let mut start = Point::ZERO;
        let mut last = Point::ZERO;
        let mut bent = false;
        // Box of the open subpath, for fills.
        let mut hull: Option<Rect> = None;
        let close = |pen: &mut Pen, hull: &mut Option<Rect>, bent: &mut bool| {
            if let Some(hull) = hull.take().filter(|_| fill) {
                let (w, h) = (hull.width(), hull.height());
                if !*bent && w.min(h) <= THIN && w.max(h) >= SHORTEST && w.max(h) > w.min(h) {
                    let middle = hull.center();
                    if w >= h {
                        pen.rule(Point::new(hull.x0, middle.y), Point::new(hull.x1, middle.y));
                    } else {
                        pen.rule(Point::new(middle.x, hull.y0), Point::new(middle.x, hull.y1));
                    }
                } else if !stroke {
                    pen.shapes += 1;
                }
            }
            *bent = false;
        };
        let grow = |hull: &mut Option<Rect>, p: Point| {
            *hull = Some(match hull {
                Some(r) => r.union_pt(p),
                None => Rect::from_points(p, p),
            });
        };
        for element in path.elements() {
            match *element {
                PathEl::MoveTo(p) => {
                    close(self, &mut hull, &mut bent);
                    start = transform * p;
                    last = start;
                    grow(&mut hull, start);
                }
                PathEl::LineTo(p) => {
                    let p = transform * p;
                    if stroke {
                        self.rule(last, p);
                    }
                    bent |= (p.x - last.x).abs() > 0.6 && (p.y - last.y).abs() > 0.6;
                    last = p;
                    grow(&mut hull, p);
                }
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    last = transform * p;
                    bent = true;
                    grow(&mut hull, last);
                }
                PathEl::ClosePath => {
                    if stroke {
                        self.rule(last, start);
                    }
                    last = start;
                }
            }
            if self.rules.len() > MAX_RULES {
                break;
            }
        }
        close(self, &mut hull, &mut bent);
    }

    fn sheet(self, width: f32, height: f32, cut: bool) -> Sheet {
        let visible = |glyphs: &[Placed]| glyphs.iter().filter(|g| !g.glyph.hidden).count();
        let counts: Vec<usize> = self.ways.iter().take(4).map(|g| visible(g) * 4096 + g.len()).collect();
        let turn = (0..4u8).max_by_key(|t| (counts[usize::from(*t)], 4 - *t)).unwrap_or(0);
        let (w, h) = if turn.is_multiple_of(2) { (width, height) } else { (height, width) };
        let place = |t: u8, list: Vec<Placed>| -> Vec<Glyph> {
            let place = |p: Placed| {
                let (x, y) = turned(t, width, height, p.origin);
                Glyph { x0: x, x1: x + p.advance, y, ..p.glyph }
            };
            list.into_iter().map(place).collect()
        };
        let mut sheet = Sheet {
            width: w,
            height: h,
            pictures: self.pictures.iter().map(|r| turned_rect(turn, width, height, *r)).collect(),
            pixels: self.pixels,
            shapes: self.shapes,
            fonts: self.fonts,
            turn,
            cut,
            ..Sheet::default()
        };
        for (way, list) in self.ways.into_iter().take(4).enumerate().filter(|(_, l)| !l.is_empty()) {
            let way = way as u8;
            let glyphs = place(way, list);
            if way == turn {
                sheet.glyphs = glyphs;
            } else {
                sheet.sideways.push(((way + 4 - turn) % 4, glyphs));
            }
        }
        sheet.rules = self.rules.iter().map(|r| turned_rule(turn, width, height, *r)).collect();
        sheet
    }
}

fn turned_rect(turn: u8, w: f32, h: f32, r: [f32; 4]) -> [f32; 4] {
    let (a, b) = (turned(turn, w, h, (r[0], r[1])), turned(turn, w, h, (r[2], r[3])));
    [a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1)]
}

fn turned_rule(turn: u8, w: f32, h: f32, rule: Rule) -> Rule {
    let rect =
        if rule.across { [rule.start, rule.at, rule.end, rule.at] } else { [rule.at, rule.start, rule.at, rule.end] };
    let [x0, y0, x1, y1] = turned_rect(turn, w, h, rect);
    match rule.across == turn.is_multiple_of(2) {
        true => Rule { across: true, at: y0, start: x0, end: x1 },
        false => Rule { across: false, at: x0, start: y0, end: y1 },
    }
}

/// Whether a paint leaves no trace on white paper.
fn is_blank(paint: &Paint) -> bool {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, a] = color.to_rgba().to_rgba8();
            a < 8 || r.min(g).min(b) >= 250
        }
        Paint::Pattern(_) => false,
    }
}

/// Marks that are set on the letter before them.
pub fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

impl<'a> Device<'a> for Pen {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        if is_blank(&props.paint) {
            return;
        }
        let (stroke, fill) = match mode {
            DrawMode::Fill(_) => (false, true),
            DrawMode::Stroke(_) => (true, false),
            DrawMode::FillAndStroke(..) => (true, true),
            DrawMode::Invisible => return,
        };
        self.path(path, props.transform, stroke, fill);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.count();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.count();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        let Some(first) = run.glyphs().first() else { return };
        let hidden = matches!(mode, DrawMode::Invisible);
        let font = self.face(first);
        let mut spoken = self.spoken.last_mut().and_then(Option::take);
        if spoken.is_some() && run.glyphs().iter().all(|g| g.as_unicode().is_some()) {
            spoken = None;
        }
        for glyph in run.glyphs() {
            self.glyphs += 1;
            let [a, b, c, d, e, f] = (props.transform * glyph.transform()).as_coeffs();
            let size = (c.hypot(d) * 1000.0) as f32;
            let origin = Point::new(e, f);
            if !size.is_finite() || !(0.5..2000.0).contains(&size) || !self.area.inflate(2.0, 2.0).contains(origin) {
                continue;
            }
            let width = match &**glyph {
                Drawn::Outline(outline) => outline.advance_width(),
                Drawn::Type3(drawn) => drawn.advance_width(),
            };
            let text = match (spoken.take(), glyph.as_unicode()) {
                (Some(text), _) => Letters::Many(text.into_boxed_str()),
                (None, Some(BfString::Char(c))) => Letters::One(c),
                (None, Some(BfString::String(s))) => Letters::Many(s.into_boxed_str()),
                (None, None) => Letters::Unknown,
            };
            let mark = match &text {
                Letters::One(c) => is_mark(*c),
                Letters::Many(s) => !s.is_empty() && s.chars().all(is_mark),
                Letters::Unknown => false,
            };
            let mut advance = width.unwrap_or(0.0).clamp(0.0, 4000.0) * a.hypot(b) as f32;
            if advance <= 0.0 && !mark {
                advance = size * 0.4;
            }
            let angle = b.atan2(a).to_degrees();
            let quarter = (angle / 90.0).round();
            let way = if (angle - quarter * 90.0).abs() <= 12.0 { quarter.rem_euclid(4.0) as usize } else { 4 };
            let glyph = Glyph { text, x0: 0.0, x1: 0.0, y: 0.0, size, font, mark, hidden };
            if let Some(way) = self.ways.get_mut(way) {
                way.push(Placed { glyph, origin: (e as f32, f as f32), advance });
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count();
        let (width, height) = (image.width(), image.height());
        self.pixels = self.pixels.max(u64::from(width) * u64::from(height));
        // The picture is placed by its pixels.
        let pixels = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let hull = props.transform.transform_rect_bbox(pixels).intersect(self.area);
        if hull.is_finite() && hull.area() > 0.0 && self.pictures.len() < 4096 {
            self.pictures.push([hull.x0 as f32, hull.y0 as f32, hull.x1 as f32, hull.y1 as f32]);
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.count();
        if self.spoken.len() < 512 {
            self.spoken.push(properties.and_then(actual_text));
        }
    }

    fn end_marked_content(&mut self) {
        self.spoken.pop();
    }
}

/// What a marked sequence says it spells: used where the font itself does not tell.
fn actual_text(properties: &Dict<'_>) -> Option<String> {
    use hayro_interpret::hayro_syntax::object::String as Bytes;
    let text = properties.get::<Bytes<'_>>(b"ActualText")?;
    let bytes = text.as_bytes();
    let wide = bytes.strip_prefix(&[0xFE, 0xFF]).filter(|_| bytes.len() < 4096)?;
    let units = wide.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    String::from_utf16(&units.collect::<Vec<_>>()).ok().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_there_and_back() {
        let sheet = |turn| Sheet { width: 842.0, height: 595.0, turn, ..Sheet::default() };
        // A word in the top left of the reading frame of a page whose text runs upwards.
        let page = sheet(3).on_page([10.0, 20.0, 60.0, 32.0]);
        assert_eq!(page, [20.0, 782.0, 32.0, 832.0]);
        let (x, y) = turned(3, 595.0, 842.0, (page[0], page[3]));
        assert_eq!((x, y), (10.0, 20.0));
        let page = sheet(1).on_page([10.0, 20.0, 60.0, 32.0]);
        assert_eq!(turned(1, 595.0, 842.0, (page[2], page[1])), (10.0, 20.0));
        assert_eq!(sheet(0).on_page([1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 3.0, 4.0]);
    }

    #[test]
    fn boxes_strokes_and_thin_fills_are_rulings() {
        let mut pen = Pen::default();
        let mut path = BezPath::new();
        path.move_to((10.0, 10.0));
        path.line_to((110.0, 10.0));
        path.line_to((110.0, 60.0));
        path.line_to((10.0, 60.0));
        path.close_path();
        pen.path(&path, Affine::IDENTITY, true, false);
        assert_eq!(pen.rules.len(), 4);
        pen.path(&Rect::new(5.0, 5.0, 5.5, 80.0).into_iter_path(), Affine::IDENTITY, false, true);
        assert_eq!(pen.rules[4], Rule { across: false, at: 5.25, start: 5.0, end: 80.0 });
        pen.path(&path, Affine::IDENTITY, false, true);
        assert_eq!((pen.rules.len(), pen.shapes), (5, 1));
    }

    trait IntoPath {
        fn into_iter_path(self) -> BezPath;
    }
    impl IntoPath for Rect {
        fn into_iter_path(self) -> BezPath {
            hayro_interpret::kurbo::Shape::to_path(&self, 0.1)
        }
    }
}
