//! Every row of the table of faults, played against a server on the loopback interface.

#[path = "support/h2.rs"]
mod h2;
#[path = "support/tls.rs"]
mod tls;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use h2::Frames;
use linode_core::reqwest::dns::{Addrs, Name, Resolve, Resolving};
use linode_core::{Client, Error, Json, Operation, Request, Retry, http::Method, http_builder};
use linode_testkit::{Fault, Reply, Testkit, json};
use tokio::task::JoinSet;

const TABLE: &str = include_str!("../src/retry/faults.md");

const ATTEMPTS: u32 = 3;
const MOST_BYTES: usize = 1000;
const LATE: &str = "answer too late";

static GET: Operation = Operation::new(Method::GET, "/volumes/7");
static PUT: Operation = Operation::new(Method::PUT, "/volumes/7");
static DELETE: Operation = Operation::new(Method::DELETE, "/volumes/7");
static POST: Operation = Operation::new(Method::POST, "/volumes");

/// A row of the table, for one of its methods.
#[derive(Debug)]
struct Row {
    fault: &'static str,
    method: &'static str,
    again: bool,
    once: (&'static str, usize),
    stays: (&'static str, usize),
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| line.starts_with('|')).skip(2);
    let rows = lines.flat_map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [fault, methods, again, once, after_one, stays, after_all] = cells[..] else {
            panic!("another number of columns: {line}");
        };
        let number = |cell: &str| cell.parse().expect("a number of requests");
        methods.split(", ").map(move |method| Row {
            fault,
            method,
            again: again == "yes",
            once: (once, number(after_one)),
            stays: (stays, number(after_all)),
        })
    });
    rows.collect()
}

/// What the testkit does, by the name of the fault.
enum Does {
    Fault(Fault),
    Reply(Reply),
}

fn does(fault: &str) -> Option<Does> {
    Some(Does::Fault(match fault {
        "429" => Fault::TooManyRequests,
        "429 with an empty body and `Retry-After`" => {
            return Some(Does::Reply(Reply::status(429).header("Retry-After", 0)));
        }
        "503 with `X-Maintenance-Mode`" => Fault::Maintenance,
        "400 `Linode busy.`" => Fault::LinodeBusy,
        "400 in HTML from nginx" => Fault::Html(400),
        "400 with another reason" => Fault::Status(400),
        "redirect" => Fault::Redirect("http://127.0.0.1:1/".to_owned()),
        "connection reset" => Fault::Reset,
        "connection closed before the answer" => Fault::Close,
        "answer cut off" => Fault::CutOff,
        LATE => Fault::Hang,
        "answer too large" => {
            let body = " ".repeat(2 * MOST_BYTES);
            return Some(Does::Reply(Reply::bytes(200, "application/json", body)));
        }
        "no HTTP at all" => Fault::Garbage,
        "wrong JSON" => Fault::BrokenJson,
        _ => Fault::Status(fault.parse().ok()?),
    }))
}

/// A server that takes whatever comes, and answers with an object.
fn kit() -> Testkit {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    kit.everywhere().reply(Reply::json(200, json!({"id": 7})));
    kit
}

fn frames(fault: &str) -> Option<Frames> {
    Some(match fault {
        "HTTP/2 GOAWAY, request not taken" => Frames::GoAwayBefore,
        "HTTP/2 GOAWAY, request taken, no answer" => Frames::GoAwayAfter,
        "HTTP/2 stream refused" => Frames::Refuse,
        "HTTP/2 stream reset" => Frames::Break,
        _ => return None,
    })
}

/// Names resolve to an address that refuses connections so many times, and then to the one that takes them.
struct Refused(AtomicUsize);

impl Resolve for Refused {
    fn resolve(&self, _: Name) -> Resolving {
        let left = self
            .0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        let host = if left.is_ok() {
            [127, 0, 0, 2]
        } else {
            [127, 0, 0, 1]
        };
        let addresses: Addrs = Box::new([SocketAddr::from((host, 0))].into_iter());
        Box::pin(async { Ok(addresses) })
    }
}

