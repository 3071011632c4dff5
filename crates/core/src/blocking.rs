//! Calls and lists for programs without async: every future of this crate can be waited for. With the feature `blocking`.
//!
//! ```no_run
//! use linode_core::blocking::Blocking;
//! use linode_core::{Call, Endpoint, Error, List, Listing};
//!
//! fn run<E: Endpoint, L: Listing>(call: Call<E>, list: List<L>) -> Result<(), Error> {
//!     let answer = call.block()?;
//!     for item in list.stream().iter() {
//!         println!("{:?}", item?);
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Each runs on the thread that waits for it; connections and timers are driven by one more thread, apart from any runtime
//! that the program may have beside it. So it works inside async code too, and stops nothing there but the thread that it
//! is called on; awaiting is better. An HTTP client of one's own ([`ClientBuilder::http`](crate::ClientBuilder::http))
//! has the same connections for both: that thread drives them also where calls are awaited.

use std::cell::Cell;
use std::fmt;
use std::future::{Future, IntoFuture, pending, poll_fn};
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::OnceLock;
use std::thread;

use futures_core::Stream;
use futures_util::StreamExt;
use tokio::runtime::{Builder, Handle};

use crate::download::Download;
use crate::error::Error;
use crate::list::{Items, Pages};
use crate::see;
use crate::value::Value;

/// Whatever can be awaited can be waited for: calls, lists, their methods, waits, logins.
///
/// ```no_run
/// use linode_core::blocking::Blocking;
/// use linode_core::{Call, Endpoint, Error, List, Listing};
///
/// fn run<E: Endpoint, L: Listing>(call: Call<E>, list: List<L>) -> Result<(), Error> {
///     let answered = call.clone().send().block()?;
///     let all = list.all().block()?;
///     call.poll_until(|_| true).block()?;
///     Ok(())
/// }
/// ```
pub trait Blocking: IntoFuture + Sized {
    /// Waits on this thread until it is done.
    ///
    /// # Errors
    ///
    /// Its own; and an input error if no thread can be started, or if this is the thread that drives the connections:
    /// what is called while a body is sent, such as [`Content::on_progress`](crate::Content::on_progress), must not wait.
    fn block(self) -> Self::Output;
}

impl<F, T, E> Blocking for F
where
    F: IntoFuture<Output = Result<T, E>>,
    F::IntoFuture: Send,
    T: Send,
    E: From<Error> + Send,
{
    fn block(self) -> Result<T, E> {
        run(self.into_future())?
    }
}

/// Items, pages or pieces one after the other; each is waited for when it is asked for.
///
/// ```no_run
/// use linode_core::{Error, List, Listing};
///
/// fn labels<L: Listing>(list: List<L>) -> Result<Vec<L::Item>, Error> {
///     list.stream().iter().collect()
/// }
/// ```
#[must_use = "an iterator does nothing until it is asked for items"]
pub struct Iter<S> {
    stream: S,
    ended: bool,
}

impl<S> Iter<S> {
    fn new(stream: S) -> Self {
        Iter {
            stream,
            ended: false,
        }
    }
}

impl<S, T> Iterator for Iter<S>
where
    S: Stream<Item = Result<T, Error>> + Send + Unpin,
    T: Send,
{
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = run(self.stream.next());
        let next = next.unwrap_or_else(|error| Some(Err(error)));
        self.ended = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

impl<T: Value> Items<T> {
    /// The items one after the other, each waited for on this thread. With the feature `blocking`.
    ///
    /// ```no_run
    /// # use linode_core::{Error, List, Listing};
    /// # fn run<L: Listing>(list: List<L>) -> Result<(), Error> {
    /// for item in list.stream().iter() {
    ///     println!("{:?}", item?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter(self) -> Iter<Self> {
        Iter::new(self)
    }
}

impl<T: Value> Pages<T> {
    /// The pages one after the other, each waited for on this thread. With the feature `blocking`.
    ///
    /// ```no_run
    /// # use linode_core::{Error, List, Listing};
    /// # fn run<L: Listing>(list: List<L>) -> Result<(), Error> {
    /// for page in list.pages().iter() {
    ///     println!("{} items", page?.data.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter(self) -> Iter<Self> {
        Iter::new(self)
    }
}

impl Download {
    /// The pieces one after the other, each waited for on this thread. With the feature `blocking`.
    ///
    /// ```no_run
    /// # fn run(download: linode_core::Download) -> Result<(), linode_core::Error> {
    /// let pieces: Vec<linode_core::Bytes> = download.iter().collect::<Result<_, _>>()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter(self) -> Iter<Self> {
        Iter::new(self)
    }
}

/// What a thread does for those who wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Nothing,
    /// It runs what it waits for itself.
    Waits,
    /// It drives all connections and timers.
    Drives,
}

thread_local! {
    static ROLE: Cell<Role> = const { Cell::new(Role::Nothing) };
}

/// Whether what this thread sends is waited for: it has connections of its own.
pub(crate) fn is_waited_for() -> bool {
    ROLE.get() != Role::Nothing
}

/// Waits on this thread for what a future gives.
fn run<F: Future<Output: Send> + Send>(future: F) -> Result<F::Output, Error> {
    let problem = |problem: &str| Error::input(None, vec![problem.to_owned()]);
    if ROLE.get() == Role::Drives {
        return Err(problem(
            "it cannot be waited for on the thread that drives the connections",
        ));
    }
    let none = "no thread could be started to wait with";
    let driver = driver().ok_or_else(|| problem(none))?;
    let future = see::carried(future);
    let wait = || {
        let _waits = Waits::begin();
        driver.block_on(future)
    };
    if Handle::try_current().is_err() {
        return Ok(wait());
    }
    // One runtime does not wait on a thread of another.
    thread::scope(|scope| {
        let waiting = thread::Builder::new().spawn_scoped(scope, wait);
        let waited = waiting.map_err(|_| problem(none))?.join();
        Ok(waited.unwrap_or_else(|panic| resume_unwind(panic)))
    })
}

/// As long as it is there, this thread waits.
struct Waits(Role);

impl Waits {
    fn begin() -> Self {
        Waits(ROLE.replace(Role::Waits))
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        ROLE.set(self.0);
    }
}

/// What a future gives whose connections and timers are to be driven as for those who wait, whoever polls it: a connection
/// belongs to the runtime in which it was made, and is lost to others as soon as that one stands still.
pub(crate) async fn driven<T>(future: impl Future<Output = T>) -> T {
    let Some(driver) = driver() else {
        return future.await;
    };
    let mut future = pin!(future);
    poll_fn(|context| {
        let _entered = driver.enter();
        future.as_mut().poll(context)
    })
    .await
}

/// The runtime whose thread drives the connections and the timers, as long as the program lives; none if it cannot be
/// started.
fn driver() -> Option<&'static Handle> {
    static DRIVER: OnceLock<Option<Handle>> = OnceLock::new();
    let start = || {
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let handle = runtime.handle().clone();
        let thread = thread::Builder::new().name("linode-blocking".to_owned());
        let drive = move || {
            ROLE.set(Role::Drives);
            runtime.block_on(pending::<()>());
        };
        thread.spawn(drive).ok().map(|_| handle)
    };
    DRIVER.get_or_init(start).as_ref()
}
