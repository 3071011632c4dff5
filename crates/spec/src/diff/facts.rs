//! What is said of a value besides its type: nothing that programs are built against.

use std::collections::BTreeSet;

use super::flow::Flow;
use super::{Became, Effect};
use crate::api::{Facts, Field, Parameter};

/// What a document says of a field or a parameter.
pub struct Said<'a> {
    required: bool,
    nullable: bool,
    deprecated: bool,
    facts: &'a Facts,
}

impl<'a> From<&'a Field> for Said<'a> {
    fn from(field: &'a Field) -> Self {
        Self {
            required: field.required,
            nullable: field.nullable,
            deprecated: field.deprecated,
            facts: &field.facts,
        }
    }
}

impl<'a> From<&'a Parameter> for Said<'a> {
    fn from(parameter: &'a Parameter) -> Self {
        Self {
            required: parameter.required,
            nullable: false,
            deprecated: parameter.deprecated,
            facts: &parameter.facts,
        }
    }
}

/// Each difference in words, and what it means on the wire.
pub fn differences(old: &Said<'_>, new: &Said<'_>, flow: Flow) -> Vec<(Became, String, Effect)> {
    let mut found = Vec::new();
    let mut tell = |became, what: &str, wire| found.push((became, what.to_owned(), wire));
    match (old.required, new.required) {
        (false, true) => tell(Became::Changed, "is required now", flow.narrower()),
        (true, false) => tell(Became::Changed, "is optional now", flow.allowing_more()),
        _ => {}
    }
    match (old.nullable, new.nullable) {
        (false, true) => tell(Became::Changed, "may be null now", flow.wider()),
        (true, false) => tell(Became::Changed, "is never null now", flow.narrower()),
        _ => {}
    }
    match (old.deprecated, new.deprecated) {
        (false, true) => tell(Became::Deprecated, "is deprecated", Effect::None),
        (true, false) => tell(Became::Changed, "is no longer deprecated", Effect::None),
        _ => {}
    }
    let bounds = bounds(old.facts, new.facts, flow).into_iter();
    found.extend(bounds.map(|(what, wire)| (Became::Changed, what, wire)));
    found
}

fn bounds(old: &Facts, new: &Facts, flow: Flow) -> Vec<(String, Effect)> {
    let mut found = Vec::new();
    let keys: BTreeSet<&str> = old
        .bounds
        .keys()
        .chain(new.bounds.keys())
        .copied()
        .collect();
    for key in keys {
        let (was, is) = (old.bounds.get(key), new.bounds.get(key));
        found.push((key, was, is, bound(key, was, is, flow)));
    }
    for (key, was, is) in [
        ("pattern", old.pattern.as_ref(), new.pattern.as_ref()),
        ("format", old.format.as_ref(), new.format.as_ref()),
    ] {
        // Whether another pattern takes less nobody can tell: it may.
        let effect = if is.is_none() {
            flow.allowing_more()
        } else {
            flow.narrower()
        };
        found.push((key, was, is, effect));
    }
    let (was, is) = (old.default.as_ref(), new.default.as_ref());
    // What is left out means something else now.
    let effect = if was.is_some() {
        flow.narrower()
    } else {
        Effect::None
    };
    found.push(("default", was, is, effect));
    let differing = found.into_iter().filter(|(_, was, is, _)| was != is);
    differing
        .map(|(key, was, is, effect)| (told(key, was, is), effect))
        .collect()
}

fn told(key: &str, was: Option<&String>, is: Option<&String>) -> String {
    match (was, is) {
        (Some(was), Some(is)) => format!("has the {key} `{is}`, had `{was}`"),
        (None, Some(is)) => format!("has the {key} `{is}` now"),
        (Some(was), None) => format!("no longer has the {key} `{was}`"),
        (None, None) => String::new(),
    }
}

/// A bound that allows less, or more.
fn bound(key: &str, was: Option<&String>, is: Option<&String>, flow: Flow) -> Effect {
    let number = |text: Option<&String>| text.and_then(|text| text.parse::<f64>().ok());
    let narrower = match (number(was), number(is)) {
        (Some(was), Some(is)) if key.starts_with("max") => is < was,
        (Some(was), Some(is)) if key.starts_with("min") => is > was,
        _ => is.is_some(),
    };
    if narrower {
        flow.narrower()
    } else {
        flow.allowing_more()
    }
}
