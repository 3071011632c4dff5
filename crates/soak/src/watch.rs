//! The server's side of a run: what arrived, and how often.

use std::collections::HashMap;

use linode_testkit::{Received, Testkit};

use crate::{Report, calls};

/// What is known of the `POST` of a call. There are many, and the memory is watched: it is kept small.
struct Posted {
    /// It arrived more than once.
    repeated: bool,
    /// It may have been carried out.
    carried_out: bool,
    /// It arrived again after that.
    again: bool,
}

/// Looks at what a kit received, and has it forget that.
pub(crate) struct Watch<'k> {
    kit: &'k Testkit,
    requests: usize,
    posted: HashMap<usize, Posted>,
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
        let json = received.json();
        let number = json["label"].as_str().and_then(calls::number);
        let Some(number) = number else { return };
        let before = self.posted.get(&number);
        let posted = Posted {
            repeated: before.is_some(),
            carried_out: may_be_carried_out(received.answered())
                || before.is_some_and(|before| before.carried_out),
            again: before.is_some_and(|before| before.again || before.carried_out),
        };
        self.posted.insert(number, posted);
    }

    /// Writes down what was seen.
    pub(crate) fn finish(self, report: &mut Report) {
        report.requests = self.requests;
        report.posts = self.posted.len();
        let repeated = self.posted.values().filter(|posted| posted.repeated);
        report.posts_repeated = repeated.count();
        let doubled = self.posted.into_iter().filter(|(_, posted)| posted.again);
        report.doubled = doubled.map(|(number, _)| calls::label(number)).collect();
        report.doubled.sort();
    }
}

/// Whether a request with this answer, or with none, may have been carried out: these statuses say that it was not.
fn may_be_carried_out(answered: Option<u16>) -> bool {
    !matches!(answered, Some(400 | 408 | 429 | 503))
}
