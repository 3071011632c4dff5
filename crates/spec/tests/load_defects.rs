//! Each class of defect in a small document: what is reported, and what is left after the repair.

use linode_spec::diagnostic::{Accepted, Severity};
use linode_spec::load::{Document, load};
use openapiv3::{ReferenceOr, Schema, SchemaKind, Type};
use serde_json::{Value, json};

/// A document with these paths and components, and nothing wrong around them.
fn document(paths: &str, components: &str) -> String {
    format!(
        "openapi: 3.0.1\ninfo: {{title: t, version: 1.2.3}}\nservers: [{{url: https://a.example}}]\n\
         paths: {{{paths}}}\ncomponents: {{{components}}}\n"
    )
}

/// A document with one operation that is right, and these schemas.
fn with_schemas(schemas: &str) -> String {
    document(FINE, &format!("schemas: {{{schemas}}}"))
}

const FINE: &str = "/fine: {get: {operationId: fine, responses: {200: {description: ''}}}}";

fn loaded(text: &str) -> Document {
    load("a.yaml", text.as_bytes(), &Accepted::default(), false)
        .expect("the document can be loaded")
}

/// Code and pointer of everything that is reported, but that no operation leads to what the test is about.
fn reported(document: &Document) -> Vec<String> {
    document
        .diagnostics
        .iter()
        .filter(|it| it.code != "unused-component")
        .map(|it| format!("{} {}", it.code, it.pointer))
        .collect()
}

/// The repaired component as openapiv3 writes it.
fn schema(document: &Document, name: &str) -> Value {
    let found = document.schema(&format!("#/components/schemas/{name}"));
    serde_json::to_value(found.expect("the component is there")).expect("a schema is JSON")
}

/// The repaired operation as openapiv3 writes it.
fn operation(document: &Document, path: &str, method: &str) -> Value {
    let operations = document.openapi.operations().collect::<Vec<_>>();
    let found = operations.iter().find(|it| it.0 == path && it.1 == method);
    serde_json::to_value(found.expect("the operation is there").2).expect("an operation is JSON")
}

#[test]
fn a_document_without_defects_has_no_diagnostics() {
    assert_eq!(
        reported(&loaded(&with_schemas("A: {type: string}"))),
        [""; 0]
    );
}

#[test]
fn a_dangling_reference_takes_anything() {
    let document = loaded(&with_schemas(
        "A: {properties: {b: {$ref: '#/components/schemas/B'}}}, E: {$ref: 'other.yaml#/E'}",
    ));
    assert_eq!(
        document.diagnostics[0].to_string(),
        "a.yaml#/components/schemas/A/properties/b: found a reference to `#/components/schemas/B`, which is not there; \
         done: the schema takes anything [dangling-ref]"
    );
    assert_eq!(reported(&document)[1], "dangling-ref /components/schemas/E");
    assert_eq!(schema(&document, "A"), json!({"properties": {"b": {}}}));
    assert_eq!(schema(&document, "E"), json!({}));
}

#[test]
fn a_reference_to_another_kind_of_object_dangles() {
    let text = document(
        FINE,
        "schemas: {A: {$ref: '#/components/responses/R'}}, responses: {R: {description: ''}}",
    );
    let document = loaded(&text);
    assert_eq!(reported(&document), ["dangling-ref /components/schemas/A"]);
    assert!(
        document.diagnostics[0]
            .found
            .ends_with("which is a response and no schema")
    );
}

#[test]
fn dangling_references_elsewhere_cost_as_little_as_possible() {
    let text = document(
        "'/a/{id}': {get: {operationId: a, parameters: [{$ref: '#/components/parameters/P'}, {name: id, in: path, required: true, schema: {type: integer}}, \
         {$ref: '#/components/parameters/Q'}], requestBody: {$ref: '#/components/requestBodies/B'}, \
         responses: {200: {$ref: '#/components/responses/R'}}}}",
        "",
    );
    let document = loaded(&text);
    let get = "/paths/~1a~1{id}/get";
    assert_eq!(
        reported(&document),
        [
            format!("dangling-ref {get}/parameters/0"),
            format!("dangling-ref {get}/parameters/2"),
            format!("dangling-ref {get}/requestBody"),
            format!("dangling-ref {get}/responses/200"),
        ]
    );
    let operation = operation(&document, "/a/{id}", "get");
    assert_eq!(operation["parameters"].as_array().map(Vec::len), Some(1));
    assert_eq!(operation["parameters"][0]["name"], "id");
    assert_eq!(operation.get("requestBody"), None);
    assert_eq!(operation["responses"], json!({"200": {"description": ""}}));
}

