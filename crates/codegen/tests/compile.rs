//! What comes of the fixtures compiles: without a warning of the compiler, of Clippy, or of rustdoc, prose included.
//!
//! Rustc takes longer to start than to compile a fixture. So they are modules of one crate, each with a test that calls
//! every operation with a value for everything it takes; what is about the crate as a whole is a crate of its own.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use linode_codegen::{Files, proof};
use support::bundled::bundled;
use support::{Generated, fixture_names, generated, project};

/// Fixtures that are crates of their own.
const CRATES: [&str; 2] = ["hostile_names", "rare_constructs"];

/// What a generated crate is called, in its manifest and in code.
const PACKAGE: &str = "linode-sdk";
const CRATE: &str = "linode_sdk";

/// An original with prose, for those who have it.
const ORIGINAL: &str = "../shared/spec/linode-4.176.0.yaml";

#[test]
fn fixtures_compile_and_document_without_a_warning() {
    let workspace = Workspace::create();
    workspace.add_modules(&fixture_names());
    for name in CRATES {
        let fixture = support::fixture(name);
        workspace.add_crate(name, &fixture.files);
        workspace.add_calls(name, "calls", &calls(&fixture, &format!("fixture_{name}")));
    }
    let bundled = generated("bundled.json", &bundled(12).0);
    workspace.add_crate("bundled", &bundled.files);
    workspace.add_calls("bundled", "calls", &calls(&bundled, "fixture_bundled"));
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

/// A workspace of generated crates.
struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// An empty one that resolves its dependencies as the project does.
    fn create() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures");
        if root.exists() {
            std::fs::remove_dir_all(&root).expect("the folder of the last run can be removed");
        }
        let workspace = Self { root };
        workspace.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n",
        );
        let lock =
            std::fs::read_to_string(project().join("Cargo.lock")).expect("the project's lock file");
        workspace.write("Cargo.lock", &lock);
        workspace
    }

    /// Each of these as a module of one crate.
    fn add_modules(&self, names: &[String]) {
        let names: Vec<&String> = names
            .iter()
            .filter(|name| !CRATES.contains(&name.as_str()))
            .collect();
        let mut library = "//! Every fixture as a module.\n".to_owned();
        for name in &names {
            let fixture = support::fixture(name);
            for (path, text) in sources(&fixture.files) {
                let path = if path == "lib.rs" {
                    format!("{name}.rs")
                } else {
                    format!("{name}/{path}")
                };
                self.write(
                    &format!("modules/src/{path}"),
                    &text.replace("crate::", &format!("crate::{name}::")),
                );
            }
            library.push_str(&format!("pub mod {name};\n"));
            self.add_calls(
                "modules",
                name,
                &calls(&fixture, &format!("fixture_modules::{name}")),
            );
            self.write("modules/Cargo.toml", &manifest("modules", &fixture.files));
        }
        let modules: Vec<String> = names
            .iter()
            .map(|name| format!("#[path = \"calls/{name}.rs\"]\nmod {name};\n"))
            .collect();
        self.write(
            "modules/tests/every.rs",
            &format!(
                "//! Calls every operation of every fixture.\n{}",
                modules.concat()
            ),
        );
        self.write("modules/src/lib.rs", &library);
    }

    fn add_crate(&self, name: &str, files: &Files) {
        for (path, text) in sources(files) {
            self.write(&format!("{name}/src/{path}"), text);
        }
        self.write(&format!("{name}/Cargo.toml"), &manifest(name, files));
    }

    /// Calls of a crate of one fixture are a test, those of a fixture that is a module a module of a test.
    fn add_calls(&self, package: &str, name: &str, calls: &str) {
        const HEAD: &str =
            "//! Calls every operation.\n#![allow(clippy::all, dead_code, deprecated)]\n";
        let (folder, head) = match package {
            "modules" => ("tests/calls", HEAD.to_owned()),
            _ => ("tests", format!("{HEAD}#![allow(uncommon_codepoints)]\n")),
        };
        self.write(
            &format!("{package}/{folder}/{name}.rs"),
            &format!("{head}{calls}"),
        );
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let folder = path.parent().expect("a path below the root");
        std::fs::create_dir_all(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Runs cargo here; without the network where everything is at hand already.
    fn cargo(&self, command: &[&str], rest: &[&str]) {
        let resolved = self
            .command(&["metadata", "--format-version", "1", "--offline"])
            .output();
        let at_hand = resolved.is_ok_and(|output| output.status.success());
        let offline: &[&str] = if at_hand { &["--offline"] } else { &[] };
        let arguments = [command, offline, rest].concat();
        let output = self.command(&arguments).output().expect("cargo runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "cargo {} in {}:\n{said}",
            arguments.join(" "),
            self.root.display()
        );
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(&self.root);
        // A folder that outlives the sources: what the runtime stands on is compiled on the first run alone.
        command.env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixtures-target"),
        );
        command
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS");
        command
    }
}

/// The Rust files, by their paths below `src`.
fn sources(files: &Files) -> impl Iterator<Item = (&str, &String)> {
    files
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix("src/")?, text)))
}

/// The manifest under a name of its own. The library has no tests: it need not be compiled a second time for them.
fn manifest(name: &str, files: &Files) -> String {
    let package = format!("fixture-{}", name.replace('_', "-"));
    format!(
        "{}\n[lib]\ntest = false\n",
        files["Cargo.toml"].replace(PACKAGE, &package)
    )
}
