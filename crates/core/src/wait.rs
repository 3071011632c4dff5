//! [`Wait`]: asking again and again until something is as it should be.
//!
//! ```
//! use std::time::Duration;
//!
//! use linode_core::{Call, Endpoint, Error, operation, record};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Linode {
//!     pub id: i64,
//!     pub status: String,
//! }
//! record!(Linode { id, status });
//!
//! pub struct GetInstance;
//! operation!(GetInstance -> Linode, GET "/linode/instances/{linodeId}");
//!
//! async fn running(call: Call<GetInstance>) -> Result<Linode, Error> {
//!     call.poll_until(|linode| linode.status == "running")
//!         .fail_if(|linode| linode.status == "billing_suspension")
//!         .timeout(Duration::from_secs(300))
//!         .await
//! }
//! ```

mod error;
mod event;

use std::any::Any;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use http::Method;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::call::Call;
use crate::error::Error;
use crate::list::List;
use crate::operation::{Endpoint, Listing, Operation};
use crate::page::Page;
use crate::token::BoxFuture;

pub use error::WaitError;
pub use event::{Watch, Watching};

const INTERVAL: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(600);

/// How far an interval may be from the one that was said, so that many that wait do not ask at once.
const JITTER: f64 = 0.2;

/// Looks once. Nothing may be there to judge yet.
type Look<T> = Box<dyn FnMut() -> BoxFuture<'static, Result<Option<T>, Error>> + Send>;
type Judge<T> = Box<dyn FnMut(&T) -> Verdict + Send>;

/// What is thought of what was seen.
enum Verdict {
    Done,
    Again,
    /// It will never be done: why, if that is known.
    Failed(Option<String>),
}

/// Something that is asked for again and again until it is as it should be. Awaiting it gives what was seen then.
///
/// It is asked for at once, and then every 3 seconds, give or take a fifth, for 10 minutes at most, unless it is
/// told otherwise. Dropping it ends it.
///
/// An error of a call ends it, too, as it is: `is_not_found` and the like tell of it as of any call's. What was seen before
/// is in [`WaitError::last`] alone, so whoever needs it then keeps it: the wait shows all that it sees to its closure.
///
/// ```
/// # use std::sync::{Arc, Mutex};
/// # use linode_core::{Call, Endpoint, Error, Json};
/// # async fn run<E: Endpoint<Answer = Json>>(call: Call<E>) -> Result<(), Error> {
/// let last = Arc::new(Mutex::new(None));
/// let seen = Arc::clone(&last);
/// let wait = call.poll_until(move |json| {
///     *seen.lock().expect("no panic") = Some(json.clone());
///     json["status"] == "ready"
/// });
/// if let Err(error) = wait.await {
///     println!("{error}, after {:?}", last.lock().expect("no panic"));
/// }
/// # Ok(())
/// # }
/// ```
///
/// ```
/// # use std::time::Duration;
/// # use linode_core::{Call, Endpoint, Error, Json};
/// # async fn run<E: Endpoint<Answer = Json>>(call: Call<E>) -> Result<(), Error> {
/// let ready = call.poll_until(|json| json["status"] == "ready").interval(Duration::from_secs(10)).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<T> {
    operation: &'static Operation,
    interval: Duration,
    timeout: Option<Duration>,
    look: Look<T>,
    judge: Judge<T>,
}

impl<T: Any + Send + Sync> Wait<T> {
    fn new(operation: &'static Operation, look: Look<T>, judge: Judge<T>) -> Self {
        Wait {
            operation,
            interval: INTERVAL,
            timeout: Some(TIMEOUT),
            look,
            judge,
        }
    }

