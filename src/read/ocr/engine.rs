//! Images in, words with boxes and confidence out: `tesseract` as a child process.
//!
//! The program is optional and found on PATH; without it there is an error that says how to install it. One process reads a list
//! of images with one setting; several may run side by side. Each runs on one thread, has a time limit, and works in a folder of
//! its own that is removed afterwards.

use super::gray::{Gray, Rect};
use super::tsv::{self, Word};
use crate::error::ReadError;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The program.
const PROGRAM: &str = "tesseract";
/// Characters of figures.
const FIGURES: &str = "0123456789.,()-%/<>=";
/// Most bytes of results read from one process.
const MAX_OUTPUT: u64 = 64 << 20;

/// How images are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// A page of running text (one column of lines of any size), Vietnamese.
    Page,
    /// A block of text, Vietnamese: a cell.
    Block,
    /// One line of figures.
    Figures,
    /// One line of anything: a Roman number.
    Line,
}

/// Images to be read with one setting.
#[derive(Debug)]
pub struct Task<'a> {
    /// How.
    pub setting: Setting,
    /// What.
    pub images: &'a [Gray],
    /// Pixels per inch.
    pub dpi: f32,
}

/// What is installed.
#[derive(Debug, Clone)]
pub struct Engine {
    program: String,
    english: bool,
}

/// Why images were not read.
#[derive(Debug)]
pub enum Failure {
    /// The time was up.
    Late,
    /// The program failed or gave nothing.
    Broken,
}

impl Engine {
    /// Looks for the program and its languages, once.
    pub fn find() -> Result<&'static Engine, ReadError> {
        static FOUND: OnceLock<Result<Engine, ReadError>> = OnceLock::new();
        FOUND.get_or_init(|| Engine::probe(PROGRAM)).as_ref().map_err(Clone::clone)
    }

    fn probe(program: &str) -> Result<Engine, ReadError> {
        let out = Command::new(program)
            .arg("--list-langs")
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::null())
            .output()
            .map_err(|_| missing("chương trình tesseract", "the program tesseract"))?;
        let text = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        let has = |name: &str| text.lines().any(|l| l.trim() == name);
        if !has("vie") {
            return Err(missing("dữ liệu tiếng Việt của tesseract", "tesseract's data for Vietnamese"));
        }
        Ok(Engine { program: program.to_string(), english: has("eng") })
    }

    /// Reads all tasks side by side; words of each image of each task. `until` is when the time is up.
    pub fn read(&self, tasks: &[Task], until: Instant) -> Result<Vec<Vec<Vec<Word>>>, Failure> {
        let folder = tempfile::Builder::new().prefix("baocao-ocr-").tempdir().map_err(broken)?;
        let mut running: Vec<(usize, Running)> = Vec::new();
        for (at, task) in tasks.iter().enumerate().filter(|(_, t)| !t.images.is_empty()) {
            running.push((at, Running(self.start(task, at, folder.path())?)));
        }
        let mut out: Vec<Vec<Vec<Word>>> = tasks.iter().map(|t| vec![Vec::new(); t.images.len()]).collect();
        for (at, child) in &mut running {
            child.wait(until)?;
            let text = read_limited(&folder.path().join(format!("out{at}.tsv")))?;
            if let Some(pages) = out.get_mut(*at) {
                tsv::parse(&text, pages);
            }
        }
        Ok(out)
    }

    fn start(&self, task: &Task, at: usize, folder: &Path) -> Result<Child, Failure> {
        let mut list = String::new();
        for (i, image) in task.images.iter().enumerate() {
            let path = folder.join(format!("{at}-{i}.pgm"));
            std::fs::write(&path, image.to_pgm()).map_err(broken)?;
            list.push_str(&path.to_string_lossy());
            list.push('\n');
        }
        let names = folder.join(format!("list{at}.txt"));
        std::fs::write(&names, list).map_err(broken)?;
        let (language, mode) = match task.setting {
            Setting::Page => ("vie", "4"),
            Setting::Block => ("vie", "6"),
            Setting::Figures | Setting::Line => (if self.english { "eng" } else { "vie" }, "7"),
        };
        let mut command = Command::new(&self.program);
        command
            .arg(&names)
            .arg(folder.join(format!("out{at}")))
            .args(["-l", language, "--psm", mode, "--dpi", &(task.dpi.round() as i32).clamp(70, 2400).to_string()])
            .args(["-c", "tessedit_create_tsv=1", "-c", "tessedit_create_txt=0"]);
        if task.setting == Setting::Figures {
            command.arg("-c").arg(format!("tessedit_char_whitelist={FIGURES}"));
        }
        command
            .env("OMP_THREAD_LIMIT", "1")
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(broken)
    }
}

