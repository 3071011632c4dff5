//! `replay`: decodes recorded answers with the generated crate, through the program of `linode-proof`.
//!
//! That program depends on the generated crate, which this tool must not: so cargo builds it when it is asked for.
//!
//! ```
//! use xtask::{replay, workspace::Workspace};
//! let command = replay::command(&Workspace::here(), &["recorded.jsonl".into()], true);
//! assert!(command.get_args().any(|argument| argument == "linode-replay"));
//! ```

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::outcome::{Failure, Outcome, UNUSABLE};
use crate::workspace::Workspace;

/// Runs it; its exit code is the command's.
///
/// # Errors
///
/// [`Failure::Program`] if cargo can't be started.
///
/// ```no_run
/// use xtask::{replay, workspace::Workspace};
/// let outcome = replay::run(&Workspace::here(), &["recorded.jsonl".into()], false)?;
/// assert_eq!(outcome.code, 0);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn run(workspace: &Workspace, files: &[PathBuf], json: bool) -> Result<Outcome, Failure> {
    let mut command = command(workspace, files, json);
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
