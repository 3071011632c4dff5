//! The catalogue: every operation as data, and calls by name, from JSON to JSON. For tools that learn at run time what to call:
//! command lines, agents, proxies. With the feature `catalogue`.
//!
//! The generated crate has one; here is one of a single operation:
//!
//! ```
//! use linode_core::catalogue::Catalogue;
//! use linode_core::{Call, Client, Endpoint, Json, Request, callers, operation};
//!
//! pub struct GetVolume;
//! operation!(GetVolume -> Json, GET "/volumes/{volumeId}", "getVolume");
//!
//! /// What the generated crate has for each group.
//! pub struct Volumes<'a>(&'a Linode);
//! pub struct Linode(Client);
//! /// What the generated crate has for each call.
//! pub struct Made(Call<GetVolume>);
//!
//! impl Linode {
//!     pub fn volumes(&self) -> Volumes<'_> {
//!         Volumes(self)
//!     }
//! }
//! impl Volumes<'_> {
//!     pub fn get_volume(&self, volume_id: i64) -> Made {
//!         Made(Call::new(Request::new(&self.0.0, GetVolume::OPERATION).path(volume_id)))
//!     }
//! }
//!
//! static CATALOGUE: Catalogue<Linode> = Catalogue::new(
//!     r#"{"operations": [{
//!         "id": "getVolume", "group": "volumes", "name": "get_volume", "method": "GET", "path": "/volumes/{volumeId}",
//!         "parameters": [{"name": "volumeId", "in": "path", "required": true, "schema": {"type": "integer"}}]
//!     }]}"#,
//!     callers!(Linode; volumes { get_volume(path) }),
//! );
//!
//! let linode = Linode(Client::new("s3cret")?);
//! let input = linode_core::serde_json::json!({"path": {"volumeId": 7}});
//! let prepared = CATALOGUE.prepare(&linode, "volumes.get_volume", &input)?;
//! assert_eq!(prepared.into_http()?.uri().path(), "/v4/volumes/7");
//!
//! let input = linode_core::serde_json::json!({"path": {"volumeId": "seven"}});
//! let error = CATALOGUE.prepare(&linode, "GET /volumes/{}", &input).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "GET /volumes/{volumeId} was not sent: $.path.volumeId: expected an integer, found a string \"seven\""
//! );
//! # Ok::<(), linode_core::Error>(())
//! ```

mod arguments;
mod prepared;

use std::future::Future;
use std::sync::OnceLock;

pub use arguments::{Argument, Arguments};
pub use prepared::{Callable, Prepared, Told};

use crate::error::Error;
use crate::reader::read;
use crate::record;
use crate::value::Json;

/// How many operations are named for one that is not there.
const SUGGESTIONS: usize = 3;

/// An operation as data.
///
/// ```
/// use linode_core::{catalogue::Entry, read};
///
/// let entry: Entry = read(br#"{"group": "tags", "name": "list_tags", "method": "GET", "path": "/tags"}"#)?;
/// assert!(entry.is_called("tags.list_tags") && entry.is_called("GET /tags"));
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The id that the document gives it.
    pub id: Option<String>,
    /// The group, as a method of the client.
    pub group: String,
    /// The method of the group.
    pub name: String,
    /// The HTTP method.
    pub method: String,
    /// The path below the version, with its parameters.
    pub path: String,
    /// What it does, in a few words.
    pub summary: Option<String>,
    /// The tags.
    pub tags: Option<Vec<String>>,
    /// The scopes that a token needs.
    pub scopes: Option<Vec<String>>,
    /// The grants that a restricted user needs.
    pub grants: Option<Vec<String>>,
    /// Where it is offered, in the order of the document.
    pub servers: Option<Vec<String>>,
    /// The parameters of the path and of the query, in the order of the document.
    pub parameters: Option<Vec<Parameter>>,
    /// The Rust type of the body, if it has one.
    pub request: Option<String>,
    /// The Rust type of the answer.
    pub response: Option<String>,
    /// The fields that the list can be filtered by.
    pub filters: Option<Vec<String>>,
    /// Whether the document calls it deprecated.
    pub deprecated: Option<bool>,
    /// What [`Catalogue::call`] takes, as a JSON Schema.
    pub input: Option<Json>,
}
record!(Entry {
    id,
    group,
    name,
    method,
    path,
    summary,
    tags,
    scopes,
    grants,
    servers,
    parameters,
    request,
    response,
    filters,
    deprecated,
    input
});

