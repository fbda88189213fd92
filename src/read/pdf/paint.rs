//! Pages as pictures, for the reader of scans and for eyes.

use super::open::{contained, load};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};

/// Largest side of a painted page in pixels.
const MAX_SIDE: f32 = 12_000.0;
/// Largest number of pixels of a painted page.
const MAX_PIXELS: f32 = 80e6;
/// Pictures with more pixels than this are not painted: they would take gigabytes.
const MAX_PICTURE: u64 = 300_000_000;

/// Paints a page (from 1) on white: width, height, three bytes a pixel row by row. None where the file or page cannot be painted.
pub fn render_rgb(bytes: &[u8], page: u32, dpi: f32) -> Option<(u32, u32, Vec<u8>)> {
    paint(bytes, page, dpi, |pixel| pixel)
}

/// The same in gray, one byte a pixel.
pub fn render(bytes: &[u8], page: u32, dpi: f32) -> Option<(u32, u32, Vec<u8>)> {
    paint(bytes, page, dpi, |[r, g, b]| [((77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8) as u8])
}

fn paint<const N: usize>(
    bytes: &[u8],
    page: u32,
    dpi: f32,
    pixel: impl Fn([u8; 3]) -> [u8; N] + Send + Sync,
) -> Option<(u32, u32, Vec<u8>)> {
    contained(|| {
        let pdf = load(bytes).ok()?;
        let page = pdf.pages().get(page.checked_sub(1)? as usize)?;
        let (width, height) = page.render_dimensions();
        let scale = dpi / 72.0;
        let (w, h) = (width * scale, height * scale);
        let fits = w >= 1.0 && h >= 1.0 && w.max(h) <= MAX_SIDE && w * h <= MAX_PIXELS;
        let cache = hayro::hayro_interpret::InterpreterCache::new();
        let settings = InterpreterSettings::default();
        let sheet = super::walk::walk(page, &cache, &settings);
        if !fits || sheet.pixels > MAX_PICTURE {
            return None;
        }
        let pixmap = hayro::render(
            page,
            &RenderCache::new(),
            &settings,
            &RenderSettings::default(),
            &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
        );
        let mut out = Vec::with_capacity(pixmap.data().len() * N);
        for p in pixmap.data() {
            out.extend(pixel([p.r, p.g, p.b]));
        }
        Some((u32::from(pixmap.width()), u32::from(pixmap.height()), out))
    })
    .flatten()
}
