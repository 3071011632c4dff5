//! The manifest beside the pinned document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Where official documents are published.
const REPOSITORY: &str = "linode/linode-api-docs";
const HEAD: &str = "# Written by `cargo xtask pin`. Do not edit.\n";

/// What was dropped: how often which key, by kind of object.
pub type Dropped = BTreeMap<String, BTreeMap<String, u64>>;

/// From what a pinned document was derived. Its file form is `spec/pin.toml`.
///
/// ```
/// use linode_spec::pin::{Manifest, pin};
///
/// let original = "openapi: 3.0.1\ninfo: {title: t, version: 1.2.3, description: A long introduction.}\n\
///     paths: {/a: {get: {responses: {200: {description: Fine.}}}}}\n";
/// let manifest = pin("a.yaml", original.as_bytes())?.manifest;
/// assert_eq!(manifest.dropped["info"]["description"], 1);
/// assert_eq!(Manifest::from_toml(&manifest.to_toml()), Ok(manifest));
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The release of the API.
    pub release: String,
    /// Where that release is published.
    pub upstream: Upstream,
    /// The digests of both documents.
    pub sha256: Digests,
    /// What was dropped: how often which key, by kind of object.
    pub dropped: Dropped,
}

/// Where a release is published.
///
/// ```
/// use linode_spec::pin::Upstream;
/// let upstream = Upstream { repository: "linode/linode-api-docs".to_owned(), tag: "v4.176.0".to_owned() };
/// assert_eq!(upstream.clone(), upstream);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Owner and name of the repository.
    pub repository: String,
    /// The tag in it.
    pub tag: String,
}

/// SHA-256 digests, in hexadecimal.
///
/// ```
/// use linode_spec::pin::{Digests, sha256};
/// let digests = Digests { original: sha256(b"long"), pinned: sha256(b"short") };
/// assert_ne!(digests.original, digests.pinned);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Digests {
    /// Of the original.
    pub original: String,
    /// Of the pinned document.
    pub pinned: String,
}

impl Manifest {
    pub(super) fn new(release: String, sha256: Digests, dropped: Dropped) -> Self {
        let upstream = Upstream {
            repository: REPOSITORY.to_owned(),
            tag: format!("v{release}"),
        };
        Self {
            release,
            upstream,
            sha256,
            dropped,
        }
    }

    /// The file form.
    ///
    /// ```
    /// use linode_spec::pin::pin;
    ///
    /// let original = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {200: {description: Fine.}}}}}\n";
    /// let manifest = pin("a.yaml", original.as_bytes())?.manifest;
    /// assert!(manifest.to_toml().contains("release = \"1\"\n"));
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        // Texts and counts in tables of tables: TOML has a form for each of them, so there is nothing to fail.
        HEAD.to_owned() + &toml::to_string(self).unwrap_or_default()
    }

    /// Reads the file form.
    ///
    /// ```
    /// use linode_spec::pin::Manifest;
    /// assert!(Manifest::from_toml("release = 1").is_err());
    /// ```
    ///
    /// # Errors
    /// The parser's message, where the text is no manifest.
    pub fn from_toml(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| error.to_string())
    }
}
