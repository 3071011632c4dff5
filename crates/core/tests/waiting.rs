//! Waiting over real connections: until an answer is right, until a thing is gone, until an action's event is finished.

mod support;

use std::future::IntoFuture;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use linode_core::{Call, Endpoint, Error, Json, List, Request, Watch, listing, operation, record};
use support::{Reply, Server, json};

#[derive(Clone, PartialEq)]
struct Linode {
    pub id: i64,
    pub status: String,
}
record!(Linode { id, status });

struct GetInstance;
operation!(GetInstance -> Linode, GET "/linode/instances/{linodeId}");

struct Boot;
operation!(Boot -> Json, POST "/linode/instances/{linodeId}/boot");

struct ListInstances;
listing!(ListInstances -> Linode, GET "/linode/instances");

struct ListEvents;
listing!(ListEvents -> Json, GET "/account/events");

fn get(server: &Server) -> Call<GetInstance> {
    Call::new(Request::new(&server.client(), GetInstance::OPERATION).path(7))
}

fn watch(server: &Server, filters: &'static [&'static str]) -> Watch<ListEvents> {
    let request = Request::new(&server.client(), ListEvents::OPERATION);
    Watch::new(request, filters, "linode_boot")
}

/// A server that gives its answers one after the other, and the last one for ever.
async fn server(answers: &'static [&'static str]) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let next = next.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        match answers[next] {
            "gone" => json(404, r#"{"errors": [{"reason": "Not found"}]}"#),
            answer => json(200, answer),
        }
    })
    .await
}

const BOOTING: &str = r#"{"id": 7, "status": "booting"}"#;
const RUNNING: &str = r#"{"id": 7, "status": "running"}"#;
const OFF: &str = r#"{"id": 7, "status": "offline"}"#;

/// Waits shortly: these tests have a clock that runs.
fn quick() -> Duration {
    Duration::from_millis(5)
}

#[tokio::test]
async fn it_looks_at_once_and_then_until_it_is_right() {
    let right = server(&[RUNNING]).await;
    let linode = get(&right)
        .poll_until(|linode| linode.status == "running")
        .interval(Duration::from_secs(3600));
    assert_eq!(linode.await.expect("running").id, 7);
    assert_eq!(right.asked().len(), 1);

    let soon = server(&[BOOTING, BOOTING, RUNNING]).await;
    let linode = get(&soon)
        .poll_until(|linode| linode.status == "running")
        .interval(quick());
    linode.await.expect("running");
    assert_eq!(soon.asked().len(), 3);
}

#[tokio::test]
async fn a_wait_whose_time_is_over_keeps_what_it_saw_last() {
    let server = server(&[OFF, BOOTING]).await;
    let error = get(&server)
        .poll_until(|linode| linode.status == "running")
        .interval(quick())
        .timeout(Duration::from_millis(200))
        .await
        .expect_err("no end");
    let Error::Wait(wait) = &error else {
        panic!("{error}")
    };
    assert!(wait.is_timeout() && wait.looks() > 1);
    assert_eq!(wait.last::<Linode>().expect("a Linode").status, "booting");
    let text = error.to_string();
    assert!(
        text.starts_with("GET /linode/instances/{linodeId} was not as awaited within 200ms"),
        "{text}"
    );
}

#[tokio::test]
async fn a_wait_is_over_in_the_middle_of_a_call() {
    let mut server = Server::start(|_| Reply::Hang).await;
    let error = get(&server)
        .poll_until(|_| true)
        .timeout(Duration::from_millis(50))
        .await
        .expect_err("no answer");
    let Error::Wait(wait) = error else { panic!() };
    assert!(wait.is_timeout() && wait.last::<Linode>().is_none());
    server.dropped.recv().await.expect("a closed connection");
}

