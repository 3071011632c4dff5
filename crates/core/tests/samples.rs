//! Recorded answers, where they are at hand: the reader takes them all, and loses nothing.

use std::fs;
use std::path::Path;

use linode_core::{Bytes, Json, Operation, Page, Response, http, read, write};

static ANY: Operation = Operation::new(http::Method::GET, "/any");

/// The recorded exchanges; `None`, and a line that says so, where they are missing.
fn exchanges() -> Option<Vec<Json>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/recorded.jsonl");
    let Ok(text) = fs::read_to_string(path) else {
        println!("skipped: no ../shared/samples/recorded.jsonl beside the project");
        return None;
    };
    Some(
        text.lines()
            .map(|line| read(line.as_bytes()).expect("an exchange"))
            .collect(),
    )
}

#[test]
fn recorded_answers_are_read() {
    for exchange in exchanges().unwrap_or_default() {
        let (path, body) = (&exchange["path"], &exchange["response_body"]);
        assert_eq!(read::<Json>(&write(body)).as_ref(), Ok(body), "{path}");
        if body.get("pages").is_some() {
            let page: Page<Json> =
                read(&write(body)).unwrap_or_else(|fault| panic!("{path}: {fault}"));
            assert_eq!(Json::from(page.data), body["data"], "{path}");
        }
    }
}

#[test]
fn recorded_errors_have_their_reasons() {
    for exchange in exchanges().unwrap_or_default() {
        let status = exchange["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .expect("a status");
        if status < 400 {
            continue;
        }
        let mut response = http::Response::new(Bytes::from(write(&exchange["response_body"])));
        *response.status_mut() = http::StatusCode::from_u16(status).expect("a status");
        let error = Response::new(&ANY, response)
            .success()
            .expect_err("an error");
        let expected = exchange["response_body"]["errors"]
            .as_array()
            .map_or(0, Vec::len);
        assert_eq!(error.reasons().len(), expected, "{}", exchange["path"]);
    }
}
