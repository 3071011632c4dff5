//! Calls and lists over real connections to a server on the loopback interface.

mod support;

use std::time::Duration;

use linode_core::http::Method;
use linode_core::{
    Bytes, Call, Client, Endpoint, Error, Field, Json, List, Multipart, Operation, RateLimit,
    Request, Retry, Upload, listing, operation, record,
};
use support::{Asked, Reply, Server, json};

#[derive(Clone, PartialEq)]
struct Linode {
    pub id: i64,
    pub label: Option<String>,
}
record!(Linode { id, label });

impl Linode {
    const LABEL: Field<Linode, String> = Field::new("label");
}

struct GetInstance;
operation!(
    GetInstance -> Linode, GET "/linode/instances/{linodeId}",
    "getLinodeInstance", scopes ["linodes:read_only"], versions ["v4", "v4beta"]
);

struct DeleteInstance;
operation!(DeleteInstance -> (), DELETE "/linode/instances/{linodeId}");

struct GetRescue;
operation!(GetRescue -> Option<Linode>, GET "/linode/instances/{linodeId}/rescue");

struct GetThumbnail;
operation!(GetThumbnail -> Bytes, GET "/thumbnail", answers "image/png");

struct CreateAttachment;
operation!(CreateAttachment -> (), POST "/support/tickets/{ticketId}/attachments");

struct ListInstances;
listing!(ListInstances -> Linode, filter Linode, GET "/linode/instances");

fn get_instance(server: &Server) -> Call<GetInstance> {
    Call::new(Request::new(&server.client(), GetInstance::OPERATION).path(7))
}

fn list_instances(server: &Server) -> List<ListInstances> {
    List::new(Request::new(&server.client(), ListInstances::OPERATION))
}

async fn error_of(reply: fn(&Asked) -> Reply) -> Error {
    let server = Server::start(reply).await;
    get_instance(&server).await.expect_err("an error")
}

#[tokio::test]
async fn a_call_sends_what_it_should_and_decodes_the_answer() {
    let server = Server::start(|_| {
        Reply::Answer(
            200,
            "X-Spec-Version: 4.176.0\r\n",
            r#"{"id": 7.0, "warnings": [{"title": "Slow", "detail": "Wait."}]}"#.to_owned(),
        )
    })
    .await;
    let answered = get_instance(&server).send().await.expect("an answer");
    assert_eq!(answered.value().id, 7);
    assert_eq!(answered.headers()["X-Spec-Version"], "4.176.0");
    assert_eq!(
        answered.repairs()[0].to_string(),
        "$.id: took a number as an integer"
    );
    assert_eq!(answered.warnings()[0].to_string(), "Slow: Wait.");

    let asked = &server.asked()[0];
    assert_eq!(asked.line, "GET /v4/linode/instances/7");
    assert_eq!(asked.header("authorization"), Some("Bearer s3cret"));
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert!(
        asked
            .header("user-agent")
            .is_some_and(|agent| agent.starts_with("linode-core/"))
    );
    assert_eq!(
        (asked.header("content-type"), asked.header("content-length")),
        (None, None)
    );
    assert_eq!(asked.body, "");
}

