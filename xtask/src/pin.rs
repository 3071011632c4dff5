//! `pin`: derives the pinned document from an original, and checks that it still is what its manifest says.
//!
//! ```
//! use xtask::{pin, workspace::Workspace};
//! assert_eq!(pin::check(&Workspace::here())?.code, 0);
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use std::path::Path;

use linode_spec::pin::{Manifest, check_pin, pin};

use crate::outcome::{Failure, Outcome};
use crate::workspace::{DOCUMENT, MANIFEST, Workspace, given, place, read};

/// Writes `spec/linode.yaml` and `spec/pin.toml` from an original.
///
/// # Errors
///
/// [`Failure::Document`] if the original can't be used: nothing is written then.
///
/// ```
/// use xtask::{pin, workspace::Workspace};
/// assert!(pin::run(&Workspace::here(), "no/such/file.yaml".as_ref()).is_err());
/// ```
pub fn run(workspace: &Workspace, original: &Path) -> Result<Outcome, Failure> {
    let source = given(original)?;
    let pinned = pin(&source.file, &source.bytes)?;
    let files = [
        (DOCUMENT, pinned.yaml.clone()),
        (MANIFEST, pinned.manifest.to_toml().into_bytes()),
    ];
    for (file, bytes) in files {
        place(&workspace.path(file), &bytes)?;
    }
    let Manifest {
        release, dropped, ..
    } = &pinned.manifest;
    let keys: u64 = dropped.values().flat_map(|keys| keys.values()).sum();
    Ok(Outcome::fine(format!(
        "pinned release {release}: {DOCUMENT} has {} of {} bytes, {keys} keys with prose or samples were dropped\n\
         next: cargo xtask generate\n",
        pinned.yaml.len(),
        source.bytes.len(),
    )))
}

/// Checks the digest of the pinned document, and its release, against its manifest.
///
/// # Errors
///
/// [`Failure::Unreadable`] or [`Failure::Malformed`] if one of the two files can't be read.
///
/// ```
/// use xtask::{pin, workspace::Workspace};
/// assert!(pin::check(&Workspace::at("elsewhere")).is_err());
/// ```
pub fn check(workspace: &Workspace) -> Result<Outcome, Failure> {
    let advice = "`cargo xtask pin` writes it from an original";
    let yaml = read(&workspace.path(DOCUMENT), advice)?;
    let text = read(&workspace.path(MANIFEST), advice)?;
    let malformed = |what| Failure::Malformed {
        file: MANIFEST.to_owned(),
        what,
    };
    let manifest = Manifest::from_toml(&String::from_utf8_lossy(&text)).map_err(malformed)?;
    if let Err(mismatch) = check_pin(&yaml, &manifest) {
        return Ok(Outcome::differs(format!("{DOCUMENT}: {mismatch}\n")));
    }
    Ok(Outcome::fine(format!(
        "{DOCUMENT} is release {}, as pinned\n",
        manifest.release
    )))
}
