//! The same document gives the same crate: run twice, with the lock and without it, its components in another order.

mod support;

use std::sync::OnceLock;

use linode_spec::api::{Tag, TypeKind, Union};
use linode_spec::name::Lock;
use serde_yaml::{Mapping, Value};
use support::{Generated, fixture, generated, generated_with, pinned, project};

/// What the tests call the pinned document.
const PINNED: &str = "spec/linode.yaml";

/// The crate of the pinned document, without a lock.
fn baseline() -> &'static Generated {
    static BASELINE: OnceLock<Generated> = OnceLock::new();
    BASELINE.get_or_init(|| generated(PINNED, &pinned()))
}

#[test]
fn twice_gives_the_same_bytes() {
    assert_same(baseline(), &generated(PINNED, &pinned()));
}

#[test]
fn the_lock_keeps_what_the_rules_make() {
    let without = baseline();
    let lock = Lock::parse(&without.lock.render()).expect("a lock that was just rendered");
    assert_eq!(lock, without.lock, "a lock survives its file");
    assert_same(without, &generated_with(PINNED, &pinned(), &lock));
}

#[test]
fn the_committed_lock_holds_every_name() {
    let text = std::fs::read_to_string(project().join("spec/names.lock"))
        .expect("the project's lock of names");
    let lock = Lock::parse(&text).expect("the project's lock of names");
    let made = generated_with(PINNED, &pinned(), &lock);
    let mut extended = lock.clone();
    extended.extend(made.lock.clone());
    assert_eq!(lock, extended, "it has what is in use already");
    assert_same(&made, &generated_with(PINNED, &pinned(), &made.lock));
}

#[test]
fn components_in_another_order_change_nothing() {
    let text = pinned();
    let mut document: Value = serde_yaml::from_str(&text).expect("the pinned document is YAML");
    let components = document["components"]
        .as_mapping_mut()
        .expect("the document has components");
    for section in components.values_mut().filter_map(Value::as_mapping_mut) {
        reverse(section);
    }
    let reversed = serde_yaml::to_string(&document).expect("a document can be written");
    assert_ne!(text, reversed);
    assert_same(baseline(), &generated(PINNED, &reversed));
}

#[test]
fn operations_in_another_order_keep_their_names() {
    let text = pinned();
    let mut document: Value = serde_yaml::from_str(&text).expect("the pinned document is YAML");
    reverse(
        document["paths"]
            .as_mapping_mut()
            .expect("the document has paths"),
    );
    let reversed = serde_yaml::to_string(&document).expect("a document can be written");
    let one = baseline();
    let without = generated(PINNED, &reversed);
    assert_ne!(one.api.operations[0].key(), without.api.operations[0].key());
    assert_eq!(
        one.lock.methods, without.lock.methods,
        "methods are named by their URLs alone"
    );
    let with = generated_with(PINNED, &reversed, &one.lock);
    assert_eq!(
        one.lock, with.lock,
        "with the lock, types keep their names as well"
    );
}

#[test]
fn every_fixture_is_the_same_twice() {
    for name in support::fixture_names() {
        assert_eq!(fixture(&name).files, fixture(&name).files, "{name}");
    }
}

#[test]
fn swapped_branches_of_one_shape_keep_their_tags() {
    let (one, other) = (
        fixture("one_of_in_parent"),
        fixture("one_of_swapped_branches"),
    );
    let (plain, swapped) = (only_union(&one), only_union(&other));
    assert_eq!(plain.tag, Tag::Beside("type".to_owned()));
    assert_eq!(plain.tag, swapped.tag);
    assert_ne!(
        tags(&one, plain),
        tags(&other, swapped),
        "the branches are swapped"
    );
    let (mut plain, mut swapped) = (tags(&one, plain), tags(&other, swapped));
    plain.sort();
    swapped.sort();
    assert_eq!(plain, swapped, "each tag still leads to its own type");
    let expected = [("cat", "Cat"), ("parrot", "Parrot"), ("turtle", "Turtle")];
    assert_eq!(
        plain,
        expected.map(|(tag, ty)| (tag.to_owned(), ty.to_owned()))
    );
}

fn only_union(generated: &Generated) -> &Union {
    let unions = generated
        .api
        .types
        .iter()
        .filter_map(|def| match &def.kind {
            TypeKind::Union(union) => Some(union),
            _ => None,
        });
    let unions: Vec<&Union> = unions.collect();
    assert_eq!(unions.len(), 1);
    unions[0]
}

/// Each branch's tag and the name of its type.
fn tags(generated: &Generated, union: &Union) -> Vec<(String, String)> {
    let branches = union.branches.iter().map(|branch| {
        let id = branch.ty.named().expect("a branch that is a record");
        (branch.tag.clone(), generated.names.of(id).to_owned())
    });
    branches.collect()
}

fn reverse(mapping: &mut Mapping) {
    let mut entries: Vec<_> = std::mem::take(mapping).into_iter().collect();
    entries.reverse();
    mapping.extend(entries);
}

fn assert_same(one: &Generated, other: &Generated) {
    let paths = |generated: &Generated| generated.files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(one), paths(other));
    for (path, text) in &one.files {
        assert!(*text == other.files[path], "{path} differs");
    }
}
