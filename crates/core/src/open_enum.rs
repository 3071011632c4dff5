//! Open enums: the values that the document lists, and whatever else the API sends.
//!
//! ```
//! use linode_core::{open_enum, read, text_of};
//!
//! #[derive(Clone, Debug, PartialEq, Eq, Hash)]
//! #[non_exhaustive]
//! pub enum Status {
//!     /// It runs.
//!     Running,
//!     /// It is on its way down.
//!     ShuttingDown,
//!     /// A value that this version does not know.
//!     Unknown(String),
//! }
//! open_enum!(Status { Running = "running", ShuttingDown = "shutting_down" });
//!
//! assert_eq!(read(br#""running""#), Ok(Status::Running));
//! assert_eq!(Status::from("melting"), Status::Unknown("melting".to_owned()));
//! assert_eq!(text_of(&Status::from("melting")), r#""melting""#);
//! assert!(Status::ShuttingDown == "shutting_down");
//! ```

use crate::input::Input;

/// An open enum of strings: a setter for one takes its text as well. [`open_enum!`](crate::open_enum!)
/// implements it.
///
/// ```
/// # #[derive(Clone, Debug, PartialEq)]
/// # pub enum Status { Running, Unknown(String) }
/// # linode_core::open_enum!(Status { Running = "running" });
/// use linode_core::Input;
///
/// assert_eq!(Input::<Status>::from("running"), Input::Value(Status::Running));
/// ```
pub trait OpenText: for<'a> From<&'a str> {}

impl<T: OpenText> From<&str> for Input<T> {
    fn from(text: &str) -> Self {
        Input::Value(text.into())
    }
}

/// An open enum of integers: a setter for one takes its number as well.
/// [`open_int_enum!`](crate::open_int_enum!) implements it.
///
/// ```
/// # #[derive(Clone, Debug, PartialEq)]
/// # pub enum Prefix { N64, Unknown(i64) }
/// # linode_core::open_int_enum!(Prefix { N64 = 64 });
/// use linode_core::Input;
///
/// assert_eq!(Input::<Prefix>::from(64), Input::Value(Prefix::N64));
/// ```
pub trait OpenInteger: From<i64> {}

impl<T: OpenInteger> From<i64> for Input<T> {
    fn from(number: i64) -> Self {
        Input::Value(number.into())
    }
}

/// Makes an enum an open enum of strings.
///
/// The last variant holds what is not listed; it is called `Unknown`, or as `else` says. The enum gets
/// `as_str()`, `VALUES`, `Display`, `From<&str>`, `From<String>`, `FromStr`, comparison with strings, `Value`,
/// serde's traits and `Into<Input<_>>`.
///
/// ```
/// use linode_core::open_enum;
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// pub enum Health {
///     Up,
///     Unknown,
///     Other(String),
/// }
/// open_enum!(Health { Up = "UP", Unknown = "unknown" } else Other);
///
/// assert_eq!("DOWN".parse(), Ok(Health::Other("DOWN".to_owned())));
/// assert_eq!(linode_core::read(br#""Unknown""#), Ok(Health::Unknown)); // what differs by its case alone is no other value
/// assert_eq!(Health::VALUES, ["UP", "unknown"]);
/// assert_eq!(Health::Up.to_string(), "UP");
/// ```
#[macro_export]
macro_rules! open_enum {
    ($name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $crate::open_enum!($name { $($variant = $text),* } else Unknown);
    };
    ($name:ident { $($variant:ident = $text:literal),* $(,)? } else $other:ident) => {
        impl $name {
            /// The values that the document lists.
            pub const VALUES: &'static [&'static str] = &[$($text),*];

            /// The value as it stands in JSON.
            #[inline(never)]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::$other(text) => text,
                }
            }

            #[inline(never)]
            fn listed(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($text => ::core::option::Option::Some(Self::$variant),)*
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::listed(text).unwrap_or_else(|| Self::$other(text.into()))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::listed(&text).unwrap_or(Self::$other(text))
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::cmp::PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl ::core::cmp::PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl $crate::Value for $name {
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                let text = reader.text()?;
                if let ::core::option::Option::Some(listed) = Self::listed(&text) {
                    *self = listed;
                    return ::core::result::Result::Ok(());
                }
                let text = text.into_owned();
                *self = match reader.respelt(&text, Self::VALUES)? {
                    ::core::option::Option::Some(listed) => listed.into(),
                    ::core::option::Option::None => Self::$other(text),
                };
                ::core::result::Result::Ok(())
            }

            fn write(&self, writer: &mut $crate::Writer) {
                writer.text(self.as_str());
            }

            fn blank(&self) -> bool {
                self.as_str().is_empty()
            }

            fn tag(&self) -> ::core::option::Option<&str> {
                ::core::option::Option::Some(self.as_str())
            }

            fn empty() -> Self {
                Self::$other(::std::string::String::new())
            }
        }

        impl $crate::OpenText for $name {}

        $crate::input_glue!($name);
        $crate::serde_glue!($name);
    };
}

/// Makes an enum an open enum of integers.
///
/// The last variant holds what is not listed; it is called `Unknown`, or as `else` says. The enum gets
/// `get()`, `VALUES`, `Display`, `From<i64>`, comparison with integers, `Value`, serde's traits and
/// `Into<Input<_>>`.
///
/// ```
/// use linode_core::{open_int_enum, read};
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum PrefixLength {
///     N56,
///     N64,
///     Unknown(i64),
/// }
/// open_int_enum!(PrefixLength { N56 = 56, N64 = 64 });
///
/// assert_eq!(read(b"56"), Ok(PrefixLength::N56));
/// assert_eq!(PrefixLength::from(48), PrefixLength::Unknown(48));
/// assert_eq!(PrefixLength::N64.get(), 64);
/// ```
#[macro_export]
macro_rules! open_int_enum {
    ($name:ident { $($variant:ident = $number:literal),* $(,)? }) => {
        $crate::open_int_enum!($name { $($variant = $number),* } else Unknown);
    };
    ($name:ident { $($variant:ident = $number:literal),* $(,)? } else $other:ident) => {
        impl $name {
            /// The values that the document lists.
            pub const VALUES: &'static [i64] = &[$($number),*];

            /// The value as it stands in JSON.
            pub fn get(&self) -> i64 {
                match self {
                    $(Self::$variant => $number,)*
                    Self::$other(number) => *number,
                }
            }
        }

        impl ::core::convert::From<i64> for $name {
            fn from(number: i64) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    _ => Self::$other(number),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.get(), f)
            }
        }

        impl ::core::cmp::PartialEq<i64> for $name {
            fn eq(&self, other: &i64) -> bool {
                self.get() == *other
            }
        }

        impl $crate::Value for $name {
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                *self = reader.integer()?.into();
                ::core::result::Result::Ok(())
            }

            fn write(&self, writer: &mut $crate::Writer) {
                writer.integer(self.get());
            }

            fn blank(&self) -> bool {
                self.get() == 0
            }

            fn empty() -> Self {
                0.into()
            }
        }

        impl $crate::OpenInteger for $name {}

        $crate::input_glue!($name);
        $crate::serde_glue!($name);
    };
}
