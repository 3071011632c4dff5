//! [`List`]: a list about to be walked: page by page, item by item, or all of it.
//!
//! ```
//! use linode_core::{Client, Endpoint, Field, List, Request, listing, record};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Linode {
//!     pub id: i64,
//! }
//! record!(Linode { id });
//!
//! impl Linode {
//!     pub const LABEL: Field<Linode, String> = Field::new("label");
//! }
//!
//! pub struct ListInstances;
//! listing!(ListInstances -> Linode, filter Linode, GET "/linode/instances");
//!
//! fn list_instances(client: &Client) -> List<ListInstances> {
//!     List::new(Request::new(client, ListInstances::OPERATION))
//! }
//!
//! # async fn run(client: Client) -> Result<(), linode_core::Error> {
//! let mut web = list_instances(&client).filter(Linode::LABEL.contains("web")).stream();
//! while let Some(linode) = web.try_next().await? {
//!     println!("{}", linode.id);
//! }
//! # Ok(())
//! # }
//!
//! let list = list_instances(&Client::new("s3cret")?);
//! let request = list.filter(Linode::LABEL.eq("ü")).order_by(Linode::LABEL.asc()).page_size(50).into_http()?;
//! assert_eq!(request.uri().query(), Some("page=1&page_size=50"));
//! assert_eq!(request.headers()["X-Filter"], r#"{"+order_by":"label","+order":"asc","label":"\u00fc"}"#);
//! # Ok::<(), linode_core::Error>(())
//! ```

mod pager;
mod stream;
mod window;

use std::fmt::{self, Display};
use std::future::{Future, IntoFuture};
use std::ops::RangeBounds;
use std::time::Duration;

use bytes::Bytes;

use crate::answer::Answered;
use crate::error::Error;
use crate::filter::{self, Filter, Order};
use crate::operation::Listing;
use crate::page::Page;
use crate::request::Request;
use crate::retry::Retry;
use crate::token::BoxFuture;
use pager::Pager;
use window::Window;

pub use stream::{Items, Pages};

/// The sizes of page that the API takes.
const SIZES: std::ops::RangeInclusive<u32> = 25..=500;

/// How many pages [`List::all`] fetches ahead, unless it is told.
const AHEAD_FOR_ALL: usize = 3;

/// How often the last item is looked for in a list that shrinks meanwhile.
const LOOKS: usize = 3;

/// A list about to be walked. Awaiting it gives page 1; of a range, the first page that holds some of it, and of that page
/// the wanted items.
///
/// Whole lists are asked for in pages of 500, single pages in the size that the API chooses (100), unless
/// [`List::page_size`] says another.
///
/// ```
/// # use linode_core::{Client, Endpoint, Json, List, Request, listing};
/// # pub struct ListTags;
/// # listing!(ListTags -> Json, GET "/tags");
/// # async fn run(client: Client) -> Result<(), linode_core::Error> {
/// let tags: List<ListTags> = List::new(Request::new(&client, ListTags::OPERATION));
/// println!("{} of {}", tags.clone().first().await?.is_some(), tags.len().await?);
/// # Ok(())
/// # }
/// ```
#[must_use = "a list does nothing until it is awaited or walked"]
pub struct List<E: Listing> {
    request: Request,
    filter: Option<Filter<E::Domain>>,
    order: Option<Order<E::Domain>>,
    page_size: Option<u32>,
    ahead: Option<usize>,
    window: Window,
}

