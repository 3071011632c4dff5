//! `replay`: makes recorded exchanges again with the generated crate, through the program of `linode-proof`.
//!
//! That program depends on the generated crate, which this tool must not: so cargo builds it when it is asked for.
//!
//! ```
//! use xtask::{replay, workspace::Workspace};
//! let command = replay::command(&Workspace::here(), &["recorded.jsonl".into()], true);
//! assert!(command.get_args().any(|argument| argument == "linode-replay"));
//! ```

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use crate::generate;
use crate::outcome::{Failure, Outcome, UNUSABLE};
use crate::workspace::{CORRECTIONS, GENERATED, Workspace, write};

/// Where the project stands once more, with nothing corrected but presence.
const COPY: &str = "target/rules-alone";

/// What of the project the copy does without.
const LEFT_OUT: [&str; 3] = ["target", ".git", GENERATED];

/// What to replay, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// Recorded exchanges, one JSON object a line.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// One JSON object instead of text.
    #[arg(long)]
    pub json: bool,
    /// With a crate in which nothing is corrected but presence: what the rules of the reader do alone.
    #[arg(long)]
    pub rules_alone: bool,
}

/// Runs it; its exit code is the command's.
///
/// # Errors
///
/// [`Failure::Program`] if cargo can't be started.
///
/// ```no_run
/// use xtask::{replay, workspace::Workspace};
/// let arguments = replay::Arguments { files: vec!["recorded.jsonl".into()], ..Default::default() };
/// assert_eq!(replay::run(&Workspace::here(), &arguments)?.code, 0);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut command = match arguments.rules_alone {
        true => command(&rules_alone(workspace)?, &arguments.files, arguments.json),
        false => command(workspace, &arguments.files, arguments.json),
    };
    command.env("CARGO_TARGET_DIR", workspace.path("target"));
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .map_err(|source| Failure::Program { program, source })?;
    let code = status
        .code()
        .and_then(|code| u8::try_from(code).ok())
        .unwrap_or(UNUSABLE);
    Ok(Outcome {
        text: String::new(),
        code,
    })
}

/// The command line: in the folder of the user, so that paths are theirs.
///
/// ```
/// use xtask::{replay, workspace::Workspace};
/// let command = replay::command(&Workspace::here(), &["a.jsonl".into()], false);
/// assert_eq!(command.get_args().last().unwrap(), "a.jsonl");
/// ```
pub fn command(workspace: &Workspace, files: &[PathBuf], json: bool) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(["run", "--quiet", "--manifest-path"])
        .arg(workspace.path("Cargo.toml"));
    command.args(["--package", "linode-proof", "--bin", "linode-replay", "--"]);
    if json {
        command.arg("--json");
    }
    command.args(files);
    command
}

/// The project once more, below its own target folder: its crate is generated with nothing corrected but presence.
fn rules_alone(workspace: &Workspace) -> Result<Workspace, Failure> {
    let (root, copy) = (workspace.path("."), workspace.path(COPY));
    copied(&root, &copy, &LEFT_OUT).map_err(|source| Failure::Unwritable {
        path: copy.clone(),
        source,
    })?;
    let other = Workspace::at(copy);
    let corrections = workspace.corrections()?.presence_alone();
    write(&other.path(CORRECTIONS), corrections.render().as_bytes())?;
    generate::run(&other, &generate::Arguments::default())?;
    Ok(other)
}

/// Copies a folder. What is there already stays as it is, so that cargo sees what changed.
fn copied(from: &Path, to: &Path, left_out: &[&str]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if left_out.iter().any(|left_out| name == *left_out) {
            continue;
        }
        let (path, target) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copied(&path, &target, left_out)?;
        } else if fs::read(&path)? != fs::read(&target).unwrap_or_default() || !target.exists() {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}
