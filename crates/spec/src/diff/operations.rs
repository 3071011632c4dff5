//! Operations: what comes and goes, and what changes of those that stay.

use std::collections::{BTreeMap, BTreeSet};

use super::{Became, Change, Effect, Side, Subject, Walk};
use crate::api::{Operation, Ty};
use crate::name::OperationName;
use crate::surface::{grants, permission_names, scopes, spelt};

/// An operation of a model, with its names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub side: Side<'a>,
    pub index: usize,
    pub operation: &'a Operation,
    pub name: &'a OperationName,
}

impl<'a> Named<'a> {
    fn of(side: Side<'a>, index: usize) -> Self {
        let (operation, name) = (&side.api.operations[index], &side.names.operations[index]);
        Self {
            side,
            index,
            operation,
            name,
        }
    }

    /// The method.
    pub fn item(&self) -> String {
        format!("{}::Api::{}", self.name.group, self.name.method)
    }

    /// What stands for it.
    pub fn stand_in(&self) -> String {
        format!("{}::{}", self.name.group, self.name.ty)
    }

    /// An item below that.
    pub fn below(&self, member: &str) -> String {
        format!("{}::{member}", self.stand_in())
    }

    /// Where it is on the wire.
    pub fn place(&self) -> String {
        format!("{} {}", self.operation.method, self.operation.path)
    }
}

/// An operation that both models have.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub old: Named<'a>,
    pub new: Named<'a>,
}

impl Pair<'_> {
    pub fn change(
        &self,
        subject: Subject,
        became: Became,
        what: impl Into<String>,
        wire: Effect,
    ) -> Change {
        Change {
            item: self.new.item(),
            what: what.into(),
            place: self.new.place(),
            old: Some(self.old.operation.pointer.clone()),
            new: Some(self.new.operation.pointer.clone()),
            wire,
            ..Change::of(subject, became)
        }
    }
}

