//! [`Limiter`]: slowing down before the API says that it is enough.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::RateLimit;
use crate::operation::Operation;

/// Where less than this part of a limit is left, requests are spread over the time until the next window.
const SCARCE: u64 = 4;

/// No window is longer: one that says so is not believed.
const LONGEST: Duration = Duration::from_secs(120);

/// Windows that end nearer to each other are the same: the API tells whole seconds.
const SAME: Duration = Duration::from_millis(1500);

/// Holds requests back so that the limit of their operation is not exceeded. Clones share what they know.
///
/// It learns from the headers of the answers how many requests an operation still takes, and until when. As long as
/// there are plenty it does nothing; when few are left, it spreads them over the time that remains; when none is left,
/// it waits for the next window. A call that would have to wait beyond its own time ends at once with a timeout.
///
/// What it does not know of, such as other programs with the same token, can still use up the limit: a 429 that comes
/// all the same holds back what follows, and is tried again as [`Retry`](crate::Retry) says.
///
/// ```
/// use linode_core::{Client, Limiter};
///
/// let limiter = Limiter::new();
/// let client: Client = Client::builder().token("s3cret").limiter(limiter.clone()).build()?;
/// // Another client with the same token shares its limits.
/// let other: Client = Client::builder().token("s3cret").version("v4beta").limiter(limiter).build()?;
/// # Ok::<(), linode_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Limiter(Arc<Known>);

#[derive(Default)]
struct Known {
    windows: Mutex<HashMap<Key, Window>>,
    /// Tells of room that was not there before.
    room: Notify,
}

