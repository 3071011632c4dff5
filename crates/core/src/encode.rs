//! Text as part of an address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All but what RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Text as one part of a path or a query.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Text as one segment of a path. What would silently address another endpoint is no segment: URL libraries
/// collapse `.` and `..`, even as `%2e%2e`.
pub(crate) fn segment(text: &str) -> Option<String> {
    (!matches!(text, "" | "." | "..")).then(|| encode(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_stays_one() {
        let table = [
            ("linode/debian12", "linode%2Fdebian12"),
            ("private/15", "private%2F15"),
            ("a b?c#d%e", "a%20b%3Fc%23d%25e"),
            ("ü", "%C3%BC"),
            ("2001:db8::1", "2001%3Adb8%3A%3A1"),
            ("...", "..."),
            ("-._~", "-._~"),
        ];
        for (text, expected) in table {
            assert_eq!(segment(text).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_addresses_another_endpoint_is_no_segment() {
        for text in ["", ".", ".."] {
            assert_eq!(segment(text), None);
        }
    }
}
