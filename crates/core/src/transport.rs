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

use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::AUTHORIZATION;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument;

use crate::client::Client;
use crate::content::{Content, Meter};
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::retry::{Reach, Retry};
use crate::see;
use crate::token::{BoxError, TokenSource, bearer};
use crate::value::Secret;
use exchange::{Failure, exchange};
use persist::{Ended, persist};

/// What a call says otherwise than its client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patience {
    pub(crate) retry: Option<Retry>,
    pub(crate) timeout: Option<Option<Duration>>,
    /// How long the answer may take once the whole body is sent, where that is another time than that of an attempt. Who
    /// gives it does not want the body to be sent again because the answer is late.
    pub(crate) answer: Option<Option<Duration>>,
}

/// How the body of a successful answer is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Receive {
    /// Whole, with the answer.
    Whole,
    /// By the caller.
    Pieces,
}

/// An answer, and its body if that is still to be received.
pub(crate) type Received = (Response, Option<Box<reqwest::Response>>);

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
    let call = Outgoing {
        client,
        operation,
        request: request.map(Content::from),
        patience: &Patience::default(),
        receive: Receive::Whole,
        anonymous: false,
    };
    Ok(see::call(operation, None, call.send()).await?.0)
}

/// A request that is about to leave.
pub(crate) struct Outgoing<'a> {
    pub(crate) client: &'a Client,
    pub(crate) operation: &'static Operation,
    pub(crate) request: http::Request<Content>,
    pub(crate) patience: &'a Patience,
    pub(crate) receive: Receive,
    /// Whether it goes elsewhere than to the API: no token goes with it.
    pub(crate) anonymous: bool,
}

impl Outgoing<'_> {
    pub(crate) async fn send(&self) -> Result<Received, Error> {
        let settings = self.client.settings();
        let timeout = self.patience.timeout.unwrap_or(settings.timeout);
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let sending = Sending {
            call: self,
            deadline,
        };
        let retry = self.patience.retry.as_ref().unwrap_or(&settings.retry);
        persist(retry, &self.request, deadline, &mut |number| {
            Box::pin(sending.watched(number))
        })
        .await
    }
}

/// A call under way.
struct Sending<'a> {
    call: &'a Outgoing<'a>,
    /// When the whole call has to be over.
    deadline: Option<Instant>,
}

