//! Names: always identifiers, never two for one, kept by the lock.

mod support;

use std::collections::BTreeSet;

use linode_spec::api::{Api, Enum, Facts, Field, Record, Ty, TypeDef, TypeId, TypeKind};
use linode_spec::name::{CATCH_ALL, Lock, Names, member_names, module_name, name};
use proptest::prelude::*;
use support::{answering, api, object, pinned};

fn named(api: &Api) -> Names {
    named_with(api, &Lock::default()).0
}

fn named_with(api: &Api, lock: &Lock) -> (Names, Lock) {
    name(api, lock).unwrap_or_else(|e| panic!("{e}"))
}

fn methods(paths: &str) -> Vec<String> {
    named(&api(paths))
        .operations
        .into_iter()
        .map(|o| format!("{}.{}", o.group, o.method))
        .collect()
}

/// Paths with these methods, each answering nothing.
fn nothing(operations: &[(&str, &str)]) -> String {
    operations
        .iter()
        .map(|(method, path)| {
            format!("  {path}: {{{method}: {{responses: {{'204': {{description: ''}}}}}}}}\n")
        })
        .collect()
}

fn type_names(api: &Api) -> Vec<String> {
    named(api)
        .types
        .into_iter()
        .map(|t| t.name)
        .filter(|name| !name.is_empty())
        .collect()
}

mod operations {
    use super::*;

    #[test]
    fn groups_and_methods_follow_the_url() {
        let paths = nothing(&[
            ("get", "/linode/instances/{linodeId}/disks"),
            ("delete", "/linode/instances/{linodeId}"),
            ("post", "/linode/instances/{linodeId}/boot"),
            ("put", "/profile"),
            ("get", "/account/transfer/{year}/{month}"),
            ("get", "/account/transfer"),
        ]);
        let expected = [
            "linode.get_instance_disks",
            "linode.delete_instance",
            "linode.boot_instance",
            "profile.update_profile",
            "account.get_transfer_by_year_month",
            "account.get_transfer",
        ];
        assert_eq!(methods(&paths), expected);
    }

    #[test]
    fn operation_ids_and_the_names_of_parameters_change_nothing() {
        let plain = methods(
            "  /a/{one}: {get: {operationId: getA, responses: {'204': {description: ''}}}}\n",
        );
        let other = methods(
            "  /a/{other}: {get: {operationId: get-the-a, responses: {'204': {description: ''}}}}\n",
        );
        assert_eq!(plain, other);
    }

    #[test]
    fn what_a_crate_has_itself_is_no_group() {
        let paths = nothing(&[
            ("get", "/type"),
            ("get", "/types"),
            ("get", "/lib"),
            ("get", "/crate"),
            ("get", "/{id}"),
            ("get", "/日本"),
        ]);
        let names = methods(&paths);
        let groups: Vec<&str> = names
            .iter()
            .filter_map(|name| name.split('.').next())
            .collect();
        assert_eq!(
            groups,
            [
                "type_group",
                "types_group",
                "lib_group",
                "crate_group",
                "root",
                "u65e5u672c"
            ]
        );
    }

    #[test]
    fn paths_that_differ_in_a_sign_have_names_that_differ() {
        let names = methods(&nothing(&[
            ("get", "/a/b-c"),
            ("get", "/a/b_c"),
            ("get", "/a/B_C"),
            ("get", "/a/b/c"),
            ("get", "/a/b_c1"),
            ("get", "/a/b_c_1"),
        ]));
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            names.len(),
            "{names:?}"
        );
    }

    #[test]
    fn path_parameters_and_query_parameters_leave_room_for_what_a_call_has() {
        let api = api(
            "  /a/{body}/{type}:\n    get:\n      parameters: [{name: query, in: query, schema: {type: string}}, {name: Send, in: query, schema: {type: string}}]\n      responses: {'204': {description: ''}}\n",
        );
        let names = named(&api);
        assert_eq!(names.operations[0].arguments, ["body_", "r#type"]);
        assert_eq!(names.operations[0].setters, ["query_", "send_"]);
    }
}

mod types {
    use super::*;

