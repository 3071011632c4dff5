//! The pages and the items of a list as streams.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_core::Stream;

use super::pager::Pager;
use crate::error::Error;
use crate::page::Page;
use crate::token::BoxFuture;
use crate::value::Value;

/// The pages of a list, fetched as they are needed. After an error it ends.
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
    /// The page that is being fetched.
    fetching: Option<Fetching<T>>,
}

struct Fetching<T> {
    number: i64,
    page: BoxFuture<'static, Result<Page<T>, Error>>,
}

impl<T: Value> Pages<T> {
    pub(super) fn new(pager: Pager) -> Self {
        Pages {
            pager,
            fetching: None,
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

    /// Starts to fetch the next page, if there is one.
    fn fetch(&self) -> Option<Fetching<T>> {
        let (number, request) = self.pager.next()?;
        let page = Box::pin(async move { Ok(request.send().await?.decode()?.into_value()) });
        Some(Fetching { number, page })
    }
}

impl<T: Value> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.fetching.is_none() {
            this.fetching = this.fetch();
        }
        let Some(fetching) = &mut this.fetching else {
            return Poll::Ready(None);
        };
        let (number, fetched) = (
            fetching.number,
            ready!(fetching.page.as_mut().poll(context)),
        );
        this.fetching = None;
        let page = fetched.and_then(|page| this.pager.took(number, &page).map(|()| page));
        if page.is_err() {
            this.pager.stop();
        }
        Poll::Ready(Some(page))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pages").field(&self.pager).finish()
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
