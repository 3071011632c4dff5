//! [`Reader`]: the one way in which JSON text becomes values.
//!
//! It pulls the text token by token and fills slots in place. As the single place through which every
//! answer passes, it also decides what is taken in another form than described ([`Repair`]), what is
//! refused ([`Fault`]), how deep a document may be, and it knows the path of every value.
//!
//! ```
//! use linode_core::{Reader, Value};
//!
//! let mut reader = Reader::new(br#"["1", 2.0]"#);
//! let mut list: Vec<i64> = Vec::new();
//! list.read(&mut reader)?;
//! reader.finish()?;
//! assert_eq!(list, [1, 2]);
//! assert_eq!(reader.repairs().len(), 2);
//! # Ok::<(), linode_core::Fault>(())
//! ```

mod fields;
mod numbers;
mod single;

use std::borrow::Cow;

use jiter::{Jiter, JiterError, Peek};

use crate::fault::{Fault, Repair, Step, spell};
use crate::value::{Json, Value};

/// How deep lists and objects may be nested in one another.
const DEPTH: usize = 128;

/// How many repairs are recorded for one document; the rest are made all the same.
const REPAIRS: usize = 1000;

/// What a reader does about JSON that is not as described.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    /// It repairs what it can without loss, and tells.
    #[default]
    Answer,
    /// It refuses what it would repair.
    Strict,
    /// It refuses that as well. What a request need not have may be missing, what a request clears may be null, and
    /// fields that are unknown are kept, and told.
    Request,
}

/// Reads one JSON document.
///
/// ```
/// use linode_core::Reader;
///
/// let mut reader = Reader::new(b" 7 ");
/// assert_eq!(reader.integer()?, 7);
/// reader.finish()?;
/// # Ok::<(), linode_core::Fault>(())
/// ```
#[derive(Debug)]
pub struct Reader<'j> {
    jiter: Jiter<'j>,
    mode: Mode,
    path: Vec<Step>,
    repairs: Vec<Repair>,
    /// The fields of a request that its types do not know.
    unknown: Vec<String>,
    /// Which fields of the open records were seen: one run per record, the innermost last.
    seen: Vec<bool>,
}

