//! How a client connects, what holds it back, and what a log shows of it.

mod support;

use std::convert::Infallible;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt;
use linode_core::reqwest::redirect::Policy;
use linode_core::{
    Body, Bytes, Call, Client, Content, Endpoint, Error, Input, Limiter, List, Request, Retry,
    Secret, body, http_builder, listing, operation, record,
};
use support::{Asked, Reply, Server, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tracing::{Instrument, Level};
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, PartialEq)]
struct Key {
    pub id: i64,
    pub secret_key: Option<Secret>,
}
record!(Key { id, secret_key });

struct GetKey;
operation!(GetKey -> Key, GET "/keys/{keyId}", "get-key");

struct ListTags;
operation!(ListTags -> linode_core::Json, GET "/tags");

struct ListSizes;
listing!(ListSizes -> i64, GET "/sizes");

#[derive(Clone, Default, PartialEq)]
struct CreateKey(Body);
body!(CreateKey);
operation!(CreateKey -> Key, POST "/keys", "create-key");

impl CreateKey {
    fn root_pass(self, value: impl Into<Input<Secret>>) -> Self {
        self.set("root_pass", value)
    }
    fn label(self, value: impl Into<Input<String>>) -> Self {
        self.set("label", value)
    }
}

fn get(client: &Client) -> Call<GetKey> {
    Call::new(Request::new(client, GetKey::OPERATION).path(7))
}

#[tokio::test]
async fn a_proxy_is_gone_through_and_its_password_stays_there() {
    let proxy = Server::start(|_| json(200, r#"{"id": 7}"#)).await;
    let through = proxy.url.replace("http://", "http://me:hunter2@");
    let builder = Client::builder().token("s3cret").proxy(&through);
    let client: Client = builder
        .base_url("http://api.test")
        .build()
        .expect("a client");
    assert_eq!(get(&client).await.expect("an answer").id, 7);
    let asked = &proxy.asked()[0];
    assert_eq!(asked.line, "GET http://api.test/v4/keys/7");
    assert_eq!(
        asked.header("proxy-authorization"),
        Some("Basic bWU6aHVudGVyMg==")
    );

    let silent = Client::builder().proxy("http://me:hunter2@127.0.0.1:1");
    let client: Client = silent
        .base_url("http://api.test")
        .retry(Retry::never())
        .build()
        .expect("a client");
    let error = get(&client).await.expect_err("no proxy");
    assert!(!format!("{error} {error:?} {client:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_connection_that_is_never_made_is_given_up_in_its_own_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    // It takes connections, and says nothing to them: no TLS comes about.
    let server = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let builder = Client::builder().base_url(url).no_proxy();
    let client: Client = builder
        .connect_timeout(Duration::from_millis(50))
        .attempt_timeout(None)
        .timeout(None)
        .retry(Retry::never())
        .build()
        .expect("a client");
    let Err(Error::Transport(error)) = get(&client).await else {
        panic!("an answer from a server that says nothing");
    };
    assert!(error.is_timeout(), "{error}");
    assert!(!error.may_have_arrived(), "{error}");
    server.abort();
}

#[tokio::test]
async fn an_http_client_of_ones_own_may_not_follow_redirects() {
    let other = Server::start(|_| json(200, r#"{"id": 666}"#)).await;
    let target = format!("Location: {}/elsewhere\r\n", other.url);
    let target: &'static str = target.leak();
    let server = Server::start(move |_| Reply::Answer(302, target, String::new())).await;
    let http = http_builder().expect("TLS").redirect(Policy::limited(3));
    let builder = server.builder().http(http.build().expect("an HTTP client"));
    let client: Client = builder.build().expect("a client");
    let error = get(&client).await.expect_err("a redirect").to_string();
    assert!(error.contains("followed a redirect"), "{error}");
    // The HTTP client keeps the token to itself, other ports being other places.
    assert_eq!(other.asked()[0].header("authorization"), None);
}

#[tokio::test]
async fn an_http_client_of_ones_own_takes_no_body_elsewhere() {
    let other = Server::start(|_| json(200, r#"{"id": 666}"#)).await;
    for status in [301, 302, 303, 307, 308] {
        let target = format!("Location: {}/elsewhere\r\n", other.url);
        let target: &'static str = target.leak();
        let server = Server::start(move |_| Reply::Answer(status, target, String::new())).await;
        let http = http_builder().expect("TLS").redirect(Policy::limited(3));
        let builder = server.builder().http(http.build().expect("an HTTP client"));
        let client: Client = builder.build().expect("a client");
        let body = CreateKey::new().root_pass("hunter2");
        let request = Request::new(&client, CreateKey::OPERATION).body(body);
        let call: Call<CreateKey> = Call::new(request);
        let error = call.await.expect_err("a redirect").to_string();
        assert!(error.contains("redirect"), "{error}");
        let asked = server.asked();
        assert_eq!(asked[0].body, r#"{"root_pass":"hunter2"}"#, "{status}");
        let length = asked[0].header("content-length");
        assert_eq!(length, Some("23"), "{status}");
    }
    let elsewhere = other.asked();
    assert!(elsewhere.iter().all(|asked| asked.body.is_empty()));
    assert!(
        elsewhere
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
}

struct GetPicture;
operation!(GetPicture -> Bytes, GET "/picture", answers "image/png");

struct PutPicture;
operation!(PutPicture -> (), PUT "/picture", sends "image/png");

#[tokio::test]
async fn a_download_that_does_not_move_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut asked = [0; 4096];
        let _ = stream.read(&mut asked).await;
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\npic";
        stream.write_all(head).await.expect("a head");
        std::future::pending::<()>().await;
    });
    let builder = Client::builder().base_url(url).no_proxy();
    let client: Client = builder
        .attempt_timeout(Duration::from_millis(500))
        .build()
        .expect("a client");
    let call: Call<GetPicture> = Call::new(Request::new(&client, GetPicture::OPERATION));
    let mut download = call.download().await.expect("a head");
    assert_eq!(
        download.try_next().await.expect("a piece").as_deref(),
        Some(&b"pic"[..])
    );
    let error = download.try_next().await.expect_err("nothing more");
    assert!(error.is_timeout(), "{error}");
    assert!(download.try_next().await.expect("the end").is_none());
    server.abort();
}

#[tokio::test]
async fn an_upload_is_given_up_when_it_does_not_move_and_not_before() {
    let server = Server::start(|_| json(200, "{}")).await;
    let client: Client = server
        .builder()
        .attempt_timeout(Duration::from_secs(1))
        .build()
        .expect("a client");
    let put = |content: Content| -> Call<PutPicture> {
        let request = Request::new(&client, PutPicture::OPERATION);
        Call::new(request.content("image/png", content))
    };
    let slow = futures_util::stream::unfold(0, async |number| {
        tokio::time::sleep(Duration::from_millis(200)).await;
        (number < 7).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"x")), number + 1))
    });
    put(Content::stream(slow).sized(7))
        .await
        .expect("slow, and moving");
    assert_eq!(server.asked()[0].body, "xxxxxxx");

    let one = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"x"))]);
    let stuck = one.chain(futures_util::stream::pending());
    let error = put(Content::stream(stuck).sized(2))
        .await
        .expect_err("stuck");
    assert!(error.is_timeout(), "{error}");
}

