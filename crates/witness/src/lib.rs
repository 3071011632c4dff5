//! The side that checks: reads an OpenAPI document by itself, receives what a client sends, and answers as the document says.
//!
//! Nothing here comes from the generator or from what generated code stands on: a reader of its own, a resolver of its own, a server of its
//! own. So an error that the generator makes in reading the document is not made a second time here, and shows.
//!
//! | module | what it does |
//! |---|---|
//! | `document`, `reference`, `schema`, `operation` | the document, read |
//! | `conform` | whether a value is what a schema describes |
//! | `judge` | whether a request is what an operation describes |
//! | `make`, `examples` | answers made of the document, and the examples in it that contradict it |
//! | `losses` | what got lost between an answer sent and the answer that came back |
//! | `server` | the loopback server that ties these together |
//!
//! ```
//! use linode_witness::Document;
//!
//! let document = Document::parse("paths: {'/tags/{label}': {get: {responses: {'200': {description: ''}}}}}")?;
//! let keys: Vec<_> = document.operations().map(|operation| operation.key()).collect();
//! assert_eq!(keys, ["GET /tags/{}"]);
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

mod conform;
mod document;
mod examples;
mod judge;
mod losses;
mod make;
mod operation;
mod reference;
mod schema;
mod server;

pub use document::{Document, Unreadable};
pub use examples::Replaced;
pub use judge::{Demand, Received};
pub use losses::losses;
pub use operation::{Operation, key, split_version};
pub use serde_json::Value as Json;
pub use server::{Answered, Verdict, Witness};
