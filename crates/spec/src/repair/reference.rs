//! References: each leads to something in the document, and none leads back to itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::audit::{Kind, Shape, entry, locate};
use crate::diagnostic::Report;
use crate::tree::{Here, Map, Node, Pointer};

/// A path item that stands in for another is copied; these bound what copies may add to the document.
const MAX_COPIED_NODES: usize = 100_000;

/// One `$ref` of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    /// The object that is a reference.
    pub pointer: Pointer,
    /// What kind of object it stands for.
    pub kind: Kind,
    /// What it refers to.
    pub reference: String,
}

/// Every reference of the document, in its order.
pub(crate) fn sites(root: &Node) -> Vec<Site> {
    let mut sites = Vec::new();
    collect(root, Kind::Document, &Here::ROOT, &mut sites);
    sites
}

fn collect(node: &Node, kind: Kind, here: &Here<'_>, sites: &mut Vec<Site>) {
    let Node::Map(map) = node else { return };
    if let Some(reference) = map.text("$ref").filter(|_| entry(kind, "$ref").is_some()) {
        sites.push(Site {
            pointer: here.pointer(),
            kind,
            reference: reference.to_owned(),
        });
        return;
    }
    for (key, value) in &map.entries {
        let Some(entry) = entry(kind, key) else {
            continue;
        };
        let here = here.key(key);
        match (entry.shape, value) {
            (Shape::One(kind) | Shape::OneOrFlag(kind), _) => collect(value, kind, &here, sites),
            (Shape::List(kind), Node::List(items)) => {
                items
                    .iter()
                    .enumerate()
                    .for_each(|(index, item)| collect(item, kind, &here.index(index), sites));
            }
            (Shape::Map(kind), Node::Map(map)) => {
                map.entries
                    .iter()
                    .for_each(|(name, item)| collect(item, kind, &here.key(name), sites));
            }
            _ => {}
        }
    }
}

/// Breaks what dangles or goes in circles, and copies path items to where they are referred to.
pub(super) fn settle(root: &mut Node, report: &mut Report) {
    let sites = sites(root);
    let mut broken = dangling(root, &sites, report);
    broken.extend(circular(root, &sites, &broken, report));
    // From the end to the beginning, so that what is taken from a list does not move what is still to be taken.
    for site in sites
        .iter()
        .rev()
        .filter(|site| broken.contains(&site.pointer))
    {
        break_off(root, site);
    }
    super::unused::tell(root, report);
    copy_path_items(root, report);
}

fn dangling(root: &Node, sites: &[Site], report: &mut Report) -> BTreeSet<Pointer> {
    let mut broken = BTreeSet::new();
    for site in sites {
        let problem = match locate(root, &site.reference) {
            None => "which is not there".to_owned(),
            Some(place) if place.kind != site.kind => {
                format!("which is a {} and no {}", place.kind, site.kind)
            }
            Some(_) => continue,
        };
        let found = format!("a reference to `{}`, {problem}", site.reference);
        report.defect("dangling-ref", &site.pointer, found, consequence(site.kind));
        broken.insert(site.pointer.clone());
    }
    broken
}

/// What becomes of an object whose reference leads nowhere.
fn consequence(kind: Kind) -> String {
    match kind {
        Kind::Schema => "the schema takes anything".to_owned(),
        Kind::Response => "the response is taken for an empty one".to_owned(),
        _ => format!("the {kind} is left out"),
    }
}

fn break_off(root: &mut Node, site: &Site) {
    let replacement = match site.kind {
        Kind::Schema => Some(Map::default()),
        Kind::Response => Some(Map::of([("description", Node::text(""))])),
        _ => None,
    };
    match (replacement, site.pointer.find_mut(root)) {
        (Some(map), Some(node)) => *node = Node::Map(map),
        _ => remove(root, &site.pointer),
    }
}

fn remove(root: &mut Node, pointer: &Pointer) {
    let Some((last, parent)) = pointer.0.split_last() else {
        return;
    };
    match Pointer(parent.to_vec()).find_mut(root) {
        Some(Node::Map(map)) => {
            map.take(last);
        }
        Some(Node::List(list)) => {
            if let Some(index) = last
                .parse::<usize>()
                .ok()
                .filter(|index| *index < list.len())
            {
                list.remove(index);
            }
        }
        _ => {}
    }
}

