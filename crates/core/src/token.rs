//! [`TokenSource`]: tokens that are made, or renewed, when they are needed.
//!
//! ```
//! use linode_core::{BoxFuture, Client, Secret, TokenSource};
//!
//! /// Reads the token anew for every request, so that whoever rotates it need not restart anything.
//! struct Mounted(&'static str);
//!
//! impl TokenSource for Mounted {
//!     fn token(&self) -> BoxFuture<'_, Result<Secret, linode_core::BoxError>> {
//!         Box::pin(async { Ok(Secret::from(std::fs::read_to_string(self.0)?.trim())) })
//!     }
//! }
//!
//! let client: Client = Client::builder().token_source(Mounted("/run/secrets/linode")).build()?;
//! # Ok::<(), linode_core::Error>(())
//! ```

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;

use crate::value::Secret;

/// A future that can be stored and moved to another thread.
///
/// ```
/// let one: linode_core::BoxFuture<'static, i64> = Box::pin(async { 1 });
/// ```
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whatever stopped something that is not of this crate.
///
/// ```
/// let error: linode_core::BoxError = "the vault is sealed".into();
/// ```
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Gives the token for each request: asked before every attempt, by many calls at once.
///
/// It keeps what it gave, if that is costly; the client keeps nothing. Its error ends the call, before anything is sent,
/// and stands in the message: no secret belongs in it.
///
/// ```
/// use linode_core::{BoxError, BoxFuture, Secret, TokenSource};
///
/// struct Fixed(Secret);
///
/// impl TokenSource for Fixed {
///     fn token(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
///         Box::pin(async { Ok(self.0.clone()) })
///     }
/// }
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// The token to send now.
    fn token(&self) -> BoxFuture<'_, Result<Secret, BoxError>>;

    /// The API refused a token that came from here (401). Another token makes the client try once more; `None`,
    /// unless said otherwise, leaves it at that. So does an error, which stands in the message of the 401, as its source.
    fn renew<'a>(&'a self, refused: &'a Secret) -> BoxFuture<'a, Result<Option<Secret>, BoxError>> {
        let _ = refused;
        Box::pin(async { Ok(None) })
    }
}

/// What a client sends as `Authorization`.
#[derive(Clone)]
pub(crate) enum Authorization {
    None,
    /// `Bearer …`, marked as sensitive.
    Token(HeaderValue),
    Source(Arc<dyn TokenSource>),
}

impl Authorization {
    /// The header, where it is known without asking anyone.
    pub(crate) fn header(&self) -> Option<&HeaderValue> {
        match self {
            Authorization::Token(header) => Some(header),
            _ => None,
        }
    }

    pub(crate) fn source(&self) -> Option<&dyn TokenSource> {
        match self {
            Authorization::Source(source) => Some(&**source),
            _ => None,
        }
    }

    pub(crate) fn is_none(&self) -> bool {
        matches!(self, Authorization::None)
    }
}

/// A token as a header, which no `Debug` shows.
pub(crate) fn bearer(token: &Secret) -> Result<HeaderValue, String> {
    let token = token.expose();
    // A space, too, would make two words of what is one.
    let word = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    let header = word.then(|| HeaderValue::from_str(&format!("Bearer {token}")));
    let mut header = header
        .and_then(Result::ok)
        .ok_or("the token is no text for a header")?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_word() {
        for token in ["", "a b", "a\r\nX-Other: 1", "ü", "a\0"] {
            assert!(bearer(&Secret::from(token)).is_err(), "{token:?}");
        }
        let header = bearer(&Secret::from("a.b-c_d~e+f/g=")).expect("a header");
        assert!(header.is_sensitive());
        assert_eq!(header, "Bearer a.b-c_d~e+f/g=");
    }
}
