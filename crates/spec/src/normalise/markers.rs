//! `x-linode-filterable`: which fields each list can be filtered by, and which markers no list can use.

use std::collections::BTreeSet;

use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema, SchemaKind, Type};

use super::flatten::{FILTERABLE, Flat, Kind, escape};
use super::shapes::{Place, Shapes, View};
use crate::api::{AnswerKind, Fallback, FilterField, Operation, Ty};
use crate::load::Document;

/// Nested objects are followed this deep; no filter key of the API has more dots.
const DEEPEST: usize = 4;

/// The filterable fields of a list's item, dotted where they lie in nested objects.
pub fn filters<'d>(shapes: &mut Shapes<'d>, item: &Flat<'d>) -> Vec<FilterField> {
    let mut fields = Vec::new();
    collect(shapes, item, "", DEEPEST, &mut fields);
    fields
}

fn collect<'d>(
    shapes: &mut Shapes<'d>,
    object: &Flat<'d>,
    prefix: &str,
    depth: usize,
    fields: &mut Vec<FilterField>,
) {
    for (name, sources) in &object.properties {
        let flat = shapes.flattener.flatten(sources);
        if flat.write_only {
            continue;
        }
        let key = format!("{prefix}{name}");
        if let Some(pointer) = flat.markers.first() {
            let ty = shapes.ty(
                &flat,
                Place {
                    parent: Some(object),
                    ..Place::new(View::Read, name)
                },
            );
            // A property called `a.b` and the `b` of an `a` are the same key to the API.
            let known = fields.iter().any(|field| field.key == key);
            if is_comparable(ty.element()) && !known {
                let ty = ty.element().clone();
                fields.push(FilterField {
                    key: key.clone(),
                    ty,
                    ordered: true,
                    pointer: pointer.clone(),
                });
            }
        }
        if depth > 0 && flat.implied_kind() == Some(Kind::Object) && flat.branches.is_empty() {
            collect(shapes, &flat, &format!("{key}."), depth - 1, fields);
        }
    }
}

/// A filter compares with one plain value.
fn is_comparable(ty: &Ty) -> bool {
    !matches!(ty, Ty::Json | Ty::Map(_) | Ty::List(_) | Ty::File)
}

/// Every place in the document with a marker.
pub fn sites(document: &Document) -> BTreeSet<String> {
    let mut sites = BTreeSet::new();
    let openapi = &document.openapi;
    if let Some(components) = &openapi.components {
        for (name, schema) in &components.schemas {
            visit(
                schema,
                &format!("/components/schemas/{}", escape(name)),
                &mut sites,
            );
        }
        for (name, response) in &components.responses {
            if let ReferenceOr::Item(response) = response {
                visit_content(
                    &response.content,
                    &format!("/components/responses/{}", escape(name)),
                    &mut sites,
                );
            }
        }
        for (name, body) in &components.request_bodies {
            if let ReferenceOr::Item(body) = body {
                visit_content(
                    &body.content,
                    &format!("/components/requestBodies/{}", escape(name)),
                    &mut sites,
                );
            }
        }
    }
    for (template, item) in &openapi.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        for (method, operation) in item.iter() {
            visit_operation(
                operation,
                &format!("/paths/{}/{method}", escape(template)),
                &mut sites,
            );
        }
    }
    sites
}

fn visit_operation(operation: &openapiv3::Operation, pointer: &str, sites: &mut BTreeSet<String>) {
    if let Some(ReferenceOr::Item(body)) = &operation.request_body {
        visit_content(&body.content, &format!("{pointer}/requestBody"), sites);
    }
    for (code, response) in &operation.responses.responses {
        if let ReferenceOr::Item(response) = response {
            visit_content(
                &response.content,
                &format!("{pointer}/responses/{code}"),
                sites,
            );
        }
    }
}

