//! The document's list of events, by which the client tells when an action is done.

use linode_spec::api::{AnswerKind, Enum, Field, Record, Ty, TypeKind};
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Model, Named};
use crate::rust::ident;

/// The values of a status by which an event is known: one of these ends it.
const ENDS: [&str; 2] = ["failed", "finished"];

/// The method that watches for an action, if the document has a list of events: one whose items have an id, an action,
/// a status that ends, and an entity with an id and a type. Of several, the one on the shortest path.
pub fn watch(model: &Model<'_>) -> Option<TokenStream> {
    let groups = model.groups();
    let lists = groups.values().flatten();
    let events = lists.filter(|named| item(model, named).is_some_and(|item| is_event(model, item)));
    let named = events.min_by_key(|named| named.operation.path.len())?;
    let list = named.operation.answer.list()?;
    let keys: Vec<&String> = list.filters.iter().map(|filter| &filter.key).collect();
    let (group, operation) = (ident(&named.name.group), ident(&named.name.ty));
    let path = &named.operation.path;
    let doc =
        format!(" Watches for an action by its event: `GET {path}` tells when it is finished.");
    let scopes = named.operation.scopes.join("`, `");
    let needs = (!scopes.is_empty()).then(|| {
        let needs = format!(" It needs the scopes of that list: `{scopes}`.");
        quote!(#[doc = ""] #[doc = #needs])
    });
    Some(quote! {
        #[doc = #doc]
        ///
        /// Begin before the action is taken, so that no event of before is taken for its own.
        #needs
        pub fn watch(&self, action: impl std::fmt::Display) -> Watch<crate::#group::#operation> {
            let request = Request::new(&self.0, crate::#group::#operation::OPERATION);
            Watch::new(request, &[#(#keys),*], action)
        }
    })
}

fn item<'a>(model: &'a Model<'_>, named: &Named<'_>) -> Option<&'a Record> {
    let takes_nothing = named.operation.path_parameters().next().is_none();
    match &named.operation.answer.kind {
        AnswerKind::Page(list) if takes_nothing => model.api.record(&list.item),
        _ => None,
    }
}

fn is_event(model: &Model<'_>, item: &Record) -> bool {
    let entity = field(item, "entity").and_then(|entity| model.api.record(&entity.ty));
    let status = field(item, "status").and_then(|status| values(model, &status.ty));
    field(item, "id").is_some()
        && field(item, "action").is_some()
        && entity.is_some_and(|e| field(e, "id").is_some() && field(e, "type").is_some())
        && status.is_some_and(|s| ENDS.iter().all(|end| s.values.iter().any(|v| v == end)))
}

fn field<'a>(record: &'a Record, name: &str) -> Option<&'a Field> {
    record.fields.iter().find(|field| field.name == name)
}

fn values<'a>(model: &'a Model<'_>, ty: &Ty) -> Option<&'a Enum> {
    match &model.api.get(ty.named()?).kind {
        TypeKind::Enum(of) => Some(of),
        _ => None,
    }
}
