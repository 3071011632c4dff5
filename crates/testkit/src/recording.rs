//! [`Recording`]: exchanges with a server, as lines of JSON.
//!
//! | field of a line | what it holds |
//! |---|---|
//! | `method` | the method in capitals; `GET` where it is missing |
//! | `path` | the path as it was sent, without the version |
//! | `version` | `v4`, `v4beta`; null if the path had none |
//! | `query` | the query as it was sent; null for none |
//! | `x_filter` | the header `X-Filter`, as text; null for none |
//! | `request_body` | the body as JSON, a form as an object of texts; null for none and for what is neither |
//! | `status` | the status of the answer; 200 where it is missing |
//! | `response_body` | the answer as JSON; null for none |
//! | `response_base64` | an answer that is no JSON, in base64; only then |
//! | `response_headers` | those headers of the answer that change what a client does; only if there are any |
//!
//! Fields that are not in the table are left alone by a reader, and lost when the recording is written again.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::reply::is_status;
use crate::{Json, Reply, upstream};

/// What stands in a recording where a secret was. In a request that is replayed it stands for any value.
pub(crate) const MASK: &str = "[masked]";

/// The type of an answer in JSON.
const JSON: &str = "application/json";

/// One request and its answer.
///
/// ```
/// use linode_testkit::{Exchange, json};
///
/// let exchange: Exchange = r#"{"path": "/tags", "query": "page=2", "response_body": {"data": []}}"#.parse()?;
/// assert_eq!((exchange.method.as_str(), exchange.status), ("GET", 200));
/// assert_eq!(exchange.response_body, json!({"data": []}));
/// # Ok::<(), linode_testkit::RecordingError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// The method, in capitals.
    #[serde(default = "get")]
    pub method: String,
    /// The path as it was sent, without the version.
    pub path: String,
    /// The version in the path.
    #[serde(default)]
    pub version: Option<String>,
    /// The query as it was sent.
    #[serde(default)]
    pub query: Option<String>,
    /// The header `X-Filter`.
    #[serde(default)]
    pub x_filter: Option<String>,
    /// The body of the request: JSON, or a form as an object of texts. Null for none, and for what is neither.
    #[serde(default)]
    pub request_body: Json,
    /// The status of the answer.
    #[serde(default = "ok")]
    pub status: u16,
    /// The answer, if it is JSON.
    #[serde(default)]
    pub response_body: Json,
    /// The answer in base64, if it is no JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_base64: Option<String>,
    /// Those headers of the answer that change what a client does, by their names in lower case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub response_headers: BTreeMap<String, String>,
}

fn get() -> String {
    "GET".to_owned()
}

fn ok() -> u16 {
    200
}

impl Exchange {
    /// The answer, as it is sent again.
    pub(crate) fn reply(&self) -> Reply {
        let bytes = self.response_base64.as_ref();
        let bytes = bytes.map(|text| STANDARD.decode(text).unwrap_or_default());
        let reply = match (bytes, &self.response_body) {
            (Some(bytes), _) => Reply::bytes(self.status, "application/octet-stream", bytes),
            (None, Json::Null) => Reply::status(self.status),
            (None, body) => Reply::bytes(self.status, JSON, body.to_string()),
        };
        // How a body travels is not what it says.
        let headers = self.response_headers.iter().filter(|(name, _)| {
            !upstream::OF_A_CONNECTION.contains(&name.to_ascii_lowercase().as_str())
        });
        headers.fold(reply, |reply, (name, value)| reply.header(name, value))
    }

    /// Keeps the answer's body: as JSON if it is, and otherwise in base64.
    pub(crate) fn keep_body(&mut self, body: &[u8]) {
        if body.is_empty() {
            return;
        }
        match serde_json::from_slice(body) {
            Ok(Json::Null) | Err(_) => self.response_base64 = Some(STANDARD.encode(body)),
            Ok(json) => self.response_body = json,
        }
    }

    /// What is wrong with it that its types allow.
    fn problem(&self) -> Option<String> {
        let base64 = self.response_base64.as_ref();
        let mut headers = self.response_headers.iter();
        let bad = headers.find(|(name, value)| {
            http::HeaderName::from_bytes(name.as_bytes()).is_err()
                || http::HeaderValue::from_str(value).is_err()
        });
        if !is_status(self.status) {
            return Some(format!("{} is no status of an answer", self.status));
        }
        if base64.is_some_and(|text| STANDARD.decode(text).is_err()) {
            return Some("its `response_base64` is no base64".to_owned());
        }
        bad.map(|(name, _)| format!("its header {name:?} is none"))
    }
}

impl FromStr for Exchange {
    type Err = RecordingError;

    /// Reads a line.
    fn from_str(line: &str) -> Result<Self, RecordingError> {
        let found = serde_json::from_str::<Exchange>(line).map_err(|error| error.to_string());
        let exchange = found.and_then(|exchange| match exchange.problem() {
            None => Ok(exchange),
            Some(problem) => Err(problem),
        });
        exchange.map_err(|problem| RecordingError {
            place: "the line".to_owned(),
            problem: problem.escape_debug().to_string().replace("\\\"", "\""),
        })
    }
}

impl fmt::Display for Exchange {
    /// Writes the line, without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Exchanges in the order in which they happened.
///
/// [`Builder::record`](crate::Builder::record) makes one, and [`Testkit::replay`](crate::Testkit::replay) answers from it.
///
/// ```
/// use linode_testkit::Recording;
///
/// let recording = Recording::parse("by hand", r#"
///     {"path": "/regions/us-east", "response_body": {"id": "us-east", "label": "Newark, NJ"}}
///     {"method": "DELETE", "path": "/tags/web", "status": 404, "response_body": {"errors": [{"reason": "Not found"}]}}
/// "#)?;
/// assert_eq!(recording.exchanges().len(), 2);
/// # Ok::<(), linode_testkit::RecordingError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    exchanges: Vec<Exchange>,
}

