//! Whatever the input is, loading answers with a document or an error: it does not panic, and it does not explode.

use std::time::{Duration, Instant};

use linode_spec::diagnostic::Accepted;
use linode_spec::load::{LoadError, load};
use linode_spec::pin::pin;
use proptest::prelude::*;

/// Has one of everything that the repairs look at.
const SEED: &str = "openapi: 3.0.1
info: {title: t, version: 1.2.3}
servers: [{url: 'https://a.example/{v}', variables: {v: {default: v4, enum: [v4, v4beta]}}}]
tags: [{name: A, description: d}]
paths:
  /a/{linodeId}:
    parameters: [{$ref: '#/components/parameters/P'}]
    get:
      operationId: a
      security: [{o: ['a:b']}]
      parameters: [{name: page, in: query, style: form, schema: {type: integer, minimum: 1, exclusiveMinimum: true}}]
      responses: {200: {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/A', title: t}}}}, default: {$ref: '#/components/responses/E'}}
    put: {operationId: b, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A/properties/b'}}}}, responses: {204: {description: ''}}}
components:
  parameters: {P: {name: linode_id, in: path, required: true, schema: {type: string}}}
  responses: {E: {description: ''}}
  schemas:
    A: {type: object, required: [b], properties: {b: {type: [string, 'null'], enum: [x, 1]}, c: {allOf: [{$ref: '#/components/schemas/B'}]}}}
    B: {oneOf: [{type: array, items: {$ref: '#/components/schemas/A'}}, {$ref: '#/components/schemas/C'}]}
    C: {$ref: '#/components/schemas/B'}
  securitySchemes: {o: {type: oauth2, flows: {implicit: {authorizationUrl: u, scopes: {'a:b': c}}}}}
";

fn try_all(bytes: &[u8]) {
    let accepted = Accepted::default();
    let loaded = load("a", bytes, &accepted, false);
    if let Ok(document) = &loaded {
        assert!(document.openapi.operations().next().is_some());
        let text =
            serde_json::to_string(&document.openapi).expect("what was loaded can be written");
        assert!(!text.is_empty());
    }
    let strict = load("a", bytes, &accepted, true);
    assert!(
        loaded.is_ok() || strict.is_err(),
        "strict took what a plain load refused"
    );
    if let Ok(pinned) = pin("a", bytes) {
        load("pinned", &pinned.yaml, &accepted, false).expect("what was pinned can be loaded");
    }
}

/// The seed as JSON, whose cuts and flips lead elsewhere than those of YAML.
fn seed_as_json() -> Vec<u8> {
    let value: serde_json::Value = serde_yaml::from_str(SEED).expect("the seed is YAML");
    serde_json::to_vec(&value).expect("the seed is JSON")
}

#[test]
fn the_seed_itself_loads() {
    let document = load("seed", SEED.as_bytes(), &Accepted::default(), false).expect("a document");
    let codes: Vec<_> = document.diagnostics.iter().map(|it| it.code).collect();
    assert_eq!(
        codes,
        ["listed-type", "circular-ref", "path-parameter-spelling"]
    );
}

#[test]
fn every_cut_of_a_small_document_ends_in_an_answer() {
    for end in 0..SEED.len() {
        try_all(&SEED.as_bytes()[..end]);
    }
    let json = seed_as_json();
    for end in 1..json.len() {
        let cut = load("a", &json[..end], &Accepted::default(), false);
        assert!(
            matches!(cut, Err(LoadError::NotParseable { .. })),
            "JSON cut at {end} of {}",
            json.len()
        );
    }
}

#[test]
fn every_replaced_value_of_a_small_document_ends_in_an_answer() {
    let seed: serde_json::Value = serde_yaml::from_str(SEED).expect("the seed is YAML");
    let odd = [
        serde_json::json!(null),
        serde_json::json!(-1.5),
        serde_json::json!("$ref"),
        serde_json::json!([[]]),
        serde_json::json!({"$ref": "#/components/schemas/C", "type": []}),
    ];
    for pointer in pointers(&seed, String::new()) {
        for value in &odd {
            let mut changed = seed.clone();
            *changed
                .pointer_mut(&pointer)
                .expect("the pointer was just collected") = value.clone();
            try_all(&serde_json::to_vec(&changed).expect("JSON"));
        }
    }
}

fn pointers(value: &serde_json::Value, here: String) -> Vec<String> {
    let inner: Vec<String> = match value {
        serde_json::Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(index, item)| pointers(item, format!("{here}/{index}")))
            .collect(),
        serde_json::Value::Object(map) => {
            let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
            map.iter()
                .flat_map(|(key, item)| pointers(item, format!("{here}/{}", escaped(key))))
                .collect()
        }
        _ => Vec::new(),
    };
    [here].into_iter().chain(inner).collect()
}

fn refused(text: &str, why: &str) {
    let start = Instant::now();
    match load("a", text.as_bytes(), &Accepted::default(), false) {
        Err(LoadError::NotParseable { message, .. }) => assert!(message.contains(why), "{message}"),
        other => panic!("refused, but {other:?}"),
    }
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "an answer, but not in time"
    );
}

#[test]
fn nesting_is_bounded() {
    refused(&"[".repeat(100_000), "nested deeper");
    refused(&"{\"a\":".repeat(100_000), "nested deeper");
    refused(&format!("a: {}", "[".repeat(1_000)), "nested deeper");
    refused(&format!("a: {}", "[".repeat(1_000_000)), "nested deeper");
    refused(&"- ".repeat(100_000), "nested deeper");
    refused(&"? ".repeat(100_000), "");
    refused(
        &(0..200)
            .map(|depth| format!("{}a:\n", " ".repeat(depth)))
            .collect::<String>(),
        "nested deeper",
    );
}

#[test]
fn the_deepest_schema_that_parses_also_loads() {
    // The test's thread has 2 MiB of stack, less than any main thread.
    for key in ["items", "not", "additionalProperties"] {
        let depth = 64 - 3;
        let schema = format!("{{\"{key}\":").repeat(depth - 1) + "{}" + &"}".repeat(depth - 1);
        let text = format!(
            "{{\"openapi\":\"3.0.1\",\"info\":{{\"title\":\"t\",\"version\":\"1\"}},\"paths\":{{\"/a\":{{\"get\":{{}}}}}},\
             \"components\":{{\"schemas\":{{\"A\":{schema}}}}}}}"
        );
        let document = load("a", text.as_bytes(), &Accepted::default(), false).expect("a document");
        assert!(document.schema("#/components/schemas/A").is_some());
        // One schema that openapiv3 refuses makes the long way necessary; it must not be a way without end.
        let refused = text.replace("\"paths\"", "\"externalDocs\":{\"url\":[]},\"paths\"");
        assert!(load("a", refused.as_bytes(), &Accepted::default(), false).is_ok());
    }
}

#[test]
fn aliases_do_not_multiply() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{items}]\n"));
    }
    refused(&bomb, "");
    let text = "x".repeat(100_000);
    let aliases = vec!["*t"; 5_000].join(", ");
    refused(&format!("t: &t {text}\nu: [{aliases}]\n"), "too large");
}

