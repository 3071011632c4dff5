//! Which operation of the pinned document a recorded answer belongs to.

mod support;

use linode_spec::api::{Method, Operation};
use linode_spec::route::route;
use serde_json::{Value as Json, json};
use support::{api, pinned};

fn key(method: Option<Method>, path: &str, answer: Json) -> Option<String> {
    route(pinned(), method, path, &answer).map(Operation::key)
}

#[test]
fn the_most_literal_template_wins() {
    assert_eq!(
        key(None, "/images/upload", json!({})).as_deref(),
        Some("POST /images/upload")
    );
    assert_eq!(
        key(Some(Method::Put), "/images/1", json!({})).as_deref(),
        Some("PUT /images/{}")
    );
    assert_eq!(key(None, "/vpcs/1/more", json!({})), None);
    assert_eq!(key(None, "/nowhere", json!({})), None);
}

#[test]
fn the_id_of_an_image_may_hold_a_slash() {
    for path in ["/images/private%2F1", "/images/private/1"] {
        assert_eq!(
            key(None, path, json!({})).as_deref(),
            Some("GET /images/{}")
        );
    }
}

#[test]
fn without_a_method_get_goes_first_where_it_can_have_answered() {
    assert_eq!(
        key(None, "/lke/clusters", json!({"data": []})).as_deref(),
        Some("GET /lke/clusters")
    );
    assert_eq!(
        key(None, "/lke/clusters", json!({"id": 1})).as_deref(),
        Some("POST /lke/clusters")
    );
    assert_eq!(
        key(Some(Method::Get), "/lke/clusters", json!({"id": 1})).as_deref(),
        Some("GET /lke/clusters")
    );
    assert_eq!(
        key(None, "/linode/instances/1/boot", json!({})).as_deref(),
        Some("POST /linode/instances/{}/boot")
    );
}

#[test]
fn an_integer_parameter_takes_integers_alone() {
    let parameter = "parameters: [{name: id, in: path, required: true, schema: {type: integer}}]";
    let api = api(&format!(
        "  /volumes/{{id}}: {{get: {{{parameter}, responses: {{'200': {{description: ''}}}}}}}}\n"
    ));
    let found = |path| route(&api, None, path, &json!({})).map(Operation::key);
    assert_eq!(found("/volumes/7").as_deref(), Some("GET /volumes/{}"));
    assert_eq!(found("/volumes/types"), None);
}

#[test]
fn a_page_is_no_item_whose_id_is_the_name_of_a_list() {
    let page = json!({"data": [], "page": 1, "pages": 1, "results": 0});
    for method in [None, Some(Method::Get)] {
        assert_eq!(key(method, "/images/sharegroups", page.clone()), None);
    }
    assert_eq!(key(None, "/images", page).as_deref(), Some("GET /images"));
}
