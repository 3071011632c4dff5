//! Names that fight back: none of them may be lost, and no document may make the generator write what is no Rust.

mod support;

use std::collections::BTreeSet;

use linode_spec::api::{Api, TypeKind};
use proc_macro2::{TokenStream, TokenTree};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};
use support::{fixture, generated};

#[test]
fn no_name_is_lost() {
    let hostile = fixture("hostile_names");
    let mut written = BTreeSet::new();
    for (path, text) in hostile
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".rs"))
    {
        let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{path}: {e}"));
        collect(tokens, &mut written);
    }
    let wanted = wire_names(&hostile.api);
    assert!(
        wanted.len() > 150,
        "the fixture is rich in names: {}",
        wanted.len()
    );
    let lost: Vec<&String> = wanted.difference(&written).collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn no_group_is_called_like_something_of_the_crate() {
    let root = &fixture("hostile_names").files["src/lib.rs"];
    let mut names: BTreeSet<String> = names_of(root).into_iter().collect();
    // Types are no modules, and the groups of the fixture are there already.
    names.retain(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_'));
    assert!(
        names.contains("serde_json") && names.contains("catalogue"),
        "{names:?}"
    );
    let paths: Map<String, Json> = names
        .iter()
        .map(|name| {
            (
                format!("/{name}/things"),
                json!({"get": {"responses": {"200": {"description": ""}}}}),
            )
        })
        .collect();
    let document =
        json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": paths});
    let crate_of = generated("groups.json", &document.to_string());
    let root = &crate_of.files["src/lib.rs"];
    let found = names_of(root);
    let distinct: BTreeSet<&String> = found.iter().collect();
    assert_eq!(distinct.len(), found.len(), "{found:?}");
}

/// The modules and imports of a file, each as often as it is there.
fn names_of(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for item in syn::parse_file(text).expect("Rust").items {
        match item {
            syn::Item::Mod(module) => names.push(module.ident.to_string()),
            syn::Item::Use(import) => imported(&import.tree, &mut names),
            _ => {}
        }
    }
    names
}

/// The names that an import brings.
fn imported(tree: &syn::UseTree, into: &mut Vec<String>) {
    match tree {
        syn::UseTree::Path(path) => imported(&path.tree, into),
        syn::UseTree::Group(group) => group.items.iter().for_each(|tree| imported(tree, into)),
        syn::UseTree::Name(name) => into.push(name.ident.to_string()),
        syn::UseTree::Rename(rename) => into.push(rename.rename.to_string()),
        syn::UseTree::Glob(_) => {}
    }
}

#[test]
fn text_that_runs_the_other_way_is_not_in_comments() {
    let operation = json!({
        "summary": "see \u{202e} this", "description": "and \u{2066} that", "responses": {"200": {"description": ""}},
    });
    let document = json!({"openapi": "3.0.1", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"get": operation}}});
    let made = generated("turned.json", &document.to_string());
    for (path, text) in made.files.iter().filter(|(path, _)| path.ends_with(".rs")) {
        assert!(!text.contains(['\u{202e}', '\u{2066}']), "{path}");
    }
}

/// Everything in the model that travels: names of fields and parameters, values of enums, tags, paths, filter keys.
fn wire_names(api: &Api) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for operation in &api.operations {
        names.insert(operation.path.clone());
        names.extend(operation.query_parameters().map(|p| p.name.clone()));
        let filters = operation
            .answer
            .list()
            .into_iter()
            .flat_map(|list| &list.filters);
        names.extend(filters.map(|f| f.key.clone()));
    }
    for def in api.types.iter().filter(|def| !def.positions.is_empty()) {
        match &def.kind {
            TypeKind::Record(record) => names.extend(record.fields.iter().map(|f| f.name.clone())),
            // The sign of a number is a token of its own.
            TypeKind::Enum(of) if of.integers => names.extend(
                of.values
                    .iter()
                    .map(|v| v.trim_start_matches('-').to_owned()),
            ),
            TypeKind::Enum(of) => names.extend(of.values.iter().cloned()),
            TypeKind::Union(union) => names.extend(union.branches.iter().map(|b| b.tag.clone())),
        }
    }
    names
}

