//! Figures in sentences: what each counts, of whom, over what time. Also for the sentences inside table cells and footnotes.
//!
//! In: a clean text with its place, what it continues (lead) and what it stands under (heading). Out: facts with links.
//! A figure's own clause is cut from the sentence around it; a percent or fraction that speaks of the figure before it shares that
//! figure's clause. Nothing is dropped silently: what is no figure is kept as a named decoy.

use crate::map::level::levels_in;
use crate::map::phrases::{Context, Cues, Fit, Hits, Role};
use crate::map::times::{beside, of_a_plan, opened, year_of};
use crate::map::windows::{Figure, figures};
use crate::map::{Builder, confidence, entity};
use crate::model::{Fact, Kind, Level, Link, Place, Source, Status};
use crate::rules::{Basis, Indicator};
use crate::text::clean::Text;
use crate::text::decoy::Decoy;
use crate::text::fold::{fold, fold_end};
use crate::text::number::{Relation, TokenKind, scan_lowered};
use crate::text::period::{Period, PeriodKind, PeriodPhrases, parse_context_period};
use crate::text::sought::Low;
use rust_decimal::Decimal;
use std::ops::Range;

/// A text to read figures from, with all it inherits.
pub struct Passage<'a> {
    /// The text.
    pub text: &'a Text,
    /// The same in small letters.
    pub low: Low<'a>,
    /// Its block; for a cell the table's block.
    pub block: u32,
    /// Table, row, column of a cell.
    pub cell: Option<(u32, u32, u32)>,
    /// Table cells give `Narrative` too: they are sentences.
    pub source: Source,
    /// Page, where the format has pages; the line is looked up for each figure.
    pub place: Place,
    /// Cues of the lead-in: the list's opening sentence, the row's label and its parents.
    pub lead: Cues,
    /// Level that the lead speaks of.
    pub lead_level: Option<Level>,
    /// Words put before the figure's own as its label (a row's label).
    pub label: &'a str,
    /// The figure that this text lists the parts of.
    pub whole: Option<usize>,
    /// Cues of the headings.
    pub heading: Cues,
    /// Level that the headings speak of.
    pub heading_level: Option<Level>,
    /// Period that the text it belongs to speaks of (a footnote's sentence, a list's lead-in).
    pub period: Option<Period>,
    /// Year that the nearest heading or lead-in names.
    pub year: Option<i16>,
    /// Plans and wishes: figures are targets, no results.
    pub plan: bool,
}

/// Letters of the longest place that a text opens with.
const TOPIC: usize = 48;

/// Words that make a clause a target.
const TARGET: &[&str] =
    &["phấn đấu", "mục tiêu đến năm", "chỉ tiêu đến năm", "đặt mục tiêu", "định hướng đến năm", "giữ vững tỉ lệ"];
/// A text up to this many bytes is context for each of its sentences.
const WHOLE: usize = 2000;
/// A clause of up to this many words says too little by itself: its row's label or the figure before it speaks for it.
const SHORT: usize = 9;
/// Longest label kept for a figure in a sentence, in characters.
const LABEL: usize = 160;
/// Longest quote kept beside a figure, in bytes: the sentence, or as much of it as surrounds the figure.
const QUOTE: usize = 4000;
/// A text longer than this, in bytes, is read in pieces: no paragraph that a person wrote is as long.
const PIECE: usize = 8 << 10;
/// Figures of one sentence that are looked at; a longer run of figures is data without words, kept but not interpreted.
const CROWD: usize = 60;

/// A piece of a passage short enough to be looked at as a whole, with what has been found in it so far.
struct Piece<'p> {
    passage: &'p Passage<'p>,
    /// Where it starts in the passage's text.
    base: usize,
    clean: &'p str,
    /// `clean` in small letters, byte for byte.
    low: &'p str,
    figures: Vec<Figure>,
    levels: Vec<(Range<usize>, Level)>,
    entities: Vec<entity::Mention>,
    hits: Hits,
    /// Whether the sentence in hand speaks of targets.
    aims: bool,
    /// Where it may name a period.
    phrases: PeriodPhrases,
    /// Whether the sentence in hand may name one.
    dated: bool,
    /// The period that the sentence in hand or the nearest one before it opened with.
    carried: Option<Period>,
    /// The period that the text opens with.
    opened: Option<Period>,
    /// For each figure looked at: its context, and its fact if it made one.
    contexts: Vec<Context>,
    made: Vec<Option<usize>>,
}

