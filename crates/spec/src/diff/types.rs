//! Types: what they hold, on both ways.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::Flow;
use super::{Became, Change, Effect, Side, Subject, Walk, facts};
use crate::api::{
    Branch, Content, Enum, Field, Operation, Record, Tag, Ty, TypeDef, TypeId, TypeKind, Union,
};
use crate::identity::{between, outline};
use crate::name::{Rename, Renamed, TypeName};
use crate::places::{position_key, tag_key};

/// A type of both models.
struct Pair<'a> {
    old: (&'a TypeDef, &'a TypeName),
    new: (&'a TypeDef, &'a TypeName),
    /// What users call it, before and now.
    paths: (String, String),
    flow: Flow,
}

impl Pair<'_> {
    fn change(
        &self,
        subject: Subject,
        became: Became,
        what: impl Into<String>,
        wire: Effect,
    ) -> Change {
        Change {
            item: self.paths.1.clone(),
            what: what.into(),
            place: self
                .new
                .0
                .home()
                .or(self.old.0.home())
                .unwrap_or_default()
                .to_owned(),
            old: Some(self.old.0.pointer.clone()),
            new: Some(self.new.0.pointer.clone()),
            wire,
            ..Change::of(subject, became)
        }
    }
}

impl Walk<'_> {
    pub(super) fn types(&mut self, renames: &[Rename]) {
        let (old, new) = (self.old, self.new);
        let (was, is) = (old.types(), new.types());
        let became: BTreeMap<&str, &Rename> = renames
            .iter()
            .filter(|rename| rename.what == Renamed::Type && !is.contains_key(rename.old.as_str()))
            .map(|rename| (rename.old.as_str(), rename))
            .collect();
        for (name, &id) in &was {
            if let Some(&now) = is.get(name) {
                self.pair((old, id), (new, now), None);
            } else if let Some((rename, &now)) = became
                .get(name)
                .and_then(|r| Some((*r, is.get(r.new.as_str())?)))
            {
                self.pair((old, id), (new, now), Some(rename));
            } else {
                self.one_sided(old, id, Became::Removed);
            }
        }
        let renamed: BTreeSet<&str> = became.values().map(|rename| rename.new.as_str()).collect();
        for (name, &id) in &is {
            if !was.contains_key(name) && !renamed.contains(name) {
                self.one_sided(new, id, Became::Added);
            }
        }
        self.bodies();
    }

    /// A type comes and goes with what holds it: on the wire it means nothing by itself.
    fn one_sided(&mut self, side: Side<'_>, id: TypeId, became: Became) {
        let (def, path) = (side.api.get(id), format!("types::{}", side.names.of(id)));
        let what = if became == Became::Added {
            "is new"
        } else {
            "is gone"
        };
        let pointer = Some(def.pointer.clone());
        let (old, new) = if became == Became::Added {
            (None, pointer)
        } else {
            (pointer, None)
        };
        let change = Change {
            item: path.clone(),
            what: format!("{what}: {}", noun(&def.kind)),
            place: def.home().unwrap_or_default().to_owned(),
            old,
            new,
            ..Change::of(Subject::Type, became)
        };
        self.note(change, &[&path]);
    }

    /// Request types belong to their operations.
    fn bodies(&mut self) {
        let (old, new) = (self.old, self.new);
        let (was, is) = (old.bodies(), new.bodies());
        for (key, (path, id)) in &was {
            let Some((now_path, now)) = is.get(key) else {
                continue;
            };
            self.compare(Pair {
                old: (old.api.get(*id), &old.names.types[id.0]),
                new: (new.api.get(*now), &new.names.types[now.0]),
                paths: (path.clone(), now_path.clone()),
                flow: Flow::REQUESTS,
            });
        }
    }

    fn pair(
        &mut self,
        (old, id): (Side<'_>, TypeId),
        (new, now): (Side<'_>, TypeId),
        rename: Option<&Rename>,
    ) {
        let (was, is) = (old.api.get(id), new.api.get(now));
        let pair = Pair {
            old: (was, &old.names.types[id.0]),
            new: (is, &new.names.types[now.0]),
            paths: (
                format!("types::{}", old.names.of(id)),
                format!("types::{}", new.names.of(now)),
            ),
            flow: Flow::of(was, is),
        };
        if let Some(rename) = rename {
            let because = rename
                .because
                .as_deref()
                .unwrap_or("no change of the API explains it");
            let change = pair.change(
                Subject::Type,
                Became::Changed,
                format!("was called `{}`: {because}", pair.paths.0),
                Effect::None,
            );
            self.note(change, &[&pair.paths.0, &pair.paths.1]);
        }
        self.directions(&pair);
        self.places(&pair);
        self.compare(pair);
    }

    /// Fields and values that both types have, at places of both documents that only one of them describes with them.
    fn places(&mut self, pair: &Pair<'_>) {
        let ((old, before), (new, after)) = (pair.old, pair.new);
        let was = wires(&old.kind, before);
        let dot = match &new.kind {
            TypeKind::Record(_) if pair.flow.answers => ".",
            _ => "::",
        };
        for (name, member) in wires(&new.kind, after) {
            if !was.contains_key(name) {
                continue;
            }
            for (absent, other, gone) in [(new, old, true), (old, new, false)] {
                let places = absent_beside(absent, other, name);
                let Some(first) = places.first() else {
                    continue;
                };
                let (subject, wire) = at_a_place(&new.kind, first, gone);
                let what = if gone { "is no longer in" } else { "is now in" };
                let more = match places.len() - 1 {
                    0 => String::new(),
                    more => format!(", and {more} places more"),
                };
                let what = format!("{what} `{first}`{more}");
                let item = format!("{}{dot}{member}", pair.paths.1);
                let answer = places.iter().find(|place| place.contains(" answer"));
                let relied_on = answer.filter(|_| gone && is_always(&new.kind, name));
                if let Some(place) = relied_on {
                    let now = format!("relied on, and not described in {place}");
                    self.differences.add_other_meaning(&item, "described", &now);
                }
                let change = Change {
                    item: item.clone(),
                    place: (*first).clone(),
                    ..pair.change(subject, Became::Changed, what, wire)
                };
                // An answer without it is not read, whatever the compiler says.
                let items: &[&str] = if relied_on.is_some() { &[&item] } else { &[] };
                self.note(change, items);
            }
        }
    }

    /// Whether requests take it, and answers hold it.
    fn directions(&mut self, pair: &Pair<'_>) {
        let (was, is) = (pair.old.0, pair.new.0);
        let told = |held: bool, who: &str| format!("{who} it{}", if held { " now" } else { "" });
        if was.in_answers != is.in_answers {
            let what = if is.in_answers {
                told(true, "is in answers: they hold")
            } else {
                "is in no answer any more".to_owned()
            };
            let change = pair.change(Subject::Type, Became::Changed, what, Effect::None);
            self.note_below(change, &[&pair.paths.1]);
        } else if was.in_requests != is.in_requests {
            let what = if is.in_requests {
                told(true, "is in requests: they take")
            } else {
                "is in no request any more".to_owned()
            };
            let change = pair.change(Subject::Type, Became::Changed, what, Effect::None);
            let path = &pair.paths.1;
            let setters = pair
                .old
                .1
                .members
                .iter()
                .filter(|member| pair.new.1.members.contains(member));
            let mut items: Vec<String> =
                setters.map(|member| format!("{path}::{member}")).collect();
            items.extend([format!("{path}::new"), format!("{path}::with")]);
            self.note(
                change,
                &items.iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }

    fn compare(&mut self, pair: Pair<'_>) {
        match (&pair.old.0.kind, &pair.new.0.kind) {
            (TypeKind::Record(was), TypeKind::Record(is)) => {
                self.other_meanings(&pair, ".");
                self.record(&pair, was, is);
            }
            (TypeKind::Enum(was), TypeKind::Enum(is)) if was.integers == is.integers => {
                self.other_meanings(&pair, "::");
                self.values(&pair, was, is);
            }
            (TypeKind::Union(was), TypeKind::Union(is)) => self.branches(&pair, was, is),
            (was, is) => {
                let what = format!("is {}, was {}", noun(is), noun(was));
                let change = pair.change(Subject::Type, Became::Changed, what, Effect::Breaking);
                self.note_below(change, &[&pair.paths.0, &pair.paths.1]);
            }
        }
    }

    fn record(&mut self, pair: &Pair<'_>, old: &Record, new: &Record) {
        let (was, is) = (by_name(old, pair.old.1), by_name(new, pair.new.1));
        for (name, (field, member)) in &was {
            match is.get(name) {
                Some((now, called)) => self.field(pair, (field, member), (now, called)),
                None => {
                    let wire = if pair.flow.answers || !field.read_only {
                        Effect::Breaking
                    } else {
                        Effect::None
                    };
                    let what = if pair.flow == Flow::REQUESTS {
                        "is no longer taken"
                    } else {
                        "is gone"
                    };
                    let change = Change {
                        old: Some(field.pointer.clone()),
                        new: None,
                        ..pair.change(Subject::Field, Became::Removed, what, wire)
                    };
                    self.on_field(change, pair, &[(&pair.paths.0, member)]);
                }
            }
        }
        for (name, (field, member)) in &is {
            if was.contains_key(name) {
                continue;
            }
            let demanded = field.required && pair.flow.requests && !field.read_only;
            let (what, wire) = if demanded {
                ("is new, and required", Effect::Breaking)
            } else {
                ("is new", Effect::Addition)
            };
            let change = Change {
                old: None,
                new: Some(field.pointer.clone()),
                ..pair.change(Subject::Field, Became::Added, what, wire)
            };
            self.on_field(change, pair, &[(&pair.paths.1, member)]);
        }
    }

    /// Members that stand for something else now, because a name that came since took theirs.
    fn other_meanings(&mut self, pair: &Pair<'_>, dot: &str) {
        let was = wires(&pair.old.0.kind, pair.old.1);
        let is = wires(&pair.new.0.kind, pair.new.1);
        let stands_for: BTreeMap<&String, &str> =
            is.iter().map(|(wire, member)| (*member, *wire)).collect();
        for (before, member) in &was {
            let Some(now) = stands_for.get(member).filter(|now| *now != before) else {
                continue;
            };
            if is.contains_key(before) || was.contains_key(now) {
                let item = format!("{}{dot}{member}", pair.paths.0);
                self.differences.add_other_meaning(&item, before, now);
            }
        }
    }

    /// Notes a change of a field; these are the types and members that it has gone by.
    fn on_field(&mut self, mut change: Change, pair: &Pair<'_>, members: &[(&String, &String)]) {
        let name = |path: &str, member: &str| match pair.flow.answers {
            true => format!("{path}.{member}"),
            false => format!("{path}::{member}"),
        };
        if let Some((path, member)) = members.last() {
            change.item = name(path, member);
        }
        let items: Vec<String> = members
            .iter()
            .flat_map(|(path, member)| [format!("{path}.{member}"), format!("{path}::{member}")])
            .collect();
        self.note(
            change,
            &items.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    }

    fn field(
        &mut self,
        pair: &Pair<'_>,
        (was, member): (&Field, &String),
        (is, called): (&Field, &String),
    ) {
        let change = |became, what: String, wire| Change {
            old: Some(was.pointer.clone()),
            new: Some(is.pointer.clone()),
            ..pair.change(Subject::Field, became, what, wire)
        };
        let (old, new) = ((&pair.paths.0, member), (&pair.paths.1, called));
        if member != called {
            self.on_field(
                change(
                    Became::Changed,
                    format!("was called `{member}`"),
                    Effect::None,
                ),
                pair,
                &[old, new],
            );
        }
        if let Some((what, wire)) = self.retyped(&was.ty, &is.ty, pair.flow) {
            self.on_field(change(Became::Changed, what, wire), pair, &[old, new]);
        }
        if was.always != is.always {
            let what = if is.always {
                "is always there now, by evidence"
            } else {
                "may be missing now, by evidence"
            };
            self.on_field(
                change(Became::Changed, what.to_owned(), Effect::None),
                pair,
                &[new],
            );
        }
        let item = match pair.flow.answers {
            true => format!("{}.{called}", pair.paths.1),
            false => format!("{}::{called}", pair.paths.1),
        };
        let on_item = |change| Change {
            item: item.clone(),
            ..change
        };
        let answered = pair.old.0.in_answers && pair.new.0.in_answers;
        if answered && was.promised != is.promised {
            let (what, wire) = match is.promised {
                true => ("is required in answers now", Effect::None),
                false => ("is no longer required in answers", Effect::Breaking),
            };
            let told = change(Became::Changed, what.to_owned(), wire);
            self.note(on_item(told), &[]);
        }
        if was.read_only != is.read_only && pair.flow.requests {
            let (what, wire) = match is.read_only {
                true => ("is set by the API alone now", Effect::Breaking),
                false => ("can be set now", Effect::Addition),
            };
            let setter = format!("{}::{called}", pair.paths.1);
            self.note(
                on_item(change(Became::Changed, what.to_owned(), wire)),
                &[&setter],
            );
        }
        let sent = pair.flow.requests && !is.read_only;
        let flow = Flow {
            requests: sent,
            ..pair.flow
        };
        for (became, what, wire) in facts::differences(&was.into(), &is.into(), flow) {
            self.note(on_item(change(became, what, wire)), &[]);
        }
    }

    fn values(&mut self, pair: &Pair<'_>, old: &Enum, new: &Enum) {
        let (was, is) = (
            members(&old.values, pair.old.1),
            members(&new.values, pair.new.1),
        );
        let values: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
        for value in values {
            let (path, was, is) = (&pair.paths, was.get(value), is.get(value));
            let items: Vec<String> = was
                .map(|member| format!("{}::{member}", path.0))
                .into_iter()
                .chain(is.map(|member| format!("{}::{member}", path.1)))
                .collect();
            let (became, what, wire) = match (was, is) {
                (Some(_), None) => (
                    Became::Removed,
                    format!("is gone: `{value}`"),
                    pair.flow.narrower(),
                ),
                (None, Some(_)) => (
                    Became::Added,
                    format!("is new: `{value}`"),
                    Effect::Addition,
                ),
                (Some(was), Some(is)) if was != is => {
                    (Became::Changed, format!("was called `{was}`"), Effect::None)
                }
                _ => continue,
            };
            let mut change = pair.change(Subject::Value, became, what, wire);
            change.item = items.last().cloned().unwrap_or_default();
            self.note(
                change,
                &items.iter().map(String::as_str).collect::<Vec<_>>(),
            );
        }
    }

    fn branches(&mut self, pair: &Pair<'_>, old: &Union, new: &Union) {
        if old.tag != new.tag {
            let what = format!(
                "is told by {}, was by {}",
                told_by(&new.tag),
                told_by(&old.tag)
            );
            let change = pair.change(Subject::Type, Became::Changed, what, Effect::Breaking);
            self.note(change, &[]);
        }
        let (was, is) = (by_tag(old, pair.old.1), by_tag(new, pair.new.1));
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys {
            self.branch(pair, was.get(key), is.get(key));
        }
    }

    fn branch(&mut self, pair: &Pair<'_>, was: Option<&Named<'_>>, is: Option<&Named<'_>>) {
        let (became, what, wire) = match (was, is) {
            (Some((was, _)), None) => (
                Became::Removed,
                format!("is gone: `{}`", was.tag),
                pair.flow.narrower(),
            ),
            (None, Some((is, _))) => (
                Became::Added,
                format!("is new: `{}`", is.tag),
                Effect::Addition,
            ),
            (Some((was, before)), Some((is, after))) => {
                match self.retyped(&was.ty, &is.ty, pair.flow) {
                    Some((what, wire)) => (Became::Changed, what, wire),
                    None if before != after => (
                        Became::Changed,
                        format!("was called `{before}`"),
                        Effect::None,
                    ),
                    None if was.tag != is.tag => (
                        Became::Changed,
                        format!("has the tag `{}`, had `{}`", is.tag, was.tag),
                        Effect::None,
                    ),
                    None => return,
                }
            }
            (None, None) => return,
        };
        let old = was.map(|(_, member)| format!("{}::{member}", pair.paths.0));
        let new = is.map(|(_, member)| format!("{}::{member}", pair.paths.1));
        let items: Vec<&str> = old.iter().chain(&new).map(String::as_str).collect();
        let change = Change {
            item: items.last().copied().unwrap_or_default().to_owned(),
            ..pair.change(Subject::Branch, became, what, wire)
        };
        self.note(change, &items);
    }

    /// What is said of a value that has another type now, and what that means on the wire.
    pub(super) fn retyped(&self, old: &Ty, new: &Ty, flow: Flow) -> Option<(String, Effect)> {
        let (was, is) = (self.old.spelt(old), self.new.spelt(new));
        if was == is {
            return None;
        }
        let wire = match (old.named(), new.named()) {
            // Another name alone is nothing on the wire; what is in the types is compared there.
            (Some(before), Some(after)) if outline(old) == outline(new) => {
                match between((self.old.api, before), (self.new.api, after)) {
                    None => Effect::None,
                    Some(_) => Effect::Breaking,
                }
            }
            _ => flow.retyped(old, new),
        };
        Some((format!("is `{is}`, was `{was}`"), wire))
    }
}

/// Wire name → the field and its member.
fn by_name<'a>(
    record: &'a Record,
    names: &'a TypeName,
) -> BTreeMap<&'a str, (&'a Field, &'a String)> {
    let fields = record.fields.iter().zip(&names.members);
    fields
        .map(|(field, member)| (field.name.as_str(), (field, member)))
        .collect()
}

/// A branch and its member.
type Named<'a> = (&'a Branch, &'a String);

/// Branches by their tags, as readers compare them.
fn by_tag<'a>(union: &'a Union, names: &'a TypeName) -> BTreeMap<String, Named<'a>> {
    let branches = union.branches.iter().zip(&names.members);
    branches
        .map(|(branch, member)| (tag_key(&branch.tag), (branch, member)))
        .collect()
}

/// Wire name → member.
fn members<'a>(wires: &'a [String], names: &'a TypeName) -> BTreeMap<&'a str, &'a String> {
    wires
        .iter()
        .map(String::as_str)
        .zip(&names.members)
        .collect()
}

/// What a record or an enum has, each with its member.
fn wires<'a>(kind: &'a TypeKind, names: &'a TypeName) -> BTreeMap<&'a str, &'a String> {
    match kind {
        TypeKind::Record(record) => by_name(record, names)
            .into_iter()
            .map(|(name, (_, member))| (name, member))
            .collect(),
        TypeKind::Enum(of) => members(&of.values, names),
        TypeKind::Union(_) => BTreeMap::new(),
    }
}

