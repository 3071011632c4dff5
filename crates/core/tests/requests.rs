//! Requests as they would be sent, without sending them.

use linode_core::{
    Body, Client, Endpoint, Error, Input, Multipart, Null, Operation, Request, body, http::Method,
    operation,
};

static DISK: Operation = Operation::new(Method::GET, "/linode/instances/{linodeId}/disks/{diskId}");
static BETA: Operation = Operation::new(Method::GET, "/vpcs").versions(&["v4beta"]);
static BOTH: Operation = Operation::new(Method::GET, "/vpcs").versions(&["v4beta", "v4"]);
static BOOT: Operation = Operation::new(Method::POST, "/boot");

#[derive(Clone, Default, PartialEq)]
struct CreateVolume(Body);
body!(CreateVolume requires ["label", "size"]);
operation!(CreateVolume -> (), POST "/volumes", "createVolume", scopes ["volumes:read_write"], versions ["v4"]);

impl CreateVolume {
    fn label(self, value: impl Into<Input<String>>) -> Self {
        self.set("label", value)
    }
}

fn client() -> Client {
    Client::new("s3cret").expect("a client")
}

fn uri(request: Request) -> String {
    request.into_http().expect("a request").uri().to_string()
}

fn problems(request: Request) -> Vec<String> {
    match request.into_http() {
        Err(Error::Input(error)) => error.problems().to_vec(),
        other => panic!("no input error: {other:?}"),
    }
}

#[test]
fn every_parameter_is_one_segment() {
    let disk = |part: &str| uri(Request::new(&client(), &DISK).path(7).path(part));
    let base = "https://api.linode.com/v4/linode/instances/7/disks/";
    for (part, encoded) in [
        ("linode/debian12", "linode%2Fdebian12"),
        ("ü ?#", "%C3%BC%20%3F%23"),
        ("%2e%2e", "%252e%252e"),
        ("..a", "..a"),
        ("a\r\nb", "a%0D%0Ab"),
    ] {
        assert_eq!(disk(part), format!("{base}{encoded}"));
    }
}

#[test]
fn a_path_that_is_wrong_is_refused() {
    for part in ["", ".", ".."] {
        let request = Request::new(&client(), &DISK).path(part).path(1);
        assert_eq!(problems(request), [format!("`{part}` can be no linodeId")]);
    }
    assert_eq!(
        problems(Request::new(&client(), &DISK)),
        ["linodeId is missing", "diskId is missing"]
    );
    let request = Request::new(&client(), &DISK).path(1).path(2).path(3);
    assert_eq!(
        problems(request),
        ["it has more values for its path than parameters"]
    );
}

#[test]
fn the_version_is_the_first_that_is_not_beta_unless_said() {
    let beta: Client = Client::builder()
        .version("v4beta")
        .build()
        .expect("a client");
    let url: Client = Client::builder()
        .base_url("http://127.0.0.1:1/v4/")
        .build()
        .expect("a client");
    assert_eq!(
        uri(Request::new(&client(), &BETA)),
        "https://api.linode.com/v4beta/vpcs"
    );
    assert_eq!(
        uri(Request::new(&client(), &BOTH)),
        "https://api.linode.com/v4/vpcs"
    );
    assert_eq!(
        uri(Request::new(&beta, &BOTH)),
        "https://api.linode.com/v4beta/vpcs"
    );
    // What exists in beta alone stays there, unless the call itself says otherwise.
    assert_eq!(
        uri(Request::new(&url, &BETA)),
        "http://127.0.0.1:1/v4beta/vpcs"
    );
    assert_eq!(uri(Request::new(&url, &BOTH)), "http://127.0.0.1:1/v4/vpcs");
    assert_eq!(
        uri(Request::new(&url, &BETA).version("v4")),
        "http://127.0.0.1:1/v4/vpcs"
    );
    assert_eq!(
        uri(Request::new(&beta, &BOTH).version("v4")),
        "https://api.linode.com/v4/vpcs"
    );
    assert_eq!(
        problems(Request::new(&beta, &BOTH).version("../v4")),
        ["the version `../v4` is none"]
    );
}

