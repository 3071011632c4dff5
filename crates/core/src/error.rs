//! [`Error`]: everything that can go wrong with a call.
//!
//! ```
//! use linode_core::{Bytes, Operation, Response, http};
//!
//! static VOLUME: Operation = Operation::new(http::Method::GET, "/volumes/{volumeId}");
//! let mut response = http::Response::new(Bytes::from_static(br#"{"errors": [{"reason": "Not found"}]}"#));
//! *response.status_mut() = http::StatusCode::NOT_FOUND;
//!
//! let error = Response::new(&VOLUME, response).success().unwrap_err();
//! assert!(error.is_not_found());
//! assert_eq!(error.to_string(), "404 Not Found on GET /volumes/{volumeId}: Not found");
//! ```

mod api;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::fault::Fault;
use crate::limit::RateLimit;
use crate::line::Line;
use crate::operation::Operation;
use crate::response::Response;
use crate::token::BoxError;
use crate::wait::WaitError;

pub(crate) use api::reasons;
pub use api::{ApiError, Reason};

/// What went wrong.
///
/// ```
/// use linode_core::Error;
///
/// fn advise(error: &Error) -> &'static str {
///     match error {
///         Error::Input(_) => "correct the request",
///         Error::Api(_) if error.is_rate_limited() => "wait",
///         _ => "look at the message",
///     }
/// }
/// # assert_eq!(advise(&linode_core::Client::new("a\nb").unwrap_err()), "correct the request");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The API answered with an error.
    Api(Box<ApiError>),
    /// The API answered with success, and with a body that is not as described.
    Decode(Box<DecodeError>),
    /// No whole answer came.
    Transport(Box<TransportError>),
    /// There was no token to send: its source gave none.
    Token(Box<TokenError>),
    /// The request was wrong and was not sent.
    Input(Box<InputError>),
    /// A list is not as it should be.
    Paging(Box<PagingError>),
    /// What was waited for did not come.
    Wait(Box<WaitError>),
}

impl Error {
    pub(crate) fn api(response: Response) -> Self {
        Error::Api(Box::new(ApiError::new(response)))
    }

    pub(crate) fn decode(response: Response, fault: Fault) -> Self {
        Error::Decode(Box::new(DecodeError { response, fault }))
    }

    pub(crate) fn token(operation: &'static Operation, timeout: bool, source: BoxError) -> Self {
        Error::Token(Box::new(TokenError {
            operation,
            timeout,
            source,
        }))
    }

    pub(crate) fn input(operation: Option<&'static Operation>, problems: Vec<String>) -> Self {
        Error::Input(Box::new(InputError {
            operation,
            problems,
        }))
    }

    /// Pages that would never end.
    pub(crate) fn endless(operation: &'static Operation, problem: String) -> Self {
        Error::Paging(Box::new(PagingError {
            operation,
            problem: format!("the pages of {operation} do not end: {problem}"),
            found: None,
        }))
    }

    /// A page of which nobody can tell which items of the list it holds.
    pub(crate) fn misfit(operation: &'static Operation, problem: String) -> Self {
        Error::Paging(Box::new(PagingError {
            operation,
            problem: format!("the pages of {operation} do not fit together: {problem}"),
            found: None,
        }))
    }

    /// Another number of items than the one that was expected.
    pub(crate) fn not_one(operation: &'static Operation, found: u64) -> Self {
        Error::Paging(Box::new(PagingError {
            operation,
            problem: format!("one item of {operation} was expected, and there are {found}"),
            found: Some(found),
        }))
    }

