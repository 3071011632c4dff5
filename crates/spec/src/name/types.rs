//! Names of types: from components, from the objects that hold them, from the paths that answer them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::OperationName;
use super::lock::Lock;
use super::methods::{Segment, nouns, segments, trailing_parameters};
use super::words::{camel, singular, words};
use crate::api::{AnswerKind, Api, Content, Method, Operation, Ty, TypeDef, TypeId, TypeKind};

/// Names that generated code uses for something else.
const RESERVED: &[&str] = &[
    "Answered",
    "Api",
    "BTreeMap",
    "Body",
    "Box",
    "Bytes",
    "Call",
    "Client",
    "ClientBuilder",
    "Clone",
    "Content",
    "Copy",
    "DateTime",
    "Debug",
    "Default",
    "Drop",
    "Endpoint",
    "Eq",
    "Err",
    "Error",
    "Field",
    "Filter",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "Hash",
    "Input",
    "Into",
    "IntoFuture",
    "Iterator",
    "Json",
    "List",
    "Listing",
    "Map",
    "Multipart",
    "NaiveDate",
    "None",
    "Null",
    "Ok",
    "Operation",
    "Option",
    "Order",
    "Page",
    "PartialEq",
    "Request",
    "Result",
    "Secret",
    "Self",
    "Send",
    "Sent",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Value",
    "Vec",
];

/// Whether a type cannot have this name, because generated code uses it for something else.
///
/// ```
/// assert!(linode_spec::name::is_reserved("Option"));
/// ```
pub fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

/// Words that alone say nothing.
const VAGUE: &[&str] = &[
    "answer", "body", "config", "data", "entity", "info", "item", "object", "options", "result",
    "settings", "status", "type", "value",
];

/// Endings of component names that speak of the document, not of the thing.
const ENDINGS: &[&[&str]] = &[
    &["request", "body"],
    &["request"],
    &["response"],
    &["get"],
    &["post"],
];

/// Two names fell together, and nothing in the document tells them apart.
///
/// ```
/// use linode_spec::name::Collision;
/// let collision = Collision { name: "Disk".into(), first: "GET /a answer".into(), second: "GET /b answer".into() };
/// assert!(collision.to_string().contains("names.lock"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{name}` would name two types: the one at {first} and the one at {second}; give one of them another name in names.lock"
)]
pub struct Collision {
    /// The name.
    pub name: String,
    /// A position of the type that has it.
    pub first: String,
    /// A position of the type that wants it.
    pub second: String,
}

/// Who holds a type.
#[derive(Clone)]
struct Holder {
    parent: TypeId,
    words: Vec<String>,
    many: bool,
}

/// Where an operation meets a type directly: in its answer, its body, or a parameter.
#[derive(Clone, Copy)]
struct Root<'a> {
    operation: usize,
    many: bool,
    parameter: Option<&'a str>,
}

/// Names types in the order: locked, components, answers, what they hold.
pub struct TypeNamer<'a> {
    api: &'a Api,
    names: Vec<Option<String>>,
    operations: &'a [OperationName],
    /// Names of operations: no type shares one.
    operation_names: BTreeSet<&'a str>,
    taken: BTreeMap<String, TypeId>,
    holders: BTreeMap<TypeId, Vec<Holder>>,
    roots: BTreeMap<TypeId, Vec<Root<'a>>>,
}

impl<'a> TypeNamer<'a> {
    pub fn new(
        api: &'a Api,
        body_names: &BTreeMap<TypeId, String>,
        operations: &'a [OperationName],
    ) -> Self {
        let mut namer = Self {
            api,
            names: vec![None; api.types.len()],
            operations,
            operation_names: operations.iter().map(|o| o.ty.as_str()).collect(),
            taken: BTreeMap::new(),
            holders: BTreeMap::new(),
            roots: BTreeMap::new(),
        };
        // A body is named by its operation, in a module of its own.
        for (id, name) in body_names {
            namer.names[id.0] = Some(name.clone());
        }
        namer.find_roots();
        namer.find_holders();
        namer
    }

