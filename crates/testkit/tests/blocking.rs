//! The generated client without async, and beside it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use linode_sdk::blocking::Blocking;
use linode_sdk::types::{EventAction, LinodeStatus};
use linode_sdk::{Client, Error};
use linode_testkit::{Reply, Testkit, json};

const INSTANCE: &str = "GET /linode/instances/{linodeId}";

fn kit() -> (Testkit, Client) {
    let kit = Testkit::start();
    let client = kit.client().expect("a client");
    (kit, client)
}

#[test]
fn calls_and_lists_are_waited_for() {
    let (kit, client) = kit();
    kit.on(INSTANCE).answer(json!({"id": 7, "label": "web"}));
    kit.on("GET /volumes")
        .items((1..=1203).map(|id| json!({"id": id})));
    assert_eq!(client.linode().get_instance(7).block().expect("one").id, 7);
    let answered = client.linode().get_instance(7).send().block().expect("one");
    assert_eq!(answered.status(), 200);

    let volumes = || client.volumes().list_volumes();
    assert_eq!(volumes().block().expect("a page").results, 1203);
    assert_eq!(volumes().all().block().expect("all").len(), 1203);
    assert_eq!(volumes().len().block().expect("a number"), 1203);
    assert_eq!(
        volumes().last().block().expect("one").map(|v| v.id),
        Some(1203)
    );
    let ids = volumes()
        .prefetch(2)
        .stream()
        .iter()
        .map(|v| v.map(|v| v.id));
    let ids: Vec<i64> = ids.collect::<Result<_, Error>>().expect("all");
    assert_eq!(ids, (1..=1203).collect::<Vec<_>>());
    let sizes = volumes()
        .pages()
        .iter()
        .map(|page| page.map(|page| page.data.len()));
    assert_eq!(
        sizes.collect::<Result<Vec<_>, _>>().expect("pages"),
        [500, 500, 203]
    );
    kit.assert_right();
}

#[test]
fn errors_are_those_of_the_call_and_end_the_iterator() {
    let (kit, client) = kit();
    kit.on(INSTANCE).missing();
    let error = client
        .linode()
        .get_instance(7)
        .block()
        .expect_err("nothing");
    assert!(error.is_not_found());
    kit.on("GET /images").missing();
    let mut images = client.images().list_images().stream().iter();
    assert!(images.next().is_some_and(|image| image.is_err()));
    assert!(images.next().is_none());
}

#[test]
fn waits_are_waited_for() {
    let (kit, client) = kit();
    kit.on(INSTANCE)
        .answer(json!({"id": 7, "status": "booting"}))
        .times(2);
    kit.on(INSTANCE)
        .answer(json!({"id": 7, "status": "running"}));
    let running = client
        .linode()
        .get_instance(7)
        .poll_until(|linode| linode.status == LinodeStatus::Running)
        .interval(Duration::from_millis(5));
    assert_eq!(
        running.block().expect("a Linode").status,
        LinodeStatus::Running
    );

    kit.on("GET /account/events")
        .items([] as [linode_testkit::Json; 0])
        .times(1);
    kit.on("GET /account/events").items([json!({
        "id": 9, "action": "linode_boot", "status": "finished", "entity": {"id": 7, "type": "linode"},
    })]);
    let booted = client
        .watch(EventAction::LinodeBoot)
        .begin()
        .block()
        .expect("events");
    assert_eq!(booted.block().expect("an event").id, 9);
}

#[test]
fn files_are_waited_for() {
    let (kit, client) = kit();
    kit.beside("PUT /here").reply(Reply::status(200));
    let image: &[u8] = &[0x1f, 0x8b, 8];
    let to = format!("{}/here", kit.url());
    let reader = linode_sdk::Content::blocking_reader(image);
    client.upload(&to, reader).block().expect("an upload");
    assert_eq!(kit.received()[0].body(), image);
    let thumbnail = "GET /account/oauth-clients/{clientId}/thumbnail";
    kit.on(thumbnail)
        .reply(Reply::bytes(200, "image/png", "picture"));
    let download = client.account().get_oauth_client_thumbnail("7").download();
    let pieces = download.block().expect("an answer").iter();
    let pieces: Vec<_> = pieces.collect::<Result<_, _>>().expect("bytes");
    assert_eq!(pieces.concat(), b"picture");
}

#[test]
fn many_threads_wait_at_once() {
    let (kit, client) = kit();
    kit.on(INSTANCE).answer(json!({"id": 7}));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..20 {
                    assert_eq!(client.linode().get_instance(7).block().expect("one").id, 7);
                }
            });
        }
    });
    assert_eq!(kit.received().len(), 320);
}

#[tokio::test(flavor = "current_thread")]
async fn inside_async_code_it_works_too() {
    let (kit, client) = kit();
    kit.on(INSTANCE).answer(json!({"id": 7}));
    // The connection of the first call belongs to this runtime, which does nothing while the second one waits.
    assert_eq!(client.linode().get_instance(7).await.expect("one").id, 7);
    assert_eq!(client.linode().get_instance(7).block().expect("one").id, 7);
    let other = client.clone();
    let elsewhere = tokio::task::spawn_blocking(move || other.linode().get_instance(7).block());
    assert_eq!(elsewhere.await.expect("no panic").expect("one").id, 7);
    assert_eq!(client.linode().get_instance(7).await.expect("one").id, 7);
}

#[test]
fn a_wait_within_a_wait_works_and_one_that_would_stop_the_connections_is_told() {
    let (kit, client) = kit();
    kit.on(INSTANCE).answer(json!({"id": 7}));
    let inner = client.clone();
    let wait = client
        .linode()
        .get_instance(7)
        .poll_until(move |_| inner.linode().get_instance(7).block().is_ok());
    assert_eq!(wait.block().expect("a Linode").id, 7);

    kit.beside("PUT /here").reply(Reply::status(200));
    let (inner, to) = (client.clone(), format!("{}/here", kit.url()));
    let told = Arc::new(Mutex::new(String::new()));
    let tell = Arc::clone(&told);
    let upload = client
        .upload(&to, &[0x1f, 0x8b, 8])
        .on_progress(move |_, _| {
            if let Err(error) = inner.linode().get_instance(7).block() {
                *tell.lock().expect("no panic") = error.to_string();
            }
        });
    upload.block().expect("an upload");
    let told = told.lock().expect("no panic").clone();
    assert_eq!(
        told,
        "it cannot be waited for on the thread that drives the connections"
    );
}

#[test]
fn what_borrows_is_waited_for_too() {
    let (kit, client) = kit();
    let thumbnail = "GET /account/oauth-clients/{clientId}/thumbnail";
    kit.on(thumbnail)
        .reply(Reply::bytes(200, "image/png", "picture"));
    let download = client.account().get_oauth_client_thumbnail("7").download();
    let mut download = download.block().expect("an answer");
    let mut memory = Vec::new();
    assert_eq!(download.copy_to(&mut memory).block().expect("bytes"), 7);
    assert_eq!(memory, b"picture");
}

#[test]
fn a_panic_reaches_whoever_waits() {
    let (kit, client) = kit();
    kit.on(INSTANCE).answer(json!({"id": 7}));
    let wait = client
        .linode()
        .get_instance(7)
        .poll_until(|_| panic!("as told"));
    let panic = catch_unwind(AssertUnwindSafe(|| wait.block())).expect_err("a panic");
    assert_eq!(panic.downcast_ref(), Some(&"as told"));
    // And nobody else.
    assert_eq!(client.linode().get_instance(7).block().expect("one").id, 7);
}
