//! Rules checked against each other: a [`Draft`] in, all faults out. Every id that is named must be there, every row must say what it
//! reports or why it reports nothing, every mapping and every check carries examples, and a check's examples must behave.

use crate::model::Kind;
use crate::rules::evaluate::{evaluate, figure_names, figures, kind_of, message_names, names_in};
use crate::rules::load::{Draft, Item};
use crate::rules::place::Step::{self, Index, Key};
use crate::rules::{Check, Fault, FormRow, Indicator, Phrase, Relation};
use crate::text::fold::fold;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Indicators that the program reports by itself: score sheets are read by their columns, not by known rows.
const BY_CODE: [&str; 6] = [
    "score.criterion.max",
    "score.criterion.self",
    "score.criterion.appraised",
    "score.total.max",
    "score.total.self",
    "score.total.appraised",
];

/// Everything that is wrong with rules that could be read.
pub fn lint(draft: &Draft) -> Vec<Fault> {
    let mut lint = Lint { draft, known: HashMap::new(), used: BY_CODE.into(), found: BTreeMap::new() };
    for item in &draft.indicators {
        lint.known.entry(&item.value.id).or_insert(&item.value);
    }
    lint.indicators();
    lint.forms();
    lint.phrases();
    lint.checks();
    lint.unused();
    let sources = &draft.sources;
    lint.found.into_iter().filter_map(|(file, found)| Some(sources.get(file)?.faults(found))).flatten().collect()
}

struct Lint<'a> {
    draft: &'a Draft,
    known: HashMap<&'a str, &'a Indicator>,
    used: HashSet<&'a str>,
    /// By file: where, what, and what to do.
    found: BTreeMap<usize, Vec<(Vec<Step<'a>>, String, String)>>,
}

