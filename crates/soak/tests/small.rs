//! A small run, with more faults than a large one has.

use linode_soak::{Plan, soak};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_holds_under_faults() {
    let plan = Plan {
        calls: 600,
        tasks: 32,
        faults: 30.0,
        ..Plan::default()
    };
    let report = soak(plan).await;
    assert!(report.wrongs().is_empty(), "{report}");
    assert!(report.answered > 450 && report.failed() > 0, "{report}");
    assert!(report.requests > 600 && report.posts == 120, "{report}");
    assert!(report.posts_repeated > 0, "{report}");
    // Too few draws for each of them to happen, and enough for most.
    let happened = report.faults.iter().filter(|(_, times)| *times > 0).count();
    assert!(happened > 12, "{report}");
}

#[tokio::test]
async fn without_faults_nothing_fails() {
    let plan = Plan {
        calls: 200,
        tasks: 16,
        faults: 0.0,
        ..Plan::default()
    };
    let report = soak(plan).await;
    assert!(report.wrongs().is_empty(), "{report}");
    assert_eq!((report.answered, report.requests), (200, 200), "{report}");
}

#[tokio::test]
async fn a_run_that_may_take_no_time_has_stuck_tasks() {
    let plan = Plan {
        calls: 200,
        tasks: 8,
        faults: 100.0,
        patience: std::time::Duration::ZERO,
        ..Plan::default()
    };
    let report = soak(plan).await;
    assert_eq!(report.stuck, 8);
    assert!(
        report.wrongs().contains(&"8 tasks are stuck".to_owned()),
        "{report}"
    );
}
