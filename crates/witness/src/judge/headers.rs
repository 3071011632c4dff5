//! The headers: the token, what is accepted, what the body is, who asks, and nothing that the document lacks.
//!
//! What the API takes in any spelling is right in any; proofs ask for the one that the client is made to send, see [`Demand`].
//!
//! ```
//! // An operation with no security can be called without a token.
//! let document = linode_witness::Document::parse(r#"{"paths": {"/regions": {"get": {"security": []}}}}"#)?;
//! assert!(document.operation("GET /regions").is_some());
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use super::{Demand, Received, filter};
use crate::conform::text_problems;
use crate::{Json, Operation};

/// Headers that HTTP itself asks for, or that say nothing of the operation.
const OF_HTTP: [&str; 7] = [
    "accept",
    "accept-encoding",
    "authorization",
    "content-length",
    "content-type",
    "host",
    "user-agent",
];

/// What is wrong with the headers.
pub(crate) fn problems(
    operation: &Operation<'_>,
    received: &Received,
    demand: Demand,
) -> Vec<String> {
    let mut problems = Vec::new();
    problems.extend(authorization(operation, received, demand));
    problems.extend(accept(operation, received, demand));
    problems.extend(content_type(operation, received, demand));
    problems.extend(described(operation, received, demand));
    if demand == Demand::Everything
        && !matches!(received.header("user-agent").as_slice(), [agent] if !agent.is_empty())
    {
        problems.push("there is no User-Agent".to_owned());
    }
    problems
}

fn authorization(operation: &Operation<'_>, received: &Received, demand: Demand) -> Option<String> {
    let is_right = |value: &str| {
        let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
        let same = same(scheme, "Bearer", demand);
        same && !token.trim().is_empty()
    };
    match received.header("authorization").as_slice() {
        [] if operation.is_public() => None,
        [value] if is_right(value) => None,
        values => Some(format!(
            "Authorization is {values:?}, and not one Bearer token"
        )),
    }
}

/// Whether a word is another; its case counts in proofs alone.
fn same(one: &str, other: &str, demand: Demand) -> bool {
    match demand {
        Demand::Right => one.eq_ignore_ascii_case(other),
        Demand::Everything => one == other,
    }
}

fn accept(operation: &Operation<'_>, received: &Received, demand: Demand) -> Option<String> {
    let content = operation.answer().content?;
    let (group, _) = content.media_type.split_once('/')?;
    let values = received.header("accept");
    if values.is_empty() && demand == Demand::Right {
        return None;
    }
    let mut ranges = values
        .iter()
        .flat_map(|value| value.split(','))
        .filter_map(|range| range.split(';').next())
        .map(str::trim);
    let fits = ranges.any(|range| {
        range == content.media_type || range == "*/*" || range.strip_suffix("/*") == Some(group)
    });
    (!fits).then(|| {
        format!(
            "Accept is {values:?}, and the answer is {}",
            content.media_type
        )
    })
}

fn content_type(operation: &Operation<'_>, received: &Received, demand: Demand) -> Option<String> {
    let values = received.header("content-type");
    let Some(body) = operation.body() else {
        // Many HTTP clients say of every request what they would send.
        return (!values.is_empty() && demand == Demand::Everything)
            .then(|| format!("Content-Type is {values:?}, and there is no body to describe"));
    };
    let right = match values.as_slice() {
        [] if demand == Demand::Right && received.body.is_empty() => true,
        [value] if body.media_type.starts_with("multipart/") => {
            value.split_once(';').is_some_and(|(media_type, rest)| {
                same(media_type.trim_end(), body.media_type, demand)
                    && rest.trim_start().starts_with("boundary=")
            })
        }
        [value] => {
            let bare = value.split(';').next().unwrap_or_default();
            let given = match demand {
                Demand::Right => bare.trim(),
                Demand::Everything => value,
            };
            same(given, body.media_type, demand)
        }
        _ => false,
    };
    (!right).then(|| format!("Content-Type is {values:?}, and not {}", body.media_type))
}

fn described(operation: &Operation<'_>, received: &Received, demand: Demand) -> Vec<String> {
    let parameters: Vec<_> = operation
        .parameters()
        .into_iter()
        .filter(|parameter| parameter.place == "header")
        .collect();
    let mut problems = Vec::new();
    for (name, value) in received
        .headers
        .iter()
        .filter(|(name, _)| !OF_HTTP.contains(&name.as_str()))
    {
        match parameters
            .iter()
            .find(|parameter| parameter.name.eq_ignore_ascii_case(name))
        {
            _ if name == "x-filter" && operation.is_paged() => {
                problems.extend(filter(operation, value, demand));
            }
            Some(parameter) => problems.extend(text_problems(
                &parameter.schema,
                value,
                &format!("the header {name}"),
            )),
            // Proxies and tracing add headers of their own.
            None if demand == Demand::Right && name != "x-filter" => {}
            None => problems.push(format!("the header {name} is not in the document")),
        }
    }
    for parameter in parameters.iter().filter(|parameter| parameter.required) {
        if received
            .header(&parameter.name.to_ascii_lowercase())
            .is_empty()
        {
            problems.push(format!(
                "the header {} is required, and was not sent",
                parameter.name
            ));
        }
    }
    problems
}