impl Sending<'_> {
    /// One attempt, in a span of its own.
    async fn watched(&self, number: u32) -> Result<Ended, Error> {
        let (span, begun) = (see::attempt(number), std::time::Instant::now());
        let ended = self.attempt().instrument(span.clone()).await;
        let response = ended.as_ref().ok().and_then(Ended::response);
        see::attempted(&span, response, begun);
        ended
    }

    /// One attempt: with a token, if there is a source of them, and with another if that one is refused.
    async fn attempt(&self) -> Result<Ended, Error> {
        let mut request = self.call.request.clone();
        let source = self.call.client.settings().authorization.source();
        let own = self.call.anonymous || request.headers().contains_key(AUTHORIZATION);
        let Some(source) = source.filter(|_| !own) else {
            return Ok(self.exchange(request).await);
        };
        let token = self.in_time(source.token()).await?;
        self.authorize(&mut request, &token)?;
        let ended = self.exchange(request.clone()).await;
        if !ended.is_unauthorized() || request.body().is_spent() {
            return Ok(ended);
        }
        match self.renew(source, &mut request, &token).await {
            Ok(true) => Ok(self.exchange(request).await),
            Ok(false) => Ok(ended),
            Err(error) => Ok(ended.not_renewed(error)),
        }
    }

    /// Puts another token into a request in place of one that was refused, if the source has another.
    async fn renew(
        &self,
        source: &dyn TokenSource,
        request: &mut http::Request<Content>,
        refused: &Secret,
    ) -> Result<bool, Error> {
        let Some(token) = self.in_time(source.renew(refused)).await? else {
            return Ok(false);
        };
        self.authorize(request, &token)?;
        Ok(true)
    }

    /// What a source of tokens gives.
    async fn in_time<T>(
        &self,
        given: impl Future<Output = Result<T, BoxError>>,
    ) -> Result<T, Error> {
        let operation = self.call.operation;
        match within(self.deadline, given).await {
            Some(given) => given.map_err(|error| Error::token(operation, false, error)),
            None => Err(Error::token(operation, true, "none came in time".into())),
        }
    }

    fn authorize(&self, request: &mut http::Request<Content>, token: &Secret) -> Result<(), Error> {
        let header = bearer(token)
            .map_err(|problem| Error::token(self.call.operation, false, problem.into()))?;
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(())
    }

    /// A request and its answer, as soon as the limit of the API has room for it.
    async fn exchange(&self, request: http::Request<Content>) -> Ended {
        let operation = self.call.operation;
        let limiter = self.call.client.settings().limiter.as_ref();
        let Some(limiter) = limiter.filter(|_| !self.call.anonymous) else {
            return self.exchange_at_once(request).await;
        };
        let Some(permit) = limiter.permit(operation, self.deadline).await else {
            let problem = "the limit of the API leaves no room for it in time";
            return Ended::Without(operation, Failure::timeout(Reach::Untried, problem));
        };
        let ended = self.exchange_at_once(request).await;
        if let Some(response) = ended.response() {
            permit.answered(response.status(), response.headers());
        }
        ended
    }

    async fn exchange_at_once(&self, request: http::Request<Content>) -> Ended {
        let authorized = request.headers().contains_key(AUTHORIZATION);
        see::headers(request.headers());
        let begun = Instant::now();
        let meter = Meter::default();
        let (client, operation) = (self.call.client, self.call.operation);
        let exchange = exchange(client, request, self.call.receive, &meter);
        let (attempt, answer) = (client.settings().attempt_timeout, self.call.patience.answer);
        let moving = while_moving(&meter, attempt, answer.unwrap_or(attempt), exchange);
        match within(self.deadline, moving).await.flatten() {
            Some(Ok((response, rest))) => {
                let mut response = Response::new(operation, response);
                response.authorized = authorized;
                Ended::Answered(response, rest)
            }
            Some(Err(failure)) => Ended::Without(operation, failure),
            None => {
                let problem = format!("no whole answer within {:.1?}", begun.elapsed());
                let reach = match answer.is_some() && meter.is_whole() {
                    true => Reach::Pointless,
                    false => Reach::Unknown,
                };
                Ended::Without(operation, Failure::timeout(reach, problem))
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

/// What a future gives, unless the time is over and nothing of a long body was sent meanwhile. The answer to a body that is
/// sent may have another time.
async fn while_moving<T>(
    meter: &Meter,
    moving: Option<Duration>,
    answer: Option<Duration>,
    future: impl Future<Output = T>,
) -> Option<T> {
    let mut future = pin!(future);
    loop {
        let (sent, whole) = (meter.read(), meter.is_whole());
        let patience = if whole { answer } else { moving };
        let Some(patience) = patience else {
            return Some(future.await);
        };
        match timeout(patience, &mut future).await {
            Ok(given) => return Some(given),
            Err(_) if meter.read() > sent => {}
            // Only now does the time of the answer begin, if it has one of its own.
            Err(_) if meter.is_whole() != whole && answer != moving => {}
            Err(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_answer_to_a_whole_body_may_have_a_time_of_its_own() {
        let second = Duration::from_secs(1);
        for (answer, seconds) in [(second, 1), (second * 10, 11)] {
            let (meter, begun) = (Meter::default(), Instant::now());
            let never = async {
                meter.end();
                pending::<()>().await;
            };
            let given = while_moving(&meter, Some(second), Some(answer), never).await;
            assert_eq!((given, begun.elapsed().as_secs()), (None, seconds));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_is_not_late() {
        let (meter, begun) = (Meter::default(), Instant::now());
        let moving = async {
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(700)).await;
                meter.count(1);
            }
            pending::<()>().await;
        };
        let second = Some(Duration::from_secs(1));
        assert_eq!(while_moving(&meter, second, second, moving).await, None);
        assert_eq!(begun.elapsed().as_secs(), 5);
    }
}
