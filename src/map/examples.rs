//! The examples beside the phrases: each `hit` must map to its phrase, no `miss` may.

use crate::map::Mapper;
use crate::model::{Block, BlockKind, Document, Place};
use crate::rules::{Fault, RuleSet};
use crate::text::clean::Text;

/// Runs all examples; a fault for each that does not behave. Line and column are not known here: the phrase's id names the place.
pub fn run(rules: &RuleSet) -> Vec<Fault> {
    let mapper = Mapper::new(rules);
    let mut faults = Vec::new();
    for phrase in &rules.phrases {
        let id = format!("phrase/{}", phrase.id);
        for (examples, wanted) in [(&phrase.hit, true), (&phrase.miss, false)] {
            for example in examples {
                let mapped = mapped_by(&mapper, example);
                let good = match &mapped {
                    None => false,
                    Some(rules) => rules.iter().any(|r| r.as_deref() == Some(id.as_str())) == wanted,
                };
                if !good {
                    let found = match &mapped {
                        None => "no figure found at the marks «»".to_string(),
                        Some(rules) => format!("mapped by {rules:?}"),
                    };
                    faults.push(Fault {
                        file: format!("phrases ({})", phrase.id),
                        line: 0,
                        column: 0,
                        message: format!(
                            "{} example does not behave: {example}: {found}",
                            if wanted { "hit" } else { "miss" }
                        ),
                        help: "mend the cues or the example".to_string(),
                    });
                }
            }
        }
    }
    faults
}

/// The rules that mapped the marked figure (two for a fraction); None where no figure was read there.
fn mapped_by(mapper: &Mapper, example: &str) -> Option<Vec<Option<String>>> {
    let mut document = Document::default();
    let mut parts: Vec<&str> = example.split(" // ").collect();
    let text = parts.pop()?;
    let mut heading = None;
    let mut lead = None;
    for part in parts {
        let at = document.blocks.len() as u32;
        let (kind, words) = match part.strip_prefix("# ") {
            Some(words) => (BlockKind::Heading(2), words),
            None => (BlockKind::Paragraph, part),
        };
        document.blocks.push(block(kind, words, heading, lead));
        if part.starts_with("# ") {
            heading = Some(at);
        } else {
            lead = Some(at);
        }
    }
    let start = text.find('«')?;
    let plain = text.replace(['«', '»'], "");
    let end = text.find('»')? - '«'.len_utf8();
    document.blocks.push(block(BlockKind::Paragraph, &plain, heading, lead));
    let last = document.blocks.len() as u32 - 1;
    let extraction = mapper.map(&document);
    let found: Vec<Option<String>> = extraction
        .facts
        .iter()
        .filter(|f| f.block == last && (f.span.0 as usize) < end && f.span.1 as usize > start)
        .map(|f| f.rule.clone())
        .collect();
    (!found.is_empty()).then_some(found)
}

fn block(kind: BlockKind, words: &str, heading: Option<u32>, lead: Option<u32>) -> Block {
    Block {
        kind,
        heading,
        lead,
        text: Text::from_line(1, words),
        place: Place::line(1),
        mark: String::new(),
        notes: Vec::new(),
    }
}
