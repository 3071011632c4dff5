//! The model of the pinned document, as the generator has it: read, normalised, with the markers that are kept, named, corrected.
//!
//! ```
//! let (api, names) = linode_proof::pinned::pinned()?;
//! assert_eq!(api.operations.len(), names.operations.len());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::error::Error;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use linode_spec::api::Api;
use linode_spec::carry::Carried;
use linode_spec::correct::Corrections;
use linode_spec::diagnostic::Accepted;
use linode_spec::identity::identify;
use linode_spec::load::load;
use linode_spec::name::{Lock, Names, name};
use linode_spec::normalise::normalise;

/// Where the pinned document is kept, with its lock and its corrections.
///
/// ```
/// assert!(linode_proof::pinned::folder().join("linode.yaml").exists());
/// ```
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")
}

/// The model and the names of the pinned document.
///
/// # Errors
///
/// What is wrong with one of the files in [`folder`].
///
/// ```
/// let (api, _) = linode_proof::pinned::pinned()?;
/// assert!(!api.operations.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pinned() -> Result<(Api, Names), Box<dyn Error>> {
    let document = load(
        "linode.yaml",
        &fs::read(folder().join("linode.yaml"))?,
        &Accepted::default(),
        false,
    )?;
    let lock = Lock::parse(&text("names.lock")?)?;
    let mut api = normalise(&document);
    Carried::parse(&text("carried.yaml")?)?.apply(&mut api);
    let mut api = identify(api, &lock);
    let (mut names, _) = name(&api, &lock)?;
    // Corrections that do nothing are for the generator to refuse.
    Corrections::parse(&text("corrections.yaml")?)?.apply(&mut api, &mut names);
    Ok((api, names))
}

/// A file's text; a file that is not there says nothing.
fn text(file: &str) -> std::io::Result<String> {
    match fs::read_to_string(folder().join(file)) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
        read => read,
    }
}
