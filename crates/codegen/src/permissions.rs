//! `src/permissions.rs`: the scopes and the grants that the document knows, as open enums.

use std::collections::{BTreeMap, BTreeSet};

use linode_spec::name::variant_names;
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::model::Model;
use crate::rust::ident;

/// A scope that allows everything; documents seldom list it.
const EVERYTHING: &str = "*";

/// The one file.
pub fn files(model: &Model<'_>) -> BTreeMap<String, TokenStream> {
    let scopes = scopes(model);
    let grants: BTreeSet<String> = model
        .api
        .operations
        .iter()
        .filter_map(|o| o.grant.clone())
        .collect();
    let grants: Vec<String> = grants.into_iter().collect();
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

fn scopes(model: &Model<'_>) -> Vec<String> {
    let listed = model.api.scopes.iter().filter(|scope| *scope != EVERYTHING);
    let everything = std::iter::once(EVERYTHING.to_owned());
    everything.chain(listed.cloned()).collect()
}

fn permission(name: &str, says: &str, listed: &str, texts: &[String]) -> TokenStream {
    // A sign is no word: what allows everything is called so.
    let wires: Vec<String> = texts
        .iter()
        .map(|text| if text == EVERYTHING { "all" } else { text }.to_owned())
        .collect();
    let names = variant_names(&wires);
    let (name, listed, other) = (ident(name), ident(listed), ident(&names.catch_all));
    let says = docs::attributes(&[says]);
    let variants = texts.iter().zip(&names.members).map(|(text, member)| {
        let (doc, member) = (
            docs::attributes(&[format!("{}.", docs::code(text))]),
            ident(member),
        );
        quote!(#doc #member)
    });
    let arms = texts.iter().zip(&names.members).map(|(text, member)| {
        let member = ident(member);
        quote!(#member = #text)
    });
    let otherwise = (names.catch_all != "Unknown").then(|| quote!(else #other));
    quote! {
        #says
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// What this release does not list.
            #other(String),
        }
        open_enum!(#name { #(#arms),* } #otherwise);
        permissions!(#name of #listed);
    }
}
