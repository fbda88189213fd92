//! From the lines that readers count to places on paper: page and box of each figure, in formats that have them.

use crate::model::{Document, Extraction, Fact, Place, SourceLine};
use crate::text::clean::Text;

/// Turns the line numbers of an extraction into pages and boxes, where the document's lines stand for such.
pub fn resolve(document: &Document, out: &mut Extraction) {
    if document.lines.is_empty() {
        return;
    }
    for fact in &mut out.facts {
        let confidence = figure(document, fact);
        if let Some(confidence) = confidence {
            fact.confidence *= f64::from(confidence);
        }
    }
    for row in &mut out.rows {
        row.place = line(document, row.place);
    }
    for appendix in &mut out.appendices {
        appendix.place = line(document, appendix.place);
    }
    out.metadata.doc_number_place = line(document, out.metadata.doc_number_place);
}

/// The place of a whole line.
fn line(document: &Document, place: Place) -> Place {
    match place.line.and_then(|l| document.lines.get(l as usize - 1)) {
        Some(source) => Place { line: None, page: source.page.or(place.page), rect: source.rect.or(place.rect) },
        None => Place { line: None, ..place },
    }
}

/// Sets a fact's page and box; the confidence of its words, where they have boxes.
fn figure(document: &Document, fact: &mut Fact) -> Option<f32> {
    let source = fact.place.line.and_then(|l| document.lines.get(l as usize - 1));
    fact.place = line(document, fact.place);
    let source = source?;
    let text: &Text = match fact.cell {
        Some((table, row, column)) => &document.tables.get(table as usize)?.cell(row, column)?.text,
        None => &document.blocks.get(fact.block as usize)?.text,
    };
    let raw = text.raw_range(fact.span.0 as usize..fact.span.1 as usize);
    let start = text.raw.get(..raw.start)?.rfind('\n').map_or(0, |at| at + 1);
    words(source, raw.start - start, raw.end.min(text.raw.len()).saturating_sub(start)).map(|(rect, confidence)| {
        fact.place.rect = Some(rect);
        confidence
    })
}

/// The box around the words of a line that a byte range touches, and the least sure of them.
fn words(line: &SourceLine, start: usize, end: usize) -> Option<([f32; 4], f32)> {
    let mut found: Option<([f32; 4], f32)> = None;
    for word in line.words.iter().filter(|w| (w.start as usize) < end && w.end as usize > start) {
        let (rect, sure) = found.get_or_insert((word.rect, word.confidence));
        *rect = [
            rect[0].min(word.rect[0]),
            rect[1].min(word.rect[1]),
            rect[2].max(word.rect[2]),
            rect[3].max(word.rect[3]),
        ];
        *sure = sure.min(word.confidence);
    }
    found
}
