//! What a replay found.
//!
//! ```
//! let report = linode_proof::replay::Report::default();
//! assert!(report.is_clean());
//! assert!(report.to_string().contains("matched"));
//! ```

use std::fmt;

use serde::Serialize;

/// What a replay found.
///
/// ```
/// let report = linode_proof::replay::Report { lines: 2, matched: 1, decoded: 1, lossless: 1, ..Default::default() };
/// assert_eq!(serde_json::to_value(&report)?["lossless"], 1);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Lines read.
    pub lines: usize,
    /// Answers whose path belongs to an operation, errors of the API among them.
    pub matched: usize,
    /// Of those, how many were decoded: an answer to its type, an error to its reasons.
    pub decoded: usize,
    /// Of those, how many came back with every field that their type knows.
    pub lossless: usize,
    /// How many of the answers that matched were errors.
    pub errors: usize,
    /// How many values came in another form than described, and were taken all the same.
    pub repairs: usize,
    /// Recorded requests to an operation.
    pub requests: usize,
    /// Of those, how many were made again as they were recorded.
    pub requests_rebuilt: usize,
    /// Of those, how many have fields, parameters or filters that the document lacks.
    pub requests_with_extra: usize,
    /// What was not decoded, or not without loss, or not asked for again.
    pub failures: Vec<Failure>,
    /// Lines whose path belongs to no operation of this release.
    pub unmatched: Vec<String>,
}

/// An exchange that did not come out as it was recorded.
///
/// ```
/// let failure = linode_proof::replay::Failure { operation: "GET /a".into(), path: "/a".into(), reason: "b was lost: 1".into() };
/// assert_eq!(failure.to_string(), "GET /a at /a: b was lost: 1");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The operation's key.
    pub operation: String,
    /// The path as recorded.
    pub path: String,
    /// What went wrong.
    pub reason: String,
}

impl Report {
    /// Whether everything that matched was decoded without loss, and every request made again.
    ///
    /// ```
    /// let report = linode_proof::replay::Report { matched: 1, ..Default::default() };
    /// assert!(!report.is_clean());
    /// ```
    pub fn is_clean(&self) -> bool {
        self.matched == self.lossless
            && self.requests == self.requests_rebuilt
            && self.failures.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            ("lines", self.lines),
            ("matched", self.matched),
            ("decoded", self.decoded),
            ("lossless", self.lossless),
            ("errors", self.errors),
            ("repairs", self.repairs),
            ("requests", self.requests),
            ("rebuilt", self.requests_rebuilt),
            ("with extra", self.requests_with_extra),
        ];
        for (name, count) in counts {
            writeln!(f, "{name:<11}{count:>6}")?;
        }
        listed(f, "Of no operation in this release", &self.unmatched)?;
        listed(f, "Failures", &self.failures)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}: {}", self.operation, self.path, self.reason)
    }
}

fn listed(f: &mut fmt::Formatter<'_>, title: &str, lines: &[impl fmt::Display]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}:")?;
    lines.iter().try_for_each(|line| writeln!(f, "  {line}"))
}
