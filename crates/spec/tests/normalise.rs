//! The rules of the normaliser where the model says more than the code that comes of it, and the facts of the pinned document.

mod support;

use std::collections::BTreeSet;

use linode_spec::api::{
    AnswerKind, Api, Content, List, Method, Operation, Place, Record, Tag, Ty, TypeKind, Union,
};
use linode_spec::diagnostic::Accepted;
use linode_spec::load::load;
use linode_spec::normalise::normalise;
use support::{answering, api, object, pinned, project};

/// A page's four keys around these items.
fn page(items: &str) -> String {
    format!(
        "{{type: object, properties: {{data: {{type: array, items: {items}}}, page: {{type: integer}}, pages: {{type: integer}}, results: {{type: integer}}}}}}"
    )
}

fn only(api: &Api) -> &Operation {
    assert_eq!(api.operations.len(), 1);
    &api.operations[0]
}

fn answer(schema: &str) -> AnswerKind {
    only(&answering(schema)).answer.kind.clone()
}

/// The record of an answer that is one.
fn record(api: &Api) -> &Record {
    let AnswerKind::Value(ty) = &only(api).answer.kind else {
        panic!("{:?}", only(api).answer)
    };
    api.record(ty).expect("a record")
}

fn field(api: &Api, name: &str) -> Ty {
    let fields = &record(api).fields;
    fields
        .iter()
        .find(|f| f.name == name)
        .unwrap_or_else(|| panic!("no {name} in {fields:?}"))
        .ty
        .clone()
}

fn lists(api: &Api) -> Vec<(&Operation, &List)> {
    api.operations
        .iter()
        .filter_map(|o| Some((o, o.answer.list()?)))
        .collect()
}

fn unions(api: &Api) -> Vec<&Union> {
    let unions = api
        .types
        .iter()
        .filter(|def| !def.positions.is_empty())
        .filter_map(|def| match &def.kind {
            TypeKind::Union(union) => Some(union),
            _ => None,
        });
    unions.collect()
}

mod pages {
    use super::*;

    #[test]
    fn four_keys_in_any_order_are_a_page() {
        let kind = answer(
            "{type: object, properties: {results: {type: integer}, pages: {type: integer}, page: {type: integer}, data: {type: array, items: {type: string}}}}",
        );
        assert_eq!(
            kind,
            AnswerKind::Page(List {
                item: Ty::String,
                filters: Vec::new()
            })
        );
    }

    #[test]
    fn a_fifth_key_or_a_third_makes_none() {
        let more = page("{type: string}").replace("page: {", "title: {type: string}, page: {");
        let less = page("{type: string}").replace("page: {type: integer}, ", "");
        for schema in [more, less] {
            assert!(
                matches!(answer(&schema), AnswerKind::Value(Ty::Named(_))),
                "{schema}"
            );
        }
    }

    #[test]
    fn data_that_is_no_array_makes_none() {
        let schema = page("{}").replace(
            "{type: array, items: {}}",
            "{type: object, properties: {a: {type: integer}}}",
        );
        assert!(matches!(answer(&schema), AnswerKind::Value(Ty::Named(_))));
    }

    #[test]
    fn a_page_inside_an_object_is_an_ordinary_record() {
        let api = answering(&object(&format!("inner: {}", page("{type: string}"))));
        assert!(matches!(field(&api, "inner"), Ty::Named(_)));
    }

    #[test]
    fn every_page_of_the_pinned_document_is_a_get() {
        let api = pinned();
        assert!(
            lists(&api)
                .iter()
                .all(|(operation, _)| operation.method == Method::Get)
        );
    }
}

mod answers {
    use super::*;

    #[test]
    fn an_object_without_properties_is_nothing_after_a_change_and_free_form_after_a_question() {
        let kind = |method: &str| {
            let api = api(&format!(
                "  /a:\n    {method}:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{type: object}}}}}}}}}}\n"
            ));
            only(&api).answer.kind.clone()
        };
        let free = AnswerKind::Value(Ty::Map(Box::new(Ty::Json)));
        assert_eq!(
            (kind("post"), kind("delete")),
            (AnswerKind::Nothing, AnswerKind::Nothing)
        );
        assert_eq!((kind("get"), kind("put")), (free.clone(), free));
    }

    #[test]
    fn a_204_beside_a_200_makes_it_optional() {
        let with = |other: &str| {
            api(&format!(
                "  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{type: string}}}}}}}}, {other}: {{description: ''}}}}\n"
            ))
        };
        assert!(only(&with("'204'")).answer.optional);
        assert!(!only(&with("'404'")).answer.optional);
    }