    fn find_roots(&mut self) {
        for (i, operation) in self.api.operations.iter().enumerate() {
            let (ty, many) = match &operation.answer.kind {
                AnswerKind::Value(ty) => (Some(ty), matches!(ty, Ty::List(_))),
                AnswerKind::Page(list) => (Some(&list.item), true),
                _ => (None, false),
            };
            let body = match operation.body.as_ref().map(|b| &b.content) {
                Some(Content::Json(ty)) => Some(ty),
                _ => None,
            };
            for ty in ty.into_iter().chain(body).filter_map(Ty::named) {
                self.roots.entry(ty).or_default().push(Root {
                    operation: i,
                    many,
                    parameter: None,
                });
            }
            for parameter in &operation.parameters {
                if let Some(id) = parameter.ty.named() {
                    self.roots.entry(id).or_default().push(Root {
                        operation: i,
                        many: true,
                        parameter: Some(&parameter.name),
                    });
                }
            }
        }
    }

    fn find_holders(&mut self) {
        for (i, def) in self.used() {
            let parent = TypeId(i);
            let held: Vec<(&Ty, Vec<String>)> = match &def.kind {
                TypeKind::Record(record) => record
                    .fields
                    .iter()
                    .map(|f| (&f.ty, words(&f.name)))
                    .collect(),
                TypeKind::Union(union) => union
                    .branches
                    .iter()
                    .map(|b| (&b.ty, words(&b.label)))
                    .collect(),
                TypeKind::Enum(_) => Vec::new(),
            };
            for (ty, words) in held {
                let Some(id) = ty.named() else { continue };
                let many = matches!(ty, Ty::List(_) | Ty::Map(_));
                self.holders.entry(id).or_default().push(Holder {
                    parent,
                    words,
                    many,
                });
            }
        }
    }

    fn used(&self) -> impl Iterator<Item = (usize, &'a TypeDef)> + use<'a> {
        self.api
            .types
            .iter()
            .enumerate()
            .filter(|(_, def)| !def.positions.is_empty())
    }

    /// All names; empty for types that nothing uses.
    pub fn names(mut self, lock: &Lock) -> Result<Vec<String>, Collision> {
        self.take_locked(lock);
        self.take_components();
        self.take_roots();
        self.take_held()?;
        Ok(self
            .names
            .into_iter()
            .map(Option::unwrap_or_default)
            .collect())
    }

    /// A locked name goes to the type with most of its positions.
    fn take_locked(&mut self, lock: &Lock) {
        let owner = lock.owners();
        let mut claims: Vec<(usize, &str, usize)> = Vec::new();
        for (i, def) in self.used().filter(|(_, def)| def.body_of.is_none()) {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for name in def.positions.iter().filter_map(|p| owner.of(p)) {
                *counts.entry(name).or_default() += 1;
            }
            claims.extend(counts.into_iter().map(|(name, count)| (count, name, i)));
        }
        claims.sort_by_key(|(count, name, i)| (std::cmp::Reverse(*count), *name, *i));
        for (_, name, i) in claims {
            if self.names[i].is_none() && !self.taken.contains_key(name) {
                self.take(i, name.to_owned());
            }
        }
    }

    fn take(&mut self, i: usize, name: String) {
        self.taken.insert(name.clone(), TypeId(i));
        self.names[i] = Some(name);
    }

    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains_key(name) && !self.operation_names.contains(name) && !is_reserved(name)
    }

    fn take_first_free(&mut self, i: usize, candidates: impl IntoIterator<Item = String>) -> bool {
        let free = candidates.into_iter().find(|name| self.is_free(name));
        free.map(|name| self.take(i, name)).is_some()
    }

    /// Components name their types: what answers hold first, then what only requests hold.
    fn take_components(&mut self) {
        let mut order: Vec<usize> = self
            .used()
            .filter(|(i, def)| self.names[*i].is_none() && !def.components.is_empty())
            .map(|(i, _)| i)
            .collect();
        order.sort_by_key(|&i| !self.api.types[i].in_answers);
        for i in order {
            let def = &self.api.types[i];
            let input = !def.in_answers;
            let candidates: Vec<String> = def
                .components
                .iter()
                .flat_map(|component| component_candidates(component, input))
                .collect();
            self.take_first_free(i, candidates);
        }
    }

    /// What an operation answers is named by its path.
    fn take_roots(&mut self) {
        for (id, uses) in std::mem::take(&mut self.roots) {
            if self.names[id.0].is_some() {
                continue;
            }
            let (api, operations) = (self.api, self.operations);
            let all: Vec<Vec<Vec<String>>> = uses
                .iter()
                .map(|root| {
                    root_candidates(
                        root,
                        &api.operations[root.operation],
                        &operations[root.operation].ty,
                    )
                })
                .collect();
            let candidates = shared_candidates(api.get(id), &all)
                .into_iter()
                .chain(all.into_iter().flatten());
            self.take_first_free(id.0, candidates.map(|words| camel(&words)));
        }
    }

