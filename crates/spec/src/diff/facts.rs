//! Bounds, patterns, formats and defaults: nothing that programs are built against.

use std::collections::BTreeSet;

use super::Effect;
use super::flow::Flow;
use crate::api::Facts;

/// Each difference in words, and what it means on the wire.
pub fn differences(old: &Facts, new: &Facts, flow: Flow) -> Vec<(String, Effect)> {
    let mut found = Vec::new();
    let keys: BTreeSet<&str> = old
        .bounds
        .keys()
        .chain(new.bounds.keys())
        .copied()
        .collect();
    for key in keys {
        let (was, is) = (old.bounds.get(key), new.bounds.get(key));
        if was != is {
            let effect = bound(key, was, is, flow);
            found.push((told(key, was, is), effect));
        }
    }
    for (key, was, is) in [
        ("pattern", &old.pattern, &new.pattern),
        ("format", &old.format, &new.format),
    ] {
        if was != is {
            let effect = if is.is_none() {
                flow.wider_bound()
            } else {
                flow.narrower()
            };
            found.push((told(key, was.as_ref(), is.as_ref()), effect));
        }
    }
    if old.default != new.default {
        // What is left out means something else now.
        let effect = if flow.requests && old.default.is_some() {
            Effect::Breaking
        } else {
            Effect::None
        };
        found.push((
            told("default", old.default.as_ref(), new.default.as_ref()),
            effect,
        ));
    }
    found
}

fn told(key: &str, was: Option<&String>, is: Option<&String>) -> String {
    match (was, is) {
        (Some(was), Some(is)) => format!("has the {key} `{is}`, had `{was}`"),
        (None, Some(is)) => format!("has the {key} `{is}` now"),
        (Some(was), None) => format!("no longer has the {key} `{was}`"),
        (None, None) => String::new(),
    }
}

/// A bound that allows less, or more. A reader has no use for it either way.
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
        flow.wider_bound()
    }
}

impl Flow {
    /// More is taken than before.
    fn wider_bound(self) -> Effect {
        if self.requests {
            Effect::Addition
        } else {
            Effect::None
        }
    }
}
