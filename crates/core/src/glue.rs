//! The bridge from [`Value`] to serde: values that users store, print or feed elsewhere.
//!
//! Serialising writes a value as JSON and passes the tokens on in their order; deserialising goes through
//! the same [`Reader`](crate::Reader) as an answer, with its leniency and its messages.
//!
//! ```
//! let secret: linode_core::Secret = serde_json::from_str(r#""s3cret""#)?;
//! assert_eq!(serde_json::to_string(&secret)?, r#""s3cret""#);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::cell::RefCell;

use jiter::{Jiter, JiterError, Peek};
use serde_core::de::{Deserialize, Deserializer, Error as _};
use serde_core::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::reader::read;
use crate::value::{Json, Value};
use crate::writer::write;

/// Serialises a value; what [`serde_glue!`](crate::serde_glue!) calls.
///
/// ```
/// let json = linode_core::serialize(&Some(3_i64), serde_json::value::Serializer).unwrap();
/// assert_eq!(json, 3);
/// ```
pub fn serialize<S: Serializer>(value: &dyn Value, serializer: S) -> Result<S::Ok, S::Error> {
    let text = write(value);
    Tokens(RefCell::new(&mut Jiter::new(&text))).serialize(serializer)
}

/// Deserialises a value; what [`serde_glue!`](crate::serde_glue!) calls.
///
/// ```
/// let list: Vec<i64> = linode_core::deserialize(serde_json::json!([1, "2"])).unwrap();
/// assert_eq!(list, [1, 2]);
/// ```
pub fn deserialize<'de, T: Value, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Json::deserialize(deserializer)?;
    read(&write(&json)).map_err(D::Error::custom)
}

/// The JSON that comes next in a text of our own.
struct Tokens<'a, 'j>(RefCell<&'a mut Jiter<'j>>);

impl Serialize for Tokens<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut jiter = self.0.borrow_mut();
        let peek = jiter.peek().map_err(broken)?;
        match peek {
            Peek::Null => {
                jiter.known_null().map_err(broken)?;
                serializer.serialize_unit()
            }
            Peek::True | Peek::False => {
                serializer.serialize_bool(jiter.known_bool(peek).map_err(broken)?)
            }
            Peek::String => serializer.serialize_str(jiter.known_str().map_err(broken)?),
            Peek::Array => list(&mut jiter, serializer),
            Peek::Object => object(&mut jiter, serializer),
            _ => number(&mut jiter, peek, serializer),
        }
    }
}

fn list<S: Serializer>(jiter: &mut Jiter<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(None)?;
    let mut next = jiter.known_array().map_err(broken)?;
    while next.is_some() {
        list.serialize_element(&Tokens(RefCell::new(jiter)))?;
        next = jiter.array_step().map_err(broken)?;
    }
    list.end()
}

fn object<S: Serializer>(jiter: &mut Jiter<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    let mut next = jiter.known_object().map_err(broken)?.map(str::to_owned);
    while let Some(key) = next {
        object.serialize_entry(&key, &Tokens(RefCell::new(jiter)))?;
        next = jiter.next_key().map_err(broken)?.map(str::to_owned);
    }
    object.end()
}

fn number<S: Serializer>(
    jiter: &mut Jiter<'_>,
    peek: Peek,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let text = jiter.known_number_bytes(peek).map_err(broken)?;
    let text = str::from_utf8(text).map_err(S::Error::custom)?;
    if let Ok(integer) = text.parse() {
        return serializer.serialize_i64(integer);
    }
    // Only free-form JSON holds integers beyond `i64`, up to `u64`.
    match text.parse() {
        Ok(integer) => serializer.serialize_u64(integer),
        Err(_) => serializer.serialize_f64(text.parse().map_err(S::Error::custom)?),
    }
}

fn broken<E: Error>(error: JiterError) -> E {
    E::custom(error)
}

/// Gives a [`Value`](crate::Value) serde's `Serialize` and `Deserialize`.
///
/// [`record!`](crate::record!) and its siblings call it; by hand it serves a type that implements `Value` itself.
///
/// ```
/// use linode_core::{Fault, Reader, Value, Writer, serde_glue};
///
/// #[derive(Debug)]
/// struct Hours(i64);
///
/// impl Value for Hours {
///     fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
///         self.0.read(reader)
///     }
///     fn write(&self, writer: &mut Writer) {
///         self.0.write(writer);
///     }
///     fn blank(&self) -> bool {
///         self.0.blank()
///     }
///     fn empty() -> Self {
///         Hours(0)
///     }
/// }
/// serde_glue!(Hours);
///
/// assert_eq!(serde_json::to_string(&Hours(3)).unwrap(), "3");
/// ```
#[macro_export]
macro_rules! serde_glue {
    ($name:ty) => {
        impl $crate::__private::Serialize for $name {
            fn serialize<S: $crate::__private::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize(self, serializer)
            }
        }

        impl<'de> $crate::__private::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::deserialize(deserializer)
            }
        }
    };
}
