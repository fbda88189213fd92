//! Labels, heads and headings that archives print over and over: what follows from their words alone is found out once.
//!
//! In: a clean text. Out: its matching form, its cues, and for a form how alike it is to each of the form's rows. Everything kept is
//! a function of the text and the rules, so that order and threads change nothing; memory is bounded by the number of texts and their
//! length.

use crate::map::gazetteer::mention::mentions;
use crate::map::level::Levels;
use crate::map::phrases::{Cues, PhraseIndex};
use crate::text::fold::{Label, fold};
use crate::text::number::{UnitKind, unit_kind};
use rustc_hash::FxHashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Texts kept; far more than forms have rows.
const MOST: usize = 8192;
/// Longer texts are no labels, in bytes.
pub const LONGEST: usize = 400;

/// A text with what follows from its words.
#[derive(Debug)]
pub struct Known {
    /// Matching form without spaces around it.
    pub folded: String,
    /// The cues in it.
    pub cues: Cues,
    label: OnceLock<Label>,
    unit: OnceLock<UnitKind>,
    levels: OnceLock<Levels>,
    plan: OnceLock<bool>,
    unit_named: OnceLock<bool>,
    likeness: RwLock<Vec<(usize, Arc<[f64]>)>>,
    /// As it is.
    pub text: String,
}

impl Known {
    fn new(text: &str, phrases: &PhraseIndex) -> Known {
        let folded = fold(text);
        Known {
            cues: phrases.cues(&folded),
            folded,
            label: OnceLock::new(),
            unit: OnceLock::new(),
            levels: OnceLock::new(),
            plan: OnceLock::new(),
            unit_named: OnceLock::new(),
            likeness: RwLock::default(),
            text: text.to_string(),
        }
    }

    /// The text prepared for comparing.
    pub fn label(&self) -> &Label {
        self.label.get_or_init(|| Label::new(&self.text))
    }

    /// What it says as the unit of a row.
    pub fn unit(&self) -> UnitKind {
        *self.unit.get_or_init(|| unit_kind(&self.text))
    }

    /// The levels that it names.
    pub fn levels(&self) -> &Levels {
        self.levels.get_or_init(|| Levels::of(&self.text))
    }

    /// Whether as a heading it opens a section of plans and wishes.
    pub fn is_plan(&self) -> bool {
        *self.plan.get_or_init(|| is_plan(&self.folded))
    }

    /// Whether it names a unit of the administration.
    pub fn names_a_unit(&self) -> bool {
        *self.unit_named.get_or_init(|| mentions(&self.text).iter().any(|mention| !mention.name.is_empty()))
    }

    /// How alike it is to each row of a form, found out by `compare` the first time.
    pub fn likeness(&self, form: usize, compare: impl FnOnce(&Known) -> Vec<f64>) -> Arc<[f64]> {
        let known = self.likeness.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, rows)) = known.iter().find(|(f, _)| *f == form) {
            return rows.clone();
        }
        drop(known);
        let rows: Arc<[f64]> = compare(self).into();
        self.likeness.write().unwrap_or_else(PoisonError::into_inner).push((form, rows.clone()));
        rows
    }
}

/// Whether a heading, in matching form, opens a section of plans and wishes. `Kết quả thực hiện nhiệm vụ` does not.
fn is_plan(folded: &str) -> bool {
    let holds = |words: &[&str]| words.iter().any(|w| folded.contains(w));
    if holds(&["kết quả", "tình hình", "đánh giá", "tiếp nhận", "xử lí", "phản ánh", "ưu điểm", "tồn tại"])
    {
        return false;
    }
    holds(&[
        "phương hướng",
        "nhiệm vụ trọng tâm",
        "kiến nghị",
        "đề xuất",
        "đề nghị",
        "giải pháp thời gian tới",
        "mục tiêu",
    ]) || holds(&["việc làm", "công việc", "chương trình công tác", "dự kiến"])
        && holds(&["tới", "trong quí", "trong năm", "trong tháng", "quí", "tiếp theo"])
        || holds(&["nhiệm vụ"]) && !holds(&["thực hiện", "giao", "công vụ", "phân công"])
}

/// The texts kept.
#[derive(Debug, Default)]
pub struct Labels(RwLock<FxHashMap<String, Arc<Known>>>);

impl Labels {
    /// What is known of a text.
    pub fn of(&self, text: &str, phrases: &PhraseIndex) -> Arc<Known> {
        if text.len() > LONGEST {
            return Arc::new(Known::new(text, phrases));
        }
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return known.clone();
        }
        let known = Arc::new(Known::new(text, phrases));
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST {
            all.insert(text.to_string(), known.clone());
        }
        known
    }
}
