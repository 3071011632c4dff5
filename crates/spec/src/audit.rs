//! The audit: every key of the document is known for its kind of object, or reported.
//!
//! OpenAPI lets anything through: a misspelt key is simply not there. So each key of each kind of object has one
//! entry in one table, with the shape of its value and whether the generator uses it or ignores it for a reason.
//! The same table leads every walk over a document: the repairs know from it what a value must look like, and the
//! pinning what is prose and what is an example. Names of properties, of components, of media types and the like
//! are data; the table says where they stand, and they are never taken for keys.

mod locate;
mod table;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::LazyLock;

pub(crate) use locate::locate;

use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// A kind of object in an OpenAPI document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    Paths,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Responses,
    Response,
    Callback,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OauthFlows,
    OauthFlow,
}

impl Kind {
    /// The kind in words, as diagnostics and `spec/pin.toml` name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Info => "info",
            Self::Contact => "contact",
            Self::License => "license",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::Components => "components",
            Self::Paths => "paths",
            Self::PathItem => "path item",
            Self::Operation => "operation",
            Self::ExternalDocs => "external docs",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::MediaType => "media type",
            Self::Encoding => "encoding",
            Self::Responses => "responses",
            Self::Response => "response",
            Self::Callback => "callback",
            Self::Example => "example",
            Self::Link => "link",
            Self::Header => "header",
            Self::Tag => "tag",
            Self::Schema => "schema",
            Self::Discriminator => "discriminator",
            Self::Xml => "xml",
            Self::SecurityScheme => "security scheme",
            Self::OauthFlows => "OAuth flows",
            Self::OauthFlow => "OAuth flow",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// What the value of a key looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A short text: a name, a word, a URL.
    Text,
    /// A text written for people to read.
    Prose,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// A list of texts.
    Texts,
    /// A map of names to texts.
    TextMap,
    /// A map of names to prose: the scopes of an OAuth flow.
    ProseMap,
    /// A list of maps of names to lists of texts: security requirements.
    Requirements,
    /// A list of values of any kind.
    Values,
    /// Any value: nothing in it is a key.
    Data,
    /// An example: any value.
    Sample,
    /// One object.
    One(Kind),
    /// One object, or a flag.
    OneOrFlag(Kind),
    /// A list of objects.
    List(Kind),
    /// A map of names to objects.
    Map(Kind),
}

/// Whether the generator makes something of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It does.
    Used,
    /// It does not, for this reason.
    Ignored(&'static str),
    /// It does not, for this reason; what the key means gets lost by it, so each place is told.
    Told(&'static str),
}

/// One key of one kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub kind: Kind,
    /// The key; [`ANY_NAME`] stands for the names that are data (paths, status codes, callback URLs).
    pub key: &'static str,
    pub shape: Shape,
    pub standing: Standing,
}

/// The key of an entry that holds for every name that is no vendor key.
pub(crate) const ANY_NAME: &str = "*";

type Index = HashMap<(Kind, &'static str), &'static Entry>;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let entries = table::ENTRIES.iter();
    entries
        .map(|entry| ((entry.kind, entry.key), entry))
        .collect()
});

/// The entry for a key, if the key is known for that kind.
pub(crate) fn entry(kind: Kind, key: &str) -> Option<&'static Entry> {
    let exact = INDEX.get(&(kind, key)).copied();
    let is_vendor_key = key.starts_with("x-");
    exact.or_else(|| {
        INDEX
            .get(&(kind, ANY_NAME))
            .copied()
            .filter(|_| !is_vendor_key)
    })
}

/// A key that the table does not know.
///
/// ```
/// use linode_spec::diagnostic::Accepted;
/// use linode_spec::load::load;
///
/// let text = "openapi: 3.0.1\ninfo: {title: t, version: '1', x-mood: good}\n\
///     paths: {/a: {get: {responses: {200: {description: ''}}}}}\n";
/// let document = load("a.yaml", text.as_bytes(), &Accepted::default(), false)?;
/// let unknown = &document.unknown_keys[0];
/// assert_eq!((unknown.pointer.as_str(), unknown.key.as_str(), unknown.kind), ("/info", "x-mood", "info"));
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownKey {
    /// The object that has it, as a JSON pointer.
    pub pointer: String,
    /// The key.
    pub key: String,
    /// The kind of that object, in words.
    pub kind: &'static str,
}

