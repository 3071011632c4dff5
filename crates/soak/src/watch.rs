//! The server's side of a run: what arrived, and how often.

use std::collections::HashMap;

use linode_testkit::{Received, Testkit};

use crate::Report;

/// What is known of the `POST` of a label.
#[derive(Default)]
struct Posted {
    /// How many times it arrived.
    arrived: usize,
    /// How many times it may have been carried out.
    carried_out: usize,
    /// It arrived again after it may have been carried out.
    again: bool,
}

/// Looks at what a kit received, and has it forget that.
pub(crate) struct Watch<'k> {
    kit: &'k Testkit,
    requests: usize,
    posted: HashMap<String, Posted>,
}

impl<'k> Watch<'k> {
    pub(crate) fn new(kit: &'k Testkit) -> Self {
        Watch {
            kit,
            requests: 0,
            posted: HashMap::new(),
        }
    }

    /// Looks at what came since the last time.
    pub(crate) fn look(&mut self) {
        for received in self.kit.take_received() {
            self.requests += 1;
            if received.method() == "POST" {
                self.post(&received);
            }
        }
    }

    fn post(&mut self, received: &Received) {
        let label = received.json()["label"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let posted = self.posted.entry(label).or_default();
        posted.arrived += 1;
        posted.again |= posted.carried_out > 0;
        posted.carried_out += usize::from(may_be_carried_out(received.answered()));
    }

    /// Writes down what was seen.
    pub(crate) fn finish(self, report: &mut Report) {
        report.requests = self.requests;
        report.posts = self.posted.len();
        report.posts_repeated = self
            .posted
            .values()
            .filter(|posted| posted.arrived > 1)
            .count();
        let doubled = self.posted.into_iter().filter(|(_, posted)| posted.again);
        report.doubled = doubled.map(|(label, _)| label).collect();
        report.doubled.sort();
    }
}

/// Whether a request with this answer, or with none, may have been carried out: these statuses say that it was not.
fn may_be_carried_out(answered: Option<u16>) -> bool {
    !matches!(answered, Some(400 | 408 | 429 | 503))
}
