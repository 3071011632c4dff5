//! From an OpenAPI document of the Linode API to the [`api::Api`] model.
//!
//! The data goes one way: [`load`] reads a document to a tree, audits and repairs it, and has `openapiv3` read it; [`normalise`] makes the
//! model of it. [`pin`] derives from an original the document that the project keeps.
//!
//! ```
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::load::load;
//!
//! let error = load("empty.yaml", b"", &Accepted::default(), false).unwrap_err();
//! assert!(error.to_string().contains("empty.yaml"));
//! ```

pub mod api;
mod audit;
pub mod carry;
pub mod correct;
pub mod diagnostic;
pub mod diff;
pub mod identity;
pub mod load;
pub mod name;
pub mod normalise;
pub mod pin;
mod places;
mod repair;
pub mod route;
pub mod stand_in;
pub mod surface;
mod tree;
