//! `generate --spec FILE --out DIR`: the crate of any document, anywhere.

mod support;

use std::fs;

use support::{DOCUMENT, Project};
use xtask::generate::Arguments;
use xtask::outcome::Failure;

fn other(project: &Project, text: &str, out: &str) -> Arguments {
    project.write("other.yaml", text);
    Arguments {
        spec: Some(project.path("other.yaml")),
        out: Some(project.path(out)),
        ..Arguments::default()
    }
}

#[test]
fn the_crate_stands_on_its_own() {
    let project = Project::generated();
    let lock = project.read("project/spec/names.lock");
    let outcome = project
        .generate(&other(
            &project,
            &DOCUMENT.replace("things", "thoughts"),
            "out/deep",
        ))
        .unwrap();
    assert_eq!(outcome.code, 0);
    let manifest = project.read("out/deep/Cargo.toml");
    assert!(
        manifest.contains("path = \"../../project/crates/core\""),
        "{manifest}"
    );
    assert!(manifest.ends_with("\n[workspace]\n"), "{manifest}");
    assert!(
        project
            .read("out/deep/src/lib.rs")
            .contains("pub mod thoughts;")
    );
    assert_eq!(
        lock,
        project.read("project/spec/names.lock"),
        "only the pinned document adds to the lock"
    );
}

#[test]
fn inside_the_project_it_finds_the_core_as_well() {
    let project = Project::generated();
    project
        .generate(&other(&project, DOCUMENT, "project/target/other"))
        .unwrap();
    assert!(
        project
            .read("project/target/other/Cargo.toml")
            .contains("path = \"../../crates/core\"")
    );
}

#[test]
fn it_can_be_checked_and_written_again() {
    let project = Project::generated();
    let arguments = other(&project, DOCUMENT, "out");
    project.generate(&arguments).unwrap();
    let check = Arguments {
        check: true,
        ..arguments.clone()
    };
    assert_eq!(project.generate(&check).unwrap().code, 0);
    project.write(
        "other.yaml",
        &DOCUMENT.replace("red, green", "red, green, blue"),
    );
    assert_eq!(project.generate(&check).unwrap().code, 1);
    project.generate(&arguments).unwrap();
    assert_eq!(project.generate(&check).unwrap().code, 0);
}

#[test]
fn another_document_against_the_own_crate_is_a_check_alone() {
    let project = Project::generated();
    let mut arguments = other(&project, &DOCUMENT.replace("colour", "shade"), "out");
    arguments.out = None;
    assert!(matches!(
        project.generate(&arguments),
        Err(Failure::Usage(_))
    ));
    arguments.check = true;
    let checked = project.generate(&arguments).unwrap();
    assert_eq!(checked.code, 1);
    assert!(checked.text.contains("shade"), "{}", checked.text);
}

#[test]
fn the_names_of_the_lock_hold_there_too() {
    let project = Project::generated();
    let renamed = project
        .read("project/spec/names.lock")
        .replace("things.list_things", "things.every_thing");
    project.write("project/spec/names.lock", &renamed);
    project.generate(&other(&project, DOCUMENT, "out")).unwrap();
    assert!(
        project
            .read("out/src/things.rs")
            .contains("fn every_thing(")
    );
}

#[test]
fn corrections_that_do_not_fit_are_warnings() {
    let project = Project::generated();
    let text = "presence:\n- type: Nothing\n  fields: {id: 3}\n  seen_in: [GET /things]\n  reason: made up\n";
    project.write("project/spec/corrections.yaml", text);
    let outcome = project.generate(&other(&project, DOCUMENT, "out")).unwrap();
    assert!(
        outcome
            .text
            .contains("warning: a correction without effect: presence of `Nothing`"),
        "{}",
        outcome.text
    );
}

#[test]
fn a_folder_with_other_things_in_it_is_not_touched() {
    let project = Project::generated();
    project.write("out/thesis.tex", "years of work\n");
    let failure = project
        .generate(&other(&project, DOCUMENT, "out"))
        .unwrap_err();
    assert!(failure.to_string().contains("thesis.tex"), "{failure}");
    assert_eq!(fs::read_dir(project.path("out")).unwrap().count(), 1);
}

#[test]
fn a_file_is_no_folder() {
    let project = Project::generated();
    project.write("out", "a file\n");
    let failure = project
        .generate(&other(&project, DOCUMENT, "out"))
        .unwrap_err();
    assert!(matches!(failure, Failure::Unreadable { .. }), "{failure}");
    assert_eq!(project.read("out"), "a file\n");
}

#[test]
fn the_own_crate_is_no_place_for_another_document() {
    let project = Project::generated();
    for out in [
        "project/generated",
        "project/generated/src",
        "project/spec/../generated",
    ] {
        let failure = project
            .generate(&other(&project, DOCUMENT, out))
            .unwrap_err();
        assert!(matches!(failure, Failure::Usage(_)), "{out}: {failure}");
    }
}

#[test]
fn a_strict_reading_stops_at_defects_that_nobody_accepted() {
    let project = Project::generated();
    let nameless = DOCUMENT.replace("      operationId: putThing\n", "");
    let lenient = other(&project, &nameless, "out");
    let strict = Arguments {
        strict: true,
        ..lenient.clone()
    };
    let told = project.generate(&strict).unwrap_err().to_string();
    assert!(told.contains("missing-operation-id"), "{told}");
    assert!(!project.path("out").exists());
    assert_eq!(project.generate(&lenient).unwrap().code, 0);

    project.write(
        "project/spec/accepted.yaml",
        "- code: missing-operation-id\n  pointer: /paths/~1things~1{thingId}/put\n  reason: known\n",
    );
    assert_eq!(project.generate(&strict).unwrap().code, 0);
}