/// Whether programs rely on a field in every answer.
fn is_always(kind: &TypeKind, name: &str) -> bool {
    match kind {
        TypeKind::Record(record) => record.fields.iter().any(|f| f.name == name && f.always),
        _ => false,
    }
}

/// What it means on the wire that a field or a value comes to a place, or goes. Whoever reads values can do with fewer of them.
fn at_a_place(kind: &TypeKind, place: &str, gone: bool) -> (Subject, Effect) {
    let answer = place.contains(" answer");
    match (kind, gone) {
        (TypeKind::Enum(_), true) if answer => (Subject::Value, Effect::None),
        (TypeKind::Enum(_), true) => (Subject::Value, Effect::Breaking),
        (TypeKind::Enum(_), false) => (Subject::Value, Effect::Addition),
        (_, true) => (Subject::Field, Effect::Breaking),
        (_, false) => (Subject::Field, Effect::Addition),
    }
}

/// The places of both types where one lacks the field, and the other does not.
fn absent_beside<'a>(one: &'a TypeDef, other: &TypeDef, field: &str) -> Vec<&'a String> {
    let is_in = |places: &BTreeSet<String>, place: &str| {
        let spelt_alike = |known: &String| position_key(known) == position_key(place);
        places.contains(place) || (place.contains('<') && places.iter().any(spelt_alike))
    };
    let lacks = |place: &str| other.absent.get(field).is_some_and(|all| is_in(all, place));
    let absent = one.absent.get(field).into_iter().flatten();
    absent
        .filter(|place| is_in(&other.positions, place) && !lacks(place))
        .collect()
}

