//! Filters: which items of a list are wanted, and in which order.
//!
//! Generated item types have a constant for each field that their list can be filtered by:
//!
//! ```
//! use linode_core::{Field, Filter};
//!
//! pub struct Linode;
//!
//! impl Linode {
//!     pub const LABEL: Field<Linode, String> = Field::new("label");
//!     pub const REGION: Field<Linode, String> = Field::new("region");
//! }
//!
//! let filter: Filter<Linode> = Linode::LABEL.contains("web") & Linode::REGION.eq("us-east");
//! assert_eq!(filter.to_string(), r#"{"label":{"+contains":"web"},"region":"us-east"}"#);
//! ```

mod node;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{BitAnd, BitOr};

use chrono::NaiveDate;

use crate::input::Input;
use crate::value::{DateTime, Json, Value};
use crate::writer::text_of;

use node::Node;
pub(crate) use node::header;

/// A field that a list can be filtered and ordered by: of the items `D`, compared with values of `T`.
///
/// ```
/// use linode_core::Field;
///
/// const SIZE: Field<(), i64> = Field::new("specs.size");
/// assert_eq!(SIZE.gt(20).to_string(), r#"{"specs.size":{"+gt":20}}"#);
/// ```
pub struct Field<D, T, O = Sorts> {
    name: &'static str,
    of: PhantomData<Of<D, T, O>>,
}

type Of<D, T, O> = fn() -> (D, T, O);

/// Says of a [`Field`] that lists are ordered by it as well: nearly every one.
///
/// ```
/// use linode_core::{Field, filter::Sorts};
///
/// let label: Field<(), String, Sorts> = Field::<(), String>::new("label");
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Sorts {}

/// Says of a [`Field`] that lists are filtered by it, and not ordered.
///
/// ```
/// use linode_core::{Field, Unordered};
///
/// const STATUS: Field<(), String, Unordered> = Field::new("status");
/// assert_eq!(STATUS.eq("available").to_string(), r#"{"status":"available"}"#);
/// ```
///
/// ```compile_fail
/// # use linode_core::{Field, Unordered};
/// # const STATUS: Field<(), String, Unordered> = Field::new("status");
/// STATUS.asc();
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Unordered {}

impl<D, T, O> Field<D, T, O> {
    /// A field by its name in JSON; dotted if it is nested.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.name(), "id");
    /// ```
    pub const fn new(name: &'static str) -> Self {
        Field {
            name,
            of: PhantomData,
        }
    }

    /// Its name in JSON.
    ///
    /// ```
    /// assert_eq!(linode_core::Field::<(), i64>::new("id").name(), "id");
    /// ```
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<D, T> Field<D, T> {
    /// The items in the order of the field, the least first.
    ///
    /// ```
    /// let order = linode_core::Field::<(), i64>::new("id").asc();
    /// assert_eq!(format!("{order:?}"), "id asc");
    /// ```
    pub fn asc(self) -> Order<D> {
        Order {
            field: self.name,
            direction: "asc",
            of: PhantomData,
        }
    }

    /// The items in the order of the field, the greatest first.
    ///
    /// ```
    /// let order = linode_core::Field::<(), i64>::new("id").desc();
    /// assert_eq!(format!("{order:?}"), "id desc");
    /// ```
    pub fn desc(self) -> Order<D> {
        Order {
            field: self.name,
            direction: "desc",
            of: PhantomData,
        }
    }
}

impl<D, T: Value, O> Field<D, T, O> {
    /// Items whose field is a value; or null.
    ///
    /// ```
    /// use linode_core::{Field, Null};
    ///
    /// const VLAN: Field<(), String> = Field::new("vlan");
    /// assert_eq!(VLAN.eq(Null).to_string(), r#"{"vlan":null}"#);
    /// ```
    pub fn eq(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(None, value)
    }

    /// Items whose field is not a value.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.ne(3).to_string(), r#"{"id":{"+neq":3}}"#);
    /// ```
    pub fn ne(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(Some("+neq"), value)
    }