/// A server whose limit is used up for an hour, by its own clock.
async fn exhausted() -> Server {
    Server::start(|_| {
        let headers = "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nX-RateLimit-Limit: 10\r\n\
                       X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1735693200\r\n";
        Reply::Answer(200, headers, r#"{"id": 7}"#.to_owned())
    })
    .await
}

#[tokio::test]
async fn a_limiter_holds_back_what_would_be_refused() {
    let server = exhausted().await;
    let limited = |limiter: Limiter| -> Client {
        let builder = server.builder().limiter(limiter);
        builder
            .timeout(Duration::from_secs(30))
            .build()
            .expect("a client")
    };
    let limiter = Limiter::new();
    let client = limited(limiter.clone());
    get(&client).await.expect("the first");
    for client in [client.clone(), limited(limiter)] {
        let error = get(&client).await.expect_err("no room");
        assert!(error.is_timeout(), "{error}");
        assert_eq!(
            error.to_string(),
            "timed out on GET /keys/{keyId}: the limit of the API leaves no room for it in time"
        );
    }
    assert_eq!(server.asked().len(), 1);

    // Each operation has a limit of its own, and other clients know nothing of this one's.
    let tags: Call<ListTags> = Call::new(Request::new(&client, ListTags::OPERATION));
    tags.await.expect("another operation");
    get(&limited(Limiter::new())).await.expect("another client");
    assert_eq!(server.asked().len(), 3);
}

/// What a subscriber wrote.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn text(&self) -> String {
        let bytes = self.0.lock().expect("no panic").clone();
        String::from_utf8(bytes).expect("text")
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Has what happens on this thread written down, as long as the guard is held.
fn watched(level: Level) -> (Written, tracing::subscriber::DefaultGuard) {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    (written, tracing::subscriber::set_default(subscriber))
}

/// What is logged of a call that succeeds at the second attempt.
async fn logged(level: Level) -> String {
    let first = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |_: &Asked| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            return json(503, r#"{"errors": [{"reason": "Away"}]}"#);
        }
        json(
            200,
            r#"{"id": 7, "secret_key": "hunter3", "unheard_of": "hunter4"}"#,
        )
    })
    .await;
    let quick = Retry::new().backoff(Duration::from_millis(1), Duration::from_millis(2));
    let client: Client = server.builder().retry(quick).build().expect("a client");
    let (written, guard) = watched(level);
    let body = CreateKey::new().root_pass("hunter1").label("web");
    let request = Request::new(&client, CreateKey::OPERATION).body(body);
    let call: Call<CreateKey> = Call::new(request);
    let call = call
        .with("db_password", "hunter2")
        .header("Cookie", "hunter5");
    call.await.expect("an answer");
    drop(guard);
    written.text()
}

