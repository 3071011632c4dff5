//! The repaired tree becomes openapiv3's types.
//!
//! After the repairs openapiv3 takes every document seen so far. Should it refuse something in one that nobody has
//! seen, the smallest object that it refuses is found and left out, with openapiv3's own words on record.

use std::collections::HashMap;

use openapiv3::{
    Callback, Components, Encoding, Example, ExternalDocumentation, Header, Info, Link, MediaType,
    OpenAPI, Operation, Parameter, PathItem, Paths, ReferenceOr, RequestBody, Response, Responses,
    Schema, SecurityScheme, Server, Tag,
};
use serde::Deserialize;

use super::LoadError;
use crate::audit::{Kind, Shape, entry, locate};
use crate::diagnostic::Report;
use crate::repair::sites;
use crate::tree::{Here, Map, Node, Pointer};

/// Reads the whole document.
pub(super) fn read(file: &str, tree: &mut Node, report: &mut Report) -> Result<OpenAPI, LoadError> {
    if let Ok(openapi) = OpenAPI::deserialize(&*tree) {
        return Ok(openapi);
    }
    let unreadable = |message| LoadError::NotOpenApi3 {
        file: file.to_owned(),
        found: message,
    };
    heal(tree, Kind::Document, &Here::ROOT, report).map_err(unreadable)?;
    OpenAPI::deserialize(&*tree).map_err(|error| unreadable(error.to_string()))
}

/// Leaves out what openapiv3 refuses in an object, from the inside out. An error is its reason to refuse the object
/// even so.
fn heal(node: &mut Node, kind: Kind, here: &Here<'_>, report: &mut Report) -> Result<(), String> {
    if refusal(node, kind).is_none() {
        return Ok(());
    }
    if let Node::Map(map) = node {
        map.entries.retain(|key, value| {
            let shape = entry(kind, key).map(|entry| entry.shape);
            shape.is_none_or(|shape| heal_value(value, shape, &here.key(key), report))
        });
    }
    let Some(reason) = refusal(node, kind) else {
        return Ok(());
    };
    let Some(key) = node.as_map_mut().and_then(|map| culprit(map, kind)) else {
        return Err(reason);
    };
    report.defect(
        "refused",
        here.key(&key),
        format!("something that openapiv3 refuses: {reason}"),
        "the key is left out",
    );
    Ok(())
}

/// Heals what a key holds; `false` if it has to go.
fn heal_value(value: &mut Node, shape: Shape, here: &Here<'_>, report: &mut Report) -> bool {
    match (shape, value) {
        (Shape::One(kind), value) => heal_member(value, kind, here, report),
        (Shape::OneOrFlag(kind), value @ Node::Map(_)) => heal_member(value, kind, here, report),
        (Shape::List(kind), Node::List(items)) => {
            let mut index = 0;
            items.retain_mut(|item| {
                index += 1;
                heal_member(item, kind, &here.index(index - 1), report)
            });
            true
        }
        (Shape::Map(kind), Node::Map(map)) => {
            map.entries
                .retain(|name, item| heal_member(item, kind, &here.key(name), report));
            true
        }
        _ => true,
    }
}

fn heal_member(node: &mut Node, kind: Kind, here: &Here<'_>, report: &mut Report) -> bool {
    let Err(reason) = heal(node, kind, here, report) else {
        return true;
    };
    let found = format!("a {kind} that openapiv3 refuses: {reason}");
    if kind == Kind::Schema {
        report.defect("refused", here, found, "the schema takes anything");
        *node = Node::Map(Map::default());
        return true;
    }
    report.defect("refused", here, found, "it is left out");
    false
}

/// Takes out the one key without which the object would be accepted, if there is one.
fn culprit(map: &mut Map, kind: Kind) -> Option<String> {
    for key in map.entries.keys().cloned().collect::<Vec<_>>() {
        let without: Map = map
            .entries
            .iter()
            .filter(|(other, _)| **other != key)
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let without = Node::Map(without);
        if refusal(&without, kind).is_none() {
            map.take(&key);
            return Some(key);
        }
    }
    None
}

