//! What a report says about itself: number, date, place, issuer and its parents, title, kind, period.
//!
//! In: a `Document`. Out: `Metadata`. The letterhead says it all where it is there; many dumps have lost it, and then the captions of
//! the report's own appendices, the title, the closing, the opening and the signature say it, in this order. Refuses to guess: a number
//! left blank is none, a day left blank is no date, a homonym without its parent has no code. Layout after Decree 30/2020/NĐ-CP.

mod caption;
mod head;
mod issuer;
mod title;

use crate::map::gazetteer;
use crate::map::texts::Texts;
use crate::model::{BlockKind, Document, Metadata, Place};
use crate::text::letter::lowered_start;
use crate::text::period::{Period, PeriodKind, parse_period};
use jiff::civil::Date;
use regex::Regex;
use std::sync::LazyLock;

/// Reads letterhead, title, closing and `Kèm theo Báo cáo số …`.
pub(super) fn metadata(document: &Document, texts: &Texts) -> Metadata {
    let (lines, body) = head::head(document);
    let title = title::title(&lines);
    let above = lines_above(&lines, title.as_ref().map(|t| t.first));
    let mut first_page = lines.get(..above).unwrap_or_default().to_vec();
    if let Some((t, line)) = title.as_ref().and_then(|t| lines.get(t.first).map(|l| (t, l))).filter(|(t, _)| t.at > 0) {
        first_page.push(head::Line { text: line.text.get(..t.at).unwrap_or_default(), ..line.clone() });
    }
    let letterhead = head::letterhead(&first_page);
    let survey = survey(document, texts);
    let captions = own_captions(document);

    // Number: the letterhead's, blank or not; the captions' only where the letterhead is lost.
    let (mut doc_number, mut doc_number_place) = (None, Place::default());
    if let Some((number, place)) = &letterhead.number {
        (doc_number, doc_number_place) = (number.number.clone(), *place);
    }
    if doc_number.is_none()
        && let Some(c) = captions.iter().find(|c| c.number.as_ref().is_some_and(|n| n.number.is_some()))
    {
        (doc_number, doc_number_place) = (c.number.as_ref().and_then(|n| n.number.clone()), c.place);
    }
    if letterhead.number.is_none() && doc_number.is_none() {
        doc_number_place = captions.iter().find(|c| c.number.is_some()).map(|c| c.place).unwrap_or_default();
    }
    let printed = letterhead.date.or_else(|| captions.iter().find_map(|c| c.date));
    let issued_on = letterhead.date.and_then(|d| d.to_date()).or_else(|| {
        captions.iter().find_map(|c| c.date.and_then(|d| d.to_date())).filter(|_| letterhead.date.is_none())
    });

    // Title and period.
    let letter = title.is_none() && letterhead.subject.is_some();
    let text = title
        .map(|t| t.text)
        .or_else(|| letterhead.subject.as_ref().map(|s| format!("V/v {s}")))
        .or_else(|| survey.closing.and_then(title::title_of_closing));
    let year = printed.map(|d| d.year);
    let period = period(text.as_deref(), &survey, year);
    let kind =
        title::kind(text.as_deref(), letter, survey.closing.is_some() || body < document.blocks.len(), survey.annex);

    // Issuer: the surest claim first.
    let day = issued_on
        .or_else(|| printed.and_then(|d| Date::new(d.year, d.month?, 1).ok()))
        .or(period.map(|p| p.end))
        .or_else(|| {
            text.as_deref().and_then(|t| title::year_of(&title::period_part(t))).and_then(|y| Date::new(y, 6, 30).ok())
        });
    let (own, mut parents) = issuer::from_letterhead(&letterhead.bodies);
    let mut claims: Vec<issuer::Claim> = own.into_iter().collect();
    claims.extend(captions.iter().filter_map(|c| issuer::from_phrase(&c.issuer)));
    claims.extend(text.as_deref().and_then(issuer_of_title));
    if let Some(closing) = survey.closing {
        let (own, others) = issuer::from_closing(closing);
        claims.extend(own);
        parents.extend(others);
    }
    let opening = lines.iter().filter(|l| l.block as usize >= lines.get(above).map_or(0, |l| l.block as usize));
    claims.extend(opening.filter_map(|l| issuer::from_opening(l.text)));
    claims.extend(survey.signature.and_then(issuer::from_signature));
    let who = issuer::settle(&claims, &parents, &survey.names, letterhead.place.as_deref(), day);
    let place = letterhead.place.map(|p| place_name(p, who.unit));

    Metadata {
        doc_number,
        doc_number_place,
        issued_on,
        place,
        issuer: who.issuer,
        issuer_level: who.level,
        entity_code: who.unit.map(|u| u.code.to_owned()),
        district: who.district,
        province: who.province,
        title: text,
        kind: kind.map(str::to_owned),
        period,
    }
}

