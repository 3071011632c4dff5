use std::fmt::Display;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use linode_core::{Answered, Bytes, Endpoint, Error, Json, Operation, Request, Retry, Wait, http};

use crate::{Grant, Scope};

/// One call of an operation: a value that sends nothing until it is awaited or sent.
///
/// It owns what it needs, and a clone of the client with it. What is wrong with its input comes out when it is sent,
/// before anything leaves.
#[derive(Clone, Debug)]
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<E>(pub(crate) linode_core::Call<E>);

impl<E: Endpoint> Call<E> {
    pub(crate) fn new(request: Request) -> Self {
        Self(linode_core::Call::new(request))
    }

    /// Sends a field that the document lacks with the JSON body.
    pub fn with(self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        Self(self.0.with(name, value))
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

    /// How this call is tried again, whatever the client says.
    pub fn retry(self, retry: Retry) -> Self {
        Self(self.0.retry(retry))
    }

    /// How long this call may take altogether, attempts and waits; `None` is for ever.
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

    /// The request as it would be sent, without sending it.
    ///
    /// # Errors
    ///
    /// An input error that names everything that is missing or cannot be sent.
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        self.0.into_http()
    }

    /// What this call makes of a response that another transport got.
    ///
    /// # Errors
    ///
    /// The API's reasons if the status is no success; a decode error if the body is not as described.
    pub fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<E::Answer>, Error> {
        self.0.answer(response)
    }

    /// Sends it and keeps what came with the answer: status, headers, raw body, warnings.
    ///
    /// # Errors
    ///
    /// Input, transport, the API's reasons, or a body that is not as described; see [`Error`].
    pub fn send(self) -> impl Future<Output = Result<Answered<E::Answer>, Error>> + Send + use<E> {
        self.0.send()
    }

    /// Asks again and again until the answer is as it should be: at once, then every 3 seconds, for 10 minutes, unless
    /// told otherwise. The call must be a GET.
    pub fn poll_until(self, until: impl FnMut(&E::Answer) -> bool + Send + 'static) -> Wait<E::Answer> {
        self.0.poll_until(until)
    }

    /// Asks again and again until there is no such thing. The call must be a GET.
    pub fn poll_until_gone(self) -> Wait<()> {
        self.0.poll_until_gone()
    }
}

impl<E: Endpoint> IntoFuture for Call<E> {
    type Output = Result<E::Answer, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}
