//! What a program does that waits and sends files goes to its end against a kit that was told nothing.

use std::time::Duration;

use linode_sdk::images::UploadImage;
use linode_sdk::linode::CreateInstance;
use linode_sdk::types::{EventAction, EventEntityType, ImageStatus, LinodeStatus};
use linode_sdk::{Client, Content};
use linode_testkit::{Testkit, json};

const SOON: Duration = Duration::from_secs(20);

fn kit() -> (Testkit, Client) {
    let kit = Testkit::start();
    let client = kit.client().unwrap();
    (kit, client)
}

#[tokio::test]
async fn an_action_is_found_finished() {
    let (kit, client) = kit();
    let created = client.watch(EventAction::LinodeCreate).begin();
    let created = created.await.unwrap();
    let create = CreateInstance::new()
        .region("us-east")
        .r#type("g6-nanode-1")
        .image("linode/debian12");
    let linode = client.linode().create_instance(create).await.unwrap();
    let event = created
        .entity(EventEntityType::Linode, linode.id)
        .timeout(SOON)
        .await
        .unwrap();
    assert_eq!(event.action, EventAction::LinodeCreate);
    let call = client.linode().get_instance(linode.id);
    let running = call.poll_until(|linode| linode.status == LinodeStatus::Running);
    running.timeout(SOON).await.unwrap();
    client.linode().delete_instance(linode.id).await.unwrap();
    let gone = client.linode().get_instance(linode.id).poll_until_gone();
    gone.timeout(SOON).await.unwrap();
    kit.assert_right();
}

#[tokio::test]
async fn an_action_that_was_not_done_is_not_found() {
    let (_kit, client) = kit();
    let booted = client.watch(EventAction::LinodeBoot).begin().await.unwrap();
    let waiting = booted.wait().interval(Duration::from_millis(1));
    let waiting = waiting.timeout(Duration::from_millis(50)).await;
    assert!(waiting.is_err());
}

#[tokio::test]
async fn a_file_is_taken() {
    let (kit, client) = kit();
    let image = UploadImage::new().region("us-east").label("golden");
    let upload = client.images().upload_image(image).await.unwrap();
    let content = Content::from(vec![0x1f, 0x8b, 1, 2, 3]);
    let sent = client.upload(upload.upload_to.expose(), content);
    sent.await.unwrap();
    let call = client.images().get_image(&upload.image.id);
    let available = call.poll_until(|image| image.status == ImageStatus::Available);
    available.timeout(SOON).await.unwrap();
    assert_eq!(kit.received()[1].body().len(), 5);
    kit.assert_right();

    // It is as it was after all that was told is forgotten, and may be told otherwise.
    kit.reset();
    client
        .upload(upload.upload_to.expose(), vec![0x1f, 0x8b])
        .await
        .unwrap();
    kit.beside("PUT /upload").missing();
    let missing = client.upload(upload.upload_to.expose(), vec![0x1f, 0x8b]);
    assert!(missing.await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_kubeconfig_is_read() {
    let (_kit, client) = kit();
    let answer = client.lke().get_cluster_kubeconfig(7).await.unwrap();
    let kubeconfig = answer.kubeconfig.from_base64().unwrap();
    assert!(kubeconfig.expose().starts_with("apiVersion: v1\n"));
}

#[tokio::test]
async fn what_a_test_tells_stays_as_it_is() {
    let (kit, client) = kit();
    kit.on("GET /account/events")
        .items([json!({"id": 7, "status": "started"})]);
    client.tags().delete_tag("a").await.unwrap();
    let events = client.account().list_events().await.unwrap();
    assert_eq!(
        (events.data[0].id, events.data[0].status.to_string()),
        (7, "started".to_owned())
    );
}
