//! Scopes and grants: what a token or a user must have for an operation.
//!
//! Their types are generated, as open enums of what the document lists; [`permissions!`](crate::permissions!) adds
//! what can be reckoned with them.
//!
//! ```
//! use linode_core::{Operation, http::Method, open_enum, permissions};
//!
//! #[derive(Clone, Debug, PartialEq, Eq, Hash)]
//! pub enum Scope {
//!     All,
//!     LinodesReadOnly,
//!     LinodesReadWrite,
//!     Unknown(String),
//! }
//! open_enum!(Scope { All = "*", LinodesReadOnly = "linodes:read_only", LinodesReadWrite = "linodes:read_write" });
//! permissions!(Scope of scopes);
//!
//! static LIST: Operation = Operation::new(Method::GET, "/linode/instances").scopes(&["linodes:read_only"]);
//! static CREATE: Operation = Operation::new(Method::POST, "/linode/instances").scopes(&["linodes:read_write"]);
//!
//! assert_eq!(Scope::needed_by([&LIST]), [Scope::LinodesReadOnly]);
//! assert_eq!(Scope::needed_by([&LIST, &CREATE]), [Scope::LinodesReadWrite]);
//! assert!(Scope::All.covers(&Scope::from("volumes:read_only")));
//! ```

/// Whether who has one permission has another with it: the same, everything (`*`), or writing what is read.
///
/// ```
/// use linode_core::permission::covers;
///
/// assert!(covers("linodes:read_write", "linodes:read_only"));
/// assert!(!covers("linodes:read_write", "volumes:read_only"));
/// assert!(!covers("linodes:read_only", "linodes:read_write"));
/// ```
pub fn covers(has: &str, needs: &str) -> bool {
    has == needs || has == "*" || writes(has).is_some_and(|area| reads(needs) == Some(area))
}

fn writes(permission: &str) -> Option<&str> {
    permission.strip_suffix("read_write")
}

fn reads(permission: &str) -> Option<&str> {
    permission.strip_suffix("read_only")
}

/// The fewest of some permissions that cover them all, sorted.
///
/// ```
/// let least = linode_core::permission::least(["b:read_only", "a:read_only", "b:read_write", "a:read_only"]);
/// assert_eq!(least, ["a:read_only", "b:read_write"]);
/// ```
pub fn least<'a>(all: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut all: Vec<&str> = all.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let covered = |one: &str| all.iter().any(|other| *other != one && covers(other, one));
    all.iter().copied().filter(|one| !covered(one)).collect()
}

/// Adds to an open enum of permissions what can be reckoned with them: `covers`, `least` and `needed_by`.
///
/// After `of` stands the field of [`Operation`](crate::Operation) that lists them: `scopes` or `grants`.
///
/// ```
/// # use linode_core::{open_enum, permissions};
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// pub enum Grant {
///     ReadOnly,
///     ReadWrite,
///     Unknown(String),
/// }
/// open_enum!(Grant { ReadOnly = "read_only", ReadWrite = "read_write" });
/// permissions!(Grant of grants);
///
/// assert_eq!(Grant::least([Grant::ReadOnly, Grant::ReadWrite]), [Grant::ReadWrite]);
/// ```
#[macro_export]
macro_rules! permissions {
    ($name:ident of $listed:ident) => {
        impl $name {
            /// Whether who has this has another with it: the same, everything, or writing what is read.
            pub fn covers(&self, other: &Self) -> bool {
                $crate::permission::covers(self.as_str(), other.as_str())
            }

            /// The fewest of these that cover them all, sorted.
            pub fn least(
                all: impl ::core::iter::IntoIterator<Item = Self>,
            ) -> ::std::vec::Vec<Self> {
                let all: ::std::vec::Vec<Self> = all.into_iter().collect();
                let texts = all.iter().map(Self::as_str);
                $crate::permission::least(texts)
                    .into_iter()
                    .map(Self::from)
                    .collect()
            }

            /// The fewest that all of these operations need together.
            pub fn needed_by(
                operations: impl ::core::iter::IntoIterator<Item = &'static $crate::Operation>,
            ) -> ::std::vec::Vec<Self> {
                let texts = operations
                    .into_iter()
                    .flat_map(|operation| operation.$listed.iter().copied());
                $crate::permission::least(texts)
                    .into_iter()
                    .map(Self::from)
                    .collect()
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_covered_is_left_out() {
        let table: [(&[&str], &[&str]); 5] = [
            (&[], &[]),
            (
                &["volumes:read_write", "linodes:read_only"],
                &["linodes:read_only", "volumes:read_write"],
            ),
            (&["a:read_only", "a:read_write"], &["a:read_write"]),
            (&["a:read_only", "*", "b"], &["*"]),
            (
                &["unrestricted only", "read_only", "read_only"],
                &["read_only", "unrestricted only"],
            ),
        ];
        for (all, expected) in table {
            assert_eq!(least(all.iter().copied()), expected, "{all:?}");
        }
    }
}