#[test]
fn circular_aliases_are_cut_where_the_circle_closes() {
    let text = "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/C'}, C: {$ref: '#/components/schemas/A'}, \
                S: {$ref: '#/components/schemas/S'}";
    let document = loaded(&with_schemas(text));
    assert_eq!(
        reported(&document),
        [
            "circular-ref /components/schemas/C",
            "circular-ref /components/schemas/S"
        ]
    );
    assert_eq!(schema(&document, "C"), json!({}));
    assert_eq!(
        schema(&document, "A"),
        json!({"$ref": "#/components/schemas/B"})
    );
}

#[test]
fn a_schema_that_consists_of_itself_is_cut_but_one_that_contains_itself_is_not() {
    let text = "A: {allOf: [{$ref: '#/components/schemas/B'}, {type: object}]}, B: {oneOf: [{$ref: '#/components/schemas/A'}]}, \
                Tree: {properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}";
    let document = loaded(&with_schemas(text));
    assert_eq!(
        reported(&document),
        ["circular-ref /components/schemas/B/oneOf/0"]
    );
    assert_eq!(schema(&document, "B"), json!({"oneOf": [{}]}));
}

#[test]
fn circular_parameters_and_responses_end_too() {
    let text = document(
        "/a: {get: {operationId: a, parameters: [{$ref: '#/components/parameters/P'}], responses: {200: {$ref: '#/components/responses/R'}}}}",
        "parameters: {P: {$ref: '#/components/parameters/Q'}, Q: {$ref: '#/components/parameters/P'}}, responses: {R: {$ref: '#/components/responses/R'}}",
    );
    let document = loaded(&text);
    assert_eq!(
        reported(&document),
        [
            "circular-ref /components/responses/R",
            "circular-ref /components/parameters/Q"
        ]
        .map(String::from)
        .iter()
        .rev()
        .cloned()
        .collect::<Vec<_>>()
    );
    assert!(document.parameter("#/components/parameters/P").is_none());
    assert_eq!(
        document
            .response("#/components/responses/R")
            .map(|it| it.description.as_str()),
        Some("")
    );
}

#[test]
fn a_reference_without_hash_is_read_with_one() {
    let document = loaded(&with_schemas(
        "A: {$ref: /components/schemas/B}, B: {type: string}, C: {$ref: components/schemas/B}",
    ));
    assert_eq!(
        reported(&document),
        [
            "ref-without-hash /components/schemas/A",
            "ref-without-hash /components/schemas/C"
        ]
    );
    assert_eq!(
        schema(&document, "A"),
        json!({"$ref": "#/components/schemas/B"})
    );
    assert_eq!(
        schema(&document, "C"),
        json!({"$ref": "#/components/schemas/B"})
    );
}

#[test]
fn siblings_of_a_reference_are_kept_beside_it_when_something_is_made_of_them() {
    let text = "A: {$ref: '#/components/schemas/B', x-linode-ref-name: Name}, B: {type: string}, \
                C: {$ref: '#/components/schemas/B', x-linode-cli-display: 1}, D: {$ref: '#/components/schemas/B', allOf: [{type: string}]}";
    let document = loaded(&with_schemas(text));
    assert_eq!(reported(&document), [""; 0]);
    let reference = json!({"$ref": "#/components/schemas/B"});
    assert_eq!(
        schema(&document, "A"),
        json!({"allOf": [reference], "x-linode-ref-name": "Name"})
    );
    assert_eq!(schema(&document, "C"), reference);
    assert_eq!(
        schema(&document, "D"),
        json!({"allOf": [reference, {"type": "string"}]})
    );
}

