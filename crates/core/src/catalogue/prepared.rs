//! [`Prepared`]: a call of any operation, whose answer is JSON.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use crate::answer::Answered;
use crate::call::Call;
use crate::error::Error;
use crate::list::List;
use crate::operation::{Endpoint, Listing, Operation};
use crate::token::BoxFuture;
use crate::value::{Json, Value};
use crate::writer::json_of;

/// An answer that can be told as JSON.
///
/// ```
/// use linode_core::catalogue::Told;
///
/// assert_eq!(vec![1_i64].told(), linode_core::Json::from(vec![1]));
/// assert!(().told().is_null());
/// assert_eq!(linode_core::Bytes::from_static(b"abc").told(), "YWJj");
/// ```
pub trait Told {
    /// The answer as JSON: null for nothing, Base64 for bytes.
    fn told(&self) -> Json;
}

impl<T: Value> Told for T {
    fn told(&self) -> Json {
        json_of(self)
    }
}

impl Told for () {
    fn told(&self) -> Json {
        Json::Null
    }
}

impl Told for Bytes {
    fn told(&self) -> Json {
        STANDARD.encode(self).into()
    }
}

/// A call, or a list, of which one page is one call.
///
/// ```
/// use linode_core::{Call, catalogue::Callable};
///
/// fn call<T: Callable>(list: T) -> Call<T::Endpoint> {
///     list.into_call()
/// }
/// ```
pub trait Callable {
    /// The operation.
    type Endpoint: Endpoint;

    /// The call.
    fn into_call(self) -> Call<Self::Endpoint>;
}

impl<E: Endpoint> Callable for Call<E> {
    type Endpoint = E;

    fn into_call(self) -> Call<E> {
        self
    }
}

impl<E: Listing> Callable for List<E> {
    type Endpoint = E;

    fn into_call(self) -> Call<E> {
        Call::new(self.into_request())
    }
}

/// A call that is not sent yet, whatever its operation.
///
/// ```
/// # fn run(prepared: linode_core::catalogue::Prepared) -> Result<(), linode_core::Error> {
/// println!("{} takes no {:?}", prepared.operation(), prepared.unknown());
/// println!("{}", prepared.into_http()?.uri());
/// # Ok(())
/// # }
/// ```
pub struct Prepared {
    call: Box<dyn AnyCall>,
    problems: Vec<String>,
    unknown: Vec<String>,
}

impl Prepared {
    pub(super) fn new<E: Endpoint<Answer: Told>>(
        call: Call<E>,
        problems: Vec<String>,
        unknown: Vec<String>,
    ) -> Self {
        Prepared {
            call: Box::new(call),
            problems,
            unknown,
        }
    }

    /// Refuses what cannot be sent.
    pub(super) fn checked(mut self) -> Result<Self, Error> {
        match std::mem::take(&mut self.problems) {
            problems if problems.is_empty() => Ok(self),
            problems => Err(Error::input(Some(self.operation()), problems)),
        }
    }

    /// Refuses what is unknown.
    pub(super) fn known(self) -> Result<Self, Error> {
        let unknown = self.unknown.iter();
        let problems: Vec<String> = unknown
            .map(|path| format!("{path} is unknown; what the document lacks goes into `extra`"))
            .collect();
        match problems.is_empty() {
            true => Ok(self),
            false => Err(Error::input(Some(self.operation()), problems)),
        }
    }

    /// The operation.
    ///
    /// ```
    /// fn path(prepared: &linode_core::catalogue::Prepared) -> &'static str {
    ///     prepared.operation().path
    /// }
    /// ```
    pub fn operation(&self) -> &'static Operation {
        self.call.operation()
    }

    /// The fields of the body, query parameters and filters that the document does not know, each with its path in the input.
    ///
    /// ```
    /// fn is_documented(prepared: &linode_core::catalogue::Prepared) -> bool {
    ///     prepared.unknown().is_empty()
    /// }
    /// ```
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// The request as it would be sent, without sending it.
    ///
    /// # Errors
    ///
    /// An input error that names what is missing.
    ///
    /// ```
    /// # fn run(prepared: linode_core::catalogue::Prepared) -> Result<(), linode_core::Error> {
    /// let request = prepared.into_http()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        self.call.into_http()
    }

    /// Decodes an answer that another transport received.
    ///
    /// # Errors
    ///
    /// The API's reasons if the status is no success; a decode error if the body is not as described.
    ///
    /// ```
    /// # use linode_core::{Bytes, Error, Json, catalogue::Prepared, http};
    /// fn answer(prepared: &Prepared, response: http::Response<Bytes>) -> Result<Json, Error> {
    ///     Ok(prepared.answer(response)?.into_value())
    /// }
    /// ```
    pub fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<Json>, Error> {
        self.call.answer(response)
    }

    /// Sends it.
    ///
    /// # Errors
    ///
    /// As for every call.
    ///
    /// ```
    /// # async fn run(prepared: linode_core::catalogue::Prepared) -> Result<(), linode_core::Error> {
    /// println!("{}", prepared.send().await?.value());
    /// # Ok(())
    /// # }
    /// ```
    pub fn send(self) -> BoxFuture<'static, Result<Answered<Json>, Error>> {
        self.call.send()
    }
}

impl fmt::Debug for Prepared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prepared")
            .field("operation", &self.operation().to_string())
            .field("unknown", &self.unknown)
            .finish_non_exhaustive()
    }
}

/// A call without its type.
trait AnyCall: Send {
    fn operation(&self) -> &'static Operation;
    fn into_http(self: Box<Self>) -> Result<http::Request<Bytes>, Error>;
    fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<Json>, Error>;
    fn send(self: Box<Self>) -> BoxFuture<'static, Result<Answered<Json>, Error>>;
}

impl<E: Endpoint<Answer: Told>> AnyCall for Call<E> {
    fn operation(&self) -> &'static Operation {
        E::OPERATION
    }

    fn into_http(self: Box<Self>) -> Result<http::Request<Bytes>, Error> {
        Call::into_http(*self)
    }

    fn answer(&self, response: http::Response<Bytes>) -> Result<Answered<Json>, Error> {
        Ok(Call::answer(self, response)?.map(|answer| answer.told()))
    }

    fn send(self: Box<Self>) -> BoxFuture<'static, Result<Answered<Json>, Error>> {
        let sent = Call::send(*self);
        Box::pin(async move { Ok(sent.await?.map(|answer| answer.told())) })
    }
}
