//! One test binary: the layer table, the command line, bad input, goldens, the same bytes for any thread count.

mod bad_input;
mod cli;
mod compare;
mod determinism;
mod explain;
mod goldens;
mod keys;
mod layers;
mod mutation;
mod reports;
mod suggest;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program with a fixed language.
fn baocao(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_baocao"))
        .args(arguments)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C")
        .output()
        .expect("the program runs")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a UTF-8 path")
}

/// A folder with an input folder `in` and no output folder `out` yet.
struct Bench {
    temp: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let temp = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(temp.path().join("in")).expect("a folder");
        Bench { temp }
    }

    fn input(&self) -> PathBuf {
        self.temp.path().join("in")
    }

    fn output(&self) -> PathBuf {
        self.temp.path().join("out")
    }

    /// Writes an input file.
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.input().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, bytes).expect("a file");
        path
    }

    /// Extracts the input folder as CSV.
    fn extract(&self, more: &[&str]) -> Output {
        let (input, output) = (self.input(), self.output());
        let mut arguments = vec!["extract", path(&input), "-o", path(&output), "--formats", "csv"];
        arguments.extend(more);
        baocao(&arguments)
    }

    /// The rows of `documents.csv`: path, status, error.
    fn documents(&self) -> Vec<(String, String, String)> {
        let mut reader = csv::Reader::from_path(self.output().join("documents.csv")).expect("documents.csv");
        let heads = reader.headers().expect("a header").clone();
        let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
        let (path, status, error) = (at("path"), at("status"), at("error"));
        reader
            .records()
            .map(|row| row.expect("a row"))
            .map(|row| (row[path].to_string(), row[status].to_string(), row[error].to_string()))
            .collect()
    }

    /// Status and error of one file.
    fn document(&self, name: &str) -> (String, String) {
        let found = self.documents().into_iter().find(|(path, ..)| path == name);
        let (_, status, error) = found.unwrap_or_else(|| panic!("{name} is no row of documents"));
        (status, error)
    }

    /// What lies beside the input: the output folder or nothing.
    fn beside(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(self.temp.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .filter(|name| name != "in")
            .collect();
        names.sort();
        names
    }
}

/// A short report of our own, for tests about files rather than figures.
const REPORT: &str = "ỦY BAN NHÂN DÂN\nXÃ BÌNH AN\nSố: 12/BC-UBND\n\nBÁO CÁO\nKết quả cải cách hành chính năm 2023\n\n\
I. KẾT QUẢ\n1. Trong năm, xã đã tiếp nhận 1.205 hồ sơ, giải quyết 1.200 hồ sơ.\n2. Đã ban hành 07 văn bản.\n";
