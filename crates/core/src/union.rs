//! Unions: values of one of several types, and the tag that tells which.
//!
//! The branch is chosen by the tag, never by trying one branch after the other: two branches may well have
//! the same shape. A tag that is unknown or missing keeps the JSON as it is.
//!
//! ```
//! use linode_core::{Json, read, record, text_of, union};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct CreditCard {
//!     pub last_four: Option<String>,
//! }
//! record!(CreditCard { last_four });
//!
//! #[derive(Clone, Debug, PartialEq)]
//! #[non_exhaustive]
//! pub enum MethodData {
//!     CreditCard(CreditCard),
//!     Unknown(Json),
//! }
//! union!(MethodData { CreditCard = "credit_card" } by parent);
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Method {
//!     pub data: MethodData,
//!     pub r#type: String,
//! }
//! record!(Method { data, r#type = "type" } with data by r#type);
//!
//! let method: Method = read(br#"{"data": {"last_four": "1111"}, "type": "credit_card"}"#)?;
//! assert!(matches!(method.data, MethodData::CreditCard(card) if card.last_four.as_deref() == Some("1111")));
//!
//! let method: Method = read(br#"{"data": {"shells": 7}, "type": "barter"}"#)?;
//! assert_eq!(text_of(&method.data), r#"{"shells":7}"#);
//! # Ok::<(), linode_core::Fault>(())
//! ```

/// Whether two tags are the same: case and separators aside, so that `Google Pay` is `google_pay`.
///
/// ```
/// assert!(linode_core::same_tag("googlePay", "Google Pay"));
/// assert!(!linode_core::same_tag("google", "google_pay"));
/// ```
pub fn same_tag(a: &str, b: &str) -> bool {
    a == b || letters(a).eq(letters(b))
}

fn letters(tag: &str) -> impl Iterator<Item = char> + '_ {
    tag.chars()
        .filter(|letter| letter.is_alphanumeric())
        .map(|letter| letter.to_ascii_lowercase())
}

/// Makes an enum a union.
///
/// Each variant holds the value of its branch; the last one, `Unknown` (or as `else` says), free-form JSON.
/// What tells the branch comes after `by`:
///
/// - `by parent`: a field of the record around it, named there: `record!(… with data by kind)`;
/// - `by "type"`: that key of the object itself;
/// - `by kind`: the kind of JSON: `object`, `array`, `string`, `number`, `boolean`.
///
/// ```
/// use linode_core::{Json, read, union};
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Value {
///     Text(String),
///     Texts(Vec<String>),
///     Unknown(Json),
/// }
/// union!(Value { Text = "string", Texts = "array" } by kind);
///
/// assert_eq!(read(br#""a""#), Ok(Value::Text("a".to_owned())));
/// assert_eq!(read(br#"["a"]"#), Ok(Value::Texts(vec!["a".to_owned()])));
/// assert_eq!(read(b"1"), Ok(Value::Unknown(1.into())));
/// ```
#[macro_export]
macro_rules! union {
    ($name:ident { $($arms:tt)* } by $by:tt) => {
        $crate::union!($name { $($arms)* } by $by else Unknown);
    };
    ($name:ident { $($arms:tt)* } by parent else $other:ident) => {
        $crate::union!(@union $name { $($arms)* } $other, reader, ::core::option::Option::None::<&str>);
    };
    ($name:ident { $($arms:tt)* } by kind else $other:ident) => {
        $crate::union!(@union $name { $($arms)* } $other, reader, ::core::option::Option::Some(reader.next_kind()?));
    };
    ($name:ident { $($arms:tt)* } by $key:literal else $other:ident) => {
        $crate::union!(@union $name { $($arms)* } $other, reader, reader.look_up($key)?);
    };
    (
        @union $name:ident { $($arm:ident = $($tag:literal)|+),* $(,)? }
        $other:ident, $reader:ident, $told:expr
    ) => {
        impl $name {
            fn branch(tag: &str) -> ::core::option::Option<Self> {
                $(if $($crate::same_tag(tag, $tag))||+ {
                    return ::core::option::Option::Some(Self::$arm($crate::Value::empty()));
                })*
                let _ = tag;
                ::core::option::Option::None
            }

            fn inner(&self) -> &dyn $crate::Value {
                match self {
                    $(Self::$arm(inner) => inner,)*
                    Self::$other(inner) => inner,
                }
            }

            fn inner_mut(&mut self) -> &mut dyn $crate::Value {
                match self {
                    $(Self::$arm(inner) => inner,)*
                    Self::$other(inner) => inner,
                }
            }
        }

        impl $crate::Value for $name {
            fn read(&mut self, $reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                let tag = $told;
                self.read_as(tag.as_deref(), $reader)
            }

            fn read_as(
                &mut self,
                tag: ::core::option::Option<&str>,
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::Fault> {
                *self = tag.and_then(Self::branch).unwrap_or_else($crate::Value::empty);
                self.inner_mut().read(reader)
            }

            fn write(&self, writer: &mut $crate::Writer) {
                self.inner().write(writer);
            }

            fn blank(&self) -> bool {
                ::core::matches!(self, Self::$other(inner) if $crate::Value::blank(inner))
            }

            fn missing(&self, gaps: &mut $crate::Gaps) {
                self.inner().missing(gaps);
            }

            fn empty() -> Self {
                Self::$other($crate::Json::Null)
            }
        }

        $crate::input_glue!($name);
        $crate::serde_glue!($name);
    };
}
