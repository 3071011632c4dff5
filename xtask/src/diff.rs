//! `diff`: what changed between two documents, on the wire and for programs that use the crate, and the version that follows.
//!
//! ```
//! use xtask::diff::{Arguments, run};
//! use xtask::workspace::Workspace;
//!
//! let workspace = Workspace::here();
//! let same = run(&workspace, &Arguments::of(workspace.path("spec/linode.yaml")), false)?;
//! assert_eq!(same.code, 0);
//! assert!(same.text.contains("the documents say the same"), "{}", same.text);
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

mod github;
mod markdown;
mod sections;
mod text;

pub(crate) use self::markdown::markdown;
pub(crate) use self::text::text;

use std::env;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use linode_spec::correct::Corrections;
use linode_spec::diff::{Diff, Effect, Verdict, diff};

use crate::generate::write_crate;
use crate::markers::kept_on;
use crate::outcome::{Failure, Outcome};
use crate::pipeline::{Model, Source, understand};
use crate::workspace::{Workspace, given};

/// Which documents, and what to make of their differences.
#[derive(Clone, Debug, Args)]
#[command(allow_missing_positional = true)]
pub struct Arguments {
    /// The earlier document: the pinned one, if it is left out.
    #[arg(value_name = "OLD")]
    pub old: Option<PathBuf>,
    /// The later document: any release, YAML or JSON.
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// How to tell it.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// What makes the exit code 1; several with commas between.
    #[arg(
        long,
        value_name = "WHAT",
        value_delimiter = ',',
        default_value = "breaking"
    )]
    pub deny: Vec<Deny>,
    /// A line for each change, also for those that are counted otherwise because they matter little.
    #[arg(long)]
    pub all: bool,
    /// Write both crates as well, named alike, to DIR/old and DIR/new.
    #[arg(long, value_name = "DIR")]
    pub crates: Option<PathBuf>,
}

impl Arguments {
    /// The pinned document against a later one, as text.
    ///
    /// ```
    /// use xtask::diff::{Arguments, Format};
    /// assert_eq!(Arguments::of("openapi.yaml").format, Format::Text);
    /// ```
    pub fn of(new: impl Into<PathBuf>) -> Self {
        Self {
            old: None,
            new: new.into(),
            format: Format::Text,
            deny: vec![Deny::Breaking],
            all: false,
            crates: None,
        }
    }
}

/// How differences are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person at a terminal: coloured there, unless NO_COLOR is set.
    Text,
    /// For a pull request.
    Markdown,
    /// For a program: one object.
    Json,
    /// Annotations of a workflow of GitHub Actions.
    Github,
}

/// What is not to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// Programs that can no longer be built.
    Breaking,
    /// Requests that may no longer be taken, or answers that may no longer be as they were.
    Wire,
    /// Anything that is new to programs, or breaks them.
    Addition,
    /// Names that changed without a change of the API.
    Renames,
    /// Any difference.
    Any,
    /// Nothing: the exit code is 0 whatever changed.
    Nothing,
}

impl Deny {
    /// Whether the differences have it.
    ///
    /// ```
    /// use linode_spec::diff::Diff;
    /// use xtask::diff::Deny;
    /// assert!(!Deny::Any.applies(&Diff::default()));
    /// ```
    pub fn applies(self, diff: &Diff) -> bool {
        match self {
            Self::Breaking => diff.verdict == Verdict::Breaking,
            Self::Wire => diff.wire() == Effect::Breaking,
            Self::Addition => diff.verdict >= Verdict::Addition,
            Self::Renames => diff.unexplained_renames > 0,
            Self::Any => diff.verdict != Verdict::None,
            Self::Nothing => false,
        }
    }
}

/// Two documents, understood with the same names.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The earlier one.
    pub old: Model,
    /// The later one.
    pub new: Model,
    /// What changed.
    pub diff: Diff,
}

/// Runs it. Exit code 1 if the differences have what is denied. Text may be coloured.
///
/// # Errors
///
/// [`Failure`] if one of the documents can't be read, loaded or named.
///
/// ```
/// use xtask::diff::{Arguments, run};
/// use xtask::workspace::Workspace;
/// assert!(run(&Workspace::here(), &Arguments::of("no/such/file.yaml"), false).is_err());
/// ```
pub fn run(
    workspace: &Workspace,
    arguments: &Arguments,
    coloured: bool,
) -> Result<Outcome, Failure> {
    let old = match &arguments.old {
        Some(file) => given(file)?,
        None => workspace.pinned(false)?,
    };
    let mut new = given(&arguments.new)?;
    let mut compared = compare(workspace, &old, &new)?;
    // A release would keep them as well.
    if let Some(kept) = kept_on(&compared.old, &compared.new.api, &old.carried) {
        new.carried = kept;
        compared = compare(workspace, &old, &new)?;
    }
    if let Some(folder) = &arguments.crates {
        write_crate(workspace, &folder.join("old"), &mut compared.old)?;
        write_crate(workspace, &folder.join("new"), &mut compared.new)?;
    }
    let diff = &compared.diff;
    let text = match arguments.format {
        Format::Text => text::text(diff, arguments.all, coloured),
        Format::Markdown => markdown::markdown(diff, arguments.all),
        Format::Github => github::annotations(diff, &old.file, &new.file),
        // Numbers, texts and lists always have a JSON form.
        Format::Json => serde_json::to_string_pretty(diff).unwrap_or_default() + "\n",
    };
    Ok(match arguments.deny.iter().any(|deny| deny.applies(diff)) {
        true => Outcome::differs(text),
        false => Outcome::fine(text),
    })
}

/// Compares two documents. Both get their names of the project's lock; those that the earlier one adds hold for the later one.
///
/// # Errors
///
/// [`Failure::Document`] if one can't be loaded, [`Failure::Collision`] if names fall together.
///
/// ```
/// use xtask::{diff::compare, workspace::Workspace};
/// let workspace = Workspace::here();
/// let pinned = workspace.pinned(false)?;
/// assert_eq!(compare(&workspace, &pinned, &pinned)?.diff.changes, []);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn compare(workspace: &Workspace, old: &Source, new: &Source) -> Result<Compared, Failure> {
    compare_corrected(workspace, old, new, &workspace.corrections()?)
}

/// As [`compare`], where other corrections hold for the later document.
///
/// # Errors
///
/// As [`compare`].
///
/// ```
/// use xtask::{diff::compare_corrected, workspace::Workspace};
/// let workspace = Workspace::here();
/// let (pinned, corrections) = (workspace.pinned(false)?, workspace.corrections()?);
/// assert_eq!(compare_corrected(&workspace, &pinned, &pinned, &corrections)?.diff.changes, []);
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn compare_corrected(
    workspace: &Workspace,
    old: &Source,
    new: &Source,
    corrections: &Corrections,
) -> Result<Compared, Failure> {
    let mut lock = workspace.lock()?;
    let old = understand(old, &lock, &workspace.corrections()?)?;
    lock.extend(old.lock.clone());
    let new = understand(new, &lock, corrections)?;
    let version = workspace.version()?;
    let diff = diff((&old.api, &old.names), (&new.api, &new.names), version);
    Ok(Compared { old, new, diff })
}

/// Whether who reads is a person at a terminal who wants colours: see <https://no-color.org>.
///
/// ```
/// // Nobody else can tell what the environment is.
/// let _: bool = xtask::diff::is_coloured();
/// ```
pub fn is_coloured() -> bool {
    let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !refused
}
