//! Answers made of the document: its examples where they agree with their schema, made values elsewhere.
//!
//! Every property is there, arrays have an item for each branch of a choice in them, and what tells branches apart agrees with the branch.
//!
//! ```
//! use linode_witness::Document;
//!
//! let document = Document::parse(
//!     r#"{"paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {"schema":
//!         {"oneOf": [{"type": "string"}, {"type": "integer"}]}}}}}}}}}"#,
//! )?;
//! assert_eq!(document.operation("GET /a").unwrap().turns(), 2);
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use bytes::Bytes;
use serde_json::{Map, json};

use crate::Json;
use crate::conform::{Rule, written};
use crate::examples::agrees;
use crate::operation::{Content, Operation, is_page};
use crate::schema::{Branch, Kind, Others, Schema};
use crate::server::Answered;

/// How deep made values nest; a schema that is part of itself ends there.
const DEEPEST: usize = 12;

/// A small picture: enough bytes to tell that they arrived.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\x00\xff a picture that no one looks at \r\n--\x00";

/// The answer of an operation, with its status; another turn shows other branches.
pub(crate) fn answered(operation: &Operation<'_>, turn: usize) -> Answered {
    let described = operation.answer();
    let Some(content) = described.content else {
        return Answered {
            status: described.status,
            ..Answered::default()
        };
    };
    let json =
        (content.media_type == "application/json").then(|| answer(operation, &content, turn));
    let bytes = json
        .as_ref()
        .map_or(Bytes::from_static(PICTURE), |json| json.to_string().into());
    Answered {
        status: described.status,
        media_type: content.media_type.to_owned(),
        json,
        bytes,
    }
}

/// The JSON that an operation answers; another turn shows other branches.
pub(crate) fn answer(operation: &Operation<'_>, content: &Content<'_>, turn: usize) -> Json {
    if let Some((_, example)) = &content.example
        && turn == 0
        && agrees(&content.schema, example, Rule::Answer)
    {
        return (*example).clone();
    }
    if is_free(&content.schema) {
        return match is_closed(&content.schema) {
            true => json!({}),
            false => free_form(operation.method()),
        };
    }
    let mut made = value(&content.schema, turn, DEEPEST);
    if is_page(&content.schema) {
        number_page(&mut made);
    }
    made
}

/// How many turns it takes to show every branch of every choice that is not inside an array.
pub(crate) fn turns(schema: &Schema<'_>) -> usize {
    count(schema, DEEPEST)
}

fn count(schema: &Schema<'_>, left: usize) -> usize {
    let Some(left) = left.checked_sub(1) else {
        return 1;
    };
    match schema.kind() {
        Kind::Choice => {
            let branches = schema.branches();
            branches.len().max(1)
                * branches
                    .iter()
                    .map(|branch| count(&branch.schema, left))
                    .max()
                    .unwrap_or(1)
        }
        Kind::Object => schema
            .properties()
            .iter()
            .map(|(_, property)| count(property, left))
            .max()
            .unwrap_or(1),
        _ => 1,
    }
}

/// Whether the document says no more than that it is an object.
fn is_free(schema: &Schema<'_>) -> bool {
    schema.kind() == Kind::Object
        && schema.properties().is_empty()
        && !matches!(schema.others(), Others::Described(_))
}

/// Whether an object is said to have no keys but those that are listed.
fn is_closed(schema: &Schema<'_>) -> bool {
    matches!(schema.others(), Others::None) || schema.number("maxProperties") == Some(0.0)
}

/// An object without properties is free-form JSON where it is read or replaced, and nothing where something is done.
fn free_form(method: &str) -> Json {
    match method {
        "GET" | "PUT" | "PATCH" => json!({"witness": {"free": ["form", 1, true]}}),
        _ => json!({}),
    }
}

fn number_page(page: &mut Json) {
    let results = page
        .get("data")
        .and_then(Json::as_array)
        .map_or(0, Vec::len);
    for (name, number) in [("page", 1), ("pages", 1), ("results", results)] {
        page[name] = json!(number);
    }
}

fn value(schema: &Schema<'_>, turn: usize, left: usize) -> Json {
    let Some(left) = left.checked_sub(1) else {
        return Json::Null;
    };
    match schema.kind() {
        Kind::Choice => chosen(&schema.branches(), turn).map_or(Json::Null, |(branch, turn)| {
            tagged(schema, branch, turn, left)
        }),
        Kind::Object => object(schema, turn, left),
        Kind::Array => array(schema, left),
        kind => scalar(schema, kind),
    }
}

/// The branch whose turn it is, and the turn within it.
fn chosen<'b, 'd>(branches: &'b [Branch<'d>], turn: usize) -> Option<(&'b Branch<'d>, usize)> {
    let branch = branches.get(turn % branches.len().max(1))?;
    Some((branch, turn / branches.len()))
}

