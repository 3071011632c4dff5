//! The loop of attempts. What an attempt is, and how it is judged, stands elsewhere.

use std::sync::Arc;

use http::StatusCode;
use tokio::time::{Instant, sleep};

use super::Received;
use super::exchange::Failure;
use crate::content::Content;
use crate::error::{Error, TransportError};
use crate::operation::Operation;
use crate::response::Response;
use crate::retry::{Outcome, Reach, Retry};
use crate::see;
use crate::token::BoxFuture;

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Ended {
    /// With an answer, and its body if that is still to be received.
    Answered(Response, Option<Box<reqwest::Response>>),
    /// Without a whole one.
    Without(&'static Operation, Failure),
}

impl Ended {
    pub(super) fn response(&self) -> Option<&Response> {
        match self {
            Ended::Answered(response, _) => Some(response),
            Ended::Without(..) => None,
        }
    }

    pub(super) fn is_unauthorized(&self) -> bool {
        let status = self.response().map(Response::status);
        status == Some(StatusCode::UNAUTHORIZED)
    }

    /// With an answer, and the reason why there is no better one.
    pub(super) fn not_renewed(mut self, error: Error) -> Self {
        if let Ended::Answered(response, _) = &mut self {
            response.not_renewed = Some(Arc::new(error));
        }
        self
    }

    fn outcome(&self) -> Outcome<'_> {
        match self {
            Ended::Answered(response, _) => Outcome::Answer {
                status: response.status(),
                headers: response.headers(),
                body: response.body(),
            },
            Ended::Without(_, failure) => Outcome::Failure(failure.reach),
        }
    }

    /// What the call ends with after so many attempts, of which one or another may have been carried out.
    fn finish(self, attempts: u32, arrived: bool) -> Result<Received, Error> {
        match self {
            Ended::Answered(mut response, rest) => {
                response.attempts = attempts;
                Ok((response, rest))
            }
            Ended::Without(operation, failure) => Err(Error::Transport(Box::new(TransportError {
                operation,
                timeout: failure.timeout,
                sent: arrived,
                attempts: attempts - u32::from(failure.reach == Reach::Untried),
                source: failure.source,
            }))),
        }
    }
}

