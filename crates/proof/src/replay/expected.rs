//! What should come back of an answer: the part of it that the types know, in the form that they describe, and where the form has to
//! change for that. The rules are those of the reader, said once more by the model, so that each is a check of the other.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! // A field that no type knows is no loss.
//! let report = Replay::pinned()?.text("sample", r#"{"path": "/profile/apps/7", "response_body": {"id": 7, "made_up": {}}}"#)?;
//! assert_eq!(report.lossless, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::collections::BTreeSet;

use linode_core::same_tag;
use linode_spec::api::{Answer, AnswerKind, Api, Enum, Record, Tag, Ty, TypeKind, Union};
use serde_json::{Map, Value as Json, json};

/// An answer as it should come back.
pub(super) struct Expected {
    /// What the types know of it.
    pub(super) value: Json,
    /// The paths at which the form changes.
    pub(super) repaired: BTreeSet<String>,
}

/// What should come back of an answer.
pub(super) fn expected(api: &Api, kind: &Answer, answer: &Json) -> Expected {
    let mut walk = Walk {
        api,
        path: "$".to_owned(),
        repaired: BTreeSet::new(),
    };
    let value = match &kind.kind {
        AnswerKind::Nothing => Json::Null,
        AnswerKind::Bytes => answer.clone(),
        AnswerKind::Value(_) if kind.optional && answer.is_null() => Json::Null,
        AnswerKind::Value(ty) => walk.value(ty, answer),
        AnswerKind::Page(list) => walk.page(&list.item, answer),
    };
    Expected {
        value,
        repaired: walk.repaired,
    }
}

/// A way through an answer beside its types. What no rule can read is left as it is: decoding it has to fail.
struct Walk<'a> {
    api: &'a Api,
    path: String,
    repaired: BTreeSet<String>,
}

