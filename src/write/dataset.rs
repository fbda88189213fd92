//! Rows → the files of one dataset, streamed: a batch of documents is encoded in memory (in parallel, one `Encoded` per document)
//! and appended in path order, so that memory stays flat however many documents there are.
//!
//! CSV and JSON lines are appended as they come. Parquet is written in row groups: rows are gathered until a table has
//! `GROUP_ROWS` rows or `GROUP_BYTES` of text; since only the order of documents decides where a group ends, the bytes are the same
//! for any number of threads.

use crate::error::RunError;
use crate::text::clean::Text;
use crate::write::chunk::Chunk;
use crate::write::columns::{TABLES, TableId};
use crate::write::csv::CsvRows;
use crate::write::folder::Folder;
use crate::write::jsonl::JsonRows;
use crate::write::package::{self, RunInfo};
#[cfg(feature = "parquet")]
use crate::write::parquet::ParquetFile;
use crate::write::rows::{FileId, FileStatus, Outcome, emit};
use crate::write::value::{Sink, Value};
use std::fs::File;
use std::io::{BufWriter, Error, Write};
use std::path::Path;

/// Rows per row group at most (plus those of the document that crosses the line).
#[cfg(feature = "parquet")]
const GROUP_ROWS: usize = 65_536;
/// Bytes of text per row group at most (likewise). Five tables are open at once, so this bounds the memory that Parquet needs.
#[cfg(feature = "parquet")]
const GROUP_BYTES: usize = 16 << 20;

/// Which formats to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formats {
    /// Apache Parquet (only in builds with the feature `parquet`).
    pub parquet: bool,
    /// CSV.
    pub csv: bool,
    /// JSON lines.
    pub jsonl: bool,
}

impl Default for Formats {
    fn default() -> Self {
        Formats { parquet: cfg!(feature = "parquet"), csv: true, jsonl: false }
    }
}

impl Formats {
    /// Names of the formats, in the order in which they are listed everywhere.
    pub fn names(self) -> Vec<&'static str> {
        [("parquet", self.parquet), ("csv", self.csv), ("jsonl", self.jsonl)]
            .into_iter()
            .filter_map(|(name, wanted)| wanted.then_some(name))
            .collect()
    }
}

/// What was counted while writing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents read whole, in part, not at all.
    pub documents: [usize; 3],
    /// Facts.
    pub facts: usize,
    /// Facts with an indicator.
    pub mapped: usize,
    /// Warnings of severity info, warning, error.
    pub warnings: [usize; 3],
    /// Files that were not read whole.
    pub failures: Vec<Failure>,
}

/// A file that was not read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// As in `documents.path`.
    pub path: String,
    /// Partial or failed.
    pub status: FileStatus,
    /// `code: message` in English, as in `documents.error`.
    pub error_en: String,
    /// The same in Vietnamese.
    pub error_vi: String,
}

impl Counts {
    /// What one file adds.
    fn of(file: &FileId, outcome: &Outcome) -> Counts {
        let mut counts = Counts::default();
        let status = outcome.status();
        counts.documents[status as usize] += 1;
        if let Some(error_en) = outcome.error().filter(|_| status != FileStatus::Ok) {
            let error_vi = outcome.error_vi().unwrap_or_default();
            counts.failures.push(Failure { path: file.path.clone(), status, error_en, error_vi });
        }
        if let Outcome::Read(read) = outcome {
            counts.facts = read.1.facts.len();
            counts.mapped = read.1.facts.iter().filter(|f| f.indicator.is_some()).count();
            for warning in &read.1.warnings {
                counts.warnings[warning.severity as usize] += 1;
            }
        }
        counts
    }

    fn add(&mut self, other: Counts) {
        for (mine, theirs) in self.documents.iter_mut().zip(other.documents) {
            *mine += theirs;
        }
        for (mine, theirs) in self.warnings.iter_mut().zip(other.warnings) {
            *mine += theirs;
        }
        self.facts += other.facts;
        self.mapped += other.mapped;
        self.failures.extend(other.failures);
    }

    /// Documents of a status.
    pub fn with_status(&self, status: FileStatus) -> usize {
        self.documents[status as usize]
    }
}

/// The rows of one document in every format that is asked for.
pub struct Encoded {
    csv: Option<[Vec<u8>; 5]>,
    jsonl: Option<[Vec<u8>; 5]>,
    #[cfg_attr(not(feature = "parquet"), allow(dead_code))]
    chunks: Option<[Chunk; 5]>,
    counts: Counts,
}

