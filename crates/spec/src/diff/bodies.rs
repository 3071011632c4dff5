//! What operations send and answer, and what their lists are filtered by.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::Flow;
use super::operations::{Named, Pair, refs};
use super::{Became, Change, Effect, Side, Subject, Walk};
use crate::api::{Answer, AnswerKind, Body, Content, FilterField, List, Ty};
use crate::surface::{Domain, constant_names};

impl Named<'_> {
    /// The constant of a filter.
    fn constant(&self, list: &List, key: &str) -> Option<String> {
        let at = list.filters.iter().position(|filter| filter.key == key)?;
        let name = &constant_names(&list.filters)[at];
        Some(match self.side.domains.0.get(&self.index)? {
            Domain::Item(id) => format!("types::{}::{name}", self.side.names.of(*id)),
            Domain::Own(own) => format!("{}::{own}::{name}", self.name.group),
        })
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
}

impl Walk<'_> {
    pub(super) fn body(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old, pair.new);
        let items = [old.item(), new.item(), old.stand_in(), new.stand_in()];
        let change = |became, what: &str, wire| pair.change(Subject::Body, became, what, wire);
        let (was, is) = match (&old.operation.body, &new.operation.body) {
            (None, None) => return,
            (Some(_), None) => {
                let change = change(Became::Removed, "no longer takes a body", Effect::Breaking);
                return self.note_below(change, &refs(&items));
            }
            (None, Some(body)) => {
                let wire = if new.side.demands(body) {
                    Effect::Breaking
                } else {
                    Effect::Addition
                };
                let what = format!("takes a body now: `{}`", body.media_type);
                return self.note_below(change(Became::Added, &what, wire), &refs(&items));
            }
            (Some(was), Some(is)) => (was, is),
        };
        match (&was.content, &is.content) {
            (before, after) if content(before) != content(after) => {
                let what = format!("takes {}, took {}", content(after), content(before));
                self.note_below(
                    change(Became::Changed, &what, Effect::Breaking),
                    &refs(&items),
                );
            }
            _ if was.media_type != is.media_type => {
                let what = format!("sends `{}`, sent `{}`", is.media_type, was.media_type);
                self.note(change(Became::Changed, &what, Effect::Breaking), &[]);
            }
            (Content::Json(was), Content::Json(is)) => {
                if let Some((what, wire)) = self.retyped(was, is, Flow::REQUESTS) {
                    let change = change(Became::Changed, &format!("has a body that {what}"), wire);
                    self.note(change, &[&old.item(), &new.item()]);
                }
            }
            _ => {}
        }
        let (what, wire) = match (was.required, is.required) {
            (false, true) => ("must have a body now", Effect::Breaking),
            (true, false) => ("may go without a body now", Effect::Addition),
            _ => return,
        };
        self.note(change(Became::Changed, what, wire), &[]);
    }

    pub(super) fn answer(&mut self, pair: Pair<'_>) {
        let (was, is) = (&pair.old.operation.answer, &pair.new.operation.answer);
        if was.status != is.status {
            let what = format!("answers {}, answered {}", is.status, was.status);
            self.answers(pair, what, Effect::None, &[]);
        }
        let items = [pair.old.below("Answer"), pair.new.below("Answer")];
        match (was.optional, is.optional) {
            (false, true) => self.answers(pair, "may answer nothing now", Effect::Breaking, &items),
            (true, false) => {
                self.answers(pair, "always answers something now", Effect::None, &items)
            }
            _ => {}
        }
        match (&was.kind, &is.kind) {
            (AnswerKind::Value(was), AnswerKind::Value(is)) => {
                if let Some((what, wire)) = self.retyped(was, is, Flow::ANSWERS) {
                    self.answers(pair, format!("has an answer that {what}"), wire, &items);
                }
            }
            (AnswerKind::Page(was), AnswerKind::Page(is)) => {
                if let Some((what, wire)) = self.retyped(&was.item, &is.item, Flow::ANSWERS) {
                    let domains = [pair.old.below("Domain"), pair.new.below("Domain")];
                    let items = [items, domains].concat();
                    self.answers(
                        pair,
                        format!("has items each of which {what}"),
                        wire,
                        &items,
                    );
                }
                self.filters(pair, was, is);
            }
            (AnswerKind::Bytes, AnswerKind::Bytes) if media_type(was) != media_type(is) => {
                let what = format!(
                    "answers `{}`, answered `{}`",
                    media_type(is),
                    media_type(was)
                );
                self.answers(pair, what, Effect::Breaking, &[]);
            }
            (before, after) if answered(before) != answered(after) => {
                let what = format!("answers {}, answered {}", answered(after), answered(before));
                let nothing = *before == AnswerKind::Nothing;
                let wire = if nothing {
                    Effect::Addition
                } else {
                    Effect::Breaking
                };
                let [old, new] = [pair.old, pair.new]
                    .map(|named| [named.item(), named.below("Answer"), named.below("Domain")]);
                self.answers(pair, what, wire, &[old, new].concat());
            }
            _ => {}
        }
    }

    fn answers(&mut self, pair: Pair<'_>, what: impl Into<String>, wire: Effect, items: &[String]) {
        let change = pair.change(Subject::Answer, Became::Changed, what, wire);
        self.note(change, &refs(items));
    }

    fn filters(&mut self, pair: Pair<'_>, old: &List, new: &List) {
        let (was, is) = (by_key(old), by_key(new));
        let keys: BTreeSet<&str> = was.keys().chain(is.keys()).copied().collect();
        let list = pair.new.place();
        for key in keys {
            let (was, is) = (was.get(key), is.get(key));
            let (became, what, wire) = match (was, is) {
                (Some(was), Some(is)) => match self.retyped(&was.ty, &is.ty, Flow::REQUESTS) {
                    Some((what, wire)) => (
                        Became::Changed,
                        format!("filters {list} by what {what}"),
                        wire,
                    ),
                    None => continue,
                },
                (Some(_), None) => (
                    Became::Removed,
                    format!("no longer filters {list}"),
                    Effect::Breaking,
                ),
                _ => (
                    Became::Added,
                    format!("filters {list} now"),
                    Effect::Addition,
                ),
            };
            let constants = [pair.old.constant(old, key), pair.new.constant(new, key)];
            let mut items: Vec<String> = constants.into_iter().flatten().collect();
            let constant = items.last().cloned().unwrap_or_default();
            items.extend([pair.old.below("Domain"), pair.new.below("Domain")]);
            let change = Change {
                item: constant,
                old: was.map(|filter| filter.pointer.clone()),
                new: is.map(|filter| filter.pointer.clone()),
                ..pair.change(Subject::Filter, became, what, wire)
            };
            self.note(change, &refs(&items));
        }
    }
}

fn by_key(list: &List) -> BTreeMap<&str, &FilterField> {
    list.filters
        .iter()
        .map(|filter| (filter.key.as_str(), filter))
        .collect()
}

/// The media type of bytes that are answered.
fn media_type(answer: &Answer) -> &str {
    answer.media_type.as_deref().unwrap_or_default()
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