    #[test]
    fn free_form_objects_are_accounted_for() {
        let api = answering(&object(
            "any: {type: object}, list: {type: array}, nothing: {}",
        ));
        assert_eq!(field(&api, "any"), Ty::Map(Box::new(Ty::Json)));
        assert_eq!(field(&api, "list"), Ty::List(Box::new(Ty::Json)));
        assert_eq!(field(&api, "nothing"), Ty::Json);
        let places: Vec<&str> = api
            .account
            .fallbacks
            .iter()
            .filter_map(|f| f.pointer.rsplit('/').next())
            .collect();
        assert_eq!(places, ["any", "list", "nothing"]);
    }
}

mod requests {
    use super::*;

    fn body(schema: &str) -> Api {
        api(&format!(
            "  /a:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'204': {{description: ''}}}}\n"
        ))
    }

    #[test]
    fn an_object_is_the_operations_own_type() {
        let api = body(&object("a: {type: integer}"));
        let Some(Content::Fields(id)) = only(&api).body.as_ref().map(|b| b.content.clone()) else {
            panic!("{:?}", only(&api).body)
        };
        assert_eq!(api.get(id).body_of, Some(0));
    }

    #[test]
    fn an_array_of_objects_is_an_array() {
        let api = body(&format!(
            "{{type: array, items: {}}}",
            object("a: {type: integer}")
        ));
        let content = only(&api).body.as_ref().map(|b| b.content.clone());
        assert!(
            matches!(&content, Some(Content::Json(Ty::List(item))) if matches!(**item, Ty::Named(_))),
            "{content:?}"
        );
    }

    #[test]
    fn required_counts_where_it_can_be_sent() {
        let api = body(
            "{type: object, required: [id, a, gone], properties: {id: {type: integer, readOnly: true}, a: {type: string}, b: {type: string}}}",
        );
        let Some(Content::Fields(id)) = only(&api).body.as_ref().map(|b| b.content.clone()) else {
            panic!("{:?}", only(&api).body)
        };
        let TypeKind::Record(record) = &api.get(id).kind else {
            panic!("{:?}", api.get(id))
        };
        let required: Vec<(&str, bool)> = record
            .fields
            .iter()
            .map(|f| (f.name.as_str(), f.required))
            .collect();
        assert_eq!(required, [("a", true), ("b", false)]);
        assert!(
            api.account
                .notes
                .iter()
                .any(|note| note.reason.contains("`gone`")),
            "{:?}",
            api.account.notes
        );
    }

    #[test]
    fn answers_and_requests_see_their_own_side() {
        let schema = "{type: object, properties: {seen: {type: integer, readOnly: true}, told: {type: string, writeOnly: true}, both: {type: string}}}";
        let api = api(&format!(
            "  /a:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}\n"
        ));
        let names = |wanted: fn(&linode_spec::api::TypeDef) -> bool| -> Vec<String> {
            let def = api
                .types
                .iter()
                .find(|def| wanted(def))
                .expect("a type for each side");
            let TypeKind::Record(record) = &def.kind else {
                panic!("{def:?}")
            };
            record.fields.iter().map(|f| f.name.clone()).collect()
        };
        assert_eq!(names(|def| def.in_answers), ["seen", "both"]);
        assert_eq!(names(|def| def.in_requests), ["told", "both"]);
    }
}

mod shapes {
    use super::*;

    #[test]
    fn prose_and_bounds_make_no_other_type_and_order_does_not_either() {
        let api = answering(&object(
            "one: {type: object, description: x, properties: {a: {type: integer}, b: {type: string}}}, other: {type: object, properties: {b: {type: string, maxLength: 3}, a: {type: integer, minimum: 1}}}",
        ));
        assert_eq!(field(&api, "one"), field(&api, "other"));
        assert_eq!(api.account.merged_shapes, 1);
    }

    #[test]
    fn enums_are_one_type_by_their_values_and_what_they_are_values_of() {
        let api = answering(&object(
            "status: {type: string, enum: [a, b]}, old_status: {type: string, enum: [b, a]}, policy: {type: string, enum: [a, b]}, level: {type: integer, enum: [1, 2]}",
        ));
        assert_eq!(field(&api, "status"), field(&api, "old_status"));
        assert_ne!(field(&api, "status"), field(&api, "policy"));
        let TypeKind::Enum(of) = &api
            .get(field(&api, "status").named().expect("an enum"))
            .kind
        else {
            panic!("an enum")
        };
        assert_eq!(
            of.values,
            ["a", "b"],
            "in the order in which they were first met"
        );
        let TypeKind::Enum(of) = &api.get(field(&api, "level").named().expect("an enum")).kind
        else {
            panic!("an enum")
        };
        assert!(of.integers);
    }

