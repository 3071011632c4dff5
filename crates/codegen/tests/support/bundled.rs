//! A document as bundlers write them: JSON, every schema inline, no components but security schemes, the version a parameter of
//! the path, ids in kebab case. It can be of any size, and everything in it is made up.

use serde_json::{Map, Value, json};

const KINDS: [&str; 10] = [
    "anchors", "beacons", "cranes", "docks", "engines", "ferries", "gates", "hulls", "islands",
    "jetties",
];
const LOOKS: [&str; 12] = [
    "amber", "blue", "coral", "dusty", "early", "fair", "golden", "hollow", "ivory", "jade",
    "keen", "lunar",
];
const PLACES: [&str; 6] = ["north", "south", "east", "west", "inner", "outer"];

/// A document with as many collections, of five operations each, and how many filter markers it has.
pub fn bundled(collections: usize) -> (String, usize) {
    let mut paths = Map::new();
    for index in 0..collections {
        let kind = KINDS[index % KINDS.len()];
        let look = LOOKS[index / KINDS.len() % LOOKS.len()];
        let place = PLACES[index / KINDS.len() / LOOKS.len() % PLACES.len()];
        collection(&mut paths, &format!("{look}-{kind}"), place, index);
    }
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": "Harbour", "version": "9.1.0"},
        "servers": [{"url": "https://api.example.org"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    });
    let text = document.to_string();
    let markers = text.matches("\"x-linode-filterable\":true").count();
    (text, markers)
}

fn collection(paths: &mut Map<String, Value>, name: &str, place: &str, index: usize) {
    // Each fifth is served by the beta version alone.
    let versions = if index % 5 == 4 {
        json!(["v4beta"])
    } else {
        json!(["v4", "v4beta"])
    };
    let version = json!({"name": "apiVersion", "in": "path", "required": true, "schema": {"type": "string", "enum": versions}});
    let item = item(name, index);
    let answer = |schema: &Value| json!({"200": {"description": "d", "content": {"application/json": {"schema": schema}}}});
    let page = json!({"type": "object", "additionalProperties": false, "properties": {
        "data": {"type": "array", "items": item}, "page": {"type": "integer"}, "pages": {"type": "integer"}, "results": {"type": "integer"}}});
    let body = json!({"required": true, "content": {"application/json": {"schema": item}}});
    let filter = json!({"name": "where", "in": "query", "content": {"application/json": {"schema": {"type": "object", "properties": {"label": {"type": "string"}}}}}});
    // The parameter is spelt differently in the path and in the list.
    let id = json!({"name": "harbour_id", "in": "path", "required": true, "schema": {"type": ["integer", "string"]}});
    paths.insert(
        format!("/{{apiVersion}}/{place}/{name}"),
        json!({
            "parameters": [version],
            "get": {"operationId": format!("get-{place}-{name}"), "summary": format!("List {name}"), "parameters": [filter], "responses": answer(&page)},
            "post": {"operationId": format!("post-{place}-{name}"), "requestBody": body, "responses": answer(&item)},
        }),
    );
    paths.insert(
        format!("/{{apiVersion}}/{place}/{name}/{{harbourId}}"),
        json!({
            "parameters": [version, id],
            "get": {"operationId": format!("get-one-{place}-{name}"), "responses": answer(&item)},
            "put": {"operationId": format!("put-{place}-{name}"), "requestBody": body, "responses": answer(&item)},
            "delete": {"operationId": format!("delete-{place}-{name}"), "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {"type": "object"}}}}}},
        }),
    );
}

/// One thing of a collection: a field for each trap.
fn item(name: &str, index: usize) -> Value {
    let prose =
        format!("What the {name} are for, how they are reached, and whom to ask about them. ")
            .repeat(3);
    let text = |extra: Value| {
        let mut schema = json!({"type": "string", "description": prose, "example": "a text"});
        if let (Some(schema), Value::Object(extra)) = (schema.as_object_mut(), extra) {
            schema.extend(extra);
        }
        schema
    };
    let branch = |tag: &str, field: &str| json!({"type": "object", "additionalProperties": false, "properties": {"kind": {"type": "string", "enum": [tag]}, field: {"type": "integer"}}});
    let mut properties = json!({
        "id": {"type": "integer", "readOnly": true, "x-linode-filterable": true},
        "label": text(json!({"x-linode-filterable": true, "pattern": "^(?!.*--)[a-z(]+$", "minLength": 3})),
        "nickname": {"type": ["string", "null"], "pattern": "a-z, 0-9, /, _, -"},
        "state": text(json!({"enum": ["afloat", "aground", "away"], "x-linode-filterable": true})),
        "flags": {"type": "array", "items": {"type": "string"}, "enum": ["red", "white"]},
        "depth": {"type": ["number", "null"], "minimum": 0},
        "either": {"type": ["integer", "string"]},
        "built": {"type": "string", "format": "date-time"},
        "load": {"oneOf": [branch("cargo", "tons"), branch("people", "seats")], "discriminator": {"propertyName": "kind"}},
        "cover": {"anyOf": [branch("roof", "tiles"), branch("tarpaulin", "ropes")]},
        "width": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        "loose": {"anyOf": [{"type": "object", "properties": {"knots": {"type": "integer"}}}, {"type": "object", "properties": {"metres": {"type": "number"}}}]},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "berth": {"type": "object", "additionalProperties": false, "properties": {
            "row": {"type": "integer", "x-linode-filterable": true}, "lit": {"type": "boolean", "x-akamai": {"status": "LA"}}, "mooring": {"type": "object", "additionalProperties": false, "properties": {"rope": text(json!({})), "chain": {"type": "boolean"}}}}},
    });
    if let Some(properties) = properties.as_object_mut() {
        // What makes the shapes of the collections differ.
        properties.insert(
            format!("{}_since", name.replace('-', "_")),
            text(json!({"format": "date"})),
        );
        if index.is_multiple_of(3) {
            properties.insert(
                "secret".to_owned(),
                text(json!({"writeOnly": true, "format": "password"})),
            );
        }
    }
    json!({"type": "object", "additionalProperties": false, "required": ["label", "state"], "description": prose, "properties": properties})
}
