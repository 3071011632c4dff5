//! The filter of a list: by fields that the document lets be filtered by, with operators that there are.
//!
//! ```
//! use linode_witness::{Demand, Document, Received};
//!
//! let document = Document::parse("{servers: [{url: 'https://x/v4'}], paths: {/tags: {get: {responses: {200: {content: {application/json: {schema:
//!     {properties: {page: {}, pages: {}, results: {}, data: {type: array, items: {properties: {label: {type: string}}}}}}}}}}}}}}")?;
//! let received = Received {
//!     method: "GET".to_owned(),
//!     path: "/v4/tags".to_owned(),
//!     headers: vec![("x-filter".to_owned(), r#"{"colour": "red"}"#.to_owned())],
//!     ..Received::default()
//! };
//! let problems = document.operation("GET /tags").unwrap().problems(&received, Demand::Right);
//! assert_eq!(problems, ["the filter asks for colour, by which the list can't be filtered"]);
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use crate::schema::{Kind, Schema};
use crate::{Json, Operation};

/// How deep fields are looked for.
const DEEPEST: usize = 6;

/// What a field is compared by.
const OPERATORS: [&str; 7] = ["+eq", "+neq", "+gt", "+gte", "+lt", "+lte", "+contains"];

/// A field of the items of a list by its path, and whether the document lets it be filtered by.
struct Field {
    path: String,
    filterable: bool,
}

/// What is wrong with the filter of a list.
pub(crate) fn problems(operation: &Operation<'_>, filter: &Json) -> Vec<String> {
    let content = operation.answer().content;
    let mut fields = Vec::new();
    for (name, data) in content
        .iter()
        .flat_map(|content| content.schema.properties())
    {
        if name == "data" {
            collect(&data, "", DEEPEST, &mut fields);
        }
    }
    // The document marks nothing on some lists; then it may be any field that they have.
    if fields.iter().any(|field| field.filterable) {
        fields.retain(|field| field.filterable);
    }
    let mut problems = Vec::new();
    conditions(filter, &fields, &mut problems);
    problems
}

fn collect(schema: &Schema<'_>, at: &str, left: usize, found: &mut Vec<Field>) {
    let Some(left) = left.checked_sub(1) else {
        return;
    };
    match schema.kind() {
        Kind::Choice => {
            for branch in schema.branches() {
                collect(&branch.schema, at, left, found);
            }
        }
        Kind::Array => collect(&schema.items(), at, left, found),
        _ => {
            for (name, property) in schema.properties() {
                let path = match at {
                    "" => name.to_owned(),
                    at => format!("{at}.{name}"),
                };
                collect(&property, &path, left, found);
                let filterable = property.flag("x-linode-filterable");
                found.push(Field { path, filterable });
            }
        }
    }
}

fn conditions(filter: &Json, fields: &[Field], problems: &mut Vec<String>) {
    let Some(conditions) = filter.as_object() else {
        problems.push(format!("the filter has {filter} where conditions belong"));
        return;
    };
    for (key, wanted) in conditions {
        let known = |path: &str| fields.iter().any(|field| field.path == path);
        match (key.as_str(), wanted) {
            ("+and" | "+or", Json::Array(parts)) => parts
                .iter()
                .for_each(|part| self::conditions(part, fields, problems)),
            ("+and" | "+or", _) => problems.push(format!("the filter's {key} is no list")),
            ("+order", Json::String(order)) if matches!(order.as_str(), "asc" | "desc") => {}
            ("+order", _) => problems.push(format!(
                "the filter's +order is {wanted}, and not asc or desc"
            )),
            ("+order_by", Json::String(field)) if known(field) => {}
            ("+order_by", _) => problems.push(format!(
                "the filter asks for an order by {wanted}, by which the list can't be ordered"
            )),
            (operator, _) if operator.starts_with('+') => {
                problems.push(format!("the filter has {operator}, which is no operator"));
            }
            (field, _) if !known(field) => problems.push(format!(
                "the filter asks for {field}, by which the list can't be filtered"
            )),
            (field, Json::Object(operators)) => {
                let mut names = operators.keys();
                let wrong = names.find(|name| !OPERATORS.contains(&name.as_str()));
                problems.extend(wrong.map(|name| {
                    format!("the filter compares {field} by {name}, which is no operator")
                }));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged_by, right};
    use crate::judge::Demand;
    use serde_json::{Value, json};

    fn judged(item: Value, filter: &Value) -> String {
        let number = json!({"type": "integer"});
        let data = json!({"type": "array", "items": {"properties": item}});
        let schema = json!({"properties": {"data": data, "page": number, "pages": number, "results": number}});
        let page =
            json!({"responses": {"200": {"content": {"application/json": {"schema": schema}}}}});
        let mut received = right("GET");
        let filter = ("x-filter".to_owned(), filter.to_string());
        received.headers.push(filter);
        judged_by(&document("get", page), &received, Demand::Right)
    }

    fn marked() -> Value {
        let marked = json!({"type": "string", "x-linode-filterable": true});
        json!({"label": marked, "size": {"type": "integer"}, "entity": {"properties": {"id": marked}}})
    }

    #[test]
    fn fields_are_those_that_the_document_marks() {
        let right = json!({"label": "a", "+or": [{"entity.id": {"+gte": 1}}, {"+and": [{"label": {"+contains": "b"}}]}],
            "+order_by": "entity.id", "+order": "desc"});
        assert_eq!(judged(marked(), &right), "");
        for field in ["size", "colour", "entity", "entity.colour"] {
            assert_eq!(
                judged(marked(), &json!({"+and": [{field: 1}]})),
                format!("the filter asks for {field}, by which the list can't be filtered")
            );
        }
    }

    #[test]
    fn where_nothing_is_marked_any_field_is_right() {
        let item = json!({"label": {"type": "string"}, "size": {"type": "integer"}});
        assert_eq!(judged(item.clone(), &json!({"size": 1})), "");
        assert_ne!(judged(item, &json!({"colour": 1})), "");
    }

    #[test]
    fn operators_and_orders_are_those_that_there_are() {
        let table = [
            (
                json!({"label": {"+near": 1}}),
                "the filter compares label by +near, which is no operator",
            ),
            (
                json!({"+not": {}}),
                "the filter has +not, which is no operator",
            ),
            (json!({"+or": {}}), "the filter's +or is no list"),
            (
                json!({"+and": [1]}),
                "the filter has 1 where conditions belong",
            ),
            (
                json!({"+order": "up"}),
                "the filter's +order is \"up\", and not asc or desc",
            ),
            (
                json!({"+order_by": "size"}),
                "the filter asks for an order by \"size\", by which the list can't be ordered",
            ),
        ];
        for (filter, problem) in table {
            assert_eq!(judged(marked(), &filter), problem);
        }
    }
}
