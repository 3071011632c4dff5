//! What is said about JSON that could not be read ([`Fault`]), or was read with a repair ([`Repair`]).
//!
//! ```
//! use linode_core::{Map, read};
//!
//! let fault = read::<Map<Vec<i64>>>(br#"{"sizes": [1, {}]}"#).unwrap_err();
//! assert_eq!(fault.path(), "$.sizes[1]");
//! assert_eq!(fault.to_string(), "$.sizes[1]: expected an integer, found an object (at byte 14)");
//! ```

use std::fmt::{self, Write as _};

/// One step from the root of a document to a place in it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A field that the document describes.
    Field(&'static str),
    /// A key that is data.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// Spells a way as `$.data[3].label`, or without the root as `data[3].label`.
pub(crate) fn spell(root: &str, steps: &[Step]) -> String {
    let mut path = root.to_owned();
    for step in steps {
        match step {
            Step::Field(name) => push_name(&mut path, name),
            Step::Key(name) => push_name(&mut path, name),
            Step::Item(index) => push(&mut path, format_args!("[{index}]")),
        }
    }
    path
}

fn push_name(path: &mut String, name: &str) {
    let plain = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    match plain {
        true if path.is_empty() => path.push_str(name),
        true => push(path, format_args!(".{name}")),
        false => push(path, format_args!("[{name:?}]")),
    }
}

fn push(path: &mut String, text: fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = path.write_fmt(text);
}

/// Why JSON could not be read, and where.
///
/// ```
/// let fault = linode_core::read::<Vec<bool>>(b"[true, {}]").unwrap_err();
/// assert_eq!(fault.to_string(), "$[1]: expected a boolean, found an object (at byte 7)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    path: String,
    expected: String,
    found: String,
    offset: usize,
    missing: bool,
}

impl Fault {
    pub(crate) fn new(steps: &[Step], expected: &str, found: String, offset: usize) -> Self {
        Fault(Box::new(Parts {
            path: spell("$", steps),
            expected: expected.to_owned(),
            found,
            offset,
            missing: false,
        }))
    }

    pub(crate) fn missing(steps: &[Step], field: &'static str, offset: usize) -> Self {
        let mut steps = steps.to_vec();
        steps.push(Step::Field(field));
        let mut fault = Fault::new(
            &steps,
            &format!("field `{field}`"),
            "nothing".to_owned(),
            offset,
        );
        fault.0.missing = true;
        fault
    }

    /// The way from the root of the document, as `$.data[3].label`.
    ///
    /// ```
    /// assert_eq!(linode_core::read::<i64>(b"[]").unwrap_err().path(), "$");
    /// ```
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What should have stood there.
    ///
    /// ```
    /// assert_eq!(linode_core::read::<i64>(b"{}").unwrap_err().expected(), "an integer");
    /// ```
    pub fn expected(&self) -> &str {
        &self.0.expected
    }

    /// What stood there.
    ///
    /// ```
    /// assert_eq!(linode_core::read::<i64>(b"{}").unwrap_err().found(), "an object");
    /// ```
    pub fn found(&self) -> &str {
        &self.0.found
    }

    /// The byte of the document at which it stood.
    ///
    /// ```
    /// assert_eq!(linode_core::read::<i64>(b"   {}").unwrap_err().offset(), 3);
    /// ```
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Whether a field was not there at all.
    ///
    /// ```
    /// assert!(!linode_core::read::<i64>(b"null").unwrap_err().is_missing());
    /// ```
    pub fn is_missing(&self) -> bool {
        self.0.missing
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            path,
            expected,
            found,
            offset,
            missing,
        } = &*self.0;
        match missing {
            true => write!(f, "{path}: missing {expected} (at byte {offset})"),
            false => write!(
                f,
                "{path}: expected {expected}, found {found} (at byte {offset})"
            ),
        }
    }
}

impl std::error::Error for Fault {}

/// A value that came in another form than described, and was taken all the same because nothing is lost.
///
/// ```
/// use linode_core::{Reader, Value};
///
/// let mut reader = Reader::new(b"10.0");
/// let mut size = 0_i64;
/// size.read(&mut reader)?;
/// assert_eq!(size, 10);
/// assert_eq!(reader.repairs()[0].to_string(), "$: took a number as an integer");
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repair {
    /// The way from the root of the document, as `$.data[3].label`.
    pub path: String,
    /// What stood there.
    pub found: &'static str,
    /// What it was taken for.
    pub took: &'static str,
}

impl Repair {
    pub(crate) fn new(steps: &[Step], found: &'static str, took: &'static str) -> Self {
        Repair {
            path: spell("$", steps),
            found,
            took,
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: took {} as {}", self.path, self.found, self.took)
    }
}
