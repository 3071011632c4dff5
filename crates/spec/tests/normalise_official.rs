//! The facts of release 4.176.0, whose figures are known, and a model for every release at hand.

mod support;

use std::collections::BTreeSet;

use linode_spec::api::{AnswerKind, Content, Method, Operation, Tag, Ty, TypeKind};
use linode_spec::diagnostic::Accepted;
use linode_spec::load::load;
use linode_spec::normalise::normalise;
use support::{lists, of_4_176_0, project, unions};

#[test]
fn operations_and_lists() {
    let Some(api) = of_4_176_0() else { return };
    assert_eq!(api.release, "4.176.0");
    assert_eq!(api.operations.len(), 368);
    assert_eq!(
        api.operations
            .iter()
            .map(|o| o.path.as_str())
            .collect::<BTreeSet<_>>()
            .len(),
        238
    );
    assert_eq!(
        api.operations
            .iter()
            .map(Operation::key)
            .collect::<BTreeSet<_>>()
            .len(),
        368
    );
    assert_eq!(lists(api).len(), 75);
}

#[test]
fn every_page_of_the_pinned_document_is_a_get() {
    let Some(api) = of_4_176_0() else { return };
    assert!(
        lists(api)
            .iter()
            .all(|(operation, _)| operation.method == Method::Get)
    );
}

#[test]
fn filters_per_list() {
    let Some(api) = of_4_176_0() else { return };
    let filterable = lists(api)
        .into_iter()
        .filter(|(_, list)| !list.filters.is_empty())
        .count();
    let pairs: usize = lists(api).iter().map(|(_, list)| list.filters.len()).sum();
    assert_eq!((filterable, pairs), (47, 175));
    assert_eq!(api.account.markers, 154);
}

#[test]
fn markers_that_reach_no_list_are_reported() {
    let Some(api) = of_4_176_0() else { return };
    let used: BTreeSet<&str> = lists(api)
        .iter()
        .flat_map(|(_, list)| &list.filters)
        .map(|f| f.pointer.as_str())
        .collect();
    assert_eq!(
        used.len() + api.account.markers_without_field.len(),
        154,
        "each marker is used or told"
    );
    assert!(api.account.markers_without_field.len() >= 7);
}

#[test]
fn few_schemas_are_free_form() {
    let Some(api) = of_4_176_0() else { return };
    assert!(
        api.account.fallbacks.len() < 10,
        "{:#?}",
        api.account.fallbacks
    );
}

#[test]
fn nothing_is_beta_alone_and_nothing_is_public_but_by_the_document() {
    let Some(api) = of_4_176_0() else { return };
    assert!(
        api.operations
            .iter()
            .all(|o| o.versions.iter().any(|v| v == "v4")),
        "4.176.0 has no operation on v4beta alone"
    );
    assert_eq!(
        api.operations
            .iter()
            .filter(|o| o.public)
            .map(|o| o.scopes.len())
            .sum::<usize>(),
        0
    );
    assert!(api.operations.iter().filter(|o| o.id.is_none()).count() == 2);
}

#[test]
fn each_union_has_something_that_tells_its_branches_apart() {
    let Some(api) = of_4_176_0() else { return };
    let tags: Vec<(usize, &Tag)> = unions(api)
        .iter()
        .map(|union| (union.branches.len(), &union.tag))
        .collect();
    let beside = Tag::Beside("type".to_owned());
    assert_eq!(
        tags,
        [(3, &beside), (2, &Tag::Kind), (4, &beside)],
        "payment methods, stats, tagged objects"
    );
    for union in unions(api) {
        let distinct: BTreeSet<&Ty> = union.branches.iter().map(|b| &b.ty).collect();
        assert_eq!(distinct.len(), union.branches.len(), "{union:?}");
    }
}

#[test]
fn the_image_of_an_oauth_client_and_the_multipart_upload_are_no_json() {
    let Some(api) = of_4_176_0() else { return };
    let bytes = |o: &&Operation| {
        o.answer.kind == AnswerKind::Bytes
            || o.body.as_ref().is_some_and(|b| b.content == Content::Bytes)
    };
    assert_eq!(
        api.operations
            .iter()
            .filter(bytes)
            .map(Operation::key)
            .collect::<Vec<_>>(),
        [
            "GET /account/oauth-clients/{}/thumbnail",
            "PUT /account/oauth-clients/{}/thumbnail"
        ]
    );
    let multipart = |o: &&Operation| {
        matches!(
            o.body.as_ref().map(|b| &b.content),
            Some(Content::Multipart(_))
        )
    };
    assert_eq!(
        api.operations
            .iter()
            .filter(multipart)
            .map(Operation::key)
            .collect::<Vec<_>>(),
        ["POST /support/tickets/{}/attachments"]
    );
}

#[test]
fn no_answer_promises_a_field_before_the_corrections() {
    let Some(api) = of_4_176_0() else { return };
    let records = api.types.iter().filter_map(|def| match &def.kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    });
    assert!(
        records
            .flat_map(|record| &record.fields)
            .all(|field| !field.always)
    );
}

#[test]
fn every_release_has_a_model() {
    let folder = project().join("../shared/spec");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("{}: skipped, it is not here", folder.display());
        return;
    };
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.sort();
    for file in files {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = std::fs::read(&file).unwrap_or_else(|e| panic!("{name}: {e}"));
        let document = load(&name, &text, &Accepted::default(), false)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        let api = normalise(&document);
        assert!(
            api.operations.len() >= 200,
            "{name}: {}",
            api.operations.len()
        );
        assert!(lists(&api).len() >= 30, "{name}: {}", lists(&api).len());
        assert!(
            api.account.fallbacks.len() < 60,
            "{name}: {:#?}",
            api.account.fallbacks
        );
    }
}

#[test]
fn every_area_has_a_scope_to_read_and_one_to_write() {
    let Some(api) = of_4_176_0() else { return };
    let scopes = &api.scopes;
    for scope in [
        "vpc:read_only",
        "vpc:read_write",
        "databases:read_only",
        "linodes:read_write",
    ] {
        assert!(scopes.iter().any(|known| known == scope), "{scope}");
    }
    let asked = api.operations.iter().flat_map(|o| &o.scopes);
    assert!(asked.clone().count() > 300);
    for scope in asked {
        assert!(scopes.contains(scope), "{scope}");
    }
}
