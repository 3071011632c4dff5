//! An HTTP client of one's own is used by those who await and by those who wait.
#![cfg(feature = "blocking")]

use std::time::Duration;

use linode_core::blocking::Blocking;
use linode_core::{Call, Client, Endpoint, Json, Request, Retry, http_builder, operation};
use linode_testkit::{Reply, Testkit, json};
use tokio::runtime::Builder;

struct GetProfile;
operation!(GetProfile -> Json, GET "/profile");

fn kit() -> Testkit {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    kit.everywhere().reply(Reply::json(200, json!({"id": 7})));
    kit
}

/// A client that tells soon if a connection does not move.
fn client(kit: &Testkit) -> Client {
    let http = http_builder().expect("TLS").no_proxy().build();
    let builder = Client::builder().token("any").base_url(kit.url());
    let builder = builder.http(http.expect("an HTTP client"));
    let builder = builder.attempt_timeout(Duration::from_secs(5));
    builder.retry(Retry::never()).build().expect("a client")
}

fn call(client: &Client) -> Call<GetProfile> {
    Call::new(Request::new(client, GetProfile::OPERATION))
}

#[tokio::test(flavor = "current_thread")]
async fn it_is_waited_for_inside_of_async_code() {
    let kit = kit();
    let client = client(&kit);
    for _ in 0..2 {
        call(&client).await.expect("awaited");
        call(&client).block().expect("waited for");
    }
    assert_eq!(kit.received().len(), 4);
}

#[test]
fn it_is_waited_for_beside_a_runtime_that_stands_still() {
    let kit = kit();
    let client = client(&kit);
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    runtime
        .block_on(async { call(&client).await })
        .expect("awaited");
    call(&client).block().expect("waited for");
    drop(runtime);
    call(&client).block().expect("waited for");
}