    /// What a type holds is named by it, once it has a name itself.
    fn take_held(&mut self) -> Result<(), Collision> {
        let mut waiting: VecDeque<usize> = self
            .used()
            .map(|(i, _)| i)
            .filter(|&i| self.names[i].is_none())
            .collect();
        let mut stuck = 0;
        while let Some(i) = waiting.pop_front() {
            let holders = self.holders.get(&TypeId(i)).cloned().unwrap_or_default();
            let ready = holders.iter().all(|h| self.names[h.parent.0].is_some());
            // A ring of types that hold one another gets its names from what is known.
            if !ready && stuck <= waiting.len() {
                waiting.push_back(i);
                stuck += 1;
                continue;
            }
            stuck = 0;
            let candidates = self.held_candidates(i, &holders);
            if !self.take_first_free(i, candidates.iter().cloned()) {
                return Err(self.collision(i, candidates.into_iter().next().unwrap_or_default()));
            }
        }
        Ok(())
    }

    fn held_candidates(&self, i: usize, holders: &[Holder]) -> Vec<String> {
        let mut by_holder: Vec<Vec<String>> = Vec::new();
        // Answers know a thing by its name; requests by what is done with it.
        let answering = holders
            .iter()
            .any(|h| self.api.types[h.parent.0].in_answers);
        for holder in holders
            .iter()
            .filter(|h| !answering || self.api.types[h.parent.0].in_answers)
        {
            let Some(parent) = &self.names[holder.parent.0] else {
                continue;
            };
            let own = if holder.many {
                singular(&holder.words)
            } else {
                holder.words.clone()
            };
            let name = joined(&words(parent), &own);
            if !by_holder.contains(&name) {
                by_holder.push(name);
            }
        }
        by_holder.sort_by_key(Vec::len);
        let mut candidates = Vec::new();
        candidates.extend(common(&by_holder).filter(|name| says_enough(name, &self.api.types[i])));
        let ending = if self.api.types[i].in_answers {
            "value"
        } else {
            "input"
        };
        let longer = by_holder
            .iter()
            .map(|name| [name.as_slice(), &[ending.to_owned()]].concat())
            .collect::<Vec<_>>();
        candidates.extend(by_holder);
        candidates.extend(longer);
        let positions = self.api.types[i].positions.iter().take(1);
        candidates.extend(positions.map(|position| words(position)));
        candidates.iter().map(|words| camel(words)).collect()
    }

    fn collision(&self, i: usize, name: String) -> Collision {
        let place = |id: usize| {
            self.api.types[id]
                .positions
                .iter()
                .next()
                .cloned()
                .unwrap_or_default()
        };
        let first = self
            .taken
            .get(&name)
            .map(|id| place(id.0))
            .unwrap_or_default();
        Collision {
            name,
            first,
            second: place(i),
        }
    }
}

/// `GrantsResponse` is `Grants`, or what it says in full; the side of requests is an `Input` beside its answer.
fn component_candidates(component: &str, input: bool) -> Vec<String> {
    let full = words(component);
    let ending = ENDINGS.iter().find(|ending| {
        full.len() > ending.len()
            && full.ends_with(&ending.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())
    });
    let bare = ending.map_or_else(
        || full.clone(),
        |ending| full[..full.len() - ending.len()].to_vec(),
    );
    let with = |words: &[String], more: &str| [words, &[more.to_owned()]].concat();
    let mut candidates = vec![bare.clone()];
    if input {
        candidates.push(with(&bare, "input"));
    }
    candidates.push(full.clone());
    candidates.push(with(&full, "object"));
    candidates.iter().map(|words| camel(words)).collect()
}

/// Names for what an operation meets: a parameter's type is called after the path and the parameter.
fn root_candidates(root: &Root<'_>, operation: &Operation, name: &str) -> Vec<Vec<String>> {
    let candidates = path_candidates(operation, name, root.many);
    match root.parameter.map(words) {
        Some(parameter) => candidates
            .iter()
            .map(|candidate| joined(candidate, &parameter))
            .collect(),
        None => candidates,
    }
}

