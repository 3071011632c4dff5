//! [`Report`]: what came of a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use linode_sdk::Error;

use crate::{End, Plan};

/// How much the memory may grow once the run is under way: a part of what it was, and as many bytes.
const GROWTH: (f64, f64) = (0.1, 4e6);

/// What came of a run.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let plan = linode_soak::Plan { calls: 10, tasks: 2, faults: 0.0, ..linode_soak::Plan::default() };
/// let report = linode_soak::soak(plan).await;
/// assert_eq!((report.answered, report.failed(), report.requests), (10, 0, 10));
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Report {
    /// What was run.
    pub plan: Plan,
    /// How long it took.
    pub took: Duration,
    /// How many calls were answered.
    pub answered: usize,
    /// How many calls failed, by reason.
    pub failures: BTreeMap<String, usize>,
    /// What was no answer of the call that got it.
    pub mixed_up: Vec<String>,
    /// What tasks panicked with.
    pub panics: Vec<String>,
    /// How many tasks were not done in time.
    pub stuck: usize,
    /// How many requests the server saw.
    pub requests: usize,
    /// How many different `POST`s the server saw.
    pub posts: usize,
    /// How many of them it saw more than once, each time but the last refused by it.
    pub posts_repeated: usize,
    /// The `POST`s that it saw again after it may have carried them out.
    pub doubled: Vec<String>,
    /// How often each fault happened.
    pub faults: Vec<(&'static str, usize)>,
    /// The resident memory in bytes, after so many calls; empty where the system does not tell.
    pub memory: Vec<(usize, u64)>,
}

impl Report {
    pub(crate) fn new(plan: Plan) -> Self {
        Report {
            plan,
            took: Duration::ZERO,
            answered: 0,
            failures: BTreeMap::new(),
            mixed_up: Vec::new(),
            panics: Vec::new(),
            stuck: 0,
            requests: 0,
            posts: 0,
            posts_repeated: 0,
            doubled: Vec::new(),
            faults: Vec::new(),
            memory: Vec::new(),
        }
    }

    pub(crate) fn count(&mut self, end: End) {
        match end {
            End::Answered => self.answered += 1,
            End::Failed(error) => *self.failures.entry(reason(&error)).or_default() += 1,
            End::Wrong(what) => self.mixed_up.push(what),
        }
    }

    /// How many calls failed.
    ///
    /// ```
    /// fn share(report: &linode_soak::Report) -> f64 {
    ///     report.failed() as f64 / report.plan.calls as f64
    /// }
    /// ```
    pub fn failed(&self) -> usize {
        self.failures.values().sum()
    }

    /// What does not hold, each a sentence.
    ///
    /// ```
    /// fn holds(report: &linode_soak::Report) -> bool {
    ///     report.wrongs().is_empty()
    /// }
    /// ```
    pub fn wrongs(&self) -> Vec<String> {
        let mut wrongs: Vec<String> = self.mixed_up.clone();
        wrongs.extend(
            self.panics
                .iter()
                .map(|panic| format!("a task panicked: {panic}")),
        );
        if self.stuck > 0 {
            wrongs.push(format!("{} tasks are stuck", self.stuck));
        }
        let ended = self.answered + self.failed() + self.mixed_up.len();
        if ended != self.plan.calls {
            wrongs.push(format!("{ended} calls ended, of {}", self.plan.calls));
        }
        if let Some(count) = self.failures.get("") {
            wrongs.push(format!("{count} calls failed for no stated reason"));
        }
        let doubled = self.doubled.iter();
        wrongs.extend(doubled.map(|label| {
            format!("the POST of {label} was sent again after it may have been carried out")
        }));
        if let Some((before, after)) = self.growth().filter(|_| !self.is_flat()) {
            wrongs.push(format!(
                "the memory grew from {} to {}",
                megabytes(before),
                megabytes(after)
            ));
        }
        wrongs
    }

    /// The memory after a quarter of the calls, and the most of what it was in the second half.
    fn growth(&self) -> Option<(u64, u64)> {
        let after = |calls: usize| self.memory.iter().filter(move |(at, _)| *at >= calls);
        let before = after(self.plan.calls / 4).next()?.1;
        let most = after(self.plan.calls / 2).map(|(_, bytes)| *bytes).max()?;
        Some((before, most))
    }

    fn is_flat(&self) -> bool {
        self.growth().is_none_or(|(before, most)| {
            let (part, bytes) = GROWTH;
            most as f64 <= before as f64 * (1.0 + part) + bytes
        })
    }
}

/// The reason of a failure, without what differs from call to call.
fn reason(error: &Error) -> String {
    match error {
        Error::Api(error) => {
            let reasons = error
                .reasons()
                .first()
                .map(|reason| format!(": {}", reason.reason));
            format!("{}{}", error.status(), reasons.unwrap_or_default())
        }
        Error::Decode(error) => format!("not as described: {}", error.fault()),
        Error::Transport(error) if error.is_timeout() => "timed out".to_owned(),
        Error::Transport(error) if error.may_have_arrived() => {
            "no answer, and it may have arrived".to_owned()
        }
        Error::Transport(_) => "no answer, and it did not arrive".to_owned(),
        error => error.to_string(),
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan {
            calls,
            tasks,
            faults,
            seed,
            ..
        } = self.plan;
        let (seconds, injected) = (
            self.took.as_secs_f64(),
            self.faults.iter().map(|(_, times)| times).sum::<usize>(),
        );
        writeln!(
            f,
            "{calls} calls from {tasks} tasks, {faults} % faults, seed {seed}"
        )?;
        writeln!(
            f,
            "  took        {seconds:.1} s, {:.0} calls a second",
            calls as f64 / seconds.max(1e-9)
        )?;
        writeln!(f, "  answered    {}", self.answered)?;
        writeln!(f, "  failed      {}", self.failed())?;
        for (reason, times) in &self.failures {
            writeln!(f, "    {times:>5}  {reason}")?;
        }
        writeln!(
            f,
            "  requests    {}, of which {injected} met a fault",
            self.requests
        )?;
        let faults: Vec<String> = self
            .faults
            .iter()
            .map(|(name, times)| format!("{name} {times}"))
            .collect();
        writeln!(f, "    {}", faults.join(", "))?;
        writeln!(
            f,
            "  posts       {}, of which {} were sent again after a refusal, and {} after they may have been carried out",
            self.posts,
            self.posts_repeated,
            self.doubled.len()
        )?;
        let memory: Vec<String> = self
            .memory
            .iter()
            .map(|(at, bytes)| format!("{at}: {}", megabytes(*bytes)))
            .collect();
        writeln!(f, "  memory      {}", memory.join(", "))?;
        match self.wrongs() {
            wrongs if wrongs.is_empty() => writeln!(f, "all of it holds"),
            wrongs => wrongs
                .iter()
                .try_for_each(|wrong| writeln!(f, "wrong: {wrong}")),
        }
    }
}
