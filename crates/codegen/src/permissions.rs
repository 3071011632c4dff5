//! `src/permissions.rs`: the scopes and the grants that the document knows, as open enums.

use std::collections::BTreeMap;

use linode_spec::name::CATCH_ALL;
use linode_spec::surface::{grants, permission_names, scopes};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::model::Model;
use crate::rust::ident;

/// The one file.
pub fn files(model: &Model<'_>) -> BTreeMap<String, TokenStream> {
    let (scopes, grants) = (scopes(model.api), grants(model.api));
    let scope = permission("Scope", "What a token may do.", "scopes", &scopes);
    let grant = permission(
        "Grant",
        "What a restricted user must have been granted.",
        "grants",
        &grants,
    );
    let file = quote! {
        use linode_core::{open_enum, permissions};
        #scope
        #grant
    };
    BTreeMap::from([("src/permissions.rs".to_owned(), file)])
}

fn permission(name: &str, says: &str, listed: &str, texts: &[String]) -> TokenStream {
    let names = permission_names(texts);
    let (name, listed, other) = (ident(name), ident(listed), ident(CATCH_ALL));
    let says = docs::attributes(&[says]);
    let variants = texts.iter().zip(&names).map(|(text, member)| {
        let (doc, member) = (
            docs::attributes(&[format!("{}.", docs::code(text))]),
            ident(member),
        );
        quote!(#doc #member)
    });
    let arms = texts.iter().zip(&names).map(|(text, member)| {
        let member = ident(member);
        quote!(#member = #text)
    });
    quote! {
        #says
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// What this release does not list.
            #other(String),
        }
        open_enum!(#name { #(#arms),* });
        permissions!(#name of #listed);
    }
}
