//! `(Kèm theo Báo cáo số 12/BC-UBND ngày 09/12/2023 của UBND xã …)`: what the captions of the appendices say of the report.
//!
//! In: the document. Out: number, date and issuer as each caption prints them. Refuses captions that hang the appendix on another
//! office's paper (`kèm theo văn bản số …/VPUB`, `kèm theo Nghị định số …`): those are remnants of the form.

use super::head::{DocNumber, number_in, regex};
use crate::model::{BlockKind, Document, Place};
use crate::text::period::{PrintedDate, parse_date};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A caption that names the report it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Caption {
    /// Number, blank or not.
    pub number: Option<DocNumber>,
    /// Date as far as printed.
    pub date: Option<PrintedDate>,
    /// The text behind `của`: the issuer.
    pub issuer: String,
    /// Where it stands.
    pub place: Place,
    /// Block it stands in.
    pub block: u32,
}

static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)^[\s(\[*_]*(?:ban\s+h[àa]nh\s+|[đd][íi]nh\s+)?k[èe]m\s+theo\s+(?:b[áa]o\s+c[áa]o|bc)\b(.*)")
});

static OF: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bc[ủu]a\s+(.+?)\W*$"));

/// All captions of the report's own appendices, in order.
pub(super) fn captions(document: &Document) -> Vec<Caption> {
    let mut out = Vec::new();
    for (at, block) in document.blocks.iter().enumerate() {
        let text = block.text.clean.as_str();
        if text.len() > 400 || matches!(block.kind, BlockKind::Footnote | BlockKind::Table(_)) {
            continue;
        }
        // Few blocks have one: the pattern runs only where its last word is.
        if !["theo", "THEO", "Theo"].iter().any(|w| text.contains(w)) {
            continue;
        }
        // A heading may hold the caption behind the appendix's name: look from `(` on too.
        let from = text.find('(').unwrap_or(0);
        let Some(piece) = [text, &text[from..]].into_iter().find(|t| CAPTION.is_match(t)) else { continue };
        out.extend(caption(document, at, piece));
    }
    out
}

fn caption(document: &Document, at: usize, piece: &str) -> Option<Caption> {
    let mut whole = Cow::Borrowed(piece);
    // A bracket that stays open goes on in the next blocks (blanks for number and date break the line).
    let mut next = at + 1;
    while whole.contains('(') && !whole.contains(')') && next <= at + 3 {
        let Some(block) = document.blocks.get(next).filter(|b| b.text.clean.len() < 200) else { break };
        whole = Cow::Owned(format!("{whole} {}", block.text.clean));
        next += 1;
    }
    let rest = CAPTION.captures(&whole)?.get(1)?.as_str();
    let rest = rest.split(')').next().unwrap_or(rest);
    let number = number_in(rest);
    let behind = number.as_ref().map_or(rest, |n| &rest[n.range.end..]);
    // `Kèm theo Báo cáo kết quả …` without a number names the report too, by its title.
    let date = parse_date(behind).or_else(|| parse_date(rest));
    let issuer = OF.captures(behind).and_then(|c| c.get(1)).map_or(String::new(), |m| m.as_str().to_owned());
    let block = document.blocks.get(at)?;
    Some(Caption { number, date, issuer, place: block.place, block: at as u32 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::letterhead::tests::document;

    #[test]
    fn captions_of_the_own_report() {
        let read = |lines: &[&str]| {
            captions(&document(lines)).into_iter().map(|c| (c.number.map(|n| n.number), c.issuer)).collect::<Vec<_>>()
        };
        assert_eq!(
            read(&["PHỤ LỤC 2", "(Kèm theo Báo cáo số 12/BC-UBND ngày 09/12/2022 của UBND xã Hòa An)"]),
            [(Some(Some("12/BC-UBND".to_owned())), "UBND xã Hòa An".to_owned())]
        );
        assert_eq!(
            read(&["(Kèm theo Báo cáo số /BC-UBND", "ngày /6/2022 của UBND huyện)"]),
            [(Some(None), "UBND huyện".to_owned())]
        );
        assert_eq!(
            read(&["PHỤ LỤC 1 (Ban hành kèm theo Báo cáo số: 5/BC-SNV ngày 1/2/2022 của Sở Nội vụ)"]),
            [(Some(Some("5/BC-SNV".to_owned())), "Sở Nội vụ".to_owned())]
        );
        assert_eq!(
            read(&["(Kèm theo văn bản số /VPUB-HC ngày tháng 4 năm 2020)", "Kèm theo Nghị định số 61/2018/NĐ-CP"]),
            []
        );
    }
}
