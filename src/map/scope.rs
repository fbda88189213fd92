//! What the figure of a value cell means: what its row says and what its column adds.
//!
//! In: a row's meaning, a column's head, what the cell prints. Out: indicator, dimensions, level, period, label. A head of its own beats the
//! row; a score sheet, a form laid on its side, a comparison have their own ways.

use crate::map::columns::{Score, Value, is_level_row, is_rate};
use crate::map::phrases::{Context, Cues, Role};
use crate::map::rows::is_subtotal;
use crate::map::tables::{Head, RowMeaning, Surroundings};
use crate::map::times::year_of;
use crate::map::{Builder, confidence};
use crate::model::{Kind, Level};
use crate::rules::{FormRow, Indicator};
use crate::text::fold::fold;
use crate::text::number::{CellValue, Number, UnitKind, unit_kind};
use crate::text::period::Period;

/// What a cell's column adds.
pub(super) struct ColumnContext<'a> {
    pub value: &'a Value,
    pub criterion: &'a str,
    pub around: &'a Surroundings,
    pub head: &'a Head,
    pub head_row: Option<&'a FormRow>,
}

/// What a cell's figure means.
pub(super) struct Scope<'a> {
    pub indicator: Option<&'a Indicator>,
    pub fixed: Option<&'static str>,
    pub rule: Option<String>,
    pub dims: Vec<(String, String)>,
    pub level: Option<Level>,
    pub period: Option<Period>,
    pub confidence: f64,
    pub label: String,
    pub cell_unit: UnitKind,
    /// A comparison whose head says that it is in per cent.
    pub in_percent: bool,
    pub coded: bool,
    pub compares: bool,
}

impl Scope<'_> {
    pub fn kind(&self, number: Option<&Number>) -> Kind {
        if self.fixed.is_some() {
            return Kind::Score;
        }
        if self.compares {
            return Kind::Change;
        }
        if let Some(number) = number {
            if number.percent {
                return Kind::Percent;
            }
            if number.money {
                return Kind::Money;
            }
        }
        if let Some(indicator) = self.indicator {
            return indicator.kind;
        }
        match self.cell_unit {
            UnitKind::Percent => Kind::Percent,
            UnitKind::Score => Kind::Score,
            UnitKind::Money(_) => Kind::Money,
            UnitKind::Code => Kind::Code,
            _ if self.coded => Kind::Code,
            _ => Kind::Count,
        }
    }

    pub fn unit(&self, kind: Kind, printed: &str, number: Option<&Number>) -> Option<String> {
        match kind {
            Kind::Percent => Some("%".to_string()),
            Kind::Change if self.in_percent => Some("%".to_string()),
            Kind::Money => Some("VND".to_string()),
            Kind::Score => Some("điểm".to_string()),
            Kind::Code | Kind::Text => None,
            _ => {
                let noun = number.map(|n| n.noun.as_str()).filter(|n| !n.is_empty());
                let printed = Some(printed).filter(|p| !p.is_empty() && unit_kind(p) == UnitKind::Count);
                noun.or(printed).map(str::to_string).or(self.indicator.map(|i| i.unit.clone()))
            }
        }
    }
}

