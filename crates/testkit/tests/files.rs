//! Files up and down, with the generated client.

use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use linode_sdk::linode::CreateInstance;
use linode_sdk::support::CreateTicketAttachment;
use linode_sdk::{
    BoxError, BoxFuture, Bytes, Client, Content, Error, Retry, Secret, TokenSource, helpers,
};
use linode_testkit::{Fault, Reply, Testkit, json};

const THUMBNAIL: &str = "/account/oauth-clients/{clientId}/thumbnail";

/// Something that begins as a gzip file does, and is larger than a piece.
fn gzip() -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b];
    bytes.extend((0..200_000_u32).map(|number| number.to_le_bytes()[0]));
    bytes
}

fn quick(kit: &Testkit) -> Client {
    let quick = Retry::new().backoff(Duration::from_millis(1), Duration::from_millis(2));
    kit.client_builder().retry(quick).build().expect("a client")
}

/// A file with this content, which is there as long as it is held.
fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), content).expect("content");
    file
}

/// A stream of pieces, of which nobody knows how many there will be.
fn stream(content: &[u8]) -> Content {
    let pieces: Vec<_> = content.chunks(1000).map(Bytes::copy_from_slice).collect();
    let mut pieces = pieces.into_iter();
    let next = move |_: &mut std::task::Context<'_>| {
        std::task::Poll::Ready(pieces.next().map(Ok::<_, std::convert::Infallible>))
    };
    Content::stream(futures_util::stream::poll_fn(next))
}

#[tokio::test]
async fn a_picture_goes_up_from_wherever_it_is() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let picture = gzip();
    let on_disk = file(&picture);
    let contents = [
        Content::from(picture.clone()),
        Content::file(on_disk.path()),
        Content::from(on_disk.path().to_owned()),
        Content::reader(Cursor::new(picture.clone())),
        Content::blocking_reader(Cursor::new(picture.clone())).sized(picture.len() as u64),
        stream(&picture),
    ];
    for content in contents {
        let (size, what) = (content.len(), format!("{content:?}"));
        let sent = client.account().update_oauth_client_thumbnail("7", content);
        sent.await.expect(&what);
        let received = kit.received();
        let received = received.last().expect("a request");
        assert_eq!(received.header("content-type"), Some("image/png"), "{what}");
        assert_eq!(received.body(), &picture, "{what}");
        // What is known beforehand is told beforehand.
        let told = received.header("content-length").map(str::to_owned);
        assert_eq!(told, size.map(|size| size.to_string()), "{what}");
    }
    kit.assert_right();
}

#[tokio::test]
async fn a_picture_comes_down_whole_or_in_pieces() {
    let kit = Testkit::start();
    let picture = gzip();
    let reply = Reply::bytes(200, "image/png", picture.clone());
    kit.on(format!("GET {THUMBNAIL}")).reply(reply);
    let get = |client: &Client| client.account().get_oauth_client_thumbnail("7");
    let client = quick(&kit);
    assert_eq!(get(&client).await.expect("bytes"), picture);

    let mut download = get(&client).download().await.expect("an answer");
    assert_eq!(download.status(), 200);
    assert_eq!(download.len(), Some(picture.len() as u64));
    let mut memory = Vec::new();
    let copied = download.copy_to(&mut memory).await.expect("bytes");
    assert_eq!((copied, &memory), (picture.len() as u64, &picture));

    let small: Client = kit
        .client_builder()
        .max_answer_bytes(1000)
        .build()
        .expect("a client");
    let mut download = get(&small).download().await.expect("an answer");
    let error = download
        .copy_to(&mut Vec::new())
        .await
        .expect_err("too much");
    assert!(
        error.to_string().contains("larger than 1000 bytes"),
        "{error}"
    );
    assert!(download.try_next().await.expect("the end").is_none());
}