#[test]
fn references_into_components_and_paths_are_read() {
    let text = document(
        "'/a/{id}': {get: {operationId: a, parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 3}}], \
         responses: {200: {description: '', content: {application/json: {schema: {properties: {\
         x: {$ref: '#/paths/~1a~1%7Bid%7D/get/parameters/0/schema'}, y: {$ref: '#/components/schemas/Alias/properties/type'}}}}}}}}}",
        "schemas: {A: {properties: {type: {type: string}}}, Alias: {$ref: '#/components/schemas/A', title: t}}",
    );
    let document = loaded(&text);
    assert_eq!(reported(&document), [""; 0]);
    let in_path = document.schema("#/paths/~1a~1%7Bid%7D/get/parameters/0/schema");
    let Some(ReferenceOr::Item(Schema {
        schema_kind: SchemaKind::Type(Type::Integer(integer)),
        ..
    })) = in_path
    else {
        panic!("an integer, not {in_path:?}");
    };
    assert_eq!(integer.minimum, Some(3));
    let in_alias = document.schema("#/components/schemas/Alias/properties/type");
    assert!(matches!(
        in_alias,
        Some(ReferenceOr::Item(Schema {
            schema_kind: SchemaKind::Type(Type::String(_)),
            ..
        }))
    ));
}

#[test]
fn repeated_keys_are_each_reported_and_the_last_counts() {
    let yaml = with_schemas(
        "A: {type: string, type: integer, type: boolean, properties: {b: {}, b: {type: string}}}",
    );
    let document = loaded(&yaml);
    let here = "/components/schemas/A";
    assert_eq!(
        reported(&document),
        [
            format!("repeated-key {here}/type"),
            format!("repeated-key {here}/type"),
            format!("repeated-key {here}/properties/b")
        ]
    );
    assert_eq!(schema(&document, "A")["type"], "boolean");
    let text = br#"{"openapi": "3.0.1", "openapi": "3.0.2", "info": {"title": "t", "version": "1"}, "servers": [{"url": "/"}],
        "paths": {"/a": {"get": {"operationId": "a", "responses": {"200": {"description": ""}}}}}}"#;
    let document = load("a.json", text, &Accepted::default(), false).expect("a document");
    assert_eq!(reported(&document), ["repeated-key /openapi"]);
    assert_eq!(document.openapi.openapi, "3.0.2");
}

#[test]
fn a_branch_that_is_null_alone_says_that_the_value_may_be_null() {
    let text = "One: {anyOf: [{type: integer, maximum: 7}, {type: 'null'}]}, Ref: {oneOf: [{$ref: '#/components/schemas/One'}, {type: ['null']}]}, \
                Two: {oneOf: [{type: integer}, {type: string}, {type: 'null'}]}, Null: {oneOf: [{type: 'null'}]}";
    let document = loaded(&with_schemas(text));
    assert_eq!(
        schema(&document, "One"),
        json!({"nullable": true, "allOf": [{"type": "integer", "maximum": 7}]})
    );
    assert_eq!(
        schema(&document, "Ref"),
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/One"}]})
    );
    assert_eq!(
        schema(&document, "Two"),
        json!({"nullable": true, "oneOf": [{"type": "integer"}, {"type": "string"}]})
    );
    assert!(schema(&document, "Null").get("oneOf").is_some());
}