    #[test]
    fn null_in_an_enum_is_no_value_and_an_enum_on_an_array_is_its_items() {
        let api = answering(&object(
            "a: {type: string, nullable: true, enum: [x, null]}, b: {type: array, enum: [x, y], items: {type: string}}",
        ));
        let values = |ty: &Ty| match &api.get(ty.named().expect("an enum")).kind {
            TypeKind::Enum(of) => of.values.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(values(&field(&api, "a")), ["x"]);
        assert!(matches!(field(&api, "b"), Ty::List(_)));
        assert_eq!(values(&field(&api, "b")), ["x", "y"]);
    }

    #[test]
    fn formats_are_types() {
        let api = answering(&object(
            "time: {type: string, format: date-time}, day: {type: string, format: date}, address: {type: string, format: ipv4}, ratio: {type: number}, root_pass: {type: string}, hidden: {type: string, format: password}",
        ));
        let expected = [
            Ty::DateTime,
            Ty::Date,
            Ty::String,
            Ty::Number,
            Ty::Secret,
            Ty::Secret,
        ];
        assert_eq!(
            record(&api)
                .fields
                .iter()
                .map(|f| f.ty.clone())
                .collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn nullable_beside_all_of_counts() {
        let api = answering(&object(
            "a: {nullable: true, allOf: [{type: object, properties: {b: {type: integer}}}]}",
        ));
        assert!(record(&api).fields[0].nullable);
    }
}

mod unions_ {
    use super::*;

    fn tag(schema: &str) -> (Tag, Vec<(String, String)>) {
        let api = answering(schema);
        let unions = unions(&api);
        assert_eq!(unions.len(), 1, "{:?}", api.account);
        let branches = unions[0]
            .branches
            .iter()
            .map(|b| (b.tag.clone(), b.label.clone()));
        (unions[0].tag.clone(), branches.collect())
    }

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
        pairs
            .map(|(tag, label)| (tag.to_owned(), label.to_owned()))
            .to_vec()
    }

    #[test]
    fn the_discriminator_inside_the_branches() {
        let one_of = "oneOf: [{title: a, type: object, properties: {kind: {type: string}, x: {type: integer}}}, {title: b, type: object, properties: {kind: {type: string}, y: {type: integer}}}]";
        let (tag, branches) = tag(&object(&format!(
            "it: {{discriminator: {{propertyName: kind}}, {one_of}}}"
        )));
        assert_eq!(tag, Tag::Inside("kind".to_owned()));
        assert_eq!(branches, pairs([("a", "a"), ("b", "b")]));
    }

    #[test]
    fn the_discriminator_in_the_parent() {
        let one_of = "oneOf: [{x-linode-ref-name: b, type: object, properties: {x: {type: integer}}}, {x-linode-ref-name: a, type: object, properties: {x: {type: integer}}}]";
        let (tag, branches) = tag(&object(&format!(
            "type: {{type: string, enum: [a, b]}}, data: {{discriminator: {{propertyName: type}}, {one_of}}}"
        )));
        assert_eq!(tag, Tag::Beside("type".to_owned()));
        assert_eq!(
            branches,
            pairs([("b", "b"), ("a", "a")]),
            "by name, not by place"
        );
    }

    #[test]
    fn a_discriminator_that_names_no_property_is_looked_for_among_the_enums_beside() {
        let one_of = "oneOf: [{x-linode-ref-name: Credit Card, type: object, properties: {x: {type: integer}}}, {x-linode-ref-name: Paypal, type: object, properties: {y: {type: integer}}}]";
        let (tag, branches) = tag(&object(&format!(
            "type: {{type: string, enum: [paypal, credit_card]}}, data: {{discriminator: {{propertyName: x-linode-ref-name}}, {one_of}}}"
        )));
        assert_eq!(tag, Tag::Beside("type".to_owned()));
        assert_eq!(
            branches,
            pairs([("credit_card", "Credit Card"), ("paypal", "Paypal")])
        );
    }

    #[test]
    fn constants_and_kinds_tell_branches_apart_without_a_discriminator() {
        let constants = "oneOf: [{type: object, properties: {k: {type: string, enum: [a]}}}, {type: object, properties: {k: {type: string, enum: [b]}}}]";
        assert_eq!(
            tag(&object(&format!("it: {{{constants}}}"))).0,
            Tag::Inside("k".to_owned())
        );
        assert_eq!(
            tag(&object("it: {oneOf: [{type: string}, {type: integer}]}")).0,
            Tag::Kind
        );
    }

    #[test]
    fn equal_branches_stay_two_types() {
        let api = answering(&object(
            "type: {type: string, enum: [a, b]}, data: {discriminator: {propertyName: type}, oneOf: [{title: a, type: object, properties: {x: {type: integer}}}, {title: b, type: object, properties: {x: {type: integer}}}]}",
        ));
        let types: BTreeSet<&Ty> = unions(&api)[0].branches.iter().map(|b| &b.ty).collect();
        assert_eq!(types.len(), 2);
    }

    #[test]
    fn nothing_is_tried_what_cannot_be_told_apart_is_no_union() {
        let api = answering(&object(
            "it: {oneOf: [{type: array, items: {type: string}}, {type: array, items: {type: integer}}]}",
        ));
        assert!(unions(&api).is_empty());
        assert_eq!(field(&api, "it"), Ty::Json);
        assert_eq!(api.account.fallbacks.len(), 1);
    }
}

mod recursion {
    use super::*;

    /// A document whose answer is the component `A`.
    fn with_components(components: &str) -> Api {
        let text = format!(
            "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}\ncomponents:\n  schemas:\n{components}"
        );
        let document = load(
            "recursive.yaml",
            text.as_bytes(),
            &Accepted::default(),
            false,
        )
        .expect("a document");
        normalise(&document)
    }

    #[test]
    fn an_object_that_holds_itself_is_one_type() {
        let api = with_components(
            "    A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}, list: {type: array, items: {$ref: '#/components/schemas/A'}}}}\n",
        );
        let AnswerKind::Value(own) = only(&api).answer.kind.clone() else {
            panic!("a value")
        };
        assert_eq!(field(&api, "a"), own);
        assert_eq!(field(&api, "list"), Ty::List(Box::new(own)));
    }

    #[test]
    fn whatever_else_holds_itself_comes_to_an_end() {
        let reference = "{$ref: '#/components/schemas/A'}";
        let other = "{$ref: '#/components/schemas/B'}";
        for schema in [
            format!("{{type: array, items: {reference}}}"),
            format!("{{type: object, additionalProperties: {reference}}}"),
            format!("{{oneOf: [{reference}, {reference}, {{type: string}}]}}"),
            format!("{{oneOf: [{{type: string}}, {{type: array, items: {reference}}}]}}"),
            format!("{{allOf: [{reference}, {other}]}}"),
            format!("{{oneOf: [{other}, {other}], properties: {{a: {reference}, b: {other}}}}}"),
            format!("{{type: object, properties: {{a: {{oneOf: [{reference}, {other}]}}}}}}"),
            format!("{{not: {reference}}}"),
        ] {
            let api = with_components(&format!(
                "    A: {schema}\n    B: {{anyOf: [{other}, {reference}, {{type: object, properties: {{b: {other}}}}}]}}\n"
            ));
            assert!(api.types.len() < 20, "{schema}: {} types", api.types.len());
        }
    }

    #[test]
    fn a_chain_of_components_ends_where_no_stack_would() {
        let link = |i: usize| {
            format!(
                "    A{i}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/A{}'}}}}}}\n",
                i + 1
            )
        };
        let chain: String = (0..2000).map(link).collect();
        let api = with_components(&format!(
            "    A: {{$ref: '#/components/schemas/A0'}}\n{chain}"
        ));
        assert!(
            api.account
                .fallbacks
                .iter()
                .any(|f| f.reason.contains("deeper")),
            "{:?}",
            api.account.fallbacks
        );
    }
}

mod operations {
    use super::*;

    #[test]
    fn one_path_under_two_versions_is_one_operation() {
        let operation = "{get: {responses: {'204': {description: ''}}}}";
        let api = api(&format!(
            "  /v4/a: {operation}\n  /v4beta/a: {operation}\n  /v4/b: {operation}\n"
        ));
        let seen: Vec<(&str, Vec<&str>)> = api
            .operations
            .iter()
            .map(|o| {
                (
                    o.path.as_str(),
                    o.versions.iter().map(String::as_str).collect(),
                )
            })
            .collect();
        assert_eq!(seen, [("/a", vec!["v4", "v4beta"]), ("/b", vec!["v4"])]);
        assert_eq!(api.account.notes.len(), 1);
    }

    #[test]
    fn parameters_come_in_the_order_of_the_template_and_forgotten_ones_are_text() {
        let api = api(
            "  /a/{one}/{two}:\n    get:\n      parameters: [{name: two, in: path, required: true, schema: {type: integer}}, {name: q, in: query, schema: {type: boolean}}]\n      responses: {'204': {description: ''}}\n",
        );
        let seen: Vec<(&str, Place, Ty)> = only(&api)
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.place, p.ty.clone()))
            .collect();
        assert_eq!(
            seen,
            [
                ("one", Place::Path, Ty::String),
                ("two", Place::Path, Ty::Integer),
                ("q", Place::Query, Ty::Boolean)
            ]
        );
    }
}

