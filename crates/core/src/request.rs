//! [`Request`]: a call as data, before it is sent.
//!
//! Problems are kept until then, so that the setters chain; they come out together.
//!
//! ```
//! use linode_core::{Client, Operation, Request, http};
//!
//! static DISK: Operation = Operation::new(http::Method::GET, "/linode/instances/{linodeId}/disks/{diskId}");
//! let client = Client::new("s3cret")?;
//!
//! let request = Request::new(&client, &DISK).path(7).path(42).query("expand", "yes").into_http()?;
//! assert_eq!(request.uri(), "https://api.linode.com/v4/linode/instances/7/disks/42?expand=yes");
//!
//! let error = Request::new(&client, &DISK).path("..").header("X-A", "a\nb").into_http().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "GET /linode/instances/{linodeId}/disks/{diskId} was not sent: `..` can be no linodeId; \
//!      the value of header `X-A` is no text for a header; diskId is missing"
//! );
//! # Ok::<(), linode_core::Error>(())
//! ```

mod assemble;

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::body::Body;
use crate::client::Client;
use crate::content::Content;
use crate::download::Download;
use crate::encode::segment;
use crate::error::Error;
use crate::multipart::Multipart;
use crate::operation::Operation;
use crate::response::Response;
use crate::retry::Retry;
use crate::see;
use crate::transport::{Outgoing, Patience, Receive, Received};
use crate::value::{Json, Value};
use crate::writer::masked;

/// A request to an operation. It owns what it needs, and may be sent more than once by cloning it.
///
/// ```
/// use linode_core::{Client, Operation, Request, http};
///
/// static BOOT: Operation = Operation::new(http::Method::POST, "/linode/instances/{linodeId}/boot");
/// let client = Client::new("s3cret")?;
/// let request = Request::new(&client, &BOOT).path(7).with("config_id", 3).into_http()?;
/// assert_eq!(request.body(), r#"{"config_id":3}"#);
/// assert_eq!(request.headers()["content-type"], "application/json");
/// # Ok::<(), linode_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Request {
    client: Client,
    operation: &'static Operation,
    /// The parameters of the path, encoded.
    path: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    payload: Payload,
    /// Fields that the document lacks.
    extra: Body,
    version: Option<String>,
    patience: Patience,
    problems: Vec<String>,
}

/// Headers whose values no `Debug` and no log shows.
const SENSITIVE: [HeaderName; 3] = [
    http::header::AUTHORIZATION,
    http::header::COOKIE,
    http::header::PROXY_AUTHORIZATION,
];

/// Headers that say how a request travels: that is up to the connection, and another word of it could cut a body in two.
const FRAMING: [&str; 10] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What goes into the body.
#[derive(Clone, Debug)]
enum Payload {
    Nothing,
    Json(Arc<dyn Value>),
    Content(String, Content),
    Form(Multipart),
}

