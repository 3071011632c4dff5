//! Replay: recorded exchanges, made again with the generated crate and compared.
//!
//! The request is put together by the typed method of the catalogue and has to arrive as it was recorded; the answer is served over
//! loopback, decoded by the real client, encoded again, and must have lost nothing. A line without a method is an answer alone: it is decoded without a server.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! let replay = Replay::pinned()?;
//! let report = replay.text("sample", r#"{"path": "/profile/apps/7", "response_body": {"id": 7, "news": 1}}"#)?;
//! assert_eq!((report.matched, report.decoded, report.lossless), (1, 1, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod exchange;
mod expected;
mod report;
mod request;
mod sample;

use std::error::Error;
use std::fs;
use std::path::Path;

use linode_sdk::catalogue::{Prepared, catalogue};
use linode_sdk::http;
use linode_sdk::{Answered, Bytes, Client, Json};
use linode_spec::api::{Api, Method, Operation};
use linode_spec::route::{arguments, route};
use linode_witness::losses;

pub use report::{Failure, Report};
pub use sample::{Sample, Unreadable};

use self::exchange::Loopback;
use self::expected::{Expected, expected};
use self::request::{differences, input, lone_input};
use crate::pinned::pinned;

/// The operations and their types, and a client.
///
/// ```
/// let replay = linode_proof::replay::Replay::pinned()?;
/// let report = replay.text("sample", r#"{"path": "/no/such/path", "response_body": {}}"#)?;
/// assert_eq!(report.unmatched, ["GET /no/such/path"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Replay {
    api: Api,
    client: Client,
    loopback: Loopback,
}

/// How one answer fared.
///
/// ```
/// use linode_proof::replay::{Fate, Replay};
///
/// let fate = Replay::pinned()?.fate("GET /profile/apps/{}", 200, &serde_json::json!({"id": [7]}));
/// assert_eq!(fate, Fate::Lossless { repairs: 1 });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not decoded. Where it was JSON that is not as described, the path in it is known.
    NotDecoded {
        /// Where reading stopped.
        path: Option<String>,
        /// What the error says.
        reason: String,
    },
    /// It was decoded, and something was lost, or changed without being told.
    Lossy(String),
    /// Everything that the types know came back.
    Lossless {
        /// How many values came in another form than described.
        repairs: usize,
    },
}

impl Replay {
    /// Replays by the pinned document.
    ///
    /// # Errors
    ///
    /// What is wrong with the pinned document, or with loopback.
    ///
    /// ```
    /// assert!(linode_proof::replay::Replay::pinned().is_ok());
    /// ```
    pub fn pinned() -> Result<Self, Box<dyn Error>> {
        let (api, _) = pinned()?;
        let loopback = Loopback::start()?;
        Ok(Self {
            api,
            client: loopback.client()?,
            loopback,
        })
    }