/// A branch that carries its own tag, if there is a property for it that several branches could have.
fn tagged(schema: &Schema<'_>, branch: &Branch<'_>, turn: usize, left: usize) -> Json {
    let mut made = value(&branch.schema, turn, left);
    let Some(tag) = schema.discriminator() else {
        return made;
    };
    let property = branch
        .schema
        .properties()
        .into_iter()
        .find(|(name, _)| *name == tag);
    if let (Some((_, property)), Json::Object(fields)) = (property, &mut made)
        && let Some(value) = tag_value(&property, branch)
    {
        fields.insert(tag.to_owned(), value);
    }
    made
}

fn object(schema: &Schema<'_>, turn: usize, left: usize) -> Json {
    let properties: Vec<_> = schema
        .properties()
        .into_iter()
        .filter(|(_, property)| !property.flag("writeOnly"))
        .collect();
    let mut made = Map::new();
    for (name, property) in &properties {
        let value = value(property, turn, left);
        if !value.is_null() {
            made.insert((*name).to_owned(), value);
        }
    }
    if let Others::Described(others) = schema.others() {
        made.insert("made".to_owned(), value(&others, turn, left));
    }
    for (_, choice) in properties
        .iter()
        .filter(|(_, property)| property.kind() == Kind::Choice)
    {
        name_branch(&properties, choice, turn, &mut made);
    }
    if made.is_empty() {
        example(schema)
            .cloned()
            .unwrap_or_else(|| json!({"made": "of nothing"}))
    } else {
        made.into()
    }
}

