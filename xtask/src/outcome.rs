//! What a command says when it is done, or why it can't be.
//!
//! ```
//! use xtask::outcome::Outcome;
//! assert_eq!(Outcome::fine("done\n").code, 0);
//! assert_eq!(Outcome::differs("- a\n+ b\n").code, 1);
//! ```

use std::io;
use std::path::PathBuf;

use linode_spec::correct::{UnreadableSample, Unused};
use linode_spec::load::LoadError;
use linode_spec::name::Collision;

/// The exit code for input that can't be used; so is a wrong command line.
pub const UNUSABLE: u8 = 2;

/// A command that came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What there is to read.
    pub text: String,
    /// The exit code.
    pub code: u8,
}

impl Outcome {
    /// Everything is as it should be.
    ///
    /// ```
    /// assert_eq!(xtask::outcome::Outcome::fine("read me").text, "read me");
    /// ```
    pub fn fine(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: 0,
        }
    }

    /// A check found a difference.
    ///
    /// ```
    /// assert_eq!(xtask::outcome::Outcome::differs("read me").code, 1);
    /// ```
    pub fn differs(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            code: 1,
        }
    }
}

/// Why a command could not do its work. Nothing was written, unless it says so.
///
/// ```
/// use xtask::outcome::Failure;
/// let failure = Failure::Unowned { folder: "generated".into(), files: vec!["notes.txt".to_owned()] };
/// assert!(failure.to_string().contains("notes.txt"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// A file or folder that can't be read.
    #[error("{}: can't be read: {source}; {advice}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// What to do.
        advice: &'static str,
    },
    /// A file that can't be written. What was written before it stays; the command can be run again.
    #[error("{}: can't be written: {source}; put that right and run the command again", path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A document that can't be loaded.
    #[error("{error}\n{}", advice(.error))]
    Document {
        /// Why.
        error: LoadError,
    },
    /// A file of the project that is not what it should be.
    #[error("{file}: {what}")]
    Malformed {
        /// Which, from the project's root.
        file: String,
        /// What is wrong with it, and where.
        what: String,
    },
    /// A line of a sample file that can't be used.
    #[error("{}: {source}", path.display())]
    Sample {
        /// The file.
        path: PathBuf,
        /// Which line, and why.
        source: UnreadableSample,
    },
    /// Two things can only be called the same.
    #[error("{0}\nname one of them in spec/names.lock and generate again")]
    Collision(#[from] Collision),
    /// Corrections that name nothing or change nothing.
    #[error("spec/corrections.yaml has entries without effect on spec/linode.yaml:{}\nremove them, or have them derived again with `cargo xtask corrections presence --write`; after a renaming in spec/names.lock, rename there too", lines(.0))]
    IdleCorrections(Vec<Unused>),
    /// Markers that are kept without need.
    #[error("spec/carried.yaml keeps markers that have no place in spec/linode.yaml, or that it has itself:{}\nremove them", lines(.0))]
    IdleMarkers(Vec<String>),
    /// A document that has lost most of the filters, or of the grants, of the one before it.
    #[error(
        "release {release} has lost its markers, or most of them: {filters} filters of {lists} lists, and {grants} grants, would be gone.\nIf the API filters as before, `--carry-markers` keeps them at every position that still exists; if it does not, `--drop-markers` lets them go"
    )]
    MarkersLost {
        /// The release that lost them.
        release: String,
        /// How many filters it has a place for.
        filters: usize,
        /// Of how many lists.
        lists: usize,
        /// How many grants it has a place for.
        grants: usize,
    },
    /// A change of many files was interrupted, and files of it were changed since.
    #[error(
        "a release was interrupted while its files were put into their places, and {path} has changed since.\nto have the earlier state, take all files from version control; either way remove .release/, and run the release again for the later one"
    )]
    Interrupted {
        /// The first file that is not as it was left.
        path: String,
    },
    /// Files that the generator did not write, where it writes.
    #[error("{} has files that the generator did not write; move them away, it would replace or remove them:{}", folder.display(), lines(.files))]
    Unowned {
        /// The folder.
        folder: PathBuf,
        /// The files, from that folder.
        files: Vec<String>,
    },
    /// A file that came out as no Rust.
    #[error(transparent)]
    Generator(#[from] linode_codegen::Malformed),
    /// Options that don't go together.
    #[error("{0}")]
    Usage(String),
    /// Another program failed.
    #[error("`{program}` failed: {said}")]
    Failed {
        /// Which, and with what.
        program: String,
        /// What it said.
        said: String,
    },
    /// Another program could not be started.
    #[error("`{program}` can't be started: {source}")]
    Program {
        /// Which.
        program: String,
        /// What the system says.
        source: io::Error,
    },
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        Self::Document { error }
    }
}

/// What to do about a document that can't be loaded.
fn advice(error: &LoadError) -> &'static str {
    match error {
        LoadError::NotParseable { .. } => "give it an OpenAPI document, as YAML or JSON",
        LoadError::CutOff { .. } => "get the document again, all of it",
        LoadError::NotOpenApi3 { .. } => "give it an OpenAPI 3 document",
        LoadError::NoOperations { .. } => "give it a document with paths that have methods",
        LoadError::Strict(_) => {
            "if a defect is upstream's and its repair is right, accept it with its reason in spec/accepted.yaml"
        }
        _ => "see above",
    }
}

/// A line for each item, below the line before.
fn lines<T: ToString>(items: &[T]) -> String {
    items
        .iter()
        .map(|item| format!("\n  {}", item.to_string()))
        .collect()
}
