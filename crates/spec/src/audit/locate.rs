//! Where a reference leads: the object there, and of what kind it is.

use super::{Kind, Shape, entry};
use crate::tree::{Node, Pointer};

/// How many aliases a lookup goes through on its way. Each is a lapse of the document's style, and they may go in a
/// circle.
const MAX_HOPS: usize = 16;

/// An object of the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place<'t> {
    /// Where it is, aliases on the way resolved.
    pub pointer: Pointer,
    /// Its kind, by its position.
    pub kind: Kind,
    /// The object.
    pub node: &'t Node,
}

/// The object that a reference names, if there is one.
///
/// A pointer may lead through a component that is itself only a reference, or that the repairs wrapped into an
/// `allOf`. A reader of the document would find the place, so it is found. What is no object of OpenAPI's (an
/// example, a vendor's data) can't be referred to.
pub(crate) fn locate<'t>(root: &'t Node, reference: &str) -> Option<Place<'t>> {
    let mut hops = MAX_HOPS;
    locate_within(root, reference, &mut hops)
}

/// What a position holds: an object, or several of a kind.
#[derive(Clone, Copy)]
enum Position {
    Object(Kind),
    Members(Kind),
}

fn locate_within<'t>(root: &'t Node, reference: &str, hops: &mut usize) -> Option<Place<'t>> {
    let Pointer(tokens) = Pointer::of_reference(reference)?;
    let mut place = Place {
        pointer: Pointer(Vec::new()),
        kind: Kind::Document,
        node: root,
    };
    let mut position = Position::Object(Kind::Document);
    for token in tokens {
        while let Position::Object(_) = position
            && place.node.get(&token).is_none()
        {
            *hops = hops.checked_sub(1)?;
            place = locate_within(root, alias_of(place.node)?, hops)?;
            position = Position::Object(place.kind);
        }
        position = step(position, &token)?;
        place.node = place.node.child(&token)?;
        place.pointer.0.push(token);
        if let Position::Object(kind) = position {
            place.kind = kind;
        }
    }
    let is_object = matches!(position, Position::Object(_)) && place.node.as_map().is_some();
    is_object.then_some(place)
}

fn step(position: Position, token: &str) -> Option<Position> {
    match position {
        Position::Members(kind) => Some(Position::Object(kind)),
        Position::Object(kind) => match entry(kind, token)?.shape {
            Shape::One(kind) | Shape::OneOrFlag(kind) => Some(Position::Object(kind)),
            Shape::List(kind) | Shape::Map(kind) => Some(Position::Members(kind)),
            _ => None,
        },
    }
}

/// The reference that an object consists of, directly or as the one member of an `allOf`.
fn alias_of(node: &Node) -> Option<&str> {
    let direct = node.get("$ref").and_then(Node::as_text);
    direct.or_else(|| match node.get("allOf")?.as_list()? {
        [only] => only.get("$ref")?.as_text(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse;

    const TEXT: &str = "components: {schemas: {A: {properties: {b: {type: string, example: {c: {}}}}}, \
        B: {$ref: '#/components/schemas/A'}, C: {allOf: [{$ref: '#/components/schemas/B'}], title: t}, \
        O: {$ref: '#/components/schemas/P'}, P: {$ref: '#/components/schemas/O'}}}\n\
        paths: {'/x/{id}': {get: {responses: {200: {description: ''}}}}}";

    fn at(reference: &str) -> Option<(String, Kind)> {
        let root = parse(TEXT.as_bytes()).expect("the test's own document");
        locate(&root, reference).map(|place| (place.pointer.to_string(), place.kind))
    }

    #[test]
    fn places_are_found_with_their_kind() {
        assert_eq!(
            at("#/paths/~1x~1%7Bid%7D/get").map(|it| it.1),
            Some(Kind::Operation)
        );
        assert_eq!(
            at("#/paths/~1x~1{id}/get/responses/200").map(|it| it.1),
            Some(Kind::Response)
        );
    }

    #[test]
    fn aliases_on_the_way_are_resolved_but_not_in_circles() {
        let place = Some((
            "/components/schemas/A/properties/b".to_owned(),
            Kind::Schema,
        ));
        assert_eq!(at("#/components/schemas/A/properties/b"), place);
        assert_eq!(at("#/components/schemas/B/properties/b"), place);
        assert_eq!(at("#/components/schemas/C/properties/b"), place);
        assert_eq!(at("#/components/schemas/O/properties/b"), None);
    }

    #[test]
    fn data_is_no_place() {
        assert_eq!(at("#/components/schemas/A/properties/b/example/c"), None);
        assert_eq!(at("#/components/schemas"), None);
        assert_eq!(at("#/components/schemas/A/title"), None);
        assert_eq!(at("other.yaml#/components/schemas/A"), None);
    }
}
