//! `baocao show`: what one stage makes of one report, for eyes.

use crate::cli::grid::Grid;
use crate::cli::painting;
use crate::cli::{End, Lang, complain, rules_of, say, stopped};
use crate::error::RunError;
use crate::map::Mapper;
use crate::model::{Block, Document, Extraction, Fact, Status};
use crate::run::outline::{document_text, one_line, place_text};
use crate::run::{Timings, discover, outcome};
use crate::text::decoy::Decoy;
use crate::write::{Outcome, dims_text, relation_word};
use clap::{Args, ValueEnum};
use std::fmt::Write as _;
use std::path::PathBuf;

/// Show what one stage makes of one report
///
/// The stages in order: blocks (the document as read), tables (its tables
/// cell by cell), figures (every number, also those that are no figures, with the reason), facts (figures with their meaning),
/// warnings (what contradicts itself).
#[derive(Args)]
pub struct Arguments {
    /// The report
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to show
    #[arg(long, value_enum, default_value = "facts")]
    stage: Stage,
    /// Paint a page of a PDF with the cells of its tables and the box of one fact into this PNG file
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// The page to paint [default: that of the fact, or the first]
    #[arg(long, value_name = "N", requires = "png")]
    page: Option<u32>,
    /// The fact whose box is painted, counted from 0 [default: the first on the page]
    #[arg(long, value_name = "N", requires = "png")]
    fact: Option<usize>,
    /// Folder of rules to use instead of those inside the program
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// The document as read, block by block
    Blocks,
    /// Its tables
    Tables,
    /// Every number, also dates, document numbers and the like
    Figures,
    /// Figures with their meaning
    Facts,
    /// What contradicts itself
    Warnings,
}

/// Runs the command.
pub fn run(arguments: &Arguments, lang: Lang) -> End {
    if !arguments.file.is_file() {
        return stopped(&RunError::NoInput(arguments.file.clone()), lang);
    }
    let rules = match rules_of(arguments.rules.as_deref(), lang) {
        Ok(rules) => rules,
        Err(end) => return end,
    };
    let inputs = match discover::discover(std::slice::from_ref(&arguments.file), std::path::Path::new("")) {
        Ok(inputs) => inputs,
        Err(error) => return stopped(&error, lang),
    };
    let Some(input) = inputs.files.first() else {
        return stopped(&RunError::NoInput(arguments.file.clone()), lang);
    };
    match outcome(input, &Mapper::new(&rules), &Timings::default()).1 {
        Outcome::Failed(error, _) => {
            let message = lang.pick(&error.message_vi, &error.message_en);
            complain(&format!("{}: {}: {message}\n", one_line(&input.name), error.code));
            End::Found
        }
        Outcome::Read(read) => {
            let (document, extraction) = *read;
            if let Some(out) = &arguments.png {
                return match painting::paint(&input.source, &document, &extraction, arguments.page, arguments.fact, out)
                {
                    Ok(()) => End::Done,
                    Err(error) => stopped(&error, lang),
                };
            }
            say(&match arguments.stage {
                Stage::Blocks => document_text(&document),
                Stage::Tables => tables(&document),
                Stage::Figures => figures(&document, &extraction),
                Stage::Facts => facts(&extraction, lang),
                Stage::Warnings => warnings(&extraction, lang),
            });
            End::Done
        }
    }
}

fn tables(document: &Document) -> String {
    let mut out = String::new();
    for (index, table) in document.tables.iter().enumerate() {
        let caption = |block: &u32| document.blocks.get(*block as usize).map(|b| one_line(&b.text.clean));
        let captions: Vec<String> = table.captions.iter().filter_map(caption).collect();
        let _ = writeln!(out, "t{index}  {}  {} x {}", captions.join(" / "), table.rows, table.columns);
        let mut grid = Grid::new(&["at", ">row", ">column", "span", "head", "text"]);
        for cell in &table.cells {
            let span = (cell.row_span, cell.column_span);
            grid.row(vec![
                place_text(&cell.place),
                cell.row.to_string(),
                cell.column.to_string(),
                if span == (1, 1) { String::new() } else { format!("{}x{}", span.0, span.1) },
                if cell.header { "head".into() } else { String::new() },
                cell.text.clean.clone(),
            ]);
        }
        out.push_str(&grid.text());
        out.push('\n');
    }
    out
}

fn cell_text(fact: &Fact) -> String {
    fact.cell.map(|(table, row, column)| format!("t{table}r{row}c{column}")).unwrap_or_default()
}