/// Finds the references that close a circle: an alias of itself, or a schema that consists of itself.
///
/// A schema may well contain itself as a property. It can't be its own alias, or a member of its own `allOf`,
/// `oneOf` or `anyOf`: there is no value to begin with. Only these steps are followed here.
fn circular(
    root: &Node,
    sites: &[Site],
    broken: &BTreeSet<Pointer>,
    report: &mut Report,
) -> BTreeSet<Pointer> {
    let mut search = Search {
        root,
        broken,
        state: BTreeMap::new(),
        cut: BTreeSet::new(),
    };
    for site in sites {
        search.from(&site.pointer);
    }
    let cut = search.cut;
    for site in sites.iter().filter(|site| cut.contains(&site.pointer)) {
        let found = format!("a reference to `{}`, which leads back here", site.reference);
        report.defect("circular-ref", &site.pointer, found, consequence(site.kind));
    }
    cut
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Done,
}

struct Search<'a> {
    root: &'a Node,
    broken: &'a BTreeSet<Pointer>,
    state: BTreeMap<Pointer, State>,
    cut: BTreeSet<Pointer>,
}

/// A place on the way, and the steps from it that are still to be taken.
struct Stop {
    pointer: Pointer,
    is_reference: bool,
    steps: Vec<Pointer>,
}

impl Search<'_> {
    /// Walks from one place, with a stack of its own: chains of aliases can be long.
    fn from(&mut self, start: &Pointer) {
        if self.state.contains_key(start) {
            return;
        }
        let mut way = vec![self.enter(start.clone())];
        while let Some(stop) = way.last_mut() {
            let Some(next) = stop.steps.pop() else {
                self.state.insert(stop.pointer.clone(), State::Done);
                way.pop();
                continue;
            };
            match self.state.get(&next) {
                Some(State::Done) => {}
                Some(State::Open) => self.cut_last_reference(&way),
                None => {
                    let stop = self.enter(next);
                    way.push(stop);
                }
            }
        }
    }

    fn enter(&mut self, pointer: Pointer) -> Stop {
        self.state.insert(pointer.clone(), State::Open);
        let node = pointer.find(self.root);
        let reference = node
            .and_then(|node| node.get("$ref"))
            .and_then(Node::as_text);
        let target = reference
            .filter(|_| !self.broken.contains(&pointer))
            .and_then(|it| locate(self.root, it));
        let is_reference = target.is_some();
        let steps = match target {
            Some(target) => vec![target.pointer],
            None => node.map(|node| members(node, &pointer)).unwrap_or_default(),
        };
        Stop {
            pointer,
            is_reference,
            steps,
        }
    }

    fn cut_last_reference(&mut self, way: &[Stop]) {
        if let Some(stop) = way.iter().rev().find(|stop| stop.is_reference) {
            self.cut.insert(stop.pointer.clone());
        }
    }
}

/// The schemas of which a schema consists, last first.
fn members(node: &Node, pointer: &Pointer) -> Vec<Pointer> {
    let mut members = Vec::new();
    for key in ["allOf", "oneOf", "anyOf"] {
        let count = node
            .get(key)
            .and_then(Node::as_list)
            .map_or(0, <[Node]>::len);
        let list = pointer.child(key);
        members.extend((0..count).map(|index| list.child(&index.to_string())));
    }
    members.reverse();
    members
}

fn copy_path_items(root: &mut Node, report: &mut Report) {
    let mut room = MAX_COPIED_NODES;
    for site in sites(root)
        .iter()
        .rev()
        .filter(|site| site.kind == Kind::PathItem)
    {
        let target =
            locate(root, &site.reference).filter(|target| target.node.get("$ref").is_none());
        let target = target.map(|target| target.node.clone());
        let left = target
            .as_ref()
            .and_then(|target| room.checked_sub(target.size()));
        let found = format!("a path that is a reference to `{}`", site.reference);
        match (target, left, site.pointer.find_mut(root)) {
            (Some(target), Some(left), Some(node)) => {
                room = left;
                report.note(
                    "path-ref",
                    &site.pointer,
                    found,
                    "what it refers to is copied here",
                );
                *node = target;
            }
            _ => {
                report.defect("path-ref", &site.pointer, found, "the path is left out");
                remove(root, &site.pointer);
            }
        }
    }
}