impl Recording {
    /// Reads lines; `name` is what an error calls them. Blank lines are none.
    ///
    /// # Errors
    ///
    /// The first line that is no exchange.
    ///
    /// ```
    /// let error = linode_testkit::Recording::parse("tags.jsonl", "\n{}\n").unwrap_err();
    /// assert_eq!(error.to_string(), "tags.jsonl:2: missing field `path` at line 1 column 2");
    /// ```
    pub fn parse(name: &str, text: &str) -> Result<Self, RecordingError> {
        let lines = text.lines().zip(1..);
        let lines = lines.filter(|(line, _)| !line.trim().is_empty());
        let exchanges = lines.map(|(line, number)| {
            line.parse()
                .map_err(|error: RecordingError| RecordingError {
                    place: format!("{name}:{number}"),
                    ..error
                })
        });
        Ok(Recording {
            exchanges: exchanges.collect::<Result<_, _>>()?,
        })
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// That it can't be read, or the first line that is no exchange.
    ///
    /// ```
    /// assert!(linode_testkit::Recording::read("no such file").is_err());
    /// ```
    pub fn read(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let name = path.as_ref().display().to_string();
        let text = fs::read_to_string(path).map_err(|error| RecordingError {
            place: name.clone(),
            problem: error.to_string(),
        })?;
        Recording::parse(&name, &text)
    }

    /// Adds the exchanges to a file, which need not be there; a last line that has no end gets one.
    ///
    /// # Errors
    ///
    /// What keeps them from being written.
    ///
    /// ```
    /// use linode_testkit::Recording;
    ///
    /// let file = std::env::temp_dir().join(format!("tags-{}.jsonl", std::process::id()));
    /// let recording = Recording::parse("by hand", r#"{"path": "/tags", "response_body": null}"#)?;
    /// recording.append(&file)?;
    /// assert_eq!(Recording::read(&file)?, recording);
    /// # std::fs::remove_file(file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn append(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let file = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(path);
        let mut file = file?;
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        let end = if last == *b"\n" { "" } else { "\n" };
        // At once, so that others who write to it come before or after.
        file.write_all(format!("{end}{self}").as_bytes())
    }

    /// The exchanges.
    ///
    /// ```
    /// assert!(linode_testkit::Recording::default().exchanges().is_empty());
    /// ```
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

impl fmt::Display for Recording {
    /// Writes a line for each exchange.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.exchanges
            .iter()
            .try_for_each(|exchange| writeln!(f, "{exchange}"))
    }
}

impl FromIterator<Exchange> for Recording {
    fn from_iter<I: IntoIterator<Item = Exchange>>(exchanges: I) -> Self {
        Recording {
            exchanges: exchanges.into_iter().collect(),
        }
    }
}

/// Why something is no recording.
///
/// ```
/// let error = "[]".parse::<linode_testkit::Exchange>().unwrap_err();
/// assert!(error.to_string().starts_with("the line: "));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordingError {
    place: String,
    problem: String,
}

impl fmt::Display for RecordingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl std::error::Error for RecordingError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_line_has_what_the_table_says() {
        let line = r#"{"method":"POST","path":"/tags","version":"v4","query":null,"x_filter":null,"request_body":{"label":"a"},"status":200,"response_body":{"label":"a"}}"#;
        let exchange: Exchange = line.parse().unwrap();
        assert_eq!(exchange.to_string(), line);
    }

    #[test]
    fn a_last_line_without_end_stays_a_line() {
        let file = std::env::temp_dir().join(format!("linode-lines-{}.jsonl", std::process::id()));
        fs::write(&file, r#"{"path": "/a"}"#).unwrap();
        let recording = Recording::parse("test", r#"{"path": "/b"}"#).unwrap();
        recording.append(&file).unwrap();
        recording.append(&file).unwrap();
        let read = Recording::read(&file);
        fs::remove_file(file).unwrap();
        let paths: Vec<_> = read
            .unwrap()
            .exchanges
            .into_iter()
            .map(|exchange| exchange.path)
            .collect();
        assert_eq!(paths, ["/a", "/b", "/b"]);
    }

    #[test]
    fn what_is_no_json_is_kept_in_base64() {
        let mut exchange: Exchange = r#"{"path": "/a"}"#.parse().unwrap();
        exchange.keep_body(b"\x89PNG");
        assert_eq!(exchange.response_base64.as_deref(), Some("iVBORw=="));
        assert_eq!(exchange.reply().into_body(), &b"\x89PNG"[..]);
        exchange.response_base64 = None;
        exchange.keep_body(br#"{"a": 1.50}"#);
        assert_eq!(exchange.response_body, json!({"a": 1.5}));
        assert_eq!(exchange.reply().into_body(), r#"{"a":1.5}"#);
    }

    #[test]
    fn what_could_not_be_answered_is_refused() {
        let problem = |line: &str| line.parse::<Exchange>().unwrap_err().problem;
        assert_eq!(
            problem(r#"{"path": "/a", "status": 42}"#),
            "42 is no status of an answer"
        );
        assert_eq!(
            problem(r#"{"path": "/a", "response_base64": "*"}"#),
            "its `response_base64` is no base64"
        );
        assert_eq!(
            problem(r#"{"path": "/a", "response_headers": {"a b": ""}}"#),
            "its header \"a b\" is none"
        );
    }
}
