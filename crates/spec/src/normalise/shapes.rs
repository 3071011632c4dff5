//! From flattened schemas to types: each distinct shape becomes one [`TypeDef`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heck::ToSnakeCase;
use serde_json::Value as Json;

use super::flatten::{Additional, Flat, Flattener, Kind, Source};
use super::secrets::is_secret;
use crate::api::{Enum, Fallback, Field, Record, Ty, TypeDef, TypeId, TypeKind};
use crate::load::Document;

/// As deep as types go; what lies deeper is free-form JSON. The official documents stay below a tenth of it.
const DEEPEST: usize = 100;

/// What is said of listed values that are neither strings nor integers.
const NOT_AN_ENUM: &str =
    "only strings and integers of 64 bits make an enum; any value of its type is taken";

/// Which side of a schema is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// What answers hold: no `writeOnly` fields.
    Read,
    /// What requests hold: no `readOnly` fields.
    Write,
}

/// Where a schema is met.
#[derive(Clone, Copy)]
pub struct Place<'f> {
    pub view: View,
    /// The name of the property or parameter that holds the value.
    pub name: &'f str,
    /// The object that the value is a property of.
    pub parent: Option<&'f Flat<'f>>,
    /// Whether the value is the part of a multipart body.
    pub part: bool,
}

impl<'f> Place<'f> {
    pub fn new(view: View, name: &'f str) -> Self {
        Self {
            view,
            name,
            parent: None,
            part: false,
        }
    }
}

/// What makes two types one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Record {
        fields: Vec<(String, Ty)>,
        distinct: Option<String>,
    },
    /// The word is the last one of the property's name: equal values of a `status` and of a `policy` are two enums.
    Enum {
        values: Vec<String>,
        integers: bool,
        word: String,
    },
    Union(Vec<(String, Ty)>, String),
}

/// Collects types while operations are walked.
pub struct Shapes<'d> {
    pub flattener: Flattener<'d>,
    pub types: Vec<TypeDef>,
    pub fallbacks: BTreeSet<Fallback>,
    keys: HashMap<Key, TypeId>,
    /// Types of schemas behind one reference, per view.
    known: HashMap<(String, View), Ty>,
    /// References that are being walked; a type is set aside for objects that hold themselves.
    open: Vec<(String, View, Option<TypeId>)>,
    /// How many schemas lie around the one that is being walked.
    depth: usize,
}

impl<'d> Shapes<'d> {
    pub fn new(document: &'d Document) -> Self {
        Self {
            flattener: Flattener {
                document,
                notes: BTreeSet::new(),
            },
            types: Vec::new(),
            fallbacks: BTreeSet::new(),
            keys: HashMap::new(),
            known: HashMap::new(),
            open: Vec::new(),
            depth: 0,
        }
    }

