//! A server on loopback that gives the answers which were recorded.

use std::error::Error;

use linode_sdk::catalogue::Prepared;
use linode_sdk::{Answered, Client, Json};
use linode_testkit::{Received, Reply, Testkit};
use tokio::runtime::Runtime;

use super::Sample;

/// The server, and what a client needs to wait for it.
pub(super) struct Loopback {
    kit: Testkit,
    runtime: Runtime,
}

impl Loopback {
    pub(super) fn start() -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        Ok(Self {
            kit: Testkit::builder().unchecked().start()?,
            runtime,
        })
    }

    /// A client that sends everything once.
    pub(super) fn client(&self) -> Result<Client, linode_sdk::Error> {
        self.kit
            .client_builder()
            .retry(linode_sdk::Retry::never())
            .build()
    }

    /// Sends a call, has the recorded answer given, and tells what arrived and what came of it.
    pub(super) fn exchange(
        &self,
        prepared: Prepared,
        sample: &Sample,
    ) -> Result<(Received, Result<Answered<Json>, linode_sdk::Error>), String> {
        self.kit.reset();
        let reply = match sample.response_body.is_null() {
            true => Reply::status(sample.status()),
            false => Reply::json(sample.status(), &sample.response_body),
        };
        self.kit.everywhere().reply(reply);
        let outcome = self.runtime.block_on(prepared.send());
        match (self.kit.received().pop(), outcome) {
            (Some(arrived), outcome) => Ok((arrived, outcome)),
            (None, Err(error)) => Err(error.to_string()),
            (None, Ok(_)) => Err("an answer came without a request".to_owned()),
        }
    }
}
