//! [`RateLimit`]: how many requests the API still takes, as its answers say. [`Limiter`]: heeding it beforehand.
//!
//! ```
//! use linode_core::{Bytes, Operation, Response, http};
//!
//! static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
//! let answer = http::Response::builder()
//!     .header("X-RateLimit-Limit", 200)
//!     .header("X-RateLimit-Remaining", 199)
//!     .header("X-RateLimit-Reset", 1_735_689_600)
//!     .body(Bytes::new())?;
//! let limit = Response::new(&TAGS, answer).rate_limit();
//! assert_eq!((limit.limit, limit.remaining), (Some(200), Some(199)));
//! assert_eq!(limit.reset.map(|reset| reset.to_string()).as_deref(), Some("2025-01-01 00:00:00 UTC"));
//! # Ok::<(), http::Error>(())
//! ```

mod limiter;

use std::time::Duration;

use http::{HeaderMap, header};

use crate::value::DateTime;

pub use limiter::Limiter;

/// What an answer says about the limit of its operation. Limits differ from one operation to the next, and change.
///
/// ```
/// let limit = linode_core::RateLimit::default();
/// assert_eq!(limit.remaining, None);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many requests the API takes in a window (`X-RateLimit-Limit`).
    pub limit: Option<u64>,
    /// How many of them are left in this window (`X-RateLimit-Remaining`).
    pub remaining: Option<u64>,
    /// When the next window begins (`X-RateLimit-Reset`).
    pub reset: Option<DateTime>,
    /// How long the API asks to wait before the next request (`Retry-After`).
    pub retry_after: Option<Duration>,
    /// When the answer was made, by the clock of the API (`Date`).
    at: Option<DateTime>,
}

impl RateLimit {
    /// Reads the headers of an answer. One that is missing, or says nothing that can be understood, is `None`.
    ///
    /// ```
    /// use linode_core::{RateLimit, http::HeaderMap};
    /// assert_eq!(RateLimit::of(&HeaderMap::new()), RateLimit::default());
    /// ```
    pub fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
        let number = |name: &str| text(name)?.parse::<u64>().ok();
        let at = text(header::DATE.as_str()).and_then(date);
        let reset = number("x-ratelimit-reset").and_then(|seconds| i64::try_from(seconds).ok());
        RateLimit {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
            reset: reset.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            retry_after: text(header::RETRY_AFTER.as_str()).and_then(|text| wait(text, at)),
            at,
        }
    }

    /// How long it is until the next window begins, by the clock of the API where it tells the time; zero if it has begun.
    ///
    /// ```
    /// use linode_core::{RateLimit, http::HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("Date", "Wed, 01 Jan 2025 00:00:00 GMT".parse()?);
    /// headers.insert("X-RateLimit-Reset", "1735689630".parse()?);
    /// assert_eq!(RateLimit::of(&headers).resets_in().map(|wait| wait.as_secs()), Some(30));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn resets_in(&self) -> Option<Duration> {
        Some(until(self.reset?, self.at))
    }
}

/// A wait as HTTP writes it: seconds, or a date.
fn wait(text: &str, at: Option<DateTime>) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match digits {
        // What is too large for a number is for ever; whoever waits has a cap.
        true => Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX))),
        false => Some(until(date(text)?, at)),
    }
}

/// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn date(text: &str) -> Option<DateTime> {
    Some(chrono::DateTime::parse_from_rfc2822(text).ok()?.to_utc())
}

fn until(then: DateTime, at: Option<DateTime>) -> Duration {
    let now = at.unwrap_or_else(|| DateTime::from(std::time::SystemTime::now()));
    (then - now).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &str)]) -> RateLimit {
        let headers = headers.iter().map(|(name, value)| {
            (
                name.parse().expect("a name"),
                value.parse().expect("a value"),
            )
        });
        RateLimit::of(&headers.collect())
    }

    #[test]
    fn a_wait_is_seconds_or_a_date() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:07 GMT");
        let table = [
            ("17", Some(17)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (text, expected) in table {
            let limit = of(&[date, ("retry-after", text)]);
            let seconds = limit.retry_after.map(|wait| wait.as_secs());
            assert_eq!(seconds, expected, "{text:?}");
        }
    }

    #[test]
    fn headers_that_say_nothing_are_nothing() {
        let limit = of(&[
            ("x-ratelimit-limit", "many"),
            ("x-ratelimit-remaining", "-3"),
            ("x-ratelimit-reset", "18446744073709551615"),
        ]);
        assert_eq!(limit, RateLimit::default());
    }

    #[test]
    fn a_window_that_began_long_ago_is_no_wait() {
        assert_eq!(
            of(&[("x-ratelimit-reset", "0")]).resets_in(),
            Some(Duration::ZERO)
        );
        assert_eq!(of(&[]).resets_in(), None);
    }
}
