//! Filterable fields as typed constants.

use linode_spec::api::{FilterField, Ty};
use linode_spec::surface::constant_names;
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::model::Model;
use crate::rust::{self, Imports, ident};

/// The constants of a domain.
pub fn constants(
    model: &Model<'_>,
    domain: &TokenStream,
    filters: &[FilterField],
    imports: &mut Imports,
) -> TokenStream {
    imports.core("Field");
    let constants = filters
        .iter()
        .zip(constant_names(filters))
        .map(|(filter, name)| {
            let order = if filter.ordered {
                ""
            } else {
                " The API does not order by it."
            };
            let doc =
                docs::attributes(&[format!("Filters by {}.{order}", docs::code(&filter.key))]);
            let name = ident(&name);
            let key = &filter.key;
            let ty = match &filter.ty {
                Ty::Secret => quote!(String),
                ty => rust::ty(model, ty, imports),
            };
            let order = (!filter.ordered).then(|| {
                imports.core("Unordered");
                quote!(, Unordered)
            });
            quote!(#doc pub const #name: Field<#domain, #ty #order> = Field::new(#key);)
        });
    let constants: Vec<TokenStream> = constants.collect();
    quote!(#(#constants)*)
}
