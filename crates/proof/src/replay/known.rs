//! What the types know of a JSON value: the value without the fields that they lack.
//!
//! ```
//! use linode_proof::replay::Replay;
//!
//! // A field that no type knows is no loss.
//! let report = Replay::pinned()?.text("sample", r#"{"path": "/profile/apps/7", "response_body": {"id": 7, "made_up": {}}}"#)?;
//! assert_eq!(report.lossless, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use linode_core::same_tag;
use linode_spec::api::{AnswerKind, Api, Branch, Record, Tag, Ty, TypeKind, Union};
use serde_json::{Map, Value as Json};

/// The part of an answer that its kind knows.
pub(super) fn known_answer(api: &Api, kind: &AnswerKind, answer: &Json) -> Json {
    match kind {
        AnswerKind::Nothing => Json::Null,
        AnswerKind::Bytes => answer.clone(),
        AnswerKind::Value(ty) => known(api, ty, answer),
        AnswerKind::Page(list) => page(api, &list.item, answer),
    }
}

fn page(api: &Api, item: &Ty, answer: &Json) -> Json {
    let Json::Object(envelope) = answer else {
        return answer.clone();
    };
    let told = ["data", "page", "pages", "results"]
        .into_iter()
        .filter_map(|name| envelope.get_key_value(name));
    told.map(|(name, value)| {
        (
            name.clone(),
            if name == "data" {
                list(api, item, value)
            } else {
                value.clone()
            },
        )
    })
    .collect()
}

/// The part of a value that a type knows; a value of another kind is left as it is.
fn known(api: &Api, ty: &Ty, value: &Json) -> Json {
    match ty {
        Ty::List(item) => list(api, item, value),
        Ty::Map(item) => map(api, item, value),
        Ty::Named(id) => match &api.get(*id).kind {
            TypeKind::Record(of) => record(api, of, value),
            TypeKind::Union(of) => union(api, of, None, value),
            TypeKind::Enum(_) => value.clone(),
        },
        _ => value.clone(),
    }
}

fn list(api: &Api, item: &Ty, value: &Json) -> Json {
    let Json::Array(items) = value else {
        return value.clone();
    };
    items.iter().map(|value| known(api, item, value)).collect()
}

fn map(api: &Api, item: &Ty, value: &Json) -> Json {
    let Json::Object(entries) = value else {
        return value.clone();
    };
    entries
        .iter()
        .map(|(key, value)| (key.clone(), known(api, item, value)))
        .collect()
}

fn record(api: &Api, of: &Record, value: &Json) -> Json {
    let Json::Object(object) = value else {
        return value.clone();
    };
    let there = of
        .fields
        .iter()
        .filter_map(|field| Some((field, object.get(&field.name)?)));
    there
        .map(|(field, value)| {
            (
                field.name.clone(),
                self::field(api, &field.ty, object, value),
            )
        })
        .collect()
}

/// A field; a union in it may be told by a field beside it.
fn field(api: &Api, ty: &Ty, beside: &Map<String, Json>, value: &Json) -> Json {
    match ty {
        Ty::Named(id) => match &api.get(*id).kind {
            TypeKind::Union(of) => union(api, of, Some(beside), value),
            _ => known(api, ty, value),
        },
        _ => known(api, ty, value),
    }
}

/// A union knows what the branch knows that the tag names; without one it keeps everything.
fn union(api: &Api, of: &Union, beside: Option<&Map<String, Json>>, value: &Json) -> Json {
    let tag = match &of.tag {
        Tag::Beside(name) => beside
            .and_then(|beside| beside.get(name))
            .and_then(Json::as_str),
        Tag::Inside(name) => value.get(name).and_then(Json::as_str),
        Tag::Kind => Some(kind(value)),
    };
    let branch: Option<&Branch> =
        tag.and_then(|tag| of.branches.iter().find(|branch| same_tag(&branch.tag, tag)));
    branch.map_or_else(|| value.clone(), |branch| known(api, &branch.ty, value))
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
    use linode_spec::api::{Facts, Field, TypeDef, TypeId};
    use serde_json::json;

    fn record(fields: &[(&str, Ty)]) -> TypeDef {
        let field = |(name, ty): &(&str, Ty)| Field {
            name: (*name).to_owned(),
            ty: ty.clone(),
            required: false,
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
        assert_eq!(known(&api(), &Ty::Named(TypeId(2)), &value), expected);
    }

    #[test]
    fn an_unknown_tag_keeps_everything() {
        let value = json!({"kind": "other", "data": {"id": 1, "x": 1}});
        assert_eq!(known(&api(), &Ty::Named(TypeId(2)), &value), value);
    }

    #[test]
    fn free_form_json_is_known_and_nothing_is_not() {
        let value = json!({"a": {"b": 1}});
        assert_eq!(known(&api(), &Ty::Json, &value), value);
        assert_eq!(
            known_answer(&api(), &AnswerKind::Nothing, &value),
            Json::Null
        );
    }
}