mod filters {
    use super::*;

    fn keys(items: &str) -> (Vec<(String, Ty)>, usize) {
        let api = answering(&page(items));
        let (_, list) = lists(&api)[0];
        (
            list.filters
                .iter()
                .map(|f| (f.key.clone(), f.ty.clone()))
                .collect(),
            api.account.markers_without_field.len(),
        )
    }

    #[test]
    fn marked_fields_nested_ones_and_the_elements_of_arrays() {
        let marked = "x-linode-filterable: true";
        let (keys, unused) = keys(&object(&format!(
            "a: {{type: string, {marked}}}, b: {{type: integer}}, c: {{type: array, {marked}, items: {{type: integer}}}}, d: {{type: object, properties: {{e: {{type: boolean, {marked}}}}}}}"
        )));
        assert_eq!(
            keys,
            [
                ("a".to_owned(), Ty::String),
                ("c".to_owned(), Ty::Integer),
                ("d.e".to_owned(), Ty::Boolean)
            ]
        );
        assert_eq!(unused, 0);
    }

    #[test]
    fn markers_that_no_list_can_use_are_told() {
        let marked = "x-linode-filterable: true";
        let (keys, unused) = keys(&object(&format!(
            "a: {{type: array, items: {{type: object, properties: {{b: {{type: string, {marked}}}}}}}}}, c: {{oneOf: [{{type: object, properties: {{d: {{type: string, {marked}}}}}}}, {{type: string}}]}}"
        )));
        assert_eq!((keys.len(), unused), (0, 2));
    }

