//! The Api model: what a document says, free of the way it says it.
//!
//! [`crate::normalise`] makes an [`Api`] of a loaded document. It is plain data in the order of the document: no references to resolve, no
//! `allOf` to merge, no tokens and no I/O. Types live in one list and are named by [`TypeId`], so that recursion and sharing cost nothing.
//!
//! ```
//! use linode_spec::api::{Api, Method, Ty};
//!
//! let api = Api::default();
//! assert!(api.operations.is_empty());
//! assert_eq!(Method::Get.to_string(), "GET");
//! assert_eq!(Ty::List(Box::new(Ty::String)).element(), &Ty::String);
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

/// Everything that a document says about the API.
///
/// ```
/// use linode_spec::api::Api;
/// assert!(Api::default().types.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Api {
    /// The release of the document (`info.version`).
    pub release: String,
    /// The address of the first server, without a version at its end; empty, where the document has none.
    pub server: String,
    /// Operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// OAuth scopes, sorted: those of the security schemes and of the operations, each area both to read and to write.
    pub scopes: Vec<String>,
    /// Every record, enum and union, in the order in which operations first use them.
    pub types: Vec<TypeDef>,
    /// What was met on the way and is worth telling.
    pub account: Account,
}

impl Api {
    /// The type that an id stands for.
    ///
    /// ```
    /// use linode_spec::api::{Api, TypeDef, TypeId, TypeKind, Record};
    ///
    /// let mut api = Api::default();
    /// api.types.push(TypeDef::new(TypeKind::Record(Record::default())));
    /// assert!(matches!(api.get(TypeId(0)).kind, TypeKind::Record(_)));
    /// ```
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The record behind a type, if it is one.
    ///
    /// ```
    /// use linode_spec::api::{Api, Ty};
    /// assert!(Api::default().record(&Ty::String).is_none());
    /// ```
    pub fn record(&self, ty: &Ty) -> Option<&Record> {
        let Ty::Named(id) = ty else { return None };
        match &self.get(*id).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }
}

/// Counts and lists that a report needs and that the model itself does not keep.
///
/// ```
/// assert_eq!(linode_spec::api::Account::default().markers, 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Account {
    /// Occurrences of objects that fell together with a shape met before.
    pub merged_shapes: usize,
    /// Schemas that became untyped JSON.
    pub fallbacks: Vec<Fallback>,
    /// `x-linode-filterable` markers that no list can use.
    pub markers_without_field: Vec<Fallback>,
    /// How many places in the document carry a filter marker.
    pub markers: usize,
    /// Things that the model cannot say, each with its place.
    pub notes: Vec<Fallback>,
}

/// A place in the document and what became of it.
///
/// ```
/// use linode_spec::api::Fallback;
/// let fallback = Fallback { pointer: "/paths".into(), reason: "no type".into() };
/// assert_eq!(fallback.clone(), fallback);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fallback {
    /// JSON pointer into the document.
    pub pointer: String,
    /// Why.
    pub reason: String,
}

/// HTTP methods that a path item can hold.
///
/// ```
/// use linode_spec::api::Method;
/// assert!(Method::Get < Method::Post);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl Method {
    /// The method by its name in a path item, in any case.
    ///
    /// ```
    /// use linode_spec::api::Method;
    /// assert_eq!(Method::parse("get"), Some(Method::Get));
    /// assert_eq!(Method::parse("parameters"), None);
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "get" => Self::Get,
            "put" => Self::Put,
            "post" => Self::Post,
            "delete" => Self::Delete,
            "options" => Self::Options,
            "head" => Self::Head,
            "patch" => Self::Patch,
            "trace" => Self::Trace,
            _ => return None,
        })
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        })
    }
}

/// One operation: a method on a path.
///
/// ```
/// use linode_spec::api::Operation;
/// fn needs_token(operation: &Operation) -> bool {
///     !operation.public
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Operation {
    /// The HTTP method.
    pub method: Method,
    /// The path template without a version prefix: `/linode/instances/{linodeId}`.
    pub path: String,
    /// Where it stands in the document.
    pub pointer: String,
    /// `operationId`, where the document gives one.
    pub id: Option<String>,
    /// The summary, one line.
    pub summary: Option<String>,
    /// The description, where the document (an original) has one.
    pub description: Option<String>,
    /// Tags as written.
    pub tags: Vec<String>,
    /// The command line tool's name for it: command and action.
    pub cli: Option<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// API versions that have it, in document order: `v4`, `v4beta`.
    pub versions: Vec<String>,
    /// Whether it can be called without a token, by the document.
    pub public: bool,
    /// OAuth scopes that it needs.
    pub scopes: Vec<String>,
    /// The grant that a restricted user needs (`x-linode-grant`).
    pub grant: Option<String>,
    /// Where the reference documents it.
    pub link: Option<String>,
    /// Parameters of the path in the order of the template, then those of the query and the headers.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back on success.
    pub answer: Answer,
    /// Status codes described, in document order.
    pub statuses: Vec<String>,
}

