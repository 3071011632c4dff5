//! What lists are filtered by.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;

use crate::api::{Api, FilterField, List, Ty, TypeId, TypeKind};
use crate::name::{Names, member_names};

/// What a list's filters are made of.
///
/// ```
/// use linode_spec::{api::TypeId, surface::Domain};
/// assert_ne!(Domain::Item(TypeId(0)), Domain::Own("ListTagsFilter".into()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// The item type's constants.
    Item(TypeId),
    /// Constants of the list's own, of a type with this name.
    Own(String),
}

/// The filter domain of each list that has one, by operation.
///
/// ```
/// use linode_spec::{api::Api, name::Names, surface::Domains};
/// assert!(Domains::of(&Api::default(), &Names::default()).0.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domains(pub BTreeMap<usize, Domain>);

impl Domains {
    /// One list lends its filters to the item type, the one that the names tell; lists that mark other fields have their own.
    /// Where nothing is marked yet the domain is the item type as well: the first mark is an addition then.
    ///
    /// ```
    /// use linode_spec::{api::Api, name::Names, surface::Domains};
    /// assert_eq!(Domains::of(&Api::default(), &Names::default()), Domains::default());
    /// ```
    pub fn of(api: &Api, names: &Names) -> Self {
        let operations = api.operations.iter().enumerate();
        let lists: Vec<(usize, &List)> = operations
            .filter_map(|(i, o)| Some((i, o.answer.list()?)))
            .collect();
        let keys = |list: &List| -> BTreeSet<String> {
            list.filters.iter().map(|f| f.key.clone()).collect()
        };
        let mut lent: BTreeMap<TypeId, BTreeSet<String>> = BTreeMap::new();
        for (i, list) in &lists {
            if let Some(id) = record_item(api, &list.item)
                && names.filters.get(&id) == Some(&api.operations[*i].key())
            {
                lent.insert(id, keys(list));
            }
        }
        let domain = |i: usize, list: &List| match record_item(api, &list.item) {
            Some(id) if lent.get(&id).cloned().unwrap_or_default() == keys(list) => {
                Some(Domain::Item(id))
            }
            _ if list.filters.is_empty() => None,
            _ => Some(Domain::Own(format!("{}Filter", names.operations[i].ty))),
        };
        let domains = lists
            .iter()
            .filter_map(|(i, list)| Some((*i, domain(*i, list)?)));
        Self(domains.collect())
    }

    /// The lists whose filters are an item type's constants, one for each item type that has some.
    ///
    /// ```
    /// use linode_spec::{api::Api, surface::Domains};
    /// assert!(Domains::default().item_lists(&Api::default()).is_empty());
    /// ```
    pub fn item_lists<'a>(&self, api: &'a Api) -> BTreeMap<TypeId, &'a List> {
        let mut lists = BTreeMap::new();
        for (i, domain) in &self.0 {
            if let (Domain::Item(id), Some(list)) = (domain, api.operations[*i].answer.list())
                && !list.filters.is_empty()
            {
                lists.entry(*id).or_insert(list);
            }
        }
        lists
    }
}

fn record_item(api: &Api, item: &Ty) -> Option<TypeId> {
    let Ty::Named(id) = item else { return None };
    matches!(api.get(*id).kind, TypeKind::Record(_)).then_some(*id)
}

/// What the constants of these filters are called.
///
/// ```
/// use linode_spec::api::{FilterField, Ty};
/// let enabled = FilterField { key: "backups.enabled".into(), ty: Ty::Boolean, ordered: true, pointer: String::new() };
/// assert_eq!(linode_spec::surface::constant_names(&[enabled]), ["BACKUPS_ENABLED"]);
/// ```
pub fn constant_names(filters: &[FilterField]) -> Vec<String> {
    let keys: Vec<String> = filters.iter().map(|f| f.key.clone()).collect();
    let names = member_names(&keys).into_iter();
    names
        .map(|name| name.trim_start_matches("r#").to_shouty_snake_case())
        .collect()
}