/// A parameter of an operation.
///
/// ```
/// let parameter: linode_core::catalogue::Parameter =
///     linode_core::read(br#"{"name": "page", "in": "query", "schema": {"type": "integer"}}"#)?;
/// assert_eq!((parameter.place.as_str(), parameter.kind()), ("query", Some("integer")));
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// `path` or `query`.
    pub place: String,
    /// Whether it has to be given.
    pub required: Option<bool>,
    /// What it takes, as a JSON Schema.
    pub schema: Option<Json>,
    /// What stands between the items of a list that is sent as one; without it, each item is sent as a parameter of its own.
    pub separator: Option<String>,
}
record!(Parameter { name, place = "in", required, schema, separator });

/// What the data file holds.
#[derive(Clone, PartialEq)]
struct File {
    operations: Vec<Entry>,
}
record!(File { operations });

impl Parameter {
    /// The kind of JSON that it takes, where its schema says one.
    ///
    /// ```
    /// let json = br#"{"name": "name", "in": "query"}"#;
    /// assert_eq!(linode_core::read::<linode_core::catalogue::Parameter>(json)?.kind(), None);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn kind(&self) -> Option<&str> {
        self.schema.as_ref()?.get("type")?.as_str()
    }
}

impl Entry {
    /// Whether it goes by a name: its id, `group.method`, or `GET /path` with the parameters spelt as in the document or left out.
    ///
    /// ```
    /// # use linode_core::{catalogue::Entry, read};
    /// let entry: Entry = read(br#"{"group": "a", "name": "get_b", "method": "GET", "path": "/a/{bId}", "id": "getB"}"#)?;
    /// assert!(["getB", "a.get_b", "GET /a/{bId}", "GET /a/{}"].iter().all(|name| entry.is_called(name)));
    /// assert!(!entry.is_called("GET /a"));
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn is_called(&self, name: &str) -> bool {
        self.id.as_deref() == Some(name)
            || name.split_once('.') == Some((&self.group, &self.name))
            || name.split_once(' ').is_some_and(|(method, path)| {
                method.eq_ignore_ascii_case(&self.method) && unnamed(path).eq(unnamed(&self.path))
            })
    }

    /// The parameters at a place.
    pub(crate) fn parameters_in(&self, place: &'static str) -> impl Iterator<Item = &Parameter> {
        let all = self.parameters.iter().flatten();
        all.filter(move |parameter| parameter.place == place)
    }
}

/// The characters of a path without the names of its parameters.
fn unnamed(path: &str) -> impl Iterator<Item = char> + '_ {
    let mut inside = false;
    path.chars().filter(move |letter| {
        let hidden = inside && *letter != '}';
        inside = *letter == '{' || hidden;
        !hidden
    })
}

/// How one operation is called: the client, and what it is called with.
pub type Caller<C> = fn(&C, &Arguments<'_>) -> Prepared;

/// Every operation, for a client of type `C`.
///
/// ```
/// use linode_core::{Client, Json, catalogue::Catalogue};
///
/// static NOTHING: Catalogue<Client> = Catalogue::new(r#"{"operations": []}"#, &[]);
/// assert!(NOTHING.entries().is_empty());
/// let error = NOTHING.prepare(&Client::new("s3cret")?, "getTag", &Json::Null).unwrap_err();
/// assert_eq!(error.to_string(), "no operation is called `getTag`");
/// # Ok::<(), linode_core::Error>(())
/// ```
#[derive(Debug)]
pub struct Catalogue<C: 'static> {
    text: &'static str,
    callers: &'static [Caller<C>],
    entries: OnceLock<Vec<Entry>>,
}

impl<C> Catalogue<C> {
    /// A catalogue of the operations that a text describes, in the order of their callers.
    ///
    /// ```
    /// # use linode_core::{Client, catalogue::Catalogue};
    /// static NOTHING: Catalogue<Client> = Catalogue::new(r#"{"operations": []}"#, &[]);
    /// ```
    pub const fn new(text: &'static str, callers: &'static [Caller<C>]) -> Self {
        Catalogue {
            text,
            callers,
            entries: OnceLock::new(),
        }
    }

    /// The operations, by group, in the order of the document. They are read when they are first asked for.
    ///
    /// ```
    /// # fn run<C>(catalogue: &linode_core::catalogue::Catalogue<C>) {
    /// for entry in catalogue.entries() {
    ///     println!("{}.{}: {} {}", entry.group, entry.name, entry.method, entry.path);
    /// }
    /// # }
    /// ```
    pub fn entries(&self) -> &[Entry] {
        // The text is part of the crate: tests see that it can be read.
        let parse = || read::<File>(self.text.as_bytes()).map(|file| file.operations);
        self.entries.get_or_init(|| parse().unwrap_or_default())
    }

