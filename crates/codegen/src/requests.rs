//! Request types: a body of fields with a setter for each.

use linode_spec::api::{Field, Record, Ty, TypeId};
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::model::Model;
use crate::rust::{self, Imports, ident};

/// A type that only requests hold, inside other request types.
pub fn nested(
    model: &Model<'_>,
    id: TypeId,
    record: &Record,
    imports: &mut Imports,
) -> TokenStream {
    let def = model.api.get(id);
    let lines = match &def.facts.description {
        Some(description) => docs::prose(description),
        None => vec![format!(
            "{} in requests.",
            docs::sentence(
                &heck::ToSnakeCase::to_snake_case(model.name(id).name.as_str()).replace('_', " ")
            )
            .trim_end_matches('.')
        )],
    };
    body(model, id, record, &lines, imports)
}

/// A request type with its setters.
pub fn body(
    model: &Model<'_>,
    id: TypeId,
    record: &Record,
    lines: &[String],
    imports: &mut Imports,
) -> TokenStream {
    imports.core("Body");
    imports.core("body");
    let names = model.name(id);
    let name = ident(&names.name);
    let docs = docs::attributes(lines);
    let required: Vec<&String> = record
        .fields
        .iter()
        .filter(|f| f.required)
        .map(|f| &f.name)
        .collect();
    let requires = (!required.is_empty()).then(|| quote!(requires [#(#required),*]));
    let fields: Vec<TokenStream> = record
        .fields
        .iter()
        .zip(&names.members)
        .map(|(field, member)| described(model, field, member, imports))
        .collect();
    let setters: Vec<TokenStream> = record
        .fields
        .iter()
        .zip(&names.members)
        .map(|(field, member)| setter(model, field, member, imports))
        .collect();
    let setters = (!setters.is_empty()).then(|| {
        imports.core("Input");
        quote!(impl #name { #(#setters)* })
    });
    quote! {
        #docs
        #[derive(Clone, Default, PartialEq)]
        pub struct #name(Body);
        body!(#name { #(#fields),* } #requires);
        #setters
    }
}

/// A field with its type, in the words of `body!`.
fn described(model: &Model<'_>, field: &Field, member: &str, imports: &mut Imports) -> TokenStream {
    let ty = rust::ty(model, &field.ty, imports);
    let (ident, wire) = (ident(member), &field.name);
    match member == wire && wire.is_ascii() {
        true => quote!(#ident: #ty),
        false => quote!(#ident = #wire: #ty),
    }
}

fn setter(model: &Model<'_>, field: &Field, member: &str, imports: &mut Imports) -> TokenStream {
    let mut notes = Vec::new();
    if field.required {
        notes.push("Required.");
    }
    if field.nullable {
        notes.push("May be `Null`.");
    }
    let docs = docs::attributes(&docs::field(field, &notes));
    let ty = rust::ty(model, &field.ty, imports);
    let (member, wire) = (ident(member), &field.name);
    quote! {
        #docs
        pub fn #member(self, value: impl Into<Input<#ty>>) -> Self {
            self.set(#wire, value)
        }
    }
}

/// A multipart request type: text parts and files.
pub fn multipart(
    model: &Model<'_>,
    id: TypeId,
    record: &Record,
    lines: &[String],
    imports: &mut Imports,
) -> TokenStream {
    imports.core("Multipart");
    let names = model.name(id);
    let name = ident(&names.name);
    let docs = docs::attributes(lines);
    let setters: Vec<TokenStream> = record
        .fields
        .iter()
        .zip(&names.members)
        .map(|(field, member)| part(field, member, imports))
        .collect();
    quote! {
        #docs
        #[derive(Clone, Debug, Default)]
        pub struct #name(pub(crate) Multipart);
        impl #name {
            /// A request without parts.
            pub fn new() -> Self {
                Self::default()
            }
            #(#setters)*
        }
    }
}

fn part(field: &Field, member: &str, imports: &mut Imports) -> TokenStream {
    let notes: &[&str] = if field.required { &["Required."] } else { &[] };
    let docs = docs::attributes(&docs::field(field, notes));
    let (member, wire) = (ident(member), &field.name);
    if field.ty == Ty::File {
        imports.core("Bytes");
        return quote! {
            #docs
            ///
            /// The name is the file's own, without folders; the content is sent as it is.
            pub fn #member(self, name: impl Into<String>, content: impl Into<Bytes>) -> Self {
                Self(self.0.file(#wire, name, "application/octet-stream", content))
            }
        };
    }
    quote! {
        #docs
        pub fn #member(self, value: impl ToString) -> Self {
            Self(self.0.text(#wire, value.to_string()))
        }
    }
}
