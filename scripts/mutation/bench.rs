//! One known error at a time in reports that are in order: how often it is noticed, located, repaired.
//!
//! In: text reports, a number of errors, a seed. Out: a tally by kind of slip and by how many independent relations the error touches.
//! An error counts only if it breaks a relation that the clean report's figures satisfy and that the checker is certain of. Each misprinted report is read again from its
//! bytes. The same seed gives the same errors and the same table, whatever the number of threads.

#[path = "report.rs"]
mod report;
#[path = "slips.rs"]
mod slips;

use baocao::check::Relations;
use baocao::map::Mapper;
use baocao::model::{Extraction, Severity, Warning};
use rayon::prelude::*;
use report::{Identity, Report, Site, identities};
use slips::{Dice, KINDS, Kind, Slip};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// From this confidence on, a warning that accuses is sure of itself.
const SURE: f64 = 0.7;

/// One error to make.
struct Error {
    report: usize,
    site: usize,
    kind: Kind,
    slip: Slip,
    /// Whether two relations that have only this figure in common are broken.
    independent: bool,
    /// Checks of the relations that are broken.
    checks: Vec<String>,
}

/// What became of one error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// A new warning involves the figure.
    pub noticed: bool,
    /// The figure is accused, and no other.
    pub located: bool,
    /// With the value that was printed before.
    pub repaired: bool,
    /// Another figure is accused, or another value is suggested.
    pub wrong: bool,
    /// Wrong, and sure of it.
    pub sure: bool,
}

/// Verdicts counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub injected: usize,
    pub noticed: usize,
    pub located: usize,
    pub repaired: usize,
    pub wrong: usize,
    pub sure: usize,
}

impl Tally {
    fn add(&mut self, v: Verdict) {
        self.injected += 1;
        self.noticed += usize::from(v.noticed);
        self.located += usize::from(v.located);
        self.repaired += usize::from(v.repaired);
        self.wrong += usize::from(v.wrong);
        self.sure += usize::from(v.sure);
    }
}

/// What the bench found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// By kind of slip, in the order of `KINDS`.
    pub kinds: Vec<Tally>,
    /// Errors that one relation tells of, or several that share more figures than this one.
    pub one: Tally,
    /// Errors that two independent relations tell of.
    pub two: Tally,
    /// All.
    pub all: Tally,
    /// Slips tried that break no relation of which the checker is certain, and how many of them got a warning all the same.
    pub silent: (usize, usize),
    /// Reports, and warnings above `info` on them as they are.
    pub reports: Vec<(String, usize, usize)>,
    /// Lines about errors that were not noticed or wrongly explained.
    pub details: Vec<String>,
    /// Milliseconds: reading and mapping, checking, the longest check of one report.
    pub times: (f64, f64, f64),
}

/// All text files below the paths, in order.
fn files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inner: Vec<PathBuf> =
                std::fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
            inner.sort();
            out.extend(inner.into_iter().filter(|p| p.extension().is_some_and(|e| e == "txt")));
        } else {
            out.push(path.clone());
        }
    }
    out
}

/// Runs the bench.
pub fn run(paths: &[PathBuf], errors: usize, seed: u64, mapper: &Mapper) -> Outcome {
    let files = files(paths);
    let reports: Vec<Report> = files.par_iter().filter_map(|p| Report::open(p, mapper)).collect();
    let mut outcome = Outcome { kinds: vec![Tally::default(); KINDS.len()], ..Outcome::default() };
    for report in &reports {
        let alarms = report.extraction.warnings.iter().filter(|w| w.severity > Severity::Info).count();
        outcome.reports.push((report.name.clone(), alarms, report.sites.len()));
    }
    outcome.times = times(&files, mapper);
    let (made, touching_nothing) = make(&reports, errors, &mut Dice(seed), mapper);
    let judge = |error: &Error| judge(&reports[error.report], error, mapper);
    let verdicts: Vec<(Verdict, String)> = made.par_iter().map(judge).collect();
    for (error, (verdict, line)) in made.iter().zip(&verdicts) {
        let row = KINDS.iter().position(|k| k.0 == error.kind).unwrap_or(0);
        outcome.kinds[row].add(*verdict);
        if error.independent {
            outcome.two.add(*verdict)
        } else {
            outcome.one.add(*verdict)
        }
        outcome.all.add(*verdict);
        outcome.details.push(line.clone());
    }
    let silent: Vec<(Verdict, String)> = touching_nothing.par_iter().map(judge).collect();
    outcome.silent = (silent.len(), silent.iter().filter(|(v, _)| v.noticed).count());
    outcome
}

