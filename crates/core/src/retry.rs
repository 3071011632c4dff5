//! [`Retry`]: which calls are tried again, how often, and after how long.
//!
//! ```
//! use std::time::Duration;
//! use linode_core::{Client, Retry};
//!
//! let patient = Retry::new().attempts(10).budget(Duration::from_secs(600));
//! let client: Client = Client::builder().retry(patient).build()?;
//! let hasty: Client = Client::builder().retry(Retry::never()).build()?;
//! # Ok::<(), linode_core::Error>(())
//! ```
//!
#![doc = include_str!("retry/faults.md")]

mod verdict;

use std::time::Duration;

use http::Method;

pub(crate) use verdict::{Outcome, Reach, Verdict};

/// A policy of trying again: a plain value, for a client or for one call.
///
/// A wait is drawn at random between nothing and a bound that doubles with every attempt, so that many clients do not
/// come back at once. Where the API says how long to wait, that is waited at least, and a little at random.
///
/// ```
/// use std::time::Duration;
/// use linode_core::Retry;
///
/// let retry = Retry::new().attempts(3).backoff(Duration::from_millis(100), Duration::from_secs(5));
/// assert_ne!(retry, Retry::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    budget: Duration,
    first: Duration,
    longest: Duration,
    longest_told: Duration,
    resends: bool,
}

impl Retry {
    /// Five attempts within three minutes, half a second to half a minute apart; where the API says how long to wait,
    /// up to two minutes.
    ///
    /// ```
    /// assert_eq!(linode_core::Retry::new(), linode_core::Retry::default());
    /// ```
    pub const fn new() -> Self {
        Retry {
            attempts: 5,
            budget: Duration::from_secs(180),
            first: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            longest_told: Duration::from_secs(120),
            resends: false,
        }
    }

    /// One attempt, whatever comes of it.
    ///
    /// ```
    /// assert_eq!(linode_core::Retry::never(), linode_core::Retry::new().attempts(1));
    /// ```
    pub const fn never() -> Self {
        Retry::new().attempts(1)
    }

    /// How many attempts there are, the first included. None is one.
    ///
    /// ```
    /// let thrice = linode_core::Retry::new().attempts(3);
    /// ```
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How long after the first attempt the last may begin. A wait that would go beyond is not begun.
    ///
    /// ```
    /// use std::time::Duration;
    /// let brief = linode_core::Retry::new().budget(Duration::from_secs(10));
    /// ```
    pub const fn budget(mut self, budget: Duration) -> Self {
        self.budget = budget;
        self
    }

    /// The bound of the first wait, which doubles with every attempt, and what it grows to at most.
    ///
    /// ```
    /// use std::time::Duration;
    /// let quick = linode_core::Retry::new().backoff(Duration::from_millis(10), Duration::from_secs(1));
    /// ```
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// How long to wait at most where the API says how long (`Retry-After`, `X-RateLimit-Reset`).
    ///
    /// ```
    /// use std::time::Duration;
    /// let brief = linode_core::Retry::new().longest_told(Duration::from_secs(10));
    /// ```
    pub const fn longest_told(mut self, longest: Duration) -> Self {
        self.longest_told = longest;
        self
    }

    /// Whether a request that changes something each time it is made (`POST`, `PATCH`) is sent again even if the one
    /// before may have reached the API. Unless said so, it is not: what it creates could be created twice.
    ///
    /// ```
    /// let careless = linode_core::Retry::new().resends(true);
    /// ```
    pub const fn resends(mut self, resends: bool) -> Self {
        self.resends = resends;
        self
    }

    /// How long to wait before the next attempt; `None` where there is none.
    ///
    /// `random` is between 0 and 1.
    pub(crate) fn pause(
        &self,
        method: &Method,
        outcome: &Outcome<'_>,
        attempt: u32,
        elapsed: Duration,
        random: f64,
    ) -> Option<Duration> {
        let verdict = outcome.verdict(method.is_idempotent() || self.resends);
        let Verdict::Again { told } = verdict else {
            return None;
        };
        let told = told.map(|told| told.min(self.longest_told));
        let told = told.map(|told| told.saturating_add(share(self.first, random)));
        // What is told may be nothing at all, as with a window that has begun already: the backoff holds all the same.
        let pause = share(self.bound(attempt), random).max(told.unwrap_or_default());
        let in_time = elapsed.saturating_add(pause) <= self.budget;
        (attempt < self.attempts && in_time).then_some(pause)
    }

