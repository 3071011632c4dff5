//! Files on their way up and down: what is late, and what is not.

mod support;

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use linode_core::http::Method;
use linode_core::{Client, Content, Error, Operation, Request, Retry, Upload};
use linode_testkit::{Fault, Testkit};
use support::{Reply, Server};

static PICTURE: Operation = Operation::new(Method::GET, "/picture");

const ATTEMPT: Duration = Duration::from_millis(400);

fn client(url: &str) -> Client {
    let builder = Client::builder().base_url(url).no_proxy();
    let quick = Retry::new().backoff(Duration::from_millis(1), Duration::from_millis(2));
    let builder = builder.attempt_timeout(ATTEMPT).retry(quick);
    builder.build().expect("a client")
}

/// A server on a thread of its own, which sends a body of so many bytes, one by one; its address.
fn dribbling(bytes: usize) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let serve = move || -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        let _ = stream.read(&mut [0; 4096])?;
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n")?;
        for _ in 0..bytes {
            stream.write_all(b"x")?;
            thread::sleep(ATTEMPT / 10);
        }
        Ok(())
    };
    thread::spawn(serve);
    url
}

#[tokio::test]
async fn who_is_busy_between_two_pieces_is_not_late() {
    let client = client(&dribbling(30));
    let request = Request::new(&client, &PICTURE);
    let mut download = request.download().await.expect("a head");
    let mut received = 0;
    while let Some(piece) = download.try_next().await.expect("not late") {
        received += piece.len();
        // Nothing else happens on this thread meanwhile: nobody takes what comes.
        thread::sleep(ATTEMPT * 2);
    }
    assert_eq!(received, 30);
}

#[tokio::test]
async fn a_download_tells_its_limit() {
    let headers = "X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 3\r\n";
    let server = Server::start(move |_| Reply::Answer(200, headers, "picture".to_owned())).await;
    let request = Request::new(&server.client(), &PICTURE);
    let limit = request.download().await.expect("a head").rate_limit();
    assert_eq!((limit.limit, limit.remaining), (Some(10), Some(3)));
}

/// Begins as a gzip file does.
fn gzip(bytes: usize) -> Content {
    let mut gzip = vec![0x1f, 0x8b];
    gzip.resize(bytes, 0);
    Content::from(gzip)
}

fn upload(kit: &Testkit, content: Content) -> Upload {
    let to = format!("{}/images/7", kit.url());
    Upload::new(&client(&kit.url()), to, content)
}

#[tokio::test]
async fn a_server_that_works_on_a_file_is_not_sent_it_again() {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    let slow = Fault::Slow(ATTEMPT * 3);
    let all = kit.beside("PUT /images/7").fault(slow);
    for (number, bytes) in [10, 1_000_000].into_iter().enumerate() {
        upload(&kit, gzip(bytes)).await.expect("slow, and taken");
        assert_eq!(all.used(), number + 1, "{bytes} bytes");
    }
}

#[tokio::test]
async fn a_file_that_was_sent_whole_is_not_sent_again_for_want_of_an_answer() {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    let all = kit.beside("PUT /images/7").fault(Fault::Hang);
    let sent = upload(&kit, gzip(1_000_000)).answer_timeout(ATTEMPT).await;
    let Err(Error::Transport(error)) = sent else {
        panic!("an answer from a server that hangs");
    };
    assert!(error.is_timeout() && error.may_have_arrived(), "{error}");
    assert_eq!(all.used(), 1);
}