/// Has the property beside a choice, the one that tells its branches apart, name the branch that was chosen.
fn name_branch(
    properties: &[(&str, Schema<'_>)],
    choice: &Schema<'_>,
    turn: usize,
    made: &mut Map<String, Json>,
) {
    let branches = choice.branches();
    let Some((branch, _)) = chosen(&branches, turn) else {
        return;
    };
    for (name, property) in properties {
        let said = choice.discriminator().is_some_and(|tag| tag == *name);
        let told = property.enumeration().is_some()
            && branches
                .iter()
                .all(|branch| tag_value(property, branch).is_some());
        if let Some(value) = tag_value(property, branch).filter(|_| said || told) {
            made.insert((*name).to_owned(), value);
        }
    }
}

/// What a tag says of a branch: the listed value that is its label but for case and punctuation.
fn tag_value(tag: &Schema<'_>, branch: &Branch<'_>) -> Option<Json> {
    let Some(values) = tag.enumeration() else {
        return branch.labels.first().map(|label| json!(label));
    };
    let means = |value: &&Json| {
        value.as_str().is_some_and(|value| {
            branch
                .labels
                .iter()
                .any(|label| plain(label) == plain(value))
        })
    };
    values.iter().find(means).cloned()
}

fn plain(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// An example of scalars as it is; otherwise an item for each branch of a choice in the items.
fn array(schema: &Schema<'_>, left: usize) -> Json {
    let items = schema.items();
    let scalars = !matches!(items.kind(), Kind::Object | Kind::Array | Kind::Choice);
    if let Some(example) = example(schema)
        .filter(|example| scalars && example.as_array().is_some_and(|items| !items.is_empty()))
    {
        return example.clone();
    }
    if let Some(values) = schema.enumeration() {
        return values.iter().take(1).cloned().collect();
    }
    (0..count(&items, left))
        .map(|turn| value(&items, turn, left))
        .filter(|item| !item.is_null())
        .collect()
}

fn scalar(schema: &Schema<'_>, kind: Kind) -> Json {
    if let Some(example) = example(schema) {
        return example.clone();
    }
    if let Some(value) = schema
        .enumeration()
        .and_then(|values| values.iter().find(|value| !value.is_null()))
    {
        return match kind {
            Kind::String => json!(written(value)),
            _ => value.clone(),
        };
    }
    let least = schema.number("minimum").unwrap_or(1.0).ceil().max(1.0);
    match kind {
        Kind::Boolean => json!(true),
        Kind::Integer => json!(least as i64),
        Kind::Number => json!(least + 0.5),
        Kind::Any => json!({"made": ["of", "nothing"]}),
        _ => json!(text(schema.text("format"))),
    }
}

fn text(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2018-01-01T00:01:01",
        Some("date") => "2018-01-01",
        Some("byte") => "bWFkZSBvZiBub3RoaW5n",
        Some("uuid") => "8c0ba2a4-5a2c-4d2b-9f0e-0d0a3a1b2c3d",
        Some("ip" | "ipv4") => "192.0.2.1",
        Some("ipv6") => "2001:db8::1",
        _ => "made of nothing",
    }
}

/// The example of a schema, if it agrees and shows something.
fn example<'d>(schema: &Schema<'d>) -> Option<&'d Json> {
    let (_, example) = schema.keyword("example")?;
    (!example.is_null() && agrees(schema, example, Rule::Answer)).then_some(example)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    fn made(method: &str, schema: Json, turn: usize) -> Json {
        let document = json!({"paths": {"/a": {method: {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}}});
        let document = Document::parse(&document.to_string()).unwrap();
        let operation = document.operations().next().unwrap();
        answer(&operation, &operation.answer().content.unwrap(), turn)
    }

    #[test]
    fn every_property_is_there_but_those_that_are_only_written() {
        let schema = json!({"properties": {
            "a": {"type": "string"}, "b": {"type": "integer", "minimum": 2000}, "c": {"type": "number"}, "d": {"type": "boolean"},
            "e": {"type": "array", "items": {"type": "string", "format": "date-time"}}, "f": {"properties": {"g": {"enum": ["x", "y"]}}},
            "h": {"writeOnly": true}, "i": {"additionalProperties": {"type": "integer"}},
        }});
        let expected = json!({
            "a": "made of nothing", "b": 2000, "c": 1.5, "d": true, "e": ["2018-01-01T00:01:01"], "f": {"g": "x"}, "i": {"made": 1},
        });
        assert_eq!(made("get", schema, 0), expected);
    }

    #[test]
    fn examples_are_used_where_they_agree() {
        let schema = json!({"properties": {
            "good": {"type": "integer", "example": 7}, "bad": {"type": "integer", "example": "7"}, "null": {"type": "string", "nullable": true, "example": null},
            "list": {"type": "array", "items": {"type": "string"}, "example": ["p", "q"]},
        }});
        assert_eq!(
            made("get", schema, 0),
            json!({"good": 7, "bad": 1, "null": "made of nothing", "list": ["p", "q"]})
        );
    }

    #[test]
    fn a_value_of_a_string_that_lost_its_quotes_is_text() {
        let schema = json!({"type": "string", "enum": [true, "local"]});
        assert_eq!(made("get", schema, 0), json!("true"));
    }

    #[test]
    fn a_page_counts_its_items() {
        let schema = json!({"properties": {
            "data": {"type": "array", "items": {"type": "integer", "example": 5}},
            "page": {"type": "integer", "example": 9}, "pages": {"type": "integer", "example": 9}, "results": {"type": "integer", "example": 9},
        }});
        assert_eq!(
            made("get", schema, 0),
            json!({"data": [5], "page": 1, "pages": 1, "results": 1})
        );
    }

    #[test]
    fn a_tag_beside_a_choice_agrees_with_the_branch() {
        let choice = |name: &str, property: &str| json!({"x-linode-ref-name": name, "properties": {property: {"type": "integer"}}});
        let schema = json!({"properties": {
            "type": {"type": "string", "enum": ["credit_card", "paypal"], "example": "paypal"},
            "data": {"oneOf": [choice("Credit Card", "a"), choice("PayPal", "b")]},
        }});
        assert_eq!(
            made("get", schema.clone(), 0),
            json!({"type": "credit_card", "data": {"a": 1}})
        );
        assert_eq!(
            made("get", schema.clone(), 1),
            json!({"type": "paypal", "data": {"b": 1}})
        );
        let both = made("get", json!({"type": "array", "items": schema}), 0);
        assert_eq!(
            both,
            json!([{"type": "credit_card", "data": {"a": 1}}, {"type": "paypal", "data": {"b": 1}}])
        );
    }

    #[test]
    fn a_tag_inside_a_branch_agrees_with_it() {
        let schema = json!({"discriminator": {"propertyName": "kind"}, "oneOf": [
            {"title": "one", "properties": {"kind": {"type": "string"}}}, {"title": "two", "properties": {"kind": {"type": "string"}}}]});
        assert_eq!(made("get", schema, 1), json!({"kind": "two"}));
    }

    #[test]
    fn an_object_without_properties_is_free_form_or_nothing() {
        assert_eq!(
            made("get", json!({"type": "object"}), 0),
            json!({"witness": {"free": ["form", 1, true]}})
        );
        assert_eq!(made("delete", json!({"type": "object"}), 0), json!({}));
        let closed = [
            json!({"additionalProperties": false}),
            json!({"maxProperties": 0, "type": "object"}),
        ];
        for schema in closed {
            assert_eq!(made("put", schema, 0), json!({}));
        }
    }

    #[test]
    fn a_schema_that_is_part_of_itself_ends() {
        let document = Document::parse(
            "{components: {schemas: {A: {properties: {a: {$ref: '#/components/schemas/A'}, l: {type: array, items: {$ref: '#/components/schemas/A'}}}}}},
              paths: {/a: {get: {responses: {200: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}}}",
        )
        .unwrap();
        let operation = document.operations().next().unwrap();
        assert!(answer(&operation, &operation.answer().content.unwrap(), 0)["a"].is_object());
    }
}