    #[test]
    fn components_first_then_paths_then_what_holds_them() {
        let text = "openapi: 3.0.1\ninfo: {title: t, version: 1.0.0}\npaths:\n  /zoo/animals:\n    get:\n      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Animal'}}}}}\n  /zoo/keepers:\n    get:\n      responses: {'200': {description: '', content: {application/json: {schema: {type: array, items: {type: object, properties: {shifts: {type: array, items: {type: object, properties: {hour: {type: integer}}}}}}}}}}}\ncomponents:\n  schemas:\n    Animal: {type: object, properties: {legs: {type: object, properties: {count: {type: integer}}}}}\n";
        let mut names = type_names(&support::model("zoo.yaml", text));
        names.sort();
        assert_eq!(
            names,
            ["Animal", "AnimalLegs", "ZooKeeper", "ZooKeeperShift"]
        );
    }

    #[test]
    fn enums_of_parameters_are_called_after_path_and_parameter() {
        let api = api(
            "  /doors/{side}:\n    get:\n      parameters: [{name: side, in: path, required: true, schema: {type: string, enum: [left]}}, {name: order, in: query, schema: {type: string, enum: [up]}}]\n      responses: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {open: {type: boolean}}}}}}}\n",
        );
        let mut names = type_names(&api);
        names.sort();
        assert_eq!(names, ["Door", "DoorOrder", "DoorSide"]);
    }

    #[test]
    fn names_of_the_prelude_and_of_the_crate_are_not_taken() {
        for component in [
            "Option", "String", "Vec", "Result", "Box", "Client", "Page", "Self", "Json", "Call",
        ] {
            let text = format!(
                "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/{component}'}}}}}}}}}}\ncomponents:\n  schemas:\n    {component}: {{type: object, properties: {{a: {{type: integer}}}}}}\n"
            );
            let names = type_names(&support::model("prelude.yaml", &text));
            assert_eq!(names.len(), 1);
            assert_ne!(names[0], component);
            assert!(names[0].starts_with(component), "{names:?}");
        }
    }

    #[test]
    fn a_value_called_unknown_leaves_the_catch_all_its_name() {
        let api = answering(&object(
            "a: {type: string, enum: [Unknown, unknown_value, x]}",
        ));
        let names = named(&api);
        let of = names
            .types
            .iter()
            .find(|t| t.members.len() == 3)
            .expect("an enum");
        assert!(
            of.members.iter().all(|member| member != CATCH_ALL),
            "{:?}",
            of.members
        );
        assert_eq!(of.members[1], "UnknownValue");
    }
}

mod lock {
    use super::*;

    #[test]
    fn a_type_keeps_its_name_without_its_component() {
        let schema = object("width: {type: integer}");
        let with = format!(
            "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/Plank'}}}}}}}}}}\ncomponents: {{schemas: {{Plank: {schema}}}}}\n"
        );
        let (names, lock) = named_with(&support::model("with.yaml", &with), &Lock::default());
        assert_eq!(names.types[0].name, "Plank");
        let without = answering(&schema);
        assert_ne!(type_names(&without), ["Plank"]);
        assert_eq!(named_with(&without, &lock).0.types[0].name, "Plank");
    }

    #[test]
    fn an_edit_of_the_lock_is_a_renaming() {
        let api = answering(&object("width: {type: integer}"));
        let (_, lock) = named_with(&api, &Lock::default());
        let edited = Lock::parse(
            &lock
                .render()
                .replace("get_a", "fetch_a")
                .replace("  A:", "  Board:"),
        )
        .expect("a lock");
        let (names, kept) = named_with(&api, &edited);
        assert_eq!(names.operations[0].method, "fetch_a");
        assert_eq!(names.types[0].name, "Board");
        assert_eq!(kept, edited);
    }

    #[test]
    fn the_pinned_document_is_named_without_made_up_numbers() {
        let api = pinned();
        let names = named(api);
        let numbered = names
            .types
            .iter()
            .zip(&api.types)
            .filter(|(name, _)| name.name.ends_with(|c: char| c.is_ascii_digit()));
        for (name, def) in numbered {
            let digits: String = name.name.chars().filter(char::is_ascii_digit).collect();
            let source = format!("{:?} {:?}", def.components, def.positions);
            assert!(
                digits.chars().all(|digit| source.contains(digit)),
                "{} of {source}",
                name.name
            );
        }
    }

