//! Markers that a document lost, kept from the one before it.
//!
//! A release may come without the vendor keys that say by which fields a list can be filtered, and which grant an operation needs, although
//! the API goes on as before. Then they are kept at every position that still exists, as data with the reason: the pipeline reads
//! `spec/carried.yaml` every time, so that the same document always gives the same crate.
//!
//! ```
//! use linode_spec::carry::Carried;
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::load::load;
//! use linode_spec::normalise::normalise;
//!
//! let document = "
//! openapi: 3.0.1
//! info: {title: t, version: 1.0.0}
//! paths: {/tags: {get: {responses: {200: {description: '', content: {application/json: {schema: {properties: {
//!   page: {type: integer}, pages: {type: integer}, results: {type: integer},
//!   data: {type: array, items: {properties: {label: {type: string, x-linode-filterable: true}}}}}}}}}}}}}
//! ";
//! let api = |text: &str| normalise(&load("tags.yaml", text.as_bytes(), &Accepted::default(), false).unwrap());
//! let (old, mut new) = (api(document), api(&document.replace("true", "false")));
//!
//! let carried = Carried::between(&old, &new, "the API filters as before");
//! assert_eq!(carried.filters["GET /tags"], ["label"]);
//! assert!(carried.apply(&mut new).is_empty());
//! assert_eq!(new.operations[0].answer.list().unwrap().filters[0].key, "label");
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::api::{AnswerKind, Api, FilterField, Operation, Ty};

/// The first lines of the file.
const HEADER: &str = "\
# Markers that the pinned document lost, kept from the one before it. Written by `cargo xtask release --carry-markers`;
# the next release of the document that has its own does away with it.
";

/// What `spec/carried.yaml` holds.
///
/// ```
/// assert!(linode_spec::carry::Carried::default().is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// Why they are kept.
    pub reason: String,
    /// List → the dotted keys that its items can be filtered by.
    #[serde(default)]
    pub filters: BTreeMap<String, Vec<String>>,
    /// Operation → the grant that a restricted user needs.
    #[serde(default)]
    pub grants: BTreeMap<String, String>,
}

impl Carried {
    /// What the old model has and the new one lacks, at positions that are in both.
    ///
    /// ```
    /// use linode_spec::{api::Api, carry::Carried};
    /// assert!(Carried::between(&Api::default(), &Api::default(), "none").is_empty());
    /// ```
    pub fn between(old: &Api, new: &Api, reason: &str) -> Self {
        let mut carried = Self {
            reason: reason.to_owned(),
            ..Self::default()
        };
        for (before, after) in pairs(old, new) {
            let key = before.key();
            let lost: Vec<String> = keys(before)
                .filter(|key| !keys(after).any(|known| known == *key))
                .filter(|key| field(new, after, key).is_some())
                .map(str::to_owned)
                .collect();
            if !lost.is_empty() {
                carried.filters.insert(key.clone(), lost);
            }
            if let (Some(grant), None) = (&before.grant, &after.grant) {
                carried.grants.insert(key, grant.clone());
            }
        }
        carried
    }

    /// The filters of the old model that the new one has no place for: `GET /tags: label`.
    ///
    /// ```
    /// use linode_spec::{api::Api, carry::Carried};
    /// assert!(Carried::homeless(&Api::default(), &Api::default()).is_empty());
    /// ```
    pub fn homeless(old: &Api, new: &Api) -> Vec<String> {
        let places: BTreeMap<String, &Operation> =
            new.operations.iter().map(|o| (o.key(), o)).collect();
        let mut homeless = Vec::new();
        for operation in &old.operations {
            let after = places.get(&operation.key());
            let gone = keys(operation)
                .filter(|key| after.is_none_or(|after| field(new, after, key).is_none()));
            homeless.extend(gone.map(|key| format!("{}: {key}", operation.key())));
        }
        homeless
    }

