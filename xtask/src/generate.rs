//! `generate`: writes the client crate, or checks that it is what the generator writes.
//!
//! ```
//! use xtask::generate::{Arguments, run};
//! use xtask::workspace::Workspace;
//!
//! // A document of the user's needs a place of its own to be written to.
//! let arguments = Arguments { spec: Some("other.yaml".into()), ..Arguments::default() };
//! assert!(run(&Workspace::here(), &arguments).is_err());
//! ```

mod place;
mod summary;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use linode_codegen::{Files, Options};
use linode_spec::name::Lock;

use self::place::{Place, elsewhere, place};
use self::summary::Summary;
use crate::along::along;
use crate::outcome::{Failure, Outcome};
use crate::pipeline::{Model, Source, understand};
use crate::tree::{Difference, Tree};
use crate::unified::unified;
use crate::workspace::{GENERATED, LOCK, Workspace, place as put, write};

/// As many files are shown as diffs; of the others, the names.
const SHOWN: usize = 12;
/// A diff of more bytes than this is none that anyone reads.
const READABLE: usize = 100_000;

/// What to generate from, and where to.
#[derive(Clone, Debug, Default, Args)]
pub struct Arguments {
    /// Compare the whole folder with what would be written, write nothing, and exit with 1 if anything differs.
    #[arg(long)]
    pub check: bool,
    /// Another document than the pinned one: any release, YAML or JSON.
    #[arg(long, value_name = "FILE")]
    pub spec: Option<PathBuf>,
    /// Another folder than generated/: missing, empty, or holding generated files alone.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Stop at each defect of that document which spec/accepted.yaml does not list; the pinned one is always read so.
    #[arg(long)]
    pub strict: bool,
    /// Tell how long each pass took, and every diagnostic.
    #[arg(long)]
    pub verbose: bool,
}

/// Runs it.
///
/// # Errors
///
/// [`Failure`] if the input can't be used or the folder holds files that are not the generator's: nothing is written then.
///
/// ```
/// use xtask::generate::{Arguments, run};
/// use xtask::workspace::Workspace;
/// let nothing_pinned = run(&Workspace::at("elsewhere"), &Arguments::default());
/// assert!(nothing_pinned.is_err_and(|failure| failure.to_string().contains("cargo xtask pin")));
/// ```
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Result<Outcome, Failure> {
    let place = place(workspace, arguments)?;
    let lock = workspace.lock()?;
    let (source, mut model) = model(workspace, arguments, &lock)?;
    let files = model.files(&Options {
        standalone: !place.own,
        version: workspace.version()?.to_string(),
        ..Options::new(&place.core)
    })?;
    let tree = Tree::read(&place.folder)?;
    let locked = locked(&lock, &model, arguments);
    let beside = match arguments.is_of_the_project() {
        true => along(workspace, &source.bytes, &model, &files)?,
        false => BTreeMap::new(),
    };
    let beside = stale(workspace, beside)?;
    if arguments.check {
        let mut differences = tree.compare(&files);
        differences.extend(lock_diff(workspace, &lock, &locked)?);
        differences.extend(beside.into_iter().map(|file| file.difference()));
        return Ok(check(&differences, files.len(), &place));
    }
    let plan = tree.plan(&files).map_err(|files| Failure::Unowned {
        folder: place.folder.clone(),
        files,
    })?;
    plan.carry_out(&place.folder)?;
    let names_added = entries(&locked) - entries(&lock);
    if locked != lock {
        write(&workspace.path(LOCK), locked.render().as_bytes())?;
    }
    for file in &beside {
        put(&workspace.path(file.path), file.wanted.as_bytes())?;
    }
    let summary = Summary {
        arguments,
        model: &model,
        place: &place,
        files: &files,
        plan: &plan,
        names_added,
        beside: beside.iter().map(|file| file.path).collect(),
    };
    Ok(Outcome::fine(summary.to_string()))
}

/// What `generate` tells of a model and its files where the project's own crate is up to date.
///
/// ```no_run
/// use xtask::{generate::up_to_date, pipeline::understand, workspace::Workspace};
///
/// let workspace = Workspace::here();
/// let mut model = understand(&workspace.pinned(true)?, &workspace.lock()?, &workspace.corrections()?)?;
/// let files = model.files(&linode_codegen::Options::new("../core"))?;
/// assert!(up_to_date(&model, &files).ends_with("next: nothing; the crate was up to date\n"));
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn up_to_date(model: &Model, files: &Files) -> String {
    let place = Place {
        folder: GENERATED.into(),
        name: format!("{GENERATED}/"),
        core: String::new(),
        own: true,
    };
    let plan = crate::tree::Plan {
        unchanged: files.len(),
        ..crate::tree::Plan::default()
    };
    let summary = Summary {
        arguments: &Arguments::default(),
        model,
        place: &place,
        files,
        plan: &plan,
        names_added: 0,
        beside: Vec::new(),
    };
    summary.to_string()
}

