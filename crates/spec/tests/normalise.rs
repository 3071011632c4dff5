//! The rules of the normaliser where the model says more than the code that comes of it.

mod support;

use linode_spec::api::{AnswerKind, Api, Content, List, Place, Ty, TypeDef, TypeKind};
use support::{answering, api, field, lists, object, only, record};

/// A page's four keys around these items.
fn page(items: &str) -> String {
    format!(
        "{{type: object, properties: {{data: {{type: array, items: {items}}}, page: {{type: integer}}, pages: {{type: integer}}, results: {{type: integer}}}}}}"
    )
}

fn answer(schema: &str) -> AnswerKind {
    only(&answering(schema)).answer.kind.clone()
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
        let names = |wanted: fn(&TypeDef) -> bool| -> Vec<String> {
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
