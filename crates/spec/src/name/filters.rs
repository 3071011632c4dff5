//! Which list's filters are constants of its item type.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::api::{Api, Operation, Ty, TypeId, TypeKind};

use super::Lock;

/// The list of each item type, by its key: the one that the lock has, so that a later list that marks more fields takes nothing away; else the one
/// that marks most.
pub fn homes(api: &Api, types: &[String], lock: &Lock) -> BTreeMap<TypeId, String> {
    let mut homes: BTreeMap<TypeId, &Operation> = BTreeMap::new();
    for (id, operation) in filtered(api) {
        let locked = lock.filters.get(&types[id.0]);
        let is_locked = |operation: &Operation| locked.is_some_and(|key| *key == operation.key());
        let takes = homes.get(&id).is_none_or(|known| {
            is_locked(operation) || (!is_locked(known) && rank(known) < rank(operation))
        });
        if takes {
            homes.insert(id, operation);
        }
    }
    let keys = homes.into_iter();
    keys.map(|(id, operation)| (id, operation.key())).collect()
}

/// The lists that are filtered, with the record that is their item.
fn filtered(api: &Api) -> impl Iterator<Item = (TypeId, &Operation)> {
    let lists = api
        .operations
        .iter()
        .filter_map(|o| Some((o, o.answer.list()?)));
    lists.filter_map(|(operation, list)| {
        let Ty::Named(id) = list.item else {
            return None;
        };
        let is_record = matches!(api.get(id).kind, TypeKind::Record(_));
        (is_record && !list.filters.is_empty()).then_some((id, operation))
    })
}

/// Most marks come first, and then the shortest path.
fn rank(operation: &Operation) -> (usize, Reverse<usize>) {
    let marks = operation.answer.list().map_or(0, |list| list.filters.len());
    (marks, Reverse(operation.path.len()))
}