    /// Whether nothing is kept.
    ///
    /// ```
    /// assert!(linode_spec::carry::Carried::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty() && self.grants.is_empty()
    }

    /// How many filters are kept.
    ///
    /// ```
    /// assert_eq!(linode_spec::carry::Carried::default().filter_count(), 0);
    /// ```
    pub fn filter_count(&self) -> usize {
        self.filters.values().map(Vec::len).sum()
    }

    /// Reads the file; an empty one keeps nothing.
    ///
    /// # Errors
    ///
    /// What `serde_yaml` says of a text of another form; a misspelt key is an error.
    ///
    /// ```
    /// use linode_spec::carry::Carried;
    /// assert!(Carried::parse("").unwrap().is_empty());
    /// assert!(Carried::parse("reason: r\nfitlers: {}").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, serde_yaml::Error> {
        let carried: Option<Self> = serde_yaml::from_str(text)?;
        Ok(carried.unwrap_or_default())
    }

    /// The file's text.
    ///
    /// ```
    /// use linode_spec::carry::Carried;
    /// let carried = Carried { reason: "as before".into(), ..Carried::default() };
    /// assert_eq!(Carried::parse(&carried.render()).unwrap(), carried);
    /// ```
    pub fn render(&self) -> String {
        // Maps of strings always have a YAML form.
        let body = serde_yaml::to_string(self).unwrap_or_default();
        format!("{HEADER}{body}")
    }

    /// Puts the markers into the model, and returns those that have no place in it or are in it already.
    ///
    /// ```
    /// use linode_spec::{api::Api, carry::Carried};
    /// let carried = Carried::parse("reason: r\ngrants: {GET /tags: read_only}").unwrap();
    /// assert_eq!(carried.apply(&mut Api::default()), ["GET /tags: grant `read_only`"]);
    /// ```
    pub fn apply(&self, api: &mut Api) -> Vec<String> {
        let known: BTreeMap<String, usize> = api
            .operations
            .iter()
            .enumerate()
            .map(|(index, operation)| (operation.key(), index))
            .collect();
        let mut idle = Vec::new();
        for (list, filters) in &self.filters {
            for key in filters {
                let at = known.get(list).copied();
                let found = at.and_then(|at| {
                    let operation = &api.operations[at];
                    let is_new = !keys(operation).any(|known| known == key);
                    field(api, operation, key).filter(|_| is_new)
                });
                match (at, found) {
                    (Some(at), Some(filter)) => add(&mut api.operations[at], filter),
                    _ => idle.push(format!("{list}: filter `{key}`")),
                }
            }
        }
        for (key, grant) in &self.grants {
            let at = known.get(key).map(|at| &mut api.operations[*at].grant);
            match at {
                Some(slot @ None) => *slot = Some(grant.clone()),
                _ => idle.push(format!("{key}: grant `{grant}`")),
            }
        }
        idle
    }
}

/// The operations that are in both.
fn pairs<'a>(old: &'a Api, new: &'a Api) -> Vec<(&'a Operation, &'a Operation)> {
    let places: BTreeMap<String, &Operation> =
        new.operations.iter().map(|o| (o.key(), o)).collect();
    let operations = old.operations.iter();
    operations
        .filter_map(|operation| Some((operation, *places.get(&operation.key())?)))
        .collect()
}

/// What a list can be filtered by; nothing, if it is no list.
fn keys(operation: &Operation) -> impl Iterator<Item = &str> {
    let list = operation.answer.list();
    list.into_iter()
        .flat_map(|list| list.filters.iter().map(|filter| filter.key.as_str()))
}

/// The filter of a dotted key, if the items of the list have such a field and it can be compared with.
fn field(api: &Api, operation: &Operation, key: &str) -> Option<FilterField> {
    let mut open = BTreeSet::new();
    let (ty, pointer) = below(api, &operation.answer.list()?.item, key, &mut open)?;
    let ty = ty.element().clone();
    let comparable =
        !matches!(ty, Ty::Json | Ty::Map(_) | Ty::List(_) | Ty::File) && api.record(&ty).is_none();
    comparable.then(|| FilterField {
        key: key.to_owned(),
        ty,
        ordered: true,
        pointer: pointer.to_owned(),
    })
}

