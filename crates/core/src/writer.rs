//! [`Writer`]: the one way in which values become JSON text.
//!
//! ```
//! use linode_core::Writer;
//!
//! let mut writer = Writer::default();
//! writer.begin_object();
//! writer.key("label");
//! writer.text("web-1");
//! writer.end_object();
//! assert_eq!(writer.into_bytes(), br#"{"label":"web-1"}"#);
//! ```

use serde_core::Serialize;

use crate::record::Record;
use crate::sent::Sent;
use crate::value::{Json, Value};

/// Appends JSON to a buffer: compact, fields in the order in which they are written.
///
/// ```
/// use linode_core::{Value, Writer};
///
/// let mut writer = Writer::default();
/// vec![1_i64, 2].write(&mut writer);
/// assert_eq!(writer.into_bytes(), b"[1,2]");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// Writes `null`.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.null();
    /// assert_eq!(writer.into_bytes(), b"null");
    /// ```
    pub fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    /// Writes `true` or `false`.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.boolean(true);
    /// assert_eq!(writer.into_bytes(), b"true");
    /// ```
    pub fn boolean(&mut self, value: bool) {
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Writes an integer.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.integer(-3);
    /// assert_eq!(writer.into_bytes(), b"-3");
    /// ```
    pub fn integer(&mut self, value: i64) {
        self.put(&value);
    }

    /// Writes a number. JSON has no infinity and no NaN: they become `null`.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.number(0.5);
    /// assert_eq!(writer.into_bytes(), b"0.5");
    /// ```
    pub fn number(&mut self, value: f64) {
        self.put(&value);
    }

    /// Writes a string, escaped.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.text("a\"b");
    /// assert_eq!(writer.into_bytes(), br#""a\"b""#);
    /// ```
    pub fn text(&mut self, value: &str) {
        self.put(value);
    }

    /// Writes free-form JSON.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.json(&linode_core::Json::from(vec![1, 2]));
    /// assert_eq!(writer.into_bytes(), b"[1,2]");
    /// ```
    pub fn json(&mut self, value: &Json) {
        self.put(value);
    }

    /// Begins an object.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_object();
    /// writer.end_object();
    /// assert_eq!(writer.into_bytes(), b"{}");
    /// ```
    pub fn begin_object(&mut self) {
        self.out.push(b'{');
    }

    /// Writes the next key of an object; its value comes next.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_object();
    /// writer.key("size");
    /// writer.integer(20);
    /// writer.end_object();
    /// assert_eq!(writer.into_bytes(), br#"{"size":20}"#);
    /// ```
    pub fn key(&mut self, name: &str) {
        self.item();
        self.text(name);
        self.out.push(b':');
    }

    /// Ends an object.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_object();
    /// writer.end_object();
    /// assert_eq!(writer.into_bytes(), b"{}");
    /// ```
    pub fn end_object(&mut self) {
        self.out.push(b'}');
    }

    /// Begins a list.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_list();
    /// writer.end_list();
    /// assert_eq!(writer.into_bytes(), b"[]");
    /// ```
    pub fn begin_list(&mut self) {
        self.out.push(b'[');
    }

    /// Says that an item of a list comes next.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_list();
    /// for number in [1, 2] {
    ///     writer.item();
    ///     writer.integer(number);
    /// }
    /// writer.end_list();
    /// assert_eq!(writer.into_bytes(), b"[1,2]");
    /// ```
    pub fn item(&mut self) {
        // A value never ends with an opening bracket, so the last byte tells whether this is the first.
        if !matches!(self.out.last(), Some(b'[' | b'{') | None) {
            self.out.push(b',');
        }
    }

    /// Ends a list.
    ///
    /// ```
    /// let mut writer = linode_core::Writer::default();
    /// writer.begin_list();
    /// writer.end_list();
    /// assert_eq!(writer.into_bytes(), b"[]");
    /// ```
    pub fn end_list(&mut self) {
        self.out.push(b']');
    }

    /// Writes a record: what is absent is left out; what was said to be null is null.
    ///
    /// ```
    /// use linode_core::{Page, Writer};
    ///
    /// let mut writer = Writer::default();
    /// writer.record(&Page::<i64>::default());
    /// assert_eq!(writer.into_bytes(), br#"{"data":[],"page":1,"pages":1,"results":0}"#);
    /// ```
    pub fn record(&mut self, record: &dyn Record) {
        self.begin_object();
        record.each(&mut |slots| {
            for (index, (name, slot)) in record.shape().fields.iter().zip(slots).enumerate() {
                let sent = record.sent();
                if slot.absent() || sent.is_some_and(|sent| sent.leaves_out(index, *slot)) {
                    if sent.is_some_and(|sent| sent.is_null(index)) {
                        self.key(name);
                        self.null();
                    }
                    continue;
                }
                self.key(name);
                slot.write(self);
            }
        });
        if let Some(extra) = record.sent().and_then(Sent::extra) {
            extra.write_fields(self);
        }
        self.end_object();
    }

    /// The text written so far.
    ///
    /// ```
    /// assert!(linode_core::Writer::default().into_bytes().is_empty());
    /// ```
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn put<T: Serialize + ?Sized>(&mut self, value: &T) {
        // Writing to memory does not fail, and none of the values that come here refuses to be written.
        let written = serde_json::to_writer(&mut self.out, value);
        debug_assert!(written.is_ok());
    }
}

/// Writes a value as JSON bytes.
///
/// ```
/// assert_eq!(linode_core::write(&Some(1_i64)), b"1");
/// ```
pub fn write(value: &dyn Value) -> Vec<u8> {
    let mut writer = Writer::default();
    value.write(&mut writer);
    writer.into_bytes()
}

/// Writes a value as JSON text.
///
/// ```
/// assert_eq!(linode_core::text_of(&"é".to_owned()), "\"é\"");
/// ```
pub fn text_of(value: &dyn Value) -> String {
    // Only text goes into a writer, so that nothing is ever replaced here.
    String::from_utf8_lossy(&write(value)).into_owned()
}

/// Writes a value as free-form JSON.
///
/// ```
/// assert_eq!(linode_core::json_of(&vec![true]), linode_core::Json::from(vec![true]));
/// ```
pub fn json_of(value: &dyn Value) -> Json {
    // What a writer wrote is JSON; a document nested deeper than serde_json reads is the only exception.
    serde_json::from_slice(&write(value)).unwrap_or_default()
}
