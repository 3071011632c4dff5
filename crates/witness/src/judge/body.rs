//! The body: all that can be sent, and nothing else.
//!
//! ```
//! let document = linode_witness::Document::parse(
//!     r#"{"paths": {"/tags": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}}}}"#,
//! )?;
//! assert!(document.operation("POST /tags").is_some());
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use super::{Demand, Received, multipart};
use crate::conform;
use crate::{Json, Operation};

/// What is wrong with the body.
pub(crate) fn problems(
    operation: &Operation<'_>,
    received: &Received,
    demand: Demand,
) -> Vec<String> {
    let Some(content) = operation.body() else {
        let sent = !received.body.is_empty();
        return sent
            .then(|| {
                format!(
                    "there is a body of {} bytes, and the document has none",
                    received.body.len()
                )
            })
            .into_iter()
            .collect();
    };
    if received.body.is_empty() && demand == Demand::Right && !operation.needs_body() {
        return Vec::new();
    }
    if received.body.is_empty() {
        return vec!["the body is empty".to_owned()];
    }
    match content.media_type {
        "application/json" => match serde_json::from_slice::<Json>(&received.body) {
            Ok(value) => conform::problems(&content.schema, &value, demand.rule(), "body"),
            Err(error) => vec![format!("the body is not JSON: {error}")],
        },
        "multipart/form-data" => multipart::problems(&content.schema, received, demand),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged, right};
    use serde_json::{Value, json};

    fn sent(schema: Value, body: &str) -> String {
        let document = document(
            "post",
            json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}),
        );
        let mut received = right("POST");
        received
            .headers
            .push(("content-type".to_owned(), "application/json".to_owned()));
        received.body = body.to_owned().into();
        judged(&document, &received)
    }

    #[test]
    fn a_json_body_conforms() {
        let schema = json!({"properties": {"label": {"type": "string"}, "id": {"type": "integer", "readOnly": true}}});
        assert_eq!(sent(schema.clone(), r#"{"label": "a"}"#), "");
        assert_eq!(
            sent(schema.clone(), r#"{"label": 1}"#),
            "body.label is 1, and not a string"
        );
        assert_eq!(
            sent(schema.clone(), "{}"),
            "body.label can be sent, and was not"
        );
        assert_eq!(
            sent(schema.clone(), r#"{"label": "a", "id": 1}"#),
            "body.id is read-only, and was sent"
        );
        assert_eq!(sent(schema.clone(), ""), "the body is empty");
        assert!(sent(schema, "{").starts_with("the body is not JSON"));
    }

    #[test]
    fn where_no_body_is_described_there_is_none() {
        let document = document("delete", json!({}));
        let mut received = right("DELETE");
        assert_eq!(judged(&document, &received), "");
        received.body = "null".into();
        assert_eq!(
            judged(&document, &received),
            "there is a body of 4 bytes, and the document has none"
        );
    }
}