/// How many lines stand above the title; without a title, above `Kính gửi` or the first long line.
fn lines_above(lines: &[head::Line<'_>], title: Option<usize>) -> usize {
    let addressed =
        |t: &str| t.to_lowercase().trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("kính gửi");
    title.unwrap_or_else(|| {
        lines.iter().position(|l| addressed(l.text) || l.text.len() > 240).unwrap_or_else(|| lines.len().min(12))
    })
}

/// The place of issue in the gazetteer's spelling where it is the issuer's own name.
fn place_name(printed: String, unit: Option<&'static gazetteer::Unit>) -> String {
    match unit {
        Some(unit) if unit.proper().chars().count() > 3 && one_letter_off(unit.proper(), &printed) => {
            unit.proper().to_owned()
        }
        _ => printed,
    }
}

/// Whether two names are the same but for marks and at most one letter (a look-alike read wrongly).
fn one_letter_off(name: &str, printed: &str) -> bool {
    let bare = |t: &str| t.chars().filter(|c| c.is_alphanumeric()).map(|c| gazetteer::letter(c).1).collect::<String>();
    strsim::levenshtein(&bare(name), &bare(printed)) <= 1
}

/// `… CỦA UBND XÃ HÒA AN` at the end of a title.
fn issuer_of_title(title: &str) -> Option<issuer::Claim> {
    static OF: LazyLock<Regex> = LazyLock::new(|| {
        head::regex(r"(?i)\bc[ủu]a\s+((?:ủy\s+ban|uỷ\s+ban|ubnd|sở|phòng|xã|phường|thị|huyện|quận|thành|tỉnh)\s.*)$")
    });
    OF.captures(title).and_then(|c| c.get(1)).and_then(|m| issuer::from_phrase(m.as_str()))
}

/// What one pass over the whole document gathers.
struct Survey<'a> {
    /// The paragraph that begins `Trên đây là báo cáo …`.
    closing: Option<&'a str>,
    /// `TM. ỦY BAN NHÂN DÂN …`
    signature: Option<&'a str>,
    /// Headings of the appendices: where a lost title's period is printed again.
    annexes: Vec<&'a str>,
    /// Sentences that open the report.
    opening: Vec<&'a str>,
    /// Whether there is an appendix or a form.
    annex: bool,
    names: issuer::Names,
}

fn survey<'a>(document: &'a Document, texts: &Texts) -> Survey<'a> {
    static ANNEX: LazyLock<Regex> =
        LazyLock::new(|| head::regex(r"(?i)^\W*(?:ph[ụu]\s+l[ụu]c|bi[ểê]u\s+m[ẫâ]u|bi[ểê]u\s+s[ốô]|m[ẫâ]u\s+s[ốô])\b"));
    let mut out = Survey {
        closing: None,
        signature: None,
        annexes: Vec::new(),
        opening: Vec::new(),
        annex: false,
        names: issuer::Names::default(),
    };
    let mut since_annex = usize::MAX;
    for (at, block) in document.blocks.iter().enumerate() {
        if let BlockKind::Table(index) = block.kind {
            since_annex = usize::MAX;
            let cells = document.tables.get(index as usize).map(|t| t.cells.as_slice()).unwrap_or_default();
            for (at, cell) in cells.iter().enumerate() {
                out.names.observe(&cell.text.clean, texts.cell(index, at));
            }
            continue;
        }
        let text = block.text.clean.as_str();
        out.names.observe(text, texts.block(at as u32));
        if out.opening.len() < 6 && matches!(block.kind, BlockKind::Paragraph) && text.len() > 40 {
            out.opening.push(text);
        }
        if text.len() < 200 && ANNEX.is_match(text) {
            out.annex = true;
            since_annex = 0;
        }
        // The words under an appendix's name, up to its table.
        let caption = text.contains("èm theo");
        if since_annex < 4 && text.len() < 400 && out.annexes.len() < 32 && !caption {
            out.annexes.push(text);
        }
        since_annex = since_annex.saturating_add(1);
        if closes(text) {
            out.closing = Some(text);
        }
        if text.len() < 200
            && out.signature.is_none()
            && text.trim_start_matches(|c: char| !c.is_alphanumeric()).starts_with("TM")
        {
            out.signature = Some(text);
        }
    }
    out
}

