//! The passes, in order: bytes → document → api → kept markers → types of the lock → names → corrected api → files.
//!
//! Every command that needs a document's meaning goes through [`understand`]; [`Model::files`] is the last pass.
//!
//! ```
//! use linode_spec::carry::Carried;
//! use linode_spec::correct::Corrections;
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::name::Lock;
//! use xtask::pipeline::{Source, understand};
//!
//! let text = "openapi: 3.0.1\ninfo: {title: t, version: 1.2.3}\npaths: {/tags: {get: {responses: {200: {description: ''}}}}}\n";
//! let source = Source { file: "small.yaml".into(), bytes: text.into(), accepted: Accepted::default(), strict: false, carried: Carried::default() };
//! let mut model = understand(&source, &Lock::default(), &Corrections::default())?;
//! assert_eq!(model.names.operations[0].method, "get_tags");
//! assert!(model.files(&linode_codegen::Options::new("../core"))?.contains_key("src/tags.rs"));
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use std::time::{Duration, Instant};

use linode_codegen::{Files, Options, generate};
use linode_spec::api::Api;
use linode_spec::carry::Carried;
use linode_spec::correct::{Corrections, Unused};
use linode_spec::diagnostic::Accepted;
use linode_spec::identity::identify;
use linode_spec::load::{Document, load};
use linode_spec::name::{Lock, Names, name};
use linode_spec::normalise::normalise;

use crate::outcome::Failure;

/// A document before it is read, and how it is to be read.
#[derive(Clone, Debug)]
pub struct Source {
    /// What messages call it.
    pub file: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The defects that it may have.
    pub accepted: Accepted,
    /// Whether any other defect is an error.
    pub strict: bool,
    /// Markers that it lost, and that are kept.
    pub carried: Carried,
}

/// What a document means.
#[derive(Clone, Debug)]
pub struct Model {
    /// The document as it was loaded.
    pub document: Document,
    /// What it says, corrected.
    pub api: Api,
    /// What everything is called.
    pub names: Names,
    /// What the lock should hold of these names.
    pub lock: Lock,
    /// Corrections that had nothing to correct.
    pub idle: Vec<Unused>,
    /// Markers that are kept although they have no place, or are in the document themselves.
    pub idle_markers: Vec<String>,
    /// How long each pass took.
    pub passes: Vec<(&'static str, Duration)>,
}

/// Takes a document through the passes up to the corrected model.
///
/// # Errors
///
/// [`Failure::Document`] if it can't be loaded, [`Failure::Collision`] if names fall together.
///
/// ```
/// use linode_spec::{carry::Carried, correct::Corrections, diagnostic::Accepted, name::Lock};
/// use xtask::pipeline::{Source, understand};
///
/// let source = Source { file: "empty.yaml".into(), bytes: Vec::new(), accepted: Accepted::default(), strict: false, carried: Carried::default() };
/// assert!(understand(&source, &Lock::default(), &Corrections::default()).is_err());
/// ```
pub fn understand(
    source: &Source,
    lock: &Lock,
    corrections: &Corrections,
) -> Result<Model, Failure> {
    let mut passes = Vec::new();
    let clock = &mut passes;
    let document = timed(clock, "load", || {
        load(&source.file, &source.bytes, &source.accepted, source.strict)
    })?;
    let mut api = timed(clock, "normalise", || normalise(&document));
    let idle_markers = timed(clock, "carry", || source.carried.apply(&mut api));
    let mut api = timed(clock, "identify", || identify(api, lock));
    let (mut names, lock) = timed(clock, "name", || name(&api, lock))?;
    let idle = timed(clock, "correct", || corrections.apply(&mut api, &mut names));
    Ok(Model {
        document,
        api,
        names,
        lock,
        idle,
        idle_markers,
        passes,
    })
}

impl Model {
    /// The last pass: the files of the crate.
    ///
    /// # Errors
    ///
    /// [`Failure::Generator`] if a file came out as no Rust, which is a defect of the generator.
    ///
    /// ```no_run
    /// use linode_spec::correct::Corrections;
    /// use xtask::{pipeline::understand, workspace::Workspace};
    ///
    /// let workspace = Workspace::here();
    /// let mut model = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
    /// assert!(model.files(&linode_codegen::Options::new("../core"))?.contains_key("Cargo.toml"));
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn files(&mut self, options: &Options) -> Result<Files, Failure> {
        let (api, names) = (&self.api, &self.names);
        Ok(timed(&mut self.passes, "emit", || {
            generate(api, names, options)
        })?)
    }
}

fn timed<T>(
    passes: &mut Vec<(&'static str, Duration)>,
    pass: &'static str,
    work: impl FnOnce() -> T,
) -> T {
    let start = Instant::now();
    let result = work();
    passes.push((pass, start.elapsed()));
    result
}
