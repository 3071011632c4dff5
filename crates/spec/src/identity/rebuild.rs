//! The model anew, with the types that the classes are.

use std::collections::{BTreeMap, BTreeSet};

use super::classes::Classes;
use crate::api::{
    Answer, AnswerKind, Api, Content, Enum, Field, Operation, Record, Ty, TypeDef, TypeId,
    TypeKind, Union,
};
use crate::places::{Place, Places, Root};

/// The places of each class, in the order in which operations first meet them.
pub fn rebuild(api: &Api, places: &Places, classes: Classes<'_>) -> Api {
    let mut ids: BTreeMap<usize, TypeId> = BTreeMap::new();
    let mut members: Vec<Vec<usize>> = Vec::new();
    let class_of: Vec<TypeId> = (0..places.all.len())
        .map(|place| {
            let id = *ids.entry(classes.find(place)).or_insert_with(|| {
                members.push(Vec::new());
                TypeId(members.len() - 1)
            });
            members[id.0].push(place);
            id
        })
        .collect();
    let anew = Anew {
        api,
        places,
        class_of,
    };
    let types: Vec<TypeDef> = members.iter().map(|places| anew.def(places)).collect();
    let operations: Vec<Operation> = api
        .operations
        .iter()
        .enumerate()
        .map(|(i, operation)| anew.operation(i, operation))
        .collect();
    let mut account = api.account.clone();
    // What was one shape and is two types has fallen together less often, and the other way round.
    account.merged_shapes =
        (account.merged_shapes + records(&api.types)).saturating_sub(records(&types));
    Api {
        release: api.release.clone(),
        server: api.server.clone(),
        scopes: api.scopes.clone(),
        operations,
        types,
        account,
    }
}

fn records(types: &[TypeDef]) -> usize {
    let records = types
        .iter()
        .filter(|def| matches!(def.kind, TypeKind::Record(_)) && !def.positions.is_empty());
    records.count()
}

struct Anew<'a> {
    api: &'a Api,
    places: &'a Places,
    /// The new type of each place.
    class_of: Vec<TypeId>,
}

impl Anew<'_> {
    /// The type that stands at all of these places.
    fn def(&self, members: &[usize]) -> TypeDef {
        let mut shapes: Vec<&Place> = Vec::new();
        let mut def = TypeDef::new(TypeKind::Record(Record::default()));
        for &member in members {
            let place = &self.places.all[member];
            def.positions.insert(place.position.clone());
            def.in_answers |= place.answer;
            def.in_requests |= !place.answer;
            let known = shapes.iter().any(|shape| shape.ty == place.ty);
            if place.as_in.is_none() && !known {
                shapes.push(place);
            }
        }
        let Some((first, others)) = shapes.split_first() else {
            return def;
        };
        let original = self.api.get(first.ty);
        def.pointer.clone_from(&original.pointer);
        def.body_of = original.body_of;
        def.facts = original.facts.clone();
        def.components.clone_from(&original.components);
        def.kind = self.kind(first);
        for other in others {
            let components = &self.api.get(other.ty).components;
            let known: BTreeSet<String> = def.components.iter().cloned().collect();
            let new = components.iter().filter(|name| !known.contains(*name));
            def.components.extend(new.cloned());
            def.kind = united(def.kind, self.kind(other));
        }
        if !others.is_empty() {
            def.absent = self.absent(&def.kind, members);
        }
        if let TypeKind::Record(record) = &mut def.kind {
            let requests = shapes.iter().filter_map(|shape| self.requested(shape));
            demand(record, &requests.collect::<Vec<_>>(), def.in_answers);
        }
        def
    }

    /// The fields, or values, that are not at all of these places, each with the places that lack it.
    fn absent(&self, kind: &TypeKind, members: &[usize]) -> BTreeMap<String, BTreeSet<String>> {
        let mut absent: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let all = wire_names(kind);
        for place in members.iter().map(|&member| &self.places.all[member]) {
            let own = wire_names(&self.api.get(place.ty).kind);
            for name in all.iter().filter(|name| !own.contains(name)) {
                let places = absent.entry((*name).to_owned()).or_default();
                places.insert(place.position.clone());
            }
        }
        absent
    }

    /// The record of a shape that requests hold.
    fn requested(&self, place: &Place) -> Option<&Record> {
        let def = self.api.get(place.ty);
        match &def.kind {
            TypeKind::Record(record) if def.in_requests => Some(record),
            _ => None,
        }
    }

    /// What is at the place, in new types.
    fn kind(&self, place: &Place) -> TypeKind {
        let mut kind = self.api.get(place.ty).kind.clone();
        for &(slot, held) in &place.held {
            let ty = match &mut kind {
                TypeKind::Record(record) => &mut record.fields[slot].ty,
                TypeKind::Union(union) => &mut union.branches[slot].ty,
                TypeKind::Enum(_) => continue,
            };
            *ty = replaced(ty, self.class_of[held]);
        }
        kind
    }

    fn operation(&self, index: usize, operation: &Operation) -> Operation {
        let mut operation = operation.clone();
        let root = |root: Root| self.places.roots.get(&(index, root)).copied();
        for (i, parameter) in operation.parameters.iter_mut().enumerate() {
            if let Some(place) = root(Root::Parameter(i)) {
                parameter.ty = replaced(&parameter.ty, self.class_of[place]);
            }
        }
        if let (Some(body), Some(place)) = (&mut operation.body, root(Root::Body)) {
            let new = self.class_of[place];
            match &mut body.content {
                Content::Fields(id) | Content::Multipart(id) => *id = new,
                Content::Json(ty) => *ty = replaced(ty, new),
                Content::Bytes => {}
            }
        }
        if let Some(place) = root(Root::Answer) {
            self.answer(&mut operation.answer, place);
        }
        operation
    }

    fn answer(&self, answer: &mut Answer, place: usize) {
        match &mut answer.kind {
            AnswerKind::Value(ty) => *ty = replaced(ty, self.class_of[place]),
            AnswerKind::Page(list) => {
                list.item = replaced(&list.item, self.class_of[place]);
                for filter in &mut list.filters {
                    if let Some(held) = self.at_key(place, &filter.key) {
                        filter.ty = replaced(&filter.ty, self.class_of[held]);
                    }
                }
            }
            AnswerKind::Nothing | AnswerKind::Bytes => {}
        }
    }

    /// The place that a dotted key leads to; a field may have dots in its name.
    fn at_key(&self, place: usize, key: &str) -> Option<usize> {
        let place = self.places.all[place].as_in.unwrap_or(place);
        let Place { ty, held, .. } = &self.places.all[place];
        let TypeKind::Record(record) = &self.api.get(*ty).kind else {
            return None;
        };
        held.iter().find_map(|&(slot, held)| {
            let rest = key.strip_prefix(record.fields[slot].name.as_str())?;
            match rest.strip_prefix('.') {
                Some(rest) => self.at_key(held, rest),
                None => rest.is_empty().then_some(held),
            }
        })
    }
}