fn noun(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Record(_) => "an object",
        TypeKind::Enum(of) if of.integers => "a set of integers",
        TypeKind::Enum(_) => "a set of strings",
        TypeKind::Union(_) => "one of several types",
    }
}

fn told_by(tag: &Tag) -> String {
    match tag {
        Tag::Beside(key) => format!("the field `{key}` beside it"),
        Tag::Inside(key) => format!("its field `{key}`"),
        Tag::Kind => "its kind of JSON".to_owned(),
    }
}

impl Side<'_> {
    /// The types that are in `types`, by name.
    fn types(&self) -> BTreeMap<&str, TypeId> {
        let types = self.api.types.iter().enumerate();
        let emitted = types.filter(|(_, def)| def.body_of.is_none() && !def.positions.is_empty());
        emitted
            .map(|(i, _)| (self.names.of(TypeId(i)), TypeId(i)))
            .collect()
    }

    /// The request types, by operation: what users call them.
    fn bodies(&self) -> BTreeMap<String, (String, TypeId)> {
        let operations = self.api.operations.iter().zip(&self.names.operations);
        let bodies = operations.filter_map(|(operation, name)| {
            let path = format!("{}::{}", name.group, name.ty);
            Some((operation.key(), (path, body_of(operation)?)))
        });
        bodies.collect()
    }
}

fn body_of(operation: &Operation) -> Option<TypeId> {
    match operation.body.as_ref()?.content {
        Content::Fields(id) | Content::Multipart(id) => Some(id),
        _ => None,
    }
}
