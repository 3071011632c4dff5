//! Lists of many pages over real connections: which pages are asked for, and what happens when the list changes.

mod support;

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use linode_core::{Endpoint, Error, List, Request, listing, record};
use support::{Asked, Reply, Server, json};

#[derive(Clone, PartialEq)]
struct Thing {
    pub id: i64,
}
record!(Thing { id });

struct ListThings;
listing!(ListThings -> Thing, GET "/things");

fn list(server: &Server) -> List<ListThings> {
    List::new(Request::new(&server.client(), ListThings::OPERATION))
}

fn number(asked: &Asked, name: &str) -> i64 {
    let query = asked.line.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let value = pairs
        .filter(|(known, _)| *known == name)
        .fold(None, |_, pair| Some(pair));
    value.map_or(100, |(_, value)| value.parse().expect("a number"))
}

/// A page of a list of so many items, as the API answers it.
fn page(asked: &Asked, items: i64) -> Reply {
    let (page, size) = (number(asked, "page"), number(asked, "page_size"));
    let pages = ((items + size - 1) / size).max(1);
    if page > pages {
        return json(404, r#"{"errors": [{"reason": "Not found"}]}"#);
    }
    let data: Vec<String> = ((page - 1) * size..(page * size).min(items))
        .map(|id| format!(r#"{{"id": {id}}}"#))
        .collect();
    json(
        200,
        &format!(
            r#"{{"data": [{}], "page": {page}, "pages": {pages}, "results": {items}}}"#,
            data.join(",")
        ),
    )
}

/// Pages and sizes as they were asked for, sorted: those that are fetched together come in any order.
fn pages_asked(server: &Server) -> Vec<(i64, i64)> {
    let asked = server.asked();
    let mut pages: Vec<(i64, i64)> = asked
        .iter()
        .map(|asked| (number(asked, "page"), number(asked, "page_size")))
        .collect();
    pages.sort_unstable();
    pages
}

fn ids(things: &[Thing]) -> Vec<i64> {
    things.iter().map(|thing| thing.id).collect()
}

#[tokio::test]
async fn all_keeps_the_order_whatever_page_comes_first() {
    let server = Server::start(|asked| page(asked, 4321)).await;
    let things = list(&server).all().await.expect("all");
    assert_eq!(ids(&things), (0..4321).collect::<Vec<i64>>());
    assert_eq!(pages_asked(&server).len(), 9);
}

#[tokio::test]
async fn without_prefetch_a_page_is_asked_for_when_it_is_needed() {
    let server = Server::start(|asked| page(asked, 1500)).await;
    let mut things = list(&server).stream();
    for _ in 0..500 {
        things.try_next().await.expect("a thing").expect("a thing");
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(pages_asked(&server), [(1, 500)]);
}

#[tokio::test]
async fn prefetch_asks_ahead_and_no_further() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    let mut pages = list(&server).prefetch(2).pages();
    pages.try_next().await.expect("a page").expect("a page");
    // While page 1 is used, page 2 and two more are fetched; nobody polls the stream.
    while server.asked().len() < 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(
        pages_asked(&server),
        [(1, 500), (2, 500), (3, 500), (4, 500)]
    );
    drop(pages);
}

#[tokio::test]
async fn what_is_fetched_ahead_stops_with_the_stream() {
    let mut server = Server::start(|asked| match number(asked, "page") {
        1 => page(asked, 5000),
        _ => Reply::Hang,
    })
    .await;
    let mut pages = list(&server).prefetch(1).pages();
    pages.try_next().await.expect("a page").expect("a page");
    while server.asked().len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(pages);
    server.dropped.recv().await.expect("a closed connection");
    server.dropped.recv().await.expect("a closed connection");
}

#[tokio::test]
async fn a_range_loads_the_pages_that_hold_it() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    let some = list(&server).range(1000..1010).all().await.expect("some");
    assert_eq!(ids(&some), (1000..1010).collect::<Vec<i64>>());
    assert_eq!(pages_asked(&server), [(41, 25)]);

    let server = Server::start(|asked| page(asked, 5000)).await;
    let many = list(&server)
        .page_size(100)
        .range(250..=450)
        .all()
        .await
        .expect("many");
    assert_eq!(ids(&many), (250..=450).collect::<Vec<i64>>());
    assert_eq!(pages_asked(&server), [(3, 100), (4, 100), (5, 100)]);
}

#[tokio::test]
async fn a_range_beyond_the_end_is_empty() {
    let server = Server::start(|asked| page(asked, 30)).await;
    assert!(
        list(&server)
            .range(1000..1010)
            .all()
            .await
            .expect("none")
            .is_empty()
    );
    assert_eq!(
        ids(&list(&server).range(28..40).all().await.expect("two")),
        [28, 29]
    );
    let nothing = Server::start(|asked| page(asked, 30)).await;
    assert!(
        list(&nothing)
            .limit(0)
            .all()
            .await
            .expect("none")
            .is_empty()
    );
    assert!(nothing.asked().is_empty());
}

#[tokio::test]
async fn a_limit_loads_no_more_than_it_needs() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    let mut ten = list(&server).prefetch(3).limit(10).stream();
    let mut count = 0;
    while ten.try_next().await.expect("a thing").is_some() {
        count += 1;
    }
    assert_eq!(count, 10);
    assert_eq!(pages_asked(&server), [(1, 25)]);
}

#[tokio::test]
async fn first_last_only_and_len() {
    let server = Server::start(|asked| page(asked, 1203)).await;
    let things = list(&server);
    assert_eq!(things.clone().len().await.expect("a number"), 1203);
    assert_eq!(
        things.clone().first().await.expect("one").expect("one").id,
        0
    );
    assert_eq!(
        things.clone().last().await.expect("one").expect("one").id,
        1202
    );
    assert_eq!(
        things
            .clone()
            .range(5..9)
            .last()
            .await
            .expect("one")
            .expect("one")
            .id,
        8
    );
    assert_eq!(
        things.clone().range(1200..).len().await.expect("a number"),
        3
    );
    assert_eq!(things.clone().range(7..8).only().await.expect("one").id, 7);
    let error = things.only().await.expect_err("many");
    assert_eq!(
        error.to_string(),
        "one item of GET /things was expected, and there are 1203"
    );

    let empty = Server::start(|asked| page(asked, 0)).await;
    assert!(list(&empty).first().await.expect("none").is_none());
    assert!(list(&empty).last().await.expect("none").is_none());
    let Err(Error::Paging(error)) = list(&empty).only().await else {
        panic!("one of none")
    };
    assert_eq!(error.found(), Some(0));
}

#[tokio::test]
async fn a_list_that_shrinks_while_it_is_walked_ends() {
    // Half of it vanishes after the first page; the server has no page 3 any more.
    for ahead in [0, 4] {
        let items = AtomicI64::new(2000);
        let server = Server::start(move |asked| {
            let reply = page(asked, items.load(Ordering::SeqCst));
            items.store(900, Ordering::SeqCst);
            reply
        })
        .await;
        let things = list(&server).prefetch(ahead).all().await.expect("an end");
        assert_eq!(ids(&things), (0..900).collect::<Vec<i64>>(), "{ahead}");
    }
}

#[tokio::test]
async fn a_list_that_grows_while_it_is_walked_is_walked_to_its_end() {
    for ahead in [0, 4] {
        let items = AtomicI64::new(900);
        let server = Server::start(move |asked| {
            let reply = page(asked, items.load(Ordering::SeqCst));
            items.store(2200, Ordering::SeqCst);
            reply
        })
        .await;
        let things = list(&server).prefetch(ahead).all().await.expect("an end");
        assert_eq!(ids(&things), (0..2200).collect::<Vec<i64>>(), "{ahead}");
    }
}

#[tokio::test]
async fn the_last_item_is_found_in_a_list_that_shrinks() {
    let items = AtomicI64::new(100);
    let server = Server::start(move |asked| {
        let left = items.fetch_sub(7, Ordering::SeqCst);
        page(asked, left.max(86))
    })
    .await;
    let last = list(&server).last().await.expect("one").expect("one");
    assert_eq!(last.id, 85);

    let items = AtomicI64::new(100_000);
    let server =
        Server::start(move |asked| page(asked, items.fetch_sub(700, Ordering::SeqCst))).await;
    let error = list(&server).last().await.expect_err("no end");
    assert!(error.to_string().contains("shrank 5 times"), "{error}");
}

#[tokio::test]
async fn a_list_that_is_not_there_is_an_error_and_no_end() {
    let server = Server::start(|_| json(404, r#"{"errors": [{"reason": "Not found"}]}"#)).await;
    let error = list(&server).all().await.expect_err("no list");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn an_error_on_a_page_ends_the_stream() {
    let server = Server::start(|asked| match number(asked, "page") {
        2 => json(403, r#"{"errors": [{"reason": "No"}]}"#),
        _ => page(asked, 2000),
    })
    .await;
    let mut pages = list(&server).prefetch(2).pages();
    assert!(pages.try_next().await.expect("a page").is_some());
    assert!(pages.try_next().await.is_err());
    assert!(pages.try_next().await.expect("the end").is_none());
}
