//! [`Sent`]: which fields of a record were set, and which of them to null.
//!
//! A type that comes in answers and goes out in requests has to keep three things apart: a field that is
//! left alone, a field that is cleared, and a value.
//!
//! ```
//! use linode_core::{Null, Input, record, text_of};
//! # use linode_core::Sent;
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Device {
//!     pub disk_id: Option<i64>,
//!     pub volume_id: Option<i64>,
//!     sent: Sent,
//! }
//! record!(Device sends { disk_id, volume_id });
//!
//! impl Device {
//!     pub fn disk_id(mut self, value: impl Into<Input<i64>>) -> Self {
//!         self.sent.put(0, &mut self.disk_id, value);
//!         self
//!     }
//! }
//!
//! assert_eq!(text_of(&Device::new()), "{}");
//! assert_eq!(text_of(&Device::new().disk_id(Null)), r#"{"disk_id":null}"#);
//! assert_eq!(text_of(&Device::new().disk_id(7)), r#"{"disk_id":7}"#);
//! ```

use std::fmt;

use crate::body::Body;
use crate::input::Input;
use crate::value::{Json, Value};

/// Remembers which fields of a record were set or read, and which of them are null.
///
/// Two of them are equal if they hold the same fields that the type does not know: equality of records is about their values.
///
/// ```
/// use linode_core::{Null, Sent};
///
/// let mut sent = Sent::default();
/// let mut label = Some("web".to_owned());
/// sent.put::<String, _>(0, &mut label, Null);
/// assert_eq!(label, None);
/// assert!(sent.is_null(0));
/// // Whatever a record gains, it can be kept across a panic that is caught.
/// assert!(std::panic::catch_unwind(|| sent.is_null(1)).is_ok());
/// ```
#[derive(Clone, Default)]
pub struct Sent {
    marks: Vec<Mark>,
    /// Fields that the type does not know.
    extra: Option<Box<Body>>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Mark {
    #[default]
    Untouched,
    Value,
    Null,
}

impl Sent {
    /// Nothing set yet of so many fields.
    pub(crate) fn for_fields(count: usize) -> Self {
        Sent {
            marks: Vec::with_capacity(count),
            extra: None,
        }
    }

    /// Puts an input into the field with an index, and remembers it.
    ///
    /// ```
    /// let mut sent = linode_core::Sent::default();
    /// let mut size = 0_i64;
    /// sent.put(0, &mut size, 20);
    /// assert_eq!(size, 20);
    /// ```
    pub fn put<T: Value, S: Slot<T>>(
        &mut self,
        index: usize,
        slot: &mut S,
        value: impl Into<Input<T>>,
    ) {
        let value = value.into();
        self.mark(index, matches!(value, Input::Null));
        slot.fill(value);
    }

    /// Remembers that a field was set or read, and whether to null.
    ///
    /// ```
    /// let mut sent = linode_core::Sent::default();
    /// sent.mark(3, true);
    /// assert!(sent.is_null(3) && sent.is_set(3));
    /// ```
    pub fn mark(&mut self, index: usize, null: bool) {
        if self.marks.len() <= index {
            self.marks.resize(index + 1, Mark::Untouched);
        }
        self.marks[index] = if null { Mark::Null } else { Mark::Value };
    }

    /// Sets a field that the type does not know.
    ///
    /// ```
    /// let mut sent = linode_core::Sent::default();
    /// sent.with("beta".to_owned(), true.into());
    /// assert!(sent.extra().is_some_and(|extra| extra.has("beta")));
    /// ```
    pub fn with(&mut self, name: String, value: Json) {
        self.extra.get_or_insert_default().with(name, value);
    }

    /// The fields that the type does not know, if there are any.
    ///
    /// ```
    /// assert!(linode_core::Sent::default().extra().is_none());
    /// ```
    pub fn extra(&self) -> Option<&Body> {
        self.extra.as_deref()
    }

    /// Whether a field was set or read.
    ///
    /// ```
    /// assert!(!linode_core::Sent::default().is_set(0));
    /// ```
    pub fn is_set(&self, index: usize) -> bool {
        self.of(index) != Mark::Untouched
    }

    /// Whether a field was set to null, or read as null.
    ///
    /// ```
    /// assert!(!linode_core::Sent::default().is_null(0));
    /// ```
    pub fn is_null(&self, index: usize) -> bool {
        self.of(index) == Mark::Null
    }

    /// Whether a field that holds its first value is left out (or written as null, if it was set to that).
    pub(crate) fn leaves_out(&self, index: usize, slot: &dyn Value) -> bool {
        !slot.optional() && slot.blank() && self.of(index) != Mark::Value
    }

    /// Whether nothing was set at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.extra.is_none() && self.marks.iter().all(|mark| *mark == Mark::Untouched)
    }

    fn of(&self, index: usize) -> Mark {
        self.marks.get(index).copied().unwrap_or_default()
    }
}

impl PartialEq for Sent {
    fn eq(&self, other: &Self) -> bool {
        self.extra == other.extra
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set: Vec<usize> = (0..self.marks.len())
            .filter(|index| self.is_set(*index))
            .collect();
        f.debug_tuple("Sent").field(&set).finish()
    }
}

/// A field that takes an input of `T`: a `T` or an `Option<T>`.
///
/// ```
/// use linode_core::{Input, Slot};
///
/// let mut size: Option<i64> = None;
/// size.fill(Input::Value(3));
/// assert_eq!(size, Some(3));
/// ```
pub trait Slot<T> {
    /// Takes the value; null empties the field.
    fn fill(&mut self, value: Input<T>);
}

impl<T: Value> Slot<T> for T {
    fn fill(&mut self, value: Input<T>) {
        *self = match value {
            Input::Null => T::empty(),
            Input::Value(value) => value,
        };
    }
}

/// A record that holds itself is boxed where it stands; what is given is not.
impl<T: Value> Slot<T> for Option<Box<T>> {
    fn fill(&mut self, value: Input<T>) {
        *self = value.into_option().map(Box::new);
    }
}

impl<T: Value> Slot<T> for Option<T> {
    fn fill(&mut self, value: Input<T>) {
        *self = match value {
            Input::Null => None,
            Input::Value(value) => Some(value),
        };
    }
}
