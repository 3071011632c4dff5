//! Records: structs that are read and written through their tables.
//!
//! [`record!`](crate::record!) turns a struct and the list of its fields into everything that JSON needs: the
//! generated code is that list, and the code that walks it is here, once.
//!
//! ```
//! use linode_core::{read, record, text_of};
//!
//! #[derive(Clone, PartialEq)]
//! pub struct Disk {
//!     pub id: i64,
//!     pub label: Option<String>,
//!     pub kind: Option<String>,
//! }
//! record!(Disk { id, label, kind = "type" });
//!
//! let disk: Disk = read(br#"{"type": "ext4", "id": 7, "novelty": [1]}"#)?;
//! assert_eq!(disk.kind.as_deref(), Some("ext4"));
//! assert_eq!(text_of(&disk), r#"{"id":7,"type":"ext4"}"#);
//!
//! let fault = read::<Vec<Disk>>(br#"[{"label": "web"}]"#).unwrap_err();
//! assert_eq!(fault.to_string(), "$[0].id: missing field `id` (at byte 1)");
//! # Ok::<(), linode_core::Fault>(())
//! ```

use std::fmt;

use crate::gaps::Gaps;
use crate::sent::Sent;
use crate::value::Value;

/// The table of a record: its name and its fields.
///
/// ```
/// let shape = linode_core::Shape::new("Disk", &["id", "label"]);
/// assert_eq!(shape.fields.len(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The names of the fields on the wire, in the order of the slots.
    pub fields: &'static [&'static str],
    /// The fields that a request has to set.
    pub required: &'static [&'static str],
    /// The unions whose branch a field beside them tells: `(union, teller)`.
    pub unions: &'static [(usize, usize)],
}

impl Shape {
    /// A shape without required fields and without unions.
    ///
    /// ```
    /// assert!(linode_core::Shape::new("Nothing", &[]).fields.is_empty());
    /// ```
    pub const fn new(name: &'static str, fields: &'static [&'static str]) -> Self {
        Shape {
            name,
            fields,
            required: &[],
            unions: &[],
        }
    }

    /// The index of a field. Fields mostly come in the order of the document: `next` is tried first.
    pub(crate) fn find(&self, name: &str, next: usize) -> Option<usize> {
        if self.fields.get(next).is_some_and(|field| *field == name) {
            return Some(next);
        }
        self.fields.iter().position(|field| *field == name)
    }

    /// The index of the field that tells the branch of a union.
    pub(crate) fn tag_of(&self, union: usize) -> Option<usize> {
        self.unions
            .iter()
            .find(|pair| pair.0 == union)
            .map(|pair| pair.1)
    }

    /// The record in words: `a Disk`, `an Image`.
    pub(crate) fn described(&self) -> String {
        let article = if self.name.starts_with(['A', 'E', 'I', 'O', 'U']) {
            "an"
        } else {
            "a"
        };
        format!("{article} {}", self.name)
    }
}

/// A struct with a table of fields. [`record!`](crate::record!) implements it.
///
/// ```
/// use linode_core::{Page, Record};
///
/// assert_eq!(Page::<i64>::default().shape().name, "Page");
/// ```
pub trait Record: fmt::Debug {
    /// The table.
    fn shape(&self) -> &'static Shape;

    /// Calls `see` with the fields, in the order of the table.
    fn each(&self, see: &mut dyn FnMut(&[&dyn Value]));

    /// Calls `see` with the fields, in the order of the table.
    fn each_mut(&mut self, see: &mut dyn FnMut(&mut [&mut dyn Value]));

    /// What the record knows about its fields being set.
    fn sent(&self) -> Option<&Sent> {
        None
    }

