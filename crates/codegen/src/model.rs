//! The model as the emitter asks for it: names at hand, modules decided.

use std::collections::BTreeMap;

use linode_spec::api::{Api, Operation, Record, TypeDef, TypeId, TypeKind};
use linode_spec::name::{Names, OperationName, TypeName, module_name};
use linode_spec::surface::{Domains, Rings};

/// The model, its names, and what follows from both.
pub struct Model<'a> {
    pub api: &'a Api,
    pub names: &'a Names,
    /// Records that hold themselves without a list between: their fields are boxed.
    pub rings: Rings,
    /// The filter domain of each list.
    pub domains: Domains,
}

/// An operation with its names.
#[derive(Clone, Copy)]
pub struct Named<'a> {
    pub index: usize,
    pub operation: &'a Operation,
    pub name: &'a OperationName,
}

impl<'a> Model<'a> {
    pub fn new(api: &'a Api, names: &'a Names) -> Self {
        Self {
            api,
            names,
            rings: Rings::of(api),
            domains: Domains::of(api, names),
        }
    }

    /// Operations by group, groups in alphabetical order, operations in the document's.
    pub fn groups(&self) -> BTreeMap<&'a str, Vec<Named<'a>>> {
        let mut groups: BTreeMap<&str, Vec<Named<'a>>> = BTreeMap::new();
        for (index, (operation, name)) in self
            .api
            .operations
            .iter()
            .zip(&self.names.operations)
            .enumerate()
        {
            groups.entry(&name.group).or_default().push(Named {
                index,
                operation,
                name,
            });
        }
        groups
    }

    /// Types of answers and nested types of requests, by the module of their resource.
    pub fn modules(&self) -> BTreeMap<String, Vec<TypeId>> {
        let mut modules: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
        for (i, def) in self.api.types.iter().enumerate() {
            if def.body_of.is_none()
                && let Some(module) = resource(def)
            {
                modules.entry(module).or_default().push(TypeId(i));
            }
        }
        for types in modules.values_mut() {
            types.sort_by_key(|id| self.names.of(*id));
        }
        modules
    }

    pub fn name(&self, id: TypeId) -> &'a TypeName {
        &self.names.types[id.0]
    }

    pub fn record(&self, id: TypeId) -> Option<&'a Record> {
        match &self.api.get(id).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }
}

/// The module of a type: the group and the collection of the path where it is at home.
fn resource(def: &TypeDef) -> Option<String> {
    let path = def.home()?.split(' ').nth(1)?;
    let segments = path
        .split('/')
        .filter(|s| !s.is_empty() && !s.contains('{'));
    let named: Vec<&str> = segments.take(2).collect();
    let name = if named.is_empty() {
        "root".to_owned()
    } else {
        named.join(" ")
    };
    // A module that is called as the one around it confuses readers, and Clippy says so.
    let name = module_name(&name);
    Some(if name == "types" {
        "types_".to_owned()
    } else {
        name
    })
}
