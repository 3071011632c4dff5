//! [`Input`]: what a setter takes, a value or [`Null`].
//!
//! ```
//! use linode_core::{Input, Null};
//!
//! fn tags(value: impl Into<Input<Vec<String>>>) -> Input<Vec<String>> {
//!     value.into()
//! }
//!
//! assert_eq!(tags(["web", "blue"]), Input::Value(vec!["web".to_owned(), "blue".to_owned()]));
//! assert_eq!(tags(Null), Input::Null);
//! ```

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::value::{DateTime, Json, Map, Secret, Value};

/// JSON's `null`, where a value is taken: it clears a field, while leaving the setter out keeps it.
///
/// ```
/// use linode_core::{Input, Null};
///
/// assert_eq!(Input::<String>::from(Null), Input::Null);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Null;

/// A value or null.
///
/// ```
/// use linode_core::Input;
///
/// assert_eq!(Input::<String>::from("web"), Input::Value("web".to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input<T> {
    /// JSON's `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> Input<T> {
    /// The value, if it is one.
    ///
    /// ```
    /// assert_eq!(linode_core::Input::<i64>::from(3_u8).into_option(), Some(3));
    /// ```
    pub fn into_option(self) -> Option<T> {
        match self {
            Input::Null => None,
            Input::Value(value) => Some(value),
        }
    }
}

impl<T> From<Null> for Input<T> {
    fn from(_: Null) -> Self {
        Input::Null
    }
}

macro_rules! takes {
    ($($target:ty: $($source:ty),+;)+) => {
        $($(impl From<$source> for Input<$target> {
            fn from(value: $source) -> Self {
                Input::Value(value.into())
            }
        })+)+
    };
}

takes! {
    i64: i64, i32, i16, i8, u32, u16, u8;
    f64: f64, f32, i32;
    bool: bool;
    String: String, &str, &String, Cow<'_, str>;
    DateTime: DateTime;
    NaiveDate: NaiveDate;
    Secret: Secret, String, &str, &String;
    Json: Json;
}

/// A type that is an input as it is: records, enums, unions and request types.
///
/// One implementation of `From` serves them all; one for each would have the compiler compare every pair of them.
/// [`input_glue!`](crate::input_glue!) implements it.
///
/// ```
/// use linode_core::{Given, Input};
///
/// fn input<T: Given>(value: T) -> Input<T> {
///     value.into()
/// }
/// ```
pub trait Given {}

impl<T: Given> From<T> for Input<T> {
    fn from(value: T) -> Self {
        Input::Value(value)
    }
}

impl<T> From<Map<T>> for Input<Map<T>> {
    fn from(value: Map<T>) -> Self {
        Input::Value(value)
    }
}

impl<T: Value, I: Into<Input<T>>> From<Vec<I>> for Input<Vec<T>> {
    fn from(items: Vec<I>) -> Self {
        list(items.into_iter())
    }
}

impl<T: Value, I: Into<Input<T>>, const N: usize> From<[I; N]> for Input<Vec<T>> {
    fn from(items: [I; N]) -> Self {
        list(items.into_iter())
    }
}

impl<T: Value, I: Into<Input<T>> + Clone> From<&[I]> for Input<Vec<T>> {
    fn from(items: &[I]) -> Self {
        list(items.iter().cloned())
    }
}

impl<T: Value, I: Into<Input<T>> + Clone> From<&Vec<I>> for Input<Vec<T>> {
    fn from(items: &Vec<I>) -> Self {
        list(items.iter().cloned())
    }
}

impl<T: Value, I: Into<Input<T>> + Clone, const N: usize> From<&[I; N]> for Input<Vec<T>> {
    fn from(items: &[I; N]) -> Self {
        list(items.iter().cloned())
    }
}

/// Makes a list of inputs. No list of the API takes null among its items: an item that is [`Null`] is no item.
fn list<T: Value>(items: impl Iterator<Item = impl Into<Input<T>>>) -> Input<Vec<T>> {
    Input::Value(items.filter_map(|item| item.into().into_option()).collect())
}

/// Lets a setter take a value of a type.
///
/// [`record!`](crate::record!) and its siblings call it.
///
/// ```
/// use linode_core::{Input, input_glue};
///
/// #[derive(Debug, PartialEq)]
/// struct Hours(i64);
/// input_glue!(Hours);
///
/// assert_eq!(Input::from(Hours(3)), Input::Value(Hours(3)));
/// ```
#[macro_export]
macro_rules! input_glue {
    ($name:ty) => {
        impl $crate::Given for $name {}
    };
}
