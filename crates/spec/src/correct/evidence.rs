//! What recorded answers show about presence.
//!
//! The rule: a field is always there if, over all objects of its type that were seen, wherever in any answer, it was present in each and
//! null in none, and at least [`ENOUGH`] objects were seen; one is enough for the field that identifies a resource. Where the document leaves
//! the field out, an answer of that operation has to be among them.
//! Objects without any field leave no row in a table of counts; they are read from the recorded answers and count against every field.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::{Corrections, Presence, unseen};
use crate::api::{AnswerKind, Api, Method, Operation, Record, Tag, Ty, TypeId, TypeKind, Union};
use crate::name::Names;
use crate::route::route;

/// As many objects must have been seen before their fields count as always there.
const ENOUGH: u64 = 3;
/// The field that identifies a resource.
const IDENTIFIER: &str = "id";
/// The reason that the derived entries carry.
const REASON: &str = "present and not null in every object of this type that was seen";

/// A line of a sample file that cannot be read.
///
/// ```
/// use linode_spec::correct::UnreadableSample;
/// assert_eq!(UnreadableSample { line: 3, what: "no `path`".into() }.to_string(), "line 3: no `path`");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct UnreadableSample {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

#[derive(Clone, Debug, Default)]
struct Count {
    objects: u64,
    present: u64,
    null: u64,
}

/// Counts per type and field.
///
/// ```
/// use linode_spec::{api::Api, correct::Evidence};
/// let mut evidence = Evidence::default();
/// assert!(evidence.read_samples(&Api::default(), "").is_ok());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    counts: BTreeMap<(TypeId, String), Count>,
    seen_in: BTreeMap<TypeId, BTreeSet<String>>,
    /// Whether objects with fields are passed over.
    only_empty: bool,
}

