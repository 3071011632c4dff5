//! The public surface of the whole generated crate, one line an item: what a change of the generator, of the document or of the
//! corrections does to users shows in the difference of one file.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test -p linode-codegen --test surface`.

mod support;

use std::path::{Path, PathBuf};

use quote::ToTokens;
use syn::{
    Fields, FnArg, ImplItem, Item, ItemImpl, ItemMod, ItemUse, Signature, UseTree, Visibility,
};

#[test]
fn public_surface() {
    let source = support::project().join("generated/src");
    let mut surface = Surface::default();
    surface.file(&source.join("lib.rs"), &source, "");
    surface.lines.sort();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("public_surface", surface.lines.join("\n")));
}

/// Collects lines while modules are walked.
#[derive(Default)]
struct Surface {
    lines: Vec<String>,
}

impl Surface {
    /// A file whose items users reach by `path`; its modules lie in `folder`.
    fn file(&mut self, file: &Path, folder: &Path, path: &str) {
        let text =
            std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let exported = exported(&parsed.items);
        for item in &parsed.items {
            match item {
                Item::Mod(module) => self.module(module, folder, path, &exported),
                item => self.item(item, path),
            }
        }
    }

    /// A public module has a path of its own; what a private one gives away is reached by the path of the one around it.
    fn module(&mut self, module: &ItemMod, folder: &Path, path: &str, exported: &[String]) {
        let name = bare(&module.ident.to_string());
        let below = folder.join(&name);
        let file: PathBuf = folder.join(format!("{name}.rs"));
        if is_public(&module.vis) {
            self.lines.push(format!("{path}{name} mod"));
            self.file(&file, &below, &format!("{path}{name}::"));
        } else if exported.contains(&name) {
            self.file(&file, &below, path);
        }
    }

    fn item(&mut self, item: &Item, path: &str) {
        match item {
            Item::Struct(of) if is_public(&of.vis) => {
                self.record(&of.ident.to_string(), &of.fields, path)
            }
            Item::Enum(of) if is_public(&of.vis) => {
                self.lines.push(format!("{path}{} enum", of.ident));
                for variant in &of.variants {
                    self.lines.push(format!(
                        "{path}{}::{}{}",
                        of.ident,
                        variant.ident,
                        compact(&variant.fields)
                    ));
                }
            }
            Item::Impl(of) => self.implementation(of, path),
            Item::Macro(call) => self.table(call, path),
            Item::Use(of) if is_public(&of.vis) => self.reexports(of, path),
            _ => {}
        }
    }

    fn record(&mut self, name: &str, fields: &Fields, path: &str) {
        self.lines.push(format!("{path}{name} struct"));
        for field in fields.iter().filter(|field| is_public(&field.vis)) {
            let member = field
                .ident
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            self.lines
                .push(format!("{path}{name}.{member}: {}", compact(&field.ty)));
        }
    }

    fn implementation(&mut self, of: &ItemImpl, path: &str) {
        let holder = compact(&of.self_ty);
        if let Some((interface, _)) = &of.trait_ {
            self.lines
                .push(format!("{path}{holder} impl {}", compact(interface)));
            return;
        }
        for item in &of.items {
            match item {
                ImplItem::Fn(method) if is_public(&method.vis) => self
                    .lines
                    .push(format!("{path}{holder}::{}", signature(&method.sig))),
                ImplItem::Const(constant) if is_public(&constant.vis) => {
                    self.lines.push(format!(
                        "{path}{holder}::{}: {}",
                        constant.ident,
                        compact(&constant.ty)
                    ));
                }
                _ => {}
            }
        }
    }

    /// What an operation answers, and what a list can be filtered by: the part of the table before the HTTP method.
    fn table(&mut self, call: &syn::ItemMacro, path: &str) {
        let kind = compact(&call.mac.path);
        if !matches!(kind.as_str(), "operation" | "listing") {
            return;
        }
        let text = self.declared(call.mac.tokens.to_string(), path);
        let methods = [
            ", GET ",
            ", PUT ",
            ", POST ",
            ", DELETE ",
            ", PATCH ",
            ", HEAD ",
            ", OPTIONS ",
            ", TRACE ",
        ];
        let end = methods
            .iter()
            .filter_map(|method| text.find(method))
            .min()
            .unwrap_or(text.len());
        self.lines
            .push(format!("{path}{} {kind}", tight(&text[..end])));
    }

    /// A table may declare the type that it is about: `pub ListTags of list_tags -> …`.
    fn declared(&mut self, text: String, path: &str) -> String {
        let Some((name, rest)) = text
            .strip_prefix("pub ")
            .and_then(|text| text.split_once(" of "))
        else {
            return text;
        };
        self.lines.push(format!("{path}{name} struct"));
        let facts = rest.split_once("->").map_or("", |(_, facts)| facts);
        format!("{name} ->{facts}")
    }

    fn reexports(&mut self, of: &ItemUse, path: &str) {
        let mut leaves = Vec::new();
        collect(&of.tree, "", &mut leaves);
        let foreign = leaves
            .into_iter()
            .filter(|leaf| !leaf.starts_with("self::"));
        self.lines.extend(foreign.map(|leaf| {
            format!(
                "{path}{} use {leaf}",
                leaf.rsplit("::").next().unwrap_or_default()
            )
        }));
    }
}

/// Private modules that `pub use self::…` opens.
fn exported(items: &[Item]) -> Vec<String> {
    let mut leaves = Vec::new();
    for item in items {
        if let Item::Use(of) = item
            && is_public(&of.vis)
        {
            collect(&of.tree, "", &mut leaves);
        }
    }
    leaves
        .iter()
        .filter_map(|leaf| leaf.strip_prefix("self::")?.split("::").next())
        .map(bare)
        .collect()
}

fn collect(tree: &UseTree, path: &str, leaves: &mut Vec<String>) {
    match tree {
        UseTree::Path(of) => collect(&of.tree, &format!("{path}{}::", of.ident), leaves),
        UseTree::Name(of) => leaves.push(format!("{path}{}", of.ident)),
        UseTree::Rename(of) => leaves.push(format!("{path}{}", of.rename)),
        UseTree::Glob(_) => leaves.push(format!("{path}*")),
        UseTree::Group(of) => of.items.iter().for_each(|tree| collect(tree, path, leaves)),
    }
}

/// Name, types of the arguments and answer; a setter, which gives back what it was called on, ends with its argument.
fn signature(of: &Signature) -> String {
    let arguments = of.inputs.iter().map(|argument| match argument {
        FnArg::Receiver(receiver) => compact(receiver).replace("mut self", "self"),
        FnArg::Typed(typed) if compact(&typed.pat) == "value" => compact(&typed.ty),
        FnArg::Typed(typed) => format!("{}: {}", compact(&typed.pat), compact(&typed.ty)),
    });
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let output = match &of.output {
        syn::ReturnType::Type(_, ty) if compact(ty) != "Self" => format!(" -> {}", compact(ty)),
        _ => String::new(),
    };
    format!("{}({arguments}){output}", of.ident)
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn bare(name: &str) -> String {
    name.trim_start_matches("r#").to_owned()
}

fn compact(tokens: &impl ToTokens) -> String {
    tight(&tokens.to_token_stream().to_string())
}

/// Tokens without the space that they are printed with.
fn tight(text: &str) -> String {
    let mut out = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (wide, narrow) in [
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("-> (", "->("),
        (" <", "<"),
    ] {
        out = out.replace(wide, narrow);
    }
    out.replace("->(", "-> (")
        .replace("->", " -> ")
        .replace("  ", " ")
}
