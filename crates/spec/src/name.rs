//! Every public name, decided in one pass from the URL, the method, the component and the position of a schema.
//!
//! The rules make the names and the [`Lock`] keeps them: a later document finds its types again by their positions.
//!
//! ```
//! use linode_spec::api::Api;
//! use linode_spec::name::{Lock, name};
//!
//! let (names, lock) = name(&Api::default(), &Lock::default()).unwrap();
//! assert!(names.types.is_empty());
//! assert_eq!(lock, Lock::default());
//! ```

mod filters;
mod lock;
mod methods;
mod renames;
mod types;
mod words;

use std::collections::BTreeMap;

use serde::Serialize;

pub use self::lock::{Lock, Owners};
pub use self::renames::{Rename, Renamed, renames};
pub use self::types::{Collision, is_reserved};
use self::words::{camel, distinct, snake, words};
use crate::api::{Api, Content, Operation, TypeDef, TypeId, TypeKind};

/// Words that setters cannot have: a request type has methods of these names.
const SETTERS_RESERVED: &[&str] = &[
    "absent", "blank", "clone", "empty", "eq", "fmt", "missing", "new", "optional", "read", "sent",
    "set", "with", "write",
];

/// Words that setters of a call cannot have.
const CALL_RESERVED: &[&str] = &[
    "all",
    "answer",
    "block",
    "clone",
    "download",
    "filter",
    "first",
    "grants",
    "header",
    "into_future",
    "into_http",
    "last",
    "len",
    "limit",
    "new",
    "only",
    "operation",
    "order_by",
    "pages",
    "poll_until",
    "poll_until_gone",
    "prefetch",
    "query",
    "range",
    "retry",
    "scopes",
    "send",
    "stream",
    "timeout",
    "version",
    "with",
];

/// Words that path parameters cannot have: the body is an argument beside them.
const ARGUMENTS_RESERVED: &[&str] = &["body"];

/// The variant for values that the document does not list. No value of a document is called so, not even one that a later document brings:
/// what programs call the rest stays what it is.
///
/// ```
/// let states = ["up", "unknown"].map(str::to_owned);
/// assert_eq!(linode_spec::name::CATCH_ALL, "Unknown");
/// assert_eq!(linode_spec::name::variant_names(&states), ["Up", "UnknownValue"]);
/// ```
pub const CATCH_ALL: &str = "Unknown";

/// All names of an [`Api`], in its order.
///
/// ```
/// assert!(linode_spec::name::Names::default().operations.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// By [`TypeId`]; empty names for types that nothing uses.
    pub types: Vec<TypeName>,
    /// By operation.
    pub operations: Vec<OperationName>,
    /// For item types of lists: the list whose filters are constants of the type.
    pub filters: BTreeMap<TypeId, String>,
}

impl Names {
    /// The name of a type.
    ///
    /// ```
    /// use linode_spec::api::TypeId;
    /// use linode_spec::name::{Names, TypeName};
    ///
    /// let names = Names { types: vec![TypeName { name: "Image".into(), ..TypeName::default() }], ..Names::default() };
    /// assert_eq!(names.of(TypeId(0)), "Image");
    /// ```
    pub fn of(&self, id: TypeId) -> &str {
        &self.types[id.0].name
    }

    /// Names the members of a type anew, after the type got more of them.
    pub(crate) fn rename_members(&mut self, api: &Api, id: TypeId) {
        let name = std::mem::take(&mut self.types[id.0].name);
        self.types[id.0] = members(api.get(id), name);
    }
}

/// The name of a type and of what is in it.
///
/// ```
/// assert!(linode_spec::name::TypeName::default().members.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TypeName {
    /// The type.
    pub name: String,
    /// Its fields or variants, in their order.
    pub members: Vec<String>,
}

/// The name of an operation and of what is in it.
///
/// ```
/// assert!(linode_spec::name::OperationName::default().setters.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OperationName {
    /// The module, and the method of the client that leads to it.
    pub group: String,
    /// The method.
    pub method: String,
    /// The operation's type: its request type where it has one.
    pub ty: String,
    /// Path parameters in the order of the template.
    pub arguments: Vec<String>,
    /// Setters of query parameters, in their order.
    pub setters: Vec<String>,
}

