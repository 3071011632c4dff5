//! What goes from a document when it is pinned.
//!
//! The table of the audit says what each key holds, so there is no list of keys here: prose goes, vendor keys that
//! the generator ignores go, examples and keys that nobody knows stay as long as they are short.

use super::Dropped;
use crate::audit::{Entry, Kind, Shape, Standing, entry};
use crate::repair::requote;
use crate::tree::{Map, Node};

/// An example of more characters than this is text, not a value.
const MAX_CHARACTERS: usize = 40;
/// So is one of more words.
const MAX_WORDS: usize = 4;
/// And one of more values than this is a document.
const MAX_VALUES: usize = 16;

/// Takes everything but facts out of a document, and says what it took.
pub(super) fn strip(root: &mut Node) -> Dropped {
    let mut dropped = Dropped::new();
    object(root, Kind::Document, &mut dropped);
    dropped
}

fn object(node: &mut Node, kind: Kind, dropped: &mut Dropped) {
    let Node::Map(map) = node else { return };
    if kind == Kind::Schema {
        // Only the prose says what these words were, and it goes.
        requote(map);
    }
    map.entries.retain(|key, value| {
        let stays = match entry(kind, key) {
            Some(entry) => stays(value, entry, dropped),
            None => is_short(value),
        };
        // What was empty is no loss.
        if !stays && *value != Node::text("") {
            count(dropped, kind, key);
        }
        stays
    });
    if kind == Kind::Response && !map.has("$ref") {
        // OpenAPI wants a response to have a description, be it empty.
        map.entries
            .shift_insert(0, "description".to_owned(), Node::text(""));
    }
}

fn stays(value: &mut Node, entry: &Entry, dropped: &mut Dropped) -> bool {
    let is_vendor_key = entry.key.starts_with("x-");
    if is_vendor_key && matches!(entry.standing, Standing::Ignored(_)) {
        return false;
    }
    match (entry.shape, &mut *value) {
        (Shape::Prose, _) => return false,
        (Shape::Sample, _) => return is_short(value),
        (Shape::ProseMap, Node::Map(map)) => blank(map, entry, dropped),
        (Shape::One(kind) | Shape::OneOrFlag(kind), _) => object(value, kind, dropped),
        (Shape::List(kind), Node::List(items)) => items
            .iter_mut()
            .for_each(|item| object(item, kind, dropped)),
        (Shape::Map(kind), Node::Map(map)) => map
            .entries
            .values_mut()
            .for_each(|item| object(item, kind, dropped)),
        _ => {}
    }
    true
}

/// The names of a map stay, what is said about them goes.
fn blank(map: &mut Map, entry: &Entry, dropped: &mut Dropped) {
    for text in map.entries.values_mut() {
        if text.as_text() != Some("") {
            count(dropped, entry.kind, entry.key);
            *text = Node::text("");
        }
    }
}

fn count(dropped: &mut Dropped, kind: Kind, key: &str) {
    let counts = dropped.entry(kind.name().to_owned()).or_default();
    *counts.entry(key.to_owned()).or_default() += 1;
}

/// Whether a value is a short example: a scalar of few words, or a few of them.
fn is_short(value: &Node) -> bool {
    value.size() <= MAX_VALUES && has_short_texts(value)
}

fn has_short_texts(value: &Node) -> bool {
    match value {
        Node::Text(text) => is_short_text(text),
        Node::List(items) => items.iter().all(has_short_texts),
        Node::Map(map) => map.entries.values().all(has_short_texts),
        _ => true,
    }
}

fn is_short_text(text: &str) -> bool {
    let is_one_line = !text.contains('\n');
    is_one_line
        && text.chars().count() <= MAX_CHARACTERS
        && text.split_whitespace().count() <= MAX_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    fn stripped(text: &str) -> (String, Dropped) {
        let mut tree = parse(text.as_bytes()).expect("the test's own document");
        let dropped = strip(&mut tree);
        (
            serde_json::to_string(&tree).expect("a tree is JSON"),
            dropped,
        )
    }

    #[test]
    fn a_property_called_description_stays() {
        let (json, dropped) = stripped(
            "components: {schemas: {A: {description: Long., properties: {description: {type: string, description: Long.}, \
             example: {type: string}}}}}",
        );
        assert_eq!(
            json,
            r#"{"components":{"schemas":{"A":{"properties":{"description":{"type":"string"},"example":{"type":"string"}}}}}}"#
        );
        assert_eq!(dropped["schema"]["description"], 2);
    }

    #[test]
    fn examples_stay_when_they_are_short() {
        let (json, dropped) = stripped(
            "components: {schemas: {A: {example: 192.0.2.1}, B: {example: four words are few}, C: {example: but these five are prose}, \
             D: {example: [a, b]}, E: {example: {a: {b: \"two\\nlines\"}}}, F: {x-new: 1, x-newer: many more words than stay}}}",
        );
        assert_eq!(
            json,
            r#"{"components":{"schemas":{"A":{"example":"192.0.2.1"},"B":{"example":"four words are few"},"C":{},"D":{"example":["a","b"]},"E":{},"F":{"x-new":1}}}}"#
        );
        assert_eq!(
            dropped["schema"],
            [("example".to_owned(), 2), ("x-newer".to_owned(), 1)].into()
        );
    }

    #[test]
    fn markers_stay_and_what_is_for_display_goes() {
        let (json, _) = stripped(
            "components: {schemas: {A: {x-linode-filterable: true, x-linode-cli-display: 1}}}",
        );
        assert_eq!(
            json,
            r#"{"components":{"schemas":{"A":{"x-linode-filterable":true}}}}"#
        );
    }

    #[test]
    fn a_response_keeps_an_empty_description_and_scopes_keep_their_names() {
        let (json, dropped) = stripped(
            "components: {responses: {A: {description: Long.}, B: {description: ''}}, \
             securitySchemes: {o: {flows: {implicit: {scopes: {a:b: Long.}}}}}}",
        );
        assert_eq!(
            json,
            r#"{"components":{"responses":{"A":{"description":""},"B":{"description":""}},"securitySchemes":{"o":{"flows":{"implicit":{"scopes":{"a:b":""}}}}}}}"#
        );
        assert_eq!(dropped["response"]["description"], 1);
        assert_eq!(dropped["OAuth flow"]["scopes"], 1);
    }
}