impl Walk<'_> {
    /// The scopes and grants that there are.
    pub(super) fn permissions(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        self.permission("Scope", &scopes(old), &scopes(new));
        self.permission("Grant", &grants(old), &grants(new));
    }

    fn permission(&mut self, name: &str, old: &[String], new: &[String]) {
        let named = |texts: &[String]| -> BTreeMap<String, String> {
            let members = permission_names(texts);
            texts.iter().cloned().zip(members).collect()
        };
        let (old, new) = (named(old), named(new));
        let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        for text in all {
            let (became, what, member) = match (old.get(text), new.get(text)) {
                (Some(member), None) => (Became::Removed, "is gone", member),
                (None, Some(member)) => (Became::Added, "is new", member),
                _ => continue,
            };
            let item = format!("{name}::{member}");
            let change = Change {
                item: item.clone(),
                what: format!("{what}: `{text}`"),
                ..Change::of(Subject::Permission, became)
            };
            self.note(change, &[&item]);
        }
    }

    pub(super) fn operations(&mut self) {
        let (old, new) = (self.old, self.new);
        let keyed = |side: Side<'_>| -> BTreeMap<String, usize> {
            let operations = side.api.operations.iter().enumerate();
            operations.map(|(i, o)| (o.key(), i)).collect()
        };
        let (was, is) = (keyed(old), keyed(new));
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys {
            let named =
                |side, keyed: &BTreeMap<String, usize>| keyed.get(key).map(|i| Named::of(side, *i));
            match (named(old, &was), named(new, &is)) {
                (Some(old), Some(new)) => self.operation(Pair { old, new }),
                (Some(gone), None) => {
                    let change = Change {
                        old: Some(gone.operation.pointer.clone()),
                        wire: Effect::Breaking,
                        ..one_sided(gone, Became::Removed, "is gone")
                    };
                    self.note(change, &[&gone.item()]);
                }
                (None, Some(added)) => {
                    let change = Change {
                        new: Some(added.operation.pointer.clone()),
                        wire: Effect::Addition,
                        ..one_sided(added, Became::Added, "is new")
                    };
                    self.note(change, &[&added.item()]);
                }
                (None, None) => {}
            }
        }
    }

    fn operation(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old, pair.new);
        if old.item() != new.item() {
            let change = pair.change(
                Subject::Operation,
                Became::Changed,
                format!("was called `{}`", old.item()),
                Effect::None,
            );
            self.note_below(
                change,
                &[&old.item(), &new.item(), &old.stand_in(), &new.stand_in()],
            );
        }
        let (was, is) = (old.operation, new.operation);
        match (was.deprecated, is.deprecated) {
            (false, true) => {
                let change = pair.change(
                    Subject::Operation,
                    Became::Deprecated,
                    "is deprecated",
                    Effect::None,
                );
                self.note(change, &[&new.item()]);
            }
            (true, false) => self.told(pair, "is no longer deprecated", Effect::None),
            _ => {}
        }
        self.access(pair);
        self.facts_of(pair);
        self.path_parameters(pair);
        self.parameters(pair);
        self.body(pair);
        self.answer(pair);
    }

    /// Something that programs are not built against.
    fn told(&mut self, pair: Pair<'_>, what: impl Into<String>, wire: Effect) {
        let change = pair.change(Subject::Operation, Became::Changed, what, wire);
        self.note(change, &[]);
    }

    /// Who may call it, and where.
    fn access(&mut self, pair: Pair<'_>) {
        let (was, is) = (pair.old.operation, pair.new.operation);
        match (was.public, is.public) {
            (false, true) => self.told(pair, "needs no token any more", Effect::Addition),
            (true, false) => self.told(pair, "needs a token now", Effect::Breaking),
            _ => {}
        }
        let grant = |operation: &Operation| operation.grant.iter().cloned().collect::<Vec<_>>();
        let (more, less) = (Effect::Addition, Effect::Breaking);
        self.lists(
            pair,
            (&was.versions, &is.versions),
            ("is served by", more),
            ("is no longer served by", less),
        );
        self.lists(
            pair,
            (&was.scopes, &is.scopes),
            ("needs the scope", less),
            ("no longer needs the scope", more),
        );
        self.lists(
            pair,
            (&grant(was), &grant(is)),
            ("needs the grant", less),
            ("no longer needs the grant", more),
        );
    }

    /// What is in one of two lists alone, with what is said of it if it came, and if it went.
    fn lists(
        &mut self,
        pair: Pair<'_>,
        (was, is): (&[String], &[String]),
        come: (&str, Effect),
        gone: (&str, Effect),
    ) {
        for text in is.iter().filter(|text| !was.contains(text)) {
            self.told(pair, format!("{} `{text}` now", come.0), come.1);
        }
        for text in was.iter().filter(|text| !is.contains(text)) {
            self.told(pair, format!("{} `{text}`", gone.0), gone.1);
        }
    }

    /// What documents say about it besides.
    fn facts_of(&mut self, pair: Pair<'_>) {
        let facts = |operation: &Operation| {
            let optional = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
            [
                ("id", optional(&operation.id)),
                ("summary", optional(&operation.summary)),
                ("name in the command line tool", optional(&operation.cli)),
                ("reference", optional(&operation.link)),
                ("tags", operation.tags.clone()),
                ("path", vec![operation.path.clone()]),
            ]
        };
        let (was, is) = (facts(pair.old.operation), facts(pair.new.operation));
        for ((fact, was), (_, is)) in was.iter().zip(&is) {
            if was != is {
                let what = format!("has the {fact} {}, had {}", listed(is), listed(was));
                self.told(pair, what, Effect::None);
            }
        }
        let statuses = (
            pair.old.operation.statuses.as_slice(),
            pair.new.operation.statuses.as_slice(),
        );
        let (come, gone) = ("describes the status", "no longer describes the status");
        self.lists(pair, statuses, (come, Effect::None), (gone, Effect::None));
    }
}

fn one_sided(named: Named<'_>, became: Became, what: &str) -> Change {
    Change {
        item: named.item(),
        what: format!("{what}: `{}`", named.place()),
        place: named.place(),
        ..Change::of(Subject::Operation, became)
    }
}

pub(super) fn refs(items: &[String]) -> Vec<&str> {
    items.iter().map(String::as_str).collect()
}

fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    if texts.is_empty() {
        "nothing".to_owned()
    } else {
        texts.join(", ")
    }
}

impl Side<'_> {
    /// A type in Rust's words.
    pub(super) fn spelt(&self, ty: &Ty) -> String {
        spelt(self.names, ty)
    }
}