    /// How long to wait between two looks: 3 seconds unless said otherwise, give or take a fifth.
    ///
    /// ```
    /// # use linode_core::Wait;
    /// fn patient(wait: Wait<i64>) -> Wait<i64> {
    ///     wait.interval(std::time::Duration::from_secs(30))
    /// }
    /// ```
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How long to wait altogether: 10 minutes unless said otherwise; `None` is for ever.
    ///
    /// ```
    /// # use linode_core::Wait;
    /// fn for_ever(wait: Wait<i64>) -> Wait<i64> {
    ///     wait.timeout(None)
    /// }
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.timeout = timeout.into();
        self
    }

    /// What means that it will never be as it should be: then the wait ends with an error at once.
    ///
    /// ```
    /// # use linode_core::Wait;
    /// fn positive(wait: Wait<i64>) -> Wait<i64> {
    ///     wait.fail_if(|number| *number < 0)
    /// }
    /// ```
    pub fn fail_if(mut self, mut failed: impl FnMut(&T) -> bool + Send + 'static) -> Self {
        let mut judge = self.judge;
        self.judge = Box::new(move |seen| match judge(seen) {
            Verdict::Again if failed(seen) => Verdict::Failed(None),
            verdict => verdict,
        });
        self
    }

    async fn run(mut self) -> Result<T, Error> {
        if self.operation.method != Method::GET {
            let problem = "only what a GET answers can be waited for".to_owned();
            return Err(Error::input(Some(self.operation), vec![problem]));
        }
        let start = Instant::now();
        // A time that no clock can tell is for ever.
        let deadline = self.timeout.and_then(|timeout| start.checked_add(timeout));
        let mut last = None;
        for looks in 1.. {
            let Some(seen) = until(deadline, (self.look)()).await else {
                return Err(self.ended(None, looks, last));
            };
            if let Some(seen) = seen? {
                match (self.judge)(&seen) {
                    Verdict::Done => return Ok(seen),
                    Verdict::Again => last = Some(seen),
                    Verdict::Failed(why) => return Err(self.ended(Some(why), looks, Some(seen))),
                }
            }
            let next = Instant::now().checked_add(jittered(self.interval));
            let pause = async move {
                match next {
                    Some(next) => sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            if until(deadline, pause).await.is_none() {
                return Err(self.ended(None, looks, last));
            }
        }
        unreachable!("a wait has an end")
    }

    /// The error that a wait ends with: it failed, or its time is over.
    fn ended(&self, failed: Option<Option<String>>, looks: u64, last: Option<T>) -> Error {
        let waited = self.timeout.unwrap_or_default();
        let last = last.map(|last| Box::new(last) as Box<dyn Any + Send + Sync>);
        Error::Wait(Box::new(WaitError::new(
            self.operation,
            failed,
            waited,
            looks,
            last,
        )))
    }
}

/// What a future gives, unless it takes too long.
async fn until<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match deadline {
        Some(deadline) => timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

fn jittered(interval: Duration) -> Duration {
    let factor = 1.0 + JITTER * (2.0 * fastrand::f64() - 1.0);
    Duration::try_from_secs_f64(interval.as_secs_f64() * factor).unwrap_or(interval)
}

impl<T: Any + Send + Sync> IntoFuture for Wait<T> {
    type Output = Result<T, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("operation", &format_args!("{}", self.operation))
            .field("interval", &self.interval)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

fn done_if<T>(mut until: impl FnMut(&T) -> bool + Send + 'static) -> Judge<T> {
    Box::new(move |seen| {
        if until(seen) {
            Verdict::Done
        } else {
            Verdict::Again
        }
    })
}

impl<E: Endpoint> Call<E> {
    /// Asks again and again until the answer is as it should be. The call must be a GET.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint, Error, Json};
    /// # async fn run<E: Endpoint<Answer = Json>>(call: Call<E>) -> Result<(), Error> {
    /// let ready = call.poll_until(|json| json["status"] == "ready").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_until(
        self,
        until: impl FnMut(&E::Answer) -> bool + Send + 'static,
    ) -> Wait<E::Answer> {
        let look = move || -> BoxFuture<'static, _> {
            let asked = self.clone().into_future();
            Box::pin(async move { asked.await.map(Some) })
        };
        Wait::new(E::OPERATION, Box::new(look), done_if(until))
    }

    /// Asks again and again until there is no such thing (404). The call must be a GET.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint, Error};
    /// # async fn run<E: Endpoint>(call: Call<E>) -> Result<(), Error> {
    /// call.poll_until_gone().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_until_gone(self) -> Wait<()> {
        let look = move || -> BoxFuture<'static, _> {
            let asked = self.clone().send();
            Box::pin(async move {
                match asked.await {
                    Ok(_) => Ok(None),
                    Err(error) if error.is_not_found() => Ok(Some(())),
                    Err(error) => Err(error),
                }
            })
        };
        Wait::new(E::OPERATION, Box::new(look), done_if(|()| true))
    }
}

impl<E: Listing> List<E> {
    /// Asks for page 1, or for what awaiting a range gives, again and again until it is as it should be.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// let page = list.poll_until(|page| page.results >= 3).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_until(
        self,
        until: impl FnMut(&Page<E::Item>) -> bool + Send + 'static,
    ) -> Wait<Page<E::Item>> {
        let look = move || -> BoxFuture<'static, _> {
            let asked = self.clone().into_future();
            Box::pin(async move { asked.await.map(Some) })
        };
        Wait::new(E::OPERATION, Box::new(look), done_if(until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static THING: Operation = Operation::new(Method::GET, "/thing");

    /// Waits for the seconds since it began to be so many, looking at a clock that stands still but for the waits.
    async fn seconds(most: u64, interval: u64, timeout: Option<u64>) -> Result<u64, Error> {
        let begun = Instant::now();
        let look = move || -> BoxFuture<'static, _> {
            Box::pin(async move { Ok(Some(begun.elapsed().as_secs())) })
        };
        Wait::new(
            &THING,
            Box::new(look),
            done_if(move |seconds| *seconds >= most),
        )
        .interval(Duration::from_secs(interval))
        .timeout(timeout.map(Duration::from_secs))
        .await
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_look_is_at_once() {
        assert_eq!(seconds(0, 3600, None).await.expect("at once"), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn intervals_are_near_what_was_said_and_not_all_the_same() {
        let waited = seconds(1000, 10, None).await.expect("an end");
        assert!((1000..=1012).contains(&waited), "{waited}");
        let some: Vec<Duration> = (0..100)
            .map(|_| jittered(Duration::from_secs(10)))
            .collect();
        let near = Duration::from_secs(8)..=Duration::from_secs(12);
        assert!(some.iter().all(|interval| near.contains(interval)));
        assert!(some.iter().any(|interval| *interval != some[0]));
        assert_eq!(jittered(Duration::MAX).max(Duration::MAX), Duration::MAX);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_is_over_when_it_was_said_to_be() {
        let begun = Instant::now();
        let Err(Error::Wait(error)) = seconds(1000, 10, Some(95)).await else {
            panic!("it ended")
        };
        assert_eq!(begun.elapsed().as_secs(), 95);
        assert!((8..=12).contains(&error.looks()), "{}", error.looks());
        assert!(error.last::<u64>().is_some_and(|last| *last < 95));
    }

    #[tokio::test(start_paused = true)]
    async fn times_that_no_clock_can_tell_do_no_harm() {
        assert_eq!(
            seconds(0, u64::MAX, Some(u64::MAX)).await.expect("at once"),
            0
        );
        let never = seconds(1, u64::MAX, Some(30)).await;
        assert!(matches!(never, Err(Error::Wait(_))));
    }
}