    fn test(self, operator: Option<&'static str>, value: impl Into<Input<T>>) -> Filter<D> {
        let value = match value.into() {
            Input::Null => "null".to_owned(),
            Input::Value(value) => text_of(&value),
        };
        Filter::of(Node::Test {
            field: self.name,
            operator,
            value,
        })
    }
}

impl<D, O> Field<D, String, O> {
    /// Items whose field contains a text.
    ///
    /// ```
    /// const LABEL: linode_core::Field<(), String> = linode_core::Field::new("label");
    /// assert_eq!(LABEL.contains("web").to_string(), r#"{"label":{"+contains":"web"}}"#);
    /// ```
    pub fn contains(self, text: impl Into<Input<String>>) -> Filter<D> {
        self.test(Some("+contains"), text)
    }
}

/// A type that has an order: numbers and times.
///
/// ```
/// fn has_order<T: linode_core::Ordered>() {}
/// has_order::<i64>();
/// ```
pub trait Ordered: Value {}

impl Ordered for i64 {}
impl Ordered for f64 {}
impl Ordered for DateTime {}
impl Ordered for NaiveDate {}

impl<D, T: Ordered, O> Field<D, T, O> {
    /// Items whose field is greater than a value.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.gt(3).to_string(), r#"{"id":{"+gt":3}}"#);
    /// ```
    pub fn gt(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(Some("+gt"), value)
    }

    /// Items whose field is a value or greater.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.gte(3).to_string(), r#"{"id":{"+gte":3}}"#);
    /// ```
    pub fn gte(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(Some("+gte"), value)
    }

    /// Items whose field is less than a value.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.lt(3).to_string(), r#"{"id":{"+lt":3}}"#);
    /// ```
    pub fn lt(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(Some("+lt"), value)
    }

    /// Items whose field is a value or less.
    ///
    /// ```
    /// const ID: linode_core::Field<(), i64> = linode_core::Field::new("id");
    /// assert_eq!(ID.lte(3).to_string(), r#"{"id":{"+lte":3}}"#);
    /// ```
    pub fn lte(self, value: impl Into<Input<T>>) -> Filter<D> {
        self.test(Some("+lte"), value)
    }
}

impl<D, T, O> Clone for Field<D, T, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, T, O> Copy for Field<D, T, O> {}

impl<D, T, O> fmt::Debug for Field<D, T, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Which items of a list are wanted. Filters of one item type combine with `&` and `|`; they do not fit the
/// list of another:
///
/// ```compile_fail
/// use linode_core::Field;
///
/// struct Linode;
/// struct Volume;
/// let filter = Field::<Linode, i64>::new("id").eq(1) & Field::<Volume, i64>::new("id").eq(1);
/// ```
///
/// ```
/// use linode_core::Field;
///
/// const ID: Field<(), i64> = Field::new("id");
/// let filter = ID.eq(1) | ID.gt(5) & ID.lt(9);
/// assert_eq!(filter.to_string(), r#"{"+or":[{"id":1},{"+and":[{"id":{"+gt":5}},{"id":{"+lt":9}}]}]}"#);
/// ```
pub struct Filter<D> {
    pub(crate) node: Node,
    of: PhantomData<fn() -> D>,
}

impl<D> Filter<D> {
    fn of(node: Node) -> Self {
        Filter {
            node,
            of: PhantomData,
        }
    }

    /// A filter in the words of the API, for what the document does not know. It is an object.
    ///
    /// ```
    /// use linode_core::Filter;
    ///
    /// let filter: Filter<()> = Filter::raw(serde_json::json!({"mood": {"+neq": "bad"}}));
    /// assert_eq!(filter.to_string(), r#"{"mood":{"+neq":"bad"}}"#);
    /// ```
    pub fn raw(filter: impl Into<Json>) -> Self {
        Filter::of(Node::Raw(filter.into()))
    }
}

impl<D> BitAnd for Filter<D> {
    type Output = Filter<D>;

    fn bitand(self, other: Self) -> Self {
        Filter::of(self.node.and(other.node))
    }
}

impl<D> BitOr for Filter<D> {
    type Output = Filter<D>;

    fn bitor(self, other: Self) -> Self {
        Filter::of(self.node.or(other.node))
    }
}

impl<D> Clone for Filter<D> {
    fn clone(&self) -> Self {
        Filter::of(self.node.clone())
    }
}

impl<D> PartialEq for Filter<D> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// The filter as it is sent.
impl<D> fmt::Display for Filter<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.node.to_string())
    }
}

impl<D> fmt::Debug for Filter<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The order in which a list is wanted, made by [`Field::asc`] and [`Field::desc`].
///
/// ```
/// use linode_core::{Field, Order};
///
/// let newest: Order<()> = Field::<(), i64>::new("id").desc();
/// assert_eq!(format!("{newest:?}"), "id desc");
/// ```
pub struct Order<D> {
    pub(crate) field: &'static str,
    pub(crate) direction: &'static str,
    of: PhantomData<fn() -> D>,
}

impl<D> Clone for Order<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Order<D> {}

impl<D> fmt::Debug for Order<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.direction)
    }
}
