//! What `tracing` is told: a span for each call, one for each of its attempts, and at level TRACE what goes out and
//! comes in. Secrets are masked in all of it.

use std::future::Future;
use std::time::Instant;

use http::HeaderMap;
use tracing::field::Empty;
use tracing::instrument::WithSubscriber;
use tracing::{Instrument, Level, Span, debug, debug_span, enabled, trace};

use crate::answer::Answer;
use crate::error::Error;
use crate::operation::Operation;
use crate::request::Request;
use crate::response::Response;
use crate::transport::Received;

/// The name that filters know it by: that of the crate which users depend on.
const TARGET: &str = "linode_sdk";

/// The body of a request, if anyone looks.
pub(crate) fn body(request: &Request) -> Option<String> {
    enabled!(target: TARGET, Level::TRACE).then(|| request.masked())
}

/// A call in a span of its own, which is told how it ended.
pub(crate) async fn call(
    operation: &'static Operation,
    body: Option<String>,
    sending: impl Future<Output = Result<Received, Error>>,
) -> Result<Received, Error> {
    let span = debug_span!(
        target: TARGET, "call",
        operation = operation.id, method = %operation.method, path = operation.path,
        attempts = Empty, status = Empty, elapsed_ms = Empty,
    );
    let begun = Instant::now();
    let sending = async {
        if let Some(body) = body {
            trace!(target: TARGET, body, "request");
        }
        let received = sending.await;
        if let Err(error) = &received {
            debug!(target: TARGET, %error, "failed");
        }
        received
    };
    let received = sending.instrument(span.clone()).await;
    let (attempts, status) = match &received {
        Ok((response, _)) => (response.attempts(), Some(response.status())),
        Err(error) => (error.attempts(), error.status()),
    };
    span.record("attempts", attempts);
    told(&span, status, begun);
    received
}

/// What goes on elsewhere, on another task or thread, as a part of what goes on here.
pub(crate) fn carried<F: Future>(future: F) -> impl Future<Output = F::Output> + use<F> {
    future.in_current_span().with_current_subscriber()
}

/// A span for an attempt of a call.
pub(crate) fn attempt(number: u32) -> Span {
    debug_span!(target: TARGET, "attempt", attempt = number, status = Empty, elapsed_ms = Empty)
}

/// Tells the span of an attempt how that ended.
pub(crate) fn attempted(span: &Span, response: Option<&Response>, begun: Instant) {
    told(span, response.map(Response::status), begun);
}

fn told(span: &Span, status: Option<http::StatusCode>, begun: Instant) {
    if let Some(status) = status {
        span.record("status", status.as_u16());
    }
    let elapsed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.record("elapsed_ms", elapsed);
}

/// The headers of a request: those that are sensitive do not show their values.
pub(crate) fn headers(headers: &HeaderMap) {
    trace!(target: TARGET, ?headers, "request headers");
}

/// The wait before another attempt.
pub(crate) fn pause(number: u32, pause: std::time::Duration) {
    debug!(target: TARGET, attempt = number, ?pause, "will be tried again");
}

/// What an answer was read as.
pub(crate) fn answer<A: Answer>(operation: &'static Operation, answer: &A) {
    if enabled!(target: TARGET, Level::TRACE) {
        let (method, path, body) = (&operation.method, operation.path, answer.shown());
        trace!(target: TARGET, %method, path, body, "answer");
    }
}