/// What the audit of one document found.
#[derive(Debug, Default)]
pub(crate) struct Audit {
    /// The keys that are not in the table.
    pub unknown: Vec<UnknownKey>,
    /// The entries of the table that something used.
    pub seen: BTreeSet<(Kind, &'static str)>,
}

/// Audits every key of a document, and reports each that is unknown or given twice.
pub(crate) fn audit(root: &Node, report: &mut Report) -> Audit {
    let mut auditor = Auditor {
        audit: Audit::default(),
        report,
    };
    auditor.object(root, Kind::Document, &Here::ROOT);
    auditor.audit
}

struct Auditor<'r> {
    audit: Audit,
    report: &'r mut Report,
}

impl Auditor<'_> {
    fn object(&mut self, node: &Node, kind: Kind, here: &Here<'_>) {
        let Node::Map(map) = node else { return };
        self.repeated(map, here);
        for (key, value) in &map.entries {
            match entry(kind, key) {
                Some(entry) => {
                    self.audit.seen.insert((kind, entry.key));
                    let here = here.key(key);
                    if let Standing::Told(reason) = entry.standing {
                        let found = format!("`{key}` of a {kind}");
                        let done = format!("nothing is made of it: {reason}");
                        self.report.note("left-out", here, found, done);
                    }
                    self.value(value, entry.shape, &here);
                }
                None => self.unknown(kind, key, here),
            }
        }
    }

    fn value(&mut self, value: &Node, shape: Shape, here: &Here<'_>) {
        match (shape, value) {
            (Shape::One(kind) | Shape::OneOrFlag(kind), _) => self.object(value, kind, here),
            (Shape::List(kind), Node::List(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.object(item, kind, &here.index(index));
                }
            }
            (Shape::Map(kind), Node::Map(map)) => {
                self.repeated(map, here);
                for (name, item) in &map.entries {
                    self.object(item, kind, &here.key(name));
                }
            }
            _ => self.data(value, here),
        }
    }

    /// Nothing in data is a key of OpenAPI's, but a name given twice has lost a value all the same.
    fn data(&mut self, value: &Node, here: &Here<'_>) {
        match value {
            Node::Map(map) => {
                self.repeated(map, here);
                map.entries
                    .iter()
                    .for_each(|(name, item)| self.data(item, &here.key(name)));
            }
            Node::List(items) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| self.data(item, &here.index(index)));
            }
            _ => {}
        }
    }

    fn repeated(&mut self, map: &Map, here: &Here<'_>) {
        for key in &map.repeated {
            let found = format!("the key `{key}` given more than once");
            self.report
                .defect("repeated-key", here.key(key), found, "the last one counts");
        }
    }

    fn unknown(&mut self, kind: Kind, key: &str, here: &Here<'_>) {
        let found = format!("the key `{key}`, which is not known for this kind of object ({kind})");
        self.report
            .defect("unknown-key", here.key(key), found, "nothing is made of it");
        self.audit.unknown.push(UnknownKey {
            pointer: here.to_string(),
            key: key.to_owned(),
            kind: kind.name(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    const EVERYTHING: &str = include_str!("audit/everything.yaml");

    fn audited(text: &str) -> Audit {
        let tree = parse(text.as_bytes()).expect("a document of the project's own");
        audit(&tree, &mut Report::new("test"))
    }

    #[test]
    fn every_entry_of_the_table_is_used_by_something() {
        let seen = audited(EVERYTHING).seen;
        let all: BTreeSet<_> = table::ENTRIES
            .iter()
            .map(|entry| (entry.kind, entry.key))
            .collect();
        let unused: Vec<_> = all.difference(&seen).collect();
        assert!(unused.is_empty(), "nothing uses {unused:?}");
    }

    #[test]
    fn every_key_has_one_entry() {
        assert_eq!(INDEX.len(), table::ENTRIES.len());
    }

    #[test]
    fn an_ignored_key_says_why() {
        let reason = |entry: &&Entry| matches!(entry.standing, Standing::Ignored(reason) | Standing::Told(reason) if reason.len() < 10);
        assert_eq!(table::ENTRIES.iter().find(reason), None);
    }

    #[test]
    fn the_document_of_every_key_has_no_other() {
        assert_eq!(audited(EVERYTHING).unknown, []);
    }

    #[test]
    fn vendor_keys_among_paths_and_responses_are_audited() {
        let audit = audited(
            "paths: {x-odd: 1, /a: {get: {responses: {x-even: 2, 200: {description: ''}}}}}",
        );
        let unknown: Vec<_> = audit
            .unknown
            .iter()
            .map(|it| (it.kind, it.key.as_str()))
            .collect();
        assert_eq!(unknown, [("paths", "x-odd"), ("responses", "x-even")]);
    }
}