    /// What the record knows about its fields being set.
    fn sent_mut(&mut self) -> Option<&mut Sent> {
        None
    }
}

/// Whether a record holds what it was made with, and nothing was set.
///
/// ```
/// assert!(!linode_core::is_blank(&linode_core::Page::<i64>::default()));
/// ```
pub fn is_blank(record: &dyn Record) -> bool {
    let mut blank = record.sent().is_none_or(Sent::is_empty);
    record.each(&mut |slots| blank = blank && slots.iter().all(|slot| slot.blank()));
    blank
}

/// Notes the required fields of a record that were not set, and those below it.
///
/// ```
/// use linode_core::{Gaps, Page, note_missing};
///
/// let mut gaps = Gaps::default();
/// note_missing(&Page::<i64>::default(), &mut gaps);
/// assert!(gaps.into_paths().is_empty());
/// ```
pub fn note_missing(record: &dyn Record, gaps: &mut Gaps) {
    let shape = record.shape();
    record.each(&mut |slots| {
        for (index, (name, slot)) in shape.fields.iter().zip(slots).enumerate() {
            let set = record.sent().is_none_or(|sent| sent.is_set(index)) || !slot.blank();
            match set || !shape.required.contains(name) {
                true => gaps.field(name, *slot),
                false => gaps.note(name),
            }
        }
    });
}

/// Prints a record as a derived `Debug` does, with the names of the wire.
///
/// ```
/// let page = linode_core::Page::<i64>::default();
/// assert_eq!(format!("{page:?}"), "Page { data: [], page: 1, pages: 1, results: 0 }");
/// ```
pub fn fmt_record(record: &dyn Record, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shape = record.shape();
    let mut printed = f.debug_struct(shape.name);
    record.each(&mut |slots| {
        for (name, slot) in shape.fields.iter().zip(slots) {
            printed.field(name, slot);
        }
    });
    if let Some(extra) = record.sent().and_then(Sent::extra) {
        printed.field("with", extra);
    }
    printed.finish()
}

/// The place of a field among the fields of a record; an error of the compiler if it is not there.
#[doc(hidden)]
pub const fn place(fields: &[&str], field: &str) -> usize {
    let mut index = 0;
    while index < fields.len() {
        if same(fields[index].as_bytes(), field.as_bytes()) {
            return index;
        }
        index += 1;
    }
    panic!("the record has no such field")
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut index = 0;
    while index < a.len() && index < b.len() && a[index] == b[index] {
        index += 1;
    }
    index == a.len() && index == b.len()
}

/// Makes a struct a record: `Value`, `Default`, `Debug`, serde's traits, and `Into<Input<_>>`.
///
/// The fields are listed by name, with the name on the wire where it is another. Two clauses may follow:
///
/// - `sends`: the record also goes out in requests. The struct has one more field, `sent: Sent`, and gets
///   `new()` and `with(name, value)` for fields that the document lacks; `requires [..]` names the fields that a request has to set.
/// - `with data by kind`: the field `data` is a [`union!`](crate::union!) whose branch the field `kind` tells.
///
/// ```
/// use linode_core::{Gaps, Input, Sent, Value, record};
///
/// #[derive(Clone, PartialEq)]
/// pub struct Interface {
///     pub purpose: String,
///     pub label: Option<String>,
///     sent: Sent,
/// }
/// record!(Interface sends { purpose, label } requires ["purpose"]);
///
/// impl Interface {
///     pub fn purpose(mut self, value: impl Into<Input<String>>) -> Self {
///         self.sent.put(0, &mut self.purpose, value);
///         self
///     }
/// }
///
/// let mut gaps = Gaps::default();
/// vec![Interface::new().purpose("public"), Interface::new()].missing(&mut gaps);
/// assert_eq!(gaps.into_paths(), ["[1].purpose"]);
/// ```
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident $(= $wire:literal)?),* $(,)? } $(with $($union:ident by $teller:ident),+ $(,)?)?) => {
        $crate::record!(@record $name [] [$($field $(= $wire)?),*] [] [$($($union by $teller),+)?] {});
    };
    (
        $name:ident sends { $($field:ident $(= $wire:literal)?),* $(,)? }
        $(requires [$($required:literal),* $(,)?])?
        $(with $($union:ident by $teller:ident),+ $(,)?)?
    ) => {
        $crate::record!(@record $name [sent] [$($field $(= $wire)?),*] [$($($required),*)?] [$($($union by $teller),+)?] {
            fn sent(&self) -> ::core::option::Option<&$crate::Sent> {
                ::core::option::Option::Some(&self.sent)
            }

            fn sent_mut(&mut self) -> ::core::option::Option<&mut $crate::Sent> {
                ::core::option::Option::Some(&mut self.sent)
            }
        });

        impl $name {
            /// A value in which nothing is set.
            pub fn new() -> Self {
                <Self as $crate::Value>::empty()
            }

            /// Sets a field that this version does not know.
            pub fn with(
                mut self,
                name: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::Json>,
            ) -> Self {
                self.sent.with(name.into(), value.into());
                self
            }
        }
    };
    (
        @record $name:ident [$($sent:ident)?] [$($field:ident $(= $wire:literal)?),*] [$($required:literal),*]
        [$($union:ident by $teller:ident),*] { $($more:tt)* }
    ) => {
        impl $crate::Record for $name {
            fn shape(&self) -> &'static $crate::Shape {
                const FIELDS: &[&str] = &[$(::core::stringify!($field)),*];
                static SHAPE: $crate::Shape = $crate::Shape {
                    name: ::core::stringify!($name),
                    fields: &[$($crate::record!(@wire $field $(= $wire)?)),*],
                    required: &[$($required),*],
                    unions: &[$((
                        const { $crate::__private::place(FIELDS, ::core::stringify!($union)) },
                        const { $crate::__private::place(FIELDS, ::core::stringify!($teller)) },
                    )),*],
                };
                let _ = FIELDS;
                &SHAPE
            }

            fn each(&self, see: &mut dyn ::core::ops::FnMut(&[&dyn $crate::Value])) {
                see(&[$(&self.$field),*]);
            }

            fn each_mut(&mut self, see: &mut dyn ::core::ops::FnMut(&mut [&mut dyn $crate::Value])) {
                see(&mut [$(&mut self.$field),*]);
            }

            $($more)*
        }

        impl $crate::Value for $name {
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                reader.record(self)
            }

            fn write(&self, writer: &mut $crate::Writer) {
                writer.record(self);
            }

            fn blank(&self) -> bool {
                $crate::is_blank(self)
            }

            fn clear(&mut self) {
                *self = <Self as $crate::Value>::empty();
            }

            fn missing(&self, gaps: &mut $crate::Gaps) {
                $crate::note_missing(self, gaps);
            }

            fn empty() -> Self {
                Self {
                    $($field: $crate::Value::empty(),)*
                    $($sent: ::core::default::Default::default(),)?
                }
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                <Self as $crate::Value>::empty()
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::fmt_record(self, f)
            }
        }

        $crate::input_glue!($name);
        $crate::serde_glue!($name);
    };
    (@wire $field:ident) => {
        ::core::stringify!($field)
    };
    (@wire $field:ident = $wire:literal) => {
        $wire
    };
}