/// A child that does not outlive its wait.
struct Running(Child);

impl Running {
    fn wait(&mut self, until: Instant) -> Result<(), Failure> {
        let mut pause = Duration::from_millis(2);
        loop {
            match self.0.try_wait().map_err(broken)? {
                Some(status) if status.success() => return Ok(()),
                Some(_) => return Err(Failure::Broken),
                None if Instant::now() >= until => return Err(Failure::Late),
                None => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            // It may have ended by itself in between, which is as good.
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
}

fn read_limited(path: &Path) -> Result<String, Failure> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|f| f.take(MAX_OUTPUT).read_to_end(&mut bytes)).map_err(broken)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn broken(_: std::io::Error) -> Failure {
    Failure::Broken
}

fn missing(vi: &str, en: &str) -> ReadError {
    const INSTALL: &str = "apt install tesseract-ocr tesseract-ocr-vie tesseract-ocr-eng";
    ReadError::new(
        "read/ocr-missing",
        format!("các trang là ảnh; thiếu {vi} để nhận dạng chữ; cách cài trên Debian, Ubuntu: {INSTALL}"),
        format!("the pages are images and {en} is not installed; on Debian or Ubuntu: {INSTALL}"),
    )
}

/// The margin of white that is put around a cut-out: without it letters at the edge are lost.
pub const MARGIN: usize = 20;

/// Cuts a box out of a page, enlarges it by `scale`, and sets it in white.
pub fn cut(page: &Gray, rect: Rect, scale: f32) -> Gray {
    let part = page.crop(rect);
    if part.width == 0 || part.height == 0 {
        return Gray::filled(2 * MARGIN, 2 * MARGIN, 255);
    }
    let part = if scale > 1.01 {
        part.resized((part.width as f32 * scale) as usize, (part.height as f32 * scale) as usize)
    } else {
        part
    };
    // The margin has the paper's value, or the edge of the paper would be read as a line.
    let mut values = part.data.clone();
    let middle = values.len() / 2;
    let paper = *values.select_nth_unstable(middle).1;
    part.framed(MARGIN, paper.max(128))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_says_how_to_install_it() {
        let error = Engine::probe("no-such-program-anywhere").unwrap_err();
        assert_eq!(error.code, "read/ocr-missing");
        assert!(error.message_en.contains("apt install tesseract-ocr tesseract-ocr-vie"));
    }

    #[test]
    fn late_and_broken_children_are_told() {
        let started = Instant::now();
        let child = Command::new("sleep").arg("30").spawn().unwrap();
        let failure = Running(child).wait(Instant::now() + Duration::from_millis(50)).unwrap_err();
        assert!(matches!(failure, Failure::Late));
        assert!(started.elapsed() < Duration::from_secs(5));
        let child = Command::new("false").spawn().unwrap();
        assert!(matches!(Running(child).wait(started + Duration::from_secs(9)), Err(Failure::Broken)));
    }

    #[test]
    fn cut_outs_have_a_margin_of_paper() {
        let mut page = Gray::filled(100, 100, 230);
        page.paint(Rect::new(40, 40, 44, 60), 0);
        let cut = cut(&page, Rect::new(30, 30, 60, 70), 2.0);
        assert_eq!((cut.width, cut.height), (60 + 40, 80 + 40));
        assert_eq!(cut.at(0, 0), 230);
        assert!(cut.at(20 + 22, 20 + 30) < 40);
    }
}
