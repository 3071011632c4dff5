//! [`Answer`] and [`Answered`]: what a successful call gives.
//!
//! ```
//! use linode_core::{Answered, Bytes, Endpoint, Response, http, operation};
//!
//! pub struct GetTags;
//! operation!(GetTags -> Vec<String>, GET "/tags");
//!
//! let response = http::Response::new(Bytes::from_static(br#"["web"]"#));
//! let answered: Answered<Vec<String>> = Response::new(GetTags::OPERATION, response).decode()?;
//! assert_eq!(*answered.value(), ["web"]);
//! # Ok::<(), linode_core::Error>(())
//! ```

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::fault::{Fault, Repair};
use crate::limit::RateLimit;
use crate::reader::Reader;
use crate::record::Shape;
use crate::response::Response;
use crate::value::{Json, Value};
use crate::writer::masked;

/// What an operation answers: a [`Value`] as JSON, `Option` of one where the body may be empty, [`Bytes`] as
/// they are, or `()` whatever the body is.
///
/// ```
/// fn is_answer<A: linode_core::Answer>() {}
/// is_answer::<linode_core::Json>();
/// is_answer::<linode_core::Bytes>();
/// is_answer::<()>();
/// ```
pub trait Answer: Sized + Send + Sync + 'static {
    /// Decodes the body of a response, and tells the repairs that it took; where `strict`, a repair is a fault.
    fn decode(body: &Bytes, strict: bool) -> Result<(Self, Vec<Repair>), Fault>;

    /// The answer as a log may show it: without secrets. Nothing, unless said otherwise.
    ///
    /// ```
    /// use linode_core::{Answer, Secret};
    ///
    /// assert_eq!(vec![Secret::from("s3cret")].shown(), r#"["[redacted]"]"#);
    /// ```
    fn shown(&self) -> String {
        String::new()
    }
}

impl<T: Value> Answer for T {
    fn shown(&self) -> String {
        masked(self)
    }

    fn decode(body: &Bytes, strict: bool) -> Result<(Self, Vec<Repair>), Fault> {
        let mut value = T::empty();
        if value.optional() && body.trim_ascii().is_empty() {
            return Ok((value, Vec::new()));
        }
        let repairs = fill(&mut value, body, strict)?;
        Ok((value, repairs))
    }
}

impl Answer for Bytes {
    fn shown(&self) -> String {
        format!("{} bytes", self.len())
    }

    fn decode(body: &Bytes, _: bool) -> Result<(Self, Vec<Repair>), Fault> {
        Ok((body.clone(), Vec::new()))
    }
}

impl Answer for () {
    fn decode(_: &Bytes, _: bool) -> Result<(Self, Vec<Repair>), Fault> {
        Ok(((), Vec::new()))
    }
}

fn fill(value: &mut dyn Value, body: &[u8], strict: bool) -> Result<Vec<Repair>, Fault> {
    let mut reader = match strict {
        true => Reader::strict(body),
        false => Reader::new(body),
    };
    value.read(&mut reader)?;
    reader.finish()?;
    Ok(reader.into_repairs())
}

/// A decoded answer, with all that came with it.
///
/// ```
/// # use linode_core::{Answered, Bytes, Endpoint, Response, http, operation};
/// # pub struct GetTags;
/// # operation!(GetTags -> Vec<i64>, GET "/sizes");
/// # let response = http::Response::new(Bytes::from_static(b"[10.0]"));
/// let answered: Answered<Vec<i64>> = Response::new(GetTags::OPERATION, response).decode()?;
/// assert_eq!(answered.status(), 200);
/// assert_eq!(answered.repairs()[0].path, "$[0]");
/// assert_eq!(answered.into_value(), [10]);
/// # Ok::<(), linode_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Answered<T> {
    value: T,
    response: Response,
    repairs: Vec<Repair>,
}

