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
            let (became, required, setter) = match (old.get(&key), new.get(&key)) {
                (Some((was, old)), Some((is, new))) => {
                    self.parameter(pair, (was, old.as_ref()), (is, new.as_ref()));
                    continue;
                }
                (None, Some((is, setter))) => (Became::Added, is.required, setter),
                (Some((_, setter)), None) => (Became::Removed, false, setter),
                (None, None) => continue,
            };
            let wire = match became {
                Became::Added if !required => Effect::Addition,
                _ => Effect::Breaking,
            };
            let what = one_sided(key, became, required, setter.is_some());
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

/// What is said of a parameter that came or went: of its setter, where it has one, else of its operation.
fn one_sided(
    (place, name): (&str, &str),
    became: Became,
    required: bool,
    has_setter: bool,
) -> String {
    let says = match (became, required, has_setter) {
        (Became::Added, false, true) => "is new:",
        (Became::Added, true, true) => "is new, and required:",
        (_, _, true) => "is gone:",
        (Became::Added, false, false) => "takes now",
        (Became::Added, true, false) => "must have now",
        (_, _, false) => "no longer takes",
    };
    format!("{says} `{name}` in the {place}")
}

/// The change as users of this setter meet it.
fn met_in(mut change: Change, setter: Option<&String>) -> Change {
    if let Some(setter) = setter {
        change.item.clone_from(setter);
    }
    change
}
