//! [`Reply`]: an answer, whole.

use std::fmt::Display;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_core::Serialize;

use crate::json;

/// The statuses that an answer can have: those below come before one.
const STATUSES: std::ops::RangeInclusive<u16> = 200..=999;

/// An answer with its status, its headers and its body.
///
/// ```
/// use linode_testkit::{Reply, Testkit, json};
///
/// let kit = Testkit::start();
/// kit.on("GET /tags").reply(Reply::json(202, json!({"anything": 1})).header("X-Spec-Version", "5.0"));
/// ```
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    /// A status, and no body.
    ///
    /// # Panics
    ///
    /// If an answer can't have the status: it is from 200 to 999.
    ///
    /// ```
    /// let nothing = linode_testkit::Reply::status(204);
    /// ```
    #[track_caller]
    pub fn status(status: u16) -> Self {
        Reply {
            status: sendable(status),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// JSON: of [`json!`](crate::json!), or of any value that serialises, as those of the client do.
    ///
    /// # Panics
    ///
    /// If the value can be no JSON, or an answer can't have the status.
    ///
    /// ```
    /// let reply = linode_testkit::Reply::json(200, ["web", "db"]);
    /// ```
    #[track_caller]
    pub fn json(status: u16, body: impl Serialize) -> Self {
        let body = serde_json::to_vec(&body).expect("a value that can be JSON");
        Reply::bytes(status, "application/json", body)
    }

    /// Bytes of a type.
    ///
    /// # Panics
    ///
    /// If an answer can't have the status, or the type can be no header.
    ///
    /// ```
    /// let picture = linode_testkit::Reply::bytes(200, "image/png", vec![0x89, 0x50]);
    /// ```
    #[track_caller]
    pub fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        let reply = Reply::status(status).header("Content-Type", media_type);
        Reply {
            body: body.into(),
            ..reply
        }
    }

    /// An error with a reason, as the API words it.
    ///
    /// # Panics
    ///
    /// If an answer can't have the status.
    ///
    /// ```
    /// let reply = linode_testkit::Reply::error(404, "Not found");
    /// ```
    #[track_caller]
    pub fn error(status: u16, reason: &str) -> Self {
        Reply::json(status, json!({"errors": [{"reason": reason}]}))
    }

    /// The same with a header. One that tells another `Content-Length` than that of the body can't be sent: the kit answers 500, and tells so
    /// among its [`problems`](crate::Testkit::problems). [`Fault::CutOff`](crate::Fault::CutOff) is for a body that ends early.
    ///
    /// # Panics
    ///
    /// If the name or the value can be no header.
    ///
    /// ```
    /// let reply = linode_testkit::Reply::status(429).header("Retry-After", 3);
    /// ```
    #[track_caller]
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        let (name, value) = header(name, &value);
        self.headers.insert(name, value);
        self
    }

    /// The status.
    ///
    /// ```
    /// assert_eq!(linode_testkit::Reply::status(204).code(), 204);
    /// ```
    pub fn code(&self) -> u16 {
        self.status
    }

    /// What keeps it from being sent, if anything does.
    pub(crate) fn problem(&self) -> Option<String> {
        let told = self.headers.get_all(CONTENT_LENGTH).iter();
        let length = self.body.len().to_string();
        let mut wrong = told.filter(|told| told.as_bytes() != length.as_bytes());
        wrong.next().map(|told| {
            format!("the reply has Content-Length {told:?}, and a body of {length} bytes")
        })
    }

    pub(crate) fn add(&mut self, headers: &HeaderMap) {
        let headers = headers.iter();
        self.headers
            .extend(headers.map(|(name, value)| (name.clone(), value.clone())));
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        Reply { status, ..self }
    }

    pub(crate) fn with_body(self, body: Bytes) -> Self {
        Reply { body, ..self }
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn into_body(self) -> Bytes {
        self.body
    }

    /// The body as JSON, if it is.
    #[cfg(test)]
    pub(crate) fn to_json(&self) -> Option<crate::Json> {
        serde_json::from_slice(&self.body).ok()
    }
}

/// Whether an answer can have a status.
pub(crate) fn is_status(status: u16) -> bool {
    STATUSES.contains(&status)
}

/// A status that a test gives.
#[track_caller]
pub(crate) fn sendable(status: u16) -> u16 {
    assert!(
        is_status(status),
        "{status} is no status of an answer: it is from 200 to 999"
    );
    status
}

/// A header that a test gives.
#[track_caller]
pub(crate) fn header(name: &str, value: &dyn Display) -> (HeaderName, HeaderValue) {
    let known = HeaderName::from_bytes(name.as_bytes());
    let value = HeaderValue::from_str(&value.to_string());
    match (known, value) {
        (Ok(name), Ok(value)) => (name, value),
        (Err(_), _) => panic!("{name:?} is no name of a header"),
        (_, Err(_)) => panic!("the value of the header {name} is no text for a header"),
    }
}
