//! Identifiers and types as tokens.

use std::collections::BTreeSet;

use linode_spec::api::{Ty, TypeId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::Model;

/// An identifier, raw where its name says so.
pub fn ident(name: &str) -> Ident {
    match name.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name, Span::call_site()),
    }
}

/// Collects what a module has to import.
#[derive(Default)]
pub struct Imports {
    core: BTreeSet<&'static str>,
    types: BTreeSet<String>,
}

impl Imports {
    /// Something of `linode_core`.
    pub fn core(&mut self, name: &'static str) {
        self.core.insert(name);
    }

    /// One of the crate's types.
    pub fn ty(&mut self, name: &str) {
        self.types.insert(name.to_owned());
    }

    /// The `use` items; types that the module has itself are left out.
    pub fn tokens(&self, own: &BTreeSet<String>) -> TokenStream {
        let core: Vec<Ident> = self.core.iter().map(|name| ident(name)).collect();
        let types: Vec<Ident> = self.types.difference(own).map(|name| ident(name)).collect();
        let core = (!core.is_empty()).then(|| quote!(use linode_core::{#(#core),*};));
        let types = (!types.is_empty()).then(|| quote!(use crate::types::{#(#types),*};));
        quote!(#types #core)
    }
}

/// The Rust type of a value.
pub fn ty(model: &Model<'_>, ty: &Ty, imports: &mut Imports) -> TokenStream {
    let core = |name: &'static str, imports: &mut Imports| {
        imports.core(name);
        let name = ident(name);
        quote!(#name)
    };
    match ty {
        Ty::String => quote!(String),
        Ty::Secret => core("Secret", imports),
        Ty::Integer => quote!(i64),
        Ty::Number => quote!(f64),
        Ty::Boolean => quote!(bool),
        Ty::DateTime => core("DateTime", imports),
        Ty::Date => core("NaiveDate", imports),
        Ty::File => core("Bytes", imports),
        Ty::Json => core("Json", imports),
        Ty::Map(inner) => {
            imports.core("Map");
            match **inner {
                Ty::Json => quote!(Map),
                _ => {
                    let inner = self::ty(model, inner, imports);
                    quote!(Map<#inner>)
                }
            }
        }
        Ty::List(inner) => {
            let inner = self::ty(model, inner, imports);
            quote!(Vec<#inner>)
        }
        Ty::Named(id) => named(model, *id, imports),
    }
}

/// The name of a type.
pub fn named(model: &Model<'_>, id: TypeId, imports: &mut Imports) -> TokenStream {
    let name = &model.name(id).name;
    imports.ty(name);
    let name = ident(name);
    quote!(#name)
}