#[tokio::test]
async fn a_download_is_tried_again_until_it_comes_and_tells_when_it_breaks_off() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let on = || kit.on(format!("GET {THUMBNAIL}"));
    on().fault(Fault::Status(503)).once();
    on().reply(Reply::bytes(200, "image/png", "picture")).once();
    let get = || client.account().get_oauth_client_thumbnail("7");
    let mut memory = Vec::new();
    let mut download = get().download().await.expect("an answer");
    download.copy_to(&mut memory).await.expect("bytes");
    assert_eq!(memory, b"picture");

    on().fault(Fault::CutOff).once();
    let mut download = get().download().await.expect("a head");
    let error = download.copy_to(&mut Vec::new()).await.expect_err("a half");
    assert!(matches!(error, Error::Transport(_)), "{error}");

    on().missing();
    let error = get().download().await.expect_err("nothing");
    assert!(error.is_not_found() && error.reasons()[0].reason == "Not found");
}

#[tokio::test]
async fn a_stream_of_which_something_left_is_not_sent_twice() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let on = || kit.on(format!("PUT {THUMBNAIL}"));
    on().fault(Fault::Status(503)).once();
    let put = |content| client.account().update_oauth_client_thumbnail("7", content);
    let error = put(stream(&gzip())).await.expect_err("once");
    assert_eq!(
        (error.status().map(|s| s.as_u16()), error.attempts()),
        (Some(503), 1)
    );

    // A file is read anew.
    on().fault(Fault::Status(503)).once();
    let on_disk = file(&gzip());
    let answered = put(Content::file(on_disk.path())).send().await;
    assert_eq!(answered.expect("twice").attempts(), 2);
    assert_eq!(kit.received().last().expect("a request").body(), &gzip());

    // Two calls cannot send the same stream.
    let call = put(stream(&gzip()));
    call.clone().await.expect("the first");
    let error = call.await.expect_err("the second").to_string();
    assert!(
        error.contains("its content is a stream, which can be sent once"),
        "{error}"
    );
}

#[tokio::test]
async fn what_a_stream_gives_has_to_be_what_was_told() {
    let kit = Testkit::start();
    let client = quick(&kit);
    for (told, problem) in [(1001, "1 bytes too early"), (999, "longer than was told")] {
        let content = Content::blocking_reader(Cursor::new(vec![7; 1000])).sized(told);
        let sent = client
            .account()
            .update_oauth_client_thumbnail("7", content)
            .await;
        let error = sent.expect_err("another number").to_string();
        assert!(error.contains(problem), "{error}");
    }
    let nothing = client
        .account()
        .update_oauth_client_thumbnail("7", Content::file("no/such/file"));
    assert!(nothing.clone().into_http().is_err());
    let Err(Error::Input(error)) = nothing.await else {
        panic!("a file that is not there was sent");
    };
    assert!(
        error.to_string().contains("the file `no/such/file`: "),
        "{error}"
    );
}

#[tokio::test]
async fn an_attachment_comes_from_bytes_or_from_a_path() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let on_disk = file(b"all well");
    let contents = [
        Content::from("all well"),
        Content::file(on_disk.path()),
        stream(b"all well"),
    ];
    for content in contents {
        let known = content.len().is_some();
        let attachment = CreateTicketAttachment::new().file("log.txt", content);
        let call = client.support().create_ticket_attachment(7, attachment);
        call.await.expect("an answer");
        let received = kit.received();
        let received = received.last().expect("a request");
        let body = String::from_utf8(received.body().to_vec()).expect("text");
        let part = "Content-Disposition: form-data; name=\"file\"; filename=\"log.txt\"\r\n\
                    Content-Type: application/octet-stream\r\n\r\nall well\r\n--";
        assert!(body.contains(part), "{body}");
        assert_eq!(received.header("content-length").is_some(), known);
    }
    kit.assert_right();
}

