//! Every place where a type occurs, as a tree: what operations meet, and what each type holds there.
//!
//! A place is a method, a path and a way into the body: `GET /images/{} answer/data/*/tags`. It outlives component names and operation ids.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::api::{AnswerKind, Api, Content, Operation, Ty, TypeId, TypeKind};

/// A type is looked into at so many places; of any further one only the place itself counts. The official documents stay
/// far below it, and a document made to branch without end costs no more than its size deserves.
const MOST_PLACES: usize = 1000;

/// One place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The type that is there.
    pub ty: TypeId,
    /// Where it is.
    pub position: String,
    /// Whether answers have it.
    pub answer: bool,
    /// The places in it, by the index of the field or branch that holds them.
    pub held: Vec<(usize, usize)>,
    /// The place that tells what is in this one: a type that holds itself is looked into once.
    pub as_in: Option<usize>,
}

/// What an operation meets directly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Root {
    Parameter(usize),
    Body,
    Answer,
}

/// All places of a model.
#[derive(Clone, Debug, Default)]
pub struct Places {
    pub all: Vec<Place>,
    /// By operation.
    pub roots: BTreeMap<(usize, Root), usize>,
}

impl Places {
    pub fn of(api: &Api) -> Self {
        let mut walk = Walk {
            api,
            found: Self::default(),
            open: Vec::new(),
            looked_into: vec![(0, None); api.types.len()],
        };
        for (i, operation) in api.operations.iter().enumerate() {
            walk.operation(i, operation);
        }
        walk.found
    }
}

/// A tag without its capitals and signs: documents spell `credit_card` as `Credit Card`, too.
pub fn tag_key(tag: &str) -> String {
    let letters = tag.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// What a position is found by: itself, with the tags in it however they are spelt.
pub fn position_key(position: &str) -> Cow<'_, str> {
    if !position.contains('<') {
        return Cow::Borrowed(position);
    }
    let mut key = String::with_capacity(position.len());
    let mut rest = position;
    while let Some((before, (tag, after))) = rest
        .split_once('<')
        .and_then(|(before, after)| Some((before, after.split_once('>')?)))
    {
        key.push_str(&format!("{before}<{}>", tag_key(tag)));
        rest = after;
    }
    Cow::Owned(key + rest)
}

struct Walk<'a> {
    api: &'a Api,
    found: Places,
    /// The places around this one.
    open: Vec<usize>,
    /// How often each type was looked into, and where first.
    looked_into: Vec<(usize, Option<usize>)>,
}

impl Walk<'_> {
    fn operation(&mut self, index: usize, operation: &Operation) {
        let key = operation.key();
        for (i, parameter) in operation.parameters.iter().enumerate() {
            let position = format!("{key} {}", parameter.name);
            self.root((index, Root::Parameter(i)), &parameter.ty, position, false);
        }
        if let Some(body) = &operation.body {
            let position = format!("{key} body");
            match &body.content {
                Content::Fields(id) | Content::Multipart(id) => {
                    self.root((index, Root::Body), &Ty::Named(*id), position, false);
                }
                Content::Json(ty) => self.root((index, Root::Body), ty, position, false),
                Content::Bytes => {}
            }
        }
        match &operation.answer.kind {
            AnswerKind::Value(ty) => {
                self.root((index, Root::Answer), ty, format!("{key} answer"), true);
            }
            AnswerKind::Page(list) => {
                let position = format!("{key} answer/data/*");
                self.root((index, Root::Answer), &list.item, position, true);
            }
            AnswerKind::Nothing | AnswerKind::Bytes => {}
        }
    }

    fn root(&mut self, root: (usize, Root), ty: &Ty, position: String, answer: bool) {
        if let Some(place) = self.ty(ty, position, answer) {
            self.found.roots.insert(root, place);
        }
    }

    fn ty(&mut self, ty: &Ty, position: String, answer: bool) -> Option<usize> {
        match ty {
            Ty::List(inner) | Ty::Map(inner) => self.ty(inner, position + "/*", answer),
            Ty::Named(id) => Some(self.named(*id, position, answer)),
            _ => None,
        }
    }

    fn named(&mut self, ty: TypeId, position: String, answer: bool) -> usize {
        let at = self.found.all.len();
        let around = self
            .open
            .iter()
            .rev()
            .copied()
            .find(|&i| self.found.all[i].ty == ty);
        let (times, first) = &mut self.looked_into[ty.0];
        let as_in = around.or(first.filter(|_| *times >= MOST_PLACES));
        self.found.all.push(Place {
            ty,
            position,
            answer,
            held: Vec::new(),
            as_in,
        });
        if as_in.is_none() {
            *times += 1;
            first.get_or_insert(at);
            self.open.push(at);
            self.look_into(at);
            self.open.pop();
        }
        at
    }

    fn look_into(&mut self, at: usize) {
        let Place {
            ty,
            position,
            answer,
            ..
        } = self.found.all[at].clone();
        let api = self.api;
        let parts: Vec<(&Ty, String)> = match &api.get(ty).kind {
            TypeKind::Record(record) => {
                let fields = record.fields.iter();
                fields.map(|f| (&f.ty, f.name.clone())).collect()
            }
            TypeKind::Union(union) => {
                let branches = union.branches.iter();
                branches.map(|b| (&b.ty, format!("<{}>", b.tag))).collect()
            }
            TypeKind::Enum(_) => Vec::new(),
        };
        for (slot, (ty, step)) in parts.into_iter().enumerate() {
            if ty.named().is_none() {
                continue;
            }
            if let Some(held) = self.ty(ty, format!("{position}/{step}"), answer) {
                self.found.all[at].held.push((slot, held));
            }
        }
    }
}
