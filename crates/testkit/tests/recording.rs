//! Exchanges of a real client recorded from another server, and replayed without it.

use linode_sdk::profile::CreateToken;
use linode_sdk::tags::CreateTag;
use linode_sdk::types::Linode;
use linode_sdk::{Client, Retry, reqwest};
use linode_testkit::{Fault, Recording, Reply, Testkit, json};

const TOKEN: &str = "the-real-token";

/// A server to record from, and a kit that does.
fn pair() -> (Testkit, Testkit, Client) {
    let upstream = Testkit::start();
    let kit = Testkit::builder().record(upstream.url()).start().unwrap();
    let client = kit.client_builder().token(TOKEN);
    let client = client.retry(Retry::never()).build().unwrap();
    (upstream, kit, client)
}

fn replaying(recording: &Recording) -> (Testkit, Client) {
    let kit = Testkit::start();
    kit.replay(recording);
    let client = kit.client().unwrap();
    (kit, client)
}

/// What a program does with the client.
async fn program(client: &Client) -> Vec<String> {
    let mut seen = Vec::new();
    let list = client
        .linode()
        .list_instances()
        .filter(Linode::LABEL.contains("web"));
    for linode in list.page_size(25).all().await.unwrap() {
        seen.push(format!("{} {}", linode.id, linode.label));
    }
    for _ in 0..2 {
        let linode = client.linode().get_instance(7).await.unwrap();
        seen.push(linode.status.to_string());
    }
    let tag = client
        .tags()
        .create_tag(CreateTag::new().label("new"))
        .await
        .unwrap();
    seen.push(tag.label);
    let missing = client.volumes().get_volume(1).await.unwrap_err();
    seen.push(missing.to_string());
    let picture = client
        .account()
        .get_oauth_client_thumbnail("2737")
        .await
        .unwrap();
    seen.push(format!("{picture:?}"));
    client.tags().delete_tag("old").await.unwrap();
    seen
}

fn tell(upstream: &Testkit) {
    let item = |id: i64| json!({"id": id, "label": format!("web-{id}")});
    upstream
        .on("GET /linode/instances")
        .items((1..=30).map(item));
    let linode = upstream
        .on("GET /linode/instances/7")
        .answer(json!({"status": "booting"}))
        .once();
    linode.then().answer(json!({"status": "running"}));
    upstream
        .on("POST /tags")
        .reply_with(|received| Reply::json(200, json!({"label": received.json()["label"]})));
    upstream.on("GET /volumes/1").missing();
    let picture = Reply::bytes(200, "image/png", &b"\x89PNG\r\n"[..]);
    upstream
        .on("GET /account/oauth-clients/2737/thumbnail")
        .reply(picture);
}

#[tokio::test]
async fn what_was_recorded_is_replayed() {
    let (upstream, kit, client) = pair();
    tell(&upstream);
    let seen = program(&client).await;
    assert_eq!(seen.len(), 35);
    upstream.assert_right();
    let sent = &upstream.received()[0];
    assert_eq!(sent.header("authorization"), Some("Bearer the-real-token"));
    assert_eq!(
        sent.header("host").map(|host| format!("http://{host}")),
        Some(upstream.url())
    );

    let recording = Recording::parse("again", &kit.recording().to_string()).unwrap();
    assert_eq!(recording, kit.recording());
    drop((upstream, kit));
    let (kit, client) = replaying(&recording);
    assert_eq!(program(&client).await, seen);
    assert_eq!(kit.received().len(), recording.exchanges().len());
    kit.assert_right();
}

#[tokio::test]
async fn a_line_has_the_documented_form() {
    let (upstream, kit, client) = pair();
    upstream
        .on("GET /tags")
        .items([json!({"label": "a"})])
        .header("X-RateLimit-Remaining", 7);
    client.tags().list_tags().page_size(50).await.unwrap();
    assert_eq!(
        kit.recording().to_string(),
        "{\"method\":\"GET\",\"path\":\"/tags\",\"version\":\"v4\",\"query\":\"page=1&page_size=50\",\"x_filter\":null,\"request_body\":null,\
         \"status\":200,\"response_body\":{\"data\":[{\"label\":\"a\"}],\"page\":1,\"pages\":1,\"results\":1},\
         \"response_headers\":{\"x-ratelimit-remaining\":\"7\"}}\n"
    );
    assert_eq!(kit.take_recording().exchanges().len(), 1);
    assert!(kit.recording().exchanges().is_empty());
}

