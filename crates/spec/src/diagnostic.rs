//! What was wrong with a document, where, and what was done about it.
//!
//! Loading never stops at the first defect: each becomes a [`Diagnostic`], all of them are kept in the order in which
//! they were found, and the document is repaired as far as needed to go on. Which defects a strict load tolerates is
//! data, not code: the [`Accepted`] list, whose file form is `spec/accepted.yaml`.
//!
//! ```
//! use linode_spec::diagnostic::{Accepted, Severity};
//! use linode_spec::load::load;
//!
//! let text = "{openapi: 3.0.1, info: {title: t, version: 1.2.3}, servers: [{url: 'https://a.example'}],
//!     paths: {/a: {get: {responses: {200: {description: ''}}}}}}";
//! let document = load("a.yaml", format!("# flow style\n{text}").as_bytes(), &Accepted::default(), false)?;
//! let found = &document.diagnostics[0];
//! assert_eq!((found.code, found.severity), ("missing-operation-id", Severity::Defect));
//! assert!(found.to_string().starts_with("a.yaml#/paths/~1a/get: found "));
//! # Ok::<(), linode_spec::load::LoadError>(())
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

/// The first lines of the file.
const HEADER: &str = "\
# The defects of spec/linode.yaml that a strict load tolerates, each with the reason.
# An entry that matches nothing is a defect itself: when a new release is pinned, what upstream put right has to go.
";

/// How much a diagnostic weighs.
///
/// ```
/// use linode_spec::diagnostic::Severity;
/// assert!(Severity::Note < Severity::Defect);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// The document is wrong here; a strict load fails unless the place is accepted.
    Defect,
}

/// One thing that is wrong with a document.
///
/// ```
/// use linode_spec::diagnostic::{Diagnostic, Severity};
///
/// let diagnostic = Diagnostic {
///     code: "dangling-ref",
///     severity: Severity::Defect,
///     file: "spec/linode.yaml".to_owned(),
///     pointer: "/components/schemas/A".to_owned(),
///     found: "a reference to `#/components/schemas/B`, which is not there".to_owned(),
///     done: "the schema takes anything".to_owned(),
///     accepted: None,
/// };
/// assert_eq!(
///     diagnostic.to_string(),
///     "spec/linode.yaml#/components/schemas/A: found a reference to `#/components/schemas/B`, \
///      which is not there; done: the schema takes anything [dangling-ref]",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The class, in kebab case: what [`Accepted`] names.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The file, as the caller of the load named it.
    pub file: String,
    /// Where in the file, as a JSON pointer.
    pub pointer: String,
    /// What was found there.
    pub found: String,
    /// What was done about it.
    pub done: String,
    /// The reason for which this defect is accepted, if it is.
    pub accepted: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            file,
            pointer,
            found,
            done,
            ..
        } = self;
        write!(
            out,
            "{file}#{pointer}: found {found}; done: {done} [{code}]"
        )?;
        match &self.accepted {
            Some(reason) => write!(out, " (accepted: {reason})"),
            None => Ok(()),
        }
    }
}

/// The defects that a strict load tolerates, each with the reason.
///
/// The order of the entries has no meaning. An entry that matches no defect is reported itself, so that the list
/// can't outlive what it was written for.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
///
/// let accepted = Accepted::from_yaml(
///     "- code: missing-operation-id\n  pointer: /paths/~1a/get\n  reason: upstream never gave it one\n",
/// )?;
/// assert_eq!(accepted.len(), 1);
/// assert!(Accepted::from_yaml("- code: misspelt\n  pionter: /x\n").is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accepted {
    entries: Vec<AcceptedDefect>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptedDefect {
    code: String,
    pointer: String,
    reason: String,
}

