//! Every official document at hand loads. They are not part of the project: without them these tests skip.

use std::fs;
use std::path::{Path, PathBuf};

use linode_spec::diagnostic::{Accepted, Severity};
use linode_spec::load::{Document, LoadError, load};
use linode_spec::pin::Manifest;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The official documents, or none and a line that says so.
fn originals() -> Vec<(String, Vec<u8>)> {
    let folder = project().join("../shared/spec");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: no official documents in ../shared/spec beside the project");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    let name = |file: &Path| {
        file.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    files
        .iter()
        .map(|file| (name(file), fs::read(file).expect("the file can be read")))
        .collect()
}

fn accepted() -> Accepted {
    let text = fs::read_to_string(project().join("spec/accepted.yaml"))
        .expect("spec/accepted.yaml is there");
    Accepted::from_yaml(&text).expect("spec/accepted.yaml is a list of accepted defects")
}

fn loaded(name: &str, bytes: &[u8]) -> Document {
    load(name, bytes, &Accepted::default(), false).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_pinned_document_loads_strictly() {
    let bytes = fs::read(project().join("spec/linode.yaml")).expect("spec/linode.yaml is there");
    let document = load("spec/linode.yaml", &bytes, &accepted(), true)
        .unwrap_or_else(|error| panic!("{error}"));
    let manifest = fs::read_to_string(project().join("spec/pin.toml"));
    let manifest = Manifest::from_toml(&manifest.expect("spec/pin.toml is there"));
    assert_eq!(Ok(document.release), manifest.map(|it| it.release));
    assert!(document.openapi.operations().count() >= 368);
    assert!(
        document
            .diagnostics
            .iter()
            .all(|it| it.accepted.is_some() || it.severity == Severity::Note)
    );
    let refused = match load("spec/linode.yaml", &bytes, &Accepted::default(), true) {
        Err(LoadError::Strict(defects)) => defects.len(),
        other => other.map(|_| 0).expect("a document"),
    };
    assert_eq!(refused, accepted().len());
}

#[test]
fn every_official_document_loads_with_every_key_known() {
    for (name, bytes) in originals() {
        let document = loaded(&name, &bytes);
        assert!(
            name.contains(&document.release),
            "{name} says it is {}",
            document.release
        );
        assert!(document.openapi.operations().count() >= 200, "{name}");
        assert_eq!(document.unknown_keys, [], "{name}");
        let defects = document.diagnostics.iter();
        let defects = defects.filter(|it| it.severity == Severity::Defect);
        let codes: Vec<_> = defects.map(|it| it.code).collect();
        println!("{name}: {} defects", codes.len());
        assert!(codes.len() <= 5, "{name}: {:#?}", document.diagnostics);
        assert!(
            !codes.contains(&"refused"),
            "{name}: {:#?}",
            document.diagnostics
        );
    }
}

#[test]
fn every_reference_of_an_official_document_is_found() {
    for (name, bytes) in originals() {
        let document = loaded(&name, &bytes);
        let json = serde_json::to_value(&document.openapi).expect("what was loaded is JSON");
        let mut references = Vec::new();
        collect(&json, &mut references);
        println!("{name}: {} references", references.len());
        for reference in references {
            let is_found = match reference.split('/').nth(2) {
                Some("parameters") => document.parameter(reference).is_some(),
                Some("responses") => document.response(reference).is_some(),
                Some("links") => true,
                _ => document.schema(reference).is_some(),
            };
            assert!(is_found, "{name}: {reference}");
        }
    }
}

fn collect<'j>(value: &'j serde_json::Value, references: &mut Vec<&'j str>) {
    match value {
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        serde_json::Value::Object(map) => {
            references.extend(map.get("$ref").and_then(serde_json::Value::as_str));
            map.values().for_each(|item| collect(item, references));
        }
        _ => {}
    }
}

#[test]
fn json_of_an_official_document_is_the_same_document() {
    for (name, bytes) in originals()
        .into_iter()
        .filter(|it| it.0.contains("4.176.0"))
    {
        let value: serde_yaml::Value =
            serde_yaml::from_slice(&bytes).expect("the original is YAML");
        let json = serde_json::to_vec(&value).expect("the original can be JSON");
        assert_eq!(loaded(&name, &json).openapi, loaded(&name, &bytes).openapi);
    }
}

/// Cut in the middle of a line, YAML often still is YAML.
#[test]
fn documents_that_are_cut_off_are_refused() {
    let pinned = fs::read(project().join("spec/linode.yaml")).expect("spec/linode.yaml is there");
    let styles = [
        "linode-4.3.2.yaml",
        "linode-4.176.0.yaml",
        "linode-4.189.0.yaml",
    ];
    let of_each_style = originals()
        .into_iter()
        .filter(|it| styles.contains(&it.0.as_str()));
    for (name, bytes) in of_each_style.chain([("spec/linode.yaml".to_owned(), pinned)]) {
        for percent in [1, 3, 10, 25, 50, 75, 90, 99] {
            let end = bytes.len() * percent / 100;
            let end = if bytes[..end].ends_with(b"\n") {
                end - 1
            } else {
                end
            };
            let cut = load(&name, &bytes[..end], &Accepted::default(), false);
            assert!(cut.is_err(), "{name} cut off at {percent} %");
        }
    }
}

/// The style of documents until 4.176.0: what the paths refer to comes after them.
#[test]
fn a_cut_at_the_end_of_a_line_is_noticed_too() {
    for (name, bytes) in originals()
        .into_iter()
        .filter(|it| it.0.contains("4.176.0"))
    {
        for percent in [10, 25, 50] {
            let middle = bytes.len() * percent / 100;
            let end = bytes[..middle]
                .iter()
                .rposition(|byte| *byte == b'\n')
                .map_or(middle, |at| at + 1);
            let error = load(&name, &bytes[..end], &Accepted::default(), false)
                .expect_err("a part of the document");
            assert!(!matches!(error, LoadError::NotOpenApi3 { .. }), "{error}");
        }
    }
}