#[test]
fn headers_do_not_break_out() {
    let request = Request::new(&client(), &BOOT)
        .header("X-A", "b\r\nX-C: d")
        .header("X B", 1);
    let expected = [
        "the value of header `X-A` is no text for a header",
        "\"X B\" is no name of a header",
    ];
    assert_eq!(problems(request), expected);
    let request = Request::new(&client(), &BOOT)
        .content("a\nb", "")
        .into_http();
    assert!(matches!(request, Err(Error::Input(_))));
}

#[test]
fn how_a_request_travels_is_not_up_to_a_call() {
    let names = ["Content-Length", "HOST", "transfer-encoding", "Connection"];
    let more = ["TE", "Upgrade", "Trailer", "Keep-Alive", "Expect"];
    for name in names.into_iter().chain(more) {
        let request = Request::new(&client(), &BOOT).with("label", "web");
        let expected = format!("header `{name}` is not up to a call");
        assert_eq!(problems(request.header(name, 3)), [expected]);
    }
}

#[test]
fn all_that_is_missing_is_told_before_anything_is_sent() {
    let create = Request::new(&client(), CreateVolume::OPERATION).body(CreateVolume::new());
    let error = create.into_http().expect_err("missing fields");
    assert_eq!(
        error.to_string(),
        "POST /volumes was not sent: required and not set: label, size"
    );
    let create =
        Request::new(&client(), CreateVolume::OPERATION).body(CreateVolume::new().label("a"));
    let request = create.with("size", 20).into_http().expect("a request");
    assert_eq!(request.body(), r#"{"label":"a","size":20}"#);
}

#[test]
fn bodies_are_sent_when_there_is_something_in_them() {
    let empty = Request::new(&client(), &BOOT)
        .into_http()
        .expect("a request");
    assert!(empty.body().is_empty() && !empty.headers().contains_key("content-type"));
    let optional = Request::new(&client(), &BOOT).optional_body(Body::default());
    assert!(optional.into_http().expect("a request").body().is_empty());
    let said = Request::new(&client(), &BOOT)
        .body(Body::default())
        .into_http()
        .expect("a request");
    assert_eq!(&said.body()[..], b"{}");
    assert_eq!(said.headers()["content-type"], "application/json");
    let list = Request::new(&client(), &BOOT)
        .body(vec![1_i64])
        .with("a", 1);
    assert_eq!(
        problems(list),
        ["fields can be added to a JSON object only"]
    );
    let bytes = Request::new(&client(), &BOOT)
        .content("image/png", "x")
        .with("a", 1);
    assert_eq!(
        problems(bytes),
        ["fields can be added to a JSON object only"]
    );
}

#[test]
fn what_is_set_by_hand_holds() {
    let request = Request::new(&client(), &BOOT)
        .header("Authorization", "Bearer other")
        .header("Accept", "*/*");
    let request = request.into_http().expect("a request");
    assert_eq!(request.headers()["authorization"], "Bearer other");
    assert_eq!(request.headers()["accept"], "*/*");
    assert!(request.headers()["authorization"].is_sensitive());
}

#[test]
fn what_the_document_lacks_can_be_said_in_every_kind_of_body() {
    let form = Multipart::new()
        .file("file", "a.txt", "text/plain", "all well")
        .requires(&["file"]);
    let request = Request::new(&client(), &BOOT)
        .multipart(form)
        .with("note", "a b")
        .with("count", 3);
    let body = request.into_http().expect("a request").into_body();
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(body.contains("name=\"note\"\r\n\r\na b\r\n"), "{body}");
    assert!(body.contains("name=\"count\"\r\n\r\n3\r\n"), "{body}");

    let none = Request::new(&client(), &BOOT)
        .with("novelty", true)
        .query("trace", 1)
        .header("X-Trace", 2);
    let none = none.into_http().expect("a request");
    assert_eq!(none.body(), r#"{"novelty":true}"#);
    assert_eq!(
        (none.uri().query(), &none.headers()["x-trace"]),
        (Some("trace=1"), &"2".parse().expect("a value"))
    );

    let cleared = Request::new(&client(), CreateVolume::OPERATION)
        .body(CreateVolume::new().label(Null).with("size", 20));
    assert_eq!(
        cleared.into_http().expect("a request").body(),
        r#"{"label":null,"size":20}"#
    );

    let list = Request::new(&client(), &BOOT)
        .body(vec![1_i64])
        .with("novelty", true);
    assert_eq!(
        problems(list),
        ["fields can be added to a JSON object only"]
    );
}