    #[test]
    fn every_type_of_the_pinned_document_has_a_name_of_its_own() {
        let api = pinned();
        let names = named(api);
        let shared: Vec<&str> = names
            .types
            .iter()
            .zip(&api.types)
            .filter(|(name, def)| def.body_of.is_none() && !name.name.is_empty())
            .map(|(name, _)| name.name.as_str())
            .collect();
        assert_eq!(shared.iter().collect::<BTreeSet<_>>().len(), shared.len());
        let used = api
            .types
            .iter()
            .filter(|def| !def.positions.is_empty())
            .count();
        assert_eq!(
            names.types.iter().filter(|t| !t.name.is_empty()).count(),
            used
        );
    }
}

/// A model of one record and one enum that hold these names.
fn model_of(names: &[String]) -> Api {
    let field = |name: &String| Field {
        name: name.clone(),
        ty: Ty::Named(TypeId(1)),
        required: false,
        promised: false,
        always: false,
        nullable: false,
        deprecated: false,
        read_only: false,
        facts: Facts::default(),
        pointer: String::new(),
    };
    let kinds = [
        TypeKind::Record(Record {
            fields: names.iter().map(field).collect(),
        }),
        TypeKind::Enum(Enum {
            values: names.to_vec(),
            integers: false,
        }),
    ];
    let mut api = answering("{type: object}");
    for kind in kinds {
        let mut def = TypeDef::new(kind);
        def.components.push(names[0].clone());
        def.positions
            .insert(format!("GET /a answer/{}", api.types.len()));
        (def.in_answers, def.in_requests) = (true, true);
        api.types.push(def);
    }
    api
}

fn any_names() -> impl Strategy<Value = Vec<String>> {
    let hard = [
        "self", "Self", "super", "crate", "_", "__", "", "type", "r#type", "new", "new_", "with",
        "id", "ID", "Id", "i_d", "i-d", "1", "n1", "a.b", "a_dot_b", "é", "e\u{301}", "日本", "😀",
        "u1f600",
    ];
    let one = prop_oneof![3 => proptest::sample::select(hard.to_vec()).prop_map(str::to_owned), 2 => "\\PC{0,10}", 1 => "[a-cA-C_. -]{0,5}"];
    proptest::collection::btree_set(one, 1..14).prop_map(|names| names.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_names_become_distinct_identifiers(names in any_names()) {
        let named = named(&model_of(&names));
        for of in &named.types {
            prop_assert!(syn::parse_str::<syn::Ident>(&of.name).is_ok(), "{:?}", of.name);
            for member in &of.members {
                prop_assert!(is_identifier(member), "{member:?} of {names:?}");
            }
            prop_assert_eq!(of.members.iter().collect::<BTreeSet<_>>().len(), names.len(), "{:?}", of.members);
            prop_assert!(of.members.iter().all(|member| member != CATCH_ALL));
        }
        let filters = member_names(&names);
        prop_assert_eq!(filters.iter().collect::<BTreeSet<_>>().len(), names.len(), "{:?}", filters);
    }

    #[test]
    fn any_text_becomes_the_name_of_a_file(text in "\\PC{0,300}") {
        let module = module_name(&text);
        prop_assert!(module.is_ascii() && module.len() < 200, "{module}");
        prop_assert!(syn::parse_str::<syn::Ident>(&module).is_ok(), "{module}");
    }

    #[test]
    fn a_name_does_not_depend_on_its_neighbours_order(names in any_names()) {
        let backwards: Vec<String> = names.iter().rev().cloned().collect();
        let plain: BTreeSet<&String> = names.iter().filter(|name| member_names(std::slice::from_ref(name))[0] == **name).collect();
        for (wire, member) in backwards.iter().zip(member_names(&backwards)) {
            if plain.contains(wire) {
                prop_assert_eq!(wire, &member, "what is spelt as its identifier keeps it");
            }
        }
    }
}

/// Whether the compiler takes it for a name, raw ones included.
fn is_identifier(text: &str) -> bool {
    syn::parse_str::<syn::Ident>(text).is_ok()
}
