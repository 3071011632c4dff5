//! Where things are in the project, and how they are read.
//!
//! ```
//! use xtask::workspace::Workspace;
//! let workspace = Workspace::here();
//! assert!(workspace.path("spec/linode.yaml").is_file());
//! ```

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use linode_spec::carry::Carried;
use linode_spec::correct::Corrections;
use linode_spec::diagnostic::Accepted;
use linode_spec::diff::Version;
use linode_spec::name::Lock;

use crate::lock::faults;
use crate::outcome::Failure;
use crate::pipeline::Source;

/// The pinned document.
pub const DOCUMENT: &str = "spec/linode.yaml";
/// What the pinned document was derived from.
pub const MANIFEST: &str = "spec/pin.toml";
/// The copy of the pinned document that the testkit carries.
pub const EMBEDDED: &str = "crates/testkit/document.json";
/// The defects of the pinned document that are accepted.
pub const ACCEPTED: &str = "spec/accepted.yaml";
/// Every name ever given.
pub const LOCK: &str = "spec/names.lock";
/// What the live API does otherwise.
pub const CORRECTIONS: &str = "spec/corrections.yaml";
/// Markers that the pinned document lost, and that are kept.
pub const CARRIED: &str = "spec/carried.yaml";
/// The version of the crate that is generated.
pub const VERSION: &str = "spec/version";
/// The snapshot of every public item of the crate that is generated.
pub const SURFACE: &str = "crates/codegen/tests/snapshots/public_surface.snap";
/// What changed for users, release by release.
pub const CHANGELOG: &str = "CHANGELOG.md";
/// What a visitor reads first.
pub const README: &str = "README.md";
/// The versions that the project is built with.
pub const CARGO_LOCK: &str = "Cargo.lock";
/// The crate that is generated.
pub const GENERATED: &str = "generated";
/// The crate that generated code stands on.
pub const CORE: &str = "crates/core";
/// Material beside the project, where it is at hand.
pub const SAMPLES: &str = "../shared/samples";

/// The project's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// The project that this tool was built in, wherever it is started.
    ///
    /// ```
    /// assert!(xtask::workspace::Workspace::here().path("Cargo.toml").is_file());
    /// ```
    pub fn here() -> Self {
        let started = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let crate_folder = started.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = crate_folder
            .parent()
            .map(Path::to_owned)
            .unwrap_or(crate_folder);
        Self { root }
    }

    /// A project in another folder.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert!(Workspace::at("elsewhere").path("spec").ends_with("elsewhere/spec"));
    /// ```
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// A place in the project.
    ///
    /// ```
    /// use xtask::workspace::{GENERATED, Workspace};
    /// assert!(Workspace::at("a").path(GENERATED).ends_with("generated"));
    /// ```
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The pinned document, with the defects that are accepted in it.
    ///
    /// # Errors
    ///
    /// [`Failure::Unreadable`] without the document, [`Failure::Malformed`] if the list of defects is no such list.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// let source = Workspace::here().pinned(true)?;
    /// assert_eq!(source.file, "spec/linode.yaml");
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn pinned(&self, strict: bool) -> Result<Source, Failure> {
        let accepted = self.accepted()?;
        let carried = Carried::parse(&self.optional(CARRIED)?);
        let carried = carried.map_err(|e| malformed(CARRIED, e))?;
        let bytes = read(
            &self.path(DOCUMENT),
            "`cargo xtask pin` writes it from an original",
        )?;
        Ok(Source {
            file: DOCUMENT.to_owned(),
            bytes,
            accepted,
            strict,
            carried,
        })
    }

    /// The document that a command is asked about: the pinned one, or another that the user names. A strict reading of
    /// either stops at each defect that the project has not accepted.
    ///
    /// # Errors
    ///
    /// As [`pinned`](Self::pinned) and [`given`] have them.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert!(Workspace::here().asked(None, true)?.strict);
    /// assert!(Workspace::here().asked(Some("no/such/file.yaml".as_ref()), true).is_err());
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn asked(&self, spec: Option<&Path>, strict: bool) -> Result<Source, Failure> {
        match spec {
            None => self.pinned(strict),
            Some(file) if strict => Ok(Source {
                accepted: self.accepted()?,
                strict,
                ..given(file)?
            }),
            Some(file) => given(file),
        }
    }

    fn accepted(&self) -> Result<Accepted, Failure> {
        let text = self.optional(ACCEPTED)?;
        let accepted = Accepted::from_yaml(if text.trim().is_empty() { "[]" } else { &text });
        accepted.map_err(|e| malformed(ACCEPTED, e))
    }

    /// The names that were given.
    ///
    /// # Errors
    ///
    /// [`Failure::Malformed`] if the file is no lock, or names in it can't be; none at all is an empty lock.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert!(Workspace::at("elsewhere").lock()?.types.is_empty());
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn lock(&self) -> Result<Lock, Failure> {
        let text = self.optional(LOCK)?;
        let lock = Lock::parse(&text).map_err(|e| malformed(LOCK, e))?;
        match faults(&lock) {
            faults if faults.is_empty() => Ok(lock),
            faults => Err(malformed(LOCK, faults.join(&format!("\n{LOCK}: ")))),
        }
    }

    /// The corrections of the document.
    ///
    /// # Errors
    ///
    /// [`Failure::Malformed`] if the file is no list of corrections; none at all corrects nothing.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert!(Workspace::at("elsewhere").corrections()?.presence.is_empty());
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn corrections(&self) -> Result<Corrections, Failure> {
        let text = self.optional(CORRECTIONS)?;
        Corrections::parse(&text).map_err(|e| malformed(CORRECTIONS, e))
    }

    /// The version of the crate that is generated, without build metadata; that of the other crates, as long as there was no release.
    ///
    /// # Errors
    ///
    /// [`Failure::Malformed`] if the file holds no version.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert_eq!(Workspace::at("elsewhere").version()?.to_string(), env!("CARGO_PKG_VERSION"));
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn version(&self) -> Result<Version, Failure> {
        let text = self.optional(VERSION)?;
        let text = match text.trim() {
            "" => env!("CARGO_PKG_VERSION"),
            text => text,
        };
        text.parse().map_err(|e| malformed(VERSION, e))
    }

    /// The text of a file of the project; of a file that is not there, the empty text.
    ///
    /// # Errors
    ///
    /// [`Failure::Unreadable`] for anything else that keeps it from being read.
    ///
    /// ```
    /// use xtask::workspace::Workspace;
    /// assert_eq!(Workspace::here().optional("no such file")?, "");
    /// # Ok::<(), xtask::outcome::Failure>(())
    /// ```
    pub fn optional(&self, relative: &str) -> Result<String, Failure> {
        let path = self.path(relative);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(source) => Err(Failure::Unreadable {
                path,
                source,
                advice: "it has to be a text file",
            }),
        }
    }
}

