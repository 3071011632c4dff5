//! `release`: the whole way on a small project, with what stops it and what it leaves behind.

mod support;

use support::{DOCUMENT, Project};
use xtask::outcome::{Failure, Outcome};
use xtask::release::{Arguments, run};
use xtask::switch::{Changes, finish, switch};

/// The next release: it lost its marker and an operation, gained a field and a defect, and calls its version otherwise.
fn next_release() -> String {
    let text = DOCUMENT
        .replace("version: 1.2.3", "version: 1.3.0")
        .replace(", x-linode-filterable: true", "")
        .replace(
            "{type: string, enum: [red, green]}",
            "{type: string, enum: [red, green]}\n        size: {type: integer}",
        )
        .replace("operationId: deleteThing", "deprecated: true");
    assert_ne!(text, DOCUMENT);
    text
}

/// With the words that call back whoever pins and generates.
fn project() -> Project {
    let project = Project::generated();
    project.write("next.yaml", &next_release());
    project.write(
        "project/Cargo.lock",
        "[[package]]\nname = \"linode-sdk\"\nversion = \"0.1.0+1.2.3\"\n",
    );
    project
}

fn release(project: &Project, change: impl FnOnce(&mut Arguments)) -> Result<Outcome, Failure> {
    let mut arguments = Arguments {
        original: project.path("next.yaml"),
        skip_tests: true,
        date: Some("2026-01-31".to_owned()),
        ..Arguments::default()
    };
    change(&mut arguments);
    run(&project.workspace, &arguments)
}

#[test]
fn a_document_that_lost_its_markers_stops_it() {
    let project = project();
    let before = project.files("project");
    let failure = release(&project, |_| ()).expect_err("nothing is said about the markers");
    let text = failure.to_string();
    assert!(
        text.contains("1 filters of 1 lists") && text.contains("--carry-markers"),
        "{text}"
    );
    assert_eq!(project.files("project"), before, "nothing was written");
}

#[test]
fn a_dry_run_tells_all_of_it_and_writes_nothing() {
    let project = project();
    let before = project.files("project");
    let outcome = release(&project, |arguments| {
        arguments.carry_markers = true;
        arguments.dry_run = true;
    });
    let text = outcome.expect("a release").text;
    for told in [
        "linode-sdk 0.1.0 → 0.1.1 (addition)",
        "GET /things: label",
        "missing-operation-id at /paths/~1things~1{thingId}/delete",
        "spec/version",
        "types::Thing.size",
    ] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    assert_eq!(project.files("project"), before);
}

