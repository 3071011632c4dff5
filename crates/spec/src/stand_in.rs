//! The document for those who stand in for the API: as JSON, with what corrections say that every answer has.
//!
//! A stand-in makes its answers of the document. Where that leaves out a field which the crate relies on, since the API was seen to send it each
//! time, an answer would not be read. So the schema of such an answer gets the field, as the document describes it elsewhere, and an example
//! without it goes. Filter markers that the document lost and the project keeps are put back, so that a stand-in refuses the same filters.

use std::collections::BTreeMap;

use crate::api::{AnswerKind, Api, Operation, Record, Ty, TypeId, TypeKind};
use crate::carry::Carried;
use crate::load::{LoadError, parse_openapi};
use crate::normalise::FILTERABLE;
use crate::places::Places;
use crate::tree::{Map, Node, Pointer};

/// The document as JSON in one line: a reader of JSON is many times faster than one of YAML. `described` is its model as it is, and
/// `corrected` the one with the types of the lock and the corrections.
///
/// ```
/// use linode_spec::api::Api;
/// use linode_spec::stand_in::stand_in;
///
/// let document = b"openapi: 3.0.1\npaths: {/a: {get: {responses: {200: {description: ''}}}}}\n";
/// let json = stand_in("a.yaml", document, &Api::default(), &Api::default())?;
/// assert_eq!(json, "{\"openapi\":\"3.0.1\",\"paths\":{\"/a\":{\"get\":{\"responses\":{\"200\":{\"description\":\"\"}}}}}}\n");
/// # Ok::<(), linode_spec::load::LoadError>(())
/// ```
///
/// # Errors
/// [`LoadError`] if it is no OpenAPI document.
pub fn stand_in(
    file: &str,
    document: &[u8],
    described: &Api,
    corrected: &Api,
) -> Result<String, LoadError> {
    let mut tree = parse_openapi(file, document)?;
    let places = Places::of(described).all;
    let known = places
        .into_iter()
        .map(|place| (place.position, place.ty))
        .collect();
    let lost = Carried::between(corrected, described, "");
    // Layers point into the document as it is: all are made before any is put over something.
    let layers_of = |operation: &Operation| -> Vec<Node> {
        let mut walk = Walk {
            described,
            corrected,
            known: &known,
            open: Vec::new(),
            layers: Vec::new(),
        };
        walk.answer(operation);
        let layers = walk.layers.iter().filter_map(|layer| layer.node(&tree));
        layers.chain(markers(&lost, operation)).collect()
    };
    let layers: Vec<Vec<Node>> = corrected.operations.iter().map(layers_of).collect();
    for (operation, layers) in corrected.operations.iter().zip(layers) {
        complete(&mut tree, corrected, operation, layers);
    }
    let json = serde_json::to_string(&tree).map_err(|error| LoadError::NotOpenApi3 {
        file: file.to_owned(),
        found: format!("something that can't be written as JSON: {error}"),
    })?;
    Ok(json + "\n")
}

/// A field that an answer always has, and that its schema lacks.
struct Layer {
    /// The keywords that lead from the answer's schema to that of the object.
    way: Vec<String>,
    field: String,
    /// Where the field is described.
    pointer: String,
}

impl Layer {
    /// A schema for the whole answer that says no more than that.
    fn node(&self, tree: &Node) -> Option<Node> {
        let described = Pointer::parse(&self.pointer)?.find(tree)?.clone();
        let fields = Node::Map(Map::of([(self.field.as_str(), described)]));
        let object = Node::Map(Map::of([("properties", fields)]));
        let way = self.way.iter().rev();
        Some(way.fold(object, |node, step| {
            Node::Map(Map::of([(step.as_str(), node)]))
        }))
    }
}

struct Walk<'a> {
    described: &'a Api,
    corrected: &'a Api,
    /// The types of the model as the document describes it, by position.
    known: &'a BTreeMap<String, TypeId>,
    /// The types around this place: one that holds itself is looked into once.
    open: Vec<TypeId>,
    layers: Vec<Layer>,
}