#[tokio::test]
async fn an_attachment_that_is_not_there_is_told_and_not_sent() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let missing = Content::file("no/such/log.txt");
    let attachment = CreateTicketAttachment::new().file("log.txt", missing);
    let sent = client
        .support()
        .create_ticket_attachment(7, attachment)
        .await;
    let Err(Error::Input(error)) = sent else {
        panic!("a file that is not there was sent");
    };
    let problem = "the file `no/such/log.txt`: ";
    assert!(error.to_string().contains(problem), "{error}");
    assert_eq!(kit.received().len(), 0);
}

#[tokio::test]
async fn an_image_is_uploaded_where_the_api_says() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let to = format!("{}/images/7?key=hunter2", kit.url());
    kit.on("POST /images/upload")
        .answer(json!({"upload_to": to}));
    kit.beside("PUT /images/7").fault(Fault::Status(503)).once();
    kit.beside("PUT /images/7").reply(Reply::status(200));
    let image = linode_sdk::images::UploadImage::new()
        .region("us-east")
        .label("mine");
    let upload = client
        .images()
        .upload_image(image)
        .await
        .expect("an address");

    let on_disk = file(&gzip());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hear = Arc::clone(&heard);
    client
        .upload(upload.upload_to.expose(), Content::file(on_disk.path()))
        .on_progress(move |sent, of| hear.lock().expect("no panic").push((sent, of)))
        .await
        .expect("an upload");
    let received = kit.received();
    let put = received.last().expect("a request");
    assert_eq!((put.method(), put.body()), ("PUT", &gzip().into()));
    assert_eq!(put.header("content-type"), Some("application/octet-stream"));
    assert_eq!(put.header("authorization"), None);
    let size = gzip().len() as u64;
    let heard = heard.lock().expect("no panic").clone();
    assert!(heard.iter().all(|(_, of)| *of == Some(size)), "{heard:?}");
    assert_eq!(heard.last(), Some(&(size, Some(size))));
    // It began anew at the second attempt.
    assert!(
        heard.windows(2).any(|pair| pair[1].0 < pair[0].0),
        "{heard:?}"
    );

    let reader = Content::reader(Cursor::new(gzip()));
    client
        .upload(upload.upload_to.expose(), reader)
        .await
        .expect("a reader");
    assert_eq!(kit.received().last().expect("a request").body(), &gzip());
}

/// Gives a token, and counts how often.
struct Counting(Arc<AtomicUsize>);

impl TokenSource for Counting {
    fn token(&self) -> BoxFuture<'_, Result<Secret, BoxError>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(Secret::from("hunter2")) })
    }
}

