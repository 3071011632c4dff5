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

#[test]
fn an_image_goes_up_from_a_file() {
    let kit = Testkit::start();
    let image = |status: &str| json!({"id": "private/7", "status": status});
    kit.on("POST /images/upload").answer(
        json!({"upload_to": format!("{}/up/7?key=k", kit.url()), "image": image("pending_upload")}),
    );
    kit.beside("PUT /up/7").fault(Fault::Reset).once();
    kit.beside("PUT /up/7").reply(Reply::status(200));
    let waits = kit.on("GET /images/{imageId}").answer(image("available"));
    waits.then().answer(image("pending_upload")).once();

    // It begins as a gzip file does, and is larger than what is sent at once.
    let content: Vec<u8> = [0x1f, 0x8b]
        .into_iter()
        .chain((0..3_000_000_u32).map(|number| number.to_le_bytes()[1]))
        .collect();
    let file = std::env::temp_dir().join(format!("linode-examples-{}.img.gz", std::process::id()));
    std::fs::write(&file, &content).unwrap();
    let output = program(env!("CARGO_BIN_EXE_upload_image"), &kit)
        .arg(&file)
        .output();
    std::fs::remove_file(&file).unwrap();
    assert_eq!(
        printed(output.unwrap()),
        format!(
            "sent 2.86 MiB of {}\nprivate/7 is available\n",
            file.display()
        )
    );
    let received = kit.received();
    let sent = received
        .iter()
        .rfind(|received| received.method() == "PUT")
        .unwrap();
    assert_eq!(
        (sent.body().len(), sent.body() == &content),
        (content.len(), true)
    );
    // The token is for the API alone.
    assert_eq!(sent.header("authorization"), None);
    kit.assert_right();
}

#[test]
fn programs_without_async_do_the_same() {
    let kit = Testkit::start();
    let volume = |id: i64, tag: &str| json!({"id": id, "label": format!("volume-{id}"), "size": 10 * id, "tags": [tag]});
    kit.on("GET /volumes")
        .items([volume(1, "old"), volume(2, "new"), volume(3, "old")]);
    let output = program(env!("CARGO_BIN_EXE_blocking"), &kit)
        .output()
        .unwrap();
    assert_eq!(
        printed(output),
        "volume-1 has 10 GB\nvolume-3 has 30 GB\n40 GB are older now\n"
    );
    let updates = kit.received_on("PUT /volumes/{volumeId}");
    let updates: Vec<_> = updates
        .iter()
        .map(|update| (update.argument("volumeId"), update.json()))
        .collect();
    assert_eq!(
        updates,
        [
            (Some("1"), json!({"tags": ["older"]})),
            (Some("3"), json!({"tags": ["older"]}))
        ]
    );
    kit.assert_right();
}