    /// The operation that was called; `None` where a client could not be made.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().operation().is_none());
    /// ```
    pub fn operation(&self) -> Option<&'static Operation> {
        match self {
            Error::Api(error) => Some(error.operation()),
            Error::Decode(error) => Some(error.response.operation()),
            Error::Transport(error) => Some(error.operation),
            Error::Token(error) => Some(error.operation),
            Error::Input(error) => error.operation,
            Error::Paging(error) => Some(error.operation),
            Error::Wait(error) => Some(error.operation),
        }
    }

    fn response(&self) -> Option<&Response> {
        match self {
            Error::Api(error) => Some(error.response()),
            Error::Decode(error) => Some(&error.response),
            _ => None,
        }
    }

    /// The status of the answer, if one came.
    ///
    /// ```
    /// assert_eq!(linode_core::Client::new("a\nb").unwrap_err().status(), None);
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(Response::status)
    }

    /// The headers of the answer, if one came.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().headers().is_none());
    /// ```
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(Response::headers)
    }

    /// The body of the answer, if one came.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().body().is_none());
    /// ```
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(Response::body)
    }

    /// The reasons that the API gave.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().reasons().is_empty());
    /// ```
    pub fn reasons(&self) -> &[Reason] {
        match self {
            Error::Api(error) => error.reasons(),
            _ => &[],
        }
    }

    /// What the answer says about the limit of its operation, if one came.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().rate_limit().is_none());
    /// ```
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.response().map(Response::rate_limit)
    }

    /// How long the API asks to wait before the next try.
    ///
    /// ```
    /// assert!(linode_core::Client::new("a\nb").unwrap_err().retry_after().is_none());
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        self.rate_limit()?.retry_after
    }

    /// How often the request was sent, or tried to be: 0 if it was not, as with a file that is gone or a [`Limiter`](crate::Limiter) that
    /// has no room for it.
    ///
    /// ```
    /// assert_eq!(linode_core::Client::new("a\nb").unwrap_err().attempts(), 0);
    /// ```
    pub fn attempts(&self) -> u32 {
        match self {
            Error::Transport(error) => error.attempts,
            _ => self.response().map_or(0, Response::attempts),
        }
    }

    /// Whether there is no such thing (404).
    ///
    /// ```
    /// assert!(!linode_core::Client::new("a\nb").unwrap_err().is_not_found());
    /// ```
    pub fn is_not_found(&self) -> bool {
        self.is_status(StatusCode::NOT_FOUND)
    }

    /// Whether the token is missing or not valid (401).
    ///
    /// ```
    /// assert!(!linode_core::Client::new("a\nb").unwrap_err().is_unauthorized());
    /// ```
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(StatusCode::UNAUTHORIZED)
    }

    /// Whether the token may not do this (403).
    ///
    /// ```
    /// assert!(!linode_core::Client::new("a\nb").unwrap_err().is_forbidden());
    /// ```
    pub fn is_forbidden(&self) -> bool {
        self.is_status(StatusCode::FORBIDDEN)
    }

    /// Whether there were too many requests (429).
    ///
    /// ```
    /// assert!(!linode_core::Client::new("a\nb").unwrap_err().is_rate_limited());
    /// ```
    pub fn is_rate_limited(&self) -> bool {
        self.is_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether the answer did not come in time.
    ///
    /// ```
    /// assert!(!linode_core::Client::new("a\nb").unwrap_err().is_timeout());
    /// ```
    pub fn is_timeout(&self) -> bool {
        match self {
            Error::Transport(error) => error.timeout,
            Error::Token(error) => error.timeout,
            _ => false,
        }
    }

    fn is_status(&self, status: StatusCode) -> bool {
        matches!(self, Error::Api(_)) && self.status() == Some(status)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Api(error) => error.fmt(f),
            Error::Decode(error) => error.fmt(f),
            Error::Transport(error) => error.fmt(f),
            Error::Token(error) => error.fmt(f),
            Error::Input(error) => error.fmt(f),
            Error::Paging(error) => error.fmt(f),
            Error::Wait(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Api(error) => error.source(),
            Error::Decode(error) => Some(&error.fault),
            Error::Transport(error) => Some(&*error.source),
            Error::Token(error) => Some(&*error.source),
            _ => None,
        }
    }
}

/// A successful answer that could not be decoded. The body is kept.
///
/// ```
/// use linode_core::{Bytes, Error, Operation, Response, http};
///
/// static SIZE: Operation = Operation::new(http::Method::GET, "/size");
/// let response = http::Response::new(Bytes::from_static(b"[]"));
/// let Err(Error::Decode(error)) = Response::new(&SIZE, response).decode::<i64>() else { panic!() };
/// assert_eq!(error.fault().path(), "$");
/// assert_eq!(error.to_string(), "200 OK on GET /size is not as described: $: expected an integer, found a list (at byte 0)");
/// ```
#[derive(Debug)]
pub struct DecodeError {
    response: Response,
    fault: Fault,
}

