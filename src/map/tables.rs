//! Tables → facts: columns by their heads, rows by a known form or by their words, cells by their unit.

use crate::map::columns::{Column, Relative, Score, Value, columns, head_parts, only_level};
use crate::map::forms::Alignment;
use crate::map::labels::Known;
use crate::map::narrative::{Passage, printed, scale};
use crate::map::phrases::{Context, Cues, Role, compatible};
use crate::map::rows::{BodyRow, body, to_rows};
use crate::map::scope::ColumnContext;
use crate::map::{Builder, confidence, entity};
use crate::model::{Cell, Fact, Kind, Level, Link, Source, Status, Table};
use crate::rules::{FormRow, Indicator};
use crate::text::fold::fold;
use crate::text::letter::lower_in_place;
use crate::text::number::{CellValue, Habit, Number, Relation, UnitKind, code_domain, read_cell};
use crate::text::period::{Period, parse_column_period, parse_context_period, parse_period};
use crate::text::sought::Low;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::sync::Arc;

/// What a row means before its cells are read.
pub(super) struct RowMeaning<'a> {
    pub form_row: Option<&'a FormRow>,
    /// Form and key, for provenance.
    pub rule: Option<String>,
    pub indicator: Option<&'a Indicator>,
    pub dims: Vec<(String, String)>,
    pub level: Option<Level>,
    pub unit: UnitKind,
    pub confidence: f64,
    pub own: Cues,
    pub lead: Cues,
    /// Label with what it stands under where it says little by itself.
    pub label: String,
    /// Its own label alone.
    pub printed: String,
    /// `Dự toán được giao cả năm`, `Nhiệm vụ trong chương trình cả năm`: in every column the year's.
    pub of_whole_year: bool,
    pub entity: Option<(String, String, Level)>,
    /// The period that its own label names.
    pub period: Option<Period>,
    pub total: bool,
}

/// What a table says to each of its rows.
pub(super) struct Surroundings {
    pub heading: Cues,
    /// The caption's cues where the rows are fields of work (`Lĩnh vực`): what is counted stands there, not in the rows.
    pub fields: Option<Cues>,
    /// Another period that the caption names.
    pub stated: Option<Period>,
    /// For each column what its head says.
    pub heads: Vec<Head>,
    /// How its figures are printed.
    pub habit: Habit,
}

/// What a value column's head says.
pub(super) struct Head {
    pub known: Arc<Known>,
    /// The cues of the value columns' heads before it: they tell what a head means (`Trước hạn | Đúng hạn`).
    pub before: Cues,
}

/// How far back rows with the same parent tell what a row means (`Trước hạn`, then `Đúng hạn`).
const SIBLINGS: usize = 12;

