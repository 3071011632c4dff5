//! Every fault over real sockets, as a plain HTTP client sees it.

use std::time::{Duration, Instant};

use linode_sdk::reqwest;
use linode_testkit::{Fault, Json, Reply, Testkit, json};

const LIST: &str = "GET /regions";

struct Seen {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: String,
}

/// What builds an HTTP client; without a provider of cryptography it would not.
fn http() -> reqwest::ClientBuilder {
    // It is there already from the second time on.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().tls_certs_only([])
}

async fn get(kit: &Testkit) -> Result<Seen, reqwest::Error> {
    let http = http().redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = http
        .get(kit.url() + "/v4/regions")
        .header("User-Agent", "hand/1")
        .header("Accept", "application/json")
        .send()
        .await?;
    Ok(Seen {
        status: answer.status().as_u16(),
        headers: answer.headers().clone(),
        body: answer.text().await?,
    })
}

async fn struck(fault: Fault) -> Result<Seen, reqwest::Error> {
    let kit = Testkit::start();
    let rule = kit.on(LIST).fault(fault).once();
    let seen = get(&kit).await;
    assert_eq!((rule.used(), kit.received().len()), (1, 1));
    let after = get(&kit).await.expect("the answer after the fault");
    assert_eq!(after.status, 200);
    kit.assert_right();
    seen
}

/// The words of an error and of all that caused it.
fn words(error: reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words += &format!(": {error}");
        cause = error.source();
    }
    words
}

