//! A folder of files → a dataset: discovery, one file at a time from bytes to warnings, results in path order.
//!
//! Files are worked on in batches, in parallel; a batch is written while the next is worked on, so memory is bounded by two batches and
//! the bytes written do not depend on the number of threads. What goes wrong with one file is that file's row in `documents`.

mod archive;
mod contain;
pub mod discover;
pub mod golden;
mod open;
pub mod outline;
mod progress;
pub mod suggest;
mod timing;

pub use contain::contained;
pub use open::{MAX_BYTES, open};
pub use timing::{STAGES, Stage, Timings};

use crate::check::misread;
use crate::error::{ReadError, RunError};
use crate::map::Mapper;
use crate::model::{Document, Extraction};
use crate::write::{Counts, Dataset, Encoded, FileId, Formats, Outcome, RunInfo, encode};
use discover::Input;
use progress::Progress;
use rayon::prelude::*;
use std::path::PathBuf;

/// Input bytes per batch and thread, and files per batch and thread: two batches' results are in memory at a time.
const BATCH_BYTES: u64 = 2 << 20;
const BATCH_FILES: usize = 32;
/// Files per batch of one thread, which waits for no other: what it has encoded is still in the processor's cache when it is written.
const BATCH_ALONE: usize = 4;

/// What a run is asked to do.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Where the dataset goes.
    pub output: PathBuf,
    /// In which formats.
    pub formats: Formats,
    /// Number of threads; None = all cores.
    pub threads: Option<usize>,
    /// Whether to show a progress bar on a terminal.
    pub progress: bool,
    /// Arguments that `run.json` repeats, in a fixed order.
    pub arguments: Vec<(&'static str, serde_json::Value)>,
}

/// What a run did.
#[derive(Debug)]
pub struct Summary {
    /// Documents, facts, warnings, failures.
    pub counts: Counts,
    /// Files passed over.
    pub skipped: Vec<String>,
    /// Where the time went.
    pub timings: Timings,
}

/// One file from bytes to warnings.
pub fn extract(bytes: &[u8], name: &str, mapper: &Mapper) -> Result<(Document, Extraction), ReadError> {
    extract_timed(bytes, name, mapper, &Timings::default())
}

fn extract_timed(
    bytes: &[u8],
    name: &str,
    mapper: &Mapper,
    timings: &Timings,
) -> Result<(Document, Extraction), ReadError> {
    let mut document = timings.time(Stage::Read, || crate::read::read(bytes, name))?;
    let mut extraction = timings.time(Stage::Map, || {
        mapper.mend(&mut document);
        mapper.map(&document)
    });
    extraction.warnings = timings.time(Stage::Check, || crate::check::check(&extraction, mapper.rules()));
    // Another library reads the file in its own way: what both read is printed.
    if document.parser.starts_with("pdf/text")
        && misread::doubts(&extraction)
        && let Some(other) = timings.time(Stage::Read, || crate::read::pdf::second_opinion(bytes))
    {
        timings.time(Stage::Check, || misread::settle(&mut extraction, &other));
    }
    Ok((document, extraction))
}

/// One file from its path to its outcome; never panics.
pub fn outcome(input: &Input, mapper: &Mapper, timings: &Timings) -> (FileId, Outcome) {
    let (id, bytes) = timings.time(Stage::Open, || open(input));
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(error) => return (id, Outcome::Failed(error, None)),
    };
    timings.count(bytes.len());
    let outcome = match contained(|| extract_timed(&bytes, &input.name, mapper, timings)).flatten() {
        Ok(read) => Outcome::Read(Box::new(read)),
        Err(error) => Outcome::Failed(error, Some(crate::read::sniff::sniff(&bytes).word())),
    };
    (id, outcome)
}

/// Reads everything below `paths` and writes the dataset.
pub fn run(paths: &[PathBuf], mapper: &Mapper, options: &Options) -> Result<Summary, RunError> {
    let inputs = discover::discover(paths, &options.output)?;
    let mut dataset = Dataset::create(&options.output, options.formats)?;
    let mut builder = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = options.threads {
        builder = builder.num_threads(threads);
    }
    let pool = builder.build().map_err(|error| RunError::Failed(error.to_string()))?;
    let timings = Timings::default();
    let progress = Progress::new(inputs.files.len(), options.progress);
    let alone = pool.current_num_threads() == 1;
    let work = |input: &Input| -> Encoded {
        let (id, outcome) = outcome(input, mapper, &timings);
        timings.time(Stage::Encode, || encode(&id, &outcome, options.formats))
    };
    let mut write = |encoded: Vec<Encoded>| {
        timings.time(Stage::Write, || encoded.into_iter().try_for_each(|one| dataset.append(one)))
    };
    let mut waiting: Vec<Encoded> = Vec::new();
    for batch in batches(&inputs.files, pool.current_num_threads()) {
        let mut encoded = Vec::new();
        if alone {
            pool.install(|| encoded.extend(batch.iter().map(work)));
            write(encoded)?;
        } else {
            // This thread, which waits for the others, writes what they gave before.
            pool.in_place_scope(|scope| {
                scope.spawn(|_| encoded = batch.par_iter().map(work).collect());
                write(std::mem::take(&mut waiting))
            })?;
            waiting = encoded;
        }
        progress.advance(batch.len());
    }
    write(waiting)?;
    let info = RunInfo {
        rules: mapper.rules().digest.clone(),
        arguments: options.arguments.clone(),
        skipped: inputs.skipped.clone(),
    };
    let counts = timings.time(Stage::Write, || dataset.finish(&info))?;
    progress.finish();
    Ok(Summary { counts, skipped: inputs.skipped, timings })
}

/// Cuts the inputs into batches: at least one file each, bounded in files and bytes per thread.
fn batches(files: &[Input], threads: usize) -> impl Iterator<Item = &[Input]> {
    let threads = threads.max(1);
    let most_files = if threads == 1 { BATCH_ALONE } else { BATCH_FILES * threads };
    let most_bytes = BATCH_BYTES * threads as u64;
    let mut rest = files;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |file: &&Input| {
            bytes += file.bytes;
            bytes <= most_bytes
        };
        let count = rest.iter().take(most_files).take_while(fits).count().max(1).min(rest.len());
        let (batch, after) = rest.split_at(count);
        rest = after;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_every_file_once_and_stay_small() {
        let file = |bytes| Input { name: String::new(), source: PathBuf::new(), bytes, problem: None, member: None };
        let mut files: Vec<Input> = (0..100).map(|_| file(1 << 10)).collect();
        files.insert(40, file(30 << 20));
        files.extend((0..40).map(|_| file(1 << 10)));
        let cut = |threads| batches(&files, threads).map(<[Input]>::len).collect::<Vec<usize>>();
        assert_eq!(cut(2), [40, 1, 64, 36]);
        assert!(cut(1).iter().all(|files| *files <= 4) && cut(1).iter().sum::<usize>() == 141);
    }
}
