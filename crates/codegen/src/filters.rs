//! Filterable fields as typed constants.

use heck::ToShoutySnakeCase;
use linode_spec::api::{FilterField, Ty};
use linode_spec::name::member_names;
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
    let keys: Vec<String> = filters.iter().map(|f| f.key.clone()).collect();
    let constants = filters
        .iter()
        .zip(member_names(&keys))
        .map(|(filter, name)| {
            let doc = docs::attributes(&[format!("Filters by {}.", docs::code(&filter.key))]);
            let name = ident(&name.trim_start_matches("r#").to_shouty_snake_case());
            let key = &filter.key;
            let ty = match &filter.ty {
                Ty::Secret => quote!(String),
                ty => rust::ty(model, ty, imports),
            };
            quote!(#doc pub const #name: Field<#domain, #ty> = Field::new(#key);)
        });
    let constants: Vec<TokenStream> = constants.collect();
    quote!(#(#constants)*)
}