/// A file beside the crate that is not as it should be.
struct Stale {
    path: &'static str,
    found: String,
    wanted: String,
}

impl Stale {
    fn difference(self) -> Difference {
        Difference::Changed {
            path: self.path.to_owned(),
            diff: unified(self.path, &self.found, &self.wanted),
        }
    }
}

fn stale(
    workspace: &Workspace,
    files: BTreeMap<&'static str, String>,
) -> Result<Vec<Stale>, Failure> {
    let mut stale = Vec::new();
    for (path, wanted) in files {
        let found = workspace.optional(path)?;
        if found != wanted {
            stale.push(Stale {
                path,
                found,
                wanted,
            });
        }
    }
    Ok(stale)
}

impl Arguments {
    /// Whether this is about the pinned document and the project's own crate.
    fn is_of_the_project(&self) -> bool {
        self.spec.is_none() && self.out.is_none()
    }
}

/// Writes the crate of a model to a folder outside of the project's own crate: missing, empty, or holding generated files alone.
///
/// # Errors
///
/// [`Failure`] if the folder is not such a one, or can't be written.
///
/// ```no_run
/// use xtask::{generate::write_crate, pipeline::understand, workspace::Workspace};
///
/// let workspace = Workspace::here();
/// let mut model = understand(&workspace.pinned(false)?, &workspace.lock()?, &workspace.corrections()?)?;
/// write_crate(&workspace, "target/other".as_ref(), &mut model)?;
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn write_crate(workspace: &Workspace, folder: &Path, model: &mut Model) -> Result<(), Failure> {
    let place = elsewhere(workspace, folder)?;
    let files = model.files(&Options {
        standalone: true,
        ..Options::new(&place.core)
    })?;
    let tree = Tree::read(&place.folder)?;
    let plan = tree.plan(&files).map_err(|files| Failure::Unowned {
        folder: place.folder.clone(),
        files,
    })?;
    plan.carry_out(&place.folder)
}

/// The model of the document that is asked for. The pinned one has to be without fault, and so have its corrections.
fn model(
    workspace: &Workspace,
    arguments: &Arguments,
    lock: &Lock,
) -> Result<(Source, Model), Failure> {
    let corrections = workspace.corrections()?;
    let spec = arguments.spec.as_deref();
    let source = workspace.asked(spec, arguments.strict || spec.is_none())?;
    let model = understand(&source, lock, &corrections)?;
    match model.idle.as_slice() {
        _ if spec.is_some() => Ok((source, model)),
        [] if model.idle_markers.is_empty() => Ok((source, model)),
        [] => Err(Failure::IdleMarkers(model.idle_markers)),
        idle => Err(Failure::IdleCorrections(idle.to_vec())),
    }
}

/// The lock as it should be. Only the pinned document in its own place adds to it.
fn locked(lock: &Lock, model: &Model, arguments: &Arguments) -> Lock {
    let mut locked = lock.clone();
    if arguments.is_of_the_project() {
        locked.extend(model.lock.clone());
    }
    locked
}

/// How many methods and positions a lock holds. It only ever grows, so that a difference in number is a difference.
pub fn entries(lock: &Lock) -> usize {
    lock.methods.len()
        + lock.filters.len()
        + lock
            .types
            .values()
            .chain(lock.left.values())
            .map(|positions| positions.len())
            .sum::<usize>()
}

fn lock_diff(
    workspace: &Workspace,
    lock: &Lock,
    locked: &Lock,
) -> Result<Option<Difference>, Failure> {
    if lock == locked {
        return Ok(None);
    }
    let diff = unified(LOCK, &workspace.optional(LOCK)?, &locked.render());
    Ok(Some(Difference::Changed {
        path: LOCK.to_owned(),
        diff,
    }))
}

fn check(differences: &[Difference], files: usize, place: &Place) -> Outcome {
    if differences.is_empty() {
        return Outcome::fine(format!(
            "{} is what the generator writes: {} files\n",
            place.name, files
        ));
    }
    let told = differences
        .iter()
        .enumerate()
        .map(|(i, difference)| tell(difference, i < SHOWN));
    let text: String = told.collect();
    let next = if place.own {
        "next: cargo xtask generate, and commit what it writes\n"
    } else {
        ""
    };
    Outcome::differs(format!(
        "{text}{} is not what the generator writes: {}\n{next}",
        place.name,
        count(differences.len())
    ))
}

fn tell(difference: &Difference, in_full: bool) -> String {
    match difference {
        Difference::Missing(path) => format!("missing: {path}\n"),
        Difference::Extra(path) => format!("not generated: {path}\n"),
        Difference::Changed { diff, .. } if in_full && diff.len() <= READABLE => diff.clone(),
        Difference::Changed { path, .. } => format!("changed: {path}\n"),
    }
}

fn count(files: usize) -> String {
    if files == 1 {
        "1 file differs".to_owned()
    } else {
        format!("{files} files differ")
    }
}