#[test]
fn a_release_leaves_a_project_that_generates_the_same_again() {
    let project = project();
    project.write(
        "project/CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n- By hand.\n",
    );
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    assert_eq!(project.check().code, 0, "{}", project.check().text);
    assert_eq!(
        xtask::pin::check(&project.workspace).expect("a check").code,
        0
    );

    assert_eq!(project.read("project/spec/version"), "0.1.1\n");
    assert!(
        project
            .read("project/Cargo.lock")
            .contains("\"0.1.1+1.3.0\"")
    );
    assert!(
        project
            .read("project/generated/Cargo.toml")
            .contains("version = \"0.1.1+1.3.0\"")
    );
    assert!(
        project
            .read("project/spec/carried.yaml")
            .contains("reason: release 1.3.0 has lost them")
    );
    assert!(
        project
            .read("project/generated/src/types/things.rs")
            .contains("LABEL")
    );
    let changelog = project.read("project/CHANGELOG.md");
    let begin = "# Changelog\n\n## [Unreleased]\n\n## [0.1.1+1.3.0] - 2026-01-31\n\nRelease 1.3.0 of the API, after 1.2.3.";
    assert!(changelog.starts_with(begin), "{changelog}");
    assert!(
        changelog.contains("- `types::Thing.size` is new") && changelog.ends_with("- By hand.\n"),
        "{changelog}"
    );
    let left = project.files("project/.release");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_second_run_finds_nothing_to_change() {
    let project = project();
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    let before = project.files("project");
    let again = release(&project, |_| ()).expect("the same release again");
    assert!(
        again.text.contains("it is what is pinned"),
        "{}",
        again.text
    );
    assert_eq!(project.files("project"), before);
}

#[test]
fn markers_that_come_back_do_away_with_those_that_were_kept() {
    let project = project();
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    project.write(
        "next.yaml",
        &DOCUMENT.replace("version: 1.2.3", "version: 1.4.0"),
    );
    release(&project, |_| ()).expect("the next release");
    assert!(!project.path("project/spec/carried.yaml").exists());
    assert!(
        project
            .read("project/generated/src/types/things.rs")
            .contains("LABEL")
    );
    assert_eq!(project.check().code, 0, "{}", project.check().text);
    // The defect is gone with the release that had it.
    assert!(
        !project
            .read("project/spec/accepted.yaml")
            .contains("missing-operation-id")
    );
}

#[test]
fn what_was_decided_once_holds_for_the_next_document_without_markers() {
    let project = project();
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    let kept = project.read("project/spec/carried.yaml");
    project.write(
        "next.yaml",
        &next_release().replace("version: 1.3.0", "version: 1.3.1"),
    );
    let outcome = release(&project, |_| ()).expect("the next release");
    assert!(outcome.text.contains("1 filters kept"), "{}", outcome.text);
    assert_eq!(project.read("project/spec/carried.yaml"), kept);
}

#[test]
fn a_document_that_lost_most_of_its_markers_stops_it_too() {
    let project = Project::pinned();
    let field = "label: {type: string, x-linode-filterable: true}";
    let more = format!(
        "{field}\n        size: {{type: integer, x-linode-filterable: true}}\n        zone: {{type: string, x-linode-filterable: true}}"
    );
    let marked = DOCUMENT.replace(field, &more);
    project.write("original.yaml", &marked);
    xtask::pin::run(&project.workspace, &project.path("original.yaml")).expect("a pin");
    project.generate(&Default::default()).expect("a crate");
    let next = marked
        .replace("version: 1.2.3", "version: 1.3.0")
        .replace("string, x-linode-filterable: true", "string");
    project.write("next.yaml", &next);
    let failure = release(&project, |_| ()).expect_err("two of three are gone");
    assert!(
        failure.to_string().contains("2 filters of 1 lists"),
        "{failure}"
    );
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    let kept = project.read("project/spec/carried.yaml");
    assert!(kept.contains("- label\n  - zone\n"), "{kept}");
}

#[test]
fn a_release_may_be_called_anything() {
    let project = Project::generated();
    project.write(
        "project/Cargo.lock",
        "[[package]]\nname = \"linode-sdk\"\nversion = \"0.1.0+1.2.3\"\n",
    );
    let odd = DOCUMENT
        .replace("version: 1.2.3", "version: 'v5 (beta)..+ x'")
        .replace("colour: {", "hue: {type: string}\n        colour: {");
    project.write("next.yaml", &odd);
    release(&project, |_| ()).expect("a release");
    let lock = project.read("project/Cargo.lock");
    assert!(lock.contains("version = \"0.1.1+v5beta.x\""), "{lock}");
    let manifest = project.read("project/generated/Cargo.toml");
    assert!(
        manifest.contains("version = \"0.1.1+v5beta.x\""),
        "{manifest}"
    );
}

#[test]
fn markers_can_be_let_go() {
    let project = project();
    let outcome = release(&project, |arguments| arguments.drop_markers = true).expect("a release");
    assert!(outcome.text.contains("(breaking)"), "{}", outcome.text);
    assert_eq!(project.read("project/spec/version"), "0.2.0\n");
    assert!(!project.path("project/spec/carried.yaml").exists());
}

#[test]
fn markers_that_are_kept_without_need_are_an_error() {
    let project = project();
    project.write(
        "project/spec/carried.yaml",
        "reason: r\nfilters: {GET /things: [label]}\n",
    );
    let failure = project
        .generate(&Default::default())
        .expect_err("the document has it itself");
    assert!(
        failure.to_string().contains("GET /things: filter `label`"),
        "{failure}"
    );
}

#[test]
fn it_tells_a_pull_request_as_markdown() {
    let project = project();
    let report = project.path("report.md");
    let outcome = release(&project, |arguments| {
        arguments.drop_markers = true;
        arguments.report = Some(report);
    });
    outcome.expect("a release");
    let text = project.read("report.md");
    assert!(
        text.starts_with("# Release 1.3.0 of the API: linode-sdk 0.1.0 → 0.2.0 (breaking)\n"),
        "{text}"
    );
    assert!(text.contains("<details>"), "{text}");
}

#[test]
fn what_is_always_there_is_looked_at_again() {
    let project = project();
    project.write(
        "project/README.md",
        "<!-- generate: run -->\n<!-- end -->\n",
    );
    project.write(
        "project/spec/corrections.yaml",
        "presence: [{type: Thing, fields: {label: 3}, seen_in: [GET /things], reason: present and not null in every object of this type that was seen}]\n\
         nullable: [{type: Thing, field: colour, seen_in: [GET /things], reason: seen}]\n",
    );
    project.generate(&Default::default()).expect("a crate");
    let table = "operation\tobject\tfield\tobjects\tpresent\tnull\n\
        GET /things\t/data/*\tid\t9\t9\t0\nGET /things\t/data/*\tlabel\t9\t8\t0\n";
    project.write("samples/presence.tsv", table);
    project.write("samples/handmade.jsonl", "");
    project.write("samples/recorded.jsonl", "");
    let next = next_release().replace("colour: {", "colour: {nullable: true, ");
    project.write("next.yaml", &next);
    let outcome = release(&project, |arguments| {
        arguments.carry_markers = true;
        arguments.samples = Some(project.path("samples"));
    });
    let text = outcome.expect("a release").text;
    for told in [
        "+ Thing.id (in 9 objects)",
        "- Thing.label",
        "`Thing.colour` being null: ",
        "linode-sdk 0.1.0 → 0.2.0 (breaking)",
    ] {
        assert!(text.contains(told), "{told} is not in {text}");
    }
    assert_eq!(project.check().code, 0, "{}", project.check().text);
    let readme = project.read("project/README.md");
    assert!(
        readme.contains("release 1.3.0") && !readme.contains("warning"),
        "{readme}"
    );
}

#[test]
fn without_samples_it_stays_as_it_was() {
    let project = project();
    project.write(
        "project/spec/corrections.yaml",
        "presence: [{type: Thing, fields: {id: 3}, seen_in: [GET /things], reason: seen}]\n",
    );
    project.generate(&Default::default()).expect("a crate");
    let outcome = release(&project, |arguments| arguments.carry_markers = true);
    let text = outcome.expect("a release").text;
    assert!(text.contains("1 types keep what is always there"), "{text}");
    assert_eq!(project.check().code, 0, "{}", project.check().text);
}

#[test]
fn a_comparison_keeps_the_markers_that_a_release_would_keep() {
    let project = project();
    release(&project, |arguments| arguments.carry_markers = true).expect("a release");
    let pinned = project.path("project/spec/linode.yaml");
    let same = xtask::diff::run(
        &project.workspace,
        &xtask::diff::Arguments::of(pinned),
        false,
    );
    let text = same.expect("a comparison").text;
    assert!(text.contains("the documents say the same"), "{text}");
}

#[test]
fn every_command_finishes_what_was_interrupted() {
    let project = project();
    let root = project.path("project");
    // As an interruption right after the decision leaves it.
    project.write("project/.release/0", "kept\n");
    project.write(
        "project/.release/journal.json",
        r#"[{"path": "spec/note.txt", "staged": "0"}, {"path": "CHANGELOG.md", "staged": null}]"#,
    );
    let cli = <xtask::cli::Cli as clap::Parser>::try_parse_from(["xtask", "pin", "--check"])
        .expect("a command");
    cli.run(&project.workspace).expect("a check");
    assert_eq!(project.read("project/spec/note.txt"), "kept\n");
    assert!(!root.join(".release").exists());
    switch(&root, &Changes::from([("spec/note.txt".to_owned(), None)])).expect("a change");
    assert!(!finish(&root).expect("nothing is left"));
}
