//! Bad answers: a byte chooses the status, another one the headers, the rest is the body.
//!
//! Whatever they are, the error has the status, a text of one line that shows no token, and its reasons if there are any.
//!
//! ```
//! linode_fuzz::errors::run(br#"00{"errors": [{"reason": "Not found"}]}"#);
//! ```

use linode_core::{Bytes, Json, http, read};
use linode_sdk::{Client, Error};

use crate::{SECRET, assert_presentable, holds_secret};

/// Where it begins.
///
/// ```
/// linode_fuzz::errors::SEEDS.iter().for_each(|seed| linode_fuzz::errors::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    br#"00{"errors": [{"reason": "Not found", "field": "ipv4[0].range"}]}"#,
    br#"1a{"errors": [{"reason": "Linode busy."}, "plain", {"field": "x"}, null, 7]}"#,
    b"2b<html>\r\n<head><title>502 Bad Gateway</title></head></html>",
    b"3c",
    br#"4d{"errors": {"reason": 1}}"#,
    b"7g[[[[[[[[[[[[\xff",
    b"8h{\"errors\": [{\"reason\": \"first\\nsecond\\u001b[31m\", \"field\": \"\\u0007\"}]}",
];

const STATUSES: [u16; 12] = [301, 400, 401, 403, 404, 408, 409, 429, 500, 502, 503, 599];

const HEADERS: [&[(&str, &str)]; 4] = [
    &[("content-type", "application/json")],
    &[("content-type", "text/html"), ("server", "nginx")],
    &[("retry-after", "3"), ("x-ratelimit-reset", "1735689600")],
    &[
        ("location", "https://elsewhere.example/"),
        ("x-maintenance-mode", "all"),
    ],
];

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::errors::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let [status, headers, body @ ..] = input else {
        return;
    };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let mut answer = http::Response::builder().status(status);
    for (name, value) in HEADERS[usize::from(*headers) % HEADERS.len()] {
        answer = answer.header(*name, *value);
    }
    let answer = answer
        .body(Bytes::copy_from_slice(body))
        .expect("an answer");
    let client = Client::new(SECRET).expect("a client");
    let call = client.linode().get_instance(7);
    let error = call.answer(answer).expect_err("an error");
    let Error::Api(told) = &error else {
        panic!("{error:?}");
    };
    assert_eq!(told.status().as_u16(), status);
    if !holds_secret(body) {
        assert_presentable(&error);
    }
    assert!(error.to_string().starts_with(&status.to_string()));
    assert!(!has_reason(body) || !error.reasons().is_empty());
    let _ = (
        error.is_not_found(),
        error.retry_after(),
        error.rate_limit(),
    );
}

/// Whether the first of the errors has a reason, as another reader sees it.
fn has_reason(body: &[u8]) -> bool {
    let json = read::<Json>(body).unwrap_or_default();
    json["errors"].is_array() && json["errors"][0]["reason"].is_string()
}