impl Operation {
    /// The stable identity: method and path with the names of parameters left out.
    ///
    /// ```
    /// use linode_spec::api::{position_path, Method};
    /// assert_eq!(format!("{} {}", Method::Get, position_path("/images/{imageId}")), "GET /images/{}");
    /// ```
    pub fn key(&self) -> String {
        format!("{} {}", self.method, position_path(&self.path))
    }

    /// Path parameters in the order of the template.
    ///
    /// ```
    /// use linode_spec::api::Operation;
    /// fn depth(operation: &Operation) -> usize {
    ///     operation.path_parameters().count()
    /// }
    /// ```
    pub fn path_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| p.place == Place::Path)
    }

    /// Query parameters other than those that every page takes.
    ///
    /// ```
    /// use linode_spec::api::Operation;
    /// fn names(operation: &Operation) -> Vec<&str> {
    ///     operation.query_parameters().map(|p| p.name.as_str()).collect()
    /// }
    /// ```
    pub fn query_parameters(&self) -> impl Iterator<Item = &Parameter> {
        let paged = self.answer.list().is_some();
        self.parameters.iter().filter(move |p| {
            p.place == Place::Query && !(paged && matches!(p.name.as_str(), "page" | "page_size"))
        })
    }
}

/// A path template with the names of its parameters left out: `/images/{}`.
///
/// ```
/// assert_eq!(linode_spec::api::position_path("/a/{b}/c-{d}"), "/a/{}/c-{}");
/// ```
pub fn position_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '{' => {
                inside = true;
                out.push('{');
            }
            '}' => {
                inside = false;
                out.push('}');
            }
            _ if inside => {}
            _ => out.push(c),
        }
    }
    out
}

/// Where a parameter travels.
///
/// ```
/// use linode_spec::api::Place;
/// assert_ne!(Place::Path, Place::Query);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// A parameter of an operation.
///
/// ```
/// use linode_spec::api::{Facts, Parameter, Place, Ty};
/// let id = Parameter { name: "imageId".into(), place: Place::Path, ty: Ty::String, required: true, deprecated: false, separator: None, facts: Facts::default() };
/// assert!(id.required);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// Where it travels.
    pub place: Place,
    /// Its type.
    pub ty: Ty,
    /// Whether the document requires it.
    pub required: bool,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// What stands between the items of a list; without it, each is a parameter of its own.
    pub separator: Option<char>,
    /// Bounds, defaults and prose.
    pub facts: Facts,
}

/// What an operation sends.
///
/// ```
/// use linode_spec::api::{Body, Content};
/// let image = Body { media_type: "image/png".into(), content: Content::Bytes, required: true };
/// assert_eq!(image.content, Content::Bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Body {
    /// The media type.
    pub media_type: String,
    /// What it holds.
    pub content: Content,
    /// Whether the document requires a body.
    pub required: bool,
}

/// What a body holds.
///
/// ```
/// use linode_spec::api::{Content, Ty};
/// assert_ne!(Content::Json(Ty::Json), Content::Bytes);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Content {
    /// A JSON object that belongs to this operation alone.
    Fields(TypeId),
    /// Any other JSON.
    Json(Ty),
    /// Bytes of the media type.
    Bytes,
    /// `multipart/form-data`; the type lists its parts.
    Multipart(TypeId),
}

/// What an operation answers on success.
///
/// ```
/// use linode_spec::api::{Answer, AnswerKind};
/// let answer = Answer { status: "200".into(), kind: AnswerKind::Nothing, optional: false, media_type: None };
/// assert!(answer.list().is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The status that the kind belongs to.
    pub status: String,
    /// What the body holds.
    pub kind: AnswerKind,
    /// Whether another success code comes without a body.
    pub optional: bool,
    /// The media type, where there is a body.
    pub media_type: Option<String>,
}

impl Answer {
    /// The page's contents, if the answer is a page.
    ///
    /// ```
    /// use linode_spec::api::{Answer, AnswerKind, List, Ty};
    /// let list = List { item: Ty::String, filters: Vec::new() };
    /// let page = Answer { status: "200".into(), kind: AnswerKind::Page(list), optional: false, media_type: None };
    /// assert_eq!(page.list().unwrap().item, Ty::String);
    /// ```
    pub fn list(&self) -> Option<&List> {
        match &self.kind {
            AnswerKind::Page(list) => Some(list),
            _ => None,
        }
    }
}

