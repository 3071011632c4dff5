//! A body of parts: one for each property, and a name for each file.
//!
//! ```
//! let document = linode_witness::Document::parse(
//!     r#"{"paths": {"/files": {"post": {"requestBody": {"content": {"multipart/form-data": {"schema": {"type": "object"}}}}}}}}"#,
//! )?;
//! assert!(document.operation("POST /files").is_some());
//! # Ok::<(), linode_witness::Unreadable>(())
//! ```

use super::{Demand, Received};
use crate::conform::{is_writable, text_problems};
use crate::schema::Schema;

/// A part of the body.
struct Part<'r> {
    name: Option<String>,
    filename: Option<String>,
    content: &'r [u8],
}

/// What is wrong with a body of parts.
pub(crate) fn problems(schema: &Schema<'_>, received: &Received, demand: Demand) -> Vec<String> {
    let Some(parts) = parts(received) else {
        return vec![
            "the body is not multipart, or not by the boundary that Content-Type gives".to_owned(),
        ];
    };
    let properties: Vec<_> = schema
        .properties()
        .into_iter()
        .filter(|(_, property)| is_writable(property))
        .collect();
    let required = schema.required();
    let mut problems = Vec::new();
    for (name, property) in &properties {
        let part = parts.iter().find(|part| part.name.as_deref() == Some(name));
        problems.extend(part.map_or_else(
            || {
                let absent = demand.absent(&format!("the part {name}"), required.contains(name));
                Vec::from_iter(absent)
            },
            |part| part_problems(name, property, part),
        ));
    }
    for part in parts.iter().filter(|part| {
        !properties
            .iter()
            .any(|(name, _)| part.name.as_deref() == Some(name))
    }) {
        problems.push(format!(
            "there is a part {:?}, which is not in the document",
            part.name.as_deref().unwrap_or_default()
        ));
    }
    problems
}

fn part_problems(name: &str, property: &Schema<'_>, part: &Part<'_>) -> Vec<String> {
    // A file may be described as the path that a command line reads it from.
    let is_file = property.text("format") == Some("binary") || name == "file";
    if is_file {
        let named = part
            .filename
            .as_deref()
            .is_some_and(|filename| !filename.is_empty());
        let lacks = [
            (named, "has no filename"),
            (!part.content.is_empty(), "is empty"),
        ];
        return lacks
            .into_iter()
            .filter(|(there, _)| !there)
            .map(|(_, lack)| format!("the part {name} {lack}"))
            .collect();
    }
    match std::str::from_utf8(part.content) {
        Ok(text) => text_problems(property, text, &format!("the part {name}")),
        Err(_) => vec![format!("the part {name} is not UTF-8")],
    }
}

fn parts(received: &Received) -> Option<Vec<Part<'_>>> {
    let content_type = *received.header("content-type").first()?;
    let (_, boundary) = content_type.split_once("boundary=")?;
    let delimiter = format!("--{}", boundary.split(';').next()?.trim().trim_matches('"'));
    let mut rest = received.body.strip_prefix(delimiter.as_bytes())?;
    let delimiter = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let end = find(rest, delimiter.as_bytes())?;
        parts.push(part(rest[..end].strip_prefix(b"\r\n")?)?);
        rest = &rest[end + delimiter.len()..];
    }
    Some(parts)
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let end = find(bytes, b"\r\n\r\n")?;
    let headers = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = headers.lines().filter_map(|line| line.split_once(':'));
    let (_, disposition) =
        lines.find(|(name, _)| name.eq_ignore_ascii_case("content-disposition"))?;
    Some(Part {
        name: parameter(disposition, "name"),
        filename: parameter(disposition, "filename"),
        content: &bytes[end + 4..],
    })
}

/// The parameter of a header, without its quotes.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let pairs = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .into_iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .map(|(_, value)| value.trim_matches('"').to_owned())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{document, judged, right};
    use serde_json::json;

    fn sent(parts: &[(&str, &str)]) -> String {
        let schema =
            json!({"properties": {"file": {"type": "string"}, "count": {"type": "integer"}}});
        let document = document(
            "post",
            json!({"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}),
        );
        let mut received = right("POST");
        received.headers.push((
            "content-type".to_owned(),
            "multipart/form-data; boundary=xyz".to_owned(),
        ));
        let mut body: String = parts
            .iter()
            .map(|(head, content)| {
                format!("--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
            })
            .collect();
        body.push_str("--xyz--\r\n");
        received.body = body.into();
        judged(&document, &received)
    }

    #[test]
    fn parts_are_the_properties() {
        let file = ("name=\"file\"; filename=\"a.txt\"", "content");
        assert_eq!(sent(&[file, ("name=\"count\"", "3")]), "");
        assert_eq!(sent(&[file]), "the part count can be sent, and was not");
        assert_eq!(
            sent(&[file, ("name=\"count\"", "three")]),
            "the part count is \"three\", and not an integer"
        );
        assert_eq!(
            sent(&[file, ("name=\"count\"", "3"), ("name=\"x\"", "")]),
            "there is a part \"x\", which is not in the document"
        );
    }

    #[test]
    fn files_have_a_name_and_content() {
        assert_eq!(
            sent(&[("name=\"file\"", "content"), ("name=\"count\"", "3")]),
            "the part file has no filename"
        );
        assert_eq!(
            sent(&[
                ("name=\"file\"; filename=\"a\"", ""),
                ("name=\"count\"", "3")
            ]),
            "the part file is empty"
        );
    }

    #[test]
    fn what_is_not_multipart_is_told() {
        let document = document(
            "post",
            json!({"requestBody": {"content": {"multipart/form-data": {"schema": {}}}}}),
        );
        let mut received = right("POST");
        received.headers.push((
            "content-type".to_owned(),
            "multipart/form-data; boundary=xyz".to_owned(),
        ));
        received.body = "--abc\r\n".into();
        assert_eq!(
            judged(&document, &received),
            "the body is not multipart, or not by the boundary that Content-Type gives"
        );
    }
}
