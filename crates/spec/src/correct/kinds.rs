//! The kinds of corrections, beside presence: each entry says what it is about, what is so, and by which evidence.

use serde::{Deserialize, Serialize};

use super::expression::{Unreadable, parse, spell};
use crate::api::{AnswerKind, Api, Facts, Field, List, Record, Ty, TypeId, TypeKind};
use crate::name::Names;

/// What entries are applied to.
pub(super) struct Target<'a> {
    pub(super) api: &'a mut Api,
    pub(super) names: &'a mut Names,
}

/// An entry of any kind.
pub(super) trait Entry {
    /// What it is about, for messages.
    fn told(&self) -> String;

    /// Changes the model, or says why it does nothing.
    fn apply(&self, target: &mut Target<'_>) -> Result<(), String>;

    /// Where it was seen, and why it is there.
    fn grounds(&self) -> (&[String], &str);
}

/// Declares an entry: its own fields, and the evidence that every entry gives.
macro_rules! entry {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* } $told:expr, $apply:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// In how many answers it was seen, where that was counted.
            #[serde(default, skip_serializing_if = "is_none")]
            pub seen: u64,
            /// The operations whose answers or descriptions show it.
            pub seen_in: Vec<String>,
            /// Why the entry is there.
            pub reason: String,
        }

        impl Entry for $name {
            fn told(&self) -> String {
                let told: fn(&$name) -> String = $told;
                told(self)
            }

            fn apply(&self, target: &mut Target<'_>) -> Result<(), String> {
                let apply: fn(&$name, &mut Target<'_>) -> Result<(), String> = $apply;
                apply(self, target)
            }

            fn grounds(&self) -> (&[String], &str) {
                (&self.seen_in, &self.reason)
            }
        }
    };
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands it over like this"
)]
fn is_none(seen: &u64) -> bool {
    *seen == 0
}

entry! {
    /// A field is of another type.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "types: [{type: Node, field: id, is: integer, seen: 9, seen_in: [GET /nodes], reason: never text}]";
    /// assert_eq!(Corrections::parse(text).unwrap().types[0].is, "integer");
    /// ```
    OtherType {
        /// The type's locked name.
        #[serde(rename = "type")]
        type_name: String,
        /// The field, by its name on the wire.
        field: String,
        /// The type that it is of: `integer`, `list of string`, `map of number`, the locked name of a type.
        is: String,
    }
    |entry| format!("the type of `{}.{}`", entry.type_name, entry.field),
    |entry, target| {
        let ty = target.read(&entry.is)?;
        let (id, at) = target.field(&entry.type_name, &entry.field)?;
        target.retype(id, at, ty)
    }
}

entry! {
    /// A field may be null, although the document or the evidence about presence says otherwise.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "nullable: [{type: Node, field: pool, seen_in: [GET /nodes], reason: seen}]";
    /// assert_eq!(Corrections::parse(text).unwrap().nullable[0].field, "pool");
    /// ```
    Nullable {
        /// The type's locked name.
        #[serde(rename = "type")]
        type_name: String,
        /// The field, by its name on the wire.
        field: String,
    }
    |entry| format!("`{}.{}` being null", entry.type_name, entry.field),
    |entry, target| {
        let (id, at) = target.field(&entry.type_name, &entry.field)?;
        let field = &mut target.record(id)?.fields[at];
        if field.nullable && !field.always {
            return Err("it may be null without the entry".to_owned());
        }
        (field.nullable, field.always) = (true, false);
        Ok(())
    }
}

entry! {
    /// An enum has more values.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "values: [{type: Status, values: [melting], seen_in: [GET /nodes], reason: seen}]";
    /// assert_eq!(Corrections::parse(text).unwrap().values[0].values, ["melting"]);
    /// ```
    MoreValues {
        /// The enum's locked name.
        #[serde(rename = "type")]
        type_name: String,
        /// The values, as they stand in JSON.
        values: Vec<String>,
    }
    |entry| format!("values of `{}`", entry.type_name),
    |entry, target| {
        let id = target.named(&entry.type_name)?;
        let TypeKind::Enum(of) = &mut target.api.types[id.0].kind else {
            return Err("the type is no enum".to_owned());
        };
        let known: Vec<&String> = entry.values.iter().filter(|value| of.values.contains(value)).collect();
        if let Some(value) = known.first() {
            return Err(format!("it has `{value}` without the entry"));
        }
        if of.integers && let Some(value) = entry.values.iter().find(|value| value.parse::<i64>().is_err()) {
            return Err(format!("its values are integers, and `{value}` is none"));
        }
        of.values.extend(entry.values.iter().cloned());
        target.names.rename_members(target.api, id);
        Ok(())
    }
}

