//! Replay: recorded answers, decoded by the generated types, encoded again and compared.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! let replay = Replay::pinned()?;
//! let report = replay.text("sample", r#"{"path": "/profile/apps/7", "response_body": {"id": 7, "news": 1}}"#)?;
//! assert_eq!((report.matched, report.decoded, report.lossless), (1, 1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod known;
mod report;
mod sample;

use std::collections::HashMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use linode_spec::api::{Api, Method, Operation};
use linode_spec::route::route;
use linode_witness::losses;
use serde_json::Value as Json;

pub use report::{Failure, Report};
pub use sample::{Sample, Unreadable};

use crate::calls::{CALLS, Call};
use crate::pinned::pinned;

/// The operations, their types, and how to decode them.
///
/// ```
/// let replay = linode_proof::replay::Replay::pinned()?;
/// let report = replay.text("sample", r#"{"path": "/no/such/path", "response_body": {}}"#)?;
/// assert_eq!(report.unmatched, ["GET /no/such/path"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Replay {
    api: Api,
    calls: HashMap<&'static str, &'static Call>,
}

/// How one answer fared.
enum Fate {
    NotDecoded(String),
    Lossy(String),
    Lossless,
}

impl Replay {
    /// Replays by the pinned document.
    ///
    /// # Errors
    ///
    /// What is wrong with the pinned document.
    pub fn pinned() -> Result<Self, Box<dyn Error>> {
        let (api, _) = pinned()?;
        Ok(Self {
            api,
            calls: CALLS.iter().map(|call| (call.key, call)).collect(),
        })
    }

    /// Replays files of samples, one on each line.
    ///
    /// # Errors
    ///
    /// The first file or line that cannot be read.
    ///
    /// ```
    /// let replay = linode_proof::replay::Replay::pinned()?;
    /// assert!(replay.files(&["no such file"]).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn files(&self, files: &[impl AsRef<Path>]) -> Result<Report, Unreadable> {
        let mut report = Report::default();
        for file in files {
            let name = file.as_ref().display().to_string();
            let text = fs::read_to_string(file).map_err(|error| Unreadable::File {
                file: name.clone(),
                error,
            })?;
            self.add(&name, &text, &mut report)?;
        }
        Ok(report)
    }

    /// Replays samples from text, one on each line; `name` is what an error calls it.
    ///
    /// # Errors
    ///
    /// The first line that is no sample.
    ///
    /// ```
    /// let replay = linode_proof::replay::Replay::pinned()?;
    /// let error = replay.text("sample", "{}\n").unwrap_err();
    /// assert!(error.to_string().starts_with("sample:1: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn text(&self, name: &str, text: &str) -> Result<Report, Unreadable> {
        let mut report = Report::default();
        self.add(name, text, &mut report)?;
        Ok(report)
    }

    fn add(&self, name: &str, text: &str, report: &mut Report) -> Result<(), Unreadable> {
        for sample in sample::samples(name, text) {
            self.sample(&sample?, report);
        }
        Ok(())
    }

    fn sample(&self, sample: &Sample, report: &mut Report) {
        report.lines += 1;
        if !sample.is_success() {
            report.skipped += 1;
            return;
        }
        let found = self
            .operation(sample)
            .and_then(|operation| Some((operation, *self.calls.get(operation.key().as_str())?)));
        let Some((operation, call)) = found else {
            report.unmatched.push(format!(
                "{} {}",
                sample.method.as_deref().unwrap_or("GET"),
                sample.path
            ));
            return;
        };
        report.matched += 1;
        let fate = self.fate(operation, call, sample);
        report.decoded += usize::from(!matches!(fate, Fate::NotDecoded(_)));
        match fate {
            Fate::Lossless => report.lossless += 1,
            Fate::Lossy(reason) | Fate::NotDecoded(reason) => {
                report.failures.push(Failure {
                    operation: operation.key(),
                    path: sample.path.clone(),
                    reason,
                });
            }
        }
    }

    /// The operation of a sample; none for a method that no operation can have.
    fn operation(&self, sample: &Sample) -> Option<&Operation> {
        let method = match sample.method.as_deref() {
            Some(name) => Some(Method::parse(name)?),
            None => None,
        };
        route(&self.api, method, &sample.path, &sample.response_body)
    }

    fn fate(&self, operation: &Operation, call: &Call, sample: &Sample) -> Fate {
        if sample.status == Some(204) && operation.answer.optional {
            return Fate::Lossless; // nothing came, and `None` says so
        }
        let returned = match (call.decode)(sample.response_body.to_string().as_bytes()) {
            Ok(returned) => returned,
            Err(fault) => return Fate::NotDecoded(fault),
        };
        let lost = losses(&self.known(operation, &sample.response_body), &returned);
        if lost.is_empty() {
            Fate::Lossless
        } else {
            Fate::Lossy(lost.join("; "))
        }
    }

    /// What the types of an operation know of an answer.
    fn known(&self, operation: &Operation, answer: &Json) -> Json {
        known::known_answer(&self.api, &operation.answer.kind, answer)
    }
}