    /// The type of the value that the sources describe together, and what they say besides.
    pub fn typed(&mut self, sources: &[Source<'d>], place: Place<'_>) -> (Ty, Flat<'d>) {
        let flat = self.flattener.flatten(sources);
        let ty = self.ty(&flat, place);
        (ty, flat)
    }

    /// The type of a flattened schema.
    pub fn ty(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        if self.depth == DEEPEST {
            return self.fall_back(&flat.pointer, "nested deeper than any type of the API");
        }
        self.depth += 1;
        let ty = match &flat.identity {
            Some(reference) => self.referred(reference, flat, place),
            None => self.classify(flat, place),
        };
        self.depth -= 1;
        ty
    }

    /// The type behind a reference. Objects are walked once per view; whatever holds itself comes to an end.
    fn referred(&mut self, reference: &str, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        let object = !flat.properties.is_empty() && flat.branches.is_empty();
        let key = (reference.to_owned(), place.view);
        if let Some(ty) = self.known.get(&key).filter(|_| object) {
            return ty.clone();
        }
        if let Some(at) = self
            .open
            .iter()
            .position(|(reference, view, _)| *reference == key.0 && *view == key.1)
        {
            return if object {
                Ty::Named(self.set_aside(at))
            } else {
                self.fall_back(&flat.pointer, "it holds itself, and is no object")
            };
        }
        self.open.push((key.0.clone(), key.1, None));
        let ty = self.classify(flat, place);
        self.open.pop();
        if object {
            self.known.insert(key, ty.clone());
        }
        ty
    }

    /// Whether the schema behind this reference is being walked.
    pub(super) fn is_open(&self, reference: &str, view: View) -> bool {
        self.open
            .iter()
            .any(|(open, of, _)| open == reference && *of == view)
    }

    /// Walks a schema that has taken in what stands behind these references.
    pub(super) fn taking_in(
        &mut self,
        references: Vec<String>,
        flat: &Flat<'d>,
        place: Place<'_>,
    ) -> Ty {
        let before = self.open.len();
        self.open.extend(
            references
                .into_iter()
                .map(|reference| (reference, place.view, None)),
        );
        let ty = self.ty(flat, place);
        self.open.truncate(before);
        ty
    }

    /// The id of a type that is still being walked.
    fn set_aside(&mut self, at: usize) -> TypeId {
        if let Some(id) = self.open[at].2 {
            return id;
        }
        let id = TypeId(self.types.len());
        self.types
            .push(TypeDef::new(TypeKind::Record(Record::default())));
        self.open[at].2 = Some(id);
        id
    }

    fn classify(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        if !flat.branches.is_empty()
            && let Some(ty) = self.union(flat, place)
        {
            return ty;
        }
        match flat.implied_kind() {
            Some(Kind::Object) => self.object(flat, place),
            Some(Kind::Array) => self.array(flat, place),
            Some(kind) => self.scalar(flat, kind, place),
            None => self.fall_back(&flat.pointer, "the document gives it no type"),
        }
    }

    fn scalar(&mut self, flat: &Flat<'d>, kind: Kind, place: Place<'_>) -> Ty {
        if let Some(ty) = self.enumeration(&flat.values, kind, flat, place) {
            return ty;
        }
        if flat.values.iter().any(|v| !v.is_null()) {
            self.flattener.note(&flat.pointer, NOT_AN_ENUM);
        }
        match kind {
            Kind::String => string(flat, place),
            Kind::Integer => Ty::Integer,
            Kind::Number => Ty::Number,
            _ => Ty::Boolean,
        }
    }

    /// The enum of the values, where they are strings or integers.
    fn enumeration(
        &mut self,
        values: &[Json],
        kind: Kind,
        flat: &Flat<'d>,
        place: Place<'_>,
    ) -> Option<Ty> {
        let values: Vec<&Json> = values.iter().filter(|v| !v.is_null()).collect();
        let integers = kind == Kind::Integer;
        let fit = match kind {
            // A number or a flag that is listed for a string lost its quotes.
            Kind::String => values.iter().all(|v| !v.is_array() && !v.is_object()),
            Kind::Integer => values.iter().all(|v| v.is_i64()),
            _ => false,
        };
        if values.is_empty() || !fit {
            return None;
        }
        let mut texts: Vec<String> = Vec::new();
        for value in values {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let mut sorted = texts.clone();
        sorted.sort();
        let word = place
            .name
            .to_snake_case()
            .rsplit('_')
            .next()
            .unwrap_or_default()
            .to_owned();
        let key = Key::Enum {
            values: sorted,
            integers,
            word,
        };
        let new = TypeKind::Enum(Enum {
            values: texts,
            integers,
        });
        Some(self.intern(key, flat, |known| {
            known.map_or(new, |known| known.kind.clone())
        }))
    }

    fn array(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        let items = self.flattener.flatten(&flat.items);
        // An enum on the array means its items.
        if !flat.values.is_empty() && items.values.is_empty() {
            let kind = items.implied_kind().unwrap_or(Kind::String);
            if let Some(ty) = self.enumeration(&flat.values, kind, flat, place) {
                return Ty::List(Box::new(ty));
            }
            self.flattener.note(&flat.pointer, NOT_AN_ENUM);
        }
        if flat.items.is_empty() {
            let ty = self.fall_back(
                &flat.pointer,
                "an array whose items the document does not describe",
            );
            return Ty::List(Box::new(ty));
        }
        Ty::List(Box::new(self.ty(
            &items,
            Place {
                parent: None,
                ..place
            },
        )))
    }

    fn object(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        if flat.properties.is_empty() {
            return self.map(flat, place);
        }
        if let Some(Additional::Schema(extra)) = &flat.additional {
            self.flattener.notes.insert(Fallback {
                pointer: extra.pointer.clone(),
                reason: "keys beside the listed properties; they stay in the raw body".to_owned(),
            });
        }
        let record = self.record(flat, place);
        let mut fields: Vec<(String, Ty)> = record
            .fields
            .iter()
            .map(|f| (f.name.clone(), f.ty.clone()))
            .collect();
        fields.sort();
        let aside = self
            .open
            .last()
            .filter(|(reference, view, _)| {
                Some(reference) == flat.identity.as_ref() && *view == place.view
            })
            .and_then(|o| o.2);
        if let Some(id) = aside {
            self.types[id.0].kind = TypeKind::Record(record);
            self.adopt(id, flat);
            return Ty::Named(id);
        }
        let requests = place.view == View::Write;
        let ty = self.intern(
            Key::Record {
                fields,
                distinct: None,
            },
            flat,
            |known| merge_records(known, record, requests),
        );
        if let Ty::Named(id) = ty {
            self.types[id.0].in_requests |= requests;
        }
        ty
    }

    /// A record that shares its type with no other, however equal their fields.
    pub fn distinct(&mut self, ty: &Ty, label: &str, flat: &Flat<'d>) -> Ty {
        let Ty::Named(id) = ty else { return ty.clone() };
        let TypeKind::Record(record) = self.types[id.0].kind.clone() else {
            return ty.clone();
        };
        self.types[id.0]
            .components
            .retain(|c| !flat.components.contains(c));
        let fields = record
            .fields
            .iter()
            .map(|f| (f.name.clone(), f.ty.clone()))
            .collect();
        let key = Key::Record {
            fields,
            distinct: Some(label.to_owned()),
        };
        self.intern(key, flat, |_| TypeKind::Record(record))
    }

    /// The fields of an object in a view, whether or not it shares its type with others.
    pub fn record(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Record {
        let mut record = Record::default();
        for (name, sources) in &flat.properties {
            if let Some(field) = self.field(flat, name, sources, place) {
                record.fields.push(field);
            }
        }
        for name in &flat.required {
            if !flat.properties.contains_key(name) {
                self.flattener.notes.insert(Fallback {
                    pointer: flat.pointer.clone(),
                    reason: format!("`required` names `{name}`, which is no property"),
                });
            }
        }
        record
    }

    fn field(
        &mut self,
        parent: &Flat<'d>,
        name: &str,
        sources: &[Source<'d>],
        place: Place<'_>,
    ) -> Option<Field> {
        let flat = self.flattener.flatten(sources);
        let hidden = match place.view {
            View::Read => flat.write_only,
            View::Write => flat.read_only,
        };
        if hidden {
            return None;
        }
        let ty = self.ty(
            &flat,
            Place {
                name,
                parent: Some(parent),
                ..place
            },
        );
        // What is left of an object whose every field the API sets by itself.
        if place.view == View::Write && self.is_empty_record(&ty) {
            return None;
        }
        Some(Field {
            name: name.to_owned(),
            ty,
            required: place.view == View::Write && parent.required.contains(name),
            promised: place.view == View::Write || parent.required.contains(name),
            always: false,
            nullable: flat.nullable,
            deprecated: flat.deprecated,
            read_only: flat.read_only,
            facts: flat.facts,
            pointer: sources
                .first()
                .map(|s| s.pointer.clone())
                .unwrap_or_default(),
        })
    }

    fn is_empty_record(&self, ty: &Ty) -> bool {
        let Some(id) = ty.named() else { return false };
        let aside = self.open.iter().any(|(_, _, aside)| *aside == Some(id));
        !aside
            && matches!(&self.types[id.0].kind, TypeKind::Record(record) if record.fields.is_empty())
    }

    fn map(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Ty {
        if let Some(Additional::Schema(values)) = &flat.additional {
            let (ty, _) = self.typed(
                std::slice::from_ref(values),
                Place {
                    parent: None,
                    ..place
                },
            );
            return Ty::Map(Box::new(ty));
        }
        let value = self.fall_back(
            &flat.pointer,
            "an object without properties: its keys are data",
        );
        Ty::Map(Box::new(value))
    }

    /// Whether values of the type are objects.
    pub fn is_structured(&self, ty: &Ty) -> bool {
        match ty {
            Ty::Map(_) => true,
            Ty::Named(id) => !matches!(self.types[id.0].kind, TypeKind::Enum(_)),
            _ => false,
        }
    }

    /// Untyped JSON, accounted for.
    pub fn fall_back(&mut self, pointer: &str, reason: &str) -> Ty {
        self.fallbacks.insert(Fallback {
            pointer: pointer.to_owned(),
            reason: reason.to_owned(),
        });
        Ty::Json
    }

    /// The type of a key: the one met before, or a new one.
    fn intern(
        &mut self,
        key: Key,
        flat: &Flat<'d>,
        kind: impl FnOnce(Option<&TypeDef>) -> TypeKind,
    ) -> Ty {
        let id = match self.keys.get(&key) {
            Some(id) => {
                self.types[id.0].kind = kind(Some(&self.types[id.0]));
                *id
            }
            None => {
                let id = TypeId(self.types.len());
                self.types.push(TypeDef::new(kind(None)));
                self.keys.insert(key, id);
                id
            }
        };
        self.adopt(id, flat);
        Ty::Named(id)
    }

    /// The type of a union with these branches.
    pub fn intern_union(&mut self, union: crate::api::Union, flat: &Flat<'d>) -> Ty {
        let branches = union
            .branches
            .iter()
            .map(|b| (b.tag.clone(), b.ty.clone()))
            .collect();
        let key = Key::Union(branches, format!("{:?}", union.tag));
        self.intern(key, flat, |_| TypeKind::Union(union))
    }

    /// A record that belongs to one operation alone.
    pub fn own(&mut self, record: Record, flat: &Flat<'d>, operation: usize) -> TypeId {
        let id = TypeId(self.types.len());
        self.types.push(TypeDef::new(TypeKind::Record(record)));
        self.adopt(id, flat);
        self.types[id.0].body_of = Some(operation);
        id
    }

    fn adopt(&mut self, id: TypeId, flat: &Flat<'d>) {
        let def = &mut self.types[id.0];
        for component in &flat.components {
            if !def.components.contains(component) {
                def.components.push(component.clone());
            }
        }
        if def.pointer.is_empty() {
            def.pointer.clone_from(&flat.pointer);
            def.facts = flat.facts.clone();
        }
    }
}

/// The record of one shape at one more place: it demands and promises what all its places do.
fn merge_records(known: Option<&TypeDef>, new: Record, requests: bool) -> TypeKind {
    let Some(TypeDef {
        kind: TypeKind::Record(known),
        in_requests,
        ..
    }) = known
    else {
        return TypeKind::Record(new);
    };
    let first_request = !in_requests;
    let mut merged = known.clone();
    let by_name: BTreeMap<&str, &Field> = new.fields.iter().map(|f| (f.name.as_str(), f)).collect();
    for field in &mut merged.fields {
        let Some(other) = by_name.get(field.name.as_str()) else {
            continue;
        };
        field.nullable |= other.nullable;
        field.deprecated &= other.deprecated;
        field.read_only &= other.read_only;
        field.promised &= other.promised;
        if requests {
            field.required = other.required && (field.required || first_request);
        }
    }
    TypeKind::Record(merged)
}

fn string(flat: &Flat<'_>, place: Place<'_>) -> Ty {
    let format = flat.facts.format.as_deref();
    let has = |name: &str| {
        let parent = place.parent;
        parent.is_some_and(|parent| parent.properties.contains_key(name))
    };
    match format {
        Some("date-time") => Ty::DateTime,
        Some("date") => Ty::Date,
        _ if place.part && is_file(place.name, format) => Ty::File,
        _ if is_secret(place.name, format, has) => Ty::Secret,
        _ => Ty::String,
    }
}

/// Whether the part of a multipart body is a file. One document calls its file a string: "the path of the file".
fn is_file(name: &str, format: Option<&str>) -> bool {
    matches!(format, Some("binary" | "byte")) || name == "file"
}