#[test]
fn words_that_lost_their_quotes_and_became_flags() {
    let text = "Told: {type: string, enum: [true, local, false], description: 'Either `local` or `off`.'}, \
                Shown: {type: string, enum: [true, false], default: 'no'}, \
                Unsaid: {type: string, enum: [true, local]}, Flag: {type: boolean, enum: [true]}";
    let document = loaded(&with_schemas(text));
    let values = |name| schema(&document, name)["enum"].clone();
    assert_eq!(values("Told"), json!(["on", "local", "off"]));
    assert_eq!(values("Shown"), json!(["yes", "no"]));
    assert_eq!(values("Flag"), json!([true]));
    let all = ["Shown", "Told", "Unsaid"];
    let expected = all.map(|name| format!("unquoted-value /components/schemas/{name}/enum"));
    let mut found = reported(&document);
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn types_that_openapi_3_0_does_not_have() {
    let text = "Word: {type: strange}, Null: {type: 'null'}, Case: {type: String}, One: {type: [string]}, Nullable: {type: [integer, 'null'], minimum: 1}, \
                Two: {type: [integer, string]}, None: {type: {a: b}}";
    let document = loaded(&with_schemas(text));
    let codes = [
        "unknown-type Word",
        "newer-keyword Null",
        "unknown-type Case",
        "listed-type One",
        "listed-type Nullable",
        "listed-type Two",
        "unknown-type None",
    ];
    let expected = codes.map(|it| it.replace(' ', " /components/schemas/") + "/type");
    assert_eq!(reported(&document), expected);
    assert_eq!(schema(&document, "Word"), json!({}));
    assert_eq!(
        schema(&document, "Null"),
        json!({"nullable": true, "enum": [null]})
    );
    assert_eq!(schema(&document, "Case"), json!({"type": "string"}));
    assert_eq!(schema(&document, "One"), json!({"type": "string"}));
    assert_eq!(
        schema(&document, "Nullable"),
        json!({"type": "integer", "nullable": true, "minimum": 1})
    );
    assert_eq!(
        schema(&document, "Two"),
        json!({"anyOf": [{"type": "integer"}, {"type": "string"}]})
    );
    assert_eq!(schema(&document, "None"), json!({}));
}

#[test]
fn several_types_are_a_branch_each_with_what_only_it_has() {
    let text = "Many: {type: [array, object, 'null'], items: {type: string}, required: [a], properties: {a: {type: string}}, description: d}, \
                Listed: {type: [string, integer], enum: [a, 1]}";
    let document = loaded(&with_schemas(text));
    assert_eq!(
        schema(&document, "Many"),
        json!({"nullable": true, "description": "d", "anyOf": [
            {"type": "array", "items": {"type": "string"}},
            {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
        ]})
    );
    assert_eq!(schema(&document, "Listed"), json!({"enum": ["a", 1]}));
}

#[test]
fn what_would_be_neither_read_nor_written_is_both() {
    let document = loaded(&with_schemas(
        "A: {type: string, readOnly: true, writeOnly: true}, B: {type: string, readOnly: true}",
    ));
    assert_eq!(
        reported(&document),
        ["both-directions /components/schemas/A"]
    );
    assert_eq!(schema(&document, "A"), json!({"type": "string"}));
    assert_eq!(schema(&document, "B")["readOnly"], true);
}

#[test]
fn what_means_something_and_comes_to_nothing_is_told() {
    let paths = "/a: {get: {operationId: a, responses: {200: {description: '', headers: {X: {schema: {type: string}}}, \
                 content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}, callbacks: {}}}";
    let components = "schemas: {A: {items: {$ref: '#/components/schemas/B'}}, B: {type: string}, C: {items: {$ref: '#/components/schemas/D'}}, D: {type: string}}";
    let document = loaded(&document(paths, components));
    let codes = document.diagnostics.iter();
    let codes: Vec<_> = codes
        .map(|it| format!("{} {}", it.code, it.pointer))
        .collect();
    assert_eq!(
        codes,
        [
            "left-out /paths/~1a/get/responses/200/headers",
            "left-out /paths/~1a/get/callbacks",
            "unused-component /components/schemas/C",
            "unused-component /components/schemas/D",
        ]
    );
}

#[test]
fn keywords_of_openapi_3_1_are_translated() {
    let text = "Const: {const: a}, Examples: {type: string, examples: [a, b]}, Over: {type: integer, exclusiveMinimum: 3}, \
                Within: {type: integer, minimum: 5, exclusiveMinimum: 3, exclusiveMaximum: 9, maximum: 12}, Any: true, Nothing: false, \
                Tuple: {type: array, items: [{type: string}]}";
    let document = loaded(&with_schemas(text));
    assert_eq!(schema(&document, "Const"), json!({"enum": ["a"]}));
    assert_eq!(
        schema(&document, "Examples"),
        json!({"type": "string", "example": "a"})
    );
    assert_eq!(
        schema(&document, "Over"),
        json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true})
    );
    assert_eq!(
        schema(&document, "Within"),
        json!({"type": "integer", "minimum": 5, "maximum": 9, "exclusiveMaximum": true})
    );
    assert_eq!(schema(&document, "Any"), json!({}));
    assert_eq!(schema(&document, "Nothing"), json!({"not": {}}));
    assert_eq!(
        schema(&document, "Tuple"),
        json!({"type": "array", "items": {"type": "string"}})
    );
    let notes = document
        .diagnostics
        .iter()
        .filter(|it| it.severity == Severity::Note);
    let mut codes = notes.map(|it| it.code);
    assert!(codes.all(|code| ["newer-keyword", "unused-component"].contains(&code)));
    assert!(
        reported(&document).contains(&"listed-items /components/schemas/Tuple/items".to_owned())
    );
}