entry! {
    /// A field holds a list where one value is described, or one value where a list is.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "many: [{type: Node, field: ips, many: true, seen_in: [GET /nodes], reason: seen}]";
    /// assert!(Corrections::parse(text).unwrap().many[0].many);
    /// ```
    OneOrMany {
        /// The type's locked name.
        #[serde(rename = "type")]
        type_name: String,
        /// The field, by its name on the wire.
        field: String,
        /// Whether it is a list.
        many: bool,
    }
    |entry| format!("how many `{}.{}` are", entry.type_name, entry.field),
    |entry, target| {
        let (id, at) = target.field(&entry.type_name, &entry.field)?;
        let ty = match (&target.record(id)?.fields[at].ty, entry.many) {
            (Ty::List(_), true) => return Err("it is a list without the entry".to_owned()),
            (Ty::List(inner), false) => (**inner).clone(),
            (ty, true) => Ty::List(Box::new(ty.clone())),
            (_, false) => return Err("it is one value without the entry".to_owned()),
        };
        target.retype(id, at, ty)
    }
}

entry! {
    /// A field that the document lacks.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "fields: [{type: Node, field: zone, is: string, seen_in: [GET /nodes], reason: seen}]";
    /// assert_eq!(Corrections::parse(text).unwrap().fields[0].is, "string");
    /// ```
    NewField {
        /// The type's locked name.
        #[serde(rename = "type")]
        type_name: String,
        /// The field, by its name on the wire.
        field: String,
        /// The type that it is of, as for another type.
        is: String,
    }
    |entry| format!("the field `{}.{}`", entry.type_name, entry.field),
    |entry, target| {
        let ty = target.read(&entry.is)?;
        let id = target.named(&entry.type_name)?;
        let record = target.record(id)?;
        if record.fields.iter().any(|field| field.name == entry.field) {
            return Err("the document has the field".to_owned());
        }
        record.fields.push(Field {
            name: entry.field.clone(),
            ty: ty.clone(),
            required: false,
            promised: false,
            always: false,
            nullable: true,
            deprecated: false,
            read_only: false,
            facts: Facts::default(),
            pointer: String::new(),
        });
        target.spread(id, &ty);
        target.names.rename_members(target.api, id);
        Ok(())
    }
}

/// What an answer is.
///
/// ```
/// use linode_spec::correct::Envelope;
/// assert_eq!(serde_yaml::from_str::<Envelope>("page").unwrap(), Envelope::Page);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Envelope {
    /// One item.
    Item,
    /// A list of items, without an envelope.
    List,
    /// A page of items.
    Page,
}

entry! {
    /// An answer is a page although one item is described, or the reverse.
    ///
    /// ```
    /// use linode_spec::correct::{Corrections, Envelope};
    /// let text = "envelopes: [{operation: nodes.get_node, is: item, seen_in: [GET /nodes], reason: seen}]";
    /// assert_eq!(Corrections::parse(text).unwrap().envelopes[0].is, Envelope::Item);
    /// ```
    OtherEnvelope {
        /// The operation's locked name.
        operation: String,
        /// What its answer is.
        is: Envelope,
    }
    |entry| format!("the answer of `{}`", entry.operation),
    |entry, target| {
        let at = target.operation(&entry.operation)?;
        let kind = &mut target.api.operations[at].answer.kind;
        let (item, was) = match &*kind {
            AnswerKind::Page(list) => (list.item.clone(), Envelope::Page),
            AnswerKind::Value(Ty::List(item)) => ((**item).clone(), Envelope::List),
            AnswerKind::Value(ty) => (ty.clone(), Envelope::Item),
            AnswerKind::Nothing | AnswerKind::Bytes => return Err("it answers with no JSON".to_owned()),
        };
        if was == entry.is {
            return Err("it is that without the entry".to_owned());
        }
        *kind = match entry.is {
            Envelope::Item => AnswerKind::Value(item),
            Envelope::List => AnswerKind::Value(Ty::List(Box::new(item))),
            Envelope::Page => AnswerKind::Page(List { item, filters: Vec::new() }),
        };
        Ok(())
    }
}