impl Walk<'_> {
    fn repaired(&mut self, value: Json) -> Json {
        self.repaired.insert(self.path.clone());
        value
    }

    /// Goes one step further for as long as something is done there.
    fn below<T>(&mut self, step: &str, work: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.path.push_str(step);
        let done = work(self);
        self.path.truncate(length);
        done
    }

    fn page(&mut self, item: &Ty, answer: &Json) -> Json {
        match answer {
            Json::Array(_) => {
                let data = self.value(&Ty::List(Box::new(item.clone())), answer);
                let results = data.as_array().map_or(0, Vec::len);
                self.repaired(json!({"data": data, "page": 1, "pages": 1, "results": results}))
            }
            Json::Object(envelope) => {
                let data = envelope.get("data").unwrap_or(&Json::Null);
                let list = Ty::List(Box::new(item.clone()));
                let data = self.below(".data", |walk| walk.value(&list, data));
                let mut page = json!({"page": 1, "pages": 1, "results": data.as_array().map_or(0, Vec::len), "data": data});
                for name in ["page", "pages", "results"] {
                    if let Some(value) = envelope.get(name).filter(|value| !value.is_null()) {
                        page[name] =
                            self.below(&step(name), |walk| walk.value(&Ty::Integer, value));
                    }
                }
                page
            }
            _ => answer.clone(),
        }
    }

    fn value(&mut self, ty: &Ty, value: &Json) -> Json {
        match ty {
            Ty::List(item) => self.list(item, value),
            Ty::Map(item) => self.map(item, value),
            Ty::Named(id) => match &self.api.get(*id).kind {
                TypeKind::Record(of) => self.record(of, value),
                TypeKind::Union(of) => self.union(of, None, value),
                TypeKind::Enum(of) => self.single(value, |walk, value| walk.choice(of, value)),
            },
            Ty::Json | Ty::File => value.clone(),
            _ => self.single(value, |walk, value| walk.scalar(ty, value)),
        }
    }

    /// A single value; the only one of a list is one, however deep.
    fn single(&mut self, value: &Json, read: impl FnOnce(&mut Self, &Json) -> Json) -> Json {
        let (length, mut value) = (self.path.len(), value);
        while let Json::Array(items) = value
            && let [only] = items.as_slice()
        {
            self.repaired(Json::Null);
            self.path.push_str("[0]");
            value = only;
        }
        let back = read(self, value);
        self.path.truncate(length);
        back
    }

    fn list(&mut self, item: &Ty, value: &Json) -> Json {
        match value {
            Json::Array(items) => self.items(item, items),
            Json::Null => self.repaired(json!([])),
            Json::Object(envelope) => match envelope.get("data") {
                Some(Json::Array(items))
                    if ["page", "pages", "results"]
                        .iter()
                        .any(|name| envelope.contains_key(*name)) =>
                {
                    self.repaired(Json::Null);
                    self.below(".data", |walk| walk.items(item, items))
                }
                _ => self.list_of_one(item, value),
            },
            _ => self.list_of_one(item, value),
        }
    }

    fn list_of_one(&mut self, item: &Ty, value: &Json) -> Json {
        self.repaired(Json::Null);
        json!([self.value(item, value)])
    }

    /// A null among items is dropped, unless anything may stand there.
    fn items(&mut self, item: &Ty, items: &[Json]) -> Json {
        let mut kept = Vec::new();
        for (index, value) in items.iter().enumerate() {
            self.below(&format!("[{index}]"), |walk| match value {
                Json::Null if *item != Ty::Json => {
                    walk.repaired(Json::Null);
                }
                _ => kept.push(walk.value(item, value)),
            });
        }
        kept.into()
    }

    fn map(&mut self, item: &Ty, value: &Json) -> Json {
        match value {
            Json::Null => self.repaired(json!({})),
            Json::Array(items) if items.is_empty() => self.repaired(json!({})),
            Json::Object(entries) => {
                let read = entries.iter().map(|(key, value)| {
                    (
                        key.clone(),
                        self.below(&step(key), |walk| walk.value(item, value)),
                    )
                });
                read.collect::<Map<_, _>>().into()
            }
            _ => value.clone(),
        }
    }

    fn record(&mut self, of: &Record, value: &Json) -> Json {
        self.single(value, |walk, value| match value {
            Json::Object(object) => walk.fields(of, object),
            _ => value.clone(),
        })
    }

    fn fields(&mut self, of: &Record, object: &Map<String, Json>) -> Json {
        let (mut read, mut unions) = (Map::new(), Vec::new());
        for field in &of.fields {
            let Some(value) = object
                .get(&field.name)
                .filter(|value| field.always || !value.is_null())
            else {
                continue;
            };
            match self.union_beside(&field.ty) {
                Some(union) => unions.push((field, union, value)),
                None => {
                    let back = self.below(&step(&field.name), |walk| walk.value(&field.ty, value));
                    read.insert(field.name.clone(), back);
                }
            }
        }
        // What tells the branch of a union is read before it.
        for (field, union, value) in unions {
            let back = self.below(&step(&field.name), |walk| {
                walk.union(&union, Some(&read), value)
            });
            read.insert(field.name.clone(), back);
        }
        read.into()
    }

    /// The union that a field holds, if a field beside it tells its branch.
    fn union_beside(&self, ty: &Ty) -> Option<Union> {
        let Ty::Named(id) = ty else { return None };
        match &self.api.get(*id).kind {
            TypeKind::Union(of) if matches!(of.tag, Tag::Beside(_)) => Some(of.clone()),
            _ => None,
        }
    }

    /// A union knows what the branch knows that the tag names; without one it keeps everything.
    fn union(&mut self, of: &Union, beside: Option<&Map<String, Json>>, value: &Json) -> Json {
        let tag = match &of.tag {
            Tag::Beside(name) => beside.and_then(|beside| beside.get(name)).and_then(text),
            Tag::Inside(name) => value.get(name).and_then(text),
            Tag::Kind => Some(kind(value).to_owned()),
        };
        let branch = tag.and_then(|tag| {
            of.branches
                .iter()
                .find(|branch| same_tag(&branch.tag, &tag))
        });
        match branch {
            Some(branch) => self.value(&branch.ty.clone(), value),
            None => value.clone(),
        }
    }

    /// A listed value may come in another case; a value that is not listed is kept.
    fn choice(&mut self, of: &Enum, value: &Json) -> Json {
        if of.integers {
            return self.scalar(&Ty::Integer, value);
        }
        let read = self.scalar(&Ty::String, value);
        let Some(text) = read
            .as_str()
            .filter(|text| !of.values.iter().any(|listed| listed == text))
        else {
            return read;
        };
        let alike: Vec<&String> = of
            .values
            .iter()
            .filter(|listed| listed.eq_ignore_ascii_case(text))
            .collect();
        match alike.as_slice() {
            [listed] => self.repaired(json!(listed)),
            _ => read,
        }
    }

    fn scalar(&mut self, ty: &Ty, value: &Json) -> Json {
        let read = match (ty, value) {
            (Ty::String | Ty::Secret, Json::Number(_) | Json::Bool(_)) => {
                Some(json!(value.to_string()))
            }
            (Ty::Integer, Json::Number(number)) if number.is_f64() => {
                number.as_f64().and_then(whole)
            }
            (Ty::Integer, Json::String(text)) => text
                .parse::<i64>()
                .ok()
                .map(|number| json!(number))
                .or_else(|| whole(number(text)?)),
            (Ty::Number, Json::String(text)) => number(text).map(|number| json!(number)),
            (Ty::Boolean, _) => match text(value).as_deref() {
                Some("1" | "true") if !value.is_boolean() => Some(json!(true)),
                Some("0" | "false") if !value.is_boolean() => Some(json!(false)),
                _ => None,
            },
            _ => None,
        };
        match read {
            Some(read) => self.repaired(read),
            None => value.clone(),
        }
    }
}

