//! Small documents, one per rule of the normaliser and of the emitter, and the code that comes of each.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p linode-codegen --test fixtures`, and read the difference.

mod support;

use std::collections::BTreeSet;

use linode_codegen::Files;
use linode_spec::api::TypeKind;
use serde_yaml::Value as Yaml;
use support::Generated;

/// Files that are the same for every document, or nearly so: they say nothing about a rule.
const COMMON: [&str; 10] = [
    "Cargo.toml",
    "rustfmt.toml",
    "src/lib.rs",
    "src/client.rs",
    "src/call.rs",
    "src/catalogue.json",
    "src/catalogue.rs",
    "src/list.rs",
    "src/permissions.rs",
    "src/types.rs",
];

/// A test for each fixture, and one that none is forgotten.
macro_rules! fixtures {
    ($($name:ident)*) => {
        const TESTED: &[&str] = &[$(stringify!($name)),*];

        $(
            #[test]
            fn $name() {
                shows(stringify!($name));
            }
        )*
    };
}

fixtures! {
    absent_null_value
    all_of_merged
    answers
    beta_only
    bounds
    corrections
    deprecated
    enum_same_word
    enum_spellings
    filter_domains
    formats
    free_form
    hostile_names
    keyword_properties
    media_types
    multipart
    one_of_by_kind
    one_of_in_parent
    one_of_indistinct
    one_of_inside
    one_of_swapped_branches
    page_look_alikes
    page_spellings
    path_parameters
    prose
    query_parameters
    rare_constructs
    read_write_views
    recursion
    same_shape_once
    security
    servers
    sub_path_refs
    without_operation_id
}

#[test]
fn every_fixture_has_a_test() {
    assert_eq!(support::fixture_names(), TESTED);
}

#[test]
fn scopes_and_grants() {
    let mut generated = support::fixture("security");
    generated
        .files
        .retain(|path, _| path == "src/permissions.rs");
    let text = generated.files.into_values().next().unwrap_or_default();
    snapshot("scopes_and_grants", &text);
}

/// What no type can say is said where the document is read.
#[test]
fn rare_constructs_are_told() {
    let told = support::fixture("rare_constructs").told;
    snapshot("rare_constructs_told", &told.join("\n"));
}

#[test]
fn no_property_of_the_rare_constructs_is_lost() {
    // One number is larger than this reader takes.
    let text = support::fixture_text("rare_constructs").replace("18446744073709551616", "1");
    let document = serde_yaml::from_str(&text);
    let mut properties = Vec::new();
    collect(&document.expect("YAML"), "", &mut properties);
    assert!(properties.len() > 150, "{} properties", properties.len());

    let Generated { api, told, .. } = support::fixture("rare_constructs");
    let records = api.types.iter().filter_map(|def| match &def.kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    });
    let fields: BTreeSet<&str> = records
        .flat_map(|record| record.fields.iter().map(|field| field.name.as_str()))
        .collect();
    // Where it stands: `file#/place: found …`, or `/place: …`.
    let places: Vec<&str> = told
        .iter()
        .filter_map(|line| {
            line.trim_start_matches("rare_constructs#")
                .split(": ")
                .next()
        })
        .collect();
    let is_told = |pointer: &str| {
        let around = |place: &&&str| pointer.starts_with(**place) || place.starts_with(pointer);
        places.iter().find(around).is_some()
    };
    let lost: Vec<&(String, String)> = properties
        .iter()
        .filter(|(pointer, name)| !fields.contains(name.as_str()) && !is_told(pointer))
        // Told at each operation that answers it.
        .filter(|(pointer, _)| !pointer.starts_with("/components/responses/Fault"))
        .collect();
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The properties of every schema: where each stands, and its name.
fn collect(value: &Yaml, pointer: &str, found: &mut Vec<(String, String)>) {
    match value {
        Yaml::Mapping(map) => {
            for (key, value) in map {
                let key = match key {
                    Yaml::String(key) => key.clone(),
                    other => format!("{other:?}"),
                };
                let below = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                if pointer.ends_with("/properties") && value.is_mapping() {
                    found.push((below.clone(), key));
                }
                collect(value, &below, found);
            }
        }
        Yaml::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn shows(name: &str) {
    snapshot(name, &telling(&support::fixture(name).files));
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The files that differ from document to document, each without the line that says what wrote it.
fn telling(files: &Files) -> String {
    let telling = files
        .iter()
        .filter(|(path, _)| !COMMON.contains(&path.as_str()));
    let parts = telling.map(|(path, text)| {
        let body = text
            .split_once("\n\n")
            .map_or(text.as_str(), |(_, body)| body);
        format!("// ---- {path}\n{}", body.trim_end())
    });
    parts.collect::<Vec<_>>().join("\n\n")
}
