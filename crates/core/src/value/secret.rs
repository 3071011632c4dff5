//! [`Secret`]: text that is sent, and never shown.

use std::fmt;

use zeroize::Zeroizing;

use super::Value;
use crate::fault::Fault;
use crate::reader::Reader;
use crate::writer::Writer;

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
        f.write_str("[redacted]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl Value for Secret {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        *self = Secret::from(reader.text()?.into_owned());
        Ok(())
    }

    fn write(&self, writer: &mut Writer) {
        writer.text(self.expose());
    }

    fn blank(&self) -> bool {
        self.0.is_empty()
    }

    fn empty() -> Self {
        Secret::default()
    }
}

crate::serde_glue!(Secret);
