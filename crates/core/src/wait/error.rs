//! [`WaitError`]: what was waited for did not come.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use crate::line::Line;
use crate::operation::Operation;

/// A wait that ended without what was waited for: its time is over, or it failed. What was seen last is kept. (A call that
/// fails ends a wait with its own error instead.)
///
/// ```
/// use linode_core::{Error, Json};
///
/// fn status(error: &Error) -> Option<&Json> {
///     let Error::Wait(error) = error else { return None };
///     error.last::<Json>()?.get("status")
/// }
/// # assert!(status(&linode_core::Client::new("a\nb").unwrap_err()).is_none());
/// ```
pub struct WaitError {
    pub(crate) operation: &'static Operation,
    /// Why it failed, if it did and if that is known.
    failed: Option<Option<String>>,
    timeout: Duration,
    looks: u64,
    last: Option<Box<dyn Any + Send + Sync>>,
}

impl WaitError {
    pub(super) fn new(
        operation: &'static Operation,
        failed: Option<Option<String>>,
        timeout: Duration,
        looks: u64,
        last: Option<Box<dyn Any + Send + Sync>>,
    ) -> Self {
        WaitError {
            operation,
            failed,
            timeout,
            looks,
            last,
        }
    }

    /// Whether its time is over; otherwise it failed.
    ///
    /// ```
    /// fn wait_on(error: &linode_core::WaitError) -> bool {
    ///     error.is_timeout()
    /// }
    /// ```
    pub fn is_timeout(&self) -> bool {
        self.failed.is_none()
    }

    /// Why it failed, where the API says so: the message of an event.
    ///
    /// ```
    /// fn print(error: &linode_core::WaitError) {
    ///     eprintln!("{}", error.message().unwrap_or("for no stated reason"));
    /// }
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.failed.as_ref()?.as_deref()
    }

    /// How often it was looked at.
    ///
    /// ```
    /// fn looks(error: &linode_core::WaitError) -> u64 {
    ///     error.looks()
    /// }
    /// ```
    pub fn looks(&self) -> u64 {
        self.looks
    }

    /// What was seen last, if anything was: of the type that the wait would have given.
    ///
    /// ```
    /// fn last(error: &linode_core::WaitError) -> Option<i64> {
    ///     error.last().copied()
    /// }
    /// ```
    pub fn last<T: Any>(&self) -> Option<&T> {
        self.last.as_ref()?.downcast_ref()
    }
}

impl fmt::Display for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation;
        match &self.failed {
            None => write!(
                f,
                "{operation} was not as awaited within {:?}, after {} looks",
                self.timeout, self.looks
            ),
            Some(None) => write!(f, "{operation} will not be as awaited: it failed"),
            Some(Some(why)) => write!(f, "{operation} tells of a failure: {}", Line(why)),
        }
    }
}

/// What was seen last is not shown.
impl fmt::Debug for WaitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("operation", &format_args!("{}", self.operation))
            .field("failed", &self.failed)
            .field("timeout", &self.timeout)
            .field("looks", &self.looks)
            .finish_non_exhaustive()
    }
}