#[tokio::test]
async fn the_token_of_a_source_does_not_go_where_files_go() {
    let kit = Testkit::start();
    kit.beside("PUT /images/7").reply(Reply::status(200));
    let given = Arc::new(AtomicUsize::new(0));
    let builder = kit
        .client_builder()
        .token_source(Counting(Arc::clone(&given)));
    let client: Client = builder.build().expect("a client");
    let to = format!("{}/images/7", kit.url());
    client.upload(&to, gzip()).await.expect("an upload");
    let received = kit.received();
    assert_eq!(received[0].line(), "PUT /images/7");
    assert_eq!(received[0].header("authorization"), None);
    assert_eq!(given.load(Ordering::SeqCst), 0);

    // It is the source of the calls beside it.
    let regions = client.regions().list_regions();
    regions.await.expect("regions");
    let received = kit.received();
    assert_eq!(received[1].header("authorization"), Some("Bearer hunter2"));
    assert_eq!(given.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_cannot_be_uploaded_is_told_and_not_sent() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let to = format!("{}/images/7?key=hunter2", kit.url());
    let refused = |result: Result<(), Error>, problem: &str| {
        let error = result.expect_err(problem);
        let shown = format!("{error} {error:?}");
        assert!(error.to_string().contains(problem), "{error}");
        assert!(!shown.contains("hunter2"), "{shown}");
    };
    for content in [
        Content::from("raw"),
        Content::from(""),
        stream(b"raw"),
        Content::from(&[0x1f]),
    ] {
        refused(client.upload(&to, content).await, "the file is no gzip");
    }
    let missing = Content::file("no/such/file");
    refused(
        client.upload(&to, missing).await,
        "the file `no/such/file`: ",
    );
    for address in [
        "ftp://host/hunter2",
        "hunter2",
        "",
        "http://hunter2@host/",
        "/hunter2",
    ] {
        refused(
            client.upload(address, gzip()).await,
            "the address to upload to is",
        );
    }
    // A client that goes to `https://` uploads there alone.
    let secure = Client::new("s3cret").expect("a client");
    refused(secure.upload(&to, gzip()).await, "is not `https://`");
    assert_eq!(kit.received().len(), 0);

    kit.beside("PUT /images/7").reply(Reply::bytes(
        403,
        "application/xml",
        "<Error>Expired</Error>",
    ));
    refused(
        client.upload(&to, gzip()).await,
        "403 Forbidden on PUT upload_to: <Error>Expired",
    );
    refused(
        client.upload(&to, "raw").check_gzip(false).await,
        "403 Forbidden",
    );
}

#[tokio::test]
async fn keys_from_files_and_a_password_at_random_are_sent() {
    let kit = Testkit::start();
    let client = quick(&kit);
    let first =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFirstFirstFirstFirstFirstFirstFirstFirstFir me@home";
    let second = first.replace("First", "Secon");
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("a.pub", first),
        ("b.pub", second.as_str()),
        ("b", "private"),
    ] {
        std::fs::write(folder.path().join(name), format!("{text}\n")).expect("a key");
    }
    let password = helpers::root_password().expect("random numbers");
    for (path, keys) in [
        (folder.path().to_owned(), json!([first, second])),
        (folder.path().join("b.pub"), json!([second])),
    ] {
        let create = CreateInstance::new()
            .region("us-east")
            .r#type("g6-standard-1")
            .image("linode/debian12")
            .authorized_keys(helpers::ssh_keys(path).expect("keys"))
            .root_pass(password.clone());
        let call = client.linode().create_instance(create);
        call.await.expect("a Linode");
        let received = kit.received();
        let sent = received.last().expect("a request").json();
        assert_eq!(sent["authorized_keys"], keys);
        assert_eq!(sent["root_pass"], password.expose());
    }
    kit.assert_right();
}

#[tokio::test]
async fn a_kubeconfig_is_decoded() {
    let kit = Testkit::start();
    let client = quick(&kit);
    kit.on("GET /lke/clusters/{clusterId}/kubeconfig")
        .answer(json!({"kubeconfig": "YXBpVmVyc2lvbjogdjE="}));
    let answer = client
        .lke()
        .get_cluster_kubeconfig(7)
        .await
        .expect("a secret");
    let config = answer.kubeconfig.from_base64().expect("text");
    assert_eq!(config.expose(), "apiVersion: v1");
}

#[tokio::test]
async fn data_of_a_stackscript_is_checked_against_the_script() {
    let kit = Testkit::start();
    let client = quick(&kit);
    kit.on("GET /linode/stackscripts/{stackscriptId}").answer(json!({"user_defined_fields": [
        {"name": "token", "label": "Token", "example": "", "oneOf": null, "manyOf": null, "default": null},
        {"name": "size", "label": "Size", "example": "", "oneOf": "s,m", "default": "s"},
    ]}));
    let script = client
        .linode()
        .get_stackscript("7")
        .await
        .expect("a script");
    let data = |json: linode_testkit::Json| match json {
        linode_testkit::Json::Object(fields) => fields.into_iter().collect(),
        _ => linode_sdk::Map::new(),
    };
    let good = data(json!({"token": "hunter2", "size": "m"}));
    helpers::check_stackscript_data(&script, &good).expect("right");
    let bad = data(json!({"size": "hunter2", "Token": "hunter2"}));
    let error = helpers::check_stackscript_data(&script, &bad).expect_err("wrong");
    assert_eq!(
        error.to_string(),
        "the data of the StackScript: `token` (Token) is missing; `size` has to be one of s, m; \
         the script has no field `Token`"
    );
}
