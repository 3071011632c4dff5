//! What recorded answers show that the document does otherwise, proposed as corrections for a person to accept.
//!
//! A rule of the reader may take such an answer all the same; a correction is right where the type that users see should be another one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Corrections;
use super::evidence::{UnreadableSample, answers, same_tag};
use super::expression::spell;
use super::kinds::{Envelope, MoreValues, NewField, Nullable, OneOrMany, OtherEnvelope, OtherType};
use crate::api::{AnswerKind, Api, Record, Tag, Ty, TypeId, TypeKind, Union};
use crate::name::Names;

/// What proposals say until a person says why.
const REASON: &str = "recorded answers; say why it is so";

/// What was seen at one field: which kinds of values, in how many objects.
#[derive(Clone, Debug, Default)]
struct Seen {
    kinds: BTreeMap<Kind, u64>,
    seen_in: BTreeSet<String>,
}

/// A kind of value, as far as types tell kinds apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    Text,
    List,
    Object,
}

/// What recorded answers show beside what the document says.
///
/// ```
/// use linode_spec::{api::Api, correct::Deviations, name::Names};
///
/// let mut deviations = Deviations::default();
/// deviations.read_samples(&Api::default(), "").unwrap();
/// assert!(deviations.propose(&Api::default(), &Names::default(), 1).entries().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Deviations {
    /// Known fields.
    fields: BTreeMap<(TypeId, usize), Seen>,
    /// Fields that the document lacks.
    lacking: BTreeMap<(TypeId, String), Seen>,
    /// The items of lists that the document lacks.
    lacking_items: BTreeMap<(TypeId, String), Seen>,
    /// Values that enums lack.
    values: BTreeMap<TypeId, BTreeMap<String, Seen>>,
    /// Whole answers: by operation, what they were.
    answers: BTreeMap<usize, Seen>,
}

impl Deviations {
    /// Reads recorded answers: one JSON object a line with `path`, `response_body` and perhaps `method` and `status`.
    ///
    /// # Errors
    ///
    /// [`UnreadableSample`] for a line that is no such object.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::Deviations};
    /// assert!(Deviations::default().read_samples(&Api::default(), "[]").is_err());
    /// ```
    pub fn read_samples(&mut self, api: &Api, text: &str) -> Result<(), UnreadableSample> {
        for answer in answers(api, text) {
            let (operation, body) = answer?;
            let Some(index) = api
                .operations
                .iter()
                .position(|known| std::ptr::eq(known, operation))
            else {
                continue;
            };
            let mut walk = Walk {
                deviations: self,
                api,
                key: operation.key(),
            };
            match &operation.answer.kind {
                AnswerKind::Value(ty) => {
                    walk.whole(index, &body);
                    walk.value(ty, &body, None);
                }
                AnswerKind::Page(list) => {
                    walk.whole(index, &body);
                    walk.value(
                        &Ty::List(Box::new(list.item.clone())),
                        body.get("data").unwrap_or(&body),
                        None,
                    );
                }
                AnswerKind::Nothing | AnswerKind::Bytes => {}
            }
        }
        Ok(())
    }

    /// The corrections that would make the document say what was seen at least so often. What was seen in one form and in another is left to the reader.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::{Corrections, Deviations}, name::Names};
    /// let proposed = Deviations::default().propose(&Api::default(), &Names::default(), 1);
    /// assert_eq!(proposed, Corrections::default());
    /// ```
    pub fn propose(&self, api: &Api, names: &Names, least: u64) -> Corrections {
        let mut proposed = Corrections::default();
        for ((id, at), seen) in self.fields.iter().filter(|(_, seen)| seen.total() >= least) {
            if let TypeKind::Record(record) = &api.get(*id).kind {
                propose_field(&mut proposed, names, *id, &record.fields[*at], api, seen);
            }
        }
        for ((id, field), seen) in self
            .lacking
            .iter()
            .filter(|(_, seen)| seen.total() >= least)
        {
            let items = self.lacking_items.get(&(*id, field.clone()));
            proposed.fields.push(NewField {
                type_name: names.of(*id).to_owned(),
                field: field.clone(),
                is: spell(&guessed(seen, items), names),
                seen: seen.total(),
                seen_in: seen.operations(),
                reason: REASON.to_owned(),
            });
        }
        for (id, values) in &self.values {
            let (mut seen_in, mut seen) = (BTreeSet::new(), 0);
            for value in values.values() {
                seen_in.extend(value.seen_in.iter().cloned());
                seen += value.total();
            }
            if seen < least {
                continue;
            }
            proposed.values.push(MoreValues {
                type_name: names.of(*id).to_owned(),
                values: values.keys().cloned().collect(),
                seen,
                seen_in: seen_in.into_iter().collect(),
                reason: REASON.to_owned(),
            });
        }
        for (at, seen) in self
            .answers
            .iter()
            .filter(|(_, seen)| seen.total() >= least)
        {
            propose_envelope(&mut proposed, api, names, *at, seen);
        }
        proposed
    }
}

