//! Markers that a later document lost although the API filters as before.
//!
//! ```
//! use linode_spec::{carry::Carried, correct::Corrections};
//! use xtask::{markers::{kept_on, lost_all}, pipeline::understand, workspace::Workspace};
//!
//! let workspace = Workspace::here();
//! let pinned = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
//! let mut later = pinned.api.clone();
//! later.account.markers = 0;
//! assert!(lost_all(&pinned, &later));
//! assert!(kept_on(&pinned, &later, &Carried::default()).is_none(), "nobody has decided to keep them");
//! # Ok::<(), xtask::outcome::Failure>(())
//! ```

use linode_spec::api::Api;
use linode_spec::carry::Carried;

use crate::pipeline::Model;

/// Whether lists could be filtered, and no longer can.
///
/// ```
/// use linode_spec::correct::Corrections;
/// use xtask::{markers::lost_all, pipeline::understand, workspace::Workspace};
/// let workspace = Workspace::here();
/// let pinned = understand(&workspace.pinned(false)?, &workspace.lock()?, &Corrections::default())?;
/// assert!(lost_all(&pinned, &linode_spec::api::Api::default()));
/// # Ok::<(), xtask::outcome::Failure>(())
/// ```
pub fn lost_all(old: &Model, new: &Api) -> bool {
    let lists = old.api.operations.iter().filter_map(|o| o.answer.list());
    let filters: usize = lists.map(|list| list.filters.len()).sum();
    filters > 0 && new.account.markers == 0
}

/// The markers that go on being kept: what was decided once holds as long as documents have none.
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
    let decided = !before.is_empty() && lost_all(old, new);
    decided.then(|| Carried::between(&old.api, new, &before.reason))
}
