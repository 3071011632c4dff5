//! The kit with the generated client: what it answers, what it refuses, what it counts.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use linode_sdk::linode::CreateInstance;
use linode_sdk::types::Linode;
use linode_sdk::{Client, Filter};
use linode_testkit::{Recording, Reply, Testkit, json};

fn kit() -> (Testkit, Client) {
    let kit = Testkit::start();
    let client = kit.client().expect("a client");
    (kit, client)
}

#[tokio::test]
async fn what_is_not_said_comes_from_the_document() {
    let (kit, client) = kit();
    let region = client.regions().get_region("us-east").await.unwrap();
    assert_eq!(region.id, "us-east");
    let linodes = client.linode().list_instances().await.unwrap();
    assert_eq!((linodes.page, linodes.results), (1, 1));
    let answered = client.regions().list_regions().send(1).await.unwrap();
    let pinned = include_str!("../../../spec/pin.toml");
    let version = answered.headers()["x-spec-version"].to_str().unwrap();
    assert!(pinned.contains(&format!("release = \"{version}\"")));
    assert_eq!(kit.received().len(), 3);
    assert_eq!(kit.received()[1].operation(), Some("GET /linode/instances"));
    kit.assert_right();
}

#[tokio::test]
async fn what_is_said_lies_over_it() {
    let (kit, client) = kit();
    let any = kit
        .on("GET /linode/instances/{linodeId}")
        .answer(json!({"id": 7, "label": "web-7"}));
    let other = kit.on("GET /linode/instances/8").missing();
    let linode = client.linode().get_instance(7).await.unwrap();
    assert_eq!((linode.id, linode.label.as_str()), (7, "web-7"));
    let error = client.linode().get_instance(8).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!((any.used(), other.used()), (1, 1));
    let received = kit.received_on("GET /linode/instances/{linodeId}");
    assert_eq!(received[1].argument("linodeId"), Some("8"));
    assert_eq!(received[1].answered(), Some(404));
}

#[tokio::test]
async fn a_list_is_filtered_ordered_and_paged() {
    let (kit, client) = kit();
    let item =
        |id: i64| json!({"id": id, "label": format!("{}-{id}", ["db", "web"][id as usize % 2])});
    kit.on("GET /linode/instances").items((1..=101).map(item));
    let list = client
        .linode()
        .list_instances()
        .filter(Linode::LABEL.contains("web"))
        .order_by(Linode::ID.desc())
        .page_size(25);
    let linodes = list.all().await.unwrap();
    assert_eq!(linodes.len(), 51);
    assert_eq!((linodes[0].id, linodes[50].id), (101, 1));
    assert_eq!(kit.received().len(), 3);
    kit.assert_right();
}

#[tokio::test]
async fn a_filter_that_the_api_refuses_is_refused() {
    let (kit, client) = kit();
    kit.on("GET /linode/instances")
        .items([json!({"label": "web"})]);
    for filter in [
        json!({"colour": "red"}),
        json!({"status": "running"}),
        json!({"label": {"+near": "web"}}),
        json!({"+order_by": "label", "+order": "up"}),
    ] {
        let filter = Filter::raw(filter);
        let list = client.linode().list_instances().filter(filter);
        let error = list.await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
        assert!(error.to_string().contains("the filter"), "{error}");
    }
}

#[tokio::test]
async fn a_made_list_shows_what_was_asked_for() {
    let (_kit, client) = kit();
    let list = client.linode().list_instances();
    let linodes = list
        .filter(Linode::LABEL.contains("web") & Linode::REGION.eq("us-east"))
        .all()
        .await
        .unwrap();
    assert_eq!(linodes[0].label, "web");
}

#[tokio::test]
async fn what_the_api_would_refuse_is_refused() {
    let (kit, client) = kit();
    let request = CreateInstance::new()
        .region("us-east")
        .r#type("g6-nanode-1");
    let call = client
        .linode()
        .create_instance(request.image("linode/debian12"));
    let error = call.clone().with("colour", "red").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "400 Bad Request on POST /linode/instances: colour is not in the document (colour)"
    );
    assert_eq!(
        kit.problems(),
        ["POST /v4/linode/instances: body.colour is not in the document"]
    );
    kit.reset();
    call.clone().await.unwrap();
    kit.assert_right();
    kit.on("POST /linode/instances")
        .answer(json!({}))
        .unchecked();
    call.with("colour", "red").await.unwrap();
    kit.assert_right();
}

