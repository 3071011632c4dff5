//! Operations: what comes and goes, and what changes of those that stay.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::Flow;
use super::{Became, Change, Effect, Side, Subject, Walk, facts};
use crate::api::{AnswerKind, Body, Content, FilterField, List, Operation, Parameter, Place, Ty};
use crate::name::OperationName;
use crate::surface::{Domain, constant_names, grants, permission_names, scopes, spelt};

/// An operation of a model, with its names.
#[derive(Clone, Copy)]
struct Named<'a> {
    side: Side<'a>,
    index: usize,
    operation: &'a Operation,
    name: &'a OperationName,
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
    fn item(&self) -> String {
        format!("{}::Api::{}", self.name.group, self.name.method)
    }

    /// What stands for it.
    fn stand_in(&self) -> String {
        format!("{}::{}", self.name.group, self.name.ty)
    }

    fn below(&self, member: &str) -> String {
        format!("{}::{member}", self.stand_in())
    }

    fn place(&self) -> String {
        format!("{} {}", self.operation.method, self.operation.path)
    }

    /// The constant of a filter.
    fn constant(&self, list: &List, key: &str) -> Option<String> {
        let at = list.filters.iter().position(|filter| filter.key == key)?;
        let name = &constant_names(&list.filters)[at];
        Some(match self.side.domains.0.get(&self.index)? {
            Domain::Item(id) => format!("types::{}::{name}", self.side.names.of(*id)),
            Domain::Own(own) => format!("{}::{own}::{name}", self.name.group),
        })
    }

    /// The parameters that are given by name, each with its setter if it has one.
    fn parameters(&self) -> BTreeMap<(&'static str, &'a str), (&'a Parameter, Option<String>)> {
        let call = if self.operation.answer.list().is_some() {
            "List"
        } else {
            "Call"
        };
        let setters = self.operation.query_parameters().zip(&self.name.setters);
        let query = setters.map(|(parameter, setter)| {
            let item = format!("{call}<{}>::{setter}", self.stand_in());
            (("query", parameter.name.as_str()), (parameter, Some(item)))
        });
        let others =
            self.operation
                .parameters
                .iter()
                .filter_map(|parameter| match parameter.place {
                    Place::Header => Some((("header", parameter.name.as_str()), (parameter, None))),
                    Place::Cookie => Some((("cookie", parameter.name.as_str()), (parameter, None))),
                    Place::Path | Place::Query => None,
                });
        query.chain(others).collect()
    }
}

