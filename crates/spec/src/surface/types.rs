//! The items of `types`, and those of request types.

use super::{Draft, OPEN_ENUM, OPEN_INT_ENUM, RECORD, REQUEST, Sort, Under, constant_names};
use crate::api::{FilterField, Record, Ty, TypeDef, TypeId, TypeKind};
use crate::name::CATCH_ALL;

impl Draft<'_> {
    /// Everything in `types`: what answers hold, and what requests hold besides their own fields.
    pub(super) fn types(&mut self) {
        let (api, names) = (self.api, self.names);
        let lists = self.domains.item_lists(api);
        for (at, def) in api.types.iter().enumerate() {
            if def.body_of.is_some() || def.positions.is_empty() {
                continue;
            }
            let id = TypeId(at);
            let path = format!("types::{}", names.of(id));
            match &def.kind {
                TypeKind::Record(record) if def.in_answers => self.record(&path, id, record),
                TypeKind::Record(record) => self.request("", &path, id, record),
                TypeKind::Enum(_) | TypeKind::Union(_) => self.choice(&path, id, def),
            }
            if let Some(list) = lists.get(&id) {
                self.constants(&path, &path, names.of(id), &list.filters);
            }
        }
    }

    /// A record that answers hold; with setters where requests hold it as well.
    fn record(&mut self, path: &str, id: TypeId, record: &Record) {
        let (api, names) = (self.api, self.names);
        let def = api.get(id);
        let pointer = &def.pointer;
        self.add(
            Under {
                parent: "",
                pointer,
            },
            Sort::Type,
            path.to_owned(),
            RECORD,
        );
        if def.in_requests {
            let under = Under {
                parent: path,
                pointer,
            };
            self.constructors(under, path);
        }
        for (field, member) in record.fields.iter().zip(&names.types[id.0].members) {
            let under = Under {
                parent: path,
                pointer: &field.pointer,
            };
            let plain = self.spelt(&field.ty);
            let ty = match (self.rings.holds(id, &field.ty), field.always) {
                (true, _) => format!("Option<Box<{plain}>>"),
                (false, true) => plain.clone(),
                (false, false) => format!("Option<{plain}>"),
            };
            self.add(under, Sort::Field, format!("{path}.{member}"), ty);
            if def.in_requests && !field.read_only {
                self.add(
                    under,
                    Sort::Setter,
                    format!("{path}::{member}"),
                    setter(&plain),
                );
            }
        }
    }

    /// What begins a JSON object, and what sets a field that the document lacks.
    fn constructors(&mut self, under: Under<'_>, path: &str) {
        self.add(under, Sort::Method, format!("{path}::new"), "fn()");
        let with = "fn(impl Into<String>, impl Into<Json>)";
        self.add(under, Sort::Method, format!("{path}::with"), with);
    }

    /// A type that requests alone hold.
    pub(super) fn request(&mut self, parent: &str, path: &str, id: TypeId, record: &Record) {
        let (api, names) = (self.api, self.names);
        let pointer = &api.get(id).pointer;
        self.add(
            Under { parent, pointer },
            Sort::Type,
            path.to_owned(),
            REQUEST,
        );
        let under = Under {
            parent: path,
            pointer,
        };
        self.constructors(under, path);
        for (field, member) in record.fields.iter().zip(&names.types[id.0].members) {
            let under = Under {
                parent: path,
                pointer: &field.pointer,
            };
            let signature = setter(&self.spelt(&field.ty));
            self.add(under, Sort::Setter, format!("{path}::{member}"), signature);
        }
    }

    /// A request of parts.
    pub(super) fn parts(&mut self, parent: &str, path: &str, id: TypeId, record: &Record) {
        let (api, names) = (self.api, self.names);
        let pointer = &api.get(id).pointer;
        self.add(
            Under { parent, pointer },
            Sort::Type,
            path.to_owned(),
            "request of parts",
        );
        let under = Under {
            parent: path,
            pointer,
        };
        self.add(under, Sort::Method, format!("{path}::new"), "fn()");
        for (field, member) in record.fields.iter().zip(&names.types[id.0].members) {
            let under = Under {
                parent: path,
                pointer: &field.pointer,
            };
            let signature = match field.ty.element() {
                Ty::File => "fn(impl Into<String>, impl Into<Content>)",
                _ => "fn(impl ToString)",
            };
            self.add(under, Sort::Setter, format!("{path}::{member}"), signature);
        }
    }

    /// An enum or a union.
    fn choice(&mut self, path: &str, id: TypeId, def: &TypeDef) {
        let names = &self.names.types[id.0];
        let (kind, payloads, other) = match &def.kind {
            TypeKind::Enum(of) if of.integers => (OPEN_INT_ENUM, None, "i64"),
            TypeKind::Union(union) => ("one of several", Some(&union.branches), "Json"),
            _ => (OPEN_ENUM, None, "String"),
        };
        let pointer = &def.pointer;
        self.add(
            Under {
                parent: "",
                pointer,
            },
            Sort::Type,
            path.to_owned(),
            kind,
        );
        let under = Under {
            parent: path,
            pointer,
        };
        for (at, member) in names.members.iter().enumerate() {
            let payload = payloads
                .and_then(|branches| branches.get(at))
                .map(|branch| {
                    let ty = self.spelt(&branch.ty);
                    match self.rings.boxes(self.api, id, &branch.ty) {
                        true => format!("(Box<{ty}>)"),
                        false => format!("({ty})"),
                    }
                });
            let signature = format!("{}{}", names.name, payload.unwrap_or_default());
            self.add(under, Sort::Variant, format!("{path}::{member}"), signature);
        }
        let signature = format!("{}({other})", names.name);
        self.add(
            under,
            Sort::Variant,
            format!("{path}::{CATCH_ALL}"),
            signature,
        );
    }

    /// The constants of a filter domain.
    pub(super) fn constants(
        &mut self,
        parent: &str,
        path: &str,
        domain: &str,
        filters: &[FilterField],
    ) {
        for (filter, name) in filters.iter().zip(constant_names(filters)) {
            let ty = match &filter.ty {
                Ty::Secret => "String".to_owned(),
                ty => self.spelt(ty),
            };
            let under = Under {
                parent,
                pointer: &filter.pointer,
            };
            let order = if filter.ordered { "" } else { ", Unordered" };
            let signature = format!("Field<{domain}, {ty}{order}>");
            self.add(under, Sort::Filter, format!("{path}::{name}"), signature);
        }
    }
}

/// The signature of a setter of a JSON field.
fn setter(ty: &str) -> String {
    format!("fn(impl Into<Input<{ty}>>)")
}