/// What a call ends with if a fault happens so many times, how many requests the server saw, and how many attempts the client
/// made.
async fn play(fault: &str, method: &str, times: usize) -> (String, usize, u32) {
    if fault == "connection refused" {
        let kit = kit();
        let url = kit.url().replace("127.0.0.1", "host.test");
        let resolver = Arc::new(Refused(AtomicUsize::new(times)));
        let http = http_builder().expect("TLS").dns_resolver(resolver);
        let http = http.build().expect("an HTTP client");
        let (outcome, attempts) = call(Client::builder().base_url(url).http(http), method).await;
        return (outcome, kit.received().len(), attempts);
    }
    if fault == "certificate not trusted" {
        let server = tls::start().await;
        let (outcome, attempts) = call(Client::builder().base_url(server.url), method).await;
        return (outcome, 0, attempts);
    }
    if let Some(frames) = frames(fault) {
        let (url, seen) = h2::start(frames, times).await;
        let http = http_builder().expect("TLS").http2_prior_knowledge();
        let http = http.build().expect("an HTTP client");
        let (outcome, attempts) = call(Client::builder().base_url(url).http(http), method).await;
        return (outcome, seen.load(Ordering::SeqCst), attempts);
    }
    let does = does(fault).unwrap_or_else(|| panic!("the test knows no fault `{fault}`"));
    let kit = kit();
    match does {
        Does::Fault(fault) => kit.everywhere().fault(fault).times(times),
        Does::Reply(reply) => kit.everywhere().reply(reply).times(times),
    };
    let builder = match fault {
        LATE => kit.client_builder().attempt_timeout(Duration::from_secs(1)),
        _ => kit.client_builder(),
    };
    let (outcome, attempts) = call(builder, method).await;
    (outcome, kit.received().len(), attempts)
}

async fn call(builder: linode_core::ClientBuilder, method: &str) -> (String, u32) {
    let quick = Retry::new()
        .attempts(ATTEMPTS)
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .resends(method.ends_with('*'));
    let client = builder
        .retry(quick)
        .max_answer_bytes(MOST_BYTES)
        .build()
        .expect("a client");
    let method = method.trim_end_matches('*');
    let operation = match method {
        "GET" => &GET,
        "PUT" => &PUT,
        "DELETE" => &DELETE,
        "POST" => &POST,
        _ => panic!("the test knows no method `{method}`"),
    };
    let request = Request::new(&client, operation);
    let request = match method {
        "PUT" | "POST" => request.with("label", "web"),
        _ => request,
    };
    let answered = async {
        let response = request.send().await?;
        let attempts = response.attempts();
        // An HTTP/2 answer has no body here.
        if !response.body().is_empty() {
            response.decode::<Json>()?;
        }
        Ok(attempts)
    };
    match answered.await {
        Ok(attempts) => ("answer".to_owned(), attempts),
        Err(error) => (outcome(&error), error.attempts()),
    }
}

fn outcome(error: &Error) -> String {
    match error {
        Error::Api(error) => error.status().as_u16().to_string(),
        Error::Transport(error) if error.is_timeout() => "timed out".to_owned(),
        Error::Transport(_) => "no answer".to_owned(),
        Error::Decode(_) => "not as described".to_owned(),
        _ => panic!("{error}"),
    }
}

#[test]
fn every_fault_is_told_for_every_method() {
    let mut told: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows() {
        told.entry(row.fault).or_default().push(row.method);
    }
    for (fault, mut methods) in told {
        methods.sort_unstable();
        assert_eq!(
            methods,
            ["DELETE", "GET", "POST", "POST*", "PUT"],
            "{fault}"
        );
    }
}

#[tokio::test]
async fn every_row_of_the_table_holds() {
    let rows = rows();
    assert!(rows.len() > 100, "{} rows", rows.len());
    // What is late is waited for beside the rest.
    let (late, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.fault == LATE);
    let mut late = JoinSet::from_iter(late.into_iter().map(check));
    for row in others {
        check(row).await;
    }
    while let Some(checked) = late.join_next().await {
        checked.expect("a row that holds");
    }
}

async fn check(row: Row) {
    let (outcome, requests, attempts) = play(row.fault, row.method, 1).await;
    assert_eq!((outcome.as_str(), requests), row.once, "once: {row:?}");
    assert_eq!(attempts > 1, row.again, "once: {row:?}");
    let (outcome, requests, attempts) = play(row.fault, row.method, usize::MAX).await;
    assert_eq!((outcome.as_str(), requests), row.stays, "stays: {row:?}");
    let most = if row.again { ATTEMPTS } else { 1 };
    assert_eq!(attempts, most, "stays: {row:?}");
}