/// Names everything; also what a lock should hold of it.
///
/// # Errors
///
/// [`Collision`] where two types can only be called the same.
pub fn name(api: &Api, lock: &Lock) -> Result<(Names, Lock), Collision> {
    let methods = methods::methods(&api.operations, &lock.methods);
    let operations: Vec<OperationName> = api
        .operations
        .iter()
        .zip(&methods)
        .map(|(o, (group, method))| operation(o, group, method))
        .collect();
    let bodies = api
        .operations
        .iter()
        .zip(&operations)
        .filter_map(|(o, name)| Some((body_of(o)?, name.ty.clone())))
        .collect::<BTreeMap<_, _>>();
    let types = types::TypeNamer::new(api, &bodies, &operations).names(lock)?;
    let locked = Lock {
        methods: api
            .operations
            .iter()
            .zip(&methods)
            .map(|(o, (group, method))| (o.key(), format!("{group}.{method}")))
            .collect(),
        types: types::locked_types(api, &types),
        left: BTreeMap::new(),
        filters: BTreeMap::new(),
    };
    let filters = filters::homes(api, &types, lock);
    let locked = Lock {
        filters: filters
            .iter()
            .map(|(id, list)| (types[id.0].clone(), list.clone()))
            .collect(),
        ..locked
    };
    let types = api
        .types
        .iter()
        .zip(types)
        .map(|(def, name)| members(def, name))
        .collect();
    let names = Names {
        types,
        operations,
        filters,
    };
    Ok((names, locked))
}

/// Identifiers for wire names that share a scope, such as the keys of filters.
///
/// ```
/// let keys = ["backups.enabled", "backups_enabled"].map(str::to_owned);
/// assert_eq!(linode_spec::name::member_names(&keys), ["backups_dot_enabled", "backups_enabled"]);
/// ```
pub fn member_names(wires: &[String]) -> Vec<String> {
    distinct(wires, &[], snake)
}

/// The variants of an enum of such texts, beside [`CATCH_ALL`].
///
/// ```
/// let scopes = ["vpc:read_only", "vpc"].map(str::to_owned);
/// assert_eq!(linode_spec::name::variant_names(&scopes), ["VpcReadOnly", "Vpc"]);
/// ```
pub fn variant_names(texts: &[String]) -> Vec<String> {
    distinct(texts, &[], variant)
}

fn variant(words: &[String]) -> String {
    match camel(words) {
        name if name == CATCH_ALL => format!("{name}Value"),
        name => name,
    }
}

/// The name of a module that has a file of its own, after segments of a path.
///
/// ```
/// assert_eq!(linode_spec::name::module_name("lke clusters"), "lke_clusters");
/// assert_eq!(linode_spec::name::module_name("box"), "box_");
/// ```
pub fn module_name(text: &str) -> String {
    words::module(&words(text))
}

/// The type that is the operation's whole body.
fn body_of(operation: &Operation) -> Option<TypeId> {
    match operation.body.as_ref()?.content {
        Content::Fields(id) | Content::Multipart(id) => Some(id),
        _ => None,
    }
}

fn operation(operation: &Operation, group: &str, method: &str) -> OperationName {
    let names = |parameters: Vec<&crate::api::Parameter>| {
        parameters
            .iter()
            .map(|p| p.name.clone())
            .collect::<Vec<_>>()
    };
    OperationName {
        group: group.to_owned(),
        method: method.to_owned(),
        ty: camel(&words(method.trim_start_matches("r#"))),
        arguments: distinct(
            &names(operation.path_parameters().collect()),
            ARGUMENTS_RESERVED,
            snake,
        ),
        setters: distinct(
            &names(operation.query_parameters().collect()),
            CALL_RESERVED,
            snake,
        ),
    }
}

fn members(def: &TypeDef, name: String) -> TypeName {
    let reserved = if def.in_requests {
        SETTERS_RESERVED
    } else {
        &[]
    };
    let members = match &def.kind {
        TypeKind::Record(record) => {
            let wires: Vec<String> = record.fields.iter().map(|f| f.name.clone()).collect();
            distinct(&wires, reserved, snake)
        }
        TypeKind::Enum(of) => {
            let wires: Vec<String> = of
                .values
                .iter()
                .map(|v| {
                    if of.integers {
                        v.replace('-', "minus ")
                    } else {
                        v.clone()
                    }
                })
                .collect();
            variant_names(&wires)
        }
        TypeKind::Union(union) => {
            let labels: Vec<String> = union.branches.iter().map(|b| b.label.clone()).collect();
            variant_names(&labels)
        }
    };
    TypeName { name, members }
}
