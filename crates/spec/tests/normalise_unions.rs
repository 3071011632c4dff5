//! `oneOf` and `anyOf`, told apart by the document and never by trying; and types that hold themselves.

mod support;

use std::collections::BTreeSet;

use linode_spec::api::{AnswerKind, Api, Tag, Ty};
use support::{answering, field, model, object, only, unions};

fn tag(schema: &str) -> (Tag, Vec<(String, String)>) {
    let api = answering(schema);
    let unions = unions(&api);
    assert_eq!(unions.len(), 1, "{:?}", api.account);
    let branches = unions[0]
        .branches
        .iter()
        .map(|b| (b.tag.clone(), b.label.clone()));
    (unions[0].tag.clone(), branches.collect())
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs
        .map(|(tag, label)| (tag.to_owned(), label.to_owned()))
        .to_vec()
}

#[test]
fn the_discriminator_inside_the_branches() {
    let one_of = "oneOf: [{title: a, type: object, properties: {kind: {type: string}, x: {type: integer}}}, {title: b, type: object, properties: {kind: {type: string}, y: {type: integer}}}]";
    let (tag, branches) = tag(&object(&format!(
        "it: {{discriminator: {{propertyName: kind}}, {one_of}}}"
    )));
    assert_eq!(tag, Tag::Inside("kind".to_owned()));
    assert_eq!(branches, pairs([("a", "a"), ("b", "b")]));
}

#[test]
fn the_discriminator_in_the_parent() {
    let one_of = "oneOf: [{x-linode-ref-name: b, type: object, properties: {x: {type: integer}}}, {x-linode-ref-name: a, type: object, properties: {x: {type: integer}}}]";
    let (tag, branches) = tag(&object(&format!(
        "type: {{type: string, enum: [a, b]}}, data: {{discriminator: {{propertyName: type}}, {one_of}}}"
    )));
    assert_eq!(tag, Tag::Beside("type".to_owned()));
    assert_eq!(
        branches,
        pairs([("b", "b"), ("a", "a")]),
        "by name, not by place"
    );
}

#[test]
fn a_discriminator_that_names_no_property_is_looked_for_among_the_enums_beside() {
    let one_of = "oneOf: [{x-linode-ref-name: Credit Card, type: object, properties: {x: {type: integer}}}, {x-linode-ref-name: Paypal, type: object, properties: {y: {type: integer}}}]";
    let (tag, branches) = tag(&object(&format!(
        "type: {{type: string, enum: [paypal, credit_card]}}, data: {{discriminator: {{propertyName: x-linode-ref-name}}, {one_of}}}"
    )));
    assert_eq!(tag, Tag::Beside("type".to_owned()));
    assert_eq!(
        branches,
        pairs([("credit_card", "Credit Card"), ("paypal", "Paypal")])
    );
}

#[test]
fn constants_and_kinds_tell_branches_apart_without_a_discriminator() {
    let constants = "oneOf: [{type: object, properties: {k: {type: string, enum: [a]}}}, {type: object, properties: {k: {type: string, enum: [b]}}}]";
    assert_eq!(
        tag(&object(&format!("it: {{{constants}}}"))).0,
        Tag::Inside("k".to_owned())
    );
    assert_eq!(
        tag(&object("it: {oneOf: [{type: string}, {type: integer}]}")).0,
        Tag::Kind
    );
}

#[test]
fn equal_branches_stay_two_types() {
    let api = answering(&object(
        "type: {type: string, enum: [a, b]}, data: {discriminator: {propertyName: type}, oneOf: [{title: a, type: object, properties: {x: {type: integer}}}, {title: b, type: object, properties: {x: {type: integer}}}]}",
    ));
    let types: BTreeSet<&Ty> = unions(&api)[0].branches.iter().map(|b| &b.ty).collect();
    assert_eq!(types.len(), 2);
}

#[test]
fn nothing_is_tried_what_cannot_be_told_apart_is_no_union() {
    let api = answering(&object(
        "it: {oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}",
    ));
    assert!(unions(&api).is_empty());
    assert_eq!(field(&api, "it"), Ty::Json);
    assert_eq!(api.account.fallbacks.len(), 1);
}

/// A document whose answer is the component `A`.
fn with_components(components: &str) -> Api {
    let text = format!(
        "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}\ncomponents:\n  schemas:\n{components}"
    );
    model("recursive.yaml", &text)
}

#[test]
fn an_object_that_holds_itself_is_one_type() {
    let api = with_components(
        "    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, list: {type: array, items: {$ref: '#/components/schemas/A'}}}}\n",
    );
    let AnswerKind::Value(own) = only(&api).answer.kind.clone() else {
        panic!("a value")
    };
    assert_eq!(field(&api, "a"), own);
    assert_eq!(field(&api, "list"), Ty::List(Box::new(own)));
}

#[test]
fn whatever_else_holds_itself_comes_to_an_end() {
    let reference = "{$ref: '#/components/schemas/A'}";
    let other = "{$ref: '#/components/schemas/B'}";
    for schema in [
        format!("{{type: array, items: {reference}}}"),
        format!("{{type: object, additionalProperties: {reference}}}"),
        format!("{{oneOf: [{reference}, {reference}, {{type: string}}]}}"),
        format!("{{oneOf: [{{type: string}}, {{type: array, items: {reference}}}]}}"),
        format!("{{allOf: [{reference}, {other}]}}"),
        format!("{{oneOf: [{other}, {other}], properties: {{a: {reference}, b: {other}}}}}"),
        format!("{{type: object, properties: {{a: {{oneOf: [{reference}, {other}]}}}}}}"),
        format!("{{not: {reference}}}"),
    ] {
        let api = with_components(&format!(
            "    A: {schema}\n    B: {{anyOf: [{other}, {reference}, {{type: object, properties: {{b: {other}}}}}]}}\n"
        ));
        assert!(api.types.len() < 20, "{schema}: {} types", api.types.len());
    }
}

#[test]
fn a_chain_of_components_ends_where_no_stack_would() {
    let link = |i: usize| {
        format!(
            "    A{i}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/A{}'}}}}}}\n",
            i + 1
        )
    };
    let chain: String = (0..2000).map(link).collect();
    let api = with_components(&format!(
        "    A: {{$ref: '#/components/schemas/A0'}}\n{chain}"
    ));
    assert!(
        api.account
            .fallbacks
            .iter()
            .any(|f| f.reason.contains("deeper")),
        "{:?}",
        api.account.fallbacks
    );
}
