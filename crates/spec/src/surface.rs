//! What users of the generated crate can name: every public item that depends on the document, with its signature.
//!
//! The generator writes the crate, and this says beforehand what of it can be named from outside. Two surfaces that are equal are
//! two crates that every program can be built with. Signatures are Rust, with types by their last name; names of arguments are no part of them.
//!
//! ```
//! use linode_spec::api::Api;
//! use linode_spec::name::Names;
//! use linode_spec::surface::Surface;
//!
//! let surface = Surface::of(&Api::default(), &Names::default());
//! assert_eq!(surface.items["Scope::All"].signature, "Scope");
//! assert_eq!(surface.items["Scope::All"].parent.as_deref(), Some("Scope"));
//! ```

mod domains;
mod events;
mod operations;
mod permissions;
mod rings;
mod types;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

pub use self::domains::{Domain, Domains, constant_names};
pub use self::events::events;
pub use self::permissions::{grants, permission_names, scopes};
pub use self::rings::Rings;
use crate::api::{Api, Ty, TypeKind};
use crate::name::{CATCH_ALL, Names};

/// What an item is.
///
/// ```
/// assert_eq!(linode_spec::surface::Sort::Setter.to_string(), "setter");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// A module of operations, and the method of the client that leads to it.
    Group,
    /// A method that makes a call, or a constructor.
    Method,
    /// A struct or an enum, with the traits that all of its kind have.
    Type,
    /// A public field.
    Field,
    /// A method that sets a field of a request or a parameter of a call.
    Setter,
    /// A variant of an enum.
    Variant,
    /// A field that a list can be filtered by.
    Filter,
    /// What a type stands for: the answer of its operation, what its list is filtered by.
    Associated,
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Group => "group",
            Self::Method => "method",
            Self::Type => "type",
            Self::Field => "field",
            Self::Setter => "setter",
            Self::Variant => "variant",
            Self::Filter => "filter",
            Self::Associated => "associated type",
        })
    }
}

/// A public item.
///
/// ```
/// use linode_spec::surface::{Item, Sort};
/// let field = Item { sort: Sort::Field, signature: "Option<String>".into(), parent: Some("types::Tag".into()), deprecated: false, pointer: String::new() };
/// assert!(field.signature.starts_with("Option"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Item {
    /// What it is.
    pub sort: Sort,
    /// What a program has to agree with.
    pub signature: String,
    /// The item that it comes and goes with.
    pub parent: Option<String>,
    /// Whether using it is warned of.
    pub deprecated: bool,
    /// What it stands for: a JSON pointer into the document.
    pub pointer: String,
}

/// The public items of a crate, by what users call them: `linode::Api::list_instances`, `types::Linode.label` (a field),
/// `types::Linode::label` (its setter), `List<tags::ListTags>::kind` (a parameter).
///
/// ```
/// assert!(linode_spec::surface::Surface::default().items.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Surface {
    /// The items.
    pub items: BTreeMap<String, Item>,
}

impl Surface {
    /// The surface of the crate that is generated of a model.
    ///
    /// ```
    /// use linode_spec::{api::Api, name::Names, surface::Surface};
    /// assert!(Surface::of(&Api::default(), &Names::default()).items.contains_key("Grant"));
    /// ```
    pub fn of(api: &Api, names: &Names) -> Self {
        let mut draft = Draft {
            api,
            names,
            domains: Domains::of(api, names),
            rings: Rings::of(api),
            items: BTreeMap::new(),
        };
        draft.permissions();
        draft.groups();
        draft.types();
        Self { items: draft.items }
    }
}

/// A surface while it is put together.
struct Draft<'a> {
    api: &'a Api,
    names: &'a Names,
    domains: Domains,
    rings: Rings,
    items: BTreeMap<String, Item>,
}

/// Where items are added: what they come and go with, and where it stands in the document.
#[derive(Clone, Copy)]
struct Under<'a> {
    parent: &'a str,
    pointer: &'a str,
}

impl Draft<'_> {
    fn add(&mut self, under: Under<'_>, sort: Sort, path: String, signature: impl Into<String>) {
        let parent = (!under.parent.is_empty()).then(|| under.parent.to_owned());
        let item = Item {
            sort,
            signature: signature.into(),
            parent,
            deprecated: false,
            pointer: under.pointer.to_owned(),
        };
        self.items.insert(path, item);
    }

    fn permissions(&mut self) {
        for (name, texts) in [("Scope", scopes(self.api)), ("Grant", grants(self.api))] {
            let top = Under {
                parent: "",
                pointer: "",
            };
            self.add(top, Sort::Type, name.to_owned(), OPEN_ENUM);
            let names = permission_names(&texts);
            let under = Under {
                parent: name,
                pointer: "",
            };
            for member in &names {
                self.add(under, Sort::Variant, format!("{name}::{member}"), name);
            }
            let other = format!("{name}::{CATCH_ALL}");
            self.add(under, Sort::Variant, other, format!("{name}(String)"));
        }
    }

    /// A type as Rust has it.
    fn spelt(&self, ty: &Ty) -> String {
        spelt(self.names, ty)
    }

    fn is_enum(&self, ty: &Ty) -> bool {
        ty.named()
            .is_some_and(|id| matches!(self.api.get(id).kind, TypeKind::Enum(_)))
    }
}

/// What all records are that answers hold.
pub(crate) const RECORD: &str = "record";
/// What all objects are that requests alone hold.
pub(crate) const REQUEST: &str = "request";
/// What all open enums of strings are.
const OPEN_ENUM: &str = "open enum of strings";
/// What all open enums of integers are.
const OPEN_INT_ENUM: &str = "open enum of integers";

/// A type as Rust has it, by its last name.
///
/// ```
/// use linode_spec::api::Ty;
/// use linode_spec::name::Names;
/// assert_eq!(linode_spec::surface::spelt(&Names::default(), &Ty::List(Box::new(Ty::Integer))), "Vec<i64>");
/// ```
pub fn spelt(names: &Names, ty: &Ty) -> String {
    match ty {
        Ty::String => "String".to_owned(),
        Ty::Secret => "Secret".to_owned(),
        Ty::Integer => "i64".to_owned(),
        Ty::Number => "f64".to_owned(),
        Ty::Boolean => "bool".to_owned(),
        Ty::DateTime => "DateTime".to_owned(),
        Ty::Date => "NaiveDate".to_owned(),
        Ty::File => "Bytes".to_owned(),
        Ty::Json => "Json".to_owned(),
        Ty::Map(inner) if **inner == Ty::Json => "Map".to_owned(),
        Ty::Map(inner) => format!("Map<{}>", spelt(names, inner)),
        Ty::List(inner) => format!("Vec<{}>", spelt(names, inner)),
        Ty::Named(id) => names.of(*id).to_owned(),
    }
}