impl Request {
    /// A request with nothing set.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).into_http()?;
    /// assert_eq!(request.headers()["authorization"], "Bearer s3cret");
    /// assert!(request.body().is_empty());
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Request {
            client: client.clone(),
            operation,
            path: Vec::new(),
            query: Vec::new(),
            headers: HeaderMap::new(),
            payload: Payload::Nothing,
            extra: Body::default(),
            version: None,
            patience: Patience::default(),
            problems: Vec::new(),
        }
    }

    /// What is asked.
    ///
    /// ```
    /// fn path(request: &linode_core::Request) -> &'static str {
    ///     request.operation().path
    /// }
    /// ```
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Gives the next parameter of the path, which travels as one segment whatever is in it.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// static IMAGE: Operation = Operation::new(http::Method::GET, "/images/{imageId}");
    /// let request = Request::new(&Client::new("s3cret")?, &IMAGE).path("linode/debian12").into_http()?;
    /// assert_eq!(request.uri().path(), "/v4/images/linode%2Fdebian12");
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn path(mut self, value: impl Display) -> Self {
        let text = value.to_string();
        let encoded = segment(&text).unwrap_or_else(|| {
            let name = assemble::parameters(self.operation.path).nth(self.path.len());
            self.problems.push(format!(
                "`{text}` can be no {}",
                name.unwrap_or("part of the path")
            ));
            String::new()
        });
        self.path.push(encoded);
        self
    }

    /// Adds a parameter to the query.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).query("a b", "c&d").into_http()?;
    /// assert_eq!(request.uri().query(), Some("a%20b=c%26d"));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    pub(crate) fn has_query(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| known == name)
    }

    /// Sets a header. One that says how the request travels, such as `Content-Length` or `Host`, is a problem: that is not up to
    /// a call.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).header("X-Trace", 7).into_http()?;
    /// assert_eq!(request.headers()["x-trace"], "7");
    ///
    /// let error = Request::new(&Client::new("s3cret")?, &TAGS).header("Host", "elsewhere").into_http().unwrap_err();
    /// assert_eq!(error.to_string(), "GET /tags was not sent: header `Host` is not up to a call");
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&value.to_string()),
        ) {
            (Ok(known), _) if FRAMING.contains(&known.as_str()) => self
                .problems
                .push(format!("header `{name}` is not up to a call")),
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(SENSITIVE.contains(&name));
                self.headers.insert(name, value);
            }
            (Err(_), _) => self
                .problems
                .push(format!("{name:?} is no name of a header")),
            (Ok(_), Err(_)) => self.problems.push(format!(
                "the value of header `{name}` is no text for a header"
            )),
        }
        self
    }

    /// Sets the body, as JSON.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// static TAGS: Operation = Operation::new(http::Method::POST, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).body(vec!["web".to_owned()]).into_http()?;
    /// assert_eq!(request.body(), r#"["web"]"#);
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn body(mut self, value: impl Value) -> Self {
        self.payload = Payload::Json(Arc::new(value));
        self
    }

    /// Sets the body, as JSON, unless nothing is set in it: then none is sent.
    ///
    /// ```
    /// # use linode_core::{Body, Client, Operation, Request, http};
    /// static BOOT: Operation = Operation::new(http::Method::POST, "/boot");
    /// let request = Request::new(&Client::new("s3cret")?, &BOOT).optional_body(Body::default()).into_http()?;
    /// assert!(request.body().is_empty());
    /// assert!(!request.headers().contains_key("content-type"));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn optional_body(self, value: impl Value) -> Self {
        match value.blank() {
            true => self,
            false => self.body(value),
        }
    }

    /// Sets the body, as content of a media type: bytes, a file, or a stream.
    ///
    /// ```
    /// # use linode_core::{Bytes, Client, Operation, Request, http};
    /// static PICTURE: Operation = Operation::new(http::Method::PUT, "/thumbnail").sends("image/png");
    /// let request = Request::new(&Client::new("s3cret")?, &PICTURE).content("image/png", vec![1, 2]).into_http()?;
    /// assert_eq!(request.headers()["content-type"], "image/png");
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn content(mut self, content_type: impl Into<String>, content: impl Into<Content>) -> Self {
        self.payload = Payload::Content(content_type.into(), content.into());
        self
    }

    /// Sets the body, as fields and files.
    ///
    /// ```
    /// # use linode_core::{Client, Multipart, Operation, Request, http};
    /// static FILE: Operation = Operation::new(http::Method::POST, "/attachments");
    /// let form = Multipart::new().file("file", "a.txt", "text/plain", "all well");
    /// let request = Request::new(&Client::new("s3cret")?, &FILE).multipart(form).into_http()?;
    /// assert!(request.body().ends_with(b"--\r\n"));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn multipart(mut self, form: Multipart) -> Self {
        self.payload = Payload::Form(form);
        self
    }

    /// Sets a field of the body that the document lacks; one of the same name is replaced. In a form it is one more part, with
    /// the text of a string and the JSON of anything else.
    ///
    /// ```
    /// # use linode_core::{Body, Client, Operation, Request, http};
    /// static BOOT: Operation = Operation::new(http::Method::POST, "/boot");
    /// let mut body = Body::default();
    /// body.with("a".to_owned(), 1.into());
    /// let request = Request::new(&Client::new("s3cret")?, &BOOT).body(body).with("b", true).into_http()?;
    /// assert_eq!(request.body(), r#"{"a":1,"b":true}"#);
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Json>) -> Self {
        self.extra.with(name.into(), value.into());
        self
    }

    /// Says the version of the API for this request.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).version("v4beta").into_http()?;
    /// assert_eq!(request.uri().path(), "/v4beta/tags");
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Says for this request how it is tried again.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, Retry, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).retry(Retry::never());
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.patience.retry = Some(retry);
        self
    }

    /// Says for this request how long it may take altogether, attempts and waits; `None` is for ever.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// # use std::time::Duration;
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).timeout(Duration::from_secs(5));
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.patience.timeout = Some(timeout.into());
        self
    }

    /// Keeps a problem that someone else found.
    pub(crate) fn problem(&mut self, problem: String) {
        self.problems.push(problem);
    }

    /// The request as it would be sent, without sending it: for tests and other transports. A file or a stream in its
    /// body is an error: it has no bytes before it is sent.
    ///
    /// ```
    /// # use linode_core::{Client, Operation, Request, http};
    /// # static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
    /// let request = Request::new(&Client::new("s3cret")?, &TAGS).into_http()?;
    /// assert_eq!(request.uri(), "https://api.linode.com/v4/tags");
    /// assert_eq!(request.headers()["accept"], "application/json");
    /// # Ok::<(), linode_core::Error>(())
    /// ```
    pub fn into_http(self) -> Result<http::Request<Bytes>, Error> {
        let operation = self.operation;
        let (parts, content) = assemble::assemble(self)?.into_parts();
        let bytes = content.bytes().cloned();
        let bytes = bytes.ok_or_else(|| {
            let problem = "its body is a file or a stream, which has no bytes before it is sent";
            Error::input(Some(operation), vec![problem.to_owned()])
        })?;
        Ok(http::Request::from_parts(parts, bytes))
    }

    /// Sends the request. An answer that is no success is an error.
    ///
    /// ```no_run
    /// # async fn run(request: linode_core::Request) -> Result<(), linode_core::Error> {
    /// let response = request.send().await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send(self) -> Result<Response, Error> {
        let strict = self.client.settings().strict;
        let (response, _) = self.exchange(Receive::Whole).await?;
        response.strict(strict).success()
    }

    /// Sends the request, and receives the answer as it comes. One that is no success is an error.
    ///
    /// ```no_run
    /// # async fn run(request: linode_core::Request) -> Result<(), linode_core::Error> {
    /// let mut download = request.download().await?;
    /// while let Some(piece) = download.try_next().await? {
    ///     println!("{} bytes", piece.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn download(self) -> Result<Download, Error> {
        let client = self.client.clone();
        let (response, rest) = self.exchange(Receive::Pieces).await?;
        let settings = client.settings();
        let (most, stall) = (settings.max_answer_bytes, settings.attempt_timeout);
        Ok(Download::new(response.success()?, rest, most, stall))
    }

    async fn exchange(self, receive: Receive) -> Result<Received, Error> {
        let (client, operation) = (self.client.clone(), self.operation);
        let patience = self.patience.clone();
        let shown = see::body(&self);
        let request = assemble::assemble(self)?;
        let call = Outgoing {
            client: &client,
            operation,
            request,
            patience: &patience,
            receive,
            anonymous: false,
        };
        see::call(operation, shown, call.send()).await
    }

    /// The body as a log may show it: its secrets are masked, and so is what the document does not describe.
    pub(crate) fn masked(&self) -> String {
        let extra = || masked(&self.extra);
        match &self.payload {
            Payload::Nothing if self.extra.is_empty() => String::new(),
            Payload::Nothing => extra(),
            Payload::Json(value) if self.extra.is_empty() => masked(&**value),
            Payload::Json(value) => format!("{} with {}", masked(&**value), extra()),
            Payload::Form(form) => format!("{form:?} with {}", extra()),
            Payload::Content(media_type, content) => format!("{media_type}: {content:?}"),
        }
    }

    /// A response to this request that another transport received.
    pub(crate) fn received(&self, response: http::Response<Bytes>) -> Response {
        Response::new(self.operation, response).strict(self.client.settings().strict)
    }
}