#[test]
fn values_of_the_wrong_type_are_read_where_they_can_be() {
    let text = "A: {type: string, nullable: 'true', readOnly: perhaps, required: true, minLength: '3', maxLength: -1, title: 5, enum: x, pattern: [a]}, \
                B: {type: integer, minimum: '10', maximum: many, multipleOf: 2.0}, C: text, D: {type: object, properties: [a], required: [a, {b: c}]}, E: {description: }";
    let document = loaded(&with_schemas(text));
    assert_eq!(
        schema(&document, "A"),
        json!({"type": "string", "nullable": true, "minLength": 3, "title": "5", "enum": ["x"]})
    );
    assert_eq!(
        schema(&document, "B"),
        json!({"type": "integer", "minimum": 10, "multipleOf": 2})
    );
    assert_eq!(schema(&document, "C"), json!({}));
    assert_eq!(
        schema(&document, "D"),
        json!({"type": "object", "required": ["a"]})
    );
    let wrong = |it: &&String| it.starts_with("wrong-type ");
    assert_eq!(reported(&document).iter().filter(wrong).count(), 13);
    assert!(reported(&document).contains(&"no-value /components/schemas/E/description".to_owned()));
}

#[test]
fn mixed_enums_and_enums_on_arrays_stay() {
    let text = "Mixed: {type: string, enum: [a, 1, null]}, Array: {type: array, items: {type: string}, enum: [a, b]}";
    let document = loaded(&with_schemas(text));
    assert_eq!(reported(&document), [""; 0]);
    assert_eq!(
        schema(&document, "Mixed"),
        json!({"type": "string", "enum": ["a", 1, null]})
    );
    assert_eq!(
        schema(&document, "Array"),
        json!({"type": "array", "items": {"type": "string"}, "enum": ["a", "b"]})
    );
}

#[test]
fn an_operation_without_responses_or_id_stays() {
    let document = loaded(&document(
        "/a: {get: {}, post: {operationId: b, responses: {}}}",
        "",
    ));
    assert_eq!(
        reported(&document),
        [
            "no-responses /paths/~1a/get",
            "missing-operation-id /paths/~1a/get",
            "no-responses /paths/~1a/post"
        ]
    );
    assert_eq!(
        operation(&document, "/a", "get"),
        json!({"responses": {"default": {"description": ""}}})
    );
}

#[test]
fn the_same_operation_twice() {
    let get = |id: &str| {
        format!(
            "get: {{operationId: {id}, parameters: [{{name: PARAM, in: path, required: true, schema: {{type: string}}}}], responses: {{200: {{description: ''}}}}}}"
        )
    };
    let paths = format!(
        "'/a/{{x}}': {{{}}}, '/a/{{y}}': {{{}, post: {{operationId: one, responses: {{200: {{description: ''}}}}}}}}",
        get("one").replace("PARAM", "x"),
        get("two").replace("PARAM", "y")
    );
    let document = loaded(&document(&paths, ""));
    assert_eq!(
        reported(&document),
        [
            "repeated-operation /paths/~1a~1{y}/get",
            "path-parameter-missing /paths/~1a~1{y}/post",
            "repeated-operation-id /paths/~1a~1{y}/post",
        ]
    );
    let left: Vec<_> = document
        .openapi
        .operations()
        .map(|it| format!("{} {}", it.1, it.0))
        .collect();
    assert_eq!(left, ["get /a/{x}", "post /a/{y}"]);
}