/// An operation: its method and its path.
type Key = (Method, &'static str);

impl Limiter {
    /// A limiter that knows of no limit yet.
    ///
    /// ```
    /// let limiter = linode_core::Limiter::new();
    /// ```
    pub fn new() -> Self {
        Limiter::default()
    }

    /// Waits until the operation takes a request; `None` if that would be after the deadline.
    pub(crate) async fn permit(
        &self,
        operation: &'static Operation,
        deadline: Option<Instant>,
    ) -> Option<Permit> {
        let key = (operation.method.clone(), operation.path);
        loop {
            let room = self.0.room.notified();
            let turn = self.0.window(|windows| {
                let window = windows.entry(key.clone()).or_default();
                window.turn(Instant::now(), deadline)
            });
            match turn {
                Turn::Go(at) => {
                    // From here on it gives its place back if the call is dropped.
                    let permit = Permit {
                        known: Arc::clone(&self.0),
                        key: Some(key),
                    };
                    sleep_until(at).await;
                    return Some(permit);
                }
                Turn::Late => return None,
                // Whether there was room or the time came: it is looked at anew.
                Turn::Wait(at) => drop(timeout_at(at, room).await),
                Turn::Hear => match deadline {
                    Some(deadline) => timeout_at(deadline, room).await.ok()?,
                    None => room.await,
                },
            }
        }
    }
}

impl Known {
    fn window<T>(&self, look: impl FnOnce(&mut HashMap<Key, Window>) -> T) -> T {
        let windows: MutexGuard<'_, _> =
            self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut windows = windows;
        look(&mut windows)
    }
}

/// Leave to send one request.
#[derive(Debug)]
pub(crate) struct Permit {
    known: Arc<Known>,
    /// None once its answer was heard.
    key: Option<Key>,
}

impl Permit {
    /// Learns from the answer.
    pub(crate) fn answered(mut self, status: StatusCode, headers: &HeaderMap) {
        let Some(key) = self.key.take() else { return };
        let limit = RateLimit::of(headers);
        self.known.window(|windows| {
            let window = windows.entry(key).or_default();
            window.heard(status, &limit, Instant::now());
        });
        self.known.room.notify_waiters();
    }
}

impl Drop for Permit {
    /// No answer came, or the call was dropped: whether the request counts is not known.
    fn drop(&mut self) {
        let Some(key) = self.key.take() else { return };
        self.known
            .window(|windows| windows.entry(key).or_default().give_back());
        self.known.room.notify_waiters();
    }
}

/// What is to be done about a request that wants to leave.
#[derive(Debug, PartialEq)]
enum Turn {
    /// It may leave at this time, and is counted.
    Go(Instant),
    /// There is no room before this time.
    Wait(Instant),
    /// Only the answer to a request under way tells whether there is room.
    Hear,
    /// There is no room before the deadline.
    Late,
}

/// What is known about the limit of an operation.
#[derive(Debug)]
struct Window {
    /// How many requests a window takes, if that is known.
    limit: Option<u64>,
    /// How many more may be sent; those under way are counted off already.
    left: u64,
    under_way: u64,
    /// When the next window begins. Unknown at first, and after a window has begun of which nothing was heard.
    reset: Option<Instant>,
    /// When the next request may leave, where they are spread.
    next: Option<Instant>,
}

impl Default for Window {
    fn default() -> Self {
        Window {
            limit: None,
            left: u64::MAX,
            under_way: 0,
            reset: None,
            next: None,
        }
    }
}

impl Window {
    fn turn(&mut self, now: Instant, deadline: Option<Instant>) -> Turn {
        if self.reset.is_some_and(|reset| reset <= now) {
            self.begin(self.limit.unwrap_or(u64::MAX), None);
        }
        let late = |at: Instant| deadline.is_some_and(|deadline| at >= deadline);
        match (self.left, self.reset) {
            (0, Some(reset)) if late(reset) => return Turn::Late,
            (0, Some(reset)) => return Turn::Wait(reset),
            (0, None) if self.under_way > 0 => return Turn::Hear,
            // Nobody is under way who could tell: this one finds out.
            (0, None) => self.left = 1,
            _ => {}
        }
        let scarce = self.limit.map_or(0, |limit| limit.div_ceil(SCARCE));
        let at = self.next.unwrap_or(now).max(now);
        if late(at) {
            return Turn::Late;
        }
        let few = self.left < scarce;
        self.next = self.reset.filter(|_| few).map(|reset| {
            let rest = reset.saturating_duration_since(at);
            at + rest / u32::try_from(self.left).unwrap_or(u32::MAX)
        });
        self.left -= 1;
        self.under_way += 1;
        Turn::Go(at)
    }

    fn heard(&mut self, status: StatusCode, limit: &RateLimit, now: Instant) {
        self.under_way = self.under_way.saturating_sub(1);
        let resets_in = limit.resets_in().map(|wait| wait.min(LONGEST));
        if status == StatusCode::TOO_MANY_REQUESTS {
            let told = limit.retry_after.map(|wait| wait.min(LONGEST));
            if let Some(wait) = told.or(resets_in) {
                self.limit = limit.limit.or(self.limit);
                self.left = 0;
                self.reset = Some(now + wait);
            }
            return;
        }
        let (Some(most), Some(remaining), Some(wait)) = (limit.limit, limit.remaining, resets_in)
        else {
            self.left = self.left.saturating_add(1);
            return;
        };
        self.limit = Some(most);
        let reset = now + wait;
        match self.reset {
            // Requests under way are counted off here, and not yet there.
            Some(known) if reset <= known + SAME => self.left = self.left.min(remaining),
            _ => self.begin(remaining, Some(reset)),
        }
    }

    fn begin(&mut self, room: u64, reset: Option<Instant>) {
        self.left = room.saturating_sub(self.under_way);
        self.reset = reset;
        self.next = None;
    }

    fn give_back(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
        self.left = self.left.saturating_add(1);
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .window(|windows| f.debug_map().entries(windows.iter()).finish())
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known")
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;

    use super::*;

    static TAGS: Operation = Operation::new(Method::GET, "/tags");

    const OK: StatusCode = StatusCode::OK;

    fn headers(limit: u64, remaining: u64, resets_in: u64) -> HeaderMap {
        let reset = 1_735_689_600 + resets_in;
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("date", "Wed, 01 Jan 2025 00:00:00 GMT".to_owned()),
            ("x-ratelimit-limit", limit.to_string()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset", reset.to_string()),
        ] {
            headers.insert(name, value.parse().expect("a value"));
        }
        headers
    }

    async fn permit(limiter: &Limiter) -> Permit {
        limiter.permit(&TAGS, None).await.expect("no deadline")
    }

    /// How many seconds something takes on a clock that stands still but for the waits.
    async fn seconds(future: impl Future) -> u64 {
        let begun = Instant::now();
        future.await;
        begun.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_not_known_to_be_limited_is_not_held_back() {
        let limiter = Limiter::new();
        let held: Vec<Permit> = {
            let mut held = Vec::new();
            for _ in 0..1000 {
                held.push(permit(&limiter).await);
            }
            held
        };
        for permit in held {
            permit.answered(OK, &HeaderMap::new());
        }
        assert_eq!(seconds(permit(&limiter)).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn few_are_spread_and_none_waits_for_the_next_window() {
        let limiter = Limiter::new();
        permit(&limiter).await.answered(OK, &headers(40, 3, 30));
        let mut left = Vec::new();
        let begun = Instant::now();
        for remaining in [2, 1, 0] {
            let permit = permit(&limiter).await;
            left.push(begun.elapsed().as_secs());
            let rest = 30 - begun.elapsed().as_secs();
            permit.answered(OK, &headers(40, remaining, rest));
        }
        assert_eq!(left, [0, 10, 20]);
        permit(&limiter).await.answered(OK, &headers(40, 39, 60));
        assert_eq!(begun.elapsed().as_secs(), 30);
        assert_eq!(seconds(permit(&limiter)).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once_get_no_more_than_is_left() {
        let limiter = Limiter::new();
        permit(&limiter).await.answered(OK, &headers(10, 9, 30));
        let begun = Instant::now();
        let mut held = Vec::new();
        for _ in 0..9 {
            held.push(permit(&limiter).await);
        }
        assert!(begun.elapsed().as_secs() < 30);
        // None has been answered, and none is left.
        held.push(permit(&limiter).await);
        assert_eq!(begun.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_all_the_same_holds_back_what_follows() {
        let limiter = Limiter::new();
        let mut refused = HeaderMap::new();
        refused.insert("retry-after", "7".parse().expect("a value"));
        permit(&limiter)
            .await
            .answered(StatusCode::TOO_MANY_REQUESTS, &refused);
        assert_eq!(seconds(permit(&limiter)).await, 7);
        refused.insert("retry-after", "999999999".parse().expect("a value"));
        permit(&limiter)
            .await
            .answered(StatusCode::TOO_MANY_REQUESTS, &refused);
        assert_eq!(seconds(permit(&limiter)).await, LONGEST.as_secs());
        // How many there may be was not told: then all may go.
        let _held = (permit(&limiter).await, permit(&limiter).await);
        assert_eq!(seconds(permit(&limiter)).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_the_deadline_is_told_at_once() {
        let limiter = Limiter::new();
        permit(&limiter).await.answered(OK, &headers(10, 0, 30));
        let deadline = Instant::now() + Duration::from_secs(10);
        let begun = Instant::now();
        assert!(limiter.permit(&TAGS, Some(deadline)).await.is_none());
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_of_which_nothing_was_heard_is_found_out_by_one() {
        let limiter = Limiter::new();
        permit(&limiter).await.answered(OK, &headers(1, 0, 5));
        let first = permit(&limiter).await;
        // The new window took its one request, and only its answer tells of another.
        let waiting = tokio::spawn({
            let limiter = limiter.clone();
            async move { permit(&limiter).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.expect("a permit");
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_dropped_while_it_waits_gives_its_place_back() {
        let limiter = Limiter::new();
        permit(&limiter).await.answered(OK, &headers(40, 2, 30));
        let _first = permit(&limiter).await;
        let second = tokio::time::timeout(Duration::from_secs(1), permit(&limiter)).await;
        assert!(second.is_err(), "it was spread");
        limiter.0.window(|windows| {
            let window = &windows[&(Method::GET, "/tags")];
            assert_eq!((window.left, window.under_way), (1, 1));
        });
    }
}