impl<'a> Lint<'a> {
    fn fault<T>(&mut self, item: &Item<T>, list: &'static str, field: &[Step<'a>], message: String, help: &str) {
        let mut steps = vec![Key(list), Index(item.index)];
        steps.extend_from_slice(field);
        self.found.entry(item.file).or_default().push((steps, message, help.to_string()));
    }

    /// Marks an indicator as used; a fault where it is not registered.
    fn uses<T>(
        &mut self,
        item: &Item<T>,
        list: &'static str,
        field: &[Step<'a>],
        id: &'a str,
    ) -> Option<&'a Indicator> {
        self.used.insert(id);
        let found = self.known.get(id).copied();
        if found.is_none() {
            let help = match nearest(id, self.known.keys().copied()) {
                Some(near) => format!("did you mean `{near}`? otherwise register it in indicators/"),
                None => "register it in indicators/".to_string(),
            };
            self.fault(item, list, field, format!("unknown indicator `{id}`"), &help);
        }
        found
    }

    fn dims<T>(&mut self, item: &Item<T>, list: &'static str, dims: &'a [(String, String)], of: &[&Indicator]) {
        for (key, value) in dims {
            for indicator in of {
                if !indicator.dims.contains(key) {
                    let message = format!("`{}` has no dimension `{key}`", indicator.id);
                    self.fault(
                        item,
                        list,
                        &[Key("dims"), Key(key)],
                        message,
                        "add it to the indicator's dims, or drop it here",
                    );
                }
            }
            if value.is_empty() || value.contains([';', '=']) {
                let message = format!("`{value}` cannot be a dimension's value");
                self.fault(item, list, &[Key("dims"), Key(key)], message, "use a lower-case English word");
            }
        }
    }

    fn indicators(&mut self) {
        let draft = self.draft;
        let mut seen = HashSet::new();
        for item in &draft.indicators {
            let it = &item.value;
            let stem = draft.sources.get(item.file).map_or("", |s| s.stem());
            if !is_id(&it.id) {
                let help = "write English words in lower case joined by dots: field.thing.part";
                self.fault(item, "indicator", &[Key("id")], format!("`{}` is no id", it.id), help);
            } else if it.id.split('.').next() != Some(stem) {
                let message = format!("`{}` stands in the file of the field `{stem}`", it.id);
                self.fault(
                    item,
                    "indicator",
                    &[Key("id")],
                    message,
                    "move it to the file of its first word, or rename it",
                );
            }
            if !seen.insert(&it.id) {
                self.fault(
                    item,
                    "indicator",
                    &[Key("id")],
                    format!("`{}` is registered twice", it.id),
                    "keep one of them",
                );
            }
            for (field, text) in [("vi", &it.vi), ("en", &it.en), ("brief", &it.brief), ("unit", &it.unit)] {
                let may_be_empty = field == "unit" && matches!(it.kind, Kind::Code | Kind::Text | Kind::Rank);
                if text.trim().is_empty() && !may_be_empty {
                    self.fault(item, "indicator", &[Key(field)], format!("`{field}` is empty"), "say it");
                }
            }
            let unit = match it.kind {
                Kind::Percent => "%",
                Kind::Money => "VND",
                Kind::Score => "điểm",
                _ => it.unit.as_str(),
            };
            if it.unit != unit {
                let message = format!("a {} is given in `{unit}`, not in `{}`", it.kind.as_str(), it.unit);
                self.fault(item, "indicator", &[Key("unit")], message, "correct the unit or the kind");
            }
            for (n, key) in it.dims.iter().enumerate() {
                if !is_word(key) {
                    let message = format!("`{key}` cannot name a dimension");
                    self.fault(item, "indicator", &[Key("dims"), Index(n)], message, "use a lower-case English word");
                }
            }
        }
    }

    fn forms(&mut self) {
        let draft = self.draft;
        let mut seen = HashSet::new();
        for (form, rows) in draft.forms.iter().zip(&draft.rows) {
            let Some(source) = draft.sources.get(form.file) else { continue };
            let mut top = |key: &'static str, message: String, help: &str| {
                self.found.entry(form.file).or_default().push((vec![Key(key)], message, help.to_string()));
            };
            if form.value.id != source.stem() {
                let message = format!("form `{}` stands in `{}`", form.value.id, source.path);
                top("id", message, "give the file the form's id as its name");
            }
            if !seen.insert(&form.value.id) {
                top("id", format!("form `{}` is defined twice", form.value.id), "keep one of them");
            }
            if form.value.titles.iter().all(|t| t.trim().is_empty()) {
                top("titles", "a form needs a title".into(), "give the captions that it is printed under");
            }
            self.rows(rows);
        }
    }

    fn rows(&mut self, rows: &'a [Item<FormRow>]) {
        let mut by_key: HashMap<&'a str, &'a FormRow> = HashMap::new();
        for row in rows {
            if row.value.key.trim().is_empty() {
                self.fault(row, "row", &[Key("key")], "the row's key is empty".into(), "give it a key of its own");
            } else if by_key.insert(&row.value.key, &row.value).is_some() {
                let message = format!("two rows have the key `{}`", row.value.key);
                self.fault(row, "row", &[Key("key")], message, "give each row a key of its own");
            }
        }
        let looping = loops(rows, &by_key);
        let mut twins: HashMap<(&str, String), &Item<FormRow>> = HashMap::new();
        for row in rows {
            let it = &row.value;
            if !it.parent.is_empty() && !by_key.contains_key(it.parent.as_str()) {
                let message = format!("no row has the key `{}`", it.parent);
                self.fault(row, "row", &[Key("parent")], message, "name the key of a row of this form");
            } else if looping.contains(it.key.as_str()) {
                let message = format!("row `{}` is below itself", it.key);
                self.fault(row, "row", &[Key("parent")], message, "correct the parents");
            }
            for (n, label) in it.labels.iter().enumerate() {
                let also = [Key("also"), Index(n.saturating_sub(1))];
                let field: &[Step<'a>] = if n == 0 { &[Key("label")] } else { &also };
                let folded = fold(label);
                if folded.trim().is_empty() {
                    self.fault(row, "row", field, "the label is empty".into(), "print what the row is called");
                    continue;
                }
                if let Some(twin) = twins.get(&(it.parent.as_str(), folded.clone())) {
                    let other = &twin.value;
                    if (&other.indicator, &other.dims, other.level) != (&it.indicator, &it.dims, it.level) {
                        let message = format!(
                            "rows `{}` and `{}` have the same label and parent but report different things",
                            other.key, it.key
                        );
                        self.fault(row, "row", field, message, "drop the wording from one of them");
                    }
                } else {
                    twins.insert((it.parent.as_str(), folded), row);
                }
            }
            match &it.indicator {
                Some(id) => {
                    if let Some(indicator) = self.uses(row, "row", &[Key("indicator")], id) {
                        self.dims(row, "row", &it.dims, &[indicator]);
                        if it.text && !matches!(indicator.kind, Kind::Text | Kind::Code) {
                            let message =
                                format!("a row answered in words cannot report the {} `{id}`", indicator.kind.as_str());
                            self.fault(
                                row,
                                "row",
                                &[Key("text")],
                                message,
                                "drop `text`, or name an indicator of kind text",
                            );
                        }
                    }
                }
                None if it.why.trim().is_empty() => {
                    let help = "name its indicator, or say why it has none: why = \"heading\"";
                    self.fault(row, "row", &[], format!("row `{}` reports nothing and does not say why", it.key), help);
                }
                None => {}
            }
        }
    }

    fn phrases(&mut self) {
        let draft = self.draft;
        let mut seen = HashSet::new();
        for item in &draft.phrases {
            let it: &Phrase = &item.value;
            if !seen.insert(&it.id) {
                self.fault(
                    item,
                    "phrase",
                    &[Key("id")],
                    format!("phrase `{}` is defined twice", it.id),
                    "rename one of them",
                );
            }
            if it.id.is_empty() || !it.id.split('-').all(is_word) {
                let help = "write English words in lower case joined by hyphens";
                self.fault(item, "phrase", &[Key("id")], format!("`{}` is no phrase id", it.id), help);
            }
            let mut of = Vec::new();
            for (field, id) in [("count", &it.count), ("base", &it.base), ("rate", &it.rate)] {
                let Some(id) = id else { continue };
                let Some(indicator) = self.uses(item, "phrase", &[Key(field)], id) else { continue };
                if (field == "rate") != (indicator.kind == Kind::Percent) && indicator.kind != Kind::Change {
                    let message = format!("`{field}` cannot be the {} `{id}`", indicator.kind.as_str());
                    self.fault(
                        item,
                        "phrase",
                        &[Key(field)],
                        message,
                        "`rate` takes percentages, `count` and `base` the rest",
                    );
                }
                of.push(indicator);
            }
            // A base is a figure of its own: it carries those of the phrase's dimensions that it has.
            let carriers: Vec<&Indicator> = of.iter().copied().filter(|i| it.base.as_ref() != Some(&i.id)).collect();
            self.dims(item, "phrase", &it.dims, &carriers);
            if of.is_empty() && it.count.is_none() && it.base.is_none() && it.rate.is_none() {
                let help = "name the indicator of its count, base or rate";
                self.fault(item, "phrase", &[], format!("phrase `{}` maps to nothing", it.id), help);
            }
            if it.own.is_empty() && it.noun.is_empty() && it.lead.is_empty() {
                let help = "give words that must stand near the figure";
                self.fault(item, "phrase", &[], format!("phrase `{}` has no cue", it.id), help);
            }
            for (field, cues) in [("own", &it.own), ("lead", &it.lead), ("heading", &it.heading)] {
                for (n, cue) in cues.iter().enumerate().filter(|(_, cue)| cue.is_empty()) {
                    let message = format!("cue {} is empty: {cue:?}", n + 1);
                    self.fault(
                        item,
                        "phrase",
                        &[Key(field), Index(n)],
                        message,
                        "write words, alternatives parted by ` | `",
                    );
                }
            }
            for (field, examples) in [("hit", &it.hit), ("miss", &it.miss)] {
                if examples.is_empty() {
                    let message = format!("phrase `{}` has no `{field}` example", it.id);
                    self.fault(item, "phrase", &[], message, "give one text that must map to it and one that must not");
                }
                for (n, text) in examples.iter().enumerate() {
                    if text.matches('«').count() == 0 || text.matches('«').count() != text.matches('»').count() {
                        let message = "the example does not mark its figure".to_string();
                        self.fault(item, "phrase", &[Key(field), Index(n)], message, "put the figure in «»");
                    }
                }
            }
        }
    }

    fn checks(&mut self) {
        let draft = self.draft;
        let mut seen = HashSet::new();
        for item in &draft.checks {
            let it = &item.value;
            let kind = kind_of(&it.relation);
            if !seen.insert(&it.id) {
                self.fault(
                    item,
                    "check",
                    &[Key("id")],
                    format!("check `{}` is defined twice", it.id),
                    "rename one of them",
                );
            }
            let name = it.id.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/'));
            if !name.is_some_and(|name| name.split('-').all(is_word)) {
                let message = format!("`{}` is no id for a {kind} check", it.id);
                self.fault(
                    item,
                    "check",
                    &[Key("id")],
                    message,
                    &format!("write {kind}/ and lower-case words joined by hyphens"),
                );
            }
            for (field, id) in named(&it.relation) {
                self.uses(item, "check", &[Key(kind), Key(field)], id);
            }
            if let Relation::Sum { parts, .. } | Relation::Ratio { bases: parts, .. } = &it.relation
                && (parts.is_empty() || parts.iter().collect::<HashSet<_>>().len() != parts.len())
            {
                let message = "the list is empty or names an indicator twice".to_string();
                self.fault(item, "check", &[Key(kind)], message, "name each indicator once");
            }
            self.messages(item);
            for (field, example, wanted) in [("holds", &it.holds, true), ("fails", &it.fails, false)] {
                self.example(item, field, example, wanted);
            }
        }
    }

    fn messages(&mut self, item: &Item<Check>) {
        let allowed = message_names(&item.value.relation);
        for (field, message) in [("vi", &item.value.vi), ("en", &item.value.en)] {
            if message.trim().is_empty() {
                let help = "say in one sentence what is wrong, with the figures in braces";
                self.fault(
                    item,
                    "check",
                    &[Key(field)],
                    format!("check `{}` has no `{field}` message", item.value.id),
                    help,
                );
            }
            for name in names_in(message).into_iter().filter(|n| !allowed.contains(n)) {
                let help = format!("this relation fills in {}", allowed.join(", "));
                self.fault(item, "check", &[Key(field)], format!("nothing fills in {{{name}}}"), &help);
            }
        }
    }

    fn example(&mut self, item: &Item<Check>, field: &'static str, example: &str, wanted: bool) {
        let names = figure_names(&item.value.relation);
        if example.trim().is_empty() {
            let message = format!("check `{}` has no `{field}` example", item.value.id);
            return self.fault(item, "check", &[], message, &format!("give figures by name: {}", names.join(", ")));
        }
        let figures = match figures(example) {
            Ok(figures) => figures,
            Err(entry) => {
                let message = format!("`{entry}` is no figure");
                return self.fault(item, "check", &[Key(field)], message, "write name=number, parted by commas");
            }
        };
        let message = match (figures.keys().find(|n| !names.contains(n)), evaluate(&item.value.relation, &figures)) {
            (Some(name), _) => format!("the relation has no figure `{name}`"),
            (None, None) => "the example does not give every figure".to_string(),
            (None, Some(held)) if held != wanted && wanted => "the figures of `holds` break the relation".to_string(),
            (None, Some(held)) if held != wanted => "the figures of `fails` satisfy the relation".to_string(),
            _ => return,
        };
        self.fault(item, "check", &[Key(field)], message, &format!("its figures are {}", names.join(", ")));
    }

    /// An indicator that nothing maps to is dead weight. Rules without any phrase are still in the making.
    fn unused(&mut self) {
        let draft = self.draft;
        if draft.phrases.is_empty() {
            return;
        }
        for item in &draft.indicators {
            if !self.used.contains(item.value.id.as_str()) {
                let message = format!("no form, phrase or check uses `{}`", item.value.id);
                self.fault(
                    item,
                    "indicator",
                    &[Key("id")],
                    message,
                    "map something to it, or drop it before its first release",
                );
            }
        }
    }
}

