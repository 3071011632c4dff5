//! Changes by what they mean, for whoever reads them.

use std::collections::BTreeMap;

use linode_spec::diff::{Change, Diff, Effect, Verdict};

/// A heading and the changes below it.
pub struct Section<'a> {
    pub heading: &'static str,
    pub meaning: Effect,
    pub changes: Vec<&'a Change>,
}

/// The changes that mean something; each is in one section. Empty ones are left out.
pub fn sections(diff: &Diff) -> Vec<Section<'_>> {
    let section = |heading, meaning, takes: fn(&Change) -> bool| Section {
        heading,
        meaning,
        changes: diff.changes.iter().filter(|change| takes(change)).collect(),
    };
    let all = [
        section("Breaking for programs", Effect::Breaking, |c| {
            c.rust == Effect::Breaking
        }),
        section(
            "Breaking on the wire, not for programs",
            Effect::Breaking,
            |c| c.rust != Effect::Breaking && c.wire == Effect::Breaking,
        ),
        section("Additions", Effect::Addition, |c| {
            c.rust == Effect::Addition && c.wire != Effect::Breaking
        }),
        section(
            "Additions on the wire, unseen by programs",
            Effect::Addition,
            |c| c.rust == Effect::None && c.wire == Effect::Addition,
        ),
    ];
    all.into_iter()
        .filter(|section| !section.changes.is_empty())
        .collect()
}

/// The changes without any effect.
pub fn without_effect(diff: &Diff) -> Vec<&Change> {
    let changes = diff.changes.iter();
    changes
        .filter(|c| c.rust == Effect::None && c.wire == Effect::None)
        .collect()
}

/// How many of each kind: `368 operations: has the id`.
pub fn counted(changes: &[&Change]) -> Vec<String> {
    let mut kinds: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for change in changes {
        let kind = change.what.split(['`', ':']).next().unwrap_or_default();
        *kinds
            .entry((change.subject.to_string(), kind.trim()))
            .or_default() += 1;
    }
    let mut kinds: Vec<((String, &str), usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(kind, count)| (std::cmp::Reverse(*count), kind.clone()));
    kinds
        .into_iter()
        .map(|((subject, kind), count)| format!("{count} × {subject} {kind}"))
        .collect()
}

/// Where a change stands: in both documents, or in the one that has it.
pub fn pointers(change: &Change) -> Vec<(&'static str, &str)> {
    match (change.old.as_deref(), change.new.as_deref()) {
        (Some(old), Some(new)) if old == new => vec![("at", old)],
        (old, new) => {
            let old = old.map(|pointer| ("was at", pointer));
            old.into_iter()
                .chain(new.map(|pointer| ("is at", pointer)))
                .collect()
        }
    }
}

/// What the change does to the crate that its own words don't say.
pub fn code(change: &Change) -> Vec<String> {
    let says_all = |item: &linode_spec::diff::ItemChange| {
        let moved = item.was.is_some() == item.is.is_some() && item.was != item.is;
        item.item == change.item && !moved
    };
    let code = change
        .code
        .iter()
        .filter(|item| item.effect == Effect::Breaking && !says_all(item));
    code.map(ToString::to_string).collect()
}

/// The verdict as a sentence.
pub fn summary(diff: &Diff) -> String {
    let Diff {
        verdict,
        version,
        next_version,
        ..
    } = diff;
    let says = match verdict {
        Verdict::None => {
            return format!("none: the documents say the same, and the version stays {version}");
        }
        Verdict::Patch => "no program sees a difference",
        Verdict::Addition => "every program that could be built still can be",
        Verdict::Breaking => "some programs can no longer be built",
    };
    format!("{verdict}: {says}; after version {version} comes {next_version}")
}
