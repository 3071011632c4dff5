//! Bundled documents, small and large: nothing of them is lost, whatever their size.

mod support;

use std::collections::BTreeSet;
use std::path::Path;

use linode_spec::api::{Operation, TypeKind};
use support::bundled::bundled;
use support::{Generated, generated};

/// So many collections make a document of 4 to 10 MB.
const LARGE: usize = 240;

#[test]
fn a_bundled_document_comes_out_whole() {
    let (text, markers) = bundled(12);
    let generated = generated("bundled.json", &text);
    whole(&generated, 12, markers);
    let widths = generated
        .api
        .types
        .iter()
        .filter(|def| matches!(&def.kind, TypeKind::Union(union) if union.branches.len() == 2));
    assert!(
        widths.count() >= 3,
        "discriminators, constants and kinds tell branches apart"
    );
    let beta = generated
        .api
        .operations
        .iter()
        .filter(|o| o.versions == ["v4beta"]);
    assert_eq!(
        beta.count(),
        10,
        "collections 5 and 10 are in the beta version alone"
    );
}

#[test]
fn a_large_bundled_document_comes_out_whole() {
    let (text, markers) = bundled(LARGE);
    assert!(
        (4_000_000..10_000_000).contains(&text.len()),
        "{} bytes",
        text.len()
    );
    // For measuring by hand: `cargo xtask corpus` takes the folder.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bundled");
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    std::fs::write(folder.join("large.json"), &text).expect("a file that can be written");
    std::fs::write(folder.join("half.json"), bundled(LARGE / 2).0)
        .expect("a file that can be written");
    whole(&generated("bundled.json", &text), LARGE, markers);
}

fn whole(generated: &Generated, collections: usize, markers: usize) {
    let operations = &generated.api.operations;
    assert_eq!(operations.len(), collections * 5);
    let keys: BTreeSet<String> = operations.iter().map(Operation::key).collect();
    assert_eq!(keys.len(), operations.len());
    assert_eq!(generated.api.account.markers, markers);
    let lists = operations.iter().filter_map(|o| o.answer.list());
    let filters: Vec<usize> = lists.map(|list| list.filters.len()).collect();
    assert_eq!(
        filters,
        vec![4; collections],
        "id, label, state and berth.row"
    );
    for operation in operations {
        assert!(!operation.path.contains("apiVersion"), "{}", operation.path);
        let inside = operation.path.contains('{');
        assert_eq!(operation.path_parameters().count(), usize::from(inside));
    }
    assert!(generated.files.keys().any(|path| path == "src/north.rs"));
    let named = generated.names.types.iter().map(|name| &name.name);
    let numbered: Vec<&String> = named
        .filter(|name| name.ends_with(|c: char| c.is_ascii_digit()))
        .collect();
    assert!(numbered.is_empty(), "{numbered:?}");
}