impl Walk<'_> {
    fn answer(&mut self, operation: &Operation) {
        let position = format!("{} answer", operation.key());
        match &operation.answer.kind {
            AnswerKind::Value(ty) => self.ty(ty, &position, &[]),
            AnswerKind::Page(list) => {
                let way = ["properties", "data", "items"].map(str::to_owned);
                self.ty(&list.item, &format!("{position}/data/*"), &way);
            }
            AnswerKind::Nothing | AnswerKind::Bytes => {}
        }
    }

    /// The branches of a choice are left as they are: a layer would speak of all of them.
    fn ty(&mut self, ty: &Ty, position: &str, way: &[String]) {
        match ty {
            Ty::List(inner) => self.ty(inner, &format!("{position}/*"), &with(way, &["items"])),
            Ty::Map(inner) => {
                let way = with(way, &["additionalProperties"]);
                self.ty(inner, &format!("{position}/*"), &way);
            }
            Ty::Named(id) if !self.open.contains(id) => {
                if let TypeKind::Record(record) = &self.corrected.get(*id).kind {
                    self.open.push(*id);
                    self.record(record, position, way);
                    self.open.pop();
                }
            }
            _ => {}
        }
    }

    fn record(&mut self, record: &Record, position: &str, way: &[String]) {
        let known = self.known.get(position).map(|id| self.described.get(*id));
        let Some(TypeKind::Record(known)) = known.map(|def| &def.kind) else {
            return;
        };
        for field in &record.fields {
            if known.fields.iter().any(|known| known.name == field.name) {
                let position = format!("{position}/{}", field.name);
                let way = with(way, &["properties", &field.name]);
                self.ty(&field.ty, &position, &way);
            } else if field.always {
                self.layers.push(Layer {
                    way: way.to_vec(),
                    field: field.name.clone(),
                    pointer: field.pointer.clone(),
                });
            }
        }
    }
}

/// A layer for each filter of a list that the document does not mark itself.
fn markers(lost: &Carried, operation: &Operation) -> Vec<Node> {
    let keys = lost.filters.get(&operation.key());
    keys.into_iter().flatten().map(|key| marked(key)).collect()
}

fn marked(key: &str) -> Node {
    let marker = Node::Map(Map::of([(FILTERABLE, Node::Bool(true))]));
    let field = key.split('.').rev().fold(marker, |node, step| {
        let properties = Node::Map(Map::of([(step, node)]));
        Node::Map(Map::of([("properties", properties)]))
    });
    let items = Node::Map(Map::of([("items", field)]));
    let data = Node::Map(Map::of([("data", items)]));
    Node::Map(Map::of([("properties", data)]))
}

fn with(way: &[String], steps: &[&str]) -> Vec<String> {
    let steps = steps.iter().map(|step| (*step).to_owned());
    way.iter().cloned().chain(steps).collect()
}

/// Puts the layers over the schema of an answer, and takes away an example that lacks what the answer always has.
fn complete(tree: &mut Node, api: &Api, operation: &Operation, layers: Vec<Node>) {
    let lacking: Vec<&str> = ["example", "examples"]
        .into_iter()
        .filter(|key| example(tree, operation, key).is_some_and(|it| lacks(api, operation, it)))
        .collect();
    if layers.is_empty() && lacking.is_empty() {
        return;
    }
    let Some(media) = media_to_change(tree, operation) else {
        return;
    };
    for key in lacking {
        media.take(key);
    }
    if layers.is_empty() {
        return;
    }
    if let Some(schema) = media.get_mut("schema") {
        let all = std::iter::once(schema.clone()).chain(layers).collect();
        *schema = Node::Map(Map::of([("allOf", Node::List(all))]));
    }
}

/// The answer's response in the document, and what it refers to.
fn response<'t>(tree: &'t Node, operation: &Operation) -> Option<(Pointer, &'t Node)> {
    let at = Pointer::parse(&operation.pointer)?
        .child("responses")
        .child(&operation.answer.status);
    let node = follow(tree, at.find(tree)?)?;
    Some((at, node))
}

fn follow<'t>(tree: &'t Node, node: &'t Node) -> Option<&'t Node> {
    match node.get("$ref").and_then(Node::as_text) {
        Some(reference) => Pointer::of_reference(reference)?.find(tree),
        None => Some(node),
    }
}