fn filter(operation: &Operation<'_>, value: &str, demand: Demand) -> Vec<String> {
    match serde_json::from_str::<Json>(value) {
        // Proofs send a filter of their own, to see that it arrives.
        Ok(read) if read.is_object() => match demand {
            Demand::Right => filter::problems(operation, &read),
            Demand::Everything => Vec::new(),
        },
        _ => vec![format!(
            "the header x-filter is {value}, and not a JSON object"
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged, judged_by, right};
    use crate::judge::{Demand, Received};
    use serde_json::{Value, json};

    fn with(more: Value, change: &[(&str, Option<&str>)]) -> String {
        let mut received = right("GET");
        for (name, value) in change {
            received.headers.retain(|(known, _)| known != name);
            received
                .headers
                .extend(value.map(|value| ((*name).to_owned(), value.to_owned())));
        }
        judged(&document("get", more), &Received { ..received })
    }

    #[test]
    fn a_token_is_needed_unless_the_operation_is_public() {
        let basic = "Authorization is [\"Basic abc\"], and not one Bearer token";
        assert_eq!(
            with(json!({}), &[("authorization", None)]),
            "Authorization is [], and not one Bearer token"
        );
        assert_eq!(
            with(json!({}), &[("authorization", Some("Basic abc"))]),
            basic
        );
        assert_eq!(
            with(json!({"security": []}), &[("authorization", None)]),
            ""
        );
        assert_eq!(
            with(
                json!({"security": []}),
                &[("authorization", Some("Basic abc"))]
            ),
            basic
        );
    }

    #[test]
    fn what_the_api_takes_in_any_spelling_is_right_in_any() {
        let body = json!({"requestBody": {"content": {"application/json": {"schema": {}}}}});
        let judge = |method: &str, more: &Value, headers: &[(&str, &str)], body: &'static str| {
            let headers = headers.iter();
            let headers = headers.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            let received = Received {
                headers: headers.collect(),
                body: body.into(),
                ..right(&method.to_uppercase())
            };
            judged_by(&document(method, more.clone()), &received, Demand::Right)
        };
        let token = ("authorization", "bearer abc");
        let kind = |value| ("content-type", value);
        assert_eq!(judge("get", &json!({}), &[token, kind("a/b")], ""), "");
        for value in ["application/json; charset=utf-8", "Application/JSON"] {
            assert_eq!(judge("put", &body, &[token, kind(value)], "{}"), "");
        }
        assert_eq!(
            judge("put", &body, &[token, kind("text/plain")], "{}"),
            "Content-Type is [\"text/plain\"], and not application/json"
        );
        assert_eq!(
            judge("get", &json!({}), &[("authorization", "Bearer ")], ""),
            "Authorization is [\"Bearer \"], and not one Bearer token"
        );
    }

    #[test]
    fn what_is_accepted_fits_the_answer() {
        let picture = json!({"responses": {"200": {"content": {"image/png": {"schema": {}}}}}});
        assert_eq!(with(picture.clone(), &[("accept", Some("image/*"))]), "");
        assert_eq!(
            with(
                picture.clone(),
                &[("accept", Some("text/html, image/png;q=0.5"))]
            ),
            ""
        );
        assert_eq!(
            with(picture, &[]),
            "Accept is [\"application/json\"], and the answer is image/png"
        );
    }

    #[test]
    fn without_a_body_there_is_no_content_type() {
        let wrong = "Content-Type is [\"application/json\"], and there is no body to describe";
        assert_eq!(
            with(json!({}), &[("content-type", Some("application/json"))]),
            wrong
        );
    }

    #[test]
    fn the_content_type_is_exactly_that_of_the_body() {
        let body = json!({"requestBody": {"content": {"image/png": {"schema": {}}}}});
        let received = |value: &str| {
            let mut received = right("PUT");
            received
                .headers
                .push(("content-type".to_owned(), value.to_owned()));
            received.body = "x".into();
            judged(&document("put", body.clone()), &received)
        };
        assert_eq!(received("image/png"), "");
        assert_eq!(
            received("image/jpeg"),
            "Content-Type is [\"image/jpeg\"], and not image/png"
        );
    }

    #[test]
    fn headers_that_the_document_lacks_are_told() {
        assert_eq!(
            with(json!({}), &[("user-agent", None)]),
            "there is no User-Agent"
        );
        assert_eq!(
            with(json!({}), &[("x-other", Some("1"))]),
            "the header x-other is not in the document"
        );
        assert_eq!(
            with(json!({}), &[("x-filter", Some("{}"))]),
            "the header x-filter is not in the document"
        );
    }

    #[test]
    fn described_headers_conform() {
        let id = json!({"name": "id", "in": "path", "schema": {"type": "string"}});
        let header = json!({"name": "X-Count", "in": "header", "required": true, "schema": {"type": "integer"}});
        let more = json!({"parameters": [id, header]});
        assert_eq!(with(more.clone(), &[("x-count", Some("3"))]), "");
        assert_eq!(
            with(more.clone(), &[("x-count", Some("three"))]),
            "the header x-count is \"three\", and not an integer"
        );
        assert_eq!(
            with(more, &[]),
            "the header X-Count is required, and was not sent"
        );
    }

    #[test]
    fn a_filter_goes_with_a_page_and_is_an_object() {
        let number = json!({"type": "integer"});
        let schema = json!({"properties": {"data": {"type": "array"}, "page": number, "pages": number, "results": number}});
        let page =
            json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}});
        assert_eq!(
            with(page.clone(), &[("x-filter", Some(r#"{"label": "a"}"#))]),
            ""
        );
        assert_eq!(
            with(page, &[("x-filter", Some("label"))]),
            "the header x-filter is label, and not a JSON object"
        );
    }
}
