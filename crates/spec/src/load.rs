//! From the bytes of a document to openapiv3's types, with everything that is wrong on record.
//!
//! A document is read into a tree first, whichever of YAML and JSON it is. There every key is audited, every defect
//! is reported and repaired, and only then does openapiv3 read the tree. So one bad schema costs that schema and not
//! the document, and a document that nobody here has seen says what is new in it.
//!
//! ```
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::load::{LoadError, load};
//!
//! let yaml = "openapi: 3.0.1\ninfo: {title: Example, version: 1.2.3}\npaths:\n  /things:\n    get:\n      \
//!     operationId: getThings\n      responses: {200: {description: All of them}}\n";
//! let document = load("things.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
//! assert_eq!(document.release, "1.2.3");
//! assert_eq!(document.openapi.paths.paths.len(), 1);
//!
//! let cut = load("things.json", br#"{"openapi": "3.0"#, &Accepted::default(), false);
//! assert!(matches!(cut, Err(LoadError::NotParseable { line: 1, .. })));
//! # Ok::<(), LoadError>(())
//! ```

mod cut;
mod error;
mod inventory;
mod read;

use std::panic::resume_unwind;
use std::thread;

use openapiv3::{OpenAPI, Parameter, ReferenceOr, RequestBody, Response, Schema};

pub use crate::audit::UnknownKey;
pub use error::LoadError;
pub use inventory::{Inventory, Listed};

use crate::audit::audit;
use crate::diagnostic::{Accepted, Diagnostic, Report};
use crate::repair::repair;
use crate::tree::{Here, Map, Node, parse};
use read::Elsewhere;

/// openapiv3 reads by recursion, with large frames. What is nested no deeper than this fits into any thread's stack
/// (the official documents reach 25), the rest is read in a thread that has room.
const SHALLOW: usize = 28;
/// Enough for whatever the bound on nesting lets through, several times over.
const ROOMY_STACK: usize = 32 << 20;

/// The release that stands for one that the document does not name.
const NO_RELEASE: &str = "0.0.0";

/// A document that has been read, and what there was to say about it.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
/// use linode_spec::load::load;
///
/// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n";
/// let document = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
/// let codes: Vec<_> = document.diagnostics.iter().map(|it| it.code).collect();
/// assert_eq!(codes, ["no-responses", "missing-operation-id", "no-servers"]);
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Document {
    /// The document as openapiv3 has it, repaired.
    pub openapi: OpenAPI,
    /// The release of the API that it describes (`info.version`).
    pub release: String,
    /// Everything that was found wrong, in the order in which it was found.
    pub diagnostics: Vec<Diagnostic>,
    /// The keys that are not known for their kind of object; each is among the diagnostics as well.
    pub unknown_keys: Vec<UnknownKey>,
    elsewhere: Elsewhere,
}

/// Loads a document. `file` is what diagnostics call it.
///
/// With `strict`, any defect that `accepted` does not list is an error, and so is an entry of that list that fits
/// nothing: this is how the pinned document is read.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
/// use linode_spec::load::{LoadError, load};
///
/// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n";
/// let Err(LoadError::Strict(defects)) = load("a.yaml", yaml.as_bytes(), &Accepted::default(), true) else {
///     panic!("an operation without responses is a defect");
/// };
/// assert_eq!(defects.len(), 3);
/// ```
///
/// # Errors
/// [`LoadError`] says which: the text is neither YAML nor JSON or ends in the middle, the document is not OpenAPI 3
/// or has no operation, or a strict load found a defect.
pub fn load(
    file: &str,
    bytes: &[u8],
    accepted: &Accepted,
    strict: bool,
) -> Result<Document, LoadError> {
    let tree = parse_openapi(file, bytes)?;
    if tree.depth() <= SHALLOW {
        return read_tree(file, tree, accepted, strict);
    }
    thread::scope(|scope| {
        let roomy = thread::Builder::new().stack_size(ROOMY_STACK);
        let reader = roomy.spawn_scoped(scope, || read_tree(file, tree, accepted, strict));
        let reader = reader.map_err(|error| LoadError::too_deep(file, &error))?;
        reader.join().unwrap_or_else(|panic| resume_unwind(panic))
    })
}

