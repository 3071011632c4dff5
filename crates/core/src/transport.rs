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

mod exchange;
mod persist;

use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use tokio::time::{Instant, timeout_at};

use crate::client::Client;
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::retry::{Reach, Retry};
use crate::token::{BoxError, bearer};
use crate::value::Secret;
use exchange::{Failure, exchange};
use persist::{Ended, persist};

/// What a call says otherwise than its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patience {
    pub(crate) retry: Option<Retry>,
    pub(crate) timeout: Option<Option<Duration>>,
}

/// Sends a request, again where the client's [`Retry`] says so, and receives the whole answer, whatever its status:
/// within the time and the size that the client allows. Dropping the future ends it at once, also while it waits.
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
    send_with(client, operation, request, &Patience::default()).await
}

/// As [`send`], with what one call says otherwise.
pub(crate) async fn send_with(
    client: &Client,
    operation: &'static Operation,
    request: http::Request<Bytes>,
    patience: &Patience,
) -> Result<Response, Error> {
    let settings = client.settings();
    let timeout = patience.timeout.unwrap_or(settings.timeout);
    let sending = Sending {
        client,
        operation,
        deadline: timeout.and_then(|timeout| Instant::now().checked_add(timeout)),
        attempt_timeout: settings.attempt_timeout,
    };
    let retry = patience.retry.as_ref().unwrap_or(&settings.retry);
    let method = request.method().clone();
    persist(retry, &method, sending.deadline, &mut |_| {
        Box::pin(sending.attempt(request.clone()))
    })
    .await
}

/// A call under way.
struct Sending<'a> {
    client: &'a Client,
    operation: &'static Operation,
    /// When the whole call has to be over.
    deadline: Option<Instant>,
    attempt_timeout: Option<Duration>,
}

impl Sending<'_> {
    /// One attempt: with a token, if there is a source of them, and with another if that one is refused.
    async fn attempt(&self, mut request: http::Request<Bytes>) -> Result<Ended, Error> {
        let source = self.client.settings().authorization.source();
        let source = source.filter(|_| !request.headers().contains_key(AUTHORIZATION));
        let Some(source) = source else {
            return Ok(self.exchange(request).await);
        };
        let token = self.in_time(source.token()).await?;
        self.authorize(&mut request, &token)?;
        let ended = self.exchange(request.clone()).await;
        if !ended.is_unauthorized() {
            return Ok(ended);
        }
        let Some(token) = self.in_time(source.renew(&token)).await? else {
            return Ok(ended);
        };
        self.authorize(&mut request, &token)?;
        Ok(self.exchange(request).await)
    }

    /// What a source of tokens gives.
    async fn in_time<T>(
        &self,
        given: impl Future<Output = Result<T, BoxError>>,
    ) -> Result<T, Error> {
        match within(self.deadline, given).await {
            Some(given) => given.map_err(|error| Error::token(self.operation, false, error)),
            None => Err(Error::token(
                self.operation,
                true,
                "none came in time".into(),
            )),
        }
    }

    fn authorize(&self, request: &mut http::Request<Bytes>, token: &Secret) -> Result<(), Error> {
        let header =
            bearer(token).map_err(|problem| Error::token(self.operation, false, problem.into()))?;
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(())
    }

    async fn exchange(&self, request: http::Request<Bytes>) -> Ended {
        let authorized = request.headers().contains_key(AUTHORIZATION);
        let own = self
            .attempt_timeout
            .and_then(|timeout| Instant::now().checked_add(timeout));
        let end = [own, self.deadline].into_iter().flatten().min();
        let begun = Instant::now();
        match within(end, exchange(self.client, request)).await {
            Some(Ok(response)) => {
                let mut response = Response::new(self.operation, response);
                response.authorized = authorized;
                Ended::Answered(response)
            }
            Some(Err(failure)) => Ended::Without(self.operation, failure),
            None => {
                let problem = format!("no whole answer within {:.1?}", begun.elapsed());
                Ended::Without(self.operation, Failure::timeout(Reach::Unknown, problem))
            }
        }
    }
}

/// What a future gives, unless the time is over first.
async fn within<T>(end: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => timeout_at(end, future).await.ok(),
        None => Some(future.await),
    }
}
