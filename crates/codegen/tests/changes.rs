//! What the comparison of two releases says of each kind of change, and the compiler's word on it: a program that was built with
//! the earlier crate can be built with the later one, unless the change is called breaking.

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use linode_spec::diff::{Diff, Verdict, Version, diff};
use serde::Deserialize;
use support::workspace::Workspace;
use support::{Generated, generated, generated_with};

/// A kind of change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What of the earlier document becomes what; each is there once.
    edits: Vec<(String, String)>,
    verdict: String,
    program: String,
}

impl Case {
    /// The name of its module.
    fn module(&self) -> String {
        self.name
            .to_lowercase()
            .replace([' ', ','], "_")
            .replace("__", "_")
    }

    fn breaks(&self) -> bool {
        self.verdict == "breaking"
    }

    fn later(&self, old: &Generated) -> Generated {
        let mut text = read("base.yaml");
        for (from, to) in &self.edits {
            assert_eq!(text.matches(from).count(), 1, "{}: {from}", self.name);
            text = text.replace(from, to);
        }
        generated_with(&self.name, &text, &old.lock)
    }
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/changes")
        .join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn cases() -> Vec<Case> {
    serde_yaml::from_str(&read("cases.yaml")).unwrap_or_else(|e| panic!("cases.yaml: {e}"))
}

fn base() -> Generated {
    generated("base.yaml", &read("base.yaml"))
}

fn compared(old: &Generated, new: &Generated) -> Diff {
    diff(
        (&old.api, &old.names),
        (&new.api, &new.names),
        Version::new(0, 1, 0),
    )
}

#[test]
fn every_kind_of_change_is_told_with_its_meaning() {
    let old = base();
    let mut told = String::new();
    let mut wrong = Vec::new();
    for case in cases() {
        let diff = compared(&old, &case.later(&old));
        if diff.verdict.to_string() != case.verdict {
            wrong.push(format!(
                "{}: {} instead of {}",
                case.name, diff.verdict, case.verdict
            ));
        }
        if diff.verdict == Verdict::None {
            assert_eq!(diff.changes, [], "{}", case.name);
        }
        assert_eq!(
            diff.unexplained_renames, 0,
            "{}: {:?}",
            case.name, diff.renames
        );
        let _ = writeln!(told, "{}: {}", case.name, diff.verdict);
        for change in &diff.changes {
            let (wire, rust) = (change.wire, change.rust);
            let _ = writeln!(
                told,
                "  {change}\n    on the wire: {wire}; for programs: {rust}"
            );
            for item in &change.code {
                let _ = writeln!(told, "    {item}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\n{told}");
    insta::assert_snapshot!("changes", told);
}

#[test]
fn the_compiler_agrees_with_the_verdicts() {
    let (old, cases) = (base(), cases());
    let workspace = Workspace::create("changes");
    workspace.add_crate("old", &old.files);
    let mut library = "//! Every later release as a module.\n".to_owned();
    let mut programs = "//! Programs that have to compile.\n#![allow(dead_code, deprecated, missing_docs, unused_imports)]\n".to_owned();
    for case in &cases {
        let module = case.module();
        workspace.add_module("new", &module, &case.later(&old).files);
        let _ = writeln!(library, "pub mod {module};");
        let before = program("fixture_old", case);
        let after = program(&format!("fixture_new::{module}"), case);
        let _ = writeln!(programs, "mod {module}_before {{ {before} }}");
        if case.breaks() {
            let example =
                format!("#![allow(deprecated, unused_imports)]\n{after}\nfn main() {{}}\n");
            workspace.write(&format!("programs/examples/{module}.rs"), &example);
        } else {
            let _ = writeln!(programs, "mod {module}_after {{ {after} }}");
        }
    }
    workspace.write("new/src/lib.rs", &library);
    workspace.write("programs/src/lib.rs", &programs);
    workspace.write(
        "programs/Cargo.toml",
        "[package]\nname = \"programs\"\nedition = \"2024\"\n\n[dependencies]\nfixture-old = { path = \"../old\" }\nfixture-new = { path = \"../new\" }\n",
    );
    workspace.cargo(&["check", "--package", "programs", "--lib"], &[]);

    let check = [
        "check",
        "--package",
        "programs",
        "--examples",
        "--keep-going",
        "--message-format",
        "json",
    ];
    let output = workspace.run(&check, &[]);
    let refused: BTreeSet<String> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(refused)
        .collect();
    let foretold: BTreeSet<String> = cases
        .iter()
        .filter(|case| case.breaks())
        .map(Case::module)
        .collect();
    assert!(foretold.len() > 20, "{foretold:?}");
    assert_eq!(
        refused,
        foretold,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The program against a crate.
fn program(of: &str, case: &Case) -> String {
    format!("use {of}::*;\n{}", case.program)
}

/// The example that a message of the compiler refuses.
fn refused(line: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(line).ok()?;
    let is_error =
        message["reason"] == "compiler-message" && message["message"]["level"] == "error";
    is_error.then(|| message["target"]["name"].as_str().map(str::to_owned))?
}
