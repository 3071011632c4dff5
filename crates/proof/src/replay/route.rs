//! Which operation a recorded answer belongs to.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! // No GET is at this path, so that the answer is that of the action.
//! let report = Replay::pinned()?.text("sample", r#"{"path": "/linode/instances/1/clone", "response_body": {"id": 2}}"#)?;
//! assert_eq!(report.matched, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::cmp::Reverse;

use linode_spec::api::{Api, Method, Operation, Ty};

use super::Sample;

/// Methods in the order in which a sample that names none is taken to mean them.
const LIKELY: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// Ids of images hold a slash after one of these; some samples write it as it is.
const IMAGE_OWNERS: [&str; 3] = ["linode", "private", "shared"];

/// The operation of a sample: the template with the most literal segments, and where no method is given, GET before others.
pub(super) fn route<'a>(api: &'a Api, sample: &Sample) -> Option<&'a Operation> {
    let method = sample
        .method
        .as_deref()
        .map(|name| Method::parse(name).ok_or(()))
        .transpose()
        .ok()?;
    let came = segments(&sample.path);
    let candidates = api.operations.iter().filter(|operation| match method {
        Some(method) => operation.method == method,
        None => may_answer(operation, sample),
    });
    let fitting = candidates.filter_map(|operation| Some((literals(operation, &came)?, operation)));
    let best = fitting
        .min_by_key(|(literals, operation)| (Reverse(*literals), likelihood(operation.method)));
    best.map(|(_, operation)| operation)
}

/// Whether an operation can have given a sample that names no method: what has no `data` is no page, but what is created there.
fn may_answer(operation: &Operation, sample: &Sample) -> bool {
    operation.answer.list().is_none() || sample.response_body.get("data").is_some()
}

fn likelihood(method: Method) -> usize {
    LIKELY
        .iter()
        .position(|likely| *likely == method)
        .unwrap_or(LIKELY.len())
}

/// The segments of a path; the two of an image's id are one.
fn segments(path: &str) -> Vec<String> {
    let mut segments: Vec<String> = Vec::new();
    for segment in path.trim_matches('/').split('/') {
        match segments.as_mut_slice() {
            [first, id] if first == "images" && IMAGE_OWNERS.contains(&id.as_str()) => {
                id.extend(["%2F", segment])
            }
            _ => segments.push(segment.to_owned()),
        }
    }
    segments
}

/// How many segments of the operation's template are literal, if the path fits it.
fn literals(operation: &Operation, path: &[String]) -> Option<usize> {
    let template = segments(&operation.path);
    let mut literals = 0;
    let mut parameters = operation.path_parameters();
    for (wanted, came) in template.iter().zip(path) {
        let Some(value) = parameter_value(wanted, came) else {
            literals += usize::from(wanted == came);
            if wanted != came {
                return None;
            }
            continue;
        };
        let integer = parameters
            .next()
            .is_some_and(|parameter| parameter.ty == Ty::Integer);
        if value.is_empty() || integer && value.parse::<i64>().is_err() {
            return None;
        }
    }
    (template.len() == path.len()).then_some(literals)
}

/// What a segment has where the template has a parameter.
fn parameter_value<'a>(wanted: &str, came: &'a str) -> Option<&'a str> {
    let (before, rest) = wanted.split_once('{')?;
    let (_, after) = rest.split_once('}')?;
    came.strip_prefix(before)?.strip_suffix(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    #[test]
    fn parameters_are_what_the_template_leaves_open() {
        assert_eq!(parameter_value("{b}", "1"), Some("1"));
        assert_eq!(parameter_value("x-{b}", "x-1"), Some("1"));
        assert_eq!(parameter_value("x-{b}", "y-1"), None);
        assert_eq!(parameter_value("b", "b"), None);
    }

    #[test]
    fn the_id_of_an_image_is_one_segment() {
        assert_eq!(
            segments("/images/private/1/regions/"),
            ["images", "private%2F1", "regions"]
        );
        assert_eq!(segments("/images/upload"), ["images", "upload"]);
        assert_eq!(segments("/tags/private/1"), ["tags", "private", "1"]);
    }

    #[test]
    fn the_most_literal_template_wins_and_get_goes_first() {
        let (api, _) = crate::pinned::pinned().unwrap();
        let key = |method: Option<&str>, path: &str, response_body: Json| {
            let sample = Sample {
                method: method.map(str::to_owned),
                path: path.to_owned(),
                status: None,
                response_body,
            };
            route(&api, &sample).map(Operation::key)
        };
        assert_eq!(
            key(None, "/images/private%2F1", json!({})).as_deref(),
            Some("GET /images/{}")
        );
        assert_eq!(
            key(None, "/images/private/1", json!({})).as_deref(),
            Some("GET /images/{}")
        );
        assert_eq!(
            key(None, "/images/upload", json!({})).as_deref(),
            Some("POST /images/upload")
        );
        assert_eq!(
            key(Some("put"), "/images/1", json!({})).as_deref(),
            Some("PUT /images/{}")
        );
        assert_eq!(
            key(None, "/linode/instances/1/boot", json!({})).as_deref(),
            Some("POST /linode/instances/{}/boot")
        );
        assert_eq!(
            key(None, "/lke/clusters", json!({"data": []})).as_deref(),
            Some("GET /lke/clusters")
        );
        assert_eq!(
            key(None, "/lke/clusters", json!({"id": 1})).as_deref(),
            Some("POST /lke/clusters")
        );
        assert_eq!(
            key(Some("GET"), "/lke/clusters", json!({"id": 1})).as_deref(),
            Some("GET /lke/clusters")
        );
        assert_eq!(key(Some("BREW"), "/images/1", json!({})), None);
        assert_eq!(
            key(None, "/vpcs/1", json!({})).as_deref(),
            Some("GET /vpcs/{}")
        );
        assert_eq!(
            key(None, "/vpcs/ips2", json!({})),
            None,
            "an id is a number"
        );
        assert_eq!(key(None, "/vpcs/1/more", json!({})), None);
        assert_eq!(key(None, "/nowhere", json!({})), None);
    }
}
