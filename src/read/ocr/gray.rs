//! A page as gray values: 0 black, 255 white, row by row.
//!
//! Everything after decoding works on this one form. Colours come in through `from_rgb`, which lets red ink (seals) fade away.

/// A gray image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    /// Pixels per row.
    pub width: usize,
    /// Number of rows.
    pub height: usize,
    /// `width * height` values.
    pub data: Vec<u8>,
}

/// A box in pixels, right and bottom exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    /// Left.
    pub x0: i32,
    /// Top.
    pub y0: i32,
    /// Right, exclusive.
    pub x1: i32,
    /// Bottom, exclusive.
    pub y1: i32,
}

impl Rect {
    /// A box from its corners.
    pub fn new(x0: i32, y0: i32, x1: i32, y1: i32) -> Rect {
        Rect { x0, y0, x1, y1 }
    }
    /// Pixels across, never negative.
    pub fn width(&self) -> i32 {
        (self.x1 - self.x0).max(0)
    }
    /// Pixels down, never negative.
    pub fn height(&self) -> i32 {
        (self.y1 - self.y0).max(0)
    }
    /// The smallest box around both.
    pub fn union(&self, other: &Rect) -> Rect {
        Rect::new(self.x0.min(other.x0), self.y0.min(other.y0), self.x1.max(other.x1), self.y1.max(other.y1))
    }
    /// Larger by so much on every side.
    pub fn grown(&self, by: i32) -> Rect {
        Rect::new(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)
    }
    /// The part of it inside an image.
    pub fn within(&self, width: usize, height: usize) -> Rect {
        let (w, h) = (width as i32, height as i32);
        Rect::new(self.x0.clamp(0, w), self.y0.clamp(0, h), self.x1.clamp(0, w), self.y1.clamp(0, h))
    }
}

/// How much redder than green and blue a pixel must be to count as red ink.
const RED: i32 = 24;

impl Gray {
    /// An image of one value.
    pub fn filled(width: usize, height: usize, value: u8) -> Gray {
        Gray { width, height, data: vec![value; width * height] }
    }

    /// From gray values; None if there are too few.
    pub fn from_luma(width: usize, height: usize, mut data: Vec<u8>) -> Option<Gray> {
        let size = width.checked_mul(height)?;
        if data.len() < size || size == 0 {
            return None;
        }
        data.truncate(size);
        Some(Gray { width, height, data })
    }

    /// From colours, `step` bytes a pixel (3 or 4; a fourth is opacity over white). The seal of an office is red and is set over
    /// text: red ink keeps only its red part, made as light as the paper.
    pub fn from_rgb(width: usize, height: usize, data: &[u8], step: usize) -> Option<Gray> {
        let size = width.checked_mul(height)?;
        if size == 0 || step < 3 || data.len() < size.checked_mul(step)? {
            return None;
        }
        let mut out = Vec::with_capacity(size);
        for p in data.chunks_exact(step).take(size) {
            let [r, g, b] = [i32::from(p[0]), i32::from(p[1]), i32::from(p[2])];
            let red = r - g.max(b);
            let value = if red > RED { (r + red / 2).min(255) } else { (r * 77 + g * 150 + b * 29) >> 8 };
            let alpha = if step > 3 { i32::from(p[3]) } else { 255 };
            out.push(((value * alpha + 255 * (255 - alpha)) / 255).clamp(0, 255) as u8);
        }
        Some(Gray { width, height, data: out })
    }

    /// A value; white outside.
    pub fn at(&self, x: i32, y: i32) -> u8 {
        if x < 0 || y < 0 || x >= self.width as i32 || y >= self.height as i32 {
            return 255;
        }
        self.data.get(y as usize * self.width + x as usize).copied().unwrap_or(255)
    }

    /// One row.
    pub fn row(&self, y: usize) -> &[u8] {
        self.data.get(y * self.width..(y + 1) * self.width).unwrap_or(&[])
    }

    /// A part of it.
    pub fn crop(&self, rect: Rect) -> Gray {
        let rect = rect.within(self.width, self.height);
        let (width, height) = (rect.width() as usize, rect.height() as usize);
        let mut data = Vec::with_capacity(width * height);
        for y in rect.y0..rect.y1 {
            let row = self.row(y as usize);
            data.extend_from_slice(row.get(rect.x0 as usize..rect.x1 as usize).unwrap_or(&[]));
        }
        Gray { width, height, data }
    }