#[test]
fn path_parameters_take_the_spelling_of_the_path() {
    let paths = "'/a/{linodeId}/{diskId}': {parameters: [{$ref: '#/components/parameters/Linode'}, {name: other, in: path, required: true, schema: {type: integer}}], \
                 get: {operationId: a, responses: {200: {description: ''}}}}, \
                 '/b/{id}': {get: {operationId: b, parameters: [{name: stray, in: path, required: true, schema: {}}, {name: id, in: path, required: true, schema: {}}], responses: {200: {description: ''}}}}, \
                 '/c/{id}': {get: {operationId: c, responses: {200: {description: ''}}}}";
    let components = "parameters: {Linode: {name: linode_id, in: path, required: true, schema: {type: integer}}}";
    let document = loaded(&document(paths, components));
    assert_eq!(
        reported(&document),
        [
            "path-parameter-spelling /paths/~1a~1{linodeId}~1{diskId}/parameters/0",
            "path-parameter-spelling /paths/~1a~1{linodeId}~1{diskId}/parameters/1",
            "path-parameter-unused /paths/~1b~1{id}/get/parameters/0",
            "path-parameter-missing /paths/~1c~1{id}/get",
        ]
    );
    let ReferenceOr::Item(item) = &document.openapi.paths.paths["/a/{linodeId}/{diskId}"] else {
        panic!("a path item")
    };
    let names: Vec<_> = item
        .parameters
        .iter()
        .filter_map(|it| Some(it.as_item()?.parameter_data_ref().name.as_str()))
        .collect();
    assert_eq!(names, ["linodeId", "diskId"]);
    let added = &operation(&document, "/c/{id}", "get")["parameters"][0];
    assert_eq!(
        (&added["name"], &added["schema"]),
        (&json!("id"), &json!({"type": "string"}))
    );
}

#[test]
fn path_parameters_by_reference_to_another_path_are_known() {
    let paths = "'/a/{id}': {parameters: [{name: id, in: path, required: true, schema: {type: integer}}], \
                 get: {operationId: a, responses: {200: {description: ''}}}}, \
                 '/b/{id}': {get: {operationId: b, parameters: [{$ref: '#/paths/~1a~1%7Bid%7D/parameters/0'}], responses: {200: {description: ''}}}}, \
                 '/c/{thingId}': {get: {operationId: c, parameters: [{$ref: '#/paths/~1a~1{id}/parameters/0'}], responses: {200: {description: ''}}}}";
    let document = loaded(&document(paths, ""));
    assert_eq!(
        reported(&document),
        ["path-parameter-spelling /paths/~1c~1{thingId}/get/parameters/0"]
    );
    let reference = "#/paths/~1a~1%7Bid%7D/parameters/0";
    assert_eq!(
        operation(&document, "/b/{id}", "get")["parameters"],
        json!([{"$ref": reference}])
    );
    assert!(
        document
            .parameter(reference)
            .is_some_and(|it| it.parameter_data_ref().name == "id")
    );
    let renamed = &operation(&document, "/c/{thingId}", "get")["parameters"][0];
    assert_eq!(
        (&renamed["name"], &renamed["schema"]),
        (&json!("thingId"), &json!({"type": "integer"}))
    );
}

#[test]
fn parameters_are_described_once_and_somewhere() {
    let paths = "/a: {get: {operationId: a, parameters: [{name: old, in: query, type: integer, minimum: 3}, {name: none, in: query}, \
                 {name: both, in: query, schema: {type: string}, content: {text/plain: {}}}, {name: content, in: query, content: {application/json: {schema: {type: object}}}}, \
                 {name: place, in: body}, {in: query}, {name: twice, in: query, schema: {}}, {name: twice, in: query, schema: {}}, {name: style, in: header, style: form, schema: {}}], \
                 responses: {200: {description: ''}}}}";
    let document = loaded(&document(paths, ""));
    let at = |index: usize| format!("/paths/~1a/get/parameters/{index}");
    let defects: Vec<String> = reported(&document)
        .into_iter()
        .filter(|it| !it.starts_with("unknown-key"))
        .collect();
    assert_eq!(
        defects,
        [
            format!("not-described {}", at(0)),
            format!("not-described {}", at(1)),
            format!("described-twice {}", at(2)),
            format!("unknown-place {}/in", at(4)),
            format!("not-described {}", at(4)),
            format!("missing-key {}", at(4)),
            format!("not-described {}", at(5)),
            format!("missing-key {}", at(5)),
            format!("unknown-style {}/style", at(8)),
            // The two that were left out moved it up.
            format!("repeated-parameter {}", at(5)),
        ]
    );
    let parameters = &operation(&document, "/a", "get")["parameters"];
    assert_eq!(
        parameters[0]["schema"],
        json!({"type": "integer", "minimum": 3})
    );
    assert_eq!(parameters[2]["schema"], json!({"type": "string"}));
    assert_eq!(
        parameters[3]["content"],
        json!({"application/json": {"schema": {"type": "object"}}})
    );
    assert_eq!(parameters.as_array().map(Vec::len), Some(6));
}

