//! Records, enums and unions: a module per resource.

use std::collections::{BTreeMap, BTreeSet};

use linode_spec::api::{Enum, Field, Record, Tag, Ty, TypeDef, TypeId, TypeKind, Union};
use linode_spec::name::CATCH_ALL;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::model::Model;
use crate::rust::{self, Imports, ident};
use crate::{docs, filters, requests};

/// `src/types.rs` and the modules below it.
pub fn files(model: &Model<'_>) -> BTreeMap<String, TokenStream> {
    let modules = model.modules();
    let mut files = BTreeMap::new();
    let names: Vec<_> = modules.keys().map(|name| ident(name)).collect();
    files.insert(
        "src/types.rs".to_owned(),
        quote! {
            //! What answers hold, and what requests hold besides their own fields.
            //!
            //! Enums are open: a value that this release does not list is kept as text. Records take new fields without a break, and `Debug` masks secrets.
            #(mod #names;)*
            #(pub use self::#names::*;)*
        },
    );
    for (name, types) in &modules {
        files.insert(format!("src/types/{name}.rs"), module(model, types));
    }
    files
}

fn module(model: &Model<'_>, types: &[TypeId]) -> TokenStream {
    let mut imports = Imports::default();
    let own: BTreeSet<String> = types
        .iter()
        .map(|id| model.name(*id).name.clone())
        .collect();
    let items: Vec<TokenStream> = types
        .iter()
        .map(|id| item(model, *id, &mut imports))
        .collect();
    let imports = imports.tokens(&own);
    quote!(#imports #(#items)*)
}

fn item(model: &Model<'_>, id: TypeId, imports: &mut Imports) -> TokenStream {
    let def = model.api.get(id);
    match &def.kind {
        TypeKind::Record(record) if def.in_answers => self::record(model, id, record, imports),
        TypeKind::Record(record) => requests::nested(model, id, record, imports),
        TypeKind::Enum(of) => enumeration(model, id, of, imports),
        TypeKind::Union(union) => self::union(model, id, union, imports),
    }
}

/// Prose of the type, else where it comes from.
fn type_docs(def: &TypeDef, sentence: &str) -> TokenStream {
    let lines = match &def.facts.description {
        Some(description) => docs::prose(description),
        None => docs::wrap(sentence, ""),
    };
    docs::attributes(&lines)
}

/// Where a type is at home, in words.
fn origin(def: &TypeDef) -> String {
    let position = def.home().unwrap_or_default();
    let end = position
        .rmatch_indices(' ')
        .next()
        .map_or(position.len(), |(at, _)| at);
    docs::code(&position[..end])
}

fn record(model: &Model<'_>, id: TypeId, record: &Record, imports: &mut Imports) -> TokenStream {
    let def = model.api.get(id);
    let names = model.name(id);
    let name = ident(&names.name);
    let sends = def.in_requests;
    let filter = model
        .domains
        .item_lists(model.api)
        .get(&id)
        .map(|list| filters::constants(model, &quote!(#name), &list.filters, imports));
    let filterable: BTreeSet<&str> = model
        .domains
        .item_lists(model.api)
        .get(&id)
        .map(|list| list.filters.iter().map(|f| f.key.as_str()).collect())
        .unwrap_or_default();
    let fields = record
        .fields
        .iter()
        .zip(&names.members)
        .map(|(field, member)| {
            let docs = docs::attributes(&docs::field(
                field,
                &field_notes(field, filterable.contains(field.name.as_str())),
            ));
            let ty = field_type(model, id, field, imports);
            let member = ident(member);
            quote!(#docs pub #member: #ty)
        });
    let fields: Vec<TokenStream> = fields.collect();
    let sentence = match def.in_requests {
        true => format!(
            "{}, as {} answers it and requests take it.",
            words(&names.name),
            origin(def)
        ),
        false => format!("{}, as {} answers it.", words(&names.name), origin(def)),
    };
    let docs = type_docs(def, &sentence);
    let sent = sends.then(|| {
        imports.core("Sent");
        quote!(sent: Sent)
    });
    let table = table(model, id, record, sends);
    let setters = sends.then(|| setters(model, id, record, imports));
    imports.core("record");
    let constants = filter.map(|constants| quote!(impl #name { #constants }));
    quote! {
        #docs
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name { #(#fields,)* #sent }
        #table
        #constants
        #setters
    }
}

fn words(name: &str) -> String {
    docs::sentence(&heck::ToSnakeCase::to_snake_case(name).replace('_', " "))
        .trim_end_matches('.')
        .to_owned()
}

fn field_notes(field: &Field, filterable: bool) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if field.read_only {
        notes.push("Read-only.");
    }
    if filterable {
        notes.push("Filterable.");
    }
    notes
}

/// The type of a field of an answer: plain where it is always there.
pub fn field_type(
    model: &Model<'_>,
    holder: TypeId,
    field: &Field,
    imports: &mut Imports,
) -> TokenStream {
    let plain = rust::ty(model, &field.ty, imports);
    match (model.rings.holds(holder, &field.ty), field.always) {
        (true, _) => quote!(Option<Box<#plain>>),
        (false, true) => plain,
        (false, false) => quote!(Option<#plain>),
    }
}

/// The `record!` table.
fn table(model: &Model<'_>, id: TypeId, record: &Record, sends: bool) -> TokenStream {
    let names = model.name(id);
    let name = ident(&names.name);
    let fields = record
        .fields
        .iter()
        .zip(&names.members)
        .map(|(field, member)| {
            let ident = ident(member);
            let wire = &field.name;
            // The compiler normalises identifiers; a name on the wire is left as it is.
            if member == wire && wire.is_ascii() {
                quote!(#ident)
            } else {
                quote!(#ident = #wire)
            }
        });
    let fields: Vec<TokenStream> = fields.collect();
    let unions = unions_of(model, record, &names.members);
    let with = (!unions.is_empty()).then(|| quote!(with #(#unions),*));
    if !sends {
        return quote!(record!(#name { #(#fields),* } #with););
    }
    let required: Vec<&String> = record
        .fields
        .iter()
        .filter(|f| f.required)
        .map(|f| &f.name)
        .collect();
    let requires = (!required.is_empty()).then(|| quote!(requires [#(#required),*]));
    quote!(record!(#name sends { #(#fields),* } #requires #with);)
}

/// `data by kind` for each union whose tag stands beside it.
fn unions_of(model: &Model<'_>, record: &Record, members: &[String]) -> Vec<TokenStream> {
    let member = |wire: &str| {
        record
            .fields
            .iter()
            .position(|f| f.name == wire)
            .map(|i| ident(&members[i]))
    };
    let told = record
        .fields
        .iter()
        .zip(members)
        .filter_map(|(field, name)| {
            let Ty::Named(id) = &field.ty else {
                return None;
            };
            let TypeKind::Union(Union {
                tag: Tag::Beside(tag),
                ..
            }) = &model.api.get(*id).kind
            else {
                return None;
            };
            let (union, tag) = (ident(name), member(tag)?);
            Some(quote!(#union by #tag))
        });
    told.collect()
}

/// Setters of a record that requests hold as well.
fn setters(model: &Model<'_>, id: TypeId, record: &Record, imports: &mut Imports) -> TokenStream {
    imports.core("Input");
    let names = model.name(id);
    let name = ident(&names.name);
    let setters = record
        .fields
        .iter()
        .zip(&names.members)
        .enumerate()
        .filter(|(_, (field, _))| !field.read_only)
        .map(|(i, (field, member))| {
            let doc = docs::attributes(&[format!("Sets {}.", docs::code(&field.name))]);
            let ty = rust::ty(model, &field.ty, imports);
            let member = ident(member);
            let index = Literal::usize_unsuffixed(i);
            quote! {
                #doc
                pub fn #member(mut self, value: impl Into<Input<#ty>>) -> Self {
                    self.sent.put(#index, &mut self.#member, value);
                    self
                }
            }
        });
    let setters: Vec<TokenStream> = setters.collect();
    quote!(impl #name { #(#setters)* })
}

fn enumeration(model: &Model<'_>, id: TypeId, of: &Enum, imports: &mut Imports) -> TokenStream {
    let def = model.api.get(id);
    let names = model.name(id);
    let (name, other) = (ident(&names.name), ident(CATCH_ALL));
    let docs = type_docs(
        def,
        &format!("{}, as {} has it.", words(&names.name), origin(def)),
    );
    let variants: Vec<TokenStream> = of
        .values
        .iter()
        .zip(&names.members)
        .map(|(value, member)| {
            let doc = docs::attributes(&[format!("{}.", docs::code(value))]);
            let member = ident(member);
            quote!(#doc #member)
        })
        .collect();
    let arms: Vec<TokenStream> = of
        .values
        .iter()
        .zip(&names.members)
        .map(|(value, member)| {
            let member = ident(member);
            let literal = if of.integers {
                integer(value)
            } else {
                quote!(#value)
            };
            quote!(#member = #literal)
        })
        .collect();
    let (macro_name, payload) = if of.integers {
        ("open_int_enum", quote!(i64))
    } else {
        ("open_enum", quote!(String))
    };
    imports.core(macro_name);
    let macro_name = ident(macro_name);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value that this release does not list.
            #other(#payload),
        }
        #macro_name!(#name { #(#arms),* });
    }
}

/// The literal of an integer; its sign is a token of its own.
fn integer(value: &str) -> TokenStream {
    value.parse().unwrap_or_else(|_| quote!(0))
}

fn union(model: &Model<'_>, id: TypeId, union: &Union, imports: &mut Imports) -> TokenStream {
    let def = model.api.get(id);
    let names = model.name(id);
    let (name, other) = (ident(&names.name), ident(CATCH_ALL));
    imports.core("Json");
    imports.core("union");
    let told = match &union.tag {
        Tag::Beside(tag) => format!("the field {} beside it tells which", docs::code(tag)),
        Tag::Inside(tag) => format!("its field {} tells which", docs::code(tag)),
        Tag::Kind => "the kind of JSON tells which".to_owned(),
    };
    let docs = type_docs(
        def,
        &format!("{}, as {} has it: {told}.", words(&names.name), origin(def)),
    );
    let branches: Vec<(TokenStream, &String, &String, String)> = union
        .branches
        .iter()
        .zip(&names.members)
        .map(|(branch, member)| {
            let ty = rust::ty(model, &branch.ty, imports);
            let boxed = model.rings.boxes(model.api, id, &branch.ty);
            let ty = if boxed { quote!(Box<#ty>) } else { ty };
            (
                ty,
                member,
                &branch.tag,
                format!("{}.", docs::code(&branch.label)),
            )
        })
        .collect();
    let variants = branches.iter().map(|(ty, member, _, doc)| {
        let (doc, member) = (docs::attributes(&[doc]), ident(member));
        quote!(#doc #member(#ty))
    });
    let variants: Vec<TokenStream> = variants.collect();
    let arms: Vec<TokenStream> = branches
        .iter()
        .map(|(_, member, tag, _)| {
            let member = ident(member);
            quote!(#member = #tag)
        })
        .collect();
    let by = match &union.tag {
        Tag::Beside(_) => quote!(parent),
        Tag::Inside(tag) => quote!(#tag),
        Tag::Kind => quote!(kind),
    };
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A kind that this release does not list, as JSON.
            #other(Json),
        }
        union!(#name { #(#arms),* } by #by);
    }
}
