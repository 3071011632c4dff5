//! The query: all that is described, and nothing else.
//!
//! ```
//! // Any page takes these two, described or not.
//! let document = linode_witness::Document::parse(r#"{"paths": {"/tags": {"get": {}}}}"#)?;
//! assert!(document.operation("GET /tags").is_some());
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use percent_encoding::percent_decode_str;

use super::Demand;
use crate::Operation;
use crate::conform::text_problems;
use crate::operation::Parameter;

/// What any page takes, described or not.
const OF_PAGES: [&str; 2] = ["page", "page_size"];

/// What is wrong with the query, as it came.
pub(crate) fn problems(operation: &Operation<'_>, query: &str, demand: Demand) -> Vec<String> {
    let described: Vec<_> = operation
        .parameters()
        .into_iter()
        .filter(|parameter| parameter.place == "query")
        .collect();
    let came = pairs(query);
    let paged = operation.is_paged();
    let mut problems = Vec::new();
    for parameter in &described {
        problems.extend(parameter_problems(parameter, &came, paged, demand));
    }
    for (name, value) in &came {
        let known = described.iter().any(|parameter| parameter.name == name)
            || paged && OF_PAGES.contains(&name.as_str());
        if !known {
            problems.push(format!(
                "the query has {name}={value}, which is not in the document"
            ));
        }
    }
    problems
}

fn parameter_problems(
    parameter: &Parameter<'_>,
    came: &[(String, String)],
    paged: bool,
    demand: Demand,
) -> Vec<String> {
    let name = parameter.name;
    let values: Vec<_> = came
        .iter()
        .filter(|(known, _)| known == name)
        .map(|(_, value)| value)
        .collect();
    // A walk over a list says from its second page on which one it wants.
    let may_lack = paged && name == "page" && !parameter.required;
    match values.as_slice() {
        [] if may_lack => Vec::new(),
        [] => Vec::from_iter(
            demand.absent(&format!("the query parameter {name}"), parameter.required),
        ),
        [value] => text_problems(
            &parameter.schema,
            value,
            &format!("the query parameter {name}"),
        ),
        _ => vec![format!(
            "the query parameter {name} was sent {} times",
            values.len()
        )],
    }
}

fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged, right};
    use crate::judge::Received;
    use serde_json::{Value, json};

    fn with(query: &str, responses: Value) -> String {
        let id = json!({"name": "id", "in": "path", "schema": {"type": "string"}});
        let parameter =
            |name: &str, kind: &str| json!({"name": name, "in": "query", "schema": {"type": kind}});
        let parameters = json!([
            id,
            parameter("deep", "boolean"),
            parameter("name", "string"),
            parameter("page", "integer")
        ]);
        let document = document(
            "get",
            json!({"parameters": parameters, "responses": responses}),
        );
        judged(
            &document,
            &Received {
                query: Some(query.to_owned()),
                ..right("GET")
            },
        )
    }

    fn page() -> Value {
        let number = json!({"type": "integer"});
        let schema = json!({"properties": {"data": {"type": "array"}, "page": number, "pages": number, "results": number}});
        json!({"200": {"content": {"application/json": {"schema": schema}}}})
    }

    #[test]
    fn everything_described_is_sent_and_conforms() {
        assert_eq!(with("deep=true&name=a%20b&page=1", json!({})), "");
        assert_eq!(
            with("name=a+b&page=1", json!({})),
            "the query parameter deep can be sent, and was not"
        );
        assert_eq!(
            with("deep=1&name=&page=1", json!({})),
            "the query parameter deep is 1, and not a boolean"
        );
        assert_eq!(
            with("deep=true&name=a&page=1&name=b", json!({})),
            "the query parameter name was sent 2 times"
        );
    }

    #[test]
    fn nothing_else_is_sent() {
        let wrong = "the query has page_size=100, which is not in the document";
        assert_eq!(
            with("deep=true&name=a&page=1&page_size=100", json!({})),
            wrong
        );
    }

    #[test]
    fn any_page_takes_page_and_page_size() {
        assert_eq!(with("deep=true&name=a&page=1&page_size=100", page()), "");
        assert_eq!(with("deep=true&name=a", page()), "");
        assert_eq!(
            with("deep=true&name=a&page=x", page()),
            "the query parameter page is \"x\", and not an integer"
        );
    }
}
