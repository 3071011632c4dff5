//! The test plays the login server and the browser.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linode_sdk::reqwest::Url;
use linode_testkit::{Testkit, json};
use sha2::{Digest, Sha256};

use super::program;

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn parameters(query: &str) -> HashMap<String, String> {
    let url = Url::parse(&format!("http://x/?{query}")).unwrap();
    url.query_pairs().into_owned().collect()
}

/// A program that does not outlive its test, however that ends.
struct Running(Child);

impl Running {
    /// Waits for its end: whether that was a good one, and what it said of errors.
    fn end(mut self) -> (bool, String) {
        let mut errors = String::new();
        let mut said = self.0.stderr.take().unwrap();
        said.read_to_string(&mut errors).unwrap();
        (self.0.wait().unwrap().success(), errors)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already can be neither killed nor waited for, and need not be.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The program, its output to read on, and the address to which it sends the browser.
fn start(kit: &Testkit) -> (Running, BufReader<impl Read + use<>>, Url) {
    let mut command = program(env!("CARGO_BIN_EXE_oauth_login"), kit);
    let callback = format!("http://localhost:{}/back", free_port());
    command.env_remove("LINODE_TOKEN");
    command
        .env("LINODE_LOGIN_URL", kit.url())
        .env("LINODE_CALLBACK", &callback);
    command
        .env("LINODE_CLIENT_ID", "2737")
        .env("LINODE_CLIENT_SECRET", "s3cret");
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut output = BufReader::new(running.0.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let address = line
        .trim()
        .strip_prefix("open ")
        .unwrap_or_else(|| panic!("{line:?}"));
    let address = Url::parse(address).unwrap();
    assert_eq!(
        parameters(address.query().unwrap())["redirect_uri"],
        callback
    );
    (running, output, address)
}

/// Has the browser go to a path of the callback's server; the program may not listen yet.
fn browse(address: &Url, path: &str) -> String {
    let callback = parameters(address.query().unwrap())["redirect_uri"].clone();
    let port = Url::parse(&callback).unwrap().port().unwrap();
    // A program that has died meanwhile will never listen.
    let mut tries = (0..1000).map(|_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(("127.0.0.1", port))
    });
    let mut stream = tries.find_map(Result::ok).expect("the program listens");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    // The program may be done, and gone, before the last byte is read.
    let _ = stream.read_to_string(&mut answer);
    answer
}

#[test]
fn a_user_logs_in_with_the_browser() {
    let kit = Testkit::start();
    let tokens = json!({"access_token": "a1", "refresh_token": "r1", "expires_in": 7200, "token_type": "bearer", "scope": "linodes:read_only"});
    kit.beside("POST /oauth/token").answer(tokens);
    kit.beside("POST /oauth/revoke").answer(json!({}));
    kit.on("GET /profile").answer(json!({"username": "ada"}));
    kit.on("GET /linode/instances")
        .items([json!({"id": 1}), json!({"id": 2})]);

    let (running, mut output, address) = start(&kit);
    assert!(
        address
            .as_str()
            .starts_with(&format!("{}/oauth/authorize?", kit.url())),
        "{address}"
    );
    let asked = parameters(address.query().unwrap());
    assert_eq!(
        (asked["response_type"].as_str(), asked["client_id"].as_str()),
        ("code", "2737")
    );
    assert_eq!(asked["scope"], "linodes:read_only");

    assert!(browse(&address, "/favicon.ico").starts_with("HTTP/1.1 404"));
    browse(
        &address,
        &format!("/back?code=c0de&state={}", asked["state"]),
    );

    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    let (well, errors) = running.end();
    assert!(well, "{errors}");
    assert_eq!(rest, "ada has 2 Linodes\nlogged out\n");

    let received = kit.received();
    let form = |index: usize| parameters(std::str::from_utf8(received[index].body()).unwrap());
    let trade = form(0);
    assert_eq!(
        (trade["grant_type"].as_str(), trade["code"].as_str()),
        ("authorization_code", "c0de")
    );
    assert_eq!(
        (trade["client_id"].as_str(), trade["client_secret"].as_str()),
        ("2737", "s3cret")
    );
    // The one who trades the code is the one who began the login.
    let proof = Sha256::digest(trade["code_verifier"].as_bytes());
    assert_eq!(URL_SAFE_NO_PAD.encode(proof), asked["code_challenge"]);
    assert_eq!(received[1].header("authorization"), Some("Bearer a1"));
    assert_eq!(
        (received[3].line().as_str(), form(3)["token"].as_str()),
        ("POST /oauth/revoke", "a1")
    );
    kit.assert_right();
}

#[test]
fn a_login_of_another_is_refused() {
    let kit = Testkit::start();
    let (running, _, address) = start(&kit);
    browse(&address, "/back?code=c0de&state=forged");
    let (well, errors) = running.end();
    assert!(!well);
    assert!(errors.contains("State"), "{errors}");
    assert!(kit.received().is_empty());
}