impl<E: Listing> List<E> {
    /// A list that is asked for with a request.
    ///
    /// ```
    /// # use linode_core::{Client, Endpoint, Json, List, Request, listing};
    /// # pub struct ListTags;
    /// # listing!(ListTags -> Json, GET "/tags");
    /// let list: List<ListTags> = List::new(Request::new(&Client::new("s3cret")?, ListTags::OPERATION));
    /// assert!(!list.into_http()?.headers().contains_key("X-Filter"));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn new(request: Request) -> Self {
        List {
            request,
            filter: None,
            order: None,
            page_size: None,
            ahead: None,
            window: Window::ALL,
        }
    }

    /// Wants some of the items only. Of several filters, all hold.
    ///
    /// ```
    /// # use linode_core::{Field, List, Listing};
    /// fn web<E: Listing>(list: List<E>, label: Field<E::Domain, String>) -> List<E> {
    ///     list.filter(label.contains("web"))
    /// }
    /// ```
    pub fn filter(mut self, filter: Filter<E::Domain>) -> Self {
        self.filter = Some(match self.filter {
            Some(known) => known & filter,
            None => filter,
        });
        self
    }

    /// Wants the items in an order.
    ///
    /// ```
    /// # use linode_core::{Field, List, Listing};
    /// fn newest<E: Listing>(list: List<E>, id: Field<E::Domain, i64>) -> List<E> {
    ///     list.order_by(id.desc())
    /// }
    /// ```
    pub fn order_by(mut self, order: Order<E::Domain>) -> Self {
        self.order = Some(order);
        self
    }

    /// Says how many items a page has: 25 to 500.
    ///
    /// ```
    /// # use linode_core::{List, Listing};
    /// fn small<E: Listing>(list: List<E>) -> List<E> {
    ///     list.page_size(25)
    /// }
    /// ```
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Fetches so many pages ahead while those before are used: off (0) for streams unless it is said, 3 for
    /// [`List::all`]. At most so many pages wait in memory, beside the one that is used or awaited.
    ///
    /// ```
    /// # use linode_core::{Items, List, Listing};
    /// fn hurried<E: Listing>(list: List<E>) -> Items<E::Item> {
    ///     list.prefetch(2).stream()
    /// }
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.ahead = Some(pages);
        self
    }

    /// Wants the first so many items only. No page is asked for that holds none of them.
    ///
    /// ```
    /// # use linode_core::{Items, List, Listing};
    /// fn ten<E: Listing>(list: List<E>) -> Items<E::Item> {
    ///     list.limit(10).stream()
    /// }
    /// ```
    pub fn limit(self, items: u64) -> Self {
        self.range(..items)
    }

    /// Wants the items at some places only, from 0. No page is asked for that holds none of them, and pages are as
    /// small as holds them all, unless [`List::page_size`] says a size. A range of a range counts from its start.
    ///
    /// A server that gives pages of another size is asked for the pages that hold the items then; one of whose pages
    /// nobody can tell which items they hold ends it with [`Error::Paging`].
    ///
    /// ```
    /// # use linode_core::{Items, List, Listing};
    /// fn second_thousand<E: Listing>(list: List<E>) -> Items<E::Item> {
    ///     list.range(1000..2000).stream()
    /// }
    /// ```
    pub fn range(mut self, places: impl RangeBounds<u64>) -> Self {
        self.window = self.window.within(Window::new(&places));
        self
    }

    /// Adds a parameter to the query.
    ///
    /// ```
    /// # use linode_core::{List, Listing};
    /// fn traced<E: Listing>(list: List<E>) -> List<E> {
    ///     list.query("trace", 1)
    /// }
    /// ```
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.request = self.request.query(name, value);
        self
    }

    /// Sets a header.
    ///
    /// ```
    /// # use linode_core::{List, Listing};
    /// fn traced<E: Listing>(list: List<E>) -> List<E> {
    ///     list.header("X-Trace", 1)
    /// }
    /// ```
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    /// Says the version of the API for this list.
    ///
    /// ```
    /// # use linode_core::{List, Listing};
    /// fn beta<E: Listing>(list: List<E>) -> List<E> {
    ///     list.version("v4beta")
    /// }
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.request = self.request.version(version);
        self
    }

    /// Says for this list how it is tried again.
    ///
    /// ```
    /// # use linode_core::{List, Listing, Retry};
    /// fn once<E: Listing>(list: List<E>) -> List<E> {
    ///     list.retry(Retry::never())
    /// }
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.request = self.request.retry(retry);
        self
    }

    /// Says how long each of its pages may take altogether, attempts and waits; `None` is for ever.
    ///
    /// ```
    /// # use linode_core::{List, Listing};
    /// # use std::time::Duration;
    /// fn brief<E: Listing>(list: List<E>) -> List<E> {
    ///     list.timeout(Duration::from_secs(5))
    /// }
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.request = self.request.timeout(timeout);
        self
    }

    /// The request that all pages have in common.
    #[cfg(feature = "catalogue")]
    pub(crate) fn into_request(self) -> Request {
        match self.page_size {
            Some(size) => self.numbered().into_request().query("page_size", size),
            None => self.numbered().into_request(),
        }
    }

    /// The request for the page that awaiting it gives, as it would be sent, without sending it.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// fn address<E: Listing>(list: List<E>) -> Result<String, Error> {
    ///     Ok(list.into_http()?.uri().to_string())
    /// }
    /// ```
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        match self.is_range() {
            true => self.ranged().next_request().into_http(),
            false => self.pager(None).request(1).into_http(),
        }
    }

    /// Decodes a page that another transport received. Of a range, the page has to be that of [`List::into_http`], and only
    /// the wanted items are in it.
    ///
    /// ```
    /// # use linode_core::{Bytes, Error, List, Listing, Page, http};
    /// fn answer<E: Listing>(list: &List<E>, page: http::Response<Bytes>) -> Result<Page<E::Item>, Error> {
    ///     Ok(list.answer(page)?.into_value())
    /// }
    /// ```
    pub fn answer(
        &self,
        response: http::Response<Bytes>,
    ) -> Result<Answered<Page<E::Item>>, Error> {
        let mut answered: Answered<Page<E::Item>> = self.request.received(response).decode()?;
        if self.is_range() {
            self.ranged().took_alone(answered.value_mut())?;
        }
        Ok(answered)
    }

    /// One page, from 1. A range has no pages of its own: it is awaited, or walked by [`List::pages`].
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// let page = list.page(2).await?;
    /// println!("{} of {} pages", page.page, page.pages);
    /// # Ok(())
    /// # }
    /// ```
    pub fn page(
        &self,
        number: u32,
    ) -> impl Future<Output = Result<Page<E::Item>, Error>> + Send + use<E> {
        let sent = self.send(number);
        async move { Ok(sent.await?.into_value()) }
    }

    /// One page, from 1, with all that came with it. A range has no pages of its own.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// println!("{:?}", list.send(1).await?.headers());
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(
        &self,
        number: u32,
    ) -> impl Future<Output = Result<Answered<Page<E::Item>>, Error>> + Send + use<E> {
        let sent = self.numbered().request(number.into()).send();
        async move { sent.await?.decode() }
    }

    /// The items, one after the other; pages are fetched as they are needed. An item that appears or vanishes
    /// meanwhile moves those after it: one of them may come twice, or not at all.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// let mut items = list.stream();
    /// while let Some(item) = items.try_next().await? {
    ///     println!("{item:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> Items<E::Item> {
        Items::new(self.pages())
    }

    /// The pages, one after the other. Of a range, only the wanted items are in them.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// let mut pages = list.pages();
    /// while let Some(page) = pages.try_next().await? {
    ///     println!("{} items", page.data.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn pages(self) -> Pages<E::Item> {
        self.walk(0)
    }

    /// All items, in their order. Page 1 tells how many pages there are; the others are fetched a few at a time.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// println!("{} items", list.all().await?.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> impl Future<Output = Result<Vec<E::Item>, Error>> + Send + use<E> {
        let mut pages = self.walk(AHEAD_FOR_ALL);
        async move {
            let mut items = Vec::new();
            while let Some(page) = pages.try_next().await? {
                items.extend(page.data);
            }
            Ok(items)
        }
    }

    /// The first item, if there is one: of the smallest page.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// println!("{:?}", list.first().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn first(self) -> impl Future<Output = Result<Option<E::Item>, Error>> + Send + use<E> {
        let mut items = self.limit(1).stream();
        async move { items.try_next().await }
    }

    /// The last item, if there is one: the smallest page tells where it is. Where that is not so, time and again, all pages are
    /// looked at.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// println!("{:?}", list.last().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn last(self) -> Result<Option<E::Item>, Error> {
        for _ in 0..LOOKS {
            let Some(last) = self.clone().len().await?.checked_sub(1) else {
                return Ok(None);
            };
            let item = self.clone().range(last..=last).first().await?;
            if item.is_some() {
                return Ok(item);
            }
            // It vanished between the two calls, or the API counts items that it does not show.
        }
        let (mut pages, mut last) = (self.pages(), None);
        while let Some(page) = pages.try_next().await? {
            last = page.data.into_iter().next_back().or(last);
        }
        Ok(last)
    }

    /// The one item that there is. None or several are an error, which tells how many.
    ///
    /// ```
    /// # use linode_core::{Error, Field, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>, label: Field<E::Domain, String>) -> Result<(), Error> {
    /// println!("{:?}", list.filter(label.eq("web-1")).only().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn only(self) -> Result<E::Item, Error> {
        let operation = self.request.operation();
        let window = self.window;
        let mut pages = self.limit(2).pages();
        let page = pages.try_next().await?.unwrap_or_default();
        let several = window.count(page.results.try_into().unwrap_or(0));
        let found = page.data.len() as u64;
        let mut items = page.data.into_iter();
        match (items.next(), items.next()) {
            (Some(item), None) => Ok(item),
            _ => Err(Error::not_one(operation, found.max(several))),
        }
    }

    /// How many items there are: what the smallest page says.
    ///
    /// ```
    /// # use linode_core::{Error, List, Listing};
    /// # async fn run<E: Listing>(list: List<E>) -> Result<(), Error> {
    /// println!("{} items", list.len().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[allow(
        clippy::len_without_is_empty,
        reason = "whether it is empty costs as much"
    )]
    pub fn len(self) -> impl Future<Output = Result<u64, Error>> + Send + use<E> {
        let sent = self.pager(Some(*SIZES.start())).request(1).send();
        let window = self.window;
        async move {
            let page = sent.await?.decode::<Page<E::Item>>()?.into_value();
            Ok(window.count(page.results.try_into().unwrap_or(0)))
        }
    }

    fn is_range(&self) -> bool {
        self.window != Window::ALL
    }

    /// The pages that hold what is wanted.
    fn walk(self, ahead: usize) -> Pages<E::Item> {
        let pager = match self.is_range() {
            true => self.ranged(),
            false => self.pager(Some(*SIZES.end())),
        };
        Pages::new(pager, self.ahead.unwrap_or(ahead))
    }

    /// The pages that hold the wanted items of a range.
    fn ranged(&self) -> Pager {
        let (least, most) = SIZES.into_inner();
        let size = self.window.page_size(least, most);
        self.pager(Some(size)).within(self.window)
    }

    /// Pages by their numbers.
    fn numbered(&self) -> Pager {
        let mut pager = self.pager(None);
        if self.is_range() {
            pager.problem("a range has no pages of its own: it is awaited, or walked by `pages`");
        }
        pager
    }

    /// What asks for the pages, in the size that was said or another.
    fn pager(&self, size: Option<u32>) -> Pager {
        let mut request = self.request.clone();
        if let Some(size) = self.page_size.filter(|size| !SIZES.contains(size)) {
            let (least, most) = SIZES.into_inner();
            request.problem(format!("a page has {least} to {most} items, not {size}"));
        }
        let order = self.order.map(|order| (order.field, order.direction));
        match filter::header(self.filter.as_ref().map(|filter| &filter.node), order) {
            Ok(None) => {}
            Ok(Some(filter)) => request = request.header("X-Filter", filter),
            Err(problem) => request.problem(problem),
        }
        Pager::new(request, self.page_size.or(size))
    }
}

impl<E: Listing> IntoFuture for List<E> {
    type Output = Result<Page<E::Item>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        match self.is_range() {
            true => Box::pin(async move {
                let mut pages = Pages::new(self.ranged(), 0);
                Ok(pages.try_next().await?.unwrap_or_default())
            }),
            false => Box::pin(self.page(1)),
        }
    }
}

impl<E: Listing> Clone for List<E> {
    fn clone(&self) -> Self {
        List {
            request: self.request.clone(),
            filter: self.filter.clone(),
            order: self.order,
            page_size: self.page_size,
            ahead: self.ahead,
            window: self.window,
        }
    }
}

impl<E: Listing> fmt::Debug for List<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("request", &self.request)
            .field("filter", &self.filter)
            .field("order", &self.order)
            .field("page_size", &self.page_size)
            .field("ahead", &self.ahead)
            .field("window", &self.window)
            .finish()
    }
}
