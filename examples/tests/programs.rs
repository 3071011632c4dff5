//! Each program is run against the testkit, as a user would run it, and says what it should.

mod login;

use std::collections::HashSet;
use std::process::{Command, Output};
use std::time::Duration;

use linode_testkit::{Fault, Reply, Testkit, json};

/// A program whose API is the kit.
fn program(path: &str, kit: &Testkit) -> Command {
    let mut command = Command::new(path);
    let of_the_client = std::env::vars_os().map(|(name, _)| name);
    for name in of_the_client.filter(|name| name.to_string_lossy().starts_with("LINODE_")) {
        command.env_remove(name);
    }
    command
        .env("LINODE_URL", kit.url())
        .env("LINODE_TOKEN", "any");
    command
}

/// What it printed; it ended well.
fn printed(output: Output) -> String {
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}: {errors}", output.status);
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn first_steps_lists_creates_waits_and_deletes() {
    let kit = Testkit::start();
    let linodes = [json!({"id": 1, "label": "db-1", "status": "running"})];
    kit.on("GET /linode/instances").items(linodes);
    kit.on("POST /linode/instances").answer(
        json!({"id": 7, "label": "first-steps", "region": "us-east", "status": "provisioning"}),
    );
    let linode = |status: &str| json!({"id": 7, "status": status});
    let gone = kit.on("GET /linode/instances/7").missing();
    gone.then().answer(linode("provisioning")).once();
    gone.then().answer(linode("offline")).once();
    let deleted = kit.on("DELETE /linode/instances/7").answer(json!({}));

    let output = program(env!("CARGO_BIN_EXE_first_steps"), &kit)
        .output()
        .unwrap();
    assert_eq!(
        printed(output),
        "there are 1 Linodes\n  1 db-1 is running\ncreated first-steps in us-east\nit is offline\ndeleted it\n"
    );
    assert_eq!((deleted.used(), gone.used()), (1, 1));
    kit.assert_right();
}

#[test]
fn first_steps_works_with_what_the_document_says_alone() {
    let kit = Testkit::start();
    let output = program(env!("CARGO_BIN_EXE_first_steps"), &kit)
        .output()
        .unwrap();
    assert!(printed(output).ends_with("it is running\ndeleted it\n"));
    assert_eq!(
        kit.received_on("DELETE /linode/instances/{linodeId}").len(),
        1
    );
    kit.assert_right();
}

#[test]
fn filters_are_the_apis_work() {
    let kit = Testkit::start();
    let linode = |id: i64, label: &str, tags: &[&str], region: &str| json!({"id": id, "label": label, "tags": tags, "region": region});
    kit.on("GET /linode/instances").items([
        linode(1, "web-2", &[], "us-east"),
        linode(2, "web-1", &[], "us-east"),
        linode(3, "db-1", &["web"], "us-east"),
        linode(4, "db-2", &[], "us-east"),
        linode(5, "web-3", &[], "us-west"),
    ]);
    let event =
        |id: i64, action: &str, status: &str| json!({"id": id, "action": action, "status": status});
    kit.on("GET /account/events").items([
        event(999, "linode_boot", "finished"),
        event(1001, "linode_boot", "finished"),
        event(1002, "linode_boot", "failed"),
        event(1003, "linode_reboot", "finished"),
    ]);
    let output = program(env!("CARGO_BIN_EXE_filters"), &kit)
        .args(["web", "us-east"])
        .output()
        .unwrap();
    let lines = [
        r#"X-Filter: {"+or":[{"label":{"+contains":"web"}},{"tags":"web"}],"region":"us-east"}"#,
        "       3 db-1 us-east",
        "       2 web-1 us-east",
        "       1 web-2 us-east",
        "2 boots since the event 1000",
        "the newest is 1002: failed",
    ];
    assert_eq!(printed(output).lines().collect::<Vec<_>>(), lines);
    kit.assert_right();
}

/// Forty Linodes, of which two have the tag.
fn many(kit: &Testkit) {
    let tags = |id: i64| {
        if id <= 2 {
            vec!["old", "live"]
        } else {
            vec!["old"]
        }
    };
    let linode = move |id: i64| json!({"id": id, "label": format!("web-{id}"), "tags": tags(id)});
    kit.on("GET /linode/instances").items(
        (1..=40)
            .map(linode)
            .chain([json!({"id": 99, "label": "not-web"})]),
    );
}

#[test]
fn bulk_work_stays_within_the_limits() {
    let kit = Testkit::start();
    many(&kit);
    kit.on("PUT /linode/instances/{linodeId}")
        .fault(Fault::TooManyRequests)
        .header("Retry-After", 0)
        .times(5);
    kit.on("PUT /linode/instances/{linodeId}")
        .fault(Fault::Slow(Duration::from_millis(20)))
        .times(3);
    let output = program(env!("CARGO_BIN_EXE_bulk"), &kit)
        .args(["web", "live"])
        .output()
        .unwrap();
    assert_eq!(
        printed(output),
        "38 tagged, 2 had the tag, 0 failed; 5 calls were made again\n"
    );
    let updates = kit.received_on("PUT /linode/instances/{linodeId}");
    let done = updates
        .iter()
        .filter(|update| update.answered() == Some(200));
    let done: HashSet<_> = done
        .map(|update| (update.argument("linodeId"), update.json().to_string()))
        .collect();
    assert_eq!((updates.len(), done.len()), (43, 38));
    assert!(
        done.iter()
            .all(|(_, body)| body == r#"{"tags":["old","live"]}"#)
    );
    kit.assert_right();
}

#[test]
fn what_fails_in_bulk_fails_alone() {
    let kit = Testkit::start();
    many(&kit);
    kit.on("PUT /linode/instances/5")
        .reply(Reply::error(400, "Not this one"));
    let output = program(env!("CARGO_BIN_EXE_bulk"), &kit)
        .args(["web", "live"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "37 tagged, 2 had the tag, 1 failed; 0 calls were made again\n"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "web-5: 400 Bad Request on PUT /linode/instances/{linodeId}: Not this one\n"
    );
}
