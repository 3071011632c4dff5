//! Integers and numbers, in all the forms in which they come.

use jiter::Peek;

use super::{Reader, shown, syntax};
use crate::fault::Fault;

/// Up to here every integer has a number of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Reader<'_> {
    /// Reads an integer. `10.0`, `1e3` and `"10"` are taken as such, as long as nothing is lost.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(b"10.0").integer()?, 10);
    /// assert!(linode_core::Reader::new(b"10.5").integer().is_err());
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn integer(&mut self) -> Result<i64, Fault> {
        const EXPECTED: &str = "an integer";
        let peek = self.peek()?;
        if peek == Peek::Array {
            return self.only_item(EXPECTED, EXPECTED, Reader::integer);
        }
        let at = self.jiter.current_index();
        let text = match self.number_bytes(peek)? {
            None => None,
            Some(bytes) => match plain_integer(bytes) {
                Some(integer) => return Ok(integer),
                None => Some(text(bytes)),
            },
        };
        let (text, found) = self.text_or_string(text, EXPECTED)?;
        match integer_of(&text) {
            Some(integer) => self.repaired(at, integer, found, EXPECTED),
            None => Err(Fault::new(&self.path, EXPECTED, shown(&text, found), at)),
        }
    }

    /// Reads a number. `"0.5"` is taken as such.
    ///
    /// ```
    /// assert_eq!(linode_core::Reader::new(br#""0.5""#).number()?, 0.5);
    /// # Ok::<(), linode_core::Fault>(())
    /// ```
    pub fn number(&mut self) -> Result<f64, Fault> {
        const EXPECTED: &str = "a number";
        let peek = self.peek()?;
        if peek == Peek::Array {
            return self.only_item(EXPECTED, EXPECTED, Reader::number);
        }
        let at = self.jiter.current_index();
        let text = match self.number_bytes(peek)? {
            None => None,
            Some(bytes) => match number_of(str::from_utf8(bytes).unwrap_or_default()) {
                Some(number) => return Ok(number),
                None => Some(text(bytes)),
            },
        };
        let (text, found) = self.text_or_string(text, EXPECTED)?;
        match number_of(&text) {
            Some(number) => self.repaired(at, number, found, EXPECTED),
            None => Err(Fault::new(&self.path, EXPECTED, shown(&text, found), at)),
        }
    }

    /// The bytes of the number that comes next, if it is one.
    fn number_bytes(&mut self, peek: Peek) -> Result<Option<&[u8]>, Fault> {
        if matches!(
            peek,
            Peek::String | Peek::True | Peek::False | Peek::Null | Peek::Array | Peek::Object
        ) {
            return Ok(None);
        }
        let Reader { jiter, path, .. } = self;
        jiter
            .known_number_bytes(peek)
            .map(Some)
            .map_err(|error| syntax(path, error))
    }

    /// The text of the number that was just read, or of the string that comes next.
    fn text_or_string(
        &mut self,
        number: Option<String>,
        expected: &'static str,
    ) -> Result<(String, &'static str), Fault> {
        match number {
            Some(text) => Ok((text, "a number")),
            None if self.peek()? == Peek::String => Ok((self.text()?.into_owned(), "a string")),
            None => Err(self.mismatch(expected)),
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An integer in its plain spelling: nearly every one.
fn plain_integer(bytes: &[u8]) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    // Up to 18 digits nothing can overflow.
    if digits.len() > 18 {
        return str::from_utf8(bytes).ok()?.parse().ok();
    }
    let sum = digits.iter().try_fold(0_i64, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + i64::from(byte - b'0'))
    })?;
    Some(if negative { -sum } else { sum })
}

/// An integer in another spelling: only without loss.
fn integer_of(text: &str) -> Option<i64> {
    if !is_number(text) {
        return None;
    }
    if let Ok(integer) = text.parse() {
        return Some(integer);
    }
    if let Some((integer, fraction)) = text.split_once('.')
        && fraction.bytes().all(|digit| digit == b'0')
    {
        return integer.parse().ok();
    }
    let number = number_of(text)?;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

fn number_of(text: &str) -> Option<f64> {
    let number = is_number(text).then(|| text.parse::<f64>().ok())??;
    number.is_finite().then_some(number)
}

/// Whether a text is a number as JSON writes them. Rust also reads `+1`, `.5`, `inf` and `NaN`.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let allowed =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-');
    digits.starts_with(|first: char| first.is_ascii_digit()) && digits.bytes().all(allowed)
}
