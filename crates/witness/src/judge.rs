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
mod headers;
mod multipart;
mod path;
mod query;

use bytes::Bytes;

use crate::Operation;

/// A request as it arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// The path, encoded as it came.
    pub(crate) path: String,
    /// The query, encoded as it came.
    pub(crate) query: Option<String>,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Received {
    /// The values of a header.
    fn header(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

/// Everything that is wrong with a request, each a sentence.
pub(crate) fn problems(operation: &Operation<'_>, received: &Received) -> Vec<String> {
    let mut problems = Vec::new();
    if received.method != operation.method() {
        problems.push(format!(
            "the method is {}, and not {}",
            received.method,
            operation.method()
        ));
    }
    problems.extend(path::problems(operation, &received.path));
    problems.extend(query::problems(
        operation,
        received.query.as_deref().unwrap_or_default(),
    ));
    problems.extend(headers::problems(operation, received));
    problems.extend(body::problems(operation, received));
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
        problems(&document.operations().next().unwrap(), received).join("; ")
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
