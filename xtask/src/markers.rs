//! Markers that a later document lost although the API filters as before.
//!
//! ```
//! use linode_spec::{carry::Carried, correct::Corrections};
//! use xtask::{markers::{kept_on, lost_most}, pipeline::understand, workspace::Workspace};
//!
//! let workspace = Workspace::here();
//! let pinned = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
//! let mut later = pinned.api.clone();
//! later.operations.iter_mut().for_each(|operation| operation.grant = None);
//! assert!(lost_most(&pinned, &later));
//! assert!(kept_on(&pinned, &later, &Carried::default()).is_none(), "nobody has decided to keep them");
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use linode_spec::api::Api;
use linode_spec::carry::Carried;

use crate::pipeline::Model;

/// Whether more than half of the filters are gone, or more than half of the grants, although what they were about is there.
///
/// ```
/// use linode_spec::correct::Corrections;
/// use xtask::{markers::lost_most, pipeline::understand, workspace::Workspace};
/// let workspace = Workspace::here();
/// let pinned = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
/// assert!(!lost_most(&pinned, &pinned.api));
/// assert!(!lost_most(&pinned, &linode_spec::api::Api::default()), "it has no place for them either");
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn lost_most(old: &Model, new: &Api) -> bool {
    let lost = Carried::between(&old.api, new, "");
    let operations = &old.api.operations;
    let lists = operations.iter().filter_map(|o| o.answer.list());
    let filters: usize = lists.map(|list| list.filters.len()).sum();
    let grants = operations.iter().filter(|o| o.grant.is_some()).count();
    lost.filter_count() * 2 > filters || lost.grants.len() * 2 > grants
}

/// The markers that go on being kept: what was decided once holds as long as documents lack them.
///
/// ```
/// use linode_spec::{carry::Carried, correct::Corrections};
/// use xtask::{markers::kept_on, pipeline::understand, workspace::Workspace};
/// let workspace = Workspace::here();
/// let pinned = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
/// assert!(kept_on(&pinned, &pinned.api, &Carried::default()).is_none());
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn kept_on(old: &Model, new: &Api, before: &Carried) -> Option<Carried> {
    let decided = !before.is_empty() && lost_most(old, new);
    decided.then(|| Carried::between(&old.api, new, &before.reason))
}