/// What an answer's body holds.
///
/// ```
/// use linode_spec::api::{AnswerKind, Ty};
/// assert_ne!(AnswerKind::Value(Ty::Json), AnswerKind::Nothing);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum AnswerKind {
    /// Nothing that is worth reading.
    Nothing,
    /// JSON of one type.
    Value(Ty),
    /// One page of a list.
    Page(List),
    /// Bytes of the media type.
    Bytes,
}

/// A paginated list.
///
/// ```
/// use linode_spec::api::{List, Ty};
/// assert!(List { item: Ty::Integer, filters: Vec::new() }.filters.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct List {
    /// The type of an item.
    pub item: Ty,
    /// What the document marks as filterable, in document order.
    pub filters: Vec<FilterField>,
}

/// A filterable field of a list's items.
///
/// ```
/// use linode_spec::api::{FilterField, Ty};
/// let field = FilterField { key: "backups.enabled".into(), ty: Ty::Boolean, ordered: true, pointer: String::new() };
/// assert!(field.key.contains('.'));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FilterField {
    /// The key, dotted for nested objects.
    pub key: String,
    /// The type to compare with; of an array, its element.
    pub ty: Ty,
    /// Whether the list can be ordered by it as well.
    pub ordered: bool,
    /// Where the marker stands.
    pub pointer: String,
}

/// Names a type of the [`Api`].
///
/// ```
/// use linode_spec::api::TypeId;
/// assert!(TypeId(0) < TypeId(1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TypeId(pub usize);

/// The type of a value.
///
/// ```
/// use linode_spec::api::Ty;
/// assert_eq!(Ty::Integer.named(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Ty {
    /// Text.
    String,
    /// Text that no log and no `Debug` may show.
    Secret,
    /// A 64-bit integer.
    Integer,
    /// A floating-point number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A point in time, UTC.
    DateTime,
    /// A day.
    Date,
    /// A file among the parts of a multipart body.
    File,
    /// Free-form JSON.
    Json,
    /// An object whose keys are data.
    Map(Box<Ty>),
    /// An array.
    List(Box<Ty>),
    /// A record, enum or union.
    Named(TypeId),
}

impl Ty {
    /// The innermost element of nested lists; anything else is its own element.
    ///
    /// ```
    /// use linode_spec::api::Ty;
    /// assert_eq!(Ty::Integer.element(), &Ty::Integer);
    /// ```
    pub fn element(&self) -> &Ty {
        match self {
            Ty::List(inner) => inner.element(),
            other => other,
        }
    }

    /// The named type inside lists and maps, if there is one.
    ///
    /// ```
    /// use linode_spec::api::{Ty, TypeId};
    /// assert_eq!(Ty::Map(Box::new(Ty::Named(TypeId(3)))).named(), Some(TypeId(3)));
    /// ```
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Ty::Named(id) => Some(*id),
            Ty::List(inner) | Ty::Map(inner) => inner.named(),
            _ => None,
        }
    }
}

/// A record, enum or union, with everything that its name may come from.
///
/// ```
/// use linode_spec::api::{Record, TypeDef, TypeKind};
/// assert!(!TypeDef::new(TypeKind::Record(Record::default())).in_answers);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TypeDef {
    /// What it is.
    pub kind: TypeKind,
    /// Component names that stand for it, in the order met.
    pub components: Vec<String>,
    /// Every place where it occurs: `GET /images/{} answer/data/*`.
    pub positions: BTreeSet<String>,
    /// Fields, or values, that the document leaves out at some of these places: by what they are on the wire, where.
    pub absent: BTreeMap<String, BTreeSet<String>>,
    /// Where it was first met.
    pub pointer: String,
    /// Whether answers hold it.
    pub in_answers: bool,
    /// Whether requests hold it.
    pub in_requests: bool,
    /// The operation whose whole body it is.
    pub body_of: Option<usize>,
    /// Title, prose and the like.
    pub facts: Facts,
}

impl TypeDef {
    /// A type that nothing is known of but its kind.
    ///
    /// ```
    /// use linode_spec::api::{Record, TypeDef, TypeKind};
    /// assert!(TypeDef::new(TypeKind::Record(Record::default())).positions.is_empty());
    /// ```
    pub fn new(kind: TypeKind) -> Self {
        Self {
            kind,
            components: Vec::new(),
            positions: BTreeSet::new(),
            absent: BTreeMap::new(),
            pointer: String::new(),
            in_answers: false,
            in_requests: false,
            body_of: None,
            facts: Facts::default(),
        }
    }

