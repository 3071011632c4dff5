//! One schema from many: references followed, `allOf` merged, siblings kept.
//!
//! A [`Source`] is a schema where it stands; [`Flattener::flatten`] makes one [`Flat`] of all sources that describe the same value.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, Discriminator, IntegerType, NumberType, ObjectType,
    ReferenceOr, Schema, SchemaKind, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};
use serde_json::Value as Json;

use crate::api::{Facts, Fallback};
use crate::load::Document;

/// The vendor key that marks a property as filterable.
pub const FILTERABLE: &str = "x-linode-filterable";
/// The vendor key that names a branch of a `oneOf`.
const REF_NAME: &str = "x-linode-ref-name";

/// A schema, or a reference to one, where it stands.
#[derive(Clone, Debug)]
pub struct Source<'d> {
    pub pointer: String,
    pub target: Target<'d>,
}

#[derive(Clone, Copy, Debug)]
pub enum Target<'d> {
    Reference(&'d str),
    Schema(&'d Schema),
}

impl<'d> Source<'d> {
    pub fn new(pointer: impl Into<String>, schema: &'d ReferenceOr<Schema>) -> Self {
        let target = match schema {
            ReferenceOr::Reference { reference } => Target::Reference(reference),
            ReferenceOr::Item(schema) => Target::Schema(schema),
        };
        Self {
            pointer: pointer.into(),
            target,
        }
    }

    fn boxed(pointer: String, schema: &'d ReferenceOr<Box<Schema>>) -> Self {
        let target = match schema {
            ReferenceOr::Reference { reference } => Target::Reference(reference),
            ReferenceOr::Item(schema) => Target::Schema(schema),
        };
        Self { pointer, target }
    }
}

/// The JSON types that OpenAPI knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Object,
    Array,
}

impl Kind {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "boolean" => Self::Boolean,
            "object" => Self::Object,
            "array" => Self::Array,
            _ => return None,
        })
    }

    /// The JSON kind that a value of this type has on the wire.
    pub fn json(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer | Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }
}

/// What an object says of the keys that it does not list.
#[derive(Clone, Debug)]
pub enum Additional<'d> {
    Any(bool),
    Schema(Source<'d>),
}

/// Everything that one value's schemas say together.
#[derive(Clone, Debug, Default)]
pub struct Flat<'d> {
    pub pointer: String,
    /// The reference that all of this came from, where a single one leads here.
    pub identity: Option<String>,
    /// Components whose fields these are, all of them.
    pub components: Vec<String>,
    pub kind: Option<Kind>,
    pub values: Vec<Json>,
    pub properties: IndexMap<&'d str, Vec<Source<'d>>>,
    pub required: BTreeSet<&'d str>,
    pub items: Vec<Source<'d>>,
    pub additional: Option<Additional<'d>>,
    pub max_properties: Option<usize>,
    pub branches: Vec<Source<'d>>,
    pub discriminator: Option<&'d Discriminator>,
    pub nullable: bool,
    pub read_only: bool,
    pub write_only: bool,
    pub deprecated: bool,
    /// Where filter markers stand.
    pub markers: Vec<String>,
    pub label: Option<&'d str>,
    pub facts: Facts,
}

impl Flat<'_> {
    /// The kind as said, or as the other keywords imply it.
    pub fn implied_kind(&self) -> Option<Kind> {
        self.kind.or_else(|| {
            if !self.properties.is_empty()
                || self.additional.is_some()
                || self.max_properties.is_some()
            {
                return Some(Kind::Object);
            }
            if !self.items.is_empty() {
                return Some(Kind::Array);
            }
            let has = |keys: &[&str]| keys.iter().any(|k| self.facts.bounds.contains_key(k));
            if self.values.iter().any(|v| !v.is_null()) {
                return kind_of_all(&self.values);
            }
            if self.facts.pattern.is_some()
                || self.facts.format.is_some()
                || has(&["minLength", "maxLength"])
            {
                return Some(Kind::String);
            }
            if has(&["minimum", "maximum", "multipleOf"]) {
                return Some(Kind::Number);
            }
            has(&["minItems", "maxItems", "uniqueItems"]).then_some(Kind::Array)
        })
    }
}

