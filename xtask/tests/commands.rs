//! The program itself: what it prints and how it exits.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use support::{DOCUMENT, Project};
use xtask::workspace::{SAMPLES, Workspace};
use xtask::{corrections, list, pin, report};

/// Runs the program on the temporary project: the folder of its crate is what tells it where the project is.
fn xtask(project: &Project, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command
        .env("CARGO_MANIFEST_DIR", project.path("project/xtask"))
        .current_dir(project.folder.path());
    command
        .args(arguments)
        .output()
        .expect("the program starts")
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("an exit code")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn clean_and_stale_have_their_exit_codes() {
    let project = Project::generated();
    assert_eq!(code(&xtask(&project, &["generate", "--check"])), 0);
    fs::remove_file(project.path("project/generated/Cargo.toml")).unwrap();
    let stale = xtask(&project, &["generate", "--check"]);
    assert_eq!(code(&stale), 1);
    assert!(String::from_utf8_lossy(&stale.stdout).contains("missing: Cargo.toml"));
}

#[test]
fn what_can_not_be_used_is_exit_code_2_and_nothing_written() {
    let project = Project::pinned();
    project.write("empty.yaml", "");
    project.write("cut.yaml", &DOCUMENT[..DOCUMENT.len() / 2]);
    project.write("cut.json", r#"{"openapi": "3.0.1", "info": {"ti"#);
    project.write("other.json", r#"{"name": "not an API", "version": 3}"#);
    project.write("swagger.json", r#"{"swagger": "2.0", "paths": {}}"#);
    project.write(
        "no-operations.yaml",
        "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {}\n",
    );
    fs::write(project.path("binary"), [0u8, 159, 146, 150, 255, 0, 1]).unwrap();
    let files = [
        "empty.yaml",
        "cut.yaml",
        "cut.json",
        "other.json",
        "swagger.json",
        "no-operations.yaml",
        "binary",
        "missing.yaml",
        "project",
    ];
    for file in files {
        let output = xtask(&project, &["generate", "--spec", file, "--out", "out"]);
        let told = stderr(&output);
        assert_eq!(code(&output), 2, "{file}: {told}");
        assert!(
            told.starts_with("error: ") && told.contains(file),
            "{file}: {told}"
        );
        assert!(!told.contains("panicked"), "{file}: {told}");
        assert!(!project.path("out").exists(), "{file}");
        assert_eq!(
            code(&xtask(&project, &["report", "--spec", file])),
            2,
            "{file}"
        );
    }
}

#[test]
fn options_that_do_not_go_together_are_refused() {
    let project = Project::pinned();
    let wrong: [&[&str]; 6] = [
        &["generate", "--spec", "original.yaml"],
        &["pin"],
        &["pin", "--check", "original.yaml"],
        &["replay"],
        &["corrections"],
        &["generate", "--chekc"],
    ];
    for arguments in wrong {
        assert_eq!(code(&xtask(&project, arguments)), 2, "{arguments:?}");
    }
}

#[test]
fn every_command_has_help() {
    let project = Project::pinned();
    for command in [
        &["--help"][..],
        &["pin", "--help"],
        &["generate", "--help"],
        &["report", "--help"],
        &["corrections", "presence", "--help"],
        &["replay", "--help"],
    ] {
        let output = xtask(&project, command);
        assert_eq!(code(&output), 0, "{command:?}");
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("Usage: cargo xtask"),
            "{command:?}"
        );
    }
}

#[test]
fn the_pin_is_checked_to_the_byte() {
    let project = Project::pinned();
    assert_eq!(pin::check(&project.workspace).unwrap().code, 0);
    assert!(
        !project
            .read("project/spec/linode.yaml")
            .contains("A long introduction.")
    );
    let text = project
        .read("project/spec/linode.yaml")
        .replace("getThings", "getThinks");
    project.write("project/spec/linode.yaml", &text);
    let checked = pin::check(&project.workspace).unwrap();
    assert_eq!(checked.code, 1);
    assert!(checked.text.contains("SHA-256"), "{}", checked.text);
}

#[test]
fn an_original_that_can_not_be_used_leaves_the_pin_alone() {
    let project = Project::pinned();
    let before = project.files("project");
    project.write("bad.yaml", "openapi: 3.0.1\npaths: {}\n");
    assert!(pin::run(&project.workspace, &project.path("bad.yaml")).is_err());
    assert_eq!(before, project.files("project"));
}

#[test]
fn the_report_accounts_for_the_document() {
    let project = Project::generated();
    let text = report::run(&project.workspace, None, true).unwrap().text;
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["release"], "1.2.3");
    assert_eq!(json["operations"], 3);
    assert_eq!(json["paginated_lists"], 1);
    assert_eq!(
        json["filterable_fields"],
        serde_json::json!([["GET /things", "label"]])
    );
    assert_eq!(json["parameters"], 2);
    assert_eq!(json["enums"], 1);
    assert_eq!(json["answer_fields"], 3);
    assert_eq!(json["numbered_names"], 0);
    let told = report::run(&project.workspace, None, false).unwrap().text;
    assert!(told.contains("operations  3"), "{told}");
}

#[test]
fn an_unknown_key_is_in_the_report() {
    let project = Project::generated();
    project.write(
        "new.yaml",
        &DOCUMENT.replace(
            "operationId: getThings",
            "operationId: getThings\n      x-linode-novelty: true",
        ),
    );
    let json = report::run(&project.workspace, Some(&project.path("new.yaml")), true)
        .unwrap()
        .text;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["unknown_keys"][0]["key"], "x-linode-novelty");
    assert_eq!(json["unknown_keys"][0]["pointer"], "/paths/~1things/get");
}

#[test]
fn presence_is_derived_proposed_and_then_applied() {
    let project = Project::generated();
    project.write("samples/presence.tsv", "operation\tobject\tfield\tobjects\tpresent\tnull\nGET /things\t/data/*\tid\t9\t9\t0\nGET /things\t/data/*\tlabel\t9\t9\t2\n");
    project.write(
        "samples/handmade.jsonl",
        "{\"path\": \"/things\", \"response_body\": {\"data\": [{\"id\": 1, \"label\": \"a\"}]}}\n",
    );
    project.write("samples/recorded.jsonl", "");
    let mut arguments = corrections::Arguments {
        samples: Some(project.path("samples")),
        write: false,
    };
    let shown = corrections::run(&project.workspace, &arguments).unwrap();
    assert!(
        shown.text.contains("+ Thing.id (in 10 objects)") && !shown.text.contains("Thing.label"),
        "{}",
        shown.text
    );
    assert!(!project.path("project/spec/corrections.yaml").exists());

    arguments.write = true;
    corrections::run(&project.workspace, &arguments).unwrap();
    assert_eq!(
        project.check().code,
        1,
        "the crate is behind its corrections now"
    );
    project
        .generate(&xtask::generate::Arguments::default())
        .unwrap();
    assert_eq!(project.check().code, 0);
    let again = corrections::run(&project.workspace, &arguments).unwrap();
    assert!(again.text.ends_with("; 0 changes\n"), "{}", again.text);
}

#[test]
fn an_empty_object_counts_against_every_field() {
    let project = Project::generated();
    project.write(
        "samples/presence.tsv",
        "operation\tobject\tfield\tobjects\tpresent\tnull\nGET /things\t/data/*\tid\t9\t9\t0\n",
    );
    project.write("samples/handmade.jsonl", "");
    let recorded =
        r#"{"method": "GET", "path": "/things", "status": 200, "response_body": {"data": [{}]}}"#;
    project.write("samples/recorded.jsonl", recorded);
    let arguments = corrections::Arguments {
        samples: Some(project.path("samples")),
        write: false,
    };
    let shown = corrections::run(&project.workspace, &arguments).unwrap();
    assert_eq!(
        shown.text,
        "0 fields of 0 types are always there; 0 changes\n"
    );
}

#[test]
fn a_line_of_samples_that_is_none_is_named() {
    let project = Project::generated();
    project.write("samples/presence.tsv", "header\nGET /things\tid\n");
    let arguments = corrections::Arguments {
        samples: Some(project.path("samples")),
        write: true,
    };
    let failure = corrections::run(&project.workspace, &arguments)
        .unwrap_err()
        .to_string();
    assert!(failure.contains("presence.tsv: line 2: "), "{failure}");
    assert!(!project.path("project/spec/corrections.yaml").exists());
}

#[test]
fn the_project_itself_is_up_to_date() {
    let workspace = Workspace::here();
    assert_eq!(pin::check(&workspace).unwrap().code, 0);
    let check = xtask::generate::Arguments {
        check: true,
        ..xtask::generate::Arguments::default()
    };
    let checked = xtask::generate::run(&workspace, &check).unwrap();
    assert_eq!(checked.code, 0, "{}", checked.text);
}

#[test]
fn the_corrections_are_what_the_samples_show() {
    let workspace = Workspace::here();
    if !Path::new(&workspace.path(SAMPLES)).is_dir() {
        println!("skipped: {SAMPLES} is not there");
        return;
    }
    let shown = corrections::run(&workspace, &corrections::Arguments::default()).unwrap();
    assert!(shown.text.ends_with("; 0 changes\n"), "{}", shown.text);
}

#[test]
fn what_the_readme_shows_is_written_anew_with_the_crate() {
    let project = Project::generated();
    let readme = "# Things\n\n<!-- generate: run -->\n<!-- end -->\n\n<!-- generate: figures -->\nold\n<!-- end -->\n";
    project.write("project/README.md", readme);
    let stale = project.check();
    assert_eq!(stale.code, 1);
    assert!(stale.text.contains("-old"), "{}", stale.text);

    let written = project.generate(&Default::default()).unwrap();
    assert!(
        written.text.contains("README.md: written"),
        "{}",
        written.text
    );
    let readme = project.read("project/README.md");
    for shown in [
        "```console\n$ cargo xtask generate\nrelease 1.2.3 of the Linode API, from spec/linode.yaml\n  3 operations, 1 of them lists; ",
        "next: nothing; the crate was up to date\n```\n<!-- end -->\n",
        "| lists / fields that they can be filtered by, typed | 1 / 1 | `cargo xtask report` |\n",
    ] {
        assert!(readme.contains(shown), "{shown} is not in {readme}");
    }
    assert_eq!(project.check().code, 0, "{}", project.check().text);
}

#[test]
fn the_copy_for_the_testkit_goes_along_with_the_crate() {
    let project = Project::generated();
    let copy = "project/crates/testkit/document.json";
    assert!(project.read(copy).starts_with("{\"openapi\":\"3.0.1\""));
    project.write(copy, "{}");
    let stale = project.check();
    assert!(
        stale.text.contains("crates/testkit/document.json"),
        "{}",
        stale.text
    );
}

#[test]
fn operations_are_listed_as_text_and_as_data() {
    let workspace = Workspace::here();
    let list = |pattern: &str, json: bool| {
        let arguments = list::Arguments {
            pattern: Some(pattern.to_owned()),
            json,
            ..Default::default()
        };
        list::run(&workspace, &arguments).unwrap()
    };
    let all = list("", false);
    let lines: Vec<&str> = all.text.lines().collect();
    let report = report::run(&workspace, None, true).unwrap().text;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["operations"], lines.len());
    let one = list("GET /volumes/{volumeId}", true);
    let data: serde_json::Value = serde_json::from_str(&one.text).unwrap();
    assert_eq!(data[0]["name"], "get_volume");
    assert_eq!(
        data[0]["input"]["properties"]["path"]["required"][0],
        "volumeId"
    );
    assert_eq!(list("no such thing", false).code, 1);
}

