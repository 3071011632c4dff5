//! What got lost between an answer that was sent and the answer that came back out of the client.
//!
//! ```
//! use linode_witness::losses;
//! use serde_json::json;
//!
//! assert_eq!(losses(&json!({"at": "2018-01-01T00:01:01"}), &json!({"at": "2018-01-01T00:01:01Z"})), Vec::<String>::new());
//! ```

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::Json;
use crate::conform::join;

/// What was lost or changed, each with its path.
///
/// Null and absent are the same, numbers compare by value, and times by instant: without a zone they are UTC.
///
/// ```
/// use linode_witness::losses;
/// use serde_json::json;
///
/// let sent = json!({"id": 10.0, "image": null, "tags": ["a", "b"]});
/// assert!(losses(&sent, &json!({"id": 10, "tags": ["a", "b"]})).is_empty());
/// assert_eq!(losses(&sent, &json!({"id": 10, "tags": ["a"]})), ["tags[1] was lost: \"b\""]);
/// ```
pub fn losses(sent: &Json, returned: &Json) -> Vec<String> {
    let mut found = Vec::new();
    compare(sent, returned, "", &mut found);
    found
}

/// Whether two values are numbers, and equal.
pub(crate) fn same_number(one: &Json, other: &Json) -> bool {
    let (Json::Number(one), Json::Number(other)) = (one, other) else {
        return false;
    };
    one == other || (one.is_f64() || other.is_f64()) && one.as_f64() == other.as_f64()
}

/// The instant that a text writes; without a zone it is UTC.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    zoned
        .or_else(|_| {
            NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|time| time.and_utc())
        })
        .ok()
}

fn compare(sent: &Json, returned: &Json, at: &str, found: &mut Vec<String>) {
    match (sent, returned) {
        (Json::Object(sent), Json::Object(returned)) => {
            for (key, value) in sent {
                compare(
                    value,
                    returned.get(key).unwrap_or(&Json::Null),
                    &join(at, key),
                    found,
                );
            }
            let new = returned
                .iter()
                .filter(|(key, value)| !value.is_null() && !sent.contains_key(*key));
            found.extend(
                new.map(|(key, value)| format!("{} came from nowhere: {value}", join(at, key))),
            );
        }
        (Json::Array(sent), Json::Array(returned)) => {
            for index in 0..sent.len().max(returned.len()) {
                let of = |items: &[Json]| items.get(index).cloned().unwrap_or(Json::Null);
                compare(&of(sent), &of(returned), &format!("{at}[{index}]"), found);
            }
        }
        _ if same(sent, returned) => {}
        (Json::Null, _) => found.push(format!("{} came from nowhere: {returned}", place(at))),
        (_, Json::Null) => found.push(format!("{} was lost: {sent}", place(at))),
        _ => found.push(format!("{} was {sent} and became {returned}", place(at))),
    }
}

fn same(sent: &Json, returned: &Json) -> bool {
    let times =
        |one: &str, other: &str| instant(one).is_some_and(|one| instant(other) == Some(one));
    match (sent, returned) {
        (Json::String(sent), Json::String(returned)) => sent == returned || times(sent, returned),
        _ => sent == returned || same_number(sent, returned),
    }
}

fn place(at: &str) -> &str {
    if at.is_empty() { "the whole" } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_the_same_is_no_loss() {
        let sent = json!({"a": null, "b": 1, "c": 2.0, "d": "2018-01-02T03:04:05", "e": {"f": [1, {"g": true}]}});
        let returned = json!({"b": 1.0, "c": 2, "d": "2018-01-02T03:04:05.000Z", "e": {"f": [1, {"g": true, "h": null}]}});
        assert_eq!(losses(&sent, &returned), Vec::<String>::new());
    }

    #[test]
    fn every_difference_is_told() {
        let sent =
            json!({"a": 1, "b": "x", "c": [1, 2], "d": "2018-01-02T03:04:05", "e": {"f": false}});
        let returned = json!({"a": 2, "c": [1], "d": "2018-01-02T03:04:06", "e": {"f": 0}, "z": 1});
        assert_eq!(
            losses(&sent, &returned),
            [
                "a was 1 and became 2",
                "b was lost: \"x\"",
                "c[1] was lost: 2",
                "d was \"2018-01-02T03:04:05\" and became \"2018-01-02T03:04:06\"",
                "e.f was false and became 0",
                "z came from nowhere: 1",
            ]
        );
        assert_eq!(losses(&json!({}), &json!(null)), ["the whole was lost: {}"]);
        assert_eq!(
            losses(&json!([]), &json!([1])),
            ["[0] came from nowhere: 1"]
        );
    }

    #[test]
    fn large_integers_do_not_blur() {
        assert_eq!(
            losses(
                &json!(9_007_199_254_740_993_i64),
                &json!(9_007_199_254_740_992_i64)
            )
            .len(),
            1
        );
    }
}
