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
    page_of(asked, items, number(asked, "page_size"))
}

/// The same in pages of a size that the server chooses.
fn page_of(asked: &Asked, items: i64, size: i64) -> Reply {
    let page = number(asked, "page");
    let pages = ((items + size - 1) / size).max(1);
    if page > pages {
        return json(404, r#"{"errors": [{"reason": "Not found"}]}"#);
    }
    shown(page, pages, size, items)
}

fn shown(page: i64, pages: i64, size: i64, items: i64) -> Reply {
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

/// Waits for so many requests, and a little longer for one too many.
async fn asked_and_no_more(server: &Server, requests: usize) {
    while server.asked().len() < requests {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.asked().len(), requests);
}

#[tokio::test]
async fn prefetch_asks_ahead_and_no_further() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    let mut pages = list(&server).prefetch(2).pages();
    pages.try_next().await.expect("a page").expect("a page");
    // While page 1 is used, two more are fetched; nobody polls the stream.
    asked_and_no_more(&server, 3).await;
    assert_eq!(pages_asked(&server), [(1, 500), (2, 500), (3, 500)]);
    pages.try_next().await.expect("a page").expect("a page");
    asked_and_no_more(&server, 4).await;
    assert_eq!(pages_asked(&server)[3], (4, 500));
    drop(pages);
}

#[tokio::test]
async fn what_is_fetched_ahead_stops_with_the_stream() {
    let mut server = Server::start(|asked| match number(asked, "page") {
        1 => page(asked, 5000),
        _ => Reply::Hang,
    })
    .await;
    let mut pages = list(&server).prefetch(2).pages();
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
async fn a_range_of_a_list_that_is_not_there_is_an_error() {
    let server = Server::start(|_| json(404, r#"{"errors": [{"reason": "Not found"}]}"#)).await;
    let error = list(&server).range(1000..1010).all().await;
    assert!(error.expect_err("no list").is_not_found());
    assert_eq!(pages_asked(&server), [(1, 25), (41, 25)]);
    let error = list(&server).range(1000..1010).await;
    assert!(error.expect_err("no list").is_not_found());
}

/// A server that answers so with a list of so many items.
type Serve = fn(&Asked, i64) -> Reply;

#[tokio::test]
async fn a_range_holds_its_items_whatever_size_the_server_gives_its_pages() {
    let servers: [(&str, Serve); 5] = [
        ("as asked", page),
        ("100 at most", |asked, items| {
            page_of(asked, items, number(asked, "page_size").min(100))
        }),
        ("200 at least", |asked, items| {
            page_of(asked, items, number(asked, "page_size").max(200))
        }),
        (
            "30 whatever is asked, the last page for one beyond it",
            |asked, items| {
                let pages = ((items + 29) / 30).max(1);
                shown(number(asked, "page").min(pages), pages, 30, items)
            },
        ),
        ("all on one page", |_, items| {
            shown(1, 1, items.max(1), items)
        }),
    ];
    let ranges = [
        0..1,
        0..50,
        30..35,
        50..60,
        60..70,
        99..101,
        1000..1500,
        4990..5010,
    ];
    for (name, serve) in servers {
        for items in [0, 60, 5000] {
            let server = Server::start(move |asked| serve(asked, items)).await;
            for (range, ahead) in ranges.iter().flat_map(|range| [(range, 0), (range, 3)]) {
                let expected: Vec<i64> = (range.start..range.end.min(items)).collect();
                let places = range.start as u64..range.end as u64;
                let some = list(&server).prefetch(ahead).range(places).all().await;
                assert_eq!(
                    ids(&some.expect(name)),
                    expected,
                    "{name}: {range:?} of {items}"
                );
            }
            let rest = list(&server).range(55..).all().await.expect(name);
            assert_eq!(
                ids(&rest),
                (55..items).collect::<Vec<i64>>(),
                "{name}, {items}"
            );
            let last = list(&server).last().await.expect(name);
            assert_eq!(
                last.map(|last| last.id),
                items.checked_sub(1).filter(|last| *last >= 0)
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_gives_small_pages_is_asked_once_too_often() {
    let server = Server::start(|asked| page_of(asked, 5000, 100)).await;
    let some = list(&server).range(1000..1200).all().await.expect("some");
    assert_eq!(ids(&some), (1000..1200).collect::<Vec<i64>>());
    assert_eq!(pages_asked(&server), [(6, 200), (11, 200), (12, 200)]);
}

#[tokio::test]
async fn pages_whose_items_could_be_anywhere_are_refused() {
    // Page 1 has 10 of 60 items, and there are 3 pages: that is no size at all.
    let server = Server::start(|asked| shown(number(asked, "page"), 3, 10, 60)).await;
    let error = list(&server).limit(40).all().await.expect_err("no size");
    assert!(matches!(error, Error::Paging(_)));
    assert_eq!(
        error.to_string(),
        "the pages of GET /things do not fit together: page 1 of 3 has 10 items of 60, asked for 40 a page"
    );
    // The first items are there all the same.
    let ten = list(&server).limit(10).all().await.expect("ten");
    assert_eq!(ids(&ten), (0..10).collect::<Vec<i64>>());

    // The size changes on the way.
    let server = Server::start(|asked| match number(asked, "page") {
        1 => page(asked, 5000),
        _ => page_of(asked, 5000, 100),
    })
    .await;
    let error = list(&server).range(..1000).all().await.expect_err("100");
    assert!(error.to_string().contains("page 2 of 50"), "{error}");

    // Page 2 comes for page 3, as if it were the last; but there are more items.
    let server = Server::start(|asked| match number(asked, "page") {
        3 => shown(2, 2, 500, 5000),
        _ => page(asked, 5000),
    })
    .await;
    let error = list(&server).range(..2000).all().await.expect_err("more");
    assert!(error.to_string().contains("page 2 of 2 has"), "{error}");
}

#[tokio::test]
async fn a_range_chooses_its_pages_itself() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    for name in ["page", "page_size"] {
        let asked = list(&server).query(name, 50).range(60..70).all().await;
        let Err(Error::Input(error)) = asked else {
            panic!("it was sent")
        };
        assert_eq!(
            error.problems(),
            [format!(
                "`{name}` in the query: a range chooses its pages itself"
            )]
        );
    }
    let ten = list(&server).limit(10);
    for asked in [ten.page(1).await.map(drop), ten.send(2).await.map(drop)] {
        let error = asked.expect_err("a page of a range");
        assert!(
            error
                .to_string()
                .contains("a range has no pages of its own"),
            "{error}"
        );
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn an_awaited_range_is_the_first_page_of_it() {
    let server = Server::start(|asked| page(asked, 5000)).await;
    let page = list(&server).limit(10).await.expect("a page");
    assert_eq!(ids(&page.data), (0..10).collect::<Vec<i64>>());
    assert_eq!((page.page, page.pages, page.results), (1, 200, 5000));
    let page = list(&server).range(1400..2600).await.expect("a page");
    assert_eq!(ids(&page.data), (1400..1500).collect::<Vec<i64>>());
    let none = list(&server).range(7000..).await.expect("a page");
    assert_eq!((none.data.len(), none.results), (0, 5000));
    let asked = server.asked().len();
    assert!(list(&server).limit(0).await.expect("none").data.is_empty());
    assert_eq!(server.asked().len(), asked);

    let polled = list(&server)
        .range(3..5)
        .poll_until(|page| page.data.len() == 2);
    assert_eq!(ids(&polled.await.expect("a page").data), [3, 4]);
}

#[tokio::test]
async fn a_range_goes_by_another_transport_too() {
    let list: List<ListThings> = List::new(Request::new(
        &linode_core::Client::new("s3cret").expect("a client"),
        ListThings::OPERATION,
    ));
    let some = list.range(60..63);
    let request = some.clone().into_http().expect("a request");
    assert_eq!(request.uri().query(), Some("page=3&page_size=25"));
    let answer = |page: i64| {
        let data: Vec<String> = ((page - 1) * 25..page * 25)
            .map(|id| format!(r#"{{"id": {id}}}"#))
            .collect();
        let body = format!(
            r#"{{"data": [{}], "page": {page}, "pages": 4, "results": 100}}"#,
            data.join(",")
        );
        linode_core::http::Response::new(linode_core::Bytes::from(body))
    };
    let page = some.answer(answer(3)).expect("a page").into_value();
    assert_eq!(ids(&page.data), [60, 61, 62]);
    assert!(some.answer(answer(1)).is_err());
    let nothing = some.limit(0).into_http().expect_err("no request");
    assert!(
        nothing.to_string().contains("nothing of it is wanted"),
        "{nothing}"
    );
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

    // It shrinks faster than anyone can look: the last item of what was seen is as good as any.
    let items = AtomicI64::new(100_000);
    let server =
        Server::start(move |asked| page(asked, items.fetch_sub(700, Ordering::SeqCst))).await;
    assert!(list(&server).last().await.expect("an end").is_some());
}

#[tokio::test]
async fn the_last_item_is_found_where_the_api_counts_items_that_it_does_not_show() {
    let server = Server::start(|_| {
        json(
            200,
            r#"{"data": [{"id": 7}], "page": 1, "pages": 1, "results": 2}"#,
        )
    })
    .await;
    let last = list(&server).last().await.expect("an end").expect("one");
    assert_eq!(last.id, 7);
    assert!(server.asked().len() < 10);
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
