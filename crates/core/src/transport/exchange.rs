//! One attempt: a request leaves, and an answer comes whole, or does not.

use std::error::Error as StdError;
use std::iter::successors;

use bytes::{Bytes, BytesMut};

use crate::client::Client;
use crate::content::{Content, Meter, Sending};
use crate::retry::Reach;
use crate::token::BoxError;
use crate::transport::Receive;

/// Bodies up to this size leave whole.
const WHOLE: usize = 64 * 1024;

/// Any error in a chain of causes.
type Cause = dyn StdError + 'static;

/// Why no whole answer came.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) reach: Reach,
    pub(super) timeout: bool,
    pub(super) source: BoxError,
}

impl Failure {
    pub(super) fn new(reach: Reach, source: impl Into<BoxError>) -> Self {
        Failure {
            reach,
            timeout: false,
            source: source.into(),
        }
    }

    pub(super) fn timeout(reach: Reach, source: impl Into<BoxError>) -> Self {
        Failure {
            timeout: true,
            ..Failure::new(reach, source)
        }
    }
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Failure {
            reach: reach(&error),
            timeout: error.is_timeout(),
            source: error.without_url().into(),
        }
    }
}

/// Sends a request once.
pub(super) async fn exchange(
    client: &Client,
    request: http::Request<Content>,
    receive: Receive,
    meter: &Meter,
) -> Result<(http::Response<Bytes>, Option<Box<reqwest::Response>>), Failure> {
    let http = client
        .http()
        .map_err(|problem| Failure::new(Reach::Untried, problem.to_string()))?;
    let (parts, content) = request.into_parts();
    let mut request = reqwest::Request::try_from(http::Request::from_parts(parts, Bytes::new()))?;
    let own = client.settings().own_http;
    *request.body_mut() = outgoing(&content, meter, own).await?;
    let address = request.url().clone();
    let executed = driven(own, http.execute(request));
    let mut response = executed.await?;
    if *response.url() != address {
        // Only a client that the user made follows redirects.
        let problem =
            "the HTTP client followed a redirect; build it with `redirect::Policy::none()`";
        return Err(Failure::new(Reach::Pointless, problem));
    }
    let mut received = http::Response::new(Bytes::new());
    *received.status_mut() = response.status();
    if receive == Receive::Pieces && response.status().is_success() {
        *received.headers_mut() = response.headers().clone();
        return Ok((received, Some(Box::new(response))));
    }
    *received.headers_mut() = std::mem::take(response.headers_mut());
    *received.body_mut() = body(response, client.settings().max_answer_bytes).await?;
    Ok((received, None))
}

/// Sends with connections that hold, whoever waits for them and how.
#[cfg(feature = "blocking")]
async fn driven<T>(own: bool, executed: impl Future<Output = T>) -> T {
    match own {
        true => crate::blocking::driven(executed).await,
        false => executed.await,
    }
}

#[cfg(not(feature = "blocking"))]
async fn driven<T>(_: bool, executed: impl Future<Output = T>) -> T {
    executed.await
}

/// The body of a request, unless it has none. A client that the user made may follow redirects, but takes nothing elsewhere that
/// it cannot read a second time: so none leaves whole.
async fn outgoing(
    content: &Content,
    meter: &Meter,
    own: bool,
) -> Result<Option<reqwest::Body>, Failure> {
    let most = if own { 0 } else { WHOLE };
    let whole = content.bytes().filter(|bytes| bytes.len() <= most);
    match whole.filter(|_| !content.is_heard()) {
        Some(bytes) => {
            meter.end();
            let some = Some(bytes).filter(|bytes| !bytes.is_empty());
            Ok(some.map(|bytes| bytes.clone().into()))
        }
        None => {
            let opened = content.open().await;
            let reading = opened.map_err(|problem| Failure::new(Reach::Untried, problem))?;
            let sending = Sending::new(reading, content.len(), meter.clone());
            Ok(Some(reqwest::Body::wrap(sending)))
        }
    }
}

/// The body, received piece by piece, so that what is too large is refused before it fills the memory.
async fn body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        if piece.len() > limit - body.len() {
            let problem = format!("the answer is larger than {limit} bytes");
            return Err(Failure::new(Reach::Pointless, problem));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// How far a request came.
fn reach(error: &reqwest::Error) -> Reach {
    if error.is_builder() || causes(error).any(is_lasting) {
        return Reach::Barred;
    }
    match error.is_connect() || causes(error).any(is_refusal) {
        true => Reach::Nowhere,
        false => Reach::Unknown,
    }
}

/// Whether the two sides will not agree on a connection, however often they try: a certificate that is not trusted, say.
fn is_lasting(error: &Cause) -> bool {
    use rustls::Error::{InvalidCertificate, NoApplicationProtocol, PeerIncompatible};
    matches!(
        error.downcast_ref(),
        Some(InvalidCertificate(_) | PeerIncompatible(_) | NoApplicationProtocol)
    )
}

/// Whether the request was never written, or the server says itself that it did not look at it.
fn is_refusal(error: &Cause) -> bool {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_canceled();
    }
    // The streams that a GOAWAY of the other side ends are those beyond the last that it took.
    error.downcast_ref::<h2::Error>().is_some_and(|error| {
        let refused = error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (error.is_go_away() || refused)
    })
}

/// An error and all that caused it.
fn causes(error: &Cause) -> impl Iterator<Item = &Cause> {
    successors(Some(error), |error| cause(*error))
}

fn cause(error: &Cause) -> Option<&Cause> {
    // What an I/O error was made from is no source of it.
    let io = error.downcast_ref::<std::io::Error>();
    match io.and_then(std::io::Error::get_ref) {
        Some(inner) => Some(inner),
        None => error.source(),
    }
}
