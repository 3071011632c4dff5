//! What is told of two documents that differ in one thing.

mod support;

use linode_spec::api::Api;
use linode_spec::diff::{Diff, Effect, Verdict, Version, diff};
use linode_spec::identity::identify;
use linode_spec::name::{Lock, name};
use support::{model, pinned, project};

/// Compares as the command does: both with the names of the first.
fn compared(old: Api, new: Api) -> Diff {
    let (old_names, lock) = name(&old, &Lock::default()).unwrap_or_else(|e| panic!("{e}"));
    let old = identify(old, &Lock::default());
    let new = identify(new, &lock);
    let (new_names, _) = name(&new, &lock).unwrap_or_else(|e| panic!("{e}"));
    diff(
        (&old, &old_names),
        (&new, &new_names),
        Version::new(0, 1, 0),
    )
}

#[test]
fn a_document_is_the_same_as_itself() {
    let same = compared(pinned().clone(), pinned().clone());
    assert_eq!(same.changes, []);
    assert_eq!(
        (same.verdict, same.next_version),
        (Verdict::None, Version::new(0, 1, 0))
    );
}

#[test]
fn neighbours_of_the_corpus_break_something() {
    let release = |version: &str| {
        let file = format!("../shared/spec/linode-{version}.yaml");
        let text = std::fs::read_to_string(project().join(&file));
        text.map(|text| model(&file, &text))
            .map_err(|error| println!("{file}: skipped: {error}"))
    };
    let (Ok(old), Ok(new)) = (release("4.175.0"), release("4.176.0")) else {
        return;
    };
    let diff = compared(old, new);
    assert_eq!(
        (diff.verdict, diff.next_version),
        (Verdict::Breaking, Version::new(0, 2, 0))
    );
    assert_eq!(diff.unexplained_renames, 0);
    let gone = diff
        .with(Effect::Breaking)
        .find(|change| change.item == "types::ObjectStorageObject.is_truncated");
    assert_eq!(gone.map(|change| change.what.as_str()), Some("is gone"));
}
