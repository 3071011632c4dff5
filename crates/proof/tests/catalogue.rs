//! The catalogue: complete, in order, and callable; what is wrong with an input is told with its path.

use linode_proof::pinned::pinned;
use linode_sdk::catalogue::{Entry, call, catalogue};
use linode_sdk::{Client, Error, Json, Retry};
use linode_testkit::{Testkit, json};
use serde_json::Map;

fn client() -> Client {
    Client::new("s3cret").expect("a client")
}

/// An input that gives every parameter of the path, and nothing else that need not be.
fn least(entry: &Entry) -> Json {
    let parameters = entry
        .parameters
        .iter()
        .flatten()
        .filter(|parameter| parameter.place == "path");
    let path = parameters.map(|parameter| {
        let value = if parameter.kind() == Some("integer") {
            json!(7)
        } else {
            json!("x")
        };
        (parameter.name.clone(), value)
    });
    let mut input = json!({"path": path.collect::<Map<_, _>>()});
    if entry.request.as_deref() == Some("Bytes") {
        input["body"] = json!("YWJj");
    }
    input
}

#[test]
fn every_operation_is_there_and_called_by_its_own_method() {
    let (api, names) = pinned().expect("the pinned document");
    let entries = catalogue().entries();
    assert_eq!(entries.len(), api.operations.len());
    for (operation, name) in api.operations.iter().zip(&names.operations) {
        let entry = catalogue().find(&operation.key()).expect("an entry");
        assert_eq!((&entry.group, &entry.path), (&name.group, &operation.path));
        assert_eq!(entry.id, operation.id);
        let called = format!("{}.{}", entry.group, entry.name);
        let prepared = catalogue()
            .prepare(&client(), &called, &least(entry))
            .unwrap_or_else(|error| panic!("{called}: {error}"));
        // The callers stand in the order of the data: each must be that of its entry.
        assert_eq!(prepared.operation().path, operation.path);
        assert_eq!(
            prepared.operation().method.as_str(),
            operation.method.to_string()
        );
        let input = entry.input.as_ref().expect("a schema");
        assert_eq!(input["type"], "object", "{called}");
        assert_eq!(
            input["properties"]["body"].is_object(),
            operation.body.is_some(),
            "{called}"
        );
        assert_eq!(
            entry.filters.is_some(),
            operation.answer.list().is_some(),
            "{called}"
        );
    }
}

/// What is said about an input that is not sent.
async fn refused(name: &str, input: Json) -> String {
    let error = call(&client(), name, &input)
        .await
        .expect_err("an input error");
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn what_is_wrong_with_an_input_is_told_with_its_path() {
    let all = refused(
        "linode.create_instance_config",
        json!({
            "path": {"linodeId": "seven", "nodeId": 1}, "query": {"novelty": 1}, "nonsense": true,
            "body": {"label": 7, "devices": {"sda": {"disk_id": "x"}}},
        }),
    )
    .await;
    for problem in [
        "$.nonsense is unknown; known are path, query, body, filter, extra, version",
        "$.path.nodeId is unknown",
        "$.path.linodeId: expected an integer, found a string \"seven\"",
        "$.body.devices.sda.disk_id: expected an integer, found a string \"x\"",
    ] {
        assert!(all.contains(problem), "{problem}\n{all}");
    }

    let label = json!({"path": {"linodeId": 7}, "body": {"label": 7}});
    let label = refused("linode.create_instance_config", label).await;
    assert!(
        label.contains("$.body.label: expected a string, found an integer"),
        "{label}"
    );

    let unknown =
        json!({"body": {"label": "a", "devices": {}, "novelty": {}}, "path": {"linodeId": 7}});
    let unknown = refused("linode.create_instance_config", unknown).await;
    assert!(
        unknown.contains("$.body.novelty is unknown; what the document lacks goes into `extra`"),
        "{unknown}"
    );

    let missing = refused("POST /tags", json!({"body": {}})).await;
    assert!(missing.contains("required and not set: label"), "{missing}");
    let missing = refused("GET /volumes/{volumeId}", Json::Null).await;
    assert!(missing.contains("$.path.volumeId is missing"), "{missing}");

    let filter = json!({"filter": {"+or": [{"label": "a"}, {"novelty": 1}], "+order_by": "label"}});
    let filter = refused("linode.list_instances", filter).await;
    assert!(
        filter.contains(r#"$.filter["+or"]["novelty"] is unknown"#),
        "{filter}"
    );
    let page = refused("linode.list_instances", json!({"query": {"page": "2"}})).await;
    assert!(
        page.contains("$.query.page: expected an integer, found a string"),
        "{page}"
    );

    let nothing = refused("getVolumne", Json::Null).await;
    assert!(
        nothing.contains("no operation is called `getVolumne`"),
        "{nothing}"
    );
    let near = refused("volume", Json::Null).await;
    assert!(
        near.contains("there is `linode.list_instance_volumes`") || near.contains("volumes."),
        "{near}"
    );
}

#[tokio::test]
async fn a_call_goes_out_as_said_and_comes_back_as_json() {
    let kit = Testkit::builder()
        .unchecked()
        .start()
        .expect("a server on loopback");
    kit.on("PUT /volumes/{volumeId}")
        .answer(json!({"id": 7, "label": "web"}));
    let client: Client = kit
        .client_builder()
        .retry(Retry::never())
        .build()
        .expect("a client");
    let input = json!({
        "path": {"volumeId": 7}, "version": "v4beta", "body": {"label": "web", "tags": null},
        "extra": {"body": {"novelty": [1]}, "query": {"trace": "a b"}, "headers": {"X-Trace": "7"}},
    });
    let answer = call(&client, "PUT /volumes/{volumeId}", &input)
        .await
        .expect("an answer");
    assert_eq!(
        (&answer["id"], &answer["label"]),
        (&json!(7), &json!("web"))
    );
    let received = kit.received().pop().expect("a request");
    assert_eq!(received.line(), "PUT /v4beta/volumes/7?trace=a%20b");
    assert_eq!(received.header("x-trace"), Some("7"));
    assert_eq!(
        received.json(),
        json!({"label": "web", "tags": null, "novelty": [1]})
    );

    let page = call(
        &client,
        "volumes.list_volumes",
        &json!({"query": {"page_size": 25}}),
    )
    .await
    .expect("a page");
    assert!(
        page["data"].is_array() && page["results"].is_number(),
        "{page}"
    );
}

#[tokio::test]
async fn what_is_strict_refuses_what_is_repaired_otherwise() {
    let kit = Testkit::start();
    kit.on("GET /volumes/{volumeId}")
        .answer(json!({"id": 7, "size": "20"}));
    let lenient: Client = kit.client().expect("a client");
    let answered = lenient
        .volumes()
        .get_volume(7)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answered.value().size, 20);
    assert_eq!(
        answered.repairs()[0].to_string(),
        "$.size: took a string as an integer"
    );

    let strict: Client = kit.client_builder().strict().build().expect("a client");
    match strict.volumes().get_volume(7).await {
        Err(Error::Decode(error)) => assert_eq!(error.fault().path(), "$.size"),
        other => panic!("{other:?}"),
    }
    kit.on("GET /volumes")
        .items([json!({"id": 7, "size": "20"})]);
    assert!(strict.volumes().list_volumes().all().await.is_err());
    assert_eq!(
        lenient
            .volumes()
            .list_volumes()
            .all()
            .await
            .expect("volumes")
            .len(),
        1
    );
}