#[tokio::test]
async fn no_secret_is_recorded_and_any_secret_replays() {
    let (upstream, kit, client) = pair();
    let answer = json!({"token": "fresh-secret", "label": "mine", "id": 3});
    upstream.on("POST /profile/tokens").answer(answer);
    upstream
        .on("GET /profile")
        .answer(json!({"username": format!("echo-{TOKEN}")}));
    let root_pass = |password: &str| {
        let rebuild = linode_sdk::linode::RebuildInstance::new().image("linode/debian12");
        client_call(&client, rebuild.root_pass(password))
    };
    let created = CreateToken::new().label("mine");
    let created = client.profile().create_token(created).await.unwrap();
    assert_eq!(created.id, 3);
    client.profile().get_profile().await.unwrap();
    root_pass("correct horse battery").await.unwrap();

    let text = kit.recording().to_string();
    for secret in ["fresh-secret", TOKEN, "correct horse", "Bearer"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    let (kit, client) = replaying(&kit.recording());
    let rebuild = linode_sdk::linode::RebuildInstance::new().image("linode/debian12");
    client_call(&client, rebuild.root_pass("another one"))
        .await
        .unwrap();
    kit.assert_right();
}

/// What every user has beside secrets can be read again.
#[tokio::test]
async fn what_only_sounds_like_a_secret_is_replayed() {
    let (_upstream, kit, client) = pair();
    let users = client.account().list_users().await.unwrap();
    let user = client.account().get_user("ada").await.unwrap();
    assert!(user.password_created.is_some());
    let (_kit, client) = replaying(&kit.recording());
    assert_eq!(
        client.account().list_users().await.unwrap().data,
        users.data
    );
    assert_eq!(client.account().get_user("ada").await.unwrap(), user);
}

#[tokio::test]
async fn secrets_in_addresses_are_masked_and_replay() {
    use linode_sdk::object_storage::CreateBucketObjectUrl;
    const TRANSFER: &str = "123E4567-E89B-12D3-A456-426614174000";
    let (upstream, kit, client) = pair();
    let address = "https://h.example/b/o?Signature=qr98TEucCntP&Expires=1567609905";
    upstream
        .on("POST /object-storage/buckets/{}/{}/object-url")
        .answer(json!({"url": address}));
    let location = "https://h.example/#access_token=abcdefgh&state=1";
    upstream
        .on("GET /regions/us-east")
        .fault(Fault::Redirect(location.to_owned()));
    let program = async |client: &Client, token: &str| {
        let transfer = client.account().get_service_transfer(token).await.unwrap();
        let signed = CreateBucketObjectUrl::new().method("GET").name("o");
        let call = client
            .object_storage()
            .create_bucket_object_url("us-east-1", "b", signed);
        let signed = call.await.unwrap();
        client.regions().get_region("us-east").await.unwrap_err();
        (transfer.is_sender, signed.url)
    };
    let (is_sender, url) = program(&client, TRANSFER).await;
    assert_eq!(url, address);
    let text = kit.recording().to_string();
    for secret in [TRANSFER, "qr98", "abcdefgh"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    assert!(text.contains("Signature=[masked]&Expires=1567609905"));
    let (kit, client) = replaying(&kit.recording());
    assert_eq!(program(&client, "[masked]").await.0, is_sender);
    kit.assert_right();
}

#[tokio::test]
async fn a_short_token_spoils_no_recording() {
    let (_upstream, kit, _) = pair();
    let client: Client = kit.client_builder().token("t").build().unwrap();
    client.linode().list_stackscripts().await.unwrap();
    assert_eq!(kit.recording().exchanges()[0].path, "/linode/stackscripts");
}

#[tokio::test]
async fn a_file_that_can_not_be_written_is_a_problem() {
    let upstream = Testkit::start();
    let kit = Testkit::builder().record(upstream.url());
    let kit = kit.record_into("/no/such/folder/file").start().unwrap();
    let client: Client = kit.client().unwrap();
    client.regions().get_region("us-east").await.unwrap();
    assert!(
        kit.problems()[0].contains("not recorded: /no/such/folder/file: "),
        "{:?}",
        kit.problems()
    );
    assert_eq!(kit.recording().exchanges().len(), 1);
}

async fn client_call(
    client: &Client,
    rebuild: linode_sdk::linode::RebuildInstance,
) -> Result<(), linode_sdk::Error> {
    client
        .linode()
        .rebuild_instance(7, rebuild)
        .await
        .map(|_| ())
}

#[tokio::test]
async fn what_was_not_recorded_is_told() {
    let recording = Recording::parse(
        "by hand",
        r#"{"path": "/tags", "query": "page=2", "response_body": {}}"#,
    );
    let (kit, client) = replaying(&recording.unwrap());
    let error = client.tags().list_tags().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "501 Not Implemented on GET /tags: no recorded exchange is like it: recorded was ?page=2"
    );
    assert_eq!(
        kit.problems(),
        ["GET /v4/tags?page=1: no recorded exchange is like it: recorded was ?page=2"]
    );
}

#[tokio::test]
async fn faults_come_before_what_is_replayed_and_what_is_recorded() {
    let (upstream, kit, _) = pair();
    kit.on("GET /regions/{regionId}")
        .fault(Fault::Status(503))
        .once();
    kit.on("GET /regions/{regionId}")
        .fault(Fault::CutOff)
        .once();
    let client: Client = kit.client().unwrap();
    let region = client.regions().get_region("us-east").await.unwrap();
    // The first never got through; of the second the client saw only half.
    assert_eq!((kit.received().len(), upstream.received().len()), (3, 2));
    let recording = kit.recording();
    assert_eq!(recording.exchanges().len(), 2);

    let (kit, client) = replaying(&recording);
    kit.everywhere()
        .fault(Fault::TooManyRequests)
        .header("Retry-After", 0)
        .once();
    assert_eq!(
        client.regions().get_region("us-east").await.unwrap(),
        region
    );
    assert_eq!(kit.received()[0].answered(), Some(429));
}

#[tokio::test]
async fn what_is_told_comes_before_the_other_server() {
    let (upstream, kit, client) = pair();
    kit.on("GET /regions/us-east")
        .answer(json!({"label": "told"}));
    let region = client.regions().get_region("us-east").await.unwrap();
    assert_eq!(
        (region.label.as_str(), upstream.received().len()),
        ("told", 0)
    );
    assert!(kit.recording().exchanges().is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_and_not_recorded() {
    let (upstream, kit, client) = pair();
    upstream.refuse();
    let error = client.regions().get_region("us-east").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert!(
        error
            .to_string()
            .contains("no answer from http://127.0.0.1:"),
        "{error}"
    );
    assert!(kit.recording().exchanges().is_empty());
}

#[tokio::test]
async fn redirects_and_bad_requests_are_the_other_servers_affair() {
    let (upstream, kit, client) = pair();
    upstream
        .on("GET /regions/us-east")
        .fault(Fault::Redirect("https://elsewhere.example/x".to_owned()));
    let error = client.regions().get_region("us-east").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("redirected to https://elsewhere.example/x"),
        "{error}"
    );
    let tag = CreateTag::new().label("a");
    let error = client
        .tags()
        .create_tag(tag)
        .with("colour", "red")
        .await
        .unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    let statuses: Vec<u16> = kit
        .recording()
        .exchanges()
        .iter()
        .map(|exchange| exchange.status)
        .collect();
    assert_eq!(statuses, [302, 400]);

    // A path that is in no document, as of a login server, and a form.
    let http = linode_sdk::http_builder().unwrap().build().unwrap();
    let form = "client_id=2737&client_secret=s3cret&scope=a+b";
    upstream
        .beside("POST /oauth/token")
        .answer(json!({"access_token": "a1", "expires_in": 7200}));
    let request = http.post(kit.url() + "/oauth/token").body(form);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let answer: reqwest::Response = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let recording = kit.recording();
    let exchange = &recording.exchanges()[2];
    assert_eq!(
        (exchange.path.as_str(), exchange.version.as_deref()),
        ("/oauth/token", None)
    );
    assert_eq!(
        exchange.request_body,
        json!({"client_id": "2737", "client_secret": "[masked]", "scope": "a b"})
    );
    assert_eq!(
        exchange.response_body,
        json!({"access_token": "[masked]", "expires_in": 7200})
    );
}
