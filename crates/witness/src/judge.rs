//! Whether a request, as received, is what the document describes for an operation.
//!
//! ```
//! use linode_witness::{Document, Witness};
//! # use std::sync::Arc;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let document = Document::parse(r#"{"paths": {"/tags": {"get": {}}}}"#).unwrap();
//! let witness = Witness::start(Arc::new(document)).await.unwrap();
//! witness.expect("GET /tags");
//! assert_eq!(witness.verdict().problems, ["no request arrived"]);
//! # });
//! ```

mod body;
mod filter;
mod headers;
mod multipart;
mod path;
mod query;

use bytes::Bytes;

pub(crate) use path::arguments;

use crate::Operation;
use crate::conform::Rule;

/// A request as it arrived.
///
/// ```
/// use linode_witness::Received;
///
/// let received = Received {
///     method: "GET".to_owned(),
///     headers: vec![("accept".to_owned(), "application/json".to_owned())],
///     ..Received::default()
/// };
/// assert_eq!(received.header("accept"), ["application/json"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// The method, in capitals.
    pub method: String,
    /// The path, encoded as it came.
    pub path: String,
    /// The query, encoded as it came.
    pub query: Option<String>,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, all of it.
    pub body: Bytes,
}

/// How much is asked of a request.
///
/// ```
/// use linode_witness::{Demand, Document, Received};
///
/// let document = Document::parse(r#"{"servers": [{"url": "https://x/v4"}], "paths": {"/tags": {"get": {"parameters":
///     [{"name": "deep", "in": "query", "schema": {"type": "boolean"}}]}}}}"#)?;
/// let operation = document.operation("GET /tags").unwrap();
/// let received = Received {
///     method: "GET".to_owned(),
///     path: "/v4/tags".to_owned(),
///     headers: vec![("user-agent".to_owned(), "hand/1".to_owned())],
///     ..Received::default()
/// };
/// assert!(operation.problems(&received, Demand::Right).is_empty());
/// assert_eq!(operation.problems(&received, Demand::Everything), ["the query parameter deep can be sent, and was not"]);
/// # Ok::<(), linode_witness::Unreadable>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// What is sent is as described, and nothing that is required lacks. How headers are spelt that the API takes in any spelling does not matter.
    Right,
    /// Everything that can be sent is sent as well, and nothing else: for proofs.
    Everything,
}

impl Demand {
    /// The rule for values that are sent.
    fn rule(self) -> Rule {
        match self {
            Demand::Right => Rule::Asked,
            Demand::Everything => Rule::Sent,
        }
    }

    /// What is said of something that was not sent, if anything.
    fn absent(self, what: &str, required: bool) -> Option<String> {
        match (self, required) {
            (Demand::Everything, _) => Some(format!("{what} can be sent, and was not")),
            (Demand::Right, true) => Some(format!("{what} is required, and was not sent")),
            (Demand::Right, false) => None,
        }
    }
}

impl Received {
    /// The values of a header, its name in lower case.
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// Everything that is wrong with a request, each a sentence.
pub(crate) fn problems(
    operation: &Operation<'_>,
    received: &Received,
    demand: Demand,
) -> Vec<String> {
    let mut problems = Vec::new();
    if received.method != operation.method() {
        problems.push(format!(
            "the method is {}, and not {}",
            received.method,
            operation.method()
        ));
    }
    problems.extend(path::problems(operation, &received.path, demand));
    problems.extend(query::problems(
        operation,
        received.query.as_deref().unwrap_or_default(),
        demand,
    ));
    problems.extend(headers::problems(operation, received, demand));
    problems.extend(body::problems(operation, received, demand));
    problems
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Document;
    use serde_json::{Value, json};

    /// A document of one operation, `METHOD /things/{id}`, that says this beside.
    pub(crate) fn document(method: &str, more: Value) -> Document {
        let mut operation = json!({"parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}}], "security": [{"token": []}]});
        for (key, value) in more.as_object().unwrap() {
            operation[key] = value.clone();
        }
        let document = json!({"servers": [{"url": "https://x/v4"}, {"url": "https://x/v4beta"}], "paths": {"/things/{id}": {method: operation}}});
        Document::parse(&document.to_string()).unwrap()
    }

    /// A request that is right for an operation without body.
    pub(crate) fn right(method: &str) -> Received {
        let headers = [
            ("authorization", "Bearer abc"),
            ("accept", "application/json"),
            ("user-agent", "test/1"),
        ];
        let headers = headers
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Received {
            method: method.to_owned(),
            path: "/v4/things/a".to_owned(),
            query: None,
            headers,
            body: Bytes::new(),
        }
    }

    /// All problems in one text.
    pub(crate) fn judged(document: &Document, received: &Received) -> String {
        judged_by(document, received, Demand::Everything)
    }

    /// All problems in one text, by a demand.
    pub(crate) fn judged_by(document: &Document, received: &Received, demand: Demand) -> String {
        problems(&document.operations().next().unwrap(), received, demand).join("; ")
    }

    #[test]
    fn what_is_right_may_be_less_than_everything() {
        let id = json!({"name": "id", "in": "path", "schema": {"type": "string"}});
        let query = |name: &str, required: bool| json!({"name": name, "in": "query", "required": required, "schema": {"type": "integer"}});
        let schema = json!({"required": ["label", "id"], "properties": {
            "label": {"type": "string"}, "size": {"type": "integer", "maximum": 9}, "id": {"type": "integer", "readOnly": true},
        }});
        let more = json!({
            "parameters": [id, query("needed", true), query("deep", false)],
            "requestBody": {"content": {"application/json": {"schema": schema}}},
        });
        let document = document("post", more);
        let judged = |path: &str, query: &str, body: &str| {
            let mut received = right("POST");
            received.path = path.to_owned();
            received.query = Some(query.to_owned());
            let more = [("content-type", "application/json"), ("x-trace", "1")];
            let more = more.map(|(name, value)| (name.to_owned(), value.to_owned()));
            received.headers.extend(more);
            received.body = body.to_owned().into();
            judged_by(&document, &received, Demand::Right)
        };
        let (path, query) = ("/v4beta/things/a", "needed=1");
        assert_eq!(judged(path, query, r#"{"label": "a"}"#), "");
        assert_eq!(
            judged(path, "", "{}"),
            "the query parameter needed is required, and was not sent; body.label is required, and was not sent"
        );
        assert_eq!(
            judged(
                path,
                query,
                r#"{"label": "a", "size": 10, "id": 1, "x": 1}"#
            ),
            "body.id is read-only, and was sent; body.size is 10, which is out of bounds; body.x is not in the document"
        );
        assert_eq!(judged(path, query, ""), "the body is empty");
        assert!(
            judged("/v5/things/a", query, r#"{"label": "a"}"#).starts_with("the version is v5")
        );
    }

    #[test]
    fn the_method_is_checked() {
        let document = document("get", json!({}));
        assert_eq!(judged(&document, &right("GET")), "");
        assert_eq!(
            judged(&document, &right("PUT")),
            "the method is PUT, and not GET"
        );
    }
}
