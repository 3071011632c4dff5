//! What can't be loaded, or not strictly: which error says so, and what it names.

use linode_spec::diagnostic::Accepted;
use linode_spec::load::{Document, LoadError, load};

/// Code and pointer of everything that is reported.
fn reported(document: &Document) -> Vec<String> {
    document
        .diagnostics
        .iter()
        .map(|it| format!("{} {}", it.code, it.pointer))
        .collect()
}

#[test]
fn strict_lists_every_defect_that_is_not_accepted() {
    let text = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\nservers: [{url: /}]\npaths: {/a: {get: {}}}\n\
                components: {schemas: {A: {const: 1}}}\n";
    let accepted = |yaml: &str| Accepted::from_yaml(yaml).expect("a list");
    let strict = |yaml: &str| match load("a.yaml", text.as_bytes(), &accepted(yaml), true) {
        Ok(document) => reported(&document),
        Err(LoadError::Strict(defects)) => defects
            .iter()
            .map(|it| format!("! {} {}", it.code, it.pointer))
            .collect(),
        Err(other) => panic!("{other}"),
    };
    let both = [
        "! no-responses /paths/~1a/get",
        "! missing-operation-id /paths/~1a/get",
    ];
    assert_eq!(strict("[]"), both);
    let first = "- {code: no-responses, pointer: /paths/~1a/get, reason: r}\n";
    assert_eq!(strict(first), both[1..]);
    let second = "- {code: missing-operation-id, pointer: /paths/~1a/get, reason: r}\n";
    // A note is never fatal.
    assert_eq!(
        strict(&format!("{first}{second}"))[0],
        "newer-keyword /components/schemas/A"
    );
    let stale = "- {code: no-responses, pointer: /paths/~1b/get, reason: r}\n";
    assert_eq!(
        strict(&format!("{first}{second}{stale}")),
        ["! accepted-nothing /paths/~1b/get"]
    );
}

#[test]
fn what_is_no_openapi_3_is_refused_with_what_it_is() {
    let error = |text: &str| {
        load("a", text.as_bytes(), &Accepted::default(), false)
            .expect_err("no document")
            .to_string()
    };
    assert_eq!(
        error("swagger: '2.0'\npaths: {}\n"),
        "a is not an OpenAPI 3 document: found the text `2.0` as its `swagger`"
    );
    assert_eq!(
        error("openapi: 4.0.0\n"),
        "a is not an OpenAPI 3 document: found the text `4.0.0` as its `openapi`"
    );
    assert_eq!(
        error("just text\n"),
        "a is not an OpenAPI 3 document: found the text `just text` instead of an object"
    );
    assert_eq!(
        error("[1, 2]"),
        "a is not an OpenAPI 3 document: found a list of 2 instead of an object"
    );
    assert_eq!(error(""), "a is not an OpenAPI 3 document: found nothing");
    assert_eq!(
        error("{}"),
        "a is not an OpenAPI 3 document: found no `openapi` in it"
    );
    assert_eq!(
        error("openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\n"),
        "a has no usable operation"
    );
    assert_eq!(error("openapi: 3.0.1\n"), "a has no usable operation");
}

#[test]
fn what_does_not_parse_is_refused_with_line_and_column() {
    let error = |text: &[u8]| match load("a", text, &Accepted::default(), false) {
        Err(LoadError::NotParseable { line, column, .. }) => (line, column),
        other => panic!("not parseable, but {other:?}"),
    };
    assert_eq!(error(b"{\n\"a\": }"), (2, 6));
    assert_eq!(error(b"a: 'open\nb: c\n").0, 3);
    assert_eq!(error(b"a: b\nc: \xff\n").1, 1);
    assert_eq!(error(b"{\"a\": 1} b"), (1, 10));
    assert_eq!(error(b"a: [[1]: 2]\n? [b]\n: c\n").0, 1);
}