/// The field that a dotted key leads to. A field whose own name has dots comes first.
fn below<'a>(
    api: &'a Api,
    ty: &'a Ty,
    key: &str,
    open: &mut BTreeSet<(String, String)>,
) -> Option<(&'a Ty, &'a str)> {
    let record = api.record(ty)?;
    if let Some(field) = record.fields.iter().find(|field| field.name == key) {
        return Some((&field.ty, &field.pointer));
    }
    record.fields.iter().find_map(|field| {
        let rest = key.strip_prefix(field.name.as_str())?.strip_prefix('.')?;
        // A name that is empty leads nowhere new.
        let is_new = open.insert((format!("{:?}", field.ty), rest.to_owned()));
        is_new.then(|| below(api, &field.ty, rest, open))?
    })
}

fn add(operation: &mut Operation, filter: FilterField) {
    if let AnswerKind::Page(list) = &mut operation.answer.kind {
        list.filters.push(filter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{Answer, Field, List, Method, Record, TypeDef, TypeKind};
    use crate::diagnostic::Accepted;
    use crate::load::load;
    use crate::normalise::normalise;

    fn api(fields: &str) -> Api {
        let text = format!(
            "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /boats:\n    get:\n      x-linode-grant: read_only\n      \
             responses: {{200: {{description: '', content: {{application/json: {{schema: {{properties: {{page: {{type: integer}}, \
             pages: {{type: integer}}, results: {{type: integer}}, data: {{type: array, items: {{properties: {{{fields}}}}}}}}}}}}}}}}}}}\n"
        );
        normalise(
            &load("a.yaml", text.as_bytes(), &Accepted::default(), false).expect("a document"),
        )
    }

    const MARKED: &str = "label: {type: string, x-linode-filterable: true}, berth: {properties: {row: {type: integer, x-linode-filterable: true}}}, \
         tags: {type: array, items: {type: string}, x-linode-filterable: true}, old: {type: string, x-linode-filterable: true}";
    const BARE: &str = "label: {type: string}, berth: {properties: {row: {type: integer}}}, tags: {type: array, items: {type: string}}";

    #[test]
    fn what_has_a_place_is_kept_and_the_rest_is_told() {
        let (old, mut new) = (api(MARKED), api(BARE));
        new.operations[0].grant = None;
        let carried = Carried::between(&old, &new, "as before");
        assert_eq!(
            carried.filters["GET /boats"],
            ["label", "berth.row", "tags"]
        );
        assert_eq!(carried.grants["GET /boats"], "read_only");
        assert_eq!(carried.filter_count(), 3);
        assert_eq!(Carried::homeless(&old, &new), ["GET /boats: old"]);
        assert_eq!(carried.apply(&mut new), [""; 0]);
        let list = new.operations[0].answer.list().expect("a list");
        let types: Vec<&Ty> = list.filters.iter().map(|filter| &filter.ty).collect();
        assert_eq!(
            types,
            [&Ty::String, &Ty::Integer, &Ty::String],
            "of an array, its element"
        );
    }

    #[test]
    fn what_the_document_says_itself_is_not_kept_and_is_idle() {
        let (old, mut new) = (api(MARKED), api(MARKED));
        assert!(Carried::between(&old, &new, "as before").is_empty());
        let carried =
            Carried::parse("reason: r\nfilters: {GET /boats: [label, gone], GET /planes: [label]}")
                .expect("the file form");
        assert_eq!(
            carried.apply(&mut new),
            [
                "GET /boats: filter `label`",
                "GET /boats: filter `gone`",
                "GET /planes: filter `label`"
            ]
        );
    }

    #[test]
    fn an_item_that_holds_itself_under_no_name_ends() {
        let mut api = Api::default();
        let field = Field {
            name: String::new(),
            ty: Ty::Named(crate::api::TypeId(0)),
            ..api_field()
        };
        api.types.push(TypeDef::new(TypeKind::Record(Record {
            fields: vec![field],
        })));
        let list = List {
            item: Ty::Named(crate::api::TypeId(0)),
            filters: Vec::new(),
        };
        let mut operation = super::tests::api("a: {type: string}").operations.remove(0);
        assert_eq!(operation.method, Method::Get);
        operation.answer = Answer {
            kind: AnswerKind::Page(list),
            ..operation.answer
        };
        assert!(super::field(&api, &operation, "....").is_none());
    }

    fn api_field() -> Field {
        let api = api("a: {type: string}");
        let item = api.operations[0]
            .answer
            .list()
            .expect("a list")
            .item
            .clone();
        api.record(&item).expect("a record").fields[0].clone()
    }
}