/// Why openapiv3 refuses an object, if it does.
fn refusal(node: &Node, kind: Kind) -> Option<String> {
    if entry(kind, "$ref").is_some() && node.get("$ref").and_then(Node::as_text).is_some() {
        return None;
    }
    match kind {
        Kind::Document => error::<OpenAPI>(node),
        Kind::Info => error::<Info>(node),
        Kind::Server => error::<Server>(node),
        Kind::Components => error::<Components>(node),
        Kind::Paths => error::<Paths>(node),
        Kind::PathItem => error::<PathItem>(node),
        Kind::Operation => error::<Operation>(node),
        Kind::ExternalDocs => error::<ExternalDocumentation>(node),
        Kind::Parameter => error::<Parameter>(node),
        Kind::RequestBody => error::<RequestBody>(node),
        Kind::MediaType => error::<MediaType>(node),
        Kind::Encoding => error::<Encoding>(node),
        Kind::Responses => error::<Responses>(node),
        Kind::Response => error::<Response>(node),
        Kind::Callback => error::<Callback>(node),
        Kind::Example => error::<Example>(node),
        Kind::Link => error::<Link>(node),
        Kind::Header => error::<Header>(node),
        Kind::Tag => error::<Tag>(node),
        Kind::Schema => error::<Schema>(node),
        Kind::SecurityScheme => error::<SecurityScheme>(node),
        // Small objects of texts: what is wrong in one shows in the object around it.
        Kind::Contact
        | Kind::License
        | Kind::ServerVariable
        | Kind::Discriminator
        | Kind::Xml
        | Kind::OauthFlows
        | Kind::OauthFlow => None,
    }
}

fn error<'n, T: Deserialize<'n>>(node: &'n Node) -> Option<String> {
    T::deserialize(node).err().map(|error| error.to_string())
}

/// What references name that is no component of its own: parts of components, and of paths.
#[derive(Debug, Clone, Default)]
pub(super) struct Elsewhere {
    pub schemas: HashMap<String, ReferenceOr<Schema>>,
    pub parameters: HashMap<String, ReferenceOr<Parameter>>,
    pub responses: HashMap<String, ReferenceOr<Response>>,
    pub request_bodies: HashMap<String, ReferenceOr<RequestBody>>,
}

impl Elsewhere {
    /// Reads all that the references of a repaired tree name.
    pub fn read(tree: &Node, report: &mut Report) -> Self {
        let mut elsewhere = Self::default();
        for site in sites(tree) {
            let reference = site.reference.as_str();
            let section = section(site.kind);
            if section.is_none_or(|section| component(reference, section).is_some())
                || elsewhere.has(reference)
            {
                continue;
            }
            let Some(target) = locate(tree, reference) else {
                continue;
            };
            if let Err(reason) = elsewhere.add(site.kind, reference, target.node) {
                let found = format!(
                    "a reference to `{reference}`, which openapiv3 refuses as a {}: {reason}",
                    site.kind
                );
                report.defect(
                    "refused",
                    &site.pointer,
                    found,
                    "nothing is behind the reference",
                );
            }
        }
        elsewhere
    }

    fn has(&self, reference: &str) -> bool {
        self.schemas.contains_key(reference)
            || self.parameters.contains_key(reference)
            || self.responses.contains_key(reference)
            || self.request_bodies.contains_key(reference)
    }

    fn add(&mut self, kind: Kind, reference: &str, target: &Node) -> Result<(), String> {
        match kind {
            Kind::Schema => add(&mut self.schemas, reference, target),
            Kind::Parameter => add(&mut self.parameters, reference, target),
            Kind::Response => add(&mut self.responses, reference, target),
            Kind::RequestBody => add(&mut self.request_bodies, reference, target),
            _ => Ok(()),
        }
    }
}

fn add<'n, T: Deserialize<'n>>(
    map: &mut HashMap<String, ReferenceOr<T>>,
    reference: &str,
    target: &'n Node,
) -> Result<(), String> {
    let read = match target.get("$ref").and_then(Node::as_text) {
        Some(alias) => ReferenceOr::Reference {
            reference: alias.to_owned(),
        },
        None => ReferenceOr::Item(T::deserialize(target).map_err(|error| error.to_string())?),
    };
    map.insert(reference.to_owned(), read);
    Ok(())
}

/// The section of the components that holds this kind of object, as far as anybody looks objects up in it.
fn section(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Schema => Some("schemas"),
        Kind::Parameter => Some("parameters"),
        Kind::Response => Some("responses"),
        Kind::RequestBody => Some("requestBodies"),
        _ => None,
    }
}

/// The name of the component that a reference into this section names, if it names one directly.
pub(super) fn component(reference: &str, section: &str) -> Option<String> {
    let Pointer(tokens) = Pointer::of_reference(reference)?;
    let [first, second, _] = tokens.as_slice() else {
        return None;
    };
    (first == "components" && second == section).then(|| tokens.into_iter().next_back())?
}