    /// The operation of a name; [`Entry::is_called`] tells which names there are.
    ///
    /// ```
    /// # fn run<C>(catalogue: &linode_core::catalogue::Catalogue<C>) {
    /// let schema = catalogue.find("getVolume").and_then(|entry| entry.input.as_ref());
    /// # }
    /// ```
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.place(name).map(|(entry, _)| entry)
    }

    fn place(&self, name: &str) -> Option<(&Entry, Caller<C>)> {
        let mut all = self.entries().iter().zip(self.callers);
        let (entry, caller) = all.find(|(entry, _)| entry.is_called(name))?;
        Some((entry, *caller))
    }

    /// A call of an operation with an input, not sent yet. The input is an object of
    ///
    /// - `path` and `query`: the parameters by their names on the wire;
    /// - `body`: the body, as the operation takes it; files and other bytes in Base64;
    /// - `filter`: what `X-Filter` is to say;
    /// - `extra`: what the document lacks: an object with `body`, `query` and `headers`;
    /// - `version`: the version of the API to go to, such as `v4beta`.
    ///
    /// Fields of the body, query parameters and filters that are unknown are sent all the same; [`Prepared::unknown`] tells them.
    ///
    /// # Errors
    ///
    /// An input error that names everything that is missing, unknown or of the wrong type, with its path in the input.
    ///
    /// ```
    /// # fn run<C>(catalogue: &linode_core::catalogue::Catalogue<C>, client: &C) -> Result<(), linode_core::Error> {
    /// let input = linode_core::serde_json::json!({"path": {"volumeId": 7}});
    /// let request = catalogue.prepare(client, "getVolume", &input)?.into_http()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn prepare(&self, client: &C, name: &str, input: &Json) -> Result<Prepared, Error> {
        let Some((entry, caller)) = self.place(name) else {
            return Err(Error::input(None, vec![self.nothing_called(name)]));
        };
        caller(client, &Arguments::new(entry, input)).checked()
    }

    /// Calls an operation with an input as for [`Catalogue::prepare`], and gives its answer as JSON: null for nothing, Base64 for
    /// bytes. A list gives the page that is asked for.
    ///
    /// # Errors
    ///
    /// An input error also for what is unknown, unless it stands in `extra`; otherwise as for every call.
    ///
    /// ```
    /// # async fn run<C>(catalogue: &linode_core::catalogue::Catalogue<C>, client: &C) -> Result<(), linode_core::Error> {
    /// let input = linode_core::serde_json::json!({"path": {"volumeId": 7}});
    /// println!("{}", catalogue.call(client, "getVolume", &input).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(
        &self,
        client: &C,
        name: &str,
        input: &Json,
    ) -> impl Future<Output = Result<Json, Error>> + Send + use<C> {
        let prepared = self.prepare(client, name, input);
        async move { Ok(prepared?.known()?.send().await?.into_value()) }
    }

    fn nothing_called(&self, name: &str) -> String {
        let wanted = name.to_lowercase();
        let alike = self.entries().iter().filter(|entry| {
            let id = entry.id.as_deref().unwrap_or_default().to_lowercase();
            !wanted.is_empty() && (id.contains(&wanted) || wanted.contains(&entry.name))
        });
        let alike: Vec<String> = alike
            .take(SUGGESTIONS)
            .map(|entry| format!("`{}.{}`", entry.group, entry.name))
            .collect();
        match alike.as_slice() {
            [] => format!("no operation is called `{name}`"),
            alike => format!(
                "no operation is called `{name}`; there is {}",
                alike.join(", ")
            ),
        }
    }
}

/// The callers of a catalogue: for each group its methods, each with what it takes: `path` for a parameter of the path, `body` for
/// a body of JSON, `bytes` for bytes, `form path::Type` for a form, which is a newtype over [`Multipart`](crate::Multipart).
///
/// [`catalogue`](crate::catalogue) has an example.
#[macro_export]
macro_rules! callers {
    ($client:ty; $($group:ident { $($method:ident($($kind:ident $($type:path)?),*)),* $(,)? })*) => {
        &[$($(
            |client: &$client, arguments: &$crate::catalogue::Arguments<'_>| {
                let _ = arguments;
                arguments.prepared(client.$group().$method($($crate::callers!(@ $kind arguments $($type)?)),*).0)
            }
        ),*),*]
    };
    (@ path $arguments:ident) => {
        $arguments.path()
    };
    (@ body $arguments:ident) => {
        $arguments.body()
    };
    (@ bytes $arguments:ident) => {
        $arguments.bytes()
    };
    (@ form $arguments:ident $type:path) => {
        $type($arguments.form())
    };
}