    /// With a margin of the given value around it.
    pub fn framed(&self, margin: usize, value: u8) -> Gray {
        let mut out = Gray::filled(self.width + 2 * margin, self.height + 2 * margin, value);
        for y in 0..self.height {
            let start = (y + margin) * out.width + margin;
            if let Some(row) = out.data.get_mut(start..start + self.width) {
                row.copy_from_slice(self.row(y));
            }
        }
        out
    }

    /// Paints a box.
    pub fn paint(&mut self, rect: Rect, value: u8) {
        let rect = rect.within(self.width, self.height);
        for y in rect.y0..rect.y1 {
            let start = y as usize * self.width;
            if let Some(row) = self.data.get_mut(start + rect.x0 as usize..start + rect.x1 as usize) {
                row.fill(value);
            }
        }
    }

    /// Smaller by a whole factor: each pixel the mean of a square.
    pub fn reduced(&self, factor: usize) -> Gray {
        if factor <= 1 {
            return self.clone();
        }
        let (width, height) = ((self.width / factor).max(1), (self.height / factor).max(1));
        let mut data = Vec::with_capacity(width * height);
        let mut sums = vec![0u32; width];
        for y in 0..height {
            sums.fill(0);
            for row in (y * factor..((y + 1) * factor).min(self.height)).map(|y| self.row(y)) {
                for (sum, part) in sums.iter_mut().zip(row.chunks(factor)) {
                    *sum += part.iter().map(|v| u32::from(*v)).sum::<u32>();
                }
            }
            let area = (factor * factor) as u32;
            data.extend(sums.iter().map(|s| (s / area).min(255) as u8));
        }
        Gray { width, height, data }
    }

    /// Scaled to a size by linear interpolation; meant for enlarging.
    pub fn resized(&self, width: usize, height: usize) -> Gray {
        let (width, height) = (width.max(1), height.max(1));
        let mut data = Vec::with_capacity(width * height);
        let (fx, fy) = (self.width as f32 / width as f32, self.height as f32 / height as f32);
        let columns: Vec<(i32, i32)> = (0..width).map(|x| split((x as f32 + 0.5) * fx - 0.5, self.width)).collect();
        for y in 0..height {
            let (y0, part) = split((y as f32 + 0.5) * fy - 0.5, self.height);
            let (top, below) = (self.row(y0 as usize), self.row((y0 as usize + 1).min(self.height - 1)));
            for (x0, share) in &columns {
                let (a, b) = (*x0 as usize, (*x0 as usize + 1).min(self.width - 1));
                let mix = |row: &[u8]| i32::from(row[a]) * (256 - share) + i32::from(row[b]) * share;
                data.push(((mix(top) * (256 - part) + mix(below) * part) >> 16) as u8);
            }
        }
        Gray { width, height, data }
    }

    /// Turned about its middle by a small angle in degrees (positive: clockwise), same size, white where nothing was.
    pub fn rotated(&self, degrees: f32) -> Gray {
        let (sin, cos) = (degrees.to_radians().sin(), degrees.to_radians().cos());
        let (cx, cy) = (self.width as f32 / 2.0, self.height as f32 / 2.0);
        let mut out = Vec::with_capacity(self.data.len());
        // 16.16 fixed point: two additions a pixel.
        let (step_x, step_y) = ((cos * 65536.0) as i64, (-sin * 65536.0) as i64);
        for y in 0..self.height {
            let (dx, dy) = (0.5 - cx, y as f32 + 0.5 - cy);
            let mut sx = ((dx * cos + dy * sin + cx - 0.5) * 65536.0) as i64;
            let mut sy = ((-dx * sin + dy * cos + cy - 0.5) * 65536.0) as i64;
            for _ in 0..self.width {
                let (x0, y0) = (sx >> 16, sy >> 16);
                let value = if x0 >= 0 && y0 >= 0 && x0 + 1 < self.width as i64 && y0 + 1 < self.height as i64 {
                    let at = y0 as usize * self.width + x0 as usize;
                    let (fx, fy) = ((sx & 0xffff) >> 8, (sy & 0xffff) >> 8);
                    let p = |i: usize| i64::from(self.data[i]);
                    let top = p(at) * (256 - fx) + p(at + 1) * fx;
                    let below = p(at + self.width) * (256 - fx) + p(at + self.width + 1) * fx;
                    ((top * (256 - fy) + below * fy) >> 16) as u8
                } else {
                    self.at(x0 as i32, y0 as i32)
                };
                out.push(value);
                sx += step_x;
                sy += step_y;
            }
        }
        Gray { width: self.width, height: self.height, data: out }
    }

