//! Names outlive releases: what a lock holds is called the same in the next document, whatever became of its shapes.

mod support;

use std::collections::BTreeMap;

use linode_spec::api::{AnswerKind, Api, Record, Ty, TypeKind};
use linode_spec::identity::identify;
use linode_spec::name::{Lock, Names, Rename, name, renames};
use proptest::prelude::*;
use support::{api, model, object, pinned, project};

/// The official documents, in order.
const RELEASES: [&str; 11] = [
    "4.3.2", "4.63.1", "4.84.1", "4.97.2", "4.117.1", "4.145.0", "4.151.1", "4.163.0", "4.175.0",
    "4.176.0", "4.189.0",
];

/// A model with the names that a lock gives it.
struct Named {
    api: Api,
    names: Names,
    /// The lock, with what the model added to it.
    lock: Lock,
}

impl Named {
    fn with(api: Api, lock: &Lock) -> Self {
        let api = identify(api, lock);
        let (names, new) = name(&api, lock).unwrap_or_else(|e| panic!("{e}"));
        let mut lock = lock.clone();
        lock.extend(new);
        Self { api, names, lock }
    }

    fn first(api: Api) -> Self {
        Self::with(api, &Lock::default())
    }

    fn next(&self, api: Api) -> Self {
        Self::with(api, &self.lock)
    }

    fn renames(&self, next: &Self) -> Vec<Rename> {
        renames((&self.api, &self.names), (&next.api, &next.names))
    }

    /// The name of the type at each position.
    fn at(&self) -> BTreeMap<&str, &str> {
        let types = self.api.types.iter().zip(&self.names.types);
        types
            .flat_map(|(def, name)| {
                def.positions
                    .iter()
                    .map(|p| (p.as_str(), name.name.as_str()))
            })
            .collect()
    }

    fn kind(&self, name: &str) -> &TypeKind {
        let at = self.names.types.iter().position(|t| t.name == name);
        &self.api.types[at.unwrap_or_else(|| panic!("no {name} in {:?}", self.at()))].kind
    }

    fn record(&self, name: &str) -> &Record {
        match self.kind(name) {
            TypeKind::Record(record) => record,
            other => panic!("{name} is {other:?}"),
        }
    }

    fn fields(&self, name: &str) -> Vec<&str> {
        let fields = self.record(name).fields.iter();
        fields.map(|f| f.name.as_str()).collect()
    }

    fn types(&self) -> usize {
        let used = self.api.types.iter().filter(|t| !t.positions.is_empty());
        used.count()
    }
}

fn release(version: &str) -> Option<Api> {
    let file = format!("../shared/spec/linode-{version}.yaml");
    match std::fs::read_to_string(project().join(&file)) {
        Ok(text) => Some(model(&file, &text)),
        Err(error) => {
            println!("{file}: skipped: {error}");
            None
        }
    }
}

/// A document whose operations answer these schemas.
fn answers(operations: &[(&str, &str)]) -> Api {
    let one = |(operation, schema): &(&str, &str)| {
        let (method, path) = operation.split_once(' ').expect("a method and a path");
        format!(
            "  {path}: {{{method}: {{responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}}}}}\n"
        )
    };
    api(&operations.iter().map(one).collect::<String>())
}

const DISK: &str = "id: {type: integer}, state: {type: string, enum: [up, down]}";

/// Two lists of the same thing.
fn two_lists() -> Named {
    let disk = object(DISK);
    let named = Named::first(answers(&[("get /a/disks", &disk), ("get /b/disks", &disk)]));
    assert_eq!(named.at()["GET /a/disks answer"], "Disks");
    assert_eq!(named.at()["GET /b/disks answer"], "Disks");
    named
}

#[test]
fn shapes_that_drifted_apart_stay_one_type_with_the_fields_of_all() {
    let old = two_lists();
    let grown = object(&format!("{DISK}, size: {{type: integer}}"));
    let next = old.next(answers(&[
        ("get /a/disks", &grown),
        ("get /b/disks", &object(DISK)),
    ]));
    assert_eq!(next.fields("Disks"), ["id", "state", "size"]);
    assert_eq!(old.renames(&next), []);
}

#[test]
fn so_do_enums_with_the_values_of_all() {
    let old = two_lists();
    let more = object("id: {type: integer}, state: {type: string, enum: [up, paused, down]}");
    let next = old.next(answers(&[
        ("get /a/disks", &more),
        ("get /b/disks", &object(DISK)),
    ]));
    let TypeKind::Enum(state) = next.kind("DisksState") else {
        panic!("{:?}", next.at())
    };
    assert_eq!(state.values, ["up", "paused", "down"]);
    assert_eq!(old.renames(&next), []);
}

