//! Errors that the API itself answers with.

use std::fmt;

use http::{StatusCode, header};

use crate::line::Line;
use crate::operation::Operation;
use crate::reader::Reader;
use crate::record::Shape;
use crate::response::Response;
use crate::value::Json;

/// How much of a body that is no JSON goes into a message.
const EXCERPT: usize = 200;

/// An answer that is no success: status, headers and body are kept. Its source, where it has one, is why the token could not
/// be renewed that the API refused.
///
/// ```
/// fn fields(error: &linode_core::ApiError) -> Vec<&str> {
///     error.reasons().iter().filter_map(|reason| reason.field.as_deref()).collect()
/// }
/// ```
#[derive(Debug)]
pub struct ApiError {
    response: Response,
    reasons: Vec<Reason>,
}

/// One reason that the API gives for an error.
///
/// ```
/// fn shown(reason: &linode_core::Reason) -> String {
///     format!("{}: {}", reason.field.as_deref().unwrap_or("request"), reason.reason)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// The reason, as the API words it.
    pub reason: String,
    /// What it is about: a field, a path such as `ipv4[0].range`, or a header.
    pub field: Option<String>,
}

impl ApiError {
    pub(crate) fn new(response: Response) -> Self {
        let reasons = reasons(response.body());
        ApiError { response, reasons }
    }

    /// The operation that was called.
    ///
    /// ```
    /// fn path(error: &linode_core::ApiError) -> &'static str {
    ///     error.operation().path
    /// }
    /// ```
    pub fn operation(&self) -> &'static Operation {
        self.response.operation()
    }

    /// The status.
    ///
    /// ```
    /// fn is_server_error(error: &linode_core::ApiError) -> bool {
    ///     error.status().is_server_error()
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The reasons, in the order of the API. Empty if the body is none of the API's.
    ///
    /// ```
    /// fn busy(error: &linode_core::ApiError) -> bool {
    ///     error.reasons().iter().any(|reason| reason.reason == "Linode busy.")
    /// }
    /// ```
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The answer as it came.
    ///
    /// ```
    /// fn body(error: &linode_core::ApiError) -> &[u8] {
    ///     error.response().body()
    /// }
    /// ```
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl ApiError {
    fn who(&self) -> &'static str {
        match self.response.authorized {
            true => "the token needs",
            false => "it was sent without a token, which needs",
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, operation) = (self.status(), self.operation());
        write!(f, "{status} on {operation}")?;
        if status.is_redirection() {
            let target = self.response.headers().get(header::LOCATION);
            let target = target
                .and_then(|target| target.to_str().ok())
                // A query may hold a key.
                .and_then(|target| target.split(['?', '#']).next())
                .unwrap_or("nowhere");
            return write!(f, ": redirected to {}, which is not followed", Line(target));
        }
        match self.reasons.is_empty() {
            true => excerpt(self.response.body(), f)?,
            false => list(&self.reasons, f)?,
        }
        if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
            && !operation.scopes.is_empty()
        {
            let (who, scopes) = (self.who(), operation.scopes.join(", "));
            write!(f, " ({who} {scopes})")?;
        }
        match &self.response.not_renewed {
            Some(error) => write!(f, "; {error}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let error = self.response.not_renewed.as_deref()?;
        Some(error)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "{} ({})", Line(&self.reason), Line(field)),
            None => Line(&self.reason).fmt(f),
        }
    }
}

fn list(reasons: &[Reason], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (index, reason) in reasons.iter().enumerate() {
        write!(f, "{} {reason}", if index == 0 { ":" } else { ";" })?;
    }
    Ok(())
}

/// The start of a body that gives no reasons, on one line.
fn excerpt(body: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let start = String::from_utf8_lossy(&body[..body.len().min(4 * EXCERPT)]);
    let words: Vec<&str> = start
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|w| !w.is_empty())
        .collect();
    let line = words.join(" ");
    let shown: String = line.chars().take(EXCERPT).collect();
    match (shown.is_empty(), shown.len() < line.len()) {
        (true, _) => Ok(()),
        (false, true) => write!(f, ": {shown}…"),
        (false, false) => write!(f, ": {shown}"),
    }
}

pub(crate) fn reasons(body: &[u8]) -> Vec<Reason> {
    static SHAPE: Shape = Shape::new("Error", &["errors"]);
    let mut errors: Option<Vec<Json>> = None;
    // A body of something between us and the API is often HTML, or empty: it has no reasons.
    let read = Reader::new(body).fields(&SHAPE, &mut [&mut errors], None);
    let errors = errors.filter(|_| read.is_ok()).unwrap_or_default();
    errors.iter().filter_map(reason).collect()
}

fn reason(json: &Json) -> Option<Reason> {
    let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
    match json {
        Json::String(reason) => Some(Reason {
            reason: reason.clone(),
            field: None,
        }),
        _ => Some(Reason {
            reason: text("reason")?,
            field: text("field"),
        }),
    }
}
