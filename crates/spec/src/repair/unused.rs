//! Components that nothing leads to: they are in the document, and come to nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::sites;
use crate::diagnostic::Report;
use crate::tree::{Here, Node, Pointer};

/// The sections whose components are reached by reference alone.
const SECTIONS: [&str; 5] = [
    "schemas",
    "parameters",
    "responses",
    "requestBodies",
    "pathItems",
];

/// A section and a name in it.
type Component = (String, String);

/// Tells each component that no operation leads to, by whatever way.
pub(super) fn tell(root: &Node, report: &mut Report) {
    let mut leads: BTreeMap<Option<Component>, Vec<Component>> = BTreeMap::new();
    for site in sites(root) {
        let target = Pointer::of_reference(&site.reference).and_then(|it| component(&it));
        if let Some(target) = target {
            leads
                .entry(component(&site.pointer))
                .or_default()
                .push(target);
        }
    }
    let mut reached = BTreeSet::new();
    let mut next = leads.remove(&None).unwrap_or_default();
    while let Some(component) = next.pop() {
        if reached.insert(component.clone()) {
            next.extend(leads.remove(&Some(component)).unwrap_or_default());
        }
    }
    let components = Here::ROOT.key("components");
    for section in SECTIONS {
        let found = root.get("components").and_then(|it| it.get(section));
        let names = found.and_then(Node::as_map).into_iter();
        for name in names.flat_map(|map| map.entries.keys()) {
            if !reached.contains(&(section.to_owned(), name.clone())) {
                report.note(
                    "unused-component",
                    components.key(section).key(name),
                    "a component that no operation leads to",
                    "nothing is made of it",
                );
            }
        }
    }
}

/// The component that a place lies in.
fn component(pointer: &Pointer) -> Option<Component> {
    match pointer.0.as_slice() {
        [first, section, name, ..] if first == "components" => {
            Some((section.clone(), name.clone()))
        }
        _ => None,
    }
}
