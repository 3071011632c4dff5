//! References: what `$ref` names.
//!
//! Real documents point into the properties of other schemas, through references on the way, and sometimes lack the `#`.
//!
//! ```
//! use linode_witness::Document;
//!
//! // The example contradicts what the reference, which lacks its `#`, leads to.
//! let document = Document::parse(
//!     r#"{"components": {"schemas": {"Tag": {"properties": {"count": {"type": "integer"}}}}},
//!         "paths": {"/tags": {"get": {"responses": {"200": {"content": {"application/json": {"schema":
//!             {"$ref": "/components/schemas/Tag/properties/count", "example": "many"}}}}}}}}}"#,
//! )?;
//! assert_eq!(document.replaced_examples().len(), 1);
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use percent_encoding::percent_decode_str;

use crate::Json;

/// How many references may follow one another; more are a circle.
const LONGEST_CHAIN: usize = 32;

/// What a reference names, and its JSON pointer.
pub(crate) fn resolve<'d>(root: &'d Json, reference: &str) -> Option<(String, &'d Json)> {
    resolve_within(root, reference, LONGEST_CHAIN)
}

/// The node itself, or what it refers to in the end.
pub(crate) fn follow<'d>(root: &'d Json, at: String, node: &'d Json) -> (String, &'d Json) {
    let mut place = (at, node);
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = place.1.get("$ref").and_then(Json::as_str) else {
            break;
        };
        let Some(target) = resolve(root, reference) else {
            break;
        };
        place = target;
    }
    place
}

/// The key as a step of a JSON pointer.
pub(crate) fn step(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn resolve_within<'d>(root: &'d Json, reference: &str, left: usize) -> Option<(String, &'d Json)> {
    let pointer = match reference.split_once('#') {
        Some(("", pointer)) => pointer,
        Some(_) => return None,
        None => reference,
    };
    let mut at = String::new();
    let mut node = root;
    for raw in pointer.split('/').filter(|step| !step.is_empty()) {
        let key = percent_decode_str(raw)
            .decode_utf8_lossy()
            .replace("~1", "/")
            .replace("~0", "~");
        (at, node) = descend(root, at, node, &key, left)?;
    }
    Some((at, node))
}

/// One step down: into the node itself, into what it refers to, or into a part of its `allOf`.
fn descend<'d>(
    root: &'d Json,
    at: String,
    node: &'d Json,
    key: &str,
    left: usize,
) -> Option<(String, &'d Json)> {
    if let Some(child) = child(node, key) {
        return Some((format!("{at}/{}", step(key)), child));
    }
    let left = left.checked_sub(1)?;
    if let Some(reference) = node.get("$ref").and_then(Json::as_str) {
        let (at, target) = resolve_within(root, reference, left)?;
        return descend(root, at, target, key, left);
    }
    let parts = node.get("allOf")?.as_array()?;
    parts
        .iter()
        .enumerate()
        .find_map(|(index, part)| descend(root, format!("{at}/allOf/{index}"), part, key, left))
}

fn child<'d>(node: &'d Json, key: &str) -> Option<&'d Json> {
    match node {
        Json::Object(map) => map.get(key),
        Json::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn root() -> Json {
        json!({"components": {"schemas": {
            "A": {"properties": {"x": {"type": "integer"}}},
            "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"y": {"type": "string"}}}]},
            "C": {"$ref": "#/components/schemas/C"},
            "D/E": {"type": "boolean"},
        }}})
    }

    #[test]
    fn references_lead_into_properties_through_other_references() {
        let root = root();
        let (at, node) = resolve(&root, "#/components/schemas/A/properties/x").unwrap();
        assert_eq!(
            (at.as_str(), node),
            (
                "/components/schemas/A/properties/x",
                &json!({"type": "integer"})
            )
        );
        let (_, node) = resolve(&root, "#/components/schemas/B/allOf/0/properties/x").unwrap();
        assert_eq!(node, &json!({"type": "integer"}));
        let (at, _) = resolve(&root, "#/components/schemas/B/properties").unwrap();
        assert_eq!(at, "/components/schemas/A/properties");
    }

    #[test]
    fn a_missing_hash_and_escapes_do_no_harm() {
        let root = root();
        assert!(resolve(&root, "/components/schemas/A").is_some());
        assert!(resolve(&root, "components/schemas/A").is_some());
        assert_eq!(
            resolve(&root, "#/components/schemas/D~1E").unwrap().1,
            &json!({"type": "boolean"})
        );
    }

    #[test]
    fn circles_and_dead_ends_end() {
        let root = root();
        assert!(resolve(&root, "#/components/schemas/C/properties/x").is_none());
        assert!(resolve(&root, "#/components/schemas/None").is_none());
        assert!(resolve(&root, "other.yaml#/components/schemas/A").is_none());
        let circle = json!({"$ref": "#/components/schemas/C"});
        assert!(
            follow(&root, String::new(), &circle)
                .1
                .get("$ref")
                .is_some()
        );
    }
}
