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

/// Everything that belongs to the release is decoded and loses nothing, and every request is made again.
fn assert_whole(report: &Report) {
    assert!(report.matched > 100, "{report}");
    assert_eq!(report.matched, report.decoded, "{report}");
    assert_eq!(report.matched, report.lossless, "{report}");
    assert_eq!(report.requests, report.requests_rebuilt, "{report}");
    assert!(report.is_clean(), "{report}");
}

#[test]
fn recorded_exchanges_are_made_again_and_lose_nothing() {
    if let Some(report) = replayed("recorded.jsonl") {
        assert_whole(&report);
        assert!(
            report.requests > 100 && report.requests_with_extra < report.requests,
            "{report}"
        );
        assert!(report.errors > 0, "{report}");
    }
}

#[test]
fn handmade_answers_decode_and_lose_nothing() {
    if let Some(report) = replayed("handmade.jsonl") {
        assert_whole(&report);
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
fn an_error_is_decoded_to_its_reasons() {
    let text = r#"{"method": "GET", "path": "/images/1", "status": 404, "response_body": {"errors": [{"reason": "Not found"}]}}"#;
    let report = Replay::pinned().unwrap().text("made", text).unwrap();
    assert_eq!(
        (report.matched, report.errors, report.lossless),
        (1, 1, 1),
        "{report}"
    );
}

/// What a replay says of one made-up exchange.
fn made(line: &str) -> Report {
    Replay::pinned().unwrap().text("made", line).unwrap()
}

#[test]
fn a_request_is_made_again_with_all_that_it_said() {
    let report = made(
        r#"{"method": "POST", "path": "/volumes", "version": "v4beta", "query": null, "x_filter": null,
            "request_body": {"label": "web", "size": 20, "linode_id": null, "novelty": {"a": [null]}},
            "status": 400, "response_body": {"errors": [{"reason": "no", "field": "novelty"}]}}"#
            .replace('\n', " ")
            .as_str(),
    );
    assert_eq!(
        (
            report.requests,
            report.requests_rebuilt,
            report.requests_with_extra
        ),
        (1, 1, 1),
        "{report}"
    );
    assert!(report.is_clean(), "{report}");

    let report = made(
        r#"{"method": "POST", "path": "/volumes", "request_body": {"size": "large"}, "status": 400, "response_body": {"errors": []}}"#,
    );
    assert_eq!(
        (report.requests, report.requests_rebuilt),
        (1, 0),
        "{report}"
    );
    assert!(
        report.failures[0]
            .reason
            .contains("$.body.size: expected an integer"),
        "{report}"
    );

    let report = made(
        r#"{"method": "GET", "path": "/linode/instances", "version": "v4", "query": "page=2&page_size=25&novelty=x%20y",
            "x_filter": "{\"label\":{\"+contains\":\"web\"},\"novelty\":1}", "request_body": null,
            "status": 200, "response_body": {"data": [], "page": 2, "pages": 2, "results": 25}}"#
            .replace('\n', " ")
            .as_str(),
    );
    assert_eq!(
        (
            report.requests,
            report.requests_rebuilt,
            report.requests_with_extra
        ),
        (1, 1, 1),
        "{report}"
    );
    assert!(report.is_clean(), "{report}");
}

#[test]
fn a_body_without_description_is_sent_all_the_same() {
    let report = made(
        r#"{"method": "POST", "path": "/linode/instances/7/shutdown", "version": "v4", "request_body": {"novelty": true}, "status": 200, "response_body": {}}"#,
    );
    assert_eq!(
        (report.requests_rebuilt, report.lossless),
        (1, 1),
        "{report}"
    );
}
