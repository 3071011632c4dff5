//! Why a document can't be loaded at all.

use crate::diagnostic::Diagnostic;
use crate::tree::ParseError;

/// Why a document can't be loaded. In each case nothing should be written from it.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
/// use linode_spec::load::load;
///
/// let error = load("old.json", br#"{"swagger": "2.0"}"#, &Accepted::default(), false).unwrap_err();
/// assert_eq!(error.to_string(), "old.json is not an OpenAPI 3 document: found the text `2.0` as its `swagger`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The text is neither YAML nor JSON, or more than a document may be.
    #[error("{file}:{line}:{column}: not a document: {message}")]
    NotParseable {
        /// The file.
        file: String,
        /// The line, from 1; 0 where the parser names none.
        line: usize,
        /// The column, from 1; 0 where the parser names none.
        column: usize,
        /// What is wrong, in the parser's words.
        message: String,
    },
    /// The text is YAML, but it ends in the middle of an OpenAPI document.
    #[error("{file}#{pointer}: the file is cut off here: {evidence}")]
    CutOff {
        /// The file.
        file: String,
        /// The last object of the file, as a JSON pointer.
        pointer: String,
        /// What shows that there was more.
        evidence: String,
    },
    /// The document is something else than OpenAPI 3.
    #[error("{file} is not an OpenAPI 3 document: found {found}")]
    NotOpenApi3 {
        /// The file.
        file: String,
        /// What it is instead.
        found: String,
    },
    /// No operation is left that could be generated.
    #[error("{file} has no usable operation")]
    NoOperations {
        /// The file.
        file: String,
    },
    /// A strict load found defects that are not accepted: all of them.
    #[error("{} that {} not accepted:{}", count(.0), if .0.len() == 1 { "is" } else { "are" }, lines(.0))]
    Strict(Vec<Diagnostic>),
}

impl LoadError {
    pub(crate) fn not_parseable(file: &str, error: ParseError) -> Self {
        let ParseError {
            line,
            column,
            message,
        } = error;
        Self::NotParseable {
            file: file.to_owned(),
            line,
            column,
            message,
        }
    }

    pub(crate) fn too_deep(file: &str, error: &std::io::Error) -> Self {
        let message = format!("nested too deep for the memory at hand: {error}");
        Self::NotParseable {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message,
        }
    }
}

fn count(defects: &[Diagnostic]) -> String {
    match defects.len() {
        1 => "1 defect".to_owned(),
        more => format!("{more} defects"),
    }
}

fn lines(defects: &[Diagnostic]) -> String {
    defects
        .iter()
        .map(|defect| format!("\n  {defect}"))
        .collect()
}