impl Piece<'_> {
    /// The period that a figure without one of its own is of: what an earlier sentence or the text opened with, or what it goes on with.
    fn period(&self) -> Option<Period> {
        self.carried.or(self.opened).or(self.passage.period)
    }
}

/// Whether a folded text speaks of targets.
fn aims(folded: &str) -> bool {
    TARGET.iter().any(|target| folded.contains(target))
}

impl Builder<'_> {
    /// Reads one passage; returns the facts made, in order.
    pub fn passage(&mut self, passage: &Passage) -> Range<usize> {
        let first = self.out.facts.len();
        for range in pieces(&passage.text.clean) {
            self.piece(passage, range.start, &passage.text.clean[range.clone()], passage.low.part(range));
        }
        first..self.out.facts.len()
    }

    fn piece(&mut self, passage: &Passage, base: usize, clean: &str, lowered: Low) {
        let low = lowered.text;
        let tokens = scan_lowered(clean, lowered, &self.habit);
        if tokens.is_empty() {
            return;
        }
        let span = |range: &Range<usize>| ((base + range.start) as u32, (base + range.end) as u32);
        for token in &tokens {
            let decoy = match &token.kind {
                TokenKind::Decoy(decoy) => *decoy,
                TokenKind::Zero => continue,
                _ if passage.plan => Decoy::Target,
                _ => continue,
            };
            self.out.decoys.push((passage.block, span(&token.span), decoy));
        }
        if passage.plan {
            return;
        }
        let figures = figures(clean, low, tokens);
        let count = figures.len();
        let entities =
            if self.below_commune || count == 0 { Vec::new() } else { entity::entities_in(clean, lowered, &self.home) };
        let hits = if count == 0 { Hits::default() } else { self.phrases.hits(clean) };
        let (contexts, made) = (Vec::with_capacity(count), Vec::with_capacity(count));
        // Whether a bracket closes before a colon somewhere, as that of a window does.
        let windowed = memchr::memmem::find(low.as_bytes(), b"):").is_some();
        let mut piece = Piece {
            passage,
            base,
            clean,
            low,
            figures,
            levels: if count == 0 { Vec::new() } else { self.levels(clean, lowered) },
            entities,
            hits,
            aims: false,
            phrases: if count == 0 { PeriodPhrases::default() } else { PeriodPhrases::of(low) },
            dated: false,
            carried: None,
            opened: None,
            contexts,
            made,
        };
        let document = self.out.metadata.period;
        if count > 0 {
            let first = memchr::memchr2(b'.', b';', low.as_bytes()).unwrap_or(low.len());
            piece.opened = opened(&low[..first], windowed, document);
        }
        // The other sentences of the same text are context of the last resort.
        let whole = if clean.len() > WHOLE { Cues::default() } else { piece.hits.within(&(0..clean.len())) };
        if count > 0 && passage.cell.is_none() && clean.len() == passage.text.clean.len() && clean.len() <= WHOLE {
            self.cues.insert(passage.block, whole.clone());
        }
        let mut sentence = (0..0, Cues::default());
        let may_aim = aims(&piece.hits.folded);
        let mut crowd = 0;
        for at in 0..count {
            let figure = &piece.figures[at];
            crowd += 1;
            if sentence.0 != figure.sentence {
                sentence = (figure.sentence.clone(), piece.hits.within(&figure.sentence));
                piece.aims = may_aim && aims(&fold(&clean[figure.sentence.clone()]));
                let low = &piece.low[figure.sentence.clone()];
                piece.dated = piece.phrases.any_in(&figure.sentence);
                let said = opened(low, windowed, document);
                piece.carried = said.or(piece.carried);
                crowd = 1;
            }
            let (context, fact) = if crowd > CROWD {
                (Context::default(), (!figure.zero && !figure.words).then(|| self.unread(&piece, figure, QUOTE / 8)))
            } else {
                let context = self.context(&piece, at, &sentence.1, &whole);
                let fact = self.figure(&piece, at, &context);
                (context, fact)
            };
            if fact.is_none() && !figure.zero && !figure.words {
                self.out.decoys.push((passage.block, span(&figure.span), Decoy::Target));
            }
            piece.made.push(fact.is_some().then_some(self.out.facts.len()));
            self.out.facts.extend(fact);
            piece.contexts.push(context);
        }
        self.link(passage, &piece.figures, &piece.made);
    }

    /// Writes down which of a passage's figures speak of which.
    fn link(&mut self, passage: &Passage, figures: &[Figure], made: &[Option<usize>]) {
        for (at, figure) in figures.iter().enumerate() {
            let Some(fact) = made[at] else { continue };
            if let Some(numerator) = figure.denominator_of.and_then(|n| made[n]) {
                self.out.facts[numerator].links.push(Link::Denominator(fact));
                continue;
            }
            let whole =
                figure.whole.and_then(|w| made[w]).or(passage.whole.filter(|_| figure.lists && !figure.number.percent));
            if let Some(whole) = whole
                && (same_thing(&self.out.facts[whole], &figure.noun)
                    || self.out.facts[fact].is_kind_of(&self.out.facts[whole]))
                && self.out.facts[whole].period == self.out.facts[fact].period
                && (figure.rest || self.out.facts[fact].kind != Kind::Change)
            {
                let part = if figure.rest { Link::RestOf(whole) } else { Link::PartOf(whole) };
                self.out.facts[fact].links.push(part);
                self.not_the_whole(fact, whole);
            }
            let Some(subject) = figure.subject else { continue };
            let (percent, counted) = if figure.number.percent { (at, subject) } else { (subject, at) };
            let (Some(percent), Some(number)) = (made[percent], made[counted]) else { continue };
            self.out.facts[percent].links.push(Link::PercentOf(number));
        }
    }

    /// A part is not what its whole is: where the words give both one meaning, they say too little about the part.
    fn not_the_whole(&mut self, part: usize, whole: usize) {
        let (a, b) = (&self.out.facts[part], &self.out.facts[whole]);
        let same = a.indicator == b.indicator && a.level == b.level && a.dims == b.dims && a.entity == b.entity;
        if same && a.level.is_none() && a.value != b.value && a.indicator.is_some() {
            let fact = &mut self.out.facts[part];
            (fact.indicator, fact.rule, fact.confidence) = (None, None, confidence::UNMAPPED);
        }
    }

    fn context(&self, piece: &Piece, at: usize, sentence: &Cues, whole: &Cues) -> Context {
        let Piece { passage, clean, figures, contexts: earlier, .. } = piece;
        let figure = &figures[at];
        let mut own = piece.hits.within(&figure.before);
        own.add(&piece.hits.within(&figure.after));
        let noun = self.known(&figure.noun).cues.clone();
        own.add(&noun);
        if let Some(subject) = figure.subject {
            own.add(&earlier[subject].own);
        }
        let mut lead = passage.lead.clone();
        lead.add(sentence);
        if figure.sentence.start > 0 && figure.continues {
            let before = figures[..at].iter().rposition(|f| f.sentence.end <= figure.sentence.start);
            if let Some(before) = before {
                lead.add(&earlier[before].own);
            }
        }
        let mut heading = passage.heading.clone();
        heading.add(whole);
        // A part listed in its own sentence is said of its whole there, not of what the list above speaks of.
        let listed = figure.whole.is_some_and(|w| figures[w].sentence == figure.sentence);
        let mut row = if listed { Cues::default() } else { passage.lead.clone() };
        if figure.continues
            && let Some(before) = figures[..at].iter().rposition(|f| f.sentence.end <= figure.sentence.start)
        {
            row.add(&earlier[before].own);
        }
        let end = figure.sentence.end.max(figure.span.end);
        let from = clean[figure.sentence.start..figure.span.start]
            .rfind(';')
            .map_or(figure.sentence.start, |s| figure.sentence.start + s + 1);
        let to = clean[figure.span.end..end].find(';').map_or(end, |e| figure.span.end + e);
        let part =
            if from == figure.sentence.start && to == end { sentence.clone() } else { piece.hits.within(&(from..to)) };
        Context { own, noun, part, row, lead, heading }
    }

    fn figure(&self, piece: &Piece, at: usize, context: &Context) -> Option<Fact> {
        let Piece { passage, clean, low, figures, made, levels, entities, .. } = piece;
        let figure = &figures[at];
        let clause = || fold(&clean[figure.before.start..figure.after.end]);
        if piece.aims && (aims(&clause()) || aims(&fold(&clean[figure.sentence.start..figure.span.start]))) {
            return None;
        }
        let (mut kind, sign) = kind_of(figure, clean, low);
        let role = match figure.role {
            Role::Count if kind == Kind::Percent => Role::Rate,
            role => role,
        };
        let mut fit = self.phrases.best(self.rules, context, role, kind);
        let mut used = role;
        let borrowed = fit.is_none();
        if fit.is_none() && clause().split_whitespace().count() <= SHORT {
            fit = self.borrowed(piece, at, context, role, kind);
        }
        if fit.is_none() && role == Role::Base {
            // A denominator that counts things of its own (`21/21 xã, thị trấn`).
            let noun = Context { own: context.noun.clone(), noun: context.noun.clone(), ..Context::default() };
            used = Role::Count;
            fit = self.phrases.best(self.rules, &noun, used, kind);
        }
        // `hai`, `năm` before a noun may be no number; `ba mươi hai` is one.
        let small = figure.words && figure.number.best().value <= Decimal::TEN;
        if (figure.zero || small) && fit.is_none() {
            return None;
        }
        // A code is a form's; what sentences count is no code.
        let coded = |fit: &Fit| {
            let id = self.rules.phrases[fit.phrase].indicator(used);
            id.and_then(|id| self.rules.indicators.get(id)).is_some_and(|i| i.kind == Kind::Code)
        };
        let fit = fit.filter(|fit| figure.noun.is_empty() && figure.denominator_of.is_none() || !coded(fit));
        let fit = fit.filter(|_| role != Role::Rate || !is_share(&low[figure.after.clone()]));
        let phrase = fit.map(|fit| &self.rules.phrases[fit.phrase]);
        let mut indicator = phrase.and_then(|p| p.indicator(used)).and_then(|id| self.rules.indicators.get(id));
        if let Some(indicator) = indicator
            && kind == Kind::Count
        {
            kind = indicator.kind;
        }
        let subject = figure.subject.and_then(|s| made[s]);
        let level = phrase
            .and_then(|p| p.level)
            .or_else(|| self.level(passage, clean, figure, levels))
            .or_else(|| subject.and_then(|s| self.out.facts[s].level))
            .or_else(|| figure.whole.and_then(|w| made[w]).and_then(|w| self.out.facts[w].level))
            .or_else(|| self.level_before(piece, at));
        // `Đã giải quyết 57.233 hồ sơ, trong đó: thị xã 7.415 hồ sơ`: a part that says only whose it is.
        let of_whole = figure.whole.and_then(|w| made[w]).or(passage.whole.filter(|_| figure.lists));
        let of_whole = of_whole.map(|w| &self.out.facts[w]).filter(|w| {
            phrase.is_none()
                && role == Role::Count
                && kind == Kind::Count
                && w.kind == kind
                && w.level != level
                && level.is_some()
        });
        let of_whole = of_whole.filter(|w| same_thing(w, &figure.noun) && clause().split_whitespace().count() <= SHORT);
        if let Some(id) = of_whole.and_then(|w| w.indicator.as_ref()) {
            indicator = self.rules.indicators.get(id);
        }
        let number = figure.number.best();
        let multiplier = figure.number.multiplier;
        let value = scale(number.value, multiplier).map(|v| if sign < 0 { -v } else { v });
        let carried = piece.period();
        let subject_period = subject
            .filter(|_| kind != Kind::Change)
            .map(|s| &self.out.facts[s])
            // What is reached of a year's plan is reached in the report's period.
            .filter(|s| !s.indicator.as_ref().is_some_and(|id| self.is_of_year(id)))
            .and_then(|s| s.period)
            .filter(|p| Some(*p) != self.out.metadata.period);
        let mut period = self.narrative_period(piece, figure, indicator, subject_period);
        if let Some(heading) = passage.year.filter(|_| carried.is_none() && period == self.out.metadata.period)
            && indicator.is_some_and(|i| i.id.starts_with("score.index"))
        {
            // A year's index is published in the next: its heading names the year.
            period = Period::year(heading);
        }
        let entity = entities.iter().rfind(|m| m.span.end <= figure.span.start && m.span.start >= figure.before.start);
        let unit = match kind {
            Kind::Percent => Some("%".to_string()),
            Kind::Money => Some("VND".to_string()),
            Kind::Score => Some("điểm".to_string()),
            _ if !figure.noun.is_empty() => Some(figure.noun.clone()),
            _ => indicator.map(|i| i.unit.clone()),
        };
        let said = fit.as_ref().map(|fit| confidence::sentence(fit, borrowed));
        let confidence = said.or(of_whole.map(|w| w.confidence)).unwrap_or(confidence::UNMAPPED);
        let own = own_label(clean, figure);
        let label = if passage.label.is_empty() { own } else { format!("{}: {own}", passage.label) };
        Some(Fact {
            indicator: indicator.map(|i| i.id.clone()),
            label,
            value,
            unit,
            kind,
            entity_code: entity.map(|m| m.unit.code.to_string()),
            entity: entity.map(|m| m.unit.name.to_string()),
            level: entity.map(|m| m.unit.level).or(level),
            dims: phrase.map(|p| &p.dims).or(of_whole.map(|w| &w.dims)).cloned().unwrap_or_default(),
            period,
            rule: phrase.map(|p| ["phrase/", &p.id].concat()).or(of_whole.and_then(|w| w.rule.clone())),
            confidence,
            ..self.unread(piece, figure, QUOTE)
        })
    }

    /// A figure with its place and its number and the `longest` bytes around it, and nothing said about what it means.
    fn unread(&self, piece: &Piece, figure: &Figure, longest: usize) -> Fact {
        let passage = piece.passage;
        let shift = |range: &Range<usize>| piece.base + range.start..piece.base + range.end;
        let span = shift(&figure.span);
        let line = passage.text.line_at(span.start);
        let number = figure.number.best();
        let (kind, unit) =
            if figure.number.percent { (Kind::Percent, Some("%".to_string())) } else { (Kind::Count, None) };
        Fact {
            indicator: None,
            label: String::new(),
            raw: printed(passage.text, shift(&figure.raw)),
            number: Some(if figure.zero { Decimal::ZERO } else { number.value }),
            value: scale(number.value, figure.number.multiplier),
            unit,
            value_text: None,
            relation: if figure.zero { Relation::Equal } else { figure.number.relation },
            status: if figure.zero { Status::None } else { Status::Reported },
            kind,
            entity_code: None,
            entity: None,
            level: None,
            dims: Default::default(),
            period: self.out.metadata.period,
            source: passage.source,
            place: Place { line: (line > 0).then_some(line), ..passage.place },
            cell: passage.cell,
            block: passage.block,
            span: (span.start as u32, span.end as u32),
            quote: quote(piece.clean, figure, longest),
            rule: None,
            confidence: confidence::UNREAD,
            readings: figure.number.readings.clone(),
            multiplier: figure.number.multiplier,
            row: None,
            links: Vec::new(),
            domain: Vec::new(),
        }
    }

    /// What a clause that says little by itself means: in a cell what its row asks; in a sentence what the figure before it counts
    /// (`mức độ 3 của huyện là 43,5%, của xã là 61,87%`).
    fn borrowed(&self, piece: &Piece, at: usize, context: &Context, role: Role, kind: Kind) -> Option<Fit> {
        let Piece { passage, figures, contexts, made, .. } = piece;
        let mut wider = context.clone();
        if passage.label.is_empty() {
            let mapped = |b: usize| {
                figures[b].sentence == figures[at].sentence
                    && figures[b].role == figures[at].role
                    && made[b].is_some_and(|f| self.out.facts[f].kind == kind && self.out.facts[f].indicator.is_some())
            };
            // A part says what its whole says, else what the figure before it says; that one may have borrowed itself.
            let whole = figures[at].whole.filter(|&w| w < at && mapped(w));
            let mut before = whole.or_else(|| (0..at).rev().find(|&b| mapped(b)))?;
            let named = figures[at].noun.is_empty() || fold(&figures[at].noun) == fold(&figures[before].noun);
            if !named {
                return None;
            }
            wider.noun = contexts[before].noun.clone();
            wider.own.add(&contexts[before].own);
            while self.phrases.best(self.rules, &contexts[before], role, kind).is_none() {
                let Some(next) = figures[before]
                    .whole
                    .filter(|&w| w < before && mapped(w))
                    .or_else(|| (0..before).rev().find(|&b| mapped(b)))
                else {
                    break;
                };
                before = next;
                wider.own.add(&contexts[before].own);
            }
        } else {
            wider.own.add(&passage.lead);
        }
        self.phrases.best(self.rules, &wider, role, kind)
    }

    /// The levels that a text names, with their places.
    fn levels(&self, clean: &str, low: Low) -> Vec<(Range<usize>, Level)> {
        levels_in(clean, low).map(|(place, level)| (place.clone(), self.in_city(level, &clean[place]))).collect()
    }

    /// Whose things a figure counts: the nearest mention in its own clause, else what its subject, list or heading speaks of.
    fn level(
        &self,
        passage: &Passage,
        clean: &str,
        figure: &Figure,
        levels: &[(Range<usize>, Level)],
    ) -> Option<Level> {
        let near = figure.span.end + figure.noun.len() + 90;
        let after = levels
            .iter()
            .find(|(range, _)| range.start >= figure.span.end && range.end <= figure.after.end && range.start <= near);
        if let Some((_, level)) = after {
            return Some(*level);
        }
        let before =
            levels.iter().rposition(|(range, _)| range.end <= figure.span.start && range.start >= figure.before.start);
        if let Some(at) = before {
            let (range, level) = &levels[at];
            // `huyện và các xã, thị trấn` speaks of both.
            let both = at > 0 && {
                let (other, other_level) = &levels[at - 1];
                other_level != level
                    && other.end <= range.start
                    && range.start - other.end < 16
                    && clean[other.end..range.start].contains("và")
            };
            return (!both).then_some(*level);
        }
        if figure.subject.is_some() {
            return None;
        }
        // A text that opens with a place speaks of it to its end: `Tại các xã, thị trấn: …. Có 06 đơn vị …`.
        let first = levels.first().filter(|(range, _)| {
            range.end <= figure.span.start
                && clean[..range.start].trim_start().chars().count() < TOPIC
                && clean[range.end..].trim_start().starts_with(':')
                && levels.iter().all(|(other, _)| other.start >= figure.span.start || other.end <= range.end)
        });
        // What the sentence opens with speaks for all of it: `Ở cấp xã, …`, `Bộ phận … của 13 xã, thị trấn: …`.
        let topic = levels.iter().find(|(range, _)| {
            range.start >= figure.sentence.start && range.end <= figure.span.start && {
                let head = &clean[figure.sentence.start..range.start];
                let tail = clean[range.end..].trim_start();
                (tail.starts_with(':') && head.len() < 120) || (head.len() < 8 && tail.starts_with(','))
            }
        });
        topic
            .or(first)
            .map(|(_, level)| *level)
            .or(passage.lead_level)
            .or(passage.heading_level)
            .filter(|l| *l != Level::Hamlet)
    }

    fn is_of_year(&self, indicator: &str) -> bool {
        self.rules.indicators.get(indicator).is_some_and(|i| i.basis == Basis::Year)
    }

    /// The level of the people counted before in the same sentence: `Cán bộ, công chức xã có 251 người …; 238/251 người đạt chuẩn`.
    fn level_before(&self, piece: &Piece, at: usize) -> Option<Level> {
        let Piece { figures, made, .. } = piece;
        let figure = &figures[at];
        if !fold(&figure.noun).starts_with("người") || figure.subject.is_some() {
            return None;
        }
        let same = |f: &Figure| f.sentence == figure.sentence && fold(&f.noun) == fold(&figure.noun);
        let mut levels =
            (0..at).filter(|b| same(&figures[*b])).filter_map(|b| made[b]).map(|f| self.out.facts[f].level);
        let first = levels.next()??;
        levels.all(|level| level == Some(first)).then_some(first)
    }

    /// The period of a figure in a sentence: what its own clause says, else its sentence, else what an earlier sentence of the same text
    /// opened with (`Năm 2021, …`), else the document's. Yearly plans are the year's where the sentence speaks of a year.
    fn narrative_period(
        &self,
        piece: &Piece,
        figure: &Figure,
        indicator: Option<&Indicator>,
        subject: Option<Period>,
    ) -> Option<Period> {
        let Piece { clean, low, dated, phrases, .. } = piece;
        let document = self.out.metadata.period;
        let issued = self.out.metadata.issued_on;
        let nearly = |p: Period| self.nearly(p);
        let sentence = &low[figure.sentence.clone()];
        // What a sentence opens with holds for its later parts too: `Đến hết quý III được giao 318 nhiệm vụ; đã hoàn thành 287`.
        let topic = || {
            const OPENING: usize = 40;
            let part = sentence.split(';').next().filter(|h| figure.sentence.start + h.len() < figure.span.start)?;
            let part = part.rsplit_once(':').map_or(part, |(_, tail)| tail).trim_start_matches(['-', '+', ' ']);
            let opens = ["từ đầu năm", "tính đến", "đến", "hết", "trong", "năm", "quý", "6 tháng", "9 tháng", "lũy kế"];
            let head = &part[..part.floor_char_boundary(OPENING)];
            opens.iter().find(|w| head.starts_with(**w))?;
            parse_context_period(head, head.len(), document, issued)
        };
        // `bằng 116% năm 2019`: the year behind it is what is compared with.
        let at = figure.span.start - figure.sentence.start;
        let index = figure.number.percent && sentence[..at].trim_end().ends_with("bằng");
        let nearest = || {
            let own = figure.before.start..figure.after.end;
            let near = |part| phrases.near(low, part, figure.span.start, document, issued);
            near(&own).or_else(|| near(&figure.sentence))
        };
        let said = beside(clean, low, figure, document)
            .or_else(|| dated.then(nearest)?)
            .filter(|_| !index)
            .or(subject)
            .or_else(|| dated.then(topic)?)
            .or(piece.period())
            .map(nearly)
            // What has been done of a year's plan is of the report's period: `Kế hoạch năm 2023 có 52 nhiệm vụ, đã làm xong 37`.
            .filter(|p| {
                p.kind != PeriodKind::Year
                    || indicator.is_none_or(|i| i.basis == Basis::Year)
                    || !of_a_plan(&sentence[..at], p.end.year())
            });
        if indicator.is_some_and(|i| i.basis == Basis::Year) {
            let year = ["kế hoạch năm", "năm 20", "năm nay", "trong năm", "cả năm", "sẽ "]
                .iter()
                .any(|w| sentence.contains(w));
            if year || said.is_some() {
                return year_of(said.or(document)).or(document);
            }
        }
        said.or(document)
    }
}

