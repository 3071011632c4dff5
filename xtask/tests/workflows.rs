//! The files of GitHub Actions: they read as YAML, every step is one command that this tool or the project has, and none has more rights than
//! it needs.

use std::fs;
use std::path::Path;

use clap::Parser;
use serde_yaml::Value;
use xtask::cli::Cli;
use xtask::workspace::Workspace;

/// What a workflow may be given, and what for.
const RIGHTS: [(&str, &[&str]); 2] = [
    ("ci.yml", &["contents: read"]),
    ("upstream.yml", &["contents: write", "pull-requests: write"]),
];

fn workflows() -> Vec<(String, Value)> {
    let folder = Workspace::here().path(".github/workflows");
    let mut workflows = Vec::new();
    for entry in fs::read_dir(folder).expect("the workflows").flatten() {
        let text = fs::read_to_string(entry.path()).expect("a text");
        let value =
            serde_yaml::from_str(&text).unwrap_or_else(|e| panic!("{:?}: {e}", entry.path()));
        workflows.push((entry.file_name().to_string_lossy().into_owned(), value));
    }
    workflows.sort_by(|a, b| a.0.cmp(&b.0));
    workflows
}

/// Every step of a workflow.
fn steps(workflow: &Value) -> Vec<&Value> {
    let jobs = workflow["jobs"].as_mapping().expect("jobs");
    jobs.values()
        .flat_map(|job| job["steps"].as_sequence().expect("steps"))
        .collect()
}

#[test]
fn each_has_its_rights_and_no_others() {
    let names: Vec<String> = workflows().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, RIGHTS.map(|(name, _)| name));
    for ((name, workflow), (_, rights)) in workflows().iter().zip(RIGHTS) {
        let mut given = Vec::new();
        let jobs = workflow["jobs"].as_mapping().expect("jobs");
        for level in jobs.values().chain([workflow]) {
            for (what, right) in level["permissions"].as_mapping().into_iter().flatten() {
                given.push(format!(
                    "{}: {}",
                    what.as_str().expect("a name"),
                    right.as_str().expect("a word")
                ));
            }
        }
        assert_eq!(given, rights, "{name}");
        assert!(
            workflow.get("permissions").is_some(),
            "{name}: the default would be more"
        );
    }
}

#[test]
fn actions_are_pinned() {
    for (name, workflow) in workflows() {
        for action in steps(&workflow)
            .iter()
            .filter_map(|step| step["uses"].as_str())
        {
            let (action, at) = action.split_once('@').expect("a revision");
            assert!(
                at.len() == 40 && at.bytes().all(|b| b.is_ascii_hexdigit()),
                "{name}: {action}@{at} can change"
            );
            assert!(
                action.starts_with("actions/"),
                "{name}: {action} is of somebody else"
            );
        }
    }
}

#[test]
fn every_step_is_a_command_that_exists() {
    for (name, workflow) in workflows() {
        let commands = steps(&workflow)
            .into_iter()
            .filter_map(|step| step["run"].as_str());
        for command in commands.map(with_values) {
            assert_eq!(command.lines().count(), 1, "{name}: a script in {command}");
            let words: Vec<&str> = command.split_whitespace().collect();
            match words.as_slice() {
                ["cargo", "xtask", ..] => {
                    let parsed = Cli::try_parse_from(&words[1..]);
                    assert!(
                        parsed.is_ok(),
                        "{name}: {command}: {}",
                        parsed.err().map(|e| e.to_string()).unwrap_or_default()
                    );
                }
                [script] => assert!(
                    is_program(&Workspace::here().path(script)),
                    "{name}: {script}"
                ),
                _ => panic!(
                    "{name}: {command} is neither a command of this tool nor a script of the project"
                ),
            }
        }
    }
}

/// A command with a value in the place of each expression.
fn with_values(command: &str) -> String {
    let mut out = String::new();
    let mut rest = command;
    while let Some((before, after)) = rest.split_once("${{") {
        let (_, after) = after.split_once("}}").expect("an expression that ends");
        out.push_str(before);
        out.push_str("true");
        rest = after;
    }
    out + rest
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[test]
fn what_a_step_reads_another_one_writes() {
    let (_, workflow) = workflows()
        .into_iter()
        .find(|(name, _)| name == "upstream.yml")
        .expect("the workflow");
    let steps = steps(&workflow);
    let fetched = steps
        .iter()
        .position(|step| step["id"].as_str() == Some("upstream"))
        .expect("the step");
    for step in &steps[fetched + 1..] {
        assert_eq!(
            step["if"].as_str(),
            Some("steps.upstream.outputs.new == 'true'"),
            "{step:?}"
        );
    }
    let writes = |word: &str| {
        steps
            .iter()
            .position(|step| step["run"].as_str().is_some_and(|run| run.contains(word)))
    };
    assert!(
        writes("--to target/upstream/openapi.yaml")
            < writes("release target/upstream/openapi.yaml")
    );
    assert!(
        writes("release target/upstream/openapi.yaml")
            < writes("upstream propose --report target/upstream/report.md")
    );
}
