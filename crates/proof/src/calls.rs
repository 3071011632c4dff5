//! Every operation: how to call it with a value for everything that it takes, and how to decode its answer.
//!
//! ```
//! use linode_proof::calls::CALLS;
//!
//! assert!(CALLS.iter().any(|call| call.key == "POST /linode/instances"));
//! ```
#![allow(clippy::all, reason = "what is emitted is read by nobody")]

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
