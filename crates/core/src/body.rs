//! [`Body`]: the fields of a request, in the order in which they were set.
//!
//! A request type is a newtype over it. Its setters are all that is generated:
//!
//! ```
//! use linode_core::{Body, Input, Null, body, text_of};
//!
//! #[derive(Clone, Default, PartialEq)]
//! pub struct UpdateImage(Body);
//! body!(UpdateImage);
//!
//! impl UpdateImage {
//!     pub fn description(self, value: impl Into<Input<String>>) -> Self {
//!         self.set("description", value)
//!     }
//! }
//!
//! assert_eq!(text_of(&UpdateImage::new()), "{}");
//! assert_eq!(text_of(&UpdateImage::new().description(Null)), r#"{"description":null}"#);
//! assert_eq!(text_of(&UpdateImage::new().description("a").with("beta", true)), r#"{"description":"a","beta":true}"#);
//! ```

use std::borrow::Cow;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use crate::fault::Fault;
use crate::gaps::Gaps;
use crate::input::Input;
use crate::reader::Reader;
use crate::value::{Json, Value};
use crate::writer::{Writer, masked, write};

/// A JSON object that is put together field by field.
///
/// ```
/// use linode_core::{Body, Input, text_of};
///
/// let mut body = Body::default();
/// body.set::<String>("label", "web".into());
/// body.set("size", Input::<i64>::Null);
/// body.set::<String>("label", "db".into());
/// assert_eq!(text_of(&body), r#"{"label":"db","size":null}"#);
/// ```
#[derive(Clone, Default)]
pub struct Body(Vec<(Cow<'static, str>, Arc<dyn Value>)>);

// Values are plain data, and no panic leaves one half changed. Said here, since a record that gains a field with a body in it would
// lose both otherwise: an addition to the API must break no one.
impl UnwindSafe for Body {}
impl RefUnwindSafe for Body {}

impl Body {
    /// Sets a field. Setting it again replaces its value and keeps its place.
    ///
    /// ```
    /// let mut body = linode_core::Body::default();
    /// body.set("size", linode_core::Input::Value(3_i64));
    /// assert!(body.has("size"));
    /// ```
    pub fn set<T: Value>(&mut self, name: &'static str, value: Input<T>) {
        self.put(
            name.into(),
            match value {
                Input::Null => Arc::new(Json::Null),
                Input::Value(value) => Arc::new(value),
            },
        );
    }

    /// Sets a field that the document lacks.
    ///
    /// ```
    /// let mut body = linode_core::Body::default();
    /// body.with("beta".to_owned(), true.into());
    /// assert_eq!(linode_core::text_of(&body), r#"{"beta":true}"#);
    /// ```
    pub fn with(&mut self, name: String, value: Json) {
        self.put(name.into(), Arc::new(value));
    }

    /// Whether a field was set.
    ///
    /// ```
    /// assert!(!linode_core::Body::default().has("size"));
    /// ```
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Whether nothing was set.
    ///
    /// ```
    /// assert!(linode_core::Body::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes those of the required fields that were not set, and the gaps in the fields that were.
    ///
    /// ```
    /// let mut gaps = linode_core::Gaps::default();
    /// linode_core::Body::default().note_missing(&["region"], &mut gaps);
    /// assert_eq!(gaps.into_paths(), ["region"]);
    /// ```
    pub fn note_missing(&self, required: &[&'static str], gaps: &mut Gaps) {
        for name in required.iter().filter(|name| !self.has(name)) {
            gaps.note(name);
        }
        for (name, value) in &self.0 {
            gaps.field(name, &**value);
        }
    }

    /// Prints the fields under the name of a request type.
    ///
    /// ```
    /// struct Shown(linode_core::Body);
    /// impl std::fmt::Debug for Shown {
    ///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    ///         self.0.fmt_as("Shown", f)
    ///     }
    /// }
    /// assert_eq!(format!("{:?}", Shown(Default::default())), "Shown");
    /// ```
    pub fn fmt_as(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut printed = f.debug_struct(name);
        for (name, value) in &self.0 {
            // What the document does not describe may be a secret as well as what it calls one.
            printed.field(name, &format_args!("{}", masked(&**value)));
        }
        printed.finish()
    }

    /// Reads an object: the fields that are described into values of their types, all others, and nulls, as they are.
    ///
    /// ```
    /// use linode_core::{Body, Described, Reader};
    ///
    /// static FIELDS: &[Described] = &[Described::new::<i64>("size")];
    /// let mut body = Body::default();
    /// let mut reader = Reader::request(br#"{"size": "large"}"#);
    /// assert_eq!(body.read_described(FIELDS, &mut reader).unwrap_err().path(), "$.size");
    /// ```
    pub fn read_described(
        &mut self,
        fields: &'static [Described],
        reader: &mut Reader<'_>,
    ) -> Result<(), Fault> {
        self.0.clear();
        reader.map(&mut |reader| {
            let described = fields.iter().find(|field| field.name == reader.map_key());
            let Some(described) = described else {
                if !fields.is_empty() {
                    reader.note_unknown();
                }
                let value = reader.json()?;
                self.with(reader.map_key().to_owned(), value);
                return Ok(());
            };
            let value = match reader.null()? {
                true => Arc::new(Json::Null),
                false => (described.read)(reader)?,
            };
            self.put(described.name.into(), value);
            Ok(())
        })
    }

    /// Appends the fields to an object that was begun.
    pub(crate) fn write_fields(&self, writer: &mut Writer) {
        for (name, value) in &self.0 {
            writer.key(name);
            value.write(writer);
        }
    }

    /// The fields, in the order in which they were set.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &dyn Value)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Sets all the fields of another body.
    pub(crate) fn extend(&mut self, other: &Body) {
        for (name, value) in &other.0 {
            self.put(name.clone(), Arc::clone(value));
        }
    }

    fn put(&mut self, name: Cow<'static, str>, value: Arc<dyn Value>) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(field) => field.1 = value,
            None => self.0.push((name, value)),
        }
    }
}

/// A field of a request type: its name, and how its value is read.
///
/// ```
/// assert_eq!(linode_core::Described::new::<bool>("booted").name, "booted");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Described {
    /// The name on the wire.
    pub name: &'static str,
    read: fn(&mut Reader<'_>) -> Result<Arc<dyn Value>, Fault>,
}

impl Described {
    /// A field that holds values of a type.
    ///
    /// ```
    /// assert_eq!(linode_core::Described::new::<Vec<String>>("tags").name, "tags");
    /// ```
    pub const fn new<T: Value>(name: &'static str) -> Self {
        Described {
            name,
            read: |reader| {
                let mut value = T::empty();
                value.read(reader)?;
                Ok(Arc::new(value))
            },
        }
    }
}

/// Two bodies are equal if they have the same fields and write the same.
impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        write(self) == write(other)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_as("Body", f)
    }
}

