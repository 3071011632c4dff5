//! Corrections: what recorded answers show about presence, and entries that do nothing.

mod support;

use linode_spec::api::{Api, TypeKind};
use linode_spec::correct::{Corrections, Evidence};
use linode_spec::name::{Lock, Names, name};
use support::{answering, object};

/// A model whose answer holds a nested object, and its names.
fn boat() -> (Api, Names) {
    let api = answering(&object(
        "id: {type: integer}, label: {type: string}, crew: {type: array, items: {type: object, properties: {id: {type: integer}, rank: {type: string}}}}",
    ));
    let (names, _) = name(&api, &Lock::default()).expect("names");
    (api, names)
}

/// What the evidence of these answers proposes: `Type.field` → objects.
fn proposed(answers: &[&str]) -> Vec<(String, u64)> {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let lines: Vec<String> = answers
        .iter()
        .map(|body| {
            format!(r#"{{"path": "/a", "method": "GET", "status": 200, "response_body": {body}}}"#)
        })
        .collect();
    evidence
        .read_samples(&api, &lines.join("\n"))
        .expect("samples");
    flat(&evidence.propose(&api, &names))
}

fn flat(corrections: &Corrections) -> Vec<(String, u64)> {
    let fields = corrections.presence.iter().flat_map(|entry| {
        entry
            .fields
            .iter()
            .map(|(field, seen)| (format!("{}.{field}", entry.type_name), *seen))
    });
    fields.collect()
}

fn owned<const N: usize>(entries: [(&str, u64); N]) -> Vec<(String, u64)> {
    entries
        .map(|(field, seen)| (field.to_owned(), seen))
        .to_vec()
}

#[test]
fn three_objects_make_a_field_and_one_makes_the_identifier() {
    let full = r#"{"id": 1, "label": "x"}"#;
    assert_eq!(proposed(&[full]), owned([("A.id", 1)]));
    assert_eq!(proposed(&[full, full]), owned([("A.id", 2)]));
    assert_eq!(
        proposed(&[full, full, full]),
        owned([("A.id", 3), ("A.label", 3)])
    );
}

#[test]
fn absent_once_or_null_once_is_not_always_there() {
    let full = r#"{"id": 1, "label": "x"}"#;
    assert_eq!(
        proposed(&[full, full, full, r#"{"id": 1}"#]),
        owned([("A.id", 4)])
    );
    assert_eq!(
        proposed(&[full, full, full, r#"{"id": null, "label": null}"#]),
        owned([])
    );
}

#[test]
fn objects_of_one_type_count_together_wherever_they_are() {
    let crew = r#"{"id": 1, "label": "x", "crew": [{"id": 1, "rank": "a"}, {"id": 2, "rank": "b"}, {"id": 3, "rank": "c"}]}"#;
    assert_eq!(
        proposed(&[crew]),
        owned([("A.id", 1), ("ACrew.id", 3), ("ACrew.rank", 3)])
    );
}

#[test]
fn failures_and_other_paths_are_no_evidence() {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let lines = [
        r#"{"path": "/a", "method": "GET", "status": 404, "response_body": {"id": 1}}"#,
        r#"{"path": "/elsewhere", "method": "GET", "status": 200, "response_body": {"id": 1}}"#,
    ];
    evidence
        .read_samples(&api, &lines.join("\n"))
        .expect("samples");
    assert_eq!(flat(&evidence.propose(&api, &names)), owned([]));
}

#[test]
fn a_table_of_counts_says_the_same_as_the_objects() {
    let (api, names) = boat();
    let mut evidence = Evidence::default();
    let table = "operation\tobject\tfield\tobjects\tpresent\tnull\nGET /a\t/\tid\t9\t9\t0\nGET /a\t/\tlabel\t9\t9\t1\nGET /a\t/crew/*\trank\t4\t4\t0\n";
    evidence.read_table(&api, table).expect("a table");
    assert_eq!(
        flat(&evidence.propose(&api, &names)),
        owned([("A.id", 9), ("ACrew.rank", 4)])
    );
}

#[test]
fn a_line_that_cannot_be_read_is_named() {
    let (api, _) = boat();
    let error = Evidence::default()
        .read_table(&api, "head\nGET /a\t/\tid\tmany\t1\t0\n")
        .expect_err("no number");
    assert!(error.to_string().starts_with("line 2: `many`"), "{error}");
    let error = Evidence::default()
        .read_samples(&api, "\n{\"method\": \"GET\"}\n")
        .expect_err("no path");
    assert!(
        error.to_string().starts_with("line 2: no `path`"),
        "{error}"
    );
}

#[test]
fn entries_make_fields_plain_once_and_are_told_when_they_do_nothing() {
    let (mut api, names) = boat();
    let text = "presence:\n- {type: A, fields: {id: 3, gone: 3}, seen_in: [GET /a], reason: seen}\n- {type: Gone, fields: {id: 1}, seen_in: [GET /a], reason: seen}\n";
    let corrections = Corrections::parse(text).expect("corrections");
    let idle: Vec<String> = corrections
        .apply(&mut api, &names)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(idle.len(), 2, "{idle:?}");
    assert!(
        idle[0].contains("`A.gone`") && idle[1].contains("`Gone`"),
        "{idle:?}"
    );
    assert_eq!(always(&api), ["id"]);
    let again: Vec<String> = corrections
        .apply(&mut api, &names)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        again.len(),
        3,
        "what is so already needs no entry: {again:?}"
    );
}

#[test]
fn what_is_proposed_can_be_written_read_and_applied() {
    let (mut api, names) = boat();
    let mut evidence = Evidence::default();
    evidence
        .read_samples(
            &api,
            r#"{"path": "/a", "response_body": {"id": 1, "label": null}}"#,
        )
        .expect("samples");
    let proposed = evidence.propose(&api, &names);
    let read = Corrections::parse(&proposed.render()).expect("what was rendered");
    assert_eq!(proposed, read);
    assert!(read.apply(&mut api, &names).is_empty());
    assert_eq!(always(&api), ["id"]);
}

fn always(api: &Api) -> Vec<&str> {
    let records = api.types.iter().filter_map(|def| match &def.kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    });
    records
        .flat_map(|record| &record.fields)
        .filter(|f| f.always)
        .map(|f| f.name.as_str())
        .collect()
}
