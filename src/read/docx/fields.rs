//! Fields: their results are text, their codes are not, and page numbers are neither.

/// Fields inside fields; what nests deeper is read as text of the innermost.
const MAX_FIELDS: usize = 64;
/// Characters of a field's code that are kept: its name is what matters.
const CODE: usize = 64;

#[derive(Debug, Default)]
struct Field {
    code: String,
    /// Past its separator: what follows is the result.
    result: bool,
    /// Counted only, beyond [`MAX_FIELDS`].
    simple: bool,
}

/// The fields that are open.
#[derive(Debug, Default)]
pub struct Fields {
    open: Vec<Field>,
    /// Fields begun beyond the cap.
    beyond: usize,
}

impl Field {
    fn name(&self) -> &str {
        self.code.split_whitespace().next().unwrap_or("")
    }
    /// Whether its result is text of the document.
    fn prints(&self) -> bool {
        !matches!(self.name(), "PAGE" | "NUMPAGES" | "SECTIONPAGES" | "PAGEREF")
    }
}

impl Fields {
    /// `begin`, `separate` or `end`.
    pub fn mark(&mut self, kind: &str) {
        match kind {
            "begin" if self.open.len() >= MAX_FIELDS => self.beyond += 1,
            "begin" => self.open.push(Field::default()),
            "separate" if self.beyond == 0 => {
                if let Some(field) = self.open.last_mut() {
                    field.result = true;
                }
            }
            "end" => self.end(),
            _ => {}
        }
    }

    /// A field whose code is an attribute; its content is the result.
    pub fn simple(&mut self, code: &str) {
        if self.open.len() >= MAX_FIELDS {
            self.beyond += 1;
        } else {
            self.open.push(Field { code: code.chars().take(CODE).collect(), result: true, simple: true });
        }
    }

    /// The innermost field ends.
    pub fn end(&mut self) {
        if self.beyond > 0 {
            self.beyond -= 1;
        } else {
            self.open.pop();
        }
    }

    /// Whether what comes is a field's code.
    pub fn wants_code(&self) -> bool {
        self.beyond == 0 && self.open.last().is_some_and(|f| !f.result)
    }

    /// A piece of the code.
    pub fn code(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut().filter(|f| f.code.len() < CODE) {
            field.code.extend(text.chars().take(CODE));
        }
    }

    /// Whether text here is printed.
    pub fn shown(&self) -> bool {
        self.open.iter().all(|f| f.result && f.prints())
    }

    /// Whether a table of contents is open.
    pub fn in_contents(&self) -> bool {
        self.open.iter().any(|f| f.result && f.name() == "TOC")
    }

    /// A code that runs on past its paragraph was never closed: it must not swallow the rest of the text.
    pub fn end_para(&mut self) {
        self.open.retain(|f| f.result || f.simple);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_shown_and_codes_are_not() {
        let mut fields = Fields::default();
        assert!(fields.shown());
        fields.mark("begin");
        assert!(fields.wants_code() && !fields.shown());
        fields.code(" HYPERLINK \"x\" ");
        fields.mark("separate");
        assert!(fields.shown());
        fields.simple("PAGE \\* MERGEFORMAT");
        assert!(!fields.shown());
        fields.end();
        fields.mark("end");
        assert!(fields.shown());
    }

    #[test]
    fn an_unclosed_code_ends_with_its_paragraph() {
        let mut fields = Fields::default();
        fields.mark("begin");
        fields.code("SEQ");
        fields.end_para();
        assert!(fields.shown());
        for _ in 0..1000 {
            fields.mark("begin");
        }
        for _ in 0..1000 {
            fields.mark("end");
        }
        assert!(fields.shown());
    }
}