/// Draws errors until there are enough, or no more come; also those that touch nothing certain.
fn make(reports: &[Report], errors: usize, dice: &mut Dice, mapper: &Mapper) -> (Vec<Error>, Vec<Error>) {
    let relations: Vec<Relations> = reports.iter().map(|r| r.relations(mapper)).collect();
    // Only figures of relations that hold and are certain; reports are drawn by the number of such figures.
    let mut pool: Vec<(usize, usize)> = Vec::new();
    for (r, report) in reports.iter().enumerate() {
        let held = relations[r].all.iter().filter(|x| x.certain && x.standing == baocao::check::Standing::Holds);
        let facts: BTreeSet<usize> = held.flat_map(|x| x.facts.iter().copied()).collect();
        pool.extend((0..report.sites.len()).filter(|s| facts.contains(&report.sites[*s].fact)).map(|s| (r, s)));
    }
    let (mut made, mut nothing, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for turn in 0..errors.saturating_mul(40) {
        if made.len() >= errors || pool.is_empty() {
            break;
        }
        let kind = KINDS[turn % KINDS.len()].0;
        let (r, s) = pool[dice.below(pool.len())];
        let (report, site) = (&reports[r], &reports[r].sites[s]);
        let fact = &report.extraction.facts[site.fact];
        let counted = matches!(fact.kind, baocao::model::Kind::Count | baocao::model::Kind::Money);
        let neighbour = report.neighbour(site).map(|n| &n.print);
        let word = site.word.as_ref().map_or(0, |w| w.2);
        let Some(slip) = site.print.slipped(kind, dice, neighbour, counted, word) else { continue };
        let Some(changed) = report.meant(site, &slip).filter(|_| seen.insert((r, s, slip.text.clone(), slip.word)))
        else {
            continue;
        };
        let broken: Vec<usize> =
            relations[r].broken_by(site.fact, &changed).into_iter().filter(|b| relations[r].all[*b].certain).collect();
        // A relation that shares a figure with a warning of the report as it is would be judged on two errors at once.
        let disturbed = |b: &usize| relations[r].all[*b].facts.iter().any(|f| report.warned.contains(f));
        if broken.iter().any(disturbed) {
            continue;
        }
        let others = |b: &usize| -> BTreeSet<usize> {
            relations[r].all[*b].facts.iter().copied().filter(|f| *f != site.fact).collect()
        };
        let independent =
            broken.iter().enumerate().any(|(i, a)| broken[i + 1..].iter().any(|b| others(a).is_disjoint(&others(b))));
        let checks = broken.iter().map(|b| relations[r].all[*b].check.clone()).collect();
        let error = Error { report: r, site: s, kind, slip, independent, checks };
        if broken.is_empty() { nothing.push(error) } else { made.push(error) }
    }
    (made, nothing)
}

/// Where the figure stands in the misprinted report: in its old place, or on its line with the new print.
fn found_again(report: &Report, site: &Site, slip: &Slip, changed: &Extraction) -> Option<usize> {
    let own = report.identities[site.fact];
    let places = identities(changed);
    let shows = |i: &usize| {
        changed.facts[*i].raw.contains(&slip.text) || changed.facts[*i].raw.replace(' ', "\u{a0}").contains(&slip.text)
    };
    let here: Vec<usize> = (0..places.len()).filter(|i| (places[*i].0, places[*i].1) == (own.0, own.1)).collect();
    let in_place = here.iter().copied().find(|i| places[*i] == own);
    let on_line = || (0..places.len()).filter(|i| places[*i].0 == own.0).find(shows);
    in_place.filter(shows).or_else(|| here.iter().copied().find(shows)).or_else(on_line).or(in_place)
}

/// A warning without its words: its check and the places of its figures.
fn key(warning: &Warning, places: &[Identity]) -> (String, Vec<Identity>, Option<Identity>) {
    let place = |i: &usize| places.get(*i).copied().unwrap_or_default();
    (warning.check.clone(), warning.facts.iter().map(place).collect(), warning.suspect.as_ref().map(place))
}

fn judge(report: &Report, error: &Error, mapper: &Mapper) -> (Verdict, String) {
    let site = &report.sites[error.site];
    let text = match (error.slip.word, &site.word) {
        (0, _) | (_, None) => report.changed(&site.bytes, &error.slip.text),
        (_, Some((bytes, word, _))) => report.changed(bytes, word),
    };
    let fact = &report.extraction.facts[site.fact];
    let mut verdict = Verdict::default();
    let mut told = Vec::new();
    if let Ok((_, changed)) = baocao::run::extract(text.as_bytes(), &report.name, mapper) {
        let places = identities(&changed);
        let known: BTreeSet<_> = report.extraction.warnings.iter().map(|w| key(w, &report.identities)).collect();
        let accused: BTreeSet<_> = report
            .extraction
            .warnings
            .iter()
            .filter_map(|w| w.suspect.and_then(|s| report.identities.get(s).copied()))
            .collect();
        let own = found_again(report, site, &error.slip, &changed);
        let mut right = false;
        for warning in changed.warnings.iter().filter(|w| !known.contains(&key(w, &places))) {
            let about = own.is_some_and(|own| warning.facts.contains(&own));
            verdict.noticed |= about;
            told.push(format!("{}[{:.2}]", warning.check, warning.confidence));
            let Some(suspect) = warning.suspect else { continue };
            if places.get(suspect).is_some_and(|p| accused.contains(p)) {
                continue;
            }
            let meant = fact.value.map(|v| v.abs().normalize());
            let same_value = warning.suggestion.map(|v| Some(v.normalize()) == meant);
            let wrong = Some(suspect) != own || same_value == Some(false);
            right |= Some(suspect) == own;
            verdict.repaired |= Some(suspect) == own && same_value == Some(true);
            verdict.wrong |= wrong;
            verdict.sure |= wrong && warning.confidence >= SURE;
            let print = changed.facts.get(suspect).map(|f| f.raw.as_str()).unwrap_or_default();
            let to = warning.suggestion.map(|v| v.to_string()).unwrap_or_default();
            told.push(format!("{print}->{to}"));
        }
        let others =
            changed.warnings.iter().filter(|w| !known.contains(&key(w, &places))).any(|w| {
                w.suspect.is_some_and(|s| Some(s) != own && places.get(s).is_some_and(|p| !accused.contains(p)))
            });
        verdict.located = right && !others;
    }
    let word = |yes: bool, word: &'static str| if yes { word } else { "" };
    let line = format!(
        "{}{}{}{}{} {:?} {} L{} {} -> {}{} | {} | {} | {}",
        if verdict.noticed { "noticed " } else { "MISSED " },
        word(verdict.located, "located "),
        word(verdict.repaired, "repaired "),
        word(verdict.wrong, "WRONG "),
        word(verdict.sure, "SURE "),
        error.kind,
        report.name,
        fact.place.line.unwrap_or(0),
        fact.raw,
        error.slip.text,
        if error.slip.word == 0 { "" } else { " (word)" },
        word(error.independent, "two"),
        error.checks.join(","),
        told.join(" "),
    );
    (verdict, line)
}

/// Milliseconds of reading and mapping, of checking, and of the longest check, over all reports: the best of three runs.
fn times(files: &[PathBuf], mapper: &Mapper) -> (f64, f64, f64) {
    let mut best = (f64::MAX, f64::MAX, f64::MAX);
    for _ in 0..3 {
        let mut now = (0.0, 0.0, 0.0f64);
        for path in files {
            let Ok(bytes) = std::fs::read(path) else { continue };
            let start = Instant::now();
            let Ok(document) = baocao::read::read(&bytes, &path.to_string_lossy()) else { continue };
            let extraction = mapper.map(&document);
            let middle = Instant::now();
            let _ = baocao::check::check(&extraction, mapper.rules());
            let spent = middle.elapsed().as_secs_f64() * 1e3;
            now = (now.0 + (middle - start).as_secs_f64() * 1e3, now.1 + spent, now.2.max(spent));
        }
        best = (best.0.min(now.0), best.1.min(now.1), best.2.min(now.2));
    }
    best
}

/// The table for people and for the README.
pub fn table(outcome: &Outcome) -> String {
    let mut out = String::from(
        "| error | injected | noticed | located | repaired | wrong | wrong and sure |\n|---|---|---|---|---|---|---|\n",
    );
    let share =
        |n: usize, of: usize| if of == 0 { "–".to_owned() } else { format!("{:.1}%", 100.0 * n as f64 / of as f64) };
    let mut row = |name: &str, t: &Tally| {
        let s = |n: usize| share(n, t.injected);
        let _ = writeln!(
            out,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            t.injected,
            s(t.noticed),
            s(t.located),
            s(t.repaired),
            s(t.wrong),
            s(t.sure)
        );
    };
    for ((_, name), tally) in KINDS.iter().zip(&outcome.kinds) {
        row(name, tally);
    }
    row("told by one relation", &outcome.one);
    row("told by two independent relations", &outcome.two);
    row("**all**", &outcome.all);
    out
}

/// The default place of the reports: our own.
pub fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/text")
}