/// The kind that all listed values have; null is of every kind.
fn kind_of_all(values: &[Json]) -> Option<Kind> {
    let mut kinds = values.iter().filter_map(|value| match value {
        Json::String(_) => Some(Some(Kind::String)),
        Json::Bool(_) => Some(Some(Kind::Boolean)),
        Json::Number(n) if n.is_f64() => Some(Some(Kind::Number)),
        Json::Number(_) => Some(Some(Kind::Integer)),
        Json::Null => None,
        Json::Array(_) | Json::Object(_) => Some(None),
    });
    let first = kinds.next().flatten()?;
    kinds.try_fold(first, |all, kind| match (all, kind?) {
        (all, kind) if all == kind => Some(all),
        (Kind::Number, Kind::Integer) | (Kind::Integer, Kind::Number) => Some(Kind::Number),
        _ => None,
    })
}

/// Merges schemas; remembers what it could not follow.
pub struct Flattener<'d> {
    pub document: &'d Document,
    pub notes: BTreeSet<Fallback>,
}

impl<'d> Flattener<'d> {
    /// What all the sources say together of one value.
    pub fn flatten(&mut self, sources: &[Source<'d>]) -> Flat<'d> {
        let mut flat = Flat::default();
        let mut seen = Vec::new();
        let mut offered = Vec::new();
        for source in sources {
            self.merge(&mut flat, source, &mut seen, &mut offered);
        }
        if let Some(first) = sources.first()
            && flat.pointer.is_empty()
        {
            flat.pointer.clone_from(&first.pointer);
        }
        if let [
            Source {
                target: Target::Reference(reference),
                ..
            },
        ] = sources
        {
            flat.identity = Some((*reference).to_owned());
        }
        // A component lends its name where it brings every field; `allOf` of two brings neither name.
        flat.components = offered
            .into_iter()
            .filter(|(_, fields)| *fields == flat.properties.len())
            .filter_map(|(reference, _)| component_name(&reference))
            .collect();
        flat
    }

    fn merge(
        &mut self,
        flat: &mut Flat<'d>,
        source: &Source<'d>,
        seen: &mut Vec<String>,
        offered: &mut Vec<(String, usize)>,
    ) {
        match source.target {
            Target::Schema(schema) => {
                self.merge_schema(flat, schema, &source.pointer, seen, offered)
            }
            Target::Reference(reference) => {
                if seen.iter().any(|s| s == reference) {
                    self.note(
                        &source.pointer,
                        format!(
                            "`{reference}` is part of itself here; the inner mention adds nothing"
                        ),
                    );
                    return;
                }
                let Some(target) = self.document.schema(reference) else {
                    self.note(
                        &source.pointer,
                        format!("`{reference}` leads nowhere; treated as no statement"),
                    );
                    return;
                };
                seen.push(reference.to_owned());
                let before = flat.properties.len();
                let own = Source::new(reference.trim_start_matches('#'), target);
                self.merge(flat, &own, seen, offered);
                let brought = if before == 0 {
                    flat.properties.len()
                } else {
                    usize::MAX
                };
                offered.push((reference.to_owned(), brought));
                seen.pop();
            }
        }
    }

    fn merge_schema(
        &mut self,
        flat: &mut Flat<'d>,
        schema: &'d Schema,
        pointer: &str,
        seen: &mut Vec<String>,
        offered: &mut Vec<(String, usize)>,
    ) {
        if flat.pointer.is_empty() {
            pointer.clone_into(&mut flat.pointer);
        }
        let before = flat.kind;
        match &schema.schema_kind {
            SchemaKind::Type(ty) => merge_type(flat, ty, pointer),
            SchemaKind::OneOf { one_of } => add_branches(flat, one_of, pointer, "oneOf"),
            SchemaKind::AnyOf { any_of } => add_branches(flat, any_of, pointer, "anyOf"),
            SchemaKind::AllOf { all_of } => self.merge_all(flat, all_of, pointer, seen, offered),
            SchemaKind::Not { .. } => self.note(
                pointer,
                "`not` narrows a type in a way that Rust cannot say; ignored".to_owned(),
            ),
            SchemaKind::Any(any) => self.merge_any(flat, any, pointer, seen, offered),
        }
        if let (Some(before), Some(now)) = (before, flat.kind)
            && before.json() != now.json()
        {
            let reason = format!(
                "{} here and {} elsewhere for the same value; the last one counts",
                now.json(),
                before.json()
            );
            self.note(pointer, reason);
        }
        merge_data(flat, schema, pointer);
    }

    fn merge_all(
        &mut self,
        flat: &mut Flat<'d>,
        members: &'d [ReferenceOr<Schema>],
        pointer: &str,
        seen: &mut Vec<String>,
        offered: &mut Vec<(String, usize)>,
    ) {
        for (i, member) in members.iter().enumerate() {
            self.merge(
                flat,
                &Source::new(format!("{pointer}/allOf/{i}"), member),
                seen,
                offered,
            );
        }
    }

    fn merge_any(
        &mut self,
        flat: &mut Flat<'d>,
        any: &'d AnySchema,
        pointer: &str,
        seen: &mut Vec<String>,
        offered: &mut Vec<(String, usize)>,
    ) {
        self.merge_all(flat, &any.all_of, pointer, seen, offered);
        add_branches(flat, &any.one_of, pointer, "oneOf");
        add_branches(flat, &any.any_of, pointer, "anyOf");
        if any.not.is_some() {
            self.note(
                pointer,
                "`not` narrows a type in a way that Rust cannot say; ignored".to_owned(),
            );
        }
        set(&mut flat.kind, any.typ.as_deref().and_then(Kind::parse));
        flat.values.extend(any.enumeration.iter().cloned());
        add_properties(
            flat,
            &any.properties,
            &any.required,
            any.additional_properties.as_ref(),
            pointer,
        );
        set(&mut flat.max_properties, any.max_properties);
        if let Some(items) = &any.items {
            flat.items
                .push(Source::boxed(format!("{pointer}/items"), items));
        }
        set(&mut flat.facts.format, any.format.clone());
        set(&mut flat.facts.pattern, any.pattern.clone());
        bounds(
            flat,
            [
                ("minLength", any.min_length.map(|v| v.to_string())),
                ("maxLength", any.max_length.map(|v| v.to_string())),
                ("minimum", any.minimum.map(number)),
                ("maximum", any.maximum.map(number)),
                ("multipleOf", any.multiple_of.map(number)),
                ("exclusiveMinimum", any.exclusive_minimum.and_then(flag)),
                ("exclusiveMaximum", any.exclusive_maximum.and_then(flag)),
                ("minItems", any.min_items.map(|v| v.to_string())),
                ("maxItems", any.max_items.map(|v| v.to_string())),
                ("uniqueItems", any.unique_items.and_then(flag)),
            ],
        );
    }

    /// Something that the model can't say.
    pub fn note(&mut self, pointer: &str, reason: impl Into<String>) {
        self.notes.insert(Fallback {
            pointer: pointer.to_owned(),
            reason: reason.into(),
        });
    }
}

/// `Linode` of `#/components/schemas/Linode`; nothing for any deeper place.
fn component_name(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

fn set<T>(slot: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *slot = value;
    }
}

/// A number as people write it; one of more digits than it is exact in, with its exponent.
fn number(value: f64) -> String {
    let size = value.abs();
    if value != 0.0 && !(1e-9..1e16).contains(&size) {
        return format!("{value:e}");
    }
    value.to_string()
}

fn flag(value: bool) -> Option<String> {
    value.then(|| "true".to_owned())
}

fn bounds<const N: usize>(flat: &mut Flat<'_>, entries: [(&'static str, Option<String>); N]) {
    for (key, value) in entries {
        if let Some(value) = value {
            flat.facts.bounds.insert(key, value);
        }
    }
}