fn read_tree(
    file: &str,
    mut tree: Node,
    accepted: &Accepted,
    strict: bool,
) -> Result<Document, LoadError> {
    let mut report = Report::new(file);
    let audit = audit(&tree, &mut report);
    let release = complete_head(&mut tree, &mut report);
    repair(&mut tree, &mut report);
    addressed(&tree, &mut report);
    let openapi = read::read(file, &mut tree, &mut report)?;
    let elsewhere = Elsewhere::read(&tree, &mut report);
    if openapi.operations().next().is_none() {
        return Err(LoadError::NoOperations {
            file: file.to_owned(),
        });
    }
    report.accept(accepted);
    let fatal = report.fatal();
    if strict && !fatal.is_empty() {
        return Err(LoadError::Strict(fatal));
    }
    Ok(Document {
        openapi,
        release,
        diagnostics: report.diagnostics,
        unknown_keys: audit.unknown,
        elsewhere,
    })
}

impl Document {
    /// The schema that a reference names: a component, or any schema inside one or inside a path.
    ///
    /// A component that is only a reference itself comes back as that reference; the repairs made sure that following
    /// it ends.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// use linode_spec::load::load;
    /// use openapiv3::ReferenceOr;
    ///
    /// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n\
    ///     components: {schemas: {A: {properties: {b: {type: string}}}, C: {items: {$ref: '#/components/schemas/A/properties/b'}}}}\n";
    /// let document = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
    /// assert!(document.schema("#/components/schemas/A").is_some());
    /// assert!(matches!(document.schema("#/components/schemas/A/properties/b"), Some(ReferenceOr::Item(_))));
    /// assert!(document.schema("#/components/schemas/Other").is_none());
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn schema(&self, reference: &str) -> Option<&ReferenceOr<Schema>> {
        let component = read::component(reference, "schemas");
        let schemas = self
            .openapi
            .components
            .as_ref()
            .map(|components| &components.schemas);
        let direct = component.and_then(|name| schemas?.get(&name));
        direct.or_else(|| self.elsewhere.schemas.get(reference))
    }

    /// The parameter that a reference names, through aliases.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// use linode_spec::load::load;
    ///
    /// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n\
    ///     components: {parameters: {p: {name: page, in: query, schema: {type: integer}}, q: {$ref: '#/components/parameters/p'}}}\n";
    /// let document = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
    /// let parameter = document.parameter("#/components/parameters/q").expect("an alias of p");
    /// assert_eq!(parameter.parameter_data_ref().name, "page");
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, reference: &str) -> Option<&Parameter> {
        let components = self.openapi.components.as_ref();
        follow(reference, |reference| {
            let name = read::component(reference, "parameters");
            let direct = name.and_then(|name| components?.parameters.get(&name));
            direct.or_else(|| self.elsewhere.parameters.get(reference))
        })
    }

    /// The response that a reference names, through aliases.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// use linode_spec::load::load;
    ///
    /// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n\
    ///     components: {responses: {gone: {description: Gone}}}\n";
    /// let document = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
    /// assert_eq!(document.response("#/components/responses/gone").map(|it| it.description.as_str()), Some("Gone"));
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn response(&self, reference: &str) -> Option<&Response> {
        let components = self.openapi.components.as_ref();
        follow(reference, |reference| {
            let name = read::component(reference, "responses");
            let direct = name.and_then(|name| components?.responses.get(&name));
            direct.or_else(|| self.elsewhere.responses.get(reference))
        })
    }

    /// The request body that a reference names, through aliases.
    ///
    /// ```
    /// use linode_spec::diagnostic::Accepted;
    /// use linode_spec::load::load;
    ///
    /// let yaml = "openapi: 3.0.1\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n\
    ///     components: {requestBodies: {b: {required: true, content: {}}}}\n";
    /// let document = load("a.yaml", yaml.as_bytes(), &Accepted::default(), false)?;
    /// assert!(document.request_body("#/components/requestBodies/b").is_some_and(|it| it.required));
    /// # Ok::<(), linode_spec::load::LoadError>(())
    /// ```
    #[must_use]
    pub fn request_body(&self, reference: &str) -> Option<&RequestBody> {
        let components = self.openapi.components.as_ref();
        follow(reference, |reference| {
            let name = read::component(reference, "requestBodies");
            let direct = name.and_then(|name| components?.request_bodies.get(&name));
            direct.or_else(|| self.elsewhere.request_bodies.get(reference))
        })
    }
}