fn propose_field(
    proposed: &mut Corrections,
    names: &Names,
    id: TypeId,
    field: &crate::api::Field,
    api: &Api,
    seen: &Seen,
) {
    let (type_name, name) = (names.of(id).to_owned(), field.name.clone());
    let grounds = (seen.total(), seen.operations(), REASON.to_owned());
    if field.always && seen.kinds.contains_key(&Kind::Null) {
        let (seen, seen_in, reason) = grounds.clone();
        proposed.nullable.push(Nullable {
            type_name: type_name.clone(),
            field: name.clone(),
            seen,
            seen_in,
            reason,
        });
    }
    let Some(only) = seen.only() else { return };
    let described = described(api, &field.ty);
    let (seen, seen_in, reason) = grounds;
    match (&field.ty, only) {
        (Ty::List(_), kind) if kind != Kind::List => {
            proposed.many.push(OneOrMany {
                type_name,
                field: name,
                many: false,
                seen,
                seen_in,
                reason,
            });
        }
        (Ty::List(_), _) => {}
        (_, Kind::List) if described.is_some() => {
            proposed.many.push(OneOrMany {
                type_name,
                field: name,
                many: true,
                seen,
                seen_in,
                reason,
            });
        }
        _ if described
            .is_none_or(|kind| kind == only || kind == Kind::Number && only == Kind::Integer) => {}
        _ => proposed.types.push(OtherType {
            type_name,
            field: name,
            is: spell(&plain(only), names),
            seen,
            seen_in,
            reason,
        }),
    }
}

fn propose_envelope(proposed: &mut Corrections, api: &Api, names: &Names, at: usize, seen: &Seen) {
    let was = match &api.operations[at].answer.kind {
        AnswerKind::Page(_) => Kind::Null,
        AnswerKind::Value(Ty::List(_)) => Kind::List,
        AnswerKind::Value(Ty::Named(_)) => Kind::Object,
        _ => return,
    };
    let is = match seen.kinds.keys().collect::<Vec<_>>().as_slice() {
        [kind] if **kind != was => **kind,
        _ => return,
    };
    let name = &names.operations[at];
    proposed.envelopes.push(OtherEnvelope {
        operation: format!("{}.{}", name.group, name.method.trim_start_matches("r#")),
        is: match is {
            Kind::Null => Envelope::Page,
            Kind::List => Envelope::List,
            _ => Envelope::Item,
        },
        seen: seen.total(),
        seen_in: seen.operations(),
        reason: REASON.to_owned(),
    });
}

impl Seen {
    fn note(&mut self, kind: Kind, key: &str) {
        *self.kinds.entry(kind).or_default() += 1;
        self.seen_in.insert(key.to_owned());
    }

    /// The one kind that was seen beside null.
    fn only(&self) -> Option<Kind> {
        let mut kinds = self.kinds.keys().filter(|kind| **kind != Kind::Null);
        match (kinds.next(), kinds.next()) {
            (Some(kind), None) => Some(*kind),
            _ => None,
        }
    }

    fn total(&self) -> u64 {
        self.kinds.values().sum()
    }

    fn operations(&self) -> Vec<String> {
        self.seen_in.iter().cloned().collect()
    }
}

/// The kind of value that a type describes, if it is one.
fn described(api: &Api, ty: &Ty) -> Option<Kind> {
    Some(match ty {
        Ty::String | Ty::Secret | Ty::DateTime | Ty::Date => Kind::Text,
        Ty::Integer => Kind::Integer,
        Ty::Number => Kind::Number,
        Ty::Boolean => Kind::Boolean,
        Ty::Map(_) => Kind::Object,
        Ty::Named(id) => match &api.get(*id).kind {
            TypeKind::Record(_) => Kind::Object,
            TypeKind::Enum(of) if of.integers => Kind::Integer,
            TypeKind::Enum(_) => Kind::Text,
            TypeKind::Union(_) => return None,
        },
        Ty::List(_) | Ty::Json | Ty::File => return None,
    })
}