fn add_branches<'d>(
    flat: &mut Flat<'d>,
    branches: &'d [ReferenceOr<Schema>],
    pointer: &str,
    keyword: &str,
) {
    flat.branches.extend(
        branches
            .iter()
            .enumerate()
            .map(|(i, branch)| Source::new(format!("{pointer}/{keyword}/{i}"), branch)),
    );
}

fn add_properties<'d>(
    flat: &mut Flat<'d>,
    properties: &'d IndexMap<String, ReferenceOr<Box<Schema>>>,
    required: &'d [String],
    additional: Option<&'d AdditionalProperties>,
    pointer: &str,
) {
    for (name, schema) in properties {
        let place = format!("{pointer}/properties/{}", escape(name));
        flat.properties
            .entry(name)
            .or_default()
            .push(Source::boxed(place, schema));
    }
    flat.required.extend(required.iter().map(String::as_str));
    let additional = additional.map(|additional| match additional {
        AdditionalProperties::Any(allowed) => Additional::Any(*allowed),
        AdditionalProperties::Schema(schema) => Additional::Schema(Source::new(
            format!("{pointer}/additionalProperties"),
            schema,
        )),
    });
    set(&mut flat.additional, additional);
}

/// A token of a JSON pointer.
pub fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn merge_type<'d>(flat: &mut Flat<'d>, ty: &'d Type, pointer: &str) {
    flat.kind = Some(match ty {
        Type::String(string) => {
            merge_string(flat, string);
            Kind::String
        }
        Type::Number(number) => {
            merge_number(flat, number);
            Kind::Number
        }
        Type::Integer(integer) => {
            merge_integer(flat, integer);
            Kind::Integer
        }
        Type::Boolean(_) => Kind::Boolean,
        Type::Object(object) => {
            merge_object(flat, object, pointer);
            Kind::Object
        }
        Type::Array(array) => {
            merge_array(flat, array, pointer);
            Kind::Array
        }
    });
}

