//! Crates of a corpus as cargo sees them: each where it was written, all in one target folder, so that what they stand on is built once.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use linode_codegen::Files;

use crate::outcome::Failure;
use crate::tree::Tree;
use crate::workspace::{CORE, Workspace, write};

/// Where the crates are written, and what is built of them.
const FOLDER: &str = "target/corpus";
/// So many lines of a complaint are told.
const SHOWN: usize = 40;

/// Builds crates.
pub struct Builder {
    folder: PathBuf,
    lock: Vec<u8>,
    /// `linode-core`, from the root of the file system.
    pub core: String,
}

impl Builder {
    pub fn new(workspace: &Workspace) -> Result<Self, Failure> {
        let core = workspace.path(CORE);
        let core = core.canonicalize().unwrap_or(core);
        let lock = workspace.optional("Cargo.lock")?.into_bytes();
        Ok(Self {
            folder: workspace.path(FOLDER),
            lock,
            core: core.to_string_lossy().replace('\\', "/"),
        })
    }

    /// Writes the crate of a document and builds it; what cargo complains of, if it does.
    pub fn build(&self, document: &str, files: &Files) -> Result<Option<String>, Failure> {
        let folder = self.folder.join("crates").join(document);
        let tree = Tree::read(&folder)?;
        let plan = tree.plan(files).map_err(|files| Failure::Unowned {
            folder: folder.clone(),
            files,
        })?;
        plan.carry_out(&folder)?;
        // The versions that the project is tested with.
        write(&folder.join("Cargo.lock"), &self.lock)?;
        let clippy = [
            "clippy",
            "--quiet",
            "--lib",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ];
        let doc = ["doc", "--quiet", "--no-deps", "--lib", "--all-features"];
        for command in [&clippy[..], &doc] {
            if let Some(complaint) = self.cargo(&folder, command)? {
                return Ok(Some(complaint));
            }
        }
        Ok(None)
    }

    fn cargo(&self, folder: &Path, arguments: &[&str]) -> Result<Option<String>, Failure> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .env("RUSTDOCFLAGS", "-D warnings")
            .env_remove("RUSTFLAGS");
        let program = command.get_program().to_string_lossy().into_owned();
        let output = command
            .output()
            .map_err(|source| Failure::Program { program, source })?;
        if output.status.success() {
            return Ok(None);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let shown: Vec<&str> = said.lines().take(SHOWN).collect();
        Ok(Some(format!(
            "cargo {}:\n{}",
            arguments.join(" "),
            shown.join("\n")
        )))
    }
}
