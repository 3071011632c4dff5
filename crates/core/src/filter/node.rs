//! The tree of a filter, and the JSON of it that the API takes.

use std::fmt;

use crate::value::Json;
use crate::writer::text_of;

/// A filter without the type of its items.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// One field compared with one value, which is JSON text.
    Test {
        field: &'static str,
        operator: Option<&'static str>,
        value: String,
    },
    /// All of several.
    And(Vec<Node>),
    /// Any of several.
    Or(Vec<Node>),
    /// The words of the API.
    Raw(Json),
}

/// A JSON object in a fixed order: keys, and values as JSON text.
type Object = Vec<(String, String)>;

impl Node {
    pub(crate) fn and(self, other: Node) -> Node {
        let mut all = self.into_all();
        all.extend(other.into_all());
        Node::And(all)
    }

    pub(crate) fn or(self, other: Node) -> Node {
        let mut any = self.into_any();
        any.extend(other.into_any());
        Node::Or(any)
    }

    /// An `and` of an `and` is one `and`.
    fn into_all(self) -> Vec<Node> {
        match self {
            Node::And(all) => all,
            node => vec![node],
        }
    }

    fn into_any(self) -> Vec<Node> {
        match self {
            Node::Or(any) => any,
            node => vec![node],
        }
    }

    /// Whether this is a filter at all: the words of a user may be none.
    fn is_object(&self) -> bool {
        match self {
            Node::Test { .. } => true,
            Node::And(nodes) | Node::Or(nodes) => nodes.iter().all(Node::is_object),
            Node::Raw(json) => json.is_object(),
        }
    }

    fn object(&self) -> Object {
        match self {
            Node::Test {
                field,
                operator: None,
                value,
            } => vec![((*field).to_owned(), value.clone())],
            Node::Test {
                field,
                operator: Some(operator),
                value,
            } => {
                vec![(
                    (*field).to_owned(),
                    format!("{{{}:{value}}}", key(operator)),
                )]
            }
            Node::And(nodes) => all(nodes),
            Node::Or(nodes) => vec![("+or".to_owned(), list(nodes))],
            Node::Raw(Json::Object(fields)) => fields
                .iter()
                .map(|(name, value)| (name.clone(), text_of(value)))
                .collect(),
            Node::Raw(_) => Object::new(),
        }
    }
}

/// Conditions that all hold are keys of one object. Two of them on one key would be one key twice, of which
/// the API sees one: then they are a list.
fn all(nodes: &[Node]) -> Object {
    let mut merged = Object::new();
    for (name, value) in nodes.iter().flat_map(Node::object) {
        if has(&merged, &name) {
            return vec![("+and".to_owned(), list(nodes))];
        }
        merged.push((name, value));
    }
    merged
}

fn has(object: &Object, name: &str) -> bool {
    object.iter().any(|(known, _)| known == name)
}

fn list(nodes: &[Node]) -> String {
    let items: Vec<String> = nodes.iter().map(Node::to_string).collect();
    format!("[{}]", items.join(","))
}

fn key(name: &str) -> String {
    text_of(&name.to_owned())
}

fn text(object: &Object) -> String {
    let fields: Vec<String> = object
        .iter()
        .map(|(name, value)| format!("{}:{value}", key(name)))
        .collect();
    format!("{{{}}}", fields.join(","))
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(&self.object()))
    }
}

/// The value of the header `X-Filter`, if one is needed; or what is wrong with the filter.
pub(crate) fn header(
    filter: Option<&Node>,
    order: Option<(&'static str, &'static str)>,
) -> Result<Option<String>, String> {
    if filter.is_some_and(|filter| !filter.is_object()) {
        return Err("a raw filter is not a JSON object".to_owned());
    }
    let mut object = Object::new();
    if let Some((field, direction)) = order {
        object.push(("+order_by".to_owned(), key(field)));
        object.push(("+order".to_owned(), key(direction)));
    }
    for (name, value) in filter.map(Node::object).unwrap_or_default() {
        if has(&object, &name) {
            return Err(format!(
                "`{name}` is in the raw filter and was set with order_by"
            ));
        }
        object.push((name, value));
    }
    Ok((!object.is_empty()).then(|| ascii(&text(&object))))
}

/// Headers are ASCII: all else in the JSON becomes an escape.
fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for letter in json.chars() {
        if (' '..='~').contains(&letter) {
            escaped.push(letter);
            continue;
        }
        let mut units = [0; 2];
        for unit in letter.encode_utf16(&mut units) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped
}
