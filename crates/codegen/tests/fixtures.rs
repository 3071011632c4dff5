//! Small documents, one per rule of the normaliser and of the emitter, and the code that comes of each.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p linode-codegen --test fixtures`, and read the difference.

mod support;

use linode_codegen::Files;

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
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("scopes_and_grants", text));
}

fn shows(name: &str) {
    let generated = support::fixture(name);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, telling(&generated.files)));
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