impl<T> Answered<T> {
    pub(crate) fn new(value: T, response: Response, repairs: Vec<Repair>) -> Self {
        Answered {
            value,
            response,
            repairs,
        }
    }

    /// What was asked for.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn first(answered: &Answered<Vec<i64>>) -> Option<&i64> {
    ///     answered.value().first()
    /// }
    /// ```
    pub fn value(&self) -> &T {
        &self.value
    }

    pub(crate) fn value_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// The answer with another value made of the one that it has.
    #[cfg(feature = "catalogue")]
    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Answered<U> {
        Answered {
            value: change(self.value),
            response: self.response,
            repairs: self.repairs,
        }
    }

    /// What was asked for.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn all(answered: Answered<Vec<i64>>) -> Vec<i64> {
    ///     answered.into_value()
    /// }
    /// ```
    pub fn into_value(self) -> T {
        self.value
    }

    /// The status: 200, or another that means success.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn accepted<T>(answered: &Answered<T>) -> bool {
    ///     answered.status() == 202
    /// }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// What the answer says about the limit of its operation.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn left<T>(answered: &Answered<T>) -> Option<u64> {
    ///     answered.rate_limit().remaining
    /// }
    /// ```
    pub fn rate_limit(&self) -> RateLimit {
        self.response.rate_limit()
    }

    /// How often the request was sent until this answer came.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn smooth<T>(answered: &Answered<T>) -> bool {
    ///     answered.attempts() == 1
    /// }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.response.attempts()
    }

    /// The headers, such as `X-Spec-Version`.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn release<T>(answered: &Answered<T>) -> Option<&str> {
    ///     answered.headers().get("X-Spec-Version")?.to_str().ok()
    /// }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The body as it came.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn size<T>(answered: &Answered<T>) -> usize {
    ///     answered.body().len()
    /// }
    /// ```
    pub fn body(&self) -> &Bytes {
        self.response.body()
    }

    /// The values that came in another form than described; with [`ClientBuilder::strict`](crate::ClientBuilder::strict)
    /// they are an error.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn as_described<T>(answered: &Answered<T>) -> bool {
    ///     answered.repairs().is_empty()
    /// }
    /// ```
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// The warnings in the body: what was done only in part.
    ///
    /// ```
    /// # use linode_core::Answered;
    /// fn print<T>(answered: &Answered<T>) {
    ///     for warning in answered.warnings() {
    ///         eprintln!("{warning}");
    ///     }
    /// }
    /// ```
    pub fn warnings(&self) -> Vec<Warning> {
        static SHAPE: Shape = Shape::new("Answer", &["warnings"]);
        let mut warnings: Option<Vec<Json>> = None;
        // A body that is no object has no warnings.
        let read = Reader::new(self.body()).fields(&SHAPE, &mut [&mut warnings], None);
        let warnings = warnings.filter(|_| read.is_ok()).unwrap_or_default();
        warnings.iter().map(Warning::of).collect()
    }
}

impl<T: fmt::Debug> fmt::Debug for Answered<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answered")
            .field("status", &self.status())
            .field("value", &self.value)
            .field("repairs", &self.repairs)
            .finish_non_exhaustive()
    }
}

/// What the API warns of, beside a successful answer.
///
/// ```
/// fn shown(warning: &linode_core::Warning) -> String {
///     format!("{} ({})", warning.title, warning.detail)
/// }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// What happened.
    pub title: String,
    /// What it means, and what to do.
    pub detail: String,
}

impl Warning {
    fn of(json: &Json) -> Self {
        let text = |key: &str| {
            json.get(key)
                .and_then(Json::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        match json {
            Json::String(title) => Warning {
                title: title.clone(),
                detail: String::new(),
            },
            _ => Warning {
                title: text("title"),
                detail: text("detail"),
            },
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.title.is_empty(), self.detail.is_empty()) {
            (false, false) => write!(f, "{}: {}", self.title, self.detail),
            _ => write!(f, "{}{}", self.title, self.detail),
        }
    }
}
