//! Parameters of operations.

use std::collections::{BTreeMap, BTreeSet};

use super::flow::Flow;
use super::operations::{Named, Pair};
use super::{Became, Change, Effect, Subject, Walk, facts};
use crate::api::{Parameter, Place};

impl<'a> Named<'a> {
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

impl Walk<'_> {
    /// Parameters of the path go by their order.
    pub(super) fn path_parameters(&mut self, pair: Pair<'_>) {
        let (was, is) = (pair.old.operation, pair.new.operation);
        for (was, is) in was.path_parameters().zip(is.path_parameters()) {
            self.parameter(pair, (was, None), (is, None));
        }
    }

    pub(super) fn parameters(&mut self, pair: Pair<'_>) {
        let (old, new) = (pair.old.parameters(), pair.new.parameters());
        let keys: BTreeSet<_> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            let (place, name) = key;
            let (became, what, wire, setter) = match (old.get(&key), new.get(&key)) {
                (Some((was, old)), Some((is, new))) => {
                    self.parameter(pair, (was, old.as_ref()), (is, new.as_ref()));
                    continue;
                }
                (None, Some((is, setter))) if is.required => {
                    (Became::Added, "must have", Effect::Breaking, setter)
                }
                (None, Some((_, setter))) => (Became::Added, "takes", Effect::Addition, setter),
                (Some((_, setter)), None) => {
                    (Became::Removed, "no longer takes", Effect::Breaking, setter)
                }
                (None, None) => continue,
            };
            let now = if became == Became::Added { " now" } else { "" };
            let what = format!("{what} `{name}` in the {place}{now}");
            let change = pair.change(Subject::Parameter, became, what, wire);
            let items: Vec<&str> = setter.iter().map(String::as_str).collect();
            self.note(met_in(change, setter.as_ref()), &items);
        }
    }

    /// A parameter of both, with its setters where it is given by one.
    fn parameter(
        &mut self,
        pair: Pair<'_>,
        (was, before): (&Parameter, Option<&String>),
        (is, now): (&Parameter, Option<&String>),
    ) {
        let change = |became, what: String, wire| {
            // What has no item of its own is named.
            let what = if now.is_some() {
                what
            } else {
                format!("has a `{}` that {what}", is.name)
            };
            met_in(pair.change(Subject::Parameter, became, what, wire), now)
        };
        let setters: Vec<&str> = before.into_iter().chain(now).map(String::as_str).collect();
        if before != now {
            let change = change(
                Became::Changed,
                format!("sets `{}` now", is.name),
                Effect::None,
            );
            self.note(change, &setters);
        }
        if let Some((what, wire)) = self.retyped(&was.ty, &is.ty, Flow::REQUESTS) {
            let method = pair.new.item();
            let items = if setters.is_empty() {
                vec![method.as_str()]
            } else {
                setters
            };
            self.note(change(Became::Changed, what, wire), &items);
        }
        for (became, what, wire) in facts::differences(&was.into(), &is.into(), Flow::REQUESTS) {
            self.note(change(became, what, wire), &[]);
        }
    }
}

/// The change as users of this setter meet it.
fn met_in(mut change: Change, setter: Option<&String>) -> Change {
    if let Some(setter) = setter {
        change.item.clone_from(setter);
    }
    change
}
