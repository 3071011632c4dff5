//! The repairs: what openapiv3 can't take, or what contradicts itself, is put right in the tree.
//!
//! Every repair says what it found and what it did. The order matters: a value has to have its shape before
//! references can be followed, and references have to lead somewhere before the parameters of a path can be counted.

mod operation;
mod parameter;
mod path;
mod reference;
mod schema;
mod shape;
mod unused;

use crate::diagnostic::Report;
use crate::tree::Node;

pub(crate) use operation::METHODS;
pub(crate) use reference::sites;
pub(crate) use schema::requote;

/// Repairs a document in place.
pub(crate) fn repair(root: &mut Node, report: &mut Report) {
    shape::settle(root, report);
    reference::settle(root, report);
    path::settle(root, report);
    operation::settle(root, report);
}
