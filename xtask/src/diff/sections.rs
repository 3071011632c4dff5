//! Changes by what they mean, for whoever reads them.

use std::collections::BTreeMap;

use linode_spec::diff::{Change, Diff, Effect, Verdict};

/// A heading and the changes below it.
pub struct Section<'a> {
    pub heading: &'static str,
    pub meaning: Effect,
    /// Whether they are worth a line each, also where there are many.
    pub in_full: bool,
    pub changes: Vec<&'a Change>,
}

/// The changes by what they mean, what breaks first; each is in one section. Empty ones are left out.
pub fn sections(diff: &Diff) -> Vec<Section<'_>> {
    let section = |heading, rust: &[Effect], wire: &[Effect], meaning, in_full| {
        let changes = diff.changes.iter();
        let taken = changes.filter(|c| rust.contains(&c.rust) && wire.contains(&c.wire));
        Section {
            heading,
            meaning,
            in_full,
            changes: taken.collect(),
        }
    };
    use Effect::{Addition, Breaking, None};
    let all = [
        section(
            "Breaking for programs",
            &[Breaking],
            &[Breaking, Addition, None],
            Breaking,
            true,
        ),
        section(
            "Breaking on the wire alone",
            &[Addition, None],
            &[Breaking],
            Breaking,
            true,
        ),
        section("Additions", &[Addition], &[Addition, None], Addition, true),
        section(
            "Additions on the wire alone",
            &[None],
            &[Addition],
            Addition,
            false,
        ),
        section("Without effect", &[None], &[None], None, false),
    ];
    all.into_iter()
        .filter(|section| !section.changes.is_empty())
        .collect()
}

/// How many of each kind: `368 × operation has the id`.
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
