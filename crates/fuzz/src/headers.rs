//! Headers of answers; and what a program puts into a request, none of which may become anything else than it is.
//!
//! ```
//! linode_fuzz::headers::run(b"x-a: b\r\nHost: elsewhere");
//! ```

use linode_core::{Bytes, RateLimit, http};
use linode_sdk::Client;
use percent_encoding::percent_decode_str;

use crate::{SECRET, assert_presentable, holds_secret};

/// Where it begins.
///
/// ```
/// linode_fuzz::headers::SEEDS.iter().for_each(|seed| linode_fuzz::headers::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    b"retry-after: 17\nx-ratelimit-limit: 800\nx-ratelimit-remaining: 799\nx-ratelimit-reset: 1735689600",
    b"date: Sun, 06 Nov 1994 08:49:07 GMT\nretry-after: Sun, 06 Nov 1994 08:49:37 GMT",
    b"x-ratelimit-reset: 18446744073709551615\nretry-after: 99999999999999999999999",
    b"retry-after: Sat, 31 Dec 262142 23:59:60 +9999\ndate: Thu, 01 Jan 0000 00:00:00 -9999",
    b"dat GMT\nretry-after: Sun, 06 Nov 9149 08:49:37 GMT",
    b"private/15: linode/debian12\n..: a?b#c%2e%2e",
    b"x-filter: {}\nauthorization: Bearer other\nhost: elsewhere.example",
    b"a\r\nb: c\x00d",
    "x-ü: \u{1f600}".as_bytes(),
];

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::headers::run(b"");
/// ```
pub fn run(input: &[u8]) {
    if holds_secret(input) {
        return;
    }
    answered(input);
    if let Ok(text) = std::str::from_utf8(input) {
        let (name, value) = text.split_once(": ").unwrap_or((text, text));
        asked(name, value);
        client(text);
    }
}

/// An answer with these headers is read like any other.
fn answered(input: &[u8]) {
    let mut answer = http::Response::new(Bytes::from_static(b"{}"));
    for line in input.split(|byte| *byte == b'\n') {
        let colon = line.iter().position(|byte| *byte == b':');
        let (name, value) = line.split_at(colon.unwrap_or(line.len()));
        let name = http::HeaderName::from_bytes(name);
        let value = value.strip_prefix(b":").unwrap_or(value).trim_ascii();
        if let (Ok(name), Ok(value)) = (name, http::HeaderValue::from_bytes(value)) {
            answer.headers_mut().append(name, value);
        }
    }
    let limit = RateLimit::of(answer.headers());
    let _ = limit.resets_in();
    let client = Client::new(SECRET).expect("a client");
    let call = client.tags().delete_tag("a");
    let answered = call.answer(answer).expect("an answer");
    // How far away a date is, the clock may decide, which goes on: that is left out.
    let told = |limit: RateLimit| (limit.limit, limit.remaining, limit.reset);
    assert_eq!(told(answered.rate_limit()), told(limit));
    let _ = (answered.warnings(), format!("{answered:?}"));
}

/// What is put into a request stays where it was put, or is refused.
fn asked(name: &str, value: &str) {
    let client = Client::new(SECRET).expect("a client");
    let plain = client
        .images()
        .get_image("x")
        .into_http()
        .expect("a request");

    match client
        .images()
        .get_image(value)
        .query(name, value)
        .into_http()
    {
        Ok(request) => {
            let uri = request.uri();
            assert_eq!(
                (uri.scheme(), uri.authority()),
                (plain.uri().scheme(), plain.uri().authority())
            );
            let segments: Vec<_> = uri.path().split('/').collect();
            let ["", "v4", "images", image] = segments[..] else {
                panic!("{uri} is another address");
            };
            assert!(!matches!(image, "" | "." | ".."), "{uri}");
            assert_eq!(decode(image), value);
            let (left, right) = uri
                .query()
                .and_then(|query| query.split_once('='))
                .expect("a query");
            assert_eq!(
                (decode(left).as_str(), decode(right).as_str()),
                (name, value)
            );
            assert_eq!(request.headers(), plain.headers());
        }
        Err(error) => assert_presentable(&error),
    }

    match client
        .images()
        .get_image("x")
        .header(name, value)
        .into_http()
    {
        Ok(request) => {
            assert_eq!(request.uri(), plain.uri());
            let known = plain.headers().contains_key(name);
            assert_eq!(
                request.headers().len(),
                plain.headers().len() + usize::from(!known)
            );
            let sent = request.headers().get(name).map(|value| value.as_bytes());
            assert_eq!(sent, Some(value.as_bytes()));
            let clean = |value: &http::HeaderValue| {
                let bytes = value.as_bytes().iter();
                bytes
                    .copied()
                    .all(|byte| byte == b'\t' || (byte >= 32 && byte != 127))
            };
            assert!(request.headers().values().all(clean));
        }
        Err(error) => assert_presentable(&error),
    }
}

/// A client whose settings are texts from elsewhere is made or refused.
fn client(text: &str) {
    let built: [Result<Client, _>; 4] = [
        Client::builder().user_agent(text).token(SECRET).build(),
        Client::builder().base_url(text).token(SECRET).build(),
        Client::builder().version(text).token(SECRET).build(),
        Client::builder().token(format!("{SECRET}{text}")).build(),
    ];
    for built in built {
        match built.and_then(|client| client.images().get_image("x").into_http()) {
            Ok(request) => assert!(!format!("{request:?}").contains(SECRET)),
            Err(error) => assert_presentable(&error),
        }
    }
}

fn decode(text: &str) -> String {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.expect("text").into_owned()
}