#[tokio::test]
async fn faults_that_are_answers() {
    let seen = struck(Fault::TooManyRequests).await.unwrap();
    assert_eq!(
        (seen.status, seen.body.as_str()),
        (429, r#"{"errors":[{"reason":"Too many requests"}]}"#)
    );
    let seen = struck(Fault::Status(504)).await.unwrap();
    assert_eq!(
        (seen.status, seen.body.as_str()),
        (504, r#"{"errors":[{"reason":"Gateway Timeout"}]}"#)
    );
    let seen = struck(Fault::Maintenance).await.unwrap();
    assert!(seen.status == 503 && seen.headers.contains_key("x-maintenance-mode"));
    let seen = struck(Fault::LinodeBusy).await.unwrap();
    assert!(seen.status == 400 && seen.body.contains("Linode busy."));
    let seen = struck(Fault::Html(400)).await.unwrap();
    assert_eq!(
        (seen.status, &seen.headers["content-type"]),
        (400, &"text/html".parse().unwrap())
    );
    let seen = struck(Fault::Redirect("http://127.0.0.1:1/x".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        (seen.status, &seen.headers["location"]),
        (302, &"http://127.0.0.1:1/x".parse().unwrap())
    );
    let seen = struck(Fault::BrokenJson).await.unwrap();
    assert!(seen.status == 200 && serde_json::from_str::<Json>(&seen.body).is_err());
    let seen = struck(Fault::OtherJson).await.unwrap();
    assert!(seen.status == 200 && serde_json::from_str::<Json>(&seen.body).unwrap().is_array());
}

#[tokio::test]
async fn any_status_of_an_answer_is_sent() {
    let seen = struck(Fault::Status(999)).await.unwrap();
    assert_eq!(
        (seen.status, seen.body.as_str()),
        (999, r#"{"errors":[{"reason":"Failed"}]}"#)
    );
}

#[test]
fn what_can_not_be_sent_is_told_at_once() {
    let told = |tell: &(dyn Fn(&Testkit) + std::panic::RefUnwindSafe)| {
        let told = std::panic::catch_unwind(|| tell(&Testkit::start()));
        let message = told.expect_err("a panic");
        message.downcast_ref::<String>().unwrap().clone()
    };
    let status = |status| format!("{status} is no status of an answer: it is from 200 to 999");
    assert_eq!(
        told(&|kit| _ = kit.on(LIST).fault(Fault::Status(42))),
        status(42)
    );
    assert_eq!(
        told(&|kit| _ = kit.on(LIST).fault(Fault::Html(1000))),
        status(1000)
    );
    assert_eq!(
        told(&|kit| _ = kit.on(LIST).reply(Reply::status(100))),
        status(100)
    );
    assert_eq!(
        told(&|kit| _ = kit.on(LIST).answer(json!({})).status(0)),
        status(0)
    );
    let address = Fault::Redirect("http://a/\nb".to_owned());
    assert_eq!(
        told(&|kit| _ = kit.on(LIST).fault(address.clone())),
        "\"http://a/\\nb\" is no address for a header"
    );
}

#[tokio::test]
async fn a_fault_brings_the_headers_that_it_was_told() {
    let kit = Testkit::start();
    let fault = kit.on(LIST).fault(Fault::TooManyRequests);
    fault
        .header("Retry-After", 7)
        .header("X-RateLimit-Remaining", 0)
        .once();
    let seen = get(&kit).await.unwrap();
    let header = |name: &str| seen.headers[name].to_str().unwrap();
    assert_eq!(
        (header("retry-after"), header("x-ratelimit-remaining")),
        ("7", "0")
    );
}

#[tokio::test]
async fn faults_of_the_connection() {
    let reset = words(struck(Fault::Reset).await.err().expect("no answer"));
    assert!(reset.contains("reset"), "{reset}");
    let closed = words(struck(Fault::Close).await.err().expect("no answer"));
    assert!(closed.contains("closed"), "{closed}");
    let garbage = words(struck(Fault::Garbage).await.err().expect("no answer"));
    assert!(garbage.contains("invalid HTTP"), "{garbage}");
    let cut = words(struck(Fault::CutOff).await.err().expect("half an answer"));
    assert!(cut.contains("body"), "{cut}");
}

#[tokio::test]
async fn faults_of_time() {
    let start = Instant::now();
    let seen = struck(Fault::Slow(Duration::from_millis(200)))
        .await
        .unwrap();
    assert!(seen.status == 200 && start.elapsed() >= Duration::from_millis(200));

    let kit = Testkit::start();
    kit.on(LIST)
        .fault(Fault::Dribble(Duration::from_millis(1)))
        .once();
    kit.on(LIST).items([json!({"id": "a"})]);
    assert_eq!(
        serde_json::from_str::<Json>(&get(&kit).await.unwrap().body).unwrap()["data"][0]["id"],
        "a"
    );

    kit.on(LIST).fault(Fault::Hang).once();
    let hung = tokio::time::timeout(Duration::from_millis(100), get(&kit)).await;
    assert!(hung.is_err());
    // The server learns of it as soon as it looks.
    while kit.abandoned() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_and_comes_back() {
    let kit = Testkit::start();
    get(&kit).await.unwrap();
    kit.refuse();
    let refused = get(&kit).await.err().expect("no connection");
    assert!(refused.is_connect());
    kit.accept();
    get(&kit).await.unwrap();
    assert_eq!(kit.received().len(), 2);
}

#[tokio::test]
async fn a_fault_happens_whatever_answers_were_given() {
    let status = async |kit: &Testkit| get(kit).await.unwrap().status;
    let kit = Testkit::start();
    kit.on(LIST).fault(Fault::Status(500));
    let once = kit.on(LIST).items([json!({"id": "a"})]).once();
    kit.on(LIST).items([json!({"id": "b"})]);
    assert_eq!((status(&kit).await, status(&kit).await), (500, 500));
    assert_eq!(once.used(), 0, "nothing of the answer arrived");

    let kit = Testkit::start();
    kit.everywhere().fault(Fault::Status(502)).chance(1.0);
    kit.on(LIST).items([json!({"id": "a"})]).once();
    assert_eq!(status(&kit).await, 502);

    let kit = Testkit::start();
    let once = kit.everywhere().fault(Fault::Status(503)).once();
    let first = kit.on(LIST).items([json!({"id": "a"})]).once();
    assert_eq!((status(&kit).await, first.used()), (503, 0));
    assert_eq!((status(&kit).await, first.used()), (200, 1));
    assert_eq!(once.used(), 1);

    // What a fault lets arrive in the end is used up.
    let kit = Testkit::start();
    let slow = kit.on(LIST).fault(Fault::Slow(Duration::from_millis(1)));
    let first = kit.on(LIST).items([json!({"id": "a"})]).once();
    let seen = get(&kit).await.unwrap();
    assert!(seen.body.contains("\"id\":\"a\""), "{}", seen.body);
    assert_eq!((slow.used(), first.used()), (1, 1));
}

#[tokio::test]
async fn chance_is_by_the_seed() {
    let faults = async |seed| {
        let kit = Testkit::builder().seed(seed).start().unwrap();
        let rule = kit.everywhere().fault(Fault::Status(503)).chance(0.3);
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push(get(&kit).await.unwrap().status);
        }
        assert_eq!(
            seen.iter().filter(|status| **status == 503).count(),
            rule.used()
        );
        seen
    };
    let first = faults(7).await;
    assert_eq!(first, faults(7).await);
    assert_ne!(first, faults(8).await);
    assert!(first.contains(&503) && first.contains(&200));
}

#[tokio::test]
async fn http2_is_spoken_to_those_who_speak_it() {
    let kit = Testkit::start();
    let http = http().http2_prior_knowledge().build().unwrap();
    let answer = http.get(kit.url() + "/v4/regions").send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    kit.on(LIST).fault(Fault::Reset).once();
    assert!(http.get(kit.url() + "/v4/regions").send().await.is_err());
}
