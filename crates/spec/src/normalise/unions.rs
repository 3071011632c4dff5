//! `oneOf` and `anyOf`: what tells the branches apart is found in the document, never by trying at run time.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::Value as Json;

use super::flatten::{Flat, Kind, Source};
use super::shapes::{Place, Shapes, View};
use crate::api::{Branch, Fallback, Tag, Ty, Union};

/// A branch with what it says.
struct Candidate<'d> {
    source: Source<'d>,
    flat: Flat<'d>,
}

impl<'d> Shapes<'d> {
    /// The type of a schema with branches; nothing, where the branches add no structure.
    pub(super) fn union(&mut self, flat: &Flat<'d>, place: Place<'_>) -> Option<Ty> {
        let mut candidates = self.candidates(flat, place.view);
        if candidates.is_empty() {
            return None;
        }
        if candidates.len() == 1 || !flat.properties.is_empty() {
            return Some(self.merged(flat, &candidates, place));
        }
        let Some((tag, tags)) = tell_apart(flat, &candidates, place.parent) else {
            return Some(self.indistinct(flat, &candidates, place));
        };
        let branches = candidates
            .drain(..)
            .zip(tags)
            .map(|(candidate, tag)| self.branch(candidate, tag, place))
            .collect();
        let union = Union {
            tag,
            branches: self.apart(branches, place),
        };
        Some(self.intern_union(union, flat))
    }