/// Encodes one document.
pub fn encode(file: &FileId, outcome: &Outcome, formats: Formats) -> Encoded {
    let mut encoder = Encoder {
        csv: formats.csv.then(|| sizes(outcome).map(CsvRows::with_capacity)),
        jsonl: formats.jsonl.then(Default::default),
        chunks: formats.parquet.then(|| TABLES.map(|t| Chunk::new(t.schema()))),
    };
    emit(file, outcome, &mut encoder);
    Encoded {
        csv: encoder.csv.map(|tables: [CsvRows; 5]| tables.map(CsvRows::finish)),
        jsonl: encoder.jsonl.map(|tables: [JsonRows; 5]| tables.map(JsonRows::finish)),
        chunks: encoder.chunks,
        counts: Counts::of(file, outcome),
    }
}

/// About how many bytes the rows of each table will take: buffers that grow are copied again and again.
fn sizes(outcome: &Outcome) -> [usize; 5] {
    // What stands beside the texts of a row: ids, places, numbers, headings. Rather too much: memory that is never touched costs nothing.
    const FACT: usize = 400;
    const CELL: usize = 300;
    const BLOCK: usize = 400;
    let Outcome::Read(read) = outcome else { return [0; 5] };
    let (document, extraction) = &**read;
    let both = |text: &Text| text.clean.len() + text.raw.len();
    let facts = extraction.facts.iter().map(|f| f.label.len() + f.raw.len() + f.quote.len() + FACT).sum();
    let cells = document.tables.iter().flat_map(|t| &t.cells).map(|c| both(&c.text) + CELL).sum();
    let blocks = document.blocks.iter().map(|b| both(&b.text) + BLOCK).sum();
    TABLES.map(|table| match table {
        TableId::Facts => facts,
        TableId::Tables => cells,
        TableId::Blocks => blocks,
        _ => 1 << 10,
    })
}

struct Encoder {
    csv: Option<[CsvRows; 5]>,
    jsonl: Option<[JsonRows; 5]>,
    chunks: Option<[Chunk; 5]>,
}

impl Sink for Encoder {
    fn row(&mut self, table: TableId, values: &[Value<'_>]) {
        debug_assert_eq!(values.len(), table.schema().columns.len(), "{}", table.schema().name);
        if let Some(csv) = &mut self.csv {
            csv[table as usize].row(table.schema(), values);
        }
        if let Some(jsonl) = &mut self.jsonl {
            jsonl[table as usize].row(table.schema(), values);
        }
        if let Some(chunks) = &mut self.chunks {
            chunks[table as usize].row(values);
        }
    }
}

/// A dataset being written.
pub struct Dataset {
    folder: Folder,
    formats: Formats,
    csv: Vec<BufWriter<File>>,
    jsonl: Vec<BufWriter<File>>,
    #[cfg(feature = "parquet")]
    parquet: Vec<(ParquetFile, Chunk)>,
    counts: Counts,
}

impl Dataset {
    /// Starts a dataset that will appear at `target`.
    pub fn create(target: &Path, formats: Formats) -> Result<Dataset, RunError> {
        if formats.parquet && cfg!(not(feature = "parquet")) {
            return Err(RunError::Failed(
                "this build of baocao has no Parquet; build it with the feature parquet".into(),
            ));
        }
        let folder = Folder::create(target)?;
        let open = |table: TableId, ending: &str| {
            File::create(folder.path().join(format!("{}.{ending}", table.schema().name)))
                .map_err(|error| RunError::Output(target.to_path_buf(), error))
        };
        let buffered = |table, ending: &str| Ok(BufWriter::with_capacity(1 << 16, open(table, ending)?));
        let mut csv = Vec::new();
        let mut jsonl = Vec::new();
        #[cfg(feature = "parquet")]
        let mut parquet = Vec::new();
        for table in TABLES {
            if formats.csv {
                let mut file = buffered(table, "csv")?;
                file.write_all(&CsvRows::header(table.schema()))
                    .map_err(|error| RunError::Output(target.to_path_buf(), error))?;
                csv.push(file);
            }
            if formats.jsonl {
                jsonl.push(buffered(table, "jsonl")?);
            }
            #[cfg(feature = "parquet")]
            if formats.parquet {
                let file = ParquetFile::new(open(table, "parquet")?, table.schema())
                    .map_err(|error| RunError::Output(target.to_path_buf(), error))?;
                parquet.push((file, Chunk::new(table.schema())));
            }
        }
        Ok(Dataset {
            folder,
            formats,
            csv,
            jsonl,
            #[cfg(feature = "parquet")]
            parquet,
            counts: Counts::default(),
        })
    }

