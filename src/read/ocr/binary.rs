//! Gray in, black and white out (1 black, 0 white), and the angle at which the page lies.
//!
//! A pixel is black if it is darker than its surroundings (Bradley and Roth 2007, mean of a window) and not light by the measure
//! of the whole page (Otsu 1979), so that shaded cells turn white and light shadows do not turn black. The angle is the one at
//! which the rows of black pixels are most unlike their neighbours (projection profile, Postl 1986).

use super::gray::{Gray, Rect};

/// A black-and-white image, one byte a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binary {
    /// Pixels per row.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
    /// 1 black, 0 white.
    pub data: Vec<u8>,
}

/// How much darker than the mean around it a black pixel is, in percent.
const DARKER: u32 = 14;
/// Largest angle looked for, in degrees.
pub const MAX_SKEW: f32 = 4.0;
/// Smaller angles are left alone.
pub const MIN_SKEW: f32 = 0.04;

impl Binary {
    /// Blackness of a pixel; white outside.
    pub fn at(&self, x: i32, y: i32) -> bool {
        x >= 0
            && y >= 0
            && x < self.width as i32
            && y < self.height as i32
            && self.data.get(y as usize * self.width + x as usize) == Some(&1)
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        self.data.get(y * self.width..(y + 1) * self.width).unwrap_or(&[])
    }

    /// Rows as columns.
    pub fn transposed(&self) -> Binary {
        let mut data = vec![0u8; self.data.len()];
        const TILE: usize = 64;
        for ty in (0..self.height).step_by(TILE) {
            for tx in (0..self.width).step_by(TILE) {
                for y in ty..(ty + TILE).min(self.height) {
                    let row = self.row(y);
                    for x in tx..(tx + TILE).min(self.width) {
                        data[x * self.height + y] = row[x];
                    }
                }
            }
        }
        Binary { width: self.height, height: self.width, data }
    }

    /// The box around the ink inside a box, specks left out: pixels with fewer than three black neighbours do not count. With it the
    /// number of pixels that do.
    pub fn ink(&self, rect: Rect) -> Option<(Rect, usize)> {
        let rect = rect.within(self.width, self.height);
        let mut found: Option<Rect> = None;
        let mut count = 0;
        for y in rect.y0..rect.y1 {
            let row = self.row(y as usize);
            for x in rect.x0..rect.x1 {
                if row.get(x as usize) != Some(&1) || self.neighbours(x, y) < 4 {
                    continue;
                }
                count += 1;
                let pixel = Rect::new(x, y, x + 1, y + 1);
                found = Some(found.map_or(pixel, |f| f.union(&pixel)));
            }
        }
        found.map(|f| (f, count))
    }

    /// Black pixels in the 3×3 square, itself included.
    fn neighbours(&self, x: i32, y: i32) -> u32 {
        (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx, dy))).filter(|(dx, dy)| self.at(x + dx, y + dy)).count()
            as u32
    }

    /// Mean length of the black runs in the rows of a box, in pixels: bold print has longer ones.
    pub fn stroke(&self, rect: Rect) -> f32 {
        let rect = rect.within(self.width, self.height);
        let longest = (rect.height() as usize).max(4);
        let (mut runs, mut sum) = (0usize, 0usize);
        for y in rect.y0..rect.y1 {
            let Some(row) = self.row(y as usize).get(rect.x0 as usize..rect.x1 as usize) else { continue };
            let mut run = 0;
            for v in row.iter().chain(&[0]) {
                if *v == 1 {
                    run += 1;
                } else if run > 0 {
                    if run <= longest {
                        runs += 1;
                        sum += run;
                    }
                    run = 0;
                }
            }
        }
        if runs == 0 { 0.0 } else { sum as f32 / runs as f32 }
    }
}

