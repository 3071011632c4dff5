//! What the live API does otherwise than the document says: corrections as data, by locked names, each with its evidence.
//!
//! ```
//! use linode_spec::api::Api;
//! use linode_spec::correct::Corrections;
//! use linode_spec::name::Names;
//!
//! let text = "presence:\n- type: Image\n  fields: {id: 7}\n  seen_in: [GET /images]\n  reason: always there\n";
//! let corrections = Corrections::parse(text).unwrap();
//! let unused = corrections.apply(&mut Api::default(), &mut Names::default());
//! assert_eq!(unused[0].to_string(), "presence of `Image`: the document has no type of this name");
//! ```

mod evidence;
mod expression;
mod kinds;
mod propose;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::evidence::{Evidence, UnreadableSample};
use self::kinds::{Entry, Target};
pub use self::kinds::{
    Envelope, MoreValues, NewField, NoOrderBy, Nullable, OneOrMany, OtherEnvelope, OtherServer,
    OtherType,
};
pub use self::propose::Deviations;
use crate::api::{Api, TypeDef, TypeKind};
use crate::name::Names;

/// The first lines of the file.
const HEADER: &str = "\
# What the live API does otherwise than the document says. Every entry gives its evidence; one that no longer
# changes anything is an error. `cargo xtask corrections presence` derives the entries about presence;
# `cargo xtask corrections propose` proposes the others.
";

/// What `spec/corrections.yaml` holds.
///
/// ```
/// assert!(linode_spec::correct::Corrections::default().presence.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    /// Fields that are always there, and never null.
    #[serde(default)]
    pub presence: Vec<Presence>,
    /// Fields of another type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<OtherType>,
    /// Fields that may be null.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nullable: Vec<Nullable>,
    /// More values of enums.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<MoreValues>,
    /// One value or many.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub many: Vec<OneOrMany>,
    /// Fields that the document lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<NewField>,
    /// Answers that are a page, a list or one item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub envelopes: Vec<OtherEnvelope>,
    /// Operations that are offered elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<OtherServer>,
    /// Lists that are filtered by a field, and not ordered by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_order_by: Vec<NoOrderBy>,
}

/// Fields of one type that every answer has.
///
/// ```
/// use linode_spec::correct::Corrections;
/// let text = "presence: [{type: Disk, fields: {id: 3}, seen_in: [GET /disks], reason: seen}]";
/// assert_eq!(Corrections::parse(text).unwrap().presence[0].fields["id"], 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// The type's locked name.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Wire name → in how many objects it was seen, present and not null in each.
    pub fields: BTreeMap<String, u64>,
    /// The operations whose answers these were.
    pub seen_in: Vec<String>,
    /// Why the entry is there.
    pub reason: String,
}

/// An entry that does nothing.
///
/// ```
/// use linode_spec::correct::Unused;
/// assert_eq!(Unused { entry: "a".into(), why: "b".into() }.to_string(), "a: b");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// What the entry is about.
    pub entry: String,
    /// Why it does nothing.
    pub why: String,
}

impl fmt::Display for Unused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.entry, self.why)
    }
}

impl Corrections {
    /// Reads the file; an empty one corrects nothing.
    ///
    /// # Errors
    ///
    /// What `serde_yaml` says of a text that is no list of corrections; a misspelt key is an error.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// assert!(Corrections::parse("presense: []").is_err());
    /// assert_eq!(Corrections::parse("").unwrap(), Corrections::default());
    /// ```
    pub fn parse(text: &str) -> Result<Self, serde_yaml::Error> {
        let corrections: Option<Self> = serde_yaml::from_str(text)?;
        Ok(corrections.unwrap_or_default())
    }

    /// The file's text.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// assert_eq!(Corrections::parse(&Corrections::default().render()).unwrap(), Corrections::default());
    /// ```
    pub fn render(&self) -> String {
        // Maps of strings and numbers always have a YAML form.
        let body = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }

    /// Those that still correct something: without the entries that an application found idle.
    ///
    /// ```
    /// use linode_spec::api::Api;
    /// use linode_spec::correct::Corrections;
    /// use linode_spec::name::Names;
    /// let corrections = Corrections::parse("presence: [{type: Disk, fields: {id: 3}, seen_in: [GET /disks], reason: seen}]").unwrap();
    /// let idle = corrections.apply(&mut Api::default(), &mut Names::default());
    /// assert_eq!(corrections.without(&idle), Corrections::default());
    /// ```
    pub fn without(&self, idle: &[Unused]) -> Self {
        let is_idle = |entry: &str| idle.iter().any(|unused| unused.entry == entry);
        let mut left = self.clone();
        left.presence.retain_mut(|presence| {
            let type_name = &presence.type_name;
            presence
                .fields
                .retain(|field, _| !is_idle(&of_field(type_name, field)));
            !presence.fields.is_empty() && !is_idle(&of_type(type_name))
        });
        left.envelopes.retain(|entry| !is_idle(&entry.told()));
        left.fields.retain(|entry| !is_idle(&entry.told()));
        left.types.retain(|entry| !is_idle(&entry.told()));
        left.many.retain(|entry| !is_idle(&entry.told()));
        left.values.retain(|entry| !is_idle(&entry.told()));
        left.nullable.retain(|entry| !is_idle(&entry.told()));
        left.servers.retain(|entry| !is_idle(&entry.told()));
        left.no_order_by.retain(|entry| !is_idle(&entry.told()));
        left
    }

