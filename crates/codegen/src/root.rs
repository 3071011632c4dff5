//! `src/lib.rs`, the client with its groups, and the calls.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Model, Named};
use crate::rust::ident;
use crate::{docs, events, groups, uploads};

/// Files that are the same for every document.
pub fn templates() -> [(&'static str, &'static str); 2] {
    [
        ("src/call.rs", include_str!("templates/call.rs")),
        ("src/list.rs", include_str!("templates/list.rs")),
    ]
}

/// Files that know the document's groups.
pub fn files(model: &Model<'_>) -> BTreeMap<String, TokenStream> {
    BTreeMap::from([
        ("src/lib.rs".to_owned(), library(model)),
        ("src/client.rs".to_owned(), client(model)),
    ])
}

fn library(model: &Model<'_>) -> TokenStream {
    let groups: Vec<_> = model.groups().into_keys().map(ident).collect();
    let release = &model.api.release;
    let title = format!("A typed client of the Linode API, release {release}.");
    let mut lines = vec![
        title,
        String::new(),
        "Operations are grouped as their URLs are: `/linode/instances/{linodeId}/disks` is".to_owned(),
        "`client.linode().list_instance_disks(linode_id)`. A method gives a [`Call`] or a [`List`]: a value that can be".to_owned(),
        "awaited, sent for its metadata, or turned into an HTTP request.".to_owned(),
    ];
    lines.extend(example(model));
    let docs = lines.iter().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    let foreign = has_foreign_names(model).then(|| quote!(#![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints, reason = "names of the document")]));
    let answers = || {
        model
            .api
            .operations
            .iter()
            .map(|o| o.answer.list().is_some())
    };
    let (call, list) = (
        unless_used(answers().any(|list| !list)),
        unless_used(answers().any(|list| list)),
    );
    quote! {
        #(#![doc = #docs])*
        #![deny(missing_docs)]
        #![forbid(unsafe_code)]
        #foreign
        #call
        mod call;
        #[cfg(feature = "catalogue")]
        pub mod catalogue;
        mod client;
        #list
        mod list;
        mod permissions;
        pub mod types;
        #(pub mod #groups;)*
        pub use self::call::Call;
        pub use self::client::Client;
        pub use self::list::List;
        pub use self::permissions::{Grant, Scope};
        pub use linode_core::{
            Answered, ApiError, BoxError, BoxFuture, Bytes, ClientBuilder, Content, DateTime, DecodeError, Download, Endpoint, Error, Fault, Field, Filter, Input, InputError, Items, Json, Limiter, Listing, Map,
            NaiveDate, Null, Operation, Order, Page, Pages, RateLimit, Reason, Repair, Retry, Secret, TokenError, TokenSource, TransportError, Unordered, Upload, Wait, WaitError, Warning, Watch, Watching, http_builder,
        };
        #[cfg(feature = "blocking")]
        pub use linode_core::blocking;
        #[cfg(feature = "oauth")]
        pub use linode_core::oauth;
        pub use linode_core::helpers;
        pub use linode_core::{bytes, chrono, http, reqwest, serde_json};
    }
}

/// Whether the document has names that the compiler would warn of.
fn has_foreign_names(model: &Model<'_>) -> bool {
    let types = model
        .names
        .types
        .iter()
        .flat_map(|t| t.members.iter().chain([&t.name]));
    let operations = model
        .names
        .operations
        .iter()
        .flat_map(|o| o.arguments.iter().chain(&o.setters).chain([&o.method]));
    types.chain(operations).any(|name| !name.is_ascii())
}

/// A document without a list, or with nothing else, leaves the other kind of call unused.
fn unless_used(used: bool) -> Option<TokenStream> {
    (!used).then(|| quote!(#[allow(dead_code, reason = "this release has no such operation")]))
}

/// A program with the first list that needs no arguments.
fn example(model: &Model<'_>) -> Vec<String> {
    let groups = model.groups();
    let simple = |n: &&Named<'_>| {
        n.operation.answer.list().is_some()
            && n.operation.path_parameters().next().is_none()
            && !n.operation.deprecated
    };
    let Some(named) = groups.values().flatten().find(simple) else {
        return Vec::new();
    };
    let call = format!(
        "let page = client.{}().{}().page_size(100).await?;",
        named.name.group, named.name.method
    );
    [
        "",
        "```no_run",
        "# async fn run() -> Result<(), linode_sdk::Error> {",
        "let client = linode_sdk::Client::from_env()?;",
        call.as_str(),
    ]
    .into_iter()
    .chain([
        "println!(\"{} of {}\", page.data.len(), page.results);",
        "# Ok(())",
        "# }",
        "```",
    ])
    .map(str::to_owned)
    .collect()
}

fn client(model: &Model<'_>) -> TokenStream {
    let groups = model.groups().into_iter().map(|(group, operations)| {
        let name = ident(group);
        let doc = docs::attributes(&[format!(
            "The {} operations below {}.",
            operations.len(),
            docs::code(&groups::below(&operations))
        )]);
        quote! {
            #doc
            pub fn #name(&self) -> crate::#name::Api<'_> {
                crate::#name::Api(self)
            }
        }
    });
    let groups: Vec<TokenStream> = groups.collect();
    let watch = events::watch(model);
    let watches = watch.is_some().then(|| quote!(Endpoint, Request, Watch,));
    let upload = uploads::upload(model);
    let uploads = upload.is_some().then(|| quote!(Content, Upload,));
    quote! {
        use linode_core::{ClientBuilder, Error, Secret, #watches #uploads};
        /// A client of the API: its token, its settings, its connections. A clone shares them all.
        ///
        /// `Debug` never shows the token.
        #[derive(Clone, Debug)]
        pub struct Client(pub(crate) linode_core::Client);
        impl Client {
            /// A client with a token and otherwise the defaults.
            ///
            /// # Errors
            ///
            /// An input error if the token can be no header.
            pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
                linode_core::Client::new(token).map(Self)
            }
            /// A client as the environment says: `LINODE_TOKEN`, `LINODE_URL`, `LINODE_API_VERSION` and `LINODE_CA`, a file of certificates to
            /// trust. Without a token, `LINODE_PROFILE` and `LINODE_CONFIG` name a profile of a configuration file.
            ///
            /// # Errors
            ///
            /// An input error if one of them cannot be used.
            pub fn from_env() -> Result<Self, Error> {
                linode_core::Client::from_env().map(Self)
            }
            /// A client as a profile of the configuration file says: `~/.config/linode`, else `~/.config/linode-cli`, or the file
            /// that `LINODE_CONFIG` names. `None` is the profile that `LINODE_PROFILE` names, else the default one.
            ///
            /// # Errors
            ///
            /// An input error if there is no such file or profile, or if it has no token.
            #[cfg(feature = "config")]
            pub fn from_config<'a>(profile: impl Into<Option<&'a str>>) -> Result<Self, Error> {
                linode_core::Client::from_config(profile).map(Self)
            }
            /// A client with settings of its own: where the API is, whom to trust, how long to wait, how to try again.
            pub fn builder() -> ClientBuilder<Self> {
                ClientBuilder::new()
            }
            #watch
            #upload
            #(#groups)*
        }
        impl From<linode_core::Client> for Client {
            fn from(client: linode_core::Client) -> Self {
                Self(client)
            }
        }
        impl From<Client> for linode_core::Client {
            fn from(client: Client) -> Self {
                client.0
            }
        }
    }
}