fn plain(kind: Kind) -> Ty {
    match kind {
        Kind::Boolean => Ty::Boolean,
        Kind::Integer => Ty::Integer,
        Kind::Number => Ty::Number,
        Kind::Text => Ty::String,
        Kind::Null | Kind::List | Kind::Object => Ty::Json,
    }
}

/// The type that values of a field seem to be of.
fn guessed(seen: &Seen, items: Option<&Seen>) -> Ty {
    match seen.only() {
        Some(Kind::List) => Ty::List(Box::new(items.and_then(Seen::only).map_or(Ty::Json, plain))),
        Some(kind) => plain(kind),
        None => Ty::Json,
    }
}

fn kind(value: &Json) -> Kind {
    match value {
        Json::Null => Kind::Null,
        Json::Bool(_) => Kind::Boolean,
        Json::Number(number) if number.is_f64() => Kind::Number,
        Json::Number(_) => Kind::Integer,
        Json::String(_) => Kind::Text,
        Json::Array(_) => Kind::List,
        Json::Object(_) => Kind::Object,
    }
}

/// A way through an answer beside its types.
struct Walk<'a> {
    deviations: &'a mut Deviations,
    api: &'a Api,
    key: String,
}

impl Walk<'_> {
    /// What a whole answer is; a page stands for null, which no answer is.
    fn whole(&mut self, index: usize, body: &Json) {
        let page = body.get("data").is_some_and(Json::is_array) && body.get("page").is_some();
        let kind = if page { Kind::Null } else { kind(body) };
        self.deviations
            .answers
            .entry(index)
            .or_default()
            .note(kind, &self.key);
    }

    fn value(&mut self, ty: &Ty, json: &Json, holder: Option<&Json>) {
        match (ty, json) {
            (Ty::List(inner), Json::Array(items)) => {
                items.iter().for_each(|item| self.value(inner, item, None))
            }
            (Ty::Map(inner), Json::Object(map)) => map
                .values()
                .for_each(|value| self.value(inner, value, None)),
            (Ty::List(inner), _) => self.value(inner, json, holder),
            (Ty::Named(id), _) => match &self.api.get(*id).kind {
                TypeKind::Record(record) => self.record(*id, record, json),
                TypeKind::Union(union) => self.union(union, json, holder),
                TypeKind::Enum(of) => {
                    if let Some(text) = json.as_str().filter(|_| !of.integers)
                        && !of
                            .values
                            .iter()
                            .any(|value| value.eq_ignore_ascii_case(text))
                    {
                        let values = self.deviations.values.entry(*id).or_default();
                        values
                            .entry(text.to_owned())
                            .or_default()
                            .note(Kind::Text, &self.key);
                    }
                }
            },
            _ => {}
        }
    }

    fn record(&mut self, id: TypeId, record: &Record, json: &Json) {
        let Json::Object(object) = json else { return };
        for (name, value) in object {
            let Some(at) = record.fields.iter().position(|field| field.name == *name) else {
                let place = (id, name.clone());
                for item in value.as_array().into_iter().flatten() {
                    self.deviations
                        .lacking_items
                        .entry(place.clone())
                        .or_default()
                        .note(kind(item), &self.key);
                }
                self.deviations
                    .lacking
                    .entry(place)
                    .or_default()
                    .note(kind(value), &self.key);
                continue;
            };
            self.deviations
                .fields
                .entry((id, at))
                .or_default()
                .note(kind(value), &self.key);
            self.value(&record.fields[at].ty, value, Some(json));
        }
    }

    fn union(&mut self, union: &Union, json: &Json, holder: Option<&Json>) {
        let tag = match &union.tag {
            Tag::Beside(name) => holder.and_then(|holder| holder[name].as_str()),
            Tag::Inside(name) => json[name].as_str(),
            Tag::Kind => return,
        };
        let branch = tag.and_then(|tag| {
            union
                .branches
                .iter()
                .find(|branch| same_tag(&branch.tag, tag))
        });
        if let Some(branch) = branch {
            self.value(&branch.ty, json, None);
        }
    }
}
