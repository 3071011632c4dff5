//! How long is waited between attempts, and what is no attempt at all.

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use linode_core::http::Method;
use linode_core::{Client, Content, DateTime, Error, Limiter, Operation, Request, Response, Retry};
use linode_testkit::Testkit;
use support::{Reply, Server, json};
use tokio::task::JoinSet;

static GET: Operation = Operation::new(Method::GET, "/profile");
static PUT: Operation = Operation::new(Method::PUT, "/thumbnail");

/// A server that refuses the first request with these headers, and takes those that follow.
async fn limited_once(headers: &'static str) -> Server {
    refusing(1, headers).await
}

async fn refusing(times: usize, headers: &'static str) -> Server {
    let left = std::sync::atomic::AtomicUsize::new(times);
    Server::start(move |_| {
        use std::sync::atomic::Ordering::SeqCst;
        let one = left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1));
        match one {
            Ok(_) => Reply::Answer(429, headers, String::new()),
            Err(_) => json(200, "{}"),
        }
    })
    .await
}

/// An answer, and how long it took.
async fn timed(server: &Server, retry: Retry) -> (Result<Response, Error>, Duration) {
    let client: Client = server.builder().retry(retry).build().expect("a client");
    let begun = Instant::now();
    let answer = Request::new(&client, &GET).send().await;
    (answer, begun.elapsed())
}

/// Waits that hardly take time, unless the API tells one.
fn quick() -> Retry {
    Retry::new().backoff(Duration::from_millis(1), Duration::from_millis(1))
}

#[tokio::test]
async fn what_the_api_tells_is_waited() {
    let table = [
        "Retry-After: 1\r\n",
        // A second later, by the clock of the API, which is years behind this one.
        "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nX-RateLimit-Reset: 1735689601\r\n",
        "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nRetry-After: Wed, 01 Jan 2025 00:00:01 GMT\r\n",
    ];
    for headers in table {
        let (answer, took) = timed(&limited_once(headers).await, quick()).await;
        assert_eq!(answer.expect("an answer").attempts(), 2, "{headers}");
        assert!(took >= Duration::from_secs(1), "{headers}: {took:?}");
    }
}

#[tokio::test]
async fn what_the_api_tells_is_capped() {
    let table = [
        "Retry-After: 3600\r\n",
        "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nX-RateLimit-Reset: 1735693200\r\n",
    ];
    for headers in table {
        let server = limited_once(headers).await;
        let cap = Duration::from_millis(300);
        let (answer, took) = timed(&server, quick().longest_told(cap)).await;
        assert_eq!(answer.expect("an answer").attempts(), 2, "{headers}");
        assert!(took >= cap, "{headers}: {took:?}");
        // Within the budget alone nobody would come back in an hour.
        let (answer, _) = timed(
            &limited_once(headers).await,
            quick().longest_told(Duration::MAX),
        )
        .await;
        let error = answer.expect_err("beyond the budget");
        assert_eq!(
            (error.is_rate_limited(), error.attempts()),
            (true, 1),
            "{headers}"
        );
    }
}

#[tokio::test]
async fn a_told_wait_of_nothing_does_not_end_the_backoff() {
    let first = Duration::from_millis(4);
    let retry = Retry::new()
        .attempts(9)
        .backoff(first, Duration::from_secs(30));
    for headers in ["X-RateLimit-Reset: 5\r\n", "Retry-After: 0\r\n"] {
        // What is drawn at random is the same each time: 8 waits of 4, 8, 16 ms and so on, each times the same number.
        fastrand::seed(7);
        let drawn: f64 = (0..8)
            .map(|wait| fastrand::f64() * f64::from(4 << wait))
            .sum();
        fastrand::seed(7);
        let (answer, took) = timed(&refusing(8, headers).await, retry.clone()).await;
        assert_eq!(answer.expect("an answer").attempts(), 9, "{headers}");
        assert!(
            took.as_secs_f64() * 1000.0 >= drawn,
            "{headers}: {took:?}, drawn {drawn}"
        );
    }
}

#[tokio::test]
async fn no_room_in_time_is_told_without_an_attempt() {
    let headers = "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nX-RateLimit-Limit: 10\r\n\
                   X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1735693200\r\n";
    let server = Server::start(move |_| Reply::Answer(200, headers, "{}".to_owned())).await;
    let builder = server.builder().limiter(Limiter::new());
    let builder = builder.retry(Retry::new()).timeout(Duration::from_secs(30));
    let client: Client = builder.build().expect("a client");
    Request::new(&client, &GET).send().await.expect("the first");
    let Err(Error::Transport(error)) = Request::new(&client, &GET).send().await else {
        panic!("an answer where there is no room");
    };
    assert!(error.is_timeout() && !error.may_have_arrived());
    let text = "timed out on GET /profile: the limit of the API leaves no room for it in time";
    assert_eq!(error.to_string(), text);
    assert_eq!(Error::Transport(error).attempts(), 0);
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_file_that_is_gone_did_not_arrive() {
    let server = Server::start(|_| json(200, "{}")).await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    let content = Content::file(file.path());
    drop(file);
    let request = Request::new(&server.client(), &PUT).content("image/png", content);
    let Err(Error::Transport(error)) = request.retry(Retry::new()).send().await else {
        panic!("an answer to a file that is gone");
    };
    assert!(!error.may_have_arrived(), "{error}");
    assert_eq!(Error::Transport(error).attempts(), 0);
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn a_limiter_slows_down_before_the_api_refuses() {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    kit.limit(40, Duration::from_secs(1));
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&arrived);
    kit.everywhere().reply_with(move |_| {
        told.lock().expect("no panic").push(Instant::now());
        // A clock of whole seconds may tell a second too few until the next window: this one never does.
        let late = DateTime::from(SystemTime::now() - Duration::from_secs(1));
        let date = late.format("%a, %d %b %Y %H:%M:%S GMT");
        let reply = linode_testkit::Reply::json(200, linode_testkit::json!({}));
        reply.header("Date", date)
    });
    let builder = kit.client_builder().limiter(Limiter::new());
    let client: Client = builder.retry(Retry::never()).build().expect("a client");
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        tasks.spawn(async move {
            for _ in 0..6 {
                Request::new(&client, &GET).send().await?;
            }
            Ok::<_, Error>(())
        });
    }
    for ended in tasks.join_all().await {
        ended.expect("no refusal");
    }
    // The last of the first window were spread over it, though nothing else kept them from leaving at once.
    let arrived = arrived.lock().expect("no panic");
    assert_eq!(arrived.len(), 48);
    let window = arrived[39] - arrived[0];
    assert!(window >= Duration::from_millis(800), "{window:?}");
}
