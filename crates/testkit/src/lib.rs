//! A server on loopback that stands in for the Linode API in tests.
//!
//! It answers from the API's own document, so that a test says only what matters to it; it checks what it receives against the same
//! document, and refuses what contradicts it: fields and filters that the document lacks, types, what is required, listed values, bounds; and it
//! fails as it is told. Patterns, and what only the API knows, such as whether a token holds or a label is taken, are not checked.
//!
//! ```
//! use linode_sdk::Client;
//! use linode_testkit::{Fault, Testkit, json};
//!
//! let kit = Testkit::start();
//! let client: Client = kit.client()?;
//!
//! // What is not said comes from the document.
//! kit.on("GET /linode/instances/{linodeId}").answer(json!({"id": 7, "status": "running"}));
//! // Twice, before anything else, there are too many requests.
//! kit.on("GET /linode/instances/{linodeId}").fault(Fault::TooManyRequests).times(2);
//! // This list has pages, and is filtered and ordered as the API does it.
//! kit.on("GET /volumes").items([json!({"label": "a"}), json!({"label": "b"})]);
//!
//! // … the program under test uses the client …
//!
//! assert_eq!(kit.received().len(), 0);
//! kit.assert_right(); // whatever arrived was as the document says
//! # Ok::<(), linode_sdk::Error>(())
//! ```
//!
//! | to | there is |
//! |---|---|
//! | answer | [`On::answer`], [`On::items`], [`On::reply`], [`On::reply_with`] |
//! | fail | [`On::fault`] with a [`Fault`]; [`Testkit::refuse`] for no server at all |
//! | say when and how often | [`Rule::times`], [`Rule::once`], [`Rule::chance`], [`Rule::when`], [`Rule::then`] |
//! | look at what came | [`Testkit::received`], [`Testkit::take_received`], [`Testkit::problems`], [`Testkit::assert_right`] |
//! | stand in for other servers | [`Testkit::beside`], for the OAuth login or an upload |
//! | record real exchanges, and replay them | [`Builder::record`], [`Testkit::replay`], [`recording`] |
//!
//! Of what it is asked to do, it remembers that something was deleted: it is not found from then on, until a `POST` creates something there
//! or beside it.
//!
//! Where the document says too little for a program to go on, it helps: what was done is found finished among the events, a file is taken by
//! a `PUT` to the address that is answered for it, a kubeconfig can be read.
//!
//! The server runs on a thread of its own: a test may be async or not. To try a program against it by hand, start it with
//! `cargo run -p linode-testkit`.

mod address;
mod fault;
mod filter;
mod gone;
mod kit;
mod mask;
mod on;
mod page;
mod received;
pub mod recording;
mod reply;
mod rule;
mod server;
mod state;
mod tape;
mod upstream;
mod useful;

pub use fault::Fault;
pub use kit::{Builder, Testkit};
pub use linode_witness::Document;
pub use on::{On, Rule};
pub use received::Received;
pub use recording::{Exchange, Recording, RecordingError};
pub use reply::Reply;
pub use serde_json::{Value as Json, json};

/// For the proofs of this project alone: the items that a filter lets through.
#[doc(hidden)]
pub use filter::sift;
