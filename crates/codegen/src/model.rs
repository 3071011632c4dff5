//! The model as the emitter asks for it: names at hand, modules decided.

use std::collections::{BTreeMap, BTreeSet};

use linode_spec::api::{AnswerKind, Api, List, Operation, Record, Ty, TypeDef, TypeId, TypeKind};
use linode_spec::name::{Names, OperationName, TypeName, module_name};

/// The model, its names, and what follows from both.
pub struct Model<'a> {
    pub api: &'a Api,
    pub names: &'a Names,
    /// Records that hold themselves without a list between: their fields are boxed.
    pub boxed: BTreeSet<(TypeId, TypeId)>,
    /// The filter domain of each list, by operation.
    pub domains: BTreeMap<usize, Domain>,
}

/// What a list's filters are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Domain {
    /// The item type's constants.
    Item(TypeId),
    /// Constants of the list's own.
    Own(String),
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
        let mut model = Self {
            api,
            names,
            boxed: BTreeSet::new(),
            domains: BTreeMap::new(),
        };
        model.boxed = model.rings();
        model.domains = model.filter_domains();
        model
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

    /// Whether a branch of a union is boxed: a record is, so that no variant is much larger than the others.
    pub fn is_boxed_branch(&self, union: TypeId, branch: &Ty) -> bool {
        let Ty::Named(held) = branch else {
            return false;
        };
        self.record(*held).is_some() || self.boxed.contains(&(union, *held))
    }

    /// Fields that would make a record of endless size.
    fn rings(&self) -> BTreeSet<(TypeId, TypeId)> {
        let direct = |id: TypeId| -> Vec<TypeId> {
            match &self.api.get(id).kind {
                TypeKind::Record(record) => record
                    .fields
                    .iter()
                    .filter_map(|f| direct_type(&f.ty))
                    .collect(),
                TypeKind::Union(union) => union
                    .branches
                    .iter()
                    .filter_map(|b| direct_type(&b.ty))
                    .collect(),
                TypeKind::Enum(_) => Vec::new(),
            }
        };
        let mut rings = BTreeSet::new();
        for holder in (0..self.api.types.len()).map(TypeId) {
            for held in direct(holder) {
                let mut seen = BTreeSet::new();
                let mut next = vec![held];
                while let Some(id) = next.pop() {
                    if id == holder {
                        rings.insert((holder, held));
                    }
                    if seen.insert(id) {
                        next.extend(direct(id));
                    }
                }
            }
        }
        rings
    }

    /// The list that marks most fields of an item lends its filters to the item type; lists that mark others have their own.
    fn filter_domains(&self) -> BTreeMap<usize, Domain> {
        let lists: Vec<(usize, &List)> = self
            .api
            .operations
            .iter()
            .enumerate()
            .filter_map(|(i, o)| Some((i, o.answer.list()?)))
            .collect();
        let keys = |list: &List| {
            list.filters
                .iter()
                .map(|f| f.key.clone())
                .collect::<BTreeSet<_>>()
        };
        let mut widest: BTreeMap<TypeId, BTreeSet<String>> = BTreeMap::new();
        for (_, list) in &lists {
            if let Some(id) = record_item(self.api, &list.item) {
                let keys = keys(list);
                let known = widest.entry(id).or_default();
                if keys.len() > known.len() {
                    *known = keys;
                }
            }
        }
        let domain = |i: usize, list: &List| match record_item(self.api, &list.item) {
            Some(id) if widest[&id] == keys(list) => Domain::Item(id),
            _ => Domain::Own(format!("{}Filter", self.names.operations[i].ty)),
        };
        lists
            .iter()
            .filter(|(_, list)| !list.filters.is_empty())
            .map(|(i, list)| (*i, domain(*i, list)))
            .collect()
    }

    /// The lists whose filters are an item type's constants, one for each item type.
    pub fn item_filters(&self) -> BTreeMap<TypeId, &'a List> {
        let mut lists = BTreeMap::new();
        for (i, domain) in &self.domains {
            if let (Domain::Item(id), AnswerKind::Page(list)) =
                (domain, &self.api.operations[*i].answer.kind)
            {
                lists.entry(*id).or_insert(list);
            }
        }
        lists
    }
}

fn record_item(api: &Api, item: &Ty) -> Option<TypeId> {
    let Ty::Named(id) = item else { return None };
    matches!(api.get(*id).kind, TypeKind::Record(_)).then_some(*id)
}

fn direct_type(ty: &Ty) -> Option<TypeId> {
    match ty {
        Ty::Named(id) => Some(*id),
        _ => None,
    }
}

/// The place that a type is at home: least deep in an answer, on the shortest path, read rather than written.
pub fn home(def: &TypeDef) -> Option<&str> {
    let rank = |position: &&String| {
        let mut parts = position.splitn(3, ' ');
        let (method, path, place) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let depth = place
            .trim_start_matches("answer/data/*")
            .matches('/')
            .count();
        (
            !place.starts_with("answer"),
            depth,
            path.matches('/').count(),
            path.len(),
            method != "GET",
            place.len(),
        )
    };
    def.positions.iter().min_by_key(rank).map(String::as_str)
}

/// The module of a type: the group and the collection of the path where it is at home.
fn resource(def: &TypeDef) -> Option<String> {
    let path = home(def)?.split(' ').nth(1)?;
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
