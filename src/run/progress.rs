//! A progress bar on a terminal; nothing at all in a pipe.

use indicatif::{ProgressBar, ProgressStyle};

/// How far a run has come.
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar over `files` files, if wanted and if standard error is a terminal.
    pub fn new(files: usize, wanted: bool) -> Progress {
        if !wanted {
            return Progress(ProgressBar::hidden());
        }
        // indicatif draws on standard error and hides itself where that is no terminal.
        let bar = ProgressBar::new(files as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {elapsed} (eta {eta})") {
            bar.set_style(style);
        }
        Progress(bar)
    }

    /// That many more files are done.
    pub fn advance(&self, files: usize) {
        self.0.inc(files as u64);
    }

    /// Takes the bar away.
    pub fn finish(self) {
        self.0.finish_and_clear();
    }
}