/// A number as JSON writes it, in a text.
fn number(text: &str) -> Option<f64> {
    let json: Json = serde_json::from_str(text).ok()?;
    json.as_f64()
}

/// The integer that a number is, if it is one.
fn whole(number: f64) -> Option<Json> {
    (number.fract() == 0.0 && number.abs() < 9e15).then(|| json!(number as i64))
}

/// A scalar as text.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(_) | Json::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// A step to a field, as the reader spells it.
fn step(name: &str) -> String {
    let plain = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    match plain {
        true => format!(".{name}"),
        false => format!("[{name:?}]"),
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linode_spec::api::{Branch, Facts, Field, TypeDef, TypeId};

    fn record(fields: &[(&str, Ty)]) -> TypeDef {
        let field = |(name, ty): &(&str, Ty)| Field {
            name: (*name).to_owned(),
            ty: ty.clone(),
            required: false,
            promised: false,
            always: false,
            nullable: false,
            deprecated: false,
            read_only: false,
            facts: Facts::default(),
            pointer: String::new(),
        };
        TypeDef::new(TypeKind::Record(Record {
            fields: fields.iter().map(field).collect(),
        }))
    }

    /// What comes back of a value of a type.
    fn back(ty: &Ty, value: &Json) -> Expected {
        let answer = Answer {
            status: "200".to_owned(),
            kind: AnswerKind::Value(ty.clone()),
            optional: false,
            media_type: None,
        };
        expected(&api(), &answer, value)
    }

    /// `Named(0)` knows `id`; `Named(1)` is a union of that and of integers, told by `kind` beside it; `Named(2)` holds both.
    fn api() -> Api {
        let branch = |tag: &str, ty: Ty| Branch {
            tag: tag.to_owned(),
            label: tag.to_owned(),
            ty,
        };
        let union = Union {
            tag: Tag::Beside("kind".to_owned()),
            branches: vec![
                branch("Some Thing", Ty::Named(TypeId(0))),
                branch("count", Ty::Integer),
            ],
        };
        let holder = record(&[
            ("kind", Ty::String),
            ("data", Ty::Named(TypeId(1))),
            ("all", Ty::List(Box::new(Ty::Named(TypeId(0))))),
        ]);
        Api {
            types: vec![
                record(&[("id", Ty::Integer)]),
                TypeDef::new(TypeKind::Union(union)),
                holder,
            ],
            ..Api::default()
        }
    }

    #[test]
    fn fields_that_the_type_lacks_are_left_out() {
        let value = json!({"kind": "some_thing", "data": {"id": 1, "x": 1}, "all": [{"id": 2, "x": 2}], "x": 3});
        let expected = json!({"kind": "some_thing", "data": {"id": 1}, "all": [{"id": 2}]});
        assert_eq!(back(&Ty::Named(TypeId(2)), &value).value, expected);
    }

    #[test]
    fn an_unknown_tag_keeps_everything() {
        let value = json!({"kind": "other", "data": {"id": 1, "x": 1}});
        assert_eq!(back(&Ty::Named(TypeId(2)), &value).value, value);
    }

    #[test]
    fn free_form_json_is_known_and_nothing_is_not() {
        let value = json!({"a": {"b": 1}});
        assert_eq!(back(&Ty::Json, &value).value, value);
    }

    #[test]
    fn every_change_of_form_is_expected_to_be_told() {
        let value = json!({"kind": ["count"], "data": "7", "all": {"id": 2.0}});
        let expected = back(&Ty::Named(TypeId(2)), &value);
        assert_eq!(
            expected.value,
            json!({"kind": "count", "data": 7, "all": [{"id": 2}]})
        );
        let told: Vec<&String> = expected.repaired.iter().collect();
        assert_eq!(told, ["$.all", "$.all.id", "$.data", "$.kind"]);
    }
}