entry! {
    /// An operation is offered elsewhere than the document says.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "servers: [{operation: nodes.list_nodes, versions: [v4beta], seen_in: [GET /nodes], reason: 404 in v4}]";
    /// assert_eq!(Corrections::parse(text).unwrap().servers[0].versions, ["v4beta"]);
    /// ```
    OtherServer {
        /// The operation's locked name.
        operation: String,
        /// The versions of the API that offer it, the preferred one first.
        versions: Vec<String>,
    }
    |entry| format!("where `{}` is", entry.operation),
    |entry, target| {
        let at = target.operation(&entry.operation)?;
        let versions = &mut target.api.operations[at].versions;
        if *versions == entry.versions {
            return Err("it is there without the entry".to_owned());
        }
        versions.clone_from(&entry.versions);
        Ok(())
    }
}

entry! {
    /// Fields that a list can be filtered by, and not ordered by.
    ///
    /// ```
    /// use linode_spec::correct::Corrections;
    /// let text = "no_order_by: [{operation: nodes.list_nodes, fields: [status], seen_in: [GET /nodes], reason: refused}]";
    /// assert_eq!(Corrections::parse(text).unwrap().no_order_by[0].fields, ["status"]);
    /// ```
    NoOrderBy {
        /// The list's locked name.
        operation: String,
        /// The keys of the fields.
        fields: Vec<String>,
    }
    |entry| format!("the order of `{}`", entry.operation),
    |entry, target| {
        let at = target.operation(&entry.operation)?;
        let AnswerKind::Page(list) = &mut target.api.operations[at].answer.kind else {
            return Err("it is no list".to_owned());
        };
        for key in &entry.fields {
            let Some(filter) = list.filters.iter_mut().find(|filter| filter.key == *key) else {
                return Err(format!("it is not filtered by `{key}`"));
            };
            if !std::mem::replace(&mut filter.ordered, false) {
                return Err(format!("it is not ordered by `{key}` without the entry"));
            }
        }
        Ok(())
    }
}

impl Target<'_> {
    fn named(&self, name: &str) -> Result<TypeId, String> {
        let at = self.names.types.iter().position(|known| known.name == name);
        at.map(TypeId)
            .ok_or_else(|| "the document has no type of this name".to_owned())
    }

    fn record(&mut self, id: TypeId) -> Result<&mut Record, String> {
        match &mut self.api.types[id.0].kind {
            TypeKind::Record(record) => Ok(record),
            _ => Err("the type has no fields".to_owned()),
        }
    }

    fn field(&mut self, type_name: &str, field: &str) -> Result<(TypeId, usize), String> {
        let id = self.named(type_name)?;
        let at = self
            .record(id)?
            .fields
            .iter()
            .position(|known| known.name == field);
        at.map(|at| (id, at))
            .ok_or_else(|| "the type has no field of this name".to_owned())
    }

    fn operation(&self, name: &str) -> Result<usize, String> {
        let called = self.names.operations.iter().position(|known| {
            name.split_once('.') == Some((&known.group, known.method.trim_start_matches("r#")))
        });
        called.ok_or_else(|| "the document has no operation of this name".to_owned())
    }

    fn read(&self, expression: &str) -> Result<Ty, String> {
        parse(expression, self.names).map_err(|Unreadable(what)| what)
    }

    /// Gives a field another type, and the filters that compare it.
    fn retype(&mut self, id: TypeId, at: usize, ty: Ty) -> Result<(), String> {
        let told = spell(&ty, self.names);
        let field = &mut self.record(id)?.fields[at];
        if std::mem::replace(&mut field.ty, ty.clone()) == ty {
            return Err(format!("it is `{told}` without the entry"));
        }
        let name = field.name.clone();
        for operation in &mut self.api.operations {
            if let AnswerKind::Page(list) = &mut operation.answer.kind
                && list.item == Ty::Named(id)
            {
                let compared = list.filters.iter_mut().filter(|filter| filter.key == name);
                compared.for_each(|filter| filter.ty = ty.element().clone());
            }
        }
        self.spread(id, &ty);
        Ok(())
    }

    /// A type is now used wherever the one that holds it is.
    fn spread(&mut self, holder: TypeId, ty: &Ty) {
        let Some(id) = ty.named() else { return };
        let (in_answers, in_requests) = (
            self.api.get(holder).in_answers,
            self.api.get(holder).in_requests,
        );
        let def = &mut self.api.types[id.0];
        def.in_answers |= in_answers;
        def.in_requests |= in_requests;
        self.names.rename_members(self.api, id);
    }
}
