//! What is called otherwise in a later model although its position is in both.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{Names, TypeName};
use crate::api::{Api, Operation, TypeDef, TypeId, TypeKind};
use crate::identity::between;
use crate::places::position_key;

/// What kind of name changed.
///
/// ```
/// assert_eq!(linode_spec::name::Renamed::Type.to_string(), "type");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Renamed {
    /// A type, request types included.
    Type,
    /// A field of a record, and its setter.
    Field,
    /// A value of an enum or a branch of a union.
    Variant,
    /// A method, with its group.
    Method,
    /// A query parameter of a call.
    Setter,
}

impl fmt::Display for Renamed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Method => "method",
            Self::Setter => "setter",
        })
    }
}

/// A name that did not last.
///
/// ```
/// use linode_spec::name::{Rename, Renamed};
/// let rename = Rename { what: Renamed::Type, old: "Disk".into(), new: "Volume".into(), positions: ["GET /a answer".to_owned()].into(), because: None };
/// assert_eq!(rename.to_string(), "type `Disk` is `Volume` at GET /a answer");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Rename {
    /// What kind of name.
    pub what: Renamed,
    /// The name before, with what it belongs to: `Linode`, `Linode.label`, `linode.list_instances`.
    pub old: String,
    /// The name now.
    pub new: String,
    /// Where, in both documents.
    pub positions: BTreeSet<String>,
    /// The change of the API that explains it; nothing, where none does.
    pub because: Option<String>,
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            old,
            new,
            positions,
            because,
        } = self;
        let place = positions.first().map_or("", String::as_str);
        write!(f, "{what} `{old}` is `{new}` at {place}")?;
        if positions.len() > 1 {
            write!(f, " and {} more", positions.len() - 1)?;
        }
        match because {
            Some(because) => write!(f, ": {because}"),
            None => Ok(()),
        }
    }
}

/// Every name of the old model that the new one gives otherwise, though the position is in both.
///
/// Types, their fields and variants are compared place by place, methods and their setters operation by operation.
///
/// ```
/// use linode_spec::api::Api;
/// use linode_spec::name::{Names, renames};
/// let (api, names) = (Api::default(), Names::default());
/// assert!(renames((&api, &names), (&api, &names)).is_empty());
/// ```
pub fn renames(old: (&Api, &Names), new: (&Api, &Names)) -> Vec<Rename> {
    let mut pairs = Pairs {
        old,
        new,
        found: BTreeMap::new(),
    };
    pairs.types();
    pairs.operations();
    pairs.found.into_values().collect()
}

struct Pairs<'a> {
    old: (&'a Api, &'a Names),
    new: (&'a Api, &'a Names),
    found: BTreeMap<(Renamed, String, String), Rename>,
}

impl Pairs<'_> {
    fn types(&mut self) {
        let (old, new) = (by_position(self.old.0), by_position(self.new.0));
        for (key, &(position, id)) in &old {
            if let Some(&(_, now)) = new.get(key) {
                self.place(position, id, now);
            }
        }
    }

    fn place(&mut self, position: &str, id: TypeId, now: TypeId) {
        let (was, is) = (&self.old.1.types[id.0], &self.new.1.types[now.0]);
        if was.name != is.name {
            let because = self.reason(id, now);
            self.note(Renamed::Type, &was.name, &is.name, position, because);
        }
        let (old, new) = (self.old.0.get(id), self.new.0.get(now));
        let what = match (&old.kind, &new.kind) {
            (TypeKind::Record(_), TypeKind::Record(_)) => Renamed::Field,
            (TypeKind::Enum(_), TypeKind::Enum(_)) => Renamed::Variant,
            (TypeKind::Union(_), TypeKind::Union(_)) => Renamed::Variant,
            _ => return,
        };
        let known = members(new, is);
        for (wire, member) in members(old, was) {
            if let Some(renamed) = known.get(wire).filter(|name| **name != member) {
                let old = format!("{}.{member}", was.name);
                let new = format!("{}.{renamed}", is.name);
                self.note(what, &old, &new, position, None);
            }
        }
    }

    /// Why a place has left its type: it became something else, or it contradicts what kept the name.
    fn reason(&self, id: TypeId, now: TypeId) -> Option<String> {
        let changed = between((self.old.0, id), (self.new.0, now));
        let name = self.old.1.of(id);
        let kept = self.new.1.types.iter().position(|t| t.name == name);
        let contradicts =
            kept.and_then(|kept| between((self.new.0, TypeId(kept)), (self.new.0, now)));
        contradicts.or(changed)
    }

    fn operations(&mut self) {
        let find = |(api, names): (&'_ Api, &'_ Names)| -> BTreeMap<String, usize> {
            let operations = api.operations.iter().zip(&names.operations).enumerate();
            operations.map(|(i, (o, _))| (o.key(), i)).collect()
        };
        let (old, new) = (find(self.old), find(self.new));
        for (key, &at) in &old {
            let Some(&now) = new.get(key) else { continue };
            let (was, is) = (
                self.old.1.operations[at].clone(),
                self.new.1.operations[now].clone(),
            );
            let (old, new) = (
                format!("{}.{}", was.group, was.method),
                format!("{}.{}", is.group, is.method),
            );
            if old != new {
                self.note(Renamed::Method, &old, &new, key, None);
            }
            let (before, after) = (&self.old.0.operations[at], &self.new.0.operations[now]);
            let known = setters(after, &is.setters);
            for (wire, setter) in setters(before, &was.setters) {
                if let Some(renamed) = known.get(wire).filter(|name| **name != setter) {
                    let old = format!("{old}.{setter}");
                    let new = format!("{new}.{renamed}");
                    self.note(Renamed::Setter, &old, &new, key, None);
                }
            }
        }
    }

    fn note(
        &mut self,
        what: Renamed,
        old: &str,
        new: &str,
        position: &str,
        because: Option<String>,
    ) {
        let key = (what, old.to_owned(), new.to_owned());
        let rename = self.found.entry(key).or_insert_with(|| Rename {
            what,
            old: old.to_owned(),
            new: new.to_owned(),
            positions: BTreeSet::new(),
            because: because.clone(),
        });
        rename.positions.insert(position.to_owned());
        // One place that nothing explains leaves the whole unexplained.
        if because.is_none() {
            rename.because = None;
        }
    }
}

/// What each position is found by → the position, and the type that is there.
fn by_position(api: &Api) -> BTreeMap<Cow<'_, str>, (&str, TypeId)> {
    let types = api.types.iter().enumerate();
    let positions =
        types.flat_map(|(i, def)| def.positions.iter().map(move |p| (p.as_str(), TypeId(i))));
    positions
        .map(|(position, id)| (position_key(position), (position, id)))
        .collect()
}

/// Wire name → member.
fn members<'a>(def: &'a TypeDef, name: &'a TypeName) -> BTreeMap<&'a str, &'a str> {
    let wires: Vec<&str> = match &def.kind {
        TypeKind::Record(record) => record.fields.iter().map(|f| f.name.as_str()).collect(),
        TypeKind::Enum(of) => of.values.iter().map(String::as_str).collect(),
        TypeKind::Union(union) => union.branches.iter().map(|b| b.tag.as_str()).collect(),
    };
    let members = name.members.iter().map(String::as_str);
    wires.into_iter().zip(members).collect()
}

fn setters<'a>(operation: &'a Operation, names: &'a [String]) -> BTreeMap<&'a str, &'a str> {
    let wires = operation.query_parameters().map(|p| p.name.as_str());
    wires.zip(names.iter().map(String::as_str)).collect()
}
