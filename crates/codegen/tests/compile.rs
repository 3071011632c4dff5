//! What comes of the fixtures compiles: without a warning of the compiler, of Clippy, or of rustdoc, prose included.
//!
//! Rustc takes longer to start than to compile a fixture. So they are modules of one crate, each with a test that calls
//! every operation with a value for everything it takes; what is about the crate as a whole is a crate of its own.

mod support;

use linode_codegen::proof;
use support::bundled::bundled;
use support::workspace::Workspace;
use support::{Generated, fixture_names, generated, project};

/// Fixtures that are crates of their own.
const CRATES: [&str; 2] = ["hostile_names", "rare_constructs"];

/// What a generated crate is called in code.
const CRATE: &str = "linode_sdk";

/// An original with prose, for those who have it.
const ORIGINAL: &str = "../shared/spec/linode-4.176.0.yaml";

#[test]
fn fixtures_compile_and_document_without_a_warning() {
    let workspace = Workspace::create("fixtures");
    add_modules(&workspace, &fixture_names());
    for name in CRATES {
        let fixture = support::fixture(name);
        workspace.add_crate(name, &fixture.files);
        let calls = calls(&fixture, &format!("fixture_{name}"));
        add_calls(&workspace, name, "calls", &calls);
    }
    let bundled = generated("bundled.json", &bundled(12).0);
    workspace.add_crate("bundled", &bundled.files);
    let calls = calls(&bundled, "fixture_bundled");
    add_calls(&workspace, "bundled", "calls", &calls);
    match std::fs::read_to_string(project().join(ORIGINAL)) {
        Ok(text) => workspace.add_crate("original", &generated(ORIGINAL, &text).files),
        Err(error) => println!("{ORIGINAL}: skipped: {error}"),
    }
    workspace.cargo(
        &["clippy", "--workspace", "--lib", "--tests", "--keep-going"],
        &["--", "-D", "warnings"],
    );
    workspace.cargo(&["doc", "--workspace", "--no-deps", "--keep-going"], &[]);
}

/// The source that calls every operation of a crate.
fn calls(generated: &Generated, path: &str) -> String {
    let calls =
        proof::calls(&generated.api, &generated.names).unwrap_or_else(|e| panic!("{path}: {e}"));
    calls.replace(CRATE, path)
}

/// Each of these as a module of one crate.
fn add_modules(workspace: &Workspace, names: &[String]) {
    let names: Vec<&String> = names
        .iter()
        .filter(|name| !CRATES.contains(&name.as_str()))
        .collect();
    let mut library = "//! Every fixture as a module.\n".to_owned();
    for name in &names {
        let fixture = support::fixture(name);
        workspace.add_module("modules", name, &fixture.files);
        library.push_str(&format!("pub mod {name};\n"));
        let calls = calls(&fixture, &format!("fixture_modules::{name}"));
        add_calls(workspace, "modules", name, &calls);
    }
    let modules: Vec<String> = names
        .iter()
        .map(|name| format!("#[path = \"calls/{name}.rs\"]\nmod {name};\n"))
        .collect();
    workspace.write(
        "modules/tests/every.rs",
        &format!(
            "//! Calls every operation of every fixture.\n{}",
            modules.concat()
        ),
    );
    workspace.write("modules/src/lib.rs", &library);
}

/// Calls of a crate of one fixture are a test, those of a fixture that is a module a module of a test.
fn add_calls(workspace: &Workspace, package: &str, name: &str, calls: &str) {
    const HEAD: &str =
        "//! Calls every operation.\n#![allow(clippy::all, dead_code, deprecated)]\n";
    let (folder, head) = match package {
        "modules" => ("tests/calls", HEAD.to_owned()),
        _ => ("tests", format!("{HEAD}#![allow(uncommon_codepoints)]\n")),
    };
    workspace.write(
        &format!("{package}/{folder}/{name}.rs"),
        &format!("{head}{calls}"),
    );
}
