//! Paths: their parameters are those between the braces, and no two paths are the same.

use std::collections::{BTreeMap, BTreeSet};

use super::operation::{METHODS, ParameterNames};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node};

/// Puts every path right.
pub(super) fn settle(root: &mut Node, report: &mut Report) {
    let names = ParameterNames::of(root);
    let Some(paths) = root
        .as_map_mut()
        .and_then(|map| map.get_mut("paths"))
        .and_then(Node::as_map_mut)
    else {
        return;
    };
    drop_repeated(paths, report);
    let spelling = Spelling { names };
    let here = Here::ROOT.key("paths");
    for (path, item) in &mut paths.entries {
        if let Node::Map(item) = item {
            spelling.settle(item, &braced(path), &here.key(path), report);
        }
    }
}

/// The names between braces, in order, each once.
fn braced(path: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in path.split('{').skip(1) {
        let name = part
            .split_once('}')
            .map(|(name, _)| name)
            .unwrap_or_default();
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The path without what its parameters are called: two paths that agree in it are one on the wire.
fn anonymous(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| match part.split_once('}') {
        Some((_, rest)) => text + "{}" + rest,
        None => text + "{" + part,
    })
}

/// Two paths may differ in nothing but the names of their parameters. Their operations are kept as long as they
/// have different methods; of two with the same method only the first can be meant.
fn drop_repeated(paths: &mut Map, report: &mut Report) {
    let here = Here::ROOT.key("paths");
    let mut first_of = BTreeMap::new();
    for (path, item) in &mut paths.entries {
        let Node::Map(item) = item else { continue };
        for method in METHODS {
            if !item.has(method) {
                continue;
            }
            let wire = (method, anonymous(path));
            let Some(first) = first_of.get(&wire) else {
                first_of.insert(wire, path.clone());
                continue;
            };
            let found = format!("the operation that `{method}` of `{first}` is already");
            report.defect(
                "repeated-operation",
                here.key(path).key(method),
                found,
                "the first one counts",
            );
            item.take(method);
        }
    }
}

/// Brings the parameters of a path to its own spelling.
struct Spelling {
    names: ParameterNames,
}

impl Spelling {
    fn settle(&self, item: &mut Map, wanted: &[String], here: &Here<'_>, report: &mut Report) {
        let of_operations: BTreeSet<String> = METHODS
            .iter()
            .filter_map(|method| item.get(method)?.as_map())
            .flat_map(|operation| self.path_names(operation))
            .collect();
        let free = |name: &&String| !of_operations.contains(*name);
        let open: Vec<String> = wanted.iter().filter(free).cloned().collect();
        self.respell(item, wanted, &open, here, report);
        let shared: BTreeSet<String> = self.path_names(item).into_iter().collect();
        for method in METHODS {
            let Some(Node::Map(operation)) = item.get_mut(method) else {
                continue;
            };
            let here = here.key(method);
            let open: Vec<String> = wanted
                .iter()
                .filter(|name| !shared.contains(*name))
                .cloned()
                .collect();
            self.respell(operation, wanted, &open, &here, report);
            self.add_missing(operation, &open, &here, report);
        }
    }

    /// The names of the path parameters in the list of a path item or an operation.
    fn path_names(&self, owner: &Map) -> Vec<String> {
        let parameters = owner
            .get("parameters")
            .and_then(Node::as_list)
            .unwrap_or_default();
        let keys = parameters
            .iter()
            .filter_map(|parameter| self.names.key(parameter));
        keys.filter(|(place, _)| place == "path")
            .map(|(_, name)| name)
            .collect()
    }

    /// Renames the parameters that are in the list under another spelling, and drops those that are in no brace.
    fn respell(
        &self,
        owner: &mut Map,
        wanted: &[String],
        open: &[String],
        here: &Here<'_>,
        report: &mut Report,
    ) {
        let given = self.path_names(owner);
        let strays: Vec<&String> = given.iter().filter(|name| !wanted.contains(name)).collect();
        if strays.is_empty() {
            return;
        }
        let missing: Vec<&String> = open.iter().filter(|name| !given.contains(name)).collect();
        let renames = matches(&strays, &missing);
        let Some(Node::List(parameters)) = owner.get_mut("parameters") else {
            return;
        };
        let here = here.key("parameters");
        let mut index = 0;
        parameters.retain_mut(|parameter| {
            let here = here.index(index);
            index += 1;
            let stray = self
                .names
                .key(parameter)
                .filter(|(place, name)| place == "path" && strays.contains(&name));
            let Some((_, name)) = stray else { return true };
            let found = format!("the path parameter `{name}`, which the path does not have");
            match renames.get(&name) {
                Some(spelling) => {
                    report.defect(
                        "path-parameter-spelling",
                        here,
                        found,
                        format!("it is the path's `{spelling}`"),
                    );
                    self.rename(parameter, spelling);
                    true
                }
                None => {
                    report.defect(
                        "path-parameter-unused",
                        here,
                        found,
                        "the parameter is left out",
                    );
                    false
                }
            }
        });
    }

    fn rename(&self, parameter: &mut Node, name: &str) {
        if let Some(reference) = parameter.get("$ref").and_then(Node::as_text) {
            *parameter = self
                .names
                .copy(reference)
                .unwrap_or_else(|| string_parameter(name));
        }
        if let Node::Map(map) = parameter {
            map.set("name", Node::text(name));
        }
    }

    fn add_missing(
        &self,
        operation: &mut Map,
        open: &[String],
        here: &Here<'_>,
        report: &mut Report,
    ) {
        let given = self.path_names(operation);
        for name in open.iter().filter(|name| !given.contains(name)) {
            let found = format!("no parameter `{name}`, though the path has it");
            report.defect(
                "path-parameter-missing",
                here,
                found,
                "it is taken for a string",
            );
            if !operation.has("parameters") {
                operation.set("parameters", Node::List(Vec::new()));
            }
            if let Some(Node::List(parameters)) = operation.get_mut("parameters") {
                parameters.push(string_parameter(name));
            }
        }
    }
}

fn string_parameter(name: &str) -> Node {
    let schema = Map::of([("type", Node::text("string"))]);
    Node::Map(Map::of([
        ("name", Node::text(name)),
        ("in", Node::text("path")),
        ("required", Node::Bool(true)),
        ("schema", Node::Map(schema)),
    ]))
}

/// Which stray name is which missing one: letters and digits agree, or there is only one of each.
fn matches<'a>(strays: &[&'a String], missing: &[&'a String]) -> BTreeMap<String, &'a String> {
    let mut pairs = BTreeMap::new();
    let mut left: Vec<&String> = missing.to_vec();
    for stray in strays {
        if let Some(at) = left.iter().position(|name| plain(name) == plain(stray)) {
            pairs.insert((*stray).clone(), left.remove(at));
        }
    }
    let unmatched: Vec<&&String> = strays
        .iter()
        .filter(|stray| !pairs.contains_key(**stray))
        .collect();
    if let ([stray], [name]) = (unmatched.as_slice(), left.as_slice()) {
        pairs.insert((**stray).clone(), name);
    }
    pairs
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