/// All identifiers and the values of all literals.
fn collect(tokens: TokenStream, into: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect(group.stream(), into),
            TokenTree::Ident(ident) => {
                into.insert(ident.to_string());
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                into.insert(
                    syn::parse_str::<syn::LitStr>(&text).map_or(text, |string| string.value()),
                );
            }
            TokenTree::Punct(_) => {}
        }
    }
}

/// A name as nobody would give it.
fn any_name() -> impl Strategy<Value = String> {
    let hard = [
        "self", "Self", "type", "r#type", "_", "", "new", "with", "Option", "Unknown", "id", "Id",
        "ID", "i-d", "a b", "123", "日本",
    ];
    prop_oneof![
        2 => proptest::sample::select(hard.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,12}",
        1 => "[a-zA-Z0-9_. -]{0,8}",
    ]
}

fn document(
    paths: &[String],
    properties: &[String],
    values: &[String],
    components: &[String],
) -> Json {
    let object = |ty: Json| {
        Json::Object(
            properties
                .iter()
                .map(|name| (name.clone(), ty.clone()))
                .collect(),
        )
    };
    let reference = |name: &String| json!({"$ref": format!("#/components/schemas/{}", name.replace('~', "~0").replace('/', "~1"))});
    let mut body = object(json!({"type": "string", "enum": values}));
    body["more"] = json!({"type": "object", "properties": object(json!({"type": "integer"}))});
    let answer = json!({"type": "object", "properties": components.iter().map(|name| (name.clone(), reference(name))).collect::<Map<_, _>>()});
    let query: Vec<Json> = properties
        .iter()
        .map(|name| json!({"name": name, "in": "query", "schema": {"type": "string"}}))
        .collect();
    let operation = json!({
        "parameters": query,
        "requestBody": {"content": {"application/json": {"schema": {"type": "object", "properties": body}}}},
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": answer}}}},
    });
    let schema = |i: usize| json!({"type": "object", "properties": {format!("at_{i}"): {"type": "object", "properties": object(json!({"type": "boolean"}))}}});
    json!({
        "openapi": "3.0.1",
        "info": {"title": "t", "version": "1.0.0"},
        "paths": paths.iter().map(|path| (format!("/{path}"), json!({"put": operation.clone()}))).collect::<Map<_, _>>(),
        "components": {"schemas": components.iter().enumerate().map(|(i, name)| (name.clone(), schema(i))).collect::<Map<_, _>>()},
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever the names, what is written is Rust (the generator says so itself if not) and every identifier is taken once.
    #[test]
    fn any_names_make_rust(
        paths in proptest::collection::vec(any_name(), 1..5),
        properties in proptest::collection::vec(any_name(), 1..8),
        values in proptest::collection::vec(any_name(), 1..8),
        components in proptest::collection::vec(any_name(), 1..6),
    ) {
        let text = document(&paths, &properties, &values, &components).to_string();
        let generated = generated("any.json", &text);
        for name in &generated.names.types {
            prop_assert_eq!(name.members.iter().collect::<BTreeSet<_>>().len(), name.members.len(), "{:?}", name);
        }
        for name in &generated.names.operations {
            prop_assert_eq!(name.setters.iter().collect::<BTreeSet<_>>().len(), name.setters.len(), "{:?}", name);
        }
        let methods: BTreeSet<_> = generated.names.operations.iter().map(|o| (&o.group, &o.ty)).collect();
        prop_assert_eq!(methods.len(), generated.names.operations.len());
        let types: Vec<&String> = generated.names.types.iter().map(|t| &t.name).filter(|name| !name.is_empty()).collect();
        let bodies = generated.api.types.iter().filter(|def| def.body_of.is_some()).count();
        prop_assert!(types.iter().collect::<BTreeSet<_>>().len() + bodies >= types.len());
    }
}
