//! The mutation bench: `cargo bench --no-default-features --bench mutation -- [--errors N] [--seed N] [--list] [PATH...]`.
//!
//! Paths are text reports or folders of them; without any, `corpus/text`. `--list` prints one line per error that was missed or wrongly
//! explained, `--list all` every error.

#[path = "bench.rs"]
mod bench;

use baocao::map::Mapper;
use baocao::rules::RuleSet;
use std::path::PathBuf;

fn main() {
    let (mut errors, mut seed, mut list, mut paths) = (2000, 1, None, Vec::<PathBuf>::new());
    let mut arguments = std::env::args().skip(1).peekable();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            // What `cargo bench` itself appends.
            "--bench" => {}
            "--errors" => errors = number(arguments.next()),
            "--seed" => seed = number(arguments.next()),
            "--list" => list = Some(arguments.next_if(|a| a == "all").is_some()),
            path => paths.push(path.into()),
        }
    }
    if paths.is_empty() {
        paths.push(bench::corpus());
    }
    let mapper = Mapper::new(RuleSet::builtin());
    let outcome = bench::run(&paths, errors, seed as u64, &mapper);
    let wanted = |line: &&String| list == Some(true) || line.starts_with("MISSED") || line.contains("WRONG");
    if list.is_some() {
        outcome.details.iter().filter(wanted).for_each(|line| println!("{line}"));
    }
    println!("{} reports, seed {seed}:\n", outcome.reports.len());
    print!("{}", bench::table(&outcome));
    let (touching_nothing, told) = outcome.silent;
    println!("\n{touching_nothing} more slips broke no certain relation; {told} of them got a warning all the same.");
    println!("Warnings on the reports as they are (info aside):");
    for (name, alarms, sites) in &outcome.reports {
        println!("  {name}: {alarms} warnings, {sites} figures to misprint");
    }
    let (before, check, longest) = outcome.times;
    let share = 100.0 * check / (before + check);
    println!(
        "Checks and repair: {check:.1} ms of {:.1} ms ({share:.1}%); at most {longest:.1} ms in one report.",
        before + check
    );
}

/// A number, or the end of the run.
fn number(text: Option<String>) -> usize {
    text.and_then(|t| t.parse().ok()).unwrap_or_else(|| {
        eprintln!("usage: mutation [--errors N] [--seed N] [--list [all]] [PATH...]");
        std::process::exit(2)
    })
}
