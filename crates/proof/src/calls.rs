//! Every operation: how to call it with a value for everything that it takes.
//!
//! ```
//! use linode_proof::calls::CALLS;
//!
//! assert!(CALLS.iter().any(|call| call.key == "POST /linode/instances"));
//! ```
#![allow(
    clippy::all,
    deprecated,
    reason = "emitted; deprecated operations are called as well"
)]

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