    /// Branches with structure; a branch that is only null, or only repeats `required`, is none, and so is the union itself.
    fn candidates(&mut self, flat: &Flat<'d>, view: View) -> Vec<Candidate<'d>> {
        let mut candidates = Vec::new();
        for source in &flat.branches {
            let branch = self.flattener.flatten(std::slice::from_ref(source));
            if !branch.branches.is_empty()
                && branch
                    .identity
                    .as_ref()
                    .is_some_and(|reference| self.is_open(reference, view))
            {
                continue;
            }
            if branch.implied_kind().is_some() || !branch.branches.is_empty() {
                candidates.push(Candidate {
                    source: source.clone(),
                    flat: branch,
                });
            }
        }
        candidates
    }

    fn branch(
        &mut self,
        candidate: Candidate<'d>,
        tag: String,
        place: Place<'_>,
    ) -> (Branch, Flat<'d>) {
        let flat = candidate.flat;
        let ty = self.ty(
            &flat,
            Place {
                parent: None,
                ..place
            },
        );
        let label = flat
            .label
            .map(str::to_owned)
            .or_else(|| flat.components.first().cloned())
            .unwrap_or_else(|| tag.clone());
        (Branch { tag, label, ty }, flat)
    }

    /// Branches of equal shape stay types of their own.
    fn apart(&mut self, branches: Vec<(Branch, Flat<'d>)>, _place: Place<'_>) -> Vec<Branch> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for (mut branch, flat) in branches {
            if !seen.insert(branch.ty.clone()) {
                branch.ty = self.distinct(&branch.ty, &branch.label, &flat);
            }
            out.push(branch);
        }
        out
    }

    /// Branches that nothing tells apart: objects become one record with the fields of all, equal scalars one scalar.
    fn indistinct(
        &mut self,
        flat: &Flat<'d>,
        candidates: &[Candidate<'d>],
        place: Place<'_>,
    ) -> Ty {
        let kinds: Vec<Option<Kind>> = candidates.iter().map(|c| c.flat.implied_kind()).collect();
        let same = kinds.windows(2).all(|pair| pair[0] == pair[1]);
        match kinds.first().copied().flatten() {
            Some(Kind::Object) if same && candidates.iter().all(|c| c.flat.branches.is_empty()) => {
                self.merged(flat, candidates, place)
            }
            Some(Kind::String) if same => Ty::String,
            Some(Kind::Integer) if same => Ty::Integer,
            Some(Kind::Integer | Kind::Number)
                if kinds
                    .iter()
                    .all(|k| matches!(k, Some(Kind::Integer | Kind::Number))) =>
            {
                Ty::Number
            }
            Some(Kind::Boolean) if same => Ty::Boolean,
            _ => self.fall_back(
                &flat.pointer,
                "nothing in the document tells the branches apart",
            ),
        }
    }

    /// One type of the schema and all its branches.
    fn merged(&mut self, flat: &Flat<'d>, candidates: &[Candidate<'d>], place: Place<'_>) -> Ty {
        let mut whole = flat.clone();
        whole.identity = None;
        whole.branches.clear();
        for candidate in candidates {
            self.absorb(&mut whole, candidate);
        }
        if candidates.len() > 1 {
            whole.required.retain(|name| {
                flat.required.contains(name)
                    || candidates.iter().all(|c| c.flat.required.contains(name))
            });
            self.flattener.notes.insert(Fallback {
                pointer: flat.pointer.clone(),
                reason:
                    "the fields of all branches are in one type; nothing tells the branches apart"
                        .to_owned(),
            });
        } else {
            whole.components.clone_from(&candidates[0].flat.components);
        }
        let taken_in = candidates
            .iter()
            .filter(|c| !c.flat.branches.is_empty())
            .filter_map(|c| c.flat.identity.clone())
            .collect();
        self.taking_in(taken_in, &whole, place)
    }

    fn absorb(&mut self, whole: &mut Flat<'d>, candidate: &Candidate<'d>) {
        let branch = &candidate.flat;
        whole.kind = whole.kind.or(branch.implied_kind());
        for (name, sources) in &branch.properties {
            // The first branch's word counts; one that contradicts it is told.
            if let Some(known) = whole.properties.get(name) {
                let (ours, theirs) = (
                    self.flattener.flatten(known).implied_kind(),
                    self.flattener.flatten(sources).implied_kind(),
                );
                if ours != theirs {
                    let reason = format!(
                        "branches disagree about the type of `{name}`; the first one counts"
                    );
                    self.flattener.notes.insert(Fallback {
                        pointer: candidate.source.pointer.clone(),
                        reason,
                    });
                }
                continue;
            }
            whole.properties.insert(name, sources.clone());
        }
        whole.required.extend(&branch.required);
        whole.items.extend(branch.items.iter().cloned());
        whole.values.extend(branch.values.iter().cloned());
        whole.branches.extend(branch.branches.iter().cloned());
        if whole.additional.is_none() {
            whole.additional.clone_from(&branch.additional);
        }
        let facts = &mut whole.facts;
        facts.format = facts.format.take().or_else(|| branch.facts.format.clone());
        facts.pattern = facts
            .pattern
            .take()
            .or_else(|| branch.facts.pattern.clone());
        for (key, value) in &branch.facts.bounds {
            facts.bounds.entry(key).or_insert_with(|| value.clone());
        }
    }
}

/// The tag and its value for each branch.
fn tell_apart<'d>(
    flat: &Flat<'d>,
    candidates: &[Candidate<'d>],
    parent: Option<&Flat<'_>>,
) -> Option<(Tag, Vec<String>)> {
    let by_name = flat
        .discriminator
        .and_then(|d| by_discriminator(&d.property_name, flat, candidates, parent));
    by_name
        .or_else(|| by_constant(candidates))
        .or_else(|| by_parent_enum(candidates, parent))
        .or_else(|| by_kind(candidates))
}

/// The discriminator names a property of the branches, or one beside the union.
fn by_discriminator<'d>(
    name: &str,
    flat: &Flat<'d>,
    candidates: &[Candidate<'d>],
    parent: Option<&Flat<'_>>,
) -> Option<(Tag, Vec<String>)> {
    let tags = || {
        candidates
            .iter()
            .map(|c| mapped_tag(name, flat, c))
            .collect::<Option<Vec<_>>>()
    };
    if candidates
        .iter()
        .all(|c| c.flat.properties.contains_key(name))
    {
        return unique(tags()?).map(|tags| (Tag::Inside(name.to_owned()), tags));
    }
    let beside = parent.is_some_and(|p| p.properties.contains_key(name));
    if beside {
        unique(tags()?).map(|tags| (Tag::Beside(name.to_owned()), tags))
    } else {
        None
    }
}

/// The tag value of a branch: from the mapping, its label, or its component.
fn mapped_tag(name: &str, flat: &Flat<'_>, candidate: &Candidate<'_>) -> Option<String> {
    let reference = candidate.flat.identity.as_deref();
    let mapping = flat.discriminator.map(|d| &d.mapping);
    let mapped = mapping.into_iter().flatten().find(|(_, target)| {
        Some(target.as_str()) == reference
            || candidate.flat.components.iter().any(|c| *c == **target)
    });
    if let Some((tag, _)) = mapped {
        return Some(tag.clone());
    }
    constant(&candidate.flat, name)
        .or_else(|| candidate.flat.label.map(str::to_owned))
        .or_else(|| candidate.flat.components.first().cloned())
}

/// Every branch has one property that can only have one value, each another.
fn by_constant(candidates: &[Candidate<'_>]) -> Option<(Tag, Vec<String>)> {
    let first = candidates.first()?;
    first.flat.properties.keys().find_map(|name| {
        let tags = candidates
            .iter()
            .map(|c| constant(&c.flat, name))
            .collect::<Option<Vec<_>>>()?;
        unique(tags).map(|tags| (Tag::Inside((*name).to_owned()), tags))
    })
}

/// The only value that a property can have.
fn constant(flat: &Flat<'_>, name: &str) -> Option<String> {
    let sources = flat.properties.get(name)?;
    let [source] = sources.as_slice() else {
        return None;
    };
    let super::flatten::Target::Schema(schema) = source.target else {
        return None;
    };
    match &schema.schema_kind {
        openapiv3::SchemaKind::Type(openapiv3::Type::String(string)) => {
            match string.enumeration.as_slice() {
                [Some(only)] => Some(only.clone()),
                _ => None,
            }
        }
        openapiv3::SchemaKind::Any(any) => match any.enumeration.as_slice() {
            [Json::String(only)] => Some(only.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// A property beside the union whose values are the labels of the branches.
fn by_parent_enum(
    candidates: &[Candidate<'_>],
    parent: Option<&Flat<'_>>,
) -> Option<(Tag, Vec<String>)> {
    let labels = candidates
        .iter()
        .map(|c| c.flat.label.map(|l| l.to_snake_case()))
        .collect::<Option<Vec<_>>>()?;
    let labels = unique(labels)?;
    parent?.properties.iter().find_map(|(name, sources)| {
        let values = enum_values(sources)?;
        let matched = labels
            .iter()
            .map(|label| values.iter().find(|v| v.to_snake_case() == *label).cloned())
            .collect::<Option<Vec<_>>>()?;
        Some((Tag::Beside((*name).to_owned()), matched))
    })
}

fn enum_values(sources: &[Source<'_>]) -> Option<Vec<String>> {
    let [source] = sources else { return None };
    let super::flatten::Target::Schema(schema) = source.target else {
        return None;
    };
    match &schema.schema_kind {
        openapiv3::SchemaKind::Type(openapiv3::Type::String(string))
            if !string.enumeration.is_empty() =>
        {
            Some(string.enumeration.iter().flatten().cloned().collect())
        }
        _ => None,
    }
}

/// Every branch is of another JSON kind.
fn by_kind(candidates: &[Candidate<'_>]) -> Option<(Tag, Vec<String>)> {
    let kinds = candidates
        .iter()
        .map(|c| c.flat.implied_kind().map(|k| k.json().to_owned()))
        .collect::<Option<Vec<_>>>()?;
    unique(kinds).map(|kinds| (Tag::Kind, kinds))
}

fn unique(tags: Vec<String>) -> Option<Vec<String>> {
    let distinct: BTreeSet<String> = tags.iter().map(|t| t.to_snake_case()).collect();
    (distinct.len() == tags.len()).then_some(tags)
}
