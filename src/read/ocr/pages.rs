//! A PDF in, its pages as pictures out, one at a time.
//!
//! A page that is nothing but one picture gives this picture as it is, without resampling; any other page is painted. Foreign code
//! runs contained: what goes wrong with one page leaves the others. Pictures too large to be decoded are not decoded.

use super::gray::Gray;
use super::page::PageImage;
use crate::error::ReadError;
use crate::read::pdf::open::{contained, load};
use hayro::hayro_interpret::util::TransformExt;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, kurbo};
use hayro_interpret::font::GlyphRun;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Rect};

/// Pictures with more pixels are not decoded: an A3 sheet at 600 dpi has 70 million.
pub const MAX_PIXELS: u64 = 80_000_000;
/// Resolution at which pages without a picture are painted.
const PAINTED_DPI: f32 = 300.0;
/// Bounds of the resolution at which pages with pictures are painted.
const PAINTED: (f32, f32) = (200.0, 400.0);
/// A painted page has at most so many pixels.
const MAX_PAINTED: f32 = 40e6;
/// A picture covers the page if its sides are this near to the page's, in parts of its width.
const COVERS: f64 = 0.02;

/// What a page turned out to be.
#[derive(Debug)]
pub enum Picture {
    /// Its picture.
    Image(PageImage),
    /// Its pictures are too large.
    TooLarge,
    /// It cannot be painted.
    Broken,
}

/// Number of pages of a file.
pub fn count(bytes: &[u8]) -> Result<usize, ReadError> {
    contained(|| load(bytes).map(|pdf| pdf.pages().len()))
        .unwrap_or_else(|| Err(ReadError::new("read/damaged", "không mở được tệp PDF", "the PDF cannot be opened")))
}

/// The picture of a page, from 1.
pub fn picture(bytes: &[u8], number: u32) -> Picture {
    contained(|| {
        let pdf = load(bytes).ok()?;
        let page = pdf.pages().get((number as usize).checked_sub(1)?)?;
        Some(of_page(page, number))
    })
    .flatten()
    .unwrap_or(Picture::Broken)
}

fn of_page(page: &Page<'_>, number: u32) -> Picture {
    let mut seen = Looker::default();
    draw(page, &mut seen);
    let (width, height) = page.render_dimensions();
    if seen.largest > MAX_PIXELS {
        return Picture::TooLarge;
    }
    if seen.pure(width, height) {
        seen.take = true;
        (seen.marks, seen.pictures) = (0, Vec::new());
        draw(page, &mut seen);
        if let Some(gray) = seen.taken {
            let scale = (width / gray.width as f32, height / gray.height as f32);
            return Picture::Image(PageImage { page: number, gray, scale });
        }
        // A picture that cannot be decoded would be painted as an empty page.
        if !seen.masked {
            return Picture::Broken;
        }
    }
    // As fine as its finest large picture.
    let finest = seen.pictures.iter().filter(|p| p.0.area() > 0.1 * f64::from(width) * f64::from(height));
    let dpi = finest.map(|p| p.1).reduce(f32::max).map_or(PAINTED_DPI, |dpi| dpi.clamp(PAINTED.0, PAINTED.1));
    paint(page, number, dpi)
}

fn paint(page: &Page<'_>, number: u32, dpi: f32) -> Picture {
    let (width, height) = page.render_dimensions();
    let most = (MAX_PAINTED / (width * height).max(1.0)).sqrt().min(30_000.0 / width.max(height).max(1.0));
    let scale = (dpi / 72.0).min(most);
    if !scale.is_finite() || width * scale < 16.0 || height * scale < 16.0 {
        return Picture::Broken;
    }
    let pixmap = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let (w, h) = (usize::from(pixmap.width()), usize::from(pixmap.height()));
    let mut colours = Vec::with_capacity(w * h * 3);
    for p in pixmap.data() {
        colours.extend([p.r, p.g, p.b]);
    }
    match Gray::from_rgb(w, h, &colours, 3) {
        Some(gray) => Picture::Image(PageImage { page: number, gray, scale: (width / w as f32, height / h as f32) }),
        None => Picture::Broken,
    }
}

fn draw(page: &Page<'_>, device: &mut Looker) {
    let (width, height) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings::default();
    let mut context =
        Context::new(page.initial_transform(true).to_kurbo(), area, &cache, page.xref(), settings.clone());
    interpret_page(page, &mut context, device);
}

/// Looks at what a page draws; on the second look takes its picture.
#[derive(Default)]
struct Looker {
    /// Box and resolution of each picture; None in place of the box where it is turned.
    pictures: Vec<(Rect, f32, bool)>,
    largest: u64,
    /// Other visible things.
    marks: usize,
    take: bool,
    /// The picture has a mask of its own.
    masked: bool,
    taken: Option<Gray>,
}

impl Looker {
    /// Nothing but one upright picture over the whole page.
    fn pure(&self, width: f32, height: f32) -> bool {
        let near = |a: f64, b: f32| (a - f64::from(b)).abs() <= COVERS * f64::from(width);
        matches!(self.pictures[..], [(r, _, true)]
            if self.marks == 0 && near(r.x0, 0.0) && near(r.y0, 0.0) && near(r.x1, width) && near(r.y1, height))
    }
}

impl<'a> Device<'a> for Looker {
    fn draw_path(&mut self, _: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let white = match &props.paint {
            hayro_interpret::Paint::Color(color) => {
                let [r, g, b, a] = color.to_rgba().to_rgba8();
                a < 8 || r.min(g).min(b) >= 250
            }
            _ => false,
        };
        self.marks += usize::from(!white && !matches!(mode, DrawMode::Invisible));
    }
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, opacity: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.marks += usize::from(opacity < 0.99 || mask.is_some());
    }
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, mode: &DrawMode) {
        self.marks += if matches!(mode, DrawMode::Invisible) { 0 } else { run.glyphs().len() };
    }
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (w, h) = (f64::from(image.width()), f64::from(image.height()));
        self.largest = self.largest.max(u64::from(image.width()) * u64::from(image.height()));
        let [a, b, c, d, ..] = props.transform.as_coeffs();
        let upright = a > 0.0 && d > 0.0 && b.abs() < 1e-3 * a && c.abs() < 1e-3 * d;
        let place: Affine = props.transform;
        let dpi = (72.0 / a.hypot(b).max(1e-6)) as f32;
        self.pictures.push((place.transform_rect_bbox(Rect::new(0.0, 0.0, w, h)), dpi, upright));
        if !self.take || self.largest > MAX_PIXELS {
            return;
        }
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    if alpha.is_some() {
                        self.masked = true;
                        return;
                    }
                    self.taken = match data {
                        ImageData::Rgb(rgb) => Gray::from_rgb(rgb.width as usize, rgb.height as usize, &rgb.data, 3),
                        ImageData::Luma(luma) => Gray::from_luma(luma.width as usize, luma.height as usize, luma.data),
                    };
                },
                None,
            ),
            // A mask through which ink is poured.
            Image::Stencil(stencil) => stencil.with_stencil(
                |luma, _| {
                    let ink = luma.data.iter().map(|v| 255 - v).collect();
                    self.taken = Gray::from_luma(luma.width as usize, luma.height as usize, ink);
                },
                None,
            ),
        }
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
