//! Recorded answers, where they are at hand, decode and lose nothing.

use std::path::Path;

use linode_proof::replay::{Replay, Report};

/// Replays a file of samples, if it is beside the project.
fn replayed(file: &str) -> Option<Report> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/samples")
        .join(file);
    if !file.exists() {
        println!("skipped: {} is missing", file.display());
        return None;
    }
    let report = Replay::pinned().unwrap().files(&[file]).unwrap();
    println!("{report}");
    Some(report)
}

/// Where recorded answers have another type than the document says: what was lost is the type alone.
const OTHER_TYPES: &[(&str, &str)] = &[
    ("GET /account/child-accounts", "credit_card.last_four"),
    ("GET /account/child-accounts/{}", "credit_card.last_four"),
    ("GET /account/events", "secondary_entity.id"),
    ("GET /account/events", "time_remaining"),
    ("GET /account/events/{}", "secondary_entity.id"),
    ("GET /account/events/{}", "time_remaining"),
    ("GET /account/users/{}", "the whole"),
    (
        "GET /linode/instances/{}/configs/{}/interfaces",
        "the whole",
    ),
    ("GET /lke/clusters/{}/pools", "instance_id"),
    ("GET /lke/clusters/{}/pools/{}", "instance_id"),
    ("PUT /lke/clusters/{}/pools/{}", "instance_id"),
];

/// Everything that belongs to the release decodes, and loses nothing but where the types differ.
fn assert_lossless(report: &Report) {
    assert!(report.matched > 100, "{report}");
    assert_eq!(report.matched, report.decoded, "{report}");
    for failure in &report.failures {
        for loss in failure.reason.split("; ") {
            let known = OTHER_TYPES.iter().any(|(operation, field)| {
                failure.operation == *operation
                    && loss
                        .split(" was ")
                        .next()
                        .is_some_and(|at| at.ends_with(field))
            });
            assert!(known, "{} lost something: {loss}", failure.operation);
        }
    }
}

#[test]
fn recorded_answers_decode_and_lose_nothing() {
    if let Some(report) = replayed("recorded.jsonl") {
        assert_lossless(&report);
    }
}

#[test]
fn handmade_answers_decode_and_lose_nothing() {
    if let Some(report) = replayed("handmade.jsonl") {
        assert_lossless(&report);
    }
}

#[test]
fn what_does_not_decode_is_told() {
    let replay = Replay::pinned().unwrap();
    let report = replay
        .text(
            "made",
            r#"{"path": "/images", "response_body": {"data": 3}}"#,
        )
        .unwrap();
    assert_eq!(
        (
            report.lines,
            report.matched,
            report.decoded,
            report.lossless
        ),
        (1, 1, 0, 0)
    );
    assert_eq!(report.failures[0].operation, "GET /images");
    assert!(!report.is_clean());
}

#[test]
fn only_successes_count() {
    let text =
        r#"{"method": "GET", "path": "/images/1", "status": 404, "response_body": {"errors": []}}"#;
    let report = Replay::pinned().unwrap().text("made", text).unwrap();
    assert_eq!((report.lines, report.skipped, report.matched), (1, 1, 0));
}