    /// The place that a type is at home: least deep in an answer, on the shortest path, read rather than written.
    ///
    /// ```
    /// use linode_spec::api::{Record, TypeDef, TypeKind};
    ///
    /// let mut tag = TypeDef::new(TypeKind::Record(Record::default()));
    /// tag.positions = ["PUT /tags/{} answer", "GET /tags answer/data/*"].map(str::to_owned).into();
    /// assert_eq!(tag.home(), Some("GET /tags answer/data/*"));
    /// ```
    pub fn home(&self) -> Option<&str> {
        let rank = |position: &&String| {
            let mut parts = position.splitn(3, ' ');
            let mut part = || parts.next().unwrap_or_default();
            let (method, path, place) = (part(), part(), part());
            let depth = place
                .trim_start_matches("answer/data/*")
                .matches('/')
                .count();
            let long = (depth, path.matches('/').count(), path.len());
            (
                !place.starts_with("answer"),
                long,
                method != "GET",
                place.len(),
            )
        };
        self.positions.iter().min_by_key(rank).map(String::as_str)
    }
}

/// What a named type is.
///
/// ```
/// use linode_spec::api::{Enum, TypeKind};
/// let sizes = TypeKind::Enum(Enum { values: vec!["1".into(), "3".into()], integers: true });
/// assert!(matches!(sizes, TypeKind::Enum(_)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum TypeKind {
    /// An object with known fields.
    Record(Record),
    /// A set of known strings, or of known integers.
    Enum(Enum),
    /// One of several types.
    Union(Union),
}

/// An object with known fields.
///
/// ```
/// assert!(linode_spec::api::Record::default().fields.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Record {
    /// Fields in document order.
    pub fields: Vec<Field>,
}

/// A field of a record.
///
/// ```
/// use linode_spec::api::{Field, Ty};
/// fn plain(field: &Field) -> bool {
///     field.always && field.ty != Ty::Json
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// The name on the wire.
    pub name: String,
    /// Its type.
    pub ty: Ty,
    /// Whether the document requires it at every place where it can be sent.
    pub required: bool,
    /// Whether the document requires it wherever answers hold it. Types go by what was seen, [`always`](Self::always), and not by this.
    pub promised: bool,
    /// Whether an answer always has it, and never as null.
    pub always: bool,
    /// Whether the document allows null.
    pub nullable: bool,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Whether the API alone sets it.
    pub read_only: bool,
    /// Bounds, defaults and prose.
    pub facts: Facts,
    /// Where it stands.
    pub pointer: String,
}

/// A set of known values.
///
/// ```
/// use linode_spec::api::Enum;
/// assert!(!Enum { values: vec!["up".into()], integers: false }.integers);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Enum {
    /// Values as text, in document order.
    pub values: Vec<String>,
    /// Whether the values are integers.
    pub integers: bool,
}

/// One of several types, told apart by the document and never by trying.
///
/// ```
/// use linode_spec::api::{Tag, Union};
/// assert!(Union { tag: Tag::Kind, branches: Vec::new() }.branches.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Union {
    /// What tells the branches apart.
    pub tag: Tag,
    /// The branches in document order.
    pub branches: Vec<Branch>,
}

/// What tells the branches of a union apart.
///
/// ```
/// use linode_spec::api::Tag;
/// assert_ne!(Tag::Beside("type".into()), Tag::Inside("type".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Tag {
    /// A field beside the union, in the object that holds it.
    Beside(String),
    /// A field of the object itself.
    Inside(String),
    /// The JSON kind of the value: object, array, string, number or boolean.
    Kind,
}

/// One branch of a union.
///
/// ```
/// use linode_spec::api::{Branch, Ty};
/// let branch = Branch { tag: "array".into(), label: "Unavailable".into(), ty: Ty::List(Box::new(Ty::String)) };
/// assert_eq!(branch.ty.element(), &Ty::String);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Branch {
    /// The value of the tag.
    pub tag: String,
    /// What it is called: its title or its component.
    pub label: String,
    /// Its type.
    pub ty: Ty,
}

/// What the document says of a value besides its type: for docs and checks, never for identity.
///
/// ```
/// assert_eq!(linode_spec::api::Facts::default().format, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Facts {
    /// Prose, where the document (an original) has some.
    pub description: Option<String>,
    /// `format`, as written.
    pub format: Option<String>,
    /// `pattern`, as written: some are prose.
    pub pattern: Option<String>,
    /// The default, as JSON text.
    pub default: Option<String>,
    /// Other bounds by their OpenAPI keyword: `minLength`, `maximum` …, as JSON text.
    pub bounds: BTreeMap<&'static str, String>,
}
