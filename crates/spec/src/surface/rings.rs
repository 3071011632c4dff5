//! Types that hold themselves.

use std::collections::BTreeSet;

use crate::api::{Api, Ty, TypeId, TypeKind};

/// Types that would be of endless size: `(holder, held)`, where holding is boxed.
///
/// ```
/// use linode_spec::{api::Api, surface::Rings};
/// assert_eq!(Rings::of(&Api::default()), Rings::default());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rings(BTreeSet<(TypeId, TypeId)>);

impl Rings {
    /// Those of a model.
    ///
    /// ```
    /// use linode_spec::{api::{Api, Ty, TypeId}, surface::Rings};
    /// assert!(!Rings::of(&Api::default()).holds(TypeId(0), &Ty::String));
    /// ```
    pub fn of(api: &Api) -> Self {
        let mut rings = BTreeSet::new();
        for holder in (0..api.types.len()).map(TypeId) {
            for held in direct(api, holder) {
                let mut seen = BTreeSet::new();
                let mut next = vec![held];
                while let Some(id) = next.pop() {
                    if id == holder {
                        rings.insert((holder, held));
                    }
                    if seen.insert(id) {
                        next.extend(direct(api, id));
                    }
                }
            }
        }
        Self(rings)
    }

    /// Whether a type that is held leads back to its holder.
    ///
    /// ```
    /// use linode_spec::{api::{Ty, TypeId}, surface::Rings};
    /// assert!(!Rings::default().holds(TypeId(0), &Ty::Named(TypeId(0))));
    /// ```
    pub fn holds(&self, holder: TypeId, held: &Ty) -> bool {
        matches!(held, Ty::Named(held) if self.0.contains(&(holder, *held)))
    }

    /// Whether a branch of a union is boxed: a record is, so that no variant is much larger than the others.
    ///
    /// ```
    /// use linode_spec::{api::{Api, Ty, TypeId}, surface::Rings};
    /// assert!(!Rings::default().boxes(&Api::default(), TypeId(0), &Ty::String));
    /// ```
    pub fn boxes(&self, api: &Api, union: TypeId, branch: &Ty) -> bool {
        api.record(branch).is_some() || self.holds(union, branch)
    }
}

/// What a type holds without a list or a map between.
fn direct(api: &Api, id: TypeId) -> Vec<TypeId> {
    let named = |ty: &Ty| match ty {
        Ty::Named(id) => Some(*id),
        _ => None,
    };
    match &api.get(id).kind {
        TypeKind::Record(record) => record.fields.iter().filter_map(|f| named(&f.ty)).collect(),
        TypeKind::Union(union) => union.branches.iter().filter_map(|b| named(&b.ty)).collect(),
        TypeKind::Enum(_) => Vec::new(),
    }
}
