//! The document's list of events, by which the client tells when an action is done.

use linode_spec::surface::events;
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::Model;
use crate::rust::ident;

/// The method that watches for an action, if the document has a list of events.
pub fn watch(model: &Model<'_>) -> Option<TokenStream> {
    let at = events(model.api, model.names)?;
    let (found, name) = (&model.api.operations[at], &model.names.operations[at]);
    let list = found.answer.list()?;
    let keys: Vec<&String> = list.filters.iter().map(|filter| &filter.key).collect();
    let (group, operation) = (ident(&name.group), ident(&name.ty));
    let path = &found.path;
    let doc =
        format!(" Watches for an action by its event: `GET {path}` tells when it is finished.");
    let scopes = found.scopes.join("`, `");
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
