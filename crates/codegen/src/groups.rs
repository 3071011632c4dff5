//! Operations: a module per group, a method and a type for each.

use std::collections::{BTreeMap, BTreeSet};

use linode_spec::api::{Answer, AnswerKind, Body, Content, Operation, Parameter, Ty};
use linode_spec::surface::Domain;
use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Model, Named};
use crate::rust::{self, Imports, ident};
use crate::{docs, filters, requests};

/// Per group: the module with its methods and operations, and one with its request types.
pub fn files(model: &Model<'_>) -> BTreeMap<String, TokenStream> {
    let mut files = BTreeMap::new();
    for (group, operations) in model.groups() {
        let requests = request_types(model, &operations);
        files.insert(
            format!("src/{group}.rs"),
            module(model, group, &operations, requests.is_some()),
        );
        if let Some(requests) = requests {
            files.insert(format!("src/{group}/requests.rs"), requests);
        }
        files.insert(
            format!("src/{group}/operations.rs"),
            operation_types(model, &operations),
        );
    }
    files
}

fn module(
    model: &Model<'_>,
    group: &str,
    operations: &[Named<'_>],
    has_requests: bool,
) -> TokenStream {
    let mut imports = Imports::default();
    imports.core("Request");
    imports.core("Endpoint");
    let methods: Vec<TokenStream> = operations
        .iter()
        .map(|named| method(model, *named, &mut imports))
        .collect();
    let calls = operations
        .iter()
        .any(|n| n.operation.answer.list().is_none())
        .then(|| quote!(Call));
    let lists = operations
        .iter()
        .any(|n| n.operation.answer.list().is_some())
        .then(|| quote!(List));
    let used: Vec<TokenStream> = calls.into_iter().chain(lists).collect();
    let imports = imports.tokens(&BTreeSet::new());
    let requests = has_requests.then(|| {
        quote!(
            mod requests;
            pub use self::requests::*;
        )
    });
    let declares = operations.iter().any(|n| declares_types(model, n));
    let own = declares.then(|| {
        quote!(
            pub use self::operations::*;
        )
    });
    let title = format!(" Operations below {}.", docs::code(&below(operations)));
    let handle = format!(" What [`Client::{group}`] leads to.");
    quote! {
        #![doc = #title]
        #imports
        use crate::{Client, #(#used),*};
        mod operations;
        #requests
        #own
        #[doc = #handle]
        #[derive(Clone, Copy, Debug)]
        pub struct Api<'a>(pub(crate) &'a Client);
        impl Api<'_> { #(#methods)* }
    }
}

/// What the URLs of a group's operations begin with.
pub fn below(operations: &[Named<'_>]) -> String {
    let first = operations
        .first()
        .and_then(|named| named.operation.path.split('/').nth(1));
    format!(
        "/{}",
        first
            .filter(|segment| !segment.contains('{'))
            .unwrap_or_default()
    )
}

/// Whether the operation has a type besides its request type.
fn declares_types(model: &Model<'_>, named: &Named<'_>) -> bool {
    !has_request_type(named.operation)
        || matches!(model.domains.0.get(&named.index), Some(Domain::Own(_)))
}

fn method(model: &Model<'_>, named: Named<'_>, imports: &mut Imports) -> TokenStream {
    let Named {
        operation, name, ..
    } = named;
    let docs = docs::attributes(&docs::operation(operation));
    let aliases = docs::aliases(operation, &name.method);
    let aliases = (!aliases.is_empty()).then(|| quote!(#[doc(alias(#(#aliases),*))]));
    let deprecated = operation
        .deprecated
        .then(|| quote!(#[deprecated = "the API document calls this operation deprecated"]));
    let (method, ty) = (ident(&name.method), ident(&name.ty));
    let call = if operation.answer.list().is_some() {
        quote!(List)
    } else {
        quote!(Call)
    };
    let mut arguments = Vec::new();
    let mut request = quote!(Request::new(&self.0.0, #ty::OPERATION));
    for (parameter, argument) in operation.path_parameters().zip(&name.arguments) {
        let argument = ident(argument);
        let ty = argument_type(model, parameter, imports);
        arguments.push(quote!(#argument: #ty));
        request = quote!(#request.path(#argument));
    }
    if let Some(body) = &operation.body {
        let (argument, sent) = sent_body(model, &ty, body, imports);
        arguments.push(argument);
        request = quote!(#request #sent);
    }
    quote! {
        #docs
        #aliases
        #deprecated
        pub fn #method(&self, #(#arguments),*) -> #call<#ty> {
            #call::new(#request)
        }
    }
}

fn argument_type(model: &Model<'_>, parameter: &Parameter, imports: &mut Imports) -> TokenStream {
    match &parameter.ty {
        Ty::Integer => quote!(i64),
        Ty::Number => quote!(f64),
        Ty::Boolean => quote!(bool),
        Ty::Named(_) if is_enum(model, &parameter.ty) => rust::ty(model, &parameter.ty, imports),
        _ => quote!(&str),
    }
}

/// Whether values of the type are those of an enum.
pub fn is_enum(model: &Model<'_>, ty: &Ty) -> bool {
    ty.named()
        .is_some_and(|id| matches!(model.api.get(id).kind, linode_spec::api::TypeKind::Enum(_)))
}

/// The argument for the body and the step that puts it into the request.
fn sent_body(
    model: &Model<'_>,
    name: &proc_macro2::Ident,
    body: &Body,
    imports: &mut Imports,
) -> (TokenStream, TokenStream) {
    match &body.content {
        Content::Fields(id) => {
            let demands = body.required
                || model
                    .record(*id)
                    .is_some_and(|r| r.fields.iter().any(|f| f.required));
            let step = if demands {
                quote!(.body(body))
            } else {
                quote!(.optional_body(body))
            };
            (quote!(body: #name), step)
        }
        Content::Json(ty) => {
            let ty = rust::ty(model, ty, imports);
            (quote!(body: #ty), quote!(.body(body)))
        }
        Content::Bytes => {
            imports.core("Bytes");
            let media_type = &body.media_type;
            (
                quote!(body: impl Into<Bytes>),
                quote!(.bytes(#media_type, body)),
            )
        }
        Content::Multipart(id) => {
            let fields = model
                .record(*id)
                .map(|r| r.fields.as_slice())
                .unwrap_or_default();
            let required: Vec<&String> = fields
                .iter()
                .filter(|f| f.required)
                .map(|f| &f.name)
                .collect();
            let demand = (!required.is_empty()).then(|| quote!(.requires(&[#(#required),*])));
            (quote!(body: #name), quote!(.multipart(body.0 #demand)))
        }
    }
}

fn request_types(model: &Model<'_>, operations: &[Named<'_>]) -> Option<TokenStream> {
    let mut imports = Imports::default();
    let types: Vec<TokenStream> = operations
        .iter()
        .filter_map(|named| request_type(model, *named, &mut imports))
        .collect();
    let imports = imports.tokens(&BTreeSet::new());
    (!types.is_empty()).then(|| quote!(#imports #(#types)*))
}

fn request_type(model: &Model<'_>, named: Named<'_>, imports: &mut Imports) -> Option<TokenStream> {
    let operation = named.operation;
    let (id, parts) = match operation.body.as_ref()?.content {
        Content::Fields(id) => (id, false),
        Content::Multipart(id) => (id, true),
        _ => return None,
    };
    let record = model.record(id)?;
    let group = &named.name.group;
    let method = named.name.method.trim_start_matches("r#");
    let mut lines = docs::wrap(
        &format!(
            "The body of [`{method}`](crate::{group}::Api::{method}): `{} {}`.",
            operation.method, operation.path
        ),
        "",
    );
    if let Some(description) = &model.api.get(id).facts.description {
        lines.push(String::new());
        lines.extend(docs::prose(description));
    }
    Some(if parts {
        requests::multipart(model, id, record, &lines, imports)
    } else {
        requests::body(model, id, record, &lines, imports)
    })
}

/// The types that stand for the operations, with what each of them is.
fn operation_types(model: &Model<'_>, operations: &[Named<'_>]) -> TokenStream {
    let mut imports = Imports::default();
    let types: Vec<TokenStream> = operations
        .iter()
        .map(|named| operation_type(model, *named, &mut imports))
        .collect();
    let own: BTreeSet<String> = BTreeSet::new();
    let imports = imports.tokens(&own);
    let bodies: Vec<_> = operations
        .iter()
        .filter(|n| has_request_type(n.operation))
        .map(|n| ident(&n.name.ty))
        .collect();
    let bodies = (!bodies.is_empty()).then(|| quote!(use super::requests::{#(#bodies),*};));
    let setter_calls = operations
        .iter()
        .any(|n| {
            n.operation.answer.list().is_none() && n.operation.query_parameters().next().is_some()
        })
        .then(|| {
            quote!(
                use crate::Call;
            )
        });
    let setter_lists = operations
        .iter()
        .any(|n| {
            n.operation.answer.list().is_some() && n.operation.query_parameters().next().is_some()
        })
        .then(|| {
            quote!(
                use crate::List;
            )
        });
    quote!(#imports #bodies #setter_calls #setter_lists #(#types)*)
}

/// Whether the operation's type is its request type.
fn has_request_type(operation: &Operation) -> bool {
    operation
        .body
        .as_ref()
        .is_some_and(|b| matches!(b.content, Content::Fields(_) | Content::Multipart(_)))
}

fn operation_type(model: &Model<'_>, named: Named<'_>, imports: &mut Imports) -> TokenStream {
    let Named {
        index,
        operation,
        name,
    } = named;
    let ty = ident(&name.ty);
    let method = ident(&name.method);
    // A request type stands for its operation; any other operation has a type of its own.
    let ty_declared = match has_request_type(operation) {
        true => quote!(#ty),
        false => quote!(pub #ty of #method),
    };
    let http = ident(&operation.method.to_string());
    let path = &operation.path;
    let facts = facts(operation);
    let table = match &operation.answer.kind {
        AnswerKind::Page(list) => {
            imports.core("listing");
            let item = rust::ty(model, &list.item, imports);
            let domain = domain(model, index, imports).map(|domain| quote!(filter #domain,));
            quote!(listing!(#ty_declared -> #item, #domain #http #path #(, #facts)*);)
        }
        _ => {
            imports.core("operation");
            let answer = answer_type(model, &operation.answer, imports);
            quote!(operation!(#ty_declared -> #answer, #http #path #(, #facts)*);)
        }
    };
    let own_domain = own_domain(model, index, operation, imports);
    let setters = query_setters(model, named, imports);
    quote!(#table #own_domain #setters)
}

fn domain(model: &Model<'_>, index: usize, imports: &mut Imports) -> Option<TokenStream> {
    match model.domains.0.get(&index)? {
        Domain::Item(id) => Some(rust::named(model, *id, imports)),
        Domain::Own(name) => {
            let name = ident(name);
            Some(quote!(#name))
        }
    }
}

/// The filters of a list that marks fewer fields than others of its item type.
fn own_domain(
    model: &Model<'_>,
    index: usize,
    operation: &Operation,
    imports: &mut Imports,
) -> Option<TokenStream> {
    let Domain::Own(name) = model.domains.0.get(&index)? else {
        return None;
    };
    let name = ident(name);
    let list = operation.answer.list()?;
    let constants = filters::constants(model, &quote!(#name), &list.filters, imports);
    let doc = format!(
        " What `{} {}` can be filtered by.",
        operation.method, operation.path
    );
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        pub struct #name;
        impl #name { #constants }
    })
}

pub fn answer_type(model: &Model<'_>, answer: &Answer, imports: &mut Imports) -> TokenStream {
    let ty = match &answer.kind {
        AnswerKind::Nothing => return quote!(()),
        AnswerKind::Bytes => {
            imports.core("Bytes");
            return quote!(Bytes);
        }
        AnswerKind::Value(ty) => rust::ty(model, ty, imports),
        AnswerKind::Page(list) => {
            imports.core("Page");
            let item = rust::ty(model, &list.item, imports);
            quote!(Page<#item>)
        }
    };
    if answer.optional {
        quote!(Option<#ty>)
    } else {
        ty
    }
}

/// Id, scopes, versions and media types, where they are not what every operation has.
fn facts(operation: &Operation) -> Vec<TokenStream> {
    let mut facts = Vec::new();
    if let Some(id) = &operation.id {
        facts.push(quote!(#id));
    }
    if operation.public {
        facts.push(quote!(public));
    } else if !operation.scopes.is_empty() {
        let scopes = &operation.scopes;
        facts.push(quote!(scopes [#(#scopes),*]));
    }
    if let Some(grant) = &operation.grant {
        facts.push(quote!(grants [#grant]));
    }
    if operation.versions != ["v4"] {
        let versions = &operation.versions;
        facts.push(quote!(versions [#(#versions),*]));
    }
    let required: Vec<&String> = operation
        .query_parameters()
        .filter(|p| p.required)
        .map(|p| &p.name)
        .collect();
    if !required.is_empty() {
        facts.push(quote!(requires [#(#required),*]));
    }
    let sends = operation
        .body
        .as_ref()
        .map(|b| b.media_type.as_str())
        .filter(|m| *m != "application/json");
    if let Some(media_type) = sends {
        facts.push(quote!(sends #media_type));
    }
    if operation.answer.kind == AnswerKind::Bytes
        && let Some(media_type) = &operation.answer.media_type
    {
        facts.push(quote!(answers #media_type));
    }
    facts
}

/// Query parameters are setters of the call.
fn query_setters(
    model: &Model<'_>,
    named: Named<'_>,
    imports: &mut Imports,
) -> Option<TokenStream> {
    let Named {
        operation, name, ..
    } = named;
    let setters: Vec<TokenStream> = operation
        .query_parameters()
        .zip(&name.setters)
        .map(|(p, setter)| query_setter(model, p, setter, imports))
        .collect();
    if setters.is_empty() {
        return None;
    }
    let ty = ident(&name.ty);
    let call = if operation.answer.list().is_some() {
        quote!(List)
    } else {
        quote!(Call)
    };
    Some(quote!(impl #call<#ty> { #(#setters)* }))
}

fn query_setter(
    model: &Model<'_>,
    parameter: &Parameter,
    setter: &str,
    imports: &mut Imports,
) -> TokenStream {
    let mut notes = docs::facts_of(&parameter.facts);
    if parameter.required {
        notes.push("Required.".to_owned());
    }
    if parameter.deprecated {
        notes.push("Deprecated.".to_owned());
    }
    let docs = docs::attributes(&docs::described(&parameter.name, &parameter.facts, &notes));
    let (setter, wire) = (ident(setter), &parameter.name);
    let ty = match &parameter.ty {
        Ty::String | Ty::Secret => quote!(&str),
        Ty::List(_) | Ty::Map(_) | Ty::Json => {
            imports.core("Json");
            quote!(Json)
        }
        Ty::Named(_) if !is_enum(model, &parameter.ty) => {
            imports.core("Json");
            quote!(Json)
        }
        Ty::DateTime => {
            imports.core("DateTime");
            quote!(DateTime)
        }
        ty => rust::ty(model, ty, imports),
    };
    let value = match &parameter.ty {
        Ty::DateTime => quote!(value.format("%Y-%m-%dT%H:%M:%S")),
        _ => quote!(value),
    };
    quote! {
        #docs
        pub fn #setter(self, value: #ty) -> Self {
            self.query(#wire, #value)
        }
    }
}