#[tokio::test]
async fn a_token_is_asked_for_where_the_document_does() {
    let kit = Testkit::start();
    let client: Client = Client::builder().base_url(kit.url()).build().unwrap();
    assert!(client.regions().list_regions().await.is_ok());
    let error = client.linode().list_instances().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
}

#[tokio::test]
async fn rules_that_end_come_first_and_in_turn() {
    let (kit, client) = kit();
    let status = |status: &str| json!({"status": status});
    let rule = kit.on("GET /linode/instances/7").answer(status("running"));
    rule.then()
        .answer(status("booting"))
        .times(2)
        .then()
        .answer(status("offline"))
        .once();
    let mut seen = Vec::new();
    for _ in 0..4 {
        let linode = client.linode().get_instance(7).await.unwrap();
        seen.push(linode.status.to_string());
    }
    assert_eq!(seen, ["booting", "booting", "offline", "running"]);
}

#[tokio::test]
async fn functions_decide_and_answer() {
    let (kit, client) = kit();
    kit.on("POST /tags")
        .reply_with(|received| Reply::json(200, json!({"label": received.json()["label"]})));
    kit.on("POST /tags")
        .reply(Reply::error(400, "Not this one"))
        .when(|received| received.json()["label"] == "bad");
    let tag = |label: &str| {
        let request = linode_sdk::tags::CreateTag::new().label(label);
        client.tags().create_tag(request)
    };
    assert_eq!(tag("good").await.unwrap().label, "good");
    let error = tag("bad").await.unwrap_err();
    assert_eq!(error.reasons()[0].reason, "Not this one");
}

#[tokio::test]
async fn a_limit_lets_so_many_through() {
    let (kit, client) = kit();
    kit.limit(2, Duration::from_secs(60));
    let answered = client.regions().list_regions().send(1).await.unwrap();
    assert_eq!(answered.headers()["x-ratelimit-remaining"], "1");
    client.regions().list_regions().await.unwrap();
    // By hand, because the client would wait and try again.
    let answer = by_hand(&kit, "GET /v4/regions HTTP/1.0\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.0 429"), "{answer}");
    let wait = answer
        .split_once("retry-after: ")
        .and_then(|(_, rest)| rest.lines().next());
    assert!(matches!(wait, Some("59" | "60")), "{answer}");
}

#[tokio::test]
async fn another_document_is_another_api() {
    let document = linode_testkit::Document::parse(
        "{servers: [{url: 'https://x/v4'}], paths: {/tags: {get: {security: [{token: []}], responses: {}}}}}",
    );
    let kit = Testkit::builder()
        .document(document.unwrap())
        .start()
        .unwrap();
    let client: Client = kit.client().unwrap();
    let error = client.regions().list_regions().await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        kit.problems(),
        ["GET /v4/regions?page=1: the document has no operation GET /v4/regions"]
    );
}

#[test]
#[should_panic(expected = "the document has no operation PUT /linode/instances; it has")]
fn what_the_document_lacks_is_told_at_once() {
    Testkit::start().on("PUT /linode/instances").missing();
}

