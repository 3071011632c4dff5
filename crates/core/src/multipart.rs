//! [`Multipart`]: a body of fields and files.
//!
//! ```
//! use linode_core::Multipart;
//!
//! let form = Multipart::new().text("purpose", "ticket").file("file", "log.txt", "text/plain", "all well");
//! let (content_type, body) = form.encode();
//! assert!(content_type.starts_with("multipart/form-data; boundary="));
//! assert!(body.len().is_some_and(|length| length > 100));
//! ```

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use bytes::Bytes;

use crate::content::Content;
use crate::encode::encode;

/// The media type of a form without files.
pub(crate) const URLENCODED: &str = "application/x-www-form-urlencoded";

/// The parts of a `multipart/form-data` body.
///
/// ```
/// let form = linode_core::Multipart::new().text("a", "b");
/// assert_eq!(format!("{form:?}"), r#"Multipart ["a"]"#);
/// ```
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<Part>,
    required: &'static [&'static str],
}

#[derive(Clone)]
struct Part {
    name: String,
    file: Option<(String, String)>,
    content: Content,
}

impl Multipart {
    /// A body without parts.
    ///
    /// ```
    /// assert_eq!(format!("{:?}", linode_core::Multipart::new()), "Multipart []");
    /// ```
    pub fn new() -> Self {
        Multipart::default()
    }

    /// Adds a field.
    ///
    /// ```
    /// let (_, body) = linode_core::Multipart::new().text("a", "b").encode();
    /// let body = String::from_utf8_lossy(body.bytes().unwrap());
    /// assert!(body.contains("name=\"a\"\r\n\r\nb\r\n"));
    /// ```
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts.push(Part {
            name: name.into(),
            file: None,
            content: Content::from(value.into()),
        });
        self
    }

    /// Adds a file. A content type that is none becomes `application/octet-stream`.
    ///
    /// ```
    /// let (_, body) = linode_core::Multipart::new().file("f", "a.png", "image/png", vec![1, 2]).encode();
    /// let body = String::from_utf8_lossy(body.bytes().unwrap());
    /// assert!(body.contains("Content-Type: image/png\r\n"));
    /// ```
    pub fn file(
        mut self,
        name: impl Into<String>,
        file_name: impl Into<String>,
        content_type: &str,
        content: impl Into<Content>,
    ) -> Self {
        let valid = !content_type.is_empty()
            && content_type
                .bytes()
                .all(|byte| (b' '..=b'~').contains(&byte));
        let content_type = if valid {
            content_type
        } else {
            "application/octet-stream"
        };
        let file = Some((file_name.into(), content_type.to_owned()));
        self.parts.push(Part {
            name: name.into(),
            file,
            content: content.into(),
        });
        self
    }

    /// Says which parts a request has to have: a call that lacks one is not sent.
    ///
    /// ```
    /// let form = linode_core::Multipart::new().requires(&["file"]);
    /// assert_eq!(form.missing().collect::<Vec<_>>(), ["file"]);
    /// ```
    pub fn requires(mut self, names: &'static [&'static str]) -> Self {
        self.required = names;
        self
    }

    /// The required parts that are not there.
    ///
    /// ```
    /// let form = linode_core::Multipart::new().requires(&["a"]).text("a", "b");
    /// assert_eq!(form.missing().count(), 0);
    /// ```
    pub fn missing(&self) -> impl Iterator<Item = &'static str> {
        let has = |name: &str| self.parts.iter().any(|part| part.name == name);
        self.required.iter().copied().filter(move |name| !has(name))
    }

    /// The content type, with a boundary that no part contains, and the body: bytes if all parts are, else a stream.
    ///
    /// ```
    /// let (_, body) = linode_core::Multipart::new().encode();
    /// assert!(body.len().is_some());
    /// ```
    pub fn encode(&self) -> (String, Content) {
        let boundary = self.boundary();
        let mut body = Vec::new();
        for part in &self.parts {
            body.push(Content::from(part.head(&boundary)));
            body.push(part.content.clone());
            body.push(Content::from("\r\n"));
        }
        body.push(Content::from(format!("--{boundary}--\r\n")));
        (
            format!("multipart/form-data; boundary={boundary}"),
            Content::parts(body),
        )
    }

    /// The parts as a form that is sent as `application/x-www-form-urlencoded`: a file is its content alone. Nothing, where a part is a
    /// stream or a file that is not read yet.
    ///
    /// ```
    /// let form = linode_core::Multipart::new().text("a b", "c&d").text("e", "");
    /// assert_eq!(form.urlencoded().unwrap(), "a%20b=c%26d&e=");
    /// ```
    pub fn urlencoded(&self) -> Option<Bytes> {
        let pair = |part: &Part| {
            let bytes = part.content.bytes()?;
            let value = String::from_utf8_lossy(bytes);
            Some(format!("{}={}", encode(&part.name), encode(&value)))
        };
        let pairs: Option<Vec<String>> = self.parts.iter().map(pair).collect();
        Some(pairs?.join("&").into())
    }

    fn boundary(&self) -> String {
        loop {
            // Every `RandomState` has keys of its own.
            let (a, b) = (
                RandomState::new().hash_one(0),
                RandomState::new().hash_one(1),
            );
            let boundary = format!("linode-{a:016x}{b:016x}");
            // Of a stream nothing is known yet: that it holds 128 random bits is not to be feared.
            let taken = |part: &Part| {
                part.content.bytes().is_some_and(|bytes| {
                    bytes
                        .windows(boundary.len())
                        .any(|window| window == boundary.as_bytes())
                })
            };
            if !self.parts.iter().any(taken) {
                return boundary;
            }
        }
    }
}

impl Part {
    fn head(&self, boundary: &str) -> String {
        let name = quoted(&self.name);
        match &self.file {
            None => format!("--{boundary}\r\nContent-Disposition: form-data; name={name}\r\n\r\n"),
            Some((file_name, content_type)) => format!(
                "--{boundary}\r\nContent-Disposition: form-data; name={name}; filename={}\r\n\
                 Content-Type: {content_type}\r\n\r\n",
                quoted(file_name)
            ),
        }
    }
}

/// A name as browsers quote it.
fn quoted(name: &str) -> String {
    format!(
        "\"{}\"",
        name.replace('"', "%22")
            .replace('\r', "%0D")
            .replace('\n', "%0A")
    )
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Multipart ")?;
        f.debug_list()
            .entries(self.parts.iter().map(|part| &part.name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_break_out_of_their_header() {
        let form = Multipart::new().file("f\"\r\nX: y", "a\r\nb", "text/plain\r\nX: z", "content");
        let (_, body) = form.encode();
        let text = String::from_utf8(body.bytes().expect("bytes").to_vec()).expect("text");
        assert!(text.contains("name=\"f%22%0D%0AX: y\"; filename=\"a%0D%0Ab\"\r\n"));
        assert!(text.contains("Content-Type: application/octet-stream\r\n\r\ncontent\r\n"));
    }

    #[test]
    fn every_body_has_a_boundary_of_its_own() {
        let form = Multipart::new().text("a", "b");
        assert_ne!(form.encode().0, form.encode().0);
    }
}
