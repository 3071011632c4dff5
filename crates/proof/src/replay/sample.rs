//! Samples: one recorded exchange on each line, as JSON, or an answer alone.
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

/// A recorded exchange, or an answer of which no request is known.
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
    /// The version, where the line says it: `v4` or `v4beta`.
    pub version: Option<String>,
    /// The query, without its question mark.
    pub query: Option<String>,
    /// What `X-Filter` said: JSON, or JSON as text.
    pub x_filter: Option<Json>,
    /// The body of the request; null for none.
    #[serde(default)]
    pub request_body: Json,
    /// The status, where the line says it.
    pub status: Option<u16>,
    /// The answer; null for none.
    pub response_body: Json,
}

impl Sample {
    /// The status; 200 for a line that does not say one.
    ///
    /// ```
    /// # use linode_proof::replay::Sample;
    /// let sample: Sample = serde_json::from_str(r#"{"path": "/a", "response_body": {}}"#)?;
    /// assert_eq!(sample.status(), 200);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn status(&self) -> u16 {
        self.status.unwrap_or(200)
    }

    /// What was filtered by.
    ///
    /// ```
    /// # use linode_proof::replay::Sample;
    /// let sample: Sample = serde_json::from_str(r#"{"path": "/a", "response_body": {}, "x_filter": "{\"id\": 7}"}"#)?;
    /// assert_eq!(sample.filter(), Some(serde_json::json!({"id": 7})));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn filter(&self) -> Option<Json> {
        match self.x_filter.as_ref()? {
            Json::String(text) => serde_json::from_str(text).ok(),
            Json::Null => None,
            filter => Some(filter.clone()),
        }
    }

    /// Method and path, for messages.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method.as_deref().unwrap_or("GET"), self.path)
    }

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