#[test]
fn corrections_are_checked_and_proposed() {
    let project = Project::generated();
    let workspace = &project.workspace;
    project.write(
        "project/spec/corrections.yaml",
        "nullable: [{type: Thing, field: colour, seen_in: [GET /things], reason: seen}]\n",
    );
    let checked = corrections::check(workspace, &Default::default()).unwrap();
    assert_eq!(checked.code, 0, "{}", checked.text);
    assert!(
        checked.text.contains("matters: `Thing.colour` being null"),
        "{}",
        checked.text
    );

    project.write("other.yaml", &DOCUMENT.replace("colour:", "hue:"));
    let other = corrections::CheckArguments {
        document: Some(project.path("other.yaml")),
    };
    let elsewhere = corrections::check(workspace, &other).unwrap();
    assert_eq!(elsewhere.code, 1);
    assert!(
        elsewhere
            .text
            .contains("does nothing: `Thing.colour` being null"),
        "{}",
        elsewhere.text
    );

    project.write(
        "seen.jsonl",
        r#"{"method": "GET", "path": "/things", "status": 200, "response_body": {"data": [{"id": 7, "colour": "blue", "size": 7}], "page": 1, "pages": 1, "results": 1}}"#,
    );
    let arguments = corrections::ProposeArguments {
        files: vec![project.path("seen.jsonl")],
        least: 1,
    };
    let proposed = corrections::propose(workspace, &arguments).unwrap().text;
    assert!(proposed.contains("# 2 proposals"), "{proposed}");
    assert!(
        proposed.contains("field: size\n  is: integer"),
        "{proposed}"
    );
    assert!(proposed.contains("- blue"), "{proposed}");
}
