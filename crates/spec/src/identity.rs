//! The type in the lock is the identity: the same positions in a later document are the same type.
//!
//! [`crate::normalise`] makes one type of each shape. A later document may describe what was one type by shapes that
//! have drifted apart, or two types by shapes that have fallen together. Here the types of a model become those of the lock
//! again: shapes at the positions of one locked type are united, with the fields of all, as long as the fields agree; a shape
//! at the positions of two locked types becomes two types. What the lock does not know goes with its shape.
//!
//! ```
//! use linode_spec::diagnostic::Accepted;
//! use linode_spec::identity::identify;
//! use linode_spec::load::load;
//! use linode_spec::name::{Lock, name};
//! use linode_spec::normalise::normalise;
//!
//! let answering = |fields: &str| format!("{{responses: {{200: {{description: '', content: {{application/json: {{schema: {{properties: {{{fields}}}}}}}}}}}}}}}");
//! let text = format!(
//!     "openapi: 3.0.1\ninfo: {{title: t, version: 1.0.0}}\npaths:\n  /tags/{{id}}:\n    get: {}\n    put: {}\n",
//!     answering("id: {type: integer}, label: {type: string}"),
//!     answering("id: {type: integer}"),
//! );
//! let api = normalise(&load("drifted.yaml", text.as_bytes(), &Accepted::default(), false).unwrap());
//! assert_eq!(api.types.len(), 2);
//!
//! let lock = Lock::parse("types: {Tag: ['GET /tags/{} answer', 'PUT /tags/{} answer']}").unwrap();
//! let api = identify(api, &lock);
//! assert_eq!(api.types.len(), 1);
//! assert_eq!(name(&api, &lock).unwrap().0.types[0].name, "Tag");
//! ```

mod agree;
mod classes;
mod rebuild;

pub use self::agree::disagreement;
pub(crate) use self::agree::{between, outline};
use self::classes::Classes;
use crate::api::Api;
use crate::name::Lock;
use crate::places::Places;

/// The model with the types of the lock. Where the lock has none, nothing changes.
pub fn identify(api: Api, lock: &Lock) -> Api {
    if lock.types.is_empty() {
        return api;
    }
    let places = Places::of(&api);
    let classes = Classes::of(&api, &places, lock);
    rebuild::rebuild(&api, &places, classes)
}