#[tokio::test]
async fn an_encoded_path_travels_as_it_is() {
    let server = Server::start(|_| json(200, r#"{"id": 1}"#)).await;
    let request = Request::new(&server.client(), GetInstance::OPERATION).path("linode/debian12 ü");
    request.send().await.expect("an answer");
    assert_eq!(
        server.asked()[0].line,
        "GET /v4/linode/instances/linode%2Fdebian12%20%C3%BC"
    );
}

#[tokio::test]
async fn answers_without_json_are_answers_too() {
    let server = Server::start(|asked| match asked.line.split('/').next_back() {
        Some("rescue") => Reply::Answer(204, "", String::new()),
        Some("thumbnail") => {
            Reply::Answer(200, "Content-Type: image/png\r\n", "\u{1}PNG".to_owned())
        }
        _ => Reply::Answer(200, "", "<html>".to_owned()),
    })
    .await;
    let client = server.client();
    let rescue: Call<GetRescue> = Call::new(Request::new(&client, GetRescue::OPERATION).path(7));
    assert_eq!(rescue.await.expect("nothing"), None);
    let delete: Call<DeleteInstance> =
        Call::new(Request::new(&client, DeleteInstance::OPERATION).path(7));
    delete.await.expect("nothing");
    let picture: Call<GetThumbnail> = Call::new(Request::new(&client, GetThumbnail::OPERATION));
    assert_eq!(picture.await.expect("a picture"), "\u{1}PNG");
    assert_eq!(server.asked()[2].header("accept"), Some("image/png"));
}

#[tokio::test]
async fn a_file_is_uploaded() {
    let server = Server::start(|_| json(200, "{}")).await;
    let form = Multipart::new()
        .text("note", "ü")
        .file("file", "a.txt", "text/plain", "all well");
    let request = Request::new(&server.client(), CreateAttachment::OPERATION)
        .path(3)
        .multipart(form);
    Call::<CreateAttachment>::new(request)
        .await
        .expect("an answer");
    let asked = &server.asked()[0];
    let content_type = asked.header("content-type").expect("a type");
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    assert_eq!(asked.body.matches(boundary).count(), 3);
    assert!(
        asked
            .body
            .contains("filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nall well\r\n")
    );
}

/// A server of 1,203 items in pages of the size that is asked for.
fn pages(asked: &Asked) -> Reply {
    let size = asked
        .line
        .split_once("page_size=")
        .map_or("100", |(_, size)| size);
    let (page, size) = (asked.page(), size.parse::<i64>().expect("a size"));
    let ids = (page - 1) * size..(page * size).min(1203);
    let data: Vec<String> = ids.map(|id| format!(r#"{{"id":{id}}}"#)).collect();
    let pages = (1203 + size - 1) / size;
    json(
        200,
        &format!(
            r#"{{"data":[{}],"page":{page},"pages":{pages},"results":1203}}"#,
            data.join(",")
        ),
    )
}

#[tokio::test]
async fn a_list_is_walked_to_its_end() {
    let server = Server::start(pages).await;
    let mut stream = list_instances(&server)
        .filter(Linode::LABEL.contains("web"))
        .stream();
    let mut ids = Vec::new();
    while let Some(linode) = stream.try_next().await.expect("an item") {
        ids.push(linode.id);
    }
    assert_eq!(ids, Vec::from_iter(0..1203));
    let lines: Vec<String> = server.asked().into_iter().map(|asked| asked.line).collect();
    let expected =
        [1, 2, 3].map(|page| format!("GET /v4/linode/instances?page={page}&page_size=500"));
    assert_eq!(lines, expected);
    assert!(
        server
            .asked()
            .iter()
            .all(|asked| { asked.header("x-filter") == Some(r#"{"label":{"+contains":"web"}}"#) })
    );
}

#[tokio::test]
async fn a_list_gives_pages_counts_and_the_first_item() {
    let server = Server::start(pages).await;
    let list = list_instances(&server);
    assert_eq!(list.clone().await.expect("a page").data.len(), 100);
    assert_eq!(list.page(13).await.expect("a page").data.len(), 3);
    assert_eq!(list.clone().len().await.expect("a count"), 1203);
    assert_eq!(
        list.clone()
            .first()
            .await
            .expect("an item")
            .map(|linode| linode.id),
        Some(0)
    );
    assert_eq!(
        list.clone().page_size(401).all().await.expect("all").len(),
        1203
    );
    let mut pages = list.pages();
    let first = pages.try_next().await.expect("a page").expect("a page");
    assert_eq!((first.data.len(), first.results), (500, 1203));
    let lines: Vec<String> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines[0], "GET /v4/linode/instances?page=1");
    assert_eq!(lines[2], "GET /v4/linode/instances?page=1&page_size=25");
}

#[tokio::test]
async fn a_list_that_does_not_advance_ends_with_an_error() {
    let server =
        Server::start(|_| json(200, r#"{"data":[{"id":1}],"page":1,"pages":9,"results":9}"#)).await;
    let mut stream = list_instances(&server).stream();
    assert!(stream.try_next().await.expect("an item").is_some());
    let error = stream.try_next().await.expect_err("a loop");
    assert!(matches!(error, Error::Paging(_)), "{error}");
    assert_eq!(stream.try_next().await.expect("the end"), None);
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn wrong_input_is_told_and_not_sent() {
    let server = Server::start(|_| json(200, "{}")).await;
    for size in [0, 24, 501] {
        let error = list_instances(&server)
            .page_size(size)
            .await
            .expect_err("a wrong size");
        assert!(
            error
                .to_string()
                .contains(&format!("a page has 25 to 500 items, not {size}")),
            "{error}"
        );
    }
    assert!(matches!(
        list_instances(&server).page(0).await,
        Err(Error::Input(_))
    ));
    for part in ["", ".", ".."] {
        let request = Request::new(&server.client(), GetInstance::OPERATION).path(part);
        assert!(matches!(request.send().await, Err(Error::Input(_))));
    }
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn errors_say_what_the_api_says() {
    let error = error_of(|_| json(404, r#"{"errors":[{"reason":"Not found"}]}"#)).await;
    assert!(error.is_not_found());
    assert_eq!(
        error.to_string(),
        "404 Not Found on GET /linode/instances/{linodeId}: Not found"
    );

    let error = error_of(|_| {
        json(
            400,
            r#"{"errors":[{"reason":"Too long","field":"label"},{"reason":"Linode busy."}]}"#,
        )
    })
    .await;
    assert_eq!(error.reasons()[0].field.as_deref(), Some("label"));
    assert!(
        error
            .to_string()
            .ends_with(": Too long (label); Linode busy."),
        "{error}"
    );

    let error = error_of(|_| json(401, r#"{"errors":[{"reason":"Invalid Token"}]}"#)).await;
    assert!(error.is_unauthorized());
    assert!(
        error
            .to_string()
            .ends_with(": Invalid Token (the token needs linodes:read_only)"),
        "{error}"
    );
}

#[tokio::test]
async fn a_refusal_tells_what_is_needed_and_whether_a_token_was_sent() {
    let table = [
        (401, true, "the token needs"),
        (401, false, "it was sent without a token, which needs"),
        (403, true, "the token needs"),
        (403, false, "it was sent without a token, which needs"),
    ];
    for (status, token, who) in table {
        let server = Server::start(move |_| json(status, r#"{"errors":[{"reason":"No"}]}"#)).await;
        let without = Client::builder()
            .base_url(&server.url)
            .retry(Retry::never());
        let builder = if token { server.builder() } else { without };
        let client: Client = builder.build().expect("a client");
        let call: Call<GetInstance> =
            Call::new(Request::new(&client, GetInstance::OPERATION).path(7));
        let error = call.await.expect_err("a refusal");
        let end = format!(" on GET /linode/instances/{{linodeId}}: No ({who} linodes:read_only)");
        assert!(error.to_string().ends_with(&end), "{error}");
        assert_eq!(error.status().map(|found| found.as_u16()), Some(status));
        assert_eq!(server.asked()[0].header("authorization").is_some(), token);
    }
}

#[tokio::test]
async fn every_answer_tells_its_limit() {
    let server = Server::start(|asked| {
        let headers = "Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nX-RateLimit-Limit: 10\r\n\
                       X-RateLimit-Remaining: 3\r\nX-RateLimit-Reset: 1735689630\r\n";
        let (status, body) = match asked.line.contains("instances/") {
            true => (200, r#"{"id": 7}"#),
            false if asked.page() == 1 => (200, r#"{"data": [], "pages": 1, "results": 0}"#),
            false => (404, "{}"),
        };
        Reply::Answer(status, headers, body.to_owned())
    })
    .await;
    let told = |limit: RateLimit| {
        assert_eq!((limit.limit, limit.remaining), (Some(10), Some(3)));
        assert_eq!(limit.resets_in(), Some(Duration::from_secs(30)));
        assert_eq!(limit.retry_after, None);
    };
    told(
        get_instance(&server)
            .send()
            .await
            .expect("one")
            .rate_limit(),
    );
    let list = list_instances(&server);
    told(list.send(1).await.expect("a page").rate_limit());
    let error = list.send(2).await.expect_err("no page");
    told(error.rate_limit().expect("a limit"));
}

#[tokio::test]
async fn an_answer_that_is_too_deep_is_an_error() {
    static ANYTHING: Operation = Operation::new(Method::GET, "/anything");
    let deep = |open: &str| open.repeat(1_000_000);
    for body in [deep("["), deep(r#"{"errors":"#), deep(r#"{"a":["#)] {
        for status in [200, 400, 500] {
            let sent = body.clone();
            let server = Server::start(move |_| json(status, &sent)).await;
            let asked = async || {
                let response = Request::new(&server.client(), &ANYTHING).send().await?;
                response.decode::<Json>()
            };
            let error = asked().await.expect_err("too deep");
            assert_eq!(matches!(error, Error::Decode(_)), status == 200);
            assert_eq!(error.status().map(|found| found.as_u16()), Some(status));
            assert!(error.to_string().len() < 1000, "{error}");
            assert!(error.reasons().is_empty());
        }
        let sent = body.clone();
        let server = Server::start(move |_| json(200, &sent)).await;
        list_instances(&server).await.expect_err("too deep");
    }
}

#[tokio::test]
async fn nothing_that_is_sent_becomes_a_header() {
    let server = Server::start(|_| json(200, r#"{"data": [], "id": 7}"#)).await;
    let evil = "a\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n";
    let client = server.client();

    // Where it has a place, it travels as what it is.
    let request = Request::new(&client, GetInstance::OPERATION).path(evil);
    request.query(evil, evil).send().await.expect("an answer");
    let label = Linode::LABEL.contains(evil);
    list_instances(&server).filter(label).await.expect("a page");
    let form = Multipart::new().file(evil, evil, "text/plain", "all well");
    let request = Request::new(&client, CreateAttachment::OPERATION).path(3);
    request.multipart(form).send().await.expect("an answer");
    let asked = server.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|asked| asked.header("x-evil").is_none()));
    assert!(!asked[2].body.contains("\r\nX-Evil"), "{}", asked[2].body);

    // Where it has none, nothing is sent.
    let get = || get_instance(&server);
    for call in [get().header("X-A", evil), get().header(evil, 1)] {
        let error = call.await.expect_err("no header");
        assert!(matches!(error, Error::Input(_)), "{error}");
    }
    let framed = get().header("Content-Length", 3).await;
    assert!(matches!(framed, Err(Error::Input(_))));
    for builder in [
        server.builder().token(evil),
        server.builder().user_agent(evil),
    ] {
        let built: Result<Client, Error> = builder.build();
        assert!(matches!(built, Err(Error::Input(_))));
    }
    let version = get().version(evil).await;
    assert!(matches!(version, Err(Error::Input(_))));
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_version_is_for_a_client_or_for_a_call() {
    static BETA: Operation = Operation::new(Method::GET, "/vpcs").versions(&["v4beta"]);
    let server = Server::start(|_| json(200, r#"{"id": 7}"#)).await;
    let beta: Client = server.builder().version("v4beta").build().expect("one");
    let stable: Client = server.builder().version("v4").build().expect("one");
    let get = |client: &Client| Request::new(client, GetInstance::OPERATION).path(7);
    let requests = [
        (get(&server.client()), "/v4/linode/instances/7"),
        (
            get(&server.client()).version("v4beta"),
            "/v4beta/linode/instances/7",
        ),
        (get(&beta), "/v4beta/linode/instances/7"),
        (get(&beta).version("v4"), "/v4/linode/instances/7"),
        (Request::new(&server.client(), &BETA), "/v4beta/vpcs"),
        (Request::new(&stable, &BETA), "/v4beta/vpcs"),
        (Request::new(&beta, &BETA), "/v4beta/vpcs"),
        (Request::new(&beta, &BETA).version("v4"), "/v4/vpcs"),
    ];
    for (number, (request, path)) in requests.into_iter().enumerate() {
        request.send().await.expect("an answer");
        assert_eq!(server.asked()[number].line, format!("GET {path}"));
    }
}

#[tokio::test]
async fn a_client_introduces_itself() {
    let server = Server::start(|_| json(200, r#"{"id": 7}"#)).await;
    let builder = server.builder().user_agent("dns-robot/2.1 (on call)");
    let client: Client = builder.build().expect("a client");
    let call: Call<GetInstance> = Call::new(Request::new(&client, GetInstance::OPERATION).path(7));
    call.await.expect("an answer");
    let to = format!("{}/image", server.url);
    let upload = Upload::new(&client, to, "raw").check_gzip(false);
    upload.await.expect("an answer");
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    for asked in asked {
        assert_eq!(asked.header("user-agent"), Some("dns-robot/2.1 (on call)"));
    }
}

#[tokio::test]
async fn errors_of_something_in_between_are_errors_too() {
    let error = error_of(|_| {
        Reply::Answer(
            400,
            "Content-Type: text/html\r\n",
            "<html>\n  <h1>400</h1>\n</html>".to_owned(),
        )
    })
    .await;
    assert!(
        error
            .to_string()
            .ends_with("{linodeId}: <html> <h1>400</h1> </html>"),
        "{error}"
    );
    assert!(error.reasons().is_empty());

    let error = error_of(|_| Reply::Answer(429, "Retry-After: 17\r\n", String::new())).await;
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
    assert_eq!(
        error.to_string(),
        "429 Too Many Requests on GET /linode/instances/{linodeId}"
    );

    let error = error_of(|_| json(500, "null")).await;
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
}

#[tokio::test]
async fn an_answer_that_is_not_as_described_is_kept() {
    let error = error_of(|_| json(200, r#"{"id": "seven"}"#)).await;
    assert_eq!(
        error.body().map(|body| &body[..]),
        Some(&br#"{"id": "seven"}"#[..])
    );
    assert_eq!(
        error.to_string(),
        "200 OK on GET /linode/instances/{linodeId} is not as described: \
         $.id: expected an integer, found a string \"seven\" (at byte 7)"
    );
    let error = error_of(|_| json(200, "")).await;
    assert!(matches!(error, Error::Decode(_)), "{error}");
}

#[tokio::test]
async fn a_cut_off_answer_is_an_error() {
    let cut =
        |_: &Asked| Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\":".to_vec());
    let error = error_of(cut).await;
    assert!(
        matches!(error, Error::Transport(_)) && !error.is_timeout(),
        "{error}"
    );
    let error = error_of(|_| Reply::Raw(Vec::new())).await;
    assert!(matches!(error, Error::Transport(_)), "{error}");
}

#[tokio::test]
async fn no_answer_is_waited_for_for_ever() {
    let server = Server::start(|_| Reply::Hang).await;
    let client = server
        .builder()
        .timeout(Duration::from_millis(50))
        .build()
        .expect("a client");
    let call: Call<GetInstance> = Call::new(Request::new(&client, GetInstance::OPERATION).path(7));
    let error = call.await.expect_err("a timeout");
    assert!(error.is_timeout(), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("timed out on GET /linode/instances/{linodeId}"),
        "{error}"
    );
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
}

#[tokio::test]
async fn a_cancelled_call_closes_its_connection() {
    let mut server = Server::start(|_| Reply::Hang).await;
    let task = tokio::spawn(get_instance(&server).into_future());
    while server.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    task.abort();
    let dropped = tokio::time::timeout(Duration::from_secs(5), server.dropped.recv()).await;
    assert_eq!(dropped, Ok(Some(())));
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_refused() {
    let server = Server::start(|_| {
        json(
            200,
            &format!(r#"{{"id": 1, "label": "{}"}}"#, "x".repeat(5000)),
        )
    })
    .await;
    let with_limit = |limit| {
        let client = server
            .builder()
            .max_answer_bytes(limit)
            .build()
            .expect("a client");
        Call::<GetInstance>::new(Request::new(&client, GetInstance::OPERATION).path(7))
    };
    let error = with_limit(5000).await.expect_err("too large");
    assert!(
        error
            .to_string()
            .ends_with("the answer is larger than 5000 bytes"),
        "{error}"
    );
    assert_eq!(with_limit(6000).await.expect("an answer").id, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start(|_| json(200, r#"{"id": 666}"#)).await;
    let target = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n",
        other.url
    );
    let server = Server::start(move |_| Reply::Raw(target.clone().into_bytes())).await;
    let error = get_instance(&server).await.expect_err("a redirect");
    assert!(
        error
            .to_string()
            .contains(": redirected to http://127.0.0.1:"),
        "{error}"
    );
    assert!(
        error.to_string().ends_with("/, which is not followed"),
        "{error}"
    );
    assert_eq!(other.asked().len(), 0);
}

#[tokio::test]
async fn no_token_is_no_error_of_ours() {
    let server = Server::start(|_| json(200, r#"{"id": 1}"#)).await;
    let client: linode_core::Client = linode_core::Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a client");
    let call: Call<GetInstance> = Call::new(Request::new(&client, GetInstance::OPERATION).path(7));
    call.await.expect("an answer");
    assert_eq!(server.asked()[0].header("authorization"), None);
}

#[tokio::test]
async fn the_token_is_never_shown() {
    let server = Server::start(|_| Reply::Raw(Vec::new())).await;
    let call = get_instance(&server).header("Authorization", "Bearer s3cret");
    let shown = format!("{call:?} {:?} {:?}", server.client(), server.builder());
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(!format!("{:?}", call.clone().into_http().expect("a request")).contains("s3cret"));
    let error = call.await.expect_err("no answer");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[tokio::test]
async fn a_secret_in_an_answer_is_never_shown() {
    // Neither where it does not decode, nor where the API refuses, nor where it sends elsewhere.
    let made = error_of(|_| json(200, r#"{"id": {}, "token": "hunter2"}"#)).await;
    assert!(matches!(made, Error::Decode(_)), "{made}");
    let refused = error_of(|_| Reply::Answer(400, "Set-Cookie: hunter2\r\n", String::new())).await;
    let target = "Location: https://elsewhere.example/here?key=hunter2\r\n";
    let server = Server::start(move |_| Reply::Answer(302, target, String::new())).await;
    let sent = get_instance(&server).await.expect_err("a redirect");
    assert!(
        sent.to_string()
            .contains("redirected to https://elsewhere.example/here,"),
        "{sent}"
    );
    for error in [made, refused, sent] {
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[test]
fn everything_moves_between_threads() {
    fn moves<T: Send + 'static>(_: &T) {}
    fn shared<T: Send + Sync + 'static>() {}
    shared::<linode_core::Client>();
    shared::<Request>();
    shared::<Error>();
    shared::<Call<GetInstance>>();
    shared::<List<ListInstances>>();
    let client = linode_core::Client::new("s3cret").expect("a client");
    let list: List<ListInstances> = List::new(Request::new(&client, ListInstances::OPERATION));
    let call: Call<GetInstance> = Call::new(Request::new(&client, GetInstance::OPERATION));
    moves(&call.clone().send());
    moves(&call.into_future());
    moves(&list.page(1));
    moves(&list.clone().all());
    moves(&list.clone().first());
    moves(&list.clone().stream());
    moves(&list.pages());
}
