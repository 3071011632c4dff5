//! Bodies of good answers: two bytes choose the operation, the rest is the body.
//!
//! Whatever it is, it is decoded or refused with the place; and what was decoded is written in a way that is decoded to the same.
//!
//! ```
//! linode_fuzz::decoding::run(b"\0\0{\"id\": 1}");
//! ```

use linode_core::{Bytes, Error, http};
use linode_sdk::catalogue::{Entry, Prepared, catalogue};
use linode_sdk::serde_json::json;
use linode_sdk::{Client, Json};

/// Where it begins.
///
/// ```
/// linode_fuzz::decoding::SEEDS.iter().for_each(|seed| linode_fuzz::decoding::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    br#"00{"data": [{"id": 7, "label": "web-1", "created": "2018-01-02T03:04:05", "tags": ["a"], "status": "running"}], "page": 1, "pages": 1, "results": 1}"#,
    br#"01{"id": "7", "specs": {"disk": 10.0, "memory": null}, "new": {"x": [1, 2]}, "ipv4": ["192.0.2.1"], "enabled": 1}"#,
    br#"0z{"id": 1e2, "label": "\ud83d\ude00\u0000", "created": "2018-01-02T03:04:05.123Z", "price": {"hourly": 0.0075}}"#,
    br#"z0{"data": {"cpu": [[1521483600000, 0.42]], "io": {"io": [[1, 2]], "swap": []}}, "title": "t"}"#,
    br#"9 {"type": "credit_card", "data": {"card_type": "Visa", "expiry": "12/2022", "last_four": "1234"}}"#,
    br#"#-[]"#,
    br#"ab{"errors": null, "warnings": [{"title": "t", "detail": "d"}]}"#,
];

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::decoding::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let [high, low, body @ ..] = input else {
        return;
    };
    CALLS.with(|calls| {
        let number = u16::from_be_bytes([*high, *low]);
        play(&calls[usize::from(number) % calls.len()], body);
    });
}

fn play(call: &Prepared, body: &[u8]) {
    let name = call.operation().path;
    match decoded(call, body) {
        Ok(decoded) => {
            let written = decoded.to_string();
            let again = decoded_again(call, &written);
            assert_eq!(again.to_string(), written, "{name}");
        }
        Err(Error::Decode(error)) => {
            let fault = error.fault().to_string();
            let plain = fault.starts_with('$') && !fault.contains(char::is_control);
            assert!(plain, "{name}: {fault:?}");
        }
        Err(error) => panic!("{name}: {error}"),
    }
}

fn decoded(call: &Prepared, body: &[u8]) -> Result<Json, Error> {
    let response = http::Response::new(Bytes::copy_from_slice(body));
    Ok(call.answer(response)?.into_value())
}

fn decoded_again(call: &Prepared, written: &str) -> Json {
    decoded(call, written.as_bytes()).unwrap_or_else(|error| panic!("{error}: {written}"))
}

thread_local! {
    /// The operations that answer with JSON: the others take any bytes.
    static CALLS: Vec<Prepared> = {
        let client = Client::new("token").expect("a client");
        let calls = catalogue().entries().iter().map(|entry| prepared(&client, entry));
        calls.filter(|call| decoded(call, b"\xff").is_err()).collect()
    };
}

/// A call with a value for each parameter of the path, and bytes where bytes are sent.
fn prepared(client: &Client, entry: &Entry) -> Prepared {
    let parameters = entry.parameters.iter().flatten();
    let path = parameters.filter(|parameter| parameter.place == "path");
    let path: linode_core::serde_json::Map<_, _> = path
        .map(|parameter| {
            let value = match parameter.kind() {
                Some("integer") => json!(1),
                _ => json!("x"),
            };
            (parameter.name.clone(), value)
        })
        .collect();
    let name = format!("{}.{}", entry.group, entry.name);
    let bare = catalogue().prepare(client, &name, &json!({"path": path}));
    bare.or_else(|_| catalogue().prepare(client, &name, &json!({"path": path, "body": ""})))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}
