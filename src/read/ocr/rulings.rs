//! Black and white in, straight level and upright lines out.
//!
//! The method is run-length morphology: a line is a run of black over three neighbouring rows, with small gaps, longer than any
//! letter and hardly thicker than a pen stroke. Runs of neighbouring rows are one line; lines of one height that nearly touch are
//! joined. Dotted lines are taken where there is white on both sides of them. Upright lines are level lines of the transposed image.

use super::binary::Binary;

/// A straight line: level (`at` is its y) or upright (`at` is its x).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruling {
    /// Middle across.
    pub at: i32,
    /// First pixel along.
    pub from: i32,
    /// After the last pixel along.
    pub to: i32,
    /// Pixels across.
    pub thick: i32,
}

impl Ruling {
    /// Pixels along.
    pub fn length(&self) -> i32 {
        self.to - self.from
    }
}

/// Shortest level line in inches: narrower than the narrowest column (row numbers), wider than any stroke of a letter.
const LEVEL: f32 = 0.22;
/// Shortest upright line in inches: a row of one text line.
const UPRIGHT: f32 = 0.19;
/// Thickest line in inches.
const THICK: f32 = 0.06;
/// Longest gap inside a line in inches.
const GAP: f32 = 0.017;
/// Gap between two parts of one line, in inches.
const JOIN: f32 = 0.08;
/// Share of black in a solid line, and in a dotted one, in percent.
const SOLID: i32 = 88;
const DOTTED: i32 = 40;
/// More lines than any form has: a picture or noise.
const MAX_RULINGS: usize = 3000;

/// Pixels of a length in inches.
pub fn pixels(inches: f32, dpi: f32) -> i32 {
    (inches * dpi).round().max(1.0) as i32
}

/// All level and upright lines, sorted by place.
pub fn rulings(image: &Binary, dpi: f32) -> (Vec<Ruling>, Vec<Ruling>) {
    let level = level_lines(image, pixels(LEVEL, dpi), dpi);
    let upright = level_lines(&image.transposed(), pixels(UPRIGHT, dpi), dpi);
    (level, upright)
}

/// A run of black in one row.
#[derive(Debug, Clone, Copy)]
struct Run {
    y: i32,
    from: i32,
    to: i32,
}

fn level_lines(image: &Binary, shortest: i32, dpi: f32) -> Vec<Ruling> {
    let mut runs: Vec<Run> = Vec::new();
    let gap = pixels(GAP, dpi);
    let beside = pixels(0.03, dpi).max(4);
    let white = vec![0u8; image.width];
    let row = |y: i32| if y < 0 || y >= image.height as i32 { &white[..] } else { image.row(y as usize) };
    for y in 0..image.height as i32 {
        let (above, here, below) = (row(y - 1), row(y), row(y + 1));
        let (mut start, mut last, mut black) = (-1i32, -1i32, 0i32);
        let mut close = |start: i32, last: i32, black: i32| {
            let length = last + 1 - start;
            if start < 0 || length < shortest {
                return;
            }
            let share = black * 100 / length;
            let fits = share >= SOLID
                || share >= DOTTED && length >= 2 * shortest && {
                    let clear = |y: i32| {
                        let part = row(y).get(start as usize..=last as usize).unwrap_or(&[]);
                        part.iter().map(|v| i32::from(*v)).sum::<i32>() * 5 < length
                    };
                    clear(y - beside) && clear(y + beside)
                };
            if fits {
                runs.push(Run { y, from: start, to: last + 1 });
            }
        };
        for (x, v) in here.iter().enumerate() {
            let x = x as i32;
            if *v | above[x as usize] | below[x as usize] == 1 {
                if start < 0 || x - last > gap {
                    close(start, last, black);
                    start = x;
                    black = 0;
                }
                last = x;
                black += 1;
            }
        }
        close(start, last, black);
    }
    let mut lines = gather(runs, pixels(THICK, dpi));
    join(&mut lines, dpi);
    lines.truncate(MAX_RULINGS);
    lines
}

