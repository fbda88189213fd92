//! What stops a file or a run. Every error has a stable code and names the file.

use std::path::PathBuf;

/// Why one file could not be read. The code is stable; the message names what was found and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message_en}")]
pub struct ReadError {
    /// `read/empty`, `read/binary`, `read/too-large`, `read/unreadable` …
    pub code: &'static str,
    /// In Vietnamese.
    pub message_vi: String,
    /// In English.
    pub message_en: String,
}

impl ReadError {
    /// An error with both messages.
    pub fn new(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> ReadError {
        ReadError { code, message_vi: vi.into(), message_en: en.into() }
    }
}

/// Why a whole run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The rules folder has faults.
    #[error("rules/faults: {0} fault(s) in the rules")]
    Rules(usize),
    /// No input was found below the paths given.
    #[error("run/no-input: no report found below {0}")]
    NoInput(PathBuf),
    /// The output folder cannot be written.
    #[error("run/output: {0}: {1}")]
    Output(PathBuf, std::io::Error),
    /// The output folder holds files that this program did not write.
    #[error("run/foreign-output: {0} holds files that baocao did not write; choose an empty folder")]
    ForeignOutput(PathBuf),
    /// A command that cannot be carried out, with its code.
    #[error("{code}: {en}")]
    Stopped {
        /// `compare/no-parquet` …
        code: &'static str,
        /// In Vietnamese.
        vi: String,
        /// In English.
        en: String,
    },
    /// Anything else that stops a run.
    #[error("run/failed: {0}")]
    Failed(String),
}