impl<'r> Builder<'r> {
    /// Reads one table. `block` is the block that stands for it.
    pub fn table(&mut self, at: u32, table: &Table, block: u32) {
        let year = self.out.metadata.period.map(|p| p.end.year());
        let roles = columns(table, year);
        let rows = body(table, &roles);
        let captions = self.captions(table, block);
        let caption_level = self.caption_level(&captions);
        let caption = self.known(&captions).cues.clone();
        let mut heading = caption.clone();
        heading.add(&self.heading(block).cues);

        let transposed = self.columns_as_rows(table, &roles, &captions);
        let known: Vec<Arc<Known>> = rows.iter().map(|row| self.known(&row.label)).collect();
        let alignment =
            if transposed.is_some() { None } else { self.forms.align(self.rules, &rows, &known, &captions) };
        let form_rows = self.form_rows(&alignment);
        let base = self.out.rows.len();
        self.out.rows.extend(to_rows(&rows, at, base, &form_rows));

        let label = roles.iter().position(|role| *role == Column::Label).unwrap_or(0) as u32;
        let by_field = head_parts(table, label).first().is_some_and(|head| {
            let head = fold(head);
            ["lĩnh vực", "tồn tại", "nội dung tồn tại"].iter().any(|w| head.trim().starts_with(w))
        });
        let mut heads: Vec<Head> = Vec::with_capacity(roles.len());
        let mut before = Cues::default();
        for role in &roles {
            let known = self.known(if let Column::Value(value) = role { &value.head } else { "" });
            heads.push(Head { known: known.clone(), before: before.clone() });
            before.add(&known.cues);
        }
        let stated = self.caption_period(&captions);
        let habit = self.bodies.get(at as usize).and_then(own_habit).unwrap_or(self.habit);
        let around = Surroundings { heading, fields: by_field.then_some(caption), stated, heads, habit };

        let mut filled = vec![false; roles.len()];
        for cell in table.cells.iter().filter(|c| c.row >= table.header_rows && !c.text.is_empty()) {
            if let Some(filled) = filled.get_mut(cell.column as usize) {
                *filled = true;
            }
        }
        let scored = roles.iter().any(|r| matches!(r, Column::Value(Value { score: Some(_), .. })));
        let criteria = if scored { criteria(&rows) } else { Vec::new() };
        let mut by_row: Vec<Vec<Option<usize>>> = vec![vec![None; roles.len()]; rows.len()];
        let mut told: Vec<Told> = Vec::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            let meaning = self.row_meaning(&rows, &known, index, alignment.as_ref(), &around, &told);
            let meaning = RowMeaning { level: meaning.level.or(caption_level), ..meaning };
            told.push(Told {
                level: meaning.level,
                unit: meaning.unit,
                indicator: meaning.indicator,
                dims: meaning.dims.clone(),
                rule: meaning.rule.clone(),
                confidence: meaning.confidence,
            });
            let criterion = criteria.get(index).map_or("", String::as_str);
            // A spanning cell is read once, where it starts; of two at one place the last stands for it.
            let here = table.row_range(row.row);
            let last = here.end;
            let again = |at: usize| at + 1 < last && table.cells[at + 1].column == table.cells[at].column;
            for (cell, low) in here.filter(|at| !again(*at)).map(|i| (&table.cells[i], self.texts.cell(at, i))) {
                let column = cell.column as usize;
                let Some(role) = roles.get(column) else { continue };
                match role {
                    Column::Value(value) if filled[column] => {
                        let column_meaning = transposed.as_ref().and_then(|t| t[column].as_ref());
                        let head_row = column_meaning.map(|key| self.form_row(key));
                        let first = self.out.facts.len();
                        let context =
                            ColumnContext { value, criterion, around: &around, head: &around.heads[column], head_row };
                        self.cell(table, at, block, row, base + index, cell, low, &meaning, &context);
                        if self.out.facts.len() > first {
                            by_row[index][column] = Some(first);
                            self.row_links(&rows, index, column, first, &by_row, &roles);
                        }
                    }
                    // A number that slipped into the unit column is still a figure.
                    Column::Unit | Column::Note => {
                        let stray = matches!(role, Column::Unit) && row.unit.bytes().any(|b| b.is_ascii_digit());
                        if stray && (!code_domain(&row.unit).is_empty() || row.unit.contains('=')) {
                            continue;
                        }
                        if stray || matches!(role, Column::Note) {
                            self.sentences(cell, low, at, block, &meaning, &around.heading);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn captions(&self, table: &Table, block: u32) -> String {
        let mut words: Vec<&str> = table
            .captions
            .iter()
            .filter_map(|b| self.document.blocks.get(*b as usize))
            .map(|b| b.text.clean.as_str())
            .collect();
        if let Some(heading) = self.document.headings(block).next() {
            let text = heading.text.clean.as_str();
            if !words.contains(&text) {
                words.insert(0, text);
            }
        }
        words.join(" | ")
    }

    /// The period that a row's own label ends with (`Đã giải ngân đến 31/8/2022`, `Kế hoạch vốn đầu tư công năm 2022`) or holds in a
    /// bracket (`Đã thực hiện (lũy kế 9 tháng)`).
    fn row_period(&self, label: &str) -> Option<Period> {
        if let Some((_, bracket)) = label.split_once("(lũy kế") {
            let document = self.out.metadata.period?;
            let said = bracket.split(')').next().and_then(|b| parse_column_period(b, Some(document.end.year())));
            return said.or(Relative::SoFar.of(document));
        }
        if !label.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let low = lower_in_place(label);
        let said = low.contains("đến ") || ["kế hoạch", "dự toán", "giao"].iter().any(|w| low.contains(w));
        said.then(|| parse_context_period(&low, low.len(), self.out.metadata.period, self.out.metadata.issued_on))?
    }

    /// The period that a table's title names apart from the report's: a window in brackets, the year before.
    fn caption_period(&self, captions: &str) -> Option<Period> {
        let document = self.out.metadata.period?;
        // `(Từ ngày 15/6/2024 đến ngày 14/9/2024)` under the title is what the whole table counts.
        let window = captions.split(" | ").filter(|c| c.starts_with('(')).map(lower_in_place).find_map(|c| {
            let own = c.split("kèm theo").next().unwrap_or_default().trim_end_matches([' ', ';', ',']);
            let from = own.find("từ ngày").filter(|_| own.contains("đến"))?;
            parse_context_period(&own[from..], own.len() - from, Some(document), None)
        });
        if window.is_some() {
            return window;
        }
        // What stands behind `so với` is what the report's own period is compared with.
        let titles = captions.split(" | ").map(|title| title.split('(').next().unwrap_or(title));
        let named = |title: &&str| {
            let title = fold(title);
            ["quyết định", "thông tư", "nghị", "kế hoạch", "công văn", "giai đoạn"].iter().any(|w| title.contains(w))
        };
        let overlap = jiff::Span::new().days(31);
        let before = |p: &Period| document.start.checked_add(overlap).is_ok_and(|start| p.end <= start);
        let own = |title: &str| match lower_in_place(title).find("so với") {
            Some(at) => parse_period(&title[..at], None),
            None => parse_period(title, None),
        };
        titles.filter(|title| !named(title)).find_map(own).filter(before)
    }

    /// Whose things a whole table counts, where its title says so (`… tại Bộ phận Một cửa các xã, thị trấn`).
    fn caption_level(&self, captions: &str) -> Option<Level> {
        let issuer = self.out.metadata.issuer_level;
        let mut titles = captions.split(" | ").map(|title| title.split('(').next().unwrap_or(title));
        titles.find_map(|title| {
            let level = self.level_said(&self.known(title))?;
            // The issuer's own level only where the title says at which office: `… tại Bộ phận Một cửa thị xã`.
            let own = || {
                let title = lower_in_place(title);
                level > Level::Commune && ["tại bộ phận", "tại trung tâm"].iter().any(|w| title.contains(w))
            };
            (issuer.is_some_and(|i| level < i || level == i && own())).then_some(level)
        })
    }

    /// A table whose column heads, not its rows, are a known form's rows (form 06 of the Government Office).
    fn columns_as_rows(&self, table: &Table, roles: &[Column], captions: &str) -> Option<Vec<Option<(usize, usize)>>> {
        let heads: Vec<(usize, Vec<&str>)> = roles
            .iter()
            .enumerate()
            .filter(|(_, role)| matches!(role, Column::Value(v) if !v.head.is_empty() && !v.comparison))
            .map(|(column, _)| (column, head_parts(table, column as u32)))
            .collect();
        if heads.len() < 3 {
            return None;
        }
        // A head over several columns stands above them as a row stands above its parts; its own total, where there is one, for it.
        let mut rows: Vec<BodyRow> = Vec::new();
        let mut at: Vec<(usize, usize)> = Vec::new();
        let mut group: Option<(&str, usize)> = None;
        for (column, parts) in &heads {
            let (leaf, above) = parts.split_last()?;
            let name = above.first().copied().unwrap_or("");
            let total = fold(leaf).trim().starts_with("tổng");
            let parent = match group {
                Some((known, row)) if known == name && !name.is_empty() => Some(row),
                _ => None,
            };
            let label = if total && !name.is_empty() { format!("{name}: {leaf}") } else { leaf.to_string() };
            if parent.is_none() && !name.is_empty() && !total {
                group = Some((name, rows.len()));
                rows.push(BodyRow::named(name.to_string(), None));
            }
            if total {
                group = Some((name, rows.len()));
            }
            let parent = group
                .filter(|(known, row)| *known == name && !name.is_empty() && *row != rows.len())
                .map(|(_, row)| row);
            at.push((*column, rows.len()));
            rows.push(BodyRow::named(label, parent));
        }
        let known: Vec<Arc<Known>> = rows.iter().map(|row| self.known(&row.label)).collect();
        let alignment = self.forms.align(self.rules, &rows, &known, captions)?;
        let mut meanings = vec![None; roles.len()];
        for (column, row) in at {
            meanings[column] = alignment.rows[row].map(|(row, _)| (alignment.form, row));
        }
        Some(meanings)
    }

    fn form_row(&self, key: &(usize, usize)) -> &'r FormRow {
        let rules = self.rules;
        &rules.forms[key.0].rows[key.1]
    }

    fn form_rows(&self, alignment: &Option<Alignment>) -> Vec<Option<String>> {
        let Some(alignment) = alignment else { return Vec::new() };
        let form = &self.rules.forms[alignment.form];
        alignment.rows.iter().map(|row| row.map(|(row, _)| [&form.id, "/", &form.rows[row].key].concat())).collect()
    }

    fn row_meaning(
        &self,
        rows: &[BodyRow],
        known: &[Arc<Known>],
        index: usize,
        alignment: Option<&Alignment>,
        around: &Surroundings,
        told: &[Told<'r>],
    ) -> RowMeaning<'r> {
        let rules = self.rules;
        let row = &rows[index];
        let above: Vec<usize> =
            std::iter::successors(row.parent, |p| rows[*p].parent).take(8).filter(|p| !rows[*p].total).collect();
        let parents: Vec<&BodyRow> = above.iter().map(|p| &rows[*p]).collect();
        let aligned = alignment.and_then(|a| a.rows[index].map(|(at, alike)| (&rules.forms[a.form], at, alike)));
        let form_row = aligned.map(|(form, at, _)| &form.rows[at]);
        let own = known[index].cues.clone();
        let mut lead = Cues::default();
        for parent in above {
            lead.add(&known[parent].cues);
        }
        let mut unit = self.known(&row.unit).unit();
        if unit == UnitKind::Unknown {
            unit = form_row.map_or(UnitKind::Unknown, |r| self.known(&r.unit).unit());
        }
        let folded = &known[index].folded;
        if unit == UnitKind::Unknown && (folded.starts_with("tỉ lệ") || folded.ends_with('%')) {
            unit = UnitKind::Percent;
        }
        let parent = row.parent.and_then(|p| told.get(p));
        let parent_level = parent.and_then(|p| p.level);
        let entity = entity::row_entity(&row.label, known[index].names_a_unit(), &self.home).or_else(|| {
            entity::named_row(&row.label, &self.out.metadata).map(|(name, level)| (String::new(), name, level))
        });
        let mut meaning = RowMeaning {
            form_row,
            rule: aligned.map(|(form, at, _)| ["form/", &form.id, "/", &form.rows[at].key].concat()),
            indicator: form_row.and_then(|r| r.indicator.as_ref()).and_then(|id| rules.indicators.get(id)),
            dims: form_row.map(|r| r.dims.clone()).unwrap_or_default(),
            level: match form_row {
                // A level that the form takes from the row above holds only under that row.
                Some(form_row) if form_row.level.is_some() => {
                    let printed = self.level_said(&known[index]);
                    let above = row.parent.and_then(|p| {
                        alignment.and_then(|a| a.rows[p].map(|(at, _)| &rules.forms[a.form].rows[at].key))
                    });
                    let under = form_row.parent.is_empty() || above == Some(&form_row.parent);
                    if under || printed == form_row.level { form_row.level } else { printed.or(parent_level) }
                }
                Some(_) => parent_level,
                None => self.level_said(&known[index]).or(parent_level),
            },
            unit,
            confidence: aligned.map_or(confidence::UNMAPPED, |(_, _, alike)| {
                confidence::form(alike, alignment.map_or(0.0, |a| a.fit))
            }),
            own,
            lead,
            label: self.label(row, &parents),
            printed: row.label.clone(),
            of_whole_year: folded.contains("cả năm"),
            entity,
            period: self.row_period(&row.label),
            total: row.total,
        };
        if meaning.form_row.is_none() {
            let noun = if unit == UnitKind::Percent { Cues::default() } else { self.known(&row.unit).cues.clone() };
            let mut lead = meaning.lead.clone();
            if row.parent.is_some_and(|p| !rows[p].total) {
                let from = index.saturating_sub(SIBLINGS);
                let before = (from..index).filter(|at| rows[*at].parent == row.parent);
                before.for_each(|at| lead.add(&known[at].cues));
            }
            let own = around.fields.as_ref().unwrap_or(&meaning.own).clone();
            let row_cues = meaning.lead.clone();
            let context =
                Context { own, noun, part: Cues::default(), row: row_cues, lead, heading: around.heading.clone() };
            let (role, kind) = match unit {
                UnitKind::Percent => (Role::Rate, Kind::Percent),
                UnitKind::Money(_) => (Role::Count, Kind::Money),
                UnitKind::Score => (Role::Count, Kind::Score),
                _ if folded.starts_with("diện tích") => (Role::Count, Kind::Area),
                _ => (Role::Count, Kind::Count),
            };
            if let Some(fit) = self.phrases.best(rules, &context, role, kind) {
                let phrase = &rules.phrases[fit.phrase];
                meaning.indicator = phrase.indicator(role).and_then(|id| rules.indicators.get(id));
                meaning.dims = phrase.dims.clone();
                if around.fields.is_some() && !row.total {
                    meaning.dims.push(("field".to_string(), fold(&row.label).trim().to_string()));
                    meaning.dims.sort();
                }
                meaning.level = phrase.level.or(meaning.level);
                meaning.rule = Some(["phrase/", &phrase.id].concat());
                meaning.confidence = confidence::row(&fit);
            } else if let Some(told) = parent.filter(|p| p.unit == unit && only_level(folded.trim()).is_some()) {
                // `Cấp quận` below a count of all levels.
                meaning.indicator = told.indicator;
                meaning.dims.clone_from(&told.dims);
                meaning.rule.clone_from(&told.rule);
                meaning.confidence = told.confidence;
            }
        }
        meaning
    }

    /// A row's label; a label that says little by itself (`Cấp huyện`, `Hài lòng`) with the one it stands under.
    fn label(&self, row: &BodyRow, parents: &[&BodyRow]) -> String {
        let short = row.label.split_whitespace().nth(4).is_none();
        match parents.first() {
            Some(parent) if short && !parent.label.is_empty() => {
                [parent.label.trim_end_matches(':'), ": ", &row.label].concat()
            }
            _ => row.label.clone(),
        }
    }

    fn sentences(&mut self, cell: &Cell, low: Low, table: u32, block: u32, meaning: &RowMeaning<'r>, heading: &Cues) {
        if cell.text.is_empty() {
            return;
        }
        let mut lead = meaning.own.clone();
        lead.add(&meaning.lead);
        let passage = Passage {
            text: &cell.text,
            low,
            block,
            cell: Some((table, cell.row, cell.column)),
            source: Source::Narrative,
            place: cell.place,
            lead,
            lead_level: meaning.level,
            label: &meaning.label.clone(),
            whole: None,
            period: None,
            year: None,
            heading: heading.clone(),
            heading_level: None,
            plan: false,
        };
        self.passage(&passage);
    }

    #[allow(clippy::too_many_arguments)]
    fn cell(
        &mut self,
        table: &Table,
        at: u32,
        block: u32,
        row: &BodyRow,
        row_index: usize,
        cell: &Cell,
        low: Low,
        meaning: &RowMeaning<'r>,
        column: &ColumnContext,
    ) {
        let value = column.value;
        let unit = if value.unit != UnitKind::Unknown { value.unit } else { meaning.unit };
        let clean = cell.text.clean.as_str();
        let read = read_cell(clean, unit, &column.around.habit);
        let domain = match code_domain(&row.unit) {
            domain if !domain.is_empty() => domain,
            _ => meaning.form_row.map(|r| r.domain.clone()).unwrap_or_default(),
        };
        let scope = self.scope(meaning, column, unit, &read, &domain);
        let fact = |number: Option<&Number>, span: Range<usize>, status: Status| -> Fact {
            let kind = scope.kind(number);
            let fits =
                scope.indicator.is_some_and(|i| compatible(kind, i.kind) || i.kind == Kind::Text || i.kind == kind);
            let indicator = scope.indicator.filter(|_| fits || number.is_none());
            let sign = if number.is_some_and(|n| n.negative) { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
            let best = number.map(Number::best).map(|b| crate::text::number::Reading { value: b.value * sign, ..b });
            let power =
                number.map_or(0, |n| n.multiplier) + if kind == Kind::Money { money_power(unit, number) } else { 0 };
            let line = if clean.is_empty() { 0 } else { cell.text.line_at(span.start) };
            let mut place = cell.place;
            if line > 0 {
                place.line = Some(line);
            }
            let entity = meaning.entity.clone();
            Fact {
                indicator: indicator.map(|i| i.id.clone()).or(scope.fixed.map(str::to_string)),
                label: scope.label.clone(),
                raw: printed(&cell.text, 0..clean.len()),
                number: best.map(|b| b.value).or((status == Status::None).then_some(Decimal::ZERO)),
                value: best.and_then(|b| scale(b.value, power)).or((status == Status::None).then_some(Decimal::ZERO)),
                unit: scope.unit(kind, &row.unit, number),
                value_text: None,
                relation: number.map_or(Relation::Equal, |n| n.relation),
                status,
                kind,
                entity_code: entity.as_ref().map(|e| e.0.clone()).filter(|c| !c.is_empty()),
                entity: entity.as_ref().map(|e| e.1.clone()),
                level: entity.map(|e| e.2).or(scope.level),
                dims: scope.dims.clone(),
                period: scope.period,
                source: Source::Table,
                place,
                cell: Some((at, cell.row, cell.column)),
                block,
                span: (span.start as u32, span.end as u32),
                quote: quote(table, row, cell),
                rule: scope.rule.clone().filter(|_| indicator.is_some() || scope.fixed.is_some()),
                confidence: if indicator.is_some() || scope.fixed.is_some() {
                    scope.confidence
                } else {
                    confidence::UNMAPPED
                },
                readings: number.map(|n| n.readings.clone()).unwrap_or_default(),
                multiplier: power,
                row: Some(row_index),
                links: Vec::new(),
                domain: domain.clone(),
            }
        };
        let whole = 0..clean.len();
        match read {
            CellValue::Blank | CellValue::Placeholder => {
                if scope.indicator.is_some() || scope.fixed.is_some() {
                    let mut blank = fact(None, whole, Status::Blank);
                    blank.raw = printed(&cell.text, 0..clean.len());
                    self.out.facts.push(blank);
                }
            }
            CellValue::Zero => {
                let mut zero = fact(None, whole, Status::None);
                zero.value_text = Some(clean.to_string());
                self.out.facts.push(zero);
            }
            CellValue::Number(number, span) => {
                let fact = fact(Some(&number), span, Status::Reported);
                self.out.facts.push(fact);
            }
            CellValue::Fraction(above, a, below, b) => {
                let mut denominator = fact(Some(&below), b, Status::Reported);
                denominator.indicator = None;
                denominator.row = None;
                let mut numerator = fact(Some(&above), a, Status::Reported);
                numerator.links.push(Link::Denominator(self.out.facts.len() + 1));
                self.out.facts.push(numerator);
                self.out.facts.push(denominator);
            }
            CellValue::Text => {
                let mut text = fact(None, whole, Status::Reported);
                let folded = fold(clean);
                text.value_text = Some(clean.to_string());
                text.value = domain
                    .iter()
                    .find(|(_, word)| !word.is_empty() && folded.trim().starts_with(fold(word).trim()))
                    .map(|(code, _)| Decimal::from(*code));
                if !matches!(text.kind, Kind::Code) {
                    text.kind = Kind::Text;
                }
                self.out.facts.push(text);
                if clean.bytes().any(|b| b.is_ascii_digit()) {
                    self.sentences(cell, low, at, block, meaning, &column.around.heading);
                }
            }
        }
    }

    fn row_links(
        &mut self,
        rows: &[BodyRow],
        index: usize,
        column: usize,
        fact: usize,
        by_row: &[Vec<Option<usize>>],
        roles: &[Column],
    ) {
        let mut parent = rows[index].parent;
        // A total at the foot stands above rows that were read before it.
        if rows[index].total {
            for (at, row) in rows.iter().enumerate().take(index) {
                if row.parent == Some(index)
                    && let Some(child) = by_row[at][column]
                {
                    self.out.facts[child].links.push(Link::RowParent(fact));
                }
            }
        }
        while let Some(at) = parent {
            if let Some(above) = by_row[at][column] {
                self.out.facts[fact].links.push(Link::RowParent(above));
                break;
            }
            parent = rows[at].parent;
        }
        if let Some(Column::Value(Value { score: Some(Score::Own | Score::Appraised), .. })) = roles.get(column) {
            let max = roles.iter().position(|r| matches!(r, Column::Value(Value { score: Some(Score::Max), .. })));
            if let Some(max) = max.and_then(|m| by_row[index][m]) {
                self.out.facts[fact].links.push(Link::Maximum(max));
            }
        }
    }
}

/// What a row above means, for those below it that name only a level.
struct Told<'a> {
    level: Option<Level>,
    unit: UnitKind,
    indicator: Option<&'a Indicator>,
    dims: Vec<(String, String)>,
    rule: Option<String>,
    confidence: f64,
}

/// How a table prints its figures where it says so itself: an annex made by a program has `1,979` and `99.27` below a text with `1.979` and
/// `99,27`.
fn own_habit(body: &Habit) -> Option<Habit> {
    let (foreign, own) = (body.dot_decimal + body.comma_thousands, body.comma_decimal + body.dot_thousands);
    (foreign > 1 && foreign >= 4 * own && body.dot_decimal > 0).then_some(*body)
}

/// Power of ten of the unit where the cell itself prints no multiplier.
fn money_power(unit: UnitKind, number: Option<&Number>) -> u32 {
    match unit {
        UnitKind::Money(power) if number.is_none_or(|n| n.multiplier == 0 && !n.money) => power,
        _ => 0,
    }
}

/// The paths of row numbers that name the criteria of a score sheet; rows without a number count on below their parent.
fn criteria(rows: &[BodyRow]) -> Vec<String> {
    let mut unnumbered: FxHashMap<Option<usize>, usize> = FxHashMap::default();
    let mut out: Vec<String> = Vec::with_capacity(rows.len());
    for row in rows {
        // Only the total row at the foot stands above rows that come before it.
        let above = row.parent.filter(|p| !rows[*p].total).and_then(|p| out.get(p)).map_or("", String::as_str);
        let path = if row.total {
            "total".to_string()
        } else if row.stt.is_empty() {
            let nth = unnumbered.entry(row.parent).or_default();
            *nth += 1;
            format!("{above}#{nth}")
        } else {
            match above.rsplit('/').next() {
                // 1.1.2 names its parents itself.
                Some(last) if !last.is_empty() && row.stt.starts_with(last) && row.stt.len() > last.len() => {
                    format!("{}{}", &above[..above.len() - last.len()], row.stt)
                }
                _ if above.is_empty() => row.stt.clone(),
                _ => format!("{above}/{}", row.stt),
            }
        };
        out.push(path);
    }
    out
}

fn quote(table: &Table, row: &BodyRow, cell: &Cell) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for other in table.row(row.row) {
        let text = other.text.clean.trim();
        if !text.is_empty() && (other.column <= cell.column || text.len() < 120) {
            parts.push(text);
        }
    }
    parts.join(" | ")
}
