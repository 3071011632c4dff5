//! The document as a plain tree, before anything is assumed about it.
//!
//! Everything that openapiv3 would refuse, or would pass over in silence, has to be seen first. So YAML and JSON are
//! both read into [`Node`]s: maps keep their order and remember which keys were given more than once, keys that are
//! not strings (`200`, `true`) become their text, and anchors and merge keys are resolved. Depth and size are
//! bounded, so that a hostile document is an error and not an exhausted machine.

mod deserialize;
mod parse;
mod pointer;

use indexmap::IndexMap;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;

pub(crate) use parse::{Format, ParseError, format_of, parse};
pub(crate) use pointer::{Here, Pointer};

/// One value of the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// `null`, or nothing where YAML allows nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; integers stay exact.
    Number(Number),
    /// A text. Dates are texts.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the document.
    Map(Map),
}

/// A map in the order of the document.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Map {
    /// The entries. Where a key was given twice the last one is here, as parsers of YAML and JSON have it.
    pub entries: IndexMap<String, Node>,
    /// The keys that were given more than once, one for each time too many.
    pub repeated: Vec<String>,
}

impl Node {
    /// A text node.
    pub fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The map, if this is one, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if this is one.
    pub fn as_list(&self) -> Option<&[Node]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The text, if this is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of `key`, if this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// The value of a key of a map, or the item at an index of a list.
    pub fn child(&self, token: &str) -> Option<&Node> {
        match self {
            Self::Map(map) => map.get(token),
            Self::List(list) => list.get(token.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The scalar written out, if this is a scalar other than null.
    pub fn scalar_text(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(value) => Some(value.to_string()),
            Self::Text(value) => Some(value.clone()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// What this is, in words for a diagnostic.
    pub fn describe(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => format!("`{value}`"),
            Self::Number(value) => format!("the number {value}"),
            Self::Text(value) => format!("the text `{}`", shorten(value)),
            Self::List(list) => format!("a list of {}", list.len()),
            Self::Map(map) => format!("an object with {} keys", map.entries.len()),
        }
    }

    /// How many levels of lists and maps there are from here down.
    pub fn depth(&self) -> usize {
        match self {
            Self::List(list) => 1 + list.iter().map(Node::depth).max().unwrap_or(0),
            Self::Map(map) => 1 + map.entries.values().map(Node::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// How many nodes there are from here down, this one included.
    pub fn size(&self) -> usize {
        match self {
            Self::List(list) => 1 + list.iter().map(Node::size).sum::<usize>(),
            Self::Map(map) => 1 + map.entries.values().map(Node::size).sum::<usize>(),
            _ => 1,
        }
    }
}

impl Map {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.get(key)
    }

    /// The value of `key`, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.get_mut(key)
    }

    /// The text of `key`, if it has one.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// Whether `key` is there.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Sets `key`, in its place if it is there, else at the end.
    pub fn set(&mut self, key: &str, value: Node) {
        self.entries.insert(key.to_owned(), value);
    }

    /// Takes `key` out, keeping the order of the others.
    pub fn take(&mut self, key: &str) -> Option<Node> {
        self.entries.shift_remove(key)
    }

    /// A map of these entries.
    pub fn of<const N: usize>(entries: [(&str, Node); N]) -> Self {
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}

impl FromIterator<(String, Node)> for Map {
    fn from_iter<I: IntoIterator<Item = (String, Node)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            repeated: Vec::new(),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(value) => value.serialize(serializer),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(list) => list.serialize(serializer),
            Self::Map(map) => {
                let mut out = serializer.serialize_map(Some(map.entries.len()))?;
                for (key, value) in &map.entries {
                    out.serialize_entry(key, value)?;
                }
                out.end()
            }
        }
    }
}

/// The first 60 characters, on one line: a diagnostic is no place for a page of text.
pub(crate) fn shorten(text: &str) -> String {
    const LIMIT: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    if line.len() == text.len() && text.chars().count() <= LIMIT {
        return text.to_owned();
    }
    let mut short: String = line.chars().take(LIMIT).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn describing_a_long_text_shows_its_beginning() {
        let long = Node::text(format!("{}\nmore", "a".repeat(100)));
        assert_eq!(long.describe(), format!("the text `{}…`", "a".repeat(60)));
    }

    #[test]
    fn setting_a_key_keeps_its_place() {
        let mut map = Map::of([("a", Node::Null), ("b", Node::Null)]);
        map.set("a", Node::Bool(true));
        assert_eq!(map.entries.keys().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(map.take("a"), Some(Node::Bool(true)));
        assert!(!map.has("a"));
    }
}