/// `FormName` → `form-name`.
fn decoy_word(decoy: Decoy) -> String {
    let mut out = String::new();
    for (i, letter) in format!("{decoy:?}").chars().enumerate() {
        if i > 0 && letter.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn figures(document: &Document, extraction: &Extraction) -> String {
    // In reading order: by block, line, row, column and offset.
    type Position = (u32, u32, u32, u32, u32);
    let mut rows: Vec<(Position, Vec<String>)> = Vec::new();
    for fact in extraction.facts.iter().filter(|fact| fact.status != Status::Blank) {
        let readings: Vec<String> =
            fact.readings.iter().map(|r| format!("{} ({})", r.value, format!("{:?}", r.cue).to_lowercase())).collect();
        let (_, row, column) = fact.cell.unwrap_or_default();
        let position = (fact.block, fact.place.line.unwrap_or(0), row, column, fact.span.0);
        let row = vec![
            place_text(&fact.place),
            cell_text(fact),
            fact.raw.clone(),
            "figure".into(),
            relation_word(fact.relation).into(),
            readings.join(" | "),
            fact.label.clone(),
        ];
        rows.push((position, row));
    }
    for (block, (start, end), decoy) in &extraction.decoys {
        let found = document.blocks.get(*block as usize);
        let (place, raw, around) = found.map_or_else(Default::default, |b| decoy_text(b, *start, *end));
        let line = found.map_or(0, |b| b.text.line_at(*start as usize));
        rows.push((
            (*block, line, 0, 0, *start),
            vec![place, String::new(), raw, decoy_word(*decoy), String::new(), String::new(), around],
        ));
    }
    rows.sort_by_key(|(position, _)| *position);
    let mut grid = Grid::new(&["at", "cell", ">raw", "what", "rel", "readings", "label or context"]);
    rows.into_iter().for_each(|(_, row)| grid.row(row));
    grid.text()
}

/// Place, characters and surroundings of a number that is no figure.
fn decoy_text(block: &Block, start: u32, end: u32) -> (String, String, String) {
    const AROUND: usize = 25;
    let text = block.text.clean.as_str();
    let line = block.text.line_at(start as usize);
    let place = if line > 0 { format!("L{line}") } else { place_text(&block.place) };
    let (before, raw, after) = match (text.get(..start as usize), text.get(start as usize..end as usize)) {
        (Some(before), Some(raw)) => (before, raw, text.get(end as usize..).unwrap_or_default()),
        _ => return (place, String::new(), String::new()),
    };
    let from = before.char_indices().rev().nth(AROUND).map_or(0, |(at, _)| at);
    let near: String = after.chars().take(AROUND).collect();
    let raw_near = before.get(from..).unwrap_or_default();
    (place, raw.to_string(), format!("{raw_near}{raw}{near}"))
}

fn facts(extraction: &Extraction, lang: Lang) -> String {
    let mut grid =
        Grid::new(&["at", "cell", ">raw", ">number", "unit", "indicator", "level", "dims", "period", ">conf", "label"]);
    for fact in &extraction.facts {
        let raw =
            if fact.status == Status::Blank { lang.pick("(trống)", "(blank)").into() } else { fact.raw.clone() };
        grid.row(vec![
            place_text(&fact.place),
            cell_text(fact),
            raw,
            fact.number.map(|n| n.to_string()).or_else(|| fact.value_text.clone()).unwrap_or_default(),
            fact.unit.clone().unwrap_or_default(),
            fact.indicator.clone().unwrap_or_else(|| "-".into()),
            fact.level.map_or("", |l| l.as_str()).into(),
            dims_text(&fact.dims).unwrap_or_default(),
            fact.period.map(|p| format!("{}/{}", p.start, p.end)).unwrap_or_default(),
            format!("{:.2}", fact.confidence),
            fact.label.clone(),
        ]);
    }
    grid.text()
}

fn warnings(extraction: &Extraction, lang: Lang) -> String {
    if extraction.warnings.is_empty() {
        return format!("{}\n", lang.pick("không có cảnh báo", "no warnings"));
    }
    let mut out = String::new();
    for warning in &extraction.warnings {
        let (severity, check, place) = (warning.severity.as_str(), &warning.check, place_text(&warning.place));
        let _ = writeln!(out, "{severity}[{check}] {place} ({:.2})", warning.confidence);
        let _ = writeln!(out, "  {}", one_line(lang.pick(&warning.message_vi, &warning.message_en)));
        let mut grid = Grid::new(&["  at", ">raw", "", "label"]);
        for index in &warning.facts {
            let Some(fact) = extraction.facts.get(*index) else { continue };
            let suspect = match (warning.suspect == Some(*index), warning.suggestion) {
                (true, Some(value)) => format!("<- {} {value}?", lang.pick("có lẽ", "perhaps")),
                (true, None) => "<- ?".into(),
                (false, _) => String::new(),
            };
            grid.row(vec![format!("  {}", place_text(&fact.place)), fact.raw.clone(), suspect, fact.label.clone()]);
        }
        out.push_str(&grid.text());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> (Document, Extraction) {
        let (_, outcome) = crate::write::sample();
        let Outcome::Read(read) = outcome else { panic!("the sample can be read") };
        let (document, mut extraction) = *read;
        extraction.decoys = vec![(0, (0, 3), Decoy::RowNumber), (99, (0, 1), Decoy::Year)];
        (document, extraction)
    }

    #[test]
    fn figures_and_decoys_stand_in_reading_order() {
        let (document, extraction) = report();
        let text = figures(&document, &extraction);
        let what: Vec<&str> =
            text.lines().skip(1).map(|l| if l.contains(" figure ") { "figure" } else { "decoy" }).collect();
        assert_eq!(what, ["decoy", "figure", "figure", "figure", "decoy"], "{text}");
        assert!(text.contains("II.") && text.contains("row-number"), "{text}");
    }

    #[test]
    fn facts_and_warnings_are_readable() {
        let (document, mut extraction) = report();
        let text = facts(&extraction, Lang::En);
        assert_eq!(text.lines().count(), 4);
        assert!(text.contains("procedure.dossiers.received") && text.contains("channel=online"), "{text}");
        let text = warnings(&extraction, Lang::Vi);
        assert!(text.starts_with("error[subset/children] L7 (0.50)\n  Sai\n"), "{text}");
        assert!(text.contains("<- ?"), "the suspect is marked: {text}");
        assert!(tables(&document).contains("t0  II. KẾT QUẢ  2 x 3"), "{}", tables(&document));
        extraction.warnings.clear();
        assert_eq!(warnings(&extraction, Lang::Vi), "không có cảnh báo\n");
    }

    #[test]
    fn decoys_are_named_in_words() {
        assert_eq!(decoy_word(Decoy::DocumentNumber), "document-number");
        assert_eq!(decoy_word(Decoy::Date), "date");
    }
}
