//! Versions by Cargo's rules.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::Verdict;

/// A version of the crate, without build metadata.
///
/// ```
/// use linode_spec::diff::Version;
/// let version: Version = "0.1.0+4.176.0".parse()?;
/// assert_eq!(version.to_string(), "0.1.0");
/// # Ok::<(), linode_spec::diff::NoVersion>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Moves with a change that breaks programs.
    pub major: u64,
    /// Moves with additions; below 1.0, with a change that breaks programs.
    pub minor: u64,
    /// Moves with everything else.
    pub patch: u64,
}

/// A text that is no version of the form `1.2.3`.
///
/// ```
/// use linode_spec::diff::{NoVersion, Version};
/// assert_eq!("1.2".parse::<Version>(), Err(NoVersion("1.2".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version: three numbers are expected, as in 0.1.0")]
pub struct NoVersion(pub String);

impl Version {
    /// A version.
    ///
    /// ```
    /// assert_eq!(linode_spec::diff::Version::new(1, 2, 3).to_string(), "1.2.3");
    /// ```
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self {
            major,
            minor,
            patch,
        }
    }

    /// The version of a release with such changes. Cargo takes the leftmost number that is not zero for the one that breaking changes move;
    /// below 1.0 there is no number for additions alone.
    ///
    /// ```
    /// use linode_spec::diff::{Verdict, Version};
    /// assert_eq!(Version::new(0, 1, 7).after(Verdict::Breaking), Version::new(0, 2, 0));
    /// assert_eq!(Version::new(0, 1, 7).after(Verdict::Addition), Version::new(0, 1, 8));
    /// assert_eq!(Version::new(1, 1, 7).after(Verdict::Breaking), Version::new(2, 0, 0));
    /// assert_eq!(Version::new(1, 1, 7).after(Verdict::Addition), Version::new(1, 2, 0));
    /// assert_eq!(Version::new(1, 1, 7).after(Verdict::None), Version::new(1, 1, 7));
    /// ```
    pub const fn after(self, verdict: Verdict) -> Self {
        let Self {
            major,
            minor,
            patch,
        } = self;
        match (verdict, major, minor) {
            (Verdict::None, ..) => self,
            (Verdict::Breaking, 0, 0) | (Verdict::Addition, 0, _) | (Verdict::Patch, ..) => {
                Self::new(major, minor, patch + 1)
            }
            (Verdict::Breaking, 0, _) | (Verdict::Addition, ..) => Self::new(major, minor + 1, 0),
            (Verdict::Breaking, ..) => Self::new(major + 1, 0, 0),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl FromStr for Version {
    type Err = NoVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.split_once('+').map_or(text, |(plain, _)| plain);
        let numbers: Option<Vec<u64>> = plain.split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some(&[major, minor, patch]) => Ok(Self::new(major, minor, patch)),
            _ => Err(NoVersion(text.to_owned())),
        }
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
