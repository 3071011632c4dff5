//! The pages and the items of a list as streams.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::pager::{Came, Pager};
use crate::error::Error;
use crate::page::Page;
use crate::see;
use crate::token::BoxFuture;
use crate::value::Value;

/// The pages of a list, fetched as they are needed, or a few ahead. After an error it ends.
///
/// ```
/// # async fn run(mut pages: linode_core::Pages<i64>) -> Result<(), linode_core::Error> {
/// while let Some(page) = pages.try_next().await? {
///     println!("{:?}", page.data);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    pager: Pager,
    /// How many pages are fetched beyond the one that is due.
    ahead: usize,
    /// The pages that are being fetched, in their order; of those that have come the first is due.
    fetching: VecDeque<Fetching<T>>,
}

struct Fetching<T> {
    number: i64,
    page: Fetch<T>,
}

/// How a page is fetched.
enum Fetch<T> {
    /// While the stream is polled.
    Here(BoxFuture<'static, Result<Page<T>, Error>>),
    /// By a task of its own, while the one before is worked on.
    Task(Task<Result<Page<T>, Error>>),
}

/// A task that ends with what waits for it.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<T: Value> Pages<T> {
    pub(super) fn new(pager: Pager, ahead: usize) -> Self {
        Pages {
            pager,
            ahead,
            fetching: VecDeque::new(),
        }
    }

    /// The next page; `None` after the last.
    ///
    /// ```
    /// # async fn run(mut pages: linode_core::Pages<i64>) -> Result<(), linode_core::Error> {
    /// let first = pages.try_next().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }

    /// Starts to fetch the page that is due and so many beyond it, as far as they can be fetched now and are not being
    /// fetched already.
    fn fetch(&mut self, beyond: usize) {
        let askable = self.pager.askable(beyond);
        let next = self
            .fetching
            .back()
            .map_or(askable.start, |last| last.number + 1);
        for number in next..askable.end {
            let request = self.pager.request(number);
            let page: BoxFuture<'static, _> =
                Box::pin(async move { Ok(request.send().await?.decode()?.into_value()) });
            let page = match Handle::try_current() {
                Ok(runtime) if self.ahead > 0 => {
                    Fetch::Task(Task(runtime.spawn(see::carried(page))))
                }
                _ => Fetch::Here(page),
            };
            self.fetching.push_back(Fetching { number, page });
        }
    }

    /// What a page that was fetched comes to: the page, an error, or nothing, where another is due or none any more.
    fn took(
        &mut self,
        number: i64,
        fetched: Result<Page<T>, Error>,
    ) -> Option<Result<Page<T>, Error>> {
        let taken = fetched.and_then(|mut page| Ok((self.pager.took(number, &mut page)?, page)));
        match taken {
            Ok((Came::Due, page)) => Some(Ok(page)),
            Ok((Came::Other, _)) => None,
            Err(error) => self.pager.failed(number, &error).then_some(Err(error)),
        }
    }
}

impl<T: Value> Fetching<T> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Page<T>, Error>> {
        match &mut self.page {
            Fetch::Here(page) => page.as_mut().poll(context),
            Fetch::Task(task) => match ready!(Pin::new(&mut task.0).poll(context)) {
                Ok(page) => Poll::Ready(page),
                Err(stopped) => match stopped.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // The runtime shuts down: nothing comes any more, and nobody is left to miss it.
                    Err(_) => Poll::Pending,
                },
            },
        }
    }
}

impl<T: Value> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.fetch(this.ahead);
            let Some(due) = this.fetching.front_mut() else {
                return Poll::Ready(None);
            };
            let (number, fetched) = (due.number, ready!(due.poll(context)));
            this.fetching.pop_front();
            let page = this.took(number, fetched);
            // The list may have ended before pages that were fetched ahead.
            let wanted = this.pager.askable(usize::MAX).end;
            this.fetching.retain(|fetching| fetching.number < wanted);
            if page.is_some() {
                // Others can be fetched while this one is used.
                if let Some(beyond_next) = this.ahead.checked_sub(1) {
                    this.fetch(beyond_next);
                }
                return Poll::Ready(page);
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("pager", &self.pager)
            .field("ahead", &self.ahead)
            .finish()
    }
}

/// The items of a list; pages are fetched as they are needed. After an error it ends.
///
/// ```
/// # async fn run(mut items: linode_core::Items<i64>) -> Result<(), linode_core::Error> {
/// while let Some(item) = items.try_next().await? {
///     println!("{item}");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<T> {
    pages: Pages<T>,
    /// What is left of the page that came last.
    items: vec::IntoIter<T>,
}

impl<T: Value> Items<T> {
    pub(super) fn new(pages: Pages<T>) -> Self {
        Items {
            pages,
            items: Vec::new().into_iter(),
        }
    }

    /// The next item; `None` after the last.
    ///
    /// ```
    /// # async fn run(mut items: linode_core::Items<i64>) -> Result<(), linode_core::Error> {
    /// let first = items.try_next().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context))
            .await
            .transpose()
    }
}

// Items are handed out whole: nothing is ever pinned in them.
impl<T> Unpin for Items<T> {}

impl<T: Value> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(context)) {
                Some(Ok(page)) => self.items = page.data.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Items").field(&self.pages).finish()
    }
}