/// Makes attempts until one is final, or the policy, the time or the content of the request is exhausted. An error of an
/// attempt is none of the network's: it is final.
pub(super) async fn persist<'a>(
    retry: &Retry,
    request: &http::Request<Content>,
    deadline: Option<Instant>,
    attempt: &mut (dyn FnMut(u32) -> BoxFuture<'a, Result<Ended, Error>> + Send),
) -> Result<Received, Error> {
    let begun = Instant::now();
    let (mut number, mut arrived) = (1, false);
    loop {
        let ended = attempt(number).await?;
        let (outcome, elapsed) = (ended.outcome(), begun.elapsed());
        arrived |= outcome.may_have_arrived();
        let (method, random) = (request.method(), fastrand::f64());
        let pause = retry.pause(method, &outcome, number, elapsed, random);
        let pause = pause.filter(|_| !request.body().is_spent());
        // A wait that goes beyond the end of the call would only keep the answer from the caller.
        let left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
        match pause.filter(|pause| left.is_none_or(|left| *pause < left)) {
            Some(pause) => {
                see::pause(number, pause);
                sleep(pause).await;
            }
            None => return ended.finish(number, arrived),
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::time::Duration;

    use bytes::Bytes;
    use http::Method;

    use super::*;

    static CREATE: Operation = Operation::new(Method::POST, "/volumes");

    fn answer(status: u16, header: &str, value: &str) -> Ended {
        let response = http::Response::builder()
            .status(status)
            .header(header, value);
        let response = response.body(Bytes::new()).expect("an answer");
        Ended::Answered(Response::new(&CREATE, response), None)
    }

    fn request(method: Method) -> http::Request<Content> {
        let mut request = http::Request::new(Content::default());
        *request.method_mut() = method;
        request
    }

    fn lost(reach: Reach) -> Ended {
        Ended::Without(&CREATE, Failure::new(reach, "the line is dead"))
    }

    /// What comes of attempts that end as said, how many of them were made, and how long they took.
    async fn after(
        retry: &Retry,
        method: Method,
        deadline: Option<Duration>,
        end: impl Fn(u32) -> Ended + Send + Sync,
    ) -> (Result<Response, Error>, u32, Duration) {
        let (begun, mut made) = (Instant::now(), 0);
        let deadline = deadline.map(|deadline| begun + deadline);
        let result = persist(retry, &request(method), deadline, &mut |number| {
            made = number;
            let ended = end(number);
            Box::pin(async move { Ok(ended) })
        })
        .await;
        (result.map(|received| received.0), made, begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_api_tells_is_waited_and_capped() {
        let retry = Retry::new().longest_told(Duration::from_secs(20));
        for (told, least) in [("7", 7), ("3600", 20), ("99999999999999999999", 20)] {
            let (result, made, took) = after(&retry, Method::POST, None, |number| match number {
                1 => answer(429, "retry-after", told),
                _ => answer(200, "x-a", "b"),
            })
            .await;
            assert_eq!(result.expect("an answer").attempts(), 2);
            assert_eq!(made, 2);
            let (least, more) = (Duration::from_secs(least), Duration::from_millis(510));
            assert!(took >= least && took < least + more, "{told}: {took:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_budget_or_the_deadline_is_not_begun() {
        let brief = Retry::new().budget(Duration::from_secs(5));
        let limited = |_| answer(429, "retry-after", "7");
        for (retry, deadline) in [(brief, None), (Retry::new(), Some(Duration::from_secs(7)))] {
            let (result, made, took) = after(&retry, Method::GET, deadline, limited).await;
            assert_eq!(result.expect("the last answer").status(), 429);
            assert_eq!((made, took), (1, Duration::ZERO));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_end() {
        let (result, made, took) =
            after(&Retry::new(), Method::GET, None, |_| lost(Reach::Unknown)).await;
        let error = result.expect_err("a dead line");
        assert_eq!(
            error.to_string(),
            "no answer on POST /volumes after 5 attempts: the line is dead"
        );
        assert_eq!((made, error.attempts()), (5, 5));
        assert!(
            took <= Duration::from_millis(500 + 1000 + 2000 + 4000 + 10),
            "{took:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_arrived_is_not_sent_again_unless_the_user_says_so() {
        let table = [
            (Retry::new(), Method::POST, Reach::Unknown, 1, true),
            (Retry::new(), Method::PATCH, Reach::Unknown, 1, true),
            (Retry::new(), Method::POST, Reach::Nowhere, 5, false),
            (Retry::new(), Method::POST, Reach::Pointless, 1, true),
            (Retry::new(), Method::GET, Reach::Barred, 1, false),
            (Retry::new(), Method::GET, Reach::Untried, 1, false),
            (
                Retry::new().resends(true),
                Method::POST,
                Reach::Unknown,
                5,
                true,
            ),
            (
                Retry::new().resends(true),
                Method::POST,
                Reach::Pointless,
                1,
                true,
            ),
            (Retry::new(), Method::DELETE, Reach::Unknown, 5, true),
            (Retry::never(), Method::GET, Reach::Nowhere, 1, false),
        ];
        for (retry, method, reach, attempts, arrived) in table {
            let (result, made, _) = after(&retry, method.clone(), None, |_| lost(reach)).await;
            let Err(Error::Transport(error)) = result else {
                panic!("an answer from a dead line");
            };
            assert_eq!(
                (made, error.may_have_arrived()),
                (attempts, arrived),
                "{method} {reach:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn any_attempt_may_have_arrived() {
        let arrived = async |first: fn() -> Ended| {
            let ends = |number| match number {
                1 => first(),
                _ => lost(Reach::Nowhere),
            };
            match after(&Retry::new(), Method::PUT, None, ends).await.0 {
                Err(Error::Transport(error)) => error.may_have_arrived(),
                other => panic!("no transport error: {other:?}"),
            }
        };
        assert!(arrived(|| lost(Reach::Unknown)).await);
        assert!(arrived(|| answer(500, "x-a", "b")).await);
        assert!(!arrived(|| answer(429, "x-a", "b")).await);
        assert!(!arrived(|| lost(Reach::Nowhere)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_left_is_no_attempt() {
        let held = |number| match number {
            1 => lost(Reach::Nowhere),
            _ => lost(Reach::Untried),
        };
        let (result, made, _) = after(&Retry::new(), Method::POST, None, held).await;
        assert_eq!((made, result.expect_err("no room").attempts()), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn dropping_the_future_ends_a_wait() {
        let mut made = 0;
        let begun = Instant::now();
        {
            let mut attempt = |number| -> BoxFuture<'_, Result<Ended, Error>> {
                made = number;
                Box::pin(async { Ok(answer(503, "retry-after", "60")) })
            };
            let retry = Retry::new();
            let request = request(Method::GET);
            let sending = persist(&retry, &request, None, &mut attempt);
            let stopped = tokio::time::timeout(Duration::from_secs(1), sending).await;
            assert!(stopped.is_err());
        }
        assert_eq!((made, begun.elapsed()), (1, Duration::from_secs(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_of_which_something_was_read_is_not_sent_again() {
        let content = Content::blocking_reader(&b"all well"[..]);
        let mut request = request(Method::PUT);
        *request.body_mut() = content.clone();
        let mut made = 0;
        let result = persist(&Retry::new(), &request, None, &mut |number| {
            made = number;
            let content = content.clone();
            Box::pin(async move {
                let mut reading = content.open().await.expect("a stream");
                if number > 2 {
                    futures_util::StreamExt::next(&mut reading).await;
                }
                Ok(lost(Reach::Nowhere))
            })
        })
        .await;
        assert!(result.is_err());
        assert_eq!(made, 3);
    }

    #[test]
    fn a_call_under_way_moves_between_threads() {
        fn moves(_: impl Future + Send) {}
        let request = request(Method::GET);
        moves(persist(&Retry::new(), &request, None, &mut |_| {
            Box::pin(async { Ok(lost(Reach::Nowhere)) })
        }));
    }
}
