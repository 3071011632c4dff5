//! The witness over real sockets, with requests written by hand: right ones pass, wrong ones are told.

use std::sync::Arc;

use linode_witness::{Document, Verdict, Witness};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const DOCUMENT: &str = "
servers: [{url: 'https://api.example/v4'}]
security: [{token: []}]
paths:
  /things/{id}:
    parameters: [{name: id, in: path, schema: {type: integer}}]
    get:
      responses:
        204: {description: ''}
        200: {content: {application/json: {schema: {properties: {id: {type: integer, example: 7}, at: {type: string, format: date-time}}}}}}
    put:
      requestBody: {content: {application/json: {schema: {properties: {label: {type: string}}}}}}
      responses:
        200: {content: {image/png: {schema: {type: string, format: binary}}}}
";

const HEADERS: &str = "Host: x\r\nAuthorization: Bearer t\r\nAccept: */*\r\nUser-Agent: hand/1\r\nConnection: close\r\n";

async fn witness() -> Witness {
    Witness::start(Arc::new(Document::parse(DOCUMENT).unwrap()))
        .await
        .unwrap()
}

/// Sends bytes and returns the answer, with what the witness says.
async fn send(witness: &Witness, head: &str, body: &str) -> (String, Verdict) {
    let address = witness.url().trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("{head} HTTP/1.1\r\n{HEADERS}{}\r\n{body}", length(body));
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    (
        String::from_utf8_lossy(&answer).into_owned(),
        witness.verdict(),
    )
}

fn length(body: &str) -> String {
    if body.is_empty() {
        String::new()
    } else {
        format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n",
            body.len()
        )
    }
}

/// `Connection` is no header of an operation; these requests need it to end.
fn without_connection(mut verdict: Verdict) -> Verdict {
    verdict
        .problems
        .retain(|problem| problem != "the header connection is not in the document");
    verdict
}

#[tokio::test]
async fn a_right_request_is_answered() {
    let witness = witness().await;
    witness.expect("GET /things/{}");
    let (answer, verdict) = send(&witness, "GET /v4/things/1", "").await;
    let verdict = without_connection(verdict);
    assert_eq!(verdict.problems, Vec::<String>::new());
    assert_eq!((verdict.requests, verdict.answered.status), (1, 200));
    assert_eq!(
        verdict.answered.json,
        Some(json!({"id": 7, "at": "2018-01-01T00:01:01"}))
    );
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.contains("content-type: application/json"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_wrong_request_is_told() {
    let witness = witness().await;
    witness.expect("PUT /things/{}");
    let (_, verdict) = send(&witness, "POST /v4/things/one", r#"{"name": "a"}"#).await;
    assert_eq!(
        without_connection(verdict).problems,
        [
            "the method is POST, and not PUT",
            "the path parameter id is \"one\", and not an integer",
            "body.label can be sent, and was not",
            "body.name is not in the document",
        ]
    );
}

#[tokio::test]
async fn an_empty_answer_and_a_picture_are_sent() {
    let witness = witness().await;
    witness.expect_empty("GET /things/{}");
    let (answer, verdict) = send(&witness, "GET /v4/things/1", "").await;
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    assert_eq!(
        (verdict.answered.status, verdict.answered.json),
        (204, None)
    );
    witness.expect("PUT /things/{}");
    let (answer, verdict) = send(&witness, "PUT /v4/things/1", r#"{"label": "a"}"#).await;
    assert!(answer.contains("content-type: image/png"), "{answer}");
    assert_eq!(without_connection(verdict).problems, Vec::<String>::new());
}

#[tokio::test]
async fn exactly_one_request_is_right() {
    let witness = witness().await;
    witness.expect("GET /things/{}");
    assert_eq!(witness.verdict().problems, ["no request arrived"]);
    send(&witness, "GET /v4/things/1", "").await;
    let (_, verdict) = send(&witness, "GET /v4/things/1", "").await;
    assert!(
        verdict
            .problems
            .contains(&"2 requests arrived, and not one".to_owned())
    );
    witness.expect("GET /other");
    let (answer, verdict) = send(&witness, "GET /v4/other", "").await;
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert_eq!(
        verdict.problems,
        ["the document has no operation \"GET /other\""]
    );
}