    /// Adds one document; documents must come in path order.
    pub fn append(&mut self, encoded: Encoded) -> Result<(), RunError> {
        self.counts.add(encoded.counts);
        let written = write_all(&mut self.csv, encoded.csv.as_ref())
            .and_then(|()| write_all(&mut self.jsonl, encoded.jsonl.as_ref()));
        written.map_err(|error| self.output(error))?;
        #[cfg(feature = "parquet")]
        for (((file, gathered), chunk), table) in
            self.parquet.iter_mut().zip(encoded.chunks.iter().flatten()).zip(TABLES)
        {
            gathered.append(chunk);
            if gathered.rows >= GROUP_ROWS || gathered.text_bytes >= GROUP_BYTES {
                let full = std::mem::replace(gathered, Chunk::new(table.schema()));
                file.write(&full).map_err(|error| RunError::Output(self.folder.target().to_path_buf(), error))?;
            }
        }
        Ok(())
    }

    /// Completes all files, writes `datapackage.json` and `run.json`, and moves the folder to its place.
    pub fn finish(mut self, run: &RunInfo) -> Result<Counts, RunError> {
        let flushed = self.csv.iter_mut().chain(&mut self.jsonl).try_for_each(Write::flush);
        flushed.map_err(|error| self.output(error))?;
        #[cfg(feature = "parquet")]
        for (mut file, rest) in std::mem::take(&mut self.parquet) {
            let rest_written = if rest.rows > 0 { file.write(&rest) } else { Ok(()) };
            rest_written.and_then(|()| file.finish()).map_err(|error| self.output(error))?;
        }
        let package = package::datapackage(self.formats, self.folder.path());
        let report = package::run_report(run, self.formats, &self.counts);
        for (name, json) in [("datapackage.json", package), ("run.json", report)] {
            std::fs::write(self.folder.path().join(name), json).map_err(|error| self.output(error))?;
        }
        self.folder.publish()?;
        Ok(self.counts)
    }

    fn output(&self, error: Error) -> RunError {
        RunError::Output(self.folder.target().to_path_buf(), error)
    }
}

fn write_all(files: &mut [BufWriter<File>], tables: Option<&[Vec<u8>; 5]>) -> Result<(), Error> {
    files.iter_mut().zip(tables.into_iter().flatten()).try_for_each(|(file, bytes)| file.write_all(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ReadError;
    use crate::write::rows::tests::sample;

    #[test]
    fn documents_are_appended_in_every_format_and_counted() {
        let temp = tempfile::tempdir().unwrap();
        let target = temp.path().join("out");
        let formats = Formats { jsonl: true, ..Formats::default() };
        let mut dataset = Dataset::create(&target, formats).unwrap();
        let (file, outcome) = sample();
        dataset.append(encode(&file, &outcome, formats)).unwrap();
        let failed = FileId { path: "b/none.pdf".into(), ..FileId::default() };
        let error = ReadError::new("read/unsupported", "tệp PDF", "a PDF file");
        dataset.append(encode(&failed, &Outcome::Failed(error, Some("pdf")), formats)).unwrap();
        let counts = dataset.finish(&RunInfo { rules: "abc".into(), ..RunInfo::default() }).unwrap();
        assert_eq!((counts.documents, counts.facts, counts.mapped), ([1, 0, 1], 3, 3));
        assert_eq!(counts.warnings, [0, 0, 1]);
        assert_eq!(counts.failures[0].error_vi, "read/unsupported: tệp PDF");
        let read = |name: &str| std::fs::read_to_string(target.join(name)).unwrap();
        assert_eq!(read("documents.csv").lines().count(), 3);
        assert_eq!(read("facts.jsonl").lines().count(), 3);
        let fact: serde_json::Value = serde_json::from_str(read("facts.jsonl").lines().next().unwrap()).unwrap();
        assert_eq!((fact["number"].as_i64(), fact["value_text"].is_null()), (Some(22), true));
        assert!(read("tables.csv").contains("'= 12"), "a cell that looks like a formula is defused in CSV");
        assert!(read("tables.jsonl").contains("\"= 12\""), "and only there");
        let run: serde_json::Value = serde_json::from_str(&read("run.json")).unwrap();
        assert_eq!((&run["program"], &run["rules"]), (&"baocao".into(), &"abc".into()));
        assert_eq!(run["counts"]["warnings"]["error"], 1);
        let package: serde_json::Value = serde_json::from_str(&read("datapackage.json")).unwrap();
        let resources = package["resources"].as_array().unwrap();
        assert_eq!(resources.len(), 5 * formats.names().len());
        for resource in resources {
            let path = target.join(resource["path"].as_str().unwrap());
            assert_eq!(std::fs::metadata(path).unwrap().len(), resource["bytes"].as_u64().unwrap());
        }
    }

    #[cfg(not(feature = "parquet"))]
    #[test]
    fn parquet_is_refused_by_a_build_without_it() {
        let temp = tempfile::tempdir().unwrap();
        let formats = Formats { parquet: true, ..Formats::default() };
        assert!(Dataset::create(&temp.path().join("out"), formats).is_err());
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
    }
}