    /// Applies every entry to the model and returns those that name nothing or change nothing.
    ///
    /// ```
    /// use linode_spec::api::Api;
    /// use linode_spec::correct::Corrections;
    /// use linode_spec::name::Names;
    /// assert!(Corrections::default().apply(&mut Api::default(), &mut Names::default()).is_empty());
    /// ```
    pub fn apply(&self, api: &mut Api, names: &mut Names) -> Vec<Unused> {
        let presence = self.presence.iter();
        let mut idle: Vec<Unused> = presence.flat_map(|entry| entry.apply(api, names)).collect();
        let mut target = Target { api, names };
        for entry in self.others() {
            let (seen_in, reason) = entry.grounds();
            let outcome = match seen_in.is_empty() || reason.trim().is_empty() {
                true => Err("it gives no evidence, or no reason".to_owned()),
                false => entry.apply(&mut target),
            };
            idle.extend(outcome.err().map(|why| Unused {
                entry: entry.told(),
                why,
            }));
        }
        idle
    }

    /// The entries of all kinds, presence aside, in the order in which they are applied: what each is about.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "nullable: [{type: Node, field: pool, seen_in: [GET /nodes], reason: seen}]";
    /// assert_eq!(Corrections::parse(text).unwrap().entries(), ["`Node.pool` being null"]);
    /// ```
    pub fn entries(&self) -> Vec<String> {
        self.others().map(Entry::told).collect()
    }

    /// Types come before what is in them, and a field that was added before what is said of it.
    fn others(&self) -> impl Iterator<Item = &dyn Entry> {
        fn all<E: Entry>(entries: &[E]) -> impl Iterator<Item = &dyn Entry> {
            entries.iter().map(|entry| entry as &dyn Entry)
        }
        all(&self.envelopes)
            .chain(all(&self.fields))
            .chain(all(&self.types))
            .chain(all(&self.many))
            .chain(all(&self.values))
            .chain(all(&self.nullable))
            .chain(all(&self.servers))
            .chain(all(&self.no_order_by))
    }

    /// Only what these say about presence.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// assert!(Corrections::default().presence_alone().entries().is_empty());
    /// ```
    pub fn presence_alone(&self) -> Self {
        Self {
            presence: self.presence.clone(),
            ..Self::default()
        }
    }

    /// The text of the entries beside presence, to be taken over into the file.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "nullable: [{type: Node, field: pool, seen_in: [GET /nodes], reason: seen}]";
    /// let entries = Corrections::parse(text).unwrap().render_entries();
    /// assert!(entries.starts_with("nullable:\n- type: Node\n"));
    /// ```
    pub fn render_entries(&self) -> String {
        let others = Self {
            presence: Vec::new(),
            ..self.clone()
        };
        // Plain data always has a YAML form.
        let text = serde_yaml::to_string(&others).unwrap_or_default();
        text.strip_prefix("presence: []\n")
            .unwrap_or(&text)
            .to_owned()
    }
}

impl Presence {
    fn apply(&self, api: &mut Api, names: &Names) -> Vec<Unused> {
        let unused = |entry: String, why: &str| Unused {
            entry,
            why: why.to_owned(),
        };
        let at = names.types.iter().position(|t| t.name == self.type_name);
        let Some(def) = at.map(|at| &mut api.types[at]) else {
            return vec![unused(
                of_type(&self.type_name),
                "the document has no type of this name",
            )];
        };
        let unseen: Vec<Option<String>> = self
            .fields
            .keys()
            .map(|name| unseen(def, name, |key| self.seen_in.iter().any(|seen| seen == key)))
            .collect();
        let TypeKind::Record(record) = &mut def.kind else {
            return vec![unused(of_type(&self.type_name), "the type has no fields")];
        };
        let mut idle = Vec::new();
        for (name, unseen) in self.fields.keys().zip(unseen) {
            let entry = of_field(&self.type_name, name);
            let field = record.fields.iter_mut().find(|f| f.name == *name);
            let why = match (field, unseen) {
                (None, _) => "the type has no field of this name".to_owned(),
                (_, Some(place)) => format!(
                    "the document has no such field in `{place}`, and no answer of it was seen"
                ),
                (Some(field), _) if field.always => {
                    "it is always there without the entry".to_owned()
                }
                (Some(field), _) => {
                    field.always = true;
                    continue;
                }
            };
            idle.push(unused(entry, &why));
        }
        idle
    }
}

/// A place in an answer where the document leaves the field out, and of whose operation no answer was seen: nothing is known of it there.
fn unseen(def: &TypeDef, field: &str, seen: impl Fn(&str) -> bool) -> Option<String> {
    let mut places = def.absent.get(field).into_iter().flatten();
    let unseen = places.find(|place| {
        let operation = place.split_once(" answer").map(|(key, _)| key);
        operation.is_some_and(|key| !seen(key))
    });
    unseen.cloned()
}

/// What the entry of a type is about.
fn of_type(name: &str) -> String {
    format!("presence of `{name}`")
}

/// What the entry of a field is about.
fn of_field(type_name: &str, field: &str) -> String {
    format!("presence of `{type_name}.{field}`")
}