impl Accepted {
    /// Reads the file form: a YAML list of `code`, `pointer` and `reason`.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// assert!(Accepted::from_yaml("[]")?.is_empty());
    /// # Ok::<(), String>(())
    /// ```
    ///
    /// # Errors
    /// The parser's message, with line and column, where the text is no such list.
    pub fn from_yaml(text: &str) -> Result<Self, String> {
        let entries = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self { entries })
    }

    /// The list that another document needs: entries that fit it stay, and every other defect of it is accepted for `reason`.
    ///
    /// The diagnostics are those of a load that accepted nothing.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// use linode_spec::load::load;
    ///
    /// let text = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {200: {description: ''}}}}}\n";
    /// let found = load("a.yaml", text.as_bytes(), &Accepted::default(), false)?.diagnostics;
    /// let accepted = Accepted::default().revised(&found, "release 1 has it");
    /// assert_eq!(accepted.len(), 2);
    /// assert!(load("a.yaml", text.as_bytes(), &accepted, true).is_ok());
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn revised(&self, found: &[Diagnostic], reason: &str) -> Self {
        let defects = || found.iter().filter(|it| it.severity == Severity::Defect);
        let fits = |entry: &AcceptedDefect, it: &Diagnostic| {
            entry.code == it.code && entry.pointer == it.pointer
        };
        let mut entries: Vec<AcceptedDefect> = Vec::new();
        let known = self.entries.iter();
        entries.extend(
            known
                .filter(|entry| defects().any(|it| fits(entry, it)))
                .cloned(),
        );
        for defect in defects() {
            if !entries.iter().any(|entry| fits(entry, defect)) {
                entries.push(AcceptedDefect {
                    code: defect.code.to_owned(),
                    pointer: defect.pointer.clone(),
                    reason: format!("{reason}; {}", defect.done),
                });
            }
        }
        Self { entries }
    }

    /// The entries as code and place, those that only `self` has.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// let one = Accepted::from_yaml("[{code: a, pointer: /b, reason: c}]")?;
    /// assert_eq!(one.beyond(&Accepted::default()), ["a at /b: c"]);
    /// assert!(one.beyond(&one).is_empty());
    /// # Ok::<(), String>(())
    /// ```
    #[must_use]
    pub fn beyond(&self, other: &Self) -> Vec<String> {
        let own = self
            .entries
            .iter()
            .filter(|entry| !other.entries.contains(entry));
        own.map(
            |AcceptedDefect {
                 code,
                 pointer,
                 reason,
             }| format!("{code} at {pointer}: {reason}"),
        )
        .collect()
    }

    /// The file form.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// let one = Accepted::from_yaml("[{code: a, pointer: /b, reason: c}]")?;
    /// assert_eq!(Accepted::from_yaml(&one.render())?, one);
    /// # Ok::<(), String>(())
    /// ```
    #[must_use]
    pub fn render(&self) -> String {
        // Lists of texts always have a YAML form.
        let body = serde_yaml::to_string(&self.entries).unwrap_or_default();
        format!("{HEADER}{body}")
    }

    /// How many entries there are.
    ///
    /// ```
    /// assert_eq!(linode_spec::diagnostic::Accepted::default().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    ///
    /// ```
    /// assert!(linode_spec::diagnostic::Accepted::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Collects the diagnostics of one load.
pub(crate) struct Report {
    file: String,
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// An empty report on `file`.
    pub fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            diagnostics: Vec::new(),
        }
    }

    /// Adds a defect.
    pub fn defect(
        &mut self,
        code: &'static str,
        at: impl fmt::Display,
        found: impl Into<String>,
        done: impl Into<String>,
    ) {
        self.add(Severity::Defect, code, &at, found.into(), done.into());
    }

    /// Adds a note.
    pub fn note(
        &mut self,
        code: &'static str,
        at: impl fmt::Display,
        found: impl Into<String>,
        done: impl Into<String>,
    ) {
        self.add(Severity::Note, code, &at, found.into(), done.into());
    }

    fn add(
        &mut self,
        severity: Severity,
        code: &'static str,
        at: &dyn fmt::Display,
        found: String,
        done: String,
    ) {
        self.diagnostics.push(Diagnostic {
            code,
            severity,
            file: self.file.clone(),
            pointer: at.to_string(),
            found,
            done,
            accepted: None,
        });
    }

    /// Marks what is accepted, and reports each entry that accepts nothing.
    pub fn accept(&mut self, accepted: &Accepted) {
        for entry in &accepted.entries {
            if !self.mark(entry) {
                let found = format!("no defect `{}` here, though one is accepted", entry.code);
                self.defect(
                    "accepted-nothing",
                    Verbatim(&entry.pointer),
                    found,
                    "nothing; the entry can go",
                );
            }
        }
    }

    fn mark(&mut self, entry: &AcceptedDefect) -> bool {
        let mut any = false;
        for diagnostic in &mut self.diagnostics {
            if diagnostic.code == entry.code && diagnostic.pointer == entry.pointer {
                diagnostic.accepted = Some(entry.reason.clone());
                any = true;
            }
        }
        any
    }

    /// The defects that are not accepted.
    pub fn fatal(&self) -> Vec<Diagnostic> {
        let fatal = |it: &&Diagnostic| it.severity == Severity::Defect && it.accepted.is_none();
        self.diagnostics.iter().filter(fatal).cloned().collect()
    }
}

/// A pointer that is text already.
struct Verbatim<'a>(&'a str);

impl fmt::Display for Verbatim<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}
