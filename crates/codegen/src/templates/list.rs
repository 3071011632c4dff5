use std::fmt::Display;
use std::future::{Future, IntoFuture};
use std::ops::RangeBounds;
use std::pin::Pin;
use std::time::Duration;

use linode_core::{Answered, Bytes, Error, Filter, Items, Listing, Operation, Order, Page, Pages, Request, Retry, Wait, http};

use crate::{Grant, Scope};

/// A paginated list: nothing is loaded until it is asked for.
///
/// Awaiting it gives the first page. What is wrong with its input comes out when it is sent, before anything leaves.
#[derive(Clone, Debug)]
#[must_use = "a list loads nothing until it is awaited, streamed or collected"]
pub struct List<E: Listing>(pub(crate) linode_core::List<E>);

impl<E: Listing> List<E> {
    pub(crate) fn new(request: Request) -> Self {
        Self(linode_core::List::new(request))
    }

    /// Keeps the items that the filter lets through; several filters must all do so.
    pub fn filter(self, filter: Filter<E::Domain>) -> Self {
        Self(self.0.filter(filter))
    }

    /// The order of the items.
    pub fn order_by(self, order: Order<E::Domain>) -> Self {
        Self(self.0.order_by(order))
    }

    /// How many items a page has: 25 to 500.
    pub fn page_size(self, size: u32) -> Self {
        Self(self.0.page_size(size))
    }

    /// Sends a query parameter, documented or not.
    pub fn query(self, name: &str, value: impl Display) -> Self {
        Self(self.0.query(name, value))
    }

    /// Sends a header.
    pub fn header(self, name: &str, value: impl Display) -> Self {
        Self(self.0.header(name, value))
    }

    /// Goes to this version of the API, `v4` or `v4beta`, whatever the document says.
    pub fn version(self, version: impl Into<String>) -> Self {
        Self(self.0.version(version))
    }

    /// How this list is tried again, whatever the client says.
    pub fn retry(self, retry: Retry) -> Self {
        Self(self.0.retry(retry))
    }

    /// How long each of its pages may take altogether, attempts and waits; `None` is for ever.
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        Self(self.0.timeout(timeout))
    }

    /// What the document says about the operation: its method, its path, what it needs.
    pub fn operation(&self) -> &'static Operation {
        E::OPERATION
    }

    /// The scopes that a token needs for it, as few as possible.
    pub fn scopes(&self) -> Vec<Scope> {
        Scope::needed_by([E::OPERATION])
    }

    /// The grants that a restricted user needs for it.
    pub fn grants(&self) -> Vec<Grant> {
        Grant::needed_by([E::OPERATION])
    }

    /// The request for the first page, without sending it.
    ///
    /// # Errors
    ///
    /// An input error that names everything that cannot be sent.
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        self.0.into_http()
    }

    /// What this list makes of a page that another transport got.
    ///
    /// # Errors
    ///
    /// The API's reasons if the status is no success; a decode error if the body is not as described.
    pub fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<Page<E::Item>>, Error> {
        self.0.answer(response)
    }

    /// One page by its number, from 1.
    ///
    /// # Errors
    ///
    /// As for every call; a page beyond the last one is the API's error.
    pub fn page(&self, number: u32) -> impl Future<Output = Result<Page<E::Item>, Error>> + Send + use<E> {
        self.0.page(number)
    }

    /// One page by its number, with what came with it: status, headers, raw body, warnings.
    ///
    /// # Errors
    ///
    /// Input, transport, the API's reasons, or a body that is not as described; see [`Error`].
    pub fn send(&self, number: u32) -> impl Future<Output = Result<Answered<Page<E::Item>>, Error>> + Send + use<E> {
        self.0.send(number)
    }

    /// Loads so many pages ahead while those before are used; off unless said, and 3 for [`List::all`].
    pub fn prefetch(self, pages: usize) -> Self {
        Self(self.0.prefetch(pages))
    }

    /// The first so many items alone.
    pub fn limit(self, items: u64) -> Self {
        Self(self.0.limit(items))
    }

    /// The items at these places alone, from 0; only the pages that hold them are loaded.
    pub fn range(self, places: impl RangeBounds<u64>) -> Self {
        Self(self.0.range(places))
    }

    /// All items, page after page as they are asked for.
    pub fn stream(self) -> Items<E::Item> {
        self.0.stream()
    }

    /// All pages, one after the other as they are asked for.
    pub fn pages(self) -> Pages<E::Item> {
        self.0.pages()
    }

    /// All items at once, in their order; pages are loaded a few at a time.
    ///
    /// # Errors
    ///
    /// The first error of any page.
    pub fn all(self) -> impl Future<Output = Result<Vec<E::Item>, Error>> + Send + use<E> {
        self.0.all()
    }

    /// The first item, if there is one.
    ///
    /// # Errors
    ///
    /// As for every call.
    pub fn first(self) -> impl Future<Output = Result<Option<E::Item>, Error>> + Send + use<E> {
        self.0.first()
    }

    /// The last item, if there is one.
    ///
    /// # Errors
    ///
    /// As for every call.
    pub fn last(self) -> impl Future<Output = Result<Option<E::Item>, Error>> + Send + use<E> {
        self.0.last()
    }

    /// The one item that there is.
    ///
    /// # Errors
    ///
    /// A paging error that tells how many there are, unless there is one; else as for every call.
    pub fn only(self) -> impl Future<Output = Result<E::Item, Error>> + Send + use<E> {
        self.0.only()
    }

    /// How many items there are.
    ///
    /// # Errors
    ///
    /// As for every call.
    pub fn len(self) -> impl Future<Output = Result<u64, Error>> + Send + use<E> {
        self.0.len()
    }

    /// Asks for the first page again and again until it is as it should be: at once, then every 3 seconds, for 10
    /// minutes, unless told otherwise.
    pub fn poll_until(self, until: impl FnMut(&Page<E::Item>) -> bool + Send + 'static) -> Wait<Page<E::Item>> {
        self.0.poll_until(until)
    }
}

impl<E: Listing> IntoFuture for List<E> {
    type Output = Result<Page<E::Item>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}