/// What a record or an enum has: fields, or values. The branches of a union are told by their tags.
fn wire_names(kind: &TypeKind) -> Vec<&str> {
    match kind {
        TypeKind::Record(record) => record.fields.iter().map(|f| f.name.as_str()).collect(),
        TypeKind::Enum(of) => of.values.iter().map(String::as_str).collect(),
        TypeKind::Union(_) => Vec::new(),
    }
}

/// The type with another one named in it.
fn replaced(ty: &Ty, new: TypeId) -> Ty {
    match ty {
        Ty::Named(_) => Ty::Named(new),
        Ty::List(inner) => Ty::List(Box::new(replaced(inner, new))),
        Ty::Map(inner) => Ty::Map(Box::new(replaced(inner, new))),
        other => other.clone(),
    }
}

/// One type of two that agree.
fn united(one: TypeKind, other: TypeKind) -> TypeKind {
    match (one, other) {
        (TypeKind::Record(one), TypeKind::Record(other)) => TypeKind::Record(Record {
            fields: merged(one.fields, other.fields, |f| f.name.clone(), merge_field),
        }),
        (TypeKind::Enum(one), TypeKind::Enum(other)) => TypeKind::Enum(Enum {
            values: merged(one.values, other.values, Clone::clone, |_, _| {}),
            integers: one.integers,
        }),
        (TypeKind::Union(one), TypeKind::Union(other)) => TypeKind::Union(Union {
            branches: merged(one.branches, other.branches, |b| b.tag.clone(), |_, _| {}),
            tag: one.tag,
        }),
        (one, _) => one,
    }
}

/// Both lists as one; what only the other has comes after what stands before it there.
fn merged<T>(
    mut one: Vec<T>,
    other: Vec<T>,
    key: impl Fn(&T) -> String,
    both: impl Fn(&mut T, T),
) -> Vec<T> {
    let mut next = 0;
    for item in other {
        let wanted = key(&item);
        match one.iter().position(|known| key(known) == wanted) {
            Some(at) => {
                both(&mut one[at], item);
                next = at + 1;
            }
            None => {
                one.insert(next, item);
                next += 1;
            }
        }
    }
    one
}

fn merge_field(known: &mut Field, other: Field) {
    known.nullable |= other.nullable;
    known.deprecated &= other.deprecated;
    known.read_only &= other.read_only;
    known.promised &= other.promised;
}

/// A field is required where every request requires it; what no request takes the API alone sets.
fn demand(record: &mut Record, requests: &[&Record], in_answers: bool) {
    if requests.is_empty() {
        return;
    }
    for field in &mut record.fields {
        let taken: Vec<&Field> = requests
            .iter()
            .filter_map(|r| r.fields.iter().find(|f| f.name == field.name))
            .collect();
        field.required = taken.len() == requests.len() && taken.iter().all(|f| f.required);
        field.read_only |= in_answers && taken.is_empty();
    }
}