/// An operation that both models have.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: Named<'a>,
    new: Named<'a>,
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
            let members = permission_names(texts).members;
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
        for (text, effect) in set_changes(
            &was.versions,
            &is.versions,
            "is served by",
            Effect::Addition,
        ) {
            self.told(pair, text, effect);
        }
        match (was.public, is.public) {
            (false, true) => self.told(pair, "needs no token any more", Effect::Addition),
            (true, false) => self.told(pair, "needs a token now", Effect::Breaking),
            _ => {}
        }
        let scopes = set_changes(&was.scopes, &is.scopes, "needs the scope", Effect::Breaking);
        let grant = |operation: &Operation| operation.grant.iter().cloned().collect::<Vec<_>>();
        let grants = set_changes(&grant(was), &grant(is), "needs the grant", Effect::Breaking);
        for (text, effect) in scopes.into_iter().chain(grants) {
            self.told(pair, text, effect);
        }
    }

    /// What documents say about it besides.
    fn facts_of(&mut self, pair: Pair<'_>) {
        let (was, is) = (pair.old.operation, pair.new.operation);
        let facts = [
            ("id", &was.id, &is.id),
            ("summary", &was.summary, &is.summary),
            ("name in the command line tool", &was.cli, &is.cli),
            ("reference", &was.link, &is.link),
        ];
        for (fact, was, is) in facts {
            if was != is {
                let text = |value: &Option<String>| {
                    value
                        .as_ref()
                        .map_or("nothing".to_owned(), |v| format!("`{v}`"))
                };
                self.told(
                    pair,
                    format!("has the {fact} {}, had {}", text(is), text(was)),
                    Effect::None,
                );
            }
        }
        if was.tags != is.tags {
            self.told(
                pair,
                format!(
                    "has the tags {}, had {}",
                    listed(&is.tags),
                    listed(&was.tags)
                ),
                Effect::None,
            );
        }
        if was.path != is.path {
            self.told(
                pair,
                format!("has the path `{}`, had `{}`", is.path, was.path),
                Effect::None,
            );
        }
        for (text, _) in set_changes(
            &was.statuses,
            &is.statuses,
            "describes the status",
            Effect::None,
        ) {
            self.told(pair, text, Effect::None);
        }
    }

    /// Parameters of the path go by their order.
    fn path_parameters(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old, pair.new);
        for (was, is) in old
            .operation
            .path_parameters()
            .zip(new.operation.path_parameters())
        {
            let item = [new.item()];
            self.parameter(pair, (was, &item), (is, &item));
        }
    }

    fn parameters(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old.parameters(), pair.new.parameters());
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            let (place, name) = key;
            let items =
                |found: &(&Parameter, Option<String>)| found.1.iter().cloned().collect::<Vec<_>>();
            match (old.get(&key), new.get(&key)) {
                (Some(was), Some(is)) => {
                    self.parameter(pair, (was.0, &items(was)), (is.0, &items(is)))
                }
                (Some(was), None) => {
                    let what = format!("no longer takes `{name}` in the {place}");
                    let change =
                        pair.change(Subject::Parameter, Became::Removed, what, Effect::Breaking);
                    self.note(on(change, &items(was)), &refs(&items(was)));
                }
                (None, Some(is)) => {
                    let (must, wire) = if is.0.required {
                        ("must have", Effect::Breaking)
                    } else {
                        ("takes", Effect::Addition)
                    };
                    let what = format!("{must} `{name}` in the {place} now");
                    let change = pair.change(Subject::Parameter, Became::Added, what, wire);
                    self.note(on(change, &items(is)), &refs(&items(is)));
                }
                (None, None) => {}
            }
        }
    }

    fn parameter(
        &mut self,
        pair: Pair<'_>,
        (was, old_items): (&Parameter, &[String]),
        (is, new_items): (&Parameter, &[String]),
    ) {
        let name = &is.name;
        let change = |became, what: String, wire| {
            on(
                pair.change(
                    Subject::Parameter,
                    became,
                    format!("{what} (`{name}`)"),
                    wire,
                ),
                new_items,
            )
        };
        let items = [refs(old_items), refs(new_items)].concat();
        if old_items != new_items {
            self.note(
                change(Became::Changed, "has another name".to_owned(), Effect::None),
                &items,
            );
        }
        if let Some((what, wire)) = self.retyped(&was.ty, &is.ty, Flow::REQUESTS) {
            self.note(change(Became::Changed, what, wire), &items);
        }
        match (was.required, is.required) {
            (false, true) => self.note(
                change(
                    Became::Changed,
                    "is required now".to_owned(),
                    Effect::Breaking,
                ),
                &[],
            ),
            (true, false) => self.note(
                change(
                    Became::Changed,
                    "is optional now".to_owned(),
                    Effect::Addition,
                ),
                &[],
            ),
            _ => {}
        }
        match (was.deprecated, is.deprecated) {
            (false, true) => self.note(
                change(Became::Deprecated, "is deprecated".to_owned(), Effect::None),
                &[],
            ),
            (true, false) => self.note(
                change(
                    Became::Changed,
                    "is no longer deprecated".to_owned(),
                    Effect::None,
                ),
                &[],
            ),
            _ => {}
        }
        for (what, wire) in facts::differences(&was.facts, &is.facts, Flow::REQUESTS) {
            self.note(change(Became::Changed, what, wire), &[]);
        }
    }

    fn body(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old, pair.new);
        let items = [old.item(), new.item(), old.stand_in(), new.stand_in()];
        let change = |became, what: String, wire| pair.change(Subject::Body, became, what, wire);
        let (was, is) = match (&old.operation.body, &new.operation.body) {
            (None, None) => return,
            (Some(_), None) => {
                let change = change(
                    Became::Removed,
                    "no longer takes a body".to_owned(),
                    Effect::Breaking,
                );
                return self.note_below(change, &refs(&items));
            }
            (None, Some(body)) => {
                let wire = if new.side.demands(body) {
                    Effect::Breaking
                } else {
                    Effect::Addition
                };
                let change = change(
                    Became::Added,
                    format!("takes a body now: `{}`", body.media_type),
                    wire,
                );
                return self.note_below(change, &refs(&items));
            }
            (Some(was), Some(is)) => (was, is),
        };
        if was.media_type != is.media_type {
            let what = format!("sends `{}`, sent `{}`", is.media_type, was.media_type);
            self.note_below(
                change(Became::Changed, what, Effect::Breaking),
                &refs(&items),
            );
        }
        match (&was.content, &is.content) {
            (Content::Json(was), Content::Json(is)) => {
                if let Some((what, wire)) = self.retyped(was, is, Flow::REQUESTS) {
                    self.note(
                        change(Became::Changed, format!("has a body that {what}"), wire),
                        &[&old.item(), &new.item()],
                    );
                }
            }
            (was, is) if content(was) != content(is) => {
                let what = format!("takes {}, took {}", content(is), content(was));
                self.note_below(
                    change(Became::Changed, what, Effect::Breaking),
                    &refs(&items),
                );
            }
            _ => {}
        }
        match (was.required, is.required) {
            (false, true) => self.note(
                change(
                    Became::Changed,
                    "must have a body now".to_owned(),
                    Effect::Breaking,
                ),
                &[],
            ),
            (true, false) => self.note(
                change(
                    Became::Changed,
                    "may go without a body now".to_owned(),
                    Effect::Addition,
                ),
                &[],
            ),
            _ => {}
        }
    }

    fn answer(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old, pair.new);
        let (was, is) = (&old.operation.answer, &new.operation.answer);
        let items = [old.below("Answer"), new.below("Answer")];
        let change = |what: String, wire| pair.change(Subject::Answer, Became::Changed, what, wire);
        if was.status != is.status {
            self.note(
                change(
                    format!("answers {}, answered {}", is.status, was.status),
                    Effect::None,
                ),
                &[],
            );
        }
        match (was.optional, is.optional) {
            (false, true) => self.note(
                change("may answer nothing now".to_owned(), Effect::Breaking),
                &refs(&items),
            ),
            (true, false) => self.note(
                change("always answers something now".to_owned(), Effect::None),
                &refs(&items),
            ),
            _ => {}
        }
        match (&was.kind, &is.kind) {
            (AnswerKind::Value(was), AnswerKind::Value(is)) => {
                if let Some((what, wire)) = self.retyped(was, is, Flow::ANSWERS) {
                    self.note(
                        change(format!("has an answer that {what}"), wire),
                        &refs(&items),
                    );
                }
            }
            (AnswerKind::Page(was), AnswerKind::Page(is)) => {
                if let Some((what, wire)) = self.retyped(&was.item, &is.item, Flow::ANSWERS) {
                    self.note(
                        change(format!("has items each of which {what}"), wire),
                        &refs(&items),
                    );
                }
                self.filters(pair, was, is);
            }
            (AnswerKind::Bytes, AnswerKind::Bytes) if was.media_type != is.media_type => {
                let text = |media_type: &Option<String>| media_type.clone().unwrap_or_default();
                let what = format!(
                    "answers `{}`, answered `{}`",
                    text(&is.media_type),
                    text(&was.media_type)
                );
                self.note(change(what, Effect::Breaking), &[]);
            }
            (was, is) if answered(was) != answered(is) => {
                let what = format!("answers {}, answered {}", answered(is), answered(was));
                let wire = if *was == AnswerKind::Nothing {
                    Effect::Addition
                } else {
                    Effect::Breaking
                };
                let more = [
                    old.item(),
                    new.item(),
                    old.below("Domain"),
                    new.below("Domain"),
                ];
                self.note(change(what, wire), &[refs(&items), refs(&more)].concat());
            }
            _ => {}
        }
    }

    fn filters(&mut self, pair: Pair<'_>, old: &List, new: &List) {
        let keyed = |list: &'_ List| -> BTreeMap<String, FilterField> {
            list.filters
                .iter()
                .map(|f| (f.key.clone(), f.clone()))
                .collect()
        };
        let (was, is) = (keyed(old), keyed(new));
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for key in keys {
            let constants = [pair.old.constant(old, key), pair.new.constant(new, key)];
            let constants: Vec<String> = constants.into_iter().flatten().collect();
            let pointer = |found: Option<&FilterField>| found.map(|f| f.pointer.clone());
            let mut items = constants.clone();
            items.push(pair.new.below("Domain"));
            let (became, what, wire) = match (was.get(key), is.get(key)) {
                (Some(was), Some(is)) => match self.retyped(&was.ty, &is.ty, Flow::REQUESTS) {
                    Some((what, wire)) => (
                        Became::Changed,
                        format!("compares with what {what} (`{key}`)"),
                        wire,
                    ),
                    None => continue,
                },
                (Some(_), None) => (
                    Became::Removed,
                    format!("no longer filters {} by `{key}`", pair.new.place()),
                    Effect::Breaking,
                ),
                _ => (
                    Became::Added,
                    format!("filters {} by `{key}` now", pair.new.place()),
                    Effect::Addition,
                ),
            };
            let change = Change {
                old: pointer(was.get(key)),
                new: pointer(is.get(key)),
                ..pair.change(Subject::Filter, became, what, wire)
            };
            let last: Vec<String> = constants.into_iter().rev().take(1).collect();
            self.note(on(change, &last), &refs(&items));
        }
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