/// Names for what a path answers, from the last nouns to every word of it.
fn path_candidates(operation: &Operation, name: &str, many: bool) -> Vec<Vec<String>> {
    let segments = segments(&operation.path);
    let statics: Vec<usize> = segments
        .iter()
        .enumerate()
        .filter(|(_, s)| matches!(s, Segment::Static(..)))
        .map(|(i, _)| i)
        .collect();
    let ends_in_parameter = matches!(segments.last(), Some(Segment::Parameter(_)));
    let one = many || ends_in_parameter || operation.method == Method::Post;
    let mut candidates = Vec::new();
    for depth in 2..=statics.len().max(2) {
        let from = statics
            .len()
            .checked_sub(depth)
            .and_then(|at| statics.get(at))
            .copied()
            .unwrap_or(0);
        let mut name = nouns_of_all(&segments[from..]);
        if one {
            name = singular(&name);
        }
        candidates.push(name);
    }
    if let Some(id) = &operation.id {
        let noun: Vec<String> = words(id).into_iter().skip(1).collect();
        candidates.push(if many { singular(&noun) } else { noun });
    }
    // One thing below another is named by what picks it: the transfer of a month is not the transfer.
    let picks = segments.len() - statics.last().map_or(0, |at| at + 1);
    if picks > 1 && !many {
        candidates.insert(
            1,
            [candidates[0].clone(), trailing_parameters(&segments)].concat(),
        );
    }
    candidates.push([words(name), vec!["answer".to_owned()]].concat());
    candidates.retain(|words| !words.is_empty());
    candidates
}

/// Names for what several paths answer alike: what their own names share, else the one field that it has.
fn shared_candidates(def: &TypeDef, all: &[Vec<Vec<String>>]) -> Vec<Vec<String>> {
    let mut firsts: Vec<Vec<String>> = all
        .iter()
        .filter_map(|names| names.first().cloned())
        .collect();
    firsts.sort();
    firsts.dedup();
    let mut candidates: Vec<Vec<String>> = common(&firsts)
        .filter(|name| says_enough(name, def))
        .collect();
    if let (TypeKind::Record(record), true) = (&def.kind, firsts.len() > 1)
        && let [only] = record.fields.as_slice()
    {
        candidates.push(words(&only.name));
    }
    candidates
}

/// The nouns of a path with its group's.
fn nouns_of_all(segments: &[Segment]) -> Vec<String> {
    let first = match segments {
        [Segment::Static(words, _), Segment::Static(..), ..] => words.clone(),
        _ => Vec::new(),
    };
    let mut all = singular(&first);
    all.extend(nouns(segments, false));
    all
}

/// The parent's words and the field's; where one ends as the other begins, once.
fn joined(parent: &[String], own: &[String]) -> Vec<String> {
    if parent.ends_with(own) {
        return [parent, &["value".to_owned()]].concat();
    }
    let overlap = (1..own.len())
        .rev()
        .find(|&n| parent.ends_with(&own[..n]))
        .unwrap_or(0);
    [parent, &own[overlap..]].concat()
}

/// What all names begin and end with.
fn common(names: &[Vec<String>]) -> impl Iterator<Item = Vec<String>> + use<> {
    let shared = names
        .split_first()
        .filter(|(_, rest)| !rest.is_empty())
        .map(|(first, rest)| {
            let shortest = names.iter().map(Vec::len).min().unwrap_or(0);
            let prefix = (0..shortest)
                .take_while(|&i| rest.iter().all(|n| n[i] == first[i]))
                .count();
            let suffix = (0..shortest - prefix)
                .take_while(|&i| {
                    rest.iter()
                        .all(|n| n[n.len() - 1 - i] == first[first.len() - 1 - i])
                })
                .count();
            [&first[..prefix], &first[first.len() - suffix..]].concat()
        });
    shared.filter(|words| !words.is_empty()).into_iter()
}

/// Whether a name made of what others share still says what it names.
fn says_enough(words: &[String], def: &TypeDef) -> bool {
    match words {
        [word] => matches!(def.kind, TypeKind::Record(_)) && !VAGUE.contains(&word.as_str()),
        _ => true,
    }
}

/// The names of types as a lock keeps them.
pub fn locked_types(api: &Api, names: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let named = api
        .types
        .iter()
        .zip(names)
        .filter(|(def, name)| def.body_of.is_none() && !name.is_empty());
    named
        .map(|(def, name)| (name.clone(), def.positions.clone()))
        .collect()
}