    /// The model that it goes by.
    ///
    /// ```
    /// assert!(!linode_proof::replay::Replay::pinned()?.api().operations.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn api(&self) -> &Api {
        &self.api
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
        let Some(operation) = self.operation(sample) else {
            report.unmatched.push(sample.line());
            return;
        };
        report.matched += 1;
        report.errors += usize::from(!sample.is_success());
        let fate = match sample.method {
            Some(_) => self.exchange(operation, sample, report),
            None => self.fate(&operation.key(), sample.status(), &sample.response_body),
        };
        report.decoded += usize::from(!matches!(fate, Fate::NotDecoded { .. }));
        match fate {
            Fate::Lossless { repairs } => {
                report.lossless += 1;
                report.repairs += repairs;
            }
            Fate::Lossy(reason) | Fate::NotDecoded { reason, .. } => {
                report.failures.push(failure(operation, sample, reason));
            }
        }
    }

    /// Makes a whole exchange again and says how its answer fared; what is to be said of its request goes into the report.
    fn exchange(&self, operation: &Operation, sample: &Sample, report: &mut Report) -> Fate {
        report.requests += 1;
        let (status, answer) = (sample.status(), &sample.response_body);
        let prepared = self.prepared(operation, &input(operation, sample));
        let extra = prepared
            .as_ref()
            .is_ok_and(|prepared| !prepared.unknown().is_empty());
        report.requests_with_extra += usize::from(extra);
        let (fate, problems) =
            match prepared.and_then(|prepared| self.loopback.exchange(prepared, sample)) {
                Ok((arrived, outcome)) => (
                    self.judged(operation, status, answer, outcome),
                    differences(sample, &arrived),
                ),
                Err(reason) => (self.fate(&operation.key(), status, answer), vec![reason]),
            };
        if problems.is_empty() {
            report.requests_rebuilt += 1;
        } else {
            let reason = format!("the request: {}", problems.join("; "));
            report.failures.push(failure(operation, sample, reason));
        }
        fate
    }

    /// The operation of a sample; none for a method that no operation can have.
    ///
    /// ```
    /// use linode_proof::replay::{Replay, Sample};
    ///
    /// let sample: Sample = serde_json::from_str(r#"{"path": "/regions/us-east", "response_body": {}}"#)?;
    /// assert_eq!(Replay::pinned()?.operation(&sample).unwrap().key(), "GET /regions/{}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn operation(&self, sample: &Sample) -> Option<&Operation> {
        let method = match sample.method.as_deref() {
            Some(name) => Some(Method::parse(name)?),
            None => None,
        };
        route(&self.api, method, &sample.path, &sample.response_body)
    }

    /// How an answer to an operation would fare, without a server. The operation goes by its key: method and path.
    ///
    /// ```
    /// use linode_proof::replay::{Fate, Replay};
    ///
    /// let fate = Replay::pinned()?.fate("GET /profile/apps/{}", 200, &serde_json::json!({"id": {}}));
    /// assert!(matches!(fate, Fate::NotDecoded { path: Some(path), .. } if path == "$.id"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fate(&self, key: &str, status: u16, answer: &Json) -> Fate {
        let Some(operation) = self
            .api
            .operations
            .iter()
            .find(|operation| operation.key() == key)
        else {
            return Fate::NotDecoded {
                path: None,
                reason: format!("there is no operation {key}"),
            };
        };
        let mut response = http::Response::new(Bytes::new());
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        if status != 204 {
            *response.body_mut() = answer.to_string().into();
        }
        match self.prepared(operation, &lone_input(operation)) {
            Ok(prepared) => self.judged(operation, status, answer, prepared.answer(response)),
            Err(reason) => Fate::NotDecoded { path: None, reason },
        }
    }

    /// The call of an operation, by the method of the generated crate.
    fn prepared(&self, operation: &Operation, input: &Json) -> Result<Prepared, String> {
        let prepared = catalogue().prepare(&self.client, &operation.key(), input);
        prepared.map_err(|error| error.to_string())
    }

    /// What comes of an answer that was decoded, or was not.
    fn judged(
        &self,
        operation: &Operation,
        status: u16,
        answer: &Json,
        outcome: Result<Answered<Json>, linode_sdk::Error>,
    ) -> Fate {
        match outcome {
            Err(linode_sdk::Error::Api(error)) if !(200..300).contains(&status) => {
                let told = error
                    .reasons()
                    .iter()
                    .map(|reason| (Some(reason.reason.as_str()), reason.field.as_deref()));
                let sent = answer["errors"].as_array().into_iter().flatten();
                let sent = sent.map(|error| (error["reason"].as_str(), error["field"].as_str()));
                match told.eq(sent) && error.status() == status {
                    true => Fate::Lossless { repairs: 0 },
                    false => Fate::Lossy(format!("the error tells other reasons: {error}")),
                }
            }
            Err(error) => Fate::NotDecoded {
                path: match &error {
                    linode_sdk::Error::Decode(error) => Some(error.fault().path().to_owned()),
                    _ => None,
                },
                reason: error.to_string(),
            },
            Ok(answered) if status == 204 => match answered.value().is_null() {
                true => Fate::Lossless { repairs: 0 },
                false => Fate::Lossy("something came of nothing".to_owned()),
            },
            Ok(answered) => compared(&expected(&self.api, &operation.answer, answer), &answered),
        }
    }
}

fn failure(operation: &Operation, sample: &Sample, reason: String) -> Failure {
    Failure {
        operation: operation.key(),
        path: sample.path.clone(),
        reason,
    }
}

/// Whether what was expected came back, and every change of form was told.
fn compared(expected: &Expected, answered: &Answered<Json>) -> Fate {
    let mut lost = losses(&expected.value, answered.value());
    let told = answered
        .repairs()
        .iter()
        .map(|repair| repair.path.clone())
        .collect();
    let silent = expected.repaired.difference(&told);
    lost.extend(silent.map(|path| format!("{path} was repaired, and that was not told")));
    let groundless = told.difference(&expected.repaired);
    lost.extend(
        groundless.map(|path| format!("{path} was told to be repaired, and need not have been")),
    );
    match lost.is_empty() {
        true => Fate::Lossless {
            repairs: answered.repairs().len(),
        },
        false => Fate::Lossy(lost.join("; ")),
    }
}
