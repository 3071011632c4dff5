//! Operations: their paths, versions, security, parameters, bodies and answers.

mod answers;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use openapiv3::{
    MediaType, Parameter as Described, ParameterData, ParameterSchemaOrContent, PathItem,
    PathStyle, QueryStyle, ReferenceOr, RequestBody, Server,
};
use serde_json::Value as Json;

use super::flatten::{Flat, Kind, Source, escape};
use super::shapes::{Place, Shapes, View};
use crate::api::{self, Body, Content, Facts, Method, Operation, Parameter, Ty, position_path};
use crate::load::Document;

/// The operations of the document, their types collected in `shapes`.
pub fn operations<'d>(document: &'d Document, shapes: &mut Shapes<'d>) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (template, item) in &document.openapi.paths.paths {
        let ReferenceOr::Item(item) = item else {
            continue;
        };
        let pointer = format!("/paths/{}", escape(template));
        for (name, operation) in item.iter() {
            let Some(method) = Method::parse(name) else {
                continue;
            };
            let walk = Walk {
                document,
                item,
                template,
                method,
                operation,
                pointer: format!("{pointer}/{name}"),
                item_pointer: &pointer,
                index: operations.len(),
            };
            let (path, _) = split_version(template);
            match known.entry(format!("{method} {}", position_path(path))) {
                Entry::Occupied(at) => walk.once_more(shapes, &mut operations[*at.get()]),
                Entry::Vacant(free) => {
                    free.insert(operations.len());
                    operations.push(walk.operation(shapes));
                }
            }
        }
    }
    operations
}

/// One operation where it stands.
struct Walk<'d, 'w> {
    document: &'d Document,
    item: &'d PathItem,
    template: &'d str,
    method: Method,
    operation: &'d openapiv3::Operation,
    pointer: String,
    item_pointer: &'w str,
    index: usize,
}

