//! [`Gaps`]: the required fields of a request that were not set.
//!
//! ```
//! use linode_core::{Gaps, Value};
//!
//! let mut gaps = Gaps::default();
//! Some(7_i64).missing(&mut gaps);
//! assert!(gaps.into_paths().is_empty());
//! ```

use crate::fault::{Step, spell};
use crate::value::Value;

/// Collects the paths of required fields that were not set, as the API itself spells them:
/// `region`, `interfaces[0].purpose`.
///
/// ```
/// use linode_core::Gaps;
///
/// let mut gaps = Gaps::default();
/// gaps.note("region");
/// assert_eq!(gaps.into_paths(), ["region"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    way: Vec<Step>,
    paths: Vec<String>,
}

impl Gaps {
    /// Notes that a required field of the current object was not set.
    ///
    /// ```
    /// let mut gaps = linode_core::Gaps::default();
    /// gaps.note("type");
    /// assert_eq!(gaps.into_paths(), ["type"]);
    /// ```
    pub fn note(&mut self, field: &'static str) {
        self.way.push(Step::Field(field));
        self.paths.push(spell("", &self.way));
        self.way.pop();
    }

    /// Looks for gaps in the value of a field.
    ///
    /// ```
    /// let mut gaps = linode_core::Gaps::default();
    /// gaps.field("tags", &vec!["web".to_owned()]);
    /// assert!(gaps.into_paths().is_empty());
    /// ```
    pub fn field(&mut self, name: &str, value: &dyn Value) {
        self.within(Step::Key(name.to_owned()), value);
    }

    /// Looks for gaps in an item of a list.
    ///
    /// ```
    /// let mut gaps = linode_core::Gaps::default();
    /// gaps.item(0, &true);
    /// assert!(gaps.into_paths().is_empty());
    /// ```
    pub fn item(&mut self, index: usize, value: &dyn Value) {
        self.within(Step::Item(index), value);
    }

    fn within(&mut self, step: Step, value: &dyn Value) {
        self.way.push(step);
        value.missing(self);
        self.way.pop();
    }

    /// The paths that were noted, in the order of the fields.
    ///
    /// ```
    /// assert!(linode_core::Gaps::default().into_paths().is_empty());
    /// ```
    pub fn into_paths(self) -> Vec<String> {
        self.paths
    }
}
