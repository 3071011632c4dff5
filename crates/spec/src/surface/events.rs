//! The document's list of events, by which a client tells when an action is done.

use crate::api::{Api, Enum, Field, Operation, Record, Ty, TypeKind};
use crate::name::Names;

/// The values of a status by which an event is known: one of these ends it.
const ENDS: [&str; 2] = ["failed", "finished"];

/// The operation that lists events, if there is one: its items have an id, an action, a status that ends, and an entity with an id and a type.
/// Of several, the one on the shortest path.
///
/// ```
/// use linode_spec::{api::Api, name::Names, surface::events};
/// assert_eq!(events(&Api::default(), &Names::default()), None);
/// ```
pub fn events(api: &Api, names: &Names) -> Option<usize> {
    let operations = api.operations.iter().zip(&names.operations).enumerate();
    let events = operations
        .filter(|(_, (operation, _))| item(api, operation).is_some_and(|item| is_event(api, item)));
    events
        .min_by_key(|(_, (operation, name))| (operation.path.len(), &name.group))
        .map(|(index, _)| index)
}

fn item<'a>(api: &'a Api, operation: &Operation) -> Option<&'a Record> {
    let takes_nothing = operation.path_parameters().next().is_none();
    operation
        .answer
        .list()
        .filter(|_| takes_nothing)
        .and_then(|list| api.record(&list.item))
}

fn is_event(api: &Api, item: &Record) -> bool {
    let entity = field(item, "entity").and_then(|entity| api.record(&entity.ty));
    let status = field(item, "status").and_then(|status| values(api, &status.ty));
    field(item, "id").is_some()
        && field(item, "action").is_some()
        && entity.is_some_and(|e| field(e, "id").is_some() && field(e, "type").is_some())
        && status.is_some_and(|s| ENDS.iter().all(|end| s.values.iter().any(|v| v == end)))
}

fn field<'a>(record: &'a Record, name: &str) -> Option<&'a Field> {
    record.fields.iter().find(|field| field.name == name)
}

fn values<'a>(api: &'a Api, ty: &Ty) -> Option<&'a Enum> {
    match &api.get(ty.named()?).kind {
        TypeKind::Enum(of) => Some(of),
        _ => None,
    }
}
