//! `baocao show FILE --png OUT`: a page of a PDF with what was found on it drawn over it. Cells of tables in blue, header cells in
//! green, the box of a fact in red.

use crate::error::RunError;
use crate::model::{Document, Extraction, Place};
use crate::read::pdf::render_rgb;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

/// Resolution of the picture.
const DPI: f32 = 120.0;

type Colour = [u8; 3];

/// Three bytes a pixel.
struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn dot(&mut self, x: i64, y: i64, colour: Colour) {
        if (0..i64::from(self.width)).contains(&x) && (0..i64::from(self.height)).contains(&y) {
            let at = (y as usize * self.width as usize + x as usize) * 3;
            if let Some(pixel) = self.pixels.get_mut(at..at + 3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// The outline of a box given in points, so many pixels thick, growing inwards.
    fn outline(&mut self, rect: [f32; 4], colour: Colour, thick: i64) {
        let [x0, y0, x1, y1] = rect.map(|v| (v.clamp(-1e5, 1e5) * DPI / 72.0).round() as i64);
        for step in 0..thick {
            for x in x0 + step..=x1 - step {
                self.dot(x, y0 + step, colour);
                self.dot(x, y1 - step, colour);
            }
            for y in y0 + step..=y1 - step {
                self.dot(x0 + step, y, colour);
                self.dot(x1 - step, y, colour);
            }
        }
    }
}

/// Paints the page and writes it.
pub fn paint(
    source: &Path,
    document: &Document,
    extraction: &Extraction,
    page: Option<u32>,
    fact: Option<usize>,
    out: &Path,
) -> Result<(), RunError> {
    let failed = |message: &str| RunError::Failed(message.to_string());
    let chosen = fact.map(|at| extraction.facts.get(at).ok_or_else(|| failed("there is no such fact"))).transpose()?;
    let page = page.or(chosen.and_then(|f| f.place.page)).unwrap_or(1);
    let on_page = |place: &Place| place.page == Some(page) && place.rect.is_some();
    let shown = chosen.or_else(|| extraction.facts.iter().find(|f| on_page(&f.place)));
    let bytes = std::fs::read(source).map_err(|error| failed(&error.to_string()))?;
    let (width, height, pixels) = render_rgb(&bytes, page, DPI)
        .ok_or_else(|| failed("the page cannot be painted; only pages of PDF files can"))?;
    let mut canvas = Canvas { width, height, pixels };
    for cell in document.tables.iter().flat_map(|t| &t.cells).filter(|c| on_page(&c.place)) {
        let colour = if cell.header { [0, 140, 60] } else { [40, 90, 230] };
        canvas.outline(cell.place.rect.unwrap_or_default(), colour, 2);
    }
    if let Some(rect) = shown.filter(|f| on_page(&f.place)).and_then(|f| f.place.rect) {
        canvas.outline([rect[0] - 1.5, rect[1] - 1.5, rect[2] + 1.5, rect[3] + 1.5], [220, 20, 20], 3);
    }
    let write = |error: String| RunError::Output(out.to_path_buf(), std::io::Error::other(error));
    let file = File::create(out).map_err(|error| RunError::Output(out.to_path_buf(), error))?;
    let mut encoder = png::Encoder::new(BufWriter::new(file), canvas.width, canvas.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| write(error.to_string()))?;
    writer.write_image_data(&canvas.pixels).map_err(|error| write(error.to_string()))?;
    writer.finish().map_err(|error| write(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_stay_inside_the_picture() {
        let mut canvas = Canvas { width: 100, height: 50, pixels: vec![255; 100 * 50 * 3] };
        canvas.outline([-30.0, 6.0, 500.0, 12.0], [1, 2, 3], 2);
        assert_eq!(canvas.pixels.len(), 15_000);
        let row = (6.0 * DPI / 72.0) as usize;
        assert_eq!(canvas.pixels[row * 300..row * 300 + 3], [1, 2, 3]);
        assert_eq!(canvas.pixels[..3], [255; 3]);
    }
}