/// Otsu's threshold: the value that parts the histogram into two classes most unlike each other.
pub fn otsu(image: &Gray) -> u8 {
    let mut counts = [0u64; 256];
    for v in &image.data {
        counts[usize::from(*v)] += 1;
    }
    let total: u64 = counts.iter().sum();
    let all: u64 = counts.iter().enumerate().map(|(v, n)| v as u64 * n).sum();
    // Where a stretch of values does as well, its middle is taken.
    let (mut dark, mut dark_sum, mut best, mut at) = (0u64, 0u64, -1.0f64, (128u32, 128u32));
    for (value, n) in counts.iter().enumerate().take(255) {
        dark += n;
        dark_sum += value as u64 * n;
        let light = total - dark;
        if dark == 0 || light == 0 {
            continue;
        }
        let (a, b) = (dark_sum as f64 / dark as f64, (all - dark_sum) as f64 / light as f64);
        let between = dark as f64 * light as f64 * (a - b) * (a - b);
        if between > best {
            best = between;
            at = (value as u32, value as u32);
        } else if between == best {
            at.1 = value as u32;
        }
    }
    ((at.0 + at.1) / 2) as u8
}

/// Black and white. `window`: pixels across over which the mean is taken, about five lines of text.
pub fn binarize(image: &Gray, window: usize) -> Binary {
    let (w, h) = (image.width, image.height);
    let level = u32::from(otsu(image));
    // Lines scanned thin are lighter than letters: half way from the threshold to white is still black.
    let cap = (level + 255) / 2;
    // Sums of all above and left; wrapping sums differ rightly as long as one window's sum fits.
    let mut sums = vec![0u32; (w + 1) * (h + 1)];
    for y in 0..h {
        let mut line = 0u32;
        for (x, v) in image.row(y).iter().enumerate() {
            line = line.wrapping_add(u32::from(*v));
            sums[(y + 1) * (w + 1) + x + 1] = sums[y * (w + 1) + x + 1].wrapping_add(line);
        }
    }
    let half = (window / 2).max(4);
    let mut data = Vec::with_capacity(w * h);
    for y in 0..h {
        let (y0, y1) = (y.saturating_sub(half), (y + half + 1).min(h));
        let (top, below) = (&sums[y0 * (w + 1)..(y0 + 1) * (w + 1)], &sums[y1 * (w + 1)..(y1 + 1) * (w + 1)]);
        for (x, v) in image.row(y).iter().enumerate() {
            let (x0, x1) = (x.saturating_sub(half), (x + half + 1).min(w));
            let sum = below[x1].wrapping_sub(below[x0]).wrapping_sub(top[x1]).wrapping_add(top[x0]);
            let area = ((x1 - x0) * (y1 - y0)) as u32;
            let value = u32::from(*v);
            let dark = u64::from(value) * u64::from(area) * 100 < u64::from(sum) * u64::from(100 - DARKER);
            data.push(u8::from(dark && value < cap));
        }
    }
    Binary { width: w, height: h, data }
}

/// Black pixels of every fourth column.
fn points(image: &Binary) -> Vec<(f32, f32)> {
    let mut out = Vec::new();
    for y in 0..image.height {
        let black = image.row(y).iter().enumerate().step_by(4).filter(|(_, v)| **v == 1);
        out.extend(black.map(|(x, _)| (x as f32, y as f32)));
    }
    out
}

/// How unlike each other neighbouring rows are when the page is sheared by an angle.
fn score(points: &[(f32, f32)], degrees: f32, width: f32, bins: &mut [u32]) -> f64 {
    bins.fill(0);
    let slope = degrees.to_radians().tan();
    let shift = width * slope.abs() + 1.0;
    for (x, y) in points {
        if let Some(bin) = bins.get_mut((y - x * slope + shift) as usize) {
            *bin += 1;
        }
    }
    bins.windows(2).map(|b| (f64::from(b[0]) - f64::from(b[1])).powi(2)).sum()
}