    /// Turned by quarter turns clockwise.
    pub fn turned(&self, quarters: u8) -> Gray {
        let (w, h) = (self.width, self.height);
        match quarters % 4 {
            0 => self.clone(),
            2 => Gray { width: w, height: h, data: self.data.iter().rev().copied().collect() },
            odd => {
                let mut data = Vec::with_capacity(self.data.len());
                for y in 0..w {
                    for x in 0..h {
                        let (sx, sy) = if odd == 1 { (y, h - 1 - x) } else { (w - 1 - y, x) };
                        data.push(self.data[sy * w + sx]);
                    }
                }
                Gray { width: h, height: w, data }
            }
        }
    }

    /// As a binary PGM file, which needs no compression.
    pub fn to_pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.data);
        out
    }
}

/// A position as the pixel before it and the share of the next, of 256.
fn split(at: f32, size: usize) -> (i32, i32) {
    let at = at.clamp(0.0, (size - 1) as f32);
    (at as i32, ((at - at.floor()) * 256.0) as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: usize, height: usize) -> Gray {
        let data = (0..width * height).map(|i| (i * 7 % 251) as u8).collect();
        Gray { width, height, data }
    }

    #[test]
    fn red_fades_and_black_stays() {
        let image = Gray::from_rgb(4, 1, &[230, 40, 40, 10, 10, 10, 40, 40, 200, 255, 255, 255], 3).unwrap();
        assert_eq!(image.data[0], 255);
        assert!(image.data[1] < 20 && image.data[2] < 70);
        assert_eq!(image.data[3], 255);
        assert!(Gray::from_rgb(4, 2, &[0; 12], 3).is_none());
        assert_eq!(Gray::from_rgb(1, 1, &[0, 0, 0, 0], 4).unwrap().data, [255]);
    }

    #[test]
    fn parts_and_frames() {
        let image = ramp(10, 8);
        let part = image.crop(Rect::new(8, 6, 40, 40));
        assert_eq!((part.width, part.height), (2, 2));
        assert_eq!(part.at(1, 1), image.at(9, 7));
        let framed = part.framed(3, 255);
        assert_eq!((framed.width, framed.at(0, 0), framed.at(3, 3)), (8, 255, part.at(0, 0)));
        assert_eq!(image.at(-1, 0), 255);
    }

    #[test]
    fn quarter_turns_come_round() {
        let image = ramp(5, 3);
        assert_eq!(image.turned(1).turned(3), image);
        assert_eq!(image.turned(2).turned(2), image);
        assert_eq!(image.turned(1).turned(1), image.turned(2));
        // The top left comes to the top right.
        assert_eq!(image.turned(1).at(2, 0), image.at(0, 0));
    }

    #[test]
    fn small_turns_undo_each_other() {
        let mut image = Gray::filled(200, 200, 255);
        image.paint(Rect::new(40, 98, 160, 102), 0);
        let turned = image.rotated(2.0);
        assert!(turned.at(150, 98) > 200 && turned.at(150, 102) < 100, "the right end goes down");
        let back = turned.rotated(-2.0);
        assert!(back.at(150, 100) < 60 && back.at(50, 100) < 60 && back.at(150, 106) > 200);
        assert_eq!(image.rotated(0.0).at(50, 100), 0);
    }

    #[test]
    fn sizes() {
        let image = Gray::filled(9, 9, 100);
        assert_eq!(image.reduced(2).data, vec![100; 16]);
        let large = image.resized(18, 20);
        assert_eq!((large.width, large.height, large.at(17, 19)), (18, 20, 100));
        assert!(image.to_pgm().starts_with(b"P5\n9 9\n255\n"));
    }
}
