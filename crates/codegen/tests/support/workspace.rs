//! Generated crates that are built.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use linode_codegen::Files;

use super::project;

/// What a generated crate is called in its manifest.
const PACKAGE: &str = "linode-sdk";

/// A workspace of generated crates.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// An empty one that resolves its dependencies as the project does.
    pub fn create(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
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

    /// A crate of its own: `fixture-NAME`.
    pub fn add_crate(&self, name: &str, files: &Files) {
        for (path, text) in sources(files) {
            self.write(&format!("{name}/src/{path}"), text);
        }
        self.write(&format!("{name}/Cargo.toml"), &manifest(name, files));
    }

    /// A module of a crate whose library declares it.
    pub fn add_module(&self, package: &str, module: &str, files: &Files) {
        for (path, text) in sources(files) {
            let path = if path == "lib.rs" {
                format!("{module}.rs")
            } else {
                format!("{module}/{path}")
            };
            self.write(
                &format!("{package}/src/{path}"),
                &text.replace("crate::", &format!("crate::{module}::")),
            );
        }
        self.write(&format!("{package}/Cargo.toml"), &manifest(package, files));
    }

    /// A file, from the root.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let folder = path.parent().expect("a path below the root");
        std::fs::create_dir_all(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        std::fs::write(&path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }

    /// Runs cargo here, which has to succeed.
    pub fn cargo(&self, command: &[&str], rest: &[&str]) {
        let output = self.run(command, rest);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "cargo {} {} in {}:\n{said}",
            command.join(" "),
            rest.join(" "),
            self.root.display()
        );
    }

    /// Runs cargo here; without the network where everything is at hand already.
    pub fn run(&self, command: &[&str], rest: &[&str]) -> Output {
        let resolved = self
            .command(&["metadata", "--format-version", "1", "--offline"])
            .output();
        let at_hand = resolved.is_ok_and(|output| output.status.success());
        let offline: &[&str] = if at_hand { &["--offline"] } else { &[] };
        let arguments = [command, offline, rest].concat();
        self.command(&arguments).output().expect("cargo runs")
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
