//! `release`: the way from an original to a crate that can be published, in one command.
//!
//! It pins the original, generates, compares with what was pinned, takes the version from the verdict, writes the entry of the changelog,
//! and has the tests run. What there is to write is put together first and then changed as one, so that an interruption leaves the
//! project as it was or as it should be.
//!
//! ```
//! use xtask::release::{Arguments, run};
//! use xtask::workspace::Workspace;
//! let arguments = Arguments { original: "no/such/file.yaml".into(), dry_run: true, ..Arguments::default() };
//! assert!(run(&Workspace::here(), &arguments).is_err());
//! ```

mod changelog;
mod plan;
mod told;

use std::env;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::Command;

use clap::{ArgAction, Args};

use self::plan::plan;
use crate::outcome::{Failure, Outcome};
use crate::switch::switch;
use crate::workspace::{Workspace, write};

/// What has to hold before a release is committed.
const TESTS: [&[&str]; 2] = [
    &["xtask", "generate", "--check"],
    &["test", "--workspace", "--all-features"],
];

/// What to release.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// The original document of the new release: YAML or JSON.
    pub original: PathBuf,
    /// Keep the filter markers and grants of the pinned document, at every position that still exists.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "false", default_missing_value = "true", action = ArgAction::Set)]
    pub carry_markers: bool,
    /// Let them go: the API no longer filters.
    #[arg(long, conflicts_with = "carry_markers")]
    pub drop_markers: bool,
    /// Recorded answers, which show the fields that are always there: as for `corrections presence` [default: ../shared/samples
    /// beside the project, where it is].
    #[arg(long, value_name = "DIR")]
    pub samples: Option<PathBuf>,
    /// Tell all of it, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Leave the tests to somebody else.
    #[arg(long)]
    pub skip_tests: bool,
    /// The day of the changelog's entry, as 2026-01-31; today in UTC, if it is left out.
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Write it as markdown as well, for a pull request.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// Runs it. Exit code 1 if the tests find something.
///
/// # Errors
///
/// [`Failure`] if the original can't be used, or has lost its markers and nothing is said about that: nothing is written then.
///
/// ```
/// use xtask::release::{Arguments, run};
/// use xtask::workspace::Workspace;
/// let workspace = Workspace::here();
/// let original = workspace.path("spec/linode.yaml");
/// let told = run(&workspace, &Arguments { original, dry_run: true, ..Arguments::default() })?;
/// assert!(told.text.contains("nothing was written"), "{}", told.text);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let plan = plan(workspace, arguments)?;
    let mut text = told::told(&plan);
    if let Some(file) = &arguments.report {
        write(file, told::as_markdown(&plan).as_bytes())?;
    }
    if plan.changes.is_empty() {
        text.push_str("\nit is what is pinned, and nothing was written\n");
        return Ok(Outcome::fine(text));
    }
    if arguments.dry_run {
        text.push_str("\na dry run, and nothing was written\n");
        return Ok(Outcome::fine(text));
    }
    switch(&workspace.path(""), &plan.changes)?;
    if arguments.skip_tests {
        text.push_str("\nnext: .ci/run, then commit\n");
        return Ok(Outcome::fine(text));
    }
    for command in TESTS {
        if let Some(complaint) = cargo(workspace, command)? {
            text.push_str(&format!(
                "\nthe release is written, and `cargo {}` finds fault with it:\n{complaint}\n",
                command.join(" ")
            ));
            return Ok(Outcome::differs(text));
        }
    }
    text.push_str("\nthe tests pass; next: commit\n");
    Ok(Outcome::fine(text))
}

/// Runs cargo in the project; the end of what it says, if it fails.
fn cargo(workspace: &Workspace, arguments: &[&str]) -> Result<Option<String>, Failure> {
    const SHOWN: usize = 60;
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .args(arguments)
        .current_dir(workspace.path(""))
        .env("INSTA_UPDATE", "no");
    let program = command.get_program().to_string_lossy().into_owned();
    let said = said_by(command).map_err(|source| Failure::Program { program, source })?;
    Ok(said.map(|said| {
        let lines: Vec<&str> = said.lines().collect();
        lines[lines.len().saturating_sub(SHOWN)..].join("\n")
    }))
}

/// What a program says, of errors and otherwise, in the order in which it does, if it fails.
fn said_by(mut command: Command) -> io::Result<Option<String>> {
    let (mut said, says) = io::pipe()?;
    let mut running = command.stdout(says.try_clone()?).stderr(says).spawn()?;
    // The command holds the other end of the pipe open as well.
    drop(command);
    let mut bytes = Vec::new();
    said.read_to_end(&mut bytes)?;
    let failed = !running.wait()?.success();
    Ok(failed.then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::said_by;

    #[test]
    fn a_program_that_fails_is_heard() {
        let cargo = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO"));
            command.args(arguments);
            said_by(command).expect("a program that runs")
        };
        assert_eq!(cargo(&["--version"]), None);
        let said = cargo(&["no-such-command"]).expect("a failure");
        assert!(said.contains("no-such-command"), "{said}");
    }
}