/// The angle in degrees at which the lines of the page lie; positive if they fall to the right.
pub fn skew(image: &Binary) -> f32 {
    let points = points(image);
    if points.len() < 200 {
        return 0.0;
    }
    let width = image.width as f32;
    let mut bins = vec![0u32; image.height + (width * 0.16) as usize + 4];
    let mut best = (f64::MIN, 0.0f32);
    let mut look = |from: f32, to: f32, step: f32, best: &mut (f64, f32)| {
        let mut angle = from;
        while angle <= to + step / 4.0 {
            let found = score(&points, angle, width, &mut bins);
            if found > best.0 {
                *best = (found, angle);
            }
            angle += step;
        }
    };
    look(-MAX_SKEW, MAX_SKEW, 0.25, &mut best);
    let coarse = best.1;
    look(coarse - 0.2, coarse + 0.2, 0.05, &mut best);
    let fine = best.1;
    look(fine - 0.04, fine + 0.04, 0.01, &mut best);
    best.1
}

/// How much more the columns look like lines of text than the rows do; above 1 the page lies on its side.
pub fn sideways(image: &Binary) -> f64 {
    let mut bins = vec![0u32; image.width.max(image.height) + 4];
    let rows = score(&points(image), 0.0, image.width as f32, &mut bins) / image.width as f64;
    let columns = score(&points(&image.transposed()), 0.0, image.height as f32, &mut bins) / image.height as f64;
    if rows > 0.0 { columns / rows } else { 0.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A page with lines of small blocks, like text, at an angle.
    pub fn page(degrees: f32) -> Gray {
        let mut image = Gray::filled(600, 800, 240);
        for line in 0..20 {
            for word in 0..12 {
                let (x, y) = (40 + word * 40 + line * 17 % 40, 60 + line * 32);
                for letter in 0..3 {
                    image.paint(Rect::new(x + letter * 10, y, x + letter * 10 + 4, y + 14), 30);
                }
            }
        }
        image.rotated(degrees)
    }

    #[test]
    fn angles_are_found() {
        for angle in [-2.5f32, -0.4, 0.0, 0.7, 3.0] {
            let found = skew(&binarize(&page(angle), 60));
            assert!((found - angle).abs() < 0.1, "{angle} read as {found}");
        }
        assert_eq!(skew(&binarize(&Gray::filled(300, 300, 250), 60)), 0.0);
    }

    #[test]
    fn a_page_on_its_side() {
        assert!(sideways(&binarize(&page(0.0), 60)) < 1.0);
        assert!(sideways(&binarize(&page(0.0).turned(1), 60)) > 1.0);
    }

    #[test]
    fn shade_is_white_and_thin_lines_are_black() {
        let mut image = Gray::filled(400, 400, 245);
        image.paint(Rect::new(50, 50, 350, 150), 215);
        image.paint(Rect::new(100, 80, 140, 110), 20);
        image.paint(Rect::new(50, 250, 350, 251), 150);
        let binary = binarize(&image, 60);
        assert!(!binary.at(200, 100) && binary.at(120, 95) && binary.at(200, 250) && !binary.at(200, 300));
    }

    #[test]
    fn specks_are_no_ink() {
        let mut image = Gray::filled(200, 200, 250);
        image.paint(Rect::new(20, 20, 21, 21), 0);
        image.paint(Rect::new(100, 100, 110, 120), 0);
        let binary = binarize(&image, 60);
        let (rect, count) = binary.ink(Rect::new(0, 0, 200, 200)).unwrap();
        assert_eq!((rect, count), (Rect::new(100, 100, 110, 120), 200));
        assert!(binary.ink(Rect::new(0, 0, 60, 60)).is_none());
        assert_eq!(binary.stroke(Rect::new(90, 100, 120, 120)), 10.0);
    }

    #[test]
    fn transposed_twice() {
        let binary = binarize(&page(1.0), 60);
        assert_eq!(binary.transposed().transposed(), binary);
    }
}
