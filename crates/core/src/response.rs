//! [`Response`]: an answer of the server before it is decoded.
//!
//! ```
//! use linode_core::{Bytes, Json, Operation, Response, http};
//!
//! static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
//! let response = Response::new(&TAGS, http::Response::new(Bytes::from_static(b"[]")));
//! assert_eq!(response.decode::<Json>()?.into_value(), Json::Array(vec![]));
//! # Ok::<(), linode_core::Error>(())
//! ```

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::answer::{Answer, Answered};
use crate::error::Error;
use crate::limit::RateLimit;
use crate::operation::Operation;
use crate::see;

/// Status, headers and body of an answer to an operation.
///
/// ```
/// use linode_core::{Bytes, Operation, Response, http};
///
/// static BOOT: Operation = Operation::new(http::Method::POST, "/boot");
/// let mut busy = http::Response::new(Bytes::from_static(br#"{"errors": [{"reason": "Linode busy."}]}"#));
/// *busy.status_mut() = http::StatusCode::BAD_REQUEST;
///
/// let error = Response::new(&BOOT, busy).decode::<()>().unwrap_err();
/// assert_eq!(error.to_string(), "400 Bad Request on POST /boot: Linode busy.");
/// ```
#[derive(Clone)]
pub struct Response {
    operation: &'static Operation,
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// Whether a token was sent.
    pub(crate) authorized: bool,
    /// Why the token that was refused could not be renewed, if that was tried.
    pub(crate) not_renewed: Option<Arc<Error>>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
    /// Whether a repair is an error.
    strict: bool,
}

impl Response {
    /// Takes a response that any transport received.
    ///
    /// ```
    /// # use linode_core::{Bytes, Operation, Response, http};
    /// static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let response = Response::new(&TAGS, http::Response::new(Bytes::new()));
    /// assert!(response.body().is_empty());
    /// ```
    pub fn new(operation: &'static Operation, response: http::Response<Bytes>) -> Self {
        let (parts, body) = response.into_parts();
        Response {
            operation,
            status: parts.status,
            headers: parts.headers,
            body,
            authorized: true,
            not_renewed: None,
            attempts: 1,
            strict: false,
        }
    }

    /// What was asked.
    ///
    /// ```
    /// fn path(response: &linode_core::Response) -> &'static str {
    ///     response.operation().path
    /// }
    /// ```
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The status.
    ///
    /// ```
    /// fn limited(response: &linode_core::Response) -> bool {
    ///     response.status() == 429
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    ///
    /// ```
    /// fn names(response: &linode_core::Response) -> Vec<&str> {
    ///     response.headers().keys().map(|name| name.as_str()).collect()
    /// }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// What the answer says about the limit of its operation.
    ///
    /// ```
    /// fn left(response: &linode_core::Response) -> Option<u64> {
    ///     response.rate_limit().remaining
    /// }
    /// ```
    pub fn rate_limit(&self) -> RateLimit {
        RateLimit::of(&self.headers)
    }

    /// How often the request was sent until this answer came.
    ///
    /// ```
    /// fn smooth(response: &linode_core::Response) -> bool {
    ///     response.attempts() == 1
    /// }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The body as it came.
    ///
    /// ```
    /// fn size(response: &linode_core::Response) -> usize {
    ///     response.body().len()
    /// }
    /// ```
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The answer without what could be a secret in it.
    #[cfg(feature = "oauth")]
    pub(crate) fn without_body(mut self) -> Self {
        self.body = Bytes::new();
        self
    }

    /// Says whether the answer must be as described to the letter.
    pub(crate) fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// The response, if it means success; the error that it is otherwise.
    ///
    /// ```
    /// # use linode_core::{Bytes, Operation, Response, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// assert!(Response::new(&TAGS, http::Response::new(Bytes::new())).success().is_ok());
    /// ```
    pub fn success(self) -> Result<Self, Error> {
        match self.status.is_success() {
            true => Ok(self),
            false => Err(Error::api(self)),
        }
    }

    /// Decodes the answer.
    ///
    /// ```
    /// # use linode_core::{Bytes, Operation, Response, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let response = Response::new(&TAGS, http::Response::new(Bytes::from_static(b"{}")));
    /// assert!(response.decode::<Vec<Vec<String>>>().is_err());
    /// ```
    pub fn decode<A: Answer>(self) -> Result<Answered<A>, Error> {
        let response = self.success()?;
        match A::decode(&response.body, response.strict) {
            Ok((value, repairs)) => {
                see::answer(response.operation, &value);
                Ok(Answered::new(value, response, repairs))
            }
            Err(fault) => Err(Error::decode(response, fault)),
        }
    }
}

/// Neither the body is shown nor what the headers say: they may hold secrets, such as a token that was just made.
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(http::HeaderName::as_str).collect();
        f.debug_struct("Response")
            .field("operation", &format_args!("{}", self.operation))
            .field("status", &self.status)
            .field("headers", &names)
            .field("bytes", &self.body.len())
            .field("attempts", &self.attempts)
            .finish()
    }
}