fn merge_object<'d>(flat: &mut Flat<'d>, object: &'d ObjectType, pointer: &str) {
    add_properties(
        flat,
        &object.properties,
        &object.required,
        object.additional_properties.as_ref(),
        pointer,
    );
    set(&mut flat.max_properties, object.max_properties);
}

fn merge_array<'d>(flat: &mut Flat<'d>, array: &'d ArrayType, pointer: &str) {
    if let Some(items) = &array.items {
        flat.items
            .push(Source::boxed(format!("{pointer}/items"), items));
    }
    bounds(
        flat,
        [
            ("minItems", array.min_items.map(|v| v.to_string())),
            ("maxItems", array.max_items.map(|v| v.to_string())),
            ("uniqueItems", flag(array.unique_items)),
        ],
    );
}

fn merge_string(flat: &mut Flat<'_>, string: &StringType) {
    let format = match &string.format {
        VariantOrUnknownOrEmpty::Item(format) => Some(match format {
            StringFormat::Date => "date",
            StringFormat::DateTime => "date-time",
            StringFormat::Password => "password",
            StringFormat::Byte => "byte",
            StringFormat::Binary => "binary",
        }),
        VariantOrUnknownOrEmpty::Unknown(format) => Some(format.as_str()),
        VariantOrUnknownOrEmpty::Empty => None,
    };
    set(&mut flat.facts.format, format.map(str::to_owned));
    set(&mut flat.facts.pattern, string.pattern.clone());
    flat.values.extend(
        string
            .enumeration
            .iter()
            .map(|v| v.clone().map_or(Json::Null, Json::String)),
    );
    bounds(
        flat,
        [
            ("minLength", string.min_length.map(|v| v.to_string())),
            ("maxLength", string.max_length.map(|v| v.to_string())),
        ],
    );
}

fn merge_number(flat: &mut Flat<'_>, of: &NumberType) {
    if let VariantOrUnknownOrEmpty::Unknown(format) = &of.format {
        flat.facts.format = Some(format.clone());
    }
    flat.values.extend(
        of.enumeration
            .iter()
            .map(|v| v.map_or(Json::Null, Json::from)),
    );
    bounds(
        flat,
        [
            ("minimum", of.minimum.map(number)),
            ("maximum", of.maximum.map(number)),
            ("multipleOf", of.multiple_of.map(number)),
            ("exclusiveMinimum", flag(of.exclusive_minimum)),
            ("exclusiveMaximum", flag(of.exclusive_maximum)),
        ],
    );
}

fn merge_integer(flat: &mut Flat<'_>, of: &IntegerType) {
    if let VariantOrUnknownOrEmpty::Unknown(format) = &of.format {
        flat.facts.format = Some(format.clone());
    }
    flat.values.extend(
        of.enumeration
            .iter()
            .map(|v| v.map_or(Json::Null, Json::from)),
    );
    bounds(
        flat,
        [
            ("minimum", of.minimum.map(|v| v.to_string())),
            ("maximum", of.maximum.map(|v| v.to_string())),
            ("multipleOf", of.multiple_of.map(|v| v.to_string())),
            ("exclusiveMinimum", flag(of.exclusive_minimum)),
            ("exclusiveMaximum", flag(of.exclusive_maximum)),
        ],
    );
}

fn merge_data<'d>(flat: &mut Flat<'d>, schema: &'d Schema, pointer: &str) {
    let data = &schema.schema_data;
    flat.nullable |= data.nullable;
    flat.read_only |= data.read_only;
    flat.write_only |= data.write_only;
    flat.deprecated |= data.deprecated;
    set(&mut flat.discriminator, data.discriminator.as_ref());
    set(&mut flat.facts.description, data.description.clone());
    set(
        &mut flat.facts.default,
        data.default.as_ref().map(Json::to_string),
    );
    let label = data.extensions.get(REF_NAME).and_then(Json::as_str);
    set(&mut flat.label, label.or(data.title.as_deref()));
    if data.extensions.get(FILTERABLE) == Some(&Json::Bool(true)) {
        flat.markers.push(pointer.to_owned());
    }
}