#[test]
fn odd_statuses_paths_and_path_references() {
    let paths = "/a: {get: {operationId: a, responses: {'2xx': {description: ''}, okay: {description: ''}, '20': {description: ''}}}}, \
                 b: {get: {operationId: b, responses: {200: {}}}}, /c: {$ref: '#/paths/~1a'}";
    let document = loaded(&document(paths, ""));
    assert_eq!(
        reported(&document),
        [
            "path-without-slash /paths/b",
            "unknown-status /paths/~1a/get/responses/okay",
            "unknown-status /paths/~1a/get/responses/20",
            "missing-key /paths/~1b/get/responses/200",
            "path-ref /paths/~1c",
            "repeated-operation-id /paths/~1c/get",
        ]
    );
    let left: Vec<_> = document.openapi.operations().map(|it| it.0).collect();
    assert_eq!(left, ["/a", "/c", "/b"]);
}

#[test]
fn what_only_openapiv3_refuses_costs_the_smallest_object() {
    let components = "securitySchemes: {odd: {type: mystery}, fine: {type: http, scheme: bearer}, bare: {type: oauth2, flows: {implicit: {scopes: {}}}}}, \
                      links: {l: {description: nothing else}}";
    let document = loaded(&document(FINE, components));
    assert_eq!(
        reported(&document),
        [
            "left-out /components/links",
            "refused /components/securitySchemes/odd",
            "refused /components/securitySchemes/bare",
            "refused /components/links/l"
        ]
    );
    assert!(
        document.diagnostics[1]
            .found
            .contains("unknown variant `mystery`"),
        "{}",
        document.diagnostics[1]
    );
    let schemes = document
        .openapi
        .components
        .as_ref()
        .map(|it| it.security_schemes.keys().cloned().collect::<Vec<_>>());
    assert_eq!(schemes, Some(vec!["fine".to_owned()]));
    assert_eq!(document.openapi.operations().count(), 1);
}

#[test]
fn unknown_keys_are_reported_and_data_is_not_audited() {
    let text = "A: {type: object, tpye: 1, x-new: {type: 2}, properties: {type: {type: string}, enum: {type: string}, default: {}, example: {}, properties: {}, x-odd: {}}, \
                example: {anything: [goes]}, default: {here: too}, enum: [{and: here}]}";
    let document = loaded(&with_schemas(text));
    let unknown: Vec<_> = document
        .unknown_keys
        .iter()
        .map(|it| (it.pointer.as_str(), it.key.as_str(), it.kind))
        .collect();
    assert_eq!(
        unknown,
        [
            ("/components/schemas/A", "tpye", "schema"),
            ("/components/schemas/A", "x-new", "schema")
        ]
    );
    assert_eq!(
        reported(&document),
        [
            "unknown-key /components/schemas/A/tpye",
            "unknown-key /components/schemas/A/x-new"
        ]
    );
    assert_eq!(
        schema(&document, "A")["properties"]
            .as_object()
            .map(serde_json::Map::len),
        Some(6)
    );
}

#[test]
fn keys_that_are_no_texts_and_merged_maps_are_read() {
    let text = "openapi: 3.0.1\ninfo: &i {title: t, version: 1.10}\nservers: [{url: /}]\npaths:\n  /a:\n    get:\n      operationId: a\n      \
                responses: &r\n        200: {description: ''}\n    post: {operationId: b, responses: {<<: *r, 404: {description: ''}}}\n";
    let document = loaded(text);
    // A version that YAML takes for a number has lost its zero already: that is worth a word.
    assert_eq!(reported(&document), ["wrong-type /info/version"]);
    assert_eq!(document.release, "1.1");
    assert_eq!(
        operation(&document, "/a", "post")["responses"]
            .as_object()
            .map(serde_json::Map::len),
        Some(2)
    );
}

#[test]
fn openapi_3_1_is_read_as_3_0() {
    let document = loaded(&with_schemas("A: {type: [string, 'null']}").replace("3.0.1", "3.1.0"));
    assert_eq!(reported(&document)[0], "openapi-version /openapi");
    assert_eq!(
        schema(&document, "A"),
        json!({"type": "string", "nullable": true})
    );
}