#[test]
fn what_is_new_in_both_shapes_is_united_too() {
    let old = two_lists();
    let with = |owner: &str| object(&format!("{DISK}, owner: {}", object(owner)));
    let next = old.next(answers(&[
        ("get /a/disks", &with("name: {type: string}")),
        (
            "get /b/disks",
            &with("name: {type: string}, id: {type: integer}"),
        ),
    ]));
    assert_eq!(next.types(), 3, "{:?}", next.at());
    assert_eq!(next.fields("DisksOwner"), ["name", "id"]);
}

#[test]
fn a_shape_that_contradicts_the_others_leaves_and_the_lock_tells() {
    let old = two_lists();
    let other = object("id: {type: string}, state: {type: string, enum: [up, down]}");
    let operations = [
        ("get /a/disks", object(DISK)),
        ("get /b/disks", other.clone()),
    ];
    let operations = operations
        .each_ref()
        .map(|(at, schema)| (*at, schema.as_str()));
    let next = old.next(answers(&operations));
    let now = next.at()["GET /b/disks answer"];
    assert_eq!(next.at()["GET /a/disks answer"], "Disks");
    assert_ne!(now, "Disks");
    assert_eq!(
        next.lock.types, old.lock.types,
        "no entry of the lock has changed"
    );
    assert!(next.lock.left[now].contains("GET /b/disks answer"));
    let renames = old.renames(&next);
    assert_eq!(renames.len(), 1);
    let because = renames[0].because.as_deref();
    assert_eq!(
        because,
        Some("`id` is an integer in one place and text in the other")
    );
    // From then on, that is its name.
    let later = next.next(answers(&[operations[1]]));
    assert_eq!(later.at()["GET /b/disks answer"], now);
}

#[test]
fn two_types_whose_shapes_have_fallen_together_stay_two() {
    let old = Named::first(answers(&[
        (
            "get /cats",
            &object("name: {type: string}, lives: {type: integer}"),
        ),
        ("get /dogs", &object("name: {type: string}")),
    ]));
    let same = object("name: {type: string}");
    let next = old.next(answers(&[
        ("get /cats", &same),
        ("get /dogs", &same),
        ("get /pets", &same),
    ]));
    assert_eq!(next.types(), 2, "{:?}", next.at());
    assert_eq!(old.renames(&next), []);
}

#[test]
fn a_type_that_holds_itself_keeps_its_name() {
    let tree = |more: &str| {
        model(
            "trees.yaml",
            &format!(
                "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /trees: {{get: {{responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/Tree'}}}}}}}}}}}}}}\ncomponents: {{schemas: {{Tree: {{properties: {{left: {{$ref: '#/components/schemas/Tree'}}, right: {{$ref: '#/components/schemas/Tree'}}{more}}}}}}}}}\n"
            ),
        )
    };
    let old = Named::first(tree(""));
    let next = old.next(tree(", size: {type: integer}"));
    assert_eq!(old.renames(&next), []);
    assert_eq!(next.types(), 1);
    assert_eq!(
        next.record("Tree").fields[0].ty.named(),
        next.record("Tree").fields[1].ty.named()
    );
}

#[test]
fn the_filters_of_a_list_follow_its_items() {
    let page = |state: &str| {
        let item = object(&format!(
            "state: {{type: string, x-linode-filterable: true, enum: {state}}}"
        ));
        object(&format!(
            "data: {{type: array, items: {item}}}, page: {{type: integer}}, pages: {{type: integer}}, results: {{type: integer}}"
        ))
    };
    let old = Named::first(answers(&[
        ("get /a/disks", &page("[up]")),
        ("get /b/disks", &page("[up]")),
    ]));
    let next = old.next(answers(&[
        ("get /a/disks", &page("[up]")),
        ("get /b/disks", &page("[up, down]")),
    ]));
    for operation in &next.api.operations {
        let AnswerKind::Page(list) = &operation.answer.kind else {
            panic!("{operation:?}")
        };
        let Some(item) = next.api.record(&list.item) else {
            panic!("{list:?}")
        };
        assert_eq!(list.filters[0].ty, item.fields[0].ty);
    }
    assert_eq!(old.renames(&next), []);
}

