//! The official documents beside the project: each is read, and every answer made of it agrees with it.

use std::fs;
use std::path::{Path, PathBuf};

use linode_witness::Document;

/// Documents beside the project, or nothing where they are missing.
fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} is missing", folder.display());
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_official_document_is_read() {
    for file in corpus() {
        let document = Document::parse(&fs::read_to_string(&file).unwrap()).unwrap();
        let operations = document.operations().count();
        let replaced = document.replaced_examples();
        println!(
            "{}: {operations} operations, {} examples replaced",
            file.display(),
            replaced.len()
        );
        assert!(operations > 200, "{}", file.display());
        for operation in document.operations() {
            assert!(
                operation
                    .versions()
                    .iter()
                    .all(|version| ["v4", "v4beta"].contains(version)),
                "{}: {:?}",
                operation.key(),
                operation.versions()
            );
            assert!(
                !operation.versions().is_empty() && operation.turns() < 10,
                "{}",
                operation.key()
            );
            assert_eq!(
                document
                    .operation(&operation.key())
                    .map(|found| found.path()),
                Some(operation.path())
            );
        }
        // A bundled document repeats each schema, and the examples in it, wherever it is used.
        assert!(
            replaced.len() < operations / 4,
            "{}: {replaced:#?}",
            file.display()
        );
    }
}

#[test]
fn the_release_that_is_pinned_has_what_is_known_of_it() {
    let Some(file) = corpus()
        .into_iter()
        .find(|file| file.ends_with("linode-4.176.0.yaml"))
    else {
        return;
    };
    let document = Document::parse(&fs::read_to_string(file).unwrap()).unwrap();
    assert_eq!(document.operations().count(), 368);
    assert_eq!(
        document
            .operations()
            .filter(|operation| operation.may_be_empty())
            .count(),
        2
    );
    let replaced = document.replaced_examples();
    replaced.iter().for_each(|replaced| println!("{replaced}"));
    assert!(
        (18..=30).contains(&replaced.len()),
        "{} examples are replaced",
        replaced.len()
    );
}
