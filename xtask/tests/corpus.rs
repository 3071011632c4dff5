//! `corpus`: what it says of good documents, of bad ones, and of crates that do not build.

mod support;

use support::{DOCUMENT, Project};
use xtask::corpus::{Arguments, run};
use xtask::outcome::Outcome;

fn corpus(project: &Project, build: bool, json: bool) -> Outcome {
    let folder = project.path("documents");
    let arguments = Arguments {
        folder,
        build,
        json,
    };
    run(&project.workspace, &arguments).expect("a corpus")
}

#[test]
fn every_document_has_a_line_and_releases_are_in_order() {
    let project = Project::generated();
    project.write("documents/a-1.10.0.yaml", DOCUMENT);
    project.write("documents/a-1.9.0.yaml", DOCUMENT);
    project.write("documents/notes.txt", "no document");
    let outcome = corpus(&project, false, false);
    assert_eq!(outcome.code, 0, "{}", outcome.text);
    let first: Vec<&str> = outcome
        .text
        .lines()
        .filter_map(|l| l.split(' ').next())
        .collect();
    assert_eq!(first[..3], ["document", "a-1.9.0.yaml", "a-1.10.0.yaml"]);
    assert!(
        outcome.text.contains("2 of 2 documents are all right"),
        "{}",
        outcome.text
    );
}

#[test]
fn a_document_that_cannot_be_used_fails_alone() {
    let project = Project::generated();
    project.write("documents/good.yaml", DOCUMENT);
    project.write("documents/cut.json", r#"{"openapi": "3.0.1", "paths": {"#);
    project.write("documents/loud.YAML", DOCUMENT);
    let outcome = corpus(&project, false, true);
    assert_eq!(outcome.code, 1);
    let all: serde_json::Value = serde_json::from_str(&outcome.text).expect("JSON");
    assert_eq!(all["ok"], false);
    assert_eq!(all["files"][2]["ok"], true, "endings may be in capitals");
    let (cut, good) = (&all["files"][0], &all["files"][1]);
    assert_eq!(cut["file"], "cut.json");
    assert_eq!(cut["ok"], false);
    assert!(cut["error"].as_str().expect("a text").contains("cut.json"));
    assert_eq!(good["operations"], 3);
    assert_eq!(good["numbered_names"], 0);
    assert_eq!(good["fallbacks"], 0);
    assert_eq!(good["markers"], 1);
    assert!(good["ms"].is_u64() && good["error"].is_null());
}

#[test]
fn a_document_of_rare_constructs_is_accounted_for() {
    let project = Project::generated();
    let rare = include_str!("../../crates/codegen/tests/fixtures/rare_constructs.yaml");
    project.write("documents/rare.yaml", rare);
    let outcome = corpus(&project, false, true);
    assert_eq!(outcome.code, 0, "{}", outcome.text);
}

#[test]
fn a_crate_that_does_not_build_is_told_with_what_cargo_says() {
    // The project is one without the crate that generated code stands on.
    let project = Project::generated();
    project.write("documents/good.yaml", DOCUMENT);
    let outcome = corpus(&project, true, false);
    assert_eq!(outcome.code, 1);
    assert!(outcome.text.contains("FAILED"), "{}", outcome.text);
    assert!(
        outcome.text.contains("good.yaml:\n  cargo clippy"),
        "{}",
        outcome.text
    );
    assert!(
        outcome.text.contains("crates/core/Cargo.toml"),
        "{}",
        outcome.text
    );
}
