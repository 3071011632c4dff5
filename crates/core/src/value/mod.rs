//! [`Value`]: what can stand in a slot of a record, and be read from and written to JSON there.
//!
//! The trait is object-safe on purpose. A record hands its fields to the one [`Reader`] and the one
//! [`Writer`] of this crate as `dyn Value` slots, so that a thousand generated records add tables and
//! no code of their own.
//!
//! ```
//! use linode_core::{DateTime, read, text_of};
//!
//! let list: Vec<Option<i64>> = read(b"[1, null, 3]")?;
//! assert_eq!(list, [Some(1), None, Some(3)]);
//! assert_eq!(text_of(&list), "[1,null,3]");
//!
//! let time: DateTime = read(br#""2018-01-02T03:04:05""#)?;
//! assert_eq!(text_of(&time), r#""2018-01-02T03:04:05""#);
//! # Ok::<(), linode_core::Fault>(())
//! ```

mod containers;
mod scalars;
mod secret;
mod time;

use std::collections::BTreeMap;
use std::fmt;

use crate::fault::Fault;
use crate::gaps::Gaps;
use crate::reader::Reader;
use crate::writer::Writer;

pub(crate) use secret::REDACTED;
pub use secret::Secret;

/// Free-form JSON, where the document describes nothing closer.
///
/// ```
/// let json: linode_core::Json = linode_core::read(br#"{"theme": "dark"}"#)?;
/// assert_eq!(json["theme"], "dark");
/// # Ok::<(), linode_core::Fault>(())
/// ```
pub type Json = serde_json::Value;

/// A moment in UTC. The API writes its times without a zone and means UTC.
///
/// ```
/// let time: linode_core::DateTime = linode_core::read(br#""2018-01-02T04:04:05+01:00""#)?;
/// assert_eq!(time.timestamp(), 1_514_862_245);
/// # Ok::<(), linode_core::Fault>(())
/// ```
pub type DateTime = chrono::DateTime<chrono::Utc>;

/// A JSON object whose keys are data.
///
/// ```
/// let map: linode_core::Map<i64> = linode_core::read(br#"{"a": 1}"#)?;
/// assert_eq!(map["a"], 1);
/// # Ok::<(), linode_core::Fault>(())
/// ```
pub type Map<T = Json> = BTreeMap<String, T>;

/// Something that is read from JSON in place, and written to it.
///
/// Records, enums and unions get it from their macros; implementing it by hand is for a type that JSON
/// carries in a form of its own:
///
/// ```
/// use linode_core::{Fault, Reader, Value, Writer, read};
///
/// #[derive(Debug, PartialEq)]
/// struct Megabytes(i64);
///
/// impl Value for Megabytes {
///     fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault> {
///         self.0 = reader.integer()?;
///         Ok(())
///     }
///     fn write(&self, writer: &mut Writer) {
///         writer.integer(self.0);
///     }
///     fn blank(&self) -> bool {
///         self.0 == 0
///     }
///     fn empty() -> Self {
///         Megabytes(0)
///     }
/// }
///
/// assert_eq!(read::<Vec<Megabytes>>(b"[512]")?, [Megabytes(512)]);
/// # Ok::<(), Fault>(())
/// ```
pub trait Value: fmt::Debug + Send + Sync + 'static {
    /// Fills `self` from the next JSON value. The reader is of no more use after a fault.
    fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), Fault>;

    /// Fills `self` from the next JSON value, whose kind another field of the object told: a union whose
    /// tag stands in its parent. Everything else has no use for the tag.
    fn read_as(&mut self, tag: Option<&str>, reader: &mut Reader<'_>) -> Result<(), Fault> {
        let _ = tag;
        self.read(reader)
    }

    /// Appends itself as JSON.
    fn write(&self, writer: &mut Writer);

    /// Whether it may be missing from an object, or be null: true for `Option` alone.
    fn optional(&self) -> bool {
        false
    }

    /// Whether it can hold a null: true for `Option` and for free-form JSON. A null in a list of anything else is
    /// left out, and told as a repair.
    fn takes_null(&self) -> bool {
        self.optional()
    }

    /// Whether it is left out of an object when written: true for `None`.
    fn absent(&self) -> bool {
        false
    }

    /// Whether it is still what [`Value::empty`] gives.
    fn blank(&self) -> bool;

    /// Forgets what was read before. Only a record needs it, when its key comes a second time: it reads
    /// field by field, while everything else is replaced as a whole.
    fn clear(&mut self) {}

    /// The text that chooses the branch of a union beside this field, where this field can tell.
    fn tag(&self) -> Option<&str> {
        None
    }

    /// Notes the required fields that were not set, here and below.
    fn missing(&self, gaps: &mut Gaps) {
        let _ = gaps;
    }

    /// What a slot holds before it is read.
    fn empty() -> Self
    where
        Self: Sized;
}