#[test]
fn many_aliases_of_one_component_are_no_long_way() {
    let count = 20_000;
    let chain: String = (0..count)
        .map(|index| {
            format!(
                "    A{index}: {{$ref: '#/components/schemas/A{}'}}\n",
                index + 1
            )
        })
        .collect();
    let text = format!(
        "openapi: 3.0.1\ninfo: {{title: t, version: '1'}}\npaths: {{/a: {{get: {{responses: {{}}}}}}}}\n\
         components:\n  schemas:\n{chain}    A{count}: {{type: string}}\n"
    );
    let start = Instant::now();
    let document = load("a", text.as_bytes(), &Accepted::default(), false).expect("a document");
    assert!(
        !document
            .diagnostics
            .iter()
            .any(|it| it.code.ends_with("-ref"))
    );
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn huge_numbers_are_kept_or_reported() {
    let text = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n\
        components: {schemas: {A: {type: integer, maximum: 99999999999999999999999999, minimum: -9223372036854775808, maxLength: 1e400, multipleOf: .nan}, \
        B: {type: integer, maximum: 18446744073709551615}, C: {default: 123456789012345678}}}\n";
    let document = load("a", text.as_bytes(), &Accepted::default(), false).expect("a document");
    let written = serde_json::to_value(document.schema("#/components/schemas/C")).expect("JSON");
    assert_eq!(
        written["default"],
        serde_json::json!(123_456_789_012_345_678_i64)
    );
    let written = serde_json::to_value(document.schema("#/components/schemas/A")).expect("JSON");
    assert_eq!(
        written["minimum"].as_f64(),
        Some(-9_223_372_036_854_775_808.0)
    );
    assert!(
        document
            .diagnostics
            .iter()
            .any(|it| it.pointer.ends_with("/A/multipleOf"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_end_in_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        try_all(&bytes);
    }

    #[test]
    fn arbitrary_text_ends_in_an_answer(text in "[ -~\n\t{}\\[\\]:,&*'\"#|>]{0,300}") {
        try_all(text.as_bytes());
    }

    #[test]
    fn a_damaged_document_ends_in_an_answer(
        at in 0..SEED.len(), removed in 0..40_usize, put in "[ -~\n]{0,12}", as_json in any::<bool>(),
    ) {
        let mut bytes = if as_json { seed_as_json() } else { SEED.as_bytes().to_vec() };
        let start = at.min(bytes.len());
        let end = (start + removed).min(bytes.len());
        bytes.splice(start..end, put.into_bytes());
        try_all(&bytes);
    }

    #[test]
    fn lines_in_another_order_end_in_an_answer(seed in any::<u64>(), count in 1..6_usize) {
        let mut lines: Vec<&str> = SEED.lines().collect();
        let mut state = seed | 1;
        for _ in 0..count {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let (a, b) = ((state >> 33) as usize % lines.len(), (state >> 13) as usize % lines.len());
            lines.swap(a, b);
        }
        try_all((lines.join("\n") + "\n").as_bytes());
    }
}
