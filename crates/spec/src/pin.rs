//! The pinned document: the facts of an original, without its prose.
//!
//! The original document carries text that is not ours to publish. What the generator needs are facts: paths, names,
//! types, bounds, markers. [`pin`] keeps those and drops the rest, and the [`Manifest`] says from which release, from
//! which bytes, to which bytes, and how often which key was dropped. The same original always gives the same bytes.
//!
//! ```
//! use linode_spec::pin::{check_pin, pin};
//!
//! let original = "openapi: 3.0.1\ninfo: {title: t, version: 1.2.3, description: A long introduction.}\n\
//!     paths: {/a: {get: {operationId: getA, description: Tells all., responses: {200: {description: Fine.}}}}}\n";
//! let pinned = pin("original.yaml", original.as_bytes())?;
//! let text = String::from_utf8_lossy(&pinned.yaml);
//! assert!(text.contains("getA") && !text.contains("Tells all"));
//! assert_eq!(pinned.manifest.upstream.tag, "v1.2.3");
//! assert_eq!(check_pin(&pinned.yaml, &pinned.manifest), Ok(()));
//! # Ok::<(), linode_spec::load::LoadError>(())
//! ```

mod manifest;
mod strip;

use sha2::{Digest, Sha256};

pub use manifest::{Digests, Dropped, Manifest, Upstream};

use crate::diagnostic::Accepted;
use crate::load::{LoadError, load, parse_openapi};
use crate::tree::Node;

/// A pinned document and what it was derived from.
///
/// ```
/// use linode_spec::pin::pin;
///
/// let original = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {200: {description: Fine.}}}}}\n";
/// let first = pin("a.yaml", original.as_bytes())?;
/// let again = pin("spec/linode.yaml", &first.yaml)?;
/// assert_eq!(first.yaml, again.yaml);
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pinned {
    /// The document, as `spec/linode.yaml` has it.
    pub yaml: Vec<u8>,
    /// Where it comes from, as `spec/pin.toml` has it.
    pub manifest: Manifest,
}

/// The pinned document is not the one that its manifest describes.
///
/// ```
/// use linode_spec::pin::PinMismatch;
///
/// let mismatch = PinMismatch { recorded: "aa".to_owned(), found: "bb".to_owned() };
/// assert!(mismatch.to_string().starts_with("the pinned document has the SHA-256 bb"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the pinned document has the SHA-256 {found}, its manifest records {recorded}: pin it again from its original"
)]
pub struct PinMismatch {
    /// The digest in the manifest.
    pub recorded: String,
    /// The digest of the document.
    pub found: String,
}

/// Derives the pinned document from an original. `file` is what errors call it.
///
/// ```
/// use linode_spec::load::LoadError;
/// use linode_spec::pin::pin;
/// assert!(matches!(pin("a.json", b"{}"), Err(LoadError::NotOpenApi3 { .. })));
/// ```
///
/// # Errors
/// Those of [`load`], which has to take the result.
pub fn pin(file: &str, original: &[u8]) -> Result<Pinned, LoadError> {
    let mut tree = parse_openapi(file, original)?;
    let dropped = strip::strip(&mut tree);
    let version = tree.get("info").and_then(|info| info.get("version"));
    let release = version.and_then(Node::scalar_text);
    let yaml = write(file, release.as_deref(), &tree)?;
    let document = load(file, &yaml, &Accepted::default(), false)?;
    let digests = Digests {
        original: sha256(original),
        pinned: sha256(&yaml),
    };
    let manifest = Manifest::new(document.release, digests, dropped);
    Ok(Pinned { yaml, manifest })
}

/// Checks that a pinned document is the one that its manifest describes.
///
/// ```
/// use linode_spec::pin::{check_pin, pin};
///
/// let original = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {200: {description: Fine.}}}}}\n";
/// let mut pinned = pin("a.yaml", original.as_bytes())?;
/// pinned.yaml.push(b'\n');
/// assert!(check_pin(&pinned.yaml, &pinned.manifest).is_err());
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
///
/// # Errors
/// [`PinMismatch`] with both digests.
pub fn check_pin(yaml: &[u8], manifest: &Manifest) -> Result<(), PinMismatch> {
    let found = sha256(yaml);
    let recorded = manifest.sha256.pinned.clone();
    if found == recorded {
        Ok(())
    } else {
        Err(PinMismatch { recorded, found })
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
///
/// ```
/// assert!(linode_spec::pin::sha256(b"").starts_with("e3b0c44298fc1c14"));
/// ```
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn write(file: &str, release: Option<&str>, tree: &Node) -> Result<Vec<u8>, LoadError> {
    let unwritable = |error: serde_yaml::Error| LoadError::NotOpenApi3 {
        file: file.to_owned(),
        found: format!("something that can't be written as YAML: {error}"),
    };
    let body = serde_yaml::to_string(tree).map_err(unwritable)?;
    // A line break in the release would end the comment.
    let release: String = release
        .unwrap_or("unknown")
        .chars()
        .filter(|letter| !letter.is_control())
        .collect();
    let head = format!(
        "# Written by `cargo xtask pin`, from release {release} of the Linode API's OpenAPI document. Do not edit.\n"
    );
    Ok((head + &body).into_bytes())
}