    /// The longest wait after an attempt, counted from 1.
    fn bound(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        self.first.saturating_mul(doubled).min(self.longest)
    }
}

/// A part of a wait, between none and all of it.
fn share(wait: Duration, part: f64) -> Duration {
    Duration::try_from_secs_f64(wait.as_secs_f64() * part).unwrap_or(wait)
}

impl Default for Retry {
    fn default() -> Self {
        Retry::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOST: Outcome<'_> = Outcome::Failure(Reach::Unknown);

    #[test]
    fn the_bound_doubles_and_is_capped() {
        let retry = Retry::new().attempts(u32::MAX).budget(Duration::MAX);
        let bound = |attempt| retry.pause(&Method::GET, &LOST, attempt, Duration::ZERO, 1.0);
        let table = [
            (1, 500),
            (2, 1000),
            (3, 2000),
            (6, 16_000),
            (7, 30_000),
            (99, 30_000),
        ];
        for (attempt, millis) in table {
            assert_eq!(
                bound(attempt),
                Some(Duration::from_millis(millis)),
                "{attempt}"
            );
        }
    }

    #[test]
    fn the_jitter_is_full() {
        let retry = Retry::new();
        let drawn = |random| retry.pause(&Method::GET, &LOST, 2, Duration::ZERO, random);
        assert_eq!(drawn(0.0), Some(Duration::ZERO));
        assert_eq!(drawn(0.25), Some(Duration::from_millis(250)));
        assert_eq!(drawn(1.0), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_told_wait_of_nothing_is_backed_off_from() {
        let headers = [(
            http::header::RETRY_AFTER,
            http::HeaderValue::from_static("0"),
        )];
        let headers = headers.into_iter().collect();
        let told = Outcome::Answer {
            status: http::StatusCode::TOO_MANY_REQUESTS,
            headers: &headers,
            body: b"",
        };
        let retry = Retry::new().attempts(9);
        for attempt in 1..9 {
            let pause = |outcome| retry.pause(&Method::GET, outcome, attempt, Duration::ZERO, 1.0);
            assert_eq!(pause(&told), pause(&LOST), "{attempt}");
        }
    }

    #[test]
    fn attempts_and_time_run_out() {
        let retry = Retry::new().attempts(3).budget(Duration::from_secs(10));
        let pause = |attempt, elapsed| {
            retry.pause(
                &Method::GET,
                &LOST,
                attempt,
                Duration::from_millis(elapsed),
                1.0,
            )
        };
        assert!(pause(2, 0).is_some());
        assert!(pause(3, 0).is_none());
        assert!(pause(2, 9_000).is_some());
        assert!(pause(2, 9_001).is_none());
        assert!(
            Retry::new()
                .attempts(0)
                .pause(&Method::GET, &LOST, 1, Duration::ZERO, 0.0)
                .is_none()
        );
    }

    #[test]
    fn nothing_overflows() {
        let most = Retry::new()
            .attempts(u32::MAX)
            .budget(Duration::MAX)
            .backoff(Duration::MAX, Duration::MAX)
            .longest_told(Duration::MAX);
        for attempt in [0, 1, 31, 32, 33, u32::MAX] {
            most.pause(&Method::GET, &LOST, attempt, Duration::MAX, 1.0);
        }
        let told = Outcome::Answer {
            status: http::StatusCode::TOO_MANY_REQUESTS,
            headers: &[(
                http::header::RETRY_AFTER,
                "99999999999999999999".parse().expect("a value"),
            )]
            .into_iter()
            .collect(),
            body: b"",
        };
        most.pause(&Method::GET, &told, 1, Duration::ZERO, 1.0);
    }
}