impl Evidence {
    /// Reads a table of counts: tab-separated `operation`, `object`, `field`, `objects`, `present`, `null`, one header line.
    ///
    /// # Errors
    ///
    /// [`UnreadableSample`] for a line with too few columns or a count that is no number.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::Evidence};
    /// let mut evidence = Evidence::default();
    /// assert!(evidence.read_table(&Api::default(), "operation\tobject\nGET /a\t/").is_err());
    /// ```
    pub fn read_table(&mut self, api: &Api, text: &str) -> Result<(), UnreadableSample> {
        let mut places: BTreeMap<(&str, &str), BTreeMap<&str, Count>> = BTreeMap::new();
        for (i, line) in text.lines().enumerate().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let [key, object, field, objects, present, null, ..] = columns.as_slice() else {
                return Err(UnreadableSample {
                    line: i + 1,
                    what: format!("{} columns where at least 6 were expected", columns.len()),
                });
            };
            let number = |text: &str| {
                text.parse::<u64>().map_err(|e| UnreadableSample {
                    line: i + 1,
                    what: format!("`{text}`: {e}"),
                })
            };
            let count = Count {
                objects: number(objects)?,
                present: number(present)?,
                null: number(null)?,
            };
            places
                .entry((key, object))
                .or_default()
                .insert(field, count);
        }
        let operations: BTreeMap<String, &Operation> =
            api.operations.iter().map(|o| (o.key(), o)).collect();
        for ((key, object), fields) in places {
            if let Some(id) = operations
                .get(key)
                .and_then(|operation| record_at(api, operation, object))
            {
                self.add_place(api, id, &fields, key);
            }
        }
        Ok(())
    }

    /// Counts of one place; a field without a row was in none of its objects.
    fn add_place(&mut self, api: &Api, id: TypeId, fields: &BTreeMap<&str, Count>, key: &str) {
        let TypeKind::Record(record) = &api.get(id).kind else {
            return;
        };
        let objects = fields.values().map(|c| c.objects).max().unwrap_or(0);
        for field in &record.fields {
            let never = Count {
                objects,
                ..Count::default()
            };
            self.add(
                id,
                &field.name,
                fields.get(field.name.as_str()).unwrap_or(&never),
                key,
            );
        }
    }

    /// Reads sample answers: one JSON object a line with `path`, `response_body` and perhaps `method` and `status`.
    ///
    /// # Errors
    ///
    /// [`UnreadableSample`] for a line that is no such object.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::Evidence};
    /// assert!(Evidence::default().read_samples(&Api::default(), "[]").is_err());
    /// ```
    pub fn read_samples(&mut self, api: &Api, text: &str) -> Result<(), UnreadableSample> {
        for answer in answers(api, text) {
            let (operation, body) = answer?;
            let body = &body;
            let mut walk = Walk {
                evidence: self,
                api,
                key: operation.key(),
            };
            match &operation.answer.kind {
                AnswerKind::Value(ty) => walk.value(ty, body, None),
                AnswerKind::Page(list) => walk.list(&list.item, &body["data"]),
                AnswerKind::Nothing | AnswerKind::Bytes => {}
            }
        }
        Ok(())
    }

    /// Reads recorded answers for their empty objects alone: a table of counts has no row for an object without fields.
    ///
    /// # Errors
    ///
    /// [`UnreadableSample`] for a line that is no recorded answer.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::Evidence};
    /// assert!(Evidence::default().read_empty_objects(&Api::default(), "{}").is_err());
    /// ```
    pub fn read_empty_objects(&mut self, api: &Api, text: &str) -> Result<(), UnreadableSample> {
        let mut all = Evidence {
            only_empty: true,
            ..Evidence::default()
        };
        all.read_samples(api, text)?;
        for ((id, field), count) in all.counts {
            self.counts.entry((id, field)).or_default().objects += count.objects;
        }
        Ok(())
    }

    fn add(&mut self, id: TypeId, field: &str, count: &Count, key: &str) {
        let sum = self.counts.entry((id, field.to_owned())).or_default();
        sum.objects += count.objects;
        sum.present += count.present;
        sum.null += count.null;
        self.seen_in.entry(id).or_default().insert(key.to_owned());
    }

    /// The corrections that the rule derives from what was read.
    ///
    /// ```
    /// use linode_spec::{api::Api, correct::Evidence, name::Names};
    /// assert!(Evidence::default().propose(&Api::default(), &Names::default()).presence.is_empty());
    /// ```
    pub fn propose(&self, api: &Api, names: &Names) -> Corrections {
        let mut by_type: BTreeMap<TypeId, BTreeMap<String, u64>> = BTreeMap::new();
        for ((id, field), count) in &self.counts {
            let enough = if field == IDENTIFIER { 1 } else { ENOUGH };
            let def = api.get(*id);
            let known = matches!(&def.kind, TypeKind::Record(record) if record.fields.iter().any(|f| f.name == *field));
            let seen = |key: &str| self.seen_in.get(id).is_some_and(|all| all.contains(key));
            let known = known && unseen(def, field, seen).is_none();
            if known && count.objects >= enough && count.present == count.objects && count.null == 0
            {
                by_type
                    .entry(*id)
                    .or_default()
                    .insert(field.clone(), count.objects);
            }
        }
        let mut presence: Vec<Presence> = by_type
            .into_iter()
            .map(|(id, fields)| Presence {
                type_name: names.of(id).to_owned(),
                fields,
                seen_in: self.seen_in[&id].iter().cloned().collect(),
                reason: REASON.to_owned(),
            })
            .collect();
        presence.sort_by(|a, b| a.type_name.cmp(&b.type_name));
        Corrections {
            presence,
            ..Corrections::default()
        }
    }
}

