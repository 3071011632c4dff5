//! [`Call`]: an operation about to be called. Awaiting it gives the answer.
//!
//! ```
//! use linode_core::{Bytes, Call, Client, Endpoint, Request, http, operation};
//!
//! pub struct GetTags;
//! operation!(GetTags -> Vec<String>, GET "/tags");
//!
//! fn get_tags(client: &Client) -> Call<GetTags> {
//!     Call::new(Request::new(client, GetTags::OPERATION))
//! }
//!
//! # async fn run(client: Client) -> Result<(), linode_core::Error> {
//! let tags: Vec<String> = get_tags(&client).await?;
//! let answered = get_tags(&client).send().await?;
//! println!("{:?}, limit {:?}", answered.value(), answered.headers().get("X-RateLimit-Limit"));
//! # Ok(())
//! # }
//!
//! // Without any I/O, for tests and other transports:
//! let call = get_tags(&Client::new("s3cret")?);
//! assert_eq!(call.clone().into_http()?.uri().path(), "/v4/tags");
//! let answered = call.answer(http::Response::new(Bytes::from_static(br#"["web"]"#)))?;
//! assert_eq!(answered.into_value(), ["web"]);
//! # Ok::<(), linode_core::Error>(())
//! ```

use std::fmt::{self, Display};
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::time::Duration;

use bytes::Bytes;

use crate::answer::Answered;
use crate::error::Error;
use crate::operation::Endpoint;
use crate::request::Request;
use crate::retry::Retry;
use crate::token::BoxFuture;
use crate::value::Json;

/// A call of an operation. It owns what it needs.
///
/// ```
/// # use linode_core::{Call, Client, Endpoint, Request, operation};
/// # pub struct BootInstance;
/// # operation!(BootInstance -> (), POST "/linode/instances/{linodeId}/boot");
/// let client = Client::new("s3cret")?;
/// let call: Call<BootInstance> = Call::new(Request::new(&client, BootInstance::OPERATION).path(7));
/// let request = call.with("config_id", 3).version("v4beta").into_http()?;
/// assert_eq!(request.uri().path(), "/v4beta/linode/instances/7/boot");
/// # Ok::<(), linode_core::Error>(())
/// ```
#[must_use = "a call does nothing until it is awaited or sent"]
pub struct Call<E> {
    request: Request,
    of: PhantomData<fn() -> E>,
}

impl<E: Endpoint> Call<E> {
    /// A call that sends a request.
    ///
    /// ```
    /// # use linode_core::{Call, Client, Endpoint, Request, operation};
    /// # pub struct GetProfile;
    /// # operation!(GetProfile -> linode_core::Json, GET "/profile");
    /// let call = Call::<GetProfile>::new(Request::new(&Client::new("s3cret")?, GetProfile::OPERATION));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn new(request: Request) -> Self {
        Call {
            request,
            of: PhantomData,
        }
    }

    /// Sets a field of the body that the document lacks.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint};
    /// fn beta<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.with("beta", true)
    /// }
    /// ```
    pub fn with(self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.map(|request| request.with(name, value))
    }

    /// Adds a parameter to the query.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint};
    /// fn traced<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.query("trace", 1)
    /// }
    /// ```
    pub fn query(self, name: &str, value: impl Display) -> Self {
        self.map(|request| request.query(name, value))
    }

    /// Sets a header.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint};
    /// fn traced<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.header("X-Trace", "1")
    /// }
    /// ```
    pub fn header(self, name: &str, value: impl Display) -> Self {
        self.map(|request| request.header(name, value))
    }

    /// Says the version of the API for this call.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint};
    /// fn beta<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.version("v4beta")
    /// }
    /// ```
    pub fn version(self, version: impl Into<String>) -> Self {
        self.map(|request| request.version(version))
    }

    /// Says for this call how it is tried again.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint, Retry};
    /// fn once<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.retry(Retry::never())
    /// }
    /// ```
    pub fn retry(self, retry: Retry) -> Self {
        self.map(|request| request.retry(retry))
    }

    /// Says how long the call may take altogether, attempts and waits; `None` is for ever.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint};
    /// # use std::time::Duration;
    /// fn brief<E: Endpoint>(call: Call<E>) -> Call<E> {
    ///     call.timeout(Duration::from_secs(5))
    /// }
    /// ```
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.map(|request| request.timeout(timeout))
    }

    /// The request as it would be sent, without sending it.
    ///
    /// ```
    /// # use linode_core::{Call, Endpoint, Error};
    /// fn address<E: Endpoint>(call: Call<E>) -> Result<String, Error> {
    ///     Ok(call.into_http()?.uri().to_string())
    /// }
    /// ```
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        self.request.into_http()
    }

    /// Decodes an answer that another transport received.
    ///
    /// ```
    /// # use linode_core::{Bytes, Call, Endpoint, Error, http};
    /// fn answer<E: Endpoint>(call: &Call<E>, response: http::Response<Bytes>) -> Result<E::Answer, Error> {
    ///     Ok(call.answer(response)?.into_value())
    /// }
    /// ```
    pub fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<E::Answer>, Error> {
        self.request.received(response).decode()
    }

    /// Sends the call, and gives the answer with all that came with it.
    ///
    /// ```no_run
    /// # use linode_core::{Call, Endpoint, Error};
    /// # async fn run<E: Endpoint>(call: Call<E>) -> Result<(), Error> {
    /// let answered = call.send().await?;
    /// println!("{}", answered.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(self) -> impl Future<Output = Result<Answered<E::Answer>, Error>> + Send + use<E> {
        let sent = self.request.send();
        async move { sent.await?.decode() }
    }

    fn map(self, change: impl FnOnce(Request) -> Request) -> Self {
        Call::new(change(self.request))
    }
}

impl<E: Endpoint> IntoFuture for Call<E> {
    type Output = Result<E::Answer, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let sent = self.send();
        Box::pin(async move { Ok(sent.await?.into_value()) })
    }
}

impl<E> Clone for Call<E> {
    fn clone(&self) -> Self {
        Call {
            request: self.request.clone(),
            of: PhantomData,
        }
    }
}

impl<E> fmt::Debug for Call<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.request).finish()
    }
}