    #[test]
    fn a_marker_that_says_false_is_none() {
        assert_eq!(
            keys(&object("a: {type: string, x-linode-filterable: false}")),
            (Vec::new(), 0)
        );
    }

    #[test]
    fn two_properties_of_one_key_are_one_filter() {
        let marked = "x-linode-filterable: true";
        let (keys, _) = keys(&object(&format!(
            "a.b: {{type: string, {marked}}}, a: {{type: object, properties: {{b: {{type: string, {marked}}}}}}}"
        )));
        assert_eq!(keys.len(), 1);
    }
}

mod pinned_document {
    use super::*;

    #[test]
    fn operations_and_lists() {
        let api = pinned();
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
        assert_eq!(lists(&api).len(), 75);
    }

    #[test]
    fn filters_per_list() {
        let api = pinned();
        let filterable = lists(&api)
            .into_iter()
            .filter(|(_, list)| !list.filters.is_empty())
            .count();
        let pairs: usize = lists(&api).iter().map(|(_, list)| list.filters.len()).sum();
        assert_eq!((filterable, pairs), (47, 175));
        assert_eq!(api.account.markers, 154);
    }

    #[test]
    fn markers_that_reach_no_list_are_reported() {
        let api = pinned();
        let used: BTreeSet<&str> = lists(&api)
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
        let api = pinned();
        assert!(
            api.account.fallbacks.len() < 10,
            "{:#?}",
            api.account.fallbacks
        );
    }

    #[test]
    fn nothing_is_beta_alone_and_nothing_is_public_but_by_the_document() {
        let api = pinned();
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
        let api = pinned();
        let tags: Vec<(usize, &Tag)> = unions(&api).iter().map(|union| (union.branches.len(), &union.tag)).collect();
        let beside = Tag::Beside("type".to_owned());
        assert_eq!(tags, [(3, &beside), (2, &Tag::Kind), (5, &beside)], "payment methods, stats, tagged objects");
        for union in unions(&api) {
            let distinct: BTreeSet<&Ty> = union.branches.iter().map(|b| &b.ty).collect();
            assert_eq!(distinct.len(), union.branches.len(), "{union:?}");
        }
    }

    #[test]
    fn the_image_of_an_oauth_client_and_the_multipart_upload_are_no_json() {
        let api = pinned();
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
        let api = pinned();
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
