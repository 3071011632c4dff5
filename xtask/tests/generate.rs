//! `generate` and its check, on a small project of their own.

mod support;

use std::fs;

use support::Project;
use xtask::generate::Arguments;
use xtask::outcome::Failure;

#[test]
fn what_was_generated_checks_clean() {
    let project = Project::generated();
    let checked = project.check();
    assert_eq!(checked.code, 0, "{}", checked.text);
}

#[test]
fn generating_again_writes_nothing() {
    let project = Project::generated();
    let before = project.files("project");
    let again = project.generate(&Arguments::default()).unwrap();
    assert!(
        again.text.contains("0 written") && again.text.contains("up to date"),
        "{}",
        again.text
    );
    assert_eq!(before, project.files("project"));
}

#[test]
fn one_byte_of_difference_is_found_and_shown() {
    let project = Project::generated();
    let text = project.read("project/generated/src/things.rs");
    project.write(
        "project/generated/src/things.rs",
        &text.replacen("things", "thinks", 1),
    );
    let checked = project.check();
    assert_eq!(checked.code, 1);
    assert!(
        checked.text.contains("--- src/things.rs (on disk)"),
        "{}",
        checked.text
    );
    assert!(
        checked
            .text
            .lines()
            .any(|line| line.starts_with('-') && line.contains("thinks")),
        "{}",
        checked.text
    );
    assert!(
        checked
            .text
            .lines()
            .any(|line| line.starts_with('+') && line.contains("things")),
        "{}",
        checked.text
    );
}

#[test]
fn missing_and_extra_files_are_found() {
    let project = Project::generated();
    fs::remove_file(project.path("project/generated/src/things.rs")).unwrap();
    project.write("project/generated/src/left_over.rs", "// @generated\n");
    let checked = project.check();
    assert_eq!(checked.code, 1);
    assert!(
        checked.text.contains("missing: src/things.rs"),
        "{}",
        checked.text
    );
    assert!(
        checked.text.contains("not generated: src/left_over.rs"),
        "{}",
        checked.text
    );
}

#[test]
fn a_lock_that_lacks_names_is_found_and_filled() {
    let project = Project::generated();
    let lock = project.read("project/spec/names.lock");
    fs::remove_file(project.path("project/spec/names.lock")).unwrap();
    let checked = project.check();
    assert_eq!(checked.code, 1);
    assert!(
        checked.text.contains("+++ spec/names.lock"),
        "{}",
        checked.text
    );
    project.generate(&Arguments::default()).unwrap();
    assert_eq!(lock, project.read("project/spec/names.lock"));
}

#[test]
fn without_the_lock_the_rules_give_the_same_crate() {
    let project = Project::generated();
    let crate_before = project.files("project/generated");
    fs::remove_file(project.path("project/spec/names.lock")).unwrap();
    let again = project.generate(&Arguments::default()).unwrap();
    assert!(again.text.contains("entries added"), "{}", again.text);
    assert_eq!(crate_before, project.files("project/generated"));
}

#[test]
fn a_name_in_the_lock_is_kept() {
    let project = Project::generated();
    let renamed = project
        .read("project/spec/names.lock")
        .replace("things.list_things", "things.every_thing");
    project.write("project/spec/names.lock", &renamed);
    project.generate(&Arguments::default()).unwrap();
    assert!(
        project
            .read("project/generated/src/things.rs")
            .contains("fn every_thing(")
    );
    assert_eq!(renamed, project.read("project/spec/names.lock"));
}

#[test]
fn a_name_that_can_not_be_is_an_error_that_names_it() {
    let project = Project::generated();
    let lock = project.read("project/spec/names.lock");
    for (wrong, told) in [
        ("things.every thing", "`every thing` is no identifier"),
        ("things.delete_thing", "is the name of both"),
    ] {
        project.write(
            "project/spec/names.lock",
            &lock.replace("things.list_things", wrong),
        );
        let failure = project
            .generate(&Arguments::default())
            .unwrap_err()
            .to_string();
        assert!(
            failure.starts_with("spec/names.lock: ") && failure.contains(told),
            "{failure}"
        );
    }
    project.write("project/spec/names.lock", "methods: 3\n");
    assert!(matches!(
        project.generate(&Arguments::default()),
        Err(Failure::Malformed { .. })
    ));
}

#[test]
fn what_is_no_longer_emitted_goes() {
    let project = Project::generated();
    project.write(
        "project/generated/src/old/deep.rs",
        "// @generated long ago\n",
    );
    project.generate(&Arguments::default()).unwrap();
    assert!(!project.path("project/generated/src/old").exists());
    assert_eq!(project.check().code, 0);
}

#[test]
fn what_cargo_leaves_behind_does_not_count() {
    let project = Project::generated();
    project.write("project/generated/Cargo.lock", "version = 4\n");
    project.write("project/generated/target/debug/x", "binary\n");
    assert_eq!(project.check().code, 0);
    project.generate(&Arguments::default()).unwrap();
    assert!(project.path("project/generated/target/debug/x").exists());
}

#[test]
fn a_file_of_somebody_elses_is_named_and_left_alone() {
    let project = Project::generated();
    project.write("project/generated/src/notes.md", "mine\n");
    let before = project.files("project");
    let failure = project.generate(&Arguments::default()).unwrap_err();
    assert!(
        matches!(&failure, Failure::Unowned { files, .. } if files == &["src/notes.md"]),
        "{failure}"
    );
    assert_eq!(before, project.files("project"));
}

#[test]
fn a_correction_without_effect_is_an_error_on_the_pinned_document() {
    let project = Project::generated();
    let text = "presence:\n- type: Nothing\n  fields: {id: 3}\n  seen_in: [GET /things]\n  reason: made up\n";
    project.write("project/spec/corrections.yaml", text);
    let failure = project.generate(&Arguments::default()).unwrap_err();
    assert!(
        failure.to_string().contains("presence of `Nothing`"),
        "{failure}"
    );
}

#[test]
fn a_misspelt_correction_says_where() {
    let project = Project::generated();
    project.write("project/spec/corrections.yaml", "presense: []\n");
    let failure = project
        .generate(&Arguments::default())
        .unwrap_err()
        .to_string();
    assert!(
        failure.starts_with("spec/corrections.yaml: ") && failure.contains("presense"),
        "{failure}"
    );
}

#[test]
fn a_defect_that_is_not_accepted_stops_the_pinned_document_alone() {
    let project = Project::generated();
    let broken = support::DOCUMENT.replace("operationId: getThings", "deprecated: false");
    project.write("project/spec/linode.yaml", &broken);
    let before = project.files("project");
    let failure = project
        .generate(&Arguments::default())
        .unwrap_err()
        .to_string();
    assert!(
        failure.contains("spec/linode.yaml#/paths/~1things/get")
            && failure.contains("spec/accepted.yaml"),
        "{failure}"
    );
    assert_eq!(before, project.files("project"));

    let elsewhere = Arguments {
        spec: Some(project.path("project/spec/linode.yaml")),
        out: Some(project.path("out")),
        ..Arguments::default()
    };
    let outcome = project.generate(&elsewhere).unwrap();
    assert!(
        outcome.text.contains("[missing-operation-id]"),
        "{}",
        outcome.text
    );
}