fn visit_content(
    content: &indexmap::IndexMap<String, openapiv3::MediaType>,
    pointer: &str,
    sites: &mut BTreeSet<String>,
) {
    for (media_type, media) in content {
        if let Some(schema) = &media.schema {
            visit(
                schema,
                &format!("{pointer}/content/{}/schema", escape(media_type)),
                sites,
            );
        }
    }
}

fn visit(schema: &ReferenceOr<Schema>, pointer: &str, sites: &mut BTreeSet<String>) {
    if let ReferenceOr::Item(schema) = schema {
        visit_item(schema, pointer, sites);
    }
}

fn visit_boxed(schema: &ReferenceOr<Box<Schema>>, pointer: &str, sites: &mut BTreeSet<String>) {
    if let ReferenceOr::Item(schema) = schema {
        visit_item(schema, pointer, sites);
    }
}

fn visit_item(schema: &Schema, pointer: &str, sites: &mut BTreeSet<String>) {
    if schema.schema_data.extensions.get(FILTERABLE) == Some(&serde_json::Value::Bool(true)) {
        sites.insert(pointer.to_owned());
    }
    match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => {
            visit_properties(
                &object.properties,
                object.additional_properties.as_ref(),
                pointer,
                sites,
            );
        }
        SchemaKind::Type(Type::Array(array)) => {
            if let Some(items) = &array.items {
                visit_boxed(items, &format!("{pointer}/items"), sites);
            }
        }
        SchemaKind::Type(_) | SchemaKind::Not { .. } => {}
        SchemaKind::OneOf { one_of } => visit_members(one_of, "oneOf", pointer, sites),
        SchemaKind::AnyOf { any_of } => visit_members(any_of, "anyOf", pointer, sites),
        SchemaKind::AllOf { all_of } => visit_members(all_of, "allOf", pointer, sites),
        SchemaKind::Any(any) => visit_any(any, pointer, sites),
    }
}

fn visit_any(any: &AnySchema, pointer: &str, sites: &mut BTreeSet<String>) {
    visit_properties(
        &any.properties,
        any.additional_properties.as_ref(),
        pointer,
        sites,
    );
    if let Some(items) = &any.items {
        visit_boxed(items, &format!("{pointer}/items"), sites);
    }
    visit_members(&any.one_of, "oneOf", pointer, sites);
    visit_members(&any.any_of, "anyOf", pointer, sites);
    visit_members(&any.all_of, "allOf", pointer, sites);
}

fn visit_properties(
    properties: &indexmap::IndexMap<String, ReferenceOr<Box<Schema>>>,
    additional: Option<&AdditionalProperties>,
    pointer: &str,
    sites: &mut BTreeSet<String>,
) {
    for (name, property) in properties {
        visit_boxed(
            property,
            &format!("{pointer}/properties/{}", escape(name)),
            sites,
        );
    }
    if let Some(AdditionalProperties::Schema(schema)) = additional {
        visit(schema, &format!("{pointer}/additionalProperties"), sites);
    }
}

fn visit_members(
    members: &[ReferenceOr<Schema>],
    keyword: &str,
    pointer: &str,
    sites: &mut BTreeSet<String>,
) {
    for (i, member) in members.iter().enumerate() {
        visit(member, &format!("{pointer}/{keyword}/{i}"), sites);
    }
}

/// The markers that no list's filters came from.
pub fn unused(sites: &BTreeSet<String>, operations: &[Operation]) -> Vec<Fallback> {
    let used: BTreeSet<&str> = operations
        .iter()
        .filter_map(|operation| match &operation.answer.kind {
            AnswerKind::Page(list) => Some(&list.filters),
            _ => None,
        })
        .flatten()
        .map(|filter| filter.pointer.as_str())
        .collect();
    let reason = "no list has this field as a plain value of its items: it lies in no item, in an array of objects, or behind a `oneOf`";
    sites
        .iter()
        .filter(|site| !used.contains(site.as_str()))
        .map(|site| Fallback {
            pointer: site.clone(),
            reason: reason.to_owned(),
        })
        .collect()
}
