//! The surface that the comparison of two releases goes by is what is emitted: every public item, and no other.

mod support;

use std::collections::BTreeMap;

use linode_codegen::Files;
use linode_spec::surface::Surface;
use quote::ToTokens;
use support::{Generated, fixture, fixture_names, generated, generated_with, pinned, project};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, ReturnType, Signature, Token, Type, Visibility,
};

/// Releases before and after documents were bundled.
const ORIGINALS: [&str; 3] = ["4.117.1", "4.175.0", "4.189.0"];

/// Path → signature, without whitespace, and whether it is deprecated.
type Items = BTreeMap<String, (String, bool)>;

#[test]
fn every_public_item_of_the_fixtures_is_foreseen() {
    for name in fixture_names() {
        assert_foreseen(&name, &fixture(&name));
    }
}

#[test]
fn every_public_item_of_official_releases_is_foreseen() {
    let first = generated("spec/linode.yaml", &pinned());
    assert_foreseen("pinned", &first);
    for version in ORIGINALS {
        let file = format!("../shared/spec/linode-{version}.yaml");
        match std::fs::read_to_string(project().join(&file)) {
            Ok(text) => assert_foreseen(version, &generated_with(&file, &text, &first.lock)),
            Err(error) => println!("{file}: skipped: {error}"),
        }
    }
}

#[track_caller]
fn assert_foreseen(name: &str, generated: &Generated) {
    let surface = Surface::of(&generated.api, &generated.names);
    let foreseen: Items = surface
        .items
        .iter()
        .map(|(path, item)| (path.clone(), (tight(&item.signature), item.deprecated)))
        .collect();
    let emitted = read(&generated.files);
    let missing: Vec<_> = emitted
        .iter()
        .filter(|(path, item)| foreseen.get(*path) != Some(item))
        .collect();
    let invented: Vec<_> = foreseen
        .iter()
        .filter(|(path, item)| emitted.get(*path) != Some(item))
        .collect();
    assert!(
        missing.is_empty() && invented.is_empty(),
        "{name}: emitted {missing:#?}, foreseen {invented:#?}"
    );
    for (path, item) in &surface.items {
        let known = item
            .parent
            .as_ref()
            .is_none_or(|parent| surface.items.contains_key(parent));
        assert!(
            known,
            "{name}: {path} comes with {:?}, which is no item",
            item.parent
        );
    }
}

fn tight(text: &str) -> String {
    let text: String = text.split_whitespace().collect();
    // Where lines are long, lists end in a comma.
    let text = text.replace(",>", ">").replace(",)", ")");
    text.replace("std::fmt::", "").replace("crate::", "")
}

fn text(tokens: &impl ToTokens) -> String {
    tight(&tokens.to_token_stream().to_string())
}

/// The public items of the crate, read from its sources.
fn read(files: &Files) -> Items {
    let mut reader = Reader::default();
    for (path, source) in files {
        let module = match path
            .strip_prefix("src/")
            .and_then(|p| p.strip_suffix(".rs"))
        {
            // The same for every document.
            None | Some("lib" | "call" | "list" | "types" | "catalogue") => continue,
            Some("permissions" | "client") => "",
            Some(path) => path.split('/').next().unwrap_or_default(),
        };
        let file = syn::parse_file(source).unwrap_or_else(|e| panic!("{path}: {e}"));
        for item in &file.items {
            reader.item(module, item);
        }
    }
    reader.items
}

#[derive(Default)]
struct Reader {
    items: Items,
}

impl Reader {
    fn add(&mut self, path: String, signature: impl AsRef<str>) {
        let before = self
            .items
            .insert(path.clone(), (tight(signature.as_ref()), false));
        assert!(
            before.is_none() || path.ends_with("::new"),
            "{path} is there twice"
        );
    }

    fn item(&mut self, module: &str, item: &Item) {
        let path = |name: &dyn ToString| match module {
            "" => name.to_string(),
            module => format!("{module}::{}", name.to_string()),
        };
        match item {
            Item::Struct(item) if item.ident == "Api" || item.ident == "Client" => {
                assert_eq!(
                    derives(&item.attrs),
                    if module.is_empty() {
                        "Clone,Debug"
                    } else {
                        "Clone,Copy,Debug"
                    }
                );
            }
            Item::Struct(item) => {
                let path = path(&item.ident);
                let kind = match (
                    &item.fields,
                    derives(&item.attrs).as_str(),
                    non_exhaustive(&item.attrs),
                ) {
                    (Fields::Named(_), "Clone,PartialEq", true) => "record",
                    (Fields::Unnamed(_), "Clone,Default,PartialEq", false) => "request",
                    (Fields::Unnamed(_), "Clone,Debug,Default", false) => "request of parts",
                    (Fields::Unit, "Clone,Copy,Debug", false) if path.ends_with("Filter") => {
                        "filters"
                    }
                    (Fields::Unit, "Clone,Copy,Debug", false) => "operation",
                    (_, derives, _) => panic!("{path} derives {derives}"),
                };
                for field in item
                    .fields
                    .iter()
                    .filter(|f| matches!(f.vis, Visibility::Public(_)))
                {
                    let name = field.ident.as_ref().expect("no tuple has public fields");
                    self.add(format!("{path}.{name}"), text(&field.ty));
                }
                self.add(path, kind);
            }
            Item::Enum(item) => {
                let path = path(&item.ident);
                assert!(non_exhaustive(&item.attrs), "{path}");
                for variant in &item.variants {
                    let signature = format!("{}{}", item.ident, text(&variant.fields));
                    self.add(format!("{path}::{}", variant.ident), signature);
                }
                let (last, derives) = (
                    item.variants.last().map(|v| text(&v.fields)),
                    derives(&item.attrs),
                );
                let kind = match (derives.as_str(), last.as_deref()) {
                    ("Clone,Debug,PartialEq,Eq,Hash", Some("(String)")) => "open enum of strings",
                    ("Clone,Debug,PartialEq,Eq,Hash", Some("(i64)")) => "open enum of integers",
                    ("Clone,Debug,PartialEq", Some("(Json)")) => "one of several",
                    other => panic!("{path}: {other:?}"),
                };
                self.add(path, kind);
            }
            Item::Impl(item) if item.trait_.is_none() => self.implementation(module, item),
            Item::Macro(item) => self.expansion(module, &item.mac),
            _ => {}
        }
    }

