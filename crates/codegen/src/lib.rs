//! From the Api model to the sources of the client crate: pure, a sorted map of files out.
//!
//! ```
//! use linode_codegen::{Options, generate};
//! use linode_spec::api::Api;
//! use linode_spec::name::Names;
//!
//! let files = generate(&Api::default(), &Names::default(), &Options::new("../crates/core")).unwrap();
//! assert!(files.contains_key("src/lib.rs"));
//! ```
//!
//! | module | what it emits |
//! |---|---|
//! | `manifest` | `Cargo.toml` and what else is no Rust |
//! | `root` | `src/lib.rs`, the client, calls and lists |
//! | `types` | records, enums and unions, a module per resource |
//! | `groups` | operations, a module per group |
//! | `requests` | request types, beside the operations |
//! | `events` | the list of events, for watching actions |
//! | `permissions` | scopes and grants |
//! | `filters` | the fields that lists are filtered by |
//! | [`surface`] | what users of the emitted files see, a line an item |
//! | [`catalogue`] | every operation as data, and callers by name |
//! | [`proof`] | a table that calls every operation, for tests |

pub mod catalogue;
mod docs;
mod events;
mod filters;
mod format;
mod groups;
mod manifest;
mod model;
mod permissions;
pub mod proof;
mod requests;
mod root;
mod rust;
pub mod surface;
mod types;
mod uploads;

use std::collections::BTreeMap;

use linode_spec::api::Api;
use linode_spec::name::Names;

pub use self::format::Malformed;
pub use self::manifest::full_version;

/// The files of the crate: path below its folder → text.
///
/// ```
/// assert!(linode_codegen::Files::new().is_empty());
/// ```
pub type Files = BTreeMap<String, String>;

/// What the model does not say about the crate.
///
/// ```
/// assert_eq!(linode_codegen::Options::new("../core").core, "../core");
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Where `linode-core` is, from the crate's folder.
    pub core: String,
    /// The crate's own version, without build metadata.
    pub version: String,
    /// Whether the crate is a workspace of its own, wherever it stands.
    pub standalone: bool,
}

impl Options {
    /// Options for a crate that finds `linode-core` there.
    ///
    /// ```
    /// assert_eq!(linode_codegen::Options::new("../core").version, "0.1.0");
    /// ```
    pub fn new(core: impl Into<String>) -> Self {
        Self {
            core: core.into(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            standalone: false,
        }
    }
}

/// The crate for a model and its names. The same input gives the same bytes.
///
/// # Errors
///
/// [`Malformed`] if a file that was put together is no Rust: a defect of the generator.
///
/// ```
/// use linode_codegen::{Options, generate};
/// use linode_spec::{api::Api, name::Names};
/// let once = generate(&Api::default(), &Names::default(), &Options::new("core")).unwrap();
/// assert_eq!(once, generate(&Api::default(), &Names::default(), &Options::new("core")).unwrap());
/// ```
pub fn generate(api: &Api, names: &Names, options: &Options) -> Result<Files, Malformed> {
    let mut files = emit(api, names).format()?;
    files.extend(catalogue::files(&model::Model::new(api, names)));
    for (path, text) in root::templates() {
        files.insert(path.to_owned(), format::with_header(&api.release, text));
    }
    files.extend(manifest::files(api, options));
    Ok(files)
}

/// The Rust files that depend on the document, before they are formatted.
///
/// ```
/// use linode_spec::{api::Api, name::Names};
/// let files = linode_codegen::emit(&Api::default(), &Names::default()).format().unwrap();
/// assert!(files.contains_key("src/lib.rs") && !files.contains_key("Cargo.toml"));
/// ```
pub fn emit(api: &Api, names: &Names) -> Emitted {
    let files = tokens(&model::Model::new(api, names));
    Emitted {
        release: api.release.clone(),
        files,
    }
}

/// Files as tokens: path below the crate's folder → what is in it.
#[derive(Clone, Debug)]
pub struct Emitted {
    release: String,
    files: BTreeMap<String, proc_macro2::TokenStream>,
}

impl Emitted {
    /// The files as text, each with a first line that says what wrote it.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if a file is no Rust: a defect of the generator.
    ///
    /// ```
    /// use linode_spec::{api::Api, name::Names};
    /// let files = linode_codegen::emit(&Api::default(), &Names::default()).format().unwrap();
    /// assert!(files["src/lib.rs"].starts_with("// @generated"));
    /// ```
    pub fn format(self) -> Result<Files, Malformed> {
        let mut files = Files::new();
        for (path, tokens) in self.files {
            let text = format::rust(&path, tokens)?;
            files.insert(path, format::with_header(&self.release, &text));
        }
        Ok(files)
    }
}

fn tokens(model: &model::Model<'_>) -> BTreeMap<String, proc_macro2::TokenStream> {
    let mut files = BTreeMap::new();
    files.extend(root::files(model));
    files.extend(permissions::files(model));
    files.extend(types::files(model));
    files.extend(groups::files(model));
    files
}