/// `value × 10^power`.
pub fn scale(value: Decimal, power: u32) -> Option<Decimal> {
    value.checked_mul(Decimal::from(10u64.checked_pow(power)?))
}

/// Pieces of up to `PIECE` bytes, cut at the ends of sentences where there are any, else between words.
fn pieces(clean: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    while clean.len() - start > PIECE {
        let longest = &clean[start..clean.floor_char_boundary(start + PIECE)];
        let cut = [". ", "; ", " "].iter().find_map(|stop| longest.rfind(stop).map(|at| at + stop.len()));
        let end = start + cut.unwrap_or(longest.len());
        out.push(start..end);
        start = end;
    }
    out.push(start..clean.len());
    out
}

/// The sentence of a figure, or the `longest` bytes of it around the figure.
fn quote(clean: &str, figure: &Figure, longest: usize) -> String {
    let sentence = &figure.sentence;
    let start = clean.ceil_char_boundary(sentence.start.max(figure.span.start.saturating_sub(longest / 2)));
    let end = clean.floor_char_boundary(sentence.end.min(figure.span.end.saturating_add(longest / 2)));
    clean[start..end.max(start)].trim().to_string()
}

/// The characters as printed, white space folded.
pub fn printed(text: &Text, span: Range<usize>) -> String {
    let raw = text.raw_of(span);
    let mut out = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether a percentage is a share among those of one outcome, by the words behind it: `chiếm 79,8% số hồ sơ quá hạn toàn tỉnh` is no rate
/// of late ones.
fn is_share(after: &str) -> bool {
    let after = after.trim_start();
    let all = ["số ", "tổng số ", "trong số ", "trong tổng số "].iter().find_map(|w| after.strip_prefix(w));
    all.is_some_and(|all| ["quá hạn", "trễ hạn", "trễ hẹn", "chậm hạn"].iter().any(|w| all.contains(w)))
}

/// Whether a listed figure can be a part of the whole: the same noun, or none printed.
fn same_thing(whole: &Fact, noun: &str) -> bool {
    if matches!(whole.kind, Kind::Percent | Kind::Score | Kind::Money) {
        return false;
    }
    let (Some(unit), false) = (&whole.unit, noun.is_empty()) else { return true };
    let (a, b) = (fold(unit), fold(noun));
    let first = |s: &str| s.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    first(&a) == first(&b) || a.contains(first(&b).as_str()) || b.contains(first(&a).as_str())
}

/// Percent, money, score, area, rank, change; and the sign of a change. `low` is the clean text in small letters.
fn kind_of(figure: &Figure, clean: &str, low: &str) -> (Kind, i32) {
    let number = &figure.number;
    // Few figures stand behind any of the words that are looked for.
    let told = ["thứ", "hạng", "tăng", "giảm", "hơn"].iter().any(|w| low[figure.before.clone()].contains(w));
    let before = if told { fold_end(&clean[figure.before.clone()], 5) } else { String::new() };
    let low = &low[figure.sentence.clone()];
    let last = |n: usize| before.rmatch_indices(' ').nth(n - 1).map_or(before.as_str(), |(at, _)| &before[at + 1..]);
    let noun = fold(&figure.noun);
    let rank = ["xếp thứ", "xếp hạng", "đứng thứ", "hạng thứ", "xếp vị thứ", "vị trí thứ"];
    let (near, five) = (last(3), last(5));
    if rank.iter().any(|r| near.ends_with(r)) {
        return (Kind::Rank, 1);
    }
    let change = matches!(last(1), "tăng" | "giảm")
        || matches!(last(2), "tăng thêm" | "giảm được" | "tăng được")
        || ["nhiều hơn", "ít hơn", "cao hơn", "thấp hơn"].iter().any(|w| five.contains(w));
    let compared = || ["so với", "cùng kỳ", "năm trước", "xuống còn", " lên "].iter().any(|w| low.contains(w));
    if change && compared() {
        return (Kind::Change, if ["giảm", "ít hơn", "thấp hơn"].iter().any(|w| five.contains(w)) { -1 } else { 1 });
    }
    let kind = if number.percent {
        Kind::Percent
    } else if number.money {
        Kind::Money
    } else if noun.starts_with("điểm") {
        Kind::Score
    } else if noun.starts_with("m2") || noun.starts_with("ha ") || noun == "ha" || noun.starts_with("km2") {
        Kind::Area
    } else {
        Kind::Count
    };
    (kind, 1)
}

/// The words that name the figure: its own clause without the number, cut at a word.
fn own_label(clean: &str, figure: &Figure) -> String {
    let before = clean[figure.before.clone()].trim().trim_end_matches([':', '(', ',', ';', '-']);
    let after = clean[figure.after.clone()].trim().trim_end_matches([')', ',', ';', '.', '(']);
    let joined = format!("{} {}", before.trim_start_matches([',', ';', ')', '-', '+', '.', ' ']), after);
    let joined = joined.trim();
    let count = joined.chars().count();
    if count <= LABEL {
        return joined.to_string();
    }
    let tail: String = joined.chars().skip(count - LABEL).collect();
    tail.split_once(' ').map_or(tail.clone(), |(_, rest)| format!("… {rest}"))
}