/// Runs of neighbouring rows that lie over each other are one line; what is too thick is a bar or a picture.
fn gather(runs: Vec<Run>, thickest: i32) -> Vec<Ruling> {
    struct Open {
        top: i32,
        bottom: i32,
        from: i32,
        to: i32,
        last: Run,
    }
    let mut open: Vec<Open> = Vec::new();
    let mut out = Vec::new();
    let done = |o: &Open, out: &mut Vec<Ruling>| {
        // Looking over three rows made it two rows thicker.
        let thick = (o.bottom - o.top - 1).max(1);
        if thick <= thickest {
            out.push(Ruling { at: (o.top + o.bottom) / 2, from: o.from, to: o.to, thick });
        }
    };
    for run in runs {
        open.retain(|o| {
            let over = o.last.y + 1 < run.y;
            if over {
                done(o, &mut out);
            }
            !over
        });
        let touching = open.iter_mut().find(|o| o.last.y < run.y && o.last.from < run.to && run.from < o.last.to);
        match touching {
            Some(o) => {
                o.bottom = run.y;
                o.from = o.from.min(run.from);
                o.to = o.to.max(run.to);
                o.last = Run { y: run.y, from: o.last.from.min(run.from), to: o.last.to.max(run.to) };
            }
            None => open.push(Open { top: run.y, bottom: run.y, from: run.from, to: run.to, last: run }),
        }
        if open.len() + out.len() > 4 * MAX_RULINGS {
            break;
        }
    }
    for o in &open {
        done(o, &mut out);
    }
    out.sort_by_key(|r| (r.at, r.from));
    out
}

/// Joins lines that go on in one another.
fn join(lines: &mut Vec<Ruling>, dpi: f32) {
    let (apart, gap) = (pixels(0.015, dpi).max(2), pixels(JOIN, dpi));
    let mut joined: Vec<Ruling> = Vec::with_capacity(lines.len());
    for line in lines.drain(..) {
        let near = joined
            .iter_mut()
            .rev()
            .take_while(|j| j.at >= line.at - 2 * apart)
            .find(|j| (j.at - line.at).abs() <= apart && line.from <= j.to + gap && j.from <= line.to + gap);
        match near {
            Some(j) => {
                if line.length() > j.length() {
                    j.at = line.at;
                }
                j.from = j.from.min(line.from);
                j.to = j.to.max(line.to);
                j.thick = j.thick.max(line.thick);
            }
            None => joined.push(line),
        }
    }
    *lines = joined;
}

#[cfg(test)]
mod tests {
    use super::super::binary::binarize;
    use super::super::gray::{Gray, Rect};
    use super::*;

    #[test]
    fn lines_and_no_letters() {
        let mut image = Gray::filled(800, 600, 250);
        image.paint(Rect::new(50, 100, 750, 102), 20);
        image.paint(Rect::new(50, 300, 400, 301), 90);
        image.paint(Rect::new(403, 301, 750, 302), 90);
        image.paint(Rect::new(50, 100, 52, 400), 20);
        // Letters, and a bar that is too thick to be a line.
        for i in 0..30 {
            image.paint(Rect::new(100 + i * 14, 150, 108 + i * 14, 172), 10);
        }
        image.paint(Rect::new(300, 450, 600, 490), 10);
        let (level, upright) = rulings(&binarize(&image, 60), 200.0);
        assert_eq!(level.iter().map(|r| (r.from, r.to)).collect::<Vec<_>>(), [(50, 750), (50, 750)]);
        assert!((level[0].at - 100).abs() <= 1 && (level[1].at - 300).abs() <= 1 && level[0].thick <= 3);
        assert_eq!(upright.len(), 1);
        assert_eq!((upright[0].from, upright[0].to), (100, 400));
    }

    #[test]
    fn dotted_lines() {
        let mut image = Gray::filled(800, 300, 250);
        for i in 0..150 {
            image.paint(Rect::new(50 + i * 4, 100, 52 + i * 4, 102), 20);
        }
        let (level, _) = rulings(&binarize(&image, 60), 200.0);
        assert_eq!(level.len(), 1);
        assert!(level[0].length() > 580);
    }

    #[test]
    fn a_black_page_has_none() {
        let (level, upright) = rulings(&Binary { width: 300, height: 300, data: vec![1; 90_000] }, 200.0);
        assert!(level.is_empty() && upright.is_empty());
    }
}
