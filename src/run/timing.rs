//! Seconds spent per stage, summed over all threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The stages that are timed, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Opening and hashing the file.
    Open,
    /// Bytes → Document.
    Read,
    /// Document → facts.
    Map,
    /// Facts → warnings.
    Check,
    /// Rows → bytes of the formats.
    Encode,
    /// Bytes → files.
    Write,
}

/// All stages with their names.
pub const STAGES: [(Stage, &str); 6] = [
    (Stage::Open, "open"),
    (Stage::Read, "read"),
    (Stage::Map, "map"),
    (Stage::Check, "check"),
    (Stage::Encode, "encode"),
    (Stage::Write, "write"),
];

/// Time per stage and bytes of input.
#[derive(Debug, Default)]
pub struct Timings {
    nanoseconds: [AtomicU64; 6],
    bytes: AtomicU64,
}

impl Timings {
    /// Runs `work` and books its time.
    pub fn time<T>(&self, stage: Stage, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let spent = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.nanoseconds[stage as usize].fetch_add(spent, Ordering::Relaxed);
        result
    }

    /// Books bytes of input.
    pub fn count(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Time booked for a stage.
    pub fn spent(&self, stage: Stage) -> Duration {
        Duration::from_nanos(self.nanoseconds[stage as usize].load(Ordering::Relaxed))
    }

    /// Bytes of input booked.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}
