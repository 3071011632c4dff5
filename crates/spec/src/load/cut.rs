//! Whether a document was cut off.
//!
//! JSON that ends early does not parse. YAML mostly does: whatever comes after the cut was simply never there, and a
//! client generated from it would silently lack half of the API. So the end of the document is looked at: what is
//! unfinished there, and nowhere else, was not written that way.

use crate::audit::{Kind, Shape, entry};
use crate::repair::METHODS;
use crate::tree::{Format, Here, Map, Node, format_of};

/// A document of this size was written by a tool, and tools end their last line.
const WRITTEN_BY_A_TOOL: usize = 8 << 10;
/// So many references into a section that is not there are no slip of the pen.
const TOO_MANY_DANGLING: usize = 10;
/// Fewer are enough where the last line has no end either.
const MANY_DANGLING: usize = 3;
/// So many complete operations show that the document's style is to complete them.
const ENOUGH_TO_COMPARE: usize = 3;

/// The end of a document that was cut off.
pub(super) struct Cut {
    pub pointer: String,
    pub evidence: String,
}

/// Finds out whether a document was cut off.
pub(super) fn find(tree: &Node, bytes: &[u8]) -> Option<Cut> {
    if format_of(bytes) == Format::Json {
        return None;
    }
    let end = End {
        tree,
        has_last_newline: bytes.ends_with(b"\n"),
        length: bytes.len(),
    };
    end.of_object(tree, Kind::Document, &Here::ROOT)
}

/// What is known about the end while walking to it, always into the last child.
struct End<'a> {
    tree: &'a Node,
    has_last_newline: bool,
    length: usize,
}

impl End<'_> {
    fn of_object(&self, node: &Node, kind: Kind, here: &Here<'_>) -> Option<Cut> {
        let Node::Map(map) = node else {
            return self.at_last(here);
        };
        if kind == Kind::Operation && !map.has("responses") && self.others_have_responses() {
            return cut(here, "its last operation has no responses, all others have");
        }
        let Some((key, value)) = map.entries.last() else {
            return self.at_last(here);
        };
        let here = here.key(key);
        let Some(entry) = entry(kind, key) else {
            return self.at_last(&here);
        };
        match (entry.shape, value) {
            (Shape::One(_) | Shape::List(_) | Shape::Map(_), Node::Null)
                if kind != Kind::Document =>
            {
                cut(&here, "its last key has no value")
            }
            (Shape::One(kind) | Shape::OneOrFlag(kind), _) => self.of_object(value, kind, &here),
            (Shape::List(kind), Node::List(items)) => self.of_last(items, kind, &here),
            (Shape::Map(kind), Node::Map(map)) => self.of_member(map, kind, &here),
            _ => self.at_last(&here),
        }
    }

    fn of_last(&self, items: &[Node], kind: Kind, here: &Here<'_>) -> Option<Cut> {
        let last = items.last()?;
        self.of_object(last, kind, &here.index(items.len() - 1))
    }

    fn of_member(&self, map: &Map, kind: Kind, here: &Here<'_>) -> Option<Cut> {
        let (name, last) = map.entries.last()?;
        self.of_object(last, kind, &here.key(name))
    }

    /// The very last value has been reached.
    fn at_last(&self, here: &Here<'_>) -> Option<Cut> {
        if !self.has_last_newline && self.length >= WRITTEN_BY_A_TOOL {
            return cut(here, "its last line has no end");
        }
        if self.tree.get("components").is_some() {
            return None;
        }
        let dangling = references_into_components(self.tree);
        let enough = if self.has_last_newline {
            TOO_MANY_DANGLING
        } else {
            MANY_DANGLING
        };
        (dangling >= enough).then(|| Cut {
            pointer: here.to_string(),
            evidence: format!("{dangling} references lead into `components`, which is not there"),
        })
    }

    /// Whether the last operation is the only one without responses.
    fn others_have_responses(&self) -> bool {
        let items = self
            .tree
            .get("paths")
            .and_then(Node::as_map)
            .into_iter()
            .flat_map(|map| map.entries.values());
        let operations = items.flat_map(|item| {
            METHODS
                .iter()
                .filter_map(|method| item.get(method)?.as_map())
        });
        let (with, without): (Vec<&Map>, Vec<&Map>) =
            operations.partition(|operation| operation.has("responses"));
        without.len() == 1 && with.len() >= ENOUGH_TO_COMPARE
    }
}

fn cut(here: &Here<'_>, evidence: &str) -> Option<Cut> {
    Some(Cut {
        pointer: here.to_string(),
        evidence: evidence.to_owned(),
    })
}

fn references_into_components(node: &Node) -> usize {
    match node {
        Node::List(items) => items.iter().map(references_into_components).sum(),
        Node::Map(map) => {
            let own = map
                .text("$ref")
                .is_some_and(|reference| reference.starts_with("#/components/"));
            usize::from(own)
                + map
                    .entries
                    .values()
                    .map(references_into_components)
                    .sum::<usize>()
        }
        _ => 0,
    }
}
