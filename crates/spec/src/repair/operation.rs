//! Operations: each has an answer, an id of its own, and each of its parameters once.

use std::collections::{BTreeMap, BTreeSet};

use super::reference::sites;
use crate::audit::{Kind, locate};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// The methods that a path item may have.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Puts every operation right.
pub(super) fn settle(root: &mut Node, report: &mut Report) {
    let mut ids = BTreeMap::new();
    let names = ParameterNames::of(root);
    let paths = Here::ROOT.key("paths");
    let Some(items) = root
        .as_map_mut()
        .and_then(|map| map.get_mut("paths"))
        .and_then(Node::as_map_mut)
    else {
        return;
    };
    for (path, item) in &mut items.entries {
        let here = paths.key(path);
        let Node::Map(item) = item else { continue };
        for method in METHODS {
            let Some(Node::Map(operation)) = item.get_mut(method) else {
                continue;
            };
            let here = here.key(method);
            answers(operation, &here, report);
            has_own_id(operation, &mut ids, &here, report);
            parameters_once(operation, &names, &here, report);
        }
    }
}

fn answers(operation: &mut Map, here: &Here<'_>, report: &mut Report) {
    let responses = operation.get("responses").and_then(Node::as_map);
    if responses.is_some_and(|responses| !responses.entries.is_empty()) {
        return;
    }
    report.defect(
        "no-responses",
        here,
        "an operation without responses",
        "it has an empty default response",
    );
    let empty = Map::of([("description", Node::text(""))]);
    operation.set(
        "responses",
        Node::Map(Map::of([("default", Node::Map(empty))])),
    );
}

fn has_own_id(
    operation: &Map,
    ids: &mut BTreeMap<String, String>,
    here: &Here<'_>,
    report: &mut Report,
) {
    let Some(id) = operation.text("operationId") else {
        report.defect(
            "missing-operation-id",
            here,
            "an operation without `operationId`",
            "it has no id",
        );
        return;
    };
    if let Some(first) = ids.get(id) {
        let found = format!("the operation id `{id}`, which {first} has already");
        report.defect("repeated-operation-id", here, found, "both keep it");
        return;
    }
    ids.insert(id.to_owned(), here.to_string());
}

/// A parameter is the same if it has the same name in the same place, by reference or not.
fn parameters_once(
    operation: &mut Map,
    names: &ParameterNames,
    here: &Here<'_>,
    report: &mut Report,
) {
    let Some(Node::List(parameters)) = operation.get_mut("parameters") else {
        return;
    };
    let here = here.key("parameters");
    let mut seen = BTreeSet::new();
    let mut index = 0;
    parameters.retain(|parameter| {
        index += 1;
        let Some((place, name)) = names.key(parameter) else {
            return true;
        };
        let is_new = seen.insert((place.clone(), name.clone()));
        if !is_new {
            let found = format!("the {place} parameter `{name}` a second time");
            report.defect(
                "repeated-parameter",
                here.index(index - 1),
                found,
                "the first one counts",
            );
        }
        is_new
    });
}

/// A parameter that is renamed where it is used has to be copied there, if it is no larger than this.
const MAX_COPIED_NODES: usize = 40;

/// The parameters that something refers to, by reference.
pub(super) struct ParameterNames(BTreeMap<String, Named>);

struct Named {
    place: String,
    name: String,
    copy: Option<Node>,
}

impl ParameterNames {
    /// Those of a document, through their aliases.
    pub fn of(root: &Node) -> Self {
        let mut names = BTreeMap::new();
        for site in sites(root) {
            if site.kind != Kind::Parameter || names.contains_key(&site.reference) {
                continue;
            }
            let target = locate(root, &site.reference).map(|place| behind(root, place.node));
            let Some((place, name)) = target.and_then(own_key) else {
                continue;
            };
            let copy = target.filter(|it| it.size() <= MAX_COPIED_NODES).cloned();
            names.insert(site.reference, Named { place, name, copy });
        }
        Self(names)
    }

    /// Place and name of one parameter.
    pub fn key(&self, parameter: &Node) -> Option<(String, String)> {
        match parameter.get("$ref").and_then(Node::as_text) {
            Some(reference) => {
                let named = self.0.get(reference)?;
                Some((named.place.clone(), named.name.clone()))
            }
            None => own_key(parameter),
        }
    }

    /// What a reference stands for, to put it in the reference's place.
    pub fn copy(&self, reference: &str) -> Option<Node> {
        self.0.get(reference)?.copy.clone()
    }
}

/// The node at the end of a chain of aliases. Circles are broken by then; the bound is for those who forget it.
fn behind<'t>(root: &'t Node, mut node: &'t Node) -> &'t Node {
    for _ in 0..16 {
        match node
            .get("$ref")
            .and_then(Node::as_text)
            .and_then(|reference| locate(root, reference))
        {
            Some(next) => node = next.node,
            None => break,
        }
    }
    node
}

fn own_key(parameter: &Node) -> Option<(String, String)> {
    let map = parameter.as_map()?;
    Some((map.text("in")?.to_owned(), map.text("name")?.to_owned()))
}
