//! YAML that ends in the middle still is YAML: what shows that there was more.

use linode_spec::diagnostic::Accepted;
use linode_spec::load::{LoadError, load};

const HEAD: &str = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\nservers: [{url: /}]\npaths:\n";

fn cut(text: &str) -> Option<(String, String)> {
    match load("a.yaml", text.as_bytes(), &Accepted::default(), false) {
        Ok(_) => None,
        Err(LoadError::CutOff {
            pointer, evidence, ..
        }) => Some((pointer, evidence)),
        Err(other) => panic!("{other}"),
    }
}

fn operations(count: usize) -> String {
    let one = |index| {
        format!(
            "  /a{index}: {{get: {{operationId: a{index}, responses: {{200: {{description: ''}}}}}}}}\n"
        )
    };
    (0..count).map(one).collect()
}

#[test]
fn a_last_key_without_value() {
    let text = format!("{HEAD}{}  /b:\n    get:\n", operations(1));
    let (pointer, evidence) = cut(&text).expect("cut off");
    assert_eq!(
        (pointer.as_str(), evidence.as_str()),
        ("/paths/~1b/get", "its last key has no value")
    );
}

#[test]
fn a_last_operation_without_responses_among_others_with() {
    let last = "  /b:\n    get:\n      operationId: b\n";
    let text = format!("{HEAD}{}{last}", operations(5));
    assert_eq!(cut(&text).map(|it| it.0).as_deref(), Some("/paths/~1b/get"));
    // One of two may just as well be a defect, and so may one that is not the last.
    assert_eq!(cut(&format!("{HEAD}{}{last}", operations(1))), None);
    assert_eq!(cut(&format!("{HEAD}{last}{}", operations(5))), None);
}

#[test]
fn a_section_that_everything_refers_to_is_missing() {
    let reference = |index| {
        format!(
            "  /a{index}: {{get: {{operationId: a{index}, responses: {{200: {{$ref: '#/components/responses/R'}}}}}}}}\n"
        )
    };
    let many: String = (0..10).map(reference).collect();
    assert_eq!(
        cut(&format!("{HEAD}{many}")).map(|it| it.1).as_deref(),
        Some("10 references lead into `components`, which is not there")
    );
    let few: String = (0..9).map(reference).collect();
    assert_eq!(cut(&format!("{HEAD}{few}")), None);
    assert!(cut(format!("{HEAD}{few}").trim_end()).is_some());
}

#[test]
fn a_long_document_ends_its_last_line() {
    let long = format!("{HEAD}{}tags:\n- name: a\n- name: b", operations(1_000));
    assert_eq!(cut(&long).map(|it| it.0).as_deref(), Some("/tags/1/name"));
    assert_eq!(cut(&format!("{long}\n")), None);
    assert_eq!(
        cut(&format!("{HEAD}{}tags:\n- name: a", operations(10))),
        None
    );
}