/// What comes back for bytes that are sent as they are.
fn by_hand(kit: &Testkit, request: &str) -> String {
    let mut stream = TcpStream::connect(kit.url().trim_start_matches("http://")).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn what_is_beside_the_document_is_not_checked() {
    let kit = Testkit::start();
    kit.beside("POST /oauth/token")
        .answer(json!({"access_token": "t"}));
    let answer = by_hand(
        &kit,
        "POST /oauth/token HTTP/1.0\r\nContent-Length: 3\r\n\r\na=b",
    );
    assert!(answer.ends_with(r#"{"access_token":"t"}"#), "{answer}");
    assert_eq!(kit.received()[0].body(), "a=b");
    kit.assert_right();
}

#[test]
fn what_the_api_takes_is_taken() {
    let kit = Testkit::start();
    let token = "authorization: bearer t\r\n";
    let list = format!("GET /v4/tags HTTP/1.0\r\n{token}Content-Type: application/json\r\n\r\n");
    let answer = by_hand(&kit, &list);
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    let create = format!(
        "POST /v4/tags HTTP/1.0\r\n{token}Content-Type: application/json; charset=utf-8\r\nContent-Length: 15\r\n\r\n{}",
        r#"{"label":"web"}"#
    );
    let answer = by_hand(&kit, &create);
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    kit.assert_right();
}

#[test]
fn what_can_not_be_sent_is_an_error_and_no_silence() {
    let kit = Testkit::start();
    kit.beside("GET /a")
        .reply(Reply::bytes(200, "text/plain", "abc").header("Content-Length", 5));
    kit.beside("GET /b").reply_with(|_| panic!("not today"));
    let asks = kit.beside("GET /c").missing();
    asks.when(|_| panic!("{} is not asked", "c"));
    let get = |path: &str| by_hand(&kit, &format!("GET {path} HTTP/1.0\r\n\r\n"));
    let answer = get("/a");
    assert!(answer.starts_with("HTTP/1.0 500"), "{answer}");
    let answer = get("/b");
    assert!(answer.starts_with("HTTP/1.0 500"), "{answer}");
    let answer = get("/c");
    assert!(answer.starts_with("HTTP/1.0 500"), "{answer}");
    assert_eq!(
        kit.problems(),
        [
            "GET /a: the reply has Content-Length \"5\", and a body of 3 bytes",
            "GET /b: the function that replies panicked: not today",
            "GET /c: the document has no operation GET /c",
            "GET /c: the function that decides panicked: c is not asked"
        ]
    );
    assert_eq!(kit.received()[0].answered(), Some(500));

    let answer = get("//v4\u{e9}/x");
    assert!(answer.starts_with("HTTP/1.0 404"), "{answer}");
    kit.limit(0, Duration::MAX);
    let answer = get("/v4/regions");
    assert!(answer.starts_with("HTTP/1.0 429"), "{answer}");
}

#[test]
fn how_a_recorded_body_travelled_is_not_replayed() {
    let line = r#"{"path": "/a", "response_body": [1], "response_headers": {"Content-Length": "999", "transfer-encoding": "gzip"}}"#;
    let kit = Testkit::start();
    kit.replay(&Recording::parse("by hand", line).unwrap());
    let answer = by_hand(&kit, "GET /v4/a HTTP/1.0\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n[1]"), "{answer}");
}

#[test]
fn a_dropped_kit_listens_no_more() {
    for _ in 0..20 {
        let kit = Testkit::start();
        let address = kit.url().trim_start_matches("http://").to_owned();
        let open = TcpStream::connect(&address).unwrap();
        drop(kit);
        assert!(TcpStream::connect(&address).is_err());
        let port = address.rsplit(':').next().unwrap().parse().unwrap();
        let again = Testkit::builder().port(port).start().unwrap();
        assert!(again.url().ends_with(&address));
        drop(open);
    }
}

#[tokio::test]
async fn what_was_deleted_is_gone() {
    let (kit, client) = kit();
    let volume = || client.volumes().get_volume(7);
    volume().await.unwrap();
    client.volumes().delete_volume(7).await.unwrap();
    assert!(volume().await.unwrap_err().is_not_found());
    client.volumes().get_volume(8).await.unwrap();
    let volume_7 = client.volumes().delete_volume(7).await.unwrap_err();
    assert!(volume_7.is_not_found());
    kit.on("GET /volumes/7").answer(json!({}));
    volume().await.unwrap();
}

#[tokio::test]
async fn what_has_one_address_is_there_again() {
    let (_kit, client) = kit();
    let number = || {
        let number = linode_sdk::profile::CreatePhoneNumber::new();
        let number = number.iso_code("US").phone_number("555-555-5555");
        client.profile().create_phone_number(number)
    };
    number().await.unwrap();
    client.profile().delete_phone_number().await.unwrap();
    let again = client.profile().delete_phone_number().await;
    assert!(again.unwrap_err().is_not_found());
    number().await.unwrap();
    client.profile().delete_phone_number().await.unwrap();
}