impl<'r> Builder<'r> {
    /// What a value cell's figure means: the row's meaning and what its column adds.
    pub(super) fn scope(
        &self,
        meaning: &RowMeaning<'r>,
        column: &ColumnContext,
        unit: UnitKind,
        read: &CellValue,
        domain: &[(i64, String)],
    ) -> Scope<'r> {
        let rules = self.rules;
        let value = column.value;
        let mut scope = Scope {
            indicator: meaning.indicator,
            fixed: None,
            rule: meaning.rule.clone(),
            dims: meaning.dims.clone(),
            level: value.level.or(meaning.level),
            period: None,
            confidence: meaning.confidence,
            label: meaning.label.clone(),
            cell_unit: unit,
            in_percent: value.comparison && value.unit == UnitKind::Percent,
            coded: !domain.is_empty(),
            compares: false,
        };
        let headed = || [&meaning.label, ": ", &value.head].concat();
        let mut counted = false;
        let printed = matches!(read, CellValue::Number(n, _) if n.percent);
        let percent = printed || unit == UnitKind::Percent;
        // A percent beside the counts, or a column of them (`Đạt (%)`), is the rate of what its row counts.
        let rate_of_row = (printed || value.unit == UnitKind::Percent)
            && meaning.indicator.is_some_and(|i| matches!(i.kind, Kind::Count | Kind::Money | Kind::Area));
        if let Some(score) = value.score {
            scope.indicator = None;
            scope.fixed = Some(match score {
                Score::Max => "score.criterion.max",
                Score::Own => "score.criterion.self",
                Score::Appraised => "score.criterion.appraised",
            });
            scope.dims = vec![("criterion".to_string(), column.criterion.to_string())];
            scope.rule = Some("score-sheet".to_string());
            scope.confidence = confidence::SCORE_SHEET;
            scope.level = None;
        } else if let Some(head_row) = column.head_row {
            scope.indicator = head_row.indicator.as_ref().and_then(|id| rules.indicators.get(id));
            scope.rule = Some("form/columns".to_string());
            scope.dims = head_row.dims.clone();
            scope.confidence = confidence::COLUMNS;
            scope.label = headed();
        } else if value.comparison {
            scope.indicator = None;
            scope.rule = None;
            scope.label = headed();
            scope.compares = true;
        } else if !value.head.is_empty() || rate_of_row {
            let own = column.head.known.cues.clone();
            let mut row = meaning.own.clone();
            row.add(&meaning.lead);
            let mut lead = row.clone();
            lead.add(&column.head.before);
            let (role, kind) = match unit {
                _ if percent => (Role::Rate, Kind::Percent),
                UnitKind::Money(_) => (Role::Count, Kind::Money),
                _ => (Role::Count, Kind::Count),
            };
            let heading = column.around.heading.clone();
            let mut context = Context { own, noun: Cues::default(), part: Cues::default(), row, lead, heading };
            if !value.head.is_empty() {
                scope.label = headed();
            }
            let mut fit = self.phrases.best(rules, &context, role, kind);
            if fit.is_none() && (rate_of_row || is_rate(&value.head)) {
                // The rate of what the row counts.
                context.own.add(&meaning.own);
                fit = self.phrases.best(rules, &context, role, kind);
            }
            if let Some(fit) = fit {
                let phrase = &rules.phrases[fit.phrase];
                scope.indicator = phrase.indicator(role).and_then(|id| rules.indicators.get(id));
                scope.rule = Some(["phrase/", &phrase.id].concat());
                scope.dims = phrase.dims.clone();
                scope.level = phrase.level.or(self.level_said(&column.head.known)).or(meaning.level);
                scope.confidence = confidence::HEAD;
                // A row without which the head would not mean this says itself what is counted; it names no field.
                (context.row, context.lead) = (Cues::default(), column.head.before.clone());
                counted = self.phrases.best(rules, &context, role, kind).is_none_or(|f| f.phrase != fit.phrase)
                    || is_rate(&value.head);
            } else if !value.plan {
                scope.indicator = None;
                scope.rule = None;
            }
            let same = scope.indicator.is_some_and(|i| meaning.indicator.is_some_and(|m| m.id == i.id));
            if value.plan && same {
                // What the row counts, as it was planned.
                scope.dims.push(("stage".to_string(), "plan".to_string()));
                scope.dims.sort();
                counted = true;
            }
        }
        let document = column.around.stated.or(self.out.metadata.period);
        // Rows that split the columns' figures by field of work.
        if value.score.is_none()
            && !value.comparison
            && !value.head.is_empty()
            && meaning.entity.is_none()
            && (!meaning.total || is_subtotal(&meaning.printed))
            && !is_level_row(&meaning.printed)
            && !counted
            && !scope.dims.iter().any(|(key, _)| key == "field")
        {
            // The level that a short label stands under is none of the field.
            let field = if is_level_row(&meaning.label) { &meaning.printed } else { &meaning.label };
            scope.dims.push(("field".to_string(), fold(field).trim().to_string()));
            scope.dims.sort();
        }
        scope.period = match (value.period.or(meaning.period), value.relative) {
            (Some(period), _) if meaning.of_whole_year => year_of(Some(period)),
            (Some(period), _) => Some(self.nearly(period)),
            (None, Some(relative)) => document.and_then(|document| relative.of(document)),
            (None, None) => document,
        };
        scope.level = value.level.or(scope.level);
        scope
    }
}