/// `Trên đây là (toàn bộ) báo cáo …`
fn closes(text: &str) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if !text.starts_with(['t', 'T']) {
        return false;
    }
    let start = lowered_start(text, 60);
    start.starts_with("trên đây là") && start.contains("báo cáo")
}

/// Captions that do not contradict each other about the level of the issuer are the report's own.
fn own_captions(document: &Document) -> Vec<caption::Caption> {
    let mut captions = caption::captions(document);
    let signs = captions.iter().find_map(|c| c.number.as_ref().map(|n| n.signs.clone()));
    captions.retain(|c| c.number.as_ref().is_none_or(|n| Some(&n.signs) == signs.as_ref()));
    captions
}

/// The reporting period: of the title, else of the closing, else of the appendices' headings, else of the opening sentences.
fn period(title: Option<&str>, survey: &Survey<'_>, year: Option<i16>) -> Option<Period> {
    let read = |text: &str| {
        let part = title::period_part(text);
        let year = title::year_of(text).or(year);
        let first = parse_period(&part, year)?;
        // `tháng 9 và quý III năm 2016`: the report of the quarter that ends with the month.
        let wider = part.split(" và ").skip(1).filter_map(|rest| parse_period(rest, year)).find(|p| {
            matches!(p.kind, PeriodKind::Quarter | PeriodKind::Half | PeriodKind::NineMonths | PeriodKind::Year)
                && first.kind != PeriodKind::Range
                && p.start <= first.start
                && first.end <= p.end
        });
        wider.or(Some(first))
    };
    title
        .and_then(read)
        .or_else(|| survey.closing.and_then(read))
        .or_else(|| survey.annexes.iter().find_map(|t| read(t)))
        .or_else(|| survey.opening.iter().find_map(|t| opening_period(t, year)))
}