fn malformed(file: &str, what: impl ToString) -> Failure {
    Failure::Malformed {
        file: file.to_owned(),
        what: what.to_string(),
    }
}

/// A document that the user names.
///
/// # Errors
///
/// [`Failure::Unreadable`] if there is no such file.
///
/// ```
/// let missing = xtask::workspace::given("no/such/file.yaml".as_ref());
/// assert!(missing.is_err_and(|failure| failure.to_string().starts_with("no/such/file.yaml: ")));
/// ```
pub fn given(path: &Path) -> Result<Source, Failure> {
    let bytes = read(path, "give it the path of an OpenAPI document")?;
    Ok(Source {
        file: path.display().to_string(),
        bytes,
        accepted: Accepted::default(),
        strict: false,
        carried: Carried::default(),
    })
}

/// The bytes of a file.
///
/// # Errors
///
/// [`Failure::Unreadable`] with the advice.
///
/// ```
/// assert!(xtask::workspace::read("no/such/file".as_ref(), "look elsewhere").is_err());
/// ```
pub fn read(path: &Path, advice: &'static str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::Unreadable {
        path: path.to_owned(),
        source,
        advice,
    })
}

/// Writes a file.
///
/// # Errors
///
/// [`Failure::Unwritable`] with what the system says.
///
/// ```
/// assert!(xtask::workspace::write("no/such/folder/file".as_ref(), b"text").is_err());
/// ```
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|source| Failure::Unwritable {
        path: path.to_owned(),
        source,
    })
}

/// Writes a file, and the folder that it is in.
///
/// # Errors
///
/// [`Failure::Unwritable`] with what the system says.
///
/// ```
/// // No folder can be made below a file.
/// assert!(xtask::workspace::place("Cargo.toml/folder/file".as_ref(), b"text").is_err());
/// ```
pub fn place(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    make_parent(path)?;
    write(path, bytes)
}

/// Makes the folder that a file is to be in.
pub(crate) fn make_parent(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent() else {
        return Ok(());
    };
    fs::create_dir_all(folder).map_err(|source| Failure::Unwritable {
        path: folder.to_owned(),
        source,
    })
}