impl DecodeError {
    /// What is wrong in the body, and where.
    ///
    /// ```
    /// fn place(error: &linode_core::DecodeError) -> &str {
    ///     error.fault().path()
    /// }
    /// ```
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The answer as it came.
    ///
    /// ```
    /// fn size(error: &linode_core::DecodeError) -> usize {
    ///     error.response().body().len()
    /// }
    /// ```
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, operation) = (self.response.status(), self.response.operation());
        write!(
            f,
            "{status} on {operation} is not as described: {}",
            self.fault
        )
    }
}

/// A call to which no whole answer came.
///
/// ```
/// fn advise(error: &linode_core::TransportError) -> &'static str {
///     if error.is_timeout() { "try again" } else { "look at the network" }
/// }
/// ```
#[derive(Debug)]
pub struct TransportError {
    pub(crate) operation: &'static Operation,
    pub(crate) timeout: bool,
    /// Whether one of the attempts may have been carried out.
    pub(crate) sent: bool,
    pub(crate) attempts: u32,
    pub(crate) source: BoxError,
}

impl TransportError {
    /// Whether the answer did not come in time.
    ///
    /// ```
    /// fn retry(error: &linode_core::TransportError) -> bool {
    ///     error.is_timeout()
    /// }
    /// ```
    pub fn is_timeout(&self) -> bool {
        self.timeout
    }

    /// Whether the request may have been carried out all the same. Before it is made once more, look.
    ///
    /// ```
    /// fn safe_to_repeat(error: &linode_core::TransportError) -> bool {
    ///     !error.may_have_arrived()
    /// }
    /// ```
    pub fn may_have_arrived(&self) -> bool {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.timeout {
            "timed out"
        } else {
            "no answer"
        };
        write!(f, "{what} on {}", self.operation)?;
        if self.attempts > 1 {
            write!(f, " after {} attempts", self.attempts)?;
        }
        write!(f, ": {}", self.source)?;
        let mut cause = self.source.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// A call for which there was no token.
///
/// ```
/// fn shown(error: &linode_core::TokenError) -> String {
///     error.to_string()
/// }
/// ```
#[derive(Debug)]
pub struct TokenError {
    operation: &'static Operation,
    timeout: bool,
    source: BoxError,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no token for {}: {}", self.operation, self.source)
    }
}

/// A request that was not sent, and all that is wrong with it.
///
/// ```
/// use linode_core::{Client, Error};
///
/// let Err(Error::Input(error)) = Client::new("a\nb") else { panic!() };
/// assert_eq!(error.problems().len(), 1);
/// ```
#[derive(Debug)]
pub struct InputError {
    operation: Option<&'static Operation>,
    problems: Vec<String>,
}

impl InputError {
    /// All that is wrong.
    ///
    /// ```
    /// fn count(error: &linode_core::InputError) -> usize {
    ///     error.problems().len()
    /// }
    /// ```
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = Line(self.problems.join("; "));
        match self.operation {
            Some(operation) => write!(f, "{operation} was not sent: {problems}"),
            None => problems.fmt(f),
        }
    }
}

/// A list that is not as it should be: its pages would never end, nobody can tell at which places their items are, or it
/// has another number of items than one.
///
/// ```
/// fn shown(error: &linode_core::PagingError) -> String {
///     error.to_string()
/// }
/// ```
#[derive(Debug)]
pub struct PagingError {
    operation: &'static Operation,
    problem: String,
    found: Option<u64>,
}

impl PagingError {
    /// How many items there were where one was expected.
    ///
    /// ```
    /// fn none_at_all(error: &linode_core::PagingError) -> bool {
    ///     error.found() == Some(0)
    /// }
    /// ```
    pub fn found(&self) -> Option<u64> {
        self.found
    }
}

impl fmt::Display for PagingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}