/// The change with the first of these as the item that users meet it in.
fn on(mut change: Change, items: &[String]) -> Change {
    if let Some(item) = items.first() {
        change.item.clone_from(item);
    }
    change
}

fn refs(items: &[String]) -> Vec<&str> {
    items.iter().map(String::as_str).collect()
}

/// What is in one of the lists alone.
fn set_changes(old: &[String], new: &[String], says: &str, added: Effect) -> Vec<(String, Effect)> {
    let removed = match added {
        Effect::Breaking => Effect::Addition,
        Effect::Addition => Effect::Breaking,
        Effect::None => Effect::None,
    };
    let gone = old.iter().filter(|text| !new.contains(text));
    let come = new.iter().filter(|text| !old.contains(text));
    let gone = gone.map(|text| (format!("no longer {says} `{text}`"), removed));
    come.map(|text| (format!("{says} `{text}` now"), added))
        .chain(gone)
        .collect()
}

fn listed(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    if texts.is_empty() {
        "none".to_owned()
    } else {
        texts.join(", ")
    }
}

fn content(content: &Content) -> &'static str {
    match content {
        Content::Fields(_) => "fields",
        Content::Json(_) => "JSON of one type",
        Content::Bytes => "bytes",
        Content::Multipart(_) => "parts",
    }
}

fn answered(kind: &AnswerKind) -> &'static str {
    match kind {
        AnswerKind::Nothing => "nothing",
        AnswerKind::Value(_) => "a value",
        AnswerKind::Page(_) => "pages",
        AnswerKind::Bytes => "bytes",
    }
}

impl Side<'_> {
    /// Whether a request is refused without the body.
    fn demands(&self, body: &Body) -> bool {
        let fields = match body.content {
            Content::Fields(id) | Content::Multipart(id) => self.api.record(&Ty::Named(id)),
            _ => None,
        };
        body.required
            || fields.is_some_and(|record| record.fields.iter().any(|field| field.required))
    }

    /// A type in Rust's words.
    pub(super) fn spelt(&self, ty: &Ty) -> String {
        spelt(self.names, ty)
    }
}
