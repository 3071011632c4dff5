//! Recorded answers, where they are at hand, decode and lose nothing.

use std::path::{Path, PathBuf};

use linode_proof::replay::Replay;

fn samples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    ["recorded.jsonl", "handmade.jsonl"].iter().map(|file| folder.join(file)).filter(|file| file.exists()).collect()
}

#[test]
fn recorded_answers_lose_nothing() {
    let files = samples();
    if files.is_empty() {
        println!("skipped: there are no samples beside the project");
        return;
    }
    let report = Replay::pinned().unwrap().files(&files).unwrap();
    println!("{report}");
    assert!(report.matched > 300, "{report}");
    assert!(report.is_clean(), "{report}");
}

#[test]
fn what_does_not_decode_is_told() {
    let replay = Replay::pinned().unwrap();
    let report = replay.text("made", r#"{"path": "/images", "response_body": {"data": 3}}"#).unwrap();
    assert_eq!((report.lines, report.matched, report.decoded, report.lossless), (1, 1, 0, 0));
    assert_eq!(report.failures[0].operation, "GET /images");
    assert!(!report.is_clean());
}

#[test]
fn only_successes_count() {
    let text = r#"{"method": "GET", "path": "/images/1", "status": 404, "response_body": {"errors": []}}"#;
    let report = Replay::pinned().unwrap().text("made", text).unwrap();
    assert_eq!((report.lines, report.skipped, report.matched), (1, 1, 0));
}
