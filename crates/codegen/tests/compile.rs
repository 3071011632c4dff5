//! What comes of the fixtures compiles: without a warning of the compiler, of Clippy, or of rustdoc, prose included.
//!
//! All of them are members of one workspace below the build's own folder, so that the runtime and what it stands on are
//! compiled once. Each has beside its sources a test that calls every operation with a value for everything it takes.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use linode_codegen::proof;
use support::{Generated, fixture_names, generated, project};

/// What a generated crate is called, in its manifest and in code.
const PACKAGE: &str = "linode-sdk";
const CRATE: &str = "linode_sdk";

/// An original with prose, for those who have it.
const ORIGINAL: &str = "../shared/spec/linode-4.176.0.yaml";

#[test]
fn fixtures_compile_and_document_without_a_warning() {
    let workspace = Workspace::create();
    for name in fixture_names() {
        workspace.add(&name, &support::fixture(&name));
    }
    match std::fs::read_to_string(project().join(ORIGINAL)) {
        Ok(text) => workspace.add("original", &generated(ORIGINAL, &text)),
        Err(error) => println!("{ORIGINAL}: skipped: {error}"),
    }
    workspace.cargo(
        &["clippy", "--workspace", "--all-targets"],
        &["--", "-D", "warnings"],
    );
    workspace.cargo(&["doc", "--workspace", "--no-deps"], &[]);
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
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
        );
        let lock =
            std::fs::read_to_string(project().join("Cargo.lock")).expect("the project's lock file");
        workspace.write("Cargo.lock", &lock);
        workspace
    }

    fn add(&self, name: &str, generated: &Generated) {
        let package = format!("fixture-{}", name.replace('_', "-"));
        let renamed = |text: &str| {
            text.replace(PACKAGE, &package)
                .replace(CRATE, &package.replace('-', "_"))
        };
        for (path, text) in &generated.files {
            self.write(&format!("crates/{name}/{path}"), &renamed(text));
        }
        let calls = proof::calls(&generated.api, &generated.names)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let head = "//! Calls every operation.\n#![allow(clippy::all, dead_code, deprecated, non_ascii_idents)]\n";
        self.write(
            &format!("crates/{name}/tests/calls.rs"),
            &format!("{head}{}", renamed(&calls)),
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