    fn implementation(&mut self, module: &str, item: &syn::ItemImpl) {
        let of = text(&item.self_ty);
        for member in &item.items {
            match member {
                ImplItem::Fn(function) if matches!(function.vis, Visibility::Public(_)) => {
                    let signature = signature(&function.sig);
                    let name = &function.sig.ident;
                    let path = match of.as_str() {
                        "Client" if signature.contains("Api<'_>") => name.to_string(),
                        "Client" if name != "watch" => continue,
                        "Client" => "Client::watch".to_owned(),
                        "Api<'_>" => format!("{module}::Api::{name}"),
                        call if call.ends_with('>') => {
                            format!("{}::{name}", call.replace('<', &format!("<{module}::")))
                        }
                        ty => format!("{module}::{ty}::{name}"),
                    };
                    let signature = if signature.contains("Api<'_>") {
                        "group".to_owned()
                    } else {
                        signature
                    };
                    self.add(path.clone(), signature);
                    if function
                        .attrs
                        .iter()
                        .any(|a| a.path().is_ident("deprecated"))
                    {
                        self.items.entry(path).and_modify(|item| item.1 = true);
                    }
                }
                ImplItem::Const(constant) => {
                    self.add(
                        format!("{module}::{of}::{}", constant.ident),
                        text(&constant.ty),
                    );
                }
                _ => {}
            }
        }
    }

    /// What macros of the runtime add to a type.
    fn expansion(&mut self, module: &str, mac: &syn::Macro) {
        let parse = |input: ParseStream<'_>| Expansion::parse(input);
        let Expansion {
            name,
            declared,
            sends,
            answer,
            domain,
        } = parse.parse2(mac.tokens.clone()).expect("a call of a macro");
        let path = format!("{module}::{name}");
        if declared {
            self.add(path.clone(), "operation");
        }
        match mac.path.to_token_stream().to_string().as_str() {
            "record" if !sends => {}
            "record" | "body" => {
                self.add(format!("{path}::new"), "fn()");
                self.add(
                    format!("{path}::with"),
                    "fn(impl Into<String>, impl Into<Json>)",
                );
            }
            "operation" => self.add(format!("{path}::Answer"), answer.expect("an answer")),
            "listing" => {
                self.add(
                    format!("{path}::Answer"),
                    format!("Page<{}>", answer.expect("an item")),
                );
                self.add(format!("{path}::Domain"), domain.unwrap_or("()".to_owned()));
            }
            "open_enum" | "open_int_enum" | "union" | "permissions" => {}
            other => panic!("{path}: what does {other} add?"),
        }
    }
}

/// `Name`, `Name sends`, `pub Name of method -> …`, `Name -> Answer,`, `Name -> Item, filter Domain,`: and whatever follows.
struct Expansion {
    name: String,
    declared: bool,
    sends: bool,
    answer: Option<String>,
    domain: Option<String>,
}

impl Expansion {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let declared = input.parse::<Option<Token![pub]>>()?.is_some();
        let name: syn::Ident = input.parse()?;
        if declared {
            input.parse::<syn::Ident>()?; // of
            input.call(syn::Ident::parse_any)?;
        }
        let mut read = Self {
            name: name.to_string(),
            declared,
            sends: false,
            answer: None,
            domain: None,
        };
        if input.parse::<Option<Token![->]>>()?.is_some() {
            read.answer = Some(text(&input.parse::<Type>()?));
            input.parse::<Token![,]>()?;
        }
        if let Ok(word) = input.fork().parse::<syn::Ident>() {
            if word == "filter" {
                input.parse::<syn::Ident>()?;
                read.domain = Some(text(&input.parse::<Type>()?));
            }
            read.sends = word == "sends";
        }
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(read)
    }
}

fn signature(signature: &Signature) -> String {
    let inputs = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(text(&input.ty)),
        FnArg::Receiver(_) => None,
    });
    let inputs = inputs.collect::<Vec<_>>().join(",");
    match &signature.output {
        ReturnType::Type(_, ty) if text(ty) != "Self" => format!("fn({inputs})->{}", text(ty)),
        _ => format!("fn({inputs})"),
    }
}

fn derives(attributes: &[Attribute]) -> String {
    let derive = attributes.iter().find(|a| a.path().is_ident("derive"));
    let tokens = derive
        .and_then(|a| a.meta.require_list().ok())
        .map(|list| list.tokens.to_string());
    tight(&tokens.unwrap_or_default())
}

fn non_exhaustive(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|a| a.path().is_ident("non_exhaustive"))
}
