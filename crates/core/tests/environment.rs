//! Clients as a program has them: from the environment, and from the configuration files that are there.
#![cfg(feature = "config")]

#[path = "support/tls.rs"]
mod tls;

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use linode_core::http::Method;
use linode_core::{Client, Error, Operation, Request};
use linode_testkit::{Reply, Testkit, json};
use tempfile::TempDir;

static PROFILE: Operation = Operation::new(Method::GET, "/profile");
static BETA: Operation = Operation::new(Method::GET, "/vpcs").versions(&["v4beta"]);

/// Tells the program of these tests how it comes by its client.
const CLIENT: &str = "TEST_CLIENT";

/// The program: this file again, started by the tests with an environment of their own.
#[tokio::test]
async fn program() {
    let Ok(from) = env::var(CLIENT) else {
        return;
    };
    match ask(&from).await {
        Ok(()) => println!("[it was answered]"),
        Err(error) => println!("[{error}]"),
    }
}

async fn ask(from: &str) -> Result<(), Error> {
    let client = match from {
        "environment" => Client::from_env()?,
        "file" => Client::from_config(None)?,
        profile => Client::from_config(profile)?,
    };
    Request::new(&client, &PROFILE).send().await?;
    Request::new(&client, &BETA).send().await?;
    Ok(())
}

/// What the program says, in this environment and no other.
fn run(from: &str, environment: &[(&str, &str)]) -> String {
    let mut program = Command::new(env::current_exe().expect("this file"));
    program.args(["--exact", "program", "--nocapture"]);
    program.env_clear().env(CLIENT, from);
    let output = program
        .envs(environment.iter().copied())
        .output()
        .expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    let said = text
        .split_once('[')
        .and_then(|(_, rest)| rest.rsplit_once(']'));
    said.unwrap_or_else(|| panic!("{text}")).0.to_owned()
}

const ANSWERED: &str = "it was answered";

fn kit() -> Testkit {
    let kit = Testkit::builder().unchecked().start().expect("a port");
    kit.everywhere().reply(Reply::json(200, json!({"id": 7})));
    kit
}

/// The requests that came since the last look, each with its token.
fn asked(kit: &Testkit) -> Vec<(String, Option<String>)> {
    let received = kit.take_received();
    let asked = received.iter().map(|received| {
        let token = received.header("authorization");
        (received.line(), token.map(str::to_owned))
    });
    asked.collect()
}

/// The two requests of the program.
fn both(version: &str, token: Option<&str>) -> Vec<(String, Option<String>)> {
    let token = token.map(|token| format!("Bearer {token}"));
    let lines = [
        format!("GET /{version}/profile"),
        "GET /v4beta/vpcs".to_owned(),
    ];
    lines
        .into_iter()
        .map(|line| (line, token.clone()))
        .collect()
}

#[test]
fn the_environment_says_where_who_and_in_which_version() {
    let kit = kit();
    let (url, with_version) = (kit.url(), kit.url() + "/v4");
    let table = [
        (vec![("LINODE_TOKEN", "one")], both("v4", Some("one"))),
        (vec![], both("v4", None)),
        // What is empty is not set.
        (
            vec![
                ("LINODE_TOKEN", ""),
                ("LINODE_API_VERSION", " "),
                ("LINODE_CA", ""),
                ("LINODE_PROFILE", ""),
                ("LINODE_CONFIG", ""),
            ],
            both("v4", None),
        ),
        (
            vec![("LINODE_TOKEN", "one"), ("LINODE_API_VERSION", "v4beta")],
            both("v4beta", Some("one")),
        ),
        // What exists in beta alone stays there.
        (vec![("LINODE_API_VERSION", "v4")], both("v4", None)),
        (
            vec![("LINODE_URL", with_version.as_str())],
            both("v4", None),
        ),
    ];
    for (environment, expected) in table {
        let environment = [&[("LINODE_URL", url.as_str())], &environment[..]].concat();
        assert_eq!(
            run("environment", &environment),
            ANSWERED,
            "{environment:?}"
        );
        assert_eq!(asked(&kit), expected, "{environment:?}");
    }
    let said = run(
        "environment",
        &[("LINODE_URL", ""), ("LINODE_API_VERSION", "4!")],
    );
    assert_eq!(said, "the version `4!` is none");
}