/// Follows aliases to their end. The repairs leave no circle, so this ends.
fn follow<'d, T>(
    reference: &str,
    look_up: impl Fn(&str) -> Option<&'d ReferenceOr<T>>,
) -> Option<&'d T> {
    let mut found = look_up(reference)?;
    while let ReferenceOr::Reference { reference } = found {
        found = look_up(reference)?;
    }
    found.as_item()
}

/// Reads a text that has to be a complete OpenAPI 3 document.
pub(crate) fn parse_openapi(file: &str, bytes: &[u8]) -> Result<Node, LoadError> {
    let tree = parse(bytes).map_err(|error| LoadError::not_parseable(file, error))?;
    let version = tree.get("openapi").and_then(Node::scalar_text);
    if !version.is_some_and(|version| version == "3" || version.starts_with("3.")) {
        return Err(LoadError::NotOpenApi3 {
            file: file.to_owned(),
            found: kind_of_document(&tree),
        });
    }
    match cut::find(&tree, bytes) {
        Some(cut) => Err(LoadError::CutOff {
            file: file.to_owned(),
            pointer: cut.pointer,
            evidence: cut.evidence,
        }),
        None => Ok(tree),
    }
}

/// What a document is that is not OpenAPI 3.
fn kind_of_document(tree: &Node) -> String {
    let version = |key| tree.get(key).map(Node::describe);
    match (version("openapi"), version("swagger"), tree) {
        (Some(version), ..) => format!("{version} as its `openapi`"),
        (_, Some(version), _) => format!("{version} as its `swagger`"),
        (_, _, Node::Map(_)) => "no `openapi` in it".to_owned(),
        (_, _, Node::Null) => "nothing".to_owned(),
        (_, _, other) => format!("{} instead of an object", other.describe()),
    }
}

/// Sees to what openapiv3 wants at the top, and reads the release.
fn complete_head(tree: &mut Node, report: &mut Report) -> String {
    let Node::Map(root) = tree else {
        return NO_RELEASE.to_owned();
    };
    let version = root
        .get("openapi")
        .and_then(Node::scalar_text)
        .unwrap_or_default();
    if !version.starts_with("3.0.") && version != "3.0" {
        let found = format!("OpenAPI {version}");
        report.defect(
            "openapi-version",
            Here::ROOT.key("openapi"),
            found,
            "it is read as OpenAPI 3.0",
        );
    }
    root.set("openapi", Node::Text(version));
    for key in ["info", "paths"] {
        if root.get(key).and_then(Node::as_map).is_none() {
            report.defect(
                "missing-key",
                Here::ROOT,
                format!("a document without `{key}`"),
                "an empty one stands for it",
            );
            root.set(key, Node::Map(Map::default()));
        }
    }
    let info = root.get_mut("info").and_then(Node::as_map_mut);
    info.map_or_else(|| NO_RELEASE.to_owned(), |info| complete_info(info, report))
}

fn complete_info(info: &mut Map, report: &mut Report) -> String {
    let here = Here::ROOT.key("info");
    for (key, otherwise) in [("title", ""), ("version", NO_RELEASE)] {
        if info.get(key).and_then(Node::scalar_text).is_none() {
            let done = format!("`{otherwise}` stands for it");
            report.defect(
                "missing-key",
                here,
                format!("an info without `{key}`"),
                done,
            );
            info.set(key, Node::text(otherwise));
        }
    }
    info.get("version")
        .and_then(Node::scalar_text)
        .unwrap_or_default()
}

/// An API without an address can't be called.
fn addressed(tree: &Node, report: &mut Report) {
    let has_servers = |node: &Node| {
        node.get("servers")
            .and_then(Node::as_list)
            .is_some_and(|list| !list.is_empty())
    };
    let items = tree
        .get("paths")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(|paths| paths.entries.values());
    let below = |item: &Node| {
        has_servers(item)
            || item
                .as_map()
                .is_some_and(|it| it.entries.values().any(has_servers))
    };
    if !has_servers(tree) && !items.into_iter().any(below) {
        report.defect(
            "no-servers",
            Here::ROOT,
            "no servers anywhere in the document",
            "its operations have no address",
        );
    }
}