impl<'d> Walk<'d, '_> {
    /// The same method and path under another version prefix: one operation that more versions serve.
    fn once_more(&self, shapes: &mut Shapes<'d>, first: &mut Operation) {
        let (_, prefix) = split_version(self.template);
        for version in self.versions(prefix) {
            if !first.versions.contains(&version) {
                first.versions.push(version);
            }
        }
        let reason = format!(
            "the same method and path as {}, which counts; of this one, its versions do",
            first.pointer
        );
        self.note(shapes, &self.pointer, reason);
    }

    /// Every operation goes to the address of the client; only the version is its own.
    fn note_host(&self, shapes: &mut Shapes<'d>) {
        let host = |server: &'d Server| host_of(&server.url);
        let usual = self.document.openapi.servers.first().map(host);
        let own = self.operation.servers.first().or(self.item.servers.first());
        if let (Some(own), Some(usual)) = (own.map(host), usual)
            && own != usual
        {
            let reason = format!("served at `{own}`: it is sent to the client's own address");
            self.note(shapes, &self.pointer, reason);
        }
    }

    fn operation(&self, shapes: &mut Shapes<'d>) -> Operation {
        self.note_host(shapes);
        let operation = self.operation;
        let (path, prefix) = split_version(self.template);
        let described = self.parameters(shapes);
        let extension = |key: &str| operation.extensions.get(key);
        Operation {
            method: self.method,
            path: path.to_owned(),
            pointer: self.pointer.clone(),
            id: operation.operation_id.clone(),
            summary: operation
                .summary
                .clone()
                .map(|s| s.trim().to_owned())
                .filter(|s| !s.is_empty()),
            description: operation
                .description
                .clone()
                .filter(|d| !d.trim().is_empty()),
            tags: operation.tags.clone(),
            cli: self.cli(),
            deprecated: operation.deprecated,
            versions: self.versions(prefix),
            public: self.scopes().is_none(),
            scopes: self.scopes().unwrap_or_default(),
            grant: extension("x-linode-grant")
                .and_then(Json::as_str)
                .map(str::to_owned),
            link: operation
                .external_docs
                .as_ref()
                .map(|docs| docs.url.clone()),
            parameters: in_template_order(path, described),
            body: self.body(shapes),
            answer: self.answer(shapes),
            statuses: self.statuses(),
        }
    }

    fn note(&self, shapes: &mut Shapes<'d>, pointer: &str, reason: impl Into<String>) {
        shapes.flattener.note(pointer, reason);
    }

    /// What the command line tool calls it: `linodes create`.
    fn cli(&self) -> Option<String> {
        let first = |value: &Json| match value {
            Json::Array(names) => names.first().and_then(Json::as_str).map(str::to_owned),
            other => other.as_str().map(str::to_owned),
        };
        let find = |key: &str| {
            self.operation
                .extensions
                .get(key)
                .or_else(|| self.item.extensions.get(key))
                .and_then(first)
        };
        Some(format!(
            "{} {}",
            find("x-linode-cli-command")?,
            find("x-linode-cli-action")?
        ))
    }

    /// The API versions that serve it, from the nearest word that names any.
    fn versions(&self, prefix: Option<&str>) -> Vec<String> {
        let fixed = prefix.filter(|p| is_version(p)).map(|p| vec![p.to_owned()]);
        fixed
            .or_else(|| versions_of(&self.operation.servers))
            .or_else(|| self.version_parameter())
            .or_else(|| versions_of(&self.item.servers))
            .or_else(|| versions_of(&self.document.openapi.servers))
            .unwrap_or_else(|| vec!["v4".to_owned()])
    }

    /// The values of the parameter that stands for the version in the path.
    fn version_parameter(&self) -> Option<Vec<String>> {
        let (_, prefix) = split_version(self.template);
        let name = prefix?.strip_prefix('{')?.strip_suffix('}')?;
        let all = self
            .operation
            .parameters
            .iter()
            .chain(&self.item.parameters);
        let data = all
            .filter_map(|p| self.parameter(p))
            .map(Described::parameter_data_ref)
            .find(|data| data.name == name)?;
        let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) = &data.format else {
            return None;
        };
        let openapiv3::SchemaKind::Type(openapiv3::Type::String(string)) = &schema.schema_kind
        else {
            return None;
        };
        let values: Vec<String> = string.enumeration.iter().flatten().cloned().collect();
        (!values.is_empty()).then_some(values)
    }

    /// The scopes of every OAuth requirement; nothing, where none is required at all.
    fn scopes(&self) -> Option<Vec<String>> {
        let requirements = self.operation.security.as_ref().or(self
            .document
            .openapi
            .security
            .as_ref())?;
        if requirements.is_empty() || requirements.iter().all(|r| r.is_empty()) {
            return None;
        }
        let mut scopes: Vec<String> = requirements
            .iter()
            .flat_map(|r| r.values().flatten().cloned())
            .collect();
        scopes.sort();
        scopes.dedup();
        Some(scopes)
    }

    fn parameter(&self, parameter: &'d ReferenceOr<Described>) -> Option<&'d Described> {
        match parameter {
            ReferenceOr::Item(parameter) => Some(parameter),
            ReferenceOr::Reference { reference } => self.document.parameter(reference),
        }
    }

    /// Parameters of the operation, then those of the path that it does not override.
    fn parameters(&self, shapes: &mut Shapes<'d>) -> Vec<Parameter> {
        let (_, prefix) = split_version(self.template);
        let version = prefix
            .and_then(|p| p.strip_prefix('{'))
            .and_then(|p| p.strip_suffix('}'));
        let own = self
            .operation
            .parameters
            .iter()
            .enumerate()
            .map(|(i, p)| (format!("{}/parameters/{i}", self.pointer), p));
        let shared = self
            .item
            .parameters
            .iter()
            .enumerate()
            .map(|(i, p)| (format!("{}/parameters/{i}", self.item_pointer), p));
        let mut parameters: Vec<Parameter> = Vec::new();
        for (pointer, parameter) in own.chain(shared) {
            let Some(described) = self.parameter(parameter) else {
                continue;
            };
            let place = place_of(described);
            let data = described.parameter_data_ref();
            let known = parameters
                .iter()
                .any(|p| p.name == data.name && p.place == place);
            let is_version = place == api::Place::Path && Some(data.name.as_str()) == version;
            if !known && !is_version {
                let mut parameter = self.described(shapes, &pointer, data, place);
                let (style, separator) = style_of(described);
                let listed = place == api::Place::Query && matches!(parameter.ty, Ty::List(_));
                match style {
                    Some(style) if !listed => {
                        let reason = format!("{style}: its text is sent as the caller writes it");
                        self.note(shapes, &pointer, reason);
                    }
                    _ if listed => parameter.separator = separator,
                    _ if shapes.is_structured(&parameter.ty) => {
                        let reason = "an object in an address: it is sent as JSON text";
                        self.note(shapes, &pointer, reason);
                    }
                    _ => {}
                }
                parameters.push(parameter);
            }
        }
        parameters
    }

    fn described(
        &self,
        shapes: &mut Shapes<'d>,
        pointer: &str,
        data: &'d ParameterData,
        place: api::Place,
    ) -> Parameter {
        let source = match &data.format {
            ParameterSchemaOrContent::Schema(schema) => {
                Some(Source::new(format!("{pointer}/schema"), schema))
            }
            ParameterSchemaOrContent::Content(content) => {
                self.note(
                    shapes,
                    pointer,
                    "a parameter described by `content`: its schema counts, it is sent as text",
                );
                content.iter().find_map(|(media, described)| {
                    let schema = described.schema.as_ref()?;
                    Some(Source::new(
                        format!("{pointer}/content/{}/schema", escape(media)),
                        schema,
                    ))
                })
            }
        };
        let (ty, flat) = match source {
            Some(source) => shapes.typed(&[source], Place::new(View::Write, &data.name)),
            None => (Ty::String, Flat::default()),
        };
        if matches!(place, api::Place::Header | api::Place::Cookie) {
            let reason = "a header or cookie parameter: no setter, set it with `header`";
            self.note(shapes, pointer, reason);
        }
        let mut facts = flat.facts;
        facts.description = data.description.clone().or(facts.description);
        Parameter {
            name: data.name.clone(),
            place,
            ty,
            required: data.required || place == api::Place::Path,
            deprecated: data.deprecated.unwrap_or(false) || flat.deprecated,
            separator: None,
            facts,
        }
    }

    fn body(&self, shapes: &mut Shapes<'d>) -> Option<Body> {
        let pointer = format!("{}/requestBody", self.pointer);
        let body: &RequestBody = match self.operation.request_body.as_ref()? {
            ReferenceOr::Item(body) => body,
            ReferenceOr::Reference { reference } => self.document.request_body(reference)?,
        };
        if body.content.is_empty() {
            self.note(shapes, &pointer, "a body of no media type: nothing is sent");
        }
        let (media_type, media) = self.preferred(shapes, &body.content, &pointer)?;
        let content = self.content(shapes, media_type, media, &pointer);
        Some(Body {
            media_type: self.sent_as(shapes, media_type, &pointer),
            content,
            required: body.required,
        })
    }

    /// The media type that a body is sent as: a range of them is none.
    fn sent_as(&self, shapes: &mut Shapes<'d>, media_type: &str, pointer: &str) -> String {
        if !media_type.contains('*') {
            return media_type.to_owned();
        }
        let one = match is_json(media_type) {
            true => "application/json",
            false => "application/octet-stream",
        };
        let place = format!("{pointer}/content/{}", escape(media_type));
        let reason = format!("sent as `{one}`; the header `Content-Type` says it otherwise");
        self.note(shapes, &place, reason);
        one.to_owned()
    }

    /// What a schema says of bytes is not looked at.
    fn note_bytes(
        &self,
        shapes: &mut Shapes<'d>,
        media_type: &str,
        media: &'d MediaType,
        pointer: &str,
    ) {
        let Some(schema) = &media.schema else { return };
        let place = format!("{pointer}/content/{}/schema", escape(media_type));
        let flat = shapes
            .flattener
            .flatten(&[Source::new(place.as_str(), schema)]);
        let structured = !matches!(flat.implied_kind(), None | Some(Kind::String));
        if structured || !flat.branches.is_empty() {
            let reason =
                format!("`{media_type}` is bytes; what the schema says of it does not count");
            self.note(shapes, &place, reason);
        }
    }

    fn content(
        &self,
        shapes: &mut Shapes<'d>,
        media_type: &str,
        media: &'d MediaType,
        pointer: &str,
    ) -> Content {
        let multipart = media_type.starts_with("multipart/")
            || media_type == "application/x-www-form-urlencoded";
        let Some(schema) = media
            .schema
            .as_ref()
            .filter(|_| multipart || is_json(media_type))
        else {
            self.note_bytes(shapes, media_type, media, pointer);
            return Content::Bytes;
        };
        let source = Source::new(
            format!("{pointer}/content/{}/schema", escape(media_type)),
            schema,
        );
        let mut flat = shapes.flattener.flatten(&[source]);
        let place = Place {
            part: multipart,
            ..Place::new(View::Write, "body")
        };
        if flat.properties.is_empty() || !flat.branches.is_empty() {
            let ty = shapes.ty(&flat, place);
            // A union's record is the operation's own, as any body's.
            let Ty::Named(id) = ty else {
                return Content::Json(ty);
            };
            let api::TypeKind::Record(record) = shapes.types[id.0].kind.clone() else {
                return Content::Json(ty);
            };
            flat.identity = None;
            return Content::Fields(shapes.own(record, &flat, self.index));
        }
        let record = shapes.record(&flat, place);
        let id = shapes.own(record, &flat, self.index);
        if multipart {
            Content::Multipart(id)
        } else {
            Content::Fields(id)
        }
    }

    /// JSON, if there is any; otherwise the first media type. The others are told.
    fn preferred<'m>(
        &self,
        shapes: &mut Shapes<'d>,
        content: &'m indexmap::IndexMap<String, MediaType>,
        pointer: &str,
    ) -> Option<(&'m str, &'m MediaType)> {
        let (name, media) = content
            .iter()
            .find(|(name, _)| is_json(name))
            .or_else(|| content.first())?;
        for other in content.keys().filter(|other| *other != name) {
            let place = format!("{pointer}/content/{}", escape(other));
            self.note(shapes, &place, format!("`{name}` is used instead"));
        }
        Some((name, media))
    }
}

