//! The proof that the generated client does what the document says.
//!
//! | module | what it does |
//! |---|---|
//! | [`calls`] | the table of all operations, emitted when this crate is built: how to call each, how to decode its answer |
//! | [`pinned`] | the model that the table comes from |
//! | [`replay`](mod@replay) | decodes recorded answers by the table and compares what comes back |
//!
//! The other side, which checks what arrives and answers, is `linode-witness`; it shares nothing with the generator. The test
//! `every_operation` puts the two together.
//!
//! ```
//! let call = linode_proof::calls::CALLS.iter().find(|call| call.key == "GET /profile/apps/{}").unwrap();
//! assert_eq!((call.decode)(br#"{"id": 7}"#).unwrap()["id"], 7);
//! ```

pub mod calls;
pub mod pinned;
pub mod replay;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