#[tokio::test]
async fn what_will_never_be_right_ends_the_wait() {
    let server = server(&[BOOTING, OFF]).await;
    let error = get(&server)
        .poll_until(|linode| linode.status == "running")
        .fail_if(|linode| linode.status == "offline")
        .interval(quick())
        .await
        .expect_err("a failure");
    let Error::Wait(wait) = error else { panic!() };
    assert!(!wait.is_timeout());
    assert_eq!(wait.last::<Linode>().expect("a Linode").status, "offline");
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn an_error_of_a_call_ends_the_wait_unless_it_is_what_is_awaited() {
    let gone = server(&[BOOTING, "gone"]).await;
    let error = get(&gone)
        .poll_until(|linode| linode.status == "running")
        .interval(quick());
    assert!(error.await.expect_err("gone").is_not_found());

    let gone = server(&[BOOTING, BOOTING, "gone"]).await;
    let wait = get(&gone).poll_until_gone().interval(quick());
    wait.await.expect("gone");
    assert_eq!(gone.asked().len(), 3);
}

#[tokio::test]
async fn only_a_get_is_asked_for_again() {
    let server = server(&["{}"]).await;
    let boot: Call<Boot> = Call::new(Request::new(&server.client(), Boot::OPERATION).path(7));
    let error = boot.poll_until(|_| true).await.expect_err("no GET");
    assert_eq!(
        error.to_string(),
        "POST /linode/instances/{linodeId}/boot was not sent: only what a GET answers can be waited for"
    );
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_list_is_waited_for_too() {
    let server = server(&[
        r#"{"data": [], "page": 1, "pages": 1, "results": 0}"#,
        r#"{"data": [{"id": 7, "status": "running"}], "page": 1, "pages": 1, "results": 1}"#,
    ])
    .await;
    let list: List<ListInstances> =
        List::new(Request::new(&server.client(), ListInstances::OPERATION));
    let page = list.poll_until(|page| page.results > 0).interval(quick());
    assert_eq!(page.await.expect("a page").data[0].id, 7);
}

/// Answers with events that were there, and from the third time on with more.
async fn events(more: &'static [&'static str]) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let asked = next.fetch_add(1, Ordering::SeqCst);
        let known = r#"{"id": 4, "action": "linode_boot", "status": "failed", "entity": {"id": 7, "type": "linode"}}"#;
        let new = asked.checked_sub(2).map(|at| more[at.min(more.len() - 1)]);
        let events: Vec<&str> = new.into_iter().chain([known]).collect();
        json(
            200,
            &format!(
                r#"{{"data": [{}], "page": 1, "pages": 1, "results": 1}}"#,
                events.join(",")
            ),
        )
    })
    .await
}

