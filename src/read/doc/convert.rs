//! A file that the reader here cannot follow, given to a converter found on the search path: soffice to HTML, else antiword to text.
//!
//! Both are optional. The converter runs with a time limit on a copy in a folder of its own, which vanishes afterwards; macros and
//! links of the file are not followed by these commands.

use crate::error::ReadError;
use crate::model::Document;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A converter that takes longer is ended.
const PATIENCE: Duration = Duration::from_secs(60);

/// Finds a program on the search path.
fn program(name: &str) -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Converts and reads a file; None where no converter is there or none can read it.
pub fn read(bytes: &[u8]) -> Option<Document> {
    let folder = tempfile::tempdir().ok()?;
    let input = folder.path().join("input.doc");
    std::fs::write(&input, bytes).ok()?;
    if let Some(soffice) = program("soffice").or_else(|| program("libreoffice")) {
        let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
        let mut command = Command::new(soffice);
        command.arg(profile).args(["--headless", "--norestore", "--convert-to", "html", "--outdir"]);
        command.arg(folder.path()).arg(&input);
        if run(command, folder.path()).is_some()
            && let Ok(page) = std::fs::read(folder.path().join("input.html"))
            && let Ok(document) = crate::read::html::read(&page, "input.html")
        {
            return Some(Document { parser: "doc/soffice".to_string(), format: "doc", ..document });
        }
    }
    let antiword = program("antiword")?;
    let output = folder.path().join("input.txt");
    let mut command = Command::new(antiword);
    command.args(["-m", "UTF-8.txt", "-w", "0"]).arg(&input);
    command.stdout(Stdio::from(std::fs::File::create(&output).ok()?));
    run(command, folder.path())?;
    let text = std::fs::read(&output).ok()?;
    let document = crate::read::text::read(&text, "input.txt").ok()?;
    Some(Document { parser: "doc/antiword".to_string(), format: "doc", ..document })
}

fn run(mut command: Command, folder: &Path) -> Option<()> {
    command.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success().then_some(()),
            Ok(None) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// The error where no converter helped.
pub fn missing(what: &str) -> ReadError {
    ReadError::new(
        "read/converter-missing",
        format!(
            "không đọc được tệp .doc ({what}); hãy cài LibreOffice (soffice) hoặc antiword, hoặc lưu lại thành .docx"
        ),
        format!(
            "the .doc file cannot be read here ({what}); install LibreOffice (soffice) or antiword, or save it as .docx"
        ),
    )
}
