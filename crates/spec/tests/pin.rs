//! The pinned document: derived from its original, without prose, with the same facts.

use std::fs;
use std::path::{Path, PathBuf};

use linode_spec::diagnostic::Accepted;
use linode_spec::load::load;
use linode_spec::pin::{Manifest, Pinned, check_pin, pin, sha256};
use serde_json::Value;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(name: &str) -> Vec<u8> {
    fs::read(project().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn manifest() -> Manifest {
    let text = String::from_utf8(read("spec/pin.toml")).expect("spec/pin.toml is text");
    Manifest::from_toml(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// An original, or nothing and a line that says so.
fn original(release: &str) -> Option<Vec<u8>> {
    let name = format!("../shared/spec/linode-{release}.yaml");
    let bytes = fs::read(project().join(&name)).ok();
    if bytes.is_none() {
        println!("skipped: no {name} beside the project");
    }
    bytes
}

fn pinned(bytes: &[u8]) -> Pinned {
    pin("original", bytes).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_pinned_document_is_what_its_manifest_says() {
    let yaml = read("spec/linode.yaml");
    assert_eq!(check_pin(&yaml, &manifest()), Ok(()));
    let first_line = yaml
        .split(|byte| *byte == b'\n')
        .next()
        .map(String::from_utf8_lossy);
    let release = manifest().release;
    let start = format!("# Written by `cargo xtask pin`, from release {release} ");
    assert!(first_line.is_some_and(|line| line.starts_with(&start)));
    assert_eq!(manifest().upstream.tag, format!("v{release}"));
}

#[test]
fn a_changed_byte_is_noticed() {
    let mut yaml = read("spec/linode.yaml");
    yaml.push(b' ');
    let mismatch = check_pin(&yaml, &manifest()).expect_err("another document");
    assert_eq!(
        (mismatch.recorded, mismatch.found),
        (manifest().sha256.pinned, sha256(&yaml))
    );
}

#[test]
fn the_manifest_survives_its_file_form() {
    let manifest = manifest();
    assert_eq!(
        Manifest::from_toml(&manifest.to_toml()),
        Ok(manifest.clone())
    );
    assert_eq!(manifest.to_toml().into_bytes(), read("spec/pin.toml"));
    assert!(Manifest::from_toml(&(manifest.to_toml() + "[more]\n")).is_err());
}

#[test]
fn pinning_the_pinned_document_changes_nothing() {
    let yaml = read("spec/linode.yaml");
    let again = pinned(&yaml);
    assert!(again.yaml == yaml, "another document");
    assert_eq!(again.manifest.dropped, [].into());
}

#[test]
fn the_original_gives_the_pinned_document() {
    let Some(original) = original(&manifest().release) else {
        return;
    };
    let fresh = pinned(&original);
    assert!(
        fresh.yaml == read("spec/linode.yaml"),
        "spec/linode.yaml is not what the original gives: pin it again"
    );
    assert_eq!(fresh.manifest, manifest());
}

#[test]
fn words_that_lost_their_quotes_have_them_again_before_the_prose_goes() {
    let original = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {200: {description: '', content: \
        {application/json: {schema: {type: string, description: 'One of `on` and `off`.', enum: [true, false]}}}}}}}}\n";
    let yaml = String::from_utf8(pinned(original.as_bytes()).yaml).expect("text");
    let unquoted = yaml.replace('\'', "");
    assert!(
        unquoted.contains("- on\n") && unquoted.contains("- off\n"),
        "{yaml}"
    );
    assert!(!yaml.contains("One of"), "{yaml}");
}

#[test]
fn the_pinned_document_has_no_prose() {
    let tree: Value = serde_yaml::from_slice(&read("spec/linode.yaml")).expect("YAML");
    let mut long = Vec::new();
    collect_prose(&tree, "", &mut long);
    assert_eq!(long, [""; 0]);
}

/// Texts of more than a few words, summaries and patterns aside: those are facts.
fn collect_prose(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text)
            if text.split_whitespace().count() > 6 && !["summary", "pattern"].contains(&key) =>
        {
            found.push(text.clone());
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_prose(item, key, found)),
        Value::Object(map) => map
            .iter()
            .for_each(|(key, item)| collect_prose(item, key, found)),
        _ => {}
    }
}

#[test]
fn the_pinned_document_is_the_original_without_prose() {
    for release in ["4.84.1", "4.176.0", "4.189.0"] {
        let Some(original) = original(release) else {
            return;
        };
        let loaded = |bytes: &[u8]| {
            let document = load(release, bytes, &Accepted::default(), false)
                .unwrap_or_else(|error| panic!("{error}"));
            let mut json =
                serde_json::to_value(&document.openapi).expect("what was loaded is JSON");
            strip(&mut json, At::Object);
            let defects: Vec<_> = document
                .diagnostics
                .into_iter()
                // Put right before the prose goes.
                .filter(|it| it.code != "unquoted-value")
                .map(|it| (it.code, it.pointer, it.found))
                .collect();
            (json, document.release, defects)
        };
        let (from_original, from_pinned) = (loaded(&original), loaded(&pinned(&original).yaml));
        assert!(
            from_original == from_pinned,
            "{release}: the pinned document says something else"
        );
    }
}

/// What the keys of a map are while stripping: written here once more, apart from the table that pinning uses.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Object,
    Names,
    Scopes,
}

fn strip(value: &mut Value, at: At) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, At::Object)),
        Value::Object(map) if at == At::Scopes => {
            map.values_mut().for_each(|text| *text = Value::Null)
        }
        Value::Object(map) => {
            if at == At::Object {
                map.retain(|key, _| !is_prose(key));
            }
            map.iter_mut()
                .for_each(|(key, item)| strip(item, below(at, key)));
            unwrap_bare_reference(value);
        }
        _ => {}
    }
}

fn is_prose(key: &str) -> bool {
    let kept = [
        "x-linode-filterable",
        "x-linode-ref-name",
        "x-linode-grant",
        "x-linode-charge",
        "x-linode-cli-command",
        "x-linode-cli-action",
    ];
    matches!(key, "description" | "example") || (key.starts_with("x-") && !kept.contains(&key))
}

fn below(at: At, key: &str) -> At {
    const NAMES: [&str; 12] = [
        "properties",
        "schemas",
        "parameters",
        "responses",
        "requestBodies",
        "headers",
        "securitySchemes",
        "links",
        "content",
        "paths",
        "variables",
        "mapping",
    ];
    match key {
        _ if at == At::Names => At::Object,
        "scopes" => At::Scopes,
        key if NAMES.contains(&key) => At::Names,
        _ => At::Object,
    }
}

/// A reference whose only sibling was prose is a bare reference once the prose is gone.
fn unwrap_bare_reference(value: &mut Value) {
    let only = value
        .as_object()
        .filter(|map| map.len() == 1)
        .and_then(|map| map.get("allOf")?.as_array());
    if let Some([reference]) = only.map(Vec::as_slice)
        && reference.get("$ref").is_some()
    {
        *value = reference.clone();
    }
}
