//! The proof that the generated client does what the document says.
//!
//! | module | what it does |
//! |---|---|
//! | [`calls`] | the table of all operations, emitted when this crate is built: how to call each with everything that it takes |
//! | [`pinned`] | the model that the table comes from |
//! | [`replay`](mod@replay) | makes recorded exchanges again by the catalogue, and compares what is sent and what comes back |
//!
//! The other side, which checks what arrives and answers, is `linode-witness`; it shares nothing with the generator. The test
//! `every_operation` puts the two together.
//!
//! ```
//! use linode_proof::replay::{Fate, Replay};
//!
//! let fate = Replay::pinned()?.fate("GET /profile/apps/{}", 200, &serde_json::json!({"id": 7}));
//! assert_eq!(fate, Fate::Lossless { repairs: 0 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod calls;
pub mod pinned;
pub mod replay;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The document that stand-ins answer from: the pinned one, with what every answer has.
///
/// # Errors
///
/// What keeps the file from being read.
///
/// ```
/// assert!(linode_proof::stand_in()?.contains("\"paths\":{"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn stand_in() -> std::io::Result<String> {
    std::fs::read_to_string(pinned::folder().join("../crates/testkit/document.json"))
}
