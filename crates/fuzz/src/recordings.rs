//! Files of recorded exchanges: read or refused with the line; and what was read is written as it was.
//!
//! ```
//! linode_fuzz::recordings::run(br#"{"path": "/tags", "response_body": null}"#);
//! ```

use linode_testkit::Recording;

use crate::assert_presentable;

/// Where it begins.
///
/// ```
/// linode_fuzz::recordings::SEEDS.iter().for_each(|seed| linode_fuzz::recordings::run(seed));
/// ```
pub const SEEDS: &[&[u8]] = &[
    br#"{"method": "GET", "path": "/tags", "version": "v4", "query": "page=1", "x_filter": {"label": "a"}, "request_body": null, "status": 200, "response_body": {"data": []}}"#,
    b"{\"path\": \"/tags\", \"response_body\": null}\n\n{\"path\": \"/regions/x\", \"status\": 404, \"response_body\": {\"errors\": []}}\n",
    br#"{"method": "POST", "path": "/tags", "request_body": {"label": "a"}, "status": 200, "response_base64": "iVBO", "response_headers": {"content-type": "image/png"}}"#,
    br#"{"path": 7}"#,
];

/// Plays it.
///
/// # Panics
///
/// If something does not hold.
///
/// ```
/// linode_fuzz::recordings::run(b"");
/// ```
pub fn run(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    match Recording::parse("input", text) {
        Ok(recording) => {
            let written = recording.to_string();
            let again = Recording::parse("written", &written).expect("what was written");
            assert_eq!(again, recording);
            assert_eq!(again.to_string(), written);
        }
        Err(error) => {
            assert!(error.to_string().starts_with("input:"), "{error}");
            assert_presentable(&error);
        }
    }
}