#[test]
fn what_only_answers_have_grown_is_read_only_in_requests() {
    let both = |answered: &str| {
        api(&format!(
            "  /a:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {}}}}}}}\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {}}}}}}}}}\n",
            object(&format!(
                "disk: {}",
                object("size: {type: integer}, label: {type: string}")
            )),
            object(&format!("disk: {}", object(answered)))
        ))
    };
    let old = Named::first(both("size: {type: integer}, label: {type: string}"));
    let next = old.next(both(
        "size: {type: integer}, label: {type: string}, id: {type: integer}",
    ));
    assert_eq!(old.renames(&next), []);
    let name = next.at()["POST /a answer/disk"];
    let fields = &next.record(name).fields;
    let read_only: Vec<(&str, bool)> = fields
        .iter()
        .map(|f| (f.name.as_str(), f.read_only))
        .collect();
    assert_eq!(
        read_only,
        [("size", false), ("label", false), ("id", true)],
        "{fields:?}"
    );
}

#[test]
fn a_document_keeps_the_types_that_its_own_lock_holds() {
    let first = Named::first(pinned().clone());
    let again = first.next(pinned().clone());
    assert_eq!(first.at(), again.at());
    assert_eq!(first.lock, again.lock);
    assert_eq!(
        first.api.account.merged_shapes,
        again.api.account.merged_shapes
    );
    let without_unused = first.api.types.iter().filter(|t| !t.positions.is_empty());
    assert_eq!(without_unused.count(), again.api.types.len());
}

#[test]
fn no_name_of_an_official_release_changes_without_a_change_of_the_api() {
    for pair in RELEASES.windows(2) {
        let (Some(old), Some(new)) = (release(pair[0]), release(pair[1])) else {
            continue;
        };
        let old = Named::first(old);
        let new = old.next(new);
        let renames = old.renames(&new);
        let unexplained: Vec<&Rename> = renames.iter().filter(|r| r.because.is_none()).collect();
        assert!(unexplained.is_empty(), "{pair:?}: {unexplained:#?}");
    }
}

#[test]
fn nor_over_all_releases_in_a_row_with_one_lock() {
    let mut before: Option<Named> = None;
    for api in RELEASES.iter().filter_map(|version| release(version)) {
        let now = match &before {
            Some(before) => before.next(api),
            None => Named::first(api),
        };
        if let Some(before) = &before {
            let renames = before.renames(&now);
            let unexplained: Vec<&Rename> =
                renames.iter().filter(|r| r.because.is_none()).collect();
            assert!(unexplained.is_empty(), "{unexplained:#?}");
        }
        before = Some(now);
    }
}

#[test]
fn a_bundled_release_has_hardly_more_types_than_its_neighbour() {
    let (Some(old), Some(new)) = (release("4.176.0"), release("4.189.0")) else {
        return;
    };
    let old = Named::first(old);
    let new = old.next(new);
    let growth = |before: usize, now: usize| now as f64 / before as f64;
    let operations = growth(old.api.operations.len(), new.api.operations.len());
    assert!(
        growth(old.types(), new.types()) < operations * 1.05,
        "{} types before, {} now",
        old.types(),
        new.types()
    );
}

/// Every type's fields name types that are there.
fn assert_whole(named: &Named) {
    let all = named.api.types.len();
    let tys = named
        .api
        .types
        .iter()
        .flat_map(|def| match &def.kind {
            TypeKind::Record(record) => record.fields.iter().map(|f| &f.ty).collect::<Vec<_>>(),
            TypeKind::Union(union) => union.branches.iter().map(|b| &b.ty).collect(),
            TypeKind::Enum(_) => Vec::new(),
        })
        .filter_map(Ty::named);
    for id in tys {
        assert!(id.0 < all && !named.names.types[id.0].name.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_lock_gives_every_position_one_type(seed in any::<u64>(), labels in 1usize..40) {
        // A lock that deals the positions of the pinned document out at random contradicts it in every way there is.
        let positions = pinned().types.iter().filter(|t| t.body_of.is_none()).flat_map(|t| &t.positions);
        let mut lock = Lock::default();
        let mut state = seed | 1;
        for position in positions {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let label = (state >> 33) as usize % (labels * 2);
            if label < labels {
                let name = format!("Dealt{}", char::from(b'A' + (label % 26) as u8)) + if label < 26 { "" } else { "More" };
                lock.types.entry(name).or_default().insert(position.clone());
            }
        }
        let named = Named::with(pinned().clone(), &lock);
        let before: usize = pinned().types.iter().map(|t| t.positions.len()).sum();
        let after: usize = named.api.types.iter().map(|t| t.positions.len()).sum();
        prop_assert_eq!(before, after);
        assert_whole(&named);
        let mut names: Vec<&str> = named.api.types.iter().zip(&named.names.types).filter(|(def, _)| def.body_of.is_none()).map(|(_, t)| t.name.as_str()).collect();
        names.sort_unstable();
        prop_assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
