//! Bodies of good answers: two bytes choose the operation, the rest is the body.
//!
//! Whatever it is, it is decoded or refused with the place; and what was decoded is written in a way that is decoded to the same.
//!
//! ```
//! linode_fuzz::decoding::run(b"\0\0{\"id\": 1}");
//! ```

use std::sync::OnceLock;

use linode_core::text_of;
use linode_proof::calls::{CALLS, Call};

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
    let calls = calls();
    let call = calls[usize::from(u16::from_be_bytes([*high, *low])) % calls.len()];
    match (call.decode)(body) {
        Ok(decoded) => {
            let written = text_of(&decoded);
            let again = (call.decode)(written.as_bytes());
            let again = again.unwrap_or_else(|fault| panic!("{}: {fault}: {written}", call.key));
            assert_eq!(text_of(&again), written, "{}", call.key);
        }
        Err(fault) => {
            let plain = fault.starts_with('$') && !fault.contains(char::is_control);
            assert!(plain, "{}: {fault:?}", call.key);
        }
    }
}

/// The operations that answer with JSON: the others take any bytes.
fn calls() -> &'static [&'static Call] {
    static JSON: OnceLock<Vec<&Call>> = OnceLock::new();
    JSON.get_or_init(|| {
        let calls = CALLS.iter();
        calls
            .filter(|call| (call.decode)(b"\xff").is_err())
            .collect()
    })
}
