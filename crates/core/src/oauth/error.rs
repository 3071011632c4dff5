//! [`OAuthError`]: why a login, or a renewal, came to nothing.

use std::fmt;

use oauth2::RequestTokenError;
use oauth2::basic::BasicErrorResponse;

use crate::error::{Error, reasons};
use crate::line::Line;
use crate::response::Response;
use crate::value::Json;

/// Why a login, or a renewal, came to nothing. No token and no code is in it.
///
/// ```
/// use linode_core::oauth::OAuthError;
///
/// fn must_log_in_again(error: &OAuthError) -> bool {
///     matches!(error, OAuthError::Refused { error, .. } if error == "invalid_grant")
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum OAuthError {
    /// Something that was given is wrong; nothing was sent.
    Input(String),
    /// The state is not the login's: someone else began it, or it is of another session.
    State,
    /// The user or the server refused.
    Refused {
        /// The code: `access_denied`, `invalid_grant` and the like.
        error: String,
        /// What the server says about it.
        description: Option<String>,
    },
    /// The server answered with something else than it should.
    Answer(String),
    /// No answer came, or one that is an error, and not of the kind that OAuth describes: then it has its status.
    Call(Box<Error>),
}

impl OAuthError {
    pub(super) fn not_an_address(what: &str) -> Self {
        OAuthError::Input(format!("the address of the {what} is none"))
    }

    /// What the server says in an answer that is no success.
    pub(super) fn failed(response: Response) -> Self {
        match refusal(response.body()) {
            Some(refused) => refused,
            None => other(response).into(),
        }
    }
}

/// An error that is not of the kind that OAuth describes. The reasons in its body are kept, if it gives any: anything else
/// may hold a token.
pub(super) fn other(response: Response) -> Error {
    match reasons(response.body()).is_empty() {
        true => Error::api(response.without_body()),
        false => Error::api(response),
    }
}

/// A refusal as OAuth describes it.
pub(super) fn refusal(body: &[u8]) -> Option<OAuthError> {
    let body: Json = serde_json::from_slice(body).ok()?;
    let text = |key: &str| body.get(key).and_then(Json::as_str).map(str::to_owned);
    Some(OAuthError::Refused {
        error: text("error")?,
        description: text("error_description"),
    })
}

impl From<Error> for OAuthError {
    fn from(error: Error) -> Self {
        OAuthError::Call(Box::new(error))
    }
}

impl From<RequestTokenError<Error, BasicErrorResponse>> for OAuthError {
    fn from(error: RequestTokenError<Error, BasicErrorResponse>) -> Self {
        match error {
            RequestTokenError::ServerResponse(refused) => OAuthError::Refused {
                error: refused.error().to_string(),
                description: refused.error_description().cloned(),
            },
            RequestTokenError::Request(error) => error.into(),
            // The body may hold a token: where it is wrong is said, and no more.
            RequestTokenError::Parse(error, _) => {
                OAuthError::Answer(format!("not as described at `{}`", error.path()))
            }
            RequestTokenError::Other(problem) => OAuthError::Answer(problem),
        }
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OAuthError::Input(problem) => Line(problem).fmt(f),
            OAuthError::State => f.write_str("the state is not the one that the login began with"),
            OAuthError::Refused {
                error,
                description: None,
            } => write!(f, "the login was refused: {}", Line(error)),
            OAuthError::Refused {
                error,
                description: Some(description),
            } => write!(
                f,
                "the login was refused: {}: {}",
                Line(error),
                Line(description)
            ),
            OAuthError::Answer(problem) => {
                write!(f, "the answer of the login server: {}", Line(problem))
            }
            OAuthError::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for OAuthError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            OAuthError::Call(error) => error.source(),
            _ => None,
        }
    }
}
