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

#[test]
fn every_recorded_answer_decodes() {
    let Some(report) = replayed("recorded.jsonl") else {
        return;
    };
    assert!(report.matched > 100, "{report}");
    assert_eq!(report.matched, report.decoded, "{report}");
}

#[test]
fn handmade_answers_decode() {
    let Some(report) = replayed("handmade.jsonl") else {
        return;
    };
    assert!(report.matched > 100, "{report}");
    assert!(report.decoded * 100 >= report.matched * 95, "{report}");
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
