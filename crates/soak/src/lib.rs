//! The client under load: many calls from many tasks against a testkit that fails now and then, in every way it can.
//!
//! What must hold is in the [`Report`]: every call is answered with what is its own, or fails for a stated reason; no `POST` that may have been
//! carried out is sent again; no task is stuck; the memory stays flat.
//!
//! ```
//! use linode_soak::{Plan, soak};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let report = soak(Plan { calls: 20, tasks: 4, ..Plan::default() }).await;
//! assert_eq!(report.answered + report.failed(), 20);
//! assert!(report.wrongs().is_empty(), "{report}");
//! # }
//! ```

mod calls;
mod memory;
mod report;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use linode_sdk::{Client, Error, Retry};
use linode_testkit::{Fault, Rule, Testkit};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

pub use report::Report;
use watch::Watch;

/// How much load, and how much goes wrong.
///
/// ```
/// let plan = linode_soak::Plan::default();
/// assert_eq!((plan.calls, plan.tasks, plan.faults), (10_000, 64, 10.0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many calls there are in all.
    pub calls: usize,
    /// How many tasks make them, side by side.
    pub tasks: usize,
    /// How many requests of a hundred meet a fault.
    pub faults: f64,
    /// What the faults are drawn by: the same seed, the same draws.
    pub seed: u64,
    /// How long all of it may take. Tasks that are not done then are stuck.
    pub patience: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Plan {
            calls: 10_000,
            tasks: 64,
            faults: 10.0,
            seed: 1,
            patience: Duration::from_secs(600),
        }
    }
}

/// How long an attempt may take: what a hung request costs.
const ATTEMPT: Duration = Duration::from_secs(2);

/// How many times the memory is looked at.
const LOOKS: usize = 20;

/// All ways to fail, by the names that the report gives them.
fn faults() -> Vec<(&'static str, Fault)> {
    let slow = Duration::from_millis(20);
    vec![
        ("429", Fault::TooManyRequests),
        ("408", Fault::Status(408)),
        ("500", Fault::Status(500)),
        ("502", Fault::Status(502)),
        ("503", Fault::Status(503)),
        ("504", Fault::Status(504)),
        ("maintenance", Fault::Maintenance),
        ("busy", Fault::LinodeBusy),
        ("400 in HTML", Fault::Html(400)),
        ("slow", Fault::Slow(slow)),
        ("dribble", Fault::Dribble(Duration::from_millis(1))),
        ("cut off", Fault::CutOff),
        ("broken JSON", Fault::BrokenJson),
        ("other JSON", Fault::OtherJson),
        (
            "redirect",
            Fault::Redirect("http://127.0.0.1:1/".to_owned()),
        ),
        ("reset", Fault::Reset),
        ("closed", Fault::Close),
        ("no HTTP", Fault::Garbage),
        ("hung", Fault::Hang),
    ]
}

/// How a call ended.
enum End {
    Answered,
    Failed(Error),
    /// With an answer that is another call's.
    Wrong(String),
}

/// Runs a plan, and reports.
///
/// # Panics
///
/// If loopback can't be listened on.
///
/// ```no_run
/// # async fn run() {
/// let report = linode_soak::soak(linode_soak::Plan::default()).await;
/// print!("{report}");
/// # }
/// ```
pub async fn soak(plan: Plan) -> Report {
    let kit = Testkit::builder().seed(plan.seed).start();
    let kit = kit.expect("a port on loopback");
    calls::tell(&kit);
    let rules = inject(&kit, plan.faults);
    let retry = Retry::new().backoff(Duration::from_millis(5), Duration::from_millis(100));
    let client = kit
        .client_builder()
        .retry(retry)
        .attempt_timeout(ATTEMPT)
        .build();
    let client: Client = client.expect("a client of the kit");

    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let (tell, mut told) = mpsc::channel(plan.tasks.max(1));
    let mut tasks = JoinSet::new();
    for _ in 0..plan.tasks.max(1) {
        tasks.spawn(work(
            client.clone(),
            Arc::clone(&next),
            plan.calls,
            tell.clone(),
        ));
    }
    drop(tell);
    let mut report = Report::new(plan);
    let mut watch = Watch::new(&kit);
    let end = tokio::time::sleep(plan.patience);
    tokio::pin!(end);
    let (mut tick, step) = (
        tokio::time::interval(Duration::from_millis(5)),
        plan.calls.div_ceil(LOOKS).max(1),
    );
    loop {
        tokio::select! {
            end = told.recv() => match end {
                Some(end) => report.count(end),
                None => break,
            },
            _ = tick.tick() => {
                let begun = next.load(Ordering::Relaxed).min(plan.calls);
                if begun / step >= report.memory.len() {
                    watch.look();
                    report.memory.extend(memory::resident().map(|bytes| (begun, bytes)));
                }
            }
            () = &mut end => {
                while tasks.try_join_next().is_some() {}
                report.stuck = tasks.len();
                tasks.abort_all();
                break;
            }
        }
    }
    report.took = begun.elapsed();
    while let Some(ended) = tasks.join_next().await {
        let panic = ended.err().filter(|error| error.is_panic());
        report.panics.extend(panic.map(|panic| panic.to_string()));
    }
    report
        .memory
        .extend(memory::resident().map(|bytes| (plan.calls, bytes)));
    watch.look();
    watch.finish(&mut report);
    report.faults = rules
        .into_iter()
        .map(|(name, rule)| (name, rule.used()))
        .collect();
    report
}

/// Has every fault happen with an equal share of the chance. One by one they are drawn, so the later ones get a little less.
fn inject(kit: &Testkit, percent: f64) -> Vec<(&'static str, Rule<'_>)> {
    let faults = faults();
    let share = percent.clamp(0.0, 100.0) / 100.0 / faults.len() as f64;
    let rules = faults.into_iter().map(|(name, fault)| {
        let rule = kit.everywhere().fault(fault.clone()).chance(share);
        let rule = match fault {
            Fault::TooManyRequests => rule.header("Retry-After", 0),
            _ => rule,
        };
        (name, rule)
    });
    rules.collect()
}

/// One task: takes the next call until there is none, and tells how each ended.
async fn work(client: Client, next: Arc<AtomicUsize>, calls: usize, tell: mpsc::Sender<End>) {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= calls {
            return;
        }
        let end = calls::call(&client, number).await;
        if tell.send(end).await.is_err() {
            return; // nobody waits any longer
        }
    }
}
