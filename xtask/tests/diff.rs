//! `diff`: two documents compared, in every format.

mod support;

use clap::Parser;
use support::{DOCUMENT, Project};
use xtask::cli::Cli;
use xtask::diff::{Arguments, Deny, Format, run};
use xtask::outcome::{Failure, Outcome};

/// What a later release of the document might look like.
fn later() -> String {
    edited(&[
        ("version: 1.2.3", "version: 1.3.0"),
        ("operationId: getThings", "operationId: get-things"),
        (
            "enum: [red, green]}",
            "enum: [red, blue]}\n        shade: {type: string, x-linode-filterable: true}",
        ),
        (
            "properties: {label: {type: string}}",
            "required: [label], properties: {label: {type: string, maxLength: 10}, mood: {type: string}}",
        ),
    ])
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(DOCUMENT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// The pinned document against this text.
fn against(
    project: &Project,
    text: &str,
    change: impl FnOnce(&mut Arguments),
) -> Result<Outcome, Failure> {
    project.write("later.yaml", text);
    let mut arguments = Arguments::of(project.path("later.yaml"));
    change(&mut arguments);
    run(&project.workspace, &arguments, false)
}

/// The same in a format, with the folder of the project left out.
fn told(text: &str, change: impl FnOnce(&mut Arguments)) -> String {
    let project = Project::pinned();
    let outcome = against(&project, text, change).expect("documents that can be compared");
    let folder = project.folder.path().display().to_string();
    outcome.text.replace(&format!("{folder}/"), "")
}

fn json(text: &str) -> serde_json::Value {
    let text = told(text, |arguments| arguments.format = Format::Json);
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn for_a_person() {
    insta::assert_snapshot!("text", told(&later(), |_| ()));
}

#[test]
fn for_a_person_in_full() {
    insta::assert_snapshot!("text_all", told(&later(), |arguments| arguments.all = true));
}

#[test]
fn for_a_person_at_a_terminal() {
    let project = Project::pinned();
    project.write("later.yaml", &later());
    let coloured = run(
        &project.workspace,
        &Arguments::of(project.path("later.yaml")),
        true,
    )
    .expect("a comparison");
    assert!(
        coloured.text.contains("\u{1b}[31mbreaking: "),
        "{}",
        coloured.text
    );
    assert!(!told(&later(), |_| ()).contains('\u{1b}'));
}

#[test]
fn for_a_pull_request() {
    insta::assert_snapshot!(
        "markdown",
        told(&later(), |arguments| arguments.format = Format::Markdown)
    );
}

#[test]
fn for_a_workflow() {
    insta::assert_snapshot!(
        "github",
        told(&later(), |arguments| arguments.format = Format::Github)
    );
}

#[test]
fn for_a_program() {
    insta::assert_snapshot!(
        "json",
        told(&later(), |arguments| arguments.format = Format::Json)
    );
}

#[test]
fn what_is_in_the_document_can_not_break_a_format() {
    let hostile = edited(&[
        (
            "enum: [red, green]",
            "enum: [red, green, \"a|b`<b>\", \"x\\n::error::y\"]",
        ),
        (
            "operationId: getThings",
            "operationId: \"get`Things\\n::error file=x::z\"",
        ),
    ]);
    let markdown = told(&hostile, |arguments| {
        arguments.format = Format::Markdown;
        arguments.all = true;
    });
    let rows = markdown.lines().filter(|line| line.starts_with('|'));
    for row in rows {
        let cells = row.replace("\\|", "").matches('|').count();
        assert_eq!(cells, 5, "{row}");
    }
    let github = told(&hostile, |arguments| arguments.format = Format::Github);
    for line in github.lines() {
        assert!(
            line.starts_with("::notice file=") || line.starts_with("::error file=later"),
            "{line}"
        );
    }
}

#[test]
fn a_table_of_a_pull_request_ends_before_it_is_refused() {
    let operations: String = (0..2000).map(|n| format!("  /things/{{thingId}}/parts{n}:\n    delete: {{parameters: [{{name: thingId, in: path, required: true, schema: {{type: integer}}}}], responses: {{'204': {{description: ''}}}}}}\n")).collect();
    let many = edited(&[("components:", &format!("{operations}components:"))]);
    let markdown = told(&many, |arguments| arguments.format = Format::Markdown);
    assert!(
        markdown.chars().count() < 65_536,
        "{}",
        markdown.chars().count()
    );
    assert!(markdown.contains("… and "), "{markdown}");
}

#[test]
fn what_is_denied_decides_the_exit_code() {
    let project = Project::pinned();
    let added = edited(&[("enum: [red, green]", "enum: [red, green, blue]")]);
    let required = edited(&[(
        "properties: {label: {type: string}}",
        "required: [label], properties: {label: {type: string}}",
    )]);
    let table: [(&str, &[Deny], u8); 10] = [
        (&later(), &[Deny::Breaking], 1),
        (&later(), &[Deny::Nothing], 0),
        (&added, &[Deny::Breaking], 0),
        (&added, &[Deny::Addition], 1),
        (&added, &[Deny::Renames, Deny::Wire], 0),
        (&added, &[Deny::Renames, Deny::Any], 1),
        (&required, &[Deny::Breaking], 0),
        (&required, &[Deny::Addition], 0),
        (&required, &[Deny::Wire], 1),
        (DOCUMENT, &[Deny::Any], 0),
    ];
    for (text, deny, code) in table {
        let outcome = against(&project, text, |arguments| arguments.deny = deny.to_vec());
        assert_eq!(outcome.expect("a comparison").code, code, "{deny:?}");
    }
}

#[test]
fn the_command_line_takes_one_document_or_two() {
    let project = Project::generated();
    project.write("later.yaml", &later());
    let path = |file: &str| project.path(file).display().to_string();
    let run = |arguments: &[&str]| {
        let all = [&["xtask", "diff"], arguments].concat();
        Cli::try_parse_from(all).map(|cli| cli.run(&project.workspace))
    };
    let code = |arguments: &[&str]| {
        run(arguments)
            .expect("arguments")
            .expect("a comparison")
            .code
    };
    assert_eq!(code(&[&path("later.yaml")]), 1);
    assert_eq!(code(&[&path("original.yaml"), &path("later.yaml")]), 1);
    assert_eq!(code(&[&path("later.yaml"), &path("later.yaml")]), 0);
    assert_eq!(
        code(&[
            &path("later.yaml"),
            "--deny",
            "renames,nothing",
            "--format",
            "github"
        ]),
        0
    );
    assert!(run(&[]).is_err(), "there has to be a later document");
    assert!(run(&[&path("later.yaml"), "--deny", "everything"]).is_err());
    assert!(!project.path("project/out").exists(), "nothing is written");
}

#[test]
fn both_crates_are_written_where_that_is_asked_for() {
    let project = Project::generated();
    let lock = project.read("project/spec/names.lock");
    let new_operation = edited(&[(
        "    delete:\n      operationId: deleteThing",
        "    get:\n      responses: {'204': {description: ''}}\n      parameters: [{name: thingId, in: path, required: true, schema: {type: integer}}]\n    delete:\n      operationId: deleteThing",
    )]);
    let folder = project.path("out");
    against(&project, &new_operation, |arguments| {
        arguments.crates = Some(folder)
    })
    .expect("a comparison");
    assert!(
        !project
            .read("out/old/src/things.rs")
            .contains("fn get_thing(")
    );
    assert!(
        project
            .read("out/new/src/things.rs")
            .contains("fn get_thing(")
    );
    assert_eq!(lock, project.read("project/spec/names.lock"));
    let own = against(&project, DOCUMENT, |arguments| {
        arguments.crates = Some(project.path("project/generated"))
    });
    assert!(matches!(own, Err(Failure::Usage(_))), "{own:?}");
}

#[test]
fn a_document_that_can_not_be_used_is_named() {
    let project = Project::pinned();
    project.write("empty.yaml", "");
    project.write("prose.txt", "Once upon a time\n");
    project.write("swagger.json", "{\"swagger\": \"2.0\", \"paths\": {}}");
    for file in [
        "no/such.yaml",
        "empty.yaml",
        "prose.txt",
        "swagger.json",
        ".",
    ] {
        let failure = run(
            &project.workspace,
            &Arguments::of(project.path(file)),
            false,
        )
        .expect_err("no document");
        assert!(
            failure.to_string().contains(file.trim_end_matches('.')),
            "{failure}"
        );
        let mut arguments = Arguments::of(project.path("original.yaml"));
        arguments.old = Some(project.path(file));
        assert!(
            run(&project.workspace, &arguments, false).is_err(),
            "{file}"
        );
    }
}

#[test]
fn the_same_release_with_other_content_is_compared_all_the_same() {
    let diff = json(&edited(&[("enum: [red, green]", "enum: [red]")]));
    assert_eq!(diff["old_release"], diff["new_release"]);
    assert_eq!(
        (diff["verdict"].as_str(), diff["next_version"].as_str()),
        (Some("breaking"), Some("0.2.0"))
    );
}

#[test]
fn another_release_with_the_same_content_is_a_patch() {
    let diff = json(&edited(&[("version: 1.2.3", "version: 1.2.4")]));
    assert_eq!(
        (diff["verdict"].as_str(), diff["next_version"].as_str()),
        (Some("patch"), Some("0.1.1"))
    );
    assert_eq!(diff["changes"], serde_json::json!([]));
}

#[test]
fn documents_that_share_nothing_have_nothing_left() {
    let other = "openapi: 3.0.1\ninfo: {title: t, version: 9.0.0}\npaths: {/tags: {get: {responses: {200: {description: ''}}}}}\n";
    let diff = json(other);
    assert_eq!(diff["verdict"], "breaking");
    assert_eq!(diff["unexplained_renames"], 0);
    let changes = diff["changes"].as_array().expect("changes");
    let kinds: Vec<&str> = changes
        .iter()
        .filter_map(|change| change["became"].as_str())
        .collect();
    assert!(
        kinds.contains(&"added") && kinds.contains(&"removed") && !kinds.contains(&"changed"),
        "{diff:#}"
    );
}

#[test]
fn the_version_in_the_path_or_in_the_address_is_no_change_for_programs() {
    let parameter = |versions: &str| {
        format!(
            "{{name: apiVersion, in: path, required: true, schema: {{type: string, enum: [{versions}]}}}}"
        )
    };
    let bundled = |versions: &str| {
        edited(&[
            ("https://api.example.com/v4", "https://api.example.com"),
            (
                "  /things:\n",
                &format!(
                    "  /{{apiVersion}}/things:\n    parameters: [{}]\n",
                    parameter(versions)
                ),
            ),
            (
                "  /things/{thingId}:\n",
                &format!(
                    "  /{{apiVersion}}/things/{{thingId}}:\n    parameters: [{}]\n",
                    parameter(versions)
                ),
            ),
        ])
    };
    let diff = json(&bundled("v4"));
    assert_eq!(
        (
            diff["verdict"].as_str(),
            diff["changes"].as_array().map(Vec::len)
        ),
        (Some("none"), Some(0)),
        "{diff:#}"
    );
    let beta = json(&bundled("v4beta"));
    assert_eq!(beta["verdict"], "patch", "{beta:#}");
    let told = beta["changes"].as_array().expect("changes");
    assert!(
        told.iter()
            .all(|change| change["subject"] == "operation" && change["rust"] == "none"),
        "{beta:#}"
    );
    assert!(
        told.iter()
            .any(|change| change["what"] == "is no longer served by `v4`"
                && change["wire"] == "breaking"),
        "{beta:#}"
    );
}

#[test]
fn an_answer_that_loses_what_programs_rely_on_breaks_them() {
    let project = Project::pinned();
    let seen = "seen_in: [GET /things, 'PUT /things/{}'], reason: seen";
    project.write(
        "project/spec/corrections.yaml",
        &format!("presence: [{{type: Thing, fields: {{label: 9}}, {seen}}}]\n"),
    );
    project
        .generate(&Default::default())
        .expect("the document can be generated from");
    let whole = "'200': {description: The thing., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}";
    let without = "'200': {description: The thing., content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}";
    let text = edited(&[(whole, without)]);
    let told = against(&project, &text, |_| ()).expect("a comparison");
    assert_eq!(told.code, 1, "{}", told.text);
    for line in [
        "types::Thing.label is no longer in `PUT /things/{} answer` (on the wire: breaking)",
        "types::Thing.colour is no longer in `PUT /things/{} answer`",
    ] {
        assert!(told.text.contains(line), "{line} is not in {}", told.text);
    }
}