/// The indicators that a relation names, each with the key it stands under.
pub fn named(relation: &Relation) -> Vec<(&'static str, &str)> {
    match relation {
        Relation::Sum { total, parts, .. } => {
            std::iter::once(("total", total.as_str())).chain(parts.iter().map(|p| ("parts", p.as_str()))).collect()
        }
        Relation::Ratio { rate, part, bases } => [("rate", rate.as_str()), ("part", part.as_str())]
            .into_iter()
            .chain(bases.iter().map(|b| ("bases", b.as_str())))
            .collect(),
        Relation::Subset { part, whole, .. } => vec![("part", part), ("whole", whole)],
        Relation::Levels { indicator } | Relation::Domain { indicator, .. } | Relation::Range { indicator, .. } => {
            vec![("indicator", indicator)]
        }
        Relation::Implies { indicator, zero, other, other_zero } => vec![
            (if *zero { "if_zero" } else { "if_not_zero" }, indicator),
            (if *other_zero { "then_zero" } else { "then_not_zero" }, other),
        ],
    }
}

/// `field.thing.part`: at least two words.
fn is_id(id: &str) -> bool {
    id.contains('.') && id.split('.').all(is_word)
}

/// A lower-case English word, digits and underscores allowed after the first letter.
fn is_word(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Keys of the rows that are below themselves. Every row is walked once: a walk ends at a row that an earlier one has seen.
fn loops<'a>(rows: &'a [Item<FormRow>], by_key: &HashMap<&'a str, &'a FormRow>) -> HashSet<&'a str> {
    let mut walked: HashMap<&str, usize> = HashMap::new();
    let mut looping = HashSet::new();
    for (walk, row) in rows.iter().enumerate() {
        let mut at = Some(&row.value);
        while let Some(here) = at.filter(|here| !walked.contains_key(here.key.as_str())) {
            walked.insert(&here.key, walk);
            at = by_key.get(here.parent.as_str()).copied();
        }
        // Where this very walk met itself, the rows from there round to there are a loop.
        while let Some(here) =
            at.filter(|h| walked.get(h.key.as_str()) == Some(&walk) && looping.insert(h.key.as_str()))
        {
            at = by_key.get(here.parent.as_str()).copied();
        }
    }
    looping
}

/// The id most like a misspelt one; None where none is close.
fn nearest<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (strsim::normalized_levenshtein(id, k), k))
        .filter(|(like, _)| *like >= 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests;