impl Value for Body {
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
        self.read_described(&[], reader)
    }

    fn write(&self, writer: &mut Writer) {
        writer.begin_object();
        self.write_fields(writer);
        writer.end_object();
    }

    fn blank(&self) -> bool {
        self.is_empty()
    }

    fn missing(&self, gaps: &mut Gaps) {
        self.note_missing(&[], gaps);
    }

    fn empty() -> Self {
        Body::default()
    }
}

/// Makes a newtype over [`Body`] a request type.
///
/// It gets `new()`, `with(name, value)` for fields that the document lacks, a private `set(name, value)` for
/// its setters, `Debug` (secrets masked), `Value`, serde's traits and `Into<Input<_>>`. The fields in braces, with
/// their types, are what it is read into; those after `requires` have to be set before it is sent.
///
/// ```
/// use linode_core::{Body, Gaps, Input, Secret, Value, body};
///
/// #[derive(Clone, Default, PartialEq)]
/// pub struct CreateInstance(Body);
/// body!(CreateInstance { region: String, kind = "type": String, root_pass: Secret } requires ["region", "type"]);
///
/// impl CreateInstance {
///     pub fn region(self, value: impl Into<Input<String>>) -> Self {
///         self.set("region", value)
///     }
///     pub fn root_pass(self, value: impl Into<Input<Secret>>) -> Self {
///         self.set("root_pass", value)
///     }
/// }
///
/// let create = CreateInstance::new().region("us-east").root_pass("s3cret");
/// assert_eq!(format!("{create:?}"), r#"CreateInstance { region: "us-east", root_pass: "[redacted]" }"#);
///
/// let mut gaps = Gaps::default();
/// create.missing(&mut gaps);
/// assert_eq!(gaps.into_paths(), ["type"]);
///
/// let fault = linode_core::read::<CreateInstance>(br#"{"region": {}}"#).unwrap_err();
/// assert_eq!(fault.to_string(), "$.region: expected a string, found an object (at byte 11)");
/// ```
#[macro_export]
macro_rules! body {
    (
        $name:ident $({ $($field:ident $(= $wire:literal)?: $type:ty),* $(,)? })?
        $(requires [$($required:literal),* $(,)?])?
    ) => {
        impl $name {
            /// A request in which nothing is set.
            pub fn new() -> Self {
                <Self as ::core::default::Default>::default()
            }

            /// Sets a field that this version does not know.
            pub fn with(
                mut self,
                name: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::Json>,
            ) -> Self {
                self.0.with(name.into(), value.into());
                self
            }

            #[allow(dead_code, reason = "a request type may have no setters")]
            fn set<T: $crate::Value>(
                mut self,
                name: &'static str,
                value: impl ::core::convert::Into<$crate::Input<T>>,
            ) -> Self {
                self.0.set(name, value.into());
                self
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                self.0.fmt_as(::core::stringify!($name), f)
            }
        }

        impl $crate::Value for $name {
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                const FIELDS: &[$crate::Described] =
                    &[$($($crate::Described::new::<$type>($crate::record!(@wire $field $(= $wire)?))),*)?];
                self.0.read_described(FIELDS, reader)
            }

            fn write(&self, writer: &mut $crate::Writer) {
                $crate::Value::write(&self.0, writer);
            }

            fn blank(&self) -> bool {
                self.0.is_empty()
            }

            fn missing(&self, gaps: &mut $crate::Gaps) {
                self.0.note_missing(&[$($($required),*)?], gaps);
            }

            fn empty() -> Self {
                Self::new()
            }
        }

        $crate::input_glue!($name);
        $crate::serde_glue!($name);
    };
}
