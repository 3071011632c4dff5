//! [`Secret`]: text that is sent, and never shown.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::Value;
use crate::error::Error;
use crate::fault::Fault;
use crate::reader::Reader;
use crate::writer::Writer;

/// What stands for a secret where it must not be shown.
pub(crate) const REDACTED: &str = "[redacted]";

/// A password, key or token: its `Debug` and `Display` print `[redacted]`, its memory is overwritten when
/// it is dropped, and JSON carries it as the plain string that it is.
///
/// ```
/// use linode_core::Secret;
///
/// let password = Secret::from("correct horse");
/// assert_eq!(format!("{password} {password:?}"), "[redacted] [redacted]");
/// assert_eq!(password.expose(), "correct horse");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// The text itself.
    ///
    /// ```
    /// assert_eq!(linode_core::Secret::from("s3cret").expose(), "s3cret");
    /// ```
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Secret {
    /// The secret that this one is the Base64 of: the API sends a kubeconfig that way.
    ///
    /// # Errors
    ///
    /// An input error if it is no Base64, or if what it stands for is no text.
    ///
    /// ```
    /// use linode_core::Secret;
    ///
    /// assert_eq!(Secret::from("YXBpVmVyc2lvbjogdjE=").from_base64()?.expose(), "apiVersion: v1");
    /// assert!(Secret::from("apiVersion: v1").from_base64().is_err());
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    #[allow(
        clippy::wrong_self_convention,
        reason = "it is the secret that comes from Base64"
    )]
    pub fn from_base64(&self) -> Result<Secret, Error> {
        // Whoever wraps lines has not changed the content.
        let words = Zeroizing::new(self.expose().split_whitespace().collect::<String>());
        let decoded = STANDARD.decode(words.as_bytes()).map(Zeroizing::new);
        // What stands in the errors of both is a part of the secret.
        let text = decoded
            .ok()
            .and_then(|decoded| String::from_utf8(decoded.to_vec()).ok());
        text.map(Secret::from)
            .ok_or_else(|| Error::input(None, vec!["the secret is no text in Base64".to_owned()]))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::from(text.to_owned())
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Secret::from(text.clone())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl Value for Secret {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = Secret::from(reader.text()?.into_owned());
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.secret(self.expose());
    }

    fn blank(&self) -> bool {
        self.0.is_empty()
    }

    fn empty() -> Self {
        Secret::default()
    }
}

crate::serde_glue!(Secret);
