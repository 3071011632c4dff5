//! What two types have to have in common to be one.

use std::collections::BTreeSet;

use crate::api::{Api, Tag, Ty, TypeDef, TypeId, TypeKind};

/// What a type has to share with another to be one with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    Record,
    /// Whether its values are integers.
    Enum(bool),
    Union(Tag),
    /// The body of one operation, which shares its type with nothing.
    Body(usize),
}

impl Sort {
    pub fn of(def: &TypeDef) -> Self {
        match (&def.kind, def.body_of) {
            (_, Some(operation)) => Self::Body(operation),
            (TypeKind::Record(_), None) => Self::Record,
            (TypeKind::Enum(of), None) => Self::Enum(of.integers),
            (TypeKind::Union(union), None) => Self::Union(union.tag.clone()),
        }
    }

    fn noun(&self) -> &'static str {
        match self {
            Self::Record => "an object",
            Self::Enum(false) => "a set of strings",
            Self::Enum(true) => "a set of integers",
            Self::Union(_) => "one of several types",
            Self::Body(_) => "the body of one operation",
        }
    }
}

/// The fields or branches of a type, in its order: the name on the wire and the type.
pub fn parts(def: &TypeDef) -> Vec<(&str, &Ty)> {
    match &def.kind {
        TypeKind::Record(record) => {
            let fields = record.fields.iter();
            fields.map(|f| (f.name.as_str(), &f.ty)).collect()
        }
        TypeKind::Union(union) => {
            let branches = union.branches.iter();
            branches.map(|b| (b.tag.as_str(), &b.ty)).collect()
        }
        TypeKind::Enum(_) => Vec::new(),
    }
}

/// A type with whatever is named in it left out: what has to be equal for two fields to agree.
pub fn outline(ty: &Ty) -> Ty {
    match ty {
        Ty::Named(_) => Ty::Named(TypeId(0)),
        Ty::List(inner) => Ty::List(Box::new(outline(inner))),
        Ty::Map(inner) => Ty::Map(Box::new(outline(inner))),
        other => other.clone(),
    }
}

/// Why two types cannot be one, if they can't: the field that contradicts itself, and what it is on both sides.
///
/// ```
/// use linode_spec::api::{Api, Enum, Record, TypeDef, TypeId, TypeKind};
/// use linode_spec::identity::disagreement;
///
/// let mut api = Api::default();
/// api.types.push(TypeDef::new(TypeKind::Record(Record::default())));
/// api.types.push(TypeDef::new(TypeKind::Enum(Enum { values: Vec::new(), integers: false })));
/// assert_eq!(disagreement(&api, TypeId(0), TypeId(0)), None);
/// assert_eq!(disagreement(&api, TypeId(0), TypeId(1)).unwrap(), "it is an object in one place and a set of strings in the other");
/// ```
pub fn disagreement(api: &Api, one: TypeId, other: TypeId) -> Option<String> {
    between((api, one), (api, other))
}

/// The same of types in two models.
pub fn between(one: (&Api, TypeId), other: (&Api, TypeId)) -> Option<String> {
    compare(one, other, "it", &mut BTreeSet::new())
}

fn compare(
    (api, one): (&Api, TypeId),
    (other_api, other): (&Api, TypeId),
    what: &str,
    seen: &mut BTreeSet<(TypeId, TypeId)>,
) -> Option<String> {
    if !seen.insert((one, other)) {
        return None;
    }
    let (def, other_def) = (api.get(one), other_api.get(other));
    let (sort, other_sort) = (Sort::of(def), Sort::of(other_def));
    if sort != other_sort {
        let (sort, other_sort) = (sort.noun(), other_sort.noun());
        return Some(format!(
            "{what} is {sort} in one place and {other_sort} in the other"
        ));
    }
    for (name, ty) in parts(def) {
        let same = parts(other_def).into_iter().find(|(n, _)| *n == name);
        let Some((_, other_ty)) = same else { continue };
        let what = if what == "it" {
            format!("`{name}`")
        } else {
            format!("{}.{name}`", what.trim_end_matches('`'))
        };
        if outline(ty) != outline(other_ty) {
            let (ty, other_ty) = (spoken(ty), spoken(other_ty));
            return Some(format!(
                "{what} is {ty} in one place and {other_ty} in the other"
            ));
        }
        if let (Some(held), Some(other_held)) = (ty.named(), other_ty.named()) {
            let inner = compare((api, held), (other_api, other_held), &what, seen);
            if inner.is_some() {
                return inner;
            }
        }
    }
    None
}

/// A type in words.
fn spoken(ty: &Ty) -> String {
    match ty {
        Ty::String => "text".to_owned(),
        Ty::Secret => "a secret".to_owned(),
        Ty::Integer => "an integer".to_owned(),
        Ty::Number => "a number".to_owned(),
        Ty::Boolean => "a boolean".to_owned(),
        Ty::DateTime => "a time".to_owned(),
        Ty::Date => "a day".to_owned(),
        Ty::File => "a file".to_owned(),
        Ty::Json => "free-form JSON".to_owned(),
        Ty::Map(inner) => format!("a map of {}", spoken(inner)),
        Ty::List(inner) => format!("a list of {}", spoken(inner)),
        Ty::Named(_) => "a type with a name".to_owned(),
    }
}