/// `… báo cáo kết quả công tác quý I năm 2022 như sau:`: the words behind the verb, not the papers cited before it.
fn opening_period(text: &str, year: Option<i16>) -> Option<Period> {
    static REPORTS: LazyLock<Regex> =
        LazyLock::new(|| head::regex(r"(?i)báo\s+cáo\s+((?:kết|tình|công|việc|cải).*?)(?:như\s+sau|:|$)"));
    let words = REPORTS.captures_iter(text).last().and_then(|c| c.get(1))?.as_str();
    let part = title::period_part(words);
    let period = parse_period(&part, title::year_of(words).or(year));
    // What is reported for an inspection of a year is mostly not the whole year; but nothing else is said.
    period.or_else(|| parse_period(words, year))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::model::{Block, Level};
    use crate::text::clean::Text;
    use crate::text::period::parse_date;
    use jiff::civil::date;

    fn metadata(document: &Document) -> Metadata {
        super::metadata(document, &Texts::of(document))
    }

    /// A document of paragraphs, one per text; `I. …` and `1. …` become headings, as a reader makes them.
    pub(crate) fn document(texts: &[&str]) -> Document {
        let blocks = texts.iter().enumerate().map(|(i, t)| {
            let line = i as u32 + 1;
            let mark = t.split_once(". ").map(|(m, _)| m).filter(|m| matches!(*m, "I" | "II" | "1" | "2"));
            let kind = if mark.is_some() { BlockKind::Heading(1) } else { BlockKind::Paragraph };
            let clean = t.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut text = Text::from_line(line, t);
            text.clean = clean;
            Block {
                kind,
                heading: None,
                lead: None,
                text,
                place: Place::line(line),
                mark: mark.unwrap_or_default().to_owned(),
                notes: Vec::new(),
            }
        });
        Document { blocks: blocks.collect(), ..Document::default() }
    }

    #[test]
    fn a_letterhead_says_it_all() {
        let m = metadata(&document(&[
            "ỦY BAN NHÂN DÂN",
            "XÃ TÂN TRÀO",
            "Số: 15/BC-UBND",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Tân trào, ngày 12 tháng 6 năm 2022",
            "BÁO CÁO",
            "Kết quả công tác cải cách hành chính 6 tháng đầu năm 2022",
            "Thực hiện Công văn số 3/UBND-NV ngày 1/6/2022 của UBND huyện Thanh Miện về báo cáo",
            "I. KẾT QUẢ",
            "UBND xã đã ban hành 05 văn bản của tỉnh Hải Dương",
        ]));
        assert_eq!(m.doc_number.as_deref(), Some("15/BC-UBND"));
        assert_eq!(m.doc_number_place.line, Some(3));
        assert_eq!(m.issuer.as_deref(), Some("UBND xã Tân Trào"));
        assert_eq!(m.issuer_level, Some(Level::Commune));
        assert_eq!(m.entity_code.as_deref(), Some("11257"));
        assert_eq!(m.district.as_deref(), Some("Huyện Thanh Miện"));
        assert_eq!(m.province.as_deref(), Some("Tỉnh Hải Dương"));
        assert_eq!(m.place.as_deref(), Some("Tân Trào"));
        assert_eq!(m.kind.as_deref(), Some("periodic-report"));
        assert_eq!(m.title.as_deref(), Some("BÁO CÁO Kết quả công tác cải cách hành chính 6 tháng đầu năm 2022"));
        if parse_date("ngày 09 tháng 12 năm 2023").is_some() {
            assert_eq!(m.issued_on, Some(date(2022, 6, 12)));
            let half = Period { start: date(2022, 1, 1), end: date(2022, 6, 30), kind: PeriodKind::Half };
            assert_eq!(m.period, Some(half));
        }
    }

    #[test]
    fn a_whole_first_page_on_one_line() {
        let m = metadata(&document(&[
            "ỦY BAN NHÂN DÂN HUYỆN CƯ M’GAR CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc Số: 15/BC-UBND Cư M’gar, ngày 02 tháng 7 năm 2021 BÁO CÁO Công tác cải cách hành chính",
            "I. CHUNG",
        ]));
        assert_eq!(m.doc_number.as_deref(), Some("15/BC-UBND"));
        assert_eq!(m.issuer.as_deref(), Some("UBND huyện Cư M'gar"));
        assert_eq!(m.place.as_deref(), Some("Cư M'gar"));
        assert_eq!(m.title.as_deref(), Some("BÁO CÁO Công tác cải cách hành chính"));
    }

    #[test]
    fn a_homonym_without_parents_has_no_code() {
        let m =
            metadata(&document(&["UBND XÃ TÂN THÀNH", "Số:    /BC-UBND", "BÁO CÁO", "Kết quả năm 2022", "I. CHUNG"]));
        assert_eq!((m.issuer.as_deref(), m.entity_code, m.district), (Some("UBND xã Tân Thành"), None, None));
        assert_eq!((m.doc_number, m.doc_number_place.line), (None, Some(2)));
    }

    #[test]
    fn a_lost_letterhead_is_made_good_by_the_captions_and_the_closing() {
        let m = metadata(&document(&[
            "BÁO CÁO",
            "TÌNH HÌNH THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH QUÝ I NĂM 2021",
            "I. CHỈ ĐẠO",
            "Ủy ban nhân dân huyện đã ban hành 12 văn bản.",
            "Trên đây là báo cáo quý I và phương hướng, nhiệm vụ quý II năm 2021 của Ủy ban nhân dân huyện A Lưới./.",
            "PHỤ LỤC 1",
            "(Kèm theo Báo cáo số 88/BC-UBND ngày 20 tháng 3 năm 2021 của Ủy ban nhân dân huyện)",
        ]));
        assert_eq!(m.doc_number.as_deref(), Some("88/BC-UBND"));
        assert_eq!(m.doc_number_place.line, Some(7));
        assert_eq!(m.issuer.as_deref(), Some("UBND huyện A Lưới"));
        assert_eq!(m.issuer_level, Some(Level::District));
        assert_eq!(m.entity_code.as_deref(), Some("481"));
        assert_eq!((m.district, m.province.as_deref()), (None, Some("Tỉnh Thừa Thiên Huế")));
        if parse_date("ngày 09 tháng 12 năm 2023").is_some() {
            assert_eq!(m.issued_on, Some(date(2021, 3, 20)));
            assert_eq!(m.period.map(|p| (p.start, p.end)), Some((date(2021, 1, 1), date(2021, 3, 31))));
        }
    }

    #[test]
    fn a_number_of_another_office_is_not_the_reports() {
        let m = metadata(&document(&[
            "BÁO CÁO CHUYÊN ĐỀ",
            "Về cải cách thủ tục hành chính giai đoạn 2011 - 2020, định hướng giai đoạn 2021 - 2030",
            "I. KẾT QUẢ",
            "UBND thị trấn Vôi đã làm việc; UBND thị trấn Vôi đã niêm yết.",
            "Trên đây là Báo cáo chuyên đề cải cách thủ tục hành chính của UBND thị trấn Vội ./.",
            "PHỤ LỤC 3",
            "(Kèm theo văn bản số /VPUB-HCC ngày tháng 4 năm 2020)",
        ]));
        assert_eq!((m.doc_number, m.doc_number_place), (None, Place::default()));
        assert_eq!(m.issued_on, None);
        assert_eq!(m.issuer.as_deref(), Some("UBND thị trấn Vôi"));
        assert_eq!(m.entity_code.as_deref(), Some("07375"));
        assert_eq!(m.kind.as_deref(), Some("thematic-report"));
        if parse_date("ngày 09 tháng 12 năm 2023").is_some() {
            assert_eq!(m.period.map(|p| (p.start, p.end)), Some((date(2011, 1, 1), date(2020, 12, 31))));
        }
    }

    #[test]
    fn a_report_for_an_inspection_takes_its_period_from_its_forms() {
        let m = metadata(&document(&[
            "Kính gửi: Sở Nội vụ.",
            "Thực hiện Kế hoạch số 7/KH-UBND ngày 29/3/2022 của UBND tỉnh về kiểm tra năm 2022.",
            "Ủy ban nhân dân huyện A Lưới báo cáo kết quả phục vụ Đoàn kiểm tra của UBND tỉnh năm 2022 như sau:",
            "I. CHUNG",
            "Trên đây là Báo cáo kết quả công tác phục vụ Đoàn kiểm tra của UBND tỉnh của Ủy ban nhân dân huyện A Lưới./.",
            "PHỤ LỤC 2",
            "BIỂU MẪU THỐNG KÊ SỐ LIỆU BÁO CÁO CẢI CÁCH HÀNH CHÍNH 06 THÁNG NĂM 2022",
            "(Kèm theo Báo cáo số         /BC-UBND ngày      /6/2022 của UBND huyện)",
        ]));
        assert_eq!(m.doc_number, None);
        assert_eq!(m.doc_number_place.line, Some(8));
        assert_eq!(m.issued_on, None);
        assert_eq!(m.issuer.as_deref(), Some("UBND huyện A Lưới"));
        assert_eq!(m.kind.as_deref(), Some("inspection-report"));
        if parse_date("ngày 09 tháng 12 năm 2023").is_some() {
            assert_eq!(m.period.map(|p| (p.start, p.end)), Some((date(2022, 1, 1), date(2022, 6, 30))));
        }
    }

    #[test]
    fn an_empty_document_says_nothing() {
        assert_eq!(metadata(&Document::default()), Metadata::default());
    }
}
