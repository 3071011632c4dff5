//! `pin`: derives the pinned document from an original, and checks that it still is what its manifest says.
//!
//! ```
//! use xtask::{pin, workspace::Workspace};
//! assert_eq!(pin::check(&Workspace::here())?.code, 0);
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use std::fs;
use std::path::Path;

use linode_spec::pin::{Manifest, as_json, check_pin, pin};

use crate::outcome::{Failure, Outcome};
use crate::workspace::{DOCUMENT, EMBEDDED, MANIFEST, Workspace, given, read, write};

/// Writes `spec/linode.yaml` and `spec/pin.toml` from an original, and the copy that the testkit carries.
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
        (EMBEDDED, as_json(DOCUMENT, &pinned.yaml)?.into_bytes()),
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

/// Checks the digest of the pinned document, and its release, against its manifest; and the copy that the testkit carries.
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
    let embedded = read(&workspace.path(EMBEDDED), advice)?;
    if embedded != as_json(DOCUMENT, &yaml)?.as_bytes() {
        return Ok(Outcome::differs(format!(
            "{EMBEDDED} is not {DOCUMENT} as JSON: pin it again from its original\n"
        )));
    }
    Ok(Outcome::fine(format!(
        "{DOCUMENT} is release {}, as pinned\n",
        manifest.release
    )))
}

/// Writes a file, and the folder that it is in.
fn place(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).map_err(|source| Failure::Unwritable {
            path: folder.to_owned(),
            source,
        })?;
    }
    write(file, bytes)
}