/// The fields that a line of the log has to have.
fn has(log: &str, fields: &[&str]) -> bool {
    log.lines()
        .any(|line| fields.iter().all(|field| line.contains(field)))
}

#[tokio::test]
async fn every_call_and_attempt_is_a_span() {
    let log = logged(Level::DEBUG).await;
    let call = [
        "linode_sdk",
        "operation=\"create-key\"",
        "method=POST",
        "path=\"/keys\"",
        "attempts=2",
        "status=200",
        "elapsed_ms=",
        "close",
    ];
    assert!(has(&log, &call), "{log}");
    for (number, status) in [("attempt=1", "status=503"), ("attempt=2", "status=200")] {
        assert!(
            has(&log, &[number, status, "elapsed_ms=", "close"]),
            "{log}"
        );
    }
    assert!(has(&log, &["will be tried again", "attempt=1"]), "{log}");
    assert!(!log.contains("root_pass"), "{log}");
    assert!(!log.contains("hunter") && !log.contains("s3cret"), "{log}");
}

#[tokio::test]
async fn bodies_and_headers_are_traced_without_their_secrets() {
    let log = logged(Level::TRACE).await;
    assert!(
        log.contains(r#"{\"root_pass\":\"[redacted]\",\"label\":\"web\"}"#),
        "{log}"
    );
    assert!(log.contains(r#"{\"db_password\":\"[redacted]\"}"#), "{log}");
    assert!(
        log.contains(r#"{\"id\":7,\"secret_key\":\"[redacted]\"}"#),
        "{log}"
    );
    assert!(log.contains(r#""authorization": Sensitive"#), "{log}");
    assert!(!log.contains("hunter") && !log.contains("s3cret"), "{log}");
}

#[tokio::test]
async fn what_fails_is_logged_as_the_error_says() {
    let server = Server::start(|_| json(404, r#"{"errors": [{"reason": "Not found"}]}"#)).await;
    let (written, guard) = watched(Level::DEBUG);
    get(&server.client()).await.expect_err("nothing");
    let away: Client = server
        .builder()
        .base_url("http://127.0.0.1:1")
        .build()
        .expect("a client");
    get(&away).await.expect_err("no server");
    drop(guard);
    let log = written.text();
    assert!(
        has(&log, &["path=\"/keys/{keyId}\"", "status=404", "close"]),
        "{log}"
    );
    assert!(
        has(&log, &["failed", "no answer on GET /keys/{keyId}"]),
        "{log}"
    );
}

/// The lines that calls end with, and how many of them are a part of the span `mine`.
fn calls(log: &str) -> (usize, usize) {
    let calls: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("attempts="))
        .collect();
    let mine = calls
        .iter()
        .filter(|line| line.contains(" mine:call{"))
        .count();
    (calls.len(), mine)
}

#[tokio::test]
async fn what_is_fetched_by_tasks_is_a_part_of_what_the_caller_does() {
    let server = Server::start(|asked| {
        let body = r#"{"data": [1], "page": PAGE, "pages": 3, "results": 3}"#;
        json(200, &body.replace("PAGE", &asked.page().to_string()))
    })
    .await;
    let sizes: List<ListSizes> = List::new(Request::new(&server.client(), ListSizes::OPERATION));
    let (written, guard) = watched(Level::DEBUG);
    let all = sizes.all().instrument(tracing::info_span!("mine")).await;
    drop(guard);
    assert_eq!(all.expect("all").len(), 3);
    assert_eq!(calls(&written.text()), (3, 3), "{}", written.text());
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn what_another_thread_waits_for_is_a_part_of_what_the_caller_does() {
    use linode_core::blocking::Blocking;

    // The server has a runtime of its own, which runs while this thread waits.
    let kit = linode_testkit::Testkit::start();
    let client = Client::builder().base_url(kit.url()).token("s3cret");
    let client: Client = client.build().expect("a client");
    let tags: Call<ListTags> = Call::new(Request::new(&client, ListTags::OPERATION));
    let (written, guard) = watched(Level::DEBUG);
    let tags = tracing::info_span!("mine").in_scope(|| tags.block());
    drop(guard);
    tags.expect("tags");
    assert_eq!(calls(&written.text()), (1, 1), "{}", written.text());
}