/// The path without its version prefix, and the prefix: a version, or the parameter that stands for one.
fn split_version(template: &str) -> (&str, Option<&str>) {
    let Some(rest) = template.strip_prefix('/') else {
        return (template, None);
    };
    let (first, tail) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let stands_for_version =
        first.starts_with('{') && first.to_ascii_lowercase().contains("version");
    if tail.is_empty() || !(is_version(first) || stands_for_version) {
        (template, None)
    } else {
        (tail, Some(first))
    }
}

/// `v4`, `v4beta`.
fn is_version(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('v') else {
        return false;
    };
    let digits = rest.trim_end_matches("beta").trim_end_matches("alpha");
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn versions_of(servers: &[Server]) -> Option<Vec<String>> {
    let mut versions: Vec<String> = Vec::new();
    for server in servers {
        let last = server
            .url
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap_or_default();
        if is_version(last) && !versions.iter().any(|v| v == last) {
            versions.push(last.to_owned());
        }
    }
    (!versions.is_empty()).then_some(versions)
}

/// The address of the first server, up to the version.
pub fn server(document: &Document) -> String {
    let url = document.openapi.servers.first();
    let url = url.map_or("", |server| server.url.trim_end_matches('/'));
    match url.rsplit_once('/') {
        Some((before, last)) if is_version(last) || last.starts_with('{') => before.to_owned(),
        _ => url.to_owned(),
    }
}

/// `https://api.linode.com` of `https://api.linode.com/v4`.
fn host_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let end = url[after_scheme..].find('/');
    end.map_or(url, |end| &url[..after_scheme + end])
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json") || essence == "*/*"
}

/// The style of a parameter, where it is not the one of its place, and the sign between the items of a list.
fn style_of(parameter: &Described) -> (Option<String>, Option<char>) {
    let explode = parameter.parameter_data_ref().explode;
    let (style, separator) = match parameter {
        Described::Query { style, .. } => match style {
            QueryStyle::Form => ("form", ','),
            QueryStyle::SpaceDelimited => ("spaceDelimited", ' '),
            QueryStyle::PipeDelimited => ("pipeDelimited", '|'),
            QueryStyle::DeepObject => ("deepObject", ','),
        },
        Described::Path { style, .. } => match style {
            PathStyle::Simple => ("simple", ','),
            PathStyle::Label => ("label", '.'),
            PathStyle::Matrix => ("matrix", ';'),
        },
        Described::Header { .. } => ("simple", ','),
        Described::Cookie { .. } => ("form", ','),
    };
    let by_default = style == "form";
    let plain = matches!(style, "form" | "simple") && explode.is_none_or(|e| e == by_default);
    let joined = !explode.unwrap_or(by_default);
    let text = format!("`style: {style}`, `explode: {}`", !joined);
    ((!plain).then_some(text), joined.then_some(separator))
}

fn place_of(parameter: &Described) -> api::Place {
    match parameter {
        Described::Path { .. } => api::Place::Path,
        Described::Query { .. } => api::Place::Query,
        Described::Header { .. } => api::Place::Header,
        Described::Cookie { .. } => api::Place::Cookie,
    }
}

/// Path parameters in the order of the template; one that the document forgot is a string; one that the template lacks is dropped.
fn in_template_order(path: &str, described: Vec<Parameter>) -> Vec<Parameter> {
    let (in_path, mut others): (Vec<_>, Vec<_>) = described
        .into_iter()
        .partition(|p| p.place == api::Place::Path);
    let mut ordered = Vec::new();
    for name in path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
    {
        let known = in_path.iter().find(|p| p.name == name).cloned();
        ordered.push(known.unwrap_or_else(|| Parameter {
            name: name.to_owned(),
            place: api::Place::Path,
            ty: Ty::String,
            required: true,
            deprecated: false,
            separator: None,
            facts: Facts::default(),
        }));
    }
    ordered.append(&mut others);
    ordered
}
