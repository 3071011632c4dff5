//! A table that calls every operation by its method, with every setter that it has: what tests over real HTTP run. The catalogue calls the
//! same methods with JSON; this table is the proof of what only Rust can say, the setters.
//!
//! The table is Rust source for a test crate that depends on `linode-sdk` and `linode-core`; it is no part of the generated crate.
//!
//! ```
//! use linode_spec::{api::Api, name::Names};
//! let source = linode_codegen::proof::calls(&Api::default(), &Names::default()).unwrap();
//! assert!(source.contains("pub static CALLS"));
//! ```

use linode_spec::api::{AnswerKind, Api, Content, Facts, Operation, Record, Ty, TypeId, TypeKind};
use linode_spec::name::Names;
use proc_macro2::TokenStream;
use quote::quote;

use crate::format::{self, Malformed};
use crate::groups::is_enum;
use crate::model::{Model, Named};
use crate::rust::ident;

/// Nested values end here; whatever holds itself is left out.
const DEEPEST: usize = 8;

/// The source of the table.
///
/// # Errors
///
/// [`Malformed`] if it is no Rust: a defect of the generator.
///
/// ```
/// use linode_spec::{api::Api, name::Names};
/// assert!(linode_codegen::proof::calls(&Api::default(), &Names::default()).is_ok());
/// ```
pub fn calls(api: &Api, names: &Names) -> Result<String, Malformed> {
    let model = Model::new(api, names);
    let groups = model.groups();
    let rows: Vec<TokenStream> = groups
        .values()
        .flatten()
        .map(|named| row(&model, *named))
        .collect();
    let tokens = quote! {
        #[allow(unused_imports)]
        use linode_sdk::{Bytes, Client, DateTime, Error, Json, Map, NaiveDate, Page, Secret, types::*};
        use std::future::Future;
        use std::pin::Pin;
        /// What a call gives: its answer, encoded again.
        pub type Outcome = Pin<Box<dyn Future<Output = Result<Json, Error>> + Send>>;
        /// One operation.
        pub struct Call {
            /// Method and path, names of parameters left out.
            pub key: &'static str,
            /// Calls it with a value for everything it takes.
            pub run: fn(&Client) -> Outcome,
        }
        /// Every operation.
        pub static CALLS: &[Call] = &[#(#rows),*];
    };
    format::rust("calls.rs", tokens)
}

fn row(model: &Model<'_>, named: Named<'_>) -> TokenStream {
    let key = named.operation.key();
    let call = call(model, named);
    let answer = &named.operation.answer;
    let encoded = match &answer.kind {
        AnswerKind::Nothing => quote!({
            let () = answer;
            Json::Null
        }),
        AnswerKind::Bytes => quote!(Json::from(answer.to_vec())),
        _ => quote!(linode_core::json_of(&answer)),
    };
    quote!(Call {
        key: #key,
        run: |client| {
            let call = #call;
            Box::pin(async move {
                let answer = call.await?;
                Ok(#encoded)
            })
        }
    })
}

fn call(model: &Model<'_>, named: Named<'_>) -> TokenStream {
    let Named {
        operation, name, ..
    } = named;
    let (group, method) = (ident(&name.group), ident(&name.method));
    let values = Values {
        model,
        open: Vec::new(),
    };
    let mut arguments: Vec<TokenStream> = operation
        .path_parameters()
        .map(|p| values.argument(&p.ty, &p.facts))
        .collect();
    arguments.extend(body(&values, named));
    let setters = operation
        .query_parameters()
        .zip(&name.setters)
        .map(|(p, setter)| {
            let (setter, value) = (ident(setter), values.query(&p.ty, &p.facts));
            quote!(.#setter(#value))
        });
    let setters: Vec<TokenStream> = setters.collect();
    let paged = operation.answer.list().map(|_| quote!(.page_size(100)));
    quote!(client.#group().#method(#(#arguments),*) #(#setters)* #paged)
}

fn body(values: &Values<'_>, named: Named<'_>) -> Option<TokenStream> {
    let operation: &Operation = named.operation;
    let (group, ty) = (ident(&named.name.group), ident(&named.name.ty));
    let new = quote!(linode_sdk::#group::#ty::new());
    Some(match &operation.body.as_ref()?.content {
        Content::Fields(id) => values.built(new, *id),
        Content::Multipart(id) => values.parts(new, *id),
        Content::Json(ty) => values.clone().value(ty, &Facts::default())?,
        Content::Bytes => quote!(Bytes::from_static(b"bytes of a file")),
    })
}

/// Makes values of types.
#[derive(Clone)]
struct Values<'a> {
    model: &'a Model<'a>,
    open: Vec<TypeId>,
}

impl Values<'_> {
    /// A path parameter's argument.
    fn argument(&self, ty: &Ty, facts: &Facts) -> TokenStream {
        match ty {
            Ty::Integer | Ty::Number | Ty::Boolean => {
                self.clone().value(ty, facts).unwrap_or_default()
            }
            Ty::Named(id) if matches!(self.model.api.get(*id).kind, TypeKind::Enum(_)) => {
                self.clone().value(ty, facts).unwrap_or_default()
            }
            _ => {
                let text = text(facts);
                quote!(#text)
            }
        }
    }

    fn query(&self, ty: &Ty, facts: &Facts) -> TokenStream {
        match ty {
            Ty::DateTime | Ty::Date => self.clone().value(ty, facts).unwrap_or_default(),
            Ty::List(item) if !matches!(**item, Ty::List(_)) => {
                let item = self.query(item, &Facts::default());
                quote!([#item])
            }
            Ty::List(_) => quote!([Json::from("text")]),
            Ty::Map(_) | Ty::Json => quote!(Json::from("text")),
            Ty::Named(_) if !is_enum(self.model, ty) => quote!(Json::from("text")),
            _ => self.argument(ty, facts),
        }
    }

    /// A request with every field set.
    fn built(&self, new: TokenStream, id: TypeId) -> TokenStream {
        let Some(record) = self.model.record(id) else {
            return new;
        };
        let setters = self.setters(id, record);
        quote!(#new #(#setters)*)
    }

    fn setters(&self, id: TypeId, record: &Record) -> Vec<TokenStream> {
        let mut inner = self.clone();
        inner.open.push(id);
        let fields = record.fields.iter().zip(&self.model.name(id).members);
        // What answers hold as well has no setter for what the API alone sets.
        let answered = self.model.api.get(id).in_answers;
        fields
            .filter(|(field, _)| !(answered && field.read_only))
            .filter_map(|(field, member)| {
                let (value, member) =
                    (inner.clone().value(&field.ty, &field.facts)?, ident(member));
                Some(quote!(.#member(#value)))
            })
            .collect()
    }

    fn parts(&self, new: TokenStream, id: TypeId) -> TokenStream {
        let Some(record) = self.model.record(id) else {
            return new;
        };
        let parts =
            record
                .fields
                .iter()
                .zip(&self.model.name(id).members)
                .map(|(field, member)| {
                    let member = ident(member);
                    match field.ty.element() {
                        Ty::File => {
                            quote!(.#member("file.txt", Bytes::from_static(b"bytes of a file")))
                        }
                        _ => quote!(.#member("text")),
                    }
                });
        quote!(#new #(#parts)*)
    }

    /// A value of the type; nothing where the type holds itself.
    fn value(mut self, ty: &Ty, facts: &Facts) -> Option<TokenStream> {
        Some(match ty {
            Ty::String => {
                let text = text(facts);
                quote!(#text.to_owned())
            }
            Ty::Secret => {
                let text = text(facts);
                quote!(Secret::from(#text))
            }
            Ty::Integer => {
                let number = number(facts) as i64;
                quote!(#number)
            }
            Ty::Number => {
                let number = number(facts);
                quote!(#number)
            }
            Ty::Boolean => quote!(true),
            Ty::DateTime => quote!(
                "2018-01-02T03:04:05Z"
                    .parse::<DateTime>()
                    .unwrap_or_default()
            ),
            Ty::Date => quote!("2018-01-02".parse::<NaiveDate>().unwrap_or_default()),
            Ty::File => quote!(Bytes::from_static(b"bytes of a file")),
            Ty::Json => quote!(Json::from("text")),
            Ty::Map(inner) => {
                let value = self.value(inner, &Facts::default())?;
                quote!(Map::from([("key".to_owned(), #value)]))
            }
            Ty::List(inner) => {
                let value = self.value(inner, &Facts::default())?;
                quote!(vec![#value])
            }
            Ty::Named(id) => {
                if self.open.contains(id) || self.open.len() > DEEPEST {
                    return None;
                }
                self.open.push(*id);
                self.named(*id)?
            }
        })
    }

    fn named(&self, id: TypeId) -> Option<TokenStream> {
        let names = self.model.name(id);
        let name = ident(&names.name);
        Some(match &self.model.api.get(id).kind {
            TypeKind::Record(_) => self.built(quote!(#name::new()), id),
            TypeKind::Enum(of) => {
                let first = of.values.first()?;
                if of.integers {
                    let number: i64 = first.parse().ok()?;
                    quote!(#name::from(#number))
                } else {
                    quote!(#name::from(#first))
                }
            }
            TypeKind::Union(union) => {
                let (branch, member) = (union.branches.first()?, ident(names.members.first()?));
                let value = self.clone().value(&branch.ty, &Facts::default())?;
                let value = if self.model.rings.boxes(self.model.api, id, &branch.ty) {
                    quote!(Box::new(#value))
                } else {
                    value
                };
                quote!(#name::#member(#value))
            }
        })
    }
}

/// A text within its bounds.
fn text(facts: &Facts) -> String {
    let bound = |key: &str| facts.bounds.get(key).and_then(|v| v.parse::<usize>().ok());
    let least = bound("minLength").unwrap_or(0).min(1000);
    let most = bound("maxLength").unwrap_or(usize::MAX);
    let mut text = "text".repeat(least / 4 + 1);
    text.truncate(most.min(least.max(4)));
    text
}

/// A number within its bounds.
fn number(facts: &Facts) -> f64 {
    let bound = |key: &str| facts.bounds.get(key).and_then(|v| v.parse::<f64>().ok());
    let least = bound("minimum").unwrap_or(1.0);
    bound("maximum").map_or(least, |most| least.min(most))
}
