//! Which operation a recorded answer belongs to.
//!
//! ```
//! use linode_spec::api::Api;
//! use linode_spec::route::route;
//! use serde_json::json;
//!
//! assert!(route(&Api::default(), None, "/images/private%2F1", &json!({"id": "private/1"})).is_none());
//! ```

use std::cmp::Reverse;

use serde_json::Value as Json;

use crate::api::{Api, Method, Operation, Ty};

/// Methods in the order in which a sample that names none is taken to mean them.
const LIKELY: [Method; 4] = [Method::Get, Method::Post, Method::Put, Method::Delete];

/// Ids of images hold a slash after one of these; some samples write it as it is.
const IMAGE_OWNERS: [&str; 3] = ["linode", "private", "shared"];

/// What every page holds.
const ENVELOPE: [&str; 4] = ["data", "page", "pages", "results"];

/// The operation that gave an answer at a path: the template with the most literal segments and, where no method is given, GET before others.
///
/// A parameter that is described as an integer takes integers alone: `/volumes/types` is no volume.
///
/// ```
/// use linode_spec::api::{Api, Method};
/// use linode_spec::route::route;
///
/// assert!(route(&Api::default(), Some(Method::Get), "/volumes/types", &serde_json::json!({})).is_none());
/// ```
pub fn route<'a>(
    api: &'a Api,
    method: Option<Method>,
    path: &str,
    answer: &Json,
) -> Option<&'a Operation> {
    let came = segments(path);
    let candidates = api.operations.iter().filter(|operation| match method {
        Some(method) => operation.method == method && !is_of_a_sibling(operation, answer),
        None => may_answer(operation, answer) && !is_of_a_sibling(operation, answer),
    });
    let fitting = candidates.filter_map(|operation| Some((literals(operation, &came)?, operation)));
    let best = fitting
        .min_by_key(|(literals, operation)| (Reverse(*literals), likelihood(operation.method)));
    best.map(|(_, operation)| operation)
}

/// Whether an operation can have given an answer of which no method is known: what has no `data` is no page, but what is created there.
fn may_answer(operation: &Operation, answer: &Json) -> bool {
    operation.answer.list().is_none() || answer.get("data").is_some()
}

/// Whether a page came from a path whose last segment the operation takes for an id: `/images/sharegroups` beside `/images/{imageId}`
/// is a list that this release does not have.
fn is_of_a_sibling(operation: &Operation, answer: &Json) -> bool {
    let is_page = ENVELOPE.iter().all(|key| answer.get(key).is_some());
    is_page && operation.path.ends_with('}') && operation.answer.list().is_none()
}

/// What a path has for each parameter of an operation that it belongs to, as it stands in the path.
///
/// ```
/// use linode_spec::api::Api;
/// use linode_spec::route::{arguments, route};
///
/// let api = Api::default();
/// let found = route(&api, None, "/images/private%2F1", &serde_json::json!({}));
/// assert_eq!(found.map(|image| arguments(image, "/images/private%2F1")), None);
/// ```
pub fn arguments(operation: &Operation, path: &str) -> Vec<String> {
    let (template, came) = (segments(&operation.path), segments(path));
    let values = template.iter().zip(&came);
    values
        .filter_map(|(wanted, came)| parameter_value(wanted, came).map(str::to_owned))
        .collect()
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
}