/// Reads a value from a whole document, of which nothing may be left.
///
/// ```
/// assert_eq!(linode_core::read::<bool>(b"true"), Ok(true));
/// assert!(linode_core::read::<bool>(b"true false").is_err());
/// ```
pub fn read<T: Value>(document: &[u8]) -> Result<T, Fault> {
    let mut value = T::empty();
    let mut reader = Reader::new(document);
    value.read(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

impl<'j> Reader<'j> {
    /// A reader at the start of a document.
    ///
    /// ```
    /// assert!(linode_core::Reader::new(b"null").null()?);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn new(document: &'j [u8]) -> Self {
        Reader::at(Jiter::new(document), Mode::Answer)
    }

    /// A reader that refuses what another one would repair: for tests that watch how far the API departs from its document.
    ///
    /// ```
    /// let fault = linode_core::Reader::strict(b"10.0").integer().unwrap_err();
    /// assert_eq!(fault.to_string(), "$: expected an integer, found a number (at byte 0)");
    /// ```
    pub fn strict(document: &'j [u8]) -> Self {
        Reader::at(Jiter::new(document), Mode::Strict)
    }

    /// A reader of what is to be sent: strict about the form of each value; but what a request need not have may be missing, null
    /// is taken wherever a setter takes it, and fields that are unknown are kept where the type can, and told by [`Reader::unknown`].
    ///
    /// ```
    /// use linode_core::{Body, Reader, Value};
    ///
    /// let mut body = Body::default();
    /// body.read(&mut Reader::request(br#"{"label": null}"#))?;
    /// assert!(body.has("label"));
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn request(document: &'j [u8]) -> Self {
        Reader::at(Jiter::new(document), Mode::Request)
    }

    fn at(jiter: Jiter<'j>, mode: Mode) -> Self {
        Reader {
            jiter,
            mode,
            path: Vec::new(),
            repairs: Vec::new(),
            unknown: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Refuses a document that goes on after its value.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(b"1 2");
    /// reader.integer()?;
    /// assert!(reader.finish().is_err());
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn finish(&mut self) -> Result<(), Fault> {
        self.jiter
            .finish()
            .map_err(|error| syntax(&self.path, error))
    }

    /// The repairs made so far.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(b"1");
    /// assert!(reader.boolean()?);
    /// assert_eq!(reader.repairs()[0].took, "a boolean");
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// The fields of a request that its types do not know, each with its path; see [`Reader::request`].
    ///
    /// ```
    /// assert!(linode_core::Reader::request(b"{}").unknown().is_empty());
    /// ```
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }

    /// Notes the field that the path leads to as unknown.
    pub(crate) fn note_unknown(&mut self) {
        self.unknown.push(spell("$", &self.path));
    }

    /// The repairs made so far, taken out.
    pub(crate) fn into_repairs(self) -> Vec<Repair> {
        self.repairs
    }

    /// Reads over `null`, if that is what comes next, and says whether it was.
    ///
    /// ```
    /// assert!(!linode_core::Reader::new(b"0").null()?);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn null(&mut self) -> Result<bool, Fault> {
        if self.peek()? != Peek::Null {
            return Ok(false);
        }
        let read = self.jiter.known_null();
        read.map_err(|error| syntax(&self.path, error))?;
        Ok(true)
    }

    /// Reads over a `null` among the items of a list that has no place for it, and says whether there was one.
    ///
    /// ```
    /// let strings: Vec<String> = linode_core::read(br#"["a", null]"#)?;
    /// assert_eq!(strings, ["a"]);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn stray_null(&mut self) -> Result<bool, Fault> {
        let at = self.jiter.current_index();
        match self.null()? {
            true => self.repaired(at, true, "null", "nothing"),
            false => Ok(false),
        }
    }

    /// Reads a boolean. `0`, `1`, `"true"` and `"false"` are taken as such.
    /// Of every single value: a list with nothing else in it is taken as the value.
    ///
    /// ```
    /// assert!(linode_core::Reader::new(br#""true""#).boolean()?);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn boolean(&mut self) -> Result<bool, Fault> {
        const EXPECTED: &str = "a boolean";
        let peek = self.peek()?;
        if matches!(peek, Peek::True | Peek::False) {
            let read = self.jiter.known_bool(peek);
            return read.map_err(|error| syntax(&self.path, error));
        }
        if peek == Peek::Array {
            return self.only_item(EXPECTED, EXPECTED, Reader::boolean);
        }
        let at = self.jiter.current_index();
        let (text, found) = self.scalar(EXPECTED)?;
        match &*text {
            "1" | "true" => self.repaired(at, true, found, EXPECTED),
            "0" | "false" => self.repaired(at, false, found, EXPECTED),
            _ => Err(Fault::new(&self.path, EXPECTED, shown(&text, found), at)),
        }
    }

    /// Reads a string. A number or a boolean is taken as its text.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(b"12").text()?, "12");
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn text(&mut self) -> Result<Cow<'_, str>, Fault> {
        let peek = self.peek()?;
        if peek != Peek::String {
            return self.other_text(peek).map(Cow::Owned);
        }
        let Reader { jiter, path, .. } = self;
        jiter
            .known_str()
            .map(Cow::Borrowed)
            .map_err(|error| syntax(path, error))
    }

    fn other_text(&mut self, peek: Peek) -> Result<String, Fault> {
        const EXPECTED: &str = "a string";
        if peek == Peek::Array {
            let text = |reader: &mut Self| reader.text().map(Cow::into_owned);
            return self.only_item(EXPECTED, EXPECTED, text);
        }
        let at = self.jiter.current_index();
        let (text, found) = self.scalar(EXPECTED)?;
        self.repaired(at, text, found, EXPECTED)
    }

    /// The one of the listed values that a text is but for the case of its letters. It is told as a repair.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(b"");
    /// assert_eq!(reader.respelt("Running", &["running", "offline"])?, Some("running"));
    /// assert_eq!(reader.respelt("melting", &["running", "offline"])?, None);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn respelt(
        &mut self,
        text: &str,
        listed: &'static [&'static str],
    ) -> Result<Option<&'static str>, Fault> {
        let mut alike = listed
            .iter()
            .filter(|value| value.eq_ignore_ascii_case(text));
        match (alike.next(), alike.next()) {
            (Some(value), None) => {
                let at = self.jiter.current_index().saturating_sub(text.len() + 2);
                self.repaired(at, Some(*value), "another case", "a listed value")
            }
            _ => Ok(None),
        }
    }

    /// Reads a string that is written in a form of its own, such as a time.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(br#""0x1f""#);
    /// let number = reader.parsed("a hexadecimal number", |text| i64::from_str_radix(text.strip_prefix("0x")?, 16).ok())?;
    /// assert_eq!(number, 31);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn parsed<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        match self.peek()? {
            Peek::String => {}
            Peek::Array => {
                return self.only_item(expected, expected, |reader| {
                    reader.parsed_text(expected, parse)
                });
            }
            _ => return Err(self.mismatch(expected)),
        }
        self.parsed_text(expected, parse)
    }

    fn parsed_text<T>(
        &mut self,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        if self.peek()? != Peek::String {
            return Err(self.mismatch(expected));
        }
        let at = self.jiter.current_index();
        let Reader { jiter, path, .. } = self;
        let text = jiter.known_str().map_err(|error| syntax(path, error))?;
        parse(text).ok_or_else(|| Fault::new(path, expected, shown(text, "a string"), at))
    }

    /// Reads whatever comes next.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(b"[{}]").json()?.to_string(), "[{}]");
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn json(&mut self) -> Result<Json, Fault> {
        self.peek()?;
        let at = self.jiter.current_index();
        self.skip()?;
        let text = self.jiter.slice_to_current(at);
        serde_json::from_slice(text)
            .map_err(|error| Fault::new(&self.path, "JSON", error.to_string(), at))
    }

    /// Reads over whatever comes next.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(br#"{"a": [1, 2]}"#);
    /// reader.skip()?;
    /// reader.finish()?;
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn skip(&mut self) -> Result<(), Fault> {
        self.jiter
            .next_skip()
            .map_err(|error| syntax(&self.path, error))
    }

    /// Reads a list, calling `item` where each of its items starts, and says whether it was one. A single value is taken as a
    /// list of one, a page as the list of its items, and null as an empty list.
    ///
    /// ```
    /// let mut sum = 0;
    /// linode_core::Reader::new(b"[1, 2]").list(&mut |reader| {
    ///     sum += reader.integer()?;
    ///     Ok(())
    /// })?;
    /// assert_eq!(sum, 3);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn list(
        &mut self,
        item: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<bool, Fault> {
        match self.peek()? {
            Peek::Array => self.items(item).map(|()| true),
            peek => self.other_list(peek, item),
        }
    }

    fn items(&mut self, item: &mut dyn FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.enter(Step::Item(0))?;
        let mut next = self.jiter.known_array();
        let mut index = 0;
        while next.map_err(|error| syntax(&self.path, error))?.is_some() {
            item(self)?;
            index += 1;
            self.step(Step::Item(index));
            next = self.jiter.array_step();
        }
        self.leave();
        Ok(())
    }

    /// Reads an object whose keys are data, calling `value` where each of its values starts.
    ///
    /// ```
    /// let mut keys = Vec::new();
    /// linode_core::Reader::new(br#"{"a": 1, "b": 2}"#).map(&mut |reader| {
    ///     keys.push(reader.map_key().to_owned());
    ///     reader.skip()
    /// })?;
    /// assert_eq!(keys, ["a", "b"]);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn map(
        &mut self,
        value: &mut dyn FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match self.peek()? {
            Peek::Object => {}
            Peek::Null => return self.nothing("an empty object"),
            Peek::Array if self.ahead_in_list()? == 0 => {
                let at = self.jiter.current_index();
                self.skip()?;
                return self.repaired(at, (), "an empty list", "an empty object");
            }
            _ => return Err(self.mismatch("an object")),
        }
        self.enter(Step::Key(String::new()))?;
        let mut next = self.jiter.known_object();
        while let Some(key) = next.map_err(|error| syntax(&self.path, error))? {
            let key = Step::Key(key.to_owned());
            self.step(key);
            value(self)?;
            next = self.jiter.next_key();
        }
        self.leave();
        Ok(())
    }

    /// The key whose value is being read, inside [`Reader::map`]; empty elsewhere.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(b"{}").map_key(), "");
    /// ```
    pub fn map_key(&self) -> &str {
        match self.path.last() {
            Some(Step::Key(key)) => key,
            _ => "",
        }
    }

    /// What comes next: `object`, `array`, `string`, `number`, `boolean` or `null`.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(b" [1]").next_kind()?, "array");
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn next_kind(&mut self) -> Result<&'static str, Fault> {
        Ok(match self.kind()? {
            "an object" => "object",
            "a list" => "array",
            "a string" => "string",
            "a boolean" => "boolean",
            "null" => "null",
            _ => "number",
        })
    }

    /// The text of a key of the object that comes next, wherever it stands in it. Nothing is read over.
    ///
    /// ```
    /// let mut reader = linode_core::Reader::new(br#"{"size": 1, "type": "disk"}"#);
    /// assert_eq!(reader.look_up("type")?.as_deref(), Some("disk"));
    /// assert_eq!(reader.look_up("name")?, None);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn look_up(&mut self, key: &str) -> Result<Option<String>, Fault> {
        if self.peek()? != Peek::Object {
            return Ok(None);
        }
        let mut ahead = Reader::at(self.jiter.clone(), self.mode);
        ahead.path.clone_from(&self.path);
        let mut found = None;
        ahead.map(&mut |reader| {
            if reader.map_key() != key || !is_scalar(reader.peek()?) {
                return reader.skip();
            }
            found = Some(reader.text()?.into_owned());
            Ok(())
        })?;
        Ok(found)
    }

    fn peek(&mut self) -> Result<Peek, Fault> {
        self.jiter.peek().map_err(|error| syntax(&self.path, error))
    }

    /// Enters a list or an object; the step is its first one, and is replaced from item to item.
    fn enter(&mut self, step: Step) -> Result<(), Fault> {
        if self.path.len() >= DEPTH {
            let expected = format!("at most {DEPTH} levels of nesting");
            return Err(Fault::new(
                &self.path,
                &expected,
                "more".to_owned(),
                self.jiter.current_index(),
            ));
        }
        self.path.push(step);
        Ok(())
    }

    fn step(&mut self, step: Step) {
        if let Some(last) = self.path.last_mut() {
            *last = step;
        }
    }

    fn leave(&mut self) {
        self.path.pop();
    }

    /// The text of a number, string or boolean, and what it was: where something else was described.
    fn scalar(&mut self, expected: &'static str) -> Result<(String, &'static str), Fault> {
        let peek = self.peek()?;
        if !is_scalar(peek) {
            return Err(self.mismatch(expected));
        }
        let found = self.kind()?;
        if peek == Peek::String {
            return Ok((self.text()?.into_owned(), found));
        }
        let at = self.jiter.current_index();
        self.skip()?;
        // Numbers, `true` and `false` are ASCII.
        Ok((
            String::from_utf8_lossy(self.jiter.slice_to_current(at)).into_owned(),
            found,
        ))
    }

    /// What comes next, in words.
    fn kind(&mut self) -> Result<&'static str, Fault> {
        let peek = self.peek()?;
        Ok(match peek {
            Peek::Null => "null",
            Peek::True | Peek::False => "a boolean",
            Peek::String => "a string",
            Peek::Array => "a list",
            Peek::Object => "an object",
            _ => {
                // Whatever is no number either is no JSON.
                let mut ahead = self.jiter.clone();
                let text = ahead
                    .known_number_bytes(peek)
                    .map_err(|error| syntax(&self.path, error))?;
                if text.iter().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
                    "a number"
                } else {
                    "an integer"
                }
            }
        })
    }

    /// The fault that something else comes next than what was described.
    fn mismatch(&mut self, expected: &str) -> Fault {
        let at = self.jiter.current_index();
        match self.kind() {
            Ok(found) => Fault::new(&self.path, expected, found.to_owned(), at),
            Err(fault) => fault,
        }
    }

    /// What was read with a repair that began at a byte; a fault, where nothing is to be repaired.
    fn repaired<T>(
        &mut self,
        at: usize,
        value: T,
        found: &'static str,
        took: &'static str,
    ) -> Result<T, Fault> {
        if self.mode != Mode::Answer {
            return Err(Fault::new(&self.path, took, found.to_owned(), at));
        }
        if self.repairs.len() < REPAIRS {
            self.repairs.push(Repair::new(&self.path, found, took));
        }
        Ok(value)
    }
}

fn is_scalar(peek: Peek) -> bool {
    peek.is_num() || matches!(peek, Peek::String | Peek::True | Peek::False)
}

/// A value as part of a message: with its text, as long as that is short.
fn shown(text: &str, found: &str) -> String {
    match text.len() {
        0..=40 => format!("{found} {text:?}"),
        _ => found.to_owned(),
    }
}

fn syntax(path: &[Step], error: JiterError) -> Fault {
    Fault::new(path, "JSON", error.error_type.to_string(), error.index)
}
