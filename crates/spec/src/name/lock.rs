//! `names.lock`: every name ever given, and with it the identity of every type.
//!
//! ```
//! use linode_spec::name::Lock;
//!
//! let lock = Lock::parse("methods:\n  GET /tags: tags.list_tags\ntypes:\n  Tag:\n  - GET /tags answer/data/*\n").unwrap();
//! assert_eq!(lock.methods["GET /tags"], "tags.list_tags");
//! assert_eq!(Lock::parse(&lock.render()).unwrap(), lock);
//! ```

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::places::position_key;

/// The first lines of the file.
const HEADER: &str = "\
# Every name ever given. `cargo xtask generate` adds what is new and never changes an entry;
# renaming a type or a method is an edit of this file.
";

/// What the file holds.
///
/// ```
/// assert!(linode_spec::name::Lock::default().types.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// `GET /tags` → `tags.list_tags`.
    #[serde(default)]
    pub methods: BTreeMap<String, String>,
    /// A type's name → its positions.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeSet<String>>,
    /// Positions that are listed under a type whose fields they have come to contradict: the name that they have now → the positions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub left: BTreeMap<String, BTreeSet<String>>,
    /// A type's name → the list whose filters are constants of the type: lists that mark other fields have constants of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub filters: BTreeMap<String, String>,
}

/// The name of the type at each position, whatever signs and capitals the tags in it are spelt with.
///
/// ```
/// use linode_spec::name::Lock;
/// let lock = Lock::parse("types: {Card: [GET /pay answer/data/<Credit Card>]}").unwrap();
/// assert_eq!(lock.owners().of("GET /pay answer/data/<credit_card>"), Some("Card"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Owners<'a>(BTreeMap<Cow<'a, str>, &'a str>);

impl<'a> Owners<'a> {
    /// The one of a position.
    ///
    /// ```
    /// assert_eq!(linode_spec::name::Lock::default().owners().of("GET /a answer"), None);
    /// ```
    pub fn of(&self, position: &str) -> Option<&'a str> {
        self.0.get(&position_key(position)).copied()
    }
}

impl Lock {
    /// Reads the file; an empty one is an empty lock.
    ///
    /// # Errors
    ///
    /// What `serde_yaml` says of a text that is no lock.
    ///
    /// ```
    /// assert!(linode_spec::name::Lock::parse("types: 3").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, serde_yaml::Error> {
        let lock: Option<Self> = serde_yaml::from_str(text)?;
        Ok(lock.unwrap_or_default())
    }

    /// The file's text.
    ///
    /// ```
    /// assert!(linode_spec::name::Lock::default().render().starts_with("# Every name"));
    /// ```
    pub fn render(&self) -> String {
        // Maps of strings always have a YAML form.
        let body = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }

    /// The type that each position belongs to.
    ///
    /// ```
    /// use linode_spec::name::Lock;
    /// let lock = Lock::parse("types: {Tag: [GET /a answer, PUT /a answer]}\nleft: {Label: [PUT /a answer]}").unwrap();
    /// assert_eq!(lock.owners().of("GET /a answer"), Some("Tag"));
    /// assert_eq!(lock.owners().of("PUT /a answer"), Some("Label"));
    /// ```
    pub fn owners(&self) -> Owners<'_> {
        let listed = self.types.iter().chain(&self.left);
        let all = listed.flat_map(|(name, positions)| positions.iter().map(move |p| (p, name)));
        Owners(
            all.map(|(position, name)| (position_key(position), name.as_str()))
                .collect(),
        )
    }

    /// Adds what the other lock has more. Nothing that stands here changes; a position that belongs to another type there
    /// has left the one that it is listed under.
    ///
    /// ```
    /// use linode_spec::name::Lock;
    ///
    /// let mut lock = Lock::parse("methods: {GET /a: a.get_a}").unwrap();
    /// lock.extend(Lock::parse("methods: {GET /a: a.other, GET /b: b.get_b}").unwrap());
    /// assert_eq!(lock.methods["GET /a"], "a.get_a");
    /// assert_eq!(lock.methods.len(), 2);
    /// ```
    pub fn extend(&mut self, other: Self) {
        for (key, name) in other.methods {
            self.methods.entry(key).or_insert(name);
        }
        for (name, list) in other.filters {
            self.filters.entry(name).or_insert(list);
        }
        let before = self.clone();
        let owners = before.owners();
        for (name, positions) in other.types {
            for position in positions {
                let owner = owners.of(&position);
                if owner == Some(name.as_str()) {
                    continue;
                }
                for left in self.left.values_mut() {
                    left.remove(&position);
                }
                let list = match owner {
                    Some(_) => &mut self.left,
                    None => &mut self.types,
                };
                list.entry(name.clone()).or_default().insert(position);
            }
        }
        self.left.retain(|_, positions| !positions.is_empty());
    }
}
