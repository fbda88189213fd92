//! Aligned columns for a terminal: widths are those the letters take on screen (Vietnamese marks take none), text that does not fit
//! is cut with `…`, and control characters never reach the terminal.

use crate::run::outline::one_line;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Widest line in a pipe, where nobody says how wide it should be.
const PIPE_WIDTH: usize = 200;
/// Narrowest that a column is cut to.
const LEAST: usize = 12;

/// A table of texts.
pub struct Grid {
    heads: Vec<&'static str>,
    /// Columns of numbers.
    right: Vec<bool>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// Columns by name; a leading `>` sets a column flush right.
    pub fn new(heads: &[&'static str]) -> Grid {
        Grid {
            heads: heads.iter().map(|head| head.trim_start_matches('>')).collect(),
            right: heads.iter().map(|head| head.starts_with('>')).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().map(|cell| one_line(cell)).collect());
    }

    /// The lines, for the terminal that is there.
    pub fn text(&self) -> String {
        self.text_within(terminal_size::terminal_size().map_or(PIPE_WIDTH, |(width, _)| usize::from(width.0)))
    }

    /// The lines, no wider than `width` as far as columns can be cut.
    pub fn text_within(&self, width: usize) -> String {
        let widths = self.widths(width);
        let mut out = String::new();
        self.line(&self.heads, &widths, &mut out);
        for row in &self.rows {
            self.line(row, &widths, &mut out);
        }
        out
    }

    /// Natural widths; while they do not fit, the widest column gives.
    fn widths(&self, width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.heads.iter().map(|head| head.width()).collect();
        for row in &self.rows {
            for (most, cell) in widths.iter_mut().zip(row) {
                *most = (*most).max(cell.width());
            }
        }
        let between = 2 * widths.len().saturating_sub(1);
        loop {
            let too_much = (widths.iter().sum::<usize>() + between).saturating_sub(width);
            let mut sorted = widths.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let (widest, second) = (sorted.first().copied().unwrap_or(0), sorted.get(1).copied().unwrap_or(0));
            if too_much == 0 || widest <= LEAST {
                return widths;
            }
            // Down to the next widest at once, one further where they are equal: few rounds however wide the text is.
            let target = second.min(widest - 1).max(widest.saturating_sub(too_much)).max(LEAST);
            if let Some(most) = widths.iter_mut().find(|most| **most == widest) {
                *most = target;
            }
        }
    }

    fn line(&self, cells: &[impl AsRef<str>], widths: &[usize], out: &mut String) {
        let mut line = String::new();
        for ((cell, width), right) in cells.iter().zip(widths).zip(&self.right) {
            let cell = cut(cell.as_ref(), *width);
            let room = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if *right { (room.as_str(), "") } else { ("", room.as_str()) };
            line.push_str(before);
            line.push_str(&cell);
            line.push_str(after);
            line.push_str("  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

/// A text no wider than `width` columns.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= width
    };
    let mut out: String = text.chars().take_while(fits).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_vietnamese_letters() {
        let mut grid = Grid::new(&[">line", "label", "raw"]);
        grid.row(vec!["7".into(), "Hồ sơ".into(), "1.815".into()]);
        grid.row(vec!["12".into(), "Ho\u{302}\u{300} sơ".into(), "9".into()]);
        assert_eq!(grid.text_within(80), "line  label  raw\n   7  Hồ sơ  1.815\n  12  Ho\u{302}\u{300} sơ  9\n");
    }

    #[test]
    fn the_widest_column_gives() {
        let mut grid = Grid::new(&["a", "b"]);
        grid.row(vec!["x".repeat(100), "short".into()]);
        let text = grid.text_within(40);
        assert!(text.lines().all(|line| line.width() <= 40), "{text}");
        assert!(text.contains("…  short"));
    }

    #[test]
    fn huge_cells_are_cut_quickly() {
        let mut grid = Grid::new(&["a", "b", "c"]);
        grid.row(vec!["x".repeat(1_000_000), "y".repeat(999_999), "z".into()]);
        assert!(grid.text_within(80).lines().all(|line| line.width() <= 80));
    }
}
