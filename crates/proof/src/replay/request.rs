//! Recorded requests: what the catalogue makes them again of, and whether what arrived is what was recorded.

use linode_spec::api::{Content, Operation, Ty};
use linode_testkit::Received;
use linode_witness::losses;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value as Json, json};

use super::{Sample, arguments};

/// The input of the catalogue that says what a recorded request said.
pub(super) fn input(operation: &Operation, sample: &Sample) -> Json {
    let mut input = json!({"path": path(operation, &sample.path)});
    if let Some(version) = &sample.version {
        input["version"] = json!(version);
    }
    let query = query(operation, sample.query.as_deref().unwrap_or_default());
    if !query.is_empty() {
        input["query"] = Json::Object(query);
    }
    if let Some(filter) = sample.filter() {
        input["filter"] = filter;
    }
    match &sample.request_body {
        Json::Null => {}
        // What the document describes no body for is said beside it.
        body if operation.body.is_none() => input["extra"] = json!({"body": body}),
        body => input["body"] = body.clone(),
    }
    input
}

/// An input for a call that is only to decode an answer.
pub(super) fn lone_input(operation: &Operation) -> Json {
    let path = operation.path_parameters().map(|parameter| {
        let value = match parameter.ty {
            Ty::String => json!("x"),
            _ => json!(1),
        };
        (parameter.name.clone(), value)
    });
    let mut input = json!({"path": path.collect::<Map<_, _>>()});
    if operation
        .body
        .as_ref()
        .is_some_and(|body| body.content == Content::Bytes)
    {
        input["body"] = json!("");
    }
    input
}

fn path(operation: &Operation, path: &str) -> Map<String, Json> {
    let values = operation.path_parameters().zip(arguments(operation, path));
    let typed = values.map(|(parameter, value)| {
        let text = decoded(&value);
        (parameter.name.clone(), typed(&parameter.ty, &text))
    });
    typed.collect()
}

fn query(operation: &Operation, text: &str) -> Map<String, Json> {
    let typed = pairs(text).into_iter().map(|(name, value)| {
        let described = operation
            .query_parameters()
            .find(|parameter| parameter.name == name);
        let ty = match name.as_str() {
            "page" | "page_size" => &Ty::Integer,
            _ => described.map_or(&Ty::String, |parameter| &parameter.ty),
        };
        let value = typed(ty, &value);
        (name, value)
    });
    typed.collect()
}

/// The value that a text is, as far as its type says more than text.
fn typed(ty: &Ty, text: &str) -> Json {
    let plain = matches!(ty, Ty::Integer | Ty::Number | Ty::Boolean);
    let read = plain.then(|| serde_json::from_str(text).ok()).flatten();
    read.unwrap_or_else(|| json!(text))
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// How what arrived differs from what was recorded. Explained, and no difference: the order of query parameters and of fields, how
/// numbers and times are written, and an empty object for no body.
pub(super) fn differences(sample: &Sample, arrived: &Received) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |what: &str, recorded: &Json, arrived: &Json| {
        let lost = losses(recorded, arrived);
        found.extend(lost.into_iter().map(|loss| format!("{what}: {loss}")));
    };
    let line = |method: &str, path: &str| json!([method, decoded(path)]);
    let version = sample.version.as_deref().unwrap_or("v4");
    let recorded_path = format!("/{version}/{}", sample.path.trim_start_matches('/'));
    compare(
        "path",
        &line(sample.method.as_deref().unwrap_or("GET"), &recorded_path),
        &line(arrived.method(), arrived.path()),
    );
    let arrived_line = arrived.line();
    let arrived_query = arrived_line.split_once('?').map_or("", |(_, query)| query);
    compare(
        "query",
        &as_object(sample.query.as_deref().unwrap_or_default()),
        &as_object(arrived_query),
    );
    let filter = arrived
        .header("x-filter")
        .and_then(|text| serde_json::from_str(text).ok());
    compare(
        "filter",
        &sample.filter().unwrap_or_default(),
        &filter.unwrap_or_default(),
    );
    compare(
        "body",
        &with_nulls(&sample.request_body),
        &with_nulls(&arrived.json()),
    );
    found
}

fn as_object(query: &str) -> Json {
    pairs(query)
        .into_iter()
        .map(|(name, value)| (name, json!(value)))
        .collect::<Map<_, _>>()
        .into()
}

/// A body in which a null is told from nothing: what is cleared must be cleared again.
fn with_nulls(body: &Json) -> Json {
    match body {
        Json::Null => Json::Null,
        Json::Object(fields) if fields.is_empty() => Json::Null,
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), kept(value)))
            .collect::<Map<_, _>>()
            .into(),
        other => kept(other),
    }
}

fn kept(value: &Json) -> Json {
    match value {
        Json::Null => json!({"is": "null"}),
        Json::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), kept(value)))
            .collect::<Map<_, _>>()
            .into(),
        Json::Array(items) => items.iter().map(kept).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_its_types_say() {
        assert_eq!(
            pairs("page=1&a%20b=c%26d&e"),
            [("page", "1"), ("a b", "c&d"), ("e", "")].map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert_eq!(typed(&Ty::Integer, "7"), json!(7));
        assert_eq!(typed(&Ty::Integer, "seven"), json!("seven"));
        assert_eq!(typed(&Ty::String, "7"), json!("7"));
    }

    #[test]
    fn null_is_told_from_nothing_and_an_empty_body_is_none() {
        assert!(losses(&with_nulls(&json!({})), &with_nulls(&Json::Null)).is_empty());
        assert!(
            !losses(
                &with_nulls(&json!({"a": null})),
                &with_nulls(&json!({"b": 1}))
            )
            .is_empty()
        );
        assert!(
            !losses(
                &with_nulls(&json!({"a": [{"b": null}]})),
                &with_nulls(&json!({"a": [{}]}))
            )
            .is_empty()
        );
    }
}