/// The successful answers in sample files that belong to an operation of the document.
pub(super) fn answers<'a>(
    api: &'a Api,
    text: &'a str,
) -> impl Iterator<Item = Result<(&'a Operation, Json), UnreadableSample>> + 'a {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    lines.filter_map(move |(i, line)| {
        let answer = answer(api, line).map_err(|what| UnreadableSample { line: i + 1, what });
        answer.transpose()
    })
}

/// The answer on a line, if it is one of an operation.
fn answer<'a>(api: &'a Api, line: &str) -> Result<Option<(&'a Operation, Json)>, String> {
    let mut sample: Json = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let path = sample["path"].as_str().ok_or("no `path`")?;
    let status = sample["status"].as_u64();
    if status.is_some_and(|status| !(200..300).contains(&status)) {
        return Ok(None);
    }
    let method = match sample["method"].as_str() {
        Some(name) => Some(Method::parse(name).ok_or("an unknown `method`")?),
        None => None,
    };
    let found = route(api, method, path, &sample["response_body"]);
    Ok(found.map(|operation| (operation, sample["response_body"].take())))
}

/// The record at a place in an answer: `/data/*/backups`.
fn record_at(api: &Api, operation: &Operation, object: &str) -> Option<TypeId> {
    let mut steps = object.split('/').filter(|s| !s.is_empty());
    let mut ty = match &operation.answer.kind {
        AnswerKind::Value(ty) => ty,
        AnswerKind::Page(list) => {
            (steps.next(), steps.next())
                .eq(&(Some("data"), Some("*")))
                .then_some(())?;
            &list.item
        }
        AnswerKind::Nothing | AnswerKind::Bytes => return None,
    };
    for step in steps {
        ty = match (step, ty) {
            ("*", Ty::List(inner) | Ty::Map(inner)) => inner,
            _ => {
                &api.record(ty.element())?
                    .fields
                    .iter()
                    .find(|f| f.name == step)?
                    .ty
            }
        };
    }
    let id = ty.element().named()?;
    matches!(api.get(id).kind, TypeKind::Record(_)).then_some(id)
}

/// A sample answer beside its type.
struct Walk<'a> {
    evidence: &'a mut Evidence,
    api: &'a Api,
    key: String,
}

impl Walk<'_> {
    fn value(&mut self, ty: &Ty, json: &Json, holder: Option<&Json>) {
        match (ty, json) {
            (Ty::List(inner), Json::Array(_)) => self.list(inner, json),
            // One value where a list is described says as much about its type.
            (Ty::List(inner), _) => self.value(inner, json, holder),
            (Ty::Map(inner), Json::Object(map)) => {
                map.values().for_each(|v| self.value(inner, v, None))
            }
            (Ty::Named(id), _) => match &self.api.get(*id).kind {
                TypeKind::Record(record) => self.record(*id, record, json),
                TypeKind::Union(union) => self.union(union, json, holder),
                TypeKind::Enum(_) => {}
            },
            _ => {}
        }
    }

    fn list(&mut self, item: &Ty, json: &Json) {
        for value in json.as_array().into_iter().flatten() {
            self.value(item, value, None);
        }
    }

    fn record(&mut self, id: TypeId, record: &Record, json: &Json) {
        let Json::Object(object) = json else { return };
        let key = self.key.clone();
        let counts = object.is_empty() || !self.evidence.only_empty;
        for field in &record.fields {
            let value = object.get(&field.name);
            let count = Count {
                objects: 1,
                present: u64::from(value.is_some()),
                null: u64::from(value.is_some_and(Json::is_null)),
            };
            if counts {
                self.evidence.add(id, &field.name, &count, &key);
            }
            if let Some(value) = value {
                self.value(&field.ty, value, Some(json));
            }
        }
    }

    fn union(&mut self, union: &Union, json: &Json, holder: Option<&Json>) {
        let tag = match &union.tag {
            Tag::Beside(name) => holder.and_then(|h| h[name].as_str()),
            Tag::Inside(name) => json[name].as_str(),
            Tag::Kind => Some(kind(json)),
        };
        let branch = tag.and_then(|tag| union.branches.iter().find(|b| same_tag(&b.tag, tag)));
        if let Some(branch) = branch {
            self.value(&branch.ty, json, None);
        }
    }
}

/// Whether two tags are the same, case and separators aside, as the reader of answers has it.
pub(super) fn same_tag(one: &str, other: &str) -> bool {
    let letters = |tag: &str| {
        tag.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    letters(one) == letters(other)
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