/// The example that stands under a key of the answer's media type.
fn example<'t>(tree: &'t Node, operation: &Operation, key: &str) -> Option<&'t Node> {
    let (_, response) = response(tree, operation)?;
    let media_type = operation.answer.media_type.as_deref()?;
    let found = response.get("content")?.get(media_type)?.get(key)?;
    match key {
        "examples" => {
            let (_, first) = found.as_map()?.entries.first()?;
            follow(tree, first)?.get("value")
        }
        _ => Some(found),
    }
}

/// The media type of the answer. A response that others refer to as well is copied first.
fn media_to_change<'t>(tree: &'t mut Node, operation: &Operation) -> Option<&'t mut Map> {
    let (at, node) = response(tree, operation)?;
    let copy = node.clone();
    let place = at.find_mut(tree)?;
    *place = copy;
    let content = place.as_map_mut()?.get_mut("content")?;
    let media_type = operation.answer.media_type.as_deref()?;
    content.as_map_mut()?.get_mut(media_type)?.as_map_mut()
}

/// Whether an example leaves out what the answer always has.
fn lacks(api: &Api, operation: &Operation, example: &Node) -> bool {
    match &operation.answer.kind {
        AnswerKind::Value(ty) => is_short(api, ty, example),
        AnswerKind::Page(list) => {
            let items = example.get("data").and_then(Node::as_list);
            let mut items = items.into_iter().flatten();
            items.any(|item| is_short(api, &list.item, item))
        }
        AnswerKind::Nothing | AnswerKind::Bytes => false,
    }
}

