//! The one function through which requests leave: [`send`].
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use linode_core::{Client, Operation, Request, http, transport};
//!
//! static REGIONS: Operation = Operation::new(http::Method::GET, "/regions").public();
//! let client = Client::from_env()?;
//! let request = Request::new(&client, &REGIONS).into_http()?;
//! let response = transport::send(&client, &REGIONS, request).await?;
//! println!("{}", response.status());
//! # Ok(())
//! # }
//! ```

use bytes::{Bytes, BytesMut};

use crate::client::Client;
use crate::error::{Error, TransportError};
use crate::operation::Operation;
use crate::response::Response;

/// Sends a request, and receives the whole answer, whatever its status: within the time and the size that
/// the client allows.
///
/// ```no_run
/// # async fn run(client: linode_core::Client, request: linode_core::http::Request<linode_core::Bytes>) -> Result<(), linode_core::Error> {
/// # use linode_core::{Operation, http, transport};
/// static TAGS: Operation = Operation::new(http::Method::GET, "/tags");
/// let response = transport::send(&client, &TAGS, request).await?;
/// println!("{} bytes", response.body().len());
/// # Ok(())
/// # }
/// ```
pub async fn send(
    client: &Client,
    operation: &'static Operation,
    request: http::Request<Bytes>,
) -> Result<Response, Error> {
    exchange(client, request)
        .await
        .map(|response| Response::new(operation, response))
        .map_err(|failure| {
            let Failure { timeout, source } = failure;
            Error::Transport(Box::new(TransportError {
                operation,
                timeout,
                source,
            }))
        })
}

/// An error of the transport before the operation is added to it.
struct Failure {
    timeout: bool,
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Failure {
            timeout: error.is_timeout(),
            source: error.without_url().into(),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure {
            timeout: false,
            source: message.into(),
        }
    }
}

async fn exchange(
    client: &Client,
    request: http::Request<Bytes>,
) -> Result<http::Response<Bytes>, Failure> {
    let http = client.http().map_err(|problem| problem.to_string())?;
    let empty = request.body().is_empty();
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = client.settings().timeout;
    if empty {
        *request.body_mut() = None;
    }
    let mut response = http.execute(request).await?;
    let mut received = http::Response::new(Bytes::new());
    *received.status_mut() = response.status();
    *received.headers_mut() = std::mem::take(response.headers_mut());
    *received.body_mut() = body(response, client.settings().max_answer_bytes).await?;
    Ok(received)
}

/// The body, received piece by piece, so that what is too large is refused before it fills the memory.
async fn body(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Failure> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        if piece.len() > limit - body.len() {
            return Err(Failure::from(format!(
                "the answer is larger than {limit} bytes"
            )));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