#[tokio::test]
async fn an_action_is_waited_for_by_its_event() {
    let server = events(&[
        r#"{"id": 5, "action": "linode_boot", "status": "finished", "entity": {"id": 8, "type": "linode"}}"#,
        r#"{"id": 6, "action": "linode_reboot", "status": "finished", "entity": {"id": 7, "type": "linode"}}"#,
        r#"{"id": 9, "action": "linode_boot", "status": "started", "entity": {"id": 7, "type": "linode"}}"#,
        r#"{"id": 9, "action": "linode_boot", "status": "finished", "entity": {"id": 7, "type": "linode"}}"#,
    ])
    .await;
    let filters = &["id", "action", "entity.id", "entity.type"];
    let booted = watch(&server, filters).entity("linode", 7).begin();
    let booted = booted.await.expect("a watch");
    let event = booted.wait().interval(quick()).await.expect("an event");
    assert_eq!(
        (&event["id"], &event["status"]),
        (&9.into(), &"finished".into())
    );
    assert_eq!(server.asked().len(), 6);
    let asked = server.asked();
    let filters: Vec<_> = asked.iter().map(|asked| asked.header("x-filter")).collect();
    assert_eq!(
        filters[..2],
        [
            Some(r#"{"+order":"desc","+order_by":"id","action":"linode_boot"}"#),
            Some(
                r#"{"+order":"desc","+order_by":"id","action":"linode_boot","entity.id":7,"entity.type":"linode"}"#
            ),
        ]
    );
}

#[tokio::test]
async fn what_was_just_created_is_named_after_the_watch_began() {
    let server = events(&[
        r#"{"id": 9, "action": "linode_boot", "status": "notification", "entity": {"id": 12, "type": "linode"}}"#,
    ])
    .await;
    let created = watch(&server, &[]).begin().await.expect("a watch");
    let event = created.entity("linode", 12).wait().interval(quick());
    assert_eq!(event.await.expect("a notification")["id"], 9);
    assert_eq!(server.asked()[0].header("x-filter"), None);
}

/// An account in which 150 boots are finished, the oldest of them that of Linode 7. From the fourth time on it has one
/// more, of Linode 7. Events are filtered by their entity, and the newest 100 are on the page.
async fn history(id: impl Fn(i64) -> String + Send + Sync + 'static) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |asked| {
        let newest = if next.fetch_add(1, Ordering::SeqCst) < 3 { 150 } else { 151 };
        let filter = asked.header("x-filter").unwrap_or_default();
        let seven_alone = filter.contains(r#""entity.id":7"#);
        let events: Vec<String> = (1..=newest)
            .rev()
            .map(|number| (number, if matches!(number, 1 | 151) { 7 } else { 8 }))
            .filter(|(_, of)| !seven_alone || *of == 7)
            .take(100)
            .map(|(number, of)| {
                let id = id(number);
                format!(
                    r#"{{"id": {id}, "action": "linode_boot", "status": "finished", "entity": {{"id": {of}, "type": "linode"}}}}"#
                )
            })
            .collect();
        let events = events.join(",");
        json(200, &format!(r#"{{"data": [{events}], "page": 1, "pages": 1, "results": 1}}"#))
    })
    .await
}

#[tokio::test]
async fn what_happened_before_is_not_new_even_if_the_entity_is_named_afterwards() {
    let filters = &["id", "action", "entity.id", "entity.type"];
    let server = history(|number| number.to_string()).await;
    let begun = watch(&server, filters).begin().await.expect("a watch");
    let event = begun.entity("linode", 7).wait().interval(quick());
    assert_eq!(event.await.expect("an event")["id"], 151);
    assert_eq!(server.asked().len(), 4);

    // It was another one at first, of which nothing is known.
    let server = history(|number| number.to_string()).await;
    let watch_9 = watch(&server, filters).entity("linode", 9);
    let begun = watch_9.begin().await.expect("a watch");
    let event = begun.entity("linode", 7).wait().interval(quick());
    assert_eq!(event.await.expect("an event")["id"], 151);
}

#[tokio::test]
async fn events_whose_ids_are_no_numbers_are_told_apart_too() {
    let server = history(|number| format!(r#""event-{number}""#)).await;
    let begun = watch(&server, &["action"]).entity("linode", 7).begin();
    let event = begun.await.expect("a watch").wait().interval(quick());
    assert_eq!(event.await.expect("an event")["id"], "event-151");
}

#[tokio::test]
async fn a_wait_that_is_dropped_asks_no_more() {
    let server = server(&[BOOTING]).await;
    let wait = get(&server).poll_until(|_| false).interval(quick());
    let waiting = tokio::spawn(wait.into_future());
    while server.asked().len() < 3 {
        tokio::time::sleep(quick()).await;
    }
    waiting.abort();
    assert!(waiting.await.expect_err("an end").is_cancelled());
    // A request that was under way may still arrive.
    tokio::time::sleep(Duration::from_millis(50)).await;
    let asked = server.asked().len();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(server.asked().len(), asked);
}

#[tokio::test]
async fn an_event_that_failed_is_an_error_with_its_message() {
    let server = events(&[
        r#"{"id": 9, "action": "linode_boot", "status": "failed", "message": "No kernel.", "entity": {"id": 7, "type": "linode"}}"#,
    ])
    .await;
    let booted = watch(&server, &["action"]).entity("linode", 7).begin();
    let error = booted.await.expect("a watch").wait().interval(quick());
    let error = error.await.expect_err("a failure");
    assert_eq!(
        error.to_string(),
        "GET /account/events tells of a failure: linode_boot failed: No kernel."
    );
    let Error::Wait(wait) = error else { panic!() };
    assert_eq!(wait.message(), Some("linode_boot failed: No kernel."));
    assert_eq!(wait.last::<Json>().expect("an event")["id"], 9);
}