fn is_short(api: &Api, ty: &Ty, node: &Node) -> bool {
    match (ty, node) {
        (Ty::List(inner), Node::List(items)) => items.iter().any(|it| is_short(api, inner, it)),
        (Ty::Map(inner), Node::Map(map)) => map.entries.values().any(|it| is_short(api, inner, it)),
        (Ty::Named(id), Node::Map(map)) => match &api.get(*id).kind {
            TypeKind::Record(record) => {
                record
                    .fields
                    .iter()
                    .any(|field| match map.get(&field.name) {
                        None | Some(Node::Null) => field.always,
                        Some(value) => is_short(api, &field.ty, value),
                    })
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{marked, stand_in};
    use crate::api::{Api, TypeKind};
    use crate::diagnostic::Accepted;
    use crate::load::load;
    use crate::normalise::normalise;

    const DOCUMENT: &str = "\
openapi: 3.0.1
info: {title: t, version: '1'}
paths:
  /nodes:
    get:
      responses:
        200: {$ref: '#/components/responses/Nodes'}
  /pools:
    get:
      responses:
        200: {$ref: '#/components/responses/Nodes'}
components:
  responses:
    Nodes:
      description: ''
      content:
        application/json:
          schema: {type: object, properties: {nodes: {type: array, items: {type: object, properties: {label: {type: string}}}}}}
          example: {nodes: [{label: a}]}
  schemas:
    Id: {type: integer}
";

    /// The model of the document, and one in which every node has an id.
    fn models() -> (Api, Api) {
        let read = load("a.yaml", DOCUMENT.as_bytes(), &Accepted::default(), false);
        let described = normalise(&read.expect("a document"));
        let mut corrected = described.clone();
        let records = corrected
            .types
            .iter_mut()
            .filter_map(|def| match &mut def.kind {
                TypeKind::Record(record) => Some(record),
                _ => None,
            });
        for record in records.filter(|record| record.fields[0].name == "label") {
            let mut id = record.fields[0].clone();
            id.name = "id".to_owned();
            id.always = true;
            id.pointer = "/components/schemas/Id".to_owned();
            record.fields.push(id);
        }
        (described, corrected)
    }

    fn json(corrected: impl FnOnce(&mut Api)) -> serde_json::Value {
        let (described, mut api) = models();
        corrected(&mut api);
        let text = stand_in("a.yaml", DOCUMENT.as_bytes(), &described, &api).expect("JSON");
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn a_field_that_is_always_there_is_added_where_the_document_lacks_it() {
        let json = json(|_| ());
        let media =
            &json["paths"]["/nodes"]["get"]["responses"]["200"]["content"]["application/json"];
        let layers = media["schema"]["allOf"].as_array().expect("layers");
        assert_eq!(layers.len(), 2);
        assert_eq!(
            layers[1].to_string(),
            r#"{"properties":{"nodes":{"items":{"properties":{"id":{"type":"integer"}}}}}}"#
        );
        assert!(media.get("example").is_none(), "it lacks the id: {media}");
        let shared = &json["components"]["responses"]["Nodes"]["content"]["application/json"];
        assert!(shared.get("example").is_some(), "it is others' as well");
    }

    #[test]
    fn what_another_answer_is_completed_by_is_found_under_its_own_layers() {
        // `/pools` describes the id that `/nodes` lacks, and gets a layer itself, in either order.
        for (first, second) in [("/nodes", "/pools"), ("/pools", "/nodes")] {
            let of = |path: &str, fields: &str| {
                format!(
                    "  {path}: {{get: {{responses: {{200: {{description: '', content: {{application/json: {{schema: {{type: object, properties: {{{fields}}}}}, example: {{label: a}}}}}}}}}}}}}}\n"
                )
            };
            let fields = |path: &str| match path {
                "/nodes" => "label: {type: string}",
                _ => "label: {type: string}, id: {type: integer}",
            };
            let text = format!(
                "openapi: 3.0.1\ninfo: {{title: t, version: '1'}}\npaths:\n{}{}",
                of(first, fields(first)),
                of(second, fields(second))
            );
            let read = load("a.yaml", text.as_bytes(), &Accepted::default(), false);
            let described = normalise(&read.expect("a document"));
            let mut corrected = described.clone();
            let pointer = |path: &str, field: &str| {
                format!(
                    "/paths/~1{path}/get/responses/200/content/application~1json/schema/properties/{field}"
                )
            };
            for def in &mut corrected.types {
                let TypeKind::Record(record) = &mut def.kind else {
                    continue;
                };
                let mut more = record.fields[0].clone();
                more.always = true;
                (more.name, more.pointer) = match record.fields.len() {
                    1 => ("id".to_owned(), pointer("pools", "id")),
                    _ => ("more".to_owned(), pointer("nodes", "label")),
                };
                record.fields.push(more);
            }
            let made = stand_in("a.yaml", text.as_bytes(), &described, &corrected).expect("JSON");
            let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
            for (path, field) in [("/nodes", "id"), ("/pools", "more")] {
                let media =
                    &made["paths"][path]["get"]["responses"]["200"]["content"]["application/json"];
                let layer = &media["schema"]["allOf"][1]["properties"][field];
                assert!(layer.is_object(), "{first}: {media}");
            }
        }
    }

    #[test]
    fn an_example_that_falls_short_goes_alone() {
        let json = json(|api| {
            for def in &mut api.types {
                if let TypeKind::Record(record) = &mut def.kind {
                    record.fields.retain(|field| field.name != "id");
                    record.fields.iter_mut().for_each(|field| {
                        field.always = true;
                        field.name = match field.name.as_str() {
                            "label" => "name".to_owned(),
                            other => other.to_owned(),
                        };
                    });
                }
            }
        });
        let media =
            &json["paths"]["/nodes"]["get"]["responses"]["200"]["content"]["application/json"];
        assert!(
            media.get("example").is_none() && media["schema"].is_object(),
            "{media}"
        );
    }

    #[test]
    fn a_marker_that_is_kept_is_put_back() {
        assert_eq!(
            serde_json::to_string(&marked("entity.id")).expect("JSON"),
            r#"{"properties":{"data":{"items":{"properties":{"entity":{"properties":{"id":{"x-linode-filterable":true}}}}}}}}"#
        );
    }

    #[test]
    fn what_the_document_says_already_stays_as_it_is() {
        let json = json(|api| {
            let records = api.types.iter_mut();
            records.for_each(|def| {
                if let TypeKind::Record(record) = &mut def.kind {
                    record
                        .fields
                        .iter_mut()
                        .for_each(|field| field.always = false);
                }
            });
        });
        let response = &json["paths"]["/nodes"]["get"]["responses"]["200"];
        assert_eq!(response["$ref"], "#/components/responses/Nodes");
    }
}
