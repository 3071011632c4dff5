//! Samples: one recorded answer on each line, as JSON.
//!
//! ```
//! use linode_proof::replay::Sample;
//!
//! let sample: Sample = serde_json::from_str(r#"{"path": "/regions", "response_body": {}}"#)?;
//! assert!(sample.is_success());
//! # Ok::<(), serde_json::Error>(())
//! ```

use serde::Deserialize;
use serde_json::Value as Json;

/// A recorded answer; what else a line holds, such as the query, does not matter for decoding.
///
/// ```
/// use linode_proof::replay::Sample;
///
/// let sample: Sample = serde_json::from_str(r#"{"method": "GET", "path": "/regions/x", "status": 404, "response_body": null}"#)?;
/// assert!(!sample.is_success());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    /// The method, where the line says it.
    pub method: Option<String>,
    /// The path, without version.
    pub path: String,
    /// The status, where the line says it.
    pub status: Option<u16>,
    /// The answer; null for none.
    pub response_body: Json,
}

impl Sample {
    /// Whether it was a success; a line that does not say so is taken for one.
    ///
    /// ```
    /// # use linode_proof::replay::Sample;
    /// let sample: Sample = serde_json::from_str(r#"{"path": "/a", "status": 204, "response_body": null}"#)?;
    /// assert!(sample.is_success());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn is_success(&self) -> bool {
        self.status
            .is_none_or(|status| (200..300).contains(&status))
    }
}

/// Why a file cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file cannot be read.
    #[error("{file}: {error}")]
    File {
        /// The file.
        file: String,
        /// What reading it said.
        error: std::io::Error,
    },
    /// A line is no sample.
    #[error("{file}:{line}: {error}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
}

/// The samples of a text; blank lines are none.
pub(super) fn samples<'a>(
    file: &'a str,
    text: &'a str,
) -> impl Iterator<Item = Result<Sample, Unreadable>> + 'a {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines.map(move |(index, line)| {
        serde_json::from_str(line).map_err(|error| Unreadable::Line {
            file: file.to_owned(),
            line: index + 1,
            error,
        })
    })
}