#[tokio::test]
async fn the_environment_says_whom_to_trust() {
    let server = tls::start().await;
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("ca.pem");
    fs::write(&file, &server.authority).expect("a certificate");
    let asked = tokio::task::spawn_blocking(move || {
        let url = ("LINODE_URL", server.url.as_str());
        let trusting = [url, ("LINODE_CA", text(&file))];
        (run("environment", &trusting), run("environment", &[url]))
    });
    let (trusting, stranger) = asked.await.expect("both");
    assert_eq!(trusting, ANSWERED);
    assert!(stranger.contains("certificate"), "{stranger}");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("text")
}

fn write(path: &Path, content: &str) {
    let folder = path.parent().expect("a folder");
    fs::create_dir_all(folder).expect("a folder");
    fs::write(path, content).expect("a file");
}

/// The content of a file that leads to the kit, with a token.
type Form = fn(&Testkit, &str) -> String;

/// A file of the libraries, with a profile beside the default.
fn linode(kit: &Testkit, token: &str) -> String {
    let url = kit.url();
    format!(
        "[default]\ntoken = {token}\napi_url = {url}\n[work]\ntoken = {token}-at-work\napi_version = v4beta\n"
    )
}

/// A file of `linode-cli`, with two users.
fn linode_cli(kit: &Testkit, token: &str) -> String {
    let url = kit.url();
    let host = url.trim_start_matches("http://");
    let place = format!("api_host = {host}\napi_scheme = http\n");
    format!(
        "[DEFAULT]\ndefault-user = me\n[me]\ntoken = {token}\n{place}[work]\ntoken = {token}-at-work\n{place}api_version = v4beta\n"
    )
}

#[test]
fn a_file_is_found_where_the_tools_keep_theirs() {
    let kit = kit();
    let forms: [(&str, Form); 5] = [
        (".linode-cli", linode_cli),
        (".config/linode-cli", linode_cli),
        (".config/linode", linode),
        ("elsewhere/linode-cli", linode_cli),
        ("elsewhere/linode", linode),
    ];
    let home = TempDir::new().expect("a folder");
    let elsewhere = home.path().join("elsewhere");
    let (home_text, elsewhere) = (text(home.path()), text(&elsewhere));
    // Each that comes is found before those that were there already.
    for (number, (file, content)) in forms.into_iter().enumerate() {
        let token = format!("token-{number}");
        write(&home.path().join(file), &content(&kit, &token));
        let config = match file.starts_with("elsewhere") {
            true => elsewhere,
            false => "",
        };
        let environment = [("HOME", home_text), ("XDG_CONFIG_HOME", config)];
        assert_eq!(run("file", &environment), ANSWERED, "{file}");
        assert_eq!(asked(&kit), both("v4", Some(&token)), "{file}");

        let at_work = both("v4beta", Some(&format!("{token}-at-work")));
        assert_eq!(run("work", &environment), ANSWERED, "{file}");
        assert_eq!(asked(&kit), at_work, "{file}");
        // The environment names a profile for either way to a client.
        let named = [&environment[..], &[("LINODE_PROFILE", "work")]].concat();
        for from in ["file", "environment"] {
            assert_eq!(run(from, &named), ANSWERED, "{file}");
            assert_eq!(asked(&kit), at_work, "{file}");
        }
    }
}

#[test]
fn the_environment_names_a_file() {
    let kit = kit();
    let folder = TempDir::new().expect("a folder");
    let (home, file) = (
        folder.path().join(".config/linode"),
        folder.path().join("mine"),
    );
    write(&home, &linode(&kit, "at-home"));
    write(&file, &linode(&kit, "mine"));
    let named = [
        ("HOME", text(folder.path())),
        ("LINODE_CONFIG", text(&file)),
    ];
    for from in ["file", "environment"] {
        assert_eq!(run(from, &named), ANSWERED);
        assert_eq!(asked(&kit), both("v4", Some("mine")));
    }
    // A token of the environment needs no file.
    let url = kit.url();
    let token = [("LINODE_TOKEN", "one"), ("LINODE_URL", url.as_str())];
    let environment = [&named[..], &token].concat();
    assert_eq!(run("environment", &environment), ANSWERED);
    assert_eq!(asked(&kit), both("v4", Some("one")));
}

#[test]
fn where_no_file_is_it_is_told_where_one_was_looked_for() {
    let home = TempDir::new().expect("a folder");
    let home = text(home.path());
    let said = run("file", &[("HOME", home)]);
    let expected = format!(
        "there is no configuration file: neither `{home}/.config/linode` nor `{home}/.config/linode-cli` nor `{home}/.linode-cli`"
    );
    assert_eq!(said, expected);
}
