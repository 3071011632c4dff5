//! What an operation takes, as JSON Schema. Every schema is whole: nothing is referred to, and what holds itself is any JSON there.

use linode_spec::api::{Content, Facts, Parameter, Record, Ty, TypeId, TypeKind};
use serde_json::{Map, Value as Json, json};

use crate::model::{Model, Named};

/// Nested records end here.
const DEEPEST: usize = 8;

/// Bounds that JSON Schema calls by the same names.
const BOUNDS: [&str; 6] = [
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
];

/// The input of an operation: its path, query, body and filter, as far as it has them.
pub fn input(model: &Model<'_>, named: Named<'_>) -> Json {
    let schemas = Schemas::new(model);
    let operation = named.operation;
    let mut properties = Map::new();
    let mut required = Vec::new();
    let path: Vec<&Parameter> = operation.path_parameters().collect();
    if !path.is_empty() {
        properties.insert("path".to_owned(), schemas.parameters(&path, true));
        required.push("path");
    }
    let query: Vec<&Parameter> = operation.query_parameters().collect();
    let paged = operation.answer.list().is_some();
    if !query.is_empty() || paged {
        let mut all = schemas.parameters(&query, false);
        if paged {
            all["properties"]["page"] = json!({"type": "integer", "minimum": 1});
            all["properties"]["page_size"] =
                json!({"type": "integer", "minimum": 25, "maximum": 500});
        }
        properties.insert("query".to_owned(), all);
    }
    if query.iter().any(|parameter| parameter.required) {
        required.push("query");
    }
    if let Some(body) = &operation.body {
        let schema = schemas.body(&body.content);
        if body.required || schema.get("required").is_some() {
            required.push("body");
        }
        properties.insert("body".to_owned(), schema);
    }
    if paged {
        properties.insert("filter".to_owned(), json!({"type": "object"}));
    }
    object(properties, &required)
}

/// Makes schemas of types.
#[derive(Clone)]
pub struct Schemas<'a> {
    model: &'a Model<'a>,
    open: Vec<TypeId>,
}

impl<'a> Schemas<'a> {
    pub fn new(model: &'a Model<'a>) -> Self {
        Self {
            model,
            open: Vec::new(),
        }
    }

    /// The schema of a value.
    pub fn of(&self, ty: &Ty, facts: &Facts) -> Json {
        let mut schema = self.plain(ty);
        if let Some(fields) = schema.as_object_mut() {
            for bound in BOUNDS {
                let value = facts
                    .bounds
                    .get(bound)
                    .and_then(|text| text.parse::<serde_json::Number>().ok());
                if let Some(value) = value {
                    fields.insert(bound.to_owned(), Json::Number(value));
                }
            }
        }
        schema
    }

    fn plain(&self, ty: &Ty) -> Json {
        match ty {
            Ty::String => json!({"type": "string"}),
            Ty::Secret => json!({"type": "string", "format": "password"}),
            Ty::Integer => json!({"type": "integer"}),
            Ty::Number => json!({"type": "number"}),
            Ty::Boolean => json!({"type": "boolean"}),
            Ty::DateTime => json!({"type": "string", "format": "date-time"}),
            Ty::Date => json!({"type": "string", "format": "date"}),
            Ty::File => json!({
                "type": "object",
                "properties": {"name": {"type": "string"}, "content": {"type": "string", "contentEncoding": "base64"}},
                "required": ["name", "content"],
            }),
            Ty::Json => json!({}),
            Ty::Map(inner) => json!({"type": "object", "additionalProperties": self.plain(inner)}),
            Ty::List(inner) => json!({"type": "array", "items": self.plain(inner)}),
            Ty::Named(id) => self.named(*id),
        }
    }

    fn named(&self, id: TypeId) -> Json {
        if self.open.contains(&id) || self.open.len() > DEEPEST {
            return json!({});
        }
        let mut inner = self.clone();
        inner.open.push(id);
        match &self.model.api.get(id).kind {
            TypeKind::Record(record) => inner.record(record),
            TypeKind::Enum(of) if of.integers => {
                let values: Vec<i64> = of
                    .values
                    .iter()
                    .filter_map(|value| value.parse().ok())
                    .collect();
                json!({"type": "integer", "enum": values})
            }
            TypeKind::Enum(of) => json!({"type": "string", "enum": of.values}),
            TypeKind::Union(union) => {
                let branches = union.branches.iter().map(|branch| inner.plain(&branch.ty));
                json!({"anyOf": branches.collect::<Vec<_>>()})
            }
        }
    }

    /// The fields that can be sent.
    fn record(&self, record: &Record) -> Json {
        let sent = || record.fields.iter().filter(|field| !field.read_only);
        let properties = sent().map(|field| {
            let mut schema = self.of(&field.ty, &field.facts);
            if let (true, Some(Json::String(kind))) = (field.nullable, schema.get("type")) {
                schema["type"] = json!([kind, "null"]);
            }
            (field.name.clone(), schema)
        });
        let required: Vec<&str> = sent()
            .filter(|field| field.required)
            .map(|field| field.name.as_str())
            .collect();
        object(properties.collect(), &required)
    }

    fn parameters(&self, parameters: &[&Parameter], always: bool) -> Json {
        let properties = parameters
            .iter()
            .map(|p| (p.name.clone(), self.of(&p.ty, &p.facts)));
        let required = parameters
            .iter()
            .filter(|p| always || p.required)
            .map(|p| p.name.as_str());
        object(properties.collect(), &required.collect::<Vec<_>>())
    }

    fn body(&self, content: &Content) -> Json {
        match content {
            Content::Fields(id) | Content::Multipart(id) => self.named(*id),
            Content::Json(ty) => self.plain(ty),
            Content::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
        }
    }
}

fn object(properties: Map<String, Json>, required: &[&str]) -> Json {
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}
